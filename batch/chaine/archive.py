"""A closed session folder -> its sealed archive; an archive's file -> what it holds.

What is evidence is what the last act rests on and what it made. What the folder lives through
afterwards (another run, a sealing) is not: the same session gives the same bytes on any day.
"""

import json
import platform
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from pathlib import Path, PurePosixPath

from batch import __version__, data, fichiers, resultats, transaction
from batch.anomalies import Anomalie, Code, Empechement, Lieu
from batch.archive import chiffrement, forme, verification
from batch.archive.forme import PROGRAMME, SESSION, Manifeste, Programme, Scellee
from batch.archive.verification import Constat
from batch.chaine import actes
from batch.chaine.actes import Fixe
from batch.chaine.examen import Examen, examine
from batch.chaine.ouverture import content_of
from batch.chaine.papiers import reasons
from batch.folder import Folder
from batch.ordre import in_order
from batch.reception import archive as zips
from batch.verrou import writing
from batch.vocabulaire import EtatSession

# What reads the grids and what writes the papers: another version of these might do otherwise.
_BIBLIOTHEQUES = ("docxtpl", "jinja2", "lxml", "pandas", "pandera", "pydantic", "python-docx",
                  "pyyaml", "xlsxwriter")  # fmt: skip
_DEBRIS = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Scellement:
    chemin: Path
    manifeste: Manifeste
    contenu: bytes  # in clear, whatever was written
    nouvelle: bool  # False when this very archive was already there


@writing
def seal(
    folder: Folder, now: datetime, sortie: Path | None = None, phrase: str | None = None
) -> Scellement:
    """Write the archive. Empechement, with every reason, when the session is not there yet."""
    last, examen, plus_recente = _closed(folder)
    pieces = dict(_pieces(folder, examen, last))
    manifeste = Manifeste(
        session={**resultats.session_as_json(examen.seance), "proces_verbal": last.acte.numero},
        actes=tuple(fixe.acte.numero for fixe in actes.read(folder)),
        fondement=forme.rests_on((piece.nom, piece.sha256) for piece in last.fondement),
        programme=Programme(
            __version__,
            platform.python_version(),
            {name: metadata.version(name) for name in _BIBLIOTHEQUES},
        ),
        pieces=forme.described(pieces),
        plus_recente=plus_recente,
    )
    content = forme.assemble(manifeste, pieces, examen.seance.session.date_jury)
    path = sortie or folder.archives / default_name(last, chiffree=phrase is not None)
    written = content if phrase is None else chiffrement.encrypt(content, phrase)
    fresh = _put(path, written)
    if fresh:
        folder.log(
            "sceller",
            now,
            acte=last.acte.numero,
            archive=fichiers.fingerprint(content),
            chiffree=phrase is not None,
        )
    return Scellement(path, manifeste, content, fresh)


def default_name(last: Fixe, *, chiffree: bool) -> str:
    name = f"{fichiers.safe_name(last.acte.numero)}.jury.zip"
    return f"{name}.age" if chiffree else name


def _put(path: Path, content: bytes) -> bool:
    """An archive is never replaced by another one."""
    if path.is_file() and content_of(path) != content:
        raise Empechement(
            f"{path} existe déjà et n'est pas la même archive : elle n'a pas été remplacée. "
            f"Donnez un autre nom avec --sortie."
        )
    return fichiers.write(path, content)


def _closed(folder: Folder) -> tuple[Fixe, Examen, bool]:
    """The last act, what the folder says today, and whether the act retained the last saved grids.

    Empechement unless both say the same, with all the papers there.
    """
    acts = actes.read(folder)
    examen = examine(folder)
    if not acts:
        place = Lieu("documents/proces-verbal.docx")
        lacking = reasons(examen) if examen.seance.etat is not EtatSession.DEFINITIF else ()
        raise _refused([*lacking, Code.ARCHIVE_TROP_TOT.at(place)])
    last, plus_recente = acts[-1], False
    changed = actes.changes(last, examen.seance)
    if changed:
        other = examine(folder, plus_recente=True)
        if not actes.changes(last, other.seance):
            examen, plus_recente, changed = other, True, ()
    sources = actes.sources(folder)
    told = [*actes.told(last, changed, {} if changed else last.entrees)]
    # A complement has taken in a later session.xlsx: the minutes still rest on the former one.
    based = {piece.nom: piece.sha256 for piece in last.fondement if piece.nom in last.entrees}
    stated = {**last.entrees, **based}
    touched = [
        Code.ARCHIVE_ENTREE.at(Lieu(name), nom=name, pv=last.acte.numero)
        for name in dict.fromkeys([*stated, *sources])
        # What the jury decided is compared above, word for word: its workbook may be saved again.
        if stated.get(name) != sources.get(name) and name != folder.deliberation.name
    ]
    unmade = [a for a in examen.anomalies if a.bloquante and a.code.numero.startswith("DOC")]
    faults = in_order([*told, *touched, *unmade, *_papers_faults(folder, acts)])
    if faults:
        raise _refused(faults)
    return last, examen, plus_recente


