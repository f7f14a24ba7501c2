"""A session -> the workbooks to send to the evaluators."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from batch import fichiers
from batch.allure import ORDINAIRE, Allure
from batch.anomalies import Anomalie
from batch.chaine import ouvriers
from batch.chaine.ouverture import Contexte, content_of, gather
from batch.classeurs import cellules
from batch.classeurs.grille import ecriture, forme
from batch.classeurs.grille.forme import Sceau
from batch.classeurs.grille.lecture import Bilan, Lecteur
from batch.folder import Folder
from batch.jury.affectation import Cahier
from batch.records import Session
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Reglement
from batch.verrou import writing


@dataclass(frozen=True, slots=True)
class Emission:
    """What became of each grid to be issued."""

    ecrites: list[str] = field(default_factory=list)
    inchangees: list[str] = field(default_factory=list)
    conservees: list[str] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)


# A workbook takes a twentieth of a second, and a process half a second to start.
_PAR_PROCESSUS = 40


@writing
def issue_grids(folder: Folder, now: datetime, allure: Allure = ORDINAIRE) -> Emission:
    """Every workbook to send; one that somebody has begun to fill is never written over."""
    contexte = gather(folder)
    sceau = contexte.sceau(folder.create_key())
    emission = Emission(anomalies=list(contexte.anomalies))
    issued: dict[str, str] = {}
    edit = partial(_edited, contexte.session, contexte.referentiel, contexte.reglement, sceau)
    count = len(contexte.cahiers)
    edited = ouvriers.share(
        edit, contexte.cahiers, allure.processus or ouvriers.usual(count, _PAR_PROCESSUS)
    )
    progres = allure.stage("Grilles")
    lecteur: Lecteur | None = None  # long to make, and seldom needed
    for done, (cahier, content) in enumerate(zip(contexte.cahiers, edited, strict=True), 1):
        path = folder.grilles / fichiers.safe_name(forme.file_name(cahier))
        name = folder.relative(path)
        if path.is_file() and content_of(path) != content:
            lecteur = lecteur or reader(contexte, sceau)
            kept = is_filled(path, lecteur)
        else:
            kept = False
        if kept:
            emission.conservees.append(name)
        elif fichiers.write(path, content):
            emission.ecrites.append(name)
        else:
            emission.inchangees.append(name)
        issued[name] = fichiers.fingerprint(content)
        progres(done, count)
    folder.retours.mkdir(exist_ok=True)
    folder.log(
        "grilles",
        now,
        reglement=fichiers.fingerprint(content_of(folder.reglement)),
        session=fichiers.fingerprint(content_of(folder.session)),
        grilles=issued,
    )
    return emission


def _edited(
    session: Session, referentiel: Referentiel, reglement: Reglement, sceau: Sceau, cahier: Cahier
) -> bytes:
    return ecriture.write(session, referentiel, reglement, cahier, sceau)


def reader(contexte: Contexte, sceau: Sceau) -> Lecteur:
    """Who knows every sheet of the session by its tags."""
    return Lecteur(contexte.session.id, contexte.formes, sceau)


def is_filled(path: Path, lecteur: Lecteur) -> bool:
    """Something was typed in it; one that cannot be read might hold something too."""
    classeur, _ = cellules.read(path.name, content_of(path))
    if classeur is None:
        return True
    fiches, _ = lecteur.read(classeur, Bilan())
    return any(not fiche.vide for fiche in fiches)
