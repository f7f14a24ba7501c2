"""The règlement as records, in a closed vocabulary. Standard library only: the core reads these."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from batch.referentiel.modele import Bloc, Referentiel
from batch.vocabulaire import Niveau, Voie

_STRICT = {"extra": "forbid"}

Compte = Literal["normal", "exclu", "manquant"]
Enfants = Literal["criteres", "competences", "epreuves", "activites"]
ENFANTS: Mapping[str, Niveau] = {
    "criteres": Niveau.CRITERE,
    "competences": Niveau.COMPETENCE,
    "epreuves": Niveau.EPREUVE,
    "activites": Niveau.ACTIVITE,
}


@dataclass(frozen=True, slots=True)
class NiveauEchelle:
    """A level that an evaluator can pick.

    `compte`: normal; exclu (sans objet: it leaves numerator and denominator); manquant (non
    évalué: what is above it stays incomplete).
    """

    __pydantic_config__ = _STRICT

    code: str
    libelle: str
    valeur: Decimal | None = None
    satisfait: bool = False
    commentaire: Literal["obligatoire", "facultatif"] = "facultatif"
    compte: Compte = "normal"
    aide: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Marks instead of levels: from 0 to `sur`, met from `satisfait_a_partir_de` on."""

    __pydantic_config__ = _STRICT

    sur: Decimal
    satisfait_a_partir_de: Decimal


@dataclass(frozen=True, slots=True)
class Echelle:
    __pydantic_config__ = _STRICT

    niveaux: tuple[NiveauEchelle, ...] = ()
    note: Note | None = None

    def niveau(self, code: str) -> NiveauEchelle:
        """Raises KeyError for a code that the scale does not have."""
        for niveau in self.niveaux:
            if niveau.code == code:
                return niveau
        raise KeyError(code)

    @property
    def maximum(self) -> Decimal | None:
        if self.note:
            return self.note.sur
        return max((n.valeur for n in self.niveaux if n.valeur is not None), default=None)

    @property
    def minimum(self) -> Decimal:
        if self.note:
            return Decimal(0)
        return min((n.valeur for n in self.niveaux if n.valeur is not None), default=Decimal(0))


@dataclass(frozen=True, slots=True)
class Arrondi:
    """How a mark is rounded, to be printed, and whether it is before it meets its threshold."""

    __pydantic_config__ = _STRICT

    decimales: int = 2
    # Half-points (0.5), or multiples of five: in place of the decimals, which then only print.
    pas: Decimal | None = None
    mode: Literal["au_plus_proche", "inferieur", "superieur"] = "au_plus_proche"
    compare: Literal["exact", "arrondi"] = "exact"

    def compared(self, valeur: Fraction) -> Fraction:
        """The value as it meets its threshold: as it is, unless the règlement rounds it first."""
        return valeur if self.compare == "exact" else self.rounded(valeur)

    def rounded(self, valeur: Fraction) -> Fraction:
        step = Fraction(1, 10**self.decimales) if self.pas is None else Fraction(self.pas)
        steps = valeur / step
        match self.mode:
            case "inferieur":
                whole = math.floor(steps)
            case "superieur":
                whole = math.ceil(steps)
            case _:
                whole = math.floor(steps + Fraction(1, 2))
        return whole * step


