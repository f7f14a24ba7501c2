"""Several files of a session, changed together: all of them or none, whenever the run is killed.

Every new content is first laid under .jury/transaction/, beside a plan. The plan's last rename is
the commit: before it, nothing has happened; after it, `recover`, which every command calls before
anything else, carries the plan through.
"""

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from batch import fichiers

_PLACE = Path(".jury", "transaction")
_PLAN = "plan.json"
JOURNAL = "journal.jsonl"


def commit(
    root: Path,
    writes: Mapping[str, bytes],
    removals: Iterable[str] = (),
    journal: str | None = None,
    yielding: Iterable[str] = (),
) -> list[str]:
    """Make the files under `root` read so, and say which ones changed.

    `journal` is added to the journal with them. Of a run that was killed, a file that somebody
    changed before the next one is set aside under another name; if it is among `yielding`, it
    stays and our own content is dropped.
    """
    place = root / _PLACE
    before = {name: fingerprint_of(root / name) for name in (*writes, *removals)}
    after = {name: fichiers.fingerprint(content) for name, content in writes.items()}
    changed = [name for name in writes if before[name] != after[name]]
    gone = [name for name in removals if before[name] is not None and name not in writes]
    if changed or gone:
        shutil.rmtree(place, ignore_errors=True)
        for rank, name in enumerate(changed):
            fichiers.write(place / str(rank), writes[name])
        plan = {
            "fichiers": [[name, before[name], after[name]] for name in changed],
            "retraits": [[name, before[name]] for name in gone],
            "cedent": [name for name in yielding if name in changed],
            "journal": journal,
        }
        fichiers.write(place / _PLAN, json.dumps(plan, ensure_ascii=False).encode())
        _carry_through(root, plan)
    elif journal is not None:
        fichiers.append_line(root / JOURNAL, journal)
    return changed


def pending(root: Path) -> bool:
    """A run that was killed, or one that is at work, has left something here."""
    return (root / _PLACE).is_dir()


def recover(root: Path) -> None:
    """Carry through what was committed, forget what was not."""
    place = root / _PLACE
    if (place / _PLAN).is_file():
        _carry_through(root, json.loads((place / _PLAN).read_text(encoding="utf-8")))
    elif place.is_dir():
        shutil.rmtree(place, ignore_errors=True)


def _carry_through(root: Path, plan: Mapping[str, Any]) -> None:
    """Each step can be done again: a second run takes up where the first one was killed."""
    place = root / _PLACE
    for rank, (name, before, after) in enumerate(plan["fichiers"]):
        staged, target = place / str(rank), root / name
        current = fingerprint_of(target)
        if not staged.is_file() or current == after:
            continue
        if current not in (before, None):
            if name in plan["cedent"]:
                continue
            fichiers.write(set_aside(target), target.read_bytes())
        fichiers.move(staged, target)
    for name, before in plan["retraits"]:
        if fingerprint_of(root / name) == before:
            fichiers.remove(root / name)
    line = plan["journal"]
    if line is not None and _last_line(root / JOURNAL) != line:
        fichiers.append_line(root / JOURNAL, line)
    fichiers.remove(place / _PLAN)
    shutil.rmtree(place, ignore_errors=True)


def set_aside(path: Path) -> Path:
    """Where what somebody has retouched goes when its place is needed."""
    return path.with_name(f"{path.stem} (retouché à la main){path.suffix}")


def fingerprint_of(path: Path) -> str | None:
    return fichiers.fingerprint(path.read_bytes()) if path.is_file() else None


def _last_line(path: Path) -> str | None:
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return lines[-1] if lines else None
