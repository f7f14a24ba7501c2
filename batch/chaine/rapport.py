"""What was controlled -> controle/rapport.xlsx and controle/rapport.html."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import partial
from pathlib import Path

from batch import transaction
from batch.allure import ORDINAIRE, Allure
from batch.anomalies import Anomalie, Code, Lieu
from batch.chaine.ouvrages import Ouvrages
from batch.chaine.retours import Controle
from batch.classeurs import rapport as classeur_rapport
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.fiches import FicheLue
from batch.classeurs.grille.lecture import Sort
from batch.francais import compte
from batch.ordre import fold
from batch.rapport import Lecture, LigneMatrice, Rapport
from batch.transaction import Contenu
from batch.vocabulaire import EtatFiche, Ton

_TONS = {
    Sort.ACCEPTE: Ton.FAVORABLE,
    Sort.INCHANGE: Ton.NEUTRE,
    Sort.REFUSE: Ton.DEFAVORABLE,
    Sort.IGNORE: Ton.NEUTRE,
}


SERIE = "rapport"


def write_report(
    controle: Controle, anomalies: Sequence[Anomalie], allure: Allure = ORDINAIRE
) -> None:
    """Both reports, on these anomalies: those of the contrôle, or all that is known since."""
    from batch.pages import controle as page

    folder, progres = controle.contexte.folder, allure.stage("Rapport")
    report = assemble(controle, anomalies)
    said = _fingerprint(report)
    ouvrages, writes = Ouvrages(folder, SERIE), dict[str, Contenu]()
    kinds = {"rapport.xlsx": classeur_rapport.write, "rapport.html": page.write}
    for done, (name, write) in enumerate(kinds.items(), 1):
        path, source = folder.controle / name, f"{name} {said}"
        writes[folder.relative(path)] = ouvrages.take(path, source, partial(write, report))
        progres(done, len(kinds))
    transaction.commit(folder.root, {**writes, **ouvrages.record()})


def _fingerprint(report: Rapport) -> str:
    """Of all that the report says; piece by piece, for the whole would be long."""
    digest = hashlib.sha256()
    for one in fields(report):
        digest.update(repr(getattr(report, one.name)).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def assemble(controle: Controle, anomalies: Sequence[Anomalie]) -> Rapport:
    contexte = controle.contexte
    session, folder = contexte.session, contexte.folder
    names = {one.lieu.fichier for one in anomalies} | set(controle.bilan.fichiers)
    return Rapport(
        session=session.id,
        certification=contexte.referentiel.intitule,
        date_jury=session.date_jury,
        comptes={
            kind: {sort.value: counts[sort] for sort in Sort}
            for kind, counts in controle.bilan.comptes.items()
        },
        anomalies=tuple(anomalies),
        plis=tuple(fold(one for one in anomalies if one.acceptee is None)),
        candidats={c.id: c.nom_complet for c in session.candidats},
        matrice=tuple(matrix(controle, anomalies)),
        lectures=tuple(_readings(controle, anomalies)),
        chemins={name: f"../{name}" for name in sorted(names) if _is_there(folder.root / name)},
    )


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # what a zip or a mail holds may have a name too long for any folder
        return False


def matrix(controle: Controle, anomalies: Iterable[Anomalie]) -> Iterator[LigneMatrice]:
    """Where each sheet of each cahier stands."""
    back = {fiche.forme.numero: fiche for fiche in controle.fiches}
    faulty = {(a.lieu.fichier, a.lieu.feuille) for a in anomalies if a.bloquante}
    missing = {
        (objet, candidat)
        for one in anomalies
        if one.code is Code.GRILLE_NON_REVENUE
        for objet in one.objets
        for candidat in one.candidats
    }
    expected = {forme.numero for forme in controle.attendues}
    for cahier, formes in controle.contexte.by_cahier():
        states: dict[str, EtatFiche] = {}
        for forme in formes:
            fiche = back.get(forme.numero)
            for candidat in forme.fiche.candidats:
                if fiche is not None:
                    state = _returned(fiche, faulty, controle.evaluations.absences)
                elif (f.file_stem(cahier).casefold(), candidat.id) in missing:
                    state = EtatFiche.NON_REVENUE
                elif forme.numero in expected and forme.attendues:
                    state = EtatFiche.A_CORRIGER  # it came back, and had to be refused
                else:
                    state = EtatFiche.NON_ATTENDUE
                # A member's own sheet comes after the group's: the group's says where it stands.
                states.setdefault(candidat.id, state)
        yield LigneMatrice(cahier.evaluateur.qui, cahier.partie.id, states)


def _returned(
    fiche: FicheLue, faulty: set[tuple[str, str]], absences: Mapping[str, frozenset[str]]
) -> EtatFiche:
    if (fiche.lieu.fichier, fiche.lieu.feuille) in faulty:
        return EtatFiche.A_CORRIGER
    own = fiche.forme.fiche
    if all(own.partie.id in absences.get(candidat.id, ()) for candidat in own.candidats):
        return EtatFiche.ABSENT
    return EtatFiche.COMPLETE


def _readings(controle: Controle, anomalies: Iterable[Anomalie]) -> Iterator[Lecture]:
    said: dict[tuple[str, str], list[Anomalie]] = defaultdict(list)
    for one in anomalies:
        said[one.lieu.fichier, one.lieu.feuille].append(one)
    read: dict[Lieu, list[FicheLue]] = defaultdict(list)
    for fiche in controle.fiches:
        read[fiche.lieu].append(fiche)
    sheets: dict[str, list[Lecture]] = defaultdict(list)
    for lieu, sort in controle.bilan.feuilles.items():
        why = _why_sheet(lieu, sort, read[lieu], said[lieu.fichier, lieu.feuille])
        sheets[lieu.fichier].append(Lecture(lieu.feuille, sort.value, _TONS[sort], why))
    for name, sort in controle.bilan.fichiers.items():
        own = sheets[name]
        why = " ".join(one.message for one in said[name, ""])
        if not why:
            accepted = sum(sheet.sort == Sort.ACCEPTE for sheet in own)
            why = f"{compte(accepted, 'feuille lue', 'feuilles lues')} sur {len(own)}."
        yield Lecture(name, sort.value, _TONS[sort], why, tuple(own))


def _why_sheet(lieu: Lieu, sort: Sort, read: Sequence[FicheLue], said: Sequence[Anomalie]) -> str:
    if sort is Sort.ACCEPTE:
        about = []
        for fiche in read:
            own = fiche.forme.fiche
            rows = compte(len(fiche.saisies), "ligne lue", "lignes lues")
            about.append(f"{own.evaluateur.nom_complet}, {own.partie.id}, {own.sujet} : {rows}.")
        return " ".join(about)
    if said:
        return " ".join(dict.fromkeys(one.message for one in said if _explains(one, sort)))
    if sort is Sort.IGNORE:
        return "Elle ne porte aucune appréciation : c’est une feuille d’aide ou de service."
    return "Elle n’apporte rien de plus qu’une autre copie de la même grille."


def _explains(anomalie: Anomalie, sort: Sort) -> bool:
    return anomalie.bloquante or sort is not Sort.REFUSE
