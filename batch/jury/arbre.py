"""A candidate's ratings -> where every node of the référentiel stands, from the leaves up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from batch.jury import divergences
from batch.jury.regles import Constat, Mesure, judge
from batch.records import Appreciation, Candidat
from batch.referentiel.modele import Critere, Partie, Referentiel
from batch.reglement.modele import Prerequis, Regle, Reglement
from batch.vocabulaire import Niveau

Etage = Mapping[str, Constat]

ENFANTS = {
    "criteres": Niveau.CRITERE,
    "competences": Niveau.COMPETENCE,
    "epreuves": Niveau.EPREUVE,
    "activites": Niveau.ACTIVITE,
}


def criteres_due(
    referentiel: Referentiel, partie: Partie, candidat: Candidat
) -> tuple[Critere, ...]:
    """The critères that this candidate is rated on: optional ones only when he takes the option."""
    return tuple(
        critere
        for critere in partie.criteres
        if not referentiel.is_optional(critere)
        or any(c in candidat.options for c in critere.competences)
    )


def build(
    referentiel: Referentiel,
    reglement: Reglement,
    candidat: Candidat,
    due: Sequence[Partie],
    appreciations: Sequence[Appreciation],
    annulees: Collection[str] = (),
    acquis: Collection[str] = (),
) -> dict[Niveau, Etage]:
    """Every level's constats by id; no option that the candidate takes ever counts against him.

    Each node stands as it would had he taken all his options, or only those of them that serve it
    best. What rates nothing but options is what it is.
    """
    taken = [option for option in candidat.options if option in referentiel.options]
    sets = [kept for count in range(len(taken), -1, -1) for kept in combinations(taken, count)]
    whole, *fewer = (
        _build(
            referentiel,
            reglement,
            replace(candidat, options=kept),
            due,
            appreciations,
            annulees,
            acquis,
        )
        for kept in sets
    )
    mandatory = {
        node
        for partie in due
        for critere in partie.criteres
        if not referentiel.is_optional(critere)
        for niveau in (*ENFANTS.values(), Niveau.BLOC)
        for node in _nodes(referentiel, critere, niveau)
    } | set(whole[Niveau.CERTIFICATION])
    return {
        niveau: {
            identifiant: _best(constat, [other[niveau].get(identifiant) for other in fewer])
            if identifiant in mandatory
            else constat
            for identifiant, constat in etage.items()
        }
        for niveau, etage in whole.items()
    }


# The worst first: what a candidate would rather have, an option taken or not.
_PREFERENCE = (
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


def _build(
    referentiel: Referentiel,
    reglement: Reglement,
    candidat: Candidat,
    due: Iterable[Partie],
    appreciations: Iterable[Appreciation],
    annulees: Collection[str] = (),
    acquis: Collection[str] = (),
) -> dict[Niveau, Etage]:
    """Every level by its rules. A parent without children, or without a rule, has none.

    Under CERTIFICATION stand, where there are no blocs, the rules over all activités and over all
    épreuves, by those names.
    """
    by_line: dict[str, list[Appreciation]] = defaultdict(list)
    for appreciation in appreciations:
        by_line[appreciation.ligne].append(appreciation)

    criteres: list[Critere] = []
    leaves: dict[str, Constat] = {}
    for partie in due:
        rated = criteres_due(referentiel, partie, candidat)
        for critere in partie.criteres:
            criteres.append(critere)
            if critere not in rated:
                leaves[critere.id] = Constat(Niveau.CRITERE, critere.id, Mesure.EXCLU)
            elif partie.id in annulees:
                # An annulled épreuve gives nothing: none of its critères is met.
                nothing = Constat(Niveau.CRITERE, critere.id, Mesure.NON_ATTEINT, Fraction())
                leaves[critere.id] = nothing
            else:
                leaves[critere.id] = _critere(critere, reglement, by_line)

    regles = reglement.regles
    levels: dict[Niveau, Etage] = {Niveau.CRITERE: leaves}

    def climb(niveau: Niveau, usual: Regle | None) -> None:
        constats = {}
        for parent, own in _criteres_by_parent(referentiel, criteres, niveau).items():
            regle = regles.of(parent, usual)
            enfants = _children(referentiel, own, regle, levels) if regle else []
            if regle and enfants:
                constats[parent] = judge(regle, niveau, parent, enfants, reglement.arrondi)
        levels[niveau] = constats

    climb(Niveau.COMPETENCE, regles.competence)
    climb(Niveau.EPREUVE, regles.epreuve)
    climb(Niveau.ACTIVITE, regles.activite)
    climb(Niveau.BLOC, regles.bloc if referentiel.blocs else None)
    # A bloc that is held has no mark of this session, even where it shares an épreuve with others.
    levels[Niveau.BLOC] = {k: c for k, c in levels[Niveau.BLOC].items() if k not in acquis}
    levels[Niveau.CERTIFICATION] = _over_the_whole(referentiel, reglement, candidat, levels)
    return levels


def _over_the_whole(
    referentiel: Referentiel,
    reglement: Reglement,
    candidat: Candidat,
    levels: Mapping[Niveau, Etage],
) -> Etage:
    """What the certification demands besides its blocs; all of it where there are no blocs."""
    certification, arrondi = reglement.regles.certification, reglement.arrondi
    named: dict[str, tuple[Regle | None, Sequence[Constat]]] = {}
    if referentiel.blocs:
        if certification.moyenne is not None:
            regle = Regle(
                moyenne=certification.moyenne,
                poids=certification.poids,
                article=certification.article,
            )
            named["moyenne"] = (regle, list(levels[Niveau.BLOC].values()))
    else:
        named["activites"] = (certification.activites, list(levels[Niveau.ACTIVITE].values()))
        named["epreuves"] = (certification.epreuves, list(levels[Niveau.EPREUVE].values()))
    if certification.epreuve_transversale is not None:
        identifiant = certification.epreuve_transversale
        # Not rated, it is missing: the certification waits for it, whatever the blocs.
        missing = Constat(Niveau.EPREUVE, identifiant, Mesure.MANQUANT)
        own = levels[Niveau.EPREUVE].get(identifiant, missing)
        regle = Regle(toutes=True, article=certification.article)
        named["epreuve_transversale"] = (regle, [own])
    if certification.prerequis is not None:
        regle = Regle(toutes=True, article=certification.prerequis.article)
        named["prerequis"] = (regle, [_prerequis(certification.prerequis, candidat)])
    return {
        name: judge(regle, Niveau.CERTIFICATION, name, enfants, arrondi)
        for name, (regle, enfants) in named.items()
        if regle is not None
    }


def _prerequis(prerequis: Prerequis, candidat: Candidat) -> Constat:
    """Met, not met, or not said yet: what nobody typed is missing, never refused."""
    said = candidat.prerequis
    if said is None:
        mesure = Mesure.MANQUANT
    elif prerequis.minimum is None:
        mesure = Mesure.ATTEINT if said > 0 else Mesure.NON_ATTEINT
    else:
        mesure = Mesure.ATTEINT if said >= prerequis.minimum else Mesure.NON_ATTEINT
    valeur = None if said is None else Fraction(said)
    return Constat(Niveau.CERTIFICATION, prerequis.libelle, mesure, valeur)


def _criteres_by_parent(
    referentiel: Referentiel, criteres: Collection[Critere], niveau: Niveau
) -> dict[str, list[Critere]]:
    """The nodes of that level, in the document's order, each with its critères."""
    groups: dict[str, list[Critere]] = defaultdict(list)
    for critere in criteres:
        for parent in _nodes(referentiel, critere, niveau):
            groups[parent].append(critere)
    return groups


