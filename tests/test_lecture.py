"""What is read of a workbook's cells, and that both ways of reading an .xlsx say the same."""

import io
import subprocess
import sys
import textwrap
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from conftest import declined, sentences
from dessin import LINKS, MAIN, NS, xlsx
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ouverture import opened, said

from batch import data
from batch.classeurs import cellules, direct
from batch.classeurs.cellules import Cellule, letters
from batch.classeurs.lexique import Inhabituel
from batch.classeurs.paquet import Paquet
from batch.reception import limites


def cells(contenu: bytes) -> dict[str, Cellule]:
    classeur, faults = cellules.read("g.xlsx", contenu)
    assert classeur is not None, sentences(faults)
    return {cell.adresse: cell for cell in classeur.feuilles[0].cellules.values()}


SAMPLES = sorted(data.SAMPLES.rglob("*.xlsx"))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_read_directly_and_as_openpyxl_reads_it(path: Path) -> None:
    """Against openpyxl as it is, too, without what `complet` leaves out for it."""
    content = path.read_bytes()
    assert declined(content) is None
    classeur, _ = cellules.read(path.name, content)
    assert classeur is not None
    theirs = openpyxl.load_workbook(io.BytesIO(content))
    assert [f.nom for f in classeur.feuilles] == [s.title for s in theirs.worksheets]
    for feuille, sheet in zip(classeur.feuilles, theirs.worksheets, strict=True):
        expected = {
            (cell.row, cell.column): cell
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }
        assert feuille.cellules.keys() == expected.keys()
        for place, cell in feuille.cellules.items():
            value = expected[place].value
            if expected[place].data_type == "f":
                assert cell.formule == value
            elif isinstance(value, datetime):
                assert cell.valeur == (value.date() if value.time() == time() else value)
            elif isinstance(value, float):
                assert cell.valeur == Decimal(repr(value))
            else:
                assert cell.valeur == value


MARKS = st.decimals(-20, 100, places=2)
FORMULAS = ("=A1", "=1+1", '=COUNTIF(A1:B9,"Acquis")&" / 3"', "=TRUE()", "=1/0")
PRINTABLE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\x07"), min_size=1
)
VALUES = st.one_of(
    PRINTABLE.map(lambda text: text.replace("x005F_", "")).filter(bool),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    MARKS,
    st.tuples(MARKS, MARKS).map(lambda two: float(two[0]) + float(two[1])),
    st.dates(date(1901, 1, 1), date(2100, 1, 1)),
    st.sampled_from(FORMULAS),
    st.none(),
)
GRIDS = st.dictionaries(st.tuples(st.integers(0, 1_048_575), st.integers(0, 16_383)), VALUES)


