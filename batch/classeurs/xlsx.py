"""An .xlsx or .xlsm -> its filled cells: what was typed, formulas as formulas, dates as dates.

A streaming reader of ECMA-376 and of its strict dialect (ISO/IEC 29500). It exists because the
libraries build every formatted but empty cell, expand every merge and style, and stop at the first
damaged part; an incoming grid must cost what its content is worth. Only the parts named here are
opened: no macro, picture, link or cached result of a formula.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from posixpath import dirname, join, normpath

from batch.classeurs.balises import Attributs, parse
from batch.classeurs.cellules import (
    Cellule,
    Cellules,
    Classeur,
    Recueil,
    Valeur,
    decoded,
    number,
    whole_day,
)
from batch.reception import archive, limites
from batch.reception.archive import Archive
from batch.reception.refus import damaged, suspect, too_big


def read(nom: str, contenu: bytes) -> Classeur:
    """The workbook. Raises Refus when it is damaged or beyond the limits."""
    package = Archive(contenu, archive.CLASSEUR)
    book = _Livre()
    main = _main_part(package)
    parse(
        package.chunks(main, limites.PARTIE),
        {"sheet": book.add_sheet, "workbookPr": book.see_properties},
    )
    links = _links(package, main)
    strings = _part(package, links, "sharedStrings")
    texts = _strings(package, strings) if strings else []
    styles = _part(package, links, "styles")
    dates = _date_styles(package, styles) if styles else frozenset()
    recueil = Recueil()
    for name, link in book.feuilles:
        kind, target = links.get(link, ("", ""))
        if kind != "worksheet":
            continue  # a sheet that is one chart
        if target not in package:
            raise damaged(f"la feuille « {name} » y manque")
        reader = _Feuille(recueil, recueil.feuille(name), texts, dates, book.epoque)
        reader.read(package, target)
    if not recueil.feuilles:
        raise damaged("aucune feuille n'a pu y être lue")
    macros = any(part.casefold().endswith("vbaproject.bin") for part in package.noms)
    return Classeur(nom, recueil.feuilles, macros=macros, modifie=_modified(package))


@dataclass(slots=True)
class _Livre:
    feuilles: list[tuple[str, str]] = field(default_factory=list)  # name, link
    epoque: date = date(1899, 12, 30)

    def add_sheet(self, attributs: Attributs) -> None:
        link = next((v for name, v in attributs.items() if name.endswith(":id")), "")
        self.feuilles.append((attributs.get("name", ""), link))
        if len(self.feuilles) > limites.FEUILLES:
            raise too_big(f"plus de {limites.FEUILLES} feuilles")

    def see_properties(self, attributs: Attributs) -> None:
        if attributs.get("date1904") in ("1", "true", "on"):
            self.epoque = date(1904, 1, 1)


def _main_part(package: Archive) -> str:
    links = _links(package, "")
    main = _part(package, links, "officeDocument") or "xl/workbook.xml"
    if main not in package:
        raise damaged("la liste de ses feuilles manque")
    return main


def _links(package: Archive, part: str) -> dict[str, tuple[str, str]]:
    """The relationships of a part: id -> (kind, part); links out of the file are left out."""
    folder = dirname(part)
    source = join(folder, "_rels", f"{part.rpartition('/')[2]}.rels")
    links: dict[str, tuple[str, str]] = {}

    def see(attributs: Attributs) -> None:
        if attributs.get("TargetMode") == "External" or len(links) > 10 * limites.ELEMENTS:
            return
        target = attributs.get("Target", "").replace("\\", "/")
        path = target if target.startswith("/") else join(folder, target)
        kind = attributs.get("Type", "").rpartition("/")[2]
        links[attributs.get("Id", "")] = kind, normpath(path).lstrip("/")

    if source in package:
        parse(package.chunks(source, limites.PARTIE), {"Relationship": see})
    return links


def _part(package: Archive, links: Mapping[str, tuple[str, str]], kind: str) -> str | None:
    """The part of that kind, when it is really there."""
    return next((p for own, p in links.values() if own == kind and p in package), None)


def _strings(package: Archive, part: str) -> list[str]:
    """The shared strings; the phonetic readings of Asian texts are not part of them."""
    texts: list[str] = []
    pieces: list[str] = []
    inside = phonetic = False

    def begin_item(_: Attributs) -> None:
        pieces.clear()

    def end_item() -> None:
        if len(texts) >= limites.CHAINES:
            raise too_big(f"plus de {limites.CHAINES} textes différents")
        texts.append(decoded("".join(pieces)))

    def begin_text(_: Attributs) -> None:
        nonlocal inside
        inside = not phonetic

    def end_text() -> None:
        nonlocal inside
        inside = False

    def begin_phonetic(_: Attributs) -> None:
        nonlocal phonetic
        phonetic = True

    def end_phonetic() -> None:
        nonlocal phonetic
        phonetic = False

    def add(characters: str) -> None:
        if inside:
            pieces.append(characters)

    parse(
        package.chunks(part, limites.PARTIE),
        {"si": begin_item, "t": begin_text, "rPh": begin_phonetic},
        {"si": end_item, "t": end_text, "rPh": end_phonetic},
        add,
    )
    return texts


# The numbers of the built-in formats that show a date or an hour (ECMA-376, 18.8.30).
_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
# What a format prints as it stands: quoted, escaped, padding, colours and conditions; not [h].
_LITTERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)


def _date_styles(package: Archive, part: str) -> frozenset[int]:
    """The styles (by rank) under which a number shows as a date or an hour."""
    custom: dict[int, bool] = {}
    styles: list[int] = []
    in_cells = False

    def see_format(attributs: Attributs) -> None:
        if len(custom) >= limites.STYLES:
            raise too_big(f"plus de {limites.STYLES} formats")
        code = _LITTERAL.sub("", attributs.get("formatCode", "").partition(";")[0])
        shows = code.casefold() != "general" and bool(re.search("[dmyhs]", code, re.IGNORECASE))
        custom[_int(attributs.get("numFmtId"))] = shows

    def begin_cells(_: Attributs) -> None:
        nonlocal in_cells
        in_cells = True

    def end_cells() -> None:
        nonlocal in_cells
        in_cells = False

    def see_style(attributs: Attributs) -> None:
        if in_cells:
            if len(styles) >= limites.STYLES:
                raise too_big(f"plus de {limites.STYLES} styles")
            styles.append(_int(attributs.get("numFmtId")))

    parse(
        package.chunks(part, limites.PARTIE),
        {"numFmt": see_format, "cellXfs": begin_cells, "xf": see_style},
        {"cellXfs": end_cells},
    )
    return frozenset(
        rank for rank, number in enumerate(styles) if custom.get(number, number in _DATES)
    )


class _Feuille:
    """One sheet's part, as it streams by."""

    def __init__(
        self,
        recueil: Recueil,
        cells: Cellules,
        texts: list[str],
        dates: frozenset[int],
        epoque: date,
    ) -> None:
        self._recueil, self._cells = recueil, cells
        self._texts, self._dates, self._epoque = texts, dates, epoque
        self._fusions: list[tuple[int, int, int, int]] = []
        self._partagees: dict[str, str] = {}
        self._ligne = self._colonne = 0
        self._attributs: Attributs | None = None  # of the cell that is open
        self._cible: list[str] | None = None  # where characters go
        self._valeur: list[str] = []
        self._texte: list[str] = []
        self._formule: list[str] | None = None
        self._partage: str | None = None
        self._phonetique = False

    def read(self, package: Archive, part: str) -> None:
        parse(
            package.chunks(part, limites.FEUILLE),
            {
                "row": self._begin_row, "c": self._begin_cell, "v": self._begin_value,
                "t": self._begin_text, "f": self._begin_formula, "rPh": self._begin_phonetic,
                "mergeCell": self._see_merge,
            },
            {
                "c": self._end_cell, "v": self._end_text, "t": self._end_text,
                "f": self._end_text, "rPh": self._end_phonetic,
            },
            self._add,
        )  # fmt: skip
        self._hide_merged()

    def _begin_row(self, attributs: Attributs) -> None:
        # Some programs leave the numbers out: a row follows the one before it.
        self._ligne = _int(attributs.get("r")) or self._ligne + 1
        self._colonne = 0
        if self._ligne > limites.LIGNE:
            raise damaged("une ligne y est au-delà de la dernière d'Excel")

    def _begin_cell(self, attributs: Attributs) -> None:
        reference = attributs.get("r")
        row, self._colonne = _place(reference) if reference else (self._ligne, self._colonne + 1)
        if row != self._ligne:
            raise damaged("une cellule n'y est pas sur sa ligne")
        self._attributs = attributs
        self._formule = self._partage = None

    def _begin_value(self, _: Attributs) -> None:
        if self._attributs is not None:
            self._valeur = self._cible = []

    def _begin_text(self, _: Attributs) -> None:
        if self._attributs is not None and not self._phonetique:
            self._cible = self._texte

    def _begin_formula(self, attributs: Attributs) -> None:
        if self._attributs is not None:
            self._formule = self._cible = []
            self._partage = attributs.get("si")

    def _begin_phonetic(self, _: Attributs) -> None:
        self._phonetique = True

    def _end_phonetic(self) -> None:
        self._phonetique = False

    def _end_text(self) -> None:
        self._cible = None

    def _add(self, characters: str) -> None:
        if self._cible is not None:
            self._cible.append(characters)

    def _end_cell(self) -> None:
        attributs = self._attributs or {}
        value, text = "".join(self._valeur), "".join(self._texte)
        self._attributs = self._cible = None
        if self._valeur:
            self._valeur = []
        if self._texte:
            self._texte = []
        typed: Valeur = None
        formula = None
        if self._formule is not None:
            formula = "=" + self._shared("".join(self._formule))
            # LibreOffice writes a boolean back as a formula.
            if formula in ("=TRUE()", "=FALSE()"):
                typed, formula = formula == "=TRUE()", None
        elif attributs.get("t") == "e":
            formula = value or "#?"
        else:
            typed = self._typed(attributs, value, text)
        if (typed is None and formula is None) or typed == "":
            return
        self._recueil.count()
        place = self._ligne, self._colonne
        self._cells[place] = Cellule(*place, typed, formula)

    def _shared(self, text: str) -> str:
        """A formula's text; one shared with its neighbours is written in the first cell only."""
        if self._partage is None:
            return text
        return (
            self._partagees.setdefault(self._partage, text)
            if text
            else (self._partagees.get(self._partage, ""))
        )

    def _typed(self, attributs: Attributs, value: str, text: str) -> Valeur:
        match attributs.get("t", "n"):
            case "s":
                rank = _int(value.strip(), -1)
                if not value.strip():
                    return None
                if not 0 <= rank < len(self._texts):
                    raise damaged("une cellule y renvoie à un texte qui manque")
                return self._texts[rank]
            case "inlineStr":
                return decoded(text)
            case "str":
                return decoded(value or text)
            case "b":
                return value.strip() in ("1", "true") if value.strip() else None
            case "d":
                return _iso(value.strip())
        plain = value.strip()
        if not plain:
            return None
        found = number(plain)
        if found is None:
            return plain  # not a number after all: shown as it is, for the reader to refuse
        if _int(attributs.get("s")) in self._dates:
            return _instant(found, self._epoque)
        return found

    def _see_merge(self, attributs: Attributs) -> None:
        first, _, last = attributs.get("ref", "").partition(":")
        if len(self._fusions) >= limites.FUSIONS:
            raise too_big(f"plus de {limites.FUSIONS} cellules fusionnées")
        if last:
            self._fusions.append((*_place(first), *_place(last)))

    def _hide_merged(self) -> None:
        """Under a merge only the first cell shows: what another one still holds, nobody sees."""
        rows: dict[int, list[int]] = {}
        for row, column in self._cells:
            rows.setdefault(row, []).append(column)
        filled = sorted(rows)
        looked_at = 0
        for top, left, bottom, right in self._fusions:
            for row in filled[bisect_left(filled, top) : bisect_right(filled, bottom)]:
                looked_at += len(rows[row])
                for column in rows[row]:
                    if left <= column <= right and (row, column) != (top, left):
                        self._cells.pop((row, column), None)
            if looked_at > 10 * limites.CELLULES:
                raise suspect("ses cellules fusionnées se recouvrent")


