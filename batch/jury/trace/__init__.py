"""A candidate's outcome -> its whole trace: what it takes to reckon it all again on paper.

From the certification down to what each evaluator chose, every step says its rule and the article,
the arithmetic, how far from the threshold it stands, what was left out and what is awaited.

decision.py       the certification and its blocs: proposed, decided
noeud.py          what a rule judged, and what stood under it
ligne.py          a rated line
arithmetique.py   the sums
faits.py          what no sum tells: held before, closed, missed
"""

from batch.jury.trace.arithmetique import exact
from batch.jury.trace.cas import Cas
from batch.jury.trace.decision import bloc, certification
from batch.jury.trace.etape import Avis, Etape, Feuille
from batch.jury.trace.noeud import beside
from batch.jury.trace.tournures import plural

__all__ = ["Avis", "Cas", "Etape", "Feuille", "beside", "bloc", "certification", "exact", "plural"]
