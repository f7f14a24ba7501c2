"""Files spoilt at random (see tests/fuzz): each is accepted or refused, and none breaks the batch.

What the long runs found stands below them, each under its name.
"""

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from conftest import NOW, returned, sentences

import batch
from batch import chaine, fichiers
from batch.folder import Folder

TESTS = Path(__file__).parent
PACKAGE = str(Path(batch.__file__).parent.parent)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="fork et /proc : Linux")
def test_no_file_breaks_the_batch() -> None:
    """A short run; `python -m fuzz --minutes 20` for a long one."""
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", "--graine", "1", "--nombre", "160"],
        capture_output=True, text=True, check=False, cwd=TESTS,
        # A thread that forks is a warning, and here an error.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1", "PYTHONPATH": PACKAGE},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["cas"] == 160
    assert told["memoire_mio"] < 500
    # The harness does reach the reader: some files are still grids, others no longer.
    assert told["fins"]["accepté"] > 20
    assert told["fins"]["refusé"] > 20


# --- what was found ------------------------------------------------------------------------------


def rebuilt(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {info.filename: source.read(info) for info in source.infolist()}
    change(parts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, part in parts.items():
            info = zipfile.ZipInfo("x")
            info.filename, info.compress_type = name, zipfile.ZIP_DEFLATED
            target.writestr(info, part)
    return buffer.getvalue()


def control(folder: Folder, content: bytes, name: str = "rendue.xlsx") -> list[str]:
    """What is said of this file, come back alone for BC1; everything is written."""
    path = returned(folder)
    path.unlink()
    (folder.retours / name).write_bytes(content)
    controle = chaine.control(folder, NOW)
    assert (folder.controle / "rapport.html").is_file()
    own = [a for a in controle.anomalies if a.lieu.fichier.startswith(f"retours/{name}")]
    return sentences(own)


def test_a_part_without_a_name(dossier: Folder) -> None:
    content = returned(dossier).read_bytes()

    def unname(parts: dict[str, bytes]) -> None:
        parts[""] = b"x"

    assert control(dossier, rebuilt(content, unname)) == []


@pytest.mark.parametrize("codage", ["shift_jis", "utf-7", "x-inconnu", "cp037"])
def test_an_encoding_that_no_spreadsheet_writes(dossier: Folder, codage: str) -> None:
    content = returned(dossier).read_bytes()

    def recode(parts: dict[str, bytes]) -> None:
        head = f'<?xml version="1.0" encoding="{codage}"?>'.encode()
        parts["xl/workbook.xml"] = head + parts["xl/workbook.xml"]

    (said,) = control(dossier, rebuilt(content, recode))
    assert f"son texte est codé en {codage}, qu’aucun tableur n’emploie" in said


def test_a_utf_16_workbook_is_read(dossier: Folder) -> None:
    content = returned(dossier).read_bytes()

    def recode(parts: dict[str, bytes]) -> None:
        text = parts["xl/workbook.xml"].decode()
        head = '<?xml version="1.0" encoding="UTF-16"?>'
        parts["xl/workbook.xml"] = f"{head}{text}".encode("utf-16")

    assert control(dossier, rebuilt(content, recode)) == []


def test_an_attachment_with_an_endless_name(dossier: Folder) -> None:
    message = EmailMessage()
    message["Subject"] = "Grille"
    message.set_content("Bonjour")
    for content in (b"%PDF-1.7", returned(dossier).read_bytes()):
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename="頁" * 150 + ".xlsx"
        )
    (said,) = control(dossier, message.as_bytes(), "courriel.eml")
    assert "PDF" in said
    (asked,) = dossier.corrections.glob("message *.txt")
    assert len(asked.name.encode()) < 255


@pytest.mark.parametrize("text", ["頁" * 150, "é" * 150, "👍" * 80, "x" * 150])
def test_a_name_is_short_enough_for_every_disk(tmp_path: Path, text: str) -> None:
    name = fichiers.safe_name(text, 150)
    path = tmp_path / f"{name} (retouché à la main).docx"
    path.write_bytes(b"")
    shutil.rmtree(tmp_path)
