"""The order of things around one mail, with a transport and a bus that can be told to fail."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from opentelemetry.context import Context

from services.notify import sender as module
from services.notify.delivery.smtp import MailServerAwayError
from services.notify.message import Mail
from services.notify.once import Once
from services.notify.sender import Notification, Sender
from shared.errors import Transient
from shared.events import Event, NotificationDelivered, NotificationFailed
from shared.publisher import Publisher
from shared.store.port import Collection, Document
from tests.support.memory_store import MemoryStore

NOW = datetime(2025, 6, 18, 9, 0, tzinfo=UTC)
MAIL = Mail(notification_id="digest:r:1", from_name="A", to_name="B", to_address="b@nha.example", subject="C", text="D")


@dataclass
class Post:
    """A transport."""

    error: BaseException | None = None
    sent: int = 0

    async def send(self, mail: Mail, *, at: datetime) -> None:
        if self.error is not None:
            raise self.error
        self.sent += 1


@dataclass
class Told:
    """A publisher."""

    events: list[Event] = field(default_factory=list)
    away: bool = False

    async def publish(self, event: Event, *, context: Context | None = None) -> None:
        if self.away:
            raise Transient("the bus is away")
        self.events.append(event)


class Flaky(MemoryStore):
    """Loses its database for the next so many marks."""

    failures = 0

    async def replace_if(self, collection: Collection, id_: str, version: int, doc: Document) -> bool:
        if doc.get("state") == "delivered" and self.failures:
            self.failures -= 1
            raise Transient("the database is away")
        return await super().replace_if(collection, id_, version, doc)


@dataclass
class Bench:
    post: Post = field(default_factory=Post)
    told: Told = field(default_factory=Told)
    store: Flaky = field(default_factory=Flaky)

    async def send(self, attempt: int = 1, compose: Any = None) -> None:
        async def mail() -> Mail:
            return MAIL

        notification = Notification("digest:r:1", "digest", "dien-bien-2025", "1", compose or mail)
        once = Once(self.store, timedelta(seconds=90))
        sender = Sender(once, self.post, cast("Publisher", self.told), lambda: NOW, 4)
        await sender.send(notification, attempt=attempt, context=None)


async def test_a_mail_is_sent_marked_and_told_and_a_repetition_only_tells_again() -> None:
    bench = Bench()
    await bench.send()
    await bench.send(2)
    assert bench.post.sent == 1
    assert [type(e) for e in bench.told.events] == [NotificationDelivered] * 2
    assert bench.told.events[0] == bench.told.events[1]


async def test_when_the_bus_is_away_after_the_mail_left_the_retry_tells_and_sends_nothing() -> None:
    bench = Bench()
    bench.told.away = True
    with pytest.raises(Transient):
        await bench.send()
    bench.told.away = False
    await bench.send(2)
    assert (bench.post.sent, len(bench.told.events)) == (1, 1)


async def test_a_database_that_is_away_just_after_the_mail_left_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MARK_PAUSES_S", (0.0, 0.0, 0.0))
    bench = Bench()
    bench.store.failures = 3
    await bench.send()
    await bench.send(2)
    assert bench.post.sent == 1


async def test_a_failure_is_told_to_the_bus_only_when_it_is_the_last() -> None:
    bench = Bench(Post(MailServerAwayError("away")))
    for attempt in (1, 2, 3):
        with pytest.raises(MailServerAwayError):
            await bench.send(attempt)
    assert bench.told.events == []
    with pytest.raises(MailServerAwayError):
        await bench.send(4)
    (event,) = bench.told.events
    assert isinstance(event, NotificationFailed)
    assert (event.reason, event.attempts) == ("away", 4)


async def test_an_error_nobody_foresaw_is_told_without_its_words() -> None:
    async def compose() -> Mail:
        raise KeyError("Nguyễn Văn Ví Dụ")

    bench = Bench()
    with pytest.raises(KeyError):
        await bench.send(4, compose)
    (event,) = bench.told.events
    assert isinstance(event, NotificationFailed)
    assert event.reason.startswith("KeyError in test_sender.py")
    assert "Ví Dụ" not in event.model_dump_json()


async def test_a_cancelled_send_gives_its_claim_back() -> None:
    bench = Bench(Post(asyncio.CancelledError()))
    with pytest.raises(asyncio.CancelledError):
        await bench.send()
    bench.post.error = None
    await bench.send()
    assert bench.post.sent == 1
