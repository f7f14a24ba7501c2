"""What evaluators really send: a session's grids, filled, in every format and container."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import cfb
from conftest import NOW, edit, played, returned, row_of, sheet_of

from batch import chaine
from batch.classeurs import cellules
from batch.classeurs.cellules import Cellule, Classeur
from batch.classeurs.grille import forme as f
from batch.folder import Folder

_ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
)


def lay_down(root: Path) -> tuple[Folder, dict[str, bytes]]:
    """A session that waits for its grids, and the files that may come back, by name."""
    folder = played(root / "session")
    path = returned(folder)
    edit(path, _type)
    filled = path.read_bytes()
    chaine.control(folder, NOW)
    (correction,) = folder.corrections.glob("*.xlsx")
    others = [one.read_bytes() for one in sorted(folder.retours.rglob("*.xlsx"))]
    sent = next(folder.grilles.glob("*BC1*.xlsx")).read_bytes()
    classeur, _ = cellules.read("", filled)
    assert classeur is not None
    archive = _zip({f"lot/{rank}.xlsx": one for rank, one in enumerate(others)})
    files = {
        "remplie.xlsx": filled,
        "envoyée.xlsx": sent,
        "correction.xlsx": correction.read_bytes(),
        "rendue.ods": _zip({"mimetype": _ODS.encode(), "content.xml": _content(classeur)}),
        "rendue.fods": _content(classeur, flat=True),
        "lot.zip": archive,
        "courriel.eml": _mail({"grille.xlsx": filled, "lot.zip": archive}),
        "transféré.eml": _mail({"message.eml": _mail({"grille.xlsx": filled})}),
        "courriel.msg": _outlook("grille.xlsx", filled),
    }
    for one in folder.retours.rglob("*.xlsx"):
        one.unlink()
    return folder, files


def _type(workbook: Any) -> None:
    """A person's answers, one of them wrong, so that a correction is due."""
    sheet = sheet_of(workbook)
    for critere, note, comment in (
        ("E1", "Non acquis", "À revoir :\n– l’écart."),
        ("E2", "bof", None),
        ("E3", 12.5, 7),
        ("E4", None, "=1+1"),
        ("E5", date(2026, 3, 1), "Étude   reportée"),
        ("E6", True, "#REF!"),
    ):
        row = row_of(sheet, critere)
        sheet.cell(row, f.NOTE).value = note
        sheet.cell(row, f.COMMENTAIRE).value = comment
    sheet.merge_cells("H2:I4")


def _zip(entries: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _content(classeur: Classeur, *, flat: bool = False) -> bytes:
    """The same cells as OpenDocument."""
    tables = []
    for feuille in classeur.feuilles:
        rows, last = [], 0
        for row in feuille.rows:
            cells, column = [], 0
            for cell in feuille.row(row):
                if cell.colonne > column + 1:
                    empty = cell.colonne - column - 1
                    cells.append(f'<table:table-cell table:number-columns-repeated="{empty}"/>')
                column = cell.colonne
                cells.append(_cell(cell))
            if row > last + 1:
                rows.append(f'<table:table-row table:number-rows-repeated="{row - last - 1}"/>')
            last = row
            rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
        name = quoteattr(feuille.nom)
        tables.append(f"<table:table table:name={name}>{''.join(rows)}</table:table>")
    root = "office:document" if flat else "office:document-content"
    kind = f' office:mimetype="{_ODS}"' if flat else ""
    body = f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body>"
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}<{root} {_NAMESPACES}{kind}>{body}</{root}>".encode()


def _cell(cell: Cellule) -> str:
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in (cell.texte or "").split("\n"))
    kind = 'office:value-type="string"'
    if cell.formule is not None:
        kind = f"table:formula={quoteattr(f'of:{cell.formule}')}"
    elif isinstance(cell.valeur, date):
        kind = f'office:value-type="date" office:date-value="{cell.valeur}"'
    elif isinstance(cell.valeur, int | Decimal):
        kind = f'office:value-type="float" office:value="{cell.valeur}"'
    note = "<office:annotation><text:p>note</text:p></office:annotation>" * (cell.colonne == 4)
    return f"<table:table-cell {kind}>{note}{lines}</table:table-cell>"


def _mail(attached: Mapping[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "helene@exemple.fr", "contact@exemple.fr"
    message["Subject"] = "Grilles corrigées"
    message.set_content("Bonjour,\nVoici mes grilles.\n")
    for name, content in attached.items():
        if name.endswith(".eml"):
            message.add_attachment(message_from_bytes(content, policy=policy.default))
        else:
            message.add_attachment(
                content, maintype="application", subtype="octet-stream", filename=name
            )
    message.set_boundary("limite")
    return message.as_bytes()


def _outlook(name: str, content: bytes) -> bytes:
    attached = {
        "__substg1.0_3707001F": name.encode("utf-16-le"),
        "__substg1.0_37010102": content,
    }
    return cfb.write(
        {"__properties_version1.0": b"\0" * 32, "__attach_version1.0_#00000000": attached}
    )
