"""The session folder: where each thing stands, its secret, its journal.

Every command names it before it does anything: what writes is loaded by what writes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from batch.empechement import Empechement, MauvaisUsage


@dataclass(frozen=True, slots=True)
class Folder:
    """A session folder. Nothing here ever writes under `retours`."""

    root: Path
    # The house's templates, where they are not in the folder itself.
    modeles: Path | None = None

    @property
    def session(self) -> Path:
        return self.root / "session.xlsx"

    @property
    def reglement(self) -> Path:
        return self.root / "reglement.yaml"

    @property
    def referentiel(self) -> Path:
        """The house's own référentiel, frozen for this session; absent when it is one of ours."""
        return self.root / "referentiel.yaml"

    @property
    def gabarits(self) -> Path:
        return self.modeles or self.root / "gabarits"

    @property
    def grilles(self) -> Path:
        return self.root / "grilles"

    @property
    def retours(self) -> Path:
        return self.root / "retours"

    @property
    def controle(self) -> Path:
        return self.root / "controle"

    @property
    def corrections(self) -> Path:
        """Grids to send back to their evaluators, each with its message."""
        return self.controle / "corrections"

    @property
    def deliberation(self) -> Path:
        return self.root / "deliberation.xlsx"

    @property
    def documents(self) -> Path:
        return self.root / "documents"

    @property
    def resultats(self) -> Path:
        return self.root / "resultats.json"

    @property
    def resultats_xlsx(self) -> Path:
        return self.root / "resultats.xlsx"

    @property
    def courriels(self) -> Path:
        return self.root / "courriels"

    @property
    def envois(self) -> Path:
        """The ledger of what was sent: lines are only ever added."""
        return self.courriels / "envois.jsonl"

    @property
    def repetitions(self) -> Path:
        """The ledger of the rehearsals, which reached nobody but whoever rehearsed."""
        return self.courriels / "repetitions.jsonl"

    @property
    def releve_courriels(self) -> Path:
        return self.root / ".jury" / "courriels.json"

    @property
    def verrou_courriels(self) -> Path:
        return self.root / ".jury" / "courriels.verrou"

    @property
    def journal(self) -> Path:
        return self.root / "journal.jsonl"

    @property
    def archives(self) -> Path:
        """The sealed archives of this session."""
        return self.root / "archives"

    @property
    def exports(self) -> Path:
        """The flat tables, unless they are wanted elsewhere."""
        return self.root / "exports"

    @property
    def cle(self) -> Path:
        return self.root / ".jury" / "cle"

    @property
    def actes(self) -> Path:
        """One file for each final act, from 1.json on; never rewritten."""
        return self.root / ".jury" / "actes"

    @property
    def copies(self) -> Path:
        """What the acts were drawn from, each file once; only ever added to."""
        return self.root / ".jury" / "copies"

    @property
    def decisions(self) -> Path:
        """What the jury decided, line after line, as it was read; only ever added to."""
        return self.root / ".jury" / "decisions.jsonl"

    @property
    def anciennes_deliberations(self) -> Path:
        return self.root / ".jury" / "deliberations"

    @property
    def lectures(self) -> Path:
        """What the grids of retours/ say, as they were read last: it can always be made again."""
        return self.root / ".jury" / "lectures"

    @property
    def ouvrages(self) -> Path:
        """Which bytes each set of inputs made last: it can always be made again."""
        return self.root / ".jury" / "ouvrages"

    @property
    def acceptations(self) -> Path:
        return self.root / ".jury" / "acceptations.jsonl"

    def relative(self, path: Path) -> str:
        """A path as the user reads it in his folder."""
        return path.relative_to(self.root).as_posix()

    def create_key(self) -> bytes:
        """The session's secret: made once, kept beside the session, never sent with a grid."""
        if not self.cle.is_file():
            import secrets  # once in a session's life

            from batch import fichiers

            fichiers.write(self.cle, secrets.token_hex(32).encode())
            self.cle.chmod(0o600)
        return self.key()

    def key(self) -> bytes:
        try:
            return bytes.fromhex(self.cle.read_text(encoding="ascii").strip())
        except (OSError, ValueError) as error:
            raise Empechement(
                "La clé de la session (.jury/cle) manque ou est abîmée : les grilles revenues ne "
                "peuvent pas être reconnues. Rétablissez-la depuis une sauvegarde du dossier ; "
                "si aucune grille n'est partie, lancez « jury grilles »."
            ) from error

    def log(self, action: str, now: datetime, **facts: Any) -> None:
        """One line in the journal: what was done, when, on which fingerprints. No personal data."""
        from batch import fichiers

        fichiers.append_line(self.journal, entry(action, now, **facts))


def entry(action: str, now: datetime, **facts: Any) -> str:
    """A line of the journal."""
    import json

    head: Mapping[str, Any] = {"quand": now.isoformat(timespec="seconds"), "quoi": action}
    return json.dumps({**head, **facts}, ensure_ascii=False, sort_keys=True)


def shown(names: Iterable[str]) -> list[str]:
    """Of a session's files, those that are there to be looked at: .jury/ is the program's own."""
    return [name for name in names if not name.startswith(".jury/")]


def open_folder(path: Path, gabarits: Path | None = None) -> Folder:
    """An existing session folder. Raises MauvaisUsage when there is none there.

    What a killed run left unfinished is finished, or forgotten, before anything else.
    """
    if not path.is_dir():
        raise MauvaisUsage(
            f"Le dossier {path} n'existe pas. Créez une session avec « jury session »."
        )
    folder = Folder(path, gabarits)
    if not folder.session.is_file():
        raise MauvaisUsage(
            f"{path} n'est pas un dossier de session : session.xlsx n'y est pas. "
            f"Créez une session avec « jury session »."
        )
    from batch import transaction, verrou

    if transaction.pending(folder.root):
        with verrou.alone(folder.root):
            pass
    return folder
