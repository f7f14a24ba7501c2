"""What every document starts from: whose it is, of which session, and whether it is a draft."""

from datetime import date
from typing import Any

from batch.documents.contexte.phrases import phrase
from batch.documents.contexte.vue import projet
from batch.francais import civilite, date_longue, typographie
from batch.jury.seance import Seance
from batch.records import Candidat


def commun(seance: Seance, titre: str, document: str = "") -> dict[str, Any]:
    """`titre` is printed at the head; `document` is the title that the file says of itself."""
    session, reglement = seance.session, seance.reglement
    decision = session.date_decision
    return {
        "document": document or f"{titre}, session {session.id}",
        "titre": titre,
        "rappel": f"{titre}, session {session.id}",
        "projet": projet(seance),
        "exemple": phrase(reglement.exemple) if reglement.exemple else "",
        "certificateur": typographie(reglement.courrier.certificateur),
        "adresse_certificateur": typographie(reglement.courrier.adresse),
        "intitule": seance.referentiel.intitule,
        "rncp": rncp(seance),
        "session": session.id,
        "pied": f"Session {session.id}",
        "contact": f"{session.contact}, {session.contact_courriel}",
        # For the house's own sentences: « {{ dates.jury | date_longue }} ».
        "dates": {
            "jury": session.date_jury.isoformat(),
            "decision": decision.isoformat() if decision else "",
        },
    }


def personne(candidat: Candidat) -> dict[str, str]:
    """The person, for the filters: « {{ personne.sexe | accorde("reçu", "reçue") }} »."""
    return {
        "id": candidat.id,
        "sexe": candidat.sexe or "",
        "civilite": civilite(candidat.sexe),
        "prenom": candidat.prenom,
        "nom": candidat.nom.upper(),
    }


def rncp(seance: Seance) -> str:
    """The code of the certification: the référentiel's, else the one that the house gives."""
    return seance.referentiel.rncp or seance.reglement.certificats.rncp


def niveau(seance: Seance) -> str:
    """« 6 », « sans », or nothing where nobody says."""
    return seance.referentiel.niveau or seance.reglement.certificats.niveau


def jour_de_decision(seance: Seance) -> date | None:
    """When the outcome became one: the body's day where there is a body, else the jury's."""
    if seance.reglement.courrier.instance:
        return seance.session.date_decision
    return seance.session.date_jury


def written(seance: Seance) -> str:
    """The day of the decision that a paper tells; a draft is dated of the jury."""
    decided = None if projet(seance) else jour_de_decision(seance)
    return date_longue(decided or seance.session.date_jury)


def certification_codee(seance: Seance) -> str:
    """« CQP Responsable de production (RNCP32090) »."""
    code = rncp(seance)
    return f"{seance.referentiel.intitule} ({code})" if code else seance.referentiel.intitule


def decideur(seance: Seance) -> str:
    return seance.reglement.courrier.instance or "le jury"
