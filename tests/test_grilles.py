"""Grids: what is written is read back, whatever people did to it in between."""

import gc
import inspect
import shutil
import weakref
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from conftest import NOW, edit, rate, returned, rewrite, row_of, sentences, sheet_of
from xlsxwriter.worksheet import Worksheet

from batch import chaine
from batch.anomalies import Code
from batch.classeurs import cellules, edition
from batch.classeurs.cellules import Cellule
from batch.classeurs.grille import forme as f
from batch.classeurs.grille import valeurs
from batch.folder import Folder
from batch.reglement.modele import Echelle, NiveauEchelle, Note

ECHELLE = Echelle(
    (
        NiveauEchelle("A", "Acquis", satisfait=True),
        NiveauEchelle("NA", "Non acquis"),
        NiveauEchelle("NE", "Non évalué", compte="manquant"),
    )
)
SANS_OBJET = NiveauEchelle("SO", "Sans objet", compte="exclu")
SUR_20 = Echelle(note=Note(Decimal(20), Decimal(10)))


def ratings(folder: Folder) -> dict[tuple[str, str], str | None]:
    """(candidate, line) -> level, as the batch would reckon with them."""
    controle = chaine.control(folder, NOW)
    return {
        (a.candidat, a.ligne): a.niveau
        for own in controle.evaluations.appreciations.values()
        for a in own
    }


def faults(folder: Folder) -> list[str]:
    return sentences(chaine.control(folder, NOW).anomalies)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Acquis", "A"),
        ("A", "A"),
        ("acquis", "A"),
        (" ACQUIS\u00a0", "A"),
        ("Acquise", "A"),
        ("✔ Acquis", "A"),
        ("NA", "NA"),
        ("N.E.", "NE"),
        ("Acq.", "A"),
        ("n. acquis", "NA"),
        ("non-acquis", "NA"),
        ("Non éval", "NE"),
        ("« Acquis »", "A"),
        ("'Acquis", "A"),
        ("- Acquis", "A"),
        ("Ａcquis", "A"),
        ("✘ Non acquis", "NA"),
        ("? Non évalué", "NE"),
        ("Acquis / acquis", "A"),
        ("Non  acquis", "NA"),
        ("non e\u0301value\u0301", "NE"),
        ("\u200bNon évalué\ufeff", "NE"),
    ],
)
def test_a_rating_is_read_as_a_person_meant_it(typed: str, read: str) -> None:
    lu = valeurs.read(Cellule(1, 1, typed), ECHELLE)
    assert (lu.niveau, lu.faute) == (read, None)
    # Blanks, invisible characters and the symbol that the grid itself shows before the word are
    # nobody's intention: only a changed word is reported.
    assert lu.normalise == (
        cellules.clean(typed)
        not in (
            "Acquis",
            "A",
            "NA",
            "Non acquis",
            "Non évalué",
            "✔ Acquis",
            "✘ Non acquis",
            "? Non évalué",
        )
    )


@pytest.mark.parametrize(
    ("valeur", "faute"),
    [
        ("x", Code.NOTE_INCONNUE),
        ("✔", Code.NOTE_INCONNUE),
        ("OK", Code.NOTE_INCONNUE),
        pytest.param("\u0410", Code.NOTE_INCONNUE, id="a Cyrillic A"),
        ("A+", Code.NOTE_INCONNUE),
        ("Acquis ?", Code.NOTE_INCONNUE),
        ("Acquis (avec réserve)", Code.NOTE_INCONNUE),
        pytest.param("✘ Acquis", Code.NOTE_INCONNUE, id="a cross that denies the word"),
        (1, Code.NOTE_INCONNUE),
        (True, Code.NOTE_INCONNUE),
        ("Non", Code.NOTE_AMBIGUE),
        ("N.A.", Code.NOTE_AMBIGUE),
        ("n/a", Code.NOTE_AMBIGUE),
        ("-", Code.NOTE_AMBIGUE),
        ("/", Code.NOTE_AMBIGUE),
        ("néant", Code.NOTE_AMBIGUE),
        ("Acquis / Non acquis", Code.NOTE_PLUSIEURS),
        ("Acquis -> NA", Code.NOTE_PLUSIEURS),
        ("Absente", Code.NOTE_ABSENT),
        pytest.param(date(2026, 3, 1), Code.NOTE_DATE, id="1/3 become a date"),
        pytest.param(46082, Code.NOTE_DATE, id="a date that lost its format"),
        pytest.param(time(12, 5), Code.NOTE_DATE, id="12:05 become an hour"),
    ],
)
def test_what_nobody_can_tell_is_not_guessed(valeur: Any, faute: Code) -> None:
    echelle = replace(ECHELLE, niveaux=(*ECHELLE.niveaux, SANS_OBJET))
    assert valeurs.read(Cellule(1, 1, valeur), echelle).faute is faute


