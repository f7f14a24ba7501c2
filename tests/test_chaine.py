"""The batch as a whole: what it writes, what it leaves alone, what stops it and what does not."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from conftest import NOW, contents, returned, sentences

from batch import chaine, data, demonstration
from batch.folder import Folder
from batch.referentiel import lecture


def tree(folder: Folder) -> dict[str, bytes]:
    return contents(folder.root, "journal.jsonl")


def results(folder: Folder) -> dict[str, Any]:
    content = json.loads(folder.resultats.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def test_the_batch_leaves_what_the_contract_names(dossier: Folder) -> None:
    chaine.treat(dossier, NOW)
    written = set(tree(dossier))
    assert {
        "session.xlsx",
        "reglement.yaml",
        "deliberation.xlsx",
        "resultats.json",
        "resultats.xlsx",
        "controle/rapport.xlsx",
        "documents/proces-verbal.docx",
    } <= written
    assert len([name for name in written if name.startswith("documents/lettres/")]) == 2
    journal = (dossier.root / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["quoi"] for line in journal] == ["grilles", "traiter"]


def test_running_again_changes_nothing(dossier: Folder) -> None:
    chaine.treat(dossier, NOW)
    before = tree(dossier)
    again = chaine.treat(dossier, NOW.replace(year=2030))
    assert again.ecrits == []
    assert tree(dossier) == before


def test_the_results_follow_their_published_schema(dossier: Folder) -> None:
    schema = json.loads((data.SCHEMAS / "resultats.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    returned(dossier, "BC2").unlink()
    chaine.treat(dossier, NOW)
    jsonschema.validate(results(dossier), schema)


def test_missing_data_never_gives_an_outcome(dossier: Folder) -> None:
    returned(dossier, "BC2").unlink()
    chaine.treat(dossier, NOW)
    candidate = results(dossier)["candidats"][0]
    assert candidate["blocs"]["BC2"]["propose"] == "incomplet"
    assert candidate["competences"]["C10"] == {"resultat": "non_evaluee"}
    assert candidate["certification"]["propose"] == "en_attente"


def test_one_bad_file_does_not_stop_the_others(dossier: Folder) -> None:
    (dossier.retours / "cassé.xlsx").write_bytes(b"PK\x03\x04 et puis rien")
    (dossier.retours / "vide.xlsx").write_bytes(b"")
    (dossier.retours / "ancien.xls").write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600))
    (dossier.retours / "scan.xlsx").write_bytes(b"%PDF-1.7 ...")
    (dossier.retours / "~$grille.xlsx").write_bytes(b"\x05Camille")
    (dossier.retours / "._grille.xlsx").write_bytes(b"\x00\x05\x16\x07")
    result = chaine.treat(dossier, NOW)
    assert sentences(result.anomalies) == [
        "FIC-002 retours/vide.xlsx | retours/vide.xlsx est vide (0 octet).",
        "FIC-014 retours/scan.xlsx | retours/scan.xlsx est un PDF : aucune appréciation ne peut y "
        "être lue avec certitude.",
        "FIC-019 retours/ancien.xls | retours/ancien.xls est tronqué ou abîmé : c'est un ancien "
        "format d'Office, tronqué.",
        "FIC-019 retours/cassé.xlsx | retours/cassé.xlsx est tronqué ou abîmé : son sommaire est "
        "illisible, la fin manque sans doute.",
        "FIC-001 retours/._grille.xlsx | ._grille.xlsx n’a pas été lu : c'est un fichier de "
        "service du système.",
        "FIC-001 retours/~$grille.xlsx | ~$grille.xlsx n’a pas été lu : c'est la trace d'un "
        "classeur resté ouvert chez quelqu'un.",
    ]
    assert dict(result.controle.bilan.comptes["fichiers"]) == {
        "accepté": 3,
        "refusé": 4,
        "ignoré": 2,
    }
    assert [d.resultat.certification.value for d in result.seance.dossiers] == ["delivree"] * 2


def test_an_empty_drop_zone_is_said_in_one_sentence(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue(histoire, rempli=False)
    said = sentences(chaine.control(folder, NOW).anomalies)
    assert "FIC-007 retours/ | Le dossier retours/ ne contient aucune grille." in said


def test_an_absent_candidate_is_neither_failed_nor_waited_for(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["absences"] = {"C1": "toutes"}
    histoire["candidats"][1]["presence"] = "Excusé"
    folder = joue(histoire)
    for path in folder.retours.rglob("*.xlsx"):
        if "BC3" in path.name:
            path.unlink()
    chaine.treat(folder, NOW)
    assert [
        (c["presence"], c["certification"]["propose"], {b["propose"] for b in c["blocs"].values()})
        for c in results(folder)["candidats"]
    ] == [
        ("present", "en_attente", {"non_presente", "incomplet"}),
        ("excuse", "excuse", {"non_presente"}),
    ]


def test_a_letter_retouched_by_hand_is_set_aside_when_it_must_change(
    dossier: Folder, histoire: dict[str, Any]
) -> None:
    chaine.treat(dossier, NOW)
    letter = next((dossier.documents / "lettres").glob("*.docx"))
    letter.write_bytes(b"retouche")
    assert chaine.treat(dossier, NOW).ecrits == []
    assert letter.read_bytes() == b"retouche"
    demonstration.deliberate(dossier, histoire)
    chaine.treat(dossier, NOW)
    aside = letter.with_name(f"{letter.stem} (retouché à la main).docx")
    assert aside.read_bytes() == b"retouche"
    assert letter.read_bytes() != b"retouche"


def test_the_letter_of_somebody_who_left_the_session_does_not_stay(
    dossier: Folder, histoire: dict[str, Any], joue: Callable[..., Folder]
) -> None:
    chaine.treat(dossier, NOW)
    histoire["candidats"] = histoire["candidats"][:1]
    smaller = joue(histoire, nom="plus petite")
    shutil.copy(smaller.session, dossier.session)
    chaine.treat(dossier, NOW)
    assert len(list((dossier.documents / "lettres").glob("*.docx"))) == 1


@pytest.mark.parametrize("identifiant", lecture.known())
def test_a_new_session_is_ready_to_be_filled_in(tmp_path: Path, identifiant: str) -> None:
    from batch.reglement.depart import starting_text

    referentiel = lecture.load(identifiant)
    folder = Folder(tmp_path / "neuve")
    chaine.create(folder, referentiel, starting_text(referentiel), NOW)
    assert sorted(tree(folder)) == ["reglement.yaml", "session.xlsx"]
    assert folder.retours.is_dir()


def test_ascencia_with_a_mapping_works_as_blocs_do(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    halves = {"BC1": range(1, 9), "BC2": range(9, 16)}
    mapping = "\n".join(
        f"  {code}: {{intitule: Bloc {code}, activites: [{', '.join(f'A{n}' for n in own)}]}}"
        for code, own in halves.items()
    )
    story = {**histoire, "certification": "ascencia-cmc"}
    folder = joue(story, regles=lambda text: f"{text}\nrattachement:\n{mapping}\n")
    result = chaine.treat(folder, NOW)
    assert [a.code.numero for a in result.anomalies if a.code.numero.startswith("DOC")] == []
    candidate = results(folder)["candidats"][0]
    assert {code: bloc["propose"] for code, bloc in candidate["blocs"].items()} == {
        "BC1": "valide",
        "BC2": "valide",
    }
    assert candidate["certification"]["propose"] == "delivree"


def test_without_a_mapping_the_program_says_why_there_is_no_bloc_certificate(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    folder = joue({**histoire, "certification": "ascencia-cmc"})
    result = chaine.treat(folder, NOW)
    assert (
        "DOC-001 reglement.yaml | Aucun certificat de bloc ne peut être établi : Chargé(e) de "
        "marketing et communication n’est pas découpé en blocs par son référentiel, et le "
        "règlement ne donne pas de rattachement." in sentences(result.anomalies)
    )
    candidate = results(folder)["candidats"][0]
    assert candidate["blocs"] == {}
    assert candidate["certification"]["propose"] == "delivree"
    assert (len(candidate["activites"]), len(candidate["epreuves"])) == (15, 17)


def test_a_jury_after_the_registration_is_doubtful(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["session"]["date_jury"] = "05/01/2024"
    said = sentences(chaine.gather(joue(histoire, rempli=False)).anomalies)
    assert said == [
        "DOC-002 session.xlsx, feuille « Session » | L’enregistrement de la certification au RNCP "
        "court du 4 janvier 2019 au 4 janvier 2024 ; le jury se réunit le 5 janvier 2024."
    ]
    histoire["session"]["date_jury"] = "04/01/2024"
    assert chaine.gather(joue(histoire, rempli=False, nom="la veille")).anomalies == ()


def test_marks_of_a_group_do_not_go_to_a_member_who_did_not_come(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    story = {**histoire, "certification": "chef-projet-mc", "absences": {"C2": "toutes"}}
    story["appreciations"] = {"defaut": "Oui"}
    for candidat in story["candidats"]:
        candidat["groupe"] = "G1"
    story["candidats"][1]["presence"] = "Absent"
    folder = joue(story)
    chaine.treat(folder, NOW)
    present, absent = results(folder)["candidats"]
    assert present["certification"]["propose"] == "delivree"
    assert absent["certification"]["propose"] == "absent"
    assert {e["resultat"] for e in absent["epreuves"].values()} == {"non_presente"}


def test_ratings_of_somebody_said_to_be_away_are_a_contradiction(
    joue: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["candidats"][0]["presence"] = "Excusé"
    said = sentences(chaine.treat(joue(histoire), NOW).anomalies)
    assert len([one for one in said if one.startswith("GRI-210")]) == 3
    assert "Léa DURAND est noté absent, mais 11 appréciations sont données ici." in said[0]


def test_a_house_referentiel_runs_from_its_workbook_to_its_grids(
    tmp_path: Path, histoire: dict[str, Any]
) -> None:
    """Exported, renamed, imported: then a session as any other, with its own frozen copy."""
    from dataclasses import replace

    from batch.classeurs import session as classeur_session
    from batch.referentiel.ecriture import as_yaml
    from batch.reglement.depart import starting_text

    for shipped in lecture.known():
        own = replace(lecture.load(shipped), id=f"maison-{shipped}", intitule='La "nôtre" & co')
        source = tmp_path / f"{own.id}.yaml"
        source.write_text(as_yaml(own), encoding="utf-8")
        read, faults = lecture.read(source)
        assert read is not None, faults
        folder = Folder(tmp_path / own.id)
        chaine.create(folder, read, starting_text(read), NOW)
        typed = {nom: histoire.get(nom, []) for nom in classeur_session.LISTES}
        content = classeur_session.write(read, NOW.date(), histoire["session"], typed)
        folder.session.write_bytes(content)
        emission = chaine.issue_grids(folder, NOW)
        assert not [a for a in emission.anomalies if a.bloquante], sentences(emission.anomalies)
        demonstration.fill(folder, histoire)
        source.unlink()
        result = chaine.treat(folder, NOW)
        outcomes = [d.resultat.certification.value for d in result.seance.dossiers]
        assert outcomes == ["delivree", "delivree"], shipped
