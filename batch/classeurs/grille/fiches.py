"""What came back of a grid: its sheet, its rows, each with its place."""

from dataclasses import dataclass, replace

from batch.anomalies import Lieu
from batch.classeurs.cellules import Cellule
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.forme import Forme, Ligne


def place_of(feuille: Lieu, cellule: Cellule) -> Lieu:
    return Lieu(feuille.fichier, feuille.feuille, cellule.adresse)


@dataclass(frozen=True, slots=True)
class Saisie:
    """One rated row as it came back.

    A session has half a million of them, and few are spoken of: places are made when asked for.
    """

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
