"""A session under other rules -> who flips, and whose result hangs by a hair. It writes nothing.

demandes.py   « bloc.seuil=60% » -> the règlement changed so, or why it cannot be
bascules.py   the proposals that flip
cheveux.py    those that hang on one line, one evaluator, or rounding
"""

from batch.simulation.bascules import Bascule, Simulation, simulate
from batch.simulation.cheveux import Cheveu, Pas, hairs
from batch.simulation.demandes import Changement, Demande, Plage, check_once, demande, plage

__all__ = [
    "Bascule", "Changement", "Cheveu", "Demande", "Pas", "Plage", "Simulation",
    "check_once", "demande", "hairs", "plage", "simulate",
]  # fmt: skip
