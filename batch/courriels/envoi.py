"""Mails -> the server, one after the other: at its pace, through its refusals and its cuts.

A mail is confirmed once, or refused, or put off, or in doubt: never two of these, and one that is
in doubt is left alone.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from batch.anomalies import Empechement
from batch.courriels import gardes, message
from batch.courriels.fournisseurs import Fournisseur
from batch.courriels.message import Depart
from batch.courriels.modele import Courriel
from batch.courriels.registre import Fait, Registre
from batch.courriels.serveur import Compte, Connexion, Coupure, Refus

# Seconds before each new try at what a server refused for now, or at a server that is away.
# Greylisting asks for some minutes.
REPRISES = (20, 60, 180, 300, 600)
# So many refusals for now on end are about us, not about the recipients.
_D_AFFILEE = 3


class Horloge(Protocol):
    """The time, and the waiting; the tests have their own."""

    def now(self) -> datetime: ...

    def sleep(self, secondes: int) -> None: ...


@dataclass(slots=True)
class Resultat:
    """What became of each mail."""

    envoyes: list[Courriel] = field(default_factory=list)
    refuses: list[tuple[Courriel, Refus]] = field(default_factory=list)
    differes: list[tuple[Courriel, Refus]] = field(default_factory=list)
    incertains: list[Courriel] = field(default_factory=list)
    # Never tried, because the run had to stop, and why it had to.
    restants: list[Courriel] = field(default_factory=list)
    arret: str | None = None


def send(
    courriels: Sequence[Courriel],
    compte: Compte,
    registre: Registre,
    horloge: Horloge,
    *,
    repetition: str | None = None,
    dire: Callable[[str], None] = lambda _: None,
) -> Resultat:
    """Hand them all over. `dire` is told of each mail sent and of each wait.

    Raises Empechement when the server will not have us at all; nothing is sent then.
    """
    return _Tournee(compte, registre, horloge, repetition, dire).run(courriels)


class _Tournee:
    """One run: its connection, its pace, its patience."""

    def __init__(
        self,
        compte: Compte,
        registre: Registre,
        horloge: Horloge,
        repetition: str | None,
        dire: Callable[[str], None],
    ) -> None:
        self._compte = compte
        self._registre = registre
        self._horloge = horloge
        self._repetition = repetition
        self._dire = dire
        self._cadence = Cadence(compte.fournisseur, registre, horloge)
        self._connexion: Connexion | None = None
        self._echecs = 0  # connections lost or not obtained, since the last mail that went through
        self._resultat = Resultat()

    def run(self, courriels: Sequence[Courriel]) -> Resultat:
        waiting = list(courriels)
        try:
            self._connect(courriels)
            for pause in (0, *REPRISES):
                if not waiting or self._resultat.arret:
                    break
                if pause:
                    self._wait(pause, f"{len(waiting)} à reprendre")
                waiting = self._pass(waiting)
        finally:
            if self._connexion is not None:
                self._connexion.leave()
        done = {id(one) for one, _ in self._resultat.differes}
        self._resultat.restants = [one for one in waiting if id(one) not in done]
        return self._resultat

    def _pass(self, courriels: Sequence[Courriel]) -> list[Courriel]:
        """Each of them once; those to be tried again."""
        again: list[Courriel] = []
        in_a_row = 0
        self._resultat.differes = []
        for rank, courriel in enumerate(courriels):
            refus = self._hand_over(courriel)
            if self._resultat.arret:
                return [*again, *courriels[rank:]]
            if refus is None:
                in_a_row = 0
                continue
            again.append(courriel)
            self._resultat.differes.append((courriel, refus))
            in_a_row += 1
            if in_a_row == _D_AFFILEE:
                # Those that were not tried come first next time.
                return [*courriels[rank + 1 :], *again]
        return again

    def _hand_over(self, courriel: Courriel) -> Refus | None:
        """One mail, whatever number of connections it takes; the refusal, if it is one for now."""
        while True:
            self._resultat.arret = self._cadence.wait(self._dire)
            if self._resultat.arret:
                return None
            try:
                self._attempt(courriel)
            except Refus as refus:
                self._cadence.count()
                if refus.definitif:
                    self._resultat.refuses.append((courriel, refus))
                    return None
                return refus
            except Coupure as coupure:
                if coupure.incertain:
                    self._resultat.incertains.append(courriel)
                    return None
                self._resultat.arret = self._patience()
                if self._resultat.arret:
                    return None
                continue
            self._cadence.count()
            self._echecs = 0
            self._resultat.envoyes.append(courriel)
            self._dire(f"Envoyé : {courriel.personne}")
            return None

    def _attempt(self, courriel: Courriel) -> None:
        """Once, each step in the ledger. Raises Refus or Coupure."""
        depart = Depart(self._compte.adresse, self._horloge.now(), self._repetition)
        to = self._repetition or courriel.personne.adresse
        assert to, "somebody without an address is written to by post"
        content = message.outgoing(courriel, depart)
        intention = False

        def on_brink() -> None:
            nonlocal intention
            self._note(Fait.INTENTION, courriel, message=message.message_id(courriel, depart))
            intention = True

        try:
            self._connected().send(self._compte.adresse, to, content, on_brink)
        except Refus as refus:
            fait = Fait.REFUSE if refus.definitif else Fait.DIFFERE
            self._note(fait, courriel, reponse=refus.etat)
            raise
        except Coupure as coupure:
            if intention and not coupure.incertain:
                self._note(Fait.DIFFERE, courriel)
            raise
        self._note(Fait.ENVOYE, courriel)

    def _connect(self, courriels: Sequence[Courriel]) -> None:
        """The first connection, which tells how big a mail may be: all of them, or none leaves."""
        while self._connexion is None and not self._resultat.arret:
            try:
                self._connexion = Connexion(self._compte)
            except Coupure:
                self._resultat.arret = self._patience()
        announced = self._connexion.taille_max if self._connexion else None
        if announced is None:
            return
        depart = Depart(self._compte.adresse, self._horloge.now(), self._repetition)
        faults = [
            fault
            for courriel in courriels
            for fault in gardes.check_size(
                courriel,
                len(message.outgoing(courriel, depart)),
                announced,
                self._compte.serveur,
            )
        ]
        if faults:
            raise Empechement("Un message est trop gros : rien n'a été envoyé.", faults)

    def _connected(self) -> Connexion:
        if self._connexion is None or not self._connexion.ouverte:
            self._connexion = Connexion(self._compte)
        return self._connexion

    def _patience(self) -> str | None:
        """Wait before a new connection, the longer the more failed; why to give up, if so."""
        if self._echecs > len(REPRISES):
            return (
                f"{self._compte.serveur}, port {self._compte.port}, ne répond plus. Relancez la "
                f"commande plus tard : ce qui est parti ne repartira pas."
            )
        if self._echecs:
            self._wait(REPRISES[self._echecs - 1], "la connexion est coupée")
        self._echecs += 1
        return None

    def _wait(self, secondes: int, raison: str) -> None:
        self._dire(f"Pause de {secondes} s : {raison}.")
        self._horloge.sleep(secondes)

    def _note(self, fait: Fait, courriel: Courriel, **facts: str) -> None:
        self._registre.add(fait, courriel, self._horloge.now(), **facts)


class Cadence:
    """How fast the provider lets mails go; those of the last day that the ledger knows count."""

    def __init__(self, fournisseur: Fournisseur, registre: Registre, horloge: Horloge) -> None:
        self._horloge = horloge
        limits = (
            (timedelta(minutes=1), fournisseur.par_minute),
            (timedelta(hours=1), fournisseur.par_heure),
            (timedelta(days=1), fournisseur.par_jour),
        )
        self._limits = [(span, count) for span, count in limits if count is not None]
        self._moments = deque(registre.sent_since(horloge.now() - timedelta(days=1)))

    def count(self) -> None:
        self._moments.append(self._horloge.now())

    def wait(self, dire: Callable[[str], None]) -> str | None:
        """Return once one more may go; or why it cannot today."""
        now = self._horloge.now()
        pause = 0
        for span, limit in self._limits:
            recent = [moment for moment in self._moments if now - moment < span]
            if len(recent) < limit:
                continue
            if span >= timedelta(days=1):
                return (
                    f"Le fournisseur n'accepte que {limit} messages par jour, et ils sont partis. "
                    f"Relancez la commande demain : ce qui est parti ne repartira pas."
                )
            free = recent[-limit] + span - now
            pause = max(pause, -(-int(free.total_seconds() * 1000) // 1000) or 1)
        if pause:
            dire(f"Pause de {pause} s : le fournisseur limite le nombre de messages.")
            self._horloge.sleep(pause)
        return None
