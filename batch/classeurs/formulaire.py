"""A sheet that people fill in, from its table: headings, help and drop-downs; then what they typed.

Whatever workbook it stands in, a heading is found by its words and not by its place, the example
row is not read as long as nobody changes it, and every cell keeps its address.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from xlsxwriter.worksheet import Worksheet

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.classeurs import edition, tables
from batch.classeurs.cellules import Cellule, Classeur, Feuille, fold
from batch.classeurs.tables import Colonne, Table
from batch.francais import enumeration, proche


@dataclass(frozen=True, slots=True)
class LigneLue:
    """One row as it was typed: the text of each column, and where it stands."""

    textes: Mapping[str, str | None]
    lieux: Mapping[str, Lieu]

    def __getitem__(self, nom: str) -> str | None:
        return self.textes.get(nom)

    def lieu(self, nom: str) -> Lieu:
        return self.lieux[nom]

    def must(self, nom: str) -> str:
        """A compulsory value: its table has already refused the row where it is missing."""
        value = self.textes[nom]
        assert value is not None
        return value


def write_help(
    sheet: Worksheet, first: int, last: int, column: int, colonne: Colonne, source: str | None
) -> None:
    """The input message, and the drop-down where the column has one."""
    options: dict[str, Any] = {
        "validate": "any",
        "input_title": colonne.titre,
        "input_message": colonne.aide,
    }
    if colonne.choix:
        options |= edition.liste(colonne.choix) | {
            "error_title": "Valeur hors liste",
            "error_message": f"Choisissez dans la liste : {enumeration(colonne.choix, 'ou')}.",
        }
    elif source and not colonne.plusieurs:
        options |= {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": "Code inconnu",
            "error_message": "Ce code n'est pas dans la feuille où il devrait être.",
        }
    edition.validate(sheet, (first, column, last, column), options)


def find_headings(feuille: Feuille, table: Table) -> tuple[int, dict[str, int]]:
    """The row that holds the most headings of the table, and the column of each."""
    wanted = {fold(colonne.titre): colonne.nom for colonne in table.colonnes}
    best: tuple[int, dict[str, int]] = (0, {})
    for number in feuille.rows[:20]:
        found = {
            wanted[folded]: cell.colonne
            for cell in feuille.row(number)
            if (folded := fold((cell.texte or "").rstrip(" *"))) in wanted
        }
        if len(found) > len(best[1]):
            best = (number, found)
    return best


def check_headings(
    classeur: Classeur, feuille: Feuille, table: Table, header: int, columns: Mapping[str, int]
) -> Iterator[Anomalie]:
    titles = [colonne.titre for colonne in table.colonnes if colonne.nom not in columns]
    for cell in feuille.row(header):
        if cell.colonne not in columns.values() and cell.texte:
            yield Code.SESSION_COLONNE_INCONNUE.at(
                Lieu(classeur.nom, feuille.nom, cell.adresse),
                colonne=cell.texte,
                suggestion=suggestion(proche(cell.texte, titles)),
            )
    for colonne in table.colonnes:
        if colonne.nom not in columns and colonne.obligatoire:
            lieu = Lieu(classeur.nom, feuille.nom, f"{header}:{header}")
            yield Code.SESSION_COLONNE_MANQUE.at(lieu, colonne=colonne.titre)


def is_example(feuille: Feuille, table: Table, columns: Mapping[str, int], row: int) -> bool:
    return all(
        (feuille.at(row, columns[c.nom]).texte if c.nom in columns else None) == c.exemple
        for c in table.colonnes
    )


def read_text(cell: Cellule, colonne: Colonne, lieu: Lieu, anomalies: list[Anomalie]) -> str | None:
    """The cell as the text that its table checks: ISO dates, listed words as the list has them."""
    if cell.formule is not None:
        anomalies.append(Code.VALEUR_FORMULE.at(lieu, valeur=cell.formule))
        return None
    text = cell.texte
    if text is None:
        return None
    if colonne.nature == "date":
        return _iso_date(cell, text)
    if colonne.nature == "heure":
        return iso_time(cell, text)
    if colonne.nature == "courriel":
        return text.replace(" ", "")
    same = [choice for choice in colonne.choix if fold(choice) == fold(text)]
    return same[0] if same else text


def _iso_date(cell: Cellule, text: str) -> str:
    if isinstance(cell.valeur, date):
        return f"{cell.valeur:%Y-%m-%d}"
    parts = text.replace("-", "/").replace(".", "/").split("/")
    if len(parts) == 3 and all(part.strip().isdigit() for part in parts):
        day, month, year = (int(part) for part in parts)
        if len(parts[0].strip()) == 4:
            day, year = year, day
        try:
            return date(year, month, day).isoformat() if year > 999 else text
        except ValueError:
            return text
    return text


def iso_time(cell: Cellule, text: str) -> str:
    """« 14h05 », « 14:05 » or a time of the spreadsheet -> « 14:05 »; else the text as it is."""
    if isinstance(cell.valeur, time):
        return f"{cell.valeur:%H:%M}"
    hour, _, minute = text.casefold().replace("h", ":").replace(" ", "").partition(":")
    if hour.isdigit() and (minute.isdigit() or not minute):
        return f"{int(hour):02d}:{int(minute or 0):02d}"
    return text


def explain(colonne: Colonne, faute: tables.Faute, lieu: Lieu) -> Anomalie:
    match faute.controle:
        case "not_nullable":
            return Code.VALEUR_MANQUE.at(lieu, colonne=colonne.titre, aide=colonne.aide)
        case "isin":
            return not_listed(lieu, faute.valeur, colonne.titre, colonne.choix)
        case "field_uniqueness":
            return Code.VALEUR_DOUBLE.at(lieu, valeur=faute.valeur, colonne=colonne.titre)
    return Code.VALEUR_MAL_ECRITE.at(
        lieu, valeur=faute.valeur, colonne=colonne.titre, aide=colonne.aide
    )


def not_listed(lieu: Lieu, valeur: str, colonne: str, choix: Sequence[str]) -> Anomalie:
    """A word that the column's list has not."""
    return Code.VALEUR_HORS_LISTE.at(
        lieu,
        valeur=valeur,
        colonne=colonne,
        suggestion=suggestion(proche(valeur, choix)),
        permis=enumeration(choix),
    )


def several(text: str | None) -> tuple[str, ...]:
    """« BC1, BC3 » -> (BC1, BC3)."""
    parts = (text or "").replace(";", ",").replace("\n", ",").replace(" et ", ",").split(",")
    return tuple(part.strip() for part in parts if part.strip())
