"""A candidate's outcome -> its whole trace: what it takes to reckon it all again on paper.

From the certification down to what each evaluator chose, every step says its rule and the article,
the arithmetic, how far from the threshold it stands, what was left out and what is awaited.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from batch.anomalies import Lieu
from batch.francais import (
    FINE,
    INSECABLE,
    accorde,
    compte,
    date_longue,
    distinctement,
    elide,
    enumeration,
    guillemets,
    nombre,
    pourcentage,
    typographie,
)
from batch.jury import calcul, divergences, explication
from batch.jury.deliberation import CERTIFICATION, Issue
from batch.jury.regles import Constat, Mesure, fault, mean, total
from batch.jury.seance import Dossier, Seance
from batch.records import Acquis, Appreciation, Evaluateur
from batch.reglement.modele import Arrondi, Regle
from batch.vocabulaire import (
    Etat,
    Niveau,
    Presence,
    ResultatBloc,
    ResultatCertification,
    ResultatPartie,
    Ton,
)

_EN_SUSPENS = (Mesure.MANQUANT, Mesure.A_ARBITRER)

# How the steps are called that no référentiel names: conditions over the whole, and indicateurs.
_ENSEMBLES = {
    "activites": "Ensemble des activités",
    "epreuves": "Ensemble des épreuves",
    "moyenne": "Moyenne des blocs",
    "epreuve_transversale": "Épreuve transversale",
    "prerequis": "Condition préalable",
}
_CONDITION = {Mesure.ATTEINT: "Condition remplie", Mesure.NON_ATTEINT: "Condition non remplie"}
_INDICATEUR = {Mesure.ATTEINT: "Constaté", Mesure.NON_ATTEINT: "Non constaté"}
_ETATS: Mapping[Niveau, Mapping[Mesure, Etat]] = {
    Niveau.CRITERE: calcul.CRITERE,
    Niveau.COMPETENCE: calcul.COMPETENCE,
    Niveau.EPREUVE: calcul.PARTIE,
    Niveau.ACTIVITE: calcul.PARTIE,
    Niveau.BLOC: calcul.BLOC,
}

_MODES = {
    "au_plus_proche": "au plus proche",
    "inferieur": "à l’inférieur",
    "superieur": "au supérieur",
}

Noms = Callable[[str], str]  # the id of a node -> what a document calls it


@dataclass(frozen=True, slots=True)
class Feuille:
    """One sheet on which the candidate was to be rated: by whom, and what became of it."""

    evaluateur: Evaluateur
    partie: str
    criteres: frozenset[str]
    groupe: str | None  # where a group is rated as a whole
    revenue: bool
    absence: Lieu | None  # where the candidate is said not to have come


@dataclass(frozen=True, slots=True)
class Avis:
    """What one evaluator chose on one line, in words, and the rating itself with its cell."""

    qui: str
    choix: str
    groupe: str | None
    appreciation: Appreciation


@dataclass(frozen=True, slots=True)
class Etape:
    """One step of the reasoning, in sentences; the steps that it rests on are its children."""

    niveau: Niveau
    id: str
    nom: str
    intitule: str
    etat: Etat
    mot: str
    constat: Constat | None = None
    valeur_lue: bool = False  # the step above reads its value: in a mean, a sum, a floor
    propose: Issue | None = None  # where the jury has a say
    decide: Issue | None = None
    motif: str | None = None
    faits: tuple[str, ...] = ()
    regle: str = ""
    calcul: str = ""
    marge: str = ""
    remarques: tuple[str, ...] = ()
    attente: str = ""  # why nobody's rating is there
    avis: tuple[Avis, ...] = ()
    enfants: tuple["Etape", ...] = ()
    au_seuil: bool = False

    @property
    def valeur(self) -> Fraction | None:
        return self.constat.valeur if self.constat else None

    @property
    def hors_calcul(self) -> bool:
        return self.constat is not None and self.constat.mesure is Mesure.EXCLU

    @property
    def va_de_soi(self) -> bool:
        """Nothing under it failed, is missing, was left out, or stands on an edge."""
        return (
            self.etat.ton is Ton.FAVORABLE
            and not self.au_seuil
            and not self.faits
            and len({(a.appreciation.niveau, a.appreciation.note) for a in self.avis}) < 2
            and all(enfant.va_de_soi for enfant in self.enfants)
        )

    @property
    def lignes(self) -> Iterator["Etape"]:
        """The rated lines under this step, or itself when it is one."""
        if not self.enfants:
            yield self
        for enfant in self.enfants:
            yield from enfant.lignes

    @property
    def attentes(self) -> tuple[str, ...]:
        """Why no line under this step has a rating; nothing as soon as one of them has."""
        lignes = list(self.lignes)
        if any(not ligne.attente for ligne in lignes):
            return ()
        return tuple(dict.fromkeys(ligne.attente for ligne in lignes))


@dataclass(frozen=True, slots=True)
class Trace:
    """One candidate's dossier, told step by step."""

    seance: Seance
    dossier: Dossier
    feuilles: tuple[Feuille, ...]

    # --- the certification

    def certification(self) -> Etape:
        resultat, issues = self.dossier.resultat, self.dossier.issues
        shown = issues.certification or resultat.certification
        blocs = tuple(self.bloc(code) for code in resultat.blocs)
        came = resultat.presence is Presence.PRESENT
        besides = resultat.constats[Niveau.CERTIFICATION].values() if came else ()
        return Etape(
            Niveau.CERTIFICATION,
            CERTIFICATION,
            "",
            self.seance.referentiel.intitule,
            shown,
            shown.mot if came else self._accorde(shown.mot),
            propose=resultat.certification if self.dossier.objets else None,
            decide=issues.certification if self.dossier.objets else None,
            motif=issues.motifs.get(CERTIFICATION),
            faits=tuple(self._about_certification(shown)),
            regle=self._certification_rule() if came else "",
            calcul=_tally(blocs) if came and blocs else "",
            enfants=(*blocs, *(self._etape(constat) for constat in besides)),
        )

    def _about_certification(self, shown: ResultatCertification) -> Iterator[str]:
        resultat, issues = self.dossier.resultat, self.dossier.issues
        candidat, proposed = resultat.candidat, resultat.certification
        if candidat.presence is not Presence.PRESENT:
            yield _dire(
                "{note} {absent} dans {lieu}. {rien}",
                note=self._accorde("Noté"),
                absent=self._accorde(candidat.presence.mot.lower()),
                lieu=candidat.lieu,
                rien=_RIEN,
            )
        elif resultat.presence is Presence.ABSENT:
            yield _dire("N’a passé aucune des évaluations. {rien}", rien=_RIEN)
            yield from self._absences()
        elif self.dossier.objets and issues.certification is None:
            yield _dire("Le jury n’a pas encore tout décidé : voici ce que propose le calcul.")
        elif proposed is not shown:
            on = f" pour {_les_blocs(self._departures())}" if resultat.blocs else ""
            yield _dire(
                "Le calcul proposait « {propose} ». Le jury en a décidé autrement{on}.",
                propose=proposed.mot,
                on=on,
            )
        elif self.dossier.objets and not resultat.blocs:
            yield _dire("Le jury a suivi la proposition du calcul.")
        if said := issues.motifs.get(CERTIFICATION):
            yield _motif(said)
        if resultat.presence is Presence.PRESENT:
            yield from self._meaning(shown)

    def _departures(self) -> list[str]:
        decided = self.dossier.issues.blocs
        proposed = self.dossier.resultat.blocs
        return [code for code in proposed if decided[code] not in (None, proposed[code])]

    def _meaning(self, shown: ResultatCertification) -> Iterator[str]:
        """What the outcome says, where its word alone might be misread."""
        resultat = self.dossier.resultat
        issues = {c: self.dossier.issues.blocs[c] or p for c, p in resultat.blocs.items()}
        match shown:
            case ResultatCertification.EN_ATTENTE:
                pending = [code for code, issue in issues.items() if issue.en_suspens]
                on = f", le temps que soit réglé le sort {_des_blocs(pending)}" if pending else ""
                yield f"Le résultat n’est ni favorable ni défavorable{on}."
            case ResultatCertification.PARTIELLE if all(b.obtenu for b in issues.values()):
                yield "Tous les blocs sont obtenus, mais une condition de plus n’est pas remplie."
            case ResultatCertification.PARTIELLE:
                yield "Une partie des blocs est obtenue, pas la certification entière."
            case ResultatCertification.BLOCS_VISES_VALIDES:
                yield "Tout ce que visait le parcours est obtenu."

    def _certification_rule(self) -> str:
        regle = self.seance.reglement.regles.certification
        besides = len(self.dossier.resultat.constats[Niveau.CERTIFICATION])
        if self.seance.referentiel.blocs:
            clauses = ["tous les blocs doivent être obtenus"]
            if besides:
                clauses.append(_conditions_below(besides))
        else:
            clauses = [_conditions_below(besides)]
        return f"{enumeration(clauses)}{_article(regle.article)}"

    # --- a bloc

    def bloc(self, code: str) -> Etape:
        resultat, issues = self.dossier.resultat, self.dossier.issues
        proposed = resultat.blocs[code]
        shown = issues.blocs[code] or proposed
        voted = any(objet.code == code for objet in self.dossier.objets)
        # Nothing was reckoned for a bloc that nobody rated at this session.
        constat = resultat.constats[Niveau.BLOC].get(code) if voted else None
        read = "moyenne" in resultat.constats[Niveau.CERTIFICATION]
        reckoned = self._etape(constat, valeur_lue=read) if constat else None
        step = reckoned or Etape(Niveau.BLOC, code, code, "", shown, shown.mot)
        return replace(
            step,
            nom=code,
            intitule=self.seance.referentiel.bloc[code].intitule,
            etat=shown,
            mot=shown.mot,
            propose=proposed if voted else None,
            decide=issues.blocs[code] if voted else None,
            motif=issues.motifs.get(code),
            faits=(*self._about_bloc(code), *self._decision(code)),
        )

    def _about_bloc(self, code: str) -> Iterator[str]:
        """Where the bloc stands without any arithmetic: acquired before, not aimed at, missed."""
        resultat, session = self.dossier.resultat, self.seance.session
        match resultat.blocs[code]:
            case ResultatBloc.ACQUIS_ANTERIEUR | ResultatBloc.DISPENSE:
                yield from self._held(resultat.acquis[code])
            case ResultatBloc.NON_VISE:
                yield _dire(
                    "Le parcours ne visait que {blocs}.",
                    blocs=_les_blocs(resultat.candidat.blocs_vises),
                )
            case ResultatBloc.NON_PRESENTE if resultat.presence is Presence.PRESENT:
                yield "Aucune de ses évaluations n’a été passée."
                yield from self._absences(code)
        earlier = calcul.held(
            resultat.candidat, session.acquis, self.seance.reglement, session.date_jury
        )
        for acquis, expiry in earlier:
            if acquis.bloc == code and expiry is not None:
                yield _dire(
                    "{genre} le {date}, ce bloc ne l’était que jusqu’au {fin} : il a dû être "
                    "évalué de nouveau ({lieu}).",
                    genre="Dispensé" if acquis.dispense else "Acquis",
                    date=date_longue(acquis.date),
                    fin=date_longue(expiry),
                    lieu=acquis.lieu,
                )

    def _held(self, acquis: Acquis) -> Iterator[str]:
        validity = self.seance.reglement.acquis
        yield _dire(
            "{genre} le {date}, avant cette session, et donc pas évalué ici. Preuve : {preuve} "
            "({lieu}).",
            genre="Dispense accordée" if acquis.dispense else "Acquis",
            date=date_longue(acquis.date),
            preuve=acquis.preuve.rstrip("."),
            lieu=acquis.lieu,
        )
        years = validity.validite
        yield _dire(
            "Un bloc acquis le reste {duree}{article}.",
            duree=f"{years}{INSECABLE}ans" if isinstance(years, int) else "sans limite de durée",
            article=_article(validity.article),
        )

    def _decision(self, code: str) -> Iterator[str]:
        resultat, issues = self.dossier.resultat, self.dossier.issues
        proposed, decided = resultat.blocs[code], issues.blocs[code]
        if not any(objet.code == code for objet in self.dossier.objets):
            return
        if decided is None:
            yield _dire("Proposition du calcul : aucune décision du jury ne porte encore sur elle.")
        elif decided is proposed:
            if not decided.en_suspens:
                return  # the jury followed the reckoning that comes below
            yield "Le jury ne peut pas décider de ce qui n’a pas été entièrement évalué."
        elif proposed is ResultatBloc.A_ARBITRER:
            yield "Le calcul ne tranchait pas : c’est le jury qui a décidé."
        else:
            yield _dire(
                "Le calcul proposait « {propose} ». Le jury en a décidé autrement.",
                propose=proposed.mot,
            )
        if code in issues.motifs:
            yield _motif(issues.motifs[code])

    def _absences(self, where: str | None = None) -> Iterator[str]:
        """Where the evaluators said that the candidate did not come."""
        for feuille in self.feuilles:
            parts = self.seance.referentiel.partie[feuille.partie]
            if feuille.absence and where in (None, feuille.partie, *parts.blocs):
                what = f"épreuve {feuille.partie.removeprefix('EP-')}" if parts.est_epreuve else ""
                yield _dire(
                    "{note} par {qui}{quoi} : {lieu}.",
                    note=f"{self._accorde('Noté')} {self._accorde('absent')}",
                    qui=_personne(feuille.evaluateur),
                    quoi=f", {what}" if what else "",
                    lieu=feuille.absence,
                )

    # --- what is reckoned beside the decision

    def hors_decision(self) -> tuple[Etape, ...]:
        """What is reckoned and printed, but no rule of this règlement looks at."""
        resultat = self.dossier.resultat
        if resultat.presence is not Presence.PRESENT:
            return ()
        levels = resultat.constats
        seen: set[tuple[Niveau, str]] = set()
        roots = [*levels[Niveau.BLOC].values(), *levels[Niveau.CERTIFICATION].values()]
        while roots:
            constat = roots.pop()
            seen |= {(e.niveau, e.id) for e in constat.enfants}
            if constat.enfants:
                below = constat.enfants[0].niveau
                seen |= {(below, option) for option in constat.options_ecartees}
            roots += constat.enfants
        return tuple(
            self._etape(constat)
            for niveau in (Niveau.COMPETENCE, Niveau.EPREUVE, Niveau.ACTIVITE)
            for constat in levels[niveau].values()
            if (niveau, constat.id) not in seen
        )

    # --- any step

    def _etape(self, constat: Constat, *, valeur_lue: bool = False) -> Etape:
        etat, mot = self._etat(constat)
        step = Etape(
            constat.niveau,
            constat.id,
            self._nom(constat),
            self._intitule(constat),
            etat,
            mot,
            constat=constat,
            valeur_lue=valeur_lue,
        )
        if etat is ResultatPartie.NON_PRESENTEE:
            return replace(step, faits=tuple(self._absences(constat.id)))
        if constat.id == "prerequis" and constat.niveau is Niveau.CERTIFICATION:
            return self._prerequis(step, constat)
        if constat.regle is None or not constat.enfants:
            return self._ligne(step, constat)
        return self._parent(step, constat, constat.regle)

    def _etat(self, constat: Constat) -> tuple[Etat, str]:
        match constat.niveau:
            case Niveau.CERTIFICATION:
                state = calcul.PARTIE[constat.mesure]
                return state, _CONDITION.get(constat.mesure, state.mot)
            case Niveau.INDICATEUR:
                line = calcul.CRITERE[constat.mesure]
                return line, _INDICATEUR.get(constat.mesure, line.mot)
            case Niveau.EPREUVE:
                part = self.dossier.resultat.epreuves[constat.id]
                return part, part.mot
        etat = _ETATS[constat.niveau][constat.mesure]
        return etat, etat.mot

    def _nom(self, constat: Constat) -> str:
        match constat.niveau:
            case Niveau.CERTIFICATION:
                return _ENSEMBLES.get(constat.id, constat.id)
            case Niveau.INDICATEUR:
                return constat.id.rpartition(".")[2]
        return explication.name(self.seance.referentiel, constat)

    def _intitule(self, constat: Constat) -> str:
        referentiel = self.seance.referentiel
        match constat.niveau:
            case Niveau.INDICATEUR:
                critere, _, rank = constat.id.rpartition(".")
                return referentiel.critere[critere].indicateurs[int(rank) - 1]
            case Niveau.CRITERE:
                return referentiel.critere[constat.id].intitule
            case Niveau.COMPETENCE:
                return referentiel.competence[constat.id].intitule
            case Niveau.EPREUVE:
                return referentiel.partie[constat.id].intitule
            case Niveau.ACTIVITE:
                return referentiel.activite[constat.id].intitule
            case Niveau.BLOC:
                return referentiel.bloc[constat.id].intitule
        return ""

    def _parent(self, step: Etape, constat: Constat, regle: Regle) -> Etape:
        below = constat.enfants[0].niveau
        enfants = [
            self._etape(enfant, valeur_lue=_reads(regle, enfant.id)) for enfant in constat.enfants
        ]
        for option in constat.options_ecartees:
            aside = self.dossier.resultat.constats[below][option]
            enfants.append(replace(self._etape(aside), faits=(_OPTION_ECARTEE,)))
        counted = [e for e in enfants if not e.hors_calcul and _OPTION_ECARTEE not in e.faits]
        reckoned = _reckon(constat, regle, counted)
        return replace(
            step,
            regle=_condition(regle, constat, self._named(below)) + _article(regle.article),
            calcul=reckoned.calcul,
            marge=reckoned.marge,
            remarques=tuple(self._remarks(step, constat, regle, enfants)),
            # The blocs are told once, at their own place.
            enfants=() if below is Niveau.BLOC else tuple(enfants),
            au_seuil=reckoned.au_seuil or any(_at_floor(regle, e) for e in constat.enfants),
        )

    def _named(self, niveau: Niveau) -> Noms:
        return lambda identifiant: self._nom(Constat(niveau, identifiant, Mesure.ATTEINT))

    def _remarks(
        self, step: Etape, constat: Constat, regle: Regle, enfants: Sequence[Etape]
    ) -> Iterator[str]:
        """What weighs besides the condition, and what does not weigh at all."""
        for enfant in constat.enfants:
            if constat.mesure is Mesure.NON_ATTEINT and fault(regle, enfant, constat.arrondi):
                yield self._fault(regle, enfant)
            elif _at_floor(regle, enfant):
                yield _dire(
                    "{qui} est exactement au minimum de {minimum}.",
                    qui=self._subject(enfant),
                    minimum=exact(Fraction(regle.floor(enfant.id) or 0)),
                )
        if step.valeur_lue and constat.valeur is not None and regle.moyenne is None:
            sums = _mean(constat, regle, None)
            yield _dire("Valeur reprise plus haut : {moyenne}.", moyenne=sums)
        if constat.mesure in _EN_SUSPENS:
            names = [e.nom for e in enfants if e.constat and e.constat.mesure is constat.mesure]
            if constat.mesure is Mesure.MANQUANT:
                yield _dire("Rien n’est calculé tant que manque {noms}.", noms=_several(names))
            else:
                yield _dire("Le jury doit d’abord trancher {noms}.", noms=_several(names))
        if constat.mesure is Mesure.EXCLU:
            level = constat.enfants[0].niveau
            none = "Aucune" if level.feminin else "Aucun"
            then = (
                "le calcul ne peut rien dire, le jury tranche"
                if constat.niveau is Niveau.BLOC
                else "il n’y a rien à compter, ni pour ni contre"
            )
            yield _dire(
                "{aucun} {niveau} ne s’appliquait : {suite}.",
                aucun=none,
                niveau=level.singulier,
                suite=then,
            )
        yield from self._left_out(constat, enfants)
        yield from self._options(constat, regle)

    def _subject(self, constat: Constat) -> str:
        title = f"{constat.niveau.singulier} {self._nom(constat)}"
        return elide("La" if constat.niveau.feminin else "Le", title)

    def _fault(self, regle: Regle, enfant: Constat) -> str:
        floor = regle.floor(enfant.id)
        if enfant.id in regle.eliminatoires and enfant.mesure is Mesure.NON_ATTEINT:
            return _dire(
                "{qui} est éliminatoire, et {pas} : cela suffit, quel que soit le reste.",
                qui=self._subject(enfant),
                pas=f"n’est pas {_met(enfant.niveau)}",
            )
        assert enfant.valeur is not None, "a floor is only missed by a value"
        assert floor is not None, "a fault is one or the other"
        value, least = distinctement(enfant.valeur, Fraction(floor), 4)
        return _dire(
            "{qui} est à {valeur}, sous le minimum de {minimum} : cela suffit, quel que soit le "
            "reste.",
            qui=self._subject(enfant),
            valeur=value,
            minimum=least,
        )

    def _left_out(self, constat: Constat, enfants: Sequence[Etape]) -> Iterator[str]:
        out = [e for e in enfants if e.hors_calcul]
        if not out or constat.mesure is Mesure.EXCLU:
            return
        untaken = [e.nom for e in out if self._is_untaken(e)]
        others = [e.nom for e in out if not self._is_untaken(e)]
        said = [f"{enumeration(others)} (sans objet)"] if others else []
        if untaken:
            word = "option non présentée" if len(untaken) == 1 else "options non présentées"
            said.append(f"{enumeration(untaken)} ({word})")
        yield _dire("Hors du calcul : {noms}.", noms=enumeration(said))

    def _is_untaken(self, step: Etape) -> bool:
        return not any(ligne.avis for ligne in step.lignes)

    def _options(self, constat: Constat, regle: Regle) -> Iterator[str]:
        if not constat.options_ecartees:
            return
        below = constat.enfants[0].niveau
        aside = [self.dossier.resultat.constats[below][o] for o in constat.options_ecartees]
        with_them = replace(constat, enfants=(*constat.enfants, *aside))
        share = with_them.part
        figures = (
            _dire(
                " Comptée, elle donnerait {met} sur {counted} = {share}.",
                met=with_them.count(Mesure.ATTEINT),
                counted=with_them.comptes,
                share=pourcentage(share),
            )
            if regle.proportion is not None and share is not None
            else ""
        )
        yield _dire(
            "Option {noms} présentée et non comptée : une option ne joue jamais contre qui la "
            "présente.{chiffres}",
            noms=enumeration(self._nom(one) for one in aside),
            chiffres=figures,
        )

    def _prerequis(self, step: Etape, constat: Constat) -> Etape:
        demanded = self.seance.reglement.regles.certification.prerequis
        assert demanded is not None, "the constat exists because the règlement demands it"
        own = constat.enfants[0]
        if own.valeur is None:
            said = "non renseigné dans session.xlsx"
        elif demanded.minimum is None:
            said = "oui" if own.valeur else "non"
        else:
            said = nombre(own.valeur)
        least = "" if demanded.minimum is None else f", au moins {nombre(demanded.minimum)}"
        return replace(
            step,
            regle=f"{demanded.libelle}{least}{_article(demanded.article)}",
            calcul=_dire("{libelle} : {dit}", libelle=demanded.libelle, dit=said),
        )

    # --- a rated line

    def _ligne(self, step: Etape, constat: Constat) -> Etape:
        own = constat.appreciations
        return replace(
            step,
            calcul=self._together(constat),
            avis=tuple(self._avis(one, step.valeur_lue) for one in own),
            attente=self._awaited(constat),
        )

    def _avis(self, one: Appreciation, valeur_lue: bool) -> Avis:
        echelle = self.seance.reglement.echelle
        if one.note is not None:
            most = nombre(echelle.note.sur) if echelle.note else "?"
            choice = f"{exact(one.note)} sur {most}"
        else:
            assert one.niveau is not None, "an appreciation is a mark or a level"
            level = echelle.niveau(one.niveau)
            choice = guillemets(typographie(level.libelle))
            if valeur_lue and level.valeur is not None:
                choice += f" = {nombre(level.valeur)}"
        who = next((e for e in self.seance.session.evaluateurs if e.id == one.evaluateur), None)
        sheet = next((f for f in self.feuilles if _same_sheet(f, one)), None)
        return Avis(
            "le jury" if one.arbitrage else _personne(who) if who else one.evaluateur,
            choice,
            sheet.groupe if sheet else None,
            one,
        )

    def _together(self, constat: Constat) -> str:
        """What is made of a mark, or of several evaluators' ratings of one line."""
        own, reglement = constat.appreciations, self.seance.reglement
        if any(one.arbitrage for one in own):
            return "le jury a tranché"
        met = _met(constat.niveau)
        note = reglement.echelle.note
        if len(own) == 1 and reglement.evaluateurs.nombre == 1:
            if own[0].note is None or note is None:
                return ""
            return f"{met} à partir de {nombre(note.satisfait_a_partir_de)}"
        if len({one.evaluateur for one in own}) < max(2, reglement.evaluateurs.nombre):
            return ""
        if len({(one.niveau, one.note) for one in own}) == 1:
            return "les évaluateurs sont d’accord"
        if constat.mesure is Mesure.A_ARBITRER:
            gap = reglement.evaluateurs.ecart_max
            beyond = f" ou s’écartent de plus de {nombre(gap)}" if gap is not None else ""
            if reglement.evaluateurs.divergence == "jury":
                beyond = ""
            return f"les évaluateurs divergent{beyond}, et c’est au jury de trancher"
        match reglement.evaluateurs.divergence:
            case "plus_favorable":
                return "le règlement retient l’avis le plus favorable"
            case "plus_defavorable":
                return "le règlement retient l’avis le plus défavorable"
        return self._mean_of_opinions(constat)

    def _mean_of_opinions(self, constat: Constat) -> str:
        reglement = self.seance.reglement
        weights = reglement.evaluateurs.poids or {}
        terms = [
            (value, Fraction(weights.get(one.role or "", 1)))
            for one in constat.appreciations
            if (value := divergences.measure(one, reglement.echelle)[1]) is not None
        ]
        if constat.valeur is None or not terms:
            return ""
        return f"moyenne des avis{INSECABLE}: {_division(terms)} = {exact(constat.valeur)}"

    def _awaited(self, constat: Constat) -> str:
        """Whose rating the line awaits, and what became of his sheet."""
        if constat.mesure is not Mesure.MANQUANT:
            return ""
        own = constat.appreciations
        if any(
            divergences.measure(a, self.seance.reglement.echelle)[0] is Mesure.MANQUANT for a in own
        ):
            return ""  # an evaluator said himself that he could not rate it
        critere = constat.id
        if constat.niveau is Niveau.INDICATEUR:
            critere = critere.rpartition(".")[0]
        rated = {one.evaluateur for one in own}
        said = [
            _awaited_from(feuille, self._accorde("absent"))
            for feuille in self.feuilles
            if critere in feuille.criteres and feuille.evaluateur.id not in rated
        ]
        return enumeration(said) or "personne n’est désigné pour l’évaluer"

    def _accorde(self, mot: str) -> str:
        return accorde(self.dossier.resultat.candidat.sexe, mot, f"{mot}e")


