"""The register: each act entered once, each certificate numbered once, whoever is killed when."""

import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import HISTOIRE, NOW, edit, flat, on_keyboard, sentences
from test_cli import jury
from test_deliberation import decide
from test_voies_et_rattrapage import BC2, RATTRAPAGE, add_rule, complete

from batch import chaine, demonstration
from batch.anomalies import Empechement
from batch.chaine import registre as chaine_registre
from batch.folder import Folder
from batch.records import Candidat
from batch.registre import base as base_module
from batch.registre import inscription, personnes, recherche, verification
from batch.registre.base import register
from batch.registre.inscription import Entete
from batch.vocabulaire import ResultatCertification

FAILED = ["Non acquis", "Rien de remis."]
S1 = Entete("S1", "ab" * 32, "cqp-rpo", "CQP", date(2023, 6, 15), date(2023, 6, 22))


def rows(registre: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(registre)) as base:
        return base.execute(sql).fetchall()


def text_of(path: Path) -> str:
    return on_keyboard("\n".join(p.text for p in docx.Document(str(path)).paragraphs))


# --- certificates -------------------------------------------------------------------------------


def test_each_certificate_bears_the_number_that_the_register_gave_it(
    decidee: Callable[..., Folder], histoire: dict[str, Any], registre: Path
) -> None:
    histoire["appreciations"] |= {"C1": dict.fromkeys(BC2, FAILED)}
    folder = decidee()
    drawn = rows(registre, "SELECT numero, candidat, objet FROM certificats")
    assert drawn == [(1, "C1", "BC1"), (2, "C1", "BC3"), (3, "C2", "")]
    for number, name in enumerate(("C1 DURAND BC1", "C1 DURAND BC3", "C2 PETIT"), 1):
        path = folder.documents / "certificats" / f"{name}.docx"
        assert f"Certificat n° {number:06d}" in text_of(path)
    # Once final, nothing is drawn again; a lost certificate comes back as it was.
    lost = folder.documents / "certificats" / "C1 DURAND BC1.docx"
    before = lost.read_bytes()
    lost.unlink()
    chaine.treat(folder, NOW)
    assert lost.read_bytes() == before
    assert len(rows(registre, "SELECT * FROM certificats")) == 3


