"""Absence, excuse, giving up, fraud: different things, that stay different to the letter."""

from collections.abc import Callable
from typing import Any

import docx
import pytest
from conftest import NOW

from batch import chaine
from batch.folder import Folder
from batch.vocabulaire import Presence, ResultatBloc, ResultatCertification


@pytest.fixture
def arrive(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> Callable[..., tuple[Folder, Any]]:
    """Something happens to Léa at these blocs; the sheets named are never filled in for her."""

    def play(nature: str, *blocs: str | None, vides: tuple[str, ...] = ()) -> tuple[Folder, Any]:
        histoire["incidents"] = [
            {"candidat": "C1", "nature": nature, "partie": bloc, "piece": "Pièce du 2 juin 2023"}
            for bloc in blocs
        ]
        if vides:
            histoire["affectations"] = [
                {"evaluateur": "E1", "partie": bloc} for bloc in ("BC1", "BC2", "BC3")
            ]
            histoire["non_rendues"] = [f"E1/{bloc}" for bloc in vides]
        folder = joue(histoire)
        return folder, chaine.treat(folder, NOW).seance.dossiers[0].resultat

    return play


def letter(folder: Folder) -> str:
    path = next((folder.documents / "lettres").glob("C1 *.docx"))
    return "\n".join(p.text for p in docx.Document(str(path)).paragraphs).replace("\u00a0", " ")


def test_an_absence_from_one_bloc_leaves_it_not_presented(arrive: Callable[..., Any]) -> None:
    _, lea = arrive("Absence", "BC2")
    assert lea.blocs["BC2"] is ResultatBloc.NON_PRESENTE
    assert (lea.presence, lea.certification) == (
        Presence.PRESENT,
        ResultatCertification.PARTIELLE,
    )


def test_an_absence_from_everything_makes_her_absent(arrive: Callable[..., Any]) -> None:
    _, lea = arrive("Absence", None)
    assert (lea.presence, lea.certification) == (Presence.ABSENT, ResultatCertification.ABSENT)


def test_an_excused_absence_from_everything_makes_her_excused(arrive: Callable[..., Any]) -> None:
    _, lea = arrive("Absence excusée", "BC1", "BC2", "BC3")
    assert (lea.presence, lea.certification) == (Presence.EXCUSE, ResultatCertification.EXCUSE)


def test_giving_up_keeps_what_was_rated_and_presents_nothing_more(
    arrive: Callable[..., Any],
) -> None:
    folder, lea = arrive("Abandon", None, vides=("BC3",))
    assert lea.blocs == {
        "BC1": ResultatBloc.VALIDE,
        "BC2": ResultatBloc.VALIDE,
        "BC3": ResultatBloc.NON_PRESENTE,
    }
    assert lea.certification is ResultatCertification.PARTIELLE
    assert "Vous avez abandonné (Pièce du 2 juin 2023) : ce qui n’avait pas été évalué" in (
        letter(folder)
    )


def test_a_fraud_annuls_the_epreuve_whatever_its_ratings(arrive: Callable[..., Any]) -> None:
    folder, lea = arrive("Fraude", "BC2")
    assert lea.blocs["BC2"] is ResultatBloc.NON_VALIDE
    assert lea.blocs["BC1"] is ResultatBloc.VALIDE
    assert "Pour fraude, le bloc BC2 est sans valeur (Pièce du 2 juin 2023)." in letter(folder)
    text = "\n".join(
        p.text for p in docx.Document(str(folder.documents / "proces-verbal.docx")).paragraphs
    )
    assert "DURAND Léa (C1), le bloc BC2, Pièce du 2 juin 2023." in text.replace("\u00a0", " ")


def test_what_happened_is_told_to_machines_too(arrive: Callable[..., Any]) -> None:
    import json

    folder, _ = arrive("Fraude", "BC2")
    content = json.loads(folder.resultats.read_text(encoding="utf-8"))
    assert content["candidats"][0]["incidents"] == [{"nature": "fraude", "epreuve": "BC2"}]
    assert content["candidats"][1]["incidents"] == []
