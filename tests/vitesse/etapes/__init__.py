"""One module for each stage: a plain script's way, ours, and what the machine cannot go below."""

from importlib import import_module

from .etape import Etape

NOMS = (
    *("grilles", "lecture", "validation", "lettres", "pdf", "archive"),
    *("traiter", "coeurs", "reprise", "aide", "completion", "option", "etat"),
)


def load(nom: str) -> Etape:
    """A stage, imported only when it is measured: each pays for its own libraries."""
    etape = import_module(f".{nom}", __name__).ETAPE
    assert isinstance(etape, Etape)
    return etape
