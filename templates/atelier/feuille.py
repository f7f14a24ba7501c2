"""The page: its size, its head, its foot, and what says that it is a draft."""

from atelier.briques import DECLARATION, ENCRE, NAMESPACES, cm, p, tag, when

LARGE = 26.7  # text of a landscape A4
ETROIT = 16.0  # text of a portrait A4


_BORDER = (
    '<w:pgBorders w:offsetFrom="page">'
    + "".join(
        f'<w:{side} w:val="double" w:sz="6" w:space="24" w:color="{ENCRE}"/>'
        for side in ("top", "left", "bottom", "right")
    )
    + "</w:pgBorders>"
)


_CENTRED = '<w:vAlign w:val="center"/>'


def projet_or_not(style_name: str, runs: tuple[str, ...], mark: str) -> str:
    """The head paragraph; on a draft it says so and carries the watermark."""
    return (
        tag("{%p if projet %}")
        + p(style_name, ("Alerte", "PROJET"), "\u2003", *runs, extra=mark)
        + tag("{%p else %}")
        + p(style_name, *runs)
        + tag("{%p endif %}")
    )


def header(content: str) -> str:
    return f"{DECLARATION}<w:hdr {NAMESPACES}>{content}</w:hdr>"


def footer(width: float) -> str:
    content = when("exemple", p("Pied", "{{ exemple }}")) + p(
        "Pied", "{{ pied }}\tpage ", "#page", " sur ", "#pages"
    )
    return f"{DECLARATION}<w:ftr {NAMESPACES}>{content}</w:ftr>"


def raw_footer(content: str) -> str:
    return f"{DECLARATION}<w:ftr {NAMESPACES}>{content}{p('Pied')}</w:ftr>"


def document(body: str, *, landscape: bool, first_page: bool, framed: bool = False) -> str:
    """A4: what has wide tables lies, letters stand. `framed`: centred in a border."""
    long, short = cm(29.7), cm(21)
    size = (
        f'<w:pgSz w:w="{long}" w:h="{short}" w:orient="landscape"/>'
        if landscape
        else f'<w:pgSz w:w="{short}" w:h="{long}"/>'
    )
    side = 1.5 if landscape else 2.5
    margins = {"top": 2.1, "right": side, "bottom": 1.8, "left": side, "header": 1.0, "footer": 0.8}
    if framed:
        margins |= {"top": 1.6, "bottom": 2.4, "footer": 1.4}
    attributes = " ".join(f'w:{name}="{cm(value)}"' for name, value in margins.items())
    references = '<w:headerReference w:type="default" r:id="rId10"/>'
    footers = '<w:footerReference w:type="default" r:id="rId12"/>'
    if first_page:
        references += '<w:headerReference w:type="first" r:id="rId11"/>'
        footers += '<w:footerReference w:type="first" r:id="rId12"/>'
    return (
        f"{DECLARATION}<w:document {NAMESPACES}><w:body>{body}<w:sectPr>{references}{footers}"
        f'{size}<w:pgMar {attributes} w:gutter="0"/>{_BORDER if framed else ""}'
        f"{_CENTRED if framed else ''}{'<w:titlePg/>' if first_page else ''}"
        "</w:sectPr></w:body></w:document>"
    )
