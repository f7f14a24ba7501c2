"""reglement.yaml -> Reglement, checked against its référentiel, with every fault at once."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from batch import data, lecture_yaml
from batch.anomalies import Anomalie, Code, Empechement, suggestion
from batch.francais import enumeration, guillemets, nombre, proche, sans_accent
from batch.lecture_yaml import Source
from batch.referentiel.modele import Referentiel
from batch.reglement.modele import Echelle, NiveauEchelle, Regle, Reglement


def read(path: Path, referentiel: Referentiel) -> tuple[Reglement | None, list[Anomalie]]:
    """The règlement of this file, or None with the reasons. Raises Empechement without a text."""
    try:
        texte = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise Empechement(
            f"Le règlement {path.name} manque dans {path.parent}. Recopiez-y celui de la session, "
            f"ou refaites un dossier avec « jury session »."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise Empechement(
            f"{path.name} n'est pas un texte lisible en UTF-8. Enregistrez-le en UTF-8, "
            f"puis recommencez."
        ) from error
    source, anomalies = lecture_yaml.read(path.name, texte)
    if source is None:
        return None, anomalies
    reglement, faults = lecture_yaml.validate(source, Reglement)
    anomalies += faults
    if reglement is not None:
        anomalies += check(source, reglement, referentiel)
    blocked = any(anomalie.bloquante for anomalie in anomalies)
    return None if blocked else reglement, anomalies


def example_for(referentiel: Referentiel) -> Path:
    """The example règlement that comes with one of our référentiels."""
    return data.REGLEMENTS / f"{referentiel.id}.yaml"


def check(source: Source, reglement: Reglement, referentiel: Referentiel) -> Iterator[Anomalie]:
    """What no single rubric can tell: rules that cannot apply, codes that exist nowhere."""
    if reglement.referentiel != referentiel.id:
        yield Code.REFERENTIEL_AUTRE.at(
            source.lieu("referentiel"),
            ecrit_pour=reglement.referentiel,
            attendu=referentiel.id,
        )
        return
    yield from _check_scale(source, reglement.echelle)
    yield from _check_values(source, reglement)
    yield from _check_references(source, reglement, referentiel)
    yield from _check_rules(source, reglement, reglement.apply_to(referentiel))
    for rubric, text in (
        ("texte", reglement.courrier.recours.texte),
        ("delai", reglement.courrier.recours.delai),
    ):
        if not text.strip():
            where = ("courrier", "recours", rubric)
            yield Code.RUBRIQUE_VIDE.at(source.lieu(*where), rubrique=".".join(where))


def _check_scale(source: Source, echelle: Echelle) -> Iterator[Anomalie]:
    lieu = source.lieu("echelle")
    if bool(echelle.niveaux) == (echelle.note is not None) and not echelle.niveaux:
        yield Code.REGLE_INAPPLICABLE.at(
            lieu, rubrique="echelle", raison="elle ne donne ni niveaux ni note"
        )
    seen: dict[str, NiveauEchelle] = {}
    for niveau in echelle.niveaux:
        for text in (niveau.code, niveau.libelle):
            first = seen.setdefault(sans_accent(text).casefold(), niveau)
            if first is not niveau:
                both = enumeration([guillemets(first.libelle), guillemets(niveau.libelle)])
                yield Code.ECHELLE_AMBIGUE.at(lieu, niveaux=both)
                break
    for high in echelle.niveaux:
        for low in echelle.niveaux:
            if high.valeur is None or low.valeur is None or low.compte != "normal":
                continue
            if high.satisfait and not low.satisfait and high.valeur < low.valeur:
                yield Code.ECHELLE_A_L_ENVERS.at(lieu, haut=high.libelle, bas=low.libelle)


def _check_references(
    source: Source, reglement: Reglement, referentiel: Referentiel
) -> Iterator[Anomalie]:
    cited: list[tuple[tuple[str | int, ...], str, list[str]]] = []
    parties = [partie.id for partie in referentiel.parties]
    for rank, epreuve in enumerate(reglement.epreuves_de_groupe):
        cited.append((("epreuves_de_groupe", rank), epreuve, parties))
    for voie, own in (reglement.par_voie or {}).items():
        for rank, epreuve in enumerate(own.epreuves or ()):
            cited.append((("par_voie", voie.value, "epreuves", rank), epreuve, parties))
    for rank, critere in enumerate(reglement.criteres_individuels):
        cited.append((("criteres_individuels", rank), critere, list(referentiel.critere)))
    for code, bloc in (reglement.rattachement or {}).items():
        for rank, activite in enumerate(bloc.activites):
            place = ("rattachement", code, "activites", rank)
            cited.append((place, activite, list(referentiel.activite)))
    linked = reglement.apply_to(referentiel)
    everything = [
        *linked.critere,
        *linked.competence,
        *linked.partie,
        *linked.activite,
        *linked.bloc,
        *(c.indicateur(n + 1) for c in linked.criteres for n in range(len(c.indicateurs))),
    ]
    optional = {*linked.options, *(c.id for c in linked.criteres if linked.is_optional(c))}
    for path, regle in _rules(reglement):
        for rank, identifiant in enumerate(regle.eliminatoires):
            cited.append(((*path, "eliminatoires", rank), identifiant, everything))
            if identifiant in optional:
                yield Code.ELIMINATOIRE_OPTION.at(
                    source.lieu(*path, "eliminatoires", rank),
                    rubrique=".".join((*path, "eliminatoires")),
                    valeur=identifiant,
                )
        for rubric, by_id in (("poids", regle.poids), ("minimums", regle.minimums)):
            for identifiant in by_id or {}:
                cited.append(((*path, rubric, identifiant), identifiant, everything))
    for identifiant in reglement.regles.particulieres or {}:
        cited.append((("regles", "particulieres", identifiant), identifiant, everything))
    certification = reglement.regles.certification
    here = ("regles", "certification")
    for identifiant in certification.poids or {}:
        cited.append(((*here, "poids", identifiant), identifiant, list(linked.bloc)))
    if certification.epreuve_transversale:
        known = [epreuve.id for epreuve in linked.epreuves]
        path = (*here, "epreuve_transversale")
        cited.append((path, certification.epreuve_transversale, known))
    for where, identifiant, known in cited:
        if identifiant not in known:
            yield Code.REFERENCE_INCONNUE.at(
                source.lieu(*where),
                rubrique=".".join(str(part) for part in where if isinstance(part, str)),
                valeur=identifiant,
                suggestion=suggestion(proche(identifiant, known)),
            )


def _rules(reglement: Reglement) -> Iterator[tuple[tuple[str, ...], Regle]]:
    """Every rule that the règlement states, with the rubrics that lead to it."""
    regles = reglement.regles
    for name in ("critere", "competence", "epreuve", "activite", "bloc"):
        regle = getattr(regles, name)
        if regle is not None:
            yield ("regles", name), regle
    for identifiant, regle in (regles.particulieres or {}).items():
        yield ("regles", "particulieres", identifiant), regle
    for name in ("activites", "epreuves"):
        regle = getattr(regles.certification, name)
        if regle is not None:
            yield ("regles", "certification", name), regle


def _check_rules(
    source: Source, reglement: Reglement, referentiel: Referentiel
) -> Iterator[Anomalie]:
    regles, certification = reglement.regles, reglement.regles.certification
    here = source.lieu("regles")
    needed = {"critere": reglement.saisie == "indicateur"}
    if referentiel.blocs:
        needed["bloc"] = True
        over: set[str | None] = {regles.bloc.sur} if regles.bloc else set()
    else:
        over = {
            name
            for name, regle in (
                ("activites", certification.activites),
                ("epreuves", certification.epreuves),
            )
            if regle
        }
        needed["certification.activites"] = not over
    needed["epreuve"] = "epreuves" in over or certification.epreuve_transversale is not None
    needed["activite"] = "activites" in over
    by_activite = regles.activite.sur if regles.activite and "activites" in over else None
    needed["competence"] = "competences" in over or by_activite == "competences"
    stated = {".".join(path[1:]) for path, _ in _rules(reglement)}
    for name, need in needed.items():
        if need and name not in stated:
            yield Code.REGLE_MANQUANTE.at(here, niveau=f"« {name} »", rubrique=f"regles.{name}")
    if referentiel.blocs and certification.blocs is None:
        yield Code.REGLE_MANQUANTE.at(
            here, niveau="la certification", rubrique="regles.certification.blocs : tous"
        )
    maximum = reglement.echelle.maximum
    for figure in (certification.moyenne, *(m.moyenne for m in certification.mentions)):
        if figure is not None and (maximum is None or figure > maximum):
            yield Code.REGLE_INAPPLICABLE.at(
                source.lieu("regles", "certification"),
                rubrique="regles.certification",
                raison=_out_of_reach(figure, maximum),
            )
    for path, regle in _rules(reglement):
        yield from _check_rule(source, path, regle, reglement.echelle.maximum)


# What each level can look at: a level is reckoned after those below it.
_PEUVENT_PORTER_SUR: dict[str, set[str | None]] = {
    "critere": {None},
    "competence": {None, "criteres"},
    "epreuve": {None, "criteres", "competences"},
    "activite": {"criteres", "competences", "epreuves", None},
}


def _check_values(source: Source, reglement: Reglement) -> Iterator[Anomalie]:
    """Whatever is averaged or summed must have a value; weights and decimals must make sense."""
    certification = reglement.regles.certification
    averaged = (
        any(
            figure is not None
            for _, regle in _rules(reglement)
            for figure in (regle.moyenne, regle.somme, regle.minimum, regle.minimums)
        )
        or certification.moyenne is not None
        or reglement.evaluateurs.divergence == "moyenne"
    )
    for niveau in reglement.echelle.niveaux if averaged else ():
        if niveau.compte == "normal" and niveau.valeur is None:
            yield Code.REGLE_INAPPLICABLE.at(
                source.lieu("echelle"),
                rubrique="echelle",
                raison=f"« {niveau.libelle} » n'a pas de valeur, et une moyenne la demande",
            )
    for path, weights in (
        (("evaluateurs", "poids"), reglement.evaluateurs.poids),
        (("regles", "certification", "poids"), certification.poids),
    ):
        if weights is not None and (not weights or min(weights.values()) <= 0):
            yield Code.REGLE_INAPPLICABLE.at(
                source.lieu(*path),
                rubrique=".".join(path),
                raison="un poids doit être plus grand que zéro",
            )
    if not 0 <= reglement.arrondi.decimales <= 9:
        yield Code.YAML_VALEUR.at(
            source.lieu("arrondi", "decimales"),
            rubrique="arrondi.decimales",
            valeur=reglement.arrondi.decimales,
            attendu="un nombre de 0 à 9 est attendu",
        )


def _out_of_reach(figure: Decimal, maximum: Decimal | None) -> str:
    if maximum is None:
        return "l'échelle ne donne pas de valeurs"
    return f"elle demande {nombre(figure)}, l'échelle va jusqu'à {nombre(maximum)}"


def _check_rule(
    source: Source, path: tuple[str, ...], regle: Regle, maximum: Decimal | None
) -> Iterator[Anomalie]:
    """One condition, within what the scale can reach."""
    lieu, rubrique = source.lieu(*path), ".".join(path)
    if len(regle.conditions) != 1:
        combien = enumeration(regle.conditions) or "aucune"
        yield Code.REGLE_VIDE.at(lieu, rubrique=rubrique, combien=combien)
    if path[1] in ("bloc", "activite") and regle.sur is None:
        yield Code.YAML_MANQUE.at(lieu, rubrique=f"{rubrique}.sur")
    figures = [regle.moyenne, regle.minimum, *(regle.minimums or {}).values()]
    for figure in dict.fromkeys(figure for figure in figures if figure is not None):
        if maximum is None or figure > maximum:
            reason = _out_of_reach(figure, maximum)
            yield Code.REGLE_INAPPLICABLE.at(lieu, rubrique=rubrique, raison=reason)
    if regle.proportion is not None and regle.proportion > 1:
        reason = "elle demande plus de 100 %"
        yield Code.REGLE_INAPPLICABLE.at(lieu, rubrique=rubrique, raison=reason)
    if regle.poids is not None and (not regle.poids or min(regle.poids.values()) <= 0):
        reason = "un poids doit être plus grand que zéro"
        yield Code.REGLE_INAPPLICABLE.at(lieu, rubrique=rubrique, raison=reason)
    if regle.sur not in _PEUVENT_PORTER_SUR.get(path[1], {None, regle.sur}):
        reason = f"elle ne peut pas porter sur les {regle.sur}"
        yield Code.REGLE_INAPPLICABLE.at(lieu, rubrique=rubrique, raison=reason)
