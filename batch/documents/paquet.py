"""The bytes of a .docx that depend on its content alone: the same parts give the same file."""

import io
import zipfile
from collections.abc import Mapping

# The first day that a zip can date: no document says when, nor where, it was zipped.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def pack(parts: Mapping[str, bytes]) -> bytes:
    """These parts, in this order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in parts.items():
            part = zipfile.ZipInfo(name, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            package.writestr(part, content)
    return buffer.getvalue()


def unpack(contenu: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(contenu)) as package:
        return {name: package.read(name) for name in package.namelist()}
