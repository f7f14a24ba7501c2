"""What becomes of a final session: what its journal and the house's register say was done."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch import fichiers
from batch.empechement import Empechement
from batch.etat.modele import Declaration, Faits, Suites
from batch.folder import Folder
from batch.jury.delais import declared_by

if TYPE_CHECKING:
    from batch.registre.avancement import Avancement


_LETTRES = "documents/lettres/"


def look(folder: Folder, faits: Faits, au: date, registre: Path | None) -> Suites:
    """Without a register, the journal says whether the session was entered in one; nothing says
    what was declared."""
    logged = list(_logged(folder))
    scellee = any(one["quoi"] == "sceller" and one.get("acte") == faits.acte for one in logged)
    inscrite = any(
        one["quoi"] == "inscrire" and faits.acte in one.get("actes", ()) for one in logged
    )
    known, illisible = None, ""
    if registre is not None:
        try:
            known = _in_register(folder, faits, registre)
            inscrite = faits.acte in known.actes and known.jour_decision == faits.decide_le
        except Empechement as trouble:
            illisible = str(trouble)
    declaration = _declaration(faits, known, au)
    return Suites(str(registre or ""), illisible, inscrite, scellee, declaration, _letters(logged))


def _letters(logged: Sequence[Mapping[str, Any]]) -> dict[str, datetime]:
    """By candidate; one that was lost and came back the same is as old as it was."""
    made: dict[tuple[str, str], datetime] = {}
    for line in logged:
        for name, own in line.get("ecrits", {}).items() if line.get("acte") else ():
            if name.startswith(_LETTRES):
                made.setdefault((name, own), datetime.fromisoformat(line["quand"]))
    # « documents/lettres/C001 MARTIN (rectificatif 2).docx »
    return {
        name.removeprefix(_LETTRES).split(" ")[0]: quand
        for (name, _), quand in sorted(made.items(), key=lambda one: one[1])
    }


def _in_register(folder: Folder, faits: Faits, registre: Path) -> "Avancement":
    # Loaded for a final session only: SQLite weighs on what must be told at once.
    from batch.registre import avancement

    return avancement.read(registre, faits.session, fichiers.fingerprint(folder.key()))


def _declaration(faits: Faits, known: "Avancement | None", au: date) -> Declaration | None:
    if not faits.certifies or faits.decide_le is None:
        return None
    limite = declared_by(faits.decide_le)
    left, awaited = None, 0
    if known is not None:
        accepted = sum(one in known.acceptes for one in faits.certifies)
        awaited = sum(one in known.attendus for one in faits.certifies)
        left = len(faits.certifies) - accepted - awaited
    return Declaration(len(faits.certifies), limite, (limite - au).days, left, awaited)


def _logged(folder: Folder) -> Iterator[Mapping[str, Any]]:
    """The journal's lines; one that was cut when the machine stopped says nothing."""
    try:
        lines = folder.journal.read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:
            continue
