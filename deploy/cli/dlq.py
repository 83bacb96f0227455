"""`ykien dlq`: dead letters, seen, mended and replayed by an operator."""

import asyncio
import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.common import BAD_INPUT, Data, bus_connection, bus_url, fail
from shared import dead_letters

app = typer.Typer(help="Messages that no retry could help: look, mend the cause, replay.", no_args_is_help=True)


@app.command("list")
def list_(data: Data = None) -> None:
    """List dead letters with reason, service and attempts."""

    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            letters = await dead_letters.list_(connection.jetstream())
        table = Table("id", "service", "attempts", "at", "reason")
        for letter in letters:
            table.add_row(
                letter.id, letter.consumer, str(letter.attempts), f"{letter.at:%Y-%m-%d %H:%M:%S}Z", letter.reason
            )
        if letters:
            Console(soft_wrap=True).print(table)
        print(f"dead letters: {len(letters)}")

    asyncio.run(run())


@app.command()
def show(id_: Annotated[str, typer.Argument(metavar="ID")], data: Data = None) -> None:
    """Show one dead letter whole, as JSON. It may hold a citizen's words: mind who looks on."""

    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            js = connection.jetstream()
            try:
                letter = await dead_letters.show(js, id_)
            except dead_letters.NoSuchDeadLetter as error:
                fail(BAD_INPUT, str(error))
            original = await dead_letters.original(js, letter)
        whole = {"id": letter.id, **letter.model_dump(mode="json")}
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
            js = connection.jetstream()
            chosen = [letter.id for letter in await dead_letters.list_(js)] if every else list(ids or ())
            for id_ in chosen:
                try:
                    await dead_letters.replay(js, id_)
                except dead_letters.NoSuchDeadLetter as error:
                    fail(BAD_INPUT, str(error))
        print(f"replayed: {len(chosen)}")

    asyncio.run(run())


def _body(body: bytes) -> object:
    """As JSON where it is JSON; the bytes as they are (escaped) where that is the very fault."""
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "backslashreplace")
