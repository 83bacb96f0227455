"""What only announces opinions: "Sau khi nghiên cứu dự thảo, tôi có một số ý kiến như sau:".

Criticism, a request or a word of agreement makes it more than that; so does a matter it speaks about, the draft itself aside.
"""

from services.classify.steps.view import Rule, View, words

_LONGEST = 320  # code points
COMPLAINTS = (
    "tham ô, tham nhũng, ăn chặn, ăn tiền, hối lộ, nhũng nhiễu, vòi vĩnh, hách dịch, lãng phí, tiêu cực, bao che, lợi dụng, "
    "chiếm đoạt, lấn chiếm, chạy chức, mất đất, mất mát, mất trộm, mất việc, mất nước, mất dân chủ, chết, đói, nghiện, ma túy, "
    "oan, bất công, khiếu nại, tố cáo, bức xúc, bất cập, phá rừng, tàn phá, hỏng, "
    "sập, gãy, ách tắc, tắc đường, cháy, lũ lụt, lũ quét, nợ nần, lấy tiền, thu tiền, tiền của, đền bù, thu hồi, hỗ trợ, chậm, "
    "yếu, lo sợ, lừa dối, gian dối, hạn chế, mâu thuẫn, hình thức, "
    "chung chung, dài dòng, khó hiểu, vô lý, bỏ quên, mong mỏi, ảnh hưởng, thiệt thòi, thiệt hại, vi phạm, sai phạm"
)
_COMPLAINS = Rule(words(COMPLAINTS))
_AGREEMENT = Rule(words("nhất trí, đồng ý, đồng tình, thống nhất, tán thành, ủng hộ"))
_COUNT = words("một, hai, ba, bốn, năm, sáu, bảy, mấy, vài, một vài, một số, nhiều, những, các, đôi")
_THINGS = words(
    "ý kiến, ý, góp ý, đề nghị, kiến nghị, đề xuất, nội dung, vấn đề, điểm, điều, việc, ý kiến đóng góp, ý kiến góp ý"
)
_THE_DRAFT = (
    rf"\s{{1,3}}{words('vào, về, cho, với, đối với')}\s{{1,3}}(?:{words('nội dung, các, bản, toàn bộ')}\s{{1,3}}){{0,2}}"
    + words("dự thảo, văn kiện, báo cáo, nghị quyết, đại hội, đề án")
    + r"[^.:,;!?\n]{0,60}"
)
_LEAD_IN = Rule(  # what the announcement ends with: nothing may follow
    "(?:"
    + words("như sau, sau đây, các ý kiến sau, các nội dung sau, những nội dung sau, những ý kiến sau")
    + rf"|(?:{_COUNT}|(?<!\w)\d{{1,2}}(?=\s{{1,3}}(?:ý|góp|nội|vấn|đề|kiến)(?!\w)))\s{{1,3}}{_THINGS}"
    + rf"(?:\s{{1,3}}{words('nhỏ, cụ thể, góp ý, sau, như sau, đóng góp, tham gia')}){{0,2}}"
    + rf"(?:{_THE_DRAFT})?(?:\s{{1,3}}như\s{{1,3}}sau)?"
    + rf"|{words('xin, có, nêu')}\s{{1,3}}{words('ý kiến, góp ý, tham gia, đóng góp, tham gia góp ý, tham gia ý kiến, góp ý kiến')}"
    + rf"(?:{_THE_DRAFT})?"
    + r")\s{0,3}[.:]\Z"
)
_BEGINS_LEAD_IN = Rule(
    words(
        "tôi, em, cháu, con, mình, chúng tôi, chúng em, xin, sau khi, qua, trên cơ sở, căn cứ, thực hiện, dưới đây, sau đây, "
        "các, một số, "
        "những, ý kiến, nội dung, góp ý, kết quả, chi bộ, đảng bộ, đảng ủy, đơn vị, hội, hội nghị, dạ, kính, trước hết, được, "
        "với, theo, để, "
        "tham gia, đề nghị, kiến nghị, tổng hợp, nhân dân, cử tri, bản thân, cá nhân, gia đình, bà con, nghiên cứu, đọc, có, "
        "về, phần, ban"
    )
)
_OPINIONS = Rule(
    words(
        "ý kiến, góp ý, đóng góp, tham gia, nội dung, vấn đề, kiến nghị, đề nghị, đề xuất, kết quả, tổng hợp, "
        "báo cáo, ý, điểm, điều"
    )
)
_LEAD_IN_SAYS = Rule(  # a line with one of these is never a mere announcement
    words(
        "bổ sung, sửa, thay, bỏ, cần, nên, phải, chưa, không, thiếu, còn, khó, xấu, kém, sai, quá, hạn chế, bất cập, tồn tại, "
        "bức xúc, chậm, yếu, "
        "thấp, vì sao, tại sao, mâu thuẫn, chồng chéo, lãng phí, tham nhũng, làm, xây, giải quyết, đầu tư, viết lại, viết gọn, "
        "rút gọn, đổi, chuyển, gộp, tách, cắt, thêm, ghi, đưa, nâng, giảm, "
        "điều chỉnh, xem lại"
    )
)
_ASKS_A_THING = Rule(
    words("đề nghị, kiến nghị, đề xuất")
    + rf"(?!\s{{1,3}}(?:(?:{_COUNT})\s{{1,3}})?{words('ý kiến, ý, nội dung, vấn đề, điểm, điều, việc, như sau, sau, cụ thể')}"
    rf"|\s{{0,3}}[.:])"
)
_SO_FOLLOWS = Rule(r"(?:như\s{1,3}sau|sau\s{1,3}đây|(?<!\w)sau)\s{0,3}\Z")


_LEAD_IN_BITS = _LEAD_IN.bits | _OPINIONS.bits


def may_lead_in(heard: int) -> bool:
    """Whether the words of an announcement are among those heard (`View.heard`)."""
    return heard & _LEAD_IN_BITS == _LEAD_IN_BITS


def is_lead_in(seen: View, start: int, end: int) -> bool:
    """ "Sau khi nghiên cứu dự thảo, tôi có một số ý kiến như sau:" announces opinions and is none."""
    if end - start > _LONGEST or seen.plain[end - 1] not in ":.":
        return False
    if _LEAD_IN.silent(seen, start, end) or _OPINIONS.silent(seen, start, end) or agrees(seen, start, end):
        return False
    if _BEGINS_LEAD_IN.match(seen, start, end) is None and seen.plain[start].isalpha():
        return False
    if (
        _LEAD_IN_SAYS.search(seen, start, end)
        or _ASKS_A_THING.search(seen, start, end)
        or _COMPLAINS.search(seen, start, end)
    ):
        return False
    return (
        _LEAD_IN.search(seen, max(start, end - 140), end) is not None and _OPINIONS.search(seen, start, end) is not None
    )


def agrees(seen: View, start: int, end: int) -> bool:
    """Whether a word of agreement stands here: then even a heading says something."""
    return _AGREEMENT.search(seen, start, end) is not None


def so_follows(seen: View, start: int, end: int) -> bool:
    """Whether the words before a colon say that something follows: "... như sau"."""
    return _SO_FOLLOWS.search(seen, max(start, end - 30), end) is not None
