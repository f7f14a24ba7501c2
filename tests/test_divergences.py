"""Several evaluators: they agree, they differ, the règlement or the jury settles it."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from conftest import KLEIN, NOW, anew, edit, rate, rewrite, sentences

from batch import chaine
from batch.anomalies import Lieu
from batch.classeurs import tables
from batch.classeurs.deliberation import divergences as feuille
from batch.folder import Folder
from batch.jury import accord
from batch.jury.divergences import settle
from batch.jury.regles import Mesure
from batch.records import Appreciation
from batch.referentiel import lecture
from batch.reglement.lecture import example_for, read
from batch.reglement.modele import Reglement, ReglementEvaluateurs
from batch.vocabulaire import EtatSession, Niveau, ResultatCritere

CQP = lecture.load("cqp-rpo")
OPENCLASSROOMS = lecture.load("openclassrooms-ccm")


def reglement(**evaluateurs: Any) -> Reglement:
    from dataclasses import replace

    example, _ = read(example_for(OPENCLASSROOMS), OPENCLASSROOMS)
    assert example is not None
    return replace(example, evaluateurs=ReglementEvaluateurs(nombre=2, **evaluateurs))


def said(*levels: str, roles: tuple[str, ...] = ("", "")) -> list[Appreciation]:
    return [
        Appreciation("C1", f"E{rank}", "EP", "K", level, None, None, Lieu(), role=role)
        for rank, (level, role) in enumerate(zip(levels, roles, strict=False))
    ]


# The scale: M 3, AT 2 (both « satisfait »), PA 1, NA 0, NE missing, SO out of the count.
@pytest.mark.parametrize(
    ("evaluateurs", "levels", "mesure", "valeur"),
    [
        pytest.param({}, ("AT", "AT"), Mesure.ATTEINT, 2, id="they agree"),
        pytest.param({}, ("M", "AT"), Mesure.A_ARBITRER, None, id="they differ: the jury"),
        pytest.param({}, ("AT",), Mesure.MANQUANT, None, id="one of the two is missing"),
        pytest.param({}, ("AT", "NE"), Mesure.MANQUANT, None, id="one could not tell"),
        pytest.param({}, ("AT", "SO"), Mesure.A_ARBITRER, None, id="one says: sans objet"),
        pytest.param({}, ("SO", "SO"), Mesure.EXCLU, None, id="both say: sans objet"),
        pytest.param(
            {"divergence": "plus_favorable"}, ("PA", "AT"), Mesure.ATTEINT, 2, id="the better"
        ),
        pytest.param(
            {"divergence": "plus_defavorable"}, ("PA", "AT"), Mesure.NON_ATTEINT, 1, id="the worse"
        ),
        pytest.param(
            {"divergence": "plus_favorable"},
            ("AT", "SO"),
            Mesure.A_ARBITRER,
            None,
            id="nothing is better than sans objet",
        ),
        pytest.param(
            {"divergence": "moyenne"}, ("AT", "PA"), Mesure.NON_ATTEINT, Fraction(3, 2),
            id="their mean is under the lowest level that is satisfied",
        ),
        pytest.param(
            {"divergence": "moyenne"}, ("M", "PA"), Mesure.ATTEINT, 2, id="their mean is on it"
        ),
        pytest.param(
            {"divergence": "moyenne", "ecart_max": Decimal(1)},
            ("M", "PA"),
            Mesure.A_ARBITRER,
            None,
            id="too far apart for a mean",
        ),
        pytest.param(
            {"divergence": "moyenne", "ecart_max": Decimal(2)},
            ("M", "PA"),
            Mesure.ATTEINT,
            2,
            id="exactly as far apart as allowed",
        ),
    ],
)  # fmt: skip
def test_two_opinions_on_one_line(
    evaluateurs: dict[str, Any], levels: tuple[str, ...], mesure: Mesure, valeur: Any
) -> None:
    constat = settle(Niveau.CRITERE, "K", said(*levels), reglement(**evaluateurs))
    assert (constat.mesure, constat.valeur) == (mesure, valeur)


def test_roles_weigh_in_the_mean() -> None:
    rules = reglement(divergence="moyenne", poids={"tuteur": Decimal(1), "jury": Decimal(3)})
    constat = settle(Niveau.CRITERE, "K", said("NA", "M", roles=("tuteur", "jury")), rules)
    # (1 × 0 + 3 × 3) / 4
    assert (constat.mesure, constat.valeur) == (Mesure.ATTEINT, Fraction(9, 4))


def test_agreement_beyond_chance_is_cohen_s() -> None:
    # The textbook table: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no; kappa 0.4.
    both = [("A", "A")] * 20 + [("A", "B")] * 5 + [("B", "A")] * 10 + [("B", "B")] * 15
    ratings = [
        Appreciation(f"C{rank}", who, "EP", "K", level, None, None, Lieu())
        for rank, pair in enumerate(both)
        for who, level in zip(("E1", "E2"), pair, strict=True)
    ]
    (one,) = accord.measure(ratings)
    assert (one.lignes, one.communes, one.kappa) == (50, Fraction(7, 10), Fraction(2, 5))
    assert not one.fragile
    (same,) = accord.measure(said("A", "A"))
    assert (same.communes, same.kappa, same.fragile) == (1, None, True)


@pytest.fixture
def a_deux(joue: Callable[..., Folder], histoire: dict[str, Any]) -> Folder:
    """The small session, every bloc rated by two people, who differ on E3 and E5 for Léa."""
    histoire["evaluateurs"].append(KLEIN)
    histoire["affectations"].append({"evaluateur": "E2"})
    folder = joue(histoire, regles=anew(evaluateurs="{nombre: 2, divergence: jury}"))
    second = next(folder.retours.rglob("BC1 rempli par Marc.xlsx"))
    edit(second, rate("E3 E5", "Non acquis", "Trop sommaire."))
    return folder


COLUMNS = {c.nom: rank for rank, c in enumerate(feuille.TABLE.colonnes, 1)}


def rows(folder: Folder) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(folder.deliberation)[tables.load("divergences").feuille]
    return [
        {name: sheet.cell(row, column).value for name, column in COLUMNS.items()}
        for row in range(2, sheet.max_row + 1)
    ]


def settle_first(folder: Folder, decide: str, **cells: str) -> None:
    def change(workbook: Any) -> None:
        sheet = workbook[feuille.TABLE.feuille]
        for name, value in {"decide": decide, **cells}.items():
            sheet.cell(2, COLUMNS[name]).value = value

    edit(folder.deliberation, change)


def test_what_differs_is_laid_before_the_jury_side_by_side(a_deux: Folder) -> None:
    result = chaine.treat(a_deux, NOW)
    first, second = rows(a_deux)
    assert (first["repere"], second["repere"]) == ("C1/E3", "C1/E5")
    assert first["avis_1"] == "Hélène FABRE : Acquis"
    assert first["avis_2"] == "Marc KLEIN : Non acquis\nTrop sommaire."
    assert (first["decide"], first["sur"]) == (None, "Acquis / Non acquis")
    assert sentences(result.anomalies) == [
        "GRI-302 deliberation.xlsx, feuille « Divergences » | Les évaluateurs divergent sur E3 et "
        "E5 pour Léa DURAND (C1) : Acquis / Non acquis."
    ]
    lea = result.seance.dossiers[0].resultat
    assert lea.criteres["E3"] is ResultatCritere.DIVERGENT
    assert lea.blocs["BC1"].value == "a_arbitrer"
    assert result.seance.dossiers[1].resultat.blocs["BC1"].value == "valide"


def test_the_jury_s_word_is_read_back_and_stands_alone(a_deux: Folder) -> None:
    chaine.treat(a_deux, NOW)
    settle_first(a_deux, "Non acquis", motif="Le support est incomplet.")
    lea = chaine.treat(a_deux, NOW).seance.dossiers[0].resultat
    assert lea.criteres["E3"] is ResultatCritere.NON_SATISFAIT
    assert lea.criteres["E5"] is ResultatCritere.DIVERGENT
    # Still there, as the jury wrote it, when the workbook is made again.
    assert rows(a_deux)[0]["motif"] == "Le support est incomplet."


def test_a_word_out_of_the_scale_is_refused_with_its_cell(a_deux: Folder) -> None:
    chaine.treat(a_deux, NOW)
    settle_first(a_deux, "peut-être")
    said_now = sentences(chaine.treat(a_deux, NOW).anomalies)
    assert said_now[0].startswith(
        "JUR-002 deliberation.xlsx, feuille « Divergences », cellule I2 | « peut-être » n’est pas "
        "une décision possible"
    )


def test_a_rating_changed_after_the_jury_s_word_must_be_confirmed(a_deux: Folder) -> None:
    chaine.treat(a_deux, NOW)
    settle_first(a_deux, "Acquis")
    second = next(a_deux.retours.rglob("BC1 rempli par Marc.xlsx"))
    edit(second, rate("E3", "Sans objet", "Trop sommaire."))
    result = chaine.treat(a_deux, NOW)
    said_now = [one for one in sentences(result.anomalies) if one.startswith("JUR-005")]
    assert "(Acquis / Non acquis → Acquis / Sans objet)" in said_now[0]
    assert result.seance.etat is EtatSession.PROJET
    assert rows(a_deux)[0]["decide"] == "Acquis"


def test_an_evaluator_too_few_is_said(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue(histoire, rempli=False)
    rewrite(folder, "evaluateurs: {nombre: 1", "evaluateurs: {nombre: 2")
    said_now = sentences(chaine.gather(folder).anomalies)
    assert said_now[0] == (
        "SES-019 session.xlsx, feuille « Affectations » | Léa DURAND (C1) n’a que 1 évaluateur "
        "pour BC1 ; le règlement en prévoit 2."
    )


def test_agreement_stands_in_the_results(a_deux: Folder) -> None:
    chaine.treat(a_deux, NOW)
    sheet = openpyxl.load_workbook(a_deux.resultats_xlsx)["Accord"]
    cells = [str(cell.value).replace("\u00a0", " ") for cell in sheet[2]]
    # 96 common lines, 94 the same; Hélène always says the same word: kappa is 0.
    assert cells[:5] == ["Hélène FABRE", "Marc KLEIN", "96", "97,9 %", "0"]
