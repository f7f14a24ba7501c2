"""Every state a result can be in: the code the machine reads, the word the document prints.

The JSON, the workbooks and the letters are all drawn from these enumerations; a state that is not
here does not exist.
"""

from enum import Enum, StrEnum
from typing import Self


class Ton(StrEnum):
    """How a state looks, wherever it is shown. Never the colour alone: the symbol goes with it."""

    FAVORABLE = "favorable"
    DEFAVORABLE = "defavorable"
    EN_SUSPENS = "en_suspens"
    NEUTRE = "neutre"

    @property
    def symbole(self) -> str:
        return {"favorable": "✔", "defavorable": "✘", "en_suspens": "?", "neutre": "–"}[self]


class Etat(StrEnum):
    """A code (the value), the word on the document, and its tone."""

    mot: str
    ton: Ton

    def __new__(cls, code: str, mot: str, ton: Ton) -> Self:
        etat = str.__new__(cls, code)
        etat._value_ = code
        etat.mot = mot
        etat.ton = ton
        return etat

    @property
    def marque(self) -> str:
        """The word behind its symbol: « ✔ Validé »."""
        return f"{self.ton.symbole} {self.mot}"

    @classmethod
    def from_mot(cls, mot: str) -> Self | None:
        """The state whose word a person picked in a list, or None."""
        return next((etat for etat in cls if etat.mot == mot), None)


class ResultatCritere(Etat):
    SATISFAIT = "satisfait", "Satisfait", Ton.FAVORABLE
    NON_SATISFAIT = "non_satisfait", "Non satisfait", Ton.DEFAVORABLE
    NON_EVALUE = "non_evalue", "Non évalué", Ton.EN_SUSPENS
    SANS_OBJET = "sans_objet", "Sans objet", Ton.NEUTRE
    DIVERGENT = "divergent", "Divergent", Ton.EN_SUSPENS


class ResultatCompetence(Etat):
    ACQUISE = "acquise", "Acquise", Ton.FAVORABLE
    NON_ACQUISE = "non_acquise", "Non acquise", Ton.DEFAVORABLE
    NON_EVALUEE = "non_evaluee", "Non évaluée", Ton.EN_SUSPENS
    SANS_OBJET = "sans_objet", "Sans objet", Ton.NEUTRE
    A_ARBITRER = "a_arbitrer", "À arbitrer", Ton.EN_SUSPENS


class ResultatBloc(Etat):
    VALIDE = "valide", "Validé", Ton.FAVORABLE
    NON_VALIDE = "non_valide", "Non validé", Ton.DEFAVORABLE
    INCOMPLET = "incomplet", "Incomplet", Ton.EN_SUSPENS
    A_ARBITRER = "a_arbitrer", "À arbitrer", Ton.EN_SUSPENS
    ACQUIS_ANTERIEUR = "acquis_anterieur", "Acquis antérieurement", Ton.FAVORABLE
    DISPENSE = "dispense", "Dispensé", Ton.FAVORABLE
    NON_VISE = "non_vise", "Non visé", Ton.NEUTRE
    NON_PRESENTE = "non_presente", "Non présenté", Ton.NEUTRE

    @property
    def obtenu(self) -> bool:
        """The candidate holds the bloc, whichever way he came by it."""
        return self.ton is Ton.FAVORABLE

    @property
    def en_suspens(self) -> bool:
        return self.ton is Ton.EN_SUSPENS


class ResultatCertification(Etat):
    DELIVREE = "delivree", "Certification délivrée", Ton.FAVORABLE
    PARTIELLE = "partielle", "Validation partielle", Ton.EN_SUSPENS
    BLOCS_VISES_VALIDES = "blocs_vises_valides", "Blocs visés validés", Ton.FAVORABLE
    NON_DELIVREE = "non_delivree", "Certification non délivrée", Ton.DEFAVORABLE
    EN_ATTENTE = "en_attente", "En attente", Ton.EN_SUSPENS
    ABSENT = "absent", "Absent", Ton.NEUTRE
    EXCUSE = "excuse", "Excusé", Ton.NEUTRE


class ResultatPartie(Etat):
    """An épreuve or an activité: the contract prints them where a référentiel has no blocs."""

    VALIDE = "valide", "Validée", Ton.FAVORABLE
    NON_VALIDE = "non_valide", "Non validée", Ton.DEFAVORABLE
    INCOMPLETE = "incomplet", "Incomplète", Ton.EN_SUSPENS
    A_ARBITRER = "a_arbitrer", "À arbitrer", Ton.EN_SUSPENS
    SANS_OBJET = "sans_objet", "Sans objet", Ton.NEUTRE
    NON_PRESENTEE = "non_presente", "Non présentée", Ton.NEUTRE


class Presence(Etat):
    PRESENT = "present", "Présent", Ton.NEUTRE
    ABSENT = "absent", "Absent", Ton.NEUTRE
    EXCUSE = "excuse", "Excusé", Ton.NEUTRE


