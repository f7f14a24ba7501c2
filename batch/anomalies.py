"""Every sentence about somebody's file, in one place: code, gravity, what is wrong, what to do.

A fault in a file is a value (`Anomalie`), gathered with the others in one pass. What prevents the
run altogether is an exception (`Empechement`), one sentence. A bug is neither: it keeps its
traceback.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, StrEnum

from batch.francais import typographie


class Gravite(StrEnum):
    BLOQUANTE = "bloquante"
    A_VERIFIER = "a_verifier"
    INFORMATION = "information"

    @property
    def mot(self) -> str:
        return {"bloquante": "bloquant", "a_verifier": "à vérifier", "information": "info"}[self]


@dataclass(frozen=True, slots=True, order=True)
class Lieu:
    """A place as the reader's own program shows it: file, sheet, A1 address, or line of a text."""

    fichier: str = ""
    feuille: str = ""
    cellule: str = ""
    ligne: int | None = None

    def __str__(self) -> str:
        place = self.fichier
        if self.ligne is not None:
            place += f", ligne {self.ligne}"
        if self.feuille:
            # The names are other people's: they stand as they are, to be found on the disk.
            place += f", feuille «\u00a0{self.feuille}\u00a0»"
        if self.cellule:
            place += f", cellule {self.cellule}"
        return place.removeprefix(", ")


@dataclass(frozen=True, slots=True)
class Anomalie:
    code: "Code"
    lieu: Lieu
    message: str
    remede: str
    # Whose results wait for this to be mended; empty when nobody's do.
    candidats: tuple[str, ...] = ()

    @property
    def gravite(self) -> Gravite:
        return self.code.gravite

    @property
    def bloquante(self) -> bool:
        return self.gravite is Gravite.BLOQUANTE

    def as_json(self) -> dict[str, str | None]:
        return {
            "code": self.code.numero,
            "gravite": self.gravite.value,
            "fichier": self.lieu.fichier or None,
            "feuille": self.lieu.feuille or None,
            "cellule": self.lieu.cellule
            or (f"ligne {self.lieu.ligne}" if self.lieu.ligne is not None else None),
            "message": self.message,
            "remede": self.remede,
        }

    def __str__(self) -> str:
        head = f"{self.code.numero}  {self.gravite.mot:<10}  {self.lieu}".rstrip()
        return f"{head}\n         {self.message}\n         À faire : {self.remede}"


_BLOQUANTE, _A_VERIFIER, _INFORMATION = Gravite.BLOQUANTE, Gravite.A_VERIFIER, Gravite.INFORMATION


