"""A sealed archive and a candidate -> his letter and certificates again, marked as duplicates."""

import re
from datetime import datetime
from pathlib import Path, PurePosixPath

from batch import fichiers
from batch.anomalies import Empechement, MauvaisUsage, suggestion
from batch.archive.forme import SESSION, Scellee
from batch.documents import duplicata
from batch.folder import entry
from batch.francais import proche

_SORTES = ("lettres", "certificats", "releves")
_RECTIFIED = re.compile(r" \(rectificatif (\d+)\)$")
_RETOUCHED = "(retouché à la main)"


def reissue(
    scellee: Scellee, candidat: str, sortie: Path, registre: Path, now: datetime
) -> list[Path]:
    """Write them under `sortie`; the register gets one line, without anything personal."""
    originals = _of(scellee, candidat)
    short = scellee.manifeste.fondement.courte
    written = []
    for nom, content in originals.items():
        path = PurePosixPath(nom)
        target = sortie / f"{path.parent.name} {path.stem} (duplicata).docx"
        if target.exists():
            raise Empechement(
                f"{target} existe déjà : il n'a pas été remplacé. Déplacez-le, ou donnez un autre "
                f"dossier avec --sortie."
            )
        written.append((target, duplicata.mark(content, now.date(), short)))
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
