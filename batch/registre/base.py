"""The register's file: opened, brought up to date, written in transactions that exclude the others.

The journal is SQLite's rollback one and not WAL: WAL shares memory between its readers, which a
network drive does not do (sqlite.org/wal.html, « all processes must be on the same host »), and a
register stands on the office's shared drive.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from batch.anomalies import Empechement
from batch.registre.schema import APPLICATION, MIGRATIONS

# How long one process waits for another to finish its transaction.
_PATIENCE = 30


@contextmanager
def register(path: Path, now: datetime, *, create: bool = True) -> Iterator[sqlite3.Connection]:
    """The register of that file, at today's version; each row can be read by name.

    Before a migration the file is copied beside itself. Raises Empechement when the file is no
    register of ours, is newer than this program, or cannot be read or written.
    """
    if not create and not path.is_file():
        raise Empechement(
            f"Il n'y a pas de registre dans {path}. Vérifiez le chemin, ou inscrivez-y une "
            f"première session avec « jury registre inscrire »."
        )
    with speaking_of(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as base:
            base.row_factory = sqlite3.Row
            base.execute("PRAGMA foreign_keys = ON")
            base.execute("PRAGMA journal_mode = DELETE")
            # A number that was given survives a power failure.
            base.execute("PRAGMA synchronous = FULL")
            _bring_up_to_date(base, path, now)
            yield base


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A register that is there, for whoever only looks: nothing is copied nor brought up to date.

    Raises Empechement as `register` does, and when another version of the program made it.
    """
    with speaking_of(path), closing(sqlite3.connect(path, timeout=_PATIENCE)) as base:
        base.row_factory = sqlite3.Row
        base.execute("PRAGMA query_only = ON")
        if _version(base, path) != len(MIGRATIONS):
            raise Empechement(
                f"{path.name} attend d'être mis à jour : lancez « jury registre verifier »."
            )
        yield base


@contextmanager
def transaction(base: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; IMMEDIATE: whoever reads in order to write is alone to do so."""
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        base.execute("ROLLBACK")
        raise
    base.execute("COMMIT")


@contextmanager
def speaking_of(path: Path) -> Iterator[None]:
    """What SQLite cannot do, as a sentence with its remedy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Empechement(
            f"Le registre {path.name} ne peut pas être lu ou écrit ({error}). Fermez les autres "
            f"programmes qui s'en servent, vérifiez le disque, puis relancez la commande."
        ) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError):
            raise  # our own mistake: it keeps its traceback
        raise Empechement(
            f"{path.name} n'est pas un registre lisible ({error}). Rétablissez-le depuis une "
            f"sauvegarde ; rien n'y a été écrit."
        ) from error


def _bring_up_to_date(base: sqlite3.Connection, path: Path, now: datetime) -> None:
    if _version(base, path) == len(MIGRATIONS):
        return
    with transaction(base):
        # Another process may have done it while this one waited.
        version = _version(base, path)
        if 0 < version < len(MIGRATIONS):
            _copy_aside(path, version, now)
        for script in MIGRATIONS[version:]:
            for statement in _statements(script):
                base.execute(statement)
        base.execute(f"PRAGMA application_id = {APPLICATION}")
        base.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _version(base: sqlite3.Connection, path: Path) -> int:
    """How far its tables are; 0 for a new file."""
    version = int(base.execute("PRAGMA user_version").fetchone()[0])
    mark = base.execute("PRAGMA application_id").fetchone()[0]
    empty = base.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0] == 0
    if mark != APPLICATION and not (empty and version == 0):
        raise Empechement(
            f"{path.name} est une base d'un autre programme : rien n'y a été écrit. Donnez un "
            f"autre fichier avec --registre."
        )
    if version > len(MIGRATIONS):
        raise Empechement(
            f"{path.name} a été fait par une version plus récente du programme. Mettez-le à jour, "
            f"puis relancez la commande."
        )
    return version


def _copy_aside(path: Path, version: int, now: datetime) -> None:
    """The register as it was before its tables change, in one whole file.

    The transaction that is open has written nothing yet: a second reader sees all that counts.
    """
    target = path.with_name(f"{path.stem} (version {version}, {now:%Y-%m-%d %Hh%M}){path.suffix}")
    with (
        closing(sqlite3.connect(path, timeout=_PATIENCE)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        source.backup(copy)


def _statements(script: str) -> Iterator[str]:
    """One statement after the other: `executescript` would commit before it begins."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
