"""A candidate's outcome -> its whole trace: what it takes to reckon it all again on paper.

From the certification down to what each evaluator chose, every step says its rule and the article,
the arithmetic, how far from the threshold it stands, what was left out and what is awaited.
"""

import math
import re
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
from batch.jury.regles import Constat, Mesure, fault, mean, shares, total
from batch.jury.seance import Dossier, Seance
from batch.records import Acquis, Appreciation, Evaluateur
from batch.reglement.modele import Arrondi, Regle
from batch.vocabulaire import (
    Etat,
    Nature,
    Niveau,
    Presence,
    ResultatBloc,
    ResultatCertification,
    ResultatPartie,
    Ton,
)

_EN_SUSPENS = (Mesure.MANQUANT, Mesure.A_ARBITRER)
_ETATS: Mapping[Niveau, Mapping[Mesure, Etat]] = {
    Niveau.INDICATEUR: calcul.CRITERE,
    Niveau.CRITERE: calcul.CRITERE,
    Niveau.COMPETENCE: calcul.COMPETENCE,
    Niveau.EPREUVE: calcul.PARTIE,
    Niveau.ACTIVITE: calcul.PARTIE,
    Niveau.BLOC: calcul.BLOC,
    Niveau.CERTIFICATION: calcul.PARTIE,
}
# The steps that no référentiel names have words of their own.
_MOTS = {
    Niveau.INDICATEUR: {Mesure.ATTEINT: "Constaté", Mesure.NON_ATTEINT: "Non constaté"},
    Niveau.CERTIFICATION: {
        Mesure.ATTEINT: "Condition remplie",
        Mesure.NON_ATTEINT: "Condition non remplie",
        Mesure.MANQUANT: "En attente",
    },
}
_ENSEMBLES = {
    "activites": "Ensemble des activités",
    "epreuves": "Ensemble des épreuves",
    "moyenne": "Moyenne des blocs",
    "epreuve_transversale": "Épreuve transversale",
    "prerequis": "Condition préalable",
}

Noms = Callable[[str], str]  # the id of a node -> what a document calls it


