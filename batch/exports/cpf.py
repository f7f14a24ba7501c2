"""The certified -> the XML flow of the Caisse des dépôts (SI-CPF), structure of its XSD 1.1.2.

Only whole certifications: the structure has no place for blocs. A name is never cut: what does not
fit is refused before. An element that is compulsory without a value is written `xsi:nil`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from batch.francais import sans_accent
from batch.records import Candidat
from batch.vocabulaire import Voie

ESPACE = "urn:cdc:cpf:pc5:schema:1.0.0"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PARIS = ZoneInfo("Europe/Paris")
# « jusqu'à 200 000 lignes de passages par fichier » (FAQ of the portal).
PASSAGES_MAX = 200_000

_ACCES = {
    Voie.FORMATION_INITIALE: "FORMATION_INITIALE_HORS_APPRENTISSAGE",
    Voie.APPRENTISSAGE: "FORMATION_INITIALE_APPRENTISSAGE",
    Voie.FORMATION_CONTINUE: "FORMATION_CONTINUE_HORS_CONTRAT_DE_PROFESSIONNALISATION",
    Voie.CONTRAT_PRO: "FORMATION_CONTINUE_CONTRAT_DE_PROFESSIONNALISATION",
    Voie.CANDIDATURE_INDIVIDUELLE: "CANDIDAT_LIBRE",
    Voie.VAE: "VAE",
}
_MENTIONS = (
    "MENTION_ASSEZ_BIEN", "MENTION_BIEN", "MENTION_TRES_BIEN",
    "MENTION_TRES_BIEN_AVEC_FELICITATIONS_DU_JURY",
)  # fmt: skip

# What the flow accepts of each fact, in characters, by the column where it is typed.
LIMITES = {"nom_naissance": 60, "nom_usage": 60, "prenoms": 60, "commune_naissance": 60,
           "pays_naissance": 60}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deposant:
    """Who declares, and for whom: the numbers that the Caisse des dépôts gave."""

    id_client: str
    id_contrat: str
    emetteur: str
    nature: str  # CERTIFICATEUR or TIERS_CONFIANCE


@dataclass(frozen=True, slots=True)
class Passage:
    """One person certified, as the flow says it."""

    id_technique: str
    code: str  # « RNCP32090 », « RS5678 »
    candidat: Candidat
    obtenue: date
    mention: str | None
    debut_examen: date | None = None
    fin_examen: date | None = None

    @property
    def empreinte(self) -> str:
        """Of everything that is declared of him: another value, another fingerprint."""
        return sha256(etree.tostring(_passage(self))).hexdigest()


def mention_declared(mention: str | None) -> str | None:
    """The flow's own word for a mention; None for one that it does not know."""
    if mention is None:
        return "SANS_MENTION"
    said = re.sub(r"[^A-Z]+", "_", sans_accent(mention).upper()).strip("_")
    said = said if said.startswith("MENTION_") else f"MENTION_{said}"
    return said if said in _MENTIONS else None


def flux(id_flux: str, deposant: Deposant, passages: Sequence[Passage], now: datetime) -> bytes:
    """One file, at most PASSAGES_MAX passages, in the order given within each certification."""
    assert 0 < len(passages) <= PASSAGES_MAX, "the caller splits"
    root = etree.Element(_q("flux"), nsmap={"cpf": ESPACE, "xsi": _XSI})
    _add(root, "idFlux", id_flux)
    _add(root, "horodatage", stamp(now))
    emetteur = _add(root, "emetteur")
    _add(emetteur, "idClient", deposant.emetteur)
    certificateur = _add(_add(emetteur, "certificateurs"), "certificateur")
    _add(certificateur, "idClient", deposant.id_client)
    _add(certificateur, "idContrat", deposant.id_contrat)
    certifications = _add(certificateur, "certifications")
    for code in dict.fromkeys(passage.code for passage in passages):
        certification = _add(certifications, "certification")
        _add(certification, "type", "RNCP" if code.startswith("RNCP") else "RS")
        _add(certification, "code", code)
        _add(certification, "natureDeposant", deposant.nature)
        under = _add(certification, "passageCertifications")
        under.extend(_passage(passage) for passage in passages if passage.code == code)
    written: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return written


def stamp(now: datetime) -> str:
    """The moment in Paris, with the offset that Paris has then: +01:00 in winter, +02:00 in
    summer."""
    assert now.tzinfo is not None, "a moment without its zone is not one"
    return now.astimezone(_PARIS).isoformat(timespec="seconds")


def _passage(passage: Passage) -> Any:
    element = etree.Element(_q("passageCertification"), nsmap={"cpf": ESPACE, "xsi": _XSI})
    _add(element, "idTechnique", passage.id_technique)
    _add(element, "obtentionCertification", "PAR_ADMISSION")
    _add(element, "donneeCertifiee", "true")
    if passage.debut_examen and passage.fin_examen:
        _add(element, "dateDebutExamen", passage.debut_examen.isoformat())
        _add(element, "dateFinExamen", passage.fin_examen.isoformat())
    _add(element, "dateDebutValidite", passage.obtenue.isoformat())
    _nil(element, "dateFinValidite")
    _add(element, "presenceNiveauLangueEuro", "false")
    _add(element, "presenceNiveauNumeriqueEuro", "false")
    _nil(element, "scoring")
    _add_or_nil(element, "mentionValidee", mention_declared(passage.mention))
    _add(_add(element, "modalitesInscription"), "modaliteAcces", _ACCES[passage.candidat.voie])
    titulaire = _add(_add(element, "identificationTitulaire"), "titulaire")
    for nom, text in _identity(passage.candidat):
        _add_or_nil(titulaire, nom, text)
    return element


def _identity(candidat: Candidat) -> Iterator[tuple[str, str | None]]:
    """In the order of the structure; None for a fact that the état civil does not say."""
    born, known = candidat.date_naissance, candidat.naissance_connue
    yield "nomNaissance", candidat.nom_naissance
    yield "nomUsage", candidat.nom_usage
    for rank, prenom in enumerate(candidat.prenoms[:3], 1):
        yield f"prenom{rank}", prenom
    yield "anneeNaissance", str(born.year)
    yield "moisNaissance", str(born.month) if known != "Année" else None
    yield "jourNaissance", str(born.day) if known is None else None
    yield "sexe", candidat.sexe
    yield "codeCommuneNaissance", candidat.code_naissance
    yield "libelleCommuneNaissance", commune(candidat)
    yield "libellePaysNaissance", candidat.pays_naissance


def commune(candidat: Candidat) -> str:
    """« Lyon (69) » -> « Lyon »: the department stands in the code."""
    return re.sub(r"\s*\(\s*\w{2,3}\s*\)\s*$", "", candidat.commune_naissance)


def _add(parent: Any, nom: str, text: str | None = None) -> Any:
    element = etree.SubElement(parent, _q(nom))
    element.text = text
    return element


def _add_or_nil(parent: Any, nom: str, text: str | None) -> None:
    if text is None:
        _nil(parent, nom)
    elif nom == "codeCommuneNaissance":
        _add(_add(_add(parent, nom), "codeInseeNaissance"), "codeInsee", text)
    else:
        _add(parent, nom, text)


def _nil(parent: Any, nom: str) -> None:
    _add(parent, nom).set(f"{{{_XSI}}}nil", "true")


def _q(nom: str) -> str:
    return f"{{{ESPACE}}}{nom}"
