"""A session -> its mails: drafts to read over, then, once asked, the mails themselves.

A mail leaves only as the draft that was prepared, and only while the session would still make it
the same; it leaves once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from batch.anomalies import Anomalie, Code, Empechement, Lieu, MauvaisUsage
from batch.chaine import pieces, relances
from batch.chaine.brouillons import COMMANDE, Brouillons
from batch.chaine.pieces import Dates, Lot
from batch.courriels import envoi, gardes, message
from batch.courriels.envoi import Horloge, Resultat
from batch.courriels.fournisseurs import Fournisseur
from batch.courriels.message import Depart
from batch.courriels.modele import Courriel, Genre
from batch.courriels.registre import Fait, Ligne, Registre, Sort
from batch.courriels.serveur import Compte
from batch.folder import Folder
from batch.francais import enumeration
from batch.ordre import in_order

# In the ledger, what no mail carried.
_PAPIER = "papier"


@dataclass(frozen=True, slots=True)
class Preparation:
    """What became of each draft."""

    ecrits: list[str] = field(default_factory=list)
    inchanges: list[str] = field(default_factory=list)
    retires: list[str] = field(default_factory=list)
    partis: list[Courriel] = field(default_factory=list)  # this very document was sent already
    anomalies: list[Anomalie] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """What would leave now, and what would not."""

    genre: Genre
    a_envoyer: list[Courriel]
    partis: list[tuple[Courriel, datetime]]
    anomalies: list[Anomalie]
    tailles: dict[str, int] = field(default_factory=dict)  # encoded, by the person's number

    @property
    def arrete(self) -> bool:
        """Something is wrong enough for nothing to leave."""
        return _stops_all(self.anomalies)


def prepare(
    folder: Folder,
    genre: Genre,
    now: datetime,
    *,
    partagees: bool = False,
    relancer: Collection[str] | None = None,
) -> Preparation:
    """Write the drafts in courriels/; one that nothing has changed stays as it is.

    `relancer`: the numbers of those to be reminded; the drafts of others who are late are kept.
    """
    registre, brouillons = Registre(folder.envois), Brouillons(folder)
    lot = _compose(folder, genre, lambda _: now, {})
    anomalies = _guarded(lot, partagees=partagees)
    preparation = Preparation(anomalies=anomalies)
    if _stops_all(anomalies):
        # What was prepared before is no better; reminders apart, which count from their draft.
        if genre is not Genre.RELANCES:
            preparation.retires.extend(brouillons.withdraw(genre))
            brouillons.save()
        return preparation
    current = set()
    for courriel in lot.courriels:
        name = brouillons.name_of(courriel)
        if relancer is not None and courriel.personne.id not in relancer:
            current.add(name)
            continue
        if registre.sort(courriel) is not Sort.A_ENVOYER:
            preparation.partis.append(courriel)
            continue
        current.add(name)
        if brouillons.is_standing(courriel):
            preparation.inchanges.append(name)
            continue
        brouillons.write(courriel)
        registre.add(Fait.BROUILLON, courriel, now)
        preparation.ecrits.append(name)
    preparation.retires.extend(brouillons.withdraw(genre, current))
    brouillons.save()
    folder.log(
        "courriels",
        now,
        genre=genre.value,
        brouillons={one["personne"]: one["fichier"] for one in brouillons.of(genre).values()},
    )
    return preparation


def plan(
    folder: Folder,
    genre: Genre,
    fournisseur: Fournisseur,
    now: datetime,
    *,
    partagees: bool = False,
    renvoyer: Collection[str] = (),
) -> Plan:
    """What of the drafts would leave now. It writes nothing."""
    registre, brouillons = Registre(folder.envois), Brouillons(folder)
    lot = _compose(folder, genre, brouillons.dates(genre, now), brouillons.ranks(genre))
    if genre is Genre.RELANCES:
        lot.anomalies += _only_those_asked_for(lot, brouillons)
    anomalies = _guarded(lot, partagees=partagees)
    if unknown := set(renvoyer) - {courriel.personne.id for courriel in lot.courriels}:
        raise MauvaisUsage(
            f"Aucun message à renvoyer à {enumeration(sorted(unknown))} : donnez le numéro d'une "
            f"personne de la session à qui un message est destiné."
        )
    to_send, sent, sizes = [], [], {}
    for courriel in lot.courriels:
        outcome, when = registre.sort(courriel), registre.quand(courriel)
        again = courriel.personne.id in renvoyer
        if outcome is Sort.ENVOYE and not again and when:
            sent.append((courriel, when))
            continue
        if outcome is Sort.INCERTAIN and not again and when:
            anomalies.append(_doubtful(folder, courriel, when))
            continue
        # What was sent once has no draft left; asked for again, it leaves as it is made now.
        fault = None if outcome is not Sort.A_ENVOYER else brouillons.fault(courriel)
        if fault is not None:
            anomalies.append(fault)
            continue
        size = len(message.outgoing(courriel, Depart(courriel.contact, courriel.date)))
        sizes[courriel.personne.id] = size
        anomalies += gardes.check_size(courriel, size, fournisseur.taille_max, fournisseur.nom)
        to_send.append(courriel)
    if lot.courriels and not (to_send or sent or brouillons.of(genre)):
        raise Empechement(
            f"Rien n'est préparé dans courriels/{genre.value} : lancez d'abord "
            f"« {COMMANDE[genre]} », et relisez les brouillons."
        )
    return Plan(genre, to_send, sent, in_order(anomalies), sizes)


def send(
    folder: Folder,
    courriels: Sequence[Courriel],
    compte: Compte,
    horloge: Horloge,
    *,
    repetition: str | None = None,
    motif: str | None = None,
    dire: Callable[[str], None] = lambda _: None,
) -> Resultat:
    """Send these mails of a plan. `motif`: why those already sent, or in doubt, are sent again.

    A rehearsal has its own ledger, and marks nobody as written to.
    """
    with _alone(folder):
        registre = Registre(folder.repetitions if repetition else folder.envois)
        for courriel in [] if repetition else courriels:
            if registre.sort(courriel) is Sort.A_ENVOYER:
                continue
            # The plan is a minute old: another run may have sent it since.
            if not motif:
                raise Empechement(
                    f"Le message de {courriel.personne} vient d'être envoyé par une autre "
                    f"commande : rien n'a été envoyé par celle-ci. Relancez-la."
                )
            registre.add(Fait.RENVOI, courriel, horloge.now(), motif=motif)
        try:
            result = envoi.send(
                courriels, compte, registre, horloge, repetition=repetition, dire=dire
            )
        finally:
            if not repetition:
                # Another command may have recorded drafts meanwhile: read again.
                brouillons = Brouillons(folder)
                brouillons.drop_sent(courriels, registre)
                brouillons.save()
        folder.log(
            "repetition" if repetition else "envois",
            horloge.now(),
            envoyes=len(result.envoyes),
            refuses=len(result.refuses),
            differes=len(result.differes),
            incertains=len(result.incertains),
            restants=len(result.restants),
        )
        return result


def acknowledge(
    folder: Folder, genre: Genre, personnes: Sequence[str], motif: str, now: datetime
) -> int:
    """Write down that these people have their mail: it arrived after all, or was sent by hand, or
    handed over on paper to whoever has no address.

    Their drafts go, so that nothing leaves again. Returns how many mails that settles.
    """
    with _alone(folder):
        registre, brouillons = Registre(folder.envois), Brouillons(folder)
        drafts = {one["personne"]: (name, one) for name, one in brouillons.of(genre).items()}
        found: dict[str, set[str]] = {}
        for personne in personnes:
            own = set(registre.doubtful(genre, personne))
            if personne in drafts:
                own.add(drafts[personne][1]["document"])
            found[personne] = own
        if not all(found.values()):
            for personne in _on_paper(folder, genre, now) & found.keys():
                found[personne] = found[personne] or {_PAPIER}
        if unknown := [personne for personne, own in found.items() if not own]:
            raise MauvaisUsage(
                f"Aucun message préparé ou incertain pour {enumeration(unknown)} : rien n'a été "
                f"inscrit."
            )
        for personne, own in found.items():
            for document in sorted(own):
                registre.note(Ligne(now, Fait.CONSTATE, genre, personne, document), motif=motif)
            if personne in drafts:
                brouillons.drop(drafts[personne][0])
        brouillons.save()
        count = sum(map(len, found.values()))
        folder.log("constat", now, genre=genre.value, messages=count)
        return count


def _on_paper(folder: Folder, genre: Genre, now: datetime) -> set[str]:
    """Those to whom no mail can be sent: what they are given is on paper."""
    lot = _compose(folder, genre, lambda _: now, {})
    if genre is Genre.RELANCES or _stops_all(lot.anomalies):
        return set()
    return {personne.id for personne in lot.destinataires if not personne.adresse}


def outcome_anomalies(folder: Folder, result: Resultat, now: datetime) -> list[Anomalie]:
    """What did not go through, each with what to do about it."""
    found = []
    for code, refusals in (
        (Code.REFUS_DEFINITIF, result.refuses),
        (Code.REFUS_TEMPORAIRE, result.differes),
    ):
        for courriel, refus in refusals:
            personne = courriel.personne
            found.append(
                code.at(personne.lieu, qui=personne, adresse=personne.adresse, reponse=refus)
            )
    found += [_doubtful(folder, courriel, now) for courriel in result.incertains]
    return found


def _compose(
    folder: Folder,
    genre: Genre,
    dates: Dates,
    ranks: dict[str, int],
) -> Lot:
    match genre:
        case Genre.GRILLES:
            return pieces.grids(folder, dates)
        case Genre.RESULTATS:
            return pieces.letters(folder, dates)
        case Genre.RELANCES:
            return relances.reminders(folder, dates, ranks)


def _only_those_asked_for(lot: Lot, brouillons: Brouillons) -> list[Anomalie]:
    """Leave out of the lot those nobody asked to remind; tell whose grids came back meanwhile."""
    asked = brouillons.ranks(Genre.RELANCES)
    lot.courriels = [one for one in lot.courriels if one.personne.id in asked]
    lot.destinataires = tuple(one for one in lot.destinataires if one.id in asked)
    late = {personne.id for personne in lot.destinataires}
    return [
        Code.RELANCE_INUTILE.at(Lieu("retours/"), qui=personne)
        for personne in lot.tous
        if personne.id in asked and personne.id not in late
    ]


def _guarded(lot: Lot, *, partagees: bool) -> list[Anomalie]:
    return in_order(
        [
            *lot.anomalies,
            *gardes.check_addresses(lot.destinataires, lot.tous, partagees=partagees),
            *gardes.check_identities(lot.courriels),
        ]
    )


def _stops_all(anomalies: Iterable[Anomalie]) -> bool:
    return any(anomalie.code in gardes.ARRETENT_TOUT for anomalie in anomalies)


def _doubtful(folder: Folder, courriel: Courriel, when: datetime) -> Anomalie:
    return Code.ENVOI_INCERTAIN.at(
        Lieu(folder.relative(folder.envois)),
        qui=courriel.personne,
        quand=f"{when:%d/%m/%Y à %H:%M}",
        id=courriel.personne.id,
    )


@contextmanager
def _alone(folder: Folder) -> Iterator[None]:
    """Two commands sending the same session at once would send everything twice."""
    from filelock import FileLock, Timeout

    lock = folder.verrou_courriels
    lock.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(lock, timeout=0):
            yield
    except Timeout as error:
        raise Empechement(
            "Un envoi est déjà en cours pour cette session : rien n'a été envoyé par cette "
            "commande. Attendez qu'il finisse."
        ) from error
