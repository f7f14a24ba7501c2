"""A référentiel as an Excel table, both ways: the model to fill in, an export, and what was typed.

Headings, help, drop-downs and checks come from schemas/tables/referentiel-*.yaml, whose columns are
named as the fields of the records. What a cell cannot say alone is checked where the YAML's ties
are: batch/referentiel/controle.py.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any, get_origin

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.classeurs import edition, tables
from batch.classeurs.cellules import Cellule, Classeur, Feuille, fold

# Shared with session.xlsx: how a table's headings are found, its cells read, its faults explained.
from batch.classeurs.formulaire import (
    LigneLue,
    check_headings,
    explain,
    find_headings,
    is_example,
    read_text,
    several,
    write_help,
)
from batch.classeurs.tables import Colonne, Table
from batch.francais import date_courte, proche, typographie
from batch.lecture_yaml import Chemin
from batch.referentiel import controle, texte
from batch.referentiel.modele import (
    Activite,
    Bloc,
    Competence,
    Critere,
    Enregistrement,
    Epreuve,
    Referentiel,
)

DEBOUT = "certification"
FEUILLES = (
    "regles", "blocs", "activites", "competences", "epreuves", "criteres", "indicateurs",
)  # fmt: skip
_SECTIONS: dict[str, type[Any]] = {
    "blocs": Bloc,
    "activites": Activite,
    "competences": Competence,
    "epreuves": Epreuve,
    "criteres": Critere,
}
# Without a row there, nothing could be evaluated.
_COMPULSORY = ("activites", "competences", "criteres")
_ROWS = 1000  # how far down the drop-downs reach
# The same référentiel gives the same bytes, whatever the day.
_JOUR = date(2024, 1, 1)
_EXAMPLE = (
    "La ligne en italique de chaque feuille est un exemple : elle n'est pas lue tant que vous n'y "
    "changez rien.",
)
_NOTICE = (
    "* rubrique ou colonne obligatoire.",
    "Chaque feuille : un élément par ligne, dans l'ordre du document, sous les titres.",
    "Recopiez les textes mot pour mot, fautes comprises : les grilles les impriment tels quels.",
    "Un rattachement cite un identifiant de la feuille voisine : les listes déroulantes les "
    "proposent, et l'importation signale ceux qui n'existent pas.",
    "Ensuite : jury referentiel importer, suivi du nom de ce fichier. Toutes les fautes sont "
    "données d'un coup, avec leur feuille et leur cellule.",
)


@cache
def table(nom: str) -> Table:
    """The table, each column's help saying how a cell holds several things."""
    loaded = tables.load(f"referentiel-{nom}")
    return replace(loaded, colonnes=tuple(_with_convention(own) for own in loaded.colonnes))


def _with_convention(colonne: Colonne) -> Colonne:
    how = ""
    if colonne.plusieurs:
        how = " Plusieurs : séparez-les par des virgules."
    elif colonne.nature == "lignes":
        how = " Plusieurs : un par ligne dans la cellule (Alt+Entrée)."
    return replace(colonne, aide=colonne.aide + typographie(how))


# --- to the workbook


def write(referentiel: Referentiel | None = None) -> bytes:
    """This référentiel as a workbook; without one, the model to fill in, with its examples."""
    with edition.new(_JOUR) as (book, buffer):
        _write_upright(book, referentiel)
        typed = _typed_rows(referentiel) if referentiel else {}
        for nom in FEUILLES:
            _write_list(book, nom, typed.get(nom))
    return buffer.getvalue()