class Code(Enum):
    """FIC: a file; YML: a text of rules; SES: session.xlsx; GRI: a grid; JUR, DOC: the jury;
    REF: a référentiel."""

    # fmt: off
    FICHIER_IGNORE = ("FIC-001", _INFORMATION,
        "{nom} n'a pas été lu : {raison}.",
        "Rien, si ce fichier n'est pas une grille ; sinon, redéposez la grille au format .xlsx.")
    FICHIER_VIDE = ("FIC-002", _BLOQUANTE,
        "{nom} est vide (0 octet).",
        "Redemandez la grille à l'évaluateur : l'envoi ou la copie a échoué.")
    FICHIER_CHIFFRE = ("FIC-003", _BLOQUANTE,
        "{nom} est protégé par un mot de passe ou c'est un ancien classeur .xls.",
        "Ouvrez-le, retirez le mot de passe d'ouverture, enregistrez-le au format .xlsx "
        "et redéposez-le.")
    FICHIER_PAS_CLASSEUR = ("FIC-004", _BLOQUANTE,
        "{nom} n'est pas un classeur Excel lisible : {raison}.",
        "Redemandez la grille à l'évaluateur, au format .xlsx.")
    FICHIER_TROP_GROS = ("FIC-005", _BLOQUANTE,
        "{nom} dépasse ce qu'une grille peut peser : {raison}.",
        "Ne l'ouvrez pas ; redemandez la grille à l'évaluateur.")
    FICHIER_SANS_GRILLE = ("FIC-006", _BLOQUANTE,
        "{nom} est un classeur, mais aucune de ses feuilles n'est une grille de cette session.",
        "Vérifiez que c'est bien la grille envoyée, et non une copie retapée à la main.")
    RETOURS_VIDE = ("FIC-007", _A_VERIFIER,
        "Le dossier {nom} ne contient aucune grille.",
        "Déposez-y les classeurs reçus des évaluateurs, puis relancez la commande.")
    FICHIER_FORMAT_LIBRE = ("FIC-008", _INFORMATION,
        "{nom} a été enregistré au format .ods : ses valeurs ont été lues.",
        "Rien ; de préférence, demandez le format .xlsx, qui garde toutes les protections.")

    YAML_ILLISIBLE = ("YML-001", _BLOQUANTE,
        "Le texte n'est pas du YAML lisible : {raison}.",
        "Corrigez la ligne indiquée ; souvent une indentation, un « : » ou un guillemet manquant.")
    YAML_DOUBLE = ("YML-002", _BLOQUANTE,
        "La rubrique « {rubrique} » est écrite deux fois au même endroit.",
        "Ne gardez que la bonne.")
    YAML_MANQUE = ("YML-003", _BLOQUANTE,
        "La rubrique « {rubrique} » manque.",
        "Ajoutez-la.")
    YAML_INCONNUE = ("YML-004", _BLOQUANTE,
        "La rubrique « {rubrique} » n'existe pas ici{suggestion}.",
        "Corrigez son nom ou retirez-la.")
    YAML_VALEUR = ("YML-005", _BLOQUANTE,
        "« {rubrique} » vaut « {valeur} » : {attendu}.",
        "Corrigez la valeur.")
    REFERENCE_INCONNUE = ("YML-006", _BLOQUANTE,
        "« {rubrique} » cite « {valeur} », qui n'existe pas dans le référentiel{suggestion}.",
        "Corrigez le code cité, ou ajoutez ce qui manque.")
    IDENTIFIANT_DOUBLE = ("YML-007", _BLOQUANTE,
        "L'identifiant « {valeur} » est donné deux fois.",
        "Donnez à chaque élément un identifiant à lui.")
    REGLE_VIDE = ("YML-008", _BLOQUANTE,
        "La règle « {rubrique} » doit dire une condition et une seule : toutes, au_moins, "
        "proportion, moyenne ou somme ; elle en dit {combien}.",
        "Gardez-en une.")
    REGLE_MANQUANTE = ("YML-009", _BLOQUANTE,
        "Aucune règle pour {niveau} : le résultat ne pourrait pas être calculé.",
        "Ajoutez la règle « {rubrique} ».")
    REGLE_INAPPLICABLE = ("YML-010", _BLOQUANTE,
        "La règle « {rubrique} » ne peut pas s'appliquer : {raison}.",
        "Corrigez la règle ou l'échelle.")
    ECHELLE_AMBIGUE = ("YML-011", _BLOQUANTE,
        "Deux niveaux de l'échelle se confondent à la saisie : {niveaux}.",
        "Donnez-leur des codes et des libellés distincts.")
    REFERENTIEL_AUTRE = ("YML-012", _BLOQUANTE,
        "Ce règlement est écrit pour le référentiel « {ecrit_pour} », "
        "la session porte sur « {attendu} ».",
        "Prenez le règlement de cette certification.")
    ELIMINATOIRE_OPTION = ("YML-014", _BLOQUANTE,
        "« {rubrique} » rend éliminatoire « {valeur} », qui relève d'une option : un candidat qui "
        "ne la présente pas ne pourrait pas la manquer.",
        "Retirez-la des éliminatoires.")
    ECHELLE_A_L_ENVERS = ("YML-015", _A_VERIFIER,
        "Le niveau « {haut} » satisfait le critère et vaut moins que « {bas} », qui ne le "
        "satisfait pas : une meilleure appréciation pourrait faire perdre un bloc.",
        "Vérifiez « valeur » et « satisfait » de ces niveaux.")
    RUBRIQUE_VIDE = ("YML-013", _BLOQUANTE,
        "« {rubrique} » est vide, et un document officiel l'imprime.",
        "Écrivez le texte voulu par le certificateur.")

    SESSION_FEUILLE_MANQUE = ("SES-001", _BLOQUANTE,
        "La feuille « {feuille} » manque.",
        "Rétablissez-la, ou repartez d'un classeur neuf (jury session) et recopiez vos lignes.")
    SESSION_COLONNE_MANQUE = ("SES-002", _BLOQUANTE,
        "La colonne « {colonne} » manque.",
        "Rétablissez ce titre dans la ligne des titres, tel quel.")
    SESSION_COLONNE_INCONNUE = ("SES-003", _INFORMATION,
        "La colonne « {colonne} » n'est pas connue{suggestion} : elle n'est pas lue.",
        "Rien, si elle ne sert qu'à vous.")
    VALEUR_MANQUE = ("SES-004", _BLOQUANTE,
        "« {colonne} » n'est pas renseigné.",
        "Renseignez la cellule. {aide}")
    VALEUR_HORS_LISTE = ("SES-005", _BLOQUANTE,
        "« {valeur} » n'est pas une valeur de « {colonne} »{suggestion}.",
        "Choisissez dans la liste : {permis}.")
    VALEUR_MAL_ECRITE = ("SES-006", _BLOQUANTE,
        "« {valeur} » n'est pas acceptable pour « {colonne} ».",
        "{aide}")
    VALEUR_DOUBLE = ("SES-007", _BLOQUANTE,
        "« {valeur} » est déjà donné pour « {colonne} » plus haut.",
        "Supprimez la ligne en double, ou corrigez l'une des deux.")
    CODE_INCONNU = ("SES-008", _BLOQUANTE,
        "« {colonne} » cite « {valeur} », qui n'existe pas{suggestion}.",
        "Corrigez le code. Connus : {connus}.")
    PERSONNE_DOUBLE = ("SES-009", _A_VERIFIER,
        "{personne} a la même identité et la même date de naissance qu'à la ligne {autre}.",
        "Si c'est la même personne, supprimez une ligne ; si ce sont deux homonymes, rien.")
    EVALUATEUR_SANS_COURRIEL = ("SES-010", _A_VERIFIER,
        "{personne} n'a pas d'adresse électronique : sa grille ne pourra pas lui être envoyée.",
        "Ajoutez l'adresse, ou remettez-lui la grille autrement.")
    RIEN_A_EVALUER = ("SES-011", _BLOQUANTE,
        "Personne n'évalue {qui} pour {quoi}.",
        "Ajoutez une ligne à la feuille « Affectations ».")
    VOIE_FERMEE = ("SES-012", _BLOQUANTE,
        "La voie d'accès « {voie} » n'est pas ouverte par le règlement de la session.",
        "Corrigez la voie du candidat, ou le règlement.")
    SESSION_TABLE_VIDE = ("SES-013", _BLOQUANTE,
        "La feuille « {feuille} » n'a aucune ligne.",
        "Remplissez-la : une ligne par élément, sous les titres.")
    ACQUIS_EXPIRE = ("SES-014", _A_VERIFIER,
        "L'acquis {bloc} de {candidat}, du {date}, n'était valable que jusqu'au {expiration}.",
        "Il n'est pas pris en compte ; si la date est fausse, corrigez-la.")
    TROP_D_EVALUATEURS = ("SES-015", _BLOQUANTE,
        "{qui} a {combien} évaluateurs pour {quoi} ; le règlement en prévoit {prevu}.",
        "Retirez l'affectation en trop, ou modifiez le règlement.")
    VALEUR_FORMULE = ("SES-016", _BLOQUANTE,
        "La cellule contient une formule ({valeur}), dont le résultat n'est pas sûr.",
        "Remplacez la formule par la valeur.")

    ACQUIS_FUTUR = ("SES-017", _BLOQUANTE,
        "L'acquis {bloc} de {candidat} est daté du {date}, après le jury du {jury}.",
        "Corrigez la date de la décision ; l'acquis n'est pas pris en compte d'ici là.")
    TROP_PEU_D_EVALUATEURS = ("SES-019", _BLOQUANTE,
        "{qui} n'a que {combien} pour {quoi} ; le règlement en prévoit {prevu}.",
        "Ajoutez une ligne à la feuille « Affectations », ou modifiez le règlement.")
    ROLE_INCONNU = ("SES-020", _BLOQUANTE,
        "Le rôle « {role} » de {personne} n'a pas de poids dans le règlement{suggestion}.",
        "Écrivez l'un des rôles du règlement : {connus}.")
    RATTRAPAGE_IMPREVU = ("SES-021", _BLOQUANTE,
        "Cette session est un rattrapage, et le règlement n'en prévoit pas.",
        "Videz « Rattrapage de la session », ou écrivez la rubrique « rattrapage » du règlement.")
    RATTRAPAGE_SANS_DATE = ("SES-022", _BLOQUANTE,
        "Le rattrapage de la session {initiale} ne dit pas quand le premier jury a décidé.",
        "Renseignez « Date du premier jury ».")
    RATTRAPAGE_TARDIF = ("SES-023", _BLOQUANTE,
        "Le rattrapage se tient le {jury}, plus de {delai} après le premier jury ({premier}) : "
        "il devait se tenir au plus tard le {limite}.",
        "Vérifiez les dates ; passé ce délai, il faut une nouvelle inscription.")
    RATTRAPAGE_BLOCS = ("SES-024", _BLOQUANTE,
        "{qui} est à rattraper sur {combien} ; le règlement en permet {permis}.",
        "Corrigez « Blocs visés », ou inscrivez-le à une session ordinaire.")
    RATTRAPAGE_COMPLET = ("SES-025", _BLOQUANTE,
        "{qui} vise toute la certification à une session de rattrapage.",
        "Écrivez dans « Blocs visés » les blocs à rattraper, et dans « Acquis antérieurs » ceux "
        "du premier jury.")
    GROUPE_CANDIDAT = ("SES-018", _BLOQUANTE,
        "Le groupe « {groupe} » porte le numéro d'un candidat : leurs grilles se confondraient.",
        "Donnez au groupe un autre code, par exemple G1.")

    GRILLE_AUTRE_SESSION = ("GRI-001", _BLOQUANTE,
        "Cette grille est celle de la session « {autre} » (évaluateur {evaluateur}, "
        "{partie}, {sujet}).",
        "Déposez-la dans le dossier de cette session-là.")
    GRILLE_SIGNATURE = ("GRI-002", _BLOQUANTE,
        "Cette feuille porte le numéro {numero}, mais sa signature n'est pas celle de la session.",
        "Redemandez la grille d'origine : son numéro ou son en-tête a été modifié, ou elle vient "
        "d'un autre dossier de session.")
    GRILLE_INCONNUE = ("GRI-003", _BLOQUANTE,
        "La session ne prévoit pas cette grille : évaluateur {evaluateur}, {partie}, {sujet}.",
        "Vérifiez les affectations ; si elles ont changé depuis l'envoi, rétablissez-les ou "
        "renvoyez une grille.")
    GRILLE_ANCIENNE = ("GRI-004", _A_VERIFIER,
        "Cette grille a été faite avant un changement de la session, du règlement ou du "
        "référentiel : {lignes}.",
        "Les lignes communes ont été lues ; faites compléter une grille neuve s'il en manque.")
    LIGNE_ETRANGERE = ("GRI-005", _BLOQUANTE,
        "Cette ligne n'est pas de cette grille (« {valeur} »).",
        "Supprimez-la, ou redéposez la grille d'où elle vient.")
    LIGNE_DOUBLE = ("GRI-006", _BLOQUANTE,
        "La ligne {ligne} est là deux fois (déjà en {autre}) avec des saisies différentes.",
        "Ne gardez que la bonne.")
    COLONNE_INTROUVABLE = ("GRI-007", _BLOQUANTE,
        "La colonne « {colonne} » est introuvable.",
        "Redemandez la grille : une colonne a été supprimée ou son titre a été changé.")
    GRILLE_DOUBLE = ("GRI-008", _BLOQUANTE,
        "La grille {numero} est déposée deux fois, avec des saisies différentes "
        "(l'autre : {autre}) : {differences}.",
        "Retirez du dossier retours/ celle qui n'est pas la bonne.")
    GRILLE_IDENTIQUE = ("GRI-009", _INFORMATION,
        "La grille {numero} est déposée deux fois, avec les mêmes saisies (l'autre : {autre}).",
        "Rien.")
    COPIE_NON_LUE = ("GRI-010", _INFORMATION,
        "Cette feuille n'est pas une grille de candidat : elle n'est pas lue.",
        "Rien.")
    TEMOIN_DEPLACE = ("GRI-011", _BLOQUANTE,
        "Les saisies ont été triées à part : celle de {trouve} est sur la ligne de {ligne}.",
        "Redemandez la grille, ou remettez chaque saisie en face de son critère.")

    NOTE_INCONNUE = ("GRI-201", _BLOQUANTE,
        "« {valeur} » n'est pas une appréciation de l'échelle ({critere}).",
        "{attendu}")
    NOTE_MANQUE = ("GRI-202", _BLOQUANTE,
        "{combien} sans appréciation : {lignes}.",
        "Faites compléter la grille par l'évaluateur.")
    COMMENTAIRE_MANQUE = ("GRI-203", _BLOQUANTE,
        "L'appréciation « {valeur} » demande un commentaire ({critere}).",
        "Faites écrire le commentaire par l'évaluateur.")
    NOTE_DATE = ("GRI-204", _BLOQUANTE,
        "La saisie est devenue la date {valeur} : Excel convertit en date ce qui ressemble à "
        "« 1/3 » ({critere}).",
        "{attendu}")
    NOTE_FORMULE = ("GRI-205", _BLOQUANTE,
        "La saisie est une formule ({valeur}), dont le résultat n'est pas sûr ({critere}).",
        "{attendu}")
    NOTE_NORMALISEE = ("GRI-206", _INFORMATION,
        "« {valeur} » a été lu « {lu} » ({critere}).",
        "Rien, si c'est bien ce que l'évaluateur voulait dire.")
    NOTE_HORS_BORNES = ("GRI-207", _BLOQUANTE,
        "La note {valeur} n'est pas comprise entre 0 et {maximum} ({critere}).",
        "Faites corriger la note par l'évaluateur.")
    TEXTE_TROP_LONG = ("GRI-208", _A_VERIFIER,
        "Le commentaire dépasse {maximum} caractères ({critere}) : "
        "il a été coupé dans les documents.",
        "Faites-le raccourcir par l'évaluateur.")
    PRESENCE_INCONNUE = ("GRI-209", _BLOQUANTE,
        "« {valeur} » n'est pas une présence.",
        "Choisissez dans la liste : Présent, Absent.")
    ABSENT_NOTE = ("GRI-210", _BLOQUANTE,
        "{qui} est noté absent, mais {combien} sont données ici.",
        "Corrigez la présence, ou retirez les appréciations.")
    GRILLE_NON_REVENUE = ("GRI-301", _BLOQUANTE,
        "La grille {numero} n'est pas revenue ({qui}, {quoi}, évaluateur {evaluateur}).",
        "Relancez l'évaluateur, puis déposez sa grille dans retours/.")
    DIVERGENCE = ("GRI-302", _A_VERIFIER,
        "Les évaluateurs divergent sur {critere} pour {qui} : {avis}.",
        "Le jury tranche.")

    DELIBERATION_FEUILLE = ("JUR-001", _BLOQUANTE,
        "La feuille « {feuille} » manque dans deliberation.xlsx.",
        "Rétablissez-la : deliberation.xlsx n'est jamais refait par-dessus des décisions.")
    DECISION_ILLEGALE = ("JUR-002", _BLOQUANTE,
        "« {valeur} » n'est pas une décision possible pour {objet} de {qui} "
        "(proposition : {propose}).",
        "Choisissez dans la liste : {permis}.")
    MOTIF_MANQUE = ("JUR-003", _BLOQUANTE,
        "La décision sur {objet} de {qui} s'écarte de la proposition (« {propose} ») sans motif.",
        "Écrivez le motif du jury.")
    DECISION_ETRANGERE = ("JUR-004", _BLOQUANTE,
        "Cette ligne n'est pas une ligne de la délibération (« {valeur} »).",
        "Supprimez-la.")
    DECISION_A_CONFIRMER = ("JUR-005", _BLOQUANTE,
        "{qui}, {objet} : la proposition a changé après la décision du jury "
        "({avant} → {apres}). Ses documents attendent.",
        "Le jury confirme ou change sa décision : il écrit « {confirmation} » dans la colonne "
        "« Décision prise sur ».")
    DECISION_DOUBLE = ("JUR-006", _BLOQUANTE,
        "La décision sur {objet} de {qui} est donnée deux fois (déjà en {autre}).",
        "Ne gardez que la bonne.")
    JURY_TROP_PETIT = ("JUR-101", _BLOQUANTE,
        "Le jury compte {combien} ; le règlement en demande au moins {minimum}.",
        "Complétez la feuille « Jury ».")
    JURY_COLLEGE = ("JUR-102", _BLOQUANTE,
        "Il manque au jury {manque} : {role}.",
        "Complétez la feuille « Jury » (qualité et collège).")
    JURY_PRESIDENT = ("JUR-103", _BLOQUANTE,
        "Le jury doit avoir un président ou une présidente, et un seul ; il en a {combien}.",
        "Écrivez « oui » sur une seule ligne de la colonne « Préside ».")
    JURY_EXTERIEURS = ("JUR-104", _BLOQUANTE,
        "{part} des membres du jury sont extérieurs ; le règlement en demande au moins {minimum}.",
        "Complétez la feuille « Jury ».")

    PARCHEMIN_SANS_BLOC = ("DOC-001", _INFORMATION,
        "Aucun certificat de bloc ne peut être établi : {intitule} n'est pas découpé en blocs par "
        "son référentiel, et le règlement ne donne pas de rattachement.",
        "Si le certificateur a un rattachement des activités aux blocs, écrivez-le sous "
        "« rattachement » dans reglement.yaml.")
    ENREGISTREMENT_EXPIRE = ("DOC-002", _A_VERIFIER,
        "L'enregistrement de la certification au RNCP court du {du} au {au} ; "
        "le jury se réunit le {jury}.",
        "Vérifiez que la certification peut encore être délivrée.")

    REFERENTIEL_FEUILLE = ("REF-001", _BLOQUANTE,
        "La feuille « {feuille} » manque.",
        "Rétablissez-la, ou repartez d'un classeur neuf (jury referentiel modele) et recopiez vos "
        "lignes.")
    REFERENTIEL_IDENTIFIANT = ("REF-002", _BLOQUANTE,
        "« {valeur} » ne peut pas servir d'identifiant.",
        "Au plus 36 caractères : lettres sans accent, chiffres, points et tirets, à commencer par "
        "une lettre ou un chiffre.")
    REFERENTIEL_SANS_TEXTE = ("REF-003", _BLOQUANTE,
        "{quoi} n'a pas de texte.",
        "Recopiez le texte du document. Une compétence qu'il annonce sans en imprimer le texte se "
        "déclare comme non imprimée.")
    REFERENTIEL_TEXTE_DEMESURE = ("REF-004", _BLOQUANTE,
        "{quoi} : {combien}. Une cellule n'en contient pas plus de 32 767.",
        "Retirez ce qui n'est pas de ce texte.")
    REFERENTIEL_DATES = ("REF-005", _BLOQUANTE,
        "L'enregistrement finirait le {au}, avant d'avoir commencé le {du}.",
        "Corrigez l'une des deux dates.")
    REFERENTIEL_CRITERE_ISOLE = ("REF-006", _BLOQUANTE,
        "Le critère {critere} n'est rattaché à rien : il ne serait sur aucune grille.",
        "Donnez-lui une épreuve, une activité ou une compétence.")
    REFERENTIEL_BLOC_VIDE = ("REF-101", _A_VERIFIER,
        "Le bloc {bloc} n'a aucune compétence.",
        "Rattachez-lui ses compétences, ou retirez-le.")
    REFERENTIEL_COMPETENCE_SEULE = ("REF-102", _A_VERIFIER,
        "Aucune épreuve ni aucun critère n'évalue la compétence {competence}.",
        "Rattachez-la à une épreuve ou à un critère, si le document le fait.")
    REFERENTIEL_EPREUVE_VIDE = ("REF-103", _A_VERIFIER,
        "L'épreuve {epreuve} n'a aucun critère : sa grille serait vide.",
        "Rattachez-lui ses critères, ou retirez-la.")
    REFERENTIEL_HORS_EPREUVE = ("REF-104", _A_VERIFIER,
        "Le critère {critere} n'a pas d'épreuve, alors que le référentiel en décrit : il ne "
        "serait sur aucune grille.",
        "Donnez-lui son épreuve.")
    REFERENTIEL_REPETITION = ("REF-105", _A_VERIFIER,
        "{quoi} répète mot pour mot {autre} : « {texte} ».",
        "Supprimez-en un, sauf si le document l'imprime bien deux fois.")
    REFERENTIEL_TEXTE_LONG = ("REF-106", _A_VERIFIER,
        "{quoi} : {combien} sur la grille, qui n'en montre que 30 par cellule.",
        "Vérifiez qu'un seul élément a été collé là ; sinon, rien.")
    REFERENTIEL_BLOCS_DIFFERENTS = ("REF-107", _A_VERIFIER,
        "La compétence {competence} relève {bloc}, mais son activité {activite}, {autre}.",
        "Donnez-leur le même bloc.")
    REFERENTIEL_SANS_BLOC = ("REF-108", _A_VERIFIER,
        "La compétence {competence} ne relève d'aucun bloc, alors que le référentiel en a.",
        "Donnez-lui son bloc, et le même à son activité.")
    REFERENTIEL_COMPETENCE_AUTRE = ("REF-109", _A_VERIFIER,
        "Le critère {critere} évalue {competence}, que son épreuve {epreuve} n'évalue pas.",
        "Ajoutez la compétence à l'épreuve, ou corrigez le critère.")
    # fmt: on

    @property
    def numero(self) -> str:
        return self.value[0]

    @property
    def gravite(self) -> Gravite:
        return self.value[1]

    @property
    def pourquoi(self) -> str:
        """What would happen if nobody minded; shown on the code's page."""
        return typographie(self.value[4]) if len(self.value) > 4 else ""

    def at(self, lieu: Lieu, /, *, candidats: Iterable[str] = (), **mots: object) -> Anomalie:
        """The anomaly at this place. A word that the sentence lacks fails here and now."""
        # The words come from files: only our own sentence gets French spacing.
        phrase, remede = typographie(self.value[2]), typographie(self.value[3])
        return Anomalie(self, lieu, phrase.format(**mots), remede.format(**mots), tuple(candidats))


def suggestion(mot: str | None) -> str:
    """« ; vouliez-vous dire … ? », to be set inside a sentence; empty when nothing is near."""
    return typographie(f" (vouliez-vous dire « {mot} » ?)") if mot else ""


class Empechement(Exception):
    """What stops the run: one French sentence, with its remedy."""

    def __init__(self, phrase: str, anomalies: Iterable[Anomalie] = ()) -> None:
        super().__init__(typographie(phrase))
        self.anomalies = tuple(anomalies)


class MauvaisUsage(Empechement):
    """The command was asked for something that does not exist."""
