"""A candidate's ratings -> every outcome, reckoned as by hand with the règlement on the desk.

Written from the contract (conception, part 2) and from the docstrings of the règlement. It shares
nothing with `batch/jury` and is as plain as can be: each outcome is reckoned anew from the ratings
under it, all the way down. test_moteur_naif.py holds the engine against it.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import combinations

from batch.records import Acquis, Appreciation, Candidat, Incident
from batch.referentiel.modele import Critere, Partie, Referentiel
from batch.reglement.modele import Arrondi, Mention, Regle, Reglement

ATTEINT, NON_ATTEINT = "atteint", "non atteint"
MANQUANT, EXCLU, A_ARBITRER, FERME = "manquant", "exclu", "à arbitrer", "fermé"

CRITERE = {
    ATTEINT: "satisfait", NON_ATTEINT: "non_satisfait", MANQUANT: "non_evalue",
    EXCLU: "sans_objet", A_ARBITRER: "divergent", FERME: "non_evalue!",
}  # fmt: skip
COMPETENCE = {
    ATTEINT: "acquise", NON_ATTEINT: "non_acquise", MANQUANT: "non_evaluee",
    EXCLU: "sans_objet", A_ARBITRER: "a_arbitrer", FERME: "non_evaluee!",
}  # fmt: skip
PARTIE = {
    ATTEINT: "valide", NON_ATTEINT: "non_valide", MANQUANT: "incomplet",
    EXCLU: "sans_objet", A_ARBITRER: "a_arbitrer", FERME: "non_presente!",
}  # fmt: skip
# The mark « ! » tells what was closed from what was missed, until it is said with the same word.
# « Sans objet » is no outcome for a bloc: the jury says what becomes of it.
BLOC = PARTIE | {EXCLU: "a_arbitrer"}

# Time is all that it saves: what was reckoned of the last cases is not reckoned again.
once = lru_cache(maxsize=512)

# What an option may turn into what, at any level: the best comes last.
PIRE_D_ABORD = [
    FERME, "non_evalue!", "non_evaluee!", "non_presente!",
    NON_ATTEINT, "non_satisfait", "non_acquise", "non_valide",
    MANQUANT, "non_evalue", "non_evaluee", "incomplet", "non_presente", "non_vise",
    A_ARBITRER, "divergent", "a_arbitrer",
    EXCLU, "sans_objet",
    ATTEINT, "satisfait", "acquise", "valide", "acquis_anterieur", "dispense",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Cas:
    """What is known of one candidate on the day of the jury."""

    referentiel: Referentiel
    reglement: Reglement
    candidat: Candidat
    appreciations: tuple[Appreciation, ...]
    absences: tuple[str, ...]
    acquis: tuple[Acquis, ...]
    date_jury: date
    incidents: tuple[Incident, ...] = ()


@dataclass(frozen=True)
class Point:
    """Where something stands, and its mark when it has one."""

    etat: str
    valeur: Fraction | None = None
    acquis: bool = False  # before this session: what has no mark then weighs on no mean


def outcomes(cas: Cas) -> dict[str, dict[str, str]]:
    """Every outcome at every level, by id.

    An option never counts against the candidate: each outcome is the best that he would have had
    by taking all of his options, or any of them, or none.
    """
    said, besides = _levels(cas), conditions(cas)
    for fewer in _with_fewer_options(cas):
        for level, own in _levels(fewer).items():
            for nom, mot in own.items():
                if not _is_the_option(cas, level, nom):
                    said[level][nom] = max(said[level][nom], mot, key=PIRE_D_ABORD.index)
        both = zip(besides, conditions(fewer), strict=True)
        besides = [max(pair, key=PIRE_D_ABORD.index) for pair in both]
    said = {
        level: {nom: mot.rstrip("!") for nom, mot in own.items()} for level, own in said.items()
    }
    return said | {
        "présence": {"candidat": presence(cas)},
        "mention": {"mention": mention(cas)},
        "certification": {"certification": certification(cas, said["blocs"], besides)},
    }


def _levels(cas: Cas) -> dict[str, dict[str, str]]:
    return {
        "critères": {c.id: CRITERE[critere(cas, c).etat] for c in criteres_dus(cas)},
        "compétences": _level(cas, "competence", COMPETENCE),
        "épreuves": _epreuves(cas),
        "activités": _level(cas, "activite", PARTIE),
        "blocs": {bloc.code: _bloc(cas, bloc.code) for bloc in cas.referentiel.blocs},
    }


def _level(cas: Cas, niveau: str, mots: Mapping[str, str]) -> dict[str, str]:
    points = {nom: noeud(cas, niveau, nom) for nom in _noms(cas, niveau)}
    return {nom: mots[point.etat] for nom, point in points.items() if point}


def _epreuves(cas: Cas) -> dict[str, str]:
    said = _level(cas, "epreuve", PARTIE)
    return {nom: "non_presente" if nom in manquees(cas) else mot for nom, mot in said.items()}


def _with_fewer_options(cas: Cas) -> list[Cas]:
    taken = [option for option in cas.candidat.options if option in cas.referentiel.options]
    against = [option for option in taken if option in cas.reglement.options.contre]
    free = [option for option in taken if option not in against]
    return [
        replace(cas, candidat=replace(cas.candidat, options=(*against, *kept)))
        for count in range(len(free))
        for kept in combinations(free, count)
    ]


def _is_the_option(cas: Cas, level: str, nom: str) -> bool:
    """It rates options and nothing else: it is what it is, and counts above or does not."""
    if level == "critères":
        return optionnel(cas, cas.referentiel.critere[nom])
    if level == "compétences":
        return cas.referentiel.competence[nom].option
    return rests_on_options(cas, nom)


def rests_on_options(cas: Cas, nom: str) -> bool:
    """An épreuve, activité or bloc whose critères all rate options."""
    ref = cas.referentiel
    own = [
        c
        for c in criteres_dus(cas)
        if nom in (c.epreuve, c.activite, *_liens(cas, c, "bloc"))
        or any(ref.competence[one].bloc == nom for one in c.competences)
    ]
    return bool(own) and all(optionnel(cas, c) for c in own)


# --- what the candidate is there for


def tenus(cas: Cas) -> dict[str, Acquis]:
    """The blocs acquired before the jury sits, on a day from which they are still valid."""
    return {a.bloc: a for a in _valables(cas, cas.reglement.acquis.validite) if not a.competence}


def competences_tenues(cas: Cas) -> dict[str, Acquis]:
    """The same of compétences without their bloc, if the règlement keeps them."""
    validite = cas.reglement.acquis.competences
    held = _valables(cas, validite) if validite is not None else []
    rated = {c for own in cas.referentiel.criteres for c in own.competences}
    return {a.competence: a for a in held if a.competence in rated and a.bloc not in tenus(cas)}


def _valables(cas: Cas, validite: object) -> list[Acquis]:
    held = [a for a in cas.acquis if a.candidat == cas.candidat.id and a.date <= cas.date_jury]
    if validite == "illimitee":
        return held
    months = validite * 12 if isinstance(validite, int) else validite.mois
    return [acquis for acquis in held if cas.date_jury <= _fin(acquis.date, months)]


def _fin(jour: date, mois: int) -> date:
    """The same number, so many months later; a month that lacks it ends on its last day."""
    month = jour.month + mois
    year = jour.year + (month - 1) // 12
    month = (month - 1) % 12 + 1
    return date(year, month, min(jour.day, monthrange(year, month)[1]))


@once
def vises(cas: Cas) -> set[str]:
    """The blocs to be rated in this session."""
    every_bloc = {bloc.code for bloc in cas.referentiel.blocs}
    return set(cas.candidat.blocs_vises or every_bloc) - set(tenus(cas))


@once
def parties_dues(cas: Cas) -> list[Partie]:
    """The épreuves that his voie has, of the blocs to be rated; without blocs, all of them.

    Whoever aims at everything takes the épreuve transversale, whatever he holds. Nobody is rated
    again on compétences that he holds.
    """
    own = (cas.reglement.par_voie or {}).get(cas.candidat.voie)
    mine = own.epreuves if own else None
    whole = cas.reglement.regles.certification.epreuve_transversale
    return [
        partie
        for partie in cas.referentiel.parties
        if (mine is None or partie.id in mine)
        and (
            not cas.referentiel.blocs
            or any(bloc in vises(cas) for bloc in partie.blocs)
            or (partie.id == whole and not cas.candidat.blocs_vises)
        )
        and not (partie.criteres and all(tenu(cas, critere) for critere in partie.criteres))
    ]


@once
def criteres_dus(cas: Cas) -> list[Critere]:
    return [critere for partie in parties_dues(cas) for critere in partie.criteres]


@once
def presence(cas: Cas) -> str:
    """Somebody who came to none of what he was due at is absent, or excused if it all was."""
    dues = {partie.id for partie in parties_dues(cas)}
    if cas.candidat.presence.value == "present" and dues and dues == manquees(cas):
        return "excuse" if dues <= touchees(cas, "excuse") else "absent"
    return cas.candidat.presence.value


@once
def manquees(cas: Cas) -> set[str]:
    """The épreuves, or blocs, to which he did not come; or that he gave up, before any rating."""
    dues = {partie.id for partie in parties_dues(cas)}
    if cas.candidat.presence.value != "present":
        return dues
    rated = {one.partie for one in cas.appreciations}
    away = set(cas.absences) | touchees(cas, "absence") | touchees(cas, "excuse")
    return dues & (away | touchees(cas, "abandon") - rated)


@once
def touchees(cas: Cas, nature: str) -> set[str]:
    """The épreuves, or blocs, where this happened to him; everywhere if none is named."""
    own = [incident for incident in cas.incidents if incident.nature.value == nature]
    everywhere = any(incident.partie is None for incident in own)
    return {p.id for p in parties_dues(cas) if everywhere or p.id in {i.partie for i in own}}


def optionnel(cas: Cas, critere: Critere) -> bool:
    """It rates options and nothing else."""
    options = [c.id for c in cas.referentiel.competences if c.option]
    return bool(critere.competences) and all(c in options for c in critere.competences)


def tenu(cas: Cas, critere: Critere) -> bool:
    """It rates compétences that he holds, and nothing else."""
    held = competences_tenues(cas)
    return bool(critere.competences) and all(c in held for c in critere.competences)


@once
def ferme(cas: Cas, own: Critere) -> bool:
    """Its épreuve or its bloc opens after another one, which he failed or which was closed too."""
    places = [own.epreuve, *_liens(cas, own, "bloc")]
    return any(
        echoue(cas, before)
        for place, acces in (cas.reglement.regles.acces or {}).items()
        if place in places
        for before in acces.apres
    )


@once
def echoue(cas: Cas, nom: str) -> bool:
    """Failed in this session, or closed; what he holds or was not due at closes nothing."""
    niveau = "epreuve" if nom in [e.id for e in cas.referentiel.epreuves] else "bloc"
    if niveau == "bloc" and nom not in vises(cas):
        return False
    point = noeud(cas, niveau, nom)
    return point is not None and point.etat in (NON_ATTEINT, FERME)


# --- the ratings


def ligne(cas: Cas, nom: str) -> Point:
    """One line of the grids; what was rated of an épreuve that he missed is not his."""
    own = [one for one in cas.appreciations if one.ligne == nom]
    own = [one for one in own if one.partie not in manquees(cas)]
    arbitrages = [one for one in own if one.arbitrage]
    if arbitrages:
        return avis(cas, arbitrages[-1])
    if len({one.evaluateur for one in own}) < cas.reglement.evaluateurs.nombre:
        return Point(MANQUANT)
    if any(role not in [one.role for one in own] for role in cas.reglement.evaluateurs.roles):
        return Point(MANQUANT)
    said = [avis(cas, one) for one in own]
    if any(one.etat == MANQUANT for one in said):
        return Point(MANQUANT)
    mode = cas.reglement.evaluateurs.divergence
    poids = cas.reglement.evaluateurs.poids or {}
    if all(one == said[0] for one in said) and not (mode == "moyenne" and poids):
        return said[0]
    if all(one.etat == EXCLU for one in said):
        return Point(EXCLU)
    if any(one.etat == EXCLU for one in said):
        return Point(A_ARBITRER)  # no mode weighs « it does not apply » against a rating
    values = [one.valeur for one in said if one.valeur is not None]
    gap = cas.reglement.evaluateurs.ecart_max
    if gap is not None and len(values) == len(said) and max(values) - min(values) > Fraction(gap):
        return Point(A_ARBITRER)
    if mode == "plus_favorable":
        return sorted(said, key=_favour)[-1]
    if mode == "plus_defavorable":
        return sorted(said, key=_favour)[0]
    if mode == "moyenne" and len(values) == len(said):
        weights = [Fraction(poids.get(one.role or "", 1)) for one in own]
        mean = _weighted(values, weights)
        return Point(_marked(cas, arrondie(mean, cas.reglement.arrondi)).etat, mean)
    return Point(A_ARBITRER)


def _favour(point: Point) -> tuple[bool, Fraction]:
    return point.etat == ATTEINT, point.valeur or Fraction(0)


def avis(cas: Cas, appreciation: Appreciation) -> Point:
    """What one evaluator says."""
    if appreciation.note is not None:
        return _marked(cas, appreciation.note)
    for niveau in cas.reglement.echelle.niveaux:
        if niveau.code == appreciation.niveau:
            if niveau.compte == "manquant":
                return Point(MANQUANT)
            if niveau.compte == "exclu":
                return Point(EXCLU)
            valeur = None if niveau.valeur is None else Fraction(niveau.valeur)
            return Point(ATTEINT if niveau.satisfait else NON_ATTEINT, valeur)
    raise AssertionError(appreciation.niveau)


def _marked(cas: Cas, note: Fraction) -> Point:
    """A mark, or a mean over levels: met from the règlement's mark, or from the lowest level on."""
    echelle = cas.reglement.echelle
    if echelle.note:
        seuil = echelle.note.satisfait_a_partir_de
    else:
        seuil = min(n.valeur for n in echelle.niveaux if n.satisfait and n.valeur is not None)
    return Point(ATTEINT if note >= Fraction(seuil) else NON_ATTEINT, note)


