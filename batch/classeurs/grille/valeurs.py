"""What stands in a rating cell -> the level that a person meant, or why nobody can tell.

What two careful readers would read alike is read: case, accents, blanks, an abbreviation that fits
one level only, a comma or a point. What they could dispute is refused with the choices.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction

from batch.anomalies import Code
from batch.classeurs.cellules import Cellule, Valeur, clean, fold
from batch.classeurs.grille.forme import tone
from batch.francais import date_courte, enumeration, guillemets
from batch.reglement.modele import Echelle, NiveauEchelle

# A tick says the same as a favourable level, a cross as an unfavourable one; set before another
# level they contradict it, and alone they say nothing.
_COCHES, _CROIX = "✔✓☑✅", "✘✗✖☒❌"
_ORNEMENTS = "•–-*\"'«»“”’‘ "
_RIEN = {"neant", "ras", "aucun", "aucune", "sans", "nc", "nr", "vide", "rien", "0/0"}
_SIGNES_DE_RIEN = set("-–—_/.…? ")
# The same two letters say « non acquis » to one reader and « non applicable » to another.
_NON_APPLICABLE = {"n.a.", "n.a", "n/a", "n. a.", "n a", "n-a"}
_ABSENT = {"absent", "absente", "abs", "abs.", "absent(e)"}
# Days since 30 December 1899: what a date becomes when its format is lost. 2000 to 2100.
_SERIE = range(36526, 73051)


@dataclass(frozen=True, slots=True)
class Lu:
    """A level's code or a mark; or the fault of the cell. Nothing at all: the cell is blank."""

    niveau: str | None = None
    note: Fraction | None = None
    faute: Code | None = None
    normalise: bool = False
    # As the sentence about the fault needs it: the value, and what it could have meant.
    valeur: str = ""
    sens: str = ""
    # « - », « néant », « absent »: something stands there, and it is no rating.
    muet: bool = False

    @property
    def texte(self) -> str | None:
        """As the table checks it: the code, or the mark in digits."""
        if self.note is not None:
            return str(Decimal(self.note.numerator) / Decimal(self.note.denominator))
        return self.niveau


def reader(echelle: Echelle) -> Callable[[Cellule], Lu]:
    """`read` on this scale, for a whole session: the same few words stand in all its cells."""
    known: dict[tuple[type, Valeur, str | None], Lu] = {}

    def read_once(cellule: Cellule) -> Lu:
        # True is 1, and a day may be an instant: what was typed counts by its kind too.
        said = type(cellule.valeur), cellule.valeur, cellule.formule
        lu = known.get(said)
        if lu is None:
            lu = known[said] = read(cellule, echelle)
        return lu

    return read_once


def read(cellule: Cellule, echelle: Echelle) -> Lu:
    """What is forgiven is reported, unless nobody could see it; nothing is ever guessed."""
    if cellule.formule is not None:
        code = Code.NOTE_FORMULE if cellule.formule.startswith("=") else Code.NOTE_ERREUR
        return Lu(faute=code, valeur=excerpt(cellule.formule))
    texte = cellule.texte
    if texte is None:
        return Lu()
    texte = _without_symbol(texte, echelle)
    if any(texte in (niveau.libelle, niveau.code) for niveau in echelle.niveaux):
        exact = next(n for n in echelle.niveaux if texte in (n.libelle, n.code))
        return Lu(niveau=exact.code)
    level = _level(texte, echelle)
    if level is not None:
        return Lu(niveau=level, normalise=True)
    day = _day(cellule.valeur, echelle)
    if day is not None:
        return Lu(faute=Code.NOTE_DATE, valeur=day)
    if echelle.note is not None:
        mark = _mark(texte, echelle.note.sur)
        if mark is not None:
            return Lu(note=mark)
    return _explain(texte, echelle)


def _without_symbol(texte: str, echelle: Echelle) -> str:
    """The word alone: Gnumeric saves with it the symbol that our colour rule shows before it."""
    for niveau in echelle.niveaux:
        symbol = f"{tone(niveau).symbole} "
        if texte.startswith(symbol) and fold(texte) == fold(symbol + niveau.libelle):
            return texte.removeprefix(symbol)
    return texte


def _level(texte: str, echelle: Echelle) -> str | None:
    """The one level that these words name: whole, in the feminine, or cut short."""
    said = _bare(texte)
    if not said or fold(texte) in _NON_APPLICABLE:
        return None
    found = [
        niveau
        for niveau in echelle.niveaux
        if any(said in (_bare(word), _bare(word) + "e") for word in (niveau.code, niveau.libelle))
    ]
    if not found and said not in _RIEN:
        found = [niveau for niveau in echelle.niveaux if _shortens(said, niveau.libelle)]
    if len(found) != 1 or not _agrees(texte, found[0]):
        return None
    return found[0].code


def _bare(texte: str) -> str:
    """The words alone: no ornament around, no stop, no hyphen."""
    words = fold(texte).replace("(e)", "e").replace("·e", "e").replace("\u2044", "/")
    bare = words.lstrip(_COCHES + _CROIX + "\ufe0f" + _ORNEMENTS)
    if bare[:1].isdigit():
        bare = words.lstrip(_COCHES + _CROIX + "\ufe0f ")  # « -3 » is no « 3 »
    # A sign that a person may have meant (« A+ », « A- », « A ? ») stays: it is no ornament.
    bare = bare.rstrip("\"'«»“”’‘ .,;!")
    if re.fullmatch(r"([^\W\d]\.)+[^\W\d]", bare):
        return bare.replace(".", "")
    return re.sub(r"\s+", " ", re.sub(r"(?<=[^\W\d])[-_.]+\s*(?=[^\W\d])", " ", bare))


