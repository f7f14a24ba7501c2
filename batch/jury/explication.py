"""Where a node stands -> the sentence that says why, as a rejected candidate would need it."""

from fractions import Fraction

from batch.francais import (
    INSECABLE,
    compte,
    distinctement,
    enumeration,
    nombre,
)
from batch.jury import enonce
from batch.jury.regles import Constat, Mesure, fault, total
from batch.referentiel.modele import Referentiel
from batch.vocabulaire import Niveau


def name(referentiel: Referentiel, constat: Constat) -> str:
    return enonce.name(referentiel, constat.niveau, constat.id)


def reason(referentiel: Referentiel, constat: Constat) -> str:
    """« 6 compétences acquises sur 9, soit 66,7 % (seuil : 70 %) », and what alone made it fail."""
    regle = constat.regle
    if regle is None or not constat.enfants:
        return ""
    if constat.mesure is Mesure.MANQUANT:
        return _waiting(referentiel, constat, Mesure.MANQUANT, "sans évaluation complète")
    if constat.mesure is Mesure.A_ARBITRER:
        return _waiting(referentiel, constat, Mesure.A_ARBITRER, "à arbitrer par le jury")
    if constat.mesure is Mesure.FERME:
        return "jamais ouvert au candidat : ce qui devait être validé avant ne l’a pas été"
    if constat.mesure is Mesure.EXCLU:
        return "sans objet : rien de ce bloc ne s’appliquait"
    level = constat.enfants[0].niveau
    if level is Niveau.CERTIFICATION:
        return _prerequis(constat)
    met, counted = constat.count(Mesure.ATTEINT), constat.comptes
    one, many = enonce.MOTS[level]
    sentence = f"{compte(met, f'{level.singulier} {one}', f'{level.pluriel} {many}')} sur {counted}"
    if regle.toutes:
        all_of_them = "toutes" if level.feminin else "tous"
        sentence += f" (il les faut {all_of_them})"
    elif regle.au_moins is not None:
        sentence += f" (il en faut au moins {regle.au_moins})"
    elif regle.proportion is not None and constat.part is not None:
        share, threshold = distinctement(constat.part, regle.proportion, 1, 100)
        sentence += f", soit {share}{INSECABLE}% (seuil : {threshold}{INSECABLE}%)"
    elif regle.moyenne is not None and constat.valeur is not None:
        mean, threshold = distinctement(constat.valeur, Fraction(regle.moyenne))
        sentence = f"moyenne de {mean} (seuil : {threshold})"
    elif regle.somme is not None:
        reached = total(constat.peses)
        if reached is not None:
            points, threshold = distinctement(reached, Fraction(regle.somme))
            sentence = f"total de {points} (seuil : {threshold})"
    faults = [e for e in constat.enfants if fault(regle, e, constat.arrondi)]
    if faults:
        sentence += " ; " + enumeration(_fault(referentiel, constat, enfant) for enfant in faults)
    if constat.options_ecartees:
        options = enumeration(constat.options_ecartees)
        sentence += f" ; option {options} présentée, sans effet sur ce résultat"
    return sentence


def _prerequis(constat: Constat) -> str:
    """« jours d’activité professionnelle : 60 », and whether it is enough."""
    own = constat.enfants[0]
    said = "non renseigné" if own.valeur is None else nombre(own.valeur)
    enough = "suffisant" if own.mesure is Mesure.ATTEINT else "insuffisant"
    return f"{own.id} : {said}" + ("" if own.valeur is None else f", {enough}")


def _fault(referentiel: Referentiel, constat: Constat, enfant: Constat) -> str:
    regle = constat.regle
    assert regle is not None
    who = f"{enfant.niveau.singulier} {name(referentiel, enfant)}"
    if enfant.id in regle.eliminatoires and enfant.mesure is not Mesure.ATTEINT:
        return f"{who} éliminatoire"
    if enfant.mesure is Mesure.FERME:
        return f"{who} jamais ouvert{'e' if enfant.niveau.feminin else ''}, donc sans note"
    floor = regle.floor(enfant.id)
    assert enfant.valeur is not None
    assert floor is not None
    value, least = distinctement(enfant.valeur, Fraction(floor))
    return f"{who} à {value}, sous le minimum de {least}"


def _waiting(referentiel: Referentiel, constat: Constat, mesure: Mesure, why: str) -> str:
    names = [name(referentiel, e) for e in constat.enfants if e.mesure is mesure]
    level = constat.enfants[0].niveau
    word = level.singulier if len(names) < 2 else level.pluriel
    return f"{word} {why} : {enonce.some(names)}"
