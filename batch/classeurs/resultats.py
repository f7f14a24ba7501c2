"""resultats.xlsx: what the machine-readable results say, for people."""

from batch.classeurs import edition
from batch.classeurs.edition import Edition, done, put
from batch.francais import nombre, pourcentage, typographie
from batch.jury import accord
from batch.jury.seance import Dossier, Seance
from batch.records import Appreciation
from batch.vocabulaire import EtatSession, Niveau, ResultatBloc, ResultatCertification


def write(seance: Seance) -> bytes:
    """Candidates by blocs, then compétences, then counts, then how far evaluators agree."""
    with edition.new(seance.session.date_jury) as (book, buffer):
        _write_results(book, seance)
        _write_details(book, seance)
        _write_counts(book, seance)
        _write_agreement(book, seance)
    return buffer.getvalue()


def _write_results(book: Edition, seance: Seance) -> None:
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
    for column, (nom, width) in enumerate(titres):
        sheet.set_column(column, column, width)
        put(sheet, 3, column, nom, book.entete)
    row = 3
    for row, dossier in enumerate(seance.dossiers, 4):
        candidat = dossier.resultat.candidat
        identity = (candidat.id, candidat.nom, candidat.prenom, candidat.voie.mot)
        for column, text in enumerate((*identity, dossier.resultat.presence.mot)):
            put(sheet, row, column, text, book.cellule)
        for column, code in enumerate(blocs, 5):
            shown = bloc_shown(dossier, code)
            put(sheet, row, column, f"{shown.ton.symbole} {shown.mot}", book.ton(shown.ton))
        outcome = certification_shown(dossier)
        text = f"{outcome.ton.symbole} {outcome.mot}"
        put(sheet, row, 5 + len(blocs), text, book.ton(outcome.ton))
        motifs = "\n".join(f"{code} : {why}" for code, why in dossier.issues.motifs.items())
        put(sheet, row, 6 + len(blocs), motifs, book.cellule)
        sheet.set_row(
            row, edition.height((motifs, 50), (candidat.nom, 24), (candidat.voie.mot, 20))
        )
    sheet.freeze_panes(4, 3)
    if row > 3:
        sheet.autofilter(3, 0, row, len(titres) - 1)
    edition.a4_paysage(sheet, f"{seance.session.id}  {state}", repeat=3)


def bloc_shown(dossier: Dossier, code: str) -> ResultatBloc:
    """The decision, or the proposal as long as there is none."""
    return dossier.issues.blocs.get(code) or dossier.resultat.blocs[code]


def certification_shown(dossier: Dossier) -> ResultatCertification:
    return dossier.issues.certification or dossier.resultat.certification


def _write_details(book: Edition, seance: Seance) -> None:
    """One column a candidate: the finest results that the référentiel allows."""
    sheet = book.add_sheet("Détail")
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 70)
    put(sheet, 0, 0, "Code", book.entete)
    put(sheet, 0, 1, "Intitulé", book.entete)
    for column, dossier in enumerate(seance.dossiers, 2):
        sheet.set_column(column, column, 16)
        candidat = dossier.resultat.candidat
        put(sheet, 0, column, f"{candidat.id}\n{candidat.nom}", book.entete)
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
        states = [getattr(d.resultat, level).get(identifiant) for d in seance.dossiers]
        if not any(states):
            continue
        row += 1
        put(sheet, row, 0, code, book.cellule)
        put(sheet, row, 1, intitule, book.cellule)
        for column, state in enumerate(states, 2):
            if state is None:
                put(sheet, row, column, None, book.cellule)
            else:
                put(sheet, row, column, f"{state.ton.symbole} {state.mot}", book.ton(state.ton))
        sheet.set_row(row, edition.height((intitule, 70)))
    sheet.freeze_panes(1, 2)
    edition.a4_paysage(sheet, f"{seance.session.id}  Détail", repeat=0)


def _write_counts(book: Edition, seance: Seance) -> None:
    sheet = book.add_sheet("Totaux")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 12)
    put(sheet, 0, 0, "Certification", book.entete)
    put(sheet, 0, 1, "Candidats", book.entete)
    for row, outcome in enumerate(ResultatCertification, 1):
        count = sum(certification_shown(dossier) is outcome for dossier in seance.dossiers)
        put(sheet, row, 0, outcome.mot, book.ton(outcome.ton))
        done(sheet.write_number(row, 1, count, book.cellule))
    row = len(ResultatCertification) + 2
    if seance.referentiel.blocs:
        put(sheet, row, 0, "Bloc", book.entete)
        for column, state in enumerate(ResultatBloc, 1):
            sheet.set_column(column, column, 16)
            put(sheet, row, column, state.mot, book.entete)
    for offset, bloc in enumerate(seance.referentiel.blocs, 1):
        put(sheet, row + offset, 0, f"{bloc.code} {bloc.intitule}", book.cellule)
        sheet.set_row(row + offset, edition.height((bloc.intitule, 30)))
        for column, state in enumerate(ResultatBloc, 1):
            count = sum(bloc_shown(dossier, bloc.code) is state for dossier in seance.dossiers)
            done(sheet.write_number(row + offset, column, count, book.cellule))
    edition.a4_paysage(sheet, f"{seance.session.id}  Totaux")


def _write_agreement(book: Edition, seance: Seance) -> None:
    """Only where several evaluators rated the same lines."""
    accords = accord.measure(_appreciations(seance))
    if not accords:
        return
    sheet = book.add_sheet("Accord")
    who = {evaluateur.id: evaluateur.nom_complet for evaluateur in seance.session.evaluateurs}
    titres = (
        ("Premier évaluateur", 28), ("Second évaluateur", 28), ("Lignes communes", 16),
        ("Mêmes appréciations", 20), ("Kappa de Cohen", 16), ("Lecture", 60),
    )  # fmt: skip
    for column, (nom, width) in enumerate(titres):
        sheet.set_column(column, column, width)
        put(sheet, 0, column, nom, book.entete)
    for row, one in enumerate(accords, 1):
        first, second = (who.get(own, own) for own in one.evaluateurs)
        kappa = "sans objet" if one.kappa is None else nombre(one.kappa)
        cells = (first, second, nombre(one.lignes), pourcentage(one.communes), kappa)
        for column, text in enumerate(cells):
            put(sheet, row, column, text, book.cellule)
        caution = (
            f"Peu de lignes (moins de {accord.PEU}) : le kappa dit plus le hasard que l’accord."
            if one.fragile
            else "1 : accord parfait ; 0 : l’accord du hasard."
        )
        put(sheet, row, 5, typographie(caution), book.discret)
    sheet.freeze_panes(1, 0)
    edition.a4_paysage(sheet, f"{seance.session.id}  Accord", repeat=0)


def _appreciations(seance: Seance) -> list[Appreciation]:
    lines = (Niveau.CRITERE, Niveau.INDICATEUR)
    return [
        one
        for dossier in seance.dossiers
        for constat in dossier.resultat.constats[Niveau.CRITERE].values()
        for leaf in (constat, *constat.enfants)
        if leaf.niveau in lines
        for one in leaf.appreciations
    ]
