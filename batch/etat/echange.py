"""Where a session stands, as the machine reads it: schemas/etat.schema.json describes it."""

import hashlib
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from batch import __version__
from batch.etat import dits
from batch.etat.modele import Ligne, Suivi
from batch.etat.suivi import next_step

FORMAT = "jury/etat/1"


def as_json(suivi: Suivi) -> dict[str, Any]:
    ensuite = next_step(suivi)
    faits = suivi.faits
    content: dict[str, Any] = {
        "format": FORMAT,
        "au": suivi.au.isoformat(),
        "ensuite": {"phrase": ensuite.phrase, "commande": ensuite.commande},
        "arret": suivi.arret or None,
        "fautes": [anomalie.as_json() for anomalie in suivi.fautes],
        "session": None,
    }
    if faits is None:
        return content
    return content | {
        "session": {
            "id": faits.session,
            "certification": faits.certification,
            "etat": faits.etat.value,
            "proces_verbal": faits.acte,
            "change_depuis": faits.change,
        },
        "vu_le": _moment(suivi.vu_le),
        "candidats": dict(faits.candidats),
        "progres": [
            {"nom": one.nom, "fait": one.fait, "total": one.total} for one in suivi.progres
        ],
        "fiches": {etat.value: nombre for etat, nombre in suivi.totaux.items()},
        "grilles": [_line(ligne) for ligne in suivi.lignes],
        "echeances": [
            {"nom": one.nom, "jour": _day(one.jour), "texte": one.texte, "jours": one.jours}
            for one in suivi.echeances
        ],
        "attentes": [
            {
                "candidats": list(one.candidats),
                "grilles": [
                    {
                        "evaluateur": suivi.lignes[rank].grille.evaluateur,
                        "partie": suivi.lignes[rank].grille.partie,
                        "etat": etat.value,
                    }
                    for rank, etat in one.grilles
                ],
                "decisions": list(one.decisions),
            }
            for one in suivi.attentes
        ],
        "suites": _after(suivi),
        "documents": {"nombre": suivi.documents, "a_jour": suivi.documents_a_jour},
        "anomalies": {"bloquantes": faits.bloquantes, "a_verifier": faits.a_verifier},
    }


def fingerprint(suivi: Suivi) -> str:
    """Of all that the page says, and of the program that says it."""
    said = json.dumps([__version__, suivi.dossier, as_json(suivi)], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def is_stamped(page: Path, empreinte: str) -> bool:
    """This page was made from exactly that."""
    try:
        with page.open("rb") as stream:
            return empreinte.encode() in stream.read(2048)
    except OSError:
        return False


def _after(suivi: Suivi) -> dict[str, Any] | None:
    suites = suivi.suites
    if suites is None:
        return None
    left = suites.declaration
    return {
        "registre": suites.registre or None,
        "inscrite": suites.inscrite,
        "scellee": suites.scellee,
        "declaration": left
        and {
            "phrase": dits.declaration(suivi),
            "certifies": left.certifies,
            "a_declarer": left.a_declarer,
            "accuses_attendus": None if left.a_declarer is None else left.attendues,
            "au_plus_tard": left.limite.isoformat(),
            "jours": left.jours,
        },
    }


def _line(ligne: Ligne) -> dict[str, Any]:
    grille = ligne.grille
    return {
        "evaluateur": grille.evaluateur,
        "nom": grille.nom,
        "partie": grille.partie,
        "faite": ligne.faite,
        "envoyee": ligne.envoyee,
        "envoyee_le": _moment(ligne.envoyee_le),
        "relances": [_moment(quand) for quand in ligne.relances],
        "vue_le": _moment(grille.vue_le),
        "fiches": dict(ligne.etats),
    }


def _moment(quand: datetime | None) -> str | None:
    return quand.isoformat(timespec="seconds") if quand else None


def _day(jour: date | None) -> str | None:
    return jour.isoformat() if jour else None
