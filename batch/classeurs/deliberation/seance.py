"""The sheet « Séance »: who was there and when, who withdrew for whom, what is to be reported.

One form, here, for its writer and its reader: every row starts with a hidden tag, and what the jury
fills stands in the same columns, counted from the tags'.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import time

from xlsxwriter.worksheet import Worksheet

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.classeurs import edition, tables
from batch.classeurs.cellules import Cellule, Classeur, Feuille, fold
from batch.classeurs.edition import Edition, put
from batch.classeurs.formulaire import iso_time, not_listed
from batch.francais import enumeration, proche, typographie
from batch.jury.seance import Deroulement, Fait, Passage, Retrait, Seance
from batch.records import MembreJury, Session
from batch.vocabulaire import Presence

FEUILLE = "Séance"
TAG, A, B, C, D, E = range(6)
_WIDTHS = ((TAG, 10), (A, 40), (B, 16), (C, 16), (D, 16), (E, 60))
OUVERTURE, CLOTURE = "heure/ouverture", "heure/cloture"
MEMBRE, RETRAIT, _CONNU, FAIT, _TITRE = "membre/", "retrait/", "connu/", "fait/", "titre/"
# How many rows the program wrote, so that one removed or added by hand is told.
_VOTES, _COMBIEN = f"{_TITRE}votes ", "membres "
_FIRST_HOUR, _FIRST_MEMBER = 4, 8  # counted from 0
_ROOM = 6  # blank rows for what may happen
EXTERIEUR, PRESIDE = "extérieur", "préside le jury"
RAISONS = ("Déport", "A formé le candidat", "Hors de la salle")
_NOTICE = (
    "Remplissez les cases claires. Les heures s'écrivent 14:00. Une arrivée ou un départ en cours "
    "de séance : dites plus bas sur qui le membre n'a pas délibéré (« Hors de la salle »)."
)


@dataclass(frozen=True, slots=True)
class LigneSeance:
    """One row of the sheet, by its tag: the text of each column, and where."""

    textes: tuple[str | None, ...]
    lieux: tuple[Lieu, ...]


Lignes = Mapping[str, LigneSeance]


def tag_of(membre: MembreJury) -> str:
    return f"{MEMBRE}{membre.nom_complet}"


# --- written -------------------------------------------------------------------------------------


def write(
    book: Edition, sheet: Worksheet, seance: Seance, typed: Lignes, prevus: Sequence[Retrait]
) -> None:
    """The sheet of this sitting, with what was already typed poured back into it.

    `prevus`: who is known not to deliberate on whom, from session.xlsx.
    """
    for column, width in _WIDTHS:
        sheet.set_column(column, column, width, None, {"hidden": True} if column == TAG else {})
    session = seance.session
    votes = sum(len(dossier.objets) for dossier in seance.dossiers)
    put(sheet, 0, TAG, f"{_VOTES}{votes}", book.discret)
    put(sheet, 0, A, f"Séance du jury, session {session.id}", book.titre)
    sheet.set_row(0, 24)
    put(sheet, 1, TAG, f"{_TITRE}aide", book.discret)
    sheet.merge_range(1, A, 1, E, typographie(_NOTICE), book.discret)
    sheet.set_row(1, 32)
    _write_hours(book, sheet, _FIRST_HOUR - 1, session, typed)
    row = _write_members(book, sheet, _FIRST_MEMBER - 1, session, typed)
    row = _write_withdrawals(book, sheet, row + 1, session, typed, prevus)
    _write_facts(book, sheet, row + 1, typed)
    edition.a4_paysage(sheet, f"{session.id}  {FEUILLE}")
    sheet.protect(options={"format_columns": True, "format_rows": True})


def _write_title(book: Edition, sheet: Worksheet, row: int, tag: str, *titres: str) -> int:
    put(sheet, row, TAG, f"{_TITRE}{tag}", book.discret)
    for column, titre in enumerate(titres, A):
        put(sheet, row, column, titre, book.entete)
    sheet.set_row(row, 30)
    return row + 1


def _write_hours(
    book: Edition, sheet: Worksheet, row: int, session: Session, typed: Lignes
) -> None:
    row = _write_title(book, sheet, row, "heures", "Heures de la séance", "Heure")
    for tag, titre, known in (
        (OUVERTURE, "Ouverture", session.heure_ouverture),
        (CLOTURE, "Clôture", session.heure_cloture),
    ):
        _write_row(book, sheet, row, tag, titre)
        said = _typed(typed, tag, B) or (f"{known:%H:%M}" if known else None)
        _write_input(book, sheet, row, B, said, "Heure", "Par exemple 14:00.")
        row += 1


def _write_members(
    book: Edition, sheet: Worksheet, row: int, session: Session, typed: Lignes
) -> int:
    row = _write_title(
        book, sheet, row, f"{_COMBIEN}{len(session.jury)}",
        "Membres du jury", "Présence", "Arrivée", "Départ", "Qualité",
    )  # fmt: skip
    for membre in session.jury:
        tag = tag_of(membre)
        _write_row(book, sheet, row, tag, membre.nom_complet)
        presence = _typed(typed, tag, B)
        known = Presence.PRESENT.mot if membre.present else Presence.ABSENT.mot
        put(sheet, row, B, presence or known, book.saisie)
        edition.validate(sheet, (row, B, row, B), edition.liste([one.mot for one in Presence]))
        for column, when in ((C, "après l'ouverture"), (D, "avant la clôture")):
            said = _typed(typed, tag, column)
            advice = f"Seulement si c'est {when}. Par exemple 14:20."
            _write_input(book, sheet, row, column, said, "Heure", advice)
        put(sheet, row, E, quality(membre), book.cellule)
        row += 1
    return row


def members_rows(session: Session) -> tuple[int, int]:
    """The first and last rows of the members, as a formula cites them."""
    first = _FIRST_MEMBER + 1
    return first, first + max(1, len(session.jury)) - 1


def quality(membre: MembreJury) -> str:
    said = (
        membre.qualite,
        f"collège {membre.college}" if membre.college else "",
        EXTERIEUR if membre.externe else "",
        PRESIDE if membre.preside else "",
    )
    return ", ".join(one for one in said if one)


def _write_withdrawals(
    book: Edition,
    sheet: Worksheet,
    row: int,
    session: Session,
    typed: Lignes,
    prevus: Sequence[Retrait],
) -> int:
    row = _write_title(
        book, sheet, row, "retraits",
        "Qui ne délibère pas sur un candidat", "N° candidat", "Raison", "", "Précision",
    )  # fmt: skip
    for rank, one in enumerate(prevus, 1):
        _write_row(book, sheet, row, f"{_CONNU}{rank}", one.membre.nom_complet)
        for column, text in ((B, one.candidat), (C, one.motif), (D, None), (E, None)):
            put(sheet, row, column, text, book.cellule)
        row += 1
    first = row
    used = [tag for tag in typed if tag.startswith(RETRAIT)]
    for rank in range(1, max(_ROOM, len(used) + 4) + 1):
        tag = f"{RETRAIT}{rank}"
        put(sheet, row, TAG, tag, book.discret)
        sheet.merge_range(row, C, row, D, None, book.saisie)
        for column in (A, B, C, E):
            put(sheet, row, column, _typed(typed, tag, column), book.saisie)
        row += 1
    names = [membre.nom_complet for membre in session.jury]
    if names and len(",".join(names)) <= edition.LISTE_MAX and not any("," in n for n in names):
        edition.validate(sheet, (first, A, row - 1, A), edition.liste(names))
    edition.validate(sheet, (first, C, row - 1, C), edition.liste(RAISONS))
    return row


def _write_facts(book: Edition, sheet: Worksheet, row: int, typed: Lignes) -> None:
    row = _write_title(
        book, sheet, row, "faits", "Incidents et faits à porter au procès-verbal", "Heure"
    )
    used = [tag for tag in typed if tag.startswith(FAIT)]
    for rank in range(1, max(_ROOM, len(used) + 4) + 1):
        tag = f"{FAIT}{rank}"
        put(sheet, row, TAG, tag, book.discret)
        said = _typed(typed, tag, A)
        put(sheet, row, A, said, book.saisie)
        _write_input(
            book, sheet, row, B, _typed(typed, tag, B), "Heure", "Facultative. Par exemple 14:20."
        )
        sheet.set_row(row, edition.height((said, 40)))
        row += 1


def _write_row(book: Edition, sheet: Worksheet, row: int, tag: str, titre: str) -> None:
    put(sheet, row, TAG, tag, book.discret)
    put(sheet, row, A, titre, book.cellule)


def _write_input(
    book: Edition, sheet: Worksheet, row: int, column: int, text: str | None, titre: str, aide: str
) -> None:
    put(sheet, row, column, text, book.saisie)
    edition.validate(
        sheet,
        (row, column, row, column),
        {"validate": "any", "input_title": titre, "input_message": typographie(aide)},
    )


def _typed(typed: Lignes, tag: str, column: int) -> str | None:
    return typed[tag].textes[column] if tag in typed else None


# --- read ----------------------------------------------------------------------------------------


def read(classeur: Classeur) -> tuple[dict[str, LigneSeance], list[Anomalie]]:
    """Row by row, by tag; rows that are nobody's are faults."""
    feuille = classeur.feuille(FEUILLE)
    if feuille is None:
        return {}, [Code.DELIBERATION_FEUILLE.at(Lieu(classeur.nom), feuille=FEUILLE)]
    first = _first_column(feuille)
    if first is None:
        lieu = Lieu(classeur.nom, feuille.nom)
        return {}, [Code.SESSION_COLONNE_MANQUE.at(lieu, colonne="Repère")]
    rows: dict[str, LigneSeance] = {}
    anomalies: list[Anomalie] = []
    for number in feuille.rows:
        cells = [feuille.at(number, first + rank) for rank in range(len(_WIDTHS))]
        lieux = tuple(Lieu(classeur.nom, feuille.nom, cell.adresse) for cell in cells)
        texts = tuple(cell.texte for cell in cells)
        tag = cells[0].texte
        if tag is None or tag in rows:
            said = next((one for one in texts[A:] if one), None)
            if said:
                anomalies.append(Code.DECISION_ETRANGERE.at(lieux[A], valeur=said))
            continue
        rows[tag] = LigneSeance(texts, lieux)
    return rows, anomalies


