"""What came back in retours/ -> what the evaluators said, and the faults. Nothing is written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from batch import fichiers
from batch.anomalies import Anomalie, Code, Empechement, Lieu
from batch.chaine.acceptations import mark
from batch.chaine.memoire import Lectures
from batch.chaine.ouverture import Contexte
from batch.classeurs.cellules import Classeur
from batch.classeurs.grille import controle as controle_grilles
from batch.classeurs.grille import doubles, remplacement
from batch.classeurs.grille.controle import Evaluations
from batch.classeurs.grille.doubles import Choix
from batch.classeurs.grille.fiches import FicheLue
from batch.classeurs.grille.forme import Forme, Numero
from batch.classeurs.grille.lecture import Bilan, Lecteur, Sort
from batch.folder import Folder
from batch.ordre import in_order
from batch.reception import depot
from batch.reception.contenants import Ecarte
from batch.records import Session
from batch.vocabulaire import Presence


@dataclass(frozen=True, slots=True)
class Controle:
    contexte: Contexte
    evaluations: Evaluations
    fiches: tuple[FicheLue, ...]
    attendues: tuple[Forme, ...]
    bilan: Bilan
    choix: tuple[Choix, ...]
    # Every sheet that came back, the refused ones too.
    vues: frozenset[Numero]
    anomalies: list[Anomalie]
    # The workbooks that were read, without the sheets that a correction replaces.
    classeurs: tuple[Classeur, ...]
    # For whoever may write in the folder to keep.
    lectures: Lectures

    def log(self, action: str, now: datetime, **facts: Any) -> None:
        """One line in the journal, with what was chosen between versions of a grid."""
        self.contexte.folder.log(action, now, **self.facts(**facts))

    def facts(self, **facts: Any) -> dict[str, Any]:
        """These facts, and what was chosen between versions of a grid."""
        if self.choix:
            facts["plus_recente"] = [
                {
                    "grille": str(choix.numero),
                    "retenue": choix.retenue.isoformat(),
                    "ecartees": [date.isoformat() for date in choix.ecartees],
                }
                for choix in self.choix
            ]
        return facts


def stop_if_blocked(anomalies: Sequence[Anomalie]) -> None:
    """All or nothing: one blocking anomaly, and nothing of the session counts."""
    if any(anomalie.bloquante for anomalie in anomalies):
        raise Empechement(
            "Rien n'a été calculé ni écrit, sauf le rapport (dossier controle) : avec "
            "--strict, une seule anomalie bloquante arrête tout. Corrigez-la, ou relancez sans "
            "--strict pour traiter les grilles valides.",
            anomalies,
        )


def read_returns(contexte: Contexte, *, plus_recente: bool = False) -> Controle:
    """Everything in retours/, read and checked."""
    bilan, anomalies = Bilan(), list(contexte.anomalies)
    sceau = contexte.sceau(contexte.folder.key())
    lecteur = Lecteur(contexte.session.id, contexte.formes, sceau)
    lectures = Lectures(contexte.folder)
    classeurs, faults = open_returns(contexte.folder, lectures, bilan)
    anomalies += faults
    classeurs, replaced, faults = remplacement.set_aside(classeurs, lecteur, sceau, bilan)
    anomalies += faults
    fiches: list[FicheLue] = []
    for classeur in classeurs:
        own, faults = lecteur.read(classeur, bilan)
        fiches += own
        anomalies += faults
    dates = {classeur.nom: classeur.modifie for classeur in classeurs} if plus_recente else None
    fiches, faults, choices = doubles.merge(fiches, bilan, dates)
    anomalies += faults
    anomalies += remplacement.differences(replaced, fiches, contexte.reglement.echelle)
    expected = [one for one in contexte.formes if _is_expected(one, contexte.session)]
    evaluations, faults = controle_grilles.check(fiches, expected, lecteur.vues, contexte.reglement)
    anomalies += faults
    return Controle(
        contexte,
        evaluations,
        tuple(fiches),
        tuple(expected),
        bilan,
        tuple(choices),
        frozenset(lecteur.vues),
        in_order(mark(contexte.folder, anomalies)),
        tuple(classeurs),
        lectures,
    )


def open_returns(
    folder: Folder, lectures: Lectures, bilan: Bilan
) -> tuple[list[Classeur], list[Anomalie]]:
    """Every workbook in retours/, zips and mails opened; what became of each other file."""
    classeurs: list[Classeur] = []
    anomalies: list[Anomalie] = []
    first: dict[str, str] = {}
    for recu in depot.receive(folder.retours, folder.relative(folder.retours)):
        if isinstance(recu, Ecarte):
            bilan.fichiers[recu.nom] = Sort.REFUSE if recu.perdu else Sort.IGNORE
            anomalies.append(recu.anomalie)
            continue
        twin = first.setdefault(fichiers.fingerprint(recu.contenu), recu.nom)
        if twin != recu.nom:
            bilan.fichiers[recu.nom] = Sort.INCHANGE
            lieu = Lieu(recu.nom)
            anomalies.append(Code.FICHIER_IDENTIQUE.at(lieu, nom=recu.nom, autre=twin))
            continue
        classeur, faults = lectures.read(recu.nom, recu.contenu)
        anomalies += faults
        if classeur is None:
            bilan.fichiers[recu.nom] = Sort.REFUSE
        else:
            classeurs.append(classeur)
    if not bilan.fichiers and not classeurs:
        anomalies.append(Code.RETOURS_VIDE.at(Lieu("retours/"), nom="retours/"))
    return classeurs, anomalies


def _is_expected(one: Forme, session: Session) -> bool:
    """Nobody waits for the sheet of candidates who are known not to have come."""
    here = (None, one.fiche.partie.id)
    away = {incident.candidat for incident in session.incidents if incident.partie in here}
    return any(c.presence is Presence.PRESENT and c.id not in away for c in one.fiche.candidats)
