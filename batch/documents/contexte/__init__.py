"""A sitting -> plain dictionaries for the templates, one function a document.

vue.py       what is shown of a candidate: decided, or proposed as long as the jury has not
regles.py    the règlement's rules, in sentences
phrases.py   turns of phrase that the documents share
pv.py        the procès-verbal
courrier.py  the letter

Pure: no file, no clock. Every value is a text, a truth, a list or a dictionary, and never None.
"""

from batch.documents.contexte.courrier import lettre
from batch.documents.contexte.pv import proces_verbal

__all__ = ["lettre", "proces_verbal"]
