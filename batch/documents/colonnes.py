"""A table whose columns were multiplied by a loop -> its grid, as wide as before.

docxtpl counts the columns right but shares the width evenly, and LibreOffice believes the grid.
Here each column takes the width of its first cell, and the whole is scaled to the table's width.
"""

from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def fit_columns(tree: Any) -> None:
    """Each table that states a width in twips is given columns that fill it."""
    for table in tree.iter(f"{_W}tbl"):
        width = table.find(f"{_W}tblPr/{_W}tblW")
        rows = table.findall(f"{_W}tr")
        if width is None or width.get(f"{_W}type") != "dxa" or not rows:
            continue
        wanted = [_wanted(cell) for cell in rows[0].findall(f"{_W}tc")]
        grid = table.find(f"{_W}tblGrid")
        if not sum(wanted) or not all(wanted) or any(_spans(row) for row in rows):
            continue
        if any(len(row.findall(f"{_W}tc")) != len(wanted) for row in rows):
            continue
        scale = int(width.get(f"{_W}w")) / sum(wanted)
        widths = [str(round(want * scale)) for want in wanted]
        for column in list(grid):
            grid.remove(column)
        for given in widths:
            grid.makeelement
            column = grid.makeelement(f"{_W}gridCol")
            column.set(f"{_W}w", given)
            grid.append(column)
        for row in rows:
            for cell, given in zip(row.findall(f"{_W}tc"), widths, strict=True):
                own = cell.find(f"{_W}tcPr/{_W}tcW")
                if own is not None:
                    own.set(f"{_W}w", given)


def _wanted(cell: Any) -> int:
    width = cell.find(f"{_W}tcPr/{_W}tcW")
    if width is None or width.get(f"{_W}type") != "dxa":
        return 0
    return int(width.get(f"{_W}w"))


def _spans(row: Any) -> bool:
    return any(
        row.iterfind(f"{_W}tc/{_W}tcPr/{_W}{name}") and cell is not None
        for name in ("gridSpan",)
        for cell in row.iterfind(f"{_W}tc/{_W}tcPr/{_W}{name}")
    )
