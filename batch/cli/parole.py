"""How the commands speak: anomalies and totals in sentences, errors in one, and the exit codes.

Every command loads it to say which options it takes, at each touch of the tabulation key: what only
speaking needs is loaded by what speaks.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from batch.empechement import Empechement, MauvaisUsage
from batch.francais import compte, enumeration

if TYPE_CHECKING:
    from batch.allure import Allure, Progres
    from batch.anomalies import Anomalie
    from batch.etat.modele import Ensuite
    from batch.ordre import Pli

FAIT, A_CORRIGER, MAUVAIS_USAGE, IMPOSSIBLE = 0, 1, 2, 3

_UN_MOMENT = 2  # seconds
_SHOWN = 12
_PLACES = 3


def width() -> int:
    import shutil

    return min(100, shutil.get_terminal_size().columns)


def say(texte: str = "", retrait: int = 0, *, err: bool = False) -> None:
    """A sentence, wrapped to the terminal; every line is set in."""
    import textwrap

    margin = " " * retrait
    click.echo(
        textwrap.fill(
            texte,
            width(),
            initial_indent=margin,
            subsequent_indent=margin,
            break_long_words=False,
            break_on_hyphens=False,
        ),
        err=err,
    )


def tell(anomalies: "Iterable[Anomalie]", ailleurs: str | None = None) -> None:
    """What there is to mend, the gravest first; past a dozen, how many and where to read them.

    What somebody accepted is left out: `count` counts it and the reports list it.
    """
    from batch.anomalies import Gravite
    from batch.ordre import fold

    plis = fold(anomalie for anomalie in anomalies if anomalie.acceptee is None)
    shown = [pli for pli in plis if pli.gravite is not Gravite.INFORMATION]
    told = shown[:_SHOWN]
    for pli, following in zip_longest(told, told[1:]):
        say()
        _tell_one(pli, with_remedy=following is None or not _mended_alike(pli, following))
    if len(shown) > _SHOWN:
        where = f" : voir {ailleurs}" if ailleurs else ""
        others = sum(pli.nombre for pli in shown[_SHOWN:])
        say()
        say(f"… et {compte(others, 'autre anomalie', 'autres anomalies')}{where}.")
    infos = sum(pli.nombre for pli in plis if pli not in shown)
    if infos:
        where = f" dans {ailleurs}" if ailleurs else ""
        say()
        say(f"{compte(infos, 'information')}{where}.")


def _mended_alike(pli: "Pli", other: "Pli") -> bool:
    """Nothing but its sentence tells one from the other: the remedy is said under the last."""
    return (
        (pli.anomalie.code, pli.anomalie.remede) == (other.anomalie.code, other.anomalie.remede)
        and not pli.consequences
        and not pli.anomalie.acceptable
    )


def _tell_one(pli: "Pli", *, with_remedy: bool) -> None:
    anomalie = pli.anomalie
    shown = replace(pli, anomalies=pli.anomalies[:_PLACES])
    others = len(pli.anomalies) - len(shown.anomalies)
    elsewhere = f" ; et {compte(others, 'autre endroit', 'autres endroits')}" if others else ""
    say(f"{anomalie.code.numero}  {anomalie.gravite.mot}  {shown.lieu}{elsewhere}".rstrip())
    say(anomalie.message, 9)
    if with_remedy:
        say(f"À faire : {anomalie.remede}", 9)
    if pli.consequences:
        entailed = sum(own.nombre for own in pli.consequences)
        codes = dict.fromkeys(own.anomalie.code.numero for own in pli.consequences)
        number = compte(entailed, "autre anomalie", "autres anomalies")
        say(f"En {'découle' if entailed == 1 else 'découlent'} {number} : {enumeration(codes)}.", 9)
    if anomalie.acceptable:
        references = enumeration([*shown.references, *(["…"] if others else [])])
        say(f"Pour l’accepter telle quelle : jury accepter, référence {references}.", 9)


def tell_next(ensuite: "Ensuite") -> None:
    """The one thing to do now; the command on its own line, to be copied."""
    say(f"Ensuite : {ensuite.phrase}")
    if ensuite.commande:
        click.echo(f"  {ensuite.commande}")


def count(anomalies: "Iterable[Anomalie]") -> str:
    """« 3 anomalies bloquantes et 1 point à vérifier » ; « aucune anomalie »."""
    from batch.anomalies import Gravite

    anomalies = list(anomalies)
    open_ones = [anomalie.gravite for anomalie in anomalies if anomalie.acceptee is None]
    parts = []
    if blocking := open_ones.count(Gravite.BLOQUANTE):
        parts.append(compte(blocking, "anomalie bloquante", "anomalies bloquantes"))
    if doubtful := open_ones.count(Gravite.A_VERIFIER):
        parts.append(compte(doubtful, "point à vérifier", "points à vérifier"))
    said = enumeration(parts) or "aucune anomalie"
    accepted = len(anomalies) - len(open_ones)
    return f"{said} ({compte(accepted, 'acceptée')})" if accepted else said


@contextmanager
def at_work(processus: int | None = None, forme: str = "texte") -> Iterator["Allure"]:
    """By so many processes, with a bar for each stage that takes more than a moment.

    Nothing is drawn where nobody watches (a file, a pipe, a machine that reads), nor before two
    seconds of a stage have gone by.
    """
    from batch.allure import Allure  # only for those that write

    with ExitStack() as bars:

        def stage(titre: str) -> "Progres":
            bars.close()
            return bars.enter_context(_bar(titre, shown=forme != "json" and sys.stderr.isatty()))

        yield Allure(processus, stage)


@contextmanager
def _bar(titre: str, *, shown: bool) -> Iterator["Progres"]:
    bar: Any = None
    started = time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal bar
        if not shown or time.monotonic() - started < _UN_MOMENT:
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
    import json

    click.echo(json.dumps(content, ensure_ascii=False, indent=1))


def leave(anomalies: "Iterable[Anomalie]") -> None:
    """Exit 1 when the data must be corrected; simply return when it need not."""
    if any(anomalie.bloquante for anomalie in anomalies):
        click.get_current_context().exit(A_CORRIGER)


@contextmanager
def speaking_plainly(forme: str = "texte") -> Iterator[None]:
    """What stops the run becomes one sentence and an exit code; a bug keeps its traceback."""
    try:
        yield
    except Empechement as stop:
        if forme == "json":
            faults = [anomalie.as_json() for anomalie in stop.anomalies]
            print_json({"erreur": str(stop), "anomalies": faults})
        else:
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

DOSSIER = click.Path(file_okay=False, path_type=Path)
dossier_argument = click.argument("dossier", type=DOSSIER, metavar="DOSSIER")
dossiers_argument = click.argument(
    "dossiers", nargs=-1, required=True, type=DOSSIER, metavar="DOSSIER…"
)

gabarits_option = click.option(
    "--gabarits",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DOSSIER",
    help="Vos gabarits Word, s'ils ne sont pas dans gabarits/ de la session.",
)

format_option = click.option(
    "--format",
    "forme",
    type=click.Choice(["texte", "json"]),
    default="texte",
    show_default=True,
    metavar="texte|json",
    help="Pour être lu par une personne, ou par une machine.",
)

# Where the house's register is: nowhere by default.
registre_option = click.option(
    "--registre",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="JURY_REGISTRE",
    metavar="FICHIER",
    help="Le registre de la maison ; sinon, celui que nomme la variable JURY_REGISTRE.",
)

processus_option = click.option(
    "--processus",
    type=click.IntRange(min=1),
    metavar="N",
    help="Combien de processus travaillent à la fois ; sinon, autant que le poste en permet "
    "et que le travail en demande. Le résultat est le même.",
)


def retours_options(commande: Commande) -> Commande:
    """How what came back is taken: shared by the commands that read it."""
    for option in (
        click.option(
            "--strict",
            is_flag=True,
            help="Tout ou rien : à la moindre anomalie bloquante, n'écrit que le rapport.",
        ),
        click.option(
            "--plus-recente",
            is_flag=True,
            help="Entre deux versions d'une grille, retient celle enregistrée en dernier, d'après "
            "la date inscrite dans le classeur.",
        ),
    ):
        commande = option(commande)
    return commande
