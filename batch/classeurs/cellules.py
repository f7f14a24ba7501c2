"""A workbook's bytes -> its cells as they were typed, each with its address. It decides nothing.

Every file is hostile until it is sniffed and measured: `read` refuses what could harm before any
parser sees it. No formula is ever evaluated and no cached value believed.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from batch.anomalies import Anomalie, Code, Lieu
from batch.francais import nombre
from batch.reception import limites
from batch.reception.genre import CLASSEURS, Genre, sniff
from batch.reception.refus import Refus, too_big

Valeur = str | int | Decimal | bool | date | time | None


class Cellule(NamedTuple):
    """One cell: its place (row and column counted from 1), and what was typed in it.

    A tuple, for a session has millions of them and a frozen dataclass takes three times as long.
    """

    ligne: int
    colonne: int
    valeur: Valeur
    formule: str | None = None

    @property
    def adresse(self) -> str:
        return _address(self.colonne, self.ligne)

    @property
    def texte(self) -> str | None:
        """What a person reads there, cleaned of what nobody sees; None when that is nothing."""
        if self.formule is not None:
            return self.formule
        valeur = self.valeur
        return clean(valeur if isinstance(valeur, str) else as_text(valeur))


@lru_cache(maxsize=1 << 14)  # the same text for the same place of every sheet
def _address(colonne: int, ligne: int) -> str:
    return f"{letters(colonne)}{ligne}"


Cellules = dict[tuple[int, int], Cellule]


@dataclass(frozen=True, slots=True)
class Feuille:
    nom: str
    cellules: Mapping[tuple[int, int], Cellule]
    # The same by row, from the first time that a row is asked for.
    _rangees: dict[int, list[Cellule]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def at(self, ligne: int, colonne: int) -> Cellule:
        return self.cellules.get((ligne, colonne)) or Cellule(ligne, colonne, None)

    def row(self, ligne: int) -> list[Cellule]:
        if not self._rangees:
            for place in sorted(self.cellules):
                self._rangees.setdefault(place[0], []).append(self.cellules[place])
        return self._rangees.get(ligne, [])

    @property
    def rows(self) -> list[int]:
        return sorted({ligne for ligne, _ in self.cellules})


@dataclass(frozen=True, slots=True)
class Classeur:
    nom: str
    feuilles: tuple[Feuille, ...] = field(repr=False)
    libre: bool = False  # it came as .ods
    macros: bool = False  # it holds some; nothing ever runs them
    # When its program last saved it, where the file says so in a way that proves something.
    modifie: datetime | None = None
    empreinte: str = ""  # SHA-256 of the bytes it was read from

    def feuille(self, nom: str) -> Feuille | None:
        folded = fold(nom)
        return next((f for f in self.feuilles if fold(f.nom) == folded), None)


def read(
    nom: str, contenu: bytes, au_plus: int = limites.CELLULES
) -> tuple[Classeur | None, list[Anomalie]]:
    """The workbook's filled cells, or why it cannot be read. `nom` is only for the sentences.

    `au_plus`: how many cells it may fill; the session's own workbooks hold everybody's.
    """
    from batch.classeurs import opendocument  # they need the records above

    try:
        if len(contenu) > limites.FICHIER:
            raise too_big(f"plus de {limites.FICHIER // 1024**2} Mo")
        genre = sniff(contenu)
        if genre not in CLASSEURS:
            raise Refus(Code.FICHIER_PAS_CLASSEUR, raison="c'est une archive ou un courriel")
        if genre is Genre.XLSX:
            classeur = _read_xlsx(nom, contenu, au_plus)
        else:
            classeur = opendocument.read(nom, contenu)
    except Refus as refus:
        return None, [refus.at(nom)]
    notes = []
    if genre is not Genre.XLSX:
        notes.append(Code.FICHIER_FORMAT_LIBRE.at(Lieu(nom), nom=nom, extension=genre.value))
    if classeur.macros:
        notes.append(Code.FICHIER_MACROS.at(Lieu(nom), nom=nom))
    return replace(classeur, empreinte=hashlib.sha256(contenu).hexdigest()), notes


def _read_xlsx(nom: str, contenu: bytes, au_plus: int) -> Classeur:
    """The plain grids straight out of the file, every other workbook through openpyxl."""
    from batch.classeurs import complet, direct
    from batch.classeurs.lexique import Inhabituel
    from batch.classeurs.paquet import Paquet

    package = Paquet(contenu)
    try:
        recueil = direct.read(package, au_plus)
    except Inhabituel:
        package = Paquet(contenu)  # what is inflated is counted anew
        recueil = complet.read(package, au_plus)
    return Classeur(nom, recueil.feuilles, macros=package.macros, modifie=package.modifie)


class Recueil:
    """The filled cells of a workbook as its reader finds them, counted as they come."""

    def __init__(self, au_plus: int = limites.CELLULES) -> None:
        self._feuilles: list[Feuille] = []
        self._au_plus, self._total = au_plus, 0

    def feuille(self, nom: str) -> "Cellules":
        if len(self._feuilles) >= limites.FEUILLES:
            raise too_big(f"plus de {limites.FEUILLES} feuilles")
        cells: Cellules = {}
        self._feuilles.append(Feuille(nom, cells))
        return cells

    def count(self, combien: int = 1) -> None:
        self._total += combien
        if self._total > self._au_plus:
            raise too_big(f"plus de {nombre(self._au_plus)} cellules remplies")

    @property
    def feuilles(self) -> tuple[Feuille, ...]:
        return tuple(self._feuilles)


def number(texte: str) -> int | Decimal | None:
    """The number by the digits that a person sees: spreadsheets show fifteen of them."""
    try:
        value = _QUINZE.create_decimal(texte)
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value.adjusted()) > 300:
        return None
    return int(value) if value == value.to_integral_value() else value.normalize()


def percentage(value: int | Decimal) -> str:
    """0.65 under a format of percentages -> « 65 % », which is what a person typed and sees."""
    return f"{as_text(number(str(value * 100)))} %"


_QUINZE = Context(prec=15, traps=[InvalidOperation])


def whole_day(instant: datetime) -> date:
    """A midnight is a day; anything else keeps its hour."""
    return instant.date() if instant.time() == time() else instant


def decoded(texte: str) -> str:
    """Text as it was typed: Excel writes a control character as _x0007_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), texte)


