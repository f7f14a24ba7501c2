"""What was examined -> everything that the session allows to write, in one transaction.

A session is a PROJET until every candidate is decided by a regular jury. Then its papers are made
final, numbered, and closed: what changes afterwards is told, and only a rectificatif, with its
reason, adds papers to those. None is ever replaced.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from batch import fichiers, resultats, transaction
from batch.anomalies import Anomalie, Code, Empechement, Lieu, MauvaisUsage
from batch.chaine import actes, corrections, decisions, fondement
from batch.chaine.actes import Fixe
from batch.chaine.examen import Examen, examine
from batch.chaine.fondement import Piece
from batch.chaine.ouverture import content_of
from batch.chaine.pdf import forget_stale_pdfs
from batch.chaine.rapport import write_report
from batch.chaine.registre import numeroter
from batch.chaine.retours import Controle, stop_if_blocked
from batch.classeurs import resultats as classeur_resultats
from batch.classeurs.deliberation import classeur as deliberation
from batch.documents import edition as documents
from batch.folder import Folder, entry
from batch.francais import compte, enumeration, typographie
from batch.jury.deliberation import CERTIFICATION
from batch.jury.seance import Acte, Dossier, Rectificatif, Seance
from batch.ordre import in_order
from batch.verrou import writing
from batch.vocabulaire import EtatSession, ResultatCertification


@dataclass(frozen=True, slots=True)
class Traitement:
    controle: Controle
    seance: Seance
    ecrits: list[str]
    anomalies: list[Anomalie]
    resultats: Mapping[str, Any]


@writing
def treat(
    folder: Folder,
    now: datetime,
    *,
    plus_recente: bool = False,
    strict: bool = False,
    definitif: bool = False,
    motif: str | None = None,
    registre: Path | None = None,
) -> Traitement:
    """Check, reckon, take in the jury's decisions, and write everything that the session allows.

    `definitif` demands the final papers: Empechement with every reason, nothing written, when the
    session cannot be final. `motif` demands a rectificatif of papers already final. `registre`:
    where the house numbers its certificates; without one they bear no number.
    """
    examen = examine(folder, plus_recente=plus_recente)
    write_report(examen.controle, examen.anomalies)
    if strict:
        stop_if_blocked(examen.anomalies)
    to_send_back = corrections.write(examen.controle, now)
    acts = actes.read(folder)
    if motif is not None:
        result = _rectify(folder, examen, acts, motif, now, registre)
    elif acts:
        result = _stay_closed(folder, examen, acts, now, registre)
    else:
        result = _conclude(folder, examen, now, registre, demanded=definitif)
    return replace(result, ecrits=[*to_send_back, *result.ecrits])


def _conclude(
    folder: Folder, examen: Examen, now: datetime, registre: Path | None, *, demanded: bool
) -> Traitement:
    """The papers of a session that is not closed: a PROJET still, or final from now on."""
    seance, pieces = examen.seance, list[Piece]()
    if seance.etat is EtatSession.DEFINITIF:
        pieces = fondement.gather(folder, examen.controle, actes.facts(seance))
        acte = Acte(1, actes.number(seance, 1), empreinte=fondement.short(pieces))
        seance = replace(seance, acte=acte)
        due = documents.certificats(seance, examen.a_confirmer).values()
        seance = replace(seance, acte=_numbered(acte, folder, seance, due, now, registre))
    elif demanded:
        raise Empechement(
            "La session ne peut pas être définitive : rien n'a été écrit.", reasons(examen)
        )
    made = documents.documents(seance, folder.gabarits, sauf=examen.a_confirmer)
    own, removals = _set(folder, made, "documents")
    writes = {**_deliberation(folder, examen), **own}
    if seance.acte is not None:
        writes |= _act(folder, actes.fix(seance, actes.sources(folder), pieces, made), now)
    content = resultats.as_json(seance, examen.anomalies)
    writes |= {**_results(folder, seance, content), **_decisions(folder, examen, now)}
    return _commit(folder, examen, seance, writes, removals, content, now, examen.anomalies)


def reasons(examen: Examen) -> list[Anomalie]:
    """Everything that keeps the sitting from being final."""
    place = Lieu("deliberation.xlsx", deliberation.FEUILLE)
    undecided = []
    for dossier in examen.seance.dossiers:
        candidat, issues = dossier.resultat.candidat, dossier.issues
        waiting = [o.code for o in dossier.objets if not _is_decided(dossier, o.code)]
        if not issues.complete:
            undecided.append(
                Code.DECISIONS_MANQUENT.at(
                    place,
                    candidats=(candidat.id,),
                    qui=f"{candidat.nom_complet} ({candidat.id})",
                    combien=compte(len(waiting), "décision"),
                    objets=enumeration(waiting),
                )
            )
    if not examen.seance.dossiers:
        undecided.append(Code.SEANCE_VIDE.at(Lieu("session.xlsx")))
    return in_order([*examen.seance.obstacles, *undecided])


def _is_decided(dossier: Dossier, code: str) -> bool:
    issues = dossier.issues
    decided = issues.certification if code == CERTIFICATION else issues.blocs[code]
    return decided is not None


def _stay_closed(
    folder: Folder, examen: Examen, acts: Sequence[Fixe], now: datetime, registre: Path | None
) -> Traitement:
    """Final papers stay as they are. The jury's workbook follows, so that it may confirm."""
    last = acts[-1]
    changed = actes.changes(last, examen.seance)
    told = actes.told(last, changed, actes.sources(folder))
    anomalies = in_order([*examen.anomalies, *told])
    write_report(examen.controle, anomalies)
    content = {**last.resultats, "anomalies": [anomalie.as_json() for anomalie in anomalies]}
    writes = {folder.relative(folder.resultats): _json(content)}
    writes |= _decisions(folder, examen, now)
    if changed:
        writes |= _deliberation(folder, examen)
    else:
        writes |= _lacking(folder, examen.seance, last, now, registre)
    seance = examen.seance if changed else replace(examen.seance, acte=last.acte)
    return _commit(folder, examen, seance, writes, (), content, now, anomalies)


