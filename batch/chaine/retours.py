"""What came back in retours/ -> what the evaluators said, and the faults. Nothing is written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
from batch.classeurs.grille.remplacement import Ecartee, Remplacees
from batch.folder import Folder
from batch.ordre import in_order
from batch.reception import depot
from batch.reception.contenants import Ecarte
from batch.records import Session
from batch.vocabulaire import Presence


@dataclass(frozen=True, slots=True)
class Retour:
    """A workbook that came back and counts; its cells lie packed in the readings."""

    nom: str
    empreinte: str
    modifie: datetime | None
    feuilles: tuple[int, ...]  # the ranks of those that no correction replaces
    numeros: frozenset[Numero]  # whose rows stand on them


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
    # For whoever may write in the folder to keep.
    lectures: Lectures

    def classeur(self, retour: Retour) -> Classeur:
        """The workbook as it was read, without the sheets that a correction replaces."""
        whole = self.lectures.again(retour.nom, retour.empreinte)
        return replace(whole, feuilles=tuple(whole.feuilles[rank] for rank in retour.feuilles))

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
    retours, fiches, replaced = [], list[FicheLue](), list[Ecartee]()
    lus, remplacees = list[_Lu](), Remplacees()
    for classeur in open_returns(contexte.folder, lectures, bilan, anomalies):
        lus.append(_read(classeur, lecteur))
        remplacees = remplacement.replaced_by(classeur, lecteur, sceau) | remplacees
    kept = list[_Lu]()
    for lu in lus:
        if all((lu.retour.empreinte, numero) not in remplacees for numero in lu.retour.numeros):
            kept.append(lu)
            continue
        whole = lectures.again(lu.retour.nom, lu.retour.empreinte)
        left, gone = remplacement.set_aside(whole, remplacees, lecteur, bilan)
        replaced += gone
        if left is not None:
            kept.append(_read(left, lecteur, whole))
    for lu in kept:
        retours.append(lu.retour)
        fiches += lu.fiches
        anomalies += lu.anomalies
        bilan.add(lu.bilan)
    anomalies += [Code.GRILLE_REMPLACEE.at(one.lieu, autre=one.par) for one in replaced]
    dates = {retour.nom: retour.modifie for retour in retours} if plus_recente else None
    fiches, faults, choices = doubles.merge(fiches, bilan, dates)
    anomalies += faults
    anomalies += remplacement.differences(replaced, fiches, contexte.reglement.echelle)
    expected = [one for one in contexte.formes if _is_expected(one, contexte.session)]
    evaluations, faults = controle_grilles.check(fiches, expected, bilan.vues, contexte.reglement)
    anomalies += faults
    return Controle(
        contexte,
        evaluations,
        tuple(fiches),
        tuple(expected),
        bilan,
        tuple(choices),
        frozenset(bilan.vues),
        in_order(mark(contexte.folder, anomalies)),
        tuple(retours),
        lectures,
    )


def open_returns(
    folder: Folder, lectures: Lectures, bilan: Bilan, anomalies: list[Anomalie]
) -> Iterator[Classeur]:
    """Every workbook in retours/, zips and mails opened; what became of each other file joins the
    bilan, and why, the anomalies.

    One at a time: the cells of a whole session would fill a laptop.
    """
    first: dict[str, str] = {}
    opened = False
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
            opened = True
            yield classeur
    if not bilan.fichiers and not opened:
        anomalies.append(Code.RETOURS_VIDE.at(Lieu("retours/"), nom="retours/"))


@dataclass(frozen=True, slots=True)
class _Lu:
    """A workbook by itself: what its sheets say, their faults, and what became of them."""

    retour: Retour
    fiches: list[FicheLue]
    anomalies: list[Anomalie]
    bilan: Bilan


def _read(classeur: Classeur, lecteur: Lecteur, entier: Classeur | None = None) -> _Lu:
    """`entier`: the workbook before some of its sheets were set aside."""
    bilan = Bilan()
    fiches, anomalies = lecteur.read(classeur, bilan)
    whole = (entier or classeur).feuilles
    left = {id(feuille) for feuille in classeur.feuilles}
    retour = Retour(
        classeur.nom,
        classeur.empreinte,
        classeur.modifie,
        tuple(rank for rank, feuille in enumerate(whole) if id(feuille) in left),
        frozenset().union(*(remplacement.numeros(one, lecteur) for one in classeur.feuilles)),
    )
    return _Lu(retour, fiches, anomalies, bilan)


def _is_expected(one: Forme, session: Session) -> bool:
    """Nobody waits for the sheet of candidates who are known not to have come."""
    here = (None, one.fiche.partie.id)
    away = {incident.candidat for incident in session.incidents if incident.partie in here}
    return any(c.presence is Presence.PRESENT and c.id not in away for c in one.fiche.candidats)
