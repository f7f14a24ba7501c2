"""Seance -> resultats.json, whose format schemas/resultats.schema.json describes."""

from collections.abc import Iterable
from typing import Any

from batch.anomalies import Anomalie
from batch.jury.deliberation import CERTIFICATION
from batch.jury.seance import Dossier, Seance
from batch.vocabulaire import ResultatBloc, ResultatCertification

FORMAT = "jury/resultats/1"

_ORIGINES = {
    ResultatBloc.ACQUIS_ANTERIEUR: "acquis_anterieur",
    ResultatBloc.DISPENSE: "dispense",
}


def as_json(seance: Seance, anomalies: Iterable[Anomalie]) -> dict[str, Any]:
    """The results as a machine reads them. Additions: epreuves, activites, incidents, mention,
    proces_verbal, preconisations."""
    return {
        "format": FORMAT,
        "session": session_as_json(seance),
        "candidats": [_candidat(seance, dossier) for dossier in seance.dossiers],
        "anomalies": [anomalie.as_json() for anomalie in anomalies],
    }


def session_as_json(seance: Seance) -> dict[str, str | None]:
    """Which sitting this is, at the head of whatever a machine reads of it."""
    return {
        "id": seance.session.id,
        "referentiel": seance.referentiel.id,
        "reglement": f"{seance.reglement.id} v{seance.reglement.version}",
        "date_jury": seance.session.date_jury.isoformat(),
        "etat": seance.etat.value,
        "proces_verbal": seance.acte.numero if seance.acte else None,
    }


def _candidat(seance: Seance, dossier: Dossier) -> dict[str, Any]:
    resultat, issues = dossier.resultat, dossier.issues
    candidat = resultat.candidat
    certified = dossier.certification is ResultatCertification.DELIVREE
    return {
        "id": candidat.id,
        "nom": candidat.nom,
        "prenom": candidat.prenom,
        "parcours": ", ".join(candidat.blocs_vises) or "complet",
        "presence": resultat.presence.value,
        "incidents": [
            {"nature": one.nature.value, "epreuve": one.partie}
            for one in seance.session.incidents_of(candidat.id)
        ],
        "competences": _states(resultat.competences),
        "epreuves": _states(resultat.epreuves),
        "activites": _states(resultat.activites),
        "blocs": {
            code: {
                "propose": propose.value,
                "decide": decided.value if (decided := issues.blocs[code]) else None,
                "origine": _ORIGINES.get(propose, "session"),
                "motif": issues.motifs.get(code),
                "preconisations": issues.preconisations.get(code),
            }
            for code, propose in resultat.blocs.items()
        },
        "certification": {
            "propose": resultat.certification.value,
            "decide": issues.certification.value if issues.certification else None,
            "motif": issues.motifs.get(CERTIFICATION),
            "preconisations": issues.preconisations.get(CERTIFICATION),
            "mention": resultat.mention if certified else None,
        },
    }


def _states(states: Any) -> dict[str, dict[str, str]]:
    return {identifiant: {"resultat": state.value} for identifiant, state in states.items()}
