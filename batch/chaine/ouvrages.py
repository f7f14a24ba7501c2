"""What was made of the same inputs by the same program, and still stands, is not made again.

A record says which bytes each set of inputs made: fingerprints, no name, no result. That is true
whatever happens to the files since: one is taken as it stands only where it holds those very bytes.
A record that is lost, or that nobody here signed, tells nothing: everything is made.
"""

import json
from collections.abc import Callable
from pathlib import Path

from batch import fichiers, transaction
from batch.chaine.signature import Signature
from batch.folder import Folder
from batch.transaction import Brouillon, Contenu

_FORMAT = "jury/ouvrages/1"


class Ouvrages:
    """The works of one `serie`, each known by the fingerprint of all that it is made of (the
    program aside: the signature holds it)."""

    def __init__(self, folder: Folder, serie: str) -> None:
        self._folder = folder
        self._path = folder.ouvrages / f"{serie}.json"
        self._signature = Signature(folder, f"{_FORMAT}\n{serie}")
        self._before = self._recall()
        self._now: dict[str, str] = {}

    def __len__(self) -> int:
        """How many the last run left."""
        return len(self._before)

    def take(self, path: Path, source: str, make: Callable[[], bytes]) -> Contenu:
        """What these inputs make, to stand at `path`: made only where it does not stand there."""
        return self.standing(path, source) or self.made(source, make())

    def standing(self, path: Path, source: str) -> Brouillon | None:
        """What these inputs make, where it stands at `path` already."""
        known = self._before.get(source)
        if known is None or transaction.fingerprint_of(path) != known:
            return None
        self._now[source] = known
        return Brouillon(path, known)

    def made(self, source: str, content: bytes) -> bytes:
        """This content, which is what these inputs make."""
        self._now[source] = fichiers.fingerprint(content)
        return content

    def record(self) -> dict[str, bytes]:
        """What to write with what was taken."""
        body = json.dumps(self._now, separators=(",", ":")).encode()
        return {self._folder.relative(self._path): self._signature.sign(body)}

    def _recall(self) -> dict[str, str]:
        try:
            body = self._signature.checked(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        said: dict[str, str] = json.loads(body)
        return said
