"""Makes the Word templates shipped: python templates/fabriquer.py

They are written part by part in atelier/, so that they hold what is needed and nothing else, and
come out the same on every machine. To change the look, change a style; to change the words, change
a paragraph. A certificateur does neither: he edits a copy in Word and puts it in gabarits/.
"""

import sys
from pathlib import Path

HERE = Path(__file__).parent
# So that it runs from a checkout where nothing is installed.
sys.path[:0] = [str(HERE), str(HERE.parent)]

from atelier import (  # noqa: E402 (found by the path above)
    affichage,
    certificat,
    convocation,
    emargement,
    fiche_synthetique,
    lettre,
    proces_verbal,
    releve,
)
from atelier.fichier import package  # noqa: E402

TEMPLATES = {
    "proces-verbal.docx": proces_verbal.parts,
    "affichage.docx": affichage.parts,
    "fiche-synthetique.docx": fiche_synthetique.parts,
    "lettre.docx": lettre.parts,
    "releve.docx": releve.parts,
    "certificat.docx": certificat.parts,
    "convocation.docx": convocation.parts,
    "emargement.docx": emargement.parts,
}


def build() -> dict[str, bytes]:
    return {name: package(make()) for name, make in TEMPLATES.items()}


if __name__ == "__main__":
    for name, content in build().items():
        (HERE / name).write_bytes(content)
        print(HERE / name)  # noqa: T201 (a script speaks)
