"""schemas/*.schema.json: what the models generate, and what an editor then says of our files."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from batch import data
from batch.referentiel.schema import json_schemas

COMMAND = "python -m batch.referentiel.schema"

# An editor reads YAML's dates as the texts that they are; PyYAML makes days of them.
_Checker = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine(
    "string", lambda _, instance: isinstance(instance, str | date)
)
Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=_Checker)

FILES = [
    *((path, "referentiel") for path in sorted(data.REFERENTIELS.glob("*.yaml"))),
    *((path, "reglement") for path in sorted(data.REGLEMENTS.glob("*.yaml"))),
]


def faults(name: str, content: Any) -> list[str]:
    schema = json.loads(json_schemas()[f"{name}.schema.json"])
    Validator.check_schema(schema)
    return [
        f"{error.json_path} {error.message}" for error in Validator(schema).iter_errors(content)
    ]


@pytest.mark.parametrize("name", ["referentiel.schema.json", "reglement.schema.json"])
def test_the_committed_schema_is_what_the_models_generate(name: str) -> None:
    committed = (data.SCHEMAS / name).read_text(encoding="utf-8")
    assert committed == json_schemas()[name], f"schemas/{name} a vieilli. Lancez : {COMMAND}"


@pytest.mark.parametrize(("path", "name"), FILES, ids=lambda own: getattr(own, "stem", own))
def test_an_editor_underlines_nothing_in_our_files(path: Path, name: str) -> None:
    assert faults(name, yaml.safe_load(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("rate", ["70 %", "66,7 %", "66.7%", "7/10", "0.7"])
def test_a_rate_may_be_written_in_several_ways(rate: str) -> None:
    assert faults("reglement", with_rule(rate)) == []


@pytest.mark.parametrize("rate", ["soixante-dix", "70 pour cent", "'%'", "true"])
def test_what_is_no_rate_is_underlined(rate: str) -> None:
    assert faults("reglement", with_rule(rate)) != []


def with_rule(rate: str) -> Any:
    text = (data.REGLEMENTS / "cqp-rpo.yaml").read_text(encoding="utf-8")
    text, found = re.subn(r"(?m)^    proportion: .*$", f"    proportion: {rate}", text)
    assert found
    return yaml.safe_load(text)


def test_a_rubric_that_does_not_exist_is_underlined() -> None:
    path = data.REFERENTIELS / "cqp-rpo.yaml"
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["blocs"][0]["intitullé"] = content["blocs"][0].pop("intitule")
    assert len(faults("referentiel", content)) == 2


def test_everything_that_an_editor_shows_is_french() -> None:
    for text in json_schemas().values():
        assert "'" not in text
        for english in ("The ", "A level", "When ", " of "):
            assert english not in text
