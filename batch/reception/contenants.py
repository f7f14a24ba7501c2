"""A zip or a mail -> what it holds, containers within it opened too, within the limits."""

import io
import posixpath
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from batch.anomalies import Anomalie, Code, Lieu
from batch.reception import archive, limites
from batch.reception.archive import Archive
from batch.reception.genre import CLASSEURS, Genre, sniff
from batch.reception.refus import Refus, damaged, too_big

DANS = " › "

# Left by Excel, LibreOffice, macOS and Windows beside the real files.
_DEBRIS = {"thumbs.db", "desktop.ini", ".ds_store"}
# What a mail carries besides the grids: logos, business cards, signatures, its own text.
_ACCOMPAGNE = (Code.FICHIER_IMAGE, Code.FICHIER_TEXTE, Code.FICHIER_PAGE_WEB, Code.FICHIER_VIDE)


@dataclass(frozen=True, slots=True)
class Piece:
    """A workbook, whole and sniffed, under the name by which the user will find it."""

    nom: str
    contenu: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ecarte:
    """Something that is not read further, and why; `perdu` when a grid may be lost with it."""

    nom: str
    anomalie: Anomalie
    perdu: bool = True


@dataclass(slots=True)
class _Reste:
    """What may still be opened inside one dropped file."""

    pieces: int = limites.PIECES
    octets: int = limites.CONTENANT_DECOMPRESSE


def open_piece(nom: str, contenu: bytes) -> Iterator[Piece | Ecarte]:
    """Every workbook in this file, itself included; everything else with its reason."""
    yield from _open(nom, contenu, _Reste(), 0, in_mail=False)


def debris(nom: str) -> str | None:
    """Why nobody misses this file, when its name says so."""
    own = nom.rpartition("/")[2]
    if own.startswith("~$") or own.startswith(".~lock"):
        return "c'est la trace d'un classeur resté ouvert chez quelqu'un"
    service = own.startswith("._") or own.casefold() in _DEBRIS or "__MACOSX/" in f"/{nom}"
    return "c'est un fichier de service du système" if service else None


def ignored(nom: str, raison: str) -> Ecarte:
    short = nom.rpartition(DANS)[2].rpartition("/")[2]
    anomalie = Code.FICHIER_IGNORE.at(Lieu(nom), nom=short, raison=raison)
    return Ecarte(nom, anomalie, perdu=False)


def _open(
    nom: str, contenu: bytes, reste: _Reste, depth: int, *, in_mail: bool
) -> Iterator[Piece | Ecarte]:
    reason = debris(nom.rpartition(DANS)[2])
    if reason:
        yield ignored(nom, reason)
        return
    try:
        genre = sniff(contenu)
        if genre in CLASSEURS:
            yield Piece(nom, contenu)
            return
        if depth >= limites.PROFONDEUR:
            raise Refus(Code.CONTENANT_PROFOND, combien=limites.PROFONDEUR)
        taken: Counter[str] = Counter()
        for name, content in _contents(genre, contenu, reste):
            taken[name] += 1
            rank = f" ({taken[name]})" if taken[name] > 1 else ""  # a mail may use a name twice
            own = f"{nom}{DANS}{name}{rank}"
            if isinstance(content, Refus):
                yield Ecarte(own, content.at(own))
            else:
                mail = genre is not Genre.ZIP
                yield from _open(own, content, reste, depth + 1, in_mail=mail)
        if not taken:
            yield Ecarte(nom, Code.CONTENANT_VIDE.at(Lieu(nom), nom=nom), perdu=False)
    except Refus as refus:
        if in_mail and refus.code in _ACCOMPAGNE:
            yield ignored(nom, "ce qui accompagne un courriel n'est pas une grille")
        else:
            yield Ecarte(nom, refus.at(nom))


