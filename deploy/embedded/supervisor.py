"""Starts everything in order, keeps it running, stops it in the opposite order."""

import asyncio
import fcntl
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import nats

from deploy.definitions import publish_all
from deploy.embedded import commands
from deploy.embedded.child import Child, Command
from deploy.embedded.layout import Instance, Layout, announce
from deploy.embedded.ports import assign, is_free
from deploy.paths import SHIPPED
from deploy.secrets import FirstStart, ensure_secrets
from shared.errors import Permanent
from shared.provision import provision

START_TIMEOUT_S = 60.0
Say = Callable[[str], None]


@dataclass
class Embedded:
    """One embedded system on one data folder. `url` is set once it runs."""

    layout: Layout
    port: int = 8080
    bind: str = "127.0.0.1"
    workers: int = 1
    definitions: tuple[Path, ...] = (SHIPPED,)
    say: Say = lambda _: None
    children: list[Child] = field(default_factory=list)
    first_start: FirstStart = field(default_factory=lambda: FirstStart(None))
    nats_url: str = ""
    _lock: TextIO | None = None
    _announced: Path | None = None

    @property
    def url(self) -> str:
        """Where the gateway answers on this machine."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Returns when everything accepts work. Raises Permanent (mend and try again) or TimeoutError; stops what it began."""
        self.layout.create()
        self._take_lock()
        if not is_free(self.port, self.bind):
            raise Permanent(f"port {self.port} is in use; choose another with --port (make: PORT=...)")
        self.first_start = ensure_secrets(self.layout.secrets, self.layout.operator_token)
        replicas = {s: (self.workers if s in {"ingest", "classify"} else 1) for s in commands.SERVICES}
        names = ["nats", "nats-monitor", *(f"{s}-{n}" for s, count in replicas.items() for n in range(1, count + 1))]
        ports = assign(names, self.layout.run / "ports.json")
        self.nats_url = commands.nats_url(self.layout, ports["nats"])
        try:
            await self._launch([commands.nats_command(self.layout, ports["nats"], ports["nats-monitor"])])
            await self._prepare_bus()
            await self._launch(
                [
                    commands.service_command(s, n, self.layout, ports[f"{s}-{n}"], self.nats_url, self.url)
                    for s, count in replicas.items()
                    for n in range(1, count + 1)
                ]
            )
            upstreams = {s: [ports[f"{s}-{n}"] for n in range(1, count + 1)] for s, count in replicas.items()}
            gateway = commands.gateway_command(self.layout, self.bind, self.port, upstreams)
            await self._launch([gateway])
        except BaseException:
            await self.stop()
            raise
        instance = Instance(self.url, self.nats_url, str(self.layout.data.resolve()), os.getpid())
        self._announced = announce(instance)

    async def stop(self) -> None:
        """Drains: first the gateway lets nobody in, then the services finish what they hold, the bus goes last."""
        if self._announced is not None:
            self._announced.unlink(missing_ok=True)
        for name in ("gateway", "service", "nats"):
            group = [c for c in self.children if self._group(c) == name]
            await asyncio.gather(*(child.stop() for child in group))
        self.children.clear()
        if self._lock is not None:
            self._lock.close()

    @staticmethod
    def _group(child: Child) -> str:
        return child.command.name if child.command.name in {"gateway", "nats"} else "service"

    async def _launch(self, group: list[Command]) -> None:
        children = [Child(command, self.layout.logs / f"{command.name}.log") for command in group]
        self.children.extend(children)
        for child in children:
            self.say(f"starting {child.command.name}")
            child.start()
        await asyncio.gather(*(child.wait_ready(START_TIMEOUT_S) for child in children))

    async def _prepare_bus(self) -> None:
        connection = await nats.connect(self.nats_url)
        try:
            ack_wait_s = float(os.environ.get("YKIEN_ACK_WAIT_S", "30"))
            await provision(connection.jetstream(), ack_wait_s=ack_wait_s)
            folders = [*self.definitions, self.layout.definitions]
            await publish_all(connection.jetstream(), [folder for folder in folders if folder.is_dir()])
        finally:
            await connection.close()

    def _take_lock(self) -> None:
        self._lock = (self.layout.run / "lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            self._lock = None
            raise Permanent(
                f"another ykien already runs on {self.layout.data}; stop it or choose another --data"
            ) from error


async def run_until_stopped(system: Embedded, on_ready: Callable[[], None]) -> None:
    """Runs the system until SIGTERM or Ctrl-C, then drains it."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    starting = asyncio.create_task(system.start())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        starting.cancel()
        with suppress(asyncio.CancelledError):
            await starting
        return
    await starting
    on_ready()
    await stopping
    await system.stop()
