"""What the jury decided, kept line after line as it was read: an emptied cell loses nothing."""

import json
from datetime import datetime
from typing import Any

from batch.anomalies import Lieu
from batch.classeurs.deliberation.classeur import Saisies
from batch.classeurs.deliberation.saisies import SAISIES, LigneSaisie
from batch.folder import Folder


def record(folder: Folder, saisies: Saisies, classeur: str | None, now: datetime) -> bytes | None:
    """The ledger with what the workbook of that fingerprint says besides; None for nothing new."""
    known = _last(folder)
    lines = []
    for feuille, rows in (("votes", saisies.votes), ("arbitrages", saisies.arbitrages)):
        for tag, saisie in rows.items():
            said = {nom: saisie[nom] for nom in SAISIES}
            before = known.get((feuille, tag))
            if said != before and (saisie.decide is not None or before is not None):
                line = {
                    "quand": now.isoformat(timespec="seconds"),
                    "classeur": classeur,
                    "feuille": feuille,
                    "repere": tag,
                    **said,
                }
                lines.append(json.dumps(line, ensure_ascii=False))
    if not lines:
        return None
    content = folder.decisions.read_bytes() if folder.decisions.is_file() else b""
    return content + "".join(f"{line}\n" for line in lines).encode()


def _last(folder: Folder) -> dict[tuple[str, str], dict[str, Any]]:
    """By sheet and row: what was last read there."""
    if not folder.decisions.is_file():
        return {}
    said: dict[tuple[str, str], dict[str, Any]] = {}
    for text in folder.decisions.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        said[line["feuille"], line["repere"]] = {nom: line[nom] for nom in SAISIES}
    return said


def recall(folder: Folder) -> Saisies:
    """The decisions last read, as if they stood in a workbook: for one that was lost."""
    rows: dict[str, dict[str, LigneSaisie]] = {"votes": {}, "arbitrages": {}}
    lieux = dict.fromkeys(("repere", *SAISIES), Lieu("deliberation.xlsx"))
    for (feuille, tag), said in _last(folder).items():
        if said["decide"] is not None:
            rows[feuille][tag] = LigneSaisie(tag, said, lieux)
    return Saisies(rows["votes"], rows["arbitrages"])
