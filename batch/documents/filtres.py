"""What a template may do with a field besides printing it: the French of batch/francais.py.

`{{ jury.date | date_longue }}`, `{{ personne.sexe | accorde("admis", "admise") }}`,
`{{ blocs | liste }}`, `{{ 2 | compte("bloc") }}`: a house writes its own sentences with these.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from batch import francais


def _date(write: Callable[[date], str]) -> Callable[[date | str], str]:
    """The contexts give dates as « 2023-06-15 »; what is no date is a fault of the template."""
    return lambda jour: write(jour if isinstance(jour, date) else date.fromisoformat(jour))


def _nombre(valeur: int | str | Decimal, decimales: int = 2) -> str:
    exact = Decimal(str(valeur).replace(",", "."))
    # Written out in full: a thousand million decimals, or « 1e999999999 », would take the night.
    if not (0 <= decimales <= 12 and abs(exact.adjusted()) <= 18):
        raise ValueError("le nombre est démesuré")
    return francais.nombre(exact, decimales)


def _compte(combien: int | str, singulier: str, pluriel: str | None = None) -> str:
    return francais.compte(int(combien), singulier, pluriel)


def _liste(mots: Iterable[str], dernier: str = "et") -> str:
    return francais.enumeration(mots, dernier)


def _accorde(sexe: str, masculin: str, feminin: str, neutre: str | None = None) -> str:
    return francais.accorde(sexe or None, masculin, feminin, neutre)


FILTRES: Mapping[str, Callable[..., Any]] = {
    "date_longue": _date(francais.date_longue),
    "date_jour": _date(francais.date_jour),
    "date_courte": _date(francais.date_courte),
    "nombre": _nombre,
    "compte": _compte,
    "liste": _liste,
    "ordinal": lambda rang, feminin=False: francais.ordinal(int(rang), feminin),
    "accorde": _accorde,
    "civilite": lambda sexe: francais.civilite(sexe or None),
    "de": francais.de,
    "que": lambda suite: francais.elide("que", suite),
    "typographie": francais.typographie,
}
