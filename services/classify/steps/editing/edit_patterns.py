# ruff: noqa: E501 -- a pattern is read as one whole; broken into pieces nobody can check it
"""How people ask for a change of wording, as patterns over text whose quotations are masked (quotes.py).

Every gap is bounded and holds no quotation, so that each pattern looks at a few hundred code points at most.
"""

from services.classify.steps.editing.quotes import FIRST, REST, Q
from services.classify.steps.view import Rule, words

_NOT = f".!?;\\n{FIRST}{REST}"


def gap(most: int) -> str:
    """Any words of the same clause, as few as will do."""
    return rf"[^{_NOT}]{{0,{most}}}?"


STRICT = words("cụm từ, nhóm từ, cụm, từ ngữ, từ, chữ, dòng chữ, thuật ngữ")
_KIND = words(
    "cụm từ, nhóm từ, cụm, từ ngữ, từ, chữ, dòng chữ, thuật ngữ, câu văn, câu, đoạn văn, đoạn, đoạn cuối, đoạn đầu, câu cuối, câu đầu, ý, nội dung, "
    "tiêu đề, tên, tên gọi, mệnh đề, vế, khẩu hiệu, con số, số liệu, số, chỉ tiêu, tỷ lệ, tỉ lệ, dấu, khái niệm, phần, mục, dòng, phương châm, chủ đề, "
    "thành tố, tính từ, động từ, danh từ, cụm danh từ, gạch đầu dòng, tên mục, tên chương, nhóm chữ, hai chữ, mục tiêu, lỗi"
)
_ADDED = words(
    "tiêu chí, nhiệm vụ, giải pháp, bài học, quan điểm, nguyên tắc, điểm, khoản, điều, định hướng, đối tượng, yếu tố"
)
_MANY = r"(?:(?:các|những|một|hai|ba|bốn|mấy|cả|luôn|hẳn|bớt|đi|thêm|lại|ngay|toàn\s{1,3}bộ|\d)\s{1,3}){0,3}"
NOUN = rf"(?:{_MANY}(?:{_KIND}\s{{0,3}}){{1,2}}(?:(?:là|sau|như\s{{1,3}}sau|này)\s{{0,3}})?:?\s{{0,3}})"
_ADD_NOUN = rf"(?:{_MANY}(?:(?:{_KIND}|{_ADDED})\s{{0,3}}){{1,2}}(?:(?:là|sau|như\s{{1,3}}sau)\s{{0,3}})?:?\s{{0,3}})"
_COLON = r"(?::|là|như\s{1,3}sau\s{0,3}:?)\s{0,3}"
_SEP = rf"\s{{0,3}}(?:[,;/&]|(?:,\s{{0,3}})?{words('và, hoặc, hay, cùng, cùng với')})?\s{{0,3}}{NOUN}?"
LIST = rf"{Q}(?:{_SEP}{Q}){{0,11}}"
SEPARATOR = Rule(_SEP)

