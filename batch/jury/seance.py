"""The sitting as a whole: what every document, workbook and export is drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from functools import cached_property

from batch.anomalies import Anomalie
from batch.jury.calcul import Resultat
from batch.jury.deliberation import Issues, Objet
from batch.jury.divergences import Divergence
from batch.records import MembreJury, Session
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Reglement
from batch.vocabulaire import EtatSession, ResultatBloc, ResultatCertification


@dataclass(frozen=True, slots=True)
class Dossier:
    """One candidate before the jury: what is proposed, what may be decided, what was."""

    resultat: Resultat
    objets: tuple[Objet, ...]
    issues: Issues

    @property
    def undecided(self) -> tuple[str, ...]:
        """The codes of the votes that are left."""
        return tuple(one.code for one in self.objets if self.issues.of(one.code) is None)

    @property
    def certification(self) -> ResultatCertification:
        """The decision, or the proposal as long as there is none."""
        return self.issues.certification or self.resultat.certification

    def bloc(self, code: str) -> ResultatBloc:
        """The same of a bloc."""
        return self.issues.blocs[code] or self.resultat.blocs[code]


@dataclass(frozen=True, slots=True)
class Passage:
    """When a member came in after the opening, or went before the closing."""

    membre: MembreJury
    arrivee: time | None
    depart: time | None


@dataclass(frozen=True, slots=True)
class Retrait:
    """A member who does not deliberate on one candidate, and why: « a formé le candidat »."""

    membre: MembreJury
    candidat: str
    motif: str


@dataclass(frozen=True, slots=True)
class Voix:
    """How the members voted on one row of the deliberation."""

    candidat: str
    code: str  # the bloc's, or CERTIFICATION
    pour: int
    contre: int
    abstentions: int

    @property
    def exprimees(self) -> int:
        return self.pour + self.contre

    @property
    def total(self) -> int:
        return self.exprimees + self.abstentions


@dataclass(frozen=True, slots=True)
class Fait:
    """Something of the sitting that the minutes report, at its hour if it was written down."""

    heure: time | None
    texte: str


@dataclass(frozen=True, slots=True)
class Deroulement:
    """How the sitting went. Its hours and who was present stand in the Session itself."""

    passages: tuple[Passage, ...] = ()
    retraits: tuple[Retrait, ...] = ()
    voix: tuple[Voix, ...] = ()
    faits: tuple[Fait, ...] = ()

    def deliberating(self, jury: tuple[MembreJury, ...], candidat: str) -> list[MembreJury]:
        """The members who decide on this candidate: present, and not withdrawn for him."""
        out = [one.membre for one in self.retraits if one.candidat == candidat]
        return [membre for membre in jury if membre.present and membre not in out]


# How a change of address ends its subject: the minutes tell it without its value.
ADRESSE = "l’adresse"


@dataclass(frozen=True, slots=True)
class Changement:
    """What a rectificatif changes: « Léa DURAND (C001), BC2 », before and after.

    `candidat` is None for what concerns the sitting as a whole.
    """

    candidat: str | None
    sujet: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Rectificatif:
    """Why and how the minutes `remplace` are corrected."""

    motif: str
    remplace: str
    changements: tuple[Changement, ...]


@dataclass(frozen=True, slots=True)
class Acte:
    """The act that a final document belongs to: its rank, from 1 on, and its number.

    The procès-verbal of S2023-06 is « S2023-06-PV1 »; a rectificatif of it, « S2023-06-PV2 ».
    `empreinte`: of everything that it rests on, short: « 1a2b 3c4d 5e6f 7a8b ».
    `numeros`: in the house's register, if it keeps one, the number of each certificate by its
    candidate and the code of its bloc (« » for the whole certification).
    """

    rang: int
    numero: str
    rectificatif: Rectificatif | None = None
    empreinte: str = ""
    numeros: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)  # no slots: what it works out of its dossiers, it works out once
class Seance:
    session: Session
    referentiel: Referentiel  # with its blocs, the certificateur's own included
    reglement: Reglement
    dossiers: tuple[Dossier, ...]
    # What keeps the sitting from being final besides missing decisions: composition, confirmations.
    obstacles: tuple[Anomalie, ...] = ()
    # What the evaluators differ on, settled by the jury or not yet.
    divergences: tuple[Divergence, ...] = ()
    deroulement: Deroulement = field(default_factory=Deroulement)
    # None as long as the sitting is a PROJET. Of a rectificatif, `dossiers` are those it changes.
    acte: Acte | None = None

    @cached_property
    def etat(self) -> EtatSession:
        """Final once every candidate is decided and nothing stands in the way."""
        if self.acte is not None:
            return EtatSession.DEFINITIF
        decided = self.dossiers and all(dossier.issues.complete for dossier in self.dossiers)
        return EtatSession.DEFINITIF if decided and not self.obstacles else EtatSession.PROJET

    @cached_property
    def a_examiner(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """Why each row of the deliberation is not a clear case, as far as `limites` was asked:
        several sheets ask."""
        return {}
