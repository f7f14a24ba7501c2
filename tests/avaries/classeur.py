"""The workbook and its sheets: renamed, copied, deleted, dressed otherwise, from elsewhere."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.workbook.protection import WorkbookProtection

from batch.classeurs.grille import ecriture
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.forme import Sceau

from . import FICHIER, LIGNES, Avarie, Depart, Geste, fiche, main, rangs, row_of, saved, sheet


def rename_sheets(workbook: Any) -> None:
    for rank, own in enumerate(workbook.worksheets):
        own.title = f"Feuil{rank}"


def copy_sheet(note: str | None) -> Callable[[Any], None]:
    """C1's sheet twice; with another rating on the copy, unless `note` is None."""

    def change(workbook: Any) -> None:
        copy = workbook.copy_worksheet(sheet(workbook))
        copy.title = "C1 DURAND (2)"
        if note is not None:
            copy.cell(row_of(copy, "E1"), f.NOTE).value = note

    return change


def delete(*titles: str) -> Callable[[Any], None]:
    def change(workbook: Any) -> None:
        for own in workbook.worksheets:
            if own.title.startswith(titles):
                del workbook[own.title]

    return change


def split(depart: Depart) -> Mapping[str, bytes]:
    """Each candidate's sheet copied into a new workbook, by hand."""
    files = {}
    for candidat in ("C1", "C2"):
        workbook = openpyxl.load_workbook(io.BytesIO(depart.contenu))
        fresh = openpyxl.Workbook()
        for row in sheet(workbook, candidat).iter_rows():
            for cell in row:
                fresh.active.cell(cell.row, cell.column).value = cell.value
        files[f"{candidat}.xlsx"] = saved(fresh)
    return files


def lose_properties(workbook: Any) -> None:
    workbook.custom_doc_props.props.clear()
    workbook.properties = type(workbook.properties)()
    for own in workbook.worksheets:
        own.print_title_rows = None
        own.print_area = None


def reveal(workbook: Any) -> None:
    for own in workbook.worksheets:
        own.sheet_state = "visible"
        for dimension in (*own.column_dimensions.values(), *own.row_dimensions.values()):
            dimension.hidden = False


def paste_over_the_rules(workbook: Any) -> None:
    for own in workbook.worksheets:
        own.data_validations.dataValidation = []
        own.conditional_formatting = type(own.conditional_formatting)()
        own.protection.sheet = False


def filter_and_hide(workbook: Any) -> None:
    own = sheet(workbook)
    own.auto_filter.ref = "B10:F29"
    for row in range(12, 20):
        own.row_dimensions[row].hidden = True


def move_panes(workbook: Any) -> None:
    sheet(workbook).freeze_panes = "F40"
    sheet(workbook).sheet_view.zoomScale = 400


def lock_with_password(workbook: Any) -> None:
    for own in workbook.worksheets:
        own.protection.set_password("secret")
    workbook.security = WorkbookProtection(lockStructure=True)


def annotate(workbook: Any) -> None:
    own = sheet(workbook)
    own["D12"].comment = Comment("à revoir avec le jury", "Hélène")
    own["D12"].fill = PatternFill("solid", fgColor="FFFF00")


def far_blanks(workbook: Any) -> None:
    own = sheet(workbook)
    for row in range(30, 1500):
        own.cell(row, f.NOTE).value = " "
        own.cell(row, f.COMMENTAIRE).fill = PatternFill("solid", fgColor="EEEEEE")


def merge(area: str) -> Callable[[Any], None]:
    return lambda workbook: sheet(workbook).merge_cells(area)


def add_draft(workbook: Any) -> None:
    own = workbook.create_sheet("Brouillon")
    own.append(["Ordre de passage", "9 h 30 : Léa"])


def retype(workbook: Any) -> None:
    """A sheet retyped by hand in place of C1's: headings, texts and ratings, and nothing else."""
    own, fresh = sheet(workbook), workbook.create_sheet("Durand Léa")
    fresh.append(["Code", "Critère d’évaluation", "Appréciation", "Commentaire"])
    for ligne in LIGNES:
        row = row_of(own, ligne)
        fresh.append([own.cell(row, column).value for column in (2, 3, 4, 6)])
    del workbook[own.title]


def beside(name: str, change: Callable[[Any], None]) -> Geste:
    """The file, and beside it a copy that somebody has changed."""

    def geste(depart: Depart) -> Mapping[str, bytes]:
        altered = main(change)(depart)
        assert isinstance(altered, bytes)
        return {FICHIER: depart.contenu, name: altered}

    return geste


def blank_beside(depart: Depart) -> Mapping[str, bytes]:
    """The grid as it was sent, never filled, beside the filled one."""
    return {FICHIER: depart.contenu, "vide.xlsx": issued(depart)}


def from_elsewhere(**changes: Any) -> Geste:
    """The grid of a session that is ours but for this, beside ours."""
    return lambda depart: {FICHIER: depart.contenu, "autre.xlsx": issued(depart, **changes)}


def issued(depart: Depart, *, sceau: Sceau | None = None, **changes: Any) -> bytes:
    """The grids of BC1 as another session, another key or another assignment would make them."""
    contexte = depart.contexte
    cahier = contexte.cahiers[0]
    if "evaluateur" in changes:
        other = replace(cahier.evaluateur, id=changes.pop("evaluateur"))
        own = tuple(replace(one, evaluateur=other) for one in cahier.fiches)
        cahier = replace(cahier, evaluateur=other, fiches=own)
    session = replace(contexte.session, **changes)
    return ecriture.write(
        session, contexte.referentiel, contexte.reglement, cahier, sceau or depart.sceau
    )


