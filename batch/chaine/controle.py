"""What came back, read and checked -> the report, the corrections, and what the état will tell."""

from contextlib import suppress
from datetime import datetime

from batch.allure import ORDINAIRE, Allure
from batch.anomalies import Empechement
from batch.chaine import corrections, etat
from batch.chaine.examen import weigh
from batch.chaine.ouverture import gather
from batch.chaine.rapport import write_report
from batch.chaine.retours import Controle, read_returns, stop_if_blocked
from batch.classeurs.grille.lecture import Sort
from batch.etat import photo
from batch.folder import Folder
from batch.verrou import writing


@writing
def control(
    folder: Folder,
    now: datetime,
    *,
    plus_recente: bool = False,
    strict: bool = False,
    allure: Allure = ORDINAIRE,
) -> Controle:
    """Read and check everything in retours/, and write the report."""
    before = photo.inputs(folder)
    controle = read_returns(gather(folder), plus_recente=plus_recente, allure=allure)
    controle.lectures.keep()
    write_report(controle, controle.anomalies, allure)
    controle.log(
        "controle",
        now,
        fichiers={s.value: controle.bilan.comptes["fichiers"][s] for s in Sort},
        bloquantes=sum(anomalie.bloquante for anomalie in controle.anomalies),
    )
    if strict:
        stop_if_blocked(controle.anomalies)
    corrections.write(controle, now, allure)
    # A contrôle does not need the jury's workbook: locked, it is for the next état to say so.
    with suppress(Empechement):
        examen = weigh(controle, allure)
        etat.controlled(folder, examen, before, now, plus_recente=plus_recente)
    return controle
