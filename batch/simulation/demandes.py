"""« bloc.seuil=60% » -> the règlement changed so, or the one sentence that says why it cannot be.

The règlement is changed as a text would be, then read and linted like any other: a rule that could
not apply is refused with the sentence that the règlement would get.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from batch import lecture_yaml
from batch.anomalies import MauvaisUsage, suggestion
from batch.chaine import Contexte
from batch.francais import enumeration, nombre, pourcentage, proche, sans_accent
from batch.lecture_yaml import Source
from batch.reglement import controle as controle_reglement
from batch.reglement.modele import Reglement

_NIVEAUX = ("critere", "competence", "epreuve", "activite", "bloc")
_CONDITIONS = ("toutes", "au_moins", "proportion", "moyenne", "somme")
_CHAMPS = ("seuil", *_CONDITIONS, "minimum", "eliminatoires")
_PAR_NOEUD = ("minimums", "poids", "parts")
# What is no rule of a level, with the rubrics of the règlement that lead to it.
_AILLEURS: Mapping[str, tuple[str, ...]] = {
    "certification.moyenne": ("regles", "certification"),
    "arrondi.compare": ("arrondi",),
    "arrondi.decimales": ("arrondi",),
    "arrondi.pas": ("arrondi",),
    "arrondi.mode": ("arrondi",),
    "evaluateurs.divergence": ("evaluateurs",),
    "evaluateurs.ecart_max": ("evaluateurs",),
    "acquis.validite": ("acquis",),
    "acquis.competences": ("acquis",),
    "options.contre": ("options",),
}
# The parts of a key; an identifier may hold dots of its own (« C1.4 »).
_REGLE = re.compile(
    rf"(?P<ou>{'|'.join(_NIVEAUX)}|certification\.(?:activites|epreuves)|particulieres\.(?P<noeud>.+?))"
    rf"\.(?:(?P<champ>{'|'.join(_CHAMPS)})|(?P<liste>{'|'.join(_PAR_NOEUD)})\.(?P<enfant>.+))"
)
_ACCES = re.compile(r"acces\.(?P<lieu>.+)")

_NOMBRE = re.compile(r"\d+(?:[.,]\d+)?")
_DUREE = re.compile(r"(\d+)\s*(ans?|mois)")
_PLAGE = re.compile(r"(.+?)\.\.(.+?)(?:/(.+))?")
_MAX_VALEURS = 101

_PARTS = ("proportion", "parts")
_ENTIERS = ("au_moins", "decimales")
_CODES = ("eliminatoires", "contre", "acces")
_MOTS = ("compare", "mode", "divergence")
_DUREES = ("validite", "competences")
_RETIRABLES = ("minimum", "ecart_max", "pas", "competences", "acces", *_PAR_NOEUD)

Valeur = Fraction | Decimal | int | bool | list[str] | str | Mapping[str, int | list[str]] | None


@dataclass(frozen=True, slots=True)
class Demande:
    """« bloc.seuil=60% »: the rubric to change, and what to write there.

    `champ`: which sort of value it takes, whatever the name of the rubric.
    """

    cle: str
    chemin: tuple[str, ...]
    champ: str
    texte: str

    @property
    def est_une_condition(self) -> bool:
        return self.cle not in _AILLEURS and self.champ in ("seuil", *_CONDITIONS)


def demande(texte: str) -> Demande:
    """Raises MauvaisUsage, with the key that was meant, when there is no such key."""
    typed, _, valeur = (part.strip() for part in texte.partition("="))
    head, dot, tail = typed.partition(".")
    # Rubrics are ours, identifiers are the référentiel's: those are taken as they are typed.
    cle = f"{_folded(head)}{dot}{tail}"
    if _folded(cle) in _AILLEURS:
        cle = _folded(cle)
        champ = cle.rpartition(".")[2]
        return Demande(cle, (*_AILLEURS[cle], champ), champ, valeur)
    if found := _REGLE.fullmatch(cle):
        where = (
            ("particulieres", found["noeud"]) if found["noeud"] else tuple(found["ou"].split("."))
        )
        if found["champ"]:
            return Demande(cle, ("regles", *where, found["champ"]), found["champ"], valeur)
        path = ("regles", *where, found["liste"], found["enfant"])
        return Demande(cle, path, found["liste"], valeur)
    if found := _ACCES.fullmatch(cle):
        return Demande(cle, ("regles", "acces", found["lieu"]), "acces", valeur)
    known = [*(f"{n}.{c}" for n in _NIVEAUX for c in _CHAMPS), *_AILLEURS]
    raise MauvaisUsage(
        f"« {typed} » n'est pas une rubrique que l'on peut changer"
        f"{suggestion(proche(cle, known))}. « jury simuler --help » les donne toutes."
    )


def _folded(mot: str) -> str:
    return sans_accent(mot).casefold()


@dataclass(frozen=True, slots=True)
class Changement:
    """One rubric of the règlement, before and after."""

    cle: str
    avant: str
    apres: str


def change(
    contexte: Contexte, source: Source, demandes: Sequence[Demande]
) -> tuple[Reglement, list[Changement]]:
    """The règlement with these rubrics changed. Raises MauvaisUsage when it could not apply."""
    check_once(demandes)
    data = deepcopy(source.donnees)
    changes = [_write(data, one, contexte) for one in demandes]
    altered = replace(source, donnees=data)
    reglement, faults = lecture_yaml.validate(altered, Reglement)
    if reglement is not None:
        faults += controle_reglement.check(altered, reglement, contexte.referentiel)
    wrong = [fault for fault in faults if fault.bloquante]
    if reglement is None or wrong:
        asked = enumeration(f"« {one.cle}={one.texte} »" for one in demandes)
        raise MauvaisUsage(f"{asked} : {' '.join(fault.message for fault in wrong)}")
    return reglement, changes


def check_once(demandes: Sequence[Demande]) -> None:
    """Raises MauvaisUsage where the same rubric, or one rule's condition, is asked for twice."""
    rubrics = [
        one.chemin[:-1] if one.est_une_condition else (*one.chemin, one.champ) for one in demandes
    ]
    for rubric, times in Counter(rubrics).items():
        if times > 1:
            same = [one for one, own in zip(demandes, rubrics, strict=True) if own == rubric]
            asked = enumeration(f"« {one.cle}={one.texte} »" for one in same)
            raise MauvaisUsage(
                f"{asked} changent la même règle : gardez une seule valeur, ou essayez-en "
                f"plusieurs avec une plage, par exemple bloc.seuil=50%..70%."
            )


