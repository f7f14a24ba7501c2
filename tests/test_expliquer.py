"""jury expliquer: read as the rejected candidate would, who reckons it all again on paper.

The golden texts stand in attendus/explications; JURY_ACCEPTER=1 pytest tests/test_expliquer.py
writes them, to be read before they are committed.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from conftest import KLEIN, anew, contents, edit, flat, on_keyboard, played, rate, returned

from batch import chaine, data
from batch.chaine import Examen
from batch.cli import commandes
from batch.cli.expliquer import arbre, recit
from batch.cli.expliquer.candidats import find
from batch.folder import Folder

ATTENDUS = Path(__file__).parent / "attendus" / "explications"
SCHEMA = json.loads((data.SCHEMAS / "explication.schema.json").read_text(encoding="utf-8"))

# One of each fate: refused, saved or refused by the jury, just enough, incomplete, nothing applied,
# absent, excused, acquired before, exempt, failed by a floor, by an eliminatory, with its group.
RACONTES = {
    "cqp-rpo": ("C002", "C003", "C004", "C007", "C008", "C009", "C010", "C011"),
    "ascencia-cmc": ("C003", "C004", "C005"),
    "chef-projet-mc": ("C002", "C004", "C007"),
    "openclassrooms-ccm": ("C002", "C003", "C004", "C007", "C008"),
}
EVERYBODY = list(RACONTES)


@pytest.fixture(scope="session")
def petite(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The small session with its grids returned, before the jury: only to be read."""
    return played(tmp_path_factory.mktemp("petite") / "session")


@pytest.fixture(autouse=True)
def _eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What the terminal shows, spaces as typed on a keyboard."""

    def tell(examen: Examen, candidat: str, bloc: str | None = None, *, tout: bool = False) -> str:
        capsys.readouterr()
        recit.tell(examen, find(examen.seance, candidat), bloc, tout=tout)
        return on_keyboard(capsys.readouterr().out)

    return tell


def tree(examen: Examen, candidat: str, bloc: str | None = None) -> dict[str, Any]:
    return arbre.as_json(examen, find(examen.seance, candidat), bloc)


def steps(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield step
    for enfant in step["enfants"]:
        yield from steps(enfant)


# --- word for word


@pytest.mark.parametrize(
    ("certification", "candidat"), [(c, one) for c, ids in RACONTES.items() for one in ids]
)
def test_the_explanation_word_for_word(
    certification: str,
    candidat: str,
    examine: Callable[[str], Examen],
    told: Callable[..., str],
) -> None:
    text = told(examine(certification), candidat)
    path = ATTENDUS / f"{certification}-{candidat}.txt"
    if os.environ.get("JURY_ACCEPTER"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 80


# --- reckoned again, on paper


@pytest.mark.parametrize("certification", EVERYBODY)
def test_every_outcome_follows_from_what_is_shown_under_it(
    certification: str, examine: Callable[[str], Examen]
) -> None:
    """With nothing but the explanation: the children's states and points, the rule, its figures."""
    examen = examine(certification)
    reckoned = 0
    for dossier in examen.seance.dossiers:
        content = arbre.as_json(examen, dossier)
        for root in (content["explication"], *content["hors_decision"]):
            for step in steps(root):
                if (step["regle"] or {}).get("condition") and step["enfants"]:
                    outcome = step["propose"] or step["etat"]
                    assert by_hand(step) == family(outcome), (dossier.resultat.candidat.id, step)
                    reckoned += 1
    assert reckoned > 100


def by_hand(step: dict[str, Any]) -> str:
    rule, counted = step["regle"], [e for e in step["enfants"] if not e["hors_calcul"]]
    states = [family(enfant["etat"]) for enfant in counted]
    if not counted:
        return "a trancher" if step["niveau"] == "bloc" else "sans objet"
    if "attendu" in states:
        return "attendu"
    if "a trancher" in states:
        return "a trancher"
    met = states.count("oui")
    reached = {
        "toutes": lambda: met == len(counted),
        "au_moins": lambda: met >= int(rule["seuil"]),
        "proportion": lambda: Fraction(met, len(counted)) >= Fraction(rule["seuil"]),
        "moyenne": lambda: weighted(counted, rule["poids"]) >= Fraction(rule["seuil"]),
    }[rule["condition"]]()
    under = rule["minimum"] and any(
        Fraction(enfant["points"]) < Fraction(rule["minimum"]) for enfant in counted
    )
    out = any(
        enfant["id"] in rule["eliminatoires"] and family(enfant["etat"]) == "non"
        for enfant in counted
    )
    return "oui" if reached and not under and not out else "non"


