"""What opens after what, what was acquired before, who may rate whom: told in session.xlsx."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from conftest import on_keyboard, rewrite, sentences
from test_regles_publiees import CANDIDAT, load, ratings

from batch import chaine
from batch.documents.contexte import regles
from batch.folder import Folder
from batch.jury import alertes, calcul, deliberation, trace
from batch.jury.deliberation import CERTIFICATION, Decision
from batch.jury.seance import Dossier, Seance
from batch.jury.trace import Cas, Etape
from batch.records import Acquis, Session
from batch.vocabulaire import ResultatBloc, ResultatCertification

Story = dict[str, Any]
JURY = date(2024, 6, 15)


def acquis(**cells: str) -> Callable[[Story], None]:
    row = {"candidat": "C1", "date": "12/06/2021", "nature": "Acquis", "preuve": "PV", **cells}
    return lambda story: story.setdefault("acquis", []).append(row)


def first_candidate(**cells: str) -> Callable[[Story], None]:
    return lambda story: story["candidats"][0].update(cells)


PROVOKED = {
    "a compétence alone, which the règlement does not keep": (
        acquis(bloc="BC2", competence="C10"),
        ("", ""),
        "SES-040 session.xlsx, feuille « Acquis antérieurs », cellule C2 | L’acquis de la "
        "compétence C10 de Léa DURAND (C1) ne compte pas : le règlement ne garde que des blocs "
        "entiers.",
    ),
    "a compétence of another bloc": (
        acquis(bloc="BC1", competence="C10"),
        ("  validite: illimitee", "  validite: illimitee\n  competences: {mois: 24}"),
        "SES-041 session.xlsx, feuille « Acquis antérieurs », cellule C2 | La compétence C10 "
        "n’est pas du bloc BC1.",
    ),
    "a compétence kept too long": (
        acquis(bloc="BC2", competence="C10", date="14/06/2021"),
        ("  validite: illimitee", "  validite: illimitee\n  competences: {mois: 24}"),
        "SES-014 session.xlsx, feuille « Acquis antérieurs », cellule C2 | L’acquis C10 de Léa "
        "DURAND (C1), du 14 juin 2021, n’était valable que jusqu’au 14 juin 2023.",
    ),
    "a mark that is not of the scale": (
        acquis(bloc="BC1", note="12"),
        ("", ""),
        "SES-046 session.xlsx, feuille « Acquis antérieurs », cellule C2 | La note 12 de l’acquis "
        "BC1 de Léa DURAND (C1) n’est pas dans l’échelle du règlement (de 0 à 1).",
    ),
    "an evaluator of the only role is missing": (
        lambda story: story["evaluateurs"][0].update(role="expert"),
        ("{nombre: 1, divergence: jury}",
         "{nombre: 1, divergence: jury, roles: [tuteur]}"),
        "SES-042 session.xlsx, feuille « Affectations » | Il manque à Léa DURAND (C1), pour BC1, "
        "un évaluateur de rôle tuteur ; le règlement en demande un de chaque rôle.",
    ),
    "rated by his own trainer": (
        first_candidate(formateurs="E1"),
        ("{nombre: 1, divergence: jury}",
         "{nombre: 1, divergence: jury, formateur_exclu: true}"),
        "SES-043 session.xlsx, feuille « Candidats », cellule A2 | Hélène FABRE (E1) a formé Léa "
        "DURAND (C1) et l’évaluerait pour BC1 : le règlement l’exclut.",
    ),
    "what must be passed before is neither aimed at nor held": (
        first_candidate(blocs_vises="BC2"),
        ("  certification:", "  acces:\n    BC2: {apres: [BC1]}\n  certification:"),
        "SES-045 session.xlsx, feuille « Candidats », cellule A2 | Léa DURAND (C1) vise BC2, qui "
        "ne s’ouvre qu’après BC1 : il ne le passe pas ici, et aucun acquis ne le prouve.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PROVOKED)
def test_the_gestionnaire_is_told_before_the_grids_go_out(
    case: str, histoire: Story, joue: Callable[..., Folder]
) -> None:
    change, (before, after), sentence = PROVOKED[case]
    change(histoire)
    folder = joue(histoire, rempli=False)
    rewrite(folder, before, after)
    assert sentence in sentences(chaine.gather(folder).anomalies)


def test_a_compétence_kept_from_before_is_not_on_the_grid(
    histoire: Story, joue: Callable[..., Folder]
) -> None:
    acquis(bloc="BC2", competence="C16")(histoire)
    folder = joue(histoire, rempli=False)
    rewrite(folder, "validite: illimitee", "validite: illimitee\n  competences: illimitee")
    contexte = chaine.gather(folder)
    rated = {
        (fiche.sujet, critere.id)
        for cahier in contexte.cahiers
        for fiche in cahier.fiches
        for critere in fiche.criteres
    }
    assert ("C1", "E25") not in rated
    assert ("C2", "E25") in rated


def test_nine_options_are_one_too_many() -> None:
    from dataclasses import replace

    from batch.classeurs.session import _check_options

    crowd = replace(CANDIDAT, options=tuple(f"O{n}" for n in range(9)))
    assert sentences(_check_options([crowd])) == [
        "SES-044 essai | Léa DURAND (C1) présente 9 options ; on n’en calcule pas plus de 8 pour "
        "un même candidat."
    ]


def proposed(nom: str, notes: dict[str, Any], **besides: Any) -> calcul.Resultat:
    referentiel, reglement = load(nom)
    return calcul.propose(
        referentiel, reglement, CANDIDAT, ratings(nom, notes), (), (), JURY, **besides
    )


def test_what_was_rated_behind_a_closed_door_is_told() -> None:
    referentiel, _ = load("r03")
    notes = {"T": "11.99", "EP-P": "20"}
    alerts = alertes.check(referentiel, proposed("r03", notes), ratings("r03", notes))
    assert sentences(alerts) == [
        "GRI-303 essai | Léa DURAND (C1) a été évalué pour EP-P, qui ne lui était pas ouvert "
        "(EP-T, non validé) : ces appréciations ne comptent pas."
    ]


@pytest.mark.parametrize(
    ("mark", "told"),
    [("9.5", True), ("9.49", False), ("10", True), ("10.5", True), ("10.51", False)],
    ids=["half a point short", "a hundredth more", "at the threshold", "half a point over", "more"],
)
def test_the_jury_looks_at_what_is_near_its_threshold(mark: str, told: bool) -> None:
    referentiel, _ = load("r02")
    resultat = proposed("r02", {"N1": (mark,) * 3, "reste": ("20",) * 3})
    near = [constat.id for constat in resultat.a_examiner]
    assert near == (["D1"] if told else [])
    assert resultat.blocs["D1"].value == ("valide" if Fraction(mark) >= 10 else "non_valide")
    if mark == "9.5":
        assert sentences(alertes.check(referentiel, resultat, ())) == [
            "JUR-110 essai | Léa DURAND (C1), bloc D1 : moyenne de 9,5 (seuil : 10). Le règlement "
            "demande au jury d’examiner les résultats aussi proches du seuil."
        ]


def test_an_option_harms_where_the_reglement_says_so() -> None:
    from dataclasses import replace

    from batch.reglement.modele import ReglementOptions

    referentiel, reglement = load("r01")
    # BC1: 7 of 10 without the option, 7 of 11 with it failed.
    notes = {"reste": "A", "E4": "SO", **dict.fromkeys(("E1", "E2", "E3", "E11"), "NA")}
    taken = replace(CANDIDAT, options=("C8",))

    def bloc(contre: tuple[str, ...]) -> ResultatBloc:
        rules = replace(reglement, options=ReglementOptions(contre))
        return calcul.propose(referentiel, rules, taken, ratings("r01", notes), (), (), JURY).blocs[
            "BC1"
        ]

    assert (bloc(()), bloc(("C8",))) == (ResultatBloc.VALIDE, ResultatBloc.NON_VALIDE)


def test_the_jury_can_end_what_arithmetic_cannot() -> None:
    """All domaines are divergent: the jury validates each, and the final mark has no value."""
    referentiel, _ = load("r02")
    resultat = proposed("r02", {"reste": ("20", "SO", "20")})
    assert resultat.certification is ResultatCertification.EN_ATTENTE
    votes = deliberation.objets(referentiel, resultat)
    assert [vote.code for vote in votes] == ["D1", "D2", "D3", CERTIFICATION]
    blocs = [
        Decision("C1", f"D{n}", ResultatBloc.VALIDE, "…", ResultatBloc.A_ARBITRER)
        for n in (1, 2, 3)
    ]
    assert deliberation.decide(referentiel, resultat, blocs).certification is None
    whole = Decision(
        "C1", CERTIFICATION, ResultatCertification.DELIVREE, "…", ResultatCertification.EN_ATTENTE
    )
    decided = deliberation.decide(referentiel, resultat, [*blocs, whole])
    assert decided.certification is ResultatCertification.DELIVREE


def test_a_bloc_refused_leaves_nothing_to_vote_on_the_whole() -> None:
    referentiel, _ = load("r02")
    resultat = proposed("r02", {"N1": ("20", "SO", "20"), "reste": ("20",) * 3})
    refused = Decision("C1", "D1", ResultatBloc.NON_VALIDE, "…", ResultatBloc.A_ARBITRER)
    others = [
        Decision("C1", code, ResultatBloc.VALIDE, None, ResultatBloc.VALIDE)
        for code in ("D2", "D3")
    ]
    decided = deliberation.decide(referentiel, resultat, [refused, *others])
    assert decided.certification is ResultatCertification.PARTIELLE


def told(nom: str, notes: dict[str, Any], held: tuple[Acquis, ...] = ()) -> str:
    """The whole trace as a candidate reads it, on one line, spaces as typed on a keyboard."""
    referentiel, reglement = load(nom)
    resultat = calcul.propose(referentiel, reglement, CANDIDAT, ratings(nom, notes), (), held, JURY)
    session = Session(
        "S", referentiel.id, JURY, None, None, "Paris", JURY, "…", "…", "Paris", (CANDIDAT,),
        (), (), (), held,
    )  # fmt: skip
    ballots = deliberation.objets(referentiel, resultat)
    dossier = Dossier(resultat, ballots, deliberation.decide(referentiel, resultat, ()))
    cas = Cas(Seance(session, referentiel, reglement, (dossier,)), dossier, ())
    said: list[str] = []

    def walk(etape: Etape) -> None:
        said.extend([*etape.faits, etape.regle, etape.calcul, etape.marge, *etape.remarques])
        for enfant in etape.enfants:
            walk(enfant)

    walk(trace.certification(cas))
    return on_keyboard(" | ".join(said))


def test_a_door_that_never_opened_is_explained() -> None:
    assert (
        "Jamais accessible : il fallait d’abord valider l’épreuve T (Accord du 12 mai 2005, "
        "obtention du CQP). Rien n’en est évalué, et cela compte comme non validé."
    ) in told("r03", {"T": "11.99"})


def test_a_mean_with_parts_can_be_reckoned_again_on_paper() -> None:
    trace = told("r07", {"reste": "10", "M1": "SO", "D1": "17"})
    assert "une moyenne pondérée des épreuves d’au moins 10, dont D1 fait toujours 30 %" in trace
    assert "(0,35 × 10 + 0,35 × 10 + 0,3 × 17) / (0,35 + 0,35 + 0,3) = 12,1" in trace


def test_what_was_kept_says_its_mark_and_its_proof() -> None:
    kept = Acquis("C1", "D3", date(2023, 6, 1), False, "PV 12", CANDIDAT.lieu, note=Fraction(14))
    trace = told("r02", {"N1": ("9.5",) * 3, "N2": ("20",) * 3}, (kept,))
    assert "Acquis le 1er juin 2023, avant cette session, avec la note de 14" in trace
    assert "(9,5 + 20 + 14) / 3 = 14,5" in trace
    assert "Le règlement demande au jury d’examiner ce résultat" in trace


def test_a_compétence_kept_alone_says_since_when() -> None:
    kept = Acquis("C1", "BC2", date(2023, 6, 1), False, "PV 12", CANDIDAT.lieu, "C16")
    trace = told("r05", {"reste": "A", "E25": None}, (kept,))
    assert "Acquise le 1er juin 2023, avant cette session : elle n’a pas été évaluée ici" in trace
    assert "Preuve : PV 12" in trace


@pytest.mark.parametrize(
    ("nom", "sentence"),
    [
        ("r02", "Le jury examine tout bloc dont le résultat est à 0,5 du seuil, ou plus près."),
        (
            "r02",
            "Chaque critère est évalué par un évaluateur de chaque rôle (formateurs, tuteur et "
            "jury) ; la moyenne de leurs avis est retenue, pondérée (formateurs 30, tuteur 20 et "
            "jury 50).",
        ),
        (
            "r03",
            "L’épreuve « Partie pratique » ne s’ouvre qu’après la validation de l’épreuve "
            "« Partie théorique » (Accord du 12 mai 2005, obtention du CQP).",
        ),
        ("r05", "Une compétence acquise sans son bloc le reste 24 mois."),
        (
            "r08",
            "Chaque moyenne et chaque total est arrondi au multiple de 5 supérieur, avant d’être "
            "comparé à son seuil ; l’égalité avec le seuil suffit.",
        ),
        ("r10", "La mention « avec mention » demande au moins 3 critères satisfaits."),
    ],
)
def test_the_minutes_state_it(nom: str, sentence: str) -> None:
    referentiel, reglement = load(nom)
    said = regles.sentences(referentiel, reglement)
    spaced = [on_keyboard(one) for one in said]
    assert sentence in spaced
