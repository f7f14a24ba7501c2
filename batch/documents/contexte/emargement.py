"""The attendance sheets: one for each épreuve and time slot, and the jury's."""

from collections.abc import Iterator
from typing import Any

from batch.documents.contexte.commun import certification_codee, commun
from batch.documents.contexte.phrases import POINTS, heure, la_partie, repertoire
from batch.francais import INSECABLE, date_jour, majuscule
from batch.jury.calendrier import by_slot
from batch.jury.seance import Seance
from batch.records import Creneau


def emargement(seance: Seance) -> dict[str, Any]:
    """Number and name only: neither address, nor voie, nor accommodation is read by the others."""
    return {
        **commun(seance, "Feuilles d’émargement"),
        "certification": certification_codee(seance),
        "feuilles": [*_slots(seance), _jury(seance)],
    }


def _slots(seance: Seance) -> Iterator[dict[str, Any]]:
    for partie, creneau, candidats in by_slot(seance.session, seance.referentiel, seance.reglement):
        title = seance.referentiel.partie[partie].intitule
        watch = [
            e
            for e in seance.session.evaluateurs
            if any(
                a.evaluateur == e.id and a.partie in (None, partie)
                for a in seance.session.affectations
            )
        ]
        yield {
            "titre": f"{majuscule(la_partie(seance.referentiel, partie))}{INSECABLE}: {title}",
            "jour": date_jour(creneau.jour) if creneau else POINTS,
            "heures": _hours(creneau) if creneau else POINTS,
            "lieu": creneau.adresse if creneau else POINTS,
            "du_jury": False,
            "lignes": [{"numero": c.id, "nom": repertoire(c)} for c in candidats],
            "temoins": "Évaluateurs et surveillants",
            "surveillants": [*({"nom": f"{e.nom.upper()} {e.prenom}"} for e in watch), {"nom": ""}],
        }


def _jury(seance: Seance) -> dict[str, Any]:
    session = seance.session
    opening, closing = session.heure_ouverture, session.heure_cloture
    hours = " à ".join(heure(h) for h in (opening, closing) if h) or POINTS
    return {
        "titre": "Jury",
        "jour": date_jour(session.date_jury),
        "heures": hours,
        "lieu": session.lieu,
        "du_jury": True,
        "lignes": [
            {"numero": membre.qualite, "nom": repertoire(membre)} for membre in session.jury
        ],
        "temoins": "Secrétariat de séance",
        "surveillants": [{"nom": ""}],
    }


def _hours(creneau: Creneau) -> str:
    end = f" à {heure(creneau.fin)}" if creneau.fin else ""
    return f"{heure(creneau.debut)}{end}"
