"""Clean grids, from the bytes on the disk to the values in their cells."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from xml.parsers import expat

from batch.classeurs import cellules
from batch.folder import Folder

from .etape import LIMITE, NAIF, NOUS, Etape, Travail, files

# Sheet, row, column, what stands there: each workbook's cells as they come, none of them kept.
Lues = Iterator[tuple[str, int, int, object]]


def naif(folder: Folder) -> Travail:
    return _through(folder, _openpyxl)


def _openpyxl(path: Path) -> Lues:
    import openpyxl

    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    yield sheet.title, cell.row, cell.column, cell.value


def nous(folder: Folder) -> Travail:
    return _through(folder, _read)


def _read(path: Path) -> Lues:
    classeur, faults = cellules.read(path.name, path.read_bytes())
    assert classeur is not None, faults
    for feuille in classeur.feuilles:
        for (row, column), cell in feuille.cellules.items():
            yield feuille.nom, row, column, cell.formule or cell.valeur


def limite(folder: Folder) -> Travail:
    """All the XML inflated, and gone over by expat, which tells nobody."""
    paths = files(folder.retours, "*.xlsx")

    def travail() -> None:
        for path in paths:
            with zipfile.ZipFile(path) as package:
                for name in package.namelist():
                    expat.ParserCreate().Parse(package.read(name), True)

    return travail


def _through(folder: Folder, read: Callable[[Path], Lues]) -> Travail:
    paths = files(folder.retours, "*.xlsx")

    def travail() -> Callable[[], Iterator[str]]:
        for path in paths:
            for _ in read(path):
                pass
        return lambda: (f"{path} {cell}" for path in map(Path, paths) for cell in read(path))

    return travail


def temoin(folder: Folder, lues: Callable[[], Iterable[str]]) -> Iterable[str]:
    root = str(folder.root)
    return (one.replace(root, "") for one in lues())


ETAPE = Etape(
    nom="lecture",
    titre="Grilles lues",
    vise="≥ 8 × naïf, ≤ 2 × limite",
    facons={NAIF: naif, NOUS: nous, LIMITE: limite},
    temoin=temoin,
    imports=("openpyxl", "batch.classeurs.direct", "batch.classeurs.opendocument"),
)
