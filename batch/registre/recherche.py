"""What the register knows of somebody: what he holds, and who resembles him."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from batch.records import Candidat
from batch.registre import personnes
from batch.registre.inscription import printed
from batch.registre.personnes import Personne
from batch.vocabulaire import ResultatBloc, ResultatCertification


@dataclass(frozen=True, slots=True)
class BlocAcquis:
    """A bloc that somebody obtained, and what proves it."""

    bloc: str
    referentiel: str
    session: str
    jour: date
    proces_verbal: str
    certificat: str | None

    @property
    def preuve(self) -> str:
        paper = f"certificat n° {self.certificat}, " if self.certificat else ""
        return f"Registre : {paper}procès-verbal n° {self.proces_verbal}"


@dataclass(frozen=True, slots=True)
class Inscrit:
    """One decision that stands, with its certificate and, of one taken back, why."""

    session: str
    referentiel: str
    candidat: str
    objet: str  # a bloc's code, or « » for the whole certification
    resultat: ResultatBloc | ResultatCertification
    proces_verbal: str
    jour: date | None
    certificat: str | None
    retrait: str | None


@dataclass(frozen=True, slots=True)
class Proche:
    """Somebody who may be the candidate, how he differs, and what he holds."""

    personne: Personne
    differences: tuple[str, ...]
    blocs: tuple[BlocAcquis, ...]


def acquired(
    base: sqlite3.Connection, candidat: Candidat, referentiel: str, sauf: str
) -> list[BlocAcquis]:
    """The blocs that this very person obtained at other sessions than `sauf`, the latest of each.

    A bloc whose body has not decided is not obtained yet.
    """
    person = personnes.find(base, candidat)
    return _blocs(base, person.id, referentiel, sauf) if person else []


def near(
    base: sqlite3.Connection, candidat: Candidat, referentiel: str, sauf: str
) -> Iterator[Proche]:
    """Those who hold blocs of this référentiel and may be the candidate, without his identity."""
    same = personnes.find(base, candidat)
    for personne in personnes.everybody(base):
        told = personnes.differences(candidat, personne)
        if told is None or (same and same.id == personne.id):
            continue
        blocs = _blocs(base, personne.id, referentiel, sauf)
        if blocs:
            yield Proche(personne, tuple(told), tuple(blocs))


def _blocs(
    base: sqlite3.Connection, personne: int, referentiel: str, sauf: str
) -> list[BlocAcquis]:
    rows = base.execute(
        "SELECT * FROM blocs_acquis WHERE personne = ? AND referentiel = ? AND session <> ? "
        "AND jour IS NOT NULL ORDER BY jour, session",
        (personne, referentiel, sauf),
    )
    latest = {row["bloc"]: row for row in rows}
    return [
        BlocAcquis(
            bloc,
            row["referentiel"],
            row["session"],
            date.fromisoformat(row["jour"]),
            row["proces_verbal"],
            printed(row["certificat"]) if row["certificat"] else None,
        )
        for bloc, row in sorted(latest.items())
    ]


def search(base: sqlite3.Connection, texte: str) -> list[tuple[Personne, list[Inscrit]]]:
    """The people whose names, session or certificate number match, with all that stands of them.

    Accents, capitals and hyphens do not matter; every word must be found.
    """
    words = [personnes.bare(word) for word in texte.split()]
    numbers = {int(word) for word in texte.split() if word.isdigit() and len(word) < 18}
    found = []
    for personne in personnes.everybody(base):
        own = _decisions(base, personne.id)
        names = [*personne.prenoms, personne.nom_naissance, personne.nom_usage or ""]
        known = [personnes.bare(n) for n in names] + [personnes.bare(i.session) for i in own]
        by_number = any(i.certificat and int(i.certificat) in numbers for i in own)
        by_name = words and all(word and any(word in one for one in known) for word in words)
        if by_number or by_name:
            found.append((personne, own))
    return found


def _decisions(base: sqlite3.Connection, personne: int) -> list[Inscrit]:
    rows = base.execute(
        "SELECT v.*, s.referentiel, s.jour_decision, a.numero AS pv, c.numero AS certificat, "
        "r.motif FROM en_vigueur AS v JOIN sessions AS s ON s.id = v.session "
        "JOIN actes AS a ON (a.session, a.rang) = (v.session, v.rang) "
        "LEFT JOIN certificats AS c "
        "ON (c.session, c.candidat, c.objet) = (v.session, v.candidat, v.objet) "
        "LEFT JOIN retraits AS r ON (r.session, r.rang, r.candidat, r.objet) "
        "= (v.session, v.rang, v.candidat, v.objet) "
        "WHERE v.personne = ? ORDER BY s.date_jury, v.session, v.objet",
        (personne,),
    )
    return [
        Inscrit(
            row["session"],
            row["referentiel"],
            row["candidat"],
            row["objet"],
            _result(row["objet"], row["resultat"]),
            row["pv"],
            date.fromisoformat(row["jour_decision"]) if row["jour_decision"] else None,
            printed(row["certificat"]) if row["certificat"] else None,
            row["motif"],
        )
        for row in rows
    ]


def _result(objet: str, code: str) -> ResultatBloc | ResultatCertification:
    known = ResultatBloc if objet else ResultatCertification
    return next(one for one in known if one.value == code)