def _write_upright(book: edition.Edition, referentiel: Referentiel | None) -> None:
    upright = table(DEBOUT)
    given = _typed_upright(referentiel) if referentiel else {}
    sheet = book.add_sheet(upright.feuille)
    widths = (30, 56, 74)
    titres = zip(("Rubrique", "Valeur", "Aide"), widths, strict=True)
    edition.headings(book, sheet, titres)
    sheet.set_row(0, 20)
    sheet.freeze_panes(1, 0)
    for row, colonne in enumerate(upright.colonnes, 1):
        value = given.get(colonne.nom)
        aide = f"{colonne.aide} Par exemple{typographie(' : ')}{colonne.exemple}."
        sheet.set_row(row, edition.height((value, widths[1]), (aide, widths[2]), least=22))
        edition.put(sheet, row, 0, _heading(colonne), book.format(bold=True))
        edition.put(sheet, row, 1, value, book.saisie)
        edition.put(sheet, row, 2, aide, book.discret)
        write_help(sheet, row, row, 1, colonne, None)
    notice = _NOTICE if referentiel else (*_NOTICE[:2], *_EXAMPLE, *_NOTICE[2:])
    for row, phrase in enumerate(notice, len(upright.colonnes) + 2):
        fmt = book.format(font_color=edition.DISCRET, text_wrap=True)
        sheet.merge_range(row, 0, row, 2, "", fmt)
        edition.put(sheet, row, 0, typographie(phrase), fmt)
        sheet.set_row(row, edition.height((phrase, sum(widths))))
    edition.a4_paysage(sheet, _footer(upright, referentiel))


def _write_list(
    book: edition.Edition, nom: str, lignes: Sequence[Mapping[str, str | None]] | None
) -> None:
    own = table(nom)
    sheet = book.add_sheet(own.feuille)
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 32)
    blank = book.format(num_format="@", text_wrap=True)
    typed = book.format(num_format="@", text_wrap=True, border=1, border_color=edition.FILET)
    example = book.format(
        num_format="@", text_wrap=True, italic=True, font_color=edition.DISCRET
    )  # fmt: skip
    for column, colonne in enumerate(own.colonnes):
        sheet.set_column(column, column, colonne.largeur, blank)
        edition.put(sheet, 0, column, _heading(colonne), book.entete)
        write_help(sheet, 1, _ROWS, column, colonne, _source(colonne))
        if lignes is None:
            edition.put(sheet, 1, column, colonne.exemple, example)
        for row, ligne in enumerate(lignes or (), 1):
            edition.put(sheet, row, column, ligne[colonne.nom], typed)
    shown = lignes if lignes is not None else [{c.nom: c.exemple for c in own.colonnes}]
    for row, ligne in enumerate(shown, 1):
        sheet.set_row(row, edition.height(*((ligne[c.nom], c.largeur) for c in own.colonnes)))
    if lignes is None:
        note = "Exemple, non lu. Écrivez par-dessus ou supprimez la ligne."
        sheet.write_comment(1, 0, note, {"x_scale": 1.6})
    edition.a4_paysage(sheet, own.feuille, repeat=0)


def _heading(colonne: Colonne) -> str:
    return colonne.titre + (" *" if colonne.obligatoire else "")


def _footer(own: Table, referentiel: Referentiel | None) -> str:
    return f"{referentiel.id}  {own.feuille}" if referentiel else own.feuille


def _source(colonne: Colonne) -> str | None:
    """Where the drop-down of a column that cites finds its codes: another sheet's column A."""
    if colonne.cite is None:
        return None
    return f"='{table(colonne.cite).feuille}'!$A$2:$A${_ROWS + 1}"


def _typed_upright(referentiel: Referentiel) -> dict[str, str | None]:
    registered = referentiel.enregistrement
    return {
        "id": referentiel.id,
        "intitule": referentiel.intitule,
        "certificateur": referentiel.certificateur,
        "niveau": referentiel.niveau,
        "rncp": referentiel.rncp,
        "du": date_courte(registered.du) if registered else None,
        "au": date_courte(registered.au) if registered else None,
    }


def _typed_rows(referentiel: Referentiel) -> dict[str, list[dict[str, str | None]]]:
    """The rows of each sheet, as a person would type them."""
    rows: dict[str, list[dict[str, str | None]]] = {
        "regles": [{"texte": text} for text in referentiel.regles_citees],
        "indicateurs": [
            {"critere": critere.id, "texte": text}
            for critere in referentiel.criteres
            for text in critere.indicateurs
        ],
    }
    for section, record in _SECTIONS.items():
        defaults = {own.name: own.default for own in fields(record)}
        rows[section] = [
            {
                colonne.nom: _typed(getattr(one, colonne.nom), colonne, defaults[colonne.nom])
                for colonne in table(section).colonnes
            }
            for one in getattr(referentiel, section)
        ]
    return rows