# --- the rules


@once
def critere(cas: Cas, own: Critere) -> Point:
    if optionnel(cas, own) and not any(c in cas.candidat.options for c in own.competences):
        return Point(EXCLU)
    if tenu(cas, own):
        return Point(EXCLU)
    if ferme(cas, own):
        return Point(FERME)
    annulled = touchees(cas, "fraude") - manquees(cas)
    if any(own in partie.criteres and partie.id in annulled for partie in parties_dues(cas)):
        return Point(NON_ATTEINT, Fraction(0))
    if cas.reglement.saisie == "critere" or not own.indicateurs:
        return ligne(cas, own.id)
    lines = [f"{own.id}.{rank}" for rank in range(1, len(own.indicateurs) + 1)]
    regle = _regle(cas, "critere", own.id)
    assert regle is not None
    return juge(regle, {nom: ligne(cas, nom) for nom in lines}, cas.reglement.arrondi)


@once
def noeud(cas: Cas, niveau: str, nom: str) -> Point | None:
    """A compétence, épreuve, activité or bloc by its rule; None when nothing says how it stands."""
    if niveau == "competence" and nom in competences_tenues(cas):
        note = competences_tenues(cas)[nom].note
        return Point(ATTEINT, note, acquis=True)
    regle = _regle(cas, niveau, nom)
    if regle is None:
        return None
    children = enfants(cas, niveau, nom, regle.sur or "criteres")
    if not children:
        return None
    options = [c.id for c in cas.referentiel.competences if c.option]
    if niveau == "competence" and nom in options and nom not in cas.candidat.options:
        return Point(EXCLU)  # whatever it shares a critère with, he does not take it
    return juge(regle, children, cas.reglement.arrondi)


