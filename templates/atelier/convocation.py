"""The convocation: of a candidate to his épreuves, of a member to the jury."""

from atelier.briques import COLON, cell, each, head_row, p, row, rows, table, when
from atelier.feuille import ETROIT, document, footer, header
from atelier.styles import styles


def parts() -> dict[str, str]:
    body = (
        p("Destinatairenom", "{{ destinataire }}")
        + each("ligne in adresse", p("Destinataire", "{{ ligne }}"))
        + p("Lieudate")
        + p("Objet", ("Fort", "Objet"), f"{COLON}\t{{{{ objet }}}}")
        + p("Objet", ("Fort", "Référence"), f"{COLON}\t{{{{ reference }}}}")
        + p("Salutation", "{{ salutation }},")
        + each("phrase in annonce", p("Corps", "{{ phrase }}"))
        + when("creneaux", _slots(), p("Espace"))
        + each("consigne in consignes", p("Corps", "{{ consigne }}"))
        + p("Politesse", "{{ politesse }}")
        + p("Signataire", "{{ signataire }}")
        + when(
            "coupon",
            p("Titre2", "À renvoyer signé avant la séance"),
            each("phrase in coupon", p("Corps", "{{ phrase }}")),
            p("Aremplir", "\t"),
            p("Aremplir", f"{{{{ personne.prenom }}}} {{{{ personne.nom }}}}, le{COLON} \t"),
            p("Corps", "Signature" + COLON),
        )
    )
    return {
        "word/document.xml": document(body, landscape=False, first_page=True),
        "word/styles.xml": styles(ETROIT, margin_right=0, address=9.0, air=(5, 5)),
        "word/header1.xml": header(p("Entete", "{{ certificateur }}", "\t{{ reference }}")),
        "word/header2.xml": header(
            p("Expediteur", "{{ certificateur }}") + p("Contact", "{{ contact }}")
        ),
        "word/footer1.xml": footer(ETROIT),
    }


def _slots() -> str:
    widths = [5.6, 3.6, 2.6, 4.2]
    return table(
        "Liste-tableau",
        widths,
        head_row(["Épreuve", "Jour", "Horaires", "Lieu"], widths),
        rows(
            "creneau in creneaux",
            row(
                cell(5.6, p("Tableau", "{{ creneau.epreuve }}")),
                cell(3.6, p("Tableaufort", "{{ creneau.jour }}")),
                cell(2.6, p("Tableaufort", "{{ creneau.heures }}")),
                cell(4.2, p("Tableau", "{{ creneau.lieu }}")),
            ),
        ),
    )