_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def _place(reference: str) -> tuple[int, int]:
    """AA12 -> (12, 27)."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise damaged(f"« {reference[:20]} » n'y est pas une adresse")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(match[2])
    if not (1 <= row <= limites.LIGNE and column <= limites.COLONNE):
        raise damaged(f"{reference} est au-delà de la dernière cellule d'Excel")
    return row, column


def _int(text: str | None, default: int = 0) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else default


def _instant(serial: int | Decimal, epoque: date) -> Valeur:
    """Days since the epoch -> a day, an instant, or an hour; a number that is none stays one."""
    days = int(serial)
    seconds = int((Decimal(serial) - days) * 86400 + Decimal("0.5"))
    if not 0 <= serial < 2_958_466:  # 31 December 9999
        return serial
    # Excel believes, as Lotus did, that 29 February 1900 existed.
    shift = 1 if epoque.year == 1899 and 0 < days < 60 else 0
    instant = datetime.combine(epoque, time()) + timedelta(days=days + shift, seconds=seconds)
    only_an_hour = serial < 1 and instant.date() == epoque == date(1899, 12, 30)
    return instant.time() if only_an_hour else whole_day(instant)


def _iso(text: str) -> Valeur:
    try:
        return whole_day(datetime.fromisoformat(text.removesuffix("Z")))
    except ValueError:
        return text or None


def _modified(package: Archive) -> datetime | None:
    """When the workbook was last saved: later than its creation, else its program keeps no date."""
    core = _part(package, _links(package, ""), "core-properties")
    if core is None:
        return None
    found: dict[str, list[str]] = {"created": [], "modified": []}
    target: list[str] | None = None

    def begin(name: str) -> None:
        nonlocal target
        target = found[name]

    def end() -> None:
        nonlocal target
        target = None

    def add(characters: str) -> None:
        if target is not None:
            target.append(characters)

    parse(
        package.chunks(core, limites.PARTIE),
        {"created": lambda _: begin("created"), "modified": lambda _: begin("modified")},
        {"created": end, "modified": end},
        add,
    )
    return proven(*("".join(found[name]) for name in ("created", "modified")))


def proven(created: str, modified: str) -> datetime | None:
    """The date of the last save, where it proves something."""
    first, last = utc(created), utc(modified)
    return last if first and last and last > first else None


def utc(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
