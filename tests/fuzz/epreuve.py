"""One case -> its verdict: the whole check of a session to which this file has come back.

It runs in a child that is bounded in memory and watched by its parent: a hang or a crash of the
interpreter is a finding like another. A case is known by two numbers, seed and rank, and by them
made again.
"""

import json
import os
import resource
import select
import signal
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from conftest import NOW

from batch import chaine
from batch.chaine import corrections, rapport
from batch.classeurs.grille.lecture import Sort
from fuzz import balises, octets, paquets, specimens

MEMOIRE = 500 * 1024**2
# Far above what a case takes, even on a busy machine: past that, it does not end.
SECONDES = 60
# A fresh child now and then: what one case leaves behind must not decide for another.
PAR_ENFANT = 400


@dataclass
class Bilan:
    cas: int = 0
    fins: Counter[str] = field(default_factory=Counter)
    # The number of a case, and what went wrong: the last lines of a traceback, or how it died.
    trouvailles: list[tuple[int, str]] = field(default_factory=list)
    memoire: int = 0  # the most that any child grew by, in bytes


class Epreuve:
    """A session that waits for its grids, and cases made for it from a seed."""

    def __init__(self, root: Path, graine: int, autres: Iterable[Path] = ()) -> None:
        self.graine = graine
        self.folder, self.files = specimens.lay_down(root)
        self.files |= {path.name: path.read_bytes() for path in autres}
        self._contexte = chaine.gather(self.folder)
        self.judge("remplie.xlsx", self.files["remplie.xlsx"])  # every library is loaded by now

    def make(self, numero: int) -> tuple[str, bytes]:
        """The case of that number: a name, and bytes."""
        hasard = Random(f"{self.graine}/{numero}")
        name = hasard.choice(list(self.files))
        content = self.files[name]
        for _ in range(hasard.choice((1, 1, 1, 2))):
            content = _spoil(hasard, content)
        return name, content

    def judge(self, name: str, content: bytes) -> str:
        """How the file ends. Raises whatever the batch raises, and AssertionError when it lets a
        file go without a word."""
        path = self.folder.retours / name
        path.write_bytes(content)
        try:
            controle = chaine.read_returns(self._contexte)
            ends = controle.bilan.fichiers
            assert ends, "un fichier sans fin"
            told = {anomalie.lieu.fichier for anomalie in controle.anomalies}
            for one, sort in ends.items():
                assert sort is Sort.ACCEPTE or one in told, f"{one} : {sort}, sans un mot"
            counts = controle.bilan.comptes
            assert all(number >= 0 for own in counts.values() for number in own.values()), counts
            rapport.write_report(controle, controle.anomalies)
            corrections.write(controle, NOW)
        finally:
            path.unlink()
        return min(ends.values(), key=list(Sort).index).value

    def run(self, numeros: Iterator[int], stop: Callable[[], bool]) -> Bilan:
        """Every case until told to stop."""
        bilan = Bilan()
        pending = next(numeros, None)
        while pending is not None and not stop():
            pending = self._watch(pending, numeros, stop, bilan)
        return bilan

    def _watch(
        self, first: int, numeros: Iterator[int], stop: Callable[[], bool], bilan: Bilan
    ) -> int | None:
        """A child for some hundred cases; the number that comes next."""
        orders, answers = os.pipe(), os.pipe()
        child = os.fork()
        if child == 0:
            os.close(orders[1])
            os.close(answers[0])
            self._obey(orders[0], answers[1])
        os.close(orders[0])
        os.close(answers[1])
        numero: int | None = first
        with os.fdopen(orders[1], "w") as order, os.fdopen(answers[0]) as answer:
            for _ in range(PAR_ENFANT):
                print(numero, file=order, flush=True)
                ready, _, _ = select.select([answer], [], [], SECONDES)
                line = answer.readline() if ready else ""
                assert numero is not None
                bilan.cas += 1
                if not line:
                    os.kill(child, signal.SIGKILL)
                    why = "mort du processus" if ready else f"plus de {SECONDES} s"
                    bilan.trouvailles.append((numero, why))
                    numero = next(numeros, None)
                    break
                said = json.loads(line)
                bilan.memoire = max(bilan.memoire, said["memoire"])
                bilan.fins[said["fin"]] += 1
                if said["trace"]:
                    bilan.trouvailles.append((numero, said["trace"]))
                numero = next(numeros, None)
                if numero is None or stop():
                    break
        os.waitpid(child, 0)
        return numero

    def _obey(self, orders: int, answers: int) -> None:
        """The child's life: a number in, a verdict out."""
        warnings.simplefilter("error")
        base = _virtual_size()
        resource.setrlimit(resource.RLIMIT_AS, (base + MEMOIRE, base + MEMOIRE))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with os.fdopen(orders) as numbers, os.fdopen(answers, "w") as answer:
            for line in numbers:
                trace = ""
                try:
                    end = self.judge(*self.make(int(line)))
                except BaseException:
                    end, trace = "trouvaille", traceback.format_exc()
                grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
                said = {"fin": end, "trace": trace, "memoire": 1024 * grown}
                print(json.dumps(said), file=answer, flush=True)
        os._exit(0)


def _spoil(hasard: Random, content: bytes) -> bytes:
    means: list[octets.Abime] = [hasard.choice(octets.OCTETS)]
    if content[:2] == b"PK":
        means += [hasard.choice(paquets.ZIP)] * 4
    elif content.lstrip()[:1] == b"<":
        means += [balises.spoil] * 4
    try:
        return hasard.choice(means)(hasard, content)
    except Exception:  # spoilt once, it may be no zip any more
        return octets.flip(hasard, content)


def _virtual_size() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()