def weighted(counted: list[dict[str, Any]], poids: dict[str, str]) -> Fraction:
    weights = [Fraction(poids.get(enfant["id"], "1")) for enfant in counted]
    points = [Fraction(enfant["points"]) for enfant in counted]
    return sum((p * w for p, w in zip(points, weights, strict=True)), Fraction()) / sum(weights)


def family(etat: str) -> str:
    """The same five answers, whatever the level calls them."""
    return {
        "satisfait": "oui", "acquise": "oui", "valide": "oui",
        "non_satisfait": "non", "non_acquise": "non", "non_valide": "non",
        "non_evalue": "attendu", "non_evaluee": "attendu", "incomplet": "attendu",
        "non_presente": "attendu",
        "divergent": "a trancher", "a_arbitrer": "a trancher",
        "sans_objet": "sans objet",
    }[etat]  # fmt: skip


FIGURE = r"-?\d+(?:[ ,/]\d+)*"
SHARE = re.compile(r"(\d+) \S+ \S+ sur (\d+) = ([\d,]+) %")
MEAN = re.compile(rf"\(([^()]+)\) / (\d+) = ({FIGURE})(?:, environ ([\d,]+))?")


@pytest.mark.parametrize("certification", EVERYBODY)
def test_every_sum_and_every_margin_that_is_printed_is_right(
    certification: str, examine: Callable[[str], Examen]
) -> None:
    examen = examine(certification)
    seen = 0
    for dossier in examen.seance.dossiers:
        for step in steps(arbre.as_json(examen, dossier)["explication"]):
            calcul, marge = (on_keyboard(step[key] or "") for key in ("calcul", "marge"))
            seen += check_sum(step, calcul)
            if step["valeur"] and (gap := re.search(rf"(?:il manque|\(de) ({FIGURE})", marge)):
                seen += check_margin(step, marge, gap[1])
    assert seen > 50


def check_sum(step: dict[str, Any], calcul: str) -> int:
    if share := SHARE.search(calcul):
        met, counted, percent = share.groups()
        assert abs(Fraction(int(met), int(counted)) * 100 - number(percent)) <= Fraction(1, 20)
        assert Fraction(int(met), int(counted)) == Fraction(step["valeur"])
        return 1
    if mean := MEAN.search(calcul):
        terms = [number(term) for term in mean[1].split(" + ")]
        assert sum(terms) / int(mean[2]) == number(mean[3]) == Fraction(step["valeur"])
        if mean[4]:
            assert abs(number(mean[4]) - number(mean[3])) < Fraction(1, 10_000)
        return 1
    return 0


def check_margin(step: dict[str, Any], marge: str, gap: str) -> int:
    """« il manque 2 compétences » counts children; « il manque 1/240 » is a difference."""
    rule, value = step["regle"], Fraction(step["valeur"])
    counted = sum(not enfant["hors_calcul"] for enfant in step["enfants"])
    if rule["condition"] == "moyenne":
        assert abs(value - Fraction(rule["seuil"])) == number(gap)
        assert ("sous le seuil" in marge) == (value < Fraction(rule["seuil"]))
    elif rule["condition"] == "proportion":
        met = value * counted
        assert (met + number(gap)) / counted >= Fraction(rule["seuil"])
        assert (met + number(gap) - 1) / counted < Fraction(rule["seuil"])
    return 1


def number(text: str) -> Fraction:
    top, _, bottom = text.replace(" ", "").replace(",", ".").partition("/")
    return Fraction(top) / Fraction(bottom or 1)


@pytest.mark.parametrize("certification", EVERYBODY)
def test_every_rating_says_where_it_was_written(
    certification: str, examine: Callable[[str], Examen]
) -> None:
    examen = examine(certification)
    said = {
        (one.ligne, one.lieu.fichier, one.lieu.feuille, one.lieu.cellule)
        for own in examen.controle.evaluations.appreciations.values()
        for one in own
    }
    for dossier in examen.seance.dossiers:
        for step in steps(arbre.as_json(examen, dossier)["explication"]):
            for one in step["appreciations"]:
                place = (step["id"], one["fichier"], one["feuille"], one["cellule"])
                assert place in said


