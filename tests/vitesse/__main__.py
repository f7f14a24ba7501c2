"""Measure the stages, print the table."""

import argparse
import sys
from pathlib import Path

from . import etapes, tableau
from .etapes.etape import NAIF, NOUS
from .mesure import compile_all, measure
from .session import CACHE, CERTIFICATION, Specification


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.vitesse", description=__doc__)
    parser.add_argument(
        "--candidats", type=int, nargs="+", default=[100], metavar="N", help="how many, each time"
    )
    parser.add_argument("--etapes", nargs="+", choices=etapes.NOMS, default=etapes.NOMS)
    parser.add_argument("--repetitions", type=int, default=3, metavar="N")
    parser.add_argument(
        "--naif-jusqu-a", type=int, default=1000, metavar="N",
        help="beyond so many candidates, ours and the limit only",
    )  # fmt: skip
    parser.add_argument("--graine", type=int, default=1, help="the seed of the sessions")
    parser.add_argument("--certification", default=CERTIFICATION)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where sessions are kept")
    asked = parser.parse_args()
    compile_all()
    series: list[tableau.Serie] = []
    for nom in asked.etapes:
        etape = etapes.load(nom)
        for count in asked.candidats:
            if etape.candidats_max is not None and count > etape.candidats_max:
                continue
            wanted = Specification(count, asked.graine, etape.fautes, asked.certification)
            ways = tuple(w for w in etape.facons if w != NAIF or count <= asked.naif_jusqu_a)
            serie = tableau.Serie(etape, count)
            series.append(serie)
            for turn in range(asked.repetitions):
                # What each way leaves is compared once; taking its fingerprint costs more than it.
                own = measure(etape, wanted, ways, asked.cache, temoin=turn == 0 and NAIF in ways)
                serie.tours.append({one.facon: one for one in own})
                last = serie.tours[-1]
                said = ", ".join(f"{w} {last[w].secondes:.2f} s" for w in last)
                print(f"{nom} {count} : {said}", file=sys.stderr, flush=True)
            assert serie.seconds(NOUS) is not None
    print(f"{tableau.machine()}.\n\n{tableau.table(series)}\n")
    if len(asked.candidats) > 1:
        print(tableau.growth(series))
    return 1 if any(serie.verdict == "DIFFÉRENT" for serie in series) else 0


if __name__ == "__main__":
    sys.exit(main())
