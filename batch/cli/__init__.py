"""The command line: it parses, makes one call, speaks, and exits. Nothing else prints."""

import gettext
import importlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch import __version__, demarrage
from batch.cli import console

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# What each command does, in the words that open its own help, known without importing it: `jury
# --help` answers at once, and pandas, pandera or docxtpl are loaded by the one command that needs
# them.
COMMANDES = {
    "demo": ("batch.cli.demo", "Déroule une session fictive de bout en bout, dans un dossier."),
    "referentiel": (
        "batch.cli.referentiel",
        "Liste, montre et vérifie les référentiels ; importe le vôtre.",
    ),
    "session": ("batch.cli.session", "Crée un dossier de session, à remplir dans Excel."),
    "grilles": ("batch.cli.grilles", "Fait les grilles Excel à envoyer aux évaluateurs."),
    "convocations": (
        "batch.cli.convocations",
        "Fait les convocations et les feuilles d’émargement.",
    ),
    "courriels": (
        "batch.cli.courriels",
        "Prépare les messages, puis les envoie si vous le demandez deux fois.",
    ),
    "etat": ("batch.cli.etat", "Dit où en est la session, et la prochaine commande."),
    "surveiller": ("batch.cli.surveiller", "Contrôle chaque grille dès qu’elle arrive."),
    "controle": ("batch.cli.controle", "Lit et vérifie les grilles revenues."),
    "relancer": ("batch.cli.relancer", "Dit qui n’a pas rendu sa grille ; prépare les rappels."),
    "gabarits": (
        "batch.cli.gabarits",
        "Vos propres gabarits Word : partir des nôtres, vérifier les vôtres.",
    ),
    "traiter": ("batch.cli.traiter", "Contrôle, calcule, et fait tous les documents."),
    "registre": ("batch.cli.registre", "Le registre de la maison : certifiés et certificats."),
    "exporter": ("batch.cli.exporter", "Fait des tables à plat, déclare les certifiés (CPF)."),
    "expliquer": ("batch.cli.expliquer", "Explique un résultat, de la cellule à la décision."),
    "simuler": ("batch.cli.simuler", "Change un seuil sans rien écrire, et dit qui bascule."),
    "archive": (
        "batch.cli.archive",
        "Scelle une session terminée, et prouve ensuite ce qu’elle contient.",
    ),
    "accepter": ("batch.cli.accepter", "Accepte une anomalie à vérifier, avec un motif."),
    "anomalie": (
        "batch.cli.anomalie",
        "Explique une anomalie par son code ; sans code, les liste toutes.",
    ),
}


class _Commandes(click.Group):
    """A group that imports a command when it runs it, and not before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDES:
            return None
        command = getattr(importlib.import_module(COMMANDES[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        known = [
            CompletionItem(name, help=help_text)
            for name, (_, help_text) in COMMANDES.items()
            if name.startswith(incomplete)
        ]
        # The group's own completion imports every command for its help.
        return known + super(click.Group, self).shell_complete(ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commandes, dans l’ordre du travail"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in COMMANDES.items()])


@click.group(
    cls=_Commandes,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96},
    subcommand_metavar="COMMANDE [ARGUMENTS]…",
)
@click.version_option(
    __version__, prog_name="jury", message="jury %(version)s", help="Affiche la version."
)
def commandes() -> None:
    """Du référentiel d'une certification au procès-verbal signé, par des grilles Excel.

    Commencez par « jury demo » : une session fictive, de bout en bout, sans rien configurer.
    """


def main() -> None:
    """The entry point: French for click's own messages too, whatever the machine's language."""
    demarrage.begin()
    os.environ["LANGUAGE"] = "fr"
    gettext.bindtextdomain("messages", Path(__file__).parent / "locale")
    for stream in (sys.stdout, sys.stderr):
        console.make_safe(stream)
    commandes(prog_name="jury")
