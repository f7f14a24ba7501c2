"""A cahier -> the workbook that its évaluateur fills: a notice, then a sheet for each candidate."""

from dataclasses import dataclass
from typing import Any

from xlsxwriter.worksheet import Worksheet

from batch.classeurs import edition, tables
from batch.classeurs.cellules import fold, letters
from batch.classeurs.edition import Edition, done, put
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.correction import marques
from batch.classeurs.grille.correction.modele import RIEN, Correction, Place
from batch.classeurs.grille.forme import Forme, Intertitre, Ligne, Numero, Sceau
from batch.francais import date_jour, enumeration, majuscule, typographie
from batch.jury.affectation import Cahier
from batch.records import Session
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Reglement

# Widths in characters, for a landscape A4 page; the hidden columns come last to mind, not last.
LARGEURS = {f.REPERE: 14, f.CODE: 8, f.CRITERE: 78, f.NOTE: 21, f.TEMOIN: 14, f.COMMENTAIRE: 46}


@dataclass(frozen=True, slots=True)
class _Feuille:
    nom: str
    forme: Forme


def write(
    session: Session,
    referentiel: Referentiel,
    reglement: Reglement,
    cahier: Cahier,
    sceau: Sceau,
    correction: Correction = RIEN,
) -> bytes:
    """The workbook. The same session gives the same bytes.

    With a correction, what was typed is back in its place, and what is to be mended is marked and
    listed on a first sheet.
    """
    taken = {fold(f.NOTICE), fold(f.CACHEE)}
    feuilles = [
        _Feuille(f.sheet_name(fiche, taken), f.forme(session.id, fiche, reglement))
        for fiche in cahier.fiches
    ]
    with edition.new(session.date_jury, reglement.courrier.certificateur[:200]) as (book, buffer):
        marked = book.add_sheet(f.A_CORRIGER) if correction is not RIEN else None
        notice = book.add_sheet(f.NOTICE)
        for feuille in feuilles:
            _write_sheet(book, feuille, session, referentiel, reglement, sceau, correction)
        _write_notice(book, notice, feuilles, session, referentiel, reglement, cahier, correction)
        _write_hidden(book, feuilles, sceau)
        first = sceau.jeton(feuilles[0].forme)
        book.workbook.set_custom_property(f.PROPRIETE, first, "text")
        if marked is not None:
            head = (
                ("Grille", f"{f.partie_nom(cahier.partie)}, session {session.id}"),
                ("Évaluateur", cahier.evaluateur.nom_complet),
                ("À renvoyer à", f"{session.contact}, {session.contact_courriel}"),
            )
            formes = {feuille.nom: feuille.forme for feuille in feuilles}
            marques.write_first_sheet(book, marked, head, formes, correction)
        (marked or notice).activate()
    return buffer.getvalue()


def _write_sheet(
    book: Edition,
    feuille: _Feuille,
    session: Session,
    referentiel: Referentiel,
    reglement: Reglement,
    sceau: Sceau,
    correction: Correction,
) -> None:
    forme, fiche = feuille.forme, feuille.forme.fiche
    sheet = book.add_sheet(feuille.nom)
    displaced = any(
        place.colonne == f.TEMOIN and place.numero == forme.numero for place in correction.saisies
    )
    for column, width in LARGEURS.items():
        hidden = column in f.CACHEES and not (column == f.TEMOIN and displaced)
        options = {"hidden": True} if hidden else {}
        sheet.set_column(column - 1, column - 1, width, None, options)
    _write_head(book, sheet, feuille, session, referentiel, sceau, correction)
    last = _write_rows(book, sheet, forme, sceau, correction)
    _write_rules(book, sheet, reglement, forme, last)
    faulty = [place for place in correction.fautes if place.numero == forme.numero]
    if faulty:
        marques.mark(book, sheet, forme, correction)

    footer = f"{session.id}  {forme.numero}  {fiche.evaluateur.nom_complet}"
    edition.a4_paysage(sheet, footer, repeat=f.L_TITRES - 1)
    sheet.print_area(0, f.CODE - 1, last - 1, (f.MARQUE if faulty else f.COMMENTAIRE) - 1)
    sheet.freeze_panes(f.L_TITRES, 0)
    sheet.protect(options={"format_columns": True, "format_rows": True})
    sheet.set_selection(f.L_PREMIERE - 1, f.NOTE - 1, f.L_PREMIERE - 1, f.NOTE - 1)


