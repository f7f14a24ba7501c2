"""The tags of one part -> those that Word broke, or that stand where docxtpl cannot follow them.

What is left is given back as a source for Jinja, a line for each paragraph: a fault that Jinja
finds there is shown with its paragraph.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import jinja2

from batch.anomalies import Anomalie, Code, Lieu, suggestion
from batch.documents.bac_a_sable import Bac, is_forbidden
from batch.documents.gabarits.lecture import Balise, Paragraphe
from batch.francais import proche

_OUVRANTES = {"if": "endif", "for": "endfor", "with": "endwith"}
_SUITES = {"else": ("if", "for"), "elif": ("if",)}
# docxtpl's own: the colour and the span of a cell.
_DOCXTPL = ("cellbg", "colspan", "vm", "hm")
_CONNUES = (*_OUVRANTES, *_OUVRANTES.values(), *_SUITES, "set", *_DOCXTPL)
_INTERDITES = (
    "include", "import", "from", "extends", "block", "macro", "call", "filter", "autoescape",
    "raw", "do", "trans",
)  # fmt: skip
# Stands for what cannot be read, so that the rest still can.
ILLISIBLE = "balise_illisible"

_UNE_ACCOLADE = re.compile(r"(?<![{\w])\{\s*[^\W\d]\w*(\.\w+)*\s*\}(?!\})")
_PORTEES = {"p": "son paragraphe", "tr": "sa ligne de tableau", "tc": "sa cellule"}


@dataclass(frozen=True, slots=True)
class _Ouverte:
    balise: Balise
    paragraphe: Paragraphe
    rang: int


class Verification:
    """The faults of one part's tags, and what Jinja is to read of it."""

    def __init__(self, nom: str, partie: Sequence[Paragraphe]) -> None:
        self._nom = nom
        self._bac = Bac({})
        self.anomalies: list[Anomalie] = []
        # What stands in the tags that cannot be read, fields among it.
        self.illisible = ""
        self._pile: list[_Ouverte] = []
        self._lignes: list[list[str]] = []
        for paragraphe in partie:
            self._lignes.append([])
            self._look_at(paragraphe)
            for balise in paragraphe.balises:
                if not balise.texte.startswith("{#"):
                    self._read(paragraphe, balise)
        for open_one in self._pile:
            end = _OUVRANTES[open_one.balise.mot]
            self._say(
                Code.BLOC_OUVERT, open_one.paragraphe, balise=open_one.balise.texte, fin=_tag(end)
            )
        closings = "".join(f"{{% {_OUVRANTES[one.balise.mot]} %}}" for one in reversed(self._pile))
        self.source = "\n".join("".join(own) for own in self._lignes) + closings

    def _say(self, code: Code, paragraphe: Paragraphe, **mots: str) -> None:
        texte = shown(paragraphe.texte)
        self.anomalies.append(
            code.at(Lieu(self._nom, endroit=paragraphe.endroit), texte=texte, **mots)
        )

    def _look_at(self, paragraphe: Paragraphe) -> None:
        """What stands beside the tags that are whole."""
        rest = paragraphe.reste
        if re.search(r"\{[{%#]", rest):
            quoi = "elle n’est pas refermée dans ce paragraphe"
        elif re.search(r"[}%#]\}", rest):
            quoi = "elle est refermée sans y être ouverte"
        elif _UNE_ACCOLADE.search(rest):
            quoi = "elle n’a qu’une accolade, il en faut deux"
        else:
            quoi = ""
        if quoi:
            self._say(Code.BALISE_INACHEVEE, paragraphe, quoi=quoi)
            self.illisible += f"{rest}\n"
        if paragraphe.cache:
            self._say(Code.BALISE_CACHEE, paragraphe, balise=shown(paragraphe.cache))

    def _read(self, paragraphe: Paragraphe, balise: Balise) -> None:
        if balise.traverse:
            self._say(Code.BALISE_A_CHEVAL, paragraphe, balise=balise.texte)
        self._place(paragraphe, balise)
        if not balise.est_instruction:
            if self._is_readable(paragraphe, balise, balise.jinja):
                self._lignes[-1].append(balise.jinja)
            return
        word, said = balise.mot, balise.contenu
        if word in _OUVRANTES:
            self._pile.append(_Ouverte(balise, paragraphe, len(self._lignes)))
            whole = f"{{% {said} %}}"
            fine = self._is_readable(paragraphe, balise, f"{whole}{{% {_OUVRANTES[word]} %}}")
            self._lignes[-1].append(whole if fine else _instead(said))
        elif word in _SUITES:
            self._go_on(paragraphe, balise)
        elif word in _OUVRANTES.values():
            self._close(paragraphe, balise)
        elif word == "set" and "=" in said:
            if self._is_readable(paragraphe, balise, f"{{% {said} %}}"):
                self._lignes[-1].append(f"{{% {said} %}}")
        elif word in ("cellbg", "colspan"):
            value = f"{{{{ {said.removeprefix(word)} }}}}"
            if self._is_readable(paragraphe, balise, value):
                self._lignes[-1].append(value)
        elif word in _INTERDITES or word == "set":
            self._say(Code.EXPRESSION_INTERDITE, paragraphe, balise=balise.texte)
        elif word not in _DOCXTPL and word.removeprefix("end") not in _INTERDITES:
            near = suggestion(proche(word, _CONNUES))
            raison = f"« {word} » n’est pas une instruction{near}"
            self._say(Code.BALISE_ILLISIBLE, paragraphe, balise=balise.texte, raison=raison)

    def _place(self, paragraphe: Paragraphe, balise: Balise) -> None:
        """« {%p … %} » takes its whole paragraph away, « {%tr … %} » its row, and so on."""
        if balise.portee not in _PORTEES:
            return
        if balise.portee in ("tr", "tc") and not paragraphe.cellule:
            self._say(Code.BALISE_HORS_TABLEAU, paragraphe, balise=balise.texte)
            return
        whole = {
            "p": paragraphe.texte,
            "tr": paragraphe.texte_ligne,
            "tc": paragraphe.texte_cellule,
        }[balise.portee]
        beside = whole.replace(balise.texte, "", 1).strip()
        if beside:
            self._say(
                Code.BALISE_ACCOMPAGNEE, paragraphe, balise=balise.texte,
                portee=_PORTEES[balise.portee], perdu=shown(beside),
            )  # fmt: skip

    def _go_on(self, paragraphe: Paragraphe, balise: Balise) -> None:
        if not self._pile or self._pile[-1].balise.mot not in _SUITES[balise.mot]:
            self._say(Code.BLOC_FERME, paragraphe, balise=balise.texte)
            return
        self._match(paragraphe, balise)
        said = balise.contenu
        if balise.mot == "elif":
            trial = f"{{% {said.removeprefix('el')} %}}{{% endif %}}"
            if not self._is_readable(paragraphe, balise, trial):
                said = "elif true"
        self._lignes[-1].append(f"{{% {said} %}}")

    def _close(self, paragraphe: Paragraphe, balise: Balise) -> None:
        wanted = balise.mot.removeprefix("end")
        if not any(one.balise.mot == wanted for one in self._pile):
            self._say(Code.BLOC_FERME, paragraphe, balise=balise.texte)
            return
        # It closes the nearest one of its place, or else of its name; later ones stay open.
        named = [one for one in self._pile if one.balise.mot == wanted]
        here = [o for o in named if _holder(o.paragraphe, o.balise) == _holder(paragraphe, balise)]
        while self._pile[-1] is not (here or named)[-1]:
            left = self._pile.pop()
            end = _OUVRANTES[left.balise.mot]
            self._say(Code.BLOC_OUVERT, left.paragraphe, balise=left.balise.texte, fin=_tag(end))
            self._lignes[-1].append(f"{{% {end} %}}")
        self._match(paragraphe, balise)
        self._pile.pop()
        self._lignes[-1].append(f"{{% {balise.mot} %}}")

    def _match(self, paragraphe: Paragraphe, balise: Balise) -> None:
        opening = self._pile[-1]
        if _holder(opening.paragraphe, opening.balise) != _holder(paragraphe, balise):
            self._say(
                Code.BLOC_A_CHEVAL, paragraphe, balise=balise.texte,
                ouvrante=shown(opening.balise.texte),
            )  # fmt: skip

    def _is_readable(self, paragraphe: Paragraphe, balise: Balise, source: str) -> bool:
        try:
            tree = self._bac.parse(source)
        except jinja2.TemplateSyntaxError:
            self.illisible += f"{source}\n"
            if re.search("[«»„‹›]", source):
                self._say(Code.BALISE_GUILLEMETS, paragraphe, balise=balise.texte)
            else:
                raison = "ni un champ, ni une condition, ni une boucle"
                self._say(Code.BALISE_ILLISIBLE, paragraphe, balise=balise.texte, raison=raison)
            return False
        except RecursionError:
            self._say(Code.EXPRESSION_INTERDITE, paragraphe, balise=shown(balise.texte))
            return False
        if any(map(is_forbidden, tree.find_all(jinja2.nodes.Node))):
            self._say(Code.EXPRESSION_INTERDITE, paragraphe, balise=balise.texte)
            return False
        return True


