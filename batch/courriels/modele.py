"""What a mail is before it is bytes."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from batch.anomalies import Lieu


class Genre(StrEnum):
    """What a mail is about; also the name of its drafts' folder and of its templates."""

    GRILLES = "grilles"
    RESULTATS = "resultats"
    RELANCES = "relances"

    @property
    def document(self) -> str:
        """What the person is to receive, as a sentence names it."""
        return "sa lettre de résultat" if self is Genre.RESULTATS else "ses grilles"


@dataclass(frozen=True, slots=True)
class Personne:
    """Somebody of the session: his number there, his name, and where his address is typed."""

    id: str
    prenom: str
    nom: str
    adresse: str | None
    lieu: "Lieu"

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"

    def __str__(self) -> str:
        return f"{self.nom_complet} ({self.id})"


@dataclass(frozen=True, slots=True)
class Piece:
    """An attachment, and whose it is: the numbers found inside it, or in our own record of it."""

    nom: str
    contenu: bytes
    identites: frozenset[str]

    @property
    def empreinte(self) -> str:
        return hashlib.sha256(self.contenu).hexdigest()


@dataclass(frozen=True, slots=True)
class Courriel:
    """One mail to one person."""

    session: str
    genre: Genre
    personne: Personne
    objet: str
    texte: str
    html: str
    pieces: tuple[Piece, ...]
    expediteur: str  # the name that the recipient sees
    contact: str  # the address that answers reach
    date: datetime
    # Of a reminder, how many came before it: two with the same grids are two mails.
    rang: int = 0

    @property
    def document(self) -> str:
        """The fingerprint of what is sent: with the person's number, the key of the ledger."""
        parts = [piece.empreinte for piece in self.pieces]
        return _digest(self.session, self.genre.value, str(self.rang), *parts)

    @property
    def empreinte(self) -> str:
        """The fingerprint of all that the recipient sees; its date apart."""
        names = [piece.nom for piece in self.pieces]
        seen = (self.personne.adresse or "", self.personne.nom_complet, self.objet, self.texte)
        return _digest(self.document, *seen, self.html, self.expediteur, self.contact, *names)


def _digest(*parts: str) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
