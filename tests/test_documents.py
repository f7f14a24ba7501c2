"""What the Word documents say, word for word, and that nothing slips through Word in silence.

The golden texts stand in attendus/documents; JURY_ACCEPTER=1 pytest tests/test_documents.py writes
them anew, and git shows what changed.
"""

import importlib.util
import io
import os
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import docx
import pytest
from conftest import on_keyboard
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

from batch.anomalies import Empechement, Lieu
from batch.documents import contexte
from batch.documents.contexte import regles
from batch.documents.edition import LETTRE, PROCES_VERBAL, documents, letter_name
from batch.documents.paquet import pack, unpack
from batch.jury import arbre, calcul, composition, deliberation
from batch.jury.seance import (
    Acte,
    Changement,
    Deroulement,
    Dossier,
    Fait,
    Passage,
    Rectificatif,
    Retrait,
    Seance,
    Voix,
)
from batch.records import Acquis, Appreciation, Candidat, MembreJury, Session
from batch.referentiel.lecture import known, load
from batch.referentiel.modele import Referentiel
from batch.reglement.lecture import example_for, read
from batch.reglement.modele import (
    BlocRattache,
    Prerequis,
    Regle,
    Reglement,
    ReglementDeliberation,
    Scrutin,
)
from batch.vocabulaire import (
    EtatSession,
    Presence,
    ResultatBloc,
    ResultatCertification,
    Voie,
)

HERE = Path(__file__).parent
ATTENDUS = HERE / "attendus" / "documents"
TEMPLATES = HERE.parent / "templates"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NOWHERE = Lieu()

every_certification = pytest.mark.parametrize("certification", known())


# --- a sitting, through the real calculation ----------------------------------------------------

LEA = Candidat(
    id="C001",
    nom_naissance="Martin",
    nom_usage=None,
    prenoms=("Léa", "Anne"),
    sexe="F",
    date_naissance=date(1990, 3, 14),
    commune_naissance="Lyon (69)",
    pays_naissance="France",
    courriel="lea@exemple.fr",
    adresse="3, rue du Test, 69001 Lyon",
    voie=Voie.FORMATION_CONTINUE,
    blocs_vises=(),
    options=(),
    groupe=None,
    amenagement=False,
    presence=Presence.PRESENT,
    lieu=NOWHERE,
)
HUGO = replace(LEA, id="C002", nom_naissance="Petit", prenoms=("Hugo",), sexe="M", adresse=None)
SACHA = replace(LEA, id="C003", nom_naissance="Ōkuma", prenoms=("Sacha",), sexe=None, voie=Voie.VAE)

JURY = tuple(
    MembreJury(nom, prenom, fonction, qualite, college, externe, preside, True, NOWHERE)
    for nom, prenom, fonction, qualite, college, externe, preside in (
        ("Aubert", "Alix", "Directrice", "Désigné par l’instance", "salarié", True, True),
        ("Traoré", "Awa", "Chef de projet", "Désigné par l’instance", "employeur", True, False),
        ("Müller", "Hans", "Chef de fabrication", "Expert du métier", "salarié", False, False),
        ("Roche", "Zoé", "Consultante", "Expert du métier", "employeur", False, False),
    )
)  # fmt: skip


@cache
def texts(certification: str) -> tuple[Referentiel, Reglement]:
    referentiel = load(certification)
    reglement, anomalies = read(example_for(referentiel), referentiel)
    assert reglement is not None, anomalies
    return referentiel, reglement


Votes = Mapping[str, tuple[ResultatBloc | ResultatCertification, str]]


@dataclass(frozen=True)
class Cas:
    """One candidate: what he failed (by épreuve, bloc or activité), what nobody rated, the votes.

    Whatever the jury does not vote on otherwise, it follows.
    """

    candidat: Candidat
    rates: Collection[str] = ()
    vides: Collection[str] = ()
    votes: Votes = field(default_factory=dict)


def sit(
    certification: str,
    *cases: Cas,
    decide: bool = True,
    acquis: Sequence[Acquis] = (),
    jury: Sequence[MembreJury] = JURY,
    rattachement: Mapping[str, BlocRattache] | None = None,
    certification_rule: Mapping[str, Any] | None = None,
) -> Seance:
    referentiel, reglement = texts(certification)
    whole = replace(reglement.regles.certification, **(certification_rule or {}))
    rules = replace(reglement.regles, certification=whole)
    reglement = replace(reglement, rattachement=rattachement, regles=rules)
    referentiel = reglement.apply_to(referentiel)
    session = Session(
        id="S2023-06",
        referentiel=certification,
        date_jury=date(2023, 6, 15),
        heure_ouverture=time(14),
        heure_cloture=None,
        lieu="12, rue des Imprimeurs, 75011 Paris",
        date_limite=date(2023, 6, 8),
        contact="Camille Exemple",
        contact_courriel="certification@exemple.fr",
        ville="Paris",
        candidats=tuple(case.candidat for case in cases),
        evaluateurs=(),
        affectations=(),
        jury=tuple(jury),
        acquis=tuple(acquis),
        date_decision=date(2023, 6, 22),
    )
    seance = Seance(
        session, referentiel, reglement, (), tuple(composition.check(reglement.jury, jury, NOWHERE))
    )
    return replace(seance, dossiers=tuple(_dossier(seance, case, decide) for case in cases))


