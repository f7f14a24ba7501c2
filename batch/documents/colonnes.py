"""A table whose columns a loop multiplied -> the same table, its columns filling its width again.

docxtpl counts the columns right but shares the width evenly, and LibreOffice believes that grid.
Here each column has the width of its cell in the template, scaled so that the whole fits.
"""

from typing import Any

from jinja2 import Environment
from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROW = {f"{_W}trPr", f"{_W}tc"}
_UNEVEN = (f"{_W}tbl", f"{_W}gridSpan")  # a table in a table, cells as wide as several
_TURNS = {"if": 1, "for": 1, "endif": -1, "endfor": -1, "elif": 0, "else": 0, "set": 0}


def fit_columns(tree: Any) -> None:
    """Every table of fixed width whose rows have one cell a column; the others are left alone."""
    for table in tree.iter(f"{_W}tbl"):
        total = _width(table.find(f"{_W}tblPr/{_W}tblW"))
        rows = [row.findall(f"{_W}tc") for row in table.iterfind(f"{_W}tr")]
        wanted = _widths(rows[0]) if rows else []
        regular = all(len(row) == len(wanted) for row in rows)
        merged = table.find(f"{_W}tr/{_W}tc/{_W}tcPr/{_W}gridSpan") is not None
        if not total or not all(wanted) or not regular or merged:
            continue
        widths = [str(width) for width in _fitted(wanted, total)]
        grid = table.find(f"{_W}tblGrid")
        for column, width in zip(grid, widths, strict=True):
            column.set(f"{_W}w", width)
        for row in rows:
            for cell, width in zip(row, widths, strict=True):
                if (own := cell.find(f"{_W}tcPr/{_W}tcW")) is not None:
                    own.set(f"{_W}w", width)


def are_fixed(source: str, environment: Environment) -> bool:
    """Nothing that this source may print has columns to count or to fit, as long as each table has
    a row: no tag stands among the cells of a row, and all tables fill their width as they are.

    Then the rows of a table, thousands in all letters, need not be looked at one by one.
    """
    try:
        root = etree.fromstring(_without_values(source, environment))
        return all(map(_is_fixed, root.iter(f"{_W}tbl")))
    except (etree.XMLSyntaxError, TypeError, ValueError):
        return False  # a tag stands inside another, or a width is printed


def _without_values(source: str, environment: Environment) -> str:
    """The XML alone: each block tag is an instruction in its place, each value a question mark."""
    pieces, named = [], True
    for _, kind, text in environment.lex(source):
        if kind == "data":
            pieces.append(text)
        elif kind == "variable_begin":
            pieces.append("?")
        elif kind == "name" and not named:
            pieces.append(f"<?{text}?>")
        named = kind != "block_begin" and (named or kind == "name")
    return "".join(pieces)


def _is_fixed(table: Any) -> bool:
    rows = [one for one in table[2:] if one.tag is not etree.PI]
    parts = {part.tag for row in rows for part in row}
    if [one.tag for one in table[:2]] != [f"{_W}tblPr", f"{_W}tblGrid"]:
        return False
    if {row.tag for row in rows} != {f"{_W}tr"}:
        return False
    if not parts <= _ROW or any(one is not table for one in table.iter(*_UNEVEN)):
        return False
    if not _are_whole(table, rows):
        return False
    wanted, *others = (_widths(row.findall(f"{_W}tc")) for row in rows)
    columns = [_number(column) for column in table[1]]
    if len(columns) != len(wanted) or any(other != wanted for other in others):
        return False
    total = _width(table.find(f"{_W}tblPr/{_W}tblW"))
    return not total or not all(wanted) or columns == wanted == _fitted(wanted, total)


def _are_whole(table: Any, rows: list[Any]) -> bool:
    """Each row is printed from end to end or not at all, and each cell with its row."""
    cells = [list(cell.iter(etree.PI)) for row in rows for cell in row.findall(f"{_W}tc")]
    among_rows = list(table.iterchildren(etree.PI))
    everywhere = sum(1 for _ in table.iter(etree.PI))
    return everywhere == sum(map(len, (among_rows, *cells))) and all(
        map(_is_closed, (among_rows, *cells))
    )


def _is_closed(tags: list[Any]) -> bool:
    """What opens here ends here."""
    depth = 0
    for tag in tags:
        depth += _TURNS.get(tag.target, -len(tags) - 1)
        if depth < 0:
            return False
    return depth == 0


def _fitted(wanted: list[int], total: int) -> list[int]:
    return [round(want * total / sum(wanted)) for want in wanted]


def _widths(cells: Any) -> list[int]:
    return [_width(cell.find(f"{_W}tcPr/{_W}tcW")) for cell in cells]


def _width(element: Any) -> int:
    """A width in twips; 0 when it is stated otherwise, or not at all."""
    if element is None or element.get(f"{_W}type") != "dxa":
        return 0
    return _number(element)


def _number(element: Any) -> int:
    return int(element.get(f"{_W}w"))
