"""A template and a context -> the bytes of a .docx: the one place where docxtpl is used.

Word stays silent where Jinja would be: a forgotten field prints as a blank, and an ampersand in a
name disappears.  Here both are loud, a template can reach nothing but the text it is given, and
the same context gives the same bytes.
"""

import io
import re
import textwrap
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape

import jinja2
from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from lxml import etree

from batch.anomalies import Empechement
from batch.documents.bac_a_sable import Bac, Demesure, ValeurVide
from batch.documents.colonnes import are_fixed, fit_columns
from batch.documents.paquet import pack, unpack
from batch.francais import guillemets
from batch.zips import Entree, compressed

# What no document may carry: control characters, halves of a character, overrides of direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    "\ufeff\ufffe\uffff]|_x00[01][0-9A-Fa-f]_"
)
_NEW_LINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_PROPERTY_MAX = 255
# What docxtpl turns into tags of Word, and the paragraphs where it looks for it.
_A_RESOUDRE = re.compile("[\t\n\a\f]")
_PARAGRAPHE = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)


# The parts of a package that may hold tags, known by their content type and not by their name.
_WRITTEN = re.compile(r"\.(document\.main|header|footer|footnotes|endnotes)\+xml$")
# A table that lost all its rows loses its columns too.
_SANS_LIGNE = re.compile(r"</w:tblGrid>\s*</w:tbl>|<w:tblGrid/>\s*</w:tbl>")
# Characters of a part worth remembering: a header's, not those of the minutes.
_COURT = 10_000
_PROPRIETES = "docProps/core.xml"
# Stands in the prepared package where each document writes its own title.
_TITRE = "titre-du-document"


@dataclass(frozen=True, slots=True)
class Gabarit:
    """A Word template: its file's name, for the sentences that speak of it, and its bytes."""

    nom: str
    contenu: bytes


@dataclass(frozen=True, slots=True)
class Proprietes:
    """What every file of the session says of itself; its date is the session's, never today's."""

    auteur: str
    jour: date


class Modele:
    """A template read and compiled once, then printed as often as there are documents to make.

    Raises Empechement, with one sentence, for a fault of the template.
    """

    def __init__(self, gabarit: Gabarit, proprietes: Proprietes) -> None:
        self.nom = gabarit.nom
        try:
            self._docxtpl = DocxTemplate(io.BytesIO(gabarit.contenu))
            self._docxtpl.render_init()
            self._parts = _normalised(self._docxtpl, proprietes)
        except (zipfile.BadZipFile, KeyError, ValueError) as error:
            raise Empechement(
                f"Le gabarit {gabarit.nom} n'est pas un document Word lisible. "
                f"Enregistrez-le au format .docx."
            ) from error
        self._known: dict[str, Any] = {}
        self._bac = Bac(self._known)
        self._compiled = {
            name: self._compile(content)
            for name, content in self._parts.items()
            if name in _written_parts(self._parts) and (b"{{" in content or b"{%" in content)
        }
        # What all documents have in common is compressed once for all.
        self._common = {name: compressed(content) for name, content in self._parts.items()}

    def render(self, contexte: Mapping[str, Any], titre: str) -> bytes:
        """The bytes of one document."""
        context = clean(contexte)
        self._known.clear()
        self._known.update(context)
        own: dict[str, bytes | Entree] = {}
        for name, partie in self._compiled.items():
            try:
                own[name] = self._print(partie, context)
            except _FAULTS as error:
                raise Empechement(f"Le gabarit {self.nom} {_fault(error)}") from error
        said = escape(clean(titre)[:_PROPERTY_MAX]).encode()
        own[_PROPRIETES] = self._parts[_PROPRIETES].replace(_TITRE.encode(), said)
        return pack({**self._common, **own})

    def _compile(self, content: bytes) -> "_Partie":
        xml = self._docxtpl.patch_xml(etree.tostring(parse_xml(content), encoding="unicode"))
        # A line for each paragraph, so that a fault of syntax can be shown among its neighbours.
        source = re.sub(r"<w:p([ >])", r"\n<w:p\1", xml)
        try:
            template = self._bac.compile_template(source)
            return _Partie(template, are_fixed(source, self._bac))
        except jinja2.TemplateSyntaxError as error:
            said = _fault(error, re.sub(r"<[^>]+>", "", source).splitlines())
            raise Empechement(f"Le gabarit {self.nom} {said}") from error
        except _FAULTS as error:
            raise Empechement(f"Le gabarit {self.nom} {_fault(error)}") from error

    def _print(self, partie: "_Partie", context: Mapping[str, Any]) -> Entree:
        xml = self._bac.print(partie.template, context)
        if partie.comprimee is not None and xml == partie.imprime:
            return partie.comprimee
        made = compressed(self._finished(xml, partie.fixe))
        if len(xml) <= _COURT:
            partie.imprime, partie.comprimee = xml, made
        return made

    def _finished(self, xml: str, fixe: bool) -> bytes:
        """The XML that Jinja printed, as docxtpl hands it to Word."""
        for paragraph in ("<w:p>", "<w:p "):
            xml = xml.replace(f"\n{paragraph}", paragraph)
        # What is left of them is in a value typed on several lines: Word has its own line breaks.
        if "\n" in xml:
            xml = _PARAGRAPHE.sub(self._resolved, xml)
        # docxtpl repairs broken XML by dropping text: here it is a fault of the template.
        tree = etree.fromstring(xml)
        if not fixe or _SANS_LIGNE.search(xml):
            del tree  # of long minutes, two would not stand in memory
            tree = self._docxtpl.fix_tables(xml)
            fit_columns(tree)
        if "<wp:docPr" in xml:
            self._docxtpl.docx_ids_index = 1000
            self._docxtpl.fix_docpr_ids(tree)
        written: bytes = etree.tostring(
            tree, encoding="UTF-8", xml_declaration=True, standalone=True
        )
        return written

    def _resolved(self, paragraphe: re.Match[str]) -> str:
        """docxtpl leaves the others as they are, after it has looked at every run of theirs."""
        text = paragraphe[0]
        return self._docxtpl.resolve_listing(text) if _A_RESOUDRE.search(text) else text


