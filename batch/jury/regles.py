"""One rule over its children: exact arithmetic, and everything needed to say why.

Marks and shares are fractions, compared as they are: what a document prints may be rounded, what
decides never is. A tie with the threshold passes.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache

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
    # Never open to the candidate: what must be passed before was failed. It counts as not met.
    FERME = "fermé"

    # Each is itself: by its name, which is Enum's way, takes as long as all the rest of a lookup.
    __hash__ = object.__hash__


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
    # Acquired before this session: met, whatever was rated since; with its mark where it is known.
    acquis: bool = False

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

    @property
    def peses(self) -> tuple["Constat", ...]:
        """The children that a mean or a sum adds up: one acquired without a mark adds nothing."""
        return weighed([e for e in self.enfants if e.mesure is not Mesure.EXCLU])

    @property
    def ecart(self) -> Fraction | None:
        """How far from its threshold it stands, below zero when short; None where none is met."""
        regle = self.regle
        if regle is None or self.mesure not in (Mesure.ATTEINT, Mesure.NON_ATTEINT):
            return None
        if regle.proportion is not None:
            return None if self.part is None else self.part - regle.proportion
        if regle.au_moins is not None:
            return Fraction(self.count(Mesure.ATTEINT) - regle.au_moins)
        reached = self.valeur if regle.moyenne is not None else total(self.peses)
        threshold = regle.moyenne if regle.moyenne is not None else regle.somme
        if reached is None or threshold is None:
            return None
        return self.arrondi.compared(reached) - Fraction(threshold)

    @property
    def a_examiner(self) -> bool:
        """So near the threshold that the règlement wants the jury to look."""
        limites = self.regle.limites if self.regle else None
        return limites is not None and self.ecart is not None and abs(self.ecart) <= limites


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
    is left, the parent is « sans objet » itself. Where all that is left was closed to the
    candidate, so was the parent.
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
    elif states == {Mesure.FERME}:
        mesure = Mesure.FERME
    else:
        valeur = mean(weighed(counted), regle)
        met = _condition(regle, counted, valeur, arrondi) and not any(
            fault(regle, enfant, arrondi) for enfant in counted
        )
        mesure = Mesure.ATTEINT if met else Mesure.NON_ATTEINT
    return Constat(niveau, identifiant, mesure, valeur, regle, tuple(enfants), arrondi=arrondi)


def rejudged(ligne: Constat) -> Callable[[Constat], Constat]:
    """What any node becomes once this rated line stands in its tree; only what is above the line
    is judged again, each node once however often it is asked."""
    seen = {(ligne.niveau, ligne.id): ligne}

    def again(node: Constat) -> Constat:
        key = (node.niveau, node.id)
        if key not in seen:
            children = [again(child) for child in node.enfants]
            same = all(a is b for a, b in zip(children, node.enfants, strict=True))
            seen[key] = (
                node
                if same or node.regle is None
                else judge(node.regle, *key, children, arrondi=node.arrondi)
            )
        return seen[key]

    return again


def fault(regle: Regle, enfant: Constat, arrondi: Arrondi) -> bool:
    """This child alone makes the parent fail: eliminatory and not met, or under its floor.

    What was closed to the candidate has no mark: it is under any floor.
    """
    failed = enfant.mesure in (Mesure.NON_ATTEINT, Mesure.FERME)
    floor = regle.floor(enfant.id)
    below = floor is not None and (
        enfant.mesure is Mesure.FERME
        or (enfant.valeur is not None and arrondi.compared(enfant.valeur) < Fraction(floor))
    )
    # What was acquired before is not weighed again.
    return (enfant.id in regle.eliminatoires and failed) or (below and not enfant.acquis)


def _condition(
    regle: Regle, counted: Sequence[Constat], valeur: Fraction | None, arrondi: Arrondi
) -> bool:
    met = sum(enfant.mesure is Mesure.ATTEINT for enfant in counted)
    if regle.toutes:
        return met == len(counted)
    if regle.au_moins is not None:
        return met >= regle.au_moins
    if regle.proportion is not None:
        return met >= regle.proportion * len(counted)
    own = weighed(counted)
    if not own:
        return True  # all of it was acquired before, without a mark: there is nothing to weigh
    if regle.moyenne is not None:
        return valeur is not None and arrondi.compared(valeur) >= Fraction(regle.moyenne)
    if regle.somme is not None:
        sum_of_all = total(own)
        return sum_of_all is not None and arrondi.compared(sum_of_all) >= Fraction(regle.somme)
    raise AssertionError("a règlement without a condition does not pass its lint")


def weighed(counted: Sequence[Constat]) -> tuple[Constat, ...]:
    return tuple(one for one in counted if not (one.acquis and one.valeur is None))


def mean(weighed: Sequence[Constat], regle: Regle | None = None) -> Fraction | None:
    """The weighted mean of these values; None as soon as one has no value."""
    values = [one.valeur for one in weighed if one.valeur is not None]
    if len(values) < len(weighed) or not values:
        return None
    if regle is None or not (regle.poids or regle.parts):
        return added(values, len(values))
    weights = shares(weighed, regle)
    return added([v * weight for v, weight in zip(values, weights, strict=True)]) / added(weights)


def shares(weighed: Sequence[Constat], regle: Regle | None = None) -> list[Fraction]:
    """What each weighs in the mean.

    A child with a part of its own (`parts`) keeps it; the others divide the rest by their weights.
    Where nothing but such children is left, their parts are their weights.
    """
    poids = (regle.poids if regle else None) or {}
    parts = (regle.parts if regle else None) or {}
    weights = [Fraction(poids.get(one.id, 1)) for one in weighed]
    free = added(
        [weight for one, weight in zip(weighed, weights, strict=True) if one.id not in parts]
    )
    rest = 1 - added([parts[one.id] for one in weighed if one.id in parts])
    return [
        parts[one.id] if one.id in parts else weight * rest / free if rest < 1 else weight
        for one, weight in zip(weighed, weights, strict=True)
    ]


def total(weighed: Sequence[Constat]) -> Fraction | None:
    """The sum of these values; None as soon as one has no value."""
    values = [one.valeur for one in weighed if one.valeur is not None]
    return added(values) if len(values) == len(weighed) else None


def added(values: Sequence[Fraction], sur: int = 1) -> Fraction:
    """Their sum, divided by `sur`, over one denominator: one by one, each addition would be brought
    to its lowest terms."""
    common = math.lcm(*(one.denominator for one in values))
    whole = sum(one.numerator * (common // one.denominator) for one in values)
    return _fraction(whole, common * sur)


@lru_cache(maxsize=4096)  # the same for many candidates, and held by all of them
def _fraction(numerateur: int, denominateur: int) -> Fraction:
    return Fraction(numerateur, denominateur)