def _first_column(feuille: Feuille) -> int | None:
    return next(
        (cell.colonne for cell in feuille.cellules.values() if cell.texte == OUVERTURE), None
    )


def check(
    rows: Lignes, session: Session, prevus: Sequence[Retrait], lieu: Lieu
) -> tuple[Session, Deroulement, list[Anomalie]]:
    """The session as it was held (hours, who was present), how it went, and every fault."""
    if not rows:
        return session, Deroulement(retraits=tuple(prevus)), []
    anomalies = list(_tampered(rows, session, lieu))
    hours: dict[str, time | None] = {}
    for tag in (OUVERTURE, CLOTURE):
        if tag not in rows:
            anomalies.append(Code.LIGNE_SUPPRIMEE.at(lieu, ligne=_NOMS[tag]))
            continue
        hours[tag] = _hour(rows[tag], B, "Heure", anomalies)
    held = replace(
        session,
        heure_ouverture=hours.get(OUVERTURE) or session.heure_ouverture,
        heure_cloture=hours.get(CLOTURE) or session.heure_cloture,
        jury=tuple(_attended(membre, rows, lieu, anomalies) for membre in session.jury),
    )
    start, end = held.heure_ouverture, held.heure_cloture
    if start and end and end <= start and CLOTURE in rows:
        why = f"la clôture ({end:%H:%M}) n'est pas après l'ouverture ({start:%H:%M})"
        anomalies.append(Code.HEURES_CONTRAIRES.at(rows[CLOTURE].lieux[B], raison=typographie(why)))
    moved = {one.membre.lieu: one for one in _passages(held, rows, anomalies)}
    here = {membre.lieu: membre for membre in held.jury}
    known = [replace(one, membre=here[one.membre.lieu]) for one in prevus]
    deroulement = Deroulement(
        passages=tuple(moved.values()),
        retraits=(*known, *_retraits(held, rows, anomalies)),
        faits=tuple(_faits(rows, anomalies)),
    )
    said = {one.membre.lieu for one in deroulement.retraits}
    for passage in moved.values():
        if passage.membre.lieu not in said:
            anomalies.append(
                Code.PASSAGE_SANS_CANDIDAT.at(
                    rows[tag_of(passage.membre)].lieux[A], membre=passage.membre.nom_complet
                )
            )
    return held, deroulement, anomalies


