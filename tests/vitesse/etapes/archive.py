"""A closed session, sealed in one file."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

from batch.chaine import archive
from batch.folder import Folder

from ..session import NOW, Etat
from .etape import LIMITE, NAIF, NOUS, Etape, Travail


def _pieces(folder: Folder) -> list[Path]:
    """What goes into our own archive, where it lies."""
    with zipfile.ZipFile(_sealed(folder)) as package:
        names = [name for name in package.namelist() if name.startswith(_SESSION)]
    return [folder.root / name.removeprefix(_SESSION) for name in names]


_SESSION = "session/"
_JOURNAL = f"{_SESSION}journal.jsonl"  # it holds the hour of the sealing


def _sealed(folder: Folder) -> Path:
    return archive.seal(folder, NOW).chemin


def naif(folder: Folder) -> Travail:
    """Everything zipped again, and a fingerprint of each file in a list."""
    pieces = _pieces(folder)

    def travail() -> Path:
        target = folder.root / "naif.zip"
        listed = {}
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for path in pieces:
                content = path.read_bytes()
                listed[path.name] = hashlib.sha256(content).hexdigest()
                package.writestr(_SESSION + path.relative_to(folder.root).as_posix(), content)
            package.writestr("manifeste.json", json.dumps(listed))
        return target

    return travail


def nous(folder: Folder) -> Travail:
    return lambda: _sealed(folder)


def limite(folder: Folder) -> Travail:
    """SHA-256 of the same bytes."""
    pieces = _pieces(folder)
    return lambda: [hashlib.sha256(path.read_bytes()).hexdigest() for path in pieces]


def temoin(folder: Folder, sealed: Path) -> Iterable[str]:
    """What both hold of the session; ours holds besides what it was made with."""
    with zipfile.ZipFile(sealed) as package:
        return [
            f"{name} {hashlib.sha256(package.read(name)).hexdigest()}"
            for name in package.namelist()
            if name.startswith(_SESSION) and name != _JOURNAL
        ]


ETAPE = Etape(
    nom="archive",
    titre="Archive scellée",
    vise="≤ 2,5 × limite",
    facons={NAIF: naif, NOUS: nous, LIMITE: limite},
    temoin=temoin,
    etat=Etat.CLOSE,
    imports=("openpyxl", "pandera.pandas", "docxtpl", "batch.documents.rendu"),
)
