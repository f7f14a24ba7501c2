"""What a run writes of a session that was examined, whatever its state, in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from batch import fichiers, resultats, transaction
from batch.allure import Allure
from batch.anomalies import Anomalie, Empechement
from batch.chaine import actes, copies, decisions
from batch.chaine.actes import Etape
from batch.chaine.examen import Examen
from batch.chaine.fondement import Piece
from batch.chaine.ouverture import content_of
from batch.chaine.pdf import forget_stale_pdfs
from batch.chaine.registre import numeroter
from batch.chaine.retours import Controle
from batch.classeurs import resultats as classeur_resultats
from batch.classeurs.deliberation import classeur as deliberation
from batch.etat.modele import Suivi
from batch.folder import Folder, entry, shown
from batch.jury.seance import Acte, Seance
from batch.transaction import Contenu

SERIE = "documents"


@dataclass(frozen=True, slots=True)
class Traitement:
    controle: Controle
    seance: Seance
    ecrits: list[str]
    anomalies: list[Anomalie]
    resultats: Mapping[str, Any]
    suivi: Suivi | None = None  # where the session stands now


@dataclass(frozen=True, slots=True)
class Greffe:
    """Who puts in writing what was examined; `registre`: where the house numbers its certificates,
    if it does."""

    examen: Examen
    now: datetime
    registre: Path | None
    allure: Allure

    @property
    def folder(self) -> Folder:
        return self.examen.controle.contexte.folder

    def numbered(self, acte: Acte, wanted: Iterable[tuple[str, str]]) -> Acte:
        """The act with a number for each of these certificates, drawn before any is printed.

        A run killed in between finds the same numbers again: they are in the register.
        """
        lacking = [objet for objet in wanted if objet not in acte.numeros]
        if self.registre is None or not lacking:
            return acte
        drawn = numeroter(self.registre, self.folder, self.examen.seance, lacking, self.now)
        return replace(acte, numeros={**acte.numeros, **drawn})

    def deliberation(self) -> dict[str, bytes]:
        """Made again only when the proposals changed; the jury's own rows are never lost."""
        folder, examen = self.folder, self.examen
        path, seance, saisies = folder.deliberation, examen.seance, examen.saisies
        if not examen.deliberation_lisible:
            return {}
        writes = {}
        if path.is_file():
            known = examen.retraits_prevus
            current = deliberation.is_current(seance, saisies, known)
            if current or deliberation.would_lose(seance, saisies):
                return {}
            before = content_of(path)
            aside = folder.anciennes_deliberations / f"{fichiers.fingerprint(before)[:16]}.xlsx"
            writes[folder.relative(aside)] = before
        return {
            folder.relative(path): deliberation.write(seance, saisies, examen.retraits_prevus),
            **writes,
        }

    def results(self, seance: Seance) -> tuple[dict[str, Any], dict[str, bytes]]:
        """What a machine reads of the sitting, and the files that say it to machines and people."""
        workbook = classeur_resultats.write(seance)  # the one that takes room
        content = resultats.as_json(seance, self.examen.anomalies)
        return content, {
            self.folder.relative(self.folder.resultats_xlsx): workbook,
            self.folder.relative(self.folder.resultats): fichiers.as_json(content),
        }

    def act(
        self,
        seance: Seance,
        pieces: Sequence[Piece],
        made: Mapping[str, Contenu],
        tables: Mapping[str, bytes],
    ) -> dict[str, bytes]:
        """The act that makes the sitting final, and the copies that go with it."""
        assert seance.acte is not None, "a PROJET is not an act"
        etape, kept = self.step(seance.acte, made, tables)
        fixe = actes.fix(seance, actes.sources(self.folder), pieces, etape)
        path = actes.path_of(self.folder, fixe.acte.rang)
        return {
            self.folder.relative(path): fichiers.as_json(actes.as_json(fixe, self.now)),
            **kept,
        }

    def step(
        self, acte: Acte, made: Mapping[str, Contenu], tables: Mapping[str, bytes]
    ) -> tuple[Etape, dict[str, bytes]]:
        """What this act, or a complement to it, makes; with copies of what it was drawn from, and
        of the tables that it makes: anybody may save a workbook again."""
        kept = {**copies.take(self.folder, self.examen.controle), **tables}
        etape = Etape(
            transaction.fingerprints(made),
            acte.numeros,
            transaction.fingerprints(kept),
            plus_recente=bool(self.examen.controle.choix),
        )
        return etape, copies.as_files(self.folder, kept)

    def commit(
        self,
        seance: Seance,
        writes: Mapping[str, Contenu],
        content: Mapping[str, Any],
        anomalies: list[Anomalie],
        removals: Iterable[str] = (),
        complement: str | None = None,
    ) -> Traitement:
        """Everything at once, with what the jury decided, unless it has saved its workbook in the
        meantime."""
        folder, examen = self.folder, self.examen
        workbook = folder.relative(folder.deliberation)
        if transaction.fingerprint_of(folder.deliberation) != examen.empreinte_deliberation:
            raise Empechement(
                f"{workbook} a été enregistré pendant le traitement : rien n'a été écrit. "
                f"Relancez la commande."
            )

        def line(changed: Mapping[str, str]) -> str:
            said: dict[str, Any] = {
                "etat": seance.etat.value,
                "acte": seance.acte.numero if seance.acte else None,
                "ecrits": {name: changed[name] for name in shown(changed)},
            }
            if complement:
                said["complement"] = complement
            return entry("traiter", self.now, **examen.controle.facts(**said))

        everything = {**writes, **self._decisions()}
        changed = transaction.commit(folder.root, everything, removals, line, yielding=(workbook,))
        forget_stale_pdfs(folder)
        return Traitement(examen.controle, seance, shown(changed), anomalies, content)

    def _decisions(self) -> dict[str, bytes]:
        folder, examen = self.folder, self.examen
        ledger = decisions.record(folder, examen.saisies, examen.empreinte_deliberation, self.now)
        return {} if ledger is None else {folder.relative(folder.decisions): ledger}
