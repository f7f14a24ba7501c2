"""The sheet « Vue d’ensemble »: live counters, quorum, and who must be looked at.

Projected in the jury room: everything that can change while the jury types is a formula, in words
that Excel and LibreOffice both reckon; the value of the moment is written beside each of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from batch.classeurs import edition
from batch.classeurs.cellules import letters
from batch.classeurs.deliberation import seance as feuille_seance
from batch.classeurs.deliberation import votes
from batch.classeurs.deliberation.saisies import LigneSaisie
from batch.classeurs.edition import Edition, done, put
from batch.francais import INSECABLE, date_jour, enumeration, nombre, pourcentage
from batch.jury.deliberation import Objet
from batch.jury.seance import Dossier, Seance
from batch.records import MembreJury
from batch.reglement.modele import Composition
from batch.vocabulaire import Presence, ResultatBloc, ResultatCertification, Ton

FEUILLE = "Vue d’ensemble"
_WIDTHS = (12, 30, 26, 24, 16, 70)
_OUI, _NON = f"{Ton.FAVORABLE.symbole} oui", f"{Ton.DEFAVORABLE.symbole} non"


def write(
    book: Edition, sheet: Worksheet, seance: Seance, saisies: Mapping[str, LigneSaisie]
) -> None:
    """The overview of these votes; `saisies` are those that the jury has already typed."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    session = seance.session
    title = f"{seance.referentiel.intitule}, session {session.id}"
    put(sheet, 0, 0, title, book.titre)
    put(sheet, 1, 0, f"Jury du {date_jour(session.date_jury)}, {session.lieu}", book.sous_titre)
    row = _write_counters(book, sheet, 3, seance, saisies)
    row = _write_quorum(book, sheet, row + 1, seance)
    _write_candidates(book, sheet, row + 1, seance, saisies)
    for fmt_of, start in ((Ton.FAVORABLE, _OUI[0]), (Ton.DEFAVORABLE, _NON[0])):
        fond, encre = edition.FONDS[fmt_of]
        sheet.conditional_format(
            3, 5, row, 5,
            {
                "type": "text", "criteria": "begins with", "value": start,
                "format": book.conditionnel(bg_color=fond, font_color=encre),
            },
        )  # fmt: skip
    edition.a4_paysage(sheet, f"{session.id}  {FEUILLE}")
    sheet.protect(options={"format_columns": True, "format_rows": True})


def _formula(
    sheet: Worksheet, place: tuple[int, int], formula: str, book: Edition, value: int | str
) -> None:
    done(sheet.write_formula(*place, f"={formula}", book.cellule_forte, value))


# --- what is decided -----------------------------------------------------------------------------


def _write_counters(
    book: Edition, sheet: Worksheet, row: int, seance: Seance, saisies: Mapping[str, LigneSaisie]
) -> int:
    objets = [objet for dossier in seance.dossiers for objet in dossier.objets]
    typed = [saisies.get(votes.repere(o.candidat, o.code)) for o in objets]
    said = [one.decide for one in typed if one and one.decide]
    decide, sur, motif = (_range(seance, nom, len(objets)) for nom in ("decide", "sur", "motif"))
    _head(book, sheet, row, "Où en est la délibération", 5)
    counters: list[tuple[str, str, int]] = [
        ("Décisions à prendre", str(len(objets)), len(objets)),
        ("Décisions prises", f"COUNTA({decide})", len(said)),
        ("Décisions restantes", f"{len(objets)}-COUNTA({decide})", len(objets) - len(said)),
        (
            "Motifs manquants (décision qui s’écarte de la proposition)",
            f'SUMPRODUCT(({decide}<>"")*({decide}<>{sur})*({motif}=""))',
            sum(
                1 for one in typed if one and one.decide and one.decide != one.sur and not one.motif
            ),
        ),
    ]
    for issue in _issues(objets):
        counters.append((issue.marque, f'COUNTIF({decide},"{issue.mot}")', said.count(issue.mot)))
    for label, formula, value in counters:
        row += 1
        sheet.merge_range(row, 0, row, 3, label, book.cellule)
        _formula(sheet, (row, 4), formula, book, value)
    return row + 1


def _issues(objets: Sequence[Objet]) -> list[ResultatBloc | ResultatCertification]:
    possible = {issue for objet in objets for issue in objet.possibles}
    return [
        one for kind in (ResultatBloc, ResultatCertification) for one in kind if one in possible
    ]


def _range(seance: Seance, nom: str, count: int) -> str:
    """The cells of a column of the votes, as a formula cites them; at least one."""
    column = letters(votes.columns(seance)[nom] + 1)
    return f"'{votes.TABLE.feuille}'!${column}$2:${column}${max(2, count + 1)}"


# --- who sits ------------------------------------------------------------------------------------


def _write_quorum(book: Edition, sheet: Worksheet, row: int, seance: Seance) -> int:
    """What the règlement demands, laid beside who is marked present on the sheet « Séance »."""
    _head(book, sheet, row, "Le jury", 3, "Le règlement demande", "En séance", "Conforme")
    jury = seance.session.jury
    here = [membre for membre in jury if membre.present]
    first, last = feuille_seance.members_rows(seance.session)
    presence, quality = (
        f"'{feuille_seance.FEUILLE}'!${letters(column + 1)}${first}:${letters(column + 1)}${last}"
        for column in (feuille_seance.B, feuille_seance.E)
    )
    present = f'({presence}="{Presence.PRESENT.mot}")'
    row += 1
    for titre, demanded, formula, met, value, holds in _demands(seance, here, present, quality):
        sheet.merge_range(row, 0, row, 2, titre, book.cellule)
        put(sheet, row, 3, demanded, book.cellule)
        _formula(sheet, (row, 4), formula, book, value)
        verdict = f'IF({met.format(cell=xl_rowcol_to_cell(row, 4))},"{_OUI}","{_NON}")'
        _formula(sheet, (row, 5), verdict, book, _OUI if holds else _NON)
        row += 1
    return row


