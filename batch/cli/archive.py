"""jury archive: the sealed file of a closed session, what it proves, and what is erased after."""

import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batch.cli import parole
from batch.empechement import Empechement, MauvaisUsage
from batch.folder import open_folder
from batch.francais import compte, date_courte, enumeration, typographie

if TYPE_CHECKING:
    from batch.archive.forme import Scellee
    from batch.chaine.purge import Purge

PHRASE = "JURY_ARCHIVE_PHRASE"

_AIDE = """Scelle une session terminée, et prouve ensuite ce qu’elle contient.

L’archive est un fichier zip ordinaire : tout ce qui a servi, tout ce qui en est sorti, et
l’empreinte de chaque pièce.
"""


@click.group(help=typographie(_AIDE), subcommand_metavar="COMMANDE [ARGUMENTS]…")
def archive() -> None:
    pass


_archive = click.argument(
    "fichier", type=click.Path(dir_okay=False, path_type=Path), metavar="ARCHIVE"
)


@archive.command()
@parole.dossier_argument
@click.option("--sortie", type=click.Path(path_type=Path), metavar="FICHIER", help="Où l'écrire.")
@click.option(
    "--chiffrer",
    is_flag=True,
    help=f"Protège l'archive par une phrase, demandée deux fois (ou lue dans {PHRASE}).",
)
@parole.format_option
def sceller(dossier: Path, sortie: Path | None, chiffrer: bool, forme: str) -> None:
    """Réunit en un seul fichier tout ce qui prouve la session.

    Refuse une session qui n'a pas de procès-verbal définitif, à laquelle un document manque, ou qui
    a changé depuis. Sceller deux fois la même session donne le même fichier, octet pour octet.
    """
    with parole.speaking_plainly(forme):
        from batch.chaine import archive as chaine_archive

        phrase = _new_phrase() if chiffrer else None
        done = chaine_archive.seal(
            open_folder(dossier), datetime.now().astimezone(), sortie, phrase
        )
        fondement = done.manifeste.fondement
        if forme == "json":
            parole.print_json(
                {
                    "archive": str(done.chemin),
                    "nouvelle": done.nouvelle,
                    "pieces": len(done.manifeste.pieces),
                    "empreinte": done.manifeste.empreinte,
                    "fondement": fondement.empreinte,
                }
            )
            return
        said = "scellée" if done.nouvelle else "déjà scellée, à l’identique"
        parole.say(f"{done.chemin} : {said}, {compte(len(done.manifeste.pieces), 'pièce')}.")
        parole.say(f"Le procès-verbal repose sur : {fondement.courte}.")
        parole.say(
            typographie(
                "Elle contient des données personnelles, et la clé de la session, qui prouve que "
                "les grilles sont les vôtres : gardez-la en lieu sûr, en deux exemplaires."
            )
        )


@archive.command()
@_archive
@click.argument(
    "document",
    type=click.Path(dir_okay=False, path_type=Path),
    required=False,
    metavar="[DOCUMENT]",
)
@parole.format_option
def verifier(fichier: Path, document: Path | None, forme: str) -> None:
    """Dit si l'archive est entière, altérée (quoi, où), ou d'une autre provenance.

    Avec un DOCUMENT (.docx ou PDF), dit aussi s'il est, octet pour octet, celui de l'archive.
    """
    with parole.speaking_plainly(forme):
        from batch.archive import verification
        from batch.chaine import archive as chaine_archive

        constat = chaine_archive.verify(fichier.name, _content(fichier))
        anomalies = list(constat.anomalies)
        same: list[str] = []
        if constat.scellee is not None and document is not None:
            presented = chaine_archive.read_archive(document)
            same, anomalies = verification.identify(constat.scellee, document.name, presented)
        if forme == "json":
            scellee = constat.scellee
            parole.print_json(
                {
                    "entiere": scellee is not None,
                    "session": dict(scellee.manifeste.session) if scellee else None,
                    "empreinte": scellee.manifeste.empreinte if scellee else None,
                    "fondement": scellee.manifeste.fondement.empreinte if scellee else None,
                    "document": same or None,
                    "anomalies": [anomalie.as_json() for anomalie in anomalies],
                }
            )
        else:
            if constat.scellee is not None:
                _tell_whole(constat.scellee)
            if document is not None and same:
                parole.say(f"{document.name} est, octet pour octet, {same[0]}.")
            parole.tell(anomalies)
        parole.leave(anomalies)


