"""What was examined -> everything that the session allows to write, in one transaction.

A session is a PROJET until every candidate is decided by a regular jury. Then its papers are made
final, numbered, and closed: what changes afterwards is told, and only a rectificatif, with its
reason, adds papers to those. None is ever replaced.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from batch import fichiers, resultats, transaction
from batch.anomalies import Anomalie, Code, Empechement, Lieu, MauvaisUsage
from batch.chaine import (
    actes,
    copies,
    corrections,
    decisions,
    depot,
    etat,
    faits,
    fondement,
    gabarits,
)
from batch.chaine.actes import Etape, Fixe
from batch.chaine.examen import Examen, examine
from batch.chaine.fondement import Piece
from batch.chaine.ouverture import content_of
from batch.chaine.ouvrages import Ouvrages
from batch.chaine.pdf import forget_stale_pdfs
from batch.chaine.rapport import write_report
from batch.chaine.registre import numeroter
from batch.chaine.retours import Controle, stop_if_blocked
from batch.chaine.tirage import again, papers
from batch.classeurs import resultats as classeur_resultats
from batch.classeurs.deliberation import classeur as deliberation
from batch.documents import edition as documents
from batch.etat import photo
from batch.etat.modele import Suivi
from batch.etat.suivi import follow
from batch.folder import Folder, entry, shown
from batch.francais import compte, enumeration
from batch.jury.deliberation import CERTIFICATION
from batch.jury.seance import Acte, Dossier, Rectificatif, Seance
from batch.ordre import in_order
from batch.transaction import Contenu
from batch.verrou import writing
from batch.vocabulaire import EtatSession, ResultatCertification

SERIE = "documents"


@dataclass(frozen=True, slots=True)
class Traitement:
    controle: Controle
    seance: Seance
    ecrits: list[str]
    anomalies: list[Anomalie]
    resultats: Mapping[str, Any]
    suivi: Suivi | None = None  # where the session stands now


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
    before = photo.inputs(folder)
    examen = examine(folder, plus_recente=plus_recente)
    acts = actes.read(folder)
    if motif is not None or not acts:
        examen = _held_to_templates(folder, examen)
    examen.controle.lectures.keep()
    write_report(examen.controle, examen.anomalies)
    if strict:
        stop_if_blocked(examen.anomalies)
    to_send_back = corrections.write(examen.controle, now)
    if motif is not None:
        result = _rectify(folder, examen, acts, motif, now, registre)
    elif acts:
        result = _stay_closed(folder, examen, acts, now, registre)
    else:
        result = _conclude(folder, examen, now, registre, demanded=definitif)
    taken = etat.treated(folder, examen, result.anomalies, before, now, plus_recente=plus_recente)
    known = follow(folder, taken, now, registre)
    return replace(result, ecrits=[*to_send_back, *result.ecrits], suivi=known)


def _held_to_templates(folder: Folder, examen: Examen) -> Examen:
    """A house template without a mandatory mention keeps the session from being final."""
    lacking = gabarits.lacking_mentions(folder)
    if not lacking:
        return examen
    seance = replace(examen.seance, obstacles=(*examen.seance.obstacles, *lacking))
    return replace(examen, seance=seance, anomalies=in_order([*examen.anomalies, *lacking]))


def _conclude(
    folder: Folder, examen: Examen, now: datetime, registre: Path | None, *, demanded: bool
) -> Traitement:
    """The papers of a session that is not closed: a PROJET still, or final from now on."""
    seance, pieces = examen.seance, list[Piece]()
    if seance.etat is EtatSession.DEFINITIF:
        pieces = fondement.gather(folder, examen.controle, faits.facts(seance))
        acte = Acte(1, actes.number(seance, 1), empreinte=fondement.short(pieces))
        seance = replace(seance, acte=acte)
        due = documents.certificats(seance, examen.a_confirmer).values()
        seance = replace(seance, acte=_numbered(acte, folder, seance, due, now, registre))
    elif demanded:
        raise Empechement(
            "La session ne peut pas être définitive : rien n'a été écrit.", reasons(examen)
        )
    ouvrages = Ouvrages(folder, SERIE)
    with transaction.drafts(folder.root, folder.documents) as lay:
        a_imprimer = documents.impressions(seance, folder.gabarits, sauf=examen.a_confirmer)
        made = lay(
            (one.nom, ouvrages.take(folder.documents / one.nom, one.source, one.imprimer))
            for one in a_imprimer
        )
        own, removals = depot.plan(folder, folder.documents, SERIE, made)
        writes = {**_deliberation(folder, examen), **own, **ouvrages.record()}
        content = resultats.as_json(seance, examen.anomalies)
        tables = _results(folder, seance, content)
        if seance.acte is not None:
            writes |= _act(folder, examen, seance, pieces, made, tables, now)
        writes |= {**tables, **_decisions(folder, examen, now)}
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
    last, entrees = acts[-1], actes.sources(folder)
    changed = actes.changes(last, examen.seance)
    acte, added, complement_name = last.acte, dict[str, bytes](), None
    writes: dict[str, bytes] = {}
    if changed:
        writes |= _deliberation(folder, examen)
    else:
        lost, added, acte = _lacking(folder, examen.seance, acts, now, registre)
        writes |= _as_documents({**lost, **added})
        if added:
            # It takes in whatever had changed without effect: nothing of it is left to tell.
            last = replace(last, entrees={**last.entrees, **entrees})
    told = actes.told(last, changed, entrees)
    anomalies = in_order([*examen.anomalies, *told])
    write_report(examen.controle, anomalies)
    content = {**last.resultats, "anomalies": [anomalie.as_json() for anomalie in anomalies]}
    shown = {folder.relative(folder.resultats): fichiers.as_json(content)}
    if added:
        kept = {**copies.take(folder, examen.controle), **shown}
        etape = _step(examen, acte, added, kept)
        complement = actes.complete(acts[-1], examen.seance, entrees, etape)
        path = actes.next_complement(folder, acte.rang)
        complement_name = path.stem
        writes[folder.relative(path)] = fichiers.as_json(actes.complement_as_json(complement, now))
        writes |= copies.as_files(folder, kept) | depot.joined(folder, SERIE, added)
    writes |= {**shown, **_decisions(folder, examen, now)}
    seance = examen.seance if changed else replace(examen.seance, acte=acte)
    return _commit(
        folder, examen, seance, writes, (), content, now, anomalies, complement=complement_name
    )


def _lacking(
    folder: Folder, seance: Seance, acts: Sequence[Fixe], now: datetime, registre: Path | None
) -> tuple[dict[str, bytes], dict[str, bytes], Acte]:
    """The papers of the last act that are not there: lost, and made again as they were; or that
    had to wait at the time, for want of something that they must state. With the act's numbers."""
    before = acts[-1].acte
    lost, added = _missing(folder, seance, acts, before)
    late = [
        objet
        for name, objet in documents.certificats(replace(seance, acte=before)).items()
        if {name, actes.rectified(name, before.rang)} & added.keys()
    ]
    acte = _numbered(before, folder, seance, late, now, registre)
    if acte != before:
        lost, added = _missing(folder, seance, acts, acte)
    return lost, added, acte


