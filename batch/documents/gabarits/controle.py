"""A template's parts -> everything that is wrong with it, without making a document."""

import re
from collections.abc import Mapping

from batch.anomalies import Anomalie
from batch.documents.gabarits import polices, sortes
from batch.documents.gabarits.balises import Verification, distinct
from batch.documents.gabarits.champs import Contextes, Emploi, follow
from batch.documents.gabarits.lecture import paragraphs


def check(
    nom: str, parts: Mapping[str, bytes], contextes: Contextes, installees: frozenset[str] | None
) -> list[Anomalie]:
    """`contextes`: those of our fictional candidates, for this template; see essai.py."""
    anomalies: list[Anomalie] = []
    emploi = Emploi()
    for partie in paragraphs(parts):
        verified = Verification(nom, partie)
        anomalies += verified.anomalies
        emploi.manques |= set(re.findall(r"[^\W\d][\w.]*", verified.illisible))
        follow(nom, verified.source, partie, contextes, emploi)
    anomalies += emploi.anomalies
    anomalies += sortes.lacking(nom, contextes, emploi)
    anomalies += polices.lacking(nom, parts, installees)
    return list(distinct(anomalies))
