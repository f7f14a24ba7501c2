"""What each document must state -> those that can be made, and why the others cannot.

A document is never printed with a hole: without one of its mandatory facts it is refused, and the
others are made. Sources: the FAQ of France compétences on the parchemin; article 11 of the branch
agreement of advertising (a jury proposes, the CPNEFP decides); DATE_LIMITE_DELIVRANCE.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from batch.anomalies import Anomalie, Code, Lieu
from batch.documents.contexte.certificat import objets
from batch.documents.contexte.commun import jour_de_decision, niveau, rncp
from batch.documents.contexte.convocation import missing_slots
from batch.documents.contexte.vue import view
from batch.francais import compte, date_longue, enumeration
from batch.jury.calendrier import expected
from batch.jury.seance import Dossier, Seance
from batch.records import Candidat
from batch.vocabulaire import EtatSession, ResultatCertification

_REGLEMENT = "reglement.yaml"
_SESSION = "session.xlsx, feuille « Session »"
_CANDIDATS = "session.xlsx, feuille « Candidats »"

# Outcomes that nobody decides: they wait for nobody.
_SANS_DECISION = (
    ResultatCertification.ABSENT,
    ResultatCertification.EXCUSE,
    ResultatCertification.EN_ATTENTE,
)


@dataclass(frozen=True, slots=True)
class Fait:
    """A mandatory fact that is missing, and where it is typed."""

    quoi: str
    ou: str


@dataclass(frozen=True, slots=True)
class Refus:
    """The candidates whose letter, or whose certificates, are not made; and every reason.

    `attente`: those whose outcome the body has not decided: nothing may announce it yet.
    """

    attente: frozenset[str] = frozenset()
    lettres: frozenset[str] = frozenset()
    certificats: frozenset[str] = frozenset()
    anomalies: tuple[Anomalie, ...] = ()


def check(seance: Seance) -> Refus:
    """What `jury traiter` cannot write."""
    letters = {d.resultat.candidat.id: list(_letter_lacks(seance, d)) for d in seance.dossiers}
    due = [d.resultat.candidat for d in seance.dossiers if objets(seance, d)]
    lacks = list(_certificate_lacks(seance))
    certificates = {candidat.id: lacks for candidat in due}
    anomalies = [
        *_refused("La lettre de résultat", letters),
        *_refused("Le certificat", certificates),
    ]
    held = _held_back(seance)
    anomalies += _waiting(seance, held)
    closed = [*_delivery(seance)] if due and not held else []
    anomalies += closed
    refused = {c.id for c in due if lacks or held or any(a.bloquante for a in closed)}
    return Refus(
        frozenset(held),
        frozenset({candidat for candidat, faits in letters.items() if faits} | held),
        frozenset(refused),
        tuple(anomalies),
    )


def check_convocations(seance: Seance) -> tuple[frozenset[str], tuple[Anomalie, ...]]:
    """The candidates who cannot be summoned yet, and why; the jury's own under « jury »."""
    lacks: dict[str, list[Fait]] = {}
    for candidat in expected(seance.session):
        places = enumeration(missing_slots(seance, candidat))
        own = [*_address_lacks(candidat)]
        if places:
            own.append(
                Fait(f"la date, l'heure et le lieu pour {places}", "session.xlsx, « Calendrier »")
            )
        lacks[candidat.id] = own
    anomalies = [*_refused("La convocation", lacks)]
    refused = {candidat for candidat, own in lacks.items() if own}
    if seance.session.heure_ouverture is None:
        refused.add("jury")
        anomalies.append(
            Code.DOCUMENT_REFUSE.at(
                Lieu("session.xlsx", "Session"),
                document="La convocation",
                qui=" pour le jury",
                faits="l'heure d'ouverture",
                ou=_SESSION,
            )
        )
    return frozenset(refused), tuple(anomalies)


