"""The rows of a sheet that the jury fills: what it typed, found by the row's tag.

Beside what it shows, each row carries a witness of it, hidden: a locked cell that was changed all
the same is told, with what stood there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs.cellules import Classeur, Feuille, fold
from batch.classeurs.edition import Edition, put
from batch.classeurs.tables import Table

SAISIES = ("decide", "motif", "preconisations", "pour", "contre", "abstentions", "sur")
# A workbook without these is not the jury's; the others are on a sheet or not.
_INDISPENSABLES = ("repere", "decide", "motif", "sur")
_CACHEES = ("repere", "temoin")
_TEMOINS = ("candidat", "nom", "objet", "propose")
_ENTRE = "¦"


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """One row as it stands: the text of each column, and where."""

    repere: str
    textes: Mapping[str, str | None]
    lieux: Mapping[str, Lieu]

    def __getitem__(self, nom: str) -> str | None:
        return self.textes.get(nom)

    @property
    def decide(self) -> str | None:
        return self["decide"]

    @property
    def motif(self) -> str | None:
        return self["motif"]

    @property
    def sur(self) -> str | None:
        return self["sur"]

    @property
    def propose(self) -> str | None:
        return self["propose"]

    @property
    def contenu(self) -> tuple[str | None, ...]:
        return tuple(self[nom] for nom in SAISIES)

    @property
    def remplie(self) -> bool:
        """Something of the jury's would be lost with this row."""
        return any(self[nom] for nom in SAISIES if nom != "sur")


def write_headings(book: Edition, sheet: Worksheet, table: Table, colonnes: Iterable[str]) -> None:
    """The headings and widths of these columns of the table; tags and witnesses are hidden."""
    for rank, nom in enumerate(colonnes):
        colonne = table.colonne(nom)
        hidden = {"hidden": True} if nom in _CACHEES else {}
        sheet.set_column(rank, rank, colonne.largeur, None, hidden)
        put(sheet, 0, rank, colonne.titre, book.entete)
    sheet.set_row(0, 30)


def witness(values: Mapping[str, str | None]) -> str:
    return _ENTRE.join(values.get(nom) or "" for nom in _TEMOINS)


def read(classeur: Classeur, table: Table) -> tuple[dict[str, LigneSaisie], list[Anomalie]]:
    """Row by row, by tag; a fault of structure means that the sheet must not be made again."""
    feuille = classeur.feuille(table.feuille)
    if feuille is None:
        lieu = Lieu(classeur.nom)
        return {}, [Code.DELIBERATION_FEUILLE.at(lieu, feuille=table.feuille)]
    columns = _columns(feuille, table)
    anomalies = [
        Code.SESSION_COLONNE_MANQUE.at(
            Lieu(classeur.nom, feuille.nom), colonne=table.colonne(nom).titre
        )
        for nom in _INDISPENSABLES
        if nom not in columns
    ]
    if anomalies:
        return {}, anomalies
    rows: dict[str, LigneSaisie] = {}
    for number in feuille.rows:
        cells = {nom: feuille.at(number, column) for nom, column in columns.items()}
        places = {nom: Lieu(classeur.nom, feuille.nom, cell.adresse) for nom, cell in cells.items()}
        saisie = LigneSaisie(
            cells["repere"].texte or "", {nom: cell.texte for nom, cell in cells.items()}, places
        )
        tag = saisie.repere
        if not tag or fold(tag) == fold(table.colonne("repere").titre):
            said = next((saisie[nom] for nom in ("decide", "nom", "candidat") if saisie[nom]), None)
            if not tag and said:
                anomalies.append(Code.DECISION_ETRANGERE.at(places["decide"], valeur=said))
            continue
        anomalies += _tampered(saisie, table)
        if tag in rows:
            if rows[tag].contenu != saisie.contenu:
                who, _, what = tag.partition("/")
                where = rows[tag].lieux["decide"].cellule
                anomalies.append(
                    Code.DECISION_DOUBLE.at(
                        places["decide"], candidats=(who,), objet=what, qui=who, autre=where
                    )
                )
            continue
        rows[tag] = saisie
    return rows, anomalies


def _tampered(saisie: LigneSaisie, table: Table) -> Iterator[Anomalie]:
    """Locked cells that no longer say what was written there."""
    kept = saisie["temoin"]
    if kept is None:
        return
    for nom, before in zip(_TEMOINS, kept.split(_ENTRE), strict=False):
        now = saisie[nom] or ""
        if nom in saisie.lieux and before and now != before:
            yield Code.CELLULE_MODIFIEE.at(
                saisie.lieux[nom],
                candidats=(saisie.repere.partition("/")[0],),
                colonne=table.colonne(nom).titre,
                avant=before,
                lu=now or "rien",
            )


def _columns(feuille: Feuille, table: Table) -> dict[str, int]:
    titles = {fold(colonne.titre): colonne.nom for colonne in table.colonnes}
    columns: dict[str, int] = {}
    for place in sorted(feuille.cellules):
        cell = feuille.cellules[place]
        name = titles.get(fold(cell.texte or ""))
        if name:
            columns.setdefault(name, cell.colonne)
    return columns
