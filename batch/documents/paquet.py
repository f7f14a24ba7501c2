"""The bytes of a .docx that depend on its content alone: the same parts give the same file."""

import io
import zipfile

_EPOCH = (1980, 1, 1, 0, 0, 0)


def repack(contenu: bytes) -> bytes:
    """The same parts in the same order, without the time and the system that zipped them."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(contenu)) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for entry in source.infolist():
            part = zipfile.ZipInfo(entry.filename, _EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            target.writestr(part, source.read(entry))
    return buffer.getvalue()
