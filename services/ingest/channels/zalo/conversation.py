"""The conversation of one person with one Official Account: messages gather until the person falls silent, then become one
submission. A pure state machine; `desk.py` keeps it in the database by compare-and-set.

Invariant: every message that was delivered stands in exactly one place (open, one of the closings, or done), whatever is repeated.
All times are those at which the webhook had the message, so a spool emptied late splits conversations where they were split.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta

from pydantic import AwareDatetime, Field

from services.ingest.channels.zalo.message import Message, RemoteFile
from shared.events import Frozen

# One submission must fit into memory and into one message of the bus: what goes beyond begins the next one.
MAX_MESSAGES, MAX_FILES, MAX_TEXT = 200, 10, 200_000
REMEMBERED = timedelta(days=30)  # far beyond every repetition, by Zalo (2 h) or from a spool


class Patience(Frozen):
    """How long a conversation may go on."""

    quiet: timedelta
    longest: timedelta


class Closing(Frozen):
    """What is becoming a submission; its messages never change any more, so repeating the acceptance is harmless."""

    messages: tuple[Message, ...]
    retry_at: AwareDatetime | None = None  # while files are still missing

    @property
    def key(self) -> str:
        """Names it for ever: the id of its first message."""
        return self.messages[0].id

    @property
    def missing(self) -> tuple[RemoteFile, ...]:
        """The files that are waited for."""
        return tuple(file for message in self.messages for file in message.files if file.waiting)

    @property
    def complete(self) -> bool:
        """Whether no file is waited for."""
        return not self.missing

    @property
    def blobs(self) -> tuple[str, ...]:
        """The encrypted files that lie in the object store."""
        return tuple(file.blob for message in self.messages for file in message.files if file.blob)

    def is_due(self, now: datetime) -> bool:
        """Whether it may be worked now."""
        return self.retry_at is None or self.retry_at <= now

    def fingerprint(self) -> str:
        """Of what the person sent, however its files fared."""
        said = [[m.id, m.text, m.place, [[f.name, f.kind, f.said] for f in m.files]] for m in self.messages]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class Sent(Frozen):
    """A submission that was made of a conversation."""

    consultation: str
    submission_id: str
    spoken_at: AwareDatetime  # its first message


class Conversation(Frozen):
    """The state; `done` maps message ids to when they came."""

    oa: str
    user: str
    anonymous: bool = False
    open: tuple[Message, ...] = ()
    closing: tuple[Closing, ...] = ()
    done: dict[str, AwareDatetime] = Field(default_factory=dict)
    sent: tuple[Sent, ...] = ()
    withdrawn: tuple[str, ...] = ()  # submission ids, so that a second withdrawal does not repeat the first
    forgotten_until: AwareDatetime | None = None  # a message spoken before this was taken back before it arrived

    def knows(self, message_id: str) -> bool:
        """Whether this message was delivered before."""
        waiting = (*self.open, *(m for c in self.closing for m in c.messages))
        return message_id in self.done or any(m.id == message_id for m in waiting)

    def ends_at(self, patience: Patience) -> datetime | None:
        """When the open conversation ends if nothing more is said; None when none is open."""
        return _end(self.open, patience) if self.open else None

    def due_at(self, patience: Patience) -> datetime | None:
        """When there is something to do next; None when nothing waits."""
        if self.closing:
            return min(c.retry_at or c.messages[0].received_at for c in self.closing)
        return self.ends_at(patience)


def deliver(state: Conversation, message: Message, patience: Patience) -> Conversation:
    """The message is in; a known one changes nothing. Ends the open conversation first when the message comes after its end."""
    if state.knows(message.id):
        return state
    if state.forgotten_until is not None and message.spoken_at <= state.forgotten_until:
        return _remember(state, (message,))
    if state.open and (message.received_at > _end(state.open, patience) or _full((*state.open, message))):
        state = _end_now(state)
    return state.model_copy(update={"open": (*state.open, message)})


def close(state: Conversation, now: datetime, patience: Patience) -> Conversation:
    """Ends the open conversation when its time has come; messages that come later belong to the next one."""
    return _end_now(state) if state.open and now >= _end(state.open, patience) else state


def finish(state: Conversation, key: str, sent: Sent | None) -> Conversation:
    """The closing is a submission (None: there was nothing in it to be one)."""
    found = next((c for c in state.closing if c.key == key), None)
    if found is None:
        return state
    rest = tuple(c for c in state.closing if c.key != key)
    sent_so_far = (*state.sent, sent) if sent is not None and sent not in state.sent else state.sent
    return _remember(state.model_copy(update={"closing": rest, "sent": sent_so_far}), found.messages)


def put_off(state: Conversation, key: str, until: datetime) -> Conversation:
    """The closing waits for its files."""
    closing = tuple(c.model_copy(update={"retry_at": until}) if c.key == key else c for c in state.closing)
    return state.model_copy(update={"closing": closing})


def change_file(
    state: Conversation, message_id: str, number: int, change: Callable[[RemoteFile], RemoteFile]
) -> Conversation:
    """What became of a file that is waited for; of one that no longer is, nothing."""

    def changed(message: Message) -> Message:
        if message.id != message_id or number >= len(message.files) or not message.files[number].waiting:
            return message
        files = tuple(change(f) if i == number else f for i, f in enumerate(message.files))
        return message.model_copy(update={"files": files})

    closing = tuple(c.model_copy(update={"messages": tuple(map(changed, c.messages))}) for c in state.closing)
    after = state.model_copy(update={"open": tuple(map(changed, state.open)), "closing": closing})
    return state if after == state else after


def withdraw(state: Conversation, at: datetime) -> Conversation:
    """Forgets what was spoken until then and cannot be a submission yet.

    A closing without missing files may be one already (its acceptance may be under way), so it stays, to be completed and then
    taken back on the bus; one that still waits for files cannot be.
    """
    gone = tuple(m for m in state.open if m.spoken_at <= at)
    dropped = tuple(c for c in state.closing if not c.complete and c.messages[-1].spoken_at <= at)
    state = state.model_copy(
        update={
            "open": tuple(m for m in state.open if m not in gone),
            "closing": tuple(c for c in state.closing if c not in dropped),
            "forgotten_until": max(at, state.forgotten_until or at),
        }
    )
    return _remember(state, (*gone, *(m for c in dropped for m in c.messages)))


def taken_back(state: Conversation, submission_ids: frozenset[str]) -> Conversation:
    """These submissions are withdrawn on the bus."""
    sent = tuple(s for s in state.sent if s.submission_id not in submission_ids)
    return state.model_copy(update={"sent": sent, "withdrawn": tuple(sorted({*state.withdrawn, *submission_ids}))})


def blobs(state: Conversation) -> frozenset[str]:
    """Every encrypted file that the conversation still needs."""
    waiting = Closing(messages=state.open)
    return frozenset(blob for closing in (*state.closing, waiting) for blob in closing.blobs)


def _end(messages: tuple[Message, ...], patience: Patience) -> datetime:
    times = [m.received_at for m in messages]
    return min(max(times) + patience.quiet, min(times) + patience.longest)


def _full(messages: tuple[Message, ...]) -> bool:
    files = sum(len(m.files) for m in messages)
    return len(messages) > MAX_MESSAGES or files > MAX_FILES or sum(len(m.text.encode()) for m in messages) > MAX_TEXT


def _end_now(state: Conversation) -> Conversation:
    return state.model_copy(update={"open": (), "closing": (*state.closing, Closing(messages=state.open))})


def _remember(state: Conversation, messages: tuple[Message, ...]) -> Conversation:
    if not messages:
        return state
    newest = max(m.received_at for m in messages)
    kept = {id_: at for id_, at in state.done.items() if at > newest - REMEMBERED}
    return state.model_copy(update={"done": kept | {m.id: m.received_at for m in messages}})
