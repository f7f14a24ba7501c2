"""An explanation for a machine: the whole tree, as schemas/explication.schema.json describes it."""

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from batch.cli.expliquer.cas import cas_of, to_correct
from batch.francais import sans_accent
from batch.jury import trace
from batch.jury.trace import Avis, Etape
from batch.resultats import session_as_json
from batch.vocabulaire import Niveau

if TYPE_CHECKING:
    from batch.chaine import Examen
    from batch.jury.seance import Dossier

FORMAT = "jury/explication/1"


def as_json(examen: "Examen", dossier: "Dossier", bloc: str | None = None) -> dict[str, Any]:
    """The whole tree, or one bloc's."""
    seance, candidat = examen.seance, dossier.resultat.candidat
    cas = cas_of(examen, dossier)
    return {
        "format": FORMAT,
        "session": session_as_json(seance),
        "candidat": {
            "id": candidat.id,
            "nom": candidat.nom,
            "prenom": candidat.prenom,
            "parcours": ", ".join(candidat.blocs_vises) or "complet",
            "presence": dossier.resultat.presence.value,
        },
        "explication": _node(trace.bloc(cas, bloc) if bloc else trace.certification(cas)),
        "hors_decision": [] if bloc else [_node(step) for step in trace.beside(cas)],
        "anomalies": [anomalie.as_json() for anomalie in to_correct(examen, dossier)],
    }


def _node(etape: Etape) -> dict[str, Any]:
    return {
        "niveau": _NIVEAUX[etape.niveau],
        "id": etape.id,
        "intitule": etape.intitule or etape.nom,
        "etat": etape.etat.value,
        "propose": etape.propose.value if etape.propose else None,
        "decide": etape.decide.value if etape.decide else None,
        "motif": etape.motif,
        "valeur": _text(etape.comparee),
        "points": _text(etape.valeur),
        "hors_calcul": etape.hors_calcul,
        "faits": list(etape.faits),
        "regle": _rule(etape),
        "calcul": etape.calcul or None,
        "marge": etape.marge or None,
        "remarques": [*etape.remarques, *([etape.attente] if etape.attente else [])],
        "enfants": [_node(enfant) for enfant in etape.enfants],
        "appreciations": [_rating(avis) for avis in etape.avis],
    }


def _text(valeur: Fraction | None) -> str | None:
    return None if valeur is None else str(valeur)


_NIVEAUX = {niveau: sans_accent(niveau.singulier) for niveau in Niveau}


def _rule(etape: Etape) -> dict[str, Any] | None:
    if not etape.regle:
        return None
    said: dict[str, Any] = {"phrase": etape.regle}
    regle = etape.constat.regle if etape.constat else None
    if regle is not None:
        condition = regle.conditions[0]
        threshold = getattr(regle, condition)
        said |= {
            "condition": condition,
            "seuil": None if threshold is True else str(threshold),
            "sur": regle.sur,
            "minimum": None if regle.minimum is None else str(regle.minimum),
            "minimums": {i: str(v) for i, v in (regle.minimums or {}).items()},
            "poids": {i: str(v) for i, v in (regle.poids or {}).items()},
            "eliminatoires": list(regle.eliminatoires),
            "article": regle.article or None,
        }
    return said


def _rating(avis: Avis) -> dict[str, Any]:
    one = avis.appreciation
    return {
        "evaluateur": one.evaluateur,
        "nom": avis.qui,
        "role": one.role,
        "arbitrage": one.arbitrage,
        "groupe": avis.groupe,
        "niveau": one.niveau,
        "note": _text(one.note),
        "libelle": avis.choix,
        "commentaire": one.commentaire,
        "fichier": one.lieu.fichier,
        "feuille": one.lieu.feuille,
        "cellule": one.lieu.cellule,
    }
