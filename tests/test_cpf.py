"""The declaration to the Caisse des dépôts: its structure, who is in it, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import NOW, edit, flat, sentences
from lxml import etree
from test_cli import jury

from batch import chaine
from batch.anomalies import Empechement, Lieu, MauvaisUsage
from batch.chaine import declaration, relecture
from batch.exports import accuse, cpf
from batch.exports.cpf import Deposant, Passage
from batch.folder import Folder
from batch.jury.delais import declared_by
from batch.records import Candidat
from batch.vocabulaire import Presence, Voie

NS = {"c": cpf.ESPACE}
XSD = etree.XMLSchema(file=str(Path(__file__).parent / "donnees" / "cpf" / "flux.xsd"))
DEPOSANT = Deposant("CLIENT01", "MCER000123", "CLIENT01", "CERTIFICATEUR")
KNOWN = {"id_client": "CLIENT01", "id_contrat": "MCER000123"}

LEA = Candidat(
    "C1", "DURAND", None, ("Léa",), "F", date(1996, 3, 14), "Lyon (69)", "France", None, None,
    Voie.FORMATION_CONTINUE, (), (), None, False, Presence.PRESENT, Lieu(), code_naissance="69383",
)  # fmt: skip

AWKWARD: Mapping[str, dict[str, Any]] = {
    "plain": {},
    "born abroad": {"commune_naissance": "Hué", "pays_naissance": "Viêt Nam",
                    "code_naissance": "99243"},
    "unknown day": {"naissance_connue": "Mois", "date_naissance": date(1960, 7, 1)},
    "unknown month": {"naissance_connue": "Année", "date_naissance": date(1960, 1, 1)},
    "one name twice": {"nom_naissance": "KAVITHA", "prenoms": ("Kavitha",)},
    "sixty letters": {"nom_naissance": "A" * 60, "prenoms": ("É" * 60,)},
    "particle": {"nom_naissance": "de La Tour d’Auvergne"},
    "apostrophe and hyphen": {"nom_naissance": "O'CONNOR-N'DIAYE", "prenoms": ("Marie-Ange",)},
    "ampersand": {"nom_naissance": "MARTIN & <LOPEZ>"},
    "four given names": {"prenoms": ("Anne", "Lise", "Zoé", "Inès")},
    "usage name": {"nom_usage": "ROUX", "sexe": "M"},
    "Corsica": {"commune_naissance": "Ajaccio (2A)", "code_naissance": "2A004"},
}  # fmt: skip


def flow(*passages: Passage, now: datetime = NOW) -> Any:
    return etree.fromstring(cpf.flux("cpf-1", DEPOSANT, passages, now))


def passage(candidat: Candidat = LEA, **changes: Any) -> Passage:
    own = Passage(f"RNCP1-S1-{candidat.id}", "RNCP1", candidat, date(2023, 6, 22), None)
    return replace(own, **changes)


def said(root: Any, path: str) -> list[str | None]:
    return [one.text for one in root.findall(f".//c:{path}", NS)]


# --- its structure ------------------------------------------------------------------------------


@pytest.mark.parametrize("changes", AWKWARD.values(), ids=AWKWARD)
def test_every_identity_is_declared_whole_and_in_order(changes: dict[str, Any]) -> None:
    candidat = replace(LEA, **changes)
    root = flow(passage(candidat))
    XSD.assertValid(root)
    assert said(root, "nomNaissance") == [candidat.nom_naissance]
    given = [*candidat.prenoms[:3], None, None][:3]
    assert [(said(root, f"prenom{n}") or [None])[0] for n in (1, 2, 3)] == given


@pytest.mark.parametrize("changes", [{"mention": "Mention bien"}, {"debut_examen": date(2023, 6, 5),
    "fin_examen": date(2023, 6, 6)}, {"code": "RS5678"}])  # fmt: skip
def test_what_is_optional_keeps_the_order(changes: dict[str, Any]) -> None:
    XSD.assertValid(flow(passage(**changes)))


@pytest.mark.parametrize("voie", Voie)
def test_each_voie_has_its_word(voie: Voie) -> None:
    XSD.assertValid(flow(passage(replace(LEA, voie=voie))))


def test_what_is_not_known_is_present_and_nil() -> None:
    root = flow(passage(replace(LEA, naissance_connue="Année")))
    nil = f"{{{'http://www.w3.org/2001/XMLSchema-instance'}}}nil"
    empty = [etree.QName(one).localname for one in root.iter() if one.get(nil) == "true"]
    assert empty == ["dateFinValidite", "scoring", "nomUsage", "moisNaissance", "jourNaissance"]
    assert said(root, "anneeNaissance") == ["1996"]


@pytest.mark.parametrize(
    ("now", "written"),
    [
        (datetime(2026, 1, 15, 23, 30, 12, 999, tzinfo=UTC), "2026-01-16T00:30:12+01:00"),
        (datetime(2026, 7, 15, 12, 0, tzinfo=UTC), "2026-07-15T14:00:00+02:00"),
        (datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC), "2026-03-29T01:59:59+01:00"),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "2026-03-29T03:00:00+02:00"),
    ],
    ids=["winter", "summer", "the last second of winter", "the first of summer"],
)
def test_the_offset_is_the_one_of_paris_that_day(now: datetime, written: str) -> None:
    root = flow(passage(), now=now)
    assert said(root, "horodatage") == [written]
    XSD.assertValid(root)


@pytest.mark.parametrize(
    ("mention", "declared"),
    [
        (None, "SANS_MENTION"),
        ("Mention Très Bien", "MENTION_TRES_BIEN"),
        ("assez bien", "MENTION_ASSEZ_BIEN"),
        ("Mention très bien avec félicitations du jury",
         "MENTION_TRES_BIEN_AVEC_FELICITATIONS_DU_JURY"),
        ("Avec éclat", None),
    ],
)  # fmt: skip
def test_a_mention_is_the_flow_s_own_or_none(mention: str | None, declared: str | None) -> None:
    assert cpf.mention_declared(mention) == declared


@pytest.mark.parametrize(
    ("delivered", "last"),
    [(date(2023, 6, 22), date(2023, 9, 22)), (date(2023, 11, 30), date(2024, 2, 29))],
)
def test_three_months_to_declare(delivered: date, last: date) -> None:
    assert declared_by(delivered) == last


# --- from a session to the last receipt ---------------------------------------------------------

Decidee = Callable[..., Folder]


def coded(histoire: dict[str, Any]) -> dict[str, Any]:
    histoire["candidats"] = [
        {**one, "code_naissance": code}
        for one, code in zip(histoire["candidats"], ("69383", "44109"), strict=True)
    ]
    return histoire


def receipt(id_flux: str, ok: list[str], ko: dict[str, list[str]], lists: bool = True) -> bytes:
    rejected = "".join(
        f"<passage><idTechnique>{one}</idTechnique>"
        + "".join(f"<messageErreur>{reason}</messageErreur>" for reason in why)
        + "</passage>"
        for one, why in ko.items()
    )
    accepted = "".join(f"<idTechnique>{one}</idTechnique>" for one in ok)
    return (
        f'<rapport xmlns="{accuse.ESPACE}"><nomFichier>f.xml</nomFichier>'
        f"<idFlux>{id_flux}</idFlux><idTraitement>77</idTraitement>"
        + (f"<PassagesKO>{rejected}</PassagesKO><passagesOK>{accepted}</passagesOK>" * lists)
        + "</rapport>"
    ).encode()


def test_only_the_rejected_and_the_new_are_declared_again_until_nothing_is_left(
    decidee: Decidee,
    registre: Path,
    histoire: dict[str, Any],
    tmp_path: Path,
) -> None:
    coded(histoire)
    folder, out = decidee(), tmp_path / "cpf"

    def declare(**more: Any) -> declaration.Export:
        return declaration.declare([folder], registre, out, NOW, **{**KNOWN, **more})

    def acknowledge(ok: list[str], ko: dict[str, list[str]]) -> declaration.Reponse:
        path = tmp_path / "accuse.xml"
        path.write_bytes(receipt(last.stem, ok, ko))
        return declaration.acknowledge(path, registre, NOW)

    first = declare()
    (last,) = first.fichiers
    root = etree.parse(str(last)).getroot()
    XSD.assertValid(root)
    ids = said(root, "idTechnique")
    assert ids == ["RNCP32090-S1-C1", "RNCP32090-S1-C2"]
    assert said(root, "dateDebutValidite") == ["2023-06-22"] * 2
    assert first.limite == date(2023, 9, 22)
    assert "CPF-008 session.xlsx | 2 certifications de la session S1 devaient être déclarées au " \
        "plus tard le 22 septembre 2023." in sentences(first.anomalies)  # fmt: skip
    # Nothing goes twice while its receipt is awaited, unless the file was lost.
    again = declare()
    assert (again.fichiers, again.en_attente) == ((), 2)

    answer = acknowledge(["RNCP32090-S1-C1"], {
        "RNCP32090-S1-C2": ["Aucun titulaire ne correspond aux critères obligatoires"],
        "RNCP32090-S9-C9": ["Plusieurs titulaires ont été identifiés"],
    })  # fmt: skip
    assert sentences(answer.anomalies) == [
        "CPF-006 accuse.xml | La Caisse des dépôts a rejeté la déclaration du candidat C2 (session "
        "S1) : « Aucun titulaire ne correspond aux critères obligatoires ».",
        "CPF-007 accuse.xml | L’accusé parle de « RNCP32090-S9-C9 », que ce fichier ne déclarait "
        "pas.",
    ]
    assert acknowledge(["RNCP32090-S1-C1"], {}).nouvelles == 0
    later = NOW.replace(minute=59)
    second = declaration.declare([folder], registre, out, later, **KNOWN)
    (last,) = second.fichiers
    assert said(etree.parse(str(last)).getroot(), "idTechnique") == ["RNCP32090-S1-C2"]
    acknowledge(["RNCP32090-S1-C2"], {})
    done = declare()
    assert (done.fichiers, done.en_attente, done.acceptes, done.limite) == ((), 0, 2, None)

    # What was accepted and has changed since is told, not sent again.
    edit(folder.session, lambda w: type_in(w, "C1", "Code de naissance", "69384"))
    told = declare()
    assert told.fichiers == ()
    assert sentences(told.anomalies) == [
        "CPF-005 session.xlsx, feuille « Candidats » | La déclaration acceptée du candidat C1 "
        "n’est plus ce que dit la session."
    ]


def as_typed(rank: int, changes: Mapping[str, Any]) -> dict[str, Any]:
    """A candidate's row of session.xlsx, as the gestionnaire copies it from a civil record."""
    own = replace(LEA, **changes)
    columns = ("nom_naissance", "nom_usage", "sexe", "commune_naissance", "pays_naissance",
               "code_naissance", "naissance_connue")  # fmt: skip
    return {
        **{colonne: getattr(own, colonne) for colonne in columns},
        "id": f"C{rank}",
        "prenoms": ", ".join(own.prenoms),
        "date_naissance": f"{own.date_naissance:%d/%m/%Y}",
        "voie": own.voie.mot,
        "adresse": "3, rue du Test, 69001 Lyon",
    }


