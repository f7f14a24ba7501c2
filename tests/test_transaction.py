"""What waits on the disk for its transaction: taken whole, or forgotten."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from conftest import contents

from batch import fichiers, transaction
from batch.anomalies import Empechement
from batch.transaction import Brouillon
from batch.verrou import alone

PLACE = Path(".jury", "brouillons")


def test_contents_are_laid_one_by_one_and_taken_together(tmp_path: Path) -> None:
    def letters() -> Iterator[tuple[str, bytes]]:
        for rank in range(3):
            assert len(list((tmp_path / PLACE).glob("*"))) == rank, "un seul contenu en mémoire"
            yield f"{rank}.docx", b"%d" % rank

    with transaction.drafts(tmp_path, tmp_path / "documents") as lay:
        laid = lay(letters())
        assert {type(one) for one in laid.values()} == {Brouillon}
        writes = {f"documents/{name}": one for name, one in laid.items()}
        everything = {**writes, "a.json": b"{}"}
        changed = transaction.commit(tmp_path, everything, journal=lambda _: "fait")
    assert changed == ["documents/0.docx", "documents/1.docx", "documents/2.docx", "a.json"]
    assert contents(tmp_path) == {
        "a.json": b"{}",
        "documents/0.docx": b"0",
        "documents/1.docx": b"1",
        "documents/2.docx": b"2",
        "journal.jsonl": b"fait\n",
    }


def test_what_a_machine_reads_is_written_as_json_writes_it_however_long() -> None:
    content = {"z": [{"é": None, "vide": {}}, [], "x\n", 1, True], "a": list(range(30_000))}
    for sort_keys in (False, True):
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=sort_keys)
        assert fichiers.as_json(content, sort_keys=sort_keys) == f"{text}\n".encode()


def test_the_journal_is_told_what_changes_and_nothing_else(tmp_path: Path) -> None:
    told: list[Mapping[str, str]] = []

    def line(changed: Mapping[str, str]) -> str:
        told.append(changed)
        assert not (tmp_path / "a.json").exists() or not changed, "dit avant d'être écrit"
        return f"{len(changed)} fichier"

    for _ in range(2):
        transaction.commit(tmp_path, {"a.json": b"{}"}, ["parti.docx"], line)
    assert told == [{"a.json": fichiers.fingerprint(b"{}")}, {}]
    assert contents(tmp_path)["journal.jsonl"] == b"1 fichier\n0 fichier\n"


def test_what_already_reads_so_is_not_written_again(tmp_path: Path) -> None:
    standing = tmp_path / "lettre.docx"
    standing.write_bytes(b"lettre")
    with transaction.drafts(tmp_path, tmp_path) as lay:
        laid = lay([("lettre.docx", b"lettre"), ("autre.docx", b"lettre")])
        assert laid["lettre.docx"].chemin == standing
        assert len(list((tmp_path / PLACE).iterdir())) == 1
        assert transaction.commit(tmp_path, laid) == ["autre.docx"]
    assert contents(tmp_path) == {"autre.docx": b"lettre", "lettre.docx": b"lettre"}


def test_what_somebody_changes_in_the_meantime_stops_everything(tmp_path: Path) -> None:
    (tmp_path / "lettre.docx").write_bytes(b"lettre")
    with transaction.drafts(tmp_path, tmp_path) as lay:
        laid = lay([("autre.docx", b"autre"), ("lettre.docx", b"lettre")])
        (tmp_path / "lettre.docx").write_bytes("retouchée".encode())
        with pytest.raises(Empechement, match=r"lettre\.docx a été modifié pendant le traitement"):
            transaction.commit(tmp_path, laid)
    transaction.recover(tmp_path)
    assert contents(tmp_path) == {"lettre.docx": "retouchée".encode()}


def test_a_killed_run_leaves_its_drafts_to_be_forgotten(tmp_path: Path) -> None:
    fichiers.lay(tmp_path / PLACE, b"lettre de quelqu'un")
    with alone(tmp_path):
        assert not (tmp_path / PLACE).exists()


def test_a_command_within_another_does_not_forget_its_drafts(tmp_path: Path) -> None:
    with alone(tmp_path), transaction.drafts(tmp_path, tmp_path) as lay:
        laid = lay([("lettre.docx", b"lettre")])
        with alone(tmp_path):
            pass
        transaction.commit(tmp_path, laid)
    assert (tmp_path / "lettre.docx").read_bytes() == b"lettre"


@pytest.mark.skipif(not hasattr(os, "sync"), reason="Windows n'a pas sync")
def test_thousands_of_files_are_made_sure_of_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the plan, which is the commit: after it, none may be lost."""
    calls: list[str] = []
    plan = tmp_path / ".jury" / "transaction" / "plan.json"

    def sync() -> None:
        assert not plan.exists()
        calls.append("sync")

    monkeypatch.setattr(os, "sync", sync)
    transaction.commit(tmp_path, {"a.docx": b"a"})
    assert calls == []
    writes = {f"{rank}.docx": b"%d" % rank for rank in range(100)}
    transaction.commit(tmp_path, writes)
    assert calls == ["sync"]
    assert contents(tmp_path) == {"a.docx": b"a", **writes}
