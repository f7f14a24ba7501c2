"""jury anomalie: the page of each sentence that Jury can say about a file."""

import click

from batch.cli import parole


@click.command()
@click.argument("code", required=False, metavar="[CODE]")
@parole.format_option
def anomalie(code: str | None, forme: str) -> None:
    """Explique une anomalie par son code ; sans code, les liste toutes."""
    from batch.cli.anomalie import page

    with parole.speaking_plainly():
        chosen = page.chosen(code)
        if forme == "json":
            parole.print_json([page.as_json(one) for one in chosen])
        elif len(chosen) == 1:
            page.tell(chosen[0])
        else:
            page.tell_all(chosen)
