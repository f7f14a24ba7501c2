"""The engine held against a second, plainer one (naif.py), on random sessions; and what must hold.

A disagreement is made as small as it can be, then printed: what the référentiel ties together, what
the règlement says, who rated what, and the outcomes on which the two differ.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from random import Random

import naif
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naif import Cas

from batch.anomalies import Lieu
from batch.jury import calcul
from batch.lecture_yaml import Source
from batch.records import Acquis, Appreciation, Candidat
from batch.referentiel.modele import Activite, Bloc, Competence, Critere, Epreuve, Referentiel
from batch.reglement import lecture
from batch.reglement.modele import (
    Arrondi,
    Composition,
    Courrier,
    Echelle,
    NiveauEchelle,
    Note,
    Prerequis,
    Recours,
    Regle,
    RegleCertification,
    Reglement,
    ReglementAcquis,
    ReglementEvaluateurs,
    Regles,
)
from batch.vocabulaire import Presence, Voie

JURY = date(2024, 6, 15)
LIEU = Lieu("essai")
PAR_LOT, LOTS = 1000, 10

NE = NiveauEchelle("NE", "Non évalué", compte="manquant")
SO = NiveauEchelle("SO", "Sans objet", compte="exclu")


# --- a random référentiel


def referentiel(hasard: Random, par_indicateur: bool) -> Referentiel:
    """One to three blocs, or none; épreuves across blocs, critères across compétences."""
    blocs = tuple(Bloc(f"BC{n + 1}", "…") for n in range(hasard.choice([0, 1, 2, 2, 3])))
    activites: list[Activite] = []
    for bloc in blocs or (None, None):
        for _ in range(hasard.choice([1, 1, 2])):
            code = bloc.code if bloc else None
            activites.append(Activite(f"A{len(activites) + 1}", None, "…", code))
    competences: list[Competence] = []
    for activite in activites:
        for _ in range(hasard.choice([1, 2, 2, 3])):
            nom, option = f"C{len(competences) + 1}", hasard.random() < 0.25
            competences.append(
                Competence(nom, None, "…", activite.id, activite.bloc, option=option)
            )
    epreuves = [f"EP{n + 1}" for n in range(hasard.choice([1, 2, 3]))]
    if blocs and hasard.random() < 0.3:
        epreuves = []
    # Every activité is rated; then some more critères, wherever they fall.
    places = activites + [hasard.choice(activites) for _ in range(hasard.choice([0, 2, 4, 6]))]
    criteres = []
    for rank, activite in enumerate(places, 1):
        options = hasard.random() < 0.3
        own = [c.id for c in competences if c.activite == activite.id and c.option == options]
        own = own or [c.id for c in competences if c.activite == activite.id]
        own = own if same_kind(own, competences) else own[:1]
        criteres.append(
            Critere(
                f"K{rank}",
                None,
                "…",
                hasard.choice(epreuves) if epreuves else None,
                activite.id,
                tuple(sorted(hasard.sample(own, hasard.randint(1, len(own))))),
                ("…",) * hasard.choice([0, 1, 2, 3]) if par_indicateur else (),
            )
        )
    return Referentiel(
        "essai", "…", None, None, None, None, (), blocs, tuple(activites), tuple(competences),
        tuple(
            Epreuve(nom, "…", "", (), None, (), tuple(dict.fromkeys(
                c for critere in criteres if critere.epreuve == nom for c in critere.competences
            )))
            for nom in epreuves
        ),
        tuple(criteres),
    )  # fmt: skip


def same_kind(noms: list[str], competences: list[Competence]) -> bool:
    return len({c.option for c in competences if c.id in noms}) == 1


# --- a random règlement for it


def reglement(hasard: Random, ref: Referentiel, par_indicateur: bool) -> Reglement:
    echelle = hasard.choice([marks, levels, levels, words])(hasard)
    return Reglement(
        "essai", "…", "1", "essai",
        "indicateur" if par_indicateur else "critere",
        echelle,
        regles(hasard, ref, echelle.maximum),
        arrondi := Arrondi(
            hasard.choice([0, 1, 2]),
            hasard.choice(["au_plus_proche", "inferieur", "superieur"]),
            hasard.choice(["exact", "exact", "arrondi"]),
        ),
        Composition(0),
        ReglementAcquis(hasard.choice(["illimitee", 1, 5])),
        (Voie.VAE,),
        Courrier("…", "…", "…", Recours("…", "…")),
        evaluateurs=evaluateurs(hasard, echelle, arrondi),
    )  # fmt: skip


def marks(hasard: Random) -> Echelle:
    return Echelle((NE, SO), Note(Decimal(20), Decimal(hasard.choice([8, 10, 12]))))


def levels(hasard: Random) -> Echelle:
    """Two to four levels with values, met from one of them on."""
    names = ["NA", "PA", "AT", "M"][: hasard.randint(2, 4)]
    first = hasard.randint(1, len(names) - 1)
    rated = [NiveauEchelle(n, n, Decimal(v), v >= first) for v, n in enumerate(names)]
    return Echelle((*rated, NE, SO))


def words(hasard: Random) -> Echelle:
    """Levels without values."""
    return Echelle((NiveauEchelle("A", "A", None, True), NiveauEchelle("NA", "NA"), NE, SO))


def evaluateurs(hasard: Random, echelle: Echelle, arrondi: Arrondi) -> ReglementEvaluateurs:
    modes = ["jury", "plus_favorable", "plus_defavorable", "moyenne"]
    # Kept out: without values, the engine sends the two « plus… » to the jury.
    if echelle.maximum is None:
        modes = ["jury"]
    # Kept out: the engine never rounds the mean of the evaluators before its threshold.
    elif arrondi.compare == "arrondi":
        modes.remove("moyenne")
    return ReglementEvaluateurs(
        hasard.choice([1, 1, 1, 2, 3]),
        hasard.choice(modes),
        hasard.choice([None, None, Decimal(0), Decimal(1), Decimal(4)]),
        hasard.choice([None, {"formateur": Decimal(30), "jury": Decimal("50.5")}]),
    )


def regles(hasard: Random, ref: Referentiel, top: Decimal | None) -> Regles:
    under = {
        "criteres": [c.id for c in ref.criteres],
        "competences": [c.id for c in ref.competences],
        "epreuves": [e.id for e in ref.epreuves],
        "activites": [a.id for a in ref.activites],
        "lignes": [c.indicateur(n + 1) for c in ref.criteres for n in range(len(c.indicateurs))],
        "blocs": [b.code for b in ref.blocs],
    }

    def of(level: str, own: str | None = None) -> Regle:
        over = [name for name in OVER[level] if under[name]]
        sur = hasard.choice(over) if over else None
        return regle(hasard, sur, under[own or sur or "criteres"], top)

    certification = RegleCertification(
        blocs="tous" if ref.blocs else None,
        activites=None if ref.blocs else of("tout", "activites"),
        epreuves=of("tout", "epreuves") if not ref.blocs and hasard.random() < 0.6 else None,
    )
    if ref.blocs:
        mean = threshold(hasard, top) if top is not None and hasard.random() < 0.3 else None
        certification = replace(
            certification,
            moyenne=mean,
            poids=weights(hasard, under["blocs"]) if mean is not None else None,
            epreuve_transversale=hasard.choice([None, *under["epreuves"]]),
            prerequis=hasard.choice([None, None, Prerequis("jours", 90), Prerequis("brevet")]),
        )
    return Regles(
        certification,
        critere=of("critere", "lignes"),
        competence=of("competence"),
        epreuve=of("epreuve"),
        activite=of("activite"),
        bloc=of("bloc"),
        particulieres={
            nom: of(level)
            for level, names in (("competence", "competences"), ("epreuve", "epreuves"),
                                 ("activite", "activites"), ("bloc", "blocs"))
            for nom in under[names]
            if hasard.random() < 0.1
        } | {
            nom: of("critere", "lignes") for nom in under["criteres"] if hasard.random() < 0.1
        },
    )  # fmt: skip


# What a rule of each level may look at.
OVER = {
    "critere": [],
    "competence": ["criteres"],
    "epreuve": ["criteres", "competences"],
    "activite": ["criteres", "competences", "epreuves"],
    "bloc": ["criteres", "competences", "epreuves", "activites"],
    "tout": [],
}


def regle(hasard: Random, sur: str | None, under: list[str], top: Decimal | None) -> Regle:
    """One condition, and now and then what may be added to it."""
    kinds = ["toutes", "au_moins", "proportion"] + ["moyenne", "moyenne", "somme"] * (
        top is not None
    )
    condition = {
        "toutes": lambda: True,
        "au_moins": lambda: hasard.choice([1, 1, 2, 3]),
        "proportion": lambda: Fraction(hasard.choice([1, 50, 60, 70, 100]), 100),
        "moyenne": lambda: threshold(hasard, top),
        "somme": lambda: threshold(hasard, top) * hasard.choice([1, 2, 3]),
    }
    kind = hasard.choice(kinds)
    made = Regle(sur=sur, **{kind: condition[kind]()})
    if under and hasard.random() < 0.25:
        made = replace(made, eliminatoires=tuple(hasard.sample(under, min(2, len(under)))))
    if under and top is not None:
        if hasard.random() < 0.3:
            made = replace(made, poids=weights(hasard, under))
        if hasard.random() < 0.2:
            made = replace(made, minimum=threshold(hasard, top) / 2)
        if hasard.random() < 0.2:
            made = replace(made, minimums={hasard.choice(under): threshold(hasard, top)})
    return made


def threshold(hasard: Random, top: Decimal) -> Decimal:
    return top * Decimal(hasard.choice(["0.4", "0.5", "0.5", "0.6", "0.7"]))


def weights(hasard: Random, under: list[str]) -> dict[str, Decimal]:
    """Never 0: the engine then takes what it cannot weigh for a failure (kept out)."""
    return {
        nom: Decimal(hasard.choice(["0.5", "2", "3"]))
        for nom in hasard.sample(under, hasard.randint(1, len(under)))
    }


# --- a random candidate, and what was said of him


def session(hasard: Random) -> Cas:
    par_indicateur = hasard.random() < 0.25
    ref = referentiel(hasard, par_indicateur)
    rules = reglement(hasard, ref, par_indicateur)
    codes = [bloc.code for bloc in ref.blocs]
    candidat = Candidat(
        "C1", "DURAND", None, ("Léa",), None, date(1996, 3, 14), "Lyon", "France", None, None,
        Voie.VAE,
        blocs_vises=some(hasard, codes, 0.3),
        options=some(hasard, list(ref.options), 0.7),
        groupe=None, amenagement=False,
        presence=hasard.choices(list(Presence), [20, 1, 1])[0],
        lieu=LIEU,
        prerequis=hasard.choice([None, 0, 1, 89, 90, 90, 120]),
    )  # fmt: skip
    acquis = tuple(
        Acquis("C1", code, hasard.choice(DATES), hasard.random() < 0.3, "…", LIEU)
        for code in some(hasard, codes, 0.25)
    )
    absences = some(hasard, [partie.id for partie in ref.parties], 0.1)
    return Cas(
        ref, rules, candidat, tuple(ratings(hasard, ref, rules, absences)), absences, acquis, JURY
    )


# Five years to the day, a day more; one year to the day, a day more; the very day; the morrow.
DATES = [
    date(2019, 6, 15), date(2019, 6, 14), date(2023, 6, 15), date(2023, 6, 14), JURY,
    date(2024, 6, 16),
]  # fmt: skip


def some(hasard: Random, names: list[str], chance: float) -> tuple[str, ...]:
    if not names or hasard.random() >= chance:
        return ()
    return tuple(sorted(hasard.sample(names, hasard.randint(1, len(names)))))


def ratings(
    hasard: Random, ref: Referentiel, rules: Reglement, absences: Iterable[str]
) -> Iterator[Appreciation]:
    """What the evaluators said; of optional critères too, whoever takes them."""
    good = hasard.choice([0.5, 0.8, 0.95, 1.0])
    holes = hasard.choice([0, 0, 0, 0.1])
    agree = hasard.choice([0.5, 0.9, 1.0])
    who = [("E1", "formateur"), ("E2", "tuteur"), ("E3", "jury"), ("E4", None)]
    for partie in ref.parties:
        if partie.id in absences:
            continue
        for ligne in lignes(partie.criteres, rules):
            first = hasard.random() < good
            number = rules.evaluateurs.nombre + (hasard.random() < 0.05)
            for evaluateur, role in who[:number]:
                if hasard.random() >= holes / 3:
                    same = first if hasard.random() < agree else not first
                    dit = said(hasard, rules.echelle, same, holes)
                    yield avis(partie.id, ligne, evaluateur, dit, role)
            if hasard.random() < 0.03:
                dit = said(hasard, rules.echelle, first, holes)
                yield replace(avis(partie.id, ligne, "jury", dit), arbitrage=True)


def lignes(criteres: Iterable[Critere], rules: Reglement) -> Iterator[str]:
    for critere in criteres:
        if rules.saisie == "critere" or not critere.indicateurs:
            yield critere.id
        else:
            yield from (critere.indicateur(n + 1) for n in range(len(critere.indicateurs)))


def said(hasard: Random, echelle: Echelle, well: bool, holes: float) -> str | Fraction:
    """A level's code, or a mark; marks fall on the thresholds and a hundredth off them."""
    if hasard.random() < holes:
        return "NE"
    if hasard.random() < 0.05:
        return "SO"
    if echelle.note:
        seuil = Fraction(echelle.note.satisfait_a_partir_de)
        if well:
            return seuil + Fraction(hasard.choice(["0", "0", "0.01", "1.5", "4", "8"]))
        return max(Fraction(0), seuil - Fraction(hasard.choice(["0.01", "0.5", "1", "4", "12"])))
    return hasard.choice([n.code for n in echelle.niveaux if n.satisfait == well and n.compte == "normal"])


