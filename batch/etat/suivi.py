"""What the files say, what was mailed, the day -> where the session stands and what to do now."""

import fnmatch
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from batch.courriels.modele import Genre
from batch.courriels.registre import Registre
from batch.etat import photo, suites
from batch.etat.modele import (
    Attente,
    Echeance,
    Ensuite,
    Faits,
    Ligne,
    Progres,
    Suites,
    Suivi,
)
from batch.etat.photo import Photo
from batch.folder import Folder
from batch.francais import compte, date_longue, typographie
from batch.vocabulaire import EtatFiche, EtatGrille

if TYPE_CHECKING:
    from batch.anomalies import Anomalie

_ETATS = {
    EtatFiche.COMPLETE: EtatGrille.COMPLETE,
    EtatFiche.A_CORRIGER: EtatGrille.A_CORRIGER,
    EtatFiche.ABSENT: EtatGrille.ABSENT,
    EtatFiche.NON_ATTENDUE: EtatGrille.NON_ATTENDUE,
}


def follow(folder: Folder, taken: Photo, now: datetime, registre: Path | None = None) -> Suivi:
    """`registre`: the house's, where it is known."""
    faits, au = taken.faits, now.date()
    envois = Registre(folder.envois)
    lignes = tuple(_lines(folder, faits, envois))
    after = suites.look(folder, faits, au, registre) if faits.acte else None
    letters = after.lettres if after else {}
    # Of whoever was sent a letter that was rectified since, another is to leave.
    issued = {
        one
        for one, quand in envois.departs(Genre.RESULTATS).items()
        if one in faits.candidats and quand >= letters.get(one, quand)
    }
    made = _documents(folder)
    suivi = Suivi(
        dossier=str(folder.root),
        au=au,
        faits=faits,
        vu_le=taken.quand,
        lignes=lignes,
        echeances=tuple(_deadlines(faits, after, au)),
        attentes=tuple(_waits(faits, lignes)),
        documents=made,
        documents_a_jour=bool(made) and taken.traite == photo.digest(taken.entrees),
        lettres=len(issued),
        suites=after,
        controle_a_jour=taken.controle == photo.digest_of_returns(taken.entrees),
        brouillons=frozenset(
            genre.value for genre in Genre if any((folder.courriels / genre.value).glob("*.eml"))
        ),
    )
    return replace(suivi, progres=tuple(_progress(suivi, faits)))


def stopped(folder: Folder, arret: str, anomalies: "Sequence[Anomalie]", now: datetime) -> Suivi:
    """Of a session that cannot be read yet."""
    known = tuple(anomalies)
    return Suivi(dossier=str(folder.root), au=now.date(), faits=None, arret=arret, fautes=known)


def next_step(suivi: Suivi) -> Ensuite:
    """The one thing to do now, from an empty session.xlsx to the letters sent."""
    faits, dossier = suivi.faits, suivi.dossier
    if faits is None:
        return _say("Complétez la session, puis lancez :", f"jury grilles {dossier}")
    if faits.change:
        return _say(
            "Les documents définitifs n'ont pas été remplacés. Rétablissez ce qui a changé, ou "
            "établissez un rectificatif :",
            f'jury traiter {dossier} --rectifier --motif "…"',
        )
    if faits.acte:
        return _after_the_jury(suivi, faits)
    if faits.decide:
        return _say("Tout est décidé : faites les documents définitifs :",
                    f"jury traiter {dossier}")  # fmt: skip
    if not_made := sum(not one.faite and not one.revenues for one in suivi.lignes):
        first = f"Corrigez session.xlsx ({_faults(faits.obstacles)}), puis faites"
        how_many = compte(not_made, "grille à faire", "grilles à faire")
        return _say(
            f"{first if faits.obstacles else 'Faites'} les grilles ({how_many}) :",
            f"jury grilles {dossier}",
        )
    if unsent := sorted({one.grille.evaluateur for one in suivi.lignes if not one.envoyee}):
        who = compte(len(unsent), "évaluateur")
        if Genre.GRILLES.value in suivi.brouillons:
            return _say(
                f"Envoyez leurs grilles à {who} : depuis votre messagerie (les brouillons sont "
                f"dans courriels/grilles), ou ainsi :",
                f"jury courriels envoyer {dossier} grilles",
            )
        return _say(
            f"Préparez les messages qui portent leurs grilles à {who} :",
            f"jury courriels preparer {dossier}",
        )
    if faits.refus or suivi.totaux[EtatGrille.A_CORRIGER]:
        return _to_be_mended(suivi)
    waiting = sum(suivi.totaux[etat] for etat in EtatGrille.en_attente())
    if waiting:
        return _still_out(suivi, faits, waiting)
    if faits.obstacles:
        return _say(
            f"Corrigez les anomalies bloquantes de la session ou de la délibération "
            f"({_faults(faits.obstacles)}), puis relancez :",
            f"jury traiter {dossier}",
        )
    if not suivi.documents_a_jour:
        return _say("Toutes les grilles sont là : faites les calculs et les documents :",
                    f"jury traiter {dossier}")  # fmt: skip
    return _say(
        f"Le jury remplit deliberation.xlsx ({_votes(faits)}) ; relancez ensuite :",
        f"jury traiter {dossier}",
    )


