"""The papers beside the minutes and the letters: what each says, and when it is refused."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time
from typing import Any

import docx
import pytest
from conftest import on_keyboard, sentences
from lxml import etree
from test_documents import (
    HOSTILE,
    HUGO,
    JURY,
    LEA,
    LETTERS,
    MINUTES,
    NOWHERE,
    PASS,
    SACHA,
    Cas,
    W,
    absent,
    every_certification,
    expected,
    held,
    in_blocs,
    leaves,
    sit,
    text_of,
)

from batch.anomalies import Code
from batch.documents import contexte, edition, mentions
from batch.documents.edition import (
    AFFICHAGE,
    EMARGEMENT,
    FICHE,
    PROCES_VERBAL,
    convocations,
    documents,
)
from batch.jury.seance import Acte, Seance
from batch.records import Affectation, Creneau, Evaluateur
from batch.reglement.modele import Releves
from batch.vocabulaire import Presence

ROUX = replace(LEA, id="C004", nom_naissance="Roux", nom_usage="Roux-Lam", blocs_vises=("BC1",))


def whole(certification: str = "cqp-rpo", **changes: Any) -> Seance:
    return ruled(sit(certification, Cas(LEA), Cas(HUGO, rates=["BC2"]), Cas(SACHA)), **changes)


def ruled(seance: Seance, **courrier: Any) -> Seance:
    said = replace(seance.reglement.courrier, **courrier)
    return replace(seance, reglement=replace(seance.reglement, courrier=said))


def certified(seance: Seance, **certificats: Any) -> Seance:
    said = replace(seance.reglement.certificats, **certificats)
    return replace(seance, reglement=replace(seance.reglement, certificats=said))


def decided_on(seance: Seance, day: date | None) -> Seance:
    return replace(seance, session=replace(seance.session, date_decision=day))


def scheduled(seance: Seance, *slots: Creneau) -> Seance:
    e = Evaluateur("E1", "Fabre", "Hélène", None, None, NOWHERE)
    session = replace(
        seance.session,
        calendrier=slots,
        evaluateurs=(e,),
        affectations=(Affectation("E1", "BC1", None, NOWHERE),),
    )
    return replace(seance, session=session)


def slot(partie: str, day: int, sujet: str | None = None, fin: time | None = time(12)) -> Creneau:
    return Creneau(partie, sujet, date(2023, 6, day), time(9), fin, "Salle 4, Paris", NOWHERE)


CALENDRIER = (slot("BC2", 6), slot("BC1", 5), slot("BC1", 7, "C002", None), slot("BC3", 6))


def texts_of(made: Mapping[str, bytes]) -> dict[str, str]:
    return {name: on_keyboard(text_of(content)) for name, content in made.items()}


# --- word for word ------------------------------------------------------------------------------

PAPERS: dict[str, Callable[[], bytes]] = {
    "affichage": lambda: documents(MINUTES["pv-cqp-definitif"]())[AFFICHAGE],
    "affichage-sans-blocs": lambda: documents(MINUTES["pv-ascencia-definitif"]())[AFFICHAGE],
    "fiche-synthetique": lambda: documents(MINUTES["pv-cqp-definitif"]())[FICHE],
    "fiche-synthetique-seance": lambda: documents(MINUTES["pv-cqp-seance"]())[FICHE],
    "fiche-synthetique-projet": lambda: documents(MINUTES["pv-cqp-projet"]())[FICHE],
    "releve": lambda: documents(
        sit(
            "cqp-rpo",
            Cas(
                replace(LEA, options=("C8",)),
                rates=["BC1"],
                votes={"BC1": (PASS, "Un entretien probant.")},
            ),
            acquis=[held("BC2")],
        )
    )["releves/C001 MARTIN.docx"],
    "releve-sans-blocs": lambda: documents(sit("ascencia-cmc", Cas(HUGO, rates=["A1"])))[
        "releves/C002 PETIT.docx"
    ],
    "certificat": lambda: documents(whole())["certificats/C001 MARTIN.docx"],
    "certificat-bloc": lambda: documents(sit("cqp-rpo", Cas(ROUX)))[
        "certificats/C004 ROUX-LAM BC1.docx"
    ],
    "emargement": lambda: convocations(scheduled(whole(), *CALENDRIER))[EMARGEMENT],
    "convocation-candidat": lambda: convocations(scheduled(whole(), *CALENDRIER))[
        "convocations/candidats/C002 PETIT.docx"
    ],
    "convocation-jury": lambda: convocations(whole())["convocations/jury/AUBERT Alix.docx"],
}


@pytest.mark.parametrize("name", PAPERS)
def test_each_paper_reads_word_for_word(name: str) -> None:
    expected(name, text_of(PAPERS[name]()))


# --- who gets what ------------------------------------------------------------------------------


def names(seance: Seance, kind: str) -> set[str]:
    return {name.removeprefix(f"{kind}/") for name in documents(seance) if name.startswith(kind)}


def test_a_bloc_certificate_for_each_bloc_obtained_that_day_and_no_other() -> None:
    seance = sit(
        "chef-projet-mc", Cas(LEA), Cas(HUGO, rates=["EP-2"]), absent(SACHA), acquis=[held("BC1")]
    )
    assert names(seance, "certificats") == {
        "C001 MARTIN.docx",
        "C001 MARTIN BC2.docx",
        "C001 MARTIN BC3.docx",
        "C002 PETIT BC1.docx",
        "C002 PETIT BC3.docx",
    }


def test_the_reglement_may_keep_bloc_certificates_for_partial_results() -> None:
    """The CQP's own sheet: « si certains blocs seulement… »."""
    seance = sit("cqp-rpo", Cas(LEA), Cas(HUGO, rates=["BC2"]))
    assert names(seance, "certificats") == {
        "C001 MARTIN.docx",
        "C002 PETIT BC1.docx",
        "C002 PETIT BC3.docx",
    }


