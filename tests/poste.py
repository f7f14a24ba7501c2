"""A post office for the tests: a real SMTP server with TLS and passwords, and its bad days.

python poste.py DOSSIER PORT        runs one that a test can kill, from its own process
"""

import asyncio
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from batch.anomalies import Lieu
from batch.courriels.fournisseurs import Fournisseur
from batch.courriels.modele import Courriel, Genre, Personne, Piece
from batch.courriels.serveur import Compte

UTILISATEUR, MOT_DE_PASSE = "jury@exemple.fr", "motdepassequinedoitsevoirnullepart"


@dataclass
class Boite:
    """What the server does with what it is handed: what it kept, and whom it turns away."""

    recus: list[tuple[str, str, bytes]] = field(default_factory=list)  # from, to, content
    # By address, or "*": what it answers to the next deliveries, first come first served.
    refus: dict[str, list[str]] = field(default_factory=dict)
    saluts: list[str] = field(default_factory=list)  # what it answers to the next greetings
    coupe_apres: int = 0  # it hangs up after each so many mails, once it has said yes
    coupe_au_point: set[int] = field(default_factory=set)  # it hangs up instead of saying yes
    coupe_au_nom: set[int] = field(default_factory=set)  # at these recipients, counted from 1
    garde: Callable[[str, bytes], None] = lambda to, content: None
    connexions: int = 0
    ensemble: int = 0  # the most connections that were open at once
    _ouvertes: int = 0
    _noms: int = 0

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        if self.saluts:
            return [self.saluts.pop(0)]
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self._noms += 1
        if self._noms in self.coupe_au_nom:
            server.transport.abort()
            return "250 OK"
        for key in (address, "*"):
            if self.refus.get(key):
                return self.refus[key].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        to, content = envelope.rcpt_tos[0], envelope.original_content
        refusal = self.refus.get(f"data {to}")
        if refusal:
            return refusal.pop(0)
        self.garde(to, content)
        self.recus.append((envelope.mail_from, to, content))
        if len(self.recus) in self.coupe_au_point:
            server.transport.abort()
        elif self.coupe_apres and len(self.recus) % self.coupe_apres == 0:
            # Closing flushes the « 250 » first.
            asyncio.get_running_loop().call_soon(server.transport.close)
        return "250 OK"


class _Compte(SMTP):
    """Counts who is connected, whatever TLS does to the connection."""

    def connection_made(self, transport: Any) -> None:
        if self.transport is None:
            boite = self.event_handler
            boite.connexions += 1
            boite._ouvertes += 1
            boite.ensemble = max(boite.ensemble, boite._ouvertes)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler._ouvertes -= 1
        super().connection_lost(error)


class _Controleur(Controller):
    def factory(self) -> SMTP:
        return _Compte(self.handler, **self.SMTP_kwargs)


def _authenticate(
    server: SMTP, session: Any, envelope: Any, mechanism: str, data: Any
) -> AuthResult:
    known = LoginPassword(UTILISATEUR.encode(), MOT_DE_PASSE.encode())
    return AuthResult(success=data == known, handled=False)


@dataclass(frozen=True)
class Autorite:
    """A certificate authority of the tests' own; whoever trusts `certificat` trusts the server."""

    certificat: Path
    contexte: ssl.SSLContext
    cle: Path

    @classmethod
    def create(cls, folder: Path) -> "Autorite":
        authority = trustme.CA()
        own = authority.issue_cert("localhost")
        certificat, cle = folder / "autorite.pem", folder / "serveur.pem"
        authority.cert_pem.write_to_path(str(certificat))
        own.private_key_and_cert_chain_pem.write_to_path(str(cle))
        return cls(certificat, _context(cle), cle)


def _context(cle: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cle)
    return context


@contextmanager
def ouvert(
    boite: Boite, contexte: ssl.SSLContext | None, port: int = 0, **kwargs: Any
) -> Iterator[int]:
    """The server, listening; its port. Without a context, it speaks in clear."""
    port = port or free_port()
    tls = {"tls_context": contexte, "require_starttls": True} if contexte else {}
    auth = {"auth_required": True, "authenticator": _authenticate} if contexte else {}
    controller = _Controleur(boite, hostname="localhost", port=port, **{**tls, **auth, **kwargs})
    controller.start()
    while boite._ouvertes:  # the controller's own trial connection
        time.sleep(0.001)
    boite.connexions = boite.ensemble = 0
    try:
        yield port
    finally:
        controller.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
        return port


class Montre:
    """A clock that only moves when somebody waits."""

    def __init__(self, debut: datetime = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)) -> None:
        self._now = debut
        self.attentes: list[int] = []

    def now(self) -> datetime:
        return self._now

    def sleep(self, secondes: int) -> None:
        self.attentes.append(secondes)
        self._now += timedelta(seconds=secondes)


def compte(port: int, **changes: Any) -> Compte:
    """The account of the tests at this server; fast unless told otherwise."""
    known = {"par_minute": 100_000, **changes}
    return Compte(
        Fournisseur("la poste", "localhost", port, known.pop("securite", "starttls"), **known),
        "localhost", port, UTILISATEUR, UTILISATEUR, MOT_DE_PASSE,
    )  # fmt: skip


def courriel(rang: int) -> Courriel:
    """A small mail to the n-th of many évaluateurs, all fictional."""
    who = Personne(
        f"E{rang:03}", "Noëlle", f"Nº{rang} L’ÉVALUÉE", f"e{rang}@exemple.fr", Lieu("session.xlsx")
    )
    piece = Piece(f"grille {who.id} évaluée.xlsx", f"grille de {who.id}".encode() * 20,
                  frozenset({who.id}))  # fmt: skip
    return Courriel(
        "S1", Genre.GRILLES, who, f"Votre grille, {who.nom}", f"Bonjour {who.nom}.\n.\n",
        f"<p>Bonjour {who.nom}.</p>\n", (piece,), "Camille Renard", "contact@exemple.fr",
        datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    )  # fmt: skip


def main(folder: Path, port: int) -> None:
    """A server that hangs up after every seventh mail; each is on the disk before it says yes."""
    boite = Boite(coupe_apres=7)

    def keep(to: str, content: bytes) -> None:
        number = len(list(folder.glob("*.eml"))) + 1
        draft = folder / f"{number:04}.part"
        draft.write_bytes(to.encode() + b"\n" + content)
        draft.rename(folder / f"{number:04}.eml")

    boite.garde = keep
    with ouvert(boite, _context(folder / "serveur.pem"), port):
        print("prêt", flush=True)  # noqa: T201  (its parent waits for this line)
        sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
