"""A faulty return -> what its correction is to hold: everything that was typed, and what to mend.

What the evaluator typed is found again whatever happened to his sheets, and goes back to its row
as it stood. Where two versions contradict each other none is chosen: the cell waits for him, and
says what both were. What stood nowhere that a grid has is listed apart.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs.cellules import Cellule, Classeur, Feuille, as_text, fold
from batch.classeurs.grille import forme as f
from batch.classeurs.grille import valeurs
from batch.classeurs.grille.forme import Forme, Ligne, Numero, Sceau
from batch.classeurs.grille.lecture import Lecteur
from batch.classeurs.grille.remplacement import VIDE, replaces
from batch.classeurs.grille.reperage import Plan, Zone, is_ours, is_tag
from batch.francais import compte, enumeration, guillemets, typographie
from batch.reglement.modele import Echelle
from batch.vocabulaire import Presence

# What the evaluator can mend on a fresh grid; the others are the gestionnaire's to settle.
GUERISSABLES = frozenset(
    {
        Code.LIGNE_ETRANGERE, Code.LIGNE_DOUBLE, Code.COLONNE_INTROUVABLE, Code.GRILLE_DOUBLE,
        Code.TEMOIN_DEPLACE, Code.NOTE_INCONNUE, Code.NOTE_MANQUE, Code.COMMENTAIRE_MANQUE,
        Code.NOTE_DATE, Code.NOTE_FORMULE, Code.NOTE_HORS_BORNES, Code.TEXTE_TROP_LONG,
        Code.NOTE_MAL_PLACEE, Code.NOTE_ERREUR, Code.NOTE_AMBIGUE, Code.NOTE_PLUSIEURS,
        Code.NOTE_ABSENT,
        Code.PRESENCE_INCONNUE, Code.ABSENT_NOTE,
    }
)  # fmt: skip
# Where no version may be chosen and a blank would choose one: no scale knows this word.
A_PRECISER = "à préciser"
AILLEURS_MAX = 400

_COLONNES = {"note": f.NOTE, "temoin": f.TEMOIN, "commentaire": f.COMMENTAIRE}


class Place(NamedTuple):
    """An input of a grid: whose sheet, which row (None: the presence), which column."""

    numero: Numero
    ligne: str | None
    colonne: int


@dataclass(frozen=True, slots=True)
class Faute:
    """One thing to mend: what is wrong, and what to do, as a sentence to the evaluator."""

    phrase: str
    remede: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What goes back into a fresh grid, and what is to be mended there."""

    saisies: Mapping[Place, str]
    fautes: Mapping[Place, tuple[Faute, ...]]
    ailleurs: tuple[tuple[Lieu, str], ...]  # texts that no input of the grid had
    remplace: tuple[str, ...]  # fingerprints of the files that it stands in for

    def saisie(self, place: Place) -> str | None:
        return self.saisies.get(place)


RIEN = Correction({}, {}, (), ())


@dataclass(frozen=True, slots=True)
class _Feuillet:
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
    feuillets = [one for classeur in classeurs for one in _sheets(classeur, formes, lecteur)]
    if not feuillets:
        return None
    here = {(one.classeur.nom, one.feuille.nom) for one in feuillets}
    own = [a for a in anomalies if (a.lieu.fichier, a.lieu.feuille) in here]
    faults = [a for a in own if a.code in GUERISSABLES]
    saisies: dict[Place, str] = {}
    fautes: dict[Place, list[Faute]] = defaultdict(list)
    shown: set[Lieu] = set()
    places: dict[Lieu, Place] = {}
    for forme in formes:
        copies = [one for one in feuillets if any(n == forme.numero for _, n, _ in one.rangs)]
        filled = [one for one in copies if not one.blank(forme.numero)]
        _pour(forme, filled or copies, saisies, fautes, places, shown)
    for anomalie in faults:
        place = places.get(anomalie.lieu)
        told = anomalie.code is Code.LIGNE_DOUBLE and place in fautes
        if place is None or told or anomalie.code is Code.NOTE_MANQUE:
            continue  # each blank cell is asked for below
        if anomalie.code is Code.TEMOIN_DEPLACE:
            place = place._replace(colonne=f.TEMOIN)
        fautes[place].append(_said(anomalie, echelle))
    waited = _waited(formes, feuillets, faults, attendues)
    for forme in formes:
        if forme.numero in waited:
            _ask_for_the_rest(forme, saisies, fautes, echelle)
    if not faults and not fautes:
        return None
    elsewhere = list(_elsewhere(feuillets, lecteur, shown, vierge()))
    return Correction(
        saisies,
        {place: tuple(dict.fromkeys(own)) for place, own in fautes.items()},
        tuple(elsewhere),
        _replaced(feuillets, lecteur, sceau),
    )