@dataclass(frozen=True, slots=True)
class Feuille:
    """One sheet on which the candidate was to be rated: by whom, and what became of it."""

    evaluateur: Evaluateur
    partie: str
    criteres: frozenset[str]
    groupe: str | None  # where a group is rated as a whole
    lieu: Lieu | None  # where it came back
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
    def comparee(self) -> Fraction | None:
        """The figure that the rule compares with its threshold; a line's own value."""
        constat = self.constat
        if constat is None or self.en_suspens or constat.mesure is Mesure.EXCLU:
            return None
        if constat.regle is None or constat.regle.moyenne is not None:
            return constat.valeur
        if constat.regle.somme is not None:
            return total(constat.peses)
        if constat.regle.proportion is not None:
            return constat.part
        return Fraction(constat.count(Mesure.ATTEINT))

    @property
    def hors_calcul(self) -> bool:
        """« Sans objet », or an option that was set aside: it weighs neither way."""
        if _OPTION_ECARTEE in self.faits:
            return True
        return self.constat is not None and self.constat.mesure is Mesure.EXCLU

    @property
    def en_suspens(self) -> bool:
        return self.constat is not None and self.constat.mesure in _EN_SUSPENS

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
            said = f"{self._accorde('Noté')} {self._accorde(candidat.presence.mot.lower())}"
            yield _dire("{note} dans {lieu}. {rien}", note=said, lieu=candidat.lieu, rien=_RIEN)
        elif resultat.presence is not Presence.PRESENT:
            yield _dire("N’a passé aucune des évaluations. {rien}", rien=_RIEN)
            yield from self._absences()
        elif self.dossier.objets and issues.certification is None:
            yield _dire("Le jury n’a pas encore tout décidé : voici ce que propose le calcul.")
        elif proposed is not shown:
            on = f" pour {_les_blocs(self._departures())}" if resultat.blocs else ""
            if proposed is ResultatCertification.EN_ATTENTE:
                yield _dire("Le calcul ne tranchait pas : le jury a décidé{on}.", on=on)
            else:
                yield _dire(
                    "Le calcul proposait « {propose} ». Le jury en a décidé autrement{on}.",
                    propose=proposed.mot,
                    on=on,
                )
        elif shown is ResultatCertification.EN_ATTENTE and not resultat.blocs:
            yield _INCOMPLET
        elif self.dossier.objets and not self._departures():
            yield "Le jury a suivi ce que proposait le calcul."
        if said := issues.motifs.get(CERTIFICATION, ""):
            yield _motif(said)
        if resultat.presence is Presence.PRESENT:
            yield from self._meaning(shown)

    def _departures(self) -> list[str]:
        decided, proposed = self.dossier.issues.blocs, self.dossier.resultat.blocs
        return [code for code in proposed if decided[code] not in (None, proposed[code])]

    def _meaning(self, shown: ResultatCertification) -> Iterator[str]:
        """What the outcome says, where its word alone might be misread."""
        proposed = self.dossier.resultat.blocs
        issues = {code: self.dossier.issues.blocs[code] or own for code, own in proposed.items()}
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
        besides = len(self.dossier.resultat.constats[Niveau.CERTIFICATION])
        clauses = ["tous les blocs doivent être obtenus"] if self.seance.referentiel.blocs else []
        if besides == 1:
            clauses.append("la condition ci-dessous doit être remplie")
        elif besides:
            clauses.append(f"les {besides} conditions ci-dessous doivent être remplies")
        return enumeration(clauses) + _article(self.seance.reglement.regles.certification.article)

    # --- a bloc

    def bloc(self, code: str) -> Etape:
        resultat, issues = self.dossier.resultat, self.dossier.issues
        proposed = resultat.blocs[code]
        shown = issues.blocs[code] or proposed
        # Nothing was reckoned for a bloc that nobody rated at this session.
        constat = resultat.constats[Niveau.BLOC].get(code) if self._voted(code) else None
        read = "moyenne" in resultat.constats[Niveau.CERTIFICATION]
        reckoned = self._etape(constat, valeur_lue=read) if constat else None
        return replace(
            reckoned or Etape(Niveau.BLOC, code, code, "", shown, shown.mot),
            intitule=self.seance.referentiel.bloc[code].intitule,
            etat=shown,
            mot=shown.mot,
            propose=proposed if self._voted(code) else None,
            decide=issues.blocs[code] if self._voted(code) else None,
            motif=issues.motifs.get(code),
            faits=(*self._about_bloc(code), *self._decision(code)),
        )

    def _closed(self, place: str) -> Iterator[str]:
        """What had to be passed before, where that kept it closed."""
        before = self.dossier.resultat.fermees.get(place)
        acces = (self.seance.reglement.regles.acces or {}).get(place)
        if before and acces:
            yield _dire(
                "Jamais accessible : il fallait d’abord valider {avant}{article}. Rien n’en est "
                "évalué, et cela compte comme non validé.",
                avant=enumeration(elide("le", self._part(one)) for one in acces.apres),
                article=_article(acces.article),
            )

    def _voted(self, code: str) -> bool:
        return any(objet.code == code for objet in self.dossier.objets)

    def _about_bloc(self, code: str) -> Iterator[str]:
        """Where the bloc stands without any arithmetic: acquired before, not aimed at, missed."""
        resultat, session = self.dossier.resultat, self.seance.session
        match resultat.blocs[code]:
            case ResultatBloc.ACQUIS_ANTERIEUR | ResultatBloc.DISPENSE:
                yield from self._held(resultat.acquis[code])
            case ResultatBloc.NON_VISE:
                aimed = _les_blocs(resultat.candidat.blocs_vises)
                yield _dire("Le parcours ne visait que {blocs}.", blocs=aimed)
            case ResultatBloc.NON_PRESENTE if resultat.presence is Presence.PRESENT:
                if code not in resultat.fermees:
                    yield "Aucune de ses évaluations n’a été passée."
                yield from self._closed(code)
                yield from self._absences(code)
            case ResultatBloc.A_ARBITRER if code not in resultat.constats[Niveau.BLOC]:
                yield _dire(
                    "Le règlement n’y prévoit aucune évaluation pour la voie « {voie} » : le "
                    "calcul ne dit rien, c’est au jury de trancher.",
                    voie=resultat.candidat.voie.mot,
                )
        for acquis, expiry in calcul.held(
            resultat.candidat, session.acquis, self.seance.reglement, session.date_jury
        ):
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
            "{genre} le {date}, avant cette session{note} : le bloc n’a pas été évalué ici. "
            "Preuve : {preuve} ({lieu}).",
            genre="Dispense accordée" if acquis.dispense else "Acquis",
            date=date_longue(acquis.date),
            note="" if acquis.note is None else f", avec la note de {exact(acquis.note)}",
            preuve=acquis.preuve.rstrip("."),
            lieu=acquis.lieu,
        )
        duration = explication.duration(validity.validite)
        yield f"Cela reste valable {duration}{_article(validity.article)}."

    def _held_alone(self, constat: Constat) -> Iterator[str]:
        """A compétence kept from an earlier session, without its bloc."""
        acquis = self.dossier.resultat.competences_tenues[constat.id]
        validity = self.seance.reglement.acquis
        yield _dire(
            "Acquise le {date}, avant cette session{note} : elle n’a pas été évaluée ici{article}. "
            "Preuve : {preuve} ({lieu}).",
            date=date_longue(acquis.date),
            note="" if acquis.note is None else f", avec la note de {exact(acquis.note)}",
            article=_article(validity.article),
            preuve=acquis.preuve.rstrip("."),
            lieu=acquis.lieu,
        )

    def _decision(self, code: str) -> Iterator[str]:
        proposed = self.dossier.resultat.blocs[code]
        decided = self.dossier.issues.blocs[code]
        if not self._voted(code):
            return
        if decided is None:
            yield _dire("Proposition du calcul : aucune décision du jury ne porte encore sur elle.")
        elif decided is proposed and decided.en_suspens:
            yield _INCOMPLET
        elif proposed is ResultatBloc.A_ARBITRER:
            yield _dire("Le calcul ne tranchait pas : c’est le jury qui a décidé.")
        elif decided is not proposed:
            yield _dire(
                "Le calcul proposait « {propose} ». Le jury en a décidé autrement.",
                propose=proposed.mot,
            )
        if said := self.dossier.issues.motifs.get(code, ""):
            yield _motif(said)

    def _absences(self, where: str | None = None) -> Iterator[str]:
        """Who said that the candidate did not come: to this épreuve or bloc, or to anything."""
        resultat = self.dossier.resultat
        for incident in self.seance.session.incidents_of(resultat.candidat.id):
            if incident.nature is not Nature.FRAUDE and self._within(incident.partie, where):
                yield _dire(
                    "{nature}{quoi}, {piece} ({lieu}).",
                    nature=incident.nature.mot,
                    quoi=f", {self._part(incident.partie)}" if incident.partie else "",
                    piece=incident.piece.rstrip("."),
                    lieu=incident.lieu,
                )
        for feuille in self.feuilles:
            if feuille.absence and self._within(feuille.partie, where):
                yield _dire(
                    "{note} par {qui}, {quoi} ({lieu}).",
                    note=f"{self._accorde('Noté')} {self._accorde('absent')}",
                    qui=_personne(feuille.evaluateur),
                    quoi=self._part(feuille.partie),
                    lieu=feuille.absence,
                )

    def _within(self, partie: str | None, where: str | None) -> bool:
        """This épreuve is, or concerns, the one or the bloc that is spoken of."""
        if partie is None or where is None:
            return True
        return where in (partie, *self.seance.referentiel.partie[partie].blocs)

    def _part(self, partie: str) -> str:
        known = self.seance.referentiel.partie.get(partie)
        kind = "épreuve" if known is not None and known.est_epreuve else "bloc"
        return f"{kind} {partie.removeprefix('EP-')}"

    # --- what is reckoned beside the decision

    def hors_decision(self) -> tuple[Etape, ...]:
        """What is reckoned and printed, but no rule of this règlement looks at."""
        levels = self.dossier.resultat.constats
        if self.dossier.resultat.presence is not Presence.PRESENT:
            return ()
        seen: set[tuple[Niveau, str]] = set()
        roots = [*levels[Niveau.BLOC].values(), *levels[Niveau.CERTIFICATION].values()]
        while roots:
            constat = roots.pop()
            seen |= {(e.niveau, e.id) for e in constat.enfants}
            seen |= {(e.niveau, o) for e in constat.enfants[:1] for o in constat.options_ecartees}
            roots += constat.enfants
        return tuple(
            self._etape(constat)
            for niveau in (Niveau.COMPETENCE, Niveau.EPREUVE, Niveau.ACTIVITE)
            for constat in levels[niveau].values()
            if (niveau, constat.id) not in seen
        )

    # --- any step

    def _etape(self, constat: Constat, *, valeur_lue: bool = False) -> Etape:
        etat = _ETATS[constat.niveau][constat.mesure]
        if constat.niveau is Niveau.EPREUVE:
            etat = self.dossier.resultat.epreuves[constat.id]
        step = Etape(
            constat.niveau,
            constat.id,
            self._nom(constat.niveau, constat.id),
            self._intitule(constat),
            etat,
            _MOTS.get(constat.niveau, {}).get(constat.mesure, etat.mot),
            constat=constat,
            valeur_lue=valeur_lue,
        )
        if etat is ResultatPartie.NON_PRESENTEE:
            facts = (*self._closed(constat.id), *self._absences(constat.id))
            return replace(step, faits=facts)
        if constat.acquis and constat.niveau is Niveau.COMPETENCE:
            return replace(step, faits=tuple(self._held_alone(constat)))
        if constat.id == "prerequis" and constat.niveau is Niveau.CERTIFICATION:
            return self._prerequis(step, constat.enfants[0])
        if constat.regle is None or not constat.enfants:
            return self._ligne(step, constat)
        return self._parent(step, constat, constat.regle)

    def _nom(self, niveau: Niveau, identifiant: str) -> str:
        match niveau:
            case Niveau.CERTIFICATION:
                return _ENSEMBLES.get(identifiant, identifiant)
            case Niveau.INDICATEUR:
                return identifiant.rpartition(".")[2]
        node = Constat(niveau, identifiant, Mesure.ATTEINT)
        return explication.name(self.seance.referentiel, node)

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
        return ""

    def _parent(self, step: Etape, constat: Constat, regle: Regle) -> Etape:
        below = constat.enfants[0].niveau
        enfants = [self._etape(e, valeur_lue=_reads(regle, e.id)) for e in constat.enfants]
        counted = [enfant for enfant in enfants if not enfant.hors_calcul]
        reckoned = _reckon(constat, regle, counted)
        aside = [self._etape(option) for option in self._options(constat)]
        return replace(
            step,
            regle=_condition(regle, constat, lambda i: self._nom(below, i))
            + _article(regle.article),
            calcul=reckoned.calcul,
            marge=reckoned.marge,
            remarques=tuple(self._remarks(step, constat, regle, enfants)),
            # The blocs are told once, at their own place.
            enfants=()
            if below is Niveau.BLOC
            else (*enfants, *(replace(option, faits=(_OPTION_ECARTEE,)) for option in aside)),
            au_seuil=reckoned.au_seuil or any(_at_floor(regle, e) for e in constat.enfants),
        )

    def _options(self, constat: Constat) -> list[Constat]:
        """The options that were set aside, as they stand."""
        levels = self.dossier.resultat.constats
        return [levels[constat.enfants[0].niveau][option] for option in constat.options_ecartees]

    def _remarks(
        self, step: Etape, constat: Constat, regle: Regle, enfants: Sequence[Etape]
    ) -> Iterator[str]:
        """What weighs besides the condition, then what does not weigh at all."""
        for enfant in constat.enfants:
            if constat.mesure is Mesure.NON_ATTEINT and fault(regle, enfant, constat.arrondi):
                yield self._fault(constat, regle, enfant)
            elif _at_floor(regle, enfant):
                yield f"{self._subject(enfant)} est exactement au minimum."
        if constat.a_examiner and regle.limites is not None:
            margin = exact(regle.limites)
            if regle.proportion is not None:
                margin = f"{nombre(100 * regle.limites)} points"
            yield _dire(
                "Le règlement demande au jury d’examiner ce résultat : il est à {marge} du seuil, "
                "ou plus près.",
                marge=margin,
            )
        if step.valeur_lue and constat.valeur is not None and regle.moyenne is None:
            yield _dire("Valeur reprise plus haut : {moyenne}.", moyenne=_mean(constat, regle))
        waiting = [e for e in enfants if e.constat and e.constat.mesure is constat.mesure]
        if constat.mesure is Mesure.MANQUANT:
            yield f"Le calcul attend {_the(waiting)}."
        elif constat.mesure is Mesure.A_ARBITRER:
            yield f"Le calcul attend que le jury tranche sur {_the(waiting)}."
        elif constat.mesure is Mesure.EXCLU:
            yield _nothing_applied(constat)
        else:
            yield from self._left_out(enfants)
        if constat.options_ecartees:
            yield self._set_aside(constat, regle)

    def _left_out(self, enfants: Sequence[Etape]) -> Iterator[str]:
        """An option not taken, one that was set aside, « sans objet »: never the same thing."""
        why: dict[str, list[Etape]] = {}
        for enfant in enfants:
            if enfant.hors_calcul:
                why.setdefault(self._why_out(enfant), []).append(enfant)
        if why:
            said = [f"{_the(own)} ({plural(reason, len(own))})" for reason, own in why.items()]
            yield _dire("Hors du calcul : {noms}.", noms=enumeration(said))

    def _why_out(self, step: Etape) -> str:
        if any(ligne.avis for ligne in step.lignes):
            return "sans objet"
        critere = self.seance.referentiel.critere.get(step.id)
        held = set(self.dossier.resultat.competences_tenues)
        if critere and critere.competences and set(critere.competences) <= held:
            return "compétence déjà acquise"
        own = {step.id, *(critere.competences if critere else ())}
        taken = own & set(self.dossier.resultat.candidat.options)
        return "option présentée, non comptée" if taken else "option non présentée"

    def _subject(self, constat: Constat) -> str:
        title = f"{constat.niveau.singulier} {self._nom(constat.niveau, constat.id)}"
        return elide("La" if constat.niveau.feminin else "Le", title)

    def _fault(self, constat: Constat, regle: Regle, enfant: Constat) -> str:
        """What one child alone decided, whatever the others."""
        floor = regle.floor(enfant.id)
        if enfant.mesure is Mesure.FERME:
            why = "n’a jamais été ouverte" if enfant.niveau.feminin else "n’a jamais été ouvert"
        elif enfant.id in regle.eliminatoires and enfant.mesure is Mesure.NON_ATTEINT:
            why = f"est éliminatoire, et n’est pas {_met(enfant.niveau)}"
        else:
            assert enfant.valeur is not None, "a floor is only missed by a value"
            assert floor is not None, "a fault is one or the other"
            value, least = distinctement(enfant.valeur, Fraction(floor), 4)
            why = f"est à {value}, sous le minimum de {least}"
        whole = elide("la" if constat.niveau.feminin else "le", constat.niveau.singulier)
        then = f"{whole} n’est pas {_met(constat.niveau)}"
        if constat.niveau is Niveau.CERTIFICATION:
            then = "la condition n’est pas remplie"
        return _dire(
            "{qui} {pourquoi} : quel que soit le reste, {alors}.",
            qui=self._subject(enfant),
            pourquoi=why,
            alors=then,
        )

    def _set_aside(self, constat: Constat, regle: Regle) -> str:
        """The option that would have counted against the candidate, and what it would have done."""
        aside = self._options(constat)
        names = enumeration(self._nom(one.niveau, one.id) for one in aside)
        counted = replace(constat, enfants=(*constat.enfants, *aside))
        figures = ""
        if regle.proportion is not None and counted.part is not None:
            reached = f"{counted.count(Mesure.ATTEINT)} sur {counted.comptes}"
            figures = f" Comptée, elle donnerait {reached} = {pourcentage(counted.part)}."
        return _dire(
            "Option {noms} présentée et non comptée : une option ne joue jamais contre qui la "
            "présente.{chiffres}",
            noms=names,
            chiffres=figures,
        )

    def _prerequis(self, step: Etape, own: Constat) -> Etape:
        demanded = self.seance.reglement.regles.certification.prerequis
        assert demanded is not None, "the constat is there because the règlement demands it"
        least = "" if demanded.minimum is None else f", au moins {nombre(demanded.minimum)}"
        if own.valeur is None:
            said = "non renseigné dans session.xlsx"
        elif demanded.minimum is None:
            said = "oui" if own.valeur else "non"
        else:
            said = nombre(own.valeur)
        rule = f"{typographie(demanded.libelle)}{least}{_article(demanded.article)}"
        return replace(step, regle=rule, calcul=said)

    # --- a rated line

    def _ligne(self, step: Etape, constat: Constat) -> Etape:
        return replace(
            step,
            calcul=self._together(constat),
            avis=tuple(self._avis(one, step.valeur_lue) for one in constat.appreciations),
            attente=self._unrated(constat),
        )

    def _unrated(self, constat: Constat) -> str:
        """Why a line has no rating that counts; nothing where it has one."""
        if constat.mesure is Mesure.MANQUANT:
            return self._awaited(constat)
        if constat.mesure is Mesure.NON_ATTEINT and not constat.appreciations:
            return enumeration(self._annulled(constat))
        return ""

    def _annulled(self, constat: Constat) -> Iterator[str]:
        """Of an annulled épreuve nothing counts, whatever was written on the grid."""
        parties = self.seance.referentiel.parties
        own = [p.id for p in parties if any(c.id == constat.id for c in p.criteres)]
        for incident in self.seance.session.incidents_of(self.dossier.resultat.candidat.id):
            if incident.nature is Nature.FRAUDE and incident.partie in (None, *own):
                yield _dire(
                    "annulé pour fraude, {piece} ({lieu}) : rien n’en compte",
                    piece=incident.piece.rstrip("."),
                    lieu=incident.lieu,
                )

    def _avis(self, one: Appreciation, valeur_lue: bool) -> Avis:
        echelle = self.seance.reglement.echelle
        if one.note is not None:
            choice = exact(one.note)
            choice += f" sur {nombre(echelle.note.sur)}" if echelle.note else ""
        else:
            assert one.niveau is not None, "an appreciation is a mark or a level"
            level = echelle.niveau(one.niveau)
            choice = guillemets(typographie(level.libelle))
            if valeur_lue and level.valeur is not None:
                choice += f" = {nombre(level.valeur)}"
        who = next((e for e in self.seance.session.evaluateurs if e.id == one.evaluateur), None)
        sheet = (one.lieu.fichier, one.lieu.feuille)
        return Avis(
            "le jury" if one.arbitrage else _personne(who) if who else one.evaluateur,
            choice,
            next(
                (
                    f.groupe
                    for f in self.feuilles
                    if f.lieu and sheet == (f.lieu.fichier, f.lieu.feuille)
                ),
                None,
            ),
            one,
        )

    def _together(self, constat: Constat) -> str:
        """What is made of a mark, or of several evaluators' ratings of one line."""
        own, rules = constat.appreciations, self.seance.reglement.evaluateurs
        note = self.seance.reglement.echelle.note
        if any(one.arbitrage for one in own):
            return "les évaluateurs divergeaient, le jury a tranché"
        if len({one.evaluateur for one in own}) < rules.nombre or not own:
            return ""
        if len(own) == 1:
            least = nombre(note.satisfait_a_partir_de) if note else ""
            return f"{_met(constat.niveau)} à partir de {least}" if note else ""
        if len({(one.niveau, one.note) for one in own}) == 1:
            return "les évaluateurs sont d’accord"
        if constat.mesure is Mesure.A_ARBITRER:
            beyond = f" de plus de {nombre(rules.ecart_max)}" if rules.ecart_max is not None else ""
            if rules.divergence == "jury":
                beyond = ""
            return f"les évaluateurs divergent{beyond}, c’est au jury de trancher"
        if rules.divergence == "moyenne":
            return self._mean_of_opinions(constat)
        kind = "favorable" if rules.divergence == "plus_favorable" else "défavorable"
        return f"les évaluateurs divergent, le règlement retient l’avis le plus {kind}"

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
        return f"moyenne des avis {_division(terms)} = {_result(constat.valeur)}"

    def _awaited(self, constat: Constat) -> str:
        """Whose rating the line awaits, and what became of his sheet."""
        own, echelle = constat.appreciations, self.seance.reglement.echelle
        if any(divergences.measure(one, echelle)[0] is Mesure.MANQUANT for one in own):
            return ""  # an evaluator said himself that he could not rate it
        critere = constat.id
        if constat.niveau is Niveau.INDICATEUR:
            critere = critere.rpartition(".")[0]
        rated = {one.evaluateur for one in own}
        said = [
            self._what_became_of(feuille)
            for feuille in self.feuilles
            if critere in feuille.criteres and feuille.evaluateur.id not in rated
        ]
        return enumeration(said) or "personne n’est désigné pour l’évaluer"

    def _what_became_of(self, feuille: Feuille) -> str:
        who = _personne(feuille.evaluateur)
        if feuille.absence:
            return f"{who} a noté {self._accorde('absent')}"
        sheet = f"la grille de {who}, {self._part(feuille.partie)},"
        if feuille.lieu is None:
            return f"{sheet} n’est pas revenue"
        return f"{sheet} est revenue sans appréciation lisible"

    def _accorde(self, mot: str) -> str:
        return accorde(self.dossier.resultat.candidat.sexe, mot, f"{mot}e")


