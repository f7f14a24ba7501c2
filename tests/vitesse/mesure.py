"""A stage, done each way in turn, each time in a process of its own."""

import argparse
import compileall
import importlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from batch import demarrage
from batch.folder import Folder

from .etapes import load
from .etapes.etape import NOUS, Etape, empreinte
from .session import Etat, Specification, copy

_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Mesure:
    """One way of doing a stage, once."""

    facon: str
    secondes: float
    memoire: int | None  # Mio at most; None where the system does not tell
    empreinte: str | None


def measure(
    etape: Etape,
    specification: Specification,
    facons: tuple[str, ...],
    cache: Path,
    *,
    temoin: bool = True,
) -> Iterator[Mesure]:
    """Each way once, in turn: whatever else the machine does, it does to all of them."""
    for facon in facons:
        with tempfile.TemporaryDirectory(prefix="jury-vitesse-") as place:
            folder = laid_out(etape, specification, Path(place) / "session", cache)
            yield _apart(etape, facon, folder, temoin=temoin)


def laid_out(etape: Etape, specification: Specification, cible: Path, cache: Path) -> Folder:
    """The session as the stage finds it."""
    folder = copy(specification, etape.etat, cible, cache)
    if etape.etat is Etat.EMISE:
        shutil.rmtree(folder.grilles)  # it is what the stage makes
    return folder


def compile_all() -> None:
    """pip compiles what it installs: a checkout must not be compiled while the clock runs."""
    compileall.compile_dir(_ROOT / "batch", quiet=1)


def _apart(etape: Etape, facon: str, folder: Folder, *, temoin: bool) -> Mesure:
    own = [sys.executable, "-m", __name__, etape.nom, facon, str(folder.root)]
    started = time.perf_counter()
    done = subprocess.run(
        [*own, "--temoin"] if temoin else own,
        cwd=_ROOT,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        encoding="utf-8",
    )
    whole = time.perf_counter() - started
    said = Mesure(**json.loads(done.stdout.splitlines()[-1]))
    if not etape.entiere:
        return said
    # The clock stopped before the fingerprint was taken; it started before the interpreter.
    return Mesure(facon, whole - said.secondes, said.memoire, said.empreinte)


def main() -> None:
    """In the process apart: do the work once, and say what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("etape")
    parser.add_argument("facon")
    parser.add_argument("dossier", type=Path)
    parser.add_argument("--temoin", action="store_true")
    asked = parser.parse_args()
    etape = load(asked.etape)
    for module in etape.imports:
        importlib.import_module(module)
    folder = Folder(asked.dossier)
    if asked.facon == NOUS:
        demarrage.begin()  # as the command does
    travail = etape.facons[asked.facon](folder)
    started = time.perf_counter()
    made = travail()
    seconds = time.perf_counter() - started
    memory = peak()
    said = None
    if asked.temoin and etape.temoin is not None and asked.facon != "limite":
        said = empreinte(etape.temoin(folder, made))
    if etape.entiere:
        seconds = time.perf_counter() - started - seconds  # what came after the work
    mesure = Mesure(asked.facon, seconds, memory, said)
    print(json.dumps(asdict(mesure)))  # noqa: T201 — its parent reads it


def peak() -> int | None:
    """The most memory that this process, or one that it started, has held: in Mio."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    unit = 1024 if sys.platform != "darwin" else 1024**2
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // unit
    try:
        # Of Linux's getrusage, a process inherits what its parent held when it started it.
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
    else:
        own = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    return max(own, children)


if __name__ == "__main__":
    main()
