"""What a Word document or a PDF says, without its form: to lay two of them side by side."""

import io
import re
from html import unescape

from batch.reception import archive, limites
from batch.reception.archive import Archive
from batch.reception.refus import Refus

_PART = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml", re.IGNORECASE)
_ENDS = re.compile(r"</w:p>|<w:(?:br|tab)\b[^>]*>")
_TAGS = re.compile(r"<[^>]+>")


def text_of(nom: str, contenu: bytes) -> str | None:
    """The text, white space folded, a paragraph a line; None for what is neither, or is damaged."""
    extension = nom.rpartition(".")[2].lower()
    if extension == "docx":
        return _docx(contenu)
    return _pdf(contenu) if extension == "pdf" else None


def _docx(contenu: bytes) -> str | None:
    try:
        package = Archive(contenu, archive.DOCUMENT)
        parts = sorted(nom for nom in package.noms if _PART.fullmatch(nom))
        raw = [package.read(nom, limites.PARTIE).decode("utf-8", "replace") for nom in parts]
    except Refus:
        return None
    return _folded("\n".join(unescape(_TAGS.sub("", _ENDS.sub("\n", one))) for one in raw))


def _pdf(contenu: bytes) -> str | None:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        pages = PdfReader(io.BytesIO(contenu)).pages
        return _folded("\n".join(page.extract_text() for page in pages))
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _folded(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)
