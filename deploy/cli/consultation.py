"""`ykien consultation`: check a definition, and hand it to the running services."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.common import BAD_INPUT, Data, bus_connection, bus_url, console, fail
from deploy.definitions import publish_file
from shared.consultation_yaml import DefinitionError, load

app = typer.Typer(help="Consultation definitions (YAML).", no_args_is_help=True)
DefinitionFile = Annotated[Path, typer.Argument(help="Definition, e.g. consultations/dien-bien-2025.yaml.")]


@app.command()
def validate(file: DefinitionFile) -> None:
    """Check a definition; every fault with its line, field and reason."""
    try:
        consultation = load(file)
    except DefinitionError as error:
        fail(BAD_INPUT, str(error))
    print(f"ok: {consultation.id}: {len(consultation.topic_groups)} topic groups, {len(consultation.units)} units")


@app.command()
def publish(file: DefinitionFile, data: Data = None) -> None:
    """Check a definition and publish it; running services take it up without a restart."""

    async def run() -> None:
        async with bus_connection(bus_url(data)) as connection:
            consultation, changed = await publish_file(connection.jetstream(timeout=20), file)
        print(f"{'published' if changed else 'unchanged'}: {consultation.id}")

    try:
        load(file)
    except DefinitionError as error:
        fail(BAD_INPUT, str(error))
    asyncio.run(run())
    console.print("It takes effect within seconds.", style="dim")
