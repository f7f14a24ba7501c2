"""Mails through a real SMTP server, its TLS, its passwords, its refusals and its cuts."""

import email
import email.policy
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from poste import (
    MOT_DE_PASSE,
    UTILISATEUR,
    Autorite,
    Boite,
    Montre,
    compte,
    courriel,
    free_port,
    ouvert,
)

from batch.anomalies import Empechement
from batch.courriels import envoi
from batch.courriels.envoi import REPRISES
from batch.courriels.registre import Fait, Registre, Sort

ROOT = Path(__file__).parent.parent


pytestmark = pytest.mark.loopback


@pytest.fixture
def trusted(autorite: Autorite, monkeypatch: pytest.MonkeyPatch) -> Autorite:
    monkeypatch.setenv("SSL_CERT_FILE", str(autorite.certificat))
    return autorite


@pytest.fixture
def registre(tmp_path: Path) -> Registre:
    return Registre(tmp_path / "courriels" / "envois.jsonl")


@pytest.fixture
def boite(trusted: Autorite) -> Iterator[tuple[Boite, int]]:
    own = Boite()
    with ouvert(own, trusted.contexte) as port:
        yield own, port


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def facts(registre: Registre) -> list[tuple[str, str]]:
    return [(ligne.personne, ligne.fait.value) for ligne in registre.lignes]


def test_what_arrives_is_what_was_sent_attachment_by_attachment(
    boite: tuple[Boite, int], registre: Registre
) -> None:
    own, port = boite
    mails = [courriel(rang) for rang in range(1, 4)]
    result = envoi.send(mails, compte(port), registre, Montre())
    assert result.envoyes == mails
    assert (own.connexions, own.ensemble) == (1, 1)
    for mail, (sender, to, content) in zip(mails, own.recus, strict=True):
        received = parsed(content)
        assert (sender, to) == (UTILISATEUR, mail.personne.adresse)
        assert str(received["To"]) == f"{mail.personne.nom_complet} <{mail.personne.adresse}>"
        assert str(received["From"]) == f"Camille Renard <{UTILISATEUR}>"
        assert str(received["Reply-To"]) == "Camille Renard <contact@exemple.fr>"
        assert received["Subject"] == mail.objet
        assert "X-Unsent" not in received
        body = received.get_body(("plain",))
        assert body is not None
        # With its line that is a lone dot.
        assert body.get_content().replace("\r\n", "\n") == mail.texte
        attached = [(a.get_filename(), a.get_content()) for a in received.iter_attachments()]
        assert attached == [(piece.nom, piece.contenu) for piece in mail.pieces]
    assert facts(registre) == [
        (mail.personne.id, fait) for mail in mails for fait in ("intention", "envoye")
    ]
    assert all(registre.sort(mail) is Sort.ENVOYE for mail in mails)


def test_tls_from_the_first_byte(trusted: Autorite, registre: Registre) -> None:
    own = Boite()
    with ouvert(own, None, ssl_context=trusted.contexte) as port:
        account = compte(port, securite="tls")
        result = envoi.send(
            [courriel(1)],
            type(account)(account.fournisseur, "localhost", port, None, UTILISATEUR),
            registre,
            Montre(),
        )
    assert len(result.envoyes) == len(own.recus) == 1


def test_a_certificate_that_nobody_vouches_for(autorite: Autorite, registre: Registre) -> None:
    own = Boite()
    with ouvert(own, autorite.contexte) as port, pytest.raises(Empechement) as stop:
        envoi.send([courriel(1)], compte(port), registre, Montre())
    assert str(stop.value).startswith("Le certificat de localhost n’est pas valable")
    assert (own.recus, registre.lignes) == ([], [])


def test_a_server_that_would_be_spoken_to_in_clear(trusted: Autorite, registre: Registre) -> None:
    own = Boite()
    with ouvert(own, None) as port, pytest.raises(Empechement) as stop:
        envoi.send([courriel(1)], compte(port), registre, Montre())
    assert "ne propose pas de chiffrer la connexion" in str(stop.value)
    assert own.recus == []


