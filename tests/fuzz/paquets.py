"""A zip spoilt as a zip: its parts, its streams, and what its table of contents declares."""

import io
import re
import struct
import warnings
import zipfile
from random import Random

from fuzz import balises, octets

Parts = list[tuple[str, bytes, int]]  # name, content, method

_NAMES = (
    "", "/", "..", "../x", "/etc/passwd", "C:\\x", "x" * 5000, "a/" * 2000, "nul\0x", "\u202e.xlsx",
    "xl\\workbook.xml", "XL/WORKBOOK.XML", "xl//workbook.xml", "[Content_Types].xml", "content.xml",
    "meta.xml", "mimetype", "~$x.xlsx", "é\u0301.xlsx", "xl/vbaProject.bin", "EncryptedPackage",
    "word/document.xml", "xl/workbook.bin", "Index/Document.iwa", "__MACOSX/x", "x.zip", "x.eml",
)  # fmt: skip


def parts(contenu: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        return [(i.filename, archive.read(i), i.compress_type) for i in archive.infolist()]


def build(own: Parts) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")  # a name twice
        for name, content, method in own:
            info = zipfile.ZipInfo("x")
            info.filename, info.compress_type = name, method
            archive.writestr(info, content)
    return buffer.getvalue()


def spoil_part(hasard: Random, contenu: bytes) -> bytes:
    """One part, or two, spoilt from inside; the zip around them is sound."""
    own = parts(contenu)
    for _ in range(hasard.choice((1, 1, 2))):
        rank = hasard.randrange(len(own))
        name, content, method = own[rank]
        if content[:2] == b"PK":
            content = spoil_part(hasard, content)
        elif b"<" in content[:100] and hasard.random() < 0.9:
            content = balises.spoil(hasard, content)
        else:
            content = hasard.choice(octets.OCTETS)(hasard, content)
        own[rank] = (name, content, method)
    return build(own)


def shuffle(hasard: Random, contenu: bytes) -> bytes:
    """Parts swapped, lost, twice there, renamed, or compressed otherwise."""
    own = parts(contenu)
    first, second = (hasard.randrange(len(own)) for _ in range(2))
    (one, content, method), (other, second_content, _) = own[first], own[second]
    match hasard.randrange(7):
        case 0:
            own[first], own[second] = (one, second_content, method), (other, content, method)
        case 1:
            del own[first]
        case 2:
            own.append((one, second_content, method))
        case 3:
            own[first] = (hasard.choice(_NAMES), content, method)
        case 4:
            own.append((hasard.choice(_NAMES), second_content, method))
        case 5:
            methods = (zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
            own[first] = (one, content, hasard.choice(methods))
        case _:
            own[first] = (one, bytes(hasard.choice((0, 10**6, 30 * 10**6))), method)
    return build(own)


# The fields of an entry in the table of contents (APPNOTE 4.3.12): where, and how long.
_ENTRY = {
    "version": (6, 2), "flags": (8, 2), "method": (10, 2), "crc": (16, 4), "packed": (20, 4),
    "size": (24, 4), "name": (28, 2), "extra": (30, 2), "comment": (32, 2), "disk": (34, 2),
    "offset": (42, 4),
}  # fmt: skip
_END = {"disk": (4, 2), "here": (8, 2), "entries": (10, 2), "size": (12, 4), "offset": (16, 4),
        "comment": (20, 2)}  # fmt: skip
_LOCAL = {"flags": (6, 2), "method": (8, 2), "crc": (14, 4), "packed": (18, 4), "size": (22, 4),
          "name": (26, 2), "extra": (28, 2)}  # fmt: skip


def lie(hasard: Random, contenu: bytes) -> bytes:
    """The table of contents, an entry's own header or the end of the zip says something false."""
    spoilt = bytearray(contenu)
    for _ in range(hasard.choice((1, 1, 3))):
        mark, fields = hasard.choice(
            ((b"PK\x01\x02", _ENTRY), (b"PK\x05\x06", _END), (b"PK\x03\x04", _LOCAL))
        )
        places = [found.start() for found in re.finditer(re.escape(mark), bytes(spoilt))]
        if not places:
            continue
        at, length = hasard.choice(list(fields.values()))
        start = hasard.choice(places) + at
        if start + length > len(spoilt):
            continue
        most = 256**length - 1
        (current,) = struct.unpack_from({2: "<H", 4: "<I"}[length], spoilt, start)
        values = (
            0, 1, most, most - 1, most // 2 + 1, 8, 9, 12, 14, 99, current ^ 1, current + 1,
            current * 2, current - 1, hasard.randrange(most),
        )  # fmt: skip
        value = hasard.choice(values)
        spoilt[start : start + length] = (value & most).to_bytes(length, "little")
    return bytes(spoilt)


def cut_stream(hasard: Random, contenu: bytes) -> bytes:
    """A compressed stream spoilt; its header and the table of contents stay as they are."""
    with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
        info = hasard.choice(archive.infolist())
    start = info.header_offset + 30 + len(info.filename.encode())
    stream = contenu[start : start + info.compress_size]
    spoilt = hasard.choice((octets.flip, octets.overwrite))(hasard, stream)
    return contenu[:start] + spoilt[: len(stream)] + contenu[start + info.compress_size :]


ZIP: tuple[octets.Abime, ...] = (spoil_part,) * 6 + (shuffle, shuffle, lie, lie, cut_stream)
