"""A candidate's reckoning -> what the jury should look at before it decides; nothing is changed."""

from collections.abc import Iterator, Sequence

from batch.anomalies import Anomalie, Code
from batch.francais import enumeration
from batch.jury import explication
from batch.jury.calcul import Resultat
from batch.records import Appreciation
from batch.referentiel.modele import Referentiel
from batch.vocabulaire import Niveau


def check(
    referentiel: Referentiel, resultat: Resultat, appreciations: Sequence[Appreciation]
) -> Iterator[Anomalie]:
    """What was rated although it was closed to him, then what stands too near its threshold."""
    candidat = resultat.candidat
    who = candidat.qui
    for place, before in resultat.fermees.items():
        rated = [
            one
            for one in appreciations
            if one.partie == place or place in referentiel.partie[one.partie].blocs
        ]
        if rated:
            yield Code.EVALUE_SANS_ACCES.at(
                rated[0].lieu,
                candidats=(candidat.id,),
                qui=who,
                quoi=place,
                avant=enumeration(before),
            )
    for constat in resultat.a_examiner:
        name = explication.name(referentiel, constat)
        what = f"{constat.niveau.singulier} {name}"
        if constat.niveau is Niveau.CERTIFICATION:
            what = "certification"
        yield Code.A_EXAMINER.at(
            candidat.lieu,
            candidats=(candidat.id,),
            qui=who,
            quoi=what,
            raison=explication.reason(referentiel, constat),
        )
