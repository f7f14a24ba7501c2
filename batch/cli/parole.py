"""How the commands speak: anomalies and totals in sentences, errors in one, and the exit codes."""

import codecs
import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO, TypeVar

import click

from batch.anomalies import Anomalie, Empechement, Gravite, MauvaisUsage
from batch.francais import compte, enumeration

FAIT, A_CORRIGER, MAUVAIS_USAGE, IMPOSSIBLE = 0, 1, 2, 3

_SHOWN = 12
# For consoles that are not Unicode (cp1252): the nearest character that they have.
_NEAREST = {"\u202f": "\u00a0", "✔": "+", "✘": "x", "\u2212": "-", "→": "->", "œ": "oe", "…": "..."}


def _nearest(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    unprintable = error.object[error.start : error.end]
    shown = "".join(_NEAREST.get(character, "?") for character in unprintable)
    encodable = shown.encode(error.encoding, "replace").decode(error.encoding)
    return encodable, error.end


codecs.register_error("jury", _nearest)


def make_safe(stream: TextIO) -> None:
    """A message must never stop the batch because the console lacks a character."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="jury")


def _width() -> int:
    return min(100, shutil.get_terminal_size().columns)


def say(texte: str = "", retrait: int = 0, *, err: bool = False) -> None:
    """A sentence, wrapped to the terminal; every line is set in."""
    margin = " " * retrait
    click.echo(
        textwrap.fill(
            texte,
            _width(),
            initial_indent=margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        ),
        err=err,
    )


def tell(anomalies: Sequence[Anomalie], ailleurs: str | None = None) -> None:
    """The anomalies, the gravest first; past a dozen, their number and where to read them."""
    shown = [a for a in anomalies if a.gravite is not Gravite.INFORMATION]
    for anomalie in shown[:_SHOWN]:
        say()
        say(f"{anomalie.code.numero}  {anomalie.gravite.mot}  {anomalie.lieu}".rstrip())
        say(anomalie.message, 9)
        say(f"À faire : {anomalie.remede}", 9)
    if len(shown) > _SHOWN:
        where = f" : voir {ailleurs}" if ailleurs else ""
        say()
        say(f"… et {compte(len(shown) - _SHOWN, 'autre anomalie', 'autres anomalies')}{where}.")
    infos = len(anomalies) - len(shown)
    if infos:
        where = f" dans {ailleurs}" if ailleurs else ""
        say()
        say(f"{compte(infos, 'information')}{where}.")


def count(anomalies: Iterable[Anomalie]) -> str:
    """« 3 bloquantes, 1 à vérifier » ; « aucune anomalie »."""
    gravities = [anomalie.gravite for anomalie in anomalies]
    parts = []
    if blocking := gravities.count(Gravite.BLOQUANTE):
        parts.append(compte(blocking, "anomalie bloquante", "anomalies bloquantes"))
    if doubtful := gravities.count(Gravite.A_VERIFIER):
        parts.append(compte(doubtful, "point à vérifier", "points à vérifier"))
    return enumeration(parts) or "aucune anomalie"


@contextmanager
def progress(titre: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for what takes more than a moment: call it with « done, of how many ».

    Nothing is drawn where nobody watches (a file, a pipe).
    """
    bar: Any = None

    def advance(done: int, total: int) -> None:
        nonlocal bar
        if not sys.stderr.isatty():
            return
        if bar is None:
            bar = click.progressbar(length=total, label=titre, file=sys.stderr)
            bar.__enter__()
        bar.update(done - bar.pos)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.__exit__(None, None, None)


def print_json(content: Any) -> None:
    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def leave(anomalies: Iterable[Anomalie]) -> None:
    """Exit 1 when the data must be corrected; simply return when it need not."""
    if any(anomalie.bloquante for anomalie in anomalies):
        click.get_current_context().exit(A_CORRIGER)


@contextmanager
def speaking_plainly() -> Iterator[None]:
    """What stops the run becomes one sentence and an exit code; a bug keeps its traceback."""
    try:
        yield
    except Empechement as stop:
        tell(stop.anomalies)
        if stop.anomalies:
            say()
        say(f"Erreur : {stop}", err=True)
        code = IMPOSSIBLE
        if isinstance(stop, MauvaisUsage):
            code = MAUVAIS_USAGE
        elif stop.anomalies:
            code = A_CORRIGER
        click.get_current_context().exit(code)


Commande = TypeVar("Commande", bound=Callable[..., Any])


def format_option(commande: Commande) -> Commande:
    option = click.option(
        "--format",
        "forme",
        type=click.Choice(["texte", "json"]),
        default="texte",
        show_default=True,
        metavar="texte|json",
        help="Pour être lu par une personne, ou par une machine.",
    )
    return option(commande)
