"""A workbook's bytes -> its cells as they were typed, each with its address. It decides nothing.

Every file is hostile until it is sniffed and measured: `read` refuses what could harm before any
parser sees it. No formula is ever evaluated and no cached value believed.
"""

import hashlib
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from batch.anomalies import Anomalie, Code, Lieu

Valeur = str | int | Decimal | bool | date | time | None

# A real grid weighs about 20 kB and inflates fourteen-fold at most; whatever goes far beyond these
# is not a grid, and would cost minutes and gigabytes to find out.
MAX_BYTES = 10 * 1024**2
MAX_ENTRIES = 300
MAX_PART = 20 * 1024**2
MAX_INFLATED = 40 * 1024**2
MAX_RATIO = 200
MAX_CELLS = 200_000

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")


@dataclass(frozen=True, slots=True)
class Cellule:
    """One cell: its place (row and column counted from 1), and what was typed in it."""

    ligne: int
    colonne: int
    valeur: Valeur
    formule: str | None = None

    @property
    def adresse(self) -> str:
        return f"{letters(self.colonne)}{self.ligne}"

    @property
    def texte(self) -> str | None:
        """What a person reads there, cleaned of what nobody sees; None when that is nothing."""
        if self.formule is not None:
            return self.formule
        return clean(as_text(self.valeur))


@dataclass(frozen=True, slots=True)
class Feuille:
    nom: str
    cellules: Mapping[tuple[int, int], Cellule]

    def at(self, ligne: int, colonne: int) -> Cellule:
        return self.cellules.get((ligne, colonne)) or Cellule(ligne, colonne, None)

    def row(self, ligne: int) -> list[Cellule]:
        return sorted(
            (c for c in self.cellules.values() if c.ligne == ligne), key=lambda c: c.colonne
        )

    @property
    def rows(self) -> list[int]:
        return sorted({cellule.ligne for cellule in self.cellules.values()})


@dataclass(frozen=True, slots=True)
class Classeur:
    nom: str
    feuilles: tuple[Feuille, ...] = field(repr=False)
    libre: bool = False  # it came as .ods
    empreinte: str = ""  # SHA-256 of the bytes it was read from

    def feuille(self, nom: str) -> Feuille | None:
        folded = fold(nom)
        return next((f for f in self.feuilles if fold(f.nom) == folded), None)


def read(nom: str, contenu: bytes) -> tuple[Classeur | None, list[Anomalie]]:
    """The workbook's filled cells, or why it cannot be read. `nom` is only for the sentences."""
    lieu = Lieu(nom)
    refusal = _refusal(lieu, nom, contenu)
    if refusal:
        return None, [refusal]
    libre = _is_ods(contenu)
    try:
        feuilles = tuple(_sheets_of_ods(contenu) if libre else _sheets_of_xlsx(contenu))
    except (
        Exception
    ) as error:  # a damaged workbook raises anything: IndexError, KeyError, TypeError…
        raison = f"il est abîmé ({type(error).__name__})"
        return None, [Code.FICHIER_PAS_CLASSEUR.at(lieu, nom=nom, raison=raison)]
    if not feuilles:
        raison = "aucune feuille n'a pu y être lue ; enregistrez-le au format .xlsx ordinaire"
        return None, [Code.FICHIER_PAS_CLASSEUR.at(lieu, nom=nom, raison=raison)]
    notes = [Code.FICHIER_FORMAT_LIBRE.at(lieu, nom=nom)] if libre else []
    return Classeur(nom, feuilles, libre, hashlib.sha256(contenu).hexdigest()), notes


