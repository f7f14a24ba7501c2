"""What several evaluators say of one line -> one measure, or the jury's business.

Nothing is averaged unless the règlement says so, and never beyond the gap that it allows.
Source of the default: a branch agreement where two positive opinions make a compétence acquired,
two negative ones do not, and the jury settles the rest (KALIARTI000023175941).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from batch.jury.regles import Constat, Mesure
from batch.records import Appreciation
from batch.referentiel.modele import Critere, Referentiel
from batch.reglement.modele import Echelle, Reglement
from batch.vocabulaire import Niveau

Avis = tuple[Mesure, Fraction | None]


@dataclass(frozen=True, slots=True)
class Divergence:
    """A line on which a candidate's evaluators differ, and that the jury must settle."""

    candidat: str
    partie: str
    ligne: str
    nom: str  # how a sentence names the line
    texte: str  # what the référentiel says there
    avis: tuple[Appreciation, ...]

    @property
    def repere(self) -> str:
        return f"{self.candidat}/{self.ligne}"


def find(
    referentiel: Referentiel,
    reglement: Reglement,
    appreciations: Mapping[str, Iterable[Appreciation]],
) -> Iterator[Divergence]:
    """Every divergence, by candidate, then in the document's order. `appreciations`: each
    candidate's own."""
    lines = {nom: (critere, texte) for nom, critere, texte in _lines(referentiel, reglement)}
    rank = {ligne: number for number, ligne in enumerate(lines)}
    for candidat in sorted(appreciations):
        by_line: dict[str, list[Appreciation]] = {}
        for one in appreciations[candidat]:
            by_line.setdefault(one.ligne, []).append(one)
        shared = [ligne for ligne, own in by_line.items() if len(own) > 1]
        for ligne in sorted(shared, key=rank.__getitem__):
            own = by_line[ligne]
            if _complete(own, reglement) and _together(own, reglement)[0] is Mesure.A_ARBITRER:
                critere, texte = lines[ligne]
                yield Divergence(
                    candidat, own[0].partie, ligne, critere.code or ligne, texte, tuple(own)
                )


def _lines(referentiel: Referentiel, reglement: Reglement) -> Iterator[tuple[str, Critere, str]]:
    """Every line that a grid of this règlement can hold."""
    for critere in referentiel.criteres:
        if reglement.saisie == "indicateur" and critere.indicateurs:
            for number, texte in enumerate(critere.indicateurs, 1):
                yield critere.indicateur(number), critere, texte
        else:
            yield critere.id, critere, critere.intitule


def settle(
    niveau: Niveau, ligne: str, own: Sequence[Appreciation], reglement: Reglement
) -> Constat:
    """One line of the grids, as its evaluators and, where they differ, the règlement have it.

    The jury's own arbitration, when there is one, stands alone. As long as an evaluator is missing
    the line is not evaluated.
    """
    arbitration = [one for one in own if one.arbitrage]
    if arbitration:
        mesure, valeur = measure(arbitration[-1], reglement.echelle)
    elif not _complete(own, reglement):
        mesure, valeur = Mesure.MANQUANT, None
    else:
        mesure, valeur = _together(own, reglement)
    return Constat(niveau, ligne, mesure, valeur, appreciations=tuple(own))


def _complete(own: Sequence[Appreciation], reglement: Reglement) -> bool:
    """As many evaluators as the règlement wants, and one of each role that it names."""
    rules = reglement.evaluateurs
    enough = len({one.evaluateur for one in own}) >= rules.nombre
    return enough and set(rules.roles) <= {one.role for one in own}


def measure(appreciation: Appreciation, echelle: Echelle) -> Avis:
    """What one evaluator says of one line."""
    if appreciation.note is not None and echelle.note is not None:
        return _marked(appreciation.note, Fraction(echelle.note.satisfait_a_partir_de))
    assert appreciation.niveau is not None, "an appreciation is a mark or a level"
    niveau = echelle.niveau(appreciation.niveau)
    if niveau.compte == "exclu":
        return Mesure.EXCLU, None
    if niveau.compte == "manquant":
        return Mesure.MANQUANT, None
    valeur = _exact(niveau.valeur) if niveau.valeur is not None else None
    return (Mesure.ATTEINT if niveau.satisfait else Mesure.NON_ATTEINT), valeur


@lru_cache(maxsize=256)  # a session has as many values as its scale has levels
def _exact(valeur: Decimal) -> Fraction:
    return Fraction(valeur)


def _marked(note: Fraction, seuil: Fraction) -> Avis:
    return (Mesure.ATTEINT if note >= seuil else Mesure.NON_ATTEINT), note


def _together(own: Sequence[Appreciation], reglement: Reglement) -> Avis:
    weighted = reglement.evaluateurs.divergence == "moyenne" and reglement.evaluateurs.poids
    if len(own) == 1 and not weighted:
        return measure(own[0], reglement.echelle)
    said = [measure(one, reglement.echelle) for one in own]
    states = {mesure for mesure, _ in said}
    if Mesure.MANQUANT in states:
        return Mesure.MANQUANT, None
    if len(set(said)) == 1 and (not weighted or said[0][1] is None):
        return said[0]
    values = [valeur for _, valeur in said if valeur is not None]
    comparable = len(values) == len(said) and Mesure.EXCLU not in states
    gap = reglement.evaluateurs.ecart_max
    too_far = gap is not None and comparable and max(values) - min(values) > Fraction(gap)
    mode = reglement.evaluateurs.divergence
    if Mesure.EXCLU in states or too_far or mode == "jury":
        return Mesure.A_ARBITRER, None
    # Levels without values are better or worse only as they are met or not.
    if mode == "plus_favorable":
        return max(said, key=_favour)
    if mode == "plus_defavorable":
        return min(said, key=_favour)
    if not comparable:
        return Mesure.A_ARBITRER, None
    mean = _mean(own, values, reglement)
    mesure, _ = _marked(reglement.arrondi.compared(mean), _threshold(reglement.echelle))
    return mesure, mean


def _favour(avis: Avis) -> tuple[bool, Fraction]:
    mesure, valeur = avis
    return mesure is Mesure.ATTEINT, valeur or Fraction()


def _mean(
    own: Sequence[Appreciation], values: Sequence[Fraction], reglement: Reglement
) -> Fraction:
    poids = reglement.evaluateurs.poids or {}
    weights = [Fraction(poids.get(one.role or "", Decimal(1))) for one in own]
    products = (value * weight for value, weight in zip(values, weights, strict=True))
    return sum(products, Fraction()) / sum(weights)


def _threshold(echelle: Echelle) -> Fraction:
    """The value from which a mean is « satisfait »: the lowest of the levels that are."""
    if echelle.note is not None:
        return Fraction(echelle.note.satisfait_a_partir_de)
    return min(Fraction(n.valeur) for n in echelle.niveaux if n.satisfait and n.valeur is not None)
