"""jury session: a new session folder."""

from datetime import datetime
from pathlib import Path

import click

from batch.cli import parole
from batch.folder import Folder


@click.command()
@click.argument("dossier", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER")
@click.option("--referentiel", "identifiant", required=True, metavar="ID", help="Le référentiel.")
def session(dossier: Path, identifiant: str) -> None:
    """Crée un dossier de session : session.xlsx à remplir, reglement.yaml à relire."""
    from batch import chaine
    from batch.referentiel import lecture
    from batch.reglement.lecture import example_for

    with parole.speaking_plainly():
        one = lecture.load(identifiant)
        text = example_for(one).read_bytes()
        chaine.create(Folder(dossier), one, text, datetime.now().astimezone())
        parole.say(f"Session créée dans {dossier}.")
        parole.say("1. Remplissez session.xlsx (les cellules obligatoires sont marquées *).", 2)
        parole.say("2. Remplacez reglement.yaml, qui n’est qu’un exemple, par votre règlement.", 2)
        parole.say(f"3. Lancez : jury grilles {dossier}", 2)
