"""A référentiel as an Excel table: the sheet that is drawn, the sentences, and every way back."""

import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from click.testing import CliRunner, Result
from conftest import edit, flat, sentences
from hypothesis import given, settings
from hypothesis import strategies as st
from test_libreoffice import SOFFICE, needs_libreoffice

from batch import lecture_yaml
from batch.anomalies import Anomalie, Code
from batch.classeurs import cellules, tables
from batch.classeurs import referentiel as classeur
from batch.cli import commandes
from batch.referentiel import comparaison, ecriture, lecture
from batch.referentiel import texte as textes
from batch.referentiel.modele import (
    Activite,
    Bloc,
    Competence,
    Critere,
    Enregistrement,
    Epreuve,
    Referentiel,
)

SHIPPED = lecture.known()

# What a certificateur types, sheet by sheet, from row 2 on.
DRAWN = {
    "Certification": """
        | cqp-essai | CQP d'essai | CPNEF d'essai | 6 | RNCP1 | 04/01/2019 | 04/01/2024 |
        """,
    "Règles citées": """
        | Si tous les blocs sont obtenus, le CQP est obtenu. |
        """,
    "Blocs": """
        | BC1 | Conseiller le client  |
        | BC2 | Suivre la fabrication |
        """,
    "Activités": """
        | A1 | 1.1 | Analyse du besoin | BC1 | lecture / entretien |
        | A2 |     | Suivi             | BC2 |                     |
        """,
    "Compétences": """
        | C1 | C1 | Analyser la demande | A1 | BC1 |  |     |     |     |
        | C2 | C2 | Présenter en anglais| A1 | BC1 |  | oui |     |     |
        | C3 |    |                     | A2 | BC2 |  |     | non |     |
        """,
    "Épreuves": """
        | EP1 | Étude de cas | Écrit de 2 h | note / plan | individuel | écrit          | C1, C2 |
        | EP2 | Oral         |              |             |            | écrit et oral  | C3     |
        """,
    "Critères": """
        | K1 | CE1 | Pertinence de l'analyse | EP1 | A1 | C1     |
        | K2 | CE2 | Clarté de l'exposé      | EP1 | A1 | C1, C2 |
        | K3 | CE1 | Rigueur du suivi        | EP2 | A2 | C3     |
        """,
    "Indicateurs": """
        | K1 | Le besoin est reformulé  |
        | K1 | Les risques sont nommés  |
        | K3 | Le planning est tenu     |
        """,
}

READ = Referentiel(
    id="cqp-essai",
    intitule="CQP d'essai",
    certificateur="CPNEF d'essai",
    niveau="6",
    rncp="RNCP1",
    enregistrement=Enregistrement(date(2019, 1, 4), date(2024, 1, 4)),
    regles_citees=("Si tous les blocs sont obtenus, le CQP est obtenu.",),
    blocs=(Bloc("BC1", "Conseiller le client"), Bloc("BC2", "Suivre la fabrication")),
    activites=(
        Activite("A1", "1.1", "Analyse du besoin", "BC1", ("lecture", "entretien")),
        Activite("A2", None, "Suivi", "BC2"),
    ),
    competences=(
        Competence("C1", "C1", "Analyser la demande", "A1", "BC1"),
        Competence("C2", "C2", "Présenter en anglais", "A1", "BC1", option=True),
        Competence("C3", None, "", "A2", "BC2", imprimee=False),
    ),
    epreuves=(
        Epreuve(
            "EP1", "Étude de cas", "Écrit de 2 h", ("note", "plan"), "individuel", ("ecrit",),
            ("C1", "C2"),
        ),
        Epreuve("EP2", "Oral", "", (), None, ("ecrit", "oral"), ("C3",)),
    ),
    criteres=(
        Critere(
            "K1", "CE1", "Pertinence de l'analyse", "EP1", "A1", ("C1",),
            ("Le besoin est reformulé", "Les risques sont nommés"),
        ),
        Critere("K2", "CE2", "Clarté de l'exposé", "EP1", "A1", ("C1", "C2")),
        Critere("K3", "CE1", "Rigueur du suivi", "EP2", "A2", ("C3",), ("Le planning est tenu",)),
    ),
)  # fmt: skip

MODEL = classeur.write()
# What is typed in the model, by sheet and address.
Typed = dict[tuple[str, str], Any]


def rows(drawing: str) -> list[list[str | None]]:
    return [
        [cell.strip().replace(" / ", "\n") or None for cell in line.strip()[1:-1].split("|")]
        for line in drawing.strip().splitlines()
    ]


def drawn() -> Typed:
    """Every cell of the drawing, by sheet and address."""
    typed: Typed = {}
    for sheet, drawing in DRAWN.items():
        for number, row in enumerate(rows(drawing), 2):
            for column, value in enumerate(row, 1):
                # « Certification » stands upright.
                where = (column + 1, 2) if sheet == "Certification" else (number, column)
                typed[sheet, f"{cellules.letters(where[1])}{where[0]}"] = value
    return typed


