"""jury expliquer: why one candidate's result is what it is, from the cell to the decision."""

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from batch.anomalies import Anomalie, Lieu, MauvaisUsage, suggestion
from batch.cli import parole
from batch.folder import open_folder
from batch.francais import (
    FINE,
    INSECABLE,
    compte,
    date_longue,
    enumeration,
    guillemets,
    proche,
    sans_accent,
    typographie,
)
from batch.jury import trace
from batch.jury.regles import Mesure
from batch.jury.trace import Avis, Cas, Etape, Feuille, exact, plural
from batch.resultats import session_as_json
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
    """Explique un résultat, de la cellule à la décision.

    CANDIDAT : son numéro, ou son nom. Rien n'est écrit dans le dossier.
    """
    from batch import chaine

    with parole.speaking_plainly():
        examen = chaine.examine(open_folder(dossier))
        found = find(examen.seance, candidat)
        code = known_bloc(examen.seance, bloc) if bloc else None
        if forme == "json":
            parole.print_json(as_json(examen, found, code))
        else:
            tell(examen, found, code, tout=tout)


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
                back.lieu if back else None,
                back.lieu_presence if back and missed and back.presence else None,
            )
        )
    return tuple(sheets)


# --- for a machine


def as_json(examen: "Examen", dossier: "Dossier", bloc: str | None = None) -> dict[str, Any]:
    """The whole tree, or one bloc's; schemas/explication.schema.json describes it."""
    seance, candidat = examen.seance, dossier.resultat.candidat
    cas = _cas(examen, dossier)
    return {
        "format": FORMAT,
        "session": session_as_json(seance),
        "candidat": {
            "id": candidat.id,
            "nom": candidat.nom,
            "prenom": candidat.prenom,
            "parcours": ", ".join(candidat.blocs_vises) or "complet",
            "presence": dossier.resultat.presence.value,
        },
        "explication": _node(trace.bloc(cas, bloc) if bloc else trace.certification(cas)),
        "hors_decision": [] if bloc else [_node(step) for step in trace.beside(cas)],
        "anomalies": [anomalie.as_json() for anomalie in _to_correct(examen, dossier)],
    }


def _cas(examen: "Examen", dossier: "Dossier") -> Cas:
    return Cas(examen.seance, dossier, feuilles(examen, dossier.resultat.candidat.id))


def _to_correct(examen: "Examen", dossier: "Dossier") -> list[Anomalie]:
    candidat = dossier.resultat.candidat.id
    return [a for a in examen.anomalies if a.bloquante and candidat in a.candidats]


def _node(etape: Etape) -> dict[str, Any]:
    return {
        "niveau": _NIVEAUX[etape.niveau],
        "id": etape.id,
        "intitule": etape.intitule or etape.nom,
        "etat": etape.etat.value,
        "propose": etape.propose.value if etape.propose else None,
        "decide": etape.decide.value if etape.decide else None,
        "motif": etape.motif,
        "valeur": _text(etape.comparee),
        "points": _text(etape.valeur),
        "hors_calcul": etape.hors_calcul,
        "faits": list(etape.faits),
        "regle": _rule(etape),
        "calcul": etape.calcul or None,
        "marge": etape.marge or None,
        "remarques": [*etape.remarques, *([etape.attente] if etape.attente else [])],
        "enfants": [_node(enfant) for enfant in etape.enfants],
        "appreciations": [_rating(avis) for avis in etape.avis],
    }


def _text(valeur: Fraction | None) -> str | None:
    return None if valeur is None else str(valeur)


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
        "note": _text(one.note),
        "libelle": avis.choix,
        "commentaire": one.commentaire,
        "fichier": one.lieu.fichier,
        "feuille": one.lieu.feuille,
        "cellule": one.lieu.cellule,
    }


# --- for a person


def tell(
    examen: "Examen", dossier: "Dossier", bloc: str | None = None, *, tout: bool = False
) -> None:
    """Why, on paper; whatever must still be corrected, and may change it, comes last."""
    cas = _cas(examen, dossier)
    recit = Recit(tout)
    _head(examen.seance, dossier)
    recit.tell(trace.bloc(cas, bloc) if bloc else trace.certification(cas))
    recit.beside(() if bloc else trace.beside(cas))
    recit.sources()
    anomalies = _to_correct(examen, dossier)
    if anomalies:
        parole.say()
        parole.say(typographie("À corriger, et qui peut changer ce résultat :"))
        parole.tell(anomalies)


