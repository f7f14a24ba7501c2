"""A session under other rules -> who flips, and whose result hangs by a hair. It writes nothing.

The règlement is changed as a text would be (« bloc.seuil=60% »), then read and linted like any
other: a rule that could not apply is refused with the sentence that the règlement would get.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from batch import chaine, lecture_yaml
from batch.anomalies import MauvaisUsage, suggestion
from batch.chaine import Contexte, Examen
from batch.classeurs.grille.controle import Evaluations
from batch.francais import (
    INSECABLE,
    compte,
    distinctement,
    enumeration,
    nombre,
    pourcentage,
    proche,
    sans_accent,
    typographie,
)
from batch.jury import calcul, divergences, explication
from batch.jury.calcul import Resultat
from batch.jury.deliberation import CERTIFICATION, Issue
from batch.jury.regles import Constat, Mesure, judge
from batch.jury.seance import Dossier
from batch.lecture_yaml import Source
from batch.records import Appreciation, Candidat
from batch.reglement import controle as controle_reglement
from batch.reglement.modele import Echelle, Reglement
from batch.vocabulaire import Niveau, Presence, ResultatBloc, ResultatCertification

# --- what is asked

_NIVEAUX = ("critere", "competence", "epreuve", "activite", "bloc")
_CONDITIONS = ("toutes", "au_moins", "proportion", "moyenne", "somme")
_CHAMPS = ("seuil", *_CONDITIONS, "minimum", "eliminatoires")
_AILLEURS = (
    "certification.moyenne",
    "arrondi.compare",
    "arrondi.decimales",
    "arrondi.mode",
    "evaluateurs.divergence",
    "evaluateurs.ecart_max",
)
CLES = (
    f"<niveau>.<règle>, où <niveau> est {enumeration(_NIVEAUX, 'ou')} et <règle> "
    f"{enumeration(_CHAMPS, 'ou')} ; particulieres.<ID>.<règle> ; certification.activites.<règle> "
    f"et certification.epreuves.<règle> ; {enumeration(_AILLEURS)}"
)
_NOMBRE = re.compile(r"\d+(?:[.,]\d+)?")
_PLAGE = re.compile(r"(.+?)\.\.(.+?)(?:/(.+))?")
_MAX_VALEURS = 101

Valeur = Fraction | Decimal | int | bool | list[str] | str | None


@dataclass(frozen=True, slots=True)
class Demande:
    """« bloc.seuil=60% »: the rubric to change, and what to write there."""

    cle: str
    chemin: tuple[str, ...]
    texte: str

    @property
    def champ(self) -> str:
        return self.chemin[-1]

    @property
    def est_une_regle(self) -> bool:
        return self.cle not in _AILLEURS


def demande(texte: str) -> Demande:
    """Raises MauvaisUsage, with the key that was meant, when there is no such key."""
    typed, _, valeur = texte.partition("=")
    cle = typed.strip()
    where, _, champ = cle.rpartition(".")
    fold = sans_accent(where).casefold()
    path: tuple[str, ...]
    if sans_accent(cle).casefold() in _AILLEURS:
        path = (fold,) if fold != "certification" else ("regles", fold)
    elif champ in _CHAMPS and fold in _NIVEAUX:
        path = ("regles", fold)
    elif champ in _CHAMPS and fold in ("certification.activites", "certification.epreuves"):
        path = ("regles", *fold.split("."))
    elif champ in _CHAMPS and fold.startswith("particulieres.") and where.partition(".")[2]:
        # An identifier may hold dots of its own: « C1.4 ».
        path = ("regles", "particulieres", where.partition(".")[2])
    else:
        known = [*(f"{n}.{c}" for n in _NIVEAUX for c in _CHAMPS), *_AILLEURS]
        raise MauvaisUsage(
            f"« {cle} » n'est pas une rubrique que l'on peut changer"
            f"{suggestion(proche(cle, known))}. Rubriques : {CLES}."
        )
    return Demande(
        f"{'.'.join(path)}.{champ}".removeprefix("regles."), (*path, champ), valeur.strip()
    )


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


def _write(data: dict[str, Any], one: Demande, contexte: Contexte) -> Changement:
    *path, champ = one.chemin
    rule = _within(data, path)
    if path[:-1] == ["regles", "particulieres"] and not rule:
        # The rule of one node starts from its level's.
        rule.update(data["regles"].get(_level_of(contexte, path[-1])) or {})
    if not one.est_une_regle:
        before = rule.get(champ)
        rule[champ] = _read(one, champ)
        return Changement(one.cle, shown(before), shown(rule[champ]))
    stated = next((name for name in _CONDITIONS if rule.get(name) not in (None, False)), None)
    if champ == "seuil":
        if stated is None or stated == "toutes":
            what = "n'a pas de règle" if stated is None else "demande « toutes », sans seuil"
            raise MauvaisUsage(
                f"« {one.cle} » : le règlement {what} à cet endroit. Donnez la condition, par "
                f"exemple {one.cle.replace('.seuil', '.proportion')}=60%."
            )
        champ = stated
    cle = f"{one.cle.rpartition('.')[0]}.{champ}"
    before = shown(rule.get(champ))
    if champ in _CONDITIONS:
        if stated not in (None, champ):
            before = f"{stated}{'' if stated == 'toutes' else f' {shown(rule[stated])}'}"
        for name in _CONDITIONS:
            rule.pop(name, None)
    value = _read(one, champ)
    rule[champ] = [] if value is None and champ == "eliminatoires" else value
    return Changement(cle, before, shown(value))


def _within(data: dict[str, Any], path: Sequence[str]) -> dict[str, Any]:
    """The rubrics under this path, made where there are none."""
    for part in path:
        if not isinstance(data.get(part), dict):
            data[part] = {}
        data = data[part]
    return data


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
    if champ == "eliminatoires":
        return [code.strip() for code in texte.split(",") if code.strip()]
    if champ in ("compare", "mode", "divergence"):
        return texte
    if not texte and champ in ("minimum", "ecart_max"):
        return None
    figure = texte.removesuffix("%").strip()
    as_share = texte.endswith("%")
    if not _NOMBRE.fullmatch(figure) or as_share is not (champ == "proportion"):
        wanted = "un pourcentage, par exemple 60%" if champ == "proportion" else "un nombre"
        raise MauvaisUsage(f"« {one.cle}={texte} » : la valeur attendue est {wanted}.")
    number = Decimal(figure.replace(",", "."))
    if as_share:
        return Fraction(number) / 100
    if champ in ("au_moins", "decimales"):
        if number != int(number):
            raise MauvaisUsage(f"« {one.cle}={texte} » : la valeur attendue est un nombre entier.")
        return int(number)
    return number


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
        case list():
            return enumeration(value) or "rien"
    return value


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


# --- who flips


@dataclass(frozen=True, slots=True)
class Bascule:
    """A proposal that would be another one, why, and what the jury had decided."""

    candidat: Candidat
    objet: str
    avant: Issue
    apres: Issue
    raison: str
    decide: Issue | None

    @property
    def contredit(self) -> bool:
        return self.decide is not None and self.decide != self.apres


@dataclass(frozen=True, slots=True)
class Simulation:
    changements: tuple[Changement, ...]
    reglement: Reglement
    avant: tuple[Resultat, ...]
    apres: tuple[Resultat, ...]
    bascules: tuple[Bascule, ...]

    def tally(self, when: Literal["avant", "apres"]) -> Counter[ResultatCertification]:
        return Counter(resultat.certification for resultat in getattr(self, when))

    def tally_blocs(self, when: Literal["avant", "apres"]) -> dict[str, Counter[ResultatBloc]]:
        counts: dict[str, Counter[ResultatBloc]] = {}
        for resultat in getattr(self, when):
            for code, bloc in resultat.blocs.items():
                counts.setdefault(code, Counter())[bloc] += 1
        return counts


def simulate(examen: Examen, demandes: Sequence[Demande]) -> Simulation:
    """The proposals under the changed règlement, beside those of today."""
    contexte = examen.controle.contexte
    reglement, changes = change(contexte, _source(contexte), demandes)
    before = [dossier.resultat for dossier in examen.seance.dossiers]
    after = _propose(examen, reglement)
    flips = [
        flip
        for dossier, own in zip(examen.seance.dossiers, after, strict=True)
        for flip in _flips(contexte, dossier, own)
    ]
    return Simulation(tuple(changes), reglement, tuple(before), tuple(after), tuple(flips))


def _source(contexte: Contexte) -> Source:
    """The session's own règlement, as the text that it is; it was read without a fault already."""
    text = contexte.folder.reglement.read_text(encoding="utf-8-sig")
    source, _ = lecture_yaml.read(contexte.folder.reglement.name, text)
    assert source is not None, "the session would not have been gathered"
    return source


