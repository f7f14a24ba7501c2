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