def test_a_number_drawn_before_the_run_was_killed_is_found_again(
    joue: Callable[..., Folder],
    histoire: dict[str, Any],
    registre: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = joue(histoire)
    chaine.treat(folder, NOW)
    demonstration.deliberate(folder, histoire)

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("batch.chaine.greffe.Greffe.commit", killed)
        with pytest.raises(KeyboardInterrupt):
            chaine.treat(folder, NOW, registre=registre)
    drawn = rows(registre, "SELECT * FROM certificats")
    assert len(drawn) == 2
    assert not folder.actes.exists()
    chaine.treat(folder, NOW, registre=registre)
    assert rows(registre, "SELECT * FROM certificats") == drawn
    assert "Certificat n° 000001" in text_of(folder.documents / "certificats" / "C1 DURAND.docx")


def test_without_a_register_certificates_bear_no_number(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue(histoire)
    chaine.treat(folder, NOW)
    demonstration.deliberate(folder, histoire)
    chaine.treat(folder, NOW)
    assert "Certificat n°" not in text_of(folder.documents / "certificats" / "C1 DURAND.docx")


DRAW = """
import sys, time
from datetime import UTC, date, datetime
from pathlib import Path
from batch.registre.base import register
from batch.registre.inscription import Entete, draw
path, session, people = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
entete = Entete(session, session, "cqp-rpo", "CQP", date(2023, 6, 15), None)
now = datetime.now(UTC)
with path.with_name(f"imprimes {session}.txt").open("a") as printed:
    for n in range(people):
        with register(path, now) as base:
            drawn = draw(base, entete, [(f"C{n}", ""), (f"C{n}", "BC1")], now)
        for (candidat, objet), numero in drawn.items():
            print(session, candidat, objet or "-", int(numero), file=printed, flush=True)
"""


def drawing(registre: Path, session: int, people: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", DRAW, str(registre), f"S{session}", str(people)],
        stderr=subprocess.PIPE,
    )


def certificates(registre: Path) -> dict[tuple[str, str, str], int]:
    """Each with its number; no gap, no repeat, nobody cut in two, a sound file."""
    found = rows(registre, "SELECT session, candidat, objet, numero FROM certificats ORDER BY 4")
    assert [number for *_, number in found] == list(range(1, len(found) + 1))
    # The two certificates of one person are drawn together or not at all.
    assert len(found) == 2 * len({(session, candidat) for session, candidat, *_ in found})
    assert rows(registre, "PRAGMA integrity_check") == [("ok",)]
    assert rows(registre, "PRAGMA foreign_key_check") == []
    return {(session, candidat, objet): number for session, candidat, objet, number in found}


def test_eight_processes_killed_at_random_never_share_nor_skip_a_number(registre: Path) -> None:
    """Killed (SIGKILL), replaced, killed again: whoever takes up finds what was drawn before."""
    chance = random.Random(4)
    running = [drawing(registre, session, 10_000) for session in range(8)]
    deadline = time.monotonic() + 15
    # Most of them have drawn before the first is killed.
    while time.monotonic() < deadline:
        time.sleep(0.1)
        if registre.exists() and _sessions_that_drew(registre) >= 5:
            break

    def kill(session: int) -> None:
        time.sleep(chance.uniform(0, 0.1))
        assert running[session].poll() is None, running[session].communicate()
        running[session].kill()
        running[session].communicate()

    for _ in range(12):
        session = chance.randrange(8)
        kill(session)
        running[session] = drawing(registre, session, 10_000)
    for session in chance.sample(range(8), 8):
        kill(session)
    drawn = certificates(registre)
    assert len({session for session, *_ in drawn}) >= 5
    # A new process takes up where they were cut: what they drew stands as it was.
    assert drawing(registre, 0, 3).communicate()[1] == b""
    after = certificates(registre)
    assert drawn.items() <= after.items()
    # What anybody printed, whatever became of him since, is what the register says.
    printed = [
        line.split()
        for path in registre.parent.glob("imprimes *.txt")
        for line in path.read_text().splitlines(keepends=True)
        if line.endswith("\n")
    ]
    assert len(printed) > 20
    for session, candidat, objet, numero in printed:
        assert after[session, candidat, objet.strip("-")] == int(numero)


CUT = """
import os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
from batch.registre.base import register
from batch.registre.inscription import Entete, draw
path, step = Path(sys.argv[1]), int(sys.argv[2])
now = datetime.now(UTC)
with register(path, now) as base:
    def count(statement, seen=[]):
        seen.append(statement)
        if len(seen) == step:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    base.set_trace_callback(count)
    entete = Entete("S1", "S1", "cqp-rpo", "CQP", date(2023, 6, 15), None)
    draw(base, entete, [("C1", ""), ("C1", "BC1")], now)
"""


def test_killed_before_any_statement_of_a_draw_all_of_it_or_nothing_stands(
    registre: Path,
) -> None:
    with register(registre, NOW):
        pass
    ends = []
    for step in range(1, 20):
        cut = subprocess.run(
            [sys.executable, "-c", CUT, str(registre), str(step)], capture_output=True, check=False
        )
        ends.append(len(certificates(registre)))
        if cut.returncode == 0:
            break
        assert cut.stderr == b""
    # BEGIN, the session and its two certificates looked for and entered, COMMIT: cut before each.
    assert ends == [0] * 8 + [2]


def _sessions_that_drew(registre: Path) -> int:
    try:
        return int(rows(registre, "SELECT COUNT(DISTINCT session) FROM certificats")[0][0])
    except sqlite3.OperationalError:  # its tables are being made
        return 0


# --- acts ---------------------------------------------------------------------------------------


def test_a_session_is_entered_once(decidee: Callable[..., Folder], registre: Path) -> None:
    folder = decidee()
    assert chaine_registre.inscribe(folder, registre, NOW) == ["S1-PV1"]
    assert chaine_registre.inscribe(folder, registre, NOW) == []
    assert rows(registre, "SELECT objet, resultat FROM decisions WHERE candidat = 'C1'") == [
        ("", "delivree"), ("BC1", "valide"), ("BC2", "valide"), ("BC3", "valide")
    ]  # fmt: skip
    with register(registre, NOW) as base:
        assert list(verification.check(base, "registre.sqlite")) == []


def test_a_projet_is_not_entered(dossier: Folder, registre: Path) -> None:
    chaine.treat(dossier, NOW)
    with pytest.raises(Empechement, match="n’est pas définitive"):
        chaine_registre.inscribe(dossier, registre, NOW)
    assert not registre.exists()


def test_a_rectificatif_is_a_new_record_and_what_it_takes_back_is_told(
    decidee: Callable[..., Folder], registre: Path
) -> None:
    folder = decidee()
    chaine_registre.inscribe(folder, registre, NOW)

    edit(folder.deliberation, decide("C1/BC2", decide="Non validé", motif="Erreur de report."))
    with pytest.raises(Empechement, match="ne dit plus ce que dit son procès-verbal"):
        chaine_registre.inscribe(folder, registre, NOW)
    chaine.treat(folder, NOW, motif="Erreur de report.", registre=registre)
    assert chaine_registre.inscribe(folder, registre, NOW) == ["S1-PV2"]
    assert rows(registre, "SELECT rang, objet, resultat FROM decisions WHERE candidat = 'C1'") == [
        (1, "", "delivree"), (1, "BC1", "valide"), (1, "BC2", "valide"), (1, "BC3", "valide"),
        (2, "", "partielle"), (2, "BC2", "non_valide"),
    ]  # fmt: skip
    assert rows(registre, "SELECT rang, objet, motif FROM retraits") == [
        (2, "", "Erreur de report."), (2, "BC2", "Erreur de report.")
    ]  # fmt: skip
    with register(registre, NOW) as base:
        assert list(verification.check(base, "registre.sqlite")) == []
        ((_, own),) = recherche.search(base, "durand lea")
    assert [(one.objet, one.resultat.value, one.retrait) for one in own] == [
        ("", "partielle", "Erreur de report."),
        ("BC1", "valide", None),
        ("BC2", "non_valide", "Erreur de report."),
        ("BC3", "valide", None),
    ]


def test_two_sessions_of_one_number_are_not_confused(registre: Path) -> None:
    with register(registre, NOW) as base:
        inscription.draw(base, S1, [("C1", "")], NOW)
        with pytest.raises(Empechement, match="connaît une autre session n° S1"):
            inscription.draw(base, replace(S1, empreinte="cd" * 32), [("C1", "")], NOW)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE certificats SET candidat = 'C2'",
        "DELETE FROM certificats",
        "UPDATE decisions SET resultat = 'delivree'",
        "DELETE FROM actes",
    ],
)
def test_what_is_entered_can_be_neither_changed_nor_removed(
    decidee: Callable[..., Folder], registre: Path, sql: str
) -> None:
    chaine_registre.inscribe(decidee(), registre, NOW)
    with pytest.raises(sqlite3.IntegrityError, match="ne se change pas"):
        rows(registre, sql)


