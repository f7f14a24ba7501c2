"""The grids of a session, from session.xlsx to the workbooks on the disk."""

import io
import re
import tempfile
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import openpyxl
import xlsxwriter
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import range_boundaries
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from batch import chaine, fichiers
from batch.classeurs import cellules, edition
from batch.classeurs.edition import Edition
from batch.classeurs.grille import ecriture
from batch.classeurs.grille import forme as f
from batch.folder import Folder
from batch.jury.affectation import Cahier

from ..session import NOW, Etat
from .etape import LIMITE, NAIF, NOUS, Etape, Travail, files


def naif(folder: Folder) -> Travail:
    """The same sheets as a plain script writes them: a workbook a candidate, a format for each
    cell, a validation and rules of colour for each row."""

    def travail() -> None:
        contexte = chaine.gather(folder)
        sceau = contexte.sceau(folder.create_key())
        people: dict[str, list[Cahier]] = defaultdict(list)
        for cahier in contexte.cahiers:
            for fiche in cahier.fiches:
                people[fiche.sujet].append(replace(cahier, fiches=(fiche,)))
        folder.grilles.mkdir()
        with patch.object(edition, "new", _new):
            for sujet, own in people.items():
                whole = replace(own[0], fiches=tuple(one.fiches[0] for one in own))
                content = ecriture.write(
                    contexte.session, contexte.referentiel, contexte.reglement, whole, sceau
                )
                (folder.grilles / f"{sujet}.xlsx").write_bytes(content)

    return travail


@contextmanager
def _new(jour: date, auteur: str) -> Iterator[tuple[Edition, io.BytesIO]]:
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "grille.xlsx"
        workbook = xlsxwriter.Workbook(path)
        yield _Plain(workbook), buffer
        workbook.close()
        buffer.write(path.read_bytes())


class _Plain(Edition):
    """The same pen, that keeps nothing for the next cell."""

    def format(self, **properties: Any) -> Format:
        base = {"font_name": edition.POLICE, "font_size": 10, "valign": "top", **properties}
        return self.workbook.add_format(base)

    def conditionnel(self, **properties: Any) -> Format:
        return self.workbook.add_format(properties)

    def add_sheet(self, nom: str) -> Worksheet:
        return self.workbook.add_worksheet(nom, worksheet_class=_RowByRow)


class _RowByRow(Worksheet):  # type: ignore[misc]
    """What is said of a range, said of each of its cells."""

    def data_validation(self, first: int, column: int, last: int, *rest: Any) -> int:
        _, options = rest
        for row in range(first, last + 1):
            own = {key: _of_row(value, first, row) for key, value in options.items()}
            super().data_validation(row, column, row, column, own)
        return 0

    def conditional_format(self, first: int, column: int, last: int, *rest: Any) -> int:
        _, options = rest
        for row in range(first, last + 1):
            own = {key: _of_row(value, first, row) for key, value in options.items()}
            super().conditional_format(row, column, row, column, own)
        return 0


def _of_row(value: object, first: int, row: int) -> object:
    """A formula about the first row, made to speak of that one."""
    if not isinstance(value, str) or row == first:
        return value
    return re.sub(rf"(?<=[A-F]){first + 1}\b", str(row + 1), value)


def nous(folder: Folder) -> Travail:
    return lambda: chaine.issue_grids(folder, NOW)


def limite(folder: Folder) -> Travail:
    """The XML of our own workbooks, deflated again and laid on the disk."""
    chaine.issue_grids(folder, NOW)
    workbooks = [
        (path, [package.read(name) for name in package.namelist()])
        for path in files(folder.grilles, "*.xlsx")
        for package in [zipfile.ZipFile(path)]
    ]

    def travail() -> None:
        for path, parts in workbooks:
            fichiers.write(path, b"".join(zlib.compress(part, 6) for part in parts))

    return travail


def temoin(folder: Folder, _: object) -> Iterable[str]:
    """Each row of each sheet: its tag, its code, its text."""
    for path in files(folder.grilles, "*.xlsx"):
        classeur, faults = cellules.read(path.name, path.read_bytes())
        assert classeur is not None, faults
        for feuille in classeur.feuilles:
            if feuille.nom not in f.NOTRES:
                yield from _rows(feuille)


def regles(folder: Folder) -> Iterator[str]:
    """What each cell shows and allows: its look, its lock, its list, its colours.

    openpyxl takes its time: for a small session, in a test.
    """
    for path in files(folder.grilles, "*.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            if sheet.title in f.NOTRES:
                continue
            numero = sheet.cell(f.L_NUMERO, f.CRITERE).value
            for row in sheet.iter_rows():
                for cell in row:
                    look = cell.font, cell.fill, cell.border, cell.alignment, cell.number_format
                    yield f"{numero} {cell.coordinate} {look} {cell.protection.locked}"
            for rule in sheet.data_validations.dataValidation:
                for cell in _cells(str(rule.sqref)):
                    yield f"{numero} {cell} {rule.type} {rule.prompt} {_generic(rule.formula1)}"
            for place in sheet.conditional_formatting:
                for rule in place.rules:
                    for cell in _cells(str(place.sqref)):
                        look = rule.dxf.font, rule.dxf.fill, rule.dxf.numFmt
                        said = [_generic(one) for one in rule.formula]
                        yield f"{numero} {cell} {rule.type} {said} {look}"


def _cells(places: str) -> Iterator[str]:
    for place in places.split():
        left, top, right, bottom = range_boundaries(place)
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                yield f"{get_column_letter(column)}{row}"


def _generic(formula: str | None) -> str:
    """Of whichever row: « $D12 » and « $D13 » say the same, each of its own."""
    return re.sub(r"(?<=[A-F])\d+", "n", formula or "")


def _rows(feuille: cellules.Feuille) -> Iterator[str]:
    numero = feuille.at(f.L_NUMERO, f.CRITERE).texte
    for row in feuille.rows:
        texts = [feuille.at(row, c).texte for c in (f.REPERE, f.CODE, f.CRITERE, f.TEMOIN)]
        if row >= f.L_PREMIERE and any(texts):
            yield f"{numero} {row} {texts}"


ETAPE = Etape(
    nom="grilles",
    titre="Grilles écrites",
    vise="≥ 12 × naïf",
    facons={NAIF: naif, NOUS: nous, LIMITE: limite},
    temoin=temoin,
    etat=Etat.EMISE,
    imports=("xlsxwriter", "openpyxl", "batch.classeurs.direct", "pandera.pandas"),
)