def _regle(cas: Cas, niveau: str, nom: str) -> Regle | None:
    return (cas.reglement.regles.particulieres or {}).get(nom) or getattr(
        cas.reglement.regles, niveau
    )


def _noms(cas: Cas, niveau: str) -> list[str]:
    """The nodes of that level that the candidate is rated on."""
    rated = [nom for c in criteres_dus(cas) for nom in _liens(cas, c, niveau)]
    held = list(competences_tenues(cas)) if niveau == "competence" else []
    return list(dict.fromkeys([*rated, *held]))


def _liens(cas: Cas, own: Critere, niveau: str) -> list[str]:
    """Where a critère belongs, at each level."""
    if niveau == "competence":
        return list(own.competences)
    if niveau == "epreuve":
        return [own.epreuve] if own.epreuve else []
    if niveau == "activite":
        return [own.activite] if own.activite else []
    if own.activite:
        code = cas.referentiel.activite[own.activite].bloc
    else:  # of the first compétence that it names
        code = cas.referentiel.competence[own.competences[0]].bloc if own.competences else None
    return [code] if code else []


def enfants(cas: Cas, niveau: str, nom: str, sur: str) -> dict[str, Point]:
    """What stands under a node, by id, and where each of it stands."""
    own = [c for c in criteres_dus(cas) if nom in _liens(cas, c, niveau)]
    if sur == "criteres":
        return {c.id: critere(cas, c) for c in own}
    if sur == "competences" and niveau == "bloc":
        under = [c.id for c in cas.referentiel.competences if c.bloc == nom]
    elif sur == "competences" and niveau == "activite":
        under = [c.id for c in cas.referentiel.competences if c.activite == nom]
    elif sur == "activites":
        under = [a.id for a in cas.referentiel.activites if a.bloc == nom]
    else:  # an épreuve's compétences; the épreuves of a bloc or of an activité
        under = [lien for c in own for lien in _liens(cas, c, sur.removesuffix("s"))]
    rated = _noms(cas, sur.removesuffix("s"))
    points = {child: noeud(cas, sur.removesuffix("s"), child) for child in under if child in rated}
    return {child: point for child, point in points.items() if point}


