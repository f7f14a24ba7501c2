"""What people and programs do to a grid between its sending and its return, each with its due.

A damage is a gesture on the file that came back; it says what the program must find, where, and
which ratings can no longer be read. Whatever it does not name must be as if nothing had happened.

    classeur   gestures on the whole workbook and its sheets
    lignes     rows, columns, tags, heads
    saisies    what is typed in the cells
    fichiers   what arrives in place of a workbook
"""

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import openpyxl

from batch.anomalies import Code
from batch.chaine import Contexte
from batch.classeurs.grille.forme import Sceau

# The file that suffers, and its neighbour of the same evaluator, as they lie in retours/.
FICHIER = "Hélène FABRE/BC1 rempli par Hélène.xlsx"
LIGNES = tuple(f"E{n}" for n in (*range(1, 11), 12))
NIVEAUX = {"A": "Acquis", "NA": "Non acquis", "NE": "Non évalué", "SO": "Sans objet"}


@dataclass(frozen=True)
class Depart:
    """The session as it stands before the damage: its context, its seal, the file in question."""

    contexte: Contexte
    sceau: Sceau
    contenu: bytes


# What lies in retours/ in place of the file: new bytes under its name, or several files.
Geste = Callable[[Depart], bytes | Mapping[str, bytes]]
Pas = tuple[str, str]  # candidate, row


@dataclass(frozen=True)
class Avarie:
    """`dit`: « GRI-201 C1 DURAND!D12 », codes and places; `lu`: the levels read otherwise."""

    nom: str
    geste: Geste
    dit: tuple[str, ...] = ()
    perdu: frozenset[Pas] = frozenset()
    lu: Mapping[Pas, str] = field(default_factory=dict)
    absents: frozenset[str] = frozenset()

    @property
    def reste(self) -> str:
        """What is still read, in words."""
        if self.absents:
            return "l’absence"
        if not self.perdu:
            return "tout"
        parts = []
        for candidat in ("C1", "C2"):
            lost = [ligne for ligne in LIGNES if (candidat, ligne) in self.perdu]
            if len(lost) == len(LIGNES):
                parts.append(f"la feuille de {candidat}")
            elif lost:
                parts.append(f"{', '.join(lost)} de {candidat}")
        return f"tout, sauf {' et '.join(parts)}"


def fiche(candidat: str) -> frozenset[Pas]:
    """Every row of a candidate on this file."""
    return frozenset((candidat, ligne) for ligne in LIGNES)


def rangs(candidat: str, *lignes: str) -> frozenset[Pas]:
    return frozenset((candidat, ligne) for ligne in lignes)


def main(change: Callable[[Any], None]) -> Geste:
    """A gesture made by hand in the workbook: open, change, save."""

    def geste(depart: Depart) -> bytes:
        workbook = openpyxl.load_workbook(io.BytesIO(depart.contenu))
        change(workbook)
        return saved(workbook)

    return geste


def saved(workbook: Any) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def sheet(workbook: Any, candidat: str = "C1") -> Any:
    return next(own for own in workbook.worksheets if own.title.startswith(candidat))


def row_of(own: Any, ligne: str) -> int:
    """The row of a critère, by its tag."""
    return next(
        row
        for row in range(1, own.max_row + 1)
        if str(own.cell(row, 1).value).startswith(f"{ligne}~")
    )


def table(cas: tuple[Avarie, ...]) -> str:
    """The damages as a table: what was done, what the program says, what is still read."""
    rows = [
        "| Ce qu’on a fait au fichier | Ce que dit Jury | Ce qui est lu |",
        "| --- | --- | --- |",
    ]
    for avarie in cas:
        said = "<br>".join(_said(one) for one in avarie.dit) or "rien"
        rows.append(f"| {avarie.nom} | {said} | {avarie.reste} |")
    return "\n".join(rows)


def _said(one: str) -> str:
    numero, _, place = one.partition(" ")
    code = next(code for code in Code if code.numero == numero)
    phrase = re.sub(r"\{\w+\}", "…", code.phrase).replace("|", "\\|")
    where = f", {place}" if place else ""
    return f"{numero} ({code.gravite.mot}{where}) : {phrase}"
