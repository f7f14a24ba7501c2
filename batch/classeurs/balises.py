"""XML from outside -> calls for its elements; refused before it can do any harm.

No DTD is accepted, so there is no entity to expand and nothing to fetch.
"""

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from batch.reception import limites
from batch.reception.refus import damaged, suspect, too_big

Attributs = Mapping[str, str]

# Those that expat decodes by itself; for another it would ask Python, and stumble on some.
_ENCODAGES = {"utf-8", "utf-16", "utf-16le", "utf-16be", "iso-8859-1", "us-ascii"}


class Analyse:
    """XML that comes piece by piece: calls `ouvre(name, attributes)`, `ferme(name)` and
    `texte(characters)` in their order.

    As directly as can be, for sheets have millions of elements: the caller checks their depth.
    """

    def __init__(
        self,
        ouvre: Callable[[str, Attributs], None],
        ferme: Callable[[str], None],
        texte: Callable[[str], None] | None = None,
    ) -> None:
        self.encodage = "utf-8"  # unless it says otherwise
        self._parser = parser = expat.ParserCreate()
        parser.XmlDeclHandler = self._declare
        parser.buffer_text = True
        parser.StartElementHandler = ouvre
        parser.EndElementHandler = ferme
        parser.StartDoctypeDeclHandler = _refuse
        parser.EntityDeclHandler = _refuse
        if texte:
            parser.CharacterDataHandler = texte

    def hush(self) -> None:
        """What follows is only to be well formed, and without declarations."""
        self._parser.StartElementHandler = None
        self._parser.EndElementHandler = None
        self._parser.CharacterDataHandler = None

    def feed(self, chunk: bytes, *, last: bool = False) -> None:
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise damaged("son contenu s'arrête avant la fin ou ne se lit pas") from error

    def _declare(self, _: str, encodage: str | None, __: int) -> None:
        self.encodage = (encodage or "utf-8").casefold()
        if self.encodage not in _ENCODAGES:
            raise damaged(f"son texte est codé en {self.encodage[:20]}, qu’aucun tableur n’emploie")


def _refuse(*_: object) -> None:
    raise suspect("son XML contient des déclarations (DTD), ce que ne fait aucun classeur")


def stream(
    morceaux: Iterable[bytes],
    ouvre: Callable[[str, Attributs], None],
    ferme: Callable[[str], None],
    texte: Callable[[str], None] | None = None,
) -> None:
    """The whole of it, through these calls."""
    analyse = Analyse(ouvre, ferme, texte)
    for chunk in morceaux:
        analyse.feed(chunk)
    analyse.feed(b"", last=True)


def parse(
    morceaux: Iterable[bytes],
    ouvre: Mapping[str, Callable[[Attributs], None]],
    ferme: Mapping[str, Callable[[], None]] | None = None,
    texte: Callable[[str], None] | None = None,
) -> None:
    """Call `ouvre[name](attributes)` and `ferme[name]()` for the elements named, and no other.

    They are known by their local name, which Excel's two dialects (transitional, strict) share.
    """
    fermeture = ferme or {}
    local = Locaux()
    depth = 0

    def start(name: str, attributes: Attributs) -> None:
        nonlocal depth
        depth += 1
        check_depth(depth)
        handler = ouvre.get(local[name])
        if handler:
            handler(attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler = fermeture.get(local[name])
        if handler:
            handler()

    stream(morceaux, start, end, texte)


def check_depth(depth: int) -> None:
    """How deep XML may go is bounded, for the parser remembers each level that is open."""
    if depth > limites.PROFONDEUR_XML:
        raise too_big("son XML est imbriqué sans fin")


def attribut(attributs: Attributs, local: str) -> str | None:
    """An attribute by its local name, whatever prefix the program gave its namespace."""
    return next((v for name, v in attributs.items() if name.rpartition(":")[2] == local), None)


class Locaux(dict[str, str]):
    """Qualified names -> local names, each worked out once."""

    def __missing__(self, name: str) -> str:
        if len(self) > limites.STYLES:
            raise suspect("son XML a trop de noms différents")
        self[name] = local = name.rpartition(":")[2]
        return local
