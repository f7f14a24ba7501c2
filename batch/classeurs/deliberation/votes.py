"""The sheet « Délibération »: one row for each vote, and the decisions read from it."""

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from batch.anomalies import Anomalie, Code
from batch.classeurs import edition, tables
from batch.classeurs.cellules import fold
from batch.classeurs.deliberation.saisies import LigneSaisie, write_headings
from batch.classeurs.edition import Edition, put
from batch.francais import enumeration, typographie
from batch.jury import explication
from batch.jury.deliberation import CERTIFICATION, Decision, Issue, Objet, outdated
from batch.jury.seance import Dossier, Seance
from batch.vocabulaire import Niveau, ResultatBloc, ResultatCertification

TABLE = tables.load("deliberation")
_COLONNES = {c.nom: rank for rank, c in enumerate(TABLE.colonnes)}
_A_REMPLIR = ("decide", "motif")


def repere(candidat: str, code: str) -> str:
    return f"{candidat}/{code}"


def write(
    book: Edition, sheet: Worksheet, seance: Seance, saisies: Mapping[str, LigneSaisie]
) -> None:
    """Every vote of the sitting, with what was already typed poured back into its row."""
    write_headings(book, sheet, TABLE)
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
