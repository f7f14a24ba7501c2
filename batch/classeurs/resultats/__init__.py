"""resultats.xlsx: what the machine-readable results say, for people.

The president of the jury reads the first sheet; each of the others answers one question.
"""

from batch.classeurs import edition
from batch.classeurs.resultats import accord, candidats, evaluateurs, reussite, synthese
from batch.jury.seance import Seance


def write(seance: Seance) -> bytes:
    """The sitting's figures, then candidates, compétences and critères, then the evaluators."""
    with edition.new(seance.session.date_jury) as (book, buffer):
        synthese.write(book, seance)
        candidats.write_results(book, seance)
        candidats.write_details(book, seance)
        reussite.write(book, seance)
        evaluateurs.write(book, seance)
        accord.write(book, seance)
    return buffer.getvalue()
