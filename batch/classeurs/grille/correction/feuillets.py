"""Returned workbooks -> their sheets that hold rows of the grids to be corrected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from batch.anomalies import Lieu
from batch.classeurs.cellules import Cellule, Classeur, Feuille, fold
from batch.classeurs.grille.forme import Forme, Ligne, Numero
from batch.classeurs.grille.lecture import Lecteur
from batch.classeurs.grille.reperage import Plan, Zone
from batch.vocabulaire import Presence


@dataclass(frozen=True, slots=True)
class Feuillet:
    """A grid on a returned sheet, that holds rows of the workbook to be corrected."""

    classeur: Classeur
    plan: Plan
    zone: Zone
    rangs: tuple[tuple[int, Numero, Ligne], ...]
    seul: bool  # nobody else's rows stand in the file

    @property
    def feuille(self) -> Feuille:
        return self.plan.feuille

    @property
    def colonnes(self) -> Mapping[str, int]:
        return self.zone.colonnes

    def lieu(self, cellule: Cellule) -> Lieu:
        return Lieu(self.classeur.nom, self.feuille.nom, cellule.adresse)

    def cell(self, colonne: str, rang: int) -> Cellule | None:
        column = self.colonnes.get(colonne)
        return None if column is None else self.feuille.at(rang, column)

    def lieu_of(self, rang: int) -> str:
        """How a sentence names a row's place: the sheet, and the first of its inputs."""
        cell = self.cell("note", rang) or self.cell("commentaire", rang)
        where = cell.adresse if cell is not None else str(rang)
        return f"{self.feuille.nom}, {where}"

    def presence(self) -> Cellule | None:
        return self.plan.presence(self.zone) if "note" in self.colonnes else None

    def blank(self, numero: Numero) -> bool:
        """Nothing was typed for this number: the sheet as it was sent."""
        typed = (
            cell.texte
            for rang, own, _ in self.rangs
            if own == numero
            for cell in (self.cell("note", rang), self.cell("commentaire", rang))
            if cell is not None
        )
        presence = self.presence()
        absent = presence is not None and fold(presence.texte or "") == fold(Presence.ABSENT.mot)
        return not any(typed) and not absent


def find(classeur: Classeur, formes: Sequence[Forme], lecteur: Lecteur) -> Iterator[Feuillet]:
    """Those of one returned workbook, found by their rows' tags wherever they stand."""
    wanted = {forme.numero for forme in formes}
    lecteur.reperes.expect(wanted)
    evaluateurs: set[str] = set()
    found: list[tuple[Plan, Zone, list[tuple[int, Numero, Ligne]]]] = []
    for feuille in classeur.feuilles:
        plan = Plan(feuille)
        zones: dict[int, tuple[Plan, Zone, list[tuple[int, Numero, Ligne]]]] = {}
        for tag in plan.reperes:
            known = lecteur.line(tag.texte)
            if known is not None:
                evaluateurs.add(known[0].numero.evaluateur)
                if known[0].numero in wanted:
                    zone = plan.zone(tag)
                    _, _, rows = zones.setdefault(id(zone), (plan, zone, []))
                    rows.append((tag.ligne, known[0].numero, known[1]))
        found += zones.values()
    for plan, zone, rows in found:
        rangs = tuple(sorted(rows, key=lambda row: row[0]))
        yield Feuillet(classeur, plan, zone, rangs, len(evaluateurs) == 1)
