"""French as a person would print it."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from conftest import on_keyboard

from batch import francais


@pytest.mark.parametrize(
    ("jour", "ecrit"),
    [
        (date(2023, 6, 15), "15 juin 2023"),
        (date(2024, 2, 1), "1er février 2024"),
        (date(2025, 8, 31), "31 août 2025"),
    ],
)
def test_a_date_in_letters(jour: date, ecrit: str) -> None:
    assert on_keyboard(francais.date_longue(jour)) == ecrit


@pytest.mark.parametrize(
    ("connue", "courte", "ecrit"),
    [
        (None, False, "le 1er avril 1990"),
        (None, True, "le 01/04/1990"),
        ("Mois", False, "en avril 1990"),
        ("Mois", True, "en avril 1990"),
        ("Année", False, "en 1990"),
        ("Année", True, "en 1990"),
    ],
)
def test_a_birth_says_what_is_known_of_it(connue: str | None, courte: bool, ecrit: str) -> None:
    assert on_keyboard(francais.naissance(date(1990, 4, 1), connue, courte=courte)) == ecrit


@pytest.mark.parametrize(
    ("valeur", "ecrit"),
    [
        (Fraction(7, 9) * 100, "77,78"),
        (Decimal("12.50"), "12,5"),
        (Decimal("9.995"), "10"),
        (1234567, "1 234 567"),
        (Decimal("-0.5"), "\u22120,5"),
        (0, "0"),
    ],
)
def test_a_number_as_french_prints_it(valeur: Fraction | Decimal | int, ecrit: str) -> None:
    assert on_keyboard(francais.nombre(valeur)) == ecrit


@pytest.mark.parametrize(
    ("valeur", "seuil", "ecrit"),
    [
        (Fraction(359, 240), Fraction(3, 2), ("1,496", "1,5")),
        (Fraction(3, 2), Fraction(3, 2), ("1,5", "1,5")),
        (Fraction("9.995"), Fraction(10), ("9,995", "10")),
        (Fraction("9.99999"), Fraction(10), ("9,99999", "10")),
        (Fraction(8), Fraction(10), ("8", "10")),
    ],
)
def test_a_value_never_looks_like_the_threshold_that_it_misses(
    valeur: Fraction, seuil: Fraction, ecrit: tuple[str, str]
) -> None:
    assert francais.distinctement(valeur, seuil) == ecrit


@pytest.mark.parametrize(
    ("suite", "ecrit"),
    [
        ("épreuve", "d’épreuve"),
        ("bloc", "de bloc"),
        ("histoire", "d’histoire"),
        ("handicap", "de handicap"),
        ("huit blocs", "de huit blocs"),
        ("onze blocs", "de onze blocs"),
        ("Œuvre", "d’Œuvre"),
        ("« Étude »", "d’« Étude »"),
    ],
)
def test_elision(suite: str, ecrit: str) -> None:
    assert francais.elide("de", suite) == ecrit


@pytest.mark.parametrize(("combien", "ecrit"), [(0, "0 grille"), (1, "1 grille"), (2, "2 grilles")])
def test_zero_and_one_are_singular(combien: int, ecrit: str) -> None:
    assert on_keyboard(francais.compte(combien, "grille")) == ecrit


@pytest.mark.parametrize(("sexe", "ecrit"), [("F", "admise"), ("M", "admis"), (None, "admis(e)")])
def test_agreement(sexe: str | None, ecrit: str) -> None:
    assert francais.accorde(sexe, "admis", "admise") == ecrit


def test_a_list() -> None:
    assert francais.enumeration(["A"]) == "A"
    assert francais.enumeration(["A", "B", "C"]) == "A, B et C"


def test_keyboard_text_gets_its_typography() -> None:
    assert francais.typographie("L'avis : « bon » ; 70 % !") == (
        "L’avis\u00a0: «\u00a0bon\u00a0»\u202f; 70\u00a0%\u202f!"
    )


def test_a_capital_lowers_nothing() -> None:
    assert francais.majuscule("épreuve BC1, M. LE GALL") == "Épreuve BC1, M. LE GALL"
    assert francais.majuscule("") == ""