def test_a_wrong_password_is_shown_nowhere(
    boite: tuple[Boite, int], registre: Registre, capfd: pytest.CaptureFixture[str]
) -> None:
    own, port = boite
    wrong = compte(port)
    object.__setattr__(wrong, "mot_de_passe", f"{MOT_DE_PASSE}-faux")
    with pytest.raises(Empechement) as stop:
        envoi.send([courriel(1)], wrong, registre, Montre())
    assert "refuse le nom ou le mot de passe de jury@exemple.fr (535)" in str(stop.value)
    assert (stop.value.__cause__, stop.value.__suppress_context__) == (None, True)
    assert MOT_DE_PASSE not in f"{stop.value!r} {wrong!r} {capfd.readouterr()}"
    assert own.recus == []


def test_a_refusal_for_good_leaves_the_others_alone(
    boite: tuple[Boite, int], registre: Registre
) -> None:
    own, port = boite
    mails = [courriel(rang) for rang in (1, 2, 3)]
    own.refus = {
        "e2@exemple.fr": ["550 5.1.1 <e2@exemple.fr> inconnu ici"],
        "data e3@exemple.fr": ["554 5.7.1 contenu refuse"],
    }
    result = envoi.send(mails, compte(port), registre, Montre())
    assert result.envoyes == mails[:1]
    assert [(mail, str(refus)) for mail, refus in result.refuses] == [
        (mails[1], "550 5.1.1 <e2@exemple.fr> inconnu ici"),
        (mails[2], "554 5.7.1 contenu refuse"),
    ]
    # The ledger keeps the server's code, not its words: they name people.
    ledger = registre._path.read_text(encoding="utf-8")
    assert ("550 5.1.1" in ledger, "exemple.fr" in ledger.replace("@exemple.fr>", "")) == (
        True,
        False,
    )
    assert registre.sort(mails[1]) is registre.sort(mails[2]) is Sort.A_ENVOYER


def test_a_refusal_for_now_is_tried_again_later(
    boite: tuple[Boite, int], registre: Registre
) -> None:
    own, port = boite
    mails = [courriel(rang) for rang in range(1, 6)]
    own.refus = {"e1@exemple.fr": ["450 4.2.0 liste grise"] * 2, "data e2@exemple.fr": ["451 non"]}
    clock = Montre()
    result = envoi.send(mails, compte(port), registre, clock)
    assert [mail.personne.id for mail in result.envoyes] == ["E003", "E004", "E005", "E002", "E001"]
    assert (result.differes, clock.attentes) == ([], [*REPRISES[:2]])


def test_a_refusal_for_now_that_lasts_is_listed(
    boite: tuple[Boite, int], registre: Registre
) -> None:
    own, port = boite
    mails = [courriel(1), courriel(2)]
    own.refus = {"e1@exemple.fr": ["450 4.2.0 plus tard"] * 99}
    clock = Montre()
    result = envoi.send(mails, compte(port), registre, clock)
    assert result.envoyes == mails[1:]
    assert [str(refus) for _, refus in result.differes] == ["450 4.2.0 plus tard"]
    assert (clock.attentes, result.restants) == ([*REPRISES], [])
    assert registre.sort(mails[0]) is Sort.A_ENVOYER


def test_refusals_for_now_on_end_stop_the_pass_and_the_others_come_first_next_time(
    boite: tuple[Boite, int], registre: Registre
) -> None:
    own, port = boite
    mails = [courriel(rang) for rang in range(1, 6)]
    own.refus = {"*": ["452 4.5.3 trop de messages"] * 3}
    clock = Montre()
    result = envoi.send(mails, compte(port), registre, clock)
    assert [mail.personne.id for mail in result.envoyes] == ["E004", "E005", "E001", "E002", "E003"]
    assert clock.attentes == [REPRISES[0]]


def test_a_server_that_hangs_up_after_each_seventh_mail(
    boite: tuple[Boite, int], registre: Registre
) -> None:
    own, port = boite
    own.coupe_apres = 7
    mails = [courriel(rang) for rang in range(1, 31)]
    result = envoi.send(mails, compte(port), registre, Montre())
    assert result.envoyes == mails
    assert [to for _, to, _ in own.recus] == [mail.personne.adresse for mail in mails]
    assert (own.connexions, own.ensemble) == (5, 1)


