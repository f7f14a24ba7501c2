"""What a grid looks like and how it is known: the one place that its writer and reader share.

A sheet is known by what is inside it, never by its file's name or a row's position: a token on
several carriers, and on each row a tag of its own, both keyed with the session's secret. The tags
survived every client we measured; the other carriers help when something was lost.
"""

import base64
import hmac
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any

from batch.classeurs import tables
from batch.classeurs.cellules import fold
from batch.francais import enumeration, guillemets, nombre, typographie
from batch.jury.affectation import Cahier, FicheEvaluation
from batch.referentiel.modele import Competence, Critere, Partie
from batch.reglement.modele import Echelle, NiveauEchelle, Reglement
from batch.vocabulaire import Presence, Ton

# Columns, counted from 1. The order of the table `grille`, and of nothing else.
COLONNES = tuple(colonne.nom for colonne in tables.load("grille").colonnes)
REPERE, CODE, CRITERE, NOTE, TEMOIN, COMMENTAIRE = range(1, 7)
CACHEES = (REPERE, TEMOIN)
MARQUE = 7  # of a grid to be corrected only: beside each row, what is to be mended

# Rows, counted from 1. The reader finds its rows by their content; only the writer counts.
L_JETON, L_CERTIFICATION, L_NUMERO, L_SUJET, L_EVALUATEUR, L_PRESENCE, L_RESTE = range(1, 8)
L_REMPLACE = L_CERTIFICATION  # in the hidden column: what a correction replaces
L_CLES, L_TITRES, L_PREMIERE = 9, 10, 11

NOTICE = "Mode d’emploi"
CACHEE = "_jury"
A_CORRIGER = "À corriger"
NOTRES = (NOTICE, CACHEE, A_CORRIGER)  # our own sheets that no candidate is rated on
CLE_PRESENCE = "#presence"
CLE_MARQUE = "#marque"
PROPRIETE = "JuryGrille"
PRESENCES = (Presence.PRESENT.mot, Presence.ABSENT.mot)
COMMENTAIRE_MAX = 2000
A_PART = (
    "À ne remplir que si ce membre du groupe est évalué à part : son appréciation remplace alors "
    "celle du groupe, et un commentaire est obligatoire."
)

_ID = r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}"
NUMERO = re.compile(rf"({_ID})/({_ID})/({_ID})/({_ID})")
JETON = re.compile(rf"JURY\|({_ID})\|({_ID})\|({_ID})\|({_ID})\|([A-Z2-7]{{10}})\.([A-Z2-7]{{10}})")
REPERE_LIGNE = re.compile(rf"({_ID})~([A-Z2-7]{{8}})")
_REMPLACE = re.compile(r"CORRIGE\|([0-9a-f]{64}(?:,[0-9a-f]{64})*)\|([A-Z2-7]{10})")


@dataclass(frozen=True, slots=True)
class Numero:
    """A sheet's number: session, évaluateur, épreuve or bloc, candidate or group."""

    session: str
    evaluateur: str
    partie: str
    sujet: str

    def __str__(self) -> str:
        return f"{self.session}/{self.evaluateur}/{self.partie}/{self.sujet}"


@dataclass(frozen=True, slots=True)
class Ligne:
    """A row to be rated: a critère with its indicateurs under it, or one indicateur."""

    id: str
    code: str
    texte: str
    sous_texte: tuple[str, ...]
    critere: str
    # Blank unless the member of a group is set apart; rated, it needs a comment.
    facultative: bool = False

    @property
    def puces(self) -> str:
        """What stands in the same cell under the text."""
        return "".join(f"\n• {text}" for text in self.sous_texte)

    @property
    def nom(self) -> str:
        """How a sentence names the row."""
        words = self.texte if len(self.texte) <= 60 else self.texte[:57].rstrip() + "…"
        return f"{self.code} {guillemets(words)}" if self.code else guillemets(words)


@dataclass(frozen=True, slots=True)
class Intertitre:
    """A row between the rated ones: a compétence, or a critère above its indicateurs."""

    code: str
    texte: str
    fort: bool


