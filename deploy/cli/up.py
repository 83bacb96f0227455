"""`ykien up`: the embedded system in the foreground."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.common import BAD_INPUT, UNREACHABLE, console, fail
from deploy.embedded.layout import Layout
from deploy.embedded.supervisor import Embedded, run_until_stopped
from shared.errors import Permanent
from shared.logging import configure
from shared.settings import ServiceSettings, SettingsError


def up(
    port: Annotated[
        int, typer.Option("--port", envvar="YKIEN_PORT", min=1, max=65535, help="Port of the gateway.")
    ] = 8080,
    data: Annotated[Path, typer.Option("--data", envvar="YKIEN_DATA", help="Data folder, kept between runs.")] = Path(
        "data"
    ),
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Processes of ingest and of classify.")] = 1,
    bind: Annotated[
        str, typer.Option("--bind", help="Address the gateway listens on; 0.0.0.0 for the whole network.")
    ] = "127.0.0.1",
) -> None:
    """Start NATS, the databases and the four services; stop with Ctrl-C or SIGTERM.

    Prints `ready: http://127.0.0.1:PORT` on stdout when everything accepts work.
    """
    configure("supervisor", "WARNING")
    _check_environment()
    system = Embedded(
        Layout(data.resolve()), port=port, bind=bind, workers=workers, say=lambda line: console.print(line, style="dim")
    )

    def ready() -> None:
        if system.first_start.operator_password:
            console.print("Reports and dashboard: account [b]vanphong[/b], password (shown only now):")
            console.print(system.first_start.operator_password, markup=False, highlight=False)
            console.print(f"A new one for the next start: ykien operator reset-password --data {data}", style="dim")
        print(f"ready: {system.url}", flush=True)

    try:
        asyncio.run(run_until_stopped(system, ready))
    except Permanent as error:
        fail(BAD_INPUT, str(error))
    except TimeoutError as error:
        fail(UNREACHABLE, str(error))
    except OSError as error:
        fail(BAD_INPUT, f"data folder {data}: {error.strerror or error}")
    sys.exit(0)


def _check_environment() -> None:
    """A setting no service could start with is told here, once, instead of by four services that end again and again."""
    try:
        ServiceSettings.from_env(os.environ)
    except SettingsError as error:
        fail(BAD_INPUT, str(error))