# --- one rule, in a sentence


def _condition(regle: Regle, constat: Constat, noms: Noms) -> str:
    """« au moins 70 % des compétences acquises », then its floors and its eliminatories."""
    ids = [enfant.id for enfant in constat.enfants]
    level = constat.enfants[0].niveau
    met, feminine = f"{_met(level)}s", level.feminin
    if regle.au_moins is not None:
        said = f"au moins {regle.au_moins}{INSECABLE}{level.pluriel} {met}"
    elif regle.proportion is not None:
        said = f"au moins {pourcentage(regle.proportion, 4)} des {level.pluriel} {met}"
    elif regle.moyenne is not None:
        weighted = " pondérée" if regle.poids or regle.parts else ""
        least = nombre(regle.moyenne, 4)
        said = f"une moyenne{weighted} des {level.pluriel} d’au moins {least}"
        for identifiant, part in (regle.parts or {}).items():
            if identifiant in ids:
                said += f", dont {noms(identifiant)} fait toujours {pourcentage(part, 4)}"
    elif regle.somme is not None:
        said = f"un total des {level.pluriel} d’au moins {nombre(regle.somme, 4)}"
    else:
        said = f"{'toutes' if feminine else 'tous'} les {level.pluriel} {met}"
    if regle.minimum is not None:
        said += f", {'aucune' if feminine else 'aucun'} sous {nombre(regle.minimum, 4)}"
    for identifiant, floor in (regle.minimums or {}).items():
        if identifiant in ids:
            said += f", {noms(identifiant)} pas sous {nombre(floor, 4)}"
    if eliminatory := [noms(one) for one in regle.eliminatoires if one in ids]:
        said += f", {enumeration(eliminatory)} éliminatoire{'s' if eliminatory[1:] else ''}"
    return said


