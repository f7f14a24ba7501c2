"""Referentiel -> the flat JSON of the contract (format « jury/referentiel/1 »)."""

from dataclasses import asdict
from typing import Any

from batch.referentiel.modele import Referentiel

FORMAT = "jury/referentiel/1"


def as_json(referentiel: Referentiel) -> dict[str, Any]:
    """Every tie, to be checked. `generale` and an activité's `sous_points` are additions."""
    flat = asdict(referentiel)
    dates = flat["enregistrement"]
    if dates:
        flat["enregistrement"] = {name: day.isoformat() for name, day in dates.items()}
    return {"format": FORMAT, **flat}