# --- one rule, in a sentence --------------------------------------------------------------------


def _condition(regle: Regle, constat: Constat, noms: Noms) -> str:
    """« au moins 70 % des compétences acquises », then its floors and its eliminatories."""
    ids = [enfant.id for enfant in constat.enfants]
    level = constat.enfants[0].niveau
    met = f"{_met(level)}s"
    weighted = " pondérée" if regle.poids else ""
    if regle.au_moins is not None:
        said = f"au moins {regle.au_moins}{INSECABLE}{level.pluriel} {met}"
    elif regle.proportion is not None:
        said = f"au moins {pourcentage(regle.proportion, 4)} des {level.pluriel} {met}"
    elif regle.moyenne is not None:
        least = nombre(regle.moyenne, 4)
        said = f"une moyenne{weighted} des {level.pluriel} d’au moins {least}"
    elif regle.somme is not None:
        said = f"un total des {level.pluriel} d’au moins {nombre(regle.somme, 4)}"
    else:
        all_of_them = "toutes" if level.feminin else "tous"
        said = f"{all_of_them} les {level.pluriel} {met}"
    if regle.minimum is not None:
        none = "aucune" if level.feminin else "aucun"
        said += f", {none} sous {nombre(regle.minimum, 4)}"
    for identifiant, floor in (regle.minimums or {}).items():
        if identifiant in ids:
            said += f", {noms(identifiant)} pas sous {nombre(floor, 4)}"
    if eliminatory := [noms(one) for one in regle.eliminatoires if one in ids]:
        many = "éliminatoires" if len(eliminatory) > 1 else "éliminatoire"
        said += f", {enumeration(eliminatory)} {many}"
    return said


