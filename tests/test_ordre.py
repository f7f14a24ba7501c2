"""What is read first: causes before consequences, the same sentence once, and nothing dropped."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from conftest import edit, flat, returned, row_of
from hypothesis import given
from hypothesis import strategies as st
from test_cli import jury

from batch import chaine
from batch.anomalies import Anomalie, Code, Gravite, Lieu
from batch.folder import Folder
from batch.ordre import LIENS, Pli, fold, in_order


def folded(folder: Folder) -> list[str]:
    """The report as a tree: code, how many places, and what is under."""

    def told(pli: Pli) -> str:
        under = ", ".join(told(own) for own in pli.consequences)
        times = f" x{len(pli.anomalies)}" if len(pli.anomalies) > 1 else ""
        return f"{pli.anomalie.code.numero}{times}" + (f" ({under})" if under else "")

    return [told(pli) for pli in fold(chaine.examine(folder).anomalies)]


def test_a_grid_that_cannot_be_read_explains_that_it_has_not_come_back(dossier: Folder) -> None:
    path = returned(dossier)
    path.unlink()
    (dossier.retours / "Grille E1 BC1 FABRE (2) - Copie.xlsx").write_bytes(b"")
    assert folded(dossier) == ["FIC-002 (GRI-301)"]


def test_another_unreadable_file_does_not(dossier: Folder) -> None:
    returned(dossier).unlink()
    (dossier.retours / "autre.xlsx").write_bytes(b"")
    assert folded(dossier) == ["FIC-002", "GRI-301"]


def test_an_empty_drop_zone_explains_every_missing_grid(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    assert folded(joue(histoire, rempli=False)) == ["FIC-007 (GRI-301, GRI-301, GRI-301)"]


def test_a_row_of_somebody_else_explains_the_rating_that_lacks(dossier: Folder) -> None:
    def paste(workbook: Any) -> None:
        own, other = (
            next(s for s in workbook.worksheets if s.title.startswith(who)) for who in ("C1", "C2")
        )
        row = row_of(own, "E1")
        for column in range(1, 7):
            own.cell(row, column).value = other.cell(row, column).value

    edit(returned(dossier), paste)
    assert folded(dossier) == ["GRI-012 (GRI-202)"]


def test_a_sheet_that_lacks_explains_whoever_cites_it(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue(histoire, rempli=False)

    def drop(workbook: Any) -> None:
        del workbook["Évaluateurs"]

    edit(folder.session, drop)
    first = folded(folder)[0]
    assert first.startswith("SES-001 (SES-008, SES-011")


def test_a_refused_candidate_explains_the_grid_that_bears_his_number(dossier: Folder) -> None:
    def forget(workbook: Any) -> None:
        sheet = workbook["Candidats"]
        headings = [str(cell.value).rstrip(" *") for cell in sheet[1]]
        sheet.cell(3, headings.index("Commune de naissance") + 1).value = None

    edit(dossier.session, forget)
    assert folded(dossier) == ["SES-004 (GRI-003, GRI-003, GRI-003)"]


def test_the_same_sentence_at_several_places_is_said_once(dossier: Folder) -> None:
    def scribble(workbook: Any) -> None:
        workbook.create_sheet("Brouillon")["A1"].value = "à revoir"
        workbook.create_sheet("Essai")["A1"].value = "à revoir"

    edit(returned(dossier), scribble)
    (pli,) = fold(chaine.examine(dossier).anomalies)
    assert (pli.anomalie.code, pli.nombre) == (Code.COPIE_NON_LUE, 2)
    assert pli.lieu.replace("\u00a0", " ") == (
        "retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « Brouillon » ; "
        "retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « Essai »"
    )


def test_cells_of_one_sheet_are_named_together() -> None:
    at = [Lieu("session.xlsx", "Candidats", cell) for cell in ("B3", "B4", "B12")]
    own = [Code.VALEUR_MANQUE.at(lieu, colonne="Prénoms", aide="") for lieu in reversed(at)]
    (pli,) = fold(in_order(own))
    assert pli.lieu.replace("\u00a0", " ") == (
        "session.xlsx, feuille « Candidats », cellules B3, B4 et B12"
    )


def test_the_machine_reads_every_anomaly_and_its_cause(dossier: Folder) -> None:
    returned(dossier).unlink()
    (dossier.retours / "grille E1 BC1 FABRE.xlsx").write_bytes(b"")
    refused, missing = [one.as_json() for one in chaine.examine(dossier).anomalies]
    assert (refused["code"], refused["cause"]) == ("FIC-002", None)
    assert (missing["code"], missing["cause"]) == ("GRI-301", refused["reference"])


def test_a_reference_changes_with_the_value_and_with_the_place() -> None:
    def reference(valeur: str, cellule: str) -> str:
        return Code.PRESENCE_INCONNUE.at(Lieu("g.xlsx", "C1", cellule), valeur=valeur).reference

    assert reference("malade", "D6") == reference("malade", "D6")
    assert (
        len({reference("malade", "D6"), reference("malade", "D7"), reference("parti", "D6")}) == 3
    )


def test_the_terminal_says_the_cause_and_how_much_it_entails(dossier: Folder) -> None:
    returned(dossier).unlink()
    (dossier.retours / "grille E1 BC1 FABRE.xlsx").write_bytes(b"")
    said = jury("controle", dossier.root)
    assert said.returncode == 1
    _, _, told = flat(said.stdout).partition("Contrôle : 2 anomalies bloquantes. ")
    assert told == (
        "FIC-002 bloquant retours/grille E1 BC1 FABRE.xlsx "
        "retours/grille E1 BC1 FABRE.xlsx est vide (0 octet). "
        "À faire : Redemandez la grille à l’évaluateur : l’envoi ou la copie a échoué. "
        "En découle 1 autre anomalie : GRI-301."
    )


def test_the_terminal_names_a_few_places_and_counts_the_others(dossier: Folder) -> None:
    def scribble(workbook: Any) -> None:
        sheet = workbook["Candidats"]
        headings = [str(cell.value).rstrip(" *") for cell in sheet[1]]
        for row in range(4, 9):
            sheet.cell(row, 1).value = f"C{row}"
            sheet.cell(row, headings.index("Voie d’accès") + 1).value = "Télépathie"

    edit(dossier.session, scribble)
    said = flat(jury("controle", dossier.root).stdout)
    column = re.search(r"SES-005 bloquant session.xlsx, feuille « Candidats », (.+?) « Tél", said)
    assert column is not None
    assert re.fullmatch(r"cellules ([A-Z]+)4, \1(5) et \1(6) ; et 2 autres endroits", column[1])


WORDS = st.sampled_from(["C1", "C2"])
ANYTHING = st.builds(
    lambda code, fichier, feuille, cellule, objets: Anomalie(
        code, Lieu(fichier, feuille, cellule), f"{code.numero} {objets}", "", (), tuple(objets)
    ),
    st.sampled_from(Code),
    st.sampled_from(["session.xlsx", "retours/a.xlsx"]),
    st.sampled_from(["", "Candidats", "C1"]),
    st.sampled_from(["", "A2", "B2", "A10"]),
    st.lists(WORDS, max_size=2, unique=True),
)


@given(st.lists(ANYTHING, max_size=12))
def test_whatever_was_found_is_folded_once_and_only_once(found: list[Anomalie]) -> None:
    ordered = in_order(found)
    assert {one.reference for one in ordered} == {one.reference for one in found}
    assert in_order(ordered) == in_order(list(reversed(found))) == ordered
    plis = fold(ordered)
    kept = [one for pli in plis for one in every(pli)]
    assert sorted(one.reference for one in kept) == sorted(one.reference for one in ordered)
    assert sum(pli.nombre for pli in plis) == len(ordered)
    gravities = [list(Gravite).index(pli.gravite) for pli in plis]
    assert gravities == sorted(gravities)


def every(pli: Pli) -> list[Anomalie]:
    return [*pli.anomalies, *(one for own in pli.consequences for one in every(own))]


@pytest.mark.parametrize("lien", LIENS)
def test_a_cause_is_never_explained_by_what_it_explains(lien: Any) -> None:
    assert not set(lien.causes) & set(lien.consequences)


def test_structure_comes_before_content() -> None:
    lieu = Lieu("x")
    found = [
        Code.NOTE_INCONNUE.at(lieu, valeur="x", critere="E1", attendu=""),
        Code.JURY_PRESIDENT.at(lieu, combien=0),
        Code.FICHIER_VIDE.at(lieu, nom="x"),
        Code.VALEUR_MANQUE.at(lieu, colonne="x", aide=""),
        Code.YAML_MANQUE.at(lieu, rubrique="x"),
    ]
    assert [one.code.famille for one in in_order(found)] == ["YML", "SES", "FIC", "GRI", "JUR"]
