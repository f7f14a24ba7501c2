"""A session whose papers are final: they stay as they are, and what they lack comes to them.

Only a rectificatif, with its reason, adds papers that say otherwise; none is ever replaced.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace

from batch import fichiers
from batch.anomalies import Empechement, MauvaisUsage
from batch.chaine import actes, copies, depot, faits, fondement
from batch.chaine.actes import Fixe
from batch.chaine.examen import reasons
from batch.chaine.greffe import SERIE, Greffe, Traitement
from batch.chaine.ouverture import content_of
from batch.chaine.rapport import write_report
from batch.chaine.tirage import again, papers
from batch.documents import edition as documents
from batch.folder import Folder
from batch.jury.seance import Acte, Rectificatif, Seance
from batch.ordre import in_order
from batch.vocabulaire import EtatSession


def stay_closed(greffe: Greffe, acts: Sequence[Fixe]) -> Traitement:
    """Final papers stay as they are. The jury's workbook follows, so that it may confirm."""
    folder, examen = greffe.folder, greffe.examen
    last, entrees = acts[-1], actes.sources(folder)
    changed = actes.changes(last, examen.seance)
    acte, added, complement_name = last.acte, dict[str, bytes](), None
    writes = dict[str, bytes]()
    if changed:
        writes |= greffe.deliberation()
    else:
        lost, added, acte = _lacking(greffe, acts)
        writes |= _as_documents({**lost, **added})
        if added:
            # It takes in whatever had changed without effect: nothing of it is left to tell.
            last = replace(last, entrees={**last.entrees, **entrees})
    told = actes.told(last, changed, entrees)
    anomalies = in_order([*examen.anomalies, *told])
    write_report(examen.controle, anomalies)
    content = {**last.resultats, "anomalies": [anomalie.as_json() for anomalie in anomalies]}
    tables = {folder.relative(folder.resultats): fichiers.as_json(content)}
    if added:
        etape, kept = greffe.step(acte, added, tables)
        complement = actes.complete(acts[-1], examen.seance, entrees, etape)
        path = actes.next_complement(folder, acte.rang)
        complement_name = path.stem
        said = actes.complement_as_json(complement, greffe.now)
        writes[folder.relative(path)] = fichiers.as_json(said)
        writes |= kept | depot.joined(folder, SERIE, added)
    writes |= tables
    seance = examen.seance if changed else replace(examen.seance, acte=acte)
    return greffe.commit(seance, writes, content, anomalies, complement=complement_name)


def _lacking(
    greffe: Greffe, acts: Sequence[Fixe]
) -> tuple[dict[str, bytes], dict[str, bytes], Acte]:
    """The papers of the last act that are not there: lost, and made again as they were; or that
    had to wait at the time, for want of something that they must state. With the act's numbers."""
    folder, seance, before = greffe.folder, greffe.examen.seance, acts[-1].acte
    lost, added = _missing(folder, seance, acts, before)
    late = [
        objet
        for name, objet in documents.certificats(replace(seance, acte=before)).items()
        if {name, actes.rectified(name, before.rang)} & added.keys()
    ]
    acte = greffe.numbered(before, late)
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


def rectify(greffe: Greffe, acts: Sequence[Fixe], motif: str) -> Traitement:
    """A new act that says what it changes, and why; the papers of the former ones stay."""
    if not acts:
        raise MauvaisUsage(
            "La session n'a pas encore de procès-verbal définitif : il n'y a rien à rectifier. "
            "Lancez « jury traiter »."
        )
    folder, examen = greffe.folder, greffe.examen
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
    wanted = documents.certificats(replace(seance, acte=acte))
    new = {name for _, name, _ in papers(folder, seance, acts, acte)}
    fresh_ones = [o for name, o in wanted.items() if {name, actes.rectified(name, rang)} & new]
    acte = greffe.numbered(acte, fresh_ones)
    seance = replace(seance, acte=acte)
    made = {name: document for _, name, document in papers(folder, seance, acts, acte)}
    content, tables = greffe.results(seance)
    writes = {
        **_as_documents(made),
        **depot.joined(folder, SERIE, made),
        **greffe.act(seance, pieces, made, tables),
        **tables,
    }
    return greffe.commit(seance, writes, content, examen.anomalies)


def _as_documents(made: Mapping[str, bytes]) -> dict[str, bytes]:
    return {f"documents/{name}": content for name, content in made.items()}
