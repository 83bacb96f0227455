"""`ykien reclassify`: what the present model would say about everything that was classified before; then apply it."""

import asyncio
import json
from typing import Annotated, Any

import httpx
import stamina
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

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

_POLL_S = 0.5
_FIRST_PATIENCE_S = 5.0
_PATIENCE_S = 60.0  # once a job is under way: it goes on in the stream while every replica is away


class _AwayError(Exception):
    """Nobody answered, for now."""


def reclassify(
    consultation: ConsultationOption,
    apply: Annotated[
        str | None, typer.Option("--apply", metavar="JOB", help="Apply what the preview of that id showed.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the job as JSON.")] = False,
    url: Url = None,
) -> None:
    """Show what the present model would change among the opinions classified so far; with --apply, change it.

    What people decided and the stances that respondents chose themselves stay. Exit 1 when the model has changed since the preview,
    or when the job stopped.
    """
    address = gateway(url)
    job, was_done = asyncio.run(_done(address, consultation, apply))
    at_end = job["state"] in ("ready", "applied")
    if as_json:
        print(json.dumps(job, ensure_ascii=False, indent=2))
    elif at_end and apply is None:
        _show(job)
    elif at_end:
        done = f"submissions={job['applied']} skipped={job['skipped']}"
        print(f"already applied ({_when(job)}): {done}; nothing was changed now" if was_done else f"applied: {done}")
    if job["state"] == "outdated":
        fail(NO, _outdated(consultation, job["applied"]))
    if not at_end:
        again = "ykien dlq list, then ykien dlq replay; the job goes on by itself"
        fail(NO, f"job {job['job']} stopped: {job['stopped']}. Its work waits among the dead letters: {again}")
    if apply is None and not as_json and job["submissions_changed"]:
        print(f"\nTo apply exactly this: ykien reclassify --consultation {consultation} --apply {job['job']}")


def _when(job: dict[str, Any]) -> str:
    """The minute a job was applied in; jobs of a former version did not note it."""
    at = job.get("applied_at")
    return f"{at[:10]} {at[11:16]}Z" if at else "at a time that was not noted"


def _outdated(consultation: str, applied: int) -> str:
    """What became of a preview that another model came after, and what to do."""
    kept = (
        f"{applied} submissions had been changed by then and stay so, the others were left as they were"
        if applied
        else "nothing was changed"
    )
    return (
        "this preview is outdated: the model has changed since it was asked for (retrained, or a new definition); "
        f"{kept}. For a new preview: ykien reclassify --consultation {consultation}"
    )


async def _done(url: str, consultation: str, apply: str | None) -> tuple[dict[str, Any], bool]:
    """The job at its end, and whether it had been applied before this command."""
    token = operator_token(url)
    if token is None:
        fail(BAD_INPUT, "this needs a login: set YKIEN_TOKEN (the embedded run writes one to DATA/operator-token)")
    base = f"/api/v1/consultations/{consultation}/reclassifications"
    async with http_client(url, token=token) as client:
        job = await _ask(client, "POST", base if apply is None else f"{base}/{apply}/apply", _FIRST_PATIENCE_S)
        if job is None:
            held = await _ask(client, "GET", f"{base}/{apply}")
            fail(NO, _outdated(consultation, held["applied"] if held is not None else 0))
        was_done = job["state"] == "applied"
        console.print(f"job {job['job']}")  # to come back to, should this command end before it
        with Progress(console=console) as progress:
            bar = progress.add_task("reading anew" if apply is None else "applying", total=None)
            while job["state"] in {"previewing", "applying"} and "stopped" not in job:
                await asyncio.sleep(_POLL_S)
                job = await _ask(client, "GET", f"{base}/{job['job']}") or job
                done = job["submissions"] if apply is None else job["applied"] + job["skipped"]
                progress.update(bar, completed=done, total=None if apply is None else job["submissions_changed"])
    return job, was_done


async def _ask(
    client: httpx.AsyncClient, method: str, path: str, patience_s: float = _PATIENCE_S
) -> dict[str, Any] | None:
    """The answer, None when the preview is outdated.

    Asked again for a while, for a request that came twice makes at most one preview too many.
    """
    try:
        async for attempt in stamina.retry_context(on=_AwayError, attempts=None, timeout=patience_s, wait_max=5.0):
            with attempt:
                response = await _once(client, method, path)
    except _AwayError as error:
        fail(UNREACHABLE, f"{error}; what was begun goes on by itself")
    if response.status_code == httpx.codes.CONFLICT and '/model-changed"' in response.text:
        return None
    if response.status_code == httpx.codes.CONFLICT:
        fail(NO, problem_text(response))
    if response.is_error:
        fail(BAD_INPUT, problem_text(response))
    answer: dict[str, Any] = response.json()
    return answer


async def _once(client: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    try:
        response = await client.request(method, path)
    except httpx.HTTPError as error:
        raise _AwayError(f"{client.base_url} does not answer ({type(error).__name__})") from error
    if response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
        raise _AwayError(f"{client.base_url} is not ready (HTTP {response.status_code})")
    return response


def _show(job: dict[str, Any]) -> None:
    """Counts of opinions; ids as examples, never words."""
    print(f"job: {job['job']}")
    print(f"model: {job['classifier']}")
    print(f"submissions={job['submissions']} would_change={job['submissions_changed']} unreadable={job['unreadable']}")
    table = Table("change", "from -> to", "opinions")
    for kind in ("topics", "stances"):
        for what, count in sorted(job[kind].items(), key=lambda item: (-item[1], item[0])):
            table.add_row(kind.removesuffix("s"), what, str(count))
    for kind, label in (("review_in", "into review"), ("review_out", "out of review"), ("other", "other fields only")):
        if job[kind]:
            table.add_row(label, "", str(job[kind]))
    if table.row_count:
        Console(width=100).print(table)
    if job["examples"]:
        print("examples: " + " ".join(job["examples"]))