def test_a_cut_before_the_end_of_a_mail_loses_nothing(
    boite: tuple[Boite, int], registre: Registre
) -> None:
    own, port = boite
    own.coupe_au_nom = {2, 3, 5}
    mails = [courriel(rang) for rang in range(1, 5)]
    clock = Montre()
    result = envoi.send(mails, compte(port), registre, clock)
    assert (result.envoyes, result.incertains) == (mails, [])
    assert len(own.recus) == 4
    assert clock.attentes == [REPRISES[0]]  # the second cut on end, and no other, makes it wait


@pytest.mark.parametrize("kept", [True, False], ids=["it was kept", "it was lost"])
def test_a_cut_after_the_final_dot_is_a_doubt_that_is_never_sent_again(
    boite: tuple[Boite, int], registre: Registre, kept: bool
) -> None:
    own, port = boite
    own.coupe_au_point = {2}
    mails = [courriel(rang) for rang in (1, 2, 3)]
    result = envoi.send(mails, compte(port), registre, Montre())
    assert (result.envoyes, result.incertains) == ([mails[0], mails[2]], [mails[1]])
    if not kept:
        own.recus.pop(1)
    again = Registre(registre._path)  # as the next command reads it
    assert [again.sort(mail) for mail in mails] == [Sort.ENVOYE, Sort.INCERTAIN, Sort.ENVOYE]
    # Sent again because somebody asked, it has the same Message-ID: whoever has both can tell.
    again.add(Fait.RENVOI, mails[1], Montre().now(), motif="pas reçu")
    assert again.sort(mails[1]) is Sort.A_ENVOYER
    envoi.send([mails[1]], compte(port), again, Montre())
    assert again.sort(mails[1]) is Sort.ENVOYE
    identifiers = [parsed(c)["Message-ID"] for _, to, c in own.recus if to == "e2@exemple.fr"]
    assert len(identifiers) == (2 if kept else 1)
    assert len(set(identifiers)) == 1


def test_a_server_that_is_gone_for_long(trusted: Autorite, registre: Registre) -> None:
    clock = Montre()
    result = envoi.send([courriel(1), courriel(2)], compte(free_port()), registre, clock)
    assert result.arret is not None
    assert result.arret.endswith("ce qui est parti ne repartira pas.")
    assert (len(result.restants), result.envoyes) == (2, [])
    assert clock.attentes == [*REPRISES]


def test_a_server_too_busy_to_greet(boite: tuple[Boite, int], registre: Registre) -> None:
    own, port = boite
    own.saluts = ["421 4.3.2 trop de connexions", "421 4.3.2 trop de connexions"]
    clock = Montre()
    assert len(envoi.send([courriel(1)], compte(port), registre, clock).envoyes) == 1
    assert clock.attentes == [REPRISES[0]]


def test_the_pace_is_the_provider_s(boite: tuple[Boite, int], registre: Registre) -> None:
    _, port = boite
    clock = Montre()
    mails = [courriel(rang) for rang in range(1, 10)]
    account = compte(port, par_minute=3, par_heure=7)
    assert len(envoi.send(mails, account, registre, clock).envoyes) == 9
    sent = [ligne.quand for ligne in registre.lignes if ligne.fait is Fait.ENVOYE]
    for span, limit in ((timedelta(minutes=1), 3), (timedelta(hours=1), 7)):
        for moment in sent:
            assert sum(moment <= other < moment + span for other in sent) <= limit
    assert clock.attentes == [60, 60, 3480]


def test_what_left_earlier_today_counts(boite: tuple[Boite, int], registre: Registre) -> None:
    _, port = boite
    clock = Montre()
    account = compte(port, par_jour=3)
    envoi.send([courriel(1), courriel(2)], account, registre, clock)
    clock.sleep(3600)
    again = Registre(registre._path)
    result = envoi.send([courriel(3), courriel(4)], account, again, clock)
    assert [mail.personne.id for mail in result.envoyes] == ["E003"]
    assert result.arret is not None
    assert result.arret.startswith("Le fournisseur n'accepte que 3 messages par jour")
    assert [mail.personne.id for mail in result.restants] == ["E004"]
    clock.sleep(86_400)
    assert len(envoi.send([courriel(4)], account, Registre(registre._path), clock).envoyes) == 1


