"""The processes of the embedded run as data: nats-server, the four services, the gateway."""

import os
import sys
from collections.abc import Mapping

import httpx

from deploy.embedded.binaries import find
from deploy.embedded.child import Command
from deploy.embedded.layout import Layout
from deploy.paths import CONFIGURATION, ROOT
from deploy.secrets import secret_environment
from shared.settings import read_secret

SERVICES = ("ingest", "classify", "report", "notify")
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "VIRTUAL_ENV", "OTEL_EXPORTER_OTLP_ENDPOINT")


async def _answers(url: str) -> bool:
    try:
        async with httpx.AsyncClient(timeout=3, trust_env=False) as client:
            return (await client.get(url)).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def base_environment() -> dict[str, str]:
    """What every child inherits: its whereabouts and the operator's own YKIEN_ settings."""
    kept = {name: value for name, value in os.environ.items() if name in INHERITED or name.startswith("YKIEN_")}
    return kept | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)}


def nats_url(layout: Layout, port: int) -> str:
    """Where the bus is, with its password: it listens on loopback, but not for every user of the machine."""
    return f"nats://ykien:{read_secret(layout.secrets / 'nats.password').decode()}@127.0.0.1:{port}"


def nats_command(layout: Layout, port: int, monitor: int) -> Command:
    """nats-server with JetStream in the data folder; every PubAck is on the disk."""
    env = base_environment() | {
        "YKIEN_NATS_LISTEN": f'"127.0.0.1:{port}"',
        "YKIEN_NATS_PASSWORD": f'"{read_secret(layout.secrets / "nats.password").decode()}"',
        "YKIEN_NATS_STORE": f'"{layout.jetstream}"',
    }
    argv = (find("nats-server"), "--config", str(CONFIGURATION / "nats" / "embedded.conf"), "-m", str(monitor))

    async def ready() -> bool:
        return await _answers(f"http://127.0.0.1:{monitor}/healthz?js-enabled-only=true")

    return Command("nats", argv, env, ready)


def service_command(service: str, number: int, layout: Layout, port: int, bus: str, public_url: str) -> Command:
    """One replica of a service."""
    env = (
        base_environment()
        | secret_environment(layout.secrets)
        | {
            "YKIEN_NATS_URL": bus,
            "YKIEN_DATA": str(layout.databases),
            "YKIEN_CHANNELS": str(layout.channels),
            "YKIEN_HOST": "127.0.0.1",
            "YKIEN_PORT": str(port),
            "YKIEN_PUBLIC_URL": os.environ.get("YKIEN_PUBLIC_URL", public_url),
        }
    )

    async def ready() -> bool:
        return await _answers(f"http://127.0.0.1:{port}/readyz")

    return Command(f"{service}-{number}", (sys.executable, "-m", f"services.{service}"), env, ready)


def gateway_command(layout: Layout, bind: str, port: int, upstreams: Mapping[str, list[int]]) -> Command:
    """Caddy with the same routes as in compose."""
    env = base_environment() | {
        "YKIEN_BIND": bind,
        "YKIEN_PORT": str(port),
        **{
            f"YKIEN_{service.upper()}_UPSTREAMS": " ".join(f"127.0.0.1:{p}" for p in upstreams[service])
            for service in ("ingest", "classify", "report")
        },
        "YKIEN_CADDY_STORE": str(layout.run / "caddy"),
        "XDG_CONFIG_HOME": str(layout.run),
        "XDG_DATA_HOME": str(layout.run),
    }
    argv = (find("caddy"), "run", "--config", str(CONFIGURATION / "caddy" / "embedded.caddy"), "--adapter", "caddyfile")

    async def ready() -> bool:
        return await _answers(f"http://127.0.0.1:{port}/readyz")

    return Command("gateway", argv, env, ready, grace_s=10)
