"""A folder where people drop things -> every workbook in it, and the reason of all the rest.

A file that vanishes, is locked or is no file at all is a refused file, not the end of the run.
"""

import os
import stat
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from batch.anomalies import Code, Lieu
from batch.reception import limites
from batch.reception.contenants import Ecarte, Piece, debris, ignored, open_piece

_CLASSEURS = (".xlsx", ".xlsm", ".xls", ".ods")


def receive(racine: Path, nom: str) -> Iterator[Piece | Ecarte]:
    """Everything under this folder, in the order of the names, those inside zips and mails too.

    `nom`: what the user calls the folder; each name given back begins with it.
    """
    try:
        with os.scandir(racine) as found:
            entries = sorted(found, key=lambda e: (unicodedata.normalize("NFC", e.name), e.name))
    except OSError as error:
        yield _unreachable(nom, error)
        return
    for entry in entries:
        # A name that is not Unicode stays printable.
        own = f"{nom}/{entry.name.encode('utf-8', 'replace').decode()}"
        yield from _receive_one(entry, own)


def _receive_one(entry: os.DirEntry[str], nom: str) -> Iterator[Piece | Ecarte]:
    reason = debris(nom)
    try:
        if entry.is_symlink():
            Path(entry.path).stat()  # one that leads nowhere has lost something: it is refused
            yield ignored(
                nom, "c'est un lien vers un autre endroit, et seul ce qui est ici fait foi"
            )
        elif entry.is_dir():
            if entry.name.casefold().endswith(_CLASSEURS):
                yield Ecarte(nom, Code.DOSSIER_CLASSEUR.at(Lieu(nom), nom=nom))
            else:
                yield from receive(Path(entry.path), nom)
        elif reason:
            yield ignored(nom, reason)
        else:
            yield from _read(Path(entry.path), nom)
    except OSError as error:
        yield _unreachable(nom, error)


def _read(path: Path, nom: str) -> Iterator[Piece | Ecarte]:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "ce n'est pas un fichier ordinaire")
    if found.st_size > limites.CONTENANT:
        reason = f"plus de {limites.CONTENANT // 1024**2} Mo"
        yield Ecarte(nom, Code.FICHIER_TROP_GROS.at(Lieu(nom), nom=nom, raison=reason))
        return
    with path.open("rb") as stream:
        content = stream.read(limites.CONTENANT + 1)
    yield from open_piece(nom, content)


def _unreachable(nom: str, error: OSError) -> Ecarte:
    reasons = {
        PermissionError: "l'accès en est refusé, ou un autre programme le tient ouvert",
        FileNotFoundError: "il n'est plus là, ou il mène à un fichier qui n'y est plus",
    }
    reason = reasons.get(type(error)) or error.strerror or type(error).__name__
    anomalie = Code.FICHIER_INACCESSIBLE.at(Lieu(nom), nom=nom, raison=reason)
    return Ecarte(nom, anomalie)
