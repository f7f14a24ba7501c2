"""An .ods, zipped or flat -> its filled cells: what was typed, formulas as formulas.

After OpenDocument 1.3, part 3. No library that is still kept reads it for us: python-calamine gives
the cached result of a formula as if it had been typed, odfpy (last release in 2020) builds every
cell of a repeated row and reads no flat file.
"""

import re
from collections.abc import Iterable
from datetime import datetime, time

from batch.classeurs.balises import Attributs, parse
from batch.classeurs.cellules import (
    Cellule,
    Cellules,
    Classeur,
    Recueil,
    Valeur,
    number,
    percentage,
    whole_day,
)
from batch.classeurs.paquet import proven
from batch.reception import archive, limites
from batch.reception.archive import Archive
from batch.reception.refus import damaged

_HEURE = re.compile(r"PT(\d{1,2})H(\d{1,2})M(\d{1,2})")


def read(nom: str, contenu: bytes) -> Classeur:
    """The workbook. Raises Refus when it is damaged or beyond the limits."""
    reader, dates = _Document(), _Dates()
    if contenu.startswith(b"PK"):
        package = Archive(contenu, archive.CLASSEUR)
        if "content.xml" not in package:
            raise damaged("son contenu manque")
        reader.read(package.chunks("content.xml", limites.FEUILLE))
        if "meta.xml" in package:
            dates.read(package.chunks("meta.xml", limites.PARTIE))
    else:
        reader.read([contenu])
        dates.read([contenu])
    if not reader.recueil.feuilles:
        raise damaged("aucune feuille n'a pu y être lue")
    return Classeur(nom, reader.recueil.feuilles, libre=True, modifie=dates.modified)


