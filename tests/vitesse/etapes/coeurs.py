"""jury traiter by as many processes as pay, beside one."""

from batch import chaine, demarrage
from batch.folder import Folder

from ..session import NOW, Etat
from .etape import NAIF, NOUS, SEUL, Etape, Travail
from .reprise import temoin


def naif(folder: Folder) -> Travail:
    """Ours, by one."""
    demarrage.begin()
    return lambda: chaine.treat(folder, NOW, allure=SEUL)


def nous(folder: Folder) -> Travail:
    return lambda: chaine.treat(folder, NOW)


ETAPE = Etape(
    nom="coeurs",
    titre="jury traiter, tous les cœurs",
    vise="mêmes octets",
    facons={NAIF: naif, NOUS: nous},
    temoin=temoin,
    etat=Etat.RENDUE,
    entiere=True,
)
