"""A règlement and its référentiel -> what no single rubric can tell, every fault at once.

Rules that could not apply, or that nobody could reach; codes that exist nowhere; and whatever would
let a better rating worsen an outcome.
"""

from collections.abc import Iterator

from batch.anomalies import Anomalie, Code, suggestion
from batch.francais import enumeration, guillemets, proche, sans_accent
from batch.lecture_yaml import Source
from batch.referentiel.modele import Referentiel
from batch.reglement import controle_regles
from batch.reglement.modele import Duree, Echelle, NiveauEchelle, Reglement
from batch.reglement.portee import NIVEAUX, nodes, stated


def check(source: Source, reglement: Reglement, referentiel: Referentiel) -> Iterator[Anomalie]:
    """All of it; nothing but the first fault where the règlement is another certification's."""
    if reglement.referentiel != referentiel.id:
        yield Code.REFERENTIEL_AUTRE.at(
            source.lieu("referentiel"),
            ecrit_pour=reglement.referentiel,
            attendu=referentiel.id,
        )
        return
    linked = reglement.apply_to(referentiel)
    yield from _check_scale(source, reglement.echelle)
    yield from _check_evaluators(source, reglement)
    yield from _check_delays(source, reglement)
    cited = list(_check_references(source, reglement, referentiel, linked))
    yield from cited
    # A rule over what does not exist cannot be read any further.
    if all(fault.code is not Code.REFERENCE_INCONNUE for fault in cited):
        yield from controle_regles.check(source, reglement, linked)
    for rubric, text in (
        ("texte", reglement.courrier.recours.texte),
        ("delai", reglement.courrier.recours.delai),
    ):
        if not text.strip():
            where = ("courrier", "recours", rubric)
            yield Code.RUBRIQUE_VIDE.at(source.lieu(*where), rubrique=".".join(where))


def _check_scale(source: Source, echelle: Echelle) -> Iterator[Anomalie]:
    lieu = source.lieu("echelle")

    def inapplicable(raison: str) -> Anomalie:
        return Code.REGLE_INAPPLICABLE.at(lieu, rubrique="echelle", raison=raison)

    rated = [niveau for niveau in echelle.niveaux if niveau.compte == "normal"]
    if echelle.note is None and not echelle.niveaux:
        yield inapplicable("elle ne donne ni niveaux ni note")
    elif echelle.note is None and not any(niveau.satisfait for niveau in rated):
        yield inapplicable("aucun de ses niveaux ne satisfait un critère")
    if echelle.note and not 0 < echelle.note.satisfait_a_partir_de <= echelle.note.sur:
        yield inapplicable("« satisfait_a_partir_de » doit être une note au-dessus de 0")
    for niveau in echelle.niveaux:
        if niveau.satisfait and niveau.compte != "normal":
            said = guillemets(niveau.libelle)
            yield inapplicable(f"{said} ne compte pas, il ne peut pas satisfaire un critère")
    seen: dict[str, NiveauEchelle] = {}
    for niveau in echelle.niveaux:
        for text in (niveau.code, niveau.libelle):
            first = seen.setdefault(sans_accent(text).casefold(), niveau)
            if first is not niveau:
                both = enumeration([guillemets(first.libelle), guillemets(niveau.libelle)])
                yield Code.ECHELLE_AMBIGUE.at(lieu, niveaux=both)
                break
    for high in rated:
        for low in rated:
            if high.valeur is None or low.valeur is None:
                continue
            if high.satisfait and not low.satisfait and high.valeur < low.valeur:
                yield Code.ECHELLE_A_L_ENVERS.at(lieu, haut=high.libelle, bas=low.libelle)


def _check_evaluators(source: Source, reglement: Reglement) -> Iterator[Anomalie]:
    rules = reglement.evaluateurs
    rated = [niveau for niveau in reglement.echelle.niveaux if niveau.compte == "normal"]
    valued = [niveau for niveau in rated if niveau.valeur is not None]

    def inapplicable(rubrique: str, raison: str) -> Anomalie:
        where = source.lieu(*rubrique.split("."))
        return Code.REGLE_INAPPLICABLE.at(where, rubrique=rubrique, raison=raison)

    if rules.nombre < 1:
        yield inapplicable("evaluateurs.nombre", "il faut au moins un évaluateur")
    if rules.roles and len(set(rules.roles)) != rules.nombre:
        raison = f"elle nomme {len(set(rules.roles))} rôles, pour {rules.nombre} évaluateurs"
        yield inapplicable("evaluateurs.roles", raison)
    if rules.roles and rules.poids and not set(rules.roles) <= set(rules.poids):
        raison = f"elle doit donner un poids à chaque rôle : {enumeration(rules.roles)}"
        yield inapplicable("evaluateurs.poids", raison)
    if rules.ecart_max is not None and len(valued) < len(rated):
        yield inapplicable("evaluateurs.ecart_max", "l'échelle ne donne pas de valeurs")
    if rules.divergence.startswith("plus") and valued and len(valued) < len(rated):
        raison = "des niveaux ont une valeur et d'autres non : on ne saurait dire le plus favorable"
        yield inapplicable("evaluateurs.divergence", raison)