def _write_head(
    book: Edition,
    sheet: Worksheet,
    feuille: _Feuille,
    session: Session,
    referentiel: Referentiel,
    sceau: Sceau,
    correction: Correction,
) -> None:
    forme, fiche = feuille.forme, feuille.forme.fiche
    label, plain = book.format(bold=True, font_color=edition.DISCRET), book.format()

    def line(row: int, titre: str, texte: str) -> None:
        put(sheet, row - 1, f.CODE - 1, titre, label)
        put(sheet, row - 1, f.CRITERE - 1, texte, plain)

    hidden = book.format(font_color=edition.FILET, num_format="@")
    put(sheet, f.L_JETON - 1, f.REPERE - 1, sceau.jeton(forme), hidden)
    if correction.remplace:
        replaced = sceau.remplace(forme.numero, correction.remplace)
        put(sheet, f.L_REMPLACE - 1, f.REPERE - 1, replaced, hidden)
    partie = fiche.partie
    put(sheet, f.L_JETON - 1, f.CODE - 1, majuscule(f.partie_nom(partie)), book.titre)
    sheet.set_row(f.L_JETON - 1, 24)
    sheet.set_row(
        f.L_CERTIFICATION - 1,
        edition.height((partie.intitule, LARGEURS[f.CRITERE])),
    )
    put(sheet, f.L_CERTIFICATION - 1, f.CRITERE - 1, partie.intitule, book.texte)
    put(sheet, f.L_CERTIFICATION - 1, f.COMMENTAIRE - 1, referentiel.intitule, book.discret)
    line(f.L_NUMERO, "Grille n°", str(forme.numero))
    put(sheet, f.L_SUJET - 1, f.CODE - 1, f.sujet_titre(fiche), label)
    strong = book.format(bold=True, font_size=12)
    put(sheet, f.L_SUJET - 1, f.CRITERE - 1, f.sujet_texte(fiche), strong)
    line(f.L_EVALUATEUR, "Par", fiche.evaluateur.nom_complet)

    put(sheet, f.L_PRESENCE - 1, f.REPERE - 1, f.CLE_PRESENCE, hidden)
    subject = "groupe" if fiche.en_groupe else "candidat"
    line(f.L_PRESENCE, "Présence", f"Le {subject} s’est-il présenté à cette évaluation ?")
    place = Place(forme.numero, None, f.NOTE)
    said = correction.saisies.get(place, f.PRESENCES[0])
    fmt = marques.input_format(book, correction, place)
    put(sheet, f.L_PRESENCE - 1, f.NOTE - 1, said, fmt)
    options = edition.liste(f.PRESENCES) | {
        "input_title": "Présence",
        "input_message": "Absent : laissez alors toutes les appréciations vides.",
        "error_title": "Présence",
        "error_message": "Choisissez Présent ou Absent.",
    }
    cell = (f.L_PRESENCE - 1, f.NOTE - 1)
    edition.validate(sheet, (*cell, *cell), options)


