"""A table whose columns a loop multiplied -> the same table, its columns filling its width again.

docxtpl counts the columns right but shares the width evenly, and LibreOffice believes that grid.
Here each column has the width of its cell in the template, scaled so that the whole fits.
"""

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def fit_columns(tree: Any) -> None:
    """Every table of fixed width whose rows have one cell a column; the others are left alone."""
    for table in tree.iter(f"{_W}tbl"):
        total = _width(table.find(f"{_W}tblPr/{_W}tblW"))
        rows = [row.findall(f"{_W}tc") for row in table.iterfind(f"{_W}tr")]
        wanted = [_width(cell.find(f"{_W}tcPr/{_W}tcW")) for row in rows[:1] for cell in row]
        regular = all(len(row) == len(wanted) for row in rows)
        merged = table.find(f"{_W}tr/{_W}tc/{_W}tcPr/{_W}gridSpan") is not None
        if not total or not all(wanted) or not regular or merged:
            continue
        widths = [str(round(want * total / sum(wanted))) for want in wanted]
        grid = table.find(f"{_W}tblGrid")
        for column, width in zip(grid, widths, strict=True):
            column.set(f"{_W}w", width)
        for row in rows:
            for cell, width in zip(row, widths, strict=True):
                if (own := cell.find(f"{_W}tcPr/{_W}tcW")) is not None:
                    own.set(f"{_W}w", width)


def _width(element: Any) -> int:
    """A width in twips; 0 when it is stated otherwise, or not at all."""
    if element is None or element.get(f"{_W}type") != "dxa":
        return 0
    return int(element.get(f"{_W}w"))
