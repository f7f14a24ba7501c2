"""What every stage is: the ways to do its work, and how to know that they did the same."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from batch.allure import Allure
from batch.folder import Folder

from ..session import Etat

# A way is given its own copy of the session; it makes ready, and gives back what is to be timed.
Travail = Callable[[], Any]
Facon = Callable[[Folder], Travail]


@dataclass(frozen=True, slots=True)
class Etape:
    """A stage. `entiere`: the clock holds the interpreter's start and the imports too."""

    nom: str
    titre: str
    vise: str  # what the ratios are to be
    facons: Mapping[str, Facon]  # among FACONS, in that order
    # What a way left, as pieces that the other must have left too: told from the session it worked
    # on and what it gave back, once the clock has stopped.
    temoin: Callable[[Folder, Any], Iterable[str]] | None = None
    etat: Etat = Etat.RENDUE
    fautes: bool = False
    imports: tuple[str, ...] = ()  # paid before the clock starts
    entiere: bool = False
    candidats_max: int | None = None  # beyond, nobody would wait for the plain way


# Ours, where only what one process does is to be timed.
SEUL = Allure(1)

NAIF, NOUS, LIMITE = FACONS = ("naif", "nous", "limite")


def empreinte(pieces: Iterable[str]) -> str:
    """The same pieces, in whatever order, have the same fingerprint."""
    digest = hashlib.sha256()
    for piece in sorted(pieces):
        digest.update(piece.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def files(folder: Path, motif: str) -> list[Path]:
    return sorted(path for path in folder.rglob(motif) if path.is_file())