def _say(phrase: str, commande: str | None = None) -> Ensuite:
    return Ensuite(typographie(phrase), commande)


def _after_the_jury(suivi: Suivi, faits: Faits) -> Ensuite:
    dossier = suivi.dossier
    if faits.instance:
        return _say(
            "Faites signer le procès-verbal et portez-le devant l'instance. Sa décision prise, "
            "écrivez-en le jour dans session.xlsx, puis relancez, et les papiers des candidats "
            "s'ajouteront :",
            f"jury traiter {dossier}",
        )
    if suivi.lettres >= len(faits.candidats):
        assert suivi.suites is not None, "the session is final"
        return _after_the_letters(dossier, suivi.suites)
    signed = "Faites signer le procès-verbal, puis envoyez les lettres"
    if faits.rectificatif:
        signed = "Faites signer le procès-verbal rectificatif, puis envoyez les papiers rectifiés"
    if Genre.RESULTATS.value in suivi.brouillons:
        return _say(
            f"{signed} : depuis votre messagerie (les brouillons sont dans courriels/resultats), "
            f"ou ainsi :",
            f"jury courriels envoyer {dossier} resultats",
        )
    return _say(f"{signed} :", f"jury courriels preparer {dossier} resultats")


def _after_the_letters(dossier: str, suites: Suites) -> Ensuite:
    """Entered, sealed, declared: in that order."""
    registre = f"--registre {suites.registre or 'FICHIER'}"
    declaration = suites.declaration
    if not suites.inscrite:
        return _say(
            "Toutes les lettres sont parties : inscrivez la session au registre de la maison :",
            f"jury registre inscrire {dossier} {registre}",
        )
    if not suites.scellee:
        return _say(
            "Faites du dossier une archive qui fait preuve :", f"jury archive sceller {dossier}"
        )
    if declaration and declaration.a_declarer != 0:
        who = compte(declaration.certifies, "certifié")
        if declaration.a_declarer is not None:
            who = compte(declaration.a_declarer, "certifié")
        return _say(
            f"Déclarez {who} à la Caisse des dépôts :", f"jury exporter cpf {dossier} {registre}"
        )
    if declaration and declaration.attendues:
        return _say(
            "Déposez le fichier de la déclaration sur le portail des certificateurs, puis donnez "
            "l'accusé qu'il rend :",
            f"jury exporter cpf-accuse ACCUSÉ.xml {registre}",
        )
    return _say("Plus rien à faire. Gardez ce dossier entier, et son archive en deux endroits.")


def _to_be_mended(suivi: Suivi) -> Ensuite:
    if not suivi.controle_a_jour:
        return _say(
            "Des grilles sont à corriger, et le dernier contrôle est d'avant elles : contrôlez :",
            f"jury controle {suivi.dossier}",
        )
    return _say(
        "Faites corriger les grilles (controle/rapport.xlsx dit quoi et où), ou laissez le jury "
        "statuer sur ce qui est complet. Pour les renvoyer :",
        f"jury relancer {suivi.dossier} --preparer",
    )


def _still_out(suivi: Suivi, faits: Faits, waiting: int) -> Ensuite:
    sheets = compte(waiting, "feuille attendue", "feuilles attendues")
    if suivi.au > faits.date_limite:
        return _say(
            f"La date limite est passée, {sheets} : relancez, ou laissez le jury statuer sur ce "
            f"qui est complet.",
            f"jury relancer {suivi.dossier} --preparer",
        )
    return _say(
        f"Laissez revenir les grilles ({sheets} avant le {date_longue(faits.date_limite)}), et "
        f"suivez-les à mesure qu'elles arrivent :",
        f"jury surveiller {suivi.dossier}",
    )


