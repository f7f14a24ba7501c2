"""What came back of a grid: its sheet, its rows, each with its place."""

from dataclasses import dataclass

from batch.anomalies import Lieu
from batch.classeurs.cellules import Cellule
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.forme import Forme, Ligne


@dataclass(frozen=True, slots=True)
class Saisie:
    """One rated row as it came back."""

    ligne: Ligne
    note: Cellule
    commentaire: str | None
    lieu: Lieu
    lieu_commentaire: Lieu
    # What stands on the row beside the rating, where a rating may have been written by mistake.
    ailleurs: tuple[tuple[Cellule, Lieu], ...] = ()

    @property
    def vide(self) -> bool:
        return self.note.texte is None and self.commentaire is None

    @property
    def contenu(self) -> tuple[str | None, str | None]:
        return self.note.texte, self.commentaire


@dataclass(frozen=True, slots=True)
class FicheLue:
    """What came back of one sheet."""

    forme: Forme
    lieu: Lieu
    presence: str | None
    lieu_presence: Lieu
    saisies: tuple[Saisie, ...]
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
