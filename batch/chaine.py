"""The batch, top to bottom: gather, decide, write. Each stage knows its own business only."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from batch import fichiers, resultats
from batch.anomalies import Anomalie, Code, Empechement, Gravite, Lieu
from batch.classeurs import cellules, rapport, tables
from batch.classeurs import resultats as classeur_resultats
from batch.classeurs import session as classeur_session
from batch.classeurs.deliberation import classeur as deliberation
from batch.classeurs.deliberation import divergences as arbitrages
from batch.classeurs.deliberation import votes
from batch.classeurs.deliberation.classeur import Saisies
from batch.classeurs.grille import controle as controle_grilles
from batch.classeurs.grille import ecriture, forme
from batch.classeurs.grille.controle import Evaluations
from batch.classeurs.grille.forme import Forme, Sceau
from batch.classeurs.grille.lecture import Bilan, FicheLue, Lecteur, Sort, merge
from batch.documents import edition as documents
from batch.folder import Folder
from batch.francais import date_longue, typographie
from batch.jury import calcul, composition, divergences, rattrapage
from batch.jury.affectation import Cahier, plan
from batch.jury.calcul import Resultat
from batch.jury.deliberation import decide, objets
from batch.jury.seance import Dossier, Seance
from batch.records import Appreciation, Session
from batch.referentiel import ecriture as ecriture_referentiel
from batch.referentiel import lecture as lecture_referentiel
from batch.referentiel.modele import Referentiel
from batch.reglement import lecture as lecture_reglement
from batch.reglement.modele import Reglement
from batch.vocabulaire import EtatSession, Presence, ResultatCertification


@dataclass(frozen=True, slots=True)
class Contexte:
    """What a session folder says before any grid is read."""

    folder: Folder
    referentiel: Referentiel  # with its blocs, the certificateur's own included
    reglement: Reglement
    session: Session
    cahiers: tuple[Cahier, ...]
    anomalies: tuple[Anomalie, ...]

    @property
    def formes(self) -> list[Forme]:
        return [
            forme.forme(self.session.id, fiche, self.reglement)
            for cahier in self.cahiers
            for fiche in cahier.fiches
        ]

    def sceau(self, cle: bytes) -> Sceau:
        return forme.sceau(cle, self.reglement)


@dataclass(frozen=True, slots=True)
class Emission:
    """What became of each grid to be issued."""

    ecrites: list[str] = field(default_factory=list)
    inchangees: list[str] = field(default_factory=list)
    conservees: list[str] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Controle:
    contexte: Contexte
    evaluations: Evaluations
    fiches: tuple[FicheLue, ...]
    bilan: Bilan
    anomalies: list[Anomalie]


@dataclass(frozen=True, slots=True)
class Traitement:
    controle: Controle
    seance: Seance
    ecrits: list[str]
    anomalies: list[Anomalie]


# --- gather


def create(folder: Folder, referentiel: Referentiel, reglement: str, now: datetime) -> None:
    """A new session folder: the workbook to fill in, and its own copy of the règlement.

    A référentiel that is not one of ours is copied too: the session must not change with it.
    """
    if folder.session.exists() or folder.reglement.exists():
        raise Empechement(
            f"{folder.root} contient déjà une session : rien n'a été changé. "
            f"Choisissez un autre dossier."
        )
    if referentiel.id not in lecture_referentiel.known():
        fichiers.write(folder.referentiel, ecriture_referentiel.as_yaml(referentiel).encode())
    fichiers.write(folder.reglement, reglement.encode())
    fichiers.write(folder.session, classeur_session.write(referentiel, now.date()))
    folder.retours.mkdir(exist_ok=True)
    folder.log(
        "session",
        now,
        referentiel=referentiel.id,
        reglement=fichiers.fingerprint(reglement.encode()),
    )


def gather(folder: Folder) -> Contexte:
    """The session and its rules. Raises Empechement when they make no sense, with every reason."""
    referentiel = _referentiel(folder)
    reglement, faults = lecture_reglement.read(folder.reglement, referentiel)
    if reglement is None:
        raise Empechement("Le règlement de la session doit être corrigé.", faults)
    referentiel = reglement.apply_to(referentiel)
    classeur, anomalies = cellules.read(folder.session.name, _bytes(folder.session))
    if classeur is None:
        raise Empechement("Le classeur de la session ne peut pas être lu.", anomalies)
    session, typed = classeur_session.read(classeur, referentiel, reglement)
    anomalies = [*faults, *anomalies, *typed]
    if session is None:
        raise Empechement("La feuille « Session » de session.xlsx doit être complétée.", anomalies)
    cahiers, unassigned = plan(session, referentiel, reglement)
    anomalies += [*unassigned, *_about_certification(session, referentiel)]
    anomalies += rattrapage.check(session, reglement)
    return Contexte(folder, referentiel, reglement, session, cahiers, tuple(anomalies))


def _referentiel(folder: Folder) -> Referentiel:
    """The house's own, frozen in the folder, or one of ours by its id."""
    if not folder.referentiel.is_file():
        return lecture_referentiel.load(_referentiel_named(folder))
    referentiel, faults = lecture_referentiel.read(folder.referentiel)
    if referentiel is None:
        raise Empechement("Le référentiel de la session doit être corrigé.", faults)
    return referentiel