_ESCAPED = re.compile("_x00([01][0-9A-Fa-f])_")


def as_text(valeur: Valeur) -> str:
    if isinstance(valeur, str):
        return valeur
    if valeur is None:
        return ""
    if isinstance(valeur, bool):
        return "VRAI" if valeur else "FAUX"
    if isinstance(valeur, datetime | date):
        return f"{valeur:%d/%m/%Y}"
    if isinstance(valeur, time):
        return f"{valeur:%H:%M}"
    if isinstance(valeur, Decimal):
        return f"{valeur:f}".replace(".", ",")
    return str(valeur)


# Format characters (zero-width, byte-order marks), and controls other than tab and line feed.
_UNSEEN = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]"
)


# The same titles, critères and levels stand on thousands of sheets.
_remembering = lru_cache(maxsize=1 << 14)
_LONG = 1000


def clean(texte: str) -> str | None:
    """The text as a person sees it: NFC, no invisible character, no blank around; None if empty."""
    return _clean(texte) if len(texte) <= _LONG else _clean.__wrapped__(texte)


@_remembering
def _clean(texte: str) -> str | None:
    texte = unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n"))
    texte = _UNSEEN.sub("", texte).replace("\u00a0", " ").replace("\u202f", " ")
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in texte.split("\n")]
    return "\n".join(lines).strip() or None


def fold(texte: str) -> str:
    """Texts that a person would call the same fold to one: case, accents, blanks, apostrophes."""
    return _fold(texte) if len(texte) <= _LONG else _fold.__wrapped__(texte)


@_remembering
def _fold(texte: str) -> str:
    plain = unicodedata.normalize("NFKD", clean(texte) or "")
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return re.sub(r"\s+", " ", plain.replace("’", "'").replace("œ", "oe")).casefold()


def letters(column: int) -> str:
    """1 -> A, 27 -> AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
