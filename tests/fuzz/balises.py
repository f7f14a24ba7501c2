"""XML spoilt as XML, after it is inflated: what a random byte would never reach."""

import re
from collections.abc import Callable
from random import Random

_TAG = re.compile(r"<[^<>]*>")
_ATTRIBUTE = re.compile(r'([\w:.-]{1,60})="([^"]*)"')  # bounded: some texts have no end
_TEXT = re.compile(r">([^<>]+)<")

NUMBERS = (
    "0", "-1", "1", "2147483648", "4294967295", "18446744073709551616", "9" * 400, "1e400",
    "-1e400", "1e-400", "NaN", "INF", "-INF", "0x10", "1_000", "٣", "１２", "", " ", "1.5", "+3",
    "1048576", "1048577", "16384", "2958465", "2958466", "1e5", "0.1e-300", "1E308", "1,5",
)  # fmt: skip
TEXTS = (
    "\ufffe", "\uffff", "\u202e", "\u200b" * 50, "\u0301" * 5000, "_x0000_", "_xD800_",
    "_x005F_x0000_", "x" * 40_000, "é" * 33_000, "&#0;", "&#xD800;", "&#x1F;", "&#x10FFFF;",
    "&nbsp;", "&lol;",
    "=cmd|' /C calc'!A0", "=" * 10_000, "JURY|S1|E1|BC1|C1|AAAAAAAAAA.AAAAAAAAAA",
    "CORRIGE|" + "0" * 64 + "|AAAAAAAAAA", "E1~AAAAAAAA", "#note", "#presence", "\n" * 2000,
    "]]>", "<![CDATA[x]]>", "<!-- -->", "<?php ?>", "../../etc/passwd", "CON", "\U0001f44d" * 200,
    "ﬁ", "İ", "ß", "1/3", "12,5", "true", "#REF!", "{", "%s%n", "$(x)", "\x7f", "\x85", "\u2028",
)  # fmt: skip
NAMES = (
    "row", "c", "v", "t", "f", "is", "si", "r", "rPh", "mergeCell", "sheet", "sheetData", "xf",
    "numFmt", "cellXfs", "workbookPr", "Relationship", "table:table", "table:table-row",
    "table:table-cell", "table:covered-table-cell", "text:p", "text:s", "text:tab",
    "office:annotation", "dcterms:modified", "x:y:z", "a", ":", "-", "é",
)  # fmt: skip
ATTRIBUTES = (
    "r", "t", "s", "si", "ref", "name", "sheetId", "r:id", "Id", "Type", "Target", "TargetMode",
    "numFmtId", "formatCode", "date1904", "xml:space", "spans", "hidden", "table:name",
    "table:number-rows-repeated", "table:number-columns-repeated", "office:value-type",
    "office:value", "office:date-value", "office:time-value", "office:boolean-value",
    "office:string-value", "table:formula", "text:c", "calcext:value-type",
)  # fmt: skip
VALUES = (
    *NUMBERS, *TEXTS[:8], "s", "n", "b", "e", "str", "inlineStr", "d", "External", "A1", "$A$1",
    "XFD1048576", "A1:XFD1048576", "B2:A1", "A0", "AAAA1", "1A", "float", "string", "date", "time",
    "boolean", "percentage", "PT25H61M61S", "PT1H", "2026-13-45", "0000-00-00",
    "9999-12-31T23:59:60",
    "2026-03-01T10:00:00+99:99", "[h]:mm:ss", '"', "&quot;d&quot;", "rId1", "/xl/workbook.xml",
    "../../../x", "xl\\worksheets\\sheet1.xml", "error",
)  # fmt: skip

Mutation = Callable[[Random, str], str]


def _pick(hasard: Random, motif: re.Pattern[str], texte: str) -> re.Match[str] | None:
    """One of the matches that follow a random place: a document is never walked whole."""
    start = hasard.randrange(len(texte) + 1)
    return motif.search(texte, start) or motif.search(texte)


def _replace(texte: str, match: re.Match[str] | None, by: str, group: int = 0) -> str:
    return texte if match is None else texte[: match.start(group)] + by + texte[match.end(group) :]


def drop_tag(hasard: Random, texte: str) -> str:
    return _replace(texte, _pick(hasard, _TAG, texte), "")


def repeat_tag(hasard: Random, texte: str) -> str:
    match = _pick(hasard, _TAG, texte)
    return _replace(texte, match, match[0] * hasard.choice((2, 3, 200)) if match else "")


def rename_tag(hasard: Random, texte: str) -> str:
    match = _pick(hasard, re.compile(r"</?([\w:.-]+)"), texte)
    return _replace(texte, match, hasard.choice(NAMES), 1)


def rename_element(hasard: Random, texte: str) -> str:
    """Every tag of that name, so that the document stays well formed."""
    match = _pick(hasard, re.compile(r"<([\w:.-]+)"), texte)
    if match is None:
        return texte
    name, by = match[1], hasard.choice(NAMES)
    return re.sub(rf"(</?){re.escape(name)}(?=[\s/>])", lambda m: m[1] + by, texte)


def drop_element(hasard: Random, texte: str) -> str:
    return _replace(texte, _pick_element(hasard, texte), "")


def repeat_element(hasard: Random, texte: str) -> str:
    match = _pick_element(hasard, texte)
    return _replace(texte, match, match[0] * hasard.choice((2, 2, 3, 50)) if match else "")


