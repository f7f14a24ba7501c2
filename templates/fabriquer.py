"""Makes proces-verbal.docx and lettre.docx, the templates shipped: python templates/fabriquer.py

The two are written here part by part, so that they hold what is needed and nothing else, and come
out the same on every machine. To change the look, change a style; to change the words, change a
paragraph. A certificateur does neither: he edits a copy in Word and puts it in gabarits/.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape

# So that it runs from a checkout where nothing is installed.
sys.path.insert(0, str(Path(__file__).parent.parent))

from batch.documents.paquet import pack

COLON = "\u00a0:"
HERE = Path(__file__).parent

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


# --- what a document is made of -----------------------------------------------------------------


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
    return f"{_tag(f'{{%p if {condition} %}}')}{''.join(content)}{_tag('{%p endif %}')}"


def each(loop: str, *content: str) -> str:
    """Paragraphs repeated for each item: « raison in raisons »."""
    return f"{_tag(f'{{%p for {loop} %}}')}{''.join(content)}{_tag('{%p endfor %}')}"


def _tag(text: str) -> str:
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
        f"{row(cell(1, _tag(f'{{%tr for {loop} %}}')))}{''.join(content)}"
        f"{row(cell(1, _tag('{%tr endfor %}')))}"
    )


def cells(loop: str, content: str) -> str:
    """A cell repeated for each item: the table gets a column for each."""
    return f"{cell(1, _tag(f'{{%tc for {loop} %}}'))}{content}{cell(1, _tag('{%tc endfor %}'))}"


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


# --- the styles ---------------------------------------------------------------------------------

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


# --- the procès-verbal --------------------------------------------------------------------------

LARGE = 26.7  # text of a landscape A4
PV_HEAD = ("{{ certificateur }}", "\t{{ titre }}, session {{ session }}")


def proces_verbal() -> dict[str, str]:
    body = (
        p("Titre", "{{ titre }}")
        + p("Sous-titre", "{{ intitule }}")
        + when("exemple", p("Cadre", "{{ exemple }}"))
        + _identity()
        + p("Titre1", "Composition du jury")
        + _members()
        + p("Titre1", "Règles d’obtention")
        + each("regle in regles", p("Liste", "{{ regle }}"))
        + p("Titre1", "{{ resultats.titre }}")
        + _results()
        + p("Titre1", "Décisions qui s’écartent de la proposition")
        + _departures()
        + p("Titre1", "Résultats à motiver")
        + each(
            "cas in motivations",
            p("Personne", ("Fort", "{{ cas.candidat }}"), f"{COLON} {{{{ cas.issue }}}}"),
            each("raison in cas.raisons", p("Liste", "{{ raison }}")),
        )
        + when("not motivations", p("Corps", "Il n’y en a pas."))
        + when(
            "absences",
            p("Titre1", "Absences et résultats en attente"),
            each(
                "liste in absences",
                p("Corps", ("Fort", "{{ liste.rubrique }}"), f"{COLON} {{{{ liste.noms }}}}"),
            ),
        )
        + p("Titre1", "Déroulement de la séance")
        + p(
            "Aremplir", f"Membres qui n’ont pas pris part à une délibération, et laquelle{COLON} \t"
        )
        + p("Aremplir", f"Incidents{COLON} \t")
        + p("Aremplir", "\t")
        + p("Titre1", "Signatures")
        + p("Corpslie", "{{ fait }} Le jury est souverain.")
        + _signatures()
        + p("Titre1", "{{ titre_instance }}")
        + _instance()
    )
    return {
        "word/document.xml": document(body, landscape=True, first_page=False),
        "word/styles.xml": styles(LARGE, margin_right=4.5, address=0, air=(0, 6)),
        "word/header1.xml": header(projet_or_not("Entete", PV_HEAD, watermark(480, 150, 1))),
        "word/footer1.xml": footer(LARGE),
    }


def _identity() -> str:
    sides = [
        part
        for side, widths in (("gauche", (2.9, 11.2)), ("droite", (4.2, 8.4)))
        for part in (
            cell(widths[0], p("Tableaurubrique", f"{{{{ ligne.{side}.rubrique }}}}")),
            cell(widths[1], p("Tableau", f"{{{{ ligne.{side}.valeur }}}}")),
        )
    ]
    return table("Fiche", [2.9, 11.2, 4.2, 8.4], rows("ligne in identite", row(*sides)))


def _members() -> str:
    columns = {
        "Nom et prénom": 5.6,
        "Fonction": 5.4,
        "Qualité": 4.6,
        "Collège": 2.2,
        "Extérieur": 1.8,
        "Présent": 1.7,
        "Émargement": 5.4,
    }
    widths = list(columns.values())
    return (
        when(
            "membres",
            table(
                "Liste-tableau",
                widths,
                head_row(columns, widths),
                rows(
                    "membre in membres",
                    row(
                        cell(
                            widths[0],
                            p("Tableaufort", "{{ membre.nom }}"),
                            when("membre.preside", p("Tableaumention", "préside le jury")),
                        ),
                        cell(widths[1], p("Tableau", "{{ membre.fonction }}")),
                        cell(widths[2], p("Tableau", "{{ membre.qualite }}")),
                        cell(widths[3], p("Tableau", "{{ membre.college }}")),
                        cell(widths[4], p("Tableau", "{{ membre.exterieur }}")),
                        cell(widths[5], p("Tableau", "{{ membre.present }}")),
                        cell(widths[6], p("Tableau", "{% if membre.absent %}–{% endif %}")),
                        height=1.0,
                    ),
                ),
            ),
        )
        + p("Constat", "{{ composition }}")
        + when(
            "manques",
            p("Corpslie", ("Alerte", f"La composition n’est pas conforme au règlement{COLON}")),
            each("manque in manques", p("Liste", "{{ manque }}")),
        )
        + when(
            "obstacles",
            p("Corpslie", ("Alerte", f"Avant que ce procès-verbal soit définitif{COLON}")),
            each("obstacle in obstacles", p("Liste", "{{ obstacle }}")),
        )
    )


def _results() -> str:
    return (
        p("Corpslie", "{{ resultats.intro }}")
        + when("resultats.vide", p("Corps", "{{ resultats.vide }}"))
        + when(
            "resultats.lignes",
            when(
                "not resultats.serre",
                _results_table("Tableau", [1.5, 4.95, 3.25, 3.55, 1.85], [2.6] * 3, 3.8),
            ),
            when(
                "resultats.serre",
                _results_table("Serre", [1.25, 3.7, 2.65, 1.95, 1.7], [2.2] * 6, 2.25),
            ),
            when("resultats.note", p("Mention", "{{ resultats.note }}")),
            p("Constat", ("Fort", "{{ totaux }}")),
            when("resultats.intitules", _entries("resultats.intitules", "code", "intitule")),
            _entries("legende", "mot", "sens"),
        )
    )


def _results_table(look: str, widths: list[float], blocs: list[float], outcome: float) -> str:
    """The widths are those of so many blocs; for another number, all are scaled to fit."""
    titles = ["N°", "Nom et prénom", "Voie d’accès", "Parcours", "Présence"]
    name = (
        p(f"{look}fort", "{{ ligne.nom }}"),
        each("mention in ligne.mentions", p("Tableaumention", "{{ mention }}")),
    )
    content = [
        (p(look, "{{ ligne.numero }}"),),
        name,
        (p(look, "{{ ligne.voie }}"),),
        (p(look, "{{ ligne.parcours }}"),),
        (p(look, "{{ ligne.presence }}"),),
    ]
    head = f"{look}en-tete"
    return table(
        "Liste-serree" if look == "Serre" else "Liste-tableau",
        [*widths, *blocs, outcome],
        row(
            *(cell(w, p(head, title)) for title, w in zip(titles, widths, strict=True)),
            cells("colonne in resultats.colonnes", cell(blocs[0], p(head, "{{ colonne }}"))),
            cell(outcome, p(head, "{{ resultats.issue }}")),
            head=True,
        ),
        rows(
            "ligne in resultats.lignes",
            row(
                *(cell(w, *said) for said, w in zip(content, widths, strict=True)),
                cells(
                    "cellule in ligne.cellules",
                    cell(
                        blocs[0],
                        p(look, "{{ cellule.mot }}"),
                        each("mention in cellule.mentions", p("Tableaumention", "{{ mention }}")),
                    ),
                ),
                cell(outcome, p(f"{look}fort", "{{ ligne.issue }}")),
            ),
        ),
        total=LARGE,
    )


def _entries(items: str, word: str, meaning: str) -> str:
    """« word : meaning ; word : meaning. », the words in bold."""
    stop = "{% if loop.last %}.{% else %}\u202f; {% endif %}"
    return p(
        "Mention",
        f"{{% for entree in {items} %}}",
        ("Fort", f"{{{{ entree.{word} }}}}"),
        f"{COLON} {{{{ entree.{meaning} }}}}{stop}{{% endfor %}}",
    )


def _departures() -> str:
    columns = {
        "N°": (1.8, "Tableau", "{{ ecart.numero }}"),
        "Nom et prénom": (5.6, "Tableaufort", "{{ ecart.candidat }}"),
        "Objet": (2.4, "Tableau", "{{ ecart.objet }}"),
        "Proposition": (3.6, "Tableau", "{{ ecart.propose }}"),
        "Décision": (3.6, "Tableaufort", "{{ ecart.decide }}"),
        "Motif du jury": (9.7, "Tableau", "{{ ecart.motif }}"),
    }
    widths = [width for width, _, _ in columns.values()]
    return when(
        "ecarts",
        table(
            "Liste-tableau",
            widths,
            head_row(columns, widths),
            rows("ecart in ecarts", row(*(cell(w, p(s, c)) for w, s, c in columns.values()))),
        ),
    ) + when("not ecarts", p("Corps", "Aucune décision ne s’écarte de la proposition."))


def _signatures() -> str:
    widths = [6.05, 7.3, 6.05, 7.3]
    names = ["Nom et qualité", "Signature"] * 2
    sides = [
        part
        for side in ("gauche", "droite")
        for part in (
            cell(
                widths[0],
                f"{_tag(f'{{%p if ligne.{side}.nom %}}')}"
                + p("Tableaulie", ("Fort", f"{{{{ ligne.{side}.nom }}}}"))
                + p("Tableaumention", f"{{{{ ligne.{side}.titre }}}}")
                + _tag("{%p else %}")
                + p("Tableau")
                + _tag("{%p endif %}"),
            ),
            cell(
                widths[1],
                p("Tableaumention", f"{{% if ligne.{side}.absent %}}Absence{{% endif %}}"),
            ),
        )
    ]
    return when(
        "signatures",
        table(
            "Signatures",
            widths,
            head_row(names, widths),
            rows("ligne in signatures", row(*sides, height=1.7)),
        ),
    ) + when("not signatures", p("Corps", "Aucun membre du jury n’est inscrit."))


def _instance() -> str:
    widths = [15.4, 4.0, 7.3]
    names = ["Décision", "Date", "Nom et signature"]
    return p(
        "Corpslie", "{{ instance }}, au vu de ce procès-verbal, prend la décision suivante."
    ) + table(
        "Signatures",
        widths,
        head_row(names, widths),
        row(*(cell(w, p("Tableau")) for w in widths), height=2.6),
    )


# --- the letter ---------------------------------------------------------------------------------

ETROIT = 16.0  # text of a portrait A4
LETTER_HEAD = ("{{ certificateur }}", "\t{{ reference }}")


def lettre() -> dict[str, str]:
    body = (
        p("Destinatairenom", "{{ destinataire }}")
        + each("ligne in adresse", p("Destinataire", "{{ ligne }}"))
        + p("Lieudate", "{{ lieu_date }}")
        + when("projet", p("Cadre", "{{ mention_projet }}"))
        + p("Objet", ("Fort", "Objet"), f"{COLON}\t{{{{ objet }}}}")
        + p("Objet", ("Fort", "Référence"), f"{COLON}\t{{{{ reference }}}}")
        + p("Salutation", "{{ salutation }},")
        + each("phrase in annonce", p("Corps", "{{ phrase }}"))
        + _outcomes()
        + each(
            "raison in raisons",
            p("Corps", "{{ raison.phrase }}"),
            each("point in raison.points", p("Liste", "{{ point }}")),
        )
        + each("option in options", p("Corps", "{{ option }}"))
        + each("suite in suites", p("Corps", "{{ suite }}"))
        + p("Titre2", "Voie de recours")
        + p("Corps", "{{ recours | join(' ') }}")
        + p("Politesse", "{{ politesse }}")
        + p("Signataire", "{{ signataire }}")
    )
    letterhead = projet_or_not("Expediteur", ("{{ certificateur }}",), watermark(430, 134, 2))
    return {
        "word/document.xml": document(body, landscape=False, first_page=True),
        "word/styles.xml": styles(ETROIT, margin_right=0, address=9.0, air=(5, 5)),
        "word/header1.xml": header(projet_or_not("Entete", LETTER_HEAD, watermark(430, 134, 1))),
        "word/header2.xml": header(letterhead + p("Contact", "{{ contact }}")),
        "word/footer1.xml": footer(ETROIT),
    }


def _outcomes() -> str:
    widths = [7.9, 2.6, 5.5]
    names = ["{{ tableau.sujet }}", "Résultat", "Ce que cela veut dire"]
    return when(
        "tableau.lignes",
        table(
            "Liste-tableau",
            widths,
            head_row(names, widths),
            rows(
                "ligne in tableau.lignes",
                row(
                    cell(
                        widths[0],
                        p(
                            "Tableau",
                            ("Fort", "{{ ligne.code }}"),
                            "{% if ligne.intitule %}",
                            COLON,
                            " {{ ligne.intitule }}{% endif %}",
                        ),
                    ),
                    cell(widths[1], p("Tableaufort", "{{ ligne.resultat }}")),
                    cell(widths[2], p("Tableau", "{{ ligne.sens }}")),
                ),
            ),
        ),
        p("Espace"),
    )


# --- the parts of the file ----------------------------------------------------------------------


def projet_or_not(style_name: str, runs: tuple[str, ...], mark: str) -> str:
    """The head paragraph; on a draft it says so and carries the watermark."""
    return (
        _tag("{%p if projet %}")
        + p(style_name, ("Alerte", "PROJET"), "\u2003", *runs, extra=mark)
        + _tag("{%p else %}")
        + p(style_name, *runs)
        + _tag("{%p endif %}")
    )


def header(content: str) -> str:
    return f"{DECLARATION}<w:hdr {NAMESPACES}>{content}</w:hdr>"


def footer(width: float) -> str:
    content = when("exemple", p("Pied", "{{ exemple }}")) + p(
        "Pied", "{{ pied }}\tpage ", "#page", " sur ", "#pages"
    )
    return f"{DECLARATION}<w:ftr {NAMESPACES}>{content}</w:ftr>"


def document(body: str, *, landscape: bool, first_page: bool) -> str:
    """A4: the procès-verbal lies, for its tables; the letter stands."""
    long, short = cm(29.7), cm(21)
    size = (
        f'<w:pgSz w:w="{long}" w:h="{short}" w:orient="landscape"/>'
        if landscape
        else f'<w:pgSz w:w="{short}" w:h="{long}"/>'
    )
    side = 1.5 if landscape else 2.5
    margins = {"top": 2.1, "right": side, "bottom": 1.8, "left": side, "header": 1.0, "footer": 0.8}
    attributes = " ".join(f'w:{name}="{cm(value)}"' for name, value in margins.items())
    references = '<w:headerReference w:type="default" r:id="rId10"/>'
    footers = '<w:footerReference w:type="default" r:id="rId12"/>'
    if first_page:
        references += '<w:headerReference w:type="first" r:id="rId11"/>'
        footers += '<w:footerReference w:type="first" r:id="rId12"/>'
    return (
        f"{DECLARATION}<w:document {NAMESPACES}><w:body>{body}<w:sectPr>{references}{footers}"
        f'{size}<w:pgMar {attributes} w:gutter="0"/>'
        f"{'<w:titlePg/>' if first_page else ''}</w:sectPr></w:body></w:document>"
    )


NUMBERING = (
    f"{DECLARATION}<w:numbering {NAMESPACES}>"
    '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="Liste"/>'
    '<w:lvlText w:val="–"/><w:lvlJc w:val="left"/><w:pPr>'
    f'<w:ind w:left="{cm(0.5)}" w:hanging="{cm(0.4)}"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
SETTINGS = (
    f'{DECLARATION}<w:settings {NAMESPACES}><w:zoom w:percent="100"/>'
    f'<w:defaultTabStop w:val="{cm(1.25)}"/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="fr-FR"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
    "</w:settings>"
)
CORE = (
    f"{DECLARATION}<cp:coreProperties "
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:language>fr-FR</dc:language>'
    "</cp:coreProperties>"
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KINDS = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/numbering.xml": f"{_WORD}.numbering+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/header1.xml": f"{_WORD}.header+xml",
    "word/header2.xml": f"{_WORD}.header+xml",
    "word/footer1.xml": f"{_WORD}.footer+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}
_LINKS = {
    "word/styles.xml": ("rId1", "styles"),
    "word/numbering.xml": ("rId2", "numbering"),
    "word/settings.xml": ("rId3", "settings"),
    "word/header1.xml": ("rId10", "header"),
    "word/header2.xml": ("rId11", "header"),
    "word/footer1.xml": ("rId12", "footer"),
}


def package(own: dict[str, str]) -> bytes:
    """A whole .docx from the parts that are its own."""
    parts = {
        **own,
        "word/numbering.xml": NUMBERING,
        "word/settings.xml": SETTINGS,
        "docProps/core.xml": CORE,
    }
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, kind in _KINDS.items()
        if name in parts
    )
    links = "".join(
        f'<Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" '
        f'Target="{name.removeprefix("word/")}"/>'
        for name, (identifier, kind) in _LINKS.items()
        if name in parts
    )
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    everything = {
        "[Content_Types].xml": (
            f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ),
        "_rels/.rels": (
            f'{DECLARATION}<Relationships xmlns="{relations}">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{core}" Target="docProps/core.xml"/></Relationships>'
        ),
        "word/_rels/document.xml.rels": (
            f'{DECLARATION}<Relationships xmlns="{relations}">{links}</Relationships>'
        ),
        **parts,
    }
    return pack({name: text.encode() for name, text in everything.items()})


TEMPLATES = {"proces-verbal.docx": proces_verbal, "lettre.docx": lettre}


def build() -> dict[str, bytes]:
    return {name: package(make()) for name, make in TEMPLATES.items()}


if __name__ == "__main__":
    for name, content in build().items():
        (HERE / name).write_bytes(content)
        print(HERE / name)  # noqa: T201 (a script speaks)