_NOMS = {OUVERTURE: "Ouverture", CLOTURE: "Clôture"}


def _written(rows: Lignes, start: str, otherwise: int) -> int:
    """How many rows a title says that it was written over."""
    told = next((tag.removeprefix(start) for tag in rows if tag.startswith(start)), "")
    return int(told) if told.isdigit() else otherwise


def votes_written(rows: Lignes, otherwise: int) -> int:
    """How many rows the sheet of votes was written with."""
    return _written(rows, _VOTES, otherwise)


def _tampered(rows: Lignes, session: Session, lieu: Lieu) -> Iterator[Anomalie]:
    """Members whom the session does not know, and names that no longer are their row's."""
    names = [membre.nom_complet for membre in session.jury]
    members = sum(tag.startswith(MEMBRE) for tag in rows)
    added = members - _written(rows, f"{_TITRE}{_COMBIEN}", members)
    for membre in session.jury if added < 0 else ():
        if tag_of(membre) not in rows:
            yield Code.LIGNE_SUPPRIMEE.at(lieu, ligne=membre.nom_complet)
    for tag, row in rows.items():
        kind, _, name = tag.partition("/")
        shown = row.textes[A]
        if f"{kind}/" == MEMBRE:
            if fold(shown or "") != fold(name):
                yield Code.CELLULE_MODIFIEE.at(
                    row.lieux[A], colonne="Membres du jury", avant=name, lu=shown or "rien"
                )
            elif name not in names and added > 0:
                yield _unknown(row, A, name, names)
        elif f"{kind}/" in (_TITRE, RETRAIT, _CONNU, FAIT) or tag in (OUVERTURE, CLOTURE):
            continue
        else:
            yield Code.DECISION_ETRANGERE.at(row.lieux[TAG], valeur=tag)


