"""controle/rapport.xlsx: what is to be mended and where, where each sheet stands, what was read."""

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import openpyxl
import pytest
from conftest import NOW, edit, on_keyboard, returned, row_of, sentences, sheet_of

from batch import chaine
from batch.chaine.rapport import assemble
from batch.classeurs import edition
from batch.classeurs import rapport as classeur
from batch.classeurs.grille import forme as f
from batch.folder import Folder
from batch.vocabulaire import EtatFiche


def report(folder: Folder) -> Any:
    return openpyxl.load_workbook(folder.controle / "rapport.xlsx")


def opened(folder: Folder, link: str) -> Path:
    """The file that a relative link leads to, from where the report stands."""
    return (folder.controle / unquote(link).replace("\\", "/")).resolve()


def rows(sheet: Any) -> list[tuple[str, ...]]:
    """The cells' texts under the headings, spaces as typed on a keyboard."""
    return [
        tuple(on_keyboard(str(cell or "")) for cell in row)
        for row in sheet.iter_rows(min_row=2, values_only=True)
    ]


@pytest.fixture
def spoilt(dossier: Folder) -> Folder:
    """One grid spoilt at two places, one that cannot be read, one sheet too many."""

    def spoil(workbook: Any) -> None:
        sheet = sheet_of(workbook)
        sheet.cell(row_of(sheet, "E1"), f.NOTE).value = "bof"
        sheet.title = "C1 L'ÉTÉ #2"
        workbook.create_sheet("Brouillon")["A1"].value = "à revoir"
        workbook.create_sheet("Essai")["A1"].value = "à revoir"

    edit(returned(dossier), spoil)
    returned(dossier, "BC2").rename(dossier.retours / "50 % d'accord.xlsx")
    returned(dossier, "BC3").unlink()
    (dossier.retours / "grille E1 BC3 FABRE (1).xlsx").write_bytes(b"")
    chaine.control(dossier, NOW)
    return dossier


def test_causes_come_first_and_what_they_entail_is_folded_under_them(spoilt: Folder) -> None:
    sheet = report(spoilt)["Anomalies"]
    table = rows(sheet)
    assert [row[0] for row in table] == ["FIC-002", "GRI-301", "GRI-201", "GRI-010", "GRI-010"]
    assert table[0][5].endswith("[+] explique GRI-301 : dépliez les lignes suivantes.")
    assert table[1][5].startswith("↳ La grille S1/E1/BC3 n’est pas revenue")
    assert table[3][5].endswith("[+] à 2 endroits : dépliez les lignes suivantes.")
    folded = [sheet.row_dimensions[number].outlineLevel for number in range(2, 7)]
    assert folded == [0, 1, 0, 0, 1]
    assert [sheet.row_dimensions[number].hidden for number in range(2, 7)] == [
        level == 1 for level in folded
    ]


def test_a_gravity_has_its_word_and_its_symbol_besides_its_colour(spoilt: Folder) -> None:
    words = [row[1] for row in rows(report(spoilt)["Anomalies"])]
    assert words == ["✘ bloquant"] * 3 + ["– info"] * 2


def test_a_link_opens_the_returned_file_at_the_faulty_cell(spoilt: Folder) -> None:
    sheet = report(spoilt)["Anomalies"]
    link = sheet.cell(4, 5).hyperlink
    assert opened(spoilt, link.target) == returned(spoilt).resolve()
    # As Excel and LibreOffice write it: the sheet between apostrophes, those inside it doubled.
    assert link.location == "'C1 L''ÉTÉ #2'!D12"
    assert (sheet.cell(4, 4).value, sheet.cell(4, 5).value) == ("C1 L'ÉTÉ #2", "D12")


