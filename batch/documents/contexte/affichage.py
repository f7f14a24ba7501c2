"""The results as they may be posted: numbers and outcomes, no name, nothing that tells who."""

from typing import Any

from batch.documents.contexte import membres, tableau
from batch.documents.contexte.commun import certification_codee, commun
from batch.documents.contexte.vue import mot, view
from batch.francais import date_longue
from batch.jury.seance import Seance


def affichage(seance: Seance) -> dict[str, Any]:
    """Candidates in the order of their numbers; neither voie, nor parcours, nor agreement."""
    session = seance.session
    vues = sorted((view(dossier) for dossier in seance.dossiers), key=lambda v: v.candidat.id)
    return {
        **commun(seance, "Résultats du jury"),
        "certification": certification_codee(seance),
        "date": date_longue(session.date_jury),
        "resultats": {
            **tableau.columns(seance),
            "lignes": [
                {
                    "numero": vue.candidat.id,
                    "cellules": list(tableau.cells(seance, vue)),
                    "issue": mot(vue.certification, None) + vue.mention,
                }
                for vue in vues
            ],
        },
        "legende": list(tableau.legend(seance, vues)),
        "totaux": tableau.totals(vues, is_projet=False),
        # The règlement's own text speaks of « this letter »: it is not for a wall.
        "recours": "Chaque candidat reçoit une lettre, qui dit aussi comment former un recours.",
        "fait": f"Fait à {session.ville}, le {date_longue(session.date_jury)}.",
        "presidence": membres.presidency([membre for membre in session.jury if membre.present]),
    }
