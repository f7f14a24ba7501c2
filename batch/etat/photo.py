"""What the last check found, kept in .jury/etat.json with the fingerprint of all that it read.

It is told again only while every one of those files is, byte for byte, what was read; one that
changed, came or went, and the folder is examined anew. A date or a size proves nothing.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from batch import __version__, data, transaction
from batch.etat.modele import Faits, Grille
from batch.folder import Folder
from batch.vocabulaire import EtatFiche

_FORMAT = f"jury/etat-interne/1 {__version__}"
_RETOURS = "retours/"


@dataclass(frozen=True, slots=True)
class Photo:
    """What was found, when, and in which files."""

    faits: Faits
    quand: datetime
    entrees: Mapping[str, str]  # the fingerprint of each file read; none: never told again
    vus: Mapping[str, str]  # when each file of retours/, by its fingerprint, was first seen
    controle: str = ""  # the fingerprint of retours/ at the last « controle » or « traiter »
    traite: str = ""  # of all the files, at the last « traiter »
    plus_recente: bool = False


def current(folder: Folder) -> Photo | None:
    """What was kept, if nothing that it was drawn from has changed."""
    kept = last(folder)
    if kept is None or not kept.entrees:
        return None
    return kept if kept.entrees == inputs(folder) else None


def last(folder: Folder) -> Photo | None:
    """What was kept last, whatever has changed since; None if another version kept it."""
    try:
        content = json.loads(_path(folder).read_bytes())
        if content["format"] != _FORMAT:
            return None
        return Photo(
            faits=_read(content["faits"]),
            quand=datetime.fromisoformat(content["quand"]),
            entrees=content["entrees"],
            vus=content["vus"],
            controle=content["controle"],
            traite=content["traite"],
            plus_recente=content["plus_recente"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # it can always be made again


def keep(folder: Folder, photo: Photo) -> None:
    content = {
        "format": _FORMAT,
        **{one.name: getattr(photo, one.name) for one in fields(photo) if one.name != "faits"},
        "quand": photo.quand.isoformat(),
        "faits": _written(photo.faits),
    }
    written = json.dumps(content, separators=(",", ":")).encode()
    transaction.commit(folder.root, {folder.relative(_path(folder)): written})


def inputs(folder: Folder) -> dict[str, str]:
    """The fingerprint of each file that the état depends on, by its name in the folder."""
    found: dict[str, str] = {}
    for path in (
        folder.session,
        folder.reglement,
        folder.referentiel,
        folder.deliberation,
        folder.acceptations,
        folder.actes,
        folder.root / ".jury" / "cle",
        folder.retours,
    ):
        found.update(_fingerprints(path, folder.relative(path)))
    # The house's templates may stand elsewhere.
    found.update(_fingerprints(folder.gabarits, "gabarits"))
    found.update(_fingerprints(data.REFERENTIELS, "schemas"))
    return found


def digest(entrees: Mapping[str, str], under: str = "") -> str:
    """One fingerprint for all the files whose name begins so."""
    own = sorted(item for item in entrees.items() if item[0].startswith(under))
    return hashlib.sha256(json.dumps(own).encode()).hexdigest()


def digest_of_returns(entrees: Mapping[str, str]) -> str:
    return digest(entrees, _RETOURS)


def _path(folder: Folder) -> Path:
    return folder.root / ".jury" / "etat.json"


def _fingerprints(path: Path, nom: str) -> Iterator[tuple[str, str]]:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    except OSError:
        yield nom, "inaccessible"
        return
    if stat.S_ISLNK(mode):
        yield nom, f"lien {path.exists()}"
    elif stat.S_ISDIR(mode):
        yield f"{nom}/", "dossier"
        try:
            names = sorted(os.listdir(path))  # noqa: PTH208  # names alone, a thousand at a time
        except OSError:
            yield f"{nom}/", "inaccessible"
            return
        for own in names:
            yield from _fingerprints(path / own, f"{nom}/{own}")
    elif stat.S_ISREG(mode):
        try:
            with path.open("rb") as stream:
                yield nom, hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            yield nom, "inaccessible"
    else:
        yield nom, "special"


def _written(faits: Faits) -> dict[str, Any]:
    return {
        **{one.name: getattr(faits, one.name) for one in fields(faits)},
        **{
            nom: jour.isoformat() if jour else None
            for nom in _JOURS
            for jour in [getattr(faits, nom)]
        },
        "grilles": [
            {
                **{one.name: getattr(grille, one.name) for one in fields(grille)},
                "vides": sorted(grille.vides),
                "vue_le": grille.vue_le.isoformat() if grille.vue_le else None,
            }
            for grille in faits.grilles
        ],
    }


_JOURS = ("date_limite", "date_jury", "date_decision", "fin_rattrapage", "decide_le")


def _read(content: Mapping[str, Any]) -> Faits:
    jours = {nom: date.fromisoformat(content[nom]) if content[nom] else None for nom in _JOURS}
    etats = {str(etat): etat for etat in EtatFiche}
    grilles = tuple(
        Grille(
            **{
                **own,
                "fiches": {candidat: etats[etat] for candidat, etat in own["fiches"].items()},
                "vides": frozenset(own["vides"]),
                "vue_le": datetime.fromisoformat(own["vue_le"]) if own["vue_le"] else None,
            }
        )
        for own in content["grilles"]
    )
    return Faits(
        **{
            **content,
            **jours,
            "grilles": grilles,
            "certifies": tuple(content["certifies"]),
            "decisions_manquantes": {
                candidat: tuple(own) for candidat, own in content["decisions_manquantes"].items()
            },
        }
    )