def test_a_session_of_awkward_identities_ends_with_nothing_left_to_declare(
    decidee: Decidee,
    registre: Path,
    histoire: dict[str, Any],
    tmp_path: Path,
) -> None:
    histoire["candidats"] = [as_typed(n, own) for n, own in enumerate(AWKWARD.values(), 1)]
    folder = decidee()
    everybody = [f"RNCP32090-S1-C{n}" for n in range(1, len(AWKWARD) + 1)]

    def declare(minute: int) -> tuple[list[str | None], str]:
        now = NOW.replace(minute=minute)
        (path,) = declaration.declare([folder], registre, tmp_path, now, **KNOWN).fichiers
        root = etree.parse(str(path)).getroot()
        XSD.assertValid(root)
        for one in root.iter(f"{{{cpf.ESPACE}}}passageCertification"):
            rank = int(said(one, "idTechnique")[0].rpartition("C")[2])  # type: ignore[union-attr]
            own = replace(LEA, **list(AWKWARD.values())[rank - 1])
            assert said(one, "nomNaissance") == [own.nom_naissance]
            assert said(one, "prenom1") == [own.prenoms[0]]
            assert said(one, "codeInsee") == [own.code_naissance]
        return said(root, "idTechnique"), path.stem

    def acknowledge(id_flux: str, ok: list[str], ko: list[str]) -> None:
        path = tmp_path / "accuse.xml"
        path.write_bytes(receipt(id_flux, ok, {one: ["Aucun titulaire"] for one in ko}))
        declaration.acknowledge(path, registre, NOW)

    first, id_flux = declare(1)
    assert first == everybody
    acknowledge(id_flux, everybody[3:], everybody[:3])
    second, id_flux = declare(2)
    assert second == everybody[:3]
    acknowledge(id_flux, everybody[:3], [])
    done = declaration.declare([folder], registre, tmp_path, NOW, **KNOWN)
    assert (done.fichiers, done.en_attente, done.acceptes) == ((), 0, len(AWKWARD))


