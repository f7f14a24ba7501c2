"""What an act was drawn from is kept with it: nothing ordinary stops the sealing of a session."""

import json
import shutil
from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import HISTOIRE, NOW, edit, returned, sentences
from test_etats import date_the_decision

from batch import chaine, data, demonstration, fichiers
from batch.anomalies import Empechement
from batch.archive import texte
from batch.chaine import archive, fondement, rejeu
from batch.folder import Folder

LATER = NOW + timedelta(days=40)


@pytest.fixture(scope="module")
def attend(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """A session whose minutes are final and whose body has not decided yet. Only to be read."""
    story = deepcopy(HISTOIRE)
    del story["session"]["date_decision"]
    folder = Folder(tmp_path_factory.mktemp("attend") / "session")
    for _ in demonstration.play(folder, story, NOW):
        pass
    return folder


@pytest.fixture(scope="module")
def decide(attend: Folder, tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The same once the body's day was typed, and the letters made. Only to be read."""
    root = tmp_path_factory.mktemp("decide") / "session"
    folder = Folder(Path(shutil.copytree(attend.root, root)))
    date_the_decision(folder, "22/06/2023")
    chaine.treat(folder, LATER)
    return folder


@pytest.fixture(scope="module")
def scellee(decide: Folder, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = tmp_path_factory.mktemp("scellee") / "session"
    return archive.seal(Folder(Path(shutil.copytree(decide.root, root))), LATER).chemin.read_bytes()


@pytest.fixture
def session(decide: Folder, tmp_path: Path) -> Folder:
    return Folder(Path(shutil.copytree(decide.root, tmp_path / "session")))


def refused(folder: Folder) -> list[str]:
    with pytest.raises(Empechement, match="La session ne peut pas être scellée") as stop:
        archive.seal(folder, LATER)
    return [one.replace("’", "'") for one in sentences(stop.value.anomalies)]


def forget_the_copies(folder: Folder) -> None:
    """As the versions that kept none left a session."""
    for path in folder.actes.iterdir():
        content = json.loads(path.read_text(encoding="utf-8"))
        del content["copies"], content["plus_recente"]
        path.write_text(json.dumps(content), encoding="utf-8")
    shutil.rmtree(folder.copies)


def test_a_day_of_decision_typed_after_the_minutes_is_sealed_and_replayed(
    decide: Folder, scellee: bytes
) -> None:
    whole = archive.opened("a", scellee)
    done = rejeu.replay(whole)
    assert done.anomalies == ()
    made = [name for name in whole.pieces if name.startswith("session/documents/")]
    assert done.documents == len(made) + 1  # with resultats.xlsx
    assert done.anterieurs == 0
    # What the minutes rest on is there, to the byte, though session.xlsx has changed since.
    sealed = {piece.sha256 for piece in whole.manifeste.pieces.values()}
    resting = dict(whole.manifeste.fondement.pieces)
    assert resting.pop(fondement.DECISIONS) not in sealed
    assert set(resting.values()) <= sealed
    assert whole.manifeste.pieces["session/session.xlsx"].sha256 != resting["session.xlsx"]
    journal = whole.pieces["session/journal.jsonl"].decode().splitlines()
    assert json.loads(journal[-1])["complement"] == "1-complement-1"
    # Nothing is there twice.
    assert len(sealed) == len(whole.manifeste.pieces)


def test_the_number_of_a_certificate_that_came_late_is_found_again(
    attend: Folder, tmp_path: Path
) -> None:
    folder = Folder(Path(shutil.copytree(attend.root, tmp_path / "session")))
    date_the_decision(folder, "22/06/2023")
    chaine.treat(folder, LATER, registre=tmp_path / "registre.sqlite")
    numbers = json.loads((folder.actes / "1-complement-1.json").read_text("utf-8"))["numeros"]
    assert numbers == [["C1", "", "000001"], ["C2", "", "000002"]]
    whole = archive.opened("a", archive.seal(folder, LATER).chemin.read_bytes())
    certificate = whole.pieces["session/documents/certificats/C2 PETIT.docx"]
    assert "000002" in (texte.text_of("c.docx", certificate) or "")
    assert rejeu.replay(whole).anomalies == ()


def test_nothing_is_kept_twice(decide: Folder) -> None:
    kept = [fichiers.fingerprint(path.read_bytes()) for path in decide.copies.iterdir()]
    assert sorted(kept) == sorted(path.stem for path in decide.copies.iterdir())
    act, complement = (
        json.loads((decide.actes / name).read_text(encoding="utf-8"))["copies"]
        for name in ("1.json", "1-complement-1.json")
    )
    changed = {name for name in complement if act.get(name) != complement[name]}
    assert changed == {"session.xlsx", "resultats.json"}
    assert set(kept) == {*act.values(), *complement.values()}


def save_again(folder: Folder) -> None:
    edit(folder.session, lambda book: None)


def save_the_decisions_again(folder: Folder) -> None:
    edit(folder.deliberation, lambda book: None)


def save_the_results_again(folder: Folder) -> None:
    edit(folder.resultats_xlsx, lambda book: None)


def note_in_the_reglement(folder: Folder) -> None:
    with folder.reglement.open("a", encoding="utf-8") as stream:
        stream.write("# relu en juillet\n")


def change_a_template(folder: Folder) -> None:
    folder.gabarits.mkdir(exist_ok=True)
    template = docx.Document(str(data.TEMPLATES / "lettre.docx"))
    template.add_paragraph("Une phrase de plus.")
    template.save(str(folder.gabarits / "lettre.docx"))


def lose_the_machine_s_results(folder: Folder) -> None:
    folder.resultats.unlink()


def lose_a_letter(folder: Folder) -> None:
    (folder.documents / "lettres" / "C1 DURAND.docx").unlink()


def lose_a_letter_once_its_template_has_changed(folder: Folder) -> None:
    change_a_template(folder)
    lose_a_letter(folder)


def lose_the_minutes_once_the_session_has_changed(folder: Folder) -> None:
    (folder.documents / "proces-verbal.docx").unlink()


def correct_a_mail_address(folder: Folder) -> None:
    def write(book: Any) -> None:
        sheet = book["Évaluateurs"]
        cell = next(c for row in sheet.iter_rows() for c in row if c.value == "helene@exemple.fr")
        cell.value = "h.fabre@exemple.fr"

    edit(folder.session, write)


ORDINARY = [
    save_again,
    save_the_decisions_again,
    save_the_results_again,
    note_in_the_reglement,
    change_a_template,
    lose_the_machine_s_results,
    lose_a_letter,
    lose_a_letter_once_its_template_has_changed,
    lose_the_minutes_once_the_session_has_changed,
    correct_a_mail_address,
]


@pytest.mark.parametrize("happens", ORDINARY, ids=lambda one: one.__name__)
def test_what_happens_to_a_folder_changes_no_byte_of_its_archive(
    session: Folder, scellee: bytes, happens: Callable[[Folder], None]
) -> None:
    happens(session)
    told = chaine.treat(session, LATER + timedelta(days=1)).anomalies
    assert not any(one.bloquante for one in told), sentences(told)
    sealed = archive.seal(session, LATER + timedelta(days=2))
    pieces = archive.opened("a", scellee).pieces
    assert (
        archive.opened("a", sealed.chemin.read_bytes()).pieces.keys()
        - {"session/gabarits/lettre.docx"}
        == pieces.keys()
    )
    if happens not in (change_a_template, lose_a_letter_once_its_template_has_changed):
        assert sealed.chemin.read_bytes() == scellee
    assert rejeu.replay(archive.opened("a", sealed.chemin.read_bytes())).anomalies == ()


def save_a_grid_again(folder: Folder) -> None:
    edit(returned(folder, "BC2"), lambda book: None)


def receive_a_grid_twice(folder: Folder) -> None:
    shutil.copy(returned(folder, "BC2"), folder.retours / "la même.xlsx")


def receive_the_same_grid_saved_again(folder: Folder) -> None:
    receive_a_grid_twice(folder)
    edit(folder.retours / "la même.xlsx", lambda book: None)


def receive_something_else(folder: Folder) -> None:
    (folder.retours / "photo.xlsx").write_bytes(b"rien d'un classeur")


@pytest.mark.parametrize(
    "comes",
    [
        save_a_grid_again,
        receive_a_grid_twice,
        receive_the_same_grid_saved_again,
        receive_something_else,
    ],
    ids=lambda one: one.__name__,
)
def test_what_comes_late_and_changes_nothing_is_sealed_besides(
    session: Folder, comes: Callable[[Folder], None]
) -> None:
    comes(session)
    chaine.treat(session, LATER + timedelta(days=1))
    whole = archive.opened("a", archive.seal(session, LATER).chemin.read_bytes())
    resting = {own for nom, own in whole.manifeste.fondement.pieces if nom != fondement.DECISIONS}
    assert resting <= {piece.sha256 for piece in whole.manifeste.pieces.values()}
    late = {path.name for path in session.retours.rglob("*.xlsx")}
    sealed = {nom.rpartition("/")[2] for nom in whole.pieces if "/retours/" in nom}
    assert late == sealed
    assert rejeu.replay(whole).anomalies == ()


def test_a_session_that_says_something_else_is_refused_with_the_difference(
    session: Folder,
) -> None:
    def move(book: Any) -> None:
        sheet = book["Candidats"]
        cell = next(c for row in sheet.iter_rows() for c in row if c.value == "DURAND")
        cell.value = "DUPOND"

    edit(session.session, move)
    assert refused(session) == [
        "JUR-201 resultats.json | Léa DUPOND (C1), l'identité : le procès-verbal n° S1-PV1 dit "
        "« Léa DURAND, née le 14/03/1996 à Lyon (69) (France) », le dossier dit maintenant « Léa "
        "DUPOND, née le 14/03/1996 à Lyon (69) (France) ».",
    ]


def test_the_day_of_the_body_is_typed_and_the_letters_are_not_made_yet(
    attend: Folder, tmp_path: Path
) -> None:
    folder = Folder(Path(shutil.copytree(attend.root, tmp_path / "session")))
    date_the_decision(folder, "22/06/2023")
    assert refused(folder) == [
        "ARC-005 documents | Il reste 7 documents à faire avec le procès-verbal n° S1-PV1 : ce qui "
        "manquait est maintenant connu (documents/affichage.docx, documents/lettres/C1 "
        "DURAND.docx, documents/releves/C1 DURAND.docx et 4 autres)."
    ]
    chaine.treat(folder, LATER)
    assert archive.seal(folder, LATER).nouvelle


def test_a_copy_that_was_thrown_away_is_missed_only_if_it_is_nowhere(session: Folder) -> None:
    shutil.rmtree(session.copies)
    told = refused(session)
    assert [one.partition(" (")[0] for one in told] == [
        "ARC-006 .jury/copies | Il manque 14 fichiers de ce sur quoi repose le procès-verbal n° "
        "S1-PV1"
    ]
    assert "session.xlsx" in told[0]
    assert "reglement.yaml" not in told[0]  # still in the folder


def test_an_act_of_an_older_version_is_sealed_only_as_long_as_nothing_has_changed(
    session: Folder,
) -> None:
    chaine.treat(session, LATER, motif=None)
    date_the_decision(session, None)
    forget_the_copies(session)
    date_the_decision(session, "22/06/2023")
    told = [one for one in refused(session) if one.startswith("ARC-002")]
    assert told == [
        "ARC-002 session.xlsx | session.xlsx n'est plus celui du procès-verbal n° S1-PV1, et "
        "aucune copie n'en a été gardée."
    ]
    (said,) = chaine.treat(session, LATER).anomalies
    assert said.code.numero == "JUR-205"
    assert "n’en a pas gardé de copie" in said.message
    assert "rétablissez" in said.remede


def test_an_untouched_act_of_an_older_version_is_still_sealed_and_replayed(
    tmp_path: Path,
) -> None:
    folder = Folder(tmp_path / "session")
    for _ in demonstration.play(folder, deepcopy(HISTOIRE), NOW):
        pass
    forget_the_copies(folder)
    done = rejeu.replay(archive.opened("a", archive.seal(folder, LATER).chemin.read_bytes()))
    assert done.anomalies == ()
    assert done.documents > 0


def test_a_letter_sent_since_is_sealed_beside_the_first_archive(session: Folder) -> None:
    first = archive.seal(session, LATER)
    fichiers.write(session.envois, b"{}\n")
    second = archive.seal(session, LATER)
    assert (first.chemin.name, second.chemin.name) == ("S1-PV1.jury.zip", "S1-PV1 (2).jury.zip")
    assert archive.seal(session, LATER).nouvelle is False
