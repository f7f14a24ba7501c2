"""One candidate's ratings -> his outcomes, from the critère up to the certification.

The calculation proposes; the jury decides (see `deliberation`). Nothing is ever computed from
missing data: what lacks a rating stays « non évalué », what is above it « incomplet ».
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from batch.jury import options
from batch.jury.arbre import Etage, Releve
from batch.jury.delais import months_later
from batch.jury.distinctions import distinctions, mention
from batch.jury.regles import Constat, Mesure
from batch.records import Acquis, Appreciation, Candidat, Incident
from batch.referentiel.modele import Partie, Referentiel
from batch.reglement.modele import Duree, Reglement, Validite
from batch.vocabulaire import (
    CERTIFICATION,
    Nature,
    Niveau,
    Presence,
    ResultatBloc,
    ResultatCertification,
    ResultatCompetence,
    ResultatCritere,
    ResultatPartie,
)

CRITERE = {
    Mesure.ATTEINT: ResultatCritere.SATISFAIT,
    Mesure.NON_ATTEINT: ResultatCritere.NON_SATISFAIT,
    Mesure.MANQUANT: ResultatCritere.NON_EVALUE,
    Mesure.EXCLU: ResultatCritere.SANS_OBJET,
    Mesure.A_ARBITRER: ResultatCritere.DIVERGENT,
    Mesure.FERME: ResultatCritere.NON_EVALUE,
}
COMPETENCE = {
    Mesure.ATTEINT: ResultatCompetence.ACQUISE,
    Mesure.NON_ATTEINT: ResultatCompetence.NON_ACQUISE,
    Mesure.MANQUANT: ResultatCompetence.NON_EVALUEE,
    Mesure.EXCLU: ResultatCompetence.SANS_OBJET,
    Mesure.A_ARBITRER: ResultatCompetence.A_ARBITRER,
    Mesure.FERME: ResultatCompetence.NON_EVALUEE,
}
PARTIE = {
    Mesure.ATTEINT: ResultatPartie.VALIDE,
    Mesure.NON_ATTEINT: ResultatPartie.NON_VALIDE,
    Mesure.MANQUANT: ResultatPartie.INCOMPLETE,
    Mesure.EXCLU: ResultatPartie.SANS_OBJET,
    Mesure.A_ARBITRER: ResultatPartie.A_ARBITRER,
    Mesure.FERME: ResultatPartie.NON_PRESENTEE,
}
BLOC = {
    Mesure.ATTEINT: ResultatBloc.VALIDE,
    Mesure.NON_ATTEINT: ResultatBloc.NON_VALIDE,
    Mesure.MANQUANT: ResultatBloc.INCOMPLET,
    # A bloc of which nothing applied has no outcome that arithmetic could give.
    Mesure.EXCLU: ResultatBloc.A_ARBITRER,
    Mesure.A_ARBITRER: ResultatBloc.A_ARBITRER,
    Mesure.FERME: ResultatBloc.NON_PRESENTE,
}


@dataclass(frozen=True, slots=True)
class Resultat:
    """What the calculation proposes for one candidate, with the reckoning behind each outcome."""

    candidat: Candidat
    presence: Presence
    criteres: Mapping[str, ResultatCritere]
    competences: Mapping[str, ResultatCompetence]
    epreuves: Mapping[str, ResultatPartie]
    activites: Mapping[str, ResultatPartie]
    blocs: Mapping[str, ResultatBloc]
    acquis: Mapping[str, Acquis]
    certification: ResultatCertification
    constats: Mapping[Niveau, Etage]
    # What the certification would be delivered with, if it is.
    mention: str | None = None
    # The compétences held without their bloc.
    competences_tenues: Mapping[str, Acquis] = field(default_factory=dict)
    # The épreuves and blocs that were never open to him, each with what he failed before it.
    fermees: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def behind(self, code: str) -> list[Constat]:
        """What the proposal on this bloc, or on the certification as a whole, was reckoned from."""
        if code == CERTIFICATION:
            return list(self.constats[Niveau.CERTIFICATION].values())
        return [self.constats[Niveau.BLOC][code]]

    @property
    def a_examiner(self) -> tuple[Constat, ...]:
        """What stands so near its threshold that the règlement wants the jury to look."""
        levels = (Niveau.CERTIFICATION, Niveau.BLOC, Niveau.ACTIVITE, Niveau.EPREUVE)
        return tuple(
            constat
            for niveau in (*levels, Niveau.COMPETENCE, Niveau.CRITERE)
            for constat in self.constats[niveau].values()
            if constat.a_examiner
        )


def held(
    candidat: Candidat, acquis: Iterable[Acquis], reglement: Reglement, jury: date
) -> list[tuple[Acquis, date | None]]:
    """The candidate's earlier blocs, each with the day it expired, if that was before the jury."""
    return [
        (own, _expiry(own, reglement.acquis.validite, jury))
        for own in acquis
        if own.candidat == candidat.id and own.competence is None and own.date <= jury
    ]


