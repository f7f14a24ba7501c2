"""jury courriels: drafts to read over, then, asked for twice, the mails themselves."""

import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batch.cli import parole
from batch.cli.parole import Commande
from batch.empechement import Empechement, MauvaisUsage
from batch.folder import Folder, open_folder
from batch.francais import compte, typographie

if TYPE_CHECKING:
    from batch.chaine.courriels import Plan, Preparation
    from batch.courriels.envoi import Resultat
    from batch.courriels.serveur import Compte

_AIDE = """Prépare les messages, puis les envoie si vous le demandez deux fois.

« preparer » écrit des brouillons dans courriels/ : ils s’ouvrent dans Outlook, Thunderbird et Mail,
et vous pouvez les envoyer de là. « envoyer » les remet à votre serveur ; rien ne part deux fois.
"""


@click.group(help=typographie(_AIDE), subcommand_metavar="COMMANDE [ARGUMENTS]…")
def courriels() -> None:
    pass


def _genre(*, relances: bool = True, requis: bool = False) -> Callable[[Commande], Commande]:
    """Which messages: the grids, unless one must say."""
    genres = ["grilles", "resultats", *(["relances"] if relances else [])]
    said = "|".join(genres)
    if requis:
        return click.argument("genre", type=click.Choice(genres), metavar=said)
    return click.argument(
        "genre", type=click.Choice(genres), default="grilles", metavar=f"[{said}]"
    )


partagees_option = click.option(
    "--adresses-partagees",
    "partagees",
    is_flag=True,
    help="Admet que des personnes différentes aient la même adresse.",
)


@courriels.command()
@parole.dossier_argument
@_genre(relances=False)
@partagees_option
@parole.format_option
def preparer(dossier: Path, genre: str, partagees: bool, forme: str) -> None:
    """Écrit un brouillon par personne dans courriels/, avec ses pièces jointes.

    Les lettres de résultat ne se préparent qu’une fois les résultats définitifs.
    """
    from batch.chaine import courriels as chaine
    from batch.courriels.modele import Genre

    with parole.speaking_plainly():
        now = datetime.now().astimezone()
        folder = open_folder(dossier)
        result = chaine.prepare(folder, Genre(genre), now, partagees=partagees)
        if forme == "json":
            parole.print_json(preparation_as_json(result))
        else:
            tell_preparation(result, f"courriels/{genre}")
            if result.ecrits or result.inchanges:
                click.echo()
                parole.say(
                    f"Relisez-les, puis envoyez-les depuis votre messagerie, ou lancez : "
                    f"jury courriels envoyer {dossier} {genre}"
                )
                parole.say(
                    f"Ce que vous aurez envoyé vous-même, inscrivez-le : "
                    f'jury courriels constater {dossier} {genre} ID… --motif "…"'
                )
        parole.leave(result.anomalies)


def tell_preparation(result: "Preparation", ou: str) -> None:
    parole.say(
        f"{compte(len(result.ecrits), 'brouillon écrit', 'brouillons écrits')}, "
        f"{compte(len(result.inchanges), 'inchangé', 'inchangés')}, dans {ou}."
    )
    if result.partis:
        parole.say(f"Déjà envoyé, ou peut-être : {compte(len(result.partis), 'message')}.")
    for name in result.retires:
        parole.say(f"retiré, il n’a plus lieu d’être : {name}", 2)
    parole.tell(result.anomalies)


def preparation_as_json(result: "Preparation") -> dict[str, Any]:
    return {
        "ecrits": result.ecrits,
        "inchanges": result.inchanges,
        "retires": result.retires,
        "deja_envoyes": [courriel.personne.id for courriel in result.partis],
        "anomalies": [anomalie.as_json() for anomalie in result.anomalies],
    }


def _compte_options(commande: Commande) -> Commande:
    """The account; each option also has its environment variable."""
    for name, metavar, help_text in (
        ("expediteur", "ADRESSE", "L’adresse d’où partent les messages."),
        ("utilisateur", "NOM", "Le nom du compte, souvent son adresse."),
        ("securite", "starttls|tls", "Comment la connexion est chiffrée ; elle l’est toujours."),
        ("port", "NOMBRE", "Le port du serveur."),
        ("serveur", "NOM", "Le serveur d’envoi (SMTP), s’il n’est pas celui du fournisseur."),
        ("fournisseur", "NOM", "office365, gmail, google-workspace, ovh ou autre."),
    ):
        commande = click.option(
            f"--{name}",
            metavar=metavar,
            help=help_text,
            type=int if name == "port" else str,
            envvar=f"JURY_SMTP_{name.upper()}",
        )(commande)
    return commande


