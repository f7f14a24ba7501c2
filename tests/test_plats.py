"""Flat tables: the same rows in three formats, nothing that a spreadsheet would run, no name."""

import csv
import io
import json
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest
from conftest import NOW, edit, flat, on_keyboard, rate, returned
from hypothesis import given
from hypothesis import strategies as st
from test_cli import jury
from test_deliberation import decide
from test_divergences import a_deux, settle_first  # noqa: F401  # a fixture
from test_libreoffice import SOFFICE, needs_libreoffice

from batch import chaine, data, demonstration
from batch.anomalies import Empechement
from batch.chaine import plats
from batch.classeurs import plats as classeur
from batch.exports.plats import as_csv, as_json, decimal, defused
from batch.folder import Folder
from batch.plats import tables
from batch.plats.schema import json_schema
from batch.plats.tables import Colonne, Plat, Table

Rows = dict[str, list[dict[str, Any]]]
TITRES = {t.nom: {c.titre: c.nom for c in t.colonnes} for t in tables.load()}


def made(*folders: Folder, sortie: Path | None = None, **options: Any) -> Path:
    place = sortie or folders[0].exports
    plats.export(folders, place, NOW, **options)
    return place


def in_json(place: Path, suffix: str = "") -> Rows:
    content = json.loads((place / f"plats{suffix}.json").read_text(encoding="utf-8"))
    schema = json.loads((data.SCHEMAS / "plats.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(content)) == []
    rows: Rows = content["tables"]
    return rows


def in_csv(place: Path) -> Rows:
    found: Rows = {}
    for nom, titres in TITRES.items():
        raw = (place / f"{nom}.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        text = raw.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
        assert text.count("\r\n") >= len(rows)
        names = [titres[titre] for titre in rows[0]]
        found[nom] = [dict(zip(names, row, strict=True)) for row in rows[1:]]
    return found


def in_xlsx(path: Path) -> Rows:
    workbook = openpyxl.load_workbook(path)
    found: Rows = {}
    for table in tables.load():
        sheet = workbook[table.feuille]
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
        head, *rows = sheet.iter_rows(values_only=True)
        names = [TITRES[table.nom][str(titre)] for titre in head]
        found[table.nom] = [dict(zip(names, row, strict=True)) for row in rows]
    return found


def as_in_csv(valeur: Any, colonne: Colonne) -> str:
    """What the JSON says, as a French spreadsheet is given it."""
    if valeur is None:
        return ""
    match colonne.type:
        case "code":
            return colonne.valeurs[valeur]
        case "date":
            return f"{date.fromisoformat(valeur):%d/%m/%Y}"
        case "nombre":
            return str(valeur).replace(".", ",")
        case "oui_non":
            return "oui" if valeur else "non"
        case _:
            return defused(str(valeur))


def as_in_xlsx(valeur: Any, colonne: Colonne) -> Any:
    if valeur is None:
        return None
    match colonne.type:
        case "date":
            return datetime.fromisoformat(valeur)
        case "entier":
            return valeur
        case "nombre":
            return float(valeur)
        case "texte":
            return valeur
        case _:
            return as_in_csv(valeur, colonne)


def compare(place: Path) -> Rows:
    """The three formats, read back: the same tables, rows and values."""
    said, typed, sheets = in_json(place), in_csv(place), in_xlsx(place / "plats.xlsx")
    for table in tables.load():
        assert len(said[table.nom]) == len(typed[table.nom]) == len(sheets[table.nom])
        for row, line, cells in zip(
            said[table.nom], typed[table.nom], sheets[table.nom], strict=True
        ):
            for colonne in table.colonnes:
                value = row[colonne.nom]
                assert line[colonne.nom] == as_in_csv(value, colonne)
                assert cells[colonne.nom] == as_in_xlsx(value, colonne)
    return said


# --- what they say ------------------------------------------------------------------------------


def test_a_closed_session_says_the_same_in_every_format(
    decidee: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["appreciations"] |= {"C1": {"E1": ["Non acquis", "Rien de remis ;\nà revoir."]}}
    histoire["decisions"] = {"C1/BC1": ["Non validé", "Le jury a entendu le candidat."]}
    folder = decidee()
    said = compare(made(folder))
    assert {nom: len(rows) for nom, rows in said.items()} == {
        "sessions": 1, "candidats": 2, "blocs": 6, "decisions": 6, "resultats": 154,
        "appreciations": 96,
    }  # fmt: skip
    assert {(r["etat"], r["proces_verbal"]) for rows in said.values() for r in rows} == {
        ("definitif", "S1-PV1")
    }
    assert said["sessions"][0]["date_decision"] == "2023-06-22"
    first = said["decisions"][0]
    assert (first["propose"], first["decide"], first["ecart"], first["motif"]) == (
        "valide", "non_valide", True, "Le jury a entendu le candidat.",
    )  # fmt: skip
    (failed,) = (r for r in said["appreciations"] if r["niveau"] == "NA")
    assert {k: failed[k] for k in ("candidat", "evaluateur", "critere", "appreciation")} == {
        "candidat": "C1", "evaluateur": "E1", "critere": "E1", "appreciation": "Non acquis",
    }  # fmt: skip
    # The cell is where the evaluator typed it.
    sheet = openpyxl.load_workbook(folder.root / failed["fichier"])[failed["feuille"]]
    assert sheet[failed["cellule"]].value == "Non acquis"
    assert failed["commentaire"] == "Rien de remis ;\nà revoir."


def test_what_is_missing_is_empty_and_said(dossier: Folder) -> None:
    returned(dossier, "BC3").unlink()
    edit(returned(dossier), rate("E1", None))
    result = plats.export([dossier], dossier.exports, NOW)
    said = compare(dossier.exports)
    assert {(r["etat"], r["proces_verbal"]) for rows in said.values() for r in rows} == {
        ("projet", None)
    }
    missing = [r for r in said["appreciations"] if r["saisie"] == "manquante"]
    assert {(r["candidat"], r["partie"]) for r in missing} == {
        ("C1", "BC1"), ("C1", "BC3"), ("C2", "BC3"),
    }  # fmt: skip
    assert result.manquantes == len(missing) == said["sessions"][0]["manquantes"]
    for row in missing:
        assert {row[k] for k in ("appreciation", "niveau", "note", "fichier", "cellule")} == {None}
    assert {r["decide"] for r in said["decisions"]} == {None}
    assert {r["ecart"] for r in said["decisions"]} == {None}
    assert {r["certification_decidee"] for r in said["candidats"]} == {None}


def test_everything_decided_is_a_projet_until_its_minutes_are_made(
    dossier: Folder, histoire: dict[str, Any]
) -> None:
    chaine.treat(dossier, NOW)
    demonstration.deliberate(dossier, histoire)
    (own,) = in_json(made(dossier))["sessions"]
    assert (own["etat"], own["proces_verbal"], own["date_decision"]) == ("projet", None, None)


def test_the_jury_s_word_is_a_row_of_its_own(a_deux: Folder) -> None:  # noqa: F811
    chaine.treat(a_deux, NOW)
    settle_first(a_deux, "Non acquis", motif="Le support est incomplet.")
    rows = compare(made(a_deux))["appreciations"]
    assert Counter(row["saisie"] for row in rows) == {"lue": 192, "arbitree": 1}
    (own,) = (row for row in rows if row["saisie"] == "arbitree")
    assert (own["ligne"], own["evaluateur"], own["niveau"]) == ("E3", None, "NA")
    assert (own["fichier"], own["feuille"]) == ("deliberation.xlsx", "Divergences")


@pytest.mark.parametrize("certification", demonstration.known())
def test_every_rating_that_was_read_is_there_once(certification: str, tmp_path: Path) -> None:
    root = Path(shutil.copytree(data.SAMPLES / certification, tmp_path / "session"))
    examen = chaine.examine(Folder(root))
    rows = compare(made(Folder(root)))["appreciations"]
    keys = [(r["candidat"], r["evaluateur"], r["ligne"]) for r in rows]
    assert len(set(keys)) == len(keys)
    read = {
        (one.candidat, one.evaluateur, one.ligne)
        for own in examen.controle.evaluations.appreciations.values()
        for one in own
    }
    told = {key for key, r in zip(keys, rows, strict=True) if r["saisie"] == "lue"}
    assert told <= read
    # What is left out was said of somebody who was not there.
    absent = {
        candidat
        for candidat, _, _ in read - told
        if examen.seance.session.incidents_of(candidat)
        or examen.controle.evaluations.absences.get(candidat)
    }
    assert {candidat for candidat, _, _ in read - told} == absent
    assert not [r for r in rows if r["saisie"] == "manquante" and r["niveau"]]


def test_several_sessions_stand_in_the_same_tables(
    decidee: Callable[..., Folder], histoire: dict[str, Any], tmp_path: Path
) -> None:
    first = decidee()
    second = decidee(nom="autre", session={**histoire["session"], "id": "S2"}, cle="cd" * 32)
    said = compare(made(first, second, sortie=tmp_path / "ensemble"))
    assert [row["session"] for row in said["sessions"]] == ["S1", "S2"]
    assert Counter(row["session"] for row in said["blocs"]) == {"S1": 6, "S2": 6}
    with pytest.raises(Empechement, match="S1 est donnée plusieurs fois"):
        plats.export([first, first], tmp_path, NOW)


def test_a_session_that_no_longer_says_what_its_minutes_do_is_refused(
    decidee: Callable[..., Folder],
) -> None:
    folder = decidee()
    edit(folder.deliberation, decide("C1/BC2", decide="Non validé", motif="Erreur de report."))
    with pytest.raises(Empechement, match="ne dit plus ce que dit son procès-verbal"):
        made(folder)
    assert not folder.exports.exists()


def test_the_same_sessions_give_the_same_bytes(dossier: Folder, tmp_path: Path) -> None:
    first = made(dossier)
    before = {path.name: path.read_bytes() for path in first.iterdir()}
    again = plats.export([dossier], tmp_path / "b", NOW.replace(year=2030, second=7))
    assert {path.name: path.read_bytes() for path in (tmp_path / "b").iterdir()} == before
    assert sorted(again.fichiers) == sorted(before)
    assert plats.export([dossier], first, NOW).ecrits == ()
    logged = dossier.journal.read_text(encoding="utf-8")
    assert logged.count('"quoi": "plats"') == 2
    assert "DURAND" not in logged


# --- nobody's name ------------------------------------------------------------------------------


def test_the_anonymous_export_names_nobody(
    decidee: Callable[..., Folder], histoire: dict[str, Any]
) -> None:
    histoire["candidats"][0] |= {"courriel": "lea@exemple.fr", "nom_usage": "ROUX"}
    histoire["appreciations"] |= {"C1": {"E1": ["Non acquis", "Madame ROUX n’a rien remis."]}}
    histoire["decisions"] = {"C1/BC1": ["Non validé", "Mme ROUX entendue."]}
    histoire["preconisations"] = {"C1/BC1": "Madame ROUX reprendra E1."}
    folder = decidee()
    place = made(folder, anonyme=True)
    names = ("DURAND", "ROUX", "Léa", "PETIT", "Hugo", "FABRE", "Hélène", "1996", "14/03", "lea@",
             "Lyon")  # fmt: skip
    sheets = openpyxl.load_workbook(place / "plats-anonymes.xlsx")
    texts = {
        "xlsx": " ".join(
            str(cell) for s in sheets for row in s.iter_rows(values_only=True) for cell in row
        )
    } | {p.name: p.read_text(encoding="utf-8") for p in place.iterdir() if p.suffix != ".xlsx"}
    for nom, text in texts.items():
        assert not [name for name in names if name in text], nom
    rows = in_json(place, "-anonymes")
    assert [row["candidat"] for row in rows["candidats"]] == ["C1", "C2"]
    assert {row["cellule"] for row in rows["appreciations"]} != {None}
    # Nobody takes one for the other, and no word of the dictionary is about what was left out.
    assert {p.name for p in place.iterdir()}.isdisjoint({"plats.xlsx", "candidats.csv"})
    assert "evaluateur_nom" not in texts["dictionnaire-anonymes.csv"]


# --- nothing that runs --------------------------------------------------------------------------

ACTIVE = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "＝1+1",
          "＋1", "－1", "＠1", "'=1+1", "''-1", "=HYPERLINK(\"http://x\";\"y\")",
          "=cmd|' /C calc'!A0", "\u00a0=1+1"]  # fmt: skip
HARMLESS = ["DURAND", "d’Argent", "'t Hooft", "S-7", "12,5", "a=1", "", " Léa", "«\u00a0= »"]


@pytest.mark.parametrize("text", ACTIVE)
def test_what_a_spreadsheet_would_run_is_defused(text: str) -> None:
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_it_would_not_run_is_left_alone(text: str) -> None:
    assert defused(text) == text


def restored(text: str) -> str:
    """As the dictionary says: an apostrophe before what would run is ours."""
    return text[1:] if text.startswith("'") and defused(text[1:]) == text else text


@given(st.text(st.sampled_from("'=+-@ \t＝aé;\"\n"), max_size=6) | st.text(max_size=20))
def test_an_apostrophe_that_was_added_can_be_told_and_taken_away(text: str) -> None:
    assert restored(defused(text)) == text


def test_the_dictionary_says_how_to_take_it_away() -> None:
    rows = tables.dictionary(tables.load()).lignes
    (own,) = (r for r in rows if (r["table"], r["colonne"]) == ("types", "texte"))
    assert "reçoit une apostrophe devant" in on_keyboard(str(own["sens"]))


ONE = Table(
    "essai", "Essai", "",
    tuple(
        Colonne(nom, nom, "", type_, {}, "", personnel=False, largeur=20)
        for nom, type_ in (("texte", "texte"), ("note", "nombre"), ("jour", "date"))
    ),
)  # fmt: skip


def essai(*texts: str) -> Plat:
    day = date(2023, 6, 15)
    marks = [Fraction(25, 2), Fraction(-1), Fraction(0)]
    return Plat(
        ONE,
        [
            {"texte": text, "note": marks[n % 3], "jour": day if n % 2 else None}
            for n, text in enumerate(texts)
        ],
    )


def in_calc(content: bytes, place: Path) -> list[list[Any]]:
    """The CSV as a French user opens it in Calc, formulas allowed: each cell, and its type."""
    assert SOFFICE, "LibreOffice manque (obligatoire en CI)"
    place.mkdir()
    source = place / "essai.csv"
    source.write_bytes(content)
    subprocess.run(
        [
            SOFFICE, "--headless", f"-env:UserInstallation={(place / 'profil').as_uri()}",
            # Semicolon, quote, UTF-8, from row 1, French, numbers detected, formulas evaluated.
            "--infilter=CSV:59,34,76,1,,1036,false,true,false,false,false,-1,true",
            "--convert-to", "xlsx", "--outdir", place, source,
        ],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    (target,) = place.glob("*.xlsx")
    sheet = openpyxl.load_workbook(target).worksheets[0]
    return [[(cell.data_type, cell.value) for cell in row] for row in sheet.iter_rows()]


@needs_libreoffice
def test_calc_opens_the_csv_as_a_table_and_runs_nothing(tmp_path: Path) -> None:
    words = [text for text in HARMLESS if text != "12,5"]  # a number, wherever it stands
    texts = [*ACTIVE, *words, "-dit Léo", "a;b", 'dit "Léo"', "deux\nlignes"]
    head, *rows = in_calc(as_csv(essai(*texts)), tmp_path / "calc")
    assert [value for _, value in head] == ["texte", "note", "jour"]
    assert not [cell for row in rows for cell in row if cell[0] == "f"]
    shown = [row[0][1] or "" for row in rows]
    # A line break that begins or ends a cell is shown otherwise: its other signs are there.
    told = [re.sub(r"[\r\n]", "", text) for text in map(defused, texts)]
    assert [re.sub(r"[\r\n]|_x000D_", "", str(one)) for one in shown] == told
    assert [row[1] for row in rows[:3]] == [("n", 12.5), ("n", -1), ("n", 0)]
    assert rows[1][2] == ("d", datetime(2023, 6, 15))  # noqa: DTZ001


@needs_libreoffice
def test_calc_would_have_run_it(tmp_path: Path) -> None:
    """The test above would fail, were the text written as it is."""
    armed = as_csv(essai("=1+1")).replace(b"'=1+1", b"=1+1")
    _, row = in_calc(armed, tmp_path / "calc")
    assert row[0][0] in ("f", "n")


def test_the_workbook_takes_every_text_as_text() -> None:
    content = classeur.write([essai(*ACTIVE)], date(2023, 6, 15))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Essai"]
    assert {sheet.cell(row, 1).data_type for row in range(2, len(ACTIVE) + 2)} == {"s"}
    assert sheet["A2"].value == "=1+1"
    assert (sheet["B2"].value, sheet["B3"].value) == (12.5, -1)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("D2", f"A1:C{len(ACTIVE) + 1}")


def test_a_table_longer_than_a_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classeur, "LIGNES_MAX", 1)
    with pytest.raises(Empechement, match="a plus de lignes qu’une feuille"):
        classeur.write([essai("a", "b")], date(2023, 6, 15))


@pytest.mark.parametrize(
    ("mark", "written"),
    [(Fraction(25, 2), "12.5"), (Fraction(1, 10), "0.1"), (Fraction(12), "12"),
     (Fraction(-7, 4), "-1.75"), (Fraction(0), "0"), (Fraction(100), "100"),
     (Fraction(37, 3), "37/3")],
)  # fmt: skip
def test_a_mark_is_exact(mark: Fraction, written: str) -> None:
    assert decimal(mark) == written


def test_a_mark_has_its_comma_in_the_csv_and_no_float_in_the_json() -> None:
    assert b"\r\na;12,5;\r\nb;-1;15/06/2023\r\nc;0;\r\n" in as_csv(essai("a", "b", "c"))
    rows = as_json([essai("a", "b")], anonyme=False)["tables"]["essai"]
    assert [(row["note"], row["jour"]) for row in rows] == [("12.5", None), ("-1", "2023-06-15")]


# --- its columns --------------------------------------------------------------------------------


def test_the_committed_schema_is_what_the_columns_make() -> None:
    committed = json.loads((data.SCHEMAS / "plats.schema.json").read_text(encoding="utf-8"))
    assert committed == json_schema(), "Lancez : python -m batch.plats.schema"


def test_every_column_is_in_the_dictionary_of_each_format(dossier: Folder) -> None:
    place = made(dossier)
    expected = [(t.nom, c.nom) for t in tables.load() for c in t.colonnes]

    def without_types(pairs: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        return [pair for pair in pairs if pair[0] != "types"]

    said = json.loads((place / "plats.json").read_text(encoding="utf-8"))["dictionnaire"]
    assert without_types((row["table"], row["colonne"]) for row in said) == expected
    text = (place / "dictionnaire.csv").read_text(encoding="utf-8-sig")
    typed = list(csv.reader(io.StringIO(text), delimiter=";"))[1:]
    assert without_types((row[0], row[1]) for row in typed) == expected
    sheet = openpyxl.load_workbook(place / "plats.xlsx")["Dictionnaire"]
    cells = list(sheet.iter_rows(min_row=2, values_only=True))
    assert without_types((row[0], row[1]) for row in cells) == expected
    assert len(said) == len(typed) == len(cells)
    (state,) = (row for row in said if (row["table"], row["colonne"]) == ("blocs", "propose"))
    assert state["valeurs"].startswith("Validé (valide), Non validé (non_valide), Incomplet")


def test_what_is_never_empty_never_is(dossier: Folder) -> None:
    """The schema, which compels them, agrees; and a column that is not there would be told."""
    rows = in_json(made(dossier))
    for table in tables.load():
        for row in rows[table.nom]:
            assert list(row) == [colonne.nom for colonne in table.colonnes]
            assert not [c.nom for c in table.colonnes if row[c.nom] in (None, "") and not c.vide]


# --- the command --------------------------------------------------------------------------------


def test_the_command_says_what_it_made_and_of_what(dossier: Folder, tmp_path: Path) -> None:
    returned(dossier, "BC3").unlink()
    said = jury("exporter", "plats", dossier.root)
    assert (said.returncode, said.stderr) == (0, "")
    lines = said.stdout.replace(str(dossier.root), "S").splitlines()
    assert all(len(line) <= 80 for line in lines)
    text = flat(said.stdout)
    assert "sessions (1), candidats (2), blocs (6), décisions (6)" in text
    assert "PROJET : le procès-verbal n’est pas établi (S1)." in text
    assert "appréciations manquent : leur case est vide, jamais zéro." in text
    assert "9 fichiers écrits sur 9" in text
    assert "données personnelles" in text
    assert not (dossier.exports / ".jury").exists()
    place = tmp_path / "ailleurs"
    options = ("--format", "csv", "--format", "json", "--sortie", place, "--anonyme")
    said = jury("exporter", "plats", dossier.root, *options)
    assert (said.returncode, "données personnelles" in said.stdout) == (0, False)
    assert {path.suffix for path in place.iterdir()} == {".csv", ".json"}
    said = jury("exporter", "plats", dossier.root, dossier.root)
    assert said.returncode == 2
    assert "dites où mettre leurs tables, avec --sortie" in flat(said.stderr)
