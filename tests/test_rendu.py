"""Our documents are docxtpl's own, part by part: only made faster, and packed the same each time.

What docxtpl does to each document is done here once for all of them, or left out where it would
change nothing: these tests lay the two side by side.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pytest
from docxtpl import DocxTemplate
from lxml import etree
from test_documents import LETTERS, MINUTES, TEMPLATES, W

from batch.documents import edition
from batch.documents.colonnes import fit_columns
from batch.documents.edition import Feuille
from batch.documents.filtres import FILTRES
from batch.documents.paquet import pack, unpack
from batch.documents.rendu import Gabarit, Modele, Proprietes, clean
from batch.jury.seance import Seance
from batch.zips import Entree, compressed

GABARITS = sorted(path.name for path in TEMPLATES.glob("*.docx"))
DE_TOUS = Proprietes("Maison & Fils", date(2023, 6, 15))

ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=True)
ENVIRONMENT.filters.update(FILTRES)


def of_docxtpl(contenu: bytes, contexte: Mapping[str, Any]) -> dict[str, bytes]:
    """The parts as somebody would make them with docxtpl, in three lines."""
    template, buffer = DocxTemplate(io.BytesIO(contenu)), io.BytesIO()
    template.render(clean(contexte), ENVIRONMENT, autoescape=True)
    template.save(buffer)
    return unpack(buffer.getvalue())


def canonical(name: str, content: bytes) -> bytes:
    """Our one liberty: columns that a loop multiplied have widths in proportion, not even ones."""
    if not name.endswith((".xml", ".rels")):
        return content
    tree = etree.fromstring(content)
    if name == "word/document.xml":
        fit_columns(tree)
    written: bytes = etree.tostring(tree, method="c14n")
    return written


def assert_same(contenu: bytes, contexte: Mapping[str, Any]) -> None:
    ours = unpack(Modele(Gabarit("essai.docx", contenu), DE_TOUS).render(contexte, "Titre"))
    theirs = of_docxtpl(contenu, contexte)
    assert ours.keys() == theirs.keys()
    for name in ours.keys() - {"docProps/core.xml"}:
        assert canonical(name, ours[name]) == canonical(name, theirs[name]), name


@cache
def sittings() -> tuple[Seance, ...]:
    return tuple(build() for build in (*MINUTES.values(), *LETTERS.values()))


@cache
def sheets(gabarit: str) -> tuple[Feuille, ...]:
    """What this template is to say of each sitting, once."""
    found = (
        next((one for one in made(seance) if one.gabarit == gabarit), None)
        for seance in sittings()
        for made in (edition.feuilles, edition.feuilles_avant)
    )
    return tuple(one for one in found if one is not None)


AWKWARD = (
    " {{ candidat }} {% if %} {# a #} & &amp; &#38; <w:p> <w:t/> ]]> \" ' ’ « Ōkuma ʻitahi » "
    "\n\nune autre ligne\r\n\tune tabulation \x0b \x07 \ud800 \u202e fin "
)


def infected(valeur: Any) -> Any:
    """The same context, each of its texts followed by what somebody may paste."""
    match valeur:
        case str():
            return valeur + AWKWARD
        case dict():
            return {name: infected(one) for name, one in valeur.items()}
        case list():
            return [infected(one) for one in valeur]
    return valeur


@pytest.mark.parametrize("gabarit", GABARITS)
def test_each_document_is_docxtpl_s_own(gabarit: str) -> None:
    contenu = (TEMPLATES / gabarit).read_bytes()
    assert sheets(gabarit), f"aucune séance d'essai n'emploie {gabarit}"
    for feuille in sheets(gabarit):
        assert_same(contenu, feuille.contexte)
    assert_same(contenu, infected(sheets(gabarit)[-1].contexte))


def test_a_text_that_docxtpl_would_turn_into_a_tag_is_printed_as_it_is() -> None:
    feuille = sheets("lettre.docx")[0]
    contenu, contexte = (TEMPLATES / "lettre.docx").read_bytes(), {**feuille.contexte}
    contexte["signataire"] = "{_{ a }_} {_% b %_}"
    ours = Modele(Gabarit("lettre.docx", contenu), DE_TOUS).render(contexte, "Titre")
    assert "{_{ a }_} {_% b %_}" in unpack(ours)["word/document.xml"].decode()


def test_a_model_printed_many_times_remembers_nothing() -> None:
    model = Modele(Gabarit("lettre.docx", (TEMPLATES / "lettre.docx").read_bytes()), DE_TOUS)
    contexts = [feuille.contexte for feuille in sheets("lettre.docx")]
    first = [model.render(contexte, contexte["document"]) for contexte in contexts]
    again = [model.render(contexte, contexte["document"]) for contexte in reversed(contexts)]
    assert len(set(first)) > 10
    assert again[::-1] == first


# --- tables -------------------------------------------------------------------------------------


def cell(text: str, width: int = 3000, span: int = 0) -> str:
    spanned = f'<w:gridSpan w:val="{span}"/>' if span else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{spanned}</w:tcPr>'
        f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"
    )


def row(*cells: str) -> str:
    return f"<w:tr>{''.join(cells)}</w:tr>"


def only(tag: str) -> str:
    """A row that docxtpl replaces by this tag."""
    return row(cell(f"{{%tr {tag} %}}"))


def table(*rows: str, columns: int = 2, width: int = 6000, largeur: str = "dxa") -> str:
    grid = f'<w:gridCol w:w="{width // columns}"/>' * columns
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{width}" w:type="{largeur}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


A, B = cell("a"), cell("b")
TABLES = {
    "plain": table(row(A, B)),
    "a loop over its rows": table(row(A, B), only("for n in many"), row(A, B), only("endfor")),
    "a loop over no row": table(only("for n in nothing"), row(A, B), only("endfor")),
    "a loop over no row of a table without columns": table(
        only("for n in nothing"), row(A), only("endfor"), columns=1
    ),
    "a loop over its cells": table(
        row(A, cell("{%tc for n in many %}"), B, cell("{%tc endfor %}")), width=6000
    ),
    "a cell left out": table(row(A, cell("{%tc if no %}"), B, cell("{%tc endif %}"))),
    "a condition from a cell to the next": table(row(cell("a {% if no %}"), cell("{% endif %} b"))),
    "a condition in a cell, from a paragraph to the next": table(
        row(A, cell("b{% if no %}</w:t></w:r></w:p><w:p><w:r><w:t>c{% endif %}"))
    ),
    "a condition from a row to the next": table(
        row(A, cell("a {% if yes %}")), row(A, cell("{% endif %} b"))
    ),
    "the widest row is left out": table(
        row(A), only("if no"), row(A, B, B), only("endif"), columns=3
    ),
    "more columns than cells": table(row(A, B), columns=4, width=6000),
    "less columns than cells": table(row(A, B, B), columns=2),
    "widths to be fitted": table(row(cell("a", 1000), cell("b", 3000)), width=8000),
    "rows of other widths": table(
        row(A, B), only("if yes"), row(cell("a", 1000), B), only("endif"), width=6000
    ),
    "a width of its own": table(row(cell("a", 1), B), width=0, largeur="auto"),
    "merged cells": table(row(cell("a", 6000, span=2)), row(A, B)),
    "a span that is said": table(row(cell("{% colspan 1 + 1 %}a")), row(A, B)),
    "merged in a loop": table(
        row(cell("{%tc for n in many %}"), cell("{% hm %}a"), cell("{%tc endfor %}"), B)
    ),
    "a table in a table": table(
        row(A, f"<w:tc><w:tcPr/>{table(row(A, B, B), columns=3)}<w:p/></w:tc>")
    ),
    "a tag that is only text": table(row(A, cell('{{ "{% if" }} {% raw %}{% for {% endraw %}'))),
    "a comparison": table(row(A, cell("{% if 1 &lt; 2 %}{{ 2 &gt; 1 }}{% endif %}"))),
    "a comment": table(row(A, cell("{# {% for #}b"))),
}


def with_body(body: str) -> bytes:
    """Our letter, with this for only text, and a field."""
    body += "<w:p><w:r><w:t>{{ titre }}</w:t></w:r></w:p>"
    own = unpack((TEMPLATES / "lettre.docx").read_bytes())
    xml = own["word/document.xml"].decode()
    whole = re.sub(
        r"(<w:body>).*(<w:sectPr\b)", lambda m: f"{m[1]}{body}{m[2]}", xml, flags=re.DOTALL
    )
    return pack({**own, "word/document.xml": whole.encode()})


@pytest.mark.parametrize("drawn", TABLES.values(), ids=TABLES)
def test_a_table_is_counted_as_docxtpl_counts_it(drawn: str) -> None:
    contexte = {
        **sheets("lettre.docx")[0].contexte,
        "many": ["1", "2", "3"],
        "nothing": [],
        "yes": True,
        "no": False,
    }
    assert_same(with_body(drawn), contexte)


def test_a_picture_keeps_the_number_that_docxtpl_gives_it() -> None:
    wp = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    picture = f'<w:drawing><wp:inline xmlns:wp="{wp}"><wp:docPr id="7" name="x"/></wp:inline>'
    body = f"<w:p><w:r>{picture}</w:drawing></w:r></w:p>" * 2
    assert_same(with_body(body), sheets("lettre.docx")[0].contexte)


def test_a_template_without_loops_over_columns_is_not_counted_cell_by_cell(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The letters and the results of a thousand people: this is what makes them quick."""
    monkeypatch.setattr(DocxTemplate, "fix_tables", None)
    for gabarit in ("lettre.docx", "releve.docx", "certificat.docx", "convocation.docx"):
        model = Modele(Gabarit(gabarit, (TEMPLATES / gabarit).read_bytes()), DE_TOUS)
        for feuille in sheets(gabarit):
            assert model.render(feuille.contexte, "Titre")


