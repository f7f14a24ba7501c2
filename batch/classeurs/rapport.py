"""controle/rapport.xlsx: what there is to mend, with a link to each cell, and what was read."""

from collections.abc import Iterator, Sequence

from xlsxwriter.worksheet import Worksheet

from batch.anomalies import Anomalie, Gravite, Lieu
from batch.classeurs import edition
from batch.classeurs.edition import Edition, done, put
from batch.francais import date_longue, enumeration
from batch.ordre import Pli
from batch.rapport import TONS, Lecture, Rapport
from batch.vocabulaire import EtatFiche, Ton

_SUR_UNE_PAGE = 12  # candidates
_LIEN_MAX = 2000  # characters; Excel refuses longer ones


def write(rapport: Rapport) -> bytes:
    with edition.new(rapport.date_jury) as (book, buffer):
        _write_overview(book, rapport)
        _write_anomalies(book, rapport)
        _write_matrices(book, rapport)
        _write_readings(book, rapport)
        if rapport.acceptees:
            _write_accepted(book, rapport)
    return buffer.getvalue()


def _write_overview(book: Edition, rapport: Rapport) -> None:
    sheet = book.add_sheet("Résumé")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 4, 13)
    titre = f"Contrôle de la session {rapport.session}"
    put(sheet, 0, 0, titre, book.titre)
    jury = f"{rapport.certification}, jury du {date_longue(rapport.date_jury)}"
    put(sheet, 1, 0, jury, book.format(italic=True, font_color=edition.DISCRET))
    put(sheet, 3, 0, "Anomalies", book.entete)
    put(sheet, 3, 1, "Nombre", book.entete)
    counts = [
        (f"{TONS[gravite].symbole} {gravite.mot}", TONS[gravite], rapport.nombre(gravite))
        for gravite in Gravite
    ]
    if rapport.acceptees:
        counts.append((f"{Ton.NEUTRE.symbole} acceptées", Ton.NEUTRE, len(rapport.acceptees)))
    for row, (mot, ton, number) in enumerate(counts, 4):
        put(sheet, row, 0, mot, book.ton(ton if number else Ton.NEUTRE))
        done(sheet.write_number(row, 1, number, book.cellule))
    row = 4 + len(counts) + 1
    back, expected = rapport.grilles
    put(sheet, row, 0, "Feuilles de grille revenues", book.entete)
    put(sheet, row, 1, f"{back} sur {expected}", book.cellule)
    row += 2
    put(sheet, row, 0, "Ce qui a été lu", book.entete)
    for column, sort in enumerate(rapport.comptes["fichiers"], 1):
        put(sheet, row, column, sort, book.entete)
    for nom, numbers in rapport.comptes.items():
        row += 1
        put(sheet, row, 0, nom.capitalize(), book.cellule)
        for column, number in enumerate(numbers.values(), 1):
            done(sheet.write_number(row, column, number, book.cellule))
    edition.a4_paysage(sheet, titre)


_ANOMALIES = (
    ("Code", 10), ("Gravité", 13), ("Fichier", 42), ("Feuille", 20), ("Cellule", 9),
    ("Ce qui ne va pas", 60), ("Que faire", 46), ("Candidats", 14), ("Référence", 11),
)  # fmt: skip


def _write_anomalies(book: Edition, rapport: Rapport) -> None:
    sheet = book.add_sheet("Anomalies")
    _head(book, sheet, _ANOMALIES)
    sheet.outline_settings(True, False, True, False)
    row = 0
    for pli in rapport.plis:
        row += 1
        more = pli.nombre - 1
        _write_row(book, sheet, row, pli.anomalie, rapport, _entailed(pli))
        _size(sheet, row, pli.anomalie, _entailed(pli), opens=more > 0)
        for one in _others(pli):
            row += 1
            _write_row(book, sheet, row, one, rapport, "")
            _size(sheet, row, one, "", opens=None)
    if row:
        sheet.autofilter(0, 0, row, len(_ANOMALIES) - 1)
    else:
        put(sheet, 1, 0, "Aucune.", book.texte)
    edition.a4_paysage(sheet, "Anomalies", repeat=0)


