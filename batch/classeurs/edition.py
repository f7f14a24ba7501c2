"""The pen that writes every workbook: one palette, exact text, same content same bytes."""

import io
import math
import re
import textwrap
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from batch.vocabulaire import Ton

T = TypeVar("T")

POLICE = "Calibri"
ENCRE = "#1F3864"
SAISIE = "#FFF9E5"
FILET = "#BFBFBF"
DISCRET = "#595959"
FONDS = {
    Ton.FAVORABLE: ("#E2F0D9", "#1E5B2E"),
    Ton.DEFAVORABLE: ("#FBE3E0", "#8A1F11"),
    Ton.EN_SUSPENS: ("#FFF0CC", "#7A4B00"),
    Ton.NEUTRE: ("#EDEDED", "#404040"),
}
# In pictures: dark enough for white figures, and told apart without colour vision (Okabe-Ito).
TRAITS = {
    Ton.FAVORABLE: "#00725A",
    Ton.DEFAVORABLE: "#B34A00",
    Ton.EN_SUSPENS: "#8A6D00",
    Ton.NEUTRE: "#6E6E6E",
}
BARRE = "#9DC3E6"
# What Excel accepts; beyond, XlsxWriter would leave the thing out.
LISTE_MAX = 255
TITRE_MAX, MESSAGE_MAX = 32, 255
LIENS_MAX = 65_530  # on one sheet


class Edition:
    """A workbook being written, in memory."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self.workbook = workbook
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        # The same, by their properties as each caller lists them, or by their tone: each cell asks
        # for one.
        self._asked: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._tons: dict[Ton, Format] = {}
        self._liens: Counter[Worksheet] = Counter()

    def format(self, **properties: Any) -> Format:
        """The format with these properties, made once."""
        asked = tuple(properties.items())
        if asked not in self._asked:
            base = {"font_name": POLICE, "font_size": 10, "valign": "top", **properties}
            key = tuple(sorted(base.items()))
            if key not in self._formats:
                self._formats[key] = self.workbook.add_format(base)
            self._asked[asked] = self._formats[key]
        return self._asked[asked]

    @cached_property
    def titre(self) -> Format:
        return self.format(bold=True, font_size=15, font_color=ENCRE)

    @cached_property
    def sous_titre(self) -> Format:
        return self.format(bold=True, font_size=11, font_color=ENCRE)

    @cached_property
    def entete(self) -> Format:
        return self.format(
            bold=True, font_color="#FFFFFF", bg_color=ENCRE, border=1, border_color=FILET,
            text_wrap=True, valign="vcenter",
        )  # fmt: skip

    @cached_property
    def texte(self) -> Format:
        return self.format(text_wrap=True)

    @cached_property
    def cellule(self) -> Format:
        return self.format(text_wrap=True, border=1, border_color=FILET)

    @cached_property
    def nombre(self) -> Format:
        return self.format(border=1, border_color=FILET, align="center")

    @cached_property
    def pourcentage(self) -> Format:
        return self.format(border=1, border_color=FILET, align="center", num_format="0.0 %")

    @cached_property
    def cellule_forte(self) -> Format:
        return self.format(bold=True, border=1, border_color=FILET, align="left")

    @cached_property
    def lien(self) -> Format:
        return self.format(font_color="#0563C1", underline=1, border=1, border_color=FILET)

    @cached_property
    def discret(self) -> Format:
        return self.format(italic=True, font_color=DISCRET, text_wrap=True)

    @cached_property
    def saisie(self) -> Format:
        """An input: unlocked, and text, so that nothing typed becomes a date or a number."""
        return self.format(
            locked=False, num_format="@", bg_color=SAISIE, border=1, border_color=FILET,
            text_wrap=True,
        )  # fmt: skip

    def ton(self, ton: Ton) -> Format:
        if ton not in self._tons:
            fond, encre = FONDS[ton]
            self._tons[ton] = self.format(
                bg_color=fond, font_color=encre, border=1, border_color=FILET, text_wrap=True
            )
        return self._tons[ton]

    def ton_conditionnel(self, ton: Ton) -> Format:
        """For a conditional format: the colour, and the symbol before the word."""
        fond, encre = FONDS[ton]
        return self.conditionnel(bg_color=fond, font_color=encre, num_format=f'"{ton.symbole} "@')

    @property
    def alerte(self) -> Format:
        """For a conditional format: something compulsory is missing here."""
        fond, encre = FONDS[Ton.DEFAVORABLE]
        return self.conditionnel(bg_color=fond, font_color=encre)

    def conditionnel(self, **properties: Any) -> Format:
        """What a conditional format changes of a cell, and nothing else; made once."""
        key = tuple(sorted({**properties, "conditional": True}.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format(properties)
        return self._formats[key]

    def link(
        self, sheet: Worksheet, row: int, column: int, texte: str, cible: str, fmt: Format
    ) -> None:
        """A link there; the text alone, like any other cell, where the sheet has all the links
        that Excel takes."""
        if self._liens[sheet] >= LIENS_MAX:
            put(sheet, row, column, texte, self.cellule)
        else:
            self._liens[sheet] += 1
            done(sheet.write_url(row, column, cible, fmt, texte))

    def add_sheet(self, nom: str) -> Worksheet:
        return self.workbook.add_worksheet(nom, worksheet_class=_Feuille)


class _Feuille(Worksheet):  # type: ignore[misc]  # XlsxWriter says nothing of its types
    """A sheet that remembers formulas: they are the same on all rows, but for the row's number.

    XlsxWriter goes over each formula, and each rule of colour, with forty regular expressions that
    look for functions younger than Excel 2007: a third of the time that a grid takes. The method is
    private, and its answer depends on nothing but what is given here; if the library came to do
    without it, tests/test_grilles.py would say so.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        shape = _RANGS.sub("0", formula)
        key = shape, expand_future_functions, self.use_future_functions
        if key not in _FORMULES:
            if len(_FORMULES) >= _FORMULES_MAX:
                _FORMULES.clear()
            _FORMULES[key] = super()._prepare_formula(shape, expand_future_functions)
        if shape.endswith(_FORMULES[key]):  # only what opens it is taken away
            return formula[len(shape) - len(_FORMULES[key]) :]
        prepared: str = super()._prepare_formula(formula, expand_future_functions)
        return prepared


