"""fichiers."""

from . import Avarie

CAS: tuple[Avarie, ...] = ()
