"""A session -> its mails: drafts to read over, then, once asked, the mails themselves.

A mail leaves only as the draft that was prepared, and only while the session would still make it
the same; it leaves once.
"""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from batch import fichiers
from batch.anomalies import Anomalie, Code, Empechement, Lieu, MauvaisUsage
from batch.chaine import pieces, relances
from batch.chaine.ouverture import content_of
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

COMMANDE = {
    Genre.GRILLES: "jury courriels preparer … grilles",
    Genre.RESULTATS: "jury courriels preparer … resultats",
    Genre.RELANCES: "jury relancer … --preparer",
}


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
    registre, record = Registre(folder.envois), _Releve(folder)
    lot = _compose(folder, genre, lambda _: now, {})
    anomalies = _guarded(lot, partagees=partagees)
    preparation = Preparation(anomalies=anomalies)
    if _stops_all(anomalies):
        # What was prepared before is no better; reminders apart, which count from their draft.
        if genre is not Genre.RELANCES:
            preparation.retires.extend(_withdraw(folder, record, genre, ()))
            record.write()
        return preparation
    current = set()
    for courriel in lot.courriels:
        path = _draft_path(folder, courriel)
        name = folder.relative(path)
        if relancer is not None and courriel.personne.id not in relancer:
            current.add(name)
            continue
        if registre.sort(courriel) is not Sort.A_ENVOYER:
            preparation.partis.append(courriel)
            continue
        current.add(name)
        before = record.get(name)
        if before and before["contenu"] == courriel.empreinte and _is_intact(path, before):
            preparation.inchanges.append(name)
            continue
        content = message.draft(courriel)
        fichiers.write(path, content)
        record.put(name, courriel, content)
        registre.add(Fait.BROUILLON, courriel, now)
        preparation.ecrits.append(name)
    preparation.retires.extend(_withdraw(folder, record, genre, current))
    record.write()
    folder.log(
        "courriels",
        now,
        genre=genre.value,
        brouillons={one["personne"]: one["fichier"] for one in record.of(genre).values()},
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
    registre, record = Registre(folder.envois), _Releve(folder)
    lot = _compose(folder, genre, record.dates(genre, now), record.ranks(genre))
    if genre is Genre.RELANCES:
        lot.anomalies += _only_those_asked_for(lot, record)
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
        fault = None if outcome is not Sort.A_ENVOYER else _check_draft(folder, record, courriel)
        if fault is not None:
            anomalies.append(fault)
            continue
        size = len(message.outgoing(courriel, Depart(courriel.contact, courriel.date)))
        sizes[courriel.personne.id] = size
        anomalies += gardes.check_size(courriel, size, fournisseur.taille_max, fournisseur.nom)
        to_send.append(courriel)
    if lot.courriels and not (to_send or sent or record.of(genre)):
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
                _drop_sent(folder, courriels, registre)
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
    """Write down that these people have their mail: it arrived after all, or was sent by hand.

    Their drafts go, so that nothing leaves again. Returns how many mails that settles.
    """
    with _alone(folder):
        registre, record = Registre(folder.envois), _Releve(folder)
        drafts = {one["personne"]: (name, one) for name, one in record.of(genre).items()}
        found: dict[str, set[str]] = {}
        for personne in personnes:
            own = set(registre.doubtful(genre, personne))
            if personne in drafts:
                own.add(drafts[personne][1]["document"])
            found[personne] = own
        if unknown := [personne for personne, own in found.items() if not own]:
            raise MauvaisUsage(
                f"Aucun message préparé ou incertain pour {enumeration(unknown)} : rien n'a été "
                f"inscrit."
            )
        for personne, own in found.items():
            for document in sorted(own):
                registre.note(Ligne(now, Fait.CONSTATE, genre, personne, document), motif=motif)
            if personne in drafts:
                name = drafts[personne][0]
                (folder.root / name).unlink(missing_ok=True)
                record.forget(name)
        record.write()
        count = sum(map(len, found.values()))
        folder.log("constat", now, genre=genre.value, messages=count)
        return count


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


def _only_those_asked_for(lot: Lot, record: "_Releve") -> list[Anomalie]:
    """Leave out of the lot those nobody asked to remind; tell whose grids came back meanwhile."""
    asked = record.ranks(Genre.RELANCES)
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


# --- the drafts, and our own record of them --------------------------------------------------


def _check_draft(folder: Folder, record: "_Releve", courriel: Courriel) -> Anomalie | None:
    path = _draft_path(folder, courriel)
    name = folder.relative(path)
    words: dict[str, Any] = {"qui": courriel.personne, "commande": COMMANDE[courriel.genre]}
    before = record.get(name)
    if before is None or not path.is_file():
        return Code.MESSAGE_NON_PREPARE.at(Lieu(name), **words)
    if before["contenu"] != courriel.empreinte:
        return Code.MESSAGE_PERIME.at(Lieu(name), **words)
    if not _is_intact(path, before):
        return Code.BROUILLON_MODIFIE.at(Lieu(name), fichier=name, qui=courriel.personne)
    return None


def _draft_path(folder: Folder, courriel: Courriel) -> Path:
    personne = courriel.personne
    name = fichiers.safe_name(f"{personne.id} {personne.nom.upper()}")
    return folder.courriels / courriel.genre.value / f"{name}.eml"


def _is_intact(path: Path, before: dict[str, Any]) -> bool:
    return path.is_file() and fichiers.fingerprint(content_of(path)) == before["fichier"]


def _withdraw(
    folder: Folder,
    record: "_Releve",
    genre: Genre,
    current: Collection[str],
) -> list[str]:
    """Take away the drafts that must not be sent any more; one that was retouched is left."""
    gone = []
    for name, before in list(record.of(genre).items()):
        if name in current:
            continue
        path = folder.root / name
        if _is_intact(path, before):
            path.unlink()
            gone.append(name)
        record.forget(name)
    return gone


def _drop_sent(folder: Folder, courriels: Iterable[Courriel], registre: Registre) -> None:
    """A draft opened after its mail has left would be sent twice."""
    record = _Releve(folder)
    for courriel in courriels:
        path = _draft_path(folder, courriel)
        name = folder.relative(path)
        if registre.sort(courriel) is Sort.ENVOYE and record.get(name):
            path.unlink(missing_ok=True)
            record.forget(name)
    record.write()


class _Releve:
    """What each draft was when we wrote it. Numbers and fingerprints only."""

    def __init__(self, folder: Folder) -> None:
        self._path = folder.releve_courriels
        try:
            text = self._path.read_text(encoding="utf-8") if self._path.is_file() else "{}"
            self._entries: dict[str, dict[str, Any]] = json.loads(text)
        except (OSError, ValueError) as error:
            raise Empechement(
                f"Le relevé des brouillons ({folder.relative(self._path)}) est abîmé. Effacez-le, "
                f"puis préparez de nouveau les messages."
            ) from error

    def get(self, name: str) -> dict[str, Any] | None:
        return self._entries.get(name)

    def of(self, genre: Genre) -> dict[str, dict[str, Any]]:
        return {name: one for name, one in self._entries.items() if one["genre"] == genre.value}

    def put(self, name: str, courriel: Courriel, content: bytes) -> None:
        self._entries[name] = {
            "genre": courriel.genre.value,
            "personne": courriel.personne.id,
            "quand": courriel.date.isoformat(),
            "rang": courriel.rang,
            "document": courriel.document,
            "contenu": courriel.empreinte,
            "fichier": fichiers.fingerprint(content),
        }

    def forget(self, name: str) -> None:
        self._entries.pop(name, None)

    def dates(self, genre: Genre, otherwise: datetime) -> Dates:
        """When each person's draft was made: what is composed again must say the same."""
        known = {
            one["personne"]: datetime.fromisoformat(one["quand"]) for one in self.of(genre).values()
        }
        return lambda personne: known.get(personne, otherwise)

    def ranks(self, genre: Genre) -> dict[str, int]:
        return {one["personne"]: one["rang"] for one in self.of(genre).values()}

    def write(self) -> None:
        fichiers.write(self._path, fichiers.as_json(self._entries, sort_keys=True))


@contextmanager
def _alone(folder: Folder) -> Any:
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
