"""A session folder, created and opened: what it says before any grid is read."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from batch import data, fichiers
from batch.anomalies import Anomalie, Code, Empechement, Lieu, MauvaisUsage
from batch.chaine.acceptations import mark
from batch.classeurs import cellules, tables
from batch.classeurs import session as classeur_session
from batch.classeurs.cellules import Classeur
from batch.classeurs.grille import forme
from batch.classeurs.grille.forme import Forme, Sceau
from batch.folder import Folder
from batch.francais import date_longue
from batch.jury import rattrapage
from batch.jury.affectation import Cahier, plan
from batch.reception import limites
from batch.records import Session
from batch.referentiel import ecriture as ecriture_referentiel
from batch.referentiel import lecture as lecture_referentiel
from batch.referentiel.modele import Referentiel
from batch.reglement import lecture as lecture_reglement
from batch.reglement.modele import Reglement


@dataclass(frozen=True, slots=True)
class Contexte:
    """What a session folder says before any grid is read."""

    folder: Folder
    referentiel: Referentiel  # with its blocs, the certificateur's own included
    reglement: Reglement
    session: Session
    cahiers: tuple[Cahier, ...]
    formes: tuple[Forme, ...]  # every sheet of the cahiers
    anomalies: tuple[Anomalie, ...]

    @property
    def fichier_referentiel(self) -> Path:
        """The house's own, frozen in the folder, or the one of ours that it goes by."""
        own = self.folder.referentiel
        return own if own.is_file() else data.REFERENTIELS / f"{self.referentiel.id}.yaml"

    def by_cahier(self) -> Iterator[tuple[Cahier, tuple[Forme, ...]]]:
        """Each cahier with its own sheets."""
        sheets = iter(self.formes)
        for cahier in self.cahiers:
            yield cahier, tuple(islice(sheets, len(cahier.fiches)))

    def sceau(self, cle: bytes) -> Sceau:
        return forme.sceau(cle, self.reglement)

    def fingerprint(self) -> str:
        """Of all that the session asks of its grids, and of whom."""
        said = repr((self.session, self.referentiel, self.reglement))
        return fichiers.fingerprint(said.encode("utf-8", "surrogatepass"))


def create(folder: Folder, referentiel: Referentiel, reglement: str, now: datetime) -> None:
    """A new session folder: the workbook to fill in, and its own copy of the règlement.

    A référentiel that is not one of ours is copied too: the session must not change with it.
    """
    own = referentiel.id not in lecture_referentiel.known()
    lay_down(
        folder,
        reglement.encode(),
        ecriture_referentiel.as_yaml(referentiel).encode() if own else None,
        classeur_session.write(referentiel, now.date()),
    )
    folder.log(
        "session",
        now,
        referentiel=referentiel.id,
        reglement=fichiers.fingerprint(reglement.encode()),
    )


def lay_down(folder: Folder, reglement: bytes, referentiel: bytes | None, session: bytes) -> None:
    """The first files of a session, in a folder that holds none yet."""
    if folder.session.exists() or folder.reglement.exists():
        raise Empechement(
            f"{folder.root} contient déjà une session : rien n'a été changé. "
            f"Choisissez un autre dossier."
        )
    if referentiel is not None:
        fichiers.write(folder.referentiel, referentiel)
    fichiers.write(folder.reglement, reglement)
    fichiers.write(folder.session, session)
    folder.retours.mkdir(exist_ok=True)


def gather(folder: Folder) -> Contexte:
    """The session and its rules. Raises Empechement when they make no sense, with every reason."""
    referentiel = _referentiel(folder)
    reglement, faults = lecture_reglement.read(folder.reglement, referentiel)
    if reglement is None:
        raise Empechement("Le règlement de la session doit être corrigé.", faults)
    referentiel = reglement.apply_to(referentiel)
    classeur, anomalies = read_session(folder)
    if classeur is None:
        raise Empechement("Le classeur de la session ne peut pas être lu.", anomalies)
    session, typed = classeur_session.read(classeur, referentiel, reglement)
    anomalies = [*faults, *anomalies, *typed]
    if session is None:
        raise Empechement("La feuille « Session » de session.xlsx doit être complétée.", anomalies)
    cahiers, unassigned = plan(session, referentiel, reglement)
    anomalies += [*unassigned, *_about_certification(session, referentiel)]
    anomalies += rattrapage.check(session, reglement)
    formes = forme.formes(session.id, cahiers, reglement)
    return Contexte(
        folder, referentiel, reglement, session, cahiers, formes, tuple(mark(folder, anomalies))
    )


def read_session(folder: Folder) -> tuple[Classeur | None, list[Anomalie]]:
    """session.xlsx, cell by cell."""
    content = content_of(folder.session)
    return cellules.read(folder.session.name, content, limites.CELLULES_SESSION)


def _referentiel(folder: Folder) -> Referentiel:
    """The house's own, frozen in the folder, or one of ours by its id."""
    if not folder.referentiel.is_file():
        return lecture_referentiel.load(_referentiel_named(folder))
    referentiel, faults = lecture_referentiel.read(folder.referentiel)
    if referentiel is None:
        raise Empechement("Le référentiel de la session doit être corrigé.", faults)
    return referentiel


def _referentiel_named(folder: Folder) -> str:
    """The référentiel that the règlement is written for."""
    from batch import lecture_yaml

    try:
        text = folder.reglement.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Empechement(
            f"Le règlement de la session (reglement.yaml) manque ou ne peut pas être lu dans "
            f"{folder.root}. Recopiez-y celui de la session."
        ) from error
    source, faults = lecture_yaml.read(folder.reglement.name, text)
    named = source.donnees.get("referentiel") if source else None
    if source is None or not isinstance(named, str):
        faults = faults or [Code.YAML_MANQUE.at(Lieu("reglement.yaml"), rubrique="referentiel")]
        raise Empechement("Le règlement de la session doit être corrigé.", faults)
    return named


def content_of(path: Path) -> bytes:
    """The content of one of the session's own files."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise Empechement(
            f"{path.name} ne peut pas être lu ({error.strerror}). Fermez-le s'il est ouvert dans "
            f"un autre programme, puis relancez la commande."
        ) from error


def only_once(sessions: Iterable[str]) -> None:
    """Raises MauvaisUsage when two folders are of one session: it would be told twice."""
    for session, times in Counter(sessions).items():
        if times > 1:
            raise MauvaisUsage(
                f"La session {session} est donnée plusieurs fois. Ne donnez qu'un de ses dossiers."
            )


def _about_certification(session: Session, referentiel: Referentiel) -> Iterable[Anomalie]:
    if not referentiel.blocs:
        yield Code.PARCHEMIN_SANS_BLOC.at(Lieu("reglement.yaml"), intitule=referentiel.intitule)
    registered = referentiel.enregistrement
    if registered and not registered.du <= session.date_jury <= registered.au:
        yield Code.ENREGISTREMENT_EXPIRE.at(
            Lieu("session.xlsx", tables.load("session").feuille),
            du=date_longue(registered.du),
            au=date_longue(registered.au),
            jury=date_longue(session.date_jury),
        )