@courriels.command()
@parole.dossier_argument
@_genre()
@click.option("--envoyer", "vraiment", is_flag=True, help="Envoie, après une confirmation.")
@click.option(
    "--tout-a",
    "repetition",
    metavar="ADRESSE",
    help="Répétition : tout arrive à cette adresse, et personne n’est compté comme servi.",
)
@click.option(
    "--limite",
    type=click.IntRange(min=1),
    metavar="N",
    help="N’envoie que les N premiers ; commencez par 1.",
)
@click.option(
    "--renvoyer",
    multiple=True,
    metavar="ID",
    help="Envoie de nouveau à cette personne ce qui est déjà parti, ou peut-être parti.",
)
@click.option("--motif", metavar="TEXTE", help="Pourquoi renvoyer ; inscrit au registre.")
@partagees_option
@_compte_options
@parole.format_option
def envoyer(
    dossier: Path,
    genre: str,
    vraiment: bool,
    repetition: str | None,
    limite: int | None,
    renvoyer: tuple[str, ...],
    motif: str | None,
    partagees: bool,
    forme: str,
    **reglages: Any,
) -> None:
    """Dit ce qui serait envoyé ; l’envoie avec --envoyer, après une confirmation.

    Le mot de passe se lit dans JURY_SMTP_MOT_DE_PASSE, ou se tape. Les autres réglages peuvent
    s’écrire une fois pour toutes dans courriels.toml, dans vos réglages personnels : ni lui ni le
    dossier de la session ne contiennent jamais le mot de passe.
    """
    from batch.chaine import courriels as chaine
    from batch.courriels import fournisseurs
    from batch.courriels import reglages as comptes
    from batch.courriels.modele import Genre

    with parole.speaking_plainly():
        if bool(renvoyer) != bool(motif and motif.strip()):
            raise MauvaisUsage("--renvoyer et --motif vont ensemble : dites à qui, et pourquoi.")
        if vraiment and forme == "json":
            raise MauvaisUsage("--envoyer demande une confirmation : il ne va pas avec le JSON.")
        folder = open_folder(dossier)
        given = {**comptes.read(_user_file()), **{k: v for k, v in reglages.items() if v}}
        fournisseur = fournisseurs.named(given.get("fournisseur", "autre"))
        now = datetime.now().astimezone()
        result = chaine.plan(
            folder, Genre(genre), fournisseur, now, partagees=partagees, renvoyer=renvoyer
        )
        chosen = result.a_envoyer[:limite]
        if forme == "json":
            parole.print_json(_plan_as_json(result))
            parole.leave(result.anomalies)
            return
        _tell_plan(result, len(chosen), repetition)
        if result.arrete or not chosen:
            parole.leave(result.anomalies)
            return
        if not vraiment:
            click.echo()
            parole.say(
                "Rien n’a été envoyé. Pour envoyer, ajoutez --envoyer ; d’abord pour vous seul, "
                "avec --tout-a votre adresse, ou pour une seule personne, avec --limite 1."
            )
            parole.leave(result.anomalies)
            return
        account = comptes.compte(given, chosen[0].contact)
        _send(folder, result, chosen, account, _checked(repetition), motif)


@courriels.command()
@parole.dossier_argument
@_genre(requis=True)
@click.argument("personnes", nargs=-1, required=True, metavar="ID…")
@click.option("--motif", required=True, metavar="TEXTE", help="D’où vous le savez.")
def constater(dossier: Path, genre: str, personnes: tuple[str, ...], motif: str) -> None:
    """Inscrit au registre que ces personnes ont leur message : rien ne leur repartira.

    Pour un envoi incertain qui est arrivé, un brouillon envoyé depuis votre messagerie, ou, à qui
    n'a pas d'adresse électronique, un pli posté ou remis en main propre.
    """
    from batch.chaine import courriels as chaine
    from batch.courriels.modele import Genre

    with parole.speaking_plainly():
        if not motif.strip():
            raise MauvaisUsage("Dites dans --motif d'où vous savez que le message est arrivé.")
        now = datetime.now().astimezone()
        folder = open_folder(dossier)
        count = chaine.acknowledge(folder, Genre(genre), personnes, motif.strip(), now)
        said = compte(count, "message inscrit comme reçu", "messages inscrits comme reçus")
        parole.say(f"{said}.")