@dataclass(frozen=True, slots=True)
class Regle:
    """When a parent is met by its children: one condition, and what it may add to it.

    `minimum` is a floor under each child, `minimums` under those it names; `somme` is reached by
    the sum of the children's marks. `parts`: the children that keep that share of the mean, even
    when others are « sans objet »; the others divide the rest by their weights. `limites`: this
    near the threshold, on either side, the jury is told to look; nothing else changes.
    """

    __pydantic_config__ = _STRICT

    toutes: bool = False
    au_moins: int | None = None
    proportion: Fraction | None = None
    moyenne: Decimal | None = None
    somme: Decimal | None = None
    sur: Enfants | None = None
    poids: Mapping[str, Decimal] | None = None
    parts: Mapping[str, Fraction] | None = None
    limites: Fraction | None = None
    minimum: Decimal | None = None
    minimums: Mapping[str, Decimal] | None = None
    eliminatoires: tuple[str, ...] = ()
    article: str = ""

    def floor(self, enfant: str) -> Decimal | None:
        """The floor under this child, if there is one."""
        return (self.minimums or {}).get(enfant, self.minimum)

    @property
    def conditions(self) -> list[str]:
        """The names of the conditions that the rule states: a sound rule states one."""
        stated = {
            "toutes": self.toutes,
            "au_moins": self.au_moins is not None,
            "proportion": self.proportion is not None,
            "moyenne": self.moyenne is not None,
            "somme": self.somme is not None,
        }
        return [name for name, said in stated.items() if said]


@dataclass(frozen=True, slots=True)
class Prerequis:
    """A condition that no grid rates: days of practice (`minimum`), or a fact that is or is not."""

    __pydantic_config__ = _STRICT

    libelle: str
    minimum: int | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """What a certification is delivered with: from that mean of its blocs on, or that count.

    `au_moins` counts the nodes of the level `sur` that are met; with `a_partir_de`, those whose
    value reaches it.
    """

    __pydantic_config__ = _STRICT

    libelle: str
    moyenne: Decimal | None = None
    au_moins: int | None = None
    sur: Enfants | None = None
    a_partir_de: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Acces:
    """What opens an épreuve or a bloc: those that must be passed before."""

    __pydantic_config__ = _STRICT

    apres: tuple[str, ...]
    article: str = ""


@dataclass(frozen=True, slots=True)
class RegleCertification:
    """`blocs: tous`, and what the règlement demands besides the blocs.

    `moyenne` is over the blocs' own marks. Where there are no blocs: a rule over activités, over
    épreuves, or both. The mentions go from the lowest to the highest.
    """

    __pydantic_config__ = _STRICT

    blocs: Literal["tous"] | None = None
    moyenne: Decimal | None = None
    poids: Mapping[str, Decimal] | None = None
    limites: Fraction | None = None
    epreuve_transversale: str | None = None
    prerequis: Prerequis | None = None
    mentions: tuple[Mention, ...] = ()
    activites: Regle | None = None
    epreuves: Regle | None = None
    article: str = ""

    @property
    def over_blocs(self) -> Regle:
        """The mean of the blocs, as a rule like any other."""
        return Regle(
            moyenne=self.moyenne, poids=self.poids, limites=self.limites, article=self.article
        )


@dataclass(frozen=True, slots=True)
class Regles:
    __pydantic_config__ = _STRICT

    certification: RegleCertification
    critere: Regle | None = None
    competence: Regle | None = None
    epreuve: Regle | None = None
    activite: Regle | None = None
    bloc: Regle | None = None
    # The rule of one node by its id, in place of its level's.
    particulieres: Mapping[str, Regle] | None = None
    # What must be passed before each of these épreuves or blocs.
    acces: Mapping[str, Acces] | None = None

    def of(self, identifiant: str, regle: Regle | None) -> Regle | None:
        return (self.particulieres or {}).get(identifiant, regle)


@dataclass(frozen=True, slots=True)
class RoleJury:
    """Somebody whom the jury must count among its members."""

    __pydantic_config__ = _STRICT

    nombre: int
    qualite: str
    college: Literal["salarié", "employeur"] | None = None


@dataclass(frozen=True, slots=True)
class Composition:
    """Who must sit. `quorum`: how many must be left when some withdraw for a candidate; where it
    is not said, the whole composition must hold without them.

    `formateur`: whoever trained a candidate may deliberate on him. `declarations`: the qualités of
    those who owe a declaration on honour.
    """

    __pydantic_config__ = _STRICT

    minimum: int
    president: bool = True
    roles: tuple[RoleJury, ...] = ()
    exterieurs: Fraction | None = None
    quorum: int | None = None
    formateur: bool = False
    declarations: tuple[str, ...] = ()
    article: str = ""


