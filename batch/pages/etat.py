"""etat.html: where the session stands, to be opened from a shared drive."""

from batch.etat import dits
from batch.etat.modele import Suivi
from batch.etat.suivi import next_step
from batch.pages.rendu import render
from batch.vocabulaire import EtatGrille

_PAR_TABLE = 20  # candidates beside the names on a sheet of A4


def write(suivi: Suivi, empreinte: str) -> bytes:
    """The page; `empreinte`: of all that it says, to know later whether it must be made again."""
    numeros = list(suivi.faits.candidats) if suivi.faits else []
    return render(
        "etat.html",
        suivi=suivi,
        empreinte=empreinte,
        ensuite=next_step(suivi),
        dits=dits,
        etats=list(EtatGrille),
        tranches=[numeros[n : n + _PAR_TABLE] for n in range(0, len(numeros), _PAR_TABLE)],
    )
