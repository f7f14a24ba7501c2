"""The sheet « Divergences »: the opinions side by side, and the jury's word read from it."""

from collections.abc import Iterable, Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs import edition, tables
from batch.classeurs.cellules import Cellule
from batch.classeurs.deliberation.saisies import LigneSaisie, witness, write_headings
from batch.classeurs.edition import Edition, put
from batch.classeurs.grille import forme as f
from batch.classeurs.grille import valeurs
from batch.francais import enumeration
from batch.jury import enonce
from batch.jury.divergences import Divergence
from batch.jury.seance import Seance
from batch.records import Appreciation
from batch.reglement.modele import Echelle, Reglement

TABLE = tables.load("divergences")
_COLONNES = {c.nom: rank for rank, c in enumerate(TABLE.colonnes)}
JURY = "jury"


def write(
    book: Edition, sheet: Worksheet, seance: Seance, saisies: Mapping[str, LigneSaisie]
) -> None:
    """Every divergence of the sitting, with what was already typed poured back into its row."""
    write_headings(book, sheet, TABLE, _COLONNES)
    for row, divergence in enumerate(seance.divergences, 1):
        saisie = saisies.get(divergence.repere)
        _write_row(book, sheet, row, seance, divergence, saisie)
    sheet.freeze_panes(1, _COLONNES["objet"])
    edition.a4_paysage(sheet, f"{seance.session.id}  {TABLE.feuille}", repeat=0)
    sheet.protect(options={"format_columns": True, "format_rows": True})


def _write_row(
    book: Edition,
    sheet: Worksheet,
    row: int,
    seance: Seance,
    divergence: Divergence,
    saisie: LigneSaisie | None,
) -> None:
    echelle = seance.reglement.echelle
    who = {evaluateur.id: evaluateur.nom_complet for evaluateur in seance.session.evaluateurs}
    opinions = [_opinion(one, who, echelle) for one in divergence.avis]
    today = summary(divergence, echelle)
    decided = saisie is not None and saisie.decide is not None
    sur = saisie.sur if saisie is not None and decided else today
    candidat = next(
        d.resultat.candidat
        for d in seance.dossiers
        if d.resultat.candidat.id == divergence.candidat
    )
    values: dict[str, str | None] = {
        "repere": divergence.repere,
        "candidat": candidat.id,
        "nom": f"{candidat.nom} {candidat.prenom}",
        "objet": divergence.partie.removeprefix("EP-"),
        "critere": divergence.texte,
        "avis_1": opinions[0],
        "avis_2": opinions[1],
        "avis_3": "\n".join(opinions[2:]) or None,
        "decide": saisie.decide if saisie else None,
        "motif": saisie.motif if saisie else None,
        "sur": sur,
    }
    values["temoin"] = witness(values)
    for nom, value in values.items():
        typed = nom in ("decide", "motif") or (nom == "sur" and sur != today)
        put(sheet, row, _COLONNES[nom], value, book.saisie if typed else book.cellule)
    cell = (row, _COLONNES["decide"])
    if echelle.note is None:
        words = f.choices(echelle)
        edition.validate(
            sheet,
            (*cell, *cell),
            edition.liste(words)
            | {
                "input_title": TABLE.colonne("decide").titre,
                "input_message": TABLE.colonne("decide").aide,
                "error_title": "Appréciation inconnue",
                "error_message": f.expected(echelle),
            },
        )
    if sur != today and len(today) <= edition.LISTE_MAX and "," not in today:
        cell = (row, _COLONNES["sur"])
        edition.validate(sheet, (*cell, *cell), edition.liste([today]))
    widths = {c.nom: c.largeur for c in TABLE.colonnes}
    texts = [(values[nom], widths[nom]) for nom in ("critere", "avis_1", "avis_2", "avis_3")]
    sheet.set_row(row, edition.height(*texts, least=32))


def _opinion(one: Appreciation, who: Mapping[str, str], echelle: Echelle) -> str:
    said = f"{who.get(one.evaluateur, one.evaluateur)} : {enonce.appreciation(one, echelle)}"
    return f"{said}\n{one.commentaire}" if one.commentaire else said


def summary(divergence: Divergence, echelle: Echelle) -> str:
    """What the jury decides upon, in a line: « Acquis / Non acquis »."""
    return " / ".join(enonce.appreciation(one, echelle) for one in divergence.avis)


def is_current(seance: Seance, saisies: Mapping[str, LigneSaisie]) -> bool:
    """The sheet on the disk lists today's divergences; the undecided show today's opinions."""
    today = {d.repere: summary(d, seance.reglement.echelle) for d in seance.divergences}
    return today.keys() == saisies.keys() and all(
        saisies[tag].decide or saisies[tag].sur == opinions for tag, opinions in today.items()
    )


def check(
    saisies: Mapping[str, LigneSaisie],
    divergences: Sequence[Divergence],
    reglement: Reglement,
    noms: Mapping[str, str],
) -> tuple[list[Appreciation], list[Anomalie]]:
    """The jury's word on each line, as an appreciation that stands alone; and every fault."""
    known = {divergence.repere: divergence for divergence in divergences}
    settled: list[Appreciation] = []
    anomalies: list[Anomalie] = []
    for tag, saisie in saisies.items():
        if saisie.decide is None:
            continue
        divergence = known.get(tag)
        if divergence is None:
            place = saisie.lieux["repere"]
            anomalies.append(Code.DECISION_ETRANGERE.at(place, valeur=tag))
            continue
        today = summary(divergence, reglement.echelle)
        words = {"qui": noms[divergence.candidat], "objet": divergence.texte}
        lu = valeurs.read(Cellule(1, 1, saisie.decide), reglement.echelle)
        if saisie.sur != today:
            anomalies.append(
                Code.DECISION_A_CONFIRMER.at(
                    saisie.lieux["sur"],
                    candidats=(divergence.candidat,),
                    avant=saisie.sur or "rien",
                    apres=today,
                    confirmation=today,
                    **words,
                )
            )
        elif lu.texte is None:
            anomalies.append(
                Code.DECISION_ILLEGALE.at(
                    saisie.lieux["decide"],
                    candidats=(divergence.candidat,),
                    valeur=saisie.decide,
                    propose=today,
                    permis=enumeration(f.choices(reglement.echelle)),
                    **words,
                )
            )
        else:
            settled.append(
                Appreciation(
                    candidat=divergence.candidat,
                    evaluateur=JURY,
                    partie=divergence.partie,
                    ligne=divergence.ligne,
                    niveau=lu.niveau,
                    note=lu.note,
                    commentaire=saisie.motif,
                    lieu=saisie.lieux["decide"],
                    arbitrage=True,
                )
            )
    return settled, anomalies


def unsettled(
    divergences: Iterable[Divergence],
    settled: Iterable[Appreciation],
    echelle: Echelle,
    noms: Mapping[str, str],
) -> list[Anomalie]:
    """What the jury still has to settle, one sentence a candidate and épreuve."""
    done = {(one.candidat, one.ligne) for one in settled}
    waiting: dict[tuple[str, str], list[Divergence]] = {}
    for divergence in divergences:
        if (divergence.candidat, divergence.ligne) not in done:
            waiting.setdefault((divergence.candidat, divergence.partie), []).append(divergence)
    return [
        Code.DIVERGENCE.at(
            Lieu("deliberation.xlsx", TABLE.feuille),
            candidats=(candidat,),
            critere=enumeration(one.nom for one in own[:6]) + ("…" if len(own) > 6 else ""),
            qui=noms[candidat],
            avis=summary(own[0], echelle),
        )
        for (candidat, _), own in waiting.items()
    ]
