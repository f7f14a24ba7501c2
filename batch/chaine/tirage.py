"""An act -> its papers: printed of the sitting as it is, or again from what was kept with it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from batch import fichiers
from batch.chaine import actes, copies, faits
from batch.chaine.actes import Etape, Fixe
from batch.chaine.examen import examine
from batch.documents import edition as documents
from batch.folder import Folder
from batch.jury.seance import Acte, Changement, Dossier, Seance


def papers(
    folder: Folder,
    seance: Seance,
    before: Sequence[Fixe],
    acte: Acte,
    *,
    apres_decision: bool = True,
) -> Iterator[tuple[str, str, bytes]]:
    """The papers of the act that comes after `before`: first name, name in this act, content.

    Of a rectificatif: its minutes, the personal papers that its changes make false, and those
    that could not be made until now. What still holds is not given out again. Unless
    `apres_decision`, what could be made before the body's day was known is as it was then.
    """
    seance = replace(seance, acte=acte)
    everything = documents.documents(seance, folder.gabarits)
    if not apres_decision:
        session = replace(seance.session, date_decision=None)
        everything |= documents.documents(replace(seance, session=session), folder.gabarits)
    if acte.rectificatif is None:
        yield from ((name, name, content) for name, content in everything.items())
        return
    changed = acte.rectificatif.changements
    own = _touched(seance, changed)
    minutes = documents.documents(replace(seance, dossiers=own), folder.gabarits)
    name = documents.PROCES_VERBAL
    yield name, actes.rectified(name, acte.rang), minutes[name]
    named = {name for dossier in own for name in documents.own_names(dossier)}
    doubtful, standing = _doubtful(seance, changed), actes.standing(before)
    for name, content in everything.items():
        known = standing.get(name)
        if known is None:
            yield name, actes.rectified(name, acte.rang) if name in named else name, content
        elif name in doubtful and known.sha256 != fichiers.fingerprint(content):
            yield name, actes.rectified(name, acte.rang), content


def _touched(seance: Seance, changed: Iterable[Changement]) -> tuple[Dossier, ...]:
    """Those whom these changes name."""
    named = {one.candidat for one in changed}
    return tuple(d for d in seance.dossiers if d.resultat.candidat.id in named)


def _doubtful(seance: Seance, changed: Sequence[Changement]) -> set[str]:
    """The personal papers that these changes may make false: everybody's, where the sitting as a
    whole changed; of a bloc, its certificate only where the bloc itself or the person did."""
    general = any(one.candidat is None for one in changed)
    names = set[str]()
    for dossier in seance.dossiers if general else _touched(seance, changed):
        candidat = dossier.resultat.candidat.id
        subjects = [one.sujet for one in changed if one.candidat == candidat]
        names |= documents.own_names(dossier)
        if general or any(subject.endswith(faits.IDENTITE) for subject in subjects):
            continue
        names -= {
            documents.certificate_name(dossier, bloc)
            for bloc in dossier.issues.blocs
            if not any(subject.endswith(f", {bloc}") for subject in subjects)
        }
    return names


@dataclass(frozen=True, slots=True)
class Refait:
    """What an act, or a complement to it, made: the sitting and its papers, made again."""

    etape: Etape
    seance: Seance
    papiers: Mapping[str, bytes]  # those that other steps had already given out, too
    convocations: Mapping[str, bytes]


def again(
    acts: Sequence[Fixe], rang: int, contents: Mapping[str, bytes], cle: bytes
) -> Iterator[Refait]:
    """The act of that rank and its complements, each from its own copies, in a scratch folder.

    `contents`: by fingerprint. Raises Empechement when nothing can be made of them any more.
    """
    before, fixe = acts[: rang - 1], acts[rang - 1]
    numeros: dict[tuple[str, str], str] = {}
    for etape in fixe.etapes:
        numeros |= etape.numeros
        with TemporaryDirectory(prefix="jury-rejeu-") as place:
            folder = Folder(Path(place))
            copies.lay_out(folder, etape.copies, contents, cle)
            examen = examine(folder, plus_recente=etape.plus_recente)
            acte = replace(fixe.acte, numeros=numeros)
            seance = replace(examen.seance, acte=acte)
            made = {name: own for _, name, own in papers(folder, seance, before, acte)}
            summoning = Seance(seance.session, seance.referentiel, seance.reglement, ())
            sent = documents.convocations(summoning, folder.gabarits)
        yield Refait(etape, seance, made, sent)