def _tag(mot: str) -> str:
    return f"{{% {mot} %}}"


def shown(texte: str) -> str:
    """The paragraph as somebody may look for it in Word."""
    return textwrap.shorten(texte, 90, placeholder="…") or "…"


def _holder(paragraphe: Paragraphe, balise: Balise) -> tuple[str, int]:
    """An opening tag and its closing one must have the same."""
    match balise.portee:
        case "tr":
            return "tr", paragraphe.tableau
        case "tc":
            return "tc", paragraphe.ligne
        case "p":
            return "p", paragraphe.bloc
    return "", paragraphe.bloc


def _instead(said: str) -> str:
    """Of an opening tag that cannot be read: its block, and the name of its loop."""
    loop = re.match(r"for\s+(\w+)\s+in\b", said)
    return f"{{% for {loop[1]} in {ILLISIBLE} %}}" if loop else _plain(said)


def _plain(said: str) -> str:
    word = said.split(maxsplit=1)[0]
    return {"for": f"{{% for _ in {ILLISIBLE} %}}", "with": "{% with %}"}.get(word, "{% if true %}")


def distinct(anomalies: Sequence[Anomalie]) -> Iterator[Anomalie]:
    """Word writes a text box twice: what is said of it is said once."""
    yield from dict.fromkeys(anomalies)
