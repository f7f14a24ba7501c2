"""What an act was drawn from, kept beside it byte for byte: who saves a workbook again loses
nothing.

Under .jury/copies/, each file once and under its own fingerprint; an act names those that it rests
on. Laid out again in a folder of their own, they make its papers as they were.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from batch import data, fichiers
from batch.chaine.ouverture import content_of
from batch.chaine.retours import Controle
from batch.classeurs.grille.lecture import Sort
from batch.folder import Folder
from batch.reception import depot
from batch.reception.contenants import Ecarte

RETOURS = "retours/"
REFERENTIEL = "referentiel.yaml"
_SUFFIXES = (".xlsx", ".xlsm", ".ods")  # any other is a name that somebody chose


def take(folder: Folder, controle: Controle) -> dict[str, bytes]:
    """Everything that the session's papers are drawn from now, by its name in a session folder.

    The référentiel and the templates are there whoever brought them, the house or the program;
    of what came back, the grids that counted, out of whatever they came in.
    """
    judged = folder.deliberation if folder.deliberation.is_file() else folder.decisions
    kept = [folder.session, folder.reglement, judged, folder.acceptations]
    return {
        **{folder.relative(path): content_of(path) for path in kept if path.is_file()},
        REFERENTIEL: content_of(controle.contexte.fichier_referentiel),
        **{name: content_of(path) for name, path in templates(folder).items()},
        **dict(_grids(folder, controle)),
    }


def templates(folder: Folder) -> dict[str, Path]:
    """The Word templates in force, the house's before ours, by the name that a session folder
    gives them: « gabarits/lettre.docx »."""
    ours = sorted(path.name for path in data.TEMPLATES.glob("*.docx"))
    return {f"gabarits/{name}": data.template(name, folder.gabarits) for name in ours}


def _grids(folder: Folder, controle: Controle) -> Iterator[tuple[str, bytes]]:
    """In the order in which they were read, for that is the order of what they say."""
    ranks = {
        retour.empreinte: rank
        for rank, retour in enumerate(controle.retours, 1)
        if controle.bilan.fichiers.get(retour.nom) is Sort.ACCEPTE
    }
    for recu in depot.receive(folder.retours, folder.relative(folder.retours)):
        if isinstance(recu, Ecarte):
            continue
        rank = ranks.pop(fichiers.fingerprint(recu.contenu), None)
        if rank is not None:
            suffix = PurePosixPath(recu.nom).suffix.lower()
            yield f"{RETOURS}{rank:05}{suffix if suffix in _SUFFIXES else ''}", recu.contenu


def as_files(folder: Folder, kept: Mapping[str, bytes]) -> dict[str, bytes]:
    """What to write in the session folder to keep these: name -> bytes."""
    return {
        folder.relative(path_of(folder, name, fichiers.fingerprint(content))): content
        for name, content in kept.items()
    }


def path_of(folder: Folder, name: str, empreinte: str) -> Path:
    """« .jury/copies/1a2b….xlsx »."""
    return folder.copies / f"{empreinte}{PurePosixPath(name).suffix}"


def find(folder: Folder, wanted: Mapping[str, str]) -> dict[str, bytes]:
    """What has these fingerprints (-> name), by fingerprint; one that is nowhere is lacking.

    A copy that somebody has thrown away may still be what lies in the folder.
    """
    found: dict[str, bytes] = {}
    for empreinte, name in wanted.items():
        for path in (path_of(folder, name, empreinte), folder.root / name):
            if empreinte not in found and path.is_file():
                content = content_of(path)
                if fichiers.fingerprint(content) == empreinte:
                    found[empreinte] = content
    return found


def lay_out(
    folder: Folder, names: Mapping[str, str], contents: Mapping[str, bytes], cle: bytes
) -> None:
    """A session folder, elsewhere, that says what these copies say. `contents`: by fingerprint."""
    fichiers.write(folder.cle, cle)
    folder.retours.mkdir(exist_ok=True)
    for name, empreinte in names.items():
        fichiers.write(folder.root / name, contents[empreinte])
