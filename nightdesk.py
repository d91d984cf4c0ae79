"""The operator's door: every command calls one function."""

from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _nightdesk() -> None:
    """Nightdesk: bad reviews wake a person, and the owner decides."""


@app.command()
def up() -> None:
    """Run Nightdesk here until Ctrl-C."""
    from workers.up import CannotStart, run

    try:
        run()
    except CannotStart as reason:
        typer.echo(str(reason), err=True)
        raise typer.Exit(1) from reason


@app.command()
def drill(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    own: Annotated[
        bool, typer.Option("--own", help="Start an instance of its own in a temporary folder.")
    ] = False,
    url: Annotated[str, typer.Option(help="The address of the instance to drill.")] = "",
) -> None:
    """Practise a whole night against stand-ins that touch nothing."""
    from workers.drill import run

    raise typer.Exit(run(as_json=as_json, own=own, url=url))


@app.command()
def sweep() -> None:
    """Remove everything that drills have left here."""
    from workers.drill import sweep as remove

    remove()
    typer.echo("Nothing of practice is left.")


@app.command()
def rotate_push_key() -> None:
    """Replace the key that signs pushes; phones take the new one when the app is opened next."""
    import asyncio

    from api import database
    from api.lifecycle import setup

    async def rotate() -> None:
        try:
            await setup.rotate_push_key()
        finally:
            await database.close()

    asyncio.run(rotate())
    typer.echo("There is a new push key. Phones with the old one keep ringing.")


@app.command()
def replay(
    file: Annotated[str, typer.Argument(help="A CSV file with a column at; - for standard input.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON line a finding.")] = False,
    notice: Annotated[
        float, typer.Option(help="False notices per client and year that are acceptable.")
    ] = 1.0,
    wake: Annotated[
        float, typer.Option(help="False wake-ups per client and year that are acceptable.")
    ] = 0.1,
    zone: Annotated[str, typer.Option(help="The time zone of the clients, by its name.")] = "UTC",
) -> None:
    """Tell what past reviews would have said, had they come now; nothing is stored or rung."""
    from workers.replay import run

    raise typer.Exit(run(file, as_json=as_json, notice=notice, wake=wake, zone=zone))


@app.command()
def doctor(
    *,
    live: Annotated[
        bool, typer.Option("--live", help="Ask the vendors themselves, with your accounts.")
    ] = False,
    write: Annotated[
        str, typer.Option(help="A source (src_…) to take down and put back. No client’s.")
    ] = "",
) -> None:
    """Look at every connected place as the night would find it; nothing is kept or changed."""
    if not live:
        typer.echo("This asks the vendors with your accounts. Say --live to do it.")
        raise typer.Exit(2)
    from api.ids import decode
    from workers.doctor import run

    raise typer.Exit(run(write=decode("src", write) if write else None))


if __name__ == "__main__":
    app()
