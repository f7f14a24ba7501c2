"""A candidate before the jury -> what the documents show of him, and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from batch.documents.contexte.phrases import phrase
from batch.francais import INSECABLE, accorde, compte, guillemets, typographie
from batch.jury import explication
from batch.jury.calcul import Resultat
from batch.jury.deliberation import CERTIFICATION
from batch.jury.regles import Constat
from batch.jury.seance import Dossier, Seance
from batch.records import Candidat
from batch.vocabulaire import (
    EtatSession,
    Niveau,
    Presence,
    ResultatBloc,
    ResultatCertification,
    ResultatPartie,
)


@dataclass(frozen=True, slots=True)
class Vue:
    """The outcomes that a document prints: the jury's once it has decided, else the proposal."""

    resultat: Resultat
    decide: bool
    blocs: Mapping[str, ResultatBloc]
    certification: ResultatCertification
    motifs: Mapping[str, str]

    @property
    def candidat(self) -> Candidat:
        return self.resultat.candidat

    def blocs_in(self, *states: ResultatBloc) -> list[str]:
        return [code for code, state in self.blocs.items() if state in states]

    @property
    def mention(self) -> str:
        """« , mention Bien », to be set after the certification; empty where there is none."""
        delivered = self.certification is ResultatCertification.DELIVREE
        said = self.resultat.mention if delivered else None
        return f", mention {guillemets(said)}" if said else ""

    @property
    def obtenus(self) -> list[str]:
        """The blocs obtained at this very session."""
        return self.blocs_in(ResultatBloc.VALIDE)

    @property
    def manquants(self) -> list[str]:
        return [code for code, state in self.blocs.items() if not state.obtenu]

    def departs(self, code: str) -> bool:
        """The jury decided otherwise than the calculation proposed, on this bloc or the whole."""
        if code == CERTIFICATION:
            return self.certification is not self.resultat.certification
        return self.blocs[code] is not self.resultat.blocs[code]

    def constat(self, code: str) -> Constat | None:
        return self.resultat.constats[Niveau.BLOC].get(code)

    @property
    def ensembles(self) -> list[Constat]:
        """Where there are no blocs: how all activités, and all épreuves, stand."""
        return list(self.resultat.constats[Niveau.CERTIFICATION].values())


def view(dossier: Dossier) -> Vue:
    resultat, issues = dossier.resultat, dossier.issues
    if issues.certification is None:
        return Vue(resultat, False, resultat.blocs, resultat.certification, {})
    blocs = {code: bloc for code, bloc in issues.blocs.items() if bloc is not None}
    # Nothing was put to the vote for somebody who did not come: that is no decision.
    voted = bool(dossier.objets)
    return Vue(resultat, voted, blocs, issues.certification, issues.motifs)


def projet(seance: Seance) -> bool:
    return seance.etat is EtatSession.PROJET


def mot(etat: ResultatCertification | Presence, sexe: str | None) -> str:
    """The word of a state that is said of a person, and agrees: « Absent », « Absente »."""
    if etat.value in ("present", "absent", "excuse"):
        return accorde(sexe, etat.mot, f"{etat.mot}e")
    return etat.mot


def reason(seance: Seance, constat: Constat | None) -> str:
    return explication.reason(seance.referentiel, constat) if constat else ""


def whole_reason(seance: Seance, constat: Constat) -> str:
    """Why a condition over the whole certification stands as it does, in a sentence."""
    subject = {
        "moyenne": "ensemble des blocs",
        "epreuve_transversale": "épreuve transversale",
        "prerequis": "condition préalable",
    }.get(constat.id)
    why = reason(seance, constat) or "en attente"
    return phrase(f"{subject} : {why}" if subject else why)


def motif(vue: Vue, code: str) -> str:
    """« Motif du jury : « … ». », or nothing."""
    said = typographie(vue.motifs.get(code, "").strip().rstrip("."))
    # Inside our own guillemets, others are printed as the second rank of French quotes.
    said = said.replace(f"«{INSECABLE}", "“").replace(f"{INSECABLE}»", "”")
    return f"Motif du jury{INSECABLE}: {guillemets(said)}." if said else ""


def tally(parties: Mapping[str, ResultatPartie]) -> tuple[str, list[str]]:
    """Épreuves or activités -> « 13 sur 15 », and apart what was not judged: nothing is merged."""
    states = list(parties.values())
    counted = len(states) - states.count(ResultatPartie.SANS_OBJET)
    apart = [
        compte(combien, etat.mot.lower(), _pluriel(etat))
        for etat in ResultatPartie
        if etat not in (ResultatPartie.VALIDE, ResultatPartie.NON_VALIDE)
        if (combien := states.count(etat))
    ]
    return f"{states.count(ResultatPartie.VALIDE)} sur {counted}", apart


def _pluriel(etat: ResultatPartie) -> str:
    word = etat.mot.lower()
    return word if etat in (ResultatPartie.A_ARBITRER, ResultatPartie.SANS_OBJET) else f"{word}s"
