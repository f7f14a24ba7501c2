"""A session -> the mails that its grids and letters make: each with its own attachments.

A document that is missing, or that is no longer what the session makes, keeps its message back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from batch import fichiers
from batch.anomalies import Anomalie, Code, Lieu
from batch.chaine import actes, depot, fondement, greffe
from batch.chaine.examen import examine
from batch.chaine.grilles import is_filled, reader
from batch.chaine.ouverture import Contexte, content_of, gather
from batch.chaine.pdf import pdf_of
from batch.classeurs import cellules, tables
from batch.classeurs.grille import ecriture, forme, identite
from batch.classeurs.grille.forme import Sceau
from batch.courriels import gardes
from batch.courriels.modele import Courriel, Genre, Personne, Piece
from batch.courriels.redaction import Redacteur
from batch.documents import edition as documents
from batch.documents import identite as identite_lettre
from batch.documents.contexte import vue
from batch.folder import Folder
from batch.francais import compte, date_jour, date_longue, guillemets, typographie
from batch.jury.affectation import Cahier
from batch.jury.seance import Dossier, Seance
from batch.records import Candidat, Evaluateur, Session
from batch.reglement.modele import Reglement
from batch.vocabulaire import EtatSession

Dates = Callable[[str], datetime]  # of each person's mail, by his number


@dataclass(slots=True)
class Lot:
    """The mails of one kind, those who are to receive them, and what keeps some back."""

    session: Session
    destinataires: tuple[Personne, ...]
    tous: tuple[Personne, ...]  # everybody whom the session knows
    courriels: list[Courriel] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)


def grids(folder: Folder, dates: Dates) -> Lot:
    """One mail for each évaluateur, with all his grids."""
    contexte = gather(folder)
    session, own = contexte.session, cahiers_by_rater(contexte)
    raters = [evaluateur for evaluateur in session.evaluateurs if evaluateur.id in own]
    lot = lot_of(session, [evaluateur_as_personne(one) for one in raters])
    writer, sceau = Redacteur(Genre.GRILLES, folder.gabarits), contexte.sceau(folder.key())
    for personne in lot.destinataires:
        pieces, faults = grids_of(contexte, sceau, personne, own[personne.id])
        lot.anomalies += faults
        if faults or not personne.adresse:
            continue
        said = writer.write(
            {
                **common(contexte.reglement, contexte.referentiel.intitule, session, personne),
                "grilles": [grid_as_said(cahier) for cahier in own[personne.id]],
            }
        )
        lot.courriels.append(
            Courriel(
                session.id, Genre.GRILLES, personne, said.objet, said.texte, said.html,
                tuple(pieces), session.contact, session.contact_courriel, dates(personne.id),
            )
        )  # fmt: skip
    return lot


def letters(folder: Folder, dates: Dates) -> Lot:
    """One mail for each candidate, with his letter; none before the results are final."""
    examen = examine(folder)
    seance, session, acts = examen.seance, examen.seance.session, actes.read(folder)
    changed = {one.candidat for one in actes.changes(acts[-1], seance)} if acts else set()
    if acts and not changed:
        seance = replace(seance, acte=acts[-1].acte)
    lot = lot_of(session, [candidat_as_personne(one) for one in session.candidats])
    if seance.etat is not EtatSession.DEFINITIF:
        lot.anomalies.append(Code.RESULTATS_EN_PROJET.at(Lieu("deliberation.xlsx")))
        return lot
    writer = Redacteur(Genre.RESULTATS, folder.gabarits)
    closed = actes.standing(acts)
    drafts = depot.last(folder, greffe.SERIE)
    known = {name: fondement.Piece(name, own) for name, own in drafts.items()} | closed

    @cache
    def made() -> dict[str, str]:
        own = documents.letters(seance, folder.gabarits)
        return {name: fichiers.fingerprint(content) for name, content in own.items()}

    for personne, dossier in zip(lot.destinataires, seance.dossiers, strict=True):
        name = documents.letter_name(dossier)
        standing = known.get(name, fondement.Piece(name, ""))
        if name in closed and not changed & {None, personne.id}:
            # A template made anew since changes nothing of what an act gave out.
            expected: str | None = standing.sha256
        else:
            expected = made().get(name)
        letter = _Lettre(folder, session.id, personne, expected, standing)
        piece, faults = letter.piece()
        lot.anomalies += faults
        if piece is None or not personne.adresse:
            continue
        said = writer.write(
            {
                **common(seance.reglement, seance.referentiel.intitule, session, personne),
                "piece": piece.nom,
                "resultat": _outcome(seance, dossier),
            }
        )
        lot.courriels.append(
            Courriel(
                session.id, Genre.RESULTATS, personne, said.objet, said.texte, said.html,
                (piece,), session.contact, session.contact_courriel, dates(personne.id),
            )
        )  # fmt: skip
    return lot


def common(
    reglement: Reglement, intitule: str, session: Session, personne: Personne
) -> dict[str, object]:
    """What every template may print."""
    return {
        "destinataire": {"prenom": personne.prenom, "nom": personne.nom,
                         "nom_complet": personne.nom_complet},
        "certification": guillemets(intitule),
        "certificateur": typographie(reglement.courrier.certificateur),
        "date_jury": date_longue(session.date_jury),
        "date_limite": date_jour(session.date_limite),
        "contact": {"nom": session.contact, "courriel": session.contact_courriel},
        "session": session.id,
    }  # fmt: skip


def cahiers_by_rater(contexte: Contexte) -> dict[str, list[Cahier]]:
    own: dict[str, list[Cahier]] = defaultdict(list)
    for cahier in contexte.cahiers:
        own[cahier.evaluateur.id].append(cahier)
    return own


def grid_as_said(cahier: Cahier) -> dict[str, str]:
    """How a mail names a grid: its file, its épreuve, how many sheets; no candidate."""
    sheets = [fiche for fiche in cahier.fiches if fiche.groupe is None]
    groups = sum(fiche.en_groupe for fiche in sheets)
    counts = [compte(len(sheets) - groups, "candidat")] if len(sheets) > groups else []
    counts += [compte(groups, "groupe")] if groups else []
    return {
        "fichier": grid_name(cahier),
        "partie": forme.partie_nom(cahier.partie),
        "intitule": cahier.partie.intitule,
        "combien": " et ".join(counts),
    }


def grid_name(cahier: Cahier) -> str:
    return fichiers.safe_name(forme.file_name(cahier))


def grids_of(
    contexte: Contexte, sceau: Sceau, personne: Personne, cahiers: Iterable[Cahier]
) -> tuple[list[Piece], list[Anomalie]]:
    """These workbooks as they stand in grilles/, if they are what the session makes now."""
    pieces, faults = [], []
    for cahier in cahiers:
        path = contexte.folder.grilles / grid_name(cahier)
        name = contexte.folder.relative(path)
        words: dict[str, Any] = {"piece": name, "qui": personne}
        if not path.is_file():
            faults.append(Code.PIECE_MANQUE.at(Lieu(name), commande="jury grilles", **words))
            continue
        content = content_of(path)
        expected = ecriture.write(
            contexte.session, contexte.referentiel, contexte.reglement, cahier, sceau
        )
        owners = _owners(path.name, content, contexte.session.id, sceau)
        # Somebody else's grid is told as such, by the guards, before it is told as another one.
        if content == expected or personne.id not in owners:
            pieces.append(Piece(path.name, content, owners))
        elif is_filled(path, reader(contexte, sceau)):
            faults.append(Code.GRILLE_ENTAMEE.at(Lieu(name), **words))
        else:
            faults.append(Code.PIECE_PERIMEE.at(Lieu(name), commande="jury grilles", **words))
    return pieces, faults


def workbook_of(path: Path, session: str, sceau: Sceau) -> Piece:
    """A workbook to send to whomever it says that it belongs to."""
    content = content_of(path)
    return Piece(path.name, content, _owners(path.name, content, session, sceau))


def _owners(name: str, content: bytes, session: str, sceau: Sceau) -> frozenset[str]:
    classeur, _ = cellules.read(name, content)
    return identite.evaluateurs(classeur, session, sceau) if classeur else frozenset()


def lot_of(session: Session, destinataires: Sequence[Personne]) -> Lot:
    everybody = (
        *(candidat_as_personne(one) for one in session.candidats),
        *(evaluateur_as_personne(one) for one in session.evaluateurs),
    )
    return Lot(session, tuple(destinataires), everybody)


def evaluateur_as_personne(evaluateur: Evaluateur) -> Personne:
    address = _address(evaluateur.courriel)
    return Personne(evaluateur.id, evaluateur.prenom, evaluateur.nom, address, evaluateur.lieu)


def candidat_as_personne(candidat: Candidat) -> Personne:
    address = _address(candidat.courriel)
    lieu = Lieu(candidat.lieu.fichier, tables.load("candidats").feuille, candidat.lieu.cellule)
    return Personne(candidat.id, candidat.prenom, candidat.nom, address, lieu)


def _address(typed: str | None) -> str | None:
    """As SMTP writes it; one that cannot be used stays as typed, for the guards to name."""
    return gardes.usable(typed) or typed if typed else None


def _outcome(seance: Seance, dossier: Dossier) -> str:
    """The result in one phrase, where the règlement lets a mail say it; else nothing."""
    if not seance.reglement.courrier.resultat_dans_le_courriel:
        return ""
    seen = vue.view(dossier)
    return vue.mot(seen.certification, dossier.resultat.candidat.sexe)


@dataclass(frozen=True, slots=True)
class _Lettre:
    """A candidate's letter: as it should be, as it was recorded, as it lies there."""

    folder: Folder
    session: str
    personne: Personne
    attendue: str | None  # its fingerprint; none where something that it must say is missing
    etablie: fondement.Piece  # by the last act that made it: of a rectificatif, under its own name

    def piece(self) -> tuple[Piece | None, list[Anomalie]]:
        """What to attach, unless something keeps it back; and what is to be known of it."""
        name = self.etablie.nom
        path = self.folder.documents / name
        shown = self.folder.relative(path)
        words: dict[str, Any] = {"piece": shown, "qui": self.personne}
        if self.attendue is None or not path.is_file():
            missing = Code.PIECE_MANQUE.at(Lieu(shown), commande="jury traiter", **words)
            return None, [missing]
        if self.etablie.sha256 != self.attendue:
            stale = Code.PIECE_PERIMEE.at(Lieu(shown), commande="jury traiter", **words)
            return None, [stale]
        content, faults = content_of(path), []
        owners = frozenset({self.personne.id})
        if fichiers.fingerprint(content) != self.attendue:
            owners = identite_lettre.candidats(content, self.session)
            faults = [Code.LETTRE_RETOUCHEE.at(Lieu(shown), **words)]
        pdf = path.with_suffix(".pdf")
        if not pdf.is_file():
            return Piece(path.name, content, owners), faults
        if pdf_of(self.folder, name) is None:
            unknown = self.folder.relative(pdf)
            return None, [Code.PDF_INCONNU.at(Lieu(unknown), piece=unknown, qui=self.personne)]
        return Piece(pdf.name, content_of(pdf), owners), faults
