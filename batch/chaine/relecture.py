"""A session's folder -> what it says today, read as its last act read it."""

from dataclasses import dataclass

from batch.anomalies import Empechement
from batch.chaine import actes
from batch.chaine.actes import Fixe
from batch.chaine.examen import Examen, examine
from batch.folder import Folder
from batch.jury.seance import Changement


@dataclass(frozen=True, slots=True)
class Relue:
    actes: list[Fixe]  # none of a PROJET
    examen: Examen
    changements: tuple[Changement, ...]  # since the last act
    plus_recente: bool  # as that act did: of two versions of a grid, the last saved


def read(folder: Folder) -> Relue:
    acts, examen = actes.read(folder), examine(folder)
    changed = actes.changes(acts[-1], examen.seance) if acts else ()
    if changed:
        other = examine(folder, plus_recente=True)
        if not actes.changes(acts[-1], other.seance):
            return Relue(acts, other, (), plus_recente=True)
    return Relue(acts, examen, changed, plus_recente=False)


def as_stated(folder: Folder) -> Relue:
    """The same. Raises Empechement when the folder no longer says what its last act does."""
    relue = read(folder)
    if relue.changements:
        last = relue.actes[-1]
        raise Empechement(
            f"La session ne dit plus ce que dit son procès-verbal n° {last.acte.numero}. "
            f"Rétablissez ce qui a changé, ou établissez un rectificatif : jury traiter DOSSIER "
            f"--rectifier --motif « … ».",
            tuple(actes.told(last, relue.changements, actes.sources(folder))),
        )
    return relue