@pytest.mark.parametrize(
    ("formule", "faute"),
    [
        ("=A1", Code.NOTE_FORMULE),
        ("#REF!", Code.NOTE_ERREUR),
        ("#N/A", Code.NOTE_ERREUR),
    ],
)
def test_a_formula_is_never_believed(formule: str, faute: Code) -> None:
    assert valeurs.read(Cellule(1, 1, None, formule), ECHELLE).faute is faute


def test_what_two_words_could_mean_is_said() -> None:
    echelle = replace(ECHELLE, niveaux=(*ECHELLE.niveaux, SANS_OBJET))
    said = {
        typed: valeurs.read(Cellule(1, 1, typed), echelle).sens for typed in ("N.A.", "-", "Non")
    }
    assert said == {
        "N.A.": "«\u00a0Non acquis\u00a0» ou «\u00a0Sans objet\u00a0»",
        "-": "«\u00a0Non évalué\u00a0» ou «\u00a0Sans objet\u00a0»",
        "Non": "«\u00a0Non acquis\u00a0» ou «\u00a0Non évalué\u00a0»",
    }


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        (12, "12"),
        (Decimal("12.5"), "12.5"),
        ("12,5/20", "12.5"),
        ("12.5 / 20", "12.5"),
        ("12,5 sur 20", "12.5"),
        ("12,5 pts", "12.5"),
        ("１２，５", "12.5"),
        ("\u00a012 ,5\u202f", "12.5"),
        ("1 250", "1250"),
        ("-3", "-3"),
        ("0", "0"),
    ],
)
def test_a_mark_is_read_with_comma_or_point(typed: Any, expected: str) -> None:
    assert valeurs.read(Cellule(1, 1, typed), SUR_20).texte == expected


@pytest.mark.parametrize(
    "typed", ["7/10", "65 %", "1 2", "12-13", "12/13", "1e1", "12½", "douze", Decimal("12.3333333")]
)
def test_a_mark_on_another_scale_is_none_of_ours(typed: Any) -> None:
    assert valeurs.read(Cellule(1, 1, typed), SUR_20).faute is Code.NOTE_INCONNUE


def test_a_percentage_is_a_mark_out_of_a_hundred() -> None:
    echelle = Echelle(note=Note(Decimal(100), Decimal(70)))
    assert valeurs.read(Cellule(1, 1, "65 %"), echelle).texte == "65"


def test_a_thousand_or_one_and_a_fraction() -> None:
    echelle = Echelle(note=Note(Decimal(2000), Decimal(1000)))
    assert valeurs.read(Cellule(1, 1, "1.250"), echelle).faute is Code.NOTE_INCONNUE


def test_a_filled_grid_is_read_back_whole(dossier: Folder) -> None:
    read = ratings(dossier)
    # 49 critères, less E11: nobody takes the option.
    assert len(read) == 2 * 48
    assert set(read.values()) == {"A"}
    assert faults(dossier) == []


