"""Where a session stands, once for the terminal, the page and the machine."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from batch.vocabulaire import EtatFiche, EtatGrille, EtatSession

if TYPE_CHECKING:
    from batch.anomalies import Anomalie


@dataclass(frozen=True, slots=True)
class Grille:
    """The workbook of one évaluateur for one épreuve or bloc: what came back, by candidate."""

    evaluateur: str
    nom: str
    partie: str
    fichier: str  # its name in grilles/
    fiches: Mapping[str, EtatFiche]
    vides: frozenset[str]  # candidates whose sheet came back with nothing in it
    vue_le: datetime | None  # when its last file was first seen in retours/


@dataclass(frozen=True, slots=True)
class Faits:
    """What the session's own files say, whatever the day and whatever was mailed."""

    session: str
    certification: str
    date_limite: date
    date_jury: date
    date_decision: date | None
    fin_rattrapage: date | None
    recours: str
    decide: bool  # the jury has decided everything, and nothing stands in the way
    acte: str | None  # the number of the last final procès-verbal
    rectificatif: bool  # that one corrects an earlier one
    instance: bool  # the body that decides after the jury has not done so yet
    change: bool  # since that one, what it was drawn from says something else
    candidats: Mapping[str, str]  # names, by number
    grilles: tuple[Grille, ...]
    votes: int  # how many decisions the jury has to take
    decisions_manquantes: Mapping[str, tuple[str, ...]]  # by candidate, the blocs
    bloquantes: int
    a_verifier: int
    obstacles: int  # blocking, in the session or the jury's workbook
    refus: int  # blocking, in what came back; what has not come back is not counted
    certifies: tuple[str, ...]  # who holds the certification; nobody until it is delivered
    decide_le: date | None  # when it was; None until then

    @property
    def etat(self) -> EtatSession:
        return EtatSession.DEFINITIF if self.acte else EtatSession.PROJET

    @property
    def decisions_prises(self) -> int:
        return self.votes - sum(len(own) for own in self.decisions_manquantes.values())


@dataclass(frozen=True, slots=True)
class Ligne:
    """A grid, with what the ledger says of its évaluateur."""

    grille: Grille
    faite: bool
    envoyee: bool
    envoyee_le: datetime | None  # None where nobody recorded it
    relances: tuple[datetime, ...]
    etats: Mapping[str, EtatGrille]

    def nombre(self, *etats: EtatGrille) -> int:
        own = list(self.etats.values())
        return sum(own.count(etat) for etat in etats)

    @property
    def attendues(self) -> int:
        return len(self.etats) - self.nombre(EtatGrille.NON_ATTENDUE)

    @property
    def revenues(self) -> int:
        return self.nombre(*EtatGrille.revenus())

    @property
    def finies(self) -> int:
        return self.nombre(EtatGrille.COMPLETE, EtatGrille.ABSENT)


@dataclass(frozen=True, slots=True)
class Echeance:
    """A day that counts; or, where the règlement only words it, its text."""

    nom: str
    jour: date | None
    texte: str
    jours: int | None  # from today: negative once past


@dataclass(frozen=True, slots=True)
class Attente:
    """Candidates who wait for the same things."""

    candidats: tuple[str, ...]
    grilles: tuple[tuple[int, EtatGrille], ...]  # which line of the état, and where it stands
    decisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Progres:
    """One step of the process: how much of it is done."""

    nom: str
    fait: int
    total: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Ensuite:
    """The one thing to do now, and the command to type, if there is one."""

    phrase: str
    commande: str | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is left to declare of the certified; `a_declarer` is None where no register says.

    `a_declarer`: never declared, or rejected. `attendues`: declared, their receipt awaited.
    """

    certifies: int
    limite: date
    jours: int  # from today: negative once past
    a_declarer: int | None
    attendues: int


@dataclass(frozen=True, slots=True)
class Suites:
    """What becomes of a final session: entered in the register, sealed, its certified declared."""

    registre: str  # as it was given; empty where none was
    illisible: str  # why that one could not be read
    inscrite: bool
    scellee: bool
    declaration: Declaration | None  # None while nobody is certified
    lettres: Mapping[str, datetime]  # by candidate, when the letter that stands was made


@dataclass(frozen=True, slots=True)
class Suivi:
    """Where a session stands on a given day, whoever it is told to."""

    dossier: str
    au: date
    faits: Faits | None  # None while session.xlsx or the règlement cannot be read
    arret: str = ""  # then, why
    fautes: "tuple[Anomalie, ...]" = ()  # and in what
    vu_le: datetime | None = None  # when the files were last read, as they still are
    lignes: tuple[Ligne, ...] = ()
    echeances: tuple[Echeance, ...] = ()
    attentes: tuple[Attente, ...] = ()
    progres: tuple[Progres, ...] = ()
    documents: int = 0
    documents_a_jour: bool = False
    lettres: int = 0  # sent
    suites: Suites | None = None  # None as long as the session is a PROJET
    controle_a_jour: bool = False
    # Kinds of mails whose drafts lie in courriels/.
    brouillons: frozenset[str] = field(default_factory=frozenset)

    @property
    def totaux(self) -> Mapping[EtatGrille, int]:
        """How many sheets stand in each state."""
        counts = Counter(etat for ligne in self.lignes for etat in ligne.etats.values())
        return {etat: counts[etat] for etat in EtatGrille}
