"""jury courriels and jury relancer, as they are typed: what is shown, asked, sent, remembered."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import KLEIN, NOW, edit, flat, in_two, played, rate, returned, sentences
from poste import MOT_DE_PASSE, UTILISATEUR, Autorite, Boite, Montre, compte, ouvert
from test_courriels import opened, text_of

from batch import chaine
from batch.anomalies import Empechement, MauvaisUsage
from batch.chaine import courriels, relances
from batch.classeurs.grille import forme as f
from batch.cli.courriels import courriels as commande
from batch.cli.relancer import relancer
from batch.courriels import reglages
from batch.courriels.fournisseurs import FOURNISSEURS
from batch.courriels.modele import Genre
from batch.courriels.registre import Fait, Registre, Sort
from batch.folder import Folder

AUTRE = FOURNISSEURS["autre"]


pytestmark = pytest.mark.loopback


@pytest.fixture
def bureau(autorite: Autorite, monkeypatch: pytest.MonkeyPatch) -> Iterator[Boite]:
    """A mail server, and an environment that says where it is."""
    own = Boite()
    with ouvert(own, autorite.contexte) as port:
        for name, value in {
            "SSL_CERT_FILE": str(autorite.certificat),
            "JURY_SMTP_SERVEUR": "localhost",
            "JURY_SMTP_PORT": str(port),
            "JURY_SMTP_UTILISATEUR": UTILISATEUR,
            "JURY_SMTP_MOT_DE_PASSE": MOT_DE_PASSE,
        }.items():
            monkeypatch.setenv(name, value)
        yield own


@pytest.fixture(scope="session")
def emises(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two évaluateurs, whose grids went out and have not come back: made once."""
    return played(tmp_path_factory.mktemp("emises") / "session", in_two(KLEIN), rempli=False).root


@pytest.fixture
def prete(emises: Path, tmp_path: Path) -> Folder:
    root = tmp_path / "session"
    shutil.copytree(emises, root)
    return Folder(root)


def typed(*words: str | Path, entree: str = "") -> Result:
    done = CliRunner().invoke(commande, [str(word) for word in words], input=entree)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def prepare(folder: Folder, **options: Any) -> courriels.Preparation:
    return courriels.prepare(folder, options.pop("genre", Genre.GRILLES), NOW, **options)


# --- sending, from the command line ----------------------------------------------------------


def test_dry_unless_asked_twice(prete: Folder, bureau: Boite) -> None:
    assert typed("preparer", prete.root).exit_code == 0
    dry = typed("envoyer", prete.root)
    assert flat(dry.output).startswith(
        "2 messages seraient envoyés : Hélène FABRE (E1), helene@exemple.fr « Vos grilles "
        "d’évaluation, jury du 15 juin 2023 » ; grille E1 BC1 FABRE.xlsx, grille E1 BC2 FABRE.xlsx"
    )
    assert "Rien n’a été envoyé." in flat(dry.output)
    refused = typed("envoyer", prete.root, "--envoyer", entree="oui\n")
    assert refused.exit_code == 3
    assert "Vous avez tapé « oui » et non 2 : rien n’a été envoyé." in flat(refused.output)
    assert bureau.recus == []
    done = typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert (done.exit_code, len(bureau.recus)) == (0, 2)
    assert "2 messages envoyés." in flat(done.output)
    assert MOT_DE_PASSE not in done.output
    again = typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert (again.exit_code, len(bureau.recus)) == (0, 2)
    assert flat(again.output) == "2 messages déjà envoyés. Ne serait envoyé aucun message."
    # No draft is left that somebody could send by hand, and none is made again.
    assert not list(prete.courriels.rglob("*.eml"))
    assert "Déjà envoyé, ou peut-être : 2 messages." in flat(typed("preparer", prete.root).output)


