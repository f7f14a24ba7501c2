"""Play cases until the time is over, or one of them by its number."""

import argparse
import itertools
import json
import sys
import tempfile
import time
from pathlib import Path

from fuzz.epreuve import Epreuve


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("--graine", type=int, default=1, help="the seed")
    parser.add_argument("--minutes", type=float, help="how long to play")
    parser.add_argument("--nombre", type=int, help="how many cases to play")
    parser.add_argument("--cas", type=int, help="this case alone, with its traceback")
    parser.add_argument("--garder", type=Path, help="where to leave the files at fault")
    parser.add_argument("--avec", type=Path, nargs="*", default=[], help="other files to spoil")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        epreuve = Epreuve(Path(root), asked.graine, asked.avec)
        if asked.cas is not None:
            name, content = epreuve.make(asked.cas)
            if asked.garder:
                (asked.garder / f"{asked.cas} {name}").write_bytes(content)
            print(name, epreuve.judge(name, content))
            return 0
        numbers = iter(range(asked.nombre)) if asked.nombre else itertools.count()
        started = time.monotonic()
        limit = None if asked.minutes is None else started + 60 * asked.minutes
        bilan = epreuve.run(numbers, lambda: limit is not None and time.monotonic() > limit)
        for numero, why in bilan.trouvailles:
            name, content = epreuve.make(numero)
            print(f"--- cas {numero} ({name})\n{why}", file=sys.stderr)
            if asked.garder:
                (asked.garder / f"{numero} {name}").write_bytes(content)
    print(
        json.dumps(
            {
                "cas": bilan.cas,
                "par_seconde": round(bilan.cas / (time.monotonic() - started), 1),
                "fins": bilan.fins,
                "trouvailles": [numero for numero, _ in bilan.trouvailles],
                "memoire_mio": bilan.memoire // 1024**2,
            },
            ensure_ascii=False,
        )
    )
    return 1 if bilan.trouvailles else 0


if __name__ == "__main__":
    sys.exit(main())
