"""The bytes of an archive -> whole, altered (what, where, why), or not one of ours."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from batch.anomalies import Anomalie, Code, Empechement, Lieu
from batch.archive import forme, texte
from batch.archive.forme import MANIFESTE, PROGRAMME, SESSION, Manifeste, Scellee
from batch.reception import archive
from batch.reception.archive import Archive
from batch.reception.refus import Refus


@dataclass(frozen=True, slots=True)
class Constat:
    """What became of an archive since it was sealed."""

    scellee: Scellee | None  # when it is whole
    anomalies: tuple[Anomalie, ...]


def verify(nom: str, contenu: bytes) -> Constat:
    """Every byte is covered: what no piece explains is found by the seal."""
    if not forme.is_ours(contenu):
        return Constat(None, (Code.ARCHIVE_ETRANGERE.at(Lieu(nom), nom=nom),))
    if newer := forme.newer_format(contenu):
        raise Empechement(
            f"{nom} est au format {newer}, que cette version ne connaît pas. Mettez Jury à jour."
        )
    try:
        package = Archive(contenu, archive.SCELLEE)
    except Refus:
        return Constat(None, (_envelope(nom, "son sommaire ne se lit plus"),))
    if MANIFESTE not in package:
        # Of one cut short, what is read last is the contents of a document inside it.
        return Constat(None, (_envelope(nom, "sa fin ou son manifeste manque"),))
    pieces = dict(_pieces(package))
    try:
        manifeste = forme.parse(pieces.get(MANIFESTE) or b"")
    except (ValueError, RecursionError):
        raison = "elle ne se lit plus, ou se contredit"
        return Constat(None, (_altered(nom, MANIFESTE, raison),))
    faults = [_altered(nom, *fault) for fault in _compare(manifeste, pieces, package)]
    whole, empreinte = forme.read_seal(contenu)
    if not whole and not faults:
        faults = [_envelope(nom, "chaque pièce est intacte, mais pas ce qui les tient ensemble")]
    if faults:
        return Constat(None, tuple(faults))
    kept = {own: piece for own, piece in pieces.items() if piece is not None and own != MANIFESTE}
    return Constat(Scellee(manifeste, kept, empreinte), ())


def _pieces(package: Archive) -> Iterator[tuple[str, bytes | None]]:
    """Each piece; None for one that does not come out."""
    for nom in package.noms:
        try:
            yield nom, package.read(nom, archive.SCELLEE.partie)
        except Refus:
            yield nom, None


def _compare(
    manifeste: Manifeste, pieces: dict[str, bytes | None], package: Archive
) -> Iterator[tuple[str, str]]:
    for nom, piece in manifeste.pieces.items():
        if nom not in pieces:
            yield nom, "elle manque"
            continue
        content = pieces[nom]
        if content is None:
            yield nom, "son contenu ou son en-tête a changé"
        elif len(content) != piece.taille:
            yield nom, f"elle pèse {len(content)} octets au lieu de {piece.taille}"
        elif hashlib.sha256(content).hexdigest() != piece.sha256:
            yield nom, "son contenu a changé"
    for nom in package.noms:
        if nom != MANIFESTE and nom not in manifeste.pieces:
            yield nom, "elle a été ajoutée"
    fondement = manifeste.fondement
    if forme.listing_fingerprint(fondement.pieces) != fondement.empreinte:
        yield MANIFESTE, "elle ne dit pas sur quoi repose le procès-verbal"
    sealed = {piece.sha256 for piece in manifeste.pieces.values()}
    for nom, empreinte in fondement.pieces:
        # What has changed since the minutes stands under its own name, their copy beside it.
        for own in (SESSION + nom, PROGRAMME + nom):
            if own in manifeste.pieces and empreinte not in sealed:
                yield own, "le procès-verbal repose sur un autre contenu"


def _altered(nom: str, piece: str, raison: str) -> Anomalie:
    return Code.ARCHIVE_ALTEREE.at(Lieu(nom), piece=piece, raison=raison)


def _envelope(nom: str, raison: str) -> Anomalie:
    return Code.ARCHIVE_ENVELOPPE.at(Lieu(nom), nom=nom, raison=raison)


def identify(scellee: Scellee, nom: str, contenu: bytes) -> tuple[list[str], list[Anomalie]]:
    """A presented document -> the archived pieces that it is, byte for byte; or what it is not."""
    same = [own for own, piece in scellee.pieces.items() if piece == contenu]
    if same:
        return same, []
    said = texte.text_of(nom, contenu)
    if said:
        for own, piece in scellee.pieces.items():
            if own.startswith(f"{SESSION}documents/") and texte.text_of(own, piece) == said:
                told = Code.DOCUMENT_MEME_TEXTE.at(Lieu(nom), nom=nom, piece=own)
                return [], [told]
    return [], [Code.DOCUMENT_INCONNU.at(Lieu(nom), nom=nom)]
