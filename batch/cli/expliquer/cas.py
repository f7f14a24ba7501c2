"""An examined session -> one candidate's dossier as it is explained, with its sheets."""

from typing import TYPE_CHECKING

from batch.anomalies import Anomalie
from batch.jury.trace import Cas, Feuille

if TYPE_CHECKING:
    from batch.chaine import Examen
    from batch.jury.seance import Dossier


def cas_of(examen: "Examen", dossier: "Dossier") -> Cas:
    return Cas(examen.seance, dossier, _feuilles(examen, dossier.resultat.candidat.id))


def to_correct(examen: "Examen", dossier: "Dossier") -> list[Anomalie]:
    candidat = dossier.resultat.candidat.id
    return [a for a in examen.anomalies if a.bloquante and candidat in a.candidats]


def _feuilles(examen: "Examen", candidat: str) -> tuple[Feuille, ...]:
    """The sheets on which he was to be rated, each with what became of it."""
    controle = examen.controle
    returned = {fiche.forme.numero: fiche for fiche in controle.fiches}
    sheets = []
    for forme in controle.contexte.formes:
        fiche = forme.fiche
        if all(one.id != candidat for one in fiche.candidats):
            continue
        back = returned.get(forme.numero)
        missed = fiche.partie.id in controle.evaluations.absences.get(candidat, ())
        sheets.append(
            Feuille(
                fiche.evaluateur,
                fiche.partie.id,
                frozenset(critere.id for critere in fiche.criteres),
                fiche.sujet if fiche.en_groupe else None,
                back.lieu if back else None,
                back.lieu_presence if back and missed and back.presence else None,
            )
        )
    return tuple(sheets)
