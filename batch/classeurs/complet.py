"""Any .xlsx -> its filled cells, through openpyxl: formulas as formulas, never a cached result.

openpyxl builds every formatted but empty cell and expands every merge, link and style; a damaged
picture or a hostile one stops or fills it. So what it is given is the same workbook with nothing
left but its cells: written anew, element by element, in the dialect that it knows (it does not read
strict Open XML), within the limits and without any declaration of entities. What remains to be
understood is understood by openpyxl: types, texts, formats, dates, shared and array formulas.
"""

import io
import re
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from batch.classeurs.balises import Attributs, Locaux, check_depth, stream
from batch.classeurs.cellules import (
    Cellule,
    Recueil,
    Valeur,
    decoded,
    letters,
    number,
    percentage,
    whole_day,
)
from batch.classeurs.paquet import Paquet, Zone, add_merge, hide_merged, place
from batch.reception import limites
from batch.reception.refus import damaged, too_big

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def read(package: Paquet, au_plus: int = limites.CELLULES) -> Recueil:
    """The cells. Raises Refus when the workbook is damaged or beyond the limits."""
    import openpyxl  # heavy, and few workbooks need it

    recueil = Recueil(au_plus)
    content, sheets = _rewritten(package, recueil)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of everything that was left out
            workbook = openpyxl.load_workbook(io.BytesIO(content))
    except Exception as error:  # of damaged cells it raises IndexError, KeyError, TypeError…
        raise damaged("une de ses cellules n'a pas de sens") from error
    for (name, _), own, theirs in zip(package.feuilles, sheets, workbook.worksheets, strict=True):
        cells = recueil.feuille(name)
        for row, column in own.places:  # iter_rows would build all that lies between two corners
            found = _typed(theirs.cell(row, column))
            if found is not None:
                cells[row, column] = found
        hide_merged(cells, own.fusions)
    return recueil


def _typed(cell: Any) -> Cellule | None:
    value = cell.value
    if value in (None, ""):
        return None
    own = cell.row, cell.column
    if cell.data_type == "f":
        # An array formula is an object that holds its text; a data table has none.
        text = value if isinstance(value, str) else getattr(value, "text", None) or "="
        # LibreOffice writes a boolean back as a formula.
        if text in ("=TRUE()", "=FALSE()"):
            return Cellule(*own, text == "=TRUE()")
        return Cellule(*own, None, text)
    if cell.data_type == "e":
        return Cellule(*own, None, str(value))
    found = _exact(value)
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        return Cellule(*own, found)
    return Cellule(*own, percentage(found) if _is_percentage(cell.number_format) else found)


def _is_percentage(code: str) -> bool:
    """The sign counts where it is neither quoted nor escaped (ECMA-376, 18.8.31)."""
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


