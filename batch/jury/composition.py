"""Who sits -> what the règlement still lacks, for the sitting and for each candidate.

Only members who are present count. A member who trained a candidate, or who withdraws for him,
does not deliberate on him: the jury is counted again without that member (règlement général of
the titres professionnels, 2008; the CQP: RNCP32090, « Composition des jurys »).
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from batch.anomalies import Anomalie, Code, Lieu
from batch.francais import compte, enumeration, pourcentage
from batch.jury.seance import Deroulement, Retrait
from batch.records import Candidat, MembreJury, Session
from batch.reglement.modele import Composition, Reglement, RoleJury

A_FORME = "a formé le candidat"
DEPORT = "déport"


def withdrawals(session: Session, reglement: Reglement) -> Iterator[Retrait]:
    """Those that session.xlsx tells beforehand: trainers, and members who said they withdraw."""
    for membre in session.jury:
        for candidat in session.candidats:
            mine = {candidat.id, candidat.groupe}
            if mine & set(membre.deports):
                yield Retrait(membre, candidat.id, DEPORT)
            elif mine & set(membre.a_forme) and not reglement.jury_of(candidat.voie).formateur:
                yield Retrait(membre, candidat.id, A_FORME)


def check_sitting(
    session: Session, reglement: Reglement, deroulement: Deroulement, lieu: Lieu
) -> Iterator[Anomalie]:
    """The jury as a whole, by each voie's rule; then without those who withdraw, candidate by
    candidate. What is lacking anyway is said once."""
    rules = dict.fromkeys(reglement.jury_of(candidat.voie) for candidat in session.candidats)
    said = {rule: list(check(rule, session.jury, lieu)) for rule in rules}
    yield from dict.fromkeys(one for own in said.values() for one in own)
    for candidat in session.candidats:
        rule = reglement.jury_of(candidat.voie)
        yield from _check_for(candidat, rule, session, deroulement, lieu, said[rule])


def _check_for(
    candidat: Candidat,
    rule: Composition,
    session: Session,
    deroulement: Deroulement,
    lieu: Lieu,
    said: Sequence[Anomalie],
) -> Iterator[Anomalie]:
    left = deroulement.deliberating(session.jury, candidat.id)
    out = [membre for membre in session.jury if membre.present and membre not in left]
    if not out:
        return
    faults = _check_quorum(rule, left, lieu) if rule.quorum else check(rule, left, lieu)
    for fault in faults:
        if fault not in said:
            yield Code.JURY_SANS_MEMBRE.at(
                lieu,
                candidats=(candidat.id,),
                qui=candidat.qui,
                sans=enumeration(membre.nom_complet for membre in out),
                manque=fault.message,
            )


def check(composition: Composition, jury: Sequence[MembreJury], lieu: Lieu) -> Iterator[Anomalie]:
    """Number, president, roles and colleges, share of outsiders, declarations on honour."""
    sitting = [membre for membre in jury if membre.present]
    if len(sitting) < composition.minimum:
        yield Code.JURY_TROP_PETIT.at(
            lieu,
            combien=compte(len(sitting), "membre présent", "membres présents"),
            minimum=composition.minimum,
        )
    presidents = sum(membre.preside for membre in sitting)
    if composition.president and presidents != 1:
        yield Code.JURY_PRESIDENT.at(lieu, combien=presidents)
    for role in composition.roles:
        missing = role.nombre - sum(_fills(membre, role) for membre in sitting)
        if missing > 0:
            name = f"{role.qualite}, collège {role.college}" if role.college else role.qualite
            yield Code.JURY_COLLEGE.at(lieu, manque=compte(missing, "personne"), role=name)
    yield from _check_outsiders(composition, sitting, lieu)
    for membre in sitting:
        if membre.qualite in composition.declarations and membre.declaration is None:
            yield Code.JURY_DECLARATION.at(
                membre.lieu, membre=membre.nom_complet, qualite=membre.qualite
            )


def _check_quorum(
    composition: Composition, sitting: Sequence[MembreJury], lieu: Lieu
) -> Iterator[Anomalie]:
    """What must be left in the room, where the règlement states it: a number, and outsiders."""
    if composition.quorum and len(sitting) < composition.quorum:
        yield Code.JURY_TROP_PETIT.at(
            lieu,
            combien=compte(len(sitting), "membre présent", "membres présents"),
            minimum=composition.quorum,
        )
    yield from _check_outsiders(composition, sitting, lieu)


def _check_outsiders(
    composition: Composition, sitting: Sequence[MembreJury], lieu: Lieu
) -> Iterator[Anomalie]:
    if composition.exterieurs is not None and sitting:
        share = Fraction(sum(membre.externe for membre in sitting), len(sitting))
        if share < composition.exterieurs:
            yield Code.JURY_EXTERIEURS.at(
                lieu, part=pourcentage(share), minimum=pourcentage(composition.exterieurs)
            )


def _fills(membre: MembreJury, role: RoleJury) -> bool:
    same_college = role.college is None or membre.college == role.college
    return membre.qualite == role.qualite and same_college
