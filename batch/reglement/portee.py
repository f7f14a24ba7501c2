"""The rules of a règlement -> each node that they judge, and what they look at there."""

from collections.abc import Iterator
from dataclasses import dataclass

from batch.referentiel.modele import Referentiel
from batch.reglement.modele import ENFANTS, Regle, Reglement
from batch.vocabulaire import Niveau

Chemin = tuple[str, ...]

# The level of each rubric of « regles ».
NIVEAUX = {
    "critere": Niveau.CRITERE,
    "competence": Niveau.COMPETENCE,
    "epreuve": Niveau.EPREUVE,
    "activite": Niveau.ACTIVITE,
    "bloc": Niveau.BLOC,
}
ENSEMBLES = {"activites": Niveau.ACTIVITE, "epreuves": Niveau.EPREUVE}


@dataclass(frozen=True, slots=True)
class Application:
    """One rule on one node; `noeud` is the rubric's name where it judges the whole."""

    chemin: Chemin
    regle: Regle
    niveau: Niveau
    noeud: str
    sous: Niveau
    enfants: tuple[str, ...]


def stated(reglement: Reglement) -> Iterator[tuple[Chemin, Regle]]:
    """Every rule that the règlement states, with the rubrics that lead to it."""
    regles = reglement.regles
    for name in NIVEAUX:
        regle = getattr(regles, name)
        if regle is not None:
            yield ("regles", name), regle
    for identifiant, regle in (regles.particulieres or {}).items():
        yield ("regles", "particulieres", identifiant), regle
    for name in ENSEMBLES:
        regle = getattr(regles.certification, name)
        if regle is not None:
            yield ("regles", "certification", name), regle


def applications(reglement: Reglement, referentiel: Referentiel) -> Iterator[Application]:
    """Every rule on every node that it judges, once something there is rated."""
    for niveau in NIVEAUX.values():
        for node in nodes(referentiel, niveau):
            found = application(reglement, referentiel, niveau, node)
            if found is not None and found.enfants:
                yield found
    for name, niveau in ENSEMBLES.items():
        regle = getattr(reglement.regles.certification, name)
        if regle is not None:
            path = ("regles", "certification", name)
            own = nodes(referentiel, niveau)
            yield Application(path, regle, Niveau.CERTIFICATION, name, niveau, own)


def application(
    reglement: Reglement, referentiel: Referentiel, niveau: Niveau, node: str
) -> Application | None:
    """The rule that judges this node, or None where nothing says how it stands."""
    name = next(name for name, own in NIVEAUX.items() if own is niveau)
    particular = node in (reglement.regles.particulieres or {})
    regle = reglement.regles.of(node, getattr(reglement.regles, name))
    if regle is None:
        return None
    path = ("regles", "particulieres", node) if particular else ("regles", name)
    if niveau is Niveau.CRITERE:
        own = referentiel.critere[node]
        lines = tuple(own.indicateur(rank + 1) for rank in range(len(own.indicateurs)))
        rated = lines if reglement.niveau_saisi is Niveau.INDICATEUR else ()
        return Application(path, regle, niveau, node, Niveau.INDICATEUR, rated)
    below = ENFANTS[regle.sur or "criteres"]
    children = referentiel.enfants(niveau, node, below)
    return Application(path, regle, niveau, node, below, children)


def nodes(referentiel: Referentiel, niveau: Niveau) -> tuple[str, ...]:
    """The nodes of this level that something rates, in the document's order."""
    if niveau is Niveau.BLOC:
        return tuple(referentiel.bloc)
    return tuple(
        dict.fromkeys(n for c in referentiel.criteres for n in referentiel.nodes(c, niveau))
    )


def rests_on(reglement: Reglement, referentiel: Referentiel, niveau: Niveau, node: str) -> set[str]:
    """The critères on which the outcome of this node rests, through all the rules under it."""
    if niveau is Niveau.CRITERE:
        return {node}
    own = application(reglement, referentiel, niveau, node)
    below = own.enfants if own else ()
    return {
        critere
        for enfant in below
        for critere in rests_on(reglement, referentiel, own.sous if own else niveau, enfant)
    }