def _propose(
    examen: Examen, reglement: Reglement, keep: Callable[[Appreciation], bool] = lambda one: True
) -> list[Resultat]:
    """The proposals under this règlement, from the ratings that are kept and the arbitrations."""
    evaluations = examen.controle.evaluations
    kept = {
        candidat: tuple(one for one in own if keep(one))
        for candidat, own in evaluations.appreciations.items()
    }
    contexte = replace(examen.controle.contexte, reglement=reglement)
    return chaine.propose(contexte, Evaluations(kept, evaluations.absences), examen.arbitrages)


def _flips(contexte: Contexte, dossier: Dossier, after: Resultat) -> Iterator[Bascule]:
    before, issues = dossier.resultat, dossier.issues
    voted = {objet.code for objet in dossier.objets}
    for code, bloc in before.blocs.items():
        if after.blocs[code] is not bloc:
            own = (r.constats[Niveau.BLOC].get(code) for r in (before, after))
            why = _reason(contexte, *own)
            decided = issues.blocs[code] if code in voted else None
            yield Bascule(before.candidat, code, bloc, after.blocs[code], why, decided)
    if after.certification is not before.certification:
        wholes = before.constats[Niveau.CERTIFICATION], after.constats[Niveau.CERTIFICATION]
        reasons = [
            _reason(contexte, wholes[0].get(name), own)
            for name, own in wholes[1].items()
            if name not in wholes[0] or wholes[0][name].mesure is not own.mesure
        ]
        yield Bascule(
            before.candidat,
            CERTIFICATION,
            before.certification,
            after.certification,
            " ; ".join(reason for reason in reasons if reason),
            issues.certification if voted else None,
        )


