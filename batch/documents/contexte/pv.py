"""The procès-verbal: who sat, by which rule, what was proposed and decided, and why."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from batch.anomalies import Code
from batch.documents.contexte import membres, regles
from batch.documents.contexte.deroulement import deroulement
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
    motif,
    projet,
    reason,
    tally,
    view,
    whole_reason,
)
from batch.francais import (
    FINE,
    INSECABLE,
    compte,
    date_jour,
    date_longue,
    de,
    enumeration,
    majuscule,
    typographie,
)
from batch.jury import enonce
from batch.jury.deliberation import CERTIFICATION
from batch.jury.regles import Constat, Mesure
from batch.jury.seance import ADRESSE, Changement, Dossier, Rectificatif, Seance
from batch.records import Appreciation
from batch.vocabulaire import Etat, Niveau, Presence, ResultatBloc, ResultatCertification

# Beyond so many blocs, the table of results is set smaller; then it prints codes, not words.
_COLONNES_LARGES = 3
_COLONNES_EN_MOTS = 6

CODES = {
    ResultatBloc.VALIDE: "V",
    ResultatBloc.NON_VALIDE: "NV",
    ResultatBloc.INCOMPLET: "INC",
    ResultatBloc.A_ARBITRER: "ARB",
    ResultatBloc.ACQUIS_ANTERIEUR: "AA",
    ResultatBloc.DISPENSE: "DISP",
    ResultatBloc.NON_VISE: "–",
    ResultatBloc.NON_PRESENTE: "NP",
}

SENS_BLOC = {
    ResultatBloc.VALIDE: "bloc obtenu à cette session",
    ResultatBloc.NON_VALIDE: "bloc évalué à cette session et non obtenu",
    ResultatBloc.INCOMPLET: "une évaluation au moins manque, rien n’est décidé",
    ResultatBloc.A_ARBITRER: "le calcul ne tranche pas, le jury décide",
    ResultatBloc.ACQUIS_ANTERIEUR: "bloc obtenu à une session antérieure et toujours valable",
    ResultatBloc.DISPENSE: "dispense accordée, le bloc compte comme obtenu",
    ResultatBloc.NON_VISE: "bloc que le parcours ne comprend pas",
    ResultatBloc.NON_PRESENTE: "bloc visé, dont aucune évaluation n’a été présentée",
}
SENS_CERTIFICATION = {
    ResultatCertification.DELIVREE: "tous les blocs sont obtenus",
    ResultatCertification.PARTIELLE: "une partie seulement de la certification est obtenue",
    ResultatCertification.BLOCS_VISES_VALIDES: "tous les blocs d’un parcours partiel sont obtenus",
    ResultatCertification.NON_DELIVREE: "aucun bloc n’est obtenu",
    ResultatCertification.EN_ATTENTE: "un résultat manque ou reste à arbitrer",
    ResultatCertification.ABSENT: "absence constatée, aucun résultat",
    ResultatCertification.EXCUSE: "absence justifiée, aucun résultat",
}
_SENS_SANS_BLOC = {
    ResultatCertification.DELIVREE: "les conditions du règlement sont réunies",
    ResultatCertification.NON_DELIVREE: "les conditions du règlement ne sont pas réunies",
}

TOTAUX = {
    ResultatCertification.DELIVREE: ("certification délivrée", "certifications délivrées"),
    ResultatCertification.PARTIELLE: ("validation partielle", "validations partielles"),
    ResultatCertification.BLOCS_VISES_VALIDES: (
        "parcours partiel validé",
        "parcours partiels validés",
    ),
    ResultatCertification.NON_DELIVREE: (
        "certification non délivrée",
        "certifications non délivrées",
    ),
    ResultatCertification.EN_ATTENTE: ("résultat en attente", "résultats en attente"),
    ResultatCertification.ABSENT: ("absence", "absences"),
    ResultatCertification.EXCUSE: ("absence excusée", "absences excusées"),
}

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
        "motivations": [said for vue in vues if (said := _motivation(seance, vue))],
        "absences": list(_lists(seance, vues)),
        "totaux": "" if rectified else totals(vues, is_projet),
        "legende": list(legend(seance, vues)),
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
        **columns(seance),
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


def columns(seance: Seance) -> dict[str, Any]:
    """A column for each bloc, or what is counted where there are none; how tight they are set."""
    blocs = seance.referentiel.blocs
    names = [bloc.code for bloc in blocs] or [name for name, told in _parties(seance) if told]
    return {
        "colonnes": names,
        "large": len(names) <= _COLONNES_LARGES,
        "serre": _COLONNES_LARGES < len(names) <= _COLONNES_EN_MOTS,
        "en_codes": len(names) > _COLONNES_EN_MOTS,
        "intitules": [{"code": bloc.code, "intitule": bloc.intitule} for bloc in blocs],
    }


def _parties(seance: Seance) -> tuple[tuple[str, bool], ...]:
    """Where there are no blocs: the columns that the rules give something to count in."""
    stated = seance.reglement.regles
    return (
        ("Activités", stated.activite is not None),
        ("Épreuves", stated.epreuve is not None),
    )


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
        "cellules": list(cells(seance, vue)),
        "issue": mot(vue.certification, candidat.sexe)
        + vue.mention
        + (f"{INSECABLE}*" if mark else ""),
    }


def cells(seance: Seance, vue: Vue) -> Iterator[dict[str, Any]]:
    if seance.referentiel.blocs:
        short = len(seance.referentiel.blocs) > _COLONNES_EN_MOTS
        for state in vue.blocs.values():
            yield {"mot": CODES[state] if short else state.mot, "mentions": []}
        return
    parties = {"Activités": vue.resultat.activites, "Épreuves": vue.resultat.epreuves}
    for name, stated in _parties(seance):
        if not stated:
            continue
        if vue.resultat.presence is not Presence.PRESENT:
            yield {"mot": "–", "mentions": []}
        else:
            counts, apart = tally(parties[name])
            yield {"mot": counts, "mentions": apart}


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


def _motivation(seance: Seance, vue: Vue) -> dict[str, Any] | None:
    if vue.certification not in (
        ResultatCertification.PARTIELLE,
        ResultatCertification.NON_DELIVREE,
        ResultatCertification.EN_ATTENTE,
    ):
        return None
    said = [*_bloc_reasons(seance, vue), *_whole_reasons(seance, vue)]
    return {
        "candidat": f"{repertoire(vue.candidat)} ({vue.candidat.id})",
        "issue": vue.certification.mot,
        "raisons": said,
    }


def _bloc_reasons(seance: Seance, vue: Vue) -> Iterator[str]:
    for code, state in vue.blocs.items():
        if state.obtenu or state is ResultatBloc.NON_VISE:
            continue
        if state is ResultatBloc.NON_PRESENTE:
            yield f"{code} non présenté."
            continue
        stands = "en attente" if state.en_suspens else "non validé"
        why = "par décision du jury" if vue.departs(code) else reason(seance, vue.constat(code))
        yield _because(f"{code} {stands}", why, motif(vue, code), vue.departs(code))


def _whole_reasons(seance: Seance, vue: Vue) -> Iterator[str]:
    """What the certification demands besides its blocs, or in their place, and is not there."""
    departs, said = vue.departs(CERTIFICATION), motif(vue, CERTIFICATION)
    if departs and not vue.blocs:
        yield _because("Certification non délivrée", "par décision du jury", said, True)
        return
    if not vue.manquants:
        for constat in vue.ensembles:
            if constat.mesure is not Mesure.ATTEINT:
                yield whole_reason(seance, constat)
    if said:
        yield said


def _because(subject: str, why: str, said: str, departs: bool) -> str:
    link = " " if departs else f"{INSECABLE}: "
    sentence = f"{subject}{link}{why}." if why else f"{subject}."
    return f"{sentence} {said}".rstrip()


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


def totals(vues: Sequence[Vue], is_projet: bool) -> str:
    if not vues:
        return ""
    states = [vue.certification for vue in vues]
    counts = [
        compte(combien, *TOTAUX[state])
        for state in ResultatCertification
        if (combien := states.count(state))
    ]
    subject = "Total des propositions" if is_projet else "Total"
    total = compte(len(vues), "dossier")
    return f"{subject}{INSECABLE}: {total}, soit {enumeration(counts)}."


def legend(seance: Seance, vues: Sequence[Vue]) -> Iterator[dict[str, str]]:
    """Each state that this very document prints, in the vocabulary's order."""
    blocs = {state for vue in vues for state in vue.blocs.values()}
    outcomes = {vue.certification for vue in vues}
    meanings: dict[Etat, str] = {
        **{state: sense for state, sense in SENS_BLOC.items() if state in blocs},
        **{state: sense for state, sense in SENS_CERTIFICATION.items() if state in outcomes},
    }
    if not seance.referentiel.blocs:
        meanings |= {s: sense for s, sense in _SENS_SANS_BLOC.items() if s in outcomes}
        if vues:
            yield {"mot": "13 sur 15", "sens": "validées sur celles qui comptent"}
    short = len(seance.referentiel.blocs) > _COLONNES_EN_MOTS
    for state, sense in meanings.items():
        if short and isinstance(state, ResultatBloc):
            yield {"mot": CODES[state], "sens": f"{state.mot.lower()}, {sense}"}
        else:
            yield {"mot": state.mot, "sens": sense}
