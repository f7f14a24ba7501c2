"""An archive -> everything reckoned and printed again from its inputs, beside what it holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from batch import fichiers, resultats
from batch.anomalies import Anomalie, Code, Empechement, Lieu
from batch.archive import texte
from batch.archive.forme import PROGRAMME, SESSION, Scellee
from batch.chaine import actes
from batch.chaine.actes import Fixe
from batch.chaine.examen import examine
from batch.chaine.tirage import again, papers
from batch.classeurs import resultats as classeur_resultats
from batch.documents import edition
from batch.folder import Folder
from batch.jury.seance import Seance

_GABARITS = f"{PROGRAMME}gabarits/"
_CLE = f"{SESSION}.jury/cle"


@dataclass(frozen=True, slots=True)
class Rejeu:
    resultats: int  # outcomes found again
    documents: int  # files made again, byte for byte
    anterieurs: int  # papers of acts that a rectificatif followed, whose inputs were not kept
    convocations: int  # what went out before the session, from a session that has changed since
    anomalies: tuple[Anomalie, ...]


@dataclass(frozen=True, slots=True)
class _Tirage:
    """What a step made, beside what was made again of it."""

    attendus: Mapping[str, bytes]  # by its name in the session folder, as it lies in the archive
    refaits: Mapping[str, bytes] | Empechement
    dits: Mapping[str, str]  # the outcomes, as the act says them
    retrouves: Mapping[str, str]
    convocations: Mapping[str, bytes] = field(default_factory=dict)  # made again of those sent


def replay(scellee: Scellee) -> Rejeu:
    """In scratch folders, with the archived référentiel, règlement and templates.

    Each act and each complement is made again from its own inputs. Of an archive that a former
    version made, which kept one state of them, the last act only; and additions to the results are
    no difference.
    """
    with TemporaryDirectory(prefix="jury-rejeu-") as place:
        folder = Folder(Path(place))
        _lay_out(folder, scellee)
        acts = actes.read(folder)
        kept = [fixe for fixe in acts if fixe.gardee]
        if acts[-1].gardee:
            runs = [run for fixe in kept for run in _again(scellee, acts, fixe)]
            left = [fixe for fixe in acts if not fixe.gardee]
        else:
            runs, left = [_from_one_state(folder, scellee, acts)], acts[:-1]
    wrong = [
        Code.REJEU_RESULTAT.at(
            Lieu("resultats.json"), quoi=quoi, avant=said, apres=run.retrouves.get(quoi, "rien")
        )
        for run in runs
        for quoi, said in run.dits.items()
        if run.retrouves.get(quoi) != said
    ]
    told = [one for run in runs for one in _differences(run.attendus, run.refaits)]
    expected = {name for run in runs for name in run.attendus}
    sent = {name for run in runs for name in run.convocations}
    as_sent = {
        name
        for run in runs
        for name, content in run.convocations.items()
        if content == scellee.pieces[SESSION + name]
    }
    return Rejeu(
        sum(len(run.dits) for run in runs) - len(wrong),
        len(expected - {one.lieu.fichier for one in told}) + len(as_sent),
        sum(len(fixe.documents) for fixe in left),
        len(sent - as_sent),
        (*wrong, *told),
    )


def _again(scellee: Scellee, acts: Sequence[Fixe], fixe: Fixe) -> Iterator[_Tirage]:
    contents = {piece.sha256: scellee.pieces[n] for n, piece in scellee.manifeste.pieces.items()}
    said = _outcomes(fixe.resultats)
    waiting = {f"documents/{name}" for name in fixe.documents}
    own = frozenset(waiting)
    try:
        for refait in again(acts, fixe.acte.rang, contents, scellee.pieces[_CLE]):
            due = {f"documents/{name}" for name in refait.etape.documents}
            papers = {f"documents/{name}": one for name, one in refait.papiers.items()}
            made = {name: one for name, one in papers.items() if name in due or name not in own}
            if said and fixe is acts[-1]:
                made["resultats.xlsx"] = classeur_resultats.write(refait.seance)
            found = _outcomes(resultats.as_json(refait.seance, ()))
            sent = _sent(scellee, refait.convocations)
            yield _Tirage(_kept(scellee, {*due, *made}), made, said, found, sent)
            # Both are told once: the results with the act, a paper with what made it.
            said, waiting = {}, waiting - due
    except Empechement as stop:
        yield _Tirage(_kept(scellee, waiting), stop, said, {})


def _from_one_state(folder: Folder, scellee: Scellee, acts: Sequence[Fixe]) -> _Tirage:
    """The last act, from the session as the archive has it."""
    last = acts[-1]
    examen = examine(folder, plus_recente=scellee.manifeste.plus_recente)
    seance = replace(examen.seance, acte=last.acte)
    summoning = Seance(seance.session, seance.referentiel, seance.reglement, ())
    expected = {f"documents/{name}" for name in last.documents} | {"resultats.xlsx"}
    said, found = _outcomes(last.resultats), _outcomes(resultats.as_json(seance, ()))
    try:
        own = papers(folder, seance, acts[:-1], last.acte, apres_decision=last.apres_decision)
        made = {f"documents/{name}": content for _, name, content in own}
        made["resultats.xlsx"] = classeur_resultats.write(seance)
        sent = _sent(scellee, edition.convocations(summoning, folder.gabarits))
    except Empechement as stop:
        return _Tirage(_kept(scellee, expected), stop, said, found)
    return _Tirage(_kept(scellee, {*expected, *made}), made, said, found, sent)


def _sent(scellee: Scellee, convocations: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those that were sent out; the others are not in the archive either."""
    made = {f"documents/{name}": content for name, content in convocations.items()}
    return {name: content for name, content in made.items() if SESSION + name in scellee.pieces}


