"""A closed session's pieces, once it has been examined, sealed in one file."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from batch import fichiers
from batch.archive import forme
from batch.archive.forme import Piece, Scellee
from batch.chaine import archive
from batch.folder import Folder

from ..session import NOW, Etat
from .etape import LIMITE, NAIF, NOUS, Etape, Travail


def _sealed(folder: Folder) -> Scellee:
    """What an archive of it holds. The examination before is timed by the other stages."""
    sealed = archive.seal(folder, NOW, sortie=folder.root / "scellee.jury.zip")
    return archive.opened(sealed.chemin.name, sealed.chemin.read_bytes())


def naif(folder: Folder) -> Travail:
    """Everything zipped again, and a fingerprint of each file in a list."""
    pieces = _sealed(folder).pieces

    def travail() -> Path:
        target = folder.root / "naif.zip"
        listed = {}
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for nom, content in pieces.items():
                listed[nom] = hashlib.sha256(content).hexdigest()
                package.writestr(nom, content)
            package.writestr("manifeste.json", json.dumps(listed))
        return target

    return travail


def nous(folder: Folder) -> Travail:
    sealed = _sealed(folder)

    def travail() -> Path:
        target = folder.root / "nous.zip"
        pieces = {nom: Piece.of(content) for nom, content in sealed.pieces.items()}
        made = forme.assemble(replace(sealed.manifeste, pieces=pieces), sealed.pieces, NOW.date())
        fichiers.put(target, *made.morceaux)
        return target

    return travail


def limite(folder: Folder) -> Travail:
    """SHA-256 of the same bytes."""
    pieces = _sealed(folder).pieces
    return lambda: [hashlib.sha256(content).hexdigest() for content in pieces.values()]


def temoin(_: Folder, sealed: Path) -> Iterable[str]:
    """The pieces, and their fingerprints; each has its own manifest besides."""
    with zipfile.ZipFile(sealed) as package:
        return [
            f"{name} {hashlib.sha256(package.read(name)).hexdigest()}"
            for name in package.namelist()
            if "/" in name
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
