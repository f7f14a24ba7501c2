"""Turns of phrase that the documents share: hours, contraction, sentences, names of people."""

from collections.abc import Sequence
from datetime import time
from itertools import zip_longest
from typing import Any

from batch.francais import INSECABLE, enumeration, majuscule, typographie
from batch.records import Candidat, MembreJury
from batch.referentiel.modele import Referentiel

POINTS = "." * 40


def heure(instant: time) -> str:
    """14:30 -> « 14 h 30 »; 14:00 -> « 14 h »."""
    minutes = f"{INSECABLE}{instant.minute:02d}" if instant.minute else ""
    return f"{instant.hour}{INSECABLE}h{minutes}"


def phrase(texte: str) -> str:
    """A text that somebody typed, or a clause of ours -> a sentence: capital and full stop."""
    texte = typographie(texte.strip())
    return majuscule(texte) if texte.endswith((".", "!", "?", "…")) else f"{majuscule(texte)}."


def les_blocs(codes: Sequence[str]) -> str:
    """[BC1] -> « le bloc BC1 »; [BC1, BC2] -> « les blocs BC1 et BC2 »."""
    return f"{'le bloc' if len(codes) == 1 else 'les blocs'} {enumeration(codes)}"


def la_partie(referentiel: Referentiel, identifiant: str | None) -> str:
    """« l’épreuve A2 », « le bloc BC1 »; « toutes les épreuves » where none is named."""
    if identifiant is None:
        return "toutes les épreuves" if referentiel.epreuves else "tous les blocs"
    name = identifiant.removeprefix("EP-")
    return f"l’épreuve {name}" if referentiel.partie[identifiant].est_epreuve else f"le bloc {name}"


def repertoire(personne: Candidat | MembreJury) -> str:
    """As a list prints it: « MARTIN Léa »."""
    return f"{personne.nom.upper()} {personne.prenom}"


def civil(personne: Candidat | MembreJury) -> str:
    """As a letter addresses it: « Léa MARTIN »."""
    return f"{personne.prenom} {personne.nom.upper()}"


def cote_a_cote(
    gauche: Sequence[dict[str, Any]], droite: Sequence[dict[str, Any]], vide: dict[str, Any]
) -> list[dict[str, Any]]:
    """Two lists side by side; `vide` stands where the shorter one has nothing left."""
    both = zip_longest(gauche, droite, fillvalue=vide)
    return [{"gauche": left, "droite": right} for left, right in both]
