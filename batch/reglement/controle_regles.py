"""The rules, each on the nodes that it judges -> what could never apply, or never be reached."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from batch.anomalies import Anomalie, Code, suggestion
from batch.francais import compte, enumeration, nombre, pourcentage, proche
from batch.lecture_yaml import Source
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import ENFANTS, Mention, Regle, Reglement
from batch.reglement.portee import (
    NIVEAUX,
    Application,
    Chemin,
    application,
    applications,
    nodes,
    rests_on,
    stated,
)
from batch.vocabulaire import Niveau


def check(source: Source, reglement: Reglement, referentiel: Referentiel) -> Iterator[Anomalie]:
    """`referentiel`: with the certificateur's own blocs. Every code that is cited exists."""
    for path, regle in stated(reglement):
        yield from _check_shape(source, path, regle)
    seen: set[tuple[Chemin, str]] = set()
    for own in applications(reglement, referentiel):
        for raison in _out_of_reach(own, reglement):
            if (own.chemin, raison) not in seen:
                seen.add((own.chemin, raison))
                yield inapplicable(source, own.chemin, raison)
    yield from _check_children(source, reglement, referentiel)
    yield from _check_missing(source, reglement, referentiel)
    yield from _check_certification(source, reglement, referentiel)
    yield from _check_values(source, reglement)
    yield from _check_acces(source, reglement, referentiel)
    yield from _check_held(source, reglement, referentiel)


def inapplicable(source: Source, chemin: Chemin, raison: str) -> Anomalie:
    return Code.REGLE_INAPPLICABLE.at(
        source.lieu(*chemin), rubrique=".".join(chemin), raison=raison
    )


# --- one rule, as it is written

# What each level can look at: a level is reckoned after those below it.
_PEUVENT_PORTER_SUR: dict[str, set[str | None]] = {
    "critere": {None},
    "competence": {None, "criteres"},
    "epreuve": {None, "criteres", "competences"},
    "activite": {"criteres", "competences", "epreuves", None},
}


def _check_shape(source: Source, path: Chemin, regle: Regle) -> Iterator[Anomalie]:
    lieu, rubrique = source.lieu(*path), ".".join(path)
    if len(regle.conditions) != 1:
        combien = enumeration(regle.conditions) or "aucune"
        yield Code.REGLE_VIDE.at(lieu, rubrique=rubrique, combien=combien)
    if path[1] in ("bloc", "activite") and regle.sur is None:
        yield Code.YAML_MANQUE.at(lieu, rubrique=f"{rubrique}.sur")
    if regle.sur not in _PEUVENT_PORTER_SUR.get(path[1], {None, regle.sur}):
        yield inapplicable(source, path, f"elle ne peut pas porter sur les {regle.sur}")
    if regle.poids is not None and (not regle.poids or min(regle.poids.values()) <= 0):
        yield inapplicable(source, path, "un poids doit être plus grand que zéro")
    if regle.parts is not None and regle.moyenne is None:
        yield inapplicable(source, path, "« parts » ne se dit que d'une moyenne")
    if regle.parts is not None and not all(0 < part < 1 for part in regle.parts.values()):
        yield inapplicable(source, path, "une part va de plus de 0 % à moins de 100 %")
    if regle.limites is not None and (regle.limites <= 0 or regle.toutes):
        yield inapplicable(source, path, "« limites » est une marge autour d'un seuil")


# --- one rule, where it applies


def _out_of_reach(own: Application, reglement: Reglement) -> Iterator[str]:
    """Why nobody could meet the rule here, or why everybody would."""
    regle, count, echelle = own.regle, len(own.enfants), reglement.echelle
    if own.niveau is Niveau.CERTIFICATION:
        where = "la certification"
    elif own.niveau is Niveau.BLOC:
        where = own.noeud
    else:
        where = f"« {own.noeud} »"
    if regle.au_moins is not None:
        if regle.au_moins > count:
            asked = compte(regle.au_moins, own.sous.singulier, own.sous.pluriel)
            yield f"elle demande {asked}, {where} n'en compte que {count}"
        if regle.au_moins < 1:
            yield "elle ne demande rien : tout le monde la remplirait"
    if regle.proportion is not None and regle.proportion > 1:
        yield "elle demande plus de 100 %"
    if regle.proportion is not None and regle.proportion <= 0:
        yield "elle ne demande rien : tout le monde la remplirait"
    for figure in (regle.moyenne, regle.minimum, *(regle.minimums or {}).values()):
        if figure is not None:
            yield from off_scale(figure, reglement)
    if regle.somme is not None and echelle.maximum is not None:
        if regle.somme > echelle.maximum * count:
            most = nombre(echelle.maximum * count)
            yield f"elle demande {nombre(regle.somme)}, le total de {where} va jusqu'à {most}"
        if regle.somme <= echelle.minimum * count:
            yield "elle ne demande rien : tout le monde la remplirait"
    kept = sum(((regle.parts or {}).get(one, Fraction()) for one in own.enfants), Fraction())
    others = [one for one in own.enfants if one not in (regle.parts or {})]
    if kept >= 1 and others:
        yield f"les parts y font {pourcentage(kept)} : il ne reste rien aux autres"
    if not others and kept not in (0, 1):
        yield f"les parts y font {pourcentage(kept)}, et tout en a une : elles doivent faire 100 %"


