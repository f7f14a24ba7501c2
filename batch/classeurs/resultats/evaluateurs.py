"""What each evaluator said, level by level: habits to talk about, not a ranking."""

from fractions import Fraction

from batch.classeurs import edition
from batch.classeurs.edition import Edition, done, put
from batch.classeurs.resultats.reussite import write_rate
from batch.francais import nombre, typographie
from batch.jury import statistiques
from batch.jury.seance import Seance

_CAUTION = (
    "Chaque évaluateur a vu d'autres candidats sur d'autres critères : un écart invite à en "
    "parler, il ne prouve rien. Feuille interne, à ne pas transmettre."
)


def write(book: Edition, seance: Seance) -> None:
    habits = statistiques.severity(seance)
    if not habits:
        return
    sheet = book.add_sheet("Évaluateurs")
    levels = seance.reglement.echelle.niveaux
    who = {evaluateur.id: evaluateur.nom_complet for evaluateur in seance.session.evaluateurs}
    titres = [
        ("N°", 8), ("Évaluateur", 30), ("Candidats", 11), ("Appréciations", 14),
        *((level.libelle, 16) for level in levels),
        *((("Part satisfaisante", 14),) if levels else (("Note moyenne", 14),)),
    ]  # fmt: skip
    put(sheet, 0, 0, typographie(_CAUTION), book.format(italic=True, font_color=edition.DISCRET))
    edition.headings(book, sheet, titres, 2)
    sheet.set_row(2, 30)
    for row, one in enumerate(habits, 3):
        put(sheet, row, 0, one.evaluateur, book.cellule)
        put(sheet, row, 1, who.get(one.evaluateur, ""), book.cellule)
        done(sheet.write_number(row, 2, one.candidats, book.nombre))
        total = one.niveaux.total() + len(one.notes)
        done(sheet.write_number(row, 3, total, book.nombre))
        for column, level in enumerate(levels, 4):
            done(sheet.write_number(row, column, one.niveaux[level.code], book.nombre))
        if levels:
            write_rate(book, sheet, row, 4 + len(levels), one.satisfaits)
        else:
            mean = nombre(sum(one.notes, Fraction()) / len(one.notes)) if one.notes else "–"
            put(sheet, row, 4, mean, book.nombre)
    sheet.freeze_panes(3, 2)
    edition.a4_paysage(sheet, f"{seance.session.id}  Évaluateurs", repeat=2)
