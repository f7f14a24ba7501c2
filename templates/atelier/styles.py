"""How a document looks: its styles, and nothing set by hand besides."""

from collections.abc import Iterator

from atelier.briques import ALERTE, DECLARATION, DISCRET, ENCRE, FILET, FOND, NAMESPACES, cm

# Styles that Word knows by these names, and shows in the user's language.
WORDS_OWN = {"Title", "Subtitle", "heading 1", "heading 2", "header", "footer", "Strong"}


def style(
    identifier: str,
    name: str,
    paragraph: str = "",
    text: str = "",
    *,
    based_on: str = "Normal",
    then: str = "",
    kind: str = "paragraph",
) -> str:
    custom = "" if name in WORDS_OWN else ' w:customStyle="1"'
    parts = [
        f'<w:style w:type="{kind}"{custom} w:styleId="{identifier}"><w:name w:val="{name}"/>',
        f'<w:basedOn w:val="{based_on}"/>' if kind == "paragraph" else "",
        f'<w:next w:val="{then}"/>' if then else "",
        "<w:qFormat/>",
        f"<w:pPr>{paragraph}</w:pPr>" if paragraph else "",
        f"<w:rPr>{text}</w:rPr>" if text else "",
        "</w:style>",
    ]
    return "".join(parts)


def spacing(before: float = 0, after: float = 0, line: float = 0) -> str:
    """Points before and after; lines as a multiple."""
    lines = f' w:line="{round(line * 240)}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{lines}/>'


def indent(left: float = 0, right: float = 0, hanging: float = 0) -> str:
    hangs = f' w:hanging="{cm(hanging)}"' if hanging else ""
    return f'<w:ind w:left="{cm(left)}" w:right="{cm(right)}"{hangs}/>'


def font(points: float = 0, colour: str = "", bold: bool = False, italic: bool = False) -> str:
    size = round(points * 2)
    parts = {
        "<w:b/>": bold,
        "<w:i/>": italic,
        f'<w:color w:val="{colour}"/>': colour,
        f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>': size,
    }
    return "".join(part for part, said in parts.items() if said)


def border(side: str, colour: str = FILET, eighths: int = 4, space: int = 0) -> str:
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


def tab(position: float, kind: str = "right", leader: str = "none") -> str:
    return f'<w:tabs><w:tab w:val="{kind}" w:leader="{leader}" w:pos="{cm(position)}"/></w:tabs>'


KEEP = "<w:keepNext/><w:keepLines/>"


def styles(width: float, margin_right: float, address: float, air: tuple[float, float]) -> str:
    """`width`: of the text; `margin_right`: what running text leaves free; `air`: around it."""
    own = indent(right=margin_right)
    paragraphs = [
        style("Titre", "Title", KEEP + spacing(0, 2), font(22, ENCRE, bold=True), then="Corps"),
        style("Titrepage", "Titre en haut de page", "<w:pageBreakBefore/>", based_on="Titre"),
        style("Sous-titre", "Subtitle", KEEP + spacing(0, 12), font(14, DISCRET), then="Corps"),
        style(
            "Titre1",
            "heading 1",
            KEEP
            + f"<w:pBdr>{border('bottom', ENCRE, 4, 2)}</w:pBdr>"
            + spacing(18, 7)
            + '<w:outlineLvl w:val="0"/>',
            font(13, ENCRE, bold=True),
            then="Corps",
        ),
        style("Titre1page", "Titre 1 en haut de page", "<w:pageBreakBefore/>", based_on="Titre1"),
        style(
            "Titre2",
            "heading 2",
            KEEP + spacing(10, 2) + '<w:outlineLvl w:val="1"/>',
            font(10.5, ENCRE, bold=True),
            then="Corps",
        ),
        style("Corps", "Corps", spacing(*air) + own),
        style("Constat", "Constat", "<w:keepLines/>" + spacing(6, 6), based_on="Corps"),
        style("Corpslie", "Corps lié au suivant", KEEP, based_on="Corps"),
        style(
            "Liste",
            "Liste",
            '<w:numPr><w:numId w:val="1"/></w:numPr>'
            + spacing(0, 3)
            + indent(0.5, margin_right, 0.4),
        ),
        style("Personne", "Personne", KEEP + spacing(5, 1) + own),
        style("Espace", "Espace sous un tableau", "", font(4)),
        style("Mention", "Mention", spacing(4, 2) + own, font(9, DISCRET)),
        style(
            "Cadre",
            "Cadre",
            "<w:pBdr>"
            + "".join(border(side, ALERTE, 6, 5) for side in ("top", "left", "bottom", "right"))
            + "</w:pBdr>"
            + spacing(6, 12)
            + indent(0.2, 0.2),
            font(10.5, ALERTE, bold=True),
        ),
        style("Aremplir", "Ligne à remplir", tab(width, leader="dot") + spacing(8, 6)),
        style("Tableauen-tete", "Tableau en-tête", KEEP, font(9.5, ENCRE, bold=True)),
        style("Tableau", "Tableau texte", "", font(9.5)),
        style("Tableaufort", "Tableau fort", "", font(9.5, bold=True), based_on="Tableau"),
        style("Serreen-tete", "Tableau serré en-tête", KEEP, font(8, ENCRE, bold=True)),
        style("Serre", "Tableau serré texte", "", font(8)),
        style("Serrefort", "Tableau serré fort", "", font(8, bold=True)),
        style("Tableaumention", "Tableau mention", "", font(8.5, DISCRET), based_on="Tableau"),
        style("Tableaumentionliee", "Tableau mention liée", KEEP, based_on="Tableaumention"),
        style("Tableaulie", "Tableau lié au suivant", KEEP, based_on="Tableau"),
        style("Tableaurubrique", "Tableau rubrique", "", font(9.5, DISCRET), based_on="Tableau"),
        style(
            "Entete",
            "header",
            f"<w:pBdr>{border('bottom', FILET, 4, 4)}</w:pBdr>{tab(width)}",
            font(9, DISCRET),
        ),
        style("Pied", "footer", tab(width), font(8.5, DISCRET)),
        style("Expediteur", "Expéditeur", spacing(0, 2), font(12, ENCRE, bold=True)),
        style(
            "Contact",
            "Contact",
            f"<w:pBdr>{border('bottom', FILET, 4, 4)}</w:pBdr>" + spacing(0, 0),
            font(9, DISCRET),
        ),
        style("Destinataire", "Destinataire", spacing(0, 0) + indent(address)),
        style("Destinatairenom", "Destinataire nom", spacing(40, 0), based_on="Destinataire"),
        style("Lieudate", "Lieu et date", spacing(20, 20) + indent(address)),
        style("Objet", "Objet", spacing(0, 2) + indent(2.2, 0, 2.2)),
        style("Salutation", "Salutation", spacing(16, 8)),
        style("Politesse", "Politesse", KEEP + spacing(10, 0)),
        style("Signataire", "Signataire", KEEP + spacing(14, 50) + indent(address)),
        *_certificate(),
        style("Fort", "Strong", text="<w:b/>", kind="character"),
        style("Discret", "Discret", text=font(0, DISCRET), kind="character"),
        style("Alerte", "Alerte", text=font(0, ALERTE, bold=True), kind="character"),
    ]
    return (
        f"{DECLARATION}<w:styles {NAMESPACES}><w:docDefaults><w:rPrDefault><w:rPr>"
        '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:eastAsia="Calibri" w:cs="Calibri"/>'
        '<w:sz w:val="21"/><w:szCs w:val="21"/>'
        '<w:lang w:val="fr-FR" w:eastAsia="fr-FR" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        f"<w:pPrDefault><w:pPr>{spacing(0, 0, 1.08)}</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/>'
        "<w:qFormat/></w:style>"
        '<w:style w:type="table" w:default="1" w:styleId="TableauNormal">'
        '<w:name w:val="Normal Table"/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
        f"{_cell_margins(0, 0.19)}</w:tblPr></w:style>"
        f"{''.join(paragraphs)}{''.join(_table_styles())}</w:styles>"
    )


