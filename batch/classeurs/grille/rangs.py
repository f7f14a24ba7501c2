"""A grid's place on its sheet -> its rows as they were filled.

A row has three names: its tag, the words that the evaluator read, and the witness beside his
rating. Two that agree are enough, and the third is then reported; two that quarrel are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs.cellules import Cellule
from batch.classeurs.grille import valeurs
from batch.classeurs.grille.fiches import FicheLue, Saisie, Saisies, place_of
from batch.classeurs.grille.forme import Forme, Ligne
from batch.classeurs.grille.reperage import Libelles, Plan, Zone
from batch.francais import enumeration


@dataclass(slots=True)
class Rangs:
    """The rows of one grid, gathered as they are met; how many were taken, repeated or refused."""

    feuille: Lieu
    plan: Plan
    forme: Forme
    libelles: Libelles
    anomalies: list[Anomalie] = field(default_factory=list)
    saisies: dict[str, Saisie] = field(default_factory=dict)
    refusees: set[str] = field(default_factory=set)
    rangs: set[int] = field(default_factory=set)
    inchanges: int = 0
    refuses: int = 0
    # Rows whose words were changed; rows known by their words and their witness alone.
    retouchees: list[tuple[Ligne, Lieu]] = field(default_factory=list)
    sans_repere: list[Saisie] = field(default_factory=list)
    decalees: list[Saisie] = field(default_factory=list)

    def read_tagged(self, zone: Zone, rang: int, ligne: Ligne) -> None:
        """A row whose tag says which it is; its words and its witness must not deny it."""
        shown, temoin = self._shown(zone, rang), self._witness(zone, rang)
        if shown and ligne.id not in shown:
            other = self._line(temoin) if temoin in shown else None
            if other is None:
                words = self._line(min(shown))
                autre = words.nom if words else ""
                self._refuse(
                    ligne,
                    Code.LIBELLE_DEPLACE,
                    zone,
                    rang,
                    ligne=ligne.code or ligne.id,
                    autre=autre,
                )
                return
            self._take(zone, rang, other, self.decalees)
        elif temoin not in (None, ligne.id):
            name = ligne.code or ligne.id
            self._refuse(ligne, Code.TEMOIN_DEPLACE, zone, rang, trouve=temoin, ligne=name)
        else:
            self._take(zone, rang, ligne)
            if not shown and "critere" in zone.colonnes:
                label = self.plan.feuille.at(rang, zone.colonnes["critere"])
                self.retouchees.append((ligne, self._place(label)))

    def read_untagged(self, zone: Zone) -> None:
        """The rows that have lost their tag, where their words and their witness still tell."""
        for rang in self.plan.untagged(zone):
            shown, temoin = self._shown(zone, rang), self._witness(zone, rang)
            filled = any(
                self.plan.feuille.at(rang, zone.colonnes[name]).texte
                for name in ("note", "commentaire")
            )
            sure = shown & {temoin} if temoin else shown
            ligne = self._line(min(sure)) if len(sure) == 1 and (temoin or filled) else None
            if ligne is not None:
                self._take(zone, rang, ligne, self.sans_repere)

    def report(self, zones: Sequence[Zone]) -> None:
        """What was forgiven, one sentence for all the rows that it concerns."""
        for zone in zones:
            loose = self.plan.loose(zone, self.rangs)
            if loose:
                more = f" (et {len(loose) - 1} autre{'s' if len(loose) > 2 else ''})"
                self.anomalies.append(
                    Code.SAISIE_HORS_LIGNE.at(
                        self._place(loose[0]),
                        valeur=valeurs.excerpt(loose[0].texte or ""),
                        autres=more if len(loose) > 1 else "",
                    )
                )
        for code, rows in (
            (Code.REPERES_PERDUS, self.sans_repere),
            (Code.REPERES_DECALES, self.decalees),
        ):
            if rows:
                names = short_names([saisie.ligne for saisie in rows])
                self.anomalies.append(code.at(rows[0].lieu, lignes=names))

    def fiche(self, zone: Zone) -> FicheLue:
        cell = self.plan.presence(zone)
        return FicheLue(
            self.forme,
            self.feuille,
            cell.texte if cell else None,
            self._place(cell) if cell else self.feuille,
            Saisies.of(self.feuille, self.saisies.values()),
            frozenset(self.refusees),
        )

    def _take(self, zone: Zone, rang: int, ligne: Ligne, among: list[Saisie] | None = None) -> None:
        self.rangs.add(rang)
        if ligne.id in self.refusees:
            self.refuses += 1
            return
        saisie = self._saisie(zone, rang, ligne)
        first = self.saisies.get(ligne.id)
        if first is not None and (saisie.vide or saisie.contenu == first.contenu):
            self.inchanges += 1
            return
        if first is not None and not first.vide:
            self.refuses += 1
            del self.saisies[ligne.id]
            self._refuse(
                ligne, Code.LIGNE_DOUBLE, zone, rang, ligne=ligne.nom, autre=first.lieu.cellule
            )
            return
        self.inchanges += first is not None
        self.saisies[ligne.id] = saisie
        if among is not None:
            among.append(saisie)

    def _saisie(self, zone: Zone, rang: int, ligne: Ligne) -> Saisie:
        note = self.plan.feuille.at(rang, zone.colonnes["note"])
        comment = self.plan.feuille.at(rang, zone.colonnes["commentaire"])
        saisie = Saisie(
            ligne,
            note,
            comment.texte,
            self.feuille,
            comment.adresse,
            tuple(self.plan.beside(zone, rang)),
        )
        if comment.formule is None:
            return saisie
        self.anomalies.append(
            Code.COMMENTAIRE_FORMULE.at(
                saisie.lieu_commentaire,
                valeur=valeurs.excerpt(comment.formule),
                critere=ligne.nom,
            )
        )
        return saisie._replace(commentaire=None)

    def _refuse(self, refused: Ligne, code: Code, zone: Zone, rang: int, **words: object) -> None:
        self.refuses += 1
        self.refusees.add(refused.id)
        where = self._place(self.plan.feuille.at(rang, zone.colonnes["note"]))
        who = [candidat.id for candidat in self.forme.fiche.candidats]
        self.anomalies.append(code.at(where, candidats=who, **words))

    def _shown(self, zone: Zone, rang: int) -> set[str]:
        column = zone.colonnes.get("critere")
        return self.libelles.shown(self.plan.feuille.at(rang, column).texte) if column else set()

    def _witness(self, zone: Zone, rang: int) -> str | None:
        column = zone.colonnes.get("temoin")
        return self.plan.feuille.at(rang, column).texte if column else None

    def _line(self, identifiant: str | None) -> Ligne | None:
        return next((ligne for ligne in self.forme.lignes if ligne.id == identifiant), None)

    def _place(self, cell: Cellule) -> Lieu:
        return place_of(self.feuille, cell)


def short_names(lignes: Sequence[Ligne]) -> str:
    """« E1, E2 et E3 »; beyond eight, the first ones and how many more."""
    names = [ligne.code or ligne.id for ligne in lignes]
    return enumeration(names if len(names) <= 8 else [*names[:7], f"{len(names) - 7} autres"])
