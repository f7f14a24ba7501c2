"""The sealed archive: nothing moves in it unseen, and everything in it can be done again."""

import hashlib
import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner, Result
from conftest import HISTOIRE, NOW, edit, flat, on_keyboard, sentences
from pypdf import PdfReader, PdfWriter
from test_libreoffice import SOFFICE, needs_libreoffice

from batch import chaine, data, demonstration
from batch.anomalies import Empechement, MauvaisUsage
from batch.archive import forme, texte, verification
from batch.archive.forme import Manifeste, Piece, Programme, Scellee
from batch.chaine import archive, duplicata, purge, rejeu
from batch.cli import commandes
from batch.folder import Folder
from batch.reception import limites

CONSERVEE = Path(__file__).parent / "donnees" / "archives" / "2026-11 jury-archive-1.zip"
LATER = NOW + timedelta(days=400)


@pytest.fixture(scope="module")
def close(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The small session, closed. Tests share it: it is only to be read."""
    folder = Folder(tmp_path_factory.mktemp("close") / "session")
    for _ in demonstration.play(folder, deepcopy(HISTOIRE), NOW):
        pass
    return folder


@pytest.fixture
def session(close: Folder, tmp_path: Path) -> Folder:
    return Folder(shutil.copytree(close.root, tmp_path / "session"))


@pytest.fixture(scope="module")
def scellee(close: Folder, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    root = shutil.copytree(close.root, tmp_path_factory.mktemp("scellee") / "session")
    return archive.seal(Folder(root), NOW).chemin.read_bytes()


@pytest.fixture(autouse=True)
def _on_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JURY_ARCHIVE_PHRASE", raising=False)


def run(*arguments: object, tape: str = "", **environment: str) -> Result:
    words = ["archive", *map(str, arguments)]
    return CliRunner().invoke(commandes, words, input=tape, env=environment)


def said(result: Result) -> str:
    return flat(result.output)


def refused(folder: Folder) -> list[str]:
    with pytest.raises(Empechement) as stop:
        archive.seal(folder, NOW)
    assert "La session ne peut pas être scellée" in str(stop.value)
    assert not folder.archives.exists()
    return sentences(stop.value.anomalies)


# --- sealing


def test_the_same_session_gives_the_same_bytes_on_another_day_and_elsewhere(
    session: Folder, tmp_path: Path
) -> None:
    first = archive.seal(session, NOW)
    moved = Folder(shutil.copytree(session.root, tmp_path / "ailleurs" / "copie"))
    chaine.treat(moved, LATER)
    second = archive.seal(moved, LATER, tmp_path / "autre.zip")
    content = first.chemin.read_bytes()
    assert content == second.chemin.read_bytes()
    assert archive.seal(moved, LATER).nouvelle is False
    lines = [json.loads(line) for line in moved.journal.read_text(encoding="utf-8").splitlines()]
    sealed = [line for line in lines if line["quoi"] == "sceller"]
    assert [line["quand"] for line in sealed] == [NOW.isoformat(), LATER.isoformat()]
    assert {line["archive"] for line in sealed} == {hashlib.sha256(content).hexdigest()}


def test_it_holds_what_came_in_what_went_out_and_what_made_it(scellee: bytes) -> None:
    whole = archive.opened("a", scellee)
    names = set(whole.pieces)
    assert {
        "session/session.xlsx",
        "session/reglement.yaml",
        "session/deliberation.xlsx",
        "session/.jury/cle",
        "session/.jury/decisions.jsonl",
        "session/.jury/actes/1.json",
        "session/journal.jsonl",
        "session/documents/proces-verbal.docx",
        "session/documents/lettres/C1 DURAND.docx",
        "session/resultats.json",
        "programme/cqp-rpo.yaml",
        "programme/gabarits/lettre.docx",
    } <= names
    assert sum(name.startswith("session/retours/") for name in names) == 3
    manifest = zipfile.Path(_zip(scellee), "manifeste.json").read_text(encoding="utf-8")
    schema = json.loads((data.SCHEMAS / "archive.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(manifest))
    # It says neither where nor when it was sealed.
    assert "/tmp" not in manifest
    assert "quand" not in manifest


def _zip(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_it_says_the_fingerprint_that_the_minutes_print(scellee: bytes) -> None:
    whole = archive.opened("a", scellee)
    minutes = whole.pieces["session/documents/proces-verbal.docx"]
    printed = texte.text_of("pv.docx", minutes)
    assert printed is not None
    assert whole.manifeste.fondement.courte in printed


def test_a_project_is_not_sealed(dossier: Folder) -> None:
    chaine.treat(dossier, NOW)
    told = refused(dossier)
    assert "La session n'a pas encore de procès-verbal définitif." in told[-1].replace("’", "'")
    assert any(one.startswith("ARC-001") for one in told)
    assert any(one.startswith("JUR-203") for one in told)


def test_every_reason_is_told_at_once(session: Folder) -> None:
    (session.documents / "affichage.docx").unlink()
    letter = session.documents / "lettres" / "C1 DURAND.docx"
    letter.write_bytes(b"retouch")
    edit(session.session, lambda book: _rename(book["Candidats"]))
    told = "\n".join(refused(session)).replace("’", "'")
    assert "JUR-201 resultats.json | Léa DUPOND (C1), l'identité" in told
    assert (
        "ARC-003 documents/affichage.docx | documents/affichage.docx manque : le procès-verbal"
        in told
    )
    assert "n'est plus le document fait avec le procès-verbal n° S1-PV1" in told
    assert "ARC-004" in told


def test_what_the_minutes_no_longer_say_stops_the_sealing(session: Folder) -> None:
    edit(session.session, lambda book: _rename(book["Candidats"]))
    told = refused(session)
    assert any(one.startswith("JUR-201") for one in told)


def _rename(sheet: object) -> None:
    for row in sheet.iter_rows():  # type: ignore[attr-defined]
        for cell in row:
            if cell.value == "DURAND":
                cell.value = "DUPOND"


def test_the_jury_s_workbook_may_be_saved_again(session: Folder) -> None:
    edit(session.deliberation, lambda book: None)
    assert archive.seal(session, NOW).nouvelle


def test_results_that_were_rewritten_by_hand_stop_the_sealing(session: Folder) -> None:
    session.resultats.write_text("{}", encoding="utf-8")
    assert any(one.startswith("ARC-004 resultats.json") for one in refused(session))
    session.resultats.unlink()
    assert any(one.startswith("ARC-003 resultats.json") for one in refused(session))


def test_another_archive_is_never_replaced(session: Folder, tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    place.write_bytes(b"autre chose")
    with pytest.raises(Empechement, match="n’a pas été remplacée"):
        archive.seal(session, NOW, place)
    assert place.read_bytes() == b"autre chose"


# --- verifying


def tiny() -> bytes:
    """An archive small enough to spoil each of its bytes, with a zip inside as real ones have."""
    inner = forme.assemble(_manifest({}), {}, date(2023, 6, 15)).contenu
    pieces = {"session/é.txt": b"un", "session/lettre.docx": inner, "session/vide": b""}
    return forme.assemble(_manifest(pieces), pieces, date(2023, 6, 15)).contenu


def _manifest(pieces: dict[str, bytes]) -> Manifeste:
    described = {nom: Piece.of(contenu) for nom, contenu in sorted(pieces.items())}
    fondement = forme.rests_on([("é.txt", described["session/é.txt"].sha256)] if pieces else [])
    return Manifeste(
        {"id": "S1", "proces_verbal": "S1-PV1"}, ("S1-PV1",), fondement,
        Programme("0", "3", {}), described,
    )  # fmt: skip


def test_whichever_byte_changes_it_is_seen() -> None:
    content = tiny()
    assert verification.verify("a", content).anomalies == ()
    for place in range(len(content)):
        spoiled = bytearray(content)
        spoiled[place] ^= 1 << place % 8
        constat = verification.verify("a", bytes(spoiled))
        assert constat.scellee is None
        codes = {anomalie.code.numero for anomalie in constat.anomalies}
        assert codes <= {"ARC-102", "ARC-103"}, (place, codes)
        assert codes, place


def test_whichever_byte_of_a_real_archive_changes_the_seal_is_broken(scellee: bytes) -> None:
    choose = random.Random(20261123)
    for place in choose.sample(range(len(scellee)), 40):
        spoiled = bytearray(scellee)
        spoiled[place] ^= 1 << choose.randrange(8)
        assert verification.verify("a", bytes(spoiled)).anomalies
    # Thousands of places, at the price of a digest each: the seal alone is enough to tell.
    assert forme.is_sealed(scellee)
    spoiled = bytearray(scellee)
    for place in choose.sample(range(len(scellee)), 3000):
        spoiled[place] ^= 1 << choose.randrange(8)
        assert not forme.is_sealed(bytes(spoiled)), place
        spoiled[place] = scellee[place]
    assert not any(forme.is_sealed(one) for one in (scellee[:-1], scellee[1:], scellee + b"\0"))


def _spoiled(content: bytes, spoil: Callable[[dict[str, bytes]], None]) -> bytes:
    """Taken apart, changed, and zipped again by somebody else."""
    with _zip(content) as package:
        pieces = {name: package.read(name) for name in package.namelist()}
    spoil(pieces)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, piece in pieces.items():
            package.writestr(name, piece)
    return buffer.getvalue()


LETTRE = "session/documents/lettres/C1 DURAND.docx"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (
            lambda pieces: pieces.update({LETTRE: pieces[LETTRE][:-1] + b"x"}),
            f"ARC-102 a.zip | La pièce {LETTRE} n'est plus telle qu'elle a été scellée : son "
            "contenu a changé.",
        ),
        (
            lambda pieces: pieces.update({LETTRE: b"x"}),
            f"ARC-102 a.zip | La pièce {LETTRE} n'est plus telle qu'elle a été scellée : elle pèse "
            "1 octets au lieu de",
        ),
        (
            lambda pieces: pieces.pop(LETTRE),
            f"ARC-102 a.zip | La pièce {LETTRE} n'est plus telle qu'elle a été scellée : elle "
            "manque.",
        ),
        (
            lambda pieces: pieces.update({"session/faux.txt": b""}),
            "ARC-102 a.zip | La pièce session/faux.txt n'est plus telle qu'elle a été scellée : "
            "elle a été ajoutée.",
        ),
        (
            lambda pieces: pieces.update({"manifeste.json": b"{}"}),
            "ARC-102 a.zip | La pièce manifeste.json n'est plus telle qu'elle a été scellée : elle "
            "ne se lit plus, ou se contredit.",
        ),
        (
            lambda pieces: None,
            "ARC-103 a.zip | a.zip a été altérée hors de ses pièces : chaque pièce est intacte, "
            "mais pas ce qui les tient ensemble.",
        ),
    ],
    ids=["a letter", "a shorter one", "one less", "one more", "the manifest", "zipped again"],
)
def test_what_was_done_to_it_is_said(
    scellee: bytes, spoil: Callable[[dict[str, bytes]], None], sentence: str
) -> None:
    (told,) = sentences(verification.verify("a.zip", _spoiled(scellee, spoil)).anomalies)
    assert told.replace("’", "'").startswith(sentence)


def test_one_cut_short_is_not_taken_for_something_else(scellee: bytes) -> None:
    (told,) = sentences(verification.verify("a.zip", scellee[: len(scellee) // 2]).anomalies)
    assert told.startswith("ARC-103")


def test_what_is_not_ours_is_said(tmp_path: Path) -> None:
    other = tmp_path / "photos.zip"
    other.write_bytes(_spoiled(tiny(), lambda pieces: pieces.pop("manifeste.json")))
    result = run("verifier", other)
    assert result.exit_code == 1
    assert (
        "ARC-101 bloquant photos.zip photos.zip n’est pas une archive faite par ce programme"
        in (said(result))
    )


def test_a_manifest_that_would_write_elsewhere_is_not_believed() -> None:
    for name in ("session/../../x", "/session/x", "session/a:b", "ailleurs/x", "session//x"):
        pieces = {name: b"x", "session/é.txt": b"un"}
        content = forme.assemble(_manifest(pieces), pieces, date(2023, 6, 15)).contenu
        assert verification.verify("a", content).scellee is None, name


def test_an_archive_from_a_later_version_asks_for_it() -> None:
    later = tiny()[:-64].replace(b"jury/archive/1 sha256 ", b"jury/archive/2 sha256 ")
    with pytest.raises(Empechement, match="Mettez Jury à jour"):
        verification.verify("a", later + hashlib.sha256(later).hexdigest().encode())


def test_a_presented_document_is_the_archived_one_or_is_not(
    session: Folder, tmp_path: Path
) -> None:
    place = archive.seal(session, NOW).chemin
    original = session.documents / "lettres" / "C1 DURAND.docx"
    result = run("verifier", place, original)
    assert (
        result.exit_code,
        "est, octet pour octet, session/documents/lettres/C1" in said(result),
    ) == (
        0,
        True,
    )
    again = tmp_path / "lettre reçue.docx"
    _save_again(original, again)
    result = run("verifier", place, again)
    assert result.exit_code == 1
    assert (
        "ARC-202 bloquant lettre reçue.docx lettre reçue.docx dit mot pour mot le texte de "
        "session/documents/lettres/C1 DURAND.docx, mais ce n’est pas le même fichier."
    ) in said(result)
    _save_again(original, again, "DURAND", "DUPOND")
    result = run("verifier", place, again, "--format", "json")
    assert result.exit_code == 1
    assert [one["code"] for one in json.loads(result.output)["anomalies"]] == ["ARC-201"]
    assert "n'est aucun des documents de cette archive" in result.output.replace("’", "'")


def _save_again(source: Path, target: Path, before: str = "", after: str = "") -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            piece = old.read(name)
            new.writestr(name, piece.replace(before.encode(), after.encode()) if before else piece)


# --- doing it again


def test_everything_is_found_again_from_the_archive_alone(scellee: bytes, tmp_path: Path) -> None:
    place = tmp_path / "a.zip"
    place.write_bytes(scellee)
    result = run("rejouer", place)
    assert result.exit_code == 0, result.output
    count = rejeu.replay(archive.opened("a", scellee))
    assert count.documents == len(list(_papers(scellee)))
    assert f"{count.documents} documents identiques." in said(result)


def _papers(content: bytes) -> Iterator[str]:
    yield from (n for n in _zip(content).namelist() if n.startswith("session/documents/"))
    yield "resultats.xlsx"


def _forged(content: bytes, nom: str, before: bytes, after: bytes) -> Scellee:
    """Sealed again after a change: only the replay can tell."""
    whole = archive.opened("a", content)
    pieces = {**whole.pieces, nom: whole.pieces[nom].replace(before, after)}
    return Scellee(whole.manifeste, pieces, whole.empreinte)


def test_an_outcome_that_is_not_found_again_is_told(scellee: bytes) -> None:
    act = "session/.jury/actes/1.json"
    forged = _forged(scellee, act, b'"decide": "valide"', b'"decide": "non_valide"')
    told = sentences(rejeu.replay(forged).anomalies)
    assert told[0].replace("’", "'") == (
        "ARC-301 resultats.json | C1, blocs, BC1, decide : l'archive dit « non_valide », le "
        "calcul refait dit « valide »."
    )


def test_a_document_that_is_not_made_again_is_told(scellee: bytes, tmp_path: Path) -> None:
    whole = archive.opened("a", scellee)
    other = tmp_path / "x.docx"
    source = tmp_path / "y.docx"
    source.write_bytes(whole.pieces[LETTRE])
    _save_again(source, other, "DURAND", "DUPOND")
    pieces = {**whole.pieces, LETTRE: other.read_bytes()}
    (told,) = sentences(rejeu.replay(Scellee(whole.manifeste, pieces, "")).anomalies)
    assert told.startswith("ARC-302 documents/lettres/C1 DURAND.docx | documents/lettres/C1 DURAND")
    assert "n'est pas refait à l'identique : l'archive dit" in told.replace("’", "'")
    _save_again(source, other)
    pieces[LETTRE] = other.read_bytes()
    (told,) = sentences(rejeu.replay(Scellee(whole.manifeste, pieces, "")).anomalies)
    assert "le texte est le même, pas le fichier" in told


def test_a_rectified_session_is_sealed_and_replayed(session: Folder) -> None:
    edit(session.session, lambda book: _rename(book["Candidats"]))
    chaine.treat(session, LATER, motif="Nom mal saisi")
    sealed = archive.seal(session, LATER)
    assert sealed.chemin.name == "S1-PV2.jury.zip"
    done = rejeu.replay(archive.opened("a", sealed.chemin.read_bytes()))
    assert done.anomalies == ()
    assert done.anterieurs == 0
    assert done.documents == len(list(_papers(sealed.chemin.read_bytes())))


def test_an_archive_made_long_ago_is_still_whole_and_still_gives_its_outcomes() -> None:
    """This file is kept for ever. Papers may be worded otherwise since; outcomes may not."""
    whole = archive.opened(CONSERVEE.name, CONSERVEE.read_bytes())
    done = rejeu.replay(whole)
    assert done.resultats == 43
    assert {a.code.numero for a in done.anomalies} <= {"ARC-302"}
    assert not any("ne peut plus être fait" in a.message for a in done.anomalies)


# --- duplicates


def test_a_duplicate_says_so_and_is_recorded_without_a_name(
    session: Folder, tmp_path: Path
) -> None:
    place = archive.seal(session, NOW, tmp_path / "preuves" / "a.zip").chemin
    result = run("duplicata", place, "--candidat", "C1")
    assert result.exit_code == 0, result.output
    made = sorted(path.name for path in (tmp_path / "preuves" / "duplicatas").iterdir())
    assert "lettres C1 DURAND (duplicata).docx" in made
    assert any(name.startswith("certificats C1 DURAND") for name in made)
    letter = tmp_path / "preuves" / "duplicatas" / "lettres C1 DURAND (duplicata).docx"
    text = texte.text_of(letter.name, letter.read_bytes())
    assert text is not None
    assert text.startswith("DUPLICATA délivré le ")
    record = (tmp_path / "preuves" / "duplicatas.jsonl").read_text(encoding="utf-8")
    assert len(record.splitlines()) == 1
    assert "DURAND" not in record
    assert "C1" not in record
    again = run("duplicata", place, "--candidat", "C1")
    assert again.exit_code == 3
    assert "existe déjà" in again.output


def test_an_archived_pdf_is_given_again_marked_too(session: Folder, tmp_path: Path) -> None:
    signed = PdfWriter()
    signed.add_blank_page(595, 842).rotate(90)
    signed.add_blank_page(595, 842)
    with (session.documents / "lettres" / "C1 DURAND.pdf").open("wb") as stream:
        signed.write(stream)
    whole = archive.opened("a", archive.seal(session, NOW).chemin.read_bytes())
    made = duplicata.reissue(whole, "C1", tmp_path / "d", tmp_path / "d.jsonl", LATER)
    (one,) = [path for path in made if path.suffix == ".pdf"]
    assert one.name == "lettres C1 DURAND (duplicata).pdf"
    first, second = PdfReader(one).pages
    said = on_keyboard(first.extract_text())
    assert said.startswith("DUPLICATA délivré le 6 avril 2027, conforme à l’archive ")
    assert whole.manifeste.fondement.courte in said
    assert second.extract_text() == ""

    (session.documents / "lettres" / "C1 DURAND.pdf").write_bytes(b"rien d'un PDF")
    whole = archive.opened("a", archive.seal(session, NOW).chemin.read_bytes())
    with pytest.raises(Empechement, match="n’est pas un PDF qui se laisse marquer"):
        duplicata.reissue(whole, "C1", tmp_path / "e", tmp_path / "e.jsonl", LATER)
    assert not (tmp_path / "e").exists()
    assert not (tmp_path / "e.jsonl").exists()


@needs_libreoffice
def test_a_duplicate_is_converted_on_demand(session: Folder, tmp_path: Path) -> None:
    assert SOFFICE, "LibreOffice manque (obligatoire en CI)"
    place = archive.seal(session, NOW, tmp_path / "a.zip").chemin
    result = run("duplicata", place, "--candidat", "C1", "--pdf")
    assert result.exit_code == 0, result.output
    letter = tmp_path / "duplicatas" / "lettres C1 DURAND (duplicata).pdf"
    said = " ".join(PdfReader(letter).pages[0].extract_text().split())
    assert "DUPLICATA délivré le" in said
    assert "Léa DURAND" in said
    names = sorted(path.name for path in letter.parent.iterdir())
    assert len(names) == 2 * sum(name.endswith(".pdf") for name in names)


def test_the_last_rectified_version_is_the_one_given_again(session: Folder) -> None:
    edit(session.session, lambda book: _rename(book["Candidats"]))
    chaine.treat(session, LATER, motif="Nom mal saisi")
    whole = archive.opened("a", archive.seal(session, LATER).chemin.read_bytes())
    made = duplicata.reissue(whole, "C1", session.root / "d", session.root / "d.jsonl", LATER)
    letters = [path for path in made if path.name.startswith("lettres")]
    assert [path.name for path in letters if "DUPOND" in path.name] == [
        "lettres C1 DUPOND (rectificatif 2) (duplicata).docx"
    ]


def test_a_candidate_who_is_not_there_is_told(scellee: bytes, tmp_path: Path) -> None:
    with pytest.raises(MauvaisUsage, match="aucun document du candidat"):
        duplicata.reissue(archive.opened("a", scellee), "C11", tmp_path, tmp_path / "r", NOW)


# --- under a passphrase


def test_a_passphrase_is_typed_twice_and_needed_to_read(session: Folder) -> None:
    phrase = "cheval agrafe pile"
    result = run("sceller", session.root, "--chiffrer", tape=f"{phrase}\n{phrase}\n")
    assert result.exit_code == 0, result.output
    (place,) = session.archives.iterdir()
    assert place.name == "S1-PV1.jury.zip.age"
    assert b"manifeste" not in place.read_bytes()
    assert phrase not in session.journal.read_text(encoding="utf-8")
    assert "Archive entière" in said(run("verifier", place, JURY_ARCHIVE_PHRASE=phrase))
    wrong = run("verifier", place, JURY_ARCHIVE_PHRASE="une autre phrase")
    assert (wrong.exit_code, "ne s’ouvre pas" in said(wrong)) == (3, True)
    assert run("verifier", place).exit_code == 3
    short = run("sceller", session.root, "--chiffrer", tape="court\ncourt\n")
    assert (short.exit_code, "trop courte" in said(short)) == (2, True)


# --- letting go


def _years(folder: Folder, preuves: int, registre: str = "illimitee") -> None:
    with folder.reglement.open("a", encoding="utf-8") as stream:
        stream.write(f"\nconservation:\n  preuves: {preuves}\n  registre: {registre}\n")


def test_nothing_goes_before_its_day_nor_without_being_asked_twice(session: Folder) -> None:
    archive.seal(session, NOW)
    before = sorted(session.root.rglob("*"))
    _years(session, 2)
    early = run("purger", session.root, "--avant", "15/06/2025")
    assert (early.exit_code, "Rien à effacer." in said(early)) == (0, True)
    shown = run("purger", session.root, "--avant", "16/06/2025")
    assert "preuves jusqu’au 15/06/2025 et registre sans limite" in said(shown)
    assert "gardé : documents/proces-verbal.docx" in said(shown)
    assert "Rien n’a été effacé. Ajoutez --effacer" in said(shown)
    refused = run("purger", session.root, "--avant", "16/06/2025", "--effacer", tape="oui\n")
    assert refused.exit_code == 2
    assert sorted(session.root.rglob("*")) == before
    future = run("purger", session.root, "--avant", "16/06/9999")
    assert future.exit_code == 2


def test_the_evidence_goes_the_minutes_stay_and_the_figures_have_no_name(session: Folder) -> None:
    archive.seal(session, NOW)
    _years(session, 2, "3")
    (session.documents / "PV signé.pdf").write_bytes(b"%PDF")
    session.exports.mkdir()
    (session.exports / "candidats.csv").write_text("DURAND", encoding="utf-8")
    result = run("purger", session.root, "--avant", "16/06/2025", "--effacer", tape="EFFACER\n")
    assert result.exit_code == 0, result.output
    left = {p.relative_to(session.root).as_posix() for p in session.root.rglob("*") if p.is_file()}
    assert {name for name in left if not name.startswith("documents/certificats/")} == {
        "documents/PV signé.pdf",
        "documents/proces-verbal.docx",
        "journal.jsonl",
        "purges.jsonl",
        "reglement.yaml",
        "statistiques.json",
    }
    figures = (session.root / "statistiques.json").read_text(encoding="utf-8")
    record = (session.root / "purges.jsonl").read_text(encoding="utf-8")
    for name in ("DURAND", "PETIT", "FABRE", "C1 "):
        assert name not in figures + record
    assert json.loads(figures)["issues"] == {"delivree": 2}
    assert json.loads(record)["fichiers"] == len(json.loads(record)["empreintes"]) > 20

    # A year later the register's own time is past.
    result = run("purger", session.root, "--avant", "16/06/2026", "--effacer", tape="EFFACER\n")
    assert result.exit_code == 0, result.output
    assert not session.documents.exists()
    assert (session.root / "statistiques.json").read_text(encoding="utf-8") == figures
    assert len((session.root / "purges.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_durations_make_sense(session: Folder) -> None:
    _years(session, 0)
    with pytest.raises(Empechement) as stop:
        purge.plan(session.root, date(2025, 1, 1), datetime.now(UTC).date())
    assert any("conservation.preuves" in one for one in sentences(stop.value.anomalies))


# --- the same bytes, quickly -------------------------------------------------------------------


def test_an_archive_is_the_zip_that_zipfile_writes() -> None:
    pieces = {"session/é.txt": bytes(range(256)) * 9, "session/vide": b"", "session/a.json": b"{}"}
    jour = date(2023, 6, 15)
    made = forme.assemble(_manifest(pieces), pieces, jour)
    content = made.contenu
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(buffer, "w") as other:
        for nom in (forme.MANIFESTE, *sorted(pieces)):
            entry = zipfile.ZipInfo(nom, (2023, 6, 15, 0, 0, 0))
            entry.create_system = 0
            other.writestr(entry, package.read(nom))
        other.comment = package.comment
        assert package.testzip() is None
    assert content == buffer.getvalue()
    assert made.empreinte == hashlib.sha256(content).hexdigest()


def test_a_session_too_big_to_be_opened_again_is_not_sealed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pieces = {f"session/{nom}.txt": b"a" * 99 for nom in ("é", "a", "b")}

    def refused() -> str:
        with pytest.raises(Empechement) as stop:
            forme.assemble(_manifest(pieces), pieces, date(2023, 6, 15))
        return on_keyboard(str(stop.value))

    with monkeypatch.context() as patch:
        patch.setattr(limites, "PIECES_SCELLEES", 3)
        assert refused().startswith(
            "La session ne tient pas dans une archive : 4 pièces et 1 Mo, "
            "pour 3 et 1 024 Mo au plus."
        )
    with monkeypatch.context() as patch:
        patch.setattr(limites, "CONTENANT", 98)
        assert "manifeste.json pèse 1 Mo, et une pièce 1 Mo au plus." in refused()
    content = forme.assemble(_manifest(pieces), pieces, date(2023, 6, 15)).contenu
    assert verification.verify("a.zip", content).anomalies == ()
