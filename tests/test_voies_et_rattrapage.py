"""What a voie d'accès changes; what a second chance allows."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import NOW, edit, sentences

from batch import chaine, demonstration
from batch.anomalies import Empechement
from batch.folder import Folder
from batch.jury.delais import months_later
from batch.vocabulaire import EtatSession, ResultatBloc, ResultatCertification

PAR_VOIE = """
par_voie:
  vae:
    epreuves: [BC1, BC2]
    jury: {minimum: 5}
"""
RATTRAPAGE = """
rattrapage: {delai_mois: 12, blocs_max: 1, article: art. 9}
"""


def add_rule(folder: Folder, text: str) -> None:
    before = folder.reglement.read_text(encoding="utf-8")
    folder.reglement.write_text(before + text, encoding="utf-8")


def test_a_voie_has_its_own_epreuves_and_jury(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue(histoire, rempli=False)
    add_rule(folder, PAR_VOIE)
    contexte = chaine.gather(folder)
    rated = {cahier.partie.id: [f.sujet for f in cahier.fiches] for cahier in contexte.cahiers}
    # Hugo (C2) comes by VAE.
    assert rated == {"BC1": ["C1", "C2"], "BC2": ["C1", "C2"], "BC3": ["C1"]}
    assert [(c.id, why) for c, why in contexte.cahiers[2].non_evalues] == [
        ("C2", "épreuve que n’a pas sa voie d’accès (VAE)")
    ]
    examen = chaine.examine(folder)
    assert [one for one in sentences(examen.anomalies) if one.startswith("JUR-")] == [
        "JUR-101 session.xlsx, feuille « Jury » | Le jury compte 4 membres présents ; le règlement "
        "en demande au moins 5."
    ]
    # A bloc that his voie does not rate has no outcome that arithmetic could give.
    assert examen.seance.dossiers[1].resultat.blocs["BC3"] is ResultatBloc.A_ARBITRER


def retry(histoire: dict[str, Any], **candidat: Any) -> dict[str, Any]:
    """Léa failed BC2 in June 2022 and tries again."""
    histoire["session"].update(session_initiale="S0", date_initiale="15/06/2022")
    histoire["candidats"] = [{**histoire["candidats"][0], "blocs_vises": "BC2", **candidat}]
    histoire["acquis"] = [
        {"candidat": "C1", "bloc": bloc, "date": "15/06/2022", "nature": "Acquis",
         "preuve": "PV de la session S0"}
        for bloc in ("BC1", "BC3")
    ]  # fmt: skip
    return histoire


def test_what_stood_still_stands_at_a_second_chance(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue(retry(histoire), rempli=True)
    add_rule(folder, RATTRAPAGE)
    result = chaine.treat(folder, NOW)
    lea = result.seance.dossiers[0].resultat
    assert {code: state.value for code, state in lea.blocs.items()} == {
        "BC1": "acquis_anterieur",
        "BC2": "valide",
        "BC3": "acquis_anterieur",
    }
    assert lea.certification is ResultatCertification.DELIVREE
    # Twelve months to the day.
    assert not [a for a in result.anomalies if a.code.numero.startswith("SES")]
    minutes = docx.Document(str(folder.documents / "proces-verbal.docx"))
    cells = [cell.text for table in minutes.tables for row in table.rows for cell in row.cells]
    assert any("session S0, jury du 15 juin 2022" in t.replace("\u00a0", " ") for t in cells)


@pytest.mark.parametrize(
    ("change", "rule", "sentence"),
    [
        pytest.param(
            lambda s: None,
            "",
            "SES-021 session.xlsx, feuille « Session » | Cette session est un rattrapage, et le "
            "règlement n’en prévoit pas.",
            id="no second chance in the règlement",
        ),
        pytest.param(
            lambda s: s["session"].update(date_initiale=None),
            RATTRAPAGE,
            "SES-022 session.xlsx, feuille « Session » | Le rattrapage de la session S0 ne dit pas "
            "quand le premier jury a décidé.",
            id="no date",
        ),
        pytest.param(
            lambda s: s["session"].update(date_initiale="14/06/2022"),
            RATTRAPAGE,
            "SES-023 session.xlsx, feuille « Session » | Le rattrapage se tient le 15 juin 2023, "
            "plus de 12 mois après le premier jury (14 juin 2022) : il devait se tenir au plus "
            "tard le 14 juin 2023.",
            id="a day too late",
        ),
        pytest.param(
            lambda s: s["candidats"][0].update(blocs_vises="BC2, BC3"),
            RATTRAPAGE,
            "SES-024 session.xlsx, feuille « Candidats », cellule A2 | Léa DURAND (C1) est à "
            "rattraper sur 2 blocs ; le règlement en permet 1.",
            id="too many blocs",
        ),
        pytest.param(
            lambda s: s["candidats"][0].update(blocs_vises=None),
            RATTRAPAGE,
            "SES-025 session.xlsx, feuille « Candidats », cellule A2 | Léa DURAND (C1) vise toute "
            "la certification à une session de rattrapage.",
            id="everything at once",
        ),
    ],
)
def test_a_second_chance_out_of_bounds_is_refused(
    joue: Callable[..., Folder],
    histoire: dict[str, Any],
    change: Callable[[dict[str, Any]], None],
    rule: str,
    sentence: str,
) -> None:
    story = retry(histoire)
    change(story)
    folder = joue(story, rempli=False)
    add_rule(folder, rule)
    assert sentence in sentences(chaine.gather(folder).anomalies)


@pytest.mark.parametrize(
    ("jour", "mois", "expected"),
    [
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2023, 1, 31), 13, date(2024, 2, 29)),
        (date(2023, 12, 15), 12, date(2024, 12, 15)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
    ],
)
def test_months_are_counted_as_the_law_counts_them(jour: date, mois: int, expected: date) -> None:
    assert months_later(jour, mois) == expected


BC2 = [f"E{number}" for number in range(16, 25)]
BC3 = [f"E{number}" for number in range(25, 45)]


@pytest.fixture
def premiere(joue: Callable[..., Folder], histoire: dict[str, Any]) -> Folder:
    """A session decided: Léa lacks BC2, Hugo has everything, Zoé cheated, Noé lacks two blocs."""
    first = histoire["candidats"][0]
    histoire["session"]["id"] = "S0"
    histoire["candidats"] += [
        {**first, "id": "C3", "nom_naissance": "ROY", "prenoms": "Zoé"},
        {**first, "id": "C4", "nom_naissance": "BLIN", "prenoms": "Noé"},
    ]
    histoire["incidents"] = [
        {"candidat": "C3", "nature": "Fraude", "partie": "BC1", "piece": "Rapport du 12/06/2023"}
    ]
    failed = ["Non acquis", "Rien de remis."]
    histoire["appreciations"] |= {
        "C1": dict.fromkeys(BC2, failed),
        "C4": dict.fromkeys((*BC2, *BC3), failed),
    }
    folder = joue(histoire, nom="premiere")
    add_rule(folder, RATTRAPAGE)
    chaine.treat(folder, NOW)
    demonstration.deliberate(folder, histoire)
    seance = chaine.treat(folder, NOW).seance
    assert seance.etat is EtatSession.DEFINITIF
    return folder


def test_the_second_session_is_typed_from_the_first(premiere: Folder, tmp_path: Path) -> None:
    folder = Folder(tmp_path / "seconde")
    suite = chaine.follow(premiere, folder, NOW)
    assert [(r.candidat.id, r.a_reprendre, r.obtenus) for r in suite.reprises] == [
        ("C1", ("BC2",), ("BC1", "BC3"))
    ]
    assert [(e.candidat.id, e.raison) for e in suite.ecarts] == [
        ("C2", None),
        ("C3", "fraude à la première session"),
        ("C4", "2\u00a0blocs à reprendre\u202f; le règlement en permet 1"),
    ]
    # What the gestionnaire types: the number, the dates, the place.
    edit(folder.session, complete)
    contexte = chaine.gather(folder)
    assert not [a for a in contexte.anomalies if a.bloquante]
    assert contexte.session.session_initiale == "S0"
    assert contexte.session.date_initiale == date(2023, 6, 15)
    assert [(a.bloc, a.date, a.preuve) for a in contexte.session.acquis] == [
        (bloc, date(2023, 6, 15), "Procès-verbal de la session S0, jury du 15 juin 2023")
        for bloc in ("BC1", "BC3")
    ]
    assert folder.reglement.read_bytes() == premiere.reglement.read_bytes()


def complete(workbook: Any) -> None:
    sheet = workbook["Session"]
    typed = {
        "Numéro de la session": "S1",
        "Date du jury": "15/12/2023",
        "Date limite de retour des grilles": "08/12/2023",
        "Lieu du jury": "Lyon",
    }
    for row in range(2, sheet.max_row + 1):
        label = str(sheet.cell(row, 1).value).rstrip(" *")
        if label in typed:
            sheet.cell(row, 2).value = typed[label]


def test_failed_once_then_certified(
    premiere: Folder, histoire: dict[str, Any], tmp_path: Path
) -> None:
    folder = Folder(tmp_path / "seconde")
    chaine.follow(premiere, folder, NOW)
    edit(folder.session, complete)
    chaine.issue_grids(folder, NOW)
    story = {"appreciations": {"defaut": "Acquis"}}
    demonstration.fill(folder, story)
    chaine.treat(folder, NOW)
    demonstration.deliberate(folder, story)
    (lea,) = chaine.treat(folder, NOW).seance.dossiers
    assert lea.issues.certification is ResultatCertification.DELIVREE
    assert {code: str(state) for code, state in lea.issues.blocs.items()} == {
        "BC1": "acquis_anterieur",
        "BC2": "valide",
        "BC3": "acquis_anterieur",
    }


def test_nobody_tries_again_before_the_first_jury_has_decided(
    dossier: Folder, tmp_path: Path
) -> None:
    with pytest.raises(Empechement, match="ne prévoit pas de rattrapage"):
        chaine.follow(dossier, Folder(tmp_path / "seconde"), NOW)
    add_rule(dossier, RATTRAPAGE)
    with pytest.raises(Empechement, match="n’a pas tout décidé"):
        chaine.follow(dossier, Folder(tmp_path / "seconde"), NOW)
    assert not (tmp_path / "seconde").exists()


def test_nobody_to_try_again(
    joue: Callable[..., Folder], histoire: dict[str, Any], tmp_path: Path
) -> None:
    folder = joue(histoire)
    add_rule(folder, RATTRAPAGE)
    chaine.treat(folder, NOW)
    demonstration.deliberate(folder, histoire)
    chaine.treat(folder, NOW)
    with pytest.raises(Empechement, match="Personne n’a de bloc à reprendre"):
        chaine.follow(folder, Folder(tmp_path / "seconde"), NOW)
