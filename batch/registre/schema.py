"""The tables of the register, migration after migration: each script takes it one version further.

Decisions, certificates and acts are only ever added to: triggers refuse anything else, whatever
program opens the file. What a rectificatif changes is one more record.
"""

# « JURY » in ASCII: how a file says that it is one of ours.
APPLICATION = 0x4A555259

_REGISTRE = """
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    empreinte TEXT NOT NULL,       -- of its secret: two sessions never share a number unnoticed
    referentiel TEXT NOT NULL,
    intitule TEXT NOT NULL,
    date_jury TEXT NOT NULL,
    jour_decision TEXT,            -- when the outcome became one; NULL until the body has decided
    connue_le TEXT NOT NULL
);
CREATE TABLE actes (
    session TEXT NOT NULL REFERENCES sessions (id),
    rang INTEGER NOT NULL CHECK (rang > 0),
    numero TEXT NOT NULL,
    motif TEXT,                    -- of a rectificatif
    inscrit_le TEXT NOT NULL,
    PRIMARY KEY (session, rang)
);
CREATE TABLE personnes (
    id INTEGER PRIMARY KEY,
    cle TEXT NOT NULL UNIQUE,      -- the exact civil identity, whatever its capitals and spaces
    nom_naissance TEXT NOT NULL,
    nom_usage TEXT,
    prenoms TEXT NOT NULL,
    date_naissance TEXT NOT NULL,
    commune_naissance TEXT NOT NULL,
    pays_naissance TEXT NOT NULL
);
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    rang INTEGER NOT NULL,
    candidat TEXT NOT NULL,
    personne INTEGER NOT NULL REFERENCES personnes (id),
    objet TEXT NOT NULL,           -- a bloc's code, or '' for the whole certification
    resultat TEXT NOT NULL,
    UNIQUE (session, rang, candidat, objet),
    FOREIGN KEY (session, rang) REFERENCES actes (session, rang)
);
CREATE TABLE retraits (
    id INTEGER PRIMARY KEY,
    session TEXT NOT NULL,
    rang INTEGER NOT NULL,         -- the act that takes it back
    candidat TEXT NOT NULL,
    objet TEXT NOT NULL,
    motif TEXT NOT NULL,
    UNIQUE (session, rang, candidat, objet),
    FOREIGN KEY (session, rang) REFERENCES actes (session, rang)
);
CREATE TABLE certificats (
    numero INTEGER PRIMARY KEY CHECK (numero > 0),
    session TEXT NOT NULL REFERENCES sessions (id),
    candidat TEXT NOT NULL,
    objet TEXT NOT NULL,
    tire_le TEXT NOT NULL,
    UNIQUE (session, candidat, objet)
);
CREATE VIEW en_vigueur AS
    SELECT * FROM decisions AS d WHERE rang = (
        SELECT MAX(rang) FROM decisions AS e
        WHERE (e.session, e.candidat, e.objet) = (d.session, d.candidat, d.objet)
    );
CREATE VIEW blocs_acquis AS
    SELECT v.personne, v.session, v.candidat, v.objet AS bloc, s.referentiel,
           s.jour_decision AS jour, a.numero AS proces_verbal, c.numero AS certificat
    FROM en_vigueur AS v
    JOIN sessions AS s ON s.id = v.session
    JOIN actes AS a ON (a.session, a.rang) = (v.session, v.rang)
    LEFT JOIN certificats AS c
        ON (c.session, c.candidat, c.objet) = (v.session, v.candidat, v.objet)
    WHERE v.objet <> '' AND v.resultat = 'valide';
"""

_DECLARATIONS = """
CREATE TABLE flux (
    id TEXT PRIMARY KEY,           -- idFlux
    fichier TEXT NOT NULL,
    fait_le TEXT NOT NULL
);
CREATE TABLE declarations (
    id INTEGER PRIMARY KEY,
    flux TEXT NOT NULL REFERENCES flux (id),
    id_technique TEXT NOT NULL,
    session TEXT NOT NULL REFERENCES sessions (id),
    candidat TEXT NOT NULL,
    empreinte TEXT NOT NULL,       -- of everything that was declared of him
    UNIQUE (flux, id_technique)
);
CREATE TABLE accuses (
    flux TEXT NOT NULL,
    id_technique TEXT NOT NULL,
    etat TEXT NOT NULL CHECK (etat IN ('acceptee', 'rejetee')),
    raisons TEXT NOT NULL,
    recu_le TEXT NOT NULL,
    PRIMARY KEY (flux, id_technique),
    FOREIGN KEY (flux, id_technique) REFERENCES declarations (flux, id_technique)
);
"""


def _only_added_to(*tables: str) -> str:
    return "".join(
        f"CREATE TRIGGER {table}_{event} BEFORE {event} ON {table} BEGIN "
        f"SELECT RAISE(ABORT, 'une ligne du registre ne se change pas'); END;\n"
        for table in tables
        for event in ("UPDATE", "DELETE")
    )


# « Mois » or « Année » where the état civil says no more; date_naissance is then its first day.
_NAISSANCE = "ALTER TABLE personnes ADD COLUMN naissance_connue TEXT;\n"

MIGRATIONS = (
    _REGISTRE + _only_added_to("actes", "decisions", "retraits", "certificats"),
    _DECLARATIONS + _only_added_to("flux", "declarations", "accuses"),
    _NAISSANCE,
)
