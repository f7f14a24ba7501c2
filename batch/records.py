"""What travels between the stages: a session as it was typed, and what the evaluators said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from fractions import Fraction

from batch.anomalies import Lieu
from batch.vocabulaire import Nature, Presence, Voie

# Each option doubles the reckoning of what serves the candidate best; nobody takes as many.
MAX_OPTIONS = 8


@dataclass(frozen=True, slots=True)
class Candidat:
    id: str
    nom_naissance: str
    nom_usage: str | None
    prenoms: tuple[str, ...]
    sexe: str | None  # "F", "M", or not said
    date_naissance: date
    commune_naissance: str
    pays_naissance: str
    courriel: str | None
    adresse: str | None
    voie: Voie
    blocs_vises: tuple[str, ...]  # empty: the complete certification
    options: tuple[str, ...]
    groupe: str | None
    amenagement: bool
    presence: Presence
    lieu: Lieu
    prerequis: int | None = None  # days, or 1 and 0 for met and not met; None: not said
    formateurs: tuple[str, ...] = ()  # the evaluators who trained him
    code_naissance: str | None = None  # INSEE's, of the commune; « 99… », of the country
    naissance_connue: str | None = None  # « Mois » or « Année »; None: to the day

    @property
    def nom(self) -> str:
        return self.nom_usage or self.nom_naissance

    @property
    def prenom(self) -> str:
        return self.prenoms[0]

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"

    @property
    def qui(self) -> str:
        """As a sentence names him: « Léa DURAND (C1) »."""
        return f"{self.nom_complet} ({self.id})"


@dataclass(frozen=True, slots=True)
class Evaluateur:
    id: str
    nom: str
    prenom: str
    fonction: str | None
    courriel: str | None
    lieu: Lieu
    role: str | None = None

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"

    @property
    def qui(self) -> str:
        """As a sentence names him: « Hélène FABRE (E1) »."""
        return f"{self.nom_complet} ({self.id})"


@dataclass(frozen=True, slots=True)
class Affectation:
    """Who rates whom on what; None means « tous »."""

    evaluateur: str
    partie: str | None
    sujet: str | None
    lieu: Lieu


@dataclass(frozen=True, slots=True)
class MembreJury:
    nom: str
    prenom: str
    fonction: str
    qualite: str
    college: str | None
    externe: bool
    preside: bool
    present: bool
    lieu: Lieu
    # When the declaration on honour was received; None as long as it was not.
    declaration: date | None = None
    # Candidates, or groups: those the member has trained, those the member withdraws for.
    a_forme: tuple[str, ...] = ()
    deports: tuple[str, ...] = ()

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"


@dataclass(frozen=True, slots=True)
class Acquis:
    """A bloc acquired before this session, or one compétence of it; with its mark where known."""

    candidat: str
    bloc: str
    date: date
    dispense: bool
    preuve: str
    lieu: Lieu
    competence: str | None = None  # None: the whole bloc
    note: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened to a candidate, at one épreuve or, where None, at all of them."""

    candidat: str
    nature: Nature
    partie: str | None
    piece: str
    lieu: Lieu


@dataclass(frozen=True, slots=True)
class Creneau:
    """When and where an épreuve takes place, for one candidate or group or, where None, for all."""

    partie: str
    sujet: str | None
    jour: date
    debut: time
    fin: time | None
    adresse: str
    lieu: Lieu


@dataclass(frozen=True, slots=True)
class Session:
    id: str
    referentiel: str
    date_jury: date
    heure_ouverture: time | None
    heure_cloture: time | None
    lieu: str
    date_limite: date
    contact: str
    contact_courriel: str
    ville: str
    candidats: tuple[Candidat, ...]
    evaluateurs: tuple[Evaluateur, ...]
    affectations: tuple[Affectation, ...]
    jury: tuple[MembreJury, ...]
    acquis: tuple[Acquis, ...]
    incidents: tuple[Incident, ...] = ()
    # Of a session that gives a second chance: the first one's number, and when its jury decided.
    session_initiale: str | None = None
    date_initiale: date | None = None
    calendrier: tuple[Creneau, ...] = ()
    # When the body that decides after the jury did, where the règlement names one.
    date_decision: date | None = None

    @property
    def acquis_by_candidat(self) -> Mapping[str, Sequence[Acquis]]:
        found: dict[str, list[Acquis]] = defaultdict(list)
        for one in self.acquis:
            found[one.candidat].append(one)
        return found

    def incidents_of(self, candidat: str) -> tuple[Incident, ...]:
        return tuple(one for one in self.incidents if one.candidat == candidat)


@dataclass(frozen=True, slots=True)
class Appreciation:
    """One rated line: what the evaluator meant, what he wrote beside it, and where."""

    candidat: str
    evaluateur: str
    partie: str  # the épreuve, or the bloc where the référentiel has no épreuve
    ligne: str  # the critère, or the indicateur
    niveau: str | None  # a level's code; None where a mark was given
    note: Fraction | None  # a mark; None where a level was given
    commentaire: str | None
    lieu: Lieu
    role: str | None = None  # of the evaluator, where the règlement weighs roles
    arbitrage: bool = False  # the jury's own word, in place of the evaluators'
