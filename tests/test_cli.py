"""What is seen in the terminal: French, exit codes, and how little is loaded to say so."""

import importlib
import json
import os
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from conftest import edit, flat, rate, returned

from batch.cli import COMMANDES
from batch.folder import Folder
from batch.francais import typographie

ENVIRONMENT = {**os.environ, "LANG": "en_US.UTF-8", "PYTHONUTF8": "1", "COLUMNS": "80"}


def jury(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "batch", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
        env={**ENVIRONMENT, **environment},
        check=False,
    )


def test_help_is_in_french_and_lists_the_commands_in_order() -> None:
    said = jury("--help")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.startswith("Usage : jury")
    assert "Affiche cette aide." in said.stdout
    words = [
        "demo",
        "referentiel",
        "session",
        "grilles",
        "controle",
        "traiter",
        "expliquer",
        "simuler",
    ]
    places = [said.stdout.index(f"\n  {word} ") for word in words]
    assert places == sorted(places)
    for english in ("Show", "Commands", "Usage:", "Error"):
        assert english not in said.stdout


@pytest.mark.parametrize("nom", COMMANDES)
def test_the_list_of_commands_says_what_each_says_of_itself(nom: str) -> None:
    module, listed = COMMANDES[nom]
    command = getattr(importlib.import_module(module), nom)
    first = " ".join(command.help.partition("\n\n")[0].split())
    assert typographie(first) == typographie(listed)


def loaded(*arguments: str, **environment: str) -> tuple[str, set[str], set[str]]:
    """What the command says, the modules of ours that it loads, and the libraries of others."""
    code = (
        "import sys, batch.cli\n"
        "try: batch.cli.main()\n"
        "except SystemExit: pass\n"
        "print('\\n'.join(m for m in sys.modules if sys.modules[m]), file=sys.stderr)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, check=True, env={**ENVIRONMENT, **environment},
    )  # fmt: skip
    modules = set(said.stderr.split())
    return (
        said.stdout,
        {one for one in modules if one.partition(".")[0] == "batch"},
        {one.partition(".")[0] for one in modules} & INSTALLED,
    )


# Whatever a distribution brings: `click`, `pandas`, and not what the interpreter loads by itself.
INSTALLED = set(packages_distributions()) - {"batch", "_distutils_hack", "sitecustomize"}
AT_ONCE = {"batch", "batch.cli", "batch.cli.console", "batch.demarrage"}
# What a command needs to say which options it takes: not what it works with.
DECLARED = AT_ONCE | {"batch.cli.parole", "batch.empechement", "batch.folder", "batch.francais"}


def complete(*words: str) -> tuple[str, set[str], set[str]]:
    return loaded(
        _JURY_COMPLETE="zsh_complete",
        COMP_WORDS=" ".join(("jury", *words)),
        COMP_CWORD=str(len(words)),
    )


def test_the_help_loads_nothing_but_click() -> None:
    said, ours, others = loaded("--help")
    assert "jury demo" in said
    assert (ours, others) == (AT_ONCE, {"click"})


def test_the_names_of_the_commands_are_completed_without_loading_any() -> None:
    said, ours, others = complete("e")
    assert said.split("\n")[1::3] == ["etat", "exporter", "expliquer"]
    assert COMMANDES["etat"][1] in said
    assert (ours, others) == (AT_ONCE, {"click"})


def test_the_options_of_a_command_are_completed_by_its_own_module() -> None:
    said, ours, others = complete("etat", "--f")
    assert "--format" in said
    assert (ours, others) == (DECLARED | {"batch.cli.etat"}, {"click"})


@pytest.mark.parametrize("nom", COMMANDES)
def test_no_command_loads_what_it_works_with_before_it_runs(nom: str) -> None:
    said, ours, others = complete(nom, "--h")
    assert "--help" in said
    assert {one for one in ours if not one.startswith("batch.cli.")} <= DECLARED
    assert others == {"click"}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["trater"], 2, "Erreur : La commande « trater » n’existe pas."),
        (["session", "x"], 2, "Erreur : Il manque l’option '--referentiel'"),
        (
            ["session", "x", "--referentiel", "cqp-rop"],
            2,
            "Erreur : Le référentiel « cqp-rop » est inconnu (vouliez-vous dire « cqp-rpo » ?). "
            "Connus : ascencia-cmc, chef-projet-mc, cqp-rpo et openclassrooms-ccm.",
        ),
        (
            ["traiter", "nulle-part"],
            2,
            "Erreur : Le dossier nulle-part n’existe pas. Créez une session avec « jury session ».",
        ),
        (
            ["demo", "--certification", "bts"],
            2,
            "Erreur : Il n’y a pas de session d’exemple pour « bts ».",
        ),
        (
            ["referentiel", "verifier", "nulle-part.yaml"],
            2,
            "Erreur : Le fichier nulle-part.yaml n’existe pas.",
        ),
    ],
)
def test_wrong_usage_is_one_french_sentence(arguments: list[str], code: int, sentence: str) -> None:
    said = jury(*arguments)
    assert said.returncode == code
    assert sentence in flat(said.stderr)
    assert "Traceback" not in said.stderr


