"""What has come back and what has not -> whom to remind, and the mail that reminds him."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from batch.anomalies import Code, Lieu
from batch.chaine import corrections
from batch.chaine.ouverture import content_of, gather
from batch.chaine.pieces import (
    Dates,
    Lot,
    cahiers_by_rater,
    common,
    evaluateur_as_personne,
    grid_as_said,
    grids_of,
    lot_of,
    workbook_of,
)
from batch.chaine.retours import Controle, read_returns
from batch.classeurs.grille import forme
from batch.courriels.modele import Courriel, Genre, Personne, Piece
from batch.courriels.redaction import Redacteur
from batch.courriels.registre import Registre, recently
from batch.folder import Folder
from batch.jury.affectation import Cahier

TOUS_LES = 3  # days, at least, between two reminders to the same person


@dataclass(frozen=True, slots=True)
class Retard:
    """What an évaluateur has not returned, or has returned with faults."""

    personne: Personne
    manquants: tuple[Cahier, ...]
    a_corriger: tuple[Cahier, ...]
    relances: tuple[datetime, ...]  # the reminders already made, oldest first


def late(folder: Folder) -> list[Retard]:
    """Whom the session is waiting for, in its own order."""
    return _late(read_returns(gather(folder)), Registre(folder.envois))


def due(retards: list[Retard], now: datetime, tous_les: int) -> list[Retard]:
    """Those who may be reminded today: nobody twice in so many days."""
    return [one for one in retards if not recently(list(one.relances), now, tous_les)]


def reminders(folder: Folder, dates: Dates, rang: Mapping[str, int]) -> Lot:
    """One mail for each évaluateur who is late, with what he is still to fill in or to mend.

    `rang`: how many reminders came before this one, where it is known; else as many as were made.
    """
    controle = read_returns(gather(folder))
    contexte = controle.contexte
    session, sceau = contexte.session, contexte.sceau(folder.key())
    retards = _late(controle, Registre(folder.envois))
    mended = _corrections(controle, datetime.combine(session.date_limite, time()))
    lot = lot_of(session, [retard.personne for retard in retards])
    writer = Redacteur(Genre.RELANCES, folder.gabarits)
    for retard in retards:
        personne = retard.personne
        pieces, faults = grids_of(contexte, sceau, personne, retard.manquants)
        attached = mended.get(personne.id, []) if retard.a_corriger else []
        lot.anomalies += faults
        if faults or not personne.adresse:
            continue
        if retard.a_corriger and not attached:
            parts = ", ".join(forme.partie_nom(one.partie) for one in retard.a_corriger)
            lot.anomalies.append(
                Code.CORRECTION_MANQUE.at(Lieu("controle/"), qui=personne, partie=parts)
            )
        sent_on = dates(personne.id)
        said = writer.write(
            {
                **common(contexte.reglement, contexte.referentiel.intitule, session, personne),
                "grilles": [grid_as_said(cahier) for cahier in retard.manquants],
                "a_corriger": [grid_as_said(cahier) for cahier in retard.a_corriger],
                "corrections": [piece.nom for piece in attached],
                "depassee": _is_past(sent_on, session.date_limite),
            }
        )
        lot.courriels.append(
            Courriel(
                session.id, Genre.RELANCES, personne, said.objet, said.texte, said.html,
                (*pieces, *attached), session.contact, session.contact_courriel, sent_on,
                rang.get(personne.id, len(retard.relances)),
            )
        )  # fmt: skip
    return lot


def _late(controle: Controle, registre: Registre) -> list[Retard]:
    contexte = controle.contexte
    places = {
        (anomalie.lieu.fichier, anomalie.lieu.feuille)
        for anomalie in controle.anomalies
        if anomalie.bloquante
    }
    faulty = {
        fiche.forme.numero
        for fiche in controle.fiches
        if (fiche.lieu.fichier, fiche.lieu.feuille) in places
    }
    read = {fiche.forme.numero for fiche in controle.fiches}
    blank = {fiche.forme.numero for fiche in controle.fiches if fiche.vide}
    expected = {one.numero for one in controle.attendues if one.attendues}
    found = []
    own, reminders = cahiers_by_rater(contexte), registre.reminders()
    for evaluateur in contexte.session.evaluateurs:
        missing, wrong = [], []
        for cahier in own.get(evaluateur.id, ()):
            numbers = {forme.numero(contexte.session.id, fiche) for fiche in cahier.fiches}
            waited = numbers & expected
            back = waited & controle.vues - blank
            if waited and not back:
                missing.append(cahier)
            elif waited - back or back & (faulty | controle.vues - read):
                wrong.append(cahier)
        if missing or wrong:
            made = tuple(reminders.get(evaluateur.id, ()))
            personne = evaluateur_as_personne(evaluateur)
            found.append(Retard(personne, tuple(missing), tuple(wrong), made))
    return found


def _corrections(controle: Controle, now: datetime) -> dict[str, list[Piece]]:
    """The workbooks to send back, by the évaluateur whom they name inside.

    Only those that lie in controle/corrections/ as the check would make them today.
    """
    contexte = controle.contexte
    sceau = contexte.sceau(contexte.folder.key())
    found: dict[str, list[Piece]] = {}
    for name, content in corrections.grids(controle, now):
        path = contexte.folder.corrections / name
        if path.suffix != ".xlsx" or not path.is_file() or content_of(path) != content:
            continue
        piece = workbook_of(path, contexte.session.id, sceau)
        for evaluateur in piece.identites:
            found.setdefault(evaluateur, []).append(piece)
    return found


def _is_past(quand: datetime, limite: date) -> bool:
    return quand.date() > limite
