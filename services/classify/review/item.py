"""What a queue document says, worked out from the facts in it: where the opinion waits, and who may read it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.classify.review.queue import READING, first_lane
from shared.events import ReviewReason, Stance
from shared.store.port import Document, Json, Stored

Kind = Literal["queue", "sample", "settle"]
SECOND = "second:"  # lane prefix: read by that account, waits for anybody else
SETTLE = "settle"
READERS = 2  # of an opinion of the sample


@dataclass(frozen=True)
class ReadingOf:
    """What one reader said of an opinion of the sample, blind."""

    reviewer: str
    topics: tuple[int, ...]
    stance: Stance

    def agrees(self, other: "ReadingOf") -> bool:
        """Whether both say the same: the same groups in any order, and the same stance."""
        return set(self.topics) == set(other.topics) and self.stance is other.stance


@dataclass(frozen=True)
class Item:
    """A place in the queue. `revision` None: of the sample, whichever revision stands now."""

    id: str
    consultation: str
    submission_id: str
    opinion_id: str
    revision: int | None
    lane: str | None  # where it really waits; None: nowhere any more
    noted_lane: str | None  # where the document says
    reasons: tuple[ReviewReason, ...]
    readings: tuple[ReadingOf, ...]

    @property
    def kind(self) -> Kind:
        """What a reader is asked for now."""
        if self.revision is not None:
            return "queue"
        return "settle" if len(self.readings) >= READERS else "sample"

    def open_to(self, reviewer: str) -> bool:
        """Whether that reader may read it: nobody reads an opinion of the sample twice."""
        return self.lane is not None and all(reading.reviewer != reviewer for reading in self.readings)


def item_of(stored: Stored) -> Item | None:
    """The item; None for a document that only remembers a review of something not (yet) known here."""
    doc = stored.doc
    if "opinion_id" not in doc:
        return None
    sample = doc.get("sample") is True
    reasons = tuple(ReviewReason(str(reason)) for reason in _list(doc.get("reasons")))
    readings = _readings(doc) if sample else ()
    noted = doc.get("lane")
    return Item(
        id=stored.id,
        consultation=str(doc["consultation"]),
        submission_id=str(doc["submission_id"]),
        opinion_id=str(doc["opinion_id"]),
        revision=None if sample else _int(doc.get("revision")),
        lane=_lane(doc, reasons, readings),
        noted_lane=str(noted) if noted is not None else None,
        reasons=reasons,
        readings=readings,
    )


def _lane(doc: Document, reasons: Sequence[ReviewReason], readings: Sequence[ReadingOf]) -> str | None:
    if doc.get("done") is True:
        return None
    if not readings:
        return first_lane(reasons)
    if len(readings) < READERS:
        return SECOND + readings[0].reviewer
    return None if readings[0].agrees(readings[1]) else SETTLE


def _readings(doc: Document) -> tuple[ReadingOf, ...]:
    """The first two by time: a third one, of a reader whose turn had run out, changes nothing."""
    found: list[tuple[str, str, ReadingOf]] = []
    for name, value in doc.items():
        if name.startswith(READING) and isinstance(value, Mapping):
            topics = tuple(_int(code) for code in _list(value["topics"]))
            reading = ReadingOf(name.removeprefix(READING), topics, Stance(str(value["stance"])))
            found.append((str(value["at"]), str(value["review_id"]), reading))
    return tuple(reading for _, _, reading in sorted(found, key=lambda one: one[:2])[:READERS])


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _int(value: Json) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a queue document holds {type(value).__name__} where a number belongs")
    return value
