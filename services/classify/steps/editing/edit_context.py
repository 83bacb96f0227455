# ruff: noqa: E501 -- a pattern is read as one whole; broken into pieces nobody can check it
"""Whether words that could ask for a change do ask for it: negated, doubted, agreed with or reported changes are not asked for."""

from services.classify.steps.view import Rule, View, words

_WINDOW = 240  # code points before the verb that are looked at
_MORE = r"(?:\s{1,3}(?:nên|cần|được|phải|thể|có|muốn|hề|cần\s{1,3}thiết|nhất\s{1,3}thiết|đồng\s{1,3}ý|nhất\s{1,3}trí|tán\s{1,3}thành|ủng\s{1,3}hộ|đồng\s{1,3}tình|thống\s{1,3}nhất"
_MORE += r"|chấp\s{1,3}nhận|với|về|việc|phương\s{1,3}án|đề\s{1,3}xuất|ý\s{1,3}kiến|kiến\s{1,3}nghị|đề\s{1,3}nghị|quan\s{1,3}điểm|chủ\s{1,3}trương|tự\s{1,3}ý|vội|mà|lại|tùy\s{1,3}tiện|cho|là|ai|đó|người))"
_BREAK = Rule(r"[!?;]|\.(?=\s|\Z)|\n\s{0,20}(?:[-+•*–]|\d{1,2}[.)/]|\n)")
_SENTENCE_END = Rule(r"[!?;]|\.(?=\s|\Z)|\n\s{0,20}(?:[-+•*–]|\d{1,2}[.)/]|\n)|\Z")
_REFUSED = Rule(
    rf"(?<!\w)(?:không|chưa|chẳng|chả|đừng|chớ|tránh|khỏi|phản\s{{1,3}}đối|bác\s{{1,3}}bỏ|nếu|giả\s{{1,3}}sử|vì\s{{1,3}}sao|tại\s{{1,3}}sao|sao|lý\s{{1,3}}do|lí\s{{1,3}}do|thay\s{{1,3}}vì"
    rf"|chứ|có\s{{1,3}}nên|có\s{{1,3}}cần|liệu|bị|không\s{{1,3}}phải)(?:{_MORE}){{0,6}}\s{{1,3}}\Z"
)
_DONE = Rule(
    r"(?<!\w)(?:đã|vừa|từng|đang|mới)(?:\s{1,3}(?:được|kịp|có|cho|kịp\s{1,3}thời|tiếp\s{1,3}thu|và|mạnh\s{1,3}dạn)){0,3}\s{1,3}\Z"
)
_AGREED = Rule(
    r"(?<!\w)(?:nhất\s{1,3}trí|đồng\s{1,3}ý|tán\s{1,3}thành|ủng\s{1,3}hộ|đồng\s{1,3}tình|hoan\s{1,3}nghênh|(?<!nên\s)(?<!cần\s)(?<!nghị\s)thống\s{1,3}nhất|tán\s{1,3}đồng|tâm\s{1,3}đắc|đánh\s{1,3}giá\s{1,3}cao)"
    r"(?:\s{1,3}(?:cao|hoàn\s{1,3}toàn|với|về|việc|ý\s{1,3}kiến|đề\s{1,3}xuất|phương\s{1,3}án|chủ\s{1,3}trương|của|như|dự\s{1,3}thảo|ban\s{1,3}soạn\s{1,3}thảo|là|khi|báo\s{1,3}cáo|rất"
    r"|cơ\s{1,3}bản|nội\s{1,3}dung|cách|tỉnh|trung\s{1,3}ương|đã|lần|này)){0,8}\s{1,3}\Z"
)
_REPORTED = Rule(
    r"(?<!\w)(?:(?:dự\s{1,3}thảo|ban\s{1,3}soạn\s{1,3}thảo|báo\s{1,3}cáo|văn\s{1,3}kiện|bản\s{1,3}\w{1,8}|tỉnh)(?:\s{1,3}(?:lần\s{1,3}này|này|mới|có|sau|lần\s{1,3}hai|lần\s{1,3}2)){0,3}"
    r"|(?:việc|được|cách|sự|từ\s{1,3}khi|sau\s{1,3}khi|khi)(?:\s{1,3}(?:việc|ta))?)\s{1,3}\Z"
)
_OTHERS = Rule(
    words(
        "có người, có ý kiến, nhiều người, nhiều ý kiến, một số ý kiến, có đại biểu, một số đại biểu, một số người, có đồng chí, ai đó, bạn tôi, ông ấy"
    )
)
_OBJECTS = Rule(
    words(
        "nhưng, song, tuy nhiên, không đồng ý, không nhất trí, giữ nguyên, không tán thành, phản đối, không nên, theo tôi không"
    )
)
REQUEST = Rule(
    words(
        "đề nghị, kiến nghị, đề xuất, nên, cần, phải, xin, mong, yêu cầu, góp ý, theo tôi, hãy, muốn, ý kiến là, thiết nghĩ"
    )
)
_CLAUSE_START = Rule(
    r"(?:\A|[,:;.!?\n(–+*•-]|(?<!\w)(?:trang|dòng|mục|khoản|điều|điểm|phần|đoạn|chương)\s{1,3}(?:thứ\s{1,3})?\w{1,6}(?:\.\d{1,2})?\s)\s{0,3}(?:(?:và|rồi|tôi|em|cháu|thì|\d{1,2}[.)]|[a-z][.)]|có\s{1,3}thể|thứ\s{1,3}\w{2,5}[,:]?)\s{1,3}){0,2}\Z"
)
_JUDGED = Rule(
    r"[^.!?;\n]{0,30}?(?<!\w)(?:(?:là|rất|hoàn\s{1,3}toàn|thì|như\s{1,3}vậy)\s{1,3}){1,2}(?:\w{1,6}\s{1,3}){0,2}?(?:đúng|hợp\s{1,3}lý|phù\s{1,3}hợp|xác\s{1,3}đáng|chính\s{1,3}xác|không|chưa|sai|tốt|hay"
    r"|thừa|cần\s{1,3}thiết|sẽ|mất|làm|câu|thiếu|kịp\s{1,3}thời)(?!\w)(?!\s{1,3}hơn)"
)
_KEEP = Rule(words("giữ nguyên, để nguyên, như cũ"))


