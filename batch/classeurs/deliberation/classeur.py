"""The whole workbook: notice, votes, divergences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from batch.anomalies import Anomalie
from batch.classeurs import edition
from batch.classeurs.cellules import Classeur
from batch.classeurs.deliberation import divergences, ensemble, saisies, votes
from batch.classeurs.deliberation import seance as feuille_seance
from batch.classeurs.deliberation.saisies import LigneSaisie
from batch.classeurs.edition import Edition, put
from batch.francais import compte, date_jour, typographie
from batch.jury.seance import Retrait, Seance

_NOTICE = "Mode d’emploi"
FEUILLE = votes.TABLE.feuille


@dataclass(frozen=True, slots=True)
class Saisies:
    """What the jury typed, on each of the sheets that it fills."""

    votes: Mapping[str, LigneSaisie] = field(default_factory=dict)
    arbitrages: Mapping[str, LigneSaisie] = field(default_factory=dict)
    seance: feuille_seance.Lignes = field(default_factory=dict)


def read(classeur: Classeur) -> tuple[Saisies, list[Anomalie]]:
    """What was typed; it decides nothing. « Divergences » stands only where evaluators differ."""
    typed, faults = saisies.read(classeur, votes.TABLE)
    held, others = feuille_seance.read(classeur)
    faults += others
    if classeur.feuille(divergences.TABLE.feuille) is None:
        return Saisies(typed, {}, held), faults
    settled, others = saisies.read(classeur, divergences.TABLE)
    return Saisies(typed, settled, held), faults + others


def write(seance: Seance, typed: Saisies, prevus: Sequence[Retrait] = ()) -> bytes:
    """The workbook of this sitting, with what was already typed poured back into it.

    `prevus`: who is known beforehand not to deliberate on whom.
    """
    with edition.new(seance.session.date_jury) as (book, buffer):
        ensemble.write(book, book.add_sheet(ensemble.FEUILLE), seance, typed.votes)
        votes.write(book, book.add_sheet(votes.TABLE.feuille), seance, typed.votes)
        if seance.divergences:
            sheet = book.add_sheet(divergences.TABLE.feuille)
            divergences.write(book, sheet, seance, typed.arbitrages)
        sheet = book.add_sheet(feuille_seance.FEUILLE)
        feuille_seance.write(book, sheet, seance, typed.seance, prevus)
        _write_notice(book, seance)
    return buffer.getvalue()


def is_current(seance: Seance, typed: Saisies, prevus: Sequence[Retrait] = ()) -> bool:
    """The workbook on the disk shows today's votes, divergences and jury: nothing to write."""
    return (
        votes.is_current(seance, typed.votes)
        and divergences.is_current(seance, typed.arbitrages)
        and feuille_seance.is_current(typed.seance, seance.session, prevus)
    )


def would_lose(seance: Seance, typed: Saisies) -> bool:
    """Something was decided on a row that today's workbook no longer has."""
    known = {
        *(votes.repere(v.candidat, v.code) for d in seance.dossiers for v in d.objets),
        *(one.repere for one in seance.divergences),
    }
    rows = [*typed.votes.items(), *typed.arbitrages.items()]
    return any(row.remplie and tag not in known for tag, row in rows)


def _write_notice(book: Edition, seance: Seance) -> None:
    sheet = book.add_sheet(_NOTICE)
    sheet.set_column(0, 0, 110)
    count = sum(len(dossier.objets) for dossier in seance.dossiers)
    differ = len(seance.divergences)
    phrases = (
        f"Session {seance.session.id}, jury du {date_jour(seance.session.date_jury)}.",
        f"{compte(count, 'décision')} à prendre, une par ligne, dans la colonne « Décision ».",
        *(
            [
                f"Avant cela, {compte(differ, 'ligne')} sur lesquelles les évaluateurs diffèrent : "
                f"feuille « {divergences.TABLE.feuille} » ; relancez « jury traiter » ensuite."
            ]
            if differ
            else []
        ),
        "La proposition vient du calcul ; le jury est souverain et décide. Les cas clairs viennent "
        "d'abord, puis ceux que la colonne « À examiner » signale, avec ses raisons.",
        f"La feuille « {feuille_seance.FEUILLE} » dit les heures, qui était là, qui n'a pas "
        "délibéré sur quel candidat, et ce qui est à porter au procès-verbal.",
        "Quand la décision s'écarte de la proposition, la case « Motif » rougit : elle est due, et "
        "le procès-verbal l'imprime.",
        "Enregistrez, fermez le classeur, puis relancez « jury traiter » : les documents passent "
        "de PROJET à définitif quand tout est décidé.",
        "Si une grille change après une décision, la colonne « Décision prise sur » ne dit plus la "
        "proposition du jour : le jury la choisit dans la liste pour confirmer sa décision.",
    )
    put(sheet, 0, 0, "Délibération du jury", book.titre)
    for row, phrase in enumerate(phrases, 2):
        put(sheet, row, 0, typographie(phrase), book.texte)
        sheet.set_row(row, edition.height((phrase, 110), least=18))
    edition.a4_paysage(sheet, seance.session.id)
