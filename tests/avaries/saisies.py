"""What is typed in the cells: on the row of E1, where C1 had « Non acquis » and a comment."""

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from batch.classeurs.grille import forme as f

from . import Avarie, main, rangs, row_of, sheet

E1 = ("C1", "E1")
PERDU = rangs("C1", "E1")


def write(note: Any) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        own = sheet(workbook)
        cell = own.cell(row_of(own, "E1"), f.NOTE)
        if isinstance(note, date | time):
            cell.number_format = "dd/mm/yyyy"
        if isinstance(note, float):
            cell.number_format = "0.0%"
        cell.value = note

    return change


def lu(nom: str, note: Any, niveau: str, *dit: str) -> Avarie:
    return Avarie(nom, main(write(note)), dit, lu={E1: niveau})


def refuse(nom: str, note: Any, code: str) -> Avarie:
    return Avarie(nom, main(write(note)), (f"{code} C1 DURAND!D12",), PERDU)


def fill(ligne: str, *values: tuple[int, Any]) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        own = sheet(workbook)
        for column, value in values:
            own.cell(row_of(own, ligne), column).value = value

    return change


def on_a_heading(workbook: Any) -> None:
    own = sheet(workbook)
    own["D11"].value, own["D12"].value = own["D12"].value, None


def presence(value: Any, *, blank: bool = False) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        own = sheet(workbook)
        own.cell(f.L_PRESENCE, f.NOTE).value = value
        if blank:
            for row in range(11, own.max_row + 1):
                own.cell(row, f.NOTE).value = None
                own.cell(row, f.COMMENTAIRE).value = None

    return change


NORMALISE = "GRI-206 C1 DURAND!D12"
RICHE = CellRichText(TextBlock(InlineFont(b=True), "Acq"), "uis")
FICHE = rangs("C1", *(f"E{n}" for n in (*range(1, 11), 12)))

CAS = (
    lu("« NA », que bien des programmes prennent pour une case vide", "NA", "NA"),
    lu("« acquis » sans majuscule", "acquis", "A", NORMALISE),
    lu("« ACQUISE », au féminin", "ACQUISE", "A", NORMALISE),
    lu("« Acq. »", "Acq.", "A", NORMALISE),
    lu("« n. acquis »", "n. acquis", "NA", NORMALISE),
    lu("« Non-acquis. »", "Non-acquis.", "NA", NORMALISE),
    lu("« ✔ Acquis »", "✔ Acquis", "A"),
    lu("« Acquis » entre guillemets", "« Acquis »", "A", NORMALISE),
    lu("« 'Acquis » avec son apostrophe", "'Acquis", "A", NORMALISE),
    lu("« Ａｃｑｕｉｓ » en pleine chasse", "Ａｃｑｕｉｓ", "A", NORMALISE),
    lu("Espaces insécables et caractères invisibles autour", "\u00a0\u200bAcquis\ufeff ", "A"),
    lu("Accents décomposés (macOS)", "Non e\u0301value\u0301", "NE"),
    lu("Du gras dans la cellule", RICHE, "A"),
    lu("« Acquis / acquis »", "Acquis / acquis", "A", NORMALISE),
    refuse("« N.A. »", "N.A.", "GRI-213"),
    refuse("« N/A »", "N/A", "GRI-213"),
    refuse("« Non »", "Non", "GRI-213"),
    refuse("« - »", "-", "GRI-213"),
    refuse("« / »", "/", "GRI-213"),
    refuse("« néant »", "néant", "GRI-213"),
    refuse("« x »", "x", "GRI-201"),
    refuse("« ✔ » seul", "✔", "GRI-201"),
    refuse("« OK »", "OK", "GRI-201"),
    refuse("« Acquis ? »", "Acquis ?", "GRI-201"),
    refuse("« ✘ Acquis »", "✘ Acquis", "GRI-201"),
    refuse("« Acquis (avec réserve) »", "Acquis (avec réserve)", "GRI-201"),
    refuse("« А » cyrillique", "\u0410", "GRI-201"),
    refuse("Une note sur 20", Decimal("12.5"), "GRI-201"),
    refuse("VRAI", True, "GRI-201"),
    refuse("« Acquis / Non acquis »", "Acquis / Non acquis", "GRI-214"),
    refuse("« abs »", "abs", "GRI-215"),
    refuse("« 1/3 » devenu une date", datetime(2026, 3, 1), "GRI-204"),  # noqa: DTZ001
    refuse("Une date devenue un nombre", 46082, "GRI-204"),
    refuse("« 65 % », que le classeur garde comme 0,65", 0.65, "GRI-201"),
    refuse("Une heure", time(12, 5), "GRI-204"),
    refuse("Une formule", "=B2", "GRI-205"),
    refuse("L’erreur #N/A", "#N/A", "GRI-212"),
    refuse("L’erreur #REF!", "#REF!", "GRI-212"),
    Avarie("Une espace seule", main(write("  \u00a0")), ("GRI-202 C1 DURAND!D12",), PERDU),
    Avarie(
        "L’appréciation écrite dans la colonne des commentaires",
        main(fill("E1", (f.NOTE, None), (f.COMMENTAIRE, "Acquis"))),
        ("GRI-211 C1 DURAND!F12",),
        PERDU,
    ),
    Avarie(
        "Appréciation et commentaire écrits l’un à la place de l’autre",
        main(fill("E1", (f.NOTE, "Documents réunis à temps."), (f.COMMENTAIRE, "Acquis"))),
        ("GRI-211 C1 DURAND!F12",),
        PERDU,
    ),
    Avarie(
        "Un commentaire à la place de l’appréciation",
        main(fill("E1", (f.NOTE, "Documents réunis à temps."), (f.COMMENTAIRE, None))),
        ("GRI-201 C1 DURAND!D12",),
        PERDU,
    ),
    Avarie(
        "L’appréciation écrite à droite de la grille",
        main(fill("E1", (f.NOTE, None), (8, "Acquis"))),
        ("GRI-211 C1 DURAND!H12",),
        PERDU,
    ),
    Avarie(
        "L’appréciation écrite en face d’un titre",
        main(on_a_heading),
        ("GRI-019 C1 DURAND!D11", "GRI-202 C1 DURAND!D12"),
        PERDU,
    ),
    Avarie(
        "Un commentaire obligatoire effacé",
        main(fill("E1", (f.COMMENTAIRE, None))),
        ("GRI-203 C1 DURAND!F12",),
        PERDU,
    ),
    Avarie(
        "Une formule à la place du commentaire obligatoire",
        main(fill("E1", (f.COMMENTAIRE, "=B2"))),
        ("GRI-203 C1 DURAND!F12", "GRI-216 C1 DURAND!F12"),
        PERDU,
    ),
    Avarie("La présence effacée", main(presence(None))),
    Avarie(
        "« Absente », et rien d’autre sur la feuille",
        main(presence("Absente", blank=True)),
        perdu=FICHE,
        absents=frozenset({"C1"}),
    ),
    Avarie(
        "« Absent » au-dessus d’une feuille remplie",
        main(presence("Absent")),
        ("GRI-210 C1 DURAND!D6",),
    ),
    Avarie("« malade » pour présence", main(presence("malade")), ("GRI-209 C1 DURAND!D6",)),
)
