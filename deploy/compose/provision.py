"""Job `provision`: makes the bus what `topology.py` says and publishes the consultation definitions."""

import asyncio
import os
from pathlib import Path

import nats

from deploy.definitions import publish_all
from shared.provision import provision
from shared.settings import ServiceSettings

DEFINITIONS = Path("/definitions")


async def run(settings: ServiceSettings, replicas: int, folders: list[Path]) -> list[str]:
    """Provisions; answers the ids of the definitions that changed."""
    connection = await nats.connect(settings.nats_url.split(","), connect_timeout=10)
    try:
        js = connection.jetstream(timeout=30)
        await provision(js, ack_wait_s=settings.ack_wait_s, replicas=replicas)
        return await publish_all(js, folders)
    finally:
        await connection.close()


def main() -> None:
    """Runs the job."""
    settings = ServiceSettings.from_env(os.environ)
    changed = asyncio.run(run(settings, int(os.environ.get("YKIEN_NATS_REPLICAS", "1")), [DEFINITIONS]))
    print(f"provisioned; definitions published: {', '.join(changed) or 'none changed'}")  # noqa: T201 - a job's answer


if __name__ == "__main__":
    main()
