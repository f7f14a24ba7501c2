"""What was made final, and what has changed since: acts are added, never rewritten.

An act keeps the facts that its papers state, so that what a later run finds can be laid beside
them, and the fingerprints of what it was drawn from.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from batch import fichiers, resultats
from batch.anomalies import Anomalie, Code, Lieu
from batch.chaine.fondement import Piece
from batch.chaine.ouverture import content_of
from batch.folder import Folder
from batch.francais import accorde, date_courte, date_longue, elide, enumeration
from batch.jury.deliberation import CERTIFICATION
from batch.jury.seance import ADRESSE, Acte, Changement, Dossier, Rectificatif, Seance

A_DECIDER = "à décider"
_RIEN = "rien"


@dataclass(frozen=True, slots=True)
class Fixe:
    """A final act as it was recorded."""

    acte: Acte
    faits: Mapping[tuple[str | None, str], str]
    entrees: Mapping[str, str]
    fondement: Sequence[Piece]
    documents: Mapping[str, str]  # name -> fingerprint
    resultats: Mapping[str, Any]


def read(folder: Folder) -> list[Fixe]:
    """The acts of this session, in their order; empty as long as it is a PROJET."""
    ranks = range(1, len(list(folder.actes.glob("*.json"))) + 1)
    texts = [(folder.actes / f"{rank}.json").read_text(encoding="utf-8") for rank in ranks]
    return [_fixed(json.loads(text)) for text in texts]


def _fixed(content: Mapping[str, Any]) -> Fixe:
    rectified = content["rectificatif"]
    return Fixe(
        Acte(
            content["rang"],
            content["numero"],
            rectified
            and Rectificatif(
                rectified["motif"],
                rectified["remplace"],
                tuple(Changement(*one) for one in rectified["changements"]),
            ),
            content.get("empreinte", ""),  # acts made before the minutes printed it have none
            {(candidat, bloc): numero for candidat, bloc, numero in content.get("numeros", ())},
        ),
        {(candidat, sujet): dit for candidat, sujet, dit in content["faits"]},
        content["entrees"],
        [Piece(*one) for one in content.get("fondement", ())],
        content["documents"],
        content["resultats"],
    )


def fix(
    seance: Seance,
    entrees: Mapping[str, str],
    pieces: Sequence[Piece],
    documents: Mapping[str, bytes],
) -> Fixe:
    """The act that makes this sitting final."""
    assert seance.acte is not None, "a PROJET is not an act"
    return Fixe(
        seance.acte,
        facts(seance),
        entrees,
        pieces,
        {name: fichiers.fingerprint(content) for name, content in documents.items()},
        resultats.as_json(seance, ()),
    )


def as_json(fixe: Fixe, now: datetime) -> dict[str, Any]:
    rectificatif = fixe.acte.rectificatif
    return {
        "rang": fixe.acte.rang,
        "numero": fixe.acte.numero,
        "quand": now.isoformat(timespec="seconds"),
        "rectificatif": rectificatif
        and {
            "motif": rectificatif.motif,
            "remplace": rectificatif.remplace,
            "changements": [
                [one.candidat, one.sujet, one.avant, one.apres] for one in rectificatif.changements
            ],
        },
        "numeros": [[*objet, numero] for objet, numero in fixe.acte.numeros.items()],
        "faits": [[candidat, sujet, dit] for (candidat, sujet), dit in fixe.faits.items()],
        "entrees": fixe.entrees,
        "empreinte": fixe.acte.empreinte,
        "fondement": [[piece.nom, piece.sha256] for piece in fixe.fondement],
        "documents": fixe.documents,
        "resultats": fixe.resultats,
    }


def number(seance: Seance, rang: int) -> str:
    return f"{seance.session.id}-PV{rang}"


def sources(folder: Folder) -> dict[str, str]:
    """The fingerprints of what a session is judged from."""
    returned = sorted(p for p in folder.retours.rglob("*") if p.is_file() and not p.is_symlink())
    lines = [f"{folder.relative(p)} {fichiers.fingerprint(content_of(p))}" for p in returned]
    kept = (folder.session, folder.reglement, folder.referentiel, folder.deliberation)
    return {
        **{path.name: fichiers.fingerprint(content_of(path)) for path in kept if path.is_file()},
        "retours/": fichiers.fingerprint("\n".join(lines).encode()),
    }


def facts(seance: Seance) -> dict[tuple[str | None, str], str]:
    """What the papers state, a fact a line, in the words of a person."""
    stated: dict[tuple[str | None, str], str] = {
        (None, sujet): dit for sujet, dit in _facts_of_the_sitting(seance)
    }
    for dossier in seance.dossiers:
        candidat = dossier.resultat.candidat.id
        own = (*_facts_of(dossier), *_facts_of_the_room(seance, candidat))
        stated |= {(candidat, sujet): dit for sujet, dit in own}
    return {key: dit for key, dit in stated.items() if dit}


def _facts_of_the_sitting(seance: Seance) -> Iterator[tuple[str, str]]:
    session, reglement, deroulement = seance.session, seance.reglement, seance.deroulement
    yield "la certification", f"{seance.referentiel.intitule} ({seance.referentiel.id})"
    yield "le règlement", f"{reglement.id}, version {reglement.version}"
    yield "la date du jury", date_longue(session.date_jury)
    yield "le lieu du jury", session.lieu
    for nom, instant in (
        ("d’ouverture", session.heure_ouverture),
        ("de clôture", session.heure_cloture),
    ):
        yield f"l’heure {nom}", f"{instant:%H:%M}" if instant else ""
    for membre in session.jury:
        said = (
            "présent" if membre.present else "absent",
            "préside" if membre.preside else "",
            membre.fonction,
            membre.qualite,
            f"collège {membre.college}" if membre.college else "",
            "extérieur" if membre.externe else "",
        )
        yield f"le membre du jury {membre.nom_complet}", ", ".join(one for one in said if one)
    for passage in deroulement.passages:
        hours = [f"{one:%H:%M}" if one else "–" for one in (passage.arrivee, passage.depart)]
        yield f"la présence de {passage.membre.nom_complet}", " à ".join(hours)
    for fait in deroulement.faits:
        yield f"l’incident « {fait.texte[:60]} »", f"{fait.heure or ''} {fait.texte}".strip()


def _facts_of(dossier: Dossier) -> Iterator[tuple[str, str]]:
    candidat, issues = dossier.resultat.candidat, dossier.issues
    born = accorde(candidat.sexe, "né", "née")
    day, place = date_courte(candidat.date_naissance), candidat.commune_naissance
    names = " ".join((*candidat.prenoms, candidat.nom_naissance))
    use = f", nom d’usage {candidat.nom_usage}" if candidat.nom_usage else ""
    yield "l’identité", f"{names}{use}, {born} le {day} à {place} ({candidat.pays_naissance})"
    yield ADRESSE, candidat.adresse or ""
    yield "la voie d’accès", candidat.voie.mot
    yield "le parcours", enumeration(candidat.blocs_vises) or "complet"
    yield "la présence", dossier.resultat.presence.mot
    for code, bloc in issues.blocs.items():
        yield code, bloc.mot if bloc is not None else A_DECIDER
    decided = issues.certification
    yield "la certification", decided.mot if decided is not None else A_DECIDER
    yield "la mention", dossier.resultat.mention or ""
    for label, said in (("le motif", issues.motifs), ("les préconisations", issues.preconisations)):
        for code, text in said.items():
            yield f"{label} sur {'la certification' if code == CERTIFICATION else code}", text


def _facts_of_the_room(seance: Seance, candidat: str) -> Iterator[tuple[str, str]]:
    """Who did not deliberate on this candidate, and how the others voted."""
    for retrait in seance.deroulement.retraits:
        if retrait.candidat == candidat and retrait.membre.present:
            yield f"le retrait {elide('de', retrait.membre.nom_complet)}", retrait.motif
    for voix in seance.deroulement.voix:
        if voix.candidat == candidat:
            where = "la certification" if voix.code == CERTIFICATION else voix.code
            said = f"pour {voix.pour}, contre {voix.contre}, abstentions {voix.abstentions}"
            yield f"les voix sur {where}", said


def changes(fixe: Fixe, seance: Seance) -> tuple[Changement, ...]:
    """What the act states and the folder no longer says, or says besides."""
    today = facts(seance)
    names = {
        d.resultat.candidat.id: f"{d.resultat.candidat.nom_complet} ({d.resultat.candidat.id})"
        for d in seance.dossiers
    }
    return tuple(
        Changement(
            candidat,
            f"{names.get(candidat, candidat)}, {sujet}" if candidat else sujet,
            fixe.faits.get((candidat, sujet), _RIEN),
            today.get((candidat, sujet), _RIEN),
        )
        for candidat, sujet in dict.fromkeys([*fixe.faits, *today])
        if fixe.faits.get((candidat, sujet)) != today.get((candidat, sujet))
    )


def told(
    fixe: Fixe, changed: Sequence[Changement], entrees: Mapping[str, str]
) -> Iterator[Anomalie]:
    """Each difference with the last act; of what changed without effect on it, only the names."""
    for one in changed:
        lieu = Lieu("resultats.json")
        who = (one.candidat,) if one.candidat else ()
        yield Code.SEANCE_CLOSE.at(
            lieu,
            candidats=who,
            pv=fixe.acte.numero,
            quoi=one.sujet,
            avant=one.avant,
            apres=one.apres,
        )
    touched = [
        name
        for name in dict.fromkeys([*fixe.entrees, *entrees])
        if fixe.entrees.get(name) != entrees.get(name)
    ]
    if touched and not changed:
        for name in touched:
            yield Code.ENTREE_CHANGEE.at(Lieu(name), nom=name, pv=fixe.acte.numero)
