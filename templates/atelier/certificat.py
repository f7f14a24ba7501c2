"""A certificate: the whole certification's, or a bloc's. Sober: the mandatory mentions, no more."""

from atelier.briques import p, when
from atelier.feuille import document, header, raw_footer
from atelier.styles import styles


def parts() -> dict[str, str]:
    body = (
        p("Certificateur", "{{ certificateur }}")
        + p("Centre", ("Discret", "{{ adresse_certificateur }}"))
        + p("Certificat", "{{ titre }}")
        + p("Objetcertifie", "{{ objet }}")
        + when("est_bloc", p("Centre", "{{ rattachement }}"))
        + p("Centre", "délivré à")
        + p("Titulaire", "{{ titulaire }}")
        + p("Centre", "{{ naissance }}")
        + when("mention", p("Centre", ("Fort", "{{ mention }}")))
        + p("Centre", "{{ decision }}")
        + p("Centremention", "{{ enregistrement }}")
        + p("Centremention", "{{ niveau }} {{ nsf }}")
        + when("validite", p("Centremention", "{{ validite }}"))
        + p("Faitcertificat", "{{ fait }}")
        + p("Signatairecertificat", "{{ signataire }}")
        + when("numero", p("Centremention", "Certificat n°\u00a0{{ numero }}"))
        + when("not numero", p("Centremention", "Référence\u00a0: {{ reference }}"))
    )
    return {
        "word/document.xml": document(body, landscape=True, first_page=False, framed=True),
        "word/styles.xml": styles(26.7, margin_right=0, address=15.0, air=(0, 4)),
        "word/header1.xml": header(p("Pied")),
        "word/footer1.xml": raw_footer(when("exemple", p("Centremention", "{{ exemple }}"))),
    }
