"""A closed session folder -> its sealed archive; an archive's file -> what it holds.

What is evidence is what the acts rest on, as it was kept with them, and what they made. What the
folder lives through afterwards (another run, a sealing, a workbook saved again) is not: the same
session gives the same bytes on any day.
"""

import json
import platform
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import metadata
from operator import itemgetter
from pathlib import Path, PurePosixPath

from batch import __version__, fichiers, resultats, transaction
from batch.anomalies import Anomalie, Code, Empechement, Lieu
from batch.archive import chiffrement, forme, verification
from batch.archive.forme import (
    PROGRAMME,
    SESSION,
    Assemblage,
    Manifeste,
    Piece,
    Programme,
    Scellee,
)
from batch.archive.verification import Constat
from batch.chaine import actes, copies, relecture
from batch.chaine.actes import Fixe
from batch.chaine.cloture import due
from batch.chaine.examen import Examen, reasons
from batch.chaine.ouverture import content_of
from batch.chaine.relecture import Relue
from batch.folder import Folder
from batch.francais import compte, enumeration
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
    nouvelle: bool  # False when this very archive was already there


@writing
def seal(
    folder: Folder, now: datetime, sortie: Path | None = None, phrase: str | None = None
) -> Scellement:
    """Write the archive. Empechement, with every reason, when the session is not there yet."""
    relue = _closed(folder)
    acts, examen, last = relue.actes, relue.examen, relue.actes[-1]
    found = sorted(_pieces(folder, examen, acts), key=itemgetter(0))
    manifeste = Manifeste(
        session={**resultats.session_as_json(examen.seance), "proces_verbal": last.acte.numero},
        actes=tuple(fixe.acte.numero for fixe in acts),
        fondement=forme.rests_on((piece.nom, piece.sha256) for piece in last.fondement),
        programme=Programme(
            __version__,
            platform.python_version(),
            {name: metadata.version(name) for name in _BIBLIOTHEQUES},
        ),
        pieces={nom: piece for nom, piece, _ in found},
        plus_recente=relue.plus_recente,
    )
    pieces = {nom: contenu for nom, _, contenu in found}
    clear = forme.assemble(manifeste, pieces, examen.seance.session.date_jury)
    written = clear if phrase is None else _encrypted(clear, phrase)
    path = sortie or _place(folder, last, written, chiffree=phrase is not None)
    fresh = _put(path, written)
    if fresh:
        folder.log(
            "sceller",
            now,
            acte=last.acte.numero,
            archive=clear.empreinte,
            chiffree=phrase is not None,
        )
    return Scellement(path, manifeste, fresh)


def _encrypted(clear: Assemblage, phrase: str) -> Assemblage:
    content = chiffrement.encrypt(clear.contenu, phrase)
    return Assemblage((content,), fichiers.fingerprint(content))


def _place(folder: Folder, last: Fixe, written: Assemblage, *, chiffree: bool) -> Path:
    """Its own name; beside an archive made before something came to the session (a letter sent, a
    late grid), the next one."""
    suffix = ".jury.zip.age" if chiffree else ".jury.zip"
    stem, rank = fichiers.safe_name(last.acte.numero), 1
    path = folder.archives / f"{stem}{suffix}"
    while path.is_file() and not _holds(path, written):
        rank += 1
        path = folder.archives / f"{stem} ({rank}){suffix}"
    return path


def _holds(path: Path, written: Assemblage) -> bool:
    return fichiers.fingerprint(content_of(path)) == written.empreinte


def _put(path: Path, written: Assemblage) -> bool:
    """Whether it was not there yet. An archive is never replaced by another one."""
    if not path.is_file():
        fichiers.put(path, *written.morceaux)
        return True
    if not _holds(path, written):
        raise Empechement(
            f"{path} existe déjà et n'est pas la même archive : elle n'a pas été remplacée. "
            f"Donnez un autre nom avec --sortie."
        )
    return False


def _closed(folder: Folder) -> Relue:
    """The acts, and what the folder says today.

    Empechement unless both say the same, with all the papers there, and all that they rest on.
    """
    relue = relecture.read(folder)
    acts, examen, changed = relue.actes, relue.examen, relue.changements
    if not acts:
        place = Lieu("documents/proces-verbal.docx")
        lacking = reasons(examen) if examen.seance.etat is not EtatSession.DEFINITIF else ()
        raise _refused([*lacking, Code.ARCHIVE_TROP_TOT.at(place)])
    last = acts[-1]
    told = actes.told(last, changed, last.entrees)
    touched = list(_lost_copies(folder, acts) if last.gardee else _touched_inputs(folder, last))
    unmade = [a for a in examen.anomalies if a.bloquante and a.code.numero.startswith("DOC")]
    waiting = () if changed or unmade else due(folder, examen.seance, acts)
    faults = [*told, *touched, *unmade, *_due(last, waiting), *_papers_faults(folder, acts)]
    if faults:
        raise _refused(in_order(faults))
    return relue


