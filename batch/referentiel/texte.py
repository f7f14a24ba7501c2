"""Texts as a référentiel keeps them: verbatim, on one line, runs of white space folded to one.

Whatever a référentiel is read from, its texts come to this form: a YAML and the workbook made from
it then hold the same records.
"""

import re
from dataclasses import fields, replace
from typing import Any, TypeVar

from batch.classeurs.cellules import clean
from batch.referentiel.modele import Referentiel

Record = TypeVar("Record")

# Legal in Python, illegal in XML: a workbook that holds one cannot be opened.
_NOT_XML = re.compile("[\ufffe\uffff\ud800-\udfff]")
# The bullet that comes along when a list is pasted from a PDF.
_BULLET = re.compile(r"^(?:[•●▪■◦‣○]\s*|[-–—]\s+)+")
_FORMES = ("ecrit", "oral")


def folded(texte: str) -> str:
    """The text on one line, without what nobody sees."""
    return " ".join((clean(_NOT_XML.sub("", texte)) or "").split())


def item(texte: str) -> str:
    """One item of a list: the same, without its bullet."""
    return _BULLET.sub("", folded(texte))


def in_normal_form(referentiel: Referentiel) -> Referentiel:
    """The same référentiel, each of its texts as it is to be kept."""
    return _normal(referentiel)


def _normal(record: Record) -> Record:
    changed: dict[str, Any] = {}
    for field in fields(record):  # type: ignore[arg-type]  # always one of our records
        value = getattr(record, field.name)
        if isinstance(value, str):
            # What is empty is absent, where the record can say so.
            changed[field.name] = folded(value) or ("" if field.type is str else None)
        elif field.name == "formes":
            changed[field.name] = tuple(forme for forme in _FORMES if forme in value)
        elif field.name == "competences" and value and isinstance(value[0], str):
            changed[field.name] = tuple(dict.fromkeys(folded(code) for code in value))
        elif isinstance(value, tuple):
            changed[field.name] = tuple(
                item(own) if isinstance(own, str) else _normal(own) for own in value
            )
    return replace(record, **changed)  # type: ignore[type-var]