def _tell_whole(scellee: "Scellee") -> None:
    manifeste = scellee.manifeste
    parole.say(
        f"Archive entière : {compte(len(manifeste.pieces), 'pièce')}, procès-verbal "
        f"n° {manifeste.session['proces_verbal']}."
    )
    parole.say(f"Le procès-verbal repose sur : {manifeste.fondement.courte}.")


@archive.command()
@_archive
@parole.format_option
def rejouer(fichier: Path, forme: str) -> None:
    """Recalcule tout depuis l'archive, et compare chaque résultat et chaque document."""
    with parole.speaking_plainly(forme):
        from batch.chaine import archive as chaine_archive
        from batch.chaine.rejeu import replay

        done = replay(chaine_archive.opened(fichier.name, _content(fichier)))
        if forme == "json":
            parole.print_json(
                {
                    "resultats_identiques": done.resultats,
                    "documents_identiques": done.documents,
                    "documents_anterieurs": done.anterieurs,
                    "convocations_anterieures": done.convocations,
                    "anomalies": [anomalie.as_json() for anomalie in done.anomalies],
                }
            )
        else:
            parole.say(
                f"{compte(done.resultats, 'résultat identique', 'résultats identiques')}, "
                f"{compte(done.documents, 'document identique', 'documents identiques')}."
            )
            if done.anterieurs:
                number = compte(done.anterieurs, "document d’un acte rectifié depuis",
                                "documents d’actes rectifiés depuis")  # fmt: skip
                parole.say(f"{number} : dans l’archive, non refaits.")
            if done.convocations:
                number = compte(
                    done.convocations, "convocation ou feuille", "convocations ou feuilles"
                )
                parole.say(
                    f"{number} d’émargement d’avant la session, qui a changé depuis : dans "
                    f"l’archive, non refaites."
                )
            parole.tell(done.anomalies)
        parole.leave(done.anomalies)


@archive.command()
@_archive
@click.option("--candidat", required=True, metavar="NUMÉRO", help="Le numéro du candidat.")
@click.option(
    "--sortie",
    type=parole.DOSSIER,
    metavar="DOSSIER",
    help="Où écrire les duplicatas ; à côté de l'archive si rien n'est dit.",
)
@click.option(
    "--pdf",
    "en_pdf",
    is_flag=True,
    help="En PDF aussi (LibreOffice) ; un document archivé avec son PDF a toujours les deux.",
)
def duplicata(fichier: Path, candidat: str, sortie: Path | None, *, en_pdf: bool) -> None:
    """Redonne la lettre et les certificats d'un candidat, marqués « Duplicata ».

    Chaque délivrance est notée à côté de l'archive, dans duplicatas.jsonl, sans rien de personnel.
    """
    with parole.speaking_plainly():
        from batch.chaine import archive as chaine_archive
        from batch.chaine.duplicata import reissue

        scellee = chaine_archive.opened(fichier.name, _content(fichier))
        register = fichier.parent / "duplicatas.jsonl"
        place = sortie or fichier.parent / "duplicatas"
        now = datetime.now().astimezone()
        for path in reissue(scellee, candidat, place, register, now, en_pdf=en_pdf):
            parole.say(f"{path}")


