"""session.xlsx, both ways: the empty workbook to fill in, and what was typed in it as records.

Headings, help, drop-downs and checks all come from schemas/tables/. Row 1 holds the headings, row 2
an example that is not read as long as nobody changes it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from fractions import Fraction

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.classeurs import edition, tables
from batch.classeurs.cellules import Cellule, Classeur, fold
from batch.classeurs.edition import Edition
from batch.classeurs.formulaire import (
    LigneLue,
    check_headings,
    explain,
    find_headings,
    is_example,
    read_text,
    several,
    write_help,
)
from batch.classeurs.tables import Table
from batch.francais import enumeration, proche
from batch.records import (
    MAX_OPTIONS,
    Acquis,
    Affectation,
    Candidat,
    Creneau,
    Evaluateur,
    Incident,
    MembreJury,
    Session,
)
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Reglement
from batch.vocabulaire import Nature, Presence, Voie

FICHIER = "session.xlsx"
LISTES = (
    *("candidats", "evaluateurs", "affectations", "jury", "acquis", "incidents"),
    "calendrier",
)
_CODES = "Codes"
_ROWS = 1000  # how far down the drop-downs reach


def write(
    referentiel: Referentiel,
    jour: date,
    rubriques: Mapping[str, str | None] | None = None,
    lignes: Mapping[str, Sequence[Mapping[str, str | None]]] | None = None,
) -> bytes:
    """An empty session workbook for this référentiel, or one with these rows already typed."""
    given = {"referentiel": referentiel.id, **(rubriques or {})}
    with edition.new(jour) as (book, buffer):
        _write_upright(book, tables.load("session"), given)
        sources = _list_sources(referentiel)
        for nom in LISTES:
            _write_list(book, tables.load(nom), sources, (lignes or {}).get(nom))
        _write_codes(book, referentiel)
    return buffer.getvalue()


def _write_upright(book: Edition, table: Table, given: Mapping[str, str | None]) -> None:
    sheet = book.add_sheet(table.feuille)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 48)
    sheet.set_column(2, 2, 74)
    for column, titre in enumerate(("Rubrique", "Valeur", "Aide")):
        edition.put(sheet, 0, column, titre, book.entete)
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 20)
    for row, colonne in enumerate(table.colonnes, 1):
        sheet.set_row(row, 22)
        star = " *" if colonne.obligatoire else ""
        edition.put(sheet, row, 0, colonne.titre + star, book.format(bold=True, valign="vcenter"))
        fmt = book.format(bold=True, valign="vcenter") if colonne.verrou else book.saisie
        edition.put(sheet, row, 1, given.get(colonne.nom), fmt)
        example = f" Par exemple : {colonne.exemple}." if colonne.exemple else ""
        shown = colonne.aide if colonne.verrou else colonne.aide + example
        edition.put(sheet, row, 2, shown, book.discret)
        if not colonne.verrou:
            write_help(sheet, row, row, 1, colonne, None)
    note = "* rubrique obligatoire. Les autres feuilles : une ligne par personne, sous les titres."
    edition.put(sheet, len(table.colonnes) + 2, 0, note, book.format(font_color=edition.DISCRET))
    edition.a4_paysage(sheet, "session.xlsx")


def _write_list(
    book: Edition,
    table: Table,
    sources: Mapping[str, str],
    lignes: Sequence[Mapping[str, str | None]] | None,
) -> None:
    sheet = book.add_sheet(table.feuille)
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 32)
    for column, colonne in enumerate(table.colonnes):
        sheet.set_column(column, column, colonne.largeur, book.format(num_format="@"))
        star = " *" if colonne.obligatoire else ""
        edition.put(sheet, 0, column, colonne.titre + star, book.entete)
        write_help(sheet, 1, _ROWS, column, colonne, sources.get(colonne.cite or ""))
        if lignes is None:
            fmt = book.format(italic=True, font_color=edition.DISCRET, num_format="@")
            edition.put(sheet, 1, column, colonne.exemple, fmt)
        for row, ligne in enumerate(lignes or (), 1):
            edition.put(sheet, row, column, ligne.get(colonne.nom), book.format(num_format="@"))
    if lignes is None:
        sheet.write_comment(
            1, 0, "Exemple, non lu. Écrivez par-dessus ou supprimez la ligne.", {"x_scale": 1.6}
        )
    edition.a4_paysage(sheet, table.feuille, repeat=0)


def _write_codes(book: Edition, referentiel: Referentiel) -> None:
    """The codes that the other sheets may cite, for drop-downs and for the eye."""
    sheet = book.add_sheet(_CODES)
    kinds = (
        ("Épreuve ou bloc à évaluer", [(p.id, p.intitule) for p in referentiel.parties]),
        ("Bloc", [(b.code, b.intitule) for b in referentiel.blocs]),
        ("Option", [(c, referentiel.competence[c].intitule) for c in referentiel.options]),
    )
    for rank, (titre, codes) in enumerate(kinds):
        code_column, text_column = 2 * rank, 2 * rank + 1
        sheet.set_column(code_column, code_column, 18)
        sheet.set_column(text_column, text_column, 50)
        edition.put(sheet, 0, code_column, titre, book.entete)
        edition.put(sheet, 0, text_column, "Intitulé du référentiel", book.entete)
        for row, (code, intitule) in enumerate(codes, 1):
            edition.put(sheet, row, code_column, code, book.texte)
            edition.put(sheet, row, text_column, intitule, book.texte)
    sheet.freeze_panes(1, 0)
    edition.a4_paysage(sheet, _CODES, repeat=0)


def _list_sources(referentiel: Referentiel) -> dict[str, str]:
    """Where the drop-down of each cited kind finds its codes."""

    def ids_of(nom: str) -> str:
        return f"='{tables.load(nom).feuille}'!$A$2:$A${_ROWS + 1}"

    sources = {"candidats": ids_of("candidats"), "evaluateurs": ids_of("evaluateurs")}
    for column, kind, count in (
        ("A", "parties", len(referentiel.parties)),
        ("C", "blocs", len(referentiel.blocs)),
        ("E", "options", len(referentiel.options)),
    ):
        if count:
            sources[kind] = f"='{_CODES}'!${column}$2:${column}${count + 1}"
    return sources


def read(
    classeur: Classeur, referentiel: Referentiel, reglement: Reglement | None
) -> tuple[Session | None, list[Anomalie]]:
    """What was typed, as records; None when the session itself cannot be made out.

    A faulty row is refused, with the place of each fault; the others are kept. Without a règlement
    only what the workbook says of itself is checked.
    """
    anomalies: list[Anomalie] = []
    upright = _read_upright(classeur, anomalies)
    rows = {nom: _read_list(classeur, tables.load(nom), anomalies) for nom in LISTES}
    if upright is None or upright.textes.get("id") is None:
        return None, anomalies
    explained = {anomalie.lieu.feuille for anomalie in anomalies}
    for nom in ("candidats", "evaluateurs", "affectations"):
        feuille = tables.load(nom).feuille
        if not rows[nom] and feuille not in explained and classeur.feuille(feuille):
            lieu = Lieu(classeur.nom, feuille)
            anomalies.append(Code.SESSION_TABLE_VIDE.at(lieu, feuille=feuille))

    candidats = [_candidat(row) for row in rows["candidats"]]
    evaluateurs = [_evaluateur(row) for row in rows["evaluateurs"]]
    known = {
        "candidats": [candidat.id for candidat in candidats],
        "evaluateurs": [evaluateur.id for evaluateur in evaluateurs],
        "parties": list(referentiel.partie),
        "blocs": list(referentiel.bloc),
        "competences": list(referentiel.competence),
        "options": list(referentiel.options),
        "sujets": [c.id for c in candidats] + [c.groupe for c in candidats if c.groupe],
    }
    refused = list(_check_citations(rows, known))
    refused_at = {(a.lieu.feuille, a.lieu.cellule) for a in refused}
    anomalies += refused
    for nom in LISTES:
        rows[nom] = [row for row in rows[nom] if not _touches(row, refused_at)]
    candidats = [_candidat(row) for row in rows["candidats"]]
    anomalies += _check_people(candidats, evaluateurs)
    crowded = list(_check_options(candidats))
    anomalies += crowded
    refused_ids = {candidat for fault in crowded for candidat in fault.candidats}
    candidats = [candidat for candidat in candidats if candidat.id not in refused_ids]
    if reglement is not None:
        anomalies += _check_voies(candidats, reglement)
    session = Session(
        id=upright.must("id"),
        referentiel=upright["referentiel"] or referentiel.id,
        date_jury=date.fromisoformat(upright.must("date_jury")),
        heure_ouverture=_time(upright["heure_ouverture"]),
        heure_cloture=_time(upright["heure_cloture"]),
        lieu=upright.must("lieu"),
        date_limite=date.fromisoformat(upright.must("date_limite")),
        contact=upright.must("contact"),
        contact_courriel=upright.must("contact_courriel"),
        ville=upright.must("ville"),
        candidats=tuple(candidats),
        evaluateurs=tuple(evaluateurs),
        affectations=tuple(
            Affectation(row.must("evaluateur"), row["partie"], row["sujet"], row.lieu("evaluateur"))
            for row in rows["affectations"]
        ),
        jury=tuple(_membre(row) for row in rows["jury"]),
        acquis=tuple(_acquis(row) for row in rows["acquis"]),
        incidents=tuple(_incident(row) for row in rows["incidents"]),
        session_initiale=upright["session_initiale"],
        date_initiale=_date(upright["date_initiale"]),
        calendrier=tuple(_creneau(row) for row in rows["calendrier"]),
        date_decision=_date(upright["date_decision"]),
    )
    return session, anomalies


def cell_of(classeur: Classeur, candidat: str, colonne: str) -> Lieu:
    """Where that fact of that candidate is typed; its sheet, where the column is not there."""
    table = tables.load("candidats")
    row = next((r for r in _read_list(classeur, table, []) if r["id"] == candidat), None)
    feuille = classeur.feuille(table.feuille)
    known = find_headings(feuille, table)[1] if feuille else {}
    if row is None or colonne not in known:
        return Lieu(classeur.nom, table.feuille)
    return row.lieu(colonne)


def typed(classeur: Classeur) -> tuple[Mapping[str, str | None], Mapping[str, list[LigneLue]]]:
    """The rows as their tables accept them, still as text: the upright sheet, then the others."""
    anomalies: list[Anomalie] = []
    upright = _read_upright(classeur, anomalies)
    rows = {nom: _read_list(classeur, tables.load(nom), anomalies) for nom in LISTES}
    return (upright.textes if upright else {}), rows


def _read_upright(classeur: Classeur, anomalies: list[Anomalie]) -> LigneLue | None:
    table = tables.load("session")
    feuille = classeur.feuille(table.feuille)
    if feuille is None:
        lieu = Lieu(classeur.nom)
        anomalies.append(Code.SESSION_FEUILLE_MANQUE.at(lieu, feuille=table.feuille))
        return None
    labels = {
        fold((cell.texte or "").rstrip(" *")): cell
        for cell in feuille.cellules.values()
        if cell.colonne == 1
    }
    texts: dict[str, str | None] = {}
    places: dict[str, Lieu] = {}
    for colonne in table.colonnes:
        label = labels.get(fold(colonne.titre))
        if label is None:
            lieu = Lieu(classeur.nom, feuille.nom)
            anomalies.append(Code.SESSION_COLONNE_MANQUE.at(lieu, colonne=colonne.titre))
            places[colonne.nom], texts[colonne.nom] = lieu, None
            continue
        cell = feuille.at(label.ligne, 2)
        places[colonne.nom] = Lieu(classeur.nom, feuille.nom, cell.adresse)
        texts[colonne.nom] = read_text(cell, colonne, places[colonne.nom], anomalies)
    row = LigneLue(texts, places)
    return row if _accepted(table, {1: row}, anomalies) else None


def _read_list(classeur: Classeur, table: Table, anomalies: list[Anomalie]) -> list[LigneLue]:
    feuille = classeur.feuille(table.feuille)
    if feuille is None:
        if table.facultative:
            return []
        lieu = Lieu(classeur.nom)
        lost = Code.SESSION_FEUILLE_MANQUE.at(lieu, feuille=table.feuille)
        anomalies.append(lost.about(table.feuille))
        return []
    header, columns = find_headings(feuille, table)
    if not columns:
        lieu = Lieu(classeur.nom, feuille.nom)
        anomalies.append(Code.SESSION_COLONNE_MANQUE.at(lieu, colonne=table.colonnes[0].titre))
        return []
    anomalies += check_headings(classeur, feuille, table, header, columns)
    if any(c.obligatoire and c.nom not in columns for c in table.colonnes):
        return []
    rows: dict[int, LigneLue] = {}
    for number in feuille.rows:
        if number <= header or is_example(feuille, table, columns, number):
            continue
        texts: dict[str, str | None] = {}
        places: dict[str, Lieu] = {}
        faults: list[Anomalie] = []
        for colonne in table.colonnes:
            column = columns.get(colonne.nom)
            cell = feuille.at(number, column) if column else Cellule(number, 1, None)
            places[colonne.nom] = Lieu(classeur.nom, feuille.nom, cell.adresse)
            texts[colonne.nom] = read_text(cell, colonne, places[colonne.nom], faults)
        anomalies += [fault.about(*_row_name(table, texts)) for fault in faults]
        if any(texts.values()) and not faults:
            rows[number] = LigneLue(texts, places)
    return _accepted(table, rows, anomalies)


def _row_name(table: Table, textes: Mapping[str, str | None]) -> tuple[str, ...]:
    """What others call this row, when they cite it: « Candidats C3 »."""
    return (f"{table.feuille} {textes['id']}",) if textes.get("id") else ()


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _time(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _accepted(
    table: Table, rows: Mapping[int, LigneLue], anomalies: list[Anomalie]
) -> list[LigneLue]:
    """The rows that their table accepts; the faults of the others join the anomalies."""
    refused: set[int] = set()
    for faute in tables.check(table.nom, {n: row.textes for n, row in rows.items()}):
        colonne = table.colonne(faute.colonne)
        lieu = rows[faute.ligne].lieu(faute.colonne)
        refused.add(faute.ligne)
        fault = explain(colonne, faute, lieu)
        anomalies.append(fault.about(*_row_name(table, rows[faute.ligne].textes)))
    return [row for number, row in rows.items() if number not in refused]


def _check_citations(
    rows: Mapping[str, Iterable[LigneLue]], known: Mapping[str, Sequence[str]]
) -> Iterator[Anomalie]:
    """Codes that a row cites and that exist nowhere."""
    sets = {kind: frozenset(own) for kind, own in known.items()}
    for nom, lignes in rows.items():
        for colonne in tables.load(nom).colonnes:
            for ligne in lignes if colonne.cite else ():
                text = ligne[colonne.nom]
                cited = several(text) if colonne.plusieurs else ((text,) if text else ())
                kind = colonne.cite or ""
                valid = known[kind]
                for code in cited:
                    if code not in sets[kind]:
                        yield Code.CODE_INCONNU.at(
                            ligne.lieu(colonne.nom),
                            colonne=colonne.titre,
                            valeur=code,
                            suggestion=suggestion(proche(code, valid)),
                            connus=enumeration(valid) or "aucun",
                        ).about(*_cited(kind, code))


def _cited(kind: str, code: str) -> tuple[str, ...]:
    """The table, and the row of it, that a code cites; none where the référentiel holds them."""
    table = {"sujets": "candidats"}.get(kind, kind)
    if table not in LISTES:
        return ()
    feuille = tables.load(table).feuille
    return feuille, f"{feuille} {code}"


def _touches(ligne: LigneLue, places: set[tuple[str, str]]) -> bool:
    return any((lieu.feuille, lieu.cellule) in places for lieu in ligne.lieux.values())


def _check_people(
    candidats: Sequence[Candidat], evaluateurs: Sequence[Evaluateur]
) -> Iterator[Anomalie]:
    seen: dict[tuple[str, str, date], Candidat] = {}
    for candidat in candidats:
        identity = (
            fold(candidat.nom_naissance),
            fold(" ".join(candidat.prenoms)),
            candidat.date_naissance,
        )
        first = seen.setdefault(identity, candidat)
        if first is not candidat:
            yield Code.PERSONNE_DOUBLE.at(
                candidat.lieu,
                personne=candidat.qui,
                autre=first.lieu.cellule.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
            )
    numbers = {candidat.id for candidat in candidats}
    for candidat in candidats:
        if candidat.groupe in numbers:
            lieu = Lieu(candidat.lieu.fichier, candidat.lieu.feuille, candidat.lieu.cellule)
            yield Code.GROUPE_CANDIDAT.at(lieu, candidats=(candidat.id,), groupe=candidat.groupe)
    for evaluateur in evaluateurs:
        if not evaluateur.courriel:
            yield Code.EVALUATEUR_SANS_COURRIEL.at(evaluateur.lieu, personne=evaluateur.nom_complet)


def _check_options(candidats: Sequence[Candidat]) -> Iterator[Anomalie]:
    for candidat in candidats:
        if len(candidat.options) > MAX_OPTIONS:
            yield Code.TROP_D_OPTIONS.at(
                candidat.lieu,
                candidats=(candidat.id,),
                qui=candidat.qui,
                combien=len(candidat.options),
                maximum=MAX_OPTIONS,
            )


def _check_voies(candidats: Sequence[Candidat], reglement: Reglement) -> Iterator[Anomalie]:
    for candidat in candidats:
        if candidat.voie not in reglement.voies:
            yield Code.VOIE_FERMEE.at(
                candidat.lieu, voie=candidat.voie.mot, candidats=(candidat.id,)
            )


def _candidat(row: LigneLue) -> Candidat:
    voie = Voie.from_mot(row.must("voie"))
    assert voie is not None, "the table accepts no other word"
    presence = Presence.from_mot(row["presence"] or Presence.PRESENT.mot)
    return Candidat(
        id=row.must("id"),
        nom_naissance=row.must("nom_naissance"),
        nom_usage=row["nom_usage"],
        prenoms=several(row.must("prenoms")) or (row.must("prenoms"),),
        sexe=row["sexe"],
        date_naissance=date.fromisoformat(row.must("date_naissance")),
        commune_naissance=row.must("commune_naissance"),
        pays_naissance=row.must("pays_naissance"),
        courriel=row["courriel"],
        adresse=row["adresse"],
        voie=voie,
        blocs_vises=several(row["blocs_vises"]),
        options=several(row["options"]),
        groupe=row["groupe"],
        # Without the candidate's consent the jury does not even learn that there was one.
        amenagement=row["amenagement"] == "oui" and row["accord_amenagement"] == "oui",
        presence=presence or Presence.PRESENT,
        lieu=row.lieu("id"),
        prerequis=_prerequis(row["prerequis"]),
        formateurs=several(row["formateurs"]),
        code_naissance=row["code_naissance"],
        naissance_connue=row["naissance_connue"],
    )


def _prerequis(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) if text.isdigit() else int(text == "oui")


def _evaluateur(row: LigneLue) -> Evaluateur:
    return Evaluateur(
        id=row.must("id"),
        nom=row.must("nom"),
        prenom=row.must("prenom"),
        fonction=row["fonction"],
        courriel=row["courriel"],
        lieu=row.lieu("courriel"),
        role=row["role"],
    )


def _membre(row: LigneLue) -> MembreJury:
    return MembreJury(
        nom=row.must("nom"),
        prenom=row.must("prenom"),
        fonction=row.must("fonction"),
        qualite=row.must("qualite"),
        college=row["college"],
        externe=row["externe"] == "oui",
        preside=row["preside"] == "oui",
        present=(row["presence"] or Presence.PRESENT.mot) == Presence.PRESENT.mot,
        lieu=row.lieu("nom"),
        declaration=_date(row["declaration"]),
        a_forme=several(row["a_forme"]),
        deports=several(row["deports"]),
    )


def _incident(row: LigneLue) -> Incident:
    nature = Nature.from_mot(row.must("nature"))
    assert nature is not None, "the table accepts no other word"
    candidat, piece = row.must("candidat"), row.must("piece")
    return Incident(candidat, nature, row["partie"], piece, row.lieu("nature"))


def _creneau(row: LigneLue) -> Creneau:
    return Creneau(
        partie=row.must("partie"),
        sujet=row["sujet"],
        jour=date.fromisoformat(row.must("jour")),
        debut=time.fromisoformat(row.must("debut")),
        fin=_time(row["fin"]),
        adresse=row.must("adresse"),
        lieu=row.lieu("partie"),
    )


def _acquis(row: LigneLue) -> Acquis:
    return Acquis(
        candidat=row.must("candidat"),
        bloc=row.must("bloc"),
        date=date.fromisoformat(row.must("date")),
        dispense=row["nature"] == "Dispense",
        preuve=row.must("preuve"),
        lieu=row.lieu("date"),
        competence=row["competence"],
        note=Fraction(row.must("note").replace(",", ".")) if row["note"] else None,
    )
