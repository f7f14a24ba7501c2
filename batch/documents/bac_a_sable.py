"""The Jinja that a template is given: it prints fields, and can reach or exhaust nothing else.

A template is somebody's file.  Jinja's own sandbox keeps it from Python's underside; here it is
also kept from what costs time or memory without end: no function to call, few methods, few
filters, loops and texts counted while they grow.  Bounds are counts, not seconds: what is refused
here is refused on every machine.
"""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing

from batch.anomalies import suggestion
from batch.documents.filtres import FILTRES
from batch.francais import guillemets, proche

# A session of five hundred candidates and twenty blocs turns some fifty thousand times.
TOURS = 1_000_000
# Of one value, and of one part of a document: the jury's summary sheet has eight thousand
# characters a candidate, and a session may have ten thousand of them.
TEXTE = 1_000_000
PARTIE = 128_000_000
# Pieces of a part that are counted together: each is a value, or what stands between two.
_A_LA_FOIS = 64
# Texts put end to end in one expression.
MORCEAUX = 50

# What of Jinja's own filters can neither grow a text without end nor print it as XML.
_FILTRES_DE_JINJA = (
    "abs", "capitalize", "count", "d", "default", "dictsort", "e", "escape", "first", "groupby",
    "int", "items", "last", "length", "list", "lower", "max", "min", "reject", "rejectattr",
    "reverse", "round", "select", "selectattr", "sort", "string", "title", "trim", "truncate",
    "unique", "upper",
)  # fmt: skip
_METHODES = frozenset(
    ("capitalize", "cycle", "endswith", "get", "items", "keys", "lower", "lstrip", "rstrip",
     "split", "startswith", "strip", "title", "upper", "values")
)  # fmt: skip
_INTERDITS = (
    nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block, nodes.Macro,
    nodes.CallBlock, nodes.AssignBlock, nodes.FilterBlock, nodes.Pow,
)  # fmt: skip


class ValeurVide(jinja2.TemplateRuntimeError):
    """None was about to be printed, as « None »."""


class Demesure(jinja2.TemplateRuntimeError):
    """A loop or a text that goes on and on."""


class Bac(SandboxedEnvironment):
    """`connus`: the fields of the document being printed, for the suggestions."""

    intercepted_binops = frozenset(("+", "*", "%", "**"))

    def __init__(self, connus: Mapping[str, Any]) -> None:
        super().__init__(undefined=_unknown(connus), autoescape=True, finalize=_never_none)
        own = {name: self.filters[name] for name in _FILTRES_DE_JINJA}
        own |= {"join": _join, "map": _map, "replace": _replace, **FILTRES}
        self.filters = {name: _bounded(one) for name, one in own.items()}
        self.filters |= {_BOUCLE: self._count, _MESURE: _measured}
        self.globals.clear()
        self._tours = 0

    def compile_template(self, source: str) -> jinja2.Template:
        """Raises a fault of Jinja: SecurityError for what no template may do."""
        tree = self.parse(source)
        for node in tree.find_all(nodes.Node):
            if is_forbidden(node):
                raise SecurityError(type(node).__name__)
        for loop in tree.find_all(nodes.For):
            loop.iter = _filtered(loop.iter, _BOUCLE)
        for concat in list(tree.find_all(nodes.Concat)):
            concat.nodes = [_filtered(nodes.Concat(concat.nodes), _MESURE)]
        tree.set_environment(self)
        return self.from_string(tree)

    def print(self, template: jinja2.Template, contexte: Mapping[str, Any]) -> str:
        """The text of one part. Raises Demesure past the bounds."""
        self._tours = 0
        pieces, printed, length = template.generate(contexte), [], 0
        while some := list(islice(pieces, _A_LA_FOIS)):
            printed.append("".join(some))
            length += len(printed[-1])
            if length > PARTIE:
                raise Demesure
        return "".join(printed)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """What Jinja would answer, without its detour by an exception for each field printed."""
        if type(obj) is dict and attribute in obj and not hasattr(dict, attribute):
            return obj[attribute]
        return super().getattr(obj, attribute)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        both = (left, right)
        grows = operator in ("*", "%") and not all(isinstance(side, int | float) for side in both)
        if operator == "**" or grows or any(isinstance(side, list | tuple) for side in both):
            raise SecurityError(operator)
        return _measured(super().call_binop(context, operator, left, right))

    def _count(self, valeurs: Iterable[Any]) -> list[Any]:
        items = list(valeurs)
        self._tours += len(items) + 1
        if self._tours > TOURS:
            raise Demesure
        return items