def _reads(regle: Regle, enfant: str) -> bool:
    """The rule looks at this child's value, and not only at whether it is met."""
    return regle.moyenne is not None or regle.somme is not None or regle.floor(enfant) is not None


def _at_floor(regle: Regle, enfant: Constat) -> bool:
    floor = regle.floor(enfant.id)
    return bool(floor) and enfant.valeur == Fraction(floor or 0)


# --- its arithmetic -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Compte:
    calcul: str = ""
    marge: str = ""
    au_seuil: bool = False


def _reckon(constat: Constat, regle: Regle, counted: Sequence[Etape]) -> _Compte:
    """The figures of one rule over its children, and how far from the threshold they stand."""
    if constat.mesure is Mesure.EXCLU:
        return _Compte()
    if constat.mesure in _EN_SUSPENS:
        return _Compte(_inventory(constat, counted))
    if regle.moyenne is not None:
        if constat.valeur is None:
            return _Compte("la moyenne ne peut pas être faite, une valeur manque")
        threshold = Fraction(regle.moyenne)
        said = _mean(constat, regle, threshold)
        return _against(said, constat.valeur, threshold, constat.arrondi)
    if regle.somme is not None:
        children = [e for e in constat.enfants if e.mesure is not Mesure.EXCLU]
        reached = total(children)
        if reached is None:
            return _Compte("le total ne peut pas être fait, une valeur manque")
        terms = " + ".join(exact(e.valeur) for e in children if e.valeur is not None)
        said = f"{terms} = {_result(reached, Fraction(regle.somme))}"
        return _against(said, reached, Fraction(regle.somme), constat.arrondi)
    return _count(constat, regle)


