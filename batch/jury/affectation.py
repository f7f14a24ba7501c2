"""Who rates whom on what: the assignments of a session -> the sheets that are to be filled in."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.francais import compte, date_longue, enumeration, nombre, proche
from batch.jury.arbre import criteres_due
from batch.jury.calcul import held, held_competences, parties_due, valid_competences
from batch.records import Acquis, Affectation, Candidat, Evaluateur, Session
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
    competences: dict[str, frozenset[str]] = {}
    spared: dict[str, list[tuple[Candidat, str]]] = defaultdict(list)
    acquis = session.acquis_by_candidat
    for candidat in session.candidats:
        earlier = acquis.get(candidat.id, ())
        own, faults = _held_blocs(candidat, earlier, session.date_jury, reglement)
        anomalies += faults
        kept = valid_competences(candidat, earlier, reglement, session.date_jury, own)
        competences[candidat.id] = frozenset(kept)
        anomalies += _check_candidat(
            candidat, earlier, session.date_jury, referentiel, reglement, own
        )
        expected = {
            partie.id for partie in parties_due(referentiel, reglement, candidat, own, kept)
        }
        for partie in referentiel.parties:
            if partie.id in expected:
                due[partie.id].append(candidat)
            else:
                acquired = [own[bloc] for bloc in partie.blocs if bloc in own]
                otherwise = "compétences acquises" if kept else "bloc non visé"
                why = acquired[0] if acquired else otherwise
                if not reglement.has_epreuve(candidat.voie, partie.id):
                    why = f"épreuve que n’a pas sa voie d’accès ({candidat.voie.mot})"
                spared[partie.id].append((candidat, why))

    cahiers = []
    assigned: dict[str, list[Affectation]] = defaultdict(list)
    for affectation in session.affectations:
        assigned[affectation.evaluateur].append(affectation)
    spare = {partie.id: tuple(spared[partie.id]) for partie in referentiel.parties}
    known = {p.id: _Attendus.of(p, due[p.id], session.affectations) for p in referentiel.parties}
    for evaluateur in session.evaluateurs:
        for partie in referentiel.parties:
            fiches = tuple(
                _fiches(
                    evaluateur,
                    partie,
                    known[partie.id],
                    assigned[evaluateur.id],
                    referentiel,
                    reglement,
                    competences,
                )
            )
            if fiches:
                cahiers.append(Cahier(evaluateur, partie, fiches, spare[partie.id]))
    anomalies += _check_raters(cahiers, due, referentiel, reglement)
    anomalies += _check_who(cahiers, reglement)
    anomalies += _check_roles(session, reglement)
    return tuple(cahiers), anomalies


def _held_blocs(
    candidat: Candidat, earlier: Sequence[Acquis], jury: date, reglement: Reglement
) -> tuple[dict[str, str], list[Anomalie]]:
    """The blocs not to be rated again, each with its reason; expired ones are refused and said."""
    valid: dict[str, str] = {}
    who = candidat.qui
    anomalies = [
        Code.ACQUIS_FUTUR.at(
            acquis.lieu,
            candidats=(candidat.id,),
            bloc=acquis.bloc,
            candidat=who,
            date=date_longue(acquis.date),
            jury=date_longue(jury),
        )
        for acquis in earlier
        if acquis.date > jury
    ]
    for acquis, expiry in held(candidat, earlier, reglement, jury):
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


@dataclass(frozen=True, slots=True)
class _Attendus:
    """Who is to be rated on one épreuve or bloc, and where each stands among them."""

    candidats: Sequence[Candidat]
    rangs: Mapping[str, Sequence[int]]  # by candidate and by group
    sujets: frozenset[str | None]  # whom the assignments name for it

    @classmethod
    def of(
        cls, partie: Partie, due: Sequence[Candidat], affectations: Iterable[Affectation]
    ) -> "_Attendus":
        rangs: dict[str, list[int]] = defaultdict(list)
        for rang, candidat in enumerate(due):
            for subject in (candidat.id, candidat.groupe):
                if subject:
                    rangs[subject].append(rang)
        named = frozenset(one.sujet for one in affectations if one.partie in (None, partie.id))
        return cls(due, rangs, named)

    def among(self, sujets: Collection[str | None]) -> Iterable[Candidat]:
        """Those of these subjects, in the session's order; None names everybody."""
        if None in sujets:
            return self.candidats
        rangs = {rang for sujet in sujets for rang in self.rangs.get(sujet or "", ())}
        return (self.candidats[rang] for rang in sorted(rangs))