def _write_rows(
    book: Edition, sheet: Worksheet, forme: Forme, sceau: Sceau, correction: Correction
) -> int:
    """The headings and every row; the number of the last one."""
    keys = book.format(font_color=edition.FILET, num_format="@")
    sheet.set_row(f.L_CLES - 1, None, None, {"hidden": True})
    sheet.set_row(f.L_TITRES - 1, 20)
    for column, colonne in enumerate(tables.load("grille").colonnes):
        put(sheet, f.L_CLES - 1, column, f"#{colonne.nom}", keys)
        put(sheet, f.L_TITRES - 1, column, colonne.titre, book.entete)

    row, last_expected = f.L_PREMIERE, 0
    for rang in forme.rangs:
        if isinstance(rang, Intertitre):
            _write_heading(book, sheet, row, rang)
        else:
            _write_line(book, sheet, row, rang, forme.numero, sceau, correction)
            last_expected = last_expected if rang.facultative else row
        row += 1
    last = row - 1
    count = len(forme.attendues)
    rated = f"{_a1(f.NOTE, f.L_PREMIERE)}:{_a1(f.NOTE, last_expected)}"
    put(
        sheet,
        f.L_RESTE - 1,
        f.CODE - 1,
        "Reste",
        book.format(bold=True, font_color=edition.DISCRET),
    )
    left = book.format(
        bold=True, align="left", num_format='0" à évaluer";;"✔ Tout est évalué"', font_size=11
    )
    formula = f"={count}-COUNTA({rated})" if count else "=0"
    sheet.write_formula(f.L_RESTE - 1, f.CRITERE - 1, formula, left, _left(forme, correction))
    return last


def _left(forme: Forme, correction: Correction) -> int:
    """What the counter says before a program recalculates it."""
    places = [Place(forme.numero, ligne.id, f.NOTE) for ligne in forme.attendues]
    return sum(correction.saisie(place) is None for place in places)


def _write_heading(book: Edition, sheet: Worksheet, row: int, rang: Intertitre) -> None:
    fmt = book.format(
        bold=rang.fort, italic=not rang.fort, text_wrap=True, bg_color="#E9EDF5",
        border=1, border_color=edition.FILET, font_color=edition.ENCRE,
    )  # fmt: skip
    put(sheet, row - 1, f.CODE - 1, rang.code, fmt)
    put(sheet, row - 1, f.CRITERE - 1, rang.texte, fmt)
    for column in (f.NOTE, f.COMMENTAIRE):
        put(sheet, row - 1, column - 1, None, fmt)
    sheet.set_row(row - 1, edition.height((rang.texte, LARGEURS[f.CRITERE])))


def _write_line(
    book: Edition,
    sheet: Worksheet,
    row: int,
    ligne: Ligne,
    numero: Numero,
    sceau: Sceau,
    correction: Correction,
) -> None:
    tag = book.format(font_color=edition.FILET, num_format="@")
    put(sheet, row - 1, f.REPERE - 1, sceau.repere(numero, ligne.id), tag)
    note, temoin, comment = (
        Place(numero, ligne.id, column) for column in (f.NOTE, f.TEMOIN, f.COMMENTAIRE)
    )
    # The witness is unlocked, so that sorting the inputs carries it along, and betrays itself.
    witness = book.format(font_color=edition.FILET, num_format="@", locked=False)
    if temoin in correction.fautes:
        witness = marques.input_format(book, correction, temoin)
    put(sheet, row - 1, f.TEMOIN - 1, correction.saisie(temoin) or ligne.id, witness)
    put(sheet, row - 1, f.CODE - 1, ligne.code, book.cellule)
    if ligne.puces:
        bold = book.format(bold=True)
        parts: tuple[Any, ...] = (bold, ligne.texte, book.format(), ligne.puces, book.cellule)
        done(sheet.write_rich_string(row - 1, f.CRITERE - 1, *parts))
    else:
        put(sheet, row - 1, f.CRITERE - 1, ligne.texte, book.cellule)
    for place in (note, comment):
        fmt = marques.input_format(book, correction, place)
        put(sheet, row - 1, place.colonne - 1, correction.saisie(place), fmt)
    full = ligne.texte + ligne.puces
    cells = [(correction.saisie(place), LARGEURS[place.colonne]) for place in (note, comment)]
    height = edition.height((full, LARGEURS[f.CRITERE] * 0.97), *cells, least=30)
    sheet.set_row(row - 1, height)


