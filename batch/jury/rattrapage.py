"""A second chance: what the règlement allows, held against the session. What stood still stands.

Sources of the shape: a single failed bloc out of four, within twelve months, on the same terms
(LEGIARTI000047877436).
"""

from collections.abc import Iterator
from datetime import date

from batch.anomalies import Anomalie, Code, Lieu
from batch.francais import compte, date_longue
from batch.records import Session
from batch.reglement.modele import Reglement


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
        who = f"{candidat.nom_complet} ({candidat.id})"
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


def months_later(jour: date, mois: int) -> date:
    """The same day of the month, so many months later; the month's last day where it has none."""
    year, month = divmod(jour.year * 12 + jour.month - 1 + mois, 12)
    for day in range(jour.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, jour.day)
