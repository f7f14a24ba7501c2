"""One command writes a session at a time: two would undo each other's work."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from batch import transaction
from batch.empechement import Empechement


class _Dossier(Protocol):
    @property
    def root(self) -> Path: ...


D = TypeVar("D", bound=_Dossier)
P = ParamSpec("P")
R = TypeVar("R")

_PATIENCE = 20  # seconds: longer than most commands take


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Whoever holds a session writes it; what a killed run left is finished, or forgotten, first.

    Raises Empechement when another command keeps it for long. A command may hold it twice.
    """
    from filelock import FileLock, Timeout  # only those who write wait for it

    place = root / ".jury" / "verrou"
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(place, timeout=_PATIENCE, is_singleton=True)
        with lock:
            if lock.lock_counter == 1:  # held a second time, what is under way is our own
                transaction.recover(root)
            yield
    except Timeout as error:
        raise Empechement(
            f"Une autre commande travaille sur {root} : rien n'a été écrit par celle-ci. "
            f"Attendez qu'elle finisse, puis relancez."
        ) from error
    except PermissionError as error:
        if error.filename != str(place):
            raise
        raise Empechement(
            f"Le dossier {root} est protégé : rien n'y a été écrit. Donnez-vous le droit d'y "
            f"écrire, ou copiez-le ailleurs."
        ) from error


def writing(commande: Callable[Concatenate[D, P], R]) -> Callable[Concatenate[D, P], R]:
    """What writes a session folder, given first, does so alone."""

    @wraps(commande)
    def held(folder: D, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with alone(folder.root):
            return commande(folder, *args, **kwargs)

    return held
