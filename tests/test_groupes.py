"""Group work: rated once for all, one by one where the règlement says so, a member set apart."""

from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from conftest import edit, rate, sentences

from batch import chaine
from batch.classeurs.grille import forme as f
from batch.folder import Folder
from batch.vocabulaire import ResultatCritere, ResultatPartie


@pytest.fixture
def ascencia(joue: Callable[..., Folder], histoire: dict[str, Any]) -> Callable[..., Folder]:
    """Léa and Hugo, group G1, on ASCENCIA; K2.4 is each member's own (his retour d'expérience)."""

    def play(individuels: str = "K2.4", **changes: Any) -> Folder:
        histoire.update(certification="ascencia-cmc", **changes)
        for candidat in histoire["candidats"]:
            candidat["groupe"] = "G1"
        individual = f"\ncriteres_individuels: [{individuels}]\n"
        return joue(histoire, regles=lambda text: text + individual)

    return play


def workbook_of(folder: Folder, partie: str = "EP-A2") -> Any:
    return next(folder.retours.rglob(f"{partie} rempli*.xlsx"))


def results(folder: Folder) -> list[Any]:
    return [d.resultat for d in chaine.examine(folder).seance.dossiers]


def test_a_group_has_a_sheet_and_each_member_one_of_his_own(
    ascencia: Callable[..., Folder],
) -> None:
    folder = ascencia()
    workbook = openpyxl.load_workbook(next(folder.grilles.glob("*EP-A2*.xlsx")))
    assert workbook.sheetnames == ["Mode d’emploi", "Groupe G1", "C1 DURAND", "C2 PETIT", "_jury"]

    def rated(name: str) -> list[str]:
        tags = [str(cell.value) for cell in workbook[name]["A"]]
        return [tag.partition("~")[0] for tag in tags if f.REPERE_LIGNE.fullmatch(tag)]

    assert rated("Groupe G1") == ["K2.1", "K2.2", "K2.3"]
    # His own critère first, to be rated; then the group's, blank unless he is set apart.
    assert rated("C1 DURAND") == ["K2.4", "K2.1", "K2.2", "K2.3"]
    assert workbook["C1 DURAND"].cell(f.L_RESTE, f.CRITERE).value.startswith("=1-COUNTA(")


def test_what_the_group_did_counts_for_each_and_what_a_member_did_for_himself(
    ascencia: Callable[..., Folder],
) -> None:
    folder = ascencia()
    edit(workbook_of(folder), rate("K2.4", "Non acquis", "Retour d'expérience absent.", "C2"))
    lea, hugo = results(folder)
    assert lea.criteres["K2.1"] is hugo.criteres["K2.1"] is ResultatCritere.SATISFAIT
    assert lea.criteres["K2.4"] is ResultatCritere.SATISFAIT
    assert hugo.criteres["K2.4"] is ResultatCritere.NON_SATISFAIT
    assert not [
        a for a in chaine.examine(folder).anomalies if a.bloquante and "GRI" in a.code.numero
    ]


def test_a_member_may_be_rated_apart_with_a_comment(ascencia: Callable[..., Folder]) -> None:
    folder = ascencia()
    edit(workbook_of(folder), rate("K2.1", "Non acquis", "N'a pas pris part à l'analyse.", "C2"))
    lea, hugo = results(folder)
    assert lea.criteres["K2.1"] is ResultatCritere.SATISFAIT
    assert hugo.criteres["K2.1"] is ResultatCritere.NON_SATISFAIT


def test_a_member_rated_apart_without_a_comment_is_refused(ascencia: Callable[..., Folder]) -> None:
    folder = ascencia()
    edit(workbook_of(folder), rate("K2.1", "Acquis", None, "C2"))
    said = [one for one in sentences(chaine.examine(folder).anomalies) if one.startswith("GRI-203")]
    assert len(said) == 1
    assert "feuille « C2 PETIT »" in said[0]
    # Refused, it takes nothing away from what the group was given.
    assert results(folder)[1].criteres["K2.1"] is ResultatCritere.SATISFAIT


def test_a_member_who_did_not_come_gets_nothing_of_the_group(
    ascencia: Callable[..., Folder],
) -> None:
    folder = ascencia(absences={"C2": ["EP-A2"]})
    lea, hugo = results(folder)
    assert lea.epreuves["EP-A2"] is ResultatPartie.VALIDE
    assert hugo.epreuves["EP-A2"] is ResultatPartie.NON_PRESENTEE
    assert hugo.criteres["K2.1"] is ResultatCritere.NON_EVALUE
    assert hugo.epreuves["EP-A4"] is ResultatPartie.VALIDE


def test_a_candidate_assigned_by_name_is_rated_alone(ascencia: Callable[..., Folder]) -> None:
    folder = ascencia(
        affectations=[
            {"evaluateur": "E1"},
            {"evaluateur": "E1", "partie": "EP-A2", "sujet": "C2"},
        ]
    )
    cahier = next(c for c in chaine.gather(folder).cahiers if c.partie.id == "EP-A2")
    assert [(fiche.sujet, fiche.groupe) for fiche in cahier.fiches] == [
        ("G1", None),
        ("C1", "G1"),
        ("C2", None),
    ]
