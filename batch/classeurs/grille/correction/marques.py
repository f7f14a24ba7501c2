"""What is to be mended on a grid, shown there: fill, symbol and note; and listed on a first sheet.

The marks follow what is typed: a cell that has changed loses its cross, here and on the list.
Colours and counters are formulas beside the inputs, which nobody reads back.
"""

from collections.abc import Mapping, Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from batch.classeurs import edition
from batch.classeurs.cellules import letters
from batch.classeurs.edition import Edition, done, put
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.correction.modele import Correction, Faute, Place
from batch.classeurs.grille.forme import Forme
from batch.francais import compte, typographie
from batch.vocabulaire import Ton

LARGEUR = 19
A_FAIRE, FAIT = f"{Ton.DEFAVORABLE.symbole} à corriger", f"{Ton.FAVORABLE.symbole} modifié"
_MOTS = {f.NOTE: "appréciation", f.COMMENTAIRE: "commentaire", f.TEMOIN: "témoin"}
# Excel takes no longer text than 255 inside a formula.
_TEXTE_MAX = 200


def input_format(book: Edition, correction: Correction, place: Place) -> Format:
    """An input as on any grid, or the one that shows where to look."""
    if place not in correction.fautes:
        return book.saisie
    fond, encre = edition.FONDS[Ton.DEFAVORABLE]
    return book.format(
        locked=False, num_format="@", bg_color=fond, border=2, border_color=encre, text_wrap=True
    )


def mark(book: Edition, sheet: Worksheet, forme: Forme, correction: Correction) -> None:
    """The column of crosses, and the note on each cell to be mended."""
    column = f.MARQUE - 1
    sheet.set_column(column, column, LARGEUR)
    tag = book.format(font_color=edition.FILET, num_format="@")
    put(sheet, f.L_CLES - 1, column, f.CLE_MARQUE, tag)
    put(sheet, f.L_TITRES - 1, column, f.A_CORRIGER, book.entete)
    rows: dict[int, list[Place]] = {}
    for place, fautes in correction.fautes.items():
        if place.numero == forme.numero:
            row = row_of(forme, place)
            rows.setdefault(row, []).append(place)
            _note(sheet, row, place, fautes)
            _follow(book, sheet, row, place, correction)
    bold = book.format(bold=True, font_color=edition.FONDS[Ton.DEFAVORABLE][1], text_wrap=True)
    for row, places in rows.items():
        shown = [_word(place) for place in sorted(places, key=lambda place: place.colonne)]
        tests = [_still(row, place, correction) for place in places]
        crosses = "&".join(
            f'IF({test},"{Ton.DEFAVORABLE.symbole} {word} ","")'
            for test, word in zip(tests, shown, strict=True)
        )
        formula = f'=IF(OR({",".join(tests)}),TRIM({crosses}),"{FAIT}")'
        value = " ".join(f"{Ton.DEFAVORABLE.symbole} {word}" for word in shown)
        sheet.write_formula(row - 1, column, formula, bold, value)


def _word(place: Place) -> str:
    return "présence" if place.ligne is None else _MOTS[place.colonne]


def row_of(forme: Forme, place: Place) -> int:
    """The row, counted from 1, on which the writer sets this input."""
    if place.ligne is None:
        return f.L_PRESENCE
    ranks = {getattr(rang, "id", None): rank for rank, rang in enumerate(forme.rangs)}
    return f.L_PREMIERE + ranks[place.ligne]


def _note(sheet: Worksheet, row: int, place: Place, fautes: Sequence[Faute]) -> None:
    text = "\n\n".join(f"{faute.phrase}\n→ {faute.remede}" for faute in fautes)
    options = {
        "author": "Jury",
        "width": 330,
        "height": 18 * (edition.lines(text, 46) + 1),
        "font_size": 9,
    }
    done(sheet.write_comment(row - 1, place.colonne - 1, text, options))


def _follow(
    book: Edition, sheet: Worksheet, row: int, place: Place, correction: Correction
) -> None:
    """Once something else is typed, the cell looks like any other input; the witness has a list."""
    cells = (row - 1, place.colonne - 1, row - 1, place.colonne - 1)
    plain = book.conditionnel(bg_color=edition.SAISIE)
    options = {"type": "formula", "criteria": f"=NOT({_still(row, place, correction)})"}
    sheet.conditional_format(*cells, {**options, "format": plain})
    if place.colonne == f.TEMOIN and place.ligne is not None:
        edition.validate(sheet, cells, edition.liste((place.ligne,)))


def _still(row: int, place: Place, correction: Correction, sheet: str = "") -> str:
    """The condition, as a formula, under which this input is still to be mended."""
    cell = f"{sheet}${letters(place.colonne)}${row}"
    if place.colonne == f.TEMOIN:
        return f'AND({cell}<>"{place.ligne}",{cell}<>"")'
    text = correction.saisie(place)
    if not text:
        return f'TRIM({cell})=""'
    units = len(text.encode("utf-16-le")) // 2
    if units > f.COMMENTAIRE_MAX:
        return f"LEN({cell})>{f.COMMENTAIRE_MAX}"
    if units > _TEXTE_MAX or not text.isprintable():
        return f"LEN({cell})={units}"
    quoted = text.replace('"', '""')
    return f'EXACT({cell},"{quoted}")'


