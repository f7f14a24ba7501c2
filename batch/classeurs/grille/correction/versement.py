"""What was typed on the copies of a grid -> its inputs, each in its place on a fresh one.

What the evaluator typed goes back to its row as it stood, whatever happened to his sheets. Where
two versions contradict each other none is chosen: the cell waits for him, and says what both were.
"""

from collections import defaultdict
from collections.abc import Sequence

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs.cellules import Cellule, as_text, fold
from batch.classeurs.grille import forme as f
from batch.classeurs.grille import valeurs
from batch.classeurs.grille.correction.feuillets import Feuillet
from batch.classeurs.grille.correction.modele import A_PRECISER, Faute, Place
from batch.classeurs.grille.forme import Forme, Ligne
from batch.classeurs.grille.remplacement import VIDE
from batch.francais import compte, enumeration, guillemets, typographie
from batch.reglement.modele import Echelle
from batch.vocabulaire import Presence

_COLONNES = {"note": f.NOTE, "temoin": f.TEMOIN, "commentaire": f.COMMENTAIRE}


class Versement:
    """The inputs of one workbook's grids, filled from the copies that came back.

    `places`: which input each cell of a copy was poured into.
    """

    def __init__(self, echelle: Echelle) -> None:
        self._echelle = echelle
        self.saisies: dict[Place, str] = {}
        self.fautes: dict[Place, list[Faute]] = defaultdict(list)
        self.places: dict[Lieu, Place] = {}

    def pour(self, forme: Forme, copies: Sequence[Feuillet]) -> None:
        """Everything typed on the copies of one sheet, back in its place."""
        versions: dict[str, list[tuple[Feuillet, int]]] = defaultdict(list)
        lignes = {ligne.id: ligne for ligne in forme.lignes}
        for copy in copies:
            for rang, numero, ligne in copy.rangs:
                if numero == forme.numero:
                    versions[ligne.id].append((copy, rang))
        for own, rows in versions.items():
            for column, number in _COLONNES.items():
                for copy, rang in rows:
                    cell = copy.cell(column, rang)
                    if cell is not None:
                        self.places[copy.lieu(cell)] = Place(forme.numero, own, number)
            self._pour_row(Place(forme.numero, own, f.NOTE), lignes[own], rows)
        self._pour_presence(Place(forme.numero, None, f.NOTE), copies)

    def _pour_row(self, place: Place, ligne: Ligne, rows: Sequence[tuple[Feuillet, int]]) -> None:
        notes = [cell for copy, rang in rows if (cell := copy.cell("note", rang))]
        comments = [cell for copy, rang in rows if (cell := copy.cell("commentaire", rang))]
        if len({c.texte for c in notes}) > 1 or len({c.texte for c in comments}) > 1:
            first, row = rows[0]
            double = Code.LIGNE_DOUBLE.at(Lieu(), ligne=ligne.nom, autre=first.lieu_of(row))
            remede = "Choisissez l'appréciation et récrivez le commentaire. Vous aviez :"
            told = dict.fromkeys(_version(copy, rang) for copy, rang in rows)
            self._ask(place, double.message, remede, enumeration(told))
            if ligne.facultative:
                self.saisies[place] = A_PRECISER
            return
        for column, cells in ((f.NOTE, notes), (f.COMMENTAIRE, comments)):
            if cells and cells[0].texte is not None:
                self.saisies[place._replace(colonne=column)] = typed(cells[0])
        commented = bool(comments) and comments[0].texte is not None
        if ligne.facultative and commented and not notes:
            self.saisies[place] = A_PRECISER
        for copy, rang in rows:
            witness = copy.cell("temoin", rang)
            if witness is not None and witness.texte not in (None, ligne.id):
                self.saisies[place._replace(colonne=f.TEMOIN)] = typed(witness)

    def _pour_presence(self, place: Place, copies: Sequence[Feuillet]) -> None:
        found = []
        for copy in copies:
            cell = copy.presence()
            if cell is not None:
                self.places[copy.lieu(cell)] = place
                found.append(cell)
        words = list(dict.fromkeys(cell.texte for cell in found))
        if len(words) > 1:
            double = Code.GRILLE_DOUBLE.at(
                Lieu(), numero=place.numero, autre=copies[0].classeur.nom, differences="présence"
            )
            told = enumeration(guillemets(text or VIDE) for text in words)
            self._ask(place, double.message, "Choisissez Présent ou Absent. Vous aviez :", told)
            self.saisies[place] = A_PRECISER
        elif found:
            self.saisies[place] = typed(found[0]) if found[0].texte is not None else ""

    def _ask(self, place: Place, message: str, remede: str, versions: str) -> None:
        self.fautes[place].append(Faute(message, f"{typographie(remede)} {versions}."))

    def tell(self, anomalie: Anomalie) -> None:
        """What the check found at a cell of a copy, to be mended in its place."""
        place = self.places.get(anomalie.lieu)
        told = anomalie.code is Code.LIGNE_DOUBLE and place in self.fautes
        if place is None or told or anomalie.code is Code.NOTE_MANQUE:
            return  # `ask_for_the_rest` asks for each blank cell
        if anomalie.code is Code.TEMOIN_DEPLACE:
            place = place._replace(colonne=f.TEMOIN)
        self.fautes[place].append(_to_the_evaluator(anomalie, self._echelle))

    def ask_for_the_rest(self, forme: Forme) -> None:
        """A fault at each expected cell that stands empty, unless the candidate did not come."""
        presence = self.saisies.get(Place(forme.numero, None, f.NOTE), "")
        if fold(presence).removesuffix("e") == fold(Presence.ABSENT.mot):
            return
        demanding = {n.code for n in self._echelle.niveaux if n.commentaire == "obligatoire"}
        for ligne in forme.lignes:
            note = Place(forme.numero, ligne.id, f.NOTE)
            said = self.saisies.get(note)
            if said is None:
                if not ligne.facultative and not self.fautes.get(note):
                    missing = Code.NOTE_MANQUE.at(
                        Lieu(), combien=compte(1, "ligne"), lignes=ligne.code or ligne.id
                    )
                    expected = Faute(missing.message, f.expected(self._echelle))
                    self.fautes[note].append(expected)
                continue
            comment = note._replace(colonne=f.COMMENTAIRE)
            level = valeurs.read(Cellule(1, 1, said), self._echelle).niveau
            needed = level in demanding or (ligne.facultative and said != A_PRECISER)
            if needed and comment not in self.saisies and not self.fautes.get(comment):
                missing = Code.COMMENTAIRE_MANQUE.at(Lieu(), valeur=said, critere=ligne.nom)
                self.fautes[comment].append(_to_the_evaluator(missing, self._echelle))


