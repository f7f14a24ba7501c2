"""Real contexts -> every field that a template may use, how it is written, what it holds.

Nothing is listed by hand: what our documents are given today is what is told.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from batch.documents.bac_a_sable import Bac
from batch.documents.gabarits.champs import Contextes

# A use of each of our filters; what it prints is printed by the filter itself.
USAGES = (
    '{{ "2023-06-15" | date_longue }}',
    '{{ "2023-06-15" | date_jour }}',
    '{{ "2023-06-15" | date_courte }}',
    "{{ 1234.5 | nombre }}",
    '{{ 2 | compte("bloc") }}',
    '{{ ["BC1", "BC2", "BC3"] | liste }}',
    "{{ 2 | ordinal }}",
    '{{ "F" | accorde("reçu", "reçue") }}',
    '{{ "F" | civilite }}',
    '{{ "le comité" | de }}',
    '{{ "il est admis" | que }}',
    '{{ "Attention : admis !" | typographie }}',
)


@dataclass(frozen=True, slots=True)
class Champ:
    """`nom`: « resultats.lignes › issue » for that of each line; `balise`: what Word is to hold."""

    nom: str
    sorte: str
    balise: str
    exemple: str


def dictionary(contextes: Contextes) -> list[Champ]:
    """Those of a list or of a group right after it."""
    return [
        champ
        for name, valeurs in _gathered(contextes).items()
        for champ in _described(name, name, valeurs)
    ]


def filters() -> list[tuple[str, str]]:
    """Each use, and what it prints."""
    bac = Bac({})
    return [(usage, bac.print(bac.compile_template(usage), {})) for usage in USAGES]


def _described(nom: str, acces: str, valeurs: list[Any]) -> Iterator[Champ]:
    """`acces`: how a template reaches it, from inside the loops that it stands in."""
    telling = [valeur for valeur in valeurs if valeur not in ("", [], None)]
    match telling[0] if telling else "":
        case bool():
            word = "oui" if True in telling else "non"
            yield Champ(nom, "oui ou non", f"{{%p if {acces} %}} … {{%p endif %}}", word)
        case dict():
            yield Champ(nom, "groupe", "", "")
            for name, inside in _gathered(telling).items():
                yield from _described(f"{nom}.{name}", f"{acces}.{name}", inside)
        case list() | tuple():
            items = [item for valeur in telling for item in valeur]
            one = _one_of(acces)
            loop = f"{{%p for {one} in {acces} %}} … {{%p endfor %}}"
            if isinstance(items[0], Mapping):
                yield Champ(nom, "liste de groupes", loop, "")
                for name, inside in _gathered(items).items():
                    yield from _described(f"{nom} › {name}", f"{one}.{name}", inside)
            else:
                loop = loop.replace("…", f"{{{{ {one} }}}}")
                yield Champ(nom, "liste de textes", loop, str(items[0]))
        case said:
            yield Champ(nom, "texte", f"{{{{ {acces} }}}}", str(said))


def _gathered(groupes: Contextes) -> dict[str, list[Any]]:
    """Each name with its values, in the order that the names appear."""
    names = dict.fromkeys(name for groupe in groupes for name in groupe)
    return {name: [g[name] for g in groupes if name in g] for name in names}


def _one_of(acces: str) -> str:
    """A loop's own name: « resultats.lignes » -> « ligne »."""
    last = acces.rpartition(".")[2]
    return last[:-1] if last.endswith("s") else f"un_{last}"
