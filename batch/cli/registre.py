"""jury registre: the house's register of what was decided."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batch.cli import parole
from batch.empechement import MauvaisUsage
from batch.folder import open_folder
from batch.francais import compte, date_longue, enumeration

if TYPE_CHECKING:
    from batch.registre.personnes import Personne
    from batch.registre.recherche import Inscrit


@click.group(subcommand_metavar="COMMANDE [ARGUMENTS]…")
def registre() -> None:
    """Le registre de la maison : certifiés et certificats.

    Qui a obtenu quoi, et le numéro de chaque certificat. Un seul fichier pour toutes les
    sessions, là où vous le dites : --registre FICHIER, ou la variable JURY_REGISTRE. Rien n'y
    est jamais effacé : une correction est une ligne de plus.
    """


@registre.command()
@parole.dossier_argument
@parole.registre_option
def inscrire(dossier: Path, registre: Path | None) -> None:
    """Inscrit les actes définitifs d'une session ; sans effet sur ceux qui y sont déjà."""
    from batch.chaine import registre as chaine

    with parole.speaking_plainly():
        folder = open_folder(dossier)
        place = chosen(registre, dossier)
        new = not place.exists()
        entered = chaine.inscribe(folder, place, datetime.now().astimezone())
        if new:
            parole.say(f"Nouveau registre : {place}.")
        if entered:
            kind = "Procès-verbal inscrit" if len(entered) == 1 else "Procès-verbaux inscrits"
            parole.say(f"{kind} au registre : {enumeration(entered)}.")
        else:
            parole.say("Tout y était déjà inscrit : rien n’a changé.")


@registre.command()
@click.argument("texte", nargs=-1, required=True, metavar="TEXTE…")
@parole.registre_option
@parole.format_option
def chercher(texte: tuple[str, ...], registre: Path | None, forme: str) -> None:
    """Cherche une personne par son nom, une session ou un numéro de certificat."""
    from batch.registre import recherche
    from batch.registre.base import register

    with parole.speaking_plainly(forme):
        now = datetime.now().astimezone()
        with register(chosen(registre), now, create=False) as base:
            found = recherche.search(base, " ".join(texte))
        if forme == "json":
            parole.print_json([_as_json(personne, own) for personne, own in found])
            return
        for personne, own in found:
            parole.say(f"{personne.dite}.")
            for one in own:
                parole.say(_told(one), 2)
        if not found:
            parole.say("Personne au registre ne correspond.")


@registre.command()
@parole.registre_option
def verifier(registre: Path | None) -> None:
    """Vérifie le fichier, la numérotation, et ce sur quoi repose chaque certificat."""
    from batch.registre import verification
    from batch.registre.base import register, speaking_of

    with parole.speaking_plainly():
        place = chosen(registre)
        with register(place, datetime.now().astimezone(), create=False) as base, speaking_of(place):
            anomalies = list(verification.check(base, place.name))
            count = base.execute("SELECT COUNT(*) FROM certificats").fetchone()[0]
        parole.say(f"{place} : {compte(count, 'certificat')}, {parole.count(anomalies)}.")
        parole.tell(anomalies)
        parole.leave(anomalies)


@registre.command()
@parole.dossier_argument
@parole.registre_option
@click.option(
    "--ecrire", is_flag=True, help="Ajoute les lignes à session.xlsx ; une copie en est gardée."
)
def acquis(dossier: Path, registre: Path | None, *, ecrire: bool) -> None:
    """Propose les acquis antérieurs des candidats que le registre connaît.

    Seul un état civil identique est retenu. Qui lui ressemble est signalé, jamais repris.
    """
    from batch.chaine import registre as chaine

    with parole.speaking_plainly():
        now = datetime.now().astimezone()
        found = chaine.acquis(open_folder(dossier), chosen(registre, dossier), now, ecrire=ecrire)
        for one in found.propositions:
            for bloc in one.blocs:
                said = f"{bloc.bloc}, {date_longue(bloc.jour)}. {bloc.preuve}."
                parole.say(f"{one.candidat.qui} : {said}")
        if not found.propositions:
            parole.say("Le registre ne connaît aucun acquis à ajouter.")
        for name in found.ecrits:
            parole.say(f"Écrit : {name}.")
        parole.tell(found.anomalies)
        if found.propositions and not ecrire:
            parole.say()
            parole.say(
                f"Copiez les lignes de {chaine.PROPOSES} dans « Acquis antérieurs », ou relancez "
                f"avec --ecrire."
            )


def chosen(registre: Path | None, dossier: Path | None = None) -> Path:
    """Where the register is. Raises MauvaisUsage when nobody says: no hidden place is taken."""
    if registre is None:
        beside = (dossier.resolve().parent if dossier else Path()) / "registre.sqlite"
        raise MauvaisUsage(
            f"Dites où est le registre de la maison : --registre FICHIER, ou la variable "
            f"JURY_REGISTRE. Un bon endroit est à côté de vos sessions : --registre {beside}"
        )
    return registre


def _told(one: "Inscrit") -> str:
    what = one.objet or "certification"
    paper = f", certificat n° {one.certificat}" if one.certificat else ""
    when = f" du {date_longue(one.jour)}" if one.jour else ""
    back = f" Retiré : {one.retrait}" if one.retrait else ""
    said = one.resultat.mot[0].lower() + one.resultat.mot[1:]
    return f"{one.referentiel}, {what} : {said} (n° {one.proces_verbal}{when}{paper}).{back}"


def _as_json(personne: "Personne", own: list["Inscrit"]) -> dict[str, Any]:
    return {
        "nom_naissance": personne.nom_naissance,
        "nom_usage": personne.nom_usage,
        "prenoms": list(personne.prenoms),
        "date_naissance": personne.date_naissance.isoformat(),
        "naissance_connue": personne.naissance_connue,
        "commune_naissance": personne.commune_naissance,
        "decisions": [
            {
                "session": one.session,
                "candidat": one.candidat,
                "referentiel": one.referentiel,
                "objet": one.objet or "certification",
                "resultat": one.resultat.value,
                "proces_verbal": one.proces_verbal,
                "jour": one.jour.isoformat() if one.jour else None,
                "certificat": one.certificat,
                "retrait": one.retrait,
            }
            for one in own
        ],
    }
