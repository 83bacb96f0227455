"""Places of the draft that an opinion speaks of, with the draft's own line where it is known."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from services.classify.review import wording
from services.classify.review.text import covered
from shared.consultation import Consultation, DraftDocument
from shared.draft_text import DraftText
from shared.errors import Permanent
from shared.events import Cite, DraftPlace, Edit, Opinion
from shared.registry import Consultations

NOT_FOUND = "chưa tìm thấy trong dự thảo"
OPERATIONS = {"replace": "Sửa", "insert": "Bổ sung", "delete": "Lược bỏ"}


@dataclass(frozen=True)
class Place:
    """`words`: as the opinion says it; `where`: in the draft; `line`: the draft's own words there."""

    words: str
    where: str
    line: str | None = None


async def cited_places(
    published: Consultations, consultation: Consultation, opinion: Opinion, text: str
) -> tuple[Place, ...]:
    """What the opinion cites. Raises Transient when the draft's text cannot be had now."""
    found = []
    for cite in opinion.cites:
        ref = cite.units.get("section")
        where = wording.section(consultation, ref) if ref is not None else NOT_FOUND
        found.append(Place(text[cite.start : cite.end], where, await _cited_line(published, consultation, cite)))
    return tuple(found)


async def edit_places(
    published: Consultations, consultation: Consultation, opinion: Opinion, hidden: Sequence[tuple[int, int]]
) -> tuple[Place, ...]:
    """The wordings that the opinion wants changed, without what is hidden. Raises Transient when the draft's text cannot be had."""
    found = []
    for edit in opinion.edits:
        line = await _located_line(published, consultation, edit.located) if edit.located is not None else None
        where = NOT_FOUND
        if edit.located is not None:
            where = wording.section(consultation, edit.located.section) if edit.located.section else "trong dự thảo"
        found.append(Place(_edit_words(edit, hidden), where, line))
    return tuple(found)


def _edit_words(edit: Edit, hidden: Sequence[tuple[int, int]]) -> str:
    said = covered(edit.old, edit.old_at, hidden), covered(edit.new, edit.new_at, hidden)
    quoted = [f"“{words}”" for words in said if words]
    return f"{OPERATIONS[edit.op]}: {' → '.join(quoted)}" if quoted else OPERATIONS[edit.op]


async def _cited_line(published: Consultations, consultation: Consultation, cite: Cite) -> str | None:
    page, line = cite.units.get("trang") or "", cite.units.get("dong") or ""
    if len(consultation.drafts) != 1 or not (page.isdecimal() and line.isdecimal()):
        return None
    text = await _text(published, consultation.drafts[0], None)
    return text.line(int(page), int(line)) if text is not None else None


async def _located_line(published: Consultations, consultation: Consultation, place: DraftPlace) -> str | None:
    draft = next((d for d in consultation.drafts if d.id == place.draft_id), None)
    text = await _text(published, draft, place.version) if draft is not None else None
    if text is None:
        return None
    lines = [(start, line) for page in text.pages for start, line in zip(page.starts, page.lines, strict=False)]
    at = bisect_right([start for start, _ in lines], place.start) - 1
    return lines[at][1] if at >= 0 else None


async def _text(published: Consultations, draft: DraftDocument, version: int | None) -> DraftText | None:
    found = draft.current if version is None else next((v for v in draft.versions if v.version == version), None)
    if found is None:
        return None
    try:
        return await published.draft_text(found)
    except Permanent:  # the definition was published without its text: there is no line to show
        return None
