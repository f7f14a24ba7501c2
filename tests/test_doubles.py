"""The same grid several times, one bad among many, all or nothing: nothing chosen, nothing lost."""

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import NOW, edit, played, rate, returned, row_of, sentences, sheet_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch import chaine
from batch.classeurs import cellules
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.lecture import Sort
from batch.cli import commandes
from batch.folder import Folder


def dated(path: Path, modified: str | None) -> None:
    """The workbook as a program that keeps its date would have saved it; or keeps none."""
    source = io.BytesIO(path.read_bytes())
    target = io.BytesIO()
    date = f">{modified}<" if modified else "><"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "docProps/core.xml":
                text = content.decode()
                text = re.sub(r"(<dcterms:created[^>]*)>[^<]*<", r"\1>2020-01-01T00:00:00Z<", text)
                text = re.sub(r"(<dcterms:modified[^>]*)>[^<]*<", rf"\1{date}", text)
                content = text.encode()
            after.writestr(name, content)
    path.write_bytes(target.getvalue())


def said(folder: Folder, *codes: str, **options: bool) -> list[str]:
    controle = chaine.control(folder, NOW, **options)
    return [one for one in sentences(controle.anomalies) if one.split()[0] in codes]


@pytest.fixture
def versions(dossier: Folder) -> Folder:
    """BC1 returned twice: E1 and E2 otherwise, a comment more, C1 only."""
    copy = dossier.retours / "version 2.xlsx"
    shutil.copy(returned(dossier), copy)
    edit(copy, rate("E1", "Non acquis", "Documents non réunis."))
    edit(copy, rate("E2", "Non acquis", "Analyse absente."))
    dated(returned(dossier), "2023-06-01T10:00:00Z")
    dated(copy, "2023-06-02T08:30:00Z")
    return dossier


WHERE = "retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND »"


def test_two_versions_are_compared_cell_by_cell(versions: Folder) -> None:
    assert said(versions, "GRI-008", "GRI-033") == [
        "GRI-008 retours/version 2.xlsx, feuille « C1 DURAND » | La grille S1/E1/BC1/C1 est "
        f"déposée deux fois, avec des saisies différentes (l’autre : {WHERE}) : 4 différences "
        "(E1 « Non acquis » contre « Acquis », commentaire de E1 « Documents non réunis. » contre "
        "« (vide) », E2 « Non acquis » contre « Acquis » et 1 autre).",
        "GRI-033 retours/version 2.xlsx, feuille « C1 DURAND », cellule D12 | E1 : « Non acquis » "
        f"ici, « Acquis » dans l’autre version ({WHERE}, cellule D12).",
        "GRI-033 retours/version 2.xlsx, feuille « C1 DURAND », cellule F12 | commentaire de E1 : "
        f"« Documents non réunis. » ici, « (vide) » dans l’autre version ({WHERE}, cellule F12).",
        "GRI-033 retours/version 2.xlsx, feuille « C1 DURAND », cellule D13 | E2 : « Non acquis » "
        f"ici, « Acquis » dans l’autre version ({WHERE}, cellule D13).",
        "GRI-033 retours/version 2.xlsx, feuille « C1 DURAND », cellule F13 | commentaire de E2 : "
        f"« Analyse absente. » ici, « (vide) » dans l’autre version ({WHERE}, cellule F13).",
    ]


def test_only_the_candidate_of_the_two_versions_waits(versions: Folder) -> None:
    result = chaine.treat(versions, NOW)
    assert [d.resultat.certification.value for d in result.seance.dossiers] == [
        "en_attente",
        "delivree",
    ]
    double = next(a for a in result.anomalies if a.code.numero == "GRI-008")
    assert double.candidats == ("C1",)