def under_other_rules(depart: Depart) -> bytes:
    """Every token made under a règlement that has changed since."""
    other = Sceau(depart.sceau.cle, "d'autres règles")
    contexte = depart.contexte
    formes = [
        f.forme(contexte.session.id, own, contexte.reglement) for own in contexte.cahiers[0].fiches
    ]
    return _with_tokens(depart, {depart.sceau.jeton(one): other.jeton(one) for one in formes})


def with_other_words(depart: Depart) -> bytes:
    """Issued when the référentiel said E1 otherwise, and had no E2."""
    contexte = depart.contexte
    tokens, own = {}, contexte.cahiers[0].fiches[0]
    today = f.forme(contexte.session.id, own, contexte.reglement)
    rows = tuple(
        replace(rang, texte="Ancien texte") if rang in today.lignes[:1] else rang
        for rang in today.rangs
        if rang not in today.lignes[1:2]
    )
    tokens[depart.sceau.jeton(today)] = depart.sceau.jeton(replace(today, rangee=f.Rangee(rows)))

    def change(workbook: Any) -> None:
        grid = sheet(workbook)
        grid.cell(row_of(grid, "E1"), f.CRITERE).value = "Ancien texte"
        grid.delete_rows(row_of(grid, "E2"))

    altered = main(change)(replace(depart, contenu=_with_tokens(depart, tokens)))
    assert isinstance(altered, bytes)
    return altered


def _with_tokens(depart: Depart, tokens: Mapping[str, str]) -> bytes:
    def change(workbook: Any) -> None:
        for own in workbook.worksheets:
            for row in own.iter_rows():
                for cell in row:
                    cell.value = tokens.get(cell.value, cell.value)

    altered = main(change)(depart)
    assert isinstance(altered, bytes)
    return altered


CAS = (
    Avarie("Rien : ouvert et enregistré", main(lambda workbook: None)),
    Avarie(
        "Les feuilles renommées « Feuil1 », « Feuil2 »…", main(rename_sheets), ("GRI-010 Feuil0",)
    ),
    Avarie(
        "La feuille d’un candidat copiée dans le classeur",
        main(copy_sheet(None)),
        ("GRI-009 C1 DURAND (2)",),
    ),
    Avarie(
        "La feuille d’un candidat copiée, puis changée",
        main(copy_sheet("Sans objet")),
        ("GRI-008 C1 DURAND (2)", "GRI-033 C1 DURAND (2)!D12"),
        fiche("C1"),
    ),
    Avarie("La feuille d’un candidat supprimée", main(delete("C2")), ("GRI-301",), fiche("C2")),
    Avarie("Chaque feuille copiée dans un classeur neuf", split),
    Avarie("La feuille cachée et le mode d’emploi supprimés", main(delete("_jury", "Mode"))),
    Avarie("Les propriétés du classeur et les zones d’impression perdues", main(lose_properties)),
    Avarie("Tout ce qui était caché affiché", main(reveal)),
    Avarie("Listes, couleurs et protection perdues (valeurs collées)", main(paste_over_the_rules)),
    Avarie("Un filtre posé, huit lignes masquées", main(filter_and_hide)),
    Avarie("Les volets déplacés, la vue agrandie", main(move_panes)),
    Avarie("Les feuilles verrouillées par un autre mot de passe", main(lock_with_password)),
    Avarie("Des notes et des couleurs ajoutées dans les cellules", main(annotate)),
    Avarie("1 500 lignes d’espaces et de couleurs après la grille", main(far_blanks)),
    Avarie(
        "Deux appréciations fusionnées en une cellule",
        main(merge("D12:D13")),
        ("GRI-202 C1 DURAND!D13",),
        rangs("C1", "E2"),
    ),
    Avarie(
        "Une appréciation fusionnée avec le texte de son critère",
        main(merge("C12:D12")),
        ("GRI-202 C1 DURAND!D12",),
        rangs("C1", "E1"),
    ),
    Avarie("Une feuille de brouillon ajoutée", main(add_draft), ("GRI-010 Brouillon",)),
    Avarie(
        "La grille d’un candidat retapée à la main sur une feuille neuve",
        main(retype),
        ("GRI-018 Durand Léa", "GRI-301"),
        fiche("C1"),
    ),
    Avarie(
        "La même grille déposée deux fois, enregistrée entre les deux",
        beside("copie.xlsx", move_panes),
        ("GRI-009 C1 DURAND", "GRI-009 C2 PETIT"),
    ),
    Avarie(
        "La grille vide déposée à côté de la grille remplie",
        blank_beside,
        ("GRI-030 C1 DURAND", "GRI-030 C2 PETIT"),
    ),
    Avarie(
        "La grille d’une autre session",
        from_elsewhere(id="S2"),
        ("GRI-001 C1 DURAND", "GRI-001 C2 PETIT"),
    ),
    Avarie(
        "La grille d’une session du même numéro, signée d’une autre clé",
        from_elsewhere(sceau=Sceau(b"une autre")),
        ("GRI-002 C1 DURAND", "GRI-002 C2 PETIT"),
    ),
    Avarie(
        "La grille d’un évaluateur qui n’est plus prévu",
        from_elsewhere(evaluateur="E9"),
        ("GRI-003 C1 DURAND", "GRI-003 C2 PETIT"),
    ),
    Avarie(
        "Une grille faite avant un changement du règlement",
        under_other_rules,
        ("GRI-004 C1 DURAND", "GRI-004 C2 PETIT"),
    ),
    Avarie(
        "Une grille faite avant un changement du référentiel",
        with_other_words,
        ("GRI-004 C1 DURAND", "GRI-202 C1 DURAND"),
        rangs("C1", "E2"),
    ),
)