def _fiches(
    evaluateur: Evaluateur,
    partie: Partie,
    attendus: _Attendus,
    affectations: Iterable[Affectation],
    referentiel: Referentiel,
    reglement: Reglement,
    competences: Mapping[str, frozenset[str]],
) -> Iterator[FicheEvaluation]:
    by_group = partie.id in reglement.epreuves_de_groupe
    mine = {one.sujet for one in affectations if one.partie in (None, partie.id)}
    subjects: dict[str, list[Candidat]] = {}
    for candidat in attendus.among(mine):
        in_group = by_group and candidat.groupe and candidat.id not in attendus.sujets
        subject = candidat.groupe if in_group and candidat.groupe else candidat.id
        subjects.setdefault(subject, []).append(candidat)
    for subject, members in subjects.items():
        first = members[0]
        criteres = criteres_due(referentiel, partie, first, competences[first.id])
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


def _check_candidat(
    candidat: Candidat,
    earlier: Sequence[Acquis],
    jury: date,
    referentiel: Referentiel,
    reglement: Reglement,
    blocs: Mapping[str, str],
) -> Iterator[Anomalie]:
    """What he holds, against what the règlement keeps; what he aims at, against what it opens."""
    who = candidat.qui
    echelle = reglement.echelle
    for acquis in earlier:
        name = acquis.competence or acquis.bloc
        known = referentiel.competence.get(acquis.competence or "")
        if known is not None and known.bloc != acquis.bloc:
            yield Code.ACQUIS_AUTRE_BLOC.at(
                acquis.lieu, candidats=(candidat.id,), competence=known.id, bloc=acquis.bloc
            )
        elif acquis.competence and reglement.acquis.competences is None:
            yield Code.ACQUIS_COMPETENCE_REFUSE.at(
                acquis.lieu, candidats=(candidat.id,), competence=name, candidat=who
            )
        top = echelle.maximum
        if acquis.note is not None and (top is None or not echelle.minimum <= acquis.note <= top):
            bounds = (
                "sans valeurs" if top is None else f"de {nombre(echelle.minimum)} à {nombre(top)}"
            )
            yield Code.ACQUIS_NOTE.at(
                acquis.lieu,
                candidats=(candidat.id,),
                note=nombre(acquis.note),
                acquis=name,
                candidat=who,
                echelle=bounds or "sans valeurs",
            )
    for acquis, expiry in held_competences(candidat, earlier, reglement, jury):
        if expiry is not None:
            yield Code.ACQUIS_EXPIRE.at(
                acquis.lieu,
                bloc=acquis.competence,
                candidat=who,
                date=date_longue(acquis.date),
                expiration=date_longue(expiry),
            )
    aimed = set(candidat.blocs_vises or referentiel.bloc)
    for place, acces in (reglement.regles.acces or {}).items():
        missing = [
            before
            for before in acces.apres
            if before in referentiel.bloc and before not in aimed and before not in blocs
        ]
        if place in aimed and missing:
            yield Code.ACCES_NON_TENU.at(
                candidat.lieu,
                candidats=(candidat.id,),
                qui=who,
                quoi=place,
                avant=enumeration(missing),
            )


def _check_who(cahiers: list[Cahier], reglement: Reglement) -> Iterator[Anomalie]:
    """One evaluator of each role, and nobody's own trainer, where the règlement says so."""
    rules = reglement.evaluateurs
    roles: dict[tuple[str, str], set[str | None]] = defaultdict(set)
    people: dict[str, Candidat] = {}
    for cahier in cahiers:
        for candidat in dict.fromkeys(c for f in cahier.fiches for c in f.candidats):
            people[candidat.id] = candidat
            roles[candidat.id, cahier.partie.id].add(cahier.evaluateur.role)
            if rules.formateur_exclu and cahier.evaluateur.id in candidat.formateurs:
                yield Code.FORMATEUR_EVALUATEUR.at(
                    candidat.lieu,
                    candidats=(candidat.id,),
                    evaluateur=cahier.evaluateur.qui,
                    qui=candidat.qui,
                    quoi=cahier.partie.id,
                )
    for (candidat_id, partie), own in roles.items():
        missing = [role for role in rules.roles if role not in own]
        if missing:
            candidat = people[candidat_id]
            yield Code.ROLE_MANQUANT.at(
                Lieu(candidat.lieu.fichier, "Affectations"),
                candidats=(candidat_id,),
                qui=candidat.qui,
                quoi=partie,
                role=enumeration(missing, "ou"),
            )


def _check_roles(session: Session, reglement: Reglement) -> Iterator[Anomalie]:
    """Where the règlement weighs roles, every evaluator has one that it knows."""
    known = list(reglement.evaluateurs.poids or reglement.evaluateurs.roles)
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
            words = {"qui": candidat.qui, "quoi": partie.id}
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
