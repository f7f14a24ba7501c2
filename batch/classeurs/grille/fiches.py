"""What came back of a grid: its sheet, its rows, each with its place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, overload

from batch.anomalies import Lieu
from batch.classeurs.cellules import Cellule
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.forme import Forme, Ligne


def place_of(feuille: Lieu, cellule: Cellule) -> Lieu:
    return Lieu(feuille.fichier, feuille.feuille, cellule.adresse)


class Saisie(NamedTuple):
    """One rated row as it came back: a tuple, for they are made each time they are looked at."""

    ligne: Ligne
    note: Cellule
    commentaire: str | None
    feuille: Lieu
    adresse_commentaire: str
    # What stands on the row beside the rating, where a rating may have been written by mistake.
    ailleurs: tuple[Cellule, ...] = ()

    @property
    def lieu(self) -> Lieu:
        return place_of(self.feuille, self.note)

    @property
    def lieu_commentaire(self) -> Lieu:
        return replace(self.feuille, cellule=self.adresse_commentaire)

    @property
    def vide(self) -> bool:
        return self.note.texte is None and self.commentaire is None

    @property
    def contenu(self) -> tuple[str | None, str | None]:
        return self.note.texte, self.commentaire


@dataclass(frozen=True, slots=True)
class Saisies(Sequence[Saisie]):
    """The rows of one sheet, held in little room, each made when it is asked for: a session of ten
    thousand candidates has half a million of them."""

    feuille: Lieu
    # For each row: Ligne, the rating's row, column, value and formula, the comment, its address,
    # what stands beside.
    items: tuple[Any, ...]

    @classmethod
    def of(cls, feuille: Lieu, saisies: Iterable[Saisie]) -> "Saisies":
        return cls(
            feuille,
            tuple(
                item
                for own in saisies
                for item in (
                    own.ligne,
                    *own.note,
                    own.commentaire,
                    own.adresse_commentaire,
                    own.ailleurs,
                )
            ),
        )

    @property
    def lignes(self) -> tuple[Ligne, ...]:
        return self.items[::_ITEMS]

    def __len__(self) -> int:
        return len(self.items) // _ITEMS

    def __iter__(self) -> Iterator[Saisie]:
        for start in range(0, len(self.items), _ITEMS):
            yield self._at(start)

    @overload
    def __getitem__(self, rang: int) -> Saisie: ...
    @overload
    def __getitem__(self, rang: slice) -> "tuple[Saisie, ...]": ...
    def __getitem__(self, rang: int | slice) -> "Saisie | tuple[Saisie, ...]":
        starts = range(0, len(self.items), _ITEMS)[rang]
        return self._at(starts) if isinstance(starts, int) else tuple(map(self._at, starts))

    def _at(self, start: int) -> Saisie:
        ligne, rang, colonne, valeur, formule, *rest = self.items[start : start + _ITEMS]
        commentaire, adresse, ailleurs = rest
        note = Cellule(rang, colonne, valeur, formule)
        return Saisie(ligne, note, commentaire, self.feuille, adresse, ailleurs)


_ITEMS = 8


@dataclass(frozen=True, slots=True)
class FicheLue:
    """What came back of one sheet."""

    forme: Forme
    lieu: Lieu
    presence: str | None
    lieu_presence: Lieu
    saisies: Saisies
    # Rows that came back and were refused, each with its reason.
    refusees: frozenset[str] = frozenset()

    @property
    def candidats(self) -> tuple[str, ...]:
        return tuple(candidat.id for candidat in self.forme.fiche.candidats)

    @property
    def vide(self) -> bool:
        """Nobody has written in it: a row that was refused held something."""
        said = self.presence == f.PRESENCES[1] or bool(self.refusees)
        return not said and all(saisie.vide for saisie in self.saisies)
