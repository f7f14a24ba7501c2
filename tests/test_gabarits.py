"""The house's own templates: whatever Word and people do to them is said; they reach nothing."""

import io
import shutil
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from conftest import NOW, flat, sentences
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from test_cli import jury
from test_documents import text_of

from batch import chaine, demonstration
from batch.anomalies import Anomalie, Code, Empechement, MauvaisUsage
from batch.chaine import gabarits
from batch.documents.filtres import FILTRES
from batch.documents.gabarits import dictionnaire, essai, polices
from batch.documents.gabarits.sortes import SORTES
from batch.documents.paquet import pack, unpack
from batch.folder import Folder
from batch.vocabulaire import EtatSession

TEMPLATES = Path(__file__).parent.parent / "templates"
W = nsdecls("w")


def changed(nom: str, *changes: tuple[str, str], partie: str = "word/document.xml") -> bytes:
    """Our template with a piece of one part replaced, as a hand in its XML would."""
    parts = unpack((TEMPLATES / nom).read_bytes())
    body = parts[partie].decode()
    for old, new in changes:
        assert old in body, old
        body = body.replace(old, new, 1)
    return pack({**parts, partie: body.encode()})


def said_of(tmp_path: Path, content: bytes, nom: str = "lettre.docx") -> list[str]:
    """Every sentence but those about fonts, which depend on the machine."""
    (tmp_path / nom).write_bytes(content)
    done = gabarits.verify(tmp_path / nom)
    return keyed(a for a in done.anomalies if a.code is not Code.POLICE_ABSENTE)


def keyed(anomalies: Iterable[Anomalie]) -> list[str]:
    """As typed on a keyboard, apostrophes too."""
    return [said.replace("’", "'") for said in sentences(anomalies)]


# --- ours ----------------------------------------------------------------------------------------


def test_our_templates_are_all_known_and_have_no_fault(tmp_path: Path) -> None:
    assert {path.name for path in TEMPLATES.glob("*.docx")} == set(SORTES)
    for nom in SORTES:
        assert said_of(tmp_path, (TEMPLATES / nom).read_bytes(), nom) == []


def test_each_mandatory_mention_names_fields_that_exist() -> None:
    sheets = essai.sheets()
    for nom, sorte in SORTES.items():
        contexts = [sheet.contexte for sheet in sheets[nom]]
        known = {champ.nom.replace(" › ", ".") for champ in dictionnaire.dictionary(contexts)} | {
            "obstacles",
            "manques",
        }
        for mention in sorte.mentions:
            assert set(mention.champs) & known, (nom, mention.quoi)


def test_the_trial_has_a_success_a_partial_an_absentee_and_a_name_of_sixty_characters() -> None:
    assert len(essai.NOM_LONG) == 60
    made = {sheet.nom for sheets in essai.sheets().values() for sheet in sheets}
    letters = sorted(nom for nom in made if nom.startswith("définitif/lettres/"))
    assert len(letters) == 4
    assert "définitif/certificats/C001 MODÈLE.docx" in made
    assert "définitif/certificats/C002 ESSAI-FICTIF BC1.docx" in made
    assert not any("C003" in nom for nom in made if "certificats" in nom)


def test_the_trial_keeps_its_documents_where_it_is_asked(tmp_path: Path) -> None:
    done = gabarits.verify(TEMPLATES / "lettre.docx", tmp_path / "essai")
    assert len(done.essais) == 12
    long_name = next((tmp_path / "essai" / "définitif" / "lettres").glob("C004*"))
    assert essai.NOM_LONG.upper() in text_of(long_name.read_bytes())


# --- handed out ----------------------------------------------------------------------------------


