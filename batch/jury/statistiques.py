"""A sitting -> its figures: who obtained what, out of how many whose outcome is known.

A rate is never taken over people who were not there, or whose outcome is still open: what is
published (référentiel national qualité, indicateur 3) is the certified among those who sat.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from batch.jury.seance import Dossier, Seance
from batch.records import Appreciation
from batch.vocabulaire import (
    Etat,
    Niveau,
    Presence,
    ResultatBloc,
    ResultatCertification,
    Ton,
    Voie,
)


@dataclass(frozen=True, slots=True)
class Taux:
    """So many out of so many; no share of nobody."""

    obtenus: int
    sur: int

    @property
    def part(self) -> Fraction | None:
        return Fraction(self.obtenus, self.sur) if self.sur else None


@dataclass(frozen=True, slots=True)
class Groupe:
    """The outcomes of some of the candidates: all of them, or those of one voie d'accès."""

    inscrits: int
    presents: int
    issues: Counter[ResultatCertification]
    reussite: Taux  # the whole certification, among those present who aimed at it
    blocs_vises: Taux  # the blocs aimed at, among those present who aimed at some only


@dataclass(frozen=True, slots=True)
class Element:
    """The states of one bloc, compétence or critère over the candidates."""

    id: str
    code: str
    intitule: str
    etats: Counter[Etat]

    @property
    def taux(self) -> Taux:
        """Obtained among those decided either way; what was held before is not counted."""
        obtained = _count(self.etats, Ton.FAVORABLE) - sum(
            self.etats[held] for held in (ResultatBloc.ACQUIS_ANTERIEUR, ResultatBloc.DISPENSE)
        )
        return Taux(obtained, obtained + _count(self.etats, Ton.DEFAVORABLE))


@dataclass(frozen=True, slots=True)
class Severite:
    """What one evaluator said, level by level, and the share of it that satisfies."""

    evaluateur: str
    candidats: int
    niveaux: Counter[str]
    notes: tuple[Fraction, ...]
    satisfaits: Taux


def whole(seance: Seance) -> Groupe:
    return _group(seance.dossiers)


def by_voie(seance: Seance) -> dict[Voie, Groupe]:
    """Each voie d'accès that somebody took, in the vocabulary's order."""
    taken = {dossier.resultat.candidat.voie for dossier in seance.dossiers}
    return {
        voie: _group([d for d in seance.dossiers if d.resultat.candidat.voie is voie])
        for voie in Voie
        if voie in taken
    }


def _group(dossiers: Iterable[Dossier]) -> Groupe:
    dossiers = list(dossiers)
    present = [d for d in dossiers if d.resultat.presence is Presence.PRESENT]
    known = [d for d in present if d.certification is not ResultatCertification.EN_ATTENTE]
    entire = [d for d in known if not d.resultat.candidat.blocs_vises]
    partial = [d for d in known if d.resultat.candidat.blocs_vises]
    return Groupe(
        inscrits=len(dossiers),
        presents=len(present),
        issues=Counter(dossier.certification for dossier in dossiers),
        reussite=Taux(
            sum(d.certification is ResultatCertification.DELIVREE for d in entire),
            len(entire),
        ),
        blocs_vises=Taux(sum(d.certification.ton is Ton.FAVORABLE for d in partial), len(partial)),
    )


def blocs(seance: Seance) -> list[Element]:
    return [
        Element(
            bloc.code,
            bloc.code,
            bloc.intitule,
            Counter(dossier.bloc(bloc.code) for dossier in seance.dossiers),
        )
        for bloc in seance.referentiel.blocs
    ]


def epreuves(seance: Seance) -> list[Element]:
    named = [(e.id, e.id.removeprefix("EP-"), e.intitule) for e in seance.referentiel.epreuves]
    return _elements(seance, named, lambda dossier: dossier.resultat.epreuves)


def activites(seance: Seance) -> list[Element]:
    named = [(a.id, a.code or "", a.intitule) for a in seance.referentiel.activites]
    return _elements(seance, named, lambda dossier: dossier.resultat.activites)


def competences(seance: Seance) -> list[Element]:
    named = [(c.id, c.code or "", c.intitule) for c in seance.referentiel.competences]
    return _elements(seance, named, lambda dossier: dossier.resultat.competences)


def criteres(seance: Seance) -> list[Element]:
    named = [(c.id, c.code or "", c.intitule) for c in seance.referentiel.criteres]
    return _elements(seance, named, lambda dossier: dossier.resultat.criteres)


def _elements(
    seance: Seance,
    named: Iterable[tuple[str, str, str]],
    states: Callable[[Dossier], Mapping[str, Etat]],
) -> list[Element]:
    """Those that at least one candidate was rated on."""
    elements = (
        Element(
            one,
            code,
            intitule,
            Counter(own[one] for dossier in seance.dossiers if one in (own := states(dossier))),
        )
        for one, code, intitule in named
    )
    return [element for element in elements if element.etats]


def severity(seance: Seance) -> list[Severite]:
    """Each evaluator's habits. They rated other candidates, on other lines: no ranking follows."""
    by_evaluateur: dict[str, list[Appreciation]] = {}
    for one in appreciations(seance):
        if not one.arbitrage:
            by_evaluateur.setdefault(one.evaluateur, []).append(one)
    return [_severity(seance, *own) for own in sorted(by_evaluateur.items())]


def _severity(seance: Seance, evaluateur: str, said: list[Appreciation]) -> Severite:
    echelle = seance.reglement.echelle
    levels = [echelle.niveau(one.niveau) for one in said if one.niveau is not None]
    counted = [niveau for niveau in levels if niveau.compte == "normal"]
    return Severite(
        evaluateur,
        candidats=len({one.candidat for one in said}),
        niveaux=Counter(niveau.code for niveau in levels),
        notes=tuple(one.note for one in said if one.note is not None),
        satisfaits=Taux(sum(niveau.satisfait for niveau in counted), len(counted)),
    )


def appreciations(seance: Seance) -> list[Appreciation]:
    """Everything that the evaluators said and that the calculation used."""
    lines = (Niveau.CRITERE, Niveau.INDICATEUR)
    return [
        one
        for dossier in seance.dossiers
        for constat in dossier.resultat.constats[Niveau.CRITERE].values()
        for leaf in (constat, *constat.enfants)
        if leaf.niveau in lines
        for one in leaf.appreciations
    ]


def _count(etats: Counter[Etat], ton: Ton) -> int:
    return sum(count for etat, count in etats.items() if etat.ton is ton)
