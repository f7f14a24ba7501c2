"""What a run remembers never shows in what it makes: only in how long it takes."""

import json
import random
import re
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import NOW, contents, edit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from batch import chaine, data, programme
from batch.allure import Allure
from batch.classeurs import cellules, echange
from batch.classeurs import rapport as classeur_rapport
from batch.classeurs.cellules import Cellule, Classeur, Feuille
from batch.classeurs.grille import apport, ecriture
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.lecture import Bilan, Lecteur
from batch.documents.rendu import Modele
from batch.folder import Folder

VALEURS = st.one_of(
    st.none(),
    st.text(max_size=9),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(),
    *(own.map(lambda one: one.replace(fold=0)) for own in (st.datetimes(), st.times())),
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(VALEURS, max_size=12), st.none() | st.text(max_size=9), st.booleans())
def test_a_workbook_is_taken_up_as_it_was_set_down(
    valeurs: list[Any], formule: str | None, macros: bool
) -> None:
    cells = [Cellule(2, 1, None, formule)]
    cells += [Cellule(1, rank, valeur) for rank, valeur in enumerate(valeurs, 1)]
    drawn = tuple(
        Feuille(nom, {(c.ligne, c.colonne): c for c in own})
        for nom, own in (("A", cells), ("B", ()))
    )
    classeur = Classeur("a.xlsx", drawn, macros=macros, modifie=NOW, empreinte="e")
    again = echange.from_json("a.xlsx", json.loads(json.dumps(echange.as_json(classeur))))
    # By their exact types: 1, True and Decimal(1) are equal.
    assert (repr(again), repr(again.feuilles)) == (repr(classeur), repr(drawn))


@pytest.mark.parametrize(
    "content",
    [{}, [], {"textes": [], "feuilles": [{"nom": "x", "cellules": [1, 2, 3]}]},
     {"textes": [], "feuilles": [{"nom": "x", "cellules": [1, 2, 0, -1]}]},
     {"textes": [], "feuilles": [{"nom": "x", "cellules": [1, 2, ["os", "x"], -1]}]}],
)  # fmt: skip
def test_what_nobody_set_down_is_not_taken_up(content: Any) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        echange.from_json("a.xlsx", content)


def files(folder: Folder) -> dict[str, bytes]:
    return contents(folder.root, ".jury/lectures/", ".jury/ouvrages/")


Geste = Callable[[Folder, random.Random], None]


def _grids(folder: Folder) -> list[Path]:
    return sorted(folder.retours.rglob("*.xlsx"))


def _rate(folder: Folder, chance: random.Random) -> None:
    words = ("Acquis", "Non acquis", "non évalué", "bof", "", 12, True, date(2026, 3, 1))

    def change(workbook: Any) -> None:
        sheet = next(s for s in workbook.worksheets if s.title not in f.NOTRES)
        row = f.L_PREMIERE + chance.randrange(8)
        sheet.cell(row, f.NOTE).value = chance.choice(words)
        sheet.cell(row, f.COMMENTAIRE).value = chance.choice((None, "Vu à l'oral.", "=1+1"))

    edit(chance.choice(_grids(folder)), change)


def _rename(folder: Folder, chance: random.Random) -> None:
    path = chance.choice(_grids(folder))
    path.rename(path.with_name(f"{chance.randrange(1000)} {path.name}"[-60:]))


def _copy(folder: Folder, chance: random.Random) -> None:
    path = chance.choice(_grids(folder))
    shutil.copy(path, folder.retours / f"copie {chance.randrange(1000)}.xlsx")


def _truncate(folder: Folder, chance: random.Random) -> None:
    path = chance.choice(_grids(folder))
    path.write_bytes(path.read_bytes()[:-40])


def _send_again(folder: Folder, chance: random.Random) -> None:
    source = chance.choice(sorted(folder.grilles.glob("*.xlsx")))
    shutil.copy(source, folder.retours / "renvoi.xlsx")


def _take_away(folder: Folder, chance: random.Random) -> None:
    if len(_grids(folder)) > 3:
        chance.choice(_grids(folder)).unlink()


def _change_rule(folder: Folder, chance: random.Random) -> None:
    text = folder.reglement.read_text(encoding="utf-8")
    folder.reglement.write_text(
        re.sub(r"proportion: \d+ %", f"proportion: {chance.randrange(40, 90)} %", text), "utf-8"
    )


def _change_session(folder: Folder, chance: random.Random) -> None:
    def change(workbook: Any) -> None:
        sheet = workbook["Candidats"]
        sheet.cell(2, 2).value = chance.choice(("DURAND", "MARTIN", "LE GALL"))

    edit(folder.session, change)