def _contents(genre: Genre, contenu: bytes, reste: _Reste) -> Iterator[tuple[str, bytes | Refus]]:
    """What a container holds, name by name; a part that cannot be had comes as its Refus."""
    parts = {
        Genre.ZIP: _in_zip, Genre.COURRIEL: _in_mail, Genre.OUTLOOK: _in_outlook,
    }[genre](contenu)  # fmt: skip
    for name, content in parts:
        reste.pieces -= 1
        if not isinstance(content, Refus):
            reste.octets -= len(content)
        if reste.pieces < 0:
            raise too_big(f"il contient plus de {limites.PIECES} fichiers")
        if reste.octets < 0:
            raise too_big("décompressé, il serait démesuré")
        yield _shown(name), content


def _in_zip(contenu: bytes) -> Iterator[tuple[str, bytes | Refus]]:
    package = Archive(contenu, archive.CONTENANT)
    if package.chiffree:
        raise Refus(Code.ARCHIVE_CHIFFREE)
    for name in sorted(package.noms):
        try:
            yield name, package.read(name, limites.CONTENANT)
        except Refus as refus:
            if refus.code is Code.FICHIER_TROP_GROS:
                raise
            yield name, refus


def _in_mail(contenu: bytes) -> Iterator[tuple[str, bytes | Refus]]:
    from email import message_from_bytes
    from email.message import EmailMessage
    from email.policy import default

    def attached(message: EmailMessage) -> Iterator[tuple[str, bytes | Refus]]:
        for rank, part in enumerate(message.iter_attachments(), 1):
            assert isinstance(part, EmailMessage)
            name = part.get_filename() or f"pièce {rank}"
            if part.get_content_type() == "message/rfc822":
                # Opened in its turn by the caller, which counts how deep it goes.
                inner = part.get_content()
                yield f"{inner.get('Subject') or name}.eml", inner.as_bytes()
            elif part.is_multipart():
                yield from attached(part)
            else:
                payload = part.get_payload(decode=True)
                yield name, payload if isinstance(payload, bytes) else b""

    try:
        message = message_from_bytes(contenu, policy=default)
        yield from attached(message)
    except Refus:
        raise
    except Exception as error:  # a malformed mail raises anything
        raise Refus(Code.MESSAGE_ILLISIBLE, raison="il est tronqué ou mal formé") from error


def _in_outlook(contenu: bytes) -> Iterator[tuple[str, bytes | Refus]]:
    """The attachments of an Outlook message ([MS-OXMSG], properties 0x3701, 0x3707, 0x3704)."""
    import olefile

    def text(path: str) -> str | None:
        for kind, encoding in (("001F", "utf-16-le"), ("001E", "cp1252")):
            if ole.exists(path + kind):
                return str(ole.openstream(path + kind).read(4096).decode(encoding, "replace"))
        return None

    try:
        with olefile.OleFileIO(io.BytesIO(contenu)) as ole:
            storages = {path[0] for path in ole.listdir() if path[0].startswith("__attach_")}
            for rank, storage in enumerate(sorted(storages), 1):
                name = (
                    text(f"{storage}/__substg1.0_3707")
                    or text(f"{storage}/__substg1.0_3704")
                    or f"pièce {rank}"
                )
                data = f"{storage}/__substg1.0_37010102"
                if ole.exists(data):
                    yield name, ole.openstream(data).read(limites.CONTENANT + 1)
                else:
                    reason = "ce message d'Outlook en contient un autre"
                    yield name, Refus(Code.MESSAGE_ILLISIBLE, raison=reason)
    except Refus:
        raise
    except Exception as error:  # damaged, it raises anything
        raise damaged("c'est un message d'Outlook tronqué") from error


def _shown(name: str) -> str:
    """A name from elsewhere as it may be shown: no way out of its container, nothing invisible."""
    seen = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c) != "Cc")
    inside = posixpath.normpath(f"/{seen}").lstrip("/")
    return inside[-limites.NOM :].strip() or "sans nom"
