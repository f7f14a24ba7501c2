"""The ledger of what was declared to the Caisse des dépôts, and of what it answered."""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Sort(StrEnum):
    """Where somebody's declaration stands."""

    A_DECLARER = "a_declarer"
    EN_ATTENTE = "en_attente"  # declared, and no receipt says yet what became of it
    ACCEPTEE = "acceptee"
    REJETEE = "rejetee"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What was last declared of somebody: its fingerprint, and the answer."""

    id_technique: str
    session: str
    candidat: str
    empreinte: str
    sort: Sort
    raisons: tuple[str, ...] = ()


def state(base: sqlite3.Connection) -> dict[str, Declaration]:
    """By idTechnique. Once accepted it stays so, whatever an older receipt says of it."""
    rows = base.execute(
        "SELECT d.*, a.etat, a.raisons FROM declarations AS d LEFT JOIN accuses AS a "
        "ON (a.flux, a.id_technique) = (d.flux, d.id_technique) ORDER BY d.id"
    )
    known: dict[str, Declaration] = {}
    for row in rows:
        before = known.get(row["id_technique"])
        if before is None or before.sort is not Sort.ACCEPTEE:
            known[row["id_technique"]] = Declaration(
                row["id_technique"],
                row["session"],
                row["candidat"],
                row["empreinte"],
                Sort(row["etat"] or Sort.EN_ATTENTE),
                tuple((row["raisons"] or "").splitlines()),
            )
    return known


def record(
    base: sqlite3.Connection,
    flux: str,
    fichier: str,
    passages: Sequence[tuple[str, str, str, str]],
    now: datetime,
) -> None:
    """A file that declares these: (idTechnique, session, candidat, fingerprint)."""
    base.execute(
        "INSERT INTO flux VALUES (?, ?, ?)", (flux, fichier, now.isoformat(timespec="seconds"))
    )
    base.executemany(
        "INSERT INTO declarations (flux, id_technique, session, candidat, empreinte) "
        "VALUES (?, ?, ?, ?, ?)",
        [(flux, *one) for one in passages],
    )


def declared_in(base: sqlite3.Connection, flux: str) -> set[str] | None:
    """The idTechniques of that file; None for a file that this register did not make."""
    if base.execute("SELECT 1 FROM flux WHERE id = ?", (flux,)).fetchone() is None:
        return None
    rows = base.execute("SELECT id_technique FROM declarations WHERE flux = ?", (flux,))
    return {row["id_technique"] for row in rows}


def answer(
    base: sqlite3.Connection,
    flux: str,
    acceptes: Collection[str],
    rejetes: Mapping[str, tuple[str, ...]],
    now: datetime,
) -> int:
    """What a receipt says of a file's passages; how many answers were not known yet."""
    told = [(one, Sort.ACCEPTEE, "") for one in sorted(acceptes)]
    told += [(one, Sort.REJETEE, "\n".join(why)) for one, why in sorted(rejetes.items())]
    before = base.total_changes
    base.executemany(
        "INSERT OR IGNORE INTO accuses (flux, id_technique, etat, raisons, recu_le) "
        "VALUES (?, ?, ?, ?, ?)",
        [(flux, *one, now.isoformat(timespec="seconds")) for one in told],
    )
    return base.total_changes - before
