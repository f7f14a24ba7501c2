"""A règlement's faults, each with its line and its remedy."""

from pathlib import Path

import pytest
from conftest import sentences

from batch import lecture_yaml
from batch.referentiel import lecture
from batch.reglement.lecture import example_for, read

CQP = lecture.load("cqp-rpo")
TEXT = example_for(CQP).read_text(encoding="utf-8")


def line(text: str, fragment: str) -> int:
    return next(n for n, own in enumerate(text.splitlines(), 1) if fragment in own)


@pytest.mark.parametrize("identifiant", lecture.known())
def test_each_example_is_sound_and_says_that_it_is_one(identifiant: str) -> None:
    referentiel = lecture.load(identifiant)
    path = example_for(referentiel)
    reglement, anomalies = read(path, referentiel)
    assert anomalies == []
    assert reglement is not None
    assert reglement.exemple
    assert path.read_text(encoding="utf-8").startswith("# EXEMPLE")


@pytest.mark.parametrize("identifiant", lecture.known())
def test_what_an_example_quotes_stands_in_the_referentiel(identifiant: str) -> None:
    referentiel = lecture.load(identifiant)
    reglement, _ = read(example_for(referentiel), referentiel)
    assert reglement is not None
    printed = [*referentiel.regles_citees, *(c.intitule for c in referentiel.competences)]
    for citation in reglement.citations:
        assert any(citation.texte in text for text in printed), citation.texte


