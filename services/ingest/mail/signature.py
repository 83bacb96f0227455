"""What a mail program put under the writer's words: signatures by their marks only. A name without a mark stays."""

import re
from collections.abc import Sequence

from services.ingest.mail import opinions
from services.ingest.mail.lines import Kind, Line

MAX_LINES = 20  # a longer tail is no signature but a letter that uses "--" as a divider
MAX_CHARACTERS = 2_000
_BEGINS = re.compile(
    r"(?:sent|được gửi|đã gửi|gửi|envoyé)\s+(?:from|with|via|using|từ|bằng|qua|de|depuis)\s+(?=\S)"
    r"|(?:get|download|tải xuống|tải|nhận)\s+(?=(?:outlook|bluemail|yahoo|gmail|aqua)\b)",
    re.IGNORECASE,
)
_DEVICES = frozenset({  # one of these must be there
    "iphone", "ipad", "ipod", "ios", "android", "samsung", "galaxy", "outlook", "yahoo", "gmail", "huawei",
    "xiaomi", "redmi", "oppo", "vivo", "realme", "nokia", "windows", "blackberry", "sony", "lg", "htc", "proton",
    "protonmail", "bluemail", "mailbird", "thunderbird", "zimbra", "spark", "điện", "thiết", "máy", "mobile",
    "phone", "tablet", "smartphone", "mail", "thư",
})  # fmt: skip
_BESIDE = frozenset({  # these may stand beside it
    "my", "mon", "tôi", "của", "em", "mình", "thoại", "bị", "tính", "bảng", "di", "động", "thông", "minh", "mạng",
    "ứng", "dụng", "dành", "riêng", "cho", "trên", "for", "on", "with", "from", "the", "app", "a", "an", "device",
    "sur", "pro", "max", "plus", "mini", "note", "ultra", "hộp", "qua", "và", "or", "get", "download", "tải", "về",
    "apple", "google", "one", "viettel", "vinaphone", "mobifone",
})  # fmt: skip
_LINK = re.compile(r"<[^<>]*>|https?://\S+|www\.\S+")
_LIST_FOOTER = re.compile(r"_{40,}\s*")


def strip(lines: Sequence[Line]) -> list[Line]:
    """The lines without the signature under them. Of a mobile signature with a letter under it only its own line goes."""
    marked = _without_marked(lines)
    kept: list[Line] = []
    for index, line in enumerate(marked):
        if not _begins(marked, index):
            kept.append(line)
        elif is_tail(marked, index + 1):
            break
        elif not _mobile(line.text):
            kept.append(line)
    return kept


def is_tail(lines: Sequence[Line], start: int = 0) -> bool:
    """Whether what stands from `start` on may be a signature: short, and no sentence of it is an opinion."""
    filled = characters = 0
    for index in range(start, len(lines)):
        text = lines[index].text
        if not text:
            continue
        filled += 1
        characters += len(text)
        if filled > MAX_LINES or characters > MAX_CHARACTERS or opinions.takes_a_stand(text):
            return False
        if len(text.split()) >= 8 and opinions.holds(text):
            return False
    return True


def _begins(lines: Sequence[Line], index: int) -> bool:
    text = lines[index].text.strip()
    if text == "--":
        return True
    if _LIST_FOOTER.fullmatch(text):
        return any("mailing list" in line.text.lower() for line in lines[index + 1 : index + 3])
    return _mobile(text)


def _mobile(text: str) -> bool:
    """The whole line is a phone's or a program's mark: a sentence that begins like one has other words in it."""
    if len(text) > 300:
        return False
    bare = _LINK.sub(" ", text).strip(" .*_[]<>|()")
    begin = _BEGINS.match(bare)
    if begin is None or "?" in bare:
        return False
    words = [word.strip(".,;:()[]®™").lower() for word in bare[begin.end() :].split()]
    known = all(word in _DEVICES or word in _BESIDE or any(c.isdigit() for c in word) or not word for word in words)
    return known and len(words) <= 10 and any(word in _DEVICES for word in words)


def _without_marked(lines: Sequence[Line]) -> list[Line]:
    """Lines that the HTML marks as signature go, run by run, when they look like one: people type into that box too."""
    out: list[Line] = []
    run: list[Line] = []
    for line in [*lines, Line("")]:
        if line.kind is Kind.SIGNATURE:
            run.append(line)
            continue
        if run and not is_tail(run):
            out += run
        run = []
        out.append(line)
    return out[:-1]
