"""jury surveiller: real files dropped in a real folder, and the receipt that each one gets.

Nothing here sleeps for a fixed time: each test waits for what is to be said, and fails past a bound
wide enough for a busy machine.
"""

import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, edit, flat, played, returned, row_of
from test_cli import ENVIRONMENT

from batch.anomalies import Empechement
from batch.chaine import surveillance
from batch.chaine.surveillance import Recu, watch
from batch.classeurs.grille import forme as f
from batch.folder import Folder

PATIENCE = 60  # seconds: a failure, not a measure


@pytest.fixture(scope="module")
def remplies(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A session whose grids came back, complete."""
    return played(tmp_path_factory.mktemp("surveiller") / "session")


@pytest.fixture
def attente(remplies: Folder, tmp_path: Path) -> Folder:
    """The same, before anything came back."""
    root = Path(shutil.copytree(remplies.root, tmp_path / "attente"))
    shutil.rmtree(root / "retours")
    (root / "retours").mkdir()
    return Folder(root)


class Garde:
    """A watch at work beside the test, and what it has said."""

    def __init__(self, folder: Folder, *, sonder: bool = False) -> None:
        self._said: queue.Queue[Recu | BaseException] = queue.Queue()
        self._stop, ready = threading.Event(), threading.Event()

        def run() -> None:
            try:
                for recu in watch(
                    folder,
                    lambda: NOW,
                    sonder=sonder,
                    stop=self._stop,
                    ready=lambda _: ready.set(),
                ):
                    self._said.put(recu)
            except BaseException as error:
                self._said.put(error)

        self._thread = threading.Thread(target=run)
        self._thread.start()
        assert ready.wait(PATIENCE)

    def next(self) -> Recu:
        said = self._said.get(timeout=PATIENCE)
        if isinstance(said, BaseException):
            raise said
        return said

    def phrase(self) -> str:
        return flat(self.next().phrase)

    def stop(self) -> list[Recu | BaseException]:
        """What nobody has asked for yet."""
        self._stop.set()
        self._thread.join(PATIENCE)
        assert not self._thread.is_alive()
        return list(self._said.queue)


@pytest.fixture
def garde() -> Iterator[Callable[..., Garde]]:
    started: list[Garde] = []

    def start(folder: Folder, **options: Any) -> Garde:
        started.append(Garde(folder, **options))
        return started[-1]

    yield start
    for one in started:
        one.stop()


def drop(folder: Folder, source: Path, name: str = "") -> Path:
    return Path(shutil.copyfile(source, folder.retours / (name or source.name)))


def spoilt(source: Path, target: Path) -> Path:
    """The grid with two values that are no level."""
    shutil.copyfile(source, target)

    def change(workbook: Any) -> None:
        for start in ("C1", "C2"):
            sheet = next(s for s in workbook.worksheets if s.title.startswith(start))
            sheet.cell(row_of(sheet, "E1"), f.NOTE).value = "bof"

    edit(target, change)
    return target


@pytest.mark.parametrize("sonder", [False, True], ids=["events", "polling"])
def test_each_file_gets_its_receipt_and_the_report_follows(
    attente: Folder, remplies: Folder, garde: Callable[..., Garde], tmp_path: Path, sonder: bool
) -> None:
    watched = garde(attente, sonder=sonder)
    drop(attente, returned(remplies, "BC2"), "à moi.xlsx")
    recu = watched.next()
    assert (recu.nom, recu.bloquant) == ("retours/à moi.xlsx", False)
    assert flat(recu.phrase) == "Hélène FABRE, bloc BC2 : reçue, complète"
    drop(attente, spoilt(returned(remplies, "BC1"), tmp_path / "fautive.xlsx"))
    assert watched.phrase() == "Hélène FABRE, bloc BC1 : 2 points à corriger"
    assert "« bof »" in flat((attente.controle / "rapport.html").read_text(encoding="utf-8"))
    assert list(attente.corrections.glob("correction *.xlsx"))
    lines = (attente.controle / "recus.txt").read_text(encoding="utf-8").splitlines()
    assert [line[:19] for line in lines] == ["02/03/2026 09:30:00"] * 2
    assert flat(lines[1]).endswith(
        "retours/fautive.xlsx : Hélène FABRE, bloc BC1 : 2 points à corriger"
    )
    assert sorted(path.name for path in attente.retours.iterdir()) == ["fautive.xlsx", "à moi.xlsx"]


def test_a_file_put_right_gets_another_receipt_and_one_taken_away_too(
    attente: Folder, remplies: Folder, garde: Callable[..., Garde], tmp_path: Path
) -> None:
    watched = garde(attente)
    path = drop(attente, spoilt(returned(remplies), tmp_path / "g.xlsx"))
    assert watched.phrase().endswith("2 points à corriger")
    shutil.copyfile(returned(remplies), path)
    assert watched.phrase().endswith("reçue, complète")
    path.unlink()
    assert watched.phrase() == "n’est plus dans retours/"


def test_a_folder_and_a_zip_are_looked_into(
    attente: Folder, remplies: Folder, garde: Callable[..., Garde], tmp_path: Path
) -> None:
    watched = garde(attente)
    (tmp_path / "envoi").mkdir()
    shutil.copyfile(returned(remplies, "BC1"), tmp_path / "envoi" / "un.xlsx")
    (tmp_path / "envoi").rename(attente.retours / "envoi")
    recu = watched.next()
    assert recu.nom == "retours/envoi/un.xlsx"
    assert flat(recu.phrase).endswith("reçue, complète")
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as package:
        package.write(returned(remplies, "BC2"), "deux.xlsx")
        package.write(returned(remplies, "BC3"), "trois.xlsx")
    drop(attente, tmp_path / "z.zip")
    assert watched.phrase() == (
        "Hélène FABRE, bloc BC2 et Hélène FABRE, bloc BC3 : reçue, complète"
    )


def test_a_file_is_read_once_it_is_whole(
    attente: Folder, remplies: Folder, garde: Callable[..., Garde]
) -> None:
    """Copied slowly, it gets one receipt, and none about half of it."""
    watched = garde(attente)
    content = returned(remplies).read_bytes()
    with (attente.retours / "lent.xlsx").open("wb") as stream:
        stream.write(content[: len(content) // 2])
        stream.flush()
        # Another file's receipt proves that this half was seen, and left alone.
        drop(attente, returned(remplies, "BC2"))
        assert "bloc BC2" in watched.phrase()
        stream.write(content[len(content) // 2 :])
    assert watched.phrase() == "Hélène FABRE, bloc BC1 : reçue, complète"


def test_traces_of_programs_and_empty_placeholders_are_waited_for(
    attente: Folder, remplies: Folder, garde: Callable[..., Garde]
) -> None:
    watched = garde(attente)
    for name in ("~$grille.xlsx", "grille.xlsx.crdownload", ".grille.xlsx.icloud", "A1B2.tmp"):
        (attente.retours / name).write_bytes(b"\0" * 165)
    placeholder = attente.retours / "plus tard.xlsx"
    placeholder.touch()
    drop(attente, returned(remplies, "BC2"))
    assert "bloc BC2" in watched.phrase()
    shutil.copyfile(returned(remplies), placeholder)
    recu = watched.next()
    assert recu.nom == "retours/plus tard.xlsx"
    assert watched.stop() == []


def test_what_is_no_grid_is_told_why(attente: Folder, garde: Callable[..., Garde]) -> None:
    watched = garde(attente)
    (attente.retours / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    recu = watched.next()
    assert recu.bloquant
    assert flat(recu.phrase).startswith("1 point à corriger : retours/photo.jpg est une image")


def test_a_crash_on_one_file_does_not_end_the_watch(
    attente: Folder,
    remplies: Folder,
    garde: Callable[..., Garde],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = surveillance.control

    def fragile(folder: Folder, now: datetime) -> Any:
        if (folder.retours / "poison.xlsx").exists():
            raise ZeroDivisionError
        return real(folder, now)

    monkeypatch.setattr(surveillance, "control", fragile)
    watched = garde(attente)
    poison = drop(attente, returned(remplies), "poison.xlsx")
    recu = watched.next()
    assert recu.bloquant
    assert "c’est un défaut du programme" in recu.phrase
    assert "ZeroDivisionError" in recu.phrase
    poison.unlink()
    assert watched.phrase() == "n’est plus dans retours/"
    drop(attente, returned(remplies, "BC2"))
    assert watched.phrase().endswith("reçue, complète")


def test_a_session_that_cannot_be_read_any_more_is_told_and_watched_still(
    attente: Folder, remplies: Folder, garde: Callable[..., Garde]
) -> None:
    watched = garde(attente)
    good = attente.session.read_bytes()
    attente.session.write_bytes(b"")
    drop(attente, returned(remplies))
    assert watched.phrase() == "Le classeur de la session ne peut pas être lu."
    attente.session.write_bytes(good)
    drop(attente, returned(remplies, "BC2"))
    assert watched.phrase().endswith("reçue, complète")


def test_without_a_place_to_drop_files_it_says_so(attente: Folder) -> None:
    attente.retours.rmdir()
    with pytest.raises(Empechement, match="Le dossier retours/ n’existe pas"):
        next(watch(attente, lambda: NOW))


def hear_ctrl_c() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_ends_it_cleanly_with_the_page_made_again(attente: Folder, remplies: Folder) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "batch", "surveiller", str(attente.root)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8",
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": "1"},
        # A shell that starts the tests in the background has them ignore Ctrl+C.
        preexec_fn=hear_ctrl_c if os.name == "posix" else None,
    )  # fmt: skip
    assert process.stdout is not None
    alarm = threading.Timer(PATIENCE * 2, process.kill)
    alarm.start()
    try:
        said = ""
        while "La surveillance commence" not in said:
            said += (line := process.stdout.readline())
            assert line, said
        drop(attente, returned(remplies))
        while "reçue, complète" not in said:
            said += (line := process.stdout.readline())
            assert line, said
        # The page follows the receipt: once the bloc is told as returned there, it is written.
        page = attente.root / "etat.html"
        waited = threading.Event()
        for _ in range(PATIENCE * 10):
            if "2 sur 2, vue" in flat(page.read_text(encoding="utf-8")):
                break
            waited.wait(0.1)
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(PATIENCE) == 0, said + rest
        assert "La surveillance est arrêtée." in flat(rest)
        assert "Traceback" not in said + rest
        assert "2 sur 2, vue" in flat(page.read_text(encoding="utf-8"))
    finally:
        alarm.cancel()
        process.kill()
        process.wait()
        process.stdout.close()


def test_what_comes_before_the_watch_begins_is_not_missed(
    attente: Folder,
    remplies: Folder,
    garde: Callable[..., Garde],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = surveillance.control
    late = iter([attente.retours / "au même moment.xlsx"])

    def while_somebody_drops(folder: Folder, now: datetime) -> Any:
        found = real(folder, now)
        for path in late:
            shutil.copyfile(returned(remplies), path)
        return found

    monkeypatch.setattr(surveillance, "control", while_somebody_drops)
    assert garde(attente).next().nom == "retours/au même moment.xlsx"
