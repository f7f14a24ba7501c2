"""What was examined -> everything that the session allows to write, in one transaction.

A session is a PROJET until every candidate is decided by a regular jury. Then its papers are made
final, numbered, and closed: what changes afterwards is told, and only a rectificatif, with its
reason, adds papers to those. None is ever replaced.
"""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from batch import transaction
from batch.allure import ORDINAIRE, Allure
from batch.anomalies import Empechement
from batch.chaine import actes, corrections, depot, etat, faits, fondement, gabarits, impression
from batch.chaine.cloture import rectify, stay_closed
from batch.chaine.examen import Examen, examine, reasons
from batch.chaine.fondement import Piece
from batch.chaine.greffe import SERIE, Greffe, Traitement
from batch.chaine.ouvrages import Ouvrages
from batch.chaine.rapport import write_report
from batch.chaine.retours import stop_if_blocked
from batch.documents import edition as documents
from batch.etat import photo
from batch.etat.suivi import follow
from batch.folder import Folder
from batch.jury.seance import Acte, Seance
from batch.ordre import in_order
from batch.verrou import writing
from batch.vocabulaire import EtatSession, ResultatCertification


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
    allure: Allure = ORDINAIRE,
) -> Traitement:
    """Check, reckon, take in the jury's decisions, and write everything that the session allows.

    `definitif` demands the final papers: Empechement with every reason, nothing written, when the
    session cannot be final. `motif` demands a rectificatif of papers already final. `registre`:
    where the house numbers its certificates; without one they bear no number.
    """
    before = photo.inputs(folder)
    examen = examine(folder, plus_recente=plus_recente, allure=allure)
    acts = actes.read(folder)
    if motif is not None or not acts:
        examen = _held_to_templates(folder, examen)
    examen.controle.lectures.keep()
    write_report(examen.controle, examen.anomalies, allure)
    if strict:
        stop_if_blocked(examen.anomalies)
    to_send_back = corrections.write(examen.controle, now, allure)
    greffe = Greffe(examen, now, registre, allure)
    if motif is not None:
        result = rectify(greffe, acts, motif)
    elif acts:
        result = stay_closed(greffe, acts)
    else:
        result = _conclude(greffe, demanded=definitif)
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


def _conclude(greffe: Greffe, *, demanded: bool) -> Traitement:
    """The papers of a session that is not closed: a PROJET still, or final from now on."""
    folder, examen = greffe.folder, greffe.examen
    seance, pieces = examen.seance, list[Piece]()
    if seance.etat is EtatSession.DEFINITIF:
        pieces = fondement.gather(folder, examen.controle, faits.facts(seance))
        acte = Acte(1, actes.number(seance, 1), empreinte=fondement.short(pieces))
        wanted = documents.certificats(replace(seance, acte=acte), examen.a_confirmer).values()
        seance = replace(seance, acte=greffe.numbered(acte, wanted))
    elif demanded:
        raise Empechement(
            "La session ne peut pas être définitive : rien n'a été écrit.", reasons(examen)
        )
    ouvrages = Ouvrages(folder, SERIE)
    with transaction.drafts(folder.root, folder.documents) as lay:
        sheets = list(documents.feuilles(seance, examen.a_confirmer))
        a_imprimer = documents.impressions(seance, sheets, folder.gabarits)
        own = impression.contents(
            folder.documents, a_imprimer, len(sheets), ouvrages, greffe.allure
        )
        made = lay(own)
        kept, removals = depot.plan(folder, folder.documents, SERIE, made)
        progres = greffe.allure.stage("Classeurs")
        writes = {**greffe.deliberation(), **kept, **ouvrages.record()}
        progres(1, 2)
        content, tables = greffe.results(seance)
        progres(2, 2)
        if seance.acte is not None:
            writes |= greffe.act(seance, pieces, made, tables)
        writes |= tables
        return greffe.commit(seance, writes, content, examen.anomalies, removals)


def summary(seance: Seance) -> list[tuple[ResultatCertification, int]]:
    """How many candidates ended with each outcome, decided or else proposed."""
    shown = [dossier.certification for dossier in seance.dossiers]
    return [
        (outcome, shown.count(outcome)) for outcome in ResultatCertification if outcome in shown
    ]
