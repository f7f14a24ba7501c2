"""What the correction of a grid holds: what goes back into it, and what is to be mended there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from batch.anomalies import Code, Lieu
from batch.classeurs.grille.forme import Numero

# What the evaluator can mend on a fresh grid; the others are the gestionnaire's to settle.
GUERISSABLES = frozenset(
    {
        Code.LIGNE_ETRANGERE, Code.LIGNE_DOUBLE, Code.COLONNE_INTROUVABLE, Code.GRILLE_DOUBLE,
        Code.TEMOIN_DEPLACE, Code.NOTE_INCONNUE, Code.NOTE_MANQUE, Code.COMMENTAIRE_MANQUE,
        Code.NOTE_DATE, Code.NOTE_FORMULE, Code.NOTE_HORS_BORNES, Code.TEXTE_TROP_LONG,
        Code.NOTE_MAL_PLACEE, Code.NOTE_ERREUR, Code.NOTE_AMBIGUE, Code.NOTE_PLUSIEURS,
        Code.NOTE_ABSENT,
        Code.PRESENCE_INCONNUE, Code.ABSENT_NOTE,
    }
)  # fmt: skip
# Where no version may be chosen and a blank would choose one: no scale knows this word.
A_PRECISER = "à préciser"


class Place(NamedTuple):
    """An input of a grid: whose sheet, which row (None: the presence), which column."""

    numero: Numero
    ligne: str | None
    colonne: int


@dataclass(frozen=True, slots=True)
class Faute:
    """One thing to mend: what is wrong, and what to do, as a sentence to the evaluator."""

    phrase: str
    remede: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What goes back into a fresh grid, and what is to be mended there."""

    saisies: Mapping[Place, str]
    fautes: Mapping[Place, tuple[Faute, ...]]
    ailleurs: tuple[tuple[Lieu, str], ...]  # texts that no input of the grid had
    remplace: tuple[str, ...]  # fingerprints of the files that it stands in for

    def saisie(self, place: Place) -> str | None:
        return self.saisies.get(place)


RIEN = Correction({}, {}, (), ())
