"""The fields of the templates -> champs.xlsx: which document, which field, how it is written."""

from collections.abc import Iterable, Sequence
from datetime import date

from batch.classeurs import edition
from batch.classeurs.edition import Edition

# Nothing in it depends on the day: the same program writes the same bytes.
_JOUR = date(2023, 6, 15)


def write(
    gabarits: Iterable[Sequence[str]],
    champs: Iterable[Sequence[str]],
    filtres: Iterable[Sequence[str]],
) -> bytes:
    with edition.new(_JOUR) as (workbook, buffer):
        _sheet(workbook, "Gabarits", ("Gabarit", "Document", "Quand"), (26, 34, 40), gabarits)
        _sheet(
            workbook,
            "Champs",
            ("Gabarit", "Champ", "Sorte", "À écrire dans Word", "Exemple (candidats fictifs)"),
            (22, 34, 17, 48, 60),
            champs,
        )
        _sheet(workbook, "Filtres", ("À écrire dans Word", "Ce qui est imprimé"), (48, 40), filtres)
    return buffer.getvalue()


def _sheet(
    workbook: Edition,
    nom: str,
    titres: Sequence[str],
    largeurs: Sequence[int],
    lignes: Iterable[Sequence[str]],
) -> None:
    sheet = workbook.add_sheet(nom)
    edition.headings(workbook, sheet, zip(titres, largeurs, strict=True))
    last = 0
    for last, ligne in enumerate(lignes, 1):
        for column, texte in enumerate(ligne):
            edition.put(sheet, last, column, texte, workbook.cellule)
        sheet.set_row(last, edition.height(*zip(ligne, largeurs, strict=True)))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(titres) - 1)
    edition.a4_paysage(sheet, nom, 0)