class Nature(Etat):
    """What may happen to a candidate at an épreuve, besides being rated."""

    ABSENCE = "absence", "Absence", Ton.NEUTRE
    EXCUSE = "excuse", "Absence excusée", Ton.NEUTRE
    ABANDON = "abandon", "Abandon", Ton.NEUTRE
    FRAUDE = "fraude", "Fraude", Ton.DEFAVORABLE


class EtatFiche(Etat):
    """Where a grid's sheet stands after the contrôle."""

    COMPLETE = "complete", "Complète", Ton.FAVORABLE
    A_CORRIGER = "a_corriger", "À corriger", Ton.DEFAVORABLE
    NON_REVENUE = "non_revenue", "Non revenue", Ton.EN_SUSPENS
    ABSENT = "absent", "Absent", Ton.NEUTRE
    NON_ATTENDUE = "non_attendue", "Non attendue", Ton.NEUTRE

    @property
    def symbole(self) -> str:
        """The tone's, but for the absent: in a narrow table the symbol stands alone."""
        return "A" if self is EtatFiche.ABSENT else self.ton.symbole


class EtatGrille(Etat):
    """Where a grid's sheet stands from the day it is made: what was mailed, and what came back."""

    NON_ENVOYEE = "non_envoyee", "Non envoyée", Ton.NEUTRE
    ENVOYEE = "envoyee", "Envoyée", Ton.EN_SUSPENS
    RECUE = "recue", "Reçue vide", Ton.EN_SUSPENS
    A_CORRIGER = "a_corriger", "À corriger", Ton.DEFAVORABLE
    COMPLETE = "complete", "Complète", Ton.FAVORABLE
    ABSENT = "absent", "Absent", Ton.NEUTRE
    NON_ATTENDUE = "non_attendue", "Non attendue", Ton.NEUTRE

    @property
    def symbole(self) -> str:
        """One character, that a console without Unicode has or approaches, and no two alike."""
        letters = {EtatGrille.NON_ENVOYEE: "N", EtatGrille.ENVOYEE: "E", EtatGrille.RECUE: "V",
                   EtatGrille.ABSENT: "A"}  # fmt: skip
        return letters.get(self, self.ton.symbole)

    @classmethod
    def revenus(cls) -> tuple["EtatGrille", ...]:
        return cls.RECUE, cls.A_CORRIGER, cls.COMPLETE, cls.ABSENT

    @classmethod
    def en_attente(cls) -> tuple["EtatGrille", ...]:
        """What keeps a candidate waiting."""
        return cls.NON_ENVOYEE, cls.ENVOYEE, cls.RECUE, cls.A_CORRIGER


class EtatSaisie(Etat):
    """What a row of a grid gave, for one candidate."""

    LUE = "lue", "Lue", Ton.FAVORABLE
    ARBITREE = "arbitree", "Arbitrée par le jury", Ton.NEUTRE
    MANQUANTE = "manquante", "Manquante", Ton.EN_SUSPENS
    NON_ATTENDUE = "non_attendue", "Non attendue", Ton.NEUTRE


class EtatSession(Etat):
    PROJET = "projet", "Projet", Ton.EN_SUSPENS
    DEFINITIF = "definitif", "Définitif", Ton.FAVORABLE


class Voie(Etat):
    """How the candidate came to the certification (the six routes of the RNCP sheet)."""

    FORMATION_INITIALE = "formation_initiale", "Formation initiale", Ton.NEUTRE
    APPRENTISSAGE = "apprentissage", "Apprentissage", Ton.NEUTRE
    FORMATION_CONTINUE = "formation_continue", "Formation continue", Ton.NEUTRE
    CONTRAT_PRO = "contrat_pro", "Contrat de professionnalisation", Ton.NEUTRE
    CANDIDATURE_INDIVIDUELLE = "candidature_individuelle", "Candidature individuelle", Ton.NEUTRE
    VAE = "vae", "VAE", Ton.NEUTRE


# Beside the codes of the blocs, what names the whole.
CERTIFICATION = "certification"


def objet_du_vote(code: str) -> str:
    """In a sentence: « la certification », « BC2 »."""
    return "la certification" if code == CERTIFICATION else code


class Niveau(Enum):
    """The floors of a référentiel, from the rated line up: singular, plural, gender agreement."""

    INDICATEUR = ("indicateur", "indicateurs", False)
    CRITERE = ("critère", "critères", False)
    COMPETENCE = ("compétence", "compétences", True)
    EPREUVE = ("épreuve", "épreuves", True)
    ACTIVITE = ("activité", "activités", True)
    BLOC = ("bloc", "blocs", False)
    CERTIFICATION = ("certification", "certifications", True)

    # Each is itself: every lookup of a node goes by its floor.
    __hash__ = object.__hash__

    @property
    def singulier(self) -> str:
        return self.value[0]

    @property
    def pluriel(self) -> str:
        return self.value[1]

    @property
    def feminin(self) -> bool:
        return self.value[2]
