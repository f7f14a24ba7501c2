"""What each document must state -> those that can be made, and why the others cannot.

A document is never printed with a hole: without one of its mandatory facts it is refused, and the
others are made. Sources: the FAQ of France compétences on the parchemin; article 11 of the branch
agreement of advertising (a jury proposes, the CPNEFP decides); DATE_LIMITE_DELIVRANCE.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
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

# A document as its refusal names it, and the participle that agrees with it.
_LETTRE = ("La lettre de résultat", "faite")
_CERTIFICAT = ("Le certificat", "fait")
_CONVOCATION = ("La convocation", "faite")

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
class Mention:
    """What a document must state: the fields of its template that print it (any of them will do).

    `valeur`, `rubrique`: where the règlement says it, which may be silent; without them our own
    sentences never are. `fixe`: the same in every document of the house, which may have written
    it in its template once and for all.
    """

    quoi: str
    champs: tuple[str, ...]
    valeur: Callable[[Seance], str] | None = None
    rubrique: str = ""
    fixe: bool = False


_ADRESSE = Mention(
    "l'adresse du certificateur", ("adresse_certificateur", "recours"),
    lambda seance: seance.reglement.courrier.adresse, "courrier.adresse", fixe=True,
)  # fmt: skip
_SIGNATAIRE = Mention(
    "le signataire", ("signataire",),
    lambda seance: seance.reglement.courrier.signataire, "courrier.signataire", fixe=True,
)  # fmt: skip
_CERTIFICATEUR = Mention("le nom du certificateur", ("certificateur",), fixe=True)
_PROJET = Mention("la marque « PROJET » tant que rien n'est décidé", ("projet",))

LETTRE = (
    Mention("le destinataire", ("destinataire", "personne.nom")),
    Mention("la décision", ("annonce",)),
    Mention("les raisons", ("raisons.phrase",)),
    _ADRESSE,
    Mention(
        "le texte du recours", ("recours",),
        lambda seance: seance.reglement.courrier.recours.texte, "courrier.recours.texte", fixe=True,
    ),
    Mention(
        "le délai du recours", ("recours",),
        lambda seance: seance.reglement.courrier.recours.delai, "courrier.recours.delai", fixe=True,
    ),
    _SIGNATAIRE,
    _PROJET,
)  # fmt: skip
CERTIFICAT = (
    _CERTIFICATEUR,
    Mention("l'intitulé de la certification ou du bloc", ("objet",)),
    Mention("la certification dont relève le bloc", ("rattachement",)),
    Mention("le titulaire", ("titulaire",)),
    Mention("la date et le lieu de naissance", ("naissance",)),
    Mention("la date de la décision", ("decision",)),
    Mention("le code RNCP", ("enregistrement", "rncp"), rncp, "certificats.rncp", fixe=True),
    Mention(
        "le niveau de qualification", ("niveau",), niveau, "certificats.niveau", fixe=True
    ),
    Mention(
        "le code NSF", ("nsf",),
        lambda seance: " ".join(seance.reglement.certificats.nsf), "certificats.nsf", fixe=True,
    ),
    Mention(
        "l'acte d'enregistrement", ("enregistrement",),
        lambda seance: seance.reglement.courrier.enregistrement, "courrier.enregistrement",
        fixe=True,
    ),
    _ADRESSE,
    _SIGNATAIRE,
)  # fmt: skip
PROCES_VERBAL = (
    Mention("l'intitulé de la certification", ("intitule",), fixe=True),
    Mention("la session", ("session", "identite.droite.valeur", "rappel")),
    Mention("les membres du jury", ("membres.nom",)),
    Mention("la composition du jury", ("composition",)),
    Mention("les règles d'obtention", ("regles",)),
    Mention("le résultat de chaque candidat", ("resultats.lignes.issue",)),
    Mention("les décisions qui s'écartent de la proposition", ("ecarts.motif",)),
    Mention("les motivations", ("motivations.raisons",)),
    Mention(
        "les zones de signature du jury",
        ("signatures_debut.gauche.nom", "signatures.gauche.nom"),
    ),
    Mention("la décision de l'instance", ("instance", "titre_instance")),
    Mention("le lieu et la date", ("fait",)),
    _PROJET,
)
RELEVE = (
    Mention("le titulaire", ("identite.valeur", "personne.nom")),
    Mention("les résultats ligne par ligne", ("sections.lignes.resultat",)),
    Mention("l'avertissement qui le distingue d'un certificat", ("avertissement",)),
    _SIGNATAIRE,
    _PROJET,
)
AFFICHAGE = (
    Mention("l'intitulé de la certification", ("certification", "intitule"), fixe=True),
    Mention("le jour du jury", ("date", "dates.jury", "fait")),
    Mention("le résultat de chaque numéro", ("resultats.lignes.issue",)),
    Mention("la voie de recours", ("recours",), fixe=True),
)
FICHE = (
    Mention("le candidat", ("fiches.candidat",)),
    Mention("ce que le calcul propose", ("fiches.lignes.propose",)),
    Mention("ce que le jury décide", ("fiches.lignes.decide", "fiches.issue")),
    Mention("les zones de signature du jury", ("fiches.membres.nom",)),
)
CONVOCATION = (
    Mention("le destinataire", ("destinataire", "personne.nom")),
    Mention("les dates, les heures et les lieux", ("creneaux.jour",)),
    Mention("ce pour quoi l'on est convoqué", ("annonce",)),
    _SIGNATAIRE,
)
EMARGEMENT = (
    Mention("l'intitulé de la certification", ("certification", "intitule"), fixe=True),
    Mention("le jour de chaque feuille", ("feuilles.jour",)),
    Mention("le nom de qui signe", ("feuilles.lignes.nom",)),
)


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
    lacks = list(_unsaid(seance, CERTIFICAT))
    certificates = {candidat.id: lacks for candidat in due}
    anomalies = [
        *_refused(_LETTRE, letters),
        *_refused(_CERTIFICAT, certificates),
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
    anomalies = [*_refused(_CONVOCATION, lacks)]
    refused = {candidat for candidat, own in lacks.items() if own}
    if seance.session.heure_ouverture is None:
        refused.add("jury")
        anomalies.append(
            Code.DOCUMENT_REFUSE.at(
                Lieu("session.xlsx", "Session"),
                document=_CONVOCATION[0],
                fait=_CONVOCATION[1],
                qui=" pour le jury",
                faits="l'heure d'ouverture",
                ou=_SESSION,
            )
        )
    return frozenset(refused), tuple(anomalies)


def _letter_lacks(seance: Seance, dossier: Dossier) -> Iterator[Fait]:
    yield from _unsaid(seance, LETTRE)
    yield from _address_lacks(dossier.resultat.candidat)


def _address_lacks(candidat: Candidat) -> Iterator[Fait]:
    if not (candidat.adresse or candidat.courriel):
        yield Fait("une adresse postale ou électronique", _CANDIDATS)


def _unsaid(seance: Seance, mentions: Sequence[Mention]) -> Iterator[Fait]:
    """What the règlement should say of them, and does not."""
    for mention in mentions:
        if mention.valeur is not None and not mention.valeur(seance).strip():
            yield Fait(mention.quoi, f"{_REGLEMENT}, {mention.rubrique}")


def _refused(named: tuple[str, str], lacks: Mapping[str, Sequence[Fait]]) -> Iterator[Anomalie]:
    """One anomaly for all those who lack the same facts."""
    document, fait = named
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
            fait=fait,
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