@pytest.mark.parametrize("certification", EVERYBODY)
def test_the_tree_is_what_its_schema_says_and_agrees_with_the_results(
    certification: str, examine: Callable[[str], Examen]
) -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    examen = examine(certification)
    for dossier in examen.seance.dossiers:
        content = json.loads(json.dumps(arbre.as_json(examen, dossier)))
        assert [error.message for error in validator.iter_errors(content)] == []
        root, decided = content["explication"], dossier.issues
        assert root["etat"] == decided.certification
        blocs = {step["id"]: step["etat"] for step in root["enfants"] if step["niveau"] == "bloc"}
        assert blocs == dict(decided.blocs)


@pytest.mark.parametrize("certification", EVERYBODY)
def test_everything_asked_shows_every_rating_once_folded_or_not(
    certification: str, examine: Callable[[str], Examen], told: Callable[..., str]
) -> None:
    examen = examine(certification)
    dossier = examen.seance.dossiers[1]
    whole = flat(told(examen, dossier.resultat.candidat.id, tout=True))
    for step in steps(arbre.as_json(examen, dossier)["explication"]):
        for one in step["appreciations"]:
            assert f"cellule {one['cellule']})" in whole
    assert len(whole) > len(flat(told(examen, dossier.resultat.candidat.id)))


# --- what the samples do not tell


def said_of(folder: Folder, told: Callable[..., str], candidat: str = "C1", **how: Any) -> str:
    return flat(told(chaine.examine(folder), candidat, **how))


def test_a_grid_that_did_not_come_back_is_named_once(
    dossier: Folder, told: Callable[..., str]
) -> None:
    returned(dossier, "BC2").unlink()
    text = said_of(dossier, told)
    assert "? Bloc BC2 : incomplet" in text
    assert "À ce jour : 7 non évaluées, sur 7 compétences." in text
    awaited = "La grille de Hélène FABRE (E1), bloc BC2, n’est pas revenue."
    assert text.count(awaited) == 1
    assert "? 7 compétences non évaluées : C10, C11" in text
    assert "À corriger, et qui peut changer ce résultat : GRI-301 bloquant" in text


def test_a_rating_that_cannot_be_read_is_awaited_where_it_stands(
    dossier: Folder, told: Callable[..., str]
) -> None:
    edit(returned(dossier), rate("E3", "bof"))
    text = said_of(dossier, told)
    assert "Le calcul attend la compétence C2." in text
    assert "La grille de Hélène FABRE (E1), bloc BC1, est revenue sans appréciation lisible." in (
        text
    )
    assert "GRI-201 bloquant" in text


def test_before_the_jury_it_is_a_proposal(petite: Folder, told: Callable[..., str]) -> None:
    text = said_of(petite, told)
    assert "résultats en projet" in text
    assert "Le jury n’a pas encore tout décidé : voici ce que propose le calcul." in text
    assert "Proposition du calcul : aucune décision du jury ne porte encore sur elle." in text


@pytest.mark.parametrize(
    ("nature", "partie", "sentences"),
    [
        (
            "Fraude",
            "BC2",
            [
                "✘ Bloc BC2 : non validé",
                "Annulé pour fraude, Pièce du 2 juin 2023 (session.xlsx, feuille « Incidents »",
            ],
        ),
        (
            "Absence excusée",
            "BC3",
            ["– Bloc BC3 : non présenté", "Absence excusée, bloc BC3, Pièce du 2 juin 2023"],
        ),
    ],
)
def test_what_happened_to_the_candidate_is_said_with_its_proof(
    nature: str,
    partie: str,
    sentences: list[str],
    joue: Callable[..., Folder],
    histoire: dict[str, Any],
    told: Callable[..., str],
) -> None:
    piece = "Pièce du 2 juin 2023"
    histoire["incidents"] = [{"candidat": "C1", "nature": nature, "partie": partie, "piece": piece}]
    text = said_of(joue(histoire), told)
    for sentence in sentences:
        assert text.count(sentence) == 1


NOTES = "{note: {sur: 20, satisfait_a_partir_de: 10}}"
REGLES = """
  competence:
    moyenne: 10
    article: Règlement, article 2
  bloc:
    sur: competences
    moyenne: 10
    poids: {C10: 3}
    minimum: 7
    article: Règlement, article 3
  certification:
    blocs: tous
    prerequis: {libelle: jours d'activité professionnelle, minimum: 90, article: article 1}
    article: Règlement, article 4
"""