def _change_template(folder: Folder, chance: random.Random) -> None:
    """The house takes up one of our templates, changes it, or gives it up."""
    own = folder.gabarits / "lettre.docx"
    if own.is_file() and chance.random() < 0.3:
        own.unlink()
        return
    folder.gabarits.mkdir(exist_ok=True)
    workbook = docx.Document(str(data.TEMPLATES / own.name))
    workbook.paragraphs[-1].add_run(chance.choice(("Bien à vous.", "À bientôt.")))
    workbook.save(str(own))


def _retouch(folder: Folder, chance: random.Random) -> None:
    """Somebody writes in what we made, or takes it away."""
    made = [*folder.documents.rglob("*.docx"), *folder.corrections.glob("*")]
    path = chance.choice(sorted(made))
    if chance.random() < 0.3:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"retouche")


GESTES: tuple[Geste, ...] = (
    _rate, _rate, _rate, _rename, _copy, _truncate, _send_again, _take_away, _change_rule,
    _change_session, _change_template, _retouch, _retouch,
)  # fmt: skip


@pytest.mark.parametrize("graine", range(3))
def test_whatever_is_changed_a_run_that_remembers_makes_what_one_that_does_not_makes(
    dossier: Folder, tmp_path: Path, graine: int
) -> None:
    chance = random.Random(graine)
    other = Folder(tmp_path / "sans")
    shutil.copytree(dossier.root, other.root)
    for turn in range(5):
        now = NOW + timedelta(hours=turn)
        chaine.treat(dossier, now)
        shutil.rmtree(other.lectures, ignore_errors=True)
        shutil.rmtree(other.ouvrages, ignore_errors=True)
        chaine.treat(other, now)
        assert files(dossier) == files(other)
        chance.choice(GESTES)(dossier, chance)
        for name in ("retours", "documents", "gabarits", "controle"):
            shutil.rmtree(other.root / name, ignore_errors=True)
            if (dossier.root / name).is_dir():
                shutil.copytree(dossier.root / name, other.root / name)
        for name in ("session.xlsx", "reglement.yaml"):
            shutil.copy(dossier.root / name, other.root / name)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The workbooks that were opened, in order."""
    names: list[str] = []
    read = cellules.read

    def watched(nom: str, *own: Any) -> Any:
        names.append(nom)
        return read(nom, *own)

    monkeypatch.setattr(cellules, "read", watched)
    return names


def test_only_the_grid_that_changed_is_opened_again(dossier: Folder, opened: list[str]) -> None:
    chaine.treat(dossier, NOW)
    assert sum(name.startswith("retours/") for name in opened) == len(_grids(dossier)) > 1
    opened.clear()
    _rate(dossier, random.Random(0))
    chaine.treat(dossier, NOW)
    assert len([name for name in opened if name.startswith("retours/")]) == 1


def _spoil(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Acquis", b"Non acquis", 1))


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:200])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("geste", [_spoil, _cut, _empty, _folder])
def test_what_was_spoilt_is_as_if_it_were_not_there(
    dossier: Folder, opened: list[str], geste: Callable[[Path], None]
) -> None:
    before = chaine.read_returns(chaine.gather(dossier))
    chaine.control(dossier, NOW)
    for path in dossier.lectures.iterdir():
        geste(path)
    opened.clear()
    after = chaine.read_returns(chaine.gather(dossier))
    assert (after.evaluations, after.anomalies) == (before.evaluations, before.anomalies)
    assert sum(name.startswith("retours/") for name in opened) == len(_grids(dossier))


def test_what_is_under_another_name_is_not_believed(dossier: Folder, opened: list[str]) -> None:
    chaine.control(dossier, NOW)
    one, other, *_ = sorted(dossier.lectures.iterdir())
    one.replace(other)
    opened.clear()
    chaine.read_returns(chaine.gather(dossier))
    assert sum(name.startswith("retours/") for name in opened) == 2


def test_nor_what_another_session_or_another_program_set_down(
    dossier: Folder, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_again() -> int:
        opened.clear()
        chaine.read_returns(chaine.gather(dossier))
        return sum(name.startswith("retours/") for name in opened)

    chaine.control(dossier, NOW)
    count = len(_grids(dossier))
    assert read_again() == 0
    with monkeypatch.context() as patch:
        patch.setattr(programme, "fingerprint", lambda: "un autre programme")
        assert read_again() == count
    assert read_again() == 0
    dossier.cle.write_text("cd" * 32, encoding="ascii")
    assert read_again() == count


def test_only_what_the_session_asks_otherwise_is_understood_again(
    dossier: Folder, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    understood: list[str] = []
    read = Lecteur.read

    def watched(self: Lecteur, classeur: Classeur, bilan: Bilan) -> Any:
        understood.append(classeur.nom)
        return read(self, classeur, bilan)

    monkeypatch.setattr(Lecteur, "read", watched)
    chaine.treat(dossier, NOW)
    understood.clear()
    chaine.treat(dossier, NOW)
    assert understood == []
    _rate(dossier, random.Random(0))
    chaine.treat(dossier, NOW)
    assert len(understood) == 1
    edit(dossier.session, lambda workbook: workbook["Candidats"].cell(2, 2, "KERMORVAN"))
    understood.clear()
    opened.clear()
    chaine.treat(dossier, NOW)
    assert len(understood) == len(_grids(dossier))
    assert not any(name.startswith("retours/") for name in opened)


def _disturb(folder: Folder) -> None:
    """Ratings changed, copies, a zip, an OpenDocument's name, a correction, words nobody knows."""
    chance = random.Random(7)
    for geste in (_rate, _rate, _rate, _copy, _truncate, _send_again, _rename):
        geste(folder, chance)
    _spoil_rating(folder, 0)
    (folder.retours / "note.pdf").write_bytes(b"%PDF-1.7")
    with zipfile.ZipFile(folder.retours / "a plusieurs.zip", "w") as several:
        for path in _grids(folder)[:2]:
            several.write(path, path.name)


