"""jury referentiel: list, show and check the référentiels."""

from pathlib import Path

import click

from batch.cli import parole
from batch.francais import compte, guillemets
from batch.referentiel.modele import Referentiel


@click.group()
def referentiel() -> None:
    """Liste, montre et vérifie les référentiels."""


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
@click.argument("identifiant", metavar="ID")
@parole.format_option
def montrer(identifiant: str, forme: str) -> None:
    """Un référentiel entier : blocs, activités, compétences, épreuves, critères."""
    from batch.referentiel import json, lecture

    with parole.speaking_plainly():
        one = lecture.load(identifiant)
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
@click.argument("fichier", type=click.Path(dir_okay=False, path_type=Path), metavar="FICHIER")
@parole.format_option
def verifier(fichier: Path, forme: str) -> None:
    """Toutes les fautes d'un fichier de référentiel, avec leurs lignes."""
    from batch.referentiel import lecture

    with parole.speaking_plainly():
        one, anomalies = lecture.read(fichier)
        if forme == "json":
            parole.print_json([anomalie.as_json() for anomalie in anomalies])
        elif one is None or anomalies:
            parole.tell(anomalies)
        if forme == "texte" and one is not None:
            parole.say(f"{guillemets(one.id)} est un référentiel valide : {_contents(one)}")
        parole.leave(anomalies)


def _contents(one: Referentiel) -> str:

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