def test_the_columns_of_the_minutes_do_fill_their_width() -> None:
    contenu = (TEMPLATES / "proces-verbal.docx").read_bytes()
    contexte = sheets("proces-verbal.docx")[0].contexte
    made = unpack(Modele(Gabarit("pv.docx", contenu), DE_TOUS).render(contexte, "Titre"))
    theirs = of_docxtpl(contenu, contexte)
    assert widths(made) != widths(theirs)


def widths(parts: Mapping[str, bytes]) -> list[str]:
    return [
        one.get(f"{W}w") for one in etree.fromstring(parts["word/document.xml"]).iter(f"{W}gridCol")
    ]


# --- the package --------------------------------------------------------------------------------


def of_zipfile(parts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts.items():
            part = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            package.writestr(part, content)
    return buffer.getvalue()


PACKAGES = {
    "nothing": {},
    "a part of a document": {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"a" * 9999},
    "an empty part": {"vide.xml": b""},
    "an accent in a name": {"word/média/é’.png": bytes(range(256)) * 300},
}


@pytest.mark.parametrize("parts", PACKAGES.values(), ids=PACKAGES)
def test_a_package_is_the_one_that_zipfile_writes(parts: dict[str, bytes]) -> None:
    ready: dict[str, bytes | Entree] = {name: compressed(part) for name, part in parts.items()}
    assert pack(parts) == pack(ready) == of_zipfile(parts)
    assert unpack(pack(parts)) == parts


def test_a_package_of_ours_is_a_zip_for_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(pack({"é.xml": b"abc", "b.xml": b"d" * 100_000}))
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