def _entailed(pli: Pli) -> str:
    """What the rows folded under this one hold."""
    parts = []
    if len(pli.anomalies) > 1:
        parts.append(f"à {len(pli.anomalies)} endroits")
    if pli.consequences:
        codes = dict.fromkeys(own.anomalie.code.numero for own in pli.consequences)
        parts.append(f"explique {enumeration(codes)}")
    return f"\n[+] {' ; '.join(parts)} : dépliez les lignes suivantes." if parts else ""


def _others(pli: Pli) -> Iterator[Anomalie]:
    yield from pli.anomalies[1:]
    for own in pli.consequences:
        yield from own.anomalies


def _write_row(
    book: Edition, sheet: Worksheet, row: int, anomalie: Anomalie, rapport: Rapport, more: str
) -> None:
    lieu, ton = anomalie.lieu, TONS[anomalie.gravite]
    put(sheet, row, 0, anomalie.code.numero, book.cellule)
    put(sheet, row, 1, f"{ton.symbole} {anomalie.gravite.mot}", book.ton(ton))
    _link(book, sheet, row, 2, lieu.fichier, _target(Lieu(lieu.fichier), rapport))
    put(sheet, row, 3, lieu.feuille, book.cellule)
    place = lieu.cellule or (str(lieu.ligne) if lieu.ligne else "")
    _link(book, sheet, row, 4, place, _target(lieu, rapport))
    under = "" if more or anomalie.cause is None else "↳ "
    put(sheet, row, 5, under + anomalie.message + more, book.cellule)
    put(sheet, row, 6, anomalie.remede, book.cellule)
    put(sheet, row, 7, ", ".join(anomalie.candidats), book.cellule)
    put(sheet, row, 8, anomalie.reference if anomalie.acceptable else None, book.cellule)


def _size(sheet: Worksheet, row: int, anomalie: Anomalie, more: str, *, opens: bool | None) -> None:
    """The row's height; it opens others (True), or is one of those (None), folded until asked."""
    height = edition.height(
        (f"↳ {anomalie.message}{more}", 60),
        (anomalie.remede, 46),
        (anomalie.lieu.fichier, 42),
        (anomalie.lieu.feuille, 20),
        (", ".join(anomalie.candidats), 14),
    )
    options = {"level": 1, "hidden": True} if opens is None else {"collapsed": opens}
    sheet.set_row(row, height, None, options)


def _link(
    book: Edition, sheet: Worksheet, row: int, column: int, text: str, target: str | None
) -> None:
    if text and target and len(target) < _LIEN_MAX:
        link = book.format(
            font_color="#0563C1", underline=1, border=1, border_color=edition.FILET, text_wrap=True
        )
        book.link(sheet, row, column, text, target, link)
    else:
        put(sheet, row, column, text, book.cellule)


def _target(lieu: Lieu, rapport: Rapport) -> str | None:
    """A link that opens the faulty file; a workbook, at the faulty cell."""
    address = rapport.adresse(lieu.fichier)
    if address is None:
        return None
    if not lieu.feuille or not lieu.cellule:
        return f"external:{address}"
    # An apostrophe inside the quotes is doubled; a whole row or range opens at its first cell.
    sheet, cell = lieu.feuille.replace("'", "''"), lieu.cellule.partition(":")[0]
    return f"external:{address}#'{sheet}'!{cell if not cell.isdigit() else f'A{cell}'}"


_DEBOUT = {
    "bold": True, "font_color": "#FFFFFF", "bg_color": edition.ENCRE, "border": 1,
    "border_color": edition.FILET, "rotation": 90, "valign": "bottom",
}  # fmt: skip


def _write_matrices(book: Edition, rapport: Rapport) -> None:
    for name, candidats in edition.across("Grilles", list(rapport.candidats.items())):
        _write_matrix(book, rapport, name, candidats)


