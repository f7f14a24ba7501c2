"""The rows of a sheet that the jury fills: what it typed, found by the row's tag."""

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs.cellules import Classeur, Feuille, fold
from batch.classeurs.edition import Edition, put
from batch.classeurs.tables import Table

# What the program wrote and checks, and what the jury types.
_LUES = ("repere", "decide", "motif", "sur")


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """What the jury typed on one row, as it stands, and where."""

    repere: str
    decide: str | None
    motif: str | None
    sur: str | None
    propose: str | None
    lieux: Mapping[str, Lieu]

    @property
    def contenu(self) -> tuple[str | None, ...]:
        return (self.decide, self.motif, self.sur)


def write_headings(book: Edition, sheet: Worksheet, table: Table) -> None:
    """The headings and widths of the table; the column of tags is hidden."""
    for rank, colonne in enumerate(table.colonnes):
        hidden = {"hidden": True} if colonne.nom == "repere" else {}
        sheet.set_column(rank, rank, colonne.largeur, None, hidden)
        put(sheet, 0, rank, colonne.titre, book.entete)
    sheet.set_row(0, 30)


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
        for nom in _LUES
        if nom not in columns
    ]
    if anomalies:
        return {}, anomalies
    rows: dict[str, LigneSaisie] = {}
    for number in feuille.rows:
        cells = {nom: feuille.at(number, column) for nom, column in columns.items()}
        tag = cells["repere"].texte
        places = {nom: Lieu(classeur.nom, feuille.nom, cell.adresse) for nom, cell in cells.items()}
        saisie = LigneSaisie(
            tag or "",
            cells["decide"].texte,
            cells["motif"].texte,
            cells["sur"].texte,
            cells["propose"].texte if "propose" in cells else None,
            places,
        )
        if tag is None or fold(tag) == fold(table.colonne("repere").titre):
            if tag is None and saisie.decide:
                anomalies.append(Code.DECISION_ETRANGERE.at(places["decide"], valeur=saisie.decide))
            continue
        if tag in rows and rows[tag].contenu != saisie.contenu:
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


def _columns(feuille: Feuille, table: Table) -> dict[str, int]:
    titles = {fold(colonne.titre): colonne.nom for colonne in table.colonnes}
    columns: dict[str, int] = {}
    for place in sorted(feuille.cellules):
        cell = feuille.cellules[place]
        name = titles.get(fold(cell.texte or ""))
        if name:
            columns.setdefault(name, cell.colonne)
    return columns
