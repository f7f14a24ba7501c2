"""Two commands on one session: the second waits its turn, or says why it cannot."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import NOW

from batch import chaine, verrou
from batch.anomalies import Empechement
from batch.folder import Folder, open_folder

ROOT = Path(__file__).parent.parent
TIENT = """
import sys
from pathlib import Path
from batch.verrou import alone
with alone(Path(sys.argv[1])):
    print("tenu", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def tenu(dossier: Folder) -> Iterator[Folder]:
    """A session that another process is writing."""
    with subprocess.Popen(
        [sys.executable, "-c", TIENT, dossier.root],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "tenu\n"
        yield dossier


def test_the_second_command_gives_up_in_a_sentence(
    tenu: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verrou, "_PATIENCE", 0)
    with pytest.raises(Empechement, match="Une autre commande travaille sur"):
        chaine.treat(tenu, NOW)
    assert not tenu.documents.exists()


def test_reading_waits_for_nobody(tenu: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verrou, "_PATIENCE", 0)
    assert chaine.examine(open_folder(tenu.root)).seance.dossiers


def test_two_at_once_leave_what_one_alone_would(dossier: Folder) -> None:
    command = [sys.executable, "-m", "batch", "traiter", str(dossier.root)]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
        for _ in range(2)
    ]
    for one in both:
        _, said = one.communicate(timeout=120)
        assert one.returncode == 0, said.decode()
    assert not (dossier.root / ".jury" / "transaction").exists()
    assert not chaine.treat(open_folder(dossier.root), NOW).ecrits
