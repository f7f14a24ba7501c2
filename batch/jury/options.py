"""Options: in the reckoning when the candidate takes them, and then never against him.

Unless the règlement says so (`options: contre`), each node stands as it would had he taken all his
options, or only those of them that serve it best.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from batch.jury import arbre
from batch.jury.arbre import Etages, Releve, closed_by
from batch.jury.regles import Constat, Mesure
from batch.records import MAX_OPTIONS
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import ENFANTS, Reglement
from batch.vocabulaire import Niveau

Fermetures = Mapping[str, tuple[str, ...]]


def build(
    referentiel: Referentiel, reglement: Reglement, releve: Releve
) -> tuple[Etages, Fermetures]:
    """Every level's constats by id; and what was closed whatever the options (see `closed_by`).

    What rates nothing but options is what it is.
    """
    taken = [option for option in releve.candidat.options if option in referentiel.options]
    free = [option for option in taken if option not in reglement.options.contre]
    assert len(free) <= MAX_OPTIONS, "the session refuses a candidate with more options"
    always = tuple(option for option in taken if option not in free)
    sets = [kept for count in range(len(free), -1, -1) for kept in combinations(free, count)]
    whole, *fewer = (
        arbre.build(
            referentiel,
            reglement,
            replace(releve, candidat=replace(releve.candidat, options=(*always, *kept))),
        )
        for kept in sets
    )
    closed = closed_by(reglement.regles, whole)
    if not fewer:
        return whole, closed
    always_closed = set(closed).intersection(*(closed_by(reglement.regles, own) for own in fewer))
    mandatory = _mandatory(referentiel, releve) | set(whole[Niveau.CERTIFICATION])
    levels = {
        niveau: {
            identifiant: _best(constat, [other[niveau].get(identifiant) for other in fewer])
            if identifiant in mandatory
            else constat
            for identifiant, constat in etage.items()
        }
        for niveau, etage in whole.items()
    }
    return levels, {one: before for one, before in closed.items() if one in always_closed}


def _mandatory(referentiel: Referentiel, releve: Releve) -> set[str]:
    """The nodes that rate something besides options."""
    rated = {
        node
        for partie in releve.due
        for critere in partie.criteres
        if not referentiel.is_optional(critere)
        for niveau in (*ENFANTS.values(), Niveau.BLOC)
        for node in referentiel.nodes(critere, niveau)
    }
    blocs = {c.bloc for c in referentiel.competences if c.id in rated and c.bloc}
    return (rated | blocs) - set(referentiel.options)


# The worst first: what a candidate would rather have, an option taken or not.
_PREFERENCE = (
    Mesure.FERME,
    Mesure.NON_ATTEINT,
    Mesure.MANQUANT,
    Mesure.A_ARBITRER,
    Mesure.EXCLU,
    Mesure.ATTEINT,
)


def _best(whole: Constat, fewer: Iterable[Constat | None]) -> Constat:
    """The most favourable reckoning, the one with most options where several are."""

    def favour(constat: Constat) -> tuple[int, Fraction]:
        return _PREFERENCE.index(constat.mesure), constat.valeur or Fraction()

    best = whole
    for other in fewer:
        if other is not None and favour(other) > favour(best):
            best = other
    if best is whole:
        return whole
    counted = {enfant.id for enfant in best.enfants if enfant.mesure is not Mesure.EXCLU}
    left_out = tuple(
        enfant.id
        for enfant in whole.enfants
        if enfant.mesure is not Mesure.EXCLU and enfant.id not in counted
    )
    kept = tuple(enfant for enfant in best.enfants if enfant.id not in left_out)
    return replace(best, enfants=kept, options_ecartees=left_out)
