"""The same grid returned several times -> one, or none: never chosen in silence.

Copies that say the same are one. A blank one beside a filled one adds nothing. Two that differ are
compared cell by cell and both refused, unless the gestionnaire asked for the more recent, by the
date that the workbooks carry in themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from batch.anomalies import Anomalie, Code, Lieu
from batch.classeurs.grille.fiches import FicheLue, Saisie
from batch.classeurs.grille.forme import Numero
from batch.classeurs.grille.lecture import Bilan, Sort
from batch.francais import compte, date_longue, enumeration, guillemets

_MONTREES = 3


@dataclass(frozen=True, slots=True)
class Choix:
    """A version taken because it is the more recent; for the journal."""

    numero: Numero
    retenue: datetime
    ecartees: tuple[datetime, ...]
    fichier: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell on which two versions do not say the same."""

    quoi: str
    lieu: Lieu
    valeur: str
    autre_lieu: Lieu
    autre_valeur: str

    def __str__(self) -> str:
        return f"{self.quoi} {guillemets(self.valeur)} contre {guillemets(self.autre_valeur)}"


def merge(
    fiches: Iterable[FicheLue],
    bilan: Bilan,
    dates: Mapping[str, datetime | None] | None = None,
) -> tuple[list[FicheLue], list[Anomalie], list[Choix]]:
    """One sheet for each number. `dates`: when each file was last saved, if that may decide."""
    anomalies: list[Anomalie] = []
    choices: list[Choix] = []
    kept: list[FicheLue] = []
    ends: list[tuple[FicheLue, Sort]] = []
    returned: dict[Numero, list[FicheLue]] = defaultdict(list)
    for fiche in fiches:
        returned[fiche.forme.numero].append(fiche)
    for copies in returned.values():
        versions, same = _distinct(copies)
        anomalies += same
        chosen = versions[0]
        if len(versions) > 1:
            faults, choice = _judge(versions, dates)
            anomalies += faults
            if choice is None:
                ends += [(fiche, Sort.REFUSE) for fiche in versions]
                ends += [(fiche, Sort.INCHANGE) for fiche in copies if fiche not in versions]
                continue
            choices.append(choice)
            chosen = next(one for one in versions if one.lieu.fichier == choice.fichier)
        kept.append(chosen)
        for fiche in copies:
            if fiche is not chosen:
                ends.append((fiche, Sort.IGNORE if fiche in versions else Sort.INCHANGE))
    _settle(bilan, kept, ends)
    return kept, anomalies, choices


def _distinct(copies: Sequence[FicheLue]) -> tuple[list[FicheLue], list[Anomalie]]:
    """The versions that say something different, in their order; the others told as such."""
    if len(copies) == 1:
        return list(copies), []
    filled = [fiche for fiche in copies if not fiche.vide]
    versions: list[FicheLue] = []
    anomalies: list[Anomalie] = []
    for fiche in copies:
        same = (one for one in versions if not list(differences(one, fiche)))
        twin = next(same, None) or (versions[0] if versions and not filled else None)
        numero = fiche.forme.numero
        if twin is not None:
            anomalies.append(Code.GRILLE_IDENTIQUE.at(fiche.lieu, numero=numero, autre=twin.lieu))
        elif filled and fiche.vide:
            anomalies.append(
                Code.GRILLE_AUSSI_VIDE.at(fiche.lieu, numero=numero, autre=filled[0].lieu)
            )
        else:
            versions.append(fiche)
    return versions, anomalies


