"""A session before it takes place -> its convocations and its attendance sheets."""

from dataclasses import dataclass
from datetime import datetime

from batch import fichiers
from batch.anomalies import Anomalie
from batch.chaine import depot
from batch.chaine.ouverture import gather
from batch.documents import edition, mentions
from batch.folder import Folder
from batch.jury.seance import Seance
from batch.verrou import writing


@dataclass(frozen=True, slots=True)
class Convocations:
    ecrites: list[str]
    faites: int
    anomalies: list[Anomalie]


@writing
def summon(folder: Folder, now: datetime) -> Convocations:
    """What goes out before anybody is rated. It may be run again whenever the calendar changes."""
    contexte = gather(folder)
    seance = Seance(contexte.session, contexte.referentiel, contexte.reglement, ())
    _, lacking = mentions.check_convocations(seance)
    made = edition.convocations(seance, folder.gabarits)
    written = depot.renew(folder, folder.documents, "convocations", made)
    folder.log(
        "convocations",
        now,
        ecrits={name: fichiers.fingerprint((folder.root / name).read_bytes()) for name in written},
    )
    return Convocations(written, len(made), [*contexte.anomalies, *lacking])
