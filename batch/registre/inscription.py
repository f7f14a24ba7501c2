"""A session's final acts -> rows of the register; certificates numbered, each once and for ever."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from batch.anomalies import Empechement
from batch.records import Candidat
from batch.registre import personnes
from batch.registre.base import transaction
from batch.vocabulaire import ResultatBloc, ResultatCertification

# What a certificate attests, by its candidate and the code of the bloc: « » for the whole.
Objet = tuple[str, str]

_OBTENU = {ResultatBloc.VALIDE.value, ResultatCertification.DELIVREE.value}


@dataclass(frozen=True, slots=True)
class Entete:
    """Which session this is; `empreinte` is of its secret, and tells two of the same number."""

    id: str
    empreinte: str
    referentiel: str
    intitule: str
    date_jury: date
    jour_decision: date | None


@dataclass(frozen=True, slots=True)
class Inscriptible:
    """A final act as it is entered: what was decided, by candidate then by bloc (« »: the whole).

    `motif` is a rectificatif's.
    """

    rang: int
    numero: str
    motif: str | None
    resultats: Mapping[str, Mapping[str, str]]


def draw(
    base: sqlite3.Connection, session: Entete, wanted: Iterable[Objet], now: datetime
) -> dict[Objet, str]:
    """The number of each of these certificates: the one that it has, or the next of the house.

    One transaction: whatever is killed, none is lost, skipped or given twice.
    """
    numbers: dict[Objet, str] = {}
    with transaction(base):
        _introduce(base, session, now)
        for candidat, objet in wanted:
            own = (session.id, candidat, objet)
            known = base.execute(
                "SELECT numero FROM certificats WHERE (session, candidat, objet) = (?, ?, ?)", own
            ).fetchone()
            if known is None:
                known = base.execute(
                    "INSERT INTO certificats (numero, session, candidat, objet, tire_le) "
                    "SELECT COALESCE(MAX(numero), 0) + 1, ?, ?, ?, ? FROM certificats "
                    "RETURNING numero",
                    (*own, now.isoformat(timespec="seconds")),
                ).fetchone()
            numbers[candidat, objet] = printed(known["numero"])
    return numbers


def printed(numero: int) -> str:
    """A certificate's number as it is printed: « 000123 »."""
    return f"{numero:06d}"


def inscribe(
    base: sqlite3.Connection,
    session: Entete,
    actes: Sequence[Inscriptible],
    candidats: Mapping[str, Candidat],
    now: datetime,
) -> list[str]:
    """Enter the acts that are not there yet; the numbers of those that were."""
    entered = []
    with transaction(base):
        _introduce(base, session, now)
        rows = base.execute("SELECT rang FROM actes WHERE session = ?", (session.id,))
        known = {row["rang"] for row in rows}
        for acte in actes:
            if acte.rang not in known:
                _enter(base, session.id, acte, candidats, now)
                entered.append(acte.numero)
    return entered


def _introduce(base: sqlite3.Connection, session: Entete, now: datetime) -> None:
    """The session as the register knows it. Its day of decision may come later, once."""
    row = base.execute("SELECT * FROM sessions WHERE id = ?", (session.id,)).fetchone()
    decided = session.jour_decision.isoformat() if session.jour_decision else None
    if row is None:
        base.execute(
            "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                session.id,
                session.empreinte,
                session.referentiel,
                session.intitule,
                session.date_jury.isoformat(),
                decided,
                now.isoformat(timespec="seconds"),
            ),
        )
    elif row["empreinte"] != session.empreinte:
        raise Empechement(
            f"Le registre connaît une autre session n° {session.id} (jury du "
            f"{date.fromisoformat(row['date_jury']):%d/%m/%Y}) : rien n'y a été écrit. Un numéro "
            f"de session ne sert qu'une fois ; donnez-en un autre à celle-ci."
        )
    else:
        base.execute(
            "UPDATE sessions SET date_jury = ?, jour_decision = ? WHERE id = ?",
            (session.date_jury.isoformat(), decided, session.id),
        )


def _enter(
    base: sqlite3.Connection,
    session: str,
    acte: Inscriptible,
    candidats: Mapping[str, Candidat],
    now: datetime,
) -> None:
    """One act. Of a rectificatif, only what it changes: the rest still stands."""
    base.execute(
        "INSERT INTO actes VALUES (?, ?, ?, ?, ?)",
        (session, acte.rang, acte.numero, acte.motif, now.isoformat(timespec="seconds")),
    )
    standing = _standing(base, session)
    told = {
        (candidat, objet): resultat
        for candidat, own in acte.resultats.items()
        for objet, resultat in own.items()
    }
    for (candidat, objet), resultat in told.items():
        person = personnes.record(base, candidats[candidat])
        before = standing.get((candidat, objet))
        if before is None or (before["resultat"], before["personne"]) != (resultat, person):
            base.execute(
                "INSERT INTO decisions (session, rang, candidat, personne, objet, resultat) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (session, acte.rang, candidat, person, objet, resultat),
            )
        if before is not None and before["resultat"] in _OBTENU and resultat not in _OBTENU:
            base.execute(
                "INSERT INTO retraits (session, rang, candidat, objet, motif) "
                "VALUES (?, ?, ?, ?, ?)",
                (session, acte.rang, candidat, objet, acte.motif),
            )


def _standing(base: sqlite3.Connection, session: str) -> dict[Objet, Any]:
    rows = base.execute("SELECT * FROM en_vigueur WHERE session = ?", (session,))
    return {(row["candidat"], row["objet"]): row for row in rows}