def type_in(workbook: Any, candidat: str, title: str, text: str | None) -> None:
    sheet = workbook["Candidats"]
    heads = {str(cell.value).rstrip(" *"): cell.column for cell in sheet[1]}
    row = next(r for r in range(2, 9) if sheet.cell(r, 1).value == candidat)
    sheet.cell(row, heads[title]).value = text


def test_what_is_missing_or_does_not_fit_is_refused_with_its_cell(
    decidee: Decidee,
    registre: Path,
    histoire: dict[str, Any],
    tmp_path: Path,
) -> None:
    coded(histoire)["candidats"][0]["code_naissance"] = None
    histoire["candidats"][1]["prenoms"] = "Hugo " * 12 + "Paul"
    histoire["candidats"][0]["sexe"] = None
    folder = decidee()
    result = declaration.declare(
        [folder], registre, tmp_path, NOW, id_client="court", id_contrat=""
    )
    assert result.fichiers == ()
    assert [one for one in sentences(result.anomalies) if "CPF-008" not in one] == [
        "CPF-003 reglement.yaml | « cpf.id_client » : « court » ; la déclaration attend les 8 "
        "caractères donnés par la Caisse des dépôts.",
        "CPF-003 reglement.yaml | « cpf.id_contrat » : rien ; la déclaration attend de 1 à 20 "
        "caractères.",
        "CPF-001 session.xlsx, feuille « Candidats », cellule E2 | « Sexe » manque pour déclarer "
        "la certification de Léa DURAND (C1).",
        "CPF-001 session.xlsx, feuille « Candidats », cellule T2 | « Code de naissance » manque "
        "pour déclarer la certification de Léa DURAND (C1).",
        "CPF-002 session.xlsx, feuille « Candidats », cellule D3 | « Prénoms » de "
        + "Hugo " * 12
        + "Paul PETIT (C2) compte 64 caractères ; la Caisse des dépôts en accepte 60.",
    ]


