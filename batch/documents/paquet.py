"""The bytes of a .docx, which depend on its parts alone: no document says when it was zipped."""

import io
import zipfile
from collections.abc import Mapping

from batch import zips
from batch.zips import Entree, compressed


def pack(parts: Mapping[str, bytes | Entree]) -> bytes:
    """These parts, in this order; those that many documents share may come compressed already."""
    entries = (
        (name, part if isinstance(part, Entree) else compressed(part))
        for name, part in parts.items()
    )
    return b"".join(zips.pack(entries))


def unpack(contenu: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(contenu)) as package:
        return {name: package.read(name) for name in package.namelist()}
