"""What a document is made of: runs, paragraphs, rows, tables, conditions, loops."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

COLON = "\u00a0:"
ENCRE, DISCRET, FILET, FOND, ALERTE = "1F3864", "595959", "BFBFBF", "E9EDF4", "9C2A1B"

NAMESPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
        "w10": "urn:schemas-microsoft-com:office:word",
    }.items()
)
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def cm(centimetres: float) -> int:
    """Centimetres -> twips, the unit of Word."""
    return round(centimetres * 1440 / 2.54)


def run(text: str, style: str = "") -> str:
    """A run; tabs and the page fields are written as « \\t », « #page » and « #pages »."""
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    fields = {"#page": "PAGE", "#pages": "NUMPAGES"}
    if text in fields:
        marks = ("begin", fields[text], "separate", "1", "end")
        return "".join(f"<w:r>{look}{_field(mark)}</w:r>" for mark in marks)
    content = "<w:tab/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else ""
        for part in text.split("\t")
    )
    return f"<w:r>{look}{content}</w:r>"


def _field(mark: str) -> str:
    if mark in ("begin", "separate", "end"):
        return f'<w:fldChar w:fldCharType="{mark}"/>'
    if mark.isupper():
        return f'<w:instrText xml:space="preserve"> {mark} </w:instrText>'
    return f"<w:t>{mark}</w:t>"


def p(style: str, *runs: str | tuple[str, str], extra: str = "") -> str:
    """A paragraph in that style; a run in a character style is a pair (style, text)."""
    inside = "".join(run(r) if isinstance(r, str) else run(r[1], r[0]) for r in runs)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{extra}{inside}</w:p>'


def when(condition: str, *content: str) -> str:
    """Paragraphs and tables that are there only under that condition."""
    return f"{tag(f'{{%p if {condition} %}}')}{''.join(content)}{tag('{%p endif %}')}"


def each(loop: str, *content: str) -> str:
    """Paragraphs repeated for each item: « raison in raisons »."""
    return f"{tag(f'{{%p for {loop} %}}')}{''.join(content)}{tag('{%p endfor %}')}"


def tag(text: str) -> str:
    return f"<w:p>{run(text)}</w:p>"


def cell(width: float, *paragraphs: str) -> str:
    size = f'<w:tcPr><w:tcW w:w="{cm(width)}" w:type="dxa"/></w:tcPr>'
    return f"<w:tc>{size}{''.join(paragraphs)}</w:tc>"


def row(*cells: str, head: bool = False, height: float = 0) -> str:
    """A row that no page break cuts; a head row comes again at the top of each page."""
    rules = "<w:cantSplit/>"
    if height:
        rules += f'<w:trHeight w:val="{cm(height)}" w:hRule="atLeast"/>'
    if head:
        rules += "<w:tblHeader/>"
    return f"<w:tr><w:trPr>{rules}</w:trPr>{''.join(cells)}</w:tr>"


def head_row(titles: Iterable[str], widths: Iterable[float]) -> str:
    pairs = zip(titles, widths, strict=True)
    return row(*(cell(width, p("Tableauen-tete", title)) for title, width in pairs), head=True)


def rows(loop: str, *content: str) -> str:
    """Rows repeated for each item."""
    return (
        f"{row(cell(1, tag(f'{{%tr for {loop} %}}')))}{''.join(content)}"
        f"{row(cell(1, tag('{%tr endfor %}')))}"
    )


def cells(loop: str, content: str) -> str:
    """A cell repeated for each item: the table gets a column for each."""
    return f"{cell(1, tag(f'{{%tc for {loop} %}}'))}{content}{cell(1, tag('{%tc endfor %}'))}"


def table(style: str, widths: list[float], *content: str, total: float = 0) -> str:
    """`total`: the width that the columns share once a loop has multiplied them."""
    grid = "".join(f'<w:gridCol w:w="{cm(width)}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>'
        f'<w:tblW w:w="{cm(total or sum(widths))}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0620" w:firstRow="1" w:lastRow="0" w:firstColumn="0" '
        f'w:lastColumn="0" w:noHBand="1" w:noVBand="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(content)}</w:tbl>"
    )


def watermark(width: int, height: int, number: int) -> str:
    """« PROJET » across the page, as Word itself draws its watermarks."""
    return (
        '<w:r><w:pict><v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" '
        'adj="10800" path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas>'
        + "".join(
            f'<v:f eqn="{formula}"/>'
            for formula in (
                *("sum #0 0 10800", "prod #0 2 1", "sum 21600 0 @1", "sum 0 0 @2"),
                *("sum 21600 0 @3", "if @0 @3 0", "if @0 21600 @1", "if @0 0 @2"),
                *("if @0 @4 21600", "mid @5 @6", "mid @8 @5", "mid @7 @8", "mid @6 @7"),
                "sum @6 0 @5",
            )
        )
        + '</v:formulas><v:path textpathok="t" o:connecttype="custom" '
        'o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800" o:connectangles="270,180,90,0"/>'
        '<v:textpath on="t" fitshape="t"/><v:handles><v:h position="#0,bottomRight" '
        'xrange="6629,14971"/></v:handles><o:lock v:ext="edit" text="t" shapetype="t"/>'
        f'</v:shapetype><v:shape id="Filigrane{number}" o:spid="_x0000_s{2048 + number}" '
        f'type="#_x0000_t136" style="position:absolute;margin-left:0;margin-top:0;'
        f"width:{width}pt;height:{height}pt;rotation:315;z-index:-251658752;"
        "mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
        'mso-position-vertical:center;mso-position-vertical-relative:margin" '
        'o:allowincell="f" fillcolor="#d9d9d9" stroked="f"><v:fill opacity=".5"/>'
        '<v:textpath style="font-family:&quot;Calibri&quot;;font-size:1pt" string="PROJET"/>'
        '<w10:wrap anchorx="margin" anchory="margin"/></v:shape></w:pict></w:r>'
    )
