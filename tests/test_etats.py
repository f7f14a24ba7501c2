"""PROJET, définitif, rectificatif: final papers come whole, stay, and are corrected by adding."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import docx
import pytest
from conftest import NOW, contents, edit, flat, on_keyboard, returned, sentences
from test_deliberation import decide, fail_bc2
from test_seance import fill

from batch import chaine, demonstration, transaction
from batch.anomalies import Empechement, MauvaisUsage
from batch.chaine import Traitement
from batch.cli import commandes
from batch.etat.suivi import next_step
from batch.folder import Folder, open_folder

LATER = NOW.replace(year=2027)


def treat(folder: Folder, **options: Any) -> Traitement:
    return chaine.treat(folder, NOW, **options)


def tree(root: Path) -> dict[str, bytes]:
    """Everything but what an état keeps, which is made again as soon as a file differs."""
    return contents(root, ".jury/etat.json")


def papers(folder: Folder) -> dict[str, bytes]:
    return tree(folder.documents)


def results(folder: Folder) -> dict[str, Any]:
    content = json.loads(folder.resultats.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


@pytest.fixture
def delibere(dossier: Folder, histoire: dict[str, Any]) -> Folder:
    """The small session, everything decided, nothing final yet."""
    treat(dossier)
    demonstration.deliberate(dossier, histoire)
    return dossier


@pytest.fixture
def clos(delibere: Folder) -> Folder:
    treat(delibere)
    return delibere


# --- PROJET -> définitif -------------------------------------------------------------------------


def test_the_final_papers_are_numbered(clos: Folder) -> None:
    assert results(clos)["session"]["etat"] == "definitif"
    assert results(clos)["session"]["proces_verbal"] == "S1-PV1"
    act = json.loads((clos.actes / "1.json").read_text(encoding="utf-8"))
    assert (act["rang"], act["numero"], act["rectificatif"]) == (1, "S1-PV1", None)
    assert sorted(act["documents"]) == sorted(papers(clos))
    assert sorted(act["entrees"]) == [
        "deliberation.xlsx", "reglement.yaml", "retours/", "session.xlsx",
    ]  # fmt: skip


def test_the_minutes_bear_the_fingerprint_of_what_they_rest_on(clos: Folder) -> None:
    act = json.loads((clos.actes / "1.json").read_text(encoding="utf-8"))
    pieces = dict(act["fondement"])
    assert list(pieces)[:4] == [
        "cqp-rpo.yaml", "reglement.yaml", "session.xlsx",
        "deliberation.xlsx (ce qui y est décidé)",
    ]  # fmt: skip
    grids = [clos.relative(path) for path in sorted(clos.retours.rglob("*.xlsx"))]
    assert list(pieces)[4:] == grids
    for name in ("reglement.yaml", "session.xlsx", *grids):
        assert pieces[name] == hashlib.sha256((clos.root / name).read_bytes()).hexdigest()
    listed = "".join(f"{sha}  {name}\n" for name, sha in act["fondement"])
    whole = hashlib.sha256(listed.encode()).hexdigest()
    assert act["empreinte"] == " ".join(whole[i : i + 4] for i in (0, 4, 8, 12))
    foot = docx.Document(str(clos.documents / "proces-verbal.docx")).sections[0].footer
    assert f"SHA-256 {act['empreinte']}" in "".join(p.text for p in foot.paragraphs)
    assert "Alix" not in "".join(p.text for p in foot.paragraphs)


def test_a_withdrawal_or_a_vote_told_after_the_minutes_is_a_difference(clos: Folder) -> None:
    edit(clos.deliberation, fill("retrait/1", A="Alix AUBERT", B="C1", C="Déport"))
    said = [one for one in sentences(treat(clos).anomalies) if one.startswith("JUR-201")]
    assert said == [
        "JUR-201 resultats.json | Léa DURAND (C1), le retrait d’Alix AUBERT : le procès-verbal "
        "n° S1-PV1 dit « rien », le dossier dit maintenant « déport »."
    ]


# The report is written whatever happens, with what is remembered of it.
REPORT = ("controle/", ".jury/ouvrages/rapport.json")


def test_demanding_what_cannot_be_final_says_every_reason_and_writes_nothing(
    delibere: Folder,
) -> None:
    edit(delibere.deliberation, decide("C2/BC3", decide=None))
    edit(delibere.deliberation, decide("C2/BC1", decide="Non validé", motif=None))
    before = {k: v for k, v in tree(delibere.root).items() if not k.startswith(REPORT)}
    with pytest.raises(Empechement, match="ne peut pas être définitive") as refused:
        treat(delibere, definitif=True)
    assert sentences(refused.value.anomalies) == [
        "JUR-003 deliberation.xlsx, feuille « Délibération », cellule I5 | La décision sur BC1 de "
        "Hugo PETIT (C2) s’écarte de la proposition (« Validé ») sans motif.",
        "JUR-203 deliberation.xlsx, feuille « Délibération » | Hugo PETIT (C2) : il manque 2 "
        "décisions (BC1 et BC3).",
    ]
    after = {k: v for k, v in tree(delibere.root).items() if not k.startswith(REPORT)}
    assert after == before


def test_a_session_of_nobody_cannot_be_final(delibere: Folder, histoire: dict[str, Any]) -> None:
    def empty(workbook: Any) -> None:
        sheet = workbook["Candidats"]
        sheet.delete_rows(2, sheet.max_row)

    edit(delibere.session, empty)
    with pytest.raises(Empechement) as refused:
        treat(delibere, definitif=True)
    assert "JUR-204 session.xlsx | La session n’a aucun candidat." in sentences(
        refused.value.anomalies
    )


def test_demanding_the_final_papers_makes_those_of_the_plain_command(
    delibere: Folder, tmp_path: Path
) -> None:
    twin = Folder(tmp_path / "jumelle")
    shutil.copytree(delibere.root, twin.root)
    treat(delibere)
    treat(twin, definitif=True)
    assert tree(twin.root) == tree(delibere.root)


def test_what_the_jury_decided_is_kept_line_after_line(delibere: Folder) -> None:
    treat(delibere)
    first = delibere.decisions.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["repere"] for line in first] == [
        "C1/BC1", "C1/BC2", "C1/BC3", "C2/BC1", "C2/BC2", "C2/BC3",
    ]  # fmt: skip
    edit(delibere.deliberation, decide("C2/BC3", decide="Non validé", motif="Épreuve annulée."))
    treat(delibere)
    second = delibere.decisions.read_text(encoding="utf-8").splitlines()
    assert second[:6] == first
    added = json.loads(second[6])
    assert (added["repere"], added["decide"]) == ("C2/BC3", "Non validé")
    assert added["classeur"] != json.loads(first[0])["classeur"]


def test_a_workbook_that_is_gone_is_made_again_with_the_decisions_already_read(
    delibere: Folder,
) -> None:
    edit(delibere.deliberation, decide("C2/BC3", decide=None))
    edit(delibere.deliberation, decide("C2/BC1", decide="Non validé", motif="Plagiat."))
    before = treat(delibere).seance
    delibere.deliberation.unlink()
    result = treat(delibere)
    assert (
        "JUR-009 deliberation.xlsx | deliberation.xlsx n'est plus là : il a été refait avec les "
        "5 décisions déjà lues.".replace("'", "’")
        in sentences(result.anomalies)
    )
    assert [d.issues for d in result.seance.dossiers] == [d.issues for d in before.dossiers]
    assert [d.issues for d in treat(delibere).seance.dossiers] == [
        d.issues for d in before.dossiers
    ]


# --- closed --------------------------------------------------------------------------------------


def test_running_again_on_a_closed_session_changes_no_byte(clos: Folder) -> None:
    before = {name: one for name, one in tree(clos.root).items() if name != "journal.jsonl"}
    for again in ({}, {"definitif": True}):
        assert chaine.treat(clos, LATER, **again).ecrits == []  # type: ignore[arg-type]
    after = {name: one for name, one in tree(clos.root).items() if name != "journal.jsonl"}
    assert after == before


def test_final_papers_are_never_replaced_the_differences_are_told(clos: Folder) -> None:
    before, decided = papers(clos), results(clos)["candidats"]
    edit(returned(clos, "BC2"), fail_bc2)
    result = treat(clos)
    said = [one for one in sentences(result.anomalies) if one.startswith("JUR-2")]
    assert said == [
        "JUR-201 resultats.json | Hugo PETIT (C2), BC2 : le procès-verbal n° S1-PV1 dit "
        "« Validé », le dossier dit maintenant « à décider ».",
        "JUR-201 resultats.json | Hugo PETIT (C2), la certification : le procès-verbal n° S1-PV1 "
        "dit « Certification délivrée », le dossier dit maintenant « à décider ».",
    ]
    assert papers(clos) == before
    assert results(clos)["session"]["etat"] == "definitif"
    assert results(clos)["candidats"] == decided
    assert [a["code"] for a in results(clos)["anomalies"]] == ["JUR-005", "JUR-201", "JUR-201"]
    assert result.suivi is not None
    assert "--rectifier" in str(next_step(result.suivi).commande)


def test_a_decision_changed_after_the_minutes_is_told_and_changes_no_paper(clos: Folder) -> None:
    before = papers(clos)
    edit(clos.deliberation, decide("C1/BC1", decide="Non validé", motif="Plagiat."))
    said = sentences(treat(clos).anomalies)
    assert (
        "JUR-201 resultats.json | Léa DURAND (C1), BC1 : le procès-verbal n° S1-PV1 dit "
        "« Validé », le dossier dit maintenant « Non validé »." in said
    )
    assert papers(clos) == before


def test_the_remedy_of_several_differences_is_said_once(clos: Folder) -> None:
    from click.testing import CliRunner

    edit(clos.deliberation, decide("C1/BC1", decide="Non validé", motif="Plagiat établi."))
    said = CliRunner().invoke(commandes, ["traiter", str(clos.root)]).output
    assert said.count("JUR-201") == 3
    assert said.count("À faire :") == 1
    assert said.index("À faire :") > said.rindex("JUR-201")


def test_a_change_without_effect_is_only_information(clos: Folder) -> None:
    edit(clos.session, lambda workbook: None)
    result = treat(clos)
    assert sentences(result.anomalies) == [
        "JUR-202 session.xlsx | session.xlsx a changé depuis le procès-verbal n° S1-PV1, sans "
        "effet sur ce qu’il dit."
    ]


def test_a_final_paper_that_is_lost_comes_back_as_it_was(clos: Folder) -> None:
    before = papers(clos)
    next((clos.documents / "lettres").glob("*.docx")).unlink()
    treat(clos)
    assert papers(clos) == before


def date_the_decision(folder: Folder, day: str | None) -> None:
    def write(workbook: Any) -> None:
        sheet = workbook["Session"]
        row = next(c.row for c in sheet["A"] if str(c.value).startswith("Date de la décision"))
        sheet.cell(row, 2).value = day

    edit(folder.session, write)


def test_the_papers_that_waited_for_the_body_come_once_its_day_is_typed(delibere: Folder) -> None:
    from click.testing import CliRunner

    def say() -> str:
        told = CliRunner().invoke(commandes, ["traiter", str(delibere.root)])
        assert (told.exit_code, told.exception) == (0, None)
        return flat(told.output)

    date_the_decision(delibere, None)
    said = say()
    first = papers(delibere)
    assert sorted(first) == ["fiche-synthetique.docx", "proces-verbal.docx"]
    assert "Procès-verbal n° S1-PV1." in said
    assert "attendent la décision de l’instance" in said
    assert "Faites signer le procès-verbal" in said
    assert "envoyez les lettres" not in said

    date_the_decision(delibere, "22/06/2023")
    said = say()
    after = papers(delibere)
    assert {name: after[name] for name in first} == first
    assert sorted(after.keys() - first.keys()) == [
        "affichage.docx",
        "certificats/C1 DURAND.docx", "certificats/C2 PETIT.docx",
        "lettres/C1 DURAND.docx", "lettres/C2 PETIT.docx",
        "releves/C1 DURAND.docx", "releves/C2 PETIT.docx",
    ]  # fmt: skip
    assert "8 fichiers écrits" in said  # with resultats.json
    assert "JUR-201" not in said
    assert "Procès-verbal n° S1-PV1." in said
    assert "envoyez les lettres" in said

    assert "Rien n’a changé" in say()


def test_the_day_of_the_body_typed_after_the_minutes_is_theirs_from_then_on(
    delibere: Folder,
) -> None:
    date_the_decision(delibere, None)
    treat(delibere)
    first = (delibere.actes / "1.json").read_bytes()
    date_the_decision(delibere, "22/06/2023")
    treat(delibere)
    assert (delibere.actes / "1.json").read_bytes() == first
    complement = json.loads((delibere.actes / "1-complement-1.json").read_text(encoding="utf-8"))
    ((whom, subject, stated),) = complement["faits"]
    assert (whom, subject) == (None, "la date de la décision de l’instance")
    assert on_keyboard(stated) == "22 juin 2023"
    letter = papers(delibere)["lettres/C1 DURAND.docx"]
    assert complement["documents"]["lettres/C1 DURAND.docx"] == hashlib.sha256(letter).hexdigest()
    assert "proces-verbal.docx" not in complement["documents"]
    assert treat(delibere).anomalies == []

    # Corrected: the letters that say the former day must be made again, and it is said.
    before = papers(delibere)
    date_the_decision(delibere, "23/06/2023")
    result = treat(delibere)
    assert sentences(result.anomalies) == [
        "JUR-201 resultats.json | la date de la décision de l’instance : le procès-verbal "
        "n° S1-PV1 dit « 22 juin 2023 », le dossier dit maintenant « 23 juin 2023 »."
    ]
    assert papers(delibere) == before
    date_the_decision(delibere, None)
    erased = " ".join(sentences(treat(delibere).anomalies))
    assert "dit « 22 juin 2023 », le dossier dit maintenant « rien »." in erased

    date_the_decision(delibere, "23/06/2023")
    treat(delibere, motif="Date de la décision mal lue")
    after = papers(delibere)
    assert {name: after[name] for name in before} == before
    assert sorted(after.keys() - before.keys()) == [
        "certificats/C1 DURAND (rectificatif 2).docx", "certificats/C2 PETIT (rectificatif 2).docx",
        "lettres/C1 DURAND (rectificatif 2).docx", "lettres/C2 PETIT (rectificatif 2).docx",
        "proces-verbal (rectificatif 2).docx",
        "releves/C1 DURAND (rectificatif 2).docx", "releves/C2 PETIT (rectificatif 2).docx",
    ]  # fmt: skip
    rectified = delibere.documents / "lettres" / "C2 PETIT (rectificatif 2).docx"
    said = on_keyboard("\n".join(p.text for p in docx.Document(str(rectified)).paragraphs))
    assert "23 juin 2023" in said
    assert "22 juin 2023" not in said
    assert [path.name for path in sorted(delibere.actes.iterdir())] == [
        "1-complement-1.json", "1.json", "2.json",
    ]  # fmt: skip
    assert treat(delibere).anomalies == []
    assert papers(delibere) == after


# --- rectificatif --------------------------------------------------------------------------------


def test_a_rectificatif_adds_its_papers_and_leaves_the_others(clos: Folder) -> None:
    before = papers(clos)
    edit(clos.deliberation, decide("C1/BC1", decide="Non validé", motif="Plagiat établi."))
    result = treat(clos, motif="Fraude découverte après la séance")
    after = papers(clos)
    assert {name: after[name] for name in before} == before
    added = after.keys() - before.keys()
    assert {
        "lettres/C1 DURAND (rectificatif 2).docx", "proces-verbal (rectificatif 2).docx",
    } <= added  # fmt: skip
    assert all("(rectificatif 2)" in name for name in added)
    assert not [name for name in added if "/C2 " in name]
    acte = result.seance.acte
    assert acte is not None
    assert (acte.rang, acte.numero) == (2, "S1-PV2")
    assert acte.rectificatif is not None
    assert (acte.rectificatif.motif, acte.rectificatif.remplace) == (
        "Fraude découverte après la séance",
        "S1-PV1",
    )
    assert [(c.sujet, c.avant, c.apres) for c in acte.rectificatif.changements] == [
        ("Léa DURAND (C1), BC1", "Validé", "Non validé"),
        ("Léa DURAND (C1), la certification", "Certification délivrée", "Validation partielle"),
        ("Léa DURAND (C1), le motif sur BC1", "rien", "Plagiat établi."),
    ]
    assert results(clos)["session"]["proces_verbal"] == "S1-PV2"
    assert results(clos)["candidats"][0]["certification"]["decide"] == "partielle"
    first = (clos.actes / "1.json").read_bytes()
    assert treat(clos).ecrits == []
    assert (clos.actes / "1.json").read_bytes() == first


def test_a_rectificatif_may_concern_nobody_s_result(clos: Folder) -> None:
    def move(workbook: Any) -> None:
        sheet = workbook["Session"]
        row = next(c.row for c in sheet["A"] if str(c.value).startswith("Lieu du jury"))
        sheet.cell(row, 2).value = "Lyon"

    edit(clos.session, move)
    result = treat(clos, motif="Adresse erronée")
    acte = result.seance.acte
    assert acte is not None
    assert acte.rectificatif is not None
    assert [c.sujet for c in acte.rectificatif.changements] == ["le lieu du jury"]
    assert sorted(p.name for p in clos.documents.rglob("*rectificatif*")) == [
        "proces-verbal (rectificatif 2).docx"
    ]


def test_a_rectificatif_gives_out_no_certificate_of_a_bloc_that_did_not_change(
    clos: Folder,
) -> None:
    edit(clos.deliberation, decide("C1/BC1", decide="Non validé", motif="Plagiat établi."))
    treat(clos, motif="Fraude découverte après la séance")
    certificates = {p.name for p in (clos.documents / "certificats").glob("C1 *")}
    assert "C1 DURAND BC2 (rectificatif 2).docx" in certificates
    before = papers(clos)
    edit(clos.deliberation, decide("C1/BC2", decide="Non validé", motif="Plagiat là aussi."))
    # Retouched or lost, what was certified is not certified once more.
    (clos.documents / "certificats" / "C1 DURAND BC3 (rectificatif 2).docx").unlink()
    treat(clos, motif="La fraude est plus étendue")
    added = papers(clos).keys() - before.keys()
    assert "lettres/C1 DURAND (rectificatif 3).docx" in added
    assert not [name for name in added if name.startswith("certificats/")]


def test_there_must_be_something_to_rectify(dossier: Folder, histoire: dict[str, Any]) -> None:
    with pytest.raises(MauvaisUsage, match="pas encore de procès-verbal définitif"):
        treat(dossier, motif="Erreur")
    treat(dossier)
    demonstration.deliberate(dossier, histoire)
    treat(dossier)
    with pytest.raises(MauvaisUsage, match="Rien n’a changé depuis le procès-verbal n° S1-PV1"):
        treat(dossier, motif="Erreur")


def test_a_rectificatif_needs_the_jury_to_have_decided_again(clos: Folder) -> None:
    edit(returned(clos, "BC2"), fail_bc2)
    before = papers(clos)
    with pytest.raises(Empechement, match="rectificatif ne peut pas être établi") as refused:
        treat(clos, motif="Grille corrigée")
    assert [a.code.numero for a in refused.value.anomalies] == ["JUR-005", "JUR-203"]
    assert papers(clos) == before
    # The workbook shows the new proposal: the jury confirms there, then the papers are added.
    treat(clos)
    edit(clos.deliberation, decide("C2/BC2", sur="Non validé", decide="Non validé"))
    treat(clos, motif="Grille corrigée")
    assert results(clos)["candidats"][1]["blocs"]["BC2"]["decide"] == "non_valide"


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rectifier"], "Un rectificatif doit dire pourquoi"),
        (["--rectifier", "--motif", "  "], "Un rectificatif doit dire pourquoi"),
        (["--motif", "x"], "« --motif » ne va qu’avec « --rectifier »."),
        (["--rectifier", "--motif", "x", "--definitif"], "ne vont pas ensemble"),
    ],
)
def test_half_a_demand_is_wrong_usage(clos: Folder, options: list[str], sentence: str) -> None:
    from click.testing import CliRunner

    said = CliRunner().invoke(commandes, ["traiter", str(clos.root), *options])
    assert said.exit_code == 2
    assert sentence in " ".join(said.output.replace("\u00a0", " ").split())


def test_the_command_says_the_number_and_what_to_type_next(clos: Folder) -> None:
    from click.testing import CliRunner

    edit(clos.deliberation, decide("C1/BC1", decide="Non validé", motif="Plagiat établi."))
    refused = CliRunner().invoke(commandes, ["traiter", str(clos.root)])
    assert refused.exit_code == 1
    assert "n’ont pas été remplacés" in refused.output
    arguments = ["traiter", str(clos.root), "--rectifier", "--motif", "Fraude"]
    said = CliRunner().invoke(commandes, arguments)
    assert (said.exit_code, said.exception) == (0, None)
    assert "Procès-verbal rectificatif n° S1-PV2." in said.output.replace("\u00a0", " ")


# --- killed --------------------------------------------------------------------------------------

# Dies at the nth call that touches the disk, without a word, as a killed process would.
CHILD = """
import json, os, sys
from pathlib import Path
root, orders, point = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
from batch import transaction
calls = 0
def deadly(function):
    def wrapped(*args, **kwargs):
        global calls
        calls += 1
        if calls == point:
            os._exit(137)
        return function(*args, **kwargs)
    return wrapped
