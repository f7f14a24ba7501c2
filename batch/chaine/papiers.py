"""What was examined -> everything that the session allows to write."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from batch import fichiers, resultats
from batch.anomalies import Anomalie
from batch.chaine import corrections
from batch.chaine.examen import examine
from batch.chaine.ouverture import content_of
from batch.chaine.pdf import forget_stale_pdfs
from batch.chaine.rapport import write_report
from batch.chaine.retours import Controle, stop_if_blocked
from batch.classeurs import resultats as classeur_resultats
from batch.classeurs.deliberation import classeur as deliberation
from batch.classeurs.deliberation.classeur import Saisies
from batch.documents import edition as documents
from batch.folder import Folder
from batch.francais import typographie
from batch.jury.seance import Seance
from batch.vocabulaire import EtatSession, ResultatCertification


@dataclass(frozen=True, slots=True)
class Traitement:
    controle: Controle
    seance: Seance
    ecrits: list[str]
    anomalies: list[Anomalie]


def treat(
    folder: Folder, now: datetime, *, plus_recente: bool = False, strict: bool = False
) -> Traitement:
    """Check, reckon, take in the jury's decisions, and write everything that the session allows."""
    examen = examine(folder, plus_recente=plus_recente)
    seance = examen.seance
    write_report(examen.controle, examen.anomalies)
    if strict:
        stop_if_blocked(examen.anomalies)
    written = corrections.write(examen.controle, now)
    if examen.deliberation_lisible and _write_deliberation(folder, seance, examen.saisies):
        written.append(folder.relative(folder.deliberation))
    written += _write_documents(folder, seance, examen.a_confirmer)
    forget_stale_pdfs(folder)
    for path, content in (
        (folder.resultats_xlsx, classeur_resultats.write(seance)),
        (folder.resultats, _json(resultats.as_json(seance, examen.anomalies))),
    ):
        if fichiers.write(path, content):
            written.append(folder.relative(path))
    examen.controle.log(
        "traiter",
        now,
        etat=seance.etat.value,
        ecrits={name: fichiers.fingerprint(content_of(folder.root / name)) for name in written},
    )
    return Traitement(examen.controle, seance, written, examen.anomalies)


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _write_deliberation(folder: Folder, seance: Seance, saisies: Saisies) -> bool:
    """Made again only when the proposals changed; the jury's own rows are never lost."""
    path = folder.deliberation
    if path.is_file():
        if deliberation.would_lose(seance, saisies) or deliberation.is_current(seance, saisies):
            return False
        before = content_of(path)
        name = f"{fichiers.fingerprint(before)[:16]}.xlsx"
        fichiers.write(folder.anciennes_deliberations / name, before)
    return fichiers.write(path, deliberation.write(seance, saisies))


def _write_documents(folder: Folder, seance: Seance, waiting: Collection[str]) -> list[str]:
    made = documents.documents(seance, folder.gabarits, sauf=waiting)
    return write_set(folder, made, "documents")


def write_set(folder: Folder, made: Mapping[str, bytes], serie: str) -> list[str]:
    """The documents that one command makes; those it no longer makes are removed.

    What somebody has retouched in Word is set aside, not lost.
    """
    before = last_documents(folder, serie)
    written: list[str] = []
    for name, content in made.items():
        path = folder.documents / name
        fresh = fichiers.fingerprint(content)
        if path.is_file() and name in before:
            current = fichiers.fingerprint(content_of(path))
            if current not in (before[name], fresh):
                if fresh == before[name]:
                    continue
                aside = path.with_name(f"{path.stem} (retouché à la main){path.suffix}")
                fichiers.write(aside, content_of(path))
        if fichiers.write(path, content):
            written.append(folder.relative(path))
    for name in before.keys() - made.keys():
        path = folder.documents / name
        if path.is_file() and fichiers.fingerprint(content_of(path)) == before[name]:
            path.unlink()
    made_now = {name: fichiers.fingerprint(content) for name, content in made.items()}
    fichiers.write(_record(folder, serie), _json(made_now))
    return written


def _record(folder: Folder, serie: str) -> Path:
    return folder.root / ".jury" / f"{serie}.json"


def last_documents(folder: Folder, serie: str) -> dict[str, str]:
    """The fingerprint of each document of this set, as it was made last."""
    record = _record(folder, serie)
    if not record.is_file():
        return {}
    return {str(k): str(v) for k, v in json.loads(record.read_text(encoding="utf-8")).items()}


def summary(seance: Seance) -> list[tuple[ResultatCertification, int]]:
    """How many candidates ended with each outcome, decided or else proposed."""
    shown = [d.issues.certification or d.resultat.certification for d in seance.dossiers]
    return [
        (outcome, shown.count(outcome)) for outcome in ResultatCertification if outcome in shown
    ]


def next_step(seance: Seance, anomalies: Sequence[Anomalie]) -> str:
    """The one thing to do now."""
    if seance.etat is EtatSession.DEFINITIF:
        return "Faites signer le procès-verbal, puis envoyez les lettres."
    grids = [a for a in anomalies if a.bloquante and a.code.numero.startswith(("GRI", "FIC"))]
    if grids:
        return typographie(
            "Faites corriger les grilles (controle/rapport.xlsx dit quoi et où), ou laissez le "
            "jury statuer sur ce qui est complet."
        )
    if seance.obstacles:
        return typographie("Corrigez les anomalies bloquantes, puis relancez « jury traiter ».")
    return typographie(
        "Le jury remplit deliberation.xlsx ; relancez ensuite « jury traiter » sur ce dossier."
    )
