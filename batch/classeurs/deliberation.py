"""deliberation.xlsx, both ways: the proposals, the jury's decisions, and what it decided upon.

A decision is never overwritten. When the workbook is made again because a grid changed, whatever
the jury had typed is poured back as it stood, and the row remembers the proposal it was made on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs import edition, tables
from batch.classeurs.cellules import Classeur, Feuille, fold
from batch.classeurs.edition import Edition, put
from batch.francais import compte, date_jour, enumeration, typographie
from batch.jury import explication
from batch.jury.deliberation import CERTIFICATION, Decision, Issue, Objet, outdated
from batch.jury.seance import Dossier, Seance
from batch.vocabulaire import Niveau, ResultatBloc, ResultatCertification

FEUILLE = tables.load("deliberation").feuille
_NOTICE = "Mode d’emploi"
_COLONNES = {c.nom: rank for rank, c in enumerate(tables.load("deliberation").colonnes)}
_A_REMPLIR = ("decide", "motif")


@dataclass(frozen=True, slots=True)
class LigneSaisie:
    """What the jury typed on one row, as it stands, and where."""

    repere: str
    decide: str | None
    motif: str | None
    sur: str | None
    propose: str | None
    lieux: Mapping[str, Lieu]

    @property
    def contenu(self) -> tuple[str | None, ...]:
        return (self.decide, self.motif, self.sur)


def repere(candidat: str, code: str) -> str:
    return f"{candidat}/{code}"


def write(seance: Seance, saisies: Mapping[str, LigneSaisie]) -> bytes:
    """The workbook of this sitting, with what was already typed poured back into it."""
    with edition.new(seance.session.date_jury) as (book, buffer):
        sheet = book.add_sheet(FEUILLE)
        _write_rows(book, sheet, seance, saisies)
        _write_notice(book, seance)
    return buffer.getvalue()


def _write_rows(
    book: Edition, sheet: Worksheet, seance: Seance, saisies: Mapping[str, LigneSaisie]
) -> None:
    table = tables.load("deliberation")
    for rank, colonne in enumerate(table.colonnes):
        hidden = {"hidden": True} if colonne.nom == "repere" else {}
        sheet.set_column(rank, rank, colonne.largeur, None, hidden)
        put(sheet, 0, rank, colonne.titre, book.entete)
    sheet.set_row(0, 30)
    row = 1
    for dossier in seance.dossiers:
        for objet in dossier.objets:
            tag = repere(objet.candidat, objet.code)
            _write_row(book, sheet, row, seance, dossier, objet, saisies.get(tag))
            row += 1
    sheet.freeze_panes(1, _COLONNES["objet"])
    edition.a4_paysage(sheet, f"{seance.session.id}  Délibération", repeat=0)
    sheet.protect(options={"format_columns": True, "format_rows": True, "autofilter": True})


def _write_row(
    book: Edition,
    sheet: Worksheet,
    row: int,
    seance: Seance,
    dossier: Dossier,
    objet: Objet,
    saisie: LigneSaisie | None,
) -> None:
    candidat = dossier.resultat.candidat
    decided = saisie is not None and saisie.decide is not None
    sur = saisie.sur if saisie is not None and decided else objet.propose.mot
    why = reasons(seance, dossier, objet)
    values: dict[str, str | None] = {
        "repere": repere(objet.candidat, objet.code),
        "candidat": candidat.id,
        "nom": f"{candidat.nom} {candidat.prenom}",
        "objet": "Certification" if objet.code == CERTIFICATION else objet.code,
        "propose": _shown(objet),
        "raison": why,
        "decide": saisie.decide if saisie else None,
        "motif": saisie.motif if saisie else None,
        "sur": sur,
    }
    for nom, value in values.items():
        fmt = book.cellule
        if nom == "propose":
            fmt = book.ton(objet.propose.ton)
        elif nom in _A_REMPLIR or (nom == "sur" and sur != objet.propose.mot):
            fmt = book.saisie
        put(sheet, row, _COLONNES[nom], value, fmt)
    words = [issue.mot for issue in objet.possibles]
    cell = (row, _COLONNES["decide"])
    edition.validate(
        sheet,
        (*cell, *cell),
        edition.liste(words)
        | {
            "input_title": "Décision du jury",
            "input_message": _advice(objet),
            "error_title": "Décision impossible",
            "error_message": f"Choisissez dans la liste : {enumeration(words, 'ou')}.",
        },
    )
    if sur != objet.propose.mot:
        cell = (row, _COLONNES["sur"])
        edition.validate(sheet, (*cell, *cell), edition.liste([objet.propose.mot]))
    decide, motif = (f"{'ABCDEFGHI'[_COLONNES[n]]}{row + 1}" for n in _A_REMPLIR)
    sheet.conditional_format(
        row,
        _COLONNES["motif"],
        row,
        _COLONNES["motif"],
        {
            "type": "formula",
            "criteria": f'=AND({decide}<>"",{decide}<>"{objet.propose.mot}",TRIM({motif})="")',
            "format": book.alerte,
        },
    )
    sheet.set_row(row, edition.height((why, 52), (values["motif"], 40), least=32))


def _shown(objet: Objet) -> str:
    return f"{objet.propose.ton.symbole} {objet.propose.mot}"


def is_current(seance: Seance, saisies: Mapping[str, LigneSaisie]) -> bool:
    """The workbook on the disk shows today's votes and proposals: nothing to write again."""
    today = {
        repere(objet.candidat, objet.code): _shown(objet)
        for dossier in seance.dossiers
        for objet in dossier.objets
    }
    return today == {tag: saisie.propose for tag, saisie in saisies.items()}