def test_one_first_then_the_others(prete: Folder, bureau: Boite) -> None:
    typed("preparer", prete.root)
    typed("envoyer", prete.root, "--envoyer", "--limite", "1", entree="1\n")
    assert [to for _, to, _ in bureau.recus] == ["helene@exemple.fr"]
    typed("envoyer", prete.root, "--envoyer", entree="1\n")
    assert [to for _, to, _ in bureau.recus] == ["helene@exemple.fr", "marc@exemple.fr"]


def test_a_rehearsal_reaches_whoever_rehearses_and_counts_for_nothing(
    prete: Folder, bureau: Boite
) -> None:
    typed("preparer", prete.root)
    options = ("--envoyer", "--tout-a", "moi@exemple.fr")
    done = typed("envoyer", prete.root, *options, entree="2\n")
    assert "en répétition : personne d’autre n’a rien reçu." in flat(done.output)
    assert {to for _, to, _ in bureau.recus} == {"moi@exemple.fr"}
    (prete.root / "recu.eml").write_bytes(bureau.recus[0][2])
    received = opened(prete.root / "recu.eml")
    assert received["Subject"].startswith("[Répétition : Hélène FABRE, helene@exemple.fr] Vos ")
    assert "moi@exemple.fr" in str(received["To"])
    assert len(Registre(prete.repetitions).lignes) == 4
    assert {ligne.fait for ligne in Registre(prete.envois).lignes} == {Fait.BROUILLON}
    typed("envoyer", prete.root, *options, entree="2\n")  # as often as one likes
    typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert [to for _, to, _ in bureau.recus[4:]] == ["helene@exemple.fr", "marc@exemple.fr"]


def test_a_doubt_is_told_and_sent_again_only_when_asked_with_a_reason(
    prete: Folder, bureau: Boite
) -> None:
    typed("preparer", prete.root)
    bureau.coupe_au_point = {1}
    cut = typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert cut.exit_code == 1
    assert "1 message envoyé, 1 incertain." in flat(cut.output)
    assert "COU-015 bloquant courriels/envois.jsonl" in flat(cut.output)
    again = typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert (again.exit_code, len(bureau.recus)) == (1, 2)
    assert "On ne sait pas si le message de Hélène FABRE (E1) est arrivé : l’envoi du" in flat(
        again.output
    )
    alone = typed("envoyer", prete.root, "--envoyer", "--renvoyer", "E1")
    assert (alone.exit_code, len(bureau.recus)) == (2, 2)
    assert "--renvoyer et --motif vont ensemble" in flat(alone.output)
    unknown = typed("envoyer", prete.root, "--renvoyer", "E9", "--motif", "x")
    assert (unknown.exit_code, "Aucun message à renvoyer à E9" in unknown.output) == (2, True)
    words = ("--renvoyer", "E1", "--motif", "Elle n’a rien reçu.")
    assert typed("envoyer", prete.root, "--envoyer", *words, entree="1\n").exit_code == 0
    assert [to for _, to, _ in bureau.recus] == [
        "helene@exemple.fr", "marc@exemple.fr", "helene@exemple.fr",
    ]  # fmt: skip
    ledger = [json.loads(line) for line in prete.envois.read_text("utf-8").splitlines()]
    assert [one["motif"] for one in ledger if one["quoi"] == "renvoi"] == ["Elle n’a rien reçu."]


def test_what_is_known_to_have_arrived_is_written_down_and_does_not_leave(
    prete: Folder, bureau: Boite
) -> None:
    typed("preparer", prete.root)
    bureau.coupe_au_point = {1}
    typed("envoyer", prete.root, "--envoyer", "--limite", "1", entree="1\n")
    # She has it after all, and the other one was sent by hand.
    words = ("E1", "E2", "--motif", "Au téléphone ; envoyé depuis Outlook.")
    done = typed("constater", prete.root, "grilles", *words)
    assert (done.exit_code, flat(done.output)) == (0, "2 messages inscrits comme reçus.")
    after = typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert (after.exit_code, len(bureau.recus)) == (0, 1)
    assert flat(after.output).startswith("2 messages déjà envoyés.")
    assert not list(prete.courriels.rglob("*.eml"))
    twice = typed("constater", prete.root, "grilles", "E1", "--motif", "encore")
    assert twice.exit_code == 2
    assert "Aucun message préparé ou incertain pour E1" in flat(twice.output)


