"""Workbooks drawn in XML, as a program would write them or as no program should."""

import io
import zipfile
from collections.abc import Mapping

NS = "http://schemas.openxmlformats.org"
MAIN = f"{NS}/spreadsheetml/2006/main"
LINKS = f"{NS}/officeDocument/2006/relationships"


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xlsx(
    rows: str = '<row r="1"><c r="A1" t="inlineStr"><is><t>Acquis</t></is></c></row>',
    *,
    after: str = "",
    strings: str = "",
    formats: str = "",
    core: str = "",
    others: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook of one sheet, drawn in Excel's own words."""
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Id="r1" Type="{LINKS}/officeDocument" '
        'Target="xl/workbook.xml"/><Relationship Id="r2" '
        'Type="http://x/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">'
        '<sheets><sheet name="F" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": "<Relationships>"
        f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="r3" Type="{LINKS}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>'
        f"{after}</worksheet>",
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    if formats:
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{MAIN}">{formats}</styleSheet>'
    if core:
        parts["docProps/core.xml"] = core
    return zipped({**parts, **(others or {})})