@every_certification
def test_nothing_is_certified_nor_posted_before_the_jury_has_decided(certification: str) -> None:
    made = documents(sit(certification, Cas(LEA), decide=False))
    assert AFFICHAGE not in made
    assert not [name for name in made if name.startswith("certificats")]
    assert {PROCES_VERBAL, FICHE, "releves/C001 MARTIN.docx"} <= set(made)


def test_somebody_who_did_not_come_has_a_letter_and_no_releve() -> None:
    for presence in (Presence.ABSENT, Presence.EXCUSE):
        made = documents(sit("cqp-rpo", absent(LEA, presence)))
        assert "lettres/C001 MARTIN.docx" in made
        assert not [name for name in made if name.startswith(("releves", "certificats"))]


def test_the_certificate_bears_its_number_once_the_register_has_given_it() -> None:
    seance = whole()
    without = documents(seance)["certificats/C001 MARTIN.docx"]
    acte = Acte(1, "S2023-06-PV1", numeros={("C001", ""): "2023-0042"})
    numbered = documents(replace(seance, acte=acte))
    assert "Référence : session S2023-06, dossier n° C001" in on_keyboard(text_of(without))
    assert "Certificat n° 2023-0042" in on_keyboard(
        text_of(numbered["certificats/C001 MARTIN.docx"])
    )


BIRTHS = {
    "F": "née le 14 mars 1990 à Lyon (69)",
    "M": "né le 14 mars 1990 à Lyon (69)",
    None: "né(e) le 14 mars 1990 à Lyon (69)",
}


@pytest.mark.parametrize(("sexe", "born"), BIRTHS.items())
def test_the_holder_is_told_as_the_identity_document_has_him(sexe: str | None, born: str) -> None:
    seance = sit("cqp-rpo", Cas(replace(LEA, sexe=sexe)))
    text = on_keyboard(text_of(documents(seance)["certificats/C001 MARTIN.docx"]))
    assert f"\n{born}\n" in text
    assert "Léa Anne MARTIN\n" in text


def test_somebody_born_abroad_has_his_country_written() -> None:
    abroad = replace(LEA, commune_naissance="Hué", pays_naissance="Viêt Nam")
    text = text_of(documents(sit("cqp-rpo", Cas(abroad)))["certificats/C001 MARTIN.docx"])
    assert "à Hué (Viêt Nam)" in text


def test_a_bloc_is_never_said_to_have_a_level() -> None:
    text = text_of(
        documents(sit("openclassrooms-ccm", Cas(LEA)))["certificats/C001 MARTIN BC1.docx"]
    )
    assert "Certification de niveau 6" in text
    assert not re.search(r"[Bb]loc[^.]{0,40}niveau", text)


