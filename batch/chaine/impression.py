"""Documents to print -> their contents, by as many processes as pay."""

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

from batch.allure import Allure
from batch.chaine import ouvriers
from batch.chaine.ouvrages import Ouvrages
from batch.documents.edition import Impression
from batch.transaction import Contenu

# A document takes some thousandths of a second, and a process nearly a whole one to start.
_PAR_PROCESSUS = 300


def contents(
    depot: Path,
    a_imprimer: Iterable[Impression],
    combien: int,
    ouvrages: Ouvrages,
    allure: Allure,
) -> Iterator[tuple[str, Contenu]]:
    """Each document by its name in `depot`, in order: as it stands there, or printed."""
    asked = deque[Impression]()

    def standing(one: Impression) -> Contenu | None:
        asked.append(one)
        return ouvrages.standing(depot / one.nom, one.source)

    progres = allure.stage("Documents")
    # Where the last run left its works, most of them stand.
    left = combien - len(ouvrages)
    processus = allure.processus or ouvriers.usual(left, _PAR_PROCESSUS)
    for done, content in enumerate(ouvriers.share(_print, a_imprimer, processus, standing), 1):
        one = asked.popleft()
        if isinstance(content, bytes):
            ouvrages.made(one.source, content)
        yield one.nom, content
        progres(done, combien)


def _print(one: Impression) -> Contenu:
    return one.imprimer()
