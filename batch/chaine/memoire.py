"""The grids already read, so that a run opens only those that changed since the last.

What is remembered is what `cellules.read` makes of a file's bytes, and of nothing else: it is
taken up again only for the same bytes, by the same program, as this session set it down. Whatever
is wrong with it, it is as if it were not there: the grid is read.
"""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from batch import fichiers, transaction
from batch.anomalies import Anomalie, Empechement
from batch.chaine.signature import Signature
from batch.classeurs import cellules, echange
from batch.classeurs.cellules import Classeur
from batch.folder import Folder

_FORMAT = "jury/lecture/1"


class Lectures:
    """The readings of a session's grids. Nothing is written before `keep`."""

    def __init__(self, folder: Folder) -> None:
        self._place = folder.lectures
        self._drafts = folder.root / transaction.BROUILLONS
        self._signature = Signature(folder, _FORMAT)
        self._known: set[str] = set()
        self._fresh: set[str] = set()
        self._packed: dict[str, bytes] = {}

    def read(self, nom: str, contenu: bytes) -> tuple[Classeur | None, list[Anomalie]]:
        """What `cellules.read` says of it."""
        empreinte = fichiers.fingerprint(contenu)
        kept = self._recall(nom, empreinte)
        if kept is not None:
            self._known.add(empreinte)
            self._packed[empreinte] = echange.pack(kept)
            return kept, []
        classeur, faults = cellules.read(nom, contenu)
        # What there is something to say about is read each time, and said.
        if classeur is not None:
            self._packed[empreinte] = echange.pack(classeur)
            if not faults:
                self._fresh.add(empreinte)
        return classeur, faults

    def again(self, nom: str, empreinte: str) -> Classeur:
        """A workbook that `read` gave, without its file."""
        return echange.unpack(nom, self._packed[empreinte])

    def keep(self) -> None:
        """Set down what was read anew, and forget what is no longer in retours/."""
        # A disk that is full, or protected: the next run will read them again.
        with suppress(OSError, Empechement):
            self._place.mkdir(parents=True, exist_ok=True)
            for empreinte in self._fresh:
                self._write(empreinte, echange.unfold(self._packed[empreinte]))
            _forget(self._place, self._known | self._fresh)

    def _recall(self, nom: str, empreinte: str) -> Classeur | None:
        try:
            body = self._signature.checked(self._path(empreinte).read_bytes(), empreinte)
            return echange.from_json(nom, json.loads(body))
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def _write(self, empreinte: str, body: bytes) -> None:
        # No need to wait for the disk: what a power failure tears is as if it were not there.
        draft = fichiers.lay(self._drafts, self._signature.sign(body, empreinte))
        fichiers.move(draft, self._path(empreinte))

    def _path(self, empreinte: str) -> Path:
        return self._place / f"{empreinte}.json"


def _forget(place: Path, kept: Iterable[str]) -> None:
    names = {f"{empreinte}.json" for empreinte in kept}
    for path in place.iterdir():
        if path.name not in names:
            path.unlink()
