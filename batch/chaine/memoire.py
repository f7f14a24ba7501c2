"""The grids that came back -> what each brings; a run reads only those that changed since the last.

What is remembered of a file is what its bytes say, as this program read them for this session: its
cells, and what the session makes of them. It is taken up again only for the same bytes, by the same
program, as this session set it down; and what was made of the cells, only while the session asks
the same. Whatever is wrong with it, it is as if it were not there: the grid is read.
"""

import json
from collections import deque
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from batch import fichiers, transaction
from batch.allure import Progres, unseen
from batch.anomalies import Anomalie, Empechement
from batch.chaine import ouvriers
from batch.chaine.ouverture import Contexte
from batch.chaine.signature import Signature
from batch.classeurs import cellules, echange
from batch.classeurs.cellules import Classeur
from batch.classeurs.grille import apport
from batch.classeurs.grille.apport import Apport
from batch.classeurs.grille.lecture import Lecteur
from batch.classeurs.grille.remplacement import Remplacees

_FORMAT = "jury/lecture/2"
# A workbook takes a fiftieth of a second, and a process a whole one to start.
_PAR_PROCESSUS = 80


@dataclass(frozen=True, slots=True)
class Recu:
    """A file that came back, under the name by which the user will find it."""

    nom: str
    empreinte: str
    contenu: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Lu:
    """A file that was read; no apport when it could not be, and then why."""

    nom: str
    apport: Apport | None
    anomalies: tuple[Anomalie, ...] = ()


class Lectures:
    """The readings of a session's grids. Nothing is written before `keep`."""

    def __init__(self, contexte: Contexte) -> None:
        folder = contexte.folder
        self._place, self._retours = folder.lectures, folder.retours
        self._drafts = folder.root / transaction.BROUILLONS
        self._signature = Signature(folder, _FORMAT)
        self._regles = contexte.fingerprint()
        self._known: set[str] = set()
        self._fresh: dict[str, bytes] = {}  # bodies to be set down
        self._apart: dict[str, bytes] = {}  # cells of what is read each time

    def read(
        self,
        recus: Iterable[Recu],
        lecteur: Lecteur,
        processus: int | None = None,
        progres: Progres = unseen,
    ) -> list[Lu]:
        """What each file brings, in their order. By so many processes, or as many as pay."""
        files = sum(path.is_file() for path in self._retours.rglob("*"))
        lus: list[Lu | None] = []
        expected: deque[int] = deque()

        def unread() -> Iterator[_Tache]:
            for recu in recus:
                cells, own = self._recall(recu, lecteur)
                lus.append(own)
                if own is None:
                    expected.append(len(lus) - 1)
                    yield _Tache(recu, cells)

        count = processus or ouvriers.usual(files - self._count(), _PAR_PROCESSUS)
        for one in ouvriers.share(partial(_sort_out, lecteur), unread(), count):
            lus[expected.popleft()] = self._take(one, lecteur)
            progres(min(len(lus) - len(expected), files), files)
        progres(files, files)  # what is no grid, or known already, takes no time
        return [lu for lu in lus if lu is not None]

    def again(self, nom: str, empreinte: str) -> Classeur:
        """The cells of a workbook that `read` gave, without its file."""
        if empreinte in self._apart:
            cells = self._apart[empreinte]
        elif empreinte in self._fresh:
            cells = self._fresh[empreinte].partition(b"\n")[2]
        else:
            try:
                cells = self._body(empreinte).partition(b"\n")[2]
            except (OSError, ValueError) as error:
                raise Empechement(
                    "Ce qui avait été lu des grilles a disparu de .jury/lectures pendant le "
                    "traitement. Relancez la commande."
                ) from error
        return echange.from_json(nom, echange.unpack(cells))

    def keep(self) -> None:
        """Set down what was read anew, and forget what is no longer in retours/."""
        # A disk that is full, or protected: the next run will read them again.
        with suppress(OSError, Empechement):
            self._place.mkdir(parents=True, exist_ok=True)
            for empreinte in list(self._fresh):
                self._write(empreinte, self._fresh[empreinte])
                self._known.add(empreinte)
                del self._fresh[empreinte]
            _forget(self._place, self._known)

    def _recall(self, recu: Recu, lecteur: Lecteur) -> tuple[bytes | None, Lu | None]:
        """Its cells, and what they bring where the session still asks the same."""
        try:
            head, _, cells = self._body(recu.empreinte).partition(b"\n")
            said = json.loads(head)
            if said["regles"] != self._regles or said["apport"] is None:
                return cells, None
            own = apport.from_json(recu.nom, said["apport"], lecteur)
        except (OSError, ValueError, TypeError, LookupError):
            return None, None
        self._known.add(recu.empreinte)
        return cells, Lu(recu.nom, own)

    def _take(self, one: "_Depouille", lecteur: Lecteur) -> Lu:
        if one.apport is None:
            return Lu(one.nom, None, one.fautes)
        said = json.loads(one.apport)
        if one.fautes:
            # What there is something to say about is read each time, and said.
            self._apart[one.empreinte] = one.cellules
        else:
            alone = not one.anomalies and not one.remplace
            head = {"regles": self._regles, "apport": said if alone else None}
            body = json.dumps(head, separators=(",", ":")).encode() + b"\n" + one.cellules
            self._fresh[one.empreinte] = body
        own = apport.from_json(one.nom, said, lecteur)
        own = replace(own, anomalies=one.anomalies, remplace=one.remplace)
        return Lu(one.nom, own, one.fautes)

    def _count(self) -> int:
        try:
            return sum(1 for _ in self._place.iterdir())
        except OSError:
            return 0

    def _body(self, empreinte: str) -> bytes:
        return self._signature.checked(self._path(empreinte).read_bytes(), empreinte)

    def _write(self, empreinte: str, body: bytes) -> None:
        # No need to wait for the disk: what a power failure tears is as if it were not there.
        draft = fichiers.lay(self._drafts, self._signature.sign(body, empreinte))
        fichiers.move(draft, self._path(empreinte))

    def _path(self, empreinte: str) -> Path:
        return self._place / empreinte


@dataclass(frozen=True, slots=True)
class _Tache:
    recu: Recu
    cellules: bytes | None  # where they are known already


@dataclass(frozen=True, slots=True)
class _Depouille:
    """One file, as it comes back from the process that read it."""

    nom: str
    empreinte: str
    fautes: tuple[Anomalie, ...]  # of the file
    apport: bytes | None = None  # as JSON, without what follows
    anomalies: tuple[Anomalie, ...] = ()
    remplace: Remplacees = field(default_factory=dict)
    cellules: bytes = b""


def _sort_out(lecteur: Lecteur, tache: _Tache) -> _Depouille:
    nom, empreinte, contenu = tache.recu.nom, tache.recu.empreinte, tache.recu.contenu
    cells, faults = tache.cellules, list[Anomalie]()
    if cells is None:
        classeur, faults = cellules.read(nom, contenu)
        if classeur is None:
            return _Depouille(nom, empreinte, tuple(faults))
        cells = echange.pack(echange.as_json(classeur))
    else:
        classeur = echange.from_json(nom, echange.unpack(cells))
    own = apport.take(classeur, lecteur)
    said = json.dumps(apport.as_json(own), separators=(",", ":")).encode()
    return _Depouille(nom, empreinte, tuple(faults), said, own.anomalies, own.remplace, cells)


def _forget(place: Path, kept: Container[str]) -> None:
    for path in place.iterdir():
        if path.name not in kept:
            path.unlink()