def test_the_grid_of_an_option_is_given_to_those_who_take_it(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["candidats"][0]["options"] = "C8"
    read = ratings(joue(histoire))
    assert ("C1", "E11") in read
    assert ("C2", "E11") not in read


def test_every_row_read_is_accounted_for(dossier: Folder) -> None:
    bilan = chaine.control(dossier, NOW).bilan
    assert (len(bilan.fichiers), bilan.lignes.total()) == (3, 96)
    assert set(bilan.fichiers.values()) == {"accepté"}
    assert bilan.lignes["accepté"] == 96
    # Two sheets of candidates, the notice and the hidden sheet in each workbook.
    assert bilan.comptes["feuilles"] == {"accepté": 6, "ignoré": 6}


def reverse_rows(workbook: Any) -> None:
    own = sheet_of(workbook)
    block = [[cell.value for cell in row] for row in own.iter_rows(min_row=f.L_PREMIERE)]
    for row, values in zip(own.iter_rows(min_row=f.L_PREMIERE), reversed(block), strict=True):
        for cell, value in zip(row, values, strict=True):
            cell.value = value


def insert_column(workbook: Any) -> None:
    sheet_of(workbook).insert_cols(f.NOTE)


def insert_rows(workbook: Any) -> None:
    sheet_of(workbook).insert_rows(1, 3)


def rename_sheets(workbook: Any) -> None:
    for rank, own in enumerate(workbook.worksheets):
        own.title = f"Feuil{rank}"


def drop_hidden_sheet(workbook: Any) -> None:
    del workbook[f.CACHEE]


def drop_tokens(workbook: Any) -> None:
    for own in workbook.worksheets:
        for row in own.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("JURY|"):
                    cell.value = None


def style_far_cells(workbook: Any) -> None:
    own = sheet_of(workbook)
    for row in range(500, 1500):
        own.cell(row, 4).value = " "


@pytest.mark.parametrize(
    "damage",
    [
        reverse_rows, insert_column, insert_rows, rename_sheets, drop_hidden_sheet, drop_tokens,
        style_far_cells,
    ],
)  # fmt: skip
def test_nothing_is_lost_when_the_sheet_is_handled(
    dossier: Folder, damage: Callable[[Any], None]
) -> None:
    before = ratings(dossier)
    edit(returned(dossier), damage)
    assert ratings(dossier) == before
    assert not [one for one in faults(dossier) if "bloquant" in one]


def test_the_file_may_have_any_name_and_stand_at_any_depth(dossier: Folder) -> None:
    before = ratings(dossier)
    deep = dossier.retours / "lot 2" / "à trier"
    deep.mkdir(parents=True)
    returned(dossier).rename(deep / "Copie de truc (1).XLSX")
    assert ratings(dossier) == before


def test_retours_is_never_written_to(dossier: Folder) -> None:
    before = {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in dossier.retours.rglob("*.xlsx")}
    chaine.treat(dossier, NOW)
    assert {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in before} == before


def sort_answers_alone(workbook: Any) -> None:
    own = sheet_of(workbook)
    first, second = row_of(own, "E1"), row_of(own, "E2")
    for column in (f.NOTE, f.TEMOIN, f.COMMENTAIRE):
        one, two = own.cell(first, column), own.cell(second, column)
        one.value, two.value = two.value, one.value


def copy_row(workbook: Any) -> None:
    own = sheet_of(workbook)
    source, target = row_of(own, "E1"), own.max_row + 1
    for column in range(1, 7):
        own.cell(target, column).value = own.cell(source, column).value
    own.cell(target, f.NOTE).value = "Non acquis"


def foreign_row(workbook: Any) -> None:
    own = sheet_of(workbook)
    own.cell(row_of(own, "E1"), 1).value = "E99~AAAAAAAA"


def delete_row(workbook: Any) -> None:
    own = sheet_of(workbook)
    own.delete_rows(row_of(own, "E5"))


def hide_column(workbook: Any) -> None:
    own = sheet_of(workbook)
    own.delete_cols(f.NOTE)


def absent_but_rated(workbook: Any) -> None:
    sheet_of(workbook).cell(f.L_PRESENCE, f.NOTE).value = "absent"


def unknown_presence(workbook: Any) -> None:
    sheet_of(workbook).cell(f.L_PRESENCE, f.NOTE).value = "malade"


PROVOKED = {
    Code.NOTE_INCONNUE: (
        rate("E1", "bof"),
        "GRI-201 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D12 | « bof » n’est pas une appréciation de l’échelle (E1 « Le candidat a obtenu les "
        "documents retraçant l'historique… »).",
    ),
    Code.NOTE_MANQUE: (
        rate("E1", " "),
        "GRI-202 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D12 | 1 ligne sans appréciation : E1.",
    ),
    Code.COMMENTAIRE_MANQUE: (
        rate("E1", "Non acquis"),
        "GRI-203 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "F12 | L’appréciation « Non acquis » demande un commentaire (E1 « Le candidat a obtenu les "
        "documents retraçant l'historique… »).",
    ),
    Code.NOTE_DATE: (
        rate("E1", date(2026, 3, 1)),
        "GRI-204 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D12 | La saisie est devenue la date 01/03/2026 : Excel convertit en date ce qui "
        "ressemble à « 1/3 » ou à « 12.5 » (E1 « Le candidat a obtenu les documents retraçant "
        "l'historique… »).",
    ),
    Code.NOTE_FORMULE: (
        rate("E1", "=B2"),
        "GRI-205 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D12 | La saisie est une formule (=B2), dont le résultat n’est pas sûr (E1 « Le candidat "
        "a obtenu les documents retraçant l'historique… »).",
    ),
    Code.NOTE_NORMALISEE: (
        rate("E1", "acquis"),
        "GRI-206 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D12 | « acquis » a été lu « Acquis » (E1 « Le candidat a obtenu les documents retraçant "
        "l'historique… »).",
    ),
    Code.TEXTE_TROP_LONG: (
        rate("E1", "Acquis", "x" * 2001),
        "GRI-208 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "F12 | Le commentaire dépasse 2000 caractères (E1 « Le candidat a obtenu les documents "
        "retraçant l'historique… ») : il a été coupé dans les documents.",
    ),
    Code.PRESENCE_INCONNUE: (
        unknown_presence,
        "GRI-209 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D6 | « malade » n’est pas une présence.",
    ),
    Code.ABSENT_NOTE: (
        absent_but_rated,
        "GRI-210 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D6 | Léa DURAND est noté absent, mais 11 appréciations sont données ici.",
    ),
    Code.TEMOIN_DEPLACE: (
        sort_answers_alone,
        "GRI-011 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D12 | Les saisies ont été triées à part : celle de E2 est sur la ligne de E1.",
    ),
    Code.LIGNE_DOUBLE: (
        copy_row,
        "GRI-006 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D30 | La ligne E1 « Le candidat a obtenu les documents retraçant l'historique… » est là "
        "deux fois (déjà en D12) avec des saisies différentes.",
    ),
    Code.LIGNE_ETRANGERE: (
        foreign_row,
        "GRI-005 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "A12 | Cette ligne n’est pas de cette grille (« E99~AAAAAAAA »).",
    ),
    Code.COLONNE_INTROUVABLE: (
        hide_column,
        "GRI-007 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND » | La "
        "colonne « Appréciation » est introuvable.",
    ),
}


@pytest.mark.parametrize("code", PROVOKED, ids=lambda code: code.name.lower())
def test_the_evaluator_is_told_where_and_what(dossier: Folder, code: Code) -> None:
    damage, sentence = PROVOKED[code]
    edit(returned(dossier), damage)
    assert next(one for one in faults(dossier) if one.startswith(code.numero)) == sentence


def test_a_deleted_row_is_missing_and_named(dossier: Folder) -> None:
    edit(returned(dossier), delete_row)
    assert [one.partition(" | ")[2] for one in faults(dossier)] == [
        "1 ligne sans appréciation : E5."
    ]


def test_a_faulty_cell_spoils_nothing_but_itself(dossier: Folder) -> None:
    before = ratings(dossier)
    edit(returned(dossier), rate("E1", "bof"))
    assert ratings(dossier) == {key: v for key, v in before.items() if key != ("C1", "E1")}


def test_a_swallowed_na_would_be_a_rating_lost(dossier: Folder) -> None:
    edit(returned(dossier), rate("E1", "NA", "Documents non réunis."))
    assert ratings(dossier)["C1", "E1"] == "NA"


def test_the_same_grid_twice_is_read_once(dossier: Folder) -> None:
    before = ratings(dossier)
    shutil.copy(returned(dossier), dossier.retours / "copie.xlsx")
    assert ratings(dossier) == before
    said = faults(dossier)
    assert [one.split()[0] for one in said] == ["FIC-025"]
    edit(dossier.retours / "copie.xlsx", rename_sheets)
    assert ratings(dossier) == before
    said = faults(dossier)
    assert [one for one in said if one.startswith("GRI-009")] == said[:2]
    assert "avec les mêmes saisies" in said[0]


def test_two_versions_of_a_grid_are_both_refused(dossier: Folder) -> None:
    before = ratings(dossier)
    shutil.copy(returned(dossier), dossier.retours / "copie.xlsx")
    edit(dossier.retours / "copie.xlsx", rate("E1", "NA", "Documents non réunis."))
    said = [one for one in faults(dossier) if one.startswith("GRI-008")]
    assert len(said) == 1
    assert "La grille S1/E1/BC1/C1 est déposée deux fois" in said[0]
    assert (
        "2 différences (E1 « NA » contre « Acquis » et commentaire de E1 « Documents non réunis. »"
        " contre « (vide) »)" in said[0]
    )
    lost = {("C1", f"E{n}") for n in range(1, 13)}
    assert ratings(dossier) == {key: v for key, v in before.items() if key not in lost}


def test_a_blank_copy_beside_the_filled_one_takes_nothing_away(dossier: Folder) -> None:
    before = ratings(dossier)
    for path in dossier.grilles.glob("*.xlsx"):
        shutil.copy(path, dossier.retours / f"vide {path.name}")
        shutil.copy(path, dossier.retours / f"A vide {path.name}")
    assert ratings(dossier) == before


def test_the_grid_of_another_session_is_named_as_such(
    joue: Callable[..., Folder], histoire: dict[str, Any], dossier: Folder
) -> None:
    histoire["session"]["id"] = "S2"
    other = joue(histoire, nom="autre")
    shutil.copy(returned(other), dossier.retours / "autre.xlsx")
    assert (
        "GRI-001 retours/autre.xlsx, feuille « C1 DURAND » | Cette grille est celle de la session "
        "« S2 » (évaluateur E1, BC1, C1)." in faults(dossier)
    )


def test_a_grid_signed_with_another_key_is_refused(
    joue: Callable[..., Folder], histoire: dict[str, Any], dossier: Folder
) -> None:
    histoire["cle"] = "cd" * 32
    forged = joue(histoire, nom="autre")
    shutil.copy(returned(forged), dossier.retours / "autre.xlsx")
    assert (
        "GRI-002 retours/autre.xlsx, feuille « C1 DURAND » | Cette feuille porte le numéro "
        "S1/E1/BC1/C1, mais sa signature n’est pas celle de la session." in faults(dossier)
    )


def test_a_grid_that_has_not_come_back_is_asked_for_once(dossier: Folder) -> None:
    returned(dossier).unlink()
    assert faults(dossier) == [
        "GRI-301 retours/ | La grille S1/E1/BC1 n’est pas revenue (C1 et C2, bloc BC1, évaluateur "
        "Hélène FABRE (E1))."
    ]


def test_a_grid_made_before_a_change_is_read_and_said_so(dossier: Folder) -> None:
    rewrite(dossier, "proportion: 70 %", "proportion: 60 %")
    said = [one for one in faults(dossier) if one.startswith("GRI-004")]
    assert len(said) == 6
    assert said[0].partition(" | ")[2] == (
        "La grille S1/E1/BC1/C1 a été faite avant un changement de la session, du règlement ou du "
        "référentiel : l’échelle ou une règle a changé."
    )
    assert len(ratings(dossier)) == 96


def test_generating_again_never_overwrites_a_filled_grid(dossier: Folder) -> None:
    path = next(dossier.grilles.glob("*BC1*.xlsx"))
    edit(path, rate("E1", "Acquis"))
    filled = path.read_bytes()
    emission = chaine.issue_grids(dossier, NOW)
    assert emission.conservees == [f"grilles/{path.name}"]
    assert len(emission.inchangees) == 2
    assert path.read_bytes() == filled


def test_the_same_session_gives_the_same_bytes(dossier: Folder) -> None:
    paths = sorted(dossier.grilles.glob("*.xlsx"))
    before = [path.read_bytes() for path in paths]
    for path in paths:
        path.unlink()
    chaine.issue_grids(dossier, NOW.replace(year=2027))
    assert [path.read_bytes() for path in paths] == before


def test_a_grid_is_protected_and_its_inputs_are_not(dossier: Folder) -> None:
    own = sheet_of(openpyxl.load_workbook(next(dossier.grilles.glob("*BC1*.xlsx"))))
    row = row_of(own, "E1")
    assert own.protection.sheet
    locked = [own.cell(row, column).protection.locked for column in range(1, 7)]
    assert locked == [True, True, True, False, False, False]
    assert {own.cell(row, column).number_format for column in (f.NOTE, f.COMMENTAIRE)} == {"@"}
    assert [own.column_dimensions[letter].hidden for letter in "ABCDEF"] == [
        True, False, False, False, True, False,
    ]  # fmt: skip
    assert own.page_setup.orientation == "landscape"
    assert own.print_title_rows == "$10:$10"


def test_external_text_is_written_as_text(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["candidats"][0]["prenoms"] = "=cmd|' /C calc'!A0"
    folder = joue(histoire, rempli=False)
    classeur, _ = cellules.read("g", next(folder.grilles.glob("*BC1*.xlsx")).read_bytes())
    assert classeur is not None
    cells = [c for feuille in classeur.feuilles for c in feuille.cellules.values()]
    assert not [c for c in cells if c.formule and "cmd" in c.formule]
    assert [c for c in cells if "=cmd|" in str(c.valeur)]


def test_xlsxwriter_still_prepares_its_formulas_where_ours_are_remembered() -> None:
    """A private method of XlsxWriter's is overridden in edition.py: it must be there, be what each
    formula goes through, and answer by nothing but what it is given."""
    own = inspect.signature(Worksheet._prepare_formula)
    assert list(own.parameters) == ["self", "formula", "expand_future_functions"]
    edition._FORMULES.clear()
    with edition.new(date(2026, 3, 2)) as (book, _):
        sheet = book.add_sheet("Feuille")
        plain = book.workbook.add_worksheet("Sans mémoire")
        sheet.write_formula(0, 0, "=COUNTA(A2:A9)")
        rule = {"type": "cell", "criteria": "==", "value": '"Acquis"', "format": book.alerte}
        sheet.conditional_format(0, 0, 1, 1, rule)
        for formula in (
            "=STDEV.S(A2)", "{=SUM(A2)}", '="Acquis"', "=_xlfn.X(1)", '=AND(H12<>"",$I$7="C0012")',
            "=T.DIST.2T(A10,B7)", "=F.DIST.RT(A2)", "=BASE(A12,2)", "=F2DIST(A1)", "=XSINGLE(A2)",
        ):  # fmt: skip
            for expand in (False, True):
                expected = plain._prepare_formula(formula, expand)
                assert sheet._prepare_formula(formula, expand) == expected
                assert sheet._prepare_formula(formula, expand) == expected
    asked = {formula for formula, _, _ in edition._FORMULES}
    assert {"=COUNTA(A0:A0)", '"Acquis"'} <= asked


def test_a_workbook_that_is_written_gives_its_cells_back() -> None:
    gc.collect()
    gc.disable()
    try:
        with edition.new(date(2026, 3, 2)) as (book, _):
            sheet = book.add_sheet("Feuille")
            edition.put(sheet, 0, 0, "Une cellule", book.texte)
            held = weakref.ref(sheet)
        del book, sheet
        assert held() is None
    finally:
        gc.enable()
