"""Templates -> what a mail says: subject, plain text and HTML.

A mail has two templates, `grilles.txt` and `grilles.html`; the first line of the text is its
subject. The house replaces either in `gabarits/courriels/` of its session.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from batch import data
from batch.anomalies import Empechement
from batch.courriels.modele import Genre
from batch.francais import typographie

OBJET = "Objet :"

_TAGS = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Redaction:
    objet: str
    texte: str
    html: str


class Redacteur:
    """The templates of one kind of mail, read and compiled once."""

    def __init__(self, genre: Genre, gabarits: Path | None = None) -> None:
        self._texte = _Gabarit(f"{genre.value}.txt", gabarits, autoescape=False)
        self._html = _Gabarit(f"{genre.value}.html", gabarits, autoescape=True)

    def write(self, contexte: Mapping[str, Any]) -> Redaction:
        """Raises Empechement, in one sentence, for a fault of a template."""
        head, _, body = self._texte.render(contexte).lstrip().partition("\n")
        label, found, subject = head.partition(":")
        if not found or label.strip() != OBJET.removesuffix(":").strip() or not subject.strip():
            raise Empechement(
                f"Le gabarit {self._texte.nom} doit commencer par une ligne « {OBJET} … », qui est "
                f"l'objet du message."
            )
        html = self._html.render({**contexte, "objet": subject.strip()})
        return Redaction(subject.strip(), f"{body.strip()}\n", html)


class _Gabarit:
    def __init__(self, nom: str, gabarits: Path | None, *, autoescape: bool) -> None:
        self.nom = f"courriels/{nom}"
        try:
            source = data.template(self.nom, gabarits).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise Empechement(
                f"Le gabarit {self.nom} ne peut pas être lu. Enregistrez-le en texte UTF-8, ou "
                f"retirez-le de gabarits/ pour revenir au nôtre."
            ) from error
        environment = ImmutableSandboxedEnvironment(
            undefined=jinja2.StrictUndefined,
            autoescape=autoescape,
            finalize=_never_none,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        try:
            self._template = environment.from_string(_with_french_spaces(source))
        except jinja2.TemplateSyntaxError as error:
            raise Empechement(
                f"Le gabarit {self.nom} a une balise mal écrite, ligne {error.lineno}. Vérifiez "
                f"ses accolades, et son « end »."
            ) from error

    def render(self, contexte: Mapping[str, Any]) -> str:
        try:
            return self._template.render(contexte)
        except jinja2.exceptions.SecurityError as error:
            raise Empechement(
                f"Le gabarit {self.nom} emploie une expression interdite : il n'imprime que les "
                f"champs du message. Retirez-la."
            ) from error
        except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise Empechement(
                f"Le gabarit {self.nom} a une expression qui ne peut pas être calculée ({error}). "
                f"Corrigez-la."
            ) from error


def _with_french_spaces(source: str) -> str:
    """The sentences of a template, not its tags: what people are called stays as they write it."""
    return "".join(
        part if _TAGS.fullmatch(part) else typographie(part) for part in _TAGS.split(source)
    )


def _never_none(valeur: Any) -> Any:
    if valeur is None:
        raise jinja2.UndefinedError("une valeur vide")
    return valeur