def test_an_unknown_mention_is_told(decidee: Decidee) -> None:
    seance = chaine.examine(decidee()).seance
    dossier = replace(
        seance.dossiers[0], resultat=replace(seance.dossiers[0].resultat, mention="Avec éclat")
    )
    from batch.classeurs.cellules import Classeur

    assert sentences(declaration._check(Classeur("session.xlsx", ()), dossier))[-1] == (
        "CPF-004 reglement.yaml | La mention « Avec éclat » de Léa DURAND (C1) n’existe pas dans "
        "la déclaration : elle n’y figure pas."
    )


def test_a_file_holds_no_more_passages_than_the_portal_takes(
    decidee: Decidee,
    registre: Path,
    histoire: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    coded(histoire)
    assert cpf.PASSAGES_MAX == 200_000
    monkeypatch.setattr(cpf, "PASSAGES_MAX", 1)
    made = declaration.declare([decidee()], registre, tmp_path, NOW, **KNOWN)
    roots = [etree.parse(str(path)) for path in made.fichiers]
    assert [said(root, "idTechnique") for root in roots] == [
        ["RNCP32090-S1-C1"], ["RNCP32090-S1-C2"],
    ]  # fmt: skip
    assert len({tuple(said(root, "idFlux")) for root in roots}) == 2


# --- receipts -----------------------------------------------------------------------------------


def test_a_receipt_is_read_whatever_its_capitals_and_its_lists() -> None:
    usual = receipt("f", ["a", "b"], {"c": ["x", "y"], "b": []})
    for content in (
        usual,
        usual.replace(b"PassagesKO", b"passagesKo").replace(b"idFlux", b"IDFLUX"),
    ):
        told = accuse.read("a.xml", content)
        assert (told.id_flux, told.acceptes) == ("f", {"a"})
        assert told.rejetes == {"c": ("x", "y"), "b": ()}
    empty = accuse.read("a.xml", receipt("f", [], {}, lists=False))
    assert (empty.acceptes, empty.rejetes) == (frozenset(), {})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"bonjour", "n’est pas du XML lisible"),
        (b"<rapport/>", "n’est pas un accusé"),
        (f'<autre xmlns="{accuse.ESPACE}"/>'.encode(), "n’est pas un accusé"),
        (f'<rapport xmlns="{accuse.ESPACE}"/>'.encode(), "de quel fichier"),
        (
            b'<!DOCTYPE r [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
            + f'<rapport xmlns="{accuse.ESPACE}"><idFlux>&e;</idFlux></rapport>'.encode(),
            "DOCTYPE",
        ),
        (b"<a>" * 100_000, "n’est pas du XML lisible"),
    ],
    ids=["text", "no namespace", "another root", "no flow", "entity", "too deep"],
)
def test_anything_but_a_receipt_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(Empechement, match=sentence):
        accuse.read("a.xml", content)