def off_scale(figure: Decimal, reglement: Reglement) -> Iterator[str]:
    """A threshold that no mark of the scale could miss or reach."""
    maximum, minimum = reglement.echelle.maximum, reglement.echelle.minimum
    if maximum is None:
        yield "l'échelle ne donne pas de valeurs"
    elif figure > maximum:
        yield f"elle demande {nombre(figure)}, l'échelle va jusqu'à {nombre(maximum)}"
    elif figure < minimum:
        yield f"elle demande {nombre(figure)}, l'échelle commence à {nombre(minimum)}"


def _check_children(
    source: Source, reglement: Reglement, referentiel: Referentiel
) -> Iterator[Anomalie]:
    """A weight, a part, a floor or an eliminatory of something that the rule never looks at.

    It would be written, and weigh nothing.
    """
    known = {
        *referentiel.bloc,
        *referentiel.activite,
        *referentiel.partie,
        *referentiel.competence,
        *referentiel.critere,
    }
    children: dict[Chemin, dict[str, None]] = {}
    levels: dict[Chemin, Niveau] = {}
    for own in applications(reglement, referentiel):
        children.setdefault(own.chemin, {}).update(dict.fromkeys(own.enfants))
        levels[own.chemin] = own.sous
    for path, regle in stated(reglement):
        cited = {
            "eliminatoires": regle.eliminatoires,
            **{name: getattr(regle, name) or {} for name in ("poids", "parts", "minimums")},
        }
        for rubric, codes in cited.items() if path in children else ():
            for code in codes:
                if code in known and code not in children[path]:
                    near = suggestion(proche(code, list(children[path])))
                    one = "l'une" if levels[path].feminin else "l'un"
                    raison = (
                        f"« {rubric} » cite « {code} », qui n'est pas {one} des "
                        f"{levels[path].pluriel} qu'elle regarde{near}"
                    )
                    yield inapplicable(source, path, raison)


# --- the rules that the others need


def _check_missing(
    source: Source, reglement: Reglement, referentiel: Referentiel
) -> Iterator[Anomalie]:
    """From the certification down: each level that some rule looks at must have a rule."""
    certification = reglement.regles.certification
    here = source.lieu("regles")
    asked: list[tuple[Niveau, str]] = []
    if referentiel.blocs:
        asked += [(Niveau.BLOC, code) for code in referentiel.bloc]
        if certification.blocs is None:
            yield Code.REGLE_MANQUANTE.at(
                here, niveau="la certification", rubrique="regles.certification.blocs : tous"
            )
    else:
        if certification.activites:
            asked += [(Niveau.ACTIVITE, one) for one in nodes(referentiel, Niveau.ACTIVITE)]
        if certification.epreuves:
            asked += [(Niveau.EPREUVE, one) for one in nodes(referentiel, Niveau.EPREUVE)]
        if not (certification.activites or certification.epreuves):
            name = "certification.activites"
            yield Code.REGLE_MANQUANTE.at(here, niveau=f"« {name} »", rubrique=f"regles.{name}")
    if certification.epreuve_transversale is not None:
        asked.append((Niveau.EPREUVE, certification.epreuve_transversale))
    for acces in (reglement.regles.acces or {}).values():
        for before in acces.apres:
            asked.append((Niveau.BLOC if before in referentiel.bloc else Niveau.EPREUVE, before))
    for mention in certification.mentions:
        if mention.sur:
            asked += [(ENFANTS[mention.sur], n) for n in nodes(referentiel, ENFANTS[mention.sur])]
    missing: dict[str, None] = {}
    seen: set[tuple[Niveau, str]] = set()
    while asked:
        niveau, node = asked.pop()
        if (niveau, node) in seen or niveau is Niveau.INDICATEUR:
            continue
        seen.add((niveau, node))
        own = application(reglement, referentiel, niveau, node)
        rated = niveau is not Niveau.CRITERE or (
            reglement.niveau_saisi is Niveau.INDICATEUR
            and bool(referentiel.critere[node].indicateurs)
        )
        if own is not None:
            asked += [(own.sous, enfant) for enfant in own.enfants]
        elif rated:
            missing.setdefault(next(name for name, one in NIVEAUX.items() if one is niveau))
    for name in missing:
        yield Code.REGLE_MANQUANTE.at(here, niveau=f"« {name} »", rubrique=f"regles.{name}")


