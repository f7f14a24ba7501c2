"""jury simuler: the same session under other rules, and the results that hang by a hair."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batch.anomalies import MauvaisUsage
from batch.cli import parole
from batch.folder import open_folder
from batch.francais import INSECABLE, compte, enumeration, guillemets, majuscule
from batch.jury.deliberation import CERTIFICATION
from batch.vocabulaire import Etat, ResultatCertification

if TYPE_CHECKING:
    from batch.chaine import Examen
    from batch.simulation import Bascule, Changement, Cheveu, Pas, Simulation

FORMAT = "jury/simulation/1"
_NOMMES = 6


@click.command()
@parole.dossier_argument
@click.option(
    "--avec",
    "changements",
    multiple=True,
    metavar="RUBRIQUE=VALEUR",
    help="Par exemple bloc.seuil=60%, ou bloc.seuil=50%..70%. Peut être répété.",
)
@parole.format_option
def simuler(dossier: Path, changements: tuple[str, ...], forme: str) -> None:
    """Change un seuil sans rien écrire, et dit qui bascule.

    Aucune décision n'est touchée. Sans --avec, dit seulement ce qui, avec le
    règlement de la session, ne tient qu'à un critère, à un évaluateur ou à l'arrondi.

    \b
    Ce que l'on peut changer, comme dans reglement.yaml :
      bloc.seuil=60%          le seuil d'un niveau : critere, competence, epreuve,
                              activite ou bloc
      bloc.au_moins=3         une autre condition : toutes, au_moins, proportion,
                              moyenne ou somme
      bloc.minimum=7          le minimum de chacun ; sans valeur : retiré
      bloc.eliminatoires=C1,C3
      bloc.poids.C1=3         un seul des siens : poids, parts ou minimums
      particulieres.BC2.seuil=60%
      certification.moyenne=12, certification.activites.seuil=12,
      certification.epreuves.seuil=80%
      acces.BC2=BC1           ce qu'il faut valider avant ; sans valeur : retiré
      arrondi.compare=arrondi, arrondi.decimales=1, arrondi.pas=0,5, arrondi.mode
      evaluateurs.divergence=plus_favorable, evaluateurs.ecart_max=1
      acquis.validite=5 ans, acquis.competences=24 mois
      options.contre=C8
    """
    from batch import chaine, simulation

    with parole.speaking_plainly():
        asked = [simulation.demande(texte) for texte in changements]
        simulation.check_once(asked)
        ranges = [found for one in asked if (found := simulation.plage(one))]
        if len(ranges) > 1:
            raise MauvaisUsage("Une seule plage de valeurs à la fois.")
        examen = chaine.examine(open_folder(dossier))
        if ranges:
            fixed = [one for one in asked if simulation.plage(one) is None]
            tried = [
                (one.texte, simulation.simulate(examen, [*fixed, one]))
                for one in ranges[0].demandes
            ]
            if forme == "json":
                parole.print_json(_sweep_as_json(examen, ranges[0].cle, tried))
            else:
                _tell_sweep([simulated for _, simulated in tried])
        else:
            simulated = simulation.simulate(examen, asked)
            hairs = simulation.hairs(examen, simulated.reglement, simulated.apres)
            if forme == "json":
                parole.print_json(_as_json(examen, simulated, hairs))
            else:
                _tell(examen, simulated, hairs)


# --- for a person


def _tell(examen: "Examen", simulated: "Simulation", hairs: "Sequence[Cheveu]") -> None:
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


def _tell_sweep(tried: "Sequence[Simulation]") -> None:
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


# --- for a machine


def _head(examen: "Examen") -> dict[str, Any]:
    seance = examen.seance
    return {
        "format": FORMAT,
        "session": {
            "id": seance.session.id,
            "referentiel": seance.referentiel.id,
            "reglement": f"{seance.reglement.id} v{seance.reglement.version}",
            "etat": seance.etat.value,
        },
    }


def _as_json(
    examen: "Examen", simulated: "Simulation", hairs: "Sequence[Cheveu]"
) -> dict[str, Any]:
    return {
        **_head(examen),
        "changements": [_change(change) for change in simulated.changements],
        "comptes": {
            "avant": _counts(simulated.tally("avant")),
            "apres": _counts(simulated.tally("apres")),
        },
        "basculent": [_flip(one) for one in simulated.bascules],
        "a_un_cheveu": [
            {
                "candidat": one.candidat.id,
                "objet": one.objet,
                "propose": one.propose.value,
                "devient": one.devient.value,
                "certification": one.certification.value if one.certification else None,
                "tient_a": one.tient,
                "phrase": one.phrase,
                "si": one.si or None,
                "lignes": [
                    {"id": pas.ligne, "nom": pas.nom, "de": pas.de, "vers": pas.vers}
                    for pas in one.pas
                ],
                "decide": one.decide.value if one.decide else None,
            }
            for one in hairs
        ],
    }


def _sweep_as_json(
    examen: "Examen", cle: str, tried: "Sequence[tuple[str, Simulation]]"
) -> dict[str, Any]:
    return {
        **_head(examen),
        "plage": {
            "cle": cle,
            "valeurs": [
                {
                    "valeur": texte,
                    "changements": [_change(change) for change in simulated.changements],
                    "comptes": _counts(simulated.tally("apres")),
                    "basculent": [_flip(one) for one in simulated.bascules],
                }
                for texte, simulated in tried
            ],
        },
    }


def _change(change: "Changement") -> dict[str, str]:
    return {"cle": change.cle, "avant": change.avant, "apres": change.apres}


def _counts(counts: Counter[ResultatCertification]) -> dict[str, int]:
    return {outcome.value: counts[outcome] for outcome in ResultatCertification if counts[outcome]}


def _flip(one: "Bascule") -> dict[str, Any]:
    return {
        "candidat": one.candidat.id,
        "objet": one.objet,
        "avant": one.avant.value,
        "apres": one.apres.value,
        "raison": one.raison,
        "decide": one.decide.value if one.decide else None,
        "contredit": one.contredit,
    }
