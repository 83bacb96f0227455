"""The mail somebody answers, quoted below the answer by the mail program: not the writer's own words."""

from services.classify.steps.view import Rule, View

_LONGEST_LINE = 200  # code points
_ATTRIBUTION = Rule(
    r"(?:(?:vào|ngày|lúc|on)\s[^\n]{3,150}(?:đã\s{1,3}viết|viết|wrote)\s{0,2}:\Z"
    r"|-{2,20}\s{0,3}(?:original\s{1,3}message|forwarded\s{1,3}message|thư\s{1,3}gốc|tin\s{1,3}nhắn\s{1,3}gốc|thư\s{1,3}đã\s{1,3}chuyển\s{1,3}tiếp)\s{0,3}-{0,20}\Z)"
)


def begins_quote(seen: View, start: int, end: int) -> bool:
    """Whether a line is what a mail program writes over the mail that is answered: "Vào 3 thg 6, ... đã viết:"."""
    return end - start <= _LONGEST_LINE and _ATTRIBUTION.match(seen, start, end) is not None