def avis(
    partie: str, ligne: str, evaluateur: str, dit: str | Fraction, role: str | None = None
) -> Appreciation:
    niveau = dit if isinstance(dit, str) else None
    note = None if isinstance(dit, str) else dit
    return Appreciation("C1", evaluateur, partie, ligne, niveau, note, None, LIEU, role)


# --- the two engines, side by side


def proposed(cas: Cas) -> dict[str, dict[str, str]]:
    resultat = calcul.propose(
        cas.referentiel, cas.reglement, cas.candidat, cas.appreciations, cas.absences, cas.acquis,
        cas.date_jury,
    )  # fmt: skip
    levels = {
        "critères": resultat.criteres,
        "compétences": resultat.competences,
        "épreuves": resultat.epreuves,
        "activités": resultat.activites,
        "blocs": resultat.blocs,
    }
    words = {level: {k: v.value for k, v in own.items()} for level, own in levels.items()}
    return words | {
        "présence": {"candidat": resultat.presence.value},
        "certification": {"certification": resultat.certification.value},
    }


def differences(cas: Cas) -> list[str]:
    """Each outcome that the two reckon differently, as a line to read."""
    try:
        engine = proposed(cas)
    except Exception as error:
        return [f"le moteur s'arrête : {error!r}"]
    plain = naif.outcomes(cas)
    return [
        f"{level} {nom} : le moteur dit {engine[level].get(nom)}, l'autre {plain[level].get(nom)}"
        for level in plain
        for nom in sorted(plain[level] | engine[level])
        if engine[level].get(nom) != plain[level].get(nom)
    ]


def test_x():
    import time, collections
    t=time.time(); n=0; seen=collections.Counter()
    for seed in range(3000):
        cas = session(Random(seed))
        d = differences(cas)
        if d:
            n+=1
            d2 = differences(replace(cas, options="moteur")) if cas.candidat.options else d
            seen["opt" if not d2 else "other"]+=1
            if d2 and seen["other"]<12: print(seed, d2[:3])
    print(n, seen, time.time()-t)