_REPLACE = (
    words(
        "thay thế, thay đổi, thay, sửa đổi, sửa lại, sửa, đổi tên, đổi lại, đổi, chỉnh sửa, chỉnh lại, điều chỉnh, chỉnh lý, chỉnh, viết lại, "
        "diễn đạt lại, ghi lại, biên tập lại, nêu lại, hiệu chỉnh, viết hoa, viết thường"
    )
    + r"(?!\s{1,3}(?:thiết|đổi\s{1,3}cơ)(?!\w))"
)
_REPLACE = rf"(?:{_REPLACE}|(?<!\w)chuyển(?=\s{{1,3}}(?:các\s{{1,3}})?(?:cụm|chữ|câu|đoạn|tiêu\s{{1,3}}đề|tên)(?!\w)))"
_WRITE = words("viết, ghi, diễn đạt, nêu, gọi, để, dùng, chuyển")
_REMOVE = (
    words(
        "lược bỏ, xóa bỏ, xoá bỏ, cắt bỏ, gạch bỏ, loại bỏ, bỏ bớt, bỏ đi, bỏ hẳn, bỏ cả, bỏ, xóa, xoá, cắt, lược đi, lược bớt, bớt, loại ra, rút bỏ, bãi bỏ"
    )
    + r"(?!\s{1,3}(?:sung|phiếu|hoang|ngỏ|qua|học|trốn|ra)(?!\w))"
)
_ADD = words(
    "bổ sung thêm, bổ sung, thêm vào, thêm, chèn thêm, chèn, ghi thêm, viết thêm, nêu thêm, đưa thêm, đưa, nối thêm, điền thêm"
)
_AT = words(
    "ngay sau, liền sau, tiếp sau, phía sau, đằng sau, đứng sau, vào sau, sau, ngay trước, liền trước, phía trước, đứng trước, vào trước, trước, "
    "tiếp theo, kế sau, giữa, cạnh, bên cạnh, liền kề, kèm theo"
)
_BY = words(
    "thay bằng, thay vào đó là, thay vào đó, thành là, thành, bằng, bởi, lại là, nên là, phải là, viết là, ghi là, sửa là, gọi là, đổi là, thay là, "
    "nêu là, như sau, còn"
)
_ARROW = r"\s{0,3}(?:->|=>|→|⇒|–>|—>|➔|>>|=)\s{0,3}"
_TO = (
    rf"(?:(?:{gap(40)}{_BY}|\s{{0,3}}(?:là|sang)(?!\w))\s{{0,3}}(?:là\s{{0,3}})?:?\s{{0,3}}{NOUN}?:?\s{{0,3}}|{_ARROW})"
)
_INSTEAD = words(
    "thay thế cho, thay thế, thay cho, thay vì, chứ không phải là, chứ không phải, chứ không dùng, chứ không nên dùng, chứ không ghi, chứ không viết, "
    "mà không dùng, không dùng"
)
_USE = words("dùng, sử dụng, lấy, ghi, viết, nêu, gọi, để")
_ASKING = (
    rf"\s{{0,3}}[,:–-]?\s{{0,3}}(?:{words('tôi, chúng tôi, em, cháu, xin, đề nghị, kiến nghị, nên, cần, thì, phải, có thể, đề xuất, được, theo tôi, mong, rất mong, ban soạn thảo, xem xét, nghiên cứu, hãy')}"
    r"\s{1,3}){0,6}"
)
_ADD_TO = rf"(?:{_MANY}\s{{0,3}}(?:{gap(60)}(?:{_ADD_NOUN}|:\s{{0,3}})|(?:{_COLON})?)\s{{0,3}})"
_REMOVE_TO = rf"(?:{gap(50)}{NOUN}|{_MANY}\s{{0,3}}:?\s{{0,3}})"

