"""A touch of the tabulation key, beside the mere import of click."""

from batch.folder import Folder

from ..session import Etat
from .demarrage import click_alone, command
from .etape import LIMITE, NOUS, Etape, Travail


def nous(_: Folder) -> Travail:
    asked = {"_JURY_COMPLETE": "bash_complete", "COMP_WORDS": "jury co", "COMP_CWORD": "1"}
    return command("-m", "batch", env=asked)


def limite(_: Folder) -> Travail:
    return click_alone()


ETAPE = Etape(
    nom="completion",
    titre="complétion",
    vise="≤ 1,5 × import click",
    facons={NOUS: nous, LIMITE: limite},
    etat=Etat.EMISE,
)
