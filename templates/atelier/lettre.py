"""The letter that tells a candidate his result."""

from atelier.briques import COLON, cell, each, head_row, p, row, rows, table, watermark, when
from atelier.feuille import ETROIT, document, footer, header, projet_or_not
from atelier.styles import styles

LETTER_HEAD = ("{{ certificateur }}", "\t{{ reference }}")


def parts() -> dict[str, str]:
    body = (
        p("Destinatairenom", "{{ destinataire }}")
        + each("ligne in adresse", p("Destinataire", "{{ ligne }}"))
        + p("Lieudate", "{{ lieu_date }}")
        + when("projet", p("Cadre", "{{ mention_projet }}"))
        + p("Objet", ("Fort", "Objet"), f"{COLON}\t{{{{ objet }}}}")
        + p("Objet", ("Fort", "Référence"), f"{COLON}\t{{{{ reference }}}}")
        + p("Salutation", "{{ salutation }},")
        + each("phrase in annonce", p("Corps", "{{ phrase }}"))
        + _outcomes()
        + each(
            "raison in raisons",
            p("Corps", "{{ raison.phrase }}"),
            each("point in raison.points", p("Liste", "{{ point }}")),
        )
        + each("option in options", p("Corps", "{{ option }}"))
        + each("suite in suites", p("Corps", "{{ suite }}"))
        + p("Titre2", "Voie de recours")
        + p("Corps", "{{ recours | join(' ') }}")
        + p("Politesse", "{{ politesse }}")
        + p("Signataire", "{{ signataire }}")
    )
    letterhead = projet_or_not("Expediteur", ("{{ certificateur }}",), watermark(430, 134, 2))
    return {
        "word/document.xml": document(body, landscape=False, first_page=True),
        "word/styles.xml": styles(ETROIT, margin_right=0, address=9.0, air=(5, 5)),
        "word/header1.xml": header(projet_or_not("Entete", LETTER_HEAD, watermark(430, 134, 1))),
        "word/header2.xml": header(letterhead + p("Contact", "{{ contact }}")),
        "word/footer1.xml": footer(ETROIT),
    }


def _outcomes() -> str:
    widths = [7.9, 2.6, 5.5]
    names = ["{{ tableau.sujet }}", "Résultat", "Ce que cela veut dire"]
    return when(
        "tableau.lignes",
        table(
            "Liste-tableau",
            widths,
            head_row(names, widths),
            rows(
                "ligne in tableau.lignes",
                row(
                    cell(
                        widths[0],
                        p(
                            "Tableau",
                            ("Fort", "{{ ligne.code }}"),
                            "{% if ligne.intitule %}",
                            COLON,
                            " {{ ligne.intitule }}{% endif %}",
                        ),
                    ),
                    cell(widths[1], p("Tableaufort", "{{ ligne.resultat }}")),
                    cell(widths[2], p("Tableau", "{{ ligne.sens }}")),
                ),
            ),
        ),
        p("Espace"),
    )