def test_marks_weights_floors_and_a_condition_besides_the_blocs(
    joue: Callable[..., Folder], histoire: dict[str, Any], told: Callable[..., str]
) -> None:
    # BC2: C10 to C16. C10 (E13, E14): 12 and 9, 10.5, weighs 3. C11 (four critères): 10 each.
    # C12 (E19): 6.5, under the floor. C13 to C16: 10 each.
    # (3 × 10.5 + 10 + 6.5 + 10 + 10 + 10 + 10) / 9 = 88 / 9: 2/9 under 10.
    histoire["appreciations"] = {
        "defaut": "10",
        "C1": {"E13": ["12", None], "E14": ["9", None], "E19": ["6,5", "Sans séquencement."]},
    }
    histoire["candidats"][0]["prerequis"] = "60"
    said = said_of(joue(histoire, regles=anew(echelle=NOTES, regles=REGLES)), told)
    for sentence in (
        "Règle : une moyenne pondérée des compétences d’au moins 10, aucune sous 7 (Règlement, "
        "article 3).",
        "Calcul : (3 × 10,5 + 1 × 10 + 1 × 6,5 + 1 × 10 + 1 × 10 + 1 × 10 + 1 × 10) / "
        "(3 + 1 + 1 + 1 + 1 + 1 + 1) = 88/9, environ 9,7778 ; sous le seuil de 10 (il manque 2/9, "
        "environ 0,2222).",
        "La compétence C12 est à 6,5, sous le minimum de 7 : quel que soit le reste, le bloc n’est "
        "pas validé.",
        "Calcul : (12 + 9) / 2 = 10,5 ; au-dessus du seuil de 10 (de 0,5).",
        "6,5 sur 20, Hélène FABRE (E1) : « Sans séquencement. » (grille ",
        "✘ Condition préalable : condition non remplie Règle : jours d’activité professionnelle, "
        "au moins 90 (article 1). Calcul : 60.",
        "Calcul : 2 blocs obtenus sur 3 : BC1 et BC3 ; il manque BC2 (non validé).",
    ):
        assert sentence in said


MENTIONS = """
    mentions:
      - {libelle: Assez bien, au_moins: 27, sur: competences}
      - {libelle: Bien, moyenne: 12}
      - {libelle: Très bien, moyenne: 16}
      - {libelle: Très bien avec félicitations, au_moins: 49, sur: criteres, a_partir_de: 15}
"""


def test_each_mention_beside_what_the_candidate_has_of_it(
    joue: Callable[..., Folder], histoire: dict[str, Any], told: Callable[..., str]
) -> None:
    # 14 everywhere but E13 at 16: C10 (E13, E14) is 15, and weighs 3 of 9 in BC2: 43/3.
    # The mean of the blocs: (14 + 43/3 + 14) / 3 = 127/9. One critère out of 49 reaches 15.
    # 28 compétences, less the option that was not presented.
    histoire["appreciations"] = {"defaut": "14", "C1": {"E13": ["16", None]}}
    histoire["candidats"][0]["prerequis"] = "90"
    regles = REGLES.replace("\n    article: Règlement, article 4\n", MENTIONS)
    said = said_of(joue(histoire, regles=anew(echelle=NOTES, regles=regles)), told)
    for sentence in (
        "Mention « Assez bien », obtenue : il faut au moins 27 compétences acquises ; il y en a "
        "27.",
        "Mention « Bien », obtenue : il faut une moyenne des blocs d’au moins 12 ; elle est de "
        "127/9, environ 14,1111.",
        "Mention « Très bien », non obtenue : il faut une moyenne des blocs d’au moins 16 ; elle "
        "est de 127/9, environ 14,1111.",
        "Mention « Très bien avec félicitations », non obtenue : il faut au moins 49 critères à 15 "
        "ou plus ; il y en a 1.",
    ):
        assert sentence in said


def test_the_role_of_each_evaluator_where_the_reglement_reads_it(
    joue: Callable[..., Folder], histoire: dict[str, Any], told: Callable[..., str]
) -> None:
    histoire["evaluateurs"][0]["role"] = "tuteur"
    folder = joue(histoire, regles=anew(evaluateurs="{roles: [tuteur]}"))
    assert "« Acquis », Hélène FABRE (E1), tuteur (grille " in said_of(folder, told, tout=True)


