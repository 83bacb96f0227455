"""A running notify for tests: real bus, real SQLite file, invented identities; also as a process that dies on purpose.

`python -m tests.support.notify_app NATS_URL FOLDER SMTP_PORT before|after`: kill -9 before or after the mail is handed over.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.notify.app import build_app
from services.notify.delivery.smtp import SmtpTransport
from services.notify.message import Mail
from services.notify.settings import NotifySettings
from shared import events as ev
from shared import sealing, topology
from shared.bus import Bus
from shared.consultation import Consultation, Recipient
from shared.envelope import decode
from shared.registry import publish_definition
from shared.settlement import Policy
from tests.support.report_events import ID, ROOT, definition, received, sid

QUICK = Policy(delays_s=(0.2,), attempts=4)
PATIENT = Policy(delays_s=(0.3,), attempts=60)
CODE = "3N3RF-H6C2J-8E7MN"
WORDS = "Lời góp ý bịa ra để thử."
AS_OF = datetime(2025, 6, 18, 7, tzinfo=UTC)


def recipients(count: int) -> tuple[Recipient, ...]:
    """Invented posts."""
    return tuple(
        Recipient(id=f"ban-{n}", post=f"Ban Ví dụ số {n}", email=f"ban-{n}@tinh.example") for n in range(1, count + 1)
    )


def settings(folder: Path, nats_url: str, smtp_port: int | None, **more: Any) -> NotifySettings:
    """Short leases; the same folder keeps its key and its data. No SMTP port: no mail server set."""
    folder.mkdir(parents=True, exist_ok=True)
    key = folder / "sealing.key"
    if not key.exists():
        private, public = sealing.generate()
        key.write_text(private)
        (folder / "sealing.pub").write_text(public)
    smtp = {} if smtp_port is None else {"smtp_host": "127.0.0.1", "smtp_port": smtp_port}
    base = {"nats_url": nats_url, "data": folder, "ack_wait_s": 2.0, "sealing_key_file": key, "lease_s": 4.0}
    return NotifySettings.model_validate(
        base | {"smtp_timeout_s": 2.0, "smtp_from": "ykien@tinh.example"} | smtp | more
    )


@asynccontextmanager
async def running(chosen: NotifySettings, policy: Policy = QUICK) -> AsyncIterator[None]:
    """The service while the block runs."""
    async with build_app(chosen, policy=policy).lifespan():
        yield


async def define(bus: Bus, count: int = 3, **changes: object) -> Consultation:
    """Publishes the shipped definition with that many invented recipients."""
    found = definition(recipients=recipients(count), **changes)
    folder = ROOT / "consultations"
    texts = {v.text: (folder / v.text).read_text() for draft in found.drafts for v in draft.versions}
    await publish_definition(bus.js, bus.blobs, found, texts)
    return found


def report(period: int | None = 1, **changes: object) -> ev.ReportPublished:
    """A published report; its files are `files` unless given."""
    fields: dict[str, object] = {
        "consultation": ID,
        "report_id": f"{ID}:ky-{period}",
        "kind": "weekly",
        "period": period,
        "period_start": AS_OF - timedelta(days=7),
        "as_of": AS_OF,
        "cutoff_seq": 1300,
        "reconciliation": ev.Reconciliation(
            received=1234, counted=1200, duplicate=20, pending=10, unreadable=3, referred=1
        ),
        "submissions_in_period": 234,
        "opinions_in_period": 301,
        "opinions_cumulative": 1788,
        "topics": (
            ev.Count(key="1", label="Chủ đề Đại hội", period=10, cumulative=40),
            ev.Count(key="2", label="Kinh tế", period=0, cumulative=0),
            ev.Count(key="0", label="Ngoài các nhóm vấn đề", period=1, cumulative=2),
        ),
        "stances": (ev.Count(key="agree", label="Tán thành", period=5, cumulative=1500),),
    }
    return ev.ReportPublished.model_validate(fields | changes)


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES = {"report.docx": b"PK docx", "annex.xlsx": b"PK xlsx", "report.pdf": b"%PDF"}


async def filed_report(bus: Bus, period: int = 1) -> ev.ReportPublished:
    """A report whose files are in the object store."""
    media = {"report.docx": DOCX, "annex.xlsx": XLSX, "report.pdf": "application/pdf"}
    files = [
        ev.ReportFile(name=name, media_type=media[name], sha256=await bus.blobs.put(data), size=len(data))
        for name, data in BYTES.items()
    ]
    return report(period, files=tuple(files))


def submission(n: int, chosen: NotifySettings, **identity: object) -> ev.SubmissionReceived:
    """The n-th submission with an address, its identity sealed for that notify."""
    who = {"name": f"Người Góp Ý {n}", "email": f"nguoi-{n}@nha.example", "tracking_code": CODE.replace("-", "")}
    public = (chosen.data / "sealing.pub").read_text()
    sealed = sealing.seal(public, json.dumps(who | identity, ensure_ascii=False).encode())
    event = received(n, text=WORDS)
    return event.model_copy(update={"respondent": ev.Respondent(sealed_identity=sealed, has_email=True)})


def receipt_id(n: int) -> str:
    """The notification id of the n-th submission's receipt."""
    return f"receipt:{sid(n)}"


async def notifications(bus: Bus) -> list[ev.NotificationDelivered | ev.NotificationFailed]:
    """What notify told the bus, in order."""
    state = (await bus.js.stream_info(topology.EVENTS.name)).state
    found: list[ev.NotificationDelivered | ev.NotificationFailed] = []
    for seq in range(max(1, state.first_seq), state.last_seq + 1):
        msg = await bus.js.get_msg(topology.EVENTS.name, seq)
        event = decode(msg.subject or "", msg.headers or {}, msg.data or b"")
        if isinstance(event, ev.NotificationDelivered | ev.NotificationFailed):
            found.append(event)
    return found


async def _die(url: str, folder: Path, smtp_port: int, when: str) -> None:
    send = SmtpTransport.send

    async def deadly(self: SmtpTransport, mail: Mail, *, at: datetime) -> None:
        if when == "after":
            await send(self, mail, at=at)
        os.kill(os.getpid(), signal.SIGKILL)

    SmtpTransport.send = deadly  # type: ignore[method-assign]
    async with running(settings(folder, url, smtp_port)):
        await asyncio.sleep(30)


if __name__ == "__main__":
    asyncio.run(_die(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]))
