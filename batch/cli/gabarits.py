"""jury gabarits: the house's own Word templates, handed out and checked."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.francais import compte, enumeration

if TYPE_CHECKING:
    from batch.ordre import Pli


@click.group(subcommand_metavar="COMMANDE [ARGUMENTS]…")
def gabarits() -> None:
    """Vos propres gabarits Word : partir des nôtres, vérifier les vôtres."""


@gabarits.command()
@parole.dossier_argument
@parole.format_option
def exporter(dossier: Path, forme: str) -> None:
    """Copie nos gabarits dans DOSSIER, avec la liste de leurs champs.

    Dans un dossier de session, ils vont dans gabarits/, où ils l'emportent sur les nôtres. Un
    gabarit déjà présent n'est jamais remplacé.
    """
    from batch.chaine import gabarits as chaine
    from batch.documents.gabarits.sortes import SORTES

    with parole.speaking_plainly():
        done = chaine.export(dossier)
        if forme == "json":
            parole.print_json(
                {"dossier": str(done.dossier), "ecrits": done.ecrits, "laisses": done.laisses}
            )
            return
        if done.ecrits:
            parole.say(f"Écrits dans {done.dossier} :")
        for nom in done.ecrits:
            said = SORTES.get(nom)
            what = f"{said.document}, {said.quand}" if said else "tous les champs, et un exemple"
            parole.say(f"{nom} : {what}.", 2)
        if done.laisses:
            left = compte(
                len(done.laisses), "fichier déjà présent laissé", "fichiers déjà présents laissés"
            )
            parole.say(f"{left} : {enumeration(done.laisses)}.")
        parole.say()
        parole.say(
            f"Changez dans Word ce que vous voulez changer, supprimez les autres, puis lancez "
            f"« jury gabarits verifier {done.dossier} »."
        )


@gabarits.command()
@click.argument(
    "chemin", type=click.Path(exists=True, path_type=Path), metavar="DOSSIER|FICHIER.docx"
)
@click.option(
    "--essai",
    type=parole.DOSSIER,
    metavar="DOSSIER",
    help="Garde les documents de l'essai dans ce dossier.",
)
@parole.format_option
def verifier(chemin: Path, essai: Path | None, forme: str) -> None:
    """Dit tout ce qui ne va pas dans vos gabarits, puis les essaie.

    L'essai fait chaque document pour quatre candidats fictifs : une réussite, une validation
    partielle, une absence, un nom de soixante caractères.
    """
    from batch.chaine import gabarits as chaine
    from batch.ordre import fold

    with parole.speaking_plainly():
        done = chaine.verify(chemin, essai)
        if forme == "json":
            parole.print_json(
                {
                    "verifies": done.verifies,
                    "essais": done.essais,
                    "anomalies": [anomalie.as_json() for anomalie in done.anomalies],
                }
            )
        else:
            read = compte(len(done.verifies), "gabarit vérifié", "gabarits vérifiés")
            parole.say(f"{read} : {parole.count(done.anomalies)}.")
            for pli in fold(done.anomalies):
                parole.say()
                _tell(pli)
            if done.essais:
                parole.say()
                tried = compte(len(done.essais), "document d’essai fait", "documents d’essai faits")
                where = f", dans {essai}" if essai else ""
                parole.say(f"{tried} sans faute{where}.")
        parole.leave(done.anomalies)


def _tell(pli: "Pli") -> None:
    """All of them: whoever mends a template wants the whole list before opening Word again."""
    anomalie = pli.anomalie
    parole.say(f"{anomalie.code.numero}  {anomalie.gravite.mot}  {pli.lieu}")
    parole.say(anomalie.message, 9)
    parole.say(f"À faire : {anomalie.remede}", 9)
