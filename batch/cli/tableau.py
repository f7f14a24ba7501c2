"""An état -> tables in the terminal, folded to its width; colour adds nothing that is not said."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from batch.cli import parole
from batch.etat import dits
from batch.etat.modele import Ligne, Suivi
from batch.etat.suivi import next_step
from batch.vocabulaire import EtatGrille, Ton

_STYLES = {
    Ton.FAVORABLE: "green",
    Ton.DEFAVORABLE: "bold red",
    Ton.EN_SUSPENS: "yellow",
    Ton.NEUTRE: "",
}
_BARRE = 20
_TRANCHES = 3  # a matrix cut in more slices than this is for the page
_LIGNES = 60  # more grids than this are for the page, and counted here
_ATTENTES = 8


def show(suivi: Suivi) -> None:
    console = Console(
        file=sys.stdout, width=parole.width(), highlight=False, markup=False, emoji=False,
        soft_wrap=False,
    )  # fmt: skip
    faits = suivi.faits
    if faits is None:
        parole.say(dits.state(suivi))
        parole.tell(suivi.fautes)
    else:
        parole.say(f"{faits.session} — {faits.certification}")
        parole.say(f"{dits.state(suivi)}. Dans le dossier : {dits.faults(suivi)}.")
        if told := dits.declaration(suivi):
            parole.say(told)
        for table in _tables(suivi, console.width):
            parole.say()
            console.print(table)
        if 0 < len(suivi.lignes) <= _LIGNES:
            parole.say(_legend(suivi))
        _tell_waits(suivi)
    parole.say()
    parole.say("Le détail, à ouvrir dans un navigateur : etat.html, dans le dossier.")
    parole.tell_next(next_step(suivi))


def _tables(suivi: Suivi, width: int) -> Iterator[Table]:
    yield _progress(suivi)
    yield _deadlines(suivi)
    if len(suivi.lignes) > _LIGNES:
        yield _by_part(suivi.lignes)
    elif suivi.lignes:
        yield _grids(suivi)
        yield from _matrix(suivi, width)


def _table(*titres: str) -> Table:
    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0), header_style="bold",
    )  # fmt: skip
    for titre in titres:
        table.add_column(titre, overflow="fold")
    return table


def _progress(suivi: Suivi) -> Table:
    table = _table("Avancement", "", "")
    for one in suivi.progres:
        filled = _BARRE * one.fait // one.total if one.total else 0
        bar = f"[{'#' * filled}{'.' * (_BARRE - filled)}]"
        note = f" ({one.note})" if one.note else ""
        table.add_row(one.nom, bar, f"{one.fait} sur {one.total}{note}")
    return table


def _deadlines(suivi: Suivi) -> Table:
    table = _table("Échéance", "Date", "")
    for one in suivi.echeances:
        late = one.jours is not None and one.jours < 0
        table.add_row(one.nom, one.texte, Text(dits.countdown(one), "yellow" if late else ""))
    return table


def _grids(suivi: Suivi) -> Table:
    table = _table("Évaluateur", "Grille", "Envoi", "Retour")
    for ligne in suivi.lignes:
        grille = ligne.grille
        table.add_row(
            f"{grille.nom} ({grille.evaluateur})",
            grille.partie,
            dits.sent(ligne, suivi.au),
            dits.returned(ligne, suivi.au),
        )
    return table


def _matrix(suivi: Suivi, width: int) -> Iterator[Table]:
    """Évaluateurs × candidats, in slices as wide as the terminal."""
    assert suivi.faits is not None, "there are grids"
    numeros = list(suivi.faits.candidats)
    labels = [_label(ligne) for ligne in suivi.lignes]
    # Beside each text, a margin and the line that no column has.
    column = max((len(numero) for numero in numeros), default=0) + 2
    per_slice = max(1, (width - max(map(len, [*labels, "Grille"])) - 2) // column)
    slices = [numeros[n : n + per_slice] for n in range(0, len(numeros), per_slice)]
    if len(slices) > _TRANCHES:
        yield _counts(zip(labels, ([ligne] for ligne in suivi.lignes), strict=True))
        return
    for own in slices:
        table = _table("Grille", *own)
        for ligne, label in zip(suivi.lignes, labels, strict=True):
            table.add_row(label, *(_cell(ligne.etats.get(numero)) for numero in own))
        yield table


def _by_part(lignes: Iterable[Ligne]) -> Table:
    """Of a session of hundreds of grids: those of an épreuve together."""
    parts: dict[str, list[Ligne]] = {}
    for ligne in lignes:
        parts.setdefault(ligne.grille.partie, []).append(ligne)
    return _counts((f"{partie} ({len(own)})", own) for partie, own in parts.items())


def _counts(rows: Iterable[tuple[str, Sequence[Ligne]]]) -> Table:
    """Of grids too many or too wide to be drawn: how many sheets stand in each state."""
    counted = {
        label: Counter(etat for ligne in lignes for etat in ligne.etats.values())
        for label, lignes in rows
    }
    states = [etat for etat in EtatGrille if any(own[etat] for own in counted.values())]
    table = _table("Grilles", *(etat.mot for etat in states))
    for label, own in counted.items():
        table.add_row(label, *(str(own[etat]) for etat in states))
    return table


def _label(ligne: Ligne) -> str:
    return f"{ligne.grille.evaluateur} {ligne.grille.partie}"


def _cell(etat: EtatGrille | None) -> Text:
    return Text(etat.symbole, _STYLES[etat.ton]) if etat else Text("")


def _legend(suivi: Suivi) -> str:
    present = [etat for etat, nombre in suivi.totaux.items() if nombre]
    return ", ".join(f"{etat.symbole} {etat.mot.lower()}" for etat in present)


def _tell_waits(suivi: Suivi) -> None:
    if not suivi.attentes:
        return
    parole.say()
    parole.say("Qui attend quoi :")
    for attente in suivi.attentes[:_ATTENTES]:
        who, what = dits.waiting(suivi, attente)
        parole.say(f"{who} : {what}", 2)
    if len(suivi.attentes) > _ATTENTES:
        parole.say("… et d’autres : voir etat.html.", 2)
