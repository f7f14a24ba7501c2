"""The rules that certificateurs do publish, each on its edges (metier.md, R1 to R12).

tests/donnees/reglements/rNN.yaml writes each one down, with its source. A case says what was rated
(a bloc, an épreuve, a critère or « reste », all that is left), then what must come out of it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from batch.anomalies import Code, Lieu
from batch.jury import calcul, composition
from batch.records import Acquis, Appreciation, Candidat, MembreJury
from batch.referentiel import lecture as lecture_referentiel
from batch.referentiel.modele import Critere, Referentiel
from batch.reglement import lecture as lecture_reglement
from batch.reglement.modele import Reglement
from batch.vocabulaire import Presence, Voie

DONNEES = Path(__file__).parent / "donnees"
REGLEMENTS = sorted((DONNEES / "reglements").glob("r*.yaml"))
JURY = date(2024, 6, 15)
LIEU = Lieu("essai")

CANDIDAT = Candidat(
    "C1", "DURAND", None, ("Léa",), None, date(1996, 3, 14), "Lyon", "France", None, None,
    Voie.VAE, blocs_vises=(), options=(), groupe=None, amenagement=False,
    presence=Presence.PRESENT, lieu=LIEU,
)  # fmt: skip


def referentiel_of(path: Path) -> Referentiel:
    """The référentiel that a règlement is written for: one of ours, or one made up for this."""
    words = path.read_text(encoding="utf-8").split("\nreferentiel: ")[1].split()
    made_up = DONNEES / "referentiels" / f"{words[0]}.yaml"
    if not made_up.is_file():
        return lecture_referentiel.load(words[0])
    referentiel, anomalies = lecture_referentiel.read(made_up)
    assert anomalies == []
    assert referentiel is not None
    return referentiel


@cache
def load(nom: str) -> tuple[Referentiel, Reglement]:
    path = DONNEES / "reglements" / f"{nom}.yaml"
    referentiel = referentiel_of(path)
    reglement, _ = lecture_reglement.read(path, referentiel)
    assert reglement is not None
    return referentiel, reglement


@pytest.mark.parametrize("path", REGLEMENTS, ids=lambda path: path.stem)
def test_each_published_rule_passes_the_lint(path: Path) -> None:
    reglement, anomalies = lecture_reglement.read(path, referentiel_of(path))
    assert anomalies == []
    assert reglement is not None
    assert reglement.exemple


# --- from a case to its outcomes

# What is said of one line: a level or a mark, one for each evaluator, or None for nothing at all.
Dit = str | tuple[str | None, ...] | None


def said(referentiel: Referentiel, critere: Critere, ligne: str, notes: Mapping[str, Dit]) -> Dit:
    """The nearest to the line that the case names."""
    for name in (ligne, critere.id, critere.epreuve, referentiel.bloc_of(critere), "reste"):
        if name in notes:
            return notes[name]
    return None


def ratings(nom: str, notes: Mapping[str, Dit]) -> list[Appreciation]:
    referentiel, reglement = load(nom)
    roles = list(reglement.evaluateurs.roles)
    made = []
    for partie in referentiel.parties:
        for critere in partie.criteres:
            lines = [critere.id]
            if reglement.saisie == "indicateur":
                lines = [critere.indicateur(n + 1) for n in range(len(critere.indicateurs))]
            for ligne in lines:
                dit = said(referentiel, critere, ligne, notes)
                for rank, one in enumerate(dit if isinstance(dit, tuple) else (dit,)):
                    if one is not None:
                        role = roles[rank] if rank < len(roles) else None
                        made.append(rating(partie.id, ligne, f"E{rank + 1}", one, role))
    return made


def rating(
    partie: str, ligne: str, evaluateur: str, dit: str, role: str | None = None
) -> Appreciation:
    note = Fraction(dit) if dit[0].isdigit() else None
    niveau = None if note is not None else dit
    return Appreciation("C1", evaluateur, partie, ligne, niveau, note, None, LIEU, role)


def outcomes(
    nom: str,
    notes: Mapping[str, Dit],
    jury: Mapping[str, str] | None = None,
    acquis: Mapping[str, date] | None = None,
    absences: tuple[str, ...] = (),
    competences: Mapping[str, date] | None = None,
    notes_acquises: Mapping[str, Fraction] | None = None,
    **candidat: Any,
) -> dict[str, str | None]:
    """Every outcome by its code. `jury`: what it settled; `acquis`: the blocs held, since when."""
    referentiel, reglement = load(nom)
    settled = [
        replace(rating("", ligne, "jury", dit), arbitrage=True)
        for ligne, dit in (jury or {}).items()
    ]
    resultat = calcul.propose(
        referentiel,
        reglement,
        replace(CANDIDAT, **candidat),
        [*ratings(nom, notes), *settled],
        absences,
        [
            *(
                Acquis("C1", bloc, day, False, "…", LIEU, note=(notes_acquises or {}).get(bloc))
                for bloc, day in (acquis or {}).items()
            ),
            *(
                Acquis("C1", referentiel.competence[c].bloc or "", day, False, "…", LIEU, c)
                for c, day in (competences or {}).items()
            ),
        ],
        JURY,
    )
    every_level = (
        resultat.criteres, resultat.competences, resultat.epreuves, resultat.activites,
        resultat.blocs,
    )  # fmt: skip
    words = {code: state.value for level in every_level for code, state in level.items()}
    return words | {"certification": resultat.certification.value, "mention": resultat.mention}


def case(
    sentence: str, notes: Mapping[str, Dit], expected: Mapping[str, Any], **besides: Any
) -> Any:
    return pytest.param(notes, besides, expected, id=sentence)


def check(
    nom: str, notes: Mapping[str, Dit], besides: Mapping[str, Any], expected: Mapping[str, Any]
) -> None:
    found = outcomes(nom, notes, **besides)
    assert {code: found[code] for code in expected} == expected


def these(dit: str, *lignes: str) -> dict[str, Dit]:
    return dict.fromkeys(lignes, dit)


# --- R1: 70 % des objectifs sur chacun des blocs

# BC1 has twelve critères, E11 rating the option C8: eleven without it. BC2 has thirteen.
E1_E2_E3 = ("E1", "E2", "E3")


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        # BC1: 11 − 1 sans objet = 10; 7 / 10 = 70 %.
        case(
            "exactly 70 % of a bloc",
            {"reste": "A", "E4": "SO", **these("NA", *E1_E2_E3)},
            {"BC1": "valide", "certification": "delivree"},
        ),
        # BC1: 6 / 10 = 60 %.
        case(
            "one objective short",
            {"reste": "A", "E4": "SO", **these("NA", *E1_E2_E3, "E5")},
            {"BC1": "non_valide", "certification": "partielle"},
        ),
        # BC2: 9 / 13 = 69,23 %; BC1 and BC3: 100 %.
        case(
            "69,23 % of one bloc, and the others do not make up for it",
            {"reste": "A", **these("NA", "E13", "E14", "E15", "E16")},
            {"BC1": "valide", "BC2": "non_valide", "BC3": "valide", "certification": "partielle"},
        ),
        # BC2: 10 / 13 = 76,92 %.
        case(
            "76,92 % of one bloc",
            {"reste": "A", **these("NA", "E13", "E14", "E15")},
            {"BC2": "valide", "certification": "delivree"},
        ),
        # BC1 with the option: 7 / 11 = 63,64 %; without it: 7 / 10.
        case(
            "a failed option does not count",
            {"reste": "A", "E4": "SO", **these("NA", *E1_E2_E3, "E11")},
            {"E11": "non_satisfait", "BC1": "valide", "certification": "delivree"},
            options=("C8",),
        ),
        # BC1: 11 − 2 = 9; 6 / 9 = 66,67 %; with the option, 7 / 10.
        case(
            "a passed option does count",
            {"reste": "A", **these("SO", "E4", "E5"), **these("NA", *E1_E2_E3)},
            {"E11": "satisfait", "BC1": "valide", "certification": "delivree"},
            options=("C8",),
        ),
        case(
            "the same without the option",
            {"reste": "A", **these("SO", "E4", "E5"), **these("NA", *E1_E2_E3)},
            {"E11": "sans_objet", "BC1": "non_valide", "certification": "partielle"},
        ),
        case(
            "a bloc of which nothing applied goes to the jury",
            {"reste": "A", "BC1": "SO"},
            {"BC1": "a_arbitrer", "certification": "en_attente"},
        ),
        case(
            "an objective not evaluated leaves its bloc incomplete, whatever the share",
            {"reste": "A", "E1": "NE"},
            {"E1": "non_evalue", "BC1": "incomplet", "certification": "en_attente"},
        ),
        case(
            "an objective that nobody rated does too",
            {"reste": "A", "E30": None},
            {"E30": "non_evalue", "BC3": "incomplet", "certification": "en_attente"},
        ),
    ],
)  # fmt: skip
def test_r1_seventy_per_cent_of_each_bloc(notes: Any, besides: Any, expected: Any) -> None:
    check("r01", notes, besides, expected)


# --- R2: formateurs 30 %, tuteur 20 %, jury 50 %; chaque domaine à 10, la note finale à 12


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        # N1: 0,3 × 8 + 0,2 × 8 + 0,5 × 12 = 2,4 + 1,6 + 6 = 10; final: (10 + 13 + 13) / 3 = 12.
        case(
            "a domaine exactly at 10, the final mark exactly at 12",
            {"N1": ("8", "8", "12"), "reste": ("13", "13", "13")},
            {"D1": "valide", "certification": "delivree"},
        ),
        # N1: 0,3 × 8 + 0,2 × 8 + 0,5 × 11,98 = 9,99; final: (9,99 + 16 + 16) / 3 = 13,99….
        case(
            "a domaine a hundredth under 10, whatever the final mark",
            {"N1": ("8", "8", "11.98"), "reste": ("16", "16", "16")},
            {"D1": "non_valide", "D2": "valide", "certification": "partielle"},
        ),
        # Final: (10 + 13 + 12,97) / 3 = 11,99.
        case(
            "every domaine passed, the final mark a hundredth under 12",
            {"N1": ("10", "10", "10"), "N2": ("13", "13", "13"), "N3": ("12.97", "12.97", "12.97")},
            {"D1": "valide", "D2": "valide", "D3": "valide", "certification": "partielle"},
        ),
        # N1: 0,3 × 20 + 0,2 × 20 + 0,5 × 0 = 10: an unweighted mean would be 13,33.
        case(
            "the jury weighs as much as the two others",
            {"N1": ("20", "20", "0"), "reste": ("13", "13", "13")},
            {"D1": "valide", "certification": "delivree"},
        ),
        # N1: 0,3 × 20 + 0,2 × 0 + 0,5 × 7,98 = 9,99.
        case(
            "the tuteur weighs least",
            {"N1": ("20", "0", "7.98"), "reste": ("13", "13", "13")},
            {"D1": "non_valide", "certification": "partielle"},
        ),
        case(
            "a domaine that all three say without object goes to the jury",
            {"N1": ("SO", "SO", "SO"), "reste": ("13", "13", "13")},
            {"D1": "a_arbitrer", "certification": "en_attente"},
        ),
        case(
            "two of three have rated a domaine",
            {"N1": ("20", None, "20"), "reste": ("20", "20", "20")},
            {"N1": "non_evalue", "D1": "incomplet", "certification": "en_attente"},
        ),
        # Held: 10; final: (10 + 13 + 13) / 3 = 12.
        case(
            "a domaine kept from before brings its mark to the final mean",
            {"reste": ("13", "13", "13")},
            {"D1": "acquis_anterieur", "certification": "delivree"},
            acquis={"D1": date(2023, 6, 15)},
            notes_acquises={"D1": Fraction(10)},
        ),
        # (9,99 + 13 + 13) / 3 = 11,99….
        case(
            "and may bring it down",
            {"reste": ("13", "13", "13")},
            {"D1": "acquis_anterieur", "certification": "partielle"},
            acquis={"D1": date(2023, 6, 15)},
            notes_acquises={"D1": Fraction("9.99")},
        ),
        case(
            "one says without object what the others rate",
            {"N1": ("20", "SO", "20"), "reste": ("20", "20", "20")},
            {"N1": "divergent", "D1": "a_arbitrer", "certification": "en_attente"},
        ),
    ],
)  # fmt: skip
def test_r2_marks_weighed_by_evaluator(notes: Any, besides: Any, expected: Any) -> None:
    check("r02", notes, besides, expected)


# --- R3: théorie à 12, pratique à 14, soit 26 sur 40


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        # 12 + (13 + 15) / 2 = 12 + 14 = 26.
        case(
            "both parts exactly at their marks",
            {"T": "12", "UC1": "13", "UC2": "15"},
            {"EP-T": "valide", "EP-P": "valide", "certification": "delivree"},
        ),
        # 11,99 + 20 = 31,99.
        case(
            "the theory a hundredth short, whatever the total",
            {"T": "11.99", "EP-P": "20"},
            {"EP-T": "non_valide", "EP-P": "non_presente", "certification": "non_delivree"},
        ),
        # (13 + 14,98) / 2 = 13,99; 20 + 13,99 = 33,99.
        case(
            "the practice a hundredth short, whatever the total",
            {"T": "20", "UC1": "13", "UC2": "14.98"},
            {"EP-T": "valide", "EP-P": "non_valide", "certification": "non_delivree"},
        ),
        # (8 + 20) / 2 = 14.
        case(
            "the theory failed: the practice never opens, and nothing is awaited",
            {"T": "11.99"},
            {"EP-T": "non_valide", "EP-P": "non_presente", "UC1": "non_evalue",
             "certification": "non_delivree"},
        ),
        case(
            "the theory not rated yet: nobody can tell whether the practice opens",
            {"EP-P": "20"},
            {"EP-T": "incomplet", "EP-P": "valide", "certification": "en_attente"},
        ),
        case(
            "one unit makes up for the other",
            {"T": "12", "UC1": "8", "UC2": "20"},
            {"UC1": "non_satisfait", "EP-P": "valide", "certification": "delivree"},
        ),
        case(
            "the practice is not rated yet",
            {"T": "12"},
            {"EP-T": "valide", "EP-P": "incomplet", "certification": "en_attente"},
        ),
        case(
            "one unit of the practice is not rated",
            {"T": "12", "UC1": "20"},
            {"UC2": "non_evalue", "EP-P": "incomplet", "certification": "en_attente"},
        ),
        # 20 + nothing: 20 points out of what was rated are not the 26 asked for.
        case(
            "the practice is without object: 26 points cannot be had from the theory alone",
            {"T": "20", "EP-P": "SO"},
            {"EP-P": "sans_objet", "certification": "non_delivree"},
        ),
        case(
            "nothing applied",
            {"reste": "SO"},
            {"EP-T": "sans_objet", "EP-P": "sans_objet", "certification": "en_attente"},
        ),
    ],
)  # fmt: skip
def test_r3_theory_practice_and_their_total(notes: Any, besides: Any, expected: Any) -> None:
    check("r03", notes, besides, expected)


# --- R4: deux avis par compétence, et le jury où ils divergent


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        case(
            "two positive opinions of everything",
            {"reste": ("A", "A")},
            {"C1": "acquise", "UC1": "valide", "certification": "delivree"},
        ),
        case(
            "two negative opinions of one competence",
            {"reste": ("A", "A"), "K1": ("NA", "NA")},
            {"C1": "non_acquise", "UC1": "non_valide", "certification": "partielle"},
        ),
        case(
            "the opinions diverge: the competence is the jury's",
            {"reste": ("A", "A"), "K1": ("A", "NA")},
            {
                "K1": "divergent",
                "C1": "a_arbitrer",
                "UC1": "a_arbitrer",
                "UC2": "valide",
                "certification": "en_attente",
            },
        ),
        case(
            "whichever of the two is positive",
            {"reste": ("A", "A"), "K1": ("NA", "A")},
            {"C1": "a_arbitrer", "certification": "en_attente"},
        ),
        case(
            "the jury settles it in his favour",
            {"reste": ("A", "A"), "K1": ("A", "NA")},
            {"C1": "acquise", "UC1": "valide", "certification": "delivree"},
            jury={"K1": "A"},
        ),
        case(
            "the jury settles it against him",
            {"reste": ("A", "A"), "K1": ("A", "NA")},
            {"C1": "non_acquise", "UC1": "non_valide", "certification": "partielle"},
            jury={"K1": "NA"},
        ),
        case(
            "one divergence does not hide what is not acquired beside it",
            {"reste": ("A", "A"), "K1": ("A", "NA"), "K2": ("NA", "NA")},
            {"C1": "a_arbitrer", "C2": "non_acquise", "UC1": "a_arbitrer"},
        ),
        case(
            "the second opinion is missing",
            {"reste": ("A", "A"), "K1": ("A", None)},
            {"C1": "non_evaluee", "UC1": "incomplet", "certification": "en_attente"},
        ),
        case(
            "one of the two could not observe it",
            {"reste": ("A", "A"), "K1": ("A", "NE")},
            {"C1": "non_evaluee", "UC1": "incomplet", "certification": "en_attente"},
        ),
        case(
            "both find a competence without object: the unit stands on the other",
            {"reste": ("A", "A"), "K1": ("SO", "SO")},
            {"C1": "sans_objet", "UC1": "valide", "certification": "delivree"},
        ),
        case(
            "one finds without object what the other rates",
            {"reste": ("A", "A"), "K1": ("SO", "A")},
            {"C1": "a_arbitrer", "UC1": "a_arbitrer", "certification": "en_attente"},
        ),
        case(
            "a unit that both find without object goes to the jury",
            {"reste": ("A", "A"), "UC2": ("SO", "SO")},
            {"C3": "sans_objet", "UC2": "a_arbitrer", "certification": "en_attente"},
        ),
        # 15 June 2019 + 5 years = 15 June 2024, the day of the jury.
        case(
            "a unit acquired five years ago to the day",
            {"UC1": ("A", "A")},
            {"UC2": "acquis_anterieur", "certification": "delivree"},
            acquis={"UC2": date(2019, 6, 15)},
        ),
    ],
)  # fmt: skip
def test_r4_two_opinions_and_the_jury(notes: Any, besides: Any, expected: Any) -> None:
    check("r04", notes, besides, expected)


# --- R5: toutes les compétences, et le bénéfice des blocs gardé cinq ans


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        case(
            "every competence acquired",
            {"reste": "A"},
            {"BC1": "valide", "BC2": "valide", "BC3": "valide", "certification": "delivree"},
        ),
        # C16 has its critères among BC2's thirteen: 12 / 13, and yet.
        case(
            "one competence short",
            {"reste": "A", "E25": "NA"},
            {"C16": "non_acquise", "BC2": "non_valide", "certification": "partielle"},
        ),
        # 15 June 2019 + 5 years = 15 June 2024: its last day.
        case(
            "a bloc acquired five years ago to the day still counts",
            {"BC1": "A", "BC2": "A"},
            {"BC3": "acquis_anterieur", "certification": "delivree"},
            acquis={"BC3": date(2019, 6, 15)},
        ),
        # 14 June 2019 + 5 years = 14 June 2024: the day before.
        case(
            "a day more and it must be rated again",
            {"BC1": "A", "BC2": "A"},
            {"BC3": "incomplet", "certification": "en_attente"},
            acquis={"BC3": date(2019, 6, 14)},
        ),
        case(
            "once expired, it is rated as if it had never been acquired",
            {"reste": "A", "BC3": "NA"},
            {"BC3": "non_valide", "certification": "partielle"},
            acquis={"BC3": date(2019, 6, 14)},
        ),
        case(
            "a bloc acquired on the day of the jury counts",
            {"BC1": "A", "BC2": "A"},
            {"BC3": "acquis_anterieur", "certification": "delivree"},
            acquis={"BC3": JURY},
        ),
        case(
            "one that is to be acquired tomorrow does not",
            {"BC1": "A", "BC2": "A"},
            {"BC3": "incomplet", "certification": "en_attente"},
            acquis={"BC3": date(2024, 6, 16)},
        ),
        case(
            "rated again and failed, it stays acquired",
            {"reste": "A", "BC3": "NA"},
            {"BC3": "acquis_anterieur", "certification": "delivree"},
            acquis={"BC3": date(2023, 6, 15)},
        ),
        case(
            "a bloc kept, the two others failed",
            {"BC1": "NA", "BC2": "NA"},
            {"BC1": "non_valide", "BC3": "acquis_anterieur", "certification": "partielle"},
            acquis={"BC3": date(2023, 6, 15)},
        ),
        # E25 rates C16 alone. 15 June 2022 + 24 months = 15 June 2024, the day of the jury.
        case(
            "a compétence kept for twenty-four months to the day is not rated again",
            {"reste": "A", "E25": None},
            {"C16": "acquise", "E25": "sans_objet", "BC2": "valide", "certification": "delivree"},
            competences={"C16": date(2022, 6, 15)},
        ),
        case(
            "a day more and it is",
            {"reste": "A", "E25": None},
            {"C16": "non_evaluee", "BC2": "incomplet", "certification": "en_attente"},
            competences={"C16": date(2022, 6, 14)},
        ),
        case(
            "rated again and failed, it stays acquired",
            {"reste": "A", "E25": "NA"},
            {"C16": "acquise", "BC2": "valide"},
            competences={"C16": date(2023, 6, 15)},
        ),
        # E3 alone rates C2: nothing of it applied, and the bloc stands on the others.
        case(
            "a competence without object is not asked for",
            {"reste": "A", "E3": "SO"},
            {"C2": "sans_objet", "BC1": "valide", "certification": "delivree"},
        ),
    ],
)  # fmt: skip
def test_r5_every_competence_and_how_long_a_bloc_is_kept(
    notes: Any, besides: Any, expected: Any
) -> None:
    check("r05", notes, besides, expected)


# --- R6: blocs non compensables, et quatre-vingt-dix jours d'activité

# BC1 is made of five épreuves.
ENOUGH = {"prerequis": 90}


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        case(
            "every bloc exactly at 10, and 90 days",
            {"reste": "10"},
            {"BC1": "valide", "certification": "delivree"},
            **ENOUGH,
        ),
        # BC1: (9,95 + 4 × 10) / 5 = 9,99; BC2 and BC3: 20.
        case(
            "one bloc a hundredth under 10, the others at 20: blocs do not make up for one another",
            {"reste": "20", "BC1": "10", "EP-C1.4": "9.95"},
            {"BC1": "non_valide", "BC2": "valide", "BC3": "valide", "certification": "partielle"},
            **ENOUGH,
        ),
        # BC1: (0 + 4 × 12,5) / 5 = 10.
        case(
            "within a bloc, epreuves do",
            {"reste": "10", "BC1": "12.5", "EP-C1.4": "0"},
            {"EP-C1.4": "non_valide", "BC1": "valide", "certification": "delivree"},
            **ENOUGH,
        ),
        case(
            "89 days: the blocs are his, the certification is not",
            {"reste": "20"},
            {"BC1": "valide", "BC2": "valide", "BC3": "valide", "certification": "partielle"},
            prerequis=89,
        ),
        case(
            "nobody has said how many days",
            {"reste": "20"},
            {"BC1": "valide", "certification": "en_attente"},
        ),
        case(
            "nobody has said, but a bloc is missing: the days would change nothing",
            {"reste": "20", "BC1": "9.99"},
            {"BC1": "non_valide", "certification": "partielle"},
        ),
        case(
            "90 days and no bloc",
            {"reste": "9.99"},
            {"BC1": "non_valide", "certification": "non_delivree"},
            **ENOUGH,
        ),
        case(
            "one epreuve without a mark",
            {"reste": "20", "EP-C1.4": None},
            {"EP-C1.4": "incomplet", "BC1": "incomplet", "certification": "en_attente"},
            **ENOUGH,
        ),
        case(
            "he did not come to one epreuve of five",
            {"reste": "20", "EP-C1.4": None},
            {"EP-C1.4": "non_presente", "BC1": "incomplet", "certification": "en_attente"},
            absences=("EP-C1.4",),
            **ENOUGH,
        ),
        # BC1: (4 × 10) / 4.
        case(
            "an epreuve without object leaves the mean",
            {"reste": "10", "EP-C1.4": "SO"},
            {"EP-C1.4": "sans_objet", "BC1": "valide", "certification": "delivree"},
            **ENOUGH,
        ),
        case(
            "a bloc of which nothing applied goes to the jury",
            {"reste": "10", "BC3": "SO"},
            {"BC3": "a_arbitrer", "certification": "en_attente"},
            **ENOUGH,
        ),
    ],
)  # fmt: skip
def test_r6_blocs_that_do_not_compensate_and_days_of_practice(
    notes: Any, besides: Any, expected: Any
) -> None:
    check("r06", notes, besides, expected)


# --- R7: dossier à 10 pour 30 %, moyenne à 10, aucun module sous 7


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        # 0,3 × 10 + 0,7 × 10 = 10.
        case(
            "everything exactly at 10",
            {"reste": "10"},
            {"BC1": "valide", "BC2": "valide", "certification": "delivree"},
        ),
        # BC1: 0,3 × 10 + 0,7 × 9,99 = 9,993.
        case(
            "the modules at 9,99: the mean is under 10",
            {"reste": "10", **these("9.99", "M1", "M2", "M3")},
            {"BC1": "non_valide", "certification": "partielle"},
        ),
        # BC1: 0,3 × 9,99 + 0,7 × 20 = 16,997.
        case(
            "the dossier a hundredth under 10, whatever the mean",
            {"reste": "20", "D1": "9.99"},
            {"BC1": "non_valide", "BC2": "valide", "certification": "partielle"},
        ),
        # BC1: 0,3 × 10 + 0,7 × (7 + 13 + 10) / 3 = 10.
        case(
            "a module exactly at 7",
            {"reste": "10", "M1": "7", "M2": "13"},
            {"M1": "non_valide", "BC1": "valide", "certification": "delivree"},
        ),
        # BC1: 0,3 × 20 + 0,7 × (6,99 + 20 + 20) / 3 = 16,96….
        case(
            "a module a hundredth under 7 eliminates",
            {"reste": "20", "M1": "6.99"},
            {"BC1": "non_valide", "BC2": "valide", "certification": "partielle"},
        ),
        # BC1: 0,3 × 17 + 0,7 × 7 = 10, of three modules; BC2: the same of two.
        case(
            "the dossier weighs 30 %, whether there are three modules or two",
            {"reste": "7", **these("17", "D1", "D2")},
            {"BC1": "valide", "BC2": "valide", "certification": "delivree"},
        ),
        # 0,3 × 16,99 + 0,7 × 7 = 9,997.
        case(
            "and no more than 30 %",
            {"reste": "7", **these("16.99", "D1", "D2")},
            {"BC1": "non_valide", "BC2": "non_valide", "certification": "non_delivree"},
        ),
        # 0,3 × 17 + 0,7 × 7 = 10, of two modules where there are three.
        case(
            "and still 30 % when a module is without object",
            {"reste": "10", "D1": "17", "M1": "SO", **these("7", "M2", "M3")},
            {"M1": "sans_objet", "BC1": "valide", "certification": "delivree"},
        ),
        # 0,3 × 16,99 + 0,7 × 7 = 9,997; weighed as a third of the modules it would be 10,33.
        case(
            "and no more than that",
            {"reste": "10", "D1": "16.99", "M1": "SO", **these("7", "M2", "M3")},
            {"BC1": "non_valide", "certification": "partielle"},
        ),
        # Nothing but the dossier: it is the mean.
        case(
            "a dossier left alone is the whole mean",
            {"reste": "10", "D1": "10", **these("SO", "M1", "M2", "M3")},
            {"BC1": "valide", "certification": "delivree"},
        ),
        case(
            "a dossier not evaluated leaves its bloc incomplete",
            {"reste": "20", "D1": "NE"},
            {"D1": "incomplet", "BC1": "incomplet", "certification": "en_attente"},
        ),
        case(
            "a bloc of which nothing applied goes to the jury",
            {"reste": "10", "BC2": "SO"},
            {"D2": "sans_objet", "BC2": "a_arbitrer", "certification": "en_attente"},
        ),
    ],
)  # fmt: skip
def test_r7_a_dossier_its_share_and_its_floor(notes: Any, besides: Any, expected: Any) -> None:
    check("r07", notes, besides, expected)


# --- R8: sur cent, acquis à 50 après arrondi par le haut


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        case(
            "every module exactly at 50",
            {"reste": "50"},
            {"ML": "valide", "UE1": "valide", "certification": "delivree"},
        ),
        # (40 + 50,02) / 2 = 45,01, rounded up to the next multiple of five, 50.
        case(
            "a hundredth over 45 is rounded up to 50",
            {"reste": "50", "ML-1": "40", "ML-2": "50.02"},
            {"ML": "valide", "UE1": "valide", "certification": "delivree"},
        ),
        # (40 + 50) / 2 = 45.
        case(
            "45 is a multiple of five already, and short",
            {"reste": "50", "ML-1": "40", "ML-2": "50"},
            {"ML": "non_valide", "UE1": "non_valide", "certification": "partielle"},
        ),
        case(
            "one module short, whatever the other",
            {"reste": "100", "SQL": "45"},
            {"SQL": "non_valide", "UE1": "non_valide", "certification": "partielle"},
        ),
        case(
            "an examination without a mark",
            {"reste": "100", "ML-2": None},
            {"ML": "incomplet", "UE1": "incomplet", "certification": "en_attente"},
        ),
        # 50 alone.
        case(
            "an examination without object leaves the mean",
            {"reste": "50", "ML-2": "SO"},
            {"ML": "valide", "certification": "delivree"},
        ),
        case(
            "a unit of which nothing applied goes to the jury",
            {"reste": "50", "UE2": "SO"},
            {"STAGE": "sans_objet", "UE2": "a_arbitrer", "certification": "en_attente"},
        ),
    ],
)  # fmt: skip
def test_r8_modules_out_of_a_hundred_rounded_up(notes: Any, besides: Any, expected: Any) -> None:
    check("r08", notes, besides, expected)


# --- R9: moyenne à 12 et chaque note à 10, sur les dix-sept épreuves d'ASCENCIA


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        case("a mean exactly at 12", {"reste": "12"}, {"certification": "delivree"}),
        # (15 × 12 + 10 + 14) / 17 = 204 / 17 = 12.
        case(
            "a mark exactly at 10, made up for by another",
            {"reste": "12", "EP-A1": "10", "EP-A2": "14"},
            {"EP-A1": "valide", "certification": "delivree"},
        ),
        # (15 × 12 + 9,99 + 14,01) / 17 = 12.
        case(
            "a mark a hundredth under 10, whatever the mean",
            {"reste": "12", "EP-A1": "9.99", "EP-A2": "14.01"},
            {"EP-A1": "non_valide", "certification": "non_delivree"},
        ),
        # (16 × 12 + 11,83) / 17 = 203,83 / 17 = 11,99.
        case(
            "a mean a hundredth under 12",
            {"reste": "12", "EP-A1": "11.83"},
            {"EP-A1": "valide", "certification": "non_delivree"},
        ),
        # (16 × 12 + 11,99) / 17 = 11,9994…, which prints as 12,00 and is not 12.
        case(
            "a mean that would round to 12",
            {"reste": "12", "EP-A1": "11.99"},
            {"certification": "non_delivree"},
        ),
        case(
            "an epreuve without a mark",
            {"reste": "20", "EP-A1": None},
            {"EP-A1": "incomplet", "certification": "en_attente"},
        ),
        case(
            "an epreuve to which he did not come",
            {"reste": "20", "EP-A1": None},
            {"EP-A1": "non_presente", "certification": "en_attente"},
            absences=("EP-A1",),
        ),
        # 16 × 12 / 16.
        case(
            "an epreuve without object leaves the mean",
            {"reste": "12", "EP-A1": "SO"},
            {"EP-A1": "sans_objet", "certification": "delivree"},
        ),
        case("nothing applied", {"reste": "SO"}, {"certification": "en_attente"}),
    ],
)  # fmt: skip
def test_r9_a_mean_and_a_floor_under_each_mark(notes: Any, besides: Any, expected: Any) -> None:
    check("r09", notes, besides, expected)


# --- R10: trois avis, et une mention


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        # 3 / 3 = 1.
        case(
            "three favourable opinions: with mention",
            {"reste": "F"},
            {"BC1": "valide", "certification": "delivree", "mention": "avec mention"},
        ),
        # 2 / 3.
        case(
            "two: favourable, without mention",
            {"reste": "F", "AVIS-CHEF": "D"},
            {"BC1": "valide", "certification": "delivree", "mention": None},
        ),
        case(
            "one: refused",
            {"reste": "D", "AVIS-OF": "F"},
            {"BC1": "non_valide", "certification": "non_delivree", "mention": None},
        ),
        case(
            "none: refused",
            {"reste": "D"},
            {"BC1": "non_valide", "certification": "non_delivree", "mention": None},
        ),
        case(
            "two favourable, the third missing: it could still be with mention",
            {"reste": "F", "AVIS-CHEF": None},
            {"BC1": "incomplet", "certification": "en_attente", "mention": None},
        ),
        case(
            "the third gives no opinion",
            {"reste": "F", "AVIS-CHEF": "NE"},
            {"BC1": "incomplet", "certification": "en_attente", "mention": None},
        ),
    ],
)  # fmt: skip
def test_r10_three_opinions_and_a_mention(notes: Any, besides: Any, expected: Any) -> None:
    check("r10", notes, besides, expected)


# --- R11: des seuils minima par bloc, et une commission de deux


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        # BC1: 11 − 1 = 10; 6 / 10 = 60 %. BC2: 10 / 13 = 76,92 %. BC3: 12 / 24 = 50 %.
        case(
            "each bloc at its own threshold",
            {
                "reste": "A",
                "E5": "SO",
                **these("NA", "E1", "E2", "E3", "E4", "E13", "E14", "E15"),
                **these("NA", *(f"E{n}" for n in range(38, 50))),
            },
            {"BC1": "valide", "BC2": "valide", "BC3": "valide", "certification": "delivree"},
        ),
        # BC1: 5 / 10 = 50 %. BC2: 9 / 13 = 69,23 %. BC3: 11 / 24 = 45,83 %.
        case(
            "each bloc one objective short of it",
            {
                "reste": "A",
                "E5": "SO",
                **these("NA", "E1", "E2", "E3", "E4", "E6", "E13", "E14", "E15", "E16"),
                **these("NA", *(f"E{n}" for n in range(37, 50))),
            },
            {
                "BC1": "non_valide",
                "BC2": "non_valide",
                "BC3": "non_valide",
                "certification": "non_delivree",
            },
        ),
        # BC3: 23 / 24 = 95,83 %, without E26.
        case(
            "the eliminatory objective missed, whatever the share",
            {"reste": "A", "E26": "NA"},
            {"BC3": "non_valide", "certification": "partielle"},
        ),
        case(
            "the eliminatory objective is without object: nobody failed it",
            {"reste": "A", "E26": "SO"},
            {"BC3": "valide", "certification": "delivree"},
        ),
        case(
            "the eliminatory objective is not evaluated",
            {"reste": "A", "E26": "NE"},
            {"BC3": "incomplet", "certification": "en_attente"},
        ),
    ],
)  # fmt: skip
def test_r11_a_threshold_for_each_bloc(notes: Any, besides: Any, expected: Any) -> None:
    check("r11", notes, besides, expected)


PEDAGOGIQUE = MembreJury(
    "AUBERT", "Alix", "Formatrice", "Évaluateur pédagogique", None,
    externe=False, preside=False, present=True, lieu=LIEU,
)  # fmt: skip
EXPERT = replace(PEDAGOGIQUE, nom="ROCHE", qualite="Expert professionnel", externe=True)


@pytest.mark.parametrize(
    ("commission", "expected"),
    [
        pytest.param([PEDAGOGIQUE, EXPERT], [], id="one of each, and nobody presides"),
        pytest.param([PEDAGOGIQUE, EXPERT, EXPERT], [], id="a second expert is welcome"),
        pytest.param(
            [PEDAGOGIQUE, PEDAGOGIQUE], [Code.JURY_COLLEGE], id="two of one kind are no commission"
        ),
        pytest.param(
            [PEDAGOGIQUE, replace(EXPERT, present=False)],
            [Code.JURY_TROP_PETIT, Code.JURY_COLLEGE],
            id="the expert did not come",
        ),
        pytest.param(
            [EXPERT], [Code.JURY_TROP_PETIT, Code.JURY_COLLEGE], id="the expert came alone"
        ),
        pytest.param(
            [],
            [Code.JURY_TROP_PETIT, Code.JURY_COLLEGE, Code.JURY_COLLEGE],
            id="nobody came",
        ),
    ],
)
def test_r11_who_must_sit(commission: list[MembreJury], expected: list[Code]) -> None:
    _, reglement = load("r11")
    anomalies = composition.check(reglement.jury, commission, LIEU)
    assert [anomalie.code for anomalie in anomalies] == expected


# --- R12: validation cumulative, blocs capitalisables

# Half of a critère's indicateurs suffice: 1.1-K1 has four of them, 1.1-K2 five.


@pytest.mark.parametrize(
    ("notes", "besides", "expected"),
    [
        case(
            "all three blocs: the certification",
            {"reste": "A"},
            {"BC1": "valide", "BC2": "valide", "BC3": "valide", "certification": "delivree"},
        ),
        # 1.1-K1: 2 / 4 = 50 %; 1.1-K2: 3 / 5 = 60 %.
        case(
            "half of the indicateurs of a critère",
            {"reste": "A", **these("NA", "1.1-K1.1", "1.1-K1.2", "1.1-K2.1", "1.1-K2.2")},
            {"1.1-K1": "satisfait", "1.1-K2": "satisfait", "certification": "delivree"},
        ),
        # 1.1-K2: 2 / 5 = 40 %.
        case(
            "less than half",
            {"reste": "A", **these("NA", "1.1-K2.1", "1.1-K2.2", "1.1-K2.3")},
            {"1.1-K2": "non_satisfait", "BC1": "non_valide", "certification": "partielle"},
        ),
        # 1.1-K2: 5 − 1 sans objet = 4; 2 / 4 = 50 %.
        case(
            "half of those that applied",
            {"reste": "A", "1.1-K2.5": "SO", **these("NA", "1.1-K2.1", "1.1-K2.2")},
            {"1.1-K2": "satisfait", "certification": "delivree"},
        ),
        case(
            "two blocs of three: a partial validation",
            {"reste": "A", "BC2": "NA"},
            {"BC2": "non_valide", "certification": "partielle"},
        ),
        case(
            "one bloc of three is still one",
            {"reste": "NA", "BC2": "A"},
            {"BC2": "valide", "certification": "partielle"},
        ),
        case("no bloc", {"reste": "NA"}, {"certification": "non_delivree"}),
        case(
            "he aimed at one bloc and has it",
            {"BC2": "A"},
            {
                "BC1": "non_vise",
                "BC2": "valide",
                "BC3": "non_vise",
                "certification": "blocs_vises_valides",
            },
            blocs_vises=("BC2",),
        ),
        case(
            "he aimed at two blocs and has one",
            {"BC1": "NA", "BC2": "A"},
            {"BC1": "non_valide", "BC3": "non_vise", "certification": "partielle"},
            blocs_vises=("BC1", "BC2"),
        ),
        case(
            "he aimed at the bloc that he lacked, and the two others were kept for good",
            {"BC3": "A"},
            {"BC1": "acquis_anterieur", "BC3": "valide", "certification": "delivree"},
            blocs_vises=("BC3",),
            acquis={"BC1": date(1999, 1, 1), "BC2": date(2023, 6, 15)},
        ),
        case(
            "he aimed at one bloc and missed it, but keeps another",
            {"BC3": "NA"},
            {"BC1": "acquis_anterieur", "BC3": "non_valide", "certification": "partielle"},
            blocs_vises=("BC3",),
            acquis={"BC1": date(2023, 6, 15)},
        ),
        case(
            "a bloc of which nothing applied goes to the jury",
            {"reste": "A", "BC1": "SO"},
            {"1.1-K1": "sans_objet", "BC1": "a_arbitrer", "certification": "en_attente"},
        ),
        case(
            "one indicateur that nobody rated",
            {"reste": "A", "1.1-K1.1": None},
            {"1.1-K1": "non_evalue", "BC1": "incomplet", "certification": "en_attente"},
        ),
        case(
            "he did not come to the only epreuve of a bloc",
            {"reste": "A", "EP-2": None},
            {"BC2": "non_presente", "certification": "partielle"},
            absences=("EP-2",),
        ),
        case(
            "he was excused",
            {},
            {"BC1": "non_presente", "certification": "excuse"},
            presence=Presence.EXCUSE,
        ),
    ],
)  # fmt: skip
def test_r12_all_blocs_or_some(notes: Any, besides: Any, expected: Any) -> None:
    check("r12", notes, besides, expected)