def _lost_copies(folder: Folder, acts: Sequence[Fixe]) -> Iterator[Anomalie]:
    """What an act rests on, and that is neither among the copies nor in the folder."""
    wanted = {own: name for fixe in acts for own, name in fixe.toutes_copies.items()}
    found = copies.find(folder, wanted)
    gone = dict.fromkeys(name for own, name in wanted.items() if own not in found)
    if gone:
        yield Code.ARCHIVE_COPIE.at(
            Lieu(folder.relative(folder.copies)),
            combien=compte(len(gone), "fichier"),
            pv=acts[-1].acte.numero,
            pieces=_listed(list(gone)),
        )


def _touched_inputs(folder: Folder, last: Fixe) -> Iterator[Anomalie]:
    """Of an act that an older version made, which kept no copy: what is no longer the same."""
    sources = actes.sources(folder)
    # A complement has taken in a later session.xlsx: the minutes still rest on the former one.
    based = {piece.nom: piece.sha256 for piece in last.fondement if piece.nom in last.entrees}
    stated = {**last.entrees, **based}
    for name in dict.fromkeys([*stated, *sources]):
        # What the jury decided is held against the act word for word: its workbook is free.
        if stated.get(name) != sources.get(name) and name != actes.DELIBERATION:
            yield Code.ARCHIVE_ENTREE.at(Lieu(name), nom=name, pv=last.acte.numero)


def _due(last: Fixe, waiting: Sequence[str]) -> Iterator[Anomalie]:
    if waiting:
        yield Code.ARCHIVE_ATTEND.at(
            Lieu("documents"),
            combien=compte(len(waiting), "document"),
            pv=last.acte.numero,
            pieces=_listed([f"documents/{name}" for name in waiting]),
        )


def _listed(names: Sequence[str]) -> str:
    shown, others = names[:3], len(names) - 3
    return enumeration([*shown, compte(others, "autre")] if others > 0 else shown)


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


def _pieces(
    folder: Folder, examen: Examen, acts: Sequence[Fixe]
) -> Iterator[tuple[str, Piece, bytes]]:
    """The session's files under session/, what the program brought under programme/; each is read
    once, with its fingerprint.

    Of what an act rests on, the copies kept with it, whatever the folder holds now. The key goes
    with them: without it nobody could tell again whose grids these are. The session is closed, and
    the archive holds worse secrets.
    """
    taken: set[str] = set()
    sealed: set[str] = set()
    wanted = {own: name for fixe in acts for own, name in fixe.toutes_copies.items()}
    kept, last = copies.find(folder, wanted), acts[-1]
    bases = {name: kept[own] for name, own in last.copies.items()} if last.gardee else {}
    for name, content in (
        *_own_files(folder, bases),
        (folder.journal.name, _journal(folder, last)),
    ):
        piece = Piece.of(content)
        sealed.add(piece.sha256)
        yield SESSION + _portable(name, taken), piece, content
    for name, content in _from_the_program(folder, examen, bases):
        piece = Piece.of(content)
        sealed.add(piece.sha256)
        yield name, piece, content
    # Not twice what is there under a name of its own.
    for own, name in wanted.items():
        if own in kept and own not in sealed:
            copy = folder.relative(copies.path_of(folder, name, own))
            yield SESSION + copy, Piece(own, len(kept[own])), kept[own]


def _own_files(folder: Folder, bases: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
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
    for path in alone:
        name = folder.relative(path)
        if path.is_file():
            yield name, bases.get(name) or content_of(path)
    for tree in trees:
        for path in sorted(p for p in tree.rglob("*") if p.is_file() and not p.is_symlink()):
            # What came back is kept to the last file; among our own, the system's debris is not.
            if folder.retours in path.parents or not _is_debris(path.name):
                yield folder.relative(path), content_of(path)


def _from_the_program(
    folder: Folder, examen: Examen, bases: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    own = examen.controle.contexte.fichier_referentiel
    yield PROGRAMME + own.name, bases.get(copies.REFERENTIEL) or content_of(own)
    for name, path in copies.templates(folder).items():
        yield PROGRAMME + name, bases.get(name) or content_of(path)


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
    """The journal up to the last act, or to its last complement: what the folder lives through
    later proves nothing of it."""
    lines = content_of(folder.journal).decode().splitlines(keepends=True)
    said = [json.loads(line) for line in lines]
    numero = last.acte.numero
    made = [rank for rank, line in enumerate(said) if line.get("acte") == numero][:1]
    made += [rank for rank, line in enumerate(said) if line.get("complement")]
    return "".join(lines[: max(made, default=len(lines)) + 1]).encode()


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