def _advice(objet: Objet) -> str:
    if len(objet.possibles) == 1:
        return typographie(
            f"Une évaluation manque : le jury ne peut que constater « {objet.propose.mot} »."
        )
    return typographie(
        f"Proposition : {objet.propose.mot}. Un motif est dû si vous en décidez autrement."
    )


def reasons(seance: Seance, dossier: Dossier, objet: Objet) -> str:
    """Why the calculation proposes this, for the bloc or for the whole."""
    constats = dossier.resultat.constats
    if objet.code != CERTIFICATION:
        return explication.reason(seance.referentiel, constats[Niveau.BLOC][objet.code])
    whole = constats[Niveau.CERTIFICATION].values()
    return " ; ".join(explication.reason(seance.referentiel, constat) for constat in whole)


def _write_notice(book: Edition, seance: Seance) -> None:
    sheet = book.add_sheet(_NOTICE)
    sheet.set_column(0, 0, 110)
    count = sum(len(dossier.objets) for dossier in seance.dossiers)
    phrases = (
        f"Session {seance.session.id}, jury du {date_jour(seance.session.date_jury)}.",
        f"{compte(count, 'décision')} à prendre, une par ligne, dans la colonne « Décision ».",
        "La proposition vient du calcul ; le jury est souverain et décide.",
        "Quand la décision s'écarte de la proposition, la case « Motif » rougit : elle est due, et "
        "le procès-verbal l'imprime.",
        "Enregistrez, fermez le classeur, puis relancez « jury traiter » : les documents passent "
        "de PROJET à définitif quand tout est décidé.",
        "Si une grille change après une décision, la colonne « Décision prise sur » ne dit plus la "
        "proposition du jour : le jury la choisit dans la liste pour confirmer sa décision.",
    )
    put(sheet, 0, 0, "Délibération du jury", book.titre)
    for row, phrase in enumerate(phrases, 2):
        put(sheet, row, 0, typographie(phrase), book.texte)
        sheet.set_row(row, edition.height((phrase, 110), least=18))
    edition.a4_paysage(sheet, seance.session.id)