# --- refused, and why ---------------------------------------------------------------------------

REFUSALS: dict[Code, tuple[Callable[[], Seance], str]] = {
    Code.DOCUMENT_REFUSE: (
        lambda: certified(whole(), nsf=()),
        "DOC-003 reglement.yaml | Le certificat n’est pas fait pour C001, C002 et C003 : il y "
        "manque le code NSF.",
    ),
    Code.DECISION_ATTENDUE: (
        lambda: decided_on(whole(), None),
        "DOC-004 session.xlsx, feuille « Session » | L’affichage, et les lettres, relevés et "
        "certificats de 3 candidats, attendent la décision de l’instance (la CPNEF de la "
        "publicité).",
    ),
    Code.DELIVRANCE_CLOSE: (
        lambda: decided_on(whole(), date(2024, 1, 5)),
        "DOC-005 reglement.yaml | La certification pouvait être délivrée jusqu’au 4 janvier 2024 ; "
        "la décision est du 5 janvier 2024 : aucun certificat n’est fait.",
    ),
    Code.DELIVRANCE_TARDIVE: (
        lambda: certified(decided_on(whole(), date(2024, 1, 5)), apres_la_limite="avertir"),
        "DOC-006 reglement.yaml | La certification pouvait être délivrée jusqu’au 4 janvier 2024 ; "
        "la décision est du 5 janvier 2024. Le règlement demande de faire quand même les "
        "certificats.",
    ),
    Code.DECISION_AVANT_JURY: (
        lambda: decided_on(whole(), date(2023, 6, 14)),
        "DOC-007 session.xlsx, feuille « Session » | La décision de l’instance est datée du "
        "14 juin 2023, avant le jury du 15 juin 2023.",
    ),
}


@pytest.mark.parametrize("code", REFUSALS, ids=lambda code: code.name.lower())
def test_a_document_that_cannot_be_made_says_why(code: Code) -> None:
    build, sentence = REFUSALS[code]
    seance = build()
    anomalies = mentions.check(seance).anomalies
    assert sentence in sentences(anomalies)
    certificates = names(seance, "certificats")
    assert bool(certificates) is (code in (Code.DELIVRANCE_TARDIVE, Code.DECISION_AVANT_JURY))


def test_what_a_letter_lacks_is_named_with_the_place_where_it_is_typed() -> None:
    seance = ruled(whole(), adresse=" ")
    told = [a for a in mentions.check(seance).anomalies if "lettre" in a.message]
    assert [a.candidats for a in told] == [("C001", "C002", "C003")]
    assert "l’adresse du certificateur" in told[0].message.replace("'", "’")
    assert "reglement.yaml, courrier.adresse" in told[0].remede
    assert names(seance, "lettres") == set()
    assert names(seance, "releves")


def test_a_letter_that_could_reach_nobody_is_refused_and_the_others_are_made() -> None:
    lost = replace(HUGO, adresse=None, courriel=None)
    seance = sit("cqp-rpo", Cas(LEA), Cas(lost))
    (told,) = mentions.check(seance).anomalies
    assert told.candidats == ("C002",)
    assert told.message.startswith("La lettre de résultat n’est pas faite pour C002")
    assert "une adresse postale ou électronique" in told.message
    assert names(seance, "lettres") == {"C001 MARTIN.docx"}


FACTS = {
    "rncp": "le code RNCP",
    "niveau": "le niveau de qualification",
    "nsf": "le code NSF",
}


@pytest.mark.parametrize("fact", FACTS)
def test_each_mandatory_mention_of_a_certificate_is_missed(fact: str) -> None:
    seance = sit("chef-projet-mc", Cas(LEA))
    seance = certified(seance, **{fact: () if fact == "nsf" else ""})
    (told,) = mentions.check(seance).anomalies
    assert FACTS[fact] in told.message
    assert f"reglement.yaml, certificats.{fact}" in told.remede
    assert names(seance, "certificats") == set()
    assert names(seance, "lettres") == {"C001 MARTIN.docx"}


def test_the_day_before_the_limit_passes_and_the_delivery_may_outlast_the_registration() -> None:
    last = decided_on(whole(), date(2024, 1, 4))
    assert mentions.check(last).anomalies == ()
    later = certified(decided_on(whole(), date(2026, 1, 5)), limite_delivrance=date(2028, 1, 4))
    assert mentions.check(later).anomalies == ()
    assert names(later, "certificats")


