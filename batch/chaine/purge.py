"""An old session folder -> what its règlement no longer lets be kept, shown, then erased.

Two classes: the evidence (grids, comments, incidents, letters, archives) and the register (minutes
and certificates). What somebody else put among the documents is never erased with the evidence.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from batch import fichiers, transaction
from batch.anomalies import MauvaisUsage
from batch.chaine.examen import examine
from batch.chaine.ouverture import gather
from batch.folder import Folder, entry, open_folder
from batch.jury import statistiques
from batch.jury.delais import months_later
from batch.jury.seance import Seance
from batch.jury.statistiques import Element, Taux
from batch.reglement.modele import Duree, Validite

PREUVES, REGISTRE = "preuves", "registre"
_STATISTIQUES = "statistiques.json"
_PURGES = "purges.jsonl"
_PAPIERS = ("lettres", "releves", "convocations")
_FEUILLES = ("emargement", "affichage", "fiche-synthetique")


@dataclass(frozen=True, slots=True)
class Purge:
    """What may go from a folder, and why."""

    folder: Folder
    session: str
    date_jury: date
    echeances: dict[str, date | None]  # the last day of each class; None for ever
    classes: tuple[str, ...]  # those that are past it
    fichiers: tuple[Path, ...]
    gardes: tuple[Path, ...]  # documents that stay

    @property
    def octets(self) -> int:
        return sum(path.stat().st_size for path in self.fichiers)


def plan(root: Path, avant: date, today: date) -> Purge:
    """What is to be erased of what should be gone before that day; nothing is touched."""
    if avant > today:
        raise MauvaisUsage("La date de --avant est dans l'avenir. Donnez un jour passé.")
    folder, session, jour, ends = _terms(root)
    due = tuple(name for name, end in ends.items() if end is not None and end < avant)
    gone = tuple(dict.fromkeys(path for name in due for path in _CLASSES[name](folder)))
    stay = tuple(path for path in _files(folder.documents) if path not in gone)
    return Purge(folder, session, jour, ends, due, gone, stay)


def erase(purge: Purge, now: datetime) -> None:
    """Erase it, all or nothing; what remains says how many files went, and their fingerprints."""
    folder = purge.folder
    names = [folder.relative(path) for path in purge.fichiers]
    line = entry(
        "purger",
        now,
        session=purge.session,
        date_jury=purge.date_jury.isoformat(),
        classes=purge.classes,
        echeances={name: end.isoformat() if end else None for name, end in purge.echeances.items()},
        fichiers=len(names),
        octets=purge.octets,
        empreintes=sorted(str(transaction.fingerprint_of(path)) for path in purge.fichiers),
    )
    kept = folder.root / _PURGES
    before = kept.read_bytes() if kept.is_file() else b""
    writes = {_PURGES: before + line.encode() + b"\n"}
    if folder.session.is_file():
        writes[_STATISTIQUES] = fichiers.as_json(_figures(examine(folder).seance))
    transaction.commit(folder.root, writes, names)
    for place in {path.parent for path in purge.fichiers}:
        _remove_empty(place, folder.root)


def _terms(root: Path) -> tuple[Folder, str, date, dict[str, date | None]]:
    """The session, its day, and until when each class is kept."""
    folder = Folder(root)
    if root.is_dir():
        transaction.recover(root)
    if not folder.session.is_file() and (root / _PURGES).is_file():
        last = json.loads((root / _PURGES).read_text(encoding="utf-8").splitlines()[-1])
        ends = {n: date.fromisoformat(end) if end else None for n, end in last["echeances"].items()}
        return folder, last["session"], date.fromisoformat(last["date_jury"]), ends
    contexte = gather(open_folder(root))
    jour, rules = contexte.session.date_jury, contexte.reglement.conservation
    ends = {PREUVES: _end(jour, rules.preuves), REGISTRE: _end(jour, rules.registre)}
    return folder, contexte.session.id, jour, ends


def _end(jour: date, duration: Validite) -> date | None:
    if duration == "illimitee":
        return None
    months = duration.mois if isinstance(duration, Duree) else 12 * int(duration)
    return months_later(jour, months)


def _evidence(folder: Folder) -> Iterator[Path]:
    alone = (folder.session, folder.deliberation, folder.resultats, folder.resultats_xlsx)
    yield from (path for path in alone if path.is_file())
    trees = (folder.grilles, folder.retours, folder.controle, folder.courriels, folder.archives,
             folder.exports)  # fmt: skip
    for tree in (*trees, folder.root / ".jury", *(folder.documents / name for name in _PAPIERS)):
        yield from _files(tree)
    for path in _files(folder.documents):
        if path.parent == folder.documents and path.name.startswith((*_FEUILLES, *_PAPIERS)):
            yield path


def _register(folder: Folder) -> Iterator[Path]:
    yield from _evidence(folder)
    yield from _files(folder.documents)


_CLASSES = {PREUVES: _evidence, REGISTRE: _register}


def _files(tree: Path) -> list[Path]:
    return sorted(path for path in tree.rglob("*") if path.is_file() or path.is_symlink())


def _remove_empty(place: Path, root: Path) -> None:
    while place != root and place.is_dir() and not any(place.iterdir()):
        place.rmdir()
        place = place.parent


def _figures(seance: Seance) -> dict[str, Any]:
    """The session's figures, nobody's name in them; the voies are left out, too few for that."""
    group = statistiques.whole(seance)
    levels = ("blocs", "epreuves", "activites", "competences", "criteres")
    return {
        "format": "jury/statistiques/1",
        "referentiel": seance.referentiel.id,
        "annee": seance.session.date_jury.year,
        "inscrits": group.inscrits,
        "presents": group.presents,
        "issues": {issue.value: number for issue, number in group.issues.items()},
        "reussite": _rate(group.reussite),
        "blocs_vises": _rate(group.blocs_vises),
        **{name: [_element(e) for e in getattr(statistiques, name)(seance)] for name in levels},
    }


def _element(element: Element) -> dict[str, Any]:
    states = {etat.value: number for etat, number in element.etats.items()}
    return {"id": element.id, "etats": states, "taux": _rate(element.taux)}


def _rate(taux: Taux) -> dict[str, int]:
    return {"obtenus": taux.obtenus, "sur": taux.sur}
