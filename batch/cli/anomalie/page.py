"""What is typed after « jury anomalie » -> the sentences' pages, for a person or a machine."""

import re
from typing import Any

from batch import data
from batch.anomalies import FAMILLES, Code, suggestion
from batch.cli import parole
from batch.empechement import MauvaisUsage
from batch.francais import proche, typographie

# What stands in each blank of a sentence.
BLANCS = {
    "acquis": "ce qui a été acquis avant la session : un bloc ou une compétence",
    "activite": "l'activité",
    "adresse": "l'adresse : d'un courriel, ou de ce qu'un document va chercher",
    "affiche": "ce que la feuille affiche",
    "aide": "ce que la cellule attend",
    "apres": "ce qui y est aujourd'hui, ou ce qui suit",
    "attendu": "ce qui était attendu",
    "au": "la date de fin",
    "autre": "l'autre chose que celle-ci rencontre : une ligne, une cellule, un fichier",
    "autre_date": "la date de l'autre version",
    "autre_valeur": "ce qui est lu dans l'autre version",
    "autres": "combien d'autres au même endroit",
    "avant": "ce qui y était alors",
    "avis": "ce que chaque évaluateur a donné",
    "balise": "la balise",
    "bas": "le niveau du bas",
    "bloc": "le bloc",
    "candidat": "le candidat",
    "champ": "le champ",
    "champs": "les champs qui le diraient",
    "colonne": "le titre de la colonne",
    "combien": "un nombre",
    "commande": "la commande à lancer",
    "competence": "la compétence",
    "confirmation": "le texte à recopier",
    "connus": "ce qui est connu",
    "contre": "le nombre de voix contre",
    "critere": "le critère",
    "date": "une date",
    "decision": "le jour de la décision",
    "delai": "le délai du règlement",
    "destinataire": "le numéro de qui reçoit le message",
    "differences": "ce qui diffère",
    "dit": "ce qui la contredit",
    "document": "la sorte de document",
    "fait": "fait ou faite, selon le document",
    "du": "la date de début",
    "echelle": "l'échelle des notes du règlement",
    "ecrit_pour": "le référentiel pour lequel il est écrit",
    "element": "l'élément",
    "epreuve": "l'épreuve",
    "evaluateur": "l'évaluateur",
    "expiration": "le dernier jour de validité",
    "extension": "la sorte de fichier",
    "faits": "les mentions qui manquent",
    "feuille": "le nom de la feuille",
    "fichier": "le nom du fichier",
    "filtre": "le nom du filtre ou du test",
    "fin": "la balise de fin",
    "grilles": "les numéros qui s'y lisent",
    "groupe": "le code du groupe",
    "haut": "le niveau du haut",
    "id": "le numéro de la personne",
    "identite": "le numéro que porte la pièce jointe",
    "initiale": "le numéro de la première session",
    "instance": "l’instance qui décide",
    "intitule": "l'intitulé de la certification",
    "jury": "le jour du jury",
    "ligne": "la ligne de la grille",
    "lignes": "les lignes en cause",
    "limite": "la date limite",
    "lu": "ce qui a été compris",
    "majorite": "la majorité que veut le règlement",
    "manque": "ce qui manque au jury",
    "maximum": "le plus grand nombre admis",
    "membre": "le membre du jury",
    "membres": "combien de membres délibèrent",
    "minimum": "le plus petit nombre admis",
    "niveau": "l'étage du calcul",
    "niveaux": "les niveaux de l'échelle",
    "nom": "le nom du fichier ou du dossier",
    "note": "la note",
    "numero": "le numéro de la grille",
    "objet": "ce sur quoi porte la décision",
    "objets": "les décisions qui manquent",
    "ou": "où l’écrire",
    "ouvrante": "la balise qui ouvrait",
    "par": "qui pose la limite",
    "part": "la part des membres",
    "partie": "l'épreuve ou le bloc",
    "perdu": "le texte qui serait perdu",
    "permis": "ce qui est permis",
    "personne": "la personne",
    "piece": "la pièce : un fichier du dossier, de l'archive, ou joint à un message",
    "pieces": "les fichiers, les premiers s’ils sont nombreux",
    "poids": "la taille du message",
    "police": "la police",
    "portee": "le paragraphe, la ligne ou la cellule",
    "pour": "le nombre de voix pour",
    "premier": "le jour du premier jury",
    "prevu": "ce que prévoit le règlement",
    "propose": "ce que propose le calcul",
    "pv": "le numéro du procès-verbal",
    "qualite": "la qualité du membre",
    "quand": "la date et l'heure",
    "qui": "le candidat ou le groupe",
    "quoi": "ce dont il s'agit",
    "raison": "la raison",
    "remplacante": "la police de remplacement",
    "reponse": "ce que le serveur a répondu",
    "role": "le rôle",
    "rubrique": "la rubrique du texte",
    "sans": "les membres qui se retirent",
    "sens": "ce que cela peut vouloir dire",
    "sorte": "filtre ou test",
    "suggestion": "ce que vous vouliez peut-être dire",
    "sujet": "le candidat ou le groupe",
    "texte": "le texte",
    "trouve": "ce qui s'y trouve",
    "valeur": "ce qui a été lu",
    "voie": "la voie d'accès",
    "voix": "combien de voix sont comptées",
}


