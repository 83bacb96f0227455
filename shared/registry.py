"""The consultations as services see them: live from the KV bucket; the last good one stays when a new one is broken."""

from collections.abc import Mapping

import structlog
from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KV_DEL, KV_PURGE, KeyValue
from pydantic import ValidationError

from shared import draft_text, topology
from shared.blobs import Blobs
from shared.bucket_watch import BucketWatch
from shared.consultation import Consultation, DraftVersion
from shared.envelope import validation_faults
from shared.errors import Permanent

log = structlog.get_logger()


class Consultations:
    """What is published; reading never waits."""

    def __init__(self, js: JetStreamContext, blobs: Blobs) -> None:
        self._blobs = blobs
        self._known: dict[str, Consultation] = {}
        self._texts: dict[str, draft_text.DraftText] = {}
        self._watch = BucketWatch(js, topology.CONSULTATIONS_BUCKET, self._take)

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
        await self._watch.loaded.wait()

    async def run(self) -> None:
        """Follows the bucket without end, across restarts of the server."""
        await self._watch.run()

    def _take(self, entry: KeyValue.Entry) -> None:
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
