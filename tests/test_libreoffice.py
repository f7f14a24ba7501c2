"""A real LibreOffice at the edges: grids filled there come back the same, documents open there."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import NOW, declined, edit, row_of, sentences, sheet_of

from batch import chaine, demonstration
from batch.classeurs.grille import forme as f
from batch.folder import Folder

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
IN_CI = os.environ.get("CI") == "true"


def python_with_uno() -> str | None:
    for candidate in ("/usr/bin/python3", sys.executable):
        if Path(candidate).exists():
            asked = [candidate, "-c", "import uno"]
            if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
                return candidate
    return None


needs_libreoffice = pytest.mark.skipif(
    not SOFFICE and not IN_CI, reason="LibreOffice n'est pas installé"
)
needs_uno = pytest.mark.skipif(
    not (SOFFICE and python_with_uno()) and not IN_CI, reason="LibreOffice ou python3-uno manque"
)

TYPED = {
    "E1": ("Non acquis", "Bilan absent ; à revoir."),
    "E2": ("acquis", None),
    "E3": ("NA", "=1+1 n’est pas une formule ici"),
    "E4": ("Sans objet", "Sans commande réelle : l’écart reste « théorique »."),
    "E5": ("Non évalué", "Étude reportée"),
    "E6": ("Acquis", "007"),
}


def fill_in_calc(source: Path, cells: dict[str, dict[str, str]], *targets: Path) -> None:
    """Open the grid in Calc, type, save under each target."""
    python = python_with_uno()
    assert SOFFICE, "LibreOffice manque (obligatoire en CI)"
    assert python, "python3-uno manque (obligatoire en CI)"
    work = targets[0].parent
    (work / "typed.json").write_text(json.dumps(cells), encoding="utf-8")
    pipe = f"jury{os.getpid()}"
    office = subprocess.Popen(
        [
            SOFFICE, "--headless", "--norestore", "--nologo",
            f"-env:UserInstallation={(work / 'profil').as_uri()}",
            f"--accept=pipe,name={pipe};urp;",
        ],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        subprocess.run(
            [python, Path(__file__).parent / "calc.py", pipe, source, work / "typed.json",
             *targets],
            check=True, timeout=120,
        )  # fmt: skip
    finally:
        office.terminate()
        office.wait(30)


def addresses(source: Path) -> dict[str, dict[str, str]]:
    """Where TYPED goes on the first candidate's sheet, everything else of the grid « Acquis »."""
    workbook = openpyxl.load_workbook(source)
    typed: dict[str, dict[str, str]] = {}
    for sheet in workbook.worksheets[1:3]:
        cells = {}
        for critere in (f"E{n}" for n in range(1, 13) if n != 11):
            row = row_of(sheet, critere)
            note, comment = ("Acquis", None)
            if sheet.title.startswith("C1"):
                note, comment = TYPED.get(critere, (note, comment))
            cells[f"D{row}"] = note
            if comment:
                # A leading apostrophe is how one types text in a spreadsheet.
                cells[f"F{row}"] = f"'{comment}"
        typed[sheet.title] = cells
    return typed


@needs_uno
@pytest.mark.parametrize("extension", ["xlsx", "ods"])
def test_a_grid_filled_in_calc_is_read_back_the_same(
    dossier: Folder, tmp_path: Path, extension: str
) -> None:
    source = next(dossier.grilles.glob("*BC1*.xlsx"))
    for path in dossier.retours.rglob("*BC1*.xlsx"):
        path.unlink()
    target = tmp_path / f"rendu.{extension}"
    fill_in_calc(source, addresses(source), target)
    shutil.copy(target, dossier.retours / target.name)
    if extension == "xlsx":
        assert declined(target.read_bytes()) is None

    controle = chaine.control(dossier, NOW)
    read = {
        a.ligne: (a.niveau, a.commentaire)
        for a in controle.evaluations.appreciations["C1"]
        if a.partie == "BC1"
    }
    levels = {"Acquis": "A", "acquis": "A", "Non acquis": "NA", "NA": "NA", "Sans objet": "SO",
              "Non évalué": "NE"}  # fmt: skip
    for critere, (note, comment) in TYPED.items():
        assert read[critere] == (levels[note], comment), critere
    assert len(read) == 11
    assert [a.niveau for a in controle.evaluations.appreciations["C2"]] == ["A"] * 48
    assert not [a for a in controle.anomalies if a.bloquante]
    kept = "FIC-008 retours/rendu.ods | retours/rendu.ods a été enregistré au format .ods : ses "
    told = [one for one in sentences(controle.anomalies) if one.startswith(kept)]
    assert len(told) == (extension == "ods")


