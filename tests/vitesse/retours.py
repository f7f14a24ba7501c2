"""The grids that went out -> what comes back: rated, commented, one in twenty at fault.

Each cell that was typed is set in the file's own XML as Excel sets it: a rank among the shared
texts. Ten thousand candidates would take openpyxl an hour; nothing that our reader sees differs.
"""

import io
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from batch import fichiers
from batch.chaine import Contexte
from batch.classeurs.cellules import fold, letters
from batch.classeurs.grille import forme as f
from batch.classeurs.grille.forme import Forme
from batch.jury.affectation import Cahier
from batch.reglement.modele import Echelle, NiveauEchelle

from .fautes import FAUTES, Faute

UNE_FAUTIVE_SUR = 20
Saisies = dict[str, str]  # by address

_SATISFAIT = 0.9  # how many ratings are favourable
_COMMENTE = 0.15  # how many of those say why
_COMMENTAIRES = (
    "Les livrables répondent à la commande, et l'oral le confirme.",
    "Il manque les sources et le calendrier ; l'accessibilité n'est pas traitée.",
    "« Bon travail d'équipe », dit le client ; deux chiffres restent à vérifier.",
    "L'analyse est juste.\nLes recommandations restent générales & peu datées.",
    "Plan de communication complet, budget tenu (< 5 % d'écart).",
)


@dataclass(slots=True)
class Classeur:
    """A workbook about to come back: what is typed on each of its sheets, by address."""

    cahier: Cahier
    formes: Mapping[str, Forme]
    saisies: dict[str, Saisies]
    # What happens to the file itself once it is filled, in this order.
    gestes: list[Callable[[bytes], bytes]] = field(default_factory=list)


def filled(
    contexte: Contexte, grilles: Path, graine: int, *, fautes: bool
) -> Iterator[tuple[str, bytes]]:
    """Every file as it lies in retours/, under a name that its evaluator gave it."""
    chance = random.Random(f"{graine}/retours")
    rank = 0
    first = min(UNE_FAUTIVE_SUR, len(contexte.cahiers)) // 2  # there is always one
    for number, cahier in enumerate(contexte.cahiers):
        classeur = _rated(contexte, cahier, chance)
        issued = (grilles / fichiers.safe_name(f.file_name(cahier))).read_bytes()
        if fautes and number % UNE_FAUTIVE_SUR == first % UNE_FAUTIVE_SUR:
            _spoil(classeur, FAUTES[rank % len(FAUTES)], chance)
            rank += 1
        content = stamp(issued, classeur.saisies)
        for geste in classeur.gestes:
            content = geste(content)
        who = cahier.evaluateur
        yield f"{who.id} {who.nom}/{cahier.partie.id} rempli par {who.prenom}.xlsx", content


def _rated(contexte: Contexte, cahier: Cahier, chance: random.Random) -> Classeur:
    taken = {fold(f.NOTICE), fold(f.CACHEE)}
    classeur = Classeur(cahier, {}, {})
    formes = dict[str, Forme]()
    for fiche in cahier.fiches:
        name = f.sheet_name(fiche, taken)
        formes[name] = f.forme(contexte.session.id, fiche, contexte.reglement)
        classeur.saisies[name] = dict(_typed(formes[name], contexte.reglement.echelle, chance))
    classeur.formes = formes
    return classeur


def _typed(forme: Forme, echelle: Echelle, chance: random.Random) -> Iterator[tuple[str, str]]:
    good, bad = _levels(echelle)
    for row, rang in enumerate(forme.rangs, f.L_PREMIERE):
        if rang not in forme.attendues:
            continue
        niveau = chance.choice(good if chance.random() < _SATISFAIT else bad)
        yield f"{letters(f.NOTE)}{row}", niveau.libelle
        if niveau.commentaire == "obligatoire" or chance.random() < _COMMENTE:
            yield f"{letters(f.COMMENTAIRE)}{row}", chance.choice(_COMMENTAIRES)


def _levels(echelle: Echelle) -> tuple[list[NiveauEchelle], list[NiveauEchelle]]:
    counted = [niveau for niveau in echelle.niveaux if niveau.compte == "normal"]
    return [n for n in counted if n.satisfait], [n for n in counted if not n.satisfait]


def _spoil(classeur: Classeur, faute: Faute, chance: random.Random) -> None:
    """This fault on one row of one of its sheets, or on the whole file."""
    name = chance.choice(sorted(classeur.saisies))
    typed = classeur.saisies[name]
    row = int(chance.choice(sorted(a for a in typed if a.startswith(letters(f.NOTE))))[1:])
    note, comment = f"{letters(f.NOTE)}{row}", f"{letters(f.COMMENTAIRE)}{row}"
    faute.saisie(typed, note, comment)
    if faute.fichier is not None:
        classeur.gestes.append(faute.fichier)


_VIDE = re.compile(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"/>')
_SHEET = re.compile(r'<sheet name="([^"]*)"[^>]*r:id="rId([0-9]+)"')
_COUNT = re.compile(r' count="([0-9]+)" uniqueCount="([0-9]+)"')


def stamp(contenu: bytes, saisies: Mapping[str, Saisies]) -> bytes:
    """The issued workbook with these texts in its blank cells, sheet by sheet."""
    source = zipfile.ZipFile(io.BytesIO(contenu))
    names = [name for name, _ in _SHEET.findall(source.read("xl/workbook.xml").decode())]
    sheets = {f"xl/worksheets/sheet{rank}.xml": name for rank, name in enumerate(names, 1)}
    texts = source.read("xl/sharedStrings.xml").decode()
    count, unique = map(int, _COUNT.search(texts).groups())  # type: ignore[union-attr]
    ranks: dict[str, int] = {}
    typed = {escape(name): own for name, own in saisies.items()}
    added = 0
    parts: dict[str, str] = {}
    for part, name in sheets.items():
        if name not in typed:
            continue
        own = typed[name]

        def fill(match: re.Match[str], own: Saisies = own) -> str:
            text = own.get(match[1])
            if text is None:
                return match[0]
            rank = ranks.setdefault(text, unique + len(ranks))
            return f'<c r="{match[1]}" s="{match[2]}" t="s"><v>{rank}</v></c>'

        parts[part] = _VIDE.sub(fill, source.read(part).decode())
        added += len(own)
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in ranks)
    head = f' count="{count + added}" uniqueCount="{unique + len(ranks)}"'
    parts["xl/sharedStrings.xml"] = _COUNT.sub(head, texts, 1).replace("</sst>", f"{items}</sst>")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            target.writestr(info, parts.get(info.filename, source.read(info)))
    return buffer.getvalue()