# The verb is always the group `v`: what stands before it decides whether the change is wanted (edit_context.py).
REPLACE_PAIR = Rule(rf"(?P<v>{_REPLACE}|{_REMOVE}){gap(60)}(?P<old>{LIST}){_TO}(?P<new>{Q})")
NEXT_PAIR = Rule(rf"{_SEP}(?P<v>)(?P<old>{LIST}){_TO}(?P<new>{Q})")
QUOTE_THEN_REPLACE = Rule(
    rf"{NOUN}?(?P<old>{LIST}){gap(90)}(?P<v>{_REPLACE}|{_WRITE}|{_REMOVE})(?:\s{{1,3}}{words('cụm từ này, từ này, câu này, đoạn này, lại, đi, nó, mà')})?{_TO}(?P<new>{Q})"
)
QUOTE_ARROW = Rule(rf"{NOUN}?(?P<v>)(?P<old>{Q}){_ARROW}(?P<new>{Q})")
INSTEAD = Rule(
    rf"(?:(?P<v>{_USE}){gap(30)}|{NOUN})?(?P<new>{LIST}){gap(30)}{_INSTEAD}\s{{0,3}}{gap(20)}(?P<old>{LIST})"
)
USED_INSTEAD = Rule(rf"(?P<v>{_USE}){gap(30)}(?P<new>{LIST}){gap(15)}(?<!\w)thay\s{{0,3}}{NOUN}?(?P<old>{LIST})")
QUOTE_SENTENCE_REPLACE = Rule(
    rf"(?P<old>{Q})\s{{0,3}}[.;]?\s{{1,3}}(?:{words('tôi, xin, đề nghị, kiến nghị, nên, cần, đề xuất, chúng tôi, có thể, theo tôi, em')},?\s{{1,3}}){{1,5}}(?P<v>{_REPLACE}|{_WRITE})"
    rf"(?:\s{{1,3}}{words('lại, câu này, đoạn này, cụm từ này, câu trên, đoạn trên')}){{0,2}}{_TO}(?P<new>{Q})"
)
_SHOULD = words(
    "phải là, phải viết là, phải viết, phải ghi là, phải ghi, đúng là, đúng phải là, nên là, nên ghi, nên ghi là, nên viết, nên viết là, nên dùng, viết đúng là, cần viết là, cần ghi là"
)
CORRECTED = Rule(rf"{NOUN}?(?P<old>{Q}){gap(25)}(?P<v>{_SHOULD})\s{{0,3}}:?\s{{0,3}}{NOUN}?(?P<new>{Q})")
NOT_USED_BUT = Rule(
    rf"(?P<v>{words('không nên, không, đừng, tránh, thôi')})\s{{1,3}}{words('dùng, sử dụng, viết, ghi, nêu, để, gọi')}\s{{1,3}}{gap(20)}(?P<old>{Q})\s{{0,3}},?\s{{0,3}}"
    rf"{words('mà nên, mà cần, mà phải, mà, thay vào đó nên, thay vào đó')}\s{{1,3}}{words('dùng, sử dụng, viết, ghi, nêu, là, thay bằng, gọi')}\s{{0,3}}{gap(15)}(?P<new>{Q})"
)
NOT_USED = Rule(
    rf"(?P<v>{words('không, không nên, không cần, đừng, tránh, hạn chế, thôi')})\s{{1,3}}{words('dùng, sử dụng, viết, ghi, đưa, nêu, để')}\s{{1,3}}(?:{words('lại, nữa, vào')}\s{{1,3}})?"
    rf"{gap(15)}{NOUN}(?P<old>{LIST})"
)
INSTEAD_FIRST = Rule(
    rf"(?P<v>{words('thay vì, thay cho')})\s{{1,3}}{gap(20)}(?P<old>{Q}){gap(40)}{words('nên, thì, hãy, đề nghị, cần, bằng, ghi, viết, dùng, là')}{gap(20)}(?P<new>{Q})"
)
REWRITE = Rule(
    rf"(?P<v>{_REPLACE}|{_WRITE}\s{{1,3}}(?:lại|thành|là)){gap(80)}(?:{_BY}|là)\s{{0,3}}(?:là\s{{0,3}})?:?\s{{0,3}}{NOUN}?(?P<new>{Q})"
)
ADD_AT_QUOTE = Rule(
    rf"(?P<v>{_ADD}){gap(40)}(?P<place>{_AT}{gap(20)}(?P<anchor>{Q}))\s{{0,3}}[,:]?\s{{0,3}}(?:{_COLON})?(?:thêm\s{{1,3}})?{_ADD_NOUN}?(?P<new>{LIST})"
)
ADD_THEN_PLACE = Rule(
    rf"(?P<v>{_ADD}){_ADD_TO}(?P<new>{LIST})\s{{0,3}}[,(]?\s{{0,3}}{gap(15)}"
    rf"(?P<place>(?:{_AT}|{words('vào, trong, ở, tại, cho, cuối, đầu')}){gap(30)}(?P<anchor>{Q})(?:\s{{1,3}}(?:và|với)\s{{1,3}}{NOUN}?{Q})?)"
)
ADD = Rule(rf"(?P<v>{_ADD}){_ADD_TO}(?P<new>{LIST})")
PLACE_THEN_ADD = Rule(rf"(?P<place>{_AT}{gap(20)}(?P<anchor>{Q})){gap(60)}(?P<v>{_ADD}){_ADD_TO}(?P<new>{LIST})")
QUOTE_THEN_ADD = Rule(
    rf"(?P<place>{NOUN}?(?P<anchor>{Q}))(?:{_ASKING}|{gap(60)}{words('đề nghị, kiến nghị, đề xuất, nên, cần, xin')}{gap(20)})(?P<v>{_ADD}){_ADD_TO}(?P<new>{LIST})"
)
_OUT = r"(?:ra\s{1,3})?khỏi(?!\w)"
TAKE_OUT = Rule(rf"(?P<v>{words('đưa, loại, rút, gạt, gỡ, bỏ, cắt')})\s{{1,3}}{NOUN}?(?P<old>{LIST}){gap(15)}{_OUT}")
QUOTE_THEN_OUT = Rule(
    rf"{NOUN}?(?P<old>{LIST}){gap(60)}(?P<v>{words('đưa, loại, rút, gạt, gỡ, bỏ, cắt')}){gap(15)}{_OUT}"
)
QUOTE_MENDED = Rule(
    rf"{NOUN}?(?P<old>{Q}){_ASKING}(?P<v>{words('sửa lại, sửa, đổi, thay')})\s{{1,3}}:?\s{{0,3}}(?P<new>{Q})"
)
REMOVE = Rule(rf"(?P<v>{_REMOVE}){_REMOVE_TO}(?P<old>{LIST})")
QUOTE_THEN_REMOVE = Rule(
    rf"{NOUN}?(?P<old>{LIST}){gap(70)}(?P<v>{_REMOVE})(?:\s{{1,3}}{words('cụm từ, từ, câu, đoạn, chữ, ý, nội dung, chỉ tiêu, phần, số, các cụm từ')})?"
    rf"(?:\s{{1,3}}{words('này, đó, trên, ấy, đi, nói trên, nêu trên')})?(?=\s{{0,3}}(?:[.,;:!?)\n]|\Z)|\s{{1,3}}(?:vì|do|cho|để|khỏi|ra|ở|tại|trong|đi|thì)(?!\w))"
)
