"""One candidate's ratings -> his outcomes, from the critère up to the certification.

The calculation proposes; the jury decides (see `deliberation`). Nothing is ever computed from
missing data: what lacks a rating stays « non évalué », what is above it « incomplet ».
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from batch.jury import arbre
from batch.jury.arbre import Etage
from batch.jury.regles import Mesure, mean
from batch.records import Acquis, Appreciation, Candidat, Incident
from batch.referentiel.modele import Partie, Referentiel
from batch.reglement.modele import Reglement
from batch.vocabulaire import (
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
}
COMPETENCE = {
    Mesure.ATTEINT: ResultatCompetence.ACQUISE,
    Mesure.NON_ATTEINT: ResultatCompetence.NON_ACQUISE,
    Mesure.MANQUANT: ResultatCompetence.NON_EVALUEE,
    Mesure.EXCLU: ResultatCompetence.SANS_OBJET,
    Mesure.A_ARBITRER: ResultatCompetence.A_ARBITRER,
}
PARTIE = {
    Mesure.ATTEINT: ResultatPartie.VALIDE,
    Mesure.NON_ATTEINT: ResultatPartie.NON_VALIDE,
    Mesure.MANQUANT: ResultatPartie.INCOMPLETE,
    Mesure.EXCLU: ResultatPartie.SANS_OBJET,
    Mesure.A_ARBITRER: ResultatPartie.A_ARBITRER,
}
BLOC = {
    Mesure.ATTEINT: ResultatBloc.VALIDE,
    Mesure.NON_ATTEINT: ResultatBloc.NON_VALIDE,
    Mesure.MANQUANT: ResultatBloc.INCOMPLET,
    # A bloc of which nothing applied has no outcome that arithmetic could give.
    Mesure.EXCLU: ResultatBloc.A_ARBITRER,
    Mesure.A_ARBITRER: ResultatBloc.A_ARBITRER,
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


def held(
    candidat: Candidat, acquis: Iterable[Acquis], reglement: Reglement, jury: date
) -> list[tuple[Acquis, date | None]]:
    """The candidate's earlier blocs, each with the day it expired, if that was before the jury."""
    return [
        (bloc, _expiry(bloc, reglement, jury))
        for bloc in acquis
        if bloc.candidat == candidat.id and bloc.date <= jury
    ]


def _expiry(bloc: Acquis, reglement: Reglement, jury: date) -> date | None:
    years = reglement.acquis.validite
    if not isinstance(years, int):
        return None
    try:
        end = bloc.date.replace(year=bloc.date.year + years)
    except ValueError:  # a 29 February
        end = date(bloc.date.year + years, 3, 1)
    return end if end < jury else None


def parties_due(
    referentiel: Referentiel, reglement: Reglement, candidat: Candidat, acquis: Iterable[str]
) -> tuple[Partie, ...]:
    """What the candidate is to be rated on: what his voie has, of the blocs he aims at, less those
    he holds."""
    aimed = set(candidat.blocs_vises or referentiel.bloc) - set(acquis)
    crossing = reglement.regles.certification.epreuve_transversale

    def _is_crossing(partie: Partie) -> bool:
        # Whoever aims at the whole is rated on it, even if he holds its bloc.
        return partie.id == crossing and not candidat.blocs_vises

    return tuple(
        partie
        for partie in referentiel.parties
        if reglement.has_epreuve(candidat.voie, partie.id)
        and (not referentiel.blocs or aimed & set(partie.blocs) or _is_crossing(partie))
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
    valid = {
        bloc.bloc: bloc
        for bloc, expiry in held(candidat, acquis, reglement, date_jury)
        if expiry is None
    }
    due = parties_due(referentiel, reglement, candidat, valid)
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
    # His group may have been rated without him: those marks are not his.
    own = [one for one in appreciations if one.partie not in missed]
    annulled = fate[Nature.FRAUDE] - missed

    levels = arbre.build(referentiel, reglement, candidat, due, own, annulled, valid)
    blocs = _blocs(referentiel, candidat, due, levels[Niveau.BLOC], valid, missed, presence)
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
        mention=_mention(referentiel, reglement, levels[Niveau.BLOC]),
    )


def _blocs(
    referentiel: Referentiel,
    candidat: Candidat,
    due: Sequence[Partie],
    etage: Etage,
    acquis: Mapping[str, Acquis],
    missed: set[str],
    presence: Presence,
) -> dict[str, ResultatBloc]:
    blocs: dict[str, ResultatBloc] = {}
    for bloc in referentiel.blocs:
        own = {partie.id for partie in due if bloc.code in partie.blocs}
        if bloc.code in acquis:
            earlier = acquis[bloc.code]
            state = ResultatBloc.DISPENSE if earlier.dispense else ResultatBloc.ACQUIS_ANTERIEUR
        elif candidat.blocs_vises and bloc.code not in candidat.blocs_vises:
            state = ResultatBloc.NON_VISE
        elif presence is not Presence.PRESENT or (own and own <= missed):
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


def _mention(referentiel: Referentiel, reglement: Reglement, blocs: Etage) -> str | None:
    """The highest mention whose mean the blocs reach; none unless all were rated this time."""
    certification = reglement.regles.certification
    own = list(blocs.values())
    reached = mean(own, certification.poids) if len(own) == len(referentiel.blocs) else None
    if reached is None:
        return None
    compared = reglement.arrondi.compared(reached)
    earned = [one for one in certification.mentions if compared >= Fraction(one.moyenne)]
    return max(earned, key=lambda one: one.moyenne).libelle if earned else None


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
        if states <= {Mesure.ATTEINT, Mesure.NON_ATTEINT}:
            return ResultatCertification.NON_DELIVREE
        return ResultatCertification.EN_ATTENTE
    if any(bloc.en_suspens for bloc in blocs.values()):
        return ResultatCertification.EN_ATTENTE
    if all(bloc.obtenu for bloc in blocs.values()):
        besides = {constat.mesure for constat in ensemble.values()} - {Mesure.EXCLU}
        if besides <= {Mesure.ATTEINT}:
            return ResultatCertification.DELIVREE
        if besides <= {Mesure.ATTEINT, Mesure.NON_ATTEINT}:
            return ResultatCertification.PARTIELLE
        return ResultatCertification.EN_ATTENTE
    aimed = candidat.blocs_vises
    if aimed and all(blocs[code].obtenu for code in aimed):
        return ResultatCertification.BLOCS_VISES_VALIDES
    if any(bloc.obtenu for bloc in blocs.values()):
        return ResultatCertification.PARTIELLE
    return ResultatCertification.NON_DELIVREE
