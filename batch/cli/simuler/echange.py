"""A simulation as JSON, format jury/simulation/1."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from batch.vocabulaire import ResultatCertification

if TYPE_CHECKING:
    from collections.abc import Sequence

    from batch.chaine import Examen
    from batch.simulation import Bascule, Changement, Cheveu, Simulation

FORMAT = "jury/simulation/1"


def as_json(examen: "Examen", simulated: "Simulation", hairs: "Sequence[Cheveu]") -> dict[str, Any]:
    return {
        **_head(examen),
        "changements": [_change(change) for change in simulated.changements],
        "comptes": {
            "avant": _counts(simulated.tally("avant")),
            "apres": _counts(simulated.tally("apres")),
        },
        "basculent": [_flip(one) for one in simulated.bascules],
        "a_un_cheveu": [
            {
                "candidat": one.candidat.id,
                "objet": one.objet,
                "propose": one.propose.value,
                "devient": one.devient.value,
                "certification": one.certification.value if one.certification else None,
                "tient_a": one.tient,
                "phrase": one.phrase,
                "si": one.si or None,
                "lignes": [
                    {"id": pas.ligne, "nom": pas.nom, "de": pas.de, "vers": pas.vers}
                    for pas in one.pas
                ],
                "decide": one.decide.value if one.decide else None,
            }
            for one in hairs
        ],
    }


def sweep_as_json(
    examen: "Examen", cle: str, tried: "Sequence[tuple[str, Simulation]]"
) -> dict[str, Any]:
    return {
        **_head(examen),
        "plage": {
            "cle": cle,
            "valeurs": [
                {
                    "valeur": texte,
                    "changements": [_change(change) for change in simulated.changements],
                    "comptes": _counts(simulated.tally("apres")),
                    "basculent": [_flip(one) for one in simulated.bascules],
                }
                for texte, simulated in tried
            ],
        },
    }


def _head(examen: "Examen") -> dict[str, Any]:
    seance = examen.seance
    return {
        "format": FORMAT,
        "session": {
            "id": seance.session.id,
            "referentiel": seance.referentiel.id,
            "reglement": f"{seance.reglement.id} v{seance.reglement.version}",
            "etat": seance.etat.value,
        },
    }


def _change(change: "Changement") -> dict[str, str]:
    return {"cle": change.cle, "avant": change.avant, "apres": change.apres}


def _counts(counts: Counter[ResultatCertification]) -> dict[str, int]:
    return {outcome.value: counts[outcome] for outcome in ResultatCertification if counts[outcome]}


def _flip(one: "Bascule") -> dict[str, Any]:
    return {
        "candidat": one.candidat.id,
        "objet": one.objet,
        "avant": one.avant.value,
        "apres": one.apres.value,
        "raison": one.raison,
        "decide": one.decide.value if one.decide else None,
        "contredit": one.contredit,
    }