@dataclass(frozen=True, slots=True)
class Rangee:
    """The rows of a sheet in order, those that are rated, and those that must be: most sheets of
    an épreuve share them."""

    rangs: tuple[Ligne | Intertitre, ...]
    lignes: tuple[Ligne, ...] = field(init=False, repr=False, compare=False)
    attendues: tuple[Ligne, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        lignes = tuple(rang for rang in self.rangs if isinstance(rang, Ligne))
        object.__setattr__(self, "lignes", lignes)
        attendues = tuple(ligne for ligne in lignes if not ligne.facultative)
        object.__setattr__(self, "attendues", attendues)


@dataclass(frozen=True, slots=True)
class Forme:
    """One sheet as it is to be: its number, and its rows in order."""

    fiche: FicheEvaluation
    numero: Numero
    rangee: Rangee

    @property
    def rangs(self) -> tuple[Ligne | Intertitre, ...]:
        return self.rangee.rangs

    @property
    def lignes(self) -> tuple[Ligne, ...]:
        return self.rangee.lignes

    @property
    def attendues(self) -> tuple[Ligne, ...]:
        """The rows that must be rated."""
        return self.rangee.attendues


@dataclass(frozen=True, slots=True)
class Sceau:
    """The session's secret at work: tokens and tags that only its holder can make.

    `regles` is what the règlement says of the grids; a sheet remembers it, so that one made under
    other rules is known as such.
    """

    cle: bytes
    regles: str = ""

    def _mac(self, length: int, *parts: str) -> str:
        digest = hmac.digest(self.cle, "\x1f".join(parts).encode(), "sha256")
        return base64.b32encode(digest[:10]).decode()[:length]  # ten bytes are sixteen letters

    def identite(self, numero: Numero) -> str:
        return self._mac(10, "identite", str(numero))

    def structure(self, forme: Forme) -> str:
        """What the labels and the rows were when the sheet was made."""
        rows = json.dumps([[ligne.id, ligne.texte] for ligne in forme.lignes], ensure_ascii=False)
        return self._mac(10, "structure", str(forme.numero), self.regles, rows)

    def jeton(self, forme: Forme) -> str:
        n = forme.numero
        macs = f"{self.identite(n)}.{self.structure(forme)}"
        return f"JURY|{n.session}|{n.evaluateur}|{n.partie}|{n.sujet}|{macs}"

    def repere(self, numero: Numero, ligne: str) -> str:
        return f"{ligne}~{self._mac(8, 'ligne', str(numero), ligne)}"

    def remplace(self, numero: Numero, empreintes: Iterable[str]) -> str:
        """What a corrected sheet carries: the fingerprints of the files that it stands in for."""
        listed = ",".join(empreintes)
        return f"CORRIGE|{listed}|{self._mac(10, 'corrige', str(numero), listed)}"

    def remplacees(self, numero: Numero, texte: str) -> frozenset[str]:
        """The fingerprints in such a text; none when it was not made by us for this sheet."""
        found = _REMPLACE.fullmatch(texte)
        if found is None:
            return frozenset()
        empreintes = found[1].split(",")
        genuine = hmac.compare_digest(texte, self.remplace(numero, empreintes))
        return frozenset(empreintes if genuine else ())


def sceau(cle: bytes, reglement: Reglement) -> Sceau:
    said = [_said(part) for part in (reglement.saisie, reglement.echelle, reglement.regles)]
    return Sceau(cle, json.dumps(said, ensure_ascii=False, sort_keys=True))


def _said(record: Any) -> Any:
    """What a règlement says, without what it leaves unsaid: a rubric that a later version of the
    program adds must not make the grids already sent look altered."""
    if is_dataclass(record):
        return {
            own.name: _said(value)
            for own in fields(record)
            if (value := getattr(record, own.name)) != own.default
        }
    if isinstance(record, Mapping):
        return {str(key): _said(value) for key, value in record.items()}
    if isinstance(record, list | tuple):
        return [_said(item) for item in record]
    return record if record is None or isinstance(record, bool) else str(record)


def numero(session: str, fiche: FicheEvaluation) -> Numero:
    return Numero(session, fiche.evaluateur.id, fiche.partie.id, fiche.sujet)


def forme(session: str, fiche: FicheEvaluation, reglement: Reglement) -> Forme:
    return Forme(fiche, numero(session, fiche), Rangee(tuple(_rows(fiche, reglement))))


def formes(session: str, cahiers: Iterable[Cahier], reglement: Reglement) -> tuple[Forme, ...]:
    """Every sheet of a session; most candidates share their rows."""
    shared: dict[tuple[object, ...], Rangee] = {}
    made = []
    for fiche in (fiche for cahier in cahiers for fiche in cahier.fiches):
        asked = (fiche.criteres, fiche.facultatifs)
        key = (fiche.partie.id, *(tuple(critere.id for critere in own) for own in asked))
        if key not in shared:
            shared[key] = Rangee(tuple(_rows(fiche, reglement)))
        made.append(Forme(fiche, numero(session, fiche), shared[key]))
    return tuple(made)


def _rows(fiche: FicheEvaluation, reglement: Reglement) -> Iterator[Ligne | Intertitre]:
    yield from _rated_rows(fiche, fiche.criteres, reglement)
    if fiche.facultatifs:
        yield Intertitre("", A_PART, fort=True)
        for rang in _rated_rows(fiche, fiche.facultatifs, reglement):
            yield replace(rang, facultative=True) if isinstance(rang, Ligne) else rang


def _rated_rows(
    fiche: FicheEvaluation, criteres: Iterable[Critere], reglement: Reglement
) -> Iterator[Ligne | Intertitre]:
    """The critères under the compétences that they rate, or the épreuve's where none is tied."""
    by_id = {competence.id: competence for competence in fiche.partie.competences}
    shown: tuple[str, ...] | None = None
    for critere in criteres:
        tied = critere.competences or tuple(by_id)
        if tied != shown:
            yield from (_heading(by_id[competence]) for competence in tied if competence in by_id)
            shown = tied
        if reglement.saisie == "indicateur" and critere.indicateurs:
            yield Intertitre(critere.code or "", critere.intitule, fort=True)
            for rank, text in enumerate(critere.indicateurs, 1):
                yield Ligne(critere.indicateur(rank), "", text, (), critere.id)
        else:
            yield _rated(critere)


def _heading(competence: Competence) -> Intertitre:
    if not competence.imprimee:
        text = "(compétence annoncée par le référentiel, qui n’en imprime pas le texte)"
        return Intertitre(competence.code or "", text, fort=False)
    text = "\n".join([competence.intitule, *(f"– {point}" for point in competence.sous_points)])
    return Intertitre(competence.code or "", text, fort=False)


@lru_cache(maxsize=4096)  # one row, on the sheets of all candidates
def _rated(critere: Critere) -> Ligne:
    return Ligne(critere.id, critere.code or "", critere.intitule, critere.indicateurs, critere.id)


def sujet_titre(fiche: FicheEvaluation) -> str:
    return "Groupe" if fiche.en_groupe else "Candidat"


def sujet_texte(fiche: FicheEvaluation) -> str:
    """Who is rated, as the head of the sheet shows it."""
    people = [f"{c.prenom} {c.nom} ({c.id})" for c in fiche.candidats]
    if fiche.en_groupe:
        return typographie(f"Groupe {fiche.sujet} : {enumeration(people)}")
    member = f", membre du groupe {fiche.groupe}" if fiche.groupe is not None else ""
    return typographie(f"{people[0]}{member}")


def partie_nom(partie: Partie) -> str:
    """« Épreuve A1 » or « Bloc BC1 »: what a sentence calls it."""
    return f"épreuve {partie.id.removeprefix('EP-')}" if partie.est_epreuve else f"bloc {partie.id}"


def sheet_name(fiche: FicheEvaluation, taken: set[str]) -> str:
    """A sheet name that Excel takes: 31 characters, no « []:*?/\\ », unique whatever the case."""
    who = fiche.sujet if fiche.en_groupe else f"{fiche.sujet} {fiche.candidats[0].nom}"
    base = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", f"Groupe {who}" if fiche.en_groupe else who)
    name, rank = base[:31].strip(" '"), 1
    while fold(name) in taken or fold(name) in ("history", "historique"):
        rank += 1
        name = f"{base[: 27 - len(str(rank))].strip()} ({rank})"
    taken.add(fold(name))
    return name


def tone(niveau: NiveauEchelle) -> Ton:
    """How a level looks on the grid: its colour, and the symbol shown before its word."""
    if niveau.compte == "exclu":
        return Ton.NEUTRE
    if niveau.compte == "manquant":
        return Ton.EN_SUSPENS
    return Ton.FAVORABLE if niveau.satisfait else Ton.DEFAVORABLE


def choices(echelle: Echelle) -> tuple[str, ...]:
    """The words of the drop-down."""
    return tuple(niveau.libelle for niveau in echelle.niveaux)


def expected(echelle: Echelle) -> str:
    """What a rating cell takes, as a sentence to the person who fills it."""
    words = enumeration((guillemets(word) for word in choices(echelle)), "ou")
    if echelle.note is None:
        return f"Choisissez dans la liste : {words}."
    mark = f"Écrivez une note de 0 à {nombre(echelle.note.sur)}"
    return f"{mark}, ou {words}." if words else f"{mark}."


def file_name(cahier: Cahier) -> str:
    """The workbook's name: évaluateur and épreuve, no candidate."""
    return f"{file_stem(cahier)}.xlsx"


def file_stem(sent: Cahier | FicheEvaluation) -> str:
    """The same without its extension: what most people leave of it when they send it back."""
    return f"grille {sent.evaluateur.id} {sent.partie.id} {sent.evaluateur.nom}"
