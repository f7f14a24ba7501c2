"""The ledger of a session's mails, courriels/envois.jsonl: a line is added, none is ever changed.

It is written ahead. An intention stands there just before the server can accept the mail, a
confirmation just after it has; an intention alone is a mail of which nobody can say whether it
arrived, and which is never sent again by itself. No name, no address: numbers and fingerprints.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from batch import fichiers
from batch.courriels.modele import Courriel, Genre
from batch.empechement import Empechement


class Fait(StrEnum):
    """What a line of the ledger says."""

    BROUILLON = "brouillon"  # a draft was made; it changes nothing of what was sent
    INTENTION = "intention"
    ENVOYE = "envoye"
    REFUSE = "refuse"  # for good (5xx)
    DIFFERE = "differe"  # for now (4xx): it will be tried again
    CONSTATE = "constate"  # somebody says that it arrived, or that he sent it himself, and why
    RENVOI = "renvoi"  # somebody asked for it to be sent again, and said why
    REPRISE = "reprise"  # the line above was cut short by a power failure


# After these, the outcome is known: it may be sent; it was.
_LIBRES = frozenset({Fait.REFUSE, Fait.DIFFERE, Fait.RENVOI})
_PARTIS = frozenset({Fait.ENVOYE, Fait.CONSTATE})


class Sort(StrEnum):
    """Where a mail stands."""

    A_ENVOYER = "a_envoyer"
    ENVOYE = "envoye"
    INCERTAIN = "incertain"


@dataclass(frozen=True, slots=True)
class Ligne:
    quand: datetime
    fait: Fait
    genre: Genre | None
    personne: str
    document: str


class Registre:
    """The ledger, read once; every line added is on the disk before the call returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.lignes = list(_read(path))

    def sort(self, courriel: Courriel) -> Sort:
        """Where this very document stands for this very person."""
        last = self._last(courriel.personne.id, courriel.document)
        if last is None or last.fait in _LIBRES:
            return Sort.A_ENVOYER
        return Sort.ENVOYE if last.fait in _PARTIS else Sort.INCERTAIN

    def quand(self, courriel: Courriel) -> datetime | None:
        """When the last thing happened to it."""
        last = self._last(courriel.personne.id, courriel.document)
        return last.quand if last else None

    def doubtful(self, genre: Genre, personne: str) -> list[str]:
        """The documents of which nobody knows whether they reached this person."""
        own = {
            one.document for one in self.lignes if (one.genre, one.personne) == (genre, personne)
        }
        lasts = (self._last(personne, document) for document in sorted(own))
        return [one.document for one in lasts if one and one.fait is Fait.INTENTION]

    def sent_since(self, quand: datetime) -> list[datetime]:
        """When mails left, or may have: what a provider counts."""
        moments = [ligne.quand for ligne in self.lignes if ligne.fait is Fait.INTENTION]
        return sorted(moment for moment in moments if moment >= quand)

    def reminders(self) -> dict[str, list[datetime]]:
        """By person, when his reminders were made, oldest first."""
        made: dict[str, list[datetime]] = {}
        for ligne in self.lignes:
            if ligne.genre is Genre.RELANCES and ligne.fait is Fait.BROUILLON:
                made.setdefault(ligne.personne, []).append(ligne.quand)
        return made

    def departs(self, genre: Genre) -> dict[str, datetime]:
        """Whom a mail of this kind has reached, or so somebody says, and when it last did."""
        lasts: dict[tuple[str, str], Ligne] = {}
        for ligne in self.lignes:
            if ligne.genre is genre and ligne.fait is not Fait.BROUILLON:
                lasts[ligne.personne, ligne.document] = ligne
        sent = [ligne for ligne in lasts.values() if ligne.fait in _PARTIS]
        return {one.personne: one.quand for one in sorted(sent, key=lambda one: one.quand)}

    def add(self, fait: Fait, courriel: Courriel, quand: datetime, **facts: Any) -> None:
        """One more line. `facts`: what else is known, never a name nor an address."""
        personne, document = courriel.personne.id, courriel.document
        self.note(Ligne(quand, fait, courriel.genre, personne, document), **facts)

    def note(self, ligne: Ligne, **facts: Any) -> None:
        entry = {
            "quand": ligne.quand.isoformat(timespec="seconds"),
            "quoi": ligne.fait.value,
            "genre": ligne.genre.value if ligne.genre else None,
            "personne": ligne.personne,
            "document": ligne.document,
            **facts,
        }
        self._append(entry, ligne.quand)
        self.lignes.append(ligne)

    def _append(self, entry: Mapping[str, Any], quand: datetime) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        line = json.dumps(entry, ensure_ascii=False, sort_keys=True)
        if _is_torn(self._path):
            mended = {"quand": quand.isoformat(timespec="seconds"), "quoi": Fait.REPRISE.value}
            line = f"\n{json.dumps(mended, sort_keys=True)}\n{line}"
        fichiers.append_line(self._path, line)

    def _last(self, personne: str, document: str) -> Ligne | None:
        for ligne in reversed(self.lignes):
            same = (ligne.personne, ligne.document) == (personne, document)
            if same and ligne.fait is not Fait.BROUILLON:
                return ligne
        return None


def recently(lignes: list[datetime], now: datetime, jours: int) -> datetime | None:
    """The last of these, if it is less than so many days old."""
    last = max(lignes, default=None)
    return last if last is not None and now - last < timedelta(days=jours) else None


def _is_torn(path: Path) -> bool:
    """The last line was begun and not ended: the machine stopped while it was written."""
    if not path.is_file() or not path.stat().st_size:
        return False
    with path.open("rb") as stream:
        stream.seek(-1, 2)
        return stream.read() != b"\n"


def _read(path: Path) -> Iterator[Ligne]:
    try:
        content = path.read_bytes() if path.is_file() else b""
    except OSError as error:
        raise Empechement(
            f"Le registre {path.name} ne peut pas être lu ({error.strerror}). Fermez-le, puis "
            f"relancez la commande : sans lui, rien ne dit ce qui est déjà parti."
        ) from error
    lines = content.split(b"\n")
    parsed = [_parse(line) for line in lines]
    for number, (line, own) in enumerate(zip(lines, parsed, strict=True), 1):
        if own is not None:
            if own.fait is not Fait.REPRISE:
                yield own
            continue
        followed = next((one for one in parsed[number:] if one is not None), None)
        mended = followed is not None and followed.fait is Fait.REPRISE
        if line.strip() and not mended and number != len(lines):
            raise Empechement(
                f"La ligne {number} du registre {path.name} n'est pas lisible : rien n'a été "
                f"envoyé. Rétablissez ce fichier depuis une sauvegarde ; il dit ce qui est déjà "
                f"parti."
            )


def _parse(line: bytes) -> Ligne | None:
    try:
        entry = json.loads(line)
        genre = entry.get("genre")
        return Ligne(
            datetime.fromisoformat(entry["quand"]),
            Fait(entry["quoi"]),
            Genre(genre) if genre else None,
            entry.get("personne", ""),
            entry.get("document", ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
