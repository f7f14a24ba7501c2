"""Two référentiels -> what changed from one to the other, by stable id, in French sentences."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from batch.francais import compte, date_courte, enumeration, guillemets, majuscule
from batch.referentiel import controle
from batch.referentiel.modele import Referentiel
from batch.referentiel.mots import NOMS

FORMAT = "jury/comparaison/1"
CERTIFICATION = "certification"


class Nature(StrEnum):
    AJOUTE = "ajoute"
    RETIRE = "retire"
    REFORMULE = "reformule"
    DEPLACE = "deplace"
    MODIFIE = "modifie"
    ORDRE = "ordre"

    def combien(self, nombre: int) -> str:
        """« 2 reformulations »."""
        return compte(nombre, *_MOTS[self])


_MOTS = {
    Nature.AJOUTE: ("ajout", "ajouts"),
    Nature.RETIRE: ("retrait", "retraits"),
    Nature.REFORMULE: ("reformulation", "reformulations"),
    Nature.DEPLACE: ("rattachement changé", "rattachements changés"),
    Nature.MODIFIE: ("autre changement", "autres changements"),
    Nature.ORDRE: ("changement d’ordre", "changements d’ordre"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One change: at which level, of which element, in which rubric; the texts before and after.

    `phrase` says it without the texts, when they are long enough to be read on lines of their own.
    """

    niveau: str
    id: str
    nature: Nature
    rubrique: str
    avant: str | None
    apres: str | None
    phrase: str

    @property
    def textes(self) -> tuple[tuple[str, str], ...]:
        """The texts to be read under the sentence, each with its label."""
        if self.nature in (Nature.DEPLACE, Nature.MODIFIE, Nature.ORDRE):
            return ()
        both = (("Avant", self.avant), ("Après", self.apres))
        return tuple((label, text) for label, text in both if text)

    def as_json(self) -> dict[str, str | None]:
        return {
            "niveau": self.niveau,
            "id": self.id,
            "nature": self.nature.value,
            "rubrique": self.rubrique,
            "avant": self.avant,
            "apres": self.apres,
            "phrase": self.phrase,
        }


# Texts that are rewritten, and what a sentence calls them.
_TEXTS = {"intitule": ("L’intitulé", "reformulé"), "modalites": ("Les modalités", "reformulées")}
# Lists of texts: what one item is called, and several, and whether it is feminine.
_LISTS = {
    "regles_citees": ("La règle citée", "règles citées", True),
    "sous_points": ("Le sous-point", "sous-points", False),
    "livrables": ("Le livrable", "livrables", False),
    "indicateurs": ("L’indicateur", "indicateurs", False),
}
_PARENTS = {"bloc": "blocs", "activite": "activites", "epreuve": "epreuves"}
_OTHERS = {
    "id": "l’identifiant",
    "code": "le code imprimé",
    "certificateur": "le certificateur",
    "niveau": "le niveau",
    "rncp": "le numéro RNCP ou RS",
    "enregistrement": "l’enregistrement",
    "travail": "le travail",
    "formes": "les formes",
    "option": "l’option",
    "imprimee": "le texte imprimé",
    "generale": "la compétence générale",
}


def compare(avant: Referentiel, apres: Referentiel) -> list[Difference]:
    """Every difference, level by level, in the document's order; none when they are the same."""
    found = list(_fields(CERTIFICATION, "", avant, apres))
    before, after = controle.ids(avant), controle.ids(apres)
    for section in NOMS:
        own_before = dict(zip(before[section], getattr(avant, section), strict=True))
        own_after = dict(zip(after[section], getattr(apres, section), strict=True))
        found += _section(section, own_before, own_after)
    return found


def as_json(avant: Referentiel, apres: Referentiel, differences: Sequence[Difference]) -> Any:
    return {
        "format": FORMAT,
        "avant": avant.id,
        "apres": apres.id,
        "identiques": not differences,
        "differences": [difference.as_json() for difference in differences],
    }


def summary(differences: Sequence[Difference]) -> str:
    """« 2 ajouts et 1 retrait »."""
    natures = [difference.nature for difference in differences]
    return enumeration(n.combien(natures.count(n)) for n in Nature if n in natures)


def _section(
    section: str, avant: Mapping[str, Any], apres: Mapping[str, Any]
) -> Iterator[Difference]:
    nom = NOMS[section]
    for identifiant, record in avant.items():
        if identifiant not in apres:
            phrase = f"{majuscule(nom.le(identifiant))} est {nom.accord('retiré')}."
            yield Difference(section, identifiant, Nature.RETIRE, "", record.intitule, None, phrase)
    for identifiant, record in apres.items():
        if identifiant not in avant:
            phrase = f"{majuscule(nom.le(identifiant))} est {nom.accord('ajouté')}."
            yield Difference(section, identifiant, Nature.AJOUTE, "", None, record.intitule, phrase)
        else:
            yield from _fields(section, identifiant, avant[identifiant], record)
    before = [identifiant for identifiant in avant if identifiant in apres]
    after = [identifiant for identifiant in apres if identifiant in avant]
    if before != after:
        yield Difference(
            section, "", Nature.ORDRE, "", ", ".join(before), ", ".join(after),
            f"L’ordre des {nom.pluriel} change.",
        )  # fmt: skip


