"""The bytes of a .docx that depend on its content alone: the same parts give the same file.

zipfile would compress again, for each letter, what is the same in all of them: here a part may come
already compressed. Byte for byte, the file is the one that zipfile would have written.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

# A zip's dates start with 1 January 1980: no document says when, nor where, it was zipped.
_HEURE, _JOUR = 0, 1 << 5 | 1
_VERSION, _UTF8 = 20, 1 << 11
_MODE = 0o600 << 16
_LOCAL = struct.Struct("<4s2B4HL2L2H")
_CENTRAL = struct.Struct("<4s4B4HL2L5H2L")
_FIN = struct.Struct("<4s4H2LH")


@dataclass(frozen=True, slots=True)
class Comprimee:
    """A part as it lies in the zip: what it weighs, its CRC, and its compressed bytes."""

    taille: int
    crc: int
    octets: bytes


def compress(contenu: bytes) -> Comprimee:
    deflate = zlib.compressobj(zlib.Z_DEFAULT_COMPRESSION, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Comprimee(len(contenu), zlib.crc32(contenu), deflate.compress(contenu) + deflate.flush())


def pack(parts: Mapping[str, bytes | Comprimee]) -> bytes:
    """These parts, in this order."""
    pieces, directory, offset = list[bytes](), list[bytes](), 0
    for name, content in parts.items():
        part = content if isinstance(content, Comprimee) else compress(content)
        coded = name.encode()
        said = (
            *(_VERSION, 0 if name.isascii() else _UTF8, zipfile.ZIP_DEFLATED, _HEURE, _JOUR),
            *(part.crc, len(part.octets), part.taille, len(coded)),
        )
        pieces += _LOCAL.pack(b"PK\x03\x04", said[0], 0, *said[1:], 0), coded, part.octets
        directory += (
            _CENTRAL.pack(
                b"PK\x01\x02", _VERSION, 0, said[0], 0, *said[1:], 0, 0, 0, 0, _MODE, offset
            ),
            coded,
        )
        offset += _LOCAL.size + len(coded) + len(part.octets)
    size = sum(map(len, directory))
    count = len(parts)
    end = _FIN.pack(b"PK\x05\x06", 0, 0, count, count, size, offset, 0)
    return b"".join((*pieces, *directory, end))


def unpack(contenu: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(contenu)) as package:
        return {name: package.read(name) for name in package.namelist()}
