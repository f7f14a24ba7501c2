"""Jury: from the référentiel of a French professional certification to the signed procès-verbal.

referentiel/, reglement/   what is to be evaluated, and what decides
reception/                 whatever comes back -> files that may be read, within bounds
classeurs/                 Excel, both ways: session, grids, deliberation, reports
jury/                      ratings -> outcomes: pure, standard library only
simulation/                what other rules would have changed
documents/                 outcomes -> Word
pages/                     reports -> HTML
courriels/                 grids and letters -> mails: drafts, sending, ledger
etat/                      where a session stands, told at once while nothing has changed
archive/                   a closed session <-> one sealed file
registre/                  what the house has delivered, for ever
plats/, exports/           what others are told: tables, the declaration of the certified
chaine/                    joins them: gather, decide, write
cli/                       the commands
"""

__version__ = "0.1.0"
