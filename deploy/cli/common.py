"""What the subcommands share: exit codes, where the running system is, and the operator's token."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import httpx
import typer
from nats.aio.client import Client
from nats.errors import Error as NatsError
from rich.console import Console

from deploy.connection import connect_once
from deploy.embedded.layout import running
from shared.errors import Permanent, Transient
from shared.settings import SettingsError, read_secret

NO, BAD_INPUT, UNREACHABLE = 1, 2, 3

console = Console(stderr=True, soft_wrap=True)  # progress and explanations; stdout holds only what the contract names

Url = Annotated[
    str | None,
    typer.Option(
        "--url", envvar="YKIEN_URL", help="Gateway of the running system; default: the one running on this machine."
    ),
]
ConsultationOption = Annotated[str, typer.Option("--consultation", help="Id of the consultation, e.g. dien-bien-2025.")]
Data = Annotated[
    Path | None,
    typer.Option("--data", envvar="YKIEN_DATA", help="Data folder of the embedded run, when several run here."),
]


def fail(code: int, message: str) -> NoReturn:
    """Says what is wrong on stderr and ends with that exit code."""
    console.print(f"ykien: {message}", style="red", markup=False, highlight=False)
    raise typer.Exit(code)


def gateway(url: str | None) -> str:
    """The URL given, else of the system running on this machine, else the default port. A URL that is none ends with 2."""
    if url:
        if not url.startswith(("http://", "https://")):
            fail(BAD_INPUT, f"{url!r} is no address of a gateway; it begins with http:// or https://")
        return url.rstrip("/")
    found = running()
    return found.url if found else "http://127.0.0.1:8080"


def operator_token(url: str) -> str | None:
    """`YKIEN_TOKEN` or the content of `YKIEN_TOKEN_FILE`, else the token file of the system this user runs at that URL."""
    if token := os.environ.get("YKIEN_TOKEN"):
        return token.strip()
    if path := os.environ.get("YKIEN_TOKEN_FILE"):
        return _content(path)
    found = running(url)
    if found is None:
        return None
    try:
        return (Path(found.data) / "operator-token").read_text().strip()
    except OSError:
        return None


def http_client(url: str, *, token: str | None = None, timeout_s: float = 60) -> httpx.AsyncClient:
    """A client of the gateway; carries the operator's token where there is one."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=64)
    return httpx.AsyncClient(base_url=url, headers=headers, timeout=timeout_s, limits=limits, trust_env=False)


def problem_text(response: httpx.Response) -> str:
    """A problem+json answer as one line: each field with its reason, else the detail."""
    try:
        problem = response.json()
        faults = "; ".join(f"{e['field']}: {e['reason']}" for e in problem.get("errors") or [])
        detail = problem.get("detail") or problem.get("title") or response.text
    except (ValueError, KeyError, TypeError, AttributeError):
        return f"HTTP {response.status_code}"
    return faults or str(detail)


def bus_url(data: Path | None) -> str:
    """`YKIEN_NATS_URL`, else the bus of the embedded system running here."""
    if url := os.environ.get("YKIEN_NATS_URL"):
        return url
    if path := os.environ.get("YKIEN_NATS_URL_FILE"):
        return _content(path)
    found = running(data=data)
    return found.nats_url if found else "nats://127.0.0.1:4222"


def _content(path: str) -> str:
    try:
        return read_secret(Path(path)).decode()
    except (SettingsError, UnicodeDecodeError) as error:
        fail(BAD_INPUT, str(error))


@asynccontextmanager
async def bus_connection(url: str) -> AsyncIterator[Client]:
    """A short connection for an operator's command; ends with exit code 3 when there is no bus or it goes away, with 2
    when the command raises Permanent.
    """
    try:
        connection = await connect_once(url)
    except (OSError, NatsError, TimeoutError) as error:
        fail(
            UNREACHABLE,
            f"the bus does not answer ({type(error).__name__}); is the system running? set YKIEN_NATS_URL or --data",
        )
    try:
        yield connection
    except Permanent as error:
        fail(BAD_INPUT, str(error))
    except (Transient, NatsError, TimeoutError) as error:
        fail(UNREACHABLE, str(error) if isinstance(error, Transient) else f"the bus went away ({type(error).__name__})")
    finally:
        await connection.close()
