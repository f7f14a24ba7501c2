"""schemas/tables/*.yaml -> headings, help, drop-downs and pandera checks: one definition of each.

The files are pandera's own YAML; their `metadata` says what a sheet needs besides (width, example,
what a column cites), which pandera ignores.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml

from batch import data
from batch.francais import typographie

if TYPE_CHECKING:
    import pandera.pandas as pa

JOUR = re.compile(r"\d{4}-\d{2}-\d{2}")
HEURE = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
COURRIEL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")

# These files are ours, and sound: libyaml, where PyYAML has it, reads them eight times as quickly.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Colonne:
    nom: str
    titre: str
    aide: str
    obligatoire: bool
    choix: tuple[str, ...]
    nature: str
    cite: str | None
    plusieurs: bool
    exemple: str | None
    largeur: int
    verrou: bool


@dataclass(frozen=True, slots=True)
class Table:
    nom: str
    feuille: str
    aide: str
    debout: bool
    facultative: bool  # its sheet may be missing: nothing was typed there
    colonnes: tuple[Colonne, ...]

    def colonne(self, nom: str) -> Colonne:
        return next(colonne for colonne in self.colonnes if colonne.nom == nom)


@dataclass(frozen=True, slots=True)
class Faute:
    """A cell that its table refuses: which check, on which row of the frame, what stood there."""

    colonne: str
    ligne: int
    controle: str
    valeur: Any


@cache
def load(nom: str) -> Table:
    text = (data.TABLES / f"{nom}.yaml").read_text(encoding="utf-8")
    raw = yaml.load(text, _LOADER)  # noqa: S506  # a safe one
    return Table(
        nom=nom,
        feuille=raw["title"],
        aide=raw["description"],
        debout=bool((raw.get("metadata") or {}).get("debout")),
        facultative=bool((raw.get("metadata") or {}).get("facultative")),
        colonnes=tuple(_column(name, spec) for name, spec in raw["columns"].items()),
    )


def _column(nom: str, spec: Mapping[str, Any]) -> Colonne:
    metadata = spec.get("metadata") or {}
    checks = spec.get("checks") or {}
    return Colonne(
        nom=nom,
        titre=typographie(spec["title"]),
        aide=typographie(spec["description"]),
        obligatoire=not spec.get("nullable", False),
        choix=tuple(checks.get("isin", ())) if isinstance(checks, dict) else (),
        nature=metadata.get("nature", "texte"),
        cite=metadata.get("cite"),
        plusieurs=bool(metadata.get("plusieurs")),
        exemple=metadata.get("exemple"),
        largeur=metadata.get("largeur", 20),
        verrou=bool(metadata.get("verrou")),
    )


@cache
def schema(nom: str) -> "pa.DataFrameSchema":
    """The same definition as a pandera schema."""
    _register_checks()
    import pandera.pandas as pa

    return pa.DataFrameSchema.from_yaml(data.TABLES / f"{nom}.yaml")


@cache
def _register_checks() -> None:
    """The checks of ours that the YAML names."""
    from pandera import extensions

    def est_une_date(valeur: str) -> bool:
        return bool(JOUR.fullmatch(valeur))

    def est_une_heure(valeur: str) -> bool:
        return bool(HEURE.fullmatch(valeur))

    def est_un_courriel(valeur: str) -> bool:
        return len(valeur) <= 254 and bool(COURRIEL.fullmatch(valeur))

    for check in (est_une_date, est_une_heure, est_un_courriel):
        extensions.register_check_method(check, check_type="element_wise")


def check(
    nom: str,
    lignes: Mapping[int, Mapping[str, str | None]],
    colonnes: Mapping[str, Iterable[Any]] | None = None,
    regles: Iterable[Any] = (),
) -> list[Faute]:
    """Every cell of these rows that the table refuses, all at once (pandera, lazily).

    The values are already typed as text, or None. The caller adds the checks that only the session
    knows: on a column (the levels of its scale), or on whole rows.
    """
    import pandas as pd
    import pandera.pandas as pa

    contract = schema(nom)
    for column, added in (colonnes or {}).items():
        checks = [*contract.columns[column].checks, *added]
        contract = contract.update_column(column, checks=checks)
    contract = pa.DataFrameSchema(contract.columns, checks=list(regles))
    columns = [colonne.nom for colonne in load(nom).colonnes]
    frame = pd.DataFrame(
        {column: [row.get(column) for row in lignes.values()] for column in columns},
        index=list(lignes),
        dtype=object,
    )
    try:
        contract.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        # A duplicated value is reported at each of its places: the first one is not at fault.
        seen: set[tuple[str, Any]] = set()
        faults: dict[tuple[str, int, str], Faute] = {}
        for case in errors.failure_cases.to_dict("records"):
            if case["index"] is None:
                raise
            name = str(case["check"]).partition("(")[0]
            value = case["failure_case"]
            if name == "field_uniqueness" and (case["column"], value) not in seen:
                seen.add((case["column"], value))
                continue
            # pandera reports a rule on whole rows once for each column: keep one.
            whole_row = case["schema_context"] != "Column"
            column = "" if whole_row else case["column"]
            fault = Faute(column, int(case["index"]), name, None if whole_row else value)
            faults.setdefault((fault.colonne, fault.ligne, fault.controle), fault)
        return list(faults.values())
    return []