def _write_rules(
    book: Edition, sheet: Worksheet, reglement: Reglement, forme: Forme, last: int
) -> None:
    """Drop-down, help and colours of the inputs, each written once for the whole column."""
    first = f.L_PREMIERE
    notes = (first - 1, f.NOTE - 1, last - 1, f.NOTE - 1)
    comments = (first - 1, f.COMMENTAIRE - 1, last - 1, f.COMMENTAIRE - 1)
    words = f.choices(reglement.echelle)
    legend = " ".join(f"{n.libelle} : {n.aide}" for n in reglement.echelle.niveaux if n.aide)
    expected = f.expected(reglement.echelle)
    edition.validate(
        sheet,
        notes,
        _input_rule(reglement, first)
        | {
            "input_title": tables.load("grille").colonne("note").titre,
            "input_message": typographie(legend) or expected,
            "error_title": "Appréciation inconnue",
            "error_message": expected,
        },
    )
    edition.validate(
        sheet,
        comments,
        {
            "validate": "length",
            "criteria": "<=",
            "value": f.COMMENTAIRE_MAX,
            "input_title": tables.load("grille").colonne("commentaire").titre,
            "input_message": tables.load("grille").colonne("commentaire").aide,
            "error_title": "Commentaire trop long",
            "error_message": f"Au plus {f.COMMENTAIRE_MAX} caractères.",
        },
    )
    for niveau in reglement.echelle.niveaux:
        sheet.conditional_format(
            *notes,
            {
                "type": "cell",
                "criteria": "==",
                "value": f'"{niveau.libelle}"',
                "format": book.ton_conditionnel(f.tone(niveau)),
            },
        )
    demanding = [n.libelle for n in reglement.echelle.niveaux if n.commentaire == "obligatoire"]
    if forme.fiche.groupe is not None:
        demanding = list(words)
    if demanding:
        either = ",".join(f'${_a1(f.NOTE, first)}="{word}"' for word in demanding)
        sheet.conditional_format(
            *comments,
            {
                "type": "formula",
                "criteria": f'=AND(OR({either}),TRIM(${_a1(f.COMMENTAIRE, first)})="")',
                "format": book.alerte,
            },
        )


def _input_rule(reglement: Reglement, first: int) -> dict[str, Any]:
    """A drop-down for levels; for marks, a number within bounds or one of the words."""
    words = f.choices(reglement.echelle)
    if reglement.echelle.note is None:
        return edition.liste(words)
    # The cell is text, so that nothing becomes a date: the formula reads the number from it.
    cell = _a1(f.NOTE, first)
    mark = f'IFERROR(VALUE(SUBSTITUTE({cell},".",",")),IFERROR(VALUE({cell}),-1))'
    either = "".join(f',{cell}="{word}"' for word in words)
    top = reglement.echelle.note.sur
    return {"validate": "custom", "value": f"=OR(AND({mark}>=0,{mark}<={top}){either})"}


def _a1(column: int, row: int) -> str:
    return f"{letters(column)}{row}"