def _send(
    folder: Folder,
    plan: "Plan",
    chosen: Sequence[Any],
    account: "Compte",
    repetition: str | None,
    motif: str | None,
) -> None:
    from batch.chaine import courriels as chaine

    _confirm(len(chosen), repetition)
    account = replace(account, mot_de_passe=_password(account))
    clock = _Horloge()
    sent = chaine.send(
        folder,
        chosen,
        account,
        clock,
        repetition=repetition,
        motif=motif,
        dire=lambda texte: parole.say(typographie(texte), 2),
    )
    faults = chaine.outcome_anomalies(folder, sent, clock.now())
    click.echo()
    _tell_result(sent, repetition)
    parole.tell(faults)
    if sent.arret:
        raise Empechement(sent.arret)
    parole.leave([*plan.anomalies, *faults])


def _tell_plan(plan: "Plan", chosen: int, repetition: str | None) -> None:
    if plan.partis:
        parole.say(f"{compte(len(plan.partis), 'message déjà envoyé', 'messages déjà envoyés')}.")
    verb = "Ne serait envoyé aucun message." if not chosen or plan.arrete else ""
    if verb:
        parole.say(verb)
    else:
        whom = f" à {repetition}, en répétition" if repetition else ""
        parole.say(
            f"{compte(chosen, 'message serait envoyé', 'messages seraient envoyés')}{whom} :"
        )
        for courriel in plan.a_envoyer[:chosen]:
            size = -(-plan.tailles[courriel.personne.id] // 1024)
            pieces = ", ".join(piece.nom for piece in courriel.pieces)
            parole.say(f"{courriel.personne}, {courriel.personne.adresse}", 2)
            parole.say(f"« {courriel.objet} » ; {pieces or 'sans pièce jointe'} ; {size} Ko", 4)
    parole.tell(plan.anomalies)


def _tell_result(sent: "Resultat", repetition: str | None) -> None:
    words = [compte(len(sent.envoyes), "message envoyé", "messages envoyés")]
    for count, one, several in (
        (len(sent.refuses), "refusé", "refusés"),
        (len(sent.differes), "différé", "différés"),
        (len(sent.incertains), "incertain", "incertains"),
        (len(sent.restants), "pas essayé", "pas essayés"),
    ):
        if count:
            words.append(compte(count, one, several))
    whom = f" à {repetition}, en répétition : personne d’autre n’a rien reçu" if repetition else ""
    parole.say(f"{', '.join(words)}{whom}.")


def _plan_as_json(plan: "Plan") -> dict[str, Any]:
    from batch.anomalies import Code

    return {
        "serait_envoye": [
            {
                "personne": courriel.personne.id,
                "adresse": courriel.personne.adresse,
                "objet": courriel.objet,
                "pieces": [piece.nom for piece in courriel.pieces],
                "octets": plan.tailles[courriel.personne.id],
            }
            for courriel in ([] if plan.arrete else plan.a_envoyer)
        ],
        "deja_envoyes": [courriel.personne.id for courriel, _ in plan.partis],
        "incertains": [
            one.message for one in plan.anomalies if one.code is Code.ENVOI_INCERTAIN
        ],
        "anomalies": [anomalie.as_json() for anomalie in plan.anomalies],
    }  # fmt: skip


def _confirm(count: int, repetition: str | None) -> None:
    """Typing the number is the second time of asking."""
    click.echo()
    what = "de répétition " if repetition else ""
    typed = click.prompt(
        f"Pour envoyer, tapez le nombre de messages {what}({count})", default="", show_default=False
    )
    if typed.strip() != str(count):
        raise Empechement(f"Vous avez tapé « {typed} » et non {count} : rien n'a été envoyé.")


def _password(account: "Compte") -> str | None:
    from batch.courriels.reglages import VARIABLE

    if account.utilisateur is None:
        return None
    known = os.environ.get(VARIABLE)
    if known:
        return known
    if not sys.stdin.isatty():
        raise MauvaisUsage(
            f"Donnez le mot de passe de {account.utilisateur} par la variable d'environnement "
            f"{VARIABLE}."
        )
    typed: str = click.prompt(f"Mot de passe de {account.utilisateur}", hide_input=True)
    return typed


def _checked(repetition: str | None) -> str | None:
    from batch.courriels.gardes import usable

    if repetition is None:
        return None
    address = usable(repetition)
    if address is None:
        raise MauvaisUsage(f"« {repetition} » n'est pas une adresse électronique valide.")
    return address


def _user_file() -> Path:
    return Path(click.get_app_dir("jury")) / "courriels.toml"


class _Horloge:
    def now(self) -> datetime:
        return datetime.now().astimezone()

    def sleep(self, secondes: int) -> None:
        time.sleep(secondes)
