"""The table of outcomes, on the procès-verbal and on the wall: columns, cells, totals, legend."""

from collections.abc import Iterator, Sequence
from typing import Any

from batch.documents.contexte.vue import Vue, tally
from batch.francais import INSECABLE, compte, enumeration
from batch.jury.seance import Seance
from batch.vocabulaire import Etat, Presence, ResultatBloc, ResultatCertification

# Beyond so many blocs, the table of results is set smaller; then it prints codes, not words.
_COLONNES_LARGES = 3
_COLONNES_EN_MOTS = 6

_CODES = {
    ResultatBloc.VALIDE: "V",
    ResultatBloc.NON_VALIDE: "NV",
    ResultatBloc.INCOMPLET: "INC",
    ResultatBloc.A_ARBITRER: "ARB",
    ResultatBloc.ACQUIS_ANTERIEUR: "AA",
    ResultatBloc.DISPENSE: "DISP",
    ResultatBloc.NON_VISE: "–",
    ResultatBloc.NON_PRESENTE: "NP",
}

_SENS_BLOC = {
    ResultatBloc.VALIDE: "bloc obtenu à cette session",
    ResultatBloc.NON_VALIDE: "bloc évalué à cette session et non obtenu",
    ResultatBloc.INCOMPLET: "une évaluation au moins manque, rien n’est décidé",
    ResultatBloc.A_ARBITRER: "le calcul ne tranche pas, le jury décide",
    ResultatBloc.ACQUIS_ANTERIEUR: "bloc obtenu à une session antérieure et toujours valable",
    ResultatBloc.DISPENSE: "dispense accordée, le bloc compte comme obtenu",
    ResultatBloc.NON_VISE: "bloc que le parcours ne comprend pas",
    ResultatBloc.NON_PRESENTE: "bloc visé, dont aucune évaluation n’a été présentée",
}
_SENS_CERTIFICATION = {
    ResultatCertification.DELIVREE: "tous les blocs sont obtenus",
    ResultatCertification.PARTIELLE: "une partie seulement de la certification est obtenue",
    ResultatCertification.BLOCS_VISES_VALIDES: "tous les blocs d’un parcours partiel sont obtenus",
    ResultatCertification.NON_DELIVREE: "aucun bloc n’est obtenu",
    ResultatCertification.EN_ATTENTE: "un résultat manque ou reste à arbitrer",
    ResultatCertification.ABSENT: "absence constatée, aucun résultat",
    ResultatCertification.EXCUSE: "absence justifiée, aucun résultat",
}
_SENS_SANS_BLOC = {
    ResultatCertification.DELIVREE: "les conditions du règlement sont réunies",
    ResultatCertification.NON_DELIVREE: "les conditions du règlement ne sont pas réunies",
}

_TOTAUX = {
    ResultatCertification.DELIVREE: ("certification délivrée", "certifications délivrées"),
    ResultatCertification.PARTIELLE: ("validation partielle", "validations partielles"),
    ResultatCertification.BLOCS_VISES_VALIDES: (
        "parcours partiel validé",
        "parcours partiels validés",
    ),
    ResultatCertification.NON_DELIVREE: (
        "certification non délivrée",
        "certifications non délivrées",
    ),
    ResultatCertification.EN_ATTENTE: ("résultat en attente", "résultats en attente"),
    ResultatCertification.ABSENT: ("absence", "absences"),
    ResultatCertification.EXCUSE: ("absence excusée", "absences excusées"),
}


def columns(seance: Seance) -> dict[str, Any]:
    """A column for each bloc, or what is counted where there are none; how tight they are set."""
    blocs = seance.referentiel.blocs
    names = [bloc.code for bloc in blocs] or [name for name, told in _parties(seance) if told]
    return {
        "colonnes": names,
        "large": len(names) <= _COLONNES_LARGES,
        "serre": _COLONNES_LARGES < len(names) <= _COLONNES_EN_MOTS,
        "en_codes": len(names) > _COLONNES_EN_MOTS,
        "intitules": [{"code": bloc.code, "intitule": bloc.intitule} for bloc in blocs],
    }


def _parties(seance: Seance) -> tuple[tuple[str, bool], ...]:
    """Where there are no blocs: the columns that the rules give something to count in."""
    stated = seance.reglement.regles
    return (
        ("Activités", stated.activite is not None),
        ("Épreuves", stated.epreuve is not None),
    )


def cells(seance: Seance, vue: Vue) -> Iterator[dict[str, Any]]:
    if seance.referentiel.blocs:
        short = len(seance.referentiel.blocs) > _COLONNES_EN_MOTS
        for state in vue.blocs.values():
            yield {"mot": _CODES[state] if short else state.mot, "mentions": []}
        return
    parties = {"Activités": vue.resultat.activites, "Épreuves": vue.resultat.epreuves}
    for name, stated in _parties(seance):
        if not stated:
            continue
        if vue.resultat.presence is not Presence.PRESENT:
            yield {"mot": "–", "mentions": []}
        else:
            counts, apart = tally(parties[name])
            yield {"mot": counts, "mentions": apart}


def totals(vues: Sequence[Vue], is_projet: bool) -> str:
    if not vues:
        return ""
    states = [vue.certification for vue in vues]
    counts = [
        compte(combien, *_TOTAUX[state])
        for state in ResultatCertification
        if (combien := states.count(state))
    ]
    subject = "Total des propositions" if is_projet else "Total"
    total = compte(len(vues), "dossier")
    return f"{subject}{INSECABLE}: {total}, soit {enumeration(counts)}."


def legend(seance: Seance, vues: Sequence[Vue]) -> Iterator[dict[str, str]]:
    """Each state that this very document prints, in the vocabulary's order."""
    blocs = {state for vue in vues for state in vue.blocs.values()}
    outcomes = {vue.certification for vue in vues}
    meanings: dict[Etat, str] = {
        **{state: sense for state, sense in _SENS_BLOC.items() if state in blocs},
        **{state: sense for state, sense in _SENS_CERTIFICATION.items() if state in outcomes},
    }
    if not seance.referentiel.blocs:
        meanings |= {s: sense for s, sense in _SENS_SANS_BLOC.items() if s in outcomes}
        if vues:
            yield {"mot": "13 sur 15", "sens": "validées sur celles qui comptent"}
    short = len(seance.referentiel.blocs) > _COLONNES_EN_MOTS
    for state, sense in meanings.items():
        if short and isinstance(state, ResultatBloc):
            yield {"mot": _CODES[state], "sens": f"{state.mot.lower()}, {sense}"}
        else:
            yield {"mot": state.mot, "sens": sense}
