"""The fonts that a template names -> those that this machine lacks, and what takes their place.

A document made here in a font that is not installed is laid out otherwise in its PDF: lines break
elsewhere, and a signature may slip to the next page.
"""

import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from lxml import etree

from batch.anomalies import Anomalie, Code, Lieu
from batch.documents.gabarits.lecture import W

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)
_THEME = {"major": "majorFont", "minor": "minorFont"}


def lacking(
    nom: str, parts: Mapping[str, bytes], installees: Collection[str] | None
) -> Iterator[Anomalie]:
    """`installees`: families in lower case; None where this machine does not say."""
    if installees is None:
        return
    for police in used(parts):
        if police.casefold() not in installees:
            yield Code.POLICE_ABSENTE.at(
                Lieu(nom), police=police, remplacante=replacement(police) or "une autre"
            )


def used(parts: Mapping[str, bytes]) -> list[str]:
    """The families of its Latin text, those of its theme included, each once."""
    named: dict[str, None] = {}
    theme = next((c for n, c in parts.items() if n.startswith("word/theme/")), None)
    for name, content in parts.items():
        if not name.startswith("word/") or not name.endswith(".xml") or "fontTable" in name:
            continue
        for fonts in etree.fromstring(content, _PARSER).iter(f"{W}rFonts"):
            for script in ("ascii", "hAnsi"):
                said = fonts.get(f"{W}{script}")
                scheme = fonts.get(f"{W}{script}Theme", "")[:5]
                if scheme in _THEME and theme is not None:
                    said = _of_theme(theme, _THEME[scheme])
                if said:
                    named[said] = None
    return list(named)


def _of_theme(content: bytes, which: str) -> str | None:
    latin = etree.fromstring(content, _PARSER).find(f".//{_A}{which}/{_A}latin")
    return None if latin is None else latin.get("typeface")


@cache
def installed() -> frozenset[str] | None:
    """Every family that this machine has, in lower case; None where it cannot be known."""
    if sys.platform == "win32":
        return frozenset(_windows())
    if sys.platform == "darwin":
        own = Path.home() / "Library/Fonts"
        folders = (Path("/System/Library/Fonts"), Path("/Library/Fonts"), own)
        return frozenset(p.stem.casefold() for f in folders if f.is_dir() for p in f.rglob("*.*"))
    said = _fontconfig("fc-list", ":", "family")
    if said is None:
        return None
    names = (name for line in said.splitlines() for name in line.split(","))
    return frozenset(name.strip().replace("\\", "").casefold() for name in names)


def replacement(police: str) -> str | None:
    """What is printed instead, where this machine can tell."""
    said = _fontconfig("fc-match", "-f", "%{family}", police)
    return said.split(",")[0].strip() or None if said else None


def _fontconfig(*command: str) -> str | None:
    program = shutil.which(command[0])
    if program is None:
        return None
    # A family may begin with a dash, and must not pass for an option.
    *options, last = command[1:]
    try:
        done = subprocess.run(  # noqa: S603 (a program of the system, no shell)
            [program, *options, last.lstrip("-")], capture_output=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")


if sys.platform == "win32":

    def _windows() -> Iterator[str]:
        """« Times New Roman (TrueType) » in the registry: the families, their styles with them."""
        import winreg

        where = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Fonts"
        for root in (winreg.HKEY_LOCAL_MACHINE, winreg.HKEY_CURRENT_USER):
            try:
                with winreg.OpenKey(root, where) as key:
                    for rank in range(winreg.QueryInfoKey(key)[1]):
                        name = winreg.EnumValue(key, rank)[0].partition(" (")[0]
                        yield from (one.strip().casefold() for one in name.split("&"))
            except OSError:
                continue
