"""jury traiter: the batch."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.cli.controle import totals
from batch.folder import open_folder
from batch.francais import compte
from batch.vocabulaire import EtatSession

if TYPE_CHECKING:
    from batch.chaine import Traitement


@click.command()
@click.argument("dossier", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER")
@parole.format_option
def traiter(dossier: Path, forme: str) -> None:
    """Contrôle les grilles, calcule, propose au jury, et fait les documents.

    Va aussi loin que la session le permet : des documents marqués PROJET tant que le jury n'a pas
    tout décidé, définitifs ensuite. Peut être relancé à tout moment.
    """
    from batch import chaine
    from batch.resultats import as_json

    with parole.speaking_plainly():
        result = chaine.treat(open_folder(dossier), datetime.now().astimezone())
        if forme == "json":
            parole.print_json(as_json(result.seance, result.anomalies))
        else:
            tell(result)
        parole.leave(result.anomalies)


def tell(result: "Traitement") -> None:
    from batch import chaine

    parole.say(f"Lu dans retours/ : {totals(result.controle.bilan)}.")
    parole.say(f"Contrôle : {parole.count(result.anomalies)}.")
    final = result.seance.etat is EtatSession.DEFINITIF
    parole.say("Résultats définitifs :" if final else "Résultats proposés :")
    for outcome, number in chaine.summary(result.seance):
        parole.say(f"{outcome.ton.symbole} {outcome.mot} : {number}", 2)
    parole.tell(result.anomalies, "controle/rapport.xlsx")
    click.echo()
    if result.ecrits:
        parole.say(f"{compte(len(result.ecrits), 'fichier écrit', 'fichiers écrits')}.")
    else:
        parole.say("Rien n’a changé depuis la dernière fois.")
    parole.say(f"Ensuite : {chaine.next_step(result.seance, result.anomalies)}")
