"""Blocs acquired before, as rows for « Acquis antérieurs »: in a workbook beside, or in the sheet.

Of session.xlsx, which is the user's, nothing that stands there is touched: rows are added below.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date

from batch.classeurs import edition, tables
from batch.classeurs.cellules import fold

_PROCHES = ("N° candidat", "Candidat", "Au registre", "Ce qui diffère", "Blocs", "Preuve")
_LARGEURS = (12, 26, 44, 44, 14, 44)


def write(
    lignes: Sequence[Mapping[str, str]], proches: Sequence[Sequence[str]], jour: date
) -> bytes:
    """The rows to copy as they are, and the people to compare before anything is copied."""
    table = tables.load("acquis")
    with edition.new(jour) as (book, buffer):
        sheet = book.add_sheet(table.feuille)
        for column, colonne in enumerate(table.colonnes):
            sheet.set_column(column, column, colonne.largeur)
            edition.put(sheet, 0, column, colonne.titre, book.entete)
            for row, ligne in enumerate(lignes, 1):
                edition.put(sheet, row, column, ligne.get(colonne.nom), book.cellule)
        sheet.freeze_panes(1, 0)
        edition.a4_paysage(sheet, table.feuille, repeat=0)
        if proches:
            sheet = book.add_sheet("À rapprocher")
            for column, (titre, width) in enumerate(zip(_PROCHES, _LARGEURS, strict=True)):
                sheet.set_column(column, column, width)
                edition.put(sheet, 0, column, titre, book.entete)
                for row, told in enumerate(proches, 1):
                    edition.put(sheet, row, column, told[column], book.cellule)
            sheet.freeze_panes(1, 0)
            edition.a4_paysage(sheet, "À rapprocher", repeat=0)
    return buffer.getvalue()


def add(contenu: bytes, lignes: Sequence[Mapping[str, str]]) -> bytes:
    """session.xlsx with these rows below those of « Acquis antérieurs »."""
    import openpyxl

    table = tables.load("acquis")
    workbook = openpyxl.load_workbook(io.BytesIO(contenu))
    sheet = next(s for s in workbook.worksheets if fold(s.title) == fold(table.feuille))
    titles = {fold(colonne.titre): colonne.nom for colonne in table.colonnes}
    filled = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    columns = {
        titles[name]: cell.column
        for cell in filled
        if (name := fold(str(cell.value).rstrip(" *"))) in titles
    }
    for rank, ligne in enumerate(lignes, max(cell.row for cell in filled) + 1):
        for nom, text in ligne.items():
            sheet.cell(rank, columns[nom], text).number_format = "@"
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()
