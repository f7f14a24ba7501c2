"""A touch of the tabulation key on an option, which its command must be loaded to know."""

from batch.folder import Folder

from ..session import Etat
from .demarrage import click_alone, completion
from .etape import LIMITE, NOUS, Etape, Travail


def nous(_: Folder) -> Travail:
    return completion("traiter", "--d")


def limite(_: Folder) -> Travail:
    return click_alone()


ETAPE = Etape(
    nom="option",
    titre="Complétion d'une option",
    vise="≤ 1,5 × import click",
    facons={NOUS: nous, LIMITE: limite},
    etat=Etat.EMISE,
)
