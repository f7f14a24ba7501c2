"""Proposals and the jury's decisions -> outcomes. The jury is sovereign, among legal decisions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from batch.jury.calcul import Resultat, certify
from batch.jury.regles import Mesure
from batch.referentiel.modele import Referentiel
from batch.vocabulaire import CERTIFICATION as CERTIFICATION  # the core's modules take it here
from batch.vocabulaire import Niveau, ResultatBloc, ResultatCertification

Issue = ResultatBloc | ResultatCertification

_BLOCS_POSSIBLES: Mapping[ResultatBloc, tuple[ResultatBloc, ...]] = {
    ResultatBloc.VALIDE: (ResultatBloc.VALIDE, ResultatBloc.NON_VALIDE),
    ResultatBloc.NON_VALIDE: (ResultatBloc.VALIDE, ResultatBloc.NON_VALIDE),
    ResultatBloc.A_ARBITRER: (ResultatBloc.VALIDE, ResultatBloc.NON_VALIDE),
    # Nobody decides on what was not evaluated: the jury can only put it off.
    ResultatBloc.INCOMPLET: (ResultatBloc.INCOMPLET,),
}
_CERTIFICATIONS_POSSIBLES: Mapping[ResultatCertification, tuple[ResultatCertification, ...]] = {
    ResultatCertification.DELIVREE: (
        ResultatCertification.DELIVREE,
        ResultatCertification.NON_DELIVREE,
    ),
    ResultatCertification.NON_DELIVREE: (
        ResultatCertification.DELIVREE,
        ResultatCertification.NON_DELIVREE,
    ),
    ResultatCertification.EN_ATTENTE: (ResultatCertification.EN_ATTENTE,),
}


@dataclass(frozen=True, slots=True)
class Objet:
    """What the jury votes on: one bloc of one candidate, or his certification as a whole."""

    candidat: str
    code: str  # the bloc's code, or CERTIFICATION
    propose: Issue
    possibles: tuple[Issue, ...]

    def needs_motif(self, decide: Issue) -> bool:
        return decide != self.propose


@dataclass(frozen=True, slots=True)
class Decision:
    """What the jury decided, and the proposal that lay before it when it did."""

    candidat: str
    code: str
    decide: Issue
    motif: str | None
    sur: Issue
    preconisations: str | None = None


@dataclass(frozen=True, slots=True)
class Issues:
    """A candidate's outcomes once decided; None where the jury has not decided yet."""

    blocs: Mapping[str, ResultatBloc | None]
    certification: ResultatCertification | None
    motifs: Mapping[str, str]
    # What the jury advises, by bloc or for the certification as a whole.
    preconisations: Mapping[str, str] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return self.certification is not None

    def of(self, code: str) -> Issue | None:
        """The outcome that a vote bears on: a bloc's, or the certification's."""
        return self.certification if code == CERTIFICATION else self.blocs[code]


def objets(referentiel: Referentiel, resultat: Resultat) -> tuple[Objet, ...]:
    """The votes that one candidate calls for; none for what no vote could change."""
    candidat, whole = resultat.candidat.id, resultat.certification
    if not referentiel.blocs:
        possible = _CERTIFICATIONS_POSSIBLES.get(whole)
        if whole is ResultatCertification.EN_ATTENTE and _undecidable(resultat):
            possible = (*_CERTIFICATIONS_POSSIBLES[ResultatCertification.DELIVREE], whole)
        return (Objet(candidat, CERTIFICATION, whole, possible),) if possible else ()
    blocs = tuple(
        Objet(candidat, code, propose, _BLOCS_POSSIBLES[propose])
        for code, propose in resultat.blocs.items()
        if propose in _BLOCS_POSSIBLES
    )
    if whole is ResultatCertification.EN_ATTENTE and _undecidable(resultat):
        # Once the blocs are decided, a condition over the whole would still wait for ever.
        possible = (ResultatCertification.DELIVREE, ResultatCertification.PARTIELLE, whole)
        return (*blocs, Objet(candidat, CERTIFICATION, whole, possible))
    return blocs


def _undecidable(resultat: Resultat) -> bool:
    """Everything was rated, and no arithmetic can tell whether the conditions over the whole are
    met: only the jury can."""
    states = {constat.mesure for constat in resultat.constats[Niveau.CERTIFICATION].values()}
    waits = Mesure.A_ARBITRER in states or states == {Mesure.EXCLU}
    return waits and Mesure.MANQUANT not in states


def outdated(objet: Objet, decision: Decision) -> bool:
    """The proposal is no longer the one that the jury saw: it must confirm, or decide again."""
    return decision.sur != objet.propose


def decide(referentiel: Referentiel, resultat: Resultat, decisions: Iterable[Decision]) -> Issues:
    """The candidate's outcomes under these decisions; the certification follows from its blocs."""
    votes = objets(referentiel, resultat)
    mine = {d.code: d for d in decisions if d.candidat == resultat.candidat.id}
    standing = {
        objet.code: mine[objet.code]
        for objet in votes
        if objet.code in mine and not outdated(objet, mine[objet.code])
    }
    motifs = {code: d.motif for code, d in standing.items() if d.motif}
    pending = any(
        objet.code not in standing
        for objet in votes
        if objet.code != CERTIFICATION or not referentiel.blocs
    )
    decided: dict[str, ResultatBloc] = {}
    for code, propose in resultat.blocs.items():
        issue = standing[code].decide if code in standing else propose
        assert isinstance(issue, ResultatBloc)
        decided[code] = issue
    certification: ResultatCertification | None = None
    if not pending and referentiel.blocs:
        certification = certify(
            referentiel,
            resultat.candidat,
            resultat.presence,
            decided,
            resultat.constats[Niveau.CERTIFICATION],
        )
        if certification is ResultatCertification.EN_ATTENTE and any(
            objet.code == CERTIFICATION for objet in votes
        ):
            vote = standing.get(CERTIFICATION)
            certification = _as_whole(vote.decide) if vote else None
    elif not pending:
        certification = _as_whole(
            standing[CERTIFICATION].decide if votes else resultat.certification
        )
    waiting = {objet.code for objet in votes} - set(standing)
    return Issues(
        {code: None if code in waiting else bloc for code, bloc in decided.items()},
        certification,
        motifs,
        {code: d.preconisations for code, d in standing.items() if d.preconisations},
    )


def _as_whole(issue: Issue) -> ResultatCertification:
    assert isinstance(issue, ResultatCertification), "the vote was on the certification"
    return issue
