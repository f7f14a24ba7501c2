"""What is dropped in retours/, as it comes -> its receipt, and the report made again.

A file is taken once it is whole: no longer growing, readable, brought down from the cloud. What
becomes of it is decided by the same contrôle as ever; this only says when, and about which file.
"""

import os
import stat
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event

from batch import fichiers
from batch.anomalies import Empechement
from batch.chaine.controle import control
from batch.chaine.retours import Controle
from batch.classeurs.grille import forme
from batch.classeurs.grille.fiches import FicheLue
from batch.classeurs.grille.lecture import Sort
from batch.folder import Folder
from batch.francais import compte, date_courte, enumeration, typographie
from batch.reception.contenants import DANS, debris

CADENCE = 300  # ms between two looks at what is not whole yet, or at a drive without events
_STABLE = 0.4  # seconds without a change, after which a file is no longer being written
_TRONQUE = 5.0  # the same, for a workbook whose end is not there: its copy may have stalled
# Windows: the content is on a server, and reading it would fetch it.
_EN_LIGNE = 0x1000 | 0x40000 | 0x400000


@dataclass(frozen=True, slots=True)
class Recu:
    """What is said of one file, once it has been looked into."""

    nom: str
    phrase: str
    bloquant: bool
    quand: datetime


@dataclass(frozen=True, slots=True)
class _Vu:
    """A file as it was when it was last seen to change."""

    forme: tuple[int, int]  # size, and when it was written
    depuis: float


def watch(
    folder: Folder,
    clock: Callable[[], datetime],
    *,
    sonder: bool = False,
    stop: Event | None = None,
    ready: Callable[[Controle], None] = lambda _: None,
) -> Iterator[Recu]:
    """A receipt for each file that comes, changes or goes, until `stop`. Never ends by itself.

    `sonder`: look again and again, for a drive that sends no event. `ready` is told what was there
    already, once nothing that is dropped can be missed any more. Raises Empechement at the start.
    """
    import watchfiles  # only for this

    retours = folder.retours
    if not retours.is_dir():
        raise Empechement("Le dossier retours/ n'existe pas. Lancez « jury grilles ».")
    said = {path: own for path in _files(retours) if (own := _shape(path)) is not None}
    first: Controle | None = control(folder, clock())
    pending: dict[Path, _Vu | None] = {}
    batches = watchfiles.watch(
        retours,
        watch_filter=None,
        debounce=200,
        step=50,
        rust_timeout=CADENCE,
        yield_on_timeout=True,
        stop_event=stop,
        force_polling=True if sonder or _is_remote(retours) else None,
        poll_delay_ms=CADENCE,
        raise_interrupt=True,
    )
    for batch in batches:
        if first is not None:
            # What came while the rest was controlled, before anything was watched.
            pending |= dict.fromkeys(p for p in _files(retours) if _shape(p) != said.get(p))
            ready(first)
            first = None
        for _, name in batch:
            for path in _files(Path(name)):
                pending.setdefault(path, None)
        whole = [path for path in list(pending) if _is_settled(path, pending)]
        for path in whole:
            del pending[path]
        moved = [path for path in whole if _shape(path) != said.get(path)]
        for path in moved:
            shape = _shape(path)
            if shape is None:
                said.pop(path)
            else:
                said[path] = shape
        if moved:
            yield from _receipts(folder, sorted(moved), clock())


def _receipts(folder: Folder, paths: Iterable[Path], now: datetime) -> Iterator[Recu]:
    """One contrôle of the whole folder for all of them; each line goes beside the report too."""
    names = {path: _name(folder, path) for path in paths}
    controle: Controle | None = None
    trouble = ""
    try:
        controle = control(folder, now)
    except Empechement as stop:
        trouble = str(stop)
    except Exception as bug:
        # Whatever one file does to the program, those that come next must have their receipts.
        trouble = (
            f"le contrôle a échoué ({type(bug).__name__}) : c'est un défaut du programme. "
            f"« jury controle » en dira le détail"
        )
    for path, name in names.items():
        if not path.exists():
            one = Recu(name, "n’est plus dans retours/", False, now)
        elif controle is None:
            one = Recu(name, typographie(trouble), True, now)
        else:
            one = Recu(name, *_said(controle, name), now)
        with suppress(Empechement):  # open in an editor: the terminal has said it
            folder.controle.mkdir(exist_ok=True)
            day = f"{date_courte(now)} {now:%H:%M:%S}"
            fichiers.append_line(folder.controle / "recus.txt", f"{day}  {name} : {one.phrase}")
        yield one


