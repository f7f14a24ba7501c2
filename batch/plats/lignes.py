"""A sitting and its ratings -> the rows of each flat table. What is missing stays empty."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from batch.jury.seance import Dossier, Seance
from batch.plats.tables import Ligne, Plat, Table, Valeur
from batch.records import Appreciation, Evaluateur
from batch.vocabulaire import EtatSaisie, EtatSession, Niveau, ResultatCertification


@dataclass(frozen=True, slots=True)
class LigneGrille:
    """A row of a grid, for one candidate: what was read there, or why nothing was."""

    candidat: str
    evaluateur: Evaluateur | None  # None: the jury arbitrated
    partie: str
    critere: str
    ligne: str
    intitule: str
    saisie: EtatSaisie
    appreciation: Appreciation | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A session, with every row of its grids; `obtenue_le`: when the outcomes became ones."""

    seance: Seance
    rncp: str
    obtenue_le: date | None
    grilles: Sequence[LigneGrille]

    @property
    def etat(self) -> EtatSession:
        """Final once its procès-verbal is made, and not before."""
        return EtatSession.DEFINITIF if self.seance.acte else EtatSession.PROJET


def fill(tables: Sequence[Table], sources: Sequence[Source]) -> list[Plat]:
    """These tables, with a row for each thing that the sessions hold, in the sessions' order."""
    return [
        Plat(
            table,
            [
                {colonne.nom: row[colonne.nom] for colonne in table.colonnes}
                for source in sources
                for row in _ROWS[table.nom](source)
            ],
        )
        for table in tables
    ]


def _common(source: Source) -> dict[str, Valeur]:
    seance = source.seance
    return {
        "session": seance.session.id,
        "etat": source.etat,
        "proces_verbal": seance.acte.numero if seance.acte else None,
    }


def _sessions(source: Source) -> Iterator[Ligne]:
    seance = source.seance
    yield {
        **_common(source),
        "referentiel": seance.referentiel.id,
        "intitule": seance.referentiel.intitule,
        "rncp": source.rncp or None,
        "reglement": f"{seance.reglement.id} v{seance.reglement.version}",
        "date_jury": seance.session.date_jury,
        "date_decision": source.obtenue_le if seance.acte else None,
        "candidats": len(seance.dossiers),
        "manquantes": sum(one.saisie is EtatSaisie.MANQUANTE for one in source.grilles),
    }


def _who(source: Source, dossier: Dossier) -> dict[str, Valeur]:
    candidat = dossier.resultat.candidat
    return {
        **_common(source),
        "candidat": candidat.id,
        "nom": candidat.nom,
        "prenom": candidat.prenom,
    }


def _candidats(source: Source) -> Iterator[Ligne]:
    for dossier in source.seance.dossiers:
        resultat, decided = dossier.resultat, dossier.issues.certification
        candidat = resultat.candidat
        yield {
            **_who(source, dossier),
            "nom_naissance": candidat.nom_naissance,
            "prenoms": ", ".join(candidat.prenoms),
            "date_naissance": candidat.date_naissance,
            "courriel": candidat.courriel,
            "voie": candidat.voie,
            "parcours": ", ".join(candidat.blocs_vises) or "complet",
            "options": ", ".join(candidat.options) or None,
            "groupe": candidat.groupe,
            "presence": resultat.presence,
            "certification_proposee": resultat.certification,
            "certification_decidee": decided,
            "mention": resultat.mention if decided is ResultatCertification.DELIVREE else None,
        }


def _blocs(source: Source) -> Iterator[Ligne]:
    blocs = source.seance.referentiel.bloc
    for dossier in source.seance.dossiers:
        for code, propose in dossier.resultat.blocs.items():
            acquis = dossier.resultat.acquis.get(code)
            yield {
                **_who(source, dossier),
                "bloc": code,
                "intitule": blocs[code].intitule,
                "propose": propose,
                "decide": dossier.issues.blocs[code],
                "acquis_le": acquis.date if acquis else None,
            }


def _decisions(source: Source) -> Iterator[Ligne]:
    counted = {(one.candidat, one.code): one for one in source.seance.deroulement.voix}
    for dossier in source.seance.dossiers:
        issues = dossier.issues
        for objet in dossier.objets:
            decided = issues.of(objet.code)
            voix = counted.get((objet.candidat, objet.code))
            yield {
                **_who(source, dossier),
                "objet": objet.code,
                "propose": objet.propose,
                "decide": decided,
                "ecart": None if decided is None else decided != objet.propose,
                "motif": issues.motifs.get(objet.code),
                "preconisations": issues.preconisations.get(objet.code),
                "pour": voix.pour if voix else None,
                "contre": voix.contre if voix else None,
                "abstentions": voix.abstentions if voix else None,
            }


def _resultats(source: Source) -> Iterator[Ligne]:
    referentiel = source.seance.referentiel
    for dossier in source.seance.dossiers:
        own = dossier.resultat
        for niveau, states, elements in (
            (Niveau.ACTIVITE, own.activites, referentiel.activites),
            (Niveau.EPREUVE, own.epreuves, referentiel.epreuves),
            (Niveau.COMPETENCE, own.competences, referentiel.competences),
            (Niveau.CRITERE, own.criteres, referentiel.criteres),
        ):
            for element in elements:
                if element.id in states:
                    yield {
                        **_who(source, dossier),
                        "niveau": niveau.singulier,
                        "element": element.id,
                        "code": getattr(element, "code", None),  # an épreuve has none
                        "intitule": element.intitule or None,
                        "resultat": states[element.id],
                    }


def _appreciations(source: Source) -> Iterator[Ligne]:
    echelle = source.seance.reglement.echelle
    rows: dict[str, list[LigneGrille]] = {}
    for row in source.grilles:
        rows.setdefault(row.candidat, []).append(row)
    for dossier in source.seance.dossiers:
        for row in rows.get(dossier.resultat.candidat.id, ()):
            who, said = row.evaluateur, row.appreciation
            niveau = echelle.niveau(said.niveau) if said and said.niveau else None
            yield {
                **_who(source, dossier),
                "evaluateur": who.id if who else None,
                "evaluateur_nom": who.nom_complet if who else None,
                "role": who.role if who else None,
                "partie": row.partie,
                "critere": row.critere,
                "ligne": row.ligne,
                "intitule": row.intitule,
                "saisie": row.saisie,
                "appreciation": niveau.libelle if niveau else None,
                "niveau": niveau.code if niveau else None,
                "note": said.note if said else None,
                "commentaire": said.commentaire if said else None,
                "fichier": (said.lieu.fichier or None) if said else None,
                "feuille": (said.lieu.feuille or None) if said else None,
                "cellule": (said.lieu.cellule or None) if said else None,
            }


_ROWS: Mapping[str, Callable[[Source], Iterator[Ligne]]] = {
    "sessions": _sessions,
    "candidats": _candidats,
    "blocs": _blocs,
    "decisions": _decisions,
    "resultats": _resultats,
    "appreciations": _appreciations,
}
