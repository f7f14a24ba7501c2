"""Whatever is done to a returned grid: what is said, where, and nothing else touched."""

import hashlib
import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import avaries
import pytest
from avaries import Avarie, Depart, classeur, fichiers, lignes, saisies
from conftest import HISTOIRE, declined, played, sentences

from batch import chaine
from batch.chaine import Controle
from batch.classeurs import cellules
from batch.folder import Folder
from batch.reception.refus import Refus

CAS: tuple[Avarie, ...] = (*classeur.CAS, *lignes.CAS, *saisies.CAS, *fichiers.CAS)
TABLE = Path(avaries.__file__).with_name("README.md")

# A rating that went to another row would be seen: no two neighbours say the same.
_SUITE = ("Acquis", "Non acquis", "Non évalué", "Acquis", "Sans objet")


@dataclass(frozen=True)
class Seance:
    depart: Depart
    folder: Folder
    lu: dict[tuple[str, str], tuple[str | None, str | None]]


@pytest.fixture(scope="module")
def lectures() -> Iterator[dict[bytes, Any]]:
    """The workbooks already parsed, by their bytes: only what changed is parsed again."""
    known: dict[bytes, Any] = {}
    parse = cellules.read

    def read(nom: str, contenu: bytes, *args: Any, **options: Any) -> Any:
        key = hashlib.sha256(nom.encode() + contenu).digest()
        if key not in known:
            known[key] = parse(nom, contenu, *args, **options)
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cellules, "read", read)
        yield known


@pytest.fixture(scope="module")
def seance(tmp_path_factory: pytest.TempPathFactory, lectures: dict[bytes, Any]) -> Seance:
    """The small session, rated so that every row has a word and a comment of its own."""
    story = deepcopy(HISTOIRE)
    story["appreciations"] |= {
        candidat: {
            f"E{n}": [_SUITE[(n + shift) % len(_SUITE)], f"{candidat} sur E{n}"]
            for n in range(1, 50)
        }
        for shift, candidat in enumerate(("C1", "C2"))
    }
    folder = played(tmp_path_factory.mktemp("avaries") / "session", story)
    contexte = chaine.gather(folder)
    content = (folder.retours / avaries.FICHIER).read_bytes()
    depart = Depart(contexte, contexte.sceau(folder.key()), content)
    return Seance(depart, folder, read_of(chaine.read_returns(contexte)))


def read_of(controle: Controle) -> dict[tuple[str, str], tuple[str | None, str | None]]:
    return {
        (one.candidat, one.ligne): (one.niveau, one.commentaire)
        for own in controle.evaluations.appreciations.values()
        for one in own
    }


@pytest.fixture
def subir(seance: Seance, tmp_path: Path) -> Callable[[Avarie], Controle]:
    """The session's returns, read after this damage to one of them."""

    def undergo(avarie: Avarie) -> Controle:
        folder = Folder(tmp_path / "session")
        left = avarie.geste(seance.depart)
        kept = {
            path.relative_to(seance.folder.retours).as_posix(): path.read_bytes()
            for path in seance.folder.retours.rglob("*.xlsx")
        }
        del kept[avaries.FICHIER]
        kept |= {avaries.FICHIER: left} if isinstance(left, bytes) else left
        for name, content in kept.items():
            path = folder.retours / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        key = folder.root / ".jury" / "cle"
        key.parent.mkdir()
        key.write_text(HISTOIRE["cle"])
        return chaine.read_returns(replace(seance.depart.contexte, folder=folder))

    return undergo


def place(controle: Controle) -> list[str]:
    """« GRI-201 C1 DURAND!D12 »: the code, then where in the file; other files by their names."""
    said = []
    for anomalie in controle.anomalies:
        lieu = anomalie.lieu
        where = "!".join(part for part in (lieu.feuille, lieu.cellule) if part)
        said.append(f"{anomalie.code.numero} {where}".strip())
    return said


@pytest.mark.parametrize("avarie", CAS, ids=lambda avarie: avarie.nom)
def test_the_damage_is_told_and_nothing_else_is_touched(
    avarie: Avarie, seance: Seance, subir: Callable[[Avarie], Controle]
) -> None:
    controle = subir(avarie)
    assert sorted(place(controle)) == sorted(avarie.dit), "\n".join(sentences(controle.anomalies))

    expected = {key: value for key, value in seance.lu.items() if key not in avarie.perdu}
    expected |= {key: (niveau, expected[key][1]) for key, niveau in avarie.lu.items()}
    assert read_of(controle) == expected

    # A rating is never lost in silence: whoever loses one is named by a blocking sentence.
    named = {who for a in controle.anomalies if a.bloquante for who in a.candidats}
    assert {candidat for candidat, _ in avarie.perdu} - avarie.absents <= named
    absents = {who for who, parts in controle.evaluations.absences.items() if "BC1" in parts}
    assert absents == avarie.absents

    # Each file, sheet and row ends once, and the sums add up.
    bilan = controle.bilan
    assert min(bilan.lignes.values()) >= 0
    assert bilan.lignes["accepté"] == sum(len(fiche.saisies) for fiche in controle.fiches)


