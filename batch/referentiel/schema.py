"""The records -> JSON Schema of their YAML files, for editors: schemas/*.schema.json.

pydantic makes them from the models. What an editor shows is put in French: for the référentiel, the
headings and the help of its Excel table; for the règlement, the words below.

    python -m batch.referentiel.schema      writes them again
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from batch import data, fichiers
from batch.classeurs import tables
from batch.francais import typographie
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Reglement

_TITRES = {
    "referentiel": "Référentiel d'une certification",
    "reglement": "Règlement d'une certification",
}
_DESCRIPTIONS = {
    "referentiel": "Ce que dit le document public, mot pour mot, et rien d'autre.",
    "reglement": "Ce que le certificateur décide et que le référentiel ne dit pas.",
}
_NOMBRE = {"type": "string", "pattern": r"^[+-]?\d+(\.\d+)?$"}
# As batch/lecture_yaml.py reads them.
_TAUX = {"type": "string", "pattern": r"^\d+([.,]\d+)?\s*%$|^\d+/\d+$"}

# By record, then by rubric; "" is the record itself.
_REGLEMENT: dict[str, dict[str, str]] = {
    "Reglement": {
        "id": "Un nom court pour ce règlement.",
        "version": "La version, entre guillemets : elle est imprimée sur les documents.",
        "referentiel": "L'identifiant du référentiel pour lequel ce règlement est écrit.",
        "exemple": "Ce que les documents impriment tant que ce règlement n'est qu'un exemple.",
        "citations": "Les phrases des documents publics sur lesquelles il se fonde.",
        "saisie": "Ce que note l'évaluateur : chaque critère, ou chaque indicateur.",
        "echelle": "Ce que l'évaluateur choisit ou écrit sur chaque ligne de sa grille.",
        "regles": "Quand chaque élément est acquis, d'après ceux qui le composent.",
        "evaluateurs": "Combien évaluent la même chose, et ce qu'on fait de leurs divergences.",
        "acquis": "Combien de temps reste acquis ce qui l'a été à une session antérieure.",
        "options": "Ce que font au résultat les compétences optionnelles présentées.",
        "voies": "Les voies d'accès ouvertes.",
        "jury": "La composition du jury.",
        "courrier": "Ce que les documents disent du certificateur et des recours.",
        "certificats": "Ce que les certificats disent et que le référentiel ne dit pas.",
        "releves": "Ce que le candidat lit de ses évaluations.",
        "epreuves_de_groupe": "Les épreuves que l'on passe en groupe.",
        "rattachement": "Les blocs du certificateur, si le référentiel n'en a pas.",
    },
    "Courrier": {
        "adresse": "L'adresse postale à laquelle un candidat écrit, par exemple pour un recours.",
        "instance": "Qui décide au vu de la délibération, si ce n'est pas le jury lui-même.",
        "resultat_dans_le_courriel": "Le courriel qui porte la lettre dit-il aussi le résultat ?",
    },
    "Certificats": {
        "rncp": "Le code au répertoire, si le référentiel ne le donne pas.",
        "niveau": "Le niveau de qualification, par exemple 6, ou « sans » s'il n'y en a pas.",
        "nsf": "Les codes de la nomenclature des spécialités de formation.",
        "blocs": "Un certificat par bloc obtenu : toujours, ou si la certification ne l'est pas.",
        "limite_delivrance": "Le dernier jour où la certification peut être délivrée.",
        "apres_la_limite": "Après ce jour : refuser les certificats, ou seulement avertir.",
    },
    "Releves": {
        "commentaires": "Les commentaires des évaluateurs que le candidat lit : aucun ; ceux que "
        "l'échelle rend obligatoires ; tous.",
    },
    "NiveauEchelle": {
        "": "Un niveau de l'échelle.",
        "valeur": "Ce que vaut le niveau dans une moyenne.",
        "satisfait": "Le critère est-il satisfait à ce niveau ?",
        "compte": "normal ; exclu : sans objet ; manquant : le résultat reste incomplet.",
        "aide": "Ce que l'évaluateur lit en choisissant ce niveau.",
    },
    "Note": {"": "Des notes au lieu de niveaux."},
    "Regle": {
        "": "Une condition et une seule : toutes, au_moins, proportion, moyenne…",
        "toutes": "Tout ce qui le compose est acquis.",
        "au_moins": "Le nombre d'éléments à acquérir.",
        "proportion": "La part des éléments à acquérir, par exemple 70 %.",
        "moyenne": "La moyenne à atteindre.",
        "sur": "Ce que l'on compte.",
        "poids": "Le poids de chacun, par son identifiant.",
        "parts": "La part de la moyenne que garde un élément, même si d'autres sont sans objet.",
        "limites": "La marge autour du seuil dans laquelle le jury est prié d'examiner le cas.",
        "minimum": "La note plancher de chaque élément, même si la moyenne suffit.",
        "eliminatoires": "Ceux dont l'échec suffit à refuser l'ensemble.",
        "article": "L'article du règlement qui le dit.",
    },
    "Regles": {
        "particulieres": "La règle d'un seul élément, à la place de celle de son niveau.",
        "acces": "Les épreuves ou les blocs qui ne s'ouvrent qu'après d'autres.",
    },
    "Acces": {
        "": "Ce qui ouvre une épreuve ou un bloc.",
        "apres": "Ce qui doit être passé avant.",
    },
    "Mention": {
        "": "Une mention, de la plus basse à la plus haute, par une moyenne ou par un nombre.",
        "moyenne": "La moyenne des blocs à atteindre.",
        "au_moins": "Le nombre d'éléments acquis à atteindre.",
        "sur": "Ce que l'on compte.",
        "a_partir_de": "La valeur à partir de laquelle un élément compte ; sans elle, être acquis.",
    },
    "Arrondi": {
        "pas": "Arrondir au multiple de ce pas (0.5, 5…), au lieu des décimales.",
    },
    "ReglementEvaluateurs": {
        "nombre": "Combien évaluent la même chose.",
        "roles": "Un évaluateur de chacun de ces rôles, pas un de moins.",
        "poids": "Le poids de chaque rôle dans la moyenne des avis.",
        "formateur_exclu": "Qui a formé un candidat ne l'évalue pas (colonne Formateurs).",
    },
    "ReglementAcquis": {
        "validite": "illimitee, un nombre d'années, ou mois: 24.",
        "competences": "La même chose pour une compétence acquise sans son bloc.",
    },
    "Conservation": {
        "preuves": "Grilles, commentaires, lettres : illimitee, un nombre d'années, ou mois: 60.",
        "registre": "Procès-verbal et certificats : de même.",
    },
    "ReglementOptions": {
        "contre": "Les options qui, présentées, comptent même contre le candidat.",
    },
}


def json_schemas() -> dict[str, str]:
    """The name and the text of each file."""
    return {
        f"{nom}.schema.json": json.dumps(_schema(nom, model), ensure_ascii=False, indent=1) + "\n"
        for nom, model in (("referentiel", Referentiel), ("reglement", Reglement))
    }


def _schema(nom: str, model: type) -> dict[str, Any]:
    generated = _cleaned(TypeAdapter(model).json_schema())
    words = _REGLEMENT if nom == "reglement" else _of_tables()
    records = {model.__name__: generated, **generated.get("$defs", {})}
    for record, rubrics in words.items():
        for rubric, description in rubrics.items():
            target = records[record]["properties"][rubric] if rubric else records[record]
            target["description"] = typographie(description)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": typographie(_TITRES[nom]),
        "description": typographie(_DESCRIPTIONS[nom]),
        **generated,
    }


def _cleaned(node: Any, *, named: bool = False) -> Any:
    """Without pydantic's English titles and descriptions; numbers as our YAML may write them.

    `named`: the keys here are names of the user's, not words of JSON Schema.
    """
    if isinstance(node, list):
        return [_cleaned(item) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == "fraction":
        return _TAUX
    if "anyOf" in node and {"type": "number"} in node["anyOf"]:
        # What Decimal accepts as a text depends on the version of pydantic.
        texts = [_TAUX if own.get("format") == "fraction" else _NOMBRE for own in node["anyOf"]
                 if own.get("type") == "string"]  # fmt: skip
        others = [_cleaned(own) for own in node["anyOf"] if own.get("type") != "string"]
        node = {**node, "anyOf": [*others, *texts]}
    dropped = () if named else ("title", "description")
    return {
        key: _cleaned(value, named=key in ("properties", "$defs") and not named)
        for key, value in node.items()
        if key not in dropped
    }


def _of_tables() -> Mapping[str, Mapping[str, str]]:
    """The help of the Excel table, whose columns are named as the fields."""
    records = {
        "Bloc": "blocs",
        "Activite": "activites",
        "Competence": "competences",
        "Epreuve": "epreuves",
        "Critere": "criteres",
    }
    words = {record: _columns(nom) for record, nom in records.items()}
    words["Critere"]["indicateurs"] = _help("indicateurs")
    certification = _columns("certification")
    words["Enregistrement"] = {day: certification.pop(day) for day in ("du", "au")}
    sections = {nom: _help(nom) for nom in records.values()}
    words["Referentiel"] = {**certification, **sections, "regles_citees": _help("regles")}
    return words


def _help(nom: str) -> str:
    return tables.load(f"referentiel-{nom}").aide


def _columns(nom: str) -> dict[str, str]:
    return {own.nom: own.aide for own in tables.load(f"referentiel-{nom}").colonnes}


if __name__ == "__main__":
    for name, text in json_schemas().items():
        fichiers.write(data.SCHEMAS / name, text.encode())
