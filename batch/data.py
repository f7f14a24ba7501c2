"""Where schemas/, templates/ and samples/ are: in an installed wheel, or at a checkout's top."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
ROOT = _PACKAGE if (_PACKAGE / "schemas").is_dir() else _PACKAGE.parent

SCHEMAS = ROOT / "schemas"
REFERENTIELS = SCHEMAS / "referentiels"
REGLEMENTS = SCHEMAS / "reglements"
TABLES = SCHEMAS / "tables"
TEMPLATES = ROOT / "templates"
SAMPLES = ROOT / "samples"


def template(nom: str, house: Path | None) -> Path:
    """The house's own template of that name, where there is one, or ours."""
    own = house / nom if house else None
    return own if own and own.is_file() else TEMPLATES / nom
