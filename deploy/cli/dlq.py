"""`ykien dlq`: dead letters, seen, mended and replayed by an operator."""

import asyncio
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from deploy.cli.common import BAD_INPUT, Data, bus_connection, bus_url, fail
from shared import dead_letters

app = typer.Typer(help="Messages that no retry could help: look, mend the cause, replay.", no_args_is_help=True)


@app.command("list")
def list_(data: Data = None) -> None:
    """List dead letters with reason, service and attempts; as tab-separated lines when the output is no terminal."""

    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            letters = await dead_letters.list_(connection.jetstream(timeout=20))
        _print_table(letters)
        print(f"dead letters: {len(letters)}")

    asyncio.run(run())


@app.command()
def show(id_: Annotated[str, typer.Argument(metavar="ID")], data: Data = None) -> None:
    """Show one dead letter whole, as JSON. It may hold a citizen's words: mind who looks on."""

    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            js = connection.jetstream(timeout=20)
            letter = await dead_letters.show(js, id_)
            original = await dead_letters.original(js, letter)
        whole = {"id": letter.id, "service": letter.service, **letter.model_dump(mode="json")}
        whole["message"] = None if original is None else _body(original.body)
        print(json.dumps(whole, ensure_ascii=False, indent=2))

    asyncio.run(run())


@app.command()
def replay(
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID...")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead letter there is.")] = False,
    data: Data = None,
) -> None:
    """Hand dead letters to their service again; one that fails again comes back to the list."""
    if bool(ids) == every:
        fail(BAD_INPUT, "name dead letters, or say --all")

    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            js = connection.jetstream(timeout=20)
            chosen = [letter.id for letter in await dead_letters.list_(js)] if every else list(ids or ())
            for id_ in chosen:
                await dead_letters.replay(js, id_)
        print(f"replayed: {len(chosen)}")

    asyncio.run(run())


def _print_table(letters: list[dead_letters.DeadLetter]) -> None:
    out = Console(soft_wrap=True)
    rows = [(x.id, x.service, str(x.attempts), f"{x.at:%Y-%m-%d %H:%M:%S}Z", x.reason) for x in letters]
    if not out.is_terminal:
        for row in rows:  # whole ids on one line each, for scripts
            print("\t".join(row))
    elif rows:
        table = Table("id", "service", "attempts", "at", "reason")
        for row in rows:
            table.add_row(*map(escape, row))
        out.print(table)


def _body(body: bytes) -> object:
    """As JSON where it is JSON; the bytes as they are (escaped) where that is the very fault."""
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "backslashreplace")