def test_export_hands_out_every_template_and_every_field(tmp_path: Path) -> None:
    done = gabarits.export(tmp_path)
    assert set(done.ecrits) == {*SORTES, "champs.xlsx"}
    rows = list(openpyxl.load_workbook(tmp_path / "champs.xlsx")["Champs"].values)
    assert (
        "lettre.docx",
        "destinataire",
        "texte",
        "{{ destinataire }}",
        "Madame Camille MODÈLE",
    ) in rows
    assert ("lettre.docx", "tableau.lignes › code", "texte", "{{ ligne.code }}", "BC1") in rows
    loop = "{%p for ligne in tableau.lignes %} … {%p endfor %}"
    assert ("lettre.docx", "tableau.lignes", "liste de groupes", loop, None) in rows
    filters = openpyxl.load_workbook(tmp_path / "champs.xlsx")["Filtres"]
    assert ('{{ "2023-06-15" | date_courte }}', "15/06/2023") in list(filters.values)


def test_each_of_our_filters_is_shown_once() -> None:
    shown = [
        usage.split("|")[1].split("}}")[0].split("(")[0].strip()
        for usage, _ in dictionnaire.filters()
    ]
    assert sorted(shown) == sorted(FILTRES)


def test_export_never_writes_over_a_template(tmp_path: Path) -> None:
    (tmp_path / "lettre.docx").write_bytes(b"la maison")
    done = gabarits.export(tmp_path)
    assert done.laisses == ("lettre.docx",)
    assert (tmp_path / "lettre.docx").read_bytes() == b"la maison"
    assert gabarits.export(tmp_path).ecrits == ()


def test_a_session_keeps_its_templates_in_its_own_folder(dossier: Folder) -> None:
    assert gabarits.export(dossier.root).dossier == dossier.gabarits
    assert len(gabarits.verify(dossier.root).verifies) == len(SORTES)


# --- faults --------------------------------------------------------------------------------------

