"""The consultations as services see them: live from the KV bucket; the last good one stays when a new one is broken."""

import asyncio
from collections.abc import Mapping

import nats.errors
import structlog
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KV_DEL, KV_PURGE, KeyValue
from pydantic import ValidationError

from shared import draft_text, topology
from shared.blobs import Blobs
from shared.consultation import Consultation, DraftVersion
from shared.envelope import validation_faults
from shared.errors import Permanent

log = structlog.get_logger()

CHECK_S = 3.0  # a watch may die silently with its server: the bucket's last sequence tells


class Consultations:
    """What is published; reading never waits."""

    def __init__(self, js: JetStreamContext, blobs: Blobs) -> None:
        self._js = js
        self._blobs = blobs
        self._known: dict[str, Consultation] = {}
        self._texts: dict[str, draft_text.DraftText] = {}
        self._seen = 0  # the last sequence of the bucket that arrived here
        self._loaded = asyncio.Event()

    def get(self, id_: str) -> Consultation | None:
        """The consultation of that id, or None."""
        return self._known.get(id_)

    def all(self) -> tuple[Consultation, ...]:
        """All of them, by id."""
        return tuple(self._known[id_] for id_ in sorted(self._known))

    async def draft_text(self, version: DraftVersion) -> draft_text.DraftText:
        """The pages of a draft version. Raises Permanent when none was published, Transient when the bus is away."""
        if version.sha256 is None:
            raise Permanent(f"draft version {version.version}: {version.text} was not published")
        if version.sha256 not in self._texts:
            try:
                data = await self._blobs.get(version.sha256)
            except KeyError:
                raise Permanent(f"draft version {version.version}: blob {version.sha256} is missing") from None
            self._texts[version.sha256] = draft_text.parse(data.decode())
        return self._texts[version.sha256]

    async def loaded(self) -> None:
        """Returns when everything that was published so far is known here."""
        await self._loaded.wait()

    async def run(self) -> None:
        """Follows the bucket without end, across restarts of the server."""
        while True:
            try:
                kv = await self._js.key_value(topology.CONSULTATIONS_BUCKET)
                await self._follow(kv)
            except (nats.errors.Error, TimeoutError, OSError) as error:
                log.debug("consultations not followed", error=type(error).__name__)
            await asyncio.sleep(0.5)

    async def _follow(self, kv: KeyValue) -> None:
        watcher = await kv.watchall()
        try:
            while True:
                try:
                    entry = await watcher.updates(timeout=CHECK_S)  # type: ignore[no-untyped-call]
                except nats.errors.TimeoutError:
                    if await self._missed_something():
                        log.warning("watch of consultations went silent, watching anew")
                        return
                    continue
                if entry is None:
                    self._loaded.set()
                elif isinstance(entry, KeyValue.Entry):
                    self._take(entry)
        finally:
            try:
                await watcher.stop()  # type: ignore[no-untyped-call]
            except nats.errors.Error as error:
                log.debug("watch not stopped", error=type(error).__name__)

    async def _missed_something(self) -> bool:
        last = (await self._js.stream_info(f"KV_{topology.CONSULTATIONS_BUCKET}")).state.last_seq
        return last != self._seen

    def _take(self, entry: KeyValue.Entry) -> None:
        self._seen = max(self._seen, entry.revision or 0)
        if entry.operation in (KV_DEL, KV_PURGE):
            self._known.pop(entry.key, None)
            log.info("consultation withdrawn", consultation=entry.key)
            return
        try:
            definition = Consultation.model_validate_json(entry.value or b"")
        except ValidationError as error:
            log.error(  # noqa: TRY400 - a traceback would quote the definition
                "consultation definition refused, the last good one stays",
                consultation=entry.key,
                faults=validation_faults(error),
            )
            return
        if definition.id != entry.key:
            log.error("consultation definition refused: stands under another id", consultation=entry.key)
            return
        self._known[definition.id] = definition
        log.info("consultation definition taken over", consultation=definition.id, revision=entry.revision)


async def publish_definition(
    js: JetStreamContext, blobs: Blobs, definition: Consultation, texts: Mapping[str, str]
) -> bool:
    """Publishes a definition and its draft texts (`DraftVersion.text` -> content); False when it was published just so.

    Raises KeyError naming a text that is missing, Permanent when a text cannot be parsed.
    """
    drafts = []
    for draft in definition.drafts:
        versions = []
        for version in draft.versions:
            text = texts[version.text]
            draft_text.parse(text)
            versions.append(version.model_copy(update={"sha256": await blobs.put(text.encode())}))
        drafts.append(draft.model_copy(update={"versions": tuple(versions)}))
    value = definition.model_copy(update={"drafts": tuple(drafts)}).model_dump_json().encode()
    kv = await js.key_value(topology.CONSULTATIONS_BUCKET)
    try:
        if (await kv.get(definition.id)).value == value:
            return False
    except KeyNotFoundError:
        pass
    await kv.put(definition.id, value)
    return True