def due(folder: Folder, seance: Seance, acts: Sequence[Fixe]) -> list[str]:
    """The papers that had to wait, and that the next run will make."""
    _, added = _missing(folder, seance, acts, acts[-1].acte)
    return list(added)


def _missing(
    folder: Folder, seance: Seance, acts: Sequence[Fixe], acte: Acte
) -> tuple[dict[str, bytes], dict[str, bytes]]:
    last, known = acts[-1], actes.standing(acts)
    waited = faits.DECISION not in last.faits
    lost, added = dict[str, bytes](), dict[str, bytes]()
    names = {one.nom for one in documents.feuilles(replace(seance, acte=acte))}
    here = all((folder.documents / name).exists() for fixe in acts for name in fixe.documents)
    if here and names <= known.keys() and not (waited and acte.rectificatif):
        return lost, added  # nothing needs to be printed to know it
    own = papers(folder, seance, acts[:-1], acte, apres_decision=last.apres_decision)
    for first, name, content in own:
        if (folder.documents / name).exists():
            continue
        if last.documents.get(name) == fichiers.fingerprint(content):
            lost[name] = content
        elif name not in last.documents and (waited or first not in known):
            added[name] = content
    return {**lost, **dict(_found_again(folder, acts, lost))}, added


def _found_again(
    folder: Folder, acts: Sequence[Fixe], lost: Container[str]
) -> Iterator[tuple[str, bytes]]:
    """The papers that the folder, as it is now, no longer makes the same, from the acts' copies."""
    for fixe in acts:
        gone = {
            name
            for name in fixe.documents
            if name not in lost and not (folder.documents / name).exists()
        }
        contents = copies.find(folder, fixe.toutes_copies) if gone and fixe.gardee else {}
        if not contents or fixe.toutes_copies.keys() - contents:
            continue
        for refait in again(acts, fixe.acte.rang, contents, content_of(folder.cle)):
            for name in gone & refait.etape.documents.keys():
                content = refait.papiers.get(name, b"")
                if refait.etape.documents[name] == fichiers.fingerprint(content):
                    yield name, content


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
    pieces = fondement.gather(folder, examen.controle, faits.facts(seance))
    why = Rectificatif(motif, last.acte.numero, changed)
    empreinte = fondement.short(pieces)
    acte = Acte(rang, actes.number(seance, rang), why, empreinte, last.acte.numeros)
    due = documents.certificats(replace(seance, acte=acte))
    new = {name for _, name, _ in papers(folder, seance, acts, acte)}
    fresh_ones = [o for name, o in due.items() if {name, actes.rectified(name, rang)} & new]
    acte = _numbered(acte, folder, seance, fresh_ones, now, registre)
    seance = replace(seance, acte=acte)
    made = {name: document for _, name, document in papers(folder, seance, acts, acte)}
    content = resultats.as_json(seance, examen.anomalies)
    shown = _results(folder, seance, content)
    writes = {
        **_as_documents(made),
        **depot.joined(folder, SERIE, made),
        **_act(folder, examen, seance, pieces, made, shown, now),
        **shown,
        **_decisions(folder, examen, now),
    }
    return _commit(folder, examen, seance, writes, (), content, now, examen.anomalies)


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


