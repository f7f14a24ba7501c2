"""The parts of a package -> what in them could act, or would fetch from elsewhere.

A .docx is a zip of XML: a program, an object of another program, a picture on somebody's server
or an entity may lie in it, and every letter made from it would carry them.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from batch.anomalies import Anomalie, Code, Empechement, Lieu
from batch.documents.gabarits.lecture import W
from batch.documents.paquet import pack
from batch.reception import archive, limites
from batch.reception.archive import Archive
from batch.reception.refus import Refus, too_big

PRINCIPALE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_AUTRES = {
    "macroEnabled": "c'est un document Word avec des macros (.docm ou .dotm)",
    "template.main": "c'est un modèle Word (.dotx)",
    "spreadsheetml": "c'est un classeur Excel",
    "presentationml": "c'est une présentation",
}
_ACTIFS = (
    (re.compile(r"vbaProject|vbaData", re.IGNORECASE), "une macro"),
    (re.compile(r"/activeX/|/ctrlProps/", re.IGNORECASE), "un contrôle ActiveX"),
    (re.compile(r"/embeddings/|oleObject", re.IGNORECASE), "un objet d'un autre programme (OLE)"),
    (re.compile(r"/afchunk|\.(html?|mht|rtf)$", re.IGNORECASE), "un autre document, inclus"),
)
_CHAMPS = re.compile(
    r"\b(DDEAUTO|DDE|INCLUDEPICTURE|INCLUDETEXT|LINK|IMPORT|DATABASE|MACROBUTTON|EMBED|RD)\b", re.I
)
# A part may be XML under any name: in UTF-8, or in UTF-16 with its mark.
_XML = re.compile(rb"(\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff")
# A link that somebody clicks: it fetches nothing by itself.
_LIENS = ("http://", "https://", "mailto:", "tel:")


def read(nom: str, contenu: bytes) -> tuple[dict[str, bytes] | None, list[Anomalie]]:
    """Its parts, bounded and sniffed as what comes back from evaluators is; and what is in them.

    None where it cannot be opened.
    """
    try:
        parts = _open(contenu)
        return parts, _check(nom, parts)
    except Refus as refus:
        raison = refus.raison
    except _Illisible as error:
        raison = str(error)
    return None, [Code.GABARIT_ILLISIBLE.at(Lieu(nom), nom=nom, raison=raison)]


def safe(nom: str, contenu: bytes) -> bytes:
    """The same template, packed anew: what was looked at is what is used.

    Raises Empechement, with every reason, where no document may be made from it.
    """
    parts, anomalies = read(nom, contenu)
    blocking = [anomalie for anomalie in anomalies if anomalie.bloquante]
    if parts is None or blocking:
        raise Empechement(
            f"Le gabarit {nom} n'est pas un document Word dont on puisse se servir. Corrigez-le, "
            f"ou retirez-le : le nôtre servira.",
            blocking,
        )
    return pack(parts)


class _Illisible(Exception):
    """The package is no Word document; the reason in French."""


def _open(contenu: bytes) -> dict[str, bytes]:
    if contenu.startswith(_OLE):
        raise _Illisible(
            "c'est un document de Word 97-2003 (.doc), ou il est protégé par un mot de passe"
        )
    if not contenu.startswith(b"PK"):
        raise _Illisible("ce n'est pas un document Word")
    if len(contenu) > limites.FICHIER:
        raise too_big(f"il pèse plus de {limites.FICHIER // 1024**2} Mo")
    package = Archive(contenu, archive.DOCUMENT)
    return {name: package.read(name, limites.PARTIE) for name in package.noms}


def _parse(content: bytes) -> Any:
    """The XML of a part, without entities nor network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _Illisible("une de ses parties n'est pas du XML") from error
    if root.getroottree().docinfo.doctype:
        raise _Illisible("une de ses parties déclare des entités, ce que Word ne fait jamais")
    return root


def _check(nom: str, parts: Mapping[str, bytes]) -> list[Anomalie]:
    """What would travel with every document made from it."""
    if "[Content_Types].xml" not in parts:
        raise _Illisible("c'est un autre genre de fichier")
    types = {e.get("ContentType", "") for e in _parse(parts["[Content_Types].xml"])}
    if PRINCIPALE not in types:
        other = next(
            (said for mark, said in _AUTRES.items() if any(mark in kind for kind in types)),
            "c'est un autre genre de fichier",
        )
        raise _Illisible(other)
    found: list[Anomalie] = []
    for name, content in parts.items():
        for mark, what in _ACTIFS:
            if mark.search(f"/{name}"):
                found.append(Code.GABARIT_ACTIF.at(Lieu(nom), quoi=what, element=name))
                break
        if name.endswith((".xml", ".rels")) or _XML.match(content):
            root = _parse(content)
            if name.endswith(".rels"):
                found += _outside(nom, root)
            else:
                found += _fields(nom, root)
    return list(dict.fromkeys(found))


def _outside(nom: str, root: Any) -> Iterator[Anomalie]:
    """Everything linked and not held, but links to be clicked."""
    for relation in root:
        target = relation.get("Target", "")
        kind = relation.get("Type", "").rpartition("/")[2]
        if relation.get("TargetMode") != "External" and not re.match(r"[a-z]+://|[\\/]{2}", target):
            continue
        if kind == "hyperlink" and target.casefold().startswith(_LIENS):
            continue
        local = re.match(r"(file:///)?[A-Za-z]:|file:///(?!/)", target)
        if kind == "attachedTemplate" and local:
            # Word notes the .dotx that the document came from; it is only looked for on this disk.
            yield Code.GABARIT_ATTACHE.at(Lieu(nom), adresse=target[:120])
            continue
        what = _RELATIONS.get(kind, "un élément")
        yield Code.GABARIT_EXTERIEUR.at(Lieu(nom), quoi=what, adresse=target[:120])


_RELATIONS = {
    "image": "une image liée",
    "attachedTemplate": "le modèle Word attaché",
    "oleObject": "un objet lié",
    "hyperlink": "un lien vers un fichier ou un programme",
    "subDocument": "un sous-document",
    "frame": "un cadre",
    "aFChunk": "un document inclus",
}


def _fields(nom: str, root: Any) -> Iterator[Anomalie]:
    """Field codes that fetch or run, however Word cut them."""
    for paragraph in root.iter(f"{W}p"):
        whole = "".join(element.text or "" for element in paragraph.iter(f"{W}instrText"))
        simple = " ".join(e.get(f"{W}instr", "") for e in paragraph.iter(f"{W}fldSimple"))
        for one in (whole, simple):
            code = _CHAMPS.search(one)
            if code:
                quoi = f"un champ {code[1].upper()}"
                yield Code.GABARIT_ACTIF.at(Lieu(nom), quoi=quoi, element=one.strip()[:80])
