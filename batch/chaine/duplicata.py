"""A sealed archive and a candidate -> his letter and certificates again, marked as duplicates."""

import re
from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from pathlib import Path, PurePosixPath

from batch import fichiers
from batch.anomalies import Empechement, MauvaisUsage, suggestion
from batch.archive.forme import SESSION, Scellee
from batch.documents import duplicata, pdf
from batch.folder import entry
from batch.francais import enumeration, proche

_SORTES = ("lettres", "certificats", "releves")
_RECTIFIED = re.compile(r" \(rectificatif (\d+)\)$")
_RETOUCHED = "(retouché à la main)"


def reissue(
    scellee: Scellee,
    candidat: str,
    sortie: Path,
    registre: Path,
    now: datetime,
    *,
    en_pdf: bool = False,
) -> list[Path]:
    """Write them under `sortie`; the register gets one line, without anything personal.

    A document whose PDF is in the archive too has both again; with `en_pdf`, each has. Raises
    Empechement, with nothing written, for a duplicate that is already there, or that LibreOffice
    cannot convert.
    """
    originals = _of(scellee, candidat)
    originals |= _pdfs_of(scellee, originals)
    marked = {
        nom: _marked(nom, content, now, scellee.manifeste.fondement.courte)
        for nom, content in originals.items()
    }
    if en_pdf:
        marked |= _converted({n: own for n, own in marked.items() if n.endswith(".docx")}, marked)
    written = []
    for nom, content in sorted(marked.items()):
        path = PurePosixPath(nom)
        target = sortie / f"{path.parent.name} {path.stem} (duplicata){path.suffix}"
        if target.exists():
            raise Empechement(
                f"{target} existe déjà : il n'a pas été remplacé. Déplacez-le, ou donnez un autre "
                f"dossier avec --sortie."
            )
        written.append((target, content))
    line = entry(
        "duplicata",
        now,
        archive=scellee.empreinte,
        originaux=[fichiers.fingerprint(content) for content in originals.values()],
        duplicatas=[fichiers.fingerprint(content) for _, content in written],
    )
    # Known before it is handed over: a duplicate that nobody recorded would be a forgery.
    registre.parent.mkdir(parents=True, exist_ok=True)
    fichiers.append_line(registre, line)
    for target, content in written:
        fichiers.write(target, content)
    return [target for target, _ in written]


def _pdfs_of(scellee: Scellee, originals: Iterable[str]) -> dict[str, bytes]:
    """Those that lie beside them in the archive: the program's, or a signed one."""
    names = [_as_pdf(nom) for nom in originals]
    return {nom: scellee.pieces[nom] for nom in names if nom in scellee.pieces}


def _marked(nom: str, content: bytes, now: datetime, short: str) -> bytes:
    if nom.endswith(".docx"):
        return duplicata.mark(content, now.date(), short)
    try:
        return duplicata.mark_pdf(content, now.date(), short)
    except ValueError as error:
        raise Empechement(
            f"{nom}, dans l'archive, n'est pas un PDF qui se laisse marquer : aucun duplicata n'a "
            f"été fait. Prenez-le tel quel dans l'archive, qui est un zip ordinaire."
        ) from error


def _converted(documents: Mapping[str, bytes], known: Container[str]) -> dict[str, bytes]:
    wanted = {nom: own for nom, own in documents.items() if _as_pdf(nom) not in known}
    made = pdf.convert(wanted) if wanted else {}
    lacking = [PurePosixPath(nom).name for nom in wanted if nom not in made]
    if lacking:
        raise Empechement(
            f"LibreOffice n'a pas pu convertir {enumeration(lacking)} : aucun duplicata n'a été "
            f"fait. Refaites-les sans --pdf."
        )
    return {_as_pdf(nom): content for nom, content in made.items()}


def _as_pdf(nom: str) -> str:
    return str(PurePosixPath(nom).with_suffix(".pdf"))


def _of(scellee: Scellee, candidat: str) -> dict[str, bytes]:
    """The candidate's own Word documents; of several versions, the last rectified one."""
    kept: dict[str, tuple[int, str]] = {}
    known: set[str] = set()
    for nom in scellee.pieces:
        path = PurePosixPath(nom.removeprefix(f"{SESSION}documents/"))
        if path.parent.name not in _SORTES or path.suffix != ".docx" or _RETOUCHED in path.stem:
            continue
        owner = path.stem.partition(" ")[0]
        known.add(owner)
        if owner != candidat:
            continue
        ranked = _RECTIFIED.search(path.stem)
        rank = int(ranked[1]) if ranked else 0
        plain = f"{path.parent}/{_RECTIFIED.sub('', path.stem)}"
        kept[plain] = max(kept.get(plain, (-1, "")), (rank, nom))
    if not kept:
        near = suggestion(proche(candidat, sorted(known)))
        raise MauvaisUsage(f"L'archive n'a aucun document du candidat « {candidat} »{near}.")
    return {nom: scellee.pieces[nom] for _, nom in kept.values()}
