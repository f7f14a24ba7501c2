"""A candidate who does not obtain everything -> the reasons that the procès-verbal gives."""

from collections.abc import Iterator
from typing import Any

from batch.documents.contexte.phrases import repertoire
from batch.documents.contexte.vue import Vue, motif, reason, whole_reason
from batch.francais import INSECABLE
from batch.jury.deliberation import CERTIFICATION
from batch.jury.regles import Mesure
from batch.jury.seance import Seance
from batch.vocabulaire import ResultatBloc, ResultatCertification


def motivation(seance: Seance, vue: Vue) -> dict[str, Any] | None:
    if vue.certification not in (
        ResultatCertification.PARTIELLE,
        ResultatCertification.NON_DELIVREE,
        ResultatCertification.EN_ATTENTE,
    ):
        return None
    said = [*_bloc_reasons(seance, vue), *_whole_reasons(seance, vue)]
    return {
        "candidat": f"{repertoire(vue.candidat)} ({vue.candidat.id})",
        "issue": vue.certification.mot,
        "raisons": said,
    }


def _bloc_reasons(seance: Seance, vue: Vue) -> Iterator[str]:
    for code, state in vue.blocs.items():
        if state.obtenu or state is ResultatBloc.NON_VISE:
            continue
        if state is ResultatBloc.NON_PRESENTE:
            yield f"{code} non présenté."
            continue
        stands = "en attente" if state.en_suspens else "non validé"
        why = "par décision du jury" if vue.departs(code) else reason(seance, vue.constat(code))
        yield _because(f"{code} {stands}", why, motif(vue, code), vue.departs(code))


def _whole_reasons(seance: Seance, vue: Vue) -> Iterator[str]:
    """What the certification demands besides its blocs, or in their place, and is not there."""
    departs, said = vue.departs(CERTIFICATION), motif(vue, CERTIFICATION)
    if departs and not vue.blocs:
        yield _because("Certification non délivrée", "par décision du jury", said, True)
        return
    if not vue.manquants:
        for constat in vue.ensembles:
            if constat.mesure is not Mesure.ATTEINT:
                yield whole_reason(seance, constat)
    if said:
        yield said


def _because(subject: str, why: str, said: str, departs: bool) -> str:
    link = " " if departs else f"{INSECABLE}: "
    sentence = f"{subject}{link}{why}." if why else f"{subject}."
    return f"{sentence} {said}".rstrip()
