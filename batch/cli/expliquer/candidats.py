"""What is typed after « jury expliquer » -> the candidate, the bloc."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from batch.anomalies import suggestion
from batch.empechement import MauvaisUsage
from batch.francais import enumeration, proche, sans_accent

if TYPE_CHECKING:
    from batch.jury.seance import Dossier, Seance


def find(seance: "Seance", mot: str) -> "Dossier":
    """The candidate of this number or of this name. Raises MauvaisUsage, with who was meant."""
    by_id = {d.resultat.candidat.id.casefold(): d for d in seance.dossiers}
    if mot.strip().casefold() in by_id:
        return by_id[mot.strip().casefold()]
    words = set(_words(mot))
    named = [d for d in seance.dossiers if words and words <= set(_words(_every_name(d)))]
    if len(named) == 1:
        return named[0]
    if named:
        who = enumeration(dossier.resultat.candidat.qui for dossier in named)
        raise MauvaisUsage(f"« {mot} » désigne {len(named)} candidats : {who}. Donnez le numéro.")
    names = {d.resultat.candidat.id: d.resultat.candidat for d in seance.dossiers}
    near = proche(mot, [n for c in names.values() for n in (c.id, c.nom, c.nom_complet)])
    meant = next((c for c in names.values() if near in (c.id, c.nom, c.nom_complet)), None)
    hint = suggestion(f"{meant.id}, {meant.nom_complet}" if meant else None)
    raise MauvaisUsage(
        f"Aucun candidat « {mot} » dans cette session{hint}. Numéros connus : {_ids(list(names))}."
    )


def _words(texte: str) -> list[str]:
    return sans_accent(texte).casefold().replace("-", " ").replace("’", "'").split()


def _every_name(dossier: "Dossier") -> str:
    c = dossier.resultat.candidat
    return " ".join([*c.prenoms, c.nom_naissance, c.nom_usage or ""])


def _ids(ids: Sequence[str]) -> str:
    return enumeration(ids if len(ids) <= 12 else [*ids[:11], f"{len(ids) - 11} autres"])


def known_bloc(seance: "Seance", code: str) -> str:
    codes = list(seance.referentiel.bloc)
    if not codes:
        raise MauvaisUsage(
            f"« {seance.referentiel.intitule} » n'est pas découpée en blocs : retirez --bloc, tout "
            f"est alors expliqué."
        )
    found = next((known for known in codes if known.casefold() == code.strip().casefold()), None)
    if found is None:
        near = suggestion(proche(code, codes))
        raise MauvaisUsage(f"Le bloc « {code} » n'existe pas{near}. Blocs : {enumeration(codes)}.")
    return found