# --- its file -----------------------------------------------------------------------------------


def test_a_migration_keeps_a_copy_of_what_was_there(
    registre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with register(registre, NOW) as base:
        inscription.draw(base, S1, [("C1", "")], NOW)
        version = base.execute("PRAGMA user_version").fetchone()[0]
    more = (*base_module.MIGRATIONS, "CREATE TABLE notes (texte TEXT);\n")
    monkeypatch.setattr(base_module, "MIGRATIONS", more)
    with register(registre, NOW) as base:
        assert base.execute("PRAGMA user_version").fetchone()[0] == version + 1
        assert base.execute("SELECT COUNT(*) FROM notes").fetchone()[0] == 0
    (copy,) = registre.parent.glob(f"registre (version {version}, *).sqlite")
    assert rows(copy, "SELECT numero, candidat FROM certificats") == [(1, "C1")]
    assert rows(copy, "PRAGMA user_version") == [(version,)]


def test_a_migration_that_fails_leaves_the_register_as_it_was(
    registre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with register(registre, NOW) as base:
        inscription.draw(base, S1, [("C1", "")], NOW)
    more = (*base_module.MIGRATIONS, "CREATE TABLE notes (texte TEXT);\nCREATE TABLE notes (a);\n")
    with monkeypatch.context() as newer:
        newer.setattr(base_module, "MIGRATIONS", more)
        with (
            pytest.raises(Empechement, match="ne peut pas être lu ou écrit"),
            register(registre, NOW),
        ):
            pass
    with register(registre, NOW) as base:
        assert base.execute("SELECT COUNT(*) FROM certificats").fetchone()[0] == 1


def test_other_files_are_left_alone(
    tmp_path: Path, registre: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("Ceci n'est pas une base. " * 50, encoding="utf-8")
    with pytest.raises(Empechement, match="n’est pas un registre lisible"), register(text, NOW):
        pass
    other = tmp_path / "autre.sqlite"
    with closing(sqlite3.connect(other)) as base:
        base.execute("CREATE TABLE t (a)")
    before = other.read_bytes()
    with pytest.raises(Empechement, match="d’un autre programme"), register(other, NOW):
        pass
    assert other.read_bytes() == before
    with register(registre, NOW):
        pass
    monkeypatch.setattr(base_module, "MIGRATIONS", ())
    with pytest.raises(Empechement, match="version plus récente"), register(registre, NOW):
        pass
    with (
        pytest.raises(Empechement, match="n’y a pas de registre"),
        register(tmp_path / "absent.sqlite", NOW, create=False),
    ):
        pass


def test_what_does_not_hold_is_told(registre: Path) -> None:
    with register(registre, NOW) as base:
        inscription.draw(base, S1, [("C1", ""), ("C1", "BC1")], NOW)
        base.execute("INSERT INTO certificats VALUES (7, 'S1', 'C2', 'BC1', '2023-06-23T10:00:00')")
        assert sentences(verification.check(base, "r.sqlite")) == [
            "REG-002 r.sqlite | La numérotation des certificats passe de 000002 à 000007.",
            "REG-004 r.sqlite | Des certificats de la session S1 ont leur numéro "
            "(000001 à 000007), et la session n’est pas inscrite au registre.",
        ]
        base.execute("INSERT INTO actes VALUES ('S1', 1, 'S1-PV1', NULL, '2023-06-23')")
        assert sentences(verification.check(base, "r.sqlite"))[1] == (
            "REG-003 r.sqlite | Le certificat n° 000001 (la certification, candidat C1, session "
            "S1) ne repose sur aucune décision favorable du registre."
        )
        base.execute("PRAGMA foreign_keys = OFF")
        base.execute("INSERT INTO certificats VALUES (8, 'S9', 'C2', '', '2023-06-23T10:00:00')")
        assert sentences(verification.check(base, "r.sqlite")) == [
            "REG-001 r.sqlite | Le registre r.sqlite est abîmé : une ligne de « certificats » ne "
            "se rattache à rien dans « sessions »."
        ]


# --- who holds what -----------------------------------------------------------------------------


def lea(**changes: Any) -> Candidat:
    from batch.anomalies import Lieu
    from batch.vocabulaire import Presence, Voie

    own = Candidat(
        "C1", "DURAND-MOREL", None, ("Léa", "Marie"), "F", date(1996, 3, 14), "Lyon (69)",
        "France", None, None, Voie.VAE, (), (), None, False, Presence.PRESENT, Lieu(),
    )  # fmt: skip
    return replace(own, **changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"nom_naissance": "Durand-Morel"}, "same", id="capitals"),
        pytest.param({"prenoms": ("Léa", "Marie ")}, "same", id="a space"),
        pytest.param(
            {"prenoms": ("Lea", "Marie")},
            ["prénoms Lea Marie ici, Léa Marie au registre"],
            id="an accent",
        ),
        pytest.param(
            {"nom_naissance": "DURAND MOREL"},
            ["nom de naissance DURAND MOREL ici, DURAND-MOREL au registre"],
            id="a hyphen",
        ),
        pytest.param(
            {"nom_naissance": "ROUX", "nom_usage": "DURAND-MOREL"},
            ["nom de naissance ROUX ici, DURAND-MOREL au registre"],
            id="a usage name",
        ),
        pytest.param(
            {"date_naissance": date(1996, 3, 15)},
            ["date de naissance 15/03/1996 ici, 14/03/1996 au registre"],
            id="one digit",
        ),
        pytest.param(
            {"commune_naissance": "Lyon 3e"},
            ["commune de naissance Lyon 3e ici, Lyon (69) au registre"],
            id="another place",
        ),
        pytest.param({"date_naissance": date(1996, 4, 25)}, None, id="another day"),
        pytest.param({"prenoms": ("Zoé", "Marie")}, None, id="a sister"),
        pytest.param({"nom_naissance": "PETIT"}, None, id="another name"),
    ],
)
def test_only_an_exact_identity_is_the_same_person(
    registre: Path, changes: dict[str, Any], told: Any
) -> None:
    with register(registre, NOW) as base:
        own = personnes.record(base, lea())
        other = lea(**changes)
        known = personnes.find(base, other)
        if told == "same":
            assert known is not None
            assert known.id == own
        else:
            assert known is None
            assert personnes.differences(other, personnes.everybody(base)[0]) == told


