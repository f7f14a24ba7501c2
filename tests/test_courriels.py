"""Mails before they leave: what they say, what they carry, and what keeps them back."""

import email
import email.policy
import json
import shutil
from collections.abc import Callable
from datetime import UTC, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import docx
import mailparser
import pytest
from conftest import NOW, edit, in_two, on_keyboard, rewrite, sentences
from hypothesis import given
from hypothesis import strategies as st
from poste import courriel
from test_deliberation import decide
from test_etats import date_the_decision

from batch import chaine, data, demonstration, fichiers
from batch.anomalies import Anomalie, Empechement, Lieu
from batch.chaine import courriels
from batch.chaine.courriels import Preparation
from batch.courriels import gardes, message
from batch.courriels.fournisseurs import FOURNISSEURS
from batch.courriels.message import Depart
from batch.courriels.modele import Courriel, Genre, Personne, Piece
from batch.courriels.redaction import Redacteur
from batch.courriels.registre import Fait, Registre, Sort
from batch.folder import Folder

AUTRE = FOURNISSEURS["autre"]


@pytest.fixture(scope="session")
def deroulee(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two évaluateurs, two candidates, the jury has decided: played once, copied by each test."""
    story = in_two(
        {"id": "E2", "nom": "N’GUESSAN-LÉVÊQUE", "prenom": "Chloë", "courriel": "chloe@exemple.fr"}
    )
    story["candidats"][0]["courriel"] = "lea@exemple.fr"
    story["candidats"][1]["courriel"] = "hugo@exemple.fr"
    root = tmp_path_factory.mktemp("courriels") / "session"
    for _ in demonstration.play(Folder(root), story, NOW):
        pass
    return root


@pytest.fixture
def final(deroulee: Path, tmp_path: Path) -> Folder:
    root = tmp_path / "session"
    shutil.copytree(deroulee, root)
    return Folder(root)


def prepare(folder: Folder, genre: Genre = Genre.GRILLES, **options: Any) -> Preparation:
    return courriels.prepare(folder, genre, NOW, **options)


def told(anomalies: list[Anomalie]) -> list[str]:
    return [one for one in sentences(anomalies) if one.startswith("COU-")]


def opened(path: Path) -> EmailMessage:
    found = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    body = message.get_body((kind,))
    assert body is not None
    found: str = body.get_content()
    return on_keyboard(found).replace("\r\n", "\n")


def decoded(content: bytes, header: str) -> str:
    """A header as RFC 2047 reads it: the blanks between two encoded words are not there."""
    raw = email.message_from_bytes(content)[header]
    return str(make_header(decode_header("".join(raw.splitlines()))))


def names(content: bytes, header: str) -> tuple[str, str]:
    name, address = parseaddr("".join(email.message_from_bytes(content)[header].splitlines()))
    return str(make_header(decode_header(name))), address


def longest_line(content: bytes) -> int:
    """The type of an Office document alone is longer than a line should be (RFC 5322, 2.1.1)."""
    lines = content.split(b"\r\n")
    return max(len(line) for line in lines if not line.startswith(b"Content-Type: application/"))


def retype(folder: Folder, sheet: str, heading: str, row: int, value: str | None) -> None:
    """Change one cell of session.xlsx, found by its heading."""

    def change(workbook: Any) -> None:
        page = workbook[sheet]
        column = next(c.column for c in page[1] if c.value == heading)
        page.cell(row, column).value = value

    edit(folder.session, change)


# --- what is written -----------------------------------------------------------------------------


def test_one_draft_for_each_evaluator_with_all_his_grids(final: Folder) -> None:
    result = prepare(final)
    assert result.ecrits == [
        "courriels/grilles/E1 FABRE.eml", "courriels/grilles/E2 N’GUESSAN-LÉVÊQUE.eml",
    ]  # fmt: skip
    draft = opened(final.courriels / "grilles" / "E1 FABRE.eml")
    assert draft["X-Unsent"] == "1"
    assert str(draft["To"]) == "Hélène FABRE <helene@exemple.fr>"
    assert str(draft["Reply-To"]) == "Camille Renard <contact@exemple.fr>"
    assert str(draft["Subject"]) == "Vos grilles d’évaluation, jury du 15 juin 2023"
    assert draft["Date"].datetime == NOW
    for attachment, name in zip(
        draft.iter_attachments(), ("grille E1 BC1 FABRE.xlsx", "grille E1 BC2 FABRE.xlsx"),
        strict=True,
    ):  # fmt: skip
        assert attachment.get_filename() == name
        assert attachment.get_content() == (final.grilles / name).read_bytes()


def test_what_an_evaluator_reads(final: Folder) -> None:
    prepare(final)
    draft = opened(final.courriels / "grilles" / "E1 FABRE.eml")
    assert text_of(draft) == (
        "Bonjour Hélène FABRE,\n"
        "\n"
        "Merci de participer à l’évaluation des candidats à la certification « CQP Responsable de "
        "production omni-canal ».\n"
        "\n"
        "Vos 2 grilles sont jointes à ce message :\n"
        "– bloc BC1, 2 candidats : grille E1 BC1 FABRE.xlsx\n"
        "– bloc BC2, 2 candidats : grille E1 BC2 FABRE.xlsx\n"
        "\n"
        "Ouvrez chacune dans Excel : la première feuille dit comment la remplir. Enregistrez-la "
        "au format .xlsx, puis renvoyez-la en répondant à ce message, au plus tard le jeudi 8 juin "
        "2023.\n"
        "\n"
        "Ces grilles vous sont personnelles : merci de ne pas les transmettre à quelqu’un "
        "d’autre.\n"
        "\n"
        "Une question ? Répondez simplement à ce message, Camille Renard vous lira.\n"
        "\n"
        "Merci de votre aide, et bien cordialement,\n"
        "\n"
        "Camille Renard\n"
        "Commission paritaire nationale de l’emploi et de la formation (CPNEF) de la publicité\n"
    )
    for kind in ("plain", "html"):
        assert "DURAND" not in text_of(draft, kind)  # no candidate is named
    assert "<li>bloc BC1, 2 candidats : grille E1 BC1 FABRE.xlsx</li>" in text_of(draft, "html")


def test_what_a_candidate_reads(final: Folder) -> None:
    assert len(prepare(final, Genre.RESULTATS).ecrits) == 2
    draft = opened(final.courriels / "resultats" / "C1 DURAND.eml")
    said = text_of(draft)
    assert said.startswith(
        "Bonjour Léa DURAND,\n"
        "\n"
        "Le jury de la certification « CQP Responsable de production omni-canal » s’est réuni le "
        "15 juin 2023. La lettre jointe à ce message vous dit ce qu’il en résulte pour vous, et "
        "pourquoi.\n"
    )
    assert str(draft["Subject"]) == "Votre lettre du jury du 15 juin 2023"
    for word in ("délivrée", "validé", "Décision"):
        assert word not in f"{said} {text_of(draft, 'html')} {draft['Subject']}"
    (attachment,) = draft.iter_attachments()
    letter = final.documents / "lettres" / "C1 DURAND.docx"
    assert (attachment.get_filename(), attachment.get_content()) == (
        "C1 DURAND.docx", letter.read_bytes(),
    )  # fmt: skip


def test_the_result_is_in_the_body_only_where_the_reglement_says_so(final: Folder) -> None:
    rewrite(final, "courrier:\n", "courrier:\n  resultat_dans_le_courriel: true\n")
    prepare(final, Genre.RESULTATS)
    draft = opened(final.courriels / "resultats" / "C1 DURAND.eml")
    assert "\nDécision du jury : Certification délivrée.\n" in text_of(draft)


def test_the_same_session_gives_the_same_bytes(final: Folder) -> None:
    prepare(final)
    before = {path.name: path.read_bytes() for path in final.courriels.rglob("*.eml")}
    ledger = final.envois.read_bytes()
    again = courriels.prepare(final, Genre.GRILLES, NOW + timedelta(days=2))
    assert (again.ecrits, len(again.inchanges)) == ([], 2)
    assert final.envois.read_bytes() == ledger
    shutil.rmtree(final.courriels)
    (final.root / ".jury" / "courriels.json").unlink()
    prepare(final)
    assert before == {path.name: path.read_bytes() for path in final.courriels.rglob("*.eml")}


def test_every_byte_is_ascii_and_every_line_short_and_whole(final: Folder) -> None:
    prepare(final)
    prepare(final, Genre.RESULTATS)
    for path in final.courriels.rglob("*.eml"):
        content = path.read_bytes()
        content.decode("ascii")
        assert content.count(b"\n") == content.count(b"\r\n")
        assert b"\r" not in content.replace(b"\r\n", b"")
        assert longest_line(content) <= 78


def test_a_second_library_reads_the_same_drafts(final: Folder) -> None:
    prepare(final)
    path = final.courriels / "grilles" / "E2 N’GUESSAN-LÉVÊQUE.eml"
    seen = mailparser.parse_from_bytes(path.read_bytes())
    assert seen.to == [("Chloë N’GUESSAN-LÉVÊQUE", "chloe@exemple.fr")]
    assert seen.reply_to == [("Camille Renard", "contact@exemple.fr")]
    assert seen.subject == "Votre grille d’évaluation, jury du 15 juin 2023"
    assert seen.date.replace(tzinfo=UTC) == NOW
    assert "Bonjour Chloë N’GUESSAN-LÉVÊQUE," in seen.text_plain[0]
    assert "<p>Bonjour Chloë N’GUESSAN-LÉVÊQUE,</p>" in seen.text_html[0]
    (attachment,) = seen.attachments
    assert attachment["filename"] == "grille E2 BC3 N’GUESSAN-LÉVÊQUE.xlsx"
    assert not seen.defects


_TEXTES = st.text(st.characters(exclude_categories=("Cs",)), max_size=120)


@given(prenom=_TEXTES, nom=_TEXTES, objet=_TEXTES, fichier=_TEXTES)
def test_no_name_can_add_a_header_and_each_comes_back_whole(
    prenom: str, nom: str, objet: str, fichier: str
) -> None:
    known = courriel(1)
    piece = Piece(f"{fichier}.xlsx", b"contenu", frozenset({"E1"}))
    who = Personne("E1", prenom, nom, "e1@exemple.fr", Lieu())
    mail = Courriel(
        "S1", Genre.GRILLES, who, objet, "Bonjour.\n", "<p>Bonjour.</p>", (piece,),
        f"{nom} {prenom}", "contact@exemple.fr", known.date,
    )  # fmt: skip
    for content in (
        message.draft(mail),
        message.outgoing(mail, Depart("j@exemple.fr", known.date)),
    ):
        content.decode("ascii")
        seen = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(seen, EmailMessage)
        assert set(seen.keys()) <= {
            "From", "Reply-To", "To", "Subject", "Date", "Message-ID", "MIME-Version",
            "Content-Type", "X-Unsent",
        }  # fmt: skip
        assert [a.addr_spec for a in seen["To"].addresses] == ["e1@exemple.fr"]
        assert len(seen.keys()) == len(set(seen.keys()))
        assert not seen.defects
        assert names(content, "To") == (message.one_line(f"{prenom} {nom}"), "e1@exemple.fr")
        assert names(content, "From")[0] == message.one_line(f"{nom} {prenom}")
        assert decoded(content, "Subject") == message.one_line(objet)
        attached = [(a.get_filename(), a.get_content()) for a in seen.iter_attachments()]
        assert attached == [(message.one_line(piece.nom), b"contenu")]


@pytest.mark.parametrize(
    "nom",
    [
        "N’GUESSAN-LÉVÊQUE DE LA ROCHEFOUCAULD-MONTBEL Y ÁLVAREZ DE TOLEDO",
        "MARTIN & LOPEZ D'ARGENT, dit « Le Grand »",
        'O"BRIEN (veuve); <script>',
        "Ngũgĩ 阮 😀 Œuvré",
        "Ǿ élan, ; : @ [] ()",
    ],
)
def test_names_come_back_as_they_were_typed(nom: str) -> None:
    who = Personne("E1", "Zoë", nom, "e1@exemple.fr", Lieu())
    known = courriel(1)
    piece = Piece(
        f"grille E1 {nom.replace('<', '').replace('>', '')}.xlsx", b"x", frozenset({"E1"})
    )
    mail = Courriel(
        "S1", Genre.GRILLES, who, f"Votre grille, {nom} : " * 3, "Bonjour\n", "<p></p>", (piece,),
        nom, "contact@exemple.fr", known.date,
    )  # fmt: skip
    content = message.draft(mail)
    seen = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(seen, EmailMessage)
    assert names(content, "To") == (f"Zoë {nom}", "e1@exemple.fr")
    assert names(content, "From") == (nom, "contact@exemple.fr")
    assert decoded(content, "Subject") == (f"Votre grille, {nom} : " * 3).strip()
    # A reader that keeps the blanks between encoded words doubles a space, and cuts no word.
    assert seen["To"].addresses[0].display_name.split() == f"Zoë {nom}".split()
    assert longest_line(content) <= 78
    assert [a.get_filename() for a in seen.iter_attachments()] == [piece.nom]
    other = mailparser.parse_from_bytes(content)
    assert other.to == [(f"Zoë {nom}", "e1@exemple.fr")]
    assert [a["filename"] for a in other.attachments] == [piece.nom]


# --- the house's own templates ---------------------------------------------------------------


def gabarit(folder: Folder, nom: str, text: str) -> None:
    fichiers.write(folder.gabarits / "courriels" / nom, text.encode())


def test_the_house_has_its_own_words(final: Folder) -> None:
    gabarit(final, "grilles.txt", "Objet : Coucou {{ destinataire.prenom }} !\n\nÀ bientôt ;")
    prepare(final)
    draft = opened(final.courriels / "grilles" / "E1 FABRE.eml")
    assert str(draft["Subject"]) == "Coucou Hélène !"
    assert text_of(draft) == "À bientôt ;\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "Objet : x\n{{ inconnu }}",
            "a une expression qui ne peut pas être calculée ('inconnu'",
        ),
        ("Objet : x\n{% if %}", "a une balise mal écrite, ligne 2."),
        ("Bonjour", "doit commencer par une ligne « Objet : … »"),
        ("Objet :\nBonjour", "doit commencer par une ligne « Objet : … »"),
        ("Objet : x\n{{ ''.__class__.__mro__ }}", "emploie une expression interdite"),
    ],
)
def test_a_faulty_template_is_one_sentence(final: Folder, text: str, sentence: str) -> None:
    gabarit(final, "grilles.txt", text)
    with pytest.raises(Empechement) as stop:
        prepare(final)
    said = str(stop.value).replace("\u00a0", " ")
    assert said.startswith("Le gabarit courriels/grilles.txt")
    assert sentence in said
    assert not (final.courriels / "grilles").exists()


def test_what_people_are_called_is_text_in_html(final: Folder) -> None:
    writer = Redacteur(Genre.GRILLES)
    said = writer.write(
        {
            "destinataire": {"nom_complet": "<b>Zoë</b> & Cie"}, "grilles": [],
            "certification": "« X »", "certificateur": "C", "date_jury": "15 juin 2023",
            "date_limite": "jeudi", "contact": {"nom": "K", "courriel": "k@exemple.fr"},
        }
    )  # fmt: skip
    assert "<p>Bonjour &lt;b&gt;Zoë&lt;/b&gt; &amp; Cie,</p>" in said.html
    assert "Bonjour <b>Zoë</b> & Cie," in said.texte


# --- what keeps a mail back ----------------------------------------------------------------------


def test_nobody_without_an_address_is_forgotten(final: Folder) -> None:
    retype(final, "Évaluateurs", "Courriel", 2, None)
    result = prepare(final)
    assert result.ecrits == ["courriels/grilles/E2 N’GUESSAN-LÉVÊQUE.eml"]
    assert told(result.anomalies) == [
        "COU-001 session.xlsx, feuille « Évaluateurs », cellule F2 | Hélène FABRE (E1) n’a pas "
        "d’adresse électronique : à envoyer par courrier."
    ]


def test_a_faulty_address_stops_everything(final: Folder) -> None:
    prepare(final)
    retype(final, "Évaluateurs", "Courriel", 3, "chloé@exemple.fr")
    result = prepare(final)
    assert len(result.retires) == 2  # nor is a draft left that could be sent by hand
    assert (result.ecrits, told(result.anomalies)) == (
        [],
        [
            "COU-002 session.xlsx, feuille « Évaluateurs », cellule F3 | « chloé@exemple.fr », "
            "l’adresse de Chloë N’GUESSAN-LÉVÊQUE (E2), n’est pas une adresse électronique valide. "
            "Aucun message n’a été préparé ni envoyé."
        ],
    )


def test_an_accented_domain_is_written_as_smtp_does(final: Folder) -> None:
    retype(final, "Évaluateurs", "Courriel", 3, "chloe@société.exemple.fr")
    prepare(final)
    draft = opened(final.courriels / "grilles" / "E2 N’GUESSAN-LÉVÊQUE.eml")
    assert draft["To"].addresses[0].addr_spec == "chloe@xn--socit-esab.exemple.fr"


def test_an_address_shared_by_two_people_stops_everything_unless_it_is_meant(
    final: Folder,
) -> None:
    # A candidate whose letters an évaluateur would read.
    retype(final, "Candidats", "Courriel", 3, "Chloe@Exemple.fr")
    said = (
        "session.xlsx, feuille « Évaluateurs », cellule F3 | Hugo PETIT (C2) et Chloë "
        "N’GUESSAN-LÉVÊQUE (E2) ont la même adresse, chloe@exemple.fr"
    )
    result = prepare(final)
    assert (result.ecrits, told(result.anomalies)) == (
        [], [f"COU-003 {said}. Aucun message n’a été préparé ni envoyé."],
    )  # fmt: skip
    result = prepare(final, partagees=True)
    assert len(result.ecrits) == 2
    assert told(result.anomalies) == [f"COU-004 {said}, et vous l’avez admis."]


def test_a_missing_grid(final: Folder) -> None:
    (final.grilles / "grille E1 BC2 FABRE.xlsx").unlink()
    result = prepare(final)
    assert result.ecrits == ["courriels/grilles/E2 N’GUESSAN-LÉVÊQUE.eml"]
    assert told(result.anomalies) == [
        "COU-005 grilles/grille E1 BC2 FABRE.xlsx | grilles/grille E1 BC2 FABRE.xlsx manque : le "
        "message de Hélène FABRE (E1) n’est pas prêt."
    ]


def test_a_stale_grid_keeps_its_own_mail_back_and_takes_its_draft_away(final: Folder) -> None:
    prepare(final)
    retype(final, "Affectations", "Candidat ou groupe", 4, "C1")
    result = prepare(final)
    assert result.retires == ["courriels/grilles/E2 N’GUESSAN-LÉVÊQUE.eml"]
    assert len(result.inchanges) == 1
    assert told(result.anomalies) == [
        "COU-006 grilles/grille E2 BC3 N’GUESSAN-LÉVÊQUE.xlsx | grilles/grille E2 BC3 "
        "N’GUESSAN-LÉVÊQUE.xlsx n’est plus ce que la session demande aujourd’hui : le message de "
        "Chloë N’GUESSAN-LÉVÊQUE (E2) attend."
    ]


def test_a_grid_that_somebody_filled_is_not_sent(final: Folder) -> None:
    filled = next(path for path in final.retours.rglob("*.xlsx") if "BC3" in path.name)
    shutil.copy(filled, final.grilles / "grille E2 BC3 N’GUESSAN-LÉVÊQUE.xlsx")
    assert told(prepare(final).anomalies) == [
        "COU-007 grilles/grille E2 BC3 N’GUESSAN-LÉVÊQUE.xlsx | grilles/grille E2 BC3 "
        "N’GUESSAN-LÉVÊQUE.xlsx contient déjà des saisies : le message de "
        "Chloë N’GUESSAN-LÉVÊQUE (E2) attend."
    ]


def test_somebody_else_s_grid_stops_everything(final: Folder) -> None:
    shutil.copy(
        final.grilles / "grille E2 BC3 N’GUESSAN-LÉVÊQUE.xlsx",
        final.grilles / "grille E1 BC1 FABRE.xlsx",
    )
    result = prepare(final)
    assert (result.ecrits, told(result.anomalies)) == (
        [],
        [
            "COU-009 session.xlsx, feuille « Évaluateurs », cellule F2 | La pièce jointe « grille "
            "E1 BC1 FABRE.xlsx » porte l’identifiant E2, le destinataire est E1. Rien n’a été "
            "envoyé."
        ],
    )


def test_a_letter_under_another_s_name_stops_everything(final: Folder) -> None:
    letters = final.documents / "lettres"
    shutil.copy(letters / "C2 PETIT.docx", letters / "C1 DURAND.docx")
    result = prepare(final, Genre.RESULTATS)
    assert result.ecrits == []
    assert [one for one in told(result.anomalies) if one.startswith("COU-009")] == [
        "COU-009 session.xlsx, feuille « Candidats », cellule A2 | La pièce jointe « C1 "
        "DURAND.docx » porte l’identifiant C2, le destinataire est C1. Rien n’a été envoyé."
    ]


def test_a_letter_retouched_in_word_leaves_and_is_told(final: Folder) -> None:
    import docx

    path = final.documents / "lettres" / "C1 DURAND.docx"
    document = docx.Document(str(path))
    document.add_paragraph("Avec toutes nos félicitations.")
    document.save(str(path))
    result = prepare(final, Genre.RESULTATS)
    assert len(result.ecrits) == 2
    assert told(result.anomalies) == [
        "COU-008 documents/lettres/C1 DURAND.docx | documents/lettres/C1 DURAND.docx, la lettre de "
        "Léa DURAND (C1), a été retouchée dans Word : elle part telle que vous l’avez enregistrée."
    ]


def test_a_pdf_that_is_not_ours(final: Folder) -> None:
    (final.documents / "lettres" / "C1 DURAND.pdf").write_bytes(b"%PDF-1.7 signature")
    result = prepare(final, Genre.RESULTATS)
    assert result.ecrits == ["courriels/resultats/C2 PETIT.eml"]
    assert told(result.anomalies) == [
        "COU-018 documents/lettres/C1 DURAND.pdf | documents/lettres/C1 DURAND.pdf n’est pas le "
        "PDF que le programme a fait de la lettre d’aujourd’hui : le message de Léa DURAND (C1) "
        "attend."
    ]


def test_a_pdf_of_ours_goes_in_the_letter_s_place(final: Folder) -> None:
    content = b"%PDF-1.7 de nous"
    (final.documents / "lettres" / "C1 DURAND.pdf").write_bytes(content)
    letter = (final.documents / "lettres" / "C1 DURAND.docx").read_bytes()
    known = {"docx": fichiers.fingerprint(letter), "pdf": fichiers.fingerprint(content)}
    record = json.dumps({"lettres/C1 DURAND.docx": known})
    (final.root / ".jury" / "pdf.json").write_text(record, encoding="utf-8")
    assert told(prepare(final, Genre.RESULTATS).anomalies) == []
    draft = opened(final.courriels / "resultats" / "C1 DURAND.eml")
    assert [a.get_filename() for a in draft.iter_attachments()] == ["C1 DURAND.pdf"]


def test_the_letter_of_a_rectificatif_leaves_in_the_place_of_the_former(final: Folder) -> None:
    edit(final.deliberation, decide("C1/BC1", decide="Non validé", motif="Plagiat établi."))
    chaine.treat(final, NOW, motif="Fraude découverte après la séance")
    result = prepare(final, Genre.RESULTATS)
    assert told(result.anomalies) == []
    sent = {
        path.stem: [a.get_filename() for a in opened(path).iter_attachments()]
        for path in (final.courriels / "resultats").glob("*.eml")
    }
    assert sent == {
        "C1 DURAND": ["C1 DURAND (rectificatif 2).docx"],
        "C2 PETIT": ["C2 PETIT.docx"],
    }


def test_letters_that_waited_for_the_body_leave_once_its_day_is_typed(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    for candidat in histoire["candidats"]:
        candidat["courriel"] = f"{candidat['id']}@exemple.fr"
    day = histoire["session"].pop("date_decision")
    folder = joue(histoire)
    chaine.treat(folder, NOW)
    demonstration.deliberate(folder, histoire)
    chaine.treat(folder, NOW)
    assert prepare(folder, Genre.RESULTATS).ecrits == []
    date_the_decision(folder, day)
    chaine.treat(folder, NOW)
    result = prepare(folder, Genre.RESULTATS)
    assert (len(result.ecrits), told(result.anomalies)) == (2, [])


def test_no_letter_before_the_jury_has_decided(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue(histoire)
    chaine.treat(folder, NOW)
    result = prepare(folder, Genre.RESULTATS)
    assert (result.ecrits, told(result.anomalies)[0]) == (
        [],
        "COU-010 deliberation.xlsx | Les résultats de la session ne sont pas définitifs : aucune "
        "lettre ne peut partir.",
    )


def test_what_an_act_gave_out_leaves_whatever_the_house_prints_since(final: Folder) -> None:
    """A template made anew: the letters of a closed session stand."""
    final.gabarits.mkdir(exist_ok=True)
    template = docx.Document(data.TEMPLATES / "lettre.docx")
    template.add_paragraph("Nouvelle adresse de la maison.")
    template.save(final.gabarits / "lettre.docx")
    result = prepare(final, Genre.RESULTATS)
    assert (len(result.ecrits), told(result.anomalies)) == (2, [])
    letter = final.documents / "lettres" / "C1 DURAND.docx"
    mail = opened(final.courriels / "resultats" / "C1 DURAND.eml")
    (attached,) = mail.iter_attachments()
    assert attached.get_payload(decode=True) == letter.read_bytes()


def test_a_decision_changed_since_the_letter_was_made(final: Folder) -> None:
    prepare(final, Genre.RESULTATS)

    def change_mind(workbook: Any) -> None:
        sheet = workbook["Délibération"]
        columns = {cell.value: cell.column for cell in sheet[1]}
        for row in range(2, sheet.max_row + 1):
            if str(sheet.cell(row, 1).value).startswith("C1") and "BC1" in str(
                [cell.value for cell in sheet[row]]
            ):
                sheet.cell(row, columns["Décision"]).value = "Non validé"
                sheet.cell(row, columns["Motif"]).value = "Le jury a revu le dossier."
                return
        raise AssertionError(columns)

    edit(final.deliberation, change_mind)
    plan = courriels.plan(final, Genre.RESULTATS, AUTRE, NOW)
    assert [mail.personne.id for mail in plan.a_envoyer] == ["C2"]
    assert told(plan.anomalies) == [
        "COU-006 documents/lettres/C1 DURAND.docx | documents/lettres/C1 DURAND.docx n’est plus ce "
        "que la session demande aujourd’hui : le message de Léa DURAND (C1) attend."
    ]


# --- what would leave ------------------------------------------------------------------------


def plan(folder: Folder, genre: Genre = Genre.GRILLES, **options: Any) -> courriels.Plan:
    return courriels.plan(folder, genre, options.pop("fournisseur", AUTRE), NOW, **options)


def test_nothing_leaves_that_nobody_could_read_over(final: Folder) -> None:
    with pytest.raises(Empechement) as stop:
        plan(final)
    assert str(stop.value).startswith("Rien n’est préparé dans courriels/grilles")
    prepare(final)
    (final.courriels / "grilles" / "E1 FABRE.eml").unlink()
    found = plan(final)
    assert [mail.personne.id for mail in found.a_envoyer] == ["E2"]
    assert told(found.anomalies) == [
        "COU-012 courriels/grilles/E1 FABRE.eml | Le message de Hélène FABRE (E1) n’est pas "
        "préparé."
    ]


def test_a_draft_older_than_a_change(final: Folder) -> None:
    prepare(final)
    retype(final, "Évaluateurs", "Courriel", 2, "helene.fabre@exemple.fr")
    found = plan(final)
    assert [mail.personne.id for mail in found.a_envoyer] == ["E2"]
    assert told(found.anomalies) == [
        "COU-013 courriels/grilles/E1 FABRE.eml | Le message de Hélène FABRE (E1) a été préparé "
        "avant un changement (adresse, texte ou pièce jointe) : il ne part pas."
    ]


def test_a_draft_changed_by_hand(final: Folder) -> None:
    prepare(final)
    path = final.courriels / "grilles" / "E1 FABRE.eml"
    path.write_bytes(path.read_bytes().replace(b"Bonjour", b"Salut"))
    found = plan(final)
    assert [mail.personne.id for mail in found.a_envoyer] == ["E2"]
    assert told(found.anomalies) == [
        "COU-014 courriels/grilles/E1 FABRE.eml | courriels/grilles/E1 FABRE.eml, le brouillon de "
        "Hélène FABRE (E1), a été modifié depuis qu’il a été préparé : il ne part pas."
    ]


def test_a_mail_too_big_for_the_provider(final: Folder) -> None:
    from dataclasses import replace

    prepare(final)
    found = plan(final, fournisseur=replace(AUTRE, nom="Petit Fournisseur", taille_max=40_000))
    assert found.arrete
    assert told(found.anomalies) == [
        "COU-011 session.xlsx, feuille « Évaluateurs », cellule F2 | Le message de Hélène FABRE "
        "(E1) pèse 0,1 Mo ; Petit Fournisseur n’accepte pas plus de 0,1 Mo. Rien n’a été envoyé."
    ]


# --- the ledger ------------------------------------------------------------------------------


def test_a_line_cut_short_by_a_power_failure_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "envois.jsonl"
    mail, other = courriel(1), courriel(2)
    Registre(path).add(Fait.INTENTION, mail, NOW)
    whole = path.read_bytes()
    Registre(path).add(Fait.ENVOYE, mail, NOW)
    torn = path.read_bytes()[: len(whole) + 30]
    path.write_bytes(torn)
    registre = Registre(path)
    assert registre.sort(mail) is Sort.INCERTAIN
    registre.add(Fait.INTENTION, other, NOW)
    registre.add(Fait.ENVOYE, other, NOW)
    assert path.read_bytes().startswith(torn)  # a line is added, none is changed
    again = Registre(path)
    assert (again.sort(mail), again.sort(other)) == (Sort.INCERTAIN, Sort.ENVOYE)


def test_a_ledger_that_somebody_spoiled_stops_everything(tmp_path: Path) -> None:
    path = tmp_path / "envois.jsonl"
    registre = Registre(path)
    registre.add(Fait.INTENTION, courriel(1), NOW)
    registre.add(Fait.ENVOYE, courriel(1), NOW)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join([b"{" + lines[0], *lines[1:]]))
    with pytest.raises(Empechement) as stop:
        Registre(path)
    assert str(stop.value).startswith("La ligne 1 du registre envois.jsonl n’est pas lisible")


def test_a_draft_made_again_does_not_make_a_mail_unsent(tmp_path: Path) -> None:
    registre = Registre(tmp_path / "envois.jsonl")
    for fait in (Fait.INTENTION, Fait.ENVOYE, Fait.BROUILLON):
        registre.add(fait, courriel(1), NOW)
    assert registre.sort(courriel(1)) is Sort.ENVOYE


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("a.b+c@exemple.fr", "a.b+c@exemple.fr"),
        ("a@société.exemple.fr", "a@xn--socit-esab.exemple.fr"),
        ("a@b@exemple.fr", None),
        ("a@exemple", None),
        ("a@exemple.fr\r\nBcc: b@exemple.fr", None),
        ("Léa <lea@exemple.fr>", None),
        ("léa@exemple.fr", None),
        ("a..b@exemple.fr", None),
    ],
)
def test_which_addresses_can_be_written_to(typed: str, written: str | None) -> None:
    assert gardes.usable(typed) == written


def test_ledger_and_journal_name_nobody(final: Folder) -> None:
    prepare(final)
    prepare(final, Genre.RESULTATS)
    for path in (final.envois, final.root / ".jury" / "courriels.json"):
        text = path.read_text(encoding="utf-8")
        assert "@" not in text
        assert "Léa" not in text
