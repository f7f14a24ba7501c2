"""What the gestionnaire reads after a contrôle, once for the workbook and for the page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from batch.anomalies import Anomalie, Gravite
from batch.ordre import Pli
from batch.vocabulaire import EtatFiche, Ton

TONS = {
    Gravite.BLOQUANTE: Ton.DEFAVORABLE,
    Gravite.A_VERIFIER: Ton.EN_SUSPENS,
    Gravite.INFORMATION: Ton.NEUTRE,
}


@dataclass(frozen=True, slots=True)
class LigneMatrice:
    """What one évaluateur was to return on one épreuve or bloc; by candidate, where it stands."""

    evaluateur: str
    partie: str
    etats: Mapping[str, EtatFiche]

    @property
    def attendues(self) -> int:
        return sum(etat is not EtatFiche.NON_ATTENDUE for etat in self.etats.values())

    @property
    def revenues(self) -> int:
        here = (EtatFiche.COMPLETE, EtatFiche.A_CORRIGER, EtatFiche.ABSENT)
        return sum(etat in here for etat in self.etats.values())


@dataclass(frozen=True, slots=True)
class Lecture:
    """A file or a sheet: what became of it, and why."""

    nom: str
    sort: str
    ton: Ton
    pourquoi: str
    feuilles: tuple["Lecture", ...] = ()


@dataclass(frozen=True, slots=True)
class Rapport:
    session: str
    certification: str
    date_jury: date
    comptes: Mapping[str, Mapping[str, int]]  # fichiers, feuilles, lignes: how many of each end
    anomalies: tuple[Anomalie, ...]
    plis: tuple[Pli, ...]  # what nobody accepted, folded
    candidats: Mapping[str, str]  # names, by number
    matrice: tuple[LigneMatrice, ...]
    lectures: tuple[Lecture, ...]
    chemins: Mapping[str, str]  # each file that the links open: its path from the report

    @property
    def acceptees(self) -> tuple[Anomalie, ...]:
        return tuple(one for one in self.anomalies if one.acceptee is not None)

    def nombre(self, gravite: Gravite) -> int:
        """How many that nobody accepted."""
        return sum(one.gravite is gravite and one.acceptee is None for one in self.anomalies)

    @property
    def grilles(self) -> tuple[int, int]:
        """Sheets that came back, of how many that were waited for."""
        return (
            sum(ligne.revenues for ligne in self.matrice),
            sum(ligne.attendues for ligne in self.matrice),
        )

    def adresse(self, fichier: str) -> str | None:
        """The relative address of a file, as a link writes it; None when there is none to open."""
        path = self.chemins.get(fichier)
        return quote(path, safe="/.") if path else None
