"""The first bytes of a file -> what kind of file it is, whatever its name says."""

import io
import re
from collections.abc import Collection
from enum import Enum

from batch.anomalies import Code
from batch.reception import archive, limites
from batch.reception.archive import Archive
from batch.reception.refus import Refus, damaged


class Genre(Enum):
    """What can be opened; everything else is refused by `sniff` with its own sentence."""

    XLSX = "xlsx"
    ODS = "ods"
    FODS = "fods"
    ZIP = "zip"
    COURRIEL = "eml"
    OUTLOOK = "msg"


CLASSEURS = (Genre.XLSX, Genre.ODS, Genre.FODS)

_IMAGES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
_ARCHIVES = (
    (b"Rar!\x1a\x07", ".rar"),
    (b"7z\xbc\xaf\x27\x1c", ".7z"),
    (b"\x1f\x8b", ".gz"),
    (b"BZh", ".bz2"),
    (b"\xfd7zXZ\0", ".xz"),
    (b"MSCF", ".cab"),
)
_HTML = re.compile(
    rb"<(!doctype\s+html|html|head|body|meta|table|div|style|script)\b", re.IGNORECASE
)
_XML_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_FODS = b"urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_ENTETE = re.compile(rb"[!-9;-~]+:[ \t]?[^\n]*\n(?:[ \t][^\n]*\n)*")
# One of these is in every mail, and nowhere else.
_COURRIEL = re.compile(
    rb"^(mime-version|received|return-path|message-id|delivered-to|x-unsent):",
    re.IGNORECASE | re.MULTILINE,
)


def sniff(contenu: bytes) -> Genre:
    """What can be opened here. Raises Refus for all the rest, each with its remedy."""
    if not contenu:
        raise Refus(Code.FICHIER_VIDE)
    if contenu.startswith(b"PK"):
        return _in_zip(contenu)
    if contenu.startswith(bytes.fromhex("D0CF11E0A1B11AE1")):
        return _in_ole(contenu)
    if b"%PDF-" in contenu[:1024]:
        raise Refus(Code.FICHIER_PDF)
    if contenu.startswith(_IMAGES) or contenu[8:12] == b"WEBP" or _is_heic(contenu):
        raise Refus(Code.FICHIER_IMAGE)
    for start, extension in _ARCHIVES:
        if contenu.startswith(start):
            raise Refus(Code.FICHIER_ARCHIVE, extension=extension)
    if contenu[257:262] == b"ustar":
        raise Refus(Code.FICHIER_ARCHIVE, extension=".tar")
    if contenu.startswith(b"{\\rtf"):
        raise Refus(Code.FICHIER_BUREAUTIQUE, quoi="un texte mis en forme (RTF)")
    if contenu.startswith(b"\x78\x9f\x3e\x22"):
        raise Refus(Code.MESSAGE_ILLISIBLE, raison="c'est un « winmail.dat » d'Outlook")
    if not contenu.strip(b"\0"):
        raise damaged("il ne contient que des octets nuls, la copie a échoué")
    return _in_text(contenu)


def _is_heic(contenu: bytes) -> bool:
    return contenu[4:8] == b"ftyp" and contenu[8:12] in (
        b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif",
    )  # fmt: skip


def _in_zip(contenu: bytes) -> Genre:
    package = Archive(contenu, archive.INCONNU)
    names = {name.casefold() for name in package.noms}

    def holds(folder: str) -> bool:
        return any(name.startswith(folder) for name in names)

    if "mimetype" in names and ("meta-inf/manifest.xml" in names or "content.xml" in names):
        return _in_open_document(package, names)
    if "[content_types].xml" in names:
        if "xl/workbook.bin" in names:
            raise Refus(Code.FICHIER_XLSB)
        if holds("word/"):
            raise Refus(Code.FICHIER_BUREAUTIQUE, quoi="un document Word")
        if holds("ppt/"):
            raise Refus(Code.FICHIER_BUREAUTIQUE, quoi="un diaporama PowerPoint")
        if holds("xl/"):
            return Genre.XLSX
        raise Refus(Code.FICHIER_PAS_CLASSEUR, raison="c'est un autre genre de document Office")
    if any(name.endswith(".iwa") for name in names) or "index.zip" in names:
        raise Refus(Code.FICHIER_NUMBERS)
    return Genre.ZIP


def _in_open_document(package: Archive, names: Collection[str]) -> Genre:
    kind = package.read("mimetype", 1024).decode("ascii", "replace")
    manifest = b""
    if "meta-inf/manifest.xml" in names:
        manifest = package.read("META-INF/manifest.xml", limites.PARTIE)
    if "encrypted-package" in names or b"encryption-data" in manifest:
        raise Refus(Code.FICHIER_CHIFFRE)
    if "opendocument.spreadsheet" in kind:
        return Genre.ODS
    if "opendocument" in kind:
        raise Refus(Code.FICHIER_BUREAUTIQUE, quoi="un document LibreOffice d'un autre genre")
    raise Refus(Code.FICHIER_PAS_CLASSEUR, raison="c'est un autre genre de document")


def _in_ole(contenu: bytes) -> Genre:
    """The container of the Office of 1997 and of Outlook; also of encrypted workbooks."""
    import olefile  # only for these

    try:
        with olefile.OleFileIO(io.BytesIO(contenu)) as ole:
            streams = {"/".join(path).casefold() for path in ole.listdir(storages=True)}
    except Exception as error:  # damaged, it raises anything: OSError, IndexError, struct.error…
        raise damaged("c'est un ancien format d'Office, tronqué") from error
    if "encryptedpackage" in streams or "\x06dataspaces" in streams:
        raise Refus(Code.FICHIER_CHIFFRE)
    if streams & {"workbook", "book"}:
        raise Refus(Code.FICHIER_XLS)
    if "worddocument" in streams:
        raise Refus(Code.FICHIER_BUREAUTIQUE, quoi="un ancien document Word")
    if "powerpoint document" in streams:
        raise Refus(Code.FICHIER_BUREAUTIQUE, quoi="un ancien diaporama PowerPoint")
    if any(name.startswith("__properties_version") for name in streams):
        return Genre.OUTLOOK
    raise Refus(Code.FICHIER_PAS_CLASSEUR, raison="c'est un autre genre de document Office")


def _in_text(contenu: bytes) -> Genre:
    start = contenu[:65536]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start[: len(start) // 2 * 2].decode("utf-16", "replace").encode()
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        if _XML_2003 in start:
            raise Refus(Code.FICHIER_XML_2003)
        if _FODS in start and b"<office:document" in start:
            return Genre.FODS
        if _HTML.search(start[:4096]):
            raise Refus(Code.FICHIER_PAGE_WEB)
        raise Refus(Code.FICHIER_PAS_CLASSEUR, raison="c'est du XML d'un autre genre")
    headers = b""
    position = 0
    text = start.replace(b"\r\n", b"\n")
    while found := _ENTETE.match(text, position):
        headers += found.group()
        position = found.end()
    if _COURRIEL.search(headers):
        return Genre.COURRIEL
    if b"\0" in start:
        raise Refus(Code.FICHIER_PAS_CLASSEUR, raison="son contenu n'est pas celui d'un classeur")
    raise Refus(Code.FICHIER_TEXTE)
