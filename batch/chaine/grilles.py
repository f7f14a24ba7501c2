"""A session -> the workbooks to send to the evaluators."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from batch import fichiers
from batch.anomalies import Anomalie
from batch.chaine.ouverture import Contexte, content_of, gather
from batch.classeurs import cellules
from batch.classeurs.grille import ecriture, forme
from batch.classeurs.grille.forme import Sceau
from batch.classeurs.grille.lecture import Bilan, Lecteur
from batch.folder import Folder
from batch.verrou import writing


@dataclass(frozen=True, slots=True)
class Emission:
    """What became of each grid to be issued."""

    ecrites: list[str] = field(default_factory=list)
    inchangees: list[str] = field(default_factory=list)
    conservees: list[str] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)


@writing
def issue_grids(folder: Folder, now: datetime) -> Emission:
    """Every workbook to send; one that somebody has begun to fill is never written over."""
    contexte = gather(folder)
    sceau = contexte.sceau(folder.create_key())
    emission = Emission(anomalies=list(contexte.anomalies))
    issued: dict[str, str] = {}
    for cahier in contexte.cahiers:
        path = folder.grilles / fichiers.safe_name(forme.file_name(cahier))
        content = ecriture.write(
            contexte.session, contexte.referentiel, contexte.reglement, cahier, sceau
        )
        name = folder.relative(path)
        if path.is_file() and is_filled(path, contexte, sceau):
            emission.conservees.append(name)
        elif fichiers.write(path, content):
            emission.ecrites.append(name)
        else:
            emission.inchangees.append(name)
        issued[name] = fichiers.fingerprint(content)
    folder.retours.mkdir(exist_ok=True)
    folder.log(
        "grilles",
        now,
        reglement=fichiers.fingerprint(content_of(folder.reglement)),
        session=fichiers.fingerprint(content_of(folder.session)),
        grilles=issued,
    )
    return emission


def is_filled(path: Path, contexte: Contexte, sceau: Sceau) -> bool:
    """Something was typed in it; one that cannot be read might hold something too."""
    classeur, _ = cellules.read(path.name, content_of(path))
    if classeur is None:
        return True
    fiches, _ = Lecteur(contexte.session.id, contexte.formes, sceau).read(classeur, Bilan())
    return any(not fiche.vide for fiche in fiches)
