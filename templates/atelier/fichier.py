"""The parts of the file -> the whole .docx."""

from atelier.briques import DECLARATION, NAMESPACES, cm
from batch.documents.paquet import pack

NUMBERING = (
    f"{DECLARATION}<w:numbering {NAMESPACES}>"
    '<w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="singleLevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:pStyle w:val="Liste"/>'
    '<w:lvlText w:val="–"/><w:lvlJc w:val="left"/><w:pPr>'
    f'<w:ind w:left="{cm(0.5)}" w:hanging="{cm(0.4)}"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
SETTINGS = (
    f'{DECLARATION}<w:settings {NAMESPACES}><w:zoom w:percent="100"/>'
    f'<w:defaultTabStop w:val="{cm(1.25)}"/><w:characterSpacingControl w:val="doNotCompress"/>'
    '<w:compat><w:compatSetting w:name="compatibilityMode" '
    'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
    '<w:themeFontLang w:val="fr-FR"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
    "</w:settings>"
)
CORE = (
    f"{DECLARATION}<cp:coreProperties "
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:language>fr-FR</dc:language>'
    "</cp:coreProperties>"
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KINDS = {
    "word/document.xml": f"{_WORD}.document.main+xml",
    "word/styles.xml": f"{_WORD}.styles+xml",
    "word/numbering.xml": f"{_WORD}.numbering+xml",
    "word/settings.xml": f"{_WORD}.settings+xml",
    "word/header1.xml": f"{_WORD}.header+xml",
    "word/header2.xml": f"{_WORD}.header+xml",
    "word/footer1.xml": f"{_WORD}.footer+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
}
_LINKS = {
    "word/styles.xml": ("rId1", "styles"),
    "word/numbering.xml": ("rId2", "numbering"),
    "word/settings.xml": ("rId3", "settings"),
    "word/header1.xml": ("rId10", "header"),
    "word/header2.xml": ("rId11", "header"),
    "word/footer1.xml": ("rId12", "footer"),
}


def package(own: dict[str, str]) -> bytes:
    """A whole .docx from the parts that are its own."""
    parts = {
        **own,
        "word/numbering.xml": NUMBERING,
        "word/settings.xml": SETTINGS,
        "docProps/core.xml": CORE,
    }
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{kind}"/>'
        for name, kind in _KINDS.items()
        if name in parts
    )
    links = "".join(
        f'<Relationship Id="{identifier}" Type="{_OFFICE}/{kind}" '
        f'Target="{name.removeprefix("word/")}"/>'
        for name, (identifier, kind) in _LINKS.items()
        if name in parts
    )
    core = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
    everything = {
        "[Content_Types].xml": (
            f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Default Extension="xml" ContentType="application/xml"/>{types}</Types>'
        ),
        "_rels/.rels": (
            f'{DECLARATION}<Relationships xmlns="{relations}">'
            f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
            f'<Relationship Id="rId2" Type="{core}" Target="docProps/core.xml"/></Relationships>'
        ),
        "word/_rels/document.xml.rels": (
            f'{DECLARATION}<Relationships xmlns="{relations}">{links}</Relationships>'
        ),
        **parts,
    }
    return pack({name: text.encode() for name, text in everything.items()})
