"""The subject: without its prefixes, and whether it carries the opinion."""

import re

from services.ingest.mail import opinions
from shared import text as texts

_PREFIX = re.compile(
    r"\s*(?:(?:re|fwd?|tr|aw|wg|trả lời|chuyển tiếp|hồi âm)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*:|v/v\s*:?|\[[^\]\[]{1,40}\])\s*",
    re.IGNORECASE,
)
_FORWARD = re.compile(r"\s*(?:(?:\[[^\]]{1,40}\]|re\s*:|trả lời\s*:)\s*)*(?:fwd?|tr|wg|chuyển tiếp)\s*:", re.IGNORECASE)
_GENERIC = re.compile(
    r"(?:(?:thu|phieu|ban|noi dung|gui|xin gui|kinh gui|toi xin|cong dan|nguoi dan|bao cao|cong van)\s)*(?:"
    r"(?:tham gia )?(?:dong )?gop y(?: kien)?(?: (?:gop y|du thao|van kien|ve|cho|vao|doi voi|toi|bao cao|nghi quyet)\b.*|$)"
    r"|y kien(?: (?:gop y|dong gop|tham gia|cua|ve|cho|doi voi)\b.*|$)"
    r"|tham gia (?:dong gop |gop )?y(?: kien)?\b.*"
    r"|(?:de nghi|moi|thu moi|xin|lay|v v|ve viec) (?:(?:tham gia|lay|xin|dong) )*(?:gop y|y kien)\b.*"
    r"|dong gop\b.*|gop y)"
)
_POINTER = re.compile(
    r"(?:(?:kinh gui|da|vang|nhu|noi dung|xem|xin|theo|o|tren|em|toi|chau|con|gui|a|nhe|da ghi|ghi|la|thua|ban|soan thao|quy|anh chi)\s)*"
    r"(?:nhu (?:tieu de|tren|de|chu de|subject)|(?:o |tren |xem |theo )?(?:tieu de|chu de)|(?:em|toi|chau|con) (?:xin )?gui a?)"
    r"(?:\s(?:thu|mail|email|nay|a|nhe|o tren|da ghi|tren|cam on|xin cam on|tran trong|tran trong cam on))*"
)
_OPENED = re.compile(r":|\s[-–—]\s|[–—]")


def bare(subject: str) -> str:
    """Without Re:, Fwd:, Tr:, V/v and [list] in front, however many."""
    at = 0
    while (found := _PREFIX.match(subject, at)) and found.end() > at:
        at = found.end()
    return subject[at:].strip()


def forwards(subject: str) -> bool:
    return _FORWARD.match(subject) is not None


def in_front(subject: str, text: str, *, with_files: bool = False) -> str:
    """The text, with the subject as a paragraph before it when the subject carries (part of) the opinion.

    Where files came along, a subject that holds no opinion ("Scan 001") names them: the opinion is in them.
    """
    title = bare(subject)
    folded = texts.fold(title)
    if not folded or _generic(title, folded):
        return text
    pointer = not text.strip() or (len(text) < 200 and _POINTER.fullmatch(texts.fold(text)) is not None)
    if pointer and with_files and not opinions.holds(title):
        return text
    says = len(title.split()) >= 5 and opinions.holds(title) and folded not in texts.fold(text)
    return f"{title}\n\n{text}".strip() if pointer or says else text


def _generic(title: str, folded: str) -> bool:
    """A mere title of the letter. One with a colon or dash and then an opinion is none."""
    if not _GENERIC.fullmatch(folded):
        return False
    opened = _OPENED.search(title)
    return not (opened and opinions.holds(title[opened.end() :]))
