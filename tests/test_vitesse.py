"""The benchmark measures real sessions; no time is ever a test."""

import io
from pathlib import Path

import openpyxl
import pytest
from vitesse import retours
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
