"""What a sentence does in an argument, told by how it begins: asks, agrees, praises, cites the draft, goes on, turns elsewhere."""

from enum import Enum

from services.classify.steps.splitting.formulas import is_bare_wish
from services.classify.steps.splitting.sentences import Shield, stands_outside
from services.classify.steps.view import Rule, View, any_of, words

_S = r"\s{1,20}"
MARK = r"(?:(?:[-–—•*+▪●○►➢✓]{1,5}|\(?\d{1,2}[.)/:]|\(?[a-zđ][).]|[ivx]{1,5}[.)]|thứ\s{1,3}\w{2,4}[,:]?|\w{2,4}\s{1,3}là[,:]?)\s{0,20})?"
WHO = (
    r"(?:(?:theo|với)\s{1,3})?"
    + words(
        "tôi, chúng tôi, em, chúng em, cháu, chúng cháu, con, mình, bản thân tôi, cá nhân tôi, gia đình tôi, chi bộ, chi bộ tôi, "
        "chi bộ chúng tôi, bà con, dân bản, nhân dân, cử tri, đảng viên, đơn vị, đại biểu, hội nghị, nhiều ý kiến, "
        "một số ý kiến, ý kiến tôi"
    )
    + r"(?:,?\s{1,3}(?:thấy|nghĩ|cho\s{1,3}rằng))?"
)
POLITELY = words(
    "rất, kính, xin, cũng, còn, trân trọng, thiết tha, tha thiết, mạnh dạn, tiếp tục, chỉ, vẫn, lại, nhất là, thì"
)
STRONG = words("đề nghị, kiến nghị, đề xuất, yêu cầu, gợi ý")
_VERBS = words(
    "bổ sung, sửa, sửa đổi, chỉnh sửa, thay, thay thế, bỏ, lược bỏ, cắt bỏ, xem xét, xem lại, cân nhắc, "
    "làm rõ, viết lại, viết gọn, rút gọn, gộp, tách, chuyển, thêm, ghi rõ, nêu rõ, điều chỉnh, giữ nguyên, rà soát, quy định, "
    "quan tâm, ưu tiên, có giải pháp, đẩy mạnh, "
    "tăng cường, nhấn mạnh, đầu tư, xây dựng, xây thêm, mở rộng, hỗ trợ, làm đường, sớm"
)
_THUS = words("như vậy, như thế, vậy, thế, này, đó")
_PLACE = words(
    "trang, mục, tiểu mục, phần, chương, điều, khoản, điểm, dòng, đoạn, câu, phụ lục, biểu, gạch đầu dòng, cụm từ"
)
_DRAFT = words("dự thảo, bản dự thảo, báo cáo, văn kiện, dự thảo báo cáo, nghị quyết, chủ đề, phương châm, tiêu đề")
ASKS = Rule(
    STRONG
    + rf"|{words('xin, mong, nhờ')}{_S}"
    + words("nhà nước, tỉnh, đảng, trung ương, chính phủ, các cấp, lãnh đạo, huyện, xã, cấp trên, ban soạn thảo")
)
_REQUEST = Rule(
    MARK
    + "(?:"
    + rf"(?:{WHO},?{_S})?(?:{POLITELY}{_S}){{0,3}}"
    + rf"(?:{STRONG}|{words('mong, mong muốn, mong rằng, cần, nên, phải, hãy, không nên')}(?!{_S}{_THUS}))"
    + rf"|(?:{POLITELY}{_S}){{0,3}}{_VERBS}(?!{_S}{_THUS})"
    + rf"|(?:{words('tại, ở, trong, về, đối với, riêng')}{_S})?{_PLACE}[^.!?…]{{0,120}}?"
    + words("đề nghị, kiến nghị, đề xuất, sửa, thay, bỏ, bổ sung, nên, cần, thêm")
    + ")"
)
_DEGREE = words(
    "hoàn toàn, cơ bản, về cơ bản, rất, xin, cũng, cơ bản là, nói chung, nhìn chung, bày tỏ, trước hết, hết sức"
)
_AGREES = Rule(
    MARK
    + rf"(?:{WHO},?{_S})?(?:{_DEGREE},?{_S}){{0,4}}"
    + words(
        "nhất trí, đồng ý, đồng tình, thống nhất, tán thành, ủng hộ, hoan nghênh, đánh giá cao, tâm đắc, vui mừng, phấn khởi"
    )
)
_DISAGREES = Rule(
    MARK
    + rf"(?:{WHO},?{_S})?(?:{words('hoàn toàn, cơ bản, rất, cũng, riêng')}{_S}){{0,3}}"
    + rf"(?:{words('không, chưa, chưa thật, không hoàn toàn')}{_S}(?:{words('hoàn toàn, thể, thật sự, thực sự')}{_S}){{0,2}}"
    + rf"{words('nhất trí, đồng ý, đồng tình, thống nhất, tán thành, ủng hộ, hài lòng')}|{words('phản đối')})"
)
_BARE_WISH = Rule(words("sớm, xem xét, giải quyết, tiếp thu, lắng nghe, thấu hiểu"))
_WISHES = Rule(MARK + rf"(?:{WHO},?{_S})?(?:{POLITELY}{_S}){{0,3}}{words('mong, mong muốn, mong rằng, hy vọng')}")
_PRAISE = Rule(
    words(
        "công phu, chặt chẽ, khoa học, toàn diện, hợp lý, ngắn gọn, súc tích, cô đọng, rõ ràng, dễ hiểu, sâu sắc, đầy đủ, phù hợp, "
        "đúng đắn, khách quan, đánh giá đúng, rất hay, rất tốt, rất đúng, nghiêm túc, nhất trí, đồng tình, bám sát, chất lượng, "
        "nhìn thẳng"
    )
)
_FAULTS = Rule(
    words(
        "nhưng, chưa, tuy, tuy nhiên, song, thiếu, còn, không, chẳng, cần, nên, phải, đề nghị, kiến nghị, đề xuất, quá, kém, "
        "xấu, khó, sai, "
        "thấp, chậm, hạn chế, mâu thuẫn, trùng, lặp, nhầm, lủng củng, dài dòng, chung chung, hình thức"
    )
)
_CITES = Rule(
    MARK
    + rf"(?:{words('tại, ở, trong, theo')}{_S})?(?:{_PLACE}|{_DRAFT})[^.!?…]{{0,150}}?"
    + r"(?:(?<!\w)viết(?!\w|\s{1,3}lại)|"
    + words(
        "viết là, ghi, ghi là, nêu, nêu rằng, có câu, có đoạn, quy định, trích, xác định, đặt mục tiêu, đề ra, có nội dung"
    )
    + ")"
)
_HEADS_QUOTE = Rule(MARK + rf"(?:{words('tại, ở, trong')}{_S})?{_PLACE}[^“\"\n:]{{0,60}}:\s{{0,5}}[“\"]")
_GOES_ON = Rule(
    MARK
    + words(
        "vì vậy, vì thế, do đó, do vậy, bởi vậy, bởi thế, chính vì vậy, chính vì thế, cho nên, thế nên, như vậy, có như vậy, "
        "từ đó, cụ thể, "
        "cụ thể là, theo đó, trong đó, qua đó, nhờ đó, ví dụ, chẳng hạn, thí dụ, lý do, lí do, lý do là, vì, bởi, bởi vì, do, "
        "nhằm, mặt khác, hơn nữa, điều này, điều đó, việc này, việc đó, nội dung này, như thế, đây là, đó là, "
        "nếu không, nếu vậy, tức là, nghĩa là, đặc biệt là, nhất là, được như vậy, làm như vậy, sửa như vậy, viết như vậy, về việc này, "
        "về vấn đề này, về nội dung này, vấn đề này, thực tế, trên thực tế, thay vào đó, vd, vì lẽ đó, vì sao, sở dĩ, "
        "nếu không bỏ, nếu không sửa, nếu không được, nếu được"
    )
    + r"|(?<!\w)để(?!\w|\s{1,3}(?:nghị|xuất|ra|án|tài))"  # without marks "de nghi" is also "để nghị"
)
_OBJECTS = Rule(MARK + words("tuy nhiên, nhưng, song, nhưng mà, thế nhưng, tuy vậy, dù vậy"))
_OF_DRAFT = Rule(
    MARK
    + rf"(?:{words('các, toàn bộ, nội dung, bố cục, kết cấu, nhìn chung, nói chung')},?{_S}){{0,3}}"
    + rf"(?:{_DRAFT}|{words('bố cục, kết cấu, nội dung')})"
)
_EXPLAIN = Rule(words("giải thích, làm rõ, trả lời, cho biết, nêu rõ, nói rõ"))
_QUESTION_WORD = Rule(words("vì sao"))
_TURNS = Rule(
    MARK
    + "(?:"
    + words(
        "ngoài ra, bên cạnh đó, cùng với đó, một vấn đề nữa, một ý nữa, thêm một ý, một nội dung nữa, vấn đề nữa, ý nữa, "
        "tiếp theo, cuối cùng, "
        "sau cùng, ý thứ hai, ý thứ ba, vấn đề thứ hai, vấn đề thứ ba"
    )
    + rf"|{words('đồng thời, và, thêm nữa')},?{_S}(?:{WHO}{_S})?(?:{POLITELY}{_S}){{0,3}}(?:{STRONG}|{words('cần, nên, mong')})"
    + rf"|{words('về, đối với, riêng, riêng về, còn về, với')}{_S}[^.,:;!?]{{2,90}}[,:]"
    + rf"|{words('về, riêng, còn về')}{_S}[^.;!?]{{2,60}}?{words('thì, tôi, đề nghị, cần, nên')}"
    + ")"
)