def write_first_sheet(
    book: Edition,
    sheet: Worksheet,
    entete: Sequence[tuple[str, str]],
    formes: Mapping[str, Forme],
    correction: Correction,
) -> None:
    """« À corriger »: every fault with a link to its cell, then the texts found elsewhere.

    `entete`: what the grid is and when it is due; `formes`: by the name of their sheets.
    """
    for column, (_, width) in enumerate(_COLONNES):
        sheet.set_column(column, column, width)
    put(sheet, 0, 0, "Grille à corriger", book.titre)
    sheet.set_row(0, 26)
    label = book.format(bold=True, font_color=edition.DISCRET)
    for row, (titre, texte) in enumerate(entete, 1):
        put(sheet, row, 0, titre, label)
        put(sheet, row, 2, texte, book.format())
    row = len(entete) + 2
    for phrase in _CONSIGNES:
        put(sheet, row, 0, typographie(phrase), book.format())
        row += 1
    row += 1
    head = row + 2
    places = [
        (nom, forme, place)
        for nom, forme in formes.items()
        for place in sorted(
            (p for p in correction.fautes if p.numero == forme.numero),
            key=lambda place: (row_of(forme, place), place.colonne),
        )
    ]
    if places:
        _write_counter(book, sheet, row, head, len(places))
        for column, (titre, _) in enumerate(_COLONNES):
            put(sheet, head, column, titre, book.entete)
        for rank, (nom, forme, place) in enumerate(places, 1):
            _write_fault(book, sheet, head + rank, rank, nom, forme, place, correction)
        head += len(places) + 2
    _write_elsewhere(book, sheet, head, correction)
    edition.a4_paysage(sheet, entete[0][1])
    sheet.protect(options={"format_columns": True, "format_rows": True})


_COLONNES = (
    ("N°", 5), ("Feuille", 22), ("Ligne", 9), ("Case", 15), ("Ce qui ne va pas", 62),
    ("Que faire", 52), ("État", 15),
)  # fmt: skip
_CONSIGNES = (
    "Tout ce que vous aviez écrit est dans ce classeur, tel quel. Reprenez seulement les cases "
    "listées ici : un clic sur « Case » y mène.",
    "Sur les feuilles, ces cases sont encadrées de rouge, la dernière colonne les signale d'une "
    "croix, et une note s'ouvre au passage de la souris.",
    "Enregistrez au format .xlsx et renvoyez ce classeur-ci : il remplace le précédent.",
)


def _write_counter(book: Edition, sheet: Worksheet, row: int, head: int, count: int) -> None:
    states = f"$G${head + 2}:$G${head + 1 + count}"
    left = f'SUMPRODUCT(--(LEFT({states},1)="{Ton.DEFAVORABLE.symbole}"))'
    total = compte(count, "case")
    formula = (
        f'=IF({left}=0,"{Ton.FAVORABLE.symbole} Tout a été repris",'
        f'"Reste à corriger\u00a0: "&{left}&" sur {total}")'
    )
    value = f"Reste à corriger\u00a0: {count} sur {total}"
    sheet.write_formula(row, 0, formula, book.format(bold=True, font_size=12), value)


def _write_fault(
    book: Edition,
    sheet: Worksheet,
    row: int,
    rank: int,
    nom: str,
    forme: Forme,
    place: Place,
    correction: Correction,
) -> None:
    target = nom.replace("'", "''")
    where = row_of(forme, place)
    address = f"{letters(place.colonne)}{where}"
    link = book.format(font_color="#0563C1", underline=1, border=1, border_color=edition.FILET)
    codes = {ligne.id: ligne.code or ligne.id for ligne in forme.lignes}
    fautes = correction.fautes[place]
    phrases = "\n".join(faute.phrase for faute in fautes)
    remedes = "\n".join(dict.fromkeys(faute.remede for faute in fautes))
    done(sheet.write_number(row, 0, rank, book.cellule))
    put(sheet, row, 1, nom, book.cellule)
    put(sheet, row, 2, codes.get(place.ligne or "", ""), book.cellule)
    word = f"{_word(place)} {address}"
    done(sheet.write_url(row, 3, f"internal:'{target}'!{address}", link, word))
    put(sheet, row, 4, phrases, book.cellule)
    put(sheet, row, 5, remedes, book.cellule)
    test = _still(where, place, correction, f"'{target}'!")
    sheet.write_formula(row, 6, f'=IF({test},"{A_FAIRE}","{FAIT}")', book.cellule, A_FAIRE)
    sheet.set_row(row, edition.height((phrases, 62), (remedes, 52)))


def _write_elsewhere(book: Edition, sheet: Worksheet, row: int, correction: Correction) -> None:
    if not correction.ailleurs:
        return
    put(sheet, row, 0, "Textes trouvés hors des cases de la grille", book.sous_titre)
    phrase = "Ils ne peuvent pas être lus : recopiez au bon endroit ceux qui sont à garder."
    put(sheet, row + 1, 0, typographie(phrase), book.format())
    for column, titre in ((1, "Feuille"), (2, "Case"), (4, "Texte")):
        put(sheet, row + 2, column, titre, book.entete)
    for rank, (lieu, texte) in enumerate(correction.ailleurs, row + 3):
        put(sheet, rank, 1, lieu.feuille, book.cellule)
        put(sheet, rank, 2, lieu.cellule, book.cellule)
        put(sheet, rank, 4, texte, book.cellule)
        sheet.set_row(rank, edition.height((texte, 62)))
