"""A corrected grid takes the place of the returns it was made from, whose rows are then ignored.

The correction says so itself, signed: each of its sheets carries the fingerprints of the files
that it stands in for. Nothing is chosen in silence: what it changes beside the faults is told.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs.cellules import Classeur, Feuille
from batch.classeurs.grille import forme as f
from batch.classeurs.grille import valeurs
from batch.classeurs.grille.fiches import FicheLue, Saisie
from batch.classeurs.grille.forme import Numero
from batch.classeurs.grille.lecture import Bilan, Lecteur, Sort
from batch.classeurs.grille.reperage import is_tag
from batch.reglement.modele import Echelle

VIDE = "(vide)"


@dataclass(frozen=True, slots=True)
class Ecartee:
    """A sheet that a correction replaces: as it was read, and where the correction stands."""

    lieu: Lieu
    fiches: tuple[FicheLue, ...]
    par: str  # the correction's file


# By the fingerprint of its file and its number: a sheet that is replaced, and by which file.
Remplacees = dict[tuple[str, Numero], str]


def replaced_by(classeur: Classeur, lecteur: Lecteur) -> Remplacees:
    """What this workbook stands in for; of nearly all of them, nothing."""
    return {
        (empreinte, numero): classeur.nom
        for feuille in classeur.feuilles
        for numero, empreintes in replaces(feuille, lecteur).items()
        for empreinte in empreintes
    }


def set_aside(
    classeur: Classeur, replaced: Remplacees, lecteur: Lecteur, bilan: Bilan
) -> tuple[Classeur | None, list[Ecartee]]:
    """The workbook without the sheets that corrections replace, None when no grid is left in it;
    those sheets, accounted for."""
    ecartees: list[Ecartee] = []
    gone: list[Feuille] = []
    for feuille in classeur.feuilles:
        by = {replaced.get((classeur.empreinte, n)) for n in numeros(feuille, lecteur)}
        par = by.pop() if len(by) == 1 else None
        if par is None:
            continue
        gone.append(feuille)
        lieu = Lieu(classeur.nom, feuille.nom)
        alone, seen = replace(classeur, feuilles=(feuille,)), Bilan()
        fiches, _ = lecteur.read(alone, seen)
        bilan.vues |= seen.vues
        bilan.feuilles[lieu] = Sort.IGNORE
        bilan.lignes[Sort.IGNORE] += sum(is_tag(c) for c in feuille.cellules.values())
        ecartees.append(Ecartee(lieu, tuple(fiches), par))
    left = tuple(feuille for feuille in classeur.feuilles if feuille not in gone)
    if not gone or any(is_tag(c) for feuille in left for c in feuille.cellules.values()):
        return replace(classeur, feuilles=left), ecartees
    bilan.fichiers[classeur.nom] = Sort.IGNORE
    for feuille in left:
        bilan.feuilles[Lieu(classeur.nom, feuille.nom)] = Sort.IGNORE
    return None, ecartees


def replaces(feuille: Feuille, lecteur: Lecteur) -> Mapping[Numero, frozenset[str]]:
    """The fingerprints of the files that this sheet stands in for, for each number it holds."""
    said = [
        cellule.valeur
        for cellule in feuille.cellules.values()
        if isinstance(cellule.valeur, str) and cellule.valeur.startswith("CORRIGE|")
    ]
    found: dict[Numero, frozenset[str]] = {}
    for numero in numeros(feuille, lecteur) if said else ():
        found[numero] = frozenset().union(*(lecteur.sceau.remplacees(numero, one) for one in said))
    return found


def numeros(feuille: Feuille, lecteur: Lecteur) -> set[Numero]:
    """The numbers of the session whose rows stand on this sheet."""
    known = (
        lecteur.line(cellule.texte)
        for cellule in feuille.cellules.values()
        if isinstance(cellule.valeur, str) and "~" in cellule.valeur  # as in every tag
    )
    return {one[0].numero for one in known if one is not None}


def differences(
    ecartees: Iterable[Ecartee], fiches: Iterable[FicheLue], echelle: Echelle
) -> list[Anomalie]:
    """What the corrections say otherwise than the sound part of what they replace."""
    now = {fiche.forme.numero: fiche for fiche in fiches}
    found: dict[tuple[Lieu, str], Anomalie] = {}
    for ecartee in ecartees:
        for before in ecartee.fiches:
            after = now.get(before.forme.numero)
            if after is None or after.lieu.fichier == ecartee.lieu.fichier:
                continue
            rows = {saisie.ligne.id: saisie for saisie in after.saisies}
            for saisie in before.saisies:
                row = rows.get(saisie.ligne.id)
                for lieu, avant, apres in _changes(saisie, row, echelle) if row else ():
                    found[lieu, avant] = Code.CORRECTION_ECART.at(
                        lieu, quoi=saisie.ligne.nom, avant=avant, apres=apres, autre=saisie.lieu
                    )
            if before.presence in f.PRESENCES and before.presence != after.presence:
                found[after.lieu_presence, before.presence] = Code.CORRECTION_ECART.at(
                    after.lieu_presence,
                    quoi="présence",
                    avant=before.presence,
                    apres=after.presence or VIDE,
                    autre=before.lieu_presence,
                )
    return list(found.values())


def _changes(before: Saisie, after: Saisie, echelle: Echelle) -> Iterator[tuple[Lieu, str, str]]:
    """A sound rating or comment that is no longer the same: where, what it was, what it is."""
    note = valeurs.read(before.note, echelle).texte
    if note is not None and note != valeurs.read(after.note, echelle).texte:
        yield after.lieu, before.note.texte or "", after.note.texte or VIDE
    comment = before.commentaire
    if comment and len(comment) <= f.COMMENTAIRE_MAX and comment != after.commentaire:
        yield after.lieu_commentaire, comment, after.commentaire or VIDE