def test_the_referentiel_is_printed_as_the_contract_says() -> None:
    said = jury("referentiel", "montrer", "cqp-rpo", "--format", "json")
    content = json.loads(said.stdout)
    assert content["format"] == "jury/referentiel/1"
    assert list(content) == [
        "format", "id", "intitule", "certificateur", "niveau", "rncp", "enregistrement",
        "regles_citees", "blocs", "activites", "competences", "epreuves", "criteres",
    ]  # fmt: skip
    assert content["enregistrement"] == {"du": "2019-01-04", "au": "2024-01-04"}
    assert content["competences"][7]["option"] is True
    assert content["criteres"][0]["competences"] == ["C1"]


def test_a_faulty_referentiel_is_told_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text("id: x\nintitule: [1]\nblocs: []\nblocs: []\n", encoding="utf-8")
    said = jury("referentiel", "verifier", path)
    assert said.returncode == 1
    assert "YML-002 bloquant r.yaml, ligne 4" in flat(said.stdout)
    assert "YML-005 bloquant r.yaml, ligne 2" in flat(said.stdout)


def test_a_clean_batch_ends_with_zero_and_the_next_step(dossier: Folder) -> None:
    said = jury("traiter", dossier.root)
    assert (said.returncode, said.stderr) == (0, "")
    text = flat(said.stdout)
    assert "3 fichiers (3 acceptés)" in text
    assert "✔ Certification délivrée : 2" in text
    assert "Ensuite : Le jury remplit deliberation.xlsx" in text


def test_faulty_data_end_with_one_and_everything_possible_is_done(dossier: Folder) -> None:
    edit(returned(dossier), rate("E1", "bof"))
    said = jury("traiter", dossier.root)
    assert said.returncode == 1
    assert "GRI-201" in said.stdout
    assert "« bof » n’est pas une appréciation" in flat(said.stdout)
    assert (dossier.documents / "proces-verbal.docx").is_file()
    # A command to be copied stays on its line, however long the folder's path.
    told = [line for line in said.stdout.splitlines() if not line.startswith("  jury ")]
    assert max(map(len, told)) <= 100


def test_machines_may_read_the_control(dossier: Folder) -> None:
    said = jury("controle", dossier.root, "--format", "json")
    content = json.loads(said.stdout)
    assert content["lignes"] == {"accepté": 96}
    assert content["anomalies"] == []


def test_messages_survive_a_console_that_is_not_unicode(dossier: Folder) -> None:
    said = jury("traiter", dossier.root, PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    assert said.returncode == 0
    assert "+ Certification délivrée" in flat(said.stdout)
    assert "?" not in said.stdout


def test_a_locked_file_is_a_sentence_not_a_traceback(dossier: Folder) -> None:
    if os.geteuid() == 0:
        # Root writes anywhere: put a folder where the file must go instead.
        dossier.resultats.mkdir()
        said = jury("traiter", dossier.root)
    else:
        dossier.controle.mkdir(exist_ok=True)
        dossier.controle.chmod(0o500)
        said = jury("traiter", dossier.root)
        dossier.controle.chmod(0o700)
    assert said.returncode == 3
    assert "ne peut pas être écrit" in flat(said.stderr)
    assert "Traceback" not in said.stderr


def test_the_french_of_click_is_compiled_from_its_source() -> None:
    import gettext

    import polib

    import batch.cli

    folder = Path(batch.cli.__file__).parent / "locale" / "fr" / "LC_MESSAGES"
    source = polib.pofile(str(folder / "messages.po"))
    with (folder / "messages.mo").open("rb") as stream:
        compiled = gettext.GNUTranslations(stream)
    for entry in source:
        if entry.msgid_plural:
            for number, rank in ((1, 0), (2, 1)):
                said = compiled.ngettext(entry.msgid, entry.msgid_plural, number)
                assert said == entry.msgstr_plural[rank]
        else:
            assert compiled.gettext(entry.msgid) == entry.msgstr
