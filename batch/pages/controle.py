"""controle/rapport.html: the report, to be read on a screen, a phone or paper."""

from batch.anomalies import Gravite
from batch.pages.rendu import render
from batch.rapport import TONS, Rapport
from batch.vocabulaire import EtatFiche, Ton

# The columns of candidates that a sheet of A4 takes beside the names: past them, another table.
_PAR_TABLE = 20


def write(rapport: Rapport) -> bytes:
    numeros = list(rapport.candidats)
    return render(
        "controle.html",
        "controle.js",
        rapport=rapport,
        gravites=list(Gravite),
        tons=TONS,
        etats=list(EtatFiche),
        tranches=[numeros[n : n + _PAR_TABLE] for n in range(0, len(numeros), _PAR_TABLE)],
        favorable=Ton.FAVORABLE,
    )