def test_an_exchanged_day_and_month_is_near(registre: Path) -> None:
    with register(registre, NOW) as base:
        personnes.record(base, lea(date_naissance=date(1996, 3, 12)))
        (known,) = personnes.everybody(base)
    other = lea(date_naissance=date(1996, 12, 3))
    assert personnes.differences(other, known) == [
        "date de naissance 03/12/1996 ici, 12/03/1996 au registre"
    ]


def test_acquired_blocs_are_proposed_then_written_and_likeness_is_only_told(
    decidee: Callable[..., Folder], joue: Callable[..., Folder], registre: Path
) -> None:
    chaine_registre.inscribe(decidee(), registre, NOW)
    story = {**HISTOIRE, "session": {**HISTOIRE["session"], "id": "S2"}}
    story["candidats"] = [
        HISTOIRE["candidats"][0],
        {**HISTOIRE["candidats"][1], "prenoms": "Hugô"},
    ]
    story["acquis"] = [
        {"candidat": "C1", "bloc": "BC3", "date": "15/06/2020", "nature": "Acquis",
         "preuve": "PV de 2020"}
    ]  # fmt: skip
    folder = joue(story, rempli=False, nom="seconde")
    typed = folder.session.read_bytes()
    found = chaine_registre.acquis(folder, registre, NOW, ecrire=False)
    assert [(p.candidat.id, [b.bloc for b in p.blocs]) for p in found.propositions] == [
        ("C1", ["BC1", "BC2"]), ("C2", []),
    ]  # fmt: skip
    assert sentences(found.anomalies) == [
        "REG-005 session.xlsx, feuille « Candidats », cellule A3 | Hugô PETIT (C2) ressemble à une "
        "personne du registre qui a obtenu BC1, BC2 et BC3 : prénoms Hugô ici, Hugo au registre."
    ]
    assert folder.session.read_bytes() == typed
    assert (folder.root / "acquis-proposes.xlsx").is_file()

    chaine_registre.acquis(folder, registre, NOW, ecrire=True)
    (copy,) = folder.root.glob("session (avant les acquis, *).xlsx")
    assert copy.read_bytes() == typed
    session = chaine.gather(folder).session
    assert [(a.candidat, a.bloc, a.date, a.preuve) for a in session.acquis] == [
        ("C1", "BC3", date(2020, 6, 15), "PV de 2020"),
        ("C1", "BC1", date(2023, 6, 22), "Registre : procès-verbal n° S1-PV1"),
        ("C1", "BC2", date(2023, 6, 22), "Registre : procès-verbal n° S1-PV1"),
    ]  # fmt: skip
    assert session.candidats == chaine.gather(folder).session.candidats
    assert [
        p.blocs for p in chaine_registre.acquis(folder, registre, NOW, ecrire=True).propositions
    ] == [()]


