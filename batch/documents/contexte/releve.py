"""The candidate's own results, bloc by bloc: compétences, then critères, and what may be told.

A comment of an evaluator is printed only where the règlement says so; his name never is.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from batch.documents.contexte.commun import certification_codee, commun, personne, written
from batch.documents.contexte.phrases import civil, phrase
from batch.documents.contexte.vue import Vue, mot, view
from batch.francais import INSECABLE, date_longue, typographie
from batch.jury.regles import Constat
from batch.jury.seance import Dossier, Seance
from batch.records import Appreciation
from batch.referentiel.modele import Competence, Critere
from batch.vocabulaire import (
    Etat,
    Niveau,
    Presence,
    ResultatBloc,
    ResultatCertification,
    ResultatCritere,
)

_SANS_DETAIL = {
    ResultatBloc.ACQUIS_ANTERIEUR: "Ce bloc avait été obtenu à une session antérieure.",
    ResultatBloc.DISPENSE: "Une dispense a été accordée pour ce bloc.",
    ResultatBloc.NON_PRESENTE: "Aucune évaluation de ce bloc n’a été présentée.",
}


def has_releve(dossier: Dossier) -> bool:
    """Somebody who did not come was not evaluated: there is nothing to tell."""
    return dossier.resultat.presence is Presence.PRESENT


def releve(seance: Seance, dossier: Dossier) -> dict[str, Any]:
    vue = view(dossier)
    session, candidat = seance.session, vue.candidat
    day = date_longue(session.date_jury)
    titre = "Relevé de résultats"
    return {
        **commun(seance, titre, f"{titre} du jury du {day}{INSECABLE}: {civil(candidat)}"),
        "rappel": f"{titre}, session {session.id}, dossier n°{INSECABLE}{candidat.id}",
        "personne": personne(candidat),
        "candidat": civil(candidat),
        "identite": [
            {"rubrique": "Nom", "valeur": civil(candidat)},
            {"rubrique": "Numéro", "valeur": candidat.id},
            {"rubrique": "Certification", "valeur": certification_codee(seance)},
            {"rubrique": "Parcours", "valeur": _parcours(vue)},
            {"rubrique": "Jury", "valeur": f"{day}, session {session.id}"},
            {"rubrique": "Résultat", "valeur": mot(vue.certification, candidat.sexe) + vue.mention},
        ],
        "avertissement": (
            "Ce relevé est provisoire : le jury n’a pas encore décidé.".replace(
                " :", f"{INSECABLE}:"
            )
            if not vue.decide
            else ""
        ),
        "sections": list(_sections(seance, vue)),
        "note": _note(vue),
        "fait": f"Fait à {session.ville}, le {written(seance)}.",
        "signataire": typographie(seance.reglement.courrier.signataire),
    }


def _parcours(vue: Vue) -> str:
    aimed = vue.candidat.blocs_vises
    return ", ".join(aimed) if aimed else "Certification complète"


def _note(vue: Vue) -> str:
    """Where the jury decided otherwise than the lines above it would have it."""
    departs = [code for code in vue.blocs if vue.departs(code)]
    whole = not vue.blocs and vue.certification is not vue.resultat.certification
    return (
        "Le jury, souverain, n’est pas tenu par le calcul : là où il a décidé autrement, sa "
        "décision figure seule.".replace(" :", f"{INSECABLE}:")
        if departs or whole
        else ""
    )


def _sections(seance: Seance, vue: Vue) -> Iterator[dict[str, Any]]:
    referentiel = seance.referentiel
    if vue.blocs:
        for code, state in vue.blocs.items():
            if state is ResultatBloc.NON_VISE:
                continue
            plain = _SANS_DETAIL.get(state, "")
            yield {
                "titre": f"Bloc {code}, {referentiel.bloc[code].intitule}",
                "resultat": _said(state),
                "phrase": plain,
                "lignes": [] if plain else list(_bloc_lines(seance, vue, code)),
            }
        return
    for activite in referentiel.activites:
        whole = vue.resultat.activites.get(activite.id)
        lines = list(
            _lines(
                seance,
                vue,
                [c for c in referentiel.competences if c.activite == activite.id],
                [c for c in referentiel.criteres if c.activite == activite.id],
            )
        )
        if lines:
            name = f"Activité {activite.code}, " if activite.code else ""
            yield {
                "titre": f"{name}{activite.intitule}",
                "resultat": whole.mot if whole else "",
                "phrase": "",
                "lignes": lines,
            }
    loose = [c for c in referentiel.criteres if c.activite is None]
    if lines := list(_lines(seance, vue, [], loose)):
        yield {"titre": "Autres critères", "resultat": "", "phrase": "", "lignes": lines}


def _said(state: ResultatBloc) -> str:
    return ResultatCertification.EN_ATTENTE.mot if state.en_suspens else state.mot


def _bloc_lines(seance: Seance, vue: Vue, code: str) -> Iterator[dict[str, Any]]:
    referentiel = seance.referentiel
    yield from _lines(
        seance,
        vue,
        [c for c in referentiel.competences if c.bloc == code],
        [c for c in referentiel.criteres if referentiel.bloc_of(c) == code],
    )


def _lines(
    seance: Seance, vue: Vue, competences: Iterable[Competence], criteres: Iterable[Critere]
) -> Iterator[dict[str, Any]]:
    """Two parts, each under its name; a part with nothing judged is left out."""
    judged = [
        _line(own.code or "", _wording(own), _outcome(vue, state, own), [])
        for own in competences
        if (state := vue.resultat.competences.get(own.id)) is not None
    ]
    rated = [
        _line(
            own.code or "",
            own.intitule.rstrip(" :"),
            _mark(seance, vue, mark, own),
            _comments(seance, vue, own.id),
        )
        for own in criteres
        if (mark := vue.resultat.criteres.get(own.id)) is not None
    ]
    for name, lines in (("Compétences", judged), ("Critères", rated)):
        if lines:
            yield {"partie": True, "code": "", "intitule": name, "resultat": "", "dits": []}
            yield from lines


def _wording(competence: Competence) -> str:
    return (
        competence.intitule if competence.imprimee else "(texte que le référentiel n’imprime pas)"
    )


def _outcome(vue: Vue, state: Etat, competence: Competence) -> str:
    """An option not taken is no failure, and no « sans objet » either."""
    if competence.option and competence.id not in vue.candidat.options:
        return "Option non présentée"
    return state.mot


def _mark(seance: Seance, vue: Vue, state: Etat, critere: Critere) -> str:
    options = set(critere.competences)
    if seance.referentiel.is_optional(critere) and not options & set(vue.candidat.options):
        return "Option non présentée"
    if state is ResultatCritere.DIVERGENT:
        return ResultatCertification.EN_ATTENTE.mot
    return state.mot


def _line(code: str, intitule: str, resultat: str, dits: list[str]) -> dict[str, Any]:
    return {
        "partie": False,
        "code": code,
        "intitule": intitule,
        "resultat": resultat,
        "dits": dits,
    }


def _comments(seance: Seance, vue: Vue, critere: str) -> list[str]:
    """The comments that the règlement lets the candidate read, each once, without their author."""
    constat = vue.resultat.constats[Niveau.CRITERE].get(critere)
    if constat is None or seance.reglement.releves.commentaires == "aucun":
        return []
    told = [
        phrase(one.commentaire)
        for one in _appreciations(constat)
        if one.commentaire and _may_be_told(seance, one)
    ]
    return list(dict.fromkeys(told))


def _appreciations(constat: Constat) -> Iterator[Appreciation]:
    yield from constat.appreciations
    for enfant in constat.enfants:
        yield from _appreciations(enfant)


def _may_be_told(seance: Seance, one: Appreciation) -> bool:
    if seance.reglement.releves.commentaires == "tous":
        return True
    if one.niveau is None:
        return False
    return seance.reglement.echelle.niveau(one.niveau).commentaire == "obligatoire"