def test_what_was_handed_over_on_paper_is_written_down(prete: Folder) -> None:
    edit(prete.session, lambda book: book["Évaluateurs"].cell(3, 6).__setattr__("value", None))
    typed("preparer", prete.root)
    words = ("grilles", "E2", "--motif", "Remises sur une clé, en main propre.")
    done = typed("constater", prete.root, *words)
    assert (done.exit_code, flat(done.output)) == (0, "1 message inscrit comme reçu.")
    assert set(Registre(prete.envois).departs(Genre.GRILLES)) == {"E2"}
    # A reminder is no document; nor is a letter that is not final.
    for genre, who in (("relances", "E2"), ("resultats", "C1")):
        refused = typed("constater", prete.root, genre, who, "--motif", "posté")
        assert refused.exit_code == 2
        assert f"Aucun message préparé ou incertain pour {who}" in flat(refused.output)


def test_what_the_server_refuses_is_told(prete: Folder, bureau: Boite) -> None:
    typed("preparer", prete.root)
    bureau.refus = {"marc@exemple.fr": ["550 5.1.1 inconnu"]}
    done = typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert done.exit_code == 1
    assert (
        "COU-016 bloquant session.xlsx, feuille « Évaluateurs », cellule F3 Le serveur a refusé le "
        "message de Marc KLEIN (E2) (marc@exemple.fr) : 550 5.1.1 inconnu."
    ) in flat(done.output)


def test_what_the_server_puts_off_is_told(prete: Folder, bureau: Boite) -> None:
    prepare(prete)
    bureau.refus = {"marc@exemple.fr": ["450 4.2.0 plus tard"] * 9}
    mails = courriels.plan(prete, Genre.GRILLES, AUTRE, NOW).a_envoyer
    clock = Montre()
    port = int(os.environ["JURY_SMTP_PORT"])
    result = courriels.send(prete, mails, compte(port), clock)
    assert sentences(courriels.outcome_anomalies(prete, result, clock.now())) == [
        "COU-017 session.xlsx, feuille « Évaluateurs », cellule F3 | Le serveur n’a pas voulu pour "
        "l’instant du message de Marc KLEIN (E2) (marc@exemple.fr) : 450 4.2.0 plus tard."
    ]


def test_two_commands_never_send_at_once(prete: Folder, bureau: Boite) -> None:
    from filelock import FileLock

    typed("preparer", prete.root)
    with FileLock(prete.verrou_courriels):
        done = typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert (done.exit_code, bureau.recus) == (3, [])
    assert "Un envoi est déjà en cours pour cette session" in flat(done.output)


def test_a_plan_that_another_command_has_carried_out(prete: Folder, bureau: Boite) -> None:
    prepare(prete)
    mails = courriels.plan(prete, Genre.GRILLES, AUTRE, NOW).a_envoyer
    port = int(os.environ["JURY_SMTP_PORT"])
    courriels.send(prete, mails, compte(port), Montre())
    with pytest.raises(Empechement) as stop:
        courriels.send(prete, mails, compte(port), Montre())
    assert "vient d’être envoyé par une autre commande" in str(stop.value)
    assert len(bureau.recus) == 2


