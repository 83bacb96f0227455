"""Where a private person lives: from the house, hamlet or quarter to the last unit named, after a cue or a person's name.

A commune or a province alone leads to nobody; a place that an opinion is about is no address.
"""

import re
from collections.abc import Iterable, Iterator

from services.classify.steps.personal.cased import UPPER
from services.classify.steps.view import Rule, View, words

CUE = Rule(  # after these a private address may stand
    words(
        "địa chỉ, thường trú, tạm trú, trú tại, trú quán, hộ khẩu, nơi ở, chỗ ở, nhà tôi ở, nhà em ở, nhà cháu ở, nhà mình ở, tôi ở, em ở, "
        "cháu ở, con ở, chúng tôi ở, gia đình tôi ở, tôi sống ở, gia đình tôi sống ở, tôi sống tại, gia đình tôi sống tại, tôi ở tại, "
        "chúng tôi sống ở, gửi thư về, gửi về địa chỉ, hiện ở, hiện sống tại, hiện trú"
    )
)

_WORD = rf"{UPPER}[\w'’]{{0,7}}"
_NUMBER = r"\d{1,4}[A-Za-z]?(?:[/-]\d{1,4}){0,3}"
_VALUE = rf"(?:{_NUMBER}|{_WORD}(?: (?:{_WORD}|\d{{1,2}}(?!\d))){{0,3}})"
_FINE = (
    r"(?:tổ\s{1,2}dân\s{1,2}phố|tdp|tổ|thôn|bản|xóm|ấp|buôn|khu\s{1,2}phố|khu\s{1,2}dân\s{1,2}cư"
    r"|khu|đội|khối)"
)
_HOUSE = r"(?:số\s{1,2}nhà|nhà\s{1,2}số|số|sn|ngõ|ngách|hẻm|kiệt|căn\s{1,2}hộ|phòng)"
_COARSE = (
    r"(?:đường|phố|chung\s{1,2}cư|tòa\s{1,2}nhà|xã|phường|thị\s{1,2}trấn|thị\s{1,2}xã|huyện|quận|tỉnh|thành\s{1,2}phố|đặc\s{1,2}khu"
    r"|(?:tp|p|x|h|q|tx|tt|t)\.)"
)
_PART = rf"(?:(?i:{_FINE}|{_COARSE})\s{{0,2}}{_VALUE}|(?i:{_HOUSE})\s{{0,2}}{_NUMBER})"
_FIRST = rf"(?<!\w)(?:(?i:{_FINE})\s{{0,2}}{_VALUE}|(?i:{_HOUSE})\s{{0,2}}{_NUMBER}|{_NUMBER}\s{{1,2}}(?i:đường|phố|ngõ)\s{{1,2}}{_VALUE})"
_ADDRESS = Rule(rf"{_FIRST}(?:\s{{0,2}}[,\-–;]?\s{{0,2}}{_PART}){{0,6}}")
_LIVES = Rule(r"[^.!?\n]{0,40}?(?<!\w)(?:ở|trú|sống|quê|ngụ|nhà)\s{1,2}(?:tại\s{1,2}|ở\s{1,2})?")
_APPOSED = Rule(r"[ \t]{0,2}[,\n]\s{0,2}")
_WINDOW = 30  # code points between a cue and what it announces
_LONGEST = 200
_NO_BREAK = re.compile(r"[^.,;!?\n]*")


def addresses(
    seen: View, text: str, start: int, end: int, persons: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Spans of addresses; `text` is `cased(seen)`, `persons` the names found in it."""
    address = _ADDRESS.of(seen)
    for cue in CUE.finditer(seen, start, end):
        found = address.search(text, cue.end(), min(end, cue.end() + _LONGEST))
        near = found is not None and found.start() - cue.end() <= _WINDOW
        if found is not None and near and _NO_BREAK.fullmatch(text, cue.end(), found.start()):
            yield found.span()
    for _, stop in persons:
        for link in (_APPOSED, _LIVES):
            joint = link.of(seen).match(seen.matched, stop, end)
            if joint and (found := address.match(text, joint.end(), end)) is not None:
                yield found.span()
                break
