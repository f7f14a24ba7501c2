"""jury traiter again, once one grid has been corrected and dropped in; by one process."""

from collections.abc import Iterable
from datetime import timedelta

from batch import chaine, demarrage
from batch.classeurs.grille import forme as f
from batch.folder import Folder

from ..session import NOW, Etat
from . import papiers
from .etape import NAIF, NOUS, SEUL, Etape, Travail, files


def naif(folder: Folder) -> Travail:
    """Everything from the start, on the corrected grids: ours too."""
    demarrage.begin()
    _correct(folder)
    return lambda: chaine.treat(folder, NOW, allure=SEUL)


def nous(folder: Folder) -> Travail:
    chaine.treat(folder, NOW, allure=SEUL)
    _correct(folder)
    return lambda: chaine.treat(folder, NOW + timedelta(hours=1), allure=SEUL)


def _correct(folder: Folder) -> None:
    """One rating of one candidate, as its evaluator changes it."""
    import openpyxl

    path = files(folder.retours, "*.xlsx")[0]
    workbook = openpyxl.load_workbook(path)
    sheet = next(own for own in workbook.worksheets if own.title not in f.NOTRES)
    rows = range(f.L_PREMIERE, sheet.max_row + 1)
    row = next(row for row in rows if sheet.cell(row, f.NOTE).value)
    words = sorted({str(sheet.cell(own, f.NOTE).value) for own in rows} - {"None"})
    current = words.index(sheet.cell(row, f.NOTE).value)
    sheet.cell(row, f.NOTE).value = words[current - 1]
    sheet.cell(row, f.COMMENTAIRE).value = "Repris après relecture."
    workbook.save(path)


def temoin(folder: Folder, _: object) -> Iterable[str]:
    """The same bytes, whether everything was made anew or not."""
    for path in papiers.documents(folder):
        yield f"{path.relative_to(folder.root)} {path.read_bytes().hex()}"


ETAPE = Etape(
    nom="reprise",
    titre="jury traiter, une grille corrigée",
    vise="≥ 5 × du début",
    facons={NAIF: naif, NOUS: nous},
    temoin=temoin,
    etat=Etat.RENDUE,
    imports=("openpyxl", "pandera.pandas", "docxtpl", "batch.documents.rendu"),
)
