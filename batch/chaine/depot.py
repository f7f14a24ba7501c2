"""A folder that the program keeps: what it made last time may go, what people changed may not.

`serie` names what one command makes there; its record in .jury/ holds the fingerprint of each.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from batch import fichiers, transaction
from batch.chaine.ouverture import content_of
from batch.folder import Folder, shown
from batch.transaction import Contenu


def renew(
    folder: Folder,
    depot: Path,
    serie: str,
    made: Mapping[str, Contenu],
    record: Mapping[str, bytes] = MappingProxyType({}),
) -> list[str]:
    """Write what is made now (name -> bytes) and take away what no longer is, all of it at once or
    nothing; which files of the folder changed. `record`: what `Ouvrages` is to remember of it."""
    if not made and not last(folder, serie):
        return []
    writes, removals = plan(folder, depot, serie, made)
    changed = transaction.commit(folder.root, {**writes, **record}, removals)
    return shown(changed)


def plan(
    folder: Folder, depot: Path, serie: str, made: Mapping[str, Contenu]
) -> tuple[dict[str, Contenu], list[str]]:
    """What to write, the record included, and what to remove.

    A file that somebody has retouched since is kept: as it is while it would be made the same,
    set aside under another name when it must change.
    """
    before = last(folder, serie)
    writes: dict[str, Contenu] = {}
    for name, content in made.items():
        path = depot / name
        fresh = transaction.fingerprint(content)
        if path.is_file() and name in before:
            current = content_of(path)
            if fichiers.fingerprint(current) not in (before[name], fresh):
                if fresh == before[name]:
                    continue
                writes[folder.relative(transaction.set_aside(path))] = current
        writes[folder.relative(path)] = content
    gone = [name for name in before if name not in made]
    stale = [name for name in gone if transaction.fingerprint_of(depot / name) == before[name]]
    writes |= _record(folder, serie, transaction.fingerprints(made))
    return writes, [folder.relative(depot / name) for name in stale]


def last(folder: Folder, serie: str) -> dict[str, str]:
    """The fingerprint of each file of this set, as it was made last."""
    path = _path(folder, serie)
    if not path.is_file():
        return {}
    return {str(k): str(v) for k, v in json.loads(path.read_text(encoding="utf-8")).items()}


def joined(folder: Folder, serie: str, made: Mapping[str, Contenu]) -> dict[str, bytes]:
    """The record to write once these are made besides what is there."""
    return _record(folder, serie, {**last(folder, serie), **transaction.fingerprints(made)})


def _record(folder: Folder, serie: str, made: Mapping[str, str]) -> dict[str, bytes]:
    return {folder.relative(_path(folder, serie)): fichiers.as_json(made)}


def _path(folder: Folder, serie: str) -> Path:
    return folder.root / ".jury" / f"{serie}.json"
