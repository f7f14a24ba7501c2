"""Returned workbooks -> what each sheet says, row by row; and what became of all that was read.

A row is found by its tag, whatever its position, its sheet and its file. Where the tag is gone, the
words that the evaluator had before his eyes and the witness beside his rating may still tell, if
the workbook holds a signed token: that is read, and said. What contradicts itself is refused. A
sheet that nobody can place is refused or ignored with its reason; none is dropped in silence.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs import tables
from batch.classeurs.cellules import Cellule, Classeur, fold
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.fiches import FicheLue
from batch.classeurs.grille.forme import Forme, Ligne, Numero, Sceau
from batch.classeurs.grille.rangs import Rangs, short_names
from batch.classeurs.grille.reperage import Jeton, Libelles, Plan, Zone, is_ours
from batch.classeurs.grille.reperes import Reperes
from batch.francais import enumeration


class Sort(StrEnum):
    """What became of a file, a sheet or a row."""

    ACCEPTE = "accepté"
    INCHANGE = "inchangé"
    REFUSE = "refusé"
    IGNORE = "ignoré"


@dataclass(slots=True)
class Bilan:
    """What became of each file and sheet that was read, and of how many rows: each has one end."""

    fichiers: dict[str, Sort] = field(default_factory=dict)
    feuilles: dict[Lieu, Sort] = field(default_factory=dict)
    lignes: Counter[Sort] = field(default_factory=Counter)
    # Every sheet of the session that was met, even one that had to be refused.
    vues: set[Numero] = field(default_factory=set)

    def add(self, other: "Bilan") -> None:
        """What became of something else besides."""
        self.fichiers |= other.fichiers
        self.feuilles |= other.feuilles
        self.lignes.update(other.lignes)
        self.vues |= other.vues

    @property
    def comptes(self) -> dict[str, Counter[Sort]]:
        """How many, for each kind."""
        return {
            "fichiers": Counter(self.fichiers.values()),
            "feuilles": Counter(self.feuilles.values()),
            "lignes": self.lignes,
        }


class Lecteur:
    """Reads the returned workbooks of one session."""

    def __init__(self, session: str, formes: Iterable[Forme], sceau: Sceau) -> None:
        self._session = session
        self.sceau = sceau
        self._formes = {forme.numero: forme for forme in formes}
        self._libelles: dict[int, Libelles] = {}
        self._identites: dict[Numero, str] = {}
        self.reperes = Reperes(self._formes, sceau)

    def form(self, numero: Numero) -> Forme:
        """The sheet of the session that has this number. Raises KeyError for any other."""
        return self._formes[numero]

    def line(self, repere: str | None) -> tuple[Forme, Ligne] | None:
        """The row that this tag was made for; None when it is none of the session's."""
        return self.reperes.find(repere)

    def read(self, classeur: Classeur, bilan: Bilan) -> tuple[list[FicheLue], list[Anomalie]]:
        """Every sheet of a workbook that is one of ours, with the faults of its structure."""
        fiches: list[FicheLue] = []
        anomalies: list[Anomalie] = []
        plans = [Plan(feuille) for feuille in classeur.feuilles]
        self.reperes.expect(numero for plan in plans for _, numero in plan.numeros)
        # The numbers that a signed token vouches for, and what its grid was made of.
        garants = {
            jeton.numero: jeton.structure
            for plan in plans
            for jeton in plan.jetons
            if self._signed(jeton)
        }
        recognised = False
        for plan in plans:
            lieu = Lieu(classeur.nom, plan.feuille.nom)
            service = plan.service or is_ours(plan.feuille.nom)
            if plan.reperes:
                own, faults = self._read_tagged(lieu, plan, garants, bilan)
            elif plan.numeros or (plan.ressemble and not service):
                own, faults = self._read_untagged(lieu, plan, garants, bilan)
            else:
                bilan.feuilles[lieu] = Sort.IGNORE
                recognised |= bool(plan.jetons)
                if plan.feuille.cellules and not service:
                    anomalies.append(Code.COPIE_NON_LUE.at(lieu))
                continue
            recognised = True
            fiches += own
            anomalies += faults
            bilan.feuilles[lieu] = Sort.ACCEPTE if own else Sort.REFUSE
        if not recognised:
            anomalies = [Code.FICHIER_SANS_GRILLE.at(Lieu(classeur.nom), nom=classeur.nom)]
        bilan.fichiers[classeur.nom] = Sort.ACCEPTE if fiches else Sort.REFUSE
        return fiches, anomalies

    def _signed(self, jeton: Jeton) -> bool:
        numero = jeton.numero
        if numero not in self._formes:
            return jeton.identite == self.sceau.identite(numero)
        # Every sheet of a workbook is looked at with all its tokens.
        if numero not in self._identites:
            self._identites[numero] = self.sceau.identite(numero)
        return jeton.identite == self._identites[numero]

    def _read_tagged(
        self, lieu: Lieu, plan: Plan, garants: Mapping[Numero, str], bilan: Bilan
    ) -> tuple[list[FicheLue], list[Anomalie]]:
        known: dict[Numero, list[tuple[Cellule, Zone, Ligne]]] = {}
        stray: list[Cellule] = []
        for tag in plan.reperes:
            zone, line = plan.zone(tag), self.line(tag.texte)
            if line is not None:
                known.setdefault(line[0].numero, []).append((tag, zone, line[1]))
            else:
                stray.append(tag)
        if stray:
            bilan.lignes[Sort.REFUSE] += len(stray)
        if not known:
            return [], [self._explain_stranger(lieu, plan)]
        bilan.vues.update(known)
        # A row without a tag belongs to the grid around it, when that is one grid only.
        crowded = len(known) > len({id(tags[0][1]) for tags in known.values()})
        fiches: list[FicheLue] = []
        anomalies: list[Anomalie] = [*self._explain_strays(lieu, stray, plan)]
        for numero, tags in known.items():
            forme, zone = self._formes[numero], tags[0][1]
            faults = self._contradictions(lieu, plan, forme, zone, bilan)
            faults = faults or _missing(lieu, forme, zone)
            if faults:
                anomalies += faults
                bilan.lignes[Sort.REFUSE] += len(tags)
                continue
            rangs = Rangs(lieu, plan, forme, self._labels(forme))
            for tag, own, ligne in tags:
                rangs.read_tagged(own, tag.ligne, ligne)
            zones = list({id(own): own for _, own, _ in tags}.values())
            if not crowded:
                for one in zones:
                    rangs.read_untagged(one)
            fiches.append(self._finish(rangs, zones, bilan))
            anomalies += rangs.anomalies
            anomalies += self._check_form(fiches[-1], rangs, garants, stray)
            anomalies += self._retouched_subject(lieu, plan, forme, zone)
        return fiches, anomalies

    def _read_untagged(
        self, lieu: Lieu, plan: Plan, garants: Mapping[Numero, str], bilan: Bilan
    ) -> tuple[list[FicheLue], list[Anomalie]]:
        """A grid without one tag left: read when its number is shown once, and vouched for."""
        shown = list(dict.fromkeys(numero for _, numero in plan.numeros))
        ours = [numero for numero in shown if numero in self._formes]
        bilan.vues.update(ours)
        if shown and not ours:
            return [], [self._explain_number(lieu, shown[0])]
        zone = plan.zone(None)
        if len(shown) == 1 and ours[0] in garants and not zone.manquantes:
            forme = self._formes[ours[0]]
            faults = self._contradictions(lieu, plan, forme, zone, bilan)
            if faults:
                return [], faults
            rangs = Rangs(lieu, plan, forme, self._labels(forme))
            rangs.read_untagged(zone)
            if rangs.saisies:
                fiche = self._finish(rangs, [zone], bilan)
                anomalies = [*rangs.anomalies, *self._check_form(fiche, rangs, garants, ())]
                return [fiche], [*anomalies, *self._retouched_subject(lieu, plan, forme, zone)]
        who = [c.id for numero in ours for c in self._formes[numero].fiche.candidats]
        grilles = f" (n° {enumeration(map(str, ours))})" if ours else ""
        return [], [Code.FEUILLE_SANS_REPERE.at(lieu, candidats=who, grilles=grilles)]

    def _finish(self, rangs: Rangs, zones: Sequence[Zone], bilan: Bilan) -> FicheLue:
        rangs.report(zones)
        ends = (len(rangs.saisies), rangs.inchanges, rangs.refuses)
        for sort, count in zip((Sort.ACCEPTE, Sort.INCHANGE, Sort.REFUSE), ends, strict=True):
            if count:
                bilan.lignes[sort] += count
        return rangs.fiche(zones[0])

    def _labels(self, forme: Forme) -> Libelles:
        # Most candidates share the very same rows.
        if id(forme.rangee) not in self._libelles:
            self._libelles[id(forme.rangee)] = Libelles(forme)
        return self._libelles[id(forme.rangee)]

    def _contradictions(
        self, lieu: Lieu, plan: Plan, forme: Forme, zone: Zone, bilan: Bilan
    ) -> list[Anomalie]:
        """The head of the sheet says that it is another's: then nobody knows whose it is."""
        numero = forme.numero
        tokens = {jeton.numero: jeton.cellule for jeton in plan.jetons if self._signed(jeton)}
        numbers = {shown: cell for cell, shown in plan.numeros}
        other: object
        if tokens and numero not in tokens:
            (other, cell), said = next(iter(tokens.items())), "son en-tête caché dit"
        elif numbers and numero not in numbers:
            (other, cell), said = next(iter(numbers.items())), "le numéro affiché est"
        else:
            subject = plan.sujet(zone)
            other = self._other_subject(forme, subject.texte) if subject else None
            if subject is None or other is None:
                return []
            cell, said = subject, "le nom affiché est"
        who = [candidat.id for candidat in forme.fiche.candidats]
        if isinstance(other, Numero) and other in self._formes:
            bilan.vues.add(other)
            who += [candidat.id for candidat in self._formes[other].fiche.candidats]
        place = Lieu(lieu.fichier, lieu.feuille, cell.adresse)
        return [
            Code.GRILLE_CONTRADICTOIRE.at(
                place, candidats=dict.fromkeys(who), numero=numero, dit=said, autre=other
            )
        ]

    def _other_subject(self, forme: Forme, texte: str | None) -> str | None:
        """The text, if it names somebody of the session other than those who are rated here."""
        if texte is None:
            return None
        own = forme.fiche.candidats
        if all(fold(c.nom_complet) in fold(texte) and f"({c.id})" in texte for c in own):
            return None
        others = {
            c.id: c for one in self._formes.values() for c in one.fiche.candidats if c not in own
        }
        named = any(
            f"({c.id})" in texte or fold(c.nom_complet) in fold(texte) for c in others.values()
        )
        return texte if named else None

    def _retouched_subject(
        self, lieu: Lieu, plan: Plan, forme: Forme, zone: Zone
    ) -> Iterator[Anomalie]:
        cell, expected = plan.sujet(zone), f.sujet_texte(forme.fiche)
        if cell is not None and cell.texte and fold(cell.texte) != fold(expected):
            place = Lieu(lieu.fichier, lieu.feuille, cell.adresse)
            yield Code.SUJET_RETOUCHE.at(place, affiche=cell.texte, attendu=expected)

    def _explain_stranger(self, lieu: Lieu, plan: Plan) -> Anomalie:
        """A sheet that is a grid, but none of the session's: whose, then?"""
        if plan.jetons:
            return self._explain_number(lieu, plan.jetons[0].numero, plan.jetons[0])
        if plan.numeros:
            return self._explain_number(lieu, plan.numeros[0][1])
        tag = plan.reperes[0]
        place = Lieu(lieu.fichier, lieu.feuille, tag.adresse)
        return Code.LIGNE_ETRANGERE.at(place, valeur=tag.texte)

    def _explain_number(self, lieu: Lieu, numero: Numero, jeton: Jeton | None = None) -> Anomalie:
        words = {
            "evaluateur": numero.evaluateur,
            "partie": numero.partie,
            "sujet": numero.sujet,
        }
        if numero.session != self._session:
            return Code.GRILLE_AUTRE_SESSION.at(lieu, autre=numero.session, **words)
        cahier = f"{numero.session}/{numero.evaluateur}/{numero.partie}"
        if numero in self._formes or (jeton is not None and not self._signed(jeton)):
            return Code.GRILLE_SIGNATURE.at(lieu, numero=numero).about(cahier)
        people = (f"Candidats {numero.sujet}", f"Évaluateurs {numero.evaluateur}")
        return Code.GRILLE_INCONNUE.at(lieu, **words).about(cahier, *people)

    def _explain_strays(
        self, lieu: Lieu, stray: Sequence[Cellule], plan: Plan
    ) -> Iterator[Anomalie]:
        """Rows that are not of the session, among rows that are."""
        numbers = {jeton.numero for jeton in plan.jetons}
        for tag in stray:
            ligne = (tag.texte or "").partition("~")[0]
            if any(self.sceau.repere(n, ligne) == tag.texte for n in numbers):
                continue  # a row of ours that the session no longer asks for: see _check_form
            place = Lieu(lieu.fichier, lieu.feuille, tag.adresse)
            yield Code.LIGNE_ETRANGERE.at(place, valeur=tag.texte)

    def _check_form(
        self,
        fiche: FicheLue,
        rangs: Rangs,
        garants: Mapping[Numero, str],
        stray: Sequence[Cellule],
    ) -> Iterator[Anomalie]:
        """The sheet was made before something changed, or its words were tampered with since."""
        numero = fiche.forme.numero
        own = [j.structure for j in rangs.plan.jetons if j.numero == numero and self._signed(j)]
        made = own[0] if own else garants.get(numero)
        retouched = [ligne for ligne, _ in rangs.retouchees]
        if made is None or made == self.sceau.structure(fiche.forme):
            if retouched:
                _, place = rangs.retouchees[0]
                yield Code.LIBELLE_RETOUCHE.at(place, lignes=short_names(retouched))
            return
        here = {saisie.ligne.id for saisie in fiche.saisies} | fiche.refusees
        lacking = [ligne for ligne in fiche.forme.lignes if ligne.id not in here]
        extra = [(tag.texte or "").partition("~")[0] for tag in stray]
        words = []
        if lacking:
            words.append(f"il y manque {short_names(lacking)}")
        if retouched:
            words.append(f"le texte de {short_names(retouched)} n’y est pas le même")
        if extra:
            words.append(f"{enumeration(extra)} n’y {'est' if len(extra) == 1 else 'sont'} plus")
        lignes = enumeration(words) or "l’échelle ou une règle a changé"
        yield Code.GRILLE_ANCIENNE.at(fiche.lieu, numero=numero, lignes=lignes)


def _missing(lieu: Lieu, forme: Forme, zone: Zone) -> list[Anomalie]:
    """A column without which nothing can be read."""
    table = tables.load("grille")
    who = [candidat.id for candidat in forme.fiche.candidats]
    return [
        Code.COLONNE_INTROUVABLE.at(lieu, candidats=who, colonne=table.colonne(name).titre)
        for name in zone.manquantes
    ]
