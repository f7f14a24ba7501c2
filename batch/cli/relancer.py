"""jury relancer: who has not returned what, and the reminders."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batch.cli import parole
from batch.cli.courriels import partagees_option, preparation_as_json, tell_preparation
from batch.folder import open_folder
from batch.francais import compte, enumeration

if TYPE_CHECKING:
    from batch.chaine.relances import Retard


@click.command()
@parole.dossier_argument
@click.option("--preparer", is_flag=True, help="Écrit les rappels, en brouillons, dans courriels/.")
@click.option(
    "--tous-les",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    metavar="JOURS",
    help="Ne relance personne deux fois dans ce délai.",
)
@partagees_option
@parole.format_option
def relancer(dossier: Path, preparer: bool, tous_les: int, partagees: bool, forme: str) -> None:
    """Dit qui n’a pas rendu sa grille ; prépare les rappels.

    Avec --preparer, chaque rappel joint de nouveau la grille attendue, ou le classeur de
    correction.
    """
    from batch.chaine import courriels as chaine
    from batch.chaine import relances
    from batch.courriels.modele import Genre

    with parole.speaking_plainly():
        now = datetime.now().astimezone()
        folder = open_folder(dossier)
        late = relances.late(folder)
        due = relances.due(late, now, tous_les)
        chosen = {one.personne.id for one in due}
        if forme == "texte":
            _tell(late, chosen)
        result = None
        if preparer:
            result = chaine.prepare(
                folder, Genre.RELANCES, now, partagees=partagees, relancer=chosen
            )
        if forme == "json":
            parole.print_json(
                {
                    "en_retard": [_as_json(one, one.personne.id in chosen) for one in late],
                    "preparation": preparation_as_json(result) if result else None,
                }
            )
        elif result:
            click.echo()
            tell_preparation(result, "courriels/relances")
            if result.ecrits:
                parole.say(
                    f"Relisez-les, puis envoyez-les depuis votre messagerie, ou lancez : "
                    f"jury courriels envoyer {dossier} relances"
                )
        elif due:
            click.echo()
            parole.say(f"Rien n’est préparé. Ensuite : jury relancer {dossier} --preparer")
        if result:
            parole.leave(result.anomalies)


def _tell(late: "list[Retard]", chosen: set[str]) -> None:
    if not late:
        parole.say("Toutes les grilles sont revenues et complètes : personne à relancer.")
        return
    parole.say(f"{compte(len(late), 'évaluateur à relancer', 'évaluateurs à relancer')} :")
    for one in late:
        parole.say(f"{one.personne}, {one.personne.adresse or 'sans adresse électronique'}", 2)
        if one.manquants:
            parole.say(f"non revenue : {_parties(one.manquants)}", 4)
        if one.a_corriger:
            parole.say(f"à corriger : {_parties(one.a_corriger)}", 4)
        if one.personne.id not in chosen:
            parole.say(f"déjà relancé le {one.relances[-1]:%d/%m/%Y} : pas aujourd’hui", 4)


def _parties(cahiers: Any) -> str:
    return enumeration(cahier.partie.id for cahier in cahiers)


def _as_json(retard: "Retard", a_relancer: bool) -> dict[str, Any]:
    return {
        "personne": retard.personne.id,
        "non_revenues": [cahier.partie.id for cahier in retard.manquants],
        "a_corriger": [cahier.partie.id for cahier in retard.a_corriger],
        "relances": [quand.isoformat(timespec="seconds") for quand in retard.relances],
        "a_relancer": a_relancer,
    }
