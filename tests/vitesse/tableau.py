"""Measures -> the table that people read: medians, ratios with their extremes, growth."""

import math
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from .etapes.etape import LIMITE, NAIF, NOUS, Etape
from .mesure import Mesure

ENTETE = (
    "Étape", "candidats", "naïf (s)", "nous (s)", "limite (s)", "naïf ÷ nous", "nous ÷ limite",
    "mémoire (Mio)", "résultat", "visé",
)  # fmt: skip


@dataclass(slots=True)
class Serie:
    """A stage at one size, repeated."""

    etape: Etape
    candidats: int
    tours: list[Mapping[str, Mesure]] = field(default_factory=list)

    def seconds(self, facon: str) -> float | None:
        times = [tour[facon].secondes for tour in self.tours if facon in tour]
        return median(times) if times else None

    def ratio(self, over: str, under: str) -> str:
        """Of ways timed in the same turn: « 12,3 (11,9–13,0) »."""
        found = [
            tour[over].secondes / tour[under].secondes
            for tour in self.tours
            if over in tour and under in tour
        ]
        if not found:
            return "–"
        extremes = f" ({_number(min(found))}–{_number(max(found))})" if len(found) > 1 else ""
        return f"{_number(median(found))} ×{extremes}"

    @property
    def memory(self) -> str:
        most = [m.memoire for tour in self.tours for m in [tour[NOUS]] if m.memoire is not None]
        return str(max(most)) if most else "–"

    @property
    def verdict(self) -> str:
        said = {m.empreinte for tour in self.tours for m in tour.values() if m.empreinte}
        compared = [tour for tour in self.tours if NAIF in tour and tour[NAIF].empreinte]
        if not compared:
            return "–"
        return "égal" if len(said) == 1 else "DIFFÉRENT"


def table(series: Iterable[Serie]) -> str:
    rows = [ENTETE, tuple("---" for _ in ENTETE)]
    for one in series:
        times = [one.seconds(facon) for facon in (NAIF, NOUS, LIMITE)]
        rows.append(
            (
                one.etape.titre,
                str(one.candidats),
                *("–" if time is None else _number(time) for time in times),
                one.ratio(NAIF, NOUS),
                one.ratio(NOUS, LIMITE),
                one.memory,
                one.verdict,
                one.etape.vise,
            )
        )
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def growth(series: Sequence[Serie]) -> str:
    """From one size to the next: how much more time, as a power of how many more candidates."""
    lines = []
    for name in dict.fromkeys(one.etape.nom for one in series):
        own = sorted((s for s in series if s.etape.nom == name), key=lambda s: s.candidats)
        for before, after in pairwise(own):
            first, second = before.seconds(NOUS), after.seconds(NOUS)
            assert first is not None
            assert second is not None
            power = math.log(second / first) / math.log(after.candidats / before.candidats)
            sizes = f"de {before.candidats} à {after.candidats} candidats"
            lines.append(f"- {own[0].etape.titre}, {sizes} : exposant {_number(power)}")
    return "\n".join(lines)


def machine() -> str:
    import os

    return f"Python {platform.python_version()}, {platform.system()}, {os.cpu_count()} cœurs"


def _number(value: float) -> str:
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f}".replace(".", ",")
