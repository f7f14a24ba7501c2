"""A table in the terminal: folded to its width, and harmless whatever stands in it."""

import pytest

from batch.cli.table import Table, Texte

RED = {"fg": "red"}


def test_the_widest_column_is_folded_until_all_fits(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("Qui", "Quoi")
    table.add_row("Zoé", "rien du tout à signaler")
    table.add_row("Éléonore", "")
    table.show(22)
    assert capsys.readouterr().out.splitlines() == [
        "Qui       Quoi",
        "──────────────────────",
        "Zoé       rien du tout",
        "          à signaler",
        "Éléonore",
    ]


def test_a_word_wider_than_its_column_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("A", "B")
    table.add_row("x" * 9, "y" * 9)
    table.show(8)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:] == ["xxx  yyy"] * 3


def test_colour_is_for_terminals(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import click

    table = Table("A")
    table.add_row(Texte("rouge", RED))
    table.show(80)
    assert "\x1b" not in capsys.readouterr().out
    shown: list[tuple[str, object]] = []
    monkeypatch.setattr(click, "echo", lambda line, color: shown.append((line, color)))
    table.show(80)
    assert shown[-1] == ("\x1b[31mrouge\x1b[0m", None)
    monkeypatch.setenv("NO_COLOR", "1")
    table.show(80)
    assert shown[-1] == ("\x1b[31mrouge\x1b[0m", False)


def test_a_name_commands_nothing_to_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    table = Table("A")
    table.add_row("\x1b[2Jvide\r\x9b")
    table.show(80)
    assert capsys.readouterr().out.splitlines()[2] == "\ufffd[2Jvide\ufffd\ufffd"
