"""A touch of the tabulation key on a command's name, beside the mere import of click."""

from batch.folder import Folder

from ..session import Etat
from .demarrage import click_alone, completion
from .etape import LIMITE, NOUS, Etape, Travail


def nous(_: Folder) -> Travail:
    return completion("co")


def limite(_: Folder) -> Travail:
    return click_alone()


ETAPE = Etape(
    nom="completion",
    titre="Complétion d'une commande",
    vise="≤ 1,5 × import click",
    facons={NOUS: nous, LIMITE: limite},
    etat=Etat.EMISE,
)
