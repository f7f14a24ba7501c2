"""The catalogue of sentences: each is whole, each is read by a test that provokes it, and
« jury anomalie » explains each."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from conftest import flat, on_keyboard
from test_cli import jury

from batch import data
from batch.anomalies import FAMILLES, Code
from batch.cli.anomalie.page import BLANCS

EXEMPLES = yaml.safe_load((data.SCHEMAS / "anomalies.yaml").read_text(encoding="utf-8"))

TESTS = Path(__file__).parent


@cache
def read_by_tests() -> dict[str, str]:
    """Everything that each module of tests quotes, spaces and apostrophes as typed."""
    return {
        path.name: "\n".join(
            plain(node.value)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        )
        for path in TESTS.glob("test_*.py")
        if path.name != Path(__file__).name
    }


def plain(texte: str) -> str:
    return flat(texte).replace("’", "'")


def runs(phrase: str) -> set[str]:
    """What of a sentence no other one says by chance: four words on end, outside its blanks."""
    parts = [plain(part).split() for part in re.split(r"\{\w+\}", phrase)]
    length = min(4, max(map(len, parts)))
    return {
        " ".join(part[start : start + length])
        for part in parts
        for start in range(len(part) - length + 1)
    }


@pytest.mark.parametrize("code", Code, ids=lambda code: code.numero)
def test_each_sentence_is_provoked_and_read_by_a_test(code: Code) -> None:
    assert any(
        code.numero in quoted and any(run in quoted for run in runs(code.phrase))
        for quoted in read_by_tests().values()
    ), f"aucun test ne provoque {code.numero} pour lire « {code.phrase} »"


@pytest.mark.parametrize("code", Code, ids=lambda code: code.numero)
def test_each_sentence_says_what_to_do_and_why(code: Code) -> None:
    assert re.fullmatch(r"[A-Z]{3}-\d{3}", code.numero)
    assert code.phrase.endswith((".", "}"))
    assert code.remede.endswith((".", "}"))
    assert code.pourquoi.endswith(".")
    assert "{" not in code.pourquoi


def test_no_number_is_given_twice() -> None:
    numbers = [code.numero for code in Code]
    assert len(set(numbers)) == len(numbers) == len(Code.__members__)


def test_the_families_are_those_of_the_codes() -> None:
    assert {code.famille for code in Code} == set(FAMILLES)


def test_each_blank_of_a_sentence_is_explained_and_no_other() -> None:
    asked = {
        blank for code in Code for blank in re.findall(r"\{(\w+)\}", code.phrase + code.remede)
    }
    assert asked == set(BLANCS)


@pytest.mark.parametrize("numero", EXEMPLES)
def test_each_example_was_said_for_real(numero: str) -> None:
    example = plain(EXEMPLES[numero])
    code = next(code for code in Code if code.numero == numero)
    parts = [re.escape(part) for part in re.split(r"\{\w+\}", code.phrase.replace("’", "'"))]
    pattern = on_keyboard(".*".join(parts))
    assert re.fullmatch(pattern.replace("\\ ", " "), example)
    assert any(example in quoted for quoted in read_by_tests().values())


def test_the_page_of_a_code_says_what_why_and_what_to_do() -> None:
    said = jury("anomalie", "gri-207")
    assert (said.returncode, said.stderr) == (0, "")
    assert flat(said.stdout) == (
        "GRI-207 bloquant Les grilles "
        "La note ‹valeur› n’est pas comprise entre 0 et ‹maximum› (‹critere›). "
        "‹valeur› : ce qui a été lu ‹maximum› : le plus grand nombre admis ‹critere› : le critère "
        "Pourquoi : Une note hors de l’échelle fausserait la moyenne du bloc. "
        "À faire : Faites corriger la note par l’évaluateur. "
        "Par exemple : La note 21 n’est pas comprise entre 0 et 20 (E1 « Le candidat a obtenu les "
        "documents retraçant l’historique… »)."
    )


def test_without_a_code_every_one_is_listed_under_its_family() -> None:
    said = jury("anomalie")
    assert said.returncode == 0
    places = [said.stdout.index(f"\n  {code.numero}  ") for code in Code]
    assert len(places) == len(Code)
    assert "FIC  Les fichiers déposés dans retours/\n  FIC-001  info" in said.stdout


def test_a_machine_reads_the_same_page() -> None:
    (page,) = json.loads(jury("anomalie", "JUR-101", "--format", "json").stdout)
    assert (page["code"], page["gravite"]) == ("JUR-101", "bloquante")
    assert page["blancs"] == {"combien": "un nombre", "minimum": "le plus petit nombre admis"}
    assert page["pourquoi"].startswith("Un jury incomplet ne délibère pas")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("GRI-27", "L’anomalie « GRI-27 » n’existe pas (vouliez-vous dire « GRI-207 » ?)."),
        ("gri301", "L’anomalie « gri301 » n’existe pas (vouliez-vous dire « GRI-301 » ?)."),
        ("xyz", "L’anomalie « xyz » n’existe pas. « jury anomalie » les liste."),
    ],
)
def test_a_code_that_does_not_exist(typed: str, sentence: str) -> None:
    said = jury("anomalie", typed)
    assert said.returncode == 2
    assert sentence in flat(said.stderr)