def _typed(value: Any, colonne: Colonne, default: Any) -> str | None:
    """A field as it is typed in its cell; `_value` is the way back."""
    if isinstance(value, bool):
        return None if value == default else ("oui" if value else "non")
    if not isinstance(value, tuple):
        return value or None
    if colonne.cite:
        return ", ".join(value) or None
    if colonne.choix:
        words = fold(" et ".join(value))
        return next((choice for choice in colonne.choix if fold(choice) == words), None)
    return "\n".join(value) or None


def _value(own: Field[Any], colonne: Colonne, typed: str | None) -> Any:
    if own.type is bool:
        return typed == "oui" if typed else own.default
    if own.type is str:
        return typed or ""
    if get_origin(own.type) is not tuple:
        return typed
    if colonne.cite:
        return several(typed)
    if colonne.choix:
        return tuple(fold(word) for word in (typed or "").split(" et ") if word)
    return tuple(line for line in (typed or "").split("\n") if line)


# --- from the workbook


@dataclass(slots=True)
class _Support:
    """The workbook as the checks of a référentiel know it: where each thing stands."""

    nom: str
    lieux: dict[Chemin, Lieu] = field(default_factory=dict)

    def lieu(self, *chemin: str | int) -> Lieu:
        """The cell of a rubric, or of the nearest thing above it."""
        for end in range(len(chemin), 0, -1):
            if chemin[:end] in self.lieux:
                return self.lieux[chemin[:end]]
        return Lieu(self.nom)

    def rubrique(self, *chemin: str | int) -> str:
        """The heading of its column."""
        section, name = chemin[0], chemin[-1]
        return table(str(section)).colonne(str(name)).titre


def read(classeur: Classeur) -> tuple[Referentiel | None, list[Anomalie]]:
    """What was typed, as a référentiel, or None with every reason, in the workbook's order.

    A faulty row still counts as a row: what cites it is not at fault.
    """
    anomalies: list[Anomalie] = []
    upright = _read_upright(classeur, anomalies)
    rows = {nom: _read_list(classeur, table(nom), anomalies) for nom in FEUILLES}
    if upright is None or any(own is None for own in rows.values()):
        return None, _in_order(classeur, anomalies)
    lignes = {nom: own for nom, own in rows.items() if own is not None}
    for nom in _COMPULSORY:
        if not lignes[nom]:
            feuille = table(nom).feuille
            anomalies.append(
                Code.SESSION_TABLE_VIDE.at(Lieu(classeur.nom, feuille), feuille=feuille)
            )

    anomalies += _unknown_criteres(lignes)
    explained = {anomalie.lieu for anomalie in anomalies if anomalie.bloquante}
    support = _places(classeur.nom, upright, lignes)
    referentiel = texte.in_normal_form(_record(upright, lignes))
    found = controle.check(referentiel, support)
    anomalies += [anomalie for anomalie in found if anomalie.lieu not in explained]
    blocked = any(anomalie.bloquante for anomalie in anomalies)
    return None if blocked else referentiel, _in_order(classeur, anomalies)


