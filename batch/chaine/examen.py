"""A folder -> each candidate's proposal and decisions. Nothing is written here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from batch import fichiers
from batch.allure import ORDINAIRE, Allure, Progres, unseen
from batch.anomalies import Anomalie, Code, Lieu
from batch.chaine import decisions as decisions_lues
from batch.chaine.acceptations import mark
from batch.chaine.ouverture import Contexte, content_of, gather
from batch.chaine.retours import Controle, read_returns
from batch.classeurs import cellules, tables
from batch.classeurs.deliberation import classeur as deliberation
from batch.classeurs.deliberation import divergences as arbitrages
from batch.classeurs.deliberation import scrutin as votes_comptes
from batch.classeurs.deliberation import seance as feuille_seance
from batch.classeurs.deliberation import votes
from batch.classeurs.deliberation.classeur import Saisies
from batch.classeurs.grille.controle import Evaluations
from batch.documents import mentions
from batch.folder import Folder
from batch.francais import compte, enumeration
from batch.jury import alertes, calcul, composition, divergences
from batch.jury.calcul import Resultat
from batch.jury.deliberation import Decision, decide, objets
from batch.jury.seance import Dossier, Retrait, Seance
from batch.ordre import in_order
from batch.reception import limites
from batch.records import Appreciation


@dataclass(frozen=True, slots=True)
class Examen:
    """Everything that the folder says, reckoned with and decided; nothing written yet."""

    controle: Controle
    seance: Seance
    saisies: Saisies
    # The jury's workbook could be read: it may be made again without losing anything.
    deliberation_lisible: bool
    empreinte_deliberation: str | None
    # Who is known beforehand, from session.xlsx, not to deliberate on whom.
    retraits_prevus: tuple[Retrait, ...]
    a_confirmer: frozenset[str]
    anomalies: list[Anomalie]
    # The jury's own word on the lines where its evaluators differed.
    arbitrages: tuple[Appreciation, ...]


def examine(folder: Folder, *, plus_recente: bool = False, allure: Allure = ORDINAIRE) -> Examen:
    """Read, check, reckon, take in the jury's decisions. It writes nothing."""
    return weigh(read_returns(gather(folder), plus_recente=plus_recente, allure=allure), allure)


def weigh(controle: Controle, allure: Allure = ORDINAIRE) -> Examen:
    """The same, once what came back is read and checked."""
    # gather
    contexte, reglement = controle.contexte, controle.contexte.reglement
    folder = contexte.folder
    saisies, faults, empreinte = _read_deliberation(folder)
    names = {c.id: c.qui for c in contexte.session.candidats}

    # decide
    said = controle.evaluations.appreciations
    differences = list(divergences.find(contexte.referentiel, reglement, said))
    settled, others = arbitrages.check(saisies.arbitrages, differences, reglement, names)
    waiting = arbitrages.unsettled(differences, settled, reglement.echelle, names)
    proposals = propose(contexte, controle.evaluations, settled, allure.stage("Calcul"))
    ballots = [objets(contexte.referentiel, resultat) for resultat in proposals]
    decisions, illegal = votes.check(
        saisies.votes,
        [v for own in ballots for v in own],
        names,
        feuille_seance.votes_written(saisies.seance, len(saisies.votes)),
    )
    faults += [*others, *waiting, *illegal]
    known = tuple(composition.withdrawals(contexte.session, reglement))
    lieu = Lieu(folder.deliberation.name, feuille_seance.FEUILLE)
    session, deroulement, others = feuille_seance.check(
        saisies.seance, contexte.session, known, lieu
    )
    members = {c.id: len(deroulement.deliberating(session.jury, c.id)) for c in session.candidats}
    scrutin = reglement.deliberation.scrutin
    voix, uncounted = votes_comptes.check(saisies.votes, decisions, scrutin, members, names)
    faults += [*others, *uncounted]
    deroulement = replace(deroulement, voix=tuple(voix))
    lieu = Lieu("session.xlsx", tables.load("jury").feuille)
    jury = composition.check_sitting(session, reglement, deroulement, lieu)
    alerts = [
        one
        for resultat in proposals
        for one in alertes.check(
            contexte.referentiel,
            resultat,
            said.get(resultat.candidat.id, ()),
        )
    ]
    anomalies = in_order(mark(folder, [*controle.anomalies, *faults, *alerts, *jury]))
    taken = defaultdict[str, list[Decision]](list)
    for decision in decisions:
        taken[decision.candidat].append(decision)
    seance = Seance(
        session,
        contexte.referentiel,
        reglement,
        tuple(
            Dossier(
                resultat, own, decide(contexte.referentiel, resultat, taken[resultat.candidat.id])
            )
            for resultat, own in zip(proposals, ballots, strict=True)
        ),
        tuple(a for a in anomalies if a.bloquante and a.code.numero.startswith(("SES", "JUR"))),
        tuple(differences),
        deroulement,
    )
    anomalies = in_order([*anomalies, *mentions.check(seance).anomalies])
    unsure = frozenset(
        candidat
        for anomalie in faults
        if anomalie.code is Code.DECISION_A_CONFIRMER
        for candidat in anomalie.candidats
    )
    readable = _is_ours(faults)
    return Examen(
        controle, seance, saisies, readable, empreinte, known, unsure, anomalies, tuple(settled)
    )


