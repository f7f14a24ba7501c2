"""The letters again, as PDF, by LibreOffice."""

import io
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from batch.documents import pdf
from batch.folder import Folder

from ..session import Etat
from . import papiers
from .etape import NAIF, NOUS, Etape, Travail


def _letters(folder: Folder) -> dict[str, bytes]:
    paths = [path for path in papiers.documents(folder) if path.parent.name == "lettres"]
    return {path.name: path.read_bytes() for path in paths}


def naif(folder: Folder) -> Travail:
    """One call of LibreOffice for each document."""
    letters, office = _letters(folder), pdf.libreoffice()

    def travail() -> dict[str, bytes]:
        made = {}
        with tempfile.TemporaryDirectory() as place:
            profile = f"-env:UserInstallation={(Path(place) / 'profil').as_uri()}"
            for nom, content in letters.items():
                source = Path(place) / "lettre.docx"
                source.write_bytes(content)
                subprocess.run(
                    [office, profile, "--headless", "--convert-to", "pdf", source.name],
                    cwd=place, check=True, capture_output=True,
                )  # fmt: skip
                made[nom] = source.with_suffix(".pdf").read_bytes()
        return made

    return travail


def nous(folder: Folder) -> Travail:
    letters = _letters(folder)
    return lambda: pdf.convert(letters)


def temoin(_: Folder, made: dict[str, bytes]) -> Iterable[str]:
    import pypdf

    def each() -> Iterator[str]:
        for nom, content in made.items():
            for page in pypdf.PdfReader(io.BytesIO(content)).pages:
                yield f"{nom} {page.extract_text()}"

    return each()


ETAPE = Etape(
    nom="pdf",
    titre="PDF",
    vise="≥ 8 × naïf",
    facons={NAIF: naif, NOUS: nous},
    temoin=temoin,
    etat=Etat.CLOSE,
    candidats_max=100,
)
