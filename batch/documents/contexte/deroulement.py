"""How the sitting went, as the procès-verbal tells it: who withdrew, how the jury voted, what
happened, what it advises."""

from collections.abc import Iterator
from typing import Any

from batch.anomalies import Code
from batch.documents.contexte.phrases import heure, phrase, repertoire
from batch.documents.contexte.vue import projet
from batch.francais import INSECABLE, compte, de, enumeration, majuscule, typographie
from batch.jury.deliberation import CERTIFICATION
from batch.jury.seance import Dossier, Fait, Seance, Voix


def deroulement(seance: Seance) -> dict[str, Any]:
    withdrawals = [row for dossier in seance.dossiers if (row := _withdrawal(seance, dossier))]
    facts = [_fact(fait) for fait in seance.deroulement.faits]
    draft = projet(seance)
    nothing = (
        "Aucun incident n’est consigné à ce jour."
        if draft
        else "Aucun incident n’est porté à ce procès-verbal."
    )
    return {
        "retraits": withdrawals,
        "retraits_note": _quorum(seance) if withdrawals else _nobody_withdrew(seance),
        **_votes(seance),
        "faits": facts,
        "faits_note": "" if facts else nothing,
        "preconisations": [
            {"candidat": f"{repertoire(dossier.resultat.candidat)} ({own.candidat})", **said}
            for dossier in seance.dossiers
            for own in dossier.objets[:1]
            for said in preconisations(dossier)
        ],
    }


def preconisations(dossier: Dossier) -> Iterator[dict[str, str]]:
    """What the jury advises this candidate, once it has decided; by bloc, then as a whole."""
    if not dossier.issues.complete:
        return
    for code in (*dossier.issues.blocs, CERTIFICATION):
        said = dossier.issues.preconisations.get(code)
        if said:
            yield {"objet": majuscule(code), "texte": phrase(said)}


def _withdrawal(seance: Seance, dossier: Dossier) -> dict[str, Any] | None:
    """Who decided on this candidate, where it is not everybody present."""
    candidat = dossier.resultat.candidat
    left = seance.deroulement.deliberating(seance.session.jury, candidat.id)
    out = [
        f"{repertoire(one.membre)}{INSECABLE}: {typographie(one.motif)}"
        for one in seance.deroulement.retraits
        if one.candidat == candidat.id and one.membre.present
    ]
    if not (out and dossier.objets):
        return None
    return {
        "numero": candidat.id,
        "candidat": repertoire(candidat),
        "sans": list(dict.fromkeys(out)),
        "avec": enumeration(repertoire(membre) for membre in left) or "personne",
        "nombre": compte(len(left), "membre"),
    }


def _nobody_withdrew(seance: Seance) -> str:
    """Who came late or left early may have missed candidates: nothing is claimed then for all."""
    if projet(seance):
        return "Aucun retrait n’est consigné à ce jour."
    noted = [one.membre for one in seance.deroulement.retraits]
    moved = dict.fromkeys(
        repertoire(one.membre)
        for one in seance.deroulement.passages
        if one.membre.present and one.membre not in noted
    )
    if not moved:
        return "Tous les membres présents ont délibéré sur chaque candidat."
    return (
        f"Les membres présents du début à la fin de la séance ont délibéré sur chaque candidat. "
        f"Rien n’est consigné des candidats examinés en l’absence {de(enumeration(moved))}."
    )


def _quorum(seance: Seance) -> str:
    """What must be left in the room when somebody withdraws, and whether it is."""
    reglement, here = seance.reglement, seance.deroulement
    concerned = {one.candidat for one in here.retraits if one.membre.present}
    rules = dict.fromkeys(
        reglement.jury_of(candidat.voie)
        for candidat in seance.session.candidats
        if candidat.id in concerned
    )
    said = []
    for rule in rules:
        article = f" ({typographie(rule.article)})" if rule.article else ""
        if rule.quorum:
            held = compte(rule.quorum, "membre présent doit", "membres présents doivent")
            said.append(f"Au moins {held} délibérer sur chaque candidat{article}.")
        else:
            said.append(
                f"Les membres qui restent doivent former, à eux seuls, un jury conforme au "
                f"règlement{article}."
            )
    if not any(anomalie.code is Code.JURY_SANS_MEMBRE for anomalie in seance.obstacles):
        said.append("C’est le cas pour chacun de ces candidats.")
    return " ".join(dict.fromkeys(said))


def _votes(seance: Seance) -> dict[str, Any]:
    """Nothing where the règlement wants no count; else its rule, and each vote that was divided."""
    ruled = seance.reglement.deliberation
    if ruled.scrutin is None:
        return {"scrutin": "", "voix": []}
    mode = (
        "à la majorité absolue des membres qui délibèrent"
        if ruled.scrutin.majorite == "absolue"
        else "à la majorité des voix exprimées"
    )
    article = f" ({typographie(ruled.article)})" if ruled.article else ""
    said = [f"Le jury décide {mode}{article}."]
    if ruled.scrutin.voix_preponderante:
        said.append("En cas de partage, la voix de la présidence du jury l’emporte.")
    shown = {dossier.resultat.candidat.id: dossier for dossier in seance.dossiers}
    counted = [one for one in seance.deroulement.voix if one.candidat in shown]
    divided = [one for one in counted if one.pour != one.total]
    whole = len(counted) - len(divided)
    if whole:
        votes = compte(whole, "décision est prise", "décisions sont prises")
        said.append(f"{votes} à l’unanimité des membres qui délibèrent.")
    if divided:
        votes = compte(len(divided), "décision est prise", "décisions sont prises")
        said.append(f"{votes} aux voix suivantes{INSECABLE}:")
    return {
        "scrutin": " ".join(said),
        "voix": [_vote(shown[one.candidat], one) for one in divided],
    }


def _vote(dossier: Dossier, voix: Voix) -> dict[str, str]:
    decided = dossier.issues.of(voix.code)
    tied = ", voix prépondérante" if voix.pour == voix.contre else ""
    return {
        "numero": voix.candidat,
        "candidat": repertoire(dossier.resultat.candidat),
        "objet": majuscule(voix.code),
        "decide": f"{decided.mot}{tied}" if decided is not None else "–",
        "pour": str(voix.pour),
        "contre": str(voix.contre),
        "abstentions": str(voix.abstentions),
    }


def _fact(fait: Fait) -> dict[str, str]:
    return {"heure": heure(fait.heure) if fait.heure else "", "texte": phrase(fait.texte)}
