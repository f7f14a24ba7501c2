"""controle/rapport.xlsx: where each grid stands, and every anomaly with a link to its cell."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from urllib.parse import quote

from batch.anomalies import Anomalie, Gravite
from batch.classeurs import edition
from batch.classeurs.edition import Edition, done, put
from batch.classeurs.grille.lecture import Bilan, Sort
from batch.vocabulaire import Ton

_TONS = {
    Gravite.BLOQUANTE: Ton.DEFAVORABLE,
    Gravite.A_VERIFIER: Ton.EN_SUSPENS,
    Gravite.INFORMATION: Ton.NEUTRE,
}


def write(
    jour: date,
    titre: str,
    anomalies: Sequence[Anomalie],
    bilan: Bilan,
    cahiers: Sequence[tuple[str, str, str, str]],
    chemins: Mapping[str, str],
) -> bytes:
    """The report. `cahiers`: évaluateur, épreuve, candidates, where the workbook stands.
    `chemins`: the path of each returned file from the report, for the links."""
    with edition.new(jour) as (book, buffer):
        _write_overview(book, titre, anomalies, bilan)
        _write_anomalies(book, anomalies, chemins)
        _write_returns(book, cahiers)
    return buffer.getvalue()


def _write_overview(book: Edition, titre: str, anomalies: Sequence[Anomalie], bilan: Bilan) -> None:
    sheet = book.add_sheet("Résumé")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 4, 13)
    put(sheet, 0, 0, titre, book.titre)
    put(sheet, 2, 0, "Anomalies", book.entete)
    put(sheet, 2, 1, "Nombre", book.entete)
    for row, gravite in enumerate(Gravite, 3):
        put(sheet, row, 0, gravite.mot, book.ton(_TONS[gravite]))
        count = sum(anomalie.gravite is gravite for anomalie in anomalies)
        done(sheet.write_number(row, 1, count, book.cellule))
    put(sheet, 7, 0, "Ce qui a été lu", book.entete)
    for column, sort in enumerate(Sort, 1):
        put(sheet, 7, column, sort.value, book.entete)
    for row, (nom, counts) in enumerate(bilan.comptes.items(), 8):
        put(sheet, row, 0, nom.capitalize(), book.cellule)
        for column, sort in enumerate(Sort, 1):
            done(sheet.write_number(row, column, counts[sort], book.cellule))
    edition.a4_paysage(sheet, titre)


def _write_anomalies(
    book: Edition, anomalies: Iterable[Anomalie], chemins: Mapping[str, str]
) -> None:
    sheet = book.add_sheet("Anomalies")
    titres = (
        ("Code", 10), ("Gravité", 12), ("Fichier", 34), ("Feuille", 22), ("Cellule", 10),
        ("Ce qui ne va pas", 64), ("Que faire", 50), ("Candidats", 16),
    )  # fmt: skip
    for column, (nom, width) in enumerate(titres):
        sheet.set_column(column, column, width)
        put(sheet, 0, column, nom, book.entete)
    sheet.freeze_panes(1, 0)
    row = 0
    for row, anomalie in enumerate(anomalies, 1):
        lieu = anomalie.lieu
        put(sheet, row, 0, anomalie.code.numero, book.cellule)
        put(sheet, row, 1, anomalie.gravite.mot, book.ton(_TONS[anomalie.gravite]))
        put(sheet, row, 2, lieu.fichier, book.cellule)
        put(sheet, row, 3, lieu.feuille, book.cellule)
        place = lieu.cellule or (str(lieu.ligne) if lieu.ligne else "")
        target = _target(anomalie, chemins)
        if target and place and len(target) < 2000:
            link = book.format(
                font_color="#0563C1", underline=1, border=1, border_color=edition.FILET
            )
            done(sheet.write_url(row, 4, target, link, place))
        else:
            put(sheet, row, 4, place, book.cellule)
        put(sheet, row, 5, anomalie.message, book.cellule)
        put(sheet, row, 6, anomalie.remede, book.cellule)
        put(sheet, row, 7, ", ".join(anomalie.candidats), book.cellule)
        sheet.set_row(row, edition.height((anomalie.message, 64), (anomalie.remede, 50)))
    if row:
        sheet.autofilter(0, 0, row, len(titres) - 1)
    else:
        put(sheet, 1, 0, "Aucune.", book.texte)
    edition.a4_paysage(sheet, "Anomalies", repeat=0)


def _target(anomalie: Anomalie, chemins: Mapping[str, str]) -> str | None:
    """A link that opens the faulty workbook at the faulty cell."""
    path = chemins.get(anomalie.lieu.fichier)
    if path is None or not anomalie.lieu.cellule or ":" in anomalie.lieu.cellule:
        return None
    sheet = anomalie.lieu.feuille.replace("'", "''")
    return f"external:{quote(path, safe='/.')}#'{sheet}'!{anomalie.lieu.cellule}"


def _write_returns(book: Edition, cahiers: Iterable[tuple[str, str, str, str]]) -> None:
    sheet = book.add_sheet("Grilles")
    for column, (nom, width) in enumerate(
        (("Évaluateur", 34), ("Épreuve ou bloc", 22), ("Candidats", 40), ("État", 28))
    ):
        sheet.set_column(column, column, width)
        put(sheet, 0, column, nom, book.entete)
    for row, cells in enumerate(cahiers, 1):
        for column, text in enumerate(cells):
            put(sheet, row, column, text, book.cellule)
    sheet.freeze_panes(1, 0)
    edition.a4_paysage(sheet, "Grilles", repeat=0)