def _count(constat: Constat, regle: Regle) -> _Compte:
    level = constat.enfants[0].niveau
    met, counted = constat.count(Mesure.ATTEINT), constat.comptes
    word = _met(level)
    said = compte(met, f"{level.singulier} {word}", f"{level.pluriel} {word}s")
    said += f" sur {counted}"
    if regle.toutes:
        lacking = counted - met
        all_of_them = "toutes" if level.feminin else "tous"
        margin = f"il les fallait {all_of_them}{_lacking(lacking, level)}" if lacking else ""
        return _Compte(said, margin)
    if regle.proportion is not None and constat.part is not None:
        needed = math.ceil(regle.proportion * counted)
        share, threshold = distinctement(constat.part, regle.proportion, 1, 100)
        said += f" = {share}{INSECABLE}%"
        if constat.part == regle.proportion:
            return _Compte(said, f"exactement au seuil de {threshold}{INSECABLE}%", met < counted)
        side = "sous le" if met < needed else "au-dessus du"
        margin = f"{side} seuil de {threshold}{INSECABLE}%{INSECABLE}: il en fallait {needed}"
        return _Compte(said, margin + _lacking(needed - met, level))
    needed = regle.au_moins or 0
    if met == needed:
        return _Compte(said, "exactement le nombre demandé", met < counted)
    return _Compte(said, f"il en fallait {needed}{_lacking(needed - met, level)}")