@dataclass(frozen=True, slots=True)
class Scrutin:
    """A vote on each decision: of those cast (simple), or of the members who deliberate
    (absolue). With `voix_preponderante`, who presides breaks a tie."""

    __pydantic_config__ = _STRICT

    majorite: Literal["simple", "absolue"] = "simple"
    voix_preponderante: bool = False


@dataclass(frozen=True, slots=True)
class ReglementDeliberation:
    """How the jury decides; no vote is counted unless the règlement wants one.

    `marge`: how near its threshold, as a share of the scale, a result is shown as one to examine.
    """

    __pydantic_config__ = _STRICT

    scrutin: Scrutin | None = None
    marge: Fraction = Fraction(1, 20)
    article: str = ""


@dataclass(frozen=True, slots=True)
class ReglementEvaluateurs:
    """How many rate the same thing, and what is done when they differ: by default, the jury.

    A mean is never taken unless the règlement says so.
    """

    __pydantic_config__ = _STRICT

    nombre: int = 1
    divergence: Literal["jury", "plus_favorable", "plus_defavorable", "moyenne"] = "jury"
    # Beyond this gap the jury settles it, whatever the mode.
    ecart_max: Decimal | None = None
    # Weight of each role (column « Rôle » of the évaluateurs) in a mean.
    poids: Mapping[str, Decimal] | None = None
    # One evaluator of each of these roles; a line stays « non évalué » until they all have rated.
    roles: tuple[str, ...] = ()
    # Whoever trained the candidate (column « Formateurs ») may not rate him.
    formateur_exclu: bool = False


@dataclass(frozen=True, slots=True)
class Duree:
    __pydantic_config__ = _STRICT

    mois: int


Validite = Literal["illimitee"] | int | Duree


@dataclass(frozen=True, slots=True)
class ReglementAcquis:
    """How long what was acquired stays so: `illimitee`, so many years, or `mois`.

    `competences`: for a compétence acquired without its bloc; unless said, none is kept.
    """

    __pydantic_config__ = _STRICT

    validite: Validite
    competences: Validite | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Conservation:
    """How long what a session leaves is kept, from the day of its jury.

    `preuves`: grids, comments, incidents, letters. No law sets it; five years is the usage (Centre
    Inffo, 2 July 2025; arrêté of 1 July 2016, annexe II). `registre`: minutes and certificates.
    """

    __pydantic_config__ = _STRICT

    preuves: Validite = 5
    registre: Validite = "illimitee"
    article: str = ""


@dataclass(frozen=True, slots=True)
class ReglementOptions:
    """`contre`: the options that, once taken, count even against the candidate."""

    __pydantic_config__ = _STRICT

    contre: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recours:
    __pydantic_config__ = _STRICT

    texte: str
    delai: str


@dataclass(frozen=True, slots=True)
class Courrier:
    """What the house says of itself in its documents."""

    __pydantic_config__ = _STRICT

    certificateur: str
    signataire: str
    recours: Recours
    # Where a candidate writes to the house.
    adresse: str = ""
    # The body that decides once the jury has deliberated; none where the jury decides.
    instance: str = ""
    enregistrement: str = ""
    suite_partielle: str = ""
    suite_refus: str = ""
    # A mail is read by others than its recipient: it says no result unless this allows it.
    resultat_dans_le_courriel: bool = False


@dataclass(frozen=True, slots=True)
class Certificats:
    """What a certificate must state and the référentiel may not say, and until when it is issued.

    Source: the FAQ of France compétences on the parchemin; `limite_delivrance` is its
    DATE_LIMITE_DELIVRANCE, and without it the last day of the registration.
    """

    __pydantic_config__ = _STRICT

    rncp: str = ""
    niveau: str = ""  # « 6 », or « sans » for a certification that has none
    nsf: tuple[str, ...] = ()
    # Those of the blocs beside the whole certification's, or only where it is not delivered.
    blocs: Literal["toujours", "si_partiel"] = "toujours"
    limite_delivrance: date | None = None
    apres_la_limite: Literal["refuser", "avertir"] = "refuser"


