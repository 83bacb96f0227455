"""Set phrases that end a letter and ask for nothing: "Kính mong các đồng chí quan tâm.", "Tôi xin hết ý kiến."

A closed grammar: a sentence is a formula only when every one of its words belongs to it. A place, a number, a reason or a
purpose makes it an opinion; so does any word nobody thought of, because a lost opinion is worse than an extra row.
"""

from services.classify.steps.view import Rule, View, words

LONGEST_FORMULA = 200  # code points
_S = r"\s{1,3}"
_WHO = words(
    "tôi, chúng tôi, em, chúng em, cháu, chúng cháu, con, gia đình tôi, bà con, bà con chúng tôi, dân bản, bản thân tôi, "
    "cá nhân tôi, chi bộ, chi bộ tôi, chi bộ chúng tôi, đơn vị, đơn vị chúng tôi"
)
_POLITELY = words("rất, kính, xin, xin kính, trân trọng, thiết tha, tha thiết, cũng")
_TO = words(
    "đồng chí, các đồng chí, đồng chí lãnh đạo, các đồng chí lãnh đạo, các cấp, các cấp lãnh đạo, các cấp các ngành, "
    "các cấp ủy, các cấp ủy đảng, lãnh đạo, lãnh đạo tỉnh, ban soạn thảo, ban biên tập, tổ biên tập, tiểu ban văn kiện, "
    "ban tuyên giáo, ban tuyên giáo và dân vận, ban tuyên giáo và dân vận tỉnh ủy, tỉnh, tỉnh ủy, thành ủy, đảng ủy, "
    "đảng, nhà nước, quý ban, quý cơ quan, quý lãnh đạo, cấp trên, cấp có thẩm quyền, các cấp có thẩm quyền, ban tổ chức, "
    "cơ quan chức năng, các cơ quan chức năng, cơ quan có thẩm quyền, ban, các anh chị, quý vị, các cô chú, các bác"
)
_RECIPIENTS = rf"{_TO}(?:\s{{0,2}}(?:,|và(?!\w)){_S}{_TO}){{0,3}}"
_WISHING = rf"(?:{_WHO}{_S})?(?:{_POLITELY}{_S}){{0,3}}{words('mong, mong muốn, mong rằng, hy vọng, hi vọng')}"
_ASKING = rf"(?:{_WHO}{_S})?(?:{_POLITELY}{_S}){{0,3}}{words('đề nghị, kiến nghị')}"
_AUX = words("sẽ, sớm, được, sẽ được, sớm được, được sự, sẽ sớm, cho")
_VERB = words("quan tâm, xem xét, nghiên cứu, tiếp thu, ghi nhận, trả lời, phản hồi, hồi âm, lắng nghe, chấp nhận")
_VERBS = rf"{_VERB}(?:\s{{0,2}}(?:,|và(?!\w)|,\s{{0,2}}và(?!\w)){_S}{_VERB}){{0,4}}"
_HEEDED = rf"{_S}(?:{_AUX}{_S})?(?:{_RECIPIENTS}{_S})?(?:{_AUX}{_S})?{_VERBS}"
_MINE = words("trên, trên đây, nêu trên, này, của tôi, của chúng tôi, của em, của cháu, của bản thân, của cá nhân tôi")
_MY_OPINIONS = rf"(?:{words('các, những, mấy, một số, vài')}{_S})?ý{_S}kiến(?:{_S}{words('góp ý, đóng góp, tham gia')})?{_S}{_MINE}"
_END = rf"(?:{_S}ạ(?!\w))?[\s.!…/]{{0,8}}\Z"
_ABOUT_DRAFT = (
    rf"{_S}{words('về, vào, cho, đối với, với')}{_S}(?:{words('các, nội dung, bản')}{_S}){{0,2}}dự{_S}thảo"
    rf"(?:{_S}{words('báo cáo chính trị, báo cáo, văn kiện, các văn kiện, văn kiện đại hội, nghị quyết')})?"
)
_OPINIONS_ABOVE = (
    rf"(?:xin{_S})?trên{_S}đây{_S}là{_S}(?:{words('toàn bộ, các, những, một số, một vài, vài, mấy, đôi')}{_S}){{0,2}}"
    rf"ý{_S}kiến(?:{_S}{words('góp ý, đóng góp, tham gia, nhỏ, tâm huyết, cá nhân')}){{0,3}}"
    rf"(?:{_S}của{_S}(?:{_WHO}|mình(?!\w)))?(?:{_ABOUT_DRAFT})?"
)
_CONGRESS = rf"đại{_S}hội(?:{_S}{words('đảng, đảng bộ, đại biểu, tỉnh, toàn quốc, các cấp')}){{0,4}}"
_SUCCESS = words(
    "thành công, thành công tốt đẹp, thành công rực rỡ, thành công mỹ mãn, sức khỏe, mạnh khỏe, dồi dào sức khỏe, luôn mạnh "
    "khỏe, hoàn thành nhiệm vụ, hoàn thành tốt nhiệm vụ, hoàn thành xuất sắc nhiệm vụ, hoàn thành tốt nhiệm vụ được giao, "
    "hoàn thành xuất sắc nhiệm vụ được giao, hạnh phúc, thành đạt, công tác tốt"
)