@given(GRIDS, st.sets(st.integers(0, 30)))
@settings(max_examples=60)
def test_any_grid_that_excel_would_write_is_read_directly(
    grid: dict[tuple[int, int], Any], merges: set[int]
) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Grille")
        blank, day = workbook.add_format({"bold": True}), workbook.add_format()
        day.set_num_format("dd/mm/yyyy")
        for row in merges:
            sheet.merge_range(row, 3, row, 5, "fusion", blank)
        for (row, column), value in grid.items():
            if row in merges and 3 <= column <= 5:
                continue
            if value is None:
                sheet.write_blank(row, column, None, blank)
            elif isinstance(value, date):
                sheet.write_datetime(row, column, value, day)
            elif isinstance(value, bool):
                sheet.write_boolean(row, column, value)
            elif isinstance(value, str) and value.startswith("=") and value in FORMULAS:
                sheet.write_formula(row, column, value, value=12)
            elif isinstance(value, str):
                sheet.write_string(row, column, value)
            else:
                sheet.write_number(row, column, value)
    content = buffer.getvalue()
    assert declined(content) is None
    again = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(again)
    assert declined(again.getvalue()) is None


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="[Red]dd/mm/yyyy;@"/>'
    '<numFmt numFmtId="165" formatCode="0.0 &quot;points de jury&quot;"/>'
    '<numFmt numFmtId="166" formatCode="0.0&quot; &quot;%"/>'
    '<numFmt numFmtId="167" formatCode="0&quot;% de 20&quot;"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/>'
    '<xf numFmtId="20"/><xf numFmtId="9"/><xf numFmtId="166"/><xf numFmtId="167"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v>12.300000000000001</v></c>', Decimal("12.3")),
        ('<c r="A1"><v>12</v></c>', 12),
        ('<c r="A1"><v>1E2</v></c>', 100),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" s="1"><v>46082</v></c>', date(2026, 3, 1)),
        ('<c r="A1" s="2"><v>46082</v></c>', date(2026, 3, 1)),
        ('<c r="A1" s="2"><v>46082.5</v></c>', datetime(2026, 3, 1, 12)),  # noqa: DTZ001
        ('<c r="A1" s="3"><v>46082</v></c>', 46082),
        ('<c r="A1" s="4"><v>0.5</v></c>', time(12)),
        ('<c r="A1" s="5"><v>0.65</v></c>', "65 %"),
        ('<c r="A1" s="6"><v>0.125</v></c>', "12,5 %"),
        ('<c r="A1" s="7"><v>12</v></c>', 12),
        ('<c r="A1" s="5" t="b"><v>1</v></c>', True),
        ('<c r="A1" s="1"><v>59</v></c>', date(1900, 2, 28)),
        ('<c r="A1" s="1"><v>-1</v></c>', date(1899, 12, 29)),
        ('<c r="A1" t="d"><v>2026-03-01T00:00:00.000Z</v></c>', date(2026, 3, 1)),
        ('<c r="A1" t="s"><v>0</v></c>', "Non acquis"),
        ('<c r="A1" t="s"><v>1</v></c>', "a\x07b"),
        ('<c r="A1" t="inlineStr"><is><r><t>Ac</t></r><r><t>quis</t></r></is></c>', "Acquis"),
        ('<c r="A1" t="str"><v>007</v></c>', "007"),
    ],
)
def test_a_cell_is_read_as_it_was_typed(cell: str, value: object) -> None:
    strings = (
        "<si><r><t>Non </t></r><r><t>acquis</t></r><rPh><t>ノン</t></rPh></si>"
        "<si><t>a_x0007_b</t></si>"
    )
    content = xlsx(f'<row r="1">{cell}</row>', strings=strings, formats=STYLES)
    assert cells(content)["A1"].valeur == value


@pytest.mark.parametrize(
    ("cell", "formula"),
    [
        ('<c r="A1"><f>B1&amp;"x"</f><v>12</v></c>', '=B1&"x"'),
        ('<c r="A1" t="str"><f t="shared" ref="A1:A2" si="0">B1</f><v>Acquis</v></c>', "=B1"),
        ('<c r="A1" t="e"><v>#REF!</v></c>', "#REF!"),
        ('<c r="A1"><f>[1]Ext!A1</f><v>12</v></c>', "=[1]Ext!A1"),
    ],
)
def test_a_formula_is_never_taken_for_its_result(cell: str, formula: str) -> None:
    found = cells(xlsx(f'<row r="1">{cell}</row>'))["A1"]
    assert (found.valeur, found.formule) == (None, formula)


def test_the_rest_of_a_shared_formula_is_a_formula_too() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">TRUE()</f><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/><v>1</v></c></row>'
    )
    assert [cell.valeur for cell in cells(xlsx(rows)).values()] == [True, True]


def test_numbers_left_out_are_counted() -> None:
    """Some programs write neither the row's number nor the cell's address."""
    rows = "<row/><row><c/><c><v>3</v></c></row>"
    assert list(cells(xlsx(rows))) == ["B2"]


def test_what_a_merge_hides_is_not_read() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row>'
    merges = '<mergeCells count="2"><mergeCell ref="A1:B1"/><mergeCell ref="A60:XFD1048576"/>'
    assert list(cells(xlsx(rows, after=f"{merges}</mergeCells>"))) == ["A1", "C1"]


def test_strict_open_xml_is_read() -> None:
    """ISO/IEC 29500 Strict: the same words under other namespaces."""
    plain = xlsx()
    strict = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as before, zipfile.ZipFile(strict, "w") as after:
        for name in before.namelist():
            text = before.read(name).decode()
            text = text.replace(
                f"{NS}/officeDocument/2006/", "http://purl.oclc.org/ooxml/officeDocument/"
            )
            text = text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main")
            after.writestr(name, text.replace("<row", "<x:row").replace("</row", "</x:row"))
    assert cells(strict.getvalue())["A1"].valeur == "Acquis"


