"""What was typed where no grid has an input: it is given back beside the grid, never dropped."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from batch.anomalies import Lieu
from batch.classeurs.cellules import Classeur, Feuille
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.correction.feuillets import Feuillet
from batch.classeurs.grille.lecture import Lecteur
from batch.classeurs.grille.reperage import is_ours, is_tag

AILLEURS_MAX = 400


def elsewhere(
    feuillets: Sequence[Feuillet],
    lecteur: Lecteur,
    shown: Collection[Lieu],
    vierge: Classeur,
) -> Iterator[tuple[Lieu, str]]:
    """Texts that were typed where no grid has an input: they are given back, beside it."""
    count = 0
    everywhere = _texts(vierge.feuilles)
    on_grids = _texts(feuille for feuille in vierge.feuilles if not is_ours(feuille.nom))
    for feuillet, feuille in _to_search(feuillets):
        printed = on_grids if feuille is feuillet.feuille else everywhere
        marks = {c.colonne for c in feuille.cellules.values() if c.texte == f.CLE_MARQUE}
        tags = {c.ligne: c.texte for c in feuille.cellules.values() if is_tag(c)}
        strays = {row for row, tag in tags.items() if lecteur.line(tag) is None}
        mine = {row for row, _, _ in feuillet.rangs} if feuille is feuillet.feuille else set()
        inputs = {feuillet.colonnes.get("note"), feuillet.colonnes.get("commentaire")}
        for place in sorted(feuille.cellules):
            cell = feuille.cellules[place]
            lieu = replace(feuillet.lieu(cell), feuille=feuille.nom)
            text = cell.texte
            if text is None or lieu in shown or cell.colonne in marks or _is_carrier(text):
                continue
            if cell.ligne in tags and cell.ligne not in mine and not feuillet.seul:
                continue  # somebody else's row
            stray = cell.ligne in strays and cell.colonne in inputs
            if not stray and (text in printed or (cell.formule and _is_ours(cell.formule))):
                continue
            count += 1
            if count <= AILLEURS_MAX:
                yield lieu, text


def _to_search(feuillets: Sequence[Feuillet]) -> Iterator[tuple[Feuillet, Feuille]]:
    """The sheets of ours, and in a file that is one evaluator's alone, those that he added."""
    searched: set[str] = set()
    for one in feuillets:
        yield one, one.feuille
        if one.seul and one.classeur.nom not in searched:
            searched.add(one.classeur.nom)
            for feuille in one.classeur.feuilles:
                added = not any(is_tag(c) for c in feuille.cellules.values())
                if added and not is_ours(feuille.nom):
                    yield one, feuille


def _is_carrier(text: str) -> bool:
    """Ours, and hidden: a tag, a token, a key."""
    if text in _CLES or text.startswith("CORRIGE|"):
        return True
    return bool(f.REPERE_LIGNE.fullmatch(text) or f.JETON.search(text))


_CLES = {f.CLE_PRESENCE, f.CLE_MARQUE, *(f"#{name}" for name in f.COLONNES)}


def _is_ours(formule: str) -> bool:
    """A counter of the grid: its cells' addresses may have moved with inserted rows."""
    return "COUNTA(" in formule


def _texts(feuilles: Iterable[Feuille]) -> frozenset[str | None]:
    return frozenset(c.texte for feuille in feuilles for c in feuille.cellules.values())
