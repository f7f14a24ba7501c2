"""jury convocations: what goes out before the session."""

from datetime import datetime
from pathlib import Path

import click

from batch.cli import parole
from batch.folder import open_folder
from batch.francais import compte


@click.command()
@parole.dossier_argument
@parole.gabarits_option
@parole.format_option
def convocations(dossier: Path, forme: str, gabarits: Path | None) -> None:
    """Fait les convocations et les feuilles d’émargement.

    Pour les candidats et pour le jury. Dates, heures et lieux viennent de la feuille
    « Calendrier » de session.xlsx. Peut être relancé à tout moment.
    """
    from batch import chaine

    with parole.speaking_plainly():
        result = chaine.summon(open_folder(dossier, gabarits), datetime.now().astimezone())
        if forme == "json":
            parole.print_json(
                {
                    "ecrites": result.ecrites,
                    "anomalies": [anomalie.as_json() for anomalie in result.anomalies],
                }
            )
        else:
            made = compte(result.faites, "document fait", "documents faits")
            fresh = compte(len(result.ecrites), "nouveau ou changé", "nouveaux ou changés")
            parole.say(f"{made}, dont {fresh}, dans {dossier / 'documents'}.")
            parole.tell(result.anomalies)
            click.echo()
            parole.say("Envoyez les convocations, et imprimez emargement.docx pour chaque jour.")
        parole.leave(result.anomalies)
