"""controle/rapport.html: the report, to be read on a screen, a phone or paper."""

from batch.anomalies import Gravite
from batch.pages.matrice import slices
from batch.pages.rendu import render
from batch.rapport import TONS, Rapport
from batch.vocabulaire import EtatFiche, Ton


def write(rapport: Rapport) -> bytes:
    return render(
        "controle.html",
        "controle.js",
        rapport=rapport,
        gravites=list(Gravite),
        tons=TONS,
        etats=list(EtatFiche),
        tranches=slices(rapport.candidats, rapport.matrice, EtatFiche),
        favorable=Ton.FAVORABLE,
    )
