"""All drafts of a consultation: the section a citation names, and where quoted words stand.

Section ids are those of `Consultation.section_refs()`: bare where only one draft has the ref, `draft:ref` else.

Two edits are about the same place when their `DraftPlace`s overlap: same `draft_id` and `version`, and
`a.start < b.end and b.start < a.end`. Offsets are always those of the published file, whatever the match, so places compare.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.classify.drafts.citing import Where, passage_lines, where
from services.classify.drafts.document import Document, document
from services.classify.drafts.wording import occurrences, sought
from shared.consultation import Consultation
from shared.draft_text import DraftText
from shared.events import DraftPlace

_MANY = 64  # occurrences of quoted words that are looked at in one draft
_SHORTEST = 2  # letters and digits that can be located
_NEAR = 3000  # code points: words of the cited section may stand a page further than cited


@dataclass(frozen=True)
class Near:
    """A part of a draft's text near which quoted words are expected; `exact_line` when a line was cited."""

    draft_id: str
    start: int
    end: int
    exact_line: bool = False


@dataclass(frozen=True)
class Drafts:
    """The current versions of all drafts."""

    documents: tuple[Document, ...] = ()
    _by_section: Mapping[str, Document] = field(default_factory=dict)

    @staticmethod
    def of(consultation: Consultation, texts: Mapping[str, DraftText]) -> "Drafts":
        """The index of a definition; `texts`: draft id -> the text of its current version."""
        known = consultation.section_refs()
        documents = []
        for draft in consultation.drafts:
            names = {s.ref: s.ref if known.get(s.ref) is s else f"{draft.id}:{s.ref}" for s in draft.current.sections}
            documents.append(document(draft, texts.get(draft.id), names))
        return Drafts(tuple(documents), {name.upper(): found for found in documents for name in found.names.values()})

    def draft_of(self, section: str | None) -> str | None:
        """The draft a section id belongs to."""
        if section is None:
            return None
        found = self._by_section.get(section.upper())
        if found is None and ":" in section:
            return section.partition(":")[0]
        return found.id if found else None

    def section_of_units(
        self, units: Mapping[str, str | None], *, from_bottom: bool = False, draft: str | None = None
    ) -> str | None:
        """The section that cited units name; None when they name none for certain.

        With several drafts, `draft` says which one is meant; without it only what one draft alone has is certain.
        """
        found = self._where(units, from_bottom, draft)
        return found[0].names[found[1].section] if found and found[1].section is not None else None

    def section_at(self, draft: str, page: int, line: int, *, from_bottom: bool = False) -> str | None:
        """The section that holds a printed line, counted from the top of the page or from its bottom."""
        for found in self.documents:
            if found.id == draft:
                units = {"trang": str(page), "dong": str(line)}
                ref = where(found, units, from_bottom=from_bottom).section
                return found.names[ref] if ref is not None else None
        return None

    def near(
        self, units: Mapping[str, str | None], *, from_bottom: bool = False, draft: str | None = None
    ) -> Near | None:
        """Where in a draft's text the cited place is; None when that is not known."""
        found = self._where(units, from_bottom, draft)
        if found is None or found[0].draft is None:
            return None
        source, place = found
        if place.lines and place.lines[2] <= len(source.draft.pages):  # type: ignore[union-attr]
            page, line, last_page, last = place.lines
            begin, end = source.position(page, line), source.position(last_page, last + 1)
            return Near(source.id, begin, max(begin, end), bool(units.get("dong")))
        extent = source.extent(place.section) if place.section else None
        return Near(source.id, *extent) if extent else None

    def passage(
        self, units: Mapping[str, str | None], *, from_bottom: bool = False, draft: str | None = None
    ) -> DraftPlace | None:
        """Where the cited passage itself stands: its lines, or the heading of a whole section; None when neither is certain."""
        found = self._where(units, from_bottom, draft)
        if found is None or found[0].draft is None:
            return None
        source, place = found
        if (lines := passage_lines(source, units, place)) is None:
            return None
        page, line, last_page, last = lines
        begin, end = source.position(page, line), source.position(last_page, last + 1)
        return _place(source, begin, max(begin + 1, end - 1), "exact")

    def near_section(self, section: str) -> Near | None:
        """The part of a draft's text that a section id names."""
        source = self._by_section.get(section.upper())
        if source is None:
            return None
        own = next((ref for ref, name in source.names.items() if name.upper() == section.upper()), None)
        extent = source.extent(own) if own else None
        return Near(source.id, *extent) if extent else None

    def locate(self, words: str, near: Near | None = None) -> DraftPlace | None:
        """Where quoted words stand: as written, else but for case, blanks, marks. None: nowhere, or nobody can tell where.

        Words that stand in several places are located only by `near`: the one place in that part; the line nearest to a cited
        line; or the nearest one within a page of it. Words without diacritics are compared without them.
        """
        found = self._found(words)
        if not found[0]:
            return None
        chosen = found[0][0] if len(found[0]) == 1 else _nearest(found[0], near)
        return _place(*chosen, found[1]) if chosen else None

    def near_words(self, words: str, near: Near | None = None) -> Near | None:
        """The part of a draft where a longer quotation stands, for words inside it; None when it is not located."""
        found, _ = self._found(words)
        chosen = found[0] if len(found) == 1 else _nearest(found, near)
        return Near(chosen[0].id, chosen[1], chosen[2]) if chosen else None

    def _found(self, words: str) -> tuple[list["_Found"], str]:
        asked = sought(words)
        if sum(c.isalnum() for c in asked) < _SHORTEST:
            return [], "exact"
        trimmed = words.strip()
        for match in ("exact", "normalised"):
            found = [
                (source, *place)
                for source in self.documents
                if source.draft
                for place in (_exact(source, trimmed) if match == "exact" else _normalised(source, asked))
            ]
            if found:
                return found, match
        return [], "exact"

    def _where(
        self, units: Mapping[str, str | None], from_bottom: bool, draft: str | None
    ) -> tuple[Document, Where] | None:
        meant = [d for d in self.documents if d.id == draft] or self.documents
        found = [
            (source, place)
            for source in meant
            if (place := where(source, units, from_bottom=from_bottom)).section is not None or place.lines
        ]
        if len(meant) == 1:
            return found[0] if found else None
        by_heading = [f for f in found if f[1].section is not None and not _by_page_alone(units)]
        return by_heading[0] if len(by_heading) == 1 and len(found) == 1 else None