def _refused(faults: Sequence[Anomalie]) -> Empechement:
    return Empechement("La session ne peut pas être scellée : rien n'a été écrit.", faults)


def _papers_faults(folder: Folder, acts: Sequence[Fixe]) -> Iterator[Anomalie]:
    for fixe in acts:
        for name, made in fixe.documents.items():
            piece = f"documents/{name}"
            standing = transaction.fingerprint_of(folder.documents / name)
            if standing != made:
                code = Code.ARCHIVE_PAPIER_CHANGE if standing else Code.ARCHIVE_PAPIER_MANQUE
                yield code.at(Lieu(piece), piece=piece, pv=fixe.acte.numero)
    words = {"piece": folder.resultats.name, "pv": acts[-1].acte.numero}
    if not folder.resultats.is_file():
        yield Code.ARCHIVE_PAPIER_MANQUE.at(Lieu(folder.resultats.name), **words)
    elif not _says(folder.resultats, acts[-1]):
        yield Code.ARCHIVE_PAPIER_CHANGE.at(Lieu(folder.resultats.name), **words)


def _says(path: Path, last: Fixe) -> bool:
    try:
        said = json.loads(content_of(path))
        return bool(said["candidats"] == last.resultats["candidats"])
    except (ValueError, KeyError, TypeError):
        return False


def _pieces(folder: Folder, examen: Examen, last: Fixe) -> Iterator[tuple[str, bytes]]:
    """The session's files under session/, what the program brought under programme/.

    The key goes with them: without it nobody could tell again whose grids these are. The session
    is closed, and the archive holds worse secrets.
    """
    alone = (
        folder.session,
        folder.reglement,
        folder.referentiel,
        folder.deliberation,
        folder.resultats,
        folder.resultats_xlsx,
        folder.decisions,
        folder.acceptations,
        folder.cle,
        folder.envois,
    )
    trees = (
        folder.retours,
        folder.documents,
        folder.gabarits,
        folder.actes,
        folder.anciennes_deliberations,
    )
    files = [path for path in alone if path.is_file()]
    for tree in trees:
        files += sorted(p for p in tree.rglob("*") if p.is_file() and not p.is_symlink())
    taken: set[str] = set()
    for path in files:
        # What came back is kept to the last file; among our own, the system's debris is not.
        if folder.retours not in path.parents and _is_debris(path.name):
            continue
        yield SESSION + _portable(folder.relative(path), taken), content_of(path)
    yield SESSION + folder.journal.name, _journal(folder, last)
    identifiant = examen.seance.referentiel.id
    shipped = data.REFERENTIELS / f"{identifiant}.yaml"
    own = folder.referentiel if folder.referentiel.is_file() else shipped
    yield PROGRAMME + own.name, content_of(own)
    for path in sorted(data.TEMPLATES.glob("*.docx")):
        house = folder.gabarits / path.name
        yield f"{PROGRAMME}gabarits/{path.name}", content_of(house if house.is_file() else path)


def _is_debris(name: str) -> bool:
    return name.lower() in _DEBRIS or name.startswith(("~$", "._", ".DS_"))


def _portable(nom: str, taken: set[str]) -> str:
    """The name in a zip that every system can unpack: NFC, no forbidden sign, no twin by case."""
    normal = unicodedata.normalize("NFC", nom)
    path = PurePosixPath(*(fichiers.legal_part(part) for part in PurePosixPath(normal).parts))
    rank, candidate = 1, path
    while str(candidate).casefold() in taken:
        rank += 1
        candidate = path.with_name(f"{path.stem} ({rank}){path.suffix}")
    taken.add(str(candidate).casefold())
    return str(candidate)


def _journal(folder: Folder, last: Fixe) -> bytes:
    """The journal up to the last act: what the folder lives through later proves nothing of it."""
    kept: list[str] = []
    for line in content_of(folder.journal).decode().splitlines(keepends=True):
        kept.append(line)
        if json.loads(line).get("acte") == last.acte.numero:
            break
    return "".join(kept).encode()


def read_archive(path: Path) -> bytes:
    """The file's bytes, within bounds."""
    if not path.is_file():
        raise Empechement(f"Le fichier {path} n'existe pas. Vérifiez son nom.")
    if path.stat().st_size > zips.SCELLEE.total:
        raise Empechement(f"{path.name} est trop gros pour une archive. Vérifiez son nom.")
    return content_of(path)


def verify(nom: str, contenu: bytes) -> Constat:
    return verification.verify(nom, contenu)


def opened(nom: str, contenu: bytes) -> Scellee:
    """The archive, which must be whole. Empechement, with every fault, when it is not."""
    constat = verification.verify(nom, contenu)
    if constat.scellee is None:
        raise Empechement("L'archive n'est pas entière.", constat.anomalies)
    return constat.scellee
