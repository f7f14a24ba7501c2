"""A session and the house's register: certificates numbered, acts entered, acquired blocs found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from batch import fichiers
from batch.anomalies import Anomalie, Code, Empechement
from batch.chaine import relecture
from batch.chaine.actes import Fixe
from batch.chaine.ouverture import Contexte, content_of, gather
from batch.classeurs import acquis as classeur_acquis
from batch.documents.contexte.commun import jour_de_decision
from batch.folder import Folder
from batch.francais import enumeration
from batch.jury.seance import Seance
from batch.records import Candidat
from batch.referentiel.modele import Referentiel
from batch.registre import inscription, recherche
from batch.registre.base import register
from batch.registre.inscription import Entete, Inscriptible
from batch.registre.recherche import BlocAcquis, Proche

PROPOSES = "acquis-proposes.xlsx"


@dataclass(frozen=True, slots=True)
class Close:
    """A session that its folder still tells as its last act does."""

    seance: Seance
    actes: tuple[Fixe, ...]


def numeroter(
    registre: Path, folder: Folder, seance: Seance, wanted: Iterable[tuple[str, str]], now: datetime
) -> dict[tuple[str, str], str]:
    """The register's number of each of these certificates, the same at each call."""
    with register(registre, now) as base:
        return inscription.draw(base, _heading(folder, seance), wanted, now)


def inscribe(folder: Folder, registre: Path, now: datetime) -> list[str]:
    """Enter the session's final acts; the numbers of those that were not there yet.

    Raises Empechement when the session is a PROJET, or no longer says what its last act states.
    """
    return enter(folder, final(folder), registre, now)


def enter(folder: Folder, closed: Close, registre: Path, now: datetime) -> list[str]:
    """The same, of a session that was just read."""
    seance, acts = closed.seance, closed.actes
    candidats = {d.resultat.candidat.id: d.resultat.candidat for d in seance.dossiers}
    with register(registre, now) as base:
        entered = inscription.inscribe(
            base, _heading(folder, seance), [_as_entered(one) for one in acts], candidats, now
        )
    if entered:
        folder.log("inscrire", now, actes=entered)
    return entered


def final(folder: Folder) -> Close:
    """The session, as its last act states it. Raises Empechement when there is none, or when the
    folder no longer says the same."""
    relue = relecture.as_stated(folder)
    if not relue.actes:
        raise Empechement(
            "La session n'est pas définitive : rien n'en est inscrit ni déclaré. Terminez-la avec "
            "« jury traiter »."
        )
    return Close(relue.examen.seance, tuple(relue.actes))


def _heading(folder: Folder, seance: Seance) -> Entete:
    session = seance.session
    return Entete(
        session.id,
        fichiers.fingerprint(folder.key()),
        seance.referentiel.id,
        seance.referentiel.intitule,
        session.date_jury,
        jour_de_decision(seance),
    )


def _as_entered(fixe: Fixe) -> Inscriptible:
    rectified = fixe.acte.rectificatif
    return Inscriptible(
        fixe.acte.rang,
        fixe.acte.numero,
        rectified.motif if rectified else None,
        {one["id"]: _decided(one) for one in fixe.resultats["candidats"]},
    )


def _decided(candidat: Mapping[str, Any]) -> dict[str, str]:
    """By bloc, then for the whole; what nobody decides stands as the calculation gives it."""
    told = {"": candidat["certification"], **candidat["blocs"]}
    return {objet: str(one["decide"] or one["propose"]) for objet, one in told.items()}


@dataclass(frozen=True, slots=True)
class Proposition:
    """The blocs that the register says a candidate holds, and that session.xlsx does not say."""

    candidat: Candidat
    blocs: tuple[BlocAcquis, ...]
    proches: tuple[Proche, ...]


@dataclass(frozen=True, slots=True)
class Acquis:
    propositions: tuple[Proposition, ...]
    anomalies: tuple[Anomalie, ...]
    ecrits: tuple[str, ...]


def acquis(folder: Folder, registre: Path, now: datetime, *, ecrire: bool) -> Acquis:
    """What the register knows of the candidates, laid in a workbook beside; with `ecrire`, added
    to session.xlsx too, of which a copy is kept. Only exact identities are ever taken."""
    contexte = gather(folder)
    session = contexte.session
    found = known(registre, contexte.referentiel, session.candidats, session.id, now)
    unsaid = [
        replace(one, blocs=tuple(b for b in one.blocs if not _is_typed(contexte, one.candidat, b)))
        for one in found
    ]
    propositions = tuple(one for one in unsaid if one.blocs or one.proches)
    rows = [
        {
            "candidat": one.candidat.id,
            "bloc": bloc.bloc,
            "date": f"{bloc.jour:%d/%m/%Y}",
            "nature": "Acquis",
            "preuve": bloc.preuve,
        }
        for one in propositions
        for bloc in one.blocs
    ]
    near = [_told(one.candidat, proche) for one in propositions for proche in one.proches]
    written = []
    if rows or near:
        content = classeur_acquis.write(rows, near, now.date())
        if fichiers.write(folder.root / PROPOSES, content):
            written.append(PROPOSES)
    if rows and ecrire:
        before = content_of(folder.session)
        aside = folder.session.with_name(f"session (avant les acquis, {now:%Y-%m-%d %Hh%M}).xlsx")
        fichiers.write(aside, before)
        fichiers.write(folder.session, classeur_acquis.add(before, rows))
        written += [folder.session.name, aside.name]
        folder.log("acquis", now, lignes=len(rows), session=fichiers.fingerprint(before))
    return Acquis(
        propositions,
        tuple(doubts(propositions)),
        tuple(written),
    )


def known(
    registre: Path,
    referentiel: Referentiel,
    candidats: Iterable[Candidat],
    sauf: str,
    now: datetime,
) -> list[Proposition]:
    """What the register knows of each of these, from any session but `sauf`."""
    with register(registre, now, create=False) as base:
        return [
            Proposition(
                candidat,
                tuple(
                    bloc
                    for bloc in recherche.acquired(base, candidat, referentiel.id, sauf)
                    if bloc.bloc in referentiel.bloc
                ),
                tuple(recherche.near(base, candidat, referentiel.id, sauf)),
            )
            for candidat in candidats
        ]


def doubts(propositions: Iterable[Proposition]) -> Iterator[Anomalie]:
    """Those who resemble a candidate, for a person to decide."""
    yield from (_doubt(one.candidat, proche) for one in propositions for proche in one.proches)


def _is_typed(contexte: Contexte, candidat: Candidat, bloc: BlocAcquis) -> bool:
    return any(
        (one.candidat, one.bloc, one.competence) == (candidat.id, bloc.bloc, None)
        for one in contexte.session.acquis
    )


def _told(candidat: Candidat, proche: Proche) -> list[str]:
    return [
        candidat.id,
        candidat.nom_complet,
        proche.personne.dite,
        "\n".join(proche.differences),
        enumeration(bloc.bloc for bloc in proche.blocs),
        "\n".join(dict.fromkeys(bloc.preuve for bloc in proche.blocs)),
    ]


def _doubt(candidat: Candidat, proche: Proche) -> Anomalie:
    return Code.PERSONNE_PROCHE.at(
        candidat.lieu,
        candidats=(candidat.id,),
        qui=candidat.qui,
        objets=enumeration(bloc.bloc for bloc in proche.blocs),
        differences=enumeration(proche.differences),
    )