def _version(copy: Feuillet, rang: int) -> str:
    cells = [copy.cell(column, rang) for column in ("note", "commentaire")]
    words = [guillemets(cell.texte) for cell in cells if cell is not None and cell.texte]
    return f"{', '.join(words) or VIDE} ({copy.lieu_of(rang)})"


def typed(cellule: Cellule) -> str:
    """The cell as it was typed, as text: a formula by its own words, a number by its digits."""
    if cellule.formule is not None:
        return cellule.formule
    return cellule.valeur if isinstance(cellule.valeur, str) else as_text(cellule.valeur)


def _to_the_evaluator(anomalie: Anomalie, echelle: Echelle) -> Faute:
    """The anomaly to the person who can mend it: the sentence as it is, the remedy as his."""
    words = {
        Code.NOTE_HORS_BORNES: f.expected(echelle),
        Code.COMMENTAIRE_MANQUE: "Écrivez ce qui justifie cette appréciation.",
        Code.TEXTE_TROP_LONG: f"Raccourcissez-le à {f.COMMENTAIRE_MAX} caractères au plus.",
        Code.TEMOIN_DEPLACE: "Vérifiez que l'appréciation et le commentaire de cette ligne sont "
        "bien pour elle, puis choisissez dans la colonne « Témoin » le repère de la ligne.",
    }
    return Faute(anomalie.message, typographie(words.get(anomalie.code, anomalie.remede)))
