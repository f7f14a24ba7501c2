"""Returned workbooks -> what each sheet says, row by row; and what became of all that was read.

A row is found by its tag and by nothing else: not its position, not its sheet, not its file. A
sheet that nobody can place is refused or ignored with its reason; none is dropped in silence.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs import tables
from batch.classeurs.cellules import Cellule, Classeur, Feuille, fold, letters
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.forme import Forme, Ligne, Numero, Sceau
from batch.francais import enumeration


class Sort(StrEnum):
    """What became of a file, a sheet or a row."""

    ACCEPTE = "accepté"
    INCHANGE = "inchangé"
    REFUSE = "refusé"
    IGNORE = "ignoré"


@dataclass(slots=True)
class Bilan:
    """What became of each file and sheet that was read, and of how many rows: each has one end."""

    fichiers: dict[str, Sort] = field(default_factory=dict)
    feuilles: dict[Lieu, Sort] = field(default_factory=dict)
    lignes: Counter[Sort] = field(default_factory=Counter)

    @property
    def comptes(self) -> dict[str, Counter[Sort]]:
        """How many, for each kind."""
        return {
            "fichiers": Counter(self.fichiers.values()),
            "feuilles": Counter(self.feuilles.values()),
            "lignes": self.lignes,
        }


@dataclass(frozen=True, slots=True)
class Saisie:
    """One rated row as it came back."""

    ligne: Ligne
    note: Cellule
    commentaire: str | None
    lieu: Lieu
    lieu_commentaire: Lieu

    @property
    def vide(self) -> bool:
        return self.note.texte is None and self.commentaire is None

    @property
    def contenu(self) -> tuple[str | None, str | None]:
        return self.note.texte, self.commentaire


@dataclass(frozen=True, slots=True)
class FicheLue:
    """What came back of one sheet."""

    forme: Forme
    lieu: Lieu
    presence: str | None
    lieu_presence: Lieu
    saisies: tuple[Saisie, ...]

    @property
    def vide(self) -> bool:
        return all(saisie.vide for saisie in self.saisies) and self.presence != f.PRESENCES[1]


class Lecteur:
    """Reads the returned workbooks of one session."""

    def __init__(self, session: str, formes: Iterable[Forme], sceau: Sceau) -> None:
        self._session = session
        self._sceau = sceau
        self._formes = {forme.numero: forme for forme in formes}
        # Every sheet of the session that was met, even one that had to be refused.
        self.vues: set[Numero] = set()
        self._lignes = {
            sceau.repere(forme.numero, ligne.id): (forme, ligne)
            for forme in self._formes.values()
            for ligne in forme.lignes
        }

    def line(self, repere: str | None) -> tuple[Forme, Ligne] | None:
        """The row that this tag was made for; None when it is none of the session's."""
        return self._lignes.get(repere or "")

    def read(self, classeur: Classeur, bilan: Bilan) -> tuple[list[FicheLue], list[Anomalie]]:
        """Every sheet of a workbook that is one of ours, with the faults of its structure."""
        fiches: list[FicheLue] = []
        anomalies: list[Anomalie] = []
        recognised = False
        for feuille in classeur.feuilles:
            tags = [c for c in feuille.cellules.values() if is_tag(c)]
            tokens = _tokens(feuille)
            lieu = Lieu(classeur.nom, feuille.nom)
            if not tags:
                bilan.feuilles[lieu] = Sort.IGNORE
                recognised |= bool(tokens)
                if not is_ours(feuille.nom) and feuille.cellules:
                    anomalies.append(Code.COPIE_NON_LUE.at(lieu))
                continue
            recognised = True
            own, faults = self._read_sheet(classeur.nom, feuille, tags, tokens, bilan)
            fiches += own
            anomalies += faults
            bilan.feuilles[lieu] = Sort.ACCEPTE if own else Sort.REFUSE
        if not recognised:
            anomalies = [Code.FICHIER_SANS_GRILLE.at(Lieu(classeur.nom), nom=classeur.nom)]
        bilan.fichiers[classeur.nom] = Sort.ACCEPTE if fiches else Sort.REFUSE
        return fiches, anomalies

    def _read_sheet(
        self,
        fichier: str,
        feuille: Feuille,
        tags: Sequence[Cellule],
        tokens: Sequence[tuple[Numero, str, str]],
        bilan: Bilan,
    ) -> tuple[list[FicheLue], list[Anomalie]]:
        known = [tag for tag in tags if tag.texte in self._lignes]
        stray = [tag for tag in tags if tag.texte not in self._lignes]
        sheet = Lieu(fichier, feuille.nom)
        if not known:
            bilan.lignes[Sort.REFUSE] += len(stray)
            return [], [self._explain_stranger(sheet, tokens, tags)]
        self.vues |= {self._lignes[tag.texte or ""][0].numero for tag in known}
        columns = columns_of(feuille)
        missing = [name for name in ("note", "commentaire") if name not in columns]
        if missing:
            bilan.lignes[Sort.REFUSE] += len(tags)
            table = tables.load("grille")
            return [], [
                Code.COLONNE_INTROUVABLE.at(sheet, colonne=table.colonne(name).titre)
                for name in missing
            ]
        anomalies: list[Anomalie] = []
        rows: dict[Numero, dict[str, Saisie]] = {}
        for tag in known:
            forme, ligne = self._lignes[tag.texte or ""]
            saisie, faults = _read_row(sheet, feuille, columns, tag.ligne, ligne)
            anomalies += faults
            already = rows.setdefault(forme.numero, {})
            first = already.get(ligne.id)
            if faults:
                bilan.lignes[Sort.REFUSE] += 1
            elif first is None:
                already[ligne.id] = saisie
                bilan.lignes[Sort.ACCEPTE] += 1
            elif first.contenu == saisie.contenu:
                bilan.lignes[Sort.INCHANGE] += 1
            else:
                bilan.lignes[Sort.REFUSE] += 2
                bilan.lignes[Sort.ACCEPTE] -= 1
                del already[ligne.id]
                other = first.lieu.cellule
                anomalies.append(Code.LIGNE_DOUBLE.at(saisie.lieu, ligne=ligne.nom, autre=other))
        anomalies += self._explain_strays(sheet, stray, tokens, bilan)
        presence, where = _presence(sheet, feuille, columns["note"])
        fiches = [
            FicheLue(self._formes[numero], sheet, presence, where, tuple(own.values()))
            for numero, own in rows.items()
        ]
        anomalies += self._check_form(sheet, fiches, tokens, stray)
        return fiches, anomalies

    def _explain_stranger(
        self, lieu: Lieu, tokens: Sequence[tuple[Numero, str, str]], tags: Sequence[Cellule]
    ) -> Anomalie:
        """A sheet that is a grid, but none of the session's: whose, then?"""
        if not tokens:
            place = Lieu(lieu.fichier, lieu.feuille, tags[0].adresse)
            return Code.LIGNE_ETRANGERE.at(place, valeur=tags[0].texte)
        numero, identite, _ = tokens[0]
        words = {
            "evaluateur": numero.evaluateur,
            "partie": numero.partie,
            "sujet": numero.sujet,
        }
        if numero.session != self._session:
            return Code.GRILLE_AUTRE_SESSION.at(lieu, autre=numero.session, **words)
        cahier = f"{numero.session}/{numero.evaluateur}/{numero.partie}"
        if identite != self._sceau.identite(numero):
            return Code.GRILLE_SIGNATURE.at(lieu, numero=numero).about(cahier)
        people = (f"Candidats {numero.sujet}", f"Évaluateurs {numero.evaluateur}")
        return Code.GRILLE_INCONNUE.at(lieu, **words).about(cahier, *people)

    def _explain_strays(
        self,
        lieu: Lieu,
        stray: Sequence[Cellule],
        tokens: Sequence[tuple[Numero, str, str]],
        bilan: Bilan,
    ) -> Iterator[Anomalie]:
        """Rows that are not of the session, among rows that are."""
        numbers = [numero for numero, _, _ in tokens]
        for tag in stray:
            bilan.lignes[Sort.REFUSE] += 1
            ligne = (tag.texte or "").partition("~")[0]
            if any(self._sceau.repere(n, ligne) == tag.texte for n in numbers):
                continue  # a row of ours that the session no longer asks for: see _check_form
            place = Lieu(lieu.fichier, lieu.feuille, tag.adresse)
            yield Code.LIGNE_ETRANGERE.at(place, valeur=tag.texte)

    def _check_form(
        self,
        lieu: Lieu,
        fiches: Sequence[FicheLue],
        tokens: Sequence[tuple[Numero, str, str]],
        stray: Sequence[Cellule],
    ) -> Iterator[Anomalie]:
        """The sheet was made before something changed, or its rows were tampered with."""
        structures = {numero: structure for numero, _, structure in tokens}
        for fiche in fiches:
            made = structures.get(fiche.forme.numero)
            if made is None or made == self._sceau.structure(fiche.forme):
                continue
            here = {saisie.ligne.id for saisie in fiche.saisies}
            lacking = [
                ligne.code or ligne.id for ligne in fiche.forme.lignes if ligne.id not in here
            ]
            extra = [(tag.texte or "").partition("~")[0] for tag in stray]
            words = []
            if lacking:
                words.append(f"il y manque {enumeration(lacking)}")
            if extra:
                words.append(
                    f"{enumeration(extra)} n'y {'est' if len(extra) == 1 else 'sont'} plus"
                )
            lignes = enumeration(words) or "un libellé, l'échelle ou une règle a changé"
            yield Code.GRILLE_ANCIENNE.at(lieu, lignes=lignes)


