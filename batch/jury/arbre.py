"""A candidate's ratings -> where every node of the référentiel stands, from the leaves up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction

from batch.jury.regles import Constat, Mesure, judge
from batch.records import Appreciation, Candidat
from batch.referentiel.modele import Critere, Partie, Referentiel
from batch.reglement.modele import Echelle, Regle, Reglement
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
    due: Iterable[Partie],
    appreciations: Iterable[Appreciation],
) -> dict[Niveau, Etage]:
    """Every level's constats by id. A parent without children, or without a rule, has none.

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
            leaves[critere.id] = (
                _critere(critere, reglement, by_line)
                if critere in rated
                else Constat(Niveau.CRITERE, critere.id, Mesure.EXCLU)
            )

    regles = reglement.regles
    optional = {*referentiel.options, *(c.id for c in criteres if referentiel.is_optional(c))}
    levels: dict[Niveau, Etage] = {Niveau.CRITERE: leaves}

    def climb(niveau: Niveau, regle: Regle | None) -> None:
        groups = _grouped(referentiel, criteres, niveau, regle, levels) if regle else {}
        levels[niveau] = {
            parent: judge(regle, niveau, parent, enfants, optional)
            for parent, enfants in groups.items()
            if regle
        }

    climb(Niveau.COMPETENCE, regles.competence)
    climb(Niveau.EPREUVE, regles.epreuve)
    climb(Niveau.ACTIVITE, regles.activite)
    climb(Niveau.BLOC, regles.bloc if referentiel.blocs else None)
    levels[Niveau.CERTIFICATION] = {
        name: judge(
            regle, Niveau.CERTIFICATION, name, list(levels[ENFANTS[name]].values()), optional
        )
        for name, regle in (
            ("activites", regles.certification.activites),
            ("epreuves", regles.certification.epreuves),
        )
        if regle and not referentiel.blocs
    }
    return levels


def _grouped(
    referentiel: Referentiel,
    criteres: Collection[Critere],
    niveau: Niveau,
    regle: Regle,
    levels: Mapping[Niveau, Etage],
) -> dict[str, list[Constat]]:
    """Each parent of that level with the children its rule looks at, in the document's order.

    A node is somebody's child when they share a critère: that is the only tie that the tables of
    a référentiel state.
    """
    below = ENFANTS[regle.sur or "criteres"]
    groups: dict[str, dict[str, Constat]] = defaultdict(dict)
    for critere in criteres:
        for parent in _nodes(referentiel, critere, niveau):
            for enfant in _nodes(referentiel, critere, below):
                if enfant in levels[below]:
                    groups[parent][enfant] = levels[below][enfant]
    return {parent: list(enfants.values()) for parent, enfants in groups.items()}


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
        return _rated_line(Niveau.CRITERE, critere.id, own, reglement.echelle)
    lines = [
        _rated_line(Niveau.INDICATEUR, ligne, by_line.get(ligne, ()), reglement.echelle)
        for ligne in (critere.indicateur(rank + 1) for rank in range(len(critere.indicateurs)))
    ]
    assert reglement.regles.critere is not None, "the lint of the règlement demands this rule"
    return judge(reglement.regles.critere, Niveau.CRITERE, critere.id, lines)


def _rated_line(
    niveau: Niveau, ligne: str, own: Sequence[Appreciation], echelle: Echelle
) -> Constat:
    """One line of the grids: what its evaluators say together. Opinions are never averaged."""
    said = {_measure(appreciation, echelle) for appreciation in own}
    if not said:
        mesure, valeur = Mesure.MANQUANT, None
    elif len(said) == 1:
        mesure, valeur = next(iter(said))
    else:
        mesure, valeur = Mesure.A_ARBITRER, None
    return Constat(niveau, ligne, mesure, valeur, appreciations=tuple(own))


def _measure(appreciation: Appreciation, echelle: Echelle) -> tuple[Mesure, Fraction | None]:
    if appreciation.note is not None and echelle.note is not None:
        met = appreciation.note >= Fraction(echelle.note.satisfait_a_partir_de)
        return (Mesure.ATTEINT if met else Mesure.NON_ATTEINT), appreciation.note
    assert appreciation.niveau is not None, "an appreciation is a mark or a level"
    niveau = echelle.niveau(appreciation.niveau)
    if niveau.compte == "exclu":
        return Mesure.EXCLU, None
    if niveau.compte == "manquant":
        return Mesure.MANQUANT, None
    valeur = Fraction(niveau.valeur) if niveau.valeur is not None else None
    return (Mesure.ATTEINT if niveau.satisfait else Mesure.NON_ATTEINT), valeur
