"""A plain .xlsx grid -> its filled cells, straight out of the file; anything else is declined.

`complet` could read every workbook, through openpyxl. This shorter way exists for what it costs:
openpyxl makes objects of every style, rule and cell, even formatted and empty; here only what is
filled leaves a trace. It knows what Excel, LibreOffice, Google Sheets and our own grids put in a
plain grid, each element, attribute and number written the one usual way: rows and texts follow one
another as two regular expressions say (`lexique`), and never go through an XML parser, which would
call Python for each of their tags. What stands around them does. At the first other thing it
raises Inhabituel, and openpyxl reads the workbook from its start. What keeps it honest:
tests/test_lecture.py and tests/test_avaries.py, where both must say the same of every workbook we
can lay hands on or make.
"""

import re
from collections.abc import Iterator, Mapping, Sized
from datetime import date, timedelta
from functools import lru_cache

from batch.classeurs import lexique
from batch.classeurs.balises import Analyse, Attributs, check_depth, stream
from batch.classeurs.cellules import Cellule, Cellules, Recueil, Valeur, number
from batch.classeurs.lexique import Inhabituel
from batch.classeurs.paquet import Paquet, Zone, add_merge, column_of, hide_merged
from batch.reception import limites
from batch.reception.refus import too_big

ESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def read(package: Paquet, au_plus: int = limites.CELLULES) -> Recueil:
    """The cells. Raises Inhabituel; and Refus when the workbook is damaged or beyond the limits."""
    if package.depuis_1904:
        raise Inhabituel("les dates comptées depuis 1904")
    # By their rank, as a cell writes it.
    texts = {b"%d" % rank: text for rank, text in enumerate(_texts(package))}
    styles = _styles(package)
    recueil = Recueil(au_plus)
    for name, part in package.feuilles:
        _Feuille(recueil, recueil.feuille(name), texts, styles).read(package, part)
    return recueil


def _check_root(name: str, attributs: Attributs, expected: str) -> None:
    if name != expected or attributs.get("xmlns") != ESPACE:
        raise Inhabituel(f"la racine {name}")


def _texts(package: Paquet) -> list[str]:
    """The texts that cells refer to by their rank."""
    if not package.textes:
        return []

    def start(name: str, attributs: Attributs) -> None:
        _check_root(name, attributs, "sst")  # of what is around the texts, the root is all

    whole = b"".join(package.chunks(package.textes))
    first = whole.find(b"<si>")
    last = whole.rfind(b"</si>") + len(b"</si>") if first >= 0 else first
    around = Analyse(start, lambda _: None)
    around.feed(whole[: max(first, 0)])
    around.feed(whole[max(last, 0) :], last=True)
    if around.encodage != "utf-8":
        raise Inhabituel(f"un texte en {around.encodage}")
    texts = lexique.texts(whole[first:last]) if first >= 0 else []
    if len(texts) > limites.CHAINES:
        raise too_big(f"plus de {limites.CHAINES} textes différents")
    return texts


# The built-in formats of numbers and of days (ECMA-376, 18.8.30), and what the others are made of.
# Percentages are left to openpyxl.
_NOMBRES, _JOURS = {*range(14), 49} - {9, 10}, (14, 15, 16, 17, 22)
_FORMATS = {**dict.fromkeys(_NOMBRES, False), **dict.fromkeys(_JOURS, True)}
_JOUR = re.compile(
    r"(?=.*[dmy])(?:[dmy]+|[-/., ]|\\[-/., ]|\[\$-[0-9A-F]+\])+(?:;@)?", re.IGNORECASE
)
_NOMBRE = re.compile(r'General|@|(?:[#0?., ;()+-]|\\[-() +]|_[-() ]|"[^"\\]*"|\[Red\])+')
Styles = list[bool | None]


def _styles(package: Paquet) -> Styles:
    """For each style, whether a number shows as a day under it; None when that is not certain."""
    if not package.styles:
        return [False]
    content = b"".join(package.chunks(package.styles))
    # The grids of a session have the same few styles; nobody else's are worth keeping.
    return _usual_styles(content) if len(content) < _COURANT else _parse_styles(content)


_COURANT = 64 * 1024


@lru_cache(maxsize=16)
def _usual_styles(content: bytes) -> Styles:
    return _parse_styles(content)


def _parse_styles(content: bytes) -> Styles:
    formats: dict[str, bool | None] = {str(rank): day for rank, day in _FORMATS.items()}
    styles: Styles = []
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

    stream([content], start, end)
    return styles or [False]


