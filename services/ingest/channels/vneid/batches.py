"""Which batches of counts an issuer has sent, so that no period is counted twice. One document per issuer and channel.

The rules are pure (`reserve`); `hold` carries them out by compare-and-set, through whichever replica.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import AwareDatetime

from services.ingest.faults import Fault, Faults, KeyReused
from shared.errors import Transient
from shared.events import Frozen
from shared.store.port import Collection, DocumentStore

BATCHES = Collection("aggregate_batches")  # not a projection: a rebuild must not empty it
_TRIES = 20


class Revision(Frozen):
    """One accepted revision. `drafts` None: it holds counts that name no draft, which may be of any."""

    batch_id: str
    revision: int
    period_start: AwareDatetime
    period_end: AwareDatetime
    drafts: tuple[str, ...] | None
    fingerprint: str
    evidence_sha256: str
    received_at: AwareDatetime
    published: bool = False

    def overlaps(self, other: "Revision") -> bool:
        """Whether both may have counted the same act of the same person."""
        same_time = self.period_start < other.period_end and other.period_start < self.period_end
        same_draft = self.drafts is None or other.drafts is None or not set(self.drafts).isdisjoint(other.drafts)
        return same_time and same_draft


class _Book(Frozen):
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True)
class Scope:
    """Within what no two batches may overlap."""

    issuer_id: str
    consultation: str
    channel: str

    @property
    def id(self) -> str:
        """Of the document."""
        return hashlib.sha256("\n".join((self.issuer_id, self.consultation, self.channel)).encode()).hexdigest()


def reserve(held: Sequence[Revision], wanted: Revision) -> Revision:
    """The revision that stands for this message: the one held already for the same content, else `wanted`.

    Raises KeyReused for the same batch and revision with other counts, Faults when a higher revision stands, or when
    another batch counts part of the same period.
    """
    same = [r for r in held if r.batch_id == wanted.batch_id]
    for revision in same:
        if revision.revision == wanted.revision:
            if revision.fingerprint != wanted.fingerprint:
                reason = "Đợt số liệu và lần sửa này đã được gửi với nội dung khác; xin gửi số liệu mới với số lần sửa lớn hơn."
                raise KeyReused([Fault("revision", reason)])
            return revision
    if any(r.revision > wanted.revision for r in same):
        raise Faults([Fault("revision", "Đã có lần sửa mới hơn của đợt số liệu này.")])
    for other in standing(held):
        if other.batch_id != wanted.batch_id and other.overlaps(wanted):
            reason = (
                f"Kỳ số liệu trùng một phần với đợt số liệu {other.batch_id} đã gửi; cùng một lượt sẽ bị tính hai lần."
            )
            raise Faults([Fault("period_start", reason)])
    return wanted


def standing(held: Sequence[Revision]) -> list[Revision]:
    """The highest revision of each batch."""
    found: dict[str, Revision] = {}
    for revision in sorted(held, key=lambda r: r.revision):
        found[revision.batch_id] = revision
    return list(found.values())


async def hold(store: DocumentStore, scope: Scope, wanted: Revision) -> Revision:
    """Reserves, see `reserve`. Raises Transient when many do so at once, or the database is away."""
    for _ in range(_TRIES):
        version, book = await _book(store, scope)
        found = reserve(book.revisions, wanted)
        if found is not wanted:
            return found
        if await _write(store, scope, version, (*book.revisions, wanted)):
            return wanted
    raise Transient("too many batches at once")


async def published(store: DocumentStore, scope: Scope, done: Revision) -> None:
    """Notes that the stream has it. Not noted because of a crash: the next try publishes the same event again, harmlessly."""
    for _ in range(_TRIES):
        version, book = await _book(store, scope)
        marked = tuple(
            r.model_copy(update={"published": True})
            if (r.batch_id, r.revision) == (done.batch_id, done.revision)
            else r
            for r in book.revisions
        )
        if marked == book.revisions or await _write(store, scope, version, marked):
            return


async def _book(store: DocumentStore, scope: Scope) -> tuple[int, _Book]:
    held = await store.get(BATCHES, scope.id)
    return (held.version, _Book.model_validate(held.doc)) if held else (0, _Book())


async def _write(store: DocumentStore, scope: Scope, version: int, revisions: tuple[Revision, ...]) -> bool:
    doc = _Book(revisions=revisions).model_dump(mode="json")
    return await store.replace_if(BATCHES, scope.id, version, doc)
