"""What came back in retours/ -> what the evaluators said, and the faults. Nothing is written."""

from dataclasses import dataclass

from batch.anomalies import Anomalie, Code, Lieu
from batch.chaine.acceptations import mark
from batch.chaine.ouverture import Contexte, content_of
from batch.classeurs import cellules
from batch.classeurs.cellules import Classeur
from batch.classeurs.grille import controle as controle_grilles
from batch.classeurs.grille import remplacement
from batch.classeurs.grille.controle import Evaluations
from batch.classeurs.grille.forme import Forme
from batch.classeurs.grille.lecture import Bilan, FicheLue, Lecteur, Sort, merge
from batch.ordre import in_order
from batch.records import Session
from batch.vocabulaire import Presence


@dataclass(frozen=True, slots=True)
class Controle:
    contexte: Contexte
    evaluations: Evaluations
    fiches: tuple[FicheLue, ...]
    attendues: tuple[Forme, ...]
    bilan: Bilan
    anomalies: list[Anomalie]
    # The workbooks that were read, without the sheets that a correction replaces.
    classeurs: tuple[Classeur, ...]


# Left by Excel, LibreOffice, macOS and Windows beside the real files.
_DEBRIS = {"thumbs.db", "desktop.ini", ".ds_store"}


def read_returns(contexte: Contexte) -> Controle:
    """Everything in retours/, read and checked."""
    folder = contexte.folder
    bilan, anomalies = Bilan(), list(contexte.anomalies)
    sceau = contexte.sceau(folder.key())
    lecteur = Lecteur(contexte.session.id, contexte.formes, sceau)
    classeurs: list[Classeur] = []
    fiches: list[FicheLue] = []
    paths = sorted(p for p in folder.retours.rglob("*") if p.is_file() and not p.is_symlink())
    for path in paths:
        name = folder.relative(path)
        debris = _debris(path.name)
        if debris:
            bilan.fichiers[name] = Sort.IGNORE
            anomalies.append(Code.FICHIER_IGNORE.at(Lieu(name), nom=path.name, raison=debris))
            continue
        classeur, faults = cellules.read(name, content_of(path))
        anomalies += faults
        if classeur is None:
            bilan.fichiers[name] = Sort.REFUSE
            continue
        classeurs.append(classeur)
    classeurs, replaced, faults = remplacement.set_aside(classeurs, lecteur, sceau, bilan)
    anomalies += faults
    for classeur in classeurs:
        own, faults = lecteur.read(classeur, bilan)
        fiches += own
        anomalies += faults
    if not bilan.fichiers:
        anomalies.append(Code.RETOURS_VIDE.at(Lieu("retours/"), nom="retours/"))
    fiches, faults = merge(fiches, bilan)
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
        in_order(mark(folder, anomalies)),
        tuple(classeurs),
    )


def _debris(name: str) -> str | None:
    if name.startswith("~$") or name.startswith(".~lock"):
        return "c'est la trace d'un classeur resté ouvert chez quelqu'un"
    if name.startswith("._") or name.casefold() in _DEBRIS:
        return "c'est un fichier de service du système"
    return None


def _is_expected(one: Forme, session: Session) -> bool:
    """Nobody waits for the sheet of candidates who are known not to have come."""
    here = (None, one.fiche.partie.id)
    away = {incident.candidat for incident in session.incidents if incident.partie in here}
    return any(c.presence is Presence.PRESENT and c.id not in away for c in one.fiche.candidats)
