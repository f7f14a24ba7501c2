"""The attendance sheets: one a page for each épreuve and slot, then the jury's."""

from atelier.briques import COLON, cell, each, head_row, p, row, rows, table, when
from atelier.feuille import LARGE, document, footer, header
from atelier.styles import styles


def parts() -> dict[str, str]:
    body = each(
        "feuille in feuilles",
        p("Titrepage", "Feuille d’émargement"),
        p("Sous-titre", "{{ certification }}, session {{ session }}"),
        p("Corpslie", ("Fort", "{{ feuille.titre }}")),
        p(
            "Corpslie",
            f"Date{COLON} {{{{ feuille.jour }}}}. Horaires{COLON} {{{{ feuille.heures }}}}. "
            f"Lieu{COLON} {{{{ feuille.lieu }}}}.",
        ),
        when("not feuille.du_jury", _candidates()),
        when("feuille.du_jury", _members()),
        when("not feuille.lignes", p("Corps", "Personne n’est attendu.")),
        p("Espace"),
        _watch(),
        p("Espace"),
    )
    return {
        "word/document.xml": document(body, landscape=True, first_page=False),
        "word/styles.xml": styles(LARGE, margin_right=4.5, address=0, air=(0, 6)),
        "word/header1.xml": header(p("Entete", "{{ certificateur }}", "\t{{ rappel }}")),
        "word/footer1.xml": footer(LARGE),
    }


def _candidates() -> str:
    columns = {
        "N°": 2.4,
        "Nom et prénom": 7.3,
        "Identité vérifiée": 3.0,
        "Heure d’arrivée": 2.6,
        "Signature à l’arrivée": 5.7,
        "Signature à la sortie": 5.7,
    }
    return _to_sign(columns, ("{{ ligne.numero }}", "{{ ligne.nom }}"))


def _members() -> str:
    columns = {
        "Qualité": 6.4,
        "Nom et prénom": 7.3,
        "Heure d’arrivée": 2.6,
        "Heure de départ": 2.6,
        "Signature": 7.8,
    }
    return _to_sign(columns, ("{{ ligne.numero }}", "{{ ligne.nom }}"))


def _to_sign(columns: dict[str, float], said: tuple[str, str]) -> str:
    widths = list(columns.values())
    blank = [cell(width, p("Tableau")) for width in widths[2:]]
    return table(
        "Signatures",
        widths,
        head_row(columns, widths),
        rows(
            "ligne in feuille.lignes",
            row(
                cell(widths[0], p("Tableau", said[0])),
                cell(widths[1], p("Tableaufort", said[1])),
                *blank,
                height=1.0,
            ),
        ),
    )


def _watch() -> str:
    """Who watched signs; what happened is written beside, on the same page."""
    widths = [7.0, 6.0, 13.7]
    return table(
        "Signatures",
        widths,
        head_row(["{{ feuille.temoins }}", "Signature", "Incidents"], widths),
        rows(
            "surveillant in feuille.surveillants",
            row(
                cell(7.0, p("Tableau", "{{ surveillant.nom }}")),
                cell(6.0, p("Tableau")),
                cell(13.7, p("Tableau")),
                height=1.0,
            ),
        ),
    )
