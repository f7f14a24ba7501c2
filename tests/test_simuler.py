"""jury simuler: who flips under other rules, who hangs by a hair, and not a byte changed."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from conftest import KLEIN, anew, edit, flat, rate

from batch import chaine, data, simulation
from batch.anomalies import MauvaisUsage
from batch.chaine import Examen
from batch.cli import commandes
from batch.folder import Folder
from batch.jury import calcul
from batch.reglement import lecture as lecture_reglement
from batch.simulation import demandes
from batch.vocabulaire import Niveau, Presence


def simulate(examen: Examen, *avec: str) -> simulation.Simulation:
    return simulation.simulate(examen, [simulation.demande(texte) for texte in avec])


def flips(simulated: simulation.Simulation) -> dict[str, str]:
    return {
        f"{one.candidat.id}/{one.objet}": f"{one.avant} -> {one.apres}"
        for one in simulated.bascules
    }


# --- who flips


@pytest.mark.parametrize(
    ("avec", "expected"),
    [
        # C009 stands on 7 compétences of 10 in BC3; C010 on 5 of 8 in BC1: 62.5 %.
        pytest.param("bloc.seuil=70%", {}, id="today's threshold: nobody"),
        pytest.param(
            "bloc.seuil=70,01%",
            {"C009/BC3": "valide -> non_valide", "C009/certification": "delivree -> partielle"},
            id="a hundredth of a point over seven tenths",
        ),
        pytest.param(
            "bloc.seuil=62.5%",
            {"C010/BC1": "non_valide -> valide", "C010/certification": "partielle -> delivree"},
            id="exactly five eighths",
        ),
        pytest.param("bloc.seuil=62,51%", {}, id="a hundredth of a point over five eighths"),
    ],
)
def test_who_flips_exactly_at_the_threshold(
    avec: str, expected: dict[str, str], examine: Callable[[str], Examen]
) -> None:
    assert flips(simulate(examine("cqp-rpo"), avec)) == expected


@pytest.mark.parametrize(
    ("certification", "avec", "edit_of_the_text"),
    [
        ("cqp-rpo", "bloc.seuil=55%", ("    proportion: 70 %", "    proportion: 55 %")),
        ("cqp-rpo", "competence.toutes", ("    proportion: 50 %", "    toutes: true")),
        ("openclassrooms-ccm", "bloc.minimum=0,5", ("    minimum: 1", "    minimum: 0.5")),
        (
            "openclassrooms-ccm",
            "arrondi.compare=arrondi",
            ("compare: exact", "compare: arrondi"),
        ),
        (
            "ascencia-cmc",
            "certification.activites.eliminatoires=",
            ("      eliminatoires: [A5, A9]\n", ""),
        ),
        ("ascencia-cmc", "certification.epreuves.seuil=75%", ("80 %", "75 %")),
        ("chef-projet-mc", "critere.seuil=50%", ("    proportion: 60 %", "    proportion: 50 %")),
    ],
)
def test_a_simulated_rule_proposes_what_a_written_one_would(
    certification: str,
    avec: str,
    edit_of_the_text: tuple[str, str],
    examine: Callable[[str], Examen],
    tmp_path: Path,
) -> None:
    examen = examine(certification)
    simulated = simulate(examen, avec)
    contexte = examen.controle.contexte
    text = contexte.folder.reglement.read_text(encoding="utf-8")
    assert edit_of_the_text[0] in text
    written = Folder(tmp_path)
    written.reglement.write_text(text.replace(*edit_of_the_text, 1), encoding="utf-8")
    reglement, faults = lecture_reglement.read(written.reglement, contexte.referentiel)
    assert (faults, reglement) == ([], simulated.reglement)
    after = chaine.propose(replace(contexte, reglement=reglement), examen.controle.evaluations)
    assert list(simulated.apres) == after
    assert simulated.bascules


def test_what_is_said_of_a_flip(examine: Callable[[str], Examen]) -> None:
    said = told(examine("cqp-rpo"), "--avec", "bloc.seuil=55%")
    for sentence in (
        "Pour voir : rien n’est écrit, aucune décision n’est touchée.",
        "bloc.proportion : 70 % → 55 %",
        "Certification délivrée : 3 → 4 *",
        "BC2 : validé 6 → 8 et non validé 2 → 0",
        "3 candidats basculent :",
        "C002 Thị Hồng NGUYỄN, BC2 : Non validé → Validé (57,1 % pour un seuil passé de 70 % à "
        "55 %) Décision du jury, inchangée : « Non validé », contraire à cette proposition.",
        "C010 Manuel GARCIA, certification : validation partielle → délivrée Décision du jury, "
        "inchangée : « Certification délivrée », comme cette proposition.",
    ):
        assert sentence in said


def test_a_flip_that_no_threshold_explains_gives_both_reckonings(
    examine: Callable[[str], Examen],
) -> None:
    said = told(examine("openclassrooms-ccm"), "--avec", "bloc.minimum=0,5")
    assert (
        "C004 Nadia FONTAINE, BC2 : Non validé → Validé (avant : moyenne de 1,7 (seuil : 1,5) ; "
        "épreuve C2.10-C2.11 à 0,8, sous le minimum de 1 ; après : moyenne de 1,7 (seuil : 1,5))"
    ) in said
    said = told(examine("openclassrooms-ccm"), "--avec", "arrondi.compare=arrondi")
    assert "(1,496 compte pour 1,5, pour un seuil de 1,5)" in said


def test_a_rule_of_one_node_starts_from_its_level_s(examine: Callable[[str], Examen]) -> None:
    simulated = simulate(examine("cqp-rpo"), "particulieres.BC2.seuil=57%")
    assert {flip.split("/")[0] for flip in flips(simulated)} == {"C002", "C003"}
    assert {flip.objet for flip in simulated.bascules} == {"BC2", "certification"}
    rule = (simulated.reglement.regles.particulieres or {})["BC2"]
    assert rule.sur == "competences"


# --- what may be asked


@pytest.mark.parametrize(
    ("avec", "change"),
    [
        ("bloc.seuil=60%", ("bloc.proportion", "70 %", "60 %")),
        ("bloc.seuil = 62,5 %", ("bloc.proportion", "70 %", "62,5 %")),
        ("bloc.au_moins=3", ("bloc.au_moins", "proportion 70 %", "3")),
        ("bloc.toutes", ("bloc.toutes", "proportion 70 %", "oui")),
        ("Compétence.moyenne=0,5", ("competence.moyenne", "proportion 50 %", "0,5")),
        ("bloc.somme=4", ("bloc.somme", "proportion 70 %", "4")),
        ("bloc.minimum=0.5", ("bloc.minimum", "rien", "0,5")),
        ("competence.eliminatoires=E1,E2", ("competence.eliminatoires", "rien", "E1 et E2")),
        ("particulieres.C12.toutes", ("particulieres.C12.toutes", "proportion 50 %", "oui")),
        ("certification.moyenne=0,6", ("certification.moyenne", "rien", "0,6")),
        ("arrondi.compare=arrondi", ("arrondi.compare", "exact", "arrondi")),
        ("arrondi.decimales=1", ("arrondi.decimales", "2", "1")),
        ("evaluateurs.divergence=plus_favorable", (
            "evaluateurs.divergence", "jury", "plus_favorable",
        )),
        ("evaluateurs.ecart_max=1", ("evaluateurs.ecart_max", "rien", "1")),
        ("arrondi.pas=0,5", ("arrondi.pas", "rien", "0,5")),
        ("acquis.validite=24 mois", ("acquis.validite", "illimitee", "24 mois")),
        ("acquis.competences=5 ans", ("acquis.competences", "rien", "5")),
        ("acces.BC2=BC1", ("acces.BC2", "rien", "après BC1")),
        ("acces.BC2=", ("acces.BC2", "rien", "rien")),
        ("options.contre=C8", ("options.contre", "rien", "C8")),
        ("bloc.minimums.C10=0,5", ("bloc.minimums.C10", "rien", "0,5")),
        ("particulieres.BC2.minimums.C10=1", ("particulieres.BC2.minimums.C10", "rien", "1")),
    ],
)  # fmt: skip
def test_what_may_be_changed(
    avec: str, change: tuple[str, str, str], examine: Callable[[str], Examen]
) -> None:
    (made,) = simulate(examine("cqp-rpo"), avec).changements
    assert (made.cle, flat(made.avant), flat(made.apres)) == change


def ask(examen: Examen, avec: str) -> None:
    if simulation.plage(simulation.demande(avec)) is None:
        simulate(examen, avec)


@pytest.mark.parametrize(
    ("avec", "sentence"),
    [
        (
            "blok.seuil=50%",
            "« blok.seuil » n’est pas une rubrique que l’on peut changer (vouliez-vous dire "
            "« bloc.seuil » ?). « jury simuler --help » les donne toutes.",
        ),
        ("evaluateurs.nombre=2", "« evaluateurs.nombre » n’est pas une rubrique"),
        (
            "bloc.seuil=60",
            "« bloc.seuil=60 » : la règle y est « proportion », la valeur attendue est un "
            "pourcentage, par exemple 60%.",
        ),
        (
            "bloc.seuil",
            "« bloc.seuil= » : la règle y est « proportion », la valeur attendue est un",
        ),
        (
            "bloc.moyenne=60%",
            "« bloc.moyenne=60% » : la valeur attendue est un nombre, par exemple 1,5.",
        ),
        (
            "acquis.validite=longtemps",
            "« acquis.validite=longtemps » : la valeur attendue est une durée, par exemple 5 ans, "
            "24 mois ou illimitee.",
        ),
        (
            "acces.BC9=BC1",
            "« regles.acces.BC9 » cite « BC9 », qui n’existe pas dans le référentiel",
        ),
        ("options.contre=C1", "« options.contre » cite « C1 », qui n’existe pas"),
        (
            "bloc.seuil=-5%",
            "« bloc.seuil=-5% » : la règle y est « proportion », la valeur attendue",
        ),
        ("bloc.au_moins=1,5", "« bloc.au_moins=1,5 » : la valeur attendue est un nombre entier."),
        ("bloc.toutes=non", "« bloc.toutes=non » : écrivez bloc.toutes, sans valeur."),
        (
            "epreuve.seuil=10",
            "« epreuve.seuil » : le règlement n’a pas de règle à cet endroit. Donnez la condition, "
            "par exemple epreuve.proportion=60%.",
        ),
        (
            "bloc.moyenne=9",
            "« bloc.moyenne=9 » : La règle « regles.bloc » ne peut pas s’appliquer : elle demande "
            "9, l’échelle va jusqu’à 1.",
        ),
        (
            "bloc.seuil=110%",
            "« bloc.seuil=110% » : La règle « regles.bloc » ne peut pas s’appliquer : elle demande "
            "plus de 100 %.",
        ),
        (
            "particulieres.BC9.seuil=60%",
            "« particulieres.BC9.seuil » : le règlement n’a pas de règle à cet endroit.",
        ),
        (
            "competence.eliminatoires=E1,E500",
            "« regles.competence.eliminatoires » cite « E500 », qui n’existe pas dans le "
            "référentiel",
        ),
        (
            "arrondi.compare=parfois",
            "« arrondi.compare » vaut « parfois » : les valeurs admises sont exact et arrondi.",
        ),
        ("bloc.seuil=70%..50%", "une plage va de la plus petite valeur à la plus grande"),
        ("bloc.seuil=50%..70%/0", "une plage va de la plus petite valeur à la plus grande"),
        ("bloc.seuil=50%..beaucoup", "n’est pas une plage. Écrivez par exemple 50%..70%,"),
    ],
)
def test_what_may_not_is_one_sentence_and_two(
    avec: str, sentence: str, examine: Callable[[str], Examen]
) -> None:
    with pytest.raises(MauvaisUsage) as stop:
        ask(examine("cqp-rpo"), avec)
    assert sentence in flat(str(stop.value))


@pytest.mark.parametrize(
    "avec",
    [("bloc.seuil=50%", "bloc.seuil=60%"), ("bloc.seuil=50%..60%", "bloc.au_moins=3")],
    ids=["the same rubric", "the same rule"],
)
def test_one_rule_is_changed_once(avec: tuple[str, str], examine: Callable[[str], Examen]) -> None:
    with pytest.raises(MauvaisUsage) as stop:
        told(examine("cqp-rpo"), "--avec", avec[0], "--avec", avec[1])
    assert flat(str(stop.value)) == (
        f"« {avec[0]} » et « {avec[1]} » changent la même règle : gardez une seule valeur, ou "
        f"essayez-en plusieurs avec une plage, par exemple bloc.seuil=50%..70%."
    )


def test_the_help_gives_every_key() -> None:
    code, said, _ = jury("--help")
    keys = set(re.findall(r"\b[a-z]+\.[\w.]+", said.partition("Options:")[0])) - {"reglement.yaml"}
    assert code == 0
    assert {*demandes._AILLEURS, "acces.BC2", "bloc.poids.C1"} <= keys
    for key in keys:
        simulation.demande(f"{key}=1")


# --- what the new rules change


def test_a_door_that_would_not_have_opened(examine: Callable[[str], Examen]) -> None:
    """C010 is refused BC1 by the calculation: BC2 and BC3 would have stayed closed to him."""
    flipped = flips(simulate(examine("cqp-rpo"), "acces.BC2=BC1"))
    assert flipped["C010/BC2"] == "valide -> non_presente"
    assert "C009/BC2" not in flipped


def test_an_acquis_that_would_have_expired(examine: Callable[[str], Examen]) -> None:
    """What was held and so not rated would await its evaluation."""
    simulated = simulate(examine("cqp-rpo"), "acquis.validite=1 an")
    assert {flip.apres.value for flip in simulated.bascules if flip.objet.startswith("BC")} == {
        "incomplet"
    }


def test_an_option_that_would_harm(examine: Callable[[str], Examen]) -> None:
    """C004 takes C8 and fails it: 6 of 8 without, 6 of 9 with it, under 70 %."""
    flipped = flips(simulate(examine("cqp-rpo"), "options.contre=C8"))
    assert flipped["C004/BC1"] == "valide -> non_valide"


# --- a range


@pytest.mark.parametrize(
    ("texte", "values"),
    [
        ("bloc.seuil=50%..70%", ["50%", "55%", "60%", "65%", "70%"]),
        ("bloc.seuil=50%..70%/10", ["50%", "60%", "70%"]),
        ("bloc.seuil=50%..66%/10%", ["50%", "60%"]),
        ("bloc.moyenne=0..1/0,25", ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        ("bloc.au_moins=3..5", ["3", "4", "5"]),
    ],
)
def test_the_values_of_a_range(texte: str, values: list[str]) -> None:
    found = simulation.plage(simulation.demande(texte))
    assert found is not None
    assert [one.texte for one in found.demandes] == values


def test_a_range_is_told_a_line_a_value(examine: Callable[[str], Examen]) -> None:
    text = told(examine("cqp-rpo"), "--avec", "bloc.seuil=60%..75%", keep_lines=True)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert [*lines[2:-2], " ".join(lines[-2:])] == [
        "bloc.proportion, aujourd’hui 70 % :",
        "délivrée validation partielle basculent",
        "60 % 4 1 C010",
        "65 % 3 2 personne",
        "70 % 3 2 personne",
        "75 % 2 3 C009",
        "Partout : blocs visés validés 1, non délivrée 1, en attente 2, absent 1, excusé 1.",
    ]


# --- by a hair


def test_what_hangs_on_one_line_is_what_changing_that_line_does(
    examine: Callable[[str], Examen],
) -> None:
    """The quick way judges again what stands above a line; the slow one, everything."""
    examen = examine("cqp-rpo")
    contexte, reglement = examen.controle.contexte, examen.seance.reglement
    resultats = [dossier.resultat for dossier in examen.seance.dossiers]
    quick = {
        (one.candidat.id, one.objet, one.devient.value, pas.ligne)
        for one in simulation.hairs(examen, reglement, resultats)
        if one.tient == "critere"
        for pas in one.pas
    }
    slow = set()
    for resultat in resultats:
        if resultat.presence is not Presence.PRESENT:
            continue
        own = examen.controle.evaluations.appreciations[resultat.candidat.id]
        for one in own:
            other = {"A": "NA", "NA": "A"}.get(one.niveau or "")
            if other is None:
                continue
            changed = calcul.propose(
                contexte.referentiel,
                reglement,
                resultat.candidat,
                [replace(a, niveau=other) if a is one else a for a in own],
                examen.controle.evaluations.absences.get(resultat.candidat.id, ()),
                contexte.session.acquis,
                contexte.session.date_jury,
            )
            for code, bloc in changed.blocs.items():
                if bloc is not resultat.blocs[code]:
                    slow.add((resultat.candidat.id, code, bloc.value, one.ligne))
    assert quick == slow
    assert ("C009", "BC3", "non_valide", "E45") in quick


def test_what_hangs_by_a_hair_is_told_with_what_it_would_take(
    examine: Callable[[str], Examen],
) -> None:
    said = told(examine("cqp-rpo"))
    for sentence in (
        "À un cheveu, avec le règlement de la session :",
        "C009 Élodie SCHMITT, BC3 : validé 7 compétences acquises sur 10, soit 70 % (seuil : "
        "70 %). Deviendrait « Non validé », et la certification « Validation partielle », si une "
        "seule de ces lignes changeait : « Acquis » → « Non acquis » : E45 ou E48",
        "C010 Manuel GARCIA, BC1 : non validé 5 compétences acquises sur 8",
        "« Non acquis » → « Acquis » : E1, E2, E5, E6 ou E12 Le jury a décidé « Validé ».",
    ):
        assert sentence in said


def test_a_result_that_hangs_on_rounding(examine: Callable[[str], Examen]) -> None:
    said = told(examine("openclassrooms-ccm"))
    # 359/240 is 1.496: « 1,50 » once rounded.
    assert (
        "C002 Björn STEFÁNSSON, BC3 : non validé Moyenne de 1,496 (seuil : 1,5). Deviendrait "
        "« Validé » en arrondissant au plus proche, à 2 décimales, avant de comparer."
    ) in said


def test_a_result_that_hangs_on_one_of_two_evaluators(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["evaluateurs"].append(KLEIN)
    histoire["affectations"] = [{"evaluateur": who} for who in ("E1", "E2")]
    rules = anew(evaluateurs="{nombre: 2, divergence: plus_defavorable}")
    folder = joue(histoire, regles=rules)
    second = next(folder.retours.rglob("BC2 rempli par Marc.xlsx"))
    # C11, C12 and C14 of BC2: 4 compétences of 7.
    edit(second, rate("E16 E17 E18 E19 E21", "Non acquis", "Absent du dossier."))
    examen = chaine.examine(folder)
    said = told(examen)
    assert (
        "C1 Léa DURAND, BC2 : non validé 4 compétences acquises sur 7, soit 57,1 % (seuil : 70 %). "
        "Deviendrait « Validé » sans l’avis de Marc KLEIN (E2)."
    ) in said
    assert "sans l’avis de Hélène FABRE" not in said
    (flip, _) = simulate(examen, "evaluateurs.divergence=jury").bascules
    assert (flip.objet, flip.apres) == ("BC2", "a_arbitrer")
    assert flips(simulate(examen, "evaluateurs.divergence=plus_favorable"))["C1/BC2"] == (
        "non_valide -> valide"
    )


def test_an_option_that_was_set_aside_may_count_again(examine: Callable[[str], Examen]) -> None:
    # C004 takes C8, failed and set aside: 6 of 8 without. With it, BC1 would need 7 of 9.
    examen = examine("cqp-rpo")
    resultats = [dossier.resultat for dossier in examen.seance.dossiers]
    (hair,) = [
        one
        for one in simulation.hairs(examen, examen.seance.reglement, resultats)
        if one.candidat.id == "C004" and one.objet == "BC1"
    ]
    assert [pas.ligne for pas in hair.pas] == ["E4", "E9", "E12"]
    assert resultats[3].constats[Niveau.BLOC]["BC1"].options_ecartees == ("C8",)


# --- the command


def told(examen: Examen, *arguments: str, keep_lines: bool = False) -> str:
    """The command on this session's folder; what stops it is raised, to be read."""
    code, said, wrong = jury(examen.controle.contexte.folder.root, *arguments)
    if code == 2:
        raise MauvaisUsage(wrong.removeprefix("Erreur : "))
    assert (code, wrong) == (0, "")
    return said if keep_lines else flat(said)