_GOES_ON_BITS, _OBJECTS_BITS, _TURNS_BITS, _DISAGREES_BITS = _GOES_ON.bits, _OBJECTS.bits, _TURNS.bits, _DISAGREES.bits
_CITES_BITS, _HEADS_QUOTE_BITS, _REQUEST_BITS = _CITES.bits, _HEADS_QUOTE.bits, _REQUEST.bits
_AGREES_BITS, _ASKS_BITS, _PRAISE_BITS = _AGREES.bits, ASKS.bits, _PRAISE.bits
_ANY_ROLE = any_of(_GOES_ON, _OBJECTS, _TURNS, _DISAGREES, _CITES, _HEADS_QUOTE, _REQUEST, _AGREES, ASKS, _PRAISE)


class Role(Enum):
    """What a sentence does."""

    __hash__ = object.__hash__  # that of Enum is written in Python, and slow

    ASKS = "asks"
    AGREES = "agrees"
    PRAISES = "praises"
    CITES = "cites"
    GOES_ON = "goes on"
    OBJECTS = "objects"
    DISAGREES = "disagrees"
    TURNS = "turns"
    QUESTION = "question"
    TELLS = "tells"


# Reading a member off its class is slow.
IS_ASKS, IS_AGREES, IS_PRAISES, IS_CITES, IS_GOES_ON = (
    Role.ASKS,
    Role.AGREES,
    Role.PRAISES,
    Role.CITES,
    Role.GOES_ON,
)
IS_OBJECTS, IS_DISAGREES, IS_TURNS, IS_QUESTION, IS_TELLS = (
    Role.OBJECTS,
    Role.DISAGREES,
    Role.TURNS,
    Role.QUESTION,
    Role.TELLS,
)