def test_where_the_jury_decides_nobody_waits_for_another_body() -> None:
    seance = decided_on(ruled(whole(), instance=""), None)
    assert mentions.check(seance).anomalies == ()
    made = texts_of(documents(seance))
    assert "par décision du jury du 15 juin 2023\n" in made["certificats/C001 MARTIN.docx"]
    assert "au vu de ce procès-verbal" not in made[PROCES_VERBAL]


def test_nothing_announces_a_result_before_the_body_has_decided() -> None:
    made = documents(decided_on(whole(), None))
    assert set(made) == {PROCES_VERBAL, FICHE}


def test_the_absent_are_written_to_without_waiting_for_the_body() -> None:
    seance = decided_on(sit("cqp-rpo", Cas(LEA), absent(HUGO)), None)
    assert names(seance, "lettres") == {"C002 PETIT.docx"}


# --- nothing internal ---------------------------------------------------------------------------

FORBIDDEN = ("sous réserve", "VAE", "ménagement", "handicap", "Commentaire interne", "None", "RQTH")


@every_certification
@pytest.mark.parametrize("decide", [True, False], ids=["final", "draft"])
def test_no_personal_paper_says_anything_internal(certification: str, decide: bool) -> None:
    person = replace(SACHA, amenagement=True)
    first = sit(certification, Cas(LEA)).referentiel.parties[0].id
    seance = sit(
        certification,
        Cas(person),
        Cas(replace(person, id="C005"), rates=[first]),
        absent(replace(person, id="C006")),
        decide=decide,
    )
    seance = replace(seance, reglement=replace(seance.reglement, releves=Releves()))
    made = texts_of({**documents(seance), **convocations(seance)})
    # What the public référentiel prints itself (« situation de handicap ») is no secret.
    public = repr(seance.referentiel)
    hidden = [word for word in FORBIDDEN if word not in public or word == "None"]
    shown = [name for name in made if name not in (PROCES_VERBAL, FICHE)]
    assert len(shown) > 4
    for name in shown:
        assert not [word for word in hidden if word in made[name]], name


def test_comments_are_told_only_as_the_reglement_says() -> None:
    seance = sit("cqp-rpo", Cas(LEA, rates=["BC1"]))
    for comments, told in (("aucun", False), ("justificatifs", True), ("tous", True)):
        ruling = replace(seance.reglement, releves=Releves(commentaires=comments))  # type: ignore[arg-type]
        text = text_of(documents(replace(seance, reglement=ruling))["releves/C001 MARTIN.docx"])
        assert ("Commentaire interne" in text) is told
    everything = sit("cqp-rpo", Cas(LEA))
    ruling = replace(everything.reglement, releves=Releves(commentaires="justificatifs"))
    text = text_of(documents(replace(everything, reglement=ruling))["releves/C001 MARTIN.docx"])
    assert "Commentaire interne" not in text


def test_the_poster_names_nobody() -> None:
    seance = MINUTES["pv-cqp-definitif"]()
    text = text_of(documents(seance)[AFFICHAGE])
    for candidat in seance.session.candidats:
        assert candidat.id in text
        for word in (candidat.nom_naissance, candidat.nom, candidat.prenom, candidat.voie.mot):
            assert word.casefold() not in text.casefold()


def test_an_attendance_sheet_tells_the_others_nothing_but_number_and_name() -> None:
    seance = scheduled(sit("cqp-rpo", Cas(replace(LEA, amenagement=True))), *CALENDRIER)
    text = text_of(convocations(seance)[EMARGEMENT])
    for word in (LEA.courriel, LEA.adresse, LEA.voie.mot, "1990", "ménagement"):
        assert str(word) not in text


# --- before the session -------------------------------------------------------------------------


def test_his_own_slot_wins_over_his_group_s_and_that_over_everybody_s() -> None:
    hugo, sacha = (replace(one, groupe="G1") for one in (HUGO, SACHA))
    seance = sit("cqp-rpo", Cas(LEA), Cas(hugo), Cas(sacha))
    slots = (slot("BC1", 5), slot("BC1", 7, "G1"), slot("BC1", 8, "C003"))
    shown = [
        row["jour"]
        for candidat in seance.session.candidats
        for row in contexte.convocation_candidat(scheduled(seance, *slots), candidat)["creneaux"]
    ]
    assert list(map(on_keyboard, shown)) == [
        "lundi 5 juin 2023",
        "mercredi 7 juin 2023",
        "jeudi 8 juin 2023",
    ]


