"""A plain .xlsx grid -> its filled cells, straight out of the file; anything else is declined.

`complet` could read every workbook, through openpyxl. This shorter way exists for what it costs:
openpyxl makes objects of every style, rule and cell, even formatted and empty; here only what is
filled leaves a trace, four to five times as fast on our grids, and a sheet formatted down to its
last row costs three seconds and no memory. It knows what Excel, LibreOffice, Google Sheets and our
own grids put in a plain grid, each element, attribute and number written the one usual way. At the
first other thing it raises Inhabituel, and openpyxl reads the workbook from its start. What keeps
it honest: tests/test_lecture.py and tests/test_avaries.py, where both must say the same of every
workbook we can lay hands on or make.
"""

import re
from collections.abc import Sized
from datetime import date, timedelta
from functools import lru_cache

from batch.classeurs.balises import Attributs, check_depth, stream
from batch.classeurs.cellules import (
    Cellule,
    Cellules,
    Recueil,
    Valeur,
    decoded,
    number,
)
from batch.classeurs.paquet import Paquet, Zone, add_merge, column_of, hide_merged
from batch.reception import limites
from batch.reception.refus import too_big

ESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class Inhabituel(Exception):
    """Something that a plain grid does not have, for openpyxl to read."""


def read(package: Paquet) -> Recueil:
    """The cells. Raises Inhabituel; and Refus when the workbook is damaged or beyond the limits."""
    if package.depuis_1904:
        raise Inhabituel("les dates comptées depuis 1904")
    texts, styles = _texts(package), _styles(package)
    recueil = Recueil()
    for name, part in package.feuilles:
        _Feuille(recueil, recueil.feuille(name), texts, styles).read(package, part)
    return recueil


def _check_root(name: str, attributs: Attributs, expected: str) -> None:
    if name != expected or attributs.get("xmlns") != ESPACE:
        raise Inhabituel(f"la racine {name}")


def _texts(package: Paquet) -> list[str]:
    """The texts that cells refer to by their rank."""
    texts: list[str] = []
    opened = [""]
    pieces: list[str] = []

    def start(name: str, attributs: Attributs) -> None:
        parent = opened[-1]
        if parent == "rPr":  # what dresses a run holds no text
            check_depth(len(opened))
            name = parent
        elif parent not in _DANS.get(name, ()):
            raise Inhabituel(f"{name} dans {parent}")
        elif not parent:
            _check_root(name, attributs, "sst")
        opened.append(name)

    def end(name: str) -> None:
        opened.pop()
        if name == "si":
            if len(texts) >= limites.CHAINES:
                raise too_big(f"plus de {limites.CHAINES} textes différents")
            texts.append(_plain("".join(pieces)))
            pieces.clear()

    def add(characters: str) -> None:
        if opened[-1] == "t":
            pieces.append(characters)

    if package.textes:
        stream(package.chunks(package.textes), start, end, add)
    return texts


# A text is of one piece, or of several, each in its own dress (rPr).
_DANS = {"sst": ("",), "si": ("sst",), "r": ("si",), "rPr": ("r",), "t": ("si", "r")}


def _plain(text: str) -> str:
    if "x005F_" in text:  # an underscore that stands for itself
        raise Inhabituel("un tiret bas échappé")
    return decoded(text) if "_x" in text else text


# The built-in formats of numbers and of days (ECMA-376, 18.8.30), and what the others are made of.
_FORMATS = {**dict.fromkeys((*range(14), 49), False), **dict.fromkeys((14, 15, 16, 17, 22), True)}
_JOUR = re.compile(
    r"(?=.*[dmy])(?:[dmy]+|[-/., ]|\\[-/., ]|\[\$-[0-9A-F]+\])+(?:;@)?", re.IGNORECASE
)
_NOMBRE = re.compile(r'General|@|(?:[#0?., %;()+-]|\\[-() +]|_[-() ]|"[^"\\]*"|\[Red\])+')


