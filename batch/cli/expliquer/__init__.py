"""jury expliquer: why one candidate's result is what it is, from the cell to the decision."""

from pathlib import Path

import click

from batch.cli import parole
from batch.folder import open_folder


@click.command()
@parole.dossier_argument
@click.argument("candidat", metavar="CANDIDAT")
@click.option("--bloc", metavar="CODE", help="Un seul bloc, par exemple BC2.")
@click.option("--tout", is_flag=True, help="Chaque ligne, même quand elle va de soi.")
@parole.format_option
def expliquer(dossier: Path, candidat: str, bloc: str | None, tout: bool, forme: str) -> None:
    """Explique un résultat, de la cellule à la décision.

    CANDIDAT : son numéro, ou son nom. Rien n'est écrit dans le dossier.
    """
    from batch import chaine
    from batch.cli.expliquer import arbre, recit
    from batch.cli.expliquer.candidats import find, known_bloc

    with parole.speaking_plainly():
        examen = chaine.examine(open_folder(dossier))
        found = find(examen.seance, candidat)
        code = known_bloc(examen.seance, bloc) if bloc else None
        if forme == "json":
            parole.print_json(arbre.as_json(examen, found, code))
        else:
            recit.tell(examen, found, code, tout=tout)