def _reason(contexte: Contexte, before: Constat | None, after: Constat | None) -> str:
    """« 57,1 % pour un seuil passé de 70 % à 55 % »; both reckonings where it is not so simple."""
    if before is None or after is None or before.regle is None or after.regle is None:
        return ""
    name = after.regle.conditions[0]
    figures = {"proportion": (before.part, after.part), "moyenne": (before.valeur, after.valeur)}
    was, value = figures.get(name, (None, None))
    threshold = getattr(after.regle, name)
    alone = replace(before.regle, **{name: threshold}) == after.regle
    if value is not None and value == was and alone and name in before.regle.conditions:
        if before.arrondi != after.arrondi:
            figure, least = distinctement(value, Fraction(threshold))
            rounded = nombre(after.arrondi.compared(value), after.arrondi.decimales)
            return f"{figure} compte pour {rounded}, pour un seuil de {least}"
        return _passed(name, value, getattr(before.regle, name), threshold)
    said = [explication.reason(contexte.referentiel, one) for one in (before, after)]
    return typographie(f"avant : {said[0]} ; après : {said[1]}")


def _passed(name: str, value: Fraction, was: Fraction | Decimal, now: Fraction | Decimal) -> str:
    unit, digits, scale = (f"{INSECABLE}%", 1, 100) if name == "proportion" else ("", 2, 1)
    pairs = [distinctement(value, Fraction(limit), digits, scale) for limit in (was, now)]
    figure = max((figure for figure, _ in pairs), key=len)
    first, last = (f"{limit}{unit}" for _, limit in pairs)
    return f"{figure}{unit} pour un seuil passé de {first} à {last}"


