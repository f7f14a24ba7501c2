"""Which program this is, to the letter: what one version remembers, another never believes."""

import hashlib
import sys
import zlib
from functools import cache
from importlib import metadata
from pathlib import Path

from batch import __version__

# What they make of the same bytes may change from one release to the next.
_LIBRARIES = ("docxtpl", "jinja2", "lxml", "openpyxl", "python-docx", "xlsxwriter")


@cache
def fingerprint() -> str:
    """Of the version, of every source file, and of what it runs on."""
    package = Path(__file__).parent
    said = [__version__, sys.version, zlib.ZLIB_RUNTIME_VERSION]
    said += [f"{name} {metadata.version(name)}" for name in _LIBRARIES]
    digest = hashlib.sha256("\n".join(said).encode())
    for path in sorted(package.rglob("*.py")):
        digest.update(f"\n{path.relative_to(package).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
