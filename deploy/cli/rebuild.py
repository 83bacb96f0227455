"""`ykien rebuild`: empties a service's projection and folds the stream into it again."""

import asyncio
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from deploy.cli.common import BAD_INPUT, UNREACHABLE, Data, bus_connection, bus_url, console, fail
from deploy.embedded.layout import Layout, running
from deploy.rebuild import Plan, plan_of
from deploy.rebuild import rebuild as rebuild_projection
from deploy.secrets import secret_environment
from shared.errors import Permanent, Transient
from shared.settings import ServiceSettings
from shared.store.open import open_store
from shared.store.port import DocumentStore


class Service(StrEnum):
    """The services that keep a projection."""

    INGEST = "ingest"
    CLASSIFY = "classify"
    REPORT = "report"
    NOTIFY = "notify"


def rebuild(
    service: Annotated[Service, typer.Argument(help="Whose projection to make anew.")],
    data: Data = None,
) -> None:
    """Make a service's projection anew from the stream. The service keeps running; its consumers pause meanwhile.

    If it is interrupted, the service stays paused until the command is run again.
    """
    asyncio.run(_rebuild(service.value, data))


async def _rebuild(service: str, data: Path | None) -> None:
    found = running(data=data)
    env = dict(os.environ)
    if found:
        layout = Layout(Path(found.data))
        env |= secret_environment(layout.secrets) | {"YKIEN_DATA": str(layout.databases)}
    try:
        plan = plan_of(service, env)
        store = open_store(ServiceSettings.from_env(env), service, plan.collections)
        await store.open()
        try:
            folded = await _with_progress(plan, store, bus_url(data))
        finally:
            await store.close()
    except Permanent as error:
        fail(BAD_INPUT, str(error))
    except Transient as error:
        fail(UNREACHABLE, str(error))
    print(f"rebuilt: {service} events={folded}")


async def _with_progress(plan: Plan, store: DocumentStore, bus: str) -> int:
    async with bus_connection(bus) as connection:
        with Progress(console=console) as progress:
            bar = progress.add_task(f"rebuilding {plan.service}", total=None)

            def advance(done: int, total: int) -> None:
                progress.update(bar, completed=done, total=max(total, 1))

            return await rebuild_projection(connection.jetstream(timeout=20), store, plan, advance)
