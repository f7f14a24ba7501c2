"""A faulty return -> its correction, where it needs one and a fresh grid can help."""

from collections.abc import Callable, Collection, Iterable, Sequence

from batch.anomalies import Anomalie, Code
from batch.classeurs.cellules import Classeur
from batch.classeurs.grille.correction.ailleurs import elsewhere
from batch.classeurs.grille.correction.feuillets import Feuillet, find
from batch.classeurs.grille.correction.modele import GUERISSABLES, Correction
from batch.classeurs.grille.correction.versement import Versement
from batch.classeurs.grille.forme import Forme, Numero, Sceau
from batch.classeurs.grille.lecture import Lecteur
from batch.classeurs.grille.remplacement import replaces
from batch.reglement.modele import Echelle


def prepare(
    formes: Sequence[Forme],
    classeurs: Iterable[Classeur],
    lecteur: Lecteur,
    sceau: Sceau,
    anomalies: Iterable[Anomalie],
    attendues: Collection[Numero],
    echelle: Echelle,
    vierge: Callable[[], Classeur],
) -> Correction | None:
    """The correction of one workbook (`formes`), or None when it needs none or cannot help.

    `attendues`: the sheets that somebody waits for. `vierge`: the plain grid, whose texts nobody
    typed.
    """
    feuillets = [one for classeur in classeurs for one in find(classeur, formes, lecteur)]
    if not feuillets:
        return None
    here = {(one.classeur.nom, one.feuille.nom) for one in feuillets}
    own = [a for a in anomalies if (a.lieu.fichier, a.lieu.feuille) in here]
    faults = [a for a in own if a.code in GUERISSABLES]
    versement = Versement(echelle)
    for forme in formes:
        copies = [one for one in feuillets if any(n == forme.numero for _, n, _ in one.rangs)]
        filled = [one for one in copies if not one.blank(forme.numero)]
        versement.pour(forme, filled or copies)
    for anomalie in faults:
        versement.tell(anomalie)
    waited = _waited(formes, feuillets, faults, attendues)
    for forme in formes:
        if forme.numero in waited:
            versement.ask_for_the_rest(forme)
    if not faults and not versement.fautes:
        return None
    return Correction(
        versement.saisies,
        {place: tuple(dict.fromkeys(own)) for place, own in versement.fautes.items()},
        tuple(elsewhere(feuillets, lecteur, versement.places, vierge())),
        _replaced(feuillets, lecteur, sceau),
    )


def _waited(
    formes: Sequence[Forme],
    feuillets: Sequence[Feuillet],
    faults: Iterable[Anomalie],
    attendues: Collection[Numero],
) -> set[Numero]:
    """The sheets on which something expected is missing: blank, refused, or not there at all."""
    emptying = {Code.NOTE_MANQUE, Code.COLONNE_INTROUVABLE, Code.LIGNE_DOUBLE, Code.GRILLE_DOUBLE}
    where = {(a.lieu.fichier, a.lieu.feuille) for a in faults if a.code in emptying}
    waited = {
        numero
        for one in feuillets
        if (one.classeur.nom, one.feuille.nom) in where
        for _, numero, _ in one.rangs
    }
    back = {numero for one in feuillets for _, numero, _ in one.rangs}
    return waited | {one.numero for one in formes if one.numero not in back} & set(attendues)


def _replaced(feuillets: Sequence[Feuillet], lecteur: Lecteur, sceau: Sceau) -> tuple[str, ...]:
    """The files that it is made from, and those that they were themselves the corrections of."""
    found = {one.classeur.empreinte for one in feuillets}
    for one in feuillets:
        for empreintes in replaces(one.feuille, lecteur).values():
            found |= empreintes
    return tuple(sorted(found))