def _referentiel_named(folder: Folder) -> str:
    """The référentiel that the règlement is written for."""
    from batch import lecture_yaml

    try:
        text = folder.reglement.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Empechement(
            f"Le règlement de la session (reglement.yaml) manque ou ne peut pas être lu dans "
            f"{folder.root}. Recopiez-y celui de la session."
        ) from error
    source, faults = lecture_yaml.read(folder.reglement.name, text)
    named = source.donnees.get("referentiel") if source else None
    if source is None or not isinstance(named, str):
        faults = faults or [Code.YAML_MANQUE.at(Lieu("reglement.yaml"), rubrique="referentiel")]
        raise Empechement("Le règlement de la session doit être corrigé.", faults)
    return named


def _bytes(path: Path) -> bytes:
    """The file's content; a file far too big to be one of ours is not even opened."""
    try:
        if path.stat().st_size > cellules.MAX_BYTES:
            return b"PK" + bytes(cellules.MAX_BYTES)
        return path.read_bytes()
    except OSError as error:
        raise Empechement(
            f"{path.name} ne peut pas être lu ({error.strerror}). Fermez-le s'il est ouvert dans "
            f"un autre programme, puis relancez la commande."
        ) from error


def _about_certification(session: Session, referentiel: Referentiel) -> Iterable[Anomalie]:
    if not referentiel.blocs:
        yield Code.PARCHEMIN_SANS_BLOC.at(Lieu("reglement.yaml"), intitule=referentiel.intitule)
    registered = referentiel.enregistrement
    if registered and not registered.du <= session.date_jury <= registered.au:
        yield Code.ENREGISTREMENT_EXPIRE.at(
            Lieu("session.xlsx", tables.load("session").feuille),
            du=date_longue(registered.du),
            au=date_longue(registered.au),
            jury=date_longue(session.date_jury),
        )


# --- the grids


def issue_grids(folder: Folder, now: datetime) -> Emission:
    """Every workbook to send; one that somebody has begun to fill is never written over."""
    contexte = gather(folder)
    sceau = contexte.sceau(folder.create_key())
    emission = Emission(anomalies=list(contexte.anomalies))
    issued: dict[str, str] = {}
    for cahier in contexte.cahiers:
        path = folder.grilles / fichiers.safe_name(forme.file_name(cahier))
        content = ecriture.write(
            contexte.session, contexte.referentiel, contexte.reglement, cahier, sceau
        )
        name = folder.relative(path)
        if path.is_file() and _is_filled(path, contexte, sceau):
            emission.conservees.append(name)
        elif fichiers.write(path, content):
            emission.ecrites.append(name)
        else:
            emission.inchangees.append(name)
        issued[name] = fichiers.fingerprint(content)
    folder.retours.mkdir(exist_ok=True)
    folder.log(
        "grilles",
        now,
        reglement=fichiers.fingerprint(_bytes(folder.reglement)),
        session=fichiers.fingerprint(_bytes(folder.session)),
        grilles=issued,
    )
    return emission


