"""Closed sessions -> the declaration of their certified; its receipt -> what is left to declare."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from batch import fichiers
from batch.anomalies import Anomalie, Code, Empechement, Lieu
from batch.chaine import registre as chaine_registre
from batch.chaine.ouverture import content_of, only_once, read_session
from batch.classeurs import session as classeur_session
from batch.classeurs import tables
from batch.classeurs.cellules import Classeur
from batch.documents.contexte.commun import jour_de_decision, rncp
from batch.exports import accuse, cpf
from batch.exports.cpf import Deposant, Passage
from batch.folder import Folder
from batch.francais import compte, date_longue, enumeration, guillemets
from batch.jury.delais import declared_by
from batch.jury.seance import Dossier, Seance
from batch.records import Candidat
from batch.registre import declarations
from batch.registre.base import register, transaction
from batch.registre.declarations import Declaration, Sort
from batch.vocabulaire import ResultatBloc, ResultatCertification


@dataclass(frozen=True, slots=True)
class BlocsSeuls:
    """What somebody obtained without the certification: the flow has no place for it."""

    session: str
    candidat: Candidat
    blocs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Export:
    """What was declared in these files, what waits for a receipt, and what could not be."""

    fichiers: tuple[Path, ...]
    declares: int
    en_attente: int
    acceptes: int
    limite: date | None  # of the first that is not accepted yet
    a_part: tuple[BlocsSeuls, ...]
    anomalies: tuple[Anomalie, ...]


@dataclass(frozen=True, slots=True)
class _Lot:
    """One session's certified, as they would be declared."""

    seance: Seance
    deposant: Deposant | None
    passages: tuple[Passage, ...]
    limite: date
    anomalies: tuple[Anomalie, ...]


def declare(
    folders: Sequence[Folder],
    registre: Path,
    sortie: Path,
    now: datetime,
    *,
    id_client: str = "",
    id_contrat: str = "",
    reprendre: bool = False,
) -> Export:
    """One XML file for each certificateur, of those never declared and those rejected.

    `reprendre`: those whose receipt is awaited too (a file that was lost, or never sent). The file
    is written before its ledger is closed: a run killed in between has declared nothing.
    """
    sessions = [(folder, chaine_registre.final(folder)) for folder in folders]
    only_once(closed.seance.session.id for _, closed in sessions)
    for folder, closed in sessions:
        chaine_registre.enter(folder, closed, registre, now)
    lots = [_lot(folder, one.seance, id_client, id_contrat) for folder, one in sessions]
    anomalies = [one for lot in lots for one in lot.anomalies]
    written: list[Path] = []
    with register(registre, now) as base, transaction(base):
        known = declarations.state(base)
        due: dict[Deposant, list[tuple[_Lot, Passage]]] = {}
        late: list[date] = []
        for lot in lots:
            anomalies += _changed(lot, known)
            waiting = [p for p in lot.passages if _sort(p, known) is not Sort.ACCEPTEE]
            if waiting:
                late.append(lot.limite)
                anomalies += _late(lot, len(waiting), now.date())
            for passage in waiting:
                again = reprendre or _sort(passage, known) is not Sort.EN_ATTENTE
                if again and lot.deposant:
                    due.setdefault(lot.deposant, []).append((lot, passage))
        for deposant, own in due.items():
            for start in range(0, len(own), cpf.PASSAGES_MAX):
                part = own[start : start + cpf.PASSAGES_MAX]
                passages = [passage for _, passage in part]
                id_flux = _flux(passages, now)
                path = sortie / f"{id_flux}.xml"
                ledger = [
                    (p.id_technique, lot.seance.session.id, p.candidat.id, p.empreinte)
                    for lot, p in part
                ]
                declarations.record(base, id_flux, path.name, ledger, now)
                fichiers.write(path, cpf.flux(id_flux, deposant, passages, now))
                written.append(path)
    sorts = [_sort(passage, known) for lot in lots for passage in lot.passages]
    return Export(
        tuple(written),
        sum(len(own) for own in due.values()),
        0 if reprendre else sorts.count(Sort.EN_ATTENTE),
        sorts.count(Sort.ACCEPTEE),
        min(late, default=None),
        tuple(apart for lot in lots for apart in _apart(lot.seance)),
        tuple(anomalies),
    )


