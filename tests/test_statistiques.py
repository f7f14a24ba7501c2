"""The figures of a sitting: who is counted, who is not, and the workbook that shows them."""

import io
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from conftest import NOW, played

from batch import chaine
from batch.classeurs import edition, resultats
from batch.folder import Folder
from batch.jury import statistiques
from batch.jury.seance import Seance
from batch.jury.statistiques import Taux
from batch.vocabulaire import ResultatCertification, Voie

FAILED = ["Non acquis", "Rien de remis."]
BC2 = [f"E{number}" for number in range(16, 25)]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """Six candidates: one of each sort that a rate must count, or must not."""
    from conftest import HISTOIRE

    first = HISTOIRE["candidats"][0]
    story: dict[str, Any] = {
        **HISTOIRE,
        "candidats": [
            first,
            {**first, "id": "C2", "prenoms": "Noé"},
            {**first, "id": "C3", "prenoms": "Zoé", "voie": "VAE", "blocs_vises": "BC1"},
            {**first, "id": "C4", "prenoms": "Guy", "presence": "Absent"},
            {**first, "id": "C5", "prenoms": "Eva", "presence": "Excusé"},
            {**first, "id": "C6", "prenoms": "Ana"},
        ],
        "evaluateurs": [*HISTOIRE["evaluateurs"], {"id": "E2", "nom": "ROY", "prenom": "Paul"}],
        "affectations": [
            *({"evaluateur": "E1", "sujet": f"C{n}"} for n in range(1, 6)),
            {"evaluateur": "E2", "sujet": "C6"},
        ],
        "non_rendues": ["E2/BC3"],
        "appreciations": {"defaut": "Acquis", "C2": dict.fromkeys(BC2, FAILED)},
    }
    folder = played(tmp_path_factory.mktemp("statistiques") / "session", story)
    chaine.treat(folder, NOW)
    return folder


@pytest.fixture(scope="module")
def seance(session: Folder) -> Seance:
    return chaine.examine(session).seance


def test_the_success_rate_counts_those_who_sat_and_whose_outcome_is_known(seance: Seance) -> None:
    group = statistiques.whole(seance)
    assert (group.inscrits, group.presents) == (6, 4)
    assert group.issues == Counter(
        {
            ResultatCertification.DELIVREE: 1,  # C1
            ResultatCertification.PARTIELLE: 1,  # C2
            ResultatCertification.BLOCS_VISES_VALIDES: 1,  # C3, who aimed at one bloc
            ResultatCertification.ABSENT: 1,
            ResultatCertification.EXCUSE: 1,
            ResultatCertification.EN_ATTENTE: 1,  # C6, whose BC3 has not come back
        }
    )
    assert group.reussite == Taux(1, 2)
    assert group.blocs_vises == Taux(1, 1)


def test_each_voie_has_its_own(seance: Seance) -> None:
    groups = statistiques.by_voie(seance)
    assert list(groups) == [Voie.FORMATION_CONTINUE, Voie.VAE]
    assert (groups[Voie.VAE].presents, groups[Voie.VAE].reussite) == (1, Taux(0, 0))
    assert groups[Voie.VAE].reussite.part is None


def test_a_bloc_is_obtained_by_those_who_were_rated_on_it(seance: Seance) -> None:
    rates = {element.id: element.taux for element in statistiques.blocs(seance)}
    assert rates == {"BC1": Taux(4, 4), "BC2": Taux(2, 3), "BC3": Taux(2, 2)}


def test_criteres_that_failed(seance: Seance) -> None:
    shares = {one.id: one.taux.part for one in statistiques.criteres(seance)}
    assert shares["E1"] == 1
    assert {shares[one] for one in BC2} == {Fraction(2, 3)}


def test_an_evaluator_is_counted_on_what_he_rated(seance: Seance) -> None:
    first, second = statistiques.severity(seance)
    assert (first.evaluateur, first.candidats) == ("E1", 3)
    assert first.niveaux["NA"] == len(BC2)
    assert first.satisfaits.sur - first.satisfaits.obtenus == len(BC2)
    assert (second.evaluateur, second.candidats, second.satisfaits.part) == ("E2", 1, 1)


def test_the_workbook_shows_them(session: Folder) -> None:
    book = openpyxl.load_workbook(session.resultats_xlsx)
    assert book.sheetnames == [
        "Synthèse", "Résultats", "Détail", "Blocs", "Compétences", "Critères", "Évaluateurs",
    ]  # fmt: skip
    sheet = book["Synthèse"]
    rows = {str(row[0].value): [cell.value for cell in row[2:6]] for row in sheet.iter_rows()}
    assert rows["✔ Certification délivrée"][0] == 1
    assert rows["Ensemble"] == [4, 2, 1, 0.5]
    assert rows["VAE"] == [1, 0, 0, "–"]
    assert rows["BC2"] == [2, 1, pytest.approx(2 / 3), None]
    assert len(sheet._charts) == 3
    pictured = [one.anchor._from.row for one in sheet._charts]
    assert pictured == sorted(pictured)


def test_a_session_of_nobody_decided_has_a_workbook_too(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue(histoire, rempli=False)
    chaine.treat(folder, NOW)
    sheet = openpyxl.load_workbook(folder.resultats_xlsx)["Synthèse"]
    rows = {str(row[0].value): row[5].value for row in sheet.iter_rows()}
    assert rows["Ensemble"] == "–"


def test_more_candidates_than_a_sheet_has_columns_are_detailed_on_several(
    seance: Seance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def details() -> dict[str, dict[tuple[str, str], str]]:
        """By sheet, what stands under each candidate beside each code."""
        book = openpyxl.load_workbook(io.BytesIO(resultats.write(seance)))
        return {
            name: {
                (str(row[0].value), str(head.value)): str(cell.value)
                for row in book[name].iter_rows(min_row=2)
                for head, cell in zip(book[name][1][2:], row[2:], strict=True)
                if cell.value
            }
            for name in book.sheetnames
            if name.startswith("Détail")
        }

    whole = details()
    monkeypatch.setattr(edition, "PAR_FEUILLE", 2)
    cut = details()
    assert [*whole, *cut] == ["Détail", "Détail", "Détail 2", "Détail 3"]
    assert {key for own in cut.values() for key in own.items()} == {*whole["Détail"].items()}
    heads = [{head for _, head in own} for own in cut.values()]
    assert heads == [
        {"C1\nDURAND", "C2\nDURAND"}, {"C3\nDURAND", "C4\nDURAND"}, {"C5\nDURAND", "C6\nDURAND"},
    ]  # fmt: skip