def _refusal(lieu: Lieu, nom: str, contenu: bytes) -> Anomalie | None:
    def not_workbook(raison: str) -> Anomalie:
        return Code.FICHIER_PAS_CLASSEUR.at(lieu, nom=nom, raison=raison)

    def too_big(raison: str) -> Anomalie:
        return Code.FICHIER_TROP_GROS.at(lieu, nom=nom, raison=raison)

    if not contenu:
        return Code.FICHIER_VIDE.at(lieu, nom=nom)
    if len(contenu) > MAX_BYTES:
        return too_big(f"plus de {MAX_BYTES // 1024**2} Mo")
    if contenu.startswith(_OLE):
        return Code.FICHIER_CHIFFRE.at(lieu, nom=nom)
    if not contenu.startswith(b"PK"):
        return not_workbook(_kind(contenu))
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            entries = archive.infolist()
    except zipfile.BadZipFile:
        return not_workbook("il est tronqué ou abîmé")
    names = [entry.filename for entry in entries]
    inflated = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES:
        return too_big(f"il contient plus de {MAX_ENTRIES} éléments")
    if inflated > MAX_INFLATED or any(entry.file_size > MAX_PART for entry in entries):
        return too_big("décompressé, il serait démesuré")
    if inflated > 1024**2 and inflated > MAX_RATIO * len(contenu):
        return too_big("son taux de compression n'est pas celui d'un classeur")
    if len(set(names)) != len(names):
        return not_workbook("il contient deux fois le même élément")
    if "mimetype" in names and "content.xml" in names:
        return None
    if "[Content_Types].xml" not in names or not any(n.startswith("xl/") for n in names):
        return not_workbook("c'est un autre genre de fichier")
    return None


def _kind(contenu: bytes) -> str:
    start = contenu[:512].lstrip().lower()
    if start.startswith(b"%pdf"):
        return "c'est un PDF"
    if start.startswith((b"<!doctype html", b"<html")):
        return "c'est une page web enregistrée à sa place"
    if start.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8")):
        return "c'est une image"
    if b";" in start or b"," in start or b"\t" in start:
        return "c'est un fichier de texte (CSV ?) renommé"
    return "son contenu n'est pas celui d'un classeur"


def _is_ods(contenu: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        return "content.xml" in archive.namelist()


def _sheets_of_xlsx(contenu: bytes) -> Iterator[Feuille]:
    import openpyxl  # heavy, and only this function needs it

    with warnings.catch_warnings():
        # openpyxl warns of every extension it drops; we never write the file back.
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(io.BytesIO(contenu), keep_links=False)
    for sheet in workbook.worksheets:
        cells: dict[tuple[int, int], Cellule] = {}
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                if len(cells) >= MAX_CELLS:
                    raise ValueError("trop de cellules")
                cells[cell.row, cell.column] = _typed(cell.row, cell.column, cell)
        yield Feuille(sheet.title, cells)


def _typed(row: int, column: int, cell: Any) -> Cellule:
    value = cell.value
    if cell.data_type == "f":
        text = str(getattr(value, "text", value))
        # LibreOffice writes a boolean back as the formula =TRUE().
        if text in ("=TRUE()", "=FALSE()"):
            return Cellule(row, column, text == "=TRUE()")
        return Cellule(row, column, None, text)
    if cell.data_type == "e":
        return Cellule(row, column, None, str(value))
    return Cellule(row, column, _exact(value))


def _sheets_of_ods(contenu: bytes) -> Iterator[Feuille]:
    from python_calamine import CalamineWorkbook  # only for the rare .ods

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(contenu))
    for name in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            raise ValueError("trop de cellules")
        cells = {
            (row, column): Cellule(row, column, _exact(value))
            for row, values in enumerate(sheet.to_python(skip_empty_area=False), 1)
            for column, value in enumerate(values, 1)
            if value not in ("", None)
        }
        yield Feuille(name, cells)


def _exact(value: Any) -> Valeur:
    """A library's value as ours: floats by the digits that a person sees, whole days as dates."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else Decimal(repr(value))
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, date | time):
        return value
    # What Excel writes for a control character; anything else that looks so was typed so.
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), str(value))


_ESCAPED = re.compile("_x00([01][0-9A-Fa-f])_")


def as_text(valeur: Valeur) -> str:
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


def clean(texte: str) -> str | None:
    """The text as a person sees it: NFC, no invisible character, no blank around; None if empty."""
    texte = unicodedata.normalize("NFC", texte.replace("\r\n", "\n").replace("\r", "\n"))
    texte = _UNSEEN.sub("", texte).replace("\u00a0", " ").replace("\u202f", " ")
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in texte.split("\n")]
    return "\n".join(lines).strip() or None


def fold(texte: str) -> str:
    """Texts that a person would call the same fold to one: case, accents, blanks, apostrophes."""
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
