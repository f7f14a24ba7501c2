"""The procès-verbal: who sat, by which rule, what was proposed and decided, and why."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from batch.anomalies import Code
from batch.documents.contexte import membres, regles, tableau
from batch.documents.contexte.deroulement import deroulement
from batch.documents.contexte.motivations import motivation
from batch.documents.contexte.phrases import (
    POINTS,
    cote_a_cote,
    heure,
    la_partie,
    phrase,
    repertoire,
)
from batch.documents.contexte.vue import (
    Vue,
    mot,
    projet,
    view,
)
from batch.francais import (
    FINE,
    INSECABLE,
    date_jour,
    date_longue,
    de,
    enumeration,
    majuscule,
    typographie,
)
from batch.jury import enonce
from batch.jury.regles import Constat
from batch.jury.seance import ADRESSE, Changement, Dossier, Rectificatif, Seance
from batch.records import Appreciation
from batch.vocabulaire import Niveau, ResultatCertification

_LISTES = {
    ResultatCertification.ABSENT: ("Absence", "Absences"),
    ResultatCertification.EXCUSE: ("Absence excusée", "Absences excusées"),
    ResultatCertification.EN_ATTENTE: ("Résultat en attente", "Résultats en attente"),
}


def proces_verbal(seance: Seance) -> dict[str, Any]:
    session, reglement = seance.session, seance.reglement
    vues = [view(dossier) for dossier in seance.dossiers]
    is_projet = projet(seance)
    act = seance.acte
    rectified = act.rectificatif if act else None
    # What a rectificatif does not say of anybody's result calls for no new decision of the body.
    instance = reglement.courrier.instance if vues or not rectified else ""
    titre = "Procès-verbal rectificatif du jury" if rectified else "Procès-verbal du jury"
    return {
        "document": f"{titre}, session {session.id}",
        "titre": titre,
        "projet": is_projet,
        "exemple": phrase(reglement.exemple) if reglement.exemple else "",
        "certificateur": typographie(reglement.courrier.certificateur),
        "intitule": seance.referentiel.intitule,
        "session": session.id,
        "pied": _foot(seance),
        "date": date_longue(session.date_jury),
        "identite": _identity(seance),
        **_rectification(seance, rectified),
        "membres": [membres.member(membre, seance.deroulement) for membre in session.jury],
        "composition": membres.composition(seance),
        "manques": _said(seance, lambda code: code in membres.COMPOSITION),
        "obstacles": _said(seance, lambda code: code not in membres.COMPOSITION),
        "regles": regles.sentences(seance.referentiel, reglement),
        "resultats": _results(seance, vues, is_projet),
        "ecarts": [row for dossier in seance.dossiers for row in _departures(dossier)],
        "motivations": [said for vue in vues if (said := motivation(seance, vue))],
        "absences": list(_lists(seance, vues)),
        "totaux": "" if rectified else tableau.totals(vues, is_projet),
        "legende": list(tableau.legend(seance, vues)),
        **deroulement(seance),
        "fait": f"Fait à {session.ville}, le {_made_on(seance)}.",
        **membres.signatures(session.jury, decision=bool(instance)),
        "instance": majuscule(instance),
        "titre_instance": f"Décision {de(instance)}" if instance else "",
        # The day of a rectificatif is written by hand: that of the session is the first decision's.
        "date_instance": (
            date_longue(session.date_decision) if session.date_decision and not rectified else ""
        ),
        "divergences": list(_divergences(seance)),
    }


def _foot(seance: Seance) -> str:
    """On every page of a final procès-verbal: its number, and what it rests on."""
    acte = seance.acte
    if acte is None:
        return f"Session {seance.session.id}"
    rests = (
        f", établi sur les pièces d’empreinte SHA-256 {acte.empreinte}" if acte.empreinte else ""
    )
    return f"Procès-verbal n°{INSECABLE}{acte.numero}{rests}"


def _made_on(seance: Seance) -> str:
    corrected = seance.acte is not None and seance.acte.rectificatif is not None
    return POINTS if corrected else date_longue(seance.session.date_jury)


def _rectification(seance: Seance, rectified: Rectificatif | None) -> dict[str, Any]:
    """Which procès-verbal is corrected, why, and each fact before and after.

    An address is on the letters only: that it changed is told, not where the person lives.
    """
    if rectified is None:
        return {"rectifie": "", "motif": "", "changements": []}
    return {
        "rectifie": (
            f"Ce procès-verbal rectifie le procès-verbal n°{INSECABLE}{rectified.remplace}, qui "
            f"demeure pour tout ce qui n’est pas repris ici."
        ),
        "motif": phrase(rectified.motif),
        "changements": [
            {
                "objet": majuscule(typographie(one.sujet)),
                "avant": "–" if _is_private(one) else typographie(one.avant),
                "apres": "corrigée sur la lettre" if _is_private(one) else typographie(one.apres),
            }
            for one in rectified.changements
        ],
    }


def _is_private(one: Changement) -> bool:
    return one.candidat is not None and one.sujet.endswith(ADRESSE)


def _said(seance: Seance, chosen: Callable[[Code], bool]) -> list[str]:
    return [typographie(one.message) for one in seance.obstacles if chosen(one.code)]


def _identity(seance: Seance) -> list[dict[str, Any]]:
    """Two columns of rubrics: the certification and its texts, then the sitting."""
    session, referentiel, reglement = seance.session, seance.referentiel, seance.reglement
    registered = referentiel.enregistrement
    dates = registered and (date_longue(registered.du), date_longue(registered.au))
    certification = [
        ("Certificateur", typographie(reglement.courrier.certificateur)),
        ("Code RNCP", referentiel.rncp or ""),
        ("Niveau", f"Niveau {referentiel.niveau}" if referentiel.niveau else ""),
        ("Enregistrement", f"du {dates[0]} au {dates[1]}" if dates else ""),
        ("Fondement", majuscule(typographie(reglement.courrier.enregistrement))),
        ("Référentiel", referentiel.id),
        ("Règlement", typographie(f"{reglement.intitule}, version {reglement.version}")),
    ]
    hours = [
        heure(instant) if instant else POINTS
        for instant in (session.heure_ouverture, session.heure_cloture)
    ]
    first = ""
    if session.session_initiale and session.date_initiale:
        day = date_longue(session.date_initiale)
        first = f"session {session.session_initiale}, jury du {day}"
    sitting = [
        ("Session", session.id),
        ("Rattrapage de la", first),
        ("Date du jury", date_jour(session.date_jury)),
        ("Lieu", session.lieu),
        ("Ouverture de la séance", hours[0]),
        ("Clôture de la séance", hours[1]),
        ("Numéro d’ordre", _number(seance)),
    ]
    return cote_a_cote(
        [_rubric(*pair) for pair in certification if pair[1]],
        [_rubric(*pair) for pair in sitting if pair[1]],
        vide=_rubric("", ""),
    )


def _number(seance: Seance) -> str:
    if seance.acte is not None:
        return seance.acte.numero
    return "donné au procès-verbal définitif" if projet(seance) else POINTS


def _rubric(nom: str, valeur: str) -> dict[str, str]:
    return {"rubrique": nom, "valeur": valeur}


# --- the results --------------------------------------------------------------------------------


def _results(seance: Seance, vues: Sequence[Vue], is_projet: bool) -> dict[str, Any]:
    decided = sum(vue.decide for vue in vues)
    if is_projet:
        title, heading = "Proposition de résultats", "Proposition"
        intro = (
            "Ces résultats sont ceux que le calcul propose, d’après les grilles et le règlement. "
            "Le jury est souverain."
        )
    elif seance.acte and seance.acte.rectificatif:
        title, heading = "Résultats rectifiés", "Décision du jury"
        intro = (
            "Le jury est souverain. Pour les candidats que la rectification concerne, il décide ce "
            "qui suit."
        )
    else:
        title, heading = "Résultats", "Décision du jury"
        intro = "Le jury est souverain. Après délibération, il décide ce qui suit."
    mixed = is_projet and decided
    return {
        "titre": title,
        "intro": intro,
        **tableau.columns(seance),
        "issue": heading,
        "lignes": [_row(seance, vue, mark=bool(mixed and vue.decide)) for vue in vues],
        "note": (
            f"* Décision du jury déjà saisie ({decided} sur {len(vues)}) ; "
            f"les autres résultats sont des propositions."
            if mixed
            else ""
        ).replace(" ;", "\u202f;"),
        "vide": "" if vues else "Aucune candidature n’est inscrite à cette session.",
    }


def _row(seance: Seance, vue: Vue, mark: bool) -> dict[str, Any]:
    candidat = vue.candidat
    mentions = []
    if candidat.nom_usage and candidat.nom_usage != candidat.nom_naissance:
        mentions.append(f"nom de naissance{INSECABLE}: {candidat.nom_naissance.upper()}")
    if candidat.amenagement:
        mentions.append(f"Aménagement accordé{INSECABLE}: oui")
    whole = "Certification complète"
    return {
        "numero": candidat.id,
        "nom": repertoire(candidat),
        "mentions": mentions,
        "voie": candidat.voie.mot,
        "parcours": ", ".join(candidat.blocs_vises) if candidat.blocs_vises else whole,
        "presence": mot(vue.resultat.presence, candidat.sexe),
        "cellules": list(tableau.cells(seance, vue)),
        "issue": mot(vue.certification, candidat.sexe)
        + vue.mention
        + (f"{INSECABLE}*" if mark else ""),
    }


def _departures(dossier: Dossier) -> Iterator[dict[str, str]]:
    """Each decision, already taken, that is not the proposal that lay before the jury."""
    for objet in dossier.objets:
        decided = dossier.issues.of(objet.code)
        if decided is not None and objet.needs_motif(decided):
            yield {
                "candidat": repertoire(dossier.resultat.candidat),
                "numero": objet.candidat,
                "objet": majuscule(objet.code),
                "propose": objet.propose.mot,
                "decide": decided.mot,
                "motif": phrase(dossier.issues.motifs.get(objet.code) or "–"),
            }


def _divergences(seance: Seance) -> Iterator[dict[str, str]]:
    """What the evaluators differed on, and what the jury said; evaluators are not named."""
    who = {d.resultat.candidat.id: d.resultat for d in seance.dossiers}
    echelle = seance.reglement.echelle
    for one in seance.divergences:
        resultat = who.get(one.candidat)
        if resultat is None:
            continue
        settled = [
            said
            for constat in resultat.constats[Niveau.CRITERE].values()
            for said in _appreciations(constat)
            if said.arbitrage and said.ligne == one.ligne
        ]
        yield {
            "numero": one.candidat,
            "candidat": repertoire(resultat.candidat),
            "objet": one.nom,
            "avis": " ; ".join(enonce.appreciation(said, echelle) for said in one.avis).replace(
                " ;", f"{FINE};"
            ),
            "decide": (enonce.appreciation(settled[-1], echelle) if settled else "Non tranché"),
            "motif": phrase(settled[-1].commentaire or "–") if settled else "–",
        }


def _appreciations(constat: Constat) -> Iterator[Appreciation]:
    yield from constat.appreciations
    for enfant in constat.enfants:
        yield from _appreciations(enfant)


def _lists(seance: Seance, vues: Sequence[Vue]) -> Iterator[dict[str, str]]:
    for state, (one, many) in _LISTES.items():
        names = [
            f"{repertoire(vue.candidat)} ({vue.candidat.id})"
            for vue in vues
            if vue.certification is state
        ]
        if names:
            yield {"rubrique": one if len(names) == 1 else many, "noms": f"{enumeration(names)}."}
    who = {vue.candidat.id: repertoire(vue.candidat) for vue in vues}
    for incident in seance.session.incidents:
        if incident.candidat in who:
            where = la_partie(seance.referentiel, incident.partie)
            said = f"{who[incident.candidat]} ({incident.candidat}), {where}, {incident.piece}"
            yield {"rubrique": incident.nature.mot, "noms": f"{said.rstrip('.')}."}
