"""jury demo: a fictional session from end to end."""

from datetime import datetime
from pathlib import Path

import click

from batch.cli import parole
from batch.cli import traiter as commande_traiter
from batch.folder import Folder
from batch.francais import compte


@click.command()
@click.argument("dossier", type=parole.DOSSIER, required=False, metavar="[DOSSIER]")
@click.option(
    "--certification",
    default="cqp-rpo",
    show_default=True,
    metavar="ID",
    help="La certification de la session d'exemple.",
)
def demo(dossier: Path | None, certification: str) -> None:
    """Déroule une session fictive de bout en bout, dans un dossier.

    Grilles, évaluations, délibération, procès-verbal, lettres, archive. Personne n'y existe,
    rien n'est envoyé, rien n'est à configurer.
    """
    from batch import demonstration
    from batch.chaine.archive import seal

    with parole.speaking_plainly():
        story = demonstration.scenario(certification)
        root = dossier or demonstration.free_folder(Path(f"session-demo-{certification}"))
        folder = Folder(root)
        result = None
        for step in demonstration.play(folder, story, datetime.now().astimezone()):
            if isinstance(step, demonstration.Etape):
                parole.say(f"{step.titre:<13} {step.detail}.")
            else:
                result = step
        assert result is not None, "a story always ends with the final batch"
        click.echo()
        commande_traiter.tell(result)
        sealed = seal(folder, datetime.now().astimezone())
        pieces = compte(len(sealed.manifeste.pieces), "pièce")
        parole.say(f"Archive scellée : {pieces}, dans {sealed.chemin}.")
        click.echo()
        parole.say("À ouvrir d’abord :")
        for name in (
            "documents/proces-verbal.docx",
            "documents/lettres/",
            "deliberation.xlsx",
            "controle/rapport.xlsx",
            "resultats.xlsx",
        ):
            parole.say(f"{root / name}", 2)