@archive.command()
@parole.dossiers_argument
@click.option(
    "--avant",
    type=click.DateTime(["%d/%m/%Y", "%Y-%m-%d"]),
    required=True,
    metavar="JJ/MM/AAAA",
    help="Ce qui ne devait plus être gardé à cette date.",
)
@click.option(
    "--effacer", is_flag=True, help="Efface, après confirmation ; sinon, montre seulement."
)
def purger(dossiers: tuple[Path, ...], avant: datetime, effacer: bool) -> None:
    """Montre, puis efface ce que le règlement ne laisse plus garder.

    Les durées sont celles du règlement (« conservation ») : les preuves (grilles, commentaires,
    incidents, lettres, archives), et le registre (procès-verbal et certificats), à compter du jury.
    Restent la trace datée de ce qui est effacé, et des statistiques sans nom.
    """
    with parole.speaking_plainly():
        from batch.chaine import purge

        now = datetime.now().astimezone()
        plans = [purge.plan(one, avant.date(), now.date()) for one in dossiers]
        for one in plans:
            _tell_purge(one)
        due = [one for one in plans if one.fichiers]
        if not due:
            parole.say("Rien à effacer.")
            return
        if not effacer:
            parole.say("Rien n’a été effacé. Ajoutez --effacer pour le faire.")
            return
        if click.prompt("Pour effacer sans retour, tapez EFFACER", err=True) != "EFFACER":
            raise MauvaisUsage("La confirmation n'est pas « EFFACER » : rien n'a été effacé.")
        for one in due:
            purge.erase(one, now)
        number = sum(len(one.fichiers) for one in due)
        parole.say(f"{compte(number, 'fichier effacé', 'fichiers effacés')} ; la trace est dans "
                   f"purges.jsonl, les chiffres sans nom dans statistiques.json.")  # fmt: skip
        parole.say(
            "Les copies que vous avez faites ailleurs (archives, sauvegardes, courriels) restent à "
            "effacer."
        )


def _tell_purge(one: "Purge") -> None:
    ends = [
        f"{name} jusqu'au {date_courte(end)}" if end else f"{name} sans limite"
        for name, end in one.echeances.items()
    ]
    parole.say(
        typographie(
            f"{one.folder.root} : jury du {date_courte(one.date_jury)} ; {enumeration(ends)}."
        )
    )
    if one.fichiers:
        number = compte(len(one.fichiers), "fichier à effacer", "fichiers à effacer")
        parole.say(f"{number} ({enumeration(one.classes)}) :", 2)
        for place, count in _by_place(one).items():
            parole.say(f"{place} : {count}", 4)
        for path in one.gardes:
            parole.say(f"gardé : {one.folder.relative(path)}", 2)


def _by_place(one: "Purge") -> dict[str, int]:
    places: dict[str, int] = {}
    for path in one.fichiers:
        parts = path.relative_to(one.folder.root).parts
        place = "/".join((*parts[: min(2, len(parts) - 1)], "")) or parts[0]
        places[place] = places.get(place, 0) + 1
    return places


def _new_phrase() -> str:
    """Typed twice, or from the environment: never on the command line, never on the disk."""
    phrase = os.environ.get(PHRASE) or click.prompt(
        "Phrase de l'archive",
        hide_input=True,
        confirmation_prompt="Encore une fois",
        err=True,
    )
    said = str(phrase)
    if len(said) < 12:
        raise MauvaisUsage("La phrase est trop courte : douze caractères au moins.")
    return said


def _content(path: Path) -> bytes:
    """The archive's bytes in clear: its passphrase is asked for where it has one."""
    from batch.archive import chiffrement
    from batch.chaine.archive import read_archive

    content = read_archive(path)
    if not chiffrement.is_encrypted(content):
        return content
    phrase: Any = os.environ.get(PHRASE)
    if not phrase:
        if not sys.stdin.isatty():
            raise Empechement(f"{path.name} est chiffrée. Donnez sa phrase dans {PHRASE}.")
        phrase = click.prompt("Phrase de l'archive", hide_input=True, err=True)
    return chiffrement.decrypt(path.name, content, str(phrase))
