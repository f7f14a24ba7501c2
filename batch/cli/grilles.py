"""jury grilles: the workbooks to send to the evaluators."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.folder import open_folder
from batch.francais import compte

if TYPE_CHECKING:
    from batch.chaine import Emission


@click.command()
@parole.dossier_argument
@parole.processus_option
@parole.format_option
def grilles(dossier: Path, processus: int | None, forme: str) -> None:
    """Fait les grilles Excel à envoyer aux évaluateurs.

    Un classeur par évaluateur et par épreuve. Une grille que quelqu'un a commencé à remplir
    n'est jamais remplacée.
    """
    from batch import chaine

    with parole.speaking_plainly():
        with parole.at_work(processus, forme) as allure:
            emission = chaine.issue_grids(open_folder(dossier), datetime.now().astimezone(), allure)
        if forme == "json":
            parole.print_json(
                {
                    "ecrites": emission.ecrites,
                    "inchangees": emission.inchangees,
                    "conservees": emission.conservees,
                    "anomalies": [anomalie.as_json() for anomalie in emission.anomalies],
                }
            )
        else:
            _tell(dossier, emission)
        parole.leave(emission.anomalies)


def _tell(dossier: Path, emission: "Emission") -> None:
    made, same, kept = emission.ecrites, emission.inchangees, emission.conservees
    parole.say(
        f"{compte(len(made), 'grille faite', 'grilles faites')}, "
        f"{compte(len(same), 'inchangée', 'inchangées')}, "
        f"{compte(len(kept), 'déjà remplie et conservée', 'déjà remplies et conservées')}, "
        f"dans {dossier / 'grilles'}."
    )
    for name in kept:
        parole.say(f"conservée : {name}", 2)
    parole.tell(emission.anomalies)
    click.echo()
    parole.say(
        f"Envoyez à chaque évaluateur ses classeurs (jury courriels preparer {dossier} fait les "
        f"brouillons), puis déposez ceux qui reviennent dans "
        f"{dossier / 'retours'} et lancez : jury traiter {dossier}"
    )
