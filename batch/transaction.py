"""Several files of a session, changed together: all of them or none, whenever the run is killed.

Every new content is first laid under .jury/transaction/, beside a plan. The plan's last rename is
the commit: before it, nothing has happened; after it, `recover`, which every command calls before
anything else, carries the plan through.

What is too much for the memory is laid on the disk as it is made, under .jury/brouillons/: a
transaction takes it from there, or it is forgotten.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch import fichiers
from batch.empechement import Empechement

_PLACE = Path(".jury", "transaction")
BROUILLONS = Path(".jury", "brouillons")
_PLAN = "plan.json"
JOURNAL = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class Brouillon:
    """A content that waits on the disk; `chemin` is its own place where it already stands there."""

    chemin: Path
    empreinte: str


Contenu = bytes | Brouillon
Poser = Callable[[Iterable[tuple[str, Contenu]]], dict[str, Brouillon]]
# What changes (name -> fingerprint) -> the line that tells it.
Journal = Callable[[Mapping[str, str]], str]


@contextmanager
def drafts(root: Path, depot: Path) -> Iterator[Poser]:
    """What lays contents on the disk one by one, under the names they are to have in `depot`; they
    last as long as the block. What already reads so is not written."""
    place = root / BROUILLONS

    def lay(contents: Iterable[tuple[str, Contenu]]) -> dict[str, Brouillon]:
        laid = {}
        for name, content in contents:
            if isinstance(content, Brouillon):
                laid[name] = content
                continue
            own, path = fichiers.fingerprint(content), depot / name
            if fingerprint_of(path) != own:
                path = fichiers.lay(place, content)
            laid[name] = Brouillon(path, own)
        return laid

    try:
        yield lay
    finally:
        shutil.rmtree(place, ignore_errors=True)


def commit(
    root: Path,
    writes: Mapping[str, Contenu],
    removals: Iterable[str] = (),
    journal: Journal | None = None,
    yielding: Iterable[str] = (),
) -> list[str]:
    """Make the files under `root` read so, and say which ones changed.

    The line of `journal` is added to the journal with them. Of a run that was killed, a file that
    somebody changed before the next one is set aside under another name; if it is among `yielding`,
    it stays and our own content is dropped.
    """
    place = root / _PLACE
    before = {name: fingerprint_of(root / name) for name in (*writes, *removals)}
    after = fingerprints(writes)
    changed = {name: own for name, own in after.items() if before[name] != own}
    line = journal(changed) if journal is not None else None
    gone = [name for name in removals if before[name] is not None and name not in writes]
    if changed or gone:
        shutil.rmtree(place, ignore_errors=True)
        for rank, name in enumerate(changed):
            fichiers.move(_laid(root, name, writes[name]), place / str(rank))
        fichiers.make_sure([place / str(rank) for rank in range(len(changed))])
        plan = {
            "fichiers": [[name, before[name], own] for name, own in changed.items()],
            "retraits": [[name, before[name]] for name in gone],
            "cedent": [name for name in yielding if name in changed],
            "journal": line,
        }
        fichiers.write(place / _PLAN, json.dumps(plan, ensure_ascii=False).encode())
        _carry_through(root, plan)
    elif line is not None:
        fichiers.append_line(root / JOURNAL, line)
    return list(changed)


def _laid(root: Path, name: str, content: Contenu) -> Path:
    if isinstance(content, bytes):
        return fichiers.lay(root / _PLACE, content)
    if content.chemin == root / name:
        raise Empechement(
            f"{name} a été modifié pendant le traitement : rien n'a été écrit. "
            f"Relancez la commande."
        )
    return content.chemin


def pending(root: Path) -> bool:
    """A run that was killed, or one that is at work, has left something here."""
    return (root / _PLACE).is_dir()


def recover(root: Path) -> None:
    """Carry through what was committed, forget what was not."""
    place, brouillons = root / _PLACE, root / BROUILLONS
    if brouillons.is_dir():
        shutil.rmtree(brouillons, ignore_errors=True)
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


def fingerprint(content: Contenu) -> str:
    return content.empreinte if isinstance(content, Brouillon) else fichiers.fingerprint(content)


def fingerprints(contents: Mapping[str, Contenu]) -> dict[str, str]:
    return {name: fingerprint(content) for name, content in contents.items()}


def fingerprint_of(path: Path) -> str | None:
    return fichiers.fingerprint(path.read_bytes()) if path.is_file() else None


def _last_line(path: Path) -> str | None:
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return lines[-1] if lines else None