def test_macros_are_said_and_never_run() -> None:
    content = xlsx(others={"xl/vbaProject.bin": b"\xcc\x61"})
    assert opened(content) == (["g.xlsx"], cellules.read("g.xlsx", content)[1])
    assert said(content) == [
        "FIC-021 g.xlsx | g.xlsx contient des macros : ses cellules ont été lues, aucune macro n’a "
        "été exécutée."
    ]


def test_formatted_but_empty_cells_are_not_cells() -> None:
    """A column formatted down to the last row, a row out to the last column."""
    down = "".join(f'<row r="{n}" s="1"><c r="B{n}" s="1"/></row>' for n in range(2, 200_002))
    rows = f'<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row>{down}'
    last = '<row r="1048576" ht="15"><c r="XFD1048576" s="1"/></row>'
    assert list(cells(xlsx(rows + last))) == ["A1"]


def test_the_sessions_own_workbooks_hold_more_than_a_grid_may() -> None:
    cell = "".join(f'<c r="{letters(n)}{{row}}"><v>1</v></c>' for n in range(1, 101))
    down = "".join(f'<row r="{n}">{cell.format(row=n)}</row>' for n in range(1, 2002))
    content = xlsx(down)
    refused, faults = cellules.read("g.xlsx", content)
    assert (refused, [one.code.numero for one in faults]) == (None, ["FIC-005"])
    own, faults = cellules.read("session.xlsx", content, limites.CELLULES_SESSION)
    assert own is not None
    assert len(own.feuilles[0].cellules) == 200_100
    assert not faults


def of(rows: str, *, root: str = f'worksheet xmlns="{MAIN}"', **parts: Any) -> bytes:
    """A workbook whose only sheet has this root and these rows."""
    sheet = f"<{root}><sheetData>{rows}</sheetData></{root.partition(' ')[0]}>"
    return xlsx(others={"xl/worksheets/sheet1.xml": sheet}, **parts)