def _apart(seance: Seance) -> Iterator[BlocsSeuls]:
    for dossier in seance.dossiers:
        own = tuple(c for c, b in dossier.issues.blocs.items() if b is ResultatBloc.VALIDE)
        if own and not _is_certified(dossier):
            yield BlocsSeuls(seance.session.id, dossier.resultat.candidat, own)


@dataclass(frozen=True, slots=True)
class Reponse:
    """What a receipt changed."""

    acceptes: int
    rejetes: int
    nouvelles: int
    anomalies: tuple[Anomalie, ...]


def acknowledge(fichier: Path, registre: Path, now: datetime) -> Reponse:
    """A receipt, entered in the ledger; reading it again changes nothing."""
    told = accuse.read(fichier.name, content_of(fichier))
    lieu = Lieu(fichier.name)
    with register(registre, now, create=False) as base, transaction(base):
        declared = declarations.declared_in(base, told.id_flux)
        if declared is None:
            raise Empechement(
                f"{fichier.name} répond au fichier {told.id_flux}, que ce registre n'a pas fait. "
                f"Vérifiez le registre donné par --registre."
            )
        accepted = told.acceptes & declared
        rejected = {one: why for one, why in told.rejetes.items() if one in declared}
        fresh = declarations.answer(base, told.id_flux, accepted, rejected, now)
        known = declarations.state(base)
    strangers = sorted((told.acceptes | told.rejetes.keys()) - declared)
    anomalies = [
        Code.CPF_REJETE.at(
            lieu,
            candidats=(known[one].candidat,),
            qui=f"{known[one].candidat} (session {known[one].session})",
            reponse=enumeration(f"« {reason} »" for reason in why) or "sans motif",
        )
        for one, why in rejected.items()
    ]
    anomalies += [Code.CPF_INCONNU.at(lieu, identite=one) for one in strangers]
    return Reponse(len(accepted), len(rejected), fresh, tuple(anomalies))


def _lot(folder: Folder, seance: Seance, id_client: str, id_contrat: str) -> _Lot:
    day = jour_de_decision(seance)
    if day is None:
        raise Empechement(
            f"La session {seance.session.id} attend la décision de l'instance : personne n'y est "
            f"encore certifié. Écrivez sa date dans session.xlsx, puis relancez la commande."
        )
    classeur, _ = read_session(folder)
    assert classeur is not None, "it has just been read"
    deposant, code, anomalies = _declarant(seance, id_client, id_contrat)
    passages = []
    for dossier in seance.dossiers:
        if not _is_certified(dossier):
            continue
        candidat = dossier.resultat.candidat
        faults = list(_check(classeur, dossier))
        anomalies += faults
        if code and not any(fault.bloquante for fault in faults):
            days = [
                slot.jour
                for slot in seance.session.calendrier
                if slot.sujet in (None, candidat.id, candidat.groupe)
            ]
            passages.append(
                Passage(
                    f"{code}-{seance.session.id}-{candidat.id}",
                    code,
                    candidat,
                    day,
                    dossier.resultat.mention,
                    min(days, default=None),
                    max(days, default=None),
                )
            )
    return _Lot(seance, deposant, tuple(passages), declared_by(day), tuple(anomalies))


def _is_certified(dossier: Dossier) -> bool:
    return dossier.issues.certification is ResultatCertification.DELIVREE


