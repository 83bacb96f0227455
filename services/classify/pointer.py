"""A text that says nothing but where the opinion stands: "Kính gửi Ban, ý kiến của tôi ở ảnh đính kèm ạ. Xin cảm ơn."

A closed vocabulary: every word of every sentence must belong to it, salutations, closings and a name below aside. Any other word
("ảnh mờ", "bổ sung ảnh", "không xem được file") makes it an opinion, because an opinion taken for a pointer is not counted, and a
pointer taken for an opinion only costs a row.
"""

import re
from collections.abc import Iterator

from services.classify.steps.splitting.courtesies import is_closing, is_salutation, may_be_substance, trimmed
from services.classify.steps.view import Rule, View, view, without_diacritics, words

_LONGEST = 400  # code points; a longer text has something to say
_SENTENCE = re.compile(r"[.!?…;]+(?=\s|\Z)|\n")  # no colon: "Kính gửi: Ban Tổ chức"
_COMMA = re.compile(r",(?=\s|\Z)|\s[-–—]+\s")
_TOKEN = re.compile(r"[^\W_]+")
_FIGURE = re.compile(r"\d{1,4}|[ivx]{1,5}")  # "3 ảnh", "lần thứ XV, nhiệm kỳ 2025"


def _words(text: str) -> frozenset[str]:
    """The words, with diacritics and without."""
    return frozenset(text.split()) | frozenset(without_diacritics(text).split())


# Phrases whose words are admitted only together: alone they may be an opinion ("được", "đề nghị bổ sung ảnh", "bỏ" without marks).
_PHRASES = (
    "ý kiến, góp ý, góp ý kiến, đóng góp, đóng góp ý kiến, tham gia, tham gia ý kiến, nội dung, tài liệu, văn bản, phiếu góp ý, thư góp ý, "
    "dự thảo, văn kiện, báo cáo, báo cáo chính trị, đại hội, nhiệm kỳ, lần thứ, hình ảnh, tệp tin, chúng tôi, chúng em, chúng cháu, "
    "đồng chí, quý vị, anh chị, vui lòng, trân trọng, cảm ơn, cám ơn, chi bộ, đảng bộ, cán bộ, toàn bộ, như sau, có ý kiến, "
    "có góp ý, có file, có tệp, có ảnh, có hình, có đính kèm, có gửi, có kèm, có chụp, có viết, có ghi, có phiếu, có bản, "
    "có một, xem thêm, hãy xem, chi tiết xem, chi tiết ở, chi tiết tại, chi tiết trong, chi tiết như, chi tiết theo, xem chi tiết, "
    "cụ thể xem, cụ thể ở, cụ thể tại, cụ thể trong, cụ thể như, "
    "được ghi, được nêu, được viết, được trình bày, được thể hiện, được gửi, được chụp, được đính kèm, "
    "ban soạn thảo, ban tổ chức, ban biên tập, ban tuyên giáo, ban tuyên giáo và dân vận, tiểu ban văn kiện, quý ban"
)
_ASKING = "đề nghị, kính đề nghị, mong, kính mong, rất mong, nhờ, mời, kính mời"
_ASKED = "ban soạn thảo, ban tổ chức, ban biên tập, ban tuyên giáo, tiểu ban văn kiện, quý ban, anh chị, các anh chị, các bác, các đồng chí"
_LOOK = "xem, đọc, mở, tải, nhận"
_WORDS = _words(
    "phiếu thư đơn bài bản về cho vào của tôi em mình cháu con bác cô chú anh chị các ông bà tỉnh "
    "xin kính thưa chào dạ vâng ạ nhé nha à giúp giùm hộ và với là thì đã một những mấy này đây đó ở tại "
    "trong trên dưới bên sau theo như qua bằng từ xem đọc mở tải gửi gởi kèm đính cùng viết tay ghi chụp "
    "hình ảnh tấm tệp file files scan quét pdf word excel doc docx jpg png zip zalo mail email link "
    "please see find the attached attachment"
)
# What makes it a pointer: something one opens, or that something is sent along.
_FILES = (
    "ảnh, hình, tệp, file, files, scan, chụp, pdf, word, excel, doc, docx, jpg, png, zip, đính kèm, kèm theo, gửi kèm, gởi kèm, "
    "kèm đây, kèm dưới, kèm bên dưới, kèm ở dưới, em gửi, cháu gửi, tôi gửi, xin gửi, attached, attachment"
)
# In a greeting, which may hold any words: only what speaks of nothing but an attachment.
_SENT_ALONG = "file, files, tệp, đính kèm, kèm theo, gửi kèm, gởi kèm, ảnh chụp, bản chụp, bản scan, attached"
# Without its marks "kèm" is also "kém": only where another word tells the two apart.
_POOR = re.compile(
    r"(?<!\bdinh )(?<!\bgui )(?<!\bgoi )\bkem\b(?! (?:theo|day|duoi|ben|o|file|tep|anh|hinh|ban|phieu|thu|mail|email|tai)\b)"
)
# Surnames of the province's peoples; a line of two to five words that begins with one is who signs.
_SURNAMES = _words(
    "nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh đoàn trịnh mai đào lò quàng cà lường tòng vàng "
    "giàng sùng mùa thào hạng vừ ly điêu bạc cầm lầu chang cháng tráng vì pờ chu lỳ tẩn phùng hà cao tạ lương"
)