def _head(seance: "Seance", dossier: "Dossier") -> None:
    session, reglement = seance.session, seance.reglement
    parole.say(f"Pourquoi ce résultat{FINE}? {_called(dossier)}")
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
        if etape.niveau in (Niveau.CERTIFICATION, Niveau.BLOC):
            parole.say()
        parole.say(f"{etape.etat.ton.symbole} {_title(etape)}", margin)
        again = (etape.niveau, etape.id) in self._told
        if again and (etape.enfants or etape.avis):
            parole.say("Détail donné plus haut.", margin + 2)
            return
        self._told.add((etape.niveau, etape.id))
        title = etape.intitule.rstrip(" :")
        if title and guillemets(title) != etape.nom:
            parole.say(_short(title), margin + 2)
        for sentence in _sentences(etape):
            parole.say(sentence, margin + 2)
        if etape.avis:
            self._ratings([etape], margin + 2)
        self._children(etape, depth + 1)

    def beside(self, etapes: Sequence[Etape]) -> None:
        """What is reckoned but decides nothing: in a word, or whole where everything is asked."""
        if not etapes:
            return
        parole.say()
        parole.say(
            typographie("Pour information : calculé aussi, mais sans effet sur la décision.")
        )
        if self._tout:
            for etape in etapes:
                self.tell(etape, 2)
        else:
            for group in _by_state(etapes):
                self._fold(group, 2)

    def sources(self) -> None:
        if not self._sheets:
            return
        parole.say()
        parole.say(typographie("Grilles citées :"))
        for (fichier, feuille), number in self._sheets.items():
            # As they are on the disk, to be searched for: no typography.
            parole.say(f"{number}. {fichier}, feuille {guillemets(feuille)}", 2)

    def _children(self, etape: Etape, depth: int) -> None:
        keys = [None if self._tout else _fold_key(enfant) for enfant in etape.enfants]
        folded: dict[tuple[str, ...], list[Etape]] = {}
        for enfant, key in zip(etape.enfants, keys, strict=True):
            if enfant.hors_calcul and key and not any(ligne.avis for ligne in enfant.lignes):
                continue  # an option that was not taken: its parent has said so
            if key is None or (enfant.niveau is Niveau.BLOC and keys.count(key) == 1):
                self.tell(enfant, depth)
            else:
                folded.setdefault(key, []).append(enfant)
        for group in folded.values():
            self._fold(group, 2 * depth)

    def _fold(self, group: Sequence[Etape], margin: int) -> None:
        """Several steps in one line, with what they have in common below it."""
        first = group[0]
        names = enumeration(_figure(etape) for etape in group)
        parole.say(f"{first.etat.ton.symbole} {_counted(group)}{INSECABLE}: {names}", margin)
        for sentence in (*first.faits, *map(_sentence, first.attentes)):
            parole.say(sentence, margin + 2)
        if first.hors_calcul:
            self._ratings(group, margin + 2)

    def _ratings(self, etapes: Sequence[Etape], margin: int) -> None:
        """What was chosen on the lines of these steps; what is the same is said once."""
        same: dict[tuple[str, str, str | None, str | None], list[tuple[str, Lieu]]] = {}
        lignes = [ligne for etape in etapes for ligne in etape.lignes]
        for ligne in lignes:
            for avis in ligne.avis:
                comment = avis.appreciation.commentaire
                key = (avis.choix, avis.qui, avis.groupe, comment)
                same.setdefault(key, []).append((ligne.nom, avis.appreciation.lieu))
        for (choix, qui, groupe, comment), where in same.items():
            said = f"{choix}, {qui}"
            if groupe:
                said += f", pour tout le groupe {groupe}"
            if comment:
                said += f"{INSECABLE}: {guillemets(_quoted(comment))}"
            if len(same) > 1 and len(lignes) > 1:
                said = f"{enumeration(name for name, _ in where)}{INSECABLE}: {said}"
            parole.say(f"{said} ({self._places([lieu for _, lieu in where])})", margin)

    def _places(self, lieux: Sequence[Lieu]) -> str:
        """« grille 2, cellules D12 et D14 »."""
        by_sheet: dict[int, list[str]] = {}
        for lieu in lieux:
            sheet = (lieu.fichier, lieu.feuille)
            number = self._sheets.setdefault(sheet, len(self._sheets) + 1)
            cells = by_sheet.setdefault(number, [])
            if lieu.cellule not in cells:  # one line may serve several steps
                cells.append(lieu.cellule)
        return " ; ".join(
            f"grille {number}, {'cellules' if cells[1:] else 'cellule'} {enumeration(cells)}"
            for number, cells in by_sheet.items()
        ).replace(" ;", f"{FINE};")