def _reads(regle: Regle, enfant: str) -> bool:
    """The rule looks at this child's value, and not only at whether it is met."""
    return regle.moyenne is not None or regle.somme is not None or regle.floor(enfant) is not None


def _at_floor(regle: Regle, enfant: Constat) -> bool:
    floor = regle.floor(enfant.id)
    return bool(floor) and enfant.valeur == Fraction(floor or 0)


# --- its arithmetic


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
    threshold = regle.moyenne if regle.moyenne is not None else regle.somme
    if threshold is None:
        return _count(constat, regle)
    children = constat.peses
    if not children:
        return _Compte("tout était acquis avant cette session, sans note à compter")
    value = constat.valeur if regle.moyenne is not None else total(children)
    if value is None:
        return _Compte("ce qui n’a pas été ouvert n’a pas de note : le seuil n’est pas atteint")
    if regle.moyenne is not None:
        said = _mean(constat, regle, Fraction(threshold))
    else:
        terms = " + ".join(exact(e.valeur) for e in children if e.valeur is not None)
        said = f"{terms} = {_result(value, Fraction(threshold))}"
    return _against(said, value, Fraction(threshold), constat.arrondi)


def _count(constat: Constat, regle: Regle) -> _Compte:
    level = constat.enfants[0].niveau
    met, counted = constat.count(Mesure.ATTEINT), constat.comptes
    word = _met(level)
    said = compte(met, f"{level.singulier} {word}", f"{level.pluriel} {word}s") + f" sur {counted}"
    if regle.toutes:
        all_of_them = "toutes" if level.feminin else "tous"
        lacking = _lacking(counted - met, level)
        return _Compte(said, f"il les fallait {all_of_them}{lacking}" if lacking else "")
    if regle.proportion is None or constat.part is None:
        needed = regle.au_moins or 0
        if met == needed:
            return _Compte(said, "exactement le nombre demandé", met < counted)
        return _Compte(said, f"il en fallait {needed}{_lacking(needed - met, level)}")
    needed = math.ceil(regle.proportion * counted)
    share, threshold = distinctement(constat.part, regle.proportion, 1, 100)
    said += f" = {share}{INSECABLE}%"
    if constat.part == regle.proportion:
        return _Compte(said, f"exactement au seuil de {threshold}{INSECABLE}%", met < counted)
    side = "sous le" if met < needed else "au-dessus du"
    asked = f"il en fallait {needed}{_lacking(needed - met, level)}"
    return _Compte(said, f"{side} seuil de {threshold}{INSECABLE}% ({asked})")