def workbook(typed: Typed, change: Callable[[Any], None] = lambda book: None) -> bytes:
    """The model with these cells typed in it, as somebody would in Excel."""
    book = openpyxl.load_workbook(io.BytesIO(MODEL))
    for (sheet, address), value in typed.items():
        book[sheet][address].value = value
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(content: bytes, nom: str = "r.xlsx") -> tuple[Referentiel | None, list[Anomalie]]:
    book, _ = cellules.read(nom, content)
    assert book is not None
    return classeur.read(book)


def jury(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commandes, ["referentiel", *map(str, arguments)], prog_name="jury")


# --- what is typed, and what is told


def test_what_was_typed_is_what_is_read() -> None:
    assert read(workbook(drawn())) == (READ, [])


FAULTS: dict[str, tuple[Typed, str]] = {
    "no identifier": (
        {("Certification", "B2"): None},
        "SES-004 r.xlsx, feuille « Certification », cellule B2 | « Identifiant du référentiel » "
        "n’est pas renseigné.",
    ),
    "a date that is not one": (
        {("Certification", "B7"): "31/02/2019"},
        "SES-006 r.xlsx, feuille « Certification », cellule B7 | « 31/02/2019 » n’est pas "
        "acceptable pour « Enregistrée du ».",
    ),
    "one date without the other": (
        {("Certification", "B8"): None},
        "SES-004 r.xlsx, feuille « Certification », cellule B8 | « Enregistrée au » n’est pas "
        "renseigné.",
    ),
    "dates the wrong way round": (
        {("Certification", "B8"): "04/01/2018"},
        "REF-005 r.xlsx, feuille « Certification », cellule B8 | L’enregistrement finirait le "
        "4 janvier 2018, avant d’avoir commencé le 4 janvier 2019.",
    ),
    "a formula": (
        {("Blocs", "B2"): "=A2"},
        "SES-016 r.xlsx, feuille « Blocs », cellule B2 | La cellule contient une formule (=A2), "
        "dont le résultat n’est pas sûr.",
    ),
    "an identifier twice": (
        {("Blocs", "A3"): "bc1"},
        "YML-007 r.xlsx, feuille « Blocs », cellule A3 | L’identifiant « bc1 » est donné deux "
        "fois.",
    ),
    "an identifier that a grid cannot carry": (
        {("Critères", "A2"): "K 1"},
        "REF-002 r.xlsx, feuille « Critères », cellule A2 | « K 1 » ne peut pas servir "
        "d’identifiant.",
    ),
    "a critère named as an indicateur": (
        {("Critères", "A3"): "K1.2"},
        "YML-007 r.xlsx, feuille « Critères », cellule A3 | L’identifiant « K1.2 » est donné deux "
        "fois.",
    ),
    "a code that Excel took for a number": (
        {("Activités", "B2"): 1.1},
        "SES-006 r.xlsx, feuille « Activités », cellule B2 | « 1,1 » n’est pas acceptable pour "
        "« Code imprimé ».",
    ),
    "a code that Excel took for a date": (
        {("Compétences", "A2"): date(2026, 1, 1)},
        "SES-006 r.xlsx, feuille « Compétences », cellule A2 | « 01/01/2026 » n’est pas acceptable "
        "pour « Identifiant ».",
    ),
    "a bloc that does not exist": (
        {("Activités", "D2"): "BC9"},
        "YML-006 r.xlsx, feuille « Activités », cellule D2 | « Bloc » cite « BC9 », qui n’existe "
        "pas dans le référentiel.",
    ),
    "an activité that does not exist": (
        {("Compétences", "D2"): "Z"},
        "YML-006 r.xlsx, feuille « Compétences », cellule D2 | « Activité » cite « Z », qui "
        "n’existe pas dans le référentiel.",
    ),
    "a compétence that does not exist": (
        {("Épreuves", "G2"): "C1, C7"},
        "YML-006 r.xlsx, feuille « Épreuves », cellule G2 | « Compétences » cite « C7 », qui "
        "n’existe pas dans le référentiel.",
    ),
    "an épreuve that does not exist": (
        {("Critères", "D4"): "EP-2"},
        "YML-006 r.xlsx, feuille « Critères », cellule D4 | « Épreuve » cite « EP-2 », qui "
        "n’existe pas dans le référentiel (vouliez-vous dire « EP2 » ?).",
    ),
    "a critère that does not exist": (
        {("Indicateurs", "A4"): "K9"},
        "YML-006 r.xlsx, feuille « Indicateurs », cellule A4 | « Critère » cite « K9 », qui "
        "n’existe pas dans le référentiel.",
    ),
    "a word that is not in the list": (
        {("Épreuves", "E2"): "en groupe"},
        "SES-005 r.xlsx, feuille « Épreuves », cellule E2 | « en groupe » n’est pas une valeur de "
        "« Travail ».",
    ),
    "a compétence without a text": (
        {("Compétences", "C2"): None},
        "REF-003 r.xlsx, feuille « Compétences », cellule C2 | La compétence C1 n’a pas de texte.",
    ),
    "a list of nothing": (
        {("Épreuves", "D2"): "note\n•\nplan"},
        "REF-003 r.xlsx, feuille « Épreuves », cellule D2 | Le livrable n° 2 de l’épreuve EP1 n’a "
        "pas de texte.",
    ),
    "more than a cell of a grid can hold": (
        {("Critères", "C2"): "a " * 8000, ("Indicateurs", "B2"): "b" * 20_000},
        "REF-004 r.xlsx, feuille « Critères », cellule C2 | Le critère K1 : 36 028 caractères. "
        "Une cellule n’en contient pas plus de 32 767.",
    ),
    "a critère tied to nothing": (
        {("Critères", "D3"): None, ("Critères", "E3"): None, ("Critères", "F3"): None},
        "REF-006 r.xlsx, feuille « Critères », cellule D3 | Le critère K2 n’est rattaché à rien : "
        "il ne serait sur aucune grille.",
    ),
}  # fmt: skip

