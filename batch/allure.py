"""How a command goes about its work: by how many processes, and who watches.

Whatever it is, the same work is done, and the same bytes are written.
"""

from collections.abc import Callable
from dataclasses import dataclass

# How many are done, of how many.
Progres = Callable[[int, int], None]


def unseen(done: int, of: int) -> None:
    """Nobody watches this."""


@dataclass(frozen=True, slots=True)
class Allure:
    """`processus`: how many at once; by default, as many as pay.

    `stage`: told the name of each stage as it begins, as a person reads it; the one before it is
    over.
    """

    processus: int | None = None
    stage: Callable[[str], Progres] = lambda titre: unseen


ORDINAIRE = Allure()
