"""The register held against itself: its file, its numbering, what its certificates rest on."""

import sqlite3
from collections.abc import Iterator
from itertools import pairwise

from batch.anomalies import Anomalie, Code, Lieu
from batch.registre.inscription import printed


def check(base: sqlite3.Connection, nom: str) -> Iterator[Anomalie]:
    """Everything that does not hold; `nom` is the file's."""
    lieu = Lieu(nom)
    damages = [str(row[0]) for row in base.execute("PRAGMA integrity_check(20)")]
    damages = [said for said in damages if said != "ok"]
    damages += [
        f"une ligne de « {row['table']} » ne se rattache à rien dans « {row['parent']} »"
        for row in base.execute("PRAGMA foreign_key_check")
    ]
    for raison in damages:
        yield Code.REGISTRE_ABIME.at(lieu, nom=nom, raison=raison)
    if damages:
        return  # what its rows say proves nothing any more
    yield from _check_numbering(base, lieu)
    yield from _check_certificates(base, lieu)


def _check_numbering(base: sqlite3.Connection, lieu: Lieu) -> Iterator[Anomalie]:
    rows = base.execute("SELECT numero FROM certificats ORDER BY numero")
    for before, after in pairwise([0, *(row["numero"] for row in rows)]):
        if after != before + 1:
            yield Code.NUMEROTATION_TROUEE.at(lieu, avant=printed(before), apres=printed(after))


def _check_certificates(base: sqlite3.Connection, lieu: Lieu) -> Iterator[Anomalie]:
    rows = base.execute(
        "SELECT c.*, v.resultat, r.id AS retrait, "
        "EXISTS (SELECT 1 FROM actes AS a WHERE a.session = c.session) AS inscrite "
        "FROM certificats AS c LEFT JOIN en_vigueur AS v "
        "ON (v.session, v.candidat, v.objet) = (c.session, c.candidat, c.objet) "
        "LEFT JOIN retraits AS r ON (r.session, r.candidat, r.objet) "
        "= (c.session, c.candidat, c.objet) GROUP BY c.numero ORDER BY c.numero"
    )
    waiting: dict[str, list[str]] = {}
    for row in rows:
        numero = printed(row["numero"])
        if not row["inscrite"]:
            waiting.setdefault(row["session"], []).append(numero)
        elif row["resultat"] not in {"valide", "delivree"} and row["retrait"] is None:
            yield Code.CERTIFICAT_SANS_DECISION.at(
                lieu,
                candidats=(row["candidat"],),
                numero=numero,
                qui=row["candidat"],
                objet=row["objet"] or "la certification",
                sujet=row["session"],
            )
    for session, numbers in waiting.items():
        yield Code.SESSION_NON_INSCRITE.at(
            lieu,
            sujet=session,
            numero=f"{numbers[0]} à {numbers[-1]}" if numbers[1:] else numbers[0],
        )
