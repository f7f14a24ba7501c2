"""The benchmark measures real sessions; no time is ever a test."""

import io
from pathlib import Path

import openpyxl
import pytest
from vitesse import etapes, mesure, retours, tableau
from vitesse.etapes import grilles
from vitesse.etapes.etape import NAIF, NOUS, empreinte
from vitesse.session import Etat, Specification, copy, ready

from batch import chaine, fichiers
from batch.classeurs import cellules
from batch.classeurs.grille import forme

PETITE = Specification(3, certification="cqp-rpo")
PROPRE = Specification(3, fautes=False, certification="cqp-rpo")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vitesse")


def test_a_session_without_a_fault_closes(cache: Path, tmp_path: Path) -> None:
    folder = copy(PROPRE, Etat.CLOSE, tmp_path / "session", cache)
    examen = chaine.examine(folder)
    assert not examen.anomalies
    assert len(list((folder.documents / "lettres").iterdir())) == 3


def test_every_way_of_being_at_fault_is_told(cache: Path, tmp_path: Path) -> None:
    """Two hundred and forty workbooks would be needed for one in twenty: here, all of them."""
    folder = copy(PETITE, Etat.EMISE, tmp_path / "session", cache)
    contexte = chaine.gather(folder)
    for faute in retours.FAUTES:
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(retours, "UNE_FAUTIVE_SUR", 1)
            monkeypatch.setattr(retours, "FAUTES", (faute,))
            for name, content in retours.filled(contexte, folder.grilles, 1, fautes=True):
                fichiers.write(folder.retours / name, content)
        assert chaine.read_returns(contexte).anomalies, faute.nom


def test_a_stamped_text_is_one_that_openpyxl_reads(cache: Path) -> None:
    folder = ready(PROPRE, Etat.EMISE, cache)
    cahier = chaine.gather(folder).cahiers[0]
    content = (folder.grilles / fichiers.safe_name(forme.file_name(cahier))).read_bytes()
    sheet = openpyxl.load_workbook(io.BytesIO(content)).sheetnames[1]
    typed = {"D12": "Acquis", "F12": " deux\nlignes & <une> balise "}
    stamped = retours.stamp(content, {sheet: typed})
    theirs = openpyxl.load_workbook(io.BytesIO(stamped))[sheet]
    ours, _ = cellules.read("g.xlsx", stamped)
    assert ours is not None
    own = {cell.adresse: cell.valeur for cell in ours.feuilles[1].cellules.values()}
    for address, text in typed.items():
        assert theirs[address].value == own[address] == text


# LibreOffice's stage takes its time, and test_pdf.py compares what it makes.
COMPAREES = [nom for nom in etapes.NOMS if nom != "pdf" and NAIF in etapes.load(nom).facons]


@pytest.mark.parametrize("nom", COMPAREES)
def test_the_plain_way_and_ours_do_the_same(nom: str, cache: Path, tmp_path: Path) -> None:
    etape = etapes.load(nom)
    wanted = PETITE if etape.fautes else PROPRE
    made = {}
    for facon in (NAIF, NOUS):
        folder = mesure.laid_out(etape, wanted, tmp_path / facon, cache)
        result = etape.facons[facon](folder)()
        assert etape.temoin is not None
        pieces = list(etape.temoin(folder, result))
        assert pieces
        made[facon] = empreinte(pieces)
    assert made[NAIF] == made[NOUS]


def test_the_plain_grids_look_and_behave_like_ours(cache: Path, tmp_path: Path) -> None:
    made = []
    for facon in (NAIF, NOUS):
        folder = mesure.laid_out(grilles.ETAPE, PROPRE, tmp_path / facon, cache)
        grilles.ETAPE.facons[facon](folder)()
        made.append(sorted(grilles.regles(folder)))
    assert made[0] == made[1]
    assert len(made[0]) > 3000


def test_the_table_says_what_was_measured() -> None:
    tours = [
        {NAIF: mesure.Mesure(NAIF, 20 * n, 90, "x"), NOUS: mesure.Mesure(NOUS, n, 50, "x")}
        for n in (1.0, 2.0, 3.0)
    ]
    own = tableau.Serie(etapes.load("lecture"), 10, tours)
    ten_times = [{NOUS: mesure.Mesure(NOUS, 20.0, 50, None)}]
    more = tableau.Serie(etapes.load("lecture"), 100, ten_times)
    row = "| Grilles lues | 10 | 40,0 | 2,00 | – | 20,0 × (20,0–20,0) | – | 50 | égal |"
    assert row in tableau.table([own])
    assert tableau.growth([own, more]).endswith("de 10 à 100 candidats : exposant 1,00")
