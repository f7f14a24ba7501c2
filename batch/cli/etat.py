"""jury etat: where the session stands, and the next command to type."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.empechement import Empechement, MauvaisUsage
from batch.folder import Folder, open_folder

if TYPE_CHECKING:
    from batch.etat.modele import Suivi


@click.command()
@parole.dossier_argument
@parole.registre_option
@parole.format_option
def etat(dossier: Path, registre: Path | None, forme: str) -> None:
    """Dit où en est la session, et la prochaine commande.

    Qui a rendu quoi, et ce qui manque. Écrit aussi etat.html dans le dossier, à ouvrir dans un
    navigateur. Ne modifie rien d'autre.
    """
    with parole.speaking_plainly(forme):
        suivi = look(open_folder(dossier), datetime.now().astimezone(), registre)
        publish(suivi)
        if forme == "json":
            from batch.etat.echange import as_json

            parole.print_json(as_json(suivi))
        else:
            from batch.cli.tableau import show

            show(suivi)


def look(folder: Folder, now: datetime, registre: Path | None = None) -> "Suivi":
    """What the last check kept, if it still holds; else the folder is examined again.

    `registre`: the house's, which says what was entered and declared of a final session.
    """
    from batch.etat import photo
    from batch.etat.suivi import follow, stopped

    taken = photo.current(folder)
    if taken is None:
        from batch.chaine import etat as chaine

        try:
            taken = chaine.take(folder, now)
        except MauvaisUsage:
            raise
        except Empechement as stop:
            if not stop.anomalies:
                raise
            return stopped(folder, str(stop), stop.anomalies, now)
    return follow(folder, taken, now, registre)


def publish(suivi: "Suivi") -> None:
    """etat.html, made again only when it would say something else."""
    from batch.etat import echange

    path = Path(suivi.dossier) / "etat.html"
    stamp = echange.fingerprint(suivi)
    if echange.is_stamped(path, stamp):
        return
    from batch import transaction
    from batch.pages import etat as page

    transaction.commit(path.parent, {path.name: page.write(suivi, stamp)})