def test_what_a_workbook_brings_is_taken_up_as_it_was_set_down(dossier: Folder) -> None:
    _disturb(dossier)
    contexte = chaine.gather(dossier)
    lecteur = Lecteur(contexte.session.id, contexte.formes, contexte.sceau(dossier.key()))
    count = 0
    for path in _grids(dossier):
        classeur, _ = cellules.read(path.name, path.read_bytes())
        if classeur is None:
            continue
        own = apport.take(classeur, lecteur)
        said = json.loads(json.dumps(apport.as_json(own)))
        again = apport.from_json("b.xlsx", said, lecteur)
        alone = replace(own, anomalies=(), remplace={})
        assert repr(again).replace("'b.xlsx'", repr(path.name)) == repr(alone)
        count += len(own.fiches)
    assert count > 3


def test_the_number_of_processes_never_shows(dossier: Folder) -> None:
    _disturb(dossier)
    contexte = chaine.gather(dossier)
    seen: list[tuple[int, int]] = []
    watched = Allure(1, lambda titre: lambda *own: seen.append(own))
    one = chaine.read_returns(contexte, allure=watched)
    two = chaine.read_returns(contexte, allure=Allure(2))
    for own in ("evaluations", "fiches", "bilan", "anomalies", "retours"):
        assert repr(getattr(one, own)) == repr(getattr(two, own)), own
    assert list(one.bilan.fichiers.items()) == list(two.bilan.fichiers.items())
    done, of = zip(*seen, strict=True)
    assert list(done) == sorted(done)
    assert done[-1] == of[-1] > 5


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the documents that were printed, in order."""
    titles: list[str] = []
    render = Modele.render

    def watched(self: Modele, contexte: Any, titre: str) -> bytes:
        titles.append(titre)
        return render(self, contexte, titre)

    monkeypatch.setattr(Modele, "render", watched)
    return titles


def _letters(folder: Folder) -> list[Path]:
    return sorted((folder.documents / "lettres").iterdir())


def test_only_the_papers_that_say_something_else_are_printed_again(
    dossier: Folder, printed: list[str]
) -> None:
    chaine.treat(dossier, NOW)
    assert len(printed) == len(list(dossier.documents.rglob("*.docx"))) > 2
    printed.clear()
    chaine.treat(dossier, NOW)
    assert printed == []
    _letters(dossier)[0].write_bytes(b"retouche")
    chaine.treat(dossier, NOW)
    assert len(printed) == 1
    assert _letters(dossier)[0].read_bytes() == b"retouche", "a paper that somebody keeps"
    printed.clear()
    _change_template(dossier, random.Random(1))
    chaine.treat(dossier, NOW)
    assert len(printed) == len([one for one in _letters(dossier) if "retouché" not in one.stem])


def _spoil_rating(folder: Folder, rank: int) -> None:
    def change(workbook: Any) -> None:
        sheet = next(s for s in workbook.worksheets if s.title not in f.NOTRES)
        rows = range(f.L_PREMIERE, sheet.max_row + 1)
        tagged = next(row for row in rows if "~" in str(sheet.cell(row, f.REPERE).value))
        sheet.cell(tagged, f.NOTE).value = "bof"

    edit(_grids(folder)[rank], change)


def test_only_the_grid_whose_faults_changed_is_corrected_again(
    dossier: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    write = ecriture.write
    monkeypatch.setattr(
        ecriture, "write", lambda *own: (made.append(own[3].evaluateur.id), write(*own))[1]
    )
    _spoil_rating(dossier, 0)
    _spoil_rating(dossier, 1)
    chaine.control(dossier, NOW)
    before = {path: path.read_bytes() for path in dossier.corrections.iterdir()}
    assert len(before) == 4
    made.clear()
    chaine.treat(dossier, NOW)
    assert made == []
    message, workbook = sorted(before)[:2]  # .txt, .xlsx
    message.unlink()
    chaine.treat(dossier, NOW)
    assert len(set(made)) == 1
    assert {path: path.read_bytes() for path in dossier.corrections.iterdir()} == before
    made.clear()
    # Before the deadline, the messages state it.
    chaine.treat(dossier, NOW - timedelta(days=9999))
    assert made
    assert (workbook.read_bytes(), message.read_bytes() == before[message]) == (
        before[workbook],
        False,
    )


def test_a_report_that_says_the_same_is_not_made_again(
    dossier: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    write = classeur_rapport.write
    monkeypatch.setattr(
        classeur_rapport, "write", lambda own: (made.append(own.session), write(own))[1]
    )
    chaine.control(dossier, NOW)
    report = dossier.controle / "rapport.xlsx"
    before = report.read_bytes()
    chaine.treat(dossier, NOW)
    chaine.treat(dossier, NOW)
    assert len(made) == 1
    report.write_bytes(b"retouche")
    chaine.treat(dossier, NOW)
    assert (len(made), report.read_bytes()) == (2, before)
    _spoil_rating(dossier, 0)
    chaine.treat(dossier, NOW)
    assert (len(made), report.read_bytes() == before) == (3, False)


@pytest.mark.parametrize("geste", [_cut, _empty])
def test_a_record_that_was_spoilt_makes_everything_again(
    dossier: Folder, printed: list[str], geste: Callable[[Path], None]
) -> None:
    chaine.treat(dossier, NOW)
    record = dossier.ouvrages / "documents.json"
    whole, count = record.read_bytes(), len(printed)
    record.write_bytes(whole.replace(b":", b": ", 1))  # it says the same, and nobody signed it
    chaine.treat(dossier, NOW)
    assert (len(printed), record.read_bytes()) == (2 * count, whole)
    geste(record)
    chaine.treat(dossier, NOW)
    assert (len(printed), record.read_bytes()) == (3 * count, whole)


def test_nor_does_another_program_believe_it(
    dossier: Folder, printed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    chaine.treat(dossier, NOW)
    printed.clear()
    monkeypatch.setattr(programme, "fingerprint", lambda: "un autre programme")
    chaine.treat(dossier, NOW)
    assert len(printed) == len(list(dossier.documents.rglob("*.docx")))


def test_what_left_the_folder_is_forgotten_and_what_only_looks_keeps_nothing(
    dossier: Folder,
) -> None:
    chaine.examine(dossier)
    assert not dossier.lectures.exists()
    chaine.control(dossier, NOW)
    assert len(list(dossier.lectures.iterdir())) == len(_grids(dossier))
    (dossier.lectures / "autre.tmp").write_bytes(b"une ecriture interrompue")
    _grids(dossier)[0].unlink()
    chaine.control(dossier, NOW)
    assert len(list(dossier.lectures.iterdir())) == len(_grids(dossier))


def test_a_disk_that_keeps_nothing_stops_nobody(dossier: Folder) -> None:
    dossier.lectures.write_bytes(b"")
    first = chaine.treat(dossier, NOW)
    assert first.resultats == chaine.treat(dossier, NOW).resultats


def test_the_program_is_known_by_its_sources(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    programme.fingerprint.cache_clear()
    whole = programme.fingerprint()
    shutil.copytree(Path(programme.__file__).parent, tmp_path / "batch")
    with (tmp_path / "batch" / "francais.py").open("a", encoding="utf-8") as source:
        source.write("\n")
    monkeypatch.setattr(programme, "__file__", str(tmp_path / "batch" / "programme.py"))
    programme.fingerprint.cache_clear()
    assert programme.fingerprint() != whole
    programme.fingerprint.cache_clear()
