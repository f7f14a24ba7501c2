"""A session that has decided -> the folder of its second chance, with what stands already typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from batch import fichiers
from batch.anomalies import Anomalie, Empechement
from batch.chaine.examen import Examen, examine
from batch.chaine.ouverture import content_of, lay_down
from batch.chaine.registre import Proposition, doubts, known
from batch.classeurs import cellules, tables
from batch.classeurs import session as classeur_session
from batch.folder import Folder
from batch.francais import date_longue
from batch.jury.rattrapage import Ecart, Reprise, second_chances
from batch.jury.seance import Seance
from batch.vocabulaire import EtatSession

# What the second session decides for itself: everything else on the sheet « Session » is kept.
_ITS_OWN = (
    "id", "date_jury", "heure_ouverture", "heure_cloture", "lieu", "date_limite",
    "session_initiale", "date_initiale", "date_decision",
)  # fmt: skip

Lignes = list[Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Suite:
    """Who is in the second session, and who is not, with the reason."""

    reprises: tuple[Reprise, ...]
    ecarts: tuple[Ecart, ...]
    # What the house's register knows of the first, from any session.
    propositions: tuple[Proposition, ...] = ()
    anomalies: tuple[Anomalie, ...] = ()


def follow(premiere: Folder, folder: Folder, now: datetime, registre: Path | None = None) -> Suite:
    """A new folder under the same règlement, for those who may take some blocs again.

    What each of them holds, by this jury or by any session that `registre` knows, is typed in
    « Acquis antérieurs » with its proof; only an exact identity counts, the others are told. Raises
    Empechement when the first jury has not finished, or when the règlement knows no second chance.
    """
    examen = examine(premiere)
    seance = examen.seance
    _check(seance)
    reprises, ecarts = second_chances(seance)
    told = _known(registre, seance, reprises, now) if registre else []
    reprises, others = _left(reprises, told)
    ecarts += others
    if not reprises:
        raise Empechement(
            f"Personne n'a de bloc à reprendre après la session {seance.session.id} : "
            f"aucun dossier n'a été créé."
        )
    rubriques, lignes = _typed(premiere, examen, reprises, told)
    lay_down(
        folder,
        content_of(premiere.reglement),
        content_of(premiere.referentiel) if premiere.referentiel.is_file() else None,
        classeur_session.write(seance.referentiel, now.date(), rubriques, lignes),
    )
    folder.log(
        "rattrapage",
        now,
        session_initiale=seance.session.id,
        resultats=fichiers.fingerprint(content_of(premiere.session)),
        repris=len(reprises),
        ecartes=len(ecarts),
    )
    return Suite(tuple(reprises), tuple(ecarts), tuple(told), tuple(doubts(told)))


def _known(
    registre: Path, seance: Seance, reprises: Sequence[Reprise], now: datetime
) -> list[Proposition]:
    people = [reprise.candidat for reprise in reprises]
    found = known(registre, seance.referentiel, people, "", now)
    return [one for one in found if one.blocs or one.proches]


def _left(
    reprises: Sequence[Reprise], told: Sequence[Proposition]
) -> tuple[list[Reprise], list[Ecart]]:
    """What is still to be taken: nobody takes again what he holds from elsewhere."""
    held = {one.candidat.id: {bloc.bloc for bloc in one.blocs} for one in told}
    left, done = [], []
    for reprise in reprises:
        candidat, own = reprise.candidat, held.get(reprise.candidat.id, set())
        wanted = tuple(bloc for bloc in reprise.a_reprendre if bloc not in own)
        if wanted:
            left.append(replace(reprise, a_reprendre=wanted))
        else:
            done.append(Ecart(candidat, None))
    return left, done


def _check(seance: Seance) -> None:
    session = seance.session
    if seance.reglement.rattrapage is None:
        raise Empechement(
            f"Le règlement de la session {session.id} ne prévoit pas de rattrapage "
            f"(rubrique « rattrapage » de reglement.yaml)."
        )
    if not seance.referentiel.blocs:
        raise Empechement(
            f"{seance.referentiel.intitule} n'est pas découpé en blocs : un rattrapage reprend des "
            f"blocs. Créez une session ordinaire, ou écrivez « rattachement » dans reglement.yaml."
        )
    if seance.etat is not EtatSession.DEFINITIF:
        raise Empechement(
            f"Le jury de la session {session.id} n'a pas tout décidé : on ne sait pas encore qui "
            f"reprend quoi. Terminez-la avec « jury traiter »."
        )


def _typed(
    premiere: Folder,
    examen: Examen,
    reprises: Sequence[Reprise],
    told: Sequence[Proposition],
) -> tuple[dict[str, str | None], dict[str, Lignes]]:
    """The second session's workbook, row by row, out of the first one's."""
    session = examen.seance.session
    classeur, _ = cellules.read(premiere.session.name, content_of(premiere.session))
    assert classeur is not None, "it has just been read"
    upright, rows = classeur_session.typed(classeur)
    rubriques = {nom: text for nom, text in upright.items() if nom not in _ITS_OWN}
    rubriques |= {"session_initiale": session.id, "date_initiale": _day(session.date_jury)}

    back = {reprise.candidat.id: reprise for reprise in reprises}
    groups = {c.groupe for c in session.candidats if c.id in back and c.groupe}
    granted = {(c, bloc) for c, reprise in back.items() for bloc in reprise.obtenus}
    proof = f"Procès-verbal de la session {session.id}, jury du {date_longue(session.date_jury)}"
    lignes: dict[str, Lignes] = {
        nom: [_as_typed(nom, row.textes) for row in own] for nom, own in rows.items()
    }
    lignes["candidats"] = [
        {
            **row,
            "blocs_vises": ", ".join(back[row["id"]].a_reprendre),
            "presence": None,
        }
        for row in lignes["candidats"]
        if row["id"] in back
    ]
    lignes["affectations"] = [
        row
        for row in lignes["affectations"]
        if not row["sujet"] or row["sujet"] in back or row["sujet"] in groups
    ]
    lignes["jury"] = [{**row, "presence": None} for row in lignes["jury"]]
    earlier = [
        row
        for row in lignes["acquis"]
        if row["candidat"] in back and (row["candidat"], row["bloc"]) not in granted
    ]
    typed = {(row["candidat"], row["bloc"]) for row in earlier if not row.get("competence")}
    held = {(one.candidat.id, bloc.bloc): bloc for one in told for bloc in one.blocs}
    lignes["acquis"] = [
        *earlier,
        *(
            _row(*objet, session.date_jury, proof)
            for objet in ((c, bloc) for c, reprise in back.items() for bloc in reprise.obtenus)
            if objet not in held
        ),
        # The register's proof bears the certificate's number: it wins over the minutes alone.
        *(
            _row(candidat, code, bloc.jour, bloc.preuve)
            for (candidat, code), bloc in held.items()
            if candidat in back and (candidat, code) not in typed
        ),
    ]
    lignes["incidents"] = lignes["calendrier"] = []
    return rubriques, lignes


def _row(candidat: str, bloc: str, jour: date, preuve: str) -> dict[str, str | None]:
    return {
        "candidat": candidat,
        "bloc": bloc,
        "date": _day(jour),
        "nature": "Acquis",
        "preuve": preuve,
    }


def _as_typed(nom: str, texts: Mapping[str, str | None]) -> dict[str, str | None]:
    """Dates as people write them; the reader gives them in ISO."""
    dates = {colonne.nom for colonne in tables.load(nom).colonnes if colonne.nature == "date"}
    return {
        name: _day(date.fromisoformat(text)) if text and name in dates else text
        for name, text in texts.items()
    }


def _day(jour: date) -> str:
    return f"{jour:%d/%m/%Y}"
