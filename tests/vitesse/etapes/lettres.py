"""The letters to the candidates, from the sitting to the .docx in memory."""

import zlib
from collections.abc import Iterable, Iterator

from batch.documents import edition
from batch.documents.edition import LETTRE, Feuille
from batch.folder import Folder

from ..session import Etat
from . import papiers
from .etape import LIMITE, NAIF, NOUS, Etape, Travail


def _letters(folder: Folder) -> list[Feuille]:
    seance = papiers.sitting(folder)
    return [one for one in edition.feuilles(seance) if one.gabarit == LETTRE]


def naif(folder: Folder) -> Travail:
    letters = _letters(folder)
    return lambda: dict(papiers.docxtpl(letters))


def nous(folder: Folder) -> Travail:
    seance = papiers.sitting(folder)
    return lambda: edition.letters(seance)


def limite(folder: Folder) -> Travail:
    """All their parts deflated at the level of the .docx themselves, and nothing else."""
    parts = papiers.deflated(edition.letters(papiers.sitting(folder)).values())

    def travail() -> None:
        for own in parts:
            for part in own:
                zlib.compress(part, 6)

    return travail


def temoin(_: Folder, made: dict[str, bytes]) -> Iterable[str]:
    def each() -> Iterator[str]:
        for nom, content in made.items():
            yield from papiers.canonical(nom, content)

    return each()


ETAPE = Etape(
    nom="lettres",
    titre="Lettres",
    vise="≥ 7 × naïf, ≤ 2 × limite",
    facons={NAIF: naif, NOUS: nous, LIMITE: limite},
    temoin=temoin,
    etat=Etat.DECIDEE,
    imports=("docxtpl", "openpyxl", "pandera.pandas", "batch.documents.rendu"),
)
