"""Waiting for the system to have done its work, with a limit and a word on what is missing."""

import asyncio
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from deploy.cli.common import http_client
from deploy.demo.inbox import Inbox
from deploy.demo.zalo_oa import ZaloOa
from shared.events import Reconciliation

LIMIT_S = 90.0


@dataclass(frozen=True)
class Mails:
    """What arrived in the inbox."""

    digests: int
    receipts: int


async def until_counted(url: str, consultation: str, accepted: int, console: Console) -> str:
    """Returns the reconciliation line once nothing is pending and every accepted submission is in it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    async with http_client(url) as client:
        with Progress(*columns, console=console) as progress:
            bar = progress.add_task("  counted", total=accepted)
            async with asyncio.timeout(LIMIT_S):
                while True:
                    answer = (
                        (await client.get(f"/api/v1/consultations/{consultation}/reconciliation"))
                        .raise_for_status()
                        .json()
                    )
                    line = Reconciliation.model_validate(answer)
                    progress.update(bar, completed=line.received - line.pending)
                    if line.received >= accepted and line.pending == 0:
                        return line.line()
                    await asyncio.sleep(0.3)


async def until_delivered(inbox: Inbox, *, digests: int, receipts: int) -> Mails:
    """Returns once every expected mail is there. Raises TimeoutError naming what is missing."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + LIMIT_S
    while True:
        kinds = inbox.kinds()
        mails = Mails(kinds["digest"], kinds["receipt"])
        if mails.digests >= digests and mails.receipts >= receipts:
            return mails
        if loop.time() > deadline:
            raise TimeoutError(
                f"mails: {mails.digests} of {digests} digests and {mails.receipts} of {receipts} receipts came"
            )
        await asyncio.sleep(0.3)


async def until_answered(oa: ZaloOa, answers: int) -> int:
    """Returns once Zalo's stand-in has that many messages. Raises TimeoutError."""
    deadline = asyncio.get_running_loop().time() + LIMIT_S
    while len(oa.messages) < answers:
        if asyncio.get_running_loop().time() > deadline:
            raise TimeoutError(f"Zalo: {len(oa.messages)} of {answers} receipts came")
        await asyncio.sleep(0.2)
    return len(oa.messages)
