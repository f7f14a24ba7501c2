"""jury controle: read and check what came back."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.folder import Folder, open_folder
from batch.francais import compte

if TYPE_CHECKING:
    from batch.classeurs.grille.lecture import Bilan


@click.command()
@parole.dossier_argument
@parole.retours_options
@parole.processus_option
@parole.format_option
def controle(
    dossier: Path, *, plus_recente: bool, strict: bool, processus: int | None, forme: str
) -> None:
    """Lit et vérifie les grilles revenues.

    Tout ce qui est dans retours/ est lu ; ce qui est à corriger est dans controle/rapport.xlsx.
    """
    from batch import chaine

    with parole.speaking_plainly(forme):
        with parole.at_work(processus, forme) as allure:
            result = chaine.control(
                open_folder(dossier),
                datetime.now().astimezone(),
                plus_recente=plus_recente,
                strict=strict,
                allure=allure,
            )
        if forme == "json":
            parole.print_json(
                {
                    **{
                        nom: {sort.value: number for sort, number in counts.items()}
                        for nom, counts in result.bilan.comptes.items()
                    },
                    "anomalies": [anomalie.as_json() for anomalie in result.anomalies],
                }
            )
        else:
            parole.say(f"Lu dans retours/ : {totals(result.bilan)}.")
            parole.say(f"Contrôle : {parole.count(result.anomalies)}.")
            parole.tell(result.anomalies, "controle/rapport.xlsx")
            tell_corrections(result.contexte.folder)
        parole.leave(result.anomalies)


def tell_corrections(folder: Folder) -> None:
    """How many grids wait to be sent back."""
    count = len(list(folder.corrections.glob("correction *.xlsx")))
    if count:
        grids = compte(count, "grille à corriger est prête", "grilles à corriger sont prêtes")
        parole.say(f"{grids} à renvoyer, chaque fois avec un message, dans controle/corrections/.")


def totals(bilan: "Bilan") -> str:
    """« 9 fichiers (8 acceptés, 1 refusé), 72 feuilles (…), 576 lignes (…) »."""
    parts = []
    for words, counts in bilan.comptes.items():
        word = words.removesuffix("s")
        ending = "" if word == "fichier" else "e"
        detail = ", ".join(
            compte(count, f"{sort.value}{ending}", f"{sort.value}{ending}s")
            for sort, count in sorted(counts.items())
            if count
        )
        total = compte(counts.total(), word)
        parts.append(f"{total} ({detail})" if detail else total)
    return ", ".join(parts)
