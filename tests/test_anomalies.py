"""The catalogue of sentences: each is whole, and each is read by a test that provokes it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from batch.anomalies import Code

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
    return " ".join(texte.replace("\u00a0", " ").replace("\u202f", " ").replace("’", "'").split())


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