PROVOKED = {
    "a rubric that does not exist": (
        ("  proportion: 50 %", "  proporsion: 50 %"),
        "YML-004 r.yaml, ligne {n} | La rubrique « regles.competence.proporsion » n’existe pas "
        "ici (vouliez-vous dire « proportion » ?).",
    ),
    "a rubric written twice": (
        ("    proportion: 50 %", "    proportion: 50 %\n    proportion: 60 %  # deux"),
        "YML-002 r.yaml, ligne {n} | La rubrique « proportion » est écrite deux fois au même "
        "endroit.",
    ),
    "two conditions at once": (
        ("    proportion: 50 %", "    proportion: 50 %\n    toutes: true"),
        "YML-008 r.yaml, ligne {n} | La règle « regles.competence » doit dire une condition et une "
        "seule : toutes, au_moins, proportion, moyenne ou somme ; elle en dit toutes et "
        "proportion.",
    ),
    "a mean out of the scale's reach": (
        ("    proportion: 50 %", "    moyenne: 12"),
        "YML-010 r.yaml, ligne {n} | La règle « regles.competence » ne peut pas s’appliquer : elle "
        "demande 12, l'échelle va jusqu'à 1.",
    ),
    "an eliminatory that nobody knows": (
        ("    proportion: 50 %", "    proportion: 50 %\n    eliminatoires: [C1, E500]"),
        "YML-006 r.yaml, ligne {n} | « regles.competence.eliminatoires » cite « E500 », qui "
        "n’existe pas dans le référentiel.",
    ),
    "an eliminatory that is an option": (
        ("    proportion: 70 %", "    proportion: 70 %\n    eliminatoires: [C8]"),
        "YML-014 r.yaml, ligne {n} | « regles.bloc.eliminatoires » rend éliminatoire « C8 », qui "
        "relève d’une option : un candidat qui ne la présente pas ne pourrait pas la manquer.",
    ),
    "more than there is to count": (
        ("    proportion: 70 %", "    au_moins: 99"),
        "YML-010 r.yaml, ligne {n} | La règle « regles.bloc » ne peut pas s’appliquer : elle "
        "demande 99 compétences, BC1 n'en compte que 9.",
    ),
    "a threshold that everybody reaches": (
        ("    proportion: 70 %", "    proportion: 0 %"),
        "YML-010 r.yaml, ligne {n} | La règle « regles.bloc » ne peut pas s’appliquer : elle ne "
        "demande rien : tout le monde la remplirait.",
    ),
    "the rule of one bloc over what has none": (
        ("  certification:", "  particulieres:\n    BC1: {sur: activites, toutes: true}\n"
         "  certification:"),
        "YML-009 r.yaml, ligne {n} | Aucune règle pour « activite » : le résultat ne pourrait pas "
        "être calculé.",
    ),
    "blocs that open one another": (
        ("  certification:", "  acces:\n    BC1: {apres: [BC2]}\n    BC2: {apres: [BC1]}\n"
         "  certification:"),
        "YML-010 r.yaml, ligne {n} | La règle « regles.acces.BC1 » ne peut pas s’appliquer : ce "
        "qui doit être passé avant dépend de ce qu'elle ouvre.",
    ),
    "more roles than evaluators": (
        ("{nombre: 1, divergence: jury}",
         "{nombre: 1, divergence: jury, roles: [tuteur, expert]}"),
        "YML-010 r.yaml, ligne {n} | La règle « evaluateurs.roles » ne peut pas s’appliquer : elle "
        "nomme 2 rôles, pour 1 évaluateurs.",
    ),
    "a rounding to nothing": (
        ("{decimales: 2, mode", "{decimales: 2, pas: 0, mode"),
        "YML-005 r.yaml, ligne {n} | « arrondi.pas » vaut « 0 » : un nombre plus grand que zéro "
        "est attendu, par exemple 0.5.",
    ),
    "a part of what is no mean": (
        ("    proportion: 70 %", "    proportion: 70 %\n    parts: {C1: 30 %}"),
        "YML-010 r.yaml, ligne {n} | La règle « regles.bloc » ne peut pas s’appliquer : « parts » "
        "ne se dit que d'une moyenne.",
    ),
    "an eliminatory that the rule never looks at": (
        ("    proportion: 70 %", "    proportion: 70 %\n    eliminatoires: [BC1]"),
        "YML-010 r.yaml, ligne {n} | La règle « regles.bloc » ne peut pas s’appliquer : "
        "« eliminatoires » cite « BC1 », qui n'est pas l'une des compétences qu'elle regarde "
        "(vouliez-vous dire « C1 » ?).",
    ),
    "an option that counts against, and is none": (
        ("arrondi: ", "options: {contre: [C9]}\narrondi: "),
        "YML-006 r.yaml, ligne {n} | « options.contre » cite « C9 », qui n’existe pas dans le "
        "référentiel.",
    ),
    "a mention that nobody could have": (
        ("    blocs: tous\n", "    blocs: tous\n    mentions:\n"
         "    - {libelle: très bien, au_moins: 40, sur: competences}\n"),
        "YML-010 r.yaml, ligne {n} | La règle « regles.certification » ne peut pas s’appliquer : "
        "la mention « très bien » demande 40 compétences, il y en a 28.",
    ),
    "two levels that read the same": (
        ("{code: NE, libelle: Non évalué", "{code: na, libelle: Non évalué"),
        "YML-011 r.yaml, ligne {n} | Deux niveaux de l’échelle se confondent à la saisie : "
        "« Non acquis » et « Non évalué ».",
    ),
    "another certification's": (
        ("referentiel: cqp-rpo", "referentiel: ascencia-cmc"),
        "YML-012 r.yaml, ligne {n} | Ce règlement est écrit pour le référentiel « ascencia-cmc », "
        "la session porte sur « cqp-rpo ».",
    ),
    "a value of the wrong sort": (
        ("  minimum: 4", "  minimum: quatre"),
        "YML-005 r.yaml, ligne {n} | « jury.minimum » vaut « quatre » : un nombre entier est "
        "attendu.",
    ),
    "a rubric that is missing": (
        ("arrondi: ", "# "),
        "YML-003 r.yaml, ligne 4 | La rubrique « arrondi » manque.",
    ),
    "no way to appeal": (
        ("    delai: deux mois à compter de la réception de cette lettre (délai d'exemple)",
         "    delai: ''"),
        "YML-013 r.yaml, ligne {n} | « courrier.recours.delai » est vide, et un document officiel "
        "l’imprime.",
    ),
    "text that is not YAML": (
        ("  bloc:\n", "  bloc\n"),
        "YML-001 r.yaml, ligne {n} | Le texte n’est pas du YAML lisible : un « : » manque.",
    ),
}  # fmt: skip
PLACES = {
    "more than there is to count": "  bloc:",
    "a threshold that everybody reaches": "  bloc:",
    "the rule of one bloc over what has none": "regles:",
    "blocs that open one another": "    BC1: {apres",
    "more roles than evaluators": "evaluateurs:",
    "a rounding to nothing": "arrondi:",
    "a part of what is no mean": "  bloc:",
    "an eliminatory that the rule never looks at": "  bloc:",
    "an option that counts against, and is none": "options:",
    "a mention that nobody could have": "  certification:",
    "a rubric that does not exist": "proporsion",
    "a rubric written twice": "# deux",
    "two conditions at once": "  competence:",
    "a mean out of the scale's reach": "  competence:",
    "an eliminatory that nobody knows": "eliminatoires",
    "an eliminatory that is an option": "eliminatoires",
    "two levels that read the same": "echelle:",
    "another certification's": "referentiel:",
    "a value of the wrong sort": "minimum:",
    "no way to appeal": "delai:",
    "text that is not YAML": "    sur: competences",
}


