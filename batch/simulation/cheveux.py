"""Proposals -> those that one line, one evaluator or the rounding would turn into another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from batch import chaine
from batch.chaine import Contexte, Examen
from batch.classeurs.grille.controle import Evaluations
from batch.francais import typographie
from batch.jury import calcul, divergences, enonce, explication
from batch.jury.calcul import Resultat
from batch.jury.deliberation import CERTIFICATION, Issue
from batch.jury.regles import Constat, Mesure, rejudged
from batch.jury.seance import Dossier
from batch.records import Appreciation, Candidat
from batch.reglement.modele import Echelle, Reglement
from batch.simulation.bascules import propose_all
from batch.vocabulaire import Niveau, Presence, ResultatBloc, ResultatCertification

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
    voted = any(vote.code == objet for vote in dossier.objets)
    return dossier.issues.of(objet) if voted else None


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
    said = [enonce.appreciation(one, echelle) for one in (today, moved[0])]
    return Pas(ligne.id, _line_name(contexte, ligne), *said)


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
    said = (explication.reason(contexte.referentiel, one) for one in resultat.behind(objet))
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
    again = rejudged(ligne)
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
    how = "sans arrondi"
    if not rounds:
        how = f"en arrondissant {enonce.how_rounded(arrondi)}, avant de comparer"
    for own, changed in zip(
        resultats, propose_all(examen, replace(reglement, arrondi=other)), strict=True
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
        without = propose_all(examen, fewer, lambda one, e=evaluateur.id: one.evaluateur != e)  # type: ignore[misc]
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
                        f"sans l’avis de {evaluateur.qui}",
                    )


def _is_missing(resultat: Resultat, objet: str) -> bool:
    return any(constat.mesure is Mesure.MANQUANT for constat in resultat.behind(objet))
