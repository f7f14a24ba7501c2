"""The sitting as a whole: what every document, workbook and export is drawn from."""

from dataclasses import dataclass

from batch.anomalies import Anomalie
from batch.jury.calcul import Resultat
from batch.jury.deliberation import Issues, Objet
from batch.jury.divergences import Divergence
from batch.records import Session
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Reglement
from batch.vocabulaire import EtatSession


@dataclass(frozen=True, slots=True)
class Dossier:
    """One candidate before the jury: what is proposed, what may be decided, what was."""

    resultat: Resultat
    objets: tuple[Objet, ...]
    issues: Issues


@dataclass(frozen=True, slots=True)
class Seance:
    session: Session
    referentiel: Referentiel  # with its blocs, the certificateur's own included
    reglement: Reglement
    dossiers: tuple[Dossier, ...]
    # What keeps the sitting from being final besides missing decisions: composition, confirmations.
    obstacles: tuple[Anomalie, ...] = ()
    # What the evaluators differ on, settled by the jury or not yet.
    divergences: tuple[Divergence, ...] = ()

    @property
    def etat(self) -> EtatSession:
        """Final once every candidate is decided and nothing stands in the way."""
        decided = self.dossiers and all(dossier.issues.complete for dossier in self.dossiers)
        return EtatSession.DEFINITIF if decided and not self.obstacles else EtatSession.PROJET
