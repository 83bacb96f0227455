"""Lines, and which of them stand over the next as its title: "II. Về kết quả", "Tôi xin góp ý về ...", "Đề nghị:"."""

from dataclasses import dataclass
from enum import Enum

from services.classify.steps.splitting.courtesies import COURTESY_LENGTH
from services.classify.steps.splitting.items import mark_rank
from services.classify.steps.splitting.lead_ins import agrees
from services.classify.steps.view import Rule, View, words

_ANNOUNCES = Rule(
    words(
        "xin góp ý, xin đóng góp, xin tham gia ý kiến, xin tham gia góp ý, xin có ý kiến, xin nêu ý kiến, xin trình bày"
    )
    + r"\s{1,3}(?:ý\s{1,3}kiến\s{1,3})?"
    + words("về, vào, cho, đối với")
    + r"[^.!?;:\n]{0,100}[.]?\Z"
)
_ASKS = Rule(words("đề nghị, kiến nghị, đề xuất, bổ sung, cần, nên, sửa, thay, bỏ, không, chưa"))
_NAMES_PART = Rule(
    words("về, phần, mục, chương, đối với, góp ý về, góp ý vào, ý kiến về, nhóm, lĩnh vực, nội dung")
    + r"[^.!?;:\n]{1,90}\Z|"
    + words("ý kiến, nhận xét, đánh giá, góp ý, vấn đề, những vấn đề, nội dung, các nội dung")
    + r"\s{1,3}"
    + words("chung, cụ thể, khác, góp ý, góp ý chung, góp ý cụ thể, đề xuất, kiến nghị")
    + r"\Z"
)
_SAYS = Rule(
    words(
        "đề nghị, kiến nghị, đề xuất, bổ sung, cần, nên, phải, sửa, thay, bỏ, không, chưa, nhất trí, đồng ý, đồng tình, "
        "thống nhất, tán thành, "
        "ủng hộ, là, thiếu, còn, rất, quá, khó, tốt, hay, đúng, sai, hợp lý, xấu, kém, được, bị, có, đã"
    )
)
_SHORT_TITLE = 60


class Kind(Enum):
    """What a line is, seen alone."""

    ITEM = "item"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it; `after_gap` tells of an empty line before it; `words` begin after its mark."""

    start: int
    end: int
    after_gap: bool
    kind: Kind
    words: int


def stands_over(seen: View, before: Line, line: Line) -> bool:
    """Whether a line announces the next and says nothing itself: both belong to one opinion."""
    return _is_title(seen, before, line) and _is_heading(seen, before)


def _is_title(seen: View, before: Line, line: Line) -> bool:
    """Whether the line before stands over this one: a colon, capitals, "Tôi xin góp ý về ..." over a list, "1. Về kinh tế"."""
    if seen.plain[before.end - 1] == ":" or (_is_capitals(seen, before) and not _is_capitals(seen, line)):
        return True
    if _names_part(seen, before) or (line.kind is Kind.ITEM and _names_list(seen, before, line)):
        return True
    if line.kind is not Kind.ITEM or before.kind is Kind.ITEM:
        return False
    return (
        _ANNOUNCES.search(seen, before.start, before.end) is not None
        and _ASKS.search(seen, before.start, before.end) is None
    )


def _names_list(seen: View, before: Line, line: Line) -> bool:
    """ "1. Công tác xây dựng Đảng" over "1.1. ..." or "- ...": a few words that say nothing, over marks of another kind."""
    if (
        before.kind is not Kind.ITEM
        or before.end - before.words > _SHORT_TITLE
        or seen.plain[before.end - 1] in ".!?…;,"
    ):
        return False
    if mark_rank(seen, before.start, before.words) >= mark_rank(seen, line.start, line.words):
        return False
    return _SAYS.search(seen, before.words, before.end) is None


def _names_part(seen: View, line: Line) -> bool:
    return (
        line.end - line.words <= COURTESY_LENGTH // 2
        and _NAMES_PART.match(seen, line.words, line.end) is not None
        and _SAYS.search(seen, line.words, line.end) is None
    )


def _is_capitals(seen: View, line: Line) -> bool:
    return (
        line.end - line.start <= COURTESY_LENGTH // 2
        and seen.text[slice(*seen.original(line.start, line.end))].isupper()
    )


def _is_heading(seen: View, line: Line) -> bool:
    """Announces what follows and says nothing itself; "Tôi nhất trí, nhưng có mấy ý kiến:" does."""
    if line.end - line.start > COURTESY_LENGTH:
        return False
    return not agrees(seen, line.start, line.end)
