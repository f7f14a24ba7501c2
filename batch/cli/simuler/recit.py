"""A simulation for a person: what would change, for whom, and what hangs by a hair."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from batch.cli import parole
from batch.francais import INSECABLE, compte, enumeration, guillemets, majuscule
from batch.jury.deliberation import CERTIFICATION
from batch.vocabulaire import Etat, ResultatCertification

if TYPE_CHECKING:
    from batch.chaine import Examen
    from batch.simulation import Bascule, Cheveu, Pas, Simulation

_NOMMES = 6


def tell(examen: "Examen", simulated: "Simulation", hairs: "Sequence[Cheveu]") -> None:
    if simulated.changements:
        parole.say(f"Pour voir{INSECABLE}: rien n’est écrit, aucune décision n’est touchée.")
        for change in simulated.changements:
            parole.say(f"{change.cle}{INSECABLE}: {change.avant} → {change.apres}", 2)
        _tell_counts(simulated)
        _tell_flips(simulated.bascules)
    _tell_hairs(hairs, simule=bool(simulated.changements))
    blocking = sum(anomalie.bloquante for anomalie in examen.anomalies)
    if blocking:
        parole.say()
        many = compte(blocking, "anomalie bloquante", "anomalies bloquantes")
        parole.say(f"{many}{INSECABLE}: ce qui manque n’est pas simulé (voir « jury controle »).")


def _tell_counts(simulated: "Simulation") -> None:
    parole.say()
    parole.say(f"Propositions, avant → après{INSECABLE}:")
    before, after = simulated.tally("avant"), simulated.tally("apres")
    for outcome in ResultatCertification:
        if before[outcome] or after[outcome]:
            figures = f"{before[outcome]} → {after[outcome]}"
            mark = "" if before[outcome] == after[outcome] else "  *"
            parole.say(f"{outcome.mot}{INSECABLE}: {figures}{mark}", 2)
    blocs = simulated.tally_blocs("avant"), simulated.tally_blocs("apres")
    for code, was in blocs[0].items():
        now = blocs[1][code]
        changed = [o for o in dict.fromkeys((*was, *now)) if was[o] != now[o]]
        if changed:
            said = enumeration(f"{o.mot.lower()} {was[o]} → {now[o]}" for o in changed)
            parole.say(f"{code}{INSECABLE}: {said}", 2)


def _tell_flips(bascules: "Sequence[Bascule]") -> None:
    parole.say()
    if not bascules:
        parole.say("Personne ne bascule.")
        return
    who = len({bascule.candidat.id for bascule in bascules})
    parole.say(f"{compte(who, 'candidat bascule', 'candidats basculent')}{INSECABLE}:")
    for one in bascules:
        whole = one.objet == CERTIFICATION
        before, after = (_short(o) if whole else o.mot for o in (one.avant, one.apres))
        why = f" ({one.raison})" if one.raison else ""
        parole.say(f"{_who(one)}{INSECABLE}: {before} → {after}{why}", 2)
        if one.decide is not None:
            side = "contraire à cette proposition" if one.contredit else "comme cette proposition"
            decided = guillemets(one.decide.mot)
            parole.say(f"Décision du jury, inchangée{INSECABLE}: {decided}, {side}.", 4)


def _tell_hairs(hairs: "Sequence[Cheveu]", *, simule: bool) -> None:
    parole.say()
    if not hairs:
        parole.say("Aucun résultat ne tient à un cheveu.")
        return
    under = "avec ces règles" if simule else "avec le règlement de la session"
    parole.say(f"À un cheveu, {under}{INSECABLE}:")
    for one in hairs:
        _tell_hair(one)


def _tell_hair(one: "Cheveu") -> None:
    becomes = guillemets(one.devient.mot)
    if one.certification:
        becomes += f", et la certification {guillemets(one.certification.mot)},"
    how = one.si or f"si une seule de ces lignes changeait{INSECABLE}:"
    parole.say(f"{_who(one)}{INSECABLE}: {_short(one.propose)}", 2)
    parole.say(f"{majuscule(one.phrase)}.", 4)
    parole.say(f"Deviendrait {becomes} {how}{'.' if one.si else ''}", 4)
    for sentence in _steps(one.pas):
        parole.say(sentence, 6)
    if one.decide is not None and one.decide != one.propose:
        parole.say(f"Le jury a décidé {guillemets(one.decide.mot)}.", 4)


def _steps(pas: "Iterable[Pas]") -> Iterator[str]:
    by_step: dict[tuple[str, str], list[str]] = {}
    for one in pas:
        by_step.setdefault((one.de, one.vers), []).append(one.nom)
    for (de, vers), names in by_step.items():
        shown = names if len(names) <= _NOMMES else [*names[:5], f"{len(names) - 5} autres"]
        yield f"{guillemets(de)} → {guillemets(vers)}{INSECABLE}: {enumeration(shown, 'ou')}"


def tell_sweep(tried: "Sequence[Simulation]") -> None:
    """A line for each value; only the outcomes that some value changes have a column."""
    change = tried[0].changements[-1]
    parole.say(f"Pour voir{INSECABLE}: rien n’est écrit, aucune décision n’est touchée.")
    parole.say()
    parole.say(f"{change.cle}, aujourd’hui {change.avant}{INSECABLE}:")
    counts = [simulated.tally("apres") for simulated in tried]
    moving = [one for one in ResultatCertification if len({own[one] for own in counts}) > 1]
    header = ["", *(_short(outcome) for outcome in moving), "basculent"]
    rows = [
        [
            simulated.changements[-1].apres,
            *(str(own[outcome]) for outcome in moving),
            _flipping(simulated.bascules),
        ]
        for simulated, own in zip(tried, counts, strict=True)
    ]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        cells = (cell.rjust(width) for cell, width in zip(row[:-1], widths, strict=False))
        click.echo(f"  {'  '.join(cells)}   {row[-1]}")
    still = [one for one in ResultatCertification if counts[0][one] and one not in moving]
    if still:
        same = ", ".join(f"{_short(outcome)} {counts[0][outcome]}" for outcome in still)
        parole.say(f"Partout{INSECABLE}: {same}.", 2)


def _flipping(bascules: "Sequence[Bascule]") -> str:
    names = list(dict.fromkeys(one.candidat.id for one in bascules))
    if len(names) > _NOMMES:
        return compte(len(names), "candidat")
    return enumeration(names) or "personne"


def _short(outcome: Etat) -> str:
    return outcome.mot.removeprefix("Certification ").lower()


def _who(one: "Bascule | Cheveu") -> str:
    what = "certification" if one.objet == CERTIFICATION else one.objet
    return f"{one.candidat.id} {one.candidat.nom_complet}, {what}"
