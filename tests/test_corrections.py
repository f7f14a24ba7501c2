"""A faulty grid goes back with everything that was typed, marked; repaired, it takes its place."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import cfb
import openpyxl
import pytest
from click.testing import CliRunner
from conftest import NOW, edit, on_keyboard, played, returned, row_of, sentences
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_libreoffice import convert, needs_libreoffice

from batch import chaine, demonstration, resultats
from batch.anomalies import Code
from batch.classeurs import cellules
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.correction.modele import GUERISSABLES
from batch.cli.controle import controle
from batch.cli.traiter import traiter
from batch.folder import Folder

Damage = Callable[[Any], None]


def first(workbook: Any) -> Any:
    """The first sheet on which somebody is rated."""
    return next(s for s in workbook.worksheets if cellules.fold(s.title) not in OURS)


OURS = {cellules.fold(name) for name in f.NOTRES}


def tags(sheet: Any) -> dict[str, int]:
    """The rated rows of a sheet, by the id of their line."""
    found = {}
    for row in range(1, sheet.max_row + 1):
        text = str(sheet.cell(row, f.REPERE).value)
        if f.REPERE_LIGNE.fullmatch(text):
            found[text.partition("~")[0]] = row
    return found


def rate(rank: int, note: Any = ..., comment: Any = ..., presence: Any = ...) -> Damage:
    """The nth rated row of the first sheet, typed over."""

    def change(workbook: Any) -> None:
        sheet = first(workbook)
        row = list(tags(sheet).values())[rank]
        for column, value in ((f.NOTE, note), (f.COMMENTAIRE, comment)):
            if value is not ...:
                sheet.cell(row, column).value = value
        if presence is not ...:
            sheet.cell(f.L_PRESENCE, f.NOTE).value = presence

    return change


def sort_apart(workbook: Any) -> None:
    sheet = first(workbook)
    one, two = list(tags(sheet).values())[:2]
    for column in (f.NOTE, f.TEMOIN, f.COMMENTAIRE):
        a, b = sheet.cell(one, column), sheet.cell(two, column)
        a.value, b.value = b.value, a.value


def copy_row(workbook: Any) -> None:
    sheet = first(workbook)
    source, target = next(iter(tags(sheet).values())), sheet.max_row + 1
    for column in range(1, 7):
        sheet.cell(target, column).value = sheet.cell(source, column).value
    sheet.cell(target, f.NOTE).value = "peut-être"


def foreign_tag(workbook: Any) -> None:
    sheet = first(workbook)
    sheet.cell(next(iter(tags(sheet).values())), f.REPERE).value = "E99~AAAAAAAA"


def drop_row(workbook: Any) -> None:
    sheet = first(workbook)
    sheet.delete_rows(next(iter(tags(sheet).values())))


def drop_column(column: int) -> Damage:
    def change(workbook: Any) -> None:
        first(workbook).delete_cols(column)

    return change


def drop_sheet(workbook: Any) -> None:
    del workbook[first(workbook).title]


DAMAGES: dict[str, tuple[Damage, set[Code]]] = {
    "a word of his own": (rate(0, "bof"), {Code.NOTE_INCONNUE}),
    "a number": (rate(0, 14), {Code.NOTE_INCONNUE}),
    "a blank": (rate(0, None), {Code.NOTE_MANQUE}),
    "no comment": (rate(0, "{demanding}", None), {Code.COMMENTAIRE_MANQUE}),
    "a date": (rate(0, date(2026, 3, 1)), {Code.NOTE_DATE}),
    "a formula": (rate(0, "=B2&C3"), {Code.NOTE_FORMULE}),
    "a long comment": (rate(0, comment="à revoir, " * 300), {Code.TEXTE_TROP_LONG}),
    "an odd presence": (rate(0, presence="malade"), {Code.PRESENCE_INCONNUE}),
    "absent but rated": (rate(0, presence="Absent"), {Code.ABSENT_NOTE}),
    "sorted apart": (sort_apart, {Code.TEMOIN_DEPLACE}),
    "a row twice": (copy_row, {Code.LIGNE_DOUBLE}),
    "a tag altered": (foreign_tag, {Code.LIGNE_ETRANGERE, Code.NOTE_MANQUE}),
    "a row deleted": (drop_row, {Code.NOTE_MANQUE}),
    "no column of ratings": (drop_column(f.NOTE), {Code.COLONNE_INTROUVABLE}),
    "no column of comments": (drop_column(f.COMMENTAIRE), {Code.COLONNE_INTROUVABLE}),
    "a sheet deleted": (drop_sheet, {Code.GRILLE_NON_REVENUE}),
}
# What a fresh grid cannot keep: as text, a date or a formula is a word that the scale does not
# have; a fault of structure leaves only its consequences, cells that wait.
BECOMES = {
    Code.NOTE_DATE: {Code.NOTE_INCONNUE},
    Code.NOTE_FORMULE: {Code.NOTE_INCONNUE},
    Code.LIGNE_DOUBLE: {Code.NOTE_MANQUE},
    Code.LIGNE_ETRANGERE: set(),
    Code.GRILLE_NON_REVENUE: {Code.NOTE_MANQUE},
    Code.COLONNE_INTROUVABLE: {Code.NOTE_MANQUE, Code.COMMENTAIRE_MANQUE},
    Code.GRILLE_DOUBLE: {Code.NOTE_MANQUE},
}


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> tuple[Folder, Any]:
    """The small session, two of its rows not alike (what is displaced can be seen), and what it
    comes to. It is only to be copied."""
    folder = played(tmp_path_factory.mktemp("modele") / "session")
    edit(returned(folder), rate(0, "Acquis", "Entretien mené avec soin."))
    edit(returned(folder), rate(1, "Non acquis", "Sources non citées."))
    return folder, outcome(folder)


@pytest.fixture
def rempli(modele: tuple[Folder, Any], tmp_path: Path) -> Folder:
    return Folder(shutil.copytree(modele[0].root, tmp_path / "session"))


def faults(folder: Folder) -> set[Code]:
    """What is wrong with the returned grids, as codes."""
    found = chaine.control(folder, NOW).anomalies
    return {a.code for a in found if a.code in GUERISSABLES or a.code is Code.GRILLE_NON_REVENUE}


def outcome(folder: Folder) -> Any:
    """What the session comes to."""
    examen = chaine.examine(folder)
    assert not [a for a in examen.anomalies if a.bloquante], sentences(examen.anomalies)
    return resultats.as_json(examen.seance, ())["candidats"]


def correction(folder: Folder) -> Path:
    """The only workbook that is to go back."""
    (path,) = folder.corrections.glob("*.xlsx")
    return path


def listed(workbook: Any) -> Iterator[tuple[Any, int]]:
    """Where the first sheet sends the evaluator: the sheet, the row."""
    for row in workbook[f.A_CORRIGER].iter_rows():
        for cell in row:
            if cell.hyperlink is not None:
                sheet, _, address = cell.hyperlink.location.rpartition("!")
                own = workbook[sheet.strip("'").replace("''", "'")]
                yield own, own[address].row


def repair(correction: Path, good: Any) -> Damage:
    """What an evaluator does: the cells of the list, one by one, as he meant them (`good`)."""

    def change(workbook: Any) -> None:
        for sheet, row in list(listed(workbook)):
            meant = good[sheet.title]
            tag = str(sheet.cell(row, f.REPERE).value)
            source = row_of(meant, tag.partition("~")[0]) if "~" in tag else row
            for column in (f.NOTE, f.COMMENTAIRE, f.TEMOIN):
                if "~" in tag or column == f.NOTE:
                    sheet.cell(row, column).value = meant.cell(source, column).value

    edit(correction, change)
    return change


def demanding(folder: Folder) -> str:
    echelle = chaine.gather(folder).reglement.echelle
    return next(n.libelle for n in echelle.niveaux if n.commentaire == "obligatoire")


def spoil(folder: Folder, path: Path, damage: Damage) -> None:
    """The damage, with the scale's own word where it asks for one."""
    edit(path, damage)
    word = demanding(folder)

    def resolve(workbook: Any) -> None:
        for sheet in workbook.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value == "{demanding}":
                        cell.value = word

    edit(path, resolve)


