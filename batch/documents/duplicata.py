"""An archived letter or certificate -> the same, marked « Duplicata » where everybody sees it."""

import io
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
    mark = _MARK.format(sides=_SIDES, text=escape(_text(jour, archive_courte)))
    xml = parts[_PRINCIPALE].decode("utf-8")
    body = _BODY.search(xml)
    assert body is not None, "a Word document has a body"
    parts[_PRINCIPALE] = f"{xml[: body.end()]}{mark}{xml[body.end() :]}".encode()
    return pack(parts)


def mark_pdf(contenu: bytes, jour: date, archive_courte: str) -> bytes:
    """The marked PDF, its mark at the head of the first page. Raises ValueError when it is none."""
    from pypdf import PageObject, PdfWriter
    from pypdf.errors import PyPdfError
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    try:
        document = PdfWriter(clone_from=io.BytesIO(contenu))
        page = document.pages[0]
    except (PyPdfError, IndexError) as error:
        raise ValueError("not a PDF that can be read") from error
    page.transfer_rotation_to_content()
    stamp = PageObject.create_blank_page(width=page.mediabox.width, height=page.mediabox.height)
    stamp.mediabox = page.mediabox
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica-Bold",
            "/Encoding": "/WinAnsiEncoding"}  # fmt: skip
    named = DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})
    stamp[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/Duplicata"): named})}
    )
    drawn = DecodedStreamObject()
    left, top = int(page.mediabox.left) + 40, int(page.mediabox.top) - 40
    width = int(page.mediabox.width) - 80
    # In the PDF's own strings, a bracket and its bar are written after another bar.
    text = re.sub(r"([()\\])", r"\\\1", _text(jour, archive_courte))
    drawn.set_data(
        (
            f"q 0.69 0 0.125 RG 0.69 0 0.125 rg {left} {top} {width} 18 re S "
            f"BT /Duplicata 9 Tf {left + 8} {top + 6} Td ({text}) Tj ET Q"
        ).encode("cp1252")
    )
    stamp[NameObject("/Contents")] = drawn
    page.merge_page(stamp)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def _text(jour: date, archive_courte: str) -> str:
    return f"DUPLICATA délivré le {date_longue(jour)}, conforme à l’archive {archive_courte}"