# --- what hangs by a hair

Tient = Literal["critere", "evaluateur", "arrondi"]


@dataclass(frozen=True, slots=True)
class Pas:
    """One rated line taken to the next level: what it says today, what it would have to say."""

    ligne: str
    nom: str
    de: str
    vers: str


@dataclass(frozen=True, slots=True)
class Cheveu:
    """A proposal that one line, one evaluator or the rounding would turn into another."""

    candidat: Candidat
    objet: str
    propose: Issue
    devient: Issue
    tient: Tient
    phrase: str  # where it stands today
    si: str = ""  # what would change it, where it is no line
    pas: tuple[Pas, ...] = ()
    certification: ResultatCertification | None = None  # what it would become along with a bloc
    decide: Issue | None = None


_TRANCHES = (
    ResultatBloc.VALIDE,
    ResultatBloc.NON_VALIDE,
    ResultatCertification.DELIVREE,
    ResultatCertification.NON_DELIVREE,
)


def hairs(examen: Examen, reglement: Reglement, resultats: Sequence[Resultat]) -> list[Cheveu]:
    """Under this règlement, the proposals that hang on one line, one evaluator, or rounding."""
    found = [
        cheveu for resultat in resultats for cheveu in _on_one_line(examen, reglement, resultat)
    ]
    found += _on_rounding(examen, reglement, resultats)
    found += _on_one_evaluator(examen, reglement, resultats)
    decided = {d.resultat.candidat.id: d for d in examen.seance.dossiers}
    rank = {resultat.candidat.id: number for number, resultat in enumerate(resultats)}
    found.sort(
        key=lambda cheveu: (rank[cheveu.candidat.id], cheveu.objet == CERTIFICATION, cheveu.objet)
    )
    return [replace(c, decide=_decided(decided[c.candidat.id], c.objet)) for c in found]


def _decided(dossier: Dossier, objet: str) -> Issue | None:
    if not any(vote.code == objet for vote in dossier.objets):
        return None
    if objet == CERTIFICATION:
        return dossier.issues.certification
    return dossier.issues.blocs[objet]


def _states(resultat: Resultat) -> dict[str, Issue]:
    """What is put to the vote: each bloc, or the certification where there are none."""
    return dict(resultat.blocs) or {CERTIFICATION: resultat.certification}


def _on_one_line(examen: Examen, reglement: Reglement, resultat: Resultat) -> Iterator[Cheveu]:
    if resultat.presence is not Presence.PRESENT:
        return
    contexte, echelle, today = examen.controle.contexte, reglement.echelle, _states(resultat)
    steps: dict[tuple[str, Issue, ResultatCertification], list[Pas]] = {}
    for ligne in _lines(*resultat.constats[Niveau.CRITERE].values()):
        for up in (True, False):
            moved = _moved(ligne.appreciations, echelle, up)
            if not moved:
                continue
            blocs, certification = _with_line(examen, reglement, resultat, ligne, moved)
            states: dict[str, Issue] = dict(blocs) or {CERTIFICATION: certification}
            for objet, state in states.items():
                if state != today[objet] and {state, today[objet]} <= set(_TRANCHES):
                    step = _step(contexte, ligne, moved, echelle)
                    steps.setdefault((objet, state, certification), []).append(step)
    for (objet, state, certification), own in steps.items():
        along = certification if objet != CERTIFICATION else None
        yield Cheveu(
            resultat.candidat,
            objet,
            today[objet],
            state,
            "critere",
            _standing(contexte, resultat, objet),
            pas=tuple(own),
            certification=along if along is not resultat.certification else None,
        )


