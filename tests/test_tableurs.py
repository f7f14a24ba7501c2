"""Other people's spreadsheets: a grid filled and saved there says exactly what Excel's would.

The same cells are typed into the same grid by openpyxl, which is the reference, and by each of
these programs; whatever they save must be read alike, cell for cell, and draw the same sentences.
"""

import json
import os
import re
import shutil
import subprocess
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import HISTOIRE, NOW, anew, edit, played, returned, row_of, sentences, sheet_of
from openpyxl.cell.cell import TYPE_STRING
from test_libreoffice import SOFFICE, convert

from batch import chaine
from batch.chaine import Controle
from batch.classeurs import cellules
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.reperage import is_tag
from batch.folder import Folder
from batch.vocabulaire import Ton

IN_CI = os.environ.get("CI") == "true"
TABLEURS = Path(__file__).parent / "tableurs"
Typed = Mapping[str, tuple[Any, Any]]

# By the row's id: the rating and the comment, as people type them.
MOTS: Typed = {
    "E1": ("Non acquis", "Très à revoir :\n– l’écart n’est pas « chiffré » ;\n– œuvre absente."),
    "E2": ("NA", "=1+1 n’est pas une formule"),
    "E3": ("1/3", "007"),
    "E4": ("12,5", "12,5"),
    "E5": (12.5, 3),
    "E6": ("Acquis ", " deux  blancs "),
    "E7": (None, "<b>A&amp;B</b> 'entre' \"guillemets\""),
    "E8": ("non évalué", "Étude reportée 👍"),
    "E9": ("Sans objet", "-5"),
    "E10": ("✔ Acquis", "ligne\n\nautre ligne"),
    "E12": ("12", None),
}
NOTES: Typed = {
    "E1": (12.5, "Très à revoir"),
    "E2": ("12,5", "NA"),
    "E3": ("1/3", "1/3"),
    "E4": ("12.5", None),
    "E5": ("12,5/20", None),
    "E6": (0, None),
    "E7": ("SO", "Sans commande réelle"),
    "E8": (20.25, "au-dessus de 20"),
    "E9": ("-1", None),
    "E10": (0.1, "0,1"),
    "E12": (10, None),
}
NOTEE = anew(
    echelle="""
  note: {sur: 20, satisfait_a_partir_de: 10}
  niveaux:
  - {code: NE, libelle: Non évalué, compte: manquant}
  - {code: SO, libelle: Sans objet, compte: exclu, commentaire: obligatoire}
"""
)


@dataclass(frozen=True)
class Grille:
    """A grid as it was sent, in a session where everything else came back in order."""

    folder: Folder
    source: Path
    saisies: dict[str, dict[str, Any]]  # sheet -> address -> what is typed

    def control(self, classeur: Path) -> Controle:
        """The session, this workbook having come back."""
        back = self.folder.retours / "rendue.xlsx"  # the same name for all: it counts for nothing
        shutil.copy(classeur, back)
        try:
            return chaine.read_returns(chaine.gather(self.folder))
        finally:
            back.unlink()


@pytest.fixture(scope="module")
def grilles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Grille]:
    """A grid with words, one with marks, and one sent back to be corrected."""
    story = {**HISTOIRE, "appreciations": {"defaut": "12"}}
    mots = played(tmp_path_factory.mktemp("mots") / "session")
    notes = played(tmp_path_factory.mktemp("notes") / "session", story, regles=NOTEE)
    rendue = played(tmp_path_factory.mktemp("correction") / "session")

    def spoil(workbook: Any) -> None:
        sheet = sheet_of(workbook)
        for critere, said in (("E1", "bof"), ("E2", 14), ("E3", None), ("E5", "Acquis")):
            sheet.cell(row_of(sheet, critere), f.NOTE).value = said

    edit(returned(rendue), spoil)
    chaine.control(rendue, NOW)
    (correction,) = rendue.corrections.glob("*.xlsx")
    for folder in (mots, notes):
        returned(folder).unlink()
    return {
        "mots": grille(mots, next(mots.grilles.glob("*BC1*.xlsx")), MOTS),
        "notes": grille(notes, next(notes.grilles.glob("*BC1*.xlsx")), NOTES),
        "correction": grille(rendue, correction, {k: MOTS[k] for k in ("E1", "E2", "E4")}),
    }