def _bound(styles: Sized) -> None:
    if len(styles) > limites.STYLES:
        raise too_big(f"plus de {limites.STYLES} styles")


_DEBUT, _FIN = b"<sheetData>", b"</sheetData>"
# A row of a grid takes a few hundred bytes; only what is no sheet goes on longer without another.
_LIGNE_MAX = 1024**2


class _Feuille:
    """One sheet's part, as it streams by."""

    def __init__(
        self, recueil: Recueil, cells: Cellules, texts: Mapping[bytes, str], styles: Styles
    ) -> None:
        self._recueil, self._cells = recueil, cells
        self._textes, self._styles = texts, styles
        self._fusions: list[Zone] = []
        self._ouverts: list[str] = []  # outside the rows
        self._ligne = 0

    def read(self, package: Paquet, part: str) -> None:
        chunks = package.chunks(part, limites.FEUILLE)
        held = next(chunks, b"")
        head, found, rows = held.partition(_DEBUT)
        if not found or not _is_usual_head(head):
            self._read_whole(held, chunks)
            return
        tail = self._read_rows(chunks, rows)
        around = Analyse(self._start, self._end)
        around.feed(_TETE)
        more = next(chunks, None)
        if more is None and not _tells_of_cells(tail):
            around.hush()
        around.feed(tail)
        for chunk in (more, *chunks) if more is not None else ():
            around.feed(chunk)
        around.feed(b"", last=True)
        hide_merged(self._cells, self._fusions)

    def _read_whole(self, held: bytes, chunks: Iterator[bytes]) -> None:
        """A sheet that has no row; one that has must begin as usual."""
        around = Analyse(self._start, self._end)
        around.feed(held)
        for chunk in chunks:
            around.feed(chunk)
        around.feed(b"", last=True)

    def _read_rows(self, chunks: Iterator[bytes], held: bytes) -> bytes:
        """Every row; what is left of the chunk, from the end of the rows on."""
        while (end := held.find(_FIN)) < 0:
            cut = held.rfind(b"<row ")
            if cut > 0:
                self._scan(held[:cut])
                held = held[cut:]
            elif len(held) > _LIGNE_MAX:
                raise Inhabituel("une ligne qui n'en finit pas")
            chunk = next(chunks, None)
            if chunk is None:
                raise Inhabituel("des lignes sans fin")
            held += chunk
        self._scan(held[:end])
        return held[end:]

    def _start(self, name: str, attributs: Attributs) -> None:
        self._ouverts.append(name)
        check_depth(len(self._ouverts))
        if len(self._ouverts) == 1:
            _check_root(name, attributs, "worksheet")
        elif name == "mergeCell":
            add_merge(self._fusions, attributs.get("ref", ""))
        elif name.rpartition(":")[2] in _RESERVES and self._ouverts != ["worksheet", "sheetData"]:
            raise Inhabituel(f"{name} hors de sa place")

    def _end(self, _: str) -> None:
        self._ouverts.pop()

    def _scan(self, rows: bytes) -> None:
        """Whole rows. A value is looked into only where something stands in the cell."""
        cells, texts, before = self._cells, self._textes, len(self._cells)
        ligne, digits, last = self._ligne, b"", 0
        new = tuple.__new__  # half the time of a call to Cellule, millions of times
        known = _COMMUNES if len(_COMMUNES) < _COMMUNES_MAX else _forget()
        for one in lexique.elements(rows):
            letters, own, style, kind, formula, value, inline, row, attributes, closed, other = one
            if letters:
                column = _COLONNES.get(letters) or _column(letters)
                if own != digits or column <= last:
                    raise Inhabituel("une cellule qui n'est pas à sa place")
                last = column
                if kind == b"s" and value and not (formula or inline):
                    text = texts.get(value)
                    if text is None:
                        raise Inhabituel("un texte qui manque")
                    if text:
                        said = ligne, column, text
                        same = known.get(said)
                        if same is None:
                            cell = new(Cellule, (ligne, column, text, None))
                            same = known[said] = (ligne, column), cell
                        cells[same[0]] = same[1]
                elif formula or value or inline:
                    found = self._found(ligne, column, style, kind, formula, value, inline)
                    if found is not None:
                        cells[ligne, column] = found
            elif row:
                if digits or not ligne < int(row) <= limites.LIGNE:
                    raise Inhabituel("une ligne qui n'est pas à sa place")
                if attributes and not lexique.are_usual(attributes):
                    raise Inhabituel("une ligne aux attributs inconnus")
                ligne, last = int(row), 0
                digits = b"" if closed else row
            elif digits and not other:
                digits = b""
            else:
                raise Inhabituel("autre chose que des lignes et des cellules")
        if digits:
            raise Inhabituel("une ligne sans fin")
        self._ligne = ligne
        self._recueil.count(len(cells) - before)

    def _found(
        self,
        ligne: int,
        column: int,
        style: bytes,
        kind: bytes,
        formula: bytes,
        value: bytes,
        inline: bytes,
    ) -> Cellule | None:
        """What stands in a cell that does not refer to a text; None where nothing shows."""
        if formula:
            if inline:
                raise Inhabituel("une formule ailleurs que dans sa cellule")
            text = "=" + lexique.characters(formula)
            # LibreOffice writes a boolean back as a formula.
            if text in ("=TRUE()", "=FALSE()"):
                return Cellule(ligne, column, text == "=TRUE()")
            return Cellule(ligne, column, None, text)
        if inline and (kind != b"inlineStr" or value):
            raise Inhabituel("une valeur qui n'est pas de son type")
        match kind:
            case b"inlineStr" if inline:
                typed: Valeur = lexique.typed(lexique.characters(inline))
            case b"str":
                typed = lexique.typed(lexique.characters(value))
            case b"e":
                return Cellule(ligne, column, None, lexique.characters(value))
            case b"b" if value in (b"0", b"1"):
                typed = value == b"1"
            case b"n" | b"" if _DECIMAL.fullmatch(value):
                typed = self._number(value.decode(), style)
            case _:
                raise Inhabituel(f"une valeur de type {kind.decode()}")
        return Cellule(ligne, column, typed) if typed != "" else None

    def _number(self, value: str, style: bytes) -> Valeur:
        rank = int(style or 0)
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


