"""What an examination found -> the photograph of the session that `jury etat` tells."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from batch import fichiers
from batch.anomalies import Anomalie, Code, Gravite
from batch.chaine import actes
from batch.chaine.examen import Examen, examine
from batch.chaine.rapport import matrix
from batch.classeurs.grille import forme
from batch.documents.contexte.commun import jour_de_decision
from batch.etat import photo
from batch.etat.modele import Faits, Grille
from batch.etat.photo import Photo
from batch.folder import Folder
from batch.jury.delais import months_later
from batch.jury.seance import Seance
from batch.reception.contenants import DANS
from batch.verrou import writing
from batch.vocabulaire import EtatFiche, EtatSession, ResultatCertification


@writing
def take(folder: Folder, now: datetime) -> Photo:
    """Examine the folder, and keep what was found for the next time. Raises Empechement."""
    if not any(folder.grilles.glob("*.xlsx")):
        folder.create_key()  # nothing was sealed with any other yet
    before = photo.inputs(folder)
    kept = photo.last(folder)
    examen = examine(folder, plus_recente=bool(kept and kept.plus_recente))
    taken = _photograph(folder, examen, examen.anomalies, before, now)
    if kept is not None:
        taken = replace(
            taken, controle=kept.controle, traite=kept.traite, plus_recente=kept.plus_recente
        )
    return _keep(folder, taken, photo.inputs(folder))


def controlled(
    folder: Folder, examen: Examen, before: Mapping[str, str], now: datetime, *, plus_recente: bool
) -> Photo:
    """After « controle »: the reports and the corrections are those of these returns."""
    kept = photo.last(folder)
    taken = replace(
        _photograph(folder, examen, examen.anomalies, before, now),
        controle=photo.digest_of_returns(before),
        traite=kept.traite if kept else "",
        plus_recente=plus_recente,
    )
    return _keep(folder, taken, photo.inputs(folder))


def treated(
    folder: Folder,
    examen: Examen,
    anomalies: Sequence[Anomalie],
    before: Mapping[str, str],
    now: datetime,
    *,
    plus_recente: bool,
) -> Photo:
    """After « traiter »: the same photograph, and the mark that everything is made from it."""
    after = photo.inputs(folder)
    acts, workbook = folder.relative(folder.actes), folder.relative(folder.deliberation)
    fresh = workbook not in before  # made just now, it holds no decision yet
    ours = {n: own for n, own in after.items() if n.startswith(acts) or (fresh and n == workbook)}
    before = {**before, **ours}
    taken = replace(
        _photograph(folder, examen, anomalies, before, now),
        controle=photo.digest_of_returns(after),
        traite=photo.digest(after),
        plus_recente=plus_recente,
    )
    return _keep(folder, taken, after)


def _keep(folder: Folder, taken: Photo, after: Mapping[str, str]) -> Photo:
    """Told again only if nothing moved while it was taken: what was read is what lies there."""
    if taken.entrees != after:
        taken = replace(taken, entrees={})
    kept = photo.last(folder)
    if kept is not None and replace(taken, quand=kept.quand) == kept:
        return kept
    photo.keep(folder, taken)
    return taken


def _photograph(
    folder: Folder,
    examen: Examen,
    anomalies: Sequence[Anomalie],
    entrees: Mapping[str, str],
    now: datetime,
) -> Photo:
    kept = photo.last(folder)
    returned = folder.relative(folder.retours) + "/"
    seen = {own: now.isoformat() for nom, own in entrees.items() if nom.startswith(returned)}
    known = {own: quand for own, quand in (kept.vus if kept else {}).items() if own in seen}
    seen |= known
    return Photo(_facts(folder, examen, anomalies, entrees, seen), now, entrees, seen)


def _facts(
    folder: Folder,
    examen: Examen,
    anomalies: Sequence[Anomalie],
    entrees: Mapping[str, str],
    vus: Mapping[str, str],
) -> Faits:
    seance = examen.seance
    session, reglement = seance.session, seance.reglement
    blocking = [one for one in anomalies if one.bloquante]
    returned = [one for one in blocking if one.code.famille in ("GRI", "FIC")]
    acts = actes.read(folder)
    delivered = jour_de_decision(seance) if acts else None
    return Faits(
        session=session.id,
        certification=seance.referentiel.intitule,
        date_limite=session.date_limite,
        date_jury=session.date_jury,
        date_decision=session.date_decision,
        fin_rattrapage=_end_of_second_chance(seance),
        recours=reglement.courrier.recours.delai,
        decide=seance.etat is EtatSession.DEFINITIF,
        acte=acts[-1].acte.numero if acts else None,
        rectificatif=bool(acts) and acts[-1].acte.rectificatif is not None,
        instance=any(one.code is Code.DECISION_ATTENDUE for one in anomalies),
        change=bool(acts) and bool(actes.changes(acts[-1], seance)),
        candidats={one.id: one.nom_complet for one in session.candidats},
        grilles=tuple(_grids(examen, entrees, vus)),
        votes=sum(len(dossier.objets) for dossier in seance.dossiers),
        decisions_manquantes={
            dossier.resultat.candidat.id: dossier.undecided
            for dossier in seance.dossiers
            if dossier.undecided
        },
        bloquantes=len(blocking),
        a_verifier=sum(one.gravite is Gravite.A_VERIFIER and not one.acceptee for one in anomalies),
        obstacles=len(blocking) - len(returned),
        refus=sum(one.code is not Code.GRILLE_NON_REVENUE for one in returned),
        certifies=tuple(
            dossier.resultat.candidat.id
            for dossier in seance.dossiers
            if delivered and dossier.issues.certification is ResultatCertification.DELIVREE
        ),
        decide_le=delivered,
    )


def _end_of_second_chance(seance: Seance) -> date | None:
    rule = seance.reglement.rattrapage
    return months_later(seance.session.date_jury, rule.delai_mois) if rule else None


def _grids(examen: Examen, entrees: Mapping[str, str], vus: Mapping[str, str]) -> Iterator[Grille]:
    controle = examen.controle
    blank: dict[tuple[str, str], set[str]] = defaultdict(set)
    seen: dict[tuple[str, str], list[str]] = defaultdict(list)
    for lue in controle.fiches:
        fiche = lue.forme.fiche
        key = fiche.evaluateur.id, fiche.partie.id
        dropped = lue.lieu.fichier.partition(DANS)[0]
        if dropped in entrees:
            seen[key].append(vus[entrees[dropped]])
        if lue.vide and lue.forme.attendues:
            blank[key] |= {candidat.id for candidat in fiche.candidats}
    for cahier, ligne in zip(
        controle.contexte.cahiers, matrix(controle, examen.anomalies), strict=True
    ):
        key = cahier.evaluateur.id, cahier.partie.id
        last = max(seen[key], default=None)
        yield Grille(
            evaluateur=cahier.evaluateur.id,
            nom=cahier.evaluateur.nom_complet,
            partie=cahier.partie.id,
            fichier=fichiers.safe_name(forme.file_name(cahier)),
            fiches=ligne.etats,
            # Of a group, each member's state is the group's sheet's.
            vides=frozenset(c for c in blank[key] if ligne.etats[c] is EtatFiche.A_CORRIGER),
            vue_le=datetime.fromisoformat(last) if last else None,
        )
