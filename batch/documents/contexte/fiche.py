"""The jury's summary sheet: a page for each candidate, that the members sign beside the minutes."""

from collections.abc import Iterator, Sequence
from typing import Any

from batch.documents.contexte.commun import certification_codee, commun
from batch.documents.contexte.deroulement import preconisations
from batch.documents.contexte.phrases import phrase, repertoire
from batch.documents.contexte.vue import Vue, mot, motif, reason, view
from batch.documents.contexte.vue import whole_reason as whole
from batch.francais import INSECABLE, date_longue, enumeration, typographie
from batch.jury.deliberation import CERTIFICATION
from batch.jury.seance import Dossier, Seance
from batch.records import Candidat, MembreJury
from batch.vocabulaire import ResultatBloc

_EN_BLANC = "…………………"


def fiche_synthetique(
    seance: Seance, dossiers: Sequence[Dossier], volume: str = ""
) -> dict[str, Any]:
    """`volume`: « volume 2 sur 5 », where these are not all the candidates of the session."""
    session = seance.session
    return {
        **commun(seance, ", ".join(filter(None, ("Fiche synthétique du jury", volume)))),
        "certification": certification_codee(seance),
        "date": date_longue(session.date_jury),
        "fiches": [_page(seance, dossier) for dossier in dossiers],
        "vide": "" if dossiers else "Aucune candidature n’est inscrite à cette session.",
    }


def _page(seance: Seance, dossier: Dossier) -> dict[str, Any]:
    vue = view(dossier)
    candidat, advised = vue.candidat, list(preconisations(dossier))
    return {
        "candidat": f"{repertoire(candidat)} ({candidat.id})",
        "voie": candidat.voie.mot,
        "parcours": ", ".join(candidat.blocs_vises) or "Certification complète",
        "presence": mot(vue.resultat.presence, candidat.sexe),
        "lignes": list(_rows(seance, dossier, vue)),
        "issue": mot(vue.certification, candidat.sexe) + vue.mention if vue.decide else _EN_BLANC,
        "preconisations": [f"{one['objet']}{INSECABLE}: {one['texte']}" for one in advised],
        # Nothing to fill in by hand once the jury has decided.
        "sans_preconisation": "aucune." if vue.decide and not advised else "",
        "membres": [
            {"nom": repertoire(membre), "retrait": _withdrawal(seance, membre, candidat)}
            for membre in seance.session.jury
            if membre.present
        ],
    }


def _withdrawal(seance: Seance, membre: MembreJury, candidat: Candidat) -> str:
    """Why this member does not sign for this candidate."""
    why = dict.fromkeys(
        one.motif
        for one in seance.deroulement.retraits
        if one.candidat == candidat.id and one.membre.lieu == membre.lieu
    )
    return f"Ne délibère pas{INSECABLE}: {typographie(enumeration(why))}" if why else ""


def _rows(seance: Seance, dossier: Dossier, vue: Vue) -> Iterator[dict[str, str]]:
    for code, propose in vue.resultat.blocs.items():
        if propose is ResultatBloc.NON_VISE:
            continue
        yield {
            "objet": code,
            "intitule": seance.referentiel.bloc[code].intitule,
            "propose": propose.mot,
            "pourquoi": _why(seance, vue, code),
            "decide": vue.blocs[code].mot if vue.decide else _EN_BLANC,
            "motif": motif(vue, code),
        }
    if not vue.resultat.blocs:
        said = [whole(seance, constat) for constat in vue.ensembles]
        yield {
            "objet": "Certification",
            "intitule": "",
            "propose": vue.resultat.certification.mot,
            "pourquoi": " ".join(said),
            "decide": vue.certification.mot if vue.decide else _EN_BLANC,
            "motif": motif(vue, CERTIFICATION),
        }


def _why(seance: Seance, vue: Vue, code: str) -> str:
    if vue.resultat.blocs[code] is ResultatBloc.NON_PRESENTE:
        return "Aucune évaluation présentée."
    why = reason(seance, vue.constat(code))
    return phrase(why) if why else ""