def _lacking(how_many: int, level: Niveau) -> str:
    if how_many <= 0:
        return ""
    return f", il manque {compte(how_many, level.singulier, level.pluriel)}"


def _against(said: str, value: Fraction, threshold: Fraction, arrondi: Arrondi) -> _Compte:
    """A mean or a sum before its threshold, rounded first where the règlement says so."""
    compared = arrondi.compared(value)
    rounded = ""
    if arrondi.compare == "arrondi":
        rounded = f"arrondi à {nombre(compared, arrondi.decimales)} avant comparaison{FINE}; "
    least = exact(threshold)
    if compared == threshold:
        return _Compte(said, f"{rounded}exactement au seuil de {least}", au_seuil=True)
    gap = _result(abs(compared - threshold))
    if compared > threshold:
        return _Compte(said, f"{rounded}au-dessus du seuil de {least} (de {gap})")
    return _Compte(said, f"{rounded}sous le seuil de {least} (il manque {gap})")


def _mean(constat: Constat, regle: Regle, threshold: Fraction = Fraction()) -> str:
    """« (2 + 1 + 1,5) / 3 = 1,5 »; with weights, « (3 × 12 + 1 × 4) / (3 + 1) = 10 »."""
    counted = constat.peses
    value = mean(counted, regle)
    assert value is not None, "only asked where every child has a value"
    if len(counted) == 1:
        level = counted[0].niveau
        return f"{'une seule' if level.feminin else 'un seul'} {level.singulier}, à {exact(value)}"
    weights = shares(counted, regle)
    terms = [
        (e.valeur, weight)
        for e, weight in zip(counted, weights, strict=True)
        if e.valeur is not None
    ]
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


