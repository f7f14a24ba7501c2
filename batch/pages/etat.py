"""etat.html: where the session stands, to be opened from a shared drive."""

from batch.etat import dits
from batch.etat.modele import Suivi
from batch.etat.suivi import next_step
from batch.pages.matrice import slices
from batch.pages.rendu import render
from batch.vocabulaire import EtatGrille


def write(suivi: Suivi, empreinte: str) -> bytes:
    """The page; `empreinte`: of all that it says, to know later whether it must be made again."""
    return render(
        "etat.html",
        suivi=suivi,
        empreinte=empreinte,
        ensuite=next_step(suivi),
        dits=dits,
        etats=list(EtatGrille),
        tranches=slices(suivi.faits.candidats if suivi.faits else (), suivi.lignes, EtatGrille),
    )
