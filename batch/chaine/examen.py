"""A folder -> each candidate's proposal and decisions. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass

from batch.anomalies import Anomalie, Code, Lieu
from batch.chaine.acceptations import mark
from batch.chaine.ouverture import Contexte, content_of, gather
from batch.chaine.retours import Controle, read_returns
from batch.classeurs import cellules, tables
from batch.classeurs.deliberation import classeur as deliberation
from batch.classeurs.deliberation import divergences as arbitrages
from batch.classeurs.deliberation import votes
from batch.classeurs.deliberation.classeur import Saisies
from batch.classeurs.grille.controle import Evaluations
from batch.documents import mentions
from batch.folder import Folder
from batch.jury import alertes, calcul, composition, divergences
from batch.jury.calcul import Resultat
from batch.jury.deliberation import decide, objets
from batch.jury.seance import Dossier, Seance
from batch.ordre import in_order
from batch.records import Appreciation


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
    # The jury's own word on the lines where its evaluators differed.
    arbitrages: tuple[Appreciation, ...]


def examine(folder: Folder, *, plus_recente: bool = False) -> Examen:
    """Read, check, reckon, take in the jury's decisions. It writes nothing."""
    # gather
    controle = read_returns(gather(folder), plus_recente=plus_recente)
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
    alerts = [
        one
        for resultat in proposals
        for one in alertes.check(
            contexte.referentiel,
            resultat,
            controle.evaluations.appreciations.get(resultat.candidat.id, ()),
        )
    ]
    anomalies = in_order(mark(folder, [*controle.anomalies, *faults, *alerts, *jury]))
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
    anomalies = in_order([*anomalies, *mentions.check(seance).anomalies])
    unsure = frozenset(
        candidat
        for anomalie in faults
        if anomalie.code is Code.DECISION_A_CONFIRMER
        for candidat in anomalie.candidats
    )
    return Examen(controle, seance, saisies, readable, unsure, anomalies, tuple(settled))


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


def _read_deliberation(folder: Folder) -> tuple[Saisies, list[Anomalie]]:
    if not folder.deliberation.is_file():
        return Saisies(), []
    classeur, faults = cellules.read(folder.deliberation.name, content_of(folder.deliberation))
    return deliberation.read(classeur) if classeur else (Saisies(), faults)
