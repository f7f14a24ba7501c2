"""The règlement's rules -> the sentences that state them, from the certification down to the mark.

Only what decides is stated: a level that no rule above looks at says nothing here.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial

from batch.francais import elide, enumeration, guillemets, majuscule, nombre, typographie
from batch.jury import enonce
from batch.jury.enonce import article
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import ENFANTS, Echelle, Regle, RegleCertification, Reglement
from batch.vocabulaire import Niveau


def sentences(referentiel: Referentiel, reglement: Reglement) -> list[str]:
    """The rule of obtention, one sentence a level, then what a mark means and how it is rounded."""
    certification = reglement.regles.certification
    if referentiel.blocs:
        clauses = ["tous les blocs sont obtenus", *_besides(referentiel, certification)]
        levels = list(_below(reglement, Niveau.BLOC))
    else:
        wholes = {"activites": certification.activites, "epreuves": certification.epreuves}
        stated = {ENFANTS[name]: regle for name, regle in wholes.items() if regle}
        clauses = [c for n, r in stated.items() for c in _clauses(referentiel, r, n, "les")]
        levels = [lower for niveau in stated for lower in _below(reglement, niveau)]
    levels = list(dict.fromkeys(levels))
    said = [
        f"La certification est délivrée {_lorsque(clauses)}{article(certification.article)}.",
        *(_level(referentiel, reglement, niveau) for niveau in levels),
        *_exceptions(referentiel, reglement, levels),
        *_openings(referentiel, reglement),
        *_limits(reglement, levels),
        *_mentions(reglement),
        *_raters(reglement),
        *_kept(referentiel, reglement),
        _marks(reglement, levels),
        typographie(enonce.rounding(reglement.arrondi)),
    ]
    return [sentence for sentence in said if sentence]


def _besides(referentiel: Referentiel, certification: RegleCertification) -> Iterator[str]:
    """What is demanded besides the blocs."""
    if certification.moyenne is not None:
        weighted = " pondérée" if certification.poids else ""
        yield f"la moyenne{weighted} des blocs atteint {nombre(certification.moyenne)}"
    if certification.epreuve_transversale is not None:
        title = referentiel.partie[certification.epreuve_transversale].intitule
        yield f"l’épreuve {guillemets(title)} est validée"
    if (demanded := certification.prerequis) is not None:
        least = f" (au moins {nombre(demanded.minimum)})" if demanded.minimum is not None else ""
        wording = guillemets(f"{demanded.libelle}{least}")
        yield f"la condition préalable {wording} est remplie"


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
    return _rule(referentiel, regle, niveau, f"{one} {niveau.singulier}")


def _exceptions(
    referentiel: Referentiel, reglement: Reglement, levels: Sequence[Niveau]
) -> Iterator[str]:
    """The rules of single nodes, in place of their level's."""
    known: dict[Niveau, Collection[str]] = {
        Niveau.BLOC: referentiel.bloc,
        Niveau.ACTIVITE: referentiel.activite,
        Niveau.EPREUVE: [epreuve.id for epreuve in referentiel.epreuves],
        Niveau.COMPETENCE: referentiel.competence,
        Niveau.CRITERE: referentiel.critere,
    }
    for identifiant, regle in (reglement.regles.particulieres or {}).items():
        niveau = next((n for n in known if n in levels and identifiant in known[n]), None)
        if niveau is not None:
            subject = enonce.the(niveau, enonce.name(referentiel, niveau, identifiant))
            yield _rule(referentiel, regle, niveau, f"Par exception, {subject}")


def _openings(referentiel: Referentiel, reglement: Reglement) -> Iterator[str]:
    """What must be passed before each épreuve or bloc that is not open from the start."""
    for place, acces in (reglement.regles.acces or {}).items():
        before = enumeration(_place(referentiel, one) for one in acces.apres)
        opened = majuscule(_place(referentiel, place))
        said = article(acces.article)
        yield f"{opened} ne s’ouvre qu’après la validation de {before}{said}."


def _place(referentiel: Referentiel, identifiant: str) -> str:
    """« l’épreuve « Étude de cas » », « le bloc BC1 »."""
    if identifiant in referentiel.bloc:
        return f"le bloc {identifiant}"
    return f"l’épreuve {guillemets(referentiel.partie[identifiant].intitule)}"


