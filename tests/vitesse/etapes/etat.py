"""jury etat on a session that was treated, beside click and the reading of its files."""

from pathlib import Path

from batch import chaine
from batch.folder import Folder

from ..session import NOW
from .demarrage import command, jury
from .etape import LIMITE, NOUS, Etape, Travail

_LIMITE = """
import click, hashlib, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*")):
    if path.is_file():
        hashlib.sha256(path.read_bytes()).hexdigest()
"""


def nous(folder: Folder) -> Travail:
    chaine.treat(folder, NOW)
    return jury("etat", str(folder.root))


def limite(folder: Folder) -> Travail:
    """click imported, and the fingerprint of each file that the état depends on."""
    kept = Path(folder.retours)
    return command("-c", _LIMITE, str(kept))


ETAPE = Etape(
    nom="etat",
    titre="jury etat",
    vise="≤ 3 × limite",
    facons={NOUS: nous, LIMITE: limite},
    fautes=True,
)
