"""How each compétence and each critère fared over the candidates, and what that says of it."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from batch.classeurs import edition
from batch.classeurs.edition import Edition, done, put
from batch.francais import typographie
from batch.jury import statistiques
from batch.jury.seance import Seance
from batch.jury.statistiques import Element, Taux
from batch.vocabulaire import (
    Etat,
    ResultatBloc,
    ResultatCompetence,
    ResultatCritere,
    ResultatPartie,
)

TITRES = (("Code", 10), ("Intitulé", 70))
_TAUX = "Taux"
_A_VOIR = "À regarder"
# Under this many candidates decided, nothing is said of an element.
PEU = 5


def write(book: Edition, seance: Seance) -> None:
    for nom, elements, states in (
        ("Blocs", statistiques.blocs(seance), tuple(ResultatBloc)),
        ("Épreuves", statistiques.epreuves(seance), tuple(ResultatPartie)),
        ("Activités", statistiques.activites(seance), tuple(ResultatPartie)),
        ("Compétences", statistiques.competences(seance), tuple(ResultatCompetence)),
        ("Critères", statistiques.criteres(seance), tuple(ResultatCritere)),
    ):
        if elements:
            _write_sheet(book, seance, nom, elements, states)


def _write_sheet(
    book: Edition, seance: Seance, nom: str, elements: Sequence[Element], states: Sequence[Etat]
) -> None:
    sheet = book.add_sheet(nom)
    titres = [*TITRES, *((state.mot, 14) for state in states), (_TAUX, 10), (_A_VOIR, 44)]
    edition.headings(book, sheet, titres)
    sheet.set_row(0, 30)
    first_state, taux = len(TITRES), len(TITRES) + len(states)
    for row, element in enumerate(elements, 1):
        put(sheet, row, 0, element.code, book.cellule)
        put(sheet, row, 1, element.intitule, book.cellule)
        for column, state in enumerate(states, first_state):
            done(sheet.write_number(row, column, element.etats[state], book.nombre))
        write_rate(book, sheet, row, taux, element.taux)
        put(sheet, row, taux + 1, _remark(element.taux), book.cellule)
        sheet.set_row(row, edition.height((element.intitule, 70)))
    done(
        sheet.conditional_format(
            1, taux, len(elements), taux,
            {"type": "data_bar", "bar_color": edition.BARRE,
             "min_type": "num", "min_value": 0, "max_type": "num", "max_value": 1},
        )
    )  # fmt: skip
    sheet.autofilter(0, 0, len(elements), taux + 1)
    sheet.freeze_panes(1, 2)
    note = "Taux : obtenus sur (obtenus + non obtenus) ; rien d’autre n’entre dans le compte."
    put(sheet, len(elements) + 2, 1, typographie(note), book.discret)
    edition.a4_paysage(sheet, f"{seance.session.id}  {nom}", repeat=0)


def write_rate(book: Edition, sheet: Worksheet, row: int, column: int, taux: Taux) -> None:
    """A percentage that Excel can sort and draw; a dash where there is nobody to count."""
    if taux.part is None:
        put(sheet, row, column, "–", book.nombre)
    else:
        done(sheet.write_number(row, column, taux.obtenus / taux.sur, book.pourcentage))


def _remark(taux: Taux) -> str | None:
    """What always or never succeeds does not tell candidates apart, or was not taught."""
    if taux.sur < PEU:
        return None
    if taux.obtenus == taux.sur:
        return "Obtenu par tous : ne distingue personne."
    if taux.obtenus == 0:
        return "Obtenu par personne."
    return None
