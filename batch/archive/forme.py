"""Pieces and their manifest <-> the bytes of an archive: an ordinary zip, the same each time.

Nothing is compressed (the pieces are zips themselves): the bytes do not depend on the machine's
own compressor, today or in ten years. The zip's comment, its very last bytes, is the seal: the
SHA-256 of everything before it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from batch import zips
from batch.anomalies import Empechement
from batch.francais import compte, nombre
from batch.reception import limites

FORMAT = "jury/archive/1"
MANIFESTE = "manifeste.json"
SESSION = "session/"  # the session's own files, under their own names
PROGRAMME = "programme/"  # what came from the program: référentiel, templates

_SCEAU = re.compile(rb"(jury/archive/\d+) sha256 [0-9a-f]{64}\Z")
_ANNONCE = f"{FORMAT} sha256 ".encode()
_CHIFFRES = 64
_LONGUEUR = len(_ANNONCE) + _CHIFFRES
# Our mark is at both ends, so that no single damage makes an archive look like something else.
_EN_TETE = 30  # bytes of a zip entry's header before its name


@dataclass(frozen=True, slots=True)
class Piece:
    sha256: str
    taille: int

    @classmethod
    def of(cls, contenu: bytes) -> "Piece":
        return cls(hashlib.sha256(contenu).hexdigest(), len(contenu))


@dataclass(frozen=True, slots=True)
class Fondement:
    """What the procès-verbal rests on; its fingerprint is the one printed on it."""

    empreinte: str
    pieces: tuple[tuple[str, str], ...]  # name, SHA-256: in the order of the list it is made from

    @property
    def courte(self) -> str:
        """As a page prints it: « 1a2b 3c4d 5e6f 7a8b »."""
        return " ".join(self.empreinte[start : start + 4] for start in range(0, 16, 4))


def rests_on(pieces: Iterable[tuple[str, str]]) -> Fondement:
    listed = tuple(pieces)
    return Fondement(listing_fingerprint(listed), listed)


@dataclass(frozen=True, slots=True)
class Programme:
    """What made the archive: the program's version, Python's, the libraries'."""

    version: str
    python: str
    bibliotheques: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifeste:
    """What manifeste.json says; schemas/archive.schema.json describes it. Additions only."""

    session: Mapping[str, str | None]
    actes: tuple[str, ...]
    fondement: Fondement
    programme: Programme
    pieces: Mapping[str, Piece]
    # Between two versions of a grid, the last saved was retained.
    plus_recente: bool = False
    format: str = FORMAT

    @property
    def empreinte(self) -> str:
        """The fingerprint of all the pieces together."""
        return listing_fingerprint((nom, self.pieces[nom].sha256) for nom in sorted(self.pieces))


@dataclass(frozen=True, slots=True)
class Assemblage:
    """The bytes of an archive, end to end: never laid side by side, for they weigh a session."""

    morceaux: Sequence[bytes] = field(repr=False)
    empreinte: str  # of them all, seal included

    @property
    def contenu(self) -> bytes:
        return b"".join(self.morceaux)


@dataclass(frozen=True, slots=True)
class Scellee:
    """An archive that was found whole."""

    manifeste: Manifeste
    pieces: Mapping[str, bytes] = field(repr=False)
    empreinte: str  # of the file, seal included


def listing_fingerprint(pieces: Iterable[tuple[str, str]]) -> str:
    """The fingerprint of a list of names and fingerprints, as `sha256sum` prints such a list."""
    lines = [f"{sha256}  {nom}\n" for nom, sha256 in pieces]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def assemble(manifeste: Manifeste, pieces: Mapping[str, bytes], jour: date) -> Assemblage:
    """The archive, every entry dated from the session's own day.

    Raises Empechement rather than make one that could not be opened again.
    """
    contents = ((MANIFESTE, _as_json(manifeste)), *sorted(pieces.items()))
    _check_bounds({nom: len(contenu) for nom, contenu in contents})
    entries = ((nom, zips.stored(contenu)) for nom, contenu in contents)
    body = [*zips.pack(entries, jour, _LONGUEUR), _ANNONCE]
    read = hashlib.sha256()
    for piece in body:
        read.update(piece)
    seal = read.hexdigest().encode()
    read.update(seal)
    return Assemblage((*body, seal), read.hexdigest())


def _check_bounds(tailles: Mapping[str, int]) -> None:
    heaviest, whole = max(tailles, key=lambda nom: tailles[nom]), sum(tailles.values())
    if tailles[heaviest] > limites.CONTENANT:
        raise Empechement(
            f"La session ne peut pas être archivée : {heaviest} pèse {_mo(tailles[heaviest])}, et "
            f"une pièce {_mo(limites.CONTENANT)} au plus. Si ce fichier n'est pas de cette "
            f"session, retirez-le."
        )
    if len(tailles) > limites.PIECES_SCELLEES or whole > limites.ARCHIVE_SCELLEE:
        raise Empechement(
            f"La session ne tient pas dans une archive : {compte(len(tailles), 'pièce')} et "
            f"{_mo(whole)}, pour {nombre(limites.PIECES_SCELLEES)} et "
            f"{_mo(limites.ARCHIVE_SCELLEE)} au plus. Retirez de retours/ et de documents/ ce qui "
            f"n'est pas de cette session."
        )


def _mo(taille: int) -> str:
    return compte(-(-taille // 1024**2), "Mo", "Mo")


def _as_json(manifeste: Manifeste) -> bytes:
    pieces = {
        nom: {"sha256": piece.sha256, "taille": piece.taille}
        for nom, piece in manifeste.pieces.items()
    }
    content = {**asdict(replace(manifeste, pieces={})), "pieces": pieces}
    content["empreinte"] = manifeste.empreinte
    return (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def is_ours(contenu: bytes) -> bool:
    """It was made by this program, whatever has happened to it since."""
    begins = contenu[_EN_TETE : _EN_TETE + len(MANIFESTE)] == MANIFESTE.encode()
    return begins or _SCEAU.search(contenu[-2 * _LONGUEUR :]) is not None


def newer_format(contenu: bytes) -> str | None:
    """The format of an archive, whole, that only a later version of this program can read."""
    sealed = _SCEAU.search(contenu[-2 * _LONGUEUR :])
    if sealed is None or sealed[1] == FORMAT.encode() or not is_sealed(contenu):
        return None
    return sealed[1].decode()


def is_sealed(contenu: bytes) -> bool:
    return read_seal(contenu)[0]


def read_seal(contenu: bytes) -> tuple[bool, str]:
    """Whether not one byte has changed, been added or taken away; and the file's fingerprint."""
    read = hashlib.sha256(memoryview(contenu)[:-_CHIFFRES])
    seal = contenu[-_CHIFFRES:]
    whole = seal == read.hexdigest().encode()
    read.update(seal)
    return whole, read.hexdigest()


def parse(contenu: bytes) -> Manifeste:
    """The manifest, of which a later version may say more. Raises ValueError when it is none."""
    from pydantic import TypeAdapter

    said: Any = json.loads(contenu)
    manifeste = TypeAdapter(Manifeste).validate_python(said)
    if any(not _is_safe(nom) for nom in manifeste.pieces):
        raise ValueError("a piece would be laid outside its folder")
    if said.get("empreinte") != manifeste.empreinte:
        raise ValueError("the manifest contradicts itself")
    return manifeste


def _is_safe(nom: str) -> bool:
    parts = nom.split("/")
    return parts[0] + "/" in (SESSION, PROGRAMME) and not any(
        part in ("", ".", "..") or re.search(r'[<>:"\\|?*\x00-\x1f\x7f]', part) for part in parts
    )
