"""How an état is told, in the terminal and on the page alike: ages, delays, who waits for what."""

from collections.abc import Iterator
from datetime import date, datetime

from batch.etat.modele import Attente, Echeance, Ligne, Suivi
from batch.francais import compte, date_longue, de, enumeration, typographie
from batch.vocabulaire import CERTIFICATION, objet_du_vote

_NOMMES = 8  # past so many candidates, how many they are says more than who


def sent(ligne: Ligne, au: date) -> str:
    if ligne.envoyee_le:
        said = f"envoyée {_ago(ligne.envoyee_le, au)}"
    elif ligne.envoyee:
        said = "remise (envoi non noté)"
    else:
        return "non envoyée" if ligne.faite else "à faire"
    if ligne.relances:
        times = compte(len(ligne.relances), "relance")
        said += f", {times}, la dernière {_ago(ligne.relances[-1], au)}"
    return said


def returned(ligne: Ligne, au: date) -> str:
    if not ligne.revenues:
        return "rien"
    seen = ligne.grille.vue_le
    when = f", vue {_ago(seen, au)}" if seen else ""
    return f"{ligne.revenues} sur {ligne.attendues}{when}"


def countdown(echeance: Echeance) -> str:
    jours = echeance.jours
    if jours is None:
        return ""
    if jours == 0:
        return "aujourd’hui"
    if jours == 1:
        return "demain"
    if jours > 0:
        return f"dans {compte(jours, 'jour')}"
    return "hier" if jours == -1 else f"il y a {compte(-jours, 'jour')}"


def waiting(suivi: Suivi, attente: Attente) -> tuple[str, str]:
    """Who waits, and for what."""
    who = attente.candidats
    names = enumeration(who) if len(who) <= _NOMMES else compte(len(who), "candidat")
    return names, enumeration(_what(suivi, attente))


def state(suivi: Suivi) -> str:
    """« PROJET », or which procès-verbal; and whether the papers say what the folder says."""
    faits = suivi.faits
    if faits is None:
        return typographie(suivi.arret)
    if faits.change:
        return f"Procès-verbal n° {faits.acte}, et des données qui ont changé depuis"
    said = f"Définitif : procès-verbal n° {faits.acte}" if faits.acte else "PROJET"
    if not suivi.documents:
        return typographie(f"{said} ; aucun document")
    fresh = "à jour" if suivi.documents_a_jour else "à refaire"
    return typographie(f"{said} ; {compte(suivi.documents, 'document')} ({fresh})")


def declaration(suivi: Suivi) -> str:
    """« Il reste 57 jours pour déclarer 4 certifiés (au plus tard le 22 septembre 2023). »"""
    suites = suivi.suites
    if suites is None or suites.declaration is None:
        return ""
    left = suites.declaration
    if left.a_declarer == left.attendues == 0:
        done = compte(left.certifies, "certifié déclaré", "certifiés déclarés")
        return f"{done}, et la Caisse des dépôts a tout accepté."
    who = compte(left.a_declarer or left.certifies, "certifié")
    limit = date_longue(left.limite)
    if left.a_declarer == 0:
        awaited = compte(left.attendues, "déclaration attend son", "déclarations attendent leur")
        said = f"{awaited} accusé (au plus tard le {limit})."
    elif left.jours < 0:
        late = compte(-left.jours, "jour")
        said = f"Le délai pour déclarer {who} est passé depuis {late} : il finissait le {limit}."
    elif left.jours == 0:
        said = f"Aujourd’hui est le dernier jour pour déclarer {who}."
    else:
        days = compte(left.jours, "jour")
        said = f"Il reste {days} pour déclarer {who} (au plus tard le {limit})."
    if suites.illisible:
        said += f" On ne sait pas si c’est fait : {suites.illisible}"
    elif left.a_declarer is None:
        said += " On ne sait pas si c’est fait : donnez le registre (--registre FICHIER)."
    return typographie(said)


def faults(suivi: Suivi) -> str:
    """« 2 anomalies bloquantes et 1 point à vérifier »."""
    if suivi.faits is None:
        return ""
    counts = (
        (suivi.faits.bloquantes, "anomalie bloquante", "anomalies bloquantes"),
        (suivi.faits.a_verifier, "point à vérifier", "points à vérifier"),
    )
    return enumeration(compte(*one) for one in counts if one[0]) or "aucune anomalie"


def _what(suivi: Suivi, attente: Attente) -> Iterator[str]:
    for rank, etat in attente.grilles:
        grille = suivi.lignes[rank].grille
        yield f"{grille.partie} {de(grille.nom)} ({etat.mot.lower()})"
    codes = attente.decisions
    if codes == (CERTIFICATION,):
        yield "la décision du jury"
    elif codes:
        named = enumeration(map(objet_du_vote, codes))
        number = "la décision du jury" if len(codes) == 1 else "les décisions du jury"
        yield f"{number} ({named})"


def _ago(quand: datetime, au: date) -> str:
    days = (au - quand.astimezone().date()).days
    if days <= 0:
        return "aujourd’hui"
    return "hier" if days == 1 else f"il y a {compte(days, 'jour')}"
