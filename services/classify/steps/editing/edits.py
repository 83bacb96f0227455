"""Wording changes an opinion asks for, verbatim: thay "A" bằng "B", bổ sung "B" sau "A", bỏ "A", sửa 70% thành 75%, bỏ khoản 3 Điều 5.

`place` is where the citizen says the change belongs: the words it stands beside, else the citation beside it; `located` is where the
wording stands in the draft's own text. A passage that is to go altogether has a `place`, and no `old` (edit_passages.py). Which edits
are about one place follows from `located` (drafts/index.py says how).
"""

import re
from collections.abc import Sequence

from services.classify.drafts.index import Drafts, Near
from services.classify.steps.citing.cites import from_bottom
from services.classify.steps.editing.edit_passages import CHANGING, REMOVING, Passage, passages
from services.classify.steps.editing.edit_place import cited_place, place_told_before, said_place
from services.classify.steps.editing.edit_reading import Asked, asked_edits
from services.classify.steps.editing.edit_rules import WITH_COLON, WITH_FIGURES, WITHOUT_MARKS
from services.classify.steps.editing.quotes import MARK, Quoted, masked
from services.classify.steps.view import Rule, View, without_diacritics, words
from shared.events import Cite, DraftPlace, Edit

MAX_EDITS = 20  # per opinion

_VERBS = (
    "thay", "sửa", "đổi", "bỏ", "thêm", "bổ sung", "xóa", "xoá", "chèn", "viết", "ghi", "nâng", "giảm", "cắt",
    "lược", "chỉnh", "chuyển", "dùng", "sử dụng", "tăng", "hạ", "bớt", "đưa", "lấy", "diễn đạt", "biên tập",
    "loại", "nêu", "phải là", "nên là", "đúng là", "gọi", "rút", "gạt", "gỡ", "→", ">", "=",
)  # fmt: skip
_BARE_VERBS = tuple(without_diacritics(verb) for verb in _VERBS)
_WORDING = ("cụm", "từ ", "từ\n", "chữ ", "thuật ngữ")
_BARE_WORDING = tuple(without_diacritics(word) for word in _WORDING)
_FIGURE = re.compile(r"\d")
_TWO_FIGURES = re.compile(r"\d\D+\d")
_TOLD = ("từ", "chữ", "câu", "đoạn", "văn", "ý", "dung", "dòng", "sau", "thành", "là", "bằng")
_BARE_TOLD = tuple(without_diacritics(word) for word in _TOLD)
_NAMED = Rule(words("từ, chữ, cụm, thuật ngữ"))
_UNMARKED = {  # which of the rules can fit without quotation marks
    (named, figures, told): tuple(
        (rule, rule.bits) for rule in WITHOUT_MARKS * named + WITH_FIGURES * figures + WITH_COLON * told
    )
    for named in (False, True)
    for figures in (False, True)
    for told in (False, True)
}


def edits(
    seen: View,
    start: int,
    end: int,
    drafts: Drafts | None = None,
    named: Sequence[Cite] = (),
    section: str | None = None,
) -> tuple[Edit, ...]:
    """Edits in the span, in order; `old`, `new` and `place` are exact pieces of the text.

    `named`: the citations of the same span; `section`: the section the respondent wrote about. Both tell places in the draft apart.
    """
    worded, removing = _may_ask(seen, start, end), bool(named) and not REMOVING.silent(seen, start, end)
    if not worded and not removing:
        return ()
    source = masked(seen, start, end)
    found: list[Edit] = []
    for asked in asked_edits(seen, source) if worded else ():
        found.append(_edit(seen, source, asked, drafts, named, section))
        if len(found) == MAX_EDITS:
            break
    if removing:
        found = _with_passages(found, [*passages(seen, source.text, source.base, named)], seen, drafts, section)
    return tuple(found)


def _with_passages(
    found: list[Edit], removed: Sequence[Passage], seen: View, drafts: Drafts | None, section: str | None
) -> list[Edit]:
    """The edits, and the removals of whole passages beside them, in order."""
    more = []
    for passage in removed:
        if any(_same_words(passage, edit, seen) for edit in found):
            continue
        units = {key: value for cite in passage.cites for key, value in cite.units.items()}
        words = seen.text[slice(*passage.place)]
        located = (
            drafts.passage(units, from_bottom=from_bottom(words), draft=drafts.draft_of(section))
            if drafts is not None and passage.exact
            else None
        )
        more.append(Edit(op="delete", place=words, start=passage.start, end=passage.end, located=located))
    return sorted([*found, *more], key=lambda edit: (edit.start, edit.end))[:MAX_EDITS] if more else found