@lru_cache(maxsize=64)
def _is_usual_head(head: bytes) -> bool:
    """What stands before the rows: the root, and elements that tell of no cell, all closed.

    The sheets of a session begin alike: the same bytes are looked into once.
    """
    names: list[str] = []
    opened: list[str] = []

    def start(name: str, attributs: Attributs) -> None:
        if not names:
            _check_root(name, attributs, "worksheet")
        names.append(name)
        opened.append(name)
        check_depth(len(opened))

    def end(_: str) -> None:
        opened.pop()

    around = Analyse(start, end)
    around.feed(head)
    around.feed(_DEBUT)
    usual = opened == ["worksheet", "sheetData"] and around.encodage == "utf-8"
    return usual and not _RESERVES & {name.rpartition(":")[2] for name in names[:-1]}


_TETE = f'<worksheet xmlns="{ESPACE}"><sheetData>'.encode()


def _tells_of_cells(tail: bytes) -> bool:
    """What follows the rows must be listened to: it may hold merges, or go deep.

    Mostly it is rules and validations, and all that matters of them is that they are well formed.
    """
    return tail.count(b"</") >= limites.PROFONDEUR_XML or bool(_CELLULES.search(tail))


_CELLULES = re.compile(rb"<(?:[^<>/\s:]+:)?(?:sheetData|row|c|mergeCell)[\s/>]")
_RESERVES = {"sheetData", "row", "c", "mergeCell"}
_DECIMAL = re.compile(rb"-?[0-9]{1,17}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?")
_MILIEU = ("3", "4", "5", "6")
_EPOQUE = date(1899, 12, 30)
_DERNIER = 2_958_465  # 31 December 9999
_COLONNES: dict[bytes, int] = {}
# The same titles, critères and levels stand at the same places on thousands of sheets: each is one
# record, shared. Ten thousand candidates would not fit in a laptop otherwise.
_COMMUNES: dict[tuple[int, int, str], tuple[tuple[int, int], Cellule]] = {}
_COMMUNES_MAX = 1 << 16


def _forget() -> dict[tuple[int, int, str], tuple[tuple[int, int], Cellule]]:
    _COMMUNES.clear()
    return _COMMUNES


def _column(letters: bytes) -> int:
    """Each name of a column is worked out once; there are no more than Excel's own."""
    column = column_of(letters.decode())
    if not column:
        raise Inhabituel("une colonne qu'aucune feuille n'a")
    _COLONNES[letters] = column
    return column