def _either(phrases: str) -> str:
    """Any of the phrases, with diacritics or without, as whole words with single blanks; longest first."""
    known = {phrase.strip() for phrase in phrases.split(",")}
    known |= {without_diacritics(phrase) for phrase in known}
    return r"\b(?:" + "|".join(re.escape(phrase) for phrase in sorted(known, key=len, reverse=True)) + r")\b"


_TOGETHER = re.compile(rf"{_either(_ASKING)} (?:{_either(_ASKED)} )?{_either(_LOOK)}|{_either(_PHRASES)}")
_FILE = re.compile(_either(_FILES))
_ATTACHMENT = re.compile(_either(_SENT_ALONG))
# No pointer without one of these words; for asking whether they are silent, not for searching.
FILES = Rule(words(f"{_FILES}, {_SENT_ALONG}, {without_diacritics(f'{_FILES}, {_SENT_ALONG}')}"))


def is_pointer(text: str) -> bool:
    """Whether the text only points to something that was sent along with it."""
    text = text.strip()
    if not text or len(text) > _LONGEST:
        return False
    seen = view(text)
    told = [_says(seen, start, end) for start, end in _pieces(_SENTENCE, seen.plain, 0, len(seen.plain))]
    return None not in told and any(told)


def _says(seen: View, start: int, end: int) -> bool | None:
    """True: points to files; False: a courtesy or a heading, which says nothing; None: something else."""
    words = " ".join(_TOKEN.findall(seen.plain[start:end]))
    if _only_known(words):
        return _FILE.search(words) is not None
    courteous = is_salutation(seen, start, end) or is_closing(seen, start, end)
    if _COMMA.search(seen.plain, start, end):  # perhaps a greeting, the pointer and thanks in one sentence
        told = [_says(seen, a, b) for a, b in _pieces(_COMMA, seen.plain, start, end)]
        if None not in told:
            return any(told)
        return False if courteous else None
    if courteous:
        return _ATTACHMENT.search(words) is not None
    return False if _is_name(seen, start, end) else None


def _only_known(words: str) -> bool:
    if _POOR.search(words):
        return False
    return all(word in _WORDS or _FIGURE.fullmatch(word) for word in _TOGETHER.sub(" ", words).split())


def _is_name(seen: View, start: int, end: int) -> bool:
    written = seen.text[slice(*seen.original(start, end))]
    words = _TOKEN.findall(written)
    if not 2 <= len(words) <= 5 or not all(word[0].isupper() for word in words):
        return False
    first = _TOKEN.findall(seen.plain[start:end])[0]
    return first in _SURNAMES and not may_be_substance(seen, start, end)


def _pieces(mark: re.Pattern[str], plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The pieces between the marks, without the white space and the commas around them; full stops stay with their sentence."""
    at = start
    for found in [*mark.finditer(plain, start, end), None]:
        stop = end if found is None else found.start() if mark is _COMMA else found.end()
        first, last = trimmed(plain, at, stop)
        if first < last:
            yield first, last
        at = end if found is None else found.end()