for name in ("open", "replace", "unlink", "mkdir", "rmdir", "fsync", "chmod"):
    setattr(os, name, deadly(getattr(os, name)))
if orders.is_dir():
    told = json.loads((orders / "ordres.json").read_text(encoding="utf-8"))
    writes = {name: (orders / str(rank)).read_bytes() for rank, name in enumerate(told["noms"])}
    line = told["journal"]
    transaction.commit(root, writes, told["retraits"], lambda changed: line, told["cedent"])
else:
    transaction.recover(root)
print(calls)
"""


def run_child(root: Path, orders: Path | str, point: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHILD, root, orders, str(point)],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(transaction.__file__).parent.parent,
    )


def seen(root: Path) -> dict[str, bytes]:
    """What a person finds: everything but the place where a transaction is prepared."""
    places = (".jury/transaction/", ".jury/brouillons/")
    return {n: one for n, one in tree(root).items() if not n.startswith(places)}


def test_killed_anywhere_the_session_is_whole_before_or_whole_after(
    delibere: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = tmp_path / "ordres"
    orders.mkdir()
    # A removal, as when a candidate has left the session.
    stale = delibere.documents / "lettres" / "C0 PARTI.docx"
    stale.write_bytes(b"ancienne lettre")
    real = transaction.commit

    def overheard(
        root: Path, writes: Any, removals: Any = (), journal: Any = None, yielding: Any = ()
    ) -> list[str]:
        if journal is None:  # the report before it, what an état keeps after it
            return real(root, writes, removals, journal, yielding)
        for rank, content in enumerate(writes.values()):
            read = content if isinstance(content, bytes) else content.chemin.read_bytes()
            (orders / str(rank)).write_bytes(read)
        gone = [*removals, "documents/lettres/C0 PARTI.docx"]

        def line(changed: Mapping[str, str]) -> str:
            said: str = journal(changed)
            told = {"noms": [*writes], "retraits": gone, "journal": said, "cedent": [*yielding]}
            (orders / "ordres.json").write_text(json.dumps(told), encoding="utf-8")
            return said

        before.update(seen(root))
        return real(root, writes, gone, line, yielding)

    before: dict[str, bytes] = {}
    monkeypatch.setattr(transaction, "commit", overheard)
    projet = tmp_path / "projet"
    shutil.copytree(delibere.root, projet)
    treat(delibere)
    after = tree(delibere.root)
    shutil.copytree(delibere.controle, projet / "controle", dirs_exist_ok=True)
    assert seen(projet) == before

    whole = tmp_path / "entier"
    shutil.copytree(projet, whole)
    points = int(run_child(whole, orders, 0).stdout)
    assert seen(whole) == after
    assert points >= 60
    outcomes = {"avant": 0, "après": 0}
    for point in range(1, points + 1):
        root = tmp_path / "mort"
        shutil.copytree(projet, root)
        assert run_child(root, orders, point).returncode == 137
        committed = (root / ".jury" / "transaction" / "plan.json").is_file()
        if not committed and seen(root) != after:
            assert seen(root) == before, point
        if point % 5 == 0:
            # Killed again while it repairs.
            run_child(root, "reprise", 1 + point % 7)
        transaction.recover(root)
        found = tree(root)
        assert found in (before, after), point
        outcomes["avant" if found == before else "après"] += 1
        assert not committed or found == after, point
        shutil.rmtree(root)
    assert min(outcomes.values()) > 5


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows n'a pas SIGKILL")
@pytest.mark.parametrize("delay", [0.4, 0.8, 1.2, 1.6, 2.0])
def test_a_command_really_killed_is_made_good_by_the_next_one(
    delibere: Folder, tmp_path: Path, delay: float
) -> None:
    command = [sys.executable, "-m", "batch", "traiter", str(delibere.root)]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        cwd=Path(transaction.__file__).parent.parent, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    time.sleep(delay)
    process.kill()
    process.wait()
    folder = open_folder(delibere.root)
    assert results(folder)["session"]["etat"] in ("projet", "definitif")
    assert (folder.actes / "1.json").is_file() == (
        results(folder)["session"]["etat"] == "definitif"
    )
    treat(folder)
    assert results(folder)["session"]["proces_verbal"] == "S1-PV1"
    act = json.loads((folder.actes / "1.json").read_text(encoding="utf-8"))
    assert sorted(act["documents"]) == sorted(papers(folder))


def test_what_somebody_changed_after_the_crash_is_not_lost(
    delibere: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = delibere.root
    (root / "a.docx").write_bytes(b"projet")
    (root / "b.xlsx").write_bytes(b"projet")

    def killed(*arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(transaction, "_carry_through", killed)
        writes = {"a.docx": b"final", "b.xlsx": b"refait"}
        with pytest.raises(KeyboardInterrupt):
            transaction.commit(root, writes, (), None, yielding=["b.xlsx"])
    (root / "a.docx").write_bytes(b"relu par quelqu'un")
    (root / "b.xlsx").write_bytes(b"rempli par le jury")
    open_folder(root)
    assert (root / "a.docx").read_bytes() == b"final"
    assert (root / "a (retouché à la main).docx").read_bytes() == b"relu par quelqu'un"
    assert (root / "b.xlsx").read_bytes() == b"rempli par le jury"
    assert not (root / ".jury" / "transaction").exists()


def test_a_workbook_saved_while_the_batch_runs_is_not_written_over(
    delibere: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    from batch.documents import edition as documents

    real: Callable[..., Any] = documents.impressions

    def slow(*arguments: Any, **options: Any) -> Any:
        edit(delibere.deliberation, decide("C1/BC1", decide="Non validé", motif="Plagiat."))
        return real(*arguments, **options)

    monkeypatch.setattr(documents, "impressions", slow)
    before = papers(delibere)
    with pytest.raises(Empechement, match="a été enregistré pendant le traitement"):
        treat(delibere)
    assert papers(delibere) == before