def _sheets(classeur: Classeur, formes: Sequence[Forme], lecteur: Lecteur) -> Iterator[_Feuillet]:
    wanted = {forme.numero for forme in formes}
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
        yield _Feuillet(classeur, plan, zone, rangs, len(evaluateurs) == 1)


def _pour(
    forme: Forme,
    copies: Sequence[_Feuillet],
    saisies: dict[Place, str],
    fautes: dict[Place, list[Faute]],
    places: dict[Lieu, Place],
    shown: set[Lieu],
) -> None:
    """Everything typed on the copies of one sheet, back in its place; contradictions are said."""
    versions: dict[str, list[tuple[_Feuillet, int]]] = defaultdict(list)
    lignes = {ligne.id: ligne for ligne in forme.lignes}
    for copy in copies:
        for rang, numero, ligne in copy.rangs:
            if numero == forme.numero:
                versions[ligne.id].append((copy, rang))
    for own, rows in versions.items():
        ligne = lignes[own]
        for column, number in _COLONNES.items():
            place = Place(forme.numero, own, number)
            for copy, rang in rows:
                cell = copy.cell(column, rang)
                if cell is not None:
                    places[copy.lieu(cell)] = place
                    shown.add(copy.lieu(cell))
        _pour_row(Place(forme.numero, own, f.NOTE), ligne, rows, saisies, fautes)
    _pour_presence(Place(forme.numero, None, f.NOTE), copies, saisies, fautes, places, shown)


def _pour_row(
    place: Place,
    ligne: Ligne,
    rows: Sequence[tuple[_Feuillet, int]],
    saisies: dict[Place, str],
    fautes: dict[Place, list[Faute]],
) -> None:
    notes = [cell for copy, rang in rows if (cell := copy.cell("note", rang)) is not None]
    comments = [cell for copy, rang in rows if (cell := copy.cell("commentaire", rang)) is not None]
    if len({c.texte for c in notes}) > 1 or len({c.texte for c in comments}) > 1:
        told = [_version(copy, rang) for copy, rang in rows]
        double = Code.LIGNE_DOUBLE.at(Lieu(), ligne=ligne.nom, autre=rows[0][0].lieu_of(rows[0][1]))
        remede = typographie("Choisissez l'appréciation et récrivez le commentaire. Vous aviez :")
        fautes[place].append(Faute(double.message, f"{remede} {enumeration(dict.fromkeys(told))}."))
        if ligne.facultative:
            saisies[place] = A_PRECISER
        return
    for column, cells in ((f.NOTE, notes), (f.COMMENTAIRE, comments)):
        if cells and cells[0].texte is not None:
            saisies[place._replace(colonne=column)] = typed(cells[0])
    commented = bool(comments) and comments[0].texte is not None
    if ligne.facultative and commented and not notes:
        saisies[place] = A_PRECISER
    for copy, rang in rows:
        witness = copy.cell("temoin", rang)
        if witness is not None and witness.texte not in (None, ligne.id):
            saisies[place._replace(colonne=f.TEMOIN)] = typed(witness)


def _version(copy: _Feuillet, rang: int) -> str:
    cells = [copy.cell(column, rang) for column in ("note", "commentaire")]
    words = [guillemets(cell.texte) for cell in cells if cell is not None and cell.texte]
    return f"{', '.join(words) or VIDE} ({copy.lieu_of(rang)})"


