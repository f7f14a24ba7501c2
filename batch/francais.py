"""Values -> French as a person would print it: dates, numbers, agreement, elision, lists.

Typography follows the usage of the Imprimerie nationale: a no-break space before « : », inside
guillemets and before « % », a narrow one before « ; », « ! » and « ? ».
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction

INSECABLE = "\u00a0"
FINE = "\u202f"

JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
_VOYELLES = set("aeiouyœæ")
# An initial h is mute unless the word is here: only those that our documents can print.
_H_ASPIRES = ("huit", "hors", "haut", "handicap", "hongr", "holland", "hauts-de", "havre")


def date_longue(jour: date) -> str:
    """15 June 2023 -> « 15 juin 2023 »; the first of a month is « 1er »."""
    quantieme = "1er" if jour.day == 1 else str(jour.day)
    return f"{quantieme}{INSECABLE}{MOIS[jour.month - 1]}{INSECABLE}{jour.year}"


def date_jour(jour: date) -> str:
    """15 June 2023 -> « jeudi 15 juin 2023 »."""
    return f"{JOURS[jour.weekday()]} {date_longue(jour)}"


def date_courte(jour: date) -> str:
    """15 June 2023 -> « 15/06/2023 »."""
    return f"{jour:%d/%m/%Y}"


def jour_connu(jour: date, connue: str | None, *, courte: bool = False) -> str:
    """A day of birth, as far as the état civil knows it: « 14 mars 1990 » (« 14/03/1990 »),
    « mars 1990 », « 1990 ». `connue`: « Mois », « Année », or None for the whole of it."""
    match connue:
        case "Année":
            return str(jour.year)
        case "Mois":
            return f"{MOIS[jour.month - 1]}{INSECABLE}{jour.year}"
    return date_courte(jour) if courte else date_longue(jour)


def naissance(jour: date, connue: str | None, *, courte: bool = False) -> str:
    """The same after « né »: « le 14 mars 1990 », « en mars 1990 », « en 1990 »."""
    return f"{'en' if connue else 'le'} {jour_connu(jour, connue, courte=courte)}"


def nombre(valeur: "int | Decimal | Fraction", decimales: int = 2) -> str:
    """1234.5 -> « 1 234,5 »: rounded half up for the eye only, no trailing zero."""
    if isinstance(valeur, int):
        return _signed(f"{abs(valeur):,}".replace(",", FINE), negatif=valeur < 0)
    from decimal import ROUND_HALF_UP, Decimal
    from fractions import Fraction

    exact = Fraction(valeur)
    scale = 10**decimales
    rounded = Decimal(exact.numerator * scale) / Decimal(exact.denominator)
    digits = rounded.quantize(Decimal(1), rounding=ROUND_HALF_UP)
    whole, rest = divmod(abs(int(digits)), scale)
    text = f"{whole:,}".replace(",", FINE)
    if rest:
        text += "," + f"{rest:0{decimales}d}".rstrip("0")
    return _signed(text, negatif=digits < 0)


def _signed(chiffres: str, *, negatif: bool) -> str:
    return ("\u2212" if negatif else "") + chiffres


def distinctement(
    valeur: "Fraction", seuil: "Fraction", decimales: int = 2, echelle: int = 1
) -> tuple[str, str]:
    """A value and its threshold with as many decimals as it takes not to look equal when they
    are not: 1.4958 against 1.5 is not « 1,5 contre 1,5 »."""
    while decimales < 12:
        shown = nombre(valeur * echelle, decimales), nombre(seuil * echelle, decimales)
        if valeur == seuil or shown[0] != shown[1]:
            return shown
        decimales += 1
    return str(valeur * echelle), str(seuil * echelle)


def pourcentage(taux: "Fraction", decimales: int = 1) -> str:
    """7/9 -> « 77,8 % »."""
    return f"{nombre(taux * 100, decimales)}{INSECABLE}%"


def compte(combien: int, singulier: str, pluriel: str | None = None) -> str:
    """(2, "grille") -> « 2 grilles »; zero and one take the singular, as French does."""
    mot = singulier if abs(combien) < 2 else pluriel or f"{singulier}s"
    return f"{nombre(combien)}{INSECABLE}{mot}"


def enumeration(mots: Iterable[str], dernier: str = "et") -> str:
    """[A, B, C] -> « A, B et C »."""
    items = list(mots)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {dernier} {items[-1]}"


def elide(mot: str, suite: str) -> str:
    """("de", "épreuve") -> « d'épreuve »; ("de", "bloc") -> « de bloc »."""
    start = sans_accent(suite.lstrip("« \u00a0\u202f")).casefold()
    mute_h = start.startswith("h") and not start.startswith(_H_ASPIRES)
    if (start[:1] in _VOYELLES and not start.startswith(("oui", "onze", "y ", "yaourt"))) or mute_h:
        return f"{mot[:-1]}’{suite}"
    return f"{mot} {suite}"


def de(groupe: str) -> str:
    """« le comité » -> « du comité »; « la CPNEF » -> « de la CPNEF »; « Alix » -> « d’Alix »."""
    for article, contracte in (("le ", "du "), ("les ", "des ")):
        if groupe.casefold().startswith(article):
            return contracte + groupe[len(article) :]
    return elide("de", groupe)


def ordinal(rang: int, feminin: bool = False) -> str:
    """1 -> « 1er » or « 1re »; 2 -> « 2e »."""
    if rang == 1:
        return "1re" if feminin else "1er"
    return f"{rang}e"


def guillemets(texte: str) -> str:
    return f"«{INSECABLE}{texte}{INSECABLE}»"


def accorde(sexe: str | None, masculin: str, feminin: str, neutre: str | None = None) -> str:
    """The form that agrees with « F » or « M »; else the neutral one, or « admis(e) »."""
    if sexe == "F":
        return feminin
    if sexe == "M":
        return masculin
    if neutre is not None:
        return neutre
    if feminin.startswith(masculin):
        return f"{masculin}({feminin[len(masculin) :]})"
    return f"{masculin} / {feminin}"


def civilite(sexe: str | None) -> str:
    return accorde(sexe, "Monsieur", "Madame", "Madame, Monsieur")


def majuscule(texte: str) -> str:
    """The sentence with its capital; `str.capitalize` would lower the rest."""
    return texte[:1].upper() + texte[1:]


def sans_accent(texte: str) -> str:
    decomposed = unicodedata.normalize("NFKD", texte.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@lru_cache(maxsize=4096)  # the same sentences come back in all the letters of a session
def typographie(texte: str) -> str:
    """A sentence typed on a keyboard -> the same with French spacing and apostrophes.

    For our own sentences and the house's; never for a référentiel, which is printed verbatim.
    """
    texte = re.sub(r"(?<=\w)'(?=\w)", "’", texte)
    texte = re.sub(r"«\s*", f"«{INSECABLE}", texte)
    texte = re.sub(r"\s*»", f"{INSECABLE}»", texte)
    texte = re.sub(r"\s+([;!?])", rf"{FINE}\1", texte)
    texte = re.sub(r"\s+:(?=\s|$)", f"{INSECABLE}:", texte)
    return re.sub(r"(?<=\d) (?=[%€])", INSECABLE, texte)


def proche(mot: str, connus: Sequence[str]) -> str | None:
    """The known word that a typing slip most likely meant, if one is near."""
    import difflib  # only needed once something is wrong

    folded = {sans_accent(connu).casefold(): connu for connu in connus}
    near = difflib.get_close_matches(sans_accent(mot).casefold(), folded, n=1, cutoff=0.7)
    return folded[near[0]] if near else None
