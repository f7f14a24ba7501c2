"""The procès-verbal."""

from atelier.briques import (
    COLON,
    cell,
    cells,
    each,
    head_row,
    p,
    row,
    rows,
    table,
    tag,
    watermark,
    when,
)
from atelier.feuille import LARGE, document, footer, header, projet_or_not
from atelier.styles import styles

PV_HEAD = ("{{ certificateur }}", "\t{{ titre }}, session {{ session }}")


def parts() -> dict[str, str]:
    body = (
        p("Titre", "{{ titre }}")
        + p("Sous-titre", "{{ intitule }}")
        + when("exemple", p("Cadre", "{{ exemple }}"))
        + _identity()
        + when("rectifie", p("Titre1", "Objet du rectificatif"), _rectification())
        + when(
            "not rectifie",
            p("Titre1", "Composition du jury"),
            _members(),
            p("Titre1", "Règles d’obtention"),
            each("regle in regles", p("Liste", "{{ regle }}")),
        )
        + when(
            "not rectifie or resultats.lignes",
            p("Titre1", "{{ resultats.titre }}"),
            _results(),
        )
        + when(
            "not rectifie or ecarts",
            p("Titre1", "Décisions qui s’écartent de la proposition"),
            _departures(),
        )
        + when(
            "divergences and not rectifie",
            p("Titre1", "Divergences entre évaluateurs"),
            _differences(),
        )
        + when(
            "not rectifie or motivations",
            p("Titre1", "Résultats à motiver"),
            each(
                "cas in motivations",
                p("Personne", ("Fort", "{{ cas.candidat }}"), f"{COLON} {{{{ cas.issue }}}}"),
                each("raison in cas.raisons", p("Liste", "{{ raison }}")),
            ),
            when("not motivations", p("Corps", "Il n’y en a pas.")),
        )
        + when(
            "absences and not rectifie",
            p("Titre1", "Absences et résultats en attente"),
            each(
                "liste in absences",
                p("Corps", ("Fort", "{{ liste.rubrique }}"), f"{COLON} {{{{ liste.noms }}}}"),
            ),
        )
        + when(
            "preconisations",
            p("Titre1", "Préconisations du jury"),
            each(
                "said in preconisations",
                p(
                    "Liste",
                    ("Fort", "{{ said.candidat }}"),
                    ", {{ said.objet }}" + COLON + " {{ said.texte }}",
                ),
            ),
        )
        + when("not rectifie", p("Titre1", "Déroulement de la séance"), _sitting())
        # With the body's decision under it, on a page of their own: no decision stands alone.
        + when("titre_instance", p("Titre1page", "Signatures"))
        + when("not titre_instance", p("Titre1", "Signatures"))
        + p("Corpslie", "{{ fait }} Le jury est souverain.")
        + when("signatures", _signatures("signatures_debut"))
        + when("not signatures", p("Corps", "Aucun membre du jury n’est inscrit."))
        # Of a jury that fills a page, the last ones sign beside the decision.
        + when(
            "signatures_suite",
            p("Titre1page", "Signatures (suite)"),
            _signatures("signatures_suite"),
        )
        + when("titre_instance", p("Titre1", "{{ titre_instance }}"), _instance())
        + p("Espace")
    )
    return {
        "word/document.xml": document(body, landscape=True, first_page=False),
        "word/styles.xml": styles(LARGE, margin_right=4.5, address=0, air=(0, 6)),
        "word/header1.xml": header(projet_or_not("Entete", PV_HEAD, watermark(480, 150, 1))),
        "word/footer1.xml": footer(LARGE),
    }


def _identity() -> str:
    sides = [
        part
        for side, widths in (("gauche", (2.9, 11.2)), ("droite", (4.2, 8.4)))
        for part in (
            cell(widths[0], p("Tableaurubrique", f"{{{{ ligne.{side}.rubrique }}}}")),
            cell(widths[1], p("Tableau", f"{{{{ ligne.{side}.valeur }}}}")),
        )
    ]
    return table("Fiche", [2.9, 11.2, 4.2, 8.4], rows("ligne in identite", row(*sides)))


