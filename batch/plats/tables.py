"""schemas/plats.yaml -> the columns of the flat tables, and the dictionary that explains them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import yaml

from batch import data, vocabulaire
from batch.francais import typographie
from batch.vocabulaire import Etat

# What stands in a cell; None is an empty one.
Valeur = str | int | Fraction | date | bool | Etat | None
Ligne = Mapping[str, Valeur]


@dataclass(frozen=True, slots=True)
class Colonne:
    """`valeurs`: what a « code » may be, and the word for each; `vide`: what an empty cell says."""

    nom: str
    titre: str
    sens: str
    type: str
    valeurs: Mapping[str, str]
    vide: str
    personnel: bool
    largeur: int


@dataclass(frozen=True, slots=True)
class Table:
    nom: str
    feuille: str
    sens: str
    colonnes: tuple[Colonne, ...]


@dataclass(frozen=True, slots=True)
class Plat:
    """A table and its rows, each with a value for every column."""

    table: Table
    lignes: Sequence[Ligne]


DICTIONNAIRE = Table(
    "dictionnaire",
    "Dictionnaire",
    "Une ligne par colonne des autres tables, puis comment chaque type s’écrit.",
    tuple(
        Colonne(nom, titre, sens, "texte", {}, vide, personnel=False, largeur=largeur)
        for nom, titre, sens, vide, largeur in (
            ("table", "Table", "Le nom de la table.", "", 14),
            ("colonne", "Colonne", "Son nom dans le JSON.", "", 22),
            ("titre", "Titre", "Son titre dans le classeur et le CSV.", "", 22),
            ("sens", "Sens", "Ce qu’elle dit.", "", 52),
            ("type", "Type", "Ce qu’elle contient.", "La ligne explique un type.", 18),
            ("valeurs", "Valeurs", "Celles d’une liste : le mot, puis le code.", "Libres.", 44),
            ("vide", "Case vide", "Ce que dit une case vide.", "Elle ne l’est jamais.", 34),
        )
    ),
)


@cache
def load(*, anonyme: bool = False) -> tuple[Table, ...]:
    """The tables, in the order they are read; without what names people if `anonyme`."""
    raw = _raw()
    tables = []
    for nom, spec in raw["tables"].items():
        own = {
            **raw["communes"],
            **(raw["identite"] if spec.get("identite") else {}),
            **spec["colonnes"],
        }
        columns = tuple(_column(nom, own) for nom, own in own.items())
        table = Table(nom, spec["feuille"], typographie(spec["sens"]), columns)
        if anonyme:
            table = replace(table, colonnes=tuple(c for c in columns if not c.personnel))
        tables.append(table)
    return tuple(tables)


def dictionary(tables: Sequence[Table]) -> Plat:
    """Every column of these tables, then how each type is written: itself a table."""
    lines = [line for table in tables for line in _explained(table)]
    return Plat(DICTIONNAIRE, [*lines, *_types()])


def _types() -> Iterator[Ligne]:
    for nom, spec in _raw()["types"].items():
        yield {
            **dict.fromkeys((colonne.nom for colonne in DICTIONNAIRE.colonnes), None),
            "table": "types",
            "colonne": nom,
            "titre": typographie(spec["nom"]),
            "sens": typographie(spec["ecriture"]),
        }


def _explained(table: Table) -> Iterator[Ligne]:
    types = _raw()["types"]
    for colonne in table.colonnes:
        words = (mot if mot == code else f"{mot} ({code})" for code, mot in colonne.valeurs.items())
        yield {
            "table": table.nom,
            "colonne": colonne.nom,
            "titre": colonne.titre,
            "sens": colonne.sens,
            "type": typographie(types[colonne.type]["nom"]),
            "valeurs": ", ".join(words) or None,
            "vide": colonne.vide or None,
        }


@cache
def _raw() -> Any:
    return yaml.safe_load((data.SCHEMAS / "plats.yaml").read_text(encoding="utf-8"))


def _column(nom: str, spec: Mapping[str, Any]) -> Colonne:
    return Colonne(
        nom,
        typographie(spec["titre"]),
        typographie(spec["sens"]),
        spec["type"],
        dict(pair for one in spec.get("valeurs", ()) for pair in _values(one)),
        typographie(spec.get("vide", "")),
        bool(spec.get("personnel")),
        spec["largeur"],
    )


def _values(named: str) -> Iterator[tuple[str, str]]:
    """The states of an enumeration of ours, or a word that stands for itself."""
    states = getattr(vocabulaire, named, None)
    if states is None:
        yield named, named
    else:
        yield from ((etat.value, etat.mot) for etat in states)
