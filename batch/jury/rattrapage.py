"""A second chance: what the règlement allows, held against the session. What stood still stands.

Sources of the shape: a single failed bloc out of four, within twelve months, on the same terms
(LEGIARTI000047877436).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from batch.anomalies import Anomalie, Code, Lieu
from batch.francais import compte, date_longue, typographie
from batch.jury.delais import months_later
from batch.jury.seance import Dossier, Seance
from batch.records import Candidat, Session
from batch.reglement.modele import Reglement
from batch.vocabulaire import Nature, ResultatBloc


@dataclass(frozen=True, slots=True)
class Reprise:
    """A candidate who may try again: the blocs to take, and those that this jury has granted."""

    candidat: Candidat
    a_reprendre: tuple[str, ...]
    obtenus: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ecart:
    """A candidate whom the second session does not take by itself."""

    candidat: Candidat
    raison: str | None  # None: he has nothing to take again


def second_chances(seance: Seance) -> tuple[list[Reprise], list[Ecart]]:
    """Who may try again what, by a sitting that has decided; everybody is in one of the two lists.

    Whether somebody who gave up or cheated may come back is not for a program to say: he is set
    apart, and added by hand where the règlement allows it.
    """
    reprises: list[Reprise] = []
    ecarts: list[Ecart] = []
    for dossier in seance.dossiers:
        candidat, wanting = dossier.resultat.candidat, _wanting(dossier)
        reason = _reason_against(seance, candidat, wanting)
        if reason or not wanting:
            ecarts.append(Ecart(candidat, reason))
            continue
        granted = (c for c, state in dossier.issues.blocs.items() if state is ResultatBloc.VALIDE)
        reprises.append(Reprise(candidat, wanting, tuple(granted)))
    return reprises, ecarts


def _wanting(dossier: Dossier) -> tuple[str, ...]:
    return tuple(
        code
        for code, state in dossier.issues.blocs.items()
        if state is not None and not state.obtenu and state is not ResultatBloc.NON_VISE
    )


def _reason_against(seance: Seance, candidat: Candidat, wanting: tuple[str, ...]) -> str | None:
    natures = {incident.nature for incident in seance.session.incidents_of(candidat.id)}
    for nature in (Nature.FRAUDE, Nature.ABANDON):
        if nature in natures:
            return f"{nature.mot.lower()} à la première session"
    rule = seance.reglement.rattrapage
    if rule and rule.blocs_max is not None and len(wanting) > rule.blocs_max:
        wanted = compte(len(wanting), "bloc")
        return typographie(f"{wanted} à reprendre ; le règlement en permet {rule.blocs_max}")
    return None


def check(session: Session, reglement: Reglement) -> Iterator[Anomalie]:
    """Delay and number of blocs; nothing at all for an ordinary session."""
    if session.session_initiale is None:
        return
    here = Lieu("session.xlsx", "Session")
    rule = reglement.rattrapage
    if rule is None:
        yield Code.RATTRAPAGE_IMPREVU.at(here)
        return
    if session.date_initiale is None:
        yield Code.RATTRAPAGE_SANS_DATE.at(here, initiale=session.session_initiale)
        return
    latest = months_later(session.date_initiale, rule.delai_mois)
    if session.date_jury > latest:
        yield Code.RATTRAPAGE_TARDIF.at(
            here,
            jury=date_longue(session.date_jury),
            delai=f"{rule.delai_mois} mois",
            premier=date_longue(session.date_initiale),
            limite=date_longue(latest),
        )
    for candidat in session.candidats:
        who = candidat.qui
        if not candidat.blocs_vises:
            yield Code.RATTRAPAGE_COMPLET.at(candidat.lieu, candidats=(candidat.id,), qui=who)
        elif rule.blocs_max is not None and len(candidat.blocs_vises) > rule.blocs_max:
            yield Code.RATTRAPAGE_BLOCS.at(
                candidat.lieu,
                candidats=(candidat.id,),
                qui=who,
                combien=compte(len(candidat.blocs_vises), "bloc"),
                permis=rule.blocs_max,
            )
