"""What stops a run: one French sentence with its remedy, and what is at fault where it is known.

Apart from the catalogue of anomalies, and lighter: a command knows how it may stop before it knows
what it may find.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from batch.francais import typographie

if TYPE_CHECKING:
    from batch.anomalies import Anomalie


class Empechement(Exception):
    """What stops the run: one French sentence, with its remedy."""

    def __init__(self, phrase: str, anomalies: "Iterable[Anomalie]" = ()) -> None:
        super().__init__(typographie(phrase))
        self.anomalies = tuple(anomalies)


class MauvaisUsage(Empechement):
    """The command was asked for something that does not exist."""