def is_ours(nom: str) -> bool:
    """The name of a sheet that we add around the candidates'."""
    return fold(nom) in {fold(own) for own in f.NOTRES}


def is_tag(cellule: Cellule) -> bool:
    return bool(f.REPERE_LIGNE.fullmatch(cellule.texte or ""))


def _tokens(feuille: Feuille) -> list[tuple[Numero, str, str]]:
    """The tokens that stand anywhere on the sheet, in reading order, each once."""
    found: dict[str, tuple[Numero, str, str]] = {}
    for place in sorted(feuille.cellules):
        for match in f.JETON.finditer(feuille.cellules[place].texte or ""):
            session, evaluateur, partie, sujet, identite, structure = match.groups()
            numero = Numero(session, evaluateur, partie, sujet)
            found[match.group()] = (numero, identite, structure)
    return list(found.values())


def columns_of(feuille: Feuille) -> Mapping[str, int]:
    """Where each column of a grid is: by its hidden key, else by its heading."""
    keys = {f"#{name}": name for name in f.COLONNES}
    titles = {fold(colonne.titre): colonne.nom for colonne in tables.load("grille").colonnes}
    by_key: dict[str, int] = {}
    by_title: dict[str, int] = {}
    for place in sorted(feuille.cellules):
        cell = feuille.cellules[place]
        text = cell.texte or ""
        if text in keys:
            by_key.setdefault(keys[text], cell.colonne)
        elif fold(text) in titles:
            by_title.setdefault(titles[fold(text)], cell.colonne)
    return {**by_title, **by_key}


def _read_row(
    sheet: Lieu, feuille: Feuille, columns: Mapping[str, int], row: int, ligne: Ligne
) -> tuple[Saisie, list[Anomalie]]:
    def place(column: int) -> Lieu:
        return Lieu(sheet.fichier, sheet.feuille, f"{letters(column)}{row}")

    comment = feuille.at(row, columns["commentaire"])
    saisie = Saisie(
        ligne,
        feuille.at(row, columns["note"]),
        comment.texte,
        place(columns["note"]),
        place(columns["commentaire"]),
    )
    witness = feuille.at(row, columns["temoin"]).texte if "temoin" in columns else None
    if witness is not None and witness != ligne.id:
        fault = Code.TEMOIN_DEPLACE.at(
            place(columns["note"]), trouve=witness, ligne=ligne.code or ligne.id
        )
        return saisie, [fault]
    return saisie, []


def _presence(sheet: Lieu, feuille: Feuille, column: int) -> tuple[str | None, Lieu]:
    key = next((c for c in feuille.cellules.values() if c.texte == f.CLE_PRESENCE), None)
    if key is None:
        return None, sheet
    cell = feuille.at(key.ligne, column)
    return cell.texte, Lieu(sheet.fichier, sheet.feuille, cell.adresse)
