"""The columns of the flat tables -> schemas/plats.schema.json: python -m batch.plats.schema"""

from typing import Any

from batch import data, fichiers
from batch.plats import tables
from batch.plats.tables import Colonne, Table

FORMAT = "jury/plats/1"

_TYPES: dict[str, dict[str, Any]] = {
    "texte": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "entier": {"type": "integer"},
    "nombre": {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    "oui_non": {"type": "boolean"},
}


def json_schema() -> dict[str, Any]:
    every = (*tables.load(), tables.DICTIONNAIRE)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Tables d’une ou plusieurs sessions ({FORMAT})",
        "description": "Stable : des tables et des colonnes peuvent s’ajouter, aucune ne "
        "disparaît ni ne change de sens.",
        "type": "object",
        "properties": {
            "format": {"const": FORMAT},
            "anonyme": {
                "type": "boolean",
                "description": "Les colonnes qui nomment quelqu’un ont été laissées de côté.",
            },
            "tables": {
                "type": "object",
                "properties": {table.nom: _rows(table) for table in every[:-1]},
                "required": [table.nom for table in every[:-1]],
                "additionalProperties": False,
            },
            "dictionnaire": _rows(every[-1]),
        },
        "required": ["format", "anonyme", "tables", "dictionnaire"],
    }


def _rows(table: Table) -> dict[str, Any]:
    return {
        "description": table.sens,
        "type": "array",
        "items": {
            "type": "object",
            "properties": {colonne.nom: _property(colonne) for colonne in table.colonnes},
            "required": [colonne.nom for colonne in table.colonnes if not colonne.personnel],
            "additionalProperties": False,
        },
    }


def _property(colonne: Colonne) -> dict[str, Any]:
    said = colonne.sens + (f" Vide : {colonne.vide}" if colonne.vide else "")
    if colonne.type == "code":
        codes: list[str | None] = [*colonne.valeurs]
        return {"enum": [*codes, None] if colonne.vide else codes, "description": said}
    own = dict(_TYPES[colonne.type])
    if colonne.vide:
        own["type"] = [own["type"], "null"]
    return {**own, "description": said}


if __name__ == "__main__":
    fichiers.write(data.SCHEMAS / "plats.schema.json", fichiers.as_json(json_schema()))
