"""What one returned workbook brings by itself, and the same as plain JSON data.

Beside the others it may still be a copy, or replaced by a correction: see `doubles` and
`remplacement`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from sys import intern
from typing import Any

from batch.anomalies import Anomalie, Lieu
from batch.classeurs import echange
from batch.classeurs.cellules import Cellule, Classeur
from batch.classeurs.echange import Textes
from batch.classeurs.grille.fiches import FicheLue, Saisies
from batch.classeurs.grille.forme import Numero
from batch.classeurs.grille.lecture import Bilan, Lecteur, Sort
from batch.classeurs.grille.remplacement import Remplacees, numeros, replaced_by


@dataclass(frozen=True, slots=True)
class Retour:
    """A workbook that came back and counts."""

    nom: str
    empreinte: str
    modifie: datetime | None
    feuilles: tuple[int, ...]  # the ranks of those that no correction replaces
    numeros: frozenset[Numero]  # whose rows stand on them

    def left(self, classeur: Classeur) -> Classeur:
        """The workbook without the sheets that a correction replaces."""
        return replace(classeur, feuilles=tuple(classeur.feuilles[rang] for rang in self.feuilles))


@dataclass(frozen=True, slots=True)
class Apport:
    """What its sheets say, what became of them, and the faults of its structure."""

    retour: Retour
    fiches: tuple[FicheLue, ...]
    bilan: Bilan
    anomalies: tuple[Anomalie, ...] = ()
    remplace: Remplacees = field(default_factory=dict)


def take(classeur: Classeur, lecteur: Lecteur, rangs: Sequence[int] | None = None) -> Apport:
    """`rangs`: those that its sheets had, where some were set aside."""
    bilan = Bilan()
    fiches, anomalies = lecteur.read(classeur, bilan)
    retour = Retour(
        classeur.nom,
        classeur.empreinte,
        classeur.modifie,
        tuple(range(len(classeur.feuilles)) if rangs is None else rangs),
        frozenset().union(*(numeros(one, lecteur) for one in classeur.feuilles)),
    )
    replaced = replaced_by(classeur, lecteur)
    return Apport(retour, tuple(fiches), bilan, tuple(anomalies), replaced)


def as_json(apport: Apport) -> dict[str, Any]:
    """Everything but the anomalies, and what it replaces."""
    retour, bilan, textes = apport.retour, apport.bilan, Textes()
    return {
        "empreinte": retour.empreinte,
        "modifie": retour.modifie.isoformat() if retour.modifie else None,
        "feuilles": retour.feuilles,
        "numeros": sorted(map(_parts, retour.numeros)),
        "fiches": [_fiche_as_json(fiche, textes) for fiche in apport.fiches],
        "sort": bilan.fichiers.get(retour.nom),
        "sorts": [[lieu.feuille, sort] for lieu, sort in bilan.feuilles.items()],
        "lignes": dict(bilan.lignes),
        "vues": sorted(map(_parts, bilan.vues)),
        "textes": textes.as_json(),
    }


def from_json(nom: str, content: Mapping[str, Any], lecteur: Lecteur) -> Apport:
    """The same, of a workbook that now has this name. Raises ValueError, TypeError, LookupError on
    what `as_json` did not make of this session."""
    modifie = content["modifie"]
    retour = Retour(
        nom,
        content["empreinte"],
        datetime.fromisoformat(modifie) if modifie else None,
        tuple(content["feuilles"]),
        frozenset(_known(parts, lecteur) for parts in content["numeros"]),
    )
    textes = Textes.from_json(content["textes"])
    bilan = Bilan(
        {nom: Sort(content["sort"])},
        {Lieu(nom, feuille): Sort(sort) for feuille, sort in content["sorts"]},
        Counter({Sort(sort): count for sort, count in content["lignes"].items()}),
        {_known(parts, lecteur) for parts in content["vues"]},
    )
    fiches = (_fiche_from_json(nom, own, textes, lecteur) for own in content["fiches"])
    return Apport(retour, tuple(fiches), bilan)


def _parts(numero: Numero) -> tuple[str, ...]:
    return numero.session, numero.evaluateur, numero.partie, numero.sujet


def _known(parts: Sequence[str], lecteur: Lecteur) -> Numero:
    """The session's own, which is held already."""
    return lecteur.form(Numero(*parts)).numero


def _fiche_as_json(fiche: FicheLue, textes: Textes) -> dict[str, Any]:
    rangs = {ligne.id: rang for rang, ligne in enumerate(fiche.forme.lignes)}
    return {
        "numero": _parts(fiche.forme.numero),
        "feuille": fiche.lieu.feuille,
        "presence": [fiche.presence, fiche.lieu_presence.cellule],
        "refusees": sorted(fiche.refusees),
        "saisies": [
            item
            for saisie in fiche.saisies
            for item in (
                rangs[saisie.ligne.id],
                *_cell_as_json(saisie.note, textes),
                textes.rank(saisie.commentaire),
                saisie.adresse_commentaire,
                [item for cell in saisie.ailleurs for item in _cell_as_json(cell, textes)],
            )
        ],
    }


def _fiche_from_json(
    nom: str, content: Mapping[str, Any], textes: Sequence[str | None], lecteur: Lecteur
) -> FicheLue:
    forme = lecteur.form(Numero(*content["numero"]))
    refusees = content["refusees"]
    lignes, lieu = forme.lignes, Lieu(nom, content["feuille"])
    presence, cellule = content["presence"]
    items: list[Any] = []
    for rang, *note, commentaire, adresse, ailleurs in _by(8, content["saisies"]):
        beside = tuple(_cell(own, textes) for own in _by(4, ailleurs)) if ailleurs else ()
        items += (lignes[rang], *_cell(note, textes), textes[commentaire], intern(adresse), beside)
    return FicheLue(
        forme,
        lieu,
        presence,
        Lieu(nom, lieu.feuille, cellule),
        Saisies(lieu, tuple(items)),
        frozenset(refusees) if refusees else _AUCUNE,
    )


_AUCUNE: frozenset[str] = frozenset()


def _cell_as_json(cell: Cellule, textes: Textes) -> tuple[Any, ...]:
    return cell.ligne, cell.colonne, textes.said(cell.valeur), textes.rank(cell.formule)


def _cell(items: Sequence[Any], textes: Sequence[str | None]) -> Cellule:
    ligne, colonne, valeur, formule = items
    return Cellule(ligne, colonne, echange.value(valeur, textes), textes[formule])


def _by(count: int, items: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The items, so many at a time. Raises ValueError when some are left over."""
    same = iter(items)
    return zip(*(same for _ in range(count)), strict=True)
