"""Whose a letter is, by the reference printed in it."""

import io
import re
import zipfile

_PARAGRAPH, _TAGS = re.compile(r"</w:p>|<w:(?:br|tab)\b[^>]*>"), re.compile(r"<[^>]+>")
_REFERENCE = re.compile(
    r"session\s+([A-Za-z0-9-]+),\s+dossier\s+n°\s*([A-Za-z0-9][A-Za-z0-9-]*)", re.IGNORECASE
)


def candidats(contenu: bytes, session: str) -> frozenset[str]:
    """The numbers of the candidates whose reference the letter bears; none in what is no letter.

    A reference to another session counts as somebody else's.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            if archive.getinfo("word/document.xml").file_size > 20 * 1024**2:
                return frozenset()
            xml = archive.read("word/document.xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError):
        return frozenset()
    # Word cuts a sentence into runs at will: read without its tags, it is whole again.
    found = _REFERENCE.findall(_TAGS.sub("", _PARAGRAPH.sub("\n", xml)))
    return frozenset(own if of == session else f"{of}/{own}" for of, own in found)