def wanted(seen: View, text: str, verb: int, end: int) -> bool:
    """Whether the change named by the verb at `verb` in a masked text, whose words end at `end`, is asked for."""
    window = before(seen, text, verb)
    if _holds(_REFUSED, seen, window) or _holds(_AGREED, seen, window) or _holds(_DONE, seen, window):
        return False
    rest = after(seen, text, end)
    if rest.endswith("?"):
        return False
    requested = _holds(REQUEST, seen, window)
    if not requested and (_holds(_REPORTED, seen, window) or _JUDGED.of(seen).match(rest)):
        return False
    return not (_holds(_OTHERS, seen, window) and _OBJECTS.of(seen).search(rest))


def _holds(rule: Rule, seen: View, window: str) -> bool:
    """Whether a rule matches in a piece of the text; most are silent in all of it."""
    bits = rule.bits
    return seen.whole & bits == bits and rule.of(seen).search(window) is not None


def sure(seen: View, text: str, verb: int, *, told_apart: bool) -> bool:
    """Whether a verb without quoted wording is a request: asked for, or at the beginning of its clause.

    `told_apart`: what follows the verb leaves no doubt which word it is, even without its diacritics ("bo": bỏ, bộ).
    """
    window = before(seen, text, verb)
    if REQUEST.of(seen).search(window):
        return True
    return (seen.accented or told_apart) and _CLAUSE_START.of(seen).search(window) is not None


def before(seen: View, text: str, verb: int) -> str:
    """What stands before a verb in its sentence."""
    window = text[max(0, verb - _WINDOW) : verb]
    start = 0
    for found in _BREAK.of(seen).finditer(window):
        start = found.end()
    return window[start:]


def after(seen: View, text: str, end: int) -> str:
    """What stands behind, up to and with the sentence's mark."""
    found = _SENTENCE_END.of(seen).search(text, end, min(len(text), end + _WINDOW))
    return text[end : found.end() if found else min(len(text), end + _WINDOW)]