def _demands(
    seance: Seance, here: Sequence[MembreJury], present: str, quality: str
) -> Iterator[tuple[str, str, str, str, int | str, bool]]:
    voies = dict.fromkeys(candidat.voie for candidat in seance.session.candidats)
    rules: dict[Composition, list[str]] = {}
    for voie in voies:
        rules.setdefault(seance.reglement.jury_of(voie), []).append(voie.mot)
    for rule, names in rules.items():
        of = f" ({enumeration(names)})" if len(rules) > 1 else ""
        count = f"SUMPRODUCT({present}*1)"
        yield (
            f"Membres présents{of}", f"au moins {rule.minimum}", count,
            f"{{cell}}>={rule.minimum}", len(here), len(here) >= rule.minimum,
        )  # fmt: skip
        if rule.president:
            chairs = sum(membre.preside for membre in here)
            yield (
                f"Présidence{of}", "1", _having(present, quality, feuille_seance.PRESIDE),
                "{cell}=1", chairs, chairs == 1,
            )  # fmt: skip
        if rule.exterieurs is not None:
            outside = sum(membre.externe for membre in here)
            least = rule.exterieurs
            share = Fraction(outside, len(here)) if here else Fraction()
            yield (
                f"Extérieurs{of}",
                f"au moins {pourcentage(least)}",
                _having(present, quality, feuille_seance.EXTERIEUR),
                # The share in whole numbers: no rounding between the jury and its rule.
                f"AND({count}>0,{{cell}}*{least.denominator}>={count}*{least.numerator})",
                outside,
                bool(here) and share >= least,
            )
        for role in rule.roles:
            name = role.qualite + (f", collège {role.college}" if role.college else "")
            own = sum(feuille_seance.quality(membre).startswith(name) for membre in here)
            formula = f'SUMPRODUCT({present}*(LEFT({quality},{len(name)})="{name}"))'
            yield (
                f"{name}{of}", str(role.nombre), formula,
                f"{{cell}}>={role.nombre}", own, own >= role.nombre,
            )  # fmt: skip


def _having(present: str, quality: str, mot: str) -> str:
    return f'SUMPRODUCT({present}*ISNUMBER(SEARCH("{mot}",{quality})))'


# --- who must be looked at -----------------------------------------------------------------------


def _write_candidates(
    book: Edition, sheet: Worksheet, row: int, seance: Seance, saisies: Mapping[str, LigneSaisie]
) -> None:
    objets = [objet for dossier in seance.dossiers for objet in dossier.objets]
    ids, decide = (_range(seance, nom, len(objets)) for nom in ("candidat", "decide"))
    line = 2
    doubtful: list[tuple[Dossier, int, list[str]]] = []
    clear: list[tuple[Dossier, int, list[str]]] = []
    for dossier in votes.in_order(seance):
        said = votes.doubts_by_object(seance, dossier)
        if dossier.objets:
            (doubtful if said else clear).append((dossier, line, said))
        line += len(dossier.objets)
    nothing = [(dossier, 0, _settled(dossier)) for dossier in seance.dossiers if not dossier.objets]
    for titre, group in (
        ("Cas clairs", clear), ("À examiner", doubtful), ("Rien à décider", nothing)
    ):  # fmt: skip
        if not group:
            continue
        heading = f"{titre} ({nombre(len(group))})"
        _head(book, sheet, row, heading, 2, "Voie d’accès", "Proposition", "Décidé", "Pourquoi")
        for dossier, first, said in group:
            row += 1
            candidat = dossier.resultat.candidat
            who = f"{candidat.nom} {candidat.prenom}"
            if first:
                link = f"internal:'{votes.TABLE.feuille}'!A{first}"
                book.link(sheet, row, 0, candidat.id, link, book.lien)
            else:
                put(sheet, row, 0, candidat.id, book.cellule)
            put(sheet, row, 1, who, book.cellule)
            put(sheet, row, 2, candidat.voie.mot, book.cellule)
            outcome = dossier.resultat.certification
            put(sheet, row, 3, outcome.marque, book.ton(outcome.ton))
            many = len(dossier.objets)
            done_now = sum(
                bool((one := saisies.get(votes.repere(o.candidat, o.code))) and one.decide)
                for o in dossier.objets
            )
            if many:
                own = f'SUMPRODUCT(({ids}="{candidat.id}")*({decide}<>""))&" sur {many}"'
                _formula(sheet, (row, 4), own, book, f"{done_now} sur {many}")
            else:
                put(sheet, row, 4, "–", book.cellule)
            text = "\n".join(said)
            put(sheet, row, 5, text, book.cellule)
            sheet.set_row(row, edition.height((text, _WIDTHS[5]), (who, _WIDTHS[1])))
        row += 2


def _settled(dossier: Dossier) -> list[str]:
    return [f"{dossier.resultat.certification.mot}{INSECABLE}: le jury le constate."]


def _head(book: Edition, sheet: Worksheet, row: int, titre: str, over: int, *others: str) -> None:
    sheet.merge_range(row, 0, row, over - 1, titre, book.entete)
    for column, text in enumerate(others, over):
        put(sheet, row, column, text, book.entete)
    sheet.set_row(row, 20)
