"""Works the conversations: takes messages in, fetches their files, makes submissions of those that ended.

Every step may be repeated at any point of a crash: states change by compare-and-set, a closing's messages never change, and the
acceptance is idempotent by the id of its first message.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.ingest import idempotency
from services.ingest.accept import Acceptor
from services.ingest.channels.zalo import content, conversation
from services.ingest.channels.zalo.conversation import Closing, Conversation, Patience, Sent
from services.ingest.channels.zalo.desk import Desk, key_of
from services.ingest.channels.zalo.media import Media, MediaError
from services.ingest.channels.zalo.message import Message, RemoteFile
from services.ingest.channels.zalo.settings import Account, Accounts
from services.ingest.faults import Refused
from services.ingest.origin import Origin
from shared import metrics, secret_box
from shared.blobs import Blobs
from shared.clock import Clock
from shared.consultation import Consultation
from shared.errors import Transient

log = structlog.get_logger("ingest")


@dataclass(frozen=True)
class Keys:
    """`spool` encrypts what waits, `pepper` names it."""

    spool: bytes
    pepper: bytes


class Office:
    """Raises Transient when bus or database is away; what was not done then is done at the next call."""

    def __init__(
        self,
        *,
        accounts: Accounts,
        desk: Desk,
        media: Media,
        blobs: Blobs,
        acceptor: Acceptor,
        consultation: Callable[[str], Consultation | None],
        keys: Keys,
        clock: Clock,
    ) -> None:
        self._accounts = accounts
        self._desk = desk
        self._media = media
        self._blobs = blobs
        self._acceptor = acceptor
        self._consultation = consultation
        self._keys = keys
        self._clock = clock

    def patience(self, oa: str) -> Patience:
        """The waits of an account. Raises Transient when the settings name none of that id."""
        return patience_of(self._account(oa))

    async def take(self, oa: str, message: Message) -> tuple[str, Conversation]:
        """The message stands in its conversation for good; answers the conversation's key and state."""
        key = key_of(self._keys.pepper, oa, message.user, anonymous=message.anonymous)
        patience = self.patience(oa)
        empty = Conversation(oa=oa, user=message.user, anonymous=message.anonymous)
        state = await self._desk.change(key, lambda found: conversation.deliver(found, message, patience), new=empty)
        return key, state

    async def work(self, key: str) -> bool:
        """Does what is due in the conversation: ends it, accepts what is complete. Answers whether files are to be fetched."""
        state = await self._desk.read(key)
        if state is None:
            return False
        patience, now = self.patience(state.oa), self._clock()
        state = await self._desk.change(key, lambda found: conversation.close(found, now, patience))
        for closing in state.closing:
            if closing.complete:
                await self.accept(key, state, closing)
        return any(not c.complete and c.is_due(now) for c in state.closing)

    async def fetch(self, key: str) -> None:
        """Tries the files that nobody has tried yet, and again those for which an ended conversation waits."""
        state = await self._desk.read(key)
        if state is None:
            return
        now = self._clock()
        for closing in state.closing:
            if not closing.complete and closing.is_due(now):
                await self._fetch_all(key, closing.messages)
                await self._put_off(key, closing.key)
        await self._fetch_all(key, tuple(m for m in state.open if any(f.attempts == 0 for f in m.files)))

    async def _fetch_all(self, key: str, messages: tuple[Message, ...]) -> None:
        for message in messages:
            for number, file in enumerate(message.files):
                if file.waiting:
                    await self._fetch(key, message.id, number, file)

    async def _put_off(self, key: str, closing_key: str) -> None:
        def rule(found: Conversation) -> Conversation:
            tries = [f.attempts for c in found.closing if c.key == closing_key for f in c.missing]
            if not tries:
                return found
            return conversation.put_off(
                found, closing_key, now + timedelta(seconds=pauses[min(max(tries), len(pauses)) - 1])
            )

        pauses, now = self._accounts.settings.media.retry_after_s, self._clock()
        await self._desk.change(key, rule)

    async def accept(self, key: str, state: Conversation, closing: Closing) -> None:
        """The closing becomes a submission, once, however often this is called."""
        account = self._account(state.oa).settings
        sent = None
        if content.worth_keeping(closing):
            wanted = self._consultation(account.consultation)
            if wanted is None:
                raise Transient(f"consultation {account.consultation} is not known (yet)")
            held = {blob: await self._held(blob) for blob in closing.blobs}
            source = f"zalo:{state.oa}:" + hashlib.sha256(f"{state.user}\n{closing.key}".encode()).hexdigest()
            origin = Origin(
                channel=account.channel, verified=True, idempotency_key=source, fingerprint=closing.fingerprint()
            )
            try:
                await self._acceptor.accept(wanted, content.to_submission(state, closing, held), origin)
            except (
                Refused
            ) as error:  # the settings name a channel that is not open: an operator mends it, nothing is lost
                raise Transient(f"a conversation waits, the consultation does not take it: {error}") from error
            sent = Sent(
                consultation=wanted.id,
                submission_id=idempotency.submission_id(wanted.id, account.channel, source),
                spoken_at=min(message.spoken_at for message in closing.messages),
            )
        else:
            metrics.ZALO_EVENTS.labels("nothing-said").inc()
            log.info("zalo.nothing_said", messages=len(closing.messages))
        await self._desk.change(key, lambda found: conversation.finish(found, closing.key, sent))
        await self.discard(closing.blobs)

    async def discard(self, blobs: Iterable[str]) -> None:
        """Removes encrypted files that no conversation needs any more."""
        for blob in blobs:
            await self._blobs.delete(blob)

    async def _fetch(self, key: str, message_id: str, number: int, file: RemoteFile) -> None:
        try:
            data, kind = await self._media.fetch(file)
        except MediaError as error:
            last = error.final or file.attempts >= len(self._accounts.settings.media.retry_after_s)
            changed = {"attempts": file.attempts + 1} | ({"state": "lost", "reason": error.reason} if last else {})
            metrics.ZALO_MEDIA.labels("lost" if last else "failed").inc()
            log.warning("zalo.file_not_fetched", reason=error.reason, final=last)
        else:
            held = await self._blobs.put(secret_box.lock(self._keys.spool, data))
            changed = {"attempts": file.attempts + 1, "state": "held", "blob": held, "content_type": kind}
            metrics.ZALO_MEDIA.labels("fetched").inc()
        state = await self._desk.change(
            key,
            lambda found: conversation.change_file(
                found, message_id, number, lambda old: old.model_copy(update=changed)
            ),
        )
        if (blob := str(changed.get("blob", ""))) and blob not in conversation.blobs(state):
            await self._blobs.delete(blob)  # another replica was quicker, or the person took it back

    async def _held(self, blob: str) -> bytes:
        try:
            return secret_box.unlock(self._keys.spool, await self._blobs.get(blob))
        except KeyError as error:
            raise Transient("a file of a conversation is not in the object store (yet)") from error

    def _account(self, oa: str) -> Account:
        found = self._accounts.by_oa.get(oa)
        if found is None:
            raise Transient(f"the settings no longer name the Zalo account {oa}; its conversations wait")
        return found


def patience_of(account: Account) -> Patience:
    """The waits of an account."""
    return Patience(
        quiet=timedelta(seconds=account.settings.quiet_period_s), longest=timedelta(seconds=account.settings.max_wait_s)
    )
