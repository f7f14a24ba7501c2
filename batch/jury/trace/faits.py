"""Where something stands without any arithmetic: held before, not aimed at, closed, missed."""

from collections.abc import Iterator

from batch.francais import date_longue, elide, enumeration
from batch.jury import calcul, enonce
from batch.jury.enonce import article
from batch.jury.regles import Constat
from batch.jury.trace.arithmetique import exact
from batch.jury.trace.cas import Cas
from batch.jury.trace.tournures import dire, les_blocs
from batch.records import Acquis
from batch.vocabulaire import Nature, Niveau, Presence, ResultatBloc


def about_bloc(cas: Cas, code: str) -> Iterator[str]:
    """Where the bloc stands without any arithmetic: acquired before, not aimed at, missed."""
    resultat, session = cas.dossier.resultat, cas.seance.session
    match resultat.blocs[code]:
        case ResultatBloc.ACQUIS_ANTERIEUR | ResultatBloc.DISPENSE:
            yield from _held(cas, resultat.acquis[code])
        case ResultatBloc.NON_VISE:
            aimed = les_blocs(resultat.candidat.blocs_vises)
            yield dire("Le parcours ne visait que {blocs}.", blocs=aimed)
        case ResultatBloc.NON_PRESENTE if resultat.presence is Presence.PRESENT:
            if code not in resultat.fermees:
                yield "Aucune de ses évaluations n’a été passée."
            yield from closed(cas, code)
            yield from absences(cas, code)
        case ResultatBloc.A_ARBITRER if code not in resultat.constats[Niveau.BLOC]:
            yield dire(
                "Le règlement n’y prévoit aucune évaluation pour la voie « {voie} » : le "
                "calcul ne dit rien, c’est au jury de trancher.",
                voie=resultat.candidat.voie.mot,
            )
    for acquis, expiry in calcul.held(
        resultat.candidat, session.acquis, cas.seance.reglement, session.date_jury
    ):
        if acquis.bloc == code and expiry is not None:
            yield dire(
                "{genre} le {date}, ce bloc ne l’était que jusqu’au {fin} : il a dû être "
                "évalué de nouveau ({lieu}).",
                genre="Dispensé" if acquis.dispense else "Acquis",
                date=date_longue(acquis.date),
                fin=date_longue(expiry),
                lieu=acquis.lieu,
            )


def _held(cas: Cas, acquis: Acquis) -> Iterator[str]:
    validity = cas.seance.reglement.acquis
    yield dire(
        "{genre} le {date}, avant cette session{note} : le bloc n’a pas été évalué ici. "
        "Preuve : {preuve} ({lieu}).",
        genre="Dispense accordée" if acquis.dispense else "Acquis",
        date=date_longue(acquis.date),
        note="" if acquis.note is None else f", avec la note de {exact(acquis.note)}",
        preuve=acquis.preuve.rstrip("."),
        lieu=acquis.lieu,
    )
    duration = enonce.duration(validity.validite)
    yield f"Cela reste valable {duration}{article(validity.article)}."


def held_alone(cas: Cas, constat: Constat) -> Iterator[str]:
    """A compétence kept from an earlier session, without its bloc."""
    acquis = cas.dossier.resultat.competences_tenues[constat.id]
    validity = cas.seance.reglement.acquis
    yield dire(
        "Acquise le {date}, avant cette session{note} : elle n’a pas été évaluée ici{article}. "
        "Preuve : {preuve} ({lieu}).",
        date=date_longue(acquis.date),
        note="" if acquis.note is None else f", avec la note de {exact(acquis.note)}",
        article=article(validity.article),
        preuve=acquis.preuve.rstrip("."),
        lieu=acquis.lieu,
    )


def closed(cas: Cas, place: str) -> Iterator[str]:
    """What had to be passed before, where that kept it closed."""
    before = cas.dossier.resultat.fermees.get(place)
    acces = (cas.seance.reglement.regles.acces or {}).get(place)
    if before and acces:
        yield dire(
            "Jamais accessible : il fallait d’abord valider {avant}{article}. Rien n’en est "
            "évalué, et cela compte comme non validé.",
            avant=enumeration(elide("le", cas.part(one)) for one in acces.apres),
            article=article(acces.article),
        )


def absences(cas: Cas, where: str | None = None) -> Iterator[str]:
    """Who said that the candidate did not come: to this épreuve or bloc, or to anything."""
    resultat = cas.dossier.resultat
    for incident in cas.seance.session.incidents_of(resultat.candidat.id):
        if incident.nature is not Nature.FRAUDE and cas.within(incident.partie, where):
            yield dire(
                "{nature}{quoi}, {piece} ({lieu}).",
                nature=incident.nature.mot,
                quoi=f", {cas.part(incident.partie)}" if incident.partie else "",
                piece=incident.piece.rstrip("."),
                lieu=incident.lieu,
            )
    for feuille in cas.feuilles:
        if feuille.absence and cas.within(feuille.partie, where):
            yield dire(
                "{note} par {qui}, {quoi} ({lieu}).",
                note=f"{cas.accorde('Noté')} {cas.accorde('absent')}",
                qui=feuille.evaluateur.qui,
                quoi=cas.part(feuille.partie),
                lieu=feuille.absence,
            )