# --- the story, from one session to the next ----------------------------------------------------


def test_bc1_and_bc3_first_then_bc2_ends_certified_and_every_paper_says_so(
    decidee: Callable[..., Folder], histoire: dict[str, Any], registre: Path, tmp_path: Path
) -> None:
    histoire["session"]["id"] = "S0"
    histoire["appreciations"] |= {"C1": dict.fromkeys(BC2, FAILED)}
    first = decidee("premiere")
    add_rule(first, RATTRAPAGE)
    chaine_registre.inscribe(first, registre, NOW)

    second = Folder(tmp_path / "seconde")
    said = jury("session", second.root, "--rattrapage", first.root, JURY_REGISTRE=str(registre))
    assert (said.returncode, said.stderr) == (0, "")
    assert "Léa DURAND (C1) : BC2" in flat(said.stdout)
    proofs = {
        "BC1": "Registre : certificat n° 000001, procès-verbal n° S0-PV1",
        "BC3": "Registre : certificat n° 000002, procès-verbal n° S0-PV1",
    }
    for bloc, proof in proofs.items():
        assert f"Léa DURAND (C1) tient {bloc} depuis le 22 juin 2023. {proof}." in flat(said.stdout)
    edit(second.session, complete)
    known = [(a.bloc, a.date, a.preuve) for a in chaine.gather(second).session.acquis]
    assert known == [(bloc, date(2023, 6, 22), proof) for bloc, proof in proofs.items()]
    edit(second.session, lambda w: _type(w["Session"], "Date de la décision", "22/12/2023"))
    chaine.issue_grids(second, NOW)
    story = {"appreciations": {"defaut": "Acquis"}}
    demonstration.fill(second, story)
    chaine.treat(second, NOW)
    demonstration.deliberate(second, story)
    (dossier,) = chaine.treat(second, NOW, registre=registre).seance.dossiers
    assert dossier.issues.certification is ResultatCertification.DELIVREE
    assert chaine_registre.inscribe(second, registre, NOW) == ["S1-PV1"]

    minutes = docx.Document(str(second.documents / "proces-verbal.docx"))
    cells = [on_keyboard(c.text) for t in minutes.tables for row in t.rows for c in row.cells]
    assert any("Certification délivrée" in cell for cell in cells)
    assert any("Acquis antérieurement" in cell for cell in cells)
    letter = text_of(next((second.documents / "lettres").glob("C1 *.docx")))
    assert "certification" in letter.casefold()
    whole = text_of(second.documents / "certificats" / "C1 DURAND.docx")
    said = jury("registre", "chercher", "Durand", "--registre", registre)
    assert said.returncode == 0, said.stderr
    lines = flat(said.stdout)
    ((number,),) = rows(
        registre,
        "SELECT numero FROM certificats WHERE session = 'S1' AND candidat = 'C1' AND objet = ''",
    )
    assert f"Certificat n° {number:06d}" in whole
    for story_told in (
        "Léa DURAND, 14/03/1996, Lyon (69).",
        "cqp-rpo, certification : validation partielle (n° S0-PV1 du 22 juin 2023).",
        "cqp-rpo, BC1 : validé (n° S0-PV1 du 22 juin 2023, certificat n°",
        "cqp-rpo, BC2 : non validé (n° S0-PV1 du 22 juin 2023).",
        f"cqp-rpo, certification : certification délivrée (n° S1-PV1 du 22 décembre 2023, "
        f"certificat n° {number:06d}).",
        "cqp-rpo, BC1 : acquis antérieurement (n° S1-PV1 du 22 décembre 2023).",
        "cqp-rpo, BC2 : validé (n° S1-PV1 du 22 décembre 2023).",
    ):
        assert story_told in lines, story_told
    said = jury("registre", "verifier", "--registre", registre)
    assert (said.returncode, said.stderr) == (0, "")
    assert "aucune anomalie" in flat(said.stdout)


