"""Files written whole or not at all, under names legal on every system."""

import hashlib
import io
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from batch.empechement import Empechement

# Windows refuses these as file names, whatever the extension.
_RESERVED = {
    "CON",
    "PRN",
    "AUX",
    "NUL",
    *(f"{port}{n}" for port in ("COM", "LPT") for n in "123456789"),
}


# More files than these are made sure of together.
_UN_PAR_UN = 64
# What is written at a time: an archive is thousands of small pieces.
_TAMPON = 256 * 1024
# 255 on Linux, less what is added to a name: an extension, « (retouché à la main) ».
_OCTETS = 200


def write(path: Path, content: bytes) -> bool:
    """Put these bytes under this name, whole or not at all; False when they already stood there."""
    if path.is_file() and path.read_bytes() == content:
        return False
    put(path, content)
    return True


def put(path: Path, *content: bytes) -> None:
    """Put these bytes, end to end, under this name, whole or not at all."""
    with _speaking_of(path):
        temporary = lay(path.parent, *content, sure=True)
        try:
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def lay(folder: Path, *content: bytes, sure: bool = False) -> Path:
    """Put these bytes, end to end, in this folder, under a name that nothing has; `sure`: a power
    cut from now on leaves them there."""
    import tempfile  # most runs that only look write nothing

    with _speaking_of(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".jury-", suffix=".tmp", dir=folder)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb", _TAMPON) as stream:
                stream.writelines(content)
                stream.flush()
                if sure:
                    os.fsync(stream.fileno())
            temporary.chmod(0o644)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return temporary


def make_sure(paths: Sequence[Path]) -> None:
    """A power cut from now on leaves these files as they are."""
    if len(paths) > _UN_PAR_UN and sys.platform != "win32":
        os.sync()  # the whole disk at once: for thousands of files, five times as quick
        return
    for path in paths:
        with _speaking_of(path), path.open("rb+") as stream:
            os.fsync(stream.fileno())


def move(source: Path, target: Path) -> None:
    """Put this file in the place of that one, at once."""
    with _speaking_of(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)


def remove(path: Path) -> None:
    with _speaking_of(path):
        path.unlink(missing_ok=True)


def append_line(path: Path, line: str) -> None:
    """Add one line to an append-only file in one write."""
    with _speaking_of(path), path.open("ab") as stream:
        stream.write(line.encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())


@contextmanager
def _speaking_of(path: Path) -> Iterator[None]:
    """A locked file is not a bug: it is open in Excel, and the user can close it."""
    try:
        yield
    except PermissionError as error:
        raise Empechement(
            f"{path.name} ne peut pas être écrit : il est ouvert dans un autre programme, ou le "
            f"dossier est protégé. Fermez-le puis relancez la commande."
        ) from error
    except OSError as error:
        raise Empechement(
            f"{path.name} ne peut pas être écrit ({error.strerror}). "
            f"Vérifiez le disque et le dossier, puis relancez la commande."
        ) from error


def as_json(content: object, *, sort_keys: bool = False) -> bytes:
    """What a machine reads, and a person may: one fact a line."""
    encoder = json.JSONEncoder(ensure_ascii=False, indent=1, sort_keys=sort_keys)
    pieces, written = encoder.iterencode(content), io.BytesIO()
    # A few at a time: of a large session there are millions, each a text of its own.
    while some := "".join(islice(pieces, 10_000)):
        written.write(some.encode())
    written.write(b"\n")
    return written.getvalue()


def safe_name(text: str, longest: int = 80) -> str:
    """Any text -> a file name legal on Windows, macOS and Linux, accents kept, in NFC.

    `longest`: in characters; in bytes, which is how Linux counts, never more than it allows.
    """
    name = unicodedata.normalize("NFC", text)
    name = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]', " ", name)
    name = re.sub(r"\s+", " ", name)[:longest]
    name = name.encode("utf-8", "replace")[:_OCTETS].decode("utf-8", "ignore").strip(" .")
    return f"_{name}" if name.split(".")[0].upper() in _RESERVED or not name else name


def legal_part(part: str) -> str:
    """A part of somebody's path, changed only where another system would refuse it."""
    legal = re.sub(r'[<>:"\\|?*\x00-\x1f\x7f]', "_", part)
    return legal if legal.strip(". ") else "_"


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
