"""A part's source and real contexts -> the fields that it uses, and those that do not exist.

Nothing is run: each expression is followed through the contexts of our fictional candidates, so
that « ligne.intitule » inside « for ligne in tableau.lignes » is held against what such lines hold.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import nodes

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.documents.bac_a_sable import Bac
from batch.documents.gabarits.balises import ILLISIBLE, shown
from batch.documents.gabarits.lecture import Paragraphe
from batch.francais import proche

# What a loop says of itself in Jinja.
_BOUCLE = (
    "index", "index0", "revindex", "revindex0", "first", "last", "length", "cycle", "depth",
    "depth0", "previtem", "nextitem", "changed",
)  # fmt: skip
# Filters that give back the same things, in another order or fewer of them.
_PASSE = {"list", "sort", "reverse", "unique", "select", "reject", "selectattr", "rejectattr"}

Contextes = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Vu:
    """What an expression may be: its path, and its values in every context; None: nobody knows."""

    chemin: str = ""
    valeurs: tuple[Any, ...] | None = None


@dataclass(slots=True)
class Emploi:
    """The fields that a template uses: « resultats.lignes.issue » for that of each line."""

    imprimes: set[str] = field(default_factory=set)
    testes: set[str] = field(default_factory=set)
    # Those of tags that are at fault otherwise: misspelt, or not to be read.
    manques: set[str] = field(default_factory=set)
    anomalies: list[Anomalie] = field(default_factory=list)


def follow(
    nom: str, source: str, partie: Sequence[Paragraphe], contextes: Contextes, emploi: Emploi
) -> None:
    """Adds to `emploi` what this part uses. `source`: a line for each paragraph of `partie`."""
    bac = Bac({})
    _Lecture(nom, partie, contextes, emploi, bac).read(bac.parse(source), {})


class _Lecture:
    def __init__(
        self,
        nom: str,
        partie: Sequence[Paragraphe],
        contextes: Contextes,
        emploi: Emploi,
        bac: Bac,
    ) -> None:
        self._nom, self._partie, self._contextes = nom, partie, contextes
        self._emploi, self._bac = emploi, bac

    def read(self, node: nodes.Node, portee: dict[str, _Vu]) -> None:
        match node:
            case nodes.Output():
                for one in node.nodes:
                    self._see(one, portee, printed=True)
            case nodes.If():
                self._see(node.test, portee)
                for part in (*node.body, *node.elif_, *node.else_):
                    self.read(part, portee)
            case nodes.For():
                inside = {**portee, "loop": _Vu("", (dict.fromkeys(_BOUCLE),))}
                self._bind(node.target, _items(self._see(node.iter, portee)), inside)
                if node.test is not None:
                    self._see(node.test, inside)
                for part in (*node.body, *node.else_):
                    self.read(part, inside)
            case nodes.Assign():
                self._bind(node.target, self._see(node.node, portee), portee)
            case nodes.With():
                inside = dict(portee)
                for target, value in zip(node.targets, node.values, strict=True):
                    self._bind(target, self._see(value, portee), inside)
                for part in node.body:
                    self.read(part, inside)
            case _:
                for child in node.iter_child_nodes():
                    self.read(child, portee)

    def _bind(self, target: nodes.Node, vu: _Vu, portee: dict[str, _Vu]) -> None:
        if isinstance(target, nodes.Name):
            portee[target.name] = vu
        else:
            for name in target.find_all(nodes.Name):
                portee[name.name] = _Vu()

    def _see(self, node: nodes.Node, portee: Mapping[str, _Vu], *, printed: bool = False) -> _Vu:
        """What this expression may be; `printed`: it goes into the document as it is."""
        match node:
            case nodes.Name():
                return self._used(self._named(node, portee), printed)
            case nodes.Getattr():
                own = self._see(node.node, portee)
                return self._used(self._inside(node, own, node.attr), printed)
            case nodes.Getitem(arg=nodes.Const(value=str() as key)):
                own = self._see(node.node, portee)
                return self._used(self._inside(node, own, key), printed)
            case nodes.Getitem():
                return _items(self._see(node.node, portee, printed=printed))
            case nodes.Filter():
                return self._filtered(node, portee, printed)
            case nodes.Test():
                self._check(node, node.name, self._bac.tests, "test")
                self._see(node.node, portee)
                for argument in node.args:
                    self._see(argument, portee)
                return _Vu()
            case nodes.CondExpr():
                self._see(node.test, portee)
                for part in (node.expr1, node.expr2):
                    if part is not None:
                        self._see(part, portee, printed=printed)
                return _Vu()
            case nodes.Call(node=nodes.Getattr() as method):
                self._see(method.node, portee, printed=printed)
                for argument in node.args:
                    self._see(argument, portee, printed=printed)
                return _Vu()
        for child in node.iter_child_nodes():
            self._see(child, portee, printed=printed)
        return _Vu()

    def _filtered(self, node: nodes.Filter, portee: Mapping[str, _Vu], printed: bool) -> _Vu:
        self._check(node, node.name, self._bac.filters, "filtre")
        own = self._see(node.node, portee, printed=printed) if node.node is not None else _Vu()
        for argument in (*node.args, *(pair.value for pair in node.kwargs)):
            self._see(argument, portee, printed=printed)
        if node.name in ("first", "last"):
            return _items(own)
        return own if node.name in _PASSE else _Vu()

    def _named(self, node: nodes.Name, portee: Mapping[str, _Vu]) -> _Vu:
        if node.name in portee:
            return portee[node.name]
        if node.name == ILLISIBLE:
            return _Vu()
        known = tuple(contexte[node.name] for contexte in self._contextes if node.name in contexte)
        if not known:
            names = {name for contexte in self._contextes for name in contexte} | set(portee)
            self._say(node, node.name, names)
            return _Vu()
        return _Vu(node.name, known)

    def _inside(self, node: nodes.Node, own: _Vu, name: str) -> _Vu:
        if own.valeurs is None:
            return _Vu()
        groups = [valeur for valeur in own.valeurs if isinstance(valeur, Mapping)]
        found = tuple(group[name] for group in groups if name in group)
        path = f"{own.chemin}.{name}" if own.chemin else ""
        if found:
            return _Vu(path, None if path == "" else found)
        if own.valeurs:
            whole = f"{own.chemin}.{name}" if own.chemin else name
            self._say(node, whole, {key for group in groups for key in group}, name)
        return _Vu()

    def _used(self, vu: _Vu, printed: bool) -> _Vu:
        if vu.chemin:
            (self._emploi.imprimes if printed else self._emploi.testes).add(vu.chemin)
        return vu

    def _check(self, node: nodes.Node, name: str, known: Iterable[str], what: str) -> None:
        # Names with a space are the sandbox's own.
        names = [one for one in known if " " not in one]
        if name not in names:
            self._tell(
                Code.FILTRE_INCONNU, node, sorte=what, filtre=name,
                suggestion=suggestion(proche(name, names)),
            )  # fmt: skip

    def _say(self, node: nodes.Node, whole: str, names: Iterable[str], name: str = "") -> None:
        near = proche(name or whole, sorted(names))
        if near is not None:
            self._emploi.manques.add(f"{whole.rpartition('.')[0]}.{near}".lstrip("."))
        self._tell(Code.CHAMP_INCONNU, node, champ=whole, suggestion=suggestion(near))

    def _tell(self, code: Code, node: nodes.Node, **mots: str) -> None:
        paragraphe = self._partie[min(node.lineno, len(self._partie)) - 1]
        lieu = Lieu(self._nom, endroit=paragraphe.endroit)
        self._emploi.anomalies.append(code.at(lieu, texte=shown(paragraphe.texte), **mots))


def _items(vu: _Vu) -> _Vu:
    """One of the things that this list holds."""
    if vu.valeurs is None:
        return _Vu()
    lists = [valeur for valeur in vu.valeurs if isinstance(valeur, list | tuple)]
    return _Vu(vu.chemin, tuple(item for one in lists for item in one))