def test_a_second_chance_leaves_what_the_register_knows_from_any_session(
    decidee: Callable[..., Folder], histoire: dict[str, Any], registre: Path, tmp_path: Path
) -> None:
    chaine_registre.inscribe(decidee("ancienne"), registre, NOW)
    histoire["session"]["id"] = "S0"
    hugo = histoire["candidats"][1]
    histoire["candidats"] = [
        histoire["candidats"][0], {**hugo, "prenoms": "Hugô"},
        {**hugo, "id": "C3", "nom_naissance": "ROY", "prenoms": "Noé"},
    ]  # fmt: skip
    histoire["appreciations"] |= {c: dict.fromkeys(BC2, FAILED) for c in ("C1", "C2", "C3")}
    first = decidee("premiere")
    add_rule(first, RATTRAPAGE)
    second = Folder(tmp_path / "seconde")
    suite = chaine.follow(first, second, NOW, registre)

    # Léa holds BC2 from the first of the three; whoever resembles Hugo is only told.
    assert [(one.candidat.id, one.a_reprendre) for one in suite.reprises] == [
        ("C2", ("BC2",)), ("C3", ("BC2",)),
    ]  # fmt: skip
    assert [(one.candidat.id, one.raison) for one in suite.ecarts] == [("C1", None)]
    (told,) = sentences(suite.anomalies)
    assert told.startswith("REG-005")
    assert "Hugô PETIT (C2) ressemble à une personne du registre" in told
    edit(second.session, complete)
    assert {
        (a.candidat, a.bloc, on_keyboard(a.preuve)) for a in chaine.gather(second).session.acquis
    } == {
        (candidat, bloc, "Procès-verbal de la session S0, jury du 15 juin 2023")
        for candidat in ("C2", "C3")
        for bloc in ("BC1", "BC3")
    }