def _result(valeur: Fraction, threshold: Fraction = Fraction()) -> str:
    """The exact result; a fraction is also given in decimals, never those of the threshold."""
    if (valeur * 10_000).denominator == 1:
        return exact(valeur)
    return f"{exact(valeur)}, environ {distinctement(valeur, threshold, 4)[0]}"


def _inventory(constat: Constat, counted: Sequence[Etape]) -> str:
    """« 6 acquises, 1 non acquise et 1 non évaluée, sur 8 compétences »."""
    level = constat.enfants[0].niveau
    words = Counter(step.mot.lower() for step in counted)
    said = [f"{number}{INSECABLE}{plural(word, number)}" for word, number in words.items()]
    return f"{enumeration(said)}, sur {compte(len(counted), level.singulier, level.pluriel)}"


def _nothing_applied(constat: Constat) -> str:
    level = constat.enfants[0].niveau
    none = "Aucune" if level.feminin else "Aucun"
    then = "il n’y a rien à compter, ni pour ni contre"
    if constat.niveau is Niveau.BLOC:
        then = "le calcul ne dit rien, c’est au jury de trancher"
    return f"{none} {level.singulier} ne s’appliquait{INSECABLE}: {then}."


# --- turns of phrase

_RIEN = "Aucun résultat, favorable ou défavorable, n’est donc enregistré."
_INCOMPLET = "Le jury ne peut pas décider de ce qui n’a pas été entièrement évalué."
_OPTION_ECARTEE = "Option présentée, qui n’entre pas dans le calcul."


