"""Flat tables -> CSV for a French spreadsheet, JSON for a machine. No clock: same rows, same bytes.

A cell of a CSV file has no type, and a spreadsheet takes for a formula whatever looks like one:
external text is defused (OWASP, « CSV Injection »), in a way that can be undone.
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from batch.francais import date_courte
from batch.plats import tables
from batch.plats.schema import FORMAT
from batch.plats.tables import Plat, Valeur
from batch.vocabulaire import Etat

# What begins a formula, in full width too, after whatever a spreadsheet trims; or a control sign
# that ends the cell for some. Apostrophes of ours, or already there, may stand before it.
_ACTIF = re.compile(r"'*(?:[\x00-\x1f]|\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")


def as_csv(plat: Plat) -> bytes:
    """UTF-8 with its mark, semicolons, CRLF: what Excel and LibreOffice open as a table in France.

    « S-7 », « 12,5 », « 15/06/2023 », « oui ».
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    columns = plat.table.colonnes
    writer.writerow([colonne.titre for colonne in columns])
    for ligne in plat.lignes:
        writer.writerow([_cell(ligne[colonne.nom]) for colonne in columns])
    return text.getvalue().encode("utf-8-sig")


def as_json(plats: Sequence[Plat], *, anonyme: bool) -> dict[str, Any]:
    """Codes, ISO dates, marks as exact text; schemas/plats.schema.json describes it."""
    return {
        "format": FORMAT,
        "anonyme": anonyme,
        "tables": {plat.table.nom: _values(plat) for plat in plats},
        "dictionnaire": _values(tables.dictionary([plat.table for plat in plats])),
    }


def defused(text: str) -> str:
    """The same text, with an apostrophe before what a spreadsheet would run as a formula."""
    return f"'{text}" if _ACTIF.match(text) else text


def decimal(valeur: Fraction) -> str:
    """25/2 -> « 12.5 », exactly; what has no end stays a fraction: « 37/3 »."""
    exact = Decimal(valeur.numerator) / Decimal(valeur.denominator)
    if Fraction(exact) != valeur:
        return str(valeur)
    return f"{exact:f}"


def _cell(valeur: Valeur) -> str:
    match valeur:
        case None:
            return ""
        case bool():
            return "oui" if valeur else "non"
        case Etat():
            return valeur.mot
        case str():
            return defused(valeur)
        case Fraction():
            return decimal(valeur).replace(".", ",")
        case date():
            return date_courte(valeur)
        case int():
            return str(valeur)


def _values(plat: Plat) -> list[dict[str, Any]]:
    columns = plat.table.colonnes
    return [{c.nom: _value(ligne[c.nom]) for c in columns} for ligne in plat.lignes]


def _value(valeur: Valeur) -> Any:
    match valeur:
        case Etat():
            return valeur.value
        case Fraction():
            return decimal(valeur)
        case date():
            return valeur.isoformat()
        case _:
            return valeur
