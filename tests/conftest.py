"""What the tests share: a small session, played for real, and a pen to draw or spoil sheets."""

import io
import re
import shutil
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import settings
from navigateur import chrome  # noqa: F401  # a fixture of every test

from batch import chaine, data, demonstration
from batch.chaine import Examen
from batch.classeurs import complet, direct
from batch.classeurs.grille import forme as f
from batch.classeurs.lexique import Inhabituel
from batch.classeurs.paquet import Paquet
from batch.folder import Folder
from batch.reception.refus import Refus

# A time is never a test: a busy machine is no fault.
settings.register_profile("sans hâte", deadline=None)
settings.load_profile("sans hâte")

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

HISTOIRE: dict[str, Any] = {
    "certification": "cqp-rpo",
    "cle": "ab" * 32,
    "session": {
        "id": "S1",
        "date_jury": "15/06/2023",
        "date_decision": "22/06/2023",
        "lieu": "Paris",
        "date_limite": "08/06/2023",
        "contact": "Camille Renard",
        "contact_courriel": "contact@exemple.fr",
        "ville": "Paris",
    },
    "candidats": [
        {
            "id": "C1", "nom_naissance": "DURAND", "prenoms": "Léa", "sexe": "F",
            "date_naissance": "14/03/1996", "commune_naissance": "Lyon (69)",
            "pays_naissance": "France", "voie": "Formation continue",
            "adresse": "3, rue du Test, 69001 Lyon",
        },
        {
            "id": "C2", "nom_naissance": "PETIT", "prenoms": "Hugo", "sexe": "M",
            "date_naissance": "02/09/1991", "commune_naissance": "Nantes (44)",
            "pays_naissance": "France", "voie": "VAE",
            "adresse": "4, rue du Test, 44000 Nantes",
        },
    ],
    "evaluateurs": [
        {"id": "E1", "nom": "FABRE", "prenom": "Hélène", "courriel": "helene@exemple.fr"},
    ],
    "affectations": [{"evaluateur": "E1"}],
    "jury": [
        {
            "nom": nom, "prenom": "Alix", "fonction": "Direction", "qualite": qualite,
            "college": college, "externe": "oui", "preside": preside,
        }
        for nom, qualite, college, preside in (
            ("AUBERT", "Désigné par l’instance", "salarié", "oui"),
            ("VASSEUR", "Désigné par l’instance", "employeur", "non"),
            ("ROCHE", "Expert du métier", "salarié", "non"),
            ("LAMBERT", "Expert du métier", "employeur", "non"),
        )
    ],
    "appreciations": {"defaut": "Acquis"},
}  # fmt: skip


# A second évaluateur, for the stories that want one.
KLEIN = {"id": "E2", "nom": "KLEIN", "prenom": "Marc", "courriel": "marc@exemple.fr"}


def in_two(second: dict[str, str]) -> dict[str, Any]:
    """The small story with the last bloc rated by somebody else."""
    story = deepcopy(HISTOIRE)
    story["evaluateurs"].append(second)
    story["affectations"] = [
        {"evaluateur": "E1", "partie": "BC1"},
        {"evaluateur": "E1", "partie": "BC2"},
        {"evaluateur": "E2", "partie": "BC3"},
    ]
    return story


@pytest.fixture
def histoire() -> dict[str, Any]:
    """The story of the small session, to be changed at will."""
    return deepcopy(HISTOIRE)


def played(
    root: Path,
    story: dict[str, Any] = HISTOIRE,
    *,
    regles: Callable[[str], str] | None = None,
    rempli: bool = True,
) -> Folder:
    """A story laid down, its grids issued and, unless told otherwise, filled in.

    `regles`: what is changed of the règlement before the grids go out.
    """
    folder = Folder(root)
    demonstration.lay_down(folder, story)
    if regles is not None:
        text = folder.reglement.read_text(encoding="utf-8")
        folder.reglement.write_text(regles(text), encoding="utf-8")
    chaine.issue_grids(folder, NOW)
    if rempli:
        demonstration.fill(folder, story)
    return folder


@pytest.fixture
def joue(tmp_path: Path) -> Callable[..., Folder]:
    """Play a story, for this test alone."""

    def play(story: dict[str, Any], *, nom: str = "session", **options: Any) -> Folder:
        return played(tmp_path / nom, story, **options)

    return play


@pytest.fixture
def dossier(joue: Callable[..., Folder], histoire: dict[str, Any]) -> Folder:
    """The small session with its grids returned, everything acquired."""
    return joue(histoire)


@pytest.fixture
def registre(tmp_path: Path) -> Path:
    return tmp_path / "registre.sqlite"


