"""Who sat, when, for whom: the sheet « Séance », the quorum and the votes, valid and invalid."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from conftest import NOW, edit, rewrite, sentences
from hypothesis import given
from hypothesis import strategies as st
from test_deliberation import decide

from batch import chaine, demonstration
from batch.anomalies import Code, Lieu
from batch.chaine import Traitement
from batch.classeurs import cellules
from batch.classeurs.deliberation import seance as feuille
from batch.folder import Folder
from batch.jury import composition
from batch.jury.limites import to_examine
from batch.records import MembreJury
from batch.referentiel import lecture
from batch.reglement.modele import Composition, RoleJury
from batch.vocabulaire import EtatSession

LIEU = Lieu("session.xlsx", "Jury")
COLUMNS = {"A": 2, "B": 3, "C": 4, "D": 5, "E": 6}
AUBERT, VASSEUR, ROCHE, LAMBERT = (f"Alix {n}" for n in ("AUBERT", "VASSEUR", "ROCHE", "LAMBERT"))


def treat(folder: Folder) -> Traitement:
    return chaine.treat(folder, NOW)


def row_of(sheet: Any, tag: str) -> int:
    return next(row for row in range(1, sheet.max_row + 1) if sheet.cell(row, 1).value == tag)


def fill(tag: str, **cells: str | int | time | None) -> Callable[[Any], None]:
    """What the jury types on the row of that tag."""

    def change(workbook: Any) -> None:
        sheet = workbook[feuille.FEUILLE]
        row = row_of(sheet, tag)
        for column, value in cells.items():
            sheet.cell(row, COLUMNS[column]).value = value

    return change


def codes(result: Traitement) -> list[str]:
    return [one for one in sentences(result.anomalies) if one.startswith(("JUR", "SES"))]


@pytest.fixture
def delibere(dossier: Folder, histoire: dict[str, Any]) -> Folder:
    treat(dossier)
    demonstration.deliberate(dossier, histoire)
    return dossier


# --- what the sheet says -------------------------------------------------------------------------


def test_hours_presence_withdrawals_and_facts_are_read_back(
    dossier: Folder, histoire: dict[str, Any]
) -> None:
    rewrite(dossier, "  minimum: 4\n", "  minimum: 4\n  quorum: 2\n")
    treat(dossier)
    edit(dossier.deliberation, fill(feuille.OUVERTURE, B="14h"))
    edit(dossier.deliberation, fill(feuille.CLOTURE, B=time(16, 30)))
    edit(dossier.deliberation, fill(f"membre/{ROCHE}", C="14:20"))
    edit(dossier.deliberation, fill("retrait/1", A=ROCHE, B="C1", C="Hors de la salle"))
    edit(dossier.deliberation, fill("retrait/2", A=VASSEUR, B="C2", C="Déport", E="ancien patron"))
    edit(dossier.deliberation, fill("fait/1", A="Coupure de courant de dix minutes.", B="15:00"))
    seance = treat(dossier).seance
    session, deroulement = seance.session, seance.deroulement
    assert (session.heure_ouverture, session.heure_cloture) == (time(14), time(16, 30))
    assert [(p.membre.nom, p.arrivee, p.depart) for p in deroulement.passages] == [
        ("ROCHE", time(14, 20), None)
    ]
    assert [(r.membre.nom, r.candidat, r.motif) for r in deroulement.retraits] == [
        ("ROCHE", "C1", "hors de la salle"),
        ("VASSEUR", "C2", "déport (ancien patron)"),
    ]
    assert [(f.heure, f.texte) for f in deroulement.faits] == [
        (time(15), "Coupure de courant de dix minutes.")
    ]
    names = [membre.nom for membre in deroulement.deliberating(session.jury, "C1")]
    assert names == ["AUBERT", "VASSEUR", "LAMBERT"]
    # Made again for another reason, the workbook keeps all of it.
    demonstration.deliberate(dossier, histoire)
    histoire["candidats"][0]["nom_naissance"] = "DURANT"
    edit(dossier.session, lambda workbook: _rename(workbook, "DURAND", "DURANT"))
    again = treat(dossier).seance
    assert again.deroulement == deroulement
    assert treat(dossier).seance.deroulement == deroulement


def _rename(workbook: Any, before: str, after: str) -> None:
    for row in workbook["Candidats"].iter_rows():
        for cell in row:
            if cell.value == before:
                cell.value = after


def test_who_is_marked_absent_in_the_room_does_not_count(delibere: Folder) -> None:
    edit(delibere.deliberation, fill(f"membre/{LAMBERT}", B="Excusé"))
    result = treat(delibere)
    assert codes(result) == [
        "JUR-101 session.xlsx, feuille « Jury » | Le jury compte 3 membres présents ; le règlement "
        "en demande au moins 4.",
        "JUR-102 session.xlsx, feuille « Jury » | Il manque au jury 1 personne : Expert du "
        "métier, collège employeur.",
    ]
    assert result.seance.etat is EtatSession.PROJET


TAMPERED: dict[str, tuple[Callable[[Any], None], str]] = {
    "the closing before the opening": (
        lambda book: (
            fill(feuille.OUVERTURE, B="16:00")(book),
            fill(feuille.CLOTURE, B="14:00")(book),
        ),
        "JUR-011 deliberation.xlsx, feuille « Séance », cellule C6 | Les heures se contredisent : "
        "la clôture (14:00) n’est pas après l’ouverture (16:00).",
    ),
    "a departure before the arrival": (
        fill(f"membre/{ROCHE}", C="15:00", D="14:30"),
        "JUR-011 deliberation.xlsx, feuille « Séance », cellule D11 | Les heures se contredisent : "
        "Alix ROCHE part à 14:30, avant d’être arrivé à 15:00.",
    ),
    "an absent member who arrives": (
        fill(f"membre/{ROCHE}", B="Absent", C="15:00"),
        "JUR-011 deliberation.xlsx, feuille « Séance », cellule D11 | Les heures se contredisent : "
        "Alix ROCHE n’est pas noté présent et a une heure d’arrivée ou de départ.",
    ),
    "an hour that is none": (
        fill(feuille.OUVERTURE, B="vers 14 heures"),
        "SES-006 deliberation.xlsx, feuille « Séance », cellule C5 | « vers 14 heures » n’est pas "
        "acceptable pour « Heure ».",
    ),
    "a presence that is none": (
        fill(f"membre/{ROCHE}", B="En visio"),
        "SES-005 deliberation.xlsx, feuille « Séance », cellule C11 | « En visio » n’est pas une "
        "valeur de « Présence ».",
    ),
    "a member who is not on the jury withdraws": (
        fill("retrait/1", A="Alix ROCHA", B="C1"),
        "JUR-010 deliberation.xlsx, feuille « Séance », cellule B15 | « Alix ROCHA » n’est pas un "
        "membre du jury de cette session (vouliez-vous dire « Alix ROCHE » ?).",
    ),
    "for a candidate who does not exist": (
        fill("retrait/1", A=ROCHE, B="C9"),
        "SES-008 deliberation.xlsx, feuille « Séance », cellule C15 | « N° candidat » cite « C9 », "
        "qui n’existe pas",
    ),
    "for a reason of his own": (
        fill("retrait/1", A=ROCHE, B="C1", C="Ennui"),
        "SES-005 deliberation.xlsx, feuille « Séance », cellule D15 | « Ennui » n’est pas une "
        "valeur de « Raison ».",
    ),
    "a member's name written over": (
        fill(f"membre/{ROCHE}", A="Alix FAUX"),
        "JUR-007 deliberation.xlsx, feuille « Séance », cellule B11 | « Membres du jury » a été "
        "modifié à la main : « Alix ROCHE » y était écrit, on lit « Alix FAUX ».",
    ),
    "a member invented": (
        lambda book: book[feuille.FEUILLE].append(["membre/Alix FAUX", "Alix FAUX", "Présent"]),
        "JUR-010 deliberation.xlsx, feuille « Séance », cellule B29 | « Alix FAUX » n’est pas un "
        "membre du jury de cette session (vouliez-vous dire « Alix AUBERT » ?).",
    ),
    "a row without a tag": (
        lambda book: book[feuille.FEUILLE].append([None, "Alix FAUX", "Présent"]),
        "JUR-004 deliberation.xlsx, feuille « Séance », cellule B29 | Cette ligne n’est pas une "
        "ligne de la délibération (« Alix FAUX »).",
    ),
    "a member removed": (
        lambda book: book[feuille.FEUILLE].delete_rows(11),
        "JUR-008 deliberation.xlsx, feuille « Séance » | La ligne Alix ROCHE a disparu de la "
        "feuille.",
    ),
    "the closing removed": (
        lambda book: book[feuille.FEUILLE].delete_rows(6),
        "JUR-008 deliberation.xlsx, feuille « Séance » | La ligne Clôture a disparu de la feuille.",
    ),
    "the sheet removed": (
        lambda book: book.remove(book[feuille.FEUILLE]),
        "JUR-001 deliberation.xlsx | La feuille « Séance » manque dans deliberation.xlsx.",
    ),
    "a candidate's name written over": (
        decide("C2/BC2", nom="PETIT Hugues"),
        "JUR-007 deliberation.xlsx, feuille « Délibération », cellule C6 | « Nom et prénom » a été "
        "modifié à la main : « PETIT Hugo » y était écrit, on lit « PETIT Hugues ».",
    ),
    "a proposal written over": (
        decide("C2/BC2", propose="✘ Non validé"),
        "JUR-007 deliberation.xlsx, feuille « Délibération », cellule E6 | « Proposition » a été "
        "modifié à la main : « ✔ Validé » y était écrit, on lit « ✘ Non validé ».",
    ),
    "a vote removed": (
        lambda book: book["Délibération"].delete_rows(6),
        "JUR-008 deliberation.xlsx, feuille « Délibération » | La ligne BC2 de Hugo PETIT (C2) a "
        "disparu de la feuille.",
    ),
    "a vote added": (
        lambda book: book["Délibération"].append(["C9/BC1", "C9", "FAUX Alix", "BC1"]),
        "JUR-004 deliberation.xlsx, feuille « Délibération », cellule A8 | Cette ligne n’est pas "
        "une ligne de la délibération (« C9/BC1 »).",
    ),
}


@pytest.mark.parametrize("case", TAMPERED)
def test_a_workbook_tampered_with_is_told_cell_by_cell(delibere: Folder, case: str) -> None:
    change, sentence = TAMPERED[case]
    edit(delibere.deliberation, change)
    kept = delibere.deliberation.read_bytes()
    result = treat(delibere)
    said = codes(result)
    assert [one for one in said if one.startswith(sentence)], said
    assert result.seance.etat is EtatSession.PROJET
    # Nobody writes over it: what is wrong stays to be seen.
    assert delibere.deliberation.read_bytes() == kept


def test_a_passage_without_a_candidate_is_doubtful_and_no_more(delibere: Folder) -> None:
    edit(delibere.deliberation, fill(feuille.OUVERTURE, B="14:00"))
    edit(delibere.deliberation, fill(f"membre/{ROCHE}", C="14:20"))
    result = treat(delibere)
    assert codes(result) == [
        "JUR-012 deliberation.xlsx, feuille « Séance », cellule B11 | Alix ROCHE n’était pas là "
        "pendant toute la séance, et aucun candidat n’est noté comme délibéré sans cette personne."
    ]
    assert result.seance.etat is EtatSession.DEFINITIF


# --- the jury that the règlement wants -----------------------------------------------------------


def membre(nom: str, **facts: Any) -> MembreJury:
    usual = {
        "nom": nom, "prenom": "Alix", "fonction": "Direction", "qualite": "Professionnel",
        "college": None, "externe": True, "preside": False, "present": True, "lieu": LIEU,
    }  # fmt: skip
    return MembreJury(**{**usual, **facts})


def found(rule: Composition, *jury: MembreJury) -> list[str]:
    return [one.code.numero for one in composition.check(rule, jury, LIEU)]


CQP = Composition(
    minimum=4,
    roles=tuple(
        RoleJury(1, qualite, college)  # type: ignore[arg-type]
        for qualite in ("Désigné par l’instance", "Expert du métier")
        for college in ("salarié", "employeur")
    ),
    declarations=("Expert du métier",),
)
FOUR = tuple(
    membre(nom, qualite=qualite, college=college, preside=nom == "A", declaration=date(2023, 6, 1))
    for nom, qualite, college in (
        ("A", "Désigné par l’instance", "salarié"),
        ("B", "Désigné par l’instance", "employeur"),
        ("C", "Expert du métier", "salarié"),
        ("D", "Expert du métier", "employeur"),
    )
)


def test_the_four_members_of_the_cqp() -> None:
    assert found(CQP, *FOUR) == []
    assert found(CQP, *FOUR[:3]) == ["JUR-101", "JUR-102"]
    assert found(CQP, *FOUR, membre("E", present=False)) == []
    other_side = replace(FOUR[3], college="salarié")
    assert found(CQP, *FOUR[:3], other_side) == ["JUR-102"]
    assert found(CQP, *FOUR[:3], replace(FOUR[3], declaration=None)) == ["JUR-106"]
    assert found(CQP, replace(FOUR[0], declaration=None), *FOUR[1:]) == []


def test_a_missing_declaration_names_the_member() -> None:
    (one,) = composition.check(CQP, [*FOUR[:3], replace(FOUR[3], declaration=None)], LIEU)
    assert sentences([one]) == [
        "JUR-106 session.xlsx, feuille « Jury » | La déclaration sur l’honneur de Alix D (Expert "
        "du métier) n’est pas reçue."
    ]


@given(inside=st.integers(0, 40), outside=st.integers(0, 40))
def test_half_outsiders_is_exact(inside: int, outside: int) -> None:
    rule = Composition(minimum=0, president=False, exterieurs=Fraction(1, 2))
    jury = [membre(f"I{n}", externe=False) for n in range(inside)]
    jury += [membre(f"O{n}") for n in range(outside)]
    expected = ["JUR-104"] if inside > outside else []
    assert found(rule, *jury) == expected


def test_a_trainer_does_not_deliberate_on_his_candidate(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["jury"][2]["a_forme"] = "C1"
    folder = joue(histoire)
    treat(folder)
    demonstration.deliberate(folder, histoire)
    result = treat(folder)
    assert [(r.membre.nom, r.candidat, r.motif) for r in result.seance.deroulement.retraits] == [
        ("ROCHE", "C1", "a formé le candidat")
    ]
    assert codes(result) == [
        "JUR-105 session.xlsx, feuille « Jury » | Pour délibérer sur Léa DURAND (C1), sans Alix "
        "ROCHE, le jury n’est pas régulier. Il manque au jury 1 personne : Expert du métier, "
        "collège salarié.",
        "JUR-105 session.xlsx, feuille « Jury » | Pour délibérer sur Léa DURAND (C1), sans Alix "
        "ROCHE, le jury n’est pas régulier. Le jury compte 3 membres présents ; le règlement en "
        "demande au moins 4.",
    ]
    assert result.seance.etat is EtatSession.PROJET
    # The règlement may say how many are enough then, or that a trainer may stay.
    rewrite(folder, "  minimum: 4\n", "  minimum: 4\n  quorum: 3\n")
    assert treat(folder).seance.etat is EtatSession.DEFINITIF


def test_a_trainer_may_stay_where_the_reglement_says_so(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["jury"][2]["a_forme"] = "C1, C2"
    folder = joue(histoire)
    rewrite(folder, "  minimum: 4\n", "  minimum: 4\n  formateur: true\n")
    result = treat(folder)
    assert result.seance.deroulement.retraits == ()
    assert codes(result) == []


def test_a_withdrawal_is_counted_for_that_candidate_only(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    for candidat in histoire["candidats"]:
        candidat["groupe"] = "G1"
    histoire["jury"][1]["deports"] = "G1"
    histoire["jury"][2]["deports"] = "C2"
    folder = joue(histoire)
    rewrite(folder, "  minimum: 4\n", "  minimum: 4\n  quorum: 3\n")
    assert codes(treat(folder)) == [
        "JUR-105 session.xlsx, feuille « Jury » | Pour délibérer sur Hugo PETIT (C2), sans Alix "
        "VASSEUR et Alix ROCHE, le jury n’est pas régulier. Le jury compte 2 membres présents ; "
        "le règlement en demande au moins 3."
    ]


def test_the_rule_of_each_voie_is_applied(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    more = "\npar_voie:\n  vae:\n    jury: {minimum: 5, president: true}\n"
    folder = joue(histoire, regles=lambda text: text + more)
    assert codes(treat(folder)) == [
        "JUR-101 session.xlsx, feuille « Jury » | Le jury compte 4 membres présents ; le règlement "
        "en demande au moins 5."
    ]


# --- votes ---------------------------------------------------------------------------------------


def voting(folder: Folder, histoire: dict[str, Any], scrutin: str) -> None:
    rewrite(folder, "\nvoies:", f"\ndeliberation: {{scrutin: {{{scrutin}}}}}\nvoies:")
    treat(folder)
    demonstration.deliberate(folder, histoire)
    for tag in (f"{who}/BC{bloc}" for who in ("C1", "C2") for bloc in (1, 2, 3)):
        edit(folder.deliberation, decide(tag, pour="4", contre="0"))


def test_no_column_of_votes_unless_the_reglement_wants_them(
    dossier: Folder, histoire: dict[str, Any]
) -> None:
    treat(dossier)
    titles = [c.value for c in openpyxl.load_workbook(dossier.deliberation)["Délibération"][1]]
    assert "Pour" not in titles
    # Wanted since: the workbook is made again, and keeps the decisions.
    demonstration.deliberate(dossier, histoire)
    edit(dossier.deliberation, decide("C2/BC3", decide=None))
    rewrite(dossier, "\nvoies:", "\ndeliberation: {scrutin: {majorite: simple}}\nvoies:")
    treat(dossier)
    sheet = openpyxl.load_workbook(dossier.deliberation)["Délibération"]
    titles = [c.value for c in sheet[1]]
    assert titles.index("Pour") == titles.index("Contre") - 1 == titles.index("Abstentions") - 2
    assert sheet.cell(2, titles.index("Décision") + 1).value == "Validé"


def test_the_votes_are_counted_on_each_row(dossier: Folder, histoire: dict[str, Any]) -> None:
    voting(dossier, histoire, "majorite: simple")
    edit(dossier.deliberation, decide("C2/BC1", pour="2", contre="1", abstentions="1"))
    result = treat(dossier)
    assert result.seance.etat is EtatSession.DEFINITIF
    (one,) = (v for v in result.seance.deroulement.voix if (v.candidat, v.code) == ("C2", "BC1"))
    assert (one.pour, one.contre, one.abstentions, one.total) == (2, 1, 1, 4)


VOTES = {
    "more votes than members": (
        "majorite: simple",
        {"pour": "4", "contre": "1"},
        "JUR-013 deliberation.xlsx, feuille « Délibération », cellule K5 | Hugo PETIT (C2), BC1 : "
        "5 voix, alors que 4 membres délibèrent.",
    ),
    "fewer votes than members": (
        "majorite: simple",
        {"pour": "3", "contre": None},
        "JUR-013 deliberation.xlsx, feuille « Délibération », cellule K5 | Hugo PETIT (C2), BC1 : "
        "3 voix, alors que 4 membres délibèrent.",
    ),
    "no majority": (
        "majorite: simple",
        {"pour": "1", "contre": "2", "abstentions": "1"},
        "JUR-014 deliberation.xlsx, feuille « Délibération », cellule K5 | Hugo PETIT (C2), BC1 : "
        "la décision écrite n’a pas la majorité simple (pour : 1, contre : 2).",
    ),
    "a tie": (
        "majorite: simple",
        {"pour": "2", "contre": "2"},
        "JUR-014 deliberation.xlsx, feuille « Délibération », cellule K5 | Hugo PETIT (C2), BC1 : "
        "la décision écrite n’a pas la majorité simple (pour : 2, contre : 2).",
    ),
    "a tie that the president breaks": (
        "majorite: simple, voix_preponderante: true",
        {"pour": "2", "contre": "2"},
        None,
    ),
    "more for than against, and not half of the members": (
        "majorite: absolue",
        {"pour": "2", "contre": "1", "abstentions": "1"},
        "JUR-014 deliberation.xlsx, feuille « Délibération », cellule K5 | Hugo PETIT (C2), BC1 : "
        "la décision écrite n’a pas la majorité absolue (pour : 2, contre : 1).",
    ),
    "no number": (
        "majorite: simple",
        {"pour": "trois", "contre": "-1"},
        "SES-006 deliberation.xlsx, feuille « Délibération », cellule K5 | « trois » n’est pas "
        "acceptable pour « Pour ».",
    ),
}


@pytest.mark.parametrize("case", VOTES)
def test_votes_that_do_not_carry_the_decision_are_told(
    dossier: Folder, histoire: dict[str, Any], case: str
) -> None:
    scrutin, cells, sentence = VOTES[case]
    voting(dossier, histoire, scrutin)
    edit(dossier.deliberation, decide("C2/BC1", **cells))  # type: ignore[arg-type]
    result = treat(dossier)
    if sentence is None:
        assert codes(result) == []
        assert result.seance.etat is EtatSession.DEFINITIF
    else:
        assert sentence in codes(result)
        assert result.seance.etat is EtatSession.PROJET


def test_a_withdrawal_changes_how_many_vote(dossier: Folder, histoire: dict[str, Any]) -> None:
    rewrite(dossier, "  minimum: 4\n", "  minimum: 4\n  quorum: 3\n")
    voting(dossier, histoire, "majorite: absolue")
    edit(dossier.deliberation, fill("retrait/1", A=ROCHE, B="C2", C="Déport"))
    assert [one.code for one in treat(dossier).anomalies] == [Code.VOIX_COMPTE] * 3
    for bloc in (1, 2, 3):
        edit(dossier.deliberation, decide(f"C2/BC{bloc}", pour="3"))
    assert treat(dossier).seance.etat is EtatSession.DEFINITIF


def test_a_column_set_before_the_tags_changes_nothing(delibere: Folder) -> None:
    edit(delibere.deliberation, fill(feuille.OUVERTURE, B="14:00"))
    edit(delibere.deliberation, lambda book: book[feuille.FEUILLE].insert_cols(1))
    classeur, _ = cellules.read("d.xlsx", delibere.deliberation.read_bytes())
    assert classeur is not None
    rows, faults = feuille.read(classeur)
    assert faults == []
    assert rows[feuille.OUVERTURE].textes[feuille.B] == "14:00"


@pytest.mark.parametrize(("limites", "examined"), [("", False), ("    limites: 20 %\n", True)])
def test_the_limits_of_a_rule_bring_a_candidate_before_the_jury(
    joue: Callable[..., Folder], histoire: dict[str, Any], limites: str, examined: bool
) -> None:
    """7 compétences out of 8 are 87.5 %: 17.5 points above the threshold."""
    failed = ["Non acquis", "Rien de remis."]
    only = [c.id for c in lecture.load("cqp-rpo").criteres if c.competences == ("C9",)]
    histoire["appreciations"]["C1"] = dict.fromkeys(only, failed)
    rule = "    proportion: 70 %\n"
    folder = joue(histoire, regles=lambda text: text.replace(rule, rule + limites))
    seance = chaine.examine(folder).seance
    dossier = seance.dossiers[0]
    (objet,) = (one for one in dossier.objets if one.code == "BC1")
    reasons = [why for why in to_examine(seance, dossier, objet) if why.startswith("À la limite")]
    assert bool(reasons) is examined, reasons
