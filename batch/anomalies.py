"""Every sentence about somebody's file, in one place: code, gravity, what is wrong, what to do.

A fault in a file is a value (`Anomalie`), gathered with the others in one pass. What prevents the
run altogether is an exception (`Empechement`), one sentence. A bug is neither: it keeps its
traceback.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from functools import cached_property

from batch.empechement import Empechement as Empechement
from batch.empechement import MauvaisUsage as MauvaisUsage
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
    endroit: str = ""  # of a Word document: « en-tête », « tableau 2, ligne 3 »

    def __str__(self) -> str:
        place = self.fichier
        if self.endroit:
            place += f", {self.endroit}"
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
    # What it is about, in our own words (a grid's number, a table, a row): how batch/ordre.py ties
    # a consequence to its cause.
    objets: tuple[str, ...] = ()
    # The reference of the anomaly that explains this one: mended, this one goes.
    cause: str | None = None
    # Why somebody accepted it as it is; only what is « à vérifier » can be.
    acceptee: str | None = None

    @property
    def gravite(self) -> Gravite:
        return self.code.gravite

    @property
    def bloquante(self) -> bool:
        return self.gravite is Gravite.BLOQUANTE

    @property
    def acceptable(self) -> bool:
        """Somebody may answer for it; what blocks must be mended, what informs asks for nothing.

        Only for what a session's own check finds: nothing else has a session to be accepted in.
        """
        return self.gravite is Gravite.A_VERIFIER and self.code.famille in _CONTROLEES

    def about(self, *objets: str) -> "Anomalie":
        return replace(self, objets=objets)

    @property
    def reference(self) -> str:
        """Six letters or digits that name this very sentence at this very place.

        Another value, another sentence, another place: another reference.
        """
        where = self.lieu
        lieu = [where.fichier, where.feuille, where.cellule, str(where.ligne)]
        # Only Word documents have one: the other references stay what they were.
        lieu += [where.endroit] if where.endroit else []
        said = "\n".join((self.code.numero, *lieu, self.message))
        digest = hashlib.sha256(unicodedata.normalize("NFC", said).encode()).digest()
        return base64.b32encode(digest)[:6].decode()

    def as_json(self) -> dict[str, str | None]:
        return {
            "code": self.code.numero,
            "gravite": self.gravite.value,
            "fichier": self.lieu.fichier or None,
            "feuille": self.lieu.feuille or None,
            "cellule": self.lieu.cellule
            or self.lieu.endroit
            or (f"ligne {self.lieu.ligne}" if self.lieu.ligne is not None else None),
            "message": self.message,
            "remede": self.remede,
            "reference": self.reference,
            "cause": self.cause,
            "acceptee": self.acceptee,
        }

    def __str__(self) -> str:
        head = f"{self.code.numero}  {self.gravite.mot:<10}  {self.lieu}".rstrip()
        return f"{head}\n         {self.message}\n         À faire : {self.remede}"


_BLOQUANTE, _A_VERIFIER, _INFORMATION = Gravite.BLOQUANTE, Gravite.A_VERIFIER, Gravite.INFORMATION


# The family of a code, by how its number starts. In the order that things should be mended: a fault
# of the règlement or of session.xlsx explains many on the grids, and never the reverse.
FAMILLES = {
    "YML": "Le règlement et le référentiel écrits en YAML",
    "REF": "Le référentiel saisi dans Excel",
    "SES": "Le classeur de la session",
    "FIC": "Les fichiers déposés dans retours/",
    "GRI": "Les grilles",
    "JUR": "Le jury et sa délibération",
    "DOC": "Les documents",
    "COU": "Les courriels",
    "GAB": "Les gabarits Word de la maison",
    "ARC": "L’archive",
    "REG": "Le registre des certifiés",
    "CPF": "La déclaration à la Caisse des dépôts (accrochage CPF)",
}
# Those that the check of a session finds.
_CONTROLEES = {"YML", "SES", "FIC", "GRI", "JUR", "DOC"}


class Code(Enum):
    """Each says its number (stable: it is never given to another sentence), its gravity, what is
    wrong, what to do, and why it matters: what would happen if nobody minded."""

    def __init__(
        self, numero: str, gravite: Gravite, phrase: str, remede: str, pourquoi: str
    ) -> None:
        self.numero = numero
        self.gravite = gravite
        self._typed = (phrase, remede, pourquoi)

    # fmt: off
    FICHIER_IGNORE = ("FIC-001", _INFORMATION,
        "{nom} n'a pas été lu : {raison}.",
        "Rien, si ce fichier n'est pas une grille ; sinon, redéposez la grille au format .xlsx.",
        "Une grille déposée sous ce nom-là ne serait jamais comptée.")
    FICHIER_VIDE = ("FIC-002", _BLOQUANTE,
        "{nom} est vide (0 octet).",
        "Redemandez la grille à l'évaluateur : l'envoi ou la copie a échoué.",
        "L'évaluateur croit l'avoir rendue : personne ne la lui réclamerait.")
    FICHIER_CHIFFRE = ("FIC-003", _BLOQUANTE,
        "{nom} est protégé par un mot de passe d'ouverture : personne ne peut le lire sans lui.",
        "Ouvrez-le avec son mot de passe, effacez celui-ci (Fichier > Informations > Protéger le "
        "classeur > Chiffrer avec mot de passe), enregistrez et redéposez le fichier.",
        "Les appréciations qu'il contient manqueraient au calcul, et les candidats attendraient.")
    FICHIER_PAS_CLASSEUR = ("FIC-004", _BLOQUANTE,
        "{nom} n'est pas un classeur Excel lisible : {raison}.",
        "Redemandez la grille à l'évaluateur, au format .xlsx.",
        "Une grille remplie dans un autre outil passerait pour une grille jamais revenue.")
    FICHIER_TROP_GROS = ("FIC-005", _BLOQUANTE,
        "{nom} dépasse ce qu'une grille peut peser : {raison}.",
        "Redemandez-la, recopiée dans la grille d'origine, sans image ni ligne ajoutée.",
        "L'ouvrir pourrait occuper le poste des heures, ou remplir sa mémoire.")
    FICHIER_SANS_GRILLE = ("FIC-006", _BLOQUANTE,
        "{nom} est un classeur, mais aucune de ses feuilles n'est une grille de cette session.",
        "Vérifiez que c'est bien la grille envoyée, et non une copie retapée à la main.",
        "Les appréciations d'une copie sans repères ne peuvent être rattachées à personne.")
    RETOURS_VIDE = ("FIC-007", _A_VERIFIER,
        "Le dossier {nom} ne contient aucune grille.",
        "Déposez-y les classeurs reçus des évaluateurs, puis relancez la commande.",
        "Sans grille, tous les candidats restent en attente.")
    FICHIER_FORMAT_LIBRE = ("FIC-008", _INFORMATION,
        "{nom} a été enregistré au format .{extension} : ses valeurs ont été lues.",
        "Rien ; de préférence, demandez le format .xlsx, qui garde toutes les protections.",
        "Enregistrée hors d'Excel, une grille perd ses listes : les fautes y sont plus fréquentes.")
    FICHIER_XLS = ("FIC-009", _BLOQUANTE,
        "{nom} est un classeur d'Excel 97-2003 (.xls).",
        "Ouvrez-le dans Excel ou LibreOffice, enregistrez-le sous « Classeur Excel (.xlsx) » et "
        "redéposez-le.",
        "Ce format ancien abîme les repères des grilles : le lire à moitié fausserait un résultat.")
    FICHIER_XLSB = ("FIC-010", _BLOQUANTE,
        "{nom} est un classeur binaire d'Excel (.xlsb).",
        "Ouvrez-le dans Excel, enregistrez-le sous « Classeur Excel (.xlsx) » et redéposez-le.",
        "La grille est sans doute bien remplie ; sans conversion, elle manquerait au calcul.")
    FICHIER_TEXTE = ("FIC-011", _BLOQUANTE,
        "{nom} n'est que du texte (un export CSV ?), quel que soit son nom.",
        "Demandez à l'évaluateur le classeur .xlsx lui-même, et non un export.",
        "Un export ne garde qu'une feuille, donc qu'un candidat, et perd les repères des lignes.")
    FICHIER_PAGE_WEB = ("FIC-012", _BLOQUANTE,
        "{nom} est une page web enregistrée sous un nom de classeur.",
        "Ouvrez-la : si la grille s'y voit, enregistrez-la au format .xlsx ; si c'est la page de "
        "connexion d'un portail, téléchargez de nouveau le fichier, une fois connecté.",
        "Le téléchargement a pu échouer sans le dire : la vraie grille est restée ailleurs.")
    FICHIER_XML_2003 = ("FIC-013", _BLOQUANTE,
        "{nom} est une feuille de calcul XML 2003, quel que soit son nom.",
        "Ouvrez-le dans Excel, enregistrez-le sous « Classeur Excel (.xlsx) » et redéposez-le.",
        "La grille est sans doute bien remplie ; sans conversion, elle manquerait au calcul.")
    FICHIER_PDF = ("FIC-014", _BLOQUANTE,
        "{nom} est un PDF : aucune appréciation ne peut y être lue avec certitude.",
        "Demandez le classeur .xlsx ; à défaut, reportez ces appréciations dans la grille et "
        "gardez le PDF comme justificatif.",
        "Une grille remplie sur papier passerait pour une grille jamais revenue.")
    FICHIER_IMAGE = ("FIC-015", _BLOQUANTE,
        "{nom} est une image (photographie ou numérisation ?).",
        "Demandez le classeur .xlsx ; à défaut, reportez ces appréciations dans la grille et "
        "gardez l'image comme justificatif.",
        "Une grille remplie sur papier passerait pour une grille jamais revenue.")
    FICHIER_BUREAUTIQUE = ("FIC-016", _BLOQUANTE,
        "{nom} n'est pas un classeur : c'est {quoi}.",
        "Si des appréciations y sont écrites, faites-les reporter dans la grille .xlsx ; sinon, "
        "retirez-le de retours/.",
        "Un avis rendu dans un autre document échapperait au calcul.")
    FICHIER_NUMBERS = ("FIC-017", _BLOQUANTE,
        "{nom} est un document Numbers (Apple).",
        "Dans Numbers : Fichier > Exporter vers > Excel, puis déposez le fichier .xlsx.",
        "La grille est sans doute bien remplie ; sans conversion, elle manquerait au calcul.")
    FICHIER_ARCHIVE = ("FIC-018", _BLOQUANTE,
        "{nom} est une archive {extension}, que ce programme n'ouvre pas.",
        "Décompressez-la et déposez ce qu'elle contient, ou refaites-en une archive .zip.",
        "Toutes les grilles qu'elle contient manqueraient au calcul.")
    FICHIER_ABIME = ("FIC-019", _BLOQUANTE,
        "{nom} est tronqué ou abîmé : {raison}.",
        "Redemandez la grille à l'évaluateur : la copie ou l'envoi s'est interrompu.",
        "Lire ce qu'il en reste donnerait des résultats sur une partie des appréciations.")
    FICHIER_SUSPECT = ("FIC-020", _BLOQUANTE,
        "{nom} n'a pas été ouvert, par prudence : {raison}.",
        "Ne l'ouvrez pas vous-même ; demandez à l'évaluateur d'où il vient, et sa grille .xlsx.",
        "Un fichier construit pour nuire peut bloquer un poste ou en lire d'autres fichiers.")
    FICHIER_MACROS = ("FIC-021", _INFORMATION,
        "{nom} contient des macros : ses cellules ont été lues, aucune macro n'a été exécutée.",
        "Rien ; n'activez pas ces macros sans savoir d'où elles viennent.",
        "Aucune grille de la session n'a de macro : quelqu'un les a ajoutées.")
    ARCHIVE_CHIFFREE = ("FIC-022", _BLOQUANTE,
        "{nom} est une archive protégée par un mot de passe.",
        "Ouvrez-la avec son mot de passe et déposez ce qu'elle contient.",
        "Toutes les grilles qu'elle contient manqueraient au calcul.")
    FICHIER_INACCESSIBLE = ("FIC-023", _BLOQUANTE,
        "{nom} ne peut pas être lu : {raison}.",
        "Fermez-le s'il est ouvert, vérifiez qu'il est bien là et que vous y avez accès, puis "
        "relancez la commande.",
        "La grille est peut-être complète, et rien n'en aurait été compté.")
    DOSSIER_CLASSEUR = ("FIC-024", _BLOQUANTE,
        "{nom} est un dossier et non un classeur, malgré son nom.",
        "Déposez le classeur lui-même ; si ce dossier contient des grilles, renommez-le.",
        "Les grilles rangées là seraient oubliées sans un mot.")
    FICHIER_IDENTIQUE = ("FIC-025", _INFORMATION,
        "{nom} est, octet pour octet, la copie de {autre} : il n'a été compté qu'une fois.",
        "Rien.",
        "Compter deux fois le même avis le ferait passer pour deux évaluateurs d'accord.")
    CONTENANT_PROFOND = ("FIC-026", _BLOQUANTE,
        "{nom} est emboîté trop profond : plus de {combien} archives ou courriels l'un dans "
        "l'autre.",
        "Ouvrez-le et déposez les grilles elles-mêmes.",
        "Les grilles qu'il contient manqueraient au calcul.")
    MESSAGE_ILLISIBLE = ("FIC-027", _BLOQUANTE,
        "{nom} est un courriel dont les pièces jointes ne peuvent pas être lues : {raison}.",
        "Ouvrez-le dans votre messagerie, enregistrez la pièce jointe et déposez-la.",
        "La grille jointe manquerait au calcul.")
    CONTENANT_VIDE = ("FIC-028", _A_VERIFIER,
        "{nom} est une archive ou un courriel qui ne contient aucun fichier.",
        "Vérifiez que la grille n'a pas été envoyée à part, ou oubliée.",
        "L'évaluateur croit avoir rendu sa grille, et personne ne la réclame.")

    YAML_ILLISIBLE = ("YML-001", _BLOQUANTE,
        "Le texte n'est pas du YAML lisible : {raison}.",
        "Corrigez la ligne indiquée ; souvent une indentation, un « : » ou un guillemet manquant.",
        "Sans règlement lisible, il n'y a ni échelle ni règle : aucun résultat ne peut être "
        "calculé.")
    YAML_DOUBLE = ("YML-002", _BLOQUANTE,
        "La rubrique « {rubrique} » est écrite deux fois au même endroit.",
        "Ne gardez que la bonne.",
        "Des deux, l'une serait ignorée sans que rien ne le montre, et le jury appliquerait peut- "
        "être la mauvaise.")
    YAML_MANQUE = ("YML-003", _BLOQUANTE,
        "La rubrique « {rubrique} » manque.",
        "Ajoutez-la.",
        "Ce que le texte ne dit pas serait inventé par le programme, et le certificateur ne "
        "l'aurait pas décidé.")
    YAML_INCONNUE = ("YML-004", _BLOQUANTE,
        "La rubrique « {rubrique} » n'existe pas ici{suggestion}.",
        "Corrigez son nom ou retirez-la.",
        "Une faute de frappe ferait taire une règle : elle serait écrite, et jamais appliquée.")
    YAML_VALEUR = ("YML-005", _BLOQUANTE,
        "« {rubrique} » vaut « {valeur} » : {attendu}.",
        "Corrigez la valeur.",
        "Une valeur mal comprise changerait un seuil ou une condition, donc des résultats.")
    REFERENCE_INCONNUE = ("YML-006", _BLOQUANTE,
        "« {rubrique} » cite « {valeur} », qui n'existe pas dans le référentiel{suggestion}.",
        "Corrigez le code cité, ou ajoutez ce qui manque.",
        "La règle ne porterait sur rien, et une condition voulue par le certificateur ne serait "
        "jamais vérifiée.")
    IDENTIFIANT_DOUBLE = ("YML-007", _BLOQUANTE,
        "L'identifiant « {valeur} » est donné deux fois.",
        "Donnez à chaque élément un identifiant à lui.",
        "Deux éléments du même nom se confondraient : les évaluations de l'un compteraient pour "
        "l'autre.")
    REGLE_VIDE = ("YML-008", _BLOQUANTE,
        "La règle « {rubrique} » doit dire une condition et une seule : toutes, au_moins, "
        "proportion, moyenne ou somme ; elle en dit {combien}.",
        "Gardez-en une.",
        "Deux conditions se contredisent et aucune ne décide de rien : le résultat dépendrait de "
        "celle qu'on lit la première.")
    REGLE_MANQUANTE = ("YML-009", _BLOQUANTE,
        "Aucune règle pour {niveau} : le résultat ne pourrait pas être calculé.",
        "Ajoutez la règle « {rubrique} ».",
        "Un niveau sans règle n'a pas de résultat, et tout ce qui en dépend resterait en attente.")
    REGLE_INAPPLICABLE = ("YML-010", _BLOQUANTE,
        "La règle « {rubrique} » ne peut pas s'appliquer : {raison}.",
        "Corrigez la règle ou l'échelle.",
        "Elle ne donnerait jamais de résultat, ou toujours le même.")
    ECHELLE_AMBIGUE = ("YML-011", _BLOQUANTE,
        "Deux niveaux de l'échelle se confondent à la saisie : {niveaux}.",
        "Donnez-leur des codes et des libellés distincts.",
        "La même saisie voudrait dire deux choses, l'une favorable et l'autre non.")
    REFERENTIEL_AUTRE = ("YML-012", _BLOQUANTE,
        "Ce règlement est écrit pour le référentiel « {ecrit_pour} », "
        "la session porte sur « {attendu} ».",
        "Prenez le règlement de cette certification.",
        "Les règles d'une autre certification donneraient des résultats sans valeur, et "
        "contestables.")
    ELIMINATOIRE_OPTION = ("YML-014", _BLOQUANTE,
        "« {rubrique} » rend éliminatoire « {valeur} », qui relève d'une option : un candidat qui "
        "ne la présente pas ne pourrait pas la manquer.",
        "Retirez-la des éliminatoires.",
        "Un candidat échouerait pour une option que rien ne l'oblige à présenter.")
    ECHELLE_A_L_ENVERS = ("YML-015", _A_VERIFIER,
        "Le niveau « {haut} » satisfait le critère et vaut moins que « {bas} », qui ne le "
        "satisfait pas : une meilleure appréciation pourrait faire perdre un bloc.",
        "Vérifiez « valeur » et « satisfait » de ces niveaux.",
        "Un candidat mieux apprécié pourrait échouer là où un autre, moins bien apprécié, "
        "réussit.")
    RUBRIQUE_VIDE = ("YML-013", _BLOQUANTE,
        "« {rubrique} » est vide, et un document officiel l'imprime.",
        "Écrivez le texte voulu par le certificateur.",
        "Une lettre ou un procès-verbal partirait avec un blanc à la place d'une mention "
        "attendue.")

    SESSION_FEUILLE_MANQUE = ("SES-001", _BLOQUANTE,
        "La feuille « {feuille} » manque.",
        "Rétablissez-la, ou repartez d'un classeur neuf (jury session) et recopiez vos lignes.",
        "Ce que la feuille devait dire (candidats, évaluateurs, jury…) manquerait à toute la "
        "session.")
    SESSION_COLONNE_MANQUE = ("SES-002", _BLOQUANTE,
        "La colonne « {colonne} » manque.",
        "Rétablissez ce titre dans la ligne des titres, tel quel.",
        "La colonne ne serait pas lue, et toutes ses valeurs passeraient pour absentes.")
    SESSION_COLONNE_INCONNUE = ("SES-003", _INFORMATION,
        "La colonne « {colonne} » n'est pas connue{suggestion} : elle n'est pas lue.",
        "Rien, si elle ne sert qu'à vous.",
        "Si c'est une colonne attendue au titre mal écrit, ses valeurs ne sont pas lues.")
    VALEUR_MANQUE = ("SES-004", _BLOQUANTE,
        "« {colonne} » n'est pas renseigné.",
        "Renseignez la cellule. {aide}",
        "Cette valeur est imprimée sur un document officiel, ou nécessaire au calcul : rien ne "
        "peut la remplacer.")
    VALEUR_HORS_LISTE = ("SES-005", _BLOQUANTE,
        "« {valeur} » n'est pas une valeur de « {colonne} »{suggestion}.",
        "Choisissez dans la liste : {permis}.",
        "Une valeur hors de la liste ne veut rien dire de sûr : la ligne n'est pas prise en "
        "compte.")
    VALEUR_MAL_ECRITE = ("SES-006", _BLOQUANTE,
        "« {valeur} » n'est pas acceptable pour « {colonne} ».",
        "{aide}",
        "Une valeur mal écrite serait imprimée telle quelle, ou comprise de travers.")
    VALEUR_DOUBLE = ("SES-007", _BLOQUANTE,
        "« {valeur} » est déjà donné pour « {colonne} » plus haut.",
        "Supprimez la ligne en double, ou corrigez l'une des deux.",
        "Deux lignes du même numéro se confondraient : l'une recevrait les évaluations ou la "
        "lettre de l'autre.")
    CODE_INCONNU = ("SES-008", _BLOQUANTE,
        "« {colonne} » cite « {valeur} », qui n'existe pas{suggestion}.",
        "Corrigez le code. Connus : {connus}.",
        "La ligne ne se rattache à rien : une affectation, un acquis ou un incident serait perdu.")
    PERSONNE_DOUBLE = ("SES-009", _A_VERIFIER,
        "{personne} a la même identité et la même date de naissance qu'à la ligne {autre}.",
        "Si c'est la même personne, supprimez une ligne ; si ce sont deux homonymes, rien.",
        "La même personne inscrite deux fois serait évaluée deux fois et recevrait deux lettres.")
    EVALUATEUR_SANS_COURRIEL = ("SES-010", _A_VERIFIER,
        "{personne} n'a pas d'adresse électronique : sa grille ne pourra pas lui être envoyée.",
        "Ajoutez l'adresse, ou remettez-lui la grille autrement.",
        "L'évaluateur ne recevrait pas sa grille, et personne ne s'en apercevrait avant la date "
        "limite.")
    RIEN_A_EVALUER = ("SES-011", _BLOQUANTE,
        "Personne n'évalue {qui} pour {quoi}.",
        "Ajoutez une ligne à la feuille « Affectations ».",
        "Sans évaluateur, pas de grille : le candidat arriverait au jury sans évaluation.")
    VOIE_FERMEE = ("SES-012", _BLOQUANTE,
        "La voie d'accès « {voie} » n'est pas ouverte par le règlement de la session.",
        "Corrigez la voie du candidat, ou le règlement.",
        "Le candidat serait évalué selon des règles qui ne sont pas écrites pour sa voie d'accès.")
    SESSION_TABLE_VIDE = ("SES-013", _BLOQUANTE,
        "La feuille « {feuille} » n'a aucune ligne.",
        "Remplissez-la : une ligne par élément, sous les titres.",
        "La session ne peut pas se tenir sans ces lignes : il n'y aurait ni grille ni résultat.")
    ACQUIS_EXPIRE = ("SES-014", _A_VERIFIER,
        "L'acquis {bloc} de {candidat}, du {date}, n'était valable que jusqu'au {expiration}.",
        "Il n'est pas pris en compte ; si la date est fausse, corrigez-la.",
        "Compter un acquis périmé délivrerait une certification à laquelle il manque un bloc.")
    TROP_D_EVALUATEURS = ("SES-015", _BLOQUANTE,
        "{qui} a {combien} évaluateurs pour {quoi} ; le règlement en prévoit {prevu}.",
        "Retirez l'affectation en trop, ou modifiez le règlement.",
        "Un avis de trop changerait la règle de divergence prévue par le règlement.")
    VALEUR_FORMULE = ("SES-016", _BLOQUANTE,
        "La cellule contient une formule ({valeur}), dont le résultat n'est pas sûr.",
        "Remplacez la formule par la valeur.",
        "Une formule garde en mémoire un résultat qui peut être faux ou ancien, et un document "
        "officiel l'imprimerait.")

    ACQUIS_FUTUR = ("SES-017", _BLOQUANTE,
        "L'acquis {bloc} de {candidat} est daté du {date}, après le jury du {jury}.",
        "Corrigez la date de la décision ; l'acquis n'est pas pris en compte d'ici là.",
        "Un acquis daté d'après le jury n'existait pas encore quand il a délibéré.")
    TROP_PEU_D_EVALUATEURS = ("SES-019", _BLOQUANTE,
        "{qui} n'a que {combien} pour {quoi} ; le règlement en prévoit {prevu}.",
        "Ajoutez une ligne à la feuille « Affectations », ou modifiez le règlement.",
        "Un résultat donné par moins d'évaluateurs que prévu peut être contesté et annulé.")
    ROLE_INCONNU = ("SES-020", _BLOQUANTE,
        "Le rôle « {role} » de {personne} n'a pas de poids dans le règlement{suggestion}.",
        "Écrivez l'un des rôles du règlement : {connus}.",
        "Sans poids, l'avis de cette personne ne compterait pour rien dans la moyenne.")
    RATTRAPAGE_IMPREVU = ("SES-021", _BLOQUANTE,
        "Cette session est un rattrapage, et le règlement n'en prévoit pas.",
        "Videz « Rattrapage de la session », ou écrivez la rubrique « rattrapage » du règlement.",
        "Un rattrapage que le règlement ne prévoit pas n'a pas de base, et ses résultats sont "
        "contestables.")
    RATTRAPAGE_SANS_DATE = ("SES-022", _BLOQUANTE,
        "Le rattrapage de la session {initiale} ne dit pas quand le premier jury a décidé.",
        "Renseignez « Date du premier jury ».",
        "Sans cette date, personne ne peut dire si le délai du rattrapage est respecté.")
    RATTRAPAGE_TARDIF = ("SES-023", _BLOQUANTE,
        "Le rattrapage se tient le {jury}, plus de {delai} après le premier jury ({premier}) : "
        "il devait se tenir au plus tard le {limite}.",
        "Vérifiez les dates ; passé ce délai, il faut une nouvelle inscription.",
        "Des résultats donnés hors délai peuvent être annulés.")
    RATTRAPAGE_BLOCS = ("SES-024", _BLOQUANTE,
        "{qui} est à rattraper sur {combien} ; le règlement en permet {permis}.",
        "Corrigez « Blocs visés », ou inscrivez-le à une session ordinaire.",
        "Le candidat repasserait plus de blocs que le règlement ne lui en ouvre.")
    RATTRAPAGE_COMPLET = ("SES-025", _BLOQUANTE,
        "{qui} vise toute la certification à une session de rattrapage.",
        "Écrivez dans « Blocs visés » les blocs à rattraper, et dans « Acquis antérieurs » ceux "
        "du premier jury.",
        "Les blocs déjà obtenus seraient remis en jeu, alors qu'ils restent acquis.")
    ACQUIS_COMPETENCE_REFUSE = ("SES-040", _BLOQUANTE,
        "L'acquis de la compétence {competence} de {candidat} ne compte pas : le règlement ne "
        "garde que des blocs entiers.",
        "Retirez la ligne, ou écrivez « acquis.competences » dans le règlement.",
        "Le candidat croirait cette compétence acquise, et elle lui serait redemandée.")
    ACQUIS_AUTRE_BLOC = ("SES-041", _BLOQUANTE,
        "La compétence {competence} n'est pas du bloc {bloc}.",
        "Corrigez le bloc ou la compétence ; vide, « Compétence » désigne le bloc entier.",
        "L'acquis serait compté là où il n'est pas, ou nulle part.")
    ROLE_MANQUANT = ("SES-042", _BLOQUANTE,
        "Il manque à {qui}, pour {quoi}, un évaluateur de rôle {role} ; le règlement en demande "
        "un de chaque rôle.",
        "Corrigez les affectations, ou le rôle à la feuille « Évaluateurs ».",
        "Tant qu'un rôle manque, rien de ce qui est évalué là ne donne de résultat.")
    FORMATEUR_EVALUATEUR = ("SES-043", _BLOQUANTE,
        "{evaluateur} a formé {qui} et l'évaluerait pour {quoi} : le règlement l'exclut.",
        "Affectez quelqu'un d'autre, ou corrigez la colonne « Formateurs ».",
        "Un candidat refusé pourrait faire annuler une évaluation faite par son formateur.")
    TROP_D_OPTIONS = ("SES-044", _BLOQUANTE,
        "{qui} présente {combien} options ; on n'en calcule pas plus de {maximum} pour un même "
        "candidat.",
        "Ne gardez que celles qu'il présente vraiment.",
        "Chaque option double le nombre de calculs à faire pour dire ce qui le sert le mieux.")
    ACCES_NON_TENU = ("SES-045", _A_VERIFIER,
        "{qui} vise {quoi}, qui ne s'ouvre qu'après {avant} : il ne le passe pas ici, et aucun "
        "acquis ne le prouve.",
        "Ajoutez l'acquis à la feuille « Acquis antérieurs », ou corrigez « Blocs visés ».",
        "Il serait évalué sur une partie que le règlement ne lui ouvre pas.")
    ACQUIS_NOTE = ("SES-046", _BLOQUANTE,
        "La note {note} de l'acquis {acquis} de {candidat} n'est pas dans l'échelle du règlement "
        "({echelle}).",
        "Corrigez la note, ou videz la cellule : l'acquis n'entre alors dans aucune moyenne.",
        "Une note d'une autre échelle fausserait la moyenne où elle entre.")
    GROUPE_CANDIDAT = ("SES-018", _BLOQUANTE,
        "Le groupe « {groupe} » porte le numéro d'un candidat : leurs grilles se confondraient.",
        "Donnez au groupe un autre code, par exemple G1.",
        "La grille du groupe et celle du candidat porteraient le même numéro : l'une serait lue "
        "pour l'autre.")

    GRILLE_AUTRE_SESSION = ("GRI-001", _BLOQUANTE,
        "Cette grille est celle de la session « {autre} » (évaluateur {evaluateur}, "
        "{partie}, {sujet}).",
        "Déposez-la dans le dossier de cette session-là.",
        "Les candidats d'une autre session recevraient ces évaluations, ou celle-là attendrait "
        "une grille déjà rendue.")
    GRILLE_SIGNATURE = ("GRI-002", _BLOQUANTE,
        "Cette feuille porte le numéro {numero}, mais sa signature n'est pas celle de la session.",
        "Redemandez la grille d'origine : son numéro ou son en-tête a été modifié, ou elle vient "
        "d'un autre dossier de session.",
        "Rien ne prouve que cette grille est celle qui a été envoyée : l'évaluation pourrait être "
        "celle d'un autre candidat.")
    GRILLE_INCONNUE = ("GRI-003", _BLOQUANTE,
        "La session ne prévoit pas cette grille : évaluateur {evaluateur}, {partie}, {sujet}.",
        "Vérifiez les affectations ; si elles ont changé depuis l'envoi, rétablissez-les ou "
        "renvoyez une grille.",
        "Compter une évaluation que la session ne prévoit pas la ferait donner par une personne "
        "qui n'en est pas chargée.")
    GRILLE_ANCIENNE = ("GRI-004", _A_VERIFIER,
        "La grille {numero} a été faite avant un changement de la session, du règlement ou du "
        "référentiel : {lignes}.",
        "Les lignes communes ont été lues ; faites compléter une grille neuve s'il en manque.",
        "L'évaluateur a pu noter sur un libellé ou une échelle qui ne sont plus ceux du "
        "règlement.")
    LIGNE_ETRANGERE = ("GRI-005", _BLOQUANTE,
        "Cette ligne n'est pas de cette grille (« {valeur} »).",
        "Supprimez-la, ou redéposez la grille d'où elle vient.",
        "Une ligne venue d'ailleurs serait comptée pour un candidat ou un critère qui n'est pas "
        "le sien.")
    LIGNE_DOUBLE = ("GRI-006", _BLOQUANTE,
        "La ligne {ligne} est là deux fois (déjà en {autre}) avec des saisies différentes.",
        "Ne gardez que la bonne.",
        "Choisir entre deux saisies différentes serait décider à la place de l'évaluateur.")
    COLONNE_INTROUVABLE = ("GRI-007", _BLOQUANTE,
        "La colonne « {colonne} » est introuvable.",
        "Si elle est encore là, récrivez ce titre au-dessus d'elle ; sinon, redemandez la grille.",
        "Sans cette colonne, aucune saisie de la feuille ne peut être lue avec certitude.")
    GRILLE_DOUBLE = ("GRI-008", _BLOQUANTE,
        "La grille {numero} est déposée deux fois, avec des saisies différentes "
        "(l'autre : {autre}) : {differences}.",
        "Retirez du dossier retours/ celle qui n'est pas la bonne ; toutes les différences sont "
        "dans le rapport.",
        "L'une des deux est périmée ; la prendre donnerait au candidat un résultat que "
        "l'évaluateur a corrigé.")
    GRILLE_IDENTIQUE = ("GRI-009", _INFORMATION,
        "La grille {numero} est déposée deux fois, avec les mêmes saisies (l'autre : {autre}).",
        "Rien.",
        "Rien à craindre : les deux disent la même chose, et une seule est comptée.")
    GRILLE_AUSSI_VIDE = ("GRI-030", _INFORMATION,
        "La grille {numero} est aussi revenue vierge : celle qui est remplie ({autre}) compte.",
        "Rien, si l'évaluateur n'a pas voulu retirer ses appréciations.",
        "Une grille vierge envoyée après coup pourrait vouloir dire que l'évaluateur se ravise.")
    GRILLE_PLUS_RECENTE = ("GRI-031", _A_VERIFIER,
        "La grille {numero} est revenue en plusieurs versions. Comme demandé, la plus récente est "
        "retenue, enregistrée le {date} ; est écartée {autre}, enregistrée le {autre_date} : "
        "{differences}.",
        "Vérifiez auprès de l'évaluateur que c'est bien sa dernière version.",
        "La date d'un fichier dit quand il a été enregistré, pas laquelle de ses versions "
        "l'évaluateur veut rendre.")
    GRILLE_SANS_DATE = ("GRI-032", _A_VERIFIER,
        "Rien ne permet de dire quelle version de la grille {numero} est la plus récente : "
        "{raison}.",
        "Demandez à l'évaluateur laquelle compte, et retirez l'autre de retours/.",
        "La date que montre le dossier est celle de la copie : s'y fier ferait choisir au hasard.")
    SAISIE_DIFFERENTE = ("GRI-033", _INFORMATION,
        "{quoi} : « {valeur} » ici, « {autre_valeur} » dans l'autre version ({autre}).",
        "Comparez les deux saisies avec l'évaluateur.",
        "D'une version à l'autre, un résultat peut changer de sens.")
    COPIE_NON_LUE = ("GRI-010", _INFORMATION,
        "Cette feuille n'est pas une grille de candidat : elle n'est pas lue.",
        "Rien.",
        "Si l'évaluateur y a noté un candidat, ces évaluations-là ne sont pas comptées.")
    TEMOIN_DEPLACE = ("GRI-011", _BLOQUANTE,
        "Les saisies ont été triées à part : celle de {trouve} est sur la ligne de {ligne}.",
        "Redemandez la grille, ou remettez chaque saisie en face de son critère.",
        "Chaque appréciation serait comptée pour un autre critère que le sien, sans que rien ne "
        "le montre.")
    GRILLE_REMPLACEE = ("GRI-020", _INFORMATION,
        "Cette feuille est ignorée : remplacée par la grille corrigée {autre}.",
        "Rien ; gardez les deux fichiers, l'un explique l'autre.",
        "Comptée avec sa correction, la première version la contredirait, et toutes deux seraient "
        "refusées.")
    CORRECTION_ECART = ("GRI-021", _INFORMATION,
        "La grille corrigée change aussi une saisie qui n'était pas en faute ({quoi}) : "
        "« {avant} » ({autre}) est devenu « {apres} ».",
        "Vérifiez auprès de l'évaluateur que ce changement est voulu.",
        "Une appréciation changée par mégarde en corrigeant une autre passerait inaperçue.")

    GRILLE_CONTRADICTOIRE = ("GRI-012", _BLOQUANTE,
        "Cette feuille se contredit : ses lignes sont celles de la grille {numero}, mais {dit} "
        "« {autre} ».",
        "Elle n'a pas été lue. Demandez à l'évaluateur qui il y a évalué, et faites-lui remplir la "
        "feuille de ce candidat.",
        "Les évaluations d'un candidat seraient comptées à un autre.")
    REPERES_PERDUS = ("GRI-013", _A_VERIFIER,
        "Les repères cachés de {lignes} ont disparu : ces lignes ont été reconnues à leur texte.",
        "Vérifiez que la feuille est bien celle de ce candidat et que chaque saisie est en face de "
        "son critère.",
        "Le repère caché est ce qui rattache sûrement une saisie à son critère ; sans lui, une "
        "ligne recopiée d'ailleurs passerait pour celle-ci.")
    SUJET_RETOUCHE = ("GRI-014", _A_VERIFIER,
        "La feuille affiche « {affiche} » ; c'est celle de « {attendu} ».",
        "Vérifiez que c'est la même personne ; sinon, demandez à l'évaluateur qui il a évalué.",
        "Les évaluations d'un candidat pourraient être comptées à un autre.")
    LIBELLE_RETOUCHE = ("GRI-015", _A_VERIFIER,
        "Le texte de {lignes} n'est plus, sur la grille, celui du référentiel.",
        "Demandez à l'évaluateur ce qu'il a évalué sous ce texte.",
        "Un critère récrit n'est plus celui que la certification évalue, et le résultat pourrait "
        "être contesté.")
    LIBELLE_DEPLACE = ("GRI-016", _BLOQUANTE,
        "La ligne {ligne} porte le texte d'une autre : {autre}.",
        "Redemandez la grille, ou remettez chaque texte et chaque saisie sur sa ligne.",
        "On ne sait pas si l'évaluateur a évalué le critère qu'il lisait ou celui de la ligne.")
    REPERES_DECALES = ("GRI-017", _A_VERIFIER,
        "Les lignes ont été triées sans leurs repères cachés : {lignes} ont été lues d'après leur "
        "texte.",
        "Vérifiez que chaque saisie est en face de son critère.",
        "Lues d'après leurs repères, les appréciations iraient à d'autres critères.")
    FEUILLE_SANS_REPERE = ("GRI-018", _BLOQUANTE,
        "Cette feuille a l'air d'une grille{grilles}, mais plus rien de sûr n'y dit laquelle : "
        "elle n'a pas été lue.",
        "Faites recopier ses saisies dans la grille d'origine (dossier grilles/), et déposez "
        "celle-là.",
        "Une feuille retapée ou recopiée ne porte plus ce qui rattache chaque saisie à son "
        "candidat et à son critère : la lire serait deviner.")
    SAISIE_HORS_LIGNE = ("GRI-019", _A_VERIFIER,
        "« {valeur} »{autres} n'est en face d'aucun critère : ce n'est pas lu.",
        "Si c'est une appréciation, faites-la mettre en face de son critère ; sinon, rien.",
        "Une appréciation écrite en face d'un titre, ou sur une ligne ajoutée, ne compte pas.")

    NOTE_INCONNUE = ("GRI-201", _BLOQUANTE,
        "« {valeur} » n'est pas une appréciation de l'échelle ({critere}).",
        "{attendu}",
        "Une appréciation devinée changerait un résultat ; elle reste en attente jusqu'à ce que "
        "l'évaluateur la précise.")
    NOTE_MANQUE = ("GRI-202", _BLOQUANTE,
        "{combien} sans appréciation : {lignes}.",
        "Faites compléter la grille par l'évaluateur.",
        "Un critère sans appréciation laisse son bloc incomplet : le candidat n'a pas de "
        "résultat, et ce n'est pas un échec.")
    COMMENTAIRE_MANQUE = ("GRI-203", _BLOQUANTE,
        "L'appréciation « {valeur} » demande un commentaire ({critere}).",
        "Faites écrire le commentaire par l'évaluateur.",
        "Une appréciation défavorable sans explication ne pourrait pas être justifiée au candidat "
        "qui la conteste.")
    NOTE_DATE = ("GRI-204", _BLOQUANTE,
        "La saisie est devenue {valeur} : Excel convertit en date ce qui ressemble à "
        "« 1/3 » ou à « 12.5 » ({critere}).",
        "{attendu}",
        "La valeur que l'évaluateur avait tapée a disparu : la date n'en dit plus rien de sûr.")
    NOTE_FORMULE = ("GRI-205", _BLOQUANTE,
        "La saisie est une formule ({valeur}), dont le résultat n'est pas sûr ({critere}).",
        "{attendu}",
        "Le résultat gardé par la formule peut être faux ou ancien : ce n'est pas ce que "
        "l'évaluateur a écrit.")
    NOTE_NORMALISEE = ("GRI-206", _INFORMATION,
        "« {valeur} » a été lu « {lu} » ({critere}).",
        "Rien, si c'est bien ce que l'évaluateur voulait dire.",
        "Une lecture trop généreuse changerait un résultat : elle est dite pour que vous puissiez "
        "la vérifier.")
    NOTE_HORS_BORNES = ("GRI-207", _BLOQUANTE,
        "La note {valeur} n'est pas comprise entre 0 et {maximum} ({critere}).",
        "Faites corriger la note par l'évaluateur.",
        "Une note hors de l'échelle fausserait la moyenne du bloc.")
    TEXTE_TROP_LONG = ("GRI-208", _A_VERIFIER,
        "Le commentaire dépasse {maximum} caractères ({critere}) : "
        "il a été coupé dans les documents.",
        "Faites-le raccourcir par l'évaluateur.",
        "Les documents n'en impriment que le début ; la suite peut être l'essentiel de la "
        "justification.")
    PRESENCE_INCONNUE = ("GRI-209", _BLOQUANTE,
        "« {valeur} » n'est pas une présence.",
        "Choisissez dans la liste : Présent, Absent.",
        "Absent ou présent : l'un n'a pas de résultat, l'autre peut échouer. Il ne faut pas "
        "deviner.")
    ABSENT_NOTE = ("GRI-210", _BLOQUANTE,
        "{qui} est noté absent, mais {combien} sont données ici.",
        "Corrigez la présence, ou retirez les appréciations.",
        "L'une des deux saisies est fausse : un absent serait évalué, ou un présent privé de son "
        "évaluation.")
    NOTE_MAL_PLACEE = ("GRI-211", _BLOQUANTE,
        "L'appréciation « {valeur} » est écrite hors de la colonne des appréciations ({critere}).",
        "Faites-la replacer par l'évaluateur dans la colonne « {colonne} ».",
        "Elle n'est pas lue, pour ne pas prendre un commentaire pour un avis : le critère "
        "resterait sans appréciation.")
    NOTE_ERREUR = ("GRI-212", _BLOQUANTE,
        "La cellule montre l'erreur {valeur} : Excel n'a pas pu calculer ce qu'on y a mis "
        "({critere}).",
        "{attendu}",
        "Une erreur d'Excel n'est pas une appréciation, et ce que l'évaluateur voulait dire s'y "
        "est perdu.")
    NOTE_AMBIGUE = ("GRI-213", _BLOQUANTE,
        "« {valeur} » peut vouloir dire {sens} ({critere}).",
        "{attendu}",
        "Selon le lecteur, le critère serait manqué, laissé en attente ou retiré du compte : trois "
        "résultats différents.")
    NOTE_PLUSIEURS = ("GRI-214", _BLOQUANTE,
        "« {valeur} » donne plusieurs appréciations à la fois : {sens} ({critere}).",
        "{attendu}",
        "En garder une serait choisir à la place de l'évaluateur.")
    NOTE_ABSENT = ("GRI-215", _BLOQUANTE,
        "« {valeur} » dit une absence, non une appréciation ({critere}).",
        "Choisissez « Absent » dans la case « Présence » en haut de la feuille et videz les "
        "appréciations, ou évaluez le critère.",
        "Un candidat absent et un candidat qui échoue ne reçoivent ni le même résultat, ni la même "
        "lettre.")
    COMMENTAIRE_FORMULE = ("GRI-216", _A_VERIFIER,
        "Le commentaire est une formule ou une erreur ({valeur}) : il n'est pas repris "
        "({critere}).",
        "Faites-le récrire par l'évaluateur comme un texte.",
        "La formule serait imprimée à la place de ce que l'évaluateur voulait dire au candidat.")
    GRILLE_NON_REVENUE = ("GRI-301", _BLOQUANTE,
        "La grille {numero} n'est pas revenue ({qui}, {quoi}, évaluateur {evaluateur}).",
        "Relancez l'évaluateur, puis déposez sa grille dans retours/.",
        "Sans cette grille, les candidats qu'elle concerne restent en attente : ils n'auront ni "
        "décision ni lettre.")
    DIVERGENCE = ("GRI-302", _A_VERIFIER,
        "Les évaluateurs divergent sur {critere} pour {qui} : {avis}.",
        "Le jury tranche.",
        "Trancher à la place du jury, ou faire une moyenne que le règlement ne prévoit pas, "
        "rendrait la décision contestable.")

    EVALUE_SANS_ACCES = ("GRI-303", _A_VERIFIER,
        "{qui} a été évalué pour {quoi}, qui ne lui était pas ouvert ({avant}, non validé) : ces "
        "appréciations ne comptent pas.",
        "Vérifiez les appréciations de {avant} ; si elles sont justes, rien.",
        "Une évaluation faite alors que le règlement ne l'ouvrait pas ne peut pas profiter au "
        "candidat.")

    A_EXAMINER = ("JUR-110", _A_VERIFIER,
        "{qui}, {quoi} : {raison}. Le règlement demande au jury d'examiner les résultats aussi "
        "proches du seuil.",
        "Le jury examine le dossier ; la proposition du calcul ne change pas d'elle-même.",
        "Le jury déciderait sans savoir que ce résultat tient à peu de chose.")
    DELIBERATION_FEUILLE = ("JUR-001", _BLOQUANTE,
        "La feuille « {feuille} » manque dans deliberation.xlsx.",
        "Rétablissez-la : deliberation.xlsx n'est jamais refait par-dessus des décisions.",
        "Les décisions déjà prises ne peuvent plus être lues, et rien ne doit être écrit par- "
        "dessus.")
    DECISION_ILLEGALE = ("JUR-002", _BLOQUANTE,
        "« {valeur} » n'est pas une décision possible pour {objet} de {qui} "
        "(proposition : {propose}).",
        "Choisissez dans la liste : {permis}.",
        "Une décision que le règlement ne connaît pas ne peut être ni imprimée ni notifiée.")
    MOTIF_MANQUE = ("JUR-003", _BLOQUANTE,
        "La décision sur {objet} de {qui} s'écarte de la proposition (« {propose} ») sans motif.",
        "Écrivez le motif du jury.",
        "Une décision qui s'écarte de la proposition sans dire pourquoi ne tiendrait pas devant "
        "un recours.")
    DECISION_ETRANGERE = ("JUR-004", _BLOQUANTE,
        "Cette ligne n'est pas une ligne de la délibération (« {valeur} »).",
        "Supprimez-la.",
        "Une décision écrite sur une ligne inconnue ne serait appliquée à personne.")
    DECISION_A_CONFIRMER = ("JUR-005", _BLOQUANTE,
        "{qui}, {objet} : la proposition a changé après la décision du jury "
        "({avant} → {apres}). Ses documents attendent.",
        "Le jury confirme ou change sa décision : il écrit « {confirmation} » dans la colonne "
        "« Décision prise sur ».",
        "Le jury a décidé sur des évaluations qui ne sont plus les mêmes : la lettre dirait autre "
        "chose que la grille.")
    DECISION_DOUBLE = ("JUR-006", _BLOQUANTE,
        "La décision sur {objet} de {qui} est donnée deux fois (déjà en {autre}).",
        "Ne gardez que la bonne.",
        "Deux décisions pour le même objet se contredisent peut-être : la lettre n'en dirait "
        "qu'une.")
    CELLULE_MODIFIEE = ("JUR-007", _BLOQUANTE,
        "« {colonne} » a été modifié à la main : « {avant} » y était écrit, on lit « {lu} ».",
        "Réécrivez « {avant} » : ce qui doit changer se change dans session.xlsx ou dans les "
        "grilles.",
        "Le jury aurait pu décider en lisant un autre nom, ou une autre proposition que celle du "
        "calcul.")
    LIGNE_SUPPRIMEE = ("JUR-008", _BLOQUANTE,
        "La ligne {ligne} a disparu de la feuille.",
        "Annulez la suppression ; ou supprimez deliberation.xlsx : il est refait avec les "
        "décisions déjà lues.",
        "Un candidat n'aurait plus de décision, ou un membre du jury plus de présence.")
    DELIBERATION_DISPARUE = ("JUR-009", _A_VERIFIER,
        "deliberation.xlsx n'est plus là : il a été refait avec les {combien} déjà lues.",
        "Vérifiez ces décisions avec le jury, et remplissez de nouveau la feuille « Séance ».",
        "Ce que le jury avait écrit depuis le dernier « jury traiter » n'a pas pu être repris.")
    MEMBRE_INCONNU = ("JUR-010", _BLOQUANTE,
        "« {valeur} » n'est pas un membre du jury de cette session{suggestion}.",
        "Inscrivez la personne à la feuille « Jury » de session.xlsx, ou corrigez le nom. "
        "Connus : {connus}.",
        "Une décision prise avec quelqu'un qui ne figure pas au jury peut être annulée.")
    HEURES_CONTRAIRES = ("JUR-011", _BLOQUANTE,
        "Les heures se contredisent : {raison}.",
        "Corrigez l'heure.",
        "Un procès-verbal qui se contredit ne prouve plus qui était là pour décider.")
    PASSAGE_SANS_CANDIDAT = ("JUR-012", _A_VERIFIER,
        "{membre} n'était pas là pendant toute la séance, et aucun candidat n'est noté comme "
        "délibéré sans cette personne.",
        "Notez ces candidats avec la raison « Hors de la salle » ; s'il n'y en a pas, rien.",
        "Le quorum est compté candidat par candidat : il le serait avec quelqu'un qui n'y était "
        "pas.")
    VOIX_COMPTE = ("JUR-013", _BLOQUANTE,
        "{qui}, {objet} : {voix}, alors que {membres}.",
        "Corrigez les voix, ou la présence des membres à la feuille « Séance ».",
        "Un vote où l'on compte plus de voix, ou moins, que de membres n'a pas de valeur.")
    VOIX_MAJORITE = ("JUR-014", _BLOQUANTE,
        "{qui}, {objet} : la décision écrite n'a pas la majorité {majorite} (pour : {pour}, "
        "contre : {contre}).",
        "Écrivez la décision que le vote a donnée, ou corrigez les voix.",
        "Le procès-verbal porterait une décision que le jury n'a pas prise.")
    JURY_TROP_PETIT = ("JUR-101", _BLOQUANTE,
        "Le jury compte {combien} ; le règlement en demande au moins {minimum}.",
        "Complétez la feuille « Jury ».",
        "Un jury incomplet ne délibère pas valablement : toutes ses décisions pourraient être "
        "annulées.")
    JURY_COLLEGE = ("JUR-102", _BLOQUANTE,
        "Il manque au jury {manque} : {role}.",
        "Complétez la feuille « Jury » (qualité et collège).",
        "Un jury dont la composition n'est pas celle du règlement ne délibère pas valablement.")
    JURY_PRESIDENT = ("JUR-103", _BLOQUANTE,
        "Le jury doit avoir un président ou une présidente, et un seul ; il en a {combien}.",
        "Écrivez « oui » sur une seule ligne de la colonne « Préside ».",
        "Le procès-verbal doit être signé par la personne qui préside, et par elle seule à ce "
        "titre.")
    JURY_EXTERIEURS = ("JUR-104", _BLOQUANTE,
        "{part} des membres du jury sont extérieurs ; le règlement en demande au moins {minimum}.",
        "Complétez la feuille « Jury ».",
        "Un jury où les extérieurs manquent n'est pas impartial au sens du règlement, et ses "
        "décisions sont contestables.")
    JURY_SANS_MEMBRE = ("JUR-105", _BLOQUANTE,
        "Pour délibérer sur {qui}, sans {sans}, le jury n'est pas régulier. {manque}",
        "Complétez le jury, ou faites décider de ce candidat par un autre jury.",
        "Un membre qui a formé le candidat, ou qui s'est retiré, ne compte pas : la décision "
        "serait prise par un jury incomplet, et peut être annulée.")
    JURY_DECLARATION = ("JUR-106", _BLOQUANTE,
        "La déclaration sur l'honneur de {membre} ({qualite}) n'est pas reçue.",
        "Écrivez le jour où elle a été reçue à la feuille « Jury ».",
        "Le règlement l'exige avant de siéger ; sans elle, l'indépendance du membre n'est pas "
        "prouvée.")
    SEANCE_CLOSE = ("JUR-201", _BLOQUANTE,
        "{quoi} : le procès-verbal n° {pv} dit « {avant} », le dossier dit maintenant "
        "« {apres} ».",
        "Rétablissez ce qui a changé ; ou rectifiez : jury traiter DOSSIER --rectifier --motif "
        "« … ».",
        "Des documents signés et envoyés diraient autre chose que le dossier.")
    ENTREE_CHANGEE = ("JUR-202", _INFORMATION,
        "{nom} a changé depuis le procès-verbal n° {pv}, sans effet sur ce qu'il dit.",
        "Rien : ce sur quoi le procès-verbal repose est gardé tel qu'il était, et c'est cela qui "
        "sera scellé.",
        "Ce qui est dans le dossier n'est plus ce que le jury avait sous les yeux : qui voudrait "
        "comparer doit savoir que l'un n'est pas l'autre.")
    DECISIONS_MANQUENT = ("JUR-203", _BLOQUANTE,
        "{qui} : il manque {combien} ({objets}).",
        "Le jury décide, dans deliberation.xlsx.",
        "Un candidat sortirait de la session sans résultat.")
    SEANCE_VIDE = ("JUR-204", _BLOQUANTE,
        "La session n'a aucun candidat.",
        "Remplissez la feuille « Candidats ».",
        "Un procès-verbal définitif ne dirait rien.")
    ENTREE_SANS_COPIE = ("JUR-205", _A_VERIFIER,
        "{nom} a changé depuis le procès-verbal n° {pv}, sans effet sur ce qu'il dit ; la version "
        "du programme qui l'a établi n'en a pas gardé de copie.",
        "Avant de sceller, rétablissez, depuis une sauvegarde, le fichier du jour du "
        "procès-verbal.",
        "L'archive refuserait de le sceller : le procès-verbal repose sur une autre empreinte.")

    PARCHEMIN_SANS_BLOC = ("DOC-001", _INFORMATION,
        "Aucun certificat de bloc ne peut être établi : {intitule} n'est pas découpé en blocs par "
        "son référentiel, et le règlement ne donne pas de rattachement.",
        "Si le certificateur a un rattachement des activités aux blocs, écrivez-le sous "
        "« rattachement » dans reglement.yaml.",
        "Un candidat qui n'obtient qu'une partie de la certification n'aurait pas de preuve de ce "
        "qu'il a acquis.")
    ENREGISTREMENT_EXPIRE = ("DOC-002", _A_VERIFIER,
        "L'enregistrement de la certification au RNCP court du {du} au {au} ; "
        "le jury se réunit le {jury}.",
        "Vérifiez que la certification peut encore être délivrée.",
        "Délivrer une certification dont l'enregistrement est échu tromperait le candidat et ses "
        "financeurs.")
    DOCUMENT_REFUSE = ("DOC-003", _BLOQUANTE,
        "{document} n'est pas {fait}{qui} : il y manque {faits}.",
        "Écrivez ce qui manque ({ou}), puis relancez la commande.",
        "Un document officiel auquel manque une mention obligatoire peut être contesté ; mieux "
        "vaut ne pas l'avoir que de l'envoyer incomplet.")
    DECISION_ATTENDUE = ("DOC-004", _A_VERIFIER,
        "L'affichage, et les lettres, relevés et certificats de {combien}, attendent la décision "
        "de l'instance ({instance}).",
        "Une fois la décision prise, écrivez son jour dans session.xlsx, « Date de la décision de "
        "l'instance », puis relancez « jury traiter ».",
        "Le jury propose et l'instance décide : annoncer un résultat avant elle l'engagerait sans "
        "qu'elle ait décidé.")
    DELIVRANCE_CLOSE = ("DOC-005", _BLOQUANTE,
        "La certification pouvait être délivrée jusqu'au {limite} ; la décision est du "
        "{decision} : aucun certificat n'est fait.",
        "Vérifiez la date limite de délivrance (reglement.yaml, certificats.limite_delivrance) sur "
        "la fiche du répertoire.",
        "Un certificat délivré hors délai ne vaut pas certification enregistrée, et peut valoir "
        "une mise en demeure au certificateur.")
    DELIVRANCE_TARDIVE = ("DOC-006", _A_VERIFIER,
        "La certification pouvait être délivrée jusqu'au {limite} ; la décision est du "
        "{decision}. Le règlement demande de faire quand même les certificats.",
        "Assurez-vous, avant de les remettre, que la certification peut encore être délivrée.",
        "Un certificat délivré hors délai ne vaut pas certification enregistrée, et peut valoir "
        "une mise en demeure au certificateur.")
    DECISION_AVANT_JURY = ("DOC-007", _BLOQUANTE,
        "La décision de l'instance est datée du {decision}, avant le jury du {jury}.",
        "Corrigez l'une des deux dates dans session.xlsx.",
        "Les lettres et les certificats diraient que l'instance a décidé avant la délibération "
        "sur laquelle elle se fonde.")

    GABARIT_ILLISIBLE = ("GAB-001", _BLOQUANTE,
        "{nom} ne peut pas servir de gabarit : {raison}.",
        "Ouvrez-le dans Word et enregistrez-le au format « Document Word (.docx) ».",
        "Aucun document de cette sorte ne pourrait être fait.")
    GABARIT_INCONNU = ("GAB-002", _A_VERIFIER,
        "{nom} n'est le nom d'aucun de nos gabarits{suggestion} : il ne servira jamais.",
        "Renommez-le ({connus}), ou retirez-le du dossier.",
        "Vous croiriez vos documents faits d'après lui ; ils le seraient d'après le nôtre.")
    GABARIT_ACTIF = ("GAB-003", _BLOQUANTE,
        "Le gabarit contient {quoi} ({element}).",
        "Retirez cet élément dans Word, ou repartez de notre gabarit.",
        "Ce qui s'exécute à l'ouverture partirait avec chaque lettre, chez chaque candidat.")
    GABARIT_EXTERIEUR = ("GAB-004", _BLOQUANTE,
        "Le gabarit va chercher à l'extérieur {quoi} ({adresse}).",
        "Insérez l'élément dans le document au lieu de le lier (Fichier, Informations, Modifier "
        "les liens d'accès aux fichiers).",
        "À chaque ouverture, Word préviendrait un serveur étranger, et le document changerait ou "
        "resterait vide selon ce qui répond.")
    GABARIT_ATTACHE = ("GAB-005", _A_VERIFIER,
        "Le gabarit est attaché à un modèle de votre disque ({adresse}).",
        "Détachez-le (Développeur, Modèle de document : Normal), pour que ce chemin ne parte pas "
        "avec vos documents.",
        "Le chemin, qui contient souvent un nom d'utilisateur, serait écrit dans chaque lettre.")
    BALISE_INACHEVEE = ("GAB-101", _BLOQUANTE,
        "Une balise est incomplète, {quoi} : « {texte} ».",
        "Retapez-la d'un trait dans le même paragraphe, avec ses deux accolades de chaque côté.",
        "Les accolades et ce qui les suit seraient imprimés tels quels, ou la suite du document "
        "disparaîtrait.")
    BALISE_CACHEE = ("GAB-102", _BLOQUANTE,
        "La balise {balise} est dans un code de champ ou dans un texte supprimé en suivi des "
        "modifications, près de « {texte} ».",
        "Retapez-la comme un texte ordinaire, et acceptez toutes les modifications.",
        "Word ne la montre pas, mais elle serait lue : le document dirait autre chose que ce que "
        "l'on voit.")
    BALISE_A_CHEVAL = ("GAB-103", _BLOQUANTE,
        "La balise {balise} commence et finit de part et d'autre d'un lien, d'un champ ou d'une "
        "modification suivie : « {texte} ».",
        "Retirez le lien (Ctrl+Maj+F9) ou acceptez la modification, puis retapez la balise d'un "
        "trait.",
        "Le document obtenu serait abîmé, et Word refuserait de l'ouvrir.")
    BALISE_ACCOMPAGNEE = ("GAB-104", _BLOQUANTE,
        "La balise {balise} doit être seule dans {portee} : « {perdu} » disparaîtrait.",
        "Mettez la balise seule, et le texte au-dessus ou au-dessous.",
        "Le texte qui accompagne une telle balise n'est jamais imprimé, sans que rien le dise.")
    BALISE_HORS_TABLEAU = ("GAB-105", _BLOQUANTE,
        "La balise {balise} est hors de tout tableau : « {texte} ».",
        "Remettez-la dans son tableau, ou écrivez p à la place de tr ou de tc.",
        "Rien ne serait répété, et le document ne pourrait pas être fait.")
    BALISE_GUILLEMETS = ("GAB-106", _BLOQUANTE,
        "La balise {balise} est écrite avec des guillemets français.",
        "Retapez des guillemets droits, puis annulez la correction automatique (Ctrl+Z).",
        "La balise ne peut pas être lue : aucun document de cette sorte ne serait fait.")
    BALISE_ILLISIBLE = ("GAB-107", _BLOQUANTE,
        "La balise {balise} ne se comprend pas : {raison}.",
        "Comparez-la à celle de notre gabarit (jury gabarits exporter).",
        "La balise ne peut pas être lue : aucun document de cette sorte ne serait fait.")
    EXPRESSION_INTERDITE = ("GAB-108", _BLOQUANTE,
        "La balise {balise} est interdite : un gabarit n'imprime que les champs du document "
        "(« {texte} »).",
        "Retirez-la.",
        "Un gabarit vient de l'extérieur : il ne doit pouvoir ni atteindre la machine, ni "
        "l'occuper sans fin.")
    BLOC_OUVERT = ("GAB-109", _BLOQUANTE,
        "{balise} n'est jamais refermé : il manque {fin} (« {texte} »).",
        "Ajoutez la balise de fin là où le passage s'arrête.",
        "Rien ne dit où le passage finit : le document ne peut pas être fait.")
    BLOC_FERME = ("GAB-110", _BLOQUANTE,
        "{balise} ne répond à aucune ouverture : « {texte} ».",
        "Retirez-la, ou rétablissez la balise qui ouvrait le passage.",
        "Rien ne dit où le passage commence : le document ne peut pas être fait.")
    BLOC_A_CHEVAL = ("GAB-111", _BLOQUANTE,
        "{balise} referme {ouvrante} d'un autre endroit ou d'une autre sorte : « {texte} ».",
        "Ouvrez et fermez avec la même sorte de balise (p, tr, tc ou rien), dans le même tableau "
        "ou la même cellule.",
        "Une partie seulement du tableau ou du paragraphe serait répétée ou retirée : le document "
        "serait abîmé.")
    CHAMP_INCONNU = ("GAB-112", _BLOQUANTE,
        "Le champ {champ} n'existe pas{suggestion} : « {texte} ».",
        "Corrigez son nom ; champs.xlsx, à côté des gabarits exportés, les donne tous.",
        "Un champ mal nommé laisserait un blanc dans un papier officiel ; aucun document n'est "
        "fait tant qu'il y en a un.")
    FILTRE_INCONNU = ("GAB-113", _BLOQUANTE,
        "Le {sorte} {filtre} n'existe pas{suggestion} : « {texte} ».",
        "Corrigez son nom ; champs.xlsx, à côté des gabarits exportés, les donne tous.",
        "La valeur ne pourrait pas être écrite : aucun document de cette sorte ne serait fait.")
    MENTION_MANQUE = ("GAB-201", _BLOQUANTE,
        "{document} doit dire {quoi}, et le gabarit ne l'imprime nulle part.",
        "Remettez {champs} à sa place.",
        "Un document officiel auquel manque une mention obligatoire peut être contesté.")
    MENTION_A_CONFIRMER = ("GAB-202", _A_VERIFIER,
        "{document} doit dire {quoi} : aucun champ du gabarit ne l'imprime.",
        "Remettez {champs} à sa place, ou assurez-vous que le gabarit le dit en toutes lettres.",
        "Un document officiel auquel manque une mention obligatoire peut être contesté ; écrite "
        "en toutes lettres, elle ne suivrait pas un changement du règlement.")
    POLICE_ABSENTE = ("GAB-203", _A_VERIFIER,
        "La police {police} n'est pas installée sur ce poste : {remplacante} prendrait sa place.",
        "Installez-la, ou choisissez-en une autre, si vous faites des PDF sur ce poste.",
        "Les lignes se couperaient ailleurs : une signature pourrait glisser à la page suivante.")
    ESSAI_MANQUE = ("GAB-301", _BLOQUANTE,
        "L'essai sur des candidats fictifs échoue ({document}) : {raison}",
        "Corrigez le gabarit, puis relancez « jury gabarits verifier ».",
        "Le même échec arrêterait « jury traiter » le jour du jury.")

    REFERENTIEL_FEUILLE = ("REF-001", _BLOQUANTE,
        "La feuille « {feuille} » manque.",
        "Rétablissez-la, ou repartez d'un classeur neuf (jury referentiel modele) et recopiez vos "
        "lignes.",
        "Ce que la feuille devait dire manquerait à toutes les grilles.")
    REFERENTIEL_IDENTIFIANT = ("REF-002", _BLOQUANTE,
        "« {valeur} » ne peut pas servir d'identifiant.",
        "Au plus 36 caractères : lettres sans accent, chiffres, points et tirets, à commencer par "
        "une lettre ou un chiffre.",
        "L'identifiant rattache chaque saisie à son critère : illisible, il la perdrait.")
    REFERENTIEL_SANS_TEXTE = ("REF-003", _BLOQUANTE,
        "{quoi} n'a pas de texte.",
        "Recopiez le texte du document. Une compétence qu'il annonce sans en imprimer le texte se "
        "déclare comme non imprimée.",
        "L'évaluateur jugerait sur une ligne vide.")
    REFERENTIEL_TEXTE_DEMESURE = ("REF-004", _BLOQUANTE,
        "{quoi} : {combien}. Une cellule n'en contient pas plus de 32 767.",
        "Retirez ce qui n'est pas de ce texte.",
        "Excel couperait le texte sans le dire, et la grille ne serait plus conforme au document "
        "public.")
    REFERENTIEL_DATES = ("REF-005", _BLOQUANTE,
        "L'enregistrement finirait le {au}, avant d'avoir commencé le {du}.",
        "Corrigez l'une des deux dates.",
        "Personne ne pourrait dire si la certification était enregistrée le jour du jury.")
    REFERENTIEL_CRITERE_ISOLE = ("REF-006", _BLOQUANTE,
        "Le critère {critere} n'est rattaché à rien : il ne serait sur aucune grille.",
        "Donnez-lui une épreuve, une activité ou une compétence.",
        "Le critère ne serait jamais évalué, et le certificateur croirait qu'il l'est.")
    REFERENTIEL_BLOC_VIDE = ("REF-101", _A_VERIFIER,
        "Le bloc {bloc} n'a aucune compétence.",
        "Rattachez-lui ses compétences, ou retirez-le.",
        "Un bloc sans compétence ne peut être ni évalué ni validé.")
    REFERENTIEL_COMPETENCE_SEULE = ("REF-102", _A_VERIFIER,
        "Aucune épreuve ni aucun critère n'évalue la compétence {competence}.",
        "Rattachez-la à une épreuve ou à un critère, si le document le fait.",
        "La compétence serait réputée acquise sans que personne ne l'ait évaluée.")
    REFERENTIEL_EPREUVE_VIDE = ("REF-103", _A_VERIFIER,
        "L'épreuve {epreuve} n'a aucun critère : sa grille serait vide.",
        "Rattachez-lui ses critères, ou retirez-la.",
        "L'évaluateur recevrait une grille sans aucune ligne à remplir.")
    REFERENTIEL_HORS_EPREUVE = ("REF-104", _A_VERIFIER,
        "Le critère {critere} n'a pas d'épreuve, alors que le référentiel en décrit : il ne "
        "serait sur aucune grille.",
        "Donnez-lui son épreuve.",
        "Le critère ne serait jamais évalué, alors que le document public l'annonce.")
    REFERENTIEL_REPETITION = ("REF-105", _A_VERIFIER,
        "{quoi} répète mot pour mot {autre} : « {texte} ».",
        "Supprimez-en un, sauf si le document l'imprime bien deux fois.",
        "Le même critère évalué deux fois compterait double.")
    REFERENTIEL_TEXTE_LONG = ("REF-106", _A_VERIFIER,
        "{quoi} : {combien} sur la grille, qui n'en montre que 30 par cellule.",
        "Vérifiez qu'un seul élément a été collé là ; sinon, rien.",
        "Le texte déborderait de la cellule, et l'évaluateur jugerait sans l'avoir lu en entier.")
    REFERENTIEL_BLOCS_DIFFERENTS = ("REF-107", _A_VERIFIER,
        "La compétence {competence} relève {bloc}, mais son activité {activite}, {autre}.",
        "Donnez-leur le même bloc.",
        "La compétence compterait pour un bloc sur la grille, et pour un autre sur le procès- "
        "verbal.")
    REFERENTIEL_SANS_BLOC = ("REF-108", _A_VERIFIER,
        "La compétence {competence} ne relève d'aucun bloc, alors que le référentiel en a.",
        "Donnez-lui son bloc, et le même à son activité.",
        "La compétence serait évaluée sans compter pour aucun bloc.")
    REFERENTIEL_COMPETENCE_AUTRE = ("REF-109", _A_VERIFIER,
        "Le critère {critere} évalue {competence}, que son épreuve {epreuve} n'évalue pas.",
        "Ajoutez la compétence à l'épreuve, ou corrigez le critère.",
        "L'évaluation de ce critère compterait pour une compétence que l'épreuve n'est pas faite "
        "pour juger.")

    SANS_ADRESSE = ("COU-001", _A_VERIFIER,
        "{qui} n'a pas d'adresse électronique : à envoyer par courrier.",
        "Remettez-lui son pli par la poste ou en main propre, et notez-le (jury courriels "
        "constater) ; ou ajoutez son adresse dans session.xlsx.",
        "Personne d'autre ne lui écrira : sans pli, ce document ne lui parviendrait jamais.")
    ADRESSE_INVALIDE = ("COU-002", _BLOQUANTE,
        "« {adresse} », l'adresse de {qui}, n'est pas une adresse électronique valide. Aucun "
        "message n'a été préparé ni envoyé.",
        "Corrigez-la dans session.xlsx ; avant l'arobase, elle s'écrit sans accent.",
        "Une adresse mal recopiée est souvent le signe de lignes décalées : d'autres adresses "
        "pourraient être celles du voisin.")
    ADRESSE_PARTAGEE = ("COU-003", _BLOQUANTE,
        "{qui} ont la même adresse, {adresse}. Aucun message n'a été préparé ni envoyé.",
        "Corrigez l'adresse qui est fausse ; si elle est bien commune, ajoutez "
        "--adresses-partagees.",
        "L'un lirait le courrier de l'autre : une lettre de résultat, une grille à remplir.")
    ADRESSE_PARTAGEE_ADMISE = ("COU-004", _A_VERIFIER,
        "{qui} ont la même adresse, {adresse}, et vous l'avez admis.",
        "Assurez-vous que chacun accepte que l'autre puisse lire son courrier.",
        "Celui qui relève cette boîte lit le courrier des autres.")
    PIECE_MANQUE = ("COU-005", _BLOQUANTE,
        "{piece} manque : le message de {qui} n'est pas prêt.",
        "Lancez « {commande} », puis préparez de nouveau les messages.",
        "Il recevrait un message sans le document qu'il annonce.")
    PIECE_PERIMEE = ("COU-006", _BLOQUANTE,
        "{piece} n'est plus ce que la session demande aujourd'hui : le message de {qui} attend.",
        "Lancez « {commande} », puis préparez de nouveau les messages.",
        "La session, le règlement ou une décision a changé depuis que ce document est fait : "
        "l'envoyer, ce serait envoyer l'ancien.")
    GRILLE_ENTAMEE = ("COU-007", _BLOQUANTE,
        "{piece} contient déjà des saisies : le message de {qui} attend.",
        "Si c'est une grille revenue, déplacez-la dans retours/ ; puis lancez « jury grilles ».",
        "L'évaluateur recevrait une grille remplie par un autre, et la croirait la sienne.")
    LETTRE_RETOUCHEE = ("COU-008", _A_VERIFIER,
        "{piece}, la lettre de {qui}, a été retouchée dans Word : elle part telle que vous l'avez "
        "enregistrée.",
        "Relisez-la une dernière fois.",
        "Ce qui y a été changé à la main n'est plus contrôlé : une décision, un nom, un recours.")
    PIECE_D_AUTRUI = ("COU-009", _BLOQUANTE,
        "La pièce jointe « {piece} » porte l'identifiant {identite}, le destinataire est "
        "{destinataire}. Rien n'a été envoyé.",
        "Refaites ce document (jury grilles, ou jury traiter) : un fichier a été enregistré sous "
        "le nom d'un autre.",
        "Une personne recevrait le résultat ou la grille d'une autre, et cela ne se rattrape pas.")
    RESULTATS_EN_PROJET = ("COU-010", _BLOQUANTE,
        "Les résultats de la session ne sont pas définitifs : aucune lettre ne peut partir.",
        "Terminez la délibération, corrigez ce que signale « jury traiter », puis relancez-le.",
        "Un candidat apprendrait une proposition que le jury peut encore changer.")
    MESSAGE_TROP_GROS = ("COU-011", _BLOQUANTE,
        "Le message de {qui} pèse {poids} ; {par} n'accepte pas plus de {maximum}. Rien n'a été "
        "envoyé.",
        "Allégez ses pièces jointes, ou remettez-les-lui autrement.",
        "Le serveur refuserait le message, parfois sans le dire, et il manquerait à son "
        "destinataire.")
    MESSAGE_NON_PREPARE = ("COU-012", _BLOQUANTE,
        "Le message de {qui} n'est pas préparé.",
        "Lancez « {commande} », relisez le brouillon, puis envoyez.",
        "Un message que personne n'a pu relire ne doit pas partir.")
    MESSAGE_PERIME = ("COU-013", _BLOQUANTE,
        "Le message de {qui} a été préparé avant un changement (adresse, texte ou pièce jointe) : "
        "il ne part pas.",
        "Lancez « {commande} », relisez le nouveau brouillon, puis envoyez.",
        "Ce qui partirait ne serait pas ce que vous avez relu, ou ne serait plus exact.")
    BROUILLON_MODIFIE = ("COU-014", _BLOQUANTE,
        "{fichier}, le brouillon de {qui}, a été modifié depuis qu'il a été préparé : il ne part "
        "pas.",
        "Envoyez-le depuis votre messagerie, ou effacez-le et préparez-le de nouveau.",
        "Le programme ne peut plus répondre de ce que contient ce message.")
    ENVOI_INCERTAIN = ("COU-015", _BLOQUANTE,
        "On ne sait pas si le message de {qui} est arrivé : l'envoi du {quand} a été coupé au "
        "dernier instant. Il ne repart pas tout seul.",
        "Demandez-lui s'il l'a reçu. Si oui, « jury courriels constater » ; sinon, « jury "
        "courriels envoyer » avec --renvoyer {id} et --motif.",
        "Le renvoyer d'office, ce serait peut-être l'envoyer deux fois ; l'oublier, ce serait "
        "peut-être ne jamais l'avoir envoyé.")
    REFUS_DEFINITIF = ("COU-016", _BLOQUANTE,
        "Le serveur a refusé le message de {qui} ({adresse}) : {reponse}.",
        "Vérifiez l'adresse auprès de la personne, corrigez-la, préparez et envoyez de nouveau.",
        "Il n'a rien reçu, et ne sait pas qu'on lui écrit.")
    REFUS_TEMPORAIRE = ("COU-017", _BLOQUANTE,
        "Le serveur n'a pas voulu pour l'instant du message de {qui} ({adresse}) : {reponse}.",
        "Relancez la commande plus tard : ce qui est parti ne repartira pas.",
        "Il n'a encore rien reçu.")
    PDF_INCONNU = ("COU-018", _BLOQUANTE,
        "{piece} n'est pas le PDF que le programme a fait de la lettre d'aujourd'hui : le message "
        "de {qui} attend.",
        "Relancez « jury traiter --pdf » ; si ce PDF est de vous (signé, par exemple), envoyez-le "
        "vous-même, ou retirez-le : la lettre Word partira à sa place.",
        "Le programme ne sait ni ce que dit ce PDF, ni de qui : sous un mauvais nom, il donnerait "
        "à un candidat le résultat d'un autre.")
    CORRECTION_MANQUE = ("COU-019", _A_VERIFIER,
        "{qui} a une grille à corriger ({partie}), et aucun classeur de correction ne l'attend : "
        "son message ne le joint pas.",
        "Lancez « jury controle », puis « jury relancer » ; ou dites-lui vous-même quoi corriger.",
        "Il saurait que quelque chose ne va pas, sans savoir quoi.")
    RELANCE_INUTILE = ("COU-020", _INFORMATION,
        "{qui} n'a plus rien à rendre depuis que son rappel a été préparé : il ne part pas.",
        "Rien.",
        "On relancerait quelqu'un qui a fait ce qu'on attendait de lui.")
    ARCHIVE_TROP_TOT = ("ARC-001", _BLOQUANTE,
        "La session n'a pas encore de procès-verbal définitif.",
        "Lancez « jury traiter », puis scellez.",
        "Une archive prouve ce qui a été décidé : un projet ne prouve rien.")
    ARCHIVE_ENTREE = ("ARC-002", _BLOQUANTE,
        "{nom} n'est plus celui du procès-verbal n° {pv}, et aucune copie n'en a été gardée.",
        "Rétablissez, depuis une sauvegarde, le fichier du jour du procès-verbal ; si ce qu'il dit "
        "a changé, rectifiez.",
        "L'archive ne contiendrait pas ce sur quoi le procès-verbal repose.")
    ARCHIVE_PAPIER_MANQUE = ("ARC-003", _BLOQUANTE,
        "{piece} manque : le procès-verbal n° {pv} l'accompagnait.",
        "Remettez-le en place, ou lancez « jury traiter », qui le refait à l'identique.",
        "Personne ne pourrait plus montrer ce que la personne a reçu.")
    ARCHIVE_PAPIER_CHANGE = ("ARC-004", _BLOQUANTE,
        "{piece} n'est plus le document fait avec le procès-verbal n° {pv}.",
        "Renommez la version retouchée (elle sera archivée aussi), puis lancez « jury traiter », "
        "qui refait l'autre à l'identique.",
        "L'archive dirait d'un document modifié à la main que le programme l'a fait.")
    ARCHIVE_ATTEND = ("ARC-005", _BLOQUANTE,
        "Il reste {combien} à faire avec le procès-verbal n° {pv} : ce qui manquait est "
        "maintenant connu ({pieces}).",
        "Lancez « jury traiter », puis scellez.",
        "L'archive serait close sans la lettre ou le certificat de quelqu'un.")
    ARCHIVE_COPIE = ("ARC-006", _BLOQUANTE,
        "Il manque {combien} de ce sur quoi repose le procès-verbal n° {pv} ({pieces}) : les "
        "copies gardées dans .jury/copies ont été retirées ou changées.",
        "Rétablissez le dossier .jury/copies depuis une sauvegarde du dossier de la session.",
        "L'archive ne contiendrait pas ce sur quoi le procès-verbal repose.")
    ARCHIVE_ETRANGERE = ("ARC-101", _BLOQUANTE,
        "{nom} n'est pas une archive faite par ce programme.",
        "Vérifiez que c'est le bon fichier.",
        "On croirait vérifié ce qui n'a jamais été scellé.")
    ARCHIVE_ALTEREE = ("ARC-102", _BLOQUANTE,
        "La pièce {piece} n'est plus telle qu'elle a été scellée : {raison}.",
        "Reprenez une autre copie de l'archive, et vérifiez-la.",
        "Ce que l'archive prouvait ne l'est plus.")
    ARCHIVE_ENVELOPPE = ("ARC-103", _BLOQUANTE,
        "{nom} a été altérée hors de ses pièces : {raison}.",
        "Reprenez une autre copie de l'archive, et vérifiez-la.",
        "Un octet changé, même sans effet, dit que le fichier n'est plus celui qui a été scellé.")
    DOCUMENT_INCONNU = ("ARC-201", _BLOQUANTE,
        "{nom} n'est aucun des documents de cette archive.",
        "Demandez d'où il vient ; l'archive contient l'original.",
        "Un document fabriqué ou retouché passerait pour celui que le jury a fait établir.")
    DOCUMENT_MEME_TEXTE = ("ARC-202", _BLOQUANTE,
        "{nom} dit mot pour mot le texte de {piece}, mais ce n'est pas le même fichier.",
        "Enregistré de nouveau dans Word, un document change d'octets sans changer de mots : pour "
        "la preuve, présentez celui de l'archive.",
        "Le texte ne dit rien de la mise en forme ni des images.")
    REJEU_RESULTAT = ("ARC-301", _BLOQUANTE,
        "{quoi} : l'archive dit « {avant} », le calcul refait dit « {apres} ».",
        "Cherchez pourquoi avant de vous servir de l'un ou de l'autre : « jury archive verifier » "
        "dit si l'archive est entière, son manifeste quelle version du programme l'a faite.",
        "Un résultat notifié qui ne se retrouve pas ne peut pas être défendu.")
    REJEU_DOCUMENT = ("ARC-302", _A_VERIFIER,
        "{piece} n'est pas refait à l'identique : {raison}.",
        "Si une autre version du programme a fait l'archive, c'est sans doute sa rédaction qui "
        "a changé ; l'original est celui de l'archive.",
        "Un document qui change sans que rien n'ait changé cacherait une erreur.")

    REGISTRE_ABIME = ("REG-001", _BLOQUANTE,
        "Le registre {nom} est abîmé : {raison}.",
        "Rétablissez-le depuis une sauvegarde, puis inscrivez de nouveau les sessions tenues "
        "depuis.",
        "Le registre dit qui est certifié, pour toujours : ce qu'il affirme ne se prouve plus.")
    NUMEROTATION_TROUEE = ("REG-002", _BLOQUANTE,
        "La numérotation des certificats passe de {avant} à {apres}.",
        "Retrouvez ce qui manque dans une sauvegarde du registre ; ne redonnez aucun numéro.",
        "Un certificat a été délivré dont le registre ne dit plus rien, ou n'existe pas et pourra "
        "être inventé.")
    CERTIFICAT_SANS_DECISION = ("REG-003", _BLOQUANTE,
        "Le certificat n° {numero} ({objet}, candidat {qui}, session {sujet}) ne repose sur aucune "
        "décision favorable du registre.",
        "Relancez « jury traiter » puis « jury registre inscrire » sur cette session ; reprenez le "
        "certificat s'il a été remis.",
        "Quelqu'un produirait un certificat que le jury n'a pas accordé.")
    SESSION_NON_INSCRITE = ("REG-004", _A_VERIFIER,
        "Des certificats de la session {sujet} ont leur numéro ({numero}), et la session n'est pas "
        "inscrite au registre.",
        "Lancez « jury registre inscrire » sur le dossier de cette session.",
        "Le registre ne saurait pas dire qui porte ces numéros.")
    PERSONNE_PROCHE = ("REG-005", _A_VERIFIER,
        "{qui} ressemble à une personne du registre qui a obtenu {objets} : {differences}.",
        "Comparez les pièces d'identité. Si c'est la même personne, corrigez l'état civil, ou "
        "saisissez l'acquis vous-même avec sa preuve.",
        "Prise d'office, l'homonymie donnerait à l'un les blocs de l'autre ; ignorée, un candidat "
        "repasserait ce qu'il a déjà.")

    CPF_MANQUE = ("CPF-001", _BLOQUANTE,
        "« {colonne} » manque pour déclarer la certification de {qui}.",
        "Complétez la cellule d'après sa pièce d'identité, puis relancez la commande.",
        "Sa certification ne serait pas déclarée, et n'apparaîtrait pas dans son passeport de "
        "compétences.")
    CPF_TROP_LONG = ("CPF-002", _BLOQUANTE,
        "« {colonne} » de {qui} compte {combien} ; la Caisse des dépôts en accepte {maximum}.",
        "Déclarez cette personne à la main sur le portail, d'après sa pièce d'identité.",
        "Coupé pour tenir, un nom n'est plus celui de l'état civil, et la déclaration est rejetée.")
    CPF_DEPOSANT = ("CPF-003", _BLOQUANTE,
        "« {rubrique} » : {valeur} ; la déclaration attend {attendu}.",
        "Écrivez-le dans reglement.yaml, ou donnez --id-client et --id-contrat.",
        "Sans eux la Caisse des dépôts ne sait pas qui déclare : le fichier entier serait rejeté.")
    CPF_MENTION = ("CPF-004", _A_VERIFIER,
        "La mention « {valeur} » de {qui} n'existe pas dans la déclaration : elle n'y figure pas.",
        "Rien, si elle n'est pas une mention officielle ; sinon, corrigez son libellé.",
        "Le passeport de compétences dirait moins que le certificat.")
    CPF_CHANGE = ("CPF-005", _A_VERIFIER,
        "La déclaration acceptée du candidat {qui} n'est plus ce que dit la session.",
        "Faites corriger ou supprimer cette déclaration sur le portail de la Caisse des dépôts.",
        "Le passeport de compétences affirmerait ce que le certificateur ne dit plus.")
    CPF_REJETE = ("CPF-006", _BLOQUANTE,
        "La Caisse des dépôts a rejeté la déclaration du candidat {qui} : {reponse}.",
        "Corrigez son état civil dans session.xlsx d'après sa pièce d'identité, rectifiez le "
        "procès-verbal s'il en portait un autre (jury traiter DOSSIER --rectifier), puis relancez "
        "« jury exporter cpf » : lui seul repartira.",
        "Sa certification n'est pas déclarée, et le délai de trois mois court toujours.")
    CPF_INCONNU = ("CPF-007", _A_VERIFIER,
        "L'accusé parle de « {identite} », que ce fichier ne déclarait pas.",
        "Vérifiez que l'accusé est entier et que personne d'autre ne déclare pour vous.",
        "Quelqu'un a peut-être déclaré sous votre nom, ou l'accusé a été modifié.")
    CPF_EN_RETARD = ("CPF-008", _A_VERIFIER,
        "{combien} de la session {sujet} devaient être déclarées au plus tard le {limite}.",
        "Déposez le fichier sans attendre, puis donnez son accusé à « jury exporter cpf-accuse ».",
        "Passé trois mois, le certificateur s'expose à une mise en demeure, puis à la suspension.")
    # fmt: on

    # Set in French typography when they are read: a command says a few of them, and loads them all.
    @cached_property
    def phrase(self) -> str:
        return typographie(self._typed[0])

    @cached_property
    def remede(self) -> str:
        return typographie(self._typed[1])

    @cached_property
    def pourquoi(self) -> str:
        return typographie(self._typed[2])

    @property
    def famille(self) -> str:
        """A key of FAMILLES."""
        return self.numero.partition("-")[0]

    def at(self, lieu: Lieu, /, *, candidats: Iterable[str] = (), **mots: object) -> Anomalie:
        """The anomaly at this place. A word that the sentence lacks fails here and now."""
        # The words come from files: only our own sentence got French spacing.
        return Anomalie(
            self,
            lieu,
            self.phrase.format(**mots),
            self.remede.format(**mots),
            tuple(candidats),
        )


def suggestion(mot: str | None) -> str:
    """« ; vouliez-vous dire … ? », to be set inside a sentence; empty when nothing is near."""
    return typographie(f" (vouliez-vous dire « {mot} » ?)") if mot else ""
