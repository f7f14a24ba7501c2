"""The votes counted on each row, where the règlement wants some: read, and laid beside the jury."""

from collections.abc import Iterator, Mapping, Sequence

from batch.anomalies import Anomalie, Code
from batch.classeurs.deliberation import votes
from batch.classeurs.deliberation.saisies import LigneSaisie
from batch.francais import compte
from batch.jury.deliberation import Decision
from batch.jury.seance import Voix
from batch.reglement.modele import Scrutin
from batch.vocabulaire import objet_du_vote

_COLONNES = ("pour", "contre", "abstentions")


def check(
    saisies: Mapping[str, LigneSaisie],
    decisions: Sequence[Decision],
    scrutin: Scrutin | None,
    deliberent: Mapping[str, int],
    noms: Mapping[str, str],
) -> tuple[list[Voix], list[Anomalie]]:
    """The votes behind each decision, and every fault. `deliberent`: how many members decide on
    each candidate."""
    if scrutin is None:
        return [], []
    counted: list[Voix] = []
    anomalies: list[Anomalie] = []
    for decision in decisions:
        saisie = saisies[votes.repere(decision.candidat, decision.code)]
        if "pour" not in saisie.lieux:
            continue  # made before the règlement wanted votes: the workbook will be made again
        numbers, faults = _numbers(saisie, decision)
        anomalies += faults
        if faults:
            continue
        voix = Voix(decision.candidat, decision.code, *numbers)
        anomalies += _faults(saisie, voix, scrutin, deliberent[decision.candidat], noms)
        counted.append(voix)
    return counted, anomalies


def _numbers(saisie: LigneSaisie, decision: Decision) -> tuple[list[int], list[Anomalie]]:
    """Whole numbers, an empty cell among filled ones being none."""
    numbers: list[int] = []
    anomalies: list[Anomalie] = []
    for nom in _COLONNES:
        text = saisie[nom] or "0"
        if text.isascii() and text.isdigit() and len(text) < 4:
            numbers.append(int(text))
        else:
            colonne = votes.TABLE.colonne(nom)
            anomalies.append(
                Code.VALEUR_MAL_ECRITE.at(
                    saisie.lieux[nom],
                    candidats=(decision.candidat,),
                    valeur=text,
                    colonne=colonne.titre,
                    aide="Écrivez un nombre de voix.",
                )
            )
    return numbers, anomalies


def _faults(
    saisie: LigneSaisie, voix: Voix, scrutin: Scrutin, members: int, noms: Mapping[str, str]
) -> Iterator[Anomalie]:
    words = {"qui": noms[voix.candidat], "objet": objet_du_vote(voix.code)}
    who = (voix.candidat,)
    if voix.total != members:
        yield Code.VOIX_COMPTE.at(
            saisie.lieux["pour"],
            candidats=who,
            voix=compte(voix.total, "voix", "voix"),
            membres=compte(members, "membre délibère", "membres délibèrent"),
            **words,
        )
    elif not _carried(voix, scrutin, members):
        kind = "absolue" if scrutin.majorite == "absolue" else "simple"
        yield Code.VOIX_MAJORITE.at(
            saisie.lieux["pour"],
            candidats=who,
            majorite=kind,
            pour=voix.pour,
            contre=voix.contre,
            **words,
        )


def _carried(voix: Voix, scrutin: Scrutin, members: int) -> bool:
    if scrutin.voix_preponderante and voix.pour and voix.pour == voix.contre:
        return True
    if scrutin.majorite == "absolue":
        return 2 * voix.pour > members
    return voix.pour > voix.contre
