"""The first sheet: what a president reads before signing, with three pictures of it."""

import math
from collections.abc import Sequence

from xlsxwriter.chart import Chart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from batch.classeurs import edition
from batch.classeurs.edition import Edition, done, put
from batch.classeurs.resultats.reussite import write_rate
from batch.francais import typographie
from batch.jury import statistiques
from batch.jury.seance import Seance
from batch.jury.statistiques import Element, Groupe, Taux
from batch.vocabulaire import EtatSession, ResultatCertification, Ton

_FEUILLE = "Synthèse"
_FIGURES = ("Présents", "Résultats connus", "Certifiés", "Taux d'obtention")
_DEFINITION = (
    "Taux d'obtention : certifiés parmi les candidats présents à toute la certification et dont le "
    "résultat est connu. Les absents, les excusés et les résultats en attente n'y entrent pas."
)
_RIGHT = 7  # the column where the pictures begin, past the tables
_WIDTH = 560
_SCALE = 72
_FEW = 5  # as many blocs as stand on the first page
_HARDEST = 10
_LINE = 20  # a row's height in pixels, where nothing is said


def write(book: Edition, seance: Seance) -> None:
    sheet = book.add_sheet(_FEUILLE)
    sheet.set_column(0, 0, 9)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, 5, 12)
    sheet.set_column(6, 6, 3)
    final = seance.etat is EtatSession.DEFINITIF
    state = "Décisions du jury" if final else "PROJET : propositions du calcul"
    put(sheet, 0, 0, f"{seance.referentiel.intitule}, session {seance.session.id}", book.titre)
    put(sheet, 1, 0, typographie(state), book.sous_titre)
    row = _write_outcomes(book, sheet, seance, 3)
    row = _write_voies(book, sheet, seance, row + 1)
    breaks = _write_elements(book, sheet, seance, row + 1)
    edition.a4_paysage(sheet, f"{seance.session.id}  {state}")
    # Excel minds page breaks only where the scale is given: no picture is cut in two.
    sheet.set_print_scale(_SCALE)
    sheet.set_h_pagebreaks(breaks)


def _write_outcomes(book: Edition, sheet: Worksheet, seance: Seance, top: int) -> int:
    """How many ended with each outcome; the row after the table."""
    group = statistiques.whole(seance)
    _wide(sheet, top, "Résultat", book.entete)
    put(sheet, top, 2, "Candidats", book.entete)
    reached = [one for one in ResultatCertification if group.issues[one]]
    for row, outcome in enumerate(reached, top + 1):
        _wide(sheet, row, outcome.marque, book.ton(outcome.ton))
        done(sheet.write_number(row, 2, group.issues[outcome], book.nombre))
    last = top + len(reached)
    _wide(sheet, last + 1, "Inscrits", book.cellule)
    done(sheet.write_number(last + 1, 2, group.inscrits, book.nombre))
    chart = book.workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Candidats",
            "categories": [_FEUILLE, top + 1, 0, last, 0],
            "values": [_FEUILLE, top + 1, 2, last, 2],
            "points": [{"fill": {"color": edition.TRAITS[one.ton]}} for one in reached],
            "data_labels": {"value": True},
            "gap": 40,
        }
    )
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"none": True})
    tall = _insert(sheet, chart, top, "Résultats des candidats", len(reached))
    return max(last + 2, top + math.ceil(tall / _LINE))


def _write_voies(book: Edition, sheet: Worksheet, seance: Seance, top: int) -> int:
    """The published figures, for everybody and for each voie d'accès."""
    groups: list[tuple[str, Groupe]] = [
        (voie.mot, group) for voie, group in statistiques.by_voie(seance).items()
    ]
    if len(groups) > 1:
        groups.append(("Ensemble", statistiques.whole(seance)))
    _wide(sheet, top, "Voie d’accès", book.entete)
    for column, titre in enumerate(_FIGURES, 2):
        put(sheet, top, column, typographie(titre), book.entete)
    sheet.set_row(top, 32)
    for row, (nom, group) in enumerate(groups, top + 1):
        _wide(sheet, row, nom, book.cellule)
        done(sheet.write_number(row, 2, group.presents, book.nombre))
        _write_taux(book, sheet, row, group.reussite)
    row = top + len(groups) + 1
    some = statistiques.whole(seance).blocs_vises
    if some.sur:
        _wide(sheet, row, "Parcours partiels : blocs visés tous obtenus", book.cellule)
        put(sheet, row, 2, None, book.cellule)
        _write_taux(book, sheet, row, some)
        row += 1
    done(sheet.merge_range(row, 0, row, 5, typographie(_DEFINITION), book.discret))
    sheet.set_row(row, 30)
    return row + 2


