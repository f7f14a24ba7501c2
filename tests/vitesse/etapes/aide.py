"""jury --help, beside the mere import of click."""

from batch.folder import Folder

from ..session import Etat
from .demarrage import click_alone, jury
from .etape import LIMITE, NOUS, Etape, Travail


def nous(_: Folder) -> Travail:
    return jury("--help")


def limite(_: Folder) -> Travail:
    return click_alone()


ETAPE = Etape(
    nom="aide",
    titre="jury --help",
    vise="≤ 1,5 × import click",
    facons={NOUS: nous, LIMITE: limite},
    etat=Etat.EMISE,
)