def read(classeur: Classeur) -> tuple[dict[str, LigneSaisie], list[Anomalie]]:
    """What the jury typed, row by row, found by the row's tag. It decides nothing."""
    feuille = classeur.feuille(FEUILLE)
    if feuille is None:
        lieu = Lieu(classeur.nom)
        return {}, [Code.DELIBERATION_FEUILLE.at(lieu, feuille=FEUILLE)]
    columns = _columns(feuille)
    anomalies = [
        Code.SESSION_COLONNE_MANQUE.at(
            Lieu(classeur.nom, feuille.nom), colonne=tables.load("deliberation").colonne(nom).titre
        )
        for nom in ("repere", "propose", "decide", "motif", "sur")
        if nom not in columns
    ]
    if anomalies:
        return {}, anomalies
    rows: dict[str, LigneSaisie] = {}
    for number in feuille.rows:
        cells = {nom: feuille.at(number, column) for nom, column in columns.items()}
        tag = cells["repere"].texte
        places = {nom: Lieu(classeur.nom, feuille.nom, cell.adresse) for nom, cell in cells.items()}
        saisie = LigneSaisie(
            tag or "",
            cells["decide"].texte,
            cells["motif"].texte,
            cells["sur"].texte,
            cells["propose"].texte,
            places,
        )
        if tag is None or fold(tag) == fold(tables.load("deliberation").colonne("repere").titre):
            if tag is None and saisie.decide:
                anomalies.append(Code.DECISION_ETRANGERE.at(places["decide"], valeur=saisie.decide))
            continue
        if tag in rows and rows[tag].contenu != saisie.contenu:
            who, _, what = tag.partition("/")
            where = rows[tag].lieux["decide"].cellule
            anomalies.append(
                Code.DECISION_DOUBLE.at(
                    places["decide"], candidats=(who,), objet=what, qui=who, autre=where
                )
            )
            continue
        rows[tag] = saisie
    return rows, anomalies


def _columns(feuille: Feuille) -> dict[str, int]:
    titles = {fold(colonne.titre): colonne.nom for colonne in tables.load("deliberation").colonnes}
    columns: dict[str, int] = {}
    for place in sorted(feuille.cellules):
        cell = feuille.cellules[place]
        name = titles.get(fold(cell.texte or ""))
        if name:
            columns.setdefault(name, cell.colonne)
    return columns


def check(
    saisies: Mapping[str, LigneSaisie], objets: Sequence[Objet], noms: Mapping[str, str]
) -> tuple[list[Decision], list[Anomalie]]:
    """The decisions that are legal, and every fault of the others. `noms`: who is who, by id."""
    known = {repere(objet.candidat, objet.code): objet for objet in objets}
    decisions: list[Decision] = []
    anomalies: list[Anomalie] = []
    for tag, saisie in saisies.items():
        objet = known.get(tag)
        if objet is None:
            if saisie.decide:
                anomalies.append(Code.DECISION_ETRANGERE.at(saisie.lieux["repere"], valeur=tag))
            continue
        if saisie.decide is None:
            continue
        decision, faults = _decision(saisie, objet, noms)
        anomalies += faults
        if decision is not None:
            decisions.append(decision)
    return decisions, anomalies


def _decision(
    saisie: LigneSaisie, objet: Objet, noms: Mapping[str, str]
) -> tuple[Decision | None, list[Anomalie]]:
    who = (objet.candidat,)
    words = {
        "qui": noms[objet.candidat],
        "objet": "la certification" if objet.code == CERTIFICATION else objet.code,
    }
    sur = _issue(saisie.sur, objet) or objet.propose
    decide = _issue(saisie.decide, objet)
    if sur == objet.propose and decide not in objet.possibles:
        fault = Code.DECISION_ILLEGALE.at(
            saisie.lieux["decide"],
            candidats=who,
            valeur=saisie.decide,
            propose=objet.propose.mot,
            permis=enumeration(issue.mot for issue in objet.possibles),
            **words,
        )
        return None, [fault]
    if decide is None:
        return None, []
    decision = Decision(objet.candidat, objet.code, decide, saisie.motif, sur)
    if outdated(objet, decision):
        return decision, [
            Code.DECISION_A_CONFIRMER.at(
                saisie.lieux["sur"],
                candidats=who,
                avant=sur.mot,
                apres=objet.propose.mot,
                confirmation=objet.propose.mot,
                **words,
            )
        ]
    if objet.needs_motif(decide) and not saisie.motif:
        fault = Code.MOTIF_MANQUE.at(
            saisie.lieux["motif"], candidats=who, propose=objet.propose.mot, **words
        )
        return None, [fault]
    return decision, []


def _issue(texte: str | None, objet: Objet) -> Issue | None:
    kind = ResultatCertification if objet.code == CERTIFICATION else ResultatBloc
    return next((issue for issue in kind if texte and fold(issue.mot) == fold(texte)), None)