def _write(data: dict[str, Any], one: Demande, contexte: Contexte) -> Changement:
    *path, rubric = one.chemin
    if path[:2] == ["regles", "particulieres"] and not _there(data, path[:3]):
        # The rule of one node starts from its level's.
        usual = data["regles"].get(_level_of(contexte, path[2])) or {}
        _within(data, path[:3]).update(deepcopy(usual))
    if one.est_une_condition:
        return _write_condition(_within(data, path), one)
    value = _read(one, one.champ)
    if one.champ == "acces" and isinstance(value, list):
        value = {"apres": value}
    before = shown((_there(data, path) or {}).get(rubric))
    if value is None and one.champ in ("acces", *_PAR_NOEUD):
        _remove(data, path, rubric)
    else:
        _within(data, path)[rubric] = value
    return Changement(one.cle, before, shown(value))


def _write_condition(rule: dict[str, Any], one: Demande) -> Changement:
    """One condition in place of the one that the rule had."""
    champ = one.champ
    stated = next((name for name in _CONDITIONS if rule.get(name) not in (None, False)), None)
    if champ == "seuil":
        if stated is None or stated == "toutes":
            what = "n'a pas de règle" if stated is None else "demande « toutes », sans seuil,"
            raise MauvaisUsage(
                f"« {one.cle} » : le règlement {what} à cet endroit. Donnez la condition, par "
                f"exemple {one.cle.replace('.seuil', '.proportion')}=60%."
            )
        champ = stated
    before = shown(rule.get(champ))
    if stated not in (None, champ):
        before = f"{stated}{'' if stated == 'toutes' else f' {shown(rule[stated])}'}"
    value = _read(one, champ)
    for name in _CONDITIONS:
        rule.pop(name, None)
    rule[champ] = value
    return Changement(f"{one.cle.rpartition('.')[0]}.{champ}", before, shown(value))


def _there(data: Any, path: Sequence[str]) -> dict[str, Any] | None:
    """The rubrics under this path, where there are any."""
    for part in path:
        data = data.get(part) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else None


