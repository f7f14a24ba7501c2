"""Several processes at once: the same work, in the same order, and its faults told."""

import operator
import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW

from batch import chaine
from batch.allure import Allure
from batch.anomalies import Empechement
from batch.chaine import ouvriers
from batch.cli import parole
from batch.folder import Folder


def fail_at(bad: int, number: int) -> int:
    if number == bad:
        raise Empechement(f"Pas le {number}.")
    return -number


@pytest.mark.parametrize("processus", [1, 2])
def test_results_come_in_the_order_of_the_tasks(processus: int) -> None:
    assert list(ouvriers.share(operator.neg, range(20), processus)) == [-n for n in range(20)]
    assert list(ouvriers.share(operator.neg, [], processus)) == []


@pytest.mark.parametrize("processus", [1, 2])
def test_what_is_known_already_is_not_worked_out(processus: int) -> None:
    known = {0: 0, 7: 70, 8: 80, 19: 190}
    expected = [known.get(n, -n) for n in range(20)]
    assert list(ouvriers.share(operator.neg, range(20), processus, known.get)) == expected


@pytest.mark.parametrize("processus", [1, 2])
def test_a_task_that_fails_stops_the_others(processus: int) -> None:
    results = ouvriers.share(partial(fail_at, 3), range(40), processus)
    assert [next(results) for _ in range(3)] == [0, -1, -2]
    with pytest.raises(Empechement, match=r"Pas le 3\."):
        next(results)


def test_little_work_is_done_by_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ouvriers, "_cores", lambda: 4)
    assert [ouvriers.usual(tasks, 40) for tasks in (0, 79, 80, 160, 999)] == [1, 1, 2, 4, 4]


def test_the_grids_are_the_same_whatever_the_number(
    joue: Callable[..., Folder], histoire: dict[str, Any], tmp_path: Path
) -> None:
    alone = joue(histoire, rempli=False, nom="un")
    for path in alone.grilles.iterdir():
        path.rename(tmp_path / path.name)
    emission = chaine.issue_grids(alone, NOW, Allure(processus=2))
    assert len(emission.ecrites) == 3
    for path in alone.grilles.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()


def files(folder: Folder) -> dict[str, bytes]:
    return {
        path.relative_to(folder.root).as_posix(): path.read_bytes()
        for path in folder.root.rglob("*")
        if path.is_file()
    }


def test_a_session_is_treated_the_same_whatever_the_number(
    dossier: Folder, histoire: dict[str, Any], tmp_path: Path
) -> None:
    other = Folder(tmp_path / "autre")
    shutil.copytree(dossier.root, other.root)
    for number, folder in enumerate((dossier, other), 1):
        chaine.control(folder, NOW, allure=Allure(number))
        chaine.treat(folder, NOW, allure=Allure(number))
        assert len(list(folder.documents.rglob("*.docx"))) > 2
    assert files(dossier) == files(other)


class Temoin:
    """Whoever watches: each stage, and all that was said of it."""

    def __init__(self) -> None:
        self.stages: dict[str, list[tuple[int, int]]] = {}

    def __call__(self, titre: str) -> Callable[[int, int], None]:
        said = self.stages.setdefault(titre, [])
        return lambda done, of: said.append((done, of))


STAGES = ["Lecture", "Calcul", "Rapport", "Corrections", "Documents", "Classeurs"]


def test_each_stage_is_told_from_one_to_its_end(dossier: Folder) -> None:
    temoin = Temoin()
    chaine.treat(dossier, NOW, allure=Allure(1, temoin))
    assert list(temoin.stages) == STAGES
    for titre, said in temoin.stages.items():
        assert said == sorted(said), titre
        assert all(done == count for done, count in said[-1:]), titre
    assert not temoin.stages["Corrections"], "nothing is to be mended"
    documents = len(list(dossier.documents.rglob("*.docx")))
    assert temoin.stages["Documents"][-1] == (documents, documents)


def screen(monkeypatch: pytest.MonkeyPatch, *, watched: bool = True) -> Callable[[float], None]:
    """A terminal, and a clock that is set by hand: what lets so many seconds go by."""
    now = [0.0]
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watched)
    monkeypatch.setattr("time.monotonic", lambda: now[0])

    def wait(seconds: float) -> None:
        now[0] += seconds

    return wait


def test_a_bar_for_each_stage_that_lasts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wait = screen(monkeypatch)
    with parole.at_work() as allure:
        reading = allure.stage("Lecture")
        reading(1, 4)
        wait(3)
        reading(3, 4)
        allure.stage("Calcul")(1, 1)
        printing = allure.stage("Documents")
        wait(3)
        printing(1, 2)
        printing(2, 2)
    said = capsys.readouterr()
    assert said.out == ""
    assert "Lecture" in said.err
    assert "Documents" in said.err
    assert "Calcul" not in said.err


@pytest.mark.parametrize(("forme", "watched"), [("json", True), ("texte", False)])
def test_no_bar_where_nobody_watches(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    forme: str,
    watched: bool,
) -> None:
    wait = screen(monkeypatch, watched=watched)
    with parole.at_work(forme=forme) as allure:
        advance = allure.stage("Lecture")
        wait(3)
        advance(1, 2)
    assert capsys.readouterr() == ("", "")