def _dire(modele: str, **mots: object) -> str:
    """Our own sentence gets French spacing; the words that it is filled with stay as they are."""
    return typographie(modele).format(**mots)


def _motif(said: str) -> str:
    return _dire("Motif du jury : « {motif} ».", motif=typographie(said.strip().rstrip(".")))


def _article(article: str) -> str:
    said = re.sub(r"(?<=\w) (?=\d)", INSECABLE, typographie(article.strip().rstrip(".")))
    return f" ({said})" if said else ""


def _les_blocs(codes: Sequence[str]) -> str:
    return f"{'le bloc' if len(codes) == 1 else 'les blocs'} {enumeration(codes)}"


def _des_blocs(codes: Sequence[str]) -> str:
    return f"{'du bloc' if len(codes) == 1 else 'des blocs'} {enumeration(codes)}"


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
    return _MOTS.get(niveau, {}).get(Mesure.ATTEINT, _ETATS[niveau][Mesure.ATTEINT].mot).lower()


def plural(mot: str, combien: int) -> str:
    """(« non acquise », 2) -> « non acquises »; « sans objet » and « à arbitrer » never agree."""
    if combien < 2 or mot.startswith(("sans ", "à ")):
        return mot
    return re.sub(r"(?!non\b)\b\w+", r"\g<0>s", mot)


def _the(etapes: Sequence[Etape]) -> str:
    """« la compétence C20 », « les critères E32 et E33 »."""
    niveau, names = etapes[0].niveau, [etape.nom for etape in etapes]
    shown = names if len(names) <= 6 else [*names[:5], f"{len(names) - 5} autres"]
    if niveau is Niveau.CERTIFICATION:
        return enumeration(shown)
    if len(names) > 1:
        return f"les {niveau.pluriel} {enumeration(shown)}"
    return elide("la" if niveau.feminin else "le", f"{niveau.singulier} {shown[0]}")


def _personne(evaluateur: Evaluateur) -> str:
    return f"{evaluateur.nom_complet} ({evaluateur.id})"
