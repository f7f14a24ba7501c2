"""An option: in the reckoning only when it is taken, and then never against the candidate."""

from datetime import date

import pytest

from batch.anomalies import Lieu
from batch.jury import calcul
from batch.jury.calcul import Resultat
from batch.records import Appreciation, Candidat
from batch.referentiel import lecture
from batch.reglement.lecture import example_for, read
from batch.vocabulaire import (
    Niveau,
    Presence,
    ResultatBloc,
    ResultatCertification,
    ResultatCompetence,
    Voie,
)

CQP = lecture.load("cqp-rpo")
REGLEMENT, _ = read(example_for(CQP), CQP)


def rate(*non_acquis: str, options: tuple[str, ...] = ("C8",), blank: str = "") -> Resultat:
    """The whole CQP, « Acquis » but for the critères named."""
    assert REGLEMENT is not None
    candidat = Candidat(
        "C1", "DURAND", None, ("Léa",), "F", date(1990, 1, 1), "Lyon", "France", None, None,
        Voie.VAE, (), options, None, False, Presence.PRESENT, Lieu(),
    )  # fmt: skip
    ratings = [
        Appreciation(
            "C1", "E1", "", critere.id, "NA" if critere.id in non_acquis else "A", None, None,
            Lieu(),
        )
        for critere in CQP.criteres
        if critere.id != blank and (options or critere.id != "E11")
    ]  # fmt: skip
    return calcul.propose(CQP, REGLEMENT, candidat, ratings, (), (), date(2023, 6, 15))


# BC1 has eight compétences and the option C8 (E11); 70 % of them are asked: 5.6, so 6.
TWO_SHORT = ("E3", "E4")  # C2 and C3
THREE_SHORT = (*TWO_SHORT, "E10")  # and C7


@pytest.mark.parametrize(
    ("resultat", "bloc", "competence"),
    [
        pytest.param(rate(*TWO_SHORT, options=()), "valide", "sans_objet", id="not taken: 6 of 8"),
        pytest.param(rate(*TWO_SHORT), "valide", "acquise", id="taken and passed: 7 of 9"),
        pytest.param(
            rate(*TWO_SHORT, "E11"), "valide", "non_acquise", id="taken and failed: still 6 of 8"
        ),
        pytest.param(rate(*THREE_SHORT, options=()), "non_valide", "sans_objet", id="5 of 8"),
        pytest.param(rate(*THREE_SHORT), "non_valide", "acquise", id="6 of 9 is 66,7 %"),
        pytest.param(
            rate(*TWO_SHORT, blank="E11"),
            "valide",
            "non_evaluee",
            id="taken, unrated: 6 of 8",
        ),
        pytest.param(
            rate(*THREE_SHORT, blank="E11"),
            "incomplet",
            "non_evaluee",
            id="5 of 8, and the option might still have helped",
        ),
    ],
)
def test_an_option_in_its_bloc(resultat: Resultat, bloc: str, competence: str) -> None:
    assert resultat.blocs["BC1"] is ResultatBloc(bloc)
    assert resultat.competences["C8"] is ResultatCompetence(competence)


def test_an_option_set_aside_is_named() -> None:
    resultat = rate(*TWO_SHORT, "E11")
    constat = resultat.constats[Niveau.BLOC]["BC1"]
    assert constat.options_ecartees == ("C8",)
    assert (constat.comptes, len(constat.enfants)) == (8, 8)
    assert resultat.certification is ResultatCertification.DELIVREE


def test_a_certification_waits_for_its_epreuve_transversale() -> None:
    """Even where the candidate holds the bloc that it belongs to."""
    from dataclasses import replace

    from batch.records import Acquis
    from batch.reglement.modele import Reglement

    referentiel = lecture.load("chef-projet-mc")
    reglement, _ = read(example_for(referentiel), referentiel)
    assert isinstance(reglement, Reglement)
    rules = replace(
        reglement.regles,
        certification=replace(reglement.regles.certification, epreuve_transversale="EP-2"),
    )
    reglement = replace(reglement, regles=rules)
    candidat = replace(rate().candidat, options=())
    held = [Acquis("C1", bloc, date(2022, 6, 15), False, "PV", Lieu()) for bloc in referentiel.bloc]
    due = calcul.parties_due(referentiel, reglement, candidat, referentiel.bloc)
    assert [partie.id for partie in due] == ["EP-2"]

    def outcome(level: str | None) -> ResultatCertification:
        ratings = [
            Appreciation("C1", "E1", "EP-2", critere.indicateur(n), level, None, None, Lieu())
            for critere in due[0].criteres
            for n in range(1, len(critere.indicateurs) + 1)
            if level
        ]
        return calcul.propose(
            referentiel, reglement, candidat, ratings, (), held, date(2023, 6, 15)
        ).certification

    assert outcome("O") is ResultatCertification.DELIVREE
    assert outcome("N") is ResultatCertification.PARTIELLE
    assert outcome(None) is ResultatCertification.EN_ATTENTE
