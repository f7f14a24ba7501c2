"""The sheet « Délibération »: one row for each vote, and the decisions read from it."""

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs import edition, tables
from batch.classeurs.cellules import clean, fold, letters
from batch.classeurs.deliberation.saisies import LigneSaisie, witness, write_headings
from batch.classeurs.edition import Edition, put
from batch.francais import enumeration, majuscule, typographie
from batch.jury import explication
from batch.jury.deliberation import CERTIFICATION, Decision, Issue, Objet, outdated
from batch.jury.limites import to_examine
from batch.jury.seance import Dossier, Seance
from batch.vocabulaire import ResultatBloc, ResultatCertification, Ton, objet_du_vote

TABLE = tables.load("deliberation")
_VOIX = ("pour", "contre", "abstentions")
_A_REMPLIR = ("decide", "motif", "preconisations", *_VOIX)


def columns(seance: Seance) -> dict[str, int]:
    """Each column's place, from 0 on; no column for votes that the règlement does not want."""
    wanted = seance.reglement.deliberation.scrutin is not None
    names = [c.nom for c in TABLE.colonnes if wanted or c.nom not in _VOIX]
    return {nom: rank for rank, nom in enumerate(names)}


def repere(candidat: str, code: str) -> str:
    return f"{candidat}/{code}"


def write(
    book: Edition, sheet: Worksheet, seance: Seance, saisies: Mapping[str, LigneSaisie]
) -> None:
    """Every vote of the sitting, with what was already typed poured back into its row."""
    places = columns(seance)
    write_headings(book, sheet, TABLE, places)
    row = 1
    for dossier in in_order(seance):
        for objet in dossier.objets:
            tag = repere(objet.candidat, objet.code)
            _write_row(book, sheet, row, places, seance, dossier, objet, saisies.get(tag))
            row += 1
    sheet.freeze_panes(1, places["objet"])
    if row > 1:
        sheet.autofilter(0, 0, row - 1, len(places) - 1)
    edition.a4_paysage(sheet, f"{seance.session.id}  Délibération", repeat=0)
    sheet.protect(options={"format_columns": True, "format_rows": True, "autofilter": True})


def in_order(seance: Seance) -> list[Dossier]:
    """The clear cases first, then the candidates of whom the jury should look at something."""

    def is_clear(dossier: Dossier) -> bool:
        return not any(to_examine(seance, dossier, objet) for objet in dossier.objets)

    return sorted(seance.dossiers, key=lambda dossier: not is_clear(dossier))


def _doubts(seance: Seance, dossier: Dossier, objet: Objet) -> str:
    return typographie("\n".join(to_examine(seance, dossier, objet)))


def doubts_by_object(seance: Seance, dossier: Dossier) -> list[str]:
    """« BC2 : … », all the reasons to look at this candidate; empty for a clear case."""
    said = []
    for objet in dossier.objets:
        doubts = _doubts(seance, dossier, objet)
        if doubts:
            said.append(f"{majuscule(objet.code)} : {' '.join(doubts.splitlines())}")
    return [typographie(one) for one in said]


def _write_row(
    book: Edition,
    sheet: Worksheet,
    row: int,
    places: Mapping[str, int],
    seance: Seance,
    dossier: Dossier,
    objet: Objet,
    saisie: LigneSaisie | None,
) -> None:
    candidat = dossier.resultat.candidat
    decided = saisie is not None and saisie.decide is not None
    sur = saisie.sur if saisie is not None and decided else objet.propose.mot
    why = reasons(seance, dossier, objet)
    doubts = _doubts(seance, dossier, objet)
    values: dict[str, str | None] = {
        "repere": repere(objet.candidat, objet.code),
        "candidat": candidat.id,
        "nom": f"{candidat.nom} {candidat.prenom}",
        "objet": majuscule(objet.code),
        "propose": objet.propose.marque,
        "raison": why,
        "examen": doubts,
        **{nom: saisie[nom] if saisie else None for nom in _A_REMPLIR},
        "sur": sur,
    }
    values["temoin"] = witness(values)
    for nom in places:
        value, fmt = values[nom], book.cellule
        if nom == "propose":
            fmt = book.ton(objet.propose.ton)
        elif nom == "examen" and doubts:
            fmt = book.ton(Ton.EN_SUSPENS)
        elif nom in _A_REMPLIR or (nom == "sur" and sur != objet.propose.mot):
            fmt = book.saisie
        put(sheet, row, places[nom], value, fmt)
    words = [issue.mot for issue in objet.possibles]
    cell = (row, places["decide"])
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
        cell = (row, places["sur"])
        edition.validate(sheet, (*cell, *cell), edition.liste([objet.propose.mot]))
    decide, motif = (f"{letters(places[n] + 1)}{row + 1}" for n in ("decide", "motif"))
    sheet.conditional_format(
        row,
        places["motif"],
        row,
        places["motif"],
        {
            "type": "formula",
            "criteria": f'=AND({decide}<>"",{decide}<>"{objet.propose.mot}",TRIM({motif})="")',
            "format": book.alerte,
        },
    )
    texts = [(values[n], TABLE.colonne(n).largeur) for n in ("raison", "examen", *_A_REMPLIR[1:3])]
    sheet.set_row(row, edition.height(*texts, least=32))


def is_current(seance: Seance, saisies: Mapping[str, LigneSaisie]) -> bool:
    """The workbook on the disk shows today's votes and proposals: nothing to write again."""
    today = {
        repere(objet.candidat, objet.code): (
            clean(f"{dossier.resultat.candidat.nom} {dossier.resultat.candidat.prenom}"),
            objet.propose.marque,
            clean(_doubts(seance, dossier, objet)),
        )
        for dossier in seance.dossiers
        for objet in dossier.objets
    }
    wanted = seance.reglement.deliberation.scrutin is not None
    has_votes = all("pour" in saisie.lieux for saisie in saisies.values())
    shown = {tag: (one["nom"], one.propose, one["examen"]) for tag, one in saisies.items()}
    return today == shown and (has_votes or not wanted)


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
    own = dossier.resultat.behind(objet.code)
    return " ; ".join(explication.reason(seance.referentiel, constat) for constat in own)


def check(
    saisies: Mapping[str, LigneSaisie],
    objets: Sequence[Objet],
    noms: Mapping[str, str],
    ecrites: int | None = None,
) -> tuple[list[Decision], list[Anomalie]]:
    """The decisions that are legal, and every fault of the others. `noms`: who is who, by id;
    `ecrites`: how many rows the workbook was made with."""
    known = {repere(objet.candidat, objet.code): objet for objet in objets}
    decisions: list[Decision] = []
    anomalies: list[Anomalie] = []
    if ecrites is not None and len(saisies) < ecrites:
        lieu = Lieu("deliberation.xlsx", TABLE.feuille)
        for tag, gone in known.items():
            if tag not in saisies:
                what = f"{objet_du_vote(gone.code)} de {noms[gone.candidat]}"
                who = (gone.candidat,)
                anomalies.append(Code.LIGNE_SUPPRIMEE.at(lieu, candidats=who, ligne=what))
    for tag, saisie in saisies.items():
        objet = known.get(tag)
        if objet is None:
            if saisie.remplie or (ecrites is not None and len(saisies) > ecrites):
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
    words = {"qui": noms[objet.candidat], "objet": objet_du_vote(objet.code)}
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
    decision = Decision(
        objet.candidat, objet.code, decide, saisie.motif, sur, saisie["preconisations"]
    )
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
