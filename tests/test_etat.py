"""jury etat: where a session stands, never an older state than its files', and what to do next."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import HISTOIRE, NOW, contents, edit, flat, played, rate, returned
from navigateur import PAPER, browse, contrasts, needs_chromium, overflow, requests
from test_cli import ENVIRONMENT, jury
from test_deliberation import decide

from batch import chaine, data, demonstration
from batch.chaine import etat as chaine_etat
from batch.chaine import registre as chaine_registre
from batch.chaine.archive import seal
from batch.cli import tableau
from batch.cli.etat import look, publish
from batch.courriels.modele import Genre
from batch.courriels.registre import Fait, Ligne, Registre
from batch.etat import dits, photo, suites
from batch.etat.echange import as_json
from batch.etat.modele import Suivi
from batch.etat.suivi import next_step
from batch.folder import Folder
from batch.registre import declarations
from batch.registre.base import register, transaction
from batch.vocabulaire import EtatGrille

Joue = Callable[..., Folder]


@pytest.fixture
def emise(joue: Joue, histoire: dict[str, Any]) -> Folder:
    """Grids made, nothing sent, nothing returned."""
    return joue(histoire, rempli=False)


@pytest.fixture(scope="module")
def modele(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = played(tmp_path_factory.mktemp("etat") / "session")
    chaine.treat(folder, NOW)
    return folder.root


@pytest.fixture
def traitee(modele: Path, tmp_path: Path) -> Folder:
    """The small session once treated: everything acquired, the jury has not decided."""
    return Folder(Path(shutil.copytree(modele, tmp_path / "traitee")))


def mailed(folder: Folder, genre: Genre, personne: str, fait: Fait, quand: datetime) -> None:
    Registre(folder.envois).note(Ligne(quand, fait, genre, personne, f"{genre}-{personne}"))


def spoil(folder: Folder, partie: str = "BC1") -> None:
    """Somebody types what is no level."""
    edit(returned(folder, partie), rate("E1", "bof"))


def empty(folder: Folder, partie: str = "BC2") -> None:
    """Somebody returns his grid as he received it."""
    sent = next(path for path in folder.grilles.glob("*.xlsx") if partie in path.name)
    shutil.copyfile(sent, returned(folder, partie))


def state(suivi: Suivi, partie: str, candidat: str = "C1") -> EtatGrille:
    (ligne,) = (one for one in suivi.lignes if one.grille.partie == partie)
    return ligne.etats[candidat]


def test_each_sheet_stands_in_one_state_from_the_day_it_is_made(
    emise: Folder, histoire: dict[str, Any]
) -> None:
    assert state(look(emise, NOW), "BC1") is EtatGrille.NON_ENVOYEE
    mailed(emise, Genre.GRILLES, "E1", Fait.ENVOYE, NOW - timedelta(days=3))
    assert state(look(emise, NOW), "BC1") is EtatGrille.ENVOYEE
    demonstration.fill(emise, histoire)
    spoil(emise)
    empty(emise)
    suivi = look(emise, NOW)
    assert state(suivi, "BC1") is EtatGrille.A_CORRIGER
    assert state(suivi, "BC1", "C2") is EtatGrille.COMPLETE
    assert state(suivi, "BC2") is EtatGrille.RECUE
    assert state(suivi, "BC3") is EtatGrille.COMPLETE


def test_ages_and_reminders_are_told(emise: Folder) -> None:
    mailed(emise, Genre.GRILLES, "E1", Fait.ENVOYE, NOW - timedelta(days=9))
    mailed(emise, Genre.RELANCES, "E1", Fait.BROUILLON, NOW - timedelta(days=1))
    ligne = look(emise, NOW).lignes[0]
    said = flat(dits.sent(ligne, NOW.date()))
    assert said == "envoyée il y a 9 jours, 1 relance, la dernière hier"
    assert dits.returned(ligne, NOW.date()) == "rien"


def test_a_mail_of_which_nobody_knows_the_end_is_not_a_mail_sent(emise: Folder) -> None:
    mailed(emise, Genre.GRILLES, "E1", Fait.INTENTION, NOW)
    assert state(look(emise, NOW), "BC1") is EtatGrille.NON_ENVOYEE


def test_when_a_grid_was_first_seen_is_remembered(dossier: Folder) -> None:
    look(dossier, NOW)
    later = NOW + timedelta(days=5)
    spoil(dossier)
    suivi = look(dossier, later)
    said = [flat(dits.returned(ligne, later.date())) for ligne in suivi.lignes]
    assert said == [
        "2 sur 2, vue aujourd’hui",
        "2 sur 2, vue il y a 5 jours",
        "2 sur 2, vue il y a 5 jours",
    ]


@pytest.mark.parametrize(
    ("jour", "reste"),
    [
        (datetime(2023, 6, 1), "dans 7 jours"),  # noqa: DTZ001
        (datetime(2023, 6, 7), "demain"),  # noqa: DTZ001
        (datetime(2023, 6, 8), "aujourd’hui"),  # noqa: DTZ001
        (datetime(2023, 6, 9), "hier"),  # noqa: DTZ001
        (datetime(2023, 6, 18), "il y a 10 jours"),  # noqa: DTZ001
    ],
)
def test_the_days_that_count_are_counted_down(traitee: Folder, jour: datetime, reste: str) -> None:
    echeances = look(traitee, jour.astimezone()).echeances
    assert [one.nom for one in echeances[:3]] == [
        "Retour des grilles", "Jury", "Décision de l’instance",
    ]  # fmt: skip
    assert flat(dits.countdown(echeances[0])) == reste
    assert echeances[-1].nom == "Recours des candidats"
    assert dits.countdown(echeances[-1]) == ""


def test_who_waits_for_what_is_folded(traitee: Folder) -> None:
    returned(traitee, "BC3").unlink()
    spoil(traitee)
    suivi = look(traitee, NOW)
    said = [tuple(map(flat, dits.waiting(suivi, one))) for one in suivi.attentes]
    assert said == [
        ("C1", "BC1 d’Hélène FABRE (à corriger) et BC3 d’Hélène FABRE (envoyée)"),
        ("C2", "BC3 d’Hélène FABRE (envoyée)"),
    ]


def test_once_every_grid_is_there_the_jury_is_waited_for(traitee: Folder) -> None:
    suivi = look(traitee, NOW)
    said = [tuple(map(flat, dits.waiting(suivi, one))) for one in suivi.attentes]
    assert said == [("C1 et C2", "les décisions du jury (BC1, BC2 et BC3)")]


# Same size, same date: only the content says that a file is another one.


def _retouch(path: Path) -> None:
    before = path.stat()
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Folder], object]] = {
    "a returned grid": lambda folder: _retouch(returned(folder)),
    "the session": lambda folder: _retouch(folder.session),
    "the règlement": lambda folder: _retouch(folder.reglement),
    "the jury's workbook": lambda folder: _retouch(folder.deliberation),
    "the key": lambda folder: _retouch(folder.root / ".jury" / "cle"),
    "a file more": lambda folder: (folder.retours / "un.txt").write_text("bonjour"),
    "a file less": lambda folder: returned(folder).unlink(),
    "a file renamed": lambda folder: returned(folder).rename(folder.retours / "autre.xlsx"),
    "a warning accepted": lambda folder: folder.acceptations.write_text("{}\n"),
    "a house template": lambda folder: (
        folder.gabarits.mkdir(),
        (folder.gabarits / "lettre.docx").write_bytes(b""),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_file_is_never_told_with_its_old_state(
    traitee: Folder, change: Callable[[Folder], object]
) -> None:
    assert photo.current(traitee) is not None
    change(traitee)
    assert photo.current(traitee) is None


def test_what_the_last_check_kept_is_what_a_new_one_finds(dossier: Folder) -> None:
    def agrees() -> None:
        kept = photo.current(dossier)
        assert kept is not None
        assert kept.faits == chaine_etat.take(dossier, NOW).faits

    spoil(dossier)
    chaine.control(dossier, NOW)
    agrees()
    chaine.treat(dossier, NOW)
    agrees()
    demonstration.deliberate(dossier, HISTOIRE)
    chaine.treat(dossier, NOW)
    agrees()


def test_a_file_that_moves_while_it_is_read_is_read_again(
    dossier: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = chaine_etat.examine

    def while_somebody_saves(*arguments: Any, **options: Any) -> Any:
        found = real(*arguments, **options)
        spoil(dossier)
        return found

    monkeypatch.setattr(chaine_etat, "examine", while_somebody_saves)
    chaine_etat.take(dossier, NOW)
    assert photo.current(dossier) is None


def test_another_version_of_the_program_reads_for_itself(
    traitee: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    chaine_etat.take(traitee, NOW)
    monkeypatch.setattr(photo, "_FORMAT", "jury/etat-interne/1 99.0")
    assert photo.current(traitee) is None


def test_the_next_step_is_told_from_an_empty_session_to_the_letters(
    tmp_path: Path, histoire: dict[str, Any]
) -> None:
    folder = Folder(tmp_path / "s")

    def following(
        start: str, command: str | None, now: datetime = NOW, registre: Path | None = None
    ) -> None:
        ensuite = next_step(look(folder, now, registre))
        assert flat(ensuite.phrase).startswith(start)
        expected = command and f"jury {command.replace('DOSSIER', str(folder.root))}"
        assert ensuite.commande == expected

    said = jury("session", folder.root, "--referentiel", "cqp-rpo")
    assert said.returncode == 0
    following("Complétez la session", "grilles DOSSIER")
    shutil.rmtree(folder.root)
    demonstration.lay_down(folder, histoire)
    following("Faites les grilles (3 grilles à faire)", "grilles DOSSIER")
    chaine.issue_grids(folder, NOW)
    following("Préparez les messages", "courriels preparer DOSSIER")
    assert jury("courriels", "preparer", folder.root).returncode == 0
    following("Envoyez leurs grilles à 1 évaluateur", "courriels envoyer DOSSIER grilles")
    mailed(folder, Genre.GRILLES, "E1", Fait.CONSTATE, NOW)
    early = NOW.replace(year=2023)
    following("Laissez revenir les grilles (6 feuilles", "surveiller DOSSIER", early)
    following("La date limite est passée", "relancer DOSSIER --preparer")
    demonstration.fill(folder, histoire)
    good = returned(folder).read_bytes()
    spoil(folder)
    following("Des grilles sont à corriger, et le dernier contrôle", "controle DOSSIER")
    chaine.control(folder, NOW)
    following("Faites corriger les grilles", "relancer DOSSIER --preparer")
    returned(folder).write_bytes(good)
    following("Toutes les grilles sont là", "traiter DOSSIER")
    chaine.treat(folder, NOW)
    following("Le jury remplit deliberation.xlsx (0 décision sur 6)", "traiter DOSSIER")
    demonstration.deliberate(folder, histoire)
    following("Tout est décidé", "traiter DOSSIER")
    chaine.treat(folder, NOW)
    following("Faites signer le procès-verbal", "courriels preparer DOSSIER resultats")
    for candidat in ("C1", "C2"):
        mailed(folder, Genre.RESULTATS, candidat, Fait.ENVOYE, NOW)
    # Nothing was declared yet, and no register says otherwise.
    assert "2 certifiés" in flat(dits.declaration(look(folder, NOW)))
    known = tmp_path / "registre.sqlite"
    following("Toutes les lettres sont parties : inscrivez la session",
              "registre inscrire DOSSIER --registre FICHIER")  # fmt: skip
    with_register = f"DOSSIER --registre {known}"
    following("Toutes les lettres sont parties", f"registre inscrire {with_register}",
              registre=known)  # fmt: skip
    chaine_registre.inscribe(folder, known, NOW)
    following("Faites du dossier une archive", "archive sceller DOSSIER")
    following("Faites du dossier une archive", "archive sceller DOSSIER", registre=known)
    seal(folder, NOW)
    following("Déclarez 2 certifiés", "exporter cpf DOSSIER --registre FICHIER")
    following("Déclarez 2 certifiés", f"exporter cpf {with_register}", registre=known)
    declared(known, "C1", "C2")
    following("Déposez le fichier", f"exporter cpf-accuse ACCUSÉ.xml --registre {known}",
              registre=known)  # fmt: skip
    answered(known, ok=["C1"], ko=["C2"])
    following("Déclarez 1 certifié à", f"exporter cpf {with_register}", registre=known)
    declared(known, "C2", flux="f2")
    answered(known, ok=["C2"], flux="f2")
    following("Plus rien à faire", None, registre=known)
    spoil(folder)
    following("Les documents définitifs n’ont pas été remplacés",
              'traiter DOSSIER --rectifier --motif "…"')  # fmt: skip


def declared(registre: Path, *who: str, flux: str = "f1") -> None:
    with register(registre, NOW) as base, transaction(base):
        declarations.record(base, flux, "f.xml", [(f"R-{c}", "S1", c, "e") for c in who], NOW)


def answered(
    registre: Path, ok: Sequence[str] = (), ko: Sequence[str] = (), flux: str = "f1"
) -> None:
    with register(registre, NOW) as base, transaction(base):
        rejected = {f"R-{c}": ("inconnu",) for c in ko}
        declarations.answer(base, flux, [f"R-{c}" for c in ok], rejected, NOW)


@pytest.mark.parametrize(
    ("jour", "said"),
    [
        (datetime(2023, 7, 1),  # noqa: DTZ001
         "Il reste 83 jours pour déclarer 2 certifiés (au plus tard le 22 septembre 2023)."),
        (datetime(2023, 9, 21),  # noqa: DTZ001
         "Il reste 1 jour pour déclarer 2 certifiés (au plus tard le 22 septembre 2023)."),
        (datetime(2023, 9, 22),  # noqa: DTZ001
         "Aujourd’hui est le dernier jour pour déclarer 2 certifiés."),
        (datetime(2023, 9, 24),  # noqa: DTZ001
         "Le délai pour déclarer 2 certifiés est passé depuis 2 jours : il finissait le 22 "
         "septembre 2023."),
    ],
)  # fmt: skip
def test_the_three_months_to_declare_are_counted_down(
    decidee: Callable[..., Folder], registre: Path, jour: datetime, said: str
) -> None:
    folder, now = decidee(), jour.astimezone()
    known = look(folder, now, registre)
    assert flat(dits.declaration(known)) == said
    assert known.echeances[-2].nom == "Déclaration des certifiés"
    assert known.echeances[-2].jour == date(2023, 9, 22)
    # Without its register, or with one that cannot be read, the delay still runs.
    unsure = flat(dits.declaration(look(folder, now)))
    assert unsure == f"{said} On ne sait pas si c’est fait : donnez le registre (--registre FICHIER)."  # noqa: E501  # fmt: skip
    registre.write_bytes(b"Ceci n'est pas une base. " * 50)
    broken = look(folder, now, registre)
    assert flat(dits.declaration(broken)).startswith(
        f"{said} On ne sait pas si c’est fait : registre.sqlite n’est pas un registre lisible"
    )
    content = as_json(broken)
    assert list(validator().iter_errors(content)) == []
    assert content["suites"]["declaration"]["a_declarer"] is None


def test_what_is_declared_leaves_the_countdown(
    decidee: Callable[..., Folder], registre: Path
) -> None:
    folder = decidee()

    def told() -> tuple[str, list[int | None]]:
        suivi = look(folder, NOW.replace(year=2023, month=7), registre)
        content = as_json(suivi)
        assert list(validator().iter_errors(content)) == []
        left = content["suites"]["declaration"]
        counts = [left["certifies"], left["a_declarer"], left["accuses_attendus"], left["jours"]]
        return flat(dits.declaration(suivi)), counts

    chaine_registre.inscribe(folder, registre, NOW)
    assert told()[1] == [2, 2, 0, 82]
    declared(registre, "C1", "C2")
    said = "2 déclarations attendent leur accusé (au plus tard le 22 septembre 2023)."
    assert told() == (said, [2, 0, 2, 82])
    answered(registre, ok=["C1"], ko=["C2"])
    said = "Il reste 82 jours pour déclarer 1 certifié (au plus tard le 22 septembre 2023)."
    assert told() == (said, [2, 1, 0, 82])
    declared(registre, "C2", flux="f2")
    answered(registre, ok=["C2"], flux="f2")
    said = "2 certifiés déclarés, et la Caisse des dépôts a tout accepté."
    assert told() == (said, [2, 0, 0, 82])
    names = [one.nom for one in look(folder, NOW, registre).echeances]
    assert "Déclaration des certifiés" not in names
    page = folder.root / "etat.html"
    assert jury("etat", folder.root, "--registre", registre).returncode == 0
    assert said in flat(page.read_text(encoding="utf-8"))
    # The register of another session of the same number says nothing of this one.
    folder.cle.write_text("cd" * 32, encoding="ascii")
    other = suites.look(folder, replace(FAITS, session="S1"), NOW.date(), registre)
    assert (other.inscrite, other.declaration and other.declaration.a_declarer) == (False, 1)


FAITS = chaine_etat.Faits(
    "S1", "CQP", date(2023, 6, 1), date(2023, 6, 15), None, None, "", True, "S1-PV1", False, False,
    False, {"C1": "Léa DURAND"}, (), 0, {}, 0, 0, 0, 0, ("C1",), date(2023, 6, 22),
)  # fmt: skip


def test_nobody_is_to_be_declared_before_the_certification_is_delivered(
    joue: Joue, histoire: dict[str, Any]
) -> None:
    histoire["session"] |= {"date_decision": None}
    folder = joue(histoire)
    chaine.treat(folder, NOW)
    assert look(folder, NOW).suites is None
    demonstration.deliberate(folder, histoire)
    chaine.treat(folder, NOW)
    after = look(folder, NOW).suites
    assert (after and after.declaration, dits.declaration(look(folder, NOW))) == (None, "")


def test_a_rectified_letter_is_to_be_sent_again_and_a_lost_one_is_not(
    decidee: Callable[..., Folder],
) -> None:
    folder = decidee()
    for candidat in ("C1", "C2"):
        mailed(folder, Genre.RESULTATS, candidat, Fait.ENVOYE, NOW + timedelta(days=1))
    later = NOW + timedelta(days=3)
    next(folder.documents.glob("lettres/C1 *.docx")).unlink()
    chaine.treat(folder, later)
    assert look(folder, later).lettres == 2
    edit(folder.deliberation, decide("C1/BC2", decide="Non validé", motif="Erreur de report."))
    chaine.treat(folder, later, motif="Erreur de report.")
    suivi = look(folder, later)
    assert suivi.lettres == 1
    said = flat(next_step(suivi).phrase)
    assert said.startswith("Faites signer le procès-verbal rectificatif, puis envoyez les papiers")
    mailed(folder, Genre.RESULTATS, "C1", Fait.ENVOYE, later)
    assert look(folder, later).lettres == 2


def test_the_same_next_step_ends_the_batch(dossier: Folder) -> None:
    batch = flat(jury("traiter", dossier.root).stdout)
    told = flat(jury("etat", dossier.root).stdout)
    assert batch[batch.index("Ensuite :") :] == told[told.index("Ensuite :") :]


def validator() -> Any:
    schema = json.loads((data.SCHEMAS / "etat.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_machine_reads_what_the_schema_says(traitee: Folder) -> None:
    spoil(traitee)
    mailed(traitee, Genre.GRILLES, "E1", Fait.ENVOYE, NOW)
    said = jury("etat", traitee.root, "--format", "json")
    assert (said.returncode, said.stderr) == (0, "")
    content = json.loads(said.stdout)
    assert list(validator().iter_errors(content)) == []
    assert content["grilles"][0]["fiches"] == {"C1": "a_corriger", "C2": "complete"}
    assert set(content) == set(validator().schema["properties"])


def test_a_session_that_cannot_be_read_yet_is_told_with_its_faults(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "s")
    jury("session", folder.root, "--referentiel", "cqp-rpo")
    said = jury("etat", folder.root)
    assert said.returncode == 0
    text = flat(said.stdout)
    assert "La feuille « Session » de session.xlsx doit être complétée." in text
    assert "SES-004" in text
    content = as_json(look(folder, NOW))
    assert list(validator().iter_errors(content)) == []
    assert content["session"] is None
    page = (folder.root / "etat.html").read_text(encoding="utf-8")
    assert "SES-004" in page


def test_no_heavy_library_is_loaded_when_nothing_has_changed(dossier: Folder) -> None:
    code = (
        "import sys, batch.cli\n"
        f"try: batch.cli.commandes(['etat', {str(dossier.root)!r}])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'pandera', 'openpyxl', 'docxtpl', 'xlsxwriter', 'pydantic', 'yaml',\n"
        "         'lxml', 'jinja2', 'batch.chaine'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    for expected in (False, True):
        said = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env=ENVIRONMENT,
        )  # fmt: skip
        assert (said.stderr.strip() == "[]") is expected


@pytest.mark.parametrize("columns", [60, 80])
def test_it_keeps_to_the_terminal_and_says_everything_without_colour(
    joue: Joue, histoire: dict[str, Any], columns: int
) -> None:
    person = histoire["candidats"][0]
    histoire["candidats"] = [
        {**person, "id": f"C{n:03}", "nom_naissance": f"NOM {n}", "prenoms": f"Prénom {n}"}
        for n in range(1, 31)
    ]
    folder = joue(histoire, rempli=False)
    said = jury("etat", folder.root, COLUMNS=str(columns), FORCE_COLOR="")
    lines = said.stdout.splitlines()
    assert "\x1b" not in said.stdout
    assert all(len(line.rstrip()) <= columns for line in lines if not line.startswith("  jury "))
    assert sum(line.startswith("E1 BC1") for line in lines) == (3 if columns == 80 else 1)


def test_hundreds_of_grids_are_counted_by_part(
    traitee: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tableau, "_LIGNES", 2)
    spoil(traitee)
    tableau.show(look(traitee, NOW))
    lines = capsys.readouterr().out.splitlines()
    head = next(rank for rank, line in enumerate(lines) if line.startswith("Grilles  "))
    assert lines[head].split() == ["Grilles", "À", "corriger", "Complète"]
    rows = [line.split() for line in lines[head + 2 : head + 5]]
    assert rows[0] == ["BC1", "(1)", "1", "1"]
    assert rows[1:] == [["BC2", "(1)", "0", "2"], ["BC3", "(1)", "0", "2"]]
    assert not any("Hélène" in line for line in lines[head:] if "C1" not in line)


def test_it_survives_a_console_that_is_not_unicode(traitee: Folder) -> None:
    said = jury("etat", traitee.root, PYTHONUTF8="0", PYTHONIOENCODING="cp1252")
    assert said.returncode == 0
    assert "+ complète" in flat(said.stdout)
    assert "E1 BC1" in said.stdout
    assert "?" not in said.stdout


def test_a_hostile_name_is_text_on_the_page_and_in_the_terminal(
    joue: Joue, histoire: dict[str, Any]
) -> None:
    histoire["evaluateurs"][0]["nom"] = "<script>[red]FABRE"
    folder = joue(histoire, rempli=False)
    said = jury("etat", folder.root)
    assert "[red]FABRE" in said.stdout
    html = (folder.root / "etat.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;[red]FABRE" in html


def test_the_page_is_made_again_only_when_it_says_something_else(traitee: Folder) -> None:
    page = traitee.root / "etat.html"
    publish(look(traitee, NOW))
    first = page.read_bytes()
    before = page.stat().st_mtime_ns
    publish(look(traitee, NOW))
    assert page.stat().st_mtime_ns == before
    publish(look(traitee, NOW + timedelta(days=1)))
    assert page.read_bytes() != first


@needs_chromium
@pytest.mark.loopback
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_the_page_fits_the_screen_and_asks_for_nothing(
    chrome: Any, traitee: Folder, width: int, scheme: str
) -> None:
    spoil(traitee)
    publish(look(traitee, NOW))
    browse(chrome, traitee.root / "etat.html", width, scheme=scheme)
    assert overflow(chrome) == 0
    assert chrome.get_log("browser") == []
    assert requests(chrome) == ["etat.html"]
    assert contrasts(chrome) == []
    chart = chrome.find_element("css selector", "svg[role=img]")
    assert chart.accessible_name == "Les feuilles des grilles, par état"
    assert "À corriger : 1" in flat(chart.find_element("tag name", "desc").get_attribute("textContent"))  # noqa: E501  # fmt: skip
    for table in chrome.find_elements("tag name", "table"):
        assert table.find_elements("tag name", "caption")


@needs_chromium
@pytest.mark.loopback
def test_the_page_prints_on_a4(chrome: Any, traitee: Folder) -> None:
    publish(look(traitee, NOW))
    page = traitee.root / "etat.html"
    browse(chrome, page, PAPER, media="print")
    assert overflow(chrome) == 0
    browse(chrome, page)
    sheet = chrome.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
    assert len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(sheet["data"]))) == 2


def test_an_etat_changes_nothing_but_its_page(traitee: Folder) -> None:
    before = contents(traitee.root)
    look(traitee, NOW + timedelta(days=2))
    assert contents(traitee.root) == before