SIGNE = "{{ signataire }}"
FAUTES: dict[str, tuple[str, tuple[tuple[str, str], ...], list[str]]] = {
    "a field that does not exist": (
        "lettre.docx",
        (("{{ politesse }}", "Cordialement, {{ signatare }}"),),
        [
            "GAB-112 lettre.docx | Le champ signatare n'existe pas (vouliez-vous dire "
            "« signataire » ?) : « Cordialement, {{ signatare }} »."
        ],
    ),
    "a field of a line in a table": (
        "lettre.docx",
        (("{{ ligne.sens }}", "{{ ligne.sans }}"),),
        [
            "GAB-112 lettre.docx, tableau 1, ligne 3 | Le champ tableau.lignes.sans n'existe pas "
            "(vouliez-vous dire « sens » ?) : « {{ ligne.sans }} »."
        ],
    ),
    "a filter and a test like no other": (
        "lettre.docx",
        (("{{ politesse }}", "{{ politesse | majuscule }}{% if projet is vrai %}x{% endif %}"),),
        [
            "GAB-113 lettre.docx | Le filtre majuscule n'existe pas : "
            "« {{ politesse | majuscule }}{% if projet is vrai %}x{% endif %} ».",
            "GAB-113 lettre.docx | Le test vrai n'existe pas : "
            "« {{ politesse | majuscule }}{% if projet is vrai %}x{% endif %} ».",
        ],
    ),
    "French quotes": (
        "lettre.docx",
        (("{{ politesse }}", "{{ raisons | join(« , ») }}"),),
        [
            "GAB-106 lettre.docx | La balise {{ raisons | join(« , ») }} est écrite avec des "
            "guillemets français."
        ],
    ),
    "a tag left open, and a single brace": (
        "lettre.docx",
        (("{{ politesse }}", "Bien à vous, {{ politesse"), ("{{ objet }}", "{ objet }")),
        [
            "GAB-101 lettre.docx | Une balise est incomplète, elle n'a qu'une accolade, il en "
            "faut deux : « Objet : { objet } ».",
            "GAB-101 lettre.docx | Une balise est incomplète, elle n'est pas refermée dans ce "
            "paragraphe : « Bien à vous, {{ politesse ».",
        ],
    ),
    "a tag closed that was never opened": (
        "lettre.docx",
        (("{{ politesse }}", "politesse }}"),),
        [
            "GAB-101 lettre.docx | Une balise est incomplète, elle est refermée sans y être "
            "ouverte : « politesse }} »."
        ],
    ),
    "text beside a tag that takes its paragraph away": (
        "lettre.docx",
        (("{%p for suite in suites %}", "Et ensuite : {%p for suite in suites %}"),),
        [
            "GAB-104 lettre.docx | La balise {%p for suite in suites %} doit être seule dans son "
            "paragraphe : « Et ensuite : » disparaîtrait."
        ],
    ),
    "a row's tag out of its table": (
        "lettre.docx",
        (("{{ politesse }}", "{%tr for x in raisons %}"),),
        [
            "GAB-105 lettre.docx | La balise {%tr for x in raisons %} est hors de tout tableau : "
            "« {%tr for x in raisons %} ».",
            "GAB-109 lettre.docx | {%tr for x in raisons %} n'est jamais refermé : il manque "
            "{% endfor %} (« {%tr for x in raisons %} »).",
        ],
    ),
    "a block left open": (
        "lettre.docx",
        (("{%p endfor %}", ""),),
        [
            "GAB-109 lettre.docx | {%p for ligne in adresse %} n'est jamais refermé : il manque "
            "{% endfor %} (« {%p for ligne in adresse %} »)."
        ],
    ),
    "a block never opened": (
        "lettre.docx",
        (("{%p if projet %}", ""),),
        ["GAB-110 lettre.docx | {%p endif %} ne répond à aucune ouverture : « {%p endif %} »."],
    ),
    "a block that ends in another place": (
        "lettre.docx",
        (("{{ tableau.sujet }}", "{% if projet %}x"), ("{{ politesse }}", "{% endif %}")),
        [
            "GAB-109 lettre.docx, tableau 1, ligne 1 | {% if projet %} n'est jamais refermé : il "
            "manque {% endif %} (« {% if projet %}x »).",
            "GAB-110 lettre.docx | {% endif %} ne répond à aucune ouverture : « {% endif %} ».",
        ],
    ),
    "another sort of tag to close it": (
        "lettre.docx",
        (("{%tr endfor %}", "{%p endfor %}"),),
        [
            "GAB-111 lettre.docx, tableau 1, ligne 4 | {%p endfor %} referme {%tr for ligne in "
            "tableau.lignes %} d'un autre endroit ou d'une autre sorte : « {%p endfor %} »."
        ],
    ),
    "a word that is no instruction": (
        "lettre.docx",
        (("{{ politesse }}", "{% si projet %}"), ("{{ objet }}", "{{ objet | }}")),
        [
            "GAB-107 lettre.docx | La balise {{ objet | }} ne se comprend pas : ni un champ, ni "
            "une condition, ni une boucle.",
            "GAB-107 lettre.docx | La balise {% si projet %} ne se comprend pas : « si » n'est pas "
            "une instruction.",
        ],
    ),
    "a mandatory mention taken away": (
        "certificat.docx",
        (("{{ decision }}", "Le jury a décidé."), ("{{ niveau }} {{ nsf }}", "Niveau 6, NSF 322")),
        [
            "GAB-201 certificat.docx | Le certificat doit dire la date de la décision, et le "
            "gabarit ne l'imprime nulle part.",
            "GAB-202 certificat.docx | Le certificat doit dire le niveau de qualification : aucun "
            "champ du gabarit ne l'imprime.",
            "GAB-202 certificat.docx | Le certificat doit dire le code NSF : aucun champ du "
            "gabarit ne l'imprime.",
        ],
    ),
    "a sum that only the trial can find": (
        "lettre.docx",
        (("{{ politesse }}", "{{ politesse }}{{ recours[7] }}"),),
        [
            "GAB-301 lettre.docx | L'essai sur des candidats fictifs échoue "
            "(définitif/lettres/C001 MODÈLE.docx) : Le gabarit lettre.docx demande le champ « 7 », "
            "qui n'existe pas. Corrigez son nom entre les accolades."
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("nom", "changes", "expected"), FAUTES.values(), ids=FAUTES)
def test_each_fault_is_said_with_its_paragraph(
    tmp_path: Path, nom: str, changes: tuple[tuple[str, str], ...], expected: list[str]
) -> None:
    assert said_of(tmp_path, changed(nom, *changes), nom) == expected


def test_a_name_like_none_of_ours_is_said(tmp_path: Path) -> None:
    assert said_of(tmp_path, b"", "letre.docx") == [
        "GAB-002 letre.docx | letre.docx n'est le nom d'aucun de nos gabarits (vouliez-vous dire "
        "« lettre.docx » ?) : il ne servira jamais."
    ]


def test_a_font_that_this_machine_lacks_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(polices, "installed", lambda: frozenset({"arial"}))
    monkeypatch.setattr(polices, "replacement", lambda police: "Carlito")
    shutil.copy(TEMPLATES / "lettre.docx", tmp_path)
    assert keyed(gabarits.verify(tmp_path).anomalies) == [
        "GAB-203 lettre.docx | La police Calibri n'est pas installée sur ce poste : Carlito "
        "prendrait sa place."
    ]


# --- what Word does to a tag ---------------------------------------------------------------------


def worded(change: Callable[[Any], None]) -> bytes:
    """Our letter, its « {{ politesse }} » paragraph changed as Word changes it."""
    document = docx.Document(str(TEMPLATES / "lettre.docx"))
    paragraph = next(p for p in document.paragraphs if "politesse" in p.text)
    for run in list(paragraph.runs):
        paragraph._p.remove(run._r)
    change(paragraph)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def runs(paragraph: Any, *texts: str) -> None:
    """Each in a run of its own, a mark of the spelling checker between them."""
    for text in texts:
        paragraph.add_run(text)
        paragraph._p.append(OxmlElement("w:proofErr"))


def test_a_tag_that_word_cut_into_runs_is_no_fault(tmp_path: Path) -> None:
    content = worded(lambda p: runs(p, "{", "{ poli", "tesse ", "}", "}"))
    assert said_of(tmp_path, content) == []


def linked(paragraph: Any) -> None:
    runs(paragraph, "Écrivez à {{ ")
    paragraph._p.append(
        parse_xml(f'<w:hyperlink {W} w:anchor="x"><w:r><w:t>contact }}}}</w:t></w:r></w:hyperlink>')
    )


def in_a_field(paragraph: Any) -> None:
    paragraph._p.append(
        parse_xml(f"<w:r {W}><w:instrText>MERGEFIELD {{{{ politesse }}}}</w:instrText></w:r>")
    )
    runs(paragraph, "{{ politesse }}")


def test_a_tag_across_a_link_or_hidden_in_a_field_is_said(tmp_path: Path) -> None:
    assert said_of(tmp_path, worded(linked)) == [
        "GAB-103 lettre.docx | La balise {{ contact }} commence et finit de part et d'autre d'un "
        "lien, d'un champ ou d'une modification suivie : « Écrivez à {{ contact }} »."
    ]
    assert said_of(tmp_path, worded(in_a_field)) == [
        "GAB-102 lettre.docx | La balise MERGEFIELD {{ politesse }} est dans un code de champ ou "
        "dans un texte supprimé en suivi des modifications, près de « {{ politesse }} »."
    ]


def test_a_fault_in_a_header_says_so(tmp_path: Path) -> None:
    content = changed("lettre.docx", ("{{ contact }}", "{{ contacte }}"), partie="word/header2.xml")
    assert said_of(tmp_path, content) == [
        "GAB-112 lettre.docx, en-tête | Le champ contacte n'existe pas (vouliez-vous dire "
        "« contact » ?) : « {{ contacte }} »."
    ]


def test_all_the_faults_are_said_at_once(tmp_path: Path) -> None:
    content = changed(
        "lettre.docx",
        ("{{ destinataire }}", "{{ destinatire }}"),
        ("{{ objet }}", "{{ objet"),
        ("{{ ligne.sens }}", "{{ ligne.sans }}"),
        ("{%p for suite in suites %}", "Suite {%p for suite in suites %}"),
        ("{{ politesse }}", "{{ politesse | join(« ») }}"),
    )
    codes = [said.partition(" ")[0] for said in said_of(tmp_path, content)]
    assert codes == ["GAB-101", "GAB-104", "GAB-106", "GAB-112", "GAB-112"]


# --- hostile templates ---------------------------------------------------------------------------

HOSTILES = (
    "{{ ''.__class__.__mro__ }}",
    "{{ signataire['__class__'] }}",
    "{{ signataire.format.__globals__ }}",
    "{{ '{0.__class__}'.format(signataire) }}",
    "{{ '%s' | format(signataire) }}",
    "{{ signataire | attr('__class__') }}",
    "{{ cycler.__init__.__globals__.os }}",
    "{{ lipsum.__globals__ }}",
    "{{ self.__init__ }}",
    "{{ namespace }}",
    "{{ [signataire] | map('upper') | list }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% set x %}{{ signataire }}{% endset %}",
    "{% filter upper %}a{% endfilter %}",
    "{% for i in range(10**9) %}a{% endfor %}",
    "{{ 'a' * 10**9 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ 'a'.ljust(10**9) }}",
    "{{ '%999999999d' % 1 }}",
    "{{ 'a' | center(999999999) }}",
    "{{ 1 | nombre(999999999) }}",
    "{{ '1e999999999' | nombre }}",
    "{{ signataire | safe }}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x ~ x %}" * 60 + "{{ x }}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x + x %}" * 60 + "{{ x }}",
    "{% set x = 'aaaaaaaaaa' %}" + "{% set x = x | replace('a', x) %}" * 8 + "{{ x }}",
    "{% set x = recours %}" + "{% set x = [x, x, x, x] %}" * 40 + "{{ x }}",
    "{% set x = recours %}" + "{% set x = x + x %}" * 40 + "{{ x | length }}",
    "".join(f"{{% for a{i} in salutation %}}" for i in range(12)) + "a" + "{% endfor %}" * 12,
    "{{ " + "(" * 400 + "1" + ")" * 400 + " }}",
)  # fmt: skip


@pytest.mark.parametrize("expression", HOSTILES, ids=range(len(HOSTILES)))
def test_a_hostile_template_reaches_nothing_and_ends(tmp_path: Path, expression: str) -> None:
    escaped = expression.replace("&", "&amp;").replace("<", "&lt;")
    content = changed("lettre.docx", (SIGNE, escaped))
    assert any(said.startswith("GAB-") for said in said_of(tmp_path, content))


def test_an_expression_that_is_forbidden_is_named(tmp_path: Path) -> None:
    content = changed("lettre.docx", ("{{ politesse }}", "{{ cycler.__init__.__globals__ }}"))
    assert said_of(tmp_path, content) == [
        "GAB-108 lettre.docx | La balise {{ cycler.__init__.__globals__ }} est interdite : un "
        "gabarit n'imprime que les champs du document (« {{ cycler.__init__.__globals__ }} »)."
    ]


def test_a_loop_without_end_is_stopped_by_the_trial(tmp_path: Path) -> None:
    loops = "".join(f"{{% for a{i} in politesse %}}" for i in range(9))
    content = changed("lettre.docx", ("{{ politesse }}", loops + "a" + "{% endfor %}" * 9))
    (said,) = said_of(tmp_path, content)
    assert "répète ou allonge un texte sans fin" in said


def with_part(name: str, content: bytes) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: content})


