"""jury surveiller: a receipt for each grid, as it comes."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.cli.etat import look, publish
from batch.empechement import Empechement
from batch.folder import Folder, open_folder
from batch.francais import compte

if TYPE_CHECKING:
    from batch.chaine import Controle
    from batch.chaine.surveillance import Recu


@click.command()
@parole.dossier_argument
@click.option(
    "--sonder",
    is_flag=True,
    help="Regarde le dossier sans cesse, au lieu d’attendre que le système le signale : pour un "
    "lecteur réseau.",
)
def surveiller(dossier: Path, sonder: bool) -> None:
    """Contrôle chaque grille dès qu’elle arrive.

    Tout fichier déposé dans retours/ a son reçu, aussitôt affiché. Les reçus s’ajoutent aussi à
    controle/recus.txt ; le rapport, les corrections et etat.html sont refaits chaque fois.
    Ctrl+C arrête.
    """
    from batch.chaine import surveillance

    with parole.speaking_plainly():
        folder = open_folder(dossier)
        try:
            for recu in surveillance.watch(folder, _now, sonder=sonder, ready=_tell_first):
                _tell(recu)
                _refresh(folder)
        except KeyboardInterrupt:
            parole.say()
            parole.say("La surveillance est arrêtée. Tout ce qui a été reçu est contrôlé.")


def _tell_first(controle: "Controle") -> None:
    _refresh(controle.contexte.folder)
    files = compte(len(controle.bilan.fichiers), "fichier")
    parole.say(f"Déjà dans retours/ : {files}, {parole.count(controle.anomalies)}.")
    parole.say("La surveillance commence : déposez les grilles dans retours/. Ctrl+C arrête.")


def _tell(recu: "Recu") -> None:
    mark = "✘" if recu.bloquant else "✔"
    parole.say(f"{recu.quand:%H:%M:%S}  {mark} {recu.nom}")
    parole.say(recu.phrase, 10)


def _refresh(folder: Folder) -> None:
    """The page; what keeps it from being made does not stop the watch."""
    try:
        publish(look(folder, _now()))
    except Empechement as trouble:
        parole.say(str(trouble), 10, err=True)


def _now() -> datetime:
    return datetime.now().astimezone()
