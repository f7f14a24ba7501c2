"""What a voie d'accès changes; what a second chance allows."""

from collections.abc import Callable
from datetime import date
from typing import Any

import docx
import pytest
from conftest import NOW, sentences

from batch import chaine
from batch.folder import Folder
from batch.jury.rattrapage import months_later
from batch.vocabulaire import ResultatBloc, ResultatCertification

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