def _limits(reglement: Reglement, levels: Iterable[Niveau]) -> Iterator[str]:
    """How near its threshold a result must be for the jury to look at it."""
    looked_at = [(f"{'toute' if n.feminin else 'tout'} {n.singulier}", n) for n in levels]
    for what, niveau in looked_at:
        regle = _regle(reglement, niveau)
        if regle is not None and regle.limites is not None:
            near = enonce.margin(regle)
            yield f"Le jury examine {what} dont le résultat est à {near} du seuil, ou plus près."
    over_blocs = reglement.regles.certification.over_blocs
    if over_blocs.limites is not None:
        near = enonce.margin(over_blocs)
        yield f"Le jury examine toute moyenne des blocs à {near} de son seuil, ou plus près."


def _mentions(reglement: Reglement) -> Iterator[str]:
    for mention in reglement.regles.certification.mentions:
        yield f"La mention {guillemets(mention.libelle)} demande {enonce.mention(mention)}."


def _raters(reglement: Reglement) -> Iterator[str]:
    """Who rates the same thing, and what is made of it, where they are several."""
    rules = reglement.evaluateurs
    if rules.nombre < 2:
        return
    weights = ""
    if rules.poids:
        weights = f", pondérée ({enumeration(f'{k} {nombre(v)}' for k, v in rules.poids.items())})"
    then = {
        "jury": "le jury tranche leurs divergences",
        "plus_favorable": "l’avis le plus favorable est retenu",
        "plus_defavorable": "l’avis le plus défavorable est retenu",
        "moyenne": f"la moyenne de leurs avis est retenue{weights}",
    }[rules.divergence]
    if rules.ecart_max is not None and rules.divergence != "jury":
        then += f", sauf s’ils sont à plus de {nombre(rules.ecart_max)} : le jury tranche alors"
    line = reglement.niveau_saisi.singulier
    yield typographie(f"Chaque {line} est évalué par {enonce.raters(rules)} ; {then}.")


def _kept(referentiel: Referentiel, reglement: Reglement) -> Iterator[str]:
    """What the usual rules would not let expect: compétences kept alone, options that may harm."""
    if reglement.acquis.competences is not None:
        length = enonce.duration(reglement.acquis.competences)
        yield f"Une compétence acquise sans son bloc le reste {length}."
    if against := reglement.options.contre:
        names = enumeration(enonce.name(referentiel, Niveau.COMPETENCE, one) for one in against)
        counts = "comptent, présentées," if against[1:] else "compte, présentée,"
        yield f"L’option {names} {counts} même si le résultat en souffre."


def _rule(referentiel: Referentiel, regle: Regle, niveau: Niveau, subject: str) -> str:
    when = _lorsque(_clauses(referentiel, regle, _children(niveau, regle), "ses"))
    return f"{subject} est {enonce.MOTS[niveau][0]} {when}{article(regle.article)}."


def _clauses(referentiel: Referentiel, regle: Regle, enfants: Niveau, them: str) -> Iterator[str]:
    return enonce.clauses(regle, enfants, partial(enonce.name, referentiel), them)


def _children(niveau: Niveau, regle: Regle) -> Niveau:
    return Niveau.INDICATEUR if niveau is Niveau.CRITERE else ENFANTS[regle.sur or "criteres"]


def _lorsque(clauses: Iterable[str]) -> str:
    """[A, B] -> « lorsque A et que B », with a comma where a clause has its own."""
    first, *others = clauses
    said = [elide("lorsque", first), *(elide("que", other) for other in others)]
    if not any(", " in clause for clause in said):
        return enumeration(said)
    return ", et ".join([", ".join(said[:-1]), said[-1]]) if others else said[0]


def _marks(reglement: Reglement, levels: Sequence[Niveau]) -> str:
    """What an evaluator gives: what counts as met, the values where a mean uses them, or both."""
    echelle, niveau = reglement.echelle, reglement.niveau_saisi
    stated = [(n, regle) for n in levels if (regle := _regle(reglement, n))]
    # A mean reads values all the way up; a count asks of each line whether it is met.
    means = any(_reads_values(regle) for _, regle in stated)
    counts = any(_children(n, r) is niveau and not _reads_values(r) for n, r in stated)
    said = []
    if counts:
        said.append(f"Un {niveau.singulier} est {enonce.MOTS[niveau][0]} {_enough(echelle)}.")
    if means:
        said.append(f"Chaque {niveau.singulier} {_values(echelle)}.")
    return " ".join(said)


def _reads_values(regle: Regle) -> bool:
    return regle.moyenne is not None or regle.somme is not None


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
