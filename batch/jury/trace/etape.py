"""What a trace is made of: its steps in sentences, its ratings, the sheets they stand on."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from batch.anomalies import Lieu
from batch.jury.deliberation import Issue
from batch.jury.regles import Constat, Mesure, total
from batch.records import Appreciation, Evaluateur
from batch.vocabulaire import Etat, Niveau, Ton

EN_SUSPENS = (Mesure.MANQUANT, Mesure.A_ARBITRER)
OPTION_ECARTEE = "Option présentée, qui n’entre pas dans le calcul."


@dataclass(frozen=True, slots=True)
class Feuille:
    """One sheet on which the candidate was to be rated: by whom, and what became of it."""

    evaluateur: Evaluateur
    partie: str
    criteres: frozenset[str]
    groupe: str | None  # where a group is rated as a whole
    lieu: Lieu | None  # where it came back
    absence: Lieu | None  # where the candidate is said not to have come


@dataclass(frozen=True, slots=True)
class Avis:
    """What one evaluator chose on one line, in words, and the rating itself with its cell."""

    qui: str
    role: str | None  # where the règlement reads it: a rater of each role, or their weights
    choix: str
    groupe: str | None
    appreciation: Appreciation


@dataclass(frozen=True, slots=True)
class Etape:
    """One step of the reasoning, in sentences; the steps that it rests on are its children."""

    niveau: Niveau
    id: str
    nom: str
    intitule: str
    etat: Etat
    mot: str
    constat: Constat | None = None
    valeur_lue: bool = False  # the step above reads its value: in a mean, a sum, a floor
    propose: Issue | None = None  # where the jury has a say
    decide: Issue | None = None
    motif: str | None = None
    faits: tuple[str, ...] = ()
    regle: str = ""
    calcul: str = ""
    marge: str = ""
    remarques: tuple[str, ...] = ()
    attente: str = ""  # why nobody's rating is there
    avis: tuple[Avis, ...] = ()
    enfants: tuple["Etape", ...] = ()
    au_seuil: bool = False

    @property
    def valeur(self) -> Fraction | None:
        return self.constat.valeur if self.constat else None

    @property
    def comparee(self) -> Fraction | None:
        """The figure that the rule compares with its threshold; a line's own value."""
        constat = self.constat
        if constat is None or self.en_suspens or constat.mesure is Mesure.EXCLU:
            return None
        if constat.regle is None or constat.regle.moyenne is not None:
            return constat.valeur
        if constat.regle.somme is not None:
            return total(constat.peses)
        if constat.regle.proportion is not None:
            return constat.part
        return Fraction(constat.count(Mesure.ATTEINT))

    @property
    def hors_calcul(self) -> bool:
        """« Sans objet », or an option that was set aside: it weighs neither way."""
        if OPTION_ECARTEE in self.faits:
            return True
        return self.constat is not None and self.constat.mesure is Mesure.EXCLU

    @property
    def en_suspens(self) -> bool:
        return self.constat is not None and self.constat.mesure in EN_SUSPENS

    @property
    def va_de_soi(self) -> bool:
        """Nothing under it failed, is missing, was left out, or stands on an edge."""
        return (
            self.etat.ton is Ton.FAVORABLE
            and not self.au_seuil
            and not self.faits
            and len({(a.appreciation.niveau, a.appreciation.note) for a in self.avis}) < 2
            and all(enfant.va_de_soi for enfant in self.enfants)
        )

    @property
    def lignes(self) -> Iterator["Etape"]:
        """The rated lines under this step, or itself when it is one."""
        if not self.enfants:
            yield self
        for enfant in self.enfants:
            yield from enfant.lignes

    @property
    def attentes(self) -> tuple[str, ...]:
        """Why no line under this step has a rating; nothing as soon as one of them has."""
        lignes = list(self.lignes)
        if any(not ligne.attente for ligne in lignes):
            return ()
        return tuple(dict.fromkeys(ligne.attente for ligne in lignes))