def _lacking(how_many: int, level: Niveau) -> str:
    if how_many <= 0:
        return ""
    return f", il manque {compte(how_many, level.singulier, level.pluriel)}"


def _against(said: str, value: Fraction, threshold: Fraction, arrondi: Arrondi) -> _Compte:
    """A mean or a sum before its threshold, rounded first where the règlement says so."""
    compared = arrondi.compared(value)
    parts = []
    if compared != value or arrondi.compare == "arrondi":
        digits = compte(arrondi.decimales, "décimale")
        rounded = nombre(compared, arrondi.decimales)
        parts.append(f"arrondi {_MODES[arrondi.mode]}, à {digits}, soit {rounded}")
    _, shown = distinctement(compared, threshold)
    if compared == threshold:
        parts.append(f"exactement au seuil de {shown}")
        return _Compte(said, ", ".join(parts), True)
    side = "au-dessus du" if compared > threshold else "sous le"
    gap = abs(compared - threshold)
    parts.append(f"{_approx(gap)} {side} seuil de {shown}")
    return _Compte(said, ", ".join(parts))


def _mean(constat: Constat, regle: Regle, threshold: Fraction | None) -> str:
    """« (2 + 1 + 1,5) / 3 = 1,5 »; with weights, « (3 × 12 + 1 × 4) / (3 + 1) = 10 »."""
    counted = [e for e in constat.enfants if e.mesure is not Mesure.EXCLU]
    value = mean(counted, regle.poids)
    assert value is not None, "only asked where every child has a value"
    weights = regle.poids or {}
    terms = [(e.valeur, Fraction(weights.get(e.id, 1))) for e in counted if e.valeur is not None]
    return f"{_division(terms)} = {_result(value, threshold)}"


