"""Does a text look like a complaint or denunciation of its own (khiếu nại, tố cáo), not talk about how they are handled?

Only a flag for people: staff decide, and the opinion is counted all the same.
"""

from services.classify.steps.view import Rule, View, words

_OWN = words("tôi, chúng tôi, gia đình tôi, gia đình chúng tôi, bà con chúng tôi, nay tôi, em, nhà tôi")
_ACT = words("khiếu nại, tố cáo, khiếu kiện, tố giác, kêu oan, kêu cứu, làm đơn, gửi đơn")
_RULE = Rule(
    rf"{_OWN}[^.!?\n]{{0,40}}{_ACT}|"
    + words(
        "đơn khiếu nại, đơn tố cáo, đơn kêu cứu, đơn kêu oan, đơn tố giác, đơn khiếu kiện, xin tố cáo, xin khiếu nại"
    )
)
_ABOUT = Rule(words("giải quyết, công tác, tiếp công dân, xử lý, luật, tình trạng, bảo vệ người, quyền"))


def petition_suspected(seen: View, start: int, end: int) -> bool:
    """Whether the span should be shown to those who handle petitions."""
    about = _ABOUT.of(seen)
    for match in _RULE.of(seen).finditer(seen.matched, start, end):
        if not about.search(seen.matched, max(start, match.start() - 25), match.end()):
            return True
    return False
