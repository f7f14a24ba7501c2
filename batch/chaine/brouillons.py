"""The drafts in courriels/, and our own record of what each was when it was written.

A draft that somebody has retouched, or that the session would no longer make the same, does not
leave.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from batch import fichiers
from batch.anomalies import Anomalie, Code, Empechement, Lieu
from batch.chaine.ouverture import content_of
from batch.chaine.pieces import Dates
from batch.courriels import message
from batch.courriels.modele import Courriel, Genre
from batch.courriels.registre import Registre, Sort
from batch.folder import Folder

COMMANDE = {
    Genre.GRILLES: "jury courriels preparer … grilles",
    Genre.RESULTATS: "jury courriels preparer … resultats",
    Genre.RELANCES: "jury relancer … --preparer",
}


class Brouillons:
    """Every draft of a session by its name in the folder. The record holds numbers and
    fingerprints only; `save` writes it, the drafts themselves are written at once."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        path = folder.releve_courriels
        try:
            text = path.read_text(encoding="utf-8") if path.is_file() else "{}"
            self._entries: dict[str, dict[str, Any]] = json.loads(text)
        except (OSError, ValueError) as error:
            raise Empechement(
                f"Le relevé des brouillons ({folder.relative(path)}) est abîmé. Effacez-le, "
                f"puis préparez de nouveau les messages."
            ) from error

    def name_of(self, courriel: Courriel) -> str:
        """« courriels/grilles/E01 FABRE.eml »."""
        personne = courriel.personne
        name = fichiers.safe_name(f"{personne.id} {personne.nom.upper()}")
        return self._folder.relative(self._folder.courriels / courriel.genre.value / f"{name}.eml")

    def of(self, genre: Genre) -> dict[str, Mapping[str, Any]]:
        return {name: one for name, one in self._entries.items() if one["genre"] == genre.value}

    def dates(self, genre: Genre, otherwise: datetime) -> Dates:
        """When each person's draft was made: what is composed again must say the same."""
        known = {
            one["personne"]: datetime.fromisoformat(one["quand"]) for one in self.of(genre).values()
        }
        return lambda personne: known.get(personne, otherwise)

    def ranks(self, genre: Genre) -> dict[str, int]:
        return {one["personne"]: one["rang"] for one in self.of(genre).values()}

    def is_standing(self, courriel: Courriel) -> bool:
        """This very mail lies there as it was written."""
        before = self._entries.get(self.name_of(courriel))
        return (
            before is not None
            and before["contenu"] == courriel.empreinte
            and self._is_intact(self.name_of(courriel))
        )

    def fault(self, courriel: Courriel) -> Anomalie | None:
        """Why this mail may not leave as its draft stands."""
        name, qui = self.name_of(courriel), courriel.personne
        before, commande = self._entries.get(name), COMMANDE[courriel.genre]
        if before is None or not (self._folder.root / name).is_file():
            return Code.MESSAGE_NON_PREPARE.at(Lieu(name), qui=qui, commande=commande)
        if before["contenu"] != courriel.empreinte:
            return Code.MESSAGE_PERIME.at(Lieu(name), qui=qui, commande=commande)
        if not self._is_intact(name):
            return Code.BROUILLON_MODIFIE.at(Lieu(name), fichier=name, qui=qui)
        return None

    def write(self, courriel: Courriel) -> str:
        """Lay the draft down; its name."""
        name, content = self.name_of(courriel), message.draft(courriel)
        fichiers.write(self._folder.root / name, content)
        self._entries[name] = {
            "genre": courriel.genre.value,
            "personne": courriel.personne.id,
            "quand": courriel.date.isoformat(),
            "rang": courriel.rang,
            "document": courriel.document,
            "contenu": courriel.empreinte,
            "fichier": fichiers.fingerprint(content),
        }
        return name

    def withdraw(self, genre: Genre, current: Collection[str] = ()) -> list[str]:
        """Take away the drafts that must not be sent any more; one that was retouched is left."""
        gone = []
        for name in self.of(genre).keys() - set(current):
            if self._is_intact(name):
                self._unlink(name)
                gone.append(name)
            del self._entries[name]
        return sorted(gone)

    def drop(self, name: str) -> None:
        """Take this draft away, as it is: its mail has arrived."""
        if name in self._entries:
            self._unlink(name)
            del self._entries[name]

    def drop_sent(self, courriels: Iterable[Courriel], registre: Registre) -> None:
        """A draft opened after its mail has left would be sent twice."""
        for courriel in courriels:
            if registre.sort(courriel) is Sort.ENVOYE:
                self.drop(self.name_of(courriel))

    def save(self) -> None:
        fichiers.write(
            self._folder.releve_courriels, fichiers.as_json(self._entries, sort_keys=True)
        )

    def _is_intact(self, name: str) -> bool:
        path: Path = self._folder.root / name
        standing = path.is_file() and fichiers.fingerprint(content_of(path))
        return bool(standing == self._entries[name]["fichier"])

    def _unlink(self, name: str) -> None:
        (self._folder.root / name).unlink(missing_ok=True)
