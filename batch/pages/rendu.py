"""A template and what it says -> a page that stands alone: its style, its script, no request.

External text is text: everything is escaped but what this folder holds. The page's own policy lets
the browser apply the one style and run the one script that are in it, and fetch nothing.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import jinja2
from markupsafe import Markup

from batch.francais import compte, date_longue, enumeration, guillemets, typographie

D = TypeVar("D")

_GABARITS = Path(__file__).parent / "gabarits"
# What would reorder or hide the text around it: controls, and marks of direction.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def render(gabarit: str, script: str | None = None, /, **dits: Any) -> bytes:
    """The page, as UTF-8. A word that the template lacks fails here and now."""
    style = _own("style.css")
    code = _own(script) if script else Markup("")
    policy = f"default-src 'none'; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    if code:
        policy += f"; script-src {_hash(code)}"
    page = _environment().get_template(gabarit)
    return page.render(style=style, script=code, politique=policy, **dits).encode()


def printed(gabarit: str, macro: str, /, dits: Iterable[D]) -> dict[D, Markup]:
    """What this macro prints of each of these: once, for what stands in many places."""
    module = _environment().get_template(gabarit).module
    return {dit: getattr(module, macro)(dit) for dit in dits}


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_GABARITS),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=_visible,
    )
    environment.filters |= {
        "compte": compte,
        "date_longue": date_longue,
        "enumeration": enumeration,
        "guillemets": guillemets,
        "typographie": typographie,
    }
    return environment


def _visible(value: Any) -> Any:
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNSEEN.sub("\ufffd", value)
    if value is None:
        raise jinja2.UndefinedError("rien à écrire là où le modèle attend un mot")
    return value


def _own(name: str) -> Markup:
    """A file of ours, that goes into the page as it is."""
    return Markup((_GABARITS / name).read_text(encoding="utf-8"))  # noqa: S704  # never a user's


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
