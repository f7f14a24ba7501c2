"""The receipt of the Caisse des dépôts -> what it accepted and what it rejected, with its reasons.

Its element names vary in case from one source to the next, and its lists may be absent: both are
read. The file comes from outside: no entity is expanded, nothing is fetched, its size is bounded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from batch.anomalies import Empechement

ESPACE = "urn:cdc:cpf:pc5:rapport:schema"
# 200,000 passages, each rejected with a few sentences, fit with room to spare.
TAILLE_MAX = 128 * 1024**2


@dataclass(frozen=True, slots=True)
class Accuse:
    """`rejetes`: by idTechnique, why."""

    id_flux: str
    id_traitement: str
    acceptes: frozenset[str]
    rejetes: Mapping[str, tuple[str, ...]]


def read(nom: str, contenu: bytes) -> Accuse:
    """Raises Empechement for anything but a whole receipt."""
    root = _parse(nom, contenu)
    name = etree.QName(root)
    if name.localname.casefold() != "rapport" or name.namespace != ESPACE:
        raise Empechement(
            f"{nom} n'est pas un accusé de traitement de la Caisse des dépôts. Déposez le fichier "
            f"« Accusé de traitement… .xml » tel qu'il a été téléchargé."
        )
    rejected: dict[str, list[str]] = {}
    for passage in _under(root, "passagesko", "passage"):
        reasons = [_text(one) for one in _named(passage, "messageerreur")]
        for one in _named(passage, "idtechnique"):
            rejected.setdefault(_text(one), []).extend(reasons)
    accepted = {_text(one) for one in _under(root, "passagesok", "idtechnique")}
    # Some receipts wrap each number as they do for the rejected ones.
    for passage in _under(root, "passagesok", "passage"):
        accepted |= {_text(one) for one in _named(passage, "idtechnique")}
    ids = [_text(one) for one in _named(root, "idflux")]
    if len(ids) != 1 or not ids[0]:
        raise Empechement(f"{nom} ne dit pas de quel fichier il accuse réception (idFlux).")
    treated = next((_text(one) for one in _named(root, "idtraitement")), "")
    # Rejected and accepted at once: it is to be declared again.
    return Accuse(
        ids[0],
        treated,
        frozenset(accepted - rejected.keys() - {""}),
        {one: tuple(dict.fromkeys(why)) for one, why in rejected.items() if one},
    )


def _parse(nom: str, contenu: bytes) -> Any:
    if len(contenu) > TAILLE_MAX:
        raise Empechement(f"{nom} dépasse {TAILLE_MAX // 1024**2} Mo : ce n'est pas un accusé.")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(contenu, parser)
    except etree.XMLSyntaxError as error:
        raise Empechement(
            f"{nom} n'est pas du XML lisible ({error.msg}). Téléchargez de nouveau l'accusé."
        ) from error
    if root.getroottree().docinfo.doctype:
        raise Empechement(
            f"{nom} déclare des entités (DOCTYPE), ce qu'aucun accusé ne fait : il n'a pas été lu. "
            f"Téléchargez de nouveau l'accusé."
        )
    return root


def _under(root: Any, liste: str, nom: str) -> Iterator[Any]:
    for one in _named(root, liste):
        yield from _named(one, nom)


def _named(parent: Any, nom: str) -> Iterator[Any]:
    for child in parent:
        if isinstance(child.tag, str) and etree.QName(child).localname.casefold() == nom:
            yield child


def _text(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())