@pytest.mark.parametrize("name", DAMAGES)
def test_a_faulty_grid_goes_back_whole_and_comes_back_mended(
    rempli: Folder, modele: tuple[Folder, Any], name: str
) -> None:
    damage, codes = DAMAGES[name]
    path = returned(rempli)
    good = openpyxl.load_workbook(path)
    spoil(rempli, path, damage)
    assert faults(rempli) == codes
    sent = correction(rempli)
    assert sent.name == "correction grille E1 BC1 FABRE.xlsx"

    # Read as it is, it has the same faults and no other.
    shutil.copy(sent, rempli.retours / "rendue.xlsx")
    kept = set().union(*(BECOMES.get(code, {code}) for code in codes))
    again = faults(rempli)
    assert again
    assert again <= kept

    # Repaired from its list alone, it gives what an undisturbed session would have given.
    repair(rempli.retours / "rendue.xlsx", good)
    assert outcome(rempli) == modele[1]
    chaine.control(rempli, NOW)
    assert not list(rempli.corrections.iterdir())


def test_the_correction_says_what_it_replaces_and_what_it_changes(rempli: Folder) -> None:
    path = returned(rempli)
    good = openpyxl.load_workbook(path)
    edit(path, rate(0, "bof"))
    chaine.control(rempli, NOW)
    back = rempli.retours / "rendue.xlsx"
    shutil.copy(correction(rempli), back)
    repair(back, good)
    edit(back, rate(1, "Acquis", "Sources non citées."))
    edit(back, rate(2, comment="Après relecture."))
    before = path.read_bytes()
    found = chaine.control(rempli, NOW)
    assert sentences(found.anomalies) == [
        "GRI-020 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND » | Cette "
        "feuille est ignorée : remplacée par la grille corrigée retours/rendue.xlsx.",
        "GRI-020 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C2 PETIT » | Cette "
        "feuille est ignorée : remplacée par la grille corrigée retours/rendue.xlsx.",
        "GRI-021 retours/rendue.xlsx, feuille « C1 DURAND », cellule D13 | La grille corrigée "
        "change aussi une saisie qui n’était pas en faute (E2 « Son analyse du bilan de campagne "
        "permet de comprendre la… ») : « Non acquis » (retours/Hélène FABRE/BC1 rempli par "
        "Hélène.xlsx, feuille « C1 DURAND », cellule D13) est devenu « Acquis ».",
    ]
    assert path.read_bytes() == before
    # The rows add up: the first version's are ignored, the correction's count.
    assert found.bilan.comptes["lignes"] == {"accepté": 96, "ignoré": 22}
    assert found.bilan.comptes["fichiers"] == {"accepté": 3, "ignoré": 1}
    assert found.bilan.comptes["feuilles"] == {"accepté": 6, "ignoré": 11}


