"""jury simuler: the same session under other rules, and the results that hang by a hair."""

from pathlib import Path

import click

from batch.cli import parole
from batch.empechement import MauvaisUsage
from batch.folder import open_folder


@click.command()
@parole.dossier_argument
@click.option(
    "--avec",
    "changements",
    multiple=True,
    metavar="RUBRIQUE=VALEUR",
    help="Par exemple bloc.seuil=60%, ou bloc.seuil=50%..70%. Peut être répété.",
)
@parole.format_option
def simuler(dossier: Path, changements: tuple[str, ...], forme: str) -> None:
    """Change un seuil sans rien écrire, et dit qui bascule.

    Aucune décision n'est touchée. Sans --avec, dit seulement ce qui, avec le
    règlement de la session, ne tient qu'à un critère, à un évaluateur ou à l'arrondi.

    \b
    Ce que l'on peut changer, comme dans reglement.yaml :
      bloc.seuil=60%          le seuil d'un niveau : critere, competence, epreuve,
                              activite ou bloc
      bloc.au_moins=3         une autre condition : toutes, au_moins, proportion,
                              moyenne ou somme
      bloc.minimum=7          le minimum de chacun ; sans valeur : retiré
      bloc.eliminatoires=C1,C3
      bloc.poids.C1=3         un seul des siens : poids, parts ou minimums
      particulieres.BC2.seuil=60%
      certification.moyenne=12, certification.activites.seuil=12,
      certification.epreuves.seuil=80%
      acces.BC2=BC1           ce qu'il faut valider avant ; sans valeur : retiré
      arrondi.compare=arrondi, arrondi.decimales=1, arrondi.pas=0,5, arrondi.mode
      evaluateurs.divergence=plus_favorable, evaluateurs.ecart_max=1
      acquis.validite=5 ans, acquis.competences=24 mois
      options.contre=C8
    """
    from batch import chaine, simulation
    from batch.cli.simuler import echange, recit

    with parole.speaking_plainly():
        asked = [simulation.demande(texte) for texte in changements]
        simulation.check_once(asked)
        ranges = [found for one in asked if (found := simulation.plage(one))]
        if len(ranges) > 1:
            raise MauvaisUsage("Une seule plage de valeurs à la fois.")
        examen = chaine.examine(open_folder(dossier))
        if ranges:
            fixed = [one for one in asked if simulation.plage(one) is None]
            tried = [
                (one.texte, simulation.simulate(examen, [*fixed, one]))
                for one in ranges[0].demandes
            ]
            if forme == "json":
                parole.print_json(echange.sweep_as_json(examen, ranges[0].cle, tried))
            else:
                recit.tell_sweep([simulated for _, simulated in tried])
        else:
            simulated = simulation.simulate(examen, asked)
            hairs = simulation.hairs(examen, simulated.reglement, simulated.apres)
            if forme == "json":
                parole.print_json(echange.as_json(examen, simulated, hairs))
            else:
                recit.tell(examen, simulated, hairs)