def reasons(examen: Examen) -> list[Anomalie]:
    """Everything that keeps the sitting from being final."""
    place = Lieu("deliberation.xlsx", deliberation.FEUILLE)
    undecided = []
    for dossier in examen.seance.dossiers:
        candidat = dossier.resultat.candidat
        if not dossier.issues.complete:
            undecided.append(
                Code.DECISIONS_MANQUENT.at(
                    place,
                    candidats=(candidat.id,),
                    qui=candidat.qui,
                    combien=compte(len(dossier.undecided), "décision"),
                    objets=enumeration(dossier.undecided),
                )
            )
    if not examen.seance.dossiers:
        undecided.append(Code.SEANCE_VIDE.at(Lieu("session.xlsx")))
    return in_order([*examen.seance.obstacles, *undecided])


def _is_ours(faults: Iterable[Anomalie]) -> bool:
    """The jury's workbook is whole: it may be made again. What was done to one stays to be seen."""
    structure = {
        Code.DELIBERATION_FEUILLE,
        Code.SESSION_COLONNE_MANQUE,
        Code.DECISION_ETRANGERE,
        Code.DECISION_DOUBLE,
        Code.CELLULE_MODIFIEE,
        Code.LIGNE_SUPPRIMEE,
        Code.MEMBRE_INCONNU,
    }
    return not any(f.code in structure or f.code.numero.startswith("FIC") for f in faults)


def propose(
    contexte: Contexte,
    evaluations: Evaluations,
    settled: Sequence[Appreciation] = (),
    progres: Progres = unseen,
) -> list[Resultat]:
    """What the calculation proposes for each candidate, the jury's arbitrations included."""
    acquis = contexte.session.acquis_by_candidat
    arbitrated: dict[str, list[Appreciation]] = defaultdict(list)
    for one in settled:
        arbitrated[one.candidat].append(one)
    candidats, proposals = contexte.session.candidats, list[Resultat]()
    for done, candidat in enumerate(candidats, 1):
        proposals.append(
            calcul.propose(
                contexte.referentiel,
                contexte.reglement,
                candidat,
                [
                    *evaluations.appreciations.get(candidat.id, ()),
                    *arbitrated.get(candidat.id, ()),
                ],
                evaluations.absences.get(candidat.id, ()),
                acquis.get(candidat.id, ()),
                contexte.session.date_jury,
                contexte.session.incidents_of(candidat.id),
            )
        )
        progres(done, len(candidats))
    return proposals


def _read_deliberation(folder: Folder) -> tuple[Saisies, list[Anomalie], str | None]:
    """What the jury typed, the faults, and the workbook's fingerprint if there is one.

    A workbook that is no longer there is made again with the decisions last read from it.
    """
    name = folder.deliberation.name
    if not folder.deliberation.is_file():
        kept = decisions_lues.recall(folder)
        count = len(kept.votes) + len(kept.arbitrages)
        told = [Code.DELIBERATION_DISPARUE.at(Lieu(name), combien=compte(count, "décision"))]
        return kept, told if count else [], None
    content = content_of(folder.deliberation)
    fingerprint = fichiers.fingerprint(content)
    classeur, faults = cellules.read(name, content, limites.CELLULES_SESSION)
    if classeur is None:
        return Saisies(), faults, fingerprint
    typed, others = deliberation.read(classeur)
    return typed, faults + others, fingerprint