def test_killed_after_the_intention_nothing_is_sent_twice(
    prete: Folder, bureau: Boite, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(prete)
    mails = courriels.plan(prete, Genre.GRILLES, AUTRE, NOW).a_envoyer
    port = int(os.environ["JURY_SMTP_PORT"])
    add = Registre.add

    def dying(self: Registre, fait: Fait, *arguments: Any, **facts: Any) -> None:
        add(self, fait, *arguments, **facts)
        if fait is Fait.INTENTION:
            raise KeyboardInterrupt

    monkeypatch.setattr(Registre, "add", dying)
    with pytest.raises(KeyboardInterrupt):
        courriels.send(prete, mails, compte(port), Montre())
    monkeypatch.setattr(Registre, "add", add)
    assert bureau.recus == []  # its final dot was never sent: a server throws it away
    assert Registre(prete.envois).sort(mails[0]) is Sort.INCERTAIN
    after = courriels.plan(prete, Genre.GRILLES, AUTRE, NOW)
    assert [mail.personne.id for mail in after.a_envoyer] == ["E2"]
    assert [one.code.numero for one in after.anomalies] == ["COU-015"]


def test_a_machine_reads_the_plan(prete: Folder) -> None:
    prepare(prete)
    said = json.loads(typed("envoyer", prete.root, "--format", "json").output)
    assert [one["personne"] for one in said["serait_envoye"]] == ["E1", "E2"]
    assert (said["deja_envoyes"], said["incertains"], said["anomalies"]) == ([], [], [])


def test_the_password_is_asked_for_and_stands_in_no_file(
    prete: Folder, bureau: Boite, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("preparer", prete.root)
    monkeypatch.delenv("JURY_SMTP_MOT_DE_PASSE")
    done = typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert (done.exit_code, bureau.recus) == (2, [])
    assert "par la variable d’environnement JURY_SMTP_MOT_DE_PASSE" in flat(done.output)
    monkeypatch.setenv("JURY_SMTP_MOT_DE_PASSE", MOT_DE_PASSE)
    typed("envoyer", prete.root, "--envoyer", entree="2\n")
    assert len(bureau.recus) == 2
    for path in prete.root.rglob("*"):
        if path.is_file():
            assert MOT_DE_PASSE.encode() not in path.read_bytes()


# --- the account ---------------------------------------------------------------------------------


def test_a_provider_is_enough(tmp_path: Path) -> None:
    known = reglages.compte(
        {"fournisseur": "ovh", "utilisateur": "jury@exemple.fr"}, "c@exemple.fr"
    )
    assert (known.serveur, known.port, known.fournisseur.securite) == ("ssl0.ovh.net", 465, "tls")
    assert (known.adresse, known.fournisseur.par_heure) == ("jury@exemple.fr", 200)
    other = reglages.compte({"serveur": "smtp.exemple.fr", "port": 465}, "c@exemple.fr")
    assert (other.fournisseur.securite, other.adresse) == ("tls", "c@exemple.fr")
    path = tmp_path / "courriels.toml"
    path.write_text('fournisseur = "gmail"\nutilisateur = "a@exemple.fr"\n', encoding="utf-8")
    assert reglages.compte(reglages.read(path), "c@exemple.fr").serveur == "smtp.gmail.com"


@pytest.mark.parametrize(
    ("known", "sentence"),
    [
        ({}, "Dites par quel serveur envoyer : --fournisseur"),
        ({"fournisseur": "gmial"}, "Le fournisseur « gmial » est inconnu (vouliez-vous dire « gm"),
        ({"serveur": "s", "securite": "aucune"}, "« securite » vaut « starttls » ou « tls »."),
        ({"serveur": "s", "port": 0}, "« port » est un nombre, par exemple 587."),
        ({"serveur": "s", "expediteur": "jury"}, "« jury » n’est pas une adresse d’expéditeur"),
    ],
)
def test_an_account_that_makes_no_sense(known: dict[str, Any], sentence: str) -> None:
    with pytest.raises(MauvaisUsage) as stop:
        reglages.compte(known, "c@exemple.fr")
    assert flat(str(stop.value)).startswith(sentence)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('mot_de_passe = "x"', "contient un mot de passe : retirez-le."),
        ('fournisseurr = "x"', "fournisseurr n’est pas un réglage."),
        ("= x", "n’est pas lisible"),
    ],
)
def test_a_file_of_settings_that_makes_no_sense(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "courriels.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Empechement) as stop:
        reglages.read(path)
    assert sentence in flat(str(stop.value))


# --- reminders -----------------------------------------------------------------------------------


@pytest.fixture
def entamee(prete: Folder) -> Folder:
    """BC1 has come back with a hole in it, BC2 whole, BC3 not at all."""
    import openpyxl

    for name in ("BC1", "BC2"):
        source = next(path for path in prete.grilles.glob("*.xlsx") if name in path.name)
        workbook = openpyxl.load_workbook(source)
        for sheet in workbook.worksheets[1:]:
            for row in range(f.L_PREMIERE, sheet.max_row + 1):
                if f.REPERE_LIGNE.fullmatch(str(sheet.cell(row, f.REPERE).value)):
                    sheet.cell(row, f.NOTE).value = "Acquis"
        workbook.save(prete.retours / f"{name} rempli.xlsx")

    edit(returned(prete, "BC1"), rate("E1", None))
    return prete


def test_who_has_not_returned_what(entamee: Folder) -> None:
    done = CliRunner().invoke(relancer, [str(entamee.root)])
    assert flat(done.output) == (
        "2 évaluateurs à relancer : Hélène FABRE (E1), helene@exemple.fr à corriger : BC1 Marc "
        "KLEIN (E2), marc@exemple.fr non revenue : BC3 Rien n’est préparé. Ensuite : jury relancer "
        f"{entamee.root} --preparer"
    )
    assert not entamee.courriels.exists()


def test_nobody_to_remind(dossier: Folder) -> None:
    done = CliRunner().invoke(relancer, [str(dossier.root), "--preparer"])
    assert flat(done.output).startswith("Toutes les grilles sont revenues et complètes")


def test_what_a_reminder_says_and_carries(entamee: Folder) -> None:
    late = relances.late(entamee)
    chosen = [one.personne.id for one in late]
    result = prepare(entamee, genre=Genre.RELANCES, relancer=chosen)
    assert sentences(result.anomalies)[-1] == (
        "COU-019 controle/ | Hélène FABRE (E1) a une grille à corriger (bloc BC1), et aucun "
        "classeur de correction ne l’attend : son message ne le joint pas."
    )
    draft = opened(entamee.courriels / "relances" / "E2 KLEIN.eml")
    assert str(draft["Subject"]) == (
        "Rappel : votre grille d’évaluation est attendue, jury du 15 juin 2023"
    )
    assert text_of(draft).startswith(
        "Bonjour Marc KLEIN,\n"
        "\n"
        "Sauf erreur de notre part, votre grille ne nous est pas encore parvenue ; elle était "
        "attendue pour le jeudi 8 juin 2023. La voici de nouveau, vierge :\n"
        "– bloc BC3, 2 candidats : grille E2 BC3 KLEIN.xlsx\n"
        "\n"
        "Si vous avez commencé à remplir celle que vous aviez reçue, continuez et renvoyez-la "
        "telle quelle ; si tout est déjà parti, ne tenez pas compte de ce rappel.\n"
        "\n"
        "Il suffit de répondre à ce message en y joignant le classeur rempli. Une question, un "
        "empêchement ? Dites-le-nous de la même façon, Camille Renard vous lira.\n"
    )
    assert [a.get_filename() for a in draft.iter_attachments()] == ["grille E2 BC3 KLEIN.xlsx"]
    other = opened(entamee.courriels / "relances" / "E1 FABRE.eml")
    assert (
        "Nous avons bien reçu votre grille (bloc BC1), merci. Il y reste quelques points à "
        "compléter ou à corriger.\nCamille Renard vous dira lesquels.\n"
    ) in text_of(other)


def test_the_correction_that_waits_is_attached(entamee: Folder) -> None:
    chaine.control(entamee, NOW)
    result = prepare(entamee, genre=Genre.RELANCES, relancer=["E1"])
    assert [one for one in sentences(result.anomalies) if one.startswith("COU-")] == []
    assert result.ecrits == ["courriels/relances/E1 FABRE.eml"]
    draft = opened(entamee.courriels / "relances" / "E1 FABRE.eml")
    assert (
        "Ils sont signalés dans le classeur joint, qui garde vos saisies :\n– correction grille "
        "E1 BC1 FABRE.xlsx\n"
    ) in text_of(draft)
    (attachment,) = draft.iter_attachments()
    path = entamee.corrections / "correction grille E1 BC1 FABRE.xlsx"
    assert attachment.get_content() == path.read_bytes()
    # One that is no longer what the check would make today is not sent.
    path.write_bytes(path.read_bytes() + b"\0")
    again = prepare(entamee, genre=Genre.RELANCES, relancer=["E1"])
    assert [one[:7] for one in sentences(again.anomalies) if one.startswith("COU-")] == ["COU-019"]


def test_nobody_is_reminded_twice_in_three_days(entamee: Folder) -> None:
    def due(days: int, tous_les: int = 3) -> list[str]:
        late = relances.late(entamee)
        when = NOW + timedelta(days=days)
        return [one.personne.id for one in relances.due(late, when, tous_les)]

    assert due(0) == ["E1", "E2"]
    prepare(entamee, genre=Genre.RELANCES, relancer=["E2"])
    assert (due(0), due(2), due(3)) == (["E1"], ["E1"], ["E1", "E2"])
    assert due(2, tous_les=1) == ["E1", "E2"]
    # The first one's draft is still there when the other is reminded in his turn.
    courriels.prepare(entamee, Genre.RELANCES, NOW + timedelta(days=1), relancer=["E1"])
    assert len(list((entamee.courriels / "relances").iterdir())) == 2


def test_a_second_reminder_is_another_mail_and_the_first_is_not_sent_again(
    entamee: Folder, bureau: Boite
) -> None:
    port = int(os.environ["JURY_SMTP_PORT"])
    for days in (0, 3):
        when = NOW + timedelta(days=days)
        courriels.prepare(entamee, Genre.RELANCES, when, relancer=["E2"])
        for _ in range(2):
            plan = courriels.plan(entamee, Genre.RELANCES, AUTRE, when)
            courriels.send(entamee, plan.a_envoyer, compte(port), Montre(when))
    assert [to for _, to, _ in bureau.recus] == ["marc@exemple.fr"] * 2


def test_whoever_answered_meanwhile_is_not_reminded(entamee: Folder) -> None:
    prepare(entamee, genre=Genre.RELANCES, relancer=["E1", "E2"])

    edit(returned(entamee, "BC1"), rate("E1", "Acquis"))
    plan = courriels.plan(entamee, Genre.RELANCES, AUTRE, NOW)
    assert [mail.personne.id for mail in plan.a_envoyer] == ["E2"]
    assert [one for one in sentences(plan.anomalies) if one.startswith("COU-020")] == [
        "COU-020 retours/ | Hélène FABRE (E1) n’a plus rien à rendre depuis que son rappel a été "
        "préparé : il ne part pas."
    ]


def test_the_journal_counts_and_names_nobody(prete: Folder, bureau: Boite) -> None:
    typed("preparer", prete.root)
    typed("envoyer", prete.root, "--envoyer", entree="2\n")
    journal = (prete.root / "journal.jsonl").read_text(encoding="utf-8")
    last = json.loads(journal.splitlines()[-1])
    assert (last["quoi"], last["envoyes"], last["incertains"]) == ("envois", 2, 0)
    own = [line for line in journal.splitlines() if '"quoi": "grilles"' not in line]
    both = "".join(own) + prete.envois.read_text(encoding="utf-8")
    for word in ("helene", "marc@", "FABRE", "KLEIN", "Hélène"):
        assert word not in both
    assert chaine.gather(prete).session.id == "S1"
