"""The batch, top to bottom: gather, decide, write. Each stage knows its own business only."""

from batch.chaine.acceptations import accept, take_back
from batch.chaine.controle import control
from batch.chaine.convocations import Convocations, summon
from batch.chaine.examen import Examen, examine, propose
from batch.chaine.greffe import Traitement
from batch.chaine.grilles import Emission, issue_grids
from batch.chaine.ouverture import Contexte, create, gather
from batch.chaine.papiers import summary, treat
from batch.chaine.pdf import Conversion, export_pdf, forget_stale_pdfs, pdf_of
from batch.chaine.rattrapage import Suite, follow
from batch.chaine.retours import Controle, read_returns

__all__ = [
    "Contexte",
    "Controle",
    "Conversion",
    "Convocations",
    "Emission",
    "Examen",
    "Suite",
    "Traitement",
    "accept",
    "control",
    "create",
    "examine",
    "export_pdf",
    "follow",
    "forget_stale_pdfs",
    "gather",
    "issue_grids",
    "pdf_of",
    "propose",
    "read_returns",
    "summary",
    "summon",
    "take_back",
    "treat",
]
