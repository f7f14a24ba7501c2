"""A sheet -> where grids stand on it: their tags, tokens and numbers, their columns, their heads.

Columns may have been moved or inserted, rows too; several grids may have been pasted below or
beside one another. Each tag finds its own columns by the headings that stand over it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from batch.classeurs import tables
from batch.classeurs.cellules import Cellule, Feuille, clean, fold
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.forme import Forme, Numero

_CLES = {f"#{nom}": nom for nom in f.COLONNES}
# How far above its headings the head of a grid begins.
_TETE = f.L_TITRES - f.L_JETON


@dataclass(frozen=True, slots=True)
class Jeton:
    """A token as it stands on a sheet; `identite` and `structure` are its two signatures."""

    cellule: Cellule
    numero: Numero
    identite: str
    structure: str


@dataclass(frozen=True, slots=True)
class Zone:
    """A grid's place on its sheet: the column of its tags and the others, its lowest heading row.

    `repere` is 0 where the tags are gone, `entete` 0 where the headings are. Its columns lie from
    `debut` on, before `fin`.
    """

    repere: int
    entete: int
    colonnes: Mapping[str, int]
    debut: int = 1
    fin: int = 1 << 20

    @property
    def manquantes(self) -> list[str]:
        return [name for name in ("note", "commentaire") if name not in self.colonnes]


class Plan:
    """What stands where on one sheet."""

    def __init__(self, feuille: Feuille) -> None:
        self.feuille = feuille
        self.reperes: list[Cellule] = []
        self.jetons: list[Jeton] = []
        self.numeros: list[tuple[Cellule, Numero]] = []
        self._presences: list[Cellule] = []
        self._cles: dict[int, dict[int, str]] = {}
        self._titres: dict[int, dict[int, str]] = {}
        self._rangs: dict[int, list[Cellule]] = {}
        self._zones: dict[tuple[int, int | None, int | None], Zone] = {}
        for place in sorted(feuille.cellules):
            cell = feuille.cellules[place]
            self._rangs.setdefault(place[0], []).append(cell)
            if cell.formule or not isinstance(cell.valeur, str) or not _is_mute(cell.valeur):
                self._see(cell)
        # One such word is a word; two on a row are headings.
        self._titres = {row: own for row, own in self._titres.items() if len(own) > 1}

    def _see(self, cell: Cellule) -> None:
        text = cell.texte
        if text is None:
            return
        if "~" in text and f.REPERE_LIGNE.fullmatch(text):
            self.reperes.append(cell)
        elif "/" in text and (match := f.NUMERO.fullmatch(text)):
            self.numeros.append((cell, Numero(*match.groups())))
        elif text == f.CLE_PRESENCE:
            self._presences.append(cell)
        elif text in _CLES:
            self._cles.setdefault(cell.ligne, {})[cell.colonne] = _CLES[text]
        elif title := _title(text):
            self._titres.setdefault(cell.ligne, {})[cell.colonne] = title
        for match in f.JETON.finditer(text) if "|" in text else ():
            *numero, identite, structure = match.groups()
            self.jetons.append(Jeton(cell, Numero(*numero), identite, structure))

    @property
    def ressemble(self) -> bool:
        """It has the headings of a grid, whatever else it lost."""
        rows = [*self._cles.values(), *self._titres.values()]
        return any({"note", "commentaire"} <= set(row.values()) for row in rows)

    @property
    def service(self) -> bool:
        """The sheet that lists the workbook's tokens, whatever its name has become."""
        return bool(self.jetons) and not self.reperes and not self.ressemble

    def zone(self, repere: Cellule | None) -> Zone:
        """The grid of this tag; with none, the only grid that the headings tell of."""
        if repere is None:
            known: dict[str, set[int]] = {}
            for row in (*self._cles.values(), *self._titres.values()):
                for column, name in row.items():
                    known.setdefault(name, set()).add(column)
            sure = {name: own.pop() for name, own in known.items() if len(own) == 1}
            return Zone(0, max((*self._cles, *self._titres), default=0), sure)
        keys, titles = _over(self._cles, repere), _over(self._titres, repere)
        place = (repere.colonne, keys, titles)
        if keys is None and titles is None and place not in self._zones:
            self._zones[place] = replace(self.zone(None), repere=repere.colonne)
        if place not in self._zones:
            lowest = max(keys or 0, titles or 0)
            debut, fin = _extent({**self._titres, **self._cles}[lowest], repere.colonne)
            columns: dict[str, int] = {}
            for row in (self._titres.get(titles or 0, {}), self._cles.get(keys or 0, {})):
                own = {column: name for column, name in row.items() if debut <= column < fin}
                names = list(own.values())
                columns |= {n: column for column, n in own.items() if names.count(n) == 1}
            self._zones[place] = Zone(repere.colonne, lowest, columns, debut, fin)
        return self._zones[place]

    def presence(self, zone: Zone) -> Cellule | None:
        """The cell that says whether the candidate came."""
        keys = [cell for cell in self._presences if cell.colonne == zone.repere]
        row = _nearest(keys or self._presences, zone) or self._head_row(zone, ("presence",))
        return self.feuille.at(row, zone.colonnes["note"]) if row else None

    def sujet(self, zone: Zone) -> Cellule | None:
        """The cell that says who is rated."""
        row = self._head_row(zone, ("candidat", "groupe"))
        column = zone.colonnes.get("critere")
        return self.feuille.at(row, column) if row and column else None

    def _head_row(self, zone: Zone, words: tuple[str, ...]) -> int | None:
        code = zone.colonnes.get("code")
        rows = range(max(1, zone.entete - 2 * _TETE), zone.entete)
        cells = [self.feuille.at(row, code) for row in rows] if code else []
        return _nearest((cell for cell in cells if fold(cell.texte or "") in words), zone)

    def beside(self, zone: Zone, row: int) -> Iterator[Cellule]:
        """What stands on a row, among the comments first, then out of every known column."""
        comment = self.feuille.at(row, zone.colonnes["commentaire"])
        if comment.texte:
            yield comment
        known = {*zone.colonnes.values(), zone.repere}
        for cell in self._rangs.get(row, ()):
            if zone.debut <= cell.colonne < zone.fin and cell.colonne not in known:
                yield cell

    def untagged(self, zone: Zone) -> list[int]:
        """The rows under the headings of a grid that have no tag, down to the next grid's head."""
        tagged = {cell.ligne for cell in self.reperes if cell.colonne == zone.repere}
        away = tagged | self._cles.keys() | self._titres.keys()
        heads = (other.entete for other in self._zones.values() if other.entete > zone.entete)
        end = min(heads, default=1 << 30) - _TETE
        return [row for row in self._rangs if zone.entete < row < end and row not in away]

    def loose(self, zone: Zone, taken: Iterable[int]) -> list[Cellule]:
        """What is written in the columns of inputs on no row of the grid, in reading order."""
        columns = (zone.colonnes["note"], zone.colonnes["commentaire"])
        known = set(taken)
        rows = [row for row in self.untagged(zone) if row not in known]
        cells = (self.feuille.at(row, column) for row in rows for column in columns)
        return [cell for cell in cells if cell.texte]