def _styles(package: Paquet) -> list[bool | None]:
    """For each style, whether a number shows as a day under it; None when that is not certain."""
    formats: dict[str, bool | None] = {str(rank): day for rank, day in _FORMATS.items()}
    styles: list[bool | None] = []
    opened: list[str] = []

    def start(name: str, attributs: Attributs) -> None:
        opened.append(name)
        check_depth(len(opened))
        if len(opened) == 1:
            _check_root(name, attributs, "styleSheet")
        elif name == "numFmt" and opened[1:-1] == ["numFmts"]:
            code = attributs.get("formatCode", "")
            day = True if _JOUR.fullmatch(code) else None
            formats[attributs.get("numFmtId", "")] = False if _NOMBRE.fullmatch(code) else day
            _bound(formats)
        elif name == "xf" and opened[1:-1] == ["cellXfs"]:
            styles.append(formats.get(attributs.get("numFmtId", "0")))
            _bound(styles)

    def end(_: str) -> None:
        opened.pop()

    if package.styles:
        stream(package.chunks(package.styles), start, end)
    return styles or [False]


def _bound(styles: Sized) -> None:
    if len(styles) > limites.STYLES:
        raise too_big(f"plus de {limites.STYLES} styles")


class _Feuille:
    """One sheet's part, as it streams by."""

    def __init__(
        self, recueil: Recueil, cells: Cellules, texts: list[str], styles: list[bool | None]
    ) -> None:
        self._recueil, self._cells = recueil, cells
        self._textes, self._styles = texts, styles
        self._fusions: list[Zone] = []
        self._dans = "racine"  # « lignes » between rows, then the element that is open
        self._profondeur = 0  # outside the rows
        self._ligne = self._colonne = 0
        self._chiffres = ""  # the row's number, as its cells must end
        self._attributs: Attributs = {}
        self._contenu: dict[str, str] = {}
        self._morceaux: list[str] = []

    def read(self, package: Paquet, part: str) -> None:
        chunks = package.chunks(part, limites.FEUILLE)
        stream(chunks, self._start, self._end, self._add)
        hide_merged(self._cells, self._fusions)

    def _start(self, name: str, attributs: Attributs) -> None:
        within = self._dans
        if within == "row" and name == "c":
            letters, digits, rest = attributs.get("r", "").partition(self._chiffres)
            column = _column(letters) if digits and not rest else 0
            if column <= self._colonne:
                raise Inhabituel("une cellule qui n'est pas à sa place")
            self._colonne, self._attributs = column, attributs
        elif within == "c" and name in ("v", "f", "is") and name not in self._contenu:
            if name == "f" and attributs not in _FORMULES:
                raise Inhabituel("une formule partagée ou matricielle")
            self._contenu[name] = ""
        elif within == "lignes" and name == "row":
            self._begin_row(attributs)
        elif not (within == "is" and name == "t" and not self._contenu["is"]):
            self._start_outside(name, attributs)
            return
        self._dans = name

    def _start_outside(self, name: str, attributs: Attributs) -> None:
        if self._dans not in ("racine", "feuille"):
            raise Inhabituel(f"{name} dans {self._dans}")
        self._profondeur += 1
        check_depth(self._profondeur)
        if self._dans == "racine":
            _check_root(name, attributs, "worksheet")
            self._dans = "feuille"
        elif name == "sheetData" and self._profondeur == 2:
            self._dans = "lignes"
        elif name == "mergeCell":
            add_merge(self._fusions, attributs.get("ref", ""))
        elif name.rpartition(":")[2] in ("sheetData", "row", "c", "mergeCell"):
            raise Inhabituel(f"{name} hors de sa place")

    def _end(self, name: str) -> None:
        within = self._dans
        if within == "c":
            self._dans = "row"
            if self._contenu:
                self._end_cell()
        elif within in ("v", "f"):
            self._contenu[within] = "".join(self._morceaux)
            self._morceaux.clear()
            self._dans = "c"
        elif within == "row":
            self._dans = "lignes"
        elif within == "t":
            self._contenu["is"] = "".join(self._morceaux)
            self._morceaux.clear()
            self._dans = "is"
        elif within == "is":
            self._dans = "c"
        else:
            self._profondeur -= 1
            self._dans = "feuille"

    def _add(self, characters: str) -> None:
        if self._dans in ("v", "f", "t"):
            self._morceaux.append(characters)

    def _begin_row(self, attributs: Attributs) -> None:
        digits = attributs.get("r", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= 7):
            raise Inhabituel("une ligne sans numéro")
        if not self._ligne < int(digits) <= limites.LIGNE:
            raise Inhabituel("une ligne qui n'est pas à sa place")
        self._ligne, self._colonne, self._chiffres = int(digits), 0, digits

    def _end_cell(self) -> None:
        contenu, self._contenu = self._contenu, {}
        typed: Valeur = None
        formula = None
        if not self._attributs.keys() <= _CONNUS:
            raise Inhabituel("une cellule aux attributs inconnus")
        if "f" in contenu:
            if not contenu["f"] or "is" in contenu:
                raise Inhabituel("une formule ailleurs que dans sa cellule")
            formula = "=" + contenu["f"]
            # LibreOffice writes a boolean back as a formula.
            if formula in ("=TRUE()", "=FALSE()"):
                typed, formula = formula == "=TRUE()", None
        elif self._attributs.get("t") == "e":
            formula = contenu.get("v")
        else:
            typed = self._typed(contenu)
        if typed == "" or (typed is None and not formula):
            return
        self._recueil.count()
        place = self._ligne, self._colonne
        self._cells[place] = Cellule(*place, typed, formula)

    def _typed(self, contenu: dict[str, str]) -> Valeur:
        kind, value = self._attributs.get("t", "n"), contenu.get("v")
        if kind == "inlineStr" and value is None:
            return _plain(contenu["is"])
        if value is None or "is" in contenu:
            raise Inhabituel("une valeur qui n'est pas de son type")
        match kind:
            case "str":
                return _plain(value)
            case "s" if _RANG.fullmatch(value) and int(value) < len(self._textes):
                return self._textes[int(value)]
            case "b" if value in ("0", "1"):
                return value == "1"
            case "n" if _DECIMAL.fullmatch(value):
                return self._number(value)
        raise Inhabituel(f"une valeur de type {kind}")

    def _number(self, value: str) -> Valeur:
        style = self._attributs.get("s", "0")
        rank = int(style) if _RANG.fullmatch(style) else len(self._styles)
        day = self._styles[rank] if rank < len(self._styles) else None
        if len(value) > 15:
            # Beyond the fifteen digits that a person sees, what floating point leaves is a trace
            # of 0s or 9s; halfway between two of them, openpyxl would round its float otherwise.
            digits = value.lower().partition("e")[0].lstrip("-0.").replace(".", "")
            if digits[15:16] in _MILIEU:
                raise Inhabituel("un nombre à mi-chemin de deux autres")
        found = number(value)
        if day is None or found is None:
            raise Inhabituel("un nombre d'un format peu commun")
        if not day:
            return found
        # Excel believes, as Lotus did, that 29 February 1900 existed.
        if not isinstance(found, int) or not 60 < found <= _DERNIER:
            raise Inhabituel("une heure, ou une date d'un autre temps")
        return _EPOQUE + timedelta(days=found)


_CONNUS = {"r", "s", "t"}
# LibreOffice writes that it is no array formula, Excel that each opening works it out anew.
_FORMULES: tuple[Attributs, ...] = ({}, {"aca": "false"}, {"ca": "1"})
_RANG = re.compile(r"[0-9]{1,6}", re.ASCII)
_DECIMAL = re.compile(r"-?[0-9]{1,17}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?", re.ASCII)
_MILIEU = ("3", "4", "5", "6")
_EPOQUE = date(1899, 12, 30)
_DERNIER = 2_958_465  # 31 December 9999
_column = lru_cache(maxsize=1024)(column_of)