def _pour_presence(
    place: Place,
    copies: Sequence[_Feuillet],
    saisies: dict[Place, str],
    fautes: dict[Place, list[Faute]],
    places: dict[Lieu, Place],
    shown: set[Lieu],
) -> None:
    found = []
    for copy in copies:
        cell = copy.presence()
        if cell is not None:
            places[copy.lieu(cell)] = place
            shown.add(copy.lieu(cell))
            found.append(cell)
    said = list(dict.fromkeys(cell.texte for cell in found))
    if len(said) > 1:
        double = Code.GRILLE_DOUBLE.at(
            Lieu(), numero=place.numero, autre=copies[0].classeur.nom, differences="présence"
        )
        told = enumeration(guillemets(text or VIDE) for text in said)
        remede = typographie("Choisissez Présent ou Absent. Vous aviez :")
        fautes[place].append(Faute(double.message, f"{remede} {told}."))
        saisies[place] = A_PRECISER
    elif found:
        saisies[place] = typed(found[0]) if found[0].texte is not None else ""


def typed(cellule: Cellule) -> str:
    """The cell as it was typed, as text: a formula by its own words, a number by its digits."""
    if cellule.formule is not None:
        return cellule.formule
    return cellule.valeur if isinstance(cellule.valeur, str) else as_text(cellule.valeur)


def _said(anomalie: Anomalie, echelle: Echelle) -> Faute:
    """The anomaly to the person who can mend it: the sentence as it is, the remedy as his."""
    words = {
        Code.NOTE_HORS_BORNES: f.expected(echelle),
        Code.COMMENTAIRE_MANQUE: "Écrivez ce qui justifie cette appréciation.",
        Code.TEXTE_TROP_LONG: f"Raccourcissez-le à {f.COMMENTAIRE_MAX} caractères au plus.",
        Code.TEMOIN_DEPLACE: "Vérifiez que l'appréciation et le commentaire de cette ligne sont "
        "bien pour elle, puis choisissez dans la colonne « Témoin » le repère de la ligne.",
    }
    return Faute(anomalie.message, typographie(words.get(anomalie.code, anomalie.remede)))


def _waited(
    formes: Sequence[Forme],
    feuillets: Sequence[_Feuillet],
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


def _ask_for_the_rest(
    forme: Forme,
    saisies: Mapping[Place, str],
    fautes: dict[Place, list[Faute]],
    echelle: Echelle,
) -> None:
    """A fault at each expected cell that stands empty, unless the candidate did not come."""
    presence = saisies.get(Place(forme.numero, None, f.NOTE), "")
    if fold(presence).removesuffix("e") == fold(Presence.ABSENT.mot):
        return
    demanding = {n.code for n in echelle.niveaux if n.commentaire == "obligatoire"}
    for ligne in forme.lignes:
        note = Place(forme.numero, ligne.id, f.NOTE)
        comment = note._replace(colonne=f.COMMENTAIRE)
        if note not in saisies:
            if not ligne.facultative and not fautes.get(note):
                missing = Code.NOTE_MANQUE.at(
                    Lieu(), combien=compte(1, "ligne"), lignes=ligne.code or ligne.id
                )
                fautes[note].append(Faute(missing.message, f.expected(echelle)))
            continue
        level = valeurs.read(Cellule(1, 1, saisies[note]), echelle).niveau
        needed = level in demanding or (ligne.facultative and saisies[note] != A_PRECISER)
        if needed and comment not in saisies and not fautes.get(comment):
            missing = Code.COMMENTAIRE_MANQUE.at(Lieu(), valeur=saisies[note], critere=ligne.nom)
            fautes[comment].append(_said(missing, echelle))


def _elsewhere(
    feuillets: Sequence[_Feuillet],
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


def _to_search(feuillets: Sequence[_Feuillet]) -> Iterator[tuple[_Feuillet, Feuille]]:
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


def _replaced(feuillets: Sequence[_Feuillet], lecteur: Lecteur, sceau: Sceau) -> tuple[str, ...]:
    """The files that it is made from, and those that they were themselves the corrections of."""
    found = {one.classeur.empreinte for one in feuillets}
    for one in feuillets:
        for empreintes in replaces(one.feuille, lecteur, sceau).values():
            found |= empreintes
    return tuple(sorted(found))


def _texts(feuilles: Iterable[Feuille]) -> frozenset[str | None]:
    return frozenset(c.texte for feuille in feuilles for c in feuille.cellules.values())
