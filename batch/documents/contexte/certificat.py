"""The certificates: the whole certification's, and each bloc's, a distinct document.

Mandatory mentions: the FAQ of France compétences on the parchemin (no model imposed, sobriety). A
bloc has no level: its certificate states the certification's. How the candidate came to it (VAE…)
is never said, nor anything conditional.
"""

from typing import Any

from batch.documents.contexte.commun import (
    commun,
    decideur,
    jour_de_decision,
    niveau,
    personne,
    rncp,
)
from batch.documents.contexte.phrases import civil, phrase
from batch.documents.contexte.vue import view
from batch.francais import (
    INSECABLE,
    accorde,
    civilite,
    compte,
    date_longue,
    de,
    enumeration,
    guillemets,
    majuscule,
    naissance,
    typographie,
)
from batch.jury.seance import Dossier, Seance
from batch.records import Candidat
from batch.vocabulaire import EtatSession, ResultatCertification


def objets(seance: Seance, dossier: Dossier) -> list[str]:
    """What this candidate gets a certificate of: « » for the whole certification, then blocs.

    Nothing before the jury has decided on everybody.
    """
    vue = view(dossier)
    if seance.etat is not EtatSession.DEFINITIF:
        return []
    delivered = vue.certification is ResultatCertification.DELIVREE
    blocs = vue.obtenus
    if delivered and seance.reglement.certificats.blocs == "si_partiel":
        blocs = []
    return [*([""] if delivered else []), *blocs]


def certificat(seance: Seance, dossier: Dossier, bloc: str, numero: str = "") -> dict[str, Any]:
    """`bloc`: its code, or « » for the whole; `numero`: in the register, where it is known."""
    vue = view(dossier)
    candidat, session = vue.candidat, seance.session
    day = jour_de_decision(seance)
    assert day is not None, "a certificate without its date of decision is refused before"
    of = f"du bloc {bloc}" if bloc else "de la certification"
    titre = "Certificat de bloc de compétences" if bloc else "Certificat"
    whole = seance.referentiel.intitule
    return {
        **commun(seance, titre, f"{titre} {of}{INSECABLE}: {civil(candidat)}"),
        "personne": personne(candidat),
        "est_bloc": bool(bloc),
        "objet": (
            f"Bloc {bloc}{INSECABLE}: {seance.referentiel.bloc[bloc].intitule}" if bloc else whole
        ),
        "rattachement": (
            f"de la certification professionnelle {guillemets(whole)}" if bloc else ""
        ),
        "enregistrement": _registered(seance),
        "niveau": _level(seance),
        "nsf": _nsf(seance),
        "titulaire": _holder(candidat),
        "naissance": _birth(candidat),
        "mention": "" if bloc else majuscule(vue.mention.removeprefix(", ")),
        "decision": (
            f"par décision {de(decideur(seance))} du {date_longue(day)}"
            + (
                f", au vu de la délibération du jury du {date_longue(session.date_jury)}"
                if seance.reglement.courrier.instance
                else ""
            )
        ),
        "validite": _validity(seance) if bloc else "",
        "fait": f"Délivré à {session.ville}, le {date_longue(day)}",
        "signataire": typographie(seance.reglement.courrier.signataire),
        "numero": numero,
        "reference": f"session {session.id}, dossier n°{INSECABLE}{candidat.id}",
    }


def _registered(seance: Seance) -> str:
    said = typographie(seance.reglement.courrier.enregistrement).strip().rstrip(".")
    code = f"Code {rncp(seance)}"
    return f"{majuscule(said)}. {code}."


def _level(seance: Seance) -> str:
    """RNCP levels and those of the European framework bear the same figures (decree 2019-14)."""
    stated = niveau(seance)
    if stated == "sans":
        return "Certification enregistrée sans niveau de qualification."
    return (
        f"Certification de niveau {stated} du cadre national des certifications professionnelles, "
        f"niveau {stated} du cadre européen des certifications (CEC)."
    )


def _nsf(seance: Seance) -> str:
    codes = seance.reglement.certificats.nsf
    return f"{'Code' if len(codes) == 1 else 'Codes'} NSF{INSECABLE}: {enumeration(codes)}."


def _holder(candidat: Candidat) -> str:
    """Every first name, as the identity document has them."""
    names = f"{' '.join(candidat.prenoms)} {candidat.nom_naissance.upper()}"
    return f"{civilite(candidat.sexe)} {names}" if candidat.sexe else names


def _birth(candidat: Candidat) -> str:
    born = accorde(candidat.sexe, "né", "née")
    usage = ""
    if candidat.nom_usage and candidat.nom_usage != candidat.nom_naissance:
        usage = f"nom d’usage{INSECABLE}: {candidat.nom_usage.upper()}, "
    where = candidat.commune_naissance
    if candidat.pays_naissance.casefold() != "france":
        where += f" ({candidat.pays_naissance})"
    when = naissance(candidat.date_naissance, candidat.naissance_connue)
    return f"{usage}{born} {when} à {where}"


def _validity(seance: Seance) -> str:
    years = seance.reglement.acquis.validite
    if isinstance(years, int):
        return phrase(f"ce bloc est acquis pour {compte(years, 'an')}")
    return "Ce bloc est acquis sans limite de durée."
