"""What no single rubric of a référentiel can tell: its ties, and what could not be evaluated.

The YAML and the Excel table both come here. A fault blocks when the référentiel would be wrong; it
is only doubtful when a public document may well be so.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Protocol

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.francais import compte, date_longue, majuscule, proche
from batch.referentiel.modele import Critere, Referentiel
from batch.referentiel.mots import NOMS

# What a grid's tags can carry, with room for the rank of an indicateur (see grille/forme.py).
IDENTIFIANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,35}")
CELLULE_MAX = 32_767
# A row of a spreadsheet is at most 409 points high: 30 lines, of about 88 signs on our grids.
_LIGNES, _SIGNES = 30, 88


class Support(Protocol):
    """Where a référentiel is written: the place of each thing in it, and what is called how there.

    A path names a section, a rank in it counted from 0, and a rubric: ("criteres", 3, "bloc").
    """

    def lieu(self, *chemin: str | int) -> Lieu: ...

    def rubrique(self, *chemin: str | int) -> str: ...


def check(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    """Every fault and every doubt, the gravest kinds first."""
    for one_check in _CHECKS:
        yield from one_check(referentiel, support)


def ids(referentiel: Referentiel) -> dict[str, list[str]]:
    """The identifiers of each section, in the document's order."""
    return {
        "blocs": [bloc.code for bloc in referentiel.blocs],
        "activites": [activite.id for activite in referentiel.activites],
        "competences": [competence.id for competence in referentiel.competences],
        "epreuves": [epreuve.id for epreuve in referentiel.epreuves],
        "criteres": [critere.id for critere in referentiel.criteres],
    }


def id_rubric(section: str) -> str:
    return "code" if section == "blocs" else "id"


# --- what blocks


