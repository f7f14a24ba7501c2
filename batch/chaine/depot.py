"""A folder that the program keeps: what it made last time may go, what people changed may not."""

import json
from collections.abc import Mapping
from pathlib import Path

from batch import fichiers, transaction
from batch.chaine.ouverture import content_of
from batch.folder import Folder


def renew(folder: Folder, depot: Path, made: Mapping[str, bytes]) -> list[str]:
    """Write what is made now (name -> bytes) and take away what no longer is; what was written.

    A file that somebody has retouched since is kept: as it is while it would be made the same,
    set aside under another name when it must change. All of it at once, or nothing.
    """
    record = folder.root / ".jury" / f"{depot.name}.json"
    before: dict[str, str] = {}
    if record.is_file():
        before = json.loads(record.read_text(encoding="utf-8"))
    writes: dict[str, bytes] = {}
    for name, content in made.items():
        path = depot / name
        fresh = fichiers.fingerprint(content)
        if path.is_file() and name in before:
            current = content_of(path)
            if fichiers.fingerprint(current) not in (before[name], fresh):
                if fresh == before[name]:
                    continue
                writes[folder.relative(transaction.set_aside(path))] = current
        writes[folder.relative(path)] = content
    gone = [name for name in before if name not in made]
    stale = [name for name in gone if transaction.fingerprint_of(depot / name) == before[name]]
    if made or before:
        now = {name: fichiers.fingerprint(content) for name, content in made.items()}
        text = json.dumps(now, ensure_ascii=False, indent=1) + "\n"
        writes[folder.relative(record)] = text.encode()
    removals = [folder.relative(depot / name) for name in stale]
    changed = transaction.commit(folder.root, writes, removals)
    return [name for name in changed if not name.startswith(".jury/")]
