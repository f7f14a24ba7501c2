"""jury traiter, whole: from the folder to the last document, interpreter and imports included."""

from collections.abc import Iterable, Iterator

from batch import chaine
from batch.anomalies import Lieu
from batch.chaine import Contexte
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.controle import Evaluations
from batch.documents import edition
from batch.folder import Folder
from batch.jury.deliberation import decide, objets
from batch.jury.seance import Dossier, Seance
from batch.records import Appreciation

from ..session import NOW, Etat
from . import papiers
from .etape import NAIF, NOUS, SEUL, Etape, Travail, files


def naif(folder: Folder) -> Travail:
    """openpyxl, pandera sheet by sheet, the same calculation, a docxtpl render a document."""

    def travail() -> None:
        contexte = chaine.gather(folder)
        appreciations = {}
        for one in _ratings(folder, contexte):
            appreciations.setdefault(one.candidat, []).append(one)
        evaluations = Evaluations({k: tuple(v) for k, v in appreciations.items()}, {})
        seance = _sitting(contexte, evaluations)
        folder.documents.mkdir()
        for nom, content in papiers.docxtpl(edition.feuilles(seance)):
            path = folder.documents / nom
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)

    return travail


def _ratings(folder: Folder, contexte: Contexte) -> Iterator[Appreciation]:
    import openpyxl
    import pandas as pd

    from .validation import _schema

    echelle = contexte.reglement.echelle
    schema = _schema(echelle)
    codes = {niveau.libelle: niveau.code for niveau in echelle.niveaux}
    formes = {str(forme.numero): forme for forme in contexte.formes}
    for path in files(folder.retours, "*.xlsx"):
        for sheet in openpyxl.load_workbook(path).worksheets:
            forme = formes.get(str(sheet.cell(f.L_NUMERO, f.CRITERE).value))
            if forme is None:
                continue
            rows = [
                [cell.value for cell in row]
                for row in sheet.iter_rows(min_row=f.L_PREMIERE)
                if row[0].value
            ]
            names = ["repere", "code", "critere", "note", "temoin", "commentaire"]
            schema.validate(pd.DataFrame(rows, columns=names, dtype=object), lazy=True)
            fiche = forme.fiche
            for repere, _, _, note, _, commentaire in rows:
                yield Appreciation(
                    candidat=fiche.sujet,
                    evaluateur=fiche.evaluateur.id,
                    partie=fiche.partie.id,
                    ligne=repere.partition("~")[0],
                    niveau=codes[note],
                    note=None,
                    commentaire=commentaire,
                    lieu=Lieu(path.name, sheet.title),
                    role=fiche.evaluateur.role,
                )


def _sitting(contexte: Contexte, evaluations: Evaluations) -> Seance:
    proposals = chaine.propose(contexte, evaluations)
    ballots = [objets(contexte.referentiel, resultat) for resultat in proposals]
    return Seance(
        contexte.session,
        contexte.referentiel,
        contexte.reglement,
        tuple(
            Dossier(resultat, own, decide(contexte.referentiel, resultat, {}))
            for resultat, own in zip(proposals, ballots, strict=True)
        ),
    )


def nous(folder: Folder) -> Travail:
    """The report, the corrections, the jury's workbook and the results besides."""
    return lambda: chaine.treat(folder, NOW, allure=SEUL)


def temoin(folder: Folder, _: object) -> Iterable[str]:
    for path in papiers.documents(folder):
        yield from papiers.canonical(path.name, path.read_bytes())


ETAPE = Etape(
    nom="traiter",
    titre="jury traiter, entier, un processus",
    vise="≥ 10 × naïf",
    facons={NAIF: naif, NOUS: nous},
    temoin=temoin,
    etat=Etat.RENDUE,
    entiere=True,
)
