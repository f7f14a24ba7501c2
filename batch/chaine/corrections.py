"""What the check found -> the grids to send back, each with the message that goes with it.

controle/corrections/ holds only what still has to be sent: what has been mended since is taken
away at the next run, unless somebody has changed it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from batch import fichiers
from batch.allure import ORDINAIRE, Allure, Progres, unseen
from batch.anomalies import Code
from batch.chaine import depot
from batch.chaine.ouverture import Contexte
from batch.chaine.ouvrages import Ouvrages
from batch.classeurs import cellules
from batch.classeurs.cellules import Classeur
from batch.classeurs.grille import ecriture, forme
from batch.classeurs.grille.apport import Retour
from batch.classeurs.grille.correction.modele import GUERISSABLES, Correction
from batch.classeurs.grille.correction.preparation import prepare
from batch.francais import compte, date_jour, typographie
from batch.jury.affectation import Cahier
from batch.records import Session
from batch.transaction import Contenu

if TYPE_CHECKING:
    from batch.chaine.retours import Controle


# A file that cannot be read at all: nobody knows whose grid it held, so that no grid is made, but
# whoever sent it can be told what to send instead.
_DEMANDES = {
    Code.FICHIER_VIDE: "il est arrivé vide ; renvoyez-le, de préférence seul dans un message.",
    Code.FICHIER_CHIFFRE: "il est protégé par un mot de passe. Dans Excel : Fichier, "
    "Informations, Protéger le classeur, Chiffrer avec mot de passe : effacez-le, enregistrez, "
    "puis renvoyez-le.",
    **dict.fromkeys(
        (Code.FICHIER_XLS, Code.FICHIER_XLSB, Code.FICHIER_XML_2003, Code.FICHIER_NUMBERS),
        "ce format ne peut pas être lu. Ouvrez-le, enregistrez-le au format « Classeur Excel "
        "(.xlsx) », puis renvoyez-le.",
    ),
    **dict.fromkeys(
        (
            Code.FICHIER_PDF,
            Code.FICHIER_IMAGE,
            Code.FICHIER_BUREAUTIQUE,
            Code.FICHIER_TEXTE,
            Code.FICHIER_PAGE_WEB,
        ),
        "ce n'est pas un classeur Excel. Renvoyez la grille elle-même, remplie dans Excel, au "
        "format .xlsx.",
    ),
    **dict.fromkeys(
        (Code.FICHIER_ABIME, Code.FICHIER_SUSPECT),
        "il est arrivé abîmé ; renvoyez-le, de préférence seul dans un message.",
    ),
    **dict.fromkeys(
        (Code.FICHIER_ARCHIVE, Code.ARCHIVE_CHIFFREE),
        "cette archive ne peut pas être ouverte ; renvoyez les grilles elles-mêmes.",
    ),
    Code.FICHIER_PAS_CLASSEUR: "ce n'est pas un classeur Excel lisible. Ouvrez la grille remplie, "
    "choisissez Enregistrer sous, Classeur Excel (.xlsx), et renvoyez-la.",
    Code.FICHIER_TROP_GROS: "il est bien plus gros qu'une grille ; renvoyez la grille elle-même, "
    "sans image ni fichier ajouté.",
    Code.FICHIER_SANS_GRILLE: "aucune de ses feuilles n'est la grille que nous vous avons "
    "envoyée ; reportez-y vos appréciations, et renvoyez ce classeur-là.",
}


SERIE = "corrections"


def write(controle: "Controle", now: datetime, allure: Allure = ORDINAIRE) -> list[str]:
    """The corrections that the session needs today; the files that had to be written."""
    folder = controle.contexte.folder
    ouvrages, made = Ouvrages(folder, SERIE), dict[str, Contenu]()
    for one in _wanted(controle, now, allure.stage("Corrections")):
        sources = {nom: fichiers.fingerprint(ascii((nom, one.source)).encode()) for nom in one.noms}
        standing = {
            nom: known
            for nom, source in sources.items()
            if (known := ouvrages.standing(folder.corrections / nom, source))
        }
        if standing.keys() == sources.keys():
            made |= standing
        else:
            made |= {nom: ouvrages.made(sources[nom], own) for nom, own in one.make()}
    controle.lecteur.reperes.forget()
    made |= dict(_requests(controle, now))
    return depot.renew(folder, folder.corrections, SERIE, made, ouvrages.record())


def grids(controle: "Controle", now: datetime) -> Iterator[tuple[str, bytes]]:
    """A workbook and its message for each évaluateur × épreuve that has something to mend."""
    for one in _wanted(controle, now):
        yield from one.make()


@dataclass(frozen=True, slots=True)
class _AReprendre:
    """A grid that may have something to mend: the names of its workbook and of its message, all
    that they are made of, and both of them; neither, where nothing is to be mended."""

    noms: tuple[str, str]
    source: str
    make: Callable[[], Iterator[tuple[str, bytes]]]


def _wanted(
    controle: "Controle", now: datetime, progres: Progres = unseen
) -> Iterator[_AReprendre]:
    contexte = controle.contexte
    if not any(a.code in _CAUSES for a in controle.anomalies):
        return
    lecteur, sceau = controle.lecteur, controle.lecteur.sceau
    returned: dict[tuple[str, str], list[Retour]] = defaultdict(list)
    waited = {one.numero for one in controle.attendues if one.attendues}
    lacking = set(waited)
    for retour in controle.retours:
        lacking -= retour.numeros
        for key in {(one.evaluateur, one.partie) for one in retour.numeros}:
            returned[key].append(retour)
    faulty = {a.lieu.fichier for a in controle.anomalies if a.code in GUERISSABLES}
    incomplete = {(one.evaluateur, one.partie) for one in lacking}
    rules = contexte.fingerprint()  # the sheets that are waited for included
    due = _due(contexte.session, now)
    for done, (cahier, formes) in enumerate(contexte.by_cahier(), 1):
        progres(done, len(contexte.cahiers))
        key = (cahier.evaluateur.id, cahier.partie.id)
        if key not in incomplete and not any(one.nom in faulty for one in returned[key]):
            continue  # whole and sound: most are, and it takes long to see it row by row
        edited = partial(
            ecriture.write,
            contexte.session,
            contexte.referentiel,
            contexte.reglement,
            cahier,
            sceau,
        )
        prepared = partial(
            prepare,
            formes,
            [controle.classeur(retour) for retour in returned[key]],
            lecteur,
            sceau,
            controle.anomalies,
            waited,
            contexte.reglement.echelle,
            partial(_plain, edited),
        )
        name = fichiers.safe_name(f"correction {forme.file_name(cahier)}")
        noms = (name, f"{name.removesuffix('.xlsx')}.txt")
        files = {one.nom for one in returned[key]}
        faults = [anomalie for anomalie in controle.anomalies if anomalie.lieu.fichier in files]
        back = [(one.nom, one.empreinte, one.feuilles) for one in returned[key]]
        source = repr((rules, due, key, back, faults))
        make = partial(_made, noms, prepared, edited, partial(_message, contexte, cahier, due))
        yield _AReprendre(noms, source, make)


def _made(
    noms: tuple[str, str],
    prepared: Callable[[], Correction | None],
    edited: Callable[[Correction], bytes],
    message: Callable[[Correction], bytes],
) -> Iterator[tuple[str, bytes]]:
    needed = prepared()
    if needed is not None:
        yield noms[0], edited(needed)
        yield noms[1], message(needed)


_CAUSES = GUERISSABLES | {Code.GRILLE_NON_REVENUE}


def _plain(edited: Callable[[], bytes]) -> Classeur:
    """The grid as it was before anybody typed."""
    classeur, _ = cellules.read("", edited())
    assert classeur is not None
    return classeur


def _message(contexte: Contexte, cahier: Cahier, due: str, needed: Correction) -> bytes:
    """Who, what, by when: three lines, and no result in them."""
    who, what = cahier.evaluateur, forme.partie_nom(cahier.partie)
    count = len(needed.fautes)
    todo = "des textes écrits hors des cases n'ont pas pu être lus"
    where = "les donne sur sa première feuille."
    if count:
        todo = f"{compte(count, 'case est', 'cases sont')} à reprendre"
        cells = "marque cette case" if count == 1 else "marque ces cases"
        where = f"{cells} et y mène depuis sa première feuille."
    return _text(
        f"{who.nom_complet} <{who.courriel}>" if who.courriel else who.nom_complet,
        f"Grille à corriger : {what}, session {contexte.session.id}",
        f"Bonjour {who.nom_complet},",
        f"Votre grille ({what}) nous est bien parvenue, merci ; {todo}. Le classeur joint la "
        f"contient telle que vous l'avez remplie, {where}",
        due,
    )


def _requests(controle: "Controle", now: datetime) -> Iterator[tuple[str, bytes]]:
    """For each file that could not be read, a message to whoever sent it."""
    session = controle.contexte.session
    for anomalie in controle.anomalies:
        why = _DEMANDES.get(anomalie.code)
        if why is not None:
            path = anomalie.lieu.fichier.removeprefix("retours/")
            name = fichiers.safe_name(f"message {path.replace('/', ' ')}", 120)
            yield (
                f"{name}.txt",
                _text(
                    "la personne qui a envoyé ce fichier",
                    f"Grille à renvoyer, session {session.id}",
                    "Bonjour,",
                    f"Le fichier « {path.rpartition('/')[2]} » n'a pas pu être lu : {why}",
                    _due(session, now),
                ),
            )


def _due(session: Session, now: datetime) -> str:
    limit = f"avant le {date_jour(session.date_limite)}"
    if now.date() > session.date_limite:
        limit = f"dès que possible, le délai du {date_jour(session.date_limite)} étant passé"
    return f"Merci de nous le retourner {limit}, à {session.contact} ({session.contact_courriel})."


def _text(who: str, subject: str, *lines: str) -> bytes:
    head = typographie(f"À : {who}\nObjet : {subject}")
    return "\n".join([head, "", *(typographie(line) for line in lines), ""]).encode("utf-8-sig")