@dataclass(frozen=True, slots=True)
class Releves:
    """Which comments of the evaluators a candidate reads on his relevé: none unless it is said.

    `justificatifs`: those that the scale makes compulsory.
    """

    __pydantic_config__ = _STRICT

    commentaires: Literal["aucun", "justificatifs", "tous"] = "aucun"


@dataclass(frozen=True, slots=True)
class DeclarationCpf:
    """How the Caisse des dépôts knows the certificateur, for the declaration of the certified."""

    __pydantic_config__ = _STRICT

    id_client: str = ""
    id_contrat: str = ""
    # Where somebody else declares for the certificateur: who.
    emetteur: str = ""
    nature_deposant: Literal["certificateur", "tiers_confiance"] = "certificateur"


@dataclass(frozen=True, slots=True)
class ParVoie:
    """What one voie d'accès changes: the épreuves it has (all of them unless said), its jury."""

    __pydantic_config__ = _STRICT

    epreuves: tuple[str, ...] | None = None
    jury: Composition | None = None


@dataclass(frozen=True, slots=True)
class Rattrapage:
    """How soon after the first decision, and for how many blocs at most."""

    __pydantic_config__ = _STRICT

    delai_mois: int
    blocs_max: int | None = None
    article: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A sentence that the public documents do state, word for word, and what it rules here."""

    __pydantic_config__ = _STRICT

    texte: str
    fonde: str


@dataclass(frozen=True, slots=True)
class BlocRattache:
    """The certificateur's own bloc, where the référentiel has none: its activités."""

    __pydantic_config__ = _STRICT

    intitule: str
    activites: tuple[str, ...]


@dataclass(frozen=True)
class Reglement:
    __pydantic_config__ = _STRICT

    id: str
    intitule: str
    version: str
    referentiel: str
    saisie: Literal["critere", "indicateur"]
    echelle: Echelle
    regles: Regles
    arrondi: Arrondi
    jury: Composition
    acquis: ReglementAcquis
    voies: tuple[Voie, ...]
    courrier: Courrier
    exemple: str | None = None
    citations: tuple[Citation, ...] = ()
    evaluateurs: ReglementEvaluateurs = ReglementEvaluateurs()
    deliberation: ReglementDeliberation = ReglementDeliberation()
    epreuves_de_groupe: tuple[str, ...] = ()
    # In those épreuves, the critères rated for each member and not for the group.
    criteres_individuels: tuple[str, ...] = ()
    rattachement: Mapping[str, BlocRattache] | None = None
    par_voie: Mapping[Voie, ParVoie] | None = None
    rattrapage: Rattrapage | None = None
    certificats: Certificats = Certificats()
    releves: Releves = Releves()
    options: ReglementOptions = ReglementOptions()
    conservation: Conservation = Conservation()
    cpf: DeclarationCpf = DeclarationCpf()

    @cached_property
    def niveau_saisi(self) -> Niveau:
        return Niveau.CRITERE if self.saisie == "critere" else Niveau.INDICATEUR

    def has_epreuve(self, voie: Voie, partie: str) -> bool:
        """This voie is rated on this épreuve."""
        own = (self.par_voie or {}).get(voie)
        return own is None or own.epreuves is None or partie in own.epreuves

    def jury_of(self, voie: Voie) -> Composition:
        own = (self.par_voie or {}).get(voie)
        return own.jury if own and own.jury else self.jury

    def apply_to(self, referentiel: Referentiel) -> Referentiel:
        """The référentiel, with the certificateur's blocs where it has none of its own."""
        if not self.rattachement:
            return referentiel
        return referentiel.with_blocs(
            tuple(Bloc(code, bloc.intitule) for code, bloc in self.rattachement.items()),
            {a: code for code, bloc in self.rattachement.items() for a in bloc.activites},
        )
