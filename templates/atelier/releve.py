"""The candidate's own results: a section for each bloc, compétences then critères."""

from atelier.briques import cell, each, p, row, rows, table, tag, watermark, when
from atelier.feuille import ETROIT, document, footer, header, projet_or_not
from atelier.styles import styles

HEAD = ("{{ rappel }}",)


def parts() -> dict[str, str]:
    body = (
        p("Expediteur", "{{ certificateur }}")
        + p("Titre", "{{ titre }}")
        + p("Sous-titre", "{{ intitule }}")
        + table(
            "Fiche",
            [3.2, 12.8],
            rows(
                "ligne in identite",
                row(
                    cell(3.2, p("Tableaurubrique", "{{ ligne.rubrique }}")),
                    cell(12.8, p("Tableaufort", "{{ ligne.valeur }}")),
                ),
            ),
        )
        + p("Espace")
        + when("avertissement", p("Cadre", "{{ avertissement }}"))
        + each(
            "section in sections",
            p("Titre1", "{{ section.titre }}"),
            when("section.resultat", p("Corpslie", ("Fort", "Résultat : {{ section.resultat }}"))),
            when("section.phrase", p("Corps", "{{ section.phrase }}")),
            when("section.lignes", _lines()),
        )
        + when("note", p("Mention", "{{ note }}"))
        + p("Politesse", "{{ fait }}")
        + p("Signataire", "{{ signataire }}")
    )
    return {
        "word/document.xml": document(body, landscape=False, first_page=False),
        "word/styles.xml": styles(ETROIT, margin_right=0, address=9.0, air=(0, 5)),
        "word/header1.xml": header(projet_or_not("Entete", HEAD, watermark(430, 134, 1))),
        "word/footer1.xml": footer(ETROIT),
    }


def _lines() -> str:
    widths = [1.6, 11.4, 3.0]
    return table(
        "Liste-serree",
        widths,
        rows(
            "ligne in section.lignes",
            row(
                cell(1.6, p("Serre", "{{ ligne.code }}")),
                cell(
                    11.4,
                    tag("{%p if ligne.partie %}"),
                    p("Serreen-tete", "{{ ligne.intitule }}"),
                    tag("{%p else %}"),
                    p("Serre", "{{ ligne.intitule }}"),
                    tag("{%p endif %}"),
                    each("dit in ligne.dits", p("Tableaumention", "{{ dit }}")),
                ),
                cell(3.0, p("Serrefort", "{{ ligne.resultat }}")),
            ),
        ),
    )
