"""Entries -> the bytes of a zip that depend on them alone: the same entries give the same file.

zipfile would compress again what is compressed already, and copy the whole as it grows. Byte for
byte, the file is the one that zipfile would have written.
"""

import struct
import zlib
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

# What a zip can count without the extensions that some programs do not read.
ENTREES_MAX = 0xFFFF
# The first day that a zip can say.
EPOQUE = date(1980, 1, 1)

_TELLE_QUELLE, _COMPRIMEE = 0, 8
_VERSION, _UTF8 = 20, 1 << 11
_MODE = 0o600 << 16
_LOCALE = struct.Struct("<4s5H3L2H")
_SOMMAIRE = struct.Struct("<4s6H3L5H2L")
_FIN = struct.Struct("<4s4H2LH")


class Entree(NamedTuple):
    """What a zip holds under a name: its bytes as they lie there, and what tells that they do."""

    octets: bytes
    crc: int
    taille: int  # once read
    methode: int


def stored(contenu: bytes) -> Entree:
    return Entree(contenu, zlib.crc32(contenu), len(contenu), _TELLE_QUELLE)


def compressed(contenu: bytes) -> Entree:
    deflate = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    octets = deflate.compress(contenu) + deflate.flush()
    return Entree(octets, zlib.crc32(contenu), len(contenu), _COMPRIMEE)


def pack(
    entrees: Iterable[tuple[str, Entree]], jour: date = EPOQUE, commentaire: int = 0
) -> list[bytes]:
    """The pieces of the zip, end to end, with the room for a comment of so many bytes after them.

    Every entry is dated of the day given, so that nothing says when it was zipped.
    """
    day = (jour.year - EPOQUE.year) << 9 | jour.month << 5 | jour.day
    pieces, directory, offset, count = list[bytes](), list[bytes](), 0, 0
    for name, entree in entrees:
        coded = name.encode()
        flags = 0 if name.isascii() else _UTF8
        said = (flags, entree.methode, 0, day, entree.crc, len(entree.octets), entree.taille)
        pieces += _LOCALE.pack(b"PK\x03\x04", _VERSION, *said, len(coded), 0), coded, entree.octets
        rest = (len(coded), 0, 0, 0, 0, _MODE, offset)
        directory += _SOMMAIRE.pack(b"PK\x01\x02", _VERSION, _VERSION, *said, *rest), coded
        offset += _LOCALE.size + len(coded) + len(entree.octets)
        count += 1
    size = sum(map(len, directory))
    end = _FIN.pack(b"PK\x05\x06", 0, 0, count, count, size, offset, commentaire)
    return [*pieces, *directory, end]
