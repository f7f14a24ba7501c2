"""What somebody answers for: warnings accepted as they are, each with its reason.

The record is append-only, beside the session's key: an acceptance taken back is one more line. It
cites the anomaly's reference, so that another value or another sentence is a new warning.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from batch import fichiers
from batch.anomalies import Anomalie, Empechement, Gravite, MauvaisUsage, suggestion
from batch.folder import Folder
from batch.francais import proche
from batch.verrou import writing


def mark(folder: Folder, anomalies: Iterable[Anomalie]) -> list[Anomalie]:
    """The same anomalies; those that somebody accepted say why."""
    reasons = _reasons(folder)
    return [
        replace(one, acceptee=reasons.get(one.reference) if one.acceptable else None)
        for one in anomalies
    ]


@writing
def accept(
    folder: Folder,
    anomalies: Iterable[Anomalie],
    references: Collection[str],
    motif: str,
    now: datetime,
) -> list[Anomalie]:
    """Record that these warnings stand as they are. Raises MauvaisUsage for what cannot be."""
    motif = " ".join(motif.split())
    if not motif:
        raise MauvaisUsage("Dites pourquoi, avec --motif : il figurera dans les rapports.")
    chosen = _chosen(anomalies, references)
    for one in chosen:
        if one.gravite is Gravite.BLOQUANTE:
            raise MauvaisUsage(
                f"{one.reference} ({one.code.numero}) est bloquante : elle se corrige, elle ne "
                f"s'accepte pas."
            )
        if not one.acceptable:
            raise MauvaisUsage(
                f"{one.reference} ({one.code.numero}) est une information : il n'y a rien à "
                f"accepter."
            )
    _record(folder, "accepter", chosen, now, motif)
    return [replace(one, acceptee=motif) for one in chosen]


@writing
def take_back(
    folder: Folder, anomalies: Iterable[Anomalie], references: Collection[str], now: datetime
) -> list[Anomalie]:
    """Record that these warnings are no longer accepted. Raises MauvaisUsage if they were not."""
    chosen = _chosen(anomalies, references)
    for one in chosen:
        if one.acceptee is None:
            raise MauvaisUsage(f"{one.reference} ({one.code.numero}) n'est pas acceptée.")
    _record(folder, "retirer", chosen, now, None)
    return [replace(one, acceptee=None) for one in chosen]


def _chosen(anomalies: Iterable[Anomalie], references: Collection[str]) -> list[Anomalie]:
    known = {one.reference: one for one in anomalies}
    chosen = []
    for typed in references:
        reference = typed.strip().upper()
        if reference not in known:
            near = proche(reference, [r for r, one in known.items() if one.acceptable])
            raise MauvaisUsage(
                f"La référence « {typed} » n'est celle d'aucune anomalie de cette session"
                f"{suggestion(near)}. « jury accepter DOSSIER --liste » les donne."
            )
        chosen.append(known[reference])
    return chosen


def _record(
    folder: Folder, action: str, chosen: Iterable[Anomalie], now: datetime, motif: str | None
) -> None:
    for one in chosen:
        entry = {
            "quand": now.isoformat(timespec="seconds"),
            "quoi": action,
            "reference": one.reference,
            "code": one.code.numero,
            "motif": motif,
        }
        fichiers.append_line(folder.acceptations, json.dumps(entry, ensure_ascii=False))
        # The reason may name people: it stays out of the journal.
        folder.log(action, now, reference=one.reference, code=one.code.numero)


def _reasons(folder: Folder) -> dict[str, str]:
    """The reason of each acceptance that has not been taken back, by reference."""
    if not folder.acceptations.is_file():
        return {}
    reasons: dict[str, str] = {}
    try:
        for line in folder.acceptations.read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            if entry["quoi"] == "accepter":
                reasons[entry["reference"]] = str(entry["motif"])
            else:
                reasons.pop(entry["reference"], None)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Empechement(
            "Le relevé des anomalies acceptées (.jury/acceptations.jsonl) ne peut pas être lu. "
            "Rétablissez-le depuis une sauvegarde du dossier, ou supprimez-le : les anomalies "
            "acceptées redeviendront à vérifier."
        ) from error
    return reasons
