"""Rows, columns, tags and heads: moved, sorted, pasted, wiped out."""

from collections.abc import Callable
from copy import copy
from typing import Any

from batch.classeurs.grille import forme as f

from . import Avarie, fiche, main, rangs, row_of, sheet


def insert_column(workbook: Any) -> None:
    sheet(workbook).insert_cols(f.NOTE)


def insert_before_everything(workbook: Any) -> None:
    sheet(workbook).insert_cols(1, 2)
    sheet(workbook).insert_rows(1, 3)


def move_column(source: int, target: int) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        own = sheet(workbook)
        for row in range(1, own.max_row + 1):
            own.cell(row, target).value = own.cell(row, source).value
        own.delete_cols(source)

    return change


def swap_columns(workbook: Any) -> None:
    own = sheet(workbook)
    for row in range(9, own.max_row + 1):
        one, other = own.cell(row, f.NOTE), own.cell(row, f.COMMENTAIRE)
        one.value, other.value = other.value, one.value
    # The presence stands in the column of ratings, wherever that goes.
    own.cell(f.L_PRESENCE, f.COMMENTAIRE).value = own.cell(f.L_PRESENCE, f.NOTE).value
    own.cell(f.L_PRESENCE, f.NOTE).value = None


def sort_rows(*columns: int) -> Callable[[Any], None]:
    """The rows of critères upside down, in these columns only."""

    def change(workbook: Any) -> None:
        own = sheet(workbook)
        rows = [row for row in range(11, own.max_row + 1) if own.cell(row, f.REPERE).value]
        values = [[own.cell(row, column).value for column in columns] for row in rows]
        for row, line in zip(rows, reversed(values), strict=True):
            for column, value in zip(columns, line, strict=True):
                own.cell(row, column).value = value

    return change


def swap_rows(*columns: int) -> Callable[[Any], None]:
    """E1 and E2, in these columns only."""

    def change(workbook: Any) -> None:
        own = sheet(workbook)
        first, second = row_of(own, "E1"), row_of(own, "E2")
        for column in columns:
            one, two = own.cell(first, column), own.cell(second, column)
            one.value, two.value = two.value, one.value

    return change


def insert_blank_row(workbook: Any) -> None:
    own = sheet(workbook)
    own.insert_rows(row_of(own, "E3"), 2)


def insert_written_row(workbook: Any) -> None:
    own = sheet(workbook)
    row = row_of(own, "E3")
    own.insert_rows(row)
    for column, value in ((f.CODE, "E2 bis"), (f.CRITERE, "Mon critère"), (f.NOTE, "Acquis")):
        own.cell(row, column).value = value


def delete_row(workbook: Any) -> None:
    own = sheet(workbook)
    own.delete_rows(row_of(own, "E5"))


def copy_row(note: str | None, columns: range = range(1, 7)) -> Callable[[Any], None]:
    """E1 once more at the bottom; with another rating, unless `note` is None."""

    def change(workbook: Any) -> None:
        own = sheet(workbook)
        source, target = row_of(own, "E1"), own.max_row + 1
        for column in columns:
            own.cell(target, column).value = own.cell(source, column).value
        if note is not None:
            own.cell(target, f.NOTE).value = note

    return change


def cut_column(column: int) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        sheet(workbook).delete_cols(column)

    return change


def cut_rows(*rows: int) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        for row in sorted(rows, reverse=True):
            sheet(workbook).delete_rows(row)

    return change


def cut_tags(workbook: Any) -> None:
    sheet(workbook).delete_cols(f.REPERE)


def cut_tags_and_hidden_sheet(workbook: Any) -> None:
    cut_tags(workbook)
    del workbook[f.CACHEE]


def wipe(row: int, column: int) -> Callable[[Any], None]:
    return put(row, column, None)


def put(row: int, column: int, value: Any) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        sheet(workbook).cell(row, column).value = value

    return change


def wipe_head(workbook: Any) -> None:
    """Token, numbers, names: nothing is left but the tags."""
    own = sheet(workbook)
    for row in range(1, 9):
        for column in range(1, 7):
            own.cell(row, column).value = None


