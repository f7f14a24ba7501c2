"""The letter: what the jury decided, what it means, why, what comes next, and how to appeal.

One function for each outcome writes the first sentences; whatever follows is there only where it
is true of this candidate. Nothing internal is said: no comment, no accommodation, no voie d'accès.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from batch.documents.contexte.commun import commun, personne, rncp, written
from batch.documents.contexte.phrases import civil, la_partie, les_blocs, phrase
from batch.documents.contexte.vue import Vue, motif, projet, reason, tally, view, whole_reason
from batch.francais import (
    INSECABLE,
    civilite,
    date_longue,
    elide,
    enumeration,
    guillemets,
    majuscule,
    typographie,
)
from batch.jury import enonce, explication
from batch.jury.deliberation import CERTIFICATION
from batch.jury.regles import Constat, Mesure
from batch.jury.seance import Dossier, Seance
from batch.records import Candidat, Incident
from batch.referentiel.modele import Competence
from batch.reglement.modele import ENFANTS
from batch.vocabulaire import (
    Nature,
    Niveau,
    ResultatBloc,
    ResultatCertification,
    ResultatCompetence,
)

_NON_VENU = (ResultatCertification.ABSENT, ResultatCertification.EXCUSE)
# What a body decides besides the delivery itself, where the règlement names one.
_CONFIRMES = (
    ResultatCertification.PARTIELLE,
    ResultatCertification.BLOCS_VISES_VALIDES,
    ResultatCertification.NON_DELIVREE,
)
_EVALUES = (ResultatBloc.VALIDE, ResultatBloc.NON_VALIDE)

# So many of what was not met are named; beyond, the rest is counted.
_NOMMES = 12


def lettre(seance: Seance, dossier: Dossier) -> dict[str, Any]:
    vue = view(dossier)
    session, courrier = seance.session, seance.reglement.courrier
    candidat, day = vue.candidat, date_longue(session.date_jury)
    salutation = civilite(candidat.sexe)
    code = f" ({rncp(seance)})" if rncp(seance) else ""
    return {
        **commun(
            seance,
            "Résultat du jury",
            f"Résultat du jury du {day}{INSECABLE}: {civil(candidat)}",
        ),
        "personne": personne(candidat),
        "mention_projet": _draft(seance, vue),
        "destinataire": recipient(candidat),
        "adresse": address(candidat.adresse),
        "lieu_date": f"{session.ville}, le {written(seance)}",
        "objet": f"résultat du jury du {day}, certification {_certification(seance)}{code}",
        "reference": f"session {session.id}, dossier n°{INSECABLE}{candidat.id}",
        "salutation": salutation,
        "annonce": list(_announcement(seance, vue)),
        "tableau": _table(seance, vue),
        "raisons": list(_reasons(seance, vue)),
        "options": list(_options(seance, vue)),
        "suites": list(_next(seance, vue)),
        "recours": [
            phrase(courrier.recours.texte),
            phrase(f"Délai : {courrier.recours.delai}"),
            phrase(f"Adresse : {courrier.certificateur}, {courrier.adresse}"),
        ],
        "politesse": (
            f"Je vous prie d’agréer, {salutation}, l’expression de mes salutations distinguées."
        ),
        "signataire": typographie(courrier.signataire),
    }


def _draft(seance: Seance, vue: Vue) -> str:
    if not projet(seance):
        return ""
    what = (
        "la décision du jury est saisie, mais la session n’est pas encore définitive"
        if vue.decide
        else "les résultats ci-dessous sont des propositions, avant la décision du jury"
    )
    return f"Projet de lettre, à ne pas envoyer{INSECABLE}: {what}."


def recipient(candidat: Candidat) -> str:
    return f"{civilite(candidat.sexe)} {civil(candidat)}" if candidat.sexe else civil(candidat)


def address(adresse: str | None) -> list[str]:
    """« 3, rue du Test, 69001 Lyon » -> its two lines; an address typed in lines keeps them."""
    lines = [line.strip(" ,") for line in (adresse or "").splitlines()]
    if len(lines) == 1:
        lines = re.split(r"\s*,\s*(?=\d{5}\b)", lines[0], maxsplit=1)
    return [line for line in lines if line]


def _certification(seance: Seance) -> str:
    return guillemets(seance.referentiel.intitule)


# --- the outcome, said at once ------------------------------------------------------------------


def _announcement(seance: Seance, vue: Vue) -> Iterator[str]:
    day, whole = date_longue(seance.session.date_jury), _certification(seance)
    body = seance.reglement.courrier.instance
    decided = None if projet(seance) else seance.session.date_decision
    match vue.certification:
        case ResultatCertification.DELIVREE if body and decided:
            yield (
                f"Par décision du {date_longue(decided)}, prise au vu de la délibération du jury "
                f"du {day}, {body} vous a attribué la certification {whole}{vue.mention}. "
                f"Je vous en félicite."
            )
        case ResultatCertification.DELIVREE:
            yield (
                f"Réuni le {day}, le jury vous a attribué la certification {whole}{vue.mention}. "
                f"Je vous en félicite."
            )
        case ResultatCertification.NON_DELIVREE if not vue.candidat.blocs_vises or not vue.blocs:
            yield f"Réuni le {day}, le jury ne vous a pas attribué la certification {whole}."
        case outcome:
            said = _ANNONCES[outcome](vue)
            yield f"Réuni le {day} pour la certification {whole}, le jury {said}"
    if body and decided and vue.certification in _CONFIRMES:
        yield f"{majuscule(body)} a pris la même décision le {date_longue(decided)}."
    if vue.certification is ResultatCertification.NON_DELIVREE:
        # A reason of the jury's own may be a fraud: it is no advice.
        use = "" if vue.motifs else ", pour qu’elles vous aident à préparer la suite"
        yield f"Je mesure ce que cette nouvelle a de décevant. En voici les raisons{use}."
    held = vue.blocs_in(ResultatBloc.ACQUIS_ANTERIEUR)
    if held and vue.certification in _NON_VENU:
        yield (
            f"Le bloc {held[0]}, que vous aviez déjà obtenu, vous reste acquis."
            if len(held) == 1
            else f"Les blocs {enumeration(held)}, que vous aviez déjà obtenus, vous restent acquis."
        )


def _partial(vue: Vue) -> str:
    # Every bloc may be there, and a condition besides the blocs be missing.
    left = (
        f"Pour la certification entière, il vous reste à obtenir {les_blocs(vue.manquants)}."
        if vue.manquants
        else "La certification entière demande une condition de plus, qui n’est pas remplie."
    )
    if not vue.obtenus:
        return f"n’a pas validé de nouveau bloc. {left}"
    are = "est validé" if len(vue.obtenus) == 1 else "sont validés"
    return (
        f"vous a accordé une validation partielle{INSECABLE}: {les_blocs(vue.obtenus)} {are}, "
        f"et je vous en félicite. {left}"
    )


def _aimed(vue: Vue) -> str:
    if not vue.obtenus:
        return "a constaté que vous aviez déjà obtenu tous les blocs que vous visiez."
    if len(vue.obtenus) == 1:
        return f"a validé le bloc que vous visiez, {vue.obtenus[0]}. Je vous en félicite."
    return (
        f"a validé tous les blocs que vous visiez, {enumeration(vue.obtenus)}. Je vous en félicite."
    )


def _refused(vue: Vue) -> str:
    aimed = vue.candidat.blocs_vises
    if len(aimed) == 1:
        return f"n’a pas validé le bloc que vous visiez, {aimed[0]}."
    return f"n’a validé aucun des blocs que vous visiez, {enumeration(aimed)}."


def _waiting(vue: Vue) -> str:
    pending = [code for code, state in vue.blocs.items() if state.en_suspens]
    subject = les_blocs(pending) if pending else "votre dossier"
    return f"n’a pas encore pu se prononcer sur {subject}. Votre résultat est donc en attente."


def _absent(vue: Vue) -> str:
    return f"a constaté votre absence. {_RIEN}"


def _excused(vue: Vue) -> str:
    return f"a pris acte de votre absence justifiée. {_RIEN}"


_RIEN = (
    f"Il ne s’est donc pas prononcé{INSECABLE}: aucun résultat, favorable ou défavorable, n’est "
    f"enregistré à votre nom pour cette session."
)

_ANNONCES: Mapping[ResultatCertification, Callable[[Vue], str]] = {
    ResultatCertification.PARTIELLE: _partial,
    ResultatCertification.BLOCS_VISES_VALIDES: _aimed,
    ResultatCertification.NON_DELIVREE: _refused,
    ResultatCertification.EN_ATTENTE: _waiting,
    ResultatCertification.ABSENT: _absent,
    ResultatCertification.EXCUSE: _excused,
}


# --- the table ----------------------------------------------------------------------------------


def _table(seance: Seance, vue: Vue) -> dict[str, Any]:
    """Bloc by bloc, or the counts where there are none; without a row, the letter has no table."""
    if vue.certification in _NON_VENU:
        rows = []
    elif vue.blocs:
        rows = [_bloc_row(seance, vue, code) for code in vue.blocs]
    elif vue.certification is ResultatCertification.EN_ATTENTE or vue.departs(CERTIFICATION):
        rows = []
    else:
        rows = [_count_row(seance, vue, constat) for constat in vue.ensembles]
    return {"sujet": "Bloc" if vue.blocs else "Ensemble", "lignes": rows}


def _bloc_row(seance: Seance, vue: Vue, code: str) -> dict[str, Any]:
    state = vue.blocs[code]
    return {
        "code": code,
        "intitule": seance.referentiel.bloc[code].intitule,
        "resultat": ResultatCertification.EN_ATTENTE.mot if state.en_suspens else state.mot,
        "sens": _meaning(vue, code),
    }


def _meaning(vue: Vue, code: str) -> str:
    state, held = vue.blocs[code], vue.resultat.acquis.get(code)
    since = f" le {date_longue(held.date)}" if held else ""
    return {
        ResultatBloc.VALIDE: "Vous avez obtenu ce bloc.",
        ResultatBloc.NON_VALIDE: "Vous n’avez pas obtenu ce bloc.",
        ResultatBloc.INCOMPLET: "Son évaluation n’est pas complète.",
        ResultatBloc.A_ARBITRER: "Le jury ne s’est pas encore prononcé.",
        ResultatBloc.ACQUIS_ANTERIEUR: f"Vous l’aviez obtenu{since}. Il vous reste acquis.",
        ResultatBloc.DISPENSE: (
            f"Une dispense vous a été accordée{since}. Ce bloc compte comme obtenu."
        ),
        ResultatBloc.NON_VISE: "Vous ne visiez pas ce bloc.",
        ResultatBloc.NON_PRESENTE: "Vous n’avez pas présenté ce bloc à cette session.",
    }[state]


def _count_row(seance: Seance, vue: Vue, constat: Constat) -> dict[str, Any]:
    assert constat.regle is not None, "a whole stands by its rule"
    niveau = ENFANTS[constat.id]
    parties = vue.resultat.activites if constat.id == "activites" else vue.resultat.epreuves
    met = "Condition remplie" if constat.mesure is Mesure.ATTEINT else "Condition non remplie"
    needed = enonce.needed(constat.regle, niveau, partial(enonce.name, seance.referentiel))
    return {
        "code": niveau.pluriel.capitalize(),
        "intitule": "",
        "resultat": tally(parties)[0],
        "sens": f"{met}{INSECABLE}: {needed}.",
    }


# --- why ----------------------------------------------------------------------------------------


def _reasons(seance: Seance, vue: Vue) -> Iterator[dict[str, Any]]:
    """A sentence, and the points under it if any."""
    if vue.certification in _NON_VENU:
        return
    for incident in seance.session.incidents_of(vue.candidat.id):
        if said := _incident(seance, incident):
            yield {"phrase": said, "points": []}
    if not vue.blocs:
        yield from _whole_reasons(seance, vue)
    for code in vue.blocs:
        if said := _bloc_reason(seance, vue, code):
            yield {"phrase": said, "points": []}
    if vue.blocs and not vue.manquants:
        for constat in vue.ensembles:
            if constat.mesure is Mesure.NON_ATTEINT:
                yield {"phrase": whole_reason(seance, constat), "points": []}


def _incident(seance: Seance, incident: Incident) -> str:
    """Absences are told by the results themselves; a fraud and a giving up need saying."""
    what = la_partie(seance.referentiel, incident.partie)
    match incident.nature:
        case Nature.FRAUDE:
            return phrase(f"pour fraude, {what} est sans valeur ({incident.piece})")
        case Nature.ABANDON:
            return phrase(
                f"vous avez abandonné ({incident.piece}) : ce qui n’avait pas été évalué n’est "
                f"pas présenté"
            )
    return ""


def _bloc_reason(seance: Seance, vue: Vue, code: str) -> str:
    said, decided = motif(vue, code), vue.departs(code)
    match vue.blocs[code]:
        case ResultatBloc.VALIDE if said:
            by = " par décision du jury" if decided else ""
            return f"Le bloc {code} est validé{by}. {said}"
        case ResultatBloc.NON_VALIDE if decided:
            return f"Le bloc {code} n’est pas validé, par décision du jury. {said}".rstrip()
        case ResultatBloc.NON_VALIDE:
            constat = vue.constat(code)
            why = reason(seance, constat)
            stands = f"n’est pas validé{INSECABLE}: {why}" if why else "n’est pas validé"
            parts = [f"Le bloc {code} {stands}.", _not_met(seance, constat), said]
            return " ".join(part for part in parts if part)
        case ResultatBloc.NON_PRESENTE:
            return (
                f"Le bloc {code} n’est pas obtenu{INSECABLE}: vous n’avez présenté aucune de ses "
                f"évaluations."
            )
    return ""


def _not_met(seance: Seance, constat: Constat | None) -> str:
    """« Les compétences C2, C5 et C9 ne sont pas acquises. »"""
    missed = _missed(constat) if constat else []
    if not missed:
        return ""
    niveau = missed[0].niveau
    one, many = enonce.MOTS[niveau]
    names = [explication.name(seance.referentiel, enfant) for enfant in missed]
    if len(names) == 1:
        subject = elide("la" if niveau.feminin else "le", niveau.singulier)
        return f"{majuscule(subject)} {names[0]} n’est pas {one}."
    if len(names) > _NOMMES:
        names = [*names[: _NOMMES - 1], f"{len(names) - _NOMMES + 1} autres"]
    return f"Les {niveau.pluriel} {enumeration(names)} ne sont pas {many}."


def _missed(constat: Constat) -> list[Constat]:
    return [enfant for enfant in constat.enfants if enfant.mesure is Mesure.NON_ATTEINT]


def _whole_reasons(seance: Seance, vue: Vue) -> Iterator[dict[str, Any]]:
    """Where there are no blocs, what was not met is listed by its title."""
    said = motif(vue, CERTIFICATION)
    if vue.certification is ResultatCertification.EN_ATTENTE:
        return
    if vue.departs(CERTIFICATION):
        delivered = vue.certification is ResultatCertification.DELIVREE
        verb = "est délivrée" if delivered else "n’est pas délivrée,"
        whole = f"La certification {verb} par décision du jury. {said}".rstrip()
        yield {"phrase": whole, "points": []}
        return
    for constat in vue.ensembles:
        if constat.mesure is Mesure.NON_ATTEINT:
            missed = _missed(constat)
            why = whole_reason(seance, constat)
            niveau = ENFANTS[constat.id]
            title = f"{niveau.pluriel} non {enonce.MOTS[niveau][1]}".capitalize()
            yield {
                "phrase": f"{why} {title}{INSECABLE}:" if missed else why,
                "points": [_title(seance, enfant) for enfant in missed],
            }
    if said:
        yield {"phrase": said, "points": []}


def _title(seance: Seance, constat: Constat) -> str:
    """An épreuve by its title, an activité by its code and title."""
    referentiel = seance.referentiel
    if constat.niveau is Niveau.EPREUVE:
        return referentiel.partie[constat.id].intitule
    activite = referentiel.activite[constat.id]
    return f"{activite.code}, {activite.intitule}" if activite.code else activite.intitule


def _options(seance: Seance, vue: Vue) -> Iterator[str]:
    """What became of each option of the blocs that were judged; one not taken is not a failure."""
    if vue.certification in (*_NON_VENU, ResultatCertification.EN_ATTENTE):
        return
    for identifiant in seance.referentiel.options:
        option = seance.referentiel.competence[identifiant]
        if option.bloc is None or vue.blocs[option.bloc] in _EVALUES:
            yield f"L’option {_option_name(option)}, {_option_outcome(vue, option)}."


def _option_name(option: Competence) -> str:
    wording = guillemets(re.sub(r"(?i)^option\s*:\s*", "", option.intitule))
    return f"{option.code}, {wording}" if option.code else wording


def _option_outcome(vue: Vue, option: Competence) -> str:
    if option.id not in vue.candidat.options:
        return (
            f"n’a pas été présentée{INSECABLE}: ce n’est pas un échec, elle n’entre pas dans votre "
            f"résultat"
        )
    match vue.resultat.competences.get(option.id):
        case ResultatCompetence.ACQUISE:
            return "est acquise"
        case ResultatCompetence.NON_ACQUISE:
            return "n’est pas acquise\u202f; cela ne change pas votre résultat"
    return "a été présentée, sans qu’un résultat puisse être donné"


# --- what comes next ----------------------------------------------------------------------------


def _next(seance: Seance, vue: Vue) -> Iterator[str]:
    session, courrier = seance.session, seance.reglement.courrier
    match vue.certification:
        case ResultatCertification.DELIVREE:
            yield "Le certificat correspondant vous sera remis."
        case ResultatCertification.PARTIELLE | ResultatCertification.BLOCS_VISES_VALIDES:
            if len(vue.obtenus) == 1:
                yield f"Le certificat du bloc {vue.obtenus[0]} vous sera remis."
            elif vue.obtenus:
                yield f"Les certificats des blocs {enumeration(vue.obtenus)} vous seront remis."
            if courrier.suite_partielle:
                yield phrase(courrier.suite_partielle)
        case ResultatCertification.NON_DELIVREE:
            if courrier.suite_refus:
                yield phrase(courrier.suite_refus)
        case ResultatCertification.EN_ATTENTE:
            yield "Dès que le jury aura décidé, une nouvelle lettre vous le fera savoir."
        case _:
            yield (
                f"Pour connaître les conditions d’une nouvelle inscription, vous pouvez écrire à "
                f"{session.contact} ({session.contact_courriel})."
            )