def _lacking(
    folder: Folder, seance: Seance, last: Fixe, now: datetime, registre: Path | None
) -> dict[str, bytes]:
    """The papers of the last act that are not there: lost, if they can be made again as they were;
    or that could not be made at the time, for want of something that they must state."""
    missing = _missing(folder, seance, last, last.acte)
    late = [
        objet
        for name, objet in documents.certificats(replace(seance, acte=last.acte)).items()
        if f"documents/{name}" in missing and name not in last.documents
    ]
    acte = _numbered(last.acte, folder, seance, late, now, registre)
    return _missing(folder, seance, last, acte) if acte != last.acte else missing


def _missing(folder: Folder, seance: Seance, last: Fixe, acte: Acte) -> dict[str, bytes]:
    known = "" if last.acte.rectificatif else None
    return {
        f"documents/{name}": content
        for name, content in papers(folder, seance, acte).items()
        if not (folder.documents / name).exists()
        and last.documents.get(name) in (known, fichiers.fingerprint(content))
    }


def _numbered(
    acte: Acte,
    folder: Folder,
    seance: Seance,
    wanted: Iterable[tuple[str, str]],
    now: datetime,
    registre: Path | None,
) -> Acte:
    """The act with a number for each of these certificates, drawn before any is printed.

    A run killed in between finds the same numbers again: they are in the register.
    """
    lacking = [objet for objet in wanted if objet not in acte.numeros]
    if registre is None or not lacking:
        return acte
    drawn = numeroter(registre, folder, seance, lacking, now)
    return replace(acte, numeros={**acte.numeros, **drawn})


