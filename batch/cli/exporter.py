"""jury exporter: what others want of a session."""

from datetime import datetime
from pathlib import Path

import click

from batch.cli import parole
from batch.cli.registre import chosen
from batch.empechement import MauvaisUsage
from batch.folder import open_folder
from batch.francais import compte, date_longue, enumeration, nombre


@click.group(subcommand_metavar="COMMANDE [ARGUMENTS]…")
def exporter() -> None:
    """Fait des tables à plat, déclare les certifiés (CPF)."""


@exporter.command()
@parole.dossiers_argument
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(["xlsx", "csv", "json"]),
    metavar="xlsx|csv|json",
    help="Peut être donné plusieurs fois ; sinon, les trois.",
)
@click.option(
    "--sortie",
    type=parole.DOSSIER,
    metavar="DOSSIER",
    help="Où les mettre ; sinon, dans « exports » de la session.",
)
@click.option("--anonyme", is_flag=True, help="Sans nom, naissance, courriel ni texte libre.")
def plats(
    dossiers: tuple[Path, ...], formats: tuple[str, ...], sortie: Path | None, *, anonyme: bool
) -> None:
    """Fait des tables à plat : candidats, blocs, décisions, résultats, appréciations.

    Un classeur, un fichier CSV par table, un JSON : les mêmes lignes, et un dictionnaire qui
    explique chaque colonne. Une session qui n'est qu'un projet le dit sur chaque ligne ; ce qui
    manque reste vide.
    """
    from batch.chaine import plats as chaine

    with parole.speaking_plainly():
        if sortie is None and len(dossiers) > 1:
            raise MauvaisUsage("Plusieurs sessions : dites où mettre leurs tables, avec --sortie.")
        folders = [open_folder(dossier) for dossier in dossiers]
        place = sortie or folders[0].exports
        result = chaine.export(
            folders,
            place,
            datetime.now().astimezone(),
            formats=formats or chaine.FORMATS,
            anonyme=anonyme,
        )
        counts = enumeration(
            f"{plat.table.feuille.lower()} ({nombre(len(plat.lignes))})" for plat in result.plats
        )
        parole.say(f"Lignes : {counts}.")
        if result.projets:
            parole.say(
                f"PROJET : le procès-verbal n’est pas établi ({enumeration(result.projets)}). Rien "
                f"n’y est acquis."
            )
        if result.manquantes:
            missing = compte(result.manquantes, "appréciation manque", "appréciations manquent")
            parole.say(f"{missing} : leur case est vide, jamais zéro.")
        written = compte(len(result.ecrits), "fichier écrit", "fichiers écrits")
        parole.say(f"{written} sur {len(result.fichiers)}, dans {place}.")
        if not anonyme:
            parole.say("Ils contiennent des données personnelles ; --anonyme les laisse de côté.")


@exporter.command("cpf")
@parole.dossiers_argument
@parole.registre_option
@click.option(
    "--sortie",
    type=parole.DOSSIER,
    metavar="DOSSIER",
    help="Où mettre le fichier XML ; sinon, dans « cpf », à côté du registre.",
)
@click.option("--id-client", default="", metavar="ID", help="Votre identifiant, 8 caractères.")
@click.option("--id-contrat", default="", metavar="ID", help="Celui de votre contrat.")
@click.option(
    "--reprendre",
    is_flag=True,
    help="Déclare aussi ce qui attend encore son accusé : fichier perdu, ou jamais déposé.",
)
def declarer(
    dossiers: tuple[Path, ...],
    registre: Path | None,
    sortie: Path | None,
    id_client: str,
    id_contrat: str,
    *,
    reprendre: bool,
) -> None:
    """Fait le fichier XML des certifications complètes à déclarer.

    N'y sont que celles qui n'ont jamais été déclarées, et celles qui ont été rejetées. Les blocs
    obtenus sans la certification n'y ont pas de place : ils sont listés.
    """
    from batch.chaine import declaration as chaine

    with parole.speaking_plainly():
        now = datetime.now().astimezone()
        place = chosen(registre, dossiers[0])
        folders = [open_folder(dossier) for dossier in dossiers]
        result = chaine.declare(
            folders,
            place,
            sortie or place.parent / "cpf",
            now,
            id_client=id_client,
            id_contrat=id_contrat,
            reprendre=reprendre,
        )
        parole.say(
            f"{compte(result.declares, 'certification déclarée', 'certifications déclarées')}, "
            f"{compte(result.en_attente, 'accusé attendu', 'accusés attendus')}, "
            f"{compte(result.acceptes, 'acceptée', 'acceptées')}."
        )
        for path in result.fichiers:
            parole.say(f"À déposer sur le portail des certificateurs : {path}", 2)
        if result.limite:
            left = (result.limite - now.date()).days
            when = f"dans {compte(left, 'jour')}" if left >= 0 else "dépassée"
            parole.say(f"Date limite : {date_longue(result.limite)} ({when}).")
        for one in result.a_part:
            who = f"{one.candidat.nom_complet} ({one.candidat.id}, session {one.session})"
            parole.say(f"Hors du fichier : {who}, {enumeration(one.blocs)}.", 2)
        parole.tell(result.anomalies)
        parole.leave(result.anomalies)


@exporter.command("cpf-accuse")
@click.argument("fichier", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER")
@parole.registre_option
def accuser(fichier: Path, registre: Path | None) -> None:
    """Lit l'accusé de traitement : ce qui est accepté, ce qui est rejeté, et pourquoi."""
    from batch.chaine import declaration as chaine

    with parole.speaking_plainly():
        result = chaine.acknowledge(fichier, chosen(registre), datetime.now().astimezone())
        parole.say(
            f"{compte(result.acceptes, 'déclaration acceptée', 'déclarations acceptées')}, "
            f"{compte(result.rejetes, 'rejetée', 'rejetées')}."
        )
        if not result.nouvelles:
            parole.say("Cet accusé avait déjà été lu : rien n’a changé.")
        parole.tell(result.anomalies)
        parole.leave(result.anomalies)
