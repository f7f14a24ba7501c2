"""A zip's bytes -> its entries, read within the limits. Nothing is ever extracted to the disk.

The sizes that a zip declares are used to refuse early, never to trust: what is inflated is
counted. Entries are found whatever the case and the slashes of their names, as Excel does.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from batch.anomalies import Code
from batch.reception import limites
from batch.reception.refus import Refus, damaged, suspect, too_big

_ENTRY = b"PK\x01\x02"  # opens each line of the zip's table of contents
_CHIFFRE = 0x1
_UTF8 = 0x800
_MORCEAU = 64 * 1024


@dataclass(frozen=True, slots=True)
class Bornes:
    """How far a zip may go: entries, bytes of one of them, bytes of all, inflated."""

    elements: int
    partie: int
    total: int
    ratio: int | None = None


CLASSEUR = Bornes(limites.ELEMENTS, limites.FEUILLE, limites.DECOMPRESSE, limites.RATIO)
DOCUMENT = Bornes(limites.ELEMENTS, limites.PARTIE, limites.DECOMPRESSE, limites.RATIO)
# Before it is known which of the two it is.
INCONNU = Bornes(
    limites.PIECES,
    max(limites.FEUILLE, limites.CONTENANT),
    limites.CONTENANT_DECOMPRESSE,
    limites.RATIO,
)
SCELLEE = Bornes(limites.PIECES_SCELLEES, limites.CONTENANT, limites.ARCHIVE_SCELLEE)
CONTENANT = Bornes(limites.PIECES, limites.CONTENANT, limites.CONTENANT_DECOMPRESSE, limites.RATIO)


class Archive:
    """A zip opened within bounds. Raises Refus at the first thing that goes beyond them."""

    def __init__(self, contenu: bytes, bornes: Bornes) -> None:
        self._bornes = bornes
        self._taille = len(contenu)
        self._lus = 0
        # Counted before the table of contents is parsed; it may also hold other zips' tables.
        if contenu.count(_ENTRY) > 20 * bornes.elements:
            raise too_big(f"il contient plus de {bornes.elements} éléments")
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(contenu))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise damaged("son sommaire est illisible, la fin manque sans doute") from error
        infos = [one for one in self._zip.infolist() if not one.filename.endswith("/")]
        if len(infos) > bornes.elements:
            raise too_big(f"il contient plus de {bornes.elements} éléments")
        self._entrees: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            if self._entrees.setdefault(_key(_name(info)), info) is not info:
                raise suspect(f"il contient deux fois l'élément {_name(info)[: limites.NOM]}")
        declared = [info.file_size for info in infos]
        if sum(declared) > bornes.total or max(declared, default=0) > bornes.partie:
            raise too_big("décompressé, il serait démesuré")
        self._check_ratio(sum(declared))

    @property
    def noms(self) -> list[str]:
        """The entries as they are named, slashes put right, folders left out."""
        return [_name(info) for info in self._entrees.values()]

    @property
    def chiffree(self) -> bool:
        return any(info.flag_bits & _CHIFFRE for info in self._entrees.values())

    def __contains__(self, nom: str) -> bool:
        return _key(nom) in self._entrees

    def read(self, nom: str, au_plus: int) -> bytes:
        """The whole of an entry. Raises KeyError when it is not there."""
        return b"".join(self.chunks(nom, au_plus))

    def chunks(self, nom: str, au_plus: int) -> Iterator[bytes]:
        """An entry as it inflates; stops at the bounds, whatever sizes are declared."""
        info = self._entrees[_key(nom)]
        if info.flag_bits & _CHIFFRE:
            raise Refus(Code.ARCHIVE_CHIFFREE)
        # The other methods inflate thousands-fold in one go; no office program uses them.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise suspect("il est compressé d'une façon que ni Excel ni Windows n'emploient")
        read = 0
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(_MORCEAU):
                    read += len(chunk)
                    self._lus += len(chunk)
                    if read > au_plus or self._lus > self._bornes.total:
                        raise too_big("décompressé, il serait démesuré")
                    self._check_ratio(self._lus)
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            ValueError,
            OSError,
            NotImplementedError,  # a flag or a version that this Python does not know
        ) as error:
            raise damaged("une partie ne se décompresse pas") from error

    def _check_ratio(self, inflated: int) -> None:
        ratio = self._bornes.ratio
        if ratio and limites.RATIO_A_PARTIR_DE < inflated > ratio * self._taille:
            raise too_big(f"il se décompresse plus de {ratio} fois")


def _name(info: zipfile.ZipInfo) -> str:
    """What the sender called it: UTF-8 declared or not (macOS does not), else Western DOS."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        raw = info.orig_filename.encode("cp437", "replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    return name.replace("\\", "/")


def _key(nom: str) -> str:
    return re.sub("/+", "/", nom).lstrip("/").casefold()
