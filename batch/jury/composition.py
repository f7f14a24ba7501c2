"""Who sits -> what the règlement still lacks (the CQP: RNCP32090, « Composition des jurys »)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from batch.anomalies import Anomalie, Code, Lieu
from batch.francais import compte, pourcentage
from batch.records import MembreJury
from batch.reglement.modele import Composition, RoleJury


def check(composition: Composition, jury: Sequence[MembreJury], lieu: Lieu) -> Iterator[Anomalie]:
    """Only members who sit count: number, president, roles and colleges, share of outsiders."""
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
    if composition.exterieurs is not None and sitting:
        share = Fraction(sum(membre.externe for membre in sitting), len(sitting))
        if share < composition.exterieurs:
            yield Code.JURY_EXTERIEURS.at(
                lieu, part=pourcentage(share), minimum=pourcentage(composition.exterieurs)
            )


def _fills(membre: MembreJury, role: RoleJury) -> bool:
    same_college = role.college is None or membre.college == role.college
    return membre.qualite == role.qualite and same_college
