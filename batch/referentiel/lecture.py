"""schemas/referentiels/*.yaml -> Referentiel, with every fault at once."""

from collections.abc import Iterator
from pathlib import Path

from batch import data, lecture_yaml
from batch.anomalies import Anomalie, Code, Empechement, MauvaisUsage, suggestion
from batch.francais import enumeration, proche
from batch.referentiel.modele import Referentiel


def read(path: Path) -> tuple[Referentiel | None, list[Anomalie]]:
    """The référentiel of this file, or None with the reasons. Raises Empechement without a text."""
    source, anomalies = lecture_yaml.read(path.name, _text(path))
    if source is None:
        return None, anomalies
    referentiel, faults = lecture_yaml.validate(source, Referentiel)
    anomalies += faults
    if referentiel is not None:
        anomalies += _check_ties(source, referentiel)
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


def _check_ties(source: lecture_yaml.Source, referentiel: Referentiel) -> Iterator[Anomalie]:
    """Identifiers are unique, and whatever is cited exists."""
    sections = {
        "blocs": [bloc.code for bloc in referentiel.blocs],
        "activites": [activite.id for activite in referentiel.activites],
        "competences": [competence.id for competence in referentiel.competences],
        "epreuves": [epreuve.id for epreuve in referentiel.epreuves],
        "criteres": [critere.id for critere in referentiel.criteres],
    }
    for section, ids in sections.items():
        for rank, identifiant in enumerate(ids):
            if identifiant in ids[:rank]:
                lieu = source.lieu(section, rank)
                yield Code.IDENTIFIANT_DOUBLE.at(lieu, valeur=identifiant)
    for section, rank, rubric, cited, target in _citations(referentiel):
        if cited is not None and cited not in sections[target]:
            yield Code.REFERENCE_INCONNUE.at(
                source.lieu(section, rank, rubric),
                rubrique=rubric,
                valeur=cited,
                suggestion=suggestion(proche(cited, sections[target])),
            )


def _citations(referentiel: Referentiel) -> Iterator[tuple[str, int, str, str | None, str]]:
    for rank, activite in enumerate(referentiel.activites):
        yield "activites", rank, "bloc", activite.bloc, "blocs"
    for rank, competence in enumerate(referentiel.competences):
        yield "competences", rank, "bloc", competence.bloc, "blocs"
        yield "competences", rank, "activite", competence.activite, "activites"
    for rank, epreuve in enumerate(referentiel.epreuves):
        for cited in epreuve.competences:
            yield "epreuves", rank, "competences", cited, "competences"
    for rank, critere in enumerate(referentiel.criteres):
        yield "criteres", rank, "epreuve", critere.epreuve, "epreuves"
        yield "criteres", rank, "activite", critere.activite, "activites"
        for cited in critere.competences:
            yield "criteres", rank, "competences", cited, "competences"
