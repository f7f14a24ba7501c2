"""An archive -> everything reckoned and printed again from its inputs, beside what it holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from batch.chaine.papiers import papers
from batch.classeurs import resultats as classeur_resultats
from batch.documents import edition
from batch.folder import Folder
from batch.jury.seance import Seance

_GABARITS = f"{PROGRAMME}gabarits/"


@dataclass(frozen=True, slots=True)
class Rejeu:
    resultats: int  # outcomes found again
    documents: int  # files made again, byte for byte
    anterieurs: int  # papers of acts that a rectificatif followed: their inputs are gone
    anomalies: tuple[Anomalie, ...]


def replay(scellee: Scellee) -> Rejeu:
    """In a scratch folder, with the archived référentiel, règlement and templates.

    Of an archive that a former version made, additions to the results are no difference.
    """
    with TemporaryDirectory(prefix="jury-rejeu-") as place:
        folder = Folder(Path(place))
        _lay_out(folder, scellee)
        acts = actes.read(folder)
        last = acts[-1]
        examen = examine(folder, plus_recente=scellee.manifeste.plus_recente)
        seance = replace(examen.seance, acte=last.acte)
        archived = _outcomes(last.resultats)
        found = _outcomes(resultats.as_json(seance, ()))
        wrong = [
            Code.REJEU_RESULTAT.at(
                Lieu("resultats.json"), quoi=quoi, avant=said, apres=found.get(quoi, "rien")
            )
            for quoi, said in archived.items()
            if found.get(quoi) != said
        ]
        made = _made(folder, seance, acts)
        expected = _expected(scellee, last, made)
        told = list(_differences(expected, made))
        earlier = sum(len(fixe.documents) for fixe in acts[:-1])
    return Rejeu(
        len(archived) - len(wrong),
        len(expected) - sum(one.lieu.fichier in expected for one in told),
        earlier,
        (*wrong, *told),
    )


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


def _expected(
    scellee: Scellee, last: Fixe, made: Mapping[str, bytes] | Empechement
) -> dict[str, bytes]:
    """What the last act and the convocations made, as it lies in the archive."""
    names = {f"documents/{name}" for name in last.documents} | {"resultats.xlsx"}
    if not isinstance(made, Empechement):
        names |= made.keys()
    kept = {name: scellee.pieces.get(SESSION + name) for name in sorted(names)}
    return {name: content for name, content in kept.items() if content is not None}


def _made(folder: Folder, seance: Seance, acts: Sequence[Fixe]) -> dict[str, bytes] | Empechement:
    last = acts[-1]
    summoning = Seance(seance.session, seance.referentiel, seance.reglement, ())
    try:
        own = papers(folder, seance, acts[:-1], last.acte, apres_decision=last.apres_decision)
        made = {name: content for _, name, content in own}
        before = edition.convocations(summoning, folder.gabarits)
    except Empechement as stop:
        return stop
    # Those that were not sent out are not in the archive either; what was sent out before a
    # rectificatif said what the session said then.
    sent = {n: c for n, c in before.items() if (folder.documents / n).is_file()}
    if last.acte.rectificatif:
        sent = {}
    return {
        **{f"documents/{name}": content for name, content in (made | sent).items()},
        "resultats.xlsx": classeur_resultats.write(seance),
    }


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