def rename_heading(workbook: Any) -> None:
    own = sheet(workbook)
    own.cell(f.L_TITRES, f.NOTE).value = "Note"
    own.delete_rows(f.L_CLES)


def take_token_of_the_other(workbook: Any) -> None:
    sheet(workbook).cell(1, 1).value = sheet(workbook, "C2").cell(1, 1).value


def paste(source: str, target: str, columns: range, rows: range) -> Callable[[Any], None]:
    """Rows of one candidate's sheet over the same rows of another's."""

    def change(workbook: Any) -> None:
        own, other = sheet(workbook, source), sheet(workbook, target)
        for row in rows:
            for column in columns:
                other.cell(row, column).value = own.cell(row, column).value

    return change


def gather(down: int, right: int, columns: range = range(1, 7)) -> Callable[[Any], None]:
    """C2's sheet pasted on C1's, so far down and so far right, then deleted."""

    def change(workbook: Any) -> None:
        own, other = sheet(workbook), sheet(workbook, "C2")
        for row in range(1, other.max_row + 1):
            for column in columns:
                target = own.cell(row + down, column + right)
                target.value = other.cell(row, column).value
                target.number_format = copy(other.cell(row, column).number_format)
        del workbook[other.title]

    return change


def gather_visible(workbook: Any) -> None:
    """Both candidates on one sheet, without what is hidden, one below the other."""
    gather(40, 0, range(2, 7))(workbook)
    own = sheet(workbook)
    for row in range(1, own.max_row + 1):
        for column in f.CACHEES:
            own.cell(row, column).value = None


HUIT = "E1, E2, E3, E4, E5, E6, E7"

