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
    candidats: Iterable[str], lignes: Iterable[L], etats: Iterable[object]
) -> list[tuple[Sequence[str], Sequence[tuple[L, Markup]]]]:
    """Candidates in their order, with the rows that have a sheet for one of them, each with its
    cells as they are printed."""
    numeros = list(candidats)
    cells = printed("matrice.html", "case", (*etats, None))
    tranches = [numeros[n : n + _PAR_TABLE] for n in range(0, len(numeros), _PAR_TABLE)]
    place = {numero: rank for rank, tranche in enumerate(tranches) for numero in tranche}
    own: dict[int, list[tuple[L, Markup]]] = defaultdict(list)
    for ligne in lignes:
        for rank in {place[numero] for numero in ligne.etats}:
            here = "\n".join(cells[ligne.etats.get(numero)] for numero in tranches[rank])
            own[rank].append((ligne, Markup(here)))  # noqa: S704  # the template's own, all of it
    return [(tranche, own[rank]) for rank, tranche in enumerate(tranches)]
