"""A job and what it has found so far, as it stands in the store and as the API shows it."""

from collections import Counter
from collections.abc import Iterable
from typing import Literal

from pydantic import AwareDatetime, Field

from services.classify.reclassify.reread import Difference
from services.classify.relabel.order import Place
from shared.events import ConsultationId, Frozen
from shared.store.port import Collection, Document, Index

# Made by operators, not by events: a rebuild leaves them.
JOBS = Collection("reclassify_jobs", (Index("by_consultation", ("consultation", "created_at")),))
CHANGED = Collection("reclassify_changes", (Index("by_job", ("job",)),))  # job and submission -> the revision looked at
COLLECTIONS = (JOBS, CHANGED)

EXAMPLES = 20

State = Literal["previewing", "ready", "applying", "applied", "outdated"]
OUTDATED = (
    "Mô hình phân loại đã thay đổi (được huấn luyện lại hoặc định nghĩa đợt lấy ý kiến đã được cập nhật) sau khi tạo bản xem trước "
    "này, nên không áp dụng được nữa. Xin tạo bản xem trước mới rồi áp dụng bản đó."
)
APPLIED = "Bản xem trước này đã được áp dụng. Gửi lại yêu cầu áp dụng không làm thay đổi gì."
HALF_APPLIED = " Những kết quả đã được áp dụng trước khi mô hình thay đổi ({count}) được giữ nguyên."


class Job(Frozen):
    """`classifier`: the model it asks; `page` and `after`: where its present step goes on; counts are of opinions."""

    id: str
    consultation: ConsultationId
    state: State = "previewing"
    classifier: str
    created_at: AwareDatetime
    page: int = Field(0, ge=0)
    after: Place | None = None
    submissions: int = Field(0, ge=0, description="looked at so far")
    submissions_changed: int = Field(0, ge=0, description="would change, or have changed")
    unreadable: int = Field(0, ge=0, description="of submissions whose words are gone: these stay")
    topics: dict[str, int] = Field(default_factory=dict)
    stances: dict[str, int] = Field(default_factory=dict)
    review_in: int = 0
    review_out: int = 0
    other: int = Field(0, description="changes of citations, edits, personal data only")
    examples: tuple[str, ...] = ()
    applied: int = Field(0, ge=0, description="submissions that got a new revision")
    skipped: int = Field(0, ge=0, description="submissions that changed otherwise since the preview: left as they are")
    applied_at: AwareDatetime | None = Field(None, description="when the last of them had got it")
    stopped: str | None = Field(None, description="why its work went to the dead letters; None again once it goes on")

    def with_found(self, found: Iterable[Difference]) -> "Job":
        """The job with what a page found added."""
        topics, stances = Counter(self.topics), Counter(self.stances)
        into, out, other, examples = self.review_in, self.review_out, self.other, list(self.examples)
        for one in found:
            topics.update(one.topics)
            stances.update(one.stances)
            into, out, other = into + one.review_in, out + one.review_out, other + one.other
            examples += one.examples
        return self.model_copy(
            update={
                "topics": dict(topics),
                "stances": dict(stances),
                "review_in": into,
                "review_out": out,
                "other": other,
                "examples": tuple(examples[:EXAMPLES]),
            }
        )


def document(job: Job) -> Document:
    """The job as it is stored."""
    return job.model_dump(mode="json", exclude_none=True)


def job_of(doc: Document) -> Job:
    """The job that a document holds."""
    return Job.model_validate(doc)


def shown(job: Job) -> Document:
    """The job as the API shows it."""
    kept = job.model_dump(mode="json", exclude={"id", "page", "after"}, exclude_none=True)
    return {"job": job.id} | kept | ({"detail": detail} if (detail := _detail(job)) else {})


def _detail(job: Job) -> str:
    """What the state means for whoever waits; nothing where it needs no words."""
    if job.state == "outdated":
        return OUTDATED + (HALF_APPLIED.format(count=job.applied) if job.applied else "")
    return APPLIED if job.state == "applied" else ""