@pytest.mark.parametrize(
    ("rules", "sentences"),
    [
        pytest.param(
            "divergence: jury",
            [
                "Calcul : les évaluateurs divergent, c’est au jury de trancher.",
                "« Acquis », Hélène FABRE (E1)",
                "« Non acquis », Marc KLEIN (E2) : « Rien de réuni. »",
                "Le calcul attend que le jury tranche sur le critère E3.",
            ],
            id="left to the jury",
        ),
        pytest.param(
            "divergence: plus_defavorable",
            ["les évaluateurs divergent, le règlement retient l’avis le plus défavorable"],
            id="the worse opinion",
        ),
        pytest.param(
            "divergence: moyenne",
            ["moyenne des avis (1 + 0) / 2 = 0,5"],
            id="their mean",
        ),
        pytest.param(
            "divergence: moyenne, ecart_max: 0.5",
            ["les évaluateurs divergent de plus de 0,5, c’est au jury de trancher"],
            id="too far apart",
        ),
    ],
)
def test_two_opinions_and_what_is_made_of_them(
    rules: str,
    sentences: list[str],
    joue: Callable[..., Folder],
    histoire: dict[str, Any],
    told: Callable[..., str],
) -> None:
    histoire["evaluateurs"].append(KLEIN)
    histoire["affectations"] = [{"evaluateur": who, "partie": "BC1"} for who in ("E1", "E2")]
    folder = joue(histoire, regles=anew(evaluateurs=f"{{nombre: 2, {rules}}}"))
    second = next(folder.retours.rglob("BC1 rempli par Marc.xlsx"))
    edit(second, rate("E3", "Non acquis", "Rien de réuni."))
    said = said_of(folder, told, bloc="BC1")
    for sentence in sentences:
        assert sentence in said


# --- the command


def jury(*arguments: str | Path) -> tuple[int, str, str]:
    said = CliRunner().invoke(commandes, ["expliquer", *map(str, arguments)])
    if said.exception and not isinstance(said.exception, SystemExit):
        raise said.exception
    return said.exit_code, said.stdout, flat(said.stderr)


@pytest.mark.parametrize(
    "who", ["C002", "c002", "Nguyễn", "nguyen", "hong NGUYEN", "Thị Hồng Nguyễn"]
)
def test_a_candidate_is_known_by_number_or_by_name(
    who: str, examine: Callable[[str], Examen]
) -> None:
    found = find(examine("cqp-rpo").seance, who)
    assert found.resultat.candidat.id == "C002"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["C3"],
            "Erreur : Aucun candidat « C3 » dans cette session. Numéros connus : C1 et C2.",
        ),
        (
            ["Durant"],
            "Erreur : Aucun candidat « Durant » dans cette session (vouliez-vous dire « C1, Léa "
            "DURAND » ?). Numéros connus : C1 et C2.",
        ),
        (
            ["Martin"],
            "Erreur : Aucun candidat « Martin » dans cette session. Numéros connus : C1 et C2.",
        ),
        (
            ["C1", "--bloc", "BC7"],
            "Erreur : Le bloc « BC7 » n’existe pas. Blocs : BC1, BC2 et BC3.",
        ),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_sentence_and_two(
    petite: Folder, arguments: list[str], sentence: str
) -> None:
    code, _, said = jury(petite.root, *arguments)
    assert (code, said) == (2, sentence)


def test_a_name_that_two_bear_asks_for_the_number(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["candidats"][1]["nom_naissance"] = "DURAND"
    code, _, said = jury(joue(histoire, rempli=False).root, "durand")
    assert (code, said) == (
        2,
        "Erreur : « durand » désigne 2 candidats : Léa DURAND (C1) et Hugo DURAND (C2). Donnez le "
        "numéro.",
    )


def test_a_certification_without_blocs_has_none_to_ask_for(
    examine: Callable[[str], Examen],
) -> None:
    root = examine("ascencia-cmc").controle.contexte.folder.root
    code, _, said = jury(root, "C001", "--bloc", "BC1")
    assert code == 2
    assert "n’est pas découpée en blocs : retirez --bloc" in said


def test_a_bloc_alone_for_a_machine(petite: Folder) -> None:
    code, said, _ = jury(petite.root, "C1", "--bloc", "bc2", "--format", "json")
    content = json.loads(said)
    assert code == 0
    jsonschema.validate(content, SCHEMA)
    assert (content["explication"]["id"], content["hors_decision"]) == ("BC2", [])
    assert content["explication"]["valeur"] == "1"


def test_explaining_writes_nothing(petite: Folder) -> None:
    before = contents(petite.root)
    assert jury(petite.root, "C1")[0] == 0
    assert contents(petite.root) == before
