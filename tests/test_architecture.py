"""The map of the package, held against its imports."""

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "batch"
SHARED = {
    "batch.anomalies", "batch.empechement", "batch.francais", "batch.records", "batch.vocabulaire",
    "batch.referentiel.modele", "batch.reglement.modele",
}  # fmt: skip


def imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {
                f"{node.module}.{alias.name}"
                if (PACKAGE.parent / node.module.replace(".", "/") / f"{alias.name}.py").is_file()
                else node.module
                for alias in node.names
            }
    return names


def modules(folder: str) -> list[Path]:
    return sorted((PACKAGE / folder).rglob("*.py"))


PURE = [*modules("jury"), *(PACKAGE / f"{name}.py" for name in ("francais", "records",
        "vocabulaire", "anomalies", "empechement")), PACKAGE / "referentiel/modele.py",
        PACKAGE / "reglement/modele.py"]  # fmt: skip


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_core_imports_the_standard_library_and_itself_only(path: Path) -> None:
    standard = set(sys.stdlib_module_names)
    for name in imports(path):
        root = name.partition(".")[0]
        assert root in standard or name in SHARED or name.startswith("batch.jury"), name
        # No file, no clock, no chance in the core.
        assert root not in {"os", "io", "pathlib", "time", "random", "tempfile", "subprocess"}


STAGES = (
    "classeurs", "documents", "pages", "courriels", "archive", "registre", "exports", "cli", "jury"
)  # fmt: skip


@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage != "cli"])
def test_stages_do_not_know_one_another(stage: str) -> None:
    for path in modules(stage):
        others = {f"batch.{name}" for name in STAGES} - {f"batch.{stage}", "batch.jury"}
        others |= {"batch.chaine", "batch.folder", "batch.demonstration"}
        for name in imports(path):
            assert not any(name == other or name.startswith(f"{other}.") for other in others), (
                f"{path.relative_to(PACKAGE)} importe {name}"
            )


@pytest.mark.parametrize("path", modules("."), ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_no_mark_is_ever_a_float(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert "float" not in called