def test_a_convocation_without_its_date_is_refused_with_the_place_to_type_it() -> None:
    seance = scheduled(sit("cqp-rpo", Cas(LEA)), slot("BC1", 5))
    refused, (told,) = mentions.check_convocations(seance)
    assert refused == {"C001"}
    assert "le bloc BC2 et le bloc BC3" in told.message
    assert "« Calendrier »" in told.remede
    assert not [name for name in convocations(seance) if "candidats" in name]


def test_a_jury_without_an_hour_is_not_summoned() -> None:
    seance = scheduled(sit("cqp-rpo", Cas(LEA)), *CALENDRIER)
    seance = replace(seance, session=replace(seance.session, heure_ouverture=None))
    refused, (told,) = mentions.check_convocations(seance)
    assert refused == {"jury"}
    assert "l’heure d’ouverture" in told.message.replace("'", "’")
    assert {n.split("/")[1] for n in convocations(seance) if "/" in n} == {"candidats"}


def test_whoever_has_excused_himself_is_not_summoned() -> None:
    seance = scheduled(sit("cqp-rpo", Cas(LEA), absent(HUGO, Presence.EXCUSE)), *CALENDRIER)
    assert [n for n in convocations(seance) if "candidats" in n] == [
        "convocations/candidats/C001 MARTIN.docx"
    ]


# --- the look, and the file ---------------------------------------------------------------------

TALL = HOSTILE["sixty characters"]


def crowd(combien: int) -> Seance:
    people = [
        replace(LEA, id=f"C{rank:03d}", nom_naissance=name, prenoms=("Hāmau-Thị Hồng",))
        for rank, name in zip(range(combien), [*HOSTILE.values(), *[TALL] * combien], strict=False)
    ]
    cases = [Cas(one, rates=["BC2"] if rank % 3 else []) for rank, one in enumerate(people)]
    return scheduled(sit("cqp-rpo", *cases), *CALENDRIER)


@pytest.mark.parametrize("combien", [1, 120])
def test_every_template_holds_one_candidate_and_a_hundred_and_twenty(combien: int) -> None:
    seance = crowd(combien)
    made = {**documents(seance), **convocations(seance)}
    assert len([name for name in made if name.startswith("lettres")]) == combien
    poster, sheet = text_of(made[AFFICHAGE]), text_of(made[EMARGEMENT])
    assert len(re.findall(r"(?m)^\| C\d{3} \|", poster)) == combien
    assert len(re.findall(r"(?m)^\| C\d{3} \|", sheet)) == 3 * combien
    assert text_of(made[FICHE]).count("Décision du jury") == combien


def everything() -> dict[str, bytes]:
    seance = crowd(7)
    draft = sit("ascencia-cmc", Cas(LEA), decide=False)
    made = {**documents(seance), **convocations(seance)}
    return made | {f"projet/{name}": content for name, content in documents(draft).items()}


def test_each_file_is_one_that_word_opens_without_repair() -> None:
    """Well-formed parts, declared types, relations that resolve, tables as Word wants them."""
    for name, content in everything().items():
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert package.testzip() is None
            parts = {part: package.read(part) for part in package.namelist()}
        assert len(parts) == len(set(parts))
        trees = {part: etree.fromstring(body) for part, body in parts.items()}
        types = trees["[Content_Types].xml"]
        declared = {one.get("PartName").lstrip("/") for one in types if one.get("PartName")}
        defaults = {one.get("Extension") for one in types if one.get("Extension")}
        assert declared <= set(parts), name
        assert all(part in declared or part.rsplit(".", 1)[1] in defaults for part in parts), name
        for part, tree in trees.items():
            if part.endswith(".rels"):
                base = part.replace("_rels/", "").rpartition("/")[0]
                for relation in tree:
                    target = relation.get("Target")
                    found = (
                        target.lstrip("/") if target[0] == "/" else f"{base}/{target}".lstrip("/")
                    )
                    assert relation.get("TargetMode") == "External" or found in parts, (name, found)
        check_body(name, trees["word/document.xml"])


