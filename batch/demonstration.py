"""A fictional session, played from its scenario: typed, rated in Excel, deliberated, treated.

A scenario (samples/*/scenario.yaml) is the story of a session in a page: who is who, what each
evaluator says (« tout Acquis, sauf… »), what the jury decides. It plays the people; everything
else is the program itself.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from batch import chaine, data, fichiers
from batch.anomalies import Empechement, MauvaisUsage, suggestion
from batch.chaine import Traitement
from batch.classeurs import session as classeur_session
from batch.classeurs import tables
from batch.classeurs.cellules import fold
from batch.classeurs.deliberation import seance as feuille_seance
from batch.classeurs.deliberation import votes
from batch.classeurs.grille import forme as f
from batch.folder import Folder
from batch.francais import enumeration, proche
from batch.jury.affectation import FicheEvaluation
from batch.referentiel import lecture
from batch.reglement.depart import starting_text

SCENARIO = "scenario.yaml"


@dataclass(frozen=True, slots=True)
class Etape:
    """What has just been done, told as it happens."""

    titre: str
    detail: str


def known() -> list[str]:
    """The certifications that have a sample session."""
    return sorted(path.parent.name for path in data.SAMPLES.glob(f"*/{SCENARIO}"))


def scenario(certification: str) -> dict[str, Any]:
    if certification not in known():
        near = suggestion(proche(certification, known()))
        raise MauvaisUsage(
            f"Il n'y a pas de session d'exemple pour « {certification} »{near}. "
            f"Il y en a pour : {enumeration(known())}."
        )
    text = (data.SAMPLES / certification / SCENARIO).read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    assert isinstance(content, dict)
    return content


def lay_down(folder: Folder, story: Mapping[str, Any]) -> None:
    """The session as its gestionnaire typed it, with the règlement and the (public) sample key."""
    if folder.root.exists() and any(folder.root.iterdir()):
        raise Empechement(
            f"Le dossier {folder.root} n'est pas vide : rien n'y a été écrit. Donnez-en un autre."
        )
    referentiel = lecture.load(story["certification"])
    jour = datetime.strptime(story["session"]["date_jury"], "%d/%m/%Y").date()  # noqa: DTZ007
    typed = {nom: _rows(nom, story) for nom in classeur_session.LISTES}
    content = classeur_session.write(referentiel, jour, story["session"], typed)
    fichiers.write(folder.session, content)
    fichiers.write(folder.reglement, starting_text(referentiel).encode())
    fichiers.write(folder.root / ".jury" / "cle", story["cle"].encode())
    folder.retours.mkdir(parents=True, exist_ok=True)


def _rows(nom: str, story: Mapping[str, Any]) -> list[Mapping[str, str | None]]:
    columns = [colonne.nom for colonne in tables.load(nom).colonnes]
    rows = story.get(nom) or []
    unknown = {key for row in rows for key in row} - set(columns)
    assert not unknown, f"{nom} : {unknown}"
    return list(rows)


def play(folder: Folder, story: Mapping[str, Any], now: datetime) -> Iterator[Etape | Traitement]:
    """The whole story in this folder, step by step; the last thing it gives is the final batch."""
    lay_down(folder, story)
    people = len(story["candidats"])
    yield Etape("Session", f"session.xlsx et reglement.yaml : {people} candidats fictifs")
    emission = chaine.issue_grids(folder, now)
    yield Etape("Grilles", f"{len(emission.ecrites)} classeurs dans grilles/, prêts à envoyer")
    summoned = chaine.summon(folder, now)
    yield Etape("Convocations", f"{summoned.faites} documents : convocations et émargement")
    returned = fill(folder, story)
    yield Etape("Retours", f"{returned} grilles remplies comme par les évaluateurs, dans retours/")
    proposed = chaine.treat(folder, now)
    words = len(proposed.ecrits)
    yield Etape("Propositions", f"{words} fichiers, marqués PROJET : le jury n’a pas délibéré")
    count = deliberate(folder, story)
    yield Etape("Délibération", f"{count} décisions du jury écrites dans deliberation.xlsx")
    yield chaine.treat(folder, now)


def fill(folder: Folder, story: Mapping[str, Any]) -> int:
    """Each evaluator opens his grids, rates, comments and sends them back; how many came back."""
    import openpyxl

    contexte = chaine.gather(folder)
    kept_back = set(story.get("non_rendues") or ())
    count = 0
    for cahier in contexte.cahiers:
        if f"{cahier.evaluateur.id}/{cahier.partie.id}" in kept_back:
            continue
        source = folder.grilles / fichiers.safe_name(f.file_name(cahier))
        workbook = openpyxl.load_workbook(source)
        taken = {fold(f.NOTICE), fold(f.CACHEE)}
        for fiche in cahier.fiches:
            sheet = workbook[f.sheet_name(fiche, taken)]
            rows = {
                str(sheet.cell(row, f.REPERE).value).partition("~")[0]: row
                for row in range(f.L_PREMIERE, sheet.max_row + 1)
                if f.REPERE_LIGNE.fullmatch(str(sheet.cell(row, f.REPERE).value))
            }
            if _is_absent(fiche, story):
                sheet.cell(f.L_PRESENCE, f.NOTE).value = f.PRESENCES[1]
                continue
            expected = f.forme(contexte.session.id, fiche, contexte.reglement).attendues
            asked = {ligne.id for ligne in expected}
            apart = (story["appreciations"].get(fiche.sujet) or {}).keys()
            for ligne, row in rows.items():
                if ligne not in asked and ligne not in apart:
                    continue  # he is rated with his group
                note, commentaire = _opinion(fiche, ligne, story)
                sheet.cell(row, f.NOTE).value = note
                sheet.cell(row, f.COMMENTAIRE).value = commentaire
        buffer = io.BytesIO()
        workbook.save(buffer)
        # As people do: their own names, their own folders.
        who = cahier.evaluateur
        name = f"{cahier.partie.id} rempli par {who.prenom}.xlsx"
        (folder.retours / fichiers.safe_name(who.nom_complet)).mkdir(parents=True, exist_ok=True)
        target = folder.retours / fichiers.safe_name(who.nom_complet) / fichiers.safe_name(name)
        fichiers.write(target, buffer.getvalue())
        count += 1
    return count


def _is_absent(fiche: FicheEvaluation, story: Mapping[str, Any]) -> bool:
    missed = (story.get("absences") or {}).get(fiche.sujet, ())
    return missed == "toutes" or fiche.partie.id in missed


def _opinion(
    fiche: FicheEvaluation, ligne: str, story: Mapping[str, Any]
) -> tuple[str | None, str | None]:
    """What is said of this row: the exception of this candidate or group, else the usual word."""
    said = (story["appreciations"].get(fiche.sujet) or {}).get(ligne)
    if said is None:
        said = (story["appreciations"].get(fiche.sujet) or {}).get(
            "defaut", story["appreciations"]["defaut"]
        )
    if isinstance(said, str):
        return said, None
    note, commentaire = said
    return note, commentaire


def deliberate(folder: Folder, story: Mapping[str, Any]) -> int:
    """The jury follows the proposals, except where the scenario says otherwise."""
    import openpyxl

    workbook = openpyxl.load_workbook(folder.deliberation)
    sheet = workbook[votes.TABLE.feuille]
    titles = {colonne.titre: colonne.nom for colonne in votes.TABLE.colonnes}
    columns = {titles[str(cell.value)]: rank for rank, cell in enumerate(sheet[1], 1)}
    departures, advised = story.get("decisions") or {}, story.get("preconisations") or {}
    count = 0
    for row in range(2, sheet.max_row + 1):
        tag = sheet.cell(row, columns["repere"]).value
        if not tag:
            continue
        proposed = str(sheet.cell(row, columns["sur"]).value)
        decide, motif = departures.get(tag, (proposed, None))
        sheet.cell(row, columns["decide"]).value = decide
        sheet.cell(row, columns["motif"]).value = motif
        sheet.cell(row, columns["preconisations"]).value = advised.get(tag)
        count += 1
    _report(workbook[feuille_seance.FEUILLE], story.get("seance") or {})
    buffer = io.BytesIO()
    workbook.save(buffer)
    fichiers.write(folder.deliberation, buffer.getvalue())
    return count


def _report(sheet: Any, said: Mapping[str, Any]) -> None:
    """The sheet « Séance » as its secretary fills it: who moved, who withdrew, what happened."""
    column = {"nom": 2, "B": 3, "C": 4, "D": 5, "E": 6}
    rows = {str(sheet.cell(row, 1).value): row for row in range(1, sheet.max_row + 1)}

    def write(tag: str, **cells: str | None) -> None:
        for name, text in cells.items():
            if text is not None:
                sheet.cell(rows[tag], column[name]).value = text

    for name, moves in (said.get("passages") or {}).items():
        write(f"{feuille_seance.MEMBRE}{name}", C=moves.get("arrivee"), D=moves.get("depart"))
    for rank, one in enumerate(said.get("retraits") or (), 1):
        write(
            f"{feuille_seance.RETRAIT}{rank}",
            nom=one["membre"], B=one["candidat"], C=one["raison"], E=one.get("precision"),
        )  # fmt: skip
    for rank, one in enumerate(said.get("faits") or (), 1):
        write(f"{feuille_seance.FAIT}{rank}", nom=one["texte"], B=one.get("heure"))


def free_folder(base: Path) -> Path:
    """The first folder of that name that is not there yet: base, base-2, base-3…"""
    candidate, rank = base, 1
    while candidate.exists():
        rank += 1
        candidate = base.with_name(f"{base.name}-{rank}")
    return candidate