def _is_filled(path: Path, contexte: Contexte, sceau: Sceau) -> bool:
    """Something was typed in it; one that cannot be read might hold something too."""
    classeur, _ = cellules.read(path.name, _bytes(path))
    if classeur is None:
        return True
    fiches, _ = Lecteur(contexte.session.id, contexte.formes, sceau).read(classeur, Bilan())
    return any(not fiche.vide for fiche in fiches)


# --- the returns

# Left by Excel, LibreOffice, macOS and Windows beside the real files.
_DEBRIS = {"thumbs.db", "desktop.ini", ".ds_store"}


def control(folder: Folder, now: datetime) -> Controle:
    """Read and check everything in retours/, and write the report."""
    controle = read_returns(gather(folder))
    _write_report(controle)
    folder.log(
        "controle",
        now,
        fichiers={s.value: controle.bilan.fichiers[s] for s in Sort},
        bloquantes=sum(anomalie.bloquante for anomalie in controle.anomalies),
    )
    return controle


def read_returns(contexte: Contexte) -> Controle:
    """Everything in retours/, read and checked. It writes nothing."""
    folder = contexte.folder
    bilan, anomalies = Bilan(), list(contexte.anomalies)
    lecteur = Lecteur(contexte.session.id, contexte.formes, contexte.sceau(folder.key()))
    fiches: list[FicheLue] = []
    paths = sorted(p for p in folder.retours.rglob("*") if p.is_file() and not p.is_symlink())
    for path in paths:
        name = folder.relative(path)
        debris = _debris(path.name)
        if debris:
            bilan.fichiers[Sort.IGNORE] += 1
            anomalies.append(Code.FICHIER_IGNORE.at(Lieu(name), nom=path.name, raison=debris))
            continue
        classeur, faults = cellules.read(name, _bytes(path))
        anomalies += faults
        if classeur is None:
            bilan.fichiers[Sort.REFUSE] += 1
            continue
        own, faults = lecteur.read(classeur, bilan)
        fiches += own
        anomalies += faults
    if not bilan.fichiers:
        anomalies.append(Code.RETOURS_VIDE.at(Lieu("retours/"), nom="retours/"))
    fiches, faults = merge(fiches, bilan)
    anomalies += faults
    expected = [one for one in contexte.formes if _is_expected(one, contexte.session)]
    evaluations, faults = controle_grilles.check(fiches, expected, lecteur.vues, contexte.reglement)
    anomalies += faults
    return Controle(contexte, evaluations, tuple(fiches), bilan, in_order(anomalies))


def _debris(name: str) -> str | None:
    if name.startswith("~$") or name.startswith(".~lock"):
        return "c'est la trace d'un classeur resté ouvert chez quelqu'un"
    if name.startswith("._") or name.casefold() in _DEBRIS:
        return "c'est un fichier de service du système"
    return None


def _is_expected(one: Forme, session: Session) -> bool:
    """Nobody waits for the sheet of candidates who are known not to have come."""
    here = (None, one.fiche.partie.id)
    away = {incident.candidat for incident in session.incidents if incident.partie in here}
    return any(c.presence is Presence.PRESENT and c.id not in away for c in one.fiche.candidats)


def in_order(anomalies: Iterable[Anomalie]) -> list[Anomalie]:
    """Each once, the gravest first, then structure before content, then by place."""
    rank = {gravite: number for number, gravite in enumerate(Gravite)}
    return sorted(
        dict.fromkeys(anomalies), key=lambda a: (rank[a.gravite], a.code.numero, a.lieu.fichier)
    )


