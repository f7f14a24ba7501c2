"""Anomalies as they were found -> as they are read: the causes first, what they entail under them.

Nothing is dropped: `in_order` keeps every anomaly and names its cause, `fold` puts each one either
at the top, or under what explains it, or beside the same sentence said elsewhere.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from batch.anomalies import FAMILLES, Anomalie, Code, Gravite, Lieu
from batch.francais import enumeration


@dataclass(frozen=True, slots=True)
class Pli:
    """One thing to mend: what is said of it, wherever it is said, and what it entails."""

    anomalies: tuple[Anomalie, ...]  # the same sentence, each at its place
    consequences: tuple["Pli", ...] = ()

    @property
    def anomalie(self) -> Anomalie:
        return self.anomalies[0]

    @property
    def references(self) -> tuple[str, ...]:
        return tuple(anomalie.reference for anomalie in self.anomalies)

    @property
    def candidats(self) -> tuple[str, ...]:
        """Whose results wait for any of them, consequences included."""
        own = (candidat for one in self.anomalies for candidat in one.candidats)
        entailed = (candidat for pli in self.consequences for candidat in pli.candidats)
        return tuple(dict.fromkeys((*own, *entailed)))

    @property
    def nombre(self) -> int:
        """How many anomalies stand in this fold."""
        return len(self.anomalies) + sum(pli.nombre for pli in self.consequences)

    @property
    def gravite(self) -> Gravite:
        """The gravest of what it says and of what it entails."""
        own = (self.anomalie.gravite, *(pli.gravite for pli in self.consequences))
        return min(own, key=_GRAVITES.index)

    @property
    def lieu(self) -> str:
        """Every place: « session.xlsx, feuille « Candidats », cellules B3, B4 et B7 »."""
        cells: dict[Lieu, list[str]] = defaultdict(list)
        for anomalie in self.anomalies:
            cells[replace(anomalie.lieu, cellule="")].append(anomalie.lieu.cellule)
        places = []
        for lieu, own in cells.items():
            named = [cellule for cellule in own if cellule]
            several = f"{lieu}, cellules {enumeration(named)}" if len(named) > 1 else None
            places.append(several or str(replace(lieu, cellule=own[0])))
        return " ; ".join(places)


Cles = Callable[[Anomalie], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Lien:
    """These faults explain those others, where the two have a key in common."""

    causes: Collection[Code]
    consequences: Collection[Code]
    cles: Cles
    cles_consequence: Cles


def _everything(_: Anomalie) -> Iterable[str]:
    return ("",)


def _objects(anomalie: Anomalie) -> Iterable[str]:
    return anomalie.objets


def _sheet(anomalie: Anomalie) -> Iterable[str]:
    return (f"{anomalie.lieu.fichier}\n{anomalie.lieu.feuille}",)


def _table(anomalie: Anomalie) -> Iterable[str]:
    return (anomalie.lieu.feuille, *anomalie.objets)


def _file(anomalie: Anomalie) -> Iterable[str]:
    """The file's name as it was sent, whatever a mailbox or a copy added to it."""
    name = PurePosixPath(unicodedata.normalize("NFC", anomalie.lieu.fichier)).name
    stem = re.sub(r"\.\w+$", "", name.casefold())
    stem = re.sub(r"^copie de ", "", stem)
    return (re.sub(r"( \(\d+\)| - copie)+$", "", stem),)


_LIGNE_REFUSEE = (Code.VALEUR_MANQUE, Code.VALEUR_HORS_LISTE, Code.VALEUR_MAL_ECRITE,
                  Code.VALEUR_DOUBLE, Code.VALEUR_FORMULE)  # fmt: skip
_TABLE_PERDUE = (Code.SESSION_FEUILLE_MANQUE, Code.SESSION_COLONNE_MANQUE, Code.SESSION_TABLE_VIDE)
_FICHIER_REFUSE = tuple(
    code for code in Code if code.famille == "FIC" and code.gravite is Gravite.BLOQUANTE
)
_VERSIONS = (Code.GRILLE_DOUBLE, Code.GRILLE_PLUS_RECENTE)
_GRILLE_REFUSEE = (Code.GRILLE_SIGNATURE, Code.GRILLE_INCONNUE)
_LIGNES_PERDUES = (Code.TEMOIN_DEPLACE, Code.LIGNE_DOUBLE, Code.LIGNE_ETRANGERE,
                   Code.GRILLE_CONTRADICTOIRE, Code.GRILLE_ANCIENNE)  # fmt: skip
