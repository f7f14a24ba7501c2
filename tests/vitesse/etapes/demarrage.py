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


def jury(*arguments: str, env: Mapping[str, str] | None = None) -> Travail:
    """The command, as the script that pip lays down for it starts it."""
    return command("-c", "from batch.cli import main; main()", *arguments, env=env)


def completion(*words: str) -> Travail:
    """What the shell asks of `jury` when the tabulation key is pressed after these words."""
    line = " ".join(("jury", *words))
    asked = {"_JURY_COMPLETE": "zsh_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words))}
    return jury(env=asked)


def click_alone() -> Travail:
    """The library that reads command lines, and nothing else."""
    return command("-c", "import click")
