"""Who rates whom on what: the assignments of a session -> the sheets that are to be filled in."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.francais import compte, date_longue, enumeration, proche
from batch.jury.arbre import criteres_due
from batch.jury.calcul import held, parties_due
from batch.records import Affectation, Candidat, Evaluateur, Session
from batch.referentiel.modele import Critere, Partie, Referentiel
from batch.reglement.modele import Reglement


@dataclass(frozen=True, slots=True)
class FicheEvaluation:
    """One sheet: an évaluateur, an épreuve or bloc, and the candidate or group rated there.

    A member of a group has a sheet of his own beside the group's: for the critères that are rated
    one by one, and, if he is to be set apart, for the others too (`facultatifs`).
    """

    evaluateur: Evaluateur
    partie: Partie
    sujet: str
    candidats: tuple[Candidat, ...]
    criteres: tuple[Critere, ...]
    facultatifs: tuple[Critere, ...] = ()
    groupe: str | None = None  # of the member whose own sheet this is

    @property
    def en_groupe(self) -> bool:
        return self.sujet not in {candidat.id for candidat in self.candidats}


@dataclass(frozen=True, slots=True)
class Cahier:
    """The sheets that one évaluateur fills for one épreuve or bloc: one workbook."""

    evaluateur: Evaluateur
    partie: Partie
    fiches: tuple[FicheEvaluation, ...]
    # Candidates of the session whom nobody is to rate on this, and why.
    non_evalues: tuple[tuple[Candidat, str], ...]


def plan(
    session: Session, referentiel: Referentiel, reglement: Reglement
) -> tuple[tuple[Cahier, ...], list[Anomalie]]:
    """All workbooks of the session, and the candidates whom nobody, or too many, would rate."""
    anomalies: list[Anomalie] = []
    due: dict[str, list[Candidat]] = defaultdict(list)
    spared: dict[str, list[tuple[Candidat, str]]] = defaultdict(list)
    for candidat in session.candidats:
        own, faults = _held_blocs(candidat, session, reglement)
        anomalies += faults
        expected = {partie.id for partie in parties_due(referentiel, reglement, candidat, own)}
        for partie in referentiel.parties:
            if partie.id in expected:
                due[partie.id].append(candidat)
            else:
                acquired = [own[bloc] for bloc in partie.blocs if bloc in own]
                why = acquired[0] if acquired else "bloc non visé"
                if not reglement.has_epreuve(candidat.voie, partie.id):
                    why = f"épreuve que n’a pas sa voie d’accès ({candidat.voie.mot})"
                spared[partie.id].append((candidat, why))

    cahiers = []
    for evaluateur in session.evaluateurs:
        for partie in referentiel.parties:
            fiches = tuple(
                _fiches(evaluateur, partie, due[partie.id], session, referentiel, reglement)
            )
            if fiches:
                spare = tuple(spared[partie.id])
                cahiers.append(Cahier(evaluateur, partie, fiches, spare))
    anomalies += _check_raters(cahiers, due, referentiel, reglement)
    anomalies += _check_roles(session, reglement)
    return tuple(cahiers), anomalies


def _held_blocs(
    candidat: Candidat, session: Session, reglement: Reglement
) -> tuple[dict[str, str], list[Anomalie]]:
    """The blocs not to be rated again, each with its reason; expired ones are refused and said."""
    valid: dict[str, str] = {}
    who = f"{candidat.nom_complet} ({candidat.id})"
    anomalies = [
        Code.ACQUIS_FUTUR.at(
            acquis.lieu,
            candidats=(candidat.id,),
            bloc=acquis.bloc,
            candidat=who,
            date=date_longue(acquis.date),
            jury=date_longue(session.date_jury),
        )
        for acquis in session.acquis
        if acquis.candidat == candidat.id and acquis.date > session.date_jury
    ]
    for acquis, expiry in held(candidat, session.acquis, reglement, session.date_jury):
        if expiry is None:
            kind = "dispensé du bloc" if acquis.dispense else "bloc acquis"
            valid[acquis.bloc] = f"{kind} {acquis.bloc} le {date_longue(acquis.date)}"
        else:
            anomalies.append(
                Code.ACQUIS_EXPIRE.at(
                    acquis.lieu,
                    bloc=acquis.bloc,
                    candidat=who,
                    date=date_longue(acquis.date),
                    expiration=date_longue(expiry),
                )
            )
    return valid, anomalies


def _fiches(
    evaluateur: Evaluateur,
    partie: Partie,
    due: list[Candidat],
    session: Session,
    referentiel: Referentiel,
    reglement: Reglement,
) -> Iterator[FicheEvaluation]:
    by_group = partie.id in reglement.epreuves_de_groupe
    mine = [
        affectation
        for affectation in session.affectations
        if affectation.evaluateur == evaluateur.id and affectation.partie in (None, partie.id)
    ]
    alone = {
        affectation.sujet
        for affectation in session.affectations
        if affectation.partie in (None, partie.id)
    }
    subjects: dict[str, list[Candidat]] = {}
    for candidat in due:
        if any(_concerns(affectation, candidat) for affectation in mine):
            in_group = by_group and candidat.groupe and candidat.id not in alone
            subject = candidat.groupe if in_group and candidat.groupe else candidat.id
            subjects.setdefault(subject, []).append(candidat)
    for subject, members in subjects.items():
        criteres = criteres_due(referentiel, partie, members[0])
        if subject == members[0].id:
            yield FicheEvaluation(evaluateur, partie, subject, tuple(members), criteres)
            continue
        own = tuple(c for c in criteres if c.id in reglement.criteres_individuels)
        shared = tuple(c for c in criteres if c not in own)
        yield FicheEvaluation(evaluateur, partie, subject, tuple(members), shared)
        for member in members:
            yield FicheEvaluation(
                evaluateur, partie, member.id, (member,), own, shared, groupe=subject
            )


def _concerns(affectation: Affectation, candidat: Candidat) -> bool:
    return affectation.sujet in (None, candidat.id, candidat.groupe)


def _check_roles(session: Session, reglement: Reglement) -> Iterator[Anomalie]:
    """Where the règlement weighs roles, every evaluator has one that it knows."""
    known = list(reglement.evaluateurs.poids or {})
    for evaluateur in session.evaluateurs if known else ():
        if evaluateur.role not in known:
            yield Code.ROLE_INCONNU.at(
                evaluateur.lieu,
                role=evaluateur.role or "(aucun)",
                personne=evaluateur.nom_complet,
                suggestion=suggestion(proche(evaluateur.role or "", known)),
                connus=enumeration(known),
            )


def _check_raters(
    cahiers: list[Cahier],
    due: dict[str, list[Candidat]],
    referentiel: Referentiel,
    reglement: Reglement,
) -> Iterator[Anomalie]:
    raters: dict[tuple[str, str], int] = defaultdict(int)
    for cahier in cahiers:
        for fiche in cahier.fiches:
            for candidat in fiche.candidats if fiche.groupe is None else ():
                raters[candidat.id, cahier.partie.id] += 1
    for partie in referentiel.parties:
        for candidat in due[partie.id]:
            count = raters[candidat.id, partie.id]
            words = {"qui": f"{candidat.nom_complet} ({candidat.id})", "quoi": partie.id}
            where = Lieu(candidat.lieu.fichier, "Affectations")
            if count == 0:
                yield Code.RIEN_A_EVALUER.at(where, candidats=(candidat.id,), **words)
            elif count < reglement.evaluateurs.nombre:
                yield Code.TROP_PEU_D_EVALUATEURS.at(
                    where,
                    candidats=(candidat.id,),
                    combien=compte(count, "évaluateur"),
                    prevu=reglement.evaluateurs.nombre,
                    **words,
                )
            elif count > reglement.evaluateurs.nombre:
                yield Code.TROP_D_EVALUATEURS.at(
                    where,
                    candidats=(candidat.id,),
                    combien=count,
                    prevu=reglement.evaluateurs.nombre,
                    **words,
                )
