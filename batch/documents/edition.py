"""A sitting -> all its documents, each under the name it takes in `documents/`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from batch import data
from batch.anomalies import Empechement
from batch.documents import contexte
from batch.fichiers import safe_name
from batch.jury.seance import Dossier, Seance

PROCES_VERBAL = "proces-verbal.docx"
LETTRE = "lettre.docx"


def documents(seance: Seance, gabarits: Path | None = None) -> dict[str, bytes]:
    """The procès-verbal and every letter. A template of that name in `gabarits` wins over ours.

    Raises Empechement when a template is missing or faulty.
    """
    # docxtpl takes a third of a second to import: only those who write documents wait for it.
    from batch.documents.rendu import Gabarit, Modele, Proprietes

    properties = Proprietes(seance.reglement.courrier.certificateur, seance.session.date_jury)

    def model(nom: str) -> Modele:
        return Modele(Gabarit(nom, _template(nom, gabarits)), properties)

    minutes, letter = model(PROCES_VERBAL), model(LETTRE)

    def edit(modele: Modele, context: Mapping[str, Any]) -> bytes:
        return modele.render(context, context["document"])

    return {
        PROCES_VERBAL: edit(minutes, contexte.proces_verbal(seance)),
        **{
            letter_name(dossier): edit(letter, contexte.lettre(seance, dossier))
            for dossier in seance.dossiers
        },
    }


def letter_name(dossier: Dossier) -> str:
    """« lettres/C001 MARTIN.docx »: the number first, for two candidates may have one name."""
    candidat = dossier.resultat.candidat
    return f"lettres/{safe_name(f'{candidat.id} {candidat.nom.upper()}')}.docx"


def _template(nom: str, gabarits: Path | None) -> bytes:
    house = gabarits / nom if gabarits else None
    path = house if house and house.is_file() else data.TEMPLATES / nom
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Empechement(
            f"Le gabarit {nom} manque dans {path.parent}. Réinstallez le programme."
        ) from error
    except OSError as error:
        raise Empechement(
            f"Le gabarit {nom} ne peut pas être lu ({error.strerror}). Fermez-le dans Word, "
            f"puis relancez la commande."
        ) from error
