"""The certification and its blocs -> steps: what was proposed, what the jury made of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from batch.francais import FINE, INSECABLE, compte, enumeration, typographie
from batch.jury import enonce
from batch.jury.deliberation import CERTIFICATION
from batch.jury.distinctions import Distinction, distinctions
from batch.jury.enonce import article
from batch.jury.trace.arithmetique import exact, result
from batch.jury.trace.cas import Cas
from batch.jury.trace.etape import Etape
from batch.jury.trace.faits import about_bloc, absences
from batch.jury.trace.noeud import told
from batch.jury.trace.tournures import des_blocs, dire, les_blocs, motif
from batch.reglement.modele import Arrondi
from batch.vocabulaire import Niveau, Presence, ResultatBloc, ResultatCertification, Ton

_RIEN = "Aucun résultat, favorable ou défavorable, n’est donc enregistré."
_INCOMPLET = "Le jury ne peut pas décider de ce qui n’a pas été entièrement évalué."


def certification(cas: Cas) -> Etape:
    resultat, issues = cas.dossier.resultat, cas.dossier.issues
    shown = cas.dossier.certification
    blocs = tuple(bloc(cas, code) for code in resultat.blocs)
    came = resultat.presence is Presence.PRESENT
    besides = resultat.constats[Niveau.CERTIFICATION].values() if came else ()
    return Etape(
        Niveau.CERTIFICATION,
        CERTIFICATION,
        "",
        cas.seance.referentiel.intitule,
        shown,
        shown.mot if came else cas.accorde(shown.mot),
        propose=resultat.certification if cas.dossier.objets else None,
        decide=issues.certification if cas.dossier.objets else None,
        motif=issues.motifs.get(CERTIFICATION),
        faits=tuple(_about_certification(cas, shown)),
        regle=_certification_rule(cas) if came else "",
        calcul=_tally(blocs) if came and blocs else "",
        enfants=(*blocs, *(told(cas, constat) for constat in besides)),
    )


def _about_certification(cas: Cas, shown: ResultatCertification) -> Iterator[str]:
    resultat, issues = cas.dossier.resultat, cas.dossier.issues
    candidat, proposed = resultat.candidat, resultat.certification
    if candidat.presence is not Presence.PRESENT:
        said = f"{cas.accorde('Noté')} {cas.accorde(candidat.presence.mot.lower())}"
        yield dire("{note} dans {lieu}. {rien}", note=said, lieu=candidat.lieu, rien=_RIEN)
    elif resultat.presence is not Presence.PRESENT:
        yield dire("N’a passé aucune des évaluations. {rien}", rien=_RIEN)
        yield from absences(cas)
    elif cas.dossier.objets and issues.certification is None:
        yield dire("Le jury n’a pas encore tout décidé : voici ce que propose le calcul.")
    elif proposed is not shown:
        on = f" pour {les_blocs(_departures(cas))}" if resultat.blocs else ""
        if proposed is ResultatCertification.EN_ATTENTE:
            yield dire("Le calcul ne tranchait pas : le jury a décidé{on}.", on=on)
        else:
            yield dire(
                "Le calcul proposait « {propose} ». Le jury en a décidé autrement{on}.",
                propose=proposed.mot,
                on=on,
            )
    elif shown is ResultatCertification.EN_ATTENTE and not resultat.blocs:
        yield _INCOMPLET
    elif cas.dossier.objets and not _departures(cas):
        yield "Le jury a suivi ce que proposait le calcul."
    if said := issues.motifs.get(CERTIFICATION, ""):
        yield motif(said)
    if resultat.presence is Presence.PRESENT:
        yield from _meaning(cas, shown)
    if shown is ResultatCertification.DELIVREE:
        yield from _mentions(cas)


def _departures(cas: Cas) -> list[str]:
    decided, proposed = cas.dossier.issues.blocs, cas.dossier.resultat.blocs
    return [code for code in proposed if decided[code] not in (None, proposed[code])]


def _meaning(cas: Cas, shown: ResultatCertification) -> Iterator[str]:
    """What the outcome says, where its word alone might be misread."""
    proposed = cas.dossier.resultat.blocs
    issues = {code: cas.dossier.bloc(code) for code in proposed}
    match shown:
        case ResultatCertification.EN_ATTENTE:
            pending = [code for code, issue in issues.items() if issue.en_suspens]
            on = f", le temps que soit réglé le sort {des_blocs(pending)}" if pending else ""
            yield f"Le résultat n’est ni favorable ni défavorable{on}."
        case ResultatCertification.PARTIELLE if all(b.obtenu for b in issues.values()):
            yield "Tous les blocs sont obtenus, mais une condition de plus n’est pas remplie."
        case ResultatCertification.PARTIELLE:
            yield "Une partie des blocs est obtenue, pas la certification entière."
        case ResultatCertification.BLOCS_VISES_VALIDES:
            yield "Tout ce que visait le parcours est obtenu."


def _mentions(cas: Cas) -> Iterator[str]:
    """What each mention of the règlement asks for, and what this candidate has of it."""
    resultat, seance = cas.dossier.resultat, cas.seance
    blocs = len(seance.referentiel.blocs)
    for one in distinctions(blocs, seance.reglement, resultat.constats, resultat.acquis):
        yield dire(
            "Mention « {libelle} », {sort} : il faut {demande} ; {atteint}.",
            libelle=typographie(one.mention.libelle),
            sort="obtenue" if one.obtenue else "non obtenue",
            demande=enonce.mention(one.mention),
            atteint=_attained(one, seance.reglement.arrondi),
        )


def _attained(one: Distinction, arrondi: Arrondi) -> str:
    if one.atteint is None:
        return "sans une note de chaque bloc, il n’y a pas de moyenne"
    if one.mention.moyenne is None:
        return f"il y en a {exact(one.atteint)}" if one.atteint else "il n’y en a pas"
    met = arrondi.compared(one.atteint)
    rounded = f", arrondie à {exact(met)}" if met != one.atteint else ""
    return f"elle est de {result(one.atteint, Fraction(one.mention.moyenne))}{rounded}"


def _certification_rule(cas: Cas) -> str:
    besides = len(cas.dossier.resultat.constats[Niveau.CERTIFICATION])
    clauses = ["tous les blocs doivent être obtenus"] if cas.seance.referentiel.blocs else []
    if besides == 1:
        clauses.append("la condition ci-dessous doit être remplie")
    elif besides:
        clauses.append(f"les {besides} conditions ci-dessous doivent être remplies")
    return enumeration(clauses) + article(cas.seance.reglement.regles.certification.article)


def _tally(blocs: Sequence[Etape]) -> str:
    """« 2 blocs obtenus sur 3 : BC1 et BC2 ; il manque BC3 (non présenté) »."""
    held = [step for step in blocs if step.etat.ton is Ton.FAVORABLE]
    others = [f"{step.nom} ({step.mot.lower()})" for step in blocs if step not in held]
    said = f"{compte(len(held), 'bloc obtenu', 'blocs obtenus')} sur {len(blocs)}"
    if held:
        said += f"{INSECABLE}: {enumeration(step.nom for step in held)}"
    return said + (f"{FINE}; il manque {enumeration(others)}" if others else "")


def bloc(cas: Cas, code: str) -> Etape:
    resultat, issues = cas.dossier.resultat, cas.dossier.issues
    shown = cas.dossier.bloc(code)
    # Nothing was reckoned for a bloc that nobody rated at this session.
    constat = resultat.constats[Niveau.BLOC].get(code) if cas.voted(code) else None
    read = "moyenne" in resultat.constats[Niveau.CERTIFICATION]
    reckoned = told(cas, constat, valeur_lue=read) if constat else None
    return replace(
        reckoned or Etape(Niveau.BLOC, code, code, "", shown, shown.mot),
        intitule=cas.seance.referentiel.bloc[code].intitule,
        etat=shown,
        mot=shown.mot,
        propose=resultat.blocs[code] if cas.voted(code) else None,
        decide=issues.blocs[code] if cas.voted(code) else None,
        motif=issues.motifs.get(code),
        faits=(*about_bloc(cas, code), *_decision(cas, code)),
    )


def _decision(cas: Cas, code: str) -> Iterator[str]:
    proposed = cas.dossier.resultat.blocs[code]
    decided = cas.dossier.issues.blocs[code]
    if not cas.voted(code):
        return
    if decided is None:
        yield dire("Proposition du calcul : aucune décision du jury ne porte encore sur elle.")
    elif decided is proposed and decided.en_suspens:
        yield _INCOMPLET
    elif proposed is ResultatBloc.A_ARBITRER:
        yield dire("Le calcul ne tranchait pas : c’est le jury qui a décidé.")
    elif decided is not proposed:
        yield dire(
            "Le calcul proposait « {propose} ». Le jury en a décidé autrement.",
            propose=proposed.mot,
        )
    if said := cas.dossier.issues.motifs.get(code, ""):
        yield motif(said)
