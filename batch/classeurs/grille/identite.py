"""Whose a grid is, by the tokens inside it: what must agree with whoever it is sent to."""

from batch.classeurs.cellules import Classeur
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.forme import Numero, Sceau


def evaluateurs(classeur: Classeur, session: str, sceau: Sceau) -> frozenset[str]:
    """The évaluateurs whose sheets it holds.

    A sheet of another session, or whose signature is not ours, counts as somebody else's.
    """
    found = set()
    for feuille in classeur.feuilles:
        for cell in feuille.cellules.values():
            for match in f.JETON.finditer(cell.texte or ""):
                *parts, identite, _ = match.groups()
                numero = Numero(*parts)
                ours = numero.session == session and sceau.identite(numero) == identite
                found.add(numero.evaluateur if ours else str(numero))
    return frozenset(found)
