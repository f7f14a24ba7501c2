"""Rows of texts -> a table that keeps to the terminal; colour adds nothing that is not said."""

import os
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import click

_ENTRE = "  "
# What would move the cursor or colour the rest: names are other people's.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Texte:
    """A cell's text, and how click shows it."""

    texte: str
    style: Mapping[str, Any]


class Table:
    """Titles over rows; the widest columns are folded until the whole fits."""

    def __init__(self, *titres: str) -> None:
        self._rows = [tuple(Texte(titre, {"bold": True}) for titre in titres)]

    def add_row(self, *cellules: str | Texte) -> None:
        self._rows.append(
            tuple(Texte(one, {}) if isinstance(one, str) else one for one in cellules)
        )

    def show(self, largeur: int) -> None:
        """Print it, no wider than that many characters."""
        colour = False if os.environ.get("NO_COLOR") else None
        for line in self._lines(largeur):
            click.echo(line.rstrip(), color=colour)

    def _lines(self, largeur: int) -> Iterator[str]:
        widths = self._widths(largeur)
        head, *rows = self._rows
        yield from _folded(head, widths)
        yield "─" * (sum(widths) + len(_ENTRE) * (len(widths) - 1))
        for row in rows:
            yield from _folded(row, widths)

    def _widths(self, largeur: int) -> list[int]:
        widths = [
            max(len(cell.texte) for cell in column) for column in zip(*self._rows, strict=True)
        ]
        room = largeur - len(_ENTRE) * (len(widths) - 1)
        while sum(widths) > room and max(widths) > 1:
            widths[widths.index(max(widths))] -= 1
        return widths


def _folded(row: Sequence[Texte], widths: Sequence[int]) -> Iterator[str]:
    columns = [
        [text] if len(text) <= width else textwrap.wrap(text, max(1, width))
        for text, width in zip((_harmless(cell.texte) for cell in row), widths, strict=True)
    ]
    for texts in zip_longest(*columns, fillvalue=""):
        cells = zip(texts, widths, row, strict=True)
        yield _ENTRE.join(_shown(text, width, cell.style) for text, width, cell in cells)


def _harmless(texte: str) -> str:
    return _UNSEEN.sub("\ufffd", texte)


def _shown(texte: str, width: int, style: Mapping[str, Any]) -> str:
    # The blanks around stay plain: the end of a line is stripped of them.
    return (click.style(texte, **style) if texte and style else texte) + " " * (width - len(texte))
