"""An archived letter or certificate -> the same, marked « Duplicata » where everybody sees it."""

import re
from datetime import date
from xml.sax.saxutils import escape

from batch.documents.paquet import pack
from batch.francais import date_longue
from batch.reception import archive, limites
from batch.reception.archive import Archive

_PRINCIPALE = "word/document.xml"
_BODY = re.compile(r"<w:body\b[^>]*>")
# A frame at the foot of the first page's head margin: nothing of the text moves.
_MARK = (
    '<w:p><w:pPr><w:framePr w:hSpace="142" w:wrap="around" w:vAnchor="page" w:hAnchor="page" '
    'w:xAlign="center" w:y="380"/><w:pBdr>{sides}</w:pBdr><w:jc w:val="center"/></w:pPr>'
    '<w:r><w:rPr><w:b/><w:color w:val="B00020"/><w:sz w:val="22"/></w:rPr>'
    '<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
)
_SIDES = "".join(
    f'<w:{side} w:val="single" w:sz="8" w:space="4" w:color="B00020"/>'
    for side in ("top", "left", "bottom", "right")
)


def mark(contenu: bytes, jour: date, archive_courte: str) -> bytes:
    """The marked .docx. `archive_courte`: the archive's fingerprint, for whoever checks."""
    package = Archive(contenu, archive.DOCUMENT)
    parts = {nom: package.read(nom, limites.PARTIE) for nom in package.noms}
    text = escape(
        f"DUPLICATA délivré le {date_longue(jour)}, conforme à l’archive {archive_courte}"
    )
    mark = _MARK.format(sides=_SIDES, text=text)
    xml = parts[_PRINCIPALE].decode("utf-8")
    body = _BODY.search(xml)
    assert body is not None, "a Word document has a body"
    parts[_PRINCIPALE] = f"{xml[: body.end()]}{mark}{xml[body.end() :]}".encode()
    return pack(parts)
