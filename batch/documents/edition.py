"""A sitting -> all its documents, each under the name it takes in `documents/`."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from batch import data
from batch.anomalies import Empechement
from batch.documents import contexte, mentions
from batch.documents.contexte.certificat import objets
from batch.documents.contexte.releve import has_releve
from batch.fichiers import safe_name
from batch.jury.calendrier import expected
from batch.jury.seance import Dossier, Seance
from batch.vocabulaire import EtatSession

if TYPE_CHECKING:
    from batch.documents.rendu import Modele

PROCES_VERBAL = "proces-verbal.docx"
AFFICHAGE = "affichage.docx"
FICHE = "fiche-synthetique.docx"
LETTRE = "lettre.docx"
RELEVE = "releve.docx"
CERTIFICAT = "certificat.docx"
EMARGEMENT = "emargement.docx"
CONVOCATION = "convocation.docx"

# In the register: (candidat, code of the bloc or « » for the whole) -> the certificate's number.
Numeros = Mapping[tuple[str, str], str]


def documents(
    seance: Seance,
    gabarits: Path | None = None,
    sauf: Collection[str] = (),
    numeros: Numeros | None = None,
) -> dict[str, bytes]:
    """Every document that the sitting allows. A template of that name in `gabarits` wins over ours.

    `sauf`: candidates whose own documents wait. Raises Empechement when a template is missing or
    faulty.
    """
    refus = mentions.check(seance)
    models = _Gabarits(seance, gabarits)
    made = {
        PROCES_VERBAL: models.edit(PROCES_VERBAL, contexte.proces_verbal(seance)),
        FICHE: models.edit(FICHE, contexte.fiche_synthetique(seance)),
    }
    if seance.etat is EtatSession.DEFINITIF and not refus.attente:
        made[AFFICHAGE] = models.edit(AFFICHAGE, contexte.affichage(seance))
    for dossier in seance.dossiers:
        candidat = dossier.resultat.candidat.id
        if candidat in sauf:
            continue
        if candidat not in refus.lettres:
            made[letter_name(dossier)] = models.edit(LETTRE, contexte.lettre(seance, dossier))
        if has_releve(dossier) and candidat not in refus.attente:
            made[_name("releves", dossier)] = models.edit(RELEVE, contexte.releve(seance, dossier))
        for bloc in objets(seance, dossier) if candidat not in refus.certificats else ():
            number = (numeros or {}).get((candidat, bloc), "")
            context = contexte.certificat(seance, dossier, bloc, number)
            made[_name("certificats", dossier, bloc)] = models.edit(CERTIFICAT, context)
    return made


def convocations(seance: Seance, gabarits: Path | None = None) -> dict[str, bytes]:
    """What goes out before the session: the convocations, and the sheets to be signed."""
    refused, _ = mentions.check_convocations(seance)
    models = _Gabarits(seance, gabarits)
    made = {EMARGEMENT: models.edit(EMARGEMENT, contexte.emargement(seance))}
    for candidat in expected(seance.session):
        if candidat.id not in refused:
            name = safe_name(f"{candidat.id} {candidat.nom.upper()}")
            made[f"convocations/candidats/{name}.docx"] = models.edit(
                CONVOCATION, contexte.convocation_candidat(seance, candidat)
            )
    for membre in seance.session.jury if "jury" not in refused else ():
        name = safe_name(f"{membre.nom.upper()} {membre.prenom}")
        made[f"convocations/jury/{name}.docx"] = models.edit(
            CONVOCATION, contexte.convocation_jury(seance, membre)
        )
    return made


def letter_name(dossier: Dossier) -> str:
    """« lettres/C001 MARTIN.docx »: the number first, for two candidates may have one name."""
    return _name("lettres", dossier)


def _name(dossier_: str, dossier: Dossier, bloc: str = "") -> str:
    candidat = dossier.resultat.candidat
    of = f" {bloc}" if bloc else ""
    return f"{dossier_}/{safe_name(f'{candidat.id} {candidat.nom.upper()}')}{of}.docx"


class _Gabarits:
    """The templates of one session, each read when the first document of its sort is made."""

    def __init__(self, seance: Seance, gabarits: Path | None) -> None:
        self._folder = gabarits
        self._auteur = seance.reglement.courrier.certificateur
        self._jour = seance.session.date_jury
        self._read: dict[str, bytes] = {}

    def edit(self, nom: str, context: Mapping[str, Any]) -> bytes:
        if nom not in self._read:
            self._read[nom] = _template(nom, self._folder)
        model = _model(nom, self._read[nom], self._auteur, self._jour)
        return model.render(context, context["document"])


@lru_cache(maxsize=32)
def _model(nom: str, contenu: bytes, auteur: str, jour: date) -> "Modele":
    # docxtpl takes a third of a second to import: only those who write documents wait for it.
    from batch.documents.rendu import Gabarit, Modele, Proprietes

    return Modele(Gabarit(nom, contenu), Proprietes(auteur, jour))


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