_SANS_EVALUATEUR = (Code.RIEN_A_EVALUER, Code.TROP_PEU_D_EVALUATEURS)

# The first that applies names the cause.
LIENS = (
    Lien(_TABLE_PERDUE, (Code.CODE_INCONNU,), _table, _objects),
    Lien(_TABLE_PERDUE, _SANS_EVALUATEUR, _table, _table),
    Lien(_LIGNE_REFUSEE, (Code.CODE_INCONNU, Code.GRILLE_INCONNUE), _objects, _objects),
    Lien((Code.CODE_INCONNU, *_LIGNE_REFUSEE), _SANS_EVALUATEUR, _table, _table),
    Lien((Code.RETOURS_VIDE,), (Code.GRILLE_NON_REVENUE,), _everything, _everything),
    Lien(_FICHIER_REFUSE, (Code.GRILLE_NON_REVENUE,), _file, _objects),
    Lien(_GRILLE_REFUSEE, (Code.GRILLE_NON_REVENUE,), _objects, _objects),
    Lien(_LIGNES_PERDUES, (Code.NOTE_MANQUE,), _sheet, _sheet),
    Lien(_VERSIONS, (Code.SAISIE_DIFFERENTE,), _objects, _objects),
    Lien((Code.GRILLE_DOUBLE,), (Code.GRILLE_SANS_DATE,), _objects, _objects),
)
_GRAVITES = list(Gravite)
_FAMILLES = list(FAMILLES)


def in_order(anomalies: Iterable[Anomalie]) -> list[Anomalie]:
    """Each once, with its cause; the gravest first, then structure before content, then place."""
    found = sorted(dict.fromkeys(replace(a, cause=None) for a in anomalies), key=_rank)
    causes: dict[Anomalie, str] = {}
    for lien in LIENS:
        by_key: dict[str, Anomalie] = {}
        for anomalie in found:
            if anomalie.code in lien.causes:
                for key in lien.cles(anomalie):
                    by_key.setdefault(key, anomalie)
        for anomalie in found:
            if by_key and anomalie.code in lien.consequences:
                named = next((k for k in lien.cles_consequence(anomalie) if k in by_key), None)
                if named is not None:
                    causes.setdefault(anomalie, by_key[named].reference)
    return [replace(anomalie, cause=causes.get(anomalie)) for anomalie in found]


def fold(anomalies: Iterable[Anomalie]) -> list[Pli]:
    """What there is to mend, the gravest first: consequences under their first cause."""
    anomalies = list(anomalies)
    by_reference = {anomalie.reference: anomalie for anomalie in anomalies}
    tops: list[Anomalie] = []
    under: dict[str, list[Anomalie]] = defaultdict(list)
    for anomalie in anomalies:
        top = anomalie
        while top.cause in by_reference:
            top = by_reference[top.cause]
        if top is anomalie:
            tops.append(anomalie)
        else:
            under[top.reference].append(anomalie)
    plis = list(_collapse(tops, under))
    return sorted(plis, key=lambda pli: _GRAVITES.index(pli.gravite))


def _collapse(anomalies: Sequence[Anomalie], under: dict[str, list[Anomalie]]) -> Iterator[Pli]:
    """The same sentence at several places is said once, with its places."""
    same: dict[tuple[Code, str, str], list[Anomalie]] = defaultdict(list)
    for anomalie in anomalies:
        same[anomalie.code, anomalie.message, anomalie.remede].append(anomalie)
    for own in same.values():
        entailed = [one for anomalie in own for one in under.get(anomalie.reference, ())]
        yield Pli(tuple(own), tuple(_collapse(entailed, {})))


def _rank(anomalie: Anomalie) -> tuple[object, ...]:
    lieu = anomalie.lieu
    return (
        _GRAVITES.index(anomalie.gravite),
        _FAMILLES.index(anomalie.code.famille),
        anomalie.code.numero,
        lieu.fichier,
        lieu.feuille,
        lieu.ligne or 0,
        _reading_order(lieu.cellule),
        anomalie.message,
    )


def _reading_order(cellule: str) -> tuple[int, int, str]:
    """D9 before D12, and C12 before AA12."""
    match = re.match(r"([A-Z]+)(\d+)", cellule)
    return (int(match[2]), len(match[1]), match[1]) if match else (0, 0, cellule)
