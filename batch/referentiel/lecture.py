"""schemas/referentiels/*.yaml -> Referentiel, with every fault at once."""

from pathlib import Path

from batch import data, lecture_yaml
from batch.anomalies import Anomalie, Empechement, MauvaisUsage, suggestion
from batch.francais import enumeration, proche
from batch.referentiel import controle, texte
from batch.referentiel.modele import Referentiel


def read(path: Path) -> tuple[Referentiel | None, list[Anomalie]]:
    """The référentiel of this file, or None with the reasons. Raises Empechement without a text."""
    return parse(path.name, _text(path))


def parse(nom: str, contenu: str) -> tuple[Referentiel | None, list[Anomalie]]:
    """The same from a text that is already here; `nom` is only for the sentences."""
    source, anomalies = lecture_yaml.read(nom, contenu)
    if source is None:
        return None, anomalies
    referentiel, faults = lecture_yaml.validate(source, Referentiel)
    anomalies += faults
    if referentiel is not None:
        referentiel = texte.in_normal_form(referentiel)
        anomalies += controle.check(referentiel, source)
    blocked = any(anomalie.bloquante for anomalie in anomalies)
    return None if blocked else referentiel, anomalies


def known() -> list[str]:
    """The ids of the référentiels that come with the program."""
    return sorted(path.stem for path in data.REFERENTIELS.glob("*.yaml"))


def load(identifiant: str) -> Referentiel:
    """One of our own, by its id. Raises MauvaisUsage when there is none of that name."""
    path = data.REFERENTIELS / f"{identifiant}.yaml"
    if identifiant not in known():
        near = suggestion(proche(identifiant, known()))
        raise MauvaisUsage(
            f"Le référentiel « {identifiant} » est inconnu{near}. Connus : {enumeration(known())}."
        )
    referentiel, anomalies = read(path)
    if referentiel is None:
        raise Empechement(f"Le référentiel « {identifiant} » est abîmé.", anomalies)
    return referentiel


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise MauvaisUsage(f"Le fichier {path} n'existe pas.") from error
    except UnicodeDecodeError as error:
        raise Empechement(
            f"{path.name} n'est pas un texte en UTF-8. Enregistrez-le en UTF-8, puis recommencez."
        ) from error
    except OSError as error:
        raise Empechement(f"{path.name} ne peut pas être lu ({error.strerror}).") from error
