"""What is dropped in retours/, before anything of it is believed: kind, size, layers."""

import io
import struct
import subprocess
import sys
import textwrap
import zipfile
import zlib
from datetime import UTC, date, datetime, time
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import cfb
import pytest
from conftest import sentences
from dessin import xlsx, zipped

from batch import data
from batch.anomalies import Anomalie
from batch.classeurs import cellules
from batch.reception import depot, limites
from batch.reception.contenants import Ecarte, Piece, open_piece


def opened(contenu: bytes, nom: str = "g.xlsx") -> tuple[list[str], list[Anomalie]]:
    """The workbooks found in a dropped file, and everything said of the rest."""
    names, faults = [], []
    for one in open_piece(nom, contenu):
        if isinstance(one, Piece):
            classeur, refusals = cellules.read(one.nom, one.contenu)
            names += [one.nom] if classeur else []
            faults += refusals
        else:
            faults.append(one.anomalie)
    return names, faults


def said(contenu: bytes, nom: str = "g.xlsx") -> list[str]:
    return sentences(opened(contenu, nom)[1])


ODS = "application/vnd.oasis.opendocument.spreadsheet"
KINDS: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "FIC-002 g.xlsx | g.xlsx est vide (0 octet)."),
    "under password": (
        cfb.write({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}),
        "FIC-003 g.xlsx | g.xlsx est protégé par un mot de passe d’ouverture : personne ne peut le "
        "lire sans lui.",
    ),
    "OpenDocument under password": (
        zipped({"mimetype": ODS, "content.xml": b"\x9a",
                "META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}),
        "FIC-003 g.xlsx | g.xlsx est protégé par un mot de passe d’ouverture : personne ne peut le "
        "lire sans lui.",
    ),
    "nobody's": (
        b"\x00\x01\x02\x03" * 50,
        "FIC-004 g.xlsx | g.xlsx n’est pas un classeur Excel lisible : son contenu n'est pas celui "
        "d'un classeur.",
    ),
    "an old .xls": (
        cfb.write({"Workbook": b"x"}),
        "FIC-009 g.xlsx | g.xlsx est un classeur d’Excel 97-2003 (.xls).",
    ),
    "an older .xls": (
        cfb.write({"Book": b"x"}),
        "FIC-009 g.xlsx | g.xlsx est un classeur d’Excel 97-2003 (.xls).",
    ),
    "a binary workbook": (
        zipped({"[Content_Types].xml": "", "xl/workbook.bin": b"\x83"}),
        "FIC-010 g.xlsx | g.xlsx est un classeur binaire d’Excel (.xlsb).",
    ),
    "CSV": (
        "Critère;Appréciation\nE1;Acquis\n".encode("cp1252"),
        "FIC-011 g.xlsx | g.xlsx n’est que du texte (un export CSV ?), quel que soit son nom.",
    ),
    "UTF-16 text": (
        "Critère\tAppréciation\n".encode("utf-16"),
        "FIC-011 g.xlsx | g.xlsx n’est que du texte (un export CSV ?), quel que soit son nom.",
    ),
    "a portal's page": (
        b"\xef\xbb\xbf\r\n<!DOCTYPE html><html><body>Connectez-vous</body></html>",
        "FIC-012 g.xlsx | g.xlsx est une page web enregistrée sous un nom de classeur.",
    ),
    "an .xls that is HTML": (
        b"<table><tr><td>E1</td></tr></table>",
        "FIC-012 g.xlsx | g.xlsx est une page web enregistrée sous un nom de classeur.",
    ),
    "SpreadsheetML 2003": (
        b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        b'<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
        "FIC-013 g.xlsx | g.xlsx est une feuille de calcul XML 2003, quel que soit son nom.",
    ),
    "PDF": (
        b"%PDF-1.7\n",
        "FIC-014 g.xlsx | g.xlsx est un PDF : aucune appréciation ne peut y être lue avec "
        "certitude.",
    ),
    "PNG": (
        b"\x89PNG\r\n\x1a\n",
        "FIC-015 g.xlsx | g.xlsx est une image (photographie ou numérisation ?).",
    ),
    "HEIC": (
        b"\0\0\0\x18ftypheic",
        "FIC-015 g.xlsx | g.xlsx est une image (photographie ou numérisation ?).",
    ),
    "Word": (
        zipped({"[Content_Types].xml": "", "word/document.xml": ""}),
        "FIC-016 g.xlsx | g.xlsx n’est pas un classeur : c’est un document Word.",
    ),
    "PowerPoint": (
        zipped({"[Content_Types].xml": "", "ppt/presentation.xml": ""}),
        "FIC-016 g.xlsx | g.xlsx n’est pas un classeur : c’est un diaporama PowerPoint.",
    ),
    "old Word": (
        cfb.write({"WordDocument": b"x"}),
        "FIC-016 g.xlsx | g.xlsx n’est pas un classeur : c’est un ancien document Word.",
    ),
    "Numbers": (
        zipped({"Index/Document.iwa": b"\0", "Metadata/Properties.plist": b""}),
        "FIC-017 g.xlsx | g.xlsx est un document Numbers (Apple).",
    ),
    "RAR": (
        b"Rar!\x1a\x07\x01\0",
        "FIC-018 g.xlsx | g.xlsx est une archive .rar, que ce programme n’ouvre pas.",
    ),
    "7z": (
        b"7z\xbc\xaf\x27\x1c\0\x04",
        "FIC-018 g.xlsx | g.xlsx est une archive .7z, que ce programme n’ouvre pas.",
    ),
    "truncated": (
        xlsx()[:900],
        "FIC-019 g.xlsx | g.xlsx est tronqué ou abîmé : son sommaire est illisible, la fin manque "
        "sans doute.",
    ),
    "a cloud's placeholder": (
        bytes(4096),
        "FIC-019 g.xlsx | g.xlsx est tronqué ou abîmé : il ne contient que des octets nuls, la "
        "copie "
        "a échoué.",
    ),
    "a sheet cut short": (
        xlsx(others={"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>"}),
        "FIC-019 g.xlsx | g.xlsx est tronqué ou abîmé : son contenu s'arrête avant la fin ou ne se "
        "lit pas.",
    ),
    "a string that is not there": (
        xlsx('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
        "FIC-019 g.xlsx | g.xlsx est tronqué ou abîmé : une de ses cellules n'a pas de sens.",
    ),
    "winmail.dat": (
        b"\x78\x9f\x3e\x22\0\0",
        "FIC-027 g.xlsx | g.xlsx est un courriel dont les pièces jointes ne peuvent pas être "
        "lues : "
        "c'est un « winmail.dat » d'Outlook.",
    ),
    "an empty zip": (
        zipped({}),
        "FIC-028 g.xlsx | g.xlsx est une archive ou un courriel qui ne contient aucun fichier.",
    ),
    "a reply without its grid": (
        b"From: h@exemple.fr\r\nMIME-Version: 1.0\r\nSubject: grille\r\n\r\nVoici.\r\n",
        "FIC-028 g.xlsx | g.xlsx est une archive ou un courriel qui ne contient aucun fichier.",
    ),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("contenu", "sentence"), KINDS.values(), ids=KINDS)
def test_each_kind_of_file_is_named_for_what_it_is(contenu: bytes, sentence: str) -> None:
    assert said(contenu) == [sentence]


def test_each_kind_has_its_own_remedy() -> None:
    """Which menu to open, not « contactez l'administrateur »."""
    remedies = {}
    for contenu, _ in KINDS.values():
        faults = opened(contenu)[1]
        remedies[faults[0].code] = faults[0].remede
    assert len(set(remedies.values())) >= len(remedies) - 1  # XLSB and XML 2003 share theirs


FLAT = """<?xml version="1.0"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:meta="m" xmlns:dc="d" xmlns:table="t" xmlns:text="x" xmlns:calcext="c">
<office:meta><meta:creation-date>2026-03-01T08:00:00</meta:creation-date>
<dc:date>2026-03-02T08:00:00</dc:date></office:meta>
<office:body><office:spreadsheet><table:table table:name="F">
<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
<table:table-row>
 <table:table-cell office:value-type="string"><office:annotation>
  <dc:date>2030-01-01T00:00:00</dc:date><text:p>une note</text:p></office:annotation>
  <text:p>Non<text:s text:c="2"/>acquis</text:p>
  <text:p>suite</text:p></table:table-cell>
 <table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="12.5"/>
 <table:table-cell office:value-type="boolean" office:boolean-value="1"/>
 <table:table-cell office:value-type="date" office:date-value="2026-03-01"/>
 <table:table-cell office:value-type="time" office:time-value="PT10H05M00S"/>
 <table:table-cell table:formula="of:=[.B4]" office:value-type="float" office:value="3"/>
 <table:table-cell table:formula="of:=TRUE()" office:value-type="boolean"/>
 <table:table-cell calcext:value-type="error" office:value-type="string">
  <text:p>#REF!</text:p></table:table-cell>
 <table:covered-table-cell office:value-type="string">
  <text:p>caché</text:p></table:covered-table-cell>
 <table:table-cell office:value-type="percentage" office:value="0.65"><text:p>65 %</text:p>
 </table:table-cell>
</table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell
 table:number-columns-repeated="16384" table:style-name="ce1"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document>"""


@pytest.mark.parametrize("zipped_up", [False, True], ids=["flat", "zipped"])
def test_an_open_document_is_read_too(zipped_up: bool) -> None:
    content = FLAT.encode()
    if zipped_up:
        content = zipped({"mimetype": ODS, "content.xml": FLAT, "meta.xml": FLAT})
    classeur, notes = cellules.read("g.ods", content)
    assert classeur is not None
    found = {c.adresse: c.formule or c.valeur for c in classeur.feuilles[0].cellules.values()}
    assert found == {
        "A4": "Non  acquis\nsuite", "B4": Decimal("12.5"), "C4": Decimal("12.5"), "D4": True,
        "E4": date(2026, 3, 1), "F4": time(10, 5), "G4": "=[.B4]", "H4": True, "I4": "#REF!",
        "K4": "65 %",
    }  # fmt: skip
    assert classeur.modifie == datetime(2026, 3, 2, 8, tzinfo=UTC)
    extension = "ods" if zipped_up else "fods"
    assert sentences(notes) == [
        f"FIC-008 g.ods | g.ods a été enregistré au format .{extension} : ses valeurs ont été lues."
    ]


# --- what would harm

BOMB = zipped({"[Content_Types].xml": "", "xl/workbook.xml": bytes(50_000_000)})
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    "<worksheet><sheetData>&b;</sheetData></worksheet>"
)


def overlapping() -> bytes:
    """A table of contents of 250 lines, all over the same 40 kB of zeros: the better zip bomb."""
    packed = zlib.compressobj(9, wbits=-15)
    kernel = packed.compress(bytes(40_000_000)) + packed.flush()
    crc = zlib.crc32(bytes(40_000_000))
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(kernel), 40_000_000, 1, 0)
    body = local + b"a" + kernel
    lines = b""
    for rank in range(250):
        name = f"n{rank}".encode()
        lines += struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(kernel), 40_000_000,
            len(name), 0, 0, 0, 0, 0, 0,
        ) + name  # fmt: skip
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 250, 250, len(lines), len(body), 0)
    return body + lines + end


