"""A folder that the program keeps: what it made last time may go, what people changed may not."""

import json
from collections.abc import Mapping
from pathlib import Path

from batch import fichiers
from batch.chaine.ouverture import content_of
from batch.folder import Folder


def renew(folder: Folder, depot: Path, made: Mapping[str, bytes]) -> list[str]:
    """Write what is made now (name -> bytes) and take away what no longer is; what was written.

    A file that somebody has retouched since is kept: as it is while it would be made the same,
    set aside under another name when it must change.
    """
    record = folder.root / ".jury" / f"{depot.name}.json"
    before: dict[str, str] = {}
    if record.is_file():
        before = json.loads(record.read_text(encoding="utf-8"))
    written: list[str] = []
    for name, content in made.items():
        path = depot / name
        fresh = fichiers.fingerprint(content)
        if path.is_file() and name in before:
            current = content_of(path)
            if fichiers.fingerprint(current) not in (before[name], fresh):
                if fresh == before[name]:
                    continue
                aside = path.with_name(f"{path.stem} (retouché à la main){path.suffix}")
                fichiers.write(aside, current)
        if fichiers.write(path, content):
            written.append(folder.relative(path))
    for name in before.keys() - made.keys():
        path = depot / name
        if path.is_file() and fichiers.fingerprint(content_of(path)) == before[name]:
            path.unlink()
    if made or before:
        now = {name: fichiers.fingerprint(content) for name, content in made.items()}
        text = json.dumps(now, ensure_ascii=False, indent=1) + "\n"
        fichiers.write(record, text.encode())
    return written
