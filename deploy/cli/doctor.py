"""`ykien doctor`: what is wrong here, and how to mend it."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.common import NO, UNREACHABLE
from deploy.doctor import examine
from deploy.finding import Finding
from deploy.paths import SHIPPED

SIGNS = {"ok": "[green]ok   [/]", "warn": "[yellow]warn [/]", "fault": "[red]fault[/]", "away": "[red]away [/]"}


def doctor(
    data: Annotated[Path, typer.Option("--data", envvar="YKIEN_DATA", help="Data folder of the embedded run.")] = Path(
        "data"
    ),
    definitions: Annotated[Path, typer.Option("--definitions", help="Folder of consultation definitions.")] = SHIPPED,
) -> None:
    """Check configuration, connections, versions and free disk; say how to mend each fault.

    Exit 1 when something is wrong, 3 when something does not answer.
    """
    findings = asyncio.run(examine(data, definitions))
    out = Console(soft_wrap=True)
    for finding in findings:
        _print(out, finding)
    if any(f.level == "away" for f in findings):
        raise typer.Exit(UNREACHABLE)
    if any(f.level == "fault" for f in findings):
        raise typer.Exit(NO)


def _print(out: Console, finding: Finding) -> None:
    out.print(f"{SIGNS[finding.level]} {finding.what}", highlight=False)
    if finding.mend:
        out.print(f"      mend: {finding.mend}", style="dim", markup=False, highlight=False)