def role(seen: View, start: int, end: int, guard: Shield) -> Role:
    """The role of a sentence among its neighbours; TELLS when nothing marks it."""
    question = seen.plain[end - 1] == "?"
    heard = seen.heard(start, end)
    if heard & _ANY_ROLE:
        told = _beginning(seen, start, end, guard, heard, question=question)
        if told is not None:
            return told
    if question:
        return IS_QUESTION
    if heard & _ANY_ROLE:
        if heard & _AGREES_BITS == _AGREES_BITS and _AGREES.of(seen).match(seen.matched, start, end):
            return IS_AGREES
        if heard & _ASKS_BITS == _ASKS_BITS and asks(seen, start, end, guard):
            return IS_ASKS
        if (
            heard & _PRAISE_BITS == _PRAISE_BITS
            and _PRAISE.search(seen, start, end)
            and not _outside(_FAULTS, seen, start, end, guard)
        ):
            return IS_PRAISES
    return IS_TELLS


def _beginning(seen: View, start: int, end: int, guard: Shield, heard: int, *, question: bool) -> Role | None:
    """What the first words tell; asked of the few rules only whose words are heard."""
    if (
        heard & _GOES_ON_BITS == _GOES_ON_BITS
        and _GOES_ON.of(seen).match(seen.matched, start, end)
        and not (question and _QUESTION_WORD.match(seen, start, end))
    ):
        return IS_GOES_ON
    if heard & _OBJECTS_BITS == _OBJECTS_BITS and _OBJECTS.of(seen).match(seen.matched, start, end):
        return IS_OBJECTS
    if heard & _TURNS_BITS == _TURNS_BITS and _TURNS.of(seen).match(seen.matched, start, end):
        return IS_TURNS
    if heard & _DISAGREES_BITS == _DISAGREES_BITS and _DISAGREES.of(seen).match(seen.matched, start, end):
        return IS_DISAGREES
    if (
        heard & _CITES_BITS == _CITES_BITS
        or (heard & _HEADS_QUOTE_BITS == _HEADS_QUOTE_BITS and ends_quote(seen.plain, start, end))
    ) and only_cites(seen, start, end, guard):
        return IS_CITES
    if heard & _REQUEST_BITS == _REQUEST_BITS and _REQUEST.of(seen).match(seen.matched, start, end):
        return IS_TELLS if is_bare_wish(seen, start, end) else IS_ASKS
    return None