def grille(folder: Folder, source: Path, typed: Typed) -> Grille:
    sheet = sheet_of(openpyxl.load_workbook(source))
    cells: dict[str, Any] = {}
    for critere, said in typed.items():
        row = row_of(sheet, critere)
        cells |= {f"D{row}": said[0], f"F{row}": said[1]}
    return Grille(folder, source, {sheet.title: cells})


# --- the programs --------------------------------------------------------------------------------

Files = dict[str, Path]  # the name of a grid -> the workbook


def by_openpyxl(grilles: Mapping[str, Grille], work: Path) -> Files:
    made = {}
    for name, one in grilles.items():
        workbook = openpyxl.load_workbook(one.source)
        for sheet, cells in one.saisies.items():
            for address, value in cells.items():
                cell = workbook[sheet][address]
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = TYPE_STRING  # « =1+1 » typed in a cell of text is a text
        made[name] = work / f"{name}.xlsx"
        workbook.save(made[name])
    return made


def by_node(programme: str, extension: str) -> Callable[..., Files]:
    def save(grilles: Mapping[str, Grille], work: Path) -> Files:
        made = {name: work / f"{name}.{extension}" for name in grilles}
        tasks = [
            {"avec": programme, "source": str(one.source), "cible": str(made[name]),
             "saisies": one.saisies}
            for name, one in grilles.items()
        ]  # fmt: skip
        (work / "taches.json").write_text(json.dumps(tasks), encoding="utf-8")
        subprocess.run(
            ["node", TABLEURS / "ecrire.mjs", work / "taches.json"], check=True, timeout=120
        )
        return made

    return save


def converted(
    one_step: Callable[[list[Path], str, Path], None], *steps: str
) -> Callable[..., Files]:
    """What openpyxl typed, opened and saved in each of these formats in turn."""

    def save(grilles: Mapping[str, Grille], work: Path) -> Files:
        made = by_openpyxl(grilles, work)
        for rank, extension in enumerate(steps):
            target = work / str(rank)
            target.mkdir()
            one_step(list(made.values()), extension, target)
            made = {name: target / f"{name}.{extension}" for name in made}
        return made

    return save


