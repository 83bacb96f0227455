"""`ykien submit`: bulk intake with a progress bar."""

import asyncio
import csv
from collections import Counter
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy.bulk.rows import FileError, Row, read_rows, with_keys
from deploy.bulk.send import Answer, NotAllowedError, StillRefusedError, check_target, send_all
from deploy.cli.common import (
    BAD_INPUT,
    UNREACHABLE,
    ConsultationOption,
    Url,
    console,
    fail,
    gateway,
    http_client,
    operator_token,
)


def submit(
    file: Annotated[Path, typer.Argument(help="JSONL, CSV or XLSX.")],
    consultation: ConsultationOption,
    channel: Annotated[
        str, typer.Option("--channel", help="Intake channel the rows came through, as the definition names it.")
    ],
    url: Url = None,
) -> None:
    """Send every row of FILE; rejected rows go to FILE.rejected.csv with row number and reason. Safe to run twice.

    Prints `accepted=N rejected=N duplicate=N`. Columns: text, section_ref, stance, submitted_at, name, phone, email, address,
    group, unit, locality, id (or their Vietnamese headings). Rejected rows do not change the exit code: mend FILE, run again.
    """
    try:
        rows = list(read_rows(file))
    except FileError as error:
        fail(BAD_INPUT, str(error))
    answers = asyncio.run(_submit(rows, consultation, channel, gateway(url)))
    counts = Counter(answer.verdict for answer in answers)
    rejected = sorted((a for a in answers if a.verdict == "rejected"), key=lambda a: a.row.number)
    _write_rejected(file, rejected)
    for note, rows_noted in Counter(note for answer in answers for note in answer.notes).most_common():
        console.print(
            f"{rows_noted} row{'s' if rows_noted > 1 else ''}: {note}", style="yellow", markup=False, highlight=False
        )
    print(f"accepted={counts['accepted']} rejected={counts['rejected']} duplicate={counts['duplicate']}")


async def _submit(rows: list[Row], consultation: str, channel: str, url: str) -> list[Answer]:
    answers: list[Answer] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    token = operator_token(url)
    async with http_client(url, token=token) as client:
        try:
            await check_target(client, consultation, channel, with_token=token is not None)
        except NotAllowedError as error:
            fail(BAD_INPUT, f"nothing was sent: {error}")
        except (httpx.HTTPError, StillRefusedError) as error:
            fail(UNREACHABLE, f"nothing was sent: {url} does not answer ({_why(error)})")
        with Progress(*columns, console=console) as progress:
            bar = progress.add_task("sending", total=len(rows))
            try:
                async for answer in send_all(
                    client, with_keys(iter(rows), consultation, channel), consultation=consultation, channel=channel
                ):
                    answers.append(answer)
                    progress.advance(bar)
            except NotAllowedError as error:
                fail(BAD_INPUT, str(error))
            except (httpx.TransportError, StillRefusedError) as error:
                answered = f"{len(answers)} of {len(rows)} rows were answered; run the command again for the rest"
                fail(UNREACHABLE, f"{url} does not answer ({_why(error)}); {answered}")
    return answers


def _why(error: Exception) -> str:
    return str(error) if isinstance(error, StillRefusedError) else type(error).__name__


def _write_rejected(file: Path, rejected: list[Answer]) -> None:
    """Row numbers and reasons, never the citizens' words; an old list is taken away when nothing is rejected any more."""
    path = file.with_name(file.name + ".rejected.csv")
    if not rejected:
        path.unlink(missing_ok=True)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["row", "reason"])
        writer.writerows([answer.row.number, answer.reason] for answer in rejected)
    console.print(f"rejected rows: {path}", markup=False)
