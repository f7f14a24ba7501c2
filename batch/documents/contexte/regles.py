"""The règlement's rules -> the sentences that state them, from the certification down to the mark.

Only what decides is stated: a level that no rule above looks at says nothing here.
"""

from collections.abc import Iterator, Sequence

from batch.francais import INSECABLE, elide, enumeration, guillemets, nombre, pourcentage
from batch.jury import explication
from batch.jury.arbre import ENFANTS
from batch.jury.regles import Constat, Mesure
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Echelle, Regle, Reglement
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


def sentences(referentiel: Referentiel, reglement: Reglement) -> list[str]:
    """The rule of obtention, one sentence a level, then what a mark means and how it is rounded."""
    certification = reglement.regles.certification
    if referentiel.blocs:
        when = "lorsque tous les blocs sont obtenus"
        levels = list(_below(reglement, Niveau.BLOC))
    else:
        wholes = {"activites": certification.activites, "epreuves": certification.epreuves}
        stated = {ENFANTS[name]: regle for name, regle in wholes.items() if regle}
        when = _lorsque([condition(referentiel, r, n, "les") for n, r in stated.items()])
        levels = [lower for niveau in stated for lower in _below(reglement, niveau)]
    return [
        f"La certification est délivrée {when}{_article(certification.article)}.",
        *(_level(referentiel, reglement, niveau) for niveau in dict.fromkeys(levels)),
        _marks(reglement, levels),
    ]


def _below(reglement: Reglement, niveau: Niveau) -> Iterator[Niveau]:
    """This level and those that its rule rests on."""
    regle = _regle(reglement, niveau)
    if regle is None:
        return
    yield niveau
    if niveau is not Niveau.CRITERE:
        yield from _below(reglement, _children(niveau, regle))


def _regle(reglement: Reglement, niveau: Niveau) -> Regle | None:
    regles = reglement.regles
    match niveau:
        case Niveau.CRITERE:
            return regles.critere if reglement.niveau_saisi is Niveau.INDICATEUR else None
        case Niveau.COMPETENCE:
            return regles.competence
        case Niveau.EPREUVE:
            return regles.epreuve
        case Niveau.ACTIVITE:
            return regles.activite
        case Niveau.BLOC:
            return regles.bloc
    return None


def _level(referentiel: Referentiel, reglement: Reglement, niveau: Niveau) -> str:
    regle = _regle(reglement, niveau)
    assert regle is not None, "a level without a rule is not among those that decide"
    one = "Une" if niveau.feminin else "Un"
    when = _lorsque([condition(referentiel, regle, _children(niveau, regle), "ses")])
    return f"{one} {niveau.singulier} est {MOTS[niveau][0]} {when}{_article(regle.article)}."


def _children(niveau: Niveau, regle: Regle) -> Niveau:
    return Niveau.INDICATEUR if niveau is Niveau.CRITERE else ENFANTS[regle.sur or "criteres"]


def condition(referentiel: Referentiel, regle: Regle, enfants: Niveau, article: str) -> str:
    """« au moins 70 % de ses compétences sont acquises », with its floor and its eliminatories."""
    one, met = MOTS[enfants]
    them = f"{article} {enfants.pluriel}"
    of_them = f"des {enfants.pluriel}" if article == "les" else f"de {them}"
    if regle.au_moins is not None:
        counted = enfants.pluriel if article == "les" else of_them
        said = f"au moins {regle.au_moins}{INSECABLE}{counted} sont {met}"
    elif regle.proportion is not None:
        said = f"au moins {pourcentage(regle.proportion)} {of_them} sont {met}"
    elif regle.moyenne is not None:
        weighted = " pondérée" if regle.poids else ""
        said = f"la moyenne{weighted} {of_them} atteint {nombre(regle.moyenne)}"
    else:
        said = f"{'toutes' if enfants.feminin else 'tous'} {them} sont {met}"
    if regle.minimum is not None:
        none = "aucune" if enfants.feminin else "aucun"
        said += f" et {elide('que', none)} n’est au-dessous de {nombre(regle.minimum)}"
    if regle.eliminatoires and not regle.toutes:
        names = _names(referentiel, regle, enfants)
        if len(names) == 1:
            them = f"{elide('la' if enfants.feminin else 'le', enfants.singulier)} éliminatoire"
        else:
            them = f"les {enfants.pluriel} éliminatoires"
        said += (
            f", dont {them} {enumeration(names)}"
            if regle.moyenne is None
            else f" et que {them} {enumeration(names)} {'sont' if names[1:] else 'est'} "
            f"{met if names[1:] else one}"
        )
    return said


def needed(referentiel: Referentiel, regle: Regle, enfants: Niveau) -> str:
    """The same, told to somebody who was under it: « il en fallait au moins 12, dont A5 et A9 »."""
    if regle.au_moins is not None:
        said = f"il en fallait au moins {regle.au_moins}"
    elif regle.proportion is not None:
        said = f"il en fallait au moins {pourcentage(regle.proportion)}"
    elif regle.moyenne is not None:
        said = f"il fallait une moyenne d’au moins {nombre(regle.moyenne)}"
    else:
        said = f"il {'les fallait toutes' if enfants.feminin else 'les fallait tous'}"
    if regle.minimum is not None:
        said += f", sans rien au-dessous de {nombre(regle.minimum)}"
    if regle.eliminatoires:
        said += f", dont {enumeration(_names(referentiel, regle, enfants))}"
    return said


def _names(referentiel: Referentiel, regle: Regle, enfants: Niveau) -> list[str]:
    return [
        explication.name(referentiel, Constat(enfants, identifiant, Mesure.ATTEINT))
        for identifiant in regle.eliminatoires
    ]


def _lorsque(conditions: list[str]) -> str:
    first, *others = conditions
    return ", et ".join([elide("lorsque", first), *(elide("que", other) for other in others)])


def _article(article: str) -> str:
    return f" ({article.strip().rstrip('.').replace(chr(39), '’')})" if article.strip() else ""


def _marks(reglement: Reglement, levels: Sequence[Niveau]) -> str:
    """What an evaluator gives: what counts as met, the values where a mean uses them, or both."""
    echelle, niveau = reglement.echelle, reglement.niveau_saisi
    stated = [(n, regle) for n in levels if (regle := _regle(reglement, n))]
    # A mean reads values all the way up; a count asks of each line whether it is met.
    means = any(regle.moyenne is not None for _, regle in stated)
    counts = any(_children(n, r) is niveau and r.moyenne is None for n, r in stated)
    said = []
    if counts:
        said.append(f"Un {niveau.singulier} est {MOTS[niveau][0]} {_enough(echelle)}.")
    if means:
        said.append(f"Chaque {niveau.singulier} {_values(echelle)}.")
    return " ".join(said)


def _enough(echelle: Echelle) -> str:
    if echelle.note:
        least, most = nombre(echelle.note.satisfait_a_partir_de), nombre(echelle.note.sur)
        return f"à partir de {least} sur {most}"
    levels = [guillemets(niveau.libelle) for niveau in echelle.niveaux if niveau.satisfait]
    return f"lorsqu’il est apprécié {enumeration(levels, 'ou')}"


def _values(echelle: Echelle) -> str:
    if echelle.note:
        return f"est noté sur {nombre(echelle.note.sur)}"
    levels = [
        f"{nombre(niveau.valeur)} pour {guillemets(niveau.libelle)}"
        for niveau in echelle.niveaux
        if niveau.valeur is not None
    ]
    return f"vaut {enumeration(levels)}"
