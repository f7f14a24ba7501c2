"""One candidate's dossier before it is told: where its names and its words are looked up."""

from dataclasses import dataclass

from batch.francais import accorde
from batch.jury import enonce
from batch.jury.regles import Constat
from batch.jury.seance import Dossier, Seance
from batch.jury.trace.etape import Feuille
from batch.vocabulaire import Niveau

# What the rules over the whole are called, which no référentiel names.
_ENSEMBLES = {
    "activites": "Ensemble des activités",
    "epreuves": "Ensemble des épreuves",
    "moyenne": "Moyenne des blocs",
    "epreuve_transversale": "Épreuve transversale",
    "prerequis": "Condition préalable",
}


@dataclass(frozen=True, slots=True)
class Cas:
    seance: Seance
    dossier: Dossier
    feuilles: tuple[Feuille, ...] = ()

    def nom(self, niveau: Niveau, identifiant: str) -> str:
        match niveau:
            case Niveau.CERTIFICATION:
                return _ENSEMBLES.get(identifiant, identifiant)
            case Niveau.INDICATEUR:
                return identifiant.rpartition(".")[2]
        return enonce.name(self.seance.referentiel, niveau, identifiant)

    def intitule(self, constat: Constat) -> str:
        referentiel = self.seance.referentiel
        match constat.niveau:
            case Niveau.INDICATEUR:
                critere, _, rank = constat.id.rpartition(".")
                return referentiel.critere[critere].indicateurs[int(rank) - 1]
            case Niveau.CRITERE:
                return referentiel.critere[constat.id].intitule
            case Niveau.COMPETENCE:
                return referentiel.competence[constat.id].intitule
            case Niveau.EPREUVE:
                return referentiel.partie[constat.id].intitule
            case Niveau.ACTIVITE:
                return referentiel.activite[constat.id].intitule
        return ""

    def part(self, partie: str) -> str:
        known = self.seance.referentiel.partie.get(partie)
        kind = "épreuve" if known is not None and known.est_epreuve else "bloc"
        return f"{kind} {partie.removeprefix('EP-')}"

    def voted(self, code: str) -> bool:
        return any(objet.code == code for objet in self.dossier.objets)

    def within(self, partie: str | None, where: str | None) -> bool:
        """This épreuve is, or concerns, the one or the bloc that is spoken of."""
        if partie is None or where is None:
            return True
        return where in (partie, *self.seance.referentiel.partie[partie].blocs)

    def accorde(self, mot: str) -> str:
        return accorde(self.dossier.resultat.candidat.sexe, mot, f"{mot}e")
