"""How far evaluators who rated the same lines agree: share of equal ratings, and Cohen's kappa."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from batch.records import Appreciation

# Under this many common lines, kappa says more of chance than of the evaluators.
PEU = 30


@dataclass(frozen=True, slots=True)
class Accord:
    """Two evaluators over the lines that both rated.

    `kappa` (Cohen, 1960) is the agreement beyond what their habits alone would give; None when
    both always said the same single thing, for chance then explains everything.
    """

    evaluateurs: tuple[str, str]
    lignes: int
    communes: Fraction
    kappa: Fraction | None

    @property
    def fragile(self) -> bool:
        return self.lignes < PEU


def measure(appreciations: Iterable[Appreciation]) -> list[Accord]:
    """Every pair of evaluators who rated a line of the same candidate, by their numbers."""
    by_line: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for one in appreciations:
        if not one.arbitrage:
            said = one.niveau if one.niveau is not None else str(one.note)
            by_line[one.candidat, one.ligne][one.evaluateur] = said
    pairs: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for said_by in by_line.values():
        for first, second in combinations(sorted(said_by), 2):
            pairs[first, second].append((said_by[first], said_by[second]))
    return [_accord(pair, both) for pair, both in sorted(pairs.items())]


def _accord(pair: tuple[str, str], both: list[tuple[str, str]]) -> Accord:
    count = len(both)
    observed = Fraction(sum(one == other for one, other in both), count)
    first, second = Counter(one for one, _ in both), Counter(other for _, other in both)
    chance = sum((Fraction(first[word] * second[word], count**2) for word in first), Fraction())
    kappa = None if chance == 1 else (observed - chance) / (1 - chance)
    return Accord(pair, count, observed, kappa)
