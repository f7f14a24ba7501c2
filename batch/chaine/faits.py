"""A sitting -> what its papers state, a fact a line, in the words of a person."""

from collections.abc import Iterator, Mapping

from batch.francais import accorde, date_longue, elide, enumeration, naissance
from batch.jury.seance import ADRESSE, Dossier, Seance
from batch.vocabulaire import objet_du_vote

A_DECIDER = "à décider"

# Whom a fact is about (None for the sitting as a whole), and its subject -> what is stated.
Faits = Mapping[tuple[str | None, str], str]

# The one fact that may come after the minutes: the body decides on sight of them.
DECISION = (None, "la date de la décision de l’instance")
IDENTITE = "l’identité"


def facts(seance: Seance) -> dict[tuple[str | None, str], str]:
    """Everything that the papers of this sitting state today."""
    stated: dict[tuple[str | None, str], str] = {
        (None, sujet): dit for sujet, dit in _facts_of_the_sitting(seance)
    }
    for dossier in seance.dossiers:
        candidat = dossier.resultat.candidat.id
        own = (*_facts_of(dossier), *_facts_of_the_room(seance, candidat))
        stated |= {(candidat, sujet): dit for sujet, dit in own}
    return {key: dit for key, dit in stated.items() if dit}


def _facts_of_the_sitting(seance: Seance) -> Iterator[tuple[str, str]]:
    session, reglement, deroulement = seance.session, seance.reglement, seance.deroulement
    yield "la certification", f"{seance.referentiel.intitule} ({seance.referentiel.id})"
    yield "le règlement", f"{reglement.id}, version {reglement.version}"
    yield "la date du jury", date_longue(session.date_jury)
    if reglement.courrier.instance and session.date_decision:
        yield DECISION[1], date_longue(session.date_decision)
    yield "le lieu du jury", session.lieu
    for nom, instant in (
        ("d’ouverture", session.heure_ouverture),
        ("de clôture", session.heure_cloture),
    ):
        yield f"l’heure {nom}", f"{instant:%H:%M}" if instant else ""
    for membre in session.jury:
        said = (
            "présent" if membre.present else "absent",
            "préside" if membre.preside else "",
            membre.fonction,
            membre.qualite,
            f"collège {membre.college}" if membre.college else "",
            "extérieur" if membre.externe else "",
        )
        yield f"le membre du jury {membre.nom_complet}", ", ".join(one for one in said if one)
    for passage in deroulement.passages:
        hours = [f"{one:%H:%M}" if one else "–" for one in (passage.arrivee, passage.depart)]
        yield f"la présence de {passage.membre.nom_complet}", " à ".join(hours)
    for fait in deroulement.faits:
        yield f"l’incident « {fait.texte[:60]} »", f"{fait.heure or ''} {fait.texte}".strip()


def _facts_of(dossier: Dossier) -> Iterator[tuple[str, str]]:
    candidat, issues = dossier.resultat.candidat, dossier.issues
    born = accorde(candidat.sexe, "né", "née")
    when = naissance(candidat.date_naissance, candidat.naissance_connue, courte=True)
    where = f"{candidat.commune_naissance} ({candidat.pays_naissance})"
    names = " ".join((*candidat.prenoms, candidat.nom_naissance))
    use = f", nom d’usage {candidat.nom_usage}" if candidat.nom_usage else ""
    yield IDENTITE, f"{names}{use}, {born} {when} à {where}"
    yield ADRESSE, candidat.adresse or ""
    yield "la voie d’accès", candidat.voie.mot
    yield "le parcours", enumeration(candidat.blocs_vises) or "complet"
    yield "la présence", dossier.resultat.presence.mot
    for code, bloc in issues.blocs.items():
        yield code, bloc.mot if bloc is not None else A_DECIDER
    decided = issues.certification
    yield "la certification", decided.mot if decided is not None else A_DECIDER
    yield "la mention", dossier.resultat.mention or ""
    for label, said in (("le motif", issues.motifs), ("les préconisations", issues.preconisations)):
        for code, text in said.items():
            yield f"{label} sur {objet_du_vote(code)}", text


def _facts_of_the_room(seance: Seance, candidat: str) -> Iterator[tuple[str, str]]:
    """Who did not deliberate on this candidate, and how the others voted."""
    for retrait in seance.deroulement.retraits:
        if retrait.candidat == candidat and retrait.membre.present:
            yield f"le retrait {elide('de', retrait.membre.nom_complet)}", retrait.motif
    for voix in seance.deroulement.voix:
        if voix.candidat == candidat:
            said = f"pour {voix.pour}, contre {voix.contre}, abstentions {voix.abstentions}"
            yield f"les voix sur {objet_du_vote(voix.code)}", said
