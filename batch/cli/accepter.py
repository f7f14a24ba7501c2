"""jury accepter: answer for a warning, with a reason, so that it is not shown again."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.empechement import MauvaisUsage
from batch.folder import open_folder
from batch.francais import compte

if TYPE_CHECKING:
    from batch.anomalies import Anomalie


@click.command()
@parole.dossier_argument
@click.argument("references", nargs=-1, metavar="[RÉFÉRENCE]…")
@click.option("--motif", default="", metavar="TEXTE", help="Pourquoi elle peut rester ainsi.")
@click.option("--retirer", is_flag=True, help="Revient sur une acceptation.")
@click.option("--liste", is_flag=True, help="Liste ce qui est à vérifier et ce qui est accepté.")
@parole.format_option
def accepter(
    dossier: Path, references: tuple[str, ...], motif: str, retirer: bool, liste: bool, forme: str
) -> None:
    """Accepte une anomalie à vérifier, avec un motif.

    Elle n'est plus montrée : elle est comptée, et listée dans les rapports avec son motif. Si la
    valeur ou la phrase change, elle revient. Une anomalie bloquante se corrige, elle ne s'accepte
    pas.
    """
    from batch import chaine

    with parole.speaking_plainly():
        if liste == bool(references):
            raise MauvaisUsage("Donnez une référence, ou demandez --liste.")
        folder, now = open_folder(dossier), datetime.now().astimezone()
        anomalies = chaine.examine(folder).anomalies
        if liste:
            chosen = [one for one in anomalies if one.acceptable]
        elif retirer:
            chosen = chaine.take_back(folder, anomalies, references, now)
        else:
            chosen = chaine.accept(folder, anomalies, references, motif, now)
        if forme == "json":
            parole.print_json([one.as_json() for one in chosen])
        elif liste:
            _list(chosen)
        else:
            done = ("n’est plus acceptée", "ne sont plus acceptées") if retirer else (
                "est acceptée", "sont acceptées")  # fmt: skip
            one, several = (f"anomalie {done[0]}", f"anomalies {done[1]}")
            parole.say(f"{compte(len(chosen), one, several)}. Relancez « jury traiter ».")


def _list(warnings: "Sequence[Anomalie]") -> None:
    accepted = [one for one in warnings if one.acceptee is not None]
    waiting = [one for one in warnings if one.acceptee is None]
    for titre, own in (("À vérifier", waiting), ("Acceptées", accepted)):
        parole.say(f"{titre} : {len(own) or 'aucune'}.")
        for one in own:
            parole.say(f"{one.reference}  {one.code.numero}  {one.lieu}".rstrip(), 2)
            parole.say(one.message, 10)
            if one.acceptee is not None:
                parole.say(f"Motif : {one.acceptee}", 10)
