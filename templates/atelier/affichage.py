"""The results to be posted: numbers and outcomes, no name."""

from atelier.briques import cell, cells, p, row, rows, table, watermark, when
from atelier.feuille import LARGE, document, footer, header, projet_or_not
from atelier.proces_verbal import entries
from atelier.styles import styles

HEAD = ("{{ certificateur }}", "\t{{ rappel }}")


def parts() -> dict[str, str]:
    body = (
        p("Titre", "{{ titre }}")
        + p("Sous-titre", "{{ certification }}")
        + p("Corps", "Session {{ session }}, jury du {{ date }}. {{ presidence }}")
        + when("exemple", p("Cadre", "{{ exemple }}"))
        + when("resultats.large", _table("Tableau", 2.6, 4.6))
        + when("resultats.serre", _table("Serre", 2.6, 4.6))
        + when("resultats.en_codes", _table("Serre", 1.4, 4.6))
        + p("Constat", ("Fort", "{{ totaux }}"))
        + when("resultats.intitules", entries("resultats.intitules", "code", "intitule"))
        + entries("legende", "mot", "sens")
        + p("Constat", "{{ recours }}")
        + p("Corps", "{{ fait }}")
    )
    return {
        "word/document.xml": document(body, landscape=True, first_page=False),
        "word/styles.xml": styles(LARGE, margin_right=4.5, address=0, air=(0, 6)),
        "word/header1.xml": header(projet_or_not("Entete", HEAD, watermark(480, 150, 1))),
        "word/footer1.xml": footer(LARGE),
    }


def _table(look: str, bloc: float, outcome: float) -> str:
    head = f"{look}en-tete"
    return table(
        "Liste-serree" if look == "Serre" else "Liste-tableau",
        [3.0, bloc, bloc, bloc, outcome],
        row(
            cell(3.0, p(head, "N° de dossier")),
            cells("colonne in resultats.colonnes", cell(bloc, p(head, "{{ colonne }}"))),
            cell(outcome, p(head, "Décision")),
            head=True,
        ),
        rows(
            "ligne in resultats.lignes",
            row(
                cell(3.0, p(f"{look}fort", "{{ ligne.numero }}")),
                cells("cellule in ligne.cellules", cell(bloc, p(look, "{{ cellule.mot }}"))),
                cell(outcome, p(f"{look}fort", "{{ ligne.issue }}")),
            ),
        ),
        total=LARGE,
    )