def _members() -> str:
    columns = {
        "Nom et prénom": 5.6,
        "Fonction": 5.4,
        "Qualité": 4.6,
        "Collège": 2.2,
        "Extérieur": 1.8,
        "Présent": 2.5,
        "Émargement": 4.6,
    }
    widths = list(columns.values())
    return (
        when(
            "membres",
            table(
                "Liste-tableau",
                widths,
                head_row(columns, widths),
                rows(
                    "membre in membres",
                    row(
                        cell(
                            widths[0],
                            p("Tableaufort", "{{ membre.nom }}"),
                            when("membre.preside", p("Tableaumention", "préside le jury")),
                        ),
                        cell(widths[1], p("Tableau", "{{ membre.fonction }}")),
                        cell(widths[2], p("Tableau", "{{ membre.qualite }}")),
                        cell(widths[3], p("Tableau", "{{ membre.college }}")),
                        cell(widths[4], p("Tableau", "{{ membre.exterieur }}")),
                        cell(
                            widths[5],
                            p("Tableau", "{{ membre.present }}"),
                            each("said in membre.passages", p("Tableaumention", "{{ said }}")),
                        ),
                        cell(widths[6], p("Tableau", "{% if membre.absent %}–{% endif %}")),
                        height=1.0,
                    ),
                ),
            ),
        )
        + p("Constat", "{{ composition }}")
        + when(
            "manques",
            p("Corpslie", ("Alerte", f"La composition n’est pas conforme au règlement{COLON}")),
            each("manque in manques", p("Liste", "{{ manque }}")),
        )
        + when(
            "obstacles",
            p("Corpslie", ("Alerte", f"Avant que ce procès-verbal soit définitif{COLON}")),
            each("obstacle in obstacles", p("Liste", "{{ obstacle }}")),
        )
    )


def _results() -> str:
    return (
        p("Corpslie", "{{ resultats.intro }}")
        + when("resultats.vide", p("Corps", "{{ resultats.vide }}"))
        + when(
            "resultats.lignes",
            when(
                "resultats.large",
                _results_table("Tableau", [1.5, 4.95, 3.25, 3.55, 1.85], [2.6] * 3, 3.8),
            ),
            when(
                "resultats.serre",
                _results_table("Serre", [1.25, 3.7, 2.65, 1.95, 1.7], [2.2] * 6, 2.25),
            ),
            when(
                "resultats.en_codes",
                _results_table("Serre", [1.3, 4.3, 2.75, 2.6, 1.7], [1.2] * 8, 2.8),
            ),
            when("resultats.note", p("Mention", "{{ resultats.note }}")),
            when("totaux", p("Constat", ("Fort", "{{ totaux }}"))),
            when("resultats.intitules", entries("resultats.intitules", "code", "intitule")),
            entries("legende", "mot", "sens"),
        )
    )


def _results_table(look: str, widths: list[float], blocs: list[float], outcome: float) -> str:
    """The widths are those of so many blocs; for another number, all are scaled to fit."""
    titles = ["N°", "Nom et prénom", "Voie d’accès", "Parcours", "Présence"]
    name = (
        p(f"{look}fort", "{{ ligne.nom }}"),
        each("mention in ligne.mentions", p("Tableaumention", "{{ mention }}")),
    )
    content = [
        (p(look, "{{ ligne.numero }}"),),
        name,
        (p(look, "{{ ligne.voie }}"),),
        (p(look, "{{ ligne.parcours }}"),),
        (p(look, "{{ ligne.presence }}"),),
    ]
    head = f"{look}en-tete"
    return table(
        "Liste-serree" if look == "Serre" else "Liste-tableau",
        [*widths, *blocs, outcome],
        row(
            *(cell(w, p(head, title)) for title, w in zip(titles, widths, strict=True)),
            cells("colonne in resultats.colonnes", cell(blocs[0], p(head, "{{ colonne }}"))),
            cell(outcome, p(head, "{{ resultats.issue }}")),
            head=True,
        ),
        rows(
            "ligne in resultats.lignes",
            row(
                *(cell(w, *said) for said, w in zip(content, widths, strict=True)),
                cells(
                    "cellule in ligne.cellules",
                    cell(
                        blocs[0],
                        p(look, "{{ cellule.mot }}"),
                        each("mention in cellule.mentions", p("Tableaumention", "{{ mention }}")),
                    ),
                ),
                cell(outcome, p(f"{look}fort", "{{ ligne.issue }}")),
            ),
        ),
        total=LARGE,
    )


def entries(items: str, word: str, meaning: str) -> str:
    """« word : meaning ; word : meaning. », the words in bold."""
    stop = "{% if loop.last %}.{% else %}\u202f; {% endif %}"
    return p(
        "Mention",
        f"{{% for entree in {items} %}}",
        ("Fort", f"{{{{ entree.{word} }}}}"),
        f"{COLON} {{{{ entree.{meaning} }}}}{stop}{{% endfor %}}",
    )


def _departures() -> str:
    columns = {
        "N°": (1.8, "Tableau", "{{ ecart.numero }}"),
        "Nom et prénom": (5.6, "Tableaufort", "{{ ecart.candidat }}"),
        "Objet": (2.4, "Tableau", "{{ ecart.objet }}"),
        "Proposition": (3.6, "Tableau", "{{ ecart.propose }}"),
        "Décision": (3.6, "Tableaufort", "{{ ecart.decide }}"),
        "Motif du jury": (9.7, "Tableau", "{{ ecart.motif }}"),
    }
    return when("ecarts", _list("ecart in ecarts", columns)) + when(
        "not ecarts", p("Corps", "Aucune décision ne s’écarte de la proposition.")
    )


