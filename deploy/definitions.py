"""Puts consultation definitions on the bus: draft texts into the object store, the definition into the KV bucket."""

from pathlib import Path

from nats.js import JetStreamContext
from nats.js.errors import KeyNotFoundError

from shared import topology
from shared.blobs import Blobs
from shared.consultation import Consultation
from shared.consultation_yaml import load, load_all


async def publish_all(js: JetStreamContext, folders: list[Path]) -> list[str]:
    """Publishes every definition of the folders; answers the ids that changed. Later folders win.

    Raises DefinitionError before anything is published when one of them is wrong.
    """
    definitions = {c.id: (c, folder) for folder in folders for c in load_all(folder)}
    return [c.id for c, folder in definitions.values() if await publish_one(js, c, folder)]


async def publish_file(js: JetStreamContext, path: Path) -> tuple[Consultation, bool]:
    """Publishes one definition file; says whether it changed anything."""
    consultation = load(path)
    return consultation, await publish_one(js, consultation, path.parent)


async def publish_one(js: JetStreamContext, consultation: Consultation, folder: Path) -> bool:
    """The texts first, then the definition that names them; an unchanged definition is not written again."""
    blobs = Blobs(await js.object_store(topology.BLOBS_BUCKET))
    drafts = []
    for draft in consultation.drafts:
        versions = []
        for version in draft.versions:
            sha256 = await blobs.put((folder / version.text).read_bytes())
            versions.append(version.model_copy(update={"sha256": sha256}))
        drafts.append(draft.model_copy(update={"versions": tuple(versions)}))
    body = consultation.model_copy(update={"drafts": tuple(drafts)}).model_dump_json().encode()
    bucket = await js.key_value(topology.CONSULTATIONS_BUCKET)
    try:
        if (await bucket.get(consultation.id)).value == body:
            return False
    except KeyNotFoundError:
        pass  # the first time
    await bucket.put(consultation.id, body)
    return True
