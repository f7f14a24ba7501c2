"""What stands in a rating cell -> the level that a person meant, or why nobody can tell."""

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from batch.anomalies import Code
from batch.classeurs.cellules import Cellule, fold
from batch.reglement.modele import Echelle
from batch.vocabulaire import Ton

_SYMBOLES = "".join(ton.symbole for ton in Ton) + " "


@dataclass(frozen=True, slots=True)
class Lu:
    """A level's code or a mark; or the fault of the cell. Nothing at all: the cell is blank."""

    niveau: str | None = None
    note: Fraction | None = None
    faute: Code | None = None
    normalise: bool = False

    @property
    def texte(self) -> str | None:
        """As the table checks it: the code, or the mark in digits."""
        if self.note is not None:
            return str(Decimal(self.note.numerator) / Decimal(self.note.denominator))
        return self.niveau


def read(cellule: Cellule, echelle: Echelle) -> Lu:
    """Case, accents, blanks and stops are forgiven and reported; nothing is ever guessed."""
    if cellule.formule is not None:
        return Lu(faute=Code.NOTE_FORMULE)
    if isinstance(cellule.valeur, date | time):
        return Lu(faute=Code.NOTE_DATE)
    texte = cellule.texte
    if texte is None:
        return Lu()
    level = _level(texte, echelle)
    if level is not None:
        exact = any(texte in (niveau.libelle, niveau.code) for niveau in echelle.niveaux)
        return Lu(niveau=level, normalise=not exact)
    if echelle.note is not None:
        mark = _mark(texte, echelle.note.sur)
        if mark is not None:
            return Lu(note=mark)
    return Lu(faute=Code.NOTE_INCONNUE)


def _level(texte: str, echelle: Echelle) -> str | None:
    said = _bare(texte)
    found = {
        niveau.code
        for niveau in echelle.niveaux
        for word in (niveau.code, niveau.libelle)
        if said in (_bare(word), _bare(word) + "e")
    }
    return found.pop() if len(found) == 1 else None


def _bare(texte: str) -> str:
    return fold(texte.lstrip(_SYMBOLES)).replace(".", "").replace("(e)", "e").strip()


def _mark(texte: str, maximum: Decimal) -> Fraction | None:
    """« 12,5 », « 12.5 », « 12,5/20 » -> 25/2. Bounds are the table's business."""
    number, slash, over = texte.replace(" ", "").replace(",", ".").partition("/")
    if slash and over != str(maximum):
        return None
    if not re.fullmatch(r"-?\d{1,6}(\.\d{1,6})?", number):
        return None
    try:
        return Fraction(Decimal(number))
    except InvalidOperation:
        return None