def _certificate() -> Iterator[str]:
    centred = '<w:jc w:val="center"/>'
    for identifier, name, air, text in (
        ("Certificateur", "Certificateur", spacing(6, 2), font(16, ENCRE, bold=True)),
        ("Centre", "Centré", spacing(3, 3), font(12)),
        ("Certificat", "Certificat", spacing(20, 8), font(30, ENCRE, bold=True)),
        ("Objetcertifie", "Objet certifié", spacing(4, 8), font(17, bold=True)),
        ("Titulaire", "Titulaire", spacing(6, 4), font(20, ENCRE, bold=True)),
        ("Centremention", "Centré mention", spacing(3, 1), font(9.5, DISCRET)),
        ("Faitcertificat", "Fait à", KEEP + spacing(14, 2), font(12)),
        ("Signatairecertificat", "Signataire du certificat", KEEP + spacing(2, 56), font(12)),
    ):
        yield style(identifier, name, air + centred, text)


def _cell_margins(top: float, side: float) -> str:
    return (
        "<w:tblCellMar>"
        + "".join(
            f'<w:{name} w:w="{cm(size)}" w:type="dxa"/>'
            for name, size in (("top", top), ("left", side), ("bottom", top), ("right", side))
        )
        + "</w:tblCellMar>"
    )


def _table_styles() -> Iterator[str]:
    head = (
        '<w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr><w:tcBorders>'
        f"{border('bottom', ENCRE, 6)}</w:tcBorders>"
        f'<w:shd w:val="clear" w:color="auto" w:fill="{FOND}"/><w:vAlign w:val="center"/>'
        "</w:tcPr></w:tblStylePr>"
    )
    lined = border("top", ENCRE, 6) + border("bottom", ENCRE, 6) + border("insideH")
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    boxed = "".join(border(side) for side in sides)
    for identifier, name, borders, above, beside, first_row in (
        ("Fiche", "Tableau fiche", "", 0.04, 0.19, ""),
        ("Liste-tableau", "Tableau liste", lined, 0.08, 0.19, head),
        ("Liste-serree", "Tableau liste serrée", lined, 0.06, 0.09, head),
        ("Signatures", "Tableau signatures", boxed, 0.1, 0.19, head),
    ):
        yield (
            f'<w:style w:type="table" w:customStyle="1" w:styleId="{identifier}">'
            f'<w:name w:val="{name}"/><w:basedOn w:val="TableauNormal"/><w:tblPr>'
            f"{f'<w:tblBorders>{borders}</w:tblBorders>' if borders else ''}"
            f"{_cell_margins(above, beside)}</w:tblPr>{first_row}</w:style>"
        )
