"""How far the register follows a session: its acts entered, its certified declared."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from batch.registre import declarations
from batch.registre.base import reading
from batch.registre.declarations import Sort


@dataclass(frozen=True, slots=True)
class Avancement:
    """`attendus`, `acceptes`: the candidates declared, whose receipt is awaited or says yes."""

    actes: frozenset[str] = frozenset()
    jour_decision: date | None = None
    attendus: frozenset[str] = frozenset()
    acceptes: frozenset[str] = frozenset()


def read(registre: Path, session: str, empreinte: str) -> Avancement:
    """Nothing, where there is no register yet or where it knows another session of that number.

    Raises Empechement when the file is no register of ours, or cannot be read.
    """
    if not registre.is_file():
        return Avancement()
    with reading(registre) as base:
        row = base.execute(
            "SELECT jour_decision FROM sessions WHERE (id, empreinte) = (?, ?)",
            (session, empreinte),
        ).fetchone()
        if row is None:
            return Avancement()
        acts = base.execute("SELECT numero FROM actes WHERE session = ?", (session,))
        declared = [one for one in declarations.state(base).values() if one.session == session]
        return Avancement(
            frozenset(act["numero"] for act in acts),
            date.fromisoformat(row["jour_decision"]) if row["jour_decision"] else None,
            frozenset(one.candidat for one in declared if one.sort is Sort.EN_ATTENTE),
            frozenset(one.candidat for one in declared if one.sort is Sort.ACCEPTEE),
        )
