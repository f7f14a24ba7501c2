"""Why something is not opened, raised where it is found and told where the file's name is known."""

from batch.anomalies import Anomalie, Code, Lieu


class Refus(Exception):
    """One of the catalogue's sentences, short of the file that it is about."""

    def __init__(self, code: Code, **mots: str | int) -> None:
        super().__init__(code.numero)
        self.code = code
        self._mots = mots

    @property
    def raison(self) -> str:
        """For what is no grid, and speaks of it otherwise."""
        return str(self._mots.get("raison", "il est protégé par un mot de passe"))

    def at(self, nom: str) -> Anomalie:
        return self.code.at(Lieu(nom), candidats=(), nom=nom, **self._mots)


def too_big(raison: str) -> Refus:
    return Refus(Code.FICHIER_TROP_GROS, raison=raison)


def damaged(raison: str) -> Refus:
    return Refus(Code.FICHIER_ABIME, raison=raison)


def suspect(raison: str) -> Refus:
    return Refus(Code.FICHIER_SUSPECT, raison=raison)
