"""A session under a changed règlement -> the proposals that flip, and why. It writes nothing."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from batch import chaine, lecture_yaml
from batch.chaine import Contexte, Examen
from batch.classeurs.grille.controle import Evaluations
from batch.francais import INSECABLE, distinctement, nombre, typographie
from batch.jury import explication
from batch.jury.calcul import Resultat
from batch.jury.deliberation import CERTIFICATION, Issue
from batch.jury.regles import Constat
from batch.jury.seance import Dossier
from batch.lecture_yaml import Source
from batch.records import Appreciation, Candidat
from batch.reglement.modele import Reglement
from batch.simulation.demandes import Changement, Demande, change
from batch.vocabulaire import Niveau, ResultatBloc, ResultatCertification


@dataclass(frozen=True, slots=True)
class Bascule:
    """A proposal that would be another one, why, and what the jury had decided."""

    candidat: Candidat
    objet: str
    avant: Issue
    apres: Issue
    raison: str
    decide: Issue | None

    @property
    def contredit(self) -> bool:
        return self.decide is not None and self.decide != self.apres


@dataclass(frozen=True, slots=True)
class Simulation:
    changements: tuple[Changement, ...]
    reglement: Reglement
    avant: tuple[Resultat, ...]
    apres: tuple[Resultat, ...]
    bascules: tuple[Bascule, ...]

    def tally(self, when: Literal["avant", "apres"]) -> Counter[ResultatCertification]:
        return Counter(resultat.certification for resultat in getattr(self, when))

    def tally_blocs(self, when: Literal["avant", "apres"]) -> dict[str, Counter[ResultatBloc]]:
        counts: dict[str, Counter[ResultatBloc]] = {}
        for resultat in getattr(self, when):
            for code, bloc in resultat.blocs.items():
                counts.setdefault(code, Counter())[bloc] += 1
        return counts


def simulate(examen: Examen, demandes: Sequence[Demande]) -> Simulation:
    """The proposals under the changed règlement, beside those of today."""
    contexte = examen.controle.contexte
    reglement, changes = change(contexte, _source(contexte), demandes)
    before = [dossier.resultat for dossier in examen.seance.dossiers]
    after = propose_all(examen, reglement)
    flips = [
        flip
        for dossier, own in zip(examen.seance.dossiers, after, strict=True)
        for flip in _flips(contexte, dossier, own)
    ]
    return Simulation(tuple(changes), reglement, tuple(before), tuple(after), tuple(flips))


def _source(contexte: Contexte) -> Source:
    """The session's own règlement, as the text that it is; it was read without a fault already."""
    text = contexte.folder.reglement.read_text(encoding="utf-8-sig")
    source, _ = lecture_yaml.read(contexte.folder.reglement.name, text)
    assert source is not None, "the session would not have been gathered"
    return source


def propose_all(
    examen: Examen, reglement: Reglement, keep: Callable[[Appreciation], bool] = lambda one: True
) -> list[Resultat]:
    """The proposals under this règlement, from the ratings that are kept and the arbitrations."""
    evaluations = examen.controle.evaluations
    kept = {
        candidat: tuple(one for one in own if keep(one))
        for candidat, own in evaluations.appreciations.items()
    }
    contexte = replace(examen.controle.contexte, reglement=reglement)
    return chaine.propose(contexte, Evaluations(kept, evaluations.absences), examen.arbitrages)


def _flips(contexte: Contexte, dossier: Dossier, after: Resultat) -> Iterator[Bascule]:
    before, issues = dossier.resultat, dossier.issues
    voted = {objet.code for objet in dossier.objets}
    for code, bloc in before.blocs.items():
        if after.blocs[code] is not bloc:
            own = (r.constats[Niveau.BLOC].get(code) for r in (before, after))
            why = _reason(contexte, *own)
            decided = issues.blocs[code] if code in voted else None
            yield Bascule(before.candidat, code, bloc, after.blocs[code], why, decided)
    if after.certification is not before.certification:
        wholes = before.constats[Niveau.CERTIFICATION], after.constats[Niveau.CERTIFICATION]
        reasons = [
            _reason(contexte, wholes[0].get(name), own)
            for name, own in wholes[1].items()
            if name not in wholes[0] or wholes[0][name].mesure is not own.mesure
        ]
        yield Bascule(
            before.candidat,
            CERTIFICATION,
            before.certification,
            after.certification,
            " ; ".join(reason for reason in reasons if reason),
            issues.certification if voted else None,
        )


def _reason(contexte: Contexte, before: Constat | None, after: Constat | None) -> str:
    """« 57,1 % pour un seuil passé de 70 % à 55 % »; both reckonings where it is not so simple."""
    if before is None or after is None or before.regle is None or after.regle is None:
        return ""
    name = after.regle.conditions[0]
    figures = {"proportion": (before.part, after.part), "moyenne": (before.valeur, after.valeur)}
    was, value = figures.get(name, (None, None))
    threshold = getattr(after.regle, name)
    alone = replace(before.regle, **{name: threshold}) == after.regle
    if value is not None and value == was and alone and name in before.regle.conditions:
        if before.arrondi != after.arrondi:
            figure, least = distinctement(value, Fraction(threshold))
            rounded = nombre(after.arrondi.compared(value), after.arrondi.decimales)
            return f"{figure} compte pour {rounded}, pour un seuil de {least}"
        return _passed(name, value, getattr(before.regle, name), threshold)
    said = [explication.reason(contexte.referentiel, one) for one in (before, after)]
    return typographie(f"avant : {said[0]} ; après : {said[1]}")


def _passed(name: str, value: Fraction, was: Fraction | Decimal, now: Fraction | Decimal) -> str:
    unit, digits, scale = (f"{INSECABLE}%", 1, 100) if name == "proportion" else ("", 2, 1)
    pairs = [distinctement(value, Fraction(limit), digits, scale) for limit in (was, now)]
    figure = max((figure for figure, _ in pairs), key=len)
    first, last = (f"{limit}{unit}" for _, limit in pairs)
    return f"{figure}{unit} pour un seuil passé de {first} à {last}"