def test_a_birth_known_by_its_year_is_printed_so_everywhere(
    decidee: Callable[..., Folder], histoire: dict[str, Any], registre: Path
) -> None:
    for candidat, known in zip(histoire["candidats"], ("Année", "Mois"), strict=True):
        candidat |= {"date_naissance": "01/01/1990", "naissance_connue": known}
    folder = decidee()
    first = on_keyboard(text_of(folder.documents / "certificats" / "C1 DURAND.docx"))
    assert "née en 1990 à Lyon (69)" in first
    second = on_keyboard(text_of(folder.documents / "certificats" / "C2 PETIT.docx"))
    assert "né en janvier 1990 à Nantes (44)" in second
    chaine_registre.inscribe(folder, registre, NOW)
    assert "Léa DURAND, 1990, Lyon (69)." in flat(
        jury("registre", "chercher", "Durand", "--registre", registre).stdout
    )
    edit(folder.session, lambda book: _forget_the_year(book["Candidats"]))
    (told,) = sentences(chaine.treat(folder, NOW).anomalies)
    assert "dit « Léa DURAND, née en 1990 à Lyon (69) (France) »" in told
    assert "« Léa DURAND, née le 01/01/1990 à Lyon (69) (France) »" in told
    # The first day of a year is another person's birthday.
    known, other = lea(naissance_connue="Année"), lea()
    assert personnes.key(known) != personnes.key(other)


def _forget_the_year(sheet: Any) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value == "Année":
                cell.value = None


def _type(sheet: Any, label: str, text: str) -> None:
    for row in range(2, sheet.max_row + 1):
        if str(sheet.cell(row, 1).value).startswith(label):
            sheet.cell(row, 2).value = text


def test_the_commands_say_where_the_register_is_and_what_they_did(
    decidee: Callable[..., Folder], registre: Path
) -> None:
    folder = decidee()
    said = jury("registre", "inscrire", folder.root)
    assert said.returncode == 2
    beside = folder.root.resolve().parent / "registre.sqlite"
    assert f"--registre {beside}".replace(" ", "") in "".join(said.stderr.split())
    said = jury("registre", "inscrire", folder.root, JURY_REGISTRE=str(registre))
    assert said.returncode == 0, said.stderr
    assert "Procès-verbal inscrit au registre : S1-PV1." in flat(said.stdout)
    said = jury("registre", "inscrire", folder.root, JURY_REGISTRE=str(registre))
    assert "Tout y était déjà inscrit" in flat(said.stdout)
    said = jury("registre", "chercher", "000001", "--registre", registre, "--format", "json")
    assert '"certificat": "000001"' in said.stdout
    said = jury("registre", "acquis", folder.root, "--registre", registre)
    assert "Le registre ne connaît aucun acquis à ajouter." in flat(said.stdout)
