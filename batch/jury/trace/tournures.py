"""Turns of phrase of a trace."""

import re
from collections.abc import Sequence

from batch.francais import enumeration, typographie
from batch.jury import enonce
from batch.jury.trace.etape import Etape
from batch.vocabulaire import Niveau


def dire(modele: str, **mots: object) -> str:
    """Our own sentence gets French spacing; the words that it is filled with stay as they are."""
    return typographie(modele).format(**mots)


def motif(said: str) -> str:
    return dire("Motif du jury : « {motif} ».", motif=typographie(said.strip().rstrip(".")))


def les_blocs(codes: Sequence[str]) -> str:
    return f"{'le bloc' if len(codes) == 1 else 'les blocs'} {enumeration(codes)}"


def des_blocs(codes: Sequence[str]) -> str:
    return f"{'du bloc' if len(codes) == 1 else 'des blocs'} {enumeration(codes)}"


def plural(mot: str, combien: int) -> str:
    """(« non acquise », 2) -> « non acquises »; « sans objet » and « à arbitrer » never agree."""
    if combien < 2 or mot.startswith(("sans ", "à ")):
        return mot
    return re.sub(r"(?!non\b)\b\w+", r"\g<0>s", mot)


def the(etapes: Sequence[Etape]) -> str:
    """« la compétence C20 », « les critères E32 et E33 »."""
    niveau, names = etapes[0].niveau, [etape.nom for etape in etapes]
    if niveau is Niveau.CERTIFICATION:
        return enonce.some(names)
    if len(names) > 1:
        return f"les {niveau.pluriel} {enonce.some(names)}"
    return enonce.the(niveau, names[0])
