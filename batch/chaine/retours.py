"""What came back in retours/ -> what the evaluators said, and the faults. Nothing is written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from batch import fichiers
from batch.allure import ORDINAIRE, Allure
from batch.anomalies import Anomalie, Code, Empechement, Lieu
from batch.chaine.acceptations import mark
from batch.chaine.grilles import reader
from batch.chaine.memoire import Lectures, Recu
from batch.chaine.ouverture import Contexte
from batch.classeurs.cellules import Classeur
from batch.classeurs.grille import apport, doubles, remplacement
from batch.classeurs.grille import controle as controle_grilles
from batch.classeurs.grille.apport import Apport, Retour
from batch.classeurs.grille.controle import Evaluations
from batch.classeurs.grille.doubles import Choix
from batch.classeurs.grille.fiches import FicheLue
from batch.classeurs.grille.forme import Forme, Numero
from batch.classeurs.grille.lecture import Bilan, Lecteur, Sort
from batch.classeurs.grille.remplacement import Ecartee, Remplacees
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
    # The workbooks that were read, without those that corrections replace whole.
    retours: tuple[Retour, ...]
    lecteur: Lecteur
    # For whoever may write in the folder to keep.
    lectures: Lectures

    def classeur(self, retour: Retour) -> Classeur:
        """The workbook as it was read, without the sheets that a correction replaces."""
        return retour.left(self.lectures.again(retour.nom, retour.empreinte))

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


def read_returns(
    contexte: Contexte, *, plus_recente: bool = False, allure: Allure = ORDINAIRE
) -> Controle:
    """Everything in retours/, read and checked."""
    bilan, anomalies = Bilan(), list(contexte.anomalies)
    lecteur = reader(contexte, contexte.sceau(contexte.folder.key()))
    lectures = Lectures(contexte)
    received = list[str]()
    opened = _open(contexte.folder, received, bilan, anomalies)
    lus = lectures.read(opened, lecteur, allure.processus, allure.stage("Lecture"))
    if not received:
        anomalies.append(Code.RETOURS_VIDE.at(Lieu("retours/"), nom="retours/"))
    anomalies += [anomalie for lu in lus for anomalie in lu.anomalies]
    ends = bilan.fichiers | {lu.nom: Sort.REFUSE for lu in lus if lu.apport is None}
    bilan.fichiers = {nom: ends[nom] for nom in received if nom in ends}
    apports, replaced = _replace([lu.apport for lu in lus if lu.apport], lectures, lecteur, bilan)
    for own in apports:
        anomalies += own.anomalies
        bilan.add(own.bilan)
    anomalies += [Code.GRILLE_REMPLACEE.at(one.lieu, autre=one.par) for one in replaced]
    retours = tuple(own.retour for own in apports)
    dates = {retour.nom: retour.modifie for retour in retours} if plus_recente else None
    fiches, faults, choices = doubles.merge(
        (f for own in apports for f in own.fiches), bilan, dates
    )
    anomalies += faults
    anomalies += remplacement.differences(replaced, fiches, contexte.reglement.echelle)
    expected = [one for one in contexte.formes if _is_expected(one, contexte.session)]
    evaluations, faults = controle_grilles.check(fiches, expected, bilan.vues, contexte.reglement)
    anomalies += faults
    lecteur.reperes.forget()
    return Controle(
        contexte,
        evaluations,
        tuple(fiches),
        tuple(expected),
        bilan,
        tuple(choices),
        frozenset(bilan.vues),
        in_order(mark(contexte.folder, anomalies)),
        retours,
        lecteur,
        lectures,
    )


def _open(
    folder: Folder, received: list[str], bilan: Bilan, anomalies: list[Anomalie]
) -> Iterator[Recu]:
    """Every workbook in retours/, zips and mails opened; what became of each other file joins the
    bilan, and why, the anomalies. `received`: the names of all of them, as they come.

    One at a time: the files of a whole session would fill a laptop.
    """
    first: dict[str, str] = {}
    for recu in depot.receive(folder.retours, folder.relative(folder.retours)):
        received.append(recu.nom)
        if isinstance(recu, Ecarte):
            bilan.fichiers[recu.nom] = Sort.REFUSE if recu.perdu else Sort.IGNORE
            anomalies.append(recu.anomalie)
            continue
        empreinte = fichiers.fingerprint(recu.contenu)
        twin = first.setdefault(empreinte, recu.nom)
        if twin == recu.nom:
            yield Recu(recu.nom, empreinte, recu.contenu)
        else:
            bilan.fichiers[recu.nom] = Sort.INCHANGE
            lieu = Lieu(recu.nom)
            anomalies.append(Code.FICHIER_IDENTIQUE.at(lieu, nom=recu.nom, autre=twin))


def _replace(
    apports: Iterable[Apport], lectures: Lectures, lecteur: Lecteur, bilan: Bilan
) -> tuple[list[Apport], list[Ecartee]]:
    """What is left when corrections have taken the place of what they correct; and what went."""
    apports = list(apports)
    by: Remplacees = {}
    for own in apports:
        by = {**own.remplace, **by}
    if not by:
        return apports, []
    kept, gone = list[Apport](), list[Ecartee]()
    for own in apports:
        retour = own.retour
        if all((retour.empreinte, numero) not in by for numero in retour.numeros):
            kept.append(own)
            continue
        whole = lectures.again(retour.nom, retour.empreinte)
        left, ecartees = remplacement.set_aside(whole, by, lecteur, bilan)
        gone += ecartees
        if left is not None:
            ranks = [whole.feuilles.index(feuille) for feuille in left.feuilles]
            kept.append(apport.take(left, lecteur, ranks))
    return kept, gone


def _is_expected(one: Forme, session: Session) -> bool:
    """Nobody waits for the sheet of candidates who are known not to have come."""
    here = (None, one.fiche.partie.id)
    away = {incident.candidat for incident in session.incidents if incident.partie in here}
    return any(c.presence is Presence.PRESENT and c.id not in away for c in one.fiche.candidats)