def _judge(
    versions: Sequence[FicheLue], dates: Mapping[str, datetime | None] | None
) -> tuple[list[Anomalie], Choix | None]:
    """What is said of versions that differ, and the one taken when its date proves something."""
    first = versions[0]
    numero = first.forme.numero
    anomalies: list[Anomalie] = []
    known = [(dates or {}).get(fiche.lieu.fichier) for fiche in versions]
    saved = sorted((date for date in known if date is not None), reverse=True)
    choice: Choix | None = None
    if len(saved) == len(versions) and saved[0] > saved[1]:
        chosen = versions[known.index(saved[0])]
        choice = Choix(numero, saved[0], tuple(saved[1:]), chosen.lieu.fichier)
        others = [fiche for fiche in versions if fiche is not chosen]
        for fiche in others:
            found = list(differences(fiche, chosen))
            anomalies.append(
                Code.GRILLE_PLUS_RECENTE.at(
                    chosen.lieu,
                    numero=numero,
                    date=_moment(saved[0]),
                    autre=fiche.lieu,
                    autre_date=_moment(known[versions.index(fiche)]),
                    differences=_summary(found),
                ).about(str(numero))
            )
            anomalies += _each(found, numero)
        return anomalies, choice
    if dates is not None:
        raison = (
            "deux versions portent la même date"
            if len(saved) == len(versions)
            else "une version ne porte pas de date d'enregistrement sûre"
        )
        unsure = Code.GRILLE_SANS_DATE.at(first.lieu, numero=numero, raison=raison)
        anomalies.append(unsure.about(str(numero)))
    who = [candidat.id for candidat in first.forme.fiche.candidats]
    for fiche in versions[1:]:
        found = list(differences(first, fiche))
        anomalies.append(
            Code.GRILLE_DOUBLE.at(
                fiche.lieu,
                candidats=who,
                numero=numero,
                autre=first.lieu,
                differences=_summary(found),
            ).about(str(numero))
        )
        anomalies += _each(found, numero)
    return anomalies, None


def differences(one: FicheLue, other: FicheLue) -> Iterator[Difference]:
    """Each cell on which two versions of a sheet do not say the same."""
    if one.presence != other.presence:
        yield Difference(
            "présence",
            other.lieu_presence,
            other.presence or _VIDE,
            one.lieu_presence,
            one.presence or _VIDE,
        )
    first = {saisie.ligne.id: saisie for saisie in one.saisies}
    second = {saisie.ligne.id: saisie for saisie in other.saisies}
    for ligne in one.forme.lignes:
        before, after = first.get(ligne.id), second.get(ligne.id)
        if before is None and after is None:
            continue
        name = ligne.code or ligne.id
        for quoi, old, new in (
            (name, _note(before, one), _note(after, other)),
            (f"commentaire de {name}", _comment(before, one), _comment(after, other)),
        ):
            if old[1] != new[1]:
                yield Difference(quoi, *new, *old)


_VIDE, _ABSENTE = "(vide)", "(ligne absente)"


def _note(saisie: Saisie | None, fiche: FicheLue) -> tuple[Lieu, str]:
    return (saisie.lieu, saisie.note.texte or _VIDE) if saisie else (fiche.lieu, _ABSENTE)


def _comment(saisie: Saisie | None, fiche: FicheLue) -> tuple[Lieu, str]:
    if saisie is None:
        return fiche.lieu, _VIDE  # the missing row is said once, for its rating
    return saisie.lieu_commentaire, saisie.commentaire or _VIDE


def _summary(found: Sequence[Difference]) -> str:
    shown = [str(difference) for difference in found[:_MONTREES]]
    if len(found) > _MONTREES:
        shown.append(compte(len(found) - _MONTREES, "autre"))
    return f"{compte(len(found), 'différence')} ({enumeration(shown)})"


def _each(found: Iterable[Difference], numero: Numero) -> Iterator[Anomalie]:
    for one in found:
        yield Code.SAISIE_DIFFERENTE.at(
            one.lieu,
            quoi=one.quoi,
            valeur=one.valeur,
            autre=one.autre_lieu,
            autre_valeur=one.autre_valeur,
        ).about(str(numero))


def _moment(instant: datetime | None) -> str:
    assert instant is not None
    utc = instant.astimezone(UTC)
    return f"{date_longue(utc.date())} à {utc:%H:%M:%S} (UTC)"


def _settle(bilan: Bilan, kept: Sequence[FicheLue], ends: Sequence[tuple[FicheLue, Sort]]) -> None:
    """What was accepted by itself ends otherwise beside the others: rows, then sheets, then files.

    A sheet or a file counts as the best of what it holds.
    """
    for fiche, sort in ends:
        bilan.lignes[Sort.ACCEPTE] -= len(fiche.saisies)
        bilan.lignes[sort] += len(fiche.saisies)
    best = list(Sort)
    sheets: dict[Lieu, Sort] = {}
    for fiche, sort in (*((fiche, Sort.ACCEPTE) for fiche in kept), *ends):
        sheets[fiche.lieu] = min(sort, sheets.get(fiche.lieu, sort), key=best.index)
    bilan.feuilles.update(sheets)
    files: dict[str, Sort] = {}
    for lieu, sort in sheets.items():
        files[lieu.fichier] = min(sort, files.get(lieu.fichier, sort), key=best.index)
    bilan.fichiers.update(files)
