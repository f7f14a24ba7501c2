"""What the session set down for itself, as this very program did it: anything else is not read."""

import hmac

from batch import programme
from batch.folder import Folder


class Signature:
    """Of the bodies of one `forme`, by the session's key."""

    def __init__(self, folder: Folder, forme: str) -> None:
        self._cle = folder.key()
        self._forme = forme

    def sign(self, body: bytes, nom: str = "") -> bytes:
        """The body below its signature; `nom`: what it is set down under."""
        return self._of(body, nom) + b"\n" + body

    def checked(self, content: bytes, nom: str = "") -> bytes:
        """The body. Raises ValueError for what was not signed so."""
        signature, _, body = content.partition(b"\n")
        if not hmac.compare_digest(signature, self._of(body, nom)):
            raise ValueError("not signed by this session and this program")
        return body

    def _of(self, body: bytes, nom: str) -> bytes:
        head = f"{self._forme}\n{programme.fingerprint()}\n{nom}\n".encode()
        return hmac.new(self._cle, head + body, "sha256").hexdigest().encode()
