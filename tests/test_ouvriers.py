"""Several processes at once: the same work, in the same order, and its faults told."""

import operator
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW

from batch import chaine
from batch.anomalies import Empechement
from batch.chaine import ouvriers
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
    emission = chaine.issue_grids(alone, NOW, processus=2)
    assert len(emission.ecrites) == 3
    for path in alone.grilles.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes()
