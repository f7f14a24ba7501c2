"""Word documents -> PDF for signing and archiving (PDF/A-2b, tagged), by LibreOffice.

One call for the whole batch, in a profile of its own: neither the user's settings nor an open
window of his takes part. Where a document defeats LibreOffice, the others are converted all the
same.
"""

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from batch.anomalies import Empechement

Progres = Callable[[int], None]  # called with how many documents are done

# One process converts this many: below Windows' limit for a command line, and a crash costs little.
_BATCH = 200
_TO_START, _PER_DOCUMENT = 90, 15  # seconds before LibreOffice is held to be stuck
_FILTER = (
    "pdf:writer_pdf_Export:"
    '{"SelectPdfVersion":{"type":"long","value":"2"},"UseTaggedPDF":{"type":"boolean","value":"true"}}'
)
_ELSEWHERE = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)


def libreoffice() -> str:
    """The program's path. Raises Empechement where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    if found is None:
        found = next((path for path in _ELSEWHERE if Path(path).is_file()), None)
    if found is None:
        raise Empechement(
            "Les PDF demandent LibreOffice, qui n'est pas installé sur ce poste. Installez-le "
            "(libreoffice.org), ou enregistrez les documents en PDF depuis Word ; les .docx, eux, "
            "sont faits."
        )
    return found


def convert(
    documents: Mapping[str, bytes],
    progres: Progres = lambda done: None,
    programme: str | None = None,
) -> dict[str, bytes]:
    """The PDF of each Word document, under the same name; one that could not be made is lacking.

    Raises Empechement where LibreOffice is not installed, or made none of them.
    """
    programme = programme or libreoffice()
    made: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory(prefix="jury-pdf-") as scratch:
        work = Path(scratch)
        names = list(documents)
        for start in range(0, len(names), _BATCH):
            # The names are people's: LibreOffice gets numbers.
            lot = enumerate(names[start : start + _BATCH])
            numbered = {f"{rank:06}": nom for rank, nom in lot}
            for stem, nom in numbered.items():
                (work / f"{stem}.docx").write_bytes(documents[nom])
            _run(programme, work, list(numbered), partial(_further, progres, len(made)))
            for stem, nom in numbered.items():
                pdf = work / f"{stem}.pdf"
                if pdf.is_file():
                    made[nom] = pdf.read_bytes()
                    pdf.unlink()
                (work / f"{stem}.docx").unlink()
    if documents and not made:
        raise Empechement(
            "LibreOffice n'a pu convertir aucun document en PDF. Ouvrez-en un dans LibreOffice "
            "pour voir ce qui l'en empêche ; les .docx, eux, sont faits."
        )
    return made


def _further(progres: Progres, before: int, count: int) -> None:
    progres(before + count)


def _run(programme: str, work: Path, stems: list[str], progres: Progres) -> None:
    """LibreOffice over these documents; what it has not made when it is stopped stays unmade."""
    command = [
        programme,
        f"-env:UserInstallation={(work / 'profil').as_uri()}",
        "--headless",
        "--norestore",
        "--nologo",
        "--nolockcheck",
        "--convert-to",
        _FILTER,
        *(f"{stem}.docx" for stem in stems),
    ]
    deadline = time.monotonic() + _TO_START + _PER_DOCUMENT * len(stems)
    with _started(command, work) as office:
        while office.poll() is None and time.monotonic() < deadline:
            progres(sum((work / f"{stem}.pdf").exists() for stem in stems))
            time.sleep(0.2)
    progres(sum((work / f"{stem}.pdf").exists() for stem in stems))


@contextmanager
def _started(command: list[str], work: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The process and its children, none of which outlives the block."""
    posix = os.name == "posix"
    try:
        process = subprocess.Popen(  # noqa: S603 — the program is LibreOffice's own path
            command,
            cwd=work,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=posix,
        )
    except OSError as error:
        raise Empechement(
            f"LibreOffice ne démarre pas ({error.strerror}). Réinstallez-le, ou enregistrez les "
            f"documents en PDF depuis Word ; les .docx, eux, sont faits."
        ) from error
    try:
        yield process
    finally:
        if process.poll() is None:
            # soffice is a script that starts the real program: both must go.
            if sys.platform != "win32":
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()


def merge(documents: Mapping[str, bytes], titre: str) -> bytes:
    """One PDF to print, a bookmark for each document; each starts on the front of a sheet."""
    import pypdf  # a tenth of a second, and only --pdf needs it

    whole = pypdf.PdfWriter()
    for nom, content in documents.items():
        if len(whole.pages) % 2:
            whole.add_blank_page()
        first = len(whole.pages)
        whole.append(io.BytesIO(content), import_outline=False)
        whole.add_outline_item(title=nom, page_number=first)
    whole.add_metadata({"/Title": titre, "/Producer": "Jury"})
    whole.compress_identical_objects()  # each letter brings the same fonts
    buffer = io.BytesIO()
    whole.write(buffer)
    return buffer.getvalue()