@needs_libreoffice
def test_a_grid_survives_being_converted_back_and_forth(dossier: Folder, tmp_path: Path) -> None:
    source = next(dossier.retours.rglob("*BC1*.xlsx"))
    before = chaine.control(dossier, NOW).evaluations.appreciations
    for step in ("ods", "xlsx"):
        convert(source, step, tmp_path / step)
        source = next((tmp_path / step).glob(f"*.{step}"))
    for path in dossier.retours.rglob("*BC1*.xlsx"):
        path.unlink()
    shutil.copy(source, dossier.retours / "revenu.xlsx")
    assert declined(source.read_bytes()) is None
    after = chaine.control(dossier, NOW).evaluations.appreciations

    def said(own: Any) -> set[Any]:
        return {(a.candidat, a.ligne, a.niveau, a.commentaire) for x in own.values() for a in x}

    assert said(after) == said(before)


def convert(source: Path | Iterable[Path], extension: str, target: Path) -> None:
    """Open these files in LibreOffice, one start for all, and save them under `target`."""
    sources = [source] if isinstance(source, Path) else source
    assert SOFFICE, "LibreOffice manque (obligatoire en CI)"
    subprocess.run(
        [
            SOFFICE, "--headless", f"-env:UserInstallation={(target / 'profil').as_uri()}",
            "--convert-to", extension, "--outdir", target, *sources,
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip


@needs_libreoffice
def test_the_formulas_of_a_grid_are_right_once_recalculated(
    dossier: Folder, tmp_path: Path
) -> None:
    """« Reste à évaluer » : shown as computed by us before, by Calc after."""
    blank = next(dossier.grilles.glob("*BC1*.xlsx"))
    filled = next(dossier.retours.rglob("*BC1*.xlsx"))
    for source, left in ((blank, 11), (filled, 0)):
        convert(source, "xlsx", tmp_path / source.parent.name)
        converted = next((tmp_path / source.parent.name).glob("*.xlsx"))
        workbook = openpyxl.load_workbook(converted, data_only=True)
        sheet = sheet_of(workbook)
        assert sheet.cell(f.L_RESTE, f.CRITERE).value == left


@needs_libreoffice
def test_the_counters_of_the_jury_room_are_right_once_recalculated(
    dossier: Folder, histoire: dict[str, Any], tmp_path: Path
) -> None:
    """Two candidates, three blocs each: five decided, one of them against the proposal."""
    chaine.treat(dossier, NOW)
    demonstration.deliberate(dossier, histoire)

    def change(workbook: Any) -> None:
        votes, room = workbook["Délibération"], workbook["Séance"]
        column = next(c.column for c in votes[1] if c.value == "Décision")
        votes.cell(2, column).value = None
        votes.cell(3, column).value = "Non validé"  # and no reason is given
        present = [c for row in room.iter_rows() for c in row if c.value == "Présent"]
        present[-1].value = "Absent"

    edit(dossier.deliberation, change)
    convert(dossier.deliberation, "xlsx", tmp_path / "calc")
    recalculated = openpyxl.load_workbook(tmp_path / "calc" / "deliberation.xlsx", data_only=True)
    shown = {row[0].value: row for row in recalculated["Vue d’ensemble"].iter_rows()}
    counters = {
        "Décisions à prendre": 6,
        "Décisions prises": 5,
        "Décisions restantes": 1,
        "Motifs manquants (décision qui s’écarte de la proposition)": 1,
        "✔ Validé": 4,
        "✘ Non validé": 1,
        "Membres présents": 3,
        "Présidence": 1,
    }
    assert {label: shown[label][4].value for label in counters} == counters
    assert shown["Membres présents"][5].value == "✘ non"
    assert shown["Présidence"][5].value == "✔ oui"
    assert [shown[who][4].value for who in ("C1", "C2")] == ["2 sur 3", "3 sur 3"]


@needs_libreoffice
def test_the_documents_open_in_libreoffice(dossier: Folder, tmp_path: Path) -> None:
    chaine.treat(dossier, NOW)
    letter = next((dossier.documents / "lettres").glob("*.docx"))
    for rank, source in enumerate((dossier.documents / "proces-verbal.docx", letter)):
        convert(source, "pdf", tmp_path / str(rank))
        content = next((tmp_path / str(rank)).glob("*.pdf")).read_bytes()
        assert content.startswith(b"%PDF")