def _declarant(
    seance: Seance, id_client: str, id_contrat: str
) -> tuple[Deposant | None, str, list[Anomalie]]:
    """Who declares, and the certification's code; what is missing of both."""
    said, code = seance.reglement.cpf, rncp(seance).replace(" ", "").upper()
    client, contrat = id_client or said.id_client, id_contrat or said.id_contrat
    # Whoever declares for himself is named once.
    emetteur = said.emetteur or client
    by_another = (("cpf.emetteur", emetteur, "les 8 caractères de qui dépose le fichier", r".{8}"),)
    anomalies = [
        Code.CPF_DEPOSANT.at(
            Lieu("reglement.yaml"),
            rubrique=rubrique,
            valeur=guillemets(value) if value else "rien",
            attendu=asked,
        )
        for rubrique, value, asked, pattern in (
            ("cpf.id_client", client, "les 8 caractères donnés par la Caisse des dépôts", r".{8}"),
            *(by_another if said.emetteur else ()),
            ("cpf.id_contrat", contrat, "de 1 à 20 caractères", r".{1,20}"),
            ("certificats.rncp", code, "RNCP ou RS suivi d'un nombre", r"(RNCP|RS)\d+"),
        )
        if not re.fullmatch(pattern, value)
    ]
    if anomalies:
        return None, code, anomalies
    return Deposant(client, contrat, emetteur, said.nature_deposant.upper()), code, []


def _check(classeur: Classeur, dossier: Dossier) -> Iterator[Anomalie]:
    """What the flow must be told of somebody and session.xlsx does not say, or says too long."""
    candidat = dossier.resultat.candidat
    qui = candidat.qui

    def lieu(colonne: str) -> Lieu:
        return classeur_session.cell_of(classeur, candidat.id, colonne)

    def titre(colonne: str) -> str:
        return tables.load("candidats").colonne(colonne).titre

    for colonne, value in (("sexe", candidat.sexe), ("code_naissance", candidat.code_naissance)):
        if not value:
            yield Code.CPF_MANQUE.at(
                lieu(colonne), candidats=(candidat.id,), colonne=titre(colonne), qui=qui
            )
    facts: tuple[tuple[str, Sequence[str]], ...] = (
        ("nom_naissance", [candidat.nom_naissance]),
        ("nom_usage", [candidat.nom_usage or ""]),
        ("prenoms", candidat.prenoms),
        ("commune_naissance", [cpf.commune(candidat)]),
        ("pays_naissance", [candidat.pays_naissance]),
    )
    for colonne, texts in facts:
        longest = max(texts, key=len)
        if len(longest) > cpf.LIMITES[colonne]:
            yield Code.CPF_TROP_LONG.at(
                lieu(colonne),
                candidats=(candidat.id,),
                colonne=titre(colonne),
                qui=qui,
                combien=compte(len(longest), "caractère"),
                maximum=cpf.LIMITES[colonne],
            )
    mention = dossier.resultat.mention
    if cpf.mention_declared(mention) is None:
        yield Code.CPF_MENTION.at(
            Lieu("reglement.yaml"), candidats=(candidat.id,), valeur=mention, qui=qui
        )


def _sort(passage: Passage, known: Mapping[str, Declaration]) -> Sort:
    one = known.get(passage.id_technique)
    return one.sort if one else Sort.A_DECLARER


def _changed(lot: _Lot, known: Mapping[str, Declaration]) -> Iterator[Anomalie]:
    """What was accepted and is no longer what the session says."""
    today = {passage.candidat.id: passage.empreinte for passage in lot.passages}
    unsaid = {candidat for fault in lot.anomalies for candidat in fault.candidats} - today.keys()
    for one in known.values():
        mine = one.session == lot.seance.session.id and one.sort is Sort.ACCEPTEE
        if mine and one.candidat not in unsaid and today.get(one.candidat) != one.empreinte:
            lieu = Lieu("session.xlsx", tables.load("candidats").feuille)
            yield Code.CPF_CHANGE.at(lieu, candidats=(one.candidat,), qui=one.candidat)


def _late(lot: _Lot, combien: int, today: date) -> Iterator[Anomalie]:
    if today > lot.limite:
        yield Code.CPF_EN_RETARD.at(
            Lieu("session.xlsx"),
            combien=compte(combien, "certification"),
            limite=date_longue(lot.limite),
            sujet=lot.seance.session.id,
        )


def _flux(passages: Sequence[Passage], now: datetime) -> str:
    """Unique: two files of one second do not declare the same people."""
    said = sha256("\n".join(passage.empreinte for passage in passages).encode()).hexdigest()
    return f"cpf-{now:%Y%m%d-%H%M%S}-{said[:8]}"
