"""A référentiel -> the règlement that a new session starts from: an example, or a model."""

import json

from batch import data
from batch.referentiel.modele import Referentiel
from batch.reglement.lecture import example_for

MODELE = data.REGLEMENTS / "modele.yaml"

_PAR_BLOCS = """\
  bloc:
    sur: criteres
    proportion: 70 %
    article: Règlement d'exemple, article 1
  certification:
    blocs: tous
    article: Règlement d'exemple, article 2"""
_SANS_BLOCS = """\
  epreuve:
    proportion: 50 %
    article: Règlement d'exemple, article 1
  activite:
    sur: criteres
    proportion: 50 %
    article: Règlement d'exemple, article 1
  certification:
    {enfants}:
      proportion: 70 %
      article: Règlement d'exemple, article 2
    article: Règlement d'exemple, article 2"""


def starting_text(referentiel: Referentiel) -> str:
    """The example written for this référentiel, or the model with its names and a plain rule."""
    own = example_for(referentiel)
    if own.is_file():
        return own.read_text(encoding="utf-8")
    text = MODELE.read_text(encoding="utf-8")
    if not referentiel.blocs:
        assert _PAR_BLOCS in text, "the model states the rules of a référentiel with blocs"
        children = "epreuves" if referentiel.epreuves else "activites"
        text = text.replace(_PAR_BLOCS, _SANS_BLOCS.format(enfants=children))
    for mark, value in (
        ("ID", referentiel.id),
        ("INTITULE", referentiel.intitule),
        ("CERTIFICATEUR", referentiel.certificateur or "Certificateur à nommer"),
    ):
        # Inside double quotes, YAML reads what JSON writes.
        text = text.replace(f"@{mark}@", json.dumps(value, ensure_ascii=False)[1:-1])
    return text
