"""A table too wide for a page -> slices of it, each with the rows that say something there.

A thousand candidates make thousands of cells, and these say seven different things.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

from markupsafe import Markup

from batch.pages.rendu import printed

# The columns of candidates that a sheet of A4 takes beside the names: past them, another table.
_PAR_TABLE = 20


class Ligne(Protocol):
    """What one évaluateur was to return; by candidate, where it stands."""

    @property
    def etats(self) -> Mapping[str, object]: ...


L = TypeVar("L", bound=Ligne)


def slices(
    candidats: Iterable[str], lignes: Iterable[L]
) -> list[tuple[Sequence[str], Sequence[L]]]:
    """Candidates in their order, with the rows that have a sheet for one of them."""
    numeros = list(candidats)
    tranches = [numeros[n : n + _PAR_TABLE] for n in range(0, len(numeros), _PAR_TABLE)]
    place = {numero: rank for rank, tranche in enumerate(tranches) for numero in tranche}
    own: dict[int, list[L]] = defaultdict(list)
    for ligne in lignes:
        for rank in {place[numero] for numero in ligne.etats}:
            own[rank].append(ligne)
    return [(tranche, own[rank]) for rank, tranche in enumerate(tranches)]


E = TypeVar("E")


def cells(etats: Iterable[E]) -> dict[E | None, Markup]:
    """What stands in the cell of each state, and where there is no sheet."""
    return printed("matrice.html", "case", (*etats, None))