# Names that nobody can type as a filter.
_BOUCLE, _MESURE = "boucle comptée", "texte mesuré"


def is_forbidden(node: nodes.Node) -> bool:
    """What no template may do, wherever it stands."""
    if isinstance(node, _INTERDITS):
        return True
    match node:
        case nodes.Getattr():
            return node.attr.startswith("_")
        case nodes.Call():
            return not isinstance(node.node, nodes.Getattr) or node.node.attr not in _METHODES
        case nodes.For():
            return node.recursive
        case nodes.Concat():
            return len(node.nodes) > MORCEAUX
        case nodes.List() | nodes.Dict():
            # Lists of lists of lists print without end: a template names, it does not build.
            return any(not isinstance(one, nodes.Const | nodes.Pair) for one in node.items)
        case nodes.Pair():
            return not isinstance(node.value, nodes.Const)
        case nodes.Tuple():
            return node.ctx == "load" and any(not isinstance(o, nodes.Const) for o in node.items)
    return False


def _filtered(expression: nodes.Node, name: str) -> nodes.Filter:
    return nodes.Filter(expression, name, [], [], None, None, lineno=expression.lineno)


def _bounded(filtre: Callable[..., Any]) -> Callable[..., Any]:
    """The same filter, whose answer is measured; what Jinja passes it is passed on."""

    def bounded(*arguments: Any, **named: Any) -> Any:
        return _measured(filtre(*arguments, **named))

    # jinja2.pass_environment and its like mark the function itself; len and abs bear no mark.
    bounded.__dict__.update(getattr(filtre, "__dict__", {}))
    return bounded


def _measured(valeur: Any) -> Any:
    if isinstance(valeur, str | list | tuple) and len(valeur) > TEXTE:
        raise Demesure
    if isinstance(valeur, int) and valeur.bit_length() > 128:
        raise Demesure
    return valeur


def _join(valeurs: Iterable[Any], entre: str = "", attribute: str | None = None) -> str:
    """As Jinja's, but a plain text, escaped where it is printed like any other."""
    length, words = 0, []
    for valeur in valeurs:
        word = str(valeur if attribute is None else valeur[attribute])
        length += len(word) + len(entre)
        if length > TEXTE:
            raise Demesure
        words.append(word)
    return str(entre).join(words)


def _map(valeurs: Iterable[Mapping[str, Any]], attribute: str) -> list[Any]:
    """« {{ blocs | map(attribute="code") | join(", ") }} »: a field of each, and nothing else."""
    return [valeur[attribute] for valeur in valeurs]


def _replace(texte: Any, ancien: str, nouveau: str) -> str:
    said, old, new = str(texte), str(ancien), str(nouveau)
    if (said.count(old)) * len(new) > TEXTE:
        raise Demesure
    return said.replace(old, new)


def _unknown(connus: Mapping[str, Any]) -> type[jinja2.StrictUndefined]:
    class ChampInconnu(jinja2.StrictUndefined):
        """A field that the context lacks: its message is its name, and the one that is near."""

        def __init__(
            self,
            hint: str | None = None,
            obj: Any = missing,
            name: Any = None,
            exc: type[jinja2.TemplateRuntimeError] = jinja2.UndefinedError,
        ) -> None:
            where = connus if obj is missing else obj
            names = list(map(str, where)) if isinstance(where, Mapping) else []
            near = suggestion(proche(str(name), names))
            super().__init__(hint or f"{guillemets(str(name))}{near}", obj, name, exc)

    return ChampInconnu


def _never_none(valeur: Any) -> Any:
    if valeur is None:
        raise ValeurVide
    return valeur