def _check_certification(
    source: Source, reglement: Reglement, referentiel: Referentiel
) -> Iterator[Anomalie]:
    certification = reglement.regles.certification
    here = ("regles", "certification")
    reasons: list[str] = []
    if certification.moyenne is not None:
        reasons += off_scale(certification.moyenne, reglement)
        if not referentiel.blocs:
            reasons.append("« moyenne » est celle des blocs, et il n'y en a pas")
    if certification.limites is not None and (
        certification.moyenne is None or certification.limites <= 0
    ):
        reasons.append("« limites » est une marge autour d'un seuil")
    previous: Decimal | None = None
    for mention in certification.mentions:
        reasons += _about_mention(mention, reglement, referentiel)
        if mention.moyenne is not None and previous is not None and mention.moyenne <= previous:
            reasons.append("les mentions vont de la plus basse à la plus haute")
        previous = mention.moyenne if mention.moyenne is not None else previous
    for raison in dict.fromkeys(reasons):
        yield inapplicable(source, here, raison)


def _about_mention(
    mention: Mention, reglement: Reglement, referentiel: Referentiel
) -> Iterator[str]:
    said = f"la mention « {mention.libelle} »"
    if (mention.moyenne is None) == (mention.au_moins is None):
        yield f"{said} se donne par « moyenne » ou par « au_moins », l'un des deux"
    for figure in (mention.moyenne, mention.a_partir_de):
        if figure is not None:
            yield from off_scale(figure, reglement)
    if mention.au_moins is None:
        if mention.sur is not None or mention.a_partir_de is not None:
            yield f"{said} ne compte rien : « sur » et « a_partir_de » vont avec « au_moins »"
        return
    if mention.sur is None:
        yield f"{said} ne dit pas « sur » quoi elle compte"
        return
    count = len(nodes(referentiel, ENFANTS[mention.sur]))
    if not 1 <= mention.au_moins <= count:
        level = ENFANTS[mention.sur]
        asked = compte(mention.au_moins, level.singulier, level.pluriel)
        yield f"{said} demande {asked}, il y en a {count}"


def _check_values(source: Source, reglement: Reglement) -> Iterator[Anomalie]:
    """Whatever is averaged or summed must have a value; weights must weigh."""
    certification = reglement.regles.certification
    averaged = (
        any(
            figure is not None
            for _, regle in stated(reglement)
            for figure in (regle.moyenne, regle.somme, regle.minimum, regle.minimums)
        )
        or certification.moyenne is not None
        or reglement.evaluateurs.divergence == "moyenne"
    )
    for niveau in reglement.echelle.niveaux if averaged else ():
        if niveau.compte == "normal" and niveau.valeur is None:
            raison = f"« {niveau.libelle} » n'a pas de valeur, et une moyenne la demande"
            yield inapplicable(source, ("echelle",), raison)
    for path, weights in (
        (("evaluateurs", "poids"), reglement.evaluateurs.poids),
        (("regles", "certification", "poids"), certification.poids),
    ):
        if weights is not None and (not weights or min(weights.values()) <= 0):
            yield inapplicable(source, path, "un poids doit être plus grand que zéro")


# --- what opens, and what is kept


def _check_acces(
    source: Source, reglement: Reglement, referentiel: Referentiel
) -> Iterator[Anomalie]:
    """Nothing may be opened by what rests on it, at whatever remove."""
    acces = reglement.regles.acces or {}
    for identifiant, own in acces.items():
        if not own.apres:
            raison = "elle ne dit pas après quoi"
            yield inapplicable(source, ("regles", "acces", identifiant), raison)
    behind = {
        identifiant: {
            critere.id
            for critere in referentiel.criteres
            if identifiant in (critere.epreuve, referentiel.bloc_of(critere))
        }
        for identifiant in acces
    }
    needs = {
        identifiant: {
            other
            for other, closed in behind.items()
            for before in own.apres
            if closed & _ground(reglement, referentiel, before)
        }
        for identifiant, own in acces.items()
    }
    for identifiant in acces:
        reached: set[str] = set()
        ahead = list(needs[identifiant])
        while ahead:
            one = ahead.pop()
            if one not in reached:
                reached.add(one)
                ahead += needs[one]
        if identifiant in reached:
            raison = "ce qui doit être passé avant dépend de ce qu'elle ouvre"
            yield inapplicable(source, ("regles", "acces", identifiant), raison)


def _ground(reglement: Reglement, referentiel: Referentiel, node: str) -> set[str]:
    niveau = Niveau.BLOC if node in referentiel.bloc else Niveau.EPREUVE
    return rests_on(reglement, referentiel, niveau, node)


def _check_held(
    source: Source, reglement: Reglement, referentiel: Referentiel
) -> Iterator[Anomalie]:
    """A compétence kept without its bloc must count there."""
    if reglement.acquis.competences is None:
        return
    for code in referentiel.bloc:
        own = application(reglement, referentiel, Niveau.BLOC, code)
        if own is not None and own.sous is not Niveau.COMPETENCE:
            raison = f"la règle de {code} ne porte pas sur les compétences"
            yield inapplicable(source, ("acquis", "competences"), raison)
            return