def move_element(hasard: Random, texte: str) -> str:
    """An element stands elsewhere, perhaps where none may."""
    match = _pick_element(hasard, texte)
    if match is None:
        return texte
    rest = _replace(texte, match, "")
    place = _pick(hasard, _TAG, rest)
    return rest if place is None else rest[: place.end()] + match[0] + rest[place.end() :]


def add_element(hasard: Random, texte: str) -> str:
    place = _pick(hasard, _TAG, texte)
    if place is None:
        return texte
    name = hasard.choice(NAMES)
    own = " ".join(
        f'{attribute}="{hasard.choice(VALUES)}"'
        for attribute in hasard.sample(ATTRIBUTES, hasard.randrange(4))
    )
    inside = hasard.choice(("", hasard.choice(TEXTS), hasard.choice(NUMBERS)))
    element = f"<{name} {own}>{inside}</{name}>"
    return texte[: place.end()] + element + texte[place.end() :]


def _pick_element(hasard: Random, texte: str) -> re.Match[str] | None:
    opening = _pick(hasard, re.compile(r"<([\w:.-]+)"), texte)
    if opening is None:
        return None
    name = re.escape(opening[1])
    whole = re.compile(rf"<{name}(?:\s[^<>]*)?(?:/>|>.{{0,20000}}?</{name}>)", re.DOTALL)
    return whole.search(texte, opening.start())


def change_attribute(hasard: Random, texte: str) -> str:
    return _replace(texte, _pick(hasard, _ATTRIBUTE, texte), hasard.choice(VALUES), 2)


def change_everywhere(hasard: Random, texte: str) -> str:
    """The same attribute, of every element."""
    match = _pick(hasard, _ATTRIBUTE, texte)
    if match is None:
        return texte
    value = hasard.choice(VALUES)
    return re.sub(rf'\b{re.escape(match[1])}="[^"]*"', lambda _: f'{match[1]}="{value}"', texte)


def drop_attribute(hasard: Random, texte: str) -> str:
    return _replace(texte, _pick(hasard, _ATTRIBUTE, texte), "")


def add_attribute(hasard: Random, texte: str) -> str:
    match = _pick(hasard, re.compile(r"<[\w:.-]+"), texte)
    added = f' {hasard.choice(ATTRIBUTES)}="{hasard.choice(VALUES)}"'
    return _replace(texte, match, match[0] + added if match else "")


def change_text(hasard: Random, texte: str) -> str:
    by = hasard.choice((*TEXTS, *NUMBERS))
    return _replace(texte, _pick(hasard, _TEXT, texte), by, 1)


def change_number(hasard: Random, texte: str) -> str:
    return _replace(texte, _pick(hasard, re.compile(r"\d+"), texte), hasard.choice(NUMBERS))


def nest(hasard: Random, texte: str) -> str:
    match = _pick(hasard, re.compile(r"<([\w:.-]+)[^<>]*>"), texte)
    if match is None:
        return texte
    depth, name = hasard.choice((20, 70, 1_000, 100_000)), match[1]
    deep = f"<{name}>" * depth + f"</{name}>" * hasard.choice((depth, depth, 0))
    return texte[: match.end()] + deep + texte[match.end() :]


def declare(hasard: Random, texte: str) -> str:
    """Declarations that no workbook has: entities that grow, entities that fetch."""
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = hasard.choice(
        (
            f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}<!ENTITY lol "&l9;">]>',
            '<!DOCTYPE x [<!ENTITY lol SYSTEM "file:///etc/passwd">]>',
            '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
            '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>',
            f'<!DOCTYPE x [<!ENTITY lol "{"a" * 50_000}">]>',
            '<!DOCTYPE x [<!ATTLIST c r CDATA "A1">]>',
            '<?xml version="1.0"?>',
            '<?xml version="1.1" encoding="utf-8" standalone="no"?>',
        )
    )
    head, end, rest = texte.partition("?>")
    text = f"{head}{end}{doctype}{rest}" if end else doctype + texte
    if "ENTITY lol" in doctype:
        text = _replace(text, _pick(hasard, _TEXT, text), "&lol;" * hasard.choice((1, 1000)), 1)
    return text


def cut(hasard: Random, texte: str) -> str:
    return texte[: hasard.randrange(len(texte) + 1)]


def trail(hasard: Random, texte: str) -> str:
    return texte + hasard.choice(("<a/>", "\0", "texte", texte[:2000], "\ufeff", "<!-- -->"))


MUTATIONS: tuple[Mutation, ...] = (
    drop_tag, repeat_tag, rename_tag, rename_element, drop_element, repeat_element, move_element,
    add_element, change_attribute, change_attribute, change_everywhere, drop_attribute,
    add_attribute, change_text, change_text, change_number, change_number, nest, declare, cut,
    trail,
)  # fmt: skip


def spoil(hasard: Random, contenu: bytes) -> bytes:
    """A few mutations, then perhaps an encoding that is not the one that is declared."""
    texte = contenu.decode("utf-8", "replace")
    for _ in range(hasard.choice((1, 1, 1, 2, 5))):
        texte = hasard.choice(MUTATIONS)(hasard, texte)
    if hasard.random() < 0.9:
        return texte.encode("utf-8", "replace")
    declared = hasard.choice(
        ("UTF-8", "utf-16", "latin-1", "ascii", "utf-7", "cp037", "x-inconnu", "shift_jis")
    )
    texte = re.sub(r'encoding="[^"]*"', f'encoding="{declared}"', texte, count=1)
    real = hasard.choice(
        ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1", "cp037", "utf-32")
    )
    return texte.encode(real, "replace")
