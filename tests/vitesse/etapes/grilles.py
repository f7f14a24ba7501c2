"""The grids of a session, from session.xlsx to the workbooks on the disk."""

import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from batch import chaine, fichiers
from batch.classeurs import cellules
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.forme import Forme, Intertitre
from batch.folder import Folder

from ..session import NOW, Etat
from .etape import LIMITE, NAIF, NOUS, Etape, Travail, files


def naif(folder: Folder) -> Travail:
    """A workbook a candidate, formats in the loop, a validation and a rule on each row."""

    def travail() -> None:
        import xlsxwriter

        contexte = chaine.gather(folder)
        sceau = contexte.sceau(folder.create_key())
        words = list(f.choices(contexte.reglement.echelle))
        people: dict[str, list[Forme]] = defaultdict(list)
        for forme in contexte.formes:
            people[forme.fiche.sujet].append(forme)
        folder.grilles.mkdir()
        for sujet, formes in people.items():
            workbook = xlsxwriter.Workbook(folder.grilles / f"{sujet}.xlsx")
            for forme in formes:
                sheet = workbook.add_worksheet(forme.fiche.partie.id[:31])
                sheet.write(0, 0, sceau.jeton(forme))
                sheet.write(1, 2, forme.fiche.partie.intitule)
                sheet.write(2, 2, str(forme.numero))
                sheet.write(3, 2, f.sujet_texte(forme.fiche))
                for row, rang in enumerate(forme.rangs, f.L_PREMIERE - 1):
                    bold = workbook.add_format({"bold": True, "text_wrap": True, "border": 1})
                    plain = workbook.add_format({"text_wrap": True, "border": 1})
                    entry = workbook.add_format({"bg_color": "#FFF9E5", "locked": False})
                    sheet.write(row, f.CODE - 1, rang.code, bold)
                    if isinstance(rang, Intertitre):
                        sheet.write(row, f.CRITERE - 1, rang.texte, bold)
                        continue
                    sheet.write(row, f.REPERE - 1, sceau.repere(forme.numero, rang.id))
                    sheet.write(row, f.CRITERE - 1, rang.texte + rang.puces, plain)
                    sheet.write(row, f.TEMOIN - 1, rang.id, plain)
                    for column in (f.NOTE, f.COMMENTAIRE):
                        sheet.write(row, column - 1, "", entry)
                    sheet.data_validation(
                        row, f.NOTE - 1, row, f.NOTE - 1, {"validate": "list", "source": words}
                    )
                    for word in words:
                        rule = workbook.add_format({"bg_color": "#E2F0D9"})
                        sheet.conditional_format(
                            row, f.NOTE - 1, row, f.NOTE - 1,
                            {"type": "cell", "criteria": "==", "value": f'"{word}"',
                             "format": rule},
                        )  # fmt: skip
                sheet.protect()
            workbook.close()

    return travail


def nous(folder: Folder) -> Travail:
    return lambda: chaine.issue_grids(folder, NOW)


def limite(folder: Folder) -> Travail:
    """The XML of our own workbooks, deflated again and laid on the disk."""
    chaine.issue_grids(folder, NOW)
    workbooks = [
        (path, [package.read(name) for name in package.namelist()])
        for path in files(folder.grilles, "*.xlsx")
        for package in [zipfile.ZipFile(path)]
    ]

    def travail() -> None:
        for path, parts in workbooks:
            fichiers.write(path, b"".join(zlib.compress(part, 6) for part in parts))

    return travail


def temoin(folder: Folder, _: object) -> Iterable[str]:
    """Each row of each sheet: its tag, its code, its text."""
    for path in files(folder.grilles, "*.xlsx"):
        classeur, faults = cellules.read(path.name, path.read_bytes())
        assert classeur is not None, faults
        for feuille in classeur.feuilles:
            if feuille.nom not in f.NOTRES:
                yield from _rows(feuille)


def _rows(feuille: cellules.Feuille) -> Iterator[str]:
    numero = feuille.at(f.L_NUMERO, f.CRITERE).texte
    for row in feuille.rows:
        texts = [feuille.at(row, c).texte for c in (f.REPERE, f.CODE, f.CRITERE, f.TEMOIN)]
        if row >= f.L_PREMIERE and any(texts):
            yield f"{numero} {row} {texts}"


ETAPE = Etape(
    nom="grilles",
    titre="Grilles écrites",
    vise="≥ 12 × naïf",
    facons={NAIF: naif, NOUS: nous, LIMITE: limite},
    temoin=temoin,
    etat=Etat.EMISE,
    imports=("xlsxwriter", "openpyxl", "batch.classeurs.direct", "pandera.pandas"),
)
