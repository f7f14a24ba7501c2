"""How spreadsheets write rows and texts in XML: the one usual way of each, and nothing else.

A regular expression that must cover every byte proves what it covers: these rows are well formed,
hold no comment, no other element and no other namespace. Whatever it does not cover is unusual.
"""

import re
from functools import lru_cache
from xml.parsers import expat

from batch.classeurs.cellules import decoded


class Inhabituel(Exception):
    """Something that a plain grid does not have, for openpyxl to read."""


# Of a cell: column, row, style, kind, formula, value, text of its own. Of a row: its number, its
# other attributes, whether it is closed at once. Of what is neither: its first byte. The end of a
# row is the only thing that leaves all of them blank.
Element = tuple[
    bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes
]  # fmt: skip

# LibreOffice writes of a formula that it is no array, Excel that each opening works it out anew;
# openpyxl leaves its value blank.
_ELEMENTS = re.compile(
    rb"""
    <c\ r="([A-Z]{1,3})([0-9]{1,7})"(?:\ s="([0-9]{1,6})")?(?:\ t="([a-zA-Z]{1,9})")?(?:
      \ ?/>
    | >(?:<f(?:\ aca="false"|\ ca="1")?>([^<]+)</f>(?:<v\ ?/>|<v></v>)?)?
       (?:<v>([^<]+)</v>)?
       (?:<is><t(?:\ xml:space="preserve")?>([^<]+)</t></is>)?
      </c>
    )
    | <row\ r="([0-9]{1,7})"((?:\ [A-Za-z0-9:]+="[^"<>&]*")*)\ ?(/?)>
    | </row>
    | (.)
    """,
    re.VERBOSE | re.DOTALL,
)


def elements(rows: bytes) -> list[Element]:
    """Whole rows -> what they are made of, in their order."""
    return _ELEMENTS.findall(rows)


@lru_cache(maxsize=1024)
def are_usual(attributes: bytes) -> bool:
    """The attributes of a row: each once, its number and its namespace left alone."""
    names = [name for name, _ in _ATTRIBUTS.findall(attributes)]
    values = b"".join(value for _, value in _ATTRIBUTS.findall(attributes))
    own = not any(name == b"r" or name.startswith(b"xmlns") for name in names)
    return own and len(set(names)) == len(names) and values.isascii() and _is_said(values)


_ATTRIBUTS = re.compile(rb' ([A-Za-z0-9:]+)="([^"]*)"')

# A text is of one piece, or of several, each in its own dress (rPr).
_TEXTES = re.compile(
    r"""
    <si><t(?:\ xml:space="preserve")?>([^<]*)</t></si>
    | <si>((?:<r>(?:<rPr>(?:<[A-Za-z]+(?:\ [A-Za-z]+="[^"<>&]*")*\ ?/>)*</rPr>)?
      <t(?:\ xml:space="preserve")?>[^<]*</t></r>)+)</si>
    | <si><t\ ?/></si>
    | (.)
    """,
    re.VERBOSE | re.DOTALL,
)
_HABITS = re.compile("<rPr>(.*?)</rPr>")
_MORCEAUX = re.compile("<t[^>]*>([^<]*)</t>")


def texts(items: bytes) -> list[str]:
    """The shared texts, from the first to the last."""
    found: list[str] = []
    for plain, rich, other in _TEXTES.findall(_decoded(items)):
        if other:
            raise Inhabituel("un texte d'une autre forme")
        text = plain
        if rich:
            if not all(map(_is_well_formed, _HABITS.findall(rich))):
                raise Inhabituel("un texte mal vêtu")
            text = "".join(_MORCEAUX.findall(rich))
        found.append(typed(_unescaped(text)))
    return found


@lru_cache(maxsize=256)
def _is_well_formed(habit: str) -> bool:
    try:
        expat.ParserCreate().Parse(f"<rPr>{habit}</rPr>", True)
    except expat.ExpatError:
        return False
    return True


def characters(brut: bytes) -> str:
    """Text as XML writes it -> as it is."""
    return _unescaped(_decoded(brut))


def typed(text: str) -> str:
    """Text as it was typed."""
    if "_x" not in text:
        return text
    if "x005F_" in text:  # an underscore that stands for itself
        raise Inhabituel("un tiret bas échappé")
    return decoded(text)


def _decoded(brut: bytes) -> str:
    """UTF-8 that holds nothing which XML forbids, or reads otherwise than it is written."""
    if not _is_said(brut) or b"]]>" in brut:
        raise Inhabituel("un caractère qu'aucun texte n'a")
    try:
        text = brut.decode()
    except UnicodeDecodeError as error:
        raise Inhabituel("un texte qui n'est pas en UTF-8") from error
    if "\ufffe" in text or "\uffff" in text:
        raise Inhabituel("un caractère qui n'en est pas un")
    return text


def _is_said(brut: bytes) -> bool:
    return len(brut.translate(None, _TUS)) == len(brut)


# Control characters; a carriage return too, that XML makes a line feed.
_TUS = bytes(code for code in range(32) if code not in (9, 10))


def _unescaped(text: str) -> str:
    return _ENTITES.sub(_entity, text) if "&" in text else text


_ENTITES = re.compile("&(?:(amp|lt|gt|quot|apos)|#([0-9]{1,7})|#x([0-9A-Fa-f]{1,6}));|&")
_NOMMES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def _entity(match: re.Match[str]) -> str:
    name, decimal, hexadecimal = match.groups()
    if name:
        return _NOMMES[name]
    code = int(decimal or 0) or int(hexadecimal or "0", 16)
    # What XML 1.0 calls a character (2.2).
    if code in (9, 10, 13) or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE:
        return chr(code)
    if 0x10000 <= code < 0x110000:
        return chr(code)
    raise Inhabituel("une référence à aucun caractère")
