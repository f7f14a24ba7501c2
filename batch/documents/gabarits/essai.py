"""One of our certifications -> a whole session of fictional candidates, to try templates on.

Each candidate is there for what a template may forget: a plain success, a partial one that the
jury argues over, somebody who did not come, and the longest name that an identity card holds.
"""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, time
from functools import cache

from batch.anomalies import Lieu
from batch.documents.edition import Feuille, feuilles, feuilles_avant
from batch.jury import arbre, calcul, deliberation
from batch.jury.deliberation import Decision
from batch.jury.divergences import Divergence
from batch.jury.seance import Acte, Dossier, Seance
from batch.records import (
    Affectation,
    Appreciation,
    Candidat,
    Creneau,
    Evaluateur,
    MembreJury,
    Session,
)
from batch.referentiel import lecture
from batch.reglement.lecture import example_for, read
from batch.vocabulaire import EtatSession, Presence, ResultatBloc, Voie

# One with blocs, and a body that decides after the jury; one without.
CERTIFICATIONS = ("cqp-rpo", "ascencia-cmc")

_ICI = Lieu()
_JOUR = date(2023, 6, 15)  # our certifications are all registered then
_TOUT_OBTENU = Candidat(
    id="C001", nom_naissance="Modèle", nom_usage=None, prenoms=("Camille", "Anne"), sexe="F",
    date_naissance=date(1990, 3, 14), commune_naissance="Lyon (69)", pays_naissance="France",
    courriel="camille.modele@exemple.fr", adresse="3, rue du Test, 69001 Lyon",
    voie=Voie.FORMATION_CONTINUE, blocs_vises=(), options=(), groupe=None, amenagement=True,
    presence=Presence.PRESENT, lieu=_ICI,
)  # fmt: skip
_PARTIEL = replace(
    _TOUT_OBTENU, id="C002", nom_naissance="Essai", nom_usage="Essai-Fictif", prenoms=("Hugo",),
    sexe="M", voie=Voie.VAE, amenagement=False,
)  # fmt: skip
_ABSENT = replace(
    _TOUT_OBTENU, id="C003", nom_naissance="Exemple", prenoms=("Sacha",), sexe=None,
    presence=Presence.ABSENT,
)  # fmt: skip
# Sixty characters: an ampersand, apostrophes, hyphens, and accents that few fonts hold.
NOM_LONG = "Tāne-Māuiʻikiʻiki & d’Ōpūnohu de La Hayes-Nguyễn-Đặng-Phượng"
_NOM_LONG = replace(
    _TOUT_OBTENU, id="C004", nom_naissance=NOM_LONG, prenoms=("Hinatea-Thị-Mỹ-Hạnh", "L’Ange"),
    pays_naissance="Viêt Nam",
)  # fmt: skip
CANDIDATS = (_TOUT_OBTENU, _PARTIEL, _ABSENT, _NOM_LONG)

_JURY = tuple(
    MembreJury(nom, prenom, fonction, qualite, college, True, preside, present, _ICI)
    for nom, prenom, fonction, qualite, college, preside, present in (
        ("Fictif", "Alix", "Directrice", "Désigné par l’instance", "salarié", True, True),
        ("Inventé", "Awa", "Chef de projet", "Désigné par l’instance", "employeur", False, True),
        ("Imaginé", "Jean", "Chef de fabrication", "Expert du métier", "salarié", False, True),
        ("Supposé", "Zoé", "Consultante", "Expert du métier", "employeur", False, False),
    )
)  # fmt: skip


@cache
def sheets() -> dict[str, list[Feuille]]:
    """Everything that our documents are ever given, by template: drafts and final ones."""
    found: dict[str, list[Feuille]] = {}
    for folder, seance in _seances():
        for one in (*feuilles(_numbered(seance)), *feuilles_avant(seance)):
            named = replace(one, nom=f"{folder}/{one.nom}")
            found.setdefault(one.gabarit, []).append(named)
    return found


def _seances() -> Iterator[tuple[str, Seance]]:
    with_blocs, without = CERTIFICATIONS
    yield "définitif", sitting(with_blocs)
    yield "projet", sitting(with_blocs, decide=False)
    yield "sans blocs", sitting(without)


