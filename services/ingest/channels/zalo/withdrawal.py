"""`user_withdraw`: what the person said and is no submission yet is forgotten; every submission of theirs is taken back on the bus."""

from datetime import datetime

import structlog

from services.ingest import respondent
from services.ingest.channels.zalo import content, conversation
from services.ingest.channels.zalo.conversation import Conversation, Sent
from services.ingest.channels.zalo.desk import Desk, key_of
from services.ingest.channels.zalo.office import Keys, Office
from services.ingest.projection import STATUS
from shared.clock import parse_instant
from shared.events import SubmissionWithdrawn
from shared.publisher import Publisher
from shared.store.port import DocumentStore

LEGAL_BASIS = "user_withdraw"
log = structlog.get_logger("ingest")


class Withdrawals:
    """Raises Transient when bus or database is away; repeating it is harmless."""

    def __init__(self, desk: Desk, office: Office, store: DocumentStore, publisher: Publisher, keys: Keys) -> None:
        self._desk, self._office, self._store, self._publisher, self._keys = desk, office, store, publisher, keys

    async def take_back(self, oa: str, user: str, at: datetime) -> int:
        """Answers how many submissions were withdrawn."""
        key = key_of(self._keys.pepper, oa, user)
        needed: frozenset[str] = frozenset()

        def forget(found: Conversation) -> Conversation:
            nonlocal needed
            needed = conversation.blobs(found)
            return conversation.withdraw(found, at)

        state = await self._desk.change(key, forget, new=Conversation(oa=oa, user=user))
        await self._office.discard(needed - conversation.blobs(state))
        for closing in state.closing:
            if closing.complete:  # it may stand in the stream already: only as a submission can it be taken back
                await self._office.accept(key, state, closing)
        state = await self._desk.read(key) or state
        taken = await self._submissions(state, at)
        for one in taken:
            await self._publisher.publish(
                SubmissionWithdrawn(
                    consultation=one.consultation,
                    submission_id=one.submission_id,
                    withdrawn_at=at,
                    legal_basis=LEGAL_BASIS,
                )
            )
            log.info("submission.withdrawn", submission_id=one.submission_id, consultation=one.consultation)
        ids = frozenset(one.submission_id for one in taken)
        await self._desk.change(key, lambda found: conversation.taken_back(found, ids))
        return len(ids)

    async def _submissions(self, state: Conversation, until: datetime) -> list[Sent]:
        """Those the conversation remembers, and those the stream knows by the person's hash (should the database be a new one).

        Only those of before the withdrawal: it may be delivered again after the person has come back.
        """
        found = {one.submission_id: one for one in state.sent}
        person = respondent.person_hash(self._keys.pepper, content.person(state))
        after = None
        while person is not None:
            page = await self._store.scan(STATUS, "by_person", where=(person,), after=after)
            for item in page.items:
                if "submission_id" in item.doc:
                    id_ = str(item.doc["submission_id"])
                    at = parse_instant(str(item.doc["received_at"]))
                    found.setdefault(
                        id_, Sent(consultation=str(item.doc["consultation"]), submission_id=id_, spoken_at=at)
                    )
            if page.next is None:
                break
            after = page.next
        return [one for id_, one in sorted(found.items()) if id_ not in state.withdrawn and one.spoken_at <= until]