def _letter_lacks(seance: Seance, dossier: Dossier) -> Iterator[Fait]:
    courrier = seance.reglement.courrier
    for value, what, rubric in (
        (courrier.adresse, "l'adresse du certificateur", "courrier.adresse"),
        (courrier.recours.texte, "le texte du recours", "courrier.recours.texte"),
        (courrier.recours.delai, "le délai du recours", "courrier.recours.delai"),
        (courrier.signataire, "le signataire", "courrier.signataire"),
    ):
        if not value.strip():
            yield Fait(what, f"{_REGLEMENT}, {rubric}")
    yield from _address_lacks(dossier.resultat.candidat)


def _address_lacks(candidat: Candidat) -> Iterator[Fait]:
    if not (candidat.adresse or candidat.courriel):
        yield Fait("une adresse postale ou électronique", _CANDIDATS)


def _certificate_lacks(seance: Seance) -> Iterator[Fait]:
    courrier, certificats = seance.reglement.courrier, seance.reglement.certificats
    for value, what, rubric in (
        (rncp(seance), "le code RNCP", "certificats.rncp"),
        (niveau(seance), "le niveau de qualification", "certificats.niveau"),
        (" ".join(certificats.nsf), "le code NSF", "certificats.nsf"),
        (courrier.enregistrement, "l'acte d'enregistrement", "courrier.enregistrement"),
        (courrier.adresse, "l'adresse du certificateur", "courrier.adresse"),
        (courrier.signataire, "le signataire", "courrier.signataire"),
    ):
        if not value.strip():
            yield Fait(what, f"{_REGLEMENT}, {rubric}")


def _refused(document: str, lacks: Mapping[str, Sequence[Fait]]) -> Iterator[Anomalie]:
    """One anomaly for all those who lack the same facts."""
    together: dict[tuple[Fait, ...], list[str]] = defaultdict(list)
    for candidat, faits in lacks.items():
        if faits:
            together[tuple(faits)].append(candidat)
    for faits, candidats in together.items():
        first = faits[0].ou.split(",")[0]
        yield Code.DOCUMENT_REFUSE.at(
            Lieu(first),
            candidats=candidats,
            document=document,
            qui=f" pour {_who(candidats)}",
            faits=enumeration(fait.quoi for fait in faits),
            ou=enumeration(dict.fromkeys(fait.ou for fait in faits)),
        )


def _who(candidats: Sequence[str]) -> str:
    if len(candidats) <= 6:
        return enumeration(candidats)
    return f"{', '.join(candidats[:5])} et {compte(len(candidats) - 5, 'autre')}"


def _held_back(seance: Seance) -> set[str]:
    """Those whom the body has not decided on yet: their papers wait for its day."""
    if seance.etat is not EtatSession.DEFINITIF or jour_de_decision(seance) is not None:
        return set()
    return {
        d.resultat.candidat.id
        for d in seance.dossiers
        if view(d).certification not in _SANS_DECISION
    }


def _waiting(seance: Seance, held: set[str]) -> Iterator[Anomalie]:
    lieu = Lieu("session.xlsx", "Session")
    if held:
        yield Code.DECISION_ATTENDUE.at(
            lieu,
            instance=seance.reglement.courrier.instance,
            combien=compte(len(held), "candidat"),
        )
    decided = seance.session.date_decision
    if decided is not None and decided < seance.session.date_jury:
        yield Code.DECISION_AVANT_JURY.at(
            lieu,
            decision=date_longue(decided),
            jury=date_longue(seance.session.date_jury),
        )


def _delivery(seance: Seance) -> Iterator[Anomalie]:
    """The last day of delivery; without one, the last day of the registration."""
    registered, certificats = seance.referentiel.enregistrement, seance.reglement.certificats
    limite = certificats.limite_delivrance or (registered.au if registered else None)
    day = jour_de_decision(seance)
    if limite is None or day is None or day <= limite:
        return
    refused = certificats.apres_la_limite == "refuser"
    code = Code.DELIVRANCE_CLOSE if refused else Code.DELIVRANCE_TARDIVE
    yield code.at(Lieu(_REGLEMENT), limite=date_longue(limite), decision=date_longue(day))
