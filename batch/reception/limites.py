"""How much is read before a file is refused: each figure, and its reason.

Measured on 1 190 real workbooks and 69 grids sent through sixteen programs: a real grid weighs
about 20 kB, holds 15 entries, inflates fourteen-fold at most and has some 3 000 filled cells.
Everything is counted while it is read: what a file declares about itself proves nothing.
"""

# --- a workbook

# Five hundred times a real grid; past that, somebody pasted pictures or attached something else.
FICHIER = 10 * 1024**2
# A sheet formatted down to row 1 048 576 inflates to 50 or 100 MB without holding anything.
FEUILLE = 120 * 1024**2
# Its strings, its styles, its list of sheets: the whole of a real one fits in 1 MB.
PARTIE = 20 * 1024**2
DECOMPRESSE = 150 * 1024**2
# Only a bomb is two hundred times smaller than what it holds. Below 1 MB it harms nobody.
RATIO = 200
RATIO_A_PARTIR_DE = 1024**2
ELEMENTS = 300  # entries of the zip; the fullest real workbook had 130
# The largest session of our samples has 30 candidates in a workbook, two sheets more.
FEUILLES = 300
# Filled cells in the whole workbook: 30 candidates, 200 rows, 6 columns make 36 000.
CELLULES = 200_000
# Of the session's own two workbooks, that nobody sends us: ten thousand candidates, four decisions
# each, fourteen columns make 560 000.
CELLULES_SESSION = 2_000_000
# Excel's own last row and column (XFD).
LIGNE, COLONNE = 1_048_576, 16_384
CHAINES = 100_000  # a text is listed once however often it is used
# Excel itself allows 64 000; real workbooks passed by hand for ten years have 4 000.
STYLES = 20_000
FUSIONS = 2_000
TEXTE = 32_767  # characters in a cell: Excel's own limit
# The deepest real part has 20 levels; the parser keeps each open level in memory.
PROFONDEUR_XML = 64

# --- a zip or a mail

# Three hundred grids sent in one zip weigh 6 MB; pictures in a mail, ten more.
CONTENANT = 50 * 1024**2
CONTENANT_DECOMPRESSE = 200 * 1024**2
# Grids of a large session with the system's debris beside each of them.
PIECES = 2_000
# A mail, forwarded, with a zip, of a folder zipped again: nobody goes further.
PROFONDEUR = 4
NOM = 200  # characters of a name that are shown

# --- an archive that we sealed

# Every grid of a session of ten thousand candidates, and five documents for each: as many as a zip
# lists without the extensions that not every program reads.
PIECES_SCELLEES = 60_000
ARCHIVE_SCELLEE = 1024**3