def _as_documents(made: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"documents/{name}": content for name, content in made.items()}


def _decisions(folder: Folder, examen: Examen, now: datetime) -> dict[str, bytes]:
    ledger = decisions.record(folder, examen.saisies, examen.empreinte_deliberation, now)
    return {} if ledger is None else {folder.relative(folder.decisions): ledger}


def _act(
    folder: Folder,
    examen: Examen,
    seance: Seance,
    pieces: Sequence[Piece],
    made: Mapping[str, Contenu],
    shown: Mapping[str, bytes],
    now: datetime,
) -> dict[str, bytes]:
    """The act, with copies of what it was drawn from, and of the tables that it makes: anybody may
    save a workbook again."""
    assert seance.acte is not None, "a PROJET is not an act"
    kept = {**copies.take(folder, examen.controle), **shown}
    etape = _step(examen, seance.acte, made, kept)
    fixe = actes.fix(seance, actes.sources(folder), pieces, etape)
    path = actes.path_of(folder, fixe.acte.rang)
    return {
        folder.relative(path): fichiers.as_json(actes.as_json(fixe, now)),
        **copies.as_files(folder, kept),
    }


def _step(
    examen: Examen, acte: Acte, made: Mapping[str, Contenu], kept: Mapping[str, bytes]
) -> Etape:
    return Etape(
        transaction.fingerprints(made),
        acte.numeros,
        transaction.fingerprints(kept),
        plus_recente=bool(examen.controle.choix),
    )


def _results(folder: Folder, seance: Seance, content: object) -> dict[str, bytes]:
    return {
        folder.relative(folder.resultats_xlsx): classeur_resultats.write(seance),
        folder.relative(folder.resultats): fichiers.as_json(content),
    }


def _commit(
    folder: Folder,
    examen: Examen,
    seance: Seance,
    writes: Mapping[str, Contenu],
    removals: Iterable[str],
    content: Mapping[str, Any],
    now: datetime,
    anomalies: list[Anomalie],
    complement: str | None = None,
) -> Traitement:
    """Everything at once, unless the jury has saved its workbook in the meantime."""
    workbook = folder.relative(folder.deliberation)
    if transaction.fingerprint_of(folder.deliberation) != examen.empreinte_deliberation:
        raise Empechement(
            f"{workbook} a été enregistré pendant le traitement : rien n'a été écrit. "
            f"Relancez la commande."
        )

    def line(changed: Mapping[str, str]) -> str:
        said: dict[str, Any] = {
            "etat": seance.etat.value,
            "acte": seance.acte.numero if seance.acte else None,
            "ecrits": {name: changed[name] for name in shown(changed)},
        }
        if complement:
            said["complement"] = complement
        return entry("traiter", now, **examen.controle.facts(**said))

    changed = transaction.commit(folder.root, writes, removals, line, yielding=(workbook,))
    forget_stale_pdfs(folder)
    return Traitement(examen.controle, seance, shown(changed), anomalies, content)


def summary(seance: Seance) -> list[tuple[ResultatCertification, int]]:
    """How many candidates ended with each outcome, decided or else proposed."""
    shown = [d.issues.certification or d.resultat.certification for d in seance.dossiers]
    return [
        (outcome, shown.count(outcome)) for outcome in ResultatCertification if outcome in shown
    ]