def jury(*arguments: str | Path) -> tuple[int, str, str]:
    said = CliRunner().invoke(commandes, ["simuler", *map(str, arguments)], env={"COLUMNS": "80"})
    if said.exception and not isinstance(said.exception, SystemExit):
        raise said.exception
    return said.exit_code, said.stdout, flat(said.stderr)


def test_two_ranges_at_once_are_refused(examine: Callable[[str], Examen]) -> None:
    with pytest.raises(MauvaisUsage, match="Une seule plage de valeurs à la fois"):
        told(
            examine("cqp-rpo"),
            *("--avec", "bloc.seuil=50%..60%", "--avec", "competence.seuil=50%..60%"),
        )


def test_simulating_writes_nothing(tmp_path: Path) -> None:
    root = tmp_path / "session"
    shutil.copytree(data.SAMPLES / "cqp-rpo", root)
    (root / "journal.jsonl").write_text("{}\n", encoding="utf-8")
    before = photograph(root)
    for avec in ("bloc.seuil=55%", "bloc.seuil=50%..60%", "bloc.moyenne=12"):
        assert jury(root, "--avec", avec)[0] in (0, 2)
    assert photograph(root) == before


def photograph(root: Path) -> dict[Path, tuple[int, bytes]]:
    paths = (path for path in root.rglob("*") if path.is_file())
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in paths}


def test_a_machine_may_read_it(examine: Callable[[str], Examen]) -> None:
    root = examine("cqp-rpo").controle.contexte.folder.root
    code, said, _ = jury(root, "--avec", "bloc.seuil=55%", "--format", "json")
    content = json.loads(said)
    assert (code, content["format"]) == (0, "jury/simulation/1")
    assert [change["cle"] for change in content["changements"]] == ["bloc.proportion"]
    assert content["comptes"]["avant"]["delivree"] == 3
    assert content["comptes"]["apres"]["delivree"] == 4
    flip = next(one for one in content["basculent"] if one["candidat"] == "C010")
    assert (flip["objet"], flip["decide"], flip["contredit"]) == ("BC1", "valide", False)
    hair = next(one for one in content["a_un_cheveu"] if one["candidat"] == "C010")
    assert {pas["id"] for pas in hair["lignes"]} == {"E3", "E4", "E9", "E10"}

    _, said, _ = jury(root, "--avec", "bloc.seuil=50%..60%/10", "--format", "json")
    values = json.loads(said)["plage"]["valeurs"]
    assert [one["valeur"] for one in values] == ["50%", "60%"]
    assert values[0]["comptes"]["delivree"] == 5
