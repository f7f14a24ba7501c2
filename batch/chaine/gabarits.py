"""The house's own Word templates: ours handed out to be changed, theirs checked and tried."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from batch import data, fichiers
from batch.anomalies import Anomalie, Code, Empechement, Lieu, MauvaisUsage, suggestion
from batch.chaine.ouverture import content_of
from batch.classeurs import champs as classeur_champs
from batch.documents.edition import Feuille
from batch.documents.gabarits import controle, dictionnaire, essai, polices, surete
from batch.documents.gabarits.sortes import SORTES
from batch.documents.paquet import pack
from batch.folder import Folder
from batch.francais import enumeration, proche

CHAMPS = "champs.xlsx"
# What somebody may have meant as a template, whatever it is.
_DOCUMENTS = (".docx", ".docm", ".dotx", ".dotm", ".doc", ".odt", ".rtf")


@dataclass(frozen=True, slots=True)
class Export:
    dossier: Path
    ecrits: tuple[str, ...]
    laisses: tuple[str, ...]  # already there: never written over


@dataclass(frozen=True, slots=True)
class Verification:
    verifies: tuple[str, ...]
    essais: tuple[str, ...]  # the trial documents, named as under the folder that keeps them
    anomalies: tuple[Anomalie, ...]


def export(dossier: Path) -> Export:
    """Our templates, and the dictionary of their fields. Into `gabarits/` of a session folder."""
    target = _of(dossier)
    contents = {nom: (data.TEMPLATES / nom).read_bytes() for nom in SORTES}
    contents[CHAMPS] = _dictionary()
    written, left = [], []
    for nom, content in contents.items():
        path = target / nom
        if path.exists():
            left.append(nom)
        else:
            fichiers.write(path, content)
            written.append(nom)
    return Export(target, tuple(written), tuple(left))


def verify(chemin: Path, garde: Path | None = None) -> Verification:
    """Every fault of a template, or of a folder of them, and a trial of those that have none.

    `garde`: where the trial's documents are kept. Raises MauvaisUsage where there is no template.
    """
    paths = list(_templates(chemin))
    if not paths:
        raise MauvaisUsage(
            f"{chemin} ne contient aucun gabarit Word. « jury gabarits exporter » y copie les "
            f"nôtres."
        )
    sheets = essai.sheets()
    anomalies: list[Anomalie] = []
    checked, tried = [], []
    for path in paths:
        nom = path.name
        if nom not in SORTES:
            anomalies.append(_unknown(nom))
            continue
        checked.append(nom)
        parts, faults = surete.read(nom, content_of(path))
        if parts is not None and not _blocked(faults):
            contexts = [sheet.contexte for sheet in sheets[nom]]
            faults += controle.check(nom, parts, contexts, polices.installed())
        if parts is not None and not _blocked(faults):
            made, missed = _try(nom, pack(parts), sheets[nom])
            faults += missed
            tried += list(made)
            for name, content in made.items() if garde else ():
                assert garde is not None
                fichiers.write(garde / name, content)
        anomalies += faults
    return Verification(tuple(checked), tuple(tried), tuple(anomalies))


def lacking_mentions(folder: Folder) -> list[Anomalie]:
    """The mandatory mentions that the session's own templates print nowhere."""
    if not folder.gabarits.is_dir():
        return []
    sheets = essai.sheets()
    found: list[Anomalie] = []
    for path in _templates(folder.gabarits):
        # What else is wrong with a template stops the first document that it would print.
        parts, _ = surete.read(path.name, content_of(path))
        if parts is not None and path.name in SORTES:
            contexts = [sheet.contexte for sheet in sheets[path.name]]
            found += controle.check(path.name, parts, contexts, None)
    return [anomalie for anomalie in found if anomalie.code is Code.MENTION_MANQUE]


def _of(dossier: Path) -> Path:
    """A session's templates are in its own folder."""
    return dossier / "gabarits" if (dossier / "session.xlsx").is_file() else dossier


def _templates(chemin: Path) -> Iterator[Path]:
    if chemin.is_file():
        yield chemin
        return
    folder = _of(chemin)
    if not folder.is_dir():
        raise MauvaisUsage(
            f"{folder} n'existe pas. « jury gabarits exporter » y copie nos gabarits."
        )
    for path in sorted(folder.iterdir()):
        if path.suffix.casefold() in _DOCUMENTS and not path.name.startswith(("~$", ".")):
            yield path


def _unknown(nom: str) -> Anomalie:
    return Code.GABARIT_INCONNU.at(
        Lieu(nom),
        nom=nom,
        suggestion=suggestion(proche(nom, list(SORTES))),
        connus=enumeration(SORTES, "ou"),
    )


def _try(
    nom: str, contenu: bytes, sheets: list[Feuille]
) -> tuple[dict[str, bytes], list[Anomalie]]:
    """Each of its documents for our fictional candidates; the same failure is told once."""
    from batch.documents.rendu import Gabarit, Modele, Proprietes

    made: dict[str, bytes] = {}
    missed: dict[str, Anomalie] = {}
    try:
        model = Modele(Gabarit(nom, contenu), Proprietes("Essai", _JOUR))
    except Empechement as stop:
        return {}, [
            Code.ESSAI_MANQUE.at(Lieu(nom), document="tous les documents", raison=str(stop))
        ]
    for sheet in sheets:
        try:
            made[sheet.nom] = model.render(sheet.contexte, sheet.contexte["document"])
        except Empechement as stop:
            said = Code.ESSAI_MANQUE.at(Lieu(nom), document=sheet.nom, raison=str(stop))
            missed.setdefault(str(stop), said)
    return made, list(missed.values())


_JOUR = date(2023, 6, 15)


def _dictionary() -> bytes:
    sheets = essai.sheets()
    fields = [
        (nom, champ.nom, champ.sorte, champ.balise, champ.exemple)
        for nom in SORTES
        for champ in dictionnaire.dictionary([sheet.contexte for sheet in sheets[nom]])
    ]
    templates = [(nom, sorte.document, sorte.quand) for nom, sorte in SORTES.items()]
    return classeur_champs.write(templates, fields, dictionnaire.filters())


def _blocked(anomalies: list[Anomalie]) -> bool:
    return any(anomalie.bloquante for anomalie in anomalies)
