"""Who passes what, when and where: the session's calendar -> the slots of each candidate."""

from collections.abc import Iterator, Sequence
from datetime import date, time

from batch.jury.calcul import held, parties_due
from batch.records import Candidat, Creneau, Session
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Reglement
from batch.vocabulaire import Presence


def expected(session: Session) -> list[Candidat]:
    """Whoever has not already said that he will not come."""
    return [c for c in session.candidats if c.presence is Presence.PRESENT]


def slots(
    session: Session, referentiel: Referentiel, reglement: Reglement, candidat: Candidat
) -> list[tuple[str, Creneau | None]]:
    """Each épreuve or bloc that he is to be rated on, and its slot, None where none is written.

    His own slot wins over his group's, and his group's over everybody's.
    """
    valid = {
        bloc.bloc
        for bloc, expiry in held(candidat, session.acquis, reglement, session.date_jury)
        if expiry is None
    }
    due = parties_due(referentiel, reglement, candidat, valid)
    return [(partie.id, _slot(session.calendrier, partie.id, candidat)) for partie in due]


def _slot(calendrier: Sequence[Creneau], partie: str, candidat: Candidat) -> Creneau | None:
    of_it = {creneau.sujet: creneau for creneau in calendrier if creneau.partie == partie}
    own = (candidat.id, candidat.groupe or candidat.id, None)
    return next((of_it[sujet] for sujet in own if sujet in of_it), None)


def by_slot(
    session: Session, referentiel: Referentiel, reglement: Reglement
) -> Iterator[tuple[str, Creneau | None, list[Candidat]]]:
    """Each épreuve at each of its slots, in the order of the days, with those expected there.

    An épreuve without a slot comes last: its date is filled in by hand.
    """
    together: dict[tuple[str, Creneau | None], list[Candidat]] = {}
    for candidat in expected(session):
        for partie, creneau in slots(session, referentiel, reglement, candidat):
            together.setdefault((partie, creneau), []).append(candidat)
    rank = {partie.id: number for number, partie in enumerate(referentiel.parties)}

    def when(one: tuple[str, Creneau | None]) -> tuple[date, time, int]:
        partie, creneau = one
        if creneau is None:
            return date.max, time.max, rank[partie]
        return creneau.jour, creneau.debut, rank[partie]

    for partie, creneau in sorted(together, key=when):
        yield partie, creneau, together[partie, creneau]