def lying() -> bytes:
    """A workbook whose sheet declares 100 bytes and holds millions."""
    rows = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 5_000_000}</t></is></c></row>'
    content = bytearray(xlsx(rows))
    true = 5_000_000
    for offset in range(len(content) - 4):
        value = int.from_bytes(content[offset : offset + 4], "little")
        if true < value < true + 1000:
            content[offset : offset + 4] = (100).to_bytes(4, "little")
    return bytes(content)


HARM: dict[str, tuple[bytes, str]] = {
    "a zip bomb": (BOMB, "FIC-005 g.xlsx | g.xlsx dépasse ce qu’une grille peut peser : il se "
                         "décompresse plus de 200 fois."),
    "entries over one another": (overlapping(), "FIC-005 g.xlsx | g.xlsx dépasse ce qu’une grille "
                                                "peut peser : décompressé, il serait démesuré."),
    "sizes that lie": (lying(), "FIC-019 g.xlsx | g.xlsx est tronqué ou abîmé : une partie ne se "
                                "décompresse pas."),
    "billion laughs": (
        xlsx(others={"xl/worksheets/sheet1.xml": LAUGHS}),
        "FIC-020 g.xlsx | g.xlsx n’a pas été ouvert, par prudence : son XML contient des "
        "déclarations (DTD), ce que ne fait aucun classeur.",
    ),
    "an external entity": (
        xlsx(strings="", others={
            "xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
            "<sst><si><t>&f;</t></si></sst>"}),
        "FIC-020 g.xlsx | g.xlsx n’a pas été ouvert, par prudence : son XML contient des "
        "déclarations (DTD), ce que ne fait aucun classeur.",
    ),
    "XML without end": (
        xlsx("<a>" * 200), "FIC-005 g.xlsx | g.xlsx dépasse ce qu’une grille peut peser : son XML "
                           "est imbriqué sans fin."),
    "cells without end": (
        xlsx("".join("<row>" + "".join(f"<c><v>{n * row}</v></c>" for n in range(1000)) + "</row>"
                     for row in range(201))),
        "FIC-005 g.xlsx | g.xlsx dépasse ce qu’une grille peut peser : plus de 200 000 cellules "
        "remplies.",
    ),
    "one cell for a million rows": (
        FLAT.replace('number-rows-repeated="3"><table:table-cell/',
                     'number-rows-repeated="1048000"><table:table-cell office:value-type="float" '
                     'office:value="1"/').encode(),
        "FIC-005 g.xlsx | g.xlsx dépasse ce qu’une grille peut peser : plus de 200 000 cellules "
        "remplies.",
    ),
    "strings without end": (
        xlsx(strings="".join(f"<si><t>{n}</t></si>" for n in range(100_001))),
        "FIC-005 g.xlsx | g.xlsx dépasse ce qu’une grille peut peser : plus de 100000 textes "
        "différents.",
    ),
    "styles without end": (
        xlsx(formats="<cellXfs>" + "".join(f'<xf numFmtId="{n}"/>' for n in range(20_001))
             + "</cellXfs>"),
        "FIC-005 g.xlsx | g.xlsx dépasse ce qu’une grille peut peser : plus de 20000 styles.",
    ),
    "merges without end": (
        xlsx(after="<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 2001 + "</mergeCells>"),
        "FIC-005 g.xlsx | g.xlsx dépasse ce qu’une grille peut peser : plus de 2000 cellules "
        "fusionnées.",
    ),
    "a method that no office uses": (
        zipped({"[Content_Types].xml": "", "_rels/.rels": "", "xl/workbook.xml": bytes(9)},
               zipfile.ZIP_BZIP2),
        "FIC-020 g.xlsx | g.xlsx n’a pas été ouvert, par prudence : il est compressé d'une "
        "façon que "
        "ni Excel ni Windows n'emploient.",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("contenu", "sentence"), HARM.values(), ids=HARM)
def test_what_would_harm_is_refused(contenu: bytes, sentence: str) -> None:
    assert said(contenu) == [sentence]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_a_trap() -> None:
    buffer = io.BytesIO(xlsx())
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr("XL/worksheets\\sheet1.xml".replace("\\", "/"), "<worksheet/>")
    assert said(buffer.getvalue()) == [
        "FIC-020 g.xlsx | g.xlsx n’a pas été ouvert, par prudence : il contient deux fois "
        "l'élément "
        "XL/worksheets/sheet1.xml."
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS ne borne la mémoire que sous Linux")
def test_a_bomb_fits_in_little_memory(tmp_path: Path) -> None:
    """In a process of its own that may not grow by 200 MiB: reading, refusing, saying so."""
    names = ("a zip bomb", "entries over one another", "sizes that lie", "billion laughs",
             "cells without end", "one cell for a million rows")  # fmt: skip
    for rank, name in enumerate(names):
        (tmp_path / f"{rank}.xlsx").write_bytes(HARM[name][0])
    script = """
        import resource, sys
        from pathlib import Path
        from batch.classeurs import cellules
        from batch.reception.contenants import Piece, open_piece
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        ceiling = pages * resource.getpagesize() + 200 * 1024**2
        resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
        for path in sorted(Path(sys.argv[1]).iterdir()):
            for one in open_piece(path.name, path.read_bytes()):
                if isinstance(one, Piece):
                    classeur, faults = cellules.read(one.nom, one.contenu)
                    assert classeur is None
                    print(faults[0].code.numero)
                else:
                    print(one.anomalie.code.numero)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(tmp_path)],
        cwd=data.SAMPLES.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout.split(), done.stderr) == (
        ["FIC-005", "FIC-005", "FIC-019", "FIC-020", "FIC-005", "FIC-005"], "",
    )  # fmt: skip


# --- zips and mails


def test_a_zip_is_opened_and_its_debris_ignored() -> None:
    names, faults = opened(
        zipped({"Jury/grille.xlsx": xlsx(), "__MACOSX/Jury/._grille.xlsx": b"\0\5\x16\7",
                "Jury/~$grille.xlsx": b"\5Camille", "Jury/lisezmoi.txt": "bonjour"}),
        "retours/envoi.zip",
    )  # fmt: skip
    assert names == ["retours/envoi.zip › Jury/grille.xlsx"]
    assert sentences(faults) == [
        "FIC-011 retours/envoi.zip › Jury/lisezmoi.txt | retours/envoi.zip › Jury/lisezmoi.txt "
        "n’est que du texte (un export CSV ?), quel que soit son nom.",
        "FIC-001 retours/envoi.zip › Jury/~$grille.xlsx | ~$grille.xlsx n’a pas été lu : c'est la "
        "trace d'un classeur resté ouvert chez quelqu'un.",
        "FIC-001 retours/envoi.zip › __MACOSX/Jury/._grille.xlsx | ._grille.xlsx n’a pas été lu : "
        "c'est un fichier de service du système.",
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/cron.d/x.xlsx", "etc/cron.d/x.xlsx"),
        ("..\\..\\x.xlsx", "x.xlsx"),
        ("/absolu.xlsx", "absolu.xlsx"),
        ("a\x1b[31m.xlsx", "a[31m.xlsx"),
        ("e\u0301te\u0301.xlsx", "été.xlsx"),
    ],
)
def test_a_name_cannot_leave_its_zip(name: str, shown: str) -> None:
    assert opened(zipped({name: xlsx()}), "z")[0] == [f"z › {shown}"]


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "utf-8"])
def test_accents_survive_whatever_made_the_zip(encoding: str) -> None:
    """Windows writes them in its DOS code page, macOS in UTF-8 without saying so."""
    content = zipped({"Hxlene.xlsx": xlsx()})
    raw = "Hélene.xlsx".encode(encoding)
    if encoding == "utf-8":
        content, raw = zipped({"Hxxlene.xlsx": xlsx()}), "Hélene.xlsx".encode()
        content = content.replace(b"Hxxlene.xlsx", raw)
    else:
        content = content.replace(b"Hxlene.xlsx", raw)
    assert opened(content, "z")[0] == ["z › Hélene.xlsx"]


def test_a_zip_under_password_is_said() -> None:
    content = bytearray(zipped({"g.xlsx": xlsx()}))
    content[6] |= 1
    content[content.rindex(b"PK\1\2") + 8] |= 1
    assert said(bytes(content)) == [
        "FIC-022 g.xlsx | g.xlsx est une archive protégée par un mot de passe."
    ]


def test_nesting_has_an_end() -> None:
    content = xlsx()
    for depth in range(limites.PROFONDEUR):
        content = zipped({f"{depth}.zip": content} if depth else {"g.xlsx": content})
    assert opened(content, "z")[0] == ["z › 3.zip › 2.zip › 1.zip › g.xlsx"]
    names, faults = opened(zipped({"4.zip": content}), "z")
    assert names == []
    inner = "z › 4.zip › 3.zip › 2.zip › 1.zip"
    assert sentences(faults) == [
        f"FIC-026 {inner} | {inner} est emboîté trop profond : plus de 4 archives ou courriels "
        "l’un dans l’autre."
    ]


def test_a_zip_of_bombs_is_refused_whole() -> None:
    inner = zipped({f"{n}.bin": bytes(range(256)) * 30_000 for n in range(20)})
    assert "FIC-005" in said(zipped({f"{n}.zip": inner for n in range(9)}))[-1]


def test_one_spoilt_entry_does_not_lose_the_others() -> None:
    content = bytearray(zipped({"a.xlsx": xlsx(), "b.xlsx": xlsx()}))
    content[200] ^= 0xFF
    names, faults = opened(bytes(content), "z")
    assert names == ["z › b.xlsx"]
    assert sentences(faults) == [
        "FIC-019 z › a.xlsx | z › a.xlsx est tronqué ou abîmé : une partie ne se décompresse pas."
    ]


def mail(*attachments: tuple[str, bytes]) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "helene@exemple.fr", "Ma grille"
    message["Message-ID"] = "<1@exemple.fr>"
    message.set_content("Voici ma grille.")
    for name, content in attachments:
        message.add_attachment(
            content, maintype="application", subtype="octet-stream", filename=name
        )
    return message


def test_a_mail_is_opened_within_its_attachments() -> None:
    inner = mail(("grille.xlsx", xlsx()))
    outer = mail(
        ("été.xlsx", xlsx()), ("été.xlsx", xlsx()), ("logo.png", b"\x89PNG\r\n"),
        ("envoi.zip", zipped({"z.xlsx": xlsx()})),
    )  # fmt: skip
    outer.add_attachment(inner)
    names, faults = opened(bytes(outer), "retours/ma réponse.eml")
    top = "retours/ma réponse.eml"
    assert names == [
        f"{top} › été.xlsx",
        f"{top} › été.xlsx (2)",
        f"{top} › envoi.zip › z.xlsx",
        f"{top} › Ma grille.eml › grille.xlsx",
    ]
    assert sentences(faults) == [
        f"FIC-001 {top} › logo.png | logo.png n’a pas été lu : ce qui accompagne un courriel "
        "n'est pas une grille."
    ]


def outlook(**attachments: bytes) -> bytes:
    tree: dict[str, Any] = {"__properties_version1.0": b"x"}
    for rank, (name, content) in enumerate(attachments.items()):
        tree[f"__attach_version1.0_#0000000{rank}"] = {
            "__substg1.0_37010102": content,
            "__substg1.0_3707001F": f"{name}.xlsx".encode("utf-16-le"),
        }
    return cfb.write(tree)


def test_an_outlook_message_is_opened() -> None:
    rows = "".join(f'<row r="{n}"><c><v>{n**5}</v></c></row>' for n in range(1, 900))
    assert opened(outlook(été=xlsx(rows)), "m.msg") == (["m.msg › été.xlsx"], [])


def test_an_outlook_message_within_another_is_said() -> None:
    tree = {"__properties_version1.0": b"x",
            "__attach_version1.0_#00000000": {"__substg1.0_3701000D": {"a": b"b"}}}  # fmt: skip
    assert said(cfb.write(tree), "m.msg") == [
        "FIC-027 m.msg › pièce 1 | m.msg › pièce 1 est un courriel dont les pièces jointes ne "
        "peuvent pas être lues : ce message d'Outlook en contient un autre."
    ]


# --- the folder


def received(racine: Path) -> tuple[list[str], list[str]]:
    names, faults = [], []
    for one in depot.receive(racine, "retours"):
        if isinstance(one, Ecarte):
            faults.append(one.anomalie)
        else:
            names.append(one.nom)
    return names, sentences(faults)


def test_everything_in_the_folder_is_named_in_order(tmp_path: Path) -> None:
    for name in ("b.xlsx", "a/é.xlsx", "a/~$é.xlsx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(xlsx())
    (tmp_path / "dossier.xlsx").mkdir()
    names, faults = received(tmp_path)
    assert names == ["retours/a/é.xlsx", "retours/b.xlsx"]
    assert faults == [
        "FIC-001 retours/a/~$é.xlsx | ~$é.xlsx n’a pas été lu : c'est la trace d'un classeur "
        "resté ouvert chez quelqu'un.",
        "FIC-024 retours/dossier.xlsx | retours/dossier.xlsx est un dossier et non un classeur, "
        "malgré son nom.",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="les liens y demandent un privilège")
def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "ailleurs").write_bytes(xlsx())
    folder = tmp_path / "retours"
    folder.mkdir()
    (folder / "lien.xlsx").symlink_to(tmp_path / "ailleurs")
    (folder / "mort.xlsx").symlink_to(tmp_path / "nulle part")
    (folder / "boucle").symlink_to(folder)
    assert received(folder) == (
        [],
        [
            "FIC-001 retours/boucle | boucle n’a pas été lu : c'est un lien vers un autre endroit, "
            "et seul ce qui est ici fait foi.",
            "FIC-001 retours/lien.xlsx | lien.xlsx n’a pas été lu : c'est un lien vers un autre "
            "endroit, et seul ce qui est ici fait foi.",
            "FIC-023 retours/mort.xlsx | retours/mort.xlsx ne peut pas être lu : il n'est plus là, "
            "ou il mène à un fichier qui n'y est plus.",
        ],
    )


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "denied"), "l'accès en est refusé, ou un autre programme le tient "
                                        "ouvert"),
        (FileNotFoundError(2, "gone"), "il n'est plus là, ou il mène à un fichier qui n'y est "
                                       "plus"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_does_not_stop_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).write_bytes(xlsx())
    before = Path.open

    def locked(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name == "a.xlsx":
            raise error
        return before(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", locked)
    assert received(tmp_path) == (
        ["retours/b.xlsx"],
        [f"FIC-023 retours/a.xlsx | retours/a.xlsx ne peut pas être lu : {reason}."],
    )


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert received(tmp_path / "rien")[1][0].startswith("FIC-023 retours | retours ne peut pas")


def test_a_file_too_big_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "g.zip").open("wb") as stream:
        stream.truncate(limites.CONTENANT + 1)
    assert received(tmp_path)[1] == [
        "FIC-005 retours/g.zip | retours/g.zip dépasse ce qu’une grille peut peser : plus de 50 Mo."
    ]