def _unknown(row: LigneSeance, column: int, name: str, names: Sequence[str]) -> Anomalie:
    return Code.MEMBRE_INCONNU.at(
        row.lieux[column],
        valeur=name,
        suggestion=suggestion(proche(name, names)),
        connus=enumeration(names) or "aucun",
    )


def _attended(
    membre: MembreJury, rows: Lignes, lieu: Lieu, anomalies: list[Anomalie]
) -> MembreJury:
    row = rows.get(tag_of(membre))
    if row is None:
        # Put on the jury since the workbook was made: it will be made again.
        return membre
    said = row.textes[B]
    presence = next((one for one in Presence if said and fold(one.mot) == fold(said)), None)
    if said is not None and presence is None:
        words = [one.mot for one in Presence]
        anomalies.append(not_listed(row.lieux[B], said, "Présence", words))
        return membre
    return replace(membre, present=presence is Presence.PRESENT) if presence else membre


def _passages(session: Session, rows: Lignes, anomalies: list[Anomalie]) -> Iterator[Passage]:
    start, end = session.heure_ouverture, session.heure_cloture
    for membre in session.jury:
        row = rows.get(tag_of(membre))
        if row is None:
            continue
        came = _hour(row, C, "Arrivée", anomalies)
        went = _hour(row, D, "Départ", anomalies)
        why = _contradiction(membre, came, went, start, end)
        if why:
            column = C if came is not None else D
            anomalies.append(Code.HEURES_CONTRAIRES.at(row.lieux[column], raison=typographie(why)))
        if came is not None and start is not None and came <= start:
            came = None
        if went is not None and end is not None and went >= end:
            went = None
        if membre.present and (came or went):
            yield Passage(membre, came, went)


