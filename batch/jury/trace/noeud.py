"""A node that a rule judged -> its step, with the steps of its children under it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from batch.francais import (
    INSECABLE,
    distinctement,
    elide,
    enumeration,
    majuscule,
    nombre,
    pourcentage,
    typographie,
)
from batch.jury import calcul, enonce
from batch.jury.enonce import MOTS, article
from batch.jury.regles import Constat, Mesure, fault
from batch.jury.trace.arithmetique import mean_of, reckon
from batch.jury.trace.cas import Cas
from batch.jury.trace.etape import OPTION_ECARTEE, Etape
from batch.jury.trace.faits import absences, closed, held_alone
from batch.jury.trace.ligne import rated
from batch.jury.trace.tournures import dire, plural, the
from batch.reglement.modele import Regle
from batch.vocabulaire import Etat, Niveau, Presence, ResultatPartie

_ETATS: Mapping[Niveau, Mapping[Mesure, Etat]] = {
    Niveau.INDICATEUR: calcul.CRITERE,
    Niveau.CRITERE: calcul.CRITERE,
    Niveau.COMPETENCE: calcul.COMPETENCE,
    Niveau.EPREUVE: calcul.PARTIE,
    Niveau.ACTIVITE: calcul.PARTIE,
    Niveau.BLOC: calcul.BLOC,
    Niveau.CERTIFICATION: calcul.PARTIE,
}
# The steps that no référentiel names have words of their own.
_MOTS = {
    Niveau.INDICATEUR: {Mesure.ATTEINT: "Constaté", Mesure.NON_ATTEINT: "Non constaté"},
    Niveau.CERTIFICATION: {
        Mesure.ATTEINT: "Condition remplie",
        Mesure.NON_ATTEINT: "Condition non remplie",
        Mesure.MANQUANT: "En attente",
    },
}


def beside(cas: Cas) -> tuple[Etape, ...]:
    """What is reckoned and printed, but no rule of this règlement looks at."""
    levels = cas.dossier.resultat.constats
    if cas.dossier.resultat.presence is not Presence.PRESENT:
        return ()
    seen: set[tuple[Niveau, str]] = set()
    roots = [*levels[Niveau.BLOC].values(), *levels[Niveau.CERTIFICATION].values()]
    while roots:
        constat = roots.pop()
        seen |= {(e.niveau, e.id) for e in constat.enfants}
        seen |= {(e.niveau, o) for e in constat.enfants[:1] for o in constat.options_ecartees}
        roots += constat.enfants
    return tuple(
        told(cas, constat)
        for niveau in (Niveau.COMPETENCE, Niveau.EPREUVE, Niveau.ACTIVITE)
        for constat in levels[niveau].values()
        if (niveau, constat.id) not in seen
    )


def told(cas: Cas, constat: Constat, *, valeur_lue: bool = False) -> Etape:
    etat = _ETATS[constat.niveau][constat.mesure]
    if constat.niveau is Niveau.EPREUVE:
        etat = cas.dossier.resultat.epreuves[constat.id]
    step = Etape(
        constat.niveau,
        constat.id,
        cas.nom(constat.niveau, constat.id),
        cas.intitule(constat),
        etat,
        _MOTS.get(constat.niveau, {}).get(constat.mesure, etat.mot),
        constat=constat,
        valeur_lue=valeur_lue,
    )
    if etat is ResultatPartie.NON_PRESENTEE:
        facts = (*closed(cas, constat.id), *absences(cas, constat.id))
        return replace(step, faits=facts)
    if constat.acquis and constat.niveau is Niveau.COMPETENCE:
        return replace(step, faits=tuple(held_alone(cas, constat)))
    if constat.id == "prerequis" and constat.niveau is Niveau.CERTIFICATION:
        return _prerequis(cas, step, constat.enfants[0])
    if constat.regle is None or not constat.enfants:
        return rated(cas, step, constat)
    return _parent(cas, step, constat, constat.regle)


def _parent(cas: Cas, step: Etape, constat: Constat, regle: Regle) -> Etape:
    below = constat.enfants[0].niveau
    enfants = [told(cas, e, valeur_lue=_reads(regle, e.id)) for e in constat.enfants]
    counted = [enfant for enfant in enfants if not enfant.hors_calcul]
    reckoned = reckon(constat, regle, counted)
    aside = [told(cas, option) for option in _options(cas, constat)]
    return replace(
        step,
        regle=enonce.nominal(regle, below, [e.id for e in constat.enfants], cas.nom)
        + article(regle.article),
        calcul=reckoned.calcul,
        marge=reckoned.marge,
        remarques=tuple(_remarks(cas, step, constat, regle, enfants)),
        # The blocs are told once, at their own place.
        enfants=()
        if below is Niveau.BLOC
        else (*enfants, *(replace(option, faits=(OPTION_ECARTEE,)) for option in aside)),
        au_seuil=reckoned.au_seuil or any(_at_floor(regle, e) for e in constat.enfants),
    )


def _reads(regle: Regle, enfant: str) -> bool:
    """The rule looks at this child's value, and not only at whether it is met."""
    return regle.moyenne is not None or regle.somme is not None or regle.floor(enfant) is not None


def _options(cas: Cas, constat: Constat) -> list[Constat]:
    """The options that were set aside, as they stand."""
    levels = cas.dossier.resultat.constats
    return [levels[constat.enfants[0].niveau][option] for option in constat.options_ecartees]


def _at_floor(regle: Regle, enfant: Constat) -> bool:
    floor = regle.floor(enfant.id)
    return bool(floor) and enfant.valeur == Fraction(floor or 0)