def _lines(*constats: Constat) -> Iterator[Constat]:
    """The rated lines under these nodes."""
    for constat in constats:
        if constat.enfants:
            yield from _lines(*constat.enfants)
        elif constat.appreciations:
            yield constat


def _moved(own: Sequence[Appreciation], echelle: Echelle, up: bool) -> tuple[Appreciation, ...]:
    """Each opinion taken one level up or down; nothing where one of them cannot be."""
    own = [one for one in own if one.arbitrage] or list(own)
    moved = [_next(one, echelle, up) for one in own]
    return tuple(one for one in moved if one is not None) if all(moved) else ()


def _next(one: Appreciation, echelle: Echelle, up: bool) -> Appreciation | None:
    if one.note is not None and echelle.note is not None:
        # Marks have no levels: one point.
        note = one.note + (1 if up else -1)
        return replace(one, note=note) if 0 <= note <= Fraction(echelle.note.sur) else None
    levels = [niveau for niveau in echelle.niveaux if niveau.compte == "normal"]
    levels.sort(key=lambda n: (n.satisfait, n.valeur if n.valeur is not None else Decimal(0)))
    codes = [niveau.code for niveau in levels]
    if one.niveau not in codes:
        return None
    rank = codes.index(one.niveau) + (1 if up else -1)
    return replace(one, niveau=codes[rank]) if 0 <= rank < len(codes) else None


def _step(
    contexte: Contexte, ligne: Constat, moved: Sequence[Appreciation], echelle: Echelle
) -> Pas:
    today = next((a for a in ligne.appreciations if a.arbitrage), ligne.appreciations[0])
    return Pas(
        ligne.id, _line_name(contexte, ligne), _said(today, echelle), _said(moved[0], echelle)
    )


def _said(one: Appreciation, echelle: Echelle) -> str:
    if one.note is not None:
        return nombre(one.note)
    assert one.niveau is not None, "an appreciation is a mark or a level"
    return echelle.niveau(one.niveau).libelle


def _line_name(contexte: Contexte, ligne: Constat) -> str:
    """« E12 »; with its épreuve where codes start again in each: « C3.6 CE2 »."""
    referentiel = contexte.referentiel
    identifiant, _, rank = ligne.id.rpartition(".")
    critere = referentiel.critere.get(ligne.id) or referentiel.critere[identifiant]
    same = [c for c in referentiel.criteres if c.code == critere.code]
    name = critere.code or critere.id
    if critere.code and len(same) > 1 and critere.epreuve:
        name = f"{critere.epreuve.removeprefix('EP-')} {name}"
    return f"{name} (indicateur {rank})" if ligne.niveau is Niveau.INDICATEUR else name


def _standing(contexte: Contexte, resultat: Resultat, objet: str) -> str:
    levels = resultat.constats
    own = levels[Niveau.CERTIFICATION].values() if objet == CERTIFICATION else ()
    constats = list(own) or [levels[Niveau.BLOC][objet]]
    said = (explication.reason(contexte.referentiel, constat) for constat in constats)
    return typographie(" ; ".join(said))


def _with_line(
    examen: Examen,
    reglement: Reglement,
    resultat: Resultat,
    ligne: Constat,
    moved: Sequence[Appreciation],
) -> tuple[Mapping[str, ResultatBloc], ResultatCertification]:
    """The blocs and the certification, were this line rated so."""
    if resultat.candidat.options or reglement.regles.acces:
        # Which options serve him best, and what is open to him, may change with the line.
        whole = _propose_one(examen, reglement, resultat.candidat, ligne.id, moved)
        return whole.blocs, whole.certification
    settled = divergences.settle(ligne.niveau, ligne.id, moved, reglement)
    return _judged_again(examen.controle.contexte, resultat, settled)


