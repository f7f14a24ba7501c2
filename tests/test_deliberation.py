"""The jury's workbook: decisions are read, checked, kept; nothing that the jury typed is lost."""

from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from conftest import NOW, edit, returned, row_of, sentences

from batch import chaine, demonstration
from batch.chaine import Traitement
from batch.classeurs import tables
from batch.classeurs.deliberation import votes
from batch.classeurs.grille import forme as f
from batch.folder import Folder
from batch.vocabulaire import EtatSession, ResultatBloc, ResultatCertification


def columns(sheet: Any) -> dict[str, int]:
    titles = {c.titre: c.nom for c in tables.load("deliberation").colonnes}
    return {titles[cell.value]: rank for rank, cell in enumerate(sheet[1], 1)}


def treat(folder: Folder) -> Traitement:
    return chaine.treat(folder, NOW)


def decide(tag: str, **cells: str | None) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        sheet = workbook[votes.TABLE.feuille]
        places = columns(sheet)
        row = next(
            row for row in range(2, sheet.max_row + 1)
            if sheet.cell(row, places["repere"]).value == tag
        )  # fmt: skip
        for name, value in cells.items():
            sheet.cell(row, places[name]).value = value

    return change


def typed(folder: Folder) -> dict[str, tuple[Any, ...]]:
    sheet = openpyxl.load_workbook(folder.deliberation)[votes.TABLE.feuille]
    places = columns(sheet)
    return {
        sheet.cell(row, places["repere"]).value: tuple(
            sheet.cell(row, places[name]).value for name in ("decide", "motif", "sur")
        )
        for row in range(2, sheet.max_row + 1)
    }


def fail_bc2(workbook: Any) -> None:
    """Hugo no longer has enough compétences for BC2."""
    sheet = next(s for s in workbook.worksheets if s.title.startswith("C2"))
    for critere in ("E13", "E14", "E19", "E20"):
        row = row_of(sheet, critere)
        sheet.cell(row, f.NOTE).value = "Non acquis"
        sheet.cell(row, f.COMMENTAIRE).value = "Insuffisant."


def test_before_the_jury_everything_is_a_proposal(dossier: Folder) -> None:
    result = treat(dossier)
    assert result.seance.etat is EtatSession.PROJET
    assert {tag: row[0] for tag, row in typed(dossier).items()} == dict.fromkeys(
        ["C1/BC1", "C1/BC2", "C1/BC3", "C2/BC1", "C2/BC2", "C2/BC3"]
    )


def test_the_results_are_final_once_everything_is_decided(
    dossier: Folder, histoire: dict[str, Any]
) -> None:
    treat(dossier)
    demonstration.deliberate(dossier, histoire)
    result = treat(dossier)
    assert result.seance.etat is EtatSession.DEFINITIF
    assert [d.issues.certification for d in result.seance.dossiers] == [
        ResultatCertification.DELIVREE
    ] * 2


def test_one_decision_missing_keeps_the_sitting_open(
    dossier: Folder, histoire: dict[str, Any]
) -> None:
    treat(dossier)
    demonstration.deliberate(dossier, histoire)
    edit(dossier.deliberation, decide("C2/BC3", decide=None))
    result = treat(dossier)
    assert result.seance.etat is EtatSession.PROJET
    assert [d.issues.complete for d in result.seance.dossiers] == [True, False]


def test_the_jury_may_depart_from_the_proposal_with_a_reason(
    dossier: Folder, histoire: dict[str, Any]
) -> None:
    treat(dossier)
    histoire["decisions"] = {"C2/BC1": ["Non validé", "Travail non personnel."]}
    demonstration.deliberate(dossier, histoire)
    issues = treat(dossier).seance.dossiers[1].issues
    assert issues.blocs["BC1"] is ResultatBloc.NON_VALIDE
    assert issues.certification is ResultatCertification.PARTIELLE
    assert issues.motifs == {"BC1": "Travail non personnel."}


PROVOKED: dict[str, tuple[dict[str, str | None], str]] = {
    "a word that is not a decision": (
        {"decide": "Admis"},
        "JUR-002 deliberation.xlsx, feuille « Délibération », cellule H6 | « Admis » n’est pas une "
        "décision possible pour BC2 de Hugo PETIT (C2) (proposition : Validé).",
    ),
    "a state that the jury cannot decide": (
        {"decide": "Acquis antérieurement"},
        "JUR-002 deliberation.xlsx, feuille « Délibération », cellule H6 | « Acquis "
        "antérieurement » n’est pas une décision possible pour BC2 de Hugo PETIT (C2) "
        "(proposition : Validé).",
    ),
    "a departure without a reason": (
        {"decide": "Non validé"},
        "JUR-003 deliberation.xlsx, feuille « Délibération », cellule I6 | La décision sur BC2 de "
        "Hugo PETIT (C2) s’écarte de la proposition (« Validé ») sans motif.",
    ),
    "a row that was not there": (
        {"repere": "C9/BC1", "decide": "Validé"},
        "JUR-004 deliberation.xlsx, feuille « Délibération », cellule A6 | Cette ligne n’est pas "
        "une ligne de la délibération (« C9/BC1 »).",
    ),
    "the same row twice": (
        {"repere": "C1/BC1", "decide": "Non validé"},
        "JUR-006 deliberation.xlsx, feuille « Délibération », cellule H6 | La décision sur BC1 de "
        "C1 est donnée deux fois (déjà en H2).",
    ),
}