def test_the_message_is_ready_to_send_and_says_no_result(rempli: Folder) -> None:
    edit(returned(rempli), rate(0, "bof"))
    edit(returned(rempli), rate(1, "Non acquis", None))
    chaine.control(rempli, NOW.replace(year=2023))
    text = correction(rempli).with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert on_keyboard(text) == (
        "À : Hélène FABRE <helene@exemple.fr>\n"
        "Objet : Grille à corriger : bloc BC1, session S1\n\n"
        "Bonjour Hélène FABRE,\n"
        "Votre grille (bloc BC1) nous est bien parvenue, merci ; 2 cases sont à reprendre. Le "
        "classeur joint la contient telle que vous l’avez remplie, marque ces cases et y mène "
        "depuis sa première feuille.\n"
        "Merci de nous le retourner avant le jeudi 8 juin 2023, à Camille Renard "
        "(contact@exemple.fr).\n"
    )
    chaine.control(rempli, NOW)
    late = correction(rempli).with_suffix(".txt").read_text(encoding="utf-8-sig")
    assert "dès que possible, le délai du jeudi 8 juin 2023 étant passé" in on_keyboard(late)


def test_the_command_says_where_they_wait(rempli: Folder) -> None:
    edit(returned(rempli), rate(0, "bof"))
    for command in (controle, traiter):
        said = on_keyboard(CliRunner().invoke(command, [str(rempli.root)]).output)
        assert (
            "1 grille à corriger est prête à renvoyer, chaque fois avec un message, dans "
            "controle/corrections/." in " ".join(said.split())
        )