def test_the_more_recent_is_taken_when_asked_and_said(versions: Folder) -> None:
    assert said(versions, "GRI-008", "GRI-031", plus_recente=True) == [
        "GRI-031 retours/version 2.xlsx, feuille « C1 DURAND » | La grille S1/E1/BC1/C1 est "
        "revenue en plusieurs versions. Comme demandé, la plus récente est retenue, enregistrée "
        f"le 2 juin 2023 à 08:30:00 (UTC) ; est écartée {WHERE}, enregistrée le 1er juin 2023 à "
        "10:00:00 (UTC) : 4 différences (E1 « Non acquis » contre « Acquis », commentaire de E1 "
        "« Documents non réunis. » contre « (vide) », E2 « Non acquis » contre « Acquis » et 1 "
        "autre)."
    ]
    controle = chaine.control(versions, NOW, plus_recente=True)
    ratings = {(a.candidat, a.ligne): a.niveau for own in
               controle.evaluations.appreciations.values() for a in own}  # fmt: skip
    assert (ratings["C1", "E1"], ratings["C1", "E3"], ratings["C2", "E1"]) == ("NA", "A", "A")
    journal = (versions.root / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(journal[-1])["plus_recente"] == [
        {
            "grille": "S1/E1/BC1/C1",
            "retenue": "2023-06-02T08:30:00+00:00",
            "ecartees": ["2023-06-01T10:00:00+00:00"],
        }
    ]
    # C2's sheet said the same in both: no choice was needed there.
    assert controle.bilan.fichiers["retours/version 2.xlsx"] is Sort.ACCEPTE
    assert controle.bilan.comptes["feuilles"] == {
        Sort.ACCEPTE: 6, Sort.INCHANGE: 1, Sort.IGNORE: 9,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ("2023-06-01T10:00:00Z", "2023-06-01T10:00:00Z", "deux versions portent la même date"),
        ("2023-06-01T10:00:00Z", None, "une version ne porte pas de date d'enregistrement sûre"),
        # As its creation: a program that never changes that date proves nothing.
        ("2023-06-01T10:00:00Z", "2020-01-01T00:00:00Z",
         "une version ne porte pas de date d'enregistrement sûre"),
    ],
    ids=["the same date", "no date", "a date never changed"],
)  # fmt: skip
def test_without_a_sure_date_nothing_is_chosen(
    versions: Folder, first: str, second: str | None, reason: str
) -> None:
    dated(returned(versions), first)
    dated(versions.retours / "version 2.xlsx", second)
    found = said(versions, "GRI-008", "GRI-032", plus_recente=True)
    assert [one.split()[0] for one in found] == ["GRI-008", "GRI-032"]
    assert found[1].endswith(
        "Rien ne permet de dire quelle version de la grille S1/E1/BC1/C1 est la plus récente : "
        f"{reason}."
    )


def test_a_blank_grid_beside_a_filled_one_adds_nothing(dossier: Folder) -> None:
    blank = next(dossier.grilles.glob("*BC1*.xlsx"))
    shutil.copy(blank, dossier.retours / "vierge.xlsx")
    assert said(dossier, "GRI-030") == [
        f"GRI-030 retours/vierge.xlsx, feuille « {sheet} » | La grille S1/E1/BC1/{who} est aussi "
        "revenue vierge : celle qui est remplie (retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, "
        f"feuille « {sheet} ») compte."
        for who, sheet in (("C1", "C1 DURAND"), ("C2", "C2 PETIT"))
    ]
    controle = chaine.control(dossier, NOW)
    assert controle.bilan.fichiers["retours/vierge.xlsx"] is Sort.INCHANGE
    assert not any(a.bloquante for a in controle.anomalies)


def test_the_same_bytes_in_a_zip_and_outside_are_one_file(dossier: Folder) -> None:
    source = returned(dossier)
    with zipfile.ZipFile(dossier.retours / "tout.zip", "w") as archive:
        archive.write(source, "BC1.xlsx")
    assert said(dossier, "FIC-025") == [
        "FIC-025 retours/tout.zip › BC1.xlsx | retours/tout.zip › BC1.xlsx est, octet pour octet, "
        "la copie de retours/Hélène FABRE/BC1 rempli par Hélène.xlsx : il n’a été compté qu’une "
        "fois."
    ]
    bilan = chaine.control(dossier, NOW).bilan
    assert bilan.fichiers["retours/tout.zip › BC1.xlsx"] is Sort.INCHANGE
    assert bilan.lignes == {Sort.ACCEPTE: 96}


def test_grids_are_read_out_of_a_zip_and_named_so_everywhere(dossier: Folder) -> None:
    edit(returned(dossier), rate("E1", "bof"))
    with zipfile.ZipFile(dossier.retours / "envoi.zip", "w") as archive:
        for path in sorted(dossier.retours.rglob("*.xlsx")):
            archive.write(path, f"Mes grilles/{path.name}")
            path.unlink()
    result = chaine.treat(dossier, NOW)
    assert sentences(result.anomalies)[0].startswith(
        "GRI-201 retours/envoi.zip › Mes grilles/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND »,"
        " cellule D12 |"
    )
    assert [d.resultat.certification.value for d in result.seance.dossiers] == [
        "en_attente",
        "delivree",
    ]
    classeur, _ = cellules.read("r", (dossier.controle / "rapport.xlsx").read_bytes())
    assert classeur is not None
    shown = {cell.texte for feuille in classeur.feuilles for cell in feuille.cellules.values()}
    assert "retours/envoi.zip › Mes grilles/BC1 rempli par Hélène.xlsx" in shown


# --- all or nothing


def run(*arguments: object) -> Any:
    return CliRunner().invoke(commandes, [str(one) for one in arguments])