def held_competences(
    candidat: Candidat, acquis: Iterable[Acquis], reglement: Reglement, jury: date
) -> list[tuple[Acquis, date | None]]:
    """The same of compétences acquired without their bloc; none where the règlement keeps none."""
    validity = reglement.acquis.competences
    return [
        (own, _expiry(own, validity, jury))
        for own in acquis
        if own.candidat == candidat.id
        and own.competence is not None
        and own.date <= jury
        and validity is not None
    ]


def valid_competences(
    candidat: Candidat,
    acquis: Iterable[Acquis],
    reglement: Reglement,
    jury: date,
    blocs: Collection[str],
) -> dict[str, Acquis]:
    """Those that need not be rated again, besides the ones of the `blocs` that he holds."""
    return {
        own.competence: own
        for own, expiry in held_competences(candidat, acquis, reglement, jury)
        if expiry is None and own.competence is not None and own.bloc not in blocs
    }


def _expiry(own: Acquis, validity: Validite, jury: date) -> date | None:
    """The day until which it was valid, where that is past."""
    if validity == "illimitee":
        return None
    months = validity.mois if isinstance(validity, Duree) else 12 * int(validity)
    end = months_later(own.date, months)
    return end if end < jury else None


def parties_due(
    referentiel: Referentiel,
    reglement: Reglement,
    candidat: Candidat,
    acquis: Iterable[str],
    competences: Collection[str] = (),
) -> tuple[Partie, ...]:
    """What the candidate is to be rated on: what his voie has, of the blocs he aims at, less those
    he holds, and less what rates nothing but the `competences` that he holds."""
    aimed = set(candidat.blocs_vises or referentiel.bloc) - set(acquis)
    crossing = reglement.regles.certification.epreuve_transversale

    def _is_crossing(partie: Partie) -> bool:
        # Whoever aims at the whole is rated on it, even if he holds its bloc.
        return partie.id == crossing and not candidat.blocs_vises

    def _is_held(partie: Partie) -> bool:
        own = [set(critere.competences) for critere in partie.criteres]
        return bool(own) and all(one and one <= set(competences) for one in own)

    return tuple(
        partie
        for partie in referentiel.parties
        if reglement.has_epreuve(candidat.voie, partie.id)
        and (not referentiel.blocs or aimed & set(partie.blocs) or _is_crossing(partie))
        and not _is_held(partie)
    )


def propose(
    referentiel: Referentiel,
    reglement: Reglement,
    candidat: Candidat,
    appreciations: Sequence[Appreciation],
    absences: Iterable[str],
    acquis: Iterable[Acquis],
    date_jury: date,
    incidents: Iterable[Incident] = (),
) -> Resultat:
    """All outcomes of one candidate. `absences`: the parties to which he did not come."""
    acquis = tuple(acquis)
    valid = {
        own.bloc: own
        for own, expiry in held(candidat, acquis, reglement, date_jury)
        if expiry is None
    }
    competences = valid_competences(candidat, acquis, reglement, date_jury, valid)
    due = parties_due(referentiel, reglement, candidat, valid, competences)
    everything = {partie.id for partie in due}
    rated = {one.partie for one in appreciations}
    fate = _fate(everything, rated, incidents)
    missed = (everything & set(absences)) | fate[Nature.ABSENCE] | fate[Nature.EXCUSE]
    missed |= fate[Nature.ABANDON]
    presence = candidat.presence
    if presence is not Presence.PRESENT:
        missed = everything
    elif everything and missed == everything:
        excused = fate[Nature.EXCUSE] == everything
        presence = Presence.EXCUSE if excused else Presence.ABSENT
    releve = Releve(
        candidat,
        due,
        # His group may have been rated without him: those marks are not his.
        tuple(one for one in appreciations if one.partie not in missed),
        frozenset(fate[Nature.FRAUDE] - missed),
        valid,
        competences,
    )
    levels, closed = options.build(referentiel, reglement, releve)
    blocs = _blocs(referentiel, releve, levels[Niveau.BLOC], missed | set(closed), presence)
    return Resultat(
        candidat=candidat,
        presence=presence,
        criteres={i: CRITERE[c.mesure] for i, c in levels[Niveau.CRITERE].items()},
        competences={i: COMPETENCE[c.mesure] for i, c in levels[Niveau.COMPETENCE].items()},
        epreuves={
            i: ResultatPartie.NON_PRESENTEE if i in missed else PARTIE[c.mesure]
            for i, c in levels[Niveau.EPREUVE].items()
        },
        activites={i: PARTIE[c.mesure] for i, c in levels[Niveau.ACTIVITE].items()},
        blocs=blocs,
        acquis=valid,
        certification=certify(referentiel, candidat, presence, blocs, levels[Niveau.CERTIFICATION]),
        constats=levels,
        mention=mention(distinctions(len(referentiel.blocs), reglement, levels, valid)),
        competences_tenues=competences,
        fermees=closed,
    )