def related(kind: str, target: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        rels = "word/_rels/document.xml.rels"
        added = (
            f'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            f'relationships/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
        )
        parts[rels] = parts[rels].replace(b"</Relationships>", added.encode())

    return change


def macros(parts: dict[str, bytes]) -> None:
    types = "[Content_Types].xml"
    parts[types] = parts[types].replace(
        b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        b"application/vnd.ms-word.document.macroEnabled.main+xml",
    )


def entity(parts: dict[str, bytes]) -> None:
    body = parts["word/document.xml"]
    start = body.index(b"<w:document")
    doctype = b'<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    parts["word/document.xml"] = body[:start] + doctype + body[start:]


def field(parts: dict[str, bytes]) -> None:
    code = b'<w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>PICTURE "http://x/y"'
    parts["word/document.xml"] = parts["word/document.xml"].replace(
        b"</w:p>", code + b"</w:instrText></w:r></w:p>", 1
    )


PAQUETS: dict[str, tuple[Callable[[dict[str, bytes]], None], str]] = {
    "a macro": (
        with_part("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
        "GAB-003 lettre.docx | Le gabarit contient une macro (word/vbaProject.bin).",
    ),
    "an object of another program": (
        with_part("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0"),
        "GAB-003 lettre.docx | Le gabarit contient un objet d'un autre programme (OLE) "
        "(word/embeddings/oleObject1.bin).",
    ),
    "a field that fetches": (
        field,
        "GAB-003 lettre.docx | Le gabarit contient un champ INCLUDEPICTURE (INCLUDEPICTURE "
        '"http://x/y").',
    ),
    "a picture on a server": (
        related("image", "http://exemple.invalid/logo.png"),
        "GAB-004 lettre.docx | Le gabarit va chercher à l'extérieur une image liée "
        "(http://exemple.invalid/logo.png).",
    ),
    "a template on a server": (
        related("attachedTemplate", "http://exemple.invalid/x.dotm"),
        "GAB-004 lettre.docx | Le gabarit va chercher à l'extérieur le modèle Word attaché "
        "(http://exemple.invalid/x.dotm).",
    ),
    "a template on a share": (
        related("attachedTemplate", "file:////serveur/x.dotm"),
        "GAB-004 lettre.docx | Le gabarit va chercher à l'extérieur le modèle Word attaché "
        "(file:////serveur/x.dotm).",
    ),
    "a link that runs": (
        related("hyperlink", "file:///C:/Windows/System32/calc.exe"),
        "GAB-004 lettre.docx | Le gabarit va chercher à l'extérieur un lien vers un fichier ou un "
        "programme (file:///C:/Windows/System32/calc.exe).",
    ),
    "a .docm": (
        macros,
        "GAB-001 lettre.docx | lettre.docx ne peut pas servir de gabarit : c'est un document Word "
        "avec des macros (.docm ou .dotm).",
    ),
    "an entity": (
        entity,
        "GAB-001 lettre.docx | lettre.docx ne peut pas servir de gabarit : une de ses parties "
        "déclare des entités, ce que Word ne fait jamais.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), PAQUETS.values(), ids=PAQUETS)
def test_what_would_act_or_fetch_is_refused_everywhere(
    tmp_path: Path, change: Callable[[dict[str, bytes]], None], expected: str
) -> None:
    parts = unpack((TEMPLATES / "lettre.docx").read_bytes())
    change(parts)
    assert said_of(tmp_path, pack(parts)) == [expected]
    from batch.documents.gabarits import surete

    with pytest.raises(Empechement) as caught:
        surete.safe("lettre.docx", pack(parts))
    assert keyed(caught.value.anomalies) == [expected]


def test_a_template_of_one_s_own_disk_is_only_told(tmp_path: Path) -> None:
    parts = unpack((TEMPLATES / "lettre.docx").read_bytes())
    related("attachedTemplate", "file:///C:/Users/x/Maison.dotx")(parts)
    assert said_of(tmp_path, pack(parts)) == [
        "GAB-005 lettre.docx | Le gabarit est attaché à un modèle de votre disque "
        "(file:///C:/Users/x/Maison.dotx)."
    ]


def test_a_link_to_be_clicked_is_no_fault(tmp_path: Path) -> None:
    parts = unpack((TEMPLATES / "lettre.docx").read_bytes())
    related("hyperlink", "https://exemple.fr")(parts)
    assert said_of(tmp_path, pack(parts)) == []


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"\0" * 15_000_000)
    return buffer.getvalue()


ILLISIBLES: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "text": (lambda: b"bonjour", "ce n'est pas un document Word"),
    "an old .doc": (lambda: bytes.fromhex("D0CF11E0A1B11AE1"), "c'est un document de Word 97-2003"),
    "a zip of something else": (lambda: pack({"a.txt": b"a"}), "c'est un autre genre de fichier"),
    "a zip cut short": (lambda: pack({"a.txt": b"a"})[:20], "son sommaire est illisible"),
    "a bomb": (bomb, "il se décompresse plus de 200 fois"),
    "too big": (lambda: b"PK" + b"\0" * (11 * 1024**2), "il pèse plus de 10 Mo"),
}


@pytest.mark.parametrize(("content", "reason"), ILLISIBLES.values(), ids=ILLISIBLES)
def test_what_is_no_template_is_refused_before_it_is_opened(
    tmp_path: Path, content: Callable[[], bytes], reason: str
) -> None:
    (said,) = said_of(tmp_path, content())
    assert said.startswith("GAB-001 lettre.docx | lettre.docx ne peut pas servir de gabarit : ")
    assert reason in said


# --- in use --------------------------------------------------------------------------------------


def test_a_good_change_reaches_every_letter(dossier: Folder, tmp_path: Path) -> None:
    content = changed("lettre.docx", ("{{ politesse }}", "La maison vous salue, {{ salutation }}."))
    (tmp_path / "maison").mkdir()
    (tmp_path / "maison" / "lettre.docx").write_bytes(content)
    assert said_of(tmp_path / "maison", content) == []
    chaine.treat(Folder(dossier.root, tmp_path / "maison"), NOW)
    (letter,) = dossier.documents.glob("lettres/C1*.docx")
    assert "La maison vous salue, Madame." in text_of(letter.read_bytes())


def test_a_hostile_template_of_the_house_stops_the_run(dossier: Folder) -> None:
    parts = unpack((TEMPLATES / "lettre.docx").read_bytes())
    macros(parts)
    dossier.gabarits.mkdir()
    (dossier.gabarits / "lettre.docx").write_bytes(pack(parts))
    said = jury("traiter", str(dossier.root))
    assert said.returncode == 1
    assert "GAB-001" in said.stdout
    assert "Le gabarit lettre.docx n’est pas un document Word dont on puisse se servir." in (
        flat(said.stderr)
    )


def test_the_command_says_where_and_what_to_do(tmp_path: Path) -> None:
    content = changed("lettre.docx", ("{{ politesse }}", "{{ politese }}"))
    (tmp_path / "lettre.docx").write_bytes(content)
    said = jury("gabarits", "verifier", str(tmp_path))
    assert said.returncode == 1
    whole = flat(said.stdout)
    assert "1 gabarit vérifié : 1 anomalie bloquante" in whole
    assert "Le champ politese n’existe pas (vouliez-vous dire « politesse » ?)" in whole


def test_a_folder_without_a_template_is_said(tmp_path: Path) -> None:
    with pytest.raises(MauvaisUsage, match="ne contient aucun gabarit Word"):
        gabarits.verify(tmp_path)


def test_a_certificate_without_its_date_of_decision_is_never_final(
    dossier: Folder, histoire: dict[str, Any]
) -> None:
    chaine.treat(dossier, NOW)
    demonstration.deliberate(dossier, histoire)
    dossier.gabarits.mkdir()
    house = changed("certificat.docx", ("{{ decision }}", "Le jury a décidé."))
    (dossier.gabarits / "certificat.docx").write_bytes(house)
    told = (
        "GAB-201 certificat.docx | Le certificat doit dire la date de la décision, et le gabarit "
        "ne l'imprime nulle part."
    )
    result = chaine.treat(dossier, NOW)
    assert result.seance.etat is EtatSession.PROJET
    assert told in keyed(result.anomalies)
    assert not (dossier.documents / "certificats").exists()
    with pytest.raises(Empechement) as stopped:
        chaine.treat(dossier, NOW, definitif=True)
    assert keyed(stopped.value.anomalies) == [told]
    (dossier.gabarits / "certificat.docx").unlink()
    assert chaine.treat(dossier, NOW, definitif=True).seance.etat is EtatSession.DEFINITIF