@pytest.mark.parametrize("command", ["traiter", "controle"])
def test_strict_writes_nothing_but_the_reports(dossier: Folder, command: str) -> None:
    (dossier.retours / "cassé.xlsx").write_bytes(b"PK\3\4")
    before = {path for path in dossier.root.rglob("*") if path.is_file()}
    done = run(command, dossier.root, "--strict")
    assert done.exit_code == 1
    assert "FIC-019" in done.stdout
    assert "Rien n’a été calculé ni écrit, sauf le rapport" in " ".join(done.stderr.split())
    after = {path for path in dossier.root.rglob("*") if path.is_file()}
    # What a grid holds may be remembered, and what the report was made of: nobody reads that but
    # the next command.
    memory = {dossier.lectures, dossier.ouvrages}
    assert {path.parent for path in after - before} == {dossier.controle, *memory}
    in_json = run(command, dossier.root, "--strict", "--format", "json")
    assert in_json.exit_code == 1
    assert [a["code"] for a in json.loads(in_json.stdout)["anomalies"]] == ["FIC-019"]


def test_strict_changes_nothing_when_all_is_well(dossier: Folder) -> None:
    done = run("traiter", dossier.root, "--strict")
    assert (done.exit_code, dossier.resultats.is_file()) == (0, True)


# --- one among many


@pytest.fixture
def nombreux(joue: Callable[..., Folder], histoire: dict[str, Any]) -> Folder:
    """Three hundred grids: a hundred evaluators of three blocs, each for his own candidate."""
    people = range(1, 101)
    first = histoire["candidats"][0]
    histoire["candidats"] = [
        {**first, "id": f"C{n}", "nom_naissance": f"DURAND{n}"} for n in people
    ]
    histoire["evaluateurs"] = [
        {"id": f"E{n}", "nom": f"FABRE{n}", "prenom": "Hélène", "courriel": f"h{n}@exemple.fr"}
        for n in people
    ]
    histoire["affectations"] = [{"evaluateur": f"E{n}", "sujet": f"C{n}"} for n in people]
    return joue(histoire, rempli=False)


def fill_fast(folder: Folder) -> list[Path]:
    """Every grid filled in by writing in its sheets' XML: openpyxl would take a minute."""
    contexte = chaine.gather(folder)
    made = []
    for source in sorted(folder.grilles.glob("*.xlsx")):
        classeur, _ = cellules.read(source.name, source.read_bytes())
        assert classeur is not None
        target = folder.retours / source.name
        with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w") as after:
            for name in before.namelist():
                text = before.read(name)
                if name.startswith("xl/worksheets/sheet"):
                    text = _rated(text.decode(), before)
                after.writestr(name, text)
        made.append(target)
    assert len(made) == len(contexte.cahiers)
    return made


def _rated(sheet: str, package: zipfile.ZipFile) -> bytes:
    strings = re.findall(
        r"<si><t[^>]*>(.*?)</t></si>", package.read("xl/sharedStrings.xml").decode(), re.S
    )

    def fill(row: re.Match[str]) -> str:
        tag = re.search(r'<c r="A\d+"[^>]*t="s"[^>]*><v>(\d+)</v>', row.group())
        if tag is None or not f.REPERE_LIGNE.fullmatch(strings[int(tag[1])]):
            return row.group()
        return re.sub(
            r'<c r="(D\d+)"( s="\d+")?/>',
            r'<c r="\1"\2 t="inlineStr"><is><t>Acquis</t></is></c>',
            row.group(),
        )

    return re.sub(r"<row .*?</row>", fill, sheet, flags=re.S).encode()


