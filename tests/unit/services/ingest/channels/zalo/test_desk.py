"""Conversations in the database: encrypted, found when due, changed by one writer at a time."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from services.ingest.channels.zalo import conversation as talk
from services.ingest.channels.zalo.conversation import Conversation, Patience
from services.ingest.channels.zalo.desk import CONVERSATIONS, Desk, key_of
from services.ingest.channels.zalo.message import Message
from shared.secret_box import SecretBoxError
from tests.support.memory_store import MemoryStore

AT = datetime(2025, 10, 20, 3, tzinfo=UTC)
PATIENCE = Patience(quiet=timedelta(seconds=60), longest=timedelta(seconds=600))
EMPTY = Conversation(oa="1", user="nguoi-dung-bia")


def desk(store: MemoryStore, key: bytes = bytes(32)) -> Desk:
    return Desk(store, key, lambda _oa: PATIENCE)


def said(id_: str) -> Message:
    return Message(id=id_, user="nguoi-dung-bia", sent_at=AT, received_at=AT, text="Lời của tôi")


async def test_the_database_shows_neither_words_nor_accounts() -> None:
    store = MemoryStore()
    key = key_of(b"p", "1", "nguoi-dung-bia")
    await desk(store).change(key, lambda s: talk.deliver(s, said("a"), PATIENCE), new=EMPTY)
    held = await store.get(CONVERSATIONS, key)
    assert held is not None
    assert set(held.doc) == {"sealed", "due_at"}
    assert "nguoi-dung-bia" not in f"{held.id} {held.doc}"
    with pytest.raises(SecretBoxError):
        await desk(store, bytes([1]) * 32).read(key)


async def test_it_is_due_when_the_person_has_been_silent_and_not_after_it_is_finished() -> None:
    store = MemoryStore()
    await desk(store).change("k", lambda s: talk.deliver(s, said("a"), PATIENCE), new=EMPTY)

    async def due(after_s: float) -> list[str]:
        return [key async for key in desk(store).due(AT + timedelta(seconds=after_s))]

    assert (await due(59), await due(61)) == ([], ["k"])
    await desk(store).change("k", lambda s: talk.close(s, AT + timedelta(seconds=60), PATIENCE))
    assert await due(61) == ["k"], "a closing that a crash left"
    await desk(store).change("k", lambda s: talk.finish(s, "a", None))
    assert await due(999) == []


async def test_writers_at_once_lose_no_message() -> None:
    store = MemoryStore()
    get = store.get

    async def slow(*args: object) -> object:
        found = await get(*args)  # type: ignore[arg-type]
        await asyncio.sleep(0)
        return found

    store.get = slow  # type: ignore[assignment, method-assign]
    one = desk(store)
    await asyncio.gather(
        *(one.change("k", lambda s, n=n: talk.deliver(s, said(f"m{n}"), PATIENCE), new=EMPTY) for n in range(20))  # type: ignore[misc]
    )
    state = await one.read("k")
    assert state is not None
    assert sorted(m.id for m in state.open) == sorted(f"m{n}" for n in range(20))


async def test_what_changes_nothing_writes_nothing() -> None:
    store = MemoryStore()
    for _ in range(2):
        await desk(store).change("k", lambda s: talk.deliver(s, said("a"), PATIENCE), new=EMPTY)
    held = await store.get(CONVERSATIONS, "k")
    assert held is not None
    assert held.version == 1
