"""One rule of the règlement -> words, in the three turns that people read.

`nominal`, as a trace states it: « au moins 70 % des compétences acquises ». `clauses`, as the
procès-verbal does: « au moins 70 % de ses compétences sont acquises ». `needed`, to somebody who
was under it: « il en fallait au moins 70 % ». A rule that gains a word gains it here, thrice.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence

from batch.francais import (
    INSECABLE,
    compte,
    elide,
    enumeration,
    guillemets,
    nombre,
    pourcentage,
    typographie,
)
from batch.records import Appreciation
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import (
    ENFANTS,
    Arrondi,
    Duree,
    Echelle,
    Mention,
    Regle,
    ReglementEvaluateurs,
    Validite,
)
from batch.vocabulaire import Niveau

# How one node of a level is said to be met, and several of them.
MOTS = {
    Niveau.INDICATEUR: ("constaté", "constatés"),
    Niveau.CRITERE: ("satisfait", "satisfaits"),
    Niveau.COMPETENCE: ("acquise", "acquises"),
    Niveau.EPREUVE: ("validée", "validées"),
    Niveau.ACTIVITE: ("validée", "validées"),
    Niveau.BLOC: ("validé", "validés"),
}

Noms = Callable[[Niveau, str], str]  # a node -> what a document calls it


def name(referentiel: Referentiel, niveau: Niveau, identifiant: str) -> str:
    """What a document calls this node: its printed code, or its wording where it has none."""
    match niveau:
        case Niveau.COMPETENCE:
            competence = referentiel.competence[identifiant]
            return competence.code or guillemets(competence.intitule)
        case Niveau.CRITERE:
            critere = referentiel.critere[identifiant]
            return critere.code or guillemets(critere.intitule.rstrip(" :"))
        case Niveau.EPREUVE:
            return identifiant.removeprefix("EP-")
    return identifiant


# --- the three turns


def nominal(regle: Regle, enfants: Niveau, ids: Collection[str], noms: Noms) -> str:
    """The condition, then its floors and its eliminatories; of the children, `ids` only."""
    met = MOTS[enfants][1]
    if regle.au_moins is not None:
        said = f"au moins {regle.au_moins}{INSECABLE}{enfants.pluriel} {met}"
    elif regle.proportion is not None:
        said = f"au moins {pourcentage(regle.proportion, 4)} des {enfants.pluriel} {met}"
    elif regle.moyenne is not None:
        least = nombre(regle.moyenne, 4)
        said = f"une moyenne{_weighted(regle)} des {enfants.pluriel} d’au moins {least}"
        for identifiant, part in (regle.parts or {}).items():
            if identifiant in ids:
                own = noms(enfants, identifiant)
                said += f", dont {own} fait toujours {pourcentage(part, 4)}"
    elif regle.somme is not None:
        said = f"un total des {enfants.pluriel} d’au moins {nombre(regle.somme, 4)}"
    else:
        said = f"{_all(enfants)} les {enfants.pluriel} {met}"
    if regle.minimum is not None:
        said += f", {_none(enfants)} sous {nombre(regle.minimum, 4)}"
    for identifiant, floor in (regle.minimums or {}).items():
        if identifiant in ids:
            said += f", {noms(enfants, identifiant)} pas sous {nombre(floor, 4)}"
    if eliminatory := [noms(enfants, one) for one in regle.eliminatoires if one in ids]:
        said += f", {enumeration(eliminatory)} éliminatoire{'s' if eliminatory[1:] else ''}"
    return said


def clauses(regle: Regle, enfants: Niveau, noms: Noms, article: str) -> Iterator[str]:
    """The same in clauses with a verb. `article`: « les », or « ses » where the parent is said."""
    one, met = MOTS[enfants]
    them = f"{article} {enfants.pluriel}"
    of_them = f"des {enfants.pluriel}" if article == "les" else f"de {them}"
    # In a count the eliminatories are among those that are met; a mean says nothing of them.
    counts = regle.au_moins is not None or regle.proportion is not None
    among = _eliminatories(regle, enfants, noms)
    within = f", dont {among}" if among and counts else ""
    if regle.au_moins is not None:
        counted = enfants.pluriel if article == "les" else of_them
        yield f"au moins {regle.au_moins}{INSECABLE}{counted} sont {met}{within}"
    elif regle.proportion is not None:
        yield f"au moins {pourcentage(regle.proportion)} {of_them} sont {met}{within}"
    elif regle.moyenne is not None:
        kept = enumeration(
            f"{pourcentage(part)} pour {noms(enfants, one)}"
            for one, part in (regle.parts or {}).items()
        )
        always = f" (toujours {kept})" if kept else ""
        least = nombre(regle.moyenne)
        yield f"la moyenne{_weighted(regle)} {of_them}{always} atteint {least}"
    elif regle.somme is not None:
        yield f"la somme {of_them} atteint {nombre(regle.somme)}"
    else:
        yield f"{_all(enfants)} {them} sont {met}"
    if regle.minimum is not None:
        yield f"{_none(enfants)} n’est au-dessous de {nombre(regle.minimum)}"
    for identifiant, floor in (regle.minimums or {}).items():
        yield f"{the(enfants, noms(enfants, identifiant))} n’est pas au-dessous de {nombre(floor)}"
    if among and not counts and not regle.toutes:
        several = bool(regle.eliminatoires[1:])
        yield f"{among} {'sont' if several else 'est'} {met if several else one}"


def needed(regle: Regle, enfants: Niveau, noms: Noms) -> str:
    """The same, told to somebody who was under it: « il en fallait au moins 12, dont A5 et A9 »."""
    if regle.au_moins is not None:
        said = f"il en fallait au moins {regle.au_moins}"
    elif regle.proportion is not None:
        said = f"il en fallait au moins {pourcentage(regle.proportion)}"
    elif regle.moyenne is not None:
        said = f"il fallait une moyenne d’au moins {nombre(regle.moyenne)}"
    elif regle.somme is not None:
        said = f"il fallait un total d’au moins {nombre(regle.somme)}"
    else:
        said = f"il les fallait {_all(enfants)}"
    if regle.minimum is not None:
        said += f", sans rien au-dessous de {nombre(regle.minimum)}"
    for identifiant, floor in (regle.minimums or {}).items():
        said += f", sans {noms(enfants, identifiant)} au-dessous de {nombre(floor)}"
    if regle.eliminatoires:
        said += f", dont {enumeration(noms(enfants, one) for one in regle.eliminatoires)}"
    return said


def _eliminatories(regle: Regle, enfants: Niveau, noms: Noms) -> str:
    """« les activités éliminatoires A5 et A9 », or nothing."""
    names = [noms(enfants, one) for one in regle.eliminatoires]
    if len(names) > 1:
        return f"les {enfants.pluriel} éliminatoires {enumeration(names)}"
    return f"{the(enfants, 'éliminatoire')} {names[0]}" if names else ""


def the(niveau: Niveau, nom: str) -> str:
    """« la compétence C2 », « l’épreuve A2 »."""
    return elide("la" if niveau.feminin else "le", f"{niveau.singulier} {nom}")


def _weighted(regle: Regle) -> str:
    return " pondérée" if regle.poids or regle.parts else ""


def _all(niveau: Niveau) -> str:
    return "toutes" if niveau.feminin else "tous"


def _none(niveau: Niveau) -> str:
    return "aucune" if niveau.feminin else "aucun"


def some(noms: Sequence[str]) -> str:
    """All of them, or five and how many others: « C1, C2, C3, C4, C5 et 4 autres »."""
    return enumeration(noms if len(noms) <= 6 else [*noms[:5], f"{len(noms) - 5} autres"])


# --- what stands beside the condition


def article(texte: str) -> str:
    """« Règlement, article 4. » -> «  (Règlement, article 4) », after a rule; or nothing."""
    said = re.sub(r"(?<=\w) (?=\d)", INSECABLE, typographie(texte.strip().rstrip(".")))
    return f" ({said})" if said else ""


def margin(regle: Regle) -> str:
    """How near its threshold the jury must look: « 0,5 », « 2 points » of a percentage."""
    assert regle.limites is not None, "only asked where the règlement gives a margin"
    if regle.proportion is not None:
        points = 100 * regle.limites
        return f"{nombre(points)}{INSECABLE}point{'s' if points >= 2 else ''}"
    return nombre(regle.limites, 4)


def mention(one: Mention) -> str:
    """« au moins 3 critères satisfaits », « une moyenne des blocs d’au moins 14 »."""
    if one.moyenne is not None:
        return f"une moyenne des blocs d’au moins {nombre(one.moyenne, 4)}"
    level = ENFANTS[one.sur or "competences"]
    counted = compte(one.au_moins or 0, level.singulier, level.pluriel)
    if one.a_partir_de is not None:
        return f"au moins {counted} à {nombre(one.a_partir_de)} ou plus"
    return f"au moins {counted} {MOTS[level][(one.au_moins or 0) > 1]}"


def appreciation(one: Appreciation, echelle: Echelle) -> str:
    """The mark, or the words of the level: « 12,5 », « Acquis »."""
    if one.note is not None:
        return nombre(one.note)
    assert one.niveau is not None, "an appreciation is a mark or a level"
    return echelle.niveau(one.niveau).libelle


def raters(rules: ReglementEvaluateurs) -> str:
    """« 2 évaluateurs », « un évaluateur de chaque rôle (tuteur et jury) »."""
    if rules.roles:
        return f"un évaluateur de chaque rôle ({enumeration(rules.roles)})"
    return compte(rules.nombre, "évaluateur")


def duration(validity: Validite) -> str:
    """« 5 ans », « 24 mois », « sans limite de durée »."""
    if isinstance(validity, Duree):
        return f"{validity.mois}{INSECABLE}mois"
    return compte(validity, "an") if isinstance(validity, int) else "sans limite de durée"


_ARRONDIS = {
    "au_plus_proche": ("au plus proche", "le plus proche"),
    "inferieur": ("à l’inférieur", "inférieur"),
    "superieur": ("au supérieur", "supérieur"),
}


def rounding(arrondi: Arrondi) -> str:
    """How marks are rounded, as the procès-verbal states it."""
    if arrondi.compare == "exact":
        return (
            "Aucun résultat n’est arrondi avant d’être comparé à son seuil ; l’égalité avec le "
            "seuil suffit."
        )
    return (
        f"Chaque moyenne et chaque total est arrondi {how_rounded(arrondi)}, avant d’être comparé "
        f"à son seuil ; l’égalité avec le seuil suffit."
    )


def how_rounded(arrondi: Arrondi) -> str:
    """« au plus proche, à 2 décimales », « au multiple de 0,5 inférieur »."""
    way, multiple = _ARRONDIS[arrondi.mode]
    if arrondi.pas is not None:
        return f"au multiple de {nombre(arrondi.pas, 4)} {multiple}"
    return f"{way}, à {compte(arrondi.decimales, 'décimale')}"