def _write_notice(
    book: Edition,
    sheet: Worksheet,
    feuilles: list[_Feuille],
    session: Session,
    referentiel: Referentiel,
    reglement: Reglement,
    cahier: Cahier,
    correction: Correction,
) -> None:
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 34)
    sheet.set_column(2, 2, 82)
    label = book.format(bold=True, font_color=edition.DISCRET)
    row = 0

    def line(titre: str | None, texte: str, fmt: Any = None) -> None:
        nonlocal row
        put(sheet, row, 0, titre, label)
        put(sheet, row, 1, texte, fmt or book.format())
        row += 1

    def section(titre: str) -> None:
        nonlocal row
        row += 1
        put(sheet, row, 0, titre, book.sous_titre)
        row += 1

    put(sheet, row, 0, f"Grille d’évaluation : {f.partie_nom(cahier.partie)}", book.titre)
    sheet.set_row(row, 26)
    row += 1
    line("Certification", referentiel.intitule)
    line("Évaluateur", cahier.evaluateur.nom_complet, book.format(bold=True))
    line("Session", f"{session.id}, jury du {date_jour(session.date_jury)}")
    line("À renvoyer avant le", date_jour(session.date_limite), book.format(bold=True))
    line("À adresser à", f"{session.contact}, {session.contact_courriel}")
    if reglement.exemple:
        line(None, typographie(f"{reglement.exemple}."), book.format(italic=True, bold=True))

    section("Comment remplir")
    for rank, phrase in enumerate(_instructions(reglement), 1):
        put(sheet, row, 0, f"{rank}.", book.format(align="right"))
        put(sheet, row, 1, typographie(phrase), book.format())
        row += 1

    section("Échelle")
    for niveau in reglement.echelle.niveaux:
        put(sheet, row, 0, niveau.libelle, book.ton(f.tone(niveau)))
        required = "commentaire obligatoire" if niveau.commentaire == "obligatoire" else None
        put(sheet, row, 1, required, book.discret)
        put(sheet, row, 2, typographie(niveau.aide), book.texte)
        row += 1

    section("Où en êtes-vous ?")
    for column, titre in enumerate(("Feuille", "Reste à évaluer", "Candidat ou groupe")):
        put(sheet, row, column, titre, book.entete)
    row += 1
    left = book.format(
        num_format='0" à évaluer";;"✔ Tout est évalué"', align="left", border=1,
        border_color=edition.FILET,
    )  # fmt: skip
    for feuille in feuilles:
        target = feuille.nom.replace("'", "''")
        link = book.format(font_color="#0563C1", underline=1, border=1, border_color=edition.FILET)
        done(sheet.write_url(row, 0, f"internal:'{target}'!D{f.L_PREMIERE}", link, feuille.nom))
        cell = f"'{target}'!{_a1(f.CRITERE, f.L_RESTE)}"
        sheet.write_formula(row, 1, f"={cell}", left, _left(feuille.forme, correction))
        fiche = feuille.forme.fiche
        names = enumeration(f"{c.prenom} {c.nom}" for c in fiche.candidats)
        if fiche.groupe is not None:
            names += f", à part du groupe {fiche.groupe} (absence, ou avis différent)"
        put(sheet, row, 2, names, book.cellule)
        row += 1
    if cahier.non_evalues:
        section("Candidats que vous n’évaluez pas ici")
        for candidat, why in cahier.non_evalues:
            put(sheet, row, 0, f"{candidat.id} {candidat.nom_complet}", book.format())
            put(sheet, row, 1, typographie(why), book.format())
            row += 1
    edition.a4_paysage(sheet, f"{session.id}  {cahier.evaluateur.nom_complet}")
    sheet.protect(options={"format_columns": True, "format_rows": True})


def _instructions(reglement: Reglement) -> tuple[str, ...]:
    level = "critère" if reglement.saisie == "critere" else "indicateur"
    return (
        "Une feuille par candidat (ou par groupe) : les onglets sont en bas de la fenêtre.",
        f"Pour chaque {level}, choisissez une appréciation dans la liste. Ne laissez rien vide.",
        f"Vous n'avez pas pu observer un {level} ? Choisissez « Non évalué », et dites pourquoi.",
        "Une case de commentaire rougie est obligatoire. Le candidat peut demander à lire vos "
        "commentaires : n'y écrivez ni santé, ni vie privée.",
        "Candidat absent : choisissez « Absent » en haut de sa feuille et laissez le reste vide.",
        "Enregistrez au format .xlsx et renvoyez le fichier par courriel. Son nom est sans "
        "importance ; ne triez pas et ne supprimez ni ligne ni colonne.",
    )


def _write_hidden(book: Edition, feuilles: list[_Feuille], sceau: Sceau) -> None:
    sheet = book.add_sheet(f.CACHEE)
    for row, feuille in enumerate(feuilles):
        put(sheet, row, 0, sceau.jeton(feuille.forme), book.format())
        put(sheet, row, 1, feuille.nom, book.format())
    sheet.hide()
    sheet.protect()