def test_whoever_sent_an_unreadable_file_is_told_what_to_send_instead(rempli: Folder) -> None:
    (rempli.retours / "lot").mkdir()
    for name, content in (
        ("protégé.xlsx", cfb.write({"EncryptedPackage": b"x"})),
        ("lot/scan.xlsx", b"%PDF-1.7 ..."),
        ("vide.xlsx", b""),
    ):
        (rempli.retours / name).write_bytes(content)
    chaine.control(rempli, NOW)
    made = {p.name: on_keyboard(p.read_text("utf-8-sig")) for p in rempli.corrections.iterdir()}
    assert set(made) == {
        "message protégé.xlsx.txt", "message lot scan.xlsx.txt", "message vide.xlsx.txt",
    }  # fmt: skip
    assert (
        "Le fichier « protégé.xlsx » n’a pas pu être lu : il est protégé par un mot de passe. "
        "Dans Excel : Fichier, Informations, Protéger le classeur"
        in made["message protégé.xlsx.txt"]
    )
    for path in rempli.retours.glob("*.xlsx"):
        path.unlink()
    chaine.control(rempli, NOW)
    assert [p.name for p in rempli.corrections.iterdir()] == ["message lot scan.xlsx.txt"]


def test_nobody_is_sent_the_grid_of_another_session_nor_one_that_never_came(
    rempli: Folder, joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["session"]["id"] = "S2"
    other = joue(histoire, nom="autre")
    edit(returned(other), rate(0, "bof"))
    shutil.copy(returned(other), rempli.retours / "autre.xlsx")
    returned(rempli, "BC2").unlink()
    codes = {a.code for a in chaine.control(rempli, NOW).anomalies}
    assert codes == {Code.GRILLE_AUTRE_SESSION, Code.GRILLE_NON_REVENUE}
    assert not rempli.corrections.exists() or not list(rempli.corrections.iterdir())


def test_what_somebody_has_changed_in_a_correction_is_never_lost(rempli: Folder) -> None:
    path = returned(rempli)
    edit(path, rate(0, "bof"))
    chaine.control(rempli, NOW)
    sent = correction(rempli)
    edit(sent, rate(0, "Acquis"))
    kept = sent.read_bytes()
    chaine.control(rempli, NOW)
    assert sent.read_bytes() == kept
    # It must change: the one that was touched is set aside.
    edit(path, rate(2, "bof"))
    chaine.control(rempli, NOW)
    aside = sent.with_name(f"{sent.stem} (retouché à la main).xlsx")
    assert aside.read_bytes() == kept
    assert sent.read_bytes() != kept
    # No longer needed: what we wrote goes, what was touched stays.
    edit(path, rate(0, "Acquis"))
    edit(path, rate(2, "Acquis"))
    chaine.control(rempli, NOW)
    assert [p.name for p in rempli.corrections.iterdir()] == [aside.name]


def test_the_same_fault_gives_the_same_bytes(rempli: Folder) -> None:
    edit(returned(rempli), rate(0, "bof"))
    chaine.control(rempli, NOW)
    first_time = correction(rempli).read_bytes()
    shutil.rmtree(rempli.controle)
    chaine.treat(rempli, NOW.replace(year=2027))
    assert correction(rempli).read_bytes() == first_time


def test_two_versions_are_given_back_and_neither_is_chosen(
    rempli: Folder, modele: tuple[Folder, Any]
) -> None:
    path = returned(rempli)
    good = openpyxl.load_workbook(path)
    shutil.copy(path, rempli.retours / "copie.xlsx")
    edit(rempli.retours / "copie.xlsx", rate(0, "Non acquis", "Confus."))
    chaine.control(rempli, NOW)
    workbook = openpyxl.load_workbook(correction(rempli))
    sheet = first(workbook)
    row = row_of(sheet, "E1")
    assert (sheet.cell(row, f.NOTE).value, sheet.cell(row, f.COMMENTAIRE).value) == (None, None)
    note = on_keyboard(sheet.cell(row, f.NOTE).comment.text)
    assert "« Acquis », « Entretien mené avec soin. » (C1 DURAND, D12)" in note
    assert "« Non acquis », « Confus. » (C1 DURAND, D12)" in note
    # Once settled, it stands in for both.
    shutil.copy(correction(rempli), rempli.retours / "rendue.xlsx")
    repair(rempli.retours / "rendue.xlsx", good)
    assert outcome(rempli) == modele[1]


def test_a_correction_of_a_correction_stands_in_for_both(
    rempli: Folder, modele: tuple[Folder, Any]
) -> None:
    path = returned(rempli)
    good = openpyxl.load_workbook(path)
    edit(path, rate(0, "bof"))
    edit(path, rate(3, "moyen"))
    chaine.control(rempli, NOW)
    half = rempli.retours / "à moitié.xlsx"
    shutil.copy(correction(rempli), half)
    edit(half, rate(0, "Acquis"))
    chaine.control(rempli, NOW)
    shutil.copy(correction(rempli), rempli.retours / "tout à fait.xlsx")
    repair(rempli.retours / "tout à fait.xlsx", good)
    assert outcome(rempli) == modele[1]
    # Even if the middle one is taken away.
    half.unlink()
    assert outcome(rempli) == modele[1]


def test_a_grid_cannot_declare_itself_a_correction(rempli: Folder) -> None:
    path = returned(rempli)
    copy = rempli.retours / "copie.xlsx"
    shutil.copy(path, copy)
    edit(copy, rate(0, "Non acquis", "Confus."))
    (read, _) = cellules.read("", path.read_bytes())
    assert read is not None

    def forge(workbook: Any) -> None:
        token = f"CORRIGE|{read.empreinte}|AAAAAAAAAA"
        first(workbook).cell(f.L_REMPLACE, f.REPERE).value = token

    edit(copy, forge)
    assert Code.GRILLE_DOUBLE in faults(rempli)


def test_what_others_wrote_in_the_same_file_is_not_given_to_him(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    """A secretary gathers two evaluators' sheets in one workbook."""
    histoire["evaluateurs"].append({"id": "E2", "nom": "NOIR", "prenom": "Paul"})
    histoire["affectations"] = [
        {"evaluateur": "E1", "sujet": "C1"}, {"evaluateur": "E2", "sujet": "C2"},
    ]  # fmt: skip
    folder = joue(histoire)
    paths = [p for p in sorted(folder.retours.rglob("*.xlsx")) if "BC1" in p.name]
    workbooks = [openpyxl.load_workbook(path) for path in paths]
    (helene, paul) = workbooks

    def gather(workbook: Any) -> None:
        target = workbook.create_sheet(first(paul).title)
        for row in first(paul).iter_rows():
            for cell in row:
                target.cell(cell.row, cell.column).value = cell.value
        target.cell(60, 3).value = "Paul : candidat brouillon."
        rate(0, "bof")(workbook)

    edit(paths[0], gather)
    paths[1].unlink()
    chaine.control(folder, NOW)
    assert "Paul : candidat brouillon." not in texts(correction(folder))
    assert {s.title for s in helene} - {first(helene).title} <= {*f.NOTRES}


def texts(path: Path) -> set[str | None]:
    """Every text of a workbook, its notes apart."""
    classeur, _ = cellules.read(path.name, path.read_bytes())
    assert classeur is not None
    return {c.texte for feuille in classeur.feuilles for c in feuille.cellules.values()}


TYPED = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=40)


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    typed=st.lists(st.tuples(st.integers(11, 45), st.integers(3, 9), TYPED), max_size=12),
    damage=st.sampled_from([foreign_tag, drop_row, copy_row, rate(0, None), sort_apart]),
)
def test_every_text_that_was_typed_is_in_the_correction(
    rempli: Folder, typed: list[tuple[int, int, str]], damage: Damage
) -> None:
    source = next(rempli.grilles.glob("*BC1*.xlsx"))
    path = returned(rempli)
    shutil.copy(source, path)

    def fill(workbook: Any) -> None:
        rate(4, "bof")(workbook)
        damage(workbook)
        for row, column, text in typed:
            if column != f.TEMOIN:
                first(workbook).cell(row, column).value = text

    edit(path, fill)
    original = openpyxl.load_workbook(path)
    there = {cellules.clean(str(first(original).cell(r, c).value)) for r, c, _ in typed}
    chaine.control(rempli, NOW)
    sent = correction(rempli)
    notes = [
        cell.comment.text
        for sheet in openpyxl.load_workbook(sent)
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment
    ]
    found = texts(sent)
    for text in there - {None, "None"}:
        assert text in found or any(str(text) in note for note in notes), text