def _propose_one(
    examen: Examen,
    reglement: Reglement,
    candidat: Candidat,
    ligne: str,
    moved: Sequence[Appreciation],
) -> Resultat:
    contexte, evaluations = examen.controle.contexte, examen.controle.evaluations
    own = evaluations.appreciations.get(candidat.id, ())
    session = replace(contexte.session, candidats=(candidat,))
    kept = {candidat.id: (*(one for one in own if one.ligne != ligne), *moved)}
    settled = [one for one in examen.arbitrages if one.ligne != ligne]
    changed = replace(contexte, reglement=reglement, session=session)
    (whole,) = chaine.propose(changed, Evaluations(kept, evaluations.absences), settled)
    return whole


def _judged_again(
    contexte: Contexte, resultat: Resultat, ligne: Constat
) -> tuple[dict[str, ResultatBloc], ResultatCertification]:
    """The same, judging again only what stands above the line: every line of a large session can
    be tried."""
    seen = {(ligne.niveau, ligne.id): ligne}

    def again(constat: Constat) -> Constat:
        key = (constat.niveau, constat.id)
        if key not in seen:
            children = [again(child) for child in constat.enfants]
            same = all(a is b for a, b in zip(children, constat.enfants, strict=True))
            seen[key] = (
                constat
                if same or constat.regle is None
                else judge(constat.regle, *key, children, arrondi=constat.arrondi)
            )
        return seen[key]

    blocs = dict(resultat.blocs)
    for code, constat in resultat.constats[Niveau.BLOC].items():
        # A bloc acquired before, or not aimed at, stands apart from what is reckoned of it.
        if blocs[code] is calcul.BLOC[constat.mesure]:
            blocs[code] = calcul.BLOC[again(constat).mesure]
    besides = resultat.constats[Niveau.CERTIFICATION]
    whole = {name: again(constat) for name, constat in besides.items()}
    certification = calcul.certify(
        contexte.referentiel, resultat.candidat, resultat.presence, blocs, whole
    )
    return blocs, certification


def _on_rounding(
    examen: Examen, reglement: Reglement, resultats: Sequence[Resultat]
) -> Iterator[Cheveu]:
    """What would change if marks were rounded before comparison, or no longer were."""
    contexte, arrondi = examen.controle.contexte, reglement.arrondi
    rounds = arrondi.compare == "arrondi"
    other = replace(arrondi, compare="exact" if rounds else "arrondi")
    digits = compte(arrondi.decimales, "décimale")
    how = f"en arrondissant à {digits} avant de comparer" if not rounds else "sans arrondi"
    for own, changed in zip(
        resultats, _propose(examen, replace(reglement, arrondi=other)), strict=True
    ):
        today = _states(own)
        for objet, state in _states(changed).items():
            if state != today[objet]:
                standing = _standing(contexte, own, objet)
                yield Cheveu(own.candidat, objet, today[objet], state, "arrondi", standing, how)


def _on_one_evaluator(
    examen: Examen, reglement: Reglement, resultats: Sequence[Resultat]
) -> Iterator[Cheveu]:
    """Where several rate the same thing: what each proposal would be without one of them."""
    rules = reglement.evaluateurs
    if rules.nombre < 2:
        return
    fewer = replace(reglement, evaluateurs=replace(rules, nombre=rules.nombre - 1))
    for evaluateur in examen.seance.session.evaluateurs:
        without = _propose(examen, fewer, lambda one, e=evaluateur.id: one.evaluateur != e)  # type: ignore[misc]
        for own, changed in zip(resultats, without, strict=True):
            today = _states(own)
            for objet, state in _states(changed).items():
                if state in _TRANCHES and state != today[objet] and not _is_missing(own, objet):
                    yield Cheveu(
                        own.candidat,
                        objet,
                        today[objet],
                        state,
                        "evaluateur",
                        _standing(examen.controle.contexte, own, objet),
                        f"sans l’avis de {evaluateur.nom_complet} ({evaluateur.id})",
                    )


def _is_missing(resultat: Resultat, objet: str) -> bool:
    constats = resultat.constats[Niveau.BLOC if objet != CERTIFICATION else Niveau.CERTIFICATION]
    own = constats.values() if objet == CERTIFICATION else [constats[objet]]
    return any(constat.mesure is Mesure.MANQUANT for constat in own)
