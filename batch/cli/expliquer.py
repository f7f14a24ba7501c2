"""jury expliquer: why one candidate's result is what it is, from the cell to the decision."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batch.anomalies import Anomalie, Lieu, MauvaisUsage, suggestion
from batch.cli import parole
from batch.folder import open_folder
from batch.francais import (
    INSECABLE,
    compte,
    date_longue,
    enumeration,
    guillemets,
    proche,
    sans_accent,
    typographie,
)
from batch.jury.trace import Avis, Etape, Feuille, Trace, exact
from batch.vocabulaire import EtatSession, Niveau, Ton

if TYPE_CHECKING:
    from batch.chaine import Examen
    from batch.jury.seance import Dossier, Seance

FORMAT = "jury/explication/1"


@click.command()
@click.argument("dossier", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER")
@click.argument("candidat", metavar="CANDIDAT")
@click.option("--bloc", metavar="CODE", help="Un seul bloc, par exemple BC2.")
@click.option("--tout", is_flag=True, help="Chaque ligne, même quand elle va de soi.")
@parole.format_option
def expliquer(dossier: Path, candidat: str, bloc: str | None, tout: bool, forme: str) -> None:
    """Explique le résultat d'un candidat, de la cellule de la grille à la décision du jury.

    CANDIDAT : son numéro, ou son nom. Rien n'est écrit dans le dossier.
    """
    from batch import chaine

    with parole.speaking_plainly():
        examen = chaine.examine(open_folder(dossier))
        seance = examen.seance
        found = find(seance, candidat)
        trace = Trace(seance, found, feuilles(examen, found.resultat.candidat.id))
        whole = bloc is None
        etape = trace.certification() if bloc is None else trace.bloc(known_bloc(seance, bloc))
        beside = trace.hors_decision() if whole else ()
        anomalies = [
            a
            for a in examen.anomalies
            if a.bloquante and found.resultat.candidat.id in a.candidats
        ]
        if forme == "json":
            parole.print_json(as_json(seance, found, etape, beside, anomalies))
            return
        _head(seance, found)
        recit = Recit(tout)
        recit.tell(etape)
        recit.beside(beside)
        recit.sources()
        if anomalies:
            parole.say()
            parole.say(typographie("À corriger, et qui peut changer ce résultat :"))
            parole.tell(anomalies)


# --- who, and what


def find(seance: "Seance", mot: str) -> "Dossier":
    """The candidate of this number or of this name. Raises MauvaisUsage, with who was meant."""
    by_id = {d.resultat.candidat.id.casefold(): d for d in seance.dossiers}
    if mot.strip().casefold() in by_id:
        return by_id[mot.strip().casefold()]
    words = set(_words(mot))
    named = [d for d in seance.dossiers if words and words <= set(_words(_every_name(d)))]
    if len(named) == 1:
        return named[0]
    if named:
        raise MauvaisUsage(
            f"« {mot} » désigne {len(named)} candidats : {enumeration(map(_called, named))}. "
            f"Donnez le numéro."
        )
    names = {d.resultat.candidat.id: d.resultat.candidat for d in seance.dossiers}
    near = proche(mot, [n for c in names.values() for n in (c.id, c.nom, c.nom_complet)])
    meant = next((c for c in names.values() if near in (c.id, c.nom, c.nom_complet)), None)
    hint = suggestion(f"{meant.id}, {meant.nom_complet}" if meant else None)
    raise MauvaisUsage(
        f"Aucun candidat « {mot} » dans cette session{hint}. Numéros connus : {_ids(list(names))}."
    )


def _words(texte: str) -> list[str]:
    return sans_accent(texte).casefold().replace("-", " ").replace("’", "'").split()


def _every_name(dossier: "Dossier") -> str:
    c = dossier.resultat.candidat
    return " ".join([*c.prenoms, c.nom_naissance, c.nom_usage or ""])


def _called(dossier: "Dossier") -> str:
    candidat = dossier.resultat.candidat
    return f"{candidat.nom_complet} ({candidat.id})"


def _ids(ids: Sequence[str]) -> str:
    return enumeration(ids if len(ids) <= 12 else [*ids[:11], f"{len(ids) - 11} autres"])


def known_bloc(seance: "Seance", code: str) -> str:
    codes = list(seance.referentiel.bloc)
    if not codes:
        raise MauvaisUsage(
            f"« {seance.referentiel.intitule} » n'est pas découpée en blocs : retirez --bloc, tout "
            f"est alors expliqué."
        )
    found = next((known for known in codes if known.casefold() == code.strip().casefold()), None)
    if found is None:
        near = suggestion(proche(code, codes))
        raise MauvaisUsage(f"Le bloc « {code} » n'existe pas{near}. Blocs : {enumeration(codes)}.")
    return found


def feuilles(examen: "Examen", candidat: str) -> tuple[Feuille, ...]:
    """The sheets on which he was to be rated, each with what became of it."""
    controle = examen.controle
    returned = {fiche.forme.numero: fiche for fiche in controle.fiches}
    sheets = []
    for forme in controle.contexte.formes:
        fiche = forme.fiche
        if all(one.id != candidat for one in fiche.candidats):
            continue
        back = returned.get(forme.numero)
        missed = fiche.partie.id in controle.evaluations.absences.get(candidat, ())
        sheets.append(
            Feuille(
                fiche.evaluateur,
                fiche.partie.id,
                frozenset(critere.id for critere in fiche.criteres),
                fiche.sujet if fiche.en_groupe else None,
                back is not None,
                back.lieu_presence if back and missed and back.presence else None,
            )
        )
    return tuple(sheets)


# --- for a machine


def as_json(
    seance: "Seance",
    dossier: "Dossier",
    etape: Etape,
    beside: Iterable[Etape],
    anomalies: Iterable[Anomalie],
) -> dict[str, Any]:
    candidat, session = dossier.resultat.candidat, seance.session
    return {
        "format": FORMAT,
        "session": {
            "id": session.id,
            "referentiel": seance.referentiel.id,
            "reglement": f"{seance.reglement.id} v{seance.reglement.version}",
            "date_jury": session.date_jury.isoformat(),
            "etat": seance.etat.value,
        },
        "candidat": {
            "id": candidat.id,
            "nom": candidat.nom,
            "prenom": candidat.prenom,
            "parcours": ", ".join(candidat.blocs_vises) or "complet",
            "presence": dossier.resultat.presence.value,
        },
        "explication": _node(etape),
        "hors_decision": [_node(step) for step in beside],
        "anomalies": [anomalie.as_json() for anomalie in anomalies],
    }


def _node(etape: Etape) -> dict[str, Any]:
    return {
        "niveau": _NIVEAUX[etape.niveau],
        "id": etape.id,
        "intitule": etape.intitule or etape.nom,
        "etat": etape.etat.value,
        "propose": etape.propose.value if etape.propose else None,
        "decide": etape.decide.value if etape.decide else None,
        "motif": etape.motif,
        "valeur": None if etape.valeur is None else str(etape.valeur),
        "faits": list(etape.faits),
        "regle": _rule(etape),
        "calcul": etape.calcul or None,
        "marge": etape.marge or None,
        "remarques": [*etape.remarques, *([etape.attente] if etape.attente else [])],
        "enfants": [_node(enfant) for enfant in etape.enfants],
        "appreciations": [_rating(avis) for avis in etape.avis],
    }


_NIVEAUX = {niveau: sans_accent(niveau.singulier) for niveau in Niveau}


def _rule(etape: Etape) -> dict[str, Any] | None:
    if not etape.regle:
        return None
    said: dict[str, Any] = {"phrase": etape.regle}
    regle = etape.constat.regle if etape.constat else None
    if regle is not None:
        condition = regle.conditions[0]
        threshold = getattr(regle, condition)
        said |= {
            "condition": condition,
            "seuil": None if threshold is True else str(threshold),
            "sur": regle.sur,
            "minimum": None if regle.minimum is None else str(regle.minimum),
            "minimums": {i: str(v) for i, v in (regle.minimums or {}).items()},
            "poids": {i: str(v) for i, v in (regle.poids or {}).items()},
            "eliminatoires": list(regle.eliminatoires),
            "article": regle.article or None,
        }
    return said


def _rating(avis: Avis) -> dict[str, Any]:
    one = avis.appreciation
    return {
        "evaluateur": one.evaluateur,
        "nom": avis.qui,
        "role": one.role,
        "arbitrage": one.arbitrage,
        "groupe": avis.groupe,
        "niveau": one.niveau,
        "note": None if one.note is None else str(one.note),
        "libelle": avis.choix,
        "commentaire": one.commentaire,
        "fichier": one.lieu.fichier,
        "feuille": one.lieu.feuille,
        "cellule": one.lieu.cellule,
    }


# --- for a person


def _head(seance: "Seance", dossier: "Dossier") -> None:
    session, reglement = seance.session, seance.reglement
    parole.say(f"Pourquoi ce résultat{INSECABLE}? {_called(dossier)}")
    final = seance.etat is EtatSession.DEFINITIF
    state = "résultats définitifs" if final else "résultats en projet"
    parole.say(f"Session {session.id}, jury du {date_longue(session.date_jury)}, {state}.")
    parole.say(
        f"{typographie(reglement.intitule)}, version {reglement.version}."
        + (f" {typographie(reglement.exemple)}." if reglement.exemple else "")
    )


class Recit:
    """The steps as a person reads them, indented by level; what goes without saying is folded.

    A sheet is cited by a number, and the sheets are listed at the end; what has been told once is
    not told again.
    """

    def __init__(self, tout: bool) -> None:
        self._tout = tout
        self._sheets: dict[tuple[str, str], int] = {}
        self._told: set[tuple[Niveau, str]] = set()

    def tell(self, etape: Etape, depth: int = 0) -> None:
        margin = 2 * depth
        if depth <= 1:
            parole.say()
        parole.say(f"{etape.etat.ton.symbole} {_title(etape)}", margin)
        again = (etape.niveau, etape.id) in self._told
        if again and (etape.enfants or etape.avis):
            parole.say("Détail donné plus haut.", margin + 2)
            return
        self._told.add((etape.niveau, etape.id))
        if etape.intitule and guillemets(etape.intitule.rstrip(" :")) != etape.nom:
            parole.say(_short(etape.intitule), margin + 2)
        for sentence in _sentences(etape):
            parole.say(sentence, margin + 2)
        self._ratings([etape], margin + 2)
        self._children(etape, depth + 1)