def _dossier(seance: Seance, case: Cas, decide: bool) -> Dossier:
    referentiel, acquis = seance.referentiel, seance.session.acquis
    rated = tuple(_rated(seance, case)) if case.candidat.presence is Presence.PRESENT else ()
    resultat = calcul.propose(
        referentiel, seance.reglement, case.candidat, rated, (), acquis, seance.session.date_jury
    )
    objets = deliberation.objets(referentiel, resultat)
    decisions = []
    for objet in objets if decide else ():
        said, motif = case.votes.get(objet.code, (objet.propose, ""))
        decisions.append(
            deliberation.Decision(objet.candidat, objet.code, said, motif or None, objet.propose)
        )
    return Dossier(resultat, objets, deliberation.decide(referentiel, resultat, decisions))


def _rated(seance: Seance, case: Cas) -> Iterator[Appreciation]:
    """Everything met, but for what the case says."""
    referentiel, reglement = seance.referentiel, seance.reglement
    levels = reglement.echelle.niveaux
    best = next(niveau.code for niveau in levels if niveau.satisfait)
    worst = next(n.code for n in reversed(levels) if n.compte == "normal" and not n.satisfait)
    held = {bloc.bloc for bloc in seance.session.acquis if bloc.candidat == case.candidat.id}
    for partie in calcul.parties_due(referentiel, reglement, case.candidat, held):
        if {partie.id, *partie.blocs} & set(case.vides):
            continue
        for critere in arbre.criteres_due(referentiel, partie, case.candidat):
            nodes = {
                partie.id,
                referentiel.bloc_of(critere),
                critere.activite,
                *critere.competences,
            }
            niveau = worst if nodes & set(case.rates) else best
            count = len(critere.indicateurs) if reglement.saisie == "indicateur" else 0
            lines = [critere.indicateur(rank + 1) for rank in range(count)] or [critere.id]
            for line in lines:
                yield Appreciation(
                    case.candidat.id, "E1", partie.id, line, niveau, None,
                    "Commentaire interne d'évaluateur", NOWHERE,
                )  # fmt: skip


def absent(candidat: Candidat, presence: Presence = Presence.ABSENT) -> Cas:
    return Cas(replace(candidat, presence=presence))


def held(bloc: str, candidat: Candidat = LEA, dispense: bool = False) -> Acquis:
    return Acquis(candidat.id, bloc, date(2021, 3, 12), dispense, "PV 2021-03", NOWHERE)


PASS = ResultatBloc.VALIDE
FAIL = ResultatBloc.NON_VALIDE


# --- a document, as text ------------------------------------------------------------------------


def text_of(content: bytes) -> str:
    """Headers, then the body with its tables drawn, then footers; a line for each paragraph."""
    document = docx.Document(io.BytesIO(content))
    section = document.sections[0]
    heads = [section.first_page_header] if section.different_first_page_header_footer else []
    lines = [f"^ {p.text}" for head in (*heads, section.header) for p in head.paragraphs]
    lines += _body(document)
    lines += [f"_ {p.text}" for p in section.footer.paragraphs]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _body(document: Document) -> Iterator[str]:
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            for row in item.rows:
                cells = (" / ".join(p.text for p in cell.paragraphs) for cell in row.cells)
                yield f"| {' | '.join(cells)} |"
        else:
            assert isinstance(item, Paragraph)
            style = item.style.name if item.style else ""
            yield f"{'# ' if style in ('Title', 'heading 1', 'Heading 1') else ''}{item.text}"


def minutes(seance: Seance) -> str:
    return on_keyboard(text_of(documents(seance)[PROCES_VERBAL]))


def letter(seance: Seance, rank: int = 0) -> str:
    return on_keyboard(text_of(documents(seance)[letter_name(seance.dossiers[rank])]))