def _within(data: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The rubrics under this path, made where there are none."""
    for part in path:
        if not isinstance(data.get(part), dict):
            data[part] = {}
        data = data[part]
    return data


def _remove(data: dict[str, Any], path: Sequence[str], rubric: str) -> None:
    """The rubric, and the one that held nothing else: an empty list of weights is no list."""
    own = _there(data, path)
    if own is not None:
        own.pop(rubric, None)
        if not own:
            _within(data, path[:-1]).pop(path[-1], None)


def _level_of(contexte: Contexte, identifiant: str) -> str:
    r = contexte.referentiel
    for niveau, known in (
        ("bloc", r.bloc),
        ("epreuve", r.partie),
        ("activite", r.activite),
        ("competence", r.competence),
    ):
        if identifiant in known:
            return niveau
    return "critere"


def _read(one: Demande, champ: str) -> Valeur:
    """The value as the règlement would hold it. Raises MauvaisUsage on the wrong sort."""
    texte = one.texte
    if champ == "toutes":
        if sans_accent(texte).casefold() in ("", "oui", "true", "vrai"):
            return True
        raise MauvaisUsage(f"« {one.cle}={texte} » : écrivez {one.cle}, sans valeur.")
    if not texte and champ in _RETIRABLES:
        return None
    if champ in _CODES:
        return [code.strip() for code in texte.split(",") if code.strip()]
    if champ in _MOTS:
        return texte
    if champ in _DUREES:
        return _duration(one)
    figure = texte.removesuffix("%").strip()
    as_share = texte.endswith("%")
    if not _NOMBRE.fullmatch(figure) or as_share is not (champ in _PARTS):
        raise MauvaisUsage(f"« {one.cle}={texte} » : {_wanted(one, champ)}.")
    number = Decimal(figure.replace(",", "."))
    if as_share:
        return Fraction(number) / 100
    if champ in _ENTIERS:
        if number != int(number):
            raise MauvaisUsage(f"« {one.cle}={texte} » : la valeur attendue est un nombre entier.")
        return int(number)
    return number


def _wanted(one: Demande, champ: str) -> str:
    """What is expected there; of « seuil », which condition the règlement has."""
    stated = f"la règle y est « {champ} », " if one.champ == "seuil" else ""
    if champ in _PARTS:
        return f"{stated}la valeur attendue est un pourcentage, par exemple 60%"
    example = "3" if champ in _ENTIERS else "1,5"
    return f"{stated}la valeur attendue est un nombre, par exemple {example}"


def _duration(one: Demande) -> Valeur:
    if _folded(one.texte) == "illimitee":
        return "illimitee"
    found = _DUREE.fullmatch(one.texte)
    if found is None:
        raise MauvaisUsage(
            f"« {one.cle}={one.texte} » : la valeur attendue est une durée, par exemple 5 ans, "
            f"24 mois ou illimitee."
        )
    return {"mois": int(found[1])} if found[2] == "mois" else int(found[1])


def shown(value: Valeur) -> str:
    match value:
        case None | False:
            return "rien"
        case True:
            return "oui"
        case Fraction():
            return pourcentage(value, 4)
        case Decimal() | int():
            return nombre(value, 4)
        case str():
            return value
        case {"mois": int(months)}:
            return f"{months} mois"
        case {"apres": list(before)}:
            return f"après {enumeration(before)}"
        case list():
            return enumeration(value) or "rien"
    return str(value)


@dataclass(frozen=True, slots=True)
class Plage:
    """« bloc.seuil=50%..70%/10 »: the values to be tried one after the other."""

    cle: str
    demandes: tuple[Demande, ...]


def plage(one: Demande) -> Plage | None:
    """The values that a range stands for, or None where it is a single one."""
    found = _PLAGE.fullmatch(one.texte)
    if not found:
        return None
    share = found[1].strip().endswith("%")
    steps = {"proportion": "5", "au_moins": "1"}
    typed = (found[1], found[2], found[3] or ("5" if share else steps.get(one.champ, "0.5")))
    figures = [part.strip().removesuffix("%").strip().replace(",", ".") for part in typed]
    if not all(_NOMBRE.fullmatch(figure) for figure in figures):
        raise MauvaisUsage(
            f"« {one.cle}={one.texte} » n'est pas une plage. Écrivez par exemple 50%..70%, ou "
            f"50%..70%/10 pour un pas de 10 points."
        )
    low, high, step = (Decimal(figure) for figure in figures)
    if not step or low > high or (high - low) / step >= _MAX_VALEURS:
        raise MauvaisUsage(
            f"« {one.cle}={one.texte} » : une plage va de la plus petite valeur à la plus "
            f"grande, en {_MAX_VALEURS - 1} pas au plus."
        )
    count = int((high - low) / step) + 1
    values = [f"{low + step * rank:f}{'%' if share else ''}" for rank in range(count)]
    return Plage(one.cle, tuple(replace(one, texte=value) for value in values))
