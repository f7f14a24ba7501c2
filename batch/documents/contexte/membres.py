"""The jury in the procès-verbal: its members, what the règlement demands, who signs."""

from collections.abc import Iterator, Sequence
from typing import Any

from batch.anomalies import Code
from batch.documents.contexte.phrases import civil, cote_a_cote, heure, repertoire
from batch.francais import INSECABLE, compte, enumeration, guillemets, pourcentage, typographie
from batch.jury.seance import Deroulement, Seance
from batch.records import MembreJury

COMPOSITION = {
    Code.JURY_TROP_PETIT,
    Code.JURY_COLLEGE,
    Code.JURY_PRESIDENT,
    Code.JURY_EXTERIEURS,
}

# Rows of signatures, two members each, that a page holds with the body's decision under them; and
# how many of a longer jury's go with it to the next page, so that no decision stands alone.
_LIGNES_PAR_PAGE = 7
_LIGNES_AVEC_LA_DECISION = 3


def member(membre: MembreJury, deroulement: Deroulement) -> dict[str, Any]:
    return {
        "nom": repertoire(membre),
        "preside": membre.preside,
        "fonction": membre.fonction,
        "qualite": membre.qualite,
        "college": membre.college or "–",
        "exterieur": "oui" if membre.externe else "non",
        "present": "oui" if membre.present else "non",
        "passages": list(_moves(membre, deroulement)),
        "absent": not membre.present,
    }


def _moves(membre: MembreJury, deroulement: Deroulement) -> Iterator[str]:
    """When he came after the opening, or went before the closing."""
    for passage in deroulement.passages:
        if passage.membre.lieu == membre.lieu:
            if passage.arrivee:
                yield f"arrivée à {heure(passage.arrivee)}"
            if passage.depart:
                yield f"départ à {heure(passage.depart)}"


def presidency(jury: Sequence[MembreJury]) -> str:
    names = [f"{civil(membre)} ({membre.fonction})" for membre in jury if membre.preside]
    return f"Présidence du jury{INSECABLE}: {enumeration(names)}." if names else ""


def composition(seance: Seance) -> str:
    """Who sits, what the règlement demands, and whether it is met."""
    demande, jury = seance.reglement.jury, seance.session.jury
    sitting = [membre for membre in jury if membre.present]
    if not jury:
        return "Aucun membre du jury n’est inscrit."
    outside = sum(membre.externe for membre in sitting)
    share = f", dont {_outsiders(outside)}" if sitting else ""
    demanded = f"au moins {compte(demande.minimum, 'membre')}"
    if demande.exterieurs is not None:
        demanded += f", dont au moins {pourcentage(demande.exterieurs)} d’extérieurs"
    if demande.roles:
        roles = enumeration(
            f"{role.nombre}{INSECABLE}{guillemets(role.qualite)}"
            + (f" (collège {role.college})" if role.college else "")
            for role in demande.roles
        )
        demanded += f", parmi lesquels {roles}"
    article = f" ({typographie(demande.article)})" if demande.article else ""
    said = [
        presidency(sitting),
        f"{compte(len(sitting), 'membre présent', 'membres présents')} sur {len(jury)}{share}.",
        f"Le règlement demande {demanded}{article}.",
    ]
    if not any(anomalie.code in COMPOSITION for anomalie in seance.obstacles):
        said.append("La composition du jury est conforme au règlement.")
    return " ".join(sentence for sentence in said if sentence)


def _outsiders(combien: int) -> str:
    return compte(combien, "extérieur") if combien else "aucun extérieur"


def signatures(jury: Sequence[MembreJury], decision: bool) -> dict[str, Any]:
    """Two members a line, who presides first; an absent one does not sign.

    `decision`: the body's decision is to stand under them. Of a long jury, the last lines then go
    to its page.
    """
    boxes = [
        {
            "nom": repertoire(membre),
            "titre": f"{membre.qualite}, préside le jury" if membre.preside else membre.qualite,
            "absent": not membre.present,
        }
        for membre in sorted(jury, key=lambda membre: not membre.preside)
    ]
    lines = cote_a_cote(boxes[::2], boxes[1::2], vide={"nom": "", "titre": "", "absent": False})
    long = decision and len(lines) > _LIGNES_PAR_PAGE
    cut = len(lines) - _LIGNES_AVEC_LA_DECISION if long else len(lines)
    return {
        "signatures": lines,
        "signatures_debut": lines[:cut],
        "signatures_suite": lines[cut:],
    }