def _said(controle: Controle, nom: str) -> tuple[str, bool]:
    """« Hélène FABRE, bloc BC1 : reçue, complète »; or how many points are to be mended."""

    def of(fichier: str) -> bool:
        return fichier == nom or fichier.startswith(nom + DANS)

    sheets = [fiche for fiche in controle.fiches if of(fiche.lieu.fichier)]
    faults = [a for a in controle.anomalies if of(a.lieu.fichier)]
    blocking = [one for one in faults if one.bloquante]
    whose = _whose(sheets)
    if blocking:
        points = compte(len(blocking), "point à corriger", "points à corriger")
        where = "" if sheets else f" : {blocking[0].message}"
        return typographie(f"{whose}{points}{where}"), True
    sorts = {sort for name, sort in controle.bilan.fichiers.items() if of(name)}
    if sheets and sorts <= {Sort.ACCEPTE, Sort.INCHANGE, Sort.IGNORE}:
        return typographie(f"{whose}{_complete(sheets)}"), False
    why = " ".join(dict.fromkeys(one.message for one in faults))
    return typographie(why or "rien de plus que ce qui était déjà revenu"), False


def _complete(sheets: Iterable[FicheLue]) -> str:
    own = list(sheets)
    if all(fiche.vide for fiche in own):
        return "reçue, vide"
    return "reçue, complète" if len(own) else "reçue"


def _whose(sheets: Iterable[FicheLue]) -> str:
    """« Hélène FABRE, bloc BC1 : »."""
    grids = dict.fromkeys(
        (one.forme.fiche.evaluateur.nom_complet, forme.partie_nom(one.forme.fiche.partie))
        for one in sheets
    )
    return f"{enumeration(', '.join(grid) for grid in grids)} : " if grids else ""


def _name(folder: Folder, path: Path) -> str:
    """As the contrôle calls it."""
    return folder.relative(path).encode("utf-8", "replace").decode()


def _files(path: Path) -> Iterator[Path]:
    """This file; or all that a folder holds, for one that comes whole says nothing of its own."""
    if path.is_dir() and not path.is_symlink():
        for own in sorted(path.rglob("*")):
            if not own.is_dir() and not _is_trace(own):
                yield own
    elif not _is_trace(path):
        yield path


def _is_trace(path: Path) -> bool:
    """Left by a program beside the real files, or a copy that is not there yet under its name."""
    temporary = path.suffix.casefold() in {".tmp", ".part", ".partial", ".crdownload", ".icloud"}
    return temporary or debris(unicodedata.normalize("NFC", path.name)) is not None


def _shape(path: Path) -> tuple[int, int] | None:
    """Its size and date; None when it is not there."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _is_settled(path: Path, pending: dict[Path, _Vu | None]) -> bool:
    """Gone, or whole: it has stopped changing, and it can be read."""
    now, shape, before = time.monotonic(), _shape(path), pending[path]
    if shape is None:
        return True
    if before is None or before.forme != shape:
        pending[path] = _Vu(shape, now)
        return False
    quiet = now - before.depuis
    return quiet >= _STABLE and (quiet >= _TRONQUE or _is_whole(path))


def _is_whole(path: Path) -> bool:
    try:
        found = path.stat()
        if getattr(found, "st_file_attributes", 0) & _EN_LIGNE:
            return False
        if not stat.S_ISREG(found.st_mode):
            return True  # not to be opened: the contrôle says why it is refused
        if not found.st_size:
            return False
        with path.open("rb") as stream:
            zipped = stream.read(2) == b"PK"
        return not zipped or zipfile.is_zipfile(path)
    except OSError:
        return False  # still held by whoever writes it


def _is_remote(path: Path) -> bool:
    """On a network share of Windows: its events do not always come."""
    return os.name == "nt" and str(path.resolve()).startswith("\\\\")
