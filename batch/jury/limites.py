"""A proposal -> why the jury should look twice before it follows it, in sentences.

What has no reason here is a clear case. The calculation is not in doubt: a mark on the threshold
passes, one just under it does not; but somebody's fate hangs there by little.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from batch.francais import compte, enumeration
from batch.jury import explication
from batch.jury.deliberation import CERTIFICATION, Objet
from batch.jury.divergences import Divergence
from batch.jury.regles import Constat, Mesure, rejudged, total
from batch.jury.seance import Dossier, Seance
from batch.records import Incident
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Echelle
from batch.vocabulaire import Etat, Nature, Niveau, ResultatBloc, ResultatCertification

_SHOWN = 4


def to_examine(seance: Seance, dossier: Dossier, objet: Objet) -> tuple[str, ...]:
    """Why this row is not a clear case; empty when it is."""
    row = objet.candidat, objet.code
    if row not in seance.a_examiner:
        own = dossier.resultat.behind(objet.code)
        seance.a_examiner[row] = (
            *_waiting(objet.propose),
            *_incidents(seance, dossier, objet),
            *_differences(seance, dossier, own),
            *_near_thresholds(seance, own),
            *_single_failures(seance, own),
        )
    return seance.a_examiner[row]


def _waiting(propose: Etat) -> Iterator[str]:
    match propose:
        case ResultatBloc.INCOMPLET | ResultatCertification.EN_ATTENTE:
            yield "Une évaluation manque : rien ne peut être décidé."
        case ResultatBloc.A_ARBITRER:
            yield "Le calcul ne tranche pas : le jury décide."


def _incidents(seance: Seance, dossier: Dossier, objet: Objet) -> Iterator[str]:
    for incident in seance.session.incidents_of(dossier.resultat.candidat.id):
        if _concerns(seance.referentiel, incident, objet.code):
            where = f" ({incident.partie.removeprefix('EP-')})" if incident.partie else ""
            yield f"{incident.nature.mot}{where} : {incident.piece}."
            if incident.nature is Nature.FRAUDE:
                yield "Entendez la personne avant de décider."


def _concerns(referentiel: Referentiel, incident: Incident, code: str) -> bool:
    if incident.partie is None or code == CERTIFICATION:
        return True
    return code in referentiel.partie[incident.partie].blocs


def _differences(seance: Seance, dossier: Dossier, constats: Sequence[Constat]) -> Iterator[str]:
    lines = {leaf.id for constat in constats for leaf in _leaves(constat)}
    own: list[Divergence] = [
        one
        for one in seance.divergences
        if one.candidat == dossier.resultat.candidat.id and one.ligne in lines
    ]
    if own:
        names = enumeration([*(one.nom for one in own[:_SHOWN]), *(["…"] * (len(own) > _SHOWN))])
        yield f"Les évaluateurs diffèrent sur {compte(len(own), 'ligne')} : {names}."


def _near_thresholds(seance: Seance, constats: Sequence[Constat]) -> Iterator[str]:
    for constat in constats:
        if constat.mesure in (Mesure.ATTEINT, Mesure.NON_ATTEINT) and (
            constat.a_examiner  # the rule's own `limites`
            or _is_near(constat, seance.reglement.deliberation.marge, seance.reglement.echelle)
        ):
            side = "au-dessus" if constat.mesure is Mesure.ATTEINT else "au-dessous"
            why = explication.reason(seance.referentiel, constat)
            yield f"À la limite, {side} : {why}."


def _is_near(constat: Constat, marge: Fraction, echelle: Echelle) -> bool:
    """Within `marge` of the threshold, as a share of all that could be had."""
    regle, counted = constat.regle, constat.comptes
    if regle is None or not counted:
        return False
    maximum = Fraction(echelle.maximum or 1)
    if regle.proportion is not None and constat.part is not None:
        return abs(constat.part - regle.proportion) <= marge
    if regle.au_moins is not None:
        return abs(constat.count(Mesure.ATTEINT) - regle.au_moins) <= marge * counted
    if regle.moyenne is not None and constat.valeur is not None:
        return abs(constat.valeur - Fraction(regle.moyenne)) <= marge * maximum
    if regle.somme is not None:
        reached = total([e for e in constat.enfants if e.mesure is not Mesure.EXCLU])
        return reached is not None and (
            abs(reached - Fraction(regle.somme)) <= marge * maximum * counted
        )
    return False


def _single_failures(seance: Seance, constats: Sequence[Constat]) -> Iterator[str]:
    """One critère more would change the proposal: which one, or ones."""
    maximum = seance.reglement.echelle.maximum
    best = Fraction(maximum) if maximum is not None else None
    for constat in constats:
        if constat.mesure is not Mesure.NON_ATTEINT:
            continue
        alone = [
            leaf
            for leaf in _leaves(constat)
            if leaf.mesure is Mesure.NON_ATTEINT and _met_with(constat, leaf, best)
        ]
        if alone:
            names = [explication.name(seance.referentiel, leaf) for leaf in alone[:_SHOWN]]
            more = [compte(len(alone) - _SHOWN, "autre")] if len(alone) > _SHOWN else []
            yield f"Un seul critère de plus suffirait : {enumeration([*names, *more], 'ou')}."


def _leaves(constat: Constat) -> list[Constat]:
    """The rated lines under this node, each once."""
    found: dict[str, Constat] = {}
    waiting = [constat]
    while waiting:
        node = waiting.pop(0)
        if node.enfants:
            waiting += node.enfants
        elif node.niveau in (Niveau.CRITERE, Niveau.INDICATEUR):
            found.setdefault(node.id, node)
    return list(found.values())


def _met_with(constat: Constat, leaf: Constat, best: Fraction | None) -> bool:
    """The node would be met, were this line of its tree rated at its best."""
    again = rejudged(replace(leaf, mesure=Mesure.ATTEINT, valeur=best))
    return again(constat).mesure is Mesure.ATTEINT