def _write_report(controle: Controle) -> None:
    contexte = controle.contexte
    folder = contexte.folder
    names = {a.lieu.fichier for a in controle.anomalies if a.lieu.fichier}
    links = {name: f"../{name}" for name in names if (folder.root / name).is_file()}
    returned = {fiche.forme.numero for fiche in controle.fiches}
    states = []
    for cahier in contexte.cahiers:
        own = [forme.numero(contexte.session.id, fiche) for fiche in cahier.fiches]
        back = sum(numero in returned for numero in own)
        state = "revenue" if back == len(own) else f"{back} sur {len(own)} revenues"
        candidates = ", ".join(fiche.sujet for fiche in cahier.fiches)
        who = f"{cahier.evaluateur.id} {cahier.evaluateur.nom_complet}"
        states.append((who, cahier.partie.id, candidates, state if back else "non revenue"))
    content = rapport.write(
        contexte.session.date_jury,
        f"Contrôle de la session {contexte.session.id}",
        controle.anomalies,
        controle.bilan,
        states,
        links,
    )
    fichiers.write(folder.controle / "rapport.xlsx", content)


# --- the batch


@dataclass(frozen=True, slots=True)
class Examen:
    """Everything that the folder says, reckoned with and decided; nothing written yet."""

    controle: Controle
    seance: Seance
    saisies: Saisies
    # The jury's workbook could be read: it may be made again without losing anything.
    deliberation_lisible: bool
    a_confirmer: frozenset[str]
    anomalies: list[Anomalie]


def examine(folder: Folder) -> Examen:
    """Read, check, reckon, take in the jury's decisions. It writes nothing."""
    # gather
    controle = read_returns(gather(folder))
    contexte, reglement = controle.contexte, controle.contexte.reglement
    saisies, faults = _read_deliberation(folder)
    readable = not faults
    names = {c.id: f"{c.nom_complet} ({c.id})" for c in contexte.session.candidats}

    # decide
    said = [one for own in controle.evaluations.appreciations.values() for one in own]
    differences = list(divergences.find(contexte.referentiel, reglement, said))
    settled, others = arbitrages.check(saisies.arbitrages, differences, reglement, names)
    waiting = arbitrages.unsettled(differences, settled, reglement.echelle, names)
    proposals = propose(contexte, controle.evaluations, settled)
    ballots = [objets(contexte.referentiel, resultat) for resultat in proposals]
    decisions, illegal = votes.check(saisies.votes, [v for own in ballots for v in own], names)
    faults += [*others, *waiting, *illegal]
    lieu = Lieu("session.xlsx", tables.load("jury").feuille)
    voies = dict.fromkeys(candidat.voie for candidat in contexte.session.candidats)
    rules = dict.fromkeys(reglement.jury_of(voie) for voie in voies)
    jury = [one for rule in rules for one in composition.check(rule, contexte.session.jury, lieu)]
    anomalies = in_order([*controle.anomalies, *faults, *jury])
    seance = Seance(
        contexte.session,
        contexte.referentiel,
        reglement,
        tuple(
            Dossier(resultat, own, decide(contexte.referentiel, resultat, decisions))
            for resultat, own in zip(proposals, ballots, strict=True)
        ),
        tuple(a for a in anomalies if a.bloquante and a.code.numero.startswith(("SES", "JUR"))),
        tuple(differences),
    )
    unsure = frozenset(
        candidat
        for anomalie in faults
        if anomalie.code is Code.DECISION_A_CONFIRMER
        for candidat in anomalie.candidats
    )
    return Examen(controle, seance, saisies, readable, unsure, anomalies)


def propose(
    contexte: Contexte, evaluations: Evaluations, settled: Sequence[Appreciation] = ()
) -> list[Resultat]:
    """What the calculation proposes for each candidate, the jury's arbitrations included."""
    return [
        calcul.propose(
            contexte.referentiel,
            contexte.reglement,
            candidat,
            [
                *evaluations.appreciations.get(candidat.id, ()),
                *(one for one in settled if one.candidat == candidat.id),
            ],
            evaluations.absences.get(candidat.id, ()),
            contexte.session.acquis,
            contexte.session.date_jury,
            contexte.session.incidents_of(candidat.id),
        )
        for candidat in contexte.session.candidats
    ]


