"""jury referentiel: list, show, check, and bring one's own: model, import, export, comparison."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.cli.parole import Commande
from batch.francais import compte, guillemets, typographie

if TYPE_CHECKING:
    from batch.anomalies import Anomalie
    from batch.referentiel.comparaison import Difference
    from batch.referentiel.echange import Ecrit
    from batch.referentiel.modele import Referentiel


class _Commandes(click.Group):
    """The commands in the order of the work, not of the alphabet; their help as French prints."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        cmd.help = typographie(cmd.help or "")
        super().add_command(cmd, name)


_designation = click.argument("designation", metavar="ID|FICHIER")
_remplacer = click.option(
    "--remplacer", is_flag=True, help="Écrase le fichier s’il existe avec un autre contenu."
)


def _sortie(extension: str) -> Callable[[Commande], Commande]:
    return click.option(
        "--sortie",
        type=click.Path(path_type=Path),
        metavar=f"FICHIER.{extension}",
        help=f"Le fichier à écrire. Par défaut, l’identifiant suivi de .{extension}.",
    )


_AIDE = """Liste, montre et vérifie les référentiels ; importe le vôtre.

Pour apporter une certification : « modele » donne un classeur à remplir, « importer » en fait un
fichier YAML. ID désigne un référentiel livré avec le programme ; FICHIER, un fichier YAML ou un
classeur.
"""


@click.group(cls=_Commandes, help=typographie(_AIDE), subcommand_metavar="COMMANDE [ARGUMENTS]…")
def referentiel() -> None:
    pass


@referentiel.command()
@parole.format_option
def liste(forme: str) -> None:
    """Les référentiels connus, avec ce qu'ils contiennent."""
    from batch.referentiel import lecture

    with parole.speaking_plainly():
        known = [lecture.load(identifiant) for identifiant in lecture.known()]
        if forme == "json":
            parole.print_json(
                [
                    {
                        "id": one.id,
                        "intitule": one.intitule,
                        "certificateur": one.certificateur,
                        "niveau": one.niveau,
                        "rncp": one.rncp,
                    }
                    for one in known
                ]
            )
            return
        for one in known:
            click.echo(one.id)
            parole.say(one.intitule, 4)
            parole.say(_contents(one), 4)


@referentiel.command()
@_designation
@parole.format_option
def montrer(designation: str, forme: str) -> None:
    """Un référentiel entier, du bloc à l'indicateur."""
    from batch.referentiel import echange, json

    with parole.speaking_plainly():
        one = echange.load(designation)
        if forme == "json":
            parole.print_json(json.as_json(one))
            return
        parole.say(one.intitule)
        parole.say(_contents(one))
        for partie in one.parties:
            click.echo()
            parole.say(f"{partie.id}  {partie.intitule}")
            for competence in partie.competences:
                text = competence.intitule or "(annoncée, texte non imprimé)"
                parole.say(f"{competence.code or '•'}  {text}", 2)
            for critere in partie.criteres:
                parole.say(f"{critere.code or critere.id}  {critere.intitule}", 6)
                for indicateur in critere.indicateurs:
                    parole.say(f"- {indicateur}", 10)


@referentiel.command()
@_designation
@parole.format_option
def verifier(designation: str, forme: str) -> None:
    """Toutes les fautes d'un référentiel, avec leur place."""
    from batch.referentiel import echange

    with parole.speaking_plainly():
        one, anomalies = echange.read(designation)
        if forme == "json":
            parole.print_json([anomalie.as_json() for anomalie in anomalies])
        else:
            _tell(anomalies)
            if one is not None:
                parole.say(f"{guillemets(one.id)} est un référentiel valide : {_contents(one)}")
        parole.leave(anomalies)


@referentiel.command()
@click.argument("fichier", type=click.Path(path_type=Path), metavar="[FICHIER]", required=False)
def modele(fichier: Path | None) -> None:
    """Un classeur Excel à remplir avec votre certification.

    Sans FICHIER, il s'appelle referentiel-modele.xlsx. Un fichier qui existe n'est jamais écrasé.
    """
    from batch.referentiel import echange

    with parole.speaking_plainly():
        ecrit = echange.write_model(fichier or Path(echange.MODELE))
        parole.say(f"Classeur à remplir : {ecrit.chemin}")
        parole.say("1. Remplissez-le dans Excel : chaque cellule dit ce qu’elle attend.", 2)
        parole.say(f"2. Lancez : jury referentiel importer {ecrit.chemin}", 2)


