"""jury traiter: the batch."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.cli.controle import tell_corrections, totals
from batch.empechement import MauvaisUsage
from batch.folder import Folder, open_folder
from batch.francais import compte, enumeration

if TYPE_CHECKING:
    from batch.chaine import Traitement


@click.command()
@parole.dossier_argument
@click.option(
    "--definitif",
    is_flag=True,
    help="Exige les documents définitifs : s'ils ne peuvent pas l'être, n'écrit rien et dit "
    "pourquoi.",
)
@click.option(
    "--rectifier",
    is_flag=True,
    help="Ajoute aux documents définitifs un procès-verbal rectificatif ; les autres restent.",
)
@click.option("--motif", metavar="TEXTE", help="Pourquoi l'on rectifie ; imprimé.")
@parole.registre_option
@click.option("--pdf", is_flag=True, help="Fait aussi les PDF, avec LibreOffice.")
@parole.retours_options
@parole.gabarits_option
@parole.processus_option
@parole.format_option
def traiter(
    dossier: Path,
    forme: str,
    *,
    definitif: bool,
    rectifier: bool,
    motif: str | None,
    registre: Path | None,
    pdf: bool,
    gabarits: Path | None,
    plus_recente: bool,
    strict: bool,
    processus: int | None,
) -> None:
    """Contrôle, calcule, et fait tous les documents.

    Va aussi loin que la session le permet : des documents marqués PROJET tant que le jury n'a pas
    tout décidé, définitifs ensuite. Peut être relancé à tout moment : des documents définitifs ne
    sont jamais remplacés.
    """
    from batch import chaine

    with parole.speaking_plainly(forme):
        folder = open_folder(dossier, gabarits)
        with parole.at_work(processus, forme) as allure:
            result = chaine.treat(
                folder,
                datetime.now().astimezone(),
                plus_recente=plus_recente,
                strict=strict,
                definitif=definitif,
                motif=_reason(motif, definitif=definitif, rectifier=rectifier),
                registre=registre,
                allure=allure,
            )
        if forme == "json":
            parole.print_json(result.resultats)
        else:
            tell(result)
        if pdf:
            _export_pdf(folder, forme)
        parole.leave(result.anomalies)


def _reason(motif: str | None, *, definitif: bool, rectifier: bool) -> str | None:
    """Why, for a rectificatif; None for anything else. Raises MauvaisUsage on a half of it."""
    said = " ".join((motif or "").split())
    if rectifier and definitif:
        raise MauvaisUsage("« --definitif » et « --rectifier » ne vont pas ensemble.")
    if rectifier and not said:
        raise MauvaisUsage(
            "Un rectificatif doit dire pourquoi : ajoutez --motif « … » après --rectifier."
        )
    if motif is not None and not rectifier:
        raise MauvaisUsage("« --motif » ne va qu'avec « --rectifier ».")
    return said if rectifier else None


def _export_pdf(folder: Folder, forme: str) -> None:
    from batch import chaine

    with parole.at_work(forme=forme) as allure:
        done = chaine.export_pdf(folder, datetime.now().astimezone(), allure.stage("PDF"))
    if forme == "json":
        return
    words = [
        (done.faits, "PDF fait", "PDF faits"),
        (done.inchanges, "déjà à jour", "déjà à jour"),
        (done.conserves, "laissé : vous l’avez remplacé", "laissés : vous les avez remplacés"),
    ]
    parts = [compte(len(names), *forms) for names, *forms in words if names]
    parole.say(f"{enumeration(parts) or 'Aucun PDF à faire'}.")
    for name in done.manques:
        parole.say(f"LibreOffice n’a pas pu convertir documents/{name}.", 2)
    if done.liasses:
        bundles = enumeration([f"documents/{name}" for name in done.liasses])
        parole.say(f"À imprimer d’un coup : {bundles}.")
    if done.manques:
        click.get_current_context().exit(parole.A_CORRIGER)


def tell(result: "Traitement") -> None:
    from batch import chaine
    from batch.etat.suivi import next_step
    from batch.vocabulaire import EtatSession

    parole.say(f"Lu dans retours/ : {totals(result.controle.bilan)}.")
    parole.say(f"Contrôle : {parole.count(result.anomalies)}.")
    acte = result.seance.acte
    if acte is not None:
        kind = "Procès-verbal rectificatif" if acte.rectificatif else "Procès-verbal"
        parole.say(f"{kind} n° {acte.numero}.")
    final = result.seance.etat is EtatSession.DEFINITIF
    parole.say("Résultats définitifs :" if final else "Résultats proposés :")
    for outcome, number in chaine.summary(result.seance):
        parole.say(f"{outcome.marque} : {number}", 2)
    parole.tell(result.anomalies, "controle/rapport.xlsx")
    tell_corrections(result.controle.contexte.folder)
    click.echo()
    if result.ecrits:
        parole.say(f"{compte(len(result.ecrits), 'fichier écrit', 'fichiers écrits')}.")
    else:
        parole.say("Rien n’a changé depuis la dernière fois.")
    assert result.suivi is not None, "a batch that ended says where the session stands"
    parole.tell_next(next_step(result.suivi))