def _contradiction(
    membre: MembreJury,
    came: time | None,
    went: time | None,
    start: time | None,
    end: time | None,
) -> str | None:
    who = membre.nom_complet
    if (came or went) and not membre.present:
        return f"{who} n'est pas noté présent et a une heure d'arrivée ou de départ"
    if came and went and went <= came:
        return f"{who} part à {went:%H:%M}, avant d'être arrivé à {came:%H:%M}"
    if came and end and came >= end:
        return f"{who} arrive à {came:%H:%M}, après la clôture ({end:%H:%M})"
    if went and start and went <= start:
        return f"{who} part à {went:%H:%M}, avant l'ouverture ({start:%H:%M})"
    return None


def _retraits(session: Session, rows: Lignes, anomalies: list[Anomalie]) -> Iterator[Retrait]:
    members = {fold(membre.nom_complet): membre for membre in session.jury}
    candidates = {fold(candidat.id): candidat.id for candidat in session.candidats}
    for tag, row in rows.items():
        if not tag.startswith(RETRAIT):
            continue
        name, who, why, more = (row.textes[column] for column in (A, B, C, E))
        if not (name or who or why or more):
            continue
        membre, candidat = members.get(fold(name or "")), candidates.get(fold(who or ""))
        if membre is None:
            names = [one.nom_complet for one in session.jury]
            anomalies.append(_unknown(row, A, name or "", names))
        if candidat is None:
            anomalies.append(
                Code.CODE_INCONNU.at(
                    row.lieux[B],
                    colonne="N° candidat",
                    valeur=who or "",
                    suggestion=suggestion(proche(who or "", list(candidates.values()))),
                    connus=enumeration(candidates.values()),
                )
            )
        known = next((one for one in RAISONS if why and fold(one) == fold(why)), None)
        if why is not None and known is None:
            anomalies.append(not_listed(row.lieux[C], why, "Raison", RAISONS))
        if membre is not None and candidat is not None:
            reason = (known or RAISONS[0]).lower()
            yield Retrait(membre, candidat, f"{reason} ({more})" if more else reason)


def _faits(rows: Lignes, anomalies: list[Anomalie]) -> Iterator[Fait]:
    for tag, row in rows.items():
        text = row.textes[A]
        if tag.startswith(FAIT) and text:
            yield Fait(_hour(row, B, "Heure", anomalies), text)


def _hour(row: LigneSeance, column: int, titre: str, anomalies: list[Anomalie]) -> time | None:
    text = row.textes[column]
    if text is None:
        return None
    iso = iso_time(Cellule(0, 0, text), text)
    if tables.HEURE.fullmatch(iso):
        return time.fromisoformat(iso)
    anomalies.append(
        Code.VALEUR_MAL_ECRITE.at(
            row.lieux[column], valeur=text, colonne=titre, aide="Écrivez une heure : 14:00."
        )
    )
    return None


def is_current(rows: Lignes, session: Session, prevus: Sequence[Retrait]) -> bool:
    """The sheet lists today's members, with their quality, and today's known withdrawals."""
    members = {tag_of(m): quality(m) for m in session.jury}
    shown = {tag: row.textes[E] for tag, row in rows.items() if tag.startswith(MEMBRE)}
    known = [
        (row.textes[A], row.textes[B], row.textes[C])
        for tag, row in rows.items()
        if tag.startswith(_CONNU)
    ]
    today = [(one.membre.nom_complet, one.candidat, one.motif) for one in prevus]
    return members == shown and known == today
