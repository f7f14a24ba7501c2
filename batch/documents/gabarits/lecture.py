"""A package -> its paragraphs: where each stands, what it says, and the tags that docxtpl will see.

A paragraph's text is what its runs spell put end to end: Word cuts a tag into runs as it likes, and
docxtpl joins them again.  What it cannot join is told by the owner of each character: a link, a
field, a revision.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLANCS = (f"{W}tab", f"{W}br", f"{W}cr")
# The parts that docxtpl prints, by their content type, and how a person calls them.
_PIECES = re.compile(r"\.(document\.main|header|footer|footnotes|endnotes)\+xml$")
_NOMS = {
    "document.main": "",
    "header": "en-tête",
    "footer": "pied de page",
    "footnotes": "notes de bas de page",
    "endnotes": "notes de fin",
}
_BALISE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
# « {%p if … %} », « {{r … }} »: the letters say what of Word's own disappears with the tag.
_PORTEE = re.compile(r"(p|tr|tc|r)\s")


@dataclass(frozen=True, slots=True)
class Balise:
    """`texte` as Word shows it; `jinja` as Jinja reads it; `portee`: « p », « tr », « tc », « »."""

    texte: str
    jinja: str
    portee: str
    traverse: bool  # it begins inside a link, a field or a revision, and ends outside

    @property
    def est_instruction(self) -> bool:
        return self.texte.startswith("{%")

    @property
    def contenu(self) -> str:
        return self.jinja[2:-2].strip("-+ \t\n\u00a0")

    @property
    def mot(self) -> str:
        """« if », « for », « endif »… of an instruction."""
        return re.split(r"\W", self.contenu, maxsplit=1)[0]


@dataclass(frozen=True, slots=True)
class Paragraphe:
    """`cellule`, `ligne`, `tableau`: which of them it is in, by order; 0 outside any."""

    endroit: str
    texte: str
    balises: tuple[Balise, ...]
    reste: str  # what stands beside the tags
    bloc: int  # what holds it: the body, a cell, a text box
    cellule: int
    ligne: int
    tableau: int
    texte_cellule: str
    texte_ligne: str
    cache: str  # tags in field codes and in deleted text, which nobody sees and docxtpl reads


def paragraphs(parts: Mapping[str, bytes]) -> Iterator[list[Paragraphe]]:
    """Those of each part that is printed, in the order of reading: the body first."""
    types = etree.fromstring(parts["[Content_Types].xml"], etree.XMLParser(resolve_entities=False))
    found = []
    for override in types:
        sort = _PIECES.search(override.get("ContentType", ""))
        name = override.get("PartName", "").lstrip("/")
        if sort and name in parts:
            found.append((list(_NOMS).index(sort[1]), name, _NOMS[sort[1]]))
    for _, name, called in sorted(found):
        yield list(_paragraphs(parts[name], called))


def printed(parts: Mapping[str, bytes]) -> str:
    """The whole text, to look for what it says in so many words."""
    return "\n".join(one.texte for part in paragraphs(parts) for one in part)


def _paragraphs(content: bytes, called: str) -> Iterator[Paragraphe]:
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    # Kept alive as long as their id stands for them.
    alive = list(root.iter())
    numbers = {id(element): rank for rank, element in enumerate(alive)}
    tables = [table for table in alive if table.tag == f"{W}tbl"]
    for element in alive:
        if element.tag != f"{W}p":
            continue
        letters = list(_letters(element))
        text = "".join(letter for letter, _ in letters)
        owners = [owner for letter, owner in letters for _ in letter]
        tags = tuple(_tag(match, owners) for match in _BALISE.finditer(text))
        cell = _around(element, "tc")
        row = _around(element, "tr")
        table = _around(element, "tbl")
        yield Paragraphe(
            endroit=", ".join(part for part in (called, _place(table, row, tables)) if part),
            texte=text,
            balises=tags,
            reste=_BALISE.sub("", text),
            bloc=numbers[id(element.getparent())],
            cellule=0 if cell is None else numbers[id(cell)],
            ligne=0 if row is None else numbers[id(row)],
            tableau=0 if table is None else numbers[id(table)],
            texte_cellule="" if cell is None else _whole(cell),
            texte_ligne="" if row is None else _whole(row),
            cache=_hidden(element),
        )


def _place(table: Any, row: Any, tables: list[Any]) -> str:
    if table is None or row is None:
        return ""
    rank = [one for one in table if one.tag == f"{W}tr"].index(row) + 1
    return f"tableau {tables.index(table) + 1}, ligne {rank}"


def _around(element: Any, name: str) -> Any:
    return next(element.iterancestors(f"{W}{name}"), None)


def _whole(element: Any) -> str:
    return "".join(letter for p in element.iter(f"{W}p") for letter, _ in _letters(p))


def _letters(paragraph: Any) -> Iterator[tuple[str, tuple[int, int]]]:
    """What each of its runs spells, and what holds it: an element, and how deep in a field."""
    depth = 0
    for element in _own(paragraph):
        if element.tag == f"{W}fldChar":
            kind = element.get(f"{W}fldCharType")
            depth += {"begin": 1, "end": -1}.get(kind, 0)
        elif element.tag == f"{W}t":
            holder = element.getparent().getparent()
            yield element.text or "", (0 if holder is paragraph else id(holder), depth)
        # Tab stops are listed in the properties of a paragraph, under the same name.
        elif element.tag in _BLANCS and element.getparent().tag == f"{W}r":
            yield " ", (0, depth)


def _hidden(paragraph: Any) -> str:
    """Tags in a field's code or in what a revision deleted."""
    texts: dict[str, list[str]] = {}
    for element in _own(paragraph):
        if element.tag in (f"{W}instrText", f"{W}delText"):
            texts.setdefault(element.tag, []).append(element.text or "")
    whole = " ".join("".join(own) for own in texts.values())
    return whole if re.search(r"\{[{%#]|[}%#]\}", whole) else ""


def _own(paragraph: Any) -> Iterator[Any]:
    """Its descendants, without those of the paragraphs inside it (text boxes)."""
    for child in paragraph:
        if child.tag != f"{W}p":
            yield child
            yield from _own(child)


def _tag(match: re.Match[str], owners: list[tuple[int, int]]) -> Balise:
    text = match[0]
    inside = text[2:]
    scope = _PORTEE.match(inside)
    jinja = text if scope is None else f"{text[:2]} {inside[scope.end() :]}"
    # docxtpl puts Word's curly quotes straight again, but not the French ones.
    jinja = re.sub("[“”]", '"', re.sub("[‘’]", "'", jinja))
    crosses = owners[match.start()] != owners[match.end() - 1]
    return Balise(text, jinja.replace("\n", " "), scope[1] if scope else "", crosses)
