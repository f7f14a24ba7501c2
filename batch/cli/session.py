"""jury session: a new session folder."""

from datetime import datetime
from pathlib import Path

import click

from batch.cli import parole
from batch.empechement import MauvaisUsage
from batch.folder import Folder, open_folder
from batch.francais import compte, date_longue, enumeration


@click.command()
@parole.dossier_argument
@click.option(
    "--referentiel",
    "designation",
    metavar="ID|FICHIER",
    help="Un référentiel connu, ou le vôtre (YAML, ou classeur rempli).",
)
@click.option(
    "--reglement",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FICHIER",
    help="Votre règlement ; sinon, un exemple à remplacer.",
)
@click.option(
    "--rattrapage",
    "premiere",
    type=parole.DOSSIER,
    metavar="DOSSIER",
    help="La session terminée dont celle-ci est le rattrapage : elle en reprend les candidats, "
    "leurs acquis et le règlement.",
)
@parole.registre_option
def session(
    dossier: Path,
    designation: str | None,
    reglement: Path | None,
    premiere: Path | None,
    registre: Path | None,
) -> None:
    """Crée un dossier de session, à remplir dans Excel.

    session.xlsx est à remplir, reglement.yaml à relire.
    """
    with parole.speaking_plainly():
        if premiere is not None:
            if designation or reglement:
                raise MauvaisUsage(
                    "Un rattrapage garde le référentiel et le règlement de la première session : "
                    "retirez --referentiel et --reglement."
                )
            _second_chance(dossier, premiere, registre)
        elif designation is None:
            raise click.MissingParameter(param_type="option", param_hint="'--referentiel'")
        else:
            _first_chance(dossier, designation, reglement)


def _first_chance(dossier: Path, designation: str, reglement: Path | None) -> None:
    from batch import chaine
    from batch.referentiel import echange
    from batch.reglement import depart, lecture

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


def _second_chance(dossier: Path, premiere: Path, registre: Path | None) -> None:
    from batch import chaine

    now = datetime.now().astimezone()
    suite = chaine.follow(open_folder(premiere), Folder(dossier), now, registre)
    people = compte(len(suite.reprises), "candidat")
    parole.say(f"Rattrapage créé dans {dossier} : {people}, avec ce que chacun a déjà obtenu.")
    for reprise in suite.reprises:
        parole.say(f"{reprise.candidat.qui} : {enumeration(reprise.a_reprendre)}", 2)
    for one in suite.propositions:
        for bloc in one.blocs:
            parole.say(f"{one.candidat.qui} tient {bloc.bloc} depuis le {date_longue(bloc.jour)}. "
                       f"{bloc.preuve}.", 2)  # fmt: skip
    done = sum(ecart.raison is None for ecart in suite.ecarts)
    if done:
        parole.say(f"Rien à reprendre : {compte(done, 'candidat')}.", 2)
    kept_out = [ecart for ecart in suite.ecarts if ecart.raison]
    if kept_out:
        parole.say()
        parole.say("Ne sont pas repris (ajoutez-les à la main si le règlement le permet) :")
        for ecart in kept_out:
            parole.say(f"{ecart.candidat.qui} : {ecart.raison}", 2)
    parole.say()
    parole.say(
        "1. Complétez session.xlsx : numéro, dates et lieu ; relisez évaluateurs et jury.", 2
    )
    parole.say(f"2. Lancez : jury grilles {dossier}", 2)
    parole.tell(suite.anomalies)
