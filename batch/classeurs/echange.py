"""A workbook as it was read <-> plain JSON data: the very same cells, types and order.

Packed, a session's workbooks are held in a hundredth of the memory that their cells take.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
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


class Textes:
    """The different texts of what is set down: each is written once, and cited by its rank."""

    def __init__(self) -> None:
        self._rangs: dict[str, int] = {}

    def rank(self, texte: str | None) -> int:
        """-1: none."""
        return -1 if texte is None else self._rangs.setdefault(texte, len(self._rangs))

    def said(self, valeur: Valeur) -> Any:
        """The rank of a text; of anything else, its type and its value."""
        if valeur is None or isinstance(valeur, str):
            return self.rank(valeur)
        return [type(valeur).__name__, _SAID[type(valeur)](valeur)]

    def as_json(self) -> list[str]:
        return list(self._rangs)

    @staticmethod
    def from_json(content: Iterable[str]) -> "list[str | None]":
        """The texts by their rank, -1 included."""
        return [*content, None]


def value(said: Any, textes: Sequence[str | None]) -> Valeur:
    """What `Textes.said` said."""
    if type(said) is int:
        return textes[said]
    kind, own = said
    return _READ[kind](own)


def pack(content: Any) -> bytes:
    """JSON data, in little room."""
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 1)


def unpack(packed: bytes) -> Any:
    return json.loads(zlib.decompress(packed))


def as_json(classeur: Classeur) -> dict[str, Any]:
    """For each cell four items: row, column, its value, the rank of its formula."""
    textes = Textes()
    feuilles = [
        {
            "nom": feuille.nom,
            "cellules": [
                item
                for cell in feuille.cellules.values()
                for item in (
                    cell.ligne,
                    cell.colonne,
                    textes.said(cell.valeur),
                    textes.rank(cell.formule),
                )
            ],
        }
        for feuille in classeur.feuilles
    ]
    return {
        "feuilles": feuilles,
        "textes": textes.as_json(),
        "libre": classeur.libre,
        "macros": classeur.macros,
        "modifie": classeur.modifie.isoformat() if classeur.modifie else None,
        "empreinte": classeur.empreinte,
    }


def from_json(nom: str, content: Mapping[str, Any]) -> Classeur:
    """The workbook, under the name it has now. Raises ValueError, TypeError, LookupError on what
    `as_json` did not make."""
    textes = Textes.from_json(content["textes"])
    feuilles = []
    for feuille in content["feuilles"]:
        items = iter(feuille["cellules"])
        cells: Cellules = {
            (ligne, colonne): Cellule(ligne, colonne, value(valeur, textes), textes[formule])
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
