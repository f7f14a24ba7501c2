"""An état -> tables in the terminal, folded to its width; colour adds nothing that is not said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from batch.cli import parole
from batch.cli.table import Table, Texte
from batch.etat import dits
from batch.etat.modele import Ligne, Suivi
from batch.etat.suivi import next_step
from batch.vocabulaire import EtatGrille, Ton

_STYLES: Mapping[Ton, Mapping[str, Any]] = {
    Ton.FAVORABLE: {"fg": "green"},
    Ton.DEFAVORABLE: {"fg": "red", "bold": True},
    Ton.EN_SUSPENS: {"fg": "yellow"},
    Ton.NEUTRE: {},
}
_BARRE = 20
_TRANCHES = 3  # a matrix cut in more slices than this is for the page
_ATTENTES = 8


def show(suivi: Suivi) -> None:
    faits = suivi.faits
    if faits is None:
        parole.say(dits.state(suivi))
        parole.tell(suivi.fautes)
    else:
        parole.say(f"{faits.session} — {faits.certification}")
        parole.say(f"{dits.state(suivi)}. Dans le dossier : {dits.faults(suivi)}.")
        if told := dits.declaration(suivi):
            parole.say(told)
        for table in _tables(suivi, parole.width()):
            parole.say()
            table.show(parole.width())
        if suivi.lignes:
            parole.say(_legend(suivi))
        _tell_waits(suivi)
    parole.say()
    parole.say("Le détail, à ouvrir dans un navigateur : etat.html, dans le dossier.")
    parole.tell_next(next_step(suivi))


def _tables(suivi: Suivi, width: int) -> Iterator[Table]:
    yield _progress(suivi)
    yield _deadlines(suivi)
    if suivi.lignes:
        yield _grids(suivi)
        yield from _matrix(suivi, width)


def _progress(suivi: Suivi) -> Table:
    table = Table("Avancement", "", "")
    for one in suivi.progres:
        filled = _BARRE * one.fait // one.total if one.total else 0
        bar = f"[{'#' * filled}{'.' * (_BARRE - filled)}]"
        note = f" ({one.note})" if one.note else ""
        table.add_row(one.nom, bar, f"{one.fait} sur {one.total}{note}")
    return table


def _deadlines(suivi: Suivi) -> Table:
    table = Table("Échéance", "Date", "")
    for one in suivi.echeances:
        late = one.jours is not None and one.jours < 0
        style = _STYLES[Ton.EN_SUSPENS if late else Ton.NEUTRE]
        table.add_row(one.nom, one.texte, Texte(dits.countdown(one), style))
    return table


def _grids(suivi: Suivi) -> Table:
    table = Table("Évaluateur", "Grille", "Envoi", "Retour")
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
        yield _counts(suivi.lignes, labels)
        return
    for own in slices:
        table = Table("Grille", *own)
        for ligne, label in zip(suivi.lignes, labels, strict=True):
            table.add_row(label, *(_cell(ligne.etats.get(numero)) for numero in own))
        yield table


def _counts(lignes: Sequence[Ligne], labels: Iterable[str]) -> Table:
    """Of a session too wide to be drawn: how many sheets stand in each state."""
    states = [etat for etat in EtatGrille if any(ligne.nombre(etat) for ligne in lignes)]
    table = Table("Grille", *(etat.mot for etat in states))
    for ligne, label in zip(lignes, labels, strict=True):
        table.add_row(label, *(str(ligne.nombre(etat)) for etat in states))
    return table


def _label(ligne: Ligne) -> str:
    return f"{ligne.grille.evaluateur} {ligne.grille.partie}"


def _cell(etat: EtatGrille | None) -> Texte:
    return Texte(etat.symbole, _STYLES[etat.ton]) if etat else Texte("", {})


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