def of_whole_draft(seen: View, start: int, end: int) -> bool:
    """Whether a sentence begins with the draft or its build: "Bố cục hợp lý."."""
    return _OF_DRAFT.match(seen, start, end) is not None


def only_presses(seen: View, start: int, end: int) -> bool:
    """ "Mong tỉnh sớm bố trí vốn.": presses what was asked before."""
    return _WISHES.match(seen, start, end) is not None and _BARE_WISH.search(seen, start, end) is not None


def wants_explanation(seen: View, start: int, end: int) -> bool:
    """Whether a request only wants a question answered."""
    return _EXPLAIN.search(seen, start, end) is not None


def asks(seen: View, start: int, end: int, guard: Shield) -> bool:
    """Whether a word of request stands here, outside quotations."""
    return _outside(ASKS, seen, start, end, guard)


def opens_with_request(seen: View, start: int, end: int) -> bool:
    """Whether a sentence or item asks, agrees or names a place to change from its first words on."""
    return _REQUEST.match(seen, start, end) is not None or _AGREES.match(seen, start, end) is not None


def goes_on(seen: View, start: int, end: int) -> bool:
    """Whether the text here continues what was said before: "Vì vậy, ...", "Lý do: ..."."""
    return _GOES_ON.match(seen, start, end) is not None


def only_cites(seen: View, start: int, end: int, guard: Shield) -> bool:
    """'Trang 6 viết "..."': tells what the draft says and nothing about it."""
    cites = _CITES.match(seen, start, end) is not None or (
        ends_quote(seen.plain, start, end)
        and _HEADS_QUOTE.match(seen, start, end) is not None
        and not asks(seen, start, end, guard)
    )
    return cites and not _outside(_FAULTS, seen, start, end, guard) and not _outside(_PRAISE, seen, start, end, guard)


def only_quotes(seen: View, start: int, end: int, guard: Shield) -> bool:
    """Whether a paragraph only cites and holds the draft's words in quotation marks: it waits for what is said about them."""
    return ends_quote(seen.plain, start, end) and only_cites(seen, start, end, guard)


def ends_quote(plain: str, start: int, end: int) -> bool:
    """Whether a span ends with a closing quotation mark, perhaps with a full stop or a semicolon behind it."""
    last = plain[end - 1]
    return last in '”"' or (last in ".;" and end - 2 >= start and plain[end - 2] in '”"')


def _outside(rule: Rule, seen: View, start: int, end: int, guard: Shield) -> bool:
    if not guard.starts:
        return rule.search(seen, start, end) is not None
    return stands_outside(guard, rule.finditer(seen, start, end))