# The number of a row, or of a candidate: no function's name goes on after it.
_RANGS = re.compile(r"(?<=[A-Z$])\d+(?![\w.(])")
_FORMULES: dict[tuple[str, bool, bool], str] = {}
_FORMULES_MAX = 4096


@contextmanager
def new(jour: date, auteur: str = "Jury") -> Iterator[tuple[Edition, io.BytesIO]]:
    """A new workbook whose bytes stand in the buffer once the block is left.

    `jour` is the session's, not today's: the same session gives the same bytes. XlsxWriter only
    warns of what it leaves out; here a warning is a bug.
    """
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        workbook = xlsxwriter.Workbook(
            buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        workbook.set_properties({"author": auteur, "created": datetime.combine(jour, time())})
        workbook.set_size(2400, 1600)
        yield Edition(workbook), buffer
        workbook.close()
        # A workbook and its sheets hold one another: nobody knows when Python would let go of the
        # cells, which in a large session are a million.
        for one in (*workbook.worksheets(), workbook):
            vars(one).clear()


def put(sheet: Worksheet, row: int, column: int, texte: str | None, fmt: Format) -> None:
    """External text, as text and nothing else: never a formula, a link or a number."""
    if texte:
        done(sheet.write_string(row, column, texte[:32_767], fmt))
    else:
        done(sheet.write_blank(row, column, None, fmt))


def headings(
    book: Edition, sheet: Worksheet, titres: Iterable[tuple[str, float]], row: int = 0
) -> None:
    """Each column's heading, and how wide it is."""
    for column, (titre, width) in enumerate(titres):
        sheet.set_column(column, column, width)
        put(sheet, row, column, titre, book.entete)


# Excel stops at column 16 384; a few stand before those of the candidates.
PAR_FEUILLE = 16_000


def across(nom: str, colonnes: Sequence[T]) -> Iterator[tuple[str, Sequence[T]]]:
    """What has a column each -> the sheets that they fill, and how each is called; one at least."""
    for rang, start in enumerate(range(0, len(colonnes) or 1, PAR_FEUILLE), 1):
        yield nom if rang == 1 else f"{nom} {rang}", colonnes[start : start + PAR_FEUILLE]


def done(code: int | None) -> None:
    """XlsxWriter answers a negative number where it wrote nothing."""
    if code:
        raise ValueError(f"XlsxWriter a refusé une cellule (code {code})")


def validate(sheet: Worksheet, cells: tuple[int, int, int, int], options: dict[str, Any]) -> None:
    """A validation, with its texts cut to what Excel accepts."""
    for name, longest in (
        ("input_title", TITRE_MAX),
        ("error_title", TITRE_MAX),
        ("input_message", MESSAGE_MAX),
        ("error_message", MESSAGE_MAX),
    ):
        if name in options:
            text = options[name]
            options[name] = text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
    done(sheet.data_validation(*cells, options))


def liste(mots: list[str] | tuple[str, ...]) -> dict[str, Any]:
    """An inline drop-down: it survives every client, as long as it holds no comma nor quote."""
    source = ",".join(mots)
    if len(source) > LISTE_MAX or any("," in mot or '"' in mot for mot in mots):
        raise ValueError(f"liste impossible à écrire dans une cellule : {source}")
    return {"validate": "list", "source": list(mots)}


@lru_cache(maxsize=4096)  # the same critères stand on the sheet of each candidate
def lines(texte: str, largeur: float) -> int:
    """How many lines a wrapped text takes in a column of that width (in characters)."""
    room = max(1, math.floor(largeur * 1.15))
    return sum(_wrapped(line, room) for line in texte.split("\n"))


def _wrapped(line: str, room: int) -> int:
    if len(line) <= room and "\t" not in line:
        return 1
    return max(1, len(textwrap.wrap(line, room)))


def height(*cells: tuple[str | None, float], least: float = 15, line: float = 13.2) -> float:
    """The height in points of a row with these (text, column width): Excel does not compute it."""
    most = max((lines(texte, largeur) for texte, largeur in cells if texte), default=1)
    return min(409, max(least, most * line + 4))


def a4_paysage(sheet: Worksheet, pied: str, repeat: int | None = None) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    # In a footer « & » introduces a code: double it to print it.
    sheet.set_footer(f"&L&8{pied.replace('&', '&&')}&R&8Page &P sur &N")
    sheet.hide_gridlines(2)
    if repeat is not None:
        sheet.repeat_rows(repeat)
