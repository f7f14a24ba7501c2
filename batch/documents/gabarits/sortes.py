"""What each template is for, and what it must print: whoever changes one is told both."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from batch.anomalies import Anomalie, Code, Lieu
from batch.documents import edition, mentions
from batch.documents.gabarits.champs import Contextes, Emploi
from batch.documents.mentions import Mention
from batch.francais import enumeration, typographie


@dataclass(frozen=True, slots=True)
class Sorte:
    """`document`: with its article, for a sentence; `quand`: when and for whom it is made."""

    document: str
    quand: str
    mentions: tuple[Mention, ...]


SORTES: Mapping[str, Sorte] = {
    edition.PROCES_VERBAL: Sorte(
        "Le procès-verbal du jury", "un par session", mentions.PROCES_VERBAL
    ),
    edition.LETTRE: Sorte("La lettre de résultat", "une par candidat", mentions.LETTRE),
    edition.CERTIFICAT: Sorte(
        "Le certificat", "un par certification et par bloc obtenus", mentions.CERTIFICAT
    ),
    edition.RELEVE: Sorte("Le relevé de résultats", "un par candidat évalué", mentions.RELEVE),
    edition.AFFICHAGE: Sorte(
        "L’affichage des résultats", "un par session, sans aucun nom", mentions.AFFICHAGE
    ),
    edition.FICHE: Sorte("La fiche synthétique du jury", "une page par candidat", mentions.FICHE),
    edition.CONVOCATION: Sorte(
        "La convocation", "une par candidat et par membre du jury", mentions.CONVOCATION
    ),
    edition.EMARGEMENT: Sorte(
        "La feuille d’émargement", "une par épreuve et par jour", mentions.EMARGEMENT
    ),
}


def lacking(nom: str, contextes: Contextes, emploi: Emploi) -> Iterator[Anomalie]:
    """The mandatory mentions that this template prints nowhere, not even in a faulty tag."""
    sorte = SORTES[nom]
    for mention in sorte.mentions:
        # A truth is said by what the template writes under its condition.
        tested = {name for name in mention.champs if isinstance(contextes[0].get(name), bool)}
        used = emploi.imprimes | (emploi.testes & tested) | emploi.manques
        if used & set(mention.champs):
            continue
        code = Code.MENTION_A_CONFIRMER if mention.fixe else Code.MENTION_MANQUE
        fields = enumeration([f"{{{{ {name} }}}}" for name in mention.champs], "ou")
        yield code.at(
            Lieu(nom), document=sorte.document, quoi=typographie(mention.quoi), champs=fields
        )