def juge(regle: Regle, children: Mapping[str, Point], arrondi: Arrondi) -> Point:
    counted = {nom: point for nom, point in children.items() if point.etat != EXCLU}
    states = [point.etat for point in counted.values()]
    if not states:
        return Point(EXCLU)
    if MANQUANT in states:
        return Point(MANQUANT)
    if A_ARBITRER in states:
        return Point(A_ARBITRER)
    if all(state == FERME for state in states):
        return Point(FERME)
    marks = {nom: p.valeur for nom, p in counted.items() if not (p.acquis and p.valeur is None)}
    mean = total = None
    if marks and None not in marks.values():
        mean = _weighted(list(marks.values()), _poids(regle, list(marks)))
        total = sum(marks.values())
    met = states.count(ATTEINT)
    if regle.toutes:
        passes = met == len(states)
    elif regle.au_moins is not None:
        passes = met >= regle.au_moins
    elif regle.proportion is not None:
        passes = met >= regle.proportion * len(states)
    elif not marks:
        passes = True  # acquired before, all of it, without a mark
    elif regle.moyenne is not None:
        passes = mean is not None and arrondie(mean, arrondi) >= Fraction(regle.moyenne)
    else:
        passes = total is not None and arrondie(total, arrondi) >= Fraction(regle.somme)
    for nom, point in counted.items():
        if nom in regle.eliminatoires and point.etat in (NON_ATTEINT, FERME):
            passes = False
        minimum = (regle.minimums or {}).get(nom, regle.minimum)
        if minimum is not None and point.etat == FERME:
            passes = False
        if minimum is not None and not point.acquis and point.valeur is not None:
            passes = passes and arrondie(point.valeur, arrondi) >= Fraction(minimum)
    return Point(ATTEINT if passes else NON_ATTEINT, mean)


