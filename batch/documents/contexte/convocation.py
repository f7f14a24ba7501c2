"""The convocations: where and when a candidate comes, what a member of the jury undertakes."""

from typing import Any

from batch.documents.contexte.commun import certification_codee, commun, personne
from batch.documents.contexte.courrier import address, recipient
from batch.documents.contexte.phrases import civil, heure, la_partie
from batch.francais import (
    INSECABLE,
    accorde,
    civilite,
    date_jour,
    date_longue,
    guillemets,
    majuscule,
    typographie,
)
from batch.jury.calendrier import slots
from batch.jury.seance import Seance
from batch.records import Candidat, Creneau, MembreJury


def convocation_candidat(seance: Seance, candidat: Candidat) -> dict[str, Any]:
    """Nothing of an accommodation: it is agreed upon apart."""
    session = seance.session
    salutation = civilite(candidat.sexe)
    mine = [
        (partie, creneau)
        for partie, creneau in slots(session, seance.referentiel, seance.reglement, candidat)
        if creneau is not None
    ]
    mine.sort(key=lambda item: (item[1].jour, item[1].debut))
    return {
        **_letter(seance, f"Convocation{INSECABLE}: {civil(candidat)}"),
        "personne": personne(candidat),
        "destinataire": recipient(candidat),
        "adresse": address(candidat.adresse),
        "objet": f"convocation aux épreuves, {_certification(seance)}",
        "reference": f"session {session.id}, dossier n°{INSECABLE}{candidat.id}",
        "salutation": salutation,
        "annonce": [
            f"Vous êtes {accorde(candidat.sexe, 'attendu', 'attendue')} aux épreuves suivantes."
        ],
        "creneaux": [_row(seance, partie, creneau) for partie, creneau in mine],
        "consignes": [
            "Présentez-vous à l’heure du début, avec cette convocation et une pièce d’identité "
            "en cours de validité. Elle sera vérifiée, et vous signerez la feuille d’émargement.",
            f"En cas d’empêchement, prévenez sans attendre {session.contact} "
            f"({session.contact_courriel}) et joignez un justificatif.",
            f"Le jury se réunira le {date_longue(session.date_jury)}. Son résultat vous sera "
            f"écrit.",
        ],
        "politesse": f"Je vous prie d’agréer, {salutation}, l’expression de mes salutations "
        f"distinguées.",
        "coupon": [],
    }


def convocation_jury(seance: Seance, membre: MembreJury) -> dict[str, Any]:
    session, reglement = seance.session, seance.reglement
    opening = session.heure_ouverture
    assert opening is not None, "a convocation without its hour is refused before"
    number = len(session.candidats)
    as_who = membre.qualite + (f", collège {membre.college}" if membre.college else "")
    quorum = (
        f"Le jury ne peut délibérer qu’avec au moins {reglement.jury.minimum}{INSECABLE}membres "
        f"présents\u202f: si vous ne pouvez pas venir, prévenez dès que possible {session.contact} "
        f"({session.contact_courriel})."
    )
    return {
        **_letter(seance, f"Convocation au jury{INSECABLE}: {civil(membre)}"),
        "personne": {"prenom": membre.prenom, "nom": membre.nom.upper()},
        "destinataire": civil(membre),
        "adresse": [membre.fonction],
        "objet": f"convocation au jury, {_certification(seance)}",
        "reference": f"session {session.id}",
        "salutation": "Madame, Monsieur",
        "annonce": [
            f"Vous siégez au jury de cette session au titre suivant{INSECABLE}: {as_who}"
            + (", et vous le présidez." if membre.preside else "."),
            f"Le jury examinera {number}{INSECABLE}candidatures."
            if number > 1
            else "Le jury examinera une candidature.",
        ],
        "creneaux": [
            {
                "epreuve": "Réunion du jury",
                "jour": date_jour(session.date_jury),
                "heures": heure(opening),
                "lieu": session.lieu,
            }
        ],
        "consignes": [
            "Vous délibérez en toute indépendance, sur pièces et d’après le règlement. Ce que vous "
            "apprenez des candidats et ce que dit le jury restent confidentiels.",
            "Vous ne prenez pas part à la délibération sur un candidat avec qui vous avez un lien "
            "de famille, d’affaires ou d’inimitié, que vous avez formé, ou avec qui vous avez "
            "travaillé\u202f: dites-le avant la séance, le procès-verbal le mentionnera.",
            quorum,
        ],
        "politesse": "Je vous prie d’agréer, Madame, Monsieur, l’expression de mes salutations "
        "distinguées.",
        "coupon": [
            f"Je déclare sur l’honneur n’avoir aucun lien de nature à mettre en cause mon "
            f"impartialité avec les candidats de la session {session.id}, sauf avec{INSECABLE}:",
        ],
    }


def missing_slots(seance: Seance, candidat: Candidat) -> list[str]:
    """The épreuves that the candidate is due and that the calendar does not place."""
    due = slots(seance.session, seance.referentiel, seance.reglement, candidat)
    return [la_partie(seance.referentiel, partie) for partie, creneau in due if creneau is None]


def _letter(seance: Seance, document: str) -> dict[str, Any]:
    courrier = seance.reglement.courrier
    return {
        **commun(seance, "Convocation", document),
        # A convocation goes out before anything is proposed: it is no draft.
        "projet": False,
        "signataire": typographie(courrier.signataire),
    }


def _certification(seance: Seance) -> str:
    return f"certification {guillemets(certification_codee(seance))}"


def _row(seance: Seance, partie: str, creneau: Creneau) -> dict[str, str]:
    end = f" à {heure(creneau.fin)}" if creneau.fin else ""
    title = seance.referentiel.partie[partie].intitule
    name = majuscule(la_partie(seance.referentiel, partie))
    return {
        "epreuve": f"{name}{INSECABLE}: {title}",
        "jour": date_jour(creneau.jour),
        "heures": f"{heure(creneau.debut)}{end}",
        "lieu": creneau.adresse,
    }