def _faults(nombre: int) -> str:
    return compte(nombre, "anomalie bloquante", "anomalies bloquantes")


def _votes(faits: Faits) -> str:
    return f"{compte(faits.decisions_prises, 'décision')} sur {faits.votes}"


def _lines(folder: Folder, faits: Faits, envois: Registre) -> Iterator[Ligne]:
    sent, reminded = envois.departs(Genre.GRILLES), envois.departs(Genre.RELANCES)
    made = envois.reminders()
    # What somebody has returned, he had received.
    back = {one.evaluateur for one in faits.grilles if one.vue_le}
    for grille in faits.grilles:
        who = grille.evaluateur
        envoyee = who in sent or who in back
        out = EtatGrille.ENVOYEE if envoyee else EtatGrille.NON_ENVOYEE
        reminders = {*made.get(who, ()), *([reminded[who]] if who in reminded else [])}
        yield Ligne(
            grille,
            (folder.grilles / grille.fichier).is_file(),
            envoyee,
            sent.get(who),
            tuple(sorted(reminders)),
            {
                candidat: EtatGrille.RECUE if candidat in grille.vides else _ETATS.get(etat, out)
                for candidat, etat in grille.fiches.items()
            },
        )


def _deadlines(faits: Faits, suites: Suites | None, au: date) -> Iterator[Echeance]:
    """In the order of the days; what the règlement only words comes last."""
    known: list[tuple[str, date | None]] = [
        ("Retour des grilles", faits.date_limite),
        ("Jury", faits.date_jury),
        ("Décision de l’instance", faits.date_decision),
        ("Fin du délai de rattrapage", faits.fin_rattrapage),
        ("Déclaration des certifiés", _declared_by(suites)),
    ]
    dated = sorted(((jour, nom) for nom, jour in known if jour is not None), key=lambda one: one[0])
    for jour, nom in dated:
        yield Echeance(nom, jour, date_longue(jour), (jour - au).days)
    if faits.recours:
        yield Echeance("Recours des candidats", None, typographie(faits.recours), None)


def _declared_by(suites: Suites | None) -> date | None:
    """As long as something is left to declare, or may be."""
    left = suites and suites.declaration
    return left.limite if left and (left.a_declarer != 0 or left.attendues) else None


def _waits(faits: Faits, lignes: tuple[Ligne, ...]) -> Iterator[Attente]:
    """Folded: those who wait for the very same things together, in the session's order."""
    together: dict[tuple[object, ...], list[str]] = defaultdict(list)
    waits: dict[str, list[tuple[int, EtatGrille]]] = defaultdict(list)
    pending = EtatGrille.en_attente()
    for rank, ligne in enumerate(lignes):
        for candidat, etat in ligne.etats.items():
            if etat in pending:
                waits[candidat].append((rank, etat))
    for candidat in faits.candidats:
        grids = tuple(waits[candidat])
        # The jury does not decide on what is still out.
        own = (grids, () if grids else faits.decisions_manquantes.get(candidat, ()))
        if any(own):
            together[own].append(candidat)
    for (grilles, decisions), who in together.items():
        yield Attente(tuple(who), grilles, decisions)  # type: ignore[arg-type]


def _progress(suivi: Suivi, faits: Faits) -> Iterator[Progres]:
    lignes, totals = suivi.lignes, suivi.totaux
    raters = {one.grille.evaluateur for one in lignes}
    sent = {one.grille.evaluateur for one in lignes if one.envoyee}
    waited = sum(one.attendues for one in lignes)
    yield Progres("Grilles faites", sum(one.faite for one in lignes), len(lignes))
    yield Progres("Évaluateurs servis", len(sent), len(raters))
    yield Progres("Feuilles revenues", sum(one.revenues for one in lignes), waited)
    faulty = totals[EtatGrille.A_CORRIGER]
    note = compte(faulty, "à corriger", "à corriger") if faulty else ""
    yield Progres("Feuilles complètes", sum(one.finies for one in lignes), waited, note)
    yield Progres("Décisions du jury", faits.decisions_prises, faits.votes)
    yield Progres("Lettres envoyées", suivi.lettres, len(faits.candidats))


def _documents(folder: Folder) -> int:
    """How many lie in documents/, whoever made them."""
    return sum(
        not name.startswith("~$")
        for _, _, names in os.walk(folder.documents)
        for name in fnmatch.filter(names, "*.docx")
    )