_OF_OPINIONS = Rule(
    "(?:"
    rf"(?:{_WISHING}|{_ASKING}){_HEEDED}{_S}{_MY_OPINIONS}"
    rf"|(?:{_WISHING}|{_ASKING}){_S}{_MY_OPINIONS}{_HEEDED}"
    rf"|{_OPINIONS_ABOVE}(?:\s{{0,2}}[,;.]?{_S}{_WISHING}{_HEEDED}(?:{_S}{_MY_OPINIONS})?)?"
    rf"|(?:{_WHO}{_S})?xin{_S}{words('hết, hết ý kiến, kết thúc ý kiến, dừng ý kiến, dừng bút')}"
    rf"(?:{_S}{words('tại đây, ở đây')})?"
    rf"|(?:{_WHO}{_S})?(?:{_POLITELY}{_S}){{0,2}}chúc{_S}(?:{_CONGRESS}|{_RECIPIENTS})"
    rf"{_S}{_SUCCESS}(?:\s{{0,2}}(?:,|và(?!\w)){_S}{_SUCCESS}){{0,3}}"
    rf"(?:\s{{0,2}},?{_S}(?:và{_S})?(?:kính{_S})?chúc{_S}(?:{_CONGRESS}|{_RECIPIENTS}){_S}{_SUCCESS}){{0,2}}"
    rf"|{words('em, chúng em, cháu, chúng cháu, con, chúng tôi, bà con')}{_S}"
    rf"(?:{words('xin, rất, chân thành, trân trọng')}{_S}){{0,2}}{words('cảm ơn, cám ơn')}(?:{_S}{_RECIPIENTS})?"
    rf"(?:{_S}{words('nhiều')})?"
    ")" + _END
)
_HEARD = words(
    "tài liệu, dự thảo, văn kiện, bản, ý kiến, góp ý, của, tôi, em, chúng tôi, nhân dân, người dân, đảng viên, cho, được, tham gia"
)
_OF_THANKS = Rule(
    rf"(?:{_WHO}{_S})?(?:{words('xin, rất, chân thành, trân trọng')}{_S}){{0,3}}{words('cảm ơn, cám ơn')}(?:{_S}{_RECIPIENTS})?"
    rf"{_S}(?:vì{_S})?đã{_S}(?:{words('quan tâm, dành thời gian, chú ý')}{_S})?"
    rf"{words('gửi, lắng nghe, đọc, xem, nghe, hỏi, lấy, xin, tạo điều kiện, tiếp nhận, tổ chức lấy, cho')}"
    rf"(?:{_S}{_HEARD}){{0,8}}" + _END
)
_OF_ANYTHING = Rule(
    rf"{_WISHING}(?:{_HEEDED}|{_S}(?:sớm{_S})?nhận{_S}được{_S}(?:sự{_S})?{_VERBS}(?:{_S}{words('của, từ')}{_S}{_RECIPIENTS})?){_END}"
)


_OF_OPINIONS_BITS, _OF_THANKS_BITS = _OF_OPINIONS.bits, _OF_THANKS.bits


def may_be_formula(heard: int) -> bool:
    """Whether the words of a formula are among those heard (`View.heard`)."""
    return heard & _OF_OPINIONS_BITS == _OF_OPINIONS_BITS or heard & _OF_THANKS_BITS == _OF_THANKS_BITS


def may_thank(heard: int) -> bool:
    """Whether the words of thanks for being heard are among those heard."""
    return heard & _OF_THANKS_BITS == _OF_THANKS_BITS


def is_formula(seen: View, start: int, end: int) -> bool:
    """Speaks of the letter's own opinions, of the letter's end, or only wishes well: it never asks for a thing."""
    return _matches(_OF_OPINIONS, seen, start, end) or is_thanks(seen, start, end)


def is_thanks(seen: View, start: int, end: int) -> bool:
    """Thanks for being asked and heard: "Xin cảm ơn Ban Tổ chức đã gửi tài liệu."."""
    return _matches(_OF_THANKS, seen, start, end)


def is_bare_wish(seen: View, start: int, end: int) -> bool:
    """Wishes to be heard and does not say about what: empty by itself, but after a complaint it is what is asked."""
    return _matches(_OF_ANYTHING, seen, start, end)


def _matches(rule: Rule, seen: View, start: int, end: int) -> bool:
    return end - start <= LONGEST_FORMULA and rule.match(seen, start, end) is not None
