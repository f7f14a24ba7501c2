"""YAML text -> records, strictly: every fault at once, each with its line.

The records are plain dataclasses; pydantic checks them from the outside. Numbers keep the digits
that were typed (Decimal, never float) and « 70 % » is the fraction 7/10.
"""

import re
from collections.abc import Hashable
from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, TypeVar, get_args, get_type_hints

import yaml
from pydantic import TypeAdapter, ValidationError

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.francais import enumeration, proche

Chemin = tuple[str | int, ...]
Record = TypeVar("Record")


# « 70 % » is a number to our reader: our writer must put it between quotes to make it a text.
TAUX = re.compile(r"^\d+(?:[.,]\d+)?\s*%$")

# A real text has some thousand rubrics, half a dozen deep. An alias of an alias of an alias has
# billions of them, and an alias of itself has no bottom.
_MAX_RUBRIQUES, _MAX_DEPTH = 100_000, 50


class _Loader(yaml.SafeLoader):
    """A safe loader that keeps decimals exact and knows percentages.

    libyaml's would be eight times as quick, and takes texts that this one refuses: a tab inside a
    sentence, a « ? » between brackets. A règlement must not be read on one machine only.
    """


def _decimal(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Decimal:
    try:
        return Decimal(node.value.replace("_", ""))
    except InvalidOperation as error:  # .inf, .nan, and the base 60 of YAML 1.1
        raise _refused("nombre impossible", node) from error


def _date(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> Any:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError as error:
        raise _refused("date impossible", node) from error


def _refused(problem: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


_Loader.add_constructor("tag:yaml.org,2002:float", _decimal)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _date)
_Loader.add_constructor(
    "!taux",
    lambda loader, node: Fraction(node.value.rstrip("%").strip().replace(",", ".")) / 100,
)
_Loader.add_implicit_resolver("!taux", TAUX, list("0123456789"))


@dataclass(frozen=True, slots=True)
class Source:
    """A YAML text that could be read: its data, and the line where each rubric stands."""

    nom: str
    donnees: Any
    lignes: dict[Chemin, int]

    def lieu(self, *chemin: str | int) -> Lieu:
        """The line of a rubric, or of the nearest one above it."""
        for end in range(len(chemin), -1, -1):
            if chemin[:end] in self.lignes:
                return Lieu(self.nom, ligne=self.lignes[chemin[:end]])
        return Lieu(self.nom, ligne=1)

    def rubrique(self, *chemin: str | int) -> str:
        """How this text calls what stands there."""
        return next(part for part in reversed(chemin) if isinstance(part, str))


def read(nom: str, texte: str) -> tuple[Source | None, list[Anomalie]]:
    """Parse the text; repeated rubrics are faults, since YAML would silently keep the last."""
    try:
        loader = _Loader(texte)
        try:
            node = loader.get_single_node()
            lines, anomalies = _lines(nom, node)
            data = loader.construct_document(node) if node else None
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        lieu = Lieu(nom, ligne=mark.line + 1 if mark else 1)
        return None, [Code.YAML_ILLISIBLE.at(lieu, raison=_in_french(problem))]
    if not isinstance(data, dict):
        lieu = Lieu(nom, ligne=1)
        return None, [Code.YAML_ILLISIBLE.at(lieu, raison="aucune rubrique n'y est écrite")]
    return Source(nom, data, lines), anomalies


def _in_french(problem: str) -> str:
    if problem == "date impossible":
        return "cette date n'existe pas"
    if problem == "nombre impossible":
        return "ce nombre n'en est pas un ; mettez un texte ou une heure entre guillemets"
    if "could not find expected ':'" in problem:
        return "un « : » manque"
    if "mapping values are not allowed" in problem:
        return "un « : » est de trop, ou le texte doit être mis entre guillemets"
    if "tab" in problem or "\\t" in problem:
        return "une tabulation y sert d'indentation ; n'utilisez que des espaces"
    if "while" in problem or "expected" in problem:
        return "sa structure est cassée (indentation, guillemet ou crochet)"
    return "un caractère ou une construction n'y est pas admis"


def _lines(nom: str, root: yaml.Node | None) -> tuple[dict[Chemin, int], list[Anomalie]]:
    lines: dict[Chemin, int] = {}
    anomalies: list[Anomalie] = []
    stack: list[tuple[Chemin, yaml.Node]] = [((), root)] if root else []
    while stack:
        chemin, node = stack.pop()
        if len(lines) > _MAX_RUBRIQUES or len(chemin) > _MAX_DEPTH:
            raise _refused("too many", node)
        lines.setdefault(chemin, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            stack += [((*chemin, rank), item) for rank, item in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            seen: set[Hashable] = set()
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise _refused("not a name", key)
                here = (*chemin, key.value)
                lines[here] = key.start_mark.line + 1
                if key.value in seen:
                    lieu = Lieu(nom, ligne=lines[here])
                    anomalies.append(Code.YAML_DOUBLE.at(lieu, rubrique=key.value))
                seen.add(key.value)
                stack.append((here, value))
    return lines, anomalies


def validate(source: Source, model: type[Record]) -> tuple[Record | None, list[Anomalie]]:
    """The data as this record, or every reason why it is not one, in the order of the text."""
    try:
        return TypeAdapter(model).validate_python(source.donnees), []
    except ValidationError as error:
        faults = [_explain(source, model, fault) for fault in error.errors()]
        return None, sorted(faults, key=lambda fault: fault.lieu.ligne or 0)


def _explain(source: Source, model: type, fault: Any) -> Anomalie:
    # Keys of unions and of dictionaries add words of pydantic's own to the path: drop them.
    chemin: Chemin = tuple(
        part for part in fault["loc"] if isinstance(part, int) or not part.endswith(("]", ")"))
    )
    lieu = source.lieu(*chemin)
    rubrique = ".".join(str(part + 1) if isinstance(part, int) else part for part in chemin)
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "missing":
        return Code.YAML_MANQUE.at(source.lieu(*chemin[:-1]), rubrique=rubrique)
    if kind == "unexpected_keyword_argument":
        known = _rubrics(model, chemin[:-1])
        near = suggestion(proche(str(chemin[-1]), known))
        return Code.YAML_INCONNUE.at(lieu, rubrique=rubrique, suggestion=near)
    if kind == "literal_error":
        allowed = [word.strip("'") for word in re.split(r", | or ", context["expected"])]
        attendu = f"les valeurs admises sont {enumeration(allowed)}"
    else:
        attendu = _EXPECTED.get(kind.split("_")[0], "ce n'est pas la sorte de valeur attendue")
    value = str(fault["input"])
    shown = value if len(value) <= 60 else value[:57] + "…"
    return Code.YAML_VALEUR.at(lieu, rubrique=rubrique, valeur=shown, attendu=attendu)


_EXPECTED = {
    "string": "un texte est attendu (mettez un nombre entre guillemets)",
    "int": "un nombre entier est attendu",
    "decimal": "un nombre est attendu",
    "fraction": "un pourcentage est attendu, par exemple 70 %",
    "bool": "true ou false est attendu",
    "date": "une date est attendue, par exemple 2023-06-15",
    "tuple": "une liste est attendue",
    "dataclass": "un groupe de rubriques est attendu",
    "dict": "un groupe de rubriques est attendu",
}


def _rubrics(model: Any, chemin: Chemin) -> list[str]:
    """The names that the record knows at this path, to suggest the one that was meant."""
    here = model
    for part in chemin:
        if isinstance(part, str) and is_dataclass(here):
            here = get_type_hints(here).get(part)
        candidates = [arg for arg in get_args(here) if is_dataclass(arg)]
        nested = [arg for outer in get_args(here) for arg in get_args(outer) if is_dataclass(arg)]
        if not is_dataclass(here):
            here = next(iter(candidates + nested), None)
    return [field.name for field in fields(here)] if is_dataclass(here) else []