def _rectify(
    folder: Folder,
    examen: Examen,
    acts: Sequence[Fixe],
    motif: str,
    now: datetime,
    registre: Path | None,
) -> Traitement:
    """A new act that says what it changes, and why; the papers of the former ones stay."""
    if not acts:
        raise MauvaisUsage(
            "La session n'a pas encore de procès-verbal définitif : il n'y a rien à rectifier. "
            "Lancez « jury traiter »."
        )
    last, seance = acts[-1], examen.seance
    changed = actes.changes(last, seance)
    if not changed:
        raise MauvaisUsage(
            f"Rien n'a changé depuis le procès-verbal n° {last.acte.numero} : il n'y a rien à "
            f"rectifier."
        )
    if seance.etat is not EtatSession.DEFINITIF:
        raise Empechement("Le rectificatif ne peut pas être établi.", reasons(examen))
    rang = last.acte.rang + 1
    pieces = fondement.gather(folder, examen.controle, actes.facts(seance))
    why = Rectificatif(motif, last.acte.numero, changed)
    empreinte = fondement.short(pieces)
    acte = Acte(rang, actes.number(seance, rang), why, empreinte, last.acte.numeros)
    due = documents.certificats(replace(seance, acte=acte))
    made = papers(folder, seance, acte)
    fresh_ones = [objet for name, objet in due.items() if _rectified(name, rang) in made]
    acte = _numbered(acte, folder, seance, fresh_ones, now, registre)
    seance = replace(seance, acte=acte)
    made = papers(folder, seance, acte)
    content = resultats.as_json(seance, examen.anomalies)
    fresh = {name: fichiers.fingerprint(document) for name, document in made.items()}
    known = _json({**last_documents(folder, "documents"), **fresh})
    writes = {
        **{f"documents/{name}": document for name, document in made.items()},
        folder.relative(_record(folder, "documents")): known,
        **_act(folder, actes.fix(seance, actes.sources(folder), pieces, made), now),
        **_results(folder, seance, content),
        **_decisions(folder, examen, now),
    }
    return _commit(folder, examen, seance, writes, (), content, now, examen.anomalies)


def papers(folder: Folder, seance: Seance, acte: Acte) -> dict[str, bytes]:
    """The papers of an act; of a rectificatif, those of the candidates whom it concerns."""
    if acte.rectificatif is None:
        return documents.documents(replace(seance, acte=acte), folder.gabarits)
    concerned = {one.candidat for one in acte.rectificatif.changements}
    own = tuple(d for d in seance.dossiers if d.resultat.candidat.id in concerned)
    made = documents.documents(replace(seance, acte=acte, dossiers=own), folder.gabarits)
    return {
        _rectified(name, acte.rang): content
        for name, content in made.items()
        # The other papers of the sitting as a whole are not corrected, nor is what still holds.
        if name == documents.PROCES_VERBAL
        or ("/" in name and fichiers.fingerprint(content) != _standing(folder, name))
    }


def _standing(folder: Folder, name: str) -> str | None:
    return transaction.fingerprint_of(folder.documents / name)


def _rectified(name: str, rang: int) -> str:
    """« proces-verbal.docx » -> « proces-verbal (rectificatif 2).docx »."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem} (rectificatif {rang}){path.suffix}"))


def _deliberation(folder: Folder, examen: Examen) -> dict[str, bytes]:
    """Made again only when the proposals changed; the jury's own rows are never lost."""
    path, seance, saisies = folder.deliberation, examen.seance, examen.saisies
    if not examen.deliberation_lisible:
        return {}
    writes = {}
    if path.is_file():
        known = examen.retraits_prevus
        current = deliberation.is_current(seance, saisies, known)
        if current or deliberation.would_lose(seance, saisies):
            return {}
        before = content_of(path)
        aside = folder.anciennes_deliberations / f"{fichiers.fingerprint(before)[:16]}.xlsx"
        writes[folder.relative(aside)] = before
    return {
        folder.relative(path): deliberation.write(seance, saisies, examen.retraits_prevus),
        **writes,
    }


def write_set(folder: Folder, made: Mapping[str, bytes], serie: str) -> list[str]:
    """The documents that one command makes, under documents/; which ones changed."""
    writes, removals = _set(folder, made, serie)
    changed = transaction.commit(folder.root, writes, removals)
    return [name for name in changed if not name.startswith(".jury/")]


def _set(
    folder: Folder, made: Mapping[str, bytes], serie: str
) -> tuple[dict[str, bytes], list[str]]:
    """What to write for these documents, and which of the former ones to remove.

    What somebody has retouched in Word is set aside, not lost.
    """
    before = last_documents(folder, serie)
    writes: dict[str, bytes] = {}
    for name, content in made.items():
        path = folder.documents / name
        fresh = fichiers.fingerprint(content)
        if path.is_file() and name in before:
            current = fichiers.fingerprint(content_of(path))
            if current not in (before[name], fresh):
                if fresh == before[name]:
                    continue
                writes[folder.relative(transaction.set_aside(path))] = content_of(path)
        writes[folder.relative(path)] = content
    made_now = {name: fichiers.fingerprint(content) for name, content in made.items()}
    writes[folder.relative(_record(folder, serie))] = _json(made_now)
    gone = [name for name in before if name not in made]
    stale = [n for n in gone if transaction.fingerprint_of(folder.documents / n) == before[n]]
    return writes, [f"documents/{name}" for name in stale]


