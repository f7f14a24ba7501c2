"""What a certification is delivered with: its mention, by the mean of its blocs or by a count."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from batch.jury import arbre
from batch.jury.arbre import Etages
from batch.jury.regles import Constat, Mesure, mean
from batch.records import Acquis
from batch.reglement.modele import ENFANTS, Mention, Reglement
from batch.vocabulaire import Niveau


@dataclass(frozen=True, slots=True)
class Distinction:
    """A mention of the règlement beside what a candidate has: a mean, or a count."""

    mention: Mention
    atteint: Fraction | None  # None: no mean, for want of a mark of every bloc
    obtenue: bool


def distinctions(
    blocs: int, reglement: Reglement, levels: Etages, acquis: Mapping[str, Acquis]
) -> tuple[Distinction, ...]:
    """Every mention of the règlement, from the lowest. `blocs`: how many the référentiel has."""
    own = [*levels[Niveau.BLOC].values(), *arbre.held_marks(acquis)]
    rules = reglement.regles.certification
    reached = mean(own, rules.over_blocs) if own and len(own) == blocs else None

    def measured(one: Mention) -> Distinction:
        if one.moyenne is not None:
            earned = reached is not None and reglement.arrondi.compared(reached) >= one.moyenne
            return Distinction(one, reached, earned)
        counted = levels[ENFANTS[one.sur or "competences"]].values()
        count = sum(_counts(node, one, reglement) for node in counted)
        return Distinction(one, Fraction(count), count >= (one.au_moins or 0))

    return tuple(map(measured, rules.mentions))


def mention(found: tuple[Distinction, ...]) -> str | None:
    """The highest that is reached, the last of the list."""
    return next((one.mention.libelle for one in reversed(found) if one.obtenue), None)


def _counts(node: Constat, mention: Mention, reglement: Reglement) -> bool:
    if mention.a_partir_de is None:
        return node.mesure is Mesure.ATTEINT
    value = node.valeur
    return value is not None and reglement.arrondi.compared(value) >= mention.a_partir_de