DOUBTS: dict[str, tuple[Typed, str]] = {
    "a bloc without compétence": (
        {("Blocs", "A4"): "BC3", ("Blocs", "B4"): "Vendre"},
        "REF-101 r.xlsx, feuille « Blocs », cellule A4 | Le bloc BC3 n’a aucune compétence.",
    ),
    "a compétence that nothing evaluates": (
        {("Épreuves", "G2"): "C1", ("Critères", "F3"): "C1"},
        "REF-102 r.xlsx, feuille « Compétences », cellule A3 | Aucune épreuve ni aucun critère "
        "n’évalue la compétence C2.",
    ),
    "an épreuve without critère": (
        {("Épreuves", "A4"): "EP3", ("Épreuves", "B4"): "Stage", ("Épreuves", "G4"): "C1"},
        "REF-103 r.xlsx, feuille « Épreuves », cellule A4 | L’épreuve EP3 n’a aucun critère : sa "
        "grille serait vide.",
    ),
    "a critère without its épreuve": (
        {("Critères", "D3"): None},
        "REF-104 r.xlsx, feuille « Critères », cellule D3 | Le critère K2 n’a pas d’épreuve, alors "
        "que le référentiel en décrit : il ne serait sur aucune grille.",
    ),
    "the same words twice in an épreuve": (
        {("Critères", "C3"): "pertinence de  l'analyse", ("Critères", "F3"): "C1"},
        "REF-105 r.xlsx, feuille « Critères », cellule C3 | Le critère K2 répète mot pour mot le "
        "critère K1 : « pertinence de l'analyse ».",
    ),
    "the same indicateur twice": (
        {("Indicateurs", "B3"): "Le besoin est reformulé"},
        "REF-105 r.xlsx, feuille « Indicateurs », cellule B3 | L’indicateur n° 2 du critère K1 "
        "répète mot pour mot l’indicateur n° 1 : « Le besoin est reformulé ».",
    ),
    "more than a cell of a grid shows": (
        {("Critères", "C2"): "mots " * 600},
        "REF-106 r.xlsx, feuille « Critères », cellule C2 | Le critère K1 : 37 lignes sur la "
        "grille, qui n’en montre que 30 par cellule.",
    ),
    "a compétence of another bloc than its activité": (
        {("Compétences", "E2"): "BC2"},
        "REF-107 r.xlsx, feuille « Compétences », cellule E2 | La compétence C1 relève du bloc "
        "BC2, mais son activité A1, du bloc BC1.",
    ),
    "a compétence of no bloc": (
        {("Compétences", "E4"): None, ("Activités", "D3"): None},
        "REF-108 r.xlsx, feuille « Compétences », cellule E4 | La compétence C3 ne relève d’aucun "
        "bloc, alors que le référentiel en a.",
    ),
    "a compétence that its épreuve does not evaluate": (
        {("Critères", "F2"): "C1, C3"},
        "REF-109 r.xlsx, feuille « Critères », cellule F2 | Le critère K1 évalue C3, que son "
        "épreuve EP1 n’évalue pas.",
    ),
    "a column that nobody knows": (
        {("Épreuves", "H1"): "Durée", ("Épreuves", "H2"): "2 h"},
        "SES-003 r.xlsx, feuille « Épreuves », cellule H1 | La colonne « Durée » n’est pas "
        "connue : elle n’est pas lue.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_is_told_with_its_cell_and_nothing_is_read(case: str) -> None:
    typed, sentence = FAULTS[case]
    referentiel, anomalies = read(workbook({**drawn(), **typed}))
    assert sentence in sentences(anomalies)
    assert referentiel is None


@pytest.mark.parametrize("case", DOUBTS)
def test_a_doubt_is_told_with_its_cell_and_the_rest_is_read(case: str) -> None:
    typed, sentence = DOUBTS[case]
    referentiel, anomalies = read(workbook({**drawn(), **typed}))
    assert sentence in sentences(anomalies)
    assert referentiel is not None


def test_every_sentence_about_a_referentiel_is_provoked_here() -> None:
    said = [sentence for _, sentence in (*FAULTS.values(), *DOUBTS.values())]
    said += [sentence for _, sentence in DAMAGES]
    ours = {code.numero for code in Code if code.numero.startswith("REF-")}
    assert ours <= {sentence.partition(" ")[0] for sentence in said}


def test_every_fault_is_told_in_one_pass_in_the_order_of_the_workbook() -> None:
    everything: Typed = {}
    for typed, _ in (FAULTS["no identifier"], FAULTS["a bloc that does not exist"],
                     FAULTS["a critère that does not exist"], DOUBTS["an épreuve without critère"],
                     FAULTS["a word that is not in the list"]):  # fmt: skip
        everything |= typed
    _, anomalies = read(workbook({**drawn(), **everything}))
    assert [f"{a.lieu.feuille} {a.lieu.cellule}" for a in anomalies] == [
        "Certification B2", "Activités D2", "Épreuves E2", "Épreuves A4", "Indicateurs A4",
    ]  # fmt: skip


def test_what_a_mistyped_code_brings_about_is_not_told() -> None:
    typed = {("Activités", "D2"): "BC9", ("Critères", "D4"): "EP9", ("Critères", "F2"): "C9"}
    _, anomalies = read(workbook({**drawn(), **typed}))
    assert [a.lieu.cellule for a in anomalies] == ["D2", "F2", "D4"]


def test_a_faulty_row_is_still_a_row_for_what_cites_it() -> None:
    _, anomalies = read(workbook({**drawn(), ("Épreuves", "B2"): None}))
    assert sentences(anomalies) == [
        "SES-004 r.xlsx, feuille « Épreuves », cellule B2 | « Intitulé » n’est pas renseigné."
    ]


def test_the_same_words_under_another_competence_are_another_row() -> None:
    typed = {("Critères", "C3"): "Pertinence de l'analyse", ("Critères", "F3"): "C2"}
    assert read(workbook({**drawn(), **typed}))[1] == []


def drop_sheet(book: Any) -> None:
    del book["Épreuves"]


def drop_column(book: Any) -> None:
    book["Compétences"].delete_cols(4)


def drop_rubric(book: Any) -> None:
    book["Certification"].delete_rows(2)


def empty_sheet(book: Any) -> None:
    book["Critères"].delete_rows(2, 3)
    book["Indicateurs"].delete_rows(2, 3)


DAMAGES = [
    (drop_sheet, "REF-001 r.xlsx | La feuille « Épreuves » manque."),
    (
        drop_column,
        "SES-002 r.xlsx, feuille « Compétences », cellule 1:1 | La colonne « Activité » manque.",
    ),
    (
        drop_rubric,
        "SES-002 r.xlsx, feuille « Certification », cellule A:A | La colonne « Identifiant du "
        "référentiel » manque.",
    ),
    (empty_sheet, "SES-013 r.xlsx, feuille « Critères » | La feuille « Critères » n’a aucune "
                  "ligne."),
]  # fmt: skip


@pytest.mark.parametrize(("damage", "sentence"), DAMAGES)
def test_a_damaged_workbook_is_explained(damage: Callable[[Any], None], sentence: str) -> None:
    referentiel, anomalies = read(workbook(drawn(), damage))
    assert referentiel is None
    assert sentence in sentences(anomalies)


def test_columns_and_sheets_may_be_moved_and_added() -> None:
    def reshuffle(book: Any) -> None:
        book.move_sheet("Indicateurs", offset=-5)
        book.create_sheet("Brouillon")["A1"].value = "mes notes"
        sheet = book["Critères"]
        sheet.insert_cols(1)
        sheet["A1"].value = "Mes notes"
        sheet["A3"].value = "à revoir"
        sheet.insert_rows(1, 2)

    referentiel, anomalies = read(workbook(drawn(), reshuffle))
    assert referentiel == READ
    assert [a.code for a in anomalies] == [Code.SESSION_COLONNE_INCONNUE]


def test_what_is_pasted_from_a_pdf_is_cleaned() -> None:
    typed: Typed = {
        ("Blocs", "B2"): "Conseiller\nle\u00a0client \u200b",
        ("Activités", "E2"): "• lecture\n\n- entretien\n",
        ("Épreuves", "G2"): "C1 ;C2",
        ("Épreuves", "F3"): "Ecrit et oral",
        ("Certification", "B5"): 6,
        ("Certification", "B7"): date(2019, 1, 4),
    }
    assert read(workbook({**drawn(), **typed})) == (READ, [])


# --- the model


def test_the_example_passes_its_own_validation() -> None:
    typed: Typed = {
        ("Certification", f"B{row}"): colonne.exemple
        for row, colonne in enumerate(classeur.table("certification").colonnes, 2)
    }
    # A word added, and the example is a row like any other.
    for nom in classeur.FEUILLES:
        columns = classeur.table(nom).colonnes
        rank, text = next(
            (rank, c.exemple) for rank, c in enumerate(columns, 1) if c.nom in ("texte", "intitule")
        )
        typed[classeur.table(nom).feuille, f"{cellules.letters(rank)}2"] = f"{text} !"
    referentiel, anomalies = read(workbook(typed))
    assert anomalies == []
    assert referentiel is not None
    assert [len(own) for own in (referentiel.blocs, referentiel.competences)] == [1, 1]
    assert referentiel.criteres[0].indicateurs == ("Exemple : le besoin est reformulé !",)


def test_the_model_is_the_same_whatever_the_day() -> None:
    assert classeur.write() == MODEL


def test_the_example_is_not_read_as_long_as_nobody_changes_it() -> None:
    _, anomalies = read(MODEL)
    assert [(a.code, a.lieu.feuille) for a in anomalies] == [
        (Code.VALEUR_MANQUE, "Certification"),
        (Code.VALEUR_MANQUE, "Certification"),
        (Code.SESSION_TABLE_VIDE, "Activités"),
        (Code.SESSION_TABLE_VIDE, "Compétences"),
        (Code.SESSION_TABLE_VIDE, "Critères"),
    ]


def test_one_definition_makes_heading_help_and_drop_down() -> None:
    book = openpyxl.load_workbook(io.BytesIO(MODEL))
    assert book.sheetnames == [classeur.table(nom).feuille for nom in ("certification",
                               *classeur.FEUILLES)]  # fmt: skip
    for nom in classeur.FEUILLES:
        own = classeur.table(nom)
        sheet = book[own.feuille]
        headings = [cell.value.removesuffix(" *") for cell in sheet[1]]
        assert headings == [colonne.titre for colonne in own.colonnes]
        rules = {str(v.sqref).split(":")[0]: v for v in sheet.data_validations.dataValidation}
        for rank, colonne in enumerate(own.colonnes, 1):
            rule = rules[f"{cellules.letters(rank)}2"]
            assert rule.prompt == colonne.aide
            if colonne.choix:
                assert rule.formula1 == f'"{",".join(colonne.choix)}"'
            elif colonne.cite and not colonne.plusieurs:
                assert rule.formula1 == f"'{classeur.table(colonne.cite).feuille}'!$A$2:$A$1001"


def test_the_lists_of_the_tables_are_those_of_the_records() -> None:
    # Whatever the records accept can be typed, and the other way round.
    epreuves = tables.load("referentiel-epreuves")
    for travail in epreuves.colonne("travail").choix:
        for formes in epreuves.colonne("formes").choix:
            typed: Typed = {("Épreuves", "E2"): travail, ("Épreuves", "F2"): formes}
            referentiel, _ = read(workbook({**drawn(), **typed}))
            assert referentiel is not None
            source, _ = lecture_yaml.read("r.yaml", ecriture.as_yaml(referentiel))
            assert source is not None
            assert lecture_yaml.validate(source, Referentiel) == (referentiel, [])


# --- every way back


@pytest.mark.parametrize("identifiant", SHIPPED)
def test_export_then_import_gives_the_same_referentiel(identifiant: str) -> None:
    referentiel = lecture.load(identifiant)
    content = classeur.write(referentiel)
    assert content == classeur.write(referentiel)
    assert read(content) == (referentiel, [])


@pytest.mark.parametrize("identifiant", SHIPPED)
def test_the_yaml_we_write_is_read_back_and_looks_like_ours(identifiant: str) -> None:
    referentiel = lecture.load(identifiant)
    text = ecriture.as_yaml(referentiel, "Un titre\net une suite")
    assert text.startswith("# Un titre\n# et une suite\nid: ")
    assert lecture.parse("r.yaml", text) == (referentiel, [])
    assert yaml.safe_load(text)["id"] == identifiant
    if identifiant == "chef-projet-mc":
        shipped = (lecture.data.REFERENTIELS / f"{identifiant}.yaml").read_text(encoding="utf-8")
        assert text.splitlines()[2:] == [x for x in shipped.splitlines() if x[:1] != "#"]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The four exports, saved by LibreOffice: as xlsx, and as ods then xlsx again."""
    assert SOFFICE, "LibreOffice manque (obligatoire en CI)"
    root = tmp_path_factory.mktemp("office")
    sources = []
    for identifiant in SHIPPED:
        sources.append(root / f"{identifiant}.xlsx")
        sources[-1].write_bytes(classeur.write(lecture.load(identifiant)))

    def convert(files: list[Path], extension: str, target: str) -> list[Path]:
        subprocess.run(
            [
                SOFFICE, "--headless", f"-env:UserInstallation={(root / 'profil').as_uri()}",
                "--convert-to", extension, "--outdir", root / target, *files,
            ],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        return sorted((root / target).glob(f"*.{extension}"))

    convert(sources, "xlsx", "xlsx")
    convert(convert(sources, "ods", "ods"), "xlsx", "ods-xlsx")
    return {name: root / name for name in ("xlsx", "ods", "ods-xlsx")}


@needs_libreoffice
@pytest.mark.parametrize("way", ["xlsx", "ods", "ods-xlsx"])
def test_export_through_libreoffice_gives_the_same_referentiel(
    converted: dict[str, Path], way: str
) -> None:
    paths = sorted(converted[way].glob("*.*s*"))
    assert [path.stem for path in paths] == SHIPPED
    for path in paths:
        assert read(path.read_bytes(), path.name) == (lecture.load(path.stem), [])


HOSTILE = [
    "=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2+3", "<b>&amp;</b>", "Dupont & Fils <x>",
    "70 %", "70,5 %", "2019-01-04", "null", "~", "oui", "NO", "1e3", "0x1F", "1_000", ".5", "- a",
    "a: b # c", "*ancre", "&ancre", "!!tag", "{a}", "[a]", "%a", "#N/A", "TRUE", "'a",
    '"', "\\n", "https://exemple.fr", "😀 é ’ « a »", "{0} {x}", "12:30", "x" * 32_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_hostile_text_stays_a_text(text: str) -> None:
    one = textes.in_normal_form(
        replace(
            READ,
            intitule=text,
            blocs=(replace(READ.blocs[0], intitule=text), READ.blocs[1]),
            activites=(replace(READ.activites[0], code=text, sous_points=(text, "z")),
                       READ.activites[1]),
        )
    )  # fmt: skip
    content = classeur.write(one)
    assert read(content)[0] == one
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Blocs"]
    assert (sheet["B2"].data_type, sheet["B2"].hyperlink) == ("s", None)
    assert lecture.parse("r.yaml", ecriture.as_yaml(one))[0] == one


any_text = st.text(max_size=30) | st.sampled_from(HOSTILE[:-1])
# A text that says something, once it is as a référentiel keeps it.
words = any_text.map(textes.item).filter(lambda text: text and "_x" not in text)


@settings(max_examples=20)
@given(st.data())
def test_whatever_a_referentiel_says_comes_back(data: st.DataObject) -> None:
    def some(maximum: int = 3) -> tuple[str, ...]:
        return tuple(data.draw(st.lists(words, max_size=maximum, unique_by=str.casefold)))

    def maybe() -> str | None:
        return data.draw(st.none() | words)

    one = replace(
        READ,
        certificateur=maybe(),
        rncp=maybe(),
        enregistrement=data.draw(st.sampled_from([None, READ.enregistrement])),
        regles_citees=some(),
        activites=tuple(
            replace(own, code=maybe(), intitule=data.draw(words), sous_points=some())
            for own in READ.activites
        ),
        epreuves=tuple(
            replace(own, modalites=maybe() or "", livrables=some()) for own in READ.epreuves
        ),
        criteres=tuple(
            replace(own, intitule=f"{own.id} {data.draw(words)}", indicateurs=some())
            for own in READ.criteres
        ),
    )
    one = textes.in_normal_form(one)
    assert read(classeur.write(one))[0] == one
    assert lecture.parse("r.yaml", ecriture.as_yaml(one))[0] == one


def test_the_yaml_tells_the_same_faults_by_line() -> None:
    text = ecriture.as_yaml(READ)
    text = text.replace("  epreuve: EP2", "  epreuve: EP9").replace("- code: BC2", "- code: BC1")
    text = text.replace("  intitule: Suivi\n", "  intitule: ' '\n")
    referentiel, anomalies = lecture.parse("r.yaml", text)
    assert referentiel is None
    told = sentences(anomalies)
    for fragment, sentence in (
        ("- code: BC1", "L’identifiant « BC1 » est donné deux fois."),
        ("  epreuve: EP9", "« epreuve » cite « EP9 », qui n’existe pas dans le référentiel."),
        ("  intitule: ' '", "L’activité A2 n’a pas de texte."),
    ):  # fmt: skip
        last = max(n for n, line in enumerate(text.splitlines(), 1) if line == fragment)
        place = f"r.yaml, ligne {last}"
        assert any(place in said and sentence in said for said in told), (place, told)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("id: .nan", "ce nombre n’en est pas un"),
        ("id: 12:30:15.5", "ce nombre n’en est pas un"),
        ("id: 2019-02-31", "cette date n’existe pas"),
        ("? [a]\n: b", "un caractère ou une construction"),
        ("id: &a [*a]", "un caractère ou une construction"),
        ("\n".join(["a: &a [x, x]", *(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in
         zip("abcdefg", "bcdefgh", strict=True))]), "un caractère ou une construction"),
    ],
    ids=["nan", "base 60", "no such day", "a list as a name", "a knot", "a billion laughs"],
)  # fmt: skip
def test_a_yaml_made_to_harm_is_refused_with_a_sentence(text: str, reason: str) -> None:
    referentiel, anomalies = lecture.parse("r.yaml", text)
    assert referentiel is None
    assert [a.code for a in anomalies] == [Code.YAML_ILLISIBLE]
    assert reason in anomalies[0].message.replace("'", "’")


# --- what changed


CHANGED = replace(
    READ,
    niveau="7",
    enregistrement=None,
    regles_citees=("Tout bloc obtenu le reste.", *READ.regles_citees),
    blocs=(replace(READ.blocs[0], intitule="Conseiller"), READ.blocs[1], Bloc("BC3", "Vendre")),
    activites=(replace(READ.activites[0], sous_points=("entretien", "lecture"), bloc="BC2"),
               READ.activites[1]),
    competences=(
        replace(READ.competences[0], code="1", option=True, bloc=None),
        *READ.competences[:0:-1],
    ),
    epreuves=(
        replace(READ.epreuves[0], livrables=("note de deux pages", "plan"), modalites="",
                formes=("oral",), competences=("C2", "C3")),
    ),
    criteres=(
        replace(READ.criteres[0], indicateurs=("Les risques sont nommés", "Le coût est donné")),
        replace(READ.criteres[2], epreuve="EP1", activite="A1"),
    ),
)  # fmt: skip


def test_what_changed_is_told_in_sentences() -> None:
    assert [flat(d.phrase) for d in comparaison.compare(READ, CHANGED)] == [
        "Le niveau de la certification passe de « 6 » à « 7 ».",
        "L’enregistrement de la certification passe de « du 04/01/2019 au 04/01/2024 » à rien.",
        "La règle citée n° 1 est ajoutée.",
        "L’intitulé du bloc BC1 est reformulé.",
        "Le bloc BC3 est ajouté.",
        "L’activité A1 passe du bloc BC1 au bloc BC2.",
        "L’ordre des sous-points de l’activité A1 change.",
        "Le code imprimé de la compétence C1 passe de « C1 » à « 1 ».",
        "La compétence C1 n’est plus rattachée au bloc BC1.",
        "L’option de la compétence C1 passe de « non » à « oui ».",
        "L’ordre des compétences change.",
        "L’épreuve EP2 est retirée.",
        "Les modalités de l’épreuve EP1 sont retirées.",
        "Le livrable n° 1 de l’épreuve EP1 est reformulé.",
        "Les formes de l’épreuve EP1 passent de « écrit » à « oral ».",
        "L’épreuve EP1 n’évalue plus C1 et évalue aussi C3.",
        "Le critère K2 est retiré.",
        "L’indicateur n° 1 du critère K1 est retiré.",
        "L’indicateur n° 2 du critère K1 est ajouté.",
        "Le critère K3 passe de l’épreuve EP2 à l’épreuve EP1.",
        "Le critère K3 passe de l’activité A2 à l’activité A1.",
    ]


def test_a_referentiel_is_identical_to_itself_and_to_nothing_else() -> None:
    assert comparaison.compare(READ, READ) == []
    for name, other in (
        ("id", "x"), ("intitule", "x"), ("certificateur", None), ("niveau", None), ("rncp", "x"),
        ("enregistrement", None), ("regles_citees", ()),
        *((section, getattr(READ, section)[::-1]) for section in
          ("blocs", "activites", "competences", "epreuves", "criteres")),
    ):  # fmt: skip
        assert comparaison.compare(READ, replace(READ, **{name: other})), name
    for section in ("blocs", "activites", "competences", "epreuves", "criteres"):
        first, *others = getattr(READ, section)
        for name in first.__slots__:
            value = getattr(first, name)
            other: Any = ("x", *value) if isinstance(value, tuple) else "x"
            if isinstance(value, bool):
                other = not value
            changed = replace(READ, **{section: (replace(first, **{name: other}), *others)})
            assert comparaison.compare(READ, changed), (section, name)


# --- the commands


@pytest.fixture
def ici(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def test_a_certification_of_ones_own_from_the_model_to_the_yaml(ici: Path) -> None:
    said = jury("modele")
    assert (said.exit_code, said.stderr) == (0, "")
    assert "Classeur à remplir : referentiel-modele.xlsx" in flat(said.stdout)

    def fill(book: Any) -> None:
        for (sheet, address), value in drawn().items():
            book[sheet][address].value = value

    edit(ici / "referentiel-modele.xlsx", fill)
    filled = (ici / "referentiel-modele.xlsx").read_bytes()
    again = jury("modele")
    assert again.exit_code == 2
    assert "existe déjà : rien n’a été changé" in flat(again.stderr)
    assert (ici / "referentiel-modele.xlsx").read_bytes() == filled

    said = jury("importer", "referentiel-modele.xlsx")
    assert (said.exit_code, said.stderr) == (0, "")
    assert "Fichier écrit : cqp-essai.yaml" in flat(said.stdout)
    first = (ici / "cqp-essai.yaml").read_bytes()
    assert lecture.read(ici / "cqp-essai.yaml") == (READ, [])
    assert "Fichier inchangé : cqp-essai.yaml" in flat(
        jury("importer", "referentiel-modele.xlsx").stdout
    )
    for command in (["montrer"], ["verifier"]):
        said = jury(*command, "cqp-essai.yaml")
        assert said.exit_code == 0
        assert "2 blocs, 2 activités, 2 compétences (et 1 annoncées sans texte)" in flat(
            said.stdout
        )

    def change(book: Any) -> None:
        book["Blocs"]["B2"].value = "Conseiller"

    edit(ici / "referentiel-modele.xlsx", change)
    refused = jury("importer", "referentiel-modele.xlsx")
    assert refused.exit_code == 2
    assert "Ajoutez --remplacer pour l’écraser" in flat(refused.stderr)
    assert (ici / "cqp-essai.yaml").read_bytes() == first
    assert jury("importer", "referentiel-modele.xlsx", "--remplacer").exit_code == 0
    assert (ici / "cqp-essai.yaml").read_bytes() != first


def test_a_faulty_workbook_writes_nothing_and_tells_everything(ici: Path) -> None:
    typed = {("Critères", f"D{row}"): f"EPREUVE-{row}" for row in (2, 3, 4)}
    typed |= {("Indicateurs", f"A{row}"): f"Z{row}" for row in range(2, 22)}
    typed |= {("Indicateurs", f"B{row}"): "texte" for row in range(2, 22)}
    (ici / "r.xlsx").write_bytes(workbook({**drawn(), **typed}))
    said = jury("importer", "r.xlsx")
    assert said.exit_code == 1
    assert said.stdout.count("YML-006") == 23
    assert "23 anomalies bloquantes : rien n’a été écrit." in flat(said.stdout)
    assert max(map(len, said.stdout.splitlines())) <= 80
    assert list(ici.glob("*.yaml")) == []
    machine = json.loads(jury("importer", "r.xlsx", "--format", "json").stdout)
    assert machine["fichier"] is None
    assert machine["anomalies"][0]["cellule"] == "D2"


def test_a_doubtful_workbook_is_written_and_told(ici: Path) -> None:
    typed, sentence = DOUBTS["a bloc without compétence"]
    (ici / "r.xlsx").write_bytes(workbook({**drawn(), **typed}))
    said = jury("importer", "r.xlsx", "--sortie", "autre.yaml")
    assert said.exit_code == 0
    assert sentence.partition("| ")[2] in flat(said.stdout)
    assert (ici / "autre.yaml").is_file()


def test_export_writes_once_and_import_gives_the_same_back(ici: Path) -> None:
    assert jury("exporter", "cqp-rpo").exit_code == 0
    assert "Fichier inchangé" in flat(jury("exporter", "cqp-rpo").stdout)
    assert jury("importer", "cqp-rpo.xlsx").exit_code == 0
    said = jury("comparer", "cqp-rpo", "cqp-rpo.yaml")
    assert (said.exit_code, flat(said.stdout)) == (
        0,
        "cqp-rpo et cqp-rpo.yaml sont identiques.",
    )
    assert jury("exporter", "cqp-rpo.yaml").exit_code == 0
    assert jury("exporter", "ascencia-cmc", "--sortie", "cqp-rpo.xlsx").exit_code == 2


def test_what_changed_is_shown_before_and_after(ici: Path) -> None:
    (ici / "a.yaml").write_text(ecriture.as_yaml(READ), encoding="utf-8")
    (ici / "b.xlsx").write_bytes(workbook({**drawn(), ("Blocs", "B2"): "Conseiller"}))
    said = jury("comparer", "a.yaml", "b.xlsx")
    assert said.exit_code == 0
    assert [flat(line) for line in said.stdout.splitlines()] == [
        "L’intitulé du bloc BC1 est reformulé.",
        "Avant : « Conseiller le client »",
        "Après : « Conseiller »",
        "",
        "De a.yaml à b.xlsx : 1 reformulation.",
    ]
    machine = json.loads(jury("comparer", "a.yaml", "b.xlsx", "--format", "json").stdout)
    assert machine["identiques"] is False
    assert machine["differences"] == [
        {
            "niveau": "blocs", "id": "BC1", "nature": "reformule", "rubrique": "intitule",
            "avant": "Conseiller le client", "apres": "Conseiller",
            "phrase": "L’intitulé du bloc BC1 est reformulé.",
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["importer", "absent.xlsx"], 2, "Erreur : Le fichier absent.xlsx n’existe pas."),
        (["exporter", "cqp-rop"], 2, "(vouliez-vous dire « cqp-rpo » ?)"),
        (["comparer", "cqp-rpo", "absent.yaml"], 2, "Le fichier absent.yaml n’existe pas."),
        (["importer", "faux.xlsx"], 3, "faux.xlsx n’est que du texte"),
        (["exporter", "cqp-rpo", "--sortie", "."], 2, "est un dossier"),
        (["montrer", "casse.yaml"], 1, "Le référentiel casse.yaml doit être corrigé."),
    ],
)
def test_wrong_usage_is_one_french_sentence(
    ici: Path, arguments: list[str], code: int, sentence: str
) -> None:
    (ici / "faux.xlsx").write_bytes(b"ceci n'est pas un classeur")
    (ici / "casse.yaml").write_text("id: x\n", encoding="utf-8")
    said = jury(*arguments)
    assert said.exit_code == code
    assert sentence in flat(said.stderr)


def test_the_commands_come_in_the_order_of_the_work(ici: Path) -> None:
    said = jury("--help").stdout
    words = ["liste", "montrer", "verifier", "modele", "importer", "exporter", "comparer"]
    places = [said.index(f"\n  {word} ") for word in words]
    assert places == sorted(places)
    assert "..." not in said.partition("liste")[2]
