"""A sitting -> plain dictionaries for the templates, one function a document.

commun.py       what every document starts from
vue.py          what is shown of a candidate: decided, or proposed as long as the jury has not
regles.py       the règlement's rules, in sentences
phrases.py      turns of phrase that the documents share
pv.py           the procès-verbal; in membres.py who sat, in deroulement.py how it went,
                in tableau.py its results, in motivations.py why
affichage.py    the results as they may be posted, without a name
fiche.py        the jury's summary sheet
courrier.py     the letter
releve.py       the candidate's own results, line by line
certificat.py   the certificates
convocation.py  before the session: the candidates and the jury
emargement.py   before the session: who signs that he came

Pure: no file, no clock. Every value is a text, a truth, a list or a dictionary, and never None.
"""

from batch.documents.contexte.affichage import affichage
from batch.documents.contexte.certificat import certificat
from batch.documents.contexte.convocation import convocation_candidat, convocation_jury
from batch.documents.contexte.courrier import lettre
from batch.documents.contexte.emargement import emargement
from batch.documents.contexte.fiche import fiche_synthetique
from batch.documents.contexte.pv import proces_verbal
from batch.documents.contexte.releve import releve

__all__ = [
    "affichage",
    "certificat",
    "convocation_candidat",
    "convocation_jury",
    "emargement",
    "fiche_synthetique",
    "lettre",
    "proces_verbal",
    "releve",
]
