"""Starts the embedded system in a temporary folder, feeds it, publishes the report, reads the digest, stops everything.

The last lines on stdout are those of contracts.md: `report: PATH` per file, then `reconciled: ...`.
"""

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from deploy.demo.channels import Surroundings
from deploy.demo.dovecot import USER, Dovecot
from deploy.demo.feed import Fed, Feeder
from deploy.demo.feed_channels import ChannelFeeder
from deploy.demo.inbox import Inbox
from deploy.demo.readers import Readers
from deploy.demo.wait import until_answered, until_counted, until_delivered
from deploy.embedded.layout import Layout
from deploy.embedded.ports import free_port
from deploy.embedded.supervisor import Embedded
from shared.errors import YkienError
from shared.logging import configure

CONSULTATION = "dien-bien-2025"
console = Console(stderr=True, soft_wrap=True)


async def _ykien(*arguments: str) -> tuple[int, str]:
    """The real command line, as an operator runs it; its explanations go to our stderr, but for those about keys never shown."""
    quiet = asyncio.subprocess.PIPE if arguments[0] in {"partner", "reviewer"} else None
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.cli.main", *arguments, stdout=asyncio.subprocess.PIPE, stderr=quiet
    )
    out, said = await process.communicate()
    if process.returncode and said:
        sys.stderr.write(said.decode())
    return process.returncode or 0, out.decode()


async def _run(folder: Path) -> int:
    inbox = Inbox(folder / "inbox")
    inbox.start(free_port())
    os.environ |= {
        "YKIEN_SMTP_HOST": "127.0.0.1",
        "YKIEN_SMTP_PORT": str(inbox.port),
        "YKIEN_SMTP_FROM": "ykien@dienbien.example",
    }
    os.environ |= {"YKIEN_LOG_LEVEL": "WARNING"}
    for name in ("YKIEN_MONGO_URL", "YKIEN_NATS_URL", "YKIEN_TOKEN", "YKIEN_URL", "YKIEN_DATA", "YKIEN_PORT"):
        os.environ.pop(name, None)  # the demo stands alone, whatever the shell has set
    layout = Layout(folder / "data")
    os.environ["YKIEN_DATA"] = str(layout.data)  # the commands mean this system, though another may run here
    dovecot = Dovecot()
    mailbox = dovecot if dovecot.installed and dovecot.start() else None
    around = Surroundings(layout.channels, CONSULTATION)
    if mailbox is not None:
        around.imap_port, around.imap_user, around.imap_password = mailbox.port, USER, mailbox.password
    around.prepare()
    system = Embedded(layout, port=free_port(), say=lambda line: console.print(f"  {line}", style="dim"))
    console.rule("1/5  starting (data, logs and mails: " + str(folder) + ")")
    try:
        await system.start()
        return await _main_job(system, inbox, folder, around, mailbox)
    finally:
        console.rule("stopping")
        await system.stop()
        inbox.stop()
        around.oa.stop()
        dovecot.stop()


async def _main_job(system: Embedded, inbox: Inbox, folder: Path, around: Surroundings, mailbox: Dovecot | None) -> int:
    console.rule("2/5  submitting: web, API, bulk files, e-mail, Zalo, VNeID, partner app")
    readers = Readers(system.url, CONSULTATION, console, _ykien)
    token = system.layout.operator_token.read_text().strip()
    feeder = Feeder(system.url, token, CONSULTATION, folder, console, _ykien)
    fed, _ = await asyncio.gather(feeder.feed(), readers.invite())
    await ChannelFeeder(system.url, around, console, _ykien, mailbox).feed(fed)
    _tell(fed)
    console.rule("3/5  waiting until everything is classified and counted; then people review")
    line = await until_counted(system.url, CONSULTATION, fed.accepted, console)
    await readers.read()
    console.rule("4/5  the report")
    code, files = await _ykien(
        "report", "--consultation", CONSULTATION, "--out", str(folder / "report"), "--publish", "--url", system.url
    )
    if code:
        return code
    console.rule("5/5  the committee's digest and the respondents' receipts")
    mails = await until_delivered(inbox, digests=fed.recipients, receipts=fed.receipts)
    answered = await until_answered(around.oa, fed.zalo)
    console.print(
        f"  delivered: {mails.digests} digests, {mails.receipts} receipts, in {inbox.folder}; {answered} receipts by Zalo",
        highlight=False,
    )
    balanced, summary = await _ykien("reconcile", "--consultation", CONSULTATION, "--url", system.url)
    if summary.strip() != line:
        console.print(f"  the figures moved after the report: {line}", style="red")
        return 1
    _Result.lines = [*files.strip().splitlines(), f"reconciled: {summary.strip()}"]
    return balanced


class _Result:
    """Printed at the very end, after everything has stopped."""

    lines: list[str] = []  # noqa: RUF012 - one run, one result


def _tell(fed: Fed) -> None:
    console.print(f"  accepted {fed.accepted}, refused as it should be {fed.refused}", highlight=False)
    for reason in fed.reasons:
        console.print(f"    refused: {reason}", style="dim", highlight=False, markup=False)


def main() -> int:
    """Runs the demo; exit code 0 when the figures balance."""
    configure("demo", "WARNING")
    folder = Path(os.environ.get("YKIEN_DEMO_DIR") or tempfile.mkdtemp(prefix="ykien-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        code = asyncio.run(_run(folder))
    except (YkienError, TimeoutError) as error:
        console.print(f"demo: {error}", style="red")
        console.print(f"demo: logs are in {folder / 'data' / 'logs'}", style="red")
        return 1
    print("\n".join(_Result.lines), flush=True)  # noqa: T201 - the contract's last lines
    return code


if __name__ == "__main__":
    sys.exit(main())
