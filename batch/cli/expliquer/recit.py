"""An explanation for a person: the steps as sentences, indented by level."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from batch.anomalies import Lieu
from batch.cli import parole
from batch.cli.expliquer.cas import cas_of, to_correct
from batch.francais import (
    FINE,
    INSECABLE,
    compte,
    date_longue,
    enumeration,
    guillemets,
    majuscule,
    typographie,
)
from batch.jury import trace
from batch.jury.regles import Mesure
from batch.jury.trace import Etape, exact, plural
from batch.vocabulaire import EtatSession, Niveau, Ton

if TYPE_CHECKING:
    from batch.chaine import Examen
    from batch.jury.seance import Dossier, Seance


def tell(
    examen: "Examen", dossier: "Dossier", bloc: str | None = None, *, tout: bool = False
) -> None:
    """Why, on paper; whatever must still be corrected, and may change it, comes last."""
    cas = cas_of(examen, dossier)
    recit = Recit(tout)
    _head(examen.seance, dossier)
    recit.tell(trace.bloc(cas, bloc) if bloc else trace.certification(cas))
    recit.beside(() if bloc else trace.beside(cas))
    recit.sources()
    anomalies = to_correct(examen, dossier)
    if anomalies:
        parole.say()
        parole.say(typographie("À corriger, et qui peut changer ce résultat :"))
        parole.tell(anomalies)


def _head(seance: "Seance", dossier: "Dossier") -> None:
    session, reglement = seance.session, seance.reglement
    parole.say(f"Pourquoi ce résultat{FINE}? {dossier.resultat.candidat.qui}")
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
        same: dict[tuple[str, str, str | None, str | None, str | None], list[tuple[str, Lieu]]] = {}
        lignes = [ligne for etape in etapes for ligne in etape.lignes]
        for ligne in lignes:
            for avis in ligne.avis:
                comment = avis.appreciation.commentaire
                key = (avis.choix, avis.qui, avis.role, avis.groupe, comment)
                same.setdefault(key, []).append((ligne.nom, avis.appreciation.lieu))
        for (choix, qui, role, groupe, comment), where in same.items():
            said = f"{choix}, {qui}"
            if role:
                said += f", {role}"
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
    return f"{majuscule(clause)}."


def _quoted(texte: str) -> str:
    """A comment inside our own guillemets: on one line, its own become quotation marks."""
    folded = re.sub(r"«\s*", "“", re.sub(r"\s*»", "”", " ".join(texte.split())))
    return re.sub(r" (?=[:;!?])", INSECABLE, folded)