def _children(
    referentiel: Referentiel,
    criteres: Collection[Critere],
    regle: Regle,
    levels: Mapping[Niveau, Etage],
) -> list[Constat]:
    """What the rule looks at: the nodes below that share a critère with the parent.

    That is the only tie that the tables of a référentiel state.
    """
    below = ENFANTS[regle.sur or "criteres"]
    names = [enfant for c in criteres for enfant in _nodes(referentiel, c, below)]
    return [levels[below][enfant] for enfant in dict.fromkeys(names) if enfant in levels[below]]


def _nodes(referentiel: Referentiel, critere: Critere, niveau: Niveau) -> tuple[str, ...]:
    """The nodes of that level that this critère belongs to."""
    match niveau:
        case Niveau.COMPETENCE:
            return critere.competences
        case Niveau.EPREUVE:
            return (critere.epreuve,) if critere.epreuve else ()
        case Niveau.ACTIVITE:
            return (critere.activite,) if critere.activite else ()
        case Niveau.BLOC:
            bloc = referentiel.bloc_of(critere)
            return (bloc,) if bloc else ()
    return (critere.id,)


def _critere(
    critere: Critere, reglement: Reglement, by_line: Mapping[str, Sequence[Appreciation]]
) -> Constat:
    if reglement.niveau_saisi is Niveau.CRITERE or not critere.indicateurs:
        own = by_line.get(critere.id, ())
        return divergences.settle(Niveau.CRITERE, critere.id, own, reglement)
    lines = [
        divergences.settle(Niveau.INDICATEUR, ligne, by_line.get(ligne, ()), reglement)
        for ligne in (critere.indicateur(rank + 1) for rank in range(len(critere.indicateurs)))
    ]
    regle = reglement.regles.of(critere.id, reglement.regles.critere)
    assert regle is not None, "the lint of the règlement demands this rule"
    return judge(regle, Niveau.CRITERE, critere.id, lines, reglement.arrondi)
