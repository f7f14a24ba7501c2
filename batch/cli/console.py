"""A message must never stop the batch because the console lacks a character."""

import codecs
from typing import TextIO

# For consoles that are not Unicode (cp1252): the nearest character that they have.
_NEAREST = {
    "\u202f": "\u00a0",
    "✔": "+",
    "✘": "x",
    "\u2212": "-",
    "─": "-",
    "→": "->",
    "œ": "oe",
    "…": "...",
}


def make_safe(stream: TextIO) -> None:
    """What this stream cannot encode, it prints as near as it can."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="jury")


def _nearest(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    unprintable = error.object[error.start : error.end]
    shown = "".join(_NEAREST.get(character, "?") for character in unprintable)
    encodable = shown.encode(error.encoding, "replace").decode(error.encoding)
    return encodable, error.end


codecs.register_error("jury", _nearest)