@pytest.mark.parametrize("case", PROVOKED)
def test_the_certificateur_is_told_which_line_and_why(tmp_path: Path, case: str) -> None:
    (before, after), sentence = PROVOKED[case]
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    path = tmp_path / "r.yaml"
    path.write_text(text, encoding="utf-8")
    reglement, anomalies = read(path, CQP)
    assert reglement is None
    expected = sentence.format(n=line(text, PLACES[case]) if case in PLACES else "")
    assert expected in sentences(anomalies)


def test_a_scale_that_is_upside_down_is_doubtful(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    before, after = "libelle: Non acquis, valeur: 0", "libelle: Non acquis, valeur: 2"
    path.write_text(TEXT.replace(before, after), encoding="utf-8")
    reglement, anomalies = read(path, CQP)
    assert reglement is not None
    assert sentences(anomalies) == [
        f"YML-015 r.yaml, ligne {line(TEXT, 'echelle:')} | Le niveau « Acquis » satisfait le "
        "critère et vaut moins que « Non acquis », qui ne le satisfait pas : une meilleure "
        "appréciation pourrait faire perdre un bloc."
    ]


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    text = TEXT.replace("saisie: critere", "saisie: critères").replace("minimum: 4", "minimum: x")
    path = tmp_path / "r.yaml"
    path.write_text(text.replace("version:", "vertion:"), encoding="utf-8")
    _, anomalies = read(path, CQP)
    assert sorted(a.code.numero for a in anomalies) == ["YML-003", "YML-004", "YML-005", "YML-005"]


def test_a_mapping_gives_ascencia_its_blocs() -> None:
    referentiel = lecture.load("ascencia-cmc")
    reglement, _ = read(example_for(referentiel), referentiel)
    assert reglement is not None
    assert reglement.apply_to(referentiel) is referentiel
    assert referentiel.blocs == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "motif: un texte\tcoupé",
            "une tabulation y sert d'indentation ; n'utilisez que des espaces",
        ),
        ("voies: [vae? , autre]", "sa structure est cassée (indentation, guillemet ou crochet)"),
    ],
    ids=["a tab inside a sentence", "a question mark between brackets"],
)
def test_what_only_another_reader_of_yaml_would_take_is_refused(text: str, sentence: str) -> None:
    source, faults = lecture_yaml.read("r.yaml", text)
    assert source is None
    assert sentences(faults) == [
        f"YML-001 r.yaml, ligne 1 | Le texte n’est pas du YAML lisible : {sentence}."
    ]