def _division(terms: Sequence[tuple[Fraction, Fraction]]) -> str:
    if all(weight == 1 for _, weight in terms):
        return f"({' + '.join(exact(value) for value, _ in terms)}) / {len(terms)}"
    products = " + ".join(f"{exact(weight)} × {exact(value)}" for value, weight in terms)
    return f"({products}) / ({' + '.join(exact(weight) for _, weight in terms)})"


def exact(valeur: Fraction) -> str:
    """1.5 -> « 1,5 »; a third stays « 1/3 »: what is printed can be added up again."""
    if (valeur * 10_000).denominator == 1:
        return nombre(valeur, 4)
    return f"{valeur.numerator}/{valeur.denominator}"


def _result(value: Fraction, threshold: Fraction | None) -> str:
    """The exact result; a fraction is also given in decimals, never those of the threshold."""
    if (value * 10_000).denominator == 1:
        return exact(value)
    near = nombre(value, 4) if threshold is None else distinctement(value, threshold, 4)[0]
    return f"{exact(value)} ≈ {near}"


def _approx(gap: Fraction) -> str:
    if (gap * 10_000).denominator == 1:
        return exact(gap)
    return f"{exact(gap)} ≈ {distinctement(gap, Fraction(), 4)[0]}"


def _inventory(constat: Constat, counted: Sequence[Etape]) -> str:
    """« 6 acquises, 1 non acquise et 1 non évaluée, sur 8 compétences »."""
    level = constat.enfants[0].niveau
    words = Counter(step.mot.lower() for step in counted)
    said = [f"{number}{INSECABLE}{_plural(word, number)}" for word, number in words.items()]
    return f"{enumeration(said)}, sur {compte(len(counted), level.singulier, level.pluriel)}"


