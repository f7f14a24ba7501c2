"""A row's tag -> the sheet and the row that it was made for."""

from collections.abc import Iterable, Mapping

from batch.classeurs.grille.forme import Forme, Ligne, Numero, Sceau

_Table = dict[str, tuple[Forme, Ligne]]


class Reperes:
    """The tags of a session's sheets, made when they are asked for.

    There is one for each row of each sheet, a signature every time: those of a large session take
    long to make, and much room. Of a workbook, nearly all are of the sheets that it names.
    """

    def __init__(self, formes: Mapping[Numero, Forme], sceau: Sceau) -> None:
        self._formes, self._sceau = formes, sceau
        self._attendus: _Table = {}
        self._tous: _Table = {}

    def expect(self, numeros: Iterable[Numero]) -> None:
        """Tags of these sheets are asked for next, most likely; some may not be the session's."""
        own = dict.fromkeys(numeros)
        self._attendus = self._made(self._formes[one] for one in own if one in self._formes)

    def find(self, repere: str | None) -> tuple[Forme, Ligne] | None:
        """None for a text that is no tag of the session."""
        if repere is None:
            return None
        found = self._attendus.get(repere)
        if found is None:
            self._tous = self._tous or self._made(self._formes.values())
            found = self._tous.get(repere)
        return found

    def forget(self) -> None:
        """Give back the room; what is asked for later is made again."""
        self._attendus, self._tous = {}, {}

    def _made(self, formes: Iterable[Forme]) -> _Table:
        return {
            self._sceau.repere(forme.numero, ligne.id): (forme, ligne)
            for forme in formes
            for ligne in forme.lignes
        }