def _blocs(
    referentiel: Referentiel,
    releve: Releve,
    etage: Etage,
    missed: Collection[str],
    presence: Presence,
) -> dict[str, ResultatBloc]:
    """`missed`: the parties that the candidate did not come to, or that were closed to him."""
    aimed = releve.candidat.blocs_vises
    blocs: dict[str, ResultatBloc] = {}
    for bloc in referentiel.blocs:
        own = {partie.id for partie in releve.due if bloc.code in partie.blocs}
        if bloc.code in releve.blocs:
            earlier = releve.blocs[bloc.code]
            state = ResultatBloc.DISPENSE if earlier.dispense else ResultatBloc.ACQUIS_ANTERIEUR
        elif aimed and bloc.code not in aimed:
            state = ResultatBloc.NON_VISE
        elif presence is not Presence.PRESENT or (own and own <= set(missed)):
            state = ResultatBloc.NON_PRESENTE
        elif bloc.code in etage:
            state = BLOC[etage[bloc.code].mesure]
        else:
            # His voie rates nothing there: no arithmetic can tell.
            state = ResultatBloc.A_ARBITRER
        blocs[bloc.code] = state
    return blocs


def _fate(
    everything: set[str], rated: set[str], incidents: Iterable[Incident]
) -> dict[Nature, set[str]]:
    """What each kind of incident touches. Whoever gives up has not presented what was not rated."""
    touched: dict[Nature, set[str]] = {nature: set() for nature in Nature}
    for incident in incidents:
        where = everything if incident.partie is None else everything & {incident.partie}
        touched[incident.nature] |= where - rated if incident.nature is Nature.ABANDON else where
    return touched


_DECIDED = {Mesure.ATTEINT, Mesure.NON_ATTEINT, Mesure.FERME}


def certify(
    referentiel: Referentiel,
    candidat: Candidat,
    presence: Presence,
    blocs: Mapping[str, ResultatBloc],
    ensemble: Etage,
) -> ResultatCertification:
    """The certification, from its blocs, or from the rules over the whole where it has none.

    The same reasoning serves the proposal and the decision: only the blocs differ.
    """
    if presence is Presence.ABSENT:
        return ResultatCertification.ABSENT
    if presence is Presence.EXCUSE:
        return ResultatCertification.EXCUSE
    if not referentiel.blocs:
        states = {constat.mesure for constat in ensemble.values()}
        if states == {Mesure.ATTEINT}:
            return ResultatCertification.DELIVREE
        if states <= _DECIDED:
            return ResultatCertification.NON_DELIVREE
        return ResultatCertification.EN_ATTENTE
    if any(bloc.en_suspens for bloc in blocs.values()):
        return ResultatCertification.EN_ATTENTE
    if all(bloc.obtenu for bloc in blocs.values()):
        besides = {constat.mesure for constat in ensemble.values()} - {Mesure.EXCLU}
        if besides <= {Mesure.ATTEINT}:
            return ResultatCertification.DELIVREE
        if besides <= _DECIDED:
            return ResultatCertification.PARTIELLE
        return ResultatCertification.EN_ATTENTE
    aimed = candidat.blocs_vises
    if aimed and all(blocs[code].obtenu for code in aimed):
        return ResultatCertification.BLOCS_VISES_VALIDES
    if any(bloc.obtenu for bloc in blocs.values()):
        return ResultatCertification.PARTIELLE
    return ResultatCertification.NON_DELIVREE
