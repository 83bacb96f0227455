"""Invented events: submissions whose opinions are given, one a line."""

from typing import Any

from services.classify.near.pieces import shifted
from services.classify.pipeline import text_key
from shared.events import Opinion, Outcome, Stance, SubmissionClassified, WindowMark
from tests.unit.services.classify.samples import AT, submission_id

LETTER = (
    "Đề nghị bổ sung chỉ tiêu trồng rừng gỗ lớn tại các xã vùng cao, bố trí nguồn vốn riêng hằng năm và giao một đầu mối "
    "chịu trách nhiệm đến cùng."
)
OWN = "Gia đình em mất hai con trâu vì rét đậm mà chẳng ai hỏi han."
OTHER = "Kiến nghị mở thêm tuyến xe buýt nối bến xe khách với bệnh viện đa khoa để người già đi khám đỡ vất vả."


def opinion(id_: str, text: str, start: int = 0) -> Opinion:
    return Opinion(
        opinion_id=id_,
        text=text,
        start=start,
        end=start + len(text),
        topics=(1,),
        confidence=0.9,
        stance=Stance.SUPPLEMENT,
        text_key=text_key(text),
    )


def event(number: int, *texts: str, outcome: Outcome = Outcome.COUNTED, **fields: Any) -> SubmissionClassified:
    opinions, at = [], 0
    for n, text in enumerate(texts, start=1):
        opinions.append(opinion(f"{submission_id(number)}-{n}", text, at))
        at += len(text) + 1
    return SubmissionClassified(
        **{
            "consultation": "thu-nghiem",
            "submission_id": submission_id(number),
            "outcome": outcome,
            "classifier": "test",
            "channel": "web",
            "received_at": AT,
            "window": WindowMark.INSIDE,
            "opinions": tuple(opinions),
        }
        | fields
    )


def first(number: int, n: int = 1) -> str:
    """The id of an opinion."""
    return f"{submission_id(number)}-{n}"


def reread(_event: SubmissionClassified, whole: Opinion, start: int, end: int, id_: str) -> Opinion:
    text = whole.text[start - whole.start : end - whole.start]
    return shifted(opinion(id_, text), start)
