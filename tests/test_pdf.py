"""The PDFs: made by a real LibreOffice in one call, bound for printing, never out of date."""

import io
import os
import sys
from pathlib import Path

import pypdf
import pytest
from conftest import NOW, rewrite
from test_libreoffice import SOFFICE, needs_libreoffice

from batch import chaine
from batch.anomalies import Empechement
from batch.documents import pdf
from batch.folder import Folder

LETTRE = "lettres/C1 DURAND.docx"

# Stands for LibreOffice: « converts » all documents but those that say so, or never ends.
FAUX = """#!{python}
import pathlib, sys, time
for name in sys.argv[1:]:
    if name.endswith(".docx"):
        content = pathlib.Path(name).read_bytes()
        if b"bloque" in content:
            time.sleep(600)
        if b"refuse" not in content:
            pathlib.Path(name).with_suffix(".pdf").write_bytes(b"%PDF " + content)
"""


@pytest.fixture
def faux(tmp_path: Path) -> str:
    if os.name != "posix":
        pytest.skip("un script exécutable, propre à POSIX")
    path = tmp_path / "soffice"
    path.write_text(FAUX.format(python=sys.executable), encoding="utf-8")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def traite(dossier: Folder) -> Folder:
    chaine.treat(dossier, NOW)
    return dossier


@needs_libreoffice
def test_each_document_has_its_pdf_and_letters_are_bound(traite: Folder) -> None:
    assert SOFFICE, "LibreOffice manque (obligatoire en CI)"
    seen: list[tuple[int, int]] = []
    done = chaine.export_pdf(traite, NOW, lambda count, total: seen.append((count, total)))
    root = traite.documents
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.docx"))
    assert sorted(done.faits) == names
    assert (done.inchanges, done.conserves, done.manques) == ((), (), ())
    assert seen[-1] == (len(names), len(names))
    letter = pypdf.PdfReader(root / LETTRE.replace("docx", "pdf")).pages[0].extract_text()
    assert "Léa DURAND" in " ".join(letter.split())

    bound = pypdf.PdfReader(traite.documents / "lettres.pdf")
    titles = [item["/Title"] for item in bound.outline]
    assert titles == ["C1 DURAND", "C2 PETIT"]
    for item, who in zip(bound.outline, ("DURAND", "PETIT"), strict=True):
        page = bound.get_destination_page_number(item)
        assert page is not None
        assert page % 2 == 0, "chaque lettre commence sur un recto"
        assert who in bound.pages[page].extract_text()

    again = chaine.export_pdf(traite, NOW)
    assert (again.faits, sorted(again.inchanges)) == ((), names)


@needs_libreoffice
def test_archived_pdfs_are_pdf_a(traite: Folder) -> None:
    content = (traite.documents / "proces-verbal.docx").read_bytes()
    made = pdf.convert({"à signer.docx": content})
    reader = pypdf.PdfReader(io.BytesIO(made["à signer.docx"]))
    metadata = reader.xmp_metadata
    assert metadata is not None
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata.stream.get_data()
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]


@pytest.fixture
def converti(traite: Folder, faux: str, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """PDFs made by the stand-in: they are bytes with a record, all that these tests look at."""
    monkeypatch.setattr(pdf, "libreoffice", lambda: faux)
    monkeypatch.setattr(pdf, "merge", lambda documents, titre: b"".join(documents.values()))
    chaine.export_pdf(traite, NOW)
    return traite


def test_a_pdf_goes_with_the_document_that_it_showed(converti: Folder) -> None:
    letter = converti.documents / LETTRE
    assert chaine.pdf_of(converti, LETTRE) == letter.with_suffix(".pdf")
    letter.write_bytes(letter.read_bytes() + b" ")
    assert chaine.pdf_of(converti, LETTRE) is None
    chaine.forget_stale_pdfs(converti)
    assert not letter.with_suffix(".pdf").exists()
    assert not (converti.documents / "lettres.pdf").exists()
    # The others stand, and only what is lacking is made again.
    assert chaine.pdf_of(converti, "proces-verbal.docx")
    assert chaine.export_pdf(converti, NOW).faits == (LETTRE,)


def test_treating_again_forgets_the_pdfs_of_changed_letters(converti: Folder) -> None:
    rewrite(converti, "certificateur:", "certificateur: Nouvelle")
    chaine.treat(converti, NOW)
    assert chaine.pdf_of(converti, LETTRE) is None
    assert not (converti.documents / LETTRE).with_suffix(".pdf").exists()


def test_a_signed_pdf_put_in_its_place_is_kept(converti: Folder) -> None:
    signed = (converti.documents / LETTRE).with_suffix(".pdf")
    signed.write_bytes(b"%PDF scan")
    done = chaine.export_pdf(converti, NOW)
    assert done.conserves == (LETTRE,)
    assert signed.read_bytes() == b"%PDF scan"
    assert chaine.pdf_of(converti, LETTRE) is None


def test_one_document_that_cannot_be_converted_does_not_stop_the_others(faux: str) -> None:
    seen: list[int] = []
    made = pdf.convert({"a.docx": b"bon", "b.docx": b"refuse", "c.docx": b"bon"}, seen.append, faux)
    assert made == {"a.docx": b"%PDF bon", "c.docx": b"%PDF bon"}
    assert seen[-1] == 2


def test_many_documents_take_several_calls(faux: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_BATCH", 2)
    seen: list[int] = []
    sources = {f"{n}.docx": str(n).encode() for n in range(5)}
    assert list(pdf.convert(sources, seen.append, faux)) == list(sources)
    assert seen == sorted(seen)


def test_a_libreoffice_that_hangs_is_stopped(faux: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_TO_START", 1)
    monkeypatch.setattr(pdf, "_PER_DOCUMENT", 0)
    with pytest.raises(Empechement, match="n’a pu convertir aucun document"):
        pdf.convert({"a.docx": b"bloque"}, lambda done: None, faux)


def test_without_libreoffice_one_sentence(traite: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    monkeypatch.setattr(pdf, "_ELSEWHERE", ())
    with pytest.raises(Empechement, match="qui n’est pas installé sur ce poste"):
        chaine.export_pdf(traite, NOW)
    assert (traite.documents / LETTRE).is_file()
