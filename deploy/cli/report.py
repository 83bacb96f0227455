"""`ykien report`: the files of a report as of an instant."""

import asyncio
import hashlib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer

from deploy.cli.common import (
    BAD_INPUT,
    NO,
    UNREACHABLE,
    ConsultationOption,
    Url,
    console,
    fail,
    gateway,
    http_client,
    operator_token,
    problem_text,
)
from shared.clock import format_instant, parse_instant
from shared.events import Reconciliation


def report(
    consultation: ConsultationOption,
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
    as_of: Annotated[str | None, typer.Option("--as-of", help="ISO 8601 instant with its zone; default: now.")] = None,
    publish: Annotated[bool, typer.Option("--publish", help="Also publish it: the committee gets the digest.")] = False,
    url: Url = None,
) -> None:
    """Write report.docx, report.pdf, report.html, annex.xlsx and report.json; prints one `report: PATH` per file.

    The same --as-of gives a byte-identical report.json. Exit 1 when the figures do not balance: then nothing is written.
    """
    at: datetime | None = None
    if as_of is not None:
        try:
            at = parse_instant(as_of)
        except ValueError as error:
            fail(BAD_INPUT, f"--as-of: {error}")
    asyncio.run(_report(consultation, out, at, publish=publish, url=gateway(url)))


async def _report(consultation: str, out: Path, as_of: datetime | None, *, publish: bool, url: str) -> None:
    token = operator_token(url)
    if token is None:
        fail(BAD_INPUT, "reports need a login: set YKIEN_TOKEN (the embedded run writes one to DATA/operator-token)")
    async with http_client(url, token=token, timeout_s=600) as client:
        order: dict[str, Any] = {"publish": publish}
        if as_of is not None:
            order["as_of"] = format_instant(as_of)
        with console.status("preparing the report"):
            answer = (await _ask(client, "POST", f"/api/v1/consultations/{consultation}/reports", json=order)).json()
        files: dict[str, bytes] = {}
        for file in answer["files"]:
            body = (await _ask(client, "GET", file["url"])).content
            if hashlib.sha256(body).hexdigest() != file["sha256"]:
                fail(NO, f"{file['name']} arrived damaged; run the command again")
            files[Path(file["name"]).name] = body
    _write(out, files)
    console.print(Reconciliation.model_validate(answer["reconciliation"]).line(), style="dim")


def _write(out: Path, files: dict[str, bytes]) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, body in files.items():
            (out / name).write_bytes(body)
            print(f"report: {out / name}")
    except OSError as error:
        fail(BAD_INPUT, f"{out}: {error.strerror or error}")


async def _ask(client: httpx.AsyncClient, method: str, url: str, **options: Any) -> httpx.Response:
    try:
        response = await client.request(method, url, **options)
    except httpx.HTTPError as error:
        fail(UNREACHABLE, f"{client.base_url} does not answer ({type(error).__name__})")
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        fail(UNREACHABLE, problem_text(response))
    if response.status_code == httpx.codes.CONFLICT:  # the figures do not balance: no report rather than a wrong one
        fail(NO, problem_text(response))
    if response.is_error:
        fail(BAD_INPUT, problem_text(response))
    return response
