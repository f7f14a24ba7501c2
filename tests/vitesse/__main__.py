"""Make the sessions that the measures are taken on, and say where they are."""

import argparse
import sys
from pathlib import Path

from .session import CACHE, CERTIFICATION, Etat, Specification, ready


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.vitesse", description=__doc__)
    parser.add_argument("--candidats", type=int, nargs="+", default=[100], metavar="N")
    parser.add_argument("--certification", default=CERTIFICATION)
    parser.add_argument("--graine", type=int, default=1, help="the seed")
    parser.add_argument("--etat", type=Etat, choices=list(Etat), default=Etat.RENDUE)
    parser.add_argument("--propre", action="store_true", help="grids without a fault")
    parser.add_argument("--cache", type=Path, default=CACHE)
    asked = parser.parse_args()
    for count in asked.candidats:
        wanted = Specification(count, asked.graine, not asked.propre, asked.certification)
        print(ready(wanted, asked.etat, asked.cache).root)
    return 0


if __name__ == "__main__":
    sys.exit(main())