PHRASES = {
    "Le nom affiché remplacé par celui d’un autre candidat": (
        "GRI-012 « C1 DURAND », cellule C4 | Cette feuille se contredit : ses lignes sont"
        " celles de la grille S1/E1/BC1/C1, mais le nom affiché est « Hugo PETIT »."
    ),
    "La colonne des repères cachés supprimée": (
        "GRI-013 « C1 DURAND », cellule C12 | Les repères cachés de E1, E2, E3, E4, E5, "
        "E6, E7 et 4 autres ont disparu : ces lignes ont été reconnues à leur texte."
    ),
    "Le nom affiché corrigé": (
        "GRI-014 « C1 DURAND », cellule C4 | La feuille affiche « Léa DURANT (C1) » ; "
        "c’est celle de « Léa DURAND (C1) »."
    ),
    "Le texte d’un critère récrit": (
        "GRI-015 « C1 DURAND », cellule C12 | Le texte de E1 n’est plus, sur la grille, "
        "celui du référentiel."
    ),
    "Les textes de deux critères échangés, les saisies laissées en place": (
        "GRI-016 « C1 DURAND », cellule D12 | La ligne E1 porte le texte d’une autre : E2"
        " « Son analyse du bilan de campagne permet de comprendre la… »."
    ),
    "Tout trié à l’envers, sauf les repères cachés": (
        "GRI-017 « C1 DURAND », cellule D12 | Les lignes ont été triées sans leurs "
        "repères cachés : E12, E10, E9, E8, E7, E5, E4 et 3 autres ont été lues d’après "
        "leur texte."
    ),
    "La colonne des repères et la feuille cachée supprimées": (
        "GRI-018 « C1 DURAND » | Cette feuille a l’air d’une grille (n° S1/E1/BC1/C1), "
        "mais plus rien de sûr n’y dit laquelle : elle n’a pas été lue."
    ),
    "Une ligne ajoutée avec un critère de l’évaluateur": (
        "GRI-019 « C1 DURAND », cellule D15 | « Acquis » n’est en face d’aucun critère : "
        "ce n’est pas lu."
    ),
    "Une grille faite avant un changement du référentiel": (
        "GRI-004 « C1 DURAND » | La grille S1/E1/BC1/C1 a été faite avant un changement "
        "de la session, du règlement ou du référentiel : il y manque E2 et le texte de E1"
        " n’y est pas le même."
    ),
    "L’appréciation écrite dans la colonne des commentaires": (
        "GRI-211 « C1 DURAND », cellule F12 | L’appréciation « Acquis » est écrite hors "
        "de la colonne des appréciations (E1 « Le candidat a obtenu les documents "
        "retraçant l'historique… »)."
    ),
    "L’erreur #REF!": (
        "GRI-212 « C1 DURAND », cellule D12 | La cellule montre l’erreur #REF! : Excel "
        "n’a pas pu calculer ce qu’on y a mis (E1 « Le candidat a obtenu les documents "
        "retraçant l'historique… »)."
    ),
    "« N.A. »": (
        "GRI-213 « C1 DURAND », cellule D12 | « N.A. » peut vouloir dire « Non acquis » "
        "ou « Sans objet » (E1 « Le candidat a obtenu les documents retraçant "
        "l'historique… »)."
    ),
    "« Acquis / Non acquis »": (
        "GRI-214 « C1 DURAND », cellule D12 | « Acquis / Non acquis » donne plusieurs "
        "appréciations à la fois : « Acquis » et « Non acquis » (E1 « Le candidat a "
        "obtenu les documents retraçant l'historique… »)."
    ),
    "« abs »": (
        "GRI-215 « C1 DURAND », cellule D12 | « abs » dit une absence, non une "
        "appréciation (E1 « Le candidat a obtenu les documents retraçant l'historique… "
        "»)."
    ),
    "Une formule à la place du commentaire obligatoire": (
        "GRI-216 « C1 DURAND », cellule F12 | Le commentaire est une formule ou une "
        "erreur (=B2) : il n’est pas repris (E1 « Le candidat a obtenu les documents "
        "retraçant l'historique… »)."
    ),
    "Une date devenue un nombre": (
        "GRI-204 « C1 DURAND », cellule D12 | La saisie est devenue 46082, le nombre qui "
        "est pour Excel la date 01/03/2026 : Excel convertit en date ce qui ressemble à «"
        " 1/3 » ou à « 12.5 » (E1 « Le candidat a obtenu les documents retraçant "
        "l'historique… »)."
    ),
}


@pytest.mark.parametrize("nom", PHRASES)
def test_the_gestionnaire_is_told_what_happened(
    nom: str, subir: Callable[[Avarie], Controle]
) -> None:
    said = sentences(subir(next(one for one in CAS if one.nom == nom)).anomalies)
    file = f"retours/{avaries.FICHIER}, feuille "
    assert PHRASES[nom] in [one.replace(file, "") for one in said]


def test_each_damage_has_a_name_of_its_own() -> None:
    names = [avarie.nom for avarie in CAS]
    assert len(set(names)) == len(names) >= 80


def test_the_table_of_damages_is_up_to_date() -> None:
    text = TABLE.read_text(encoding="utf-8") if TABLE.is_file() else ""
    head, _, _ = text.partition("\n| Ce qu’on")
    expected = f"{head.rstrip()}\n\n{avaries.table(CAS)}\n"
    if os.environ.get("JURY_ACCEPTER"):
        TABLE.write_text(expected, encoding="utf-8")
        return
    assert text == expected, "JURY_ACCEPTER=1 pytest tests/test_avaries.py récrit le tableau"


def test_both_ways_of_reading_say_the_same_of_every_damage(seance: Seance) -> None:
    """And a grid that was only filled or changed is never too unusual to be read directly."""
    reasons: dict[str, str] = {}
    for avarie in CAS:
        left = avarie.geste(seance.depart)
        for content in (left,) if isinstance(left, bytes) else left.values():
            try:
                reason = declined(content)
            except Refus:
                continue  # it is no workbook
            if reason:
                reasons[avarie.nom] = reason
    assert reasons == {
        "Du gras dans la cellule": "autre chose que des lignes et des cellules",
        "« 65 % », que le classeur garde comme 0,65": "un nombre d'un format peu commun",
        "Une heure": "une heure, ou une date d'un autre temps",
    }
