"""What the usual providers accept from one mailbox: how often, how much, through which door.

A provider that is not here is asked for by its server's name; it is written to at a pace that all
of these accept. A server that announces a lower size (RFC 1870) is believed.
"""

from dataclasses import dataclass
from typing import Literal

from batch.anomalies import MauvaisUsage, suggestion
from batch.francais import enumeration, proche

Securite = Literal["starttls", "tls"]

MO = 1024 * 1024
# Many mailboxes take no more than this, whatever the sender's own server accepts.
TAILLE_MAX = 25 * MO


@dataclass(frozen=True, slots=True)
class Fournisseur:
    nom: str
    serveur: str | None
    port: int
    securite: Securite
    par_minute: int
    par_heure: int | None = None
    par_jour: int | None = None
    taille_max: int = TAILLE_MAX  # of the whole message, encoded
    source: str = ""


FOURNISSEURS = {
    "office365": Fournisseur(
        "Microsoft 365", "smtp.office365.com", 587, "starttls", par_minute=30, par_jour=10_000,
        source="learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
    ),
    "gmail": Fournisseur(
        "Gmail", "smtp.gmail.com", 587, "starttls", par_minute=30, par_jour=500,
        source="support.google.com/mail/answer/22839",
    ),
    "google-workspace": Fournisseur(
        "Google Workspace", "smtp.gmail.com", 587, "starttls", par_minute=30, par_jour=2000,
        source="support.google.com/a/answer/166852",
    ),
    "ovh": Fournisseur(
        "OVHcloud", "ssl0.ovh.net", 465, "tls", par_minute=30, par_heure=200,
        source="ses serveurs répondent « limit of 200 messages » passé ce nombre en une heure",
    ),
    "autre": Fournisseur("votre serveur", None, 587, "starttls", par_minute=30),
}  # fmt: skip


def named(nom: str) -> Fournisseur:
    if nom not in FOURNISSEURS:
        near = suggestion(proche(nom, list(FOURNISSEURS)))
        raise MauvaisUsage(
            f"Le fournisseur « {nom} » est inconnu{near}. Connus : {enumeration(FOURNISSEURS)}."
        )
    return FOURNISSEURS[nom]
