"""The same work on many things -> its results, in their order, by one process or by several.

Processes are started anew (« spawn »), as Windows and macOS do: each imports the program once, and
is given once what all the tasks share. Below a certain amount of work this costs more than it
saves, and one process does everything. Whatever their number, the results are the same.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any, TypeVar

from batch import demarrage

T = TypeVar("T")
R = TypeVar("R")

# How far each process may run ahead of whoever takes the results: they wait in memory.
_AVANCE = 4


def usual(taches: int, par_processus: int) -> int:
    """How many processes pay for so many tasks, when each must have that many to be worth it."""
    return max(1, min(_cores(), taches // par_processus))


def _cores() -> int:
    """Those that this process may use, where the system tells."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def share(
    travail: Callable[[T], R],
    taches: Iterable[T],
    processus: int,
    deja: Callable[[T], R | None] = lambda tache: None,
) -> Iterator[R]:
    """What this work makes of each task, in the order of the tasks.

    `travail` and the tasks must be such that pickle takes them; each task is taken when its turn
    comes. `deja`: what is known of one without any work, if it is. What one task raises is raised
    here, and the others are given up.
    """
    if processus <= 1:
        for tache in taches:
            known = deja(tache)
            yield travail(tache) if known is None else known
        return
    # A process is started when there is a task that nobody is free to do.
    with ProcessPoolExecutor(
        processus, get_context("spawn"), initializer=_begin, initargs=(travail,)
    ) as pool:

        def ask(tache: T) -> Callable[[], R]:
            known = deja(tache)
            return pool.submit(_do, tache).result if known is None else lambda: known

        asked = map(ask, taches)
        try:
            waiting = deque(islice(asked, _AVANCE * processus))
            while waiting:
                yield waiting.popleft()()
                waiting += islice(asked, 1)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


# What this process was started for.
_travail: Callable[[Any], Any]


def _begin(travail: Callable[[Any], Any]) -> None:
    global _travail
    demarrage.begin()
    _travail = travail


def _do(tache: Any) -> Any:
    return _travail(tache)
