"""What the sheets say -> appreciations, after one check of all of them together (pandera)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs import tables
from batch.classeurs.cellules import Cellule, fold
from batch.classeurs.grille import forme as f
from batch.classeurs.grille import valeurs
from batch.classeurs.grille.fiches import FicheLue, Saisie, place_of
from batch.classeurs.grille.forme import Forme, Numero
from batch.classeurs.grille.rangs import short_names
from batch.classeurs.grille.valeurs import Lu
from batch.francais import compte, enumeration, nombre
from batch.records import Appreciation
from batch.reglement.modele import Echelle, Reglement
from batch.vocabulaire import Presence


@dataclass(frozen=True, slots=True)
class Evaluations:
    """What can be reckoned with: the ratings, and who did not come to what."""

    appreciations: Mapping[str, tuple[Appreciation, ...]]  # by candidate
    absences: Mapping[str, frozenset[str]]  # by candidate: the parties he did not come to


Rangees = Mapping[int, tuple[FicheLue, Saisie, Lu]]


def check(
    fiches: Sequence[FicheLue],
    attendues: Iterable[Forme],
    vues: Collection[Numero],
    reglement: Reglement,
) -> tuple[Evaluations, list[Anomalie]]:
    """Every fault of every sheet, and the ratings that have none.

    `attendues`: the sheets that should have come back; `vues`: those that did, refused ones too.
    """
    anomalies: list[Anomalie] = []
    absences: dict[str, set[str]] = defaultdict(set)
    kept: dict[str, dict[tuple[str, str], Appreciation]] = defaultdict(dict)
    read = valeurs.reader(reglement.echelle)
    # A member's own rating, written after the group's, takes its place.
    in_order = sorted(fiches, key=lambda fiche: fiche.forme.fiche.groupe is not None)
    for own in _slices(in_order):
        rated = []
        for fiche in own:
            if _is_absent(fiche, read, anomalies):
                for candidat in fiche.forme.fiche.candidats:
                    absences[candidat.id].add(fiche.forme.fiche.partie.id)
            else:
                rated.append(fiche)
        rows = dict(enumerate(_rows(rated, read)))
        misplaced = dict(_misplaced(rows, read))
        anomalies += misplaced.values()
        refused = _check_table(rows, misplaced, reglement.echelle, anomalies)
        anomalies += _check_completeness(rated, rows, misplaced)
        for number, (fiche, saisie, lu) in rows.items():
            if number not in refused and lu.texte is not None:
                for one in _appreciations(fiche, saisie, lu):
                    kept[one.candidat][one.evaluateur, one.ligne] = one
    anomalies += _missing_sheets(attendues, vues)
    return (
        Evaluations(
            {candidat: tuple(own.values()) for candidat, own in kept.items()},
            {candidat: frozenset(own) for candidat, own in absences.items()},
        ),
        anomalies,
    )


# Each row is checked by itself: so many at once take all of pandera's speed and little memory.
_TRANCHE = 1 << 15


def _slices(fiches: Iterable[FicheLue]) -> Iterator[list[FicheLue]]:
    own: list[FicheLue] = []
    rows = 0
    for fiche in fiches:
        own.append(fiche)
        rows += len(fiche.saisies)
        if rows >= _TRANCHE:
            yield own
            own, rows = [], 0
    if own:
        yield own


def _rows(
    fiches: Iterable[FicheLue], read: Callable[[Cellule], Lu]
) -> Iterator[tuple[FicheLue, Saisie, Lu]]:
    for fiche in fiches:
        for saisie in fiche.saisies:
            if not (saisie.ligne.facultative and saisie.vide):  # else the group's rating holds
                yield fiche, saisie, read(saisie.note)


def _is_absent(fiche: FicheLue, read: Callable[[Cellule], Lu], anomalies: list[Anomalie]) -> bool:
    who = fiche.candidats
    said = fold(fiche.presence or "")
    if said and said.removesuffix("e") not in {fold(word) for word in f.PRESENCES}:
        anomalies.append(
            Code.PRESENCE_INCONNUE.at(fiche.lieu_presence, candidats=who, valeur=fiche.presence)
        )
    absent = said.removesuffix("e") == fold(Presence.ABSENT.mot)
    away = all(c.presence is not Presence.PRESENT for c in fiche.forme.fiche.candidats)
    if not (absent or away):
        return False
    notes = [read(saisie.note) for saisie in fiche.saisies]
    rated = sum(lu.texte is not None or (lu.faute is not None and not lu.muet) for lu in notes)
    if rated:
        names = enumeration(candidat.nom_complet for candidat in fiche.forme.fiche.candidats)
        anomalies.append(
            Code.ABSENT_NOTE.at(
                fiche.lieu_presence,
                candidats=who,
                qui=names,
                combien=compte(rated, "appréciation"),
            )
        )
        return False
    return True


def _misplaced(rows: Rangees, read: Callable[[Cellule], Lu]) -> Iterator[tuple[int, Anomalie]]:
    """A rating written beside its column, most often among the comments: seen, never taken."""
    for number, (fiche, saisie, lu) in rows.items():
        if lu.texte is not None:
            continue
        for cell in saisie.ailleurs:
            if read(cell).texte is not None:
                yield (
                    number,
                    Code.NOTE_MAL_PLACEE.at(
                        place_of(saisie.feuille, cell),
                        candidats=fiche.candidats,
                        valeur=cell.texte,
                        critere=saisie.ligne.nom,
                        colonne=tables.load("grille").colonne("note").titre,
                    ),
                )
                break


def _check_table(
    rows: Rangees,
    misplaced: Collection[int],
    echelle: Echelle,
    anomalies: list[Anomalie],
) -> set[int]:
    """The rows that the table refuses; faults and normalised words join the anomalies."""
    refused: set[int] = set()
    for faute in _faults(rows, echelle):
        fiche, saisie, lu = rows[faute.ligne]
        if faute.ligne in misplaced and faute.colonne == "note":
            continue  # said already, at the cell where the rating is
        anomalie = _explain(faute, fiche, saisie, lu, echelle)
        if anomalie is not None:
            anomalies.append(anomalie)
            if anomalie.bloquante:
                refused.add(faute.ligne)
    for _, saisie, lu in rows.values():
        if lu.normalise and lu.niveau is not None:
            anomalies.append(
                Code.NOTE_NORMALISEE.at(
                    saisie.lieu,
                    valeur=saisie.note.texte,
                    lu=echelle.niveau(lu.niveau).libelle,
                    critere=saisie.ligne.nom,
                )
            )
    return refused


def _faults(rows: Rangees, echelle: Echelle) -> list[tables.Faute]:
    import pandera.pandas as pa  # heavy, and only a check needs it

    demanding = [n.code for n in echelle.niveaux if n.commentaire == "obligatoire"]
    checks = {"note": [_scale_check(echelle)]}
    apart = {number for number, (_, saisie, _) in rows.items() if saisie.ligne.facultative}
    rules = [
        pa.Check(
            lambda table: (
                ~(
                    (table["note"].isin(demanding) | table.index.isin(apart))
                    & table["commentaire"].isna()
                )
            ),
            name="commentaire_obligatoire",
        )
    ]
    frame = {
        number: {
            "repere": saisie.ligne.id,
            "code": saisie.ligne.code or None,
            "critere": saisie.ligne.texte,
            # What could not be read is nobody's level and no mark: the table then refuses it.
            # Its own text might pass for one: on a scale of marks, « 7/10 » is a fraction.
            "note": lu.texte or ("" if lu.faute else None),
            "temoin": None,
            "commentaire": saisie.commentaire,
        }
        for number, (_, saisie, lu) in rows.items()
    }
    return tables.check("grille", frame, checks, rules)


def _scale_check(echelle: Echelle) -> object:
    import pandera.pandas as pa

    codes = {niveau.code for niveau in echelle.niveaux}

    def dans_l_echelle(valeur: str) -> bool:
        if valeur in codes:
            return True
        if echelle.note is None:
            return False
        try:
            return 0 <= Fraction(valeur) <= Fraction(echelle.note.sur)
        except ValueError:
            return False

    return pa.Check(dans_l_echelle, element_wise=True, name="dans_l_echelle")


def _explain(
    faute: tables.Faute, fiche: FicheLue, saisie: Saisie, lu: Lu, echelle: Echelle
) -> Anomalie | None:
    who = fiche.candidats
    critere = saisie.ligne.nom
    match faute.colonne, faute.controle:
        case "note", "not_nullable":
            return None  # said once for the whole sheet
        case "note", _:
            words = {
                "valeur": lu.valeur,
                "sens": lu.sens,
                "critere": critere,
                "attendu": f.expected(echelle),
            }
            if lu.note is not None and echelle.note is not None:
                words = {"valeur": nombre(lu.note), "critere": critere}
                words["maximum"] = nombre(echelle.note.sur)
                return Code.NOTE_HORS_BORNES.at(saisie.lieu, candidats=who, **words)
            return (lu.faute or Code.NOTE_INCONNUE).at(saisie.lieu, candidats=who, **words)
        case _, "commentaire_obligatoire":
            return Code.COMMENTAIRE_MANQUE.at(
                saisie.lieu_commentaire,
                candidats=who,
                valeur=echelle.niveau(lu.niveau).libelle if lu.niveau else saisie.note.texte,
                critere=critere,
            )
    return Code.TEXTE_TROP_LONG.at(
        saisie.lieu_commentaire, maximum=f.COMMENTAIRE_MAX, critere=critere
    )


def _check_completeness(
    fiches: Iterable[FicheLue], rows: Rangees, misplaced: Collection[int]
) -> Iterator[Anomalie]:
    """One sentence a sheet for all that it leaves blank, at the first blank cell."""
    blank: dict[int, list[Saisie]] = defaultdict(list)
    for number, (fiche, saisie, lu) in rows.items():
        if lu.texte is None and lu.faute is None and number not in misplaced:
            blank[id(fiche)].append(saisie)
    for fiche in fiches:
        here = {ligne.id for ligne in fiche.saisies.lignes} | fiche.refusees
        lost = [ligne for ligne in fiche.forme.attendues if ligne.id not in here]
        empty = [saisie.ligne for saisie in blank[id(fiche)]]
        lacking = [ligne for ligne in fiche.forme.attendues if ligne in empty or ligne in lost]
        if lacking:
            first = blank[id(fiche)]
            yield Code.NOTE_MANQUE.at(
                first[0].lieu if first else fiche.lieu,
                candidats=fiche.candidats,
                combien=compte(len(lacking), "ligne"),
                lignes=short_names(lacking),
            )


def _missing_sheets(attendues: Iterable[Forme], vues: Collection[Numero]) -> Iterator[Anomalie]:
    """What has not come back: one sentence for each workbook that was to be returned."""
    lacking: dict[tuple[str, str], list[Forme]] = defaultdict(list)
    for forme in attendues:
        if forme.numero not in vues and forme.attendues:
            lacking[forme.numero.evaluateur, forme.numero.partie].append(forme)
    for (evaluateur, partie), own in lacking.items():
        who = [candidat.id for forme in own for candidat in forme.fiche.candidats]
        name = own[0].fiche.evaluateur.nom_complet
        numero = f"{own[0].numero.session}/{evaluateur}/{partie}"
        yield Code.GRILLE_NON_REVENUE.at(
            Lieu("retours/"),
            candidats=who,
            numero=numero,
            qui=enumeration(who) if len(who) <= 8 else compte(len(who), "candidat"),
            quoi=f.partie_nom(own[0].fiche.partie),
            evaluateur=f"{name} ({evaluateur})",
        ).about(numero, f.file_stem(own[0].fiche).casefold())


def _appreciations(fiche: FicheLue, saisie: Saisie, lu: Lu) -> Iterator[Appreciation]:
    comment = saisie.commentaire[: f.COMMENTAIRE_MAX] if saisie.commentaire else None
    asked, lieu = fiche.forme.fiche, saisie.lieu
    for candidat in asked.candidats:
        yield Appreciation(
            candidat=candidat.id,
            evaluateur=asked.evaluateur.id,
            partie=asked.partie.id,
            ligne=saisie.ligne.id,
            niveau=lu.niveau,
            note=lu.note,
            commentaire=comment,
            lieu=lieu,
            role=asked.evaluateur.role,
        )