def _exact(value: Any) -> Valeur:
    """A library's value as ours: floats by the digits that a person sees, whole days as dates."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        found = number(repr(value))
        return str(value) if found is None else found
    if isinstance(value, datetime):
        return whole_day(value)
    if isinstance(value, date | time):
        return value
    return decoded(str(value))


def _rewritten(package: Paquet, recueil: Recueil) -> tuple[bytes, list["_Feuille"]]:
    """The workbook with nothing but its cells, and what was seen of each sheet on the way."""
    reste = _Reste()
    parts: dict[str, str | bytes] = {}
    sheets: list[_Feuille] = []
    listed = links = types = ""
    for rank, (_, part) in enumerate(package.feuilles, 1):
        sheet = _Feuille(reste, recueil)
        sheets.append(sheet)
        parts[f"xl/worksheets/sheet{rank}.xml"] = sheet.kept(package.chunks(part, limites.FEUILLE))
        listed += f'<sheet name="{rank}" sheetId="{rank}" r:id="r{rank}"/>'
        links += (
            f'<Relationship Id="r{rank}" Type="{_LINKS}/worksheet" '
            f'Target="worksheets/sheet{rank}.xml"/>'
        )
        types += _type(f"worksheets/sheet{rank}", "worksheet")
    if package.textes:
        texts = _Tri(reste, _TEXTES).kept(package.chunks(package.textes))
        parts["xl/sharedStrings.xml"] = texts
        types += _type("sharedStrings", "sharedStrings")
    if package.styles:
        parts["xl/styles.xml"] = _Tri(reste, _STYLES).kept(package.chunks(package.styles))
        types += _type("styles", "styles")
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
        f'<workbookPr date1904="{int(package.depuis_1904)}"/><sheets>{listed}</sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
    )
    parts["[Content_Types].xml"] = (
        f'<Types xmlns="{_PACKAGE}/content-types">{_type("workbook", "sheet.main")}{types}</Types>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as written:
        for name, part_kept in parts.items():
            written.writestr(name, part_kept)
    return buffer.getvalue(), sheets


def _type(part: str, kind: str) -> str:
    return f'<Override PartName="/xl/{part}.xml" ContentType="{_TYPES}.{kind}+xml"/>'


# For each element that is kept, those that are kept within it; of all the others, nothing is.
_Arbre = Mapping[str, Any]
_TEXTE: _Arbre = {"t": {}, "r": {"t": {}}}
_TEXTES: _Arbre = {"sst": {"si": _TEXTE}}
_STYLES: _Arbre = {"styleSheet": {"numFmts": {"numFmt": {}}, "cellXfs": {"xf": {}}}}
_CELLULES: _Arbre = {
    "worksheet": {
        "sheetData": {"row": {"c": {"v": {}, "f": {}, "is": _TEXTE}}},
        "mergeCells": {"mergeCell": {}},
    }
}
_ATTRIBUTS = ("r", "s", "t", "ref", "si", "numFmtId", "formatCode")
_COMPTES = {
    "si": (limites.CHAINES, "textes différents"),
    "xf": (limites.STYLES, "styles"),
    "numFmt": (limites.STYLES, "formats"),
    "t": (limites.CELLULES_SESSION, "morceaux de texte"),
    "r": (limites.CELLULES_SESSION, "morceaux de texte"),
}


@dataclass(slots=True)
class _Reste:
    """How many characters may still be kept, in all the parts of the workbook."""

    caracteres: int = limites.PARTIE

    def take(self, combien: int) -> None:
        self.caracteres -= combien
        if self.caracteres < 0:
            raise too_big("ses textes n'en finissent pas")


class _Tri:
    """A part as it streams by -> the same with nothing but the elements of its tree."""

    def __init__(self, reste: _Reste, arbre: _Arbre) -> None:
        self._reste = reste
        self._ouverts: list[_Arbre | None] = [arbre]
        self._comptes: Counter[str] = Counter()
        self._ecrits = bytearray()
        self._locaux = Locaux()

    def kept(self, morceaux: Iterable[bytes]) -> bytes:
        stream(morceaux, self._start, self._end, self._add)
        return bytes(self._ecrits)

    def _start(self, name: str, attributs: Attributs) -> None:
        own, parent = self._locaux[name], self._ouverts[-1]
        kept = None if parent is None else parent.get(own)
        root = len(self._ouverts) == 1
        check_depth(len(self._ouverts))
        self._ouverts.append(kept)
        if kept is None:
            return
        self._comptes[own] += 1
        most, what = _COMPTES.get(own, (limites.FEUILLE, ""))
        if self._comptes[own] > most:
            raise too_big(f"plus de {most} {what}")
        if root:
            self._write(f'<{own} xmlns="{_MAIN}">')
        else:
            self._open(own, attributs)

    def _end(self, name: str) -> None:
        if self._ouverts.pop() is not None:
            self._close(self._locaux[name])

    def _add(self, characters: str) -> None:
        if self._ouverts[-1] == {}:
            self._write(escape(characters))

    def _open(self, name: str, attributs: Attributs) -> None:
        self._write(_tag(name, attributs))

    def _close(self, name: str) -> None:
        self._write(f"</{name}>")

    def _write(self, text: str) -> None:
        self._reste.take(len(text))
        self._ecrits += text.encode()


class _Feuille(_Tri):
    """A sheet: rows and cells that hold nothing are left out, so each that is kept has its address.

    Merges are noted and left out too: openpyxl would build every cell under them.
    """

    def __init__(self, reste: _Reste, recueil: Recueil) -> None:
        super().__init__(reste, _CELLULES)
        self._recueil = recueil
        self.fusions: list[Zone] = []
        self.places: dict[tuple[int, int], None] = {}
        self._ligne = self._colonne = 0
        # The tags of the row and the cell that are open, not yet worth writing.
        self._attente: list[tuple[str, Attributs]] = []

    def _open(self, name: str, attributs: Attributs) -> None:
        if name == "mergeCell":
            add_merge(self.fusions, attributs.get("ref", ""))
        elif name == "row":
            self._begin_row(attributs)
        elif name == "c":
            self._begin_cell(attributs)
        elif name != "mergeCells":
            if self._attente:
                self._keep_cell()
            super()._open(name, attributs)

    def _close(self, name: str) -> None:
        if name in ("row", "c") and self._attente:
            self._attente.pop()
        elif name not in ("mergeCell", "mergeCells"):
            super()._close(name)

    def _begin_row(self, attributs: Attributs) -> None:
        # Some programs leave the numbers out: a row follows the one before it.
        self._ligne = place(f"A{attributs.get('r', self._ligne + 1)}")[0]
        self._colonne = 0
        self._attente = [("row", {"r": str(self._ligne)})]

    def _begin_cell(self, attributs: Attributs) -> None:
        reference = attributs.get("r") or f"{letters(self._colonne + 1)}{self._ligne}"
        row, self._colonne = place(reference)
        if row != self._ligne:
            raise damaged("une cellule n'y est pas sur sa ligne")
        self._attente.append(("c", {**attributs, "r": reference}))

    def _keep_cell(self) -> None:
        own = self._ligne, self._colonne
        if own in self.places:
            raise damaged(f"la cellule {letters(own[1])}{own[0]} y est deux fois")
        self.places[own] = None
        self._recueil.count()
        for name, attributs in self._attente:
            self._write(_tag(name, attributs))
        self._attente = []


def _tag(name: str, attributs: Attributs) -> str:
    kept = ((own, attributs[own]) for own in _ATTRIBUTS if own in attributs)
    words = "".join(f" {own}={quoteattr(value)}" for own, value in kept)
    return f"<{name}{words}>"