def _poids(regle: Regle, noms: Sequence[str]) -> list[Fraction]:
    """Whoever has a part keeps it; the others share what the parts leave, by their weights."""
    parts = {nom: part for nom, part in (regle.parts or {}).items() if nom in noms}
    others = {n: Fraction((regle.poids or {}).get(n, 1)) for n in noms if n not in parts}
    left = 1 - sum(parts.values()) if parts else sum(others.values())
    return [parts[n] if n in parts else others[n] * left / sum(others.values()) for n in noms]


def _weighted(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)


def arrondie(valeur: Fraction, arrondi: Arrondi) -> Fraction:
    """The mark as it meets its threshold."""
    if arrondi.compare == "exact":
        return valeur
    step = Fraction(1, 10**arrondi.decimales) if arrondi.pas is None else Fraction(arrondi.pas)
    under = valeur - valeur % step
    rest = valeur - under
    if arrondi.mode == "superieur":
        up = rest > 0
    elif arrondi.mode == "inferieur":
        up = False
    else:
        up = rest >= step / 2
    return under + step if up else under


# --- the blocs and the certification


def _bloc(cas: Cas, code: str) -> str:
    held = tenus(cas)
    if code in held:
        return "dispense" if held[code].dispense else "acquis_anterieur"
    if code not in vises(cas):
        return "non_vise"
    own = [partie.id for partie in parties_dues(cas) if code in partie.blocs]
    if presence(cas) != "present" or (own and all(partie in manquees(cas) for partie in own)):
        return "non_presente"
    closed = [
        partie
        for partie, acces in (cas.reglement.regles.acces or {}).items()
        if any(echoue(cas, before) for before in acces.apres)
    ]
    if own and all(partie in manquees(cas) or partie in closed for partie in own):
        return "non_presente!"
    point = noeud(cas, "bloc", code)
    return BLOC[point.etat] if point else "a_arbitrer"  # where nothing rates it, nothing tells


