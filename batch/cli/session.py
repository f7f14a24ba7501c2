"""jury session: a new session folder."""

from datetime import datetime
from pathlib import Path

import click

from batch.cli import parole
from batch.folder import Folder


@click.command()
@click.argument("dossier", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER")
@click.option(
    "--referentiel",
    "designation",
    required=True,
    metavar="ID|FICHIER",
    help="Un référentiel connu, ou le vôtre (YAML, ou classeur rempli).",
)
@click.option(
    "--reglement",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FICHIER",
    help="Votre règlement ; sinon, un exemple à remplacer.",
)
def session(dossier: Path, designation: str, reglement: Path | None) -> None:
    """Crée un dossier de session : session.xlsx à remplir, reglement.yaml à relire."""
    from batch import chaine
    from batch.referentiel import echange
    from batch.reglement import depart, lecture

    with parole.speaking_plainly():
        one = echange.load(designation)
        if reglement is not None:
            _, faults = lecture.read(reglement, one)
            parole.tell(faults)
            parole.leave(faults)
        text = reglement.read_text("utf-8-sig") if reglement else depart.starting_text(one)
        chaine.create(Folder(dossier), one, text, datetime.now().astimezone())
        parole.say(f"Session créée dans {dossier}.")
        parole.say("1. Remplissez session.xlsx (les cellules obligatoires sont marquées *).", 2)
        if reglement is None:
            advice = "2. Remplacez reglement.yaml, qui n’est qu’un exemple, par votre règlement."
            parole.say(advice, 2)
        parole.say(f"{3 if reglement is None else 2}. Lancez : jury grilles {dossier}", 2)