ONE = '<row r="1"><c r="A1"><v>1</v></c></row>'
UNUSUAL: dict[str, tuple[bytes, dict[str, object]]] = {
    "another dialect": (
        of(ONE, root='worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"'),
        {"A1": 1},
    ),
    "a prefix": (
        of(ONE.replace("<", "<x:").replace("<x:/", "</x:"), root=f'x:worksheet xmlns:x="{MAIN}"'),
        {"A1": 1},
    ),
    "rows without numbers": (of("<row><c><v>1</v></c></row>"), {"A1": 1}),
    "cells in disorder": (
        of('<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row>'),
        {"A1": 1, "B1": 2},
    ),
    "rows in disorder": (
        of(ONE.replace("1", "2") + ONE), {"A2": 2, "A1": 1},
    ),
    "an address without a row": (of('<row r="1"><c r="A"><v>1</v></c></row>'), {}),
    "an ISO date": (
        of('<row r="1"><c r="A1" t="d"><v>2026-03-01</v></c></row>'),
        {"A1": date(2026, 3, 1)},
    ),
    "blanks around a number": (of(ONE.replace("<v>1", "<v> 1 ")), {"A1": 1}),
    "a number that is none": (of(ONE.replace("<v>1", "<v>abc")), {}),
    "a number halfway": (of(ONE.replace("<v>1", "<v>1.2345678901233549")),
                         {"A1": Decimal("1.23456789012336")}),
    "a number without end": (of(ONE.replace("<v>1", "<v>1e999")), {"A1": "inf"}),
    "a boolean that is none": (of(ONE.replace("><v>1", ' t="b"><v>vrai')), {}),
    "a type that is none": (of(ONE.replace("><v>1", ' t="z"><v>1')), {"A1": "1"}),
    "a style that is missing": (of(ONE.replace("><v>", ' s="900"><v>')), {}),
    "a text that is missing": (of(ONE.replace("><v>", ' t="s"><v>')), {}),
    "a matrix formula": (
        of('<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2</f><v>1</v></c></row>'),
        {"A1": "=B1:B2"},
    ),
    "a data table": (
        of('<row r="1"><c r="A1"><f t="dataTable" ref="A1:A2"/><v>1</v></c></row>'),
        {"A1": "="},
    ),
    "a shared formula": (
        of(
            '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f></c></row>'
            '<row r="2"><c r="A2"><f t="shared" si="0"/><v>Acquis</v></c></row>'
        ),
        {"A1": "=B1", "A2": "=B2"},
    ),
    "a rich text in its cell": (
        of(
            '<row r="1"><c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>Ac</t></r>'
            "<r><t>quis</t></r></is></c></row>"
        ),
        {"A1": "Acquis"},
    ),
    "a phonetic reading": (
        of(
            ONE.replace("><v>1", ' t="s"><v>0'),
            strings="<si><t>Acquis</t><rPh><t>x</t></rPh></si>",
        ),
        {"A1": "Acquis"},
    ),
    "the same cell twice": (of(ONE.replace("</row>", '<c r="A1"><v>2</v></c></row>')), {}),
    "a cell of another row": (of(ONE.replace("A1", "A2")), {}),
    "a cell under another namespace": (
        of(ONE.replace("<c ", '<c xmlns="http://exemple.fr" ')), {"A1": 1},
    ),
    "an extension in a cell": (
        of(ONE.replace("</c>", f'<extLst><f xmlns="{NS}">B1</f></extLst></c>')),
        {"A1": 1},
    ),
    "dates counted from 1904": (
        xlsx(
            '<row r="1"><c r="A1" s="1"><v>44620</v></c></row>',
            formats='<cellXfs><xf/><xf numFmtId="14"/></cellXfs>',
            others={
                "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><workbookPr '
                'date1904="1"/><sheets><sheet name="F" sheetId="1" r:id="r1"/></sheets></workbook>'
            },
        ),
        {"A1": date(2026, 3, 1)},
    ),
    "an hour": (
        xlsx(
            '<row r="1"><c r="A1" s="1"><v>46082.4375</v></c></row>',
            formats='<cellXfs><xf/><xf numFmtId="22"/></cellXfs>',
        ),
        {"A1": datetime(2026, 3, 1, 10, 30)},  # noqa: DTZ001
    ),
    "a duration": (
        xlsx(
            '<row r="1"><c r="A1" s="1"><v>1.5</v></c></row>',
            formats='<cellXfs><xf/><xf numFmtId="46"/></cellXfs>',
        ),
        {"A1": str(timedelta(days=1.5))},
    ),
    "a day beyond the last": (
        xlsx(
            '<row r="1"><c r="A1" s="1"><v>3000000</v></c></row>',
            formats='<cellXfs><xf/><xf numFmtId="14"/></cellXfs>',
        ),
        {"A1": "#VALUE!"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("contenu", "expected"), UNUSUAL.values(), ids=UNUSUAL)
def test_what_a_plain_grid_does_not_have_is_left_to_openpyxl(
    contenu: bytes, expected: dict[str, object]
) -> None:
    """Nothing expected: openpyxl cannot make sense of it either, and the file is refused."""
    with pytest.raises(Inhabituel):
        direct.read(Paquet(contenu))
    classeur, faults = cellules.read("g.xlsx", contenu)
    if not expected:
        assert [fault.code.numero for fault in faults] == ["FIC-019"]
        return
    assert classeur is not None, sentences(faults)
    found = classeur.feuilles[0].cellules.values()
    assert {c.adresse: c.formule or c.valeur for c in found} == expected


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS ne borne la mémoire que sous Linux")
def test_openpyxl_fits_in_little_memory_whatever_is_formatted(tmp_path: Path) -> None:
    """A column formatted down to the last row, merges over everything, and a shared formula."""
    down = "".join(f'<row r="{n}" ht="15"><c r="B{n}" s="1"/></row>' for n in range(2, 1_048_577))
    first = '<row r="1"><c r="A1"><f t="shared" ref="A1" si="0">B1</f></c></row>'
    merges = '<mergeCells><mergeCell ref="C5:XFD1048576"/></mergeCells>'
    far = '<hyperlinks><hyperlink ref="A1:XFD1048576" location="F!A1"/></hyperlinks>'
    (tmp_path / "g.xlsx").write_bytes(xlsx(first + down, after=merges + far))
    script = """
        import resource, sys
        from pathlib import Path
        import openpyxl
        from batch.classeurs import cellules
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        ceiling = pages * resource.getpagesize() + 200 * 1024**2
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
        classeur, faults = cellules.read("g.xlsx", Path(sys.argv[1]).read_bytes())
        assert classeur is not None, faults
        print(*(cell.formule for cell in classeur.feuilles[0].cellules.values()))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path / "g.xlsx")],
        cwd=data.SAMPLES.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("=B1\n", "")