def _plural(word: str, number: int) -> str:
    invariable = number < 2 or word.startswith(("à ", "sans "))
    return word if invariable else f"{word}s"


# --- turns of phrase ----------------------------------------------------------------------------

_RIEN = "Aucun résultat, favorable ou défavorable, n’est donc enregistré."
_OPTION_ECARTEE = "Option présentée, qui n’entre pas dans le calcul."


def _dire(modele: str, **mots: object) -> str:
    """Our own sentence gets French spacing; the words that it is filled with stay as they are."""
    return typographie(modele).format(**mots)


def _motif(said: str) -> str:
    return _dire("Motif du jury : « {motif} ».", motif=typographie(said.strip().rstrip(".")))


def _article(article: str) -> str:
    return f" ({typographie(article.strip().rstrip('.'))})" if article.strip() else ""


def _les_blocs(codes: Sequence[str]) -> str:
    return f"{'le bloc' if len(codes) == 1 else 'les blocs'} {enumeration(codes)}"


def _des_blocs(codes: Sequence[str]) -> str:
    return f"{'du bloc' if len(codes) == 1 else 'des blocs'} {enumeration(codes)}"


def _conditions_below(how_many: int) -> str:
    if how_many == 1:
        return "la condition ci-dessous doit être remplie"
    return f"les {how_many} conditions ci-dessous doivent être remplies"


