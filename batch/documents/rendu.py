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
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import jinja2
from docx.oxml import parse_xml
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from batch.anomalies import Empechement, suggestion
from batch.documents.colonnes import fit_columns
from batch.documents.paquet import pack, unpack
from batch.francais import guillemets, proche

# What no document may carry: control characters, halves of a character, overrides of direction.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef"
    "\ufeff\ufffe\uffff]|_x00[01][0-9A-Fa-f]_"
)
_NEW_LINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_PROPERTY_MAX = 255


@dataclass(frozen=True, slots=True)
class Gabarit:
    """A Word template: its file's name, for the sentences that speak of it, and its bytes."""

    nom: str
    contenu: bytes


@dataclass(frozen=True, slots=True)
class Proprietes:
    """What the file says of itself; its date is the session's, never today's."""

    titre: str
    auteur: str
    jour: date


class ValeurVide(jinja2.TemplateRuntimeError):
    """None was about to be printed, as « None »."""


def render(gabarit: Gabarit, contexte: Mapping[str, Any], proprietes: Proprietes) -> bytes:
    """The document. Raises Empechement, with one sentence, for a fault of the template."""
    # A template object keeps what it printed before: each document has its own.
    document = _Document(io.BytesIO(gabarit.contenu))
    try:
        document.init_docx()
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Empechement(
            f"Le gabarit {gabarit.nom} n'est pas un document Word lisible. "
            f"Enregistrez-le au format .docx."
        ) from error
    try:
        context = clean(contexte)
        document.render(context, _environment(context), autoescape=True)
    except (
        jinja2.TemplateError,
        SyntaxError,
        TypeError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
    ) as error:
        raise Empechement(f"Le gabarit {gabarit.nom} {_fault(error)}") from error
    _describe(document, proprietes)
    buffer = io.BytesIO()
    document.save(buffer)
    return pack(unpack(buffer.getvalue()))


class _Document(DocxTemplate):  # type: ignore[misc]
    """docxtpl repairs broken XML by dropping text: here it is a fault of the template."""

    def fix_tables(self, xml: str) -> Any:
        parse_xml(xml)
        tree = super().fix_tables(xml)
        fit_columns(tree)
        return tree


def _environment(contexte: Mapping[str, Any]) -> SandboxedEnvironment:
    class ChampInconnu(jinja2.StrictUndefined):
        """A field that the context lacks: its message is its name, and the one that is near."""

        def __init__(
            self,
            hint: str | None = None,
            obj: Any = missing,
            name: Any = None,
            exc: type[jinja2.TemplateRuntimeError] = jinja2.UndefinedError,
        ) -> None:
            where = contexte if obj is missing else obj
            known = list(map(str, where)) if isinstance(where, Mapping) else []
            near = suggestion(proche(str(name), known))
            super().__init__(hint or f"{guillemets(str(name))}{near}", obj, name, exc)

    return SandboxedEnvironment(undefined=ChampInconnu, autoescape=True, finalize=_never_none)


def _never_none(valeur: Any) -> Any:
    if valeur is None:
        raise ValeurVide
    return valeur


def clean(valeur: Any) -> Any:
    """Every text of the context as Word can carry it: NFC, plain line ends, nothing unseen."""
    match valeur:
        case str():
            text = _UNSEEN.sub("", _NEW_LINES.sub("\n", valeur)).replace("\t", " ")
            return unicodedata.normalize("NFC", text)
        case Mapping():
            return {clé: clean(item) for clé, item in valeur.items()}
        case list() | tuple():
            return [clean(item) for item in valeur]
    return valeur


def _describe(document: DocxTemplate, proprietes: Proprietes) -> None:
    properties = document.docx.core_properties  # get_docx() would load the template again
    properties.title = clean(proprietes.titre)[:_PROPERTY_MAX]
    properties.author = properties.last_modified_by = clean(proprietes.auteur)[:_PROPERTY_MAX]
    properties.created = properties.modified = datetime.combine(proprietes.jour, time())
    properties.language = "fr-FR"
    properties.revision = 1


def _fault(error: Exception) -> str:
    """What is wrong with the template, as the end of a sentence that named it."""
    match error:
        case jinja2.exceptions.SecurityError():
            return (
                "emploie une expression interdite : un gabarit n'imprime que les champs du "
                "document. Retirez-la."
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
            near = _near(error)
            where = f" près de {guillemets(near)}" if near else ""
            return f"a une balise mal écrite{where}. Vérifiez ses accolades, et son « end »."
        case SyntaxError():
            return (
                "a une balise mal placée : une balise {%p … %} veut son paragraphe, une balise "
                "{%tr … %} sa ligne, une balise {%tc … %} sa cellule."
            )
    return f"a une expression qui ne peut pas être calculée ({error}). Corrigez-la."


def _near(error: jinja2.TemplateSyntaxError) -> str:
    """The paragraph with the faulty tag: docxtpl gives it among its neighbours, in their middle."""
    lines = [line.strip() for line in getattr(error, "docx_context", ())]
    middle = min(3, error.lineno - 1)
    return textwrap.shorten(lines[middle], 80, placeholder="…") if middle < len(lines) else ""
