"""What is checked of all mails before the first one leaves: addresses, identities, sizes."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from batch.anomalies import Anomalie, Code
from batch.courriels.fournisseurs import MO
from batch.courriels.modele import Courriel, Personne
from batch.francais import INSECABLE, enumeration, nombre

# One of these, and no mail at all leaves: what is wrong may be wrong of the others too.
ARRETENT_TOUT = frozenset(
    {
        Code.ADRESSE_INVALIDE,
        Code.ADRESSE_PARTAGEE,
        Code.PIECE_D_AUTRUI,
        Code.RESULTATS_EN_PROJET,
        Code.MESSAGE_TROP_GROS,
    }
)


def usable(adresse: str) -> str | None:
    """The address as SMTP writes it (an accented domain in its ASCII form), or None.

    An accent before the « @ » (RFC 6531) is refused: most servers would.
    """
    from email_validator import EmailNotValidError, validate_email  # loads idna

    try:
        found = validate_email(adresse, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.ascii_email


def check_addresses(
    destinataires: Iterable[Personne], tous: Iterable[Personne], *, partagees: bool
) -> Iterator[Anomalie]:
    """Absent, faulty, or shared with anybody else of the session (`tous`)."""
    owners: dict[str, list[Personne]] = defaultdict(list)
    for personne in tous:
        if personne.adresse:
            owners[(usable(personne.adresse) or personne.adresse).casefold()].append(personne)
    told: set[str] = set()
    for personne in destinataires:
        if not personne.adresse:
            yield Code.SANS_ADRESSE.at(personne.lieu, qui=personne)
            continue
        address = usable(personne.adresse)
        if address is None:
            yield Code.ADRESSE_INVALIDE.at(personne.lieu, adresse=personne.adresse, qui=personne)
            continue
        sharing = owners[address.casefold()]
        if len(sharing) > 1 and address.casefold() not in told:
            told.add(address.casefold())
            code = Code.ADRESSE_PARTAGEE_ADMISE if partagees else Code.ADRESSE_PARTAGEE
            who = enumeration(str(one) for one in sharing)
            yield code.at(personne.lieu, qui=who, adresse=personne.adresse)


def check_identities(courriels: Iterable[Courriel]) -> Iterator[Anomalie]:
    """Every attachment says whose it is: its recipient's, and nobody else's."""
    for courriel in courriels:
        for piece in courriel.pieces:
            others = piece.identites - {courriel.personne.id}
            if others or not piece.identites:
                yield Code.PIECE_D_AUTRUI.at(
                    courriel.personne.lieu,
                    piece=piece.nom,
                    identite=enumeration(sorted(others)) or "aucun",
                    destinataire=courriel.personne.id,
                )


def check_size(courriel: Courriel, taille: int, maximum: int, par: str) -> Iterator[Anomalie]:
    if taille > maximum:
        yield Code.MESSAGE_TROP_GROS.at(
            courriel.personne.lieu,
            qui=courriel.personne,
            poids=_mo(taille),
            par=par,
            maximum=_mo(maximum),
        )


def _mo(octets: int) -> str:
    tenths = -(-octets * 10 // MO)  # rounded up: what is too big never looks as if it fitted
    return f"{nombre(tenths // 10)},{tenths % 10}{INSECABLE}Mo"