def _write_matrix(
    book: Edition, rapport: Rapport, nom: str, candidats: Sequence[tuple[str, str]]
) -> None:
    sheet = book.add_sheet(nom)
    _head(book, sheet, (("Évaluateur", 30), ("Épreuve ou bloc", 18)))
    # Past a dozen candidates the words would not be read on paper: the symbols stand alone.
    narrow = len(rapport.candidats) > _SUR_UNE_PAGE
    sheet.set_row(0, 120 if narrow else 44)
    row, columns = 0, dict[str, int]()
    for column, (numero, who) in enumerate(candidats, 2):
        columns[numero] = column
        sheet.set_column(column, column, 4.5 if narrow else 15)
        heading = book.format(**_DEBOUT) if narrow else book.entete
        put(sheet, 0, column, f"{numero} {who}" if narrow else f"{numero}\n{who}", heading)
    for ligne in rapport.matrice:
        if not columns.keys() & ligne.etats.keys():
            continue
        row += 1
        put(sheet, row, 0, ligne.evaluateur, book.cellule)
        put(sheet, row, 1, ligne.partie, book.cellule)
        for numero, state in ligne.etats.items():
            if numero in columns:
                text = state.symbole if narrow else f"{state.symbole} {state.mot}"
                put(sheet, row, columns[numero], text, book.ton(state.ton))
    put(sheet, row + 2, 0, "Légende", book.sous_titre)
    for number, state in enumerate(EtatFiche, row + 3):
        put(sheet, number, 0, f"{state.symbole} {state.mot}", book.ton(state.ton))
    sheet.freeze_panes(1, 2)
    edition.a4_paysage(sheet, nom, repeat=0)


def _write_readings(book: Edition, rapport: Rapport) -> None:
    sheet = book.add_sheet("Ce qui a été lu")
    _head(book, sheet, (("Fichier", 46), ("Feuille", 26), ("Sort", 14), ("Pourquoi", 90)))
    again = book.format(
        font_color=edition.DISCRET, border=1, border_color=edition.FILET, text_wrap=True
    )
    row = 0
    for lecture in rapport.lectures:
        row += 1
        target = _target(Lieu(lecture.nom), rapport)
        _link(book, sheet, row, 0, lecture.nom, target)
        put(sheet, row, 1, None, book.cellule)
        _write_reading(book, sheet, row, lecture)
        for feuille in lecture.feuilles:
            row += 1
            put(sheet, row, 0, lecture.nom, again)
            put(sheet, row, 1, feuille.nom, book.cellule)
            _write_reading(book, sheet, row, feuille)
    if row:
        sheet.autofilter(0, 0, row, 3)
    else:
        put(sheet, 1, 0, "Rien n’a été déposé dans retours/.", book.texte)
    edition.a4_paysage(sheet, "Ce qui a été lu", repeat=0)


def _write_reading(book: Edition, sheet: Worksheet, row: int, lecture: Lecture) -> None:
    put(sheet, row, 2, f"{lecture.ton.symbole} {lecture.sort}", book.ton(lecture.ton))
    put(sheet, row, 3, lecture.pourquoi, book.cellule)
    name = (lecture.nom, 46 if lecture.feuilles else 26)
    sheet.set_row(row, edition.height(name, (lecture.pourquoi, 90)))


def _write_accepted(book: Edition, rapport: Rapport) -> None:
    sheet = book.add_sheet("Acceptées")
    titres = (("Référence", 11), ("Code", 10), ("Lieu", 44), ("Ce qui est dit", 60), ("Motif", 50))
    _head(book, sheet, titres)
    for row, one in enumerate(rapport.acceptees, 1):
        cells = (one.reference, one.code.numero, str(one.lieu), one.message, one.acceptee)
        for column, text in enumerate(cells):
            put(sheet, row, column, text, book.cellule)
        sheet.set_row(
            row, edition.height((str(one.lieu), 44), (one.message, 60), (one.acceptee, 50))
        )
    edition.a4_paysage(sheet, "Acceptées", repeat=0)


def _head(book: Edition, sheet: Worksheet, titres: tuple[tuple[str, float], ...]) -> None:
    edition.headings(book, sheet, titres)
    sheet.freeze_panes(1, 0)