def certification(cas: Cas, states: Mapping[str, str], besides: Sequence[str]) -> str:
    if presence(cas) != "present":
        return presence(cas)
    if not states:
        if any(state in (MANQUANT, A_ARBITRER, EXCLU) for state in besides):
            return "en_attente"
        return "delivree" if all(state == ATTEINT for state in besides) else "non_delivree"
    held = [c for c, state in states.items() if state in ("valide", "acquis_anterieur", "dispense")]
    if any(state in ("incomplet", "a_arbitrer") for state in states.values()):
        return "en_attente"
    if len(held) == len(states):
        if any(state in (MANQUANT, A_ARBITRER) for state in besides):
            return "en_attente"
        failed = NON_ATTEINT in besides or FERME in besides
        return "partielle" if failed else "delivree"
    if cas.candidat.blocs_vises and all(code in held for code in cas.candidat.blocs_vises):
        return "blocs_vises_valides"
    return "partielle" if held else "non_delivree"


def conditions(cas: Cas) -> list[str]:
    """What the certification demands besides its blocs; all of it where there are none."""
    rule, arrondi, states = cas.reglement.regles.certification, cas.reglement.arrondi, []
    if not cas.referentiel.blocs:
        for niveau, over in (("activite", rule.activites), ("epreuve", rule.epreuves)):
            if over is not None:
                points = {nom: noeud(cas, niveau, nom) for nom in _noms(cas, niveau)}
                states.append(juge(over, {n: p for n, p in points.items() if p}, arrondi).etat)
    if rule.moyenne is not None:
        marks = {b.code: noeud(cas, "bloc", b.code) for b in cas.referentiel.blocs}
        rated = {code: mark for code, mark in marks.items() if mark and code in vises(cas)}
        rated |= marques_tenues(cas)
        over = Regle(moyenne=rule.moyenne, poids=rule.poids)
        states.append(juge(over, rated, arrondi).etat)
    own = (cas.reglement.par_voie or {}).get(cas.candidat.voie)
    mine = own.epreuves if own else None
    if rule.epreuve_transversale is not None and (
        mine is None or rule.epreuve_transversale in mine
    ):
        due = rule.epreuve_transversale in _noms(cas, "epreuve")
        point = noeud(cas, "epreuve", rule.epreuve_transversale) if due else None
        states.append(point.etat if point else MANQUANT)
    if rule.prerequis is not None:
        said, minimum = cas.candidat.prerequis, rule.prerequis.minimum
        if said is None:
            states.append(MANQUANT)
        else:
            states.append(ATTEINT if said >= (1 if minimum is None else minimum) else NON_ATTEINT)
    return states