def _remarks(
    cas: Cas, step: Etape, constat: Constat, regle: Regle, enfants: Sequence[Etape]
) -> Iterator[str]:
    """What weighs besides the condition, then what does not weigh at all."""
    for enfant in constat.enfants:
        if constat.mesure is Mesure.NON_ATTEINT and fault(regle, enfant, constat.arrondi):
            yield _fault(cas, constat, regle, enfant)
        elif _at_floor(regle, enfant):
            yield f"{_subject(cas, enfant)} est exactement au minimum."
    if constat.a_examiner and regle.limites is not None:
        yield dire(
            "Le règlement demande au jury d’examiner ce résultat : il est à {marge} du seuil, "
            "ou plus près.",
            marge=enonce.margin(regle),
        )
    if step.valeur_lue and constat.valeur is not None and regle.moyenne is None:
        yield dire("Valeur reprise plus haut : {moyenne}.", moyenne=mean_of(constat, regle))
    waiting = [e for e in enfants if e.constat and e.constat.mesure is constat.mesure]
    if constat.mesure is Mesure.MANQUANT:
        yield f"Le calcul attend {the(waiting)}."
    elif constat.mesure is Mesure.A_ARBITRER:
        yield f"Le calcul attend que le jury tranche sur {the(waiting)}."
    elif constat.mesure is Mesure.EXCLU:
        yield _nothing_applied(constat)
    else:
        yield from _left_out(cas, enfants)
    if constat.options_ecartees:
        yield _set_aside(cas, constat, regle)


def _nothing_applied(constat: Constat) -> str:
    level = constat.enfants[0].niveau
    none = "Aucune" if level.feminin else "Aucun"
    then = "il n’y a rien à compter, ni pour ni contre"
    if constat.niveau is Niveau.BLOC:
        then = "le calcul ne dit rien, c’est au jury de trancher"
    return f"{none} {level.singulier} ne s’appliquait{INSECABLE}: {then}."


def _left_out(cas: Cas, enfants: Sequence[Etape]) -> Iterator[str]:
    """An option not taken, one that was set aside, « sans objet »: never the same thing."""
    why: dict[str, list[Etape]] = {}
    for enfant in enfants:
        if enfant.hors_calcul:
            why.setdefault(_why_out(cas, enfant), []).append(enfant)
    if why:
        said = [f"{the(own)} ({plural(reason, len(own))})" for reason, own in why.items()]
        yield dire("Hors du calcul : {noms}.", noms=enumeration(said))


def _why_out(cas: Cas, step: Etape) -> str:
    if any(ligne.avis for ligne in step.lignes):
        return "sans objet"
    critere = cas.seance.referentiel.critere.get(step.id)
    held = set(cas.dossier.resultat.competences_tenues)
    if critere and critere.competences and set(critere.competences) <= held:
        return "compétence déjà acquise"
    own = {step.id, *(critere.competences if critere else ())}
    taken = own & set(cas.dossier.resultat.candidat.options)
    return "option présentée, non comptée" if taken else "option non présentée"


def _subject(cas: Cas, constat: Constat) -> str:
    return majuscule(enonce.the(constat.niveau, cas.nom(constat.niveau, constat.id)))


def _fault(cas: Cas, constat: Constat, regle: Regle, enfant: Constat) -> str:
    """What one child alone decided, whatever the others."""
    floor = regle.floor(enfant.id)
    if enfant.mesure is Mesure.FERME:
        why = "n’a jamais été ouverte" if enfant.niveau.feminin else "n’a jamais été ouvert"
    elif enfant.id in regle.eliminatoires and enfant.mesure is Mesure.NON_ATTEINT:
        why = f"est éliminatoire, et n’est pas {MOTS[enfant.niveau][0]}"
    else:
        assert enfant.valeur is not None, "a floor is only missed by a value"
        assert floor is not None, "a fault is one or the other"
        value, least = distinctement(enfant.valeur, Fraction(floor), 4)
        why = f"est à {value}, sous le minimum de {least}"
    if constat.niveau is Niveau.CERTIFICATION:
        then = "la condition n’est pas remplie"
    else:
        whole = elide("la" if constat.niveau.feminin else "le", constat.niveau.singulier)
        then = f"{whole} n’est pas {MOTS[constat.niveau][0]}"
    return dire(
        "{qui} {pourquoi} : quel que soit le reste, {alors}.",
        qui=_subject(cas, enfant),
        pourquoi=why,
        alors=then,
    )


def _set_aside(cas: Cas, constat: Constat, regle: Regle) -> str:
    """The option that would have counted against the candidate, and what it would have done."""
    aside = _options(cas, constat)
    names = enumeration(cas.nom(one.niveau, one.id) for one in aside)
    counted = replace(constat, enfants=(*constat.enfants, *aside))
    figures = ""
    if regle.proportion is not None and counted.part is not None:
        reached = f"{counted.count(Mesure.ATTEINT)} sur {counted.comptes}"
        figures = f" Comptée, elle donnerait {reached} = {pourcentage(counted.part)}."
    return dire(
        "Option {noms} présentée et non comptée : une option ne joue jamais contre qui la "
        "présente.{chiffres}",
        noms=names,
        chiffres=figures,
    )


def _prerequis(cas: Cas, step: Etape, own: Constat) -> Etape:
    demanded = cas.seance.reglement.regles.certification.prerequis
    assert demanded is not None, "the constat is there because the règlement demands it"
    least = "" if demanded.minimum is None else f", au moins {nombre(demanded.minimum)}"
    if own.valeur is None:
        said = "non renseigné dans session.xlsx"
    elif demanded.minimum is None:
        said = "oui" if own.valeur else "non"
    else:
        said = nombre(own.valeur)
    rule = f"{typographie(demanded.libelle)}{least}{article(demanded.article)}"
    return replace(step, regle=rule, calcul=said)