def _write_taux(book: Edition, sheet: Worksheet, row: int, taux: Taux) -> None:
    done(sheet.write_number(row, 3, taux.sur, book.nombre))
    done(sheet.write_number(row, 4, taux.obtenus, book.nombre))
    write_rate(book, sheet, row, 5, taux)


def _write_elements(book: Edition, sheet: Worksheet, seance: Seance, top: int) -> list[int]:
    """Blocs (else activités or épreuves), then what the candidates found hardest; the rows where a
    new page begins."""
    breaks: list[int] = []
    for nom, elements in (
        ("Blocs", statistiques.blocs(seance)),
        ("Activités", statistiques.activites(seance)),
        ("Épreuves", statistiques.epreuves(seance)),
    ):
        if elements:
            if len(elements) > _FEW:
                breaks.append(top)
            top = _write_bars(book, sheet, nom, elements, top)
            break
    failed = [one for one in statistiques.criteres(seance) if one.taux.part not in (None, 1)]
    hardest = sorted(failed, key=lambda one: one.taux.part or 0)[:_HARDEST]
    if hardest:
        _write_bars(book, sheet, "Critères les moins réussis", hardest, top + 1)
        breaks.append(top + 1)
    return breaks


def _write_bars(
    book: Edition, sheet: Worksheet, nom: str, elements: Sequence[Element], top: int
) -> int:
    """A table and its picture beside it; the first row that neither covers."""
    _wide(sheet, top, nom, book.entete)
    for column, titre in enumerate(("Obtenus", "Non obtenus", "Taux"), 2):
        put(sheet, top, column, titre, book.entete)
    points = 15.0
    for row, element in enumerate(elements, top + 1):
        put(sheet, row, 0, element.code or element.id, book.cellule)
        put(sheet, row, 1, element.intitule, book.cellule)
        done(sheet.write_number(row, 2, element.taux.obtenus, book.nombre))
        done(sheet.write_number(row, 3, element.taux.sur - element.taux.obtenus, book.nombre))
        write_rate(book, sheet, row, 4, element.taux)
        tall = edition.height((element.intitule, 44))
        sheet.set_row(row, tall)
        points += tall
    last = top + len(elements)
    chart = book.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for column, ton in ((2, Ton.FAVORABLE), (3, Ton.DEFAVORABLE)):
        chart.add_series(
            {
                "name": [_FEUILLE, top, column],
                "categories": [_FEUILLE, top + 1, 0, last, 0],
                "values": [_FEUILLE, top + 1, column, last, column],
                "fill": {"color": edition.TRAITS[ton]},
                # A bar of nobody bears no figure.
                "data_labels": {
                    "value": True, "num_format": "#,##0;;;", "font": {"color": "#FFFFFF"},
                },
                "gap": 40,
            }
        )  # fmt: skip
    chart.set_legend({"position": "bottom"})
    pixels = _insert(sheet, chart, top, nom, len(elements))
    uncovered = math.ceil(max(0, pixels - points * _LINE / 15) / _LINE)
    return last + 1 + uncovered


def _insert(sheet: Worksheet, chart: Chart, row: int, titre: str, bars: int) -> int:
    """The picture beside its table, as tall as its bars want, in pixels."""
    tall = 110 + 26 * bars
    chart.set_title({"name": titre, "name_font": {"size": 12, "color": edition.ENCRE}})
    chart.set_size({"width": _WIDTH, "height": tall})
    # The table's first line on top, as it is read.
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
    told = f"{titre} : les chiffres sont dans le tableau à gauche."
    # A little under the row's edge, which may be a page's.
    options = {"description": typographie(told), "y_offset": 3}
    done(sheet.insert_chart(row, _RIGHT, chart, options))
    return tall


def _wide(sheet: Worksheet, row: int, texte: str, fmt: Format) -> None:
    """A label over the two first columns."""
    done(sheet.merge_range(row, 0, row, 1, typographie(texte), fmt))
