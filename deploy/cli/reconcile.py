"""`ykien reconcile`: does everything received stand somewhere?"""

import asyncio

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
    problem_text,
)
from shared.events import Reconciliation


def reconcile(consultation: ConsultationOption, url: Url = None) -> None:
    """Print received = counted + duplicate + pending + unreadable + referred; exit 1 when it does not balance."""
    asyncio.run(_reconcile(consultation, gateway(url)))


async def _reconcile(consultation: str, url: str) -> None:
    async with http_client(url) as client:
        try:
            response = await client.get(f"/api/v1/consultations/{consultation}/reconciliation")
        except httpx.HTTPError as error:
            fail(UNREACHABLE, f"{url} does not answer ({type(error).__name__})")
    if response.status_code in {httpx.codes.BAD_GATEWAY, httpx.codes.SERVICE_UNAVAILABLE}:
        fail(UNREACHABLE, problem_text(response))
    if response.status_code != httpx.codes.OK:
        fail(BAD_INPUT, problem_text(response))
    answer = response.json()
    line = Reconciliation.model_validate(answer)
    print(line.line())
    if not line.balanced or not answer["balanced"]:
        console.print("It does not balance: see `ykien dlq list`, then `ykien rebuild report`.", style="red")
        raise typer.Exit(NO)