def test_a_mail_bigger_than_the_server_announces(trusted: Autorite, registre: Registre) -> None:
    own = Boite()
    with (
        ouvert(own, trusted.contexte, data_size_limit=1500) as port,
        pytest.raises(Empechement) as stop,
    ):
        envoi.send([courriel(1), courriel(2)], compte(port), registre, Montre())
    assert [one.code.numero for one in stop.value.anomalies] == ["COU-011", "COU-011"]
    assert (own.recus, registre.lignes) == ([], [])


# --- killed ------------------------------------------------------------------------------------

# The client of the test below: real code, in its own process, that dies where it is told.
CLIENT = """
import os, sys
from pathlib import Path
sys.path[:0] = [{root!r}, {tests!r}]
from poste import Montre, compte, courriel
from batch.courriels import envoi
from batch.courriels.registre import Fait, Registre, Sort
from batch.courriels.serveur import Connexion
folder, port, where, rank = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])

class Mortel(Registre):
    seen = 0
    def add(self, fait, *arguments, **facts):
        super().add(fait, *arguments, **facts)
        self.seen += fait is Fait.ENVOYE
        if where == "confirmed" and self.seen == rank:
            os._exit(9)

if where == "half-way":
    send, count = Connexion.send, 0
    def dying(self, *arguments):
        global count
        count += 1
        if count == rank:
            self._smtp.mail(arguments[0]); self._smtp.rcpt(arguments[1])
            self._smtp.docmd("data"); self._smtp.send(arguments[2][:400])
            os._exit(9)
        send(self, *arguments)
    Connexion.send = dying
if where == "named":
    rcpt, count = Connexion._expect, 0
    def dying(self, *arguments):
        global count
        count += 1
        if count == 4 * rank - 2:
            os._exit(9)
        rcpt(self, *arguments)
    Connexion._expect = dying

registre = Mortel(folder / "envois.jsonl")
waiting = [c for c in map(courriel, range(1, 301)) if registre.sort(c) is Sort.A_ENVOYER]
result = envoi.send(waiting, compte(port), registre, Montre())
print(len(result.envoyes), len(result.restants), len(result.incertains))
"""


class _Serveur:
    """The server in its own process: started, killed, started again on the same port."""

    def __init__(self, folder: Path, port: int) -> None:
        self._command = [sys.executable, str(ROOT / "tests" / "poste.py"), str(folder), str(port)]
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "prêt\n"

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.communicate()
        self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self.kill()


def test_three_hundred_evaluators_one_mail_each_whatever_dies(
    trusted: Autorite, tmp_path: Path
) -> None:
    """The server hangs up every seven mails and is killed twice, the client is killed three times:
    each at a point where what became of the mail can be known."""
    box, desk = tmp_path / "boite", tmp_path / "bureau"
    box.mkdir()
    desk.mkdir()
    (box / "serveur.pem").write_bytes(trusted.cle.read_bytes())
    script = desk / "client.py"
    script.write_text(CLIENT.format(root=str(ROOT), tests=str(ROOT / "tests")), encoding="utf-8")
    port = free_port()
    server = _Serveur(box, port)

    def send(where: str = "nowhere", rank: int = 0) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, str(script), str(desk), str(port), where, str(rank)],
            capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, "SSL_CERT_FILE": str(trusted.certificat)},
        )  # fmt: skip
        assert done.returncode in (0, 9), done.stderr
        return done.returncode, done.stdout.strip()

    try:
        server.start()
        assert send("confirmed", 40) == (9, "")  # just after a confirmation
        server.kill()  # while nothing is in its hands
        assert send()[1] == "0 260 0"  # nobody answers: nothing is lost, nothing is in doubt
        server.start()
        assert send("half-way", 30) == (9, "")  # in the middle of a mail
        assert send("named", 25) == (9, "")  # between the recipient's name and the mail
        server.kill()
        server.start()
        assert send()[1].endswith(" 0 0")
        assert send()[1] == "0 0 0"  # once more, for nothing
    finally:
        server.stop()
    received = Counter(path.read_bytes().partition(b"\n")[0].decode() for path in box.glob("*.eml"))
    assert received == {f"e{rang}@exemple.fr": 1 for rang in range(1, 301)}
    registre = Registre(desk / "envois.jsonl")
    assert all(registre.sort(courriel(rang)) is Sort.ENVOYE for rang in range(1, 301))
