"""The jury's summary sheet: a page for each candidate, signed beside the procès-verbal."""

from atelier.briques import COLON, cell, each, head_row, p, row, rows, table, watermark, when
from atelier.feuille import LARGE, document, footer, header, projet_or_not
from atelier.styles import styles

HEAD = ("{{ certificateur }}", "\t{{ rappel }}")


def parts() -> dict[str, str]:
    body = when("vide", p("Titre", "{{ titre }}"), p("Corps", "{{ vide }}")) + each(
        "fiche in fiches",
        p("Titrepage", "{{ fiche.candidat }}"),
        p("Sous-titre", "{{ certification }}, jury du {{ date }}"),
        when("exemple", p("Mention", "{{ exemple }}")),
        p(
            "Corpslie",
            f"Voie d’accès{COLON} {{{{ fiche.voie }}}}. Parcours{COLON} {{{{ fiche.parcours }}}}. "
            f"Présence{COLON} {{{{ fiche.presence }}}}.",
        ),
        when("fiche.lignes", _outcomes()),
        p("Constat", ("Fort", f"Décision du jury{COLON} {{{{ fiche.issue }}}}")),
        when(
            "fiche.preconisations",
            p("Corpslie", ("Fort", f"Préconisations du jury{COLON}")),
            each("said in fiche.preconisations", p("Liste", "{{ said }}")),
        ),
        when(
            "fiche.sans_preconisation",
            p("Corps", f"Préconisations du jury{COLON} {{{{ fiche.sans_preconisation }}}}"),
        ),
        when(
            "not fiche.preconisations and not fiche.sans_preconisation",
            p("Aremplir", f"Préconisations du jury{COLON} \t"),
            p("Aremplir", "\t"),
        ),
        p("Corpslie", "Le jury est souverain. Signatures des membres présents" + COLON),
        when("fiche.membres", _signatures()),
        p("Espace"),
    )
    return {
        "word/document.xml": document(body, landscape=True, first_page=False),
        "word/styles.xml": styles(LARGE, margin_right=4.5, address=0, air=(0, 6)),
        "word/header1.xml": header(projet_or_not("Entete", HEAD, watermark(480, 150, 1))),
        "word/footer1.xml": footer(LARGE),
    }


def _outcomes() -> str:
    columns = {
        "Objet": (2.2, "Serrefort", "{{ ligne.objet }}"),
        "Intitulé": (6.5, "Serre", "{{ ligne.intitule }}"),
        "Proposé par le calcul": (3.0, "Serre", "{{ ligne.propose }}"),
        "Pourquoi": (6.5, "Serre", "{{ ligne.pourquoi }}"),
        "Décidé par le jury": (3.0, "Serrefort", "{{ ligne.decide }}"),
        "Motif": (5.5, "Serre", "{{ ligne.motif }}"),
    }
    widths = [width for width, _, _ in columns.values()]
    return table(
        "Liste-serree",
        widths,
        row(*(cell(w, p("Serreen-tete", name)) for name, (w, _, _) in columns.items()), head=True),
        rows("ligne in fiche.lignes", row(*(cell(w, p(s, c)) for w, s, c in columns.values()))),
    )


def _signatures() -> str:
    widths = [7.0, 8.0]
    return table(
        "Signatures",
        widths,
        head_row(["Nom", "Signature"], widths),
        rows(
            "membre in fiche.membres",
            row(
                cell(7.0, p("Tableaulie", "{{ membre.nom }}")),
                cell(8.0, p("Tableaumention", "{{ membre.retrait }}")),
                height=0.85,
            ),
        ),
    )