def marques_tenues(cas: Cas) -> dict[str, Point]:
    """The blocs held with a mark: they enter the mean of the blocs."""
    held = tenus(cas).items()
    return {code: Point(ATTEINT, a.note, acquis=True) for code, a in held if a.note is not None}


def mention(cas: Cas) -> str:
    """The last of the list that is reached: they go from the lowest to the highest."""
    reached = [m.libelle for m in cas.reglement.regles.certification.mentions if _merite(cas, m)]
    return reached[-1] if reached else ""


def _merite(cas: Cas, one: Mention) -> bool:
    """By the mean of the blocs, all of them with a mark; or by how many nodes are good enough."""
    if one.moyenne is not None:
        mean = _mean_of_blocs(cas)
        return mean is not None and arrondie(mean, cas.reglement.arrondi) >= Fraction(one.moyenne)
    counted = 0
    for point in _points(cas, one.sur):
        if one.a_partir_de is None:
            counted += point.etat == ATTEINT
        elif point.valeur is not None:
            mark = arrondie(point.valeur, cas.reglement.arrondi)
            counted += mark >= Fraction(one.a_partir_de)
    return counted >= one.au_moins


def _points(cas: Cas, sur: str) -> list[Point]:
    """Every node of a level, each with the options that serve it."""
    if sur == "criteres":
        return [critere(cas, own) for own in criteres_dus(cas)]
    niveau = sur.removesuffix("s")
    said = []
    for nom in _noms(cas, niveau):
        optional = niveau == "competence" and cas.referentiel.competence[nom].option
        alone = optional or rests_on_options(cas, nom)
        others = [] if alone else _with_fewer_options(cas)
        points = [point for one in (cas, *others) if (point := noeud(one, niveau, nom))]
        if points:
            said.append(max(points, key=_serves))
    return said


def _mean_of_blocs(cas: Cas) -> Fraction | None:
    marks = {}
    for code in (bloc.code for bloc in cas.referentiel.blocs):
        point = _at_best(cas, code) if code in vises(cas) else marques_tenues(cas).get(code)
        if point is None or point.valeur is None:
            return None
        marks[code] = point.valeur
    rule = cas.reglement.regles.certification
    weights = [Fraction((rule.poids or {}).get(code, 1)) for code in marks]
    return _weighted(list(marks.values()), weights) if marks else None


def _at_best(cas: Cas, code: str) -> Point | None:
    """A bloc with the options that serve it."""
    if rests_on_options(cas, code):
        return noeud(cas, "bloc", code)
    points = [noeud(one, "bloc", code) for one in (cas, *_with_fewer_options(cas))]
    rated = [point for point in points if point]
    return max(rated, key=_serves) if rated else None


def _serves(point: Point) -> tuple[int, Fraction]:
    return PIRE_D_ABORD.index(point.etat), point.valeur or Fraction(0)
