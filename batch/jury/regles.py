"""One rule over its children: exact arithmetic, and everything needed to say why.

Marks and shares are fractions, compared as they are: what a document prints may be rounded, what
decides never is. A tie with the threshold passes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from batch.records import Appreciation
from batch.reglement.modele import Arrondi, Regle
from batch.vocabulaire import Niveau

EXACT = Arrondi()


class Mesure(Enum):
    """Where a node stands, whatever its level; each level has its own word for each of them."""

    ATTEINT = "atteint"
    NON_ATTEINT = "non atteint"
    MANQUANT = "manquant"
    EXCLU = "exclu"
    A_ARBITRER = "à arbitrer"


@dataclass(frozen=True, slots=True)
class Constat:
    """Where a node stands, and why: the rule, the children it looked at, the ratings under it."""

    niveau: Niveau
    id: str
    mesure: Mesure
    valeur: Fraction | None = None
    regle: Regle | None = None
    enfants: tuple["Constat", ...] = ()
    appreciations: tuple[Appreciation, ...] = ()
    # Optional children left out because they would have counted against the candidate.
    options_ecartees: tuple[str, ...] = ()
    arrondi: Arrondi = EXACT

    def count(self, *mesures: Mesure) -> int:
        return sum(enfant.mesure in mesures for enfant in self.enfants)

    @property
    def comptes(self) -> int:
        """How many children are in the denominator."""
        return len(self.enfants) - self.count(Mesure.EXCLU)

    @property
    def part(self) -> Fraction | None:
        """The share of the counted children that are met."""
        return Fraction(self.count(Mesure.ATTEINT), self.comptes) if self.comptes else None


def judge(
    regle: Regle,
    niveau: Niveau,
    identifiant: str,
    enfants: Sequence[Constat],
    arrondi: Arrondi = EXACT,
) -> Constat:
    """The parent, by its rule over its children.

    A child without data makes the parent incomplete, whatever the others say; one that awaits the
    jury makes the parent await it too. Children « sans objet » leave the reckoning; when nothing
    is left, the parent is « sans objet » itself.
    """
    counted = [enfant for enfant in enfants if enfant.mesure is not Mesure.EXCLU]
    states = {enfant.mesure for enfant in counted}
    valeur = None
    if not counted:
        mesure = Mesure.EXCLU
    elif Mesure.MANQUANT in states:
        mesure = Mesure.MANQUANT
    elif Mesure.A_ARBITRER in states:
        mesure = Mesure.A_ARBITRER
    else:
        valeur = mean(counted, regle.poids)
        met = _condition(regle, counted, valeur, arrondi) and not any(
            fault(regle, enfant, arrondi) for enfant in counted
        )
        mesure = Mesure.ATTEINT if met else Mesure.NON_ATTEINT
    return Constat(niveau, identifiant, mesure, valeur, regle, tuple(enfants), arrondi=arrondi)


def fault(regle: Regle, enfant: Constat, arrondi: Arrondi) -> bool:
    """This child alone makes the parent fail: eliminatory and not met, or under its floor."""
    eliminated = enfant.id in regle.eliminatoires and enfant.mesure is Mesure.NON_ATTEINT
    floor = regle.floor(enfant.id)
    below = (
        floor is not None
        and enfant.valeur is not None
        and arrondi.compared(enfant.valeur) < Fraction(floor)
    )
    return eliminated or below


def _condition(
    regle: Regle, counted: Sequence[Constat], valeur: Fraction | None, arrondi: Arrondi
) -> bool:
    met = sum(enfant.mesure is Mesure.ATTEINT for enfant in counted)
    if regle.toutes:
        return met == len(counted)
    if regle.au_moins is not None:
        return met >= regle.au_moins
    if regle.proportion is not None:
        return Fraction(met, len(counted)) >= regle.proportion
    if regle.moyenne is not None:
        return valeur is not None and arrondi.compared(valeur) >= Fraction(regle.moyenne)
    if regle.somme is not None:
        sum_of_all = total(counted)
        return sum_of_all is not None and arrondi.compared(sum_of_all) >= Fraction(regle.somme)
    raise AssertionError("a règlement without a condition does not pass its lint")


def mean(counted: Sequence[Constat], poids: Mapping[str, Decimal] | None) -> Fraction | None:
    """The weighted mean of the children's values; None as soon as one has no value."""
    weights = [Fraction((poids or {}).get(enfant.id, Decimal(1))) for enfant in counted]
    values = [enfant.valeur for enfant in counted if enfant.valeur is not None]
    if len(values) < len(counted) or not sum(weights):
        return None
    products = (value * weight for value, weight in zip(values, weights, strict=True))
    return sum(products, Fraction()) / sum(weights)


def total(counted: Sequence[Constat]) -> Fraction | None:
    """The sum of the children's values; None as soon as one has no value."""
    values = [enfant.valeur for enfant in counted if enfant.valeur is not None]
    return sum(values, Fraction()) if len(values) == len(counted) else None
