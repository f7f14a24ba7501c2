"""Referentiel -> YAML, as a person would write it: same référentiel, same text.

Rubrics stand in the order of the records, codes on one line; what says nothing is left out.
"""

from dataclasses import MISSING, fields
from typing import Any

import yaml

from batch.lecture_yaml import TAUX
from batch.referentiel.modele import Referentiel

_WIDTH = 88
_ON_ONE_LINE = ("enregistrement", "formes", "competences")


class _Inline(list[Any]):
    """A list of codes, written between brackets."""


class _InlineMap(dict[str, Any]):
    """A few short rubrics, written between braces."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(
    _Inline,
    lambda dumper, own: dumper.represent_sequence("tag:yaml.org,2002:seq", own, flow_style=True),
)
_Dumper.add_representer(
    _InlineMap,
    lambda dumper, own: dumper.represent_mapping(
        "tag:yaml.org,2002:map", own.items(), flow_style=True
    ),
)
# A text that our reader would take for a percentage is put between quotes.
_Dumper.add_implicit_resolver("!taux", TAUX, list("0123456789"))


def as_yaml(referentiel: Referentiel, entete: str = "") -> str:
    """The text of the file; the heading becomes its first comment."""
    comment = "".join(f"# {line}\n" for line in entete.splitlines())
    body = yaml.dump(
        _plain(referentiel), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH
    )
    return comment + body


def _plain(record: Any) -> dict[str, Any]:
    """The record as YAML knows things, without the optional rubrics that say nothing."""
    plain: dict[str, Any] = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if field.default is MISSING or value != field.default:
            plain[field.name] = _value(field.name, value)
    return plain


def _value(name: str, value: Any) -> Any:
    if isinstance(value, tuple):
        codes = name in _ON_ONE_LINE and all(isinstance(own, str) for own in value)
        items = [own if isinstance(own, str) else _plain(own) for own in value]
        return _Inline(items) if codes else items
    if hasattr(value, "__dataclass_fields__"):
        return _InlineMap(_plain(value)) if name in _ON_ONE_LINE else _plain(value)
    return value
