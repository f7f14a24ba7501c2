"""Jury: from the référentiel of a French professional certification to the signed procès-verbal.

referentiel/, reglement/   what is to be evaluated, and what decides
classeurs/                 Excel, both ways: session, grids, deliberation, reports
jury/                      ratings -> outcomes: pure, standard library only
documents/                 outcomes -> Word
pages/                     reports -> HTML
courriels/                 grids and letters -> mails: drafts, sending, ledger
plats/                     sittings -> flat tables, the same in every format
exports/                   what others want of a session: CSV, JSON, the certified declared
archive/                   a closed session <-> one sealed file
etat/                      where a session stands, told at once while nothing has changed
chaine/                    joins them: gather, decide, write
cli/                       the commands
"""

__version__ = "0.1.0"