def _same_words(passage: Passage, edit: Edit, seen: View) -> bool:
    """Whether a passage is but the place of an edit; "bỏ khoản 3 và sửa “A” thành “B”" asks for both."""
    if not (passage.start < edit.end and edit.start < passage.end):
        return False
    wording = min(at for at in (edit.old_at, edit.new_at, edit.end) if at is not None)
    between = seen.text[passage.end : wording].lower()
    return CHANGING.of(seen).search(between if seen.accented else without_diacritics(between)) is None


def _may_ask(seen: View, start: int, end: int) -> bool:
    """Cheap: quotation marks, or a figure or a word for wording and a pattern that needs no marks; and a verb of changing."""
    part = seen.matched[start:end]
    if MARK.search(part) is None:
        named = not _NAMED.silent(seen, start, end)
        figures, told = _TWO_FIGURES.search(part) is not None, ":" in part and _told(part, accented=seen.accented)
        whole = seen.whole
        for rule, bits in _UNMARKED[named, figures, told]:
            if whole & bits == bits and not rule.silent(seen, start, end):
                break
        else:
            return False
        if not figures and ":" not in part and _FIGURE.search(part) is None:
            for word in _WORDING if seen.accented else _BARE_WORDING:
                if word in part:
                    break
            else:
                return False
    for verb in _VERBS if seen.accented else _BARE_VERBS:  # noqa: SIM110 -- any() costs twice as much
        if verb in part:
            return True
    return False


def _told(part: str, *, accented: bool) -> bool:
    """Whether a colon follows one of the words behind which wording is told ("như sau:")."""
    ends, at = _TOLD if accented else _BARE_TOLD, part.find(":")
    while at >= 0:
        if part[max(0, at - 8) : at].rstrip().endswith(ends):
            return True
        at = part.find(":", at + 1)
    return False


def _edit(
    seen: View, source: Quoted, asked: Asked, drafts: Drafts | None, named: Sequence[Cite], section: str | None
) -> Edit:
    def piece(span: tuple[int, int] | None) -> tuple[str, int] | tuple[None, None]:
        if span is None:
            return None, None
        begin, stop = seen.original(source.base + span[0], source.base + span[1])
        inner = seen.text[begin:stop]
        return inner.strip(), begin + len(inner) - len(inner.lstrip())

    old, old_at = piece(asked.old)
    new, new_at = piece(asked.new)
    begin, stop = seen.original(source.base + asked.start, source.base + asked.end)
    whole = seen.original(source.base + asked.start, source.base + max(asked.end, asked.whole))[1]
    place, cite = (piece(asked.place)[0], None) if asked.place else cited_place(seen, begin, whole, named)
    if place is None:
        place = piece(said_place(seen, source.text, asked.start, max(asked.end, asked.whole)))[0]
    if place is None and named:
        place, cite = place_told_before(seen, begin, old if asked.op != "insert" else None, named)
    anchor = piece(asked.anchor)[0] if asked.anchor else None
    frame = (
        place[place_quote.start() :] if place and (place_quote := MARK.search(place)) and asked.op != "insert" else None
    )
    beside = old if asked.op != "insert" else anchor
    return Edit(
        op=asked.op,
        old=old,
        new=new,
        place=place.strip(" ,;:") if place else None,
        start=begin,
        end=stop,
        old_at=old_at,
        new_at=new_at,
        located=_located(beside, drafts, cite or _nearest(begin, named), seen.text, section, frame),
    )


def _nearest(at: int, named: Sequence[Cite]) -> Cite | None:
    """The citation closest before, else the first one behind."""
    before = [cite for cite in named if cite.start <= at]
    return before[-1] if before else (named[0] if named else None)


def _located(
    words: str | None, drafts: Drafts | None, cite: Cite | None, text: str, section: str | None, frame: str | None
) -> DraftPlace | None:
    """Where the words stand; `frame`: a longer quotation of the draft that they are part of."""
    if words is None or drafts is None:
        return None
    near: Near | None = None
    draft = drafts.draft_of(section)
    if cite is not None:
        near = drafts.near(cite.units, from_bottom=from_bottom(text[cite.start : cite.end]), draft=draft)
    if near is None and section is not None:
        near = drafts.near_section(section)
    if frame is not None and (framed := drafts.near_words(frame, near)) is not None:
        near = framed
    return drafts.locate(words, near)
