"""A référentiel from wherever it is written, and to wherever it is wanted: ours, YAML, Excel."""

from dataclasses import dataclass
from pathlib import Path

from batch import fichiers
from batch.anomalies import Anomalie, Empechement, MauvaisUsage
from batch.classeurs import cellules
from batch.classeurs import referentiel as classeur_referentiel
from batch.reception import limites
from batch.referentiel import lecture
from batch.referentiel.ecriture import as_yaml
from batch.referentiel.modele import Referentiel
from batch.referentiel.texte import folded

MODELE = "referentiel-modele.xlsx"
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_TEXTS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Ecrit:
    """What became of a file that was to be written: its path, and whether it is new."""

    chemin: Path
    change: bool


def read(designation: str) -> tuple[Referentiel | None, list[Anomalie]]:
    """The référentiel of that id, or of that file, YAML or Excel; or None with every reason."""
    path = Path(designation)
    if path.suffix.lower() in _WORKBOOKS:
        return read_workbook(path)
    if path.suffix.lower() in _TEXTS or (path.is_file() and designation not in lecture.known()):
        return lecture.read(path)
    return lecture.load(designation), []


def load(designation: str) -> Referentiel:
    """The same, or Empechement with every reason."""
    referentiel, anomalies = read(designation)
    if referentiel is None:
        raise Empechement(f"Le référentiel {designation} doit être corrigé.", anomalies)
    return referentiel


def read_workbook(path: Path) -> tuple[Referentiel | None, list[Anomalie]]:
    """What is typed in this workbook. Raises Empechement when it is not a readable one."""
    try:
        if path.stat().st_size > limites.FICHIER:
            raise Empechement(f"{path.name} est trop gros pour un référentiel.")
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise MauvaisUsage(f"Le fichier {path} n'existe pas.") from error
    except OSError as error:
        raise Empechement(
            f"{path.name} ne peut pas être lu ({error.strerror}). Fermez-le s'il est ouvert dans "
            f"un autre programme, puis relancez la commande."
        ) from error
    classeur, refusals = cellules.read(path.name, content)
    if classeur is None:
        raise Empechement(
            f"{refusals[0].message} Enregistrez-le au format .xlsx, sans mot de passe, puis "
            f"relancez la commande."
        )
    return classeur_referentiel.read(classeur)


def write_model(path: Path) -> Ecrit:
    """The workbook to fill in. It never takes the place of a file, which may be a filled one."""
    if path.exists():
        raise MauvaisUsage(f"{path} existe déjà : rien n'a été changé. Donnez un autre nom.")
    return Ecrit(path, fichiers.write(path, classeur_referentiel.write()))


def export(referentiel: Referentiel, sortie: Path | None, *, remplacer: bool) -> Ecrit:
    path = sortie or Path(f"{referentiel.id}.xlsx")
    return _put(path, classeur_referentiel.write(referentiel), remplacer=remplacer)


def import_(
    referentiel: Referentiel, source: Path, sortie: Path | None, *, remplacer: bool
) -> Ecrit:
    """The YAML of what was read in that workbook."""
    path = sortie or Path(f"{referentiel.id}.yaml")
    heading = (
        f"{referentiel.intitule}\n"
        f"Référentiel importé de {folded(source.name)} par « jury referentiel importer »."
    )
    text = as_yaml(referentiel, heading)
    return _put(path, text.encode(), remplacer=remplacer)


def _put(path: Path, content: bytes, *, remplacer: bool) -> Ecrit:
    if path.is_dir():
        raise MauvaisUsage(f"{path} est un dossier : donnez le nom d'un fichier.")
    if path.is_file() and path.read_bytes() != content and not remplacer:
        raise MauvaisUsage(
            f"{path} existe déjà, avec un autre contenu : rien n'a été changé. Ajoutez "
            f"--remplacer pour l'écraser, ou donnez un autre nom avec --sortie."
        )
    return Ecrit(path, fichiers.write(path, content))
