"""What a procès-verbal rests on: its pieces, and the one fingerprint of them all that it prints.

The list is that of `sha256sum`: « fingerprint, two spaces, name », a piece a line, in UTF-8. Who
has the pieces can make it again with any tool, and lay its SHA-256 beside the printed one.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from batch import fichiers
from batch.chaine.ouverture import content_of
from batch.chaine.retours import Controle
from batch.classeurs.grille.lecture import Sort
from batch.folder import Folder

# The workbook itself may be made again after the jury: what it says stands for it.
DECISIONS = "deliberation.xlsx (ce qui y est décidé)"
_GROUPES = 4  # of four digits each: enough for eyes to compare, too long to meet by chance


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that the procès-verbal rests on, by its name in the session folder."""

    nom: str
    sha256: str


def gather(
    folder: Folder, controle: Controle, faits: Mapping[tuple[str | None, str], str]
) -> list[Piece]:
    """Référentiel, règlement, session, what was decided, then each returned grid that counted."""
    kept = (controle.contexte.fichier_referentiel, folder.reglement, folder.session)
    said = [[candidat, sujet, dit] for (candidat, sujet), dit in faits.items()]
    grids = [
        Piece(retour.nom, retour.empreinte)
        for retour in controle.retours
        if controle.bilan.fichiers.get(retour.nom) is Sort.ACCEPTE
    ]
    return [
        *(Piece(path.name, fichiers.fingerprint(content_of(path))) for path in kept),
        Piece(DECISIONS, fichiers.fingerprint(json.dumps(said, ensure_ascii=False).encode())),
        *sorted(grids, key=lambda piece: piece.nom),
    ]


def manifest(pieces: Sequence[Piece]) -> str:
    return "".join(f"{piece.sha256}  {piece.nom}\n" for piece in pieces)


def short(pieces: Sequence[Piece]) -> str:
    """The first digits of the manifest's fingerprint, as a page prints them: « 1a2b 3c4d … »."""
    whole = fichiers.fingerprint(manifest(pieces).encode())
    return " ".join(whole[4 * rank : 4 * rank + 4] for rank in range(_GROUPES))
