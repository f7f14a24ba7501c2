"""reglement.yaml -> Reglement, checked against its référentiel, with every fault at once."""

from pathlib import Path

from batch import data, lecture_yaml
from batch.anomalies import Anomalie, Empechement
from batch.referentiel.modele import Referentiel
from batch.reglement.controle import check
from batch.reglement.modele import Reglement


def read(path: Path, referentiel: Referentiel) -> tuple[Reglement | None, list[Anomalie]]:
    """The règlement of this file, or None with the reasons. Raises Empechement without a text."""
    try:
        texte = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise Empechement(
            f"Le règlement {path.name} manque dans {path.parent}. Recopiez-y celui de la session, "
            f"ou refaites un dossier avec « jury session »."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Empechement(
            f"{path.name} n'est pas un texte lisible en UTF-8. Enregistrez-le en UTF-8, "
            f"puis recommencez."
        ) from error
    source, anomalies = lecture_yaml.read(path.name, texte)
    if source is None:
        return None, anomalies
    reglement, faults = lecture_yaml.validate(source, Reglement)
    anomalies += faults
    if reglement is not None:
        anomalies += check(source, reglement, referentiel)
    blocked = any(anomalie.bloquante for anomalie in anomalies)
    return None if blocked else reglement, anomalies


def example_for(referentiel: Referentiel) -> Path:
    """The example règlement that comes with one of our référentiels."""
    return data.REGLEMENTS / f"{referentiel.id}.yaml"