def _fold_key(etape: Etape) -> tuple[str, ...] | None:
    if etape.niveau is Niveau.CERTIFICATION:
        return None
    if etape.niveau is Niveau.BLOC:
        # Of those that were not there to be judged, what is alike is said once.
        return (etape.mot, *etape.faits) if etape.etat.ton is Ton.NEUTRE else None
    if etape.hors_calcul:
        return (etape.mot, *etape.faits)
    if etape.va_de_soi:
        return ("va de soi",)
    return etape.attentes or None


def _by_state(etapes: Iterable[Etape]) -> Iterator[list[Etape]]:
    groups: dict[tuple[Niveau, str], list[Etape]] = {}
    for etape in etapes:
        groups.setdefault((etape.niveau, etape.mot), []).append(etape)
    yield from groups.values()


def _title(etape: Etape) -> str:
    """« Compétence C1 : non acquise »; with its value where the step above reads it."""
    if etape.niveau is Niveau.CERTIFICATION:
        return f"{etape.nom}{INSECABLE}: {etape.mot.lower()}" if etape.nom else etape.mot
    said = f"{etape.niveau.singulier.capitalize()} {etape.nom}{INSECABLE}: {etape.mot.lower()}"
    if etape.valeur_lue and etape.valeur is not None and etape.enfants:
        said += f", {exact(etape.valeur)}"
    return said


def _sentences(etape: Etape) -> Iterator[str]:
    yield from etape.faits
    if etape.regle:
        yield f"Règle{INSECABLE}: {etape.regle}."
    if etape.calcul:
        label = "À ce jour" if etape.en_suspens and etape.enfants else "Calcul"
        margin = f"{FINE}; {etape.marge}" if etape.marge else ""
        yield f"{label}{INSECABLE}: {etape.calcul}{margin}."
    yield from etape.remarques
    if etape.attente:
        yield _sentence(etape.attente)


def _counted(group: Sequence[Etape]) -> str:
    """« 5 compétences acquises »; « 3 épreuves sans objet »."""
    niveau, mot = group[0].niveau, group[0].mot.lower()
    return compte(
        len(group), f"{niveau.singulier} {mot}", f"{niveau.pluriel} {plural(mot, len(group))}"
    )


def _figure(etape: Etape) -> str:
    """« C2 (2 sur 2) », « EP-3.6 (5/3) »: the figure that the step above, or the reader, needs."""
    constat = etape.constat
    if constat is None or etape.hors_calcul or etape.attentes:
        return _short(etape.nom, 60)
    reads_values = constat.regle is not None and constat.regle.moyenne is not None
    if constat.valeur is not None and (etape.valeur_lue or reads_values):
        figure = f" ({exact(constat.valeur)})"
    elif constat.enfants:
        figure = f" ({constat.count(Mesure.ATTEINT)} sur {constat.comptes})"
    else:
        figure = ""
    return f"{_short(etape.nom, 60)}{figure}"


def _short(texte: str, most: int = 150) -> str:
    if len(texte) <= most:
        return texte
    return texte[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + (
        f"…{INSECABLE}»" if texte.endswith("»") else "…"
    )


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."


def _quoted(texte: str) -> str:
    """A comment inside our own guillemets: on one line, its own become quotation marks."""
    folded = re.sub(r"«\s*", "“", re.sub(r"\s*»", "”", " ".join(texte.split())))
    return re.sub(r" (?=[:;!?])", INSECABLE, folded)
