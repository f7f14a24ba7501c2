"""Who is who: the exact civil identity, and those that resemble it without being it."""

import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from batch.francais import jour_connu, sans_accent
from batch.records import Candidat


@dataclass(frozen=True, slots=True)
class Personne:
    """Somebody of the register, as his identity document names him."""

    id: int
    nom_naissance: str
    nom_usage: str | None
    prenoms: tuple[str, ...]
    date_naissance: date
    commune_naissance: str
    pays_naissance: str
    naissance_connue: str | None = None  # « Mois » or « Année »; None: to the day

    @property
    def dite(self) -> str:
        """« Léa Marie DURAND, 14/03/1996, Lyon (69) »."""
        use = f" ({self.nom_usage})" if self.nom_usage else ""
        names = f"{' '.join(self.prenoms)} {self.nom_naissance}{use}"
        born = jour_connu(self.date_naissance, self.naissance_connue, courte=True)
        return f"{names}, {born}, {self.commune_naissance}"


def key(candidat: Candidat) -> str:
    """The civil identity as one text: capitals and spaces aside, every letter and accent counts."""
    parts = (
        candidat.nom_naissance,
        " ".join(candidat.prenoms),
        _known(candidat),
        candidat.commune_naissance,
        candidat.pays_naissance,
    )
    return "\n".join(" ".join(unicodedata.normalize("NFC", p).casefold().split()) for p in parts)


def _known(candidat: Candidat) -> str:
    """« 1990-03-14 », « 1990-03 », « 1990 »: the first day of a year is not a year."""
    born = candidat.date_naissance.isoformat()
    return born[: {"Année": 4, "Mois": 7}.get(candidat.naissance_connue or "", len(born))]


def record(base: sqlite3.Connection, candidat: Candidat) -> int:
    """The number of this very person, entered now if need be."""
    known = find(base, candidat)
    if known is not None:
        return known.id
    cursor = base.execute(
        "INSERT INTO personnes (cle, nom_naissance, nom_usage, prenoms, date_naissance, "
        "commune_naissance, pays_naissance, naissance_connue) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key(candidat),
            candidat.nom_naissance,
            candidat.nom_usage,
            "\n".join(candidat.prenoms),
            candidat.date_naissance.isoformat(),
            candidat.commune_naissance,
            candidat.pays_naissance,
            candidat.naissance_connue,
        ),
    )
    assert cursor.lastrowid is not None, "a row was inserted"
    return cursor.lastrowid


def find(base: sqlite3.Connection, candidat: Candidat) -> Personne | None:
    row = base.execute("SELECT * FROM personnes WHERE cle = ?", (key(candidat),)).fetchone()
    return as_personne(row) if row else None


def everybody(base: sqlite3.Connection) -> list[Personne]:
    rows = base.execute("SELECT * FROM personnes ORDER BY nom_naissance, prenoms, id")
    return [as_personne(row) for row in rows]


def as_personne(row: sqlite3.Row) -> Personne:
    return Personne(
        row["id"],
        row["nom_naissance"],
        row["nom_usage"],
        tuple(row["prenoms"].split("\n")),
        date.fromisoformat(row["date_naissance"]),
        row["commune_naissance"],
        row["pays_naissance"],
        row["naissance_connue"],
    )


def differences(candidat: Candidat, personne: Personne) -> list[str] | None:
    """How somebody who may well be the candidate differs from him; None for another person.

    One of his names the same but for accents, hyphens and spaces, the same first given name, and
    the same birthday but for one digit, or for a day and a month that were exchanged.
    """
    born, known = candidat.date_naissance, personne.date_naissance
    digits = sum(a != b for a, b in zip(born.isoformat(), known.isoformat(), strict=True))
    exchanged = (born.year, born.month, born.day) == (known.year, known.day, known.month)
    names = {bare(n) for n in (candidat.nom_naissance, candidat.nom_usage) if n}
    others = {bare(n) for n in (personne.nom_naissance, personne.nom_usage) if n}
    if not names & others or bare(candidat.prenom) != bare(personne.prenoms[0]):
        return None
    if digits > 1 and not exchanged:
        return None
    return list(_told(candidat, personne))


def _told(candidat: Candidat, personne: Personne) -> Iterator[str]:
    pairs = (
        ("nom de naissance", candidat.nom_naissance, personne.nom_naissance),
        ("prénoms", " ".join(candidat.prenoms), " ".join(personne.prenoms)),
        (
            "date de naissance",
            jour_connu(candidat.date_naissance, candidat.naissance_connue, courte=True),
            jour_connu(personne.date_naissance, personne.naissance_connue, courte=True),
        ),
        ("commune de naissance", candidat.commune_naissance, personne.commune_naissance),
        ("pays de naissance", candidat.pays_naissance, personne.pays_naissance),
    )
    for label, ours, theirs in pairs:
        if ours.casefold() != theirs.casefold():
            yield f"{label} {ours} ici, {theirs} au registre"


def bare(name: str) -> str:
    """A name as a search compares it: no accent, no capital, no hyphen, no space."""
    return "".join(c for c in sans_accent(name).casefold() if c.isalnum())
