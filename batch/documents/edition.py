"""A sitting -> all its documents, each under the name it takes in `documents/`."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from batch import data
from batch.anomalies import Empechement
from batch.documents import contexte, mentions
from batch.documents.contexte.certificat import objets
from batch.documents.contexte.releve import has_releve
from batch.fichiers import fingerprint, safe_name
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


@dataclass(frozen=True, slots=True)
class Feuille:
    """One document to make: its name under `documents/`, its template, and what it is to say,
    which is worked out each time that it is asked."""

    nom: str
    gabarit: str
    composer: Callable[[], Mapping[str, Any]]

    @property
    def contexte(self) -> Mapping[str, Any]:
        return self.composer()


@dataclass(frozen=True, slots=True)
class Impression:
    """A document as it can be printed: the same `source` always gives the same bytes.

    `source`: the fingerprint of all that its bytes come from, the program aside.
    """

    nom: str
    source: str
    imprimer: Callable[[], bytes]


def documents(
    seance: Seance, gabarits: Path | None = None, sauf: Collection[str] = ()
) -> dict[str, bytes]:
    """Every document that the sitting allows. A template of that name in `gabarits` wins over ours.

    `sauf`: candidates whose own documents wait. Raises Empechement when a template is missing or
    faulty.
    """
    return _printed(impressions(seance, feuilles(seance, sauf), gabarits))


def impressions(
    seance: Seance, a_faire: Iterable[Feuille], gabarits: Path | None = None
) -> Iterator[Impression]:
    """These documents, one after the other, none printed yet: thousands of them need not stand in
    memory, nor be printed when their bytes are there.

    Each template is read when the first document of its sort is made.
    """
    auteur, jour = seance.reglement.courrier.certificateur, seance.session.date_jury
    read: dict[str, tuple[bytes, str]] = {}
    for feuille in a_faire:
        name = feuille.gabarit
        if name not in read:
            content = _template(name, gabarits)
            read[name] = content, fingerprint(content)
        content, own = read[name]
        said = feuille.contexte
        source = _source(name, own, auteur, jour.isoformat(), said)
        model = partial(_model, name, content, auteur, jour)
        yield Impression(feuille.nom, source, partial(_print, model, said))


def letters(seance: Seance, gabarits: Path | None = None) -> dict[str, bytes]:
    """Of `documents`, the letters alone."""
    refused = mentions.check(seance).lettres
    due = (d for d in seance.dossiers if d.resultat.candidat.id not in refused)
    own = (_letter(seance, dossier) for dossier in due)
    return _printed(impressions(seance, own, gabarits))


def convocations(seance: Seance, gabarits: Path | None = None) -> dict[str, bytes]:
    """What goes out before the session: the convocations, and the sheets to be signed."""
    return _printed(impressions(seance, feuilles_avant(seance), gabarits))


def feuilles(seance: Seance, sauf: Collection[str] = ()) -> Iterator[Feuille]:
    """What `documents` makes, not yet printed."""
    refus = mentions.check(seance)
    numeros = seance.acte.numeros if seance.acte else {}
    yield Feuille(PROCES_VERBAL, PROCES_VERBAL, partial(contexte.proces_verbal, seance))
    yield from _fiches(seance)
    if seance.etat is EtatSession.DEFINITIF and not refus.attente:
        yield Feuille(AFFICHAGE, AFFICHAGE, partial(contexte.affichage, seance))
    for dossier in seance.dossiers:
        candidat = dossier.resultat.candidat.id
        if candidat in sauf:
            continue
        if candidat not in refus.lettres:
            yield _letter(seance, dossier)
        if has_releve(dossier) and candidat not in refus.attente:
            said = partial(contexte.releve, seance, dossier)
            yield Feuille(_name("releves", dossier), RELEVE, said)
        for bloc in objets(seance, dossier) if candidat not in refus.certificats else ():
            number = numeros.get((candidat, bloc), "")
            said = partial(contexte.certificat, seance, dossier, bloc, number)
            yield Feuille(certificate_name(dossier, bloc), CERTIFICAT, said)


# A page for each candidate: beyond some hundreds, Word takes minutes to open a document.
FICHES_PAR_VOLUME = 500


def _fiches(seance: Seance) -> Iterator[Feuille]:
    """« fiche-synthetique.docx », then « fiche-synthetique 2.docx »… for the largest sessions."""
    starts = range(0, len(seance.dossiers), FICHES_PAR_VOLUME) or range(1)
    for rank, start in enumerate(starts, 1):
        own = seance.dossiers[start : start + FICHES_PAR_VOLUME]
        volume = f"volume {rank} sur {len(starts)}" if len(starts) > 1 else ""
        nom = FICHE if rank == 1 else f"{PurePath(FICHE).stem} {rank}.docx"
        yield Feuille(nom, FICHE, partial(contexte.fiche_synthetique, seance, own, volume))


def _letter(seance: Seance, dossier: Dossier) -> Feuille:
    return Feuille(letter_name(dossier), LETTRE, partial(contexte.lettre, seance, dossier))


def certificats(seance: Seance, sauf: Collection[str] = ()) -> dict[str, tuple[str, str]]:
    """The certificates that `documents` makes of this sitting: whose, and of which bloc (« »: of
    the whole certification)."""
    refused = {*mentions.check(seance).certificats, *sauf}
    return {
        _name("certificats", dossier, bloc): (candidat, bloc)
        for dossier in seance.dossiers
        if (candidat := dossier.resultat.candidat.id) not in refused
        for bloc in objets(seance, dossier)
    }


def feuilles_avant(seance: Seance) -> Iterator[Feuille]:
    """What `convocations` makes, not yet printed."""
    refused, _ = mentions.check_convocations(seance)
    yield Feuille(EMARGEMENT, EMARGEMENT, partial(contexte.emargement, seance))
    for candidat in expected(seance.session):
        if candidat.id not in refused:
            name = safe_name(f"{candidat.id} {candidat.nom.upper()}")
            yield Feuille(
                f"convocations/candidats/{name}.docx",
                CONVOCATION,
                partial(contexte.convocation_candidat, seance, candidat),
            )
    for membre in seance.session.jury if "jury" not in refused else ():
        name = safe_name(f"{membre.nom.upper()} {membre.prenom}")
        said = partial(contexte.convocation_jury, seance, membre)
        yield Feuille(f"convocations/jury/{name}.docx", CONVOCATION, said)


def letter_name(dossier: Dossier) -> str:
    """« lettres/C001 MARTIN.docx »: the number first, for two candidates may have one name."""
    return _name("lettres", dossier)


def certificate_name(dossier: Dossier, bloc: str = "") -> str:
    """« certificats/C001 MARTIN BC1.docx »; without a bloc, that of the whole certification."""
    return _name("certificats", dossier, bloc)


def own_names(dossier: Dossier) -> set[str]:
    """Every paper that this candidate may have."""
    certificates = {certificate_name(dossier, bloc) for bloc in ("", *dossier.issues.blocs)}
    return {letter_name(dossier), _name("releves", dossier), *certificates}


def _name(dossier_: str, dossier: Dossier, bloc: str = "") -> str:
    candidat = dossier.resultat.candidat
    of = f" {bloc}" if bloc else ""
    return f"{dossier_}/{safe_name(f'{candidat.id} {candidat.nom.upper()}')}{of}.docx"


def _printed(a_imprimer: Iterable[Impression]) -> dict[str, bytes]:
    return {one.nom: one.imprimer() for one in a_imprimer}


def _source(*made_of: object) -> str:
    """Keys are not sorted: a template may print a whole table in its own order."""
    return fingerprint(json.dumps(made_of, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def _print(model: "Callable[[], Modele]", contexte: Mapping[str, Any]) -> bytes:
    return model().render(contexte, contexte["document"])


@lru_cache(maxsize=32)
def _model(nom: str, contenu: bytes, auteur: str, jour: date) -> "Modele":
    # docxtpl takes a third of a second to import: only those who write documents wait for it.
    from batch.documents.rendu import Gabarit, Modele, Proprietes

    return Modele(Gabarit(nom, contenu), Proprietes(auteur, jour))


def _template(nom: str, gabarits: Path | None) -> bytes:
    path = data.template(nom, gabarits)
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise Empechement(
            f"Le gabarit {nom} manque dans {path.parent}. Réinstallez le programme."
        ) from error
    except OSError as error:
        raise Empechement(
            f"Le gabarit {nom} ne peut pas être lu ({error.strerror}). Fermez-le dans Word, "
            f"puis relancez la commande."
        ) from error
    if path.parent != gabarits:
        return content
    from batch.documents.gabarits import surete  # lxml is for those who write documents

    return surete.safe(nom, content)
