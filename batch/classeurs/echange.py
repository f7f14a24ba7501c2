"""A workbook as it was read <-> plain JSON data: the very same cells, types and order.

Packed, a session's workbooks are held in a hundredth of the memory that their cells take.
"""

import json
import zlib
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from batch.classeurs.cellules import Cellule, Cellules, Classeur, Feuille, Valeur

# By their exact type: a datetime is a date, and a bool an int.
_SAID: Mapping[type, Callable[[Any], Any]] = {
    bool: bool,
    int: int,
    Decimal: str,
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
}
_READ: Mapping[str, Callable[[Any], Valeur]] = {
    "bool": bool,
    "int": int,
    "Decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def pack(classeur: Classeur) -> bytes:
    return zlib.compress(json.dumps(as_json(classeur), separators=(",", ":")).encode(), 1)


def unpack(nom: str, packed: bytes) -> Classeur:
    """The workbook, under the name it has now."""
    return from_json(nom, json.loads(unfold(packed)))


def unfold(packed: bytes) -> bytes:
    """The JSON alone."""
    return zlib.decompress(packed)


def as_json(classeur: Classeur) -> dict[str, Any]:
    """Each different text once, and for each cell four items: row, column, rank of its text (-1:
    none; or its type and value), rank of its formula."""
    textes: dict[str, int] = {}

    def rank(texte: str | None) -> int:
        return -1 if texte is None else textes.setdefault(texte, len(textes))

    def said(valeur: Valeur) -> Any:
        if valeur is None or isinstance(valeur, str):
            return rank(valeur)
        return [type(valeur).__name__, _SAID[type(valeur)](valeur)]

    feuilles = [
        {
            "nom": feuille.nom,
            "cellules": [
                item
                for cell in feuille.cellules.values()
                for item in (cell.ligne, cell.colonne, said(cell.valeur), rank(cell.formule))
            ],
        }
        for feuille in classeur.feuilles
    ]
    return {
        "feuilles": feuilles,
        "textes": list(textes),
        "libre": classeur.libre,
        "macros": classeur.macros,
        "modifie": classeur.modifie.isoformat() if classeur.modifie else None,
        "empreinte": classeur.empreinte,
    }


def from_json(nom: str, content: Mapping[str, Any]) -> Classeur:
    """The workbook, under the name it has now. Raises ValueError, TypeError, LookupError on what
    `as_json` did not make."""
    textes: list[str | None] = [*content["textes"], None]  # -1 is the last

    def read(valeur: Any) -> Valeur:
        if type(valeur) is int:
            return textes[valeur]
        kind, own = valeur
        return _READ[kind](own)

    feuilles = []
    for feuille in content["feuilles"]:
        items = iter(feuille["cellules"])
        cells: Cellules = {
            (ligne, colonne): Cellule(ligne, colonne, read(valeur), textes[formule])
            for ligne, colonne, valeur, formule in zip(items, items, items, items, strict=True)
        }
        feuilles.append(Feuille(feuille["nom"], cells))
    modifie = content["modifie"]
    return Classeur(
        nom,
        tuple(feuilles),
        content["libre"],
        content["macros"],
        datetime.fromisoformat(modifie) if modifie else None,
        content["empreinte"],
    )