def _tally(blocs: Sequence[Etape]) -> str:
    """« 2 blocs obtenus sur 3 : BC1 et BC2 ; il manque BC3 (non présenté) »."""
    held = [step for step in blocs if step.etat.ton is Ton.FAVORABLE]
    others = [f"{step.nom} ({step.mot.lower()})" for step in blocs if step not in held]
    said = f"{compte(len(held), 'bloc obtenu', 'blocs obtenus')} sur {len(blocs)}"
    if held:
        said += f"{INSECABLE}: {enumeration(step.nom for step in held)}"
    return said + (f"{FINE}; il manque {enumeration(others)}" if others else "")


def _met(niveau: Niveau) -> str:
    """How one node of this level is said to be met: « acquise », « satisfait »."""
    if niveau is Niveau.INDICATEUR:
        return _INDICATEUR[Mesure.ATTEINT].lower()
    if niveau is Niveau.CERTIFICATION:
        return "remplie"
    return _ETATS[niveau][Mesure.ATTEINT].mot.lower()


def _several(names: Sequence[str]) -> str:
    return enumeration(names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} autres"])


def _personne(evaluateur: Evaluateur) -> str:
    return f"{evaluateur.nom_complet} ({evaluateur.id})"


def _same_sheet(feuille: Feuille, one: Appreciation) -> bool:
    return (feuille.evaluateur.id, feuille.partie) == (one.evaluateur, one.partie)


def _awaited_from(feuille: Feuille, absent: str) -> str:
    who = _personne(feuille.evaluateur)
    sheet = f"{feuille.partie} de {who}"
    if feuille.absence:
        return f"{who} l’a dit {absent}"
    if not feuille.revenue:
        return f"la grille {sheet} n’est pas revenue"
    return f"la grille {sheet} ne donne pas d’appréciation lisible"
