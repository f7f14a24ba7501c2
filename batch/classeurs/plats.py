"""Flat tables -> one workbook, a sheet for each. Nothing in it is a formula."""

from collections.abc import Sequence
from datetime import date, datetime, time
from fractions import Fraction

from xlsxwriter.format import Format

from batch.anomalies import Empechement
from batch.classeurs import edition
from batch.classeurs.edition import Edition, done, put
from batch.plats.tables import DICTIONNAIRE, Plat, Valeur
from batch.vocabulaire import Etat, EtatSession, Ton

# What a sheet holds, its heading apart.
LIGNES_MAX = 1_048_575
_FIGEES = 4  # columns: which session, how final, which candidate


def write(plats: Sequence[Plat], jour: date) -> bytes:
    """`jour` dates the workbook. Raises Empechement when a table is too long for a sheet."""
    for plat in plats:
        if len(plat.lignes) > LIGNES_MAX:
            raise Empechement(
                f"La table « {plat.table.feuille} » a plus de lignes qu'une feuille d'Excel n'en "
                f"tient. Exportez moins de sessions à la fois, ou donnez --format csv."
            )
    with edition.new(jour) as (book, buffer):
        for plat in plats:
            _write_sheet(book, plat)
    return buffer.getvalue()


def _write_sheet(book: Edition, plat: Plat) -> None:
    table, is_dictionary = plat.table, plat.table is DICTIONNAIRE
    sheet = book.add_sheet(table.feuille)
    plain = book.cellule if is_dictionary else book.format(border=1, border_color=edition.FILET)
    tones: dict[Ton | None, Format] = {t: book.ton(t) for t in Ton if t is not Ton.NEUTRE}
    day = book.format(border=1, border_color=edition.FILET, num_format="dd/mm/yyyy", align="left")
    number = book.format(border=1, border_color=edition.FILET, num_format="General")
    edition.headings(book, sheet, ((one.titre, one.largeur) for one in table.colonnes))
    sheet.set_row(0, 30)
    for row, ligne in enumerate(plat.lignes, 1):
        for column, colonne in enumerate(table.colonnes):
            valeur = ligne[colonne.nom]
            if isinstance(valeur, date):
                moment = datetime.combine(valeur, time())
                done(sheet.write_datetime(row, column, moment, day))
            elif isinstance(valeur, int | Fraction) and not isinstance(valeur, bool):
                done(sheet.write_number(row, column, valeur, number))
            else:
                put(sheet, row, column, _text(valeur), tones.get(_tone(valeur), plain))
        if is_dictionary:
            told = [(_text(ligne[c.nom]), c.largeur) for c in table.colonnes]
            sheet.set_row(row, edition.height(*told))
    sheet.freeze_panes(1, 2 if is_dictionary else min(_FIGEES, len(table.colonnes)))
    sheet.autofilter(0, 0, max(1, len(plat.lignes)), len(table.colonnes) - 1)
    draft = any(ligne.get("etat") is EtatSession.PROJET for ligne in plat.lignes)
    if draft:
        sheet.set_tab_color(edition.FONDS[Ton.EN_SUSPENS][0])
    edition.a4_paysage(sheet, f"{table.feuille}{'  PROJET' if draft else ''}", repeat=0)


def _tone(valeur: Valeur) -> Ton | None:
    return valeur.ton if isinstance(valeur, Etat) else None


def _text(valeur: Valeur) -> str | None:
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, Etat):
        return valeur.mot
    return None if valeur is None else str(valeur)