def gnumeric(sources: list[Path], extension: str, target: Path) -> None:
    for source in sources:
        subprocess.run(
            ["ssconvert", source, target / f"{source.stem}.{extension}"],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip


def libreoffice(sources: list[Path], extension: str, target: Path) -> None:
    convert(sources, extension, target)


@dataclass(frozen=True)
class Tableur:
    enregistre: Callable[[Mapping[str, Grille], Path], Files]
    besoin: Callable[[], bool]
    # What this program loses by nature: convenience for the evaluator, which no reading rests on.
    perd: frozenset[str] = field(default_factory=frozenset)
    # It saves a rating with the symbol that a colour rule shows before it.
    symboles: bool = False


def has_node() -> bool:
    return bool(shutil.which("node")) and (TABLEURS / "node_modules").is_dir()


def has_gnumeric() -> bool:
    return bool(shutil.which("ssconvert"))


def has_libreoffice() -> bool:
    return bool(SOFFICE)


TABLEURS_CONNUS = {
    "exceljs": Tableur(by_node("exceljs", "xlsx"), has_node, frozenset({"propriété"})),
    "sheetjs": Tableur(
        by_node("sheetjs", "xlsx"),
        has_node,
        frozenset({"listes", "protection", "volets", "colonnes masquées", "ligne masquée"}),
    ),
    "sheetjs ods": Tableur(by_node("sheetjs", "ods"), has_node),
    "gnumeric": Tableur(
        converted(gnumeric, "xlsx"),
        has_gnumeric,
        frozenset({"feuille masquée", "propriété"}),
    ),
    "gnumeric ods": Tableur(converted(gnumeric, "ods"), has_gnumeric, symboles=True),
    "gnumeric ods xlsx": Tableur(
        converted(gnumeric, "ods", "xlsx"),
        has_gnumeric,
        frozenset({"feuille masquée", "propriété", "protection"}),
        symboles=True,
    ),
    # Without a window, LibreOffice forgets the frozen panes; with one, it keeps them.
    "libreoffice": Tableur(converted(libreoffice, "xlsx"), has_libreoffice, frozenset({"volets"})),
    "libreoffice ods xlsx": Tableur(
        converted(libreoffice, "ods", "xlsx"), has_libreoffice, frozenset({"volets"})
    ),
}


# --- what they must not lose ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def reference(grilles: dict[str, Grille], tmp_path_factory: pytest.TempPathFactory) -> Files:
    return by_openpyxl(grilles, tmp_path_factory.mktemp("reference"))


@pytest.mark.parametrize("nom", TABLEURS_CONNUS)
def test_a_grid_says_the_same_whatever_program_saved_it(
    grilles: dict[str, Grille], reference: Files, tmp_path: Path, nom: str
) -> None:
    tableur = TABLEURS_CONNUS[nom]
    if not tableur.besoin():
        assert not IN_CI, f"{nom} manque (obligatoire en CI)"
        pytest.skip(f"{nom} n'est pas installé (Gnumeric, ou : npm install, dans tests/tableurs)")
    for name, saved in tableur.enregistre(grilles, tmp_path).items():
        expected, found = cells(reference[name]), cells(saved)
        if tableur.symboles:
            expected, found = without_symbols(expected), without_symbols(found)
        assert found == expected, name
        assert sum(is_tag(cell) for cell in raw(saved)) >= 22, name

        control, other = grilles[name].control(reference[name]), grilles[name].control(saved)
        assert other.evaluations == control.evaluations, name
        assert other.bilan.comptes == control.bilan.comptes, name
        said = sentences(other.anomalies)
        if tableur.symboles:  # a sentence quotes what stands in the cell
            said = [re.sub(rf"« ({SYMBOLES}) ", "« ", one) for one in said]
        assert [s for s in said if not s.startswith("FIC-008")] == sentences(control.anomalies)
        libre = saved.suffix == ".ods"
        assert len(said) == len(control.anomalies) + libre
        if not libre:
            assert set(missing(saved)) <= tableur.perd, name


def test_the_reference_has_something_to_say(grilles: dict[str, Grille], reference: Files) -> None:
    """Or the comparisons above would compare nothing."""
    for name, one in grilles.items():
        control = one.control(reference[name])
        assert {"GRI"} == {a.code.numero[:3] for a in control.anomalies}, name
        read = {(a.ligne, a.commentaire) for a in control.evaluations.appreciations["C1"]}
        assert ("E1", (MOTS if name != "notes" else NOTES)["E1"][1]) in read
        assert not list(missing(reference[name]))


def raw(path: Path) -> Iterator[cellules.Cellule]:
    classeur, _ = cellules.read(path.name, path.read_bytes())
    assert classeur is not None
    for feuille in classeur.feuilles:
        yield from feuille.cellules.values()


SYMBOLES = "|".join(re.escape(ton.symbole) for ton in Ton)
Cells = dict[tuple[str, str], str | None]


def cells(path: Path) -> Cells:
    """Each filled cell as it is read. A formula is one, whatever its words: each program has its
    own, and none is ever read."""
    classeur, _ = cellules.read(path.name, path.read_bytes())
    assert classeur is not None
    return {
        (feuille.nom, cell.adresse): "=" if cell.formule else cell.texte
        for feuille in classeur.feuilles
        for cell in feuille.cellules.values()
    }


def without_symbols(found: Cells) -> Cells:
    return {
        place: re.sub(rf"^({SYMBOLES}) ", "", text) if text else text
        for place, text in found.items()
    }


def missing(path: Path) -> Iterator[str]:
    """What helped whoever filled the grid and is no longer there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Gnumeric's workbooks have no default style
        workbook = openpyxl.load_workbook(path)
    sheet = sheet_of(workbook)
    if len(sheet.data_validations.dataValidation) < 3:
        yield "listes"
    if not sheet.protection.sheet or sheet.cell(row_of(sheet, "E1"), f.NOTE).protection.locked:
        yield "protection"
    if not all(sheet.column_dimensions[column].hidden for column in "AE"):
        yield "colonnes masquées"
    if not sheet.row_dimensions[f.L_CLES].hidden:
        yield "ligne masquée"
    if sheet.freeze_panes is None:
        yield "volets"
    if workbook[f.CACHEE].sheet_state == "visible":
        yield "feuille masquée"
    if f.PROPRIETE not in workbook.custom_doc_props.names:
        yield "propriété"