def test_every_link_leads_to_a_file(spoilt: Folder) -> None:
    book = report(spoilt)
    links = [
        cell.hyperlink.target
        for name in ("Anomalies", "Ce qui a été lu")
        for row in book[name].iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    assert len(links) >= 7
    for link in links:
        assert opened(spoilt, link).is_file(), link


def test_the_matrix_says_where_each_sheet_stands(spoilt: Folder) -> None:
    sheet = report(spoilt)["Grilles"]
    assert [str(cell.value) for cell in sheet[1]] == [
        "Évaluateur", "Épreuve ou bloc", "C1\nLéa DURAND", "C2\nHugo PETIT",
    ]  # fmt: skip
    assert rows(sheet)[:3] == [
        ("Hélène FABRE (E1)", "BC1", "✘ À corriger", "✔ Complète"),
        ("Hélène FABRE (E1)", "BC2", "✔ Complète", "✔ Complète"),
        ("Hélène FABRE (E1)", "BC3", "? Non revenue", "? Non revenue"),
    ]


def test_past_a_dozen_candidates_the_symbols_stand_alone_beside_a_legend(dossier: Folder) -> None:
    report = assemble(chaine.read_returns(chaine.gather(dossier)), [])
    names = {f"C{n:02}": f"Prénom NOM {n}" for n in range(1, 14)}
    states = dict(zip(names, EtatFiche, strict=False))
    row = replace(report.matrice[0], etats=states)
    content = classeur.write(replace(report, candidats=names, matrice=(row,)))
    table = rows(openpyxl.load_workbook(io.BytesIO(content))["Grilles"])
    assert table[0][2:8] == ("✔", "✘", "?", "A", "–", "")
    assert [line[0] for line in table[2:]] == [
        "Légende", "✔ Complète", "✘ À corriger", "? Non revenue", "A Absent", "– Non attendue",
    ]  # fmt: skip


def test_more_candidates_than_a_sheet_has_columns_fill_several(
    dossier: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edition, "PAR_FEUILLE", 2)
    report = assemble(chaine.read_returns(chaine.gather(dossier)), [])
    names = {f"C{n}": f"NOM {n}" for n in range(1, 6)}
    sheets = ({"C1": EtatFiche.COMPLETE, "C3": EtatFiche.ABSENT}, {"C4": EtatFiche.COMPLETE})
    matrice = tuple(replace(report.matrice[0], etats=etats) for etats in sheets)
    content = classeur.write(replace(report, candidats=names, matrice=matrice))
    book = openpyxl.load_workbook(io.BytesIO(content))
    said = {
        name: [tuple(cell.value for cell in row[2:4]) for row in book[name].iter_rows(max_row=3)]
        for name in book.sheetnames
        if name.startswith("Grilles")
    }
    assert said == {
        "Grilles": [("C1\nNOM 1", "C2\nNOM 2"), ("✔ Complète", None), (None, None)],
        "Grilles 2": [("C3\nNOM 3", "C4\nNOM 4"), ("A Absent", None), (None, "✔ Complète")],
        "Grilles 3": [("C5\nNOM 5",), (None,), (None,)],
    }


def test_past_the_links_that_excel_takes_the_places_stand_as_plain_text(
    spoilt: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    controle = chaine.read_returns(chaine.gather(spoilt))

    def written() -> Any:
        content = classeur.write(assemble(controle, controle.anomalies))
        return openpyxl.load_workbook(io.BytesIO(content))

    whole = written()
    monkeypatch.setattr(edition, "LIENS_MAX", 1)
    cut = written()
    linked = 0
    for before, after in zip(whole.worksheets, cut.worksheets, strict=True):
        assert rows(after) == rows(before)
        links = [[c.coordinate for row in s.iter_rows() for c in row if c.hyperlink]
                 for s in (before, after)]  # fmt: skip
        assert links[1] == links[0][:1]
        linked += len(links[0])
    assert linked > len(whole.worksheets)


def test_the_matrix_tells_the_absent_the_unexpected_and_the_refused_apart(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue(histoire)

    def mark_absent(workbook: Any) -> None:
        sheet = sheet_of(workbook)
        key = next(c for row in sheet.iter_rows() for c in row if c.value == f.CLE_PRESENCE)
        sheet.cell(key.row, f.NOTE).value = "Absent"
        for name in (f"E{n}" for n in range(1, 13)):
            try:
                sheet.cell(row_of(sheet, name), f.NOTE).value = None
            except AssertionError:
                continue

    edit(returned(folder), mark_absent)

    def forget_the_column(workbook: Any) -> None:
        sheet = sheet_of(workbook, "C2")
        sheet.delete_cols(f.NOTE)

    edit(returned(folder, "BC2"), forget_the_column)

    def excuse(workbook: Any) -> None:
        sheet = workbook["Incidents"]
        for column, value in enumerate(("C2", "Absence excusée", "BC3", "Certificat"), 1):
            sheet.cell(2, column).value = value

    edit(folder.session, excuse)
    next(p for p in folder.retours.rglob("*.xlsx") if "BC3" in p.name).unlink()
    chaine.control(folder, NOW)
    assert [row[2:4] for row in rows(report(folder)["Grilles"])[:3]] == [
        ("A Absent", "✔ Complète"),
        ("✔ Complète", "✘ À corriger"),
        ("? Non revenue", "– Non attendue"),
    ]


def test_every_file_and_sheet_has_one_end_and_says_why(spoilt: Folder) -> None:
    result = chaine.read_returns(chaine.gather(spoilt))
    table = rows(report(spoilt)["Ce qui a été lu"])
    files = [row for row in table if not row[1]]
    sheets = [row for row in table if row[1]]
    for read, kind in ((files, "fichiers"), (sheets, "feuilles")):
        ends = Counter(row[2].split()[-1] for row in read)
        assert ends == {k.value: n for k, n in result.bilan.comptes[kind].items()}
    assert all(row[3] for row in table)
    why = {(row[0], row[1]): row[3] for row in table}
    assert why["retours/50 % d'accord.xlsx", ""] == "2 feuilles lues sur 4."
    assert why["retours/grille E1 BC3 FABRE (1).xlsx", ""].endswith("est vide (0 octet).")
    assert why["retours/50 % d'accord.xlsx", "Mode d’emploi"] == (
        "Elle ne porte aucune appréciation : c’est une feuille d’aide ou de service."
    )
    assert (
        why["retours/50 % d'accord.xlsx", "C1 DURAND"] == "Hélène FABRE, BC2, C1 : 13 lignes lues."
    )


def test_what_was_accepted_is_listed_with_its_reason(dossier: Folder) -> None:
    def forget(workbook: Any) -> None:
        workbook["Évaluateurs"]["F2"].value = None

    edit(dossier.session, forget)
    anomalies = chaine.examine(dossier).anomalies
    (warning,) = anomalies
    chaine.accept(dossier, anomalies, [warning.reference], "Remise en main propre.", NOW)
    chaine.control(dossier, NOW)
    book = report(dossier)
    assert rows(book["Anomalies"])[0][0] == "Aucune."
    (row,) = rows(book["Acceptées"])
    assert (row[0], row[1], row[4]) == (warning.reference, "SES-010", "Remise en main propre.")
    assert ("– acceptées", "1") in [row[:2] for row in rows(book["Résumé"])]


def test_the_batch_reports_what_the_jury_lacks_too(dossier: Folder) -> None:
    def empty(workbook: Any) -> None:
        sheet = workbook["Jury"]
        sheet.delete_rows(3, sheet.max_row)

    edit(dossier.session, empty)
    result = chaine.treat(dossier, NOW)
    codes = {row[0] for row in rows(report(dossier)["Anomalies"])}
    assert codes == {one.split()[0] for one in sentences(result.anomalies)}
    assert "JUR-101" in codes