def _read_upright(classeur: Classeur, anomalies: list[Anomalie]) -> LigneLue | None:
    upright = table(DEBOUT)
    feuille = _sheet(classeur, upright, anomalies)
    if feuille is None:
        return None
    labels = {
        fold((cell.texte or "").rstrip(" *")): cell.ligne
        for cell in feuille.cellules.values()
        if cell.colonne == 1
    }
    missing = [colonne for colonne in upright.colonnes if fold(colonne.titre) not in labels]
    for colonne in missing:
        lieu = Lieu(classeur.nom, feuille.nom, "A:A")
        anomalies.append(Code.SESSION_COLONNE_MANQUE.at(lieu, colonne=colonne.titre))
    if missing:
        return None
    cells = {c.nom: feuille.at(labels[fold(c.titre)], 2) for c in upright.colonnes}
    (ligne,) = _checked(classeur, feuille, upright, {1: cells}, anomalies)
    if (ligne["du"] is None) != (ligne["au"] is None):
        absent = upright.colonne("du" if ligne["du"] is None else "au")
        if not any(anomalie.lieu == ligne.lieu(absent.nom) for anomalie in anomalies):
            anomalies.append(
                Code.VALEUR_MANQUE.at(
                    ligne.lieu(absent.nom), colonne=absent.titre, aide=absent.aide
                )
            )
    return ligne


def _read_list(classeur: Classeur, own: Table, anomalies: list[Anomalie]) -> list[LigneLue] | None:
    """The rows of a sheet, faulty ones included; None when its headings are not there."""
    feuille = _sheet(classeur, own, anomalies)
    if feuille is None:
        return None
    header, columns = find_headings(feuille, own)
    if not columns:
        header = 1
    anomalies += check_headings(classeur, feuille, own, header, columns)
    if any(c.obligatoire and c.nom not in columns for c in own.colonnes):
        return None
    cells: dict[int, dict[str, Cellule]] = {}
    for number in feuille.rows:
        if number <= header or is_example(feuille, own, columns, number):
            continue
        nothing = Cellule(number, 1, None)
        row = {
            c.nom: feuille.at(number, columns[c.nom]) if c.nom in columns else nothing
            for c in own.colonnes
        }
        if any(cell.texte for cell in row.values()):
            cells[number] = row
    return _checked(classeur, feuille, own, cells, anomalies)


def _sheet(classeur: Classeur, own: Table, anomalies: list[Anomalie]) -> Feuille | None:
    feuille = classeur.feuille(own.feuille)
    if feuille is None:
        lieu = Lieu(classeur.nom)
        anomalies.append(Code.REFERENTIEL_FEUILLE.at(lieu, feuille=own.feuille))
    return feuille


def _checked(
    classeur: Classeur,
    feuille: Feuille,
    own: Table,
    cells: Mapping[int, Mapping[str, Cellule]],
    anomalies: list[Anomalie],
) -> list[LigneLue]:
    """The rows as text, without what their table refuses; its faults join the anomalies."""
    textes: dict[int, dict[str, str | None]] = {}
    lieux: dict[int, dict[str, Lieu]] = {}
    faults: dict[Lieu, Anomalie] = {}
    for number, row in cells.items():
        textes[number], lieux[number] = {}, {}
        for colonne in own.colonnes:
            cell = row[colonne.nom]
            lieu = Lieu(classeur.nom, feuille.nom, cell.adresse)
            found: list[Anomalie] = []
            textes[number][colonne.nom] = read_text(cell, colonne, lieu, found) or None
            if _is_spoiled(cell, colonne):
                found.append(
                    Code.VALEUR_MAL_ECRITE.at(
                        lieu,
                        valeur=cell.texte,
                        colonne=colonne.titre,
                        aide=typographie(
                            "Excel en a fait un nombre ou une date : mettez la cellule au format "
                            "Texte, puis retapez le code."
                        ),
                    )
                )
            faults |= {anomalie.lieu: anomalie for anomalie in found}
            lieux[number][colonne.nom] = lieu
    for faute in tables.check(own.nom, textes):
        lieu = lieux[faute.ligne][faute.colonne]
        faults.setdefault(lieu, explain(own.colonne(faute.colonne), faute, lieu))
        textes[faute.ligne][faute.colonne] = None
    anomalies += faults.values()
    return [LigneLue(textes[number], lieux[number]) for number in cells]


def _is_spoiled(cell: Cellule, colonne: Colonne) -> bool:
    """A code that the program took for something else: « 1.10 » is then the number 1,1."""
    is_code = colonne.nom in ("id", "code") or colonne.cite is not None
    return is_code and not isinstance(cell.valeur, str | int | None)


