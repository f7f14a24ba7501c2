"""session.xlsx: the sheet that is drawn, and the sentences that are read."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from conftest import NOW, edit, sentences

from batch import chaine, data
from batch.anomalies import Anomalie, Code, Empechement
from batch.classeurs import cellules, tables
from batch.classeurs import session as classeur_session
from batch.folder import Folder
from batch.records import Session
from batch.referentiel import lecture
from batch.reglement.lecture import example_for
from batch.reglement.lecture import read as read_reglement
from batch.vocabulaire import Presence, Voie

CQP = lecture.load("cqp-rpo")


def read_typed(story: dict[str, Any]) -> tuple[Session | None, list[Anomalie]]:
    """The workbook of this story, read as the batch reads it."""
    typed = {nom: story.get(nom, []) for nom in classeur_session.LISTES}
    content = classeur_session.write(CQP, date(2023, 6, 15), story["session"], typed)
    classeur, _ = cellules.read("session.xlsx", content)
    assert classeur is not None
    reglement, _ = read_reglement(example_for(CQP), CQP)
    return classeur_session.read(classeur, CQP, reglement)


def change(story: dict[str, Any], sheet: str, row: int, **cells: str | None) -> None:
    story[sheet][row].update(cells)


def add(story: dict[str, Any], sheet: str, **cells: str | None) -> None:
    story.setdefault(sheet, []).append(cells)


PROVOKED: dict[Code, tuple[Callable[[dict[str, Any]], None], str]] = {
    Code.VALEUR_MANQUE: (
        lambda s: change(s, "candidats", 0, nom_naissance=None),
        "SES-004 session.xlsx, feuille « Candidats », cellule B2 | « Nom de naissance » n’est pas "
        "renseigné.",
    ),
    Code.VALEUR_HORS_LISTE: (
        lambda s: change(s, "candidats", 1, voie="Formation continu"),
        "SES-005 session.xlsx, feuille « Candidats », cellule K3 | « Formation continu » n’est "
        "pas une valeur de « Voie d’accès » (vouliez-vous dire « Formation continue » ?).",
    ),
    Code.VALEUR_MAL_ECRITE: (
        lambda s: change(s, "candidats", 0, date_naissance="31/02/1990"),
        "SES-006 session.xlsx, feuille « Candidats », cellule F2 | « 31/02/1990 » n’est pas "
        "acceptable pour « Date de naissance ».",
    ),
    Code.VALEUR_DOUBLE: (
        lambda s: change(s, "candidats", 1, id="C1"),
        "SES-007 session.xlsx, feuille « Candidats », cellule A3 | « C1 » est déjà donné pour "
        "« N° candidat » plus haut.",
    ),
    Code.CODE_INCONNU: (
        lambda s: add(s, "affectations", evaluateur="E1", sujet="C9"),
        "SES-008 session.xlsx, feuille « Affectations », cellule C3 | « Candidat ou groupe » cite "
        "« C9 », qui n’existe pas.",
    ),
    Code.PERSONNE_DOUBLE: (
        lambda s: add(s, "candidats", **{**s["candidats"][0], "id": "C3"}),
        "SES-009 session.xlsx, feuille « Candidats », cellule A4 | Léa DURAND (C3) a la même "
        "identité et la même date de naissance qu’à la ligne 2.",
    ),
    Code.EVALUATEUR_SANS_COURRIEL: (
        lambda s: change(s, "evaluateurs", 0, courriel=None),
        "SES-010 session.xlsx, feuille « Évaluateurs », cellule F2 | Hélène FABRE n’a pas "
        "d’adresse électronique : sa grille ne pourra pas lui être envoyée.",
    ),
    Code.VOIE_FERMEE: (
        lambda s: change(s, "candidats", 0, voie="Apprentissage"),
        "SES-012 session.xlsx, feuille « Candidats », cellule A2 | La voie d’accès "
        "« Apprentissage » n’est pas ouverte par le règlement de la session.",
    ),
    Code.SESSION_TABLE_VIDE: (
        lambda s: s.update(affectations=[]),
        "SES-013 session.xlsx, feuille « Affectations » | La feuille « Affectations » n’a aucune "
        "ligne.",
    ),
}


@pytest.mark.parametrize("code", PROVOKED, ids=lambda code: code.name.lower())
def test_the_gestionnaire_is_told_where_and_what(histoire: dict[str, Any], code: Code) -> None:
    damage, sentence = PROVOKED[code]
    damage(histoire)
    _, anomalies = read_typed(histoire)
    assert sentence in sentences(anomalies)


def test_every_fault_is_told_in_one_pass(histoire: dict[str, Any]) -> None:
    change(histoire, "candidats", 0, nom_naissance=None, sexe="X", date_naissance="hier")
    change(histoire, "candidats", 1, courriel="hugo@", voie=None)
    session, anomalies = read_typed(histoire)
    places = [a.lieu.cellule for a in anomalies if a.lieu.feuille == "Candidats"]
    assert sorted(places) == ["B2", "E2", "F2", "I3", "K3"]
    assert session is not None
    assert session.candidats == ()


def test_a_faulty_row_does_not_take_the_others_with_it(histoire: dict[str, Any]) -> None:
    change(histoire, "candidats", 0, sexe="X")
    session, _ = read_typed(histoire)
    assert session is not None
    assert [candidat.id for candidat in session.candidats] == ["C2"]


def test_what_was_typed_is_what_is_read(histoire: dict[str, Any]) -> None:
    change(
        histoire,
        "candidats",
        0,
        nom_usage="O’BRIEN & FILS",
        prenoms="Léa, Marie-Ève",
        blocs_vises="BC1 et BC3",
        options="C8",
        presence="excusé",
        amenagement="oui",
    )
    session, anomalies = read_typed(histoire)
    assert session is not None
    assert anomalies == []
    lea = session.candidats[0]
    assert (lea.nom, lea.prenoms) == ("O’BRIEN & FILS", ("Léa", "Marie-Ève"))
    assert (lea.blocs_vises, lea.options) == (("BC1", "BC3"), ("C8",))
    assert (lea.date_naissance, lea.voie) == (date(1996, 3, 14), Voie.FORMATION_CONTINUE)
    assert lea.presence is Presence.EXCUSE
    # Granted, but without the candidate's consent: the jury does not learn of it.
    assert lea.amenagement is False


@pytest.mark.parametrize(
    "typed", ["15/06/2023", "15-6-2023", "15.06.2023", "2023-06-15", date(2023, 6, 15)]
)
def test_a_date_may_be_typed_in_several_ways(dossier: Folder, typed: Any) -> None:
    def retype(workbook: Any) -> None:
        workbook["Session"]["B4"].value = typed
        workbook["Session"]["B4"].number_format = "dd/mm/yyyy"

    edit(dossier.session, retype)
    assert chaine.gather(dossier).session.date_jury == date(2023, 6, 15)


def test_the_example_row_passes_its_own_validation_and_is_not_read() -> None:
    for nom in classeur_session.LISTES:
        table = tables.load(nom)
        example = {c.nom: c.exemple for c in table.colonnes}
        for colonne in table.colonnes:
            if colonne.nature == "date":
                day, month, year = str(example[colonne.nom]).split("/")
                example[colonne.nom] = f"{year}-{month}-{day}"
        assert tables.check(nom, {1: example}) == []
    story = {"session": {"id": "S1", "date_jury": "15/06/2023", "lieu": "Paris"}}
    content = classeur_session.write(CQP, date(2023, 6, 15), story["session"])
    classeur, _ = cellules.read("session.xlsx", content)
    assert classeur is not None
    _, anomalies = classeur_session.read(classeur, CQP, None)
    assert {a.lieu.feuille for a in anomalies if a.code is Code.VALEUR_MANQUE} == {"Session"}


def test_one_definition_makes_heading_help_and_drop_down() -> None:
    content = classeur_session.write(CQP, date(2023, 6, 15))
    import io

    sheet = openpyxl.load_workbook(io.BytesIO(content))["Candidats"]
    table = tables.load("candidats")
    headings = [cell.value.removesuffix(" *") for cell in sheet[1]]
    assert headings == [colonne.titre for colonne in table.colonnes]
    rules = {
        str(v.sqref).split(":")[0].rstrip("0123456789"): v
        for v in sheet.data_validations.dataValidation
    }
    for rank, colonne in enumerate(table.colonnes, 1):
        rule = rules[cellules.letters(rank)]
        assert rule.prompt[:200] == colonne.aide[:200]
        if colonne.choix:
            assert rule.formula1 == f'"{",".join(colonne.choix)}"'
    assert sheet.freeze_panes == "B2"


def test_the_lists_of_the_tables_are_those_of_the_vocabulary() -> None:
    candidats, jury = tables.load("candidats"), tables.load("jury")
    assert candidats.colonne("voie").choix == tuple(voie.mot for voie in Voie)
    for colonne in (candidats.colonne("presence"), jury.colonne("presence")):
        assert colonne.choix == tuple(presence.mot for presence in Presence)


def drop_sheet(workbook: Any) -> None:
    del workbook["Candidats"]


def drop_column(workbook: Any) -> None:
    workbook["Candidats"].delete_cols(2)


def rename_column(workbook: Any) -> None:
    workbook["Candidats"]["B1"].value = "Nom de naisance"


def formula(workbook: Any) -> None:
    workbook["Candidats"]["B2"].value = "=A2"


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (drop_sheet, "SES-001 session.xlsx | La feuille « Candidats » manque."),
        (
            drop_column,
            "SES-002 session.xlsx, feuille « Candidats », cellule 1:1 | La colonne « Nom de "
            "naissance » manque.",
        ),
        (
            rename_column,
            "SES-003 session.xlsx, feuille « Candidats », cellule B1 | La colonne « Nom de "
            "naisance » n’est pas connue (vouliez-vous dire « Nom de naissance » ?) : elle n’est "
            "pas lue.",
        ),
        (
            formula,
            "SES-016 session.xlsx, feuille « Candidats », cellule B2 | La cellule contient une "
            "formule (=A2), dont le résultat n’est pas sûr.",
        ),
    ],
)
def test_a_damaged_session_workbook_is_explained(
    dossier: Folder, damage: Callable[[Any], None], sentence: str
) -> None:
    edit(dossier.session, damage)
    assert sentence in sentences(chaine.gather(dossier).anomalies)


def test_columns_may_be_moved_and_added(dossier: Folder) -> None:
    def reshuffle(workbook: Any) -> None:
        sheet = workbook["Candidats"]
        sheet.insert_cols(1)
        sheet["A1"].value = "Mes notes"
        sheet["A2"].value = "à rappeler"
        sheet.insert_rows(1, 2)

    before = [c.nom_complet for c in chaine.gather(dossier).session.candidats]
    edit(dossier.session, reshuffle)
    contexte = chaine.gather(dossier)
    assert [c.nom_complet for c in contexte.session.candidats] == before
    assert not [a for a in contexte.anomalies if a.bloquante]


def test_nobody_rates_a_candidate(histoire: dict[str, Any], joue: Callable[..., Folder]) -> None:
    histoire["affectations"] = [
        {"evaluateur": "E1", "partie": "BC1"},
        {"evaluateur": "E1", "sujet": "C1"},
    ]
    folder = joue(histoire, rempli=False)
    said = sentences(chaine.issue_grids(folder, NOW).anomalies)
    assert said == [
        "SES-011 session.xlsx, feuille « Affectations » | Personne n’évalue Hugo PETIT (C2) pour "
        "BC2.",
        "SES-011 session.xlsx, feuille « Affectations » | Personne n’évalue Hugo PETIT (C2) pour "
        "BC3.",
    ]


def test_two_evaluators_where_the_reglement_wants_one(
    histoire: dict[str, Any], joue: Callable[..., Folder]
) -> None:
    add(histoire, "evaluateurs", id="E2", nom="KLEIN", prenom="Marc", courriel="m@exemple.fr")
    add(histoire, "affectations", evaluateur="E2", partie="BC1", sujet="C1")
    said = sentences(chaine.issue_grids(joue(histoire, rempli=False), NOW).anomalies)
    assert said == [
        "SES-015 session.xlsx, feuille « Affectations » | Léa DURAND (C1) a 2 évaluateurs pour "
        "BC1 ; le règlement en prévoit 1."
    ]


def test_an_unreadable_session_stops_with_one_sentence(dossier: Folder) -> None:
    dossier.session.write_bytes(b"ceci n'est pas un classeur")
    with pytest.raises(Empechement, match="Le classeur de la session ne peut pas être lu"):
        chaine.gather(dossier)


def test_an_acquis_later_than_the_jury_is_refused(
    histoire: dict[str, Any], joue: Callable[..., Folder]
) -> None:
    add(histoire, "acquis", candidat="C1", bloc="BC1", date="16/06/2023", nature="Acquis",
        preuve="PV")  # fmt: skip
    contexte = chaine.gather(joue(histoire, rempli=False))
    assert sentences(contexte.anomalies) == [
        "SES-017 session.xlsx, feuille « Acquis antérieurs », cellule C2 | L’acquis BC1 de Léa "
        "DURAND (C1) est daté du 16 juin 2023, après le jury du 15 juin 2023."
    ]
    assert [fiche.sujet for fiche in contexte.cahiers[0].fiches] == ["C1", "C2"]


def test_a_group_may_not_be_named_as_a_candidate(histoire: dict[str, Any]) -> None:
    change(histoire, "candidats", 0, groupe="C2")
    _, anomalies = read_typed(histoire)
    assert sentences(anomalies) == [
        "SES-018 session.xlsx, feuille « Candidats », cellule A2 | Le groupe « C2 » porte le "
        "numéro d’un candidat : leurs grilles se confondraient."
    ]


@pytest.mark.parametrize("path", sorted(data.TABLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_table_says_the_same_to_both_readers_of_yaml(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert yaml.load(text, tables._LOADER) == yaml.safe_load(text)
