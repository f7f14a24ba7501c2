"""What was made final, and what has changed since: acts are added, never rewritten.

An act keeps the facts that its papers state, so that what a later run finds can be laid beside
them, and copies of what it was drawn from. Papers that had to wait (for the day of the body's
decision, for a mention that was missing) come with a complement, beside the act that they belong
to, with copies of its own.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from batch import fichiers, resultats
from batch.anomalies import Anomalie, Code, Lieu
from batch.chaine.faits import DECISION, Faits, facts
from batch.chaine.fondement import Piece
from batch.chaine.ouverture import content_of
from batch.folder import Folder
from batch.jury.seance import Acte, Changement, Rectificatif, Seance

DELIBERATION = "deliberation.xlsx"
_RIEN = "rien"

Numeros = Mapping[tuple[str, str], str]  # as an Acte has them


@dataclass(frozen=True, slots=True)
class Etape:
    """What was made at one time: an act, or a complement to it; and all that it was drawn from."""

    documents: Mapping[str, str]  # name -> fingerprint
    numeros: Numeros
    copies: Mapping[str, str] = field(default_factory=dict)  # the same; none by older versions
    plus_recente: bool = False  # between two versions of a grid, the last saved was retained


@dataclass(frozen=True, slots=True)
class Fixe:
    """A final act as it was recorded, with its complements."""

    acte: Acte
    faits: Faits
    entrees: Mapping[str, str]
    fondement: Sequence[Piece]
    documents: Mapping[str, str]  # name -> fingerprint
    resultats: Mapping[str, Any]
    etapes: tuple[Etape, ...]
    apres_decision: bool = True  # False where its body's day came with a complement

    @property
    def gardee(self) -> bool:
        """Everything that it rests on was kept with it: it can be sealed and made again as it was,
        whatever became of the folder."""
        return all(etape.copies for etape in self.etapes)

    @property
    def copies(self) -> dict[str, str]:
        """The last of each thing that it and its complements rest on."""
        return {name: own for etape in self.etapes for name, own in etape.copies.items()}

    @property
    def toutes_copies(self) -> dict[str, str]:
        """Each thing that it or a complement rests on: fingerprint -> name."""
        return {own: name for etape in self.etapes for name, own in etape.copies.items()}


@dataclass(frozen=True, slots=True)
class Complement:
    """The papers that an act could not have yet, what they state besides, and what had changed."""

    faits: Faits
    entrees: Mapping[str, str]
    etape: Etape

    def added_to(self, fixe: Fixe) -> Fixe:
        return replace(
            fixe,
            acte=replace(fixe.acte, numeros={**fixe.acte.numeros, **self.etape.numeros}),
            faits={**fixe.faits, **self.faits},
            entrees={**fixe.entrees, **self.entrees},
            documents={**fixe.documents, **self.etape.documents},
            etapes=(*fixe.etapes, self.etape),
            apres_decision=fixe.apres_decision and DECISION not in self.faits,
        )


def read(folder: Folder) -> list[Fixe]:
    """The acts of this session, in their order; empty as long as it is a PROJET."""
    count = sum(path.stem.isdigit() for path in folder.actes.glob("*.json"))
    acts = []
    for rang in range(1, count + 1):
        fixe = _fixed(_content(path_of(folder, rang)))
        for rank in range(1, _complements(folder, rang) + 1):
            fixe = _complement(_content(path_of(folder, rang, rank))).added_to(fixe)
        acts.append(fixe)
    return acts


def path_of(folder: Folder, rang: int, complement: int | None = None) -> Path:
    """« 1.json », « 1-complement-1.json »."""
    suffix = f"-complement-{complement}" if complement else ""
    return folder.actes / f"{rang}{suffix}.json"


def next_complement(folder: Folder, rang: int) -> Path:
    return path_of(folder, rang, _complements(folder, rang) + 1)


def _complements(folder: Folder, rang: int) -> int:
    return len(list(folder.actes.glob(f"{rang}-complement-*.json")))


def _content(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _complement(content: Mapping[str, Any]) -> Complement:
    return Complement(_facts_read(content), content["entrees"], _step_read(content))


def _step_read(content: Mapping[str, Any]) -> Etape:
    return Etape(
        content["documents"],
        _numbers_read(content),
        content.get("copies", {}),
        content.get("plus_recente", False),
    )


def _numbers_read(content: Mapping[str, Any]) -> Numeros:
    return {(candidat, bloc): numero for candidat, bloc, numero in content.get("numeros", ())}


def _facts_read(content: Mapping[str, Any]) -> Faits:
    return {(candidat, sujet): dit for candidat, sujet, dit in content["faits"]}


def _fixed(content: Mapping[str, Any]) -> Fixe:
    rectified = content["rectificatif"]
    return Fixe(
        Acte(
            content["rang"],
            content["numero"],
            rectified
            and Rectificatif(
                rectified["motif"],
                rectified["remplace"],
                tuple(Changement(*one) for one in rectified["changements"]),
            ),
            content.get("empreinte", ""),  # acts made before the minutes printed it have none
            _numbers_read(content),
        ),
        _facts_read(content),
        content["entrees"],
        [Piece(*one) for one in content.get("fondement", ())],
        content["documents"],
        content["resultats"],
        (_step_read(content),),
    )


def fix(
    seance: Seance,
    entrees: Mapping[str, str],
    pieces: Sequence[Piece],
    etape: Etape,
) -> Fixe:
    """The act that makes this sitting final."""
    assert seance.acte is not None, "a PROJET is not an act"
    return Fixe(
        seance.acte,
        facts(seance),
        entrees,
        pieces,
        etape.documents,
        resultats.as_json(seance, ()),
        (etape,),
    )


def as_json(fixe: Fixe, now: datetime) -> dict[str, Any]:
    rectificatif = fixe.acte.rectificatif
    return {
        "rang": fixe.acte.rang,
        "numero": fixe.acte.numero,
        "quand": now.isoformat(timespec="seconds"),
        "rectificatif": rectificatif
        and {
            "motif": rectificatif.motif,
            "remplace": rectificatif.remplace,
            "changements": [
                [one.candidat, one.sujet, one.avant, one.apres] for one in rectificatif.changements
            ],
        },
        "faits": _facts_as_json(fixe.faits),
        "entrees": fixe.entrees,
        "empreinte": fixe.acte.empreinte,
        "fondement": [[piece.nom, piece.sha256] for piece in fixe.fondement],
        **_step_as_json(fixe.etapes[0]),
        "resultats": fixe.resultats,
    }


def complete(fixe: Fixe, seance: Seance, entrees: Mapping[str, str], etape: Etape) -> Complement:
    """What comes to this act with papers that had to wait. The step has all the act's numbers."""
    return Complement(
        {key: dit for key, dit in facts(seance).items() if key not in fixe.faits},
        {name: own for name, own in entrees.items() if fixe.entrees.get(name) != own},
        replace(
            etape,
            numeros={k: one for k, one in etape.numeros.items() if k not in fixe.acte.numeros},
        ),
    )