_Found = tuple[Document, int, int]
_HEADED = ("phan", "chuong", "muc", "tieumuc", "dieu", "khoan", "diem", "loinoidau", "phuluc", "bieu")


def _by_page_alone(units: Mapping[str, str | None]) -> bool:
    return not any(units.get(key) for key in _HEADED)


def _exact(source: Document, words: str) -> list[tuple[int, int]]:
    return [(at, at + len(words)) for at in occurrences(source.text, words, _MANY)]


def _normalised(source: Document, asked: str) -> list[tuple[int, int]]:
    text = source.loose
    found = list(occurrences(text.plain, asked, _MANY))
    if not found and asked.isascii():
        found = list(occurrences(text.bare, asked, _MANY))
    return [(text.offsets[at], text.offsets[at + len(asked) - 1] + 1) for at in found]


def _nearest(found: list[_Found], near: Near | None) -> _Found | None:
    if near is None:
        return None
    same = [f for f in found if f[0].id == near.draft_id]
    inside = [f for f in same if f[1] < near.end and near.start < f[2]]
    if len(inside) == 1:
        return inside[0]
    if len(inside) > 1 and not near.exact_line:
        return None
    if len(same) == 1:
        return same[0]
    by_distance = sorted(inside or same, key=lambda f: _distance(f, near))
    if not by_distance or (len(by_distance) > 1 and _distance(by_distance[0], near) == _distance(by_distance[1], near)):
        return None
    return by_distance[0] if _distance(by_distance[0], near) <= _NEAR else None


def _distance(found: _Found, near: Near) -> int:
    return max(near.start - found[2], found[1] - near.end, 0)


def _place(source: Document, start: int, end: int, match: str) -> DraftPlace:
    own = source.section_at(*source.page_and_line(start))
    kind: Literal["exact", "normalised"] = "exact" if match == "exact" else "normalised"
    return DraftPlace(
        draft_id=source.id,
        version=source.version,
        start=source.in_file(start),
        end=source.in_file(end - 1) + 1,
        section=source.names[own] if own is not None else None,
        match=kind,
    )
