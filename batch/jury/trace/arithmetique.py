"""One rule over its children -> the sum as it is done on paper, and how far the threshold is."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from batch.francais import FINE, INSECABLE, compte, distinctement, enumeration, nombre
from batch.jury.enonce import MOTS
from batch.jury.regles import Constat, Mesure, mean, shares, total
from batch.jury.trace.etape import EN_SUSPENS, Etape
from batch.jury.trace.tournures import plural
from batch.reglement.modele import Arrondi, Regle
from batch.vocabulaire import Niveau


@dataclass(frozen=True, slots=True)
class _Compte:
    calcul: str = ""
    marge: str = ""
    au_seuil: bool = False


def reckon(constat: Constat, regle: Regle, counted: Sequence[Etape]) -> _Compte:
    """The figures of one rule over its children, and how far from the threshold they stand."""
    if constat.mesure is Mesure.EXCLU:
        return _Compte()
    if constat.mesure in EN_SUSPENS:
        return _Compte(_inventory(constat, counted))
    threshold = regle.moyenne if regle.moyenne is not None else regle.somme
    if threshold is None:
        return _count(constat, regle)
    children = constat.peses
    if not children:
        return _Compte("tout était acquis avant cette session, sans note à compter")
    value = constat.valeur if regle.moyenne is not None else total(children)
    if value is None:
        return _Compte("ce qui n’a pas été ouvert n’a pas de note : le seuil n’est pas atteint")
    if regle.moyenne is not None:
        said = mean_of(constat, regle, Fraction(threshold))
    else:
        terms = " + ".join(exact(e.valeur) for e in children if e.valeur is not None)
        said = f"{terms} = {result(value, Fraction(threshold))}"
    return _against(said, value, Fraction(threshold), constat.arrondi)


def _count(constat: Constat, regle: Regle) -> _Compte:
    level = constat.enfants[0].niveau
    met, counted = constat.count(Mesure.ATTEINT), constat.comptes
    one, many = MOTS[level]
    said = compte(met, f"{level.singulier} {one}", f"{level.pluriel} {many}") + f" sur {counted}"
    if regle.toutes:
        all_of_them = "toutes" if level.feminin else "tous"
        lacking = _lacking(counted - met, level)
        return _Compte(said, f"il les fallait {all_of_them}{lacking}" if lacking else "")
    if regle.proportion is None or constat.part is None:
        needed = regle.au_moins or 0
        if met == needed:
            return _Compte(said, "exactement le nombre demandé", met < counted)
        return _Compte(said, f"il en fallait {needed}{_lacking(needed - met, level)}")
    needed = math.ceil(regle.proportion * counted)
    share, threshold = distinctement(constat.part, regle.proportion, 1, 100)
    said += f" = {share}{INSECABLE}%"
    if constat.part == regle.proportion:
        return _Compte(said, f"exactement au seuil de {threshold}{INSECABLE}%", met < counted)
    side = "sous le" if met < needed else "au-dessus du"
    asked = f"il en fallait {needed}{_lacking(needed - met, level)}"
    return _Compte(said, f"{side} seuil de {threshold}{INSECABLE}% ({asked})")


def _lacking(how_many: int, level: Niveau) -> str:
    if how_many <= 0:
        return ""
    return f", il manque {compte(how_many, level.singulier, level.pluriel)}"


def _against(said: str, value: Fraction, threshold: Fraction, arrondi: Arrondi) -> _Compte:
    """A mean or a sum before its threshold, rounded first where the règlement says so."""
    compared = arrondi.compared(value)
    rounded = ""
    if arrondi.compare == "arrondi":
        rounded = f"arrondi à {nombre(compared, arrondi.decimales)} avant comparaison{FINE}; "
    least = exact(threshold)
    if compared == threshold:
        return _Compte(said, f"{rounded}exactement au seuil de {least}", au_seuil=True)
    gap = result(abs(compared - threshold))
    if compared > threshold:
        return _Compte(said, f"{rounded}au-dessus du seuil de {least} (de {gap})")
    return _Compte(said, f"{rounded}sous le seuil de {least} (il manque {gap})")


def mean_of(constat: Constat, regle: Regle, threshold: Fraction = Fraction()) -> str:
    """« (2 + 1 + 1,5) / 3 = 1,5 »; with weights, « (3 × 12 + 1 × 4) / (3 + 1) = 10 »."""
    counted = constat.peses
    value = mean(counted, regle)
    assert value is not None, "only asked where every child has a value"
    if len(counted) == 1:
        level = counted[0].niveau
        return f"{'une seule' if level.feminin else 'un seul'} {level.singulier}, à {exact(value)}"
    weights = shares(counted, regle)
    terms = [
        (e.valeur, weight)
        for e, weight in zip(counted, weights, strict=True)
        if e.valeur is not None
    ]
    return f"{division(terms)} = {result(value, threshold)}"


def division(terms: Sequence[tuple[Fraction, Fraction]]) -> str:
    if all(weight == 1 for _, weight in terms):
        return f"({' + '.join(exact(value) for value, _ in terms)}) / {len(terms)}"
    products = " + ".join(f"{exact(weight)} × {exact(value)}" for value, weight in terms)
    return f"({products}) / ({' + '.join(exact(weight) for _, weight in terms)})"


def exact(valeur: Fraction) -> str:
    """1.5 -> « 1,5 »; a third stays « 1/3 »: what is printed can be added up again."""
    if (valeur * 10_000).denominator == 1:
        return nombre(valeur, 4)
    return f"{valeur.numerator}/{valeur.denominator}"


def result(valeur: Fraction, threshold: Fraction = Fraction()) -> str:
    """The exact result; a fraction is also given in decimals, never those of the threshold."""
    if (valeur * 10_000).denominator == 1:
        return exact(valeur)
    return f"{exact(valeur)}, environ {distinctement(valeur, threshold, 4)[0]}"


def _inventory(constat: Constat, counted: Sequence[Etape]) -> str:
    """« 6 acquises, 1 non acquise et 1 non évaluée, sur 8 compétences »."""
    level = constat.enfants[0].niveau
    words = Counter(step.mot.lower() for step in counted)
    said = [f"{number}{INSECABLE}{plural(word, number)}" for word, number in words.items()]
    return f"{enumeration(said)}, sur {compte(len(counted), level.singulier, level.pluriel)}"