def complement_as_json(complement: Complement, now: datetime) -> dict[str, Any]:
    return {
        "quand": now.isoformat(timespec="seconds"),
        "faits": _facts_as_json(complement.faits),
        "entrees": complement.entrees,
        **_step_as_json(complement.etape),
    }


def _step_as_json(etape: Etape) -> dict[str, Any]:
    return {
        "numeros": [[*objet, numero] for objet, numero in etape.numeros.items()],
        "documents": etape.documents,
        "copies": etape.copies,
        "plus_recente": etape.plus_recente,
    }


def _facts_as_json(faits: Faits) -> list[list[str | None]]:
    return [[candidat, sujet, dit] for (candidat, sujet), dit in faits.items()]


def standing(acts: Sequence[Fixe]) -> dict[str, Piece]:
    """By its name in the first act: each paper as the last act that made it left it."""
    return {
        _first_name(name, fixe.acte.rang): Piece(name, own)
        for fixe in acts
        for name, own in fixe.documents.items()
    }


def rectified(name: str, rang: int) -> str:
    """« proces-verbal.docx » -> « proces-verbal (rectificatif 2).docx »."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}{_mark(rang)}{path.suffix}"))


def _first_name(name: str, rang: int) -> str:
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem.removesuffix(_mark(rang))}{path.suffix}"))


def _mark(rang: int) -> str:
    return f" (rectificatif {rang})"


def number(seance: Seance, rang: int) -> str:
    return f"{seance.session.id}-PV{rang}"


def sources(folder: Folder) -> dict[str, str]:
    """The fingerprints of what a session is judged from."""
    returned = sorted(p for p in folder.retours.rglob("*") if p.is_file() and not p.is_symlink())
    lines = [f"{folder.relative(p)} {fichiers.fingerprint(content_of(p))}" for p in returned]
    kept = (folder.session, folder.reglement, folder.referentiel, folder.deliberation)
    return {
        **{path.name: fichiers.fingerprint(content_of(path)) for path in kept if path.is_file()},
        "retours/": fichiers.fingerprint("\n".join(lines).encode()),
    }


def changes(fixe: Fixe, seance: Seance) -> tuple[Changement, ...]:
    """What the act states and the folder no longer says, or says besides.

    The day of the body's decision, where the act does not have it yet, completes it.
    """
    today = facts(seance)
    names = {d.resultat.candidat.id: d.resultat.candidat.qui for d in seance.dossiers}
    return tuple(
        Changement(
            candidat,
            f"{names.get(candidat, candidat)}, {sujet}" if candidat else sujet,
            fixe.faits.get((candidat, sujet), _RIEN),
            today.get((candidat, sujet), _RIEN),
        )
        for candidat, sujet in dict.fromkeys([*fixe.faits, *today])
        if fixe.faits.get((candidat, sujet)) != today.get((candidat, sujet))
        and ((candidat, sujet) != DECISION or DECISION in fixe.faits)
    )


def told(
    fixe: Fixe, changed: Sequence[Changement], entrees: Mapping[str, str]
) -> Iterator[Anomalie]:
    """Each difference with the last act; of what changed without effect on it, only the names."""
    for one in changed:
        lieu = Lieu("resultats.json")
        who = (one.candidat,) if one.candidat else ()
        yield Code.SEANCE_CLOSE.at(
            lieu,
            candidats=who,
            pv=fixe.acte.numero,
            quoi=one.sujet,
            avant=one.avant,
            apres=one.apres,
        )
    touched = [
        name
        for name in dict.fromkeys([*fixe.entrees, *entrees])
        if fixe.entrees.get(name) != entrees.get(name)
    ]
    if touched and not changed:
        for name in touched:
            # What was decided is held against the act word for word: its workbook is free.
            free = fixe.gardee or name == DELIBERATION
            code = Code.ENTREE_CHANGEE if free else Code.ENTREE_SANS_COPIE
            yield code.at(Lieu(name), nom=name, pv=fixe.acte.numero)