@pytest.mark.parametrize("case", PROVOKED)
def test_the_jury_is_told_where_and_what(dossier: Folder, case: str) -> None:
    cells, sentence = PROVOKED[case]
    treat(dossier)
    edit(dossier.deliberation, decide("C2/BC2", **cells))
    kept = dossier.deliberation.read_bytes()
    result = treat(dossier)
    assert sentence in sentences(result.anomalies)
    assert result.seance.etat is EtatSession.PROJET
    # Right or wrong, what the jury typed is still there.
    assert dossier.deliberation.read_bytes() == kept


def test_nobody_decides_on_what_was_not_evaluated(dossier: Folder) -> None:
    returned(dossier, "BC2").unlink()
    treat(dossier)
    edit(dossier.deliberation, decide("C2/BC2", decide="Validé", motif="Vu à l’oral."))
    said = [one for one in sentences(treat(dossier).anomalies) if one.startswith("JUR-002")]
    assert "(proposition : Incomplet)" in said[0]


def test_a_grid_changed_after_the_decision_must_be_confirmed(
    dossier: Folder, histoire: dict[str, Any]
) -> None:
    treat(dossier)
    demonstration.deliberate(dossier, histoire)
    edit(dossier.deliberation, decide("C1/BC3", decide=None))
    treat(dossier)
    before = dossier.deliberation.read_bytes()
    edit(returned(dossier, "BC2"), fail_bc2)

    result = treat(dossier)
    said = [one for one in sentences(result.anomalies) if one.startswith("JUR-005")]
    assert said == [
        "JUR-005 deliberation.xlsx, feuille « Délibération », cellule K6 | Hugo PETIT (C2), BC2 : "
        "la proposition a changé après la décision du jury (Validé → Non validé). Ses documents "
        "attendent."
    ]
    assert result.seance.etat is EtatSession.PROJET
    assert result.seance.dossiers[1].issues.blocs["BC2"] is None
    # The decision stands as it was taken, and the workbook that held it is kept.
    assert typed(dossier)["C2/BC2"] == ("Validé", None, "Validé")
    assert [p.read_bytes() for p in dossier.anciennes_deliberations.glob("*.xlsx")] == [before]
    # His papers wait, and his only.
    assert [p.stem for p in (dossier.documents / "lettres").glob("*.docx")] == ["C1 DURAND"]

    edit(dossier.deliberation, decide("C1/BC3", decide="Validé"))
    edit(
        dossier.deliberation,
        decide("C2/BC2", sur="Non validé", decide="Validé", motif="Confirmé après relecture."),
    )
    result = treat(dossier)
    assert result.seance.etat is EtatSession.DEFINITIF
    assert result.seance.dossiers[1].issues.blocs["BC2"] is ResultatBloc.VALIDE
    assert len(list((dossier.documents / "lettres").glob("*.docx"))) == 2


def test_a_jury_that_the_reglement_refuses_keeps_the_sitting_open(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["jury"][3]["college"] = "salarié"
    histoire["jury"][0]["presence"] = "Absent"
    folder = joue(histoire)
    treat(folder)
    demonstration.deliberate(folder, histoire)
    result = treat(folder)
    assert [one for one in sentences(result.anomalies) if one.startswith("JUR-")] == [
        "JUR-101 session.xlsx, feuille « Jury » | Le jury compte 3 membres présents ; le règlement "
        "en demande au moins 4.",
        "JUR-102 session.xlsx, feuille « Jury » | Il manque au jury 1 personne : Désigné par "
        "l’instance, collège salarié.",
        "JUR-102 session.xlsx, feuille « Jury » | Il manque au jury 1 personne : Expert du "
        "métier, collège employeur.",
        "JUR-103 session.xlsx, feuille « Jury » | Le jury doit avoir un président ou une "
        "présidente, et un seul ; il en a 0.",
    ]
    assert result.seance.etat is EtatSession.PROJET


def test_a_deliberation_that_cannot_be_read_is_left_alone(dossier: Folder) -> None:
    treat(dossier)
    dossier.deliberation.write_bytes(b"PK plus rien")
    result = treat(dossier)
    assert dossier.deliberation.read_bytes() == b"PK plus rien"
    said = sentences(result.anomalies)
    assert [one for one in said if one.startswith("FIC-") and "deliberation.xlsx" in one], said
    assert result.seance.etat is EtatSession.PROJET
