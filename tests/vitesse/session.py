"""A seed and a number of candidates -> a whole session, played by the program itself.

Each state of a session (issued, returned, decided, closed) is made from the one before, and kept:
a session of ten thousand candidates is played once. Whoever changes what follows changes VERSION.
"""

import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from batch import chaine, demonstration, fichiers
from batch.folder import Folder

from . import retours

VERSION = 1
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
# Its 59 critères are the nearest to sixty of the référentiels that we ship.
CERTIFICATION = "openclassrooms-ccm"
PAR_EVALUATEUR = 20
CACHE = Path(tempfile.gettempdir()) / "jury-vitesse"


class Etat(StrEnum):
    EMISE = "emise"  # the grids are made
    RENDUE = "rendue"  # they came back
    TRAITEE = "traitee"  # the jury's workbook is ready
    DECIDEE = "decidee"  # the jury has decided everything
    CLOSE = "close"  # the papers are final


@dataclass(frozen=True, slots=True)
class Specification:
    """Which session; a closed one needs grids without a fault."""

    candidats: int
    graine: int = 1
    fautes: bool = True
    certification: str = CERTIFICATION

    @property
    def nom(self) -> str:
        kind = "fautes" if self.fautes else "propre"
        return f"v{VERSION}-{self.certification}-{self.candidats}-{self.graine}-{kind}"


def copy(specification: Specification, etat: Etat, cible: Path, cache: Path = CACHE) -> Folder:
    """The session in this state, to be worked on: nobody works in the cache."""
    shutil.copytree(ready(specification, etat, cache).root, cible)
    return Folder(cible)


def ready(specification: Specification, etat: Etat, cache: Path = CACHE) -> Folder:
    """The session in this state, to be read only; made if it never was."""
    if specification.fautes and etat in (Etat.DECIDEE, Etat.CLOSE):
        raise ValueError("un jury ne décide pas de tout sur des grilles fautives")
    place = cache / specification.nom
    if etat is Etat.EMISE:
        # Who is rated does not depend on what will be said of them.
        place = cache / replace(specification, fautes=False).nom
    own = Folder(place / etat.value)
    if not own.root.is_dir():
        states = list(Etat)
        rank = states.index(etat)
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place) as scratch:
            draft = Folder(Path(scratch) / "session")
            if rank:
                shutil.copytree(ready(specification, states[rank - 1], cache).root, draft.root)
            _STEPS[etat](draft, specification)
            draft.root.rename(own.root)
    return own


def _issue(folder: Folder, specification: Specification) -> None:
    demonstration.lay_down(folder, story(specification))
    chaine.issue_grids(folder, NOW)


def _return(folder: Folder, specification: Specification) -> None:
    contexte = chaine.gather(folder)
    for name, content in retours.filled(
        contexte, folder.grilles, specification.graine, fautes=specification.fautes
    ):
        fichiers.write(folder.retours / name, content)


def _treat(folder: Folder, _: Specification) -> None:
    chaine.treat(folder, NOW)


def _decide(folder: Folder, specification: Specification) -> None:
    demonstration.deliberate(folder, story(specification))


_STEPS: dict[Etat, Callable[[Folder, Specification], None]] = {
    Etat.EMISE: _issue,
    Etat.RENDUE: _return,
    Etat.TRAITEE: _treat,
    Etat.DECIDEE: _decide,
    Etat.CLOSE: _treat,
}


def story(specification: Specification) -> dict[str, Any]:
    """The sample's own story, with as many fictional people as asked."""
    own = demonstration.scenario(specification.certification)
    chance = random.Random(f"{specification.graine}/{specification.candidats}")
    voies = sorted({candidat["voie"] for candidat in own["candidats"]} - {"VAE"})
    candidats = [_candidat(rank, voies, chance) for rank in range(1, specification.candidats + 1)]
    count = -(-specification.candidats // PAR_EVALUATEUR)
    evaluateurs = [_evaluateur(rank, chance) for rank in range(1, count + 1)]
    kept = ("certification", "cle", "session", "jury")
    return {
        **{key: own[key] for key in kept},
        "candidats": candidats,
        "evaluateurs": evaluateurs,
        "affectations": [
            {"evaluateur": evaluateurs[rank // PAR_EVALUATEUR]["id"], "sujet": candidat["id"]}
            for rank, candidat in enumerate(candidats)
        ],
    }


def _candidat(rank: int, voies: list[str], chance: random.Random) -> dict[str, str]:
    sexe = chance.choice("FM")
    nom, ville = chance.choice(_NOMS), chance.choice(_VILLES)
    prenoms = chance.sample(_PRENOMS[sexe], 2)
    code, commune = ville
    return {
        "id": f"C{rank:05}",
        "nom_naissance": nom.upper(),
        "prenoms": ", ".join(prenoms),
        "sexe": sexe,
        "date_naissance": f"{chance.randint(1, 28):02}/{chance.randint(1, 12):02}/"
        f"{chance.randint(1965, 2003)}",
        "commune_naissance": f"{commune} ({code[:2]})",
        "pays_naissance": "France",
        "courriel": f"c{rank:05}@exemple.fr",
        "adresse": f"{chance.randint(1, 120)}, {chance.choice(_RUES)}, {code} {commune}",
        "voie": chance.choice(voies),
    }


def _evaluateur(rank: int, chance: random.Random) -> dict[str, str]:
    return {
        "id": f"E{rank:04}",
        "nom": chance.choice(_NOMS).upper(),
        "prenom": chance.choice(_PRENOMS[chance.choice("FM")]),
        "fonction": "Évaluateur",
        "courriel": f"e{rank:04}@exemple.fr",
    }


# Put together by chance: nobody in particular.
_NOMS = (
    "Aubin", "Bréval", "Cordonnel", "D'Estrac", "Espérandieu", "Fauvel", "Gaillac", "Héricourt",
    "Ibarra", "Jauffret", "Kermorvan", "Le Tellac", "Marchenoir", "N'Dourou", "Orsenne",
    "Pellegrain", "Quévremont", "Rivoal & Sance", "Sauvageon", "Tourneval", "Urruty", "Vézelin",
    "Wattrelin", "Ximenac", "Yvernault", "Zéphirin",
)  # fmt: skip
_PRENOMS = {
    "F": ("Adèle", "Brune", "Cléa", "Défné", "Élora", "Fanny", "Garance", "Hélia", "Inaya", "Joy"),
    "M": ("Anaël", "Basile", "Côme", "Désiré", "Émile", "Florin", "Gaël", "Hakim", "Ilan", "Jules"),
}
_VILLES = (
    ("13002", "Marseille"), ("21000", "Dijon"), ("29200", "Brest"), ("31000", "Toulouse"),
    ("35000", "Rennes"), ("44000", "Nantes"), ("59000", "Lille"), ("67000", "Strasbourg"),
    ("69003", "Lyon"), ("75011", "Paris"), ("80000", "Amiens"), ("86000", "Poitiers"),
)  # fmt: skip
_RUES = ("rue des Tanneurs", "quai des Brumes", "place de l'Étoile-Neuve", "chemin du Moulin & Co")