def _identifiers(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    """A grid can carry them, and each names one thing only, whatever the case it is typed in."""
    if not IDENTIFIANT.fullmatch(referentiel.id):
        yield Code.REFERENTIEL_IDENTIFIANT.at(support.lieu("id"), valeur=referentiel.id)
    for section, own in ids(referentiel).items():
        seen: set[str] = set()
        for rank, identifiant in enumerate(own):
            lieu = support.lieu(section, rank, id_rubric(section))
            if not IDENTIFIANT.fullmatch(identifiant):
                yield Code.REFERENTIEL_IDENTIFIANT.at(lieu, valeur=identifiant)
            elif identifiant.casefold() in seen:
                yield Code.IDENTIFIANT_DOUBLE.at(lieu, valeur=identifiant)
            seen.add(identifiant.casefold())
    # On a grid, the rows are critères and indicateurs alike.
    rows = {c.indicateur(n) for c in referentiel.criteres for n in range(1, len(c.indicateurs) + 1)}
    for rank, critere in enumerate(referentiel.criteres):
        if critere.id in rows:
            lieu = support.lieu("criteres", rank, "id")
            yield Code.IDENTIFIANT_DOUBLE.at(lieu, valeur=critere.id)


def _ties(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    """Whatever is cited exists."""
    known = ids(referentiel)
    for section, rank, rubric, cited, target in _unknown(referentiel):
        yield Code.REFERENCE_INCONNUE.at(
            support.lieu(section, rank, rubric),
            rubrique=support.rubrique(section, rank, rubric),
            valeur=cited,
            suggestion=suggestion(proche(cited, known[target])),
        )


def _unknown(referentiel: Referentiel) -> Iterator[tuple[str, int, str, str, str]]:
    """The citations of what does not exist: section, rank, rubric, what is cited, and of which."""
    known = ids(referentiel)
    for section, rubric, target in (
        ("activites", "bloc", "blocs"),
        ("competences", "activite", "activites"),
        ("competences", "bloc", "blocs"),
        ("epreuves", "competences", "competences"),
        ("criteres", "epreuve", "epreuves"),
        ("criteres", "activite", "activites"),
        ("criteres", "competences", "competences"),
    ):
        for rank, record in enumerate(getattr(referentiel, section)):
            cited = getattr(record, rubric)
            for code in cited if isinstance(cited, tuple) else (cited,):
                if code is not None and code not in known[target]:
                    yield section, rank, rubric, code, target


def _missing_texts(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    """Everything printed has a text, except the compétence that is announced and no more."""
    if not referentiel.intitule:
        lieu = support.lieu("intitule")
        yield Code.REFERENTIEL_SANS_TEXTE.at(lieu, quoi="L’intitulé de la certification")
    for section, own in ids(referentiel).items():
        for rank, (identifiant, record) in enumerate(
            zip(own, getattr(referentiel, section), strict=True)
        ):
            if not record.intitule and getattr(record, "imprimee", True):
                quoi = majuscule(NOMS[section].le(identifiant))
                lieu = support.lieu(section, rank, "intitule")
                yield Code.REFERENTIEL_SANS_TEXTE.at(lieu, quoi=quoi)
    for chemin, word, owner, texts in _lists(referentiel):
        for rank, text in enumerate(texts):
            if not text:
                quoi = f"{word} n° {rank + 1} {owner}".rstrip()
                yield Code.REFERENTIEL_SANS_TEXTE.at(support.lieu(*chemin, rank), quoi=quoi)


def _lists(
    referentiel: Referentiel,
) -> Iterator[tuple[tuple[str | int, ...], str, str, tuple[str, ...]]]:
    """Every list of texts: its path, what one item is called, whose it is, and the texts."""
    yield ("regles_citees",), "La règle citée", "", referentiel.regles_citees
    for section, rubric, word in (
        ("activites", "sous_points", "Le sous-point"),
        ("competences", "sous_points", "Le sous-point"),
        ("epreuves", "livrables", "Le livrable"),
        ("criteres", "indicateurs", "L’indicateur"),
    ):
        for rank, record in enumerate(getattr(referentiel, section)):
            yield (
                (section, rank, rubric),
                word,
                NOMS[section].du(record.id),
                getattr(record, rubric),
            )


def _dates(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    registered = referentiel.enregistrement
    if registered and registered.au < registered.du:
        yield Code.REFERENTIEL_DATES.at(
            support.lieu("enregistrement", "au"),
            du=date_longue(registered.du),
            au=date_longue(registered.au),
        )


def _sizes(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    """A grid's cell holds the text; and, better, shows it."""
    for chemin, quoi, cell in _cells(referentiel):
        lieu = support.lieu(*chemin)
        length = len("\n– ".join(cell))
        lines = sum(math.ceil(len(text) / _SIGNES) for text in cell)
        if length > CELLULE_MAX:
            yield Code.REFERENTIEL_TEXTE_DEMESURE.at(
                lieu, quoi=majuscule(quoi), combien=compte(length, "caractère")
            )
        elif lines > _LIGNES:
            yield Code.REFERENTIEL_TEXTE_LONG.at(
                lieu, quoi=majuscule(quoi), combien=compte(lines, "ligne")
            )


def _cells(
    referentiel: Referentiel,
) -> Iterator[tuple[tuple[str | int, ...], str, tuple[str, ...]]]:
    """The texts that share one cell, on a grid or in the Excel table."""
    yield ("intitule",), "l’intitulé de la certification", (referentiel.intitule,)
    for rank, text in enumerate(referentiel.regles_citees):
        yield ("regles_citees", rank), f"la règle citée n° {rank + 1}", (text,)
    for section, own in ids(referentiel).items():
        for rank, (identifiant, record) in enumerate(
            zip(own, getattr(referentiel, section), strict=True)
        ):
            with_it = ("sous_points", "indicateurs")
            under = [text for name in with_it for text in getattr(record, name, ())]
            quoi = NOMS[section].le(identifiant)
            yield (section, rank, "intitule"), quoi, (record.intitule, *under)
    for rank, epreuve in enumerate(referentiel.epreuves):
        of = NOMS["epreuves"].du(epreuve.id)
        yield ("epreuves", rank, "modalites"), f"les modalités {of}", (epreuve.modalites,)
        yield ("epreuves", rank, "livrables"), f"les livrables {of}", epreuve.livrables


def _isolated(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    for rank, critere in enumerate(referentiel.criteres):
        lieu = support.lieu("criteres", rank, "epreuve")
        if not (critere.epreuve or critere.activite or critere.competences):
            yield Code.REFERENTIEL_CRITERE_ISOLE.at(lieu, critere=critere.id)
        elif referentiel.epreuves and not critere.epreuve:
            yield Code.REFERENTIEL_HORS_EPREUVE.at(lieu, critere=critere.id)


# --- what a public document may well do, and its reader would rather know


def _nothing_under(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    """A bloc without compétence, a compétence that is not evaluated, an épreuve without critère.

    Where a code is mistyped, what it should have named looks forgotten: that doubt waits.
    """
    mistyped = {target for *_, target in _unknown(referentiel)}
    in_blocs = {competence.bloc for competence in referentiel.competences}
    for rank, bloc in enumerate(referentiel.blocs):
        if bloc.code not in in_blocs and "blocs" not in mistyped:
            lieu = support.lieu("blocs", rank, "code")
            yield Code.REFERENTIEL_BLOC_VIDE.at(lieu, bloc=bloc.code)
    evaluated = {code for e in referentiel.epreuves for code in e.competences}
    evaluated |= {code for critere in referentiel.criteres for code in critere.competences}
    for rank, competence in enumerate(referentiel.competences):
        if competence.id not in evaluated and "competences" not in mistyped:
            lieu = support.lieu("competences", rank, "id")
            yield Code.REFERENTIEL_COMPETENCE_SEULE.at(lieu, competence=competence.id)
    rated = {critere.epreuve for critere in referentiel.criteres}
    for rank, epreuve in enumerate(referentiel.epreuves):
        if epreuve.id not in rated and "epreuves" not in mistyped:
            lieu = support.lieu("epreuves", rank, "id")
            yield Code.REFERENTIEL_EPREUVE_VIDE.at(lieu, epreuve=epreuve.id)


def _blocs(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    """A compétence is of the bloc of its activité, and of some bloc where there are blocs."""
    bloc_of = {activite.id: activite.bloc for activite in referentiel.activites}
    mistyped = any(target == "blocs" for *_, target in _unknown(referentiel))
    for rank, competence in enumerate(referentiel.competences):
        lieu = support.lieu("competences", rank, "bloc")
        expected = bloc_of.get(competence.activite, competence.bloc)
        if competence.bloc != expected and not mistyped:
            yield Code.REFERENTIEL_BLOCS_DIFFERENTS.at(
                lieu,
                competence=competence.id,
                bloc=_of_bloc(competence.bloc),
                activite=competence.activite,
                autre=_of_bloc(expected),
            )
        elif competence.bloc is None and expected is None and referentiel.blocs:
            yield Code.REFERENTIEL_SANS_BLOC.at(lieu, competence=competence.id)


def _of_bloc(bloc: str | None) -> str:
    return NOMS["blocs"].du(bloc) if bloc else "d’aucun"


def _criteres_of_epreuves(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    """A critère evaluates compétences of its own épreuve."""
    evaluated = {epreuve.id: epreuve.competences for epreuve in referentiel.epreuves}
    everywhere = {competence.id for competence in referentiel.competences}
    for rank, critere in enumerate(referentiel.criteres):
        for code in critere.competences:
            if code in everywhere and code not in evaluated.get(critere.epreuve or "", (code,)):
                yield Code.REFERENTIEL_COMPETENCE_AUTRE.at(
                    support.lieu("criteres", rank, "competences"),
                    critere=critere.id,
                    competence=code,
                    epreuve=critere.epreuve,
                )


def _repetitions(referentiel: Referentiel, support: Support) -> Iterator[Anomalie]:
    """Two rows of a grid that an évaluateur could not tell apart.

    The same words under another compétence are another row: documents do that on purpose.
    """
    first: dict[tuple[str | None, tuple[str, ...], str], Critere] = {}
    for rank, critere in enumerate(referentiel.criteres):
        lieu = support.lieu("criteres", rank, "intitule")
        place = (critere.epreuve, critere.competences, critere.intitule.casefold())
        same = first.setdefault(place, critere)
        if same is not critere and critere.intitule and (critere.epreuve or critere.competences):
            yield Code.REFERENTIEL_REPETITION.at(
                lieu,
                quoi=f"Le critère {critere.id}",
                autre=f"le critère {same.id}",
                texte=shortened(critere.intitule),
            )
        counted = Counter(text.casefold() for text in critere.indicateurs if text)
        for text, times in counted.items():
            if times > 1:
                ranks = [n for n, own in enumerate(critere.indicateurs) if own.casefold() == text]
                for again in ranks[1:]:
                    yield Code.REFERENTIEL_REPETITION.at(
                        support.lieu("criteres", rank, "indicateurs", again),
                        quoi=f"L’indicateur n° {again + 1} {NOMS['criteres'].du(critere.id)}",
                        autre=f"l’indicateur n° {ranks[0] + 1}",
                        texte=shortened(critere.indicateurs[again]),
                    )


def shortened(texte: str, longest: int = 80) -> str:
    return texte if len(texte) <= longest else f"{texte[: longest - 1].rstrip()}…"


_CHECKS: tuple[Callable[[Referentiel, Support], Iterator[Anomalie]], ...] = (
    _identifiers,
    _ties,
    _missing_texts,
    _dates,
    _sizes,
    _isolated,
    _nothing_under,
    _blocs,
    _criteres_of_epreuves,
    _repetitions,
)
