"""What arrives in place of the workbook, or around it: other kinds of files, cut or hostile."""

import io
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage

from . import FICHIER, Avarie, Depart, Geste, fiche

TOUT = fiche("C1") | fiche("C2")


def instead(content: bytes) -> Geste:
    return lambda depart: content


def cut(part: int, whole: int) -> Geste:
    return lambda depart: depart.contenu[: len(depart.contenu) * part // whole]


def beside(**files: bytes) -> Geste:
    """The file itself, and others that nobody meant to send."""
    return lambda depart: {FICHIER: depart.contenu, **files}


def zipped(entries: Callable[[Depart], Mapping[str, bytes]]) -> Geste:
    def geste(depart: Depart) -> Mapping[str, bytes]:
        return {"envoi.zip": archive(entries(depart))}

    return geste


def archive(entries: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return buffer.getvalue()


def mail(depart: Depart) -> Mapping[str, bytes]:
    message = EmailMessage()
    message["From"], message["Subject"] = "helene@exemple.fr", "Ma grille"
    message.set_content("Bonjour, voici.")
    message.add_attachment(
        depart.contenu, maintype="application", subtype="octet-stream", filename="grille.xlsx"
    )
    return {"courriel.eml": message.as_bytes()}


def laughing(depart: Depart) -> bytes:
    """The workbook's own XML, with entities that would swell to a billion."""
    with zipfile.ZipFile(io.BytesIO(depart.contenu)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    bombs = b"".join(
        b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"lol") for n in range(10)
    )
    head, _, body = parts["xl/workbook.xml"].partition(b"<workbook")
    parts["xl/workbook.xml"] = head + b"<!DOCTYPE w [" + bombs + b"]><workbook" + body
    return archive(parts)


def swollen(depart: Depart) -> bytes:
    return archive({"[Content_Types].xml": b"", "xl/workbook.xml": bytes(60 * 1024**2)})


def renamed(depart: Depart) -> Mapping[str, bytes]:
    return {"lot 2/à trier/Copie de truc (1).XLSX": depart.contenu}


CAS = (
    Avarie("Le fichier renommé, dans un sous-dossier", renamed),
    Avarie(
        "Une copie du fichier, octet pour octet",
        lambda depart: {FICHIER: depart.contenu, "copie.xlsx": depart.contenu},
        ("FIC-025",),
    ),
    Avarie("Un fichier vide", instead(b""), ("FIC-002", "GRI-301"), TOUT),
    Avarie(
        "Un ancien .xls, ou un classeur chiffré, coupé en route",
        instead(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600)),
        ("FIC-019", "GRI-301"),
        TOUT,
    ),
    Avarie("Un PDF renommé .xlsx", instead(b"%PDF-1.7\n"), ("FIC-014", "GRI-301"), TOUT),
    Avarie(
        "Une image renommée .xlsx",
        instead(b"\x89PNG\r\n\x1a\n" + bytes(40)),
        ("FIC-015", "GRI-301"),
        TOUT,
    ),
    Avarie(
        "Une page web enregistrée à la place",
        instead(b"<!DOCTYPE html><html><body>Connexion</body></html>"),
        ("FIC-012", "GRI-301"),
        TOUT,
    ),
    Avarie(
        "Un CSV renommé .xlsx",
        instead("Code;Appréciation\nE1;Acquis\n".encode()),
        ("FIC-011", "GRI-301"),
        TOUT,
    ),
    Avarie("Le classeur coupé au quart", cut(1, 4), ("FIC-019", "GRI-301"), TOUT),
    Avarie("Le classeur coupé à la moitié", cut(1, 2), ("FIC-019", "GRI-301"), TOUT),
    Avarie("Le classeur coupé juste avant la fin", cut(99, 100), ("FIC-019", "GRI-301"), TOUT),
    Avarie("Un classeur dont le XML enfle sans fin", laughing, ("FIC-020", "GRI-301"), TOUT),
    Avarie("Une archive démesurée renommée .xlsx", swollen, ("FIC-005", "GRI-301"), TOUT),
    Avarie(
        "La grille dans une archive .zip", zipped(lambda depart: {"a/grille.xlsx": depart.contenu})
    ),
    Avarie(
        "Une archive dans une archive",
        zipped(lambda depart: {"envoi.zip": archive({"grille.xlsx": depart.contenu})}),
    ),
    Avarie("La grille en pièce jointe d’un courriel .eml", mail),
    Avarie(
        "La trace d’un classeur resté ouvert, à côté",
        beside(**{"~$grille.xlsx": b"\x05Helene"}),
        ("FIC-001",),
    ),
    Avarie(
        "Un fichier de service de macOS, à côté",
        beside(**{"._grille.xlsx": b"\x00\x05\x16\x07"}),
        ("FIC-001",),
    ),
)
