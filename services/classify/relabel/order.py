"""The messages of classify's long work, and how they get onto the bus: under ids of their own, so that a repeated step adds none."""

from typing import Annotated, Literal

import nats.errors
from nats.js import JetStreamContext
from pydantic import Field, TypeAdapter, ValidationError

from shared import topology
from shared.envelope import validation_faults
from shared.errors import Permanent, Transient
from shared.events import ConsultationId, Frozen
from shared.store.port import After


class Place(Frozen):
    """Where a page begins: behind the document of that id under those index values."""

    values: tuple[str, ...]
    id: str

    @classmethod
    def of(cls, after: After) -> "Place":
        """The place a scan ended at, whose index holds texts only."""
        return cls(values=tuple(str(value) for value in after.values), id=after.id)

    def after(self) -> After:
        """Where the scan goes on."""
        return After(self.values, self.id)


class Relabel(Frozen):
    """Bring a correction to the opinions of one key (a text key or a cluster's head); `after`: where this page begins."""

    kind: Literal["relabel"] = "relabel"
    consultation: ConsultationId
    key: str
    review_id: str
    after: Place | None = None

    @property
    def id(self) -> str:
        """The same for the same page of the same work."""
        return f"relabel:{self.consultation}:{self.review_id}:{self.key}:{self.after.id if self.after else ''}"


class Reclassify(Frozen):
    """Go on with a job: `step` is what it is at, `page` counts from 0 within it."""

    kind: Literal["reclassify"] = "reclassify"
    consultation: ConsultationId
    job: str
    step: Literal["preview", "apply"] = "preview"
    page: int = Field(0, ge=0)

    @property
    def id(self) -> str:
        """The same for the same page of the same work."""
        return f"reclassify:{self.job}:{self.step}:{self.page}"


Order = Relabel | Reclassify
_ORDER: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="kind")])


def read(body: bytes) -> Order:
    """Raises Permanent when it is no order anybody could carry out."""
    try:
        return _ORDER.validate_json(body)
    except ValidationError as error:
        raise Permanent(f"work: {validation_faults(error)}") from error


class Work:
    """Where long work is ordered."""

    def __init__(self, js: JetStreamContext) -> None:
        self._js = js

    async def order(self, order: Order) -> None:
        """Returns when the stream has it. Raises Transient when the bus is away."""
        subject = f"work.classify.{order.kind}.{order.consultation}"
        body = order.model_dump_json().encode()
        try:
            await self._js.publish(subject, body, stream=topology.WORK.name, headers={"Nats-Msg-Id": order.id})
        except (nats.errors.Error, TimeoutError, OSError) as error:
            raise Transient(f"work not ordered: the bus is away ({type(error).__name__})") from error