def sitting(certification: str, *, decide: bool = True) -> Seance:
    referentiel = lecture.load(certification)
    reglement, anomalies = read(example_for(referentiel), referentiel)
    assert reglement is not None, anomalies
    referentiel = reglement.apply_to(referentiel)
    parties = [partie.id for partie in referentiel.parties]
    session = Session(
        id="ESSAI", referentiel=certification, date_jury=_JOUR, heure_ouverture=time(14),
        heure_cloture=None, lieu="12, rue de l’Exemple, 75011 Paris", date_limite=_JOUR,
        contact="Camille Exemple", contact_courriel="contact@exemple.fr", ville="Paris",
        candidats=CANDIDATS,
        evaluateurs=(Evaluateur("E1", "Auteur", "Hélène", None, None, _ICI),),
        affectations=(Affectation("E1", None, None, _ICI),),
        jury=_JURY, acquis=(), date_decision=_JOUR,
        calendrier=tuple(
            Creneau(partie, None, _JOUR, time(9), time(12), "Salle 4, Paris", _ICI)
            for partie in parties
        ),
    )  # fmt: skip
    seance = Seance(session, referentiel, reglement, ())
    dossiers = tuple(_dossier(seance, one, decide) for one in CANDIDATS)
    return replace(seance, dossiers=dossiers, divergences=(_divergence(seance),))


def _numbered(seance: Seance) -> Seance:
    """The sitting with a number in the register for every certificate."""
    if seance.etat is EtatSession.PROJET:
        return seance
    blocs = ["", *(bloc.code for bloc in seance.referentiel.blocs)]
    numeros = {
        (candidat.id, bloc): f"2023-{rank:04}"
        for rank, candidat in enumerate(CANDIDATS, 1)
        for bloc in blocs
    }
    return replace(seance, acte=Acte(1, f"{seance.session.id}-PV1", numeros=numeros))


def _dossier(seance: Seance, candidat: Candidat, decide: bool) -> Dossier:
    referentiel, reglement = seance.referentiel, seance.reglement
    failed = {partie.id for partie in referentiel.parties[1:]} if candidat is _PARTIEL else set()
    rated = tuple(_rated(seance, candidat, failed)) if candidat is not _ABSENT else ()
    resultat = calcul.propose(referentiel, reglement, candidat, rated, (), (), _JOUR)
    objets = deliberation.objets(referentiel, resultat)
    decisions = [Decision(o.candidat, o.code, o.propose, None, o.propose) for o in objets if decide]
    if decisions and candidat is _PARTIEL:
        # The jury gives a bloc that the grids did not: the documents must say why.
        decisions = [_argued(decision) for decision in decisions]
    return Dossier(resultat, objets, deliberation.decide(referentiel, resultat, decisions))


def _rated(seance: Seance, candidat: Candidat, failed: Collection[str]) -> Iterator[Appreciation]:
    """Everything met, but in these parties."""
    referentiel, reglement = seance.referentiel, seance.reglement
    levels = reglement.echelle.niveaux
    best = next(niveau.code for niveau in levels if niveau.satisfait)
    worst = next(n.code for n in reversed(levels) if n.compte == "normal" and not n.satisfait)
    for partie in calcul.parties_due(referentiel, reglement, candidat, set()):
        niveau = worst if partie.id in failed else best
        for critere in arbre.criteres_due(referentiel, partie, candidat):
            count = len(critere.indicateurs) if reglement.saisie == "indicateur" else 0
            for line in [critere.indicateur(rank + 1) for rank in range(count)] or [critere.id]:
                yield Appreciation(
                    candidat.id, "E1", partie.id, line, niveau, None, "Un commentaire", _ICI
                )


def _argued(decision: Decision) -> Decision:
    """The first bloc that was failed is given all the same, with a reason."""
    if decision.decide is not ResultatBloc.NON_VALIDE or decision.code != "BC2":
        return decision
    return replace(decision, decide=ResultatBloc.VALIDE, motif="Un entretien probant.")


def _divergence(seance: Seance) -> Divergence:
    """One line on which two evaluators would have differed."""
    said = next(_rated(seance, _PARTIEL, ()))
    other = next(_rated(seance, _PARTIEL, {said.partie}))
    nom = f"le critère {said.ligne}"
    return Divergence(_PARTIEL.id, said.partie, said.ligne, nom, "", (said, other))
