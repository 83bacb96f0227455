"""`ykien original`: the files and mails of one submission as they came, for those who must read what no program could."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer

from deploy import originals
from deploy.cli.common import BAD_INPUT, NO, Data, bus_connection, bus_url, console, fail
from deploy.embedded.layout import Layout, running
from shared import topology
from shared.blobs import Blobs
from shared.settings import SettingsError, read_secret


def original(
    submission_id: Annotated[
        str, typer.Argument(metavar="SUBMISSION_ID", help="32 characters, from the annex or the log.")
    ],
    out: Annotated[Path, typer.Option("--out", help="Folder for the files; made when it is not there.")],
    data: Data = None,
) -> None:
    """Write the files of one submission into a folder, unsealed. They name people: keep them as the law asks."""
    key = _sealing_key(data)

    async def run() -> list[originals.Original]:
        async with bus_connection(bus_url(data)) as connection:
            js = connection.jetstream(timeout=20)
            try:
                event = await originals.find(js, submission_id.strip().lower())
                return await originals.read(Blobs(await js.object_store(topology.BLOBS_BUCKET)), event, key)
            except originals.NotFoundError as error:
                fail(NO, str(error))
            except KeyError as error:
                fail(NO, f"a stored file is missing: {error}")

    files = asyncio.run(run())
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    for file in files:
        path = out / file.name
        path.touch(mode=0o600)
        path.write_bytes(file.data)
        print(path)
    console.print("these files name people; delete them once they are read", style="yellow")


def _sealing_key(data: Path | None) -> str:
    path = os.environ.get("YKIEN_SEALING_KEY_FILE")
    if path is None:
        found = running(data=data)
        if found is None:
            fail(BAD_INPUT, "no system runs here: start it, or set YKIEN_SEALING_KEY_FILE")
        path = str(Layout(Path(found.data)).secrets / "sealing.key")
    try:
        return read_secret(Path(path)).decode().strip()
    except SettingsError as error:
        fail(BAD_INPUT, str(error))
