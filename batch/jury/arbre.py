"""A candidate's ratings -> where every node of the référentiel stands, from the leaves up."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from batch.jury import divergences
from batch.jury.regles import Constat, Mesure, judge
from batch.records import Acquis, Appreciation, Candidat
from batch.referentiel.modele import Critere, Partie, Referentiel
from batch.reglement.modele import ENFANTS, Prerequis, Regle, Reglement, Regles
from batch.vocabulaire import Niveau

Etage = Mapping[str, Constat]
Etages = Mapping[Niveau, Etage]


@dataclass(frozen=True, slots=True)
class Releve:
    """All that is known of one candidate before any rule is applied."""

    candidat: Candidat
    due: tuple[Partie, ...]  # what he is rated on
    appreciations: tuple[Appreciation, ...]
    annulees: frozenset[str]  # the épreuves or blocs where nothing of his counts
    blocs: Mapping[str, Acquis]  # held, still valid
    competences: Mapping[str, Acquis]  # held without their bloc, still valid


def criteres_due(
    referentiel: Referentiel,
    partie: Partie,
    candidat: Candidat,
    competences: Collection[str] = (),
) -> tuple[Critere, ...]:
    """The critères that this candidate is rated on: optional ones only when he takes the option,
    and none that rates nothing but `competences`, those that he holds."""
    return tuple(
        critere
        for critere in partie.criteres
        if (
            not referentiel.is_optional(critere)
            or any(c in candidat.options for c in critere.competences)
        )
        and not (competences and critere.competences and {*critere.competences} <= {*competences})
    )


def build(referentiel: Referentiel, reglement: Reglement, releve: Releve) -> Etages:
    """Every level by its rules, with what stays closed to the candidate.

    What a failure closes may in turn close something else: levels are reckoned anew until nothing
    more is closed.
    """
    closed: frozenset[str] = frozenset()
    while True:
        levels = _levels(referentiel, reglement, releve, closed)
        now = frozenset(closed_by(reglement.regles, levels))
        if now <= closed:
            return levels
        closed |= now


def closed_by(regles: Regles, levels: Etages) -> dict[str, tuple[str, ...]]:
    """The épreuves and blocs that were never open, each with what was failed before it."""
    failed = {
        identifiant
        for niveau in (Niveau.EPREUVE, Niveau.BLOC)
        for identifiant, constat in levels[niveau].items()
        if constat.mesure in (Mesure.NON_ATTEINT, Mesure.FERME)
    }
    return {
        identifiant: before
        for identifiant, acces in (regles.acces or {}).items()
        if (before := tuple(one for one in acces.apres if one in failed))
    }


def _levels(
    referentiel: Referentiel, reglement: Reglement, releve: Releve, closed: Collection[str]
) -> Etages:
    """Every level by its rules. A parent without children, or without a rule, has none.

    Under CERTIFICATION stand, where there are no blocs, the rules over all activités and over all
    épreuves, by those names.
    """
    leaves = _leaves(referentiel, reglement, releve, closed)
    levels: dict[Niveau, Etage] = {Niveau.CRITERE: leaves}
    for niveau, usual in (
        (Niveau.COMPETENCE, reglement.regles.competence),
        (Niveau.EPREUVE, reglement.regles.epreuve),
        (Niveau.ACTIVITE, reglement.regles.activite),
        (Niveau.BLOC, reglement.regles.bloc if referentiel.blocs else None),
    ):
        constats: dict[str, Constat] = {}
        for parent in _parents(referentiel, releve, niveau, leaves):
            regle = reglement.regles.of(parent, usual)
            enfants = _children(referentiel, niveau, parent, regle, levels) if regle else []
            if regle and enfants:
                constats[parent] = judge(regle, niveau, parent, enfants, reglement.arrondi)
        if niveau is Niveau.COMPETENCE:
            constats = _with_competences(referentiel, releve, constats)
        levels[niveau] = constats
    levels[Niveau.CERTIFICATION] = _over_the_whole(referentiel, reglement, releve, levels)
    return levels


def _leaves(
    referentiel: Referentiel, reglement: Reglement, releve: Releve, closed: Collection[str]
) -> dict[str, Constat]:
    by_line: dict[str, list[Appreciation]] = defaultdict(list)
    for appreciation in releve.appreciations:
        by_line[appreciation.ligne].append(appreciation)
    leaves: dict[str, Constat] = {}
    for partie in releve.due:
        due = criteres_due(referentiel, partie, releve.candidat, releve.competences)
        rated = {critere.id for critere in due}
        for critere in partie.criteres:
            if critere.id not in rated:
                leaf = Constat(Niveau.CRITERE, critere.id, Mesure.EXCLU)
            elif closed and (partie.id in closed or referentiel.bloc_of(critere) in closed):
                leaf = Constat(Niveau.CRITERE, critere.id, Mesure.FERME)
            elif partie.id in releve.annulees:
                # An annulled épreuve gives nothing: none of its critères is met.
                leaf = Constat(Niveau.CRITERE, critere.id, Mesure.NON_ATTEINT, Fraction())
            else:
                leaf = _critere(critere, reglement, by_line)
            leaves[critere.id] = leaf
    return leaves


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


def _parents(
    referentiel: Referentiel, releve: Releve, niveau: Niveau, leaves: Collection[str]
) -> Collection[str]:
    """The nodes of that level that the candidate is rated on, in the document's order."""
    if niveau is Niveau.BLOC:
        # One that is held, or not aimed at, has no mark of this session, even where it shares an
        # épreuve with others.
        aimed = releve.candidat.blocs_vises or referentiel.bloc
        return [code for code in referentiel.bloc if code in aimed and code not in releve.blocs]
    return dict.fromkeys(
        node for leaf in leaves for node in referentiel.nodes(referentiel.critere[leaf], niveau)
    )