@pytest.fixture
def decidee(
    joue: Callable[..., Folder], histoire: dict[str, Any], registre: Path
) -> Callable[..., Folder]:
    """A session with its final papers, numbered in the register."""

    def play(nom: str = "session", now: datetime = NOW, **changes: Any) -> Folder:
        story = {**histoire, **changes}
        folder = joue(story, nom=nom)
        chaine.treat(folder, now)
        demonstration.deliberate(folder, story)
        chaine.treat(folder, now, registre=registre)
        return folder

    return play


@pytest.fixture(scope="session")
def examine(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Examen]:
    """A sample session, decided, read once."""

    @cache
    def read(certification: str) -> Examen:
        root = tmp_path_factory.mktemp(certification) / "session"
        shutil.copytree(data.SAMPLES / certification, root)
        return chaine.examine(Folder(root))

    return read


def anew(**rubriques: str) -> Callable[[str], str]:
    """These rubrics of a règlement written anew."""

    def change(text: str) -> str:
        for nom, content in rubriques.items():
            text, found = re.subn(rf"(?ms)^{nom}:.*?(?=^\S)", f"{nom}: {content}\n", text)
            assert found == 1
        return text

    return change


def rewrite(folder: Folder, before: str, after: str) -> None:
    """What somebody does to the règlement of a session."""
    text = folder.reglement.read_text(encoding="utf-8")
    assert before in text
    folder.reglement.write_text(text.replace(before, after, 1), encoding="utf-8")


def edit(path: Path, change: Callable[[Any], None]) -> None:
    """What somebody does to a workbook in his own program: open, change, save."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    path.write_bytes(buffer.getvalue())


def returned(folder: Folder, partie: str = "BC1") -> Path:
    """The workbook that came back for this épreuve or bloc."""
    return next(path for path in folder.retours.rglob("*.xlsx") if partie in path.name)


def sheet_of(workbook: Any, sujet: str = "C1") -> Any:
    """The sheet of a grid on which this candidate, or group, is rated."""
    return next(sheet for sheet in workbook.worksheets if sheet.title.startswith(sujet))


def rate(
    lignes: str, note: Any, commentaire: str | None = None, sujet: str = "C1"
) -> Callable[[Any], None]:
    """What an évaluateur types on these rows of his grid: « E3 E5 »."""

    def change(workbook: Any) -> None:
        sheet = sheet_of(workbook, sujet)
        for ligne in lignes.split():
            row = row_of(sheet, ligne)
            sheet.cell(row, f.NOTE).value = note
            sheet.cell(row, f.COMMENTAIRE).value = commentaire

    return change


def row_of(sheet: Any, ligne: str) -> int:
    """The row of a critère on a grid's sheet, found as the reader does: by its tag."""
    for row in range(1, sheet.max_row + 1):
        if str(sheet.cell(row, 1).value).startswith(f"{ligne}~"):
            return row
    raise AssertionError(f"{ligne} n'est pas sur la feuille {sheet.title}")


def on_keyboard(text: str) -> str:
    """Spaces as they are typed: a test is written on a keyboard."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def flat(text: str) -> str:
    """What a terminal shows, on one line."""
    return " ".join(on_keyboard(text).split())


def contents(root: Path, *sauf: str) -> dict[str, bytes]:
    """Every file of a folder, by its name there; but those whose names start so."""
    return {
        name: path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not (name := path.relative_to(root).as_posix()).startswith(sauf)
    }


def sentences(anomalies: Any) -> list[str]:
    """The anomalies as the user reads them, one line each, spaces as typed on a keyboard."""
    return [on_keyboard(f"{a.code.numero} {a.lieu} | {a.message}") for a in anomalies]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Nothing in this program needs the network; « loopback » tests speak to this machine."""
    import socket

    connect = socket.socket.connect
    here = {"127.0.0.1", "::1"} if request.node.get_closest_marker("loopback") else set()

    def refuse(self: socket.socket, address: Any) -> None:
        if not (isinstance(address, tuple) and address[0] in here):
            raise AssertionError("a test tried to reach the network")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="session")
def autorite(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Who vouches for the tests' own mail server."""
    from poste import Autorite  # trustme and aiosmtpd, for the tests of mail only

    return Autorite.create(tmp_path_factory.mktemp("autorite"))


def declined(contenu: bytes) -> str | None:
    """Read both ways, which must say the same; why the direct one declined, if it did."""

    def both(reader: Any) -> Any:
        try:
            found = reader.read(Paquet(contenu)).feuilles
        except Refus as refus:
            return refus.code
        return [
            (one.nom, {place: (type(c.valeur), c) for place, c in one.cellules.items()})
            for one in found
        ]

    try:
        directly = both(direct)
    except Inhabituel as reason:
        return str(reason)
    assert directly == both(complet)
    return None
