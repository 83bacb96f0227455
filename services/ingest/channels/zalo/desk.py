"""Where conversations lie: one encrypted document per person and Official Account, changed by compare-and-set only."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable
from datetime import datetime

from services.ingest.channels.zalo.conversation import Conversation, Patience
from shared import secret_box
from shared.clock import format_instant
from shared.errors import Transient
from shared.store.port import Collection, Document, DocumentStore, Index

# No projection: a rebuild must not empty it. Only `due_at` can be read without the key.
CONVERSATIONS = Collection("zalo_conversations", (Index("by_due", ("due_at",)),))
_TRIES = 50


def key_of(pepper: bytes, oa: str, user: str, *, anonymous: bool = False) -> str:
    """The document's id: a keyed hash, so that the database names nobody. Anonymous chats have ids of their own kind."""
    who = f"zalo-conversation\n{oa}\n{'anonymous' if anonymous else 'user'}\n{user}"
    return hmac.new(pepper, who.encode(), hashlib.sha256).hexdigest()


class Desk:
    """Raises Transient when the database is away or too many write at once, SecretBoxError when the key is another one."""

    def __init__(self, store: DocumentStore, key: bytes, patience: Callable[[str], Patience]) -> None:
        self._store = store
        self._key = key
        self._patience = patience

    async def read(self, key: str) -> Conversation | None:
        """The conversation; None when there never was one."""
        held = await self._store.get(CONVERSATIONS, key)
        return self._open(held.doc) if held else None

    async def change(
        self, key: str, rule: Callable[[Conversation], Conversation], *, new: Conversation | None = None
    ) -> Conversation:
        """Applies the rule to what is stored (else to `new`) until nobody interferes; answers what is stored then.

        The rule may be called several times. Raises KeyError when there is no conversation and no `new`.
        """
        for _ in range(_TRIES):
            held = await self._store.get(CONVERSATIONS, key)
            state = self._open(held.doc) if held else new
            if state is None:
                raise KeyError("no such conversation")
            after = rule(state)
            if held is not None and after == state:
                return after
            if await self._store.replace_if(CONVERSATIONS, key, held.version if held else 0, self._locked(after)):
                return after
        raise Transient("too many writers at one conversation")

    async def due(self, now: datetime) -> AsyncIterator[str]:
        """The keys of all conversations that have something to do by now."""
        after = None
        while True:
            page = await self._store.scan(CONVERSATIONS, "by_due", low="", high=format_instant(now), after=after)
            for item in page.items:
                yield item.id
            if page.next is None:
                return
            after = page.next

    def _open(self, doc: Document) -> Conversation:
        return Conversation.model_validate_json(secret_box.unlock(self._key, base64.b64decode(str(doc["sealed"]))))

    def _locked(self, state: Conversation) -> Document:
        due = state.due_at(self._patience(state.oa))
        sealed = base64.b64encode(secret_box.lock(self._key, state.model_dump_json().encode())).decode()
        return {"sealed": sealed, "due_at": format_instant(due) if due else None}
