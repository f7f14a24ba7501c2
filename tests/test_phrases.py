"""The sentences that no other module of tests reads: what went wrong, and where."""

import io
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from conftest import NOW, edit, rate, returned, rewrite, sentences

from batch import chaine
from batch.anomalies import Empechement, Lieu
from batch.classeurs import cellules
from batch.folder import Folder
from batch.jury import composition
from batch.reception import limites
from batch.reglement.modele import Composition


def said(folder: Folder, code: str) -> list[str]:
    return [one for one in sentences(chaine.examine(folder).anomalies) if one.startswith(code)]


def test_a_file_too_big_to_be_a_grid() -> None:
    _, anomalies = cellules.read("g.xlsx", b"PK" + bytes(limites.FICHIER))
    assert sentences(anomalies) == [
        "FIC-005 g.xlsx | g.xlsx dépasse ce qu’une grille peut peser : plus de 10 Mo."
    ]


def test_a_workbook_that_is_no_grid(dossier: Folder) -> None:
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    (dossier.retours / "budget.xlsx").write_bytes(buffer.getvalue())
    assert said(dossier, "FIC-006") == [
        "FIC-006 retours/budget.xlsx | retours/budget.xlsx est un classeur, mais aucune de ses "
        "feuilles n’est une grille de cette session."
    ]


def test_a_sheet_added_to_a_grid(dossier: Folder) -> None:
    def scribble(workbook: Any) -> None:
        workbook.create_sheet("Brouillon")["A1"].value = "à revoir"

    edit(returned(dossier), scribble)
    assert said(dossier, "GRI-010") == [
        "GRI-010 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « Brouillon » | Cette "
        "feuille n’est pas une grille de candidat : elle n’est pas lue."
    ]


def test_a_grid_that_the_session_no_longer_asks_for(dossier: Folder) -> None:
    def withdraw(workbook: Any) -> None:
        workbook["Affectations"]["C2"].value = "C1"

    edit(dossier.session, withdraw)
    assert said(dossier, "GRI-003")[0] == (
        "GRI-003 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C2 PETIT » | La "
        "session ne prévoit pas cette grille : évaluateur E1, BC1, C2."
    )


def test_a_mark_out_of_its_bounds(dossier: Folder) -> None:
    rewrite(dossier, "echelle:\n", "echelle:\n  note: {sur: 20, satisfait_a_partir_de: 10}\n")
    edit(returned(dossier), rate("E1", "21"))
    edit(returned(dossier), rate("E2", "12,5"))
    assert said(dossier, "GRI-207") == [
        "GRI-207 retours/Hélène FABRE/BC1 rempli par Hélène.xlsx, feuille « C1 DURAND », cellule "
        "D12 | La note 21 n’est pas comprise entre 0 et 20 (E1 « Le candidat a obtenu les "
        "documents retraçant l'historique… »)."
    ]


def test_a_reglement_without_the_rule_of_its_blocs(dossier: Folder) -> None:
    rule = "  bloc:\n    sur: competences\n    proportion: 70 %\n"
    rewrite(dossier, rule, "  epreuve:\n    toutes: true\n")
    with pytest.raises(Empechement) as stop:
        chaine.gather(dossier)
    found = [one for one in sentences(stop.value.anomalies) if one.startswith("YML-009")]
    assert [one.partition(" | ")[2] for one in found] == [
        "Aucune règle pour « bloc » : le résultat ne pourrait pas être calculé."
    ]


def test_a_role_that_weighs_nothing(dossier: Folder) -> None:
    rewrite(
        dossier,
        "evaluateurs: {nombre: 1, divergence: jury}",
        "evaluateurs: {nombre: 1, divergence: moyenne, poids: {tuteur: 1}}",
    )
    assert said(dossier, "SES-020") == [
        "SES-020 session.xlsx, feuille « Évaluateurs », cellule F2 | Le rôle « (aucun) » de "
        "Hélène FABRE n’a pas de poids dans le règlement."
    ]


def test_a_deliberation_without_its_sheet(dossier: Folder) -> None:
    chaine.treat(dossier, NOW)

    def drop(workbook: Any) -> None:
        del workbook["Délibération"]

    edit(dossier.deliberation, drop)
    assert said(dossier, "JUR-001") == [
        "JUR-001 deliberation.xlsx | La feuille « Délibération » manque dans deliberation.xlsx."
    ]


def test_too_few_outsiders_in_the_jury(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    for membre in histoire["jury"][:3]:
        membre["externe"] = "non"
    jury = chaine.gather(joue(histoire, rempli=False)).session.jury
    rule = Composition(minimum=1, exterieurs=Fraction(1, 2))
    assert sentences(composition.check(rule, jury, Lieu("session.xlsx", "Jury"))) == [
        "JUR-104 session.xlsx, feuille « Jury » | 25 % des membres du jury sont extérieurs ; le "
        "règlement en demande au moins 50 %."
    ]
