"""A rated line -> its step: who chose what, what is made of it, whose rating is awaited."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from batch.francais import enumeration, guillemets, nombre, typographie
from batch.jury import divergences
from batch.jury.enonce import MOTS
from batch.jury.regles import Constat, Mesure
from batch.jury.trace.arithmetique import division, exact, result
from batch.jury.trace.cas import Cas
from batch.jury.trace.etape import Avis, Etape, Feuille
from batch.jury.trace.tournures import dire
from batch.records import Appreciation
from batch.vocabulaire import Nature, Niveau


def rated(cas: Cas, step: Etape, constat: Constat) -> Etape:
    return replace(
        step,
        calcul=_together(cas, constat),
        avis=tuple(_avis(cas, one, step.valeur_lue) for one in constat.appreciations),
        attente=_unrated(cas, constat),
    )


def _unrated(cas: Cas, constat: Constat) -> str:
    """Why a line has no rating that counts; nothing where it has one."""
    if constat.mesure is Mesure.MANQUANT:
        return _awaited(cas, constat)
    if constat.mesure is Mesure.NON_ATTEINT and not constat.appreciations:
        return enumeration(_annulled(cas, constat))
    return ""


def _annulled(cas: Cas, constat: Constat) -> Iterator[str]:
    """Of an annulled épreuve nothing counts, whatever was written on the grid."""
    parties = cas.seance.referentiel.parties
    own = [p.id for p in parties if any(c.id == constat.id for c in p.criteres)]
    for incident in cas.seance.session.incidents_of(cas.dossier.resultat.candidat.id):
        if incident.nature is Nature.FRAUDE and incident.partie in (None, *own):
            yield dire(
                "annulé pour fraude, {piece} ({lieu}) : rien n’en compte",
                piece=incident.piece.rstrip("."),
                lieu=incident.lieu,
            )


def _avis(cas: Cas, one: Appreciation, valeur_lue: bool) -> Avis:
    echelle = cas.seance.reglement.echelle
    if one.note is not None:
        choice = exact(one.note)
        choice += f" sur {nombre(echelle.note.sur)}" if echelle.note else ""
    else:
        assert one.niveau is not None, "an appreciation is a mark or a level"
        level = echelle.niveau(one.niveau)
        choice = guillemets(typographie(level.libelle))
        if valeur_lue and level.valeur is not None:
            choice += f" = {nombre(level.valeur)}"
    who = next((e for e in cas.seance.session.evaluateurs if e.id == one.evaluateur), None)
    sheet = (one.lieu.fichier, one.lieu.feuille)
    rules = cas.seance.reglement.evaluateurs
    return Avis(
        "le jury" if one.arbitrage else who.qui if who else one.evaluateur,
        one.role if (rules.roles or rules.poids) and not one.arbitrage else None,
        choice,
        next(
            (
                f.groupe
                for f in cas.feuilles
                if f.lieu and sheet == (f.lieu.fichier, f.lieu.feuille)
            ),
            None,
        ),
        one,
    )


def _together(cas: Cas, constat: Constat) -> str:
    """What is made of a mark, or of several evaluators' ratings of one line."""
    own, rules = constat.appreciations, cas.seance.reglement.evaluateurs
    note = cas.seance.reglement.echelle.note
    if any(one.arbitrage for one in own):
        return "les évaluateurs divergeaient, le jury a tranché"
    if len({one.evaluateur for one in own}) < rules.nombre or not own:
        return ""
    if len(own) == 1:
        least = nombre(note.satisfait_a_partir_de) if note else ""
        return f"{MOTS[constat.niveau][0]} à partir de {least}" if note else ""
    if len({(one.niveau, one.note) for one in own}) == 1:
        return "les évaluateurs sont d’accord"
    if constat.mesure is Mesure.A_ARBITRER:
        beyond = f" de plus de {nombre(rules.ecart_max)}" if rules.ecart_max is not None else ""
        if rules.divergence == "jury":
            beyond = ""
        return f"les évaluateurs divergent{beyond}, c’est au jury de trancher"
    if rules.divergence == "moyenne":
        return _mean_of_opinions(cas, constat)
    kind = "favorable" if rules.divergence == "plus_favorable" else "défavorable"
    return f"les évaluateurs divergent, le règlement retient l’avis le plus {kind}"


def _mean_of_opinions(cas: Cas, constat: Constat) -> str:
    reglement = cas.seance.reglement
    weights = reglement.evaluateurs.poids or {}
    terms = [
        (value, Fraction(weights.get(one.role or "", 1)))
        for one in constat.appreciations
        if (value := divergences.measure(one, reglement.echelle)[1]) is not None
    ]
    if constat.valeur is None or not terms:
        return ""
    return f"moyenne des avis {division(terms)} = {result(constat.valeur)}"


def _awaited(cas: Cas, constat: Constat) -> str:
    """Whose rating the line awaits, and what became of his sheet."""
    own, echelle = constat.appreciations, cas.seance.reglement.echelle
    if any(divergences.measure(one, echelle)[0] is Mesure.MANQUANT for one in own):
        return ""  # an evaluator said himself that he could not rate it
    critere = constat.id
    if constat.niveau is Niveau.INDICATEUR:
        critere = critere.rpartition(".")[0]
    rated = {one.evaluateur for one in own}
    said = [
        _what_became_of(cas, feuille)
        for feuille in cas.feuilles
        if critere in feuille.criteres and feuille.evaluateur.id not in rated
    ]
    return enumeration(said) or "personne n’est désigné pour l’évaluer"


def _what_became_of(cas: Cas, feuille: Feuille) -> str:
    who = feuille.evaluateur.qui
    if feuille.absence:
        return f"{who} a noté {cas.accorde('absent')}"
    sheet = f"la grille de {who}, {cas.part(feuille.partie)},"
    if feuille.lieu is None:
        return f"{sheet} n’est pas revenue"
    return f"{sheet} est revenue sans appréciation lisible"