@dataclass(slots=True)
class _Partie:
    """A part that holds tags, and what it printed last: a header is the same in all letters.

    `fixe`: no table of it has columns to count or to fit.
    """

    template: jinja2.Template
    fixe: bool
    imprime: str = ""
    comprimee: Entree | None = None


_FAULTS = (
    jinja2.TemplateError,
    SyntaxError,
    TypeError,
    ValueError,
    ArithmeticError,
    LookupError,
    AttributeError,
    RecursionError,
)


def _normalised(document: DocxTemplate, proprietes: Proprietes) -> dict[str, bytes]:
    """The parts of the template as python-docx writes them, with the properties of our files."""
    properties = document.docx.core_properties
    properties.title = _TITRE
    properties.author = properties.last_modified_by = clean(proprietes.auteur)[:_PROPERTY_MAX]
    properties.created = properties.modified = datetime.combine(proprietes.jour, time())
    properties.language = "fr-FR"
    properties.revision = 1
    buffer = io.BytesIO()
    document.docx.save(buffer)
    return unpack(buffer.getvalue())


def _written_parts(parts: Mapping[str, bytes]) -> set[str]:
    types = etree.fromstring(parts["[Content_Types].xml"])
    return {
        override.get("PartName", "").lstrip("/")
        for override in types
        if _WRITTEN.search(override.get("ContentType", ""))
    }


def clean(valeur: Any) -> Any:
    """Every text of the context as Word can carry it: NFC, plain line ends, nothing unseen."""
    match valeur:
        case str():
            return _clean_text(valeur)
        case bool():
            return valeur
        case dict() | Mapping():
            return {clé: clean(item) for clé, item in valeur.items()}
        case list() | tuple():
            return [clean(item) for item in valeur]
    return valeur


# The référentiel's and the house's own words come back in every document.
@lru_cache(maxsize=4096)
def _clean_text(valeur: str) -> str:
    text = _UNSEEN.sub("", _NEW_LINES.sub("\n", valeur)).replace("\t", " ")
    return unicodedata.normalize("NFC", text)


def _fault(error: Exception, lines: Sequence[str] = ()) -> str:
    """What is wrong with the template, as the end of a sentence that named it."""
    match error:
        case jinja2.exceptions.SecurityError():
            return (
                "emploie une expression interdite : un gabarit n'imprime que les champs du "
                "document. Retirez-la."
            )
        case Demesure():
            return (
                "répète ou allonge un texte sans fin : aucun document n'en demande autant. "
                "Retirez cette boucle ou cette expression."
            )
        case ValeurVide():
            return "imprime une valeur vide. Retirez ce champ, ou entourez-le d'un {% if %}."
        case jinja2.UndefinedError():
            return (
                f"demande le champ {error.message}, qui n'existe pas. "
                f"Corrigez son nom entre les accolades."
            )
        case jinja2.TemplateSyntaxError() if "«" in str(error.message):
            return (
                "a une balise écrite avec des guillemets français : Word les a mis à la place des "
                "guillemets droits. Retapez-les, et annulez la correction automatique (Ctrl+Z)."
            )
        case jinja2.TemplateSyntaxError():
            near = _near(error, lines)
            where = f" près de {guillemets(near)}" if near else ""
            return f"a une balise mal écrite{where}. Vérifiez ses accolades, et son « end »."
        case SyntaxError():
            return (
                "a une balise mal placée : une balise {%p … %} veut son paragraphe, une balise "
                "{%tr … %} sa ligne, une balise {%tc … %} sa cellule."
            )
    return f"a une expression qui ne peut pas être calculée ({error}). Corrigez-la."


def _near(error: jinja2.TemplateSyntaxError, lines: Sequence[str]) -> str:
    """The paragraph with the faulty tag."""
    faulty = lines[error.lineno - 1].strip() if error.lineno <= len(lines) else ""
    return textwrap.shorten(faulty, 80, placeholder="…") if faulty else ""
