"""A reader's answer: what may be said of an opinion, and the event it becomes. Pure."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.classify.review.item import Kind
from services.classify.review.rules import OUTSIDE
from shared.events import MachineReading, Opinion, OpinionReviewed, Stance, SubmissionClassified
from shared.problem import FieldError

UNKNOWN_TOPIC = "Mã nhóm vấn đề {code} không có trong đợt lấy ý kiến này."
NO_TOPIC = "Xin chọn nhóm vấn đề, hoặc chọn “Ngoài các nhóm vấn đề”."
TOO_MANY = "Mỗi ý kiến thuộc nhiều nhất hai nhóm vấn đề."
TWICE = "Hai nhóm vấn đề được chọn phải khác nhau."
OUTSIDE_ALONE = "“Ngoài các nhóm vấn đề” không thể chọn cùng với nhóm vấn đề khác."
GIVEN = "Người góp ý đã tự chọn mức độ tán thành; lựa chọn đó được giữ nguyên."
BOTH_ENDS = "Xin cho biết cả vị trí đầu và vị trí cuối."
SPAN = "Phần được chọn phải nằm trong ý kiến này và có nội dung."
NOT_THE_SAME = "Kết quả gửi lên khác với kết quả của phần mềm nên không phải là xác nhận. Xin bỏ xác nhận hoặc gửi lại."
BLIND = "Mẫu kiểm tra chất lượng không hiển thị kết quả của phần mềm nên không có xác nhận."


class Answer(BaseModel):
    """`start`, `end`: the part of the opinion that is one, code points of the submission's text; absent: as it stands.

    `confirmed`: the reader saw what the classifier had said and took it over.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    opinion_id: str = Field(min_length=1, max_length=80)
    revision: int = Field(ge=1)
    topics: tuple[int, ...] = Field(max_length=20)
    stance: Stance
    start: int | None = Field(None, ge=0)
    end: int | None = Field(None, ge=0)
    confirmed: bool = False


def faults(
    answer: Answer, opinion: Opinion, codes: Collection[int], given: Stance | None, kind: Kind
) -> list[FieldError]:
    """What is wrong with it, in Vietnamese; `codes` are the topic groups there are, `given` the stance its writer chose."""
    found = [FieldError("topics", reason) for reason in _topic_faults(answer.topics, codes)]
    if given is not None and answer.stance is not given:
        found.append(FieldError("stance", GIVEN))
    if (answer.start is None) != (answer.end is None):
        found.append(FieldError("start" if answer.start is None else "end", BOTH_ENDS))
    elif answer.start is not None and answer.end is not None:
        inside = opinion.start <= answer.start < answer.end <= opinion.end
        if not inside or not opinion.text[answer.start - opinion.start : answer.end - opinion.start].strip():
            found.append(FieldError("start", SPAN))
    if answer.confirmed and kind != "queue":
        found.append(FieldError("confirmed", BLIND))
    elif answer.confirmed and not agrees(answer, opinion):
        found.append(FieldError("confirmed", NOT_THE_SAME))
    return found


def agrees(answer: Answer, opinion: Opinion) -> bool:
    """Whether the answer leaves the opinion as it stands."""
    return (
        set(answer.topics) == set(opinion.topics)
        and answer.stance is opinion.stance
        and (answer.start, answer.end) in {(None, None), (opinion.start, opinion.end)}
    )


def review_id(opinion_id: str, revision: int, reviewer: str, kind: Kind) -> str:
    """The same decision sent twice has the same id."""
    return hashlib.sha256(f"{opinion_id}|{revision}|{reviewer}|{kind}".encode()).hexdigest()[:32]


def reviewed(
    answer: Answer, result: SubmissionClassified, opinion: Opinion, kind: Kind, reviewer: str, now: datetime
) -> OpinionReviewed:
    """The event of a sound answer."""
    moved = (answer.start, answer.end) not in {(None, None), (opinion.start, opinion.end)}
    return OpinionReviewed(
        consultation=result.consultation,
        review_id=review_id(opinion.opinion_id, answer.revision, reviewer, kind),
        submission_id=result.submission_id,
        opinion_id=opinion.opinion_id,
        reviewer=reviewer,
        reviewed_at=now,
        topics=answer.topics,
        stance=answer.stance,
        confirmed=kind == "queue" and agrees(answer, opinion),
        kind=kind,
        revision=answer.revision,
        start=answer.start if moved else None,
        end=answer.end if moved else None,
        machine=_machine(result, opinion),
    )


def same_decision(answer: Answer, event: OpinionReviewed) -> bool:
    """Whether the answer says what the event already says (of the same opinion, revision, reader and kind)."""
    span = (answer.start, answer.end)
    return (answer.topics, answer.stance) == (event.topics, event.stance) and (
        event.start is None or span == (event.start, event.end)
    )


def _machine(result: SubmissionClassified, opinion: Opinion) -> MachineReading | None:
    """None when a person has spoken already: then it is no measure of the classifier."""
    if opinion.evidence is not None and opinion.evidence.by == "correction":
        return None
    return MachineReading(
        topics=opinion.topics, stance=opinion.stance, confidence=opinion.confidence, classifier=result.classifier
    )


def _topic_faults(topics: tuple[int, ...], codes: Collection[int]) -> list[str]:
    unknown = [UNKNOWN_TOPIC.format(code=code) for code in topics if code != OUTSIDE and code not in codes]
    if not topics:
        return [NO_TOPIC]
    if len(set(topics)) != len(topics):
        return [*unknown, TWICE]
    if OUTSIDE in topics and len(topics) > 1:
        return [*unknown, OUTSIDE_ALONE]
    return [*unknown, TOO_MANY] if len(topics) > 2 else unknown