def chosen(typed: str | None) -> list[Code]:
    """The code, or those of the family, that somebody typed; every one when nobody did."""
    if typed is None:
        return list(Code)
    wanted = typed.strip().upper()
    found = [code for code in Code if wanted in (code.numero, code.famille)]
    if not found:
        near = proche(wanted, [*(code.numero for code in Code), *FAMILLES])
        raise MauvaisUsage(
            f"L'anomalie « {typed} » n'existe pas{suggestion(near)}. « jury anomalie » les liste."
        )
    return found


def tell(code: Code) -> None:
    parole.say(f"{code.numero}  {code.gravite.mot}  {FAMILLES[code.famille]}")
    parole.say()
    parole.say(_shown(code.phrase), 2)
    parole.say()
    for blank in _blanks(code):
        parole.say(f"‹{blank}› : {typographie(BLANCS[blank])}", 4)
    parole.say(f"Pourquoi : {code.pourquoi}", 2)
    parole.say(f"À faire : {_shown(code.remede)}", 2)
    example = _example(code)
    if example:
        parole.say()
        parole.say(typographie("Par exemple :"), 2)
        parole.say(typographie(example), 4)


def tell_all(codes: list[Code]) -> None:
    for famille, titre in FAMILLES.items():
        own = [code for code in codes if code.famille == famille]
        if own:
            parole.say(f"{famille}  {titre}")
        for code in own:
            parole.say(f"{code.numero}  {code.gravite.mot:<10}  {_shown(code.phrase)}", 2)


def as_json(code: Code) -> dict[str, Any]:
    return {
        "code": code.numero,
        "famille": FAMILLES[code.famille],
        "gravite": code.gravite.value,
        "phrase": code.phrase,
        "blancs": {blank: typographie(BLANCS[blank]) for blank in _blanks(code)},
        "pourquoi": code.pourquoi,
        "remede": code.remede,
        "exemple": _example(code),
    }


def _blanks(code: Code) -> list[str]:
    return list(dict.fromkeys(re.findall(r"\{(\w+)\}", code.phrase + code.remede)))


def _shown(phrase: str) -> str:
    return re.sub(r"\{(\w+)\}", r"‹\1›", phrase)


def _example(code: Code) -> str | None:
    """What a file really said, taken from the tests; None where no short sentence shows it."""
    import yaml  # heavy for a list of codes

    examples = yaml.safe_load((data.SCHEMAS / "anomalies.yaml").read_text(encoding="utf-8"))
    example = examples.get(code.numero)
    return str(example) if example else None
