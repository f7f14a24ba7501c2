"""What the stages about documents share: the sitting, and docxtpl as its own manual uses it."""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from batch import chaine, data
from batch.chaine import actes
from batch.documents.bac_a_sable import Bac
from batch.documents.edition import Feuille
from batch.documents.rendu import clean
from batch.folder import Folder
from batch.jury.seance import Acte, Seance


def sitting(folder: Folder) -> Seance:
    """The sitting as its final papers print it."""
    seance = chaine.examine(folder).seance
    return replace(seance, acte=Acte(1, actes.number(seance, 1)))


def docxtpl(feuilles: Iterable[Feuille]) -> Iterator[tuple[str, bytes]]:
    """A template opened, rendered and saved for each document."""
    from docxtpl import DocxTemplate

    for feuille in feuilles:
        contexte = clean(feuille.contexte)
        template = DocxTemplate(data.TEMPLATES / feuille.gabarit)
        template.render(contexte, jinja_env=_plain(contexte))
        buffer = io.BytesIO()
        template.save(buffer)
        yield feuille.nom, buffer.getvalue()


def _plain(contexte: Mapping[str, object]) -> Bac:
    """Our own Jinja, for our own filters: a user's would have neither, and cost the same."""
    return Bac(contexte)


def canonical(nom: str, contenu: bytes) -> Iterator[str]:
    """Everything that was written in it, as canonical XML; what a zip says besides is left out.

    So are the widths of columns, that docxtpl rounds otherwise than we do.
    """
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(contenu)) as package:
        for part in package.namelist():
            if part.startswith("word/") and part.endswith(".xml"):
                tree = etree.fromstring(package.read(part))
                for column in tree.iter(f"{{{_WORD}}}gridCol", f"{{{_WORD}}}tcW"):
                    column.attrib.clear()
                yield f"{nom} {part} {etree.tostring(tree, method='c14n').decode()}"


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def deflated(contenus: Iterable[bytes]) -> list[list[bytes]]:
    """The parts of these packages, ready to be deflated again."""
    parts = []
    for content in contenus:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts.append([package.read(name) for name in package.namelist()])
    return parts


def documents(folder: Folder) -> list[Path]:
    return sorted(folder.documents.rglob("*.docx"))