def _shortens(said: str, libelle: str) -> bool:
    """« acq », « n acquis », « partiel »: each word begins the level's own, and enough is left."""
    words, own = said.split(), _bare(libelle).split()
    if len(words) > len(own) or not all(map(str.startswith, own, words)):
        return False
    # « Non » begins « Non acquis », and perhaps another level: it takes more than that.
    return len(words[-1]) >= 3 and (len(words) == len(own) or len(said) >= 4)


def _agrees(texte: str, niveau: NiveauEchelle) -> bool:
    favourable = niveau.compte == "normal" and niveau.satisfait
    unfavourable = niveau.compte == "normal" and not niveau.satisfait
    signs = set(texte)
    return not (
        (signs & set(_COCHES) and not favourable) or (signs & set(_CROIX) and not unfavourable)
    )


def _day(valeur: Valeur, echelle: Echelle) -> str | None:
    """A date, or the bare number that a date is: what « 1/3 » or « 12.5 » becomes in Excel."""
    if isinstance(valeur, date):
        return f"la date {date_courte(valeur)}"
    if isinstance(valeur, time):
        return f"l’heure {valeur:%H:%M}"
    out_of_scale = isinstance(valeur, int) and valeur > (echelle.maximum or 0)
    if isinstance(valeur, int) and out_of_scale and valeur in _SERIE:
        day = date(1899, 12, 30) + timedelta(days=valeur)
        return f"{valeur}, le nombre qui est pour Excel la date {date_courte(day)}"
    return None


def _mark(texte: str, maximum: Decimal) -> Fraction | None:
    """« 12,5 », « 12.5 », « 12,5/20 », « 12,5 pts » -> 25/2. Bounds are the table's business."""
    text = "".join(_plain(character) for character in texte).strip("'’\" ")
    text = re.sub(r"\s*(points?|pts?\.?)$", "", text, flags=re.IGNORECASE).rstrip(".,; ")
    number, over = text, None
    if match := re.fullmatch(r"(.+?)\s*(?:/|\bsur\b)\s*(.+)", text):
        number, over = match.groups()
    elif match := re.fullmatch(r"(.+?)\s*%", text):
        number, over = match[1], "100"
    value = _number(number, maximum)
    if value is None or (over is not None and _number(over, maximum) != Fraction(maximum)):
        return None
    return value


def _plain(character: str) -> str:
    """A full-width digit or sign -> the usual one; « ½ » is no digit, and stays."""
    digit = unicodedata.decimal(character, None)
    if digit is not None:
        return str(digit)
    return {"，": ",", "．": ".", "／": "/", "％": "%", "−": "-", "–": "-", "’": "'"}.get(
        character, character
    )


def _number(texte: str, maximum: Decimal) -> Fraction | None:
    text = re.sub(r"\s*([.,])\s*", r"\1", texte.strip())
    if maximum >= 1000 and re.fullmatch(r"\d{1,3}[.,]\d{3}", text):
        return None  # a thousand and something, or one and a fraction?
    if re.fullmatch(r"-?\d{1,3}([ '’]\d{3})+([.,]\d{1,6})?", text):
        text = re.sub(r"[ '’]", "", text)
    if not re.fullmatch(r"[+-]?\d{1,6}([.,]\d{1,6})?", text):
        return None
    return Fraction(Decimal(text.replace(",", ".")))


def _explain(texte: str, echelle: Echelle) -> Lu:
    """Why nobody can tell; or the level, where it is the same one written twice."""
    shown, said = excerpt(texte), fold(texte)
    if said in _ABSENT:
        return Lu(faute=Code.NOTE_ABSENT, valeur=shown, muet=True)
    nothing = said in _RIEN or set(said) <= _SIGNES_DE_RIEN
    several = [] if nothing or said in _NON_APPLICABLE else _several(texte, echelle)
    if len(several) == 1:
        return Lu(niveau=several[0], normalise=True)
    if several:
        words = enumeration(guillemets(echelle.niveau(code).libelle) for code in several)
        return Lu(faute=Code.NOTE_PLUSIEURS, valeur=shown, sens=words)
    senses = [n.libelle for n in echelle.niveaux if _could_be(said, n, nothing)]
    if len(senses) > 1:
        words = enumeration((guillemets(word) for word in senses), "ou")
        return Lu(faute=Code.NOTE_AMBIGUE, valeur=shown, sens=words, muet=nothing)
    return Lu(faute=Code.NOTE_INCONNUE, valeur=shown, muet=nothing)


def _could_be(said: str, niveau: NiveauEchelle, nothing: bool) -> bool:
    if said in _NON_APPLICABLE:
        return niveau.compte == "exclu" or _bare(niveau.code) == "na"
    if nothing:
        return niveau.compte != "normal"
    return bool(_bare(said)) and _bare(niveau.libelle).startswith(_bare(said))


def _several(texte: str, echelle: Echelle) -> list[str]:
    """The levels named one beside the other in a cell made for one, each once."""
    parts = re.split(r"[/|;,+&\n]|->|→|\b(?:et|ou|puis)\b", texte)
    found = [_level(part, echelle) for part in parts if clean(part)]
    named = [code for code in found if code is not None]
    return list(dict.fromkeys(named)) if len(found) > 1 and len(named) == len(found) else []


def excerpt(texte: str) -> str:
    """A text short enough for a sentence, on one line."""
    line = re.sub(r"\s+", " ", texte)
    return line if len(line) <= 80 else f"{line[:79].rstrip()}…"