def _unknown_criteres(lignes: Mapping[str, Sequence[LigneLue]]) -> list[Anomalie]:
    """An indicateur of a critère that does not exist: the YAML has no such thing."""
    known = [ligne["id"] or "" for ligne in lignes["criteres"]]
    return [
        Code.REFERENCE_INCONNUE.at(
            ligne.lieu("critere"),
            rubrique=table("indicateurs").colonne("critere").titre,
            valeur=ligne["critere"],
            suggestion=suggestion(proche(ligne.must("critere"), known)),
        )
        for ligne in lignes["indicateurs"]
        if ligne["critere"] is not None and ligne["critere"] not in known
    ]


def _places(nom: str, upright: LigneLue, lignes: Mapping[str, Sequence[LigneLue]]) -> _Support:
    lieux: dict[Chemin, Lieu] = {(name,): lieu for name, lieu in upright.lieux.items()}
    for name in ("du", "au"):
        lieux["enregistrement", name] = upright.lieu(name)
    for rank, ligne in enumerate(lignes["regles"]):
        lieux["regles_citees", rank] = ligne.lieu("texte")
    for section in _SECTIONS:
        for rank, ligne in enumerate(lignes[section]):
            lieux[section, rank] = ligne.lieu(controle.id_rubric(section))
            lieux |= {(section, rank, name): lieu for name, lieu in ligne.lieux.items()}
    under = _indicateurs(lignes)
    for rank, ligne in enumerate(lignes["criteres"]):
        for place, indicateur in enumerate(under.get(ligne["id"] or "", ())):
            lieux["criteres", rank, "indicateurs", place] = indicateur.lieu("texte")
    return _Support(nom, lieux)


def _indicateurs(lignes: Mapping[str, Sequence[LigneLue]]) -> dict[str, list[LigneLue]]:
    """The rows of the indicateurs of each critère, in their order."""
    cited = [ligne for ligne in lignes["indicateurs"] if ligne["critere"]]
    ordered = sorted(cited, key=lambda ligne: ligne.must("critere"))
    return {c: list(own) for c, own in groupby(ordered, lambda ligne: ligne.must("critere"))}


def _record(upright: LigneLue, lignes: Mapping[str, Sequence[LigneLue]]) -> Referentiel:
    du, au = upright["du"], upright["au"]
    under = _indicateurs(lignes)
    sections: dict[str, Any] = {
        section: tuple(
            record(
                **{
                    own.name: _value(own, table(section).colonne(own.name), ligne[own.name])
                    for own in fields(record)
                    if own.name != "indicateurs"
                }
            )
            for ligne in lignes[section]
        )
        for section, record in _SECTIONS.items()
    }
    sections["criteres"] = tuple(
        replace(critere, indicateurs=tuple(own["texte"] or "" for own in under.get(critere.id, ())))
        for critere in sections["criteres"]
    )
    return Referentiel(
        id=upright["id"] or "",
        intitule=upright["intitule"] or "",
        certificateur=upright["certificateur"],
        niveau=upright["niveau"],
        rncp=upright["rncp"],
        enregistrement=(
            Enregistrement(date.fromisoformat(du), date.fromisoformat(au)) if du and au else None
        ),
        regles_citees=tuple(ligne["texte"] or "" for ligne in lignes["regles"]),
        **sections,
    )


_A1 = re.compile(r"([A-Z]+)(\d+)")


def _in_order(classeur: Classeur, anomalies: list[Anomalie]) -> list[Anomalie]:
    """As one meets them, going through the workbook."""
    rank = {feuille.nom: number for number, feuille in enumerate(classeur.feuilles)}

    def place(anomalie: Anomalie) -> tuple[int, int, int, str]:
        lieu = anomalie.lieu
        found = _A1.fullmatch(lieu.cellule)
        column, row = found.groups() if found else ("", "0")
        return rank.get(lieu.feuille, -1), int(row), len(column), column

    return sorted(anomalies, key=place)