@referentiel.command()
@click.argument("classeur", type=click.Path(path_type=Path), metavar="CLASSEUR")
@_sortie("yaml")
@_remplacer
@parole.format_option
def importer(classeur: Path, sortie: Path | None, remplacer: bool, forme: str) -> None:
    """Un classeur rempli devient un référentiel en YAML.

    Toutes ses fautes sont données d'un coup. Une faute bloquante empêche l'écriture ; un point à
    vérifier ne l'empêche pas.
    """
    from batch.referentiel import echange

    with parole.speaking_plainly():
        one, anomalies = echange.read_workbook(classeur)
        ecrit = echange.import_(one, classeur, sortie, remplacer=remplacer) if one else None
        if forme == "json":
            parole.print_json(
                {
                    "fichier": str(ecrit.chemin) if ecrit else None,
                    "anomalies": [anomalie.as_json() for anomalie in anomalies],
                }
            )
            parole.leave(anomalies)
            return
        _tell(anomalies)
        if one is None or ecrit is None:
            parole.say(f"{parole.count(anomalies)} : rien n’a été écrit.")
        else:
            _tell_written(ecrit)
            parole.say(f"{guillemets(one.id)} : {_contents(one)}", 2)
            parole.say(f"À relire : jury referentiel montrer {ecrit.chemin}", 2)
        parole.leave(anomalies)


@referentiel.command()
@_designation
@_sortie("xlsx")
@_remplacer
def exporter(designation: str, sortie: Path | None, remplacer: bool) -> None:
    """Un référentiel en classeur Excel, à relire ou à modifier."""
    from batch.referentiel import echange

    with parole.speaking_plainly():
        one = echange.load(designation)
        _tell_written(echange.export(one, sortie, remplacer=remplacer))


@referentiel.command()
@click.argument("avant", metavar="AVANT")
@click.argument("apres", metavar="APRÈS")
@parole.format_option
def comparer(avant: str, apres: str, forme: str) -> None:
    """Ce qui change d'un référentiel à l'autre.

    AVANT et APRÈS sont des identifiants ou des fichiers, YAML ou Excel.
    """
    from batch.referentiel import comparaison, echange

    with parole.speaking_plainly():
        old, new = echange.load(avant), echange.load(apres)
        differences = comparaison.compare(old, new)
        if forme == "json":
            parole.print_json(comparaison.as_json(old, new, differences))
            return
        if not differences:
            parole.say(f"{avant} et {apres} sont identiques.")
            return
        _tell_differences(differences)
        parole.say()
        parole.say(f"De {avant} à {apres} : {comparaison.summary(differences)}.")


def _tell_differences(differences: Iterable["Difference"]) -> None:
    level = None
    for difference in differences:
        if level not in (None, difference.niveau):
            parole.say()
        level = difference.niveau
        parole.say(difference.phrase)
        for label, text in difference.textes:
            parole.say(f"{label} : {guillemets(text)}", 4)


def _tell(anomalies: "Iterable[Anomalie]") -> None:
    """All of them, the gravest first: a référentiel is mended in one go."""
    from batch.anomalies import Gravite

    order = list(Gravite)
    for anomalie in sorted(anomalies, key=lambda one: order.index(one.gravite)):
        parole.say(f"{anomalie.code.numero}  {anomalie.gravite.mot}  {anomalie.lieu}".rstrip())
        parole.say(anomalie.message, 9)
        parole.say(f"À faire : {anomalie.remede}", 9)
        parole.say()


def _tell_written(ecrit: "Ecrit") -> None:
    word = "Fichier écrit" if ecrit.change else "Fichier inchangé"
    parole.say(f"{word} : {ecrit.chemin}")


def _contents(one: "Referentiel") -> str:
    announced = sum(not competence.imprimee for competence in one.competences)
    indicateurs = sum(len(critere.indicateurs) for critere in one.criteres)
    general = sum(competence.generale for competence in one.competences)
    competences = compte(len(one.competences) - announced - general, "compétence")
    if announced:
        competences += f" (et {announced} annoncées sans texte)"
    if general:
        competences += f" (et {general} générales)"
    parts = [
        (len(one.blocs), compte(len(one.blocs), "bloc")),
        (len(one.activites), compte(len(one.activites), "activité")),
        (len(one.competences), competences),
        (len(one.epreuves), compte(len(one.epreuves), "épreuve")),
        (len(one.criteres), compte(len(one.criteres), "critère")),
        (indicateurs, compte(indicateurs, "indicateur")),
    ]
    return ", ".join(text for number, text in parts if number) + "."
