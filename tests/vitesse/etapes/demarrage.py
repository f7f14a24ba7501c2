"""What the stages about start-up share: a whole command, as the shell starts it."""

import os
import subprocess
import sys
from collections.abc import Mapping

from .etape import Travail


def command(*arguments: str, env: Mapping[str, str] | None = None) -> Travail:
    """The interpreter on these arguments, from its start to its end; what it printed."""

    def travail() -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, **(env or {})},
            check=True,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        return done.stdout

    return travail


def click_alone() -> Travail:
    """The library that reads command lines, and nothing else."""
    return command("-c", "import click")
