"""What an opinion does with the draft, read from cue words; a stance the respondent gave is never overridden (pipeline.py).

The order of the questions is the rule: an agreement that leads to a request is the request ("nhất trí, nhưng đề nghị bổ sung"),
an agreement whose object is an addition is an agreement ("nhất trí bổ sung Chương X").
"""

from collections.abc import Sequence

from services.classify.steps.view import Rule, View, words
from shared.events import Edit, Stance

_DRAFT_PARTS = (
    r"(?:(?:cụm\s{1,3}từ|câu|đoạn|từ|ý|nội\s{1,3}dung|phần|mục|tiểu\s{1,3}mục|chỉ\s{1,3}tiêu|quy\s{1,3}định|điều|khoản"
    r"|điểm|dòng|gạch|chữ|trang|chương|bớt|hẳn|đi|khỏi)(?!\w)|\s{0,3}[“\"«'])"
)
_DELETE = Rule(
    rf"(?<!\w)(?:bỏ|lược|cắt)\s{{1,3}}(?:các\s{{1,3}}|những\s{{1,3}}|hai\s{{1,3}})?{_DRAFT_PARTS}"
    "|"
    + words(
        "lược bỏ, xóa bỏ cụm, xóa cụm từ, xoá cụm từ, xóa đoạn, xoá đoạn, xóa câu, xoá câu, gạch bỏ, cắt bỏ, "
        "bỏ khỏi dự thảo, không đưa vào dự thảo, không nên đưa vào, đưa ra khỏi dự thảo"
    )
)
# Without diacritics "bỏ phần" and "bộ phận" are one; only a request before it tells.
_DELETE_BARE = Rule(
    r"(?<!\w)(?:đề\s{1,3}nghị|kiến\s{1,3}nghị|nên|xin|lược|xóa)\s{1,3}(?:lược\s{1,3})?bỏ(?!\w)(?!\s{1,3}(?:sung|tri|y))"
)
_QUESTION = Rule(
    words(
        "xin hỏi, cho hỏi, cho tôi hỏi, tôi hỏi, tôi muốn hỏi, đề nghị giải thích, đề nghị cho biết, xin cho "
        "biết, xin giải thích"
    )
)
_DISAGREE = Rule(
    words(
        "không đồng ý, không nhất trí, không tán thành, không đồng tình, không ủng hộ, không thống nhất, phản "
        "đối, chưa đồng ý, chưa nhất trí, chưa tán thành, chưa đồng tình, không hợp lý, chưa hợp lý, không "
        "phù hợp, chưa phù hợp, không khả thi, thiếu khả thi, không thể chấp nhận, bất hợp lý, không chấp "
        "nhận, quá cao, hình thức, không thực tế, chưa thỏa đáng, chưa thoả đáng, chưa chỉ ra, nhức nhối, "
        "chưa được quan tâm, khuyết điểm lớn"
    )
)
_PARTLY = Rule(
    words("đồng ý một phần, nhất trí một phần, tán thành một phần, đồng tình một phần, chỉ đồng ý, chỉ nhất trí")
)
_AGREE = Rule(
    words(
        "nhất trí, đồng ý, đồng tình, tán thành, tán đồng, ủng hộ, thống nhất cao, thống nhất hoàn toàn, tôi "
        "thống nhất, thống nhất với, tâm đắc, đánh giá cao, giữ nguyên, hoan nghênh, hoàn toàn thống nhất, cơ "
        "bản thống nhất, phấn khởi, tin tưởng"
    )
)
_REQUEST = Rule(
    words(
        "đề nghị, kiến nghị, đề xuất, cần, nên, phải, mong, mong muốn, xin, yêu cầu, nhưng, tuy nhiên, song, đồng thời"
    )
)
_ASK = words("đề nghị, kiến nghị, đề xuất, cần, nên, phải, mong, xin, xem xét")
_SUPPLEMENT = Rule(words("bổ sung, thêm, cần có, đưa vào, ghi thêm, nêu thêm, viết thêm"))
_AMEND = Rule(
    words(
        "sửa, sửa đổi, chỉnh sửa, thay, thay thế, điều chỉnh, chỉnh lý, viết lại, làm rõ, nêu rõ, nói rõ, chỉ "
        "rõ, ghi rõ, xác định rõ, quy định rõ, cụ thể hơn, cụ thể hóa cụ thể, rõ hơn, nhấn mạnh, làm đậm, đậm "
        "nét, làm nổi bật, cân nhắc, xem xét lại, rà soát, diễn đạt, thống nhất cách, rút gọn, ngắn gọn hơn, "
        "gọn hơn, dài dòng, nên đổi, đổi tên, chuyển, hạ xuống, nâng lên, tăng lên, giảm xuống, phân tích "
        "thẳng thắn, phân tích sâu, đánh giá sâu, hài hòa, hài hoà, khắc họa, khắc hoạ, đề nghị lấy, dùng cụm "
        "từ, dùng từ, làm sâu sắc"
    )
)
_WISH = Rule(
    _ASK
    + "|"
    + words(
        "tăng cường, đẩy mạnh, quan tâm, có giải pháp, phát huy, nâng cao, đầu tư, hỗ trợ, ưu tiên, sớm, "
        "muốn, không thể quên, chú trọng, xây dựng thêm, mở rộng, coi, khẳng định, cụ thể hóa, cụ thể hoá"
    )
)
_PRAISE = Rule(
    r"(?<!cho\s)"
    + words(
        "công phu, chặt chẽ, toàn diện, sâu sắc, đúng, hợp lý, phù hợp, khoa học, khách quan, thể hiện, phản "
        "ánh, bao quát, bao trùm, ngắn gọn, súc tích, dễ hiểu, rõ ràng, đầy đủ, nghiêm túc, cầu thị, đổi mới "
        "về, điểm mới, điểm tốt, khái quát, kết tinh, nhìn thẳng, sáng tạo, tiến bộ, bài bản, logic, rất hay, "
        "rất tốt, xác định, khẳng định, kế thừa, điểm đặc biệt, lần đầu"
    )
)


