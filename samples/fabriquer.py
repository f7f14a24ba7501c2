"""Plays each scenario.yaml into the session folder beside it: python samples/fabriquer.py

A sample is then a session as it stands once the jury has decided: session.xlsx, reglement.yaml, the
grids that came back, deliberation.xlsx. `jury traiter` on a copy of it makes all its documents.
"""

import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from batch import chaine, demonstration
from batch.folder import Folder

HERE = Path(__file__).parent
KEPT = ("session.xlsx", "reglement.yaml", "deliberation.xlsx", "retours", ".jury/cle")


def main() -> None:
    for certification in demonstration.known():
        story = demonstration.scenario(certification)
        now = datetime.now(UTC)
        with tempfile.TemporaryDirectory() as place:
            folder = Folder(Path(place) / "session")
            demonstration.lay_down(folder, story)
            chaine.issue_grids(folder, now)
            demonstration.fill(folder, story)
            chaine.treat(folder, now)
            demonstration.deliberate(folder, story)
            for name in KEPT:
                source, target = folder.root / name, HERE / certification / name
                if target.is_dir():
                    shutil.rmtree(target)
                target.parent.mkdir(exist_ok=True)
                (shutil.copytree if source.is_dir() else shutil.copy)(source, target)


if __name__ == "__main__":
    main()