@needs_libreoffice
def test_a_correction_survives_libreoffice(rempli: Folder, tmp_path: Path) -> None:
    edit(returned(rempli), rate(0, "bof"))
    edit(returned(rempli), rate(2, "Non acquis", "=1+1 n’est pas une formule"))
    edit(returned(rempli), rate(3, None))
    chaine.control(rempli, NOW)
    source = correction(rempli)
    shutil.copy(source, rempli.retours / "rendue.xlsx")
    before = chaine.control(rempli, NOW)
    for step in ("ods", "xlsx"):
        convert(source, step, tmp_path / step)
        source = next((tmp_path / step).glob(f"*.{step}"))
    shutil.copy(source, rempli.retours / "rendue.xlsx")
    after = chaine.control(rempli, NOW)
    assert sentences(after.anomalies) == sentences(before.anomalies)
    assert Code.GRILLE_REMPLACEE in {a.code for a in after.anomalies}

    def said(controle: Any) -> set[Any]:
        own = controle.evaluations.appreciations.values()
        return {(a.candidat, a.ligne, a.niveau, a.commentaire) for x in own for a in x}

    assert said(after) == said(before)


@pytest.mark.parametrize("certification", demonstration.known())
def test_each_certification_heals_its_groups_and_members_too(
    tmp_path: Path, certification: str
) -> None:
    """Every kind of sheet that its sample has: a candidate's, a group's, a member's own."""
    story = demonstration.scenario(certification)
    story.pop("non_rendues", None)
    folder = played(tmp_path / certification, story)
    contexte = chaine.gather(folder)
    before = rated(chaine.read_returns(contexte))
    path = max(folder.retours.rglob("*.xlsx"), key=lambda p: len(sheets(p)))
    good = openpyxl.load_workbook(path)

    def spoil_all(workbook: Any) -> None:
        for rank, sheet in enumerate(s for s in workbook.worksheets if tags(s)):
            row = next(iter(tags(sheet).values()))
            sheet.cell(row, f.NOTE).value = ("bof", None, 3)[rank % 3]

    edit(path, spoil_all)
    found = chaine.control(folder, NOW).anomalies
    (sent,) = folder.corrections.glob("*.xlsx")
    assert {sheet.title for sheet, _ in listed(openpyxl.load_workbook(sent))} == {
        a.lieu.feuille for a in found if a.code in GUERISSABLES
    }
    shutil.copy(sent, folder.retours / "rendue.xlsx")
    repair(folder.retours / "rendue.xlsx", good)
    after = chaine.read_returns(contexte)
    assert rated(after) == before
    assert not [a for a in after.anomalies if a.bloquante]


def sheets(path: Path) -> list[str]:
    return openpyxl.load_workbook(path, read_only=True).sheetnames


def rated(controle: Any) -> set[Any]:
    own = controle.evaluations.appreciations.values()
    return {(a.candidat, a.evaluateur, a.ligne, a.niveau, a.note, a.commentaire)
            for x in own for a in x}  # fmt: skip
