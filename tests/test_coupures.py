"""A command killed anywhere leaves no half-written file, and the next run makes everything good.

Byte for byte, but for journal.jsonl: it tells what was done, and a killed run either had written
its line or had not. The clock is the same for all, as it stands in the acts and the ledger.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from conftest import HISTOIRE, NOW, contents, edit, played, rate, returned
from coupures import COMMANDES

import batch
from batch import chaine, demonstration
from batch.folder import open_folder

TESTS = Path(__file__).parent
PACKAGE = str(Path(batch.__file__).parent.parent)
JOURNAL = "journal.jsonl"


@pytest.fixture(scope="module")
def moments(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Path, str]]:
    """A session at each moment of its life, and the command that is about to be run."""
    base = tmp_path_factory.mktemp("moments")
    folder = played(base / "session")
    found: dict[str, tuple[Path, str]] = {}

    def keep(nom: str, commande: str) -> None:
        found[nom] = shutil.copytree(folder.root, base / str(len(found))), commande

    edit(returned(folder), rate("E1", "bof"))
    keep("premier contrôle", "controle")
    keep("premier traitement", "traiter")
    chaine.treat(folder, NOW)
    edit(returned(folder), rate("E1", "Non évalué"))
    keep("une grille corrigée", "traiter")
    edit(returned(folder), rate("E1", "Acquis"))
    chaine.treat(folder, NOW)
    demonstration.deliberate(folder, HISTOIRE)
    keep("le jury a décidé", "traiter")
    return found


def files(root: Path) -> dict[str, bytes]:
    """Everything but what an état keeps, which is made again as soon as a file differs."""
    return contents(root, ".jury/etat.json")


def left(root: Path) -> dict[str, bytes]:
    return {name: content for name, content in files(root).items() if name != JOURNAL}


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows n'a ni fork ni SIGKILL")
@pytest.mark.parametrize(
    ("moment", "au_moins"),
    [
        ("premier contrôle", 25),
        ("premier traitement", 100),
        ("une grille corrigée", 40),
        ("le jury a décidé", 100),
    ],
)
def test_killed_anywhere_the_next_run_makes_everything_good(
    moments: Mapping[str, tuple[Path, str]], tmp_path: Path, moment: str, au_moins: int
) -> None:
    start, commande = moments[moment]
    root, etats = tmp_path / "session", tmp_path / "etats"
    shutil.copytree(start, root)
    etats.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "coupures", root, commande, etats],
        capture_output=True, text=True, check=False, cwd=TESTS,
        # A thread that forks is a warning, and here an error.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONUTF8": "1", "PYTHONPATH": PACKAGE},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    killed = json.loads(done.stdout)
    assert killed["à un point"] >= au_moins
    assert killed["au hasard"] >= au_moins // 5

    before, after = left(start), left(root)
    assert before != after
    run = COMMANDES[commande]
    run(open_folder(root), NOW)
    assert left(root) == after, "la commande relancée ne change rien"

    proved: list[dict[str, bytes]] = []
    for etat in sorted(etats.iterdir()):
        for name, content in files(etat).items():
            if name == JOURNAL:
                lines = content.decode().splitlines(keepends=True)
                assert all(line.endswith("\n") and json.loads(line) for line in lines)
            elif not name.startswith((".jury/transaction/", ".jury/brouillons/")):
                assert content in (before.get(name), after.get(name)), f"{etat.name} : {name}"
        folder = open_folder(etat)
        state = left(etat)
        if state not in proved:
            proved.append(state)
            run(folder, NOW)
            assert left(etat) == after, etat.name
        shutil.rmtree(etat)
    assert before in proved
    assert after in proved