def _fields(section: str, identifiant: str, avant: Any, apres: Any) -> Iterator[Difference]:
    """What changed of one element, rubric by rubric."""
    for own in fields(avant):
        if section == CERTIFICATION and own.name in NOMS:
            continue  # compared element by element
        before, after = getattr(avant, own.name), getattr(apres, own.name)
        tell = _TELLERS.get(own.name)
        if before != after and tell is not None:
            yield from tell(section, identifiant, own.name, before, after)


def _of(section: str, identifiant: str) -> str:
    return "de la certification" if section == CERTIFICATION else NOMS[section].du(identifiant)


def _text(
    section: str, identifiant: str, rubric: str, avant: str, apres: str
) -> Iterator[Difference]:
    called, participle = _TEXTS[rubric]
    verb = "sont" if rubric == "modalites" else "est"
    phrase = f"{called} {_of(section, identifiant)} {verb} {participle}"
    if not avant or not apres:
        phrase = phrase.replace("reformulé", "ajouté" if apres else "retiré")
    yield Difference(
        section, identifiant, Nature.REFORMULE, rubric, avant or None, apres or None, f"{phrase}."
    )


def _list(
    section: str, identifiant: str, rubric: str, avant: Sequence[str], apres: Sequence[str]
) -> Iterator[Difference]:
    """The items of a list of texts have no id but their rank: they are matched by their words."""
    one, several, feminine = _LISTS[rubric]
    of = "" if section == CERTIFICATION else f" {_of(section, identifiant)}"

    def told(nature: Nature, rank: int, verb: str, old: str | None, new: str | None) -> Difference:
        phrase = f"{one} n° {rank + 1}{of} est {verb}{'e' if feminine else ''}."
        return Difference(section, identifiant, nature, rubric, old, new, phrase)

    if sorted(avant) == sorted(apres):
        yield Difference(
            section, identifiant, Nature.ORDRE, rubric, "\n".join(avant), "\n".join(apres),
            f"L’ordre des {several}{of} change.",
        )  # fmt: skip
        return
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, avant, apres, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        common = min(i2 - i1, j2 - j1)
        for step in range(common):
            old, new = avant[i1 + step], apres[j1 + step]
            yield told(Nature.REFORMULE, j1 + step, "reformulé", old, new)
        for rank in range(i1 + common, i2):
            yield told(Nature.RETIRE, rank, "retiré", avant[rank], None)
        for rank in range(j1 + common, j2):
            yield told(Nature.AJOUTE, rank, "ajouté", None, apres[rank])


def _parent(
    section: str, identifiant: str, rubric: str, avant: str | None, apres: str | None
) -> Iterator[Difference]:
    nom, parent = NOMS[section], NOMS[_PARENTS[rubric]]
    subject = majuscule(nom.le(identifiant))
    if avant and apres:
        phrase = f"{subject} passe {parent.du(avant)} {parent.au(apres)}."
    elif apres:
        phrase = f"{subject} est {nom.accord('rattaché')} {parent.au(apres)}."
    else:
        phrase = f"{subject} n’est plus {nom.accord('rattaché')} {parent.au(avant or '')}."
    yield Difference(section, identifiant, Nature.DEPLACE, rubric, avant, apres, phrase)


def _evaluated(
    section: str, identifiant: str, rubric: str, avant: Sequence[str], apres: Sequence[str]
) -> Iterator[Difference]:
    """The compétences that an épreuve or a critère evaluates."""
    lost = [code for code in avant if code not in apres]
    won = [code for code in apres if code not in avant]
    said = [f"n’évalue plus {enumeration(lost)}"] if lost else []
    said += [f"évalue aussi {enumeration(won)}"] if won else []
    subject = majuscule(NOMS[section].le(identifiant))
    phrase = f"{subject} {' et '.join(said) or 'évalue les mêmes compétences dans un autre ordre'}."
    nature = Nature.DEPLACE if said else Nature.ORDRE
    yield Difference(
        section, identifiant, nature, rubric, ", ".join(avant), ", ".join(apres), phrase
    )


def _other(
    section: str, identifiant: str, rubric: str, avant: Any, apres: Any
) -> Iterator[Difference]:
    old, new = _shown(avant), _shown(apres)
    called = majuscule(f"{_OTHERS[rubric]} {_of(section, identifiant)}")
    verb = "passent" if rubric == "formes" else "passe"
    said = [guillemets(text) if text else "rien" for text in (old, new)]
    phrase = f"{called} {verb} de {said[0]} à {said[1]}."
    yield Difference(section, identifiant, Nature.MODIFIE, rubric, old, new, phrase)


def _shown(value: Any) -> str | None:
    if value is None or value == ():
        return None
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return enumeration("écrit" if own == "ecrit" else own for own in value)
    if isinstance(value, str):
        return value
    du, au = (getattr(value, name) for name in ("du", "au"))
    assert isinstance(du, date)
    return f"du {date_courte(du)} au {date_courte(au)}"


_TELLERS: dict[str, Callable[[str, str, str, Any, Any], Iterator[Difference]]] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_LISTS, _list),
    **dict.fromkeys(_PARENTS, _parent),
    **dict.fromkeys(_OTHERS, _other),
    "competences": _evaluated,
}