_OF_EDIT = {"replace": Stance.AMEND, "insert": Stance.SUPPLEMENT, "delete": Stance.DELETE}


def stance(seen: View, start: int, end: int, asked: Sequence[Edit] = ()) -> Stance:
    """The stance of the span; `none` when nothing tells. `asked` are its wording changes: the first one decides."""
    if asked:
        return _OF_EDIT[asked[0].op]
    text = seen.matched

    def at(rule: Rule) -> int:
        match = rule.of(seen).search(text, start, end)
        return match.start() if match else end

    if text.rfind("?", max(start, end - 3), end) >= 0 or at(_QUESTION) < end:
        return Stance.QUESTION
    if at(_PARTLY) < end:
        return Stance.PARTLY_AGREE
    if at(_DELETE if seen.accented else _DELETE_BARE) < end:
        return Stance.DELETE
    agree = at(_AGREE)
    if agree < end and _REQUEST.of(seen).search(text, agree, end) is None:
        disagree = at(_DISAGREE)
        return Stance.DISAGREE if disagree < end else Stance.AGREE
    supplement, amend, wish = at(_SUPPLEMENT), at(_AMEND), at(_WISH)
    if min(supplement, amend) < end and not _praised(seen, start, end, wish):
        return Stance.SUPPLEMENT if supplement < amend else Stance.AMEND
    if at(_DISAGREE) < end:
        return Stance.DISAGREE
    if wish < end and not _praised(seen, start, end, wish):
        return Stance.SUPPLEMENT
    return Stance.AGREE if at(_PRAISE) < end or agree < end else Stance.NONE


def _praised(seen: View, start: int, end: int, wish: int) -> bool:
    """Praise that comes before any request: "Dự thảo đã bổ sung ... là đúng"."""
    praise = _PRAISE.of(seen).search(seen.matched, start, end)
    ask = _ASKED.of(seen).search(seen.matched, start, end)
    return praise is not None and ask is None and praise.start() <= max(wish, start)


_ASKED = Rule(_ASK)
