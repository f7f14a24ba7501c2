"""A mail -> its bytes (RFC 5322): lines end with CRLF, headers are ASCII, the same mail gives the
same bytes.

The standard library encodes bodies and file names (RFC 2045, 2231); what is chance in it
(Message-ID, boundaries, date) is given here. Subject and names (RFC 2047) are cut into words here
too: its policies lose or double a space where a name is partly ASCII.
"""

import hashlib
import mimetypes
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email import base64mime, policy
from email.message import EmailMessage, MIMEPart
from email.utils import format_datetime

from batch.courriels.modele import Courriel, Piece

_POLICY = policy.SMTP.clone(cte_type="7bit", max_line_length=76)
# Bytes in an encoded word: with « Reply-To: » before it, the line is 78 characters at most.
_ENCODED = 40
# Short words of letters, figures and dashes need no encoding, nor any quotes around them.
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 '-]{0,59}")
# Whatever ends a line, or is not seen: no header carries it (RFC 5322, 2.2), whoever typed it.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")

_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}


@dataclass(frozen=True, slots=True)
class Depart:
    """How a mail leaves: from which account's address, when, and to whom if it is a rehearsal."""

    adresse: str
    quand: datetime
    repetition: str | None = None  # the address that receives it in its recipient's place


def draft(courriel: Courriel) -> bytes:
    """An .eml file that Outlook, Thunderbird and Apple Mail open ready to be sent."""
    headers = _headers(
        courriel, courriel.contact, courriel.personne.adresse or "", courriel.objet, courriel.date
    )
    return _serialise({**headers, "Message-ID": message_id(courriel), "X-Unsent": "1"}, courriel)


def outgoing(courriel: Courriel, depart: Depart) -> bytes:
    """The same mail as it leaves; in a rehearsal, its subject names whom it is for."""
    address = depart.repetition or courriel.personne.adresse
    assert address, "somebody without an address is written to by post"
    subject = courriel.objet
    if depart.repetition:
        whom = f"{courriel.personne.nom_complet}, {courriel.personne.adresse}"
        subject = f"[Répétition : {whom}] {subject}"
    headers = _headers(courriel, depart.adresse, address, subject, depart.quand)
    return _serialise({**headers, "Message-ID": message_id(courriel, depart)}, courriel)


def message_id(courriel: Courriel, depart: Depart | None = None) -> str:
    """Made of the person and the document alone: whoever receives it twice can tell.

    A rehearsal has another one, for the same mailbox may get the real mail later.
    """
    rehearsed = depart.quand.isoformat() if depart and depart.repetition else ""
    parts = "\x1f".join((courriel.personne.id, courriel.document, rehearsed))
    digest = hashlib.sha256(parts.encode()).hexdigest()[:40]
    return f"<{digest}@{courriel.contact.rpartition('@')[2]}>"


def one_line(texte: str) -> str:
    """A text as a header may carry it: one line, plain spaces, NFC, nothing unseen."""
    return " ".join(_UNSEEN.sub(" ", unicodedata.normalize("NFC", texte)).split())


def _headers(
    courriel: Courriel, sender: str, address: str, subject: str, date: datetime
) -> dict[str, str]:
    return {
        "From": _mailbox(courriel.expediteur, sender),
        "Reply-To": _mailbox(courriel.expediteur, courriel.contact),
        "To": _mailbox(courriel.personne.nom_complet, address),
        "Subject": _text(one_line(subject)),
        "Date": format_datetime(date),
    }


def _serialise(headers: Mapping[str, str], courriel: Courriel) -> bytes:
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode("ascii") + _body(courriel).as_bytes()


def _body(courriel: Courriel) -> EmailMessage:
    """Text and HTML, then the attachments: a message but for the headers that people read."""
    message = EmailMessage(policy=_POLICY)
    message.set_content(courriel.texte, charset="utf-8", cte="quoted-printable")
    message.add_alternative(courriel.html, subtype="html", charset="utf-8", cte="quoted-printable")
    for piece in courriel.pieces:
        main, _, sub = _type(piece).partition("/")
        message.add_attachment(
            piece.contenu, maintype=main, subtype=sub, filename=one_line(piece.nom)
        )
    for rank, part in enumerate(_multiparts(message)):
        # « =_ » occurs neither in quoted-printable nor in base64: no body can hold the boundary.
        part.set_boundary(f"=_jury_{rank}_{courriel.document[:32]}")
    return message


def _multiparts(message: MIMEPart) -> Iterator[MIMEPart]:
    for part in message.walk():
        if part.is_multipart():
            assert isinstance(part, MIMEPart)
            yield part


def _mailbox(name: str, address: str) -> str:
    name = one_line(name)
    if not name:
        return address
    if _PLAIN.fullmatch(name):
        return f"{name} <{address}>"
    # On a line of its own: what comes before it is as long as a line may be.
    return f"{_encoded(name)}\r\n <{address}>"


def _text(texte: str) -> str:
    return texte if _PLAIN.fullmatch(texte) else _encoded(texte)


def _encoded(texte: str) -> str:
    """As RFC 2047 words and nothing else, one a line.

    Each ends where a word of the text does: a reader that keeps the blank between two of them,
    which some do in names, doubles a space and cuts no word.
    """
    lines, line = [], ""
    for piece in re.findall(r"\S{1,10}\s*|\s+", texte):
        if line and len((line + piece).encode()) > _ENCODED:
            lines.append(line)
            line = ""
        line += piece
    words = [base64mime.header_encode(line.encode(), "utf-8") for line in (*lines, line)]
    return "\r\n ".join(words)


def _type(piece: Piece) -> str:
    suffix = piece.nom[piece.nom.rfind(".") :].lower()
    return _TYPES.get(suffix) or mimetypes.guess_type(piece.nom)[0] or "application/octet-stream"