def test_each_folder_is_examined_once(
    decidee: Decidee,
    registre: Path,
    histoire: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = decidee(**coded(histoire))
    read = []
    examine = relecture.examine
    monkeypatch.setattr(relecture, "examine", lambda one: read.append(one.root) or examine(one))
    assert declaration.declare([folder], registre, tmp_path, NOW, **KNOWN).declares == 2
    assert read == [folder.root]
    with pytest.raises(MauvaisUsage, match="session S1 est donnée plusieurs fois"):
        declaration.declare([folder, folder], registre, tmp_path, NOW, **KNOWN)


def test_the_receipt_of_somebody_else_s_file_is_refused(registre: Path, tmp_path: Path) -> None:
    from batch.registre.base import register

    with register(registre, NOW):
        pass
    path = tmp_path / "accuse.xml"
    path.write_bytes(receipt("autre", ["a"], {}))
    with pytest.raises(Empechement, match="que ce registre n’a pas fait"):
        declaration.acknowledge(path, registre, NOW)


def test_the_commands(
    decidee: Decidee,
    registre: Path,
    histoire: dict[str, Any],
    tmp_path: Path,
) -> None:
    coded(histoire)
    folder = decidee()
    options = ("--registre", registre, "--id-client", "CLIENT01", "--id-contrat", "M1")
    told = jury("exporter", "cpf", folder.root, *options)
    assert told.returncode == 0, told.stderr
    assert "2 certifications déclarées, 0 accusé attendu, 0 acceptée." in flat(told.stdout)
    (path,) = (registre.parent / "cpf").glob("*.xml")
    answer = tmp_path / "accuse.xml"
    answer.write_bytes(receipt(path.stem, said(etree.parse(str(path)), "idTechnique"), {}))  # type: ignore[arg-type]
    told = jury("exporter", "cpf-accuse", answer, "--registre", registre)
    assert (told.returncode, "2 déclarations acceptées" in flat(told.stdout)) == (0, True)
    told = jury("exporter", "cpf", folder.root, *options)
    assert "0 certification déclarée, 0 accusé attendu, 2 acceptées." in flat(told.stdout)
