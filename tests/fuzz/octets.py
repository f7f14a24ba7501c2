"""Bytes spoilt without understanding them, as a bad disk, a cut line or a mail gateway does."""

from collections.abc import Callable
from random import Random

Abime = Callable[[Random, bytes], bytes]


def _somewhere(hasard: Random, contenu: bytes, longest: int = 4096) -> tuple[int, int]:
    start = hasard.randrange(len(contenu) + 1)
    return start, min(len(contenu), start + hasard.randrange(1, longest))


def flip(hasard: Random, contenu: bytes) -> bytes:
    spoilt = bytearray(contenu)
    for _ in range(hasard.choice((1, 1, 2, 8, 64))):
        if spoilt:
            spoilt[hasard.randrange(len(spoilt))] ^= 1 << hasard.randrange(8)
    return bytes(spoilt)


def overwrite(hasard: Random, contenu: bytes) -> bytes:
    start, end = _somewhere(hasard, contenu, 256)
    filler = hasard.choice((b"\0", b"\xff", b"\x80", b"<", b"\n", hasard.randbytes(1)))
    return contenu[:start] + filler * (end - start) + contenu[end:]


def insert(hasard: Random, contenu: bytes) -> bytes:
    start, _ = _somewhere(hasard, contenu)
    return contenu[:start] + hasard.randbytes(hasard.choice((1, 4, 100, 5000))) + contenu[start:]


def delete(hasard: Random, contenu: bytes) -> bytes:
    start, end = _somewhere(hasard, contenu)
    return contenu[:start] + contenu[end:]


def repeat(hasard: Random, contenu: bytes) -> bytes:
    start, end = _somewhere(hasard, contenu)
    return contenu[:end] + contenu[start:end] * hasard.choice((1, 2, 50)) + contenu[end:]


def truncate(hasard: Random, contenu: bytes) -> bytes:
    return contenu[: hasard.randrange(len(contenu) + 1)]


def behead(hasard: Random, contenu: bytes) -> bytes:
    return contenu[hasard.randrange(min(len(contenu), 512) + 1) :]


def lines(hasard: Random, contenu: bytes) -> bytes:
    """What a transfer in text mode does."""
    return hasard.choice(
        (
            contenu.replace(b"\r\n", b"\n"),
            contenu.replace(b"\n", b"\r\n"),
            contenu.replace(b"\0", b" "),
            contenu.decode("latin-1").encode("utf-8"),
            contenu.decode("utf-8", "replace").encode("utf-8"),
        )
    )


OCTETS: tuple[Abime, ...] = (flip, flip, overwrite, insert, delete, repeat, truncate, behead, lines)