def _check_delays(source: Source, reglement: Reglement) -> Iterator[Anomalie]:
    delays = (
        ("acquis", "validite", reglement.acquis.validite),
        ("acquis", "competences", reglement.acquis.competences),
        ("conservation", "preuves", reglement.conservation.preuves),
        ("conservation", "registre", reglement.conservation.registre),
    )
    for section, rubric, validity in delays:
        length = validity.mois if isinstance(validity, Duree) else validity
        if isinstance(length, int) and length < 1:
            yield Code.YAML_VALEUR.at(
                source.lieu(section, rubric),
                rubrique=f"{section}.{rubric}",
                valeur=length,
                attendu="une durée est attendue : illimitee, un nombre d'années, ou mois: 24",
            )
    if not 0 <= reglement.arrondi.decimales <= 9:
        yield Code.YAML_VALEUR.at(
            source.lieu("arrondi", "decimales"),
            rubrique="arrondi.decimales",
            valeur=reglement.arrondi.decimales,
            attendu="un nombre de 0 à 9 est attendu",
        )
    if reglement.arrondi.pas is not None and reglement.arrondi.pas <= 0:
        yield Code.YAML_VALEUR.at(
            source.lieu("arrondi", "pas"),
            rubrique="arrondi.pas",
            valeur=reglement.arrondi.pas,
            attendu="un nombre plus grand que zéro est attendu, par exemple 0.5",
        )


def _check_references(
    source: Source, reglement: Reglement, referentiel: Referentiel, linked: Referentiel
) -> Iterator[Anomalie]:
    cited: list[tuple[tuple[str | int, ...], str, list[str]]] = []
    parties = [partie.id for partie in referentiel.parties]
    for rank, epreuve in enumerate(reglement.epreuves_de_groupe):
        cited.append((("epreuves_de_groupe", rank), epreuve, parties))
    for voie, changed in (reglement.par_voie or {}).items():
        for rank, epreuve in enumerate(changed.epreuves or ()):
            cited.append((("par_voie", voie.value, "epreuves", rank), epreuve, parties))
    for rank, critere in enumerate(reglement.criteres_individuels):
        cited.append((("criteres_individuels", rank), critere, list(referentiel.critere)))
    for rank, option in enumerate(reglement.options.contre):
        cited.append((("options", "contre", rank), option, list(linked.options)))
    for code, bloc in (reglement.rattachement or {}).items():
        for rank, activite in enumerate(bloc.activites):
            place = ("rattachement", code, "activites", rank)
            cited.append((place, activite, list(referentiel.activite)))
    everything = [
        *(node for niveau in NIVEAUX.values() for node in nodes(linked, niveau)),
        *linked.partie,
        *(c.indicateur(n + 1) for c in linked.criteres for n in range(len(c.indicateurs))),
    ]
    counting = set(linked.options) - set(reglement.options.contre)
    for path, regle in stated(reglement):
        for rank, identifiant in enumerate(regle.eliminatoires):
            cited.append(((*path, "eliminatoires", rank), identifiant, everything))
            own = linked.critere.get(identifiant)
            if identifiant in counting or (
                own and linked.is_optional(own) and counting & set(own.competences)
            ):
                yield Code.ELIMINATOIRE_OPTION.at(
                    source.lieu(*path, "eliminatoires", rank),
                    rubrique=".".join((*path, "eliminatoires")),
                    valeur=identifiant,
                )
        for rubric in ("poids", "parts", "minimums"):
            for identifiant in getattr(regle, rubric) or {}:
                cited.append(((*path, rubric, identifiant), identifiant, everything))
    for identifiant in reglement.regles.particulieres or {}:
        cited.append((("regles", "particulieres", identifiant), identifiant, everything))
    epreuves = [epreuve.id for epreuve in linked.epreuves]
    places = [*epreuves, *linked.bloc]
    for identifiant, acces in (reglement.regles.acces or {}).items():
        here = ("regles", "acces", identifiant)
        cited.append((here, identifiant, places))
        for rank, before in enumerate(acces.apres):
            cited.append(((*here, "apres", rank), before, places))
    certification = reglement.regles.certification
    for identifiant in certification.poids or {}:
        cited.append(
            (("regles", "certification", "poids", identifiant), identifiant, list(linked.bloc))
        )
    if certification.epreuve_transversale:
        path = ("regles", "certification", "epreuve_transversale")
        cited.append((path, certification.epreuve_transversale, epreuves))
    for where, identifiant, known in cited:
        if identifiant not in known:
            yield Code.REFERENCE_INCONNUE.at(
                source.lieu(*where),
                rubrique=".".join(str(part) for part in where if isinstance(part, str)),
                valeur=identifiant,
                suggestion=suggestion(proche(identifiant, known)),
            )