def check_body(name: str, tree: Any) -> None:
    for cell in tree.iter(f"{W}tc"):
        assert cell[-1].tag == f"{W}p", f"{name}: a cell must end with a paragraph"
    for table in tree.iter(f"{W}tbl"):
        columns = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        rows = table.findall(f"{W}tr")
        assert rows, f"{name}: an empty table"
        assert {len(row.findall(f"{W}tc")) for row in rows} == {columns}, name
        following = table.getnext()
        assert following is not None
        assert following.tag != f"{W}tbl", f"{name}: two tables would be one"
    body = tree.find(f"{W}body")
    assert body[-1].tag == f"{W}sectPr"
    assert body[-2].tag == f"{W}p", f"{name}: a table may not end the document"


@pytest.mark.parametrize("build", [*MINUTES.values(), *LETTERS.values()])
def test_every_context_holds_texts_and_truths_and_never_none(build: Callable[[], Seance]) -> None:
    seance = build()
    contexts = [contexte.fiche_synthetique(seance, seance.dossiers), contexte.emargement(seance)]
    contexts += [contexte.releve(seance, dossier) for dossier in seance.dossiers]
    contexts += [contexte.convocation_candidat(seance, c) for c in seance.session.candidats]
    contexts += [contexte.convocation_jury(seance, m) for m in seance.session.jury]
    if seance.etat.value == "definitif":
        contexts.append(contexte.affichage(seance))
    assert {type(leaf) for context in contexts for leaf in leaves(context)} <= {str, bool}


def test_the_summary_sheets_of_a_large_session_come_in_volumes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seance = whole()
    ids = [d.resultat.candidat.id for d in seance.dossiers]
    assert {n for n in texts_of(documents(seance)) if n.startswith("fiche")} == {FICHE}
    monkeypatch.setattr(edition, "FICHES_PAR_VOLUME", len(ids) // 2)
    made = {n: t for n, t in texts_of(documents(seance)).items() if n.startswith("fiche")}
    count = -(-len(ids) // (len(ids) // 2))
    assert list(made) == [FICHE, *(f"fiche-synthetique {n}.docx" for n in range(2, count + 1))]
    for rank, said in enumerate(made.values(), 1):
        assert f"Fiche synthétique du jury, volume {rank} sur {count}, session" in said
    found = [one for said in made.values() for one in re.findall(r"\((C\d+)\)", said)]
    assert list(dict.fromkeys(found)) == ids


def test_the_same_session_gives_the_same_bytes() -> None:
    assert everything() == everything()


def test_the_body_s_decision_is_never_alone_on_its_page() -> None:
    """It shares the page that the signatures open."""
    document = docx.Document(io.BytesIO(documents(whole())[PROCES_VERBAL]))
    signatures = next(p for p in document.paragraphs if p.text == "Signatures")
    assert signatures.style is not None
    assert signatures.style.paragraph_format.page_break_before


@pytest.mark.parametrize(("combien", "beside"), [(14, 0), (15, 5), (20, 6), (33, 5)])
def test_the_last_of_a_long_jury_sign_beside_the_decision(combien: int, beside: int) -> None:
    jury = [
        replace(JURY[rank % 4], nom=f"Membre {rank:02}", preside=rank == 0)
        for rank in range(combien)
    ]
    text = text_of(documents(sit("cqp-rpo", Cas(LEA), jury=jury))[PROCES_VERBAL])
    _, _, signed = text.partition("Signatures\n")
    first, _, last = signed.partition("Signatures (suite)\n")
    assert last.count("MEMBRE") == beside
    assert first.count("MEMBRE") + beside == combien
    assert "| Décision | Date |" in (last or first)


@pytest.mark.parametrize("combien", [6, 7, 12])
def test_beyond_six_blocs_the_minutes_print_codes_and_explain_them(combien: int) -> None:
    blocs = in_blocs(combien)
    seance = sit("ascencia-cmc", Cas(LEA), rattachement=blocs, acquis=[held("BC1")])
    text = on_keyboard(text_of(documents(seance)[PROCES_VERBAL]))
    assert ("| AA | V | V |" in text) is (combien > 6)
    assert ("AA : acquis antérieurement, bloc obtenu" in text) is (combien > 6)
    assert ("| Acquis antérieurement |" in text) is (combien <= 6)