def is_tag(cellule: Cellule) -> bool:
    return bool(f.REPERE_LIGNE.fullmatch(cellule.texte or ""))


def is_ours(nom: str) -> bool:
    """The name of a sheet that we add around the candidates'."""
    return fold(nom) in {fold(own) for own in f.NOTRES}


class Libelles:
    """A form's rows by the words that a person sees on them."""

    def __init__(self, forme: Forme) -> None:
        self._by_text: dict[str, set[str]] = {}
        for ligne in forme.lignes:
            for text in (ligne.texte, ligne.texte + ligne.puces):
                self._by_text.setdefault(fold(text), set()).add(ligne.id)

    def shown(self, text: str | None) -> set[str]:
        """The ids of the rows that this text could be; empty where it is none of them."""
        return self._by_text.get(fold(text), set()) if text else set()


@lru_cache(maxsize=1 << 12)  # the same critères stand on every sheet
def _is_mute(texte: str) -> bool:
    """Whatever its place, this text says nothing of where a grid stands."""
    if "~" in texte or "/" in texte or "|" in texte or "#" in texte:
        return False
    return _title(clean(texte) or "") is None


def _title(texte: str) -> str | None:
    """The column that has this heading."""
    return _titles().get(fold(texte)) if len(texte) <= 40 else None


@cache
def _titles() -> Mapping[str, str]:
    return {fold(colonne.titre): colonne.nom for colonne in tables.load("grille").colonnes}


def _over(rows: Mapping[int, Mapping[int, str]], repere: Cellule) -> int | None:
    """The row of headings that stands over this tag, or under it when rows were sorted with it."""
    own = [row for row, cells in rows.items() if cells.get(repere.colonne) == "repere"]
    above = [row for row in own if row < repere.ligne]
    return max(above) if above else min(own, default=None)


def _extent(row: Mapping[int, str], column: int) -> tuple[int, int]:
    """From which column to which the grid with these tags lies, when others lie beside it."""
    starts = sorted(place for place, name in row.items() if name == "repere")
    after = [place for place in starts if place > column]
    return (column if column in starts[1:] else 1), (after[0] if after else 1 << 20)


def _nearest(cells: Iterable[Cellule], zone: Zone) -> int | None:
    rows = [cell.ligne for cell in cells]
    above = [row for row in rows if row < zone.entete]
    return max(above) if above else (rows[0] if len(rows) == 1 else None)