def _children(
    referentiel: Referentiel, niveau: Niveau, parent: str, regle: Regle, levels: Etages
) -> list[Constat]:
    below = ENFANTS[regle.sur or "criteres"]
    names = referentiel.enfants(niveau, parent, below)
    return [levels[below][enfant] for enfant in names if enfant in levels[below]]


def _with_competences(
    referentiel: Referentiel, releve: Releve, reckoned: Mapping[str, Constat]
) -> dict[str, Constat]:
    """The compétences that he holds are acquired; an option that he does not take is not his."""
    constats = dict(reckoned)
    for identifiant in referentiel.options:
        if identifiant in constats and identifiant not in releve.candidat.options:
            constats[identifiant] = Constat(Niveau.COMPETENCE, identifiant, Mesure.EXCLU)
    rated = {one for critere in referentiel.criteres for one in critere.competences}
    for identifiant, acquis in releve.competences.items():
        if identifiant not in rated:
            continue  # announced without criteria of its own, it takes no result
        constats[identifiant] = Constat(
            Niveau.COMPETENCE, identifiant, Mesure.ATTEINT, acquis.note, acquis=True
        )
    return {c.id: constats[c.id] for c in referentiel.competences if c.id in constats}


def _over_the_whole(
    referentiel: Referentiel, reglement: Reglement, releve: Releve, levels: Etages
) -> Etage:
    """What the certification demands besides its blocs; all of it where there are no blocs."""
    certification, arrondi = reglement.regles.certification, reglement.arrondi
    named: dict[str, tuple[Regle | None, Sequence[Constat]]] = {}
    if referentiel.blocs:
        if certification.moyenne is not None:
            blocs = [*levels[Niveau.BLOC].values(), *held_marks(releve.blocs)]
            named["moyenne"] = (certification.over_blocs, blocs)
    else:
        named["activites"] = (certification.activites, list(levels[Niveau.ACTIVITE].values()))
        named["epreuves"] = (certification.epreuves, list(levels[Niveau.EPREUVE].values()))
    identifiant = certification.epreuve_transversale
    if identifiant is not None and reglement.has_epreuve(releve.candidat.voie, identifiant):
        # Not rated, it is missing: the certification waits for it, whatever the blocs.
        missing = Constat(Niveau.EPREUVE, identifiant, Mesure.MANQUANT)
        own = levels[Niveau.EPREUVE].get(identifiant, missing)
        regle = Regle(toutes=True, article=certification.article)
        named["epreuve_transversale"] = (regle, [own])
    if certification.prerequis is not None:
        regle = Regle(toutes=True, article=certification.prerequis.article)
        named["prerequis"] = (regle, [_prerequis(certification.prerequis, releve.candidat)])
    return {
        name: judge(regle, Niveau.CERTIFICATION, name, enfants, arrondi)
        for name, (regle, enfants) in named.items()
        if regle is not None
    }


def held_marks(blocs: Mapping[str, Acquis]) -> list[Constat]:
    """The blocs held with a mark: they weigh on the mean of the blocs, the others do not."""
    return [
        Constat(Niveau.BLOC, code, Mesure.ATTEINT, own.note, acquis=True)
        for code, own in blocs.items()
        if own.note is not None
    ]


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