def _differences() -> str:
    columns = {
        "N°": (1.8, "Tableau", "{{ cas.numero }}"),
        "Nom et prénom": (5.6, "Tableaufort", "{{ cas.candidat }}"),
        "Critère": (2.4, "Tableau", "{{ cas.objet }}"),
        "Avis des évaluateurs": (5.2, "Tableau", "{{ cas.avis }}"),
        "Tranché par le jury": (3.6, "Tableaufort", "{{ cas.decide }}"),
        "Motif du jury": (8.1, "Tableau", "{{ cas.motif }}"),
    }
    return _list("cas in divergences", columns)


def _rectification() -> str:
    return (
        p("Corps", "{{ rectifie }}")
        + p("Corpslie", ("Fort", f"Motif{COLON} "), "{{ motif }}")
        + _list(
            "un in changements",
            {
                "Objet": (9.1, "Tableaufort", "{{ un.objet }}"),
                "Au lieu de": (8.8, "Tableau", "{{ un.avant }}"),
                "Lire": (8.8, "Tableaufort", "{{ un.apres }}"),
            },
        )
    )


def _sitting() -> str:
    widths = [1.8, 5.6, 8.4, 2.6, 8.3]
    titles = ["N°", "Nom et prénom", "Ne délibèrent pas", "Délibèrent", "Qui"]
    return (
        when(
            "retraits",
            table(
                "Liste-tableau",
                widths,
                head_row(titles, widths),
                rows(
                    "cas in retraits",
                    row(
                        cell(widths[0], p("Tableau", "{{ cas.numero }}")),
                        cell(widths[1], p("Tableaufort", "{{ cas.candidat }}")),
                        cell(
                            widths[2],
                            each("said in cas.sans", p("Tableau", "{{ said }}")),
                        ),
                        cell(widths[3], p("Tableau", "{{ cas.nombre }}")),
                        cell(widths[4], p("Tableau", "{{ cas.avec }}")),
                    ),
                ),
            ),
        )
        + p("Constat", "{{ retraits_note }}")
        + when("scrutin", p("Constat", "{{ scrutin }}"))
        + when(
            "voix",
            _list(
                "vote in voix",
                {
                    "N°": (1.8, "Tableau", "{{ vote.numero }}"),
                    "Nom et prénom": (6.5, "Tableaufort", "{{ vote.candidat }}"),
                    "Objet": (3.4, "Tableau", "{{ vote.objet }}"),
                    "Décision": (7.5, "Tableaufort", "{{ vote.decide }}"),
                    "Pour": (2.3, "Tableau", "{{ vote.pour }}"),
                    "Contre": (2.3, "Tableau", "{{ vote.contre }}"),
                    "Abstentions": (2.9, "Tableau", "{{ vote.abstentions }}"),
                },
            ),
        )
        + when(
            "faits",
            p("Personne", ("Fort", f"Faits portés au procès-verbal{COLON}")),
            each(
                "fait in faits",
                p(
                    "Liste",
                    "{% if fait.heure %}{{ fait.heure }}" + COLON + " {% endif %}{{ fait.texte }}",
                ),
            ),
        )
        + when("faits_note", p("Corps", "{{ faits_note }}"))
    )


def _list(loop: str, columns: dict[str, tuple[float, str, str]]) -> str:
    """A table with a row for each item: title -> width, style, content."""
    widths = [width for width, _, _ in columns.values()]
    return table(
        "Liste-tableau",
        widths,
        head_row(columns, widths),
        rows(loop, row(*(cell(w, p(s, c)) for w, s, c in columns.values()))),
    )


def _signatures(lines: str) -> str:
    widths = [6.05, 7.3, 6.05, 7.3]
    names = ["Nom et qualité", "Signature"] * 2
    sides = [
        part
        for side in ("gauche", "droite")
        for part in (
            cell(
                widths[0],
                f"{tag(f'{{%p if ligne.{side}.nom %}}')}"
                + p("Tableaulie", ("Fort", f"{{{{ ligne.{side}.nom }}}}"))
                + p("Tableaumentionliee", f"{{{{ ligne.{side}.titre }}}}")
                + tag("{%p else %}")
                + p("Tableaulie")
                + tag("{%p endif %}"),
            ),
            cell(
                widths[1],
                p("Tableaumentionliee", f"{{% if ligne.{side}.absent %}}Absence{{% endif %}}"),
            ),
        )
    ]
    return table(
        "Signatures",
        widths,
        head_row(names, widths),
        rows(f"ligne in {lines}", row(*sides, height=1.4)),
    )


def _instance() -> str:
    widths = [15.4, 4.0, 7.3]
    names = ["Décision", "Date", "Nom et signature"]
    return p(
        "Corpslie", "{{ instance }}, au vu de ce procès-verbal, prend la décision suivante."
    ) + table(
        "Signatures",
        widths,
        head_row(names, widths),
        row(
            cell(widths[0], p("Tableau")),
            cell(widths[1], p("Tableau", "{{ date_instance }}")),
            cell(widths[2], p("Tableau")),
            height=2.6,
        ),
    )
