"""One SMTP connection: encrypted, its certificate verified, authenticated; a mail at a time.

smtplib's own `sendmail` is not used: it does not let us stand between the last byte of a mail and
the dot that makes the server accept it, which is where the ledger is written.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from batch.anomalies import Empechement
from batch.courriels.fournisseurs import Fournisseur

# Seconds. RFC 5321 (4.5.3.2) gives a server ten minutes to answer the final dot: giving up sooner
# would make uncertain what is only slow.
PATIENCE, PATIENCE_FINALE = 60, 600

# An address literal (RFC 5321, 4.1.3): the machine's own name is nobody's business.
_OWN_NAME = "[127.0.0.1]"
_DOT = re.compile(rb"^\.", re.MULTILINE)
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


@dataclass(frozen=True, slots=True)
class Compte:
    """Where mails are handed over, and as whom. The password shows in no trace of any error."""

    fournisseur: Fournisseur
    serveur: str
    port: int
    utilisateur: str | None
    adresse: str  # mails leave from it
    mot_de_passe: str | None = field(default=None, repr=False)


class Refus(Exception):
    """The server said no to this mail: it has not been sent."""

    def __init__(self, code: int, reponse: str) -> None:
        super().__init__(f"{code} {reponse}")
        self.code = code
        self.reponse = reponse

    @property
    def definitif(self) -> bool:
        return self.code >= 500

    @property
    def etat(self) -> str:
        """« 550 5.1.1 »: what the ledger keeps of it; the rest may name somebody."""
        found = _ENHANCED.search(self.reponse)
        return f"{self.code} {found.group()}" if found else str(self.code)


class Coupure(Exception):
    """The connection is lost. `incertain`: after the final dot, before the answer to it."""

    def __init__(self, *, incertain: bool = False) -> None:
        super().__init__()
        self.incertain = incertain


class Connexion:
    """A session with the server, from the greeting to the farewell."""

    def __init__(self, compte: Compte) -> None:
        """Raises Coupure when the server cannot be reached now, Empechement when it will not do."""
        self._smtp = _open(compte)
        try:
            if compte.utilisateur:
                self._smtp.login(compte.utilisateur, compte.mot_de_passe or "")
        except OSError as error:
            self.drop()
            # Never chained: nothing of what was exchanged then is to be shown.
            if isinstance(error, smtplib.SMTPNotSupportedError):
                raise Empechement(
                    f"{compte.serveur} ne propose pas de s'authentifier ici. Vérifiez le port."
                ) from None
            if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
                raise Empechement(
                    f"{compte.serveur} refuse le nom ou le mot de passe de {compte.utilisateur} "
                    f"({error.smtp_code}) : rien n'a été envoyé. Vérifiez-les ; certains "
                    f"fournisseurs veulent un mot de passe d'application, d'autres n'en acceptent "
                    f"plus. Les brouillons de courriels/ s'ouvrent dans votre messagerie."
                ) from None
            raise Coupure from None

    @property
    def taille_max(self) -> int | None:
        """The size that the server announces (RFC 1870), if it does."""
        said = self._smtp.esmtp_features.get("size", "")
        return int(said) if said.isdigit() and int(said) else None

    def send(self, sender: str, to: str, content: bytes, on_brink: Callable[[], None]) -> None:
        """Hand one mail over. `on_brink` is called once all but the final dot is transmitted.

        Until then the server cannot have accepted it, and a failure leaves nothing to doubt.
        Raises Refus or Coupure.
        """
        brink = False
        try:
            self._expect(self._smtp.mail(sender))
            self._expect(self._smtp.rcpt(to))
            self._smtp.putcmd("data")
            self._expect(self._smtp.getreply(), 354)
            body = content if content.endswith(b"\r\n") else content + b"\r\n"
            self._smtp.send(_DOT.sub(b"..", body))
            assert self._smtp.sock is not None
            self._smtp.sock.settimeout(PATIENCE_FINALE)
            on_brink()
            brink = True
            self._smtp.send(b".\r\n")
            self._expect(self._smtp.getreply())
            self._smtp.sock.settimeout(PATIENCE)
        except OSError as error:
            self.drop()
            raise Coupure(incertain=brink) from error
        except (Refus, Coupure):
            raise
        except BaseException:
            # Without its final dot, what was transmitted is nothing.
            self.drop()
            raise

    def _expect(self, answer: tuple[int, bytes], wanted: int | None = None) -> None:
        code, said = answer
        if code == wanted or (wanted is None and 200 <= code < 300):
            return
        text = " ".join(said.decode("utf-8", "replace").split())
        if code == 421:
            # « Service not available, closing »: about the connection, not about this mail.
            self.drop()
            raise Coupure
        try:
            self._smtp.rset()
        except OSError:
            self.drop()
        raise Refus(code, text)

    @property
    def ouverte(self) -> bool:
        return self._smtp.sock is not None

    def drop(self) -> None:
        self._smtp.close()

    def leave(self) -> None:
        """The polite end."""
        try:
            if self.ouverte:
                self._smtp.quit()
        except OSError:
            self.drop()


def _open(compte: Compte) -> smtplib.SMTP:
    """Connected and encrypted; a certificate that does not hold stops everything."""
    verified = ssl.create_default_context()
    smtp: smtplib.SMTP | None = None
    try:
        if compte.fournisseur.securite == "tls":
            smtp = smtplib.SMTP_SSL(
                compte.serveur, compte.port, _OWN_NAME, timeout=PATIENCE, context=verified
            )
        else:
            smtp = smtplib.SMTP(compte.serveur, compte.port, _OWN_NAME, timeout=PATIENCE)
            smtp.starttls(context=verified)
        smtp.ehlo_or_helo_if_needed()
    except OSError as error:  # smtplib's and ssl's own exceptions are OSErrors
        if smtp is not None:
            smtp.close()
        _explain(compte, error)
        raise Coupure from error
    return smtp


def _explain(compte: Compte, error: OSError) -> None:
    """Raise Empechement for what another try would not change."""
    match error:
        case ssl.SSLCertVerificationError():
            raise Empechement(
                f"Le certificat de {compte.serveur} n'est pas valable ({error.verify_message}) : "
                f"rien ne lui a été confié. Vérifiez le nom du serveur."
            ) from error
        case ssl.SSLError():
            raise Empechement(
                f"{compte.serveur} ne parle pas TLS sur le port {compte.port} : rien ne lui a été "
                f"confié. Vérifiez le port ; 465 veut « tls », 587 veut « starttls »."
            ) from error
        case smtplib.SMTPNotSupportedError():
            raise Empechement(
                f"{compte.serveur} ne propose pas de chiffrer la connexion : rien ne lui a été "
                f"confié. Vérifiez le port."
            ) from error
        case socket.gaierror():
            raise Empechement(
                f"Le serveur {compte.serveur} est introuvable : rien n'a été envoyé. Vérifiez son "
                f"nom, et la connexion à Internet."
            ) from error