def treat(folder: Folder, now: datetime) -> Traitement:
    """Check, reckon, take in the jury's decisions, and write everything that the session allows."""
    examen = examine(folder)
    seance = examen.seance
    _write_report(examen.controle)
    written: list[str] = []
    if examen.deliberation_lisible and _write_deliberation(folder, seance, examen.saisies):
        written.append(folder.relative(folder.deliberation))
    written += _write_documents(folder, seance, examen.a_confirmer)
    for path, content in (
        (folder.resultats_xlsx, classeur_resultats.write(seance)),
        (folder.resultats, _json(resultats.as_json(seance, examen.anomalies))),
    ):
        if fichiers.write(path, content):
            written.append(folder.relative(path))
    folder.log(
        "traiter",
        now,
        etat=seance.etat.value,
        ecrits={name: fichiers.fingerprint(_bytes(folder.root / name)) for name in written},
    )
    return Traitement(examen.controle, seance, written, examen.anomalies)


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _read_deliberation(folder: Folder) -> tuple[Saisies, list[Anomalie]]:
    if not folder.deliberation.is_file():
        return Saisies(), []
    classeur, faults = cellules.read(folder.deliberation.name, _bytes(folder.deliberation))
    return deliberation.read(classeur) if classeur else (Saisies(), faults)


def _write_deliberation(folder: Folder, seance: Seance, saisies: Saisies) -> bool:
    """Made again only when the proposals changed; the jury's own rows are never lost."""
    path = folder.deliberation
    if path.is_file():
        if deliberation.would_lose(seance, saisies) or deliberation.is_current(seance, saisies):
            return False
        before = _bytes(path)
        name = f"{fichiers.fingerprint(before)[:16]}.xlsx"
        fichiers.write(folder.anciennes_deliberations / name, before)
    return fichiers.write(path, deliberation.write(seance, saisies))


def _write_documents(folder: Folder, seance: Seance, waiting: Collection[str]) -> list[str]:
    """The documents; what somebody has retouched in Word is set aside, not lost."""
    made = documents.documents(seance, folder.gabarits)
    for dossier in seance.dossiers:
        if dossier.resultat.candidat.id in waiting:
            del made[documents.letter_name(dossier)]
    before = _last_documents(folder)
    written: list[str] = []
    for name, content in made.items():
        path = folder.documents / name
        fresh = fichiers.fingerprint(content)
        if path.is_file() and name in before:
            current = fichiers.fingerprint(_bytes(path))
            if current not in (before[name], fresh):
                if fresh == before[name]:
                    continue
                aside = path.with_name(f"{path.stem} (retouché à la main){path.suffix}")
                fichiers.write(aside, _bytes(path))
        if fichiers.write(path, content):
            written.append(folder.relative(path))
    for name in before.keys() - made.keys():
        path = folder.documents / name
        if path.is_file() and fichiers.fingerprint(_bytes(path)) == before[name]:
            path.unlink()
    made_now = {name: fichiers.fingerprint(content) for name, content in made.items()}
    fichiers.write(_documents_record(folder), _json(made_now))
    return written


def _documents_record(folder: Folder) -> Path:
    return folder.root / ".jury" / "documents.json"


def _last_documents(folder: Folder) -> dict[str, str]:
    record = _documents_record(folder)
    if not record.is_file():
        return {}
    return {str(k): str(v) for k, v in json.loads(record.read_text(encoding="utf-8")).items()}


def summary(seance: Seance) -> list[tuple[ResultatCertification, int]]:
    """How many candidates ended with each outcome, decided or else proposed."""
    shown = [d.issues.certification or d.resultat.certification for d in seance.dossiers]
    return [
        (outcome, shown.count(outcome)) for outcome in ResultatCertification if outcome in shown
    ]


def next_step(seance: Seance, anomalies: Sequence[Anomalie]) -> str:
    """The one thing to do now."""
    if seance.etat is EtatSession.DEFINITIF:
        return "Faites signer le procès-verbal, puis envoyez les lettres."
    grids = [a for a in anomalies if a.bloquante and a.code.numero.startswith(("GRI", "FIC"))]
    if grids:
        return typographie(
            "Faites corriger les grilles (controle/rapport.xlsx dit quoi et où), ou laissez le "
            "jury statuer sur ce qui est complet."
        )
    if seance.obstacles:
        return typographie("Corrigez les anomalies bloquantes, puis relancez « jury traiter ».")
    return typographie(
        "Le jury remplit deliberation.xlsx ; relancez ensuite « jury traiter » sur ce dossier."
    )