def test_one_corrupt_grid_among_three_hundred(nombreux: Folder) -> None:
    grids = fill_fast(nombreux)
    assert len(grids) == 300
    content = grids[149].read_bytes()
    grids[149].write_bytes(content[: len(content) // 2])
    done = run("traiter", nombreux.root, "--format", "json")
    assert done.exit_code == 1
    answer = json.loads(done.stdout)
    name = grids[149].relative_to(nombreux.root).as_posix()
    _, evaluateur, partie, _ = grids[149].name.split(" ")
    assert [a["message"].replace("\u00a0", " ") for a in answer["anomalies"]
            if a["gravite"] == "bloquante"] == [
        f"{name} est tronqué ou abîmé : son sommaire est illisible, la fin manque sans doute.",
        f"La grille S1/{evaluateur}/{partie} n’est pas revenue (C{evaluateur[1:]}, bloc {partie}, "
        f"évaluateur Hélène FABRE{evaluateur[1:]} ({evaluateur})).",
    ]  # fmt: skip
    outcomes = {c["id"]: c["certification"]["propose"] for c in answer["candidats"]}
    assert outcomes.pop(f"C{evaluateur[1:]}") == "en_attente"
    assert set(outcomes.values()) == {"delivree"}
    assert len(outcomes) == 99


# --- every thing that is read ends somewhere

PIECES = ("grille", "autre version", "vierge", "copie", "cassé", "vide", "texte", "~$verrou",
          "classeur", "zip", "deux fois la feuille")  # fmt: skip


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, dict[str, bytes]]:
    """A session and what people may drop into it, made once."""
    folder = played(tmp_path_factory.mktemp("parts") / "session")
    grid = returned(folder)
    own = {"grille": grid.read_bytes(), "copie": grid.read_bytes()}
    other = folder.root / "autre.xlsx"
    shutil.copy(grid, other)
    edit(other, rate("E1", "Non acquis", "Non."))
    own["autre version"] = other.read_bytes()
    shutil.copy(grid, other)

    def repeat(workbook: Any) -> None:
        sheet = sheet_of(workbook)
        workbook.copy_worksheet(sheet).cell(row_of(sheet, "E1"), f.NOTE).value = "Non acquis"

    edit(other, repeat)
    own["deux fois la feuille"] = other.read_bytes()
    own["vierge"] = next(folder.grilles.glob("*BC1*.xlsx")).read_bytes()
    own |= {"cassé": b"PK\3\4", "vide": b"", "texte": b"a;b", "~$verrou": b"x"}
    shutil.copy(folder.session, other)
    own["classeur"] = other.read_bytes()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("g.xlsx", own["autre version"])
        archive.writestr("rien.txt", "rien")
    own["zip"] = buffer.getvalue()
    other.unlink()
    shutil.rmtree(folder.retours)
    return folder, own


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dropped=st.lists(st.sampled_from(PIECES), max_size=6), plus_recente=st.booleans())
def test_every_file_sheet_and_row_ends_somewhere(
    parts: tuple[Folder, dict[str, bytes]], dropped: list[str], plus_recente: bool
) -> None:
    folder, own = parts
    shutil.rmtree(folder.retours, ignore_errors=True)
    folder.retours.mkdir()
    for rank, name in enumerate(dropped):
        lock = "~$" if name.startswith("~$") else ""
        (folder.retours / f"{lock}{rank} {name.removeprefix('~$')}").write_bytes(own[name])
    controle = chaine.read_returns(chaine.gather(folder), plus_recente=plus_recente)
    bilan = controle.bilan

    # Files: each thing dropped, or what a zip holds, under its own name, once.
    assert len(bilan.fichiers) == sum(2 if name == "zip" else 1 for name in dropped)
    # Sheets and rows: those of each distinct workbook that could be opened.
    distinct = {own[name] for name in dropped} - {own["zip"]}
    if "zip" in dropped:
        distinct.add(own["autre version"])
    books = [book for book, _ in (cellules.read("x", content) for content in distinct) if book]
    assert len(bilan.feuilles) == sum(len(book.feuilles) for book in books)
    tags = [
        cell
        for book in books
        for feuille in book.feuilles
        for cell in feuille.cellules.values()
        if f.REPERE_LIGNE.fullmatch(cell.texte or "")
    ]
    assert bilan.lignes.total() == len(tags)
    assert min(bilan.lignes.values(), default=0) >= 0
    # Whatever is not simply accepted was said.
    told = {anomalie.lieu.fichier for anomalie in controle.anomalies}
    assert {name for name, sort in bilan.fichiers.items() if sort is not Sort.ACCEPTE} <= told
    # What was accepted is what is reckoned with.
    assert bilan.lignes[Sort.ACCEPTE] == sum(len(fiche.saisies) for fiche in controle.fiches)


def test_a_copy_whose_only_ratings_were_refused_is_not_a_blank_one(dossier: Folder) -> None:
    """It said something: which of the two is right is for people to tell."""
    blank = next(dossier.grilles.glob("*BC1*.xlsx"))
    other = dossier.retours / "autre.xlsx"
    shutil.copy(blank, other)

    def rate_twice(workbook: Any) -> None:
        sheet = sheet_of(workbook)
        row = row_of(sheet, "E1")
        for column in range(1, sheet.max_column + 1):
            sheet.cell(40, column).value = sheet.cell(row, column).value
            sheet.cell(41, column).value = sheet.cell(row, column).value
        for rank, note in ((row, "Acquis"), (40, "Non acquis"), (41, "Acquis")):
            sheet.cell(rank, f.NOTE).value = note

    edit(other, rate_twice)
    controle = chaine.control(dossier, NOW)
    codes = [a.code.numero for a in controle.anomalies if a.bloquante]
    # The third copy does not make the first one right again.
    assert sorted(set(codes)) == ["GRI-006", "GRI-008"], sentences(controle.anomalies)
