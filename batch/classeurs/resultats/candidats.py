"""Each candidate's outcomes: by bloc, then down to the critère."""

from collections.abc import Sequence

from batch.classeurs import edition
from batch.classeurs.edition import Edition, put
from batch.jury.seance import Dossier, Seance
from batch.vocabulaire import EtatSession


def write_results(book: Edition, seance: Seance) -> None:
    sheet = book.add_sheet("Résultats")
    final = seance.etat is EtatSession.DEFINITIF
    blocs = [bloc.code for bloc in seance.referentiel.blocs]
    state = "Décisions du jury" if final else "PROJET : propositions du calcul"
    put(sheet, 0, 0, f"{seance.referentiel.intitule}, session {seance.session.id}", book.titre)
    put(sheet, 1, 0, state, book.sous_titre)
    titres = [
        ("N°", 10), ("Nom", 24), ("Prénom", 18), ("Voie d’accès", 22), ("Présence", 11),
        *((code, 18) for code in blocs),
        ("Certification", 26), ("Motif du jury", 50),
    ]  # fmt: skip
    edition.headings(book, sheet, titres, 3)
    row = 3
    for row, dossier in enumerate(seance.dossiers, 4):
        candidat = dossier.resultat.candidat
        identity = (candidat.id, candidat.nom, candidat.prenom, candidat.voie.mot)
        for column, text in enumerate((*identity, dossier.resultat.presence.mot)):
            put(sheet, row, column, text, book.cellule)
        for column, code in enumerate(blocs, 5):
            shown = dossier.bloc(code)
            put(sheet, row, column, shown.marque, book.ton(shown.ton))
        outcome = dossier.certification
        put(sheet, row, 5 + len(blocs), outcome.marque, book.ton(outcome.ton))
        motifs = "\n".join(f"{code} : {why}" for code, why in dossier.issues.motifs.items())
        put(sheet, row, 6 + len(blocs), motifs, book.cellule)
        sheet.set_row(
            row, edition.height((motifs, 50), (candidat.nom, 24), (candidat.voie.mot, 20))
        )
    sheet.freeze_panes(4, 3)
    if row > 3:
        sheet.autofilter(3, 0, row, len(titres) - 1)
    edition.a4_paysage(sheet, f"{seance.session.id}  {state}", repeat=3)


def write_details(book: Edition, seance: Seance) -> None:
    """One column a candidate: the finest results that the référentiel allows."""
    for name, dossiers in edition.across("Détail", seance.dossiers):
        _write_details(book, seance, name, dossiers)


def _write_details(book: Edition, seance: Seance, nom: str, dossiers: Sequence[Dossier]) -> None:
    sheet = book.add_sheet(nom)
    people = [dossier.resultat.candidat for dossier in dossiers]
    names = [(f"{candidat.id}\n{candidat.nom}", 16) for candidat in people]
    edition.headings(book, sheet, [("Code", 12), ("Intitulé", 70), *names])
    sheet.set_row(0, 30)
    lines = [
        *(("competences", c.id, c.code or "", c.intitule) for c in seance.referentiel.competences),
        *(
            ("epreuves", e.id, e.id.removeprefix("EP-"), e.intitule)
            for e in seance.referentiel.epreuves
        ),
        *(("activites", a.id, a.code or "", a.intitule) for a in seance.referentiel.activites),
        *(("criteres", c.id, c.code or "", c.intitule) for c in seance.referentiel.criteres),
    ]
    row = 0
    for level, identifiant, code, intitule in lines:
        states = [getattr(d.resultat, level).get(identifiant) for d in dossiers]
        if not any(states):
            continue
        row += 1
        put(sheet, row, 0, code, book.cellule)
        put(sheet, row, 1, intitule, book.cellule)
        for column, state in enumerate(states, 2):
            if state is None:
                put(sheet, row, column, None, book.cellule)
            else:
                put(sheet, row, column, state.marque, book.ton(state.ton))
        sheet.set_row(row, edition.height((intitule, 70)))
    sheet.freeze_panes(1, 2)
    edition.a4_paysage(sheet, f"{seance.session.id}  {nom}", repeat=0)
