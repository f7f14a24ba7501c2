"""An .xlsx's bytes -> the parts of it that are read: its sheets by name, its texts, its styles.

What the two readers share, `direct` and `complet`. Only the parts named here are ever opened: no
macro, picture, link to another file or cached result.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from posixpath import dirname, join, normpath

from batch.classeurs.balises import Attributs, attribut, parse
from batch.classeurs.cellules import Cellules
from batch.reception import archive, limites
from batch.reception.archive import Archive
from batch.reception.refus import damaged, suspect, too_big

Zone = tuple[int, int, int, int]  # top, left, bottom, right


class Paquet:
    """Raises Refus when the workbook is damaged or beyond the limits."""

    def __init__(self, contenu: bytes) -> None:
        self._archive = Archive(contenu, archive.CLASSEUR)
        racine = self._links("")
        main = self._part(racine, "officeDocument") or "xl/workbook.xml"
        if main not in self._archive:
            raise damaged("la liste de ses feuilles manque")
        self.depuis_1904 = False
        self._liens: list[tuple[str, str]] = []  # the name of a sheet, its link
        parse(self.chunks(main), {"sheet": self._see_sheet, "workbookPr": self._see_properties})
        links = self._links(main)
        # A sheet that is one chart, or a dialogue of Excel 5, holds no cell.
        self.feuilles = [
            (name, links[link][1])
            for name, link in self._liens
            if links.get(link, ("", ""))[0] == "worksheet"
        ]
        for name, part in self.feuilles:
            if part not in self._archive:
                raise damaged(f"la feuille « {name} » y manque")
        if not self.feuilles:
            raise damaged("aucune feuille n'a pu y être lue")
        self.textes = self._part(links, "sharedStrings")
        self.styles = self._part(links, "styles")
        self._proprietes = self._part(racine, "core-properties")

    def chunks(self, part: str, au_plus: int = limites.PARTIE) -> Iterator[bytes]:
        return self._archive.chunks(part, au_plus)

    @property
    def macros(self) -> bool:
        return any(part.casefold().endswith("vbaproject.bin") for part in self._archive.noms)

    @property
    def modifie(self) -> datetime | None:
        """When it was last saved, where that proves something."""
        if self._proprietes is None:
            return None
        found: dict[str, list[str]] = {"created": [], "modified": []}
        target: list[str] = []

        def begin(name: str) -> None:
            nonlocal target
            target = found[name]

        def end() -> None:
            nonlocal target
            target = []

        parse(
            self.chunks(self._proprietes),
            {"created": lambda _: begin("created"), "modified": lambda _: begin("modified")},
            {"created": end, "modified": end},
            lambda characters: target.append(characters),
        )
        return proven(*("".join(found[name]) for name in ("created", "modified")))

    def _see_sheet(self, attributs: Attributs) -> None:
        self._liens.append((attributs.get("name", ""), attribut(attributs, "id") or ""))
        if len(self._liens) > limites.FEUILLES:
            raise too_big(f"plus de {limites.FEUILLES} feuilles")

    def _see_properties(self, attributs: Attributs) -> None:
        self.depuis_1904 = attributs.get("date1904") in ("1", "true", "on")

    def _links(self, part: str) -> dict[str, tuple[str, str]]:
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

        if source in self._archive:
            parse(self.chunks(source), {"Relationship": see})
        return links

    def _part(self, links: dict[str, tuple[str, str]], kind: str) -> str | None:
        """The part of that kind, when it is really there."""
        return next((p for own, p in links.values() if own == kind and p in self._archive), None)


def hide_merged(cells: Cellules, zones: Sequence[Zone]) -> None:
    """Under a merge only the first cell shows: what another one still holds, nobody sees."""
    if not zones:
        return
    rows: dict[int, list[int]] = {}
    for row, column in cells:
        rows.setdefault(row, []).append(column)
    filled = sorted(rows)
    looked_at = 0
    for top, left, bottom, right in zones:
        for row in filled[bisect_left(filled, top) : bisect_right(filled, bottom)]:
            looked_at += len(rows[row])
            for column in rows[row]:
                if left <= column <= right and (row, column) != (top, left):
                    cells.pop((row, column), None)
        if looked_at > 10 * limites.CELLULES:
            raise suspect("ses cellules fusionnées se recouvrent")


def add_merge(zones: list[Zone], reference: str) -> None:
    """A1:B2 among the merges of a sheet."""
    first, _, last = reference.partition(":")
    if len(zones) >= limites.FUSIONS:
        raise too_big(f"plus de {limites.FUSIONS} cellules fusionnées")
    if last:
        zones.append((*place(first), *place(last)))


def place(reference: str) -> tuple[int, int]:
    """AA12 -> (12, 27). Raises Refus when no sheet has such a cell."""
    reference = reference.replace("$", "").upper()
    letters = reference.rstrip("0123456789")
    row, column = reference[len(letters) :], column_of(letters)
    if not column or not row or len(row) > 7:
        raise damaged(f"« {reference[:20]} » n'y est pas une adresse")
    if not 1 <= int(row) <= limites.LIGNE:
        raise damaged(f"{reference} est au-delà de la dernière cellule d'Excel")
    return int(row), column


def column_of(letters: str) -> int:
    """A -> 1, AA -> 27; 0 when it is no column of a sheet."""
    if not (letters.isascii() and letters.isupper() and letters.isalpha() and len(letters) <= 3):
        return 0
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column if column <= limites.COLONNE else 0


def proven(created: str, modified: str) -> datetime | None:
    """The date of the last save: later than the creation, else the program keeps no date."""
    first, last = utc(created), utc(modified)
    return last if first and last and last > first else None


def utc(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
