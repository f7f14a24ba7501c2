"""The référentiel as records: blocs, activités, compétences, épreuves, critères, and their ties.

Standard library only: the pure core reads these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from batch.vocabulaire import Niveau

_STRICT = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class Enregistrement:
    """The registration of the certification in the RNCP: first and last day."""

    __pydantic_config__ = _STRICT

    du: date
    au: date


@dataclass(frozen=True, slots=True)
class Bloc:
    __pydantic_config__ = _STRICT

    code: str
    intitule: str


@dataclass(frozen=True, slots=True)
class Activite:
    __pydantic_config__ = _STRICT

    id: str
    code: str | None
    intitule: str
    bloc: str | None
    sous_points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Competence:
    """`imprimee` is false for one that the document announces but does not print."""

    __pydantic_config__ = _STRICT

    id: str
    code: str | None
    intitule: str
    activite: str
    bloc: str | None
    sous_points: tuple[str, ...] = ()
    option: bool = False
    imprimee: bool = True
    generale: bool = False


@dataclass(frozen=True, slots=True)
class Epreuve:
    __pydantic_config__ = _STRICT

    id: str
    intitule: str
    modalites: str
    livrables: tuple[str, ...]
    travail: Literal["individuel", "collectif", "mixte"] | None
    formes: tuple[Literal["ecrit", "oral"], ...]
    competences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Critere:
    __pydantic_config__ = _STRICT

    id: str
    code: str | None
    intitule: str
    epreuve: str | None
    activite: str | None
    competences: tuple[str, ...]
    indicateurs: tuple[str, ...] = ()

    def indicateur(self, rang: int) -> str:
        """The stable id of its indicateur of that rank, counted from 1."""
        return f"{self.id}.{rang}"


@dataclass(frozen=True, slots=True)
class Partie:
    """What one grid is about: an épreuve, or a bloc where the référentiel describes no épreuve."""

    id: str
    intitule: str
    est_epreuve: bool
    competences: tuple[Competence, ...]
    criteres: tuple[Critere, ...]
    blocs: tuple[str, ...]
    modalites: str = ""


@dataclass(frozen=True)
class Referentiel:
    __pydantic_config__ = _STRICT

    id: str
    intitule: str
    certificateur: str | None
    niveau: str | None
    rncp: str | None
    enregistrement: Enregistrement | None
    regles_citees: tuple[str, ...]
    blocs: tuple[Bloc, ...]
    activites: tuple[Activite, ...]
    competences: tuple[Competence, ...]
    epreuves: tuple[Epreuve, ...]
    criteres: tuple[Critere, ...]

    @cached_property
    def bloc(self) -> Mapping[str, Bloc]:
        return {bloc.code: bloc for bloc in self.blocs}

    @cached_property
    def activite(self) -> Mapping[str, Activite]:
        return {activite.id: activite for activite in self.activites}

    @cached_property
    def competence(self) -> Mapping[str, Competence]:
        return {competence.id: competence for competence in self.competences}

    @cached_property
    def critere(self) -> Mapping[str, Critere]:
        return {critere.id: critere for critere in self.criteres}

    @cached_property
    def options(self) -> tuple[str, ...]:
        return tuple(competence.id for competence in self.competences if competence.option)

    def bloc_of(self, critere: Critere) -> str | None:
        """A critère belongs to the bloc of its activité, else of its compétences."""
        if critere.activite:
            return self.activite[critere.activite].bloc
        return next((self.competence[c].bloc for c in critere.competences), None)

    def nodes(self, critere: Critere, niveau: Niveau) -> tuple[str, ...]:
        """The nodes of that level that this critère belongs to."""
        match niveau:
            case Niveau.COMPETENCE:
                return critere.competences
            case Niveau.EPREUVE:
                return (critere.epreuve,) if critere.epreuve else ()
            case Niveau.ACTIVITE:
                return (critere.activite,) if critere.activite else ()
            case Niveau.BLOC:
                bloc = self.bloc_of(critere)
                return (bloc,) if bloc else ()
        return (critere.id,)

    def enfants(self, niveau: Niveau, parent: str, sous: Niveau) -> tuple[str, ...]:
        """The nodes of the level `sous` that make up this one, in the document's order.

        A compétence has its own activité and its own bloc, whatever else its critères rate; all
        other ties are those that the critères make.
        """
        key = (niveau, parent, sous)
        if key not in self._enfants:
            rated = _distinct(node for c in self.criteres for node in self.nodes(c, sous))
            match niveau, sous:
                case Niveau.BLOC, Niveau.COMPETENCE:
                    own = tuple(node for node in rated if self.competence[node].bloc == parent)
                case Niveau.ACTIVITE, Niveau.COMPETENCE:
                    own = tuple(node for node in rated if self.competence[node].activite == parent)
                case Niveau.BLOC, Niveau.ACTIVITE:
                    own = tuple(node for node in rated if self.activite[node].bloc == parent)
                case _:
                    under = (c for c in self.criteres if parent in self.nodes(c, niveau))
                    own = _distinct(node for c in under for node in self.nodes(c, sous))
            self._enfants[key] = own
        return self._enfants[key]

    @cached_property
    def _enfants(self) -> dict[tuple[Niveau, str, Niveau], tuple[str, ...]]:
        return {}

    def is_optional(self, critere: Critere) -> bool:
        """It rates optional compétences and nothing else."""
        return critere.id in self._facultatifs

    @cached_property
    def _facultatifs(self) -> frozenset[str]:
        options = set(self.options)
        return frozenset(
            c.id for c in self.criteres if c.competences and options >= {*c.competences}
        )

    @cached_property
    def parties(self) -> tuple[Partie, ...]:
        """The épreuves, or the blocs where no épreuve is described, in the document's order."""
        if self.epreuves:
            return tuple(
                Partie(
                    id=epreuve.id,
                    intitule=epreuve.intitule,
                    est_epreuve=True,
                    competences=tuple(self.competence[c] for c in epreuve.competences),
                    criteres=(own := tuple(c for c in self.criteres if c.epreuve == epreuve.id)),
                    blocs=_distinct(self.bloc_of(critere) for critere in own),
                    modalites=epreuve.modalites,
                )
                for epreuve in self.epreuves
            )
        return tuple(
            Partie(
                id=bloc.code,
                intitule=bloc.intitule,
                est_epreuve=False,
                competences=tuple(c for c in self.competences if c.bloc == bloc.code),
                criteres=tuple(c for c in self.criteres if self.bloc_of(c) == bloc.code),
                blocs=(bloc.code,),
            )
            for bloc in self.blocs
        )

    @cached_property
    def partie(self) -> Mapping[str, Partie]:
        return {partie.id: partie for partie in self.parties}

    def with_blocs(self, blocs: tuple[Bloc, ...], bloc_of: Mapping[str, str]) -> "Referentiel":
        """The same document once the certificateur has tied each activité to a bloc."""
        return replace(
            self,
            blocs=blocs,
            activites=tuple(replace(a, bloc=bloc_of.get(a.id)) for a in self.activites),
            competences=tuple(replace(c, bloc=bloc_of.get(c.activite)) for c in self.competences),
        )


def _distinct(items: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for item in items if item))