CAS = (
    Avarie("Une colonne insérée avant les appréciations", main(insert_column)),
    Avarie(
        "Deux colonnes et trois lignes vides insérées avant tout le reste",
        main(insert_before_everything),
    ),
    Avarie("La colonne des appréciations déplacée après les commentaires", main(move_column(4, 8))),
    Avarie("Les repères cachés déplacés à droite de tout", main(move_column(1, 8))),
    Avarie("Les colonnes des appréciations et des commentaires échangées", main(swap_columns)),
    Avarie("Les lignes triées à l’envers, entières", main(sort_rows(*range(1, 7)))),
    Avarie("Deux lignes vides insérées au milieu", main(insert_blank_row)),
    Avarie(
        "Une ligne ajoutée avec un critère de l’évaluateur",
        main(insert_written_row),
        ("GRI-019 C1 DURAND!D15",),
    ),
    Avarie("Une ligne supprimée", main(delete_row), ("GRI-202 C1 DURAND",), rangs("C1", "E5")),
    Avarie("Une ligne recopiée telle quelle en bas", main(copy_row(None))),
    Avarie(
        "Une ligne recopiée en bas, avec une autre appréciation",
        main(copy_row("Sans objet")),
        ("GRI-006 C1 DURAND!D30",),
        rangs("C1", "E1"),
    ),
    Avarie(
        "Une ligne recopiée en bas sans ses colonnes cachées, avec une autre appréciation",
        main(copy_row("Sans objet", range(2, 5))),
        ("GRI-006 C1 DURAND!D30",),
        rangs("C1", "E1"),
    ),
    Avarie("La colonne des repères cachés supprimée", main(cut_tags), ("GRI-013 C1 DURAND!C12",)),
    Avarie(
        "La colonne des repères et la feuille cachée supprimées",
        main(cut_tags_and_hidden_sheet),
        ("GRI-018 C1 DURAND",),
        fiche("C1"),
    ),
    Avarie("Le repère d’une seule ligne effacé", main(wipe(12, 1)), ("GRI-013 C1 DURAND!D12",)),
    Avarie(
        "Le repère d’une ligne remplacé par celui d’une autre grille",
        main(put(12, 1, "E1~AAAAAAAA")),
        ("GRI-005 C1 DURAND!A12", "GRI-202 C1 DURAND"),
        rangs("C1", "E1"),
    ),
    Avarie("L’en-tête effacé : numéro, nom, jeton, présence", main(wipe_head)),
    Avarie("La ligne cachée des clés supprimée", main(cut_rows(f.L_CLES))),
    Avarie("La ligne des titres supprimée", main(cut_rows(f.L_TITRES))),
    Avarie(
        "Les clés et les titres supprimés",
        main(cut_rows(f.L_CLES, f.L_TITRES)),
        ("GRI-007 C1 DURAND", "GRI-007 C1 DURAND"),
        fiche("C1"),
    ),
    Avarie(
        "Les clés supprimées et le titre « Appréciation » changé",
        main(rename_heading),
        ("GRI-007 C1 DURAND",),
        fiche("C1"),
    ),
    Avarie(
        "La colonne des appréciations supprimée",
        main(cut_column(f.NOTE)),
        ("GRI-007 C1 DURAND",),
        fiche("C1"),
    ),
    Avarie(
        "La colonne des commentaires supprimée",
        main(cut_column(f.COMMENTAIRE)),
        ("GRI-007 C1 DURAND",),
        fiche("C1"),
    ),
    Avarie("La colonne cachée des témoins supprimée", main(cut_column(f.TEMOIN))),
    Avarie("La colonne des critères supprimée", main(cut_column(f.CRITERE))),
    Avarie(
        "Les saisies de deux lignes triées à part",
        main(swap_rows(f.NOTE, f.TEMOIN, f.COMMENTAIRE)),
        ("GRI-011 C1 DURAND!D12", "GRI-011 C1 DURAND!D13"),
        rangs("C1", "E1", "E2"),
    ),
    Avarie(
        "Tout trié à l’envers, sauf les repères cachés",
        main(sort_rows(*range(2, 7))),
        ("GRI-017 C1 DURAND!D12",),
    ),
    Avarie(
        "Les textes de deux critères échangés, les saisies laissées en place",
        main(swap_rows(f.CODE, f.CRITERE)),
        ("GRI-016 C1 DURAND!D12", "GRI-016 C1 DURAND!D13"),
        rangs("C1", "E1", "E2"),
    ),
    Avarie(
        "Le texte d’un critère récrit",
        main(put(12, f.CRITERE, "Le candidat a fait de son mieux")),
        ("GRI-015 C1 DURAND!C12",),
    ),
    Avarie(
        "Le nom affiché corrigé",
        main(put(f.L_SUJET, f.CRITERE, "Léa DURANT (C1)")),
        ("GRI-014 C1 DURAND!C4",),
    ),
    Avarie(
        "Le nom affiché remplacé par celui d’un autre candidat",
        main(put(f.L_SUJET, f.CRITERE, "Hugo PETIT")),
        ("GRI-012 C1 DURAND!C4",),
        fiche("C1"),
    ),
    Avarie(
        "Le numéro affiché changé pour celui d’un autre candidat",
        main(put(f.L_NUMERO, f.CRITERE, "S1/E1/BC1/C2")),
        ("GRI-012 C1 DURAND!C3",),
        fiche("C1"),
    ),
    Avarie(
        "Le jeton caché remplacé par celui d’un autre candidat",
        main(take_token_of_the_other),
        ("GRI-012 C1 DURAND!A1",),
        fiche("C1"),
    ),
    Avarie(
        "Les lignes de C1 collées sur la feuille de C2, colonnes cachées comprises",
        main(paste("C1", "C2", range(1, 7), range(11, 30))),
        ("GRI-012 C2 PETIT!A1",),
        fiche("C2"),
    ),
    Avarie(
        "Deux lignes de C1 collées sur la feuille de C2",
        main(paste("C1", "C2", range(1, 7), range(12, 14))),
        ("GRI-012 C2 PETIT!A1", "GRI-202 C2 PETIT"),
        rangs("C2", "E1", "E2"),
    ),
    Avarie("Deux candidats réunis sur une feuille, l’un sous l’autre", main(gather(40, 0))),
    Avarie("Deux candidats réunis sur une feuille, côte à côte", main(gather(0, 7))),
    Avarie("Deux candidats côte à côte, décalés de trois lignes", main(gather(3, 6))),
    Avarie("Deux candidats l’un sous l’autre, décalés d’une colonne", main(gather(35, 1))),
    Avarie(
        "Deux candidats réunis sans les colonnes cachées",
        main(gather_visible),
        ("GRI-018 C1 DURAND",),
        fiche("C1") | fiche("C2"),
    ),
)