class _Document:
    def __init__(self) -> None:
        self.recueil = Recueil()
        self._cells: Cellules | None = None
        self._ligne = self._colonne = 0  # the last ones that are over
        self._lignes = self._colonnes = 1  # how many the open ones stand for
        self._rang: list[Cellule] = []  # the cells of the open row
        self._attributs: Attributs | None = None
        self._texte: list[str] = []
        self._paragraphe = False
        self._annotation = 0

    def read(self, morceaux: Iterable[bytes]) -> None:
        parse(
            morceaux,
            {
                "table": self._begin_table, "table-row": self._begin_row,
                "table-cell": self._begin_cell, "covered-table-cell": self._begin_covered,
                "p": self._begin_paragraph, "s": self._see_spaces, "tab": self._see_tab,
                "line-break": self._see_break, "annotation": self._begin_annotation,
            },
            {
                "table": self._end_table, "table-row": self._end_row,
                "table-cell": self._end_cell, "covered-table-cell": self._end_cell,
                "annotation": self._end_annotation, "p": self._end_paragraph,
            },
            self._characters,
        )  # fmt: skip

    def _begin_table(self, attributs: Attributs) -> None:
        self._cells = self.recueil.feuille(attributs.get("table:name", ""))
        self._ligne = 0

    def _end_table(self) -> None:
        self._cells = None

    def _begin_row(self, attributs: Attributs) -> None:
        self._lignes = _repeat(attributs.get("table:number-rows-repeated"))
        self._colonne = 0
        self._rang = []

    def _end_row(self) -> None:
        if self._rang and self._cells is not None:
            self.recueil.count(len(self._rang) * (self._lignes - 1))
            for row in range(self._ligne + 1, self._ligne + self._lignes + 1):
                for cell in self._rang:
                    self._cells[row, cell.colonne] = Cellule(
                        row, cell.colonne, cell.valeur, cell.formule
                    )
        self._ligne += self._lignes

    def _begin_cell(self, attributs: Attributs) -> None:
        self._attributs = attributs
        self._colonnes = _repeat(attributs.get("table:number-columns-repeated"))
        self._texte = []

    def _begin_covered(self, attributs: Attributs) -> None:
        """Hidden under a merge: nobody sees what it still holds."""
        self._begin_cell(attributs)
        self._attributs = None

    def _end_cell(self) -> None:
        if self._attributs is not None:
            value, formula = self._typed(self._attributs)
            if formula is not None or value not in (None, ""):
                self.recueil.count(self._colonnes)
                for column in range(self._colonne + 1, self._colonne + self._colonnes + 1):
                    self._rang.append(Cellule(0, column, value, formula))
        self._colonne += self._colonnes
        self._attributs = None

    def _typed(self, attributs: Attributs) -> tuple[Valeur, str | None]:
        text = "".join(self._texte)
        formula = attributs.get("table:formula")
        if formula is not None:
            formula = "=" + formula.partition("=")[2]
            if formula in ("=TRUE()", "=FALSE()"):
                return formula == "=TRUE()", None
            return None, formula
        if attributs.get("calcext:value-type") == "error":
            return None, text or "#?"
        match attributs.get("office:value-type"):
            case "float" | "percentage" | "currency" as kind:
                plain = attributs.get("office:value", "")
                found = number(plain)
                if found is None:
                    return plain, None
                return (percentage(found) if kind == "percentage" else found), None
            case "boolean":
                return attributs.get("office:boolean-value") in ("true", "1"), None
            case "date":
                return _date(attributs.get("office:date-value", "")), None
            case "time":
                return _hour(attributs.get("office:time-value", "")), None
            case "string":
                return attributs.get("office:string-value") or text, None
        return text or None, None

    def _begin_paragraph(self, _: Attributs) -> None:
        self._paragraphe = True
        if self._texte:
            self._add("\n")

    def _end_paragraph(self) -> None:
        self._paragraphe = False

    def _see_spaces(self, attributs: Attributs) -> None:
        self._add(" " * min(_repeat(attributs.get("text:c")), limites.TEXTE))

    def _see_tab(self, _: Attributs) -> None:
        self._add("\t")

    def _see_break(self, _: Attributs) -> None:
        self._add("\n")

    def _begin_annotation(self, _: Attributs) -> None:
        self._annotation += 1

    def _end_annotation(self) -> None:
        self._annotation -= 1

    def _characters(self, characters: str) -> None:
        if self._paragraphe:  # between paragraphs, blanks only lay the file out
            self._add(characters)

    def _add(self, characters: str) -> None:
        if self._attributs is not None and not self._annotation:
            self._texte.append(characters)


class _Dates:
    """When the document was made and last saved."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}
        self._open: str | None = None
        self._over = False  # the rest of a flat document has other dates, in the notes of its cells

    def read(self, morceaux: Iterable[bytes]) -> None:
        parse(
            morceaux,
            {"creation-date": lambda _: self._begin("created"),
             "date": lambda _: self._begin("modified")},
            {"creation-date": self._end, "date": self._end, "meta": self._end_meta},
            self._add,
        )  # fmt: skip

    @property
    def modified(self) -> datetime | None:
        return proven(self._found.get("created", ""), self._found.get("modified", ""))

    def _begin(self, name: str) -> None:
        self._open = name if not self._over else None

    def _end(self) -> None:
        self._open = None

    def _end_meta(self) -> None:
        self._over = True

    def _add(self, characters: str) -> None:
        if self._open:
            self._found[self._open] = self._found.get(self._open, "") + characters


def _repeat(text: str | None) -> int:
    """How many times; never more than a sheet has rows."""
    if not text or not text.isdecimal():
        return 1
    return max(1, min(int(text[:8]), limites.LIGNE))


def _date(text: str) -> Valeur:
    try:
        return whole_day(datetime.fromisoformat(text))
    except ValueError:
        return text or None


def _hour(text: str) -> Valeur:
    match = _HEURE.match(text)
    if match is None:
        return text or None
    try:
        return time(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:  # a duration, not an hour of the day
        return text
