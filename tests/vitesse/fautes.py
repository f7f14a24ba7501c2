"""What people do to a grid, a few ways of tests/avaries: each on one workbook in twenty."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from batch.classeurs.grille import forme as f

Saisies = dict[str, str]


def _nothing(typed: Saisies, note: str, comment: str) -> None:
    """The fault is the file's, not a cell's."""


@dataclass(frozen=True, slots=True)
class Faute:
    """What is done to the row whose rating and comment stand there; then to the whole file."""

    nom: str
    saisie: Callable[[Saisies, str, str], None] = _nothing
    fichier: Callable[[bytes], bytes] | None = None


def _write(text: str) -> Callable[[Saisies, str, str], None]:
    def change(typed: Saisies, note: str, comment: str) -> None:
        typed[note] = text

    return change


def _leave_blank(typed: Saisies, note: str, comment: str) -> None:
    del typed[note]


def _misplace(typed: Saisies, note: str, comment: str) -> None:
    typed[comment] = typed.pop(note)


def _shout(typed: Saisies, note: str, comment: str) -> None:
    typed[note] = f"  {typed[note].upper()} "


def _forget_comments(typed: Saisies, note: str, comment: str) -> None:
    for address in [own for own in typed if own[0] == comment[0]]:
        del typed[address]


def _by_hand(change: Callable[[Any], None]) -> Callable[[bytes], bytes]:
    """Opened, changed and saved in another program."""

    def geste(content: bytes) -> bytes:
        import openpyxl  # only one workbook in a hundred needs it

        workbook = openpyxl.load_workbook(io.BytesIO(content))
        change(workbook)
        buffer = io.BytesIO()
        workbook.save(buffer)
        return buffer.getvalue()

    return geste


def _first(workbook: Any) -> Any:
    return next(own for own in workbook.worksheets if own.title not in f.NOTRES)


def _lose_tags(workbook: Any) -> None:
    _first(workbook).delete_cols(f.REPERE)


def _lose_sheet(workbook: Any) -> None:
    del workbook[_first(workbook).title]


def _rename_sheets(workbook: Any) -> None:
    for rank, own in enumerate(workbook.worksheets):
        own.title = f"Feuil{rank}"


FAUTES = (
    Faute("un mot hors de l'échelle", _write("Très bien")),
    Faute("rien", _leave_blank),
    Faute("en majuscules, des espaces autour", _shout),
    Faute("deux sens possibles", _write("N.A.")),
    Faute("l'appréciation parmi les commentaires", _misplace),
    Faute("les commentaires oubliés", _forget_comments),
    Faute("la colonne des repères supprimée", fichier=_by_hand(_lose_tags)),
    Faute("un tiret", _write("-")),
    Faute("la feuille d'un candidat supprimée", fichier=_by_hand(_lose_sheet)),
    Faute("une date", _write("46082")),
    Faute("le fichier coupé en route", fichier=lambda content: content[: len(content) // 2]),
    Faute("les feuilles renommées", fichier=_by_hand(_rename_sheets)),
)
