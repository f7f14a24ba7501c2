"""The session's Word documents -> PDFs beside them; a PDF never outlives the document it shows."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from batch import fichiers
from batch.allure import Progres, unseen
from batch.chaine.ouverture import content_of
from batch.documents import pdf
from batch.folder import Folder
from batch.verrou import writing


@dataclass(frozen=True, slots=True)
class Conversion:
    """What became of each document, named as under documents/."""

    faits: tuple[str, ...]
    inchanges: tuple[str, ...]
    conserves: tuple[str, ...]  # somebody has put a PDF of his own there: signed, perhaps
    manques: tuple[str, ...]  # LibreOffice could make nothing of these
    liasses: tuple[str, ...]  # the merged PDFs, one for each folder of documents


@writing
def export_pdf(folder: Folder, now: datetime, progres: Progres = unseen) -> Conversion:
    """A PDF beside each document that has none up to date, and one to print for each folder.

    `progres` is called with how many are done, of how many. Raises Empechement without LibreOffice.
    """
    forget_stale_pdfs(folder)
    record = _record(folder)
    sources = {name: content_of(folder.documents / name) for name in sorted(_documents(folder))}
    kept = [name for name in sources if name not in record and _beside(folder, name).exists()]
    todo = {
        name: content
        for name, content in sources.items()
        if name not in record and name not in kept
    }
    made: dict[str, bytes] = {}
    if todo:
        made = pdf.convert(todo, lambda done: progres(done, len(todo)))
    for name, content in made.items():
        record[name] = {
            "docx": fichiers.fingerprint(sources[name]),
            "pdf": fichiers.fingerprint(content),
        }
        # Recorded first: a file that no record knows is somebody else's.
        _write_record(folder, record)
        fichiers.write(_beside(folder, name), content)
    bundles = dict(_bundles(folder, [name for name in sources if name in record]))
    for name, content in bundles.items():
        fichiers.write(folder.documents / name, content)
    folder.log("pdf", now, faits=len(made), inchanges=len(sources) - len(todo) - len(kept))
    return Conversion(
        faits=tuple(made),
        inchanges=tuple(n for n in sources if n not in todo and n not in kept),
        conserves=tuple(kept),
        manques=tuple(name for name in todo if name not in made),
        liasses=tuple(bundles),
    )


def forget_stale_pdfs(folder: Folder) -> None:
    """Delete each PDF of ours whose document has changed or gone, and what was bound with it."""
    record = _record(folder)
    stale = [name for name, own in record.items() if not _is_fresh(folder, name, own)]
    for name in stale:
        own = record.pop(name)
        path = _beside(folder, name)
        if path.is_file() and fichiers.fingerprint(content_of(path)) == own["pdf"]:
            path.unlink()
        if "/" in name:
            (folder.documents / _bundle_name(name)).unlink(missing_ok=True)
    if stale:
        _write_record(folder, record)


def pdf_of(folder: Folder, document: str) -> Path | None:
    """The PDF of a document named as under documents/, if there is one and it shows its text."""
    own = _record(folder).get(document)
    return _beside(folder, document) if own and _is_fresh(folder, document, own) else None


def _is_fresh(folder: Folder, name: str, own: Mapping[str, str]) -> bool:
    source, made = folder.documents / name, _beside(folder, name)
    return (
        source.is_file()
        and made.is_file()
        and fichiers.fingerprint(content_of(source)) == own["docx"]
        and fichiers.fingerprint(content_of(made)) == own["pdf"]
    )


def _documents(folder: Folder) -> Iterator[str]:
    for path in folder.documents.rglob("*.docx"):
        if not path.name.startswith(("~$", ".")) and "(retouché à la main)" not in path.name:
            yield path.relative_to(folder.documents).as_posix()


def _bundles(folder: Folder, names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Letters, certificates… each kind by itself: they are not printed on the same paper."""
    kinds: dict[str, list[str]] = {}
    for name in names:
        if "/" in name:
            kinds.setdefault(_bundle_name(name), []).append(name)
    for bundle, own in kinds.items():
        contents = {Path(name).stem: content_of(_beside(folder, name)) for name in own}
        yield bundle, pdf.merge(contents, Path(bundle).stem.capitalize())


def _bundle_name(name: str) -> str:
    return f"{name.partition('/')[0]}.pdf"


def _beside(folder: Folder, name: str) -> Path:
    return (folder.documents / name).with_suffix(".pdf")


def _record_path(folder: Folder) -> Path:
    return folder.root / ".jury" / "pdf.json"


def _record(folder: Folder) -> dict[str, dict[str, str]]:
    path = _record_path(folder)
    if not path.is_file():
        return {}
    record = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(record, dict)
    return record


def _write_record(folder: Folder, record: Mapping[str, Mapping[str, str]]) -> None:
    fichiers.write(_record_path(folder), fichiers.as_json(record, sort_keys=True))