def _kept(scellee: Scellee, names: Iterable[str]) -> dict[str, bytes]:
    """These files as they lie in the archive."""
    pieces = {name: scellee.pieces.get(SESSION + name) for name in sorted(names)}
    return {name: content for name, content in pieces.items() if content is not None}


def _lay_out(folder: Folder, scellee: Scellee) -> None:
    for nom, content in scellee.pieces.items():
        if nom.startswith(SESSION):
            fichiers.write(folder.root / nom.removeprefix(SESSION), content)
    for nom, content in scellee.pieces.items():
        if nom.startswith(_GABARITS):
            fichiers.write(folder.gabarits / nom.removeprefix(_GABARITS), content)
        elif nom.startswith(PROGRAMME) and nom.endswith(".yaml"):
            # As it was on the day of the archive, and not as this version ships it.
            fichiers.write(folder.referentiel, content)


def _outcomes(content: Mapping[str, Any]) -> dict[str, str]:
    """« C001, BC1, decide » -> « valide »: each thing that the results say, a line each."""
    said: dict[str, str] = {}
    for candidat in content["candidats"]:
        own = {key: value for key, value in candidat.items() if key != "id"}
        said |= dict(_leaves(candidat["id"], own))
    return said


def _leaves(quoi: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, own in value.items():
            yield from _leaves(f"{quoi}, {key}", own)
    elif isinstance(value, list):
        for rank, own in enumerate(value, 1):
            yield from _leaves(f"{quoi} {rank}", own)
    elif value is not None:
        yield quoi, str(value)


def _differences(
    expected: Mapping[str, bytes], made: Mapping[str, bytes] | Empechement
) -> Iterator[Anomalie]:
    if isinstance(made, Empechement):
        for name in expected:
            yield _different(name, f"il ne peut plus être fait ({made})")
        return
    for name, content in expected.items():
        if name not in made:
            yield _different(name, "le programme ne le fait plus")
        elif made[name] != content:
            yield _different(name, _how(name, content, made[name]))
    for name in made.keys() - expected.keys():
        yield _different(name, "il n'était pas dans l'archive")


def _how(name: str, before: bytes, after: bytes) -> str:
    then, now = texte.text_of(name, before), texte.text_of(name, after)
    if then is None or now is None or then == now:
        return "le texte est le même, pas le fichier" if then and then == now else "il a changé"
    pairs = zip((*then.splitlines(), ""), (*now.splitlines(), ""), strict=False)
    first = next(((a, b) for a, b in pairs if a != b), ("", ""))
    return "l'archive dit « {} », le document refait « {} »".format(*(one[:80] for one in first))


def _different(name: str, raison: str) -> Anomalie:
    return Code.REJEU_DOCUMENT.at(Lieu(name), piece=name, raison=raison)
