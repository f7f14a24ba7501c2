"""jury accepter: a warning that somebody answers for is not shown again, until it changes."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, edit, flat
from test_cli import jury

from batch import chaine
from batch.anomalies import Anomalie, Empechement, MauvaisUsage
from batch.folder import Folder

MOTIF = "Grille remise en main propre le 3 juin."


@pytest.fixture
def averti(dossier: Folder) -> Folder:
    """A session with one warning: its evaluator has no address."""
    type_address(dossier, None)
    return dossier


def type_address(folder: Folder, address: str | None) -> None:
    def change(workbook: Any) -> None:
        workbook["Évaluateurs"]["F2"].value = address

    edit(folder.session, change)


def found(folder: Folder) -> list[Anomalie]:
    return chaine.examine(folder).anomalies


def test_what_is_accepted_is_counted_and_listed_and_no_longer_shown(averti: Folder) -> None:
    (warning,) = found(averti)
    before = jury("controle", averti.root)
    assert f"jury accepter, référence {warning.reference}." in flat(before.stdout)

    said = jury("accepter", averti.root, warning.reference.lower(), "--motif", MOTIF)
    assert (said.returncode, said.stderr) == (0, "")
    assert flat(said.stdout) == "1 anomalie est acceptée. Relancez « jury traiter »."

    after = flat(jury("controle", averti.root).stdout)
    assert "Contrôle : aucune anomalie (1 acceptée)." in after
    assert "SES-010" not in after
    (read,) = json.loads(jury("controle", averti.root, "--format", "json").stdout)["anomalies"]
    assert (read["code"], read["reference"], read["acceptee"]) == (
        "SES-010",
        warning.reference,
        MOTIF,
    )


def test_the_list_says_what_waits_and_what_is_accepted_and_why(averti: Folder) -> None:
    (warning,) = found(averti)
    listed = flat(jury("accepter", averti.root, "--liste").stdout)
    assert listed.startswith(f"À vérifier : 1. {warning.reference} SES-010 session.xlsx, feuille")
    assert listed.endswith("Acceptées : aucune.")
    chaine.accept(averti, found(averti), [warning.reference], MOTIF, NOW)
    listed = flat(jury("accepter", averti.root, "--liste").stdout)
    assert listed.startswith("À vérifier : aucune. Acceptées : 1.")
    assert listed.endswith(f"Motif : {MOTIF}")


def test_an_acceptance_is_taken_back_by_one_more_line(averti: Folder) -> None:
    (warning,) = found(averti)
    chaine.accept(averti, [warning], [warning.reference], MOTIF, NOW)
    later = NOW + timedelta(days=1)
    said = jury("accepter", averti.root, warning.reference, "--retirer")
    assert flat(said.stdout) == "1 anomalie n’est plus acceptée. Relancez « jury traiter »."
    assert found(averti) == [warning]
    lines = [json.loads(one) for one in averti.acceptations.read_text("utf-8").splitlines()]
    assert [(one["quoi"], one["motif"]) for one in lines] == [
        ("accepter", MOTIF),
        ("retirer", None),
    ]
    chaine.accept(averti, found(averti), [warning.reference], "Autre motif", later)
    assert [one.acceptee for one in found(averti)] == ["Autre motif"]


def test_a_warning_that_changes_comes_back(averti: Folder) -> None:
    (warning,) = found(averti)
    chaine.accept(averti, [warning], [warning.reference], MOTIF, NOW)

    def rename(workbook: Any) -> None:
        workbook["Évaluateurs"]["C2"].value = "Eugénie"

    edit(averti.session, rename)
    (again,) = [one for one in found(averti) if one.code is warning.code]
    assert (again.acceptee, again.reference == warning.reference) == (None, False)


def test_the_reason_is_in_the_session_and_not_in_the_journal(averti: Folder) -> None:
    (warning,) = found(averti)
    chaine.accept(averti, [warning], [warning.reference], f"  {MOTIF}\n", NOW)
    journal = (averti.root / "journal.jsonl").read_text(encoding="utf-8")
    last = json.loads(journal.splitlines()[-1])
    assert last == {
        "quand": NOW.isoformat(timespec="seconds"),
        "quoi": "accepter",
        "reference": warning.reference,
        "code": "SES-010",
    }
    assert MOTIF not in journal
    assert MOTIF in averti.acceptations.read_text(encoding="utf-8")


def test_a_blocking_anomaly_is_mended_and_not_accepted(dossier: Folder) -> None:
    next(dossier.retours.rglob("*.xlsx")).unlink()
    (missing,) = found(dossier)
    with pytest.raises(MauvaisUsage) as stop:
        chaine.accept(dossier, [missing], [missing.reference], MOTIF, NOW)
    assert flat(str(stop.value)) == (
        f"{missing.reference} (GRI-301) est bloquante : elle se corrige, elle ne s’accepte pas."
    )
    assert not dossier.acceptations.exists()


def test_an_information_asks_for_nothing(dossier: Folder) -> None:
    (dossier.retours / "._grille.xlsx").write_bytes(b"x")
    (info,) = found(dossier)
    with pytest.raises(MauvaisUsage, match="est une information"):
        chaine.accept(dossier, [info], [info.reference], MOTIF, NOW)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["AAAAAA", "--motif", "x"], "La référence « AAAAAA » n’est celle d’aucune anomalie"),
        (["AAAAAA"], "Dites pourquoi, avec --motif : il figurera dans les rapports."),
        ([], "Donnez une référence, ou demandez --liste."),
        (["AAAAAA", "--liste"], "Donnez une référence, ou demandez --liste."),
    ],
)
def test_what_is_asked_wrongly(averti: Folder, arguments: list[str], sentence: str) -> None:
    said = jury("accepter", averti.root, *arguments)
    assert said.returncode == 2
    assert sentence in flat(said.stderr)


def test_what_is_not_accepted_cannot_be_taken_back(averti: Folder) -> None:
    (warning,) = found(averti)
    with pytest.raises(MauvaisUsage, match="n’est pas acceptée"):
        chaine.take_back(averti, [warning], [warning.reference], NOW)


@pytest.mark.parametrize("content", [b"{", b"\xff", b'{"quoi": "accepter"}', b"3"])
def test_a_damaged_record_is_said_and_nothing_is_lost(averti: Folder, content: bytes) -> None:
    Path(averti.acceptations).write_bytes(content)
    with pytest.raises(Empechement, match=r"Le relevé des anomalies acceptées .* ne peut pas"):
        found(averti)
    assert averti.acceptations.read_bytes() == content
