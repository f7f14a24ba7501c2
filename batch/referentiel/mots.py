"""What each level of a référentiel is called, with its article: « la compétence », « du bloc »."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Nom:
    article: str
    mot: str
    feminin: bool

    def le(self, identifiant: str) -> str:
        """« la compétence C1 »."""
        return f"{self.article}{self.mot} {identifiant}"

    def du(self, identifiant: str) -> str:
        """« de la compétence C1 », « du bloc BC1 »."""
        return f"du {self.mot} {identifiant}" if self._le else f"de {self.le(identifiant)}"

    def au(self, identifiant: str) -> str:
        """« à la compétence C1 », « au bloc BC1 »."""
        return f"au {self.mot} {identifiant}" if self._le else f"à {self.le(identifiant)}"

    def accord(self, participe: str) -> str:
        """« ajouté » -> « ajoutée »."""
        return f"{participe}e" if self.feminin else participe

    @property
    def pluriel(self) -> str:
        return f"{self.mot}s"

    @property
    def _le(self) -> bool:
        return self.article == "le "


# By the rubric of the YAML, in the document's order.
NOMS = {
    "blocs": Nom("le ", "bloc", feminin=False),
    "activites": Nom("l’", "activité", feminin=True),
    "competences": Nom("la ", "compétence", feminin=True),
    "epreuves": Nom("l’", "épreuve", feminin=True),
    "criteres": Nom("le ", "critère", feminin=False),
}
