"""The places a text names (Mục II, trang 17, dòng 3), as written, and the section of the draft each lies in.

Units that stand together are one place; an enumeration is as many ("khoản 1, 2 Điều 5": two, both of Điều 5).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from services.classify.model import TopicModel
from services.classify.steps.citing.citation_units import MENTION, Mention, mentions
from services.classify.steps.view import Rule, View, without_diacritics
from shared.events import Cite

MAX_CITES = 20  # per opinion; more is a list of contents, not an opinion

_LINK = Rule(
    r"[)\]]?(?:\s{1,3}(?:của\s{1,3})?(?:bản\s{1,3})?(?:dự\s{1,3}thảo|văn\s{1,3}kiện|báo\s{1,3}cáo))?\s{0,3}[,:(/–-]?\s{0,3}(?:(?:của|thuộc|ở|tại|trong|nằm\s{1,3}ở)\s{1,3})?"
)
_BESIDE = Rule(
    r"\s{0,3}(?:[,;&]|(?:,\s{0,3})?(?:và|hoặc|hay|đến|tới)(?!\w))?\s{0,3}(?:(?:cả|ở|tại|trong|từ|đến)\s{1,3})?"
)
_DIRECTION = Rule(
    r"\s{0,3}[,(]?\s{0,3}(?:(?:tính|đếm|kể)\s{1,3})?từ\s{1,3}(?:(?:phía|bên)\s{1,3})?(?P<from>trên|dưới|đầu\s{1,3}trang|cuối\s{1,3}trang)"
    r"(?:\s{1,3}(?:đếm\s{1,3})?(?:xuống|lên|trở\s{1,3}lên|trở\s{1,3}xuống|trang))?(?!\w)"
)
_ELSEWHERE = Rule(
    r"\s{0,3},?\s{0,3}(?:của\s{1,3}|trong\s{1,3}|tại\s{1,3})?(?:(?:bộ\s{1,3})?luật|hiến\s{1,3}pháp|nghị\s{1,3}định|thông\s{1,3}tư|quyết\s{1,3}định|nghị\s{1,3}quyết"
    r"|điều\s{1,3}lệ|chỉ\s{1,3}thị|kết\s{1,3}luận\s{1,3}số|quy\s{1,3}định\s{1,3}số|pháp\s{1,3}lệnh)(?!\w)"
)
_SAME_LAW = Rule(r"(?:\s{1,3}[^\W\d]{1,10}){0,4}\s{0,3}(?:,|và|;)\s{0,3}")
_MENTIONED = MENTION.bits
_FAR = 40  # code points between two units of one place, at most
_TRIGGERS = (
    "trang",
    "mục",
    "điều",
    "phần",
    "điểm",
    "dòng",
    "khoản",
    "đoạn",
    "chương",
    "tr.",
    "tr",
    "biểu",
    "lục",
    "gạch",
    "nói đầu",
    "nói  đầu",
    "mở đầu",
    "nói\nđầu",
)
_VALUE = Rule(
    r"(?<=đầu)(?!\w)|\s{0,3}:?\s{0,3}(?:văn\s{1,3})?(?:\d|(?:(?:số|thứ)\s{1,3}(?:tự\s{1,3})?)?"
    r"(?:\d|[ivxlc]{1,7}(?![^\W\d_])|[a-zđ](?![^\W\d_])|nhất|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|mười|đầu|cuối))"
)
_BARE_TRIGGERS = tuple(without_diacritics(word) for word in _TRIGGERS)
_PRINTED = frozenset(("trang", "dong", "doan", "gach"))
_RANK = {
    key: rank
    for rank, key in enumerate(
        (
            "phuluc",
            "bieu",
            "loinoidau",
            "phan",
            "chuong",
            "muc",
            "tieumuc",
            "dieu",
            "khoan",
            "diem",
            "trang",
            "doan",
            "gach",
            "dong",
        )
    )
}


@dataclass
class _Place:
    """Mentions of one place in the order they stand; `end` takes in "từ dưới lên"."""

    parts: list[Mention]
    end: int
    from_bottom: bool = False
    carried: list[Mention] = field(default_factory=list)

    @property
    def keys(self) -> set[str]:
        return {part.key for part in self.parts}

    @property
    def lowest(self) -> str:
        return max((part.key for part in self.parts), key=_RANK.__getitem__)


def cites(seen: View, start: int, end: int, model: TopicModel, draft: str | None = None) -> tuple[Cite, ...]:
    """Citations in the span, in order; `section` is the draft's section when the cited place lies in one for certain, else None.

    `draft`: the draft document the respondent speaks of, when it is known.
    """
    if seen.whole & _MENTIONED != _MENTIONED or MENTION.silent(seen, start, end) or not _may_cite(seen, start, end):
        return ()
    text = seen.matched
    found: list[Cite] = []
    elsewhere: int | None = None  # where the name of another law ends, of which the last citation was
    others = not _ELSEWHERE.silent(seen, start, end)
    for place in _complete(seen, _places(seen, start, end)):
        parts = sorted((*place.parts, *place.carried), key=lambda m: m.start)
        units: dict[str, str | None] = {m.key: seen.text[slice(*seen.original(m.value_start, m.end))] for m in parts}
        stop = max(place.end, parts[-1].end)
        law = _ELSEWHERE.of(seen).match(text, stop, end) if others else None
        if law is None and elsewhere is not None and place.parts[0].start - elsewhere <= _FAR:
            same = _SAME_LAW.of(seen).fullmatch(text, elsewhere, place.parts[0].start) is not None
        else:
            same = False
        elsewhere = law.end() if law else stop if same else None
        units["section"] = (
            None
            if elsewhere is not None
            else model.drafts.section_of_units(units, from_bottom=place.from_bottom, draft=draft)
        )
        begin, stop = seen.original(place.parts[0].start, place.end)
        found.append(Cite(units=units, start=begin, end=stop))
        if len(found) == MAX_CITES:
            break
    return tuple(found)


def from_bottom(cited: str) -> bool:
    """Whether a citation counts its lines from the bottom of the page."""
    bare = without_diacritics(cited.lower())
    return (
        "duoi" in bare or "tu cuoi trang" in bare
    )  # "dòng 2 từ cuối trang 5"; in "đoạn cuối trang 5" nothing is counted


def _may_cite(seen: View, start: int, end: int) -> bool:
    """Cheap: most opinions hold no unit word at all."""
    part = seen.matched[start:end]
    value = _VALUE.of(seen)
    for word in _TRIGGERS if seen.accented else _BARE_TRIGGERS:
        at = part.find(word)
        while at >= 0:
            if value.match(part, at + len(word)) is not None:
                return True
            at = part.find(word, at + 1)
    return False


def _places(seen: View, start: int, end: int) -> Iterator[_Place]:
    """Mentions that together name one place: next to each other, every unit once."""
    text, link, direction = seen.matched, _LINK.of(seen), _DIRECTION.of(seen)
    directed = not _DIRECTION.silent(seen, start, end)
    place: _Place | None = None
    for mention in mentions(seen, start, end):
        gap = place is not None and not mention.more and mention.start - place.end <= _FAR
        if (
            place is not None
            and gap
            and mention.key not in place.keys
            and link.fullmatch(text, place.end, mention.start)
        ):
            place.parts.append(mention)
            place.end = mention.end
        else:
            if place is not None:
                yield place
            place = _Place([mention], mention.end)
        if directed and mention.key in _PRINTED and (told := direction.match(text, mention.end, end)):
            place.end = told.end()
            place.from_bottom = place.from_bottom or told["from"] in _BOTTOM
    if place is not None:
        yield place


_BOTTOM = frozenset(("dưới", "duoi", "cuối trang", "cuoi trang"))


def _complete(seen: View, places: Iterator[_Place]) -> Iterator[_Place]:
    """Places of one enumeration share the higher units beside them: "dòng 6 và dòng 9 trang 3", "Điều 9 khoản 1, 2"."""
    row: list[_Place] = []
    for place in places:
        if row and _enumerates(seen, row[-1], place):
            row.append(place)
            if len(row) <= MAX_CITES:
                continue
        yield from _shared(row)
        row = [place]
    yield from _shared(row)


def _enumerates(seen: View, first: _Place, second: _Place) -> bool:
    """Neighbours of the same kind: their lowest units are the same, with nothing but "," or "và" between them."""
    if second.parts[0].start - first.end > _FAR or first.lowest != second.lowest:
        return False
    return (
        second.parts[0].more or _BESIDE.of(seen).fullmatch(seen.matched, first.end, second.parts[0].start) is not None
    )


def _shared(row: list[_Place]) -> Iterator[_Place]:
    """Each place takes the higher units it lacks: from before it ("trang 6, dòng 6 và dòng 9"), or from behind it."""
    if len(row) == 1:
        if _names_a_place(row[0]):
            yield row[0]
        return
    for this, after in zip(
        reversed(row[:-1]), reversed(row), strict=False
    ):  # "khoản 1, 2 Điều 5": the last one holds Điều 5
        if _lowest_first(after) or len(this.parts) == 1:
            _take(
                this,
                [m for m in (*after.parts, *after.carried) if m.start > after.parts[0].start or m in after.carried],
            )
    leading: list[Mention] = []
    for place in row:
        _take(place, leading)
        if place.parts[0].key != place.lowest:
            leading = [*place.parts, *place.carried]
    for place in row:
        if _names_a_place(place):
            yield place


def _lowest_first(place: _Place) -> bool:
    return place.parts[0].key == place.lowest


def _take(place: _Place, offered: list[Mention]) -> None:
    """Takes units above its own highest one; printed and numbered places do not rank among each other."""
    for mention in offered:
        if mention.key in place.keys or any(m.key == mention.key for m in place.carried):
            continue
        if all(_RANK[mention.key] < _RANK[part.key] for part in place.parts):
            place.carried.append(mention)


def _names_a_place(place: _Place) -> bool:
    """A lone "điểm 9" is a mark, not a place."""
    return not (len(place.parts) == 1 and not place.carried and place.parts[0].weak)
