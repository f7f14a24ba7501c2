"""How far the evaluators who rated the same lines agree."""

from batch.classeurs import edition
from batch.classeurs.edition import Edition, put
from batch.francais import nombre, pourcentage, typographie
from batch.jury import accord
from batch.jury.seance import Seance
from batch.jury.statistiques import appreciations


def write(book: Edition, seance: Seance) -> None:
    """Only where several evaluators rated the same lines."""
    accords = accord.measure(appreciations(seance))
    if not accords:
        return
    sheet = book.add_sheet("Accord")
    who = {evaluateur.id: evaluateur.nom_complet for evaluateur in seance.session.evaluateurs}
    titres = (
        ("Premier évaluateur", 28), ("Second évaluateur", 28), ("Lignes communes", 16),
        ("Mêmes appréciations", 20), ("Kappa de Cohen", 16), ("Lecture", 60),
    )  # fmt: skip
    edition.headings(book, sheet, titres)
    for row, one in enumerate(accords, 1):
        first, second = (who.get(own, own) for own in one.evaluateurs)
        kappa = "sans objet" if one.kappa is None else nombre(one.kappa)
        cells = (first, second, nombre(one.lignes), pourcentage(one.communes), kappa)
        for column, text in enumerate(cells):
            put(sheet, row, column, text, book.cellule)
        caution = (
            f"Peu de lignes (moins de {accord.PEU}) : le kappa dit plus le hasard que l’accord."
            if one.fragile
            else "1 : accord parfait ; 0 : l’accord du hasard."
        )
        put(sheet, row, 5, typographie(caution), book.discret)
    sheet.freeze_panes(1, 0)
    edition.a4_paysage(sheet, f"{seance.session.id}  Accord", repeat=0)
