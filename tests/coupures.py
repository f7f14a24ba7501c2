"""Kills a command of the batch wherever it touches the disk: run by test_coupures.

    python -m coupures DOSSIER controle|traiter ETATS

The command runs once. At each call that changes something under DOSSIER, and in the middle of each
file that it writes, the process forks and the fork is killed (SIGKILL): at once, then again after
it has gone on by itself for a random time, the folder being put back afterwards. What each leaves
behind is copied under ETATS, the same once. Prints how many were killed.
"""

import hashlib
import json
import os
import random
import re
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conftest import NOW

from batch import chaine
from batch.folder import open_folder

# Seconds that a fork goes on for: from one write to a few dozen.
AU_PLUS = 0.05
COMMANDES: dict[str, Callable[..., Any]] = {"controle": chaine.control, "traiter": chaine.treat}


class Coupures:
    def __init__(self, root: Path, etats: Path) -> None:
        self._root, self._etats = root, etats
        self._seen: set[str] = set()
        self._hasard = random.Random(1)
        self._quiet = False
        self.forked = False  # in a fork that goes on by itself
        self.tues: Counter[str] = Counter()

    def install(self) -> None:
        """Stand before every call that changes the disk."""
        for name in ("open", "replace", "unlink", "mkdir", "rmdir", "fsync", "chmod"):
            setattr(os, name, self._before(name, getattr(os, name)))
        opened = os.fdopen
        os.fdopen = lambda *args: _HalfWay(opened(*args), self)  # type: ignore[assignment]

    def _before(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(first: Any, *rest: Any, **named: Any) -> Any:
            ours = isinstance(first, int) or str(first).startswith(str(self._root))
            if ours or named.get("dir_fd") is not None:
                # A folder cannot be put back under a file that is open.
                self.kill(and_later=name in ("replace", "chmod"))
            return real(first, *rest, **named)

        return wrapped

    def kill(self, *, and_later: bool = False) -> None:
        if self._quiet:
            return
        self._quiet = True  # what is done here is no call of the command
        self._fork(0)
        self._keep("à un point")
        if and_later:
            aside = self._etats / "présent"
            shutil.copytree(self._root, aside)
            self._fork(self._hasard.random() * AU_PLUS)
            if self.forked:
                return
            self._keep("au hasard")
            shutil.rmtree(self._root)
            aside.rename(self._root)
        self._quiet = False

    def _fork(self, seconds: float) -> None:
        """A fork that dies now, or that goes on and dies later, wherever it then is."""
        child = os.fork()
        if child == 0:
            if not seconds:
                os.kill(os.getpid(), signal.SIGKILL)
            self.forked = True
            return
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    def _keep(self, how: str) -> None:
        """What a killed process left, unless another left the same."""
        self.tues[how] += 1
        digest = hashlib.sha256()
        for path in sorted(self._root.rglob("*")):
            name = re.sub(r"\.jury-.*\.tmp", ".tmp", str(path))
            digest.update(name.encode() + (path.read_bytes() if path.is_file() else b"/"))
        if digest.hexdigest() not in self._seen:
            self._seen.add(digest.hexdigest())
            shutil.copytree(self._root, self._etats / f"{len(self._seen):04}")


class _HalfWay:
    """A file that is written in two times, so that it may be left in between."""

    def __init__(self, stream: Any, coupures: Coupures) -> None:
        self._stream, self._coupures = stream, coupures

    def write(self, content: bytes) -> int:
        half = len(content) // 2
        self._stream.write(content[:half])
        self._stream.flush()
        self._coupures.kill()
        return half + int(self._stream.write(content[half:]))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> "_HalfWay":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def main(root: Path, commande: str, etats: Path) -> None:
    coupures = Coupures(root, etats)
    coupures.install()
    COMMANDES[commande](open_folder(root), NOW)
    if coupures.forked:
        signal.pause()  # it was quicker than its killer
    print(json.dumps(coupures.tues))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