def _record(folder: Folder, serie: str) -> Path:
    return folder.root / ".jury" / f"{serie}.json"


def last_documents(folder: Folder, serie: str) -> dict[str, str]:
    """The fingerprint of each document of this set, as it was made last."""
    record = _record(folder, serie)
    if not record.is_file():
        return {}
    return {str(k): str(v) for k, v in json.loads(record.read_text(encoding="utf-8")).items()}


def _decisions(folder: Folder, examen: Examen, now: datetime) -> dict[str, bytes]:
    ledger = decisions.record(folder, examen.saisies, examen.empreinte_deliberation, now)
    return {} if ledger is None else {folder.relative(folder.decisions): ledger}


def _act(folder: Folder, fixe: Fixe, now: datetime) -> dict[str, bytes]:
    path = folder.actes / f"{fixe.acte.rang}.json"
    return {folder.relative(path): _json(actes.as_json(fixe, now))}


def _results(folder: Folder, seance: Seance, content: object) -> dict[str, bytes]:
    return {
        folder.relative(folder.resultats_xlsx): classeur_resultats.write(seance),
        folder.relative(folder.resultats): _json(content),
    }


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _commit(
    folder: Folder,
    examen: Examen,
    seance: Seance,
    writes: Mapping[str, bytes],
    removals: Iterable[str],
    content: Mapping[str, Any],
    now: datetime,
    anomalies: list[Anomalie],
) -> Traitement:
    """Everything at once, unless the jury has saved its workbook in the meantime."""
    workbook = folder.relative(folder.deliberation)
    if transaction.fingerprint_of(folder.deliberation) != examen.empreinte_deliberation:
        raise Empechement(
            f"{workbook} a été enregistré pendant le traitement : rien n'a été écrit. "
            f"Relancez la commande."
        )
    before = {n: transaction.fingerprint_of(folder.root / n) for n in writes}
    fresh = {n: fichiers.fingerprint(one) for n, one in writes.items()}
    shown = [n for n in writes if before[n] != fresh[n] and not n.startswith(".jury/")]
    line = entry(
        "traiter",
        now,
        **examen.controle.facts(
            etat=seance.etat.value,
            acte=seance.acte.numero if seance.acte else None,
            ecrits={name: fresh[name] for name in shown},
        ),
    )
    transaction.commit(folder.root, writes, removals, line, yielding=(workbook,))
    forget_stale_pdfs(folder)
    return Traitement(examen.controle, seance, shown, anomalies, content)


def summary(seance: Seance) -> list[tuple[ResultatCertification, int]]:
    """How many candidates ended with each outcome, decided or else proposed."""
    shown = [d.issues.certification or d.resultat.certification for d in seance.dossiers]
    return [
        (outcome, shown.count(outcome)) for outcome in ResultatCertification if outcome in shown
    ]


def next_step(seance: Seance, anomalies: Sequence[Anomalie]) -> str:
    """The one thing to do now."""
    if any(anomalie.code is Code.SEANCE_CLOSE for anomalie in anomalies):
        return typographie(
            "Les documents définitifs n'ont pas été remplacés. Rétablissez ce qui a changé, ou "
            "établissez un rectificatif : jury traiter DOSSIER --rectifier --motif « … »."
        )
    if any(anomalie.code is Code.DECISION_ATTENDUE for anomalie in anomalies):
        return typographie(
            "Faites signer le procès-verbal et portez-le devant l'instance. Sa décision prise, "
            "écrivez-en le jour dans session.xlsx, puis relancez « jury traiter » : les papiers "
            "des candidats s'ajoutent alors."
        )
    if seance.acte is not None and seance.acte.rectificatif is not None:
        return "Faites signer le procès-verbal rectificatif, puis envoyez les papiers rectifiés."
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
