"""Sessions, closed or not -> their flat tables, in one folder: all of the files or none."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from pathlib import Path

from batch import fichiers, transaction
from batch.chaine import relecture
from batch.chaine.examen import Examen
from batch.chaine.ouverture import only_once
from batch.chaine.retours import Controle
from batch.classeurs import plats as classeur
from batch.classeurs.grille.forme import Ligne
from batch.documents.contexte.commun import jour_de_decision, rncp
from batch.exports import plats as ecriture
from batch.folder import Folder
from batch.plats import lignes, tables
from batch.plats.lignes import LigneGrille, Source
from batch.plats.tables import Plat
from batch.records import Candidat
from batch.verrou import alone
from batch.vocabulaire import EtatSaisie, EtatSession, Nature, Presence

FORMATS = ("xlsx", "csv", "json")
_ABSENCES = {Nature.ABSENCE, Nature.EXCUSE}


@dataclass(frozen=True, slots=True)
class Export:
    plats: tuple[Plat, ...]
    ecrits: tuple[str, ...]  # those that were not already there, word for word
    fichiers: tuple[str, ...]
    projets: tuple[str, ...]  # the sessions whose jury has not decided everything
    manquantes: int  # ratings waited for


def export(
    folders: Sequence[Folder],
    sortie: Path,
    now: datetime,
    *,
    formats: Collection[str] = FORMATS,
    anonyme: bool = False,
) -> Export:
    """Raises Empechement when a session no longer says what its procès-verbal states."""
    # gather
    sources = [_source(folder) for folder in folders]
    only_once(source.seance.session.id for source in sources)
    # decide
    filled = lignes.fill(tables.load(anonyme=anonyme), sources)
    jour = min(source.seance.session.date_jury for source in sources)
    contents = dict(_files(filled, jour, formats, anonyme=anonyme))
    # write
    with alone(folders[0].root):
        sortie.mkdir(parents=True, exist_ok=True)
        written = transaction.commit(sortie, contents)
        with suppress(OSError):
            (sortie / ".jury").rmdir()
        prints = {name: fichiers.fingerprint(contents[name]) for name in written}
        for folder in folders if written else ():
            folder.log("plats", now, anonyme=anonyme, fichiers=prints)
    return Export(
        tuple(filled),
        tuple(written),
        tuple(contents),
        tuple(s.seance.session.id for s in sources if s.etat is EtatSession.PROJET),
        sum(one.saisie is EtatSaisie.MANQUANTE for source in sources for one in source.grilles),
    )


def _source(folder: Folder) -> Source:
    relue = relecture.as_stated(folder)
    acte = relue.actes[-1].acte if relue.actes else None
    seance = replace(relue.examen.seance, acte=acte)
    return Source(seance, rncp(seance), jour_de_decision(seance), list(_rows(relue.examen)))


def _rows(examen: Examen) -> Iterator[LigneGrille]:
    """Each row of each grid, once for each candidate; then what the jury arbitrated."""
    controle, known = examen.controle, dict[str, Ligne]()
    said = {
        (one.candidat, one.evaluateur, one.ligne): one
        for own in controle.evaluations.appreciations.values()
        for one in own
    }
    told = set()
    for forme in controle.contexte.formes:
        fiche = forme.fiche
        for candidat, ligne in product(fiche.candidats, forme.lignes):
            known[ligne.id] = ligne
            key = (candidat.id, fiche.evaluateur.id, ligne.id)
            one = said.get(key)
            # What may be rated apart from the group, and was not, is asked of nobody.
            if key in told or (one is None and ligne.facultative):
                continue
            told.add(key)
            saisie = _state(controle, candidat, fiche.partie.id, rated=one is not None)
            yield LigneGrille(
                candidat.id, fiche.evaluateur, fiche.partie.id, ligne.critere, ligne.id,
                ligne.texte, saisie, one if saisie is EtatSaisie.LUE else None,
            )  # fmt: skip
    for one in examen.arbitrages:
        ligne = known[one.ligne]
        yield LigneGrille(
            one.candidat, None, one.partie, ligne.critere, ligne.id, ligne.texte,
            EtatSaisie.ARBITREE, one,
        )  # fmt: skip


def _state(controle: Controle, candidat: Candidat, partie: str, *, rated: bool) -> EtatSaisie:
    """Of whoever did not come nothing is expected, even where his group was rated without him."""
    incidents = {
        one.nature
        for one in controle.contexte.session.incidents_of(candidat.id)
        if one.partie in (None, partie)
    }
    missed = partie in controle.evaluations.absences.get(candidat.id, ())
    if candidat.presence is not Presence.PRESENT or missed or incidents & _ABSENCES:
        return EtatSaisie.NON_ATTENDUE
    if rated:
        return EtatSaisie.LUE
    return EtatSaisie.NON_ATTENDUE if incidents else EtatSaisie.MANQUANTE


def _files(
    plats: Sequence[Plat], jour: date, formats: Collection[str], *, anonyme: bool
) -> Iterator[tuple[str, bytes]]:
    """An anonymous export never takes the names of one that is not."""
    suffix = "-anonymes" if anonyme else ""
    every = [*plats, tables.dictionary([plat.table for plat in plats])]
    if "xlsx" in formats:
        yield f"plats{suffix}.xlsx", classeur.write(every, jour)
    if "json" in formats:
        content = ecriture.as_json(plats, anonyme=anonyme)
        yield f"plats{suffix}.json", fichiers.as_json(content)
    if "csv" in formats:
        for plat in every:
            yield f"{plat.table.nom}{suffix}.csv", ecriture.as_csv(plat)
