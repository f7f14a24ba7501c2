"""What was read of every grid, against its table and its scale: every fault, all at once."""

from collections.abc import Iterable
from typing import Any

from batch import chaine
from batch.anomalies import Anomalie, Code
from batch.chaine import Controle
from batch.classeurs import tables
from batch.classeurs.grille import controle
from batch.classeurs.grille.fiches import FicheLue
from batch.folder import Folder
from batch.reglement.modele import Echelle

from .etape import NAIF, NOUS, Etape, Travail

Trouvee = tuple[str, str, str]  # sheet, cell or row, what is wrong


def _read(folder: Folder) -> Controle:
    return chaine.read_returns(chaine.gather(folder))


def naif(folder: Folder) -> Travail:
    """pandera, sheet by sheet, on the table that the program itself ships."""
    lu = _read(folder)
    echelle = lu.contexte.reglement.echelle

    def travail() -> list[Trouvee]:
        import pandera.pandas as pa

        schema = _schema(echelle)
        found: list[Trouvee] = []
        for fiche in lu.fiches:
            frame = _frame(fiche)
            try:
                schema.validate(frame, lazy=True)
            except pa.errors.SchemaErrors as errors:
                found += _told(fiche, errors.failure_cases.to_dict("records"))
        return found

    return travail


def _schema(echelle: Echelle) -> Any:
    import pandera.pandas as pa

    own = tables.schema("grille")
    words = [word for niveau in echelle.niveaux for word in (niveau.libelle, niveau.code)]
    demanding = [n.libelle for n in echelle.niveaux if n.commentaire == "obligatoire"]
    scale = pa.Check.isin(words, name="note")
    own = own.update_column("note", checks=[*own.columns["note"].checks, scale])
    rule = pa.Check(
        lambda table: ~(table["note"].isin(demanding) & table["commentaire"].isna()),
        name="commentaire",
    )
    return pa.DataFrameSchema(own.columns, checks=[rule])


def _frame(fiche: FicheLue) -> Any:
    import pandas as pd

    return pd.DataFrame(
        {
            "repere": [saisie.ligne.id for saisie in fiche.saisies],
            "code": [saisie.ligne.code or None for saisie in fiche.saisies],
            "critere": [saisie.ligne.texte for saisie in fiche.saisies],
            "note": [saisie.note.texte for saisie in fiche.saisies],
            "temoin": None,
            "commentaire": [saisie.commentaire for saisie in fiche.saisies],
        },
        dtype=object,
    )


def _told(fiche: FicheLue, cases: Iterable[dict[str, Any]]) -> Iterable[Trouvee]:
    for case in cases:
        saisie = fiche.saisies[case["index"]]
        if case["schema_context"] != "Column":
            where = saisie.lieu_commentaire
        elif case["column"] == "note":
            where = saisie.lieu
        else:
            continue
        yield str(where.fichier), where.feuille, where.cellule


def nous(folder: Folder) -> Travail:
    lu = _read(folder)
    contexte = lu.contexte
    return lambda: controle.check(lu.fiches, lu.attendues, lu.vues, contexte.reglement)[1]


def temoin(folder: Folder, trouvees: list[Trouvee] | list[Anomalie]) -> Iterable[str]:
    """The cells at fault. What we forgive and say is a word that the plain way refuses; a blank
    whose rating we find elsewhere is told there; the blanks of a sheet make one sentence."""
    sheets = set[str]()
    for one in trouvees:
        if not isinstance(one, Anomalie):
            sheets.add(f"{one[0]} {one[1]}")
        elif one.code is not Code.GRILLE_NON_REVENUE:
            sheets.add(f"{one.lieu.fichier} {one.lieu.feuille}")
    return sheets


ETAPE = Etape(
    nom="validation",
    titre="Grilles vérifiées",
    vise="≥ 60 × naïf",
    facons={NAIF: naif, NOUS: nous},
    temoin=temoin,
    fautes=True,
    imports=("pandas", "pandera.pandas", "openpyxl"),
)
