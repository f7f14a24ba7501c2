"""Where mails are handed over: from options, the environment, then the user's own file.

That file is the user's, not the session's: a session is archived, copied, sent on. It never holds
the password, nor does any other.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from batch.anomalies import Empechement, MauvaisUsage
from batch.courriels import fournisseurs, gardes
from batch.courriels.serveur import Compte
from batch.francais import enumeration

REGLAGES = ("fournisseur", "serveur", "port", "securite", "utilisateur", "expediteur")
VARIABLE = "JURY_SMTP_MOT_DE_PASSE"


def read(path: Path) -> dict[str, Any]:
    """The user's file, if he has one. Raises MauvaisUsage for what does not belong there."""
    if not path.is_file():
        return {}
    try:
        known = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Empechement(
            f"{path} n'est pas lisible ({error}). Corrigez-le : un réglage par ligne, par exemple "
            f'fournisseur = "ovh".'
        ) from error
    if any("passe" in key or "password" in key for key in known):
        raise MauvaisUsage(
            f"{path} contient un mot de passe : retirez-le. Il se donne par la variable "
            f"d'environnement {VARIABLE}, ou se tape quand le programme le demande."
        )
    if unknown := sorted(known.keys() - set(REGLAGES)):
        raise MauvaisUsage(
            f"{path} : {enumeration(unknown)} n'est pas un réglage. Connus : "
            f"{enumeration(REGLAGES)}."
        )
    return known


def compte(donnes: Mapping[str, Any], contact: str) -> Compte:
    """The account that these settings describe, without its password. `contact`: the session's."""
    known = {key: value for key, value in donnes.items() if value is not None}
    fournisseur = fournisseurs.named(str(known.get("fournisseur", "autre")))
    serveur = known.get("serveur") or fournisseur.serveur
    if not serveur:
        raise MauvaisUsage(
            "Dites par quel serveur envoyer : --fournisseur "
            f"({enumeration(fournisseurs.FOURNISSEURS, 'ou')}), ou --serveur et --port."
        )
    if known.get("securite", fournisseur.securite) not in ("starttls", "tls"):
        raise MauvaisUsage("« securite » vaut « starttls » ou « tls ».")
    port = known.get("port", fournisseur.port)
    if not isinstance(port, int) or not 0 < port < 65536:
        raise MauvaisUsage("« port » est un nombre, par exemple 587.")
    if "securite" not in known and port == 465:
        known["securite"] = "tls"
    fournisseur = replace(fournisseur, securite=known.get("securite", fournisseur.securite))
    utilisateur = known.get("utilisateur")
    sender = known.get("expediteur") or (
        utilisateur if utilisateur and "@" in utilisateur else contact
    )
    address = gardes.usable(sender)
    if address is None:
        raise MauvaisUsage(f"« {sender} » n'est pas une adresse d'expéditeur valide.")
    return Compte(fournisseur, str(serveur), port, utilisateur, address)