def expected(name: str, text: str) -> None:
    path = ATTENDUS / f"{name}.txt"
    if os.environ.get("JURY_ACCEPTER"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def parts(content: bytes, name: str) -> list[str]:
    return [body.decode() for part, body in unpack(content).items() if re.search(name, part)]


# --- word for word ------------------------------------------------------------------------------


def held_sitting() -> Seance:
    """A final sitting of which something is to be told: hours, moves, withdrawals, votes, facts."""
    seance = sit(
        "cqp-rpo",
        Cas(LEA),
        Cas(HUGO, rates=["BC2"], votes={"BC1": (FAIL, "Dossier repris d'un autre")}),
        Cas(SACHA),
    )
    jury = tuple(
        replace(membre, lieu=Lieu("session.xlsx", "Jury", f"A{rank}"))
        for rank, membre in enumerate(JURY, 2)
    )
    traore, muller, roche = jury[1:]
    session = replace(seance.session, jury=jury, heure_cloture=time(16, 30))
    dossiers = tuple(
        replace(one, issues=replace(one.issues, preconisations=said))
        for one, said in zip(
            seance.dossiers,
            ({}, {"BC2": "Reprendre l'étude des coûts", "certification": "Se représenter"}, {}),
            strict=True,
        )
    )
    scrutin = ReglementDeliberation(Scrutin("absolue", True), article="article 9")
    reglement = replace(
        seance.reglement,
        jury=replace(seance.reglement.jury, quorum=2, article="article 8"),
        deliberation=scrutin,
    )
    room = Deroulement(
        (Passage(roche, time(14, 20), None), Passage(muller, None, time(16))),
        (
            Retrait(roche, "C001", "hors de la salle"),
            Retrait(traore, "C003", "déport (ancien employeur)"),
            Retrait(muller, "C003", "hors de la salle"),
        ),
        (
            Voix("C001", "BC1", 3, 0, 0),
            Voix("C002", "BC1", 2, 2, 0),
            Voix("C002", "BC2", 3, 0, 1),
            Voix("C003", "BC1", 2, 0, 0),
        ),
        (
            Fait(time(15), "coupure de courant de dix minutes"),
            Fait(None, "Le candidat C002 a demandé que son dossier lui soit rendu."),
        ),
    )
    return replace(
        seance,
        session=session,
        reglement=reglement,
        dossiers=dossiers,
        deroulement=room,
        acte=Acte(1, "S2023-06-PV1", empreinte="1a2b 3c4d 5e6f 7a8b"),
    )


def rectified() -> Seance:
    """What is said once more of one candidate, and why."""
    seance = held_sitting()
    changes = (
        Changement(None, "le lieu du jury", "Paris", "12, rue des Imprimeurs, 75011 Paris"),
        Changement("C002", "Hugo PETIT (C002), BC1", "Validé", "Non validé"),
        Changement("C002", "Hugo PETIT (C002), le motif sur BC1", "rien", "Dossier repris"),
        Changement("C002", "Hugo PETIT (C002), l’adresse", "1, rue Ici", "2, rue Là"),
    )
    why = Rectificatif("fraude découverte après la séance", "S2023-06-PV1", changes)
    acte = Acte(2, "S2023-06-PV2", why, "9a8b 7c6d 5e4f 3a2b")
    return replace(seance, dossiers=seance.dossiers[1:2], acte=acte)


MINUTES: dict[str, Callable[[], Seance]] = {
    "pv-cqp-definitif": lambda: sit(
        "cqp-rpo",
        Cas(LEA),
        Cas(
            replace(HUGO, amenagement=True, nom_usage="Petit-Renard"),
            rates=["BC2", "C1"],
            votes={"BC1": (FAIL, "Le dossier remis n'est pas de sa main")},
        ),
        Cas(SACHA, rates=["BC1"], votes={"BC1": (PASS, "L'entretien a tout rattrapé.")}),
        Cas(replace(LEA, id="C004", nom_naissance="Roux", blocs_vises=("BC1",)), rates=["BC1"]),
        Cas(replace(LEA, id="C005", nom_naissance="Faure", blocs_vises=("BC1", "BC3"))),
        Cas(replace(HUGO, id="C006", nom_naissance="Blanc"), vides=["BC3"], rates=["BC1"]),
        absent(replace(LEA, id="C007", nom_naissance="Girard")),
        absent(replace(SACHA, id="C008", nom_naissance="Lam"), Presence.EXCUSE),
        Cas(replace(LEA, id="C009", nom_naissance="Noël"), rates=["BC3"]),
        acquis=[
            held("BC2", replace(LEA, id="C009")),
            held("BC1", replace(LEA, id="C009"), dispense=True),
        ],
    ),
    "pv-cqp-seance": held_sitting,
    "pv-cqp-rectificatif": rectified,
    "pv-cqp-projet": lambda: sit(
        "cqp-rpo", Cas(LEA), Cas(HUGO, rates=["BC3"]), decide=False, jury=JURY[:3]
    ),
    "pv-ascencia-definitif": lambda: sit(
        "ascencia-cmc",
        Cas(LEA),
        Cas(HUGO, rates=["A1", "A5"]),
        Cas(
            SACHA,
            rates=["A1", "A2", "A3", "A4"],
            votes={"certification": (ResultatCertification.DELIVREE, "Parcours d'ensemble solide")},
        ),
        Cas(replace(LEA, id="C004", nom_naissance="Roux"), vides=["EP-A11-1"]),
        absent(replace(LEA, id="C005", nom_naissance="Faure")),
    ),
    "pv-chef-projet-definitif": lambda: sit("chef-projet-mc", Cas(LEA), Cas(HUGO, rates=["EP-2"])),
    "pv-openclassrooms-definitif": lambda: sit(
        "openclassrooms-ccm", Cas(LEA), Cas(HUGO, rates=["EP-C1.4"])
    ),
}


@pytest.mark.parametrize("name", MINUTES)
def test_the_minutes_read_word_for_word(name: str) -> None:
    expected(name, text_of(documents(MINUTES[name]())[PROCES_VERBAL]))


def test_who_moved_without_a_note_is_not_said_to_have_decided_on_everybody() -> None:
    seance = sit("cqp-rpo", Cas(LEA))
    late, early = seance.session.jury[1:3]
    whole = "Tous les membres présents ont délibéré sur chaque candidat."

    def said(*passages: Passage, retraits: tuple[Retrait, ...] = ()) -> str:
        room = Deroulement(passages, retraits)
        return text_of(documents(replace(seance, deroulement=room))[PROCES_VERBAL])

    moves = (Passage(late, time(14, 20), None), Passage(early, None, time(16)))
    assert whole in said()
    told = on_keyboard(said(*moves))
    assert whole not in told
    assert (
        "Les membres présents du début à la fin de la séance ont délibéré sur chaque candidat. "
        "Rien n’est consigné des candidats examinés en l’absence de TRAORÉ Awa et MÜLLER Hans."
        in told
    )
    # Noted, his absence is told candidate by candidate.
    noted = said(moves[0], retraits=(Retrait(late, "C001", "hors de la salle"),))
    assert "Rien n’est consigné" not in noted
    assert whole not in noted


LETTERS: dict[str, Callable[[], Seance]] = {
    "delivree": lambda: sit("cqp-rpo", Cas(replace(LEA, options=("C8",)))),
    "partielle": lambda: sit(
        "cqp-rpo",
        Cas(
            HUGO,
            rates=["BC2", "C1"],
            votes={"BC1": (PASS, ""), "BC3": (FAIL, "Dossier « emprunté » à autrui")},
        ),
    ),
    "partielle-par-les-acquis": lambda: sit(
        "cqp-rpo", Cas(LEA, rates=["BC1", "BC3"]), acquis=[held("BC2")]
    ),
    "blocs_vises_valides": lambda: sit("cqp-rpo", Cas(replace(SACHA, blocs_vises=("BC1", "BC2")))),
    "non_delivree": lambda: sit("cqp-rpo", Cas(LEA, rates=["BC1", "BC2", "BC3"])),
    "non_delivree-bloc-vise": lambda: sit(
        "cqp-rpo", Cas(replace(HUGO, blocs_vises=("BC3",)), rates=["BC3"])
    ),
    "en_attente": lambda: sit("cqp-rpo", Cas(HUGO, vides=["BC3"], rates=["BC1"])),
    "absent": lambda: sit("cqp-rpo", absent(LEA), acquis=[held("BC2")]),
    "excuse": lambda: sit("cqp-rpo", absent(SACHA, Presence.EXCUSE)),
    "projet": lambda: sit("cqp-rpo", Cas(LEA, rates=["BC2"]), decide=False),
    "sans-blocs-delivree": lambda: sit("ascencia-cmc", Cas(LEA)),
    "sans-blocs-non_delivree": lambda: sit(
        "ascencia-cmc", Cas(HUGO, rates=["A1", "A2", "A3", "A5"])
    ),
    "sans-blocs-par-le-jury": lambda: sit(
        "ascencia-cmc",
        Cas(
            SACHA,
            votes={"certification": (ResultatCertification.NON_DELIVREE, "Fraude à l'épreuve")},
        ),
    ),
    "sans-blocs-en_attente": lambda: sit("ascencia-cmc", Cas(LEA, vides=["EP-A1"])),
}


@pytest.mark.parametrize("name", LETTERS)
def test_each_outcome_has_its_letter_word_for_word(name: str) -> None:
    seance = LETTERS[name]()
    expected(f"lettre-{name}", text_of(documents(seance)[letter_name(seance.dossiers[0])]))


def test_every_outcome_is_among_the_letters() -> None:
    outcomes = {build().dossiers[0].issues.certification for build in LETTERS.values()}
    assert outcomes - {None} == set(ResultatCertification)


# --- the rules, in words ------------------------------------------------------------------------

RULES: dict[str, tuple[Regle, str]] = {
    "a number": (
        Regle(sur="competences", au_moins=4),
        "Un bloc est validé lorsqu’au moins 4 de ses compétences sont acquises.",
    ),
    "a number, of which one is eliminatory": (
        Regle(sur="competences", au_moins=4, eliminatoires=("C1",)),
        "Un bloc est validé lorsqu’au moins 4 de ses compétences sont acquises, dont la "
        "compétence éliminatoire C1.",
    ),
    "a mean with weights, a floor, floors of its own and eliminatories": (
        Regle(
            sur="competences",
            moyenne=Decimal(10),
            poids={"C1": Decimal(2)},
            minimum=Decimal(7),
            minimums={"C2": Decimal("8.5")},
            eliminatoires=("C1", "C2"),
        ),
        "Un bloc est validé lorsque la moyenne pondérée de ses compétences atteint 10, qu’aucune "
        "n’est au-dessous de 7, que la compétence C2 n’est pas au-dessous de 8,5 et que les "
        "compétences éliminatoires C1 et C2 sont acquises.",
    ),
    "a sum": (
        Regle(sur="competences", somme=Decimal(40), article="Article 7."),
        "Un bloc est validé lorsque la somme de ses compétences atteint 40 (Article 7).",
    ),
    "all of them": (
        Regle(sur="criteres", toutes=True),
        "Un bloc est validé lorsque tous ses critères sont satisfaits.",
    ),
}


@pytest.mark.parametrize(("regle", "sentence"), RULES.values(), ids=RULES)
def test_a_rule_is_stated_in_words(regle: Regle, sentence: str) -> None:
    referentiel, reglement = texts("cqp-rpo")
    other = replace(reglement, regles=replace(reglement.regles, bloc=regle))
    said = [on_keyboard(line) for line in regles.sentences(referentiel, other)]
    assert said[1] == sentence


def test_the_rule_of_one_bloc_is_stated_after_the_others() -> None:
    referentiel, reglement = texts("cqp-rpo")
    own = {"BC2": Regle(sur="competences", toutes=True)}
    other = replace(reglement, regles=replace(reglement.regles, particulieres=own))
    said = regles.sentences(referentiel, other)
    assert (
        "Par exception, le bloc BC2 est validé lorsque toutes ses compétences sont acquises."
        in said
    )


def test_what_is_demanded_besides_the_blocs_is_stated_and_explained() -> None:
    """All blocs are there, and the days of practice are not."""
    demanded = Prerequis(libelle="Jours de pratique professionnelle", minimum=40)
    seance = sit(
        "cqp-rpo",
        Cas(replace(LEA, prerequis=12)),
        certification_rule={"prerequis": demanded},
    )
    text, told = minutes(seance), letter(seance)
    condition = "« Jours de pratique professionnelle (au moins 40) »"
    assert f"obtenus et que la condition préalable {condition} est remplie" in text
    assert "| Validation partielle |" in text
    assert "\nCondition préalable : Jours de pratique professionnelle : 12, insuffisant.\n" in text
    assert "La certification entière demande une condition de plus, qui n’est pas remplie." in told
    assert "\nCondition préalable : Jours de pratique professionnelle : 12, insuffisant.\n" in told


# --- nothing is lost, nothing is invented -------------------------------------------------------

HOSTILE = {
    "an ampersand, angles and quotes": 'Dupont & Fils <SARL> "d\'Or"',
    "sixty characters": "de Montmorency-Laval-Rochechouart de La Tour du Pin Gouvernet",
    "Vietnamese": "Nguyễn-Đặng",
    "Polynesian": "Teriʻitahi Hāmau Pōmare",
    "braces": "{{ candidat }} {% if %}",
    "an entity": "R&amp;D &lt;",
}


@pytest.mark.parametrize("nom", HOSTILE.values(), ids=HOSTILE)
def test_any_name_is_printed_as_it_was_typed(nom: str) -> None:
    seance = sit("cqp-rpo", Cas(replace(LEA, nom_naissance=nom)))
    assert f"{nom.upper()} Léa" in minutes(seance)
    assert f"Léa {nom.upper()}" in letter(seance)


def test_what_nobody_can_see_is_not_printed() -> None:
    decomposed, motif = "Noe\u0308l", "Trop\x07 court\x0bpuis\u202e hors sujet_x000D_"
    seance = sit(
        "cqp-rpo",
        Cas(replace(LEA, nom_naissance=decomposed), votes={"BC1": (FAIL, motif)}),
    )
    assert "NOËL Léa" in minutes(seance)
    assert "« Trop court\npuis hors sujet »" in letter(seance)


FORBIDDEN = ("sous réserve", "VAE", "ménagement", "Commentaire interne", "handicap", "None")


@every_certification
@pytest.mark.parametrize("decide", [True, False], ids=["final", "draft"])
def test_a_letter_says_nothing_internal(certification: str, decide: bool) -> None:
    person = replace(SACHA, amenagement=True)
    first = load(certification).parties[0].id
    cases = (Cas(person), Cas(person, rates=[first]), Cas(person, vides=[first]), absent(person))
    for case in cases:
        text = letter(sit(certification, case, decide=decide))
        assert not [word for word in FORBIDDEN if word in text]


def test_an_accommodation_is_told_to_the_jury_without_its_nature() -> None:
    text = minutes(sit("cqp-rpo", Cas(replace(LEA, amenagement=True)), Cas(HUGO)))
    assert text.count("Aménagement accordé : oui") == 1


def test_a_bloc_certificate_is_promised_only_for_a_bloc_obtained_that_day() -> None:
    promised = re.compile(r"[Cc]ertificats? d(u|es) bloc")
    promises = {name for name, build in LETTERS.items() if promised.search(letter(build()))}
    assert promises == {"partielle", "blocs_vises_valides", "projet"}


def test_a_letter_in_waiting_announces_nothing_of_the_pending_bloc() -> None:
    row = next(line for line in letter(LETTERS["en_attente"]()).splitlines() if "BC3" in line[:6])
    assert row.endswith("| En attente | Son évaluation n’est pas complète. |")


AGREEMENTS = {
    "F": ("Madame", "Absente"),
    "M": ("Monsieur", "Absent"),
    None: ("Madame, Monsieur", "Absent(e)"),
}


@pytest.mark.parametrize(("sexe", "words"), AGREEMENTS.items())
def test_words_agree_with_the_person(sexe: str | None, words: tuple[str, str]) -> None:
    salutation, state = words
    seance = sit("cqp-rpo", absent(replace(LEA, sexe=sexe)))
    assert f"\n{salutation},\n" in letter(seance)
    assert f"| {state} | Non présenté | Non présenté | Non présenté | {state} |" in minutes(seance)


ADDRESSES = {
    "3, rue du Test, 69001 Lyon": ["3, rue du Test", "69001 Lyon"],
    "BP 4, 98713 Papeete, Polynésie française": ["BP 4", "98713 Papeete, Polynésie française"],
    "Bât. C\n12, rue Haute,\n29200 Brest": ["Bât. C", "12, rue Haute", "29200 Brest"],
    "10 Downing Street, London": ["10 Downing Street, London"],
    None: [],
}


@pytest.mark.parametrize(("typed", "lines"), ADDRESSES.items())
def test_an_address_is_set_in_lines(typed: str | None, lines: list[str]) -> None:
    seance = sit("cqp-rpo", Cas(replace(LEA, adresse=typed)))
    assert contexte.lettre(seance, seance.dossiers[0])["adresse"] == lines


def leaves(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            for item in value.values():
                yield from leaves(item)
        case list():
            for item in value:
                yield from leaves(item)
        case _:
            yield value


@pytest.mark.parametrize("build", [*MINUTES.values(), *LETTERS.values()])
def test_a_context_holds_texts_and_truths_and_never_none(build: Callable[[], Seance]) -> None:
    seance = build()
    contexts = [
        contexte.proces_verbal(seance),
        *(contexte.lettre(seance, dossier) for dossier in seance.dossiers),
    ]
    assert {type(leaf) for context in contexts for leaf in leaves(context)} <= {str, bool}


# --- draft and final ----------------------------------------------------------------------------


@every_certification
def test_a_draft_says_so_on_every_page(certification: str) -> None:
    seance = sit(certification, Cas(LEA), decide=False)
    assert seance.etat is EtatSession.PROJET
    for content in documents(seance).values():
        assert len(heads := parts(content, "header")) == len(
            re.findall(r"\^ PROJET", text_of(content))
        )
        assert all('string="PROJET"' in head for head in heads)
    assert "# Proposition de résultats" in minutes(seance)
    assert "les résultats ci-dessous sont des propositions" in letter(seance)


@every_certification
def test_a_final_document_bears_no_trace_of_a_draft(certification: str) -> None:
    seance = sit(certification, Cas(LEA))
    assert seance.etat is EtatSession.DEFINITIF
    for content in documents(seance).values():
        assert "PROJET" not in "".join(parts(content, "header"))
        assert "Projet de lettre" not in text_of(content)
        assert "Proposition de résultats" not in text_of(content)


def test_a_draft_marks_what_the_jury_has_already_decided() -> None:
    seance = sit("cqp-rpo", Cas(LEA), Cas(HUGO), decide=True)
    waiting = sit("cqp-rpo", Cas(LEA), Cas(HUGO), decide=False)
    mixed = replace(seance, dossiers=(seance.dossiers[0], waiting.dossiers[1]))
    text = minutes(mixed)
    assert "| Certification délivrée * |" in text
    assert "* Décision du jury déjà saisie (1 sur 2)" in text
    assert "la décision du jury est saisie" in letter(mixed, 0)
    assert "des propositions, avant la décision du jury" in letter(mixed, 1)


@every_certification
def test_an_example_reglement_is_named_on_every_document(certification: str) -> None:
    for content in documents(sit(certification, Cas(LEA))).values():
        sentence = "Règlement d’exemple, sans valeur, à remplacer par celui du certificateur."
        assert f"\n_ {sentence}\n" in text_of(content)


# --- the look -----------------------------------------------------------------------------------


@pytest.mark.parametrize("combien", [0, 1, 10, 120])
def test_the_table_has_a_row_for_each_candidate(combien: int) -> None:
    cases = [Cas(replace(LEA, id=f"C{rank:03d}"), vides=["BC1"]) for rank in range(combien)]
    text = minutes(sit("cqp-rpo", *cases))
    assert len(re.findall(r"(?m)^\| C\d{3} \|", text)) == combien
    assert ("Aucune candidature n’est inscrite" in text) is (combien == 0)


def test_header_rows_repeat_and_no_row_is_cut() -> None:
    for build in MINUTES.values():
        document = docx.Document(io.BytesIO(documents(build())[PROCES_VERBAL]))
        for table in document.tables:
            rows = [row._tr.find(f"{W}trPr") for row in table.rows]
            assert all(row.find(f"{W}cantSplit") is not None for row in rows)
            listed = table.style is not None and table.style.name != "Tableau fiche"
            assert (rows[0].find(f"{W}tblHeader") is not None) is listed
            assert len(rows) > 1


def in_blocs(combien: int) -> dict[str, BlocRattache]:
    """The activités of ASCENCIA, shared out among so many blocs of the house's own."""
    activites = [activite.id for activite in load("ascencia-cmc").activites]
    return {
        f"BC{rank + 1}": BlocRattache("Bloc de maison", tuple(activites[rank::combien]))
        for rank in range(combien)
    }


@pytest.mark.parametrize("combien", range(1, 9))
def test_the_columns_fill_the_width_whatever_the_number_of_blocs(combien: int) -> None:
    seance = sit("ascencia-cmc", Cas(LEA), rattachement=in_blocs(combien))
    document = docx.Document(io.BytesIO(documents(seance)[PROCES_VERBAL]))
    table = next(t for t in document.tables if t.rows[0].cells[0].text == "N°")
    grid = [int(column.get(f"{W}w")) for column in table._tbl.iter(f"{W}gridCol")]
    total = int(table._tbl.find(f"{W}tblPr/{W}tblW").get(f"{W}w"))
    assert len(grid) == 6 + combien
    assert abs(sum(grid) - total) <= len(grid)
    # The widths of our template, in proportion: the name is wide, the blocs are alike.
    cells = [int(cell.get(f"{W}w")) for cell in table.rows[0]._tr.iter(f"{W}tcW")]
    assert cells == grid
    assert len(set(grid[5:-1])) == 1
    assert grid[1] > 2 * grid[0]


@every_certification
def test_every_style_used_is_one_that_the_document_defines(certification: str) -> None:
    for content in documents(sit(certification, Cas(LEA), decide=False)).values():
        defined = set(re.findall(r'w:styleId="([^"]+)"', "".join(parts(content, "styles"))))
        written = "".join(parts(content, "document|header|footer"))
        assert set(re.findall(r'w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"', written)) <= defined
        # No look is set by hand on a run: it all comes from styles.
        assert not re.search(r"<w:rPr>(?!<w:rStyle)", written)


def fabriquer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fabriquer", TEMPLATES / "fabriquer.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_templates_shipped_are_what_their_script_makes() -> None:
    for name, content in fabriquer().build().items():
        assert unpack((TEMPLATES / name).read_bytes()) == unpack(content), (
            f"templates/{name} n'est plus à jour : python templates/fabriquer.py"
        )


# --- the same bytes -----------------------------------------------------------------------------


def test_the_same_sitting_gives_the_same_bytes() -> None:
    assert documents(MINUTES["pv-cqp-definitif"]()) == documents(MINUTES["pv-cqp-definitif"]())


def test_a_document_bears_the_date_of_the_session_and_the_name_of_the_house() -> None:
    seance = sit("cqp-rpo", Cas(LEA))
    house = "Commission paritaire nationale de l'emploi et de la formation (CPNEF) de la publicité"
    titles = {
        PROCES_VERBAL: "Procès-verbal du jury, session S2023-06",
        "lettres/C001 MARTIN.docx": "Résultat du jury du 15 juin 2023 : Léa MARTIN",
    }
    made = documents(seance)
    assert set(titles) < set(made)
    for name, content in ((name, made[name]) for name in titles):
        said = docx.Document(io.BytesIO(content)).core_properties
        assert (said.author, said.last_modified_by, said.language) == (house, house, "fr-FR")
        assert on_keyboard(said.title) == titles[name]
        assert said.created == said.modified
        assert said.created is not None
        assert said.created.date() == date(2023, 6, 15)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            assert {part.date_time for part in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


# --- the house's own templates ------------------------------------------------------------------


def house(folder: Path, name: str, **changes: str) -> Path:
    """A copy of our template, with a piece of its text replaced."""
    own = unpack((TEMPLATES / name).read_bytes())
    body = own["word/document.xml"].decode()
    for old, new in changes.items():
        field_name = f"{{{{ {old} }}}}"
        assert field_name in body
        body = body.replace(field_name, new)
    (folder / name).write_bytes(pack({**own, "word/document.xml": body.encode()}))
    return folder


def test_the_house_s_template_wins_over_ours(tmp_path: Path) -> None:
    seance = sit("cqp-rpo", Cas(LEA))
    gabarits = house(tmp_path, LETTRE, politesse="Bien à vous, {{ destinataire }}.")
    made = documents(seance, gabarits)
    assert "Bien à vous, Madame Léa MARTIN." in text_of(made["lettres/C001 MARTIN.docx"])
    assert made[PROCES_VERBAL] == documents(seance)[PROCES_VERBAL]


FAULTS = {
    "a field that does not exist": (
        {"signataire": "{{ signatare }}"},
        "Le gabarit lettre.docx demande le champ « signatare » (vouliez-vous dire « signataire » "
        "?), qui n’existe pas. Corrigez son nom entre les accolades.",
    ),
    "a field of a field": (
        {"raison.phrase": "{{ raison.frase }}"},
        "Le gabarit lettre.docx demande le champ « frase » (vouliez-vous dire « phrase » ?), "
        "qui n’existe pas. Corrigez son nom entre les accolades.",
    ),
    "a field like no other": (
        {"signataire": "{{ xyz }}"},
        "Le gabarit lettre.docx demande le champ « xyz », qui n’existe pas. "
        "Corrigez son nom entre les accolades.",
    ),
    "an empty value": (
        {"signataire": "{{ tableau.get(projet) }}"},
        "Le gabarit lettre.docx imprime une valeur vide. Retirez ce champ, ou entourez-le d’un "
        "{% if %}.",
    ),
    "French quotes in a tag": (
        {"signataire": "{{ signataire | replace(« a », « b ») }}"},
        "Le gabarit lettre.docx a une balise écrite avec des guillemets français : Word les a mis "
        "à la place des guillemets droits. Retapez-les, et annulez la correction automatique "
        "(Ctrl+Z).",
    ),
    "a block left open": (
        {"signataire": "{% if projet %}Projet"},
        None,
    ),
    "a tag cut short": (
        {"signataire": "{{ signataire | }}"},
        "Le gabarit lettre.docx a une balise mal écrite près de « {{ signataire | }} ». Vérifiez "
        "ses accolades, et son « end ».",
    ),
    "a condition that ends outside its table": (
        {"tableau.sujet": "{% if projet %}x", "signataire": "{% endif %}"},
        "Le gabarit lettre.docx a une balise mal placée : une balise {%p … %} veut son "
        "paragraphe, une balise {%tr … %} sa ligne, une balise {%tc … %} sa cellule.",
    ),
    "a sum of a text and a number": (
        {"signataire": "{{ signataire + 1 }}"},
        None,
    ),
    "Python's underside": (
        {"signataire": "{{ ''.__class__.__mro__ }}"},
        "Le gabarit lettre.docx emploie une expression interdite : un gabarit n’imprime que les "
        "champs du document. Retirez-la.",
    ),
    "Python's underside by another door": (
        {"signataire": "{{ signataire.format.__globals__ }}"},
        "Le gabarit lettre.docx emploie une expression interdite : un gabarit n’imprime que les "
        "champs du document. Retirez-la.",
    ),
    "an endless loop": (
        {"signataire": "{% for i in range(10**9) %}a{% endfor %}"},
        None,
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_template_is_one_french_sentence(
    tmp_path: Path, changes: dict[str, str], sentence: str | None
) -> None:
    seance = sit("cqp-rpo", Cas(LEA, rates=["BC1"]))
    with pytest.raises(Empechement) as caught:
        documents(seance, house(tmp_path, LETTRE, **changes))
    said = on_keyboard(str(caught.value))
    assert said.startswith("Le gabarit lettre.docx ")
    assert sentence is None or said == sentence


@pytest.mark.parametrize("content", [b"", b"pas un zip", pack({"a.txt": b"a"})])
def test_a_template_that_is_no_word_document_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / LETTRE).write_bytes(content)
    with pytest.raises(Empechement, match=r"^Le gabarit lettre\.docx n’est pas un document Word"):
        documents(sit("cqp-rpo", Cas(LEA)), tmp_path)
